"""Hypothesis strategies for query trees over the terms, numbers, dates and classes of real records."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from pyroaring import BitMap

from index.documents import DATE_FIELDS, TRUTH_FIELDS, as_integer
from index.fields import BY_API
from index.query.build import any_of
from index.query.proximity import near
from index.query.tree import (
    And,
    AtLeast,
    Classes,
    Dates,
    Everything,
    Gap,
    Industry,
    Keyword,
    Link,
    Node,
    Not,
    Number,
    Or,
    Region,
    Rows,
    Units,
    Xor,
)
from index.query.truncation import pattern
from index.text import fold, units
from ingest.ipc import patterns
from ingest.record import Patent

TEXT = ("title", "abstract", "claims")
CLASS_FIELDS = ("ipc", "main_ipc", "cpc", "locarno")
MISSING = ("囗囗", "no-such-word", "龘")


def trees(records: Sequence[Patent], leaves: int) -> SearchStrategy[Node]:
    """Trees of up to so many leaves; each leaf is made of what one record holds, so that most match something."""
    return st.recursive(leaf(records), nodes, max_leaves=leaves)


def nodes(children: SearchStrategy[Node]) -> SearchStrategy[Node]:
    some = st.lists(children, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        some.map(And), some.map(Or), children.map(Not), st.builds(Xor, children, children),
        st.builds(AtLeast, st.integers(1, 5), some))


@st.composite
def leaf(draw: DrawFn, records: Sequence[Patent]) -> Node:
    record = draw(st.sampled_from(records))
    kinds = (text, text, text, several_fields, truncated, truncated, close, close,
             keyword, dates, classes, number, place, industry, rows)
    return draw(draw(st.sampled_from(kinds))(record)) or Everything()


@st.composite
def text(draw: DrawFn, record: Patent, fields: tuple[str, ...] = ()) -> Node:
    """A run of units of a value of the record, or a run that crosses the end of a value, or one that is nowhere."""
    field = draw(st.sampled_from(fields or TRUTH_FIELDS))
    values = [units(value) for value in BY_API[field].values(record)]
    if not values or draw(st.integers(0, 20)) == 0:
        return Units(fields or (field,), tuple(units(draw(st.sampled_from(MISSING)))))
    value = draw(st.sampled_from(values))
    if draw(st.integers(0, 9)) == 0:
        value = [unit for one in values for unit in one]
    if draw(st.integers(0, 4)) == 0:
        return Units(fields or (field,), tuple(value[:draw(st.integers(1, 400))]) or ("龘",), whole=True)
    start = draw(st.integers(0, max(0, len(value) - 1)))
    run = tuple(value[start:start + draw(st.integers(1, 6))])
    return Units(fields or (field,), run or ("龘",))


def several_fields(record: Patent) -> SearchStrategy[Node]:
    together = st.sampled_from([TEXT, ("title", "abstract"), ("title", "applicants")])
    return together.flatmap(lambda fields: text(record, fields))


@st.composite
def truncated(draw: DrawFn, record: Patent) -> Node:
    """A piece of a value of which some characters or units are left open."""
    fields = draw(st.sampled_from([TEXT, ("title",), ("applicants",)]))
    return draw(truncated_in(record, fields))


@st.composite
def truncated_in(draw: DrawFn, record: Patent, fields: tuple[str, ...]) -> Node:
    held = [fold(value) for field in fields for value in BY_API[field].values(record)] or ["一种led灯"]
    value = draw(st.sampled_from(held))
    whole = len(value) < 30 and draw(st.integers(0, 5)) == 0
    start = 0 if whole else draw(st.integers(0, max(0, len(value) - 2)))
    piece = value if whole else value[start:start + draw(st.integers(2, 9))]
    pieces: list[str | Gap] = []
    while piece:
        kept, left = draw(st.integers(0, 4)), draw(st.integers(0, 3))
        pieces.append(piece[:kept])
        least = draw(st.sampled_from([left, 0]))
        pieces.append(Gap(least, draw(st.sampled_from([left, left + 2, None]))))
        piece = piece[kept + left:]
    return pattern(fields, [one for one in pieces if one], whole) or Units(fields, ("龘",))


@st.composite
def close(draw: DrawFn, record: Patent) -> Node:
    """A chain of proximities of terms of one value, in or out of their order."""
    fields = draw(st.sampled_from([TEXT, ("title", "abstract"), ("abstract",), ("claims",), ("addresses",)]))
    held = [units(value) for field in fields for value in BY_API[field].values(record)]
    value = draw(st.sampled_from([one for one in held if len(one) > 3] or [list("一种电池及其充电方法")]))

    def operand() -> Node:
        terms = []
        for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
            at = draw(st.integers(0, len(value) - 1))
            terms.append(Units(fields, tuple(value[at:at + draw(st.integers(1, 4))])))
        if draw(st.integers(0, 5)) == 0:
            other = draw(truncated_in(record, fields))
            if not getattr(other, "whole", False):
                terms.append(other)     # type: ignore[arg-type]
        return any_of(terms)

    chain = operand()
    for _ in range(draw(st.integers(1, 3))):
        how = draw(st.sampled_from(["W", "W", "D", "D", "S", "P"]))
        most = draw(st.sampled_from([0, 1, 3, 12, 300])) if how in "WD" else 0
        chain = near(chain, Link(how, most), operand()) or chain    # type: ignore[arg-type]
    return chain


@st.composite
def keyword(draw: DrawFn, record: Patent) -> Node:
    field = draw(st.sampled_from(["type", "legal_state", "applicant_kind", "postcode"]))
    values = BY_API[field].values(record) or ["400715"]
    if field == "postcode" and draw(st.booleans()):
        return Keyword(field, (values[0][:draw(st.integers(1, 6))],), prefix=True)
    return Keyword(field, tuple(draw(st.sets(st.sampled_from([*values, "design", "个人"]), min_size=1))))


@st.composite
def dates(draw: DrawFn, record: Patent) -> Node:
    field = draw(st.sampled_from(DATE_FIELDS))
    day = as_integer((BY_API[field].values(record) or ["2012-05-09"])[0])
    around = (day // 10000 * 10000, day + 300)
    first, last = draw(st.sampled_from([(day, day), (day, None), (None, day), around, (None, None)]))
    return Dates(field, first, last)


@st.composite
def classes(draw: DrawFn, record: Patent) -> Node:
    field = draw(st.sampled_from(CLASS_FIELDS))
    symbol = draw(st.sampled_from(BY_API[field].values(record) or ["H01M10/42"]))
    if field == "locarno":
        return Classes(field, "prefix", symbol[:2])
    group = symbol.partition("/")[0]
    cut = draw(st.sampled_from([symbol[:1], symbol[:3], symbol[:4], group, symbol]))
    match draw(st.sampled_from(["prefix", "cut", "exact", "tree", "range"])):
        case "exact":
            return Classes(field, "exact", symbol)
        case "tree":
            return Classes(field, "tree", patterns.as_node(cut))
        case "range":
            return Classes(field, "range", *draw(st.sampled_from(
                [(cut, symbol), (symbol, cut), (symbol[:3], symbol[:4]), ("A61B", "B01D53/14"), (group, "H05K")])))
        case "cut":
            return Classes(field, "prefix", symbol[:draw(st.integers(5, 20))] + "+")
        case _:
            return Classes(field, "prefix", group if "/" in cut else cut)


@st.composite
def number(draw: DrawFn, record: Patent) -> Node:
    whole = draw(st.booleans())
    if draw(st.booleans()):
        digits = (record["application_number"] or "CN201010298420.4")[2:].partition(".")[0]
        return Number("application_number", digits if whole else digits[:draw(st.integers(1, 12))], prefix=not whole)
    held = record["publications"][0]["number"][2:]
    digits = held.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if whole:
        return Number("publication_number", draw(st.sampled_from([held, digits])))
    return Number("publication_number", held[:draw(st.integers(1, 10))], prefix=True)


@st.composite
def place(draw: DrawFn, record: Patent) -> Node:
    code = draw(st.sampled_from([*BY_API["region"].values(record), "500000", "440300"]))
    return Region(draw(st.sampled_from([code, code[:4] + "00", code[:2] + "0000"])) if len(code) == 6 else code)


@st.composite
def industry(draw: DrawFn, record: Patent) -> Node:
    node = draw(st.sampled_from([*(label["node"] for label in record["labels"]), "H01M"]))
    grade = draw(st.sampled_from([None, None, "rule", "rule_derived", "model", "human", "0.1", "0.4", "0.9"]))
    return Industry("ipc", draw(st.sampled_from([None, node, node[:3], node[:1]])), grade)


def rows(record: Patent) -> SearchStrategy[Node]:
    near = st.sets(st.integers(max(0, record["row"] - 60), record["row"] + 60), max_size=40)
    return near.map(lambda found: Rows(BitMap(found)))
