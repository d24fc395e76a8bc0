"""What the names of files and entries say: what kind of thing it is, which parts belong to one split archive.

Names are data. Nothing is ever opened or written under the name of an entry, so a hostile one can do no harm.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DOCUMENTS = (".xml", ".trs", ".txt", ".json", ".jsonl", ".ndjson")
READ = frozenset(("document", "note"))
CONTAINERS = frozenset(("zip", "tar", "gz"))
_UNSUPPORTED = (".7z", ".rar", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".zst", ".lz", ".lzma", ".cab", ".arj", ".iso")
_IMAGES = (".jpg", ".jpeg", ".tif", ".tiff", ".png", ".gif", ".bmp", ".webp", ".svg")
_CHECKSUM = re.compile(r"(?:.*[-_.])?(?:crc(?:32)?|md5|sha1|sha256|sha512)(?:sums?)?(?:\.txt)?|.*\.sfv", re.S)
# Texts that by their name tell people about the data.
_NOTE = re.compile(
    r"read[ _-]?me|licen[cs]e|copying|copyright|notice|change[ _-]?log|release[ _-]?notes|manifest|file[ _-]?list|"
    r"说明|须知|协议|声明|版权|许可|目录|清单|更新日志|联系方式|package(?:-lock)?\.json|schema\.json")
_Z_PART = re.compile(r"(.+)\.(z)(\d{2,4})", re.I | re.S)
_RAW_PART = re.compile(r"(.+\.(?:zip|tar|tgz|gz))\.(\d{3,4})", re.I | re.S)


def classify(name: str) -> str:
    """What a name stands for: document; zip, tar, gz (containers); part (of a split archive); or why it is left out.

    A note is read like a document, since names deceive, but one of no format is no reject. Left out are image,
    checksum, index (these two are read for what they list), and other; `unsupported` is an archive that we cannot
    open, which is a reject, because documents may be lost in it.
    """
    base = name.lower().replace("\\", "/").rpartition("/")[2]
    if base.endswith(".xml"):
        return "index" if "index" in base else "document"
    if base.endswith((".zip", ".tar")):
        return base[-3:]
    if base.endswith(".tgz"):
        return "gz"
    if base.endswith(".gz"):
        inner = classify(base[:-3])
        return "gz" if inner in ("document", "zip", "tar") else inner
    if base.endswith(_IMAGES):
        return "image"
    if base.endswith(_UNSUPPORTED):
        return "unsupported"
    if _Z_PART.fullmatch(base) or _RAW_PART.fullmatch(base):
        return "part"
    if _CHECKSUM.fullmatch(base):
        return "checksum"
    if base.endswith(".txt") and "index" in base:
        return "index"
    if base.endswith(DOCUMENTS):
        return "note" if _NOTE.search(base) else "document"
    return "other"


def decoded(raw: bytes, utf8: bool) -> str:
    """The name of an entry as text: UTF-8 where flagged or valid, else GB18030 as Chinese systems do, or CP437."""
    for encoding in ("utf-8",) if utf8 else ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace") if utf8 else raw.decode("cp437")


def entry_path(name: str) -> str:
    """A name inside an archive with forward slashes and without a leading one."""
    return name.replace("\\", "/").lstrip("/").replace("\0", "")


def doubts(names: Iterable[str]) -> Counter[str]:
    """Warnings about the names of an archive's entries as they stand in it: entry_name_unsafe, entry_name_double."""
    found: Counter[str] = Counter()
    seen: set[str] = set()
    for name in names:
        if ".." in name or name[:1] in "/\\" or ":" in name[:3]:
            parts = name.replace("\\", "/").split("/")
            if ".." in parts or not parts[0] or parts[0].endswith(":"):
                found["entry_name_unsafe"] += 1
        if name in seen:
            found["entry_name_double"] += 1
        seen.add(name)
    return found


@dataclass(slots=True)
class SplitSet:
    """An archive in parts."""

    name: str               # of the whole: 20231003.zip
    places: list[int]       # of its parts in the list they were found in, in their order
    missing: list[str]      # names of parts


def split_sets(names: Sequence[str]) -> list[SplitSet]:
    """Archives in parts among the names: `NAME.z01` … `NAME.zip`, and `NAME.zip.001` … (also .tar, .tgz, .gz).

    A `.zip` with no `.z01` beside it is not listed; only its own directory can tell that parts are missing.
    """
    groups: dict[str, dict[int, int]] = {}
    wholes: dict[str, str] = {}
    for place, name in enumerate(names):
        if not name[-1:].isdecimal():
            continue
        if found := _Z_PART.fullmatch(name):
            whole = found[1] + (".zip" if found[2] == "z" else ".ZIP")
            number = int(found[3])
        elif found := _RAW_PART.fullmatch(name):
            whole, number = found[1], int(found[2])
        else:
            continue
        key = whole.lower() + ("" if found.re is _Z_PART else ".")
        wholes.setdefault(key, whole)
        groups.setdefault(key, {}).setdefault(number, place)
    if not groups:
        return []
    lasts = {name.lower(): place for place, name in enumerate(names) if name.lower() in groups}
    return [_set(wholes[key], parts, lasts.get(key), names, raw=key.endswith(".")) for key, parts in groups.items()]


def _set(whole: str, parts: dict[int, int], last: int | None, names: Sequence[str], *, raw: bool) -> SplitSet:
    missing = []
    first = 0 if raw and 0 in parts else 1
    for number in range(first, max(parts) + 1):
        if number not in parts:
            missing.append(f"{whole}.{number:03}" if raw else part_name(whole, number))
    places = [parts[number] for number in sorted(parts)]
    if not raw:
        if last is None:
            missing.append(whole)
        else:
            places.append(last)
            whole = names[last]
    return SplitSet(whole, places, missing)


def part_name(whole: str, number: int) -> str:
    """Name of a part of a split zip by its number from 1: 20231003.zip → 20231003.z01."""
    letter = "Z" if whole.endswith(".ZIP") else "z"
    return f"{whole[:-4]}.{letter}{number:02}"
