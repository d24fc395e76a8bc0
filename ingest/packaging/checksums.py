"""CRC files beside the zips of a batch: lines `NAME.ZIP,HEXCRC32` (formats §5.2).

Leading zeros may be lacking, letters have either case, a file may be empty or leave zips out.
"""

import re

MAX_BYTES = 1 << 20
_LINE = re.compile(r"^\s*\"?([^,;\t\"]+?)\"?\s*[,;\t ]\s*(?:0x)?([0-9A-Fa-f]{1,8})\s*$", re.M)


def read(data: bytes) -> dict[str, int]:
    """CRC-32 by the name of the file in lower case, without folders."""
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030", "replace").lstrip("\ufeff")
    return {re.split(r"[\\/]", name)[-1].lower(): int(value, 16) for name, value in _LINE.findall(text)}


def names_crcs(name: str) -> bool:
    """Whether a checksum file is one of CRCs (and not of MD5 or SHA sums), by its name."""
    base = re.split(r"[\\/]", name)[-1].lower()
    return "crc" in base or base.endswith(".sfv")
