"""Shapes of an export: what is asked, and the manifest that goes with every exported file."""

from dataclasses import dataclass, field
from typing import Literal

from typing_extensions import TypedDict

from api.search.shapes import DiagnosticShape, SearchRequest

Format = Literal["jsonl", "csv", "xlsx", "ris", "bibtex", "numbers"]
FORMATS: tuple[Format, ...] = ("jsonl", "csv", "xlsx", "ris", "bibtex", "numbers")


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """All hits of a search in the order of its sort, or the whole store with `everything`.

    Size, cursor, offset and facets of the search are not used.
    """

    format: Format
    search: SearchRequest = field(default_factory=SearchRequest)
    everything: bool = False


class Manifest(TypedDict):
    """What a file holds and what made it.

    `diagnostics` are those of the query, a limit that bit among them; `sha256` is of the exported bytes, `count` the
    records in them; `versions` name program, index and taxonomies.
    """

    format: str
    text: str
    filters: list[str]
    mode: str
    canonical: str
    sentence: str
    diagnostics: list[DiagnosticShape]
    count: int
    data_date: str | None
    versions: dict[str, str]
    bytes: int
    sha256: str
