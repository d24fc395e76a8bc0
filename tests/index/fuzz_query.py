"""Fuzz target of the query language: `python -m tests.index.fuzz_query [COUNT [SEED [DIALECT…]]]`.

Random, mutated and hostile texts in every dialect must be read or refused, in bounded time, into a tree within all
limits whose canonical form reads back as the same tree. Prints a text that does otherwise and ends with status 1.
"""

import random
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import yaml

from index.fields import FIELDS
from index.query.build import leaves, operands
from index.query.canonical import canonical
from index.query.parser import parse
from index.query.read import DIALECTS, read
from index.query.tree import And, AtLeast, Everything, Gap, Near, Node, Or, Pattern, Word, Xor
from store.errors import BadQuery
from store.settings import QueryLimits

LIMITS = QueryLimits()
SECONDS_PER_KB = 0.1

_CASES = [case["text"] for file in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
          for case in yaml.safe_load(file.read_text("utf-8"))]
_PIECES = [
    "电池", "石墨烯", "A", "batter+", "H#O", "+", "?", "#", "# ", "/*", "*/", '"', "'", "\\", "(", ")", "（", "）",
    "=", "==", ">", ">=", "<", ":", ",", "，", " ", "\n", "\t", "\u3000", " AND ", " or ", " NOT ", " XOR ", " 5W ",
    " 3D ", " W ", " S ", " P ", " 99999999999999W ", ">=2(", "%", "*", "/", "-", "－", "[", "]", "{", "}", "&",
    "|", "!", "$", "^", "~", "@", "H01M10/42", "H01M10/4+", "2010", "20100230", "2010:2012", "CN201010298420.4",
    "10194+", "400712", "50 0112", "33618/nev", "\u200b", "\ud800", "\x00", "İ", "ﬃ", "①", "½", "²", "か", "𠮷",
    "e\u0301", "\u0301", "to", "/TI", "/IN", "F XX ", "and/sen", "not/10", "and10", "(w)", "(5n)", "'%'", "名称",
    "摘要,名称", "申请（专利权）人", "TI", "TIAB", "AD", "PA", "IPC", "公开国家/地区/组织", "VDB:",
]
_NESTS = ["(", "a AND (", "a OR (b AND (", "名称=(", "a XOR (", ">=1(", "NOT (", "a 5W (", '"', "/*", "a,", "a=", "#",
          "+电", "' ", "精or", "CN2010 ", "IPC=H01M:", "a W ", "(a)"]


def texts(count: int, seed: int) -> Iterator[str]:
    """So many texts: pieces at random, real cases with something cut, doubled or put in, and long repetitions."""
    chance = random.Random(seed)
    names = [name for field in FIELDS for name in (field.name, *field.aliases)]
    for _ in range(count):
        kind = chance.random()
        if kind < 0.4:
            yield "".join(chance.choice(_PIECES if chance.random() < 0.9 else names)
                          for _ in range(chance.randint(1, 40)))
        elif kind < 0.8:
            yield _mutated(chance, chance.choice(_CASES))
        elif kind < 0.995:
            tops = [chance.choice((0x7F, 0xFFFF, 0x10FFFF)) for _ in range(chance.randint(1, 60))]
            yield "".join(chr(chance.randint(0, top)) for top in tops)
        else:
            nest = chance.choice(_NESTS)
            half = nest * chance.randint(1, 40_000 // len(nest))
            yield half + chance.choice(["", "x", ")" * half.count("("), "x" + ")" * half.count("("), '"', "\n"])


def _mutated(chance: random.Random, text: str) -> str:
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randint(0, len(text)) for _ in range(2))
        text = chance.choice([
            text[:at] + text[end:], text[:at] + chance.choice(_PIECES) + text[at:], text[:end] + text[at:],
            text[:at] + chance.choice(_CASES) + text[end:]])
    return text[:5_000]


def check(text: str, dialect: str) -> None:
    """Raises AssertionError when a text is read into something that no engine should see."""
    tree, remarks = DIALECTS[dialect](text, LIMITS)
    assert all(0 <= one.start <= one.end <= len(text) for one in remarks), remarks
    for one in remarks:
        assert one.message("zh") and one.message("en")
    if tree is None or any(one.severity == "error" for one in remarks):
        return
    within_limits(tree)
    written = canonical(tree)
    again, about = parse(written, LIMITS._replace(characters=1 << 30, leaves=1 << 30))
    assert (again or Everything()) == tree, written     # everything is written as nothing
    assert not any(one.severity == "error" for one in about), written
    try:
        query = read(text, (), "expert", dialect)
    except BadQuery:
        return
    for lang in ("zh", "en"):
        query.sentence(lang)


def within_limits(tree: Node) -> None:
    """Raises AssertionError for a tree that is deeper, wider or further than the limits allow."""
    found = leaves(tree)
    rest = [(tree, 0)]
    while rest:
        node, depth = rest.pop()
        assert depth <= LIMITS.depth + 1, depth
        rest += ((part, depth + isinstance(node, And | Or | Xor | AtLeast)) for part in operands(node))
    for one in found:
        if isinstance(one, Near):
            assert all(link.most <= LIMITS.distance for link in one.links)
        terms = [term for operand in one.operands for term in operand] if isinstance(one, Near) else [one]
        for term in terms:
            if isinstance(term, Pattern):
                pieces = [piece for part in term.parts
                          for piece in (part.pieces if isinstance(part, Word) else (part,))]
                assert sum((gap.most or gap.least + 1) for gap in pieces if isinstance(gap, Gap)) <= LIMITS.signs
    assert sum(len(one.operands) if isinstance(one, Near) else 1 for one in found) <= 4 * LIMITS.leaves


def main(count: int = 100_000, seed: int = 0, *only: str) -> int:
    dialects = sorted(only or DIALECTS)
    for text in _CASES:     # loads tables, which is nobody's time
        for dialect in dialects:
            DIALECTS[dialect](text, LIMITS)
    slowest = (0.0, "", "")
    for place, text in enumerate(texts(count, seed)):
        dialect = dialects[place % len(dialects)]
        started = process_time()     # what else the machine does is nobody's fault here
        try:
            check(text, dialect)
        except Exception:
            traceback.print_exc()
            print(f"{dialect}: {text!r}")
            return 1
        pace = (process_time() - started) / max(1.0, len(text) / 1024)
        slowest = max(slowest, (pace, dialect, text))
    print(f"{count} texts, seed {seed}; slowest {slowest[0] * 1000:.1f} ms/KB: {slowest[1]} {slowest[2][:100]!r}")
    return int(slowest[0] > SECONDS_PER_KB)


if __name__ == "__main__":
    numbers = [int(given) for given in sys.argv[1:3]]
    sys.exit(main(*numbers, *sys.argv[3:]))
