"""The versions of taxonomies that the records of a node were labelled with: their files, kept by content.

Whoever replaces a file, or takes a new program with newer ones, can still say what the new version changes
(`taxonomy compare labelled:33618 33618`). They lie in `labelled/<taxonomy>/` of the home, the last one the newest.
"""

import os
from pathlib import Path
from threading import get_ident

from store.settings import Settings
from taxonomy import catalogue
from taxonomy.catalogue import Catalogue
from taxonomy.loading import TAXONOMY_ID, fingerprint_of, load_file
from taxonomy.model import Taxonomy

FOLDER = "labelled"


def keep(settings: Settings, found: Catalogue) -> None:
    """Keeps the files of what records are about to be labelled with, and makes them the last ones."""
    wanted = {one.fingerprint: one.id for one in found.every.values()}
    for path in catalogue.files(settings):
        data = path.read_bytes()
        taxonomy = wanted.get(fingerprint_of(data))
        if taxonomy is None:
            continue
        target = _folder(settings, taxonomy) / f"{fingerprint_of(data)}.yaml"
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            making = target.with_suffix(f".{os.getpid()}-{get_ident()}")     # others may be keeping it too
            making.write_bytes(data)
            making.replace(target)
        os.utime(target)


def kept(settings: Settings, taxonomy: str) -> list[Path]:
    """The files of a taxonomy that were kept, the last one first."""
    if not TAXONOMY_ID.fullmatch(taxonomy):     # also what would lead out of the folder
        return []
    return sorted(_folder(settings, taxonomy).glob("*.yaml"), key=lambda path: -path.stat().st_mtime_ns)


def last(settings: Settings, taxonomy: str) -> Taxonomy | None:
    """The version that records were last labelled with."""
    return next(map(load_file, kept(settings, taxonomy)), None)


def find(settings: Settings, taxonomy: str, version: str) -> Taxonomy | None:
    """The last one of a version as its file names it, or of a content by its hash."""
    return next((one for one in map(load_file, kept(settings, taxonomy)) if version in (one.version, one.fingerprint)),
                None)


def _folder(settings: Settings, taxonomy: str) -> Path:
    return settings.home / FOLDER / taxonomy
