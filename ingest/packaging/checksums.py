"""CRC files beside the zips of a batch: lines `NAME.ZIP,HEXCRC32` (formats §5.2).

Leading zeros may be lacking, letters have either case, a file may be empty or leave zips out.
"""

import re

MAX_BYTES = 1 << 20
_BLANKS = str.maketrans(",;\t", "   ")
_CRC = re.compile("(?:0x)?([0-9A-Fa-f]{1,8})")


def read(data: bytes) -> dict[str, int]:
    """CRC-32 by the name of the file in lower case, without folders."""
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030", "replace").lstrip("\ufeff")
    found = {}
    for line in text.splitlines():
        name, _, value = line.translate(_BLANKS).strip().rpartition(" ")
        crc = _CRC.fullmatch(value)
        if name and crc:
            found[re.split(r"[\\/]", name.strip(' "'))[-1].lower()] = int(crc[1], 16)
    return found


def names_crcs(name: str) -> bool:
    """Whether a checksum file is one of CRCs (and not of MD5 or SHA sums), by its name."""
    base = re.split(r"[\\/]", name)[-1].lower()
    return "crc" in base or base.endswith(".sfv")
