"""Export without HTTP: `stream` gives the bytes of a file piece by piece, `write` writes them and gives the manifest."""

from collections.abc import Iterator
from typing import BinaryIO

from api.export.shapes import ExportRequest, Manifest
from api.services import Services


def stream(services: Services, request: ExportRequest) -> Iterator[bytes]:
    """The bytes of the export; errors in the request are raised before the first piece."""
    raise NotImplementedError


def write(services: Services, request: ExportRequest, out: BinaryIO) -> Manifest:
    """Write the export to `out` and tell what was written."""
    raise NotImplementedError
