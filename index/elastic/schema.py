"""Mapping and settings of an index, made from the field names of `index.documents`, and what a document becomes.

Texts arrive as bigrams (index.text.tokens) with U+007F as the joint of a bigram instead of U+0001, which JSON would
write in six bytes. The analyser cuts tokens at 255 characters, so a longer word is written as its beginning and a
hash. The units of a record, which conditions on positions are re-checked on, are the only part of a document that is
stored.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import orjson
import zstandard

from index.documents import DATE_FIELDS, INDUSTRY, KEYWORD_FIELDS, RANKED_FIELDS, SORT_FIELDS, TRUTH_FIELDS, WORD_FIELDS
from index.engine import IndexDocument
from index.fields import FIELDS
from index.text import tokens
from index.text.units import LETTERS, MARKS
from ingest.ipc import scheme
from store.settings import ElasticSettings

Body: TypeAlias = dict[str, Any]

MAPPING_VERSION = 1
"""Part of the index identity: raise it with every change of what this module makes."""

JOINT = "\x7f"
"""White space to Python, so never part of a unit; none to Java, so never the end of a token."""

CUT = "\x04"
"""Stands between the beginning of a long unit and its hash."""

ROW = "row"
BIT = "bit"
ROWS_PER_BLOCK = 50
"""The sum of 2 to the power of (row modulo 50) over the records of a block says which rows they are, exactly."""

LONG = "long"
"""Names of the text fields that hold a unit that is cut."""

FACET = "facets."
CLASS_FIELDS = tuple(field.api for field in FIELDS if field.kind == "classes")
ORDER = "_order"
"""Suffix of the fields that hold class symbols as `scheme.order_key` sorts them, for ranges."""

PARTS = (tuple(name for name in TRUTH_FIELDS if name != "description"), ("description",))
"""Texts that are stored, and fetched, together."""
STORED = ("texts", "texts_long")
NEXT_FIELD = "\x05"

MOST_ROWS_OF_A_SET = 1 << 24
WHOLE = 66          # characters of a unit that a token holds as it is
_KEPT = 50          # of a longer one
_LONGEST_KEYWORD = 8_191
_LONG_UNIT = re.compile(f"[{LETTERS}][{LETTERS}{MARKS}]{{{WHOLE},}}")


def settings_of(given: ElasticSettings, building: bool) -> Body:
    """Settings of an index. While one is built beside, it has no copies: they are made once, at the switch."""
    return {
        "number_of_shards": given.shards, **replicas(given, building), "refresh_interval": given.refresh,
        "max_result_window": 100_000, "max_terms_count": MOST_ROWS_OF_A_SET, "max_regex_length": 10_000,
    }


def replicas(given: ElasticSettings, building: bool = False) -> Body:
    if building:
        return {"number_of_replicas": 0, "auto_expand_replicas": False}
    if "-" in given.replicas:
        return {"auto_expand_replicas": given.replicas}
    return {"number_of_replicas": int(given.replicas), "auto_expand_replicas": False}


def mapping(meta: Body) -> Body:
    """The mapping; `meta` is kept with it."""
    ranked = (*RANKED_FIELDS, "applicants")
    keyword = {"type": "keyword", "doc_values": False, "ignore_above": _LONGEST_KEYWORD}
    properties: Body = {name: {"type": "text", "analyzer": "whitespace", "norms": name in ranked}
                        for name in TRUTH_FIELDS}
    properties |= {name: {"type": "text", "analyzer": "whitespace", "index_options": "freqs"} for name in WORD_FIELDS}
    properties |= dict.fromkeys(
        (*KEYWORD_FIELDS, INDUSTRY, *(f"{name}{ORDER}" for name in CLASS_FIELDS), LONG), keyword)
    properties |= {name: {"type": "integer", "doc_values": False} for name in DATE_FIELDS}
    properties |= {name: {"type": "long"} for name in SORT_FIELDS}
    properties |= {ROW: {"type": "long"}, BIT: {"type": "long", "index": False}}
    properties |= {"facets": {"type": "object", "dynamic": True}}
    facet = {"type": "keyword", "index": False, "ignore_above": _LONGEST_KEYWORD}
    return {
        "dynamic": False, "_source": {"includes": list(STORED)}, "_meta": meta,
        "dynamic_templates": [{"facets": {"path_match": f"{FACET}*", "mapping": facet}}],
        "properties": properties,
    }


def written(text: str) -> str:
    """Tokens of `index.text.tokens` as the index holds them."""
    return text.replace(tokens.JOINT, JOINT)


def short_unit(unit: str) -> str:
    """A unit as tokens hold it."""
    if len(unit) <= WHOLE:
        return unit
    return f"{unit[:_KEPT]}{CUT}{hashlib.blake2b(unit.encode(), digest_size=8).hexdigest()}"


def phrase(run: Sequence[str], whole: bool = False) -> list[str]:
    """The tokens of a run of units as the index holds them; empty for one unit that is no whole value."""
    return [written(token) for token in tokens.phrase_tokens(list(map(short_unit, run)), whole)]


def source_of(row: int, document: IndexDocument) -> bytes:
    """A document as the cluster takes it. Raises UnicodeEncodeError for text that is none."""
    runs: dict[str, str] = document["runs"]
    source: Body = {name: value for name, value in document.items() if value and name != "runs"}
    source[ROW], source[BIT] = row, 1 << row % ROWS_PER_BLOCK
    long: list[str] = []
    for stored, fields in zip(STORED, PARTS, strict=True):
        text = NEXT_FIELD.join(runs.get(field, "") for field in fields)
        if len(text) >= len(fields):
            data = text.encode()
            source[stored] = base64.b64encode(_compress(data)).decode("ascii")
            if _longest_stretch(data) > WHOLE:
                long += [field for field in fields if _LONG_UNIT.search(runs.get(field, ""))]
    for name in TRUTH_FIELDS:
        if name in source:
            text = source[name]
            source[name] = written(_LONG_UNIT.sub(_shortened, text) if name in long else text)
        elif name in RANKED_FIELDS or name == "applicants":
            source[name] = _NOTHING
    for name in WORD_FIELDS:
        source.setdefault(name, _NOTHING)
    if INDUSTRY in source:
        source[INDUSTRY] = source[INDUSTRY].split(" ")
    if long:
        source[LONG] = long
    for name in CLASS_FIELDS:
        if symbols := source.get(name):
            source[f"{name}{ORDER}"] = list(map(scheme.order_key, symbols))
    return orjson.dumps(source)


_NOTHING = f"{tokens.START}{JOINT}{tokens.END}"
"""Stands in a field that ranks and is empty, so that all records count when Elasticsearch weighs how rare a word is."""

_compress = zstandard.ZstdCompressor(level=3, write_checksum=False).compress


def _longest_stretch(data: bytes) -> int:
    """No unit of a joined text has more bytes than this; far quicker than to look at the units."""
    joints = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(tokens.JOINT))
    return int(np.diff(joints).max(initial=0))


def _shortened(found: re.Match[str]) -> str:
    return short_unit(found[0])


def texts_of(stored: str) -> list[str]:
    """The joined units of every field of a part, as `index.query.finding` looks at them."""
    return zstandard.ZstdDecompressor().decompress(base64.b64decode(stored)).decode().split(NEXT_FIELD)
