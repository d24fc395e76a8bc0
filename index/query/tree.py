"""The tree of a query: frozen nodes that every evaluator (reference, Tantivy, Elasticsearch) understands.

Text never reaches an engine except as units inside these nodes. Operators are n-ary and flat; a tree is at
most 64 deep and has at most 10,000 leaves (checked by the parser, interfaces §5).
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pyroaring import BitMap


@dataclass(frozen=True, slots=True)
class And:
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Xor:
    """Odd parity of two operands, as the language groups them from the left."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """Everything else, records that lack the field included. `A NOT B` is And((A, Not(B)))."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `minimum` of the children match: the rule of simple search."""

    minimum: int
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Units:
    """A run of units in one value of any of the text fields (API names, see index.fields).

    `whole`: the value is exactly this run (`==`). Units are already folded (index.text.units).
    """

    fields: tuple[str, ...]
    units: tuple[str, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """What a truncation sign stands for: `least` to `most` of something, None = any number. `#` is 1, 1, `?` is 0, 1.

    Among the units of a Pattern it counts units that are no words (with `most` None none of them ends a sentence);
    inside a Word letters and digits.
    """

    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Word:
    """One unit of letters and digits of which only some pieces are given: `H#O`, `batter+`, `+led`."""

    pieces: tuple[str | Gap, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A truncated term: a run of units some of which are left open. Built by index.query.build.pattern.

    No two gaps follow each other; at an edge of a term that is not `whole` a gap has least == most > 0, because
    `?` and `+` add nothing there.
    """

    fields: tuple[str, ...]
    parts: tuple[str | Gap | Word, ...]
    whole: bool = False


Term: TypeAlias = Units | Pattern


@dataclass(frozen=True, slots=True)
class Link:
    """How an operand of a proximity is joined to the span before it.

    W: behind it, D: on either side, with at most `most` units between and no overlap; S: span and operand in one
    sentence; P: in one value (both may overlap).
    """

    how: Literal["W", "D", "S", "P"]
    most: int = 0


@dataclass(frozen=True, slots=True)
class Near:
    """A chain of proximities, from the left: `links[i]` joins `operands[i + 1]` to the span of all before it.

    An operand is one of several terms. All terms name the same fields and none is `whole`; the whole chain lies in
    one value of one field. Built by index.query.build.near.
    """

    operands: tuple[tuple[Term, ...], ...]
    links: tuple[Link, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return self.operands[0][0].fields


@dataclass(frozen=True, slots=True)
class Keyword:
    """One of the exact values of a keyword field: type, legal_state, applicant_kind, postcode …

    `prefix`: the field's value begins with the (single) value.
    """

    field: str
    values: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """One value of a date field lies in [first, last], both YYYYMMDD integers, None = open."""

    field: str
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Classes:
    """A class symbol of the record is matched.

    prefix: `symbol` and everything in it as symbols are written (H01M, H01M10, H01M10/4+);
    exact: that symbol; tree: the symbol and everything below it in the scheme, with retired symbols and
    successors; range: every symbol from `symbol` to `last` in the order of the scheme.
    """

    field: str              # ipc, main_ipc, cpc, locarno
    how: Literal["prefix", "exact", "tree", "range"]
    symbol: str
    last: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """An application or publication number; digits normalised by ingest.numbers, `prefix` for `+`."""

    field: Literal["application_number", "publication_number"]
    value: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A division code with everything below it, or a two-letter country code."""

    code: str


@dataclass(frozen=True, slots=True)
class Industry:
    """A node of a taxonomy and everything below it; no node = any label of the taxonomy.

    `grade` asks for labels of one source (rule, rule_derived, model, human), or for a score of at least "0.1" … "0.9".
    """

    taxonomy: str
    node: str | None = None
    grade: str | None = None

    @property
    def term(self) -> str:
        """How it is written, and the term of the index: `33618`, `33618/nev`, `33618/nev@rule`, `33618@0.8`."""
        return self.taxonomy + (f"/{self.node}" if self.node else "") + (f"@{self.grade}" if self.grade else "")


@dataclass(frozen=True, slots=True)
class Rows:
    """A set of records by their row numbers: collections, and results searched again."""

    rows: BitMap


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every record (a blank query with filters)."""


Node: TypeAlias = (
    And | Or | Xor | Not | AtLeast | Units | Pattern | Near
    | Keyword | Dates | Classes | Number | Region | Industry | Rows | Everything
)
