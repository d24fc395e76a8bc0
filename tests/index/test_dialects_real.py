"""Real expressions of other systems: each is read in its dialect, and engine and reference agree on what it finds.

They are read from the shared folder; what a dialect cannot express is refused with a place, never read as less.
"""

import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import xor
from pathlib import Path

import pytest
import yaml
from pyroaring import BitMap

from index.embedded.engine import EmbeddedEngine
from index.fields import FIELDS
from index.query.build import operands
from index.query.canonical import canonical
from index.query.dialects import expressions, parse
from index.query.parser import parse as parse_canonical
from index.query.reference import SearchView, matches
from index.query.tree import And, AtLeast, Classes, Gap, Near, Node, Not, Or, Pattern, Rows, Units, Word, Xor
from ingest.record import Patent
from tests.index.conftest import SubclassLabels, patent, write

DIALECT = {"pss": "cnipa", "trs": "trs", "cprs": "cprs", "incopat": "incopat", "patenthub": "patenthub"}
LONG = {"chinaip": "trs", "cnipr": "trs", "incopat": "incopat"}
REFUSED_LONG = {"incopat_ai_wipo_r1.txt": "parenthesis_unopened"}     # one parenthesis too many in the source


@dataclass(frozen=True, slots=True)
class Real:
    name: str
    dialect: str
    text: str


@pytest.fixture(scope="session")
def long(shared: Path) -> list[Real]:
    return [Real(path.name, LONG[path.name.split("_")[0]], path.read_text("utf-8"))
            for path in sorted((shared / "expressions").glob("*.txt"))]


@pytest.fixture(scope="session")
def short(shared: Path) -> list[Real]:
    rows = [row for name in ("short_expressions.yaml", "parser_unit_test_toys.yaml")
            for row in yaml.safe_load((shared / "expressions" / name).read_text("utf-8"))]
    return [Real(f"{row['dialect']} {place}", DIALECT[row["dialect"]], row["text"])
            for place, row in enumerate(rows) if row["dialect"] in DIALECT]


def good(real: Real) -> Node | None:
    """The tree of an expression that is read without an error; None for one that is refused with a place."""
    tree, remarks = parse(real.dialect, real.text)
    assert all(0 <= one.start <= one.end <= len(real.text) for one in remarks), real.name
    errors = [one for one in remarks if one.severity == "error"]
    if errors:
        assert all(one.message("zh") and one.message("en") for one in errors), real.name
        return None
    assert tree is not None, real.name
    written = canonical(tree)
    assert parse_canonical(written)[0] == tree, real.name
    return tree


def test_long_expressions_are_read(long: list[Real]) -> None:
    assert len(long) == 16
    refused = {real.name for real in long if good(real) is None}
    assert refused == set(REFUSED_LONG)


def test_the_defect_of_a_long_expression_has_its_place_and_its_repair(long: list[Real]) -> None:
    real = next(real for real in long if real.name in REFUSED_LONG)
    error = next(one for one in parse("incopat", real.text)[1] if one.severity == "error")
    assert error.code == REFUSED_LONG[real.name]
    assert real.text[error.start:error.end] == ")" and error.fix is not None
    assert not [one for one in parse("incopat", error.fix)[1] if one.severity == "error"]


def test_defects_of_the_chinaip_nodes_are_said(long: list[Real]) -> None:
    for real in long:
        if not real.name.startswith("chinaip_") or "region" in real.name:
            continue
        said = {one.code for one in parse("trs", real.text)[1]}
        assert {"operator_missing", "operators_mixed"} <= said, real.name
    materials = next(real for real in long if real.name == "chinaip_materials.txt")
    places = [materials.text[one.start:one.end] for one in parse("trs", materials.text)[1]
              if one.code in ("operator_parted", "operator_missing")]
    assert {"清溢精密or", "结构 设计", "设备 检测器"} <= set(places)


def test_short_expressions_are_read_or_refused(short: list[Real]) -> None:
    """Most are read; what is refused is what the dialects' documentation says cannot be expressed here."""
    allowed = {
        "cnipa": {"command_refused", "history_refused", "operators_refused", "operand_missing", "sign_reserved"},
        "trs": {"number_invalid", "class_invalid", "field_not_held", "semantic_refused", "operator_refused",
                "proximity_operand", "parenthesis_unopened"},
        "cprs": set(),
        "incopat": {"semantic_refused", "frequency_refused", "tree_refused", "field_unknown", "field_not_held",
                    "number_invalid", "parenthesis_unclosed", "field_name_missing"},
        "patenthub": {"operand_missing"},
    }
    counts = dict.fromkeys(allowed, 0)
    for real in short:
        if good(real) is not None:
            counts[real.dialect] += 1
            continue
        errors = {one.code for one in parse(real.dialect, real.text)[1] if one.severity == "error"}
        assert errors <= allowed[real.dialect], (real.name, real.text, errors)
    assert counts == {"cnipa": 50, "trs": 103, "cprs": 18, "incopat": 97, "patenthub": 56}


def test_a_file_of_expressions_is_read_one_by_one(shared: Path) -> None:
    text = (shared / "expressions" / "incopat_example_file.incopat").read_text("utf-8")
    found = expressions(text)
    assert len(found) == 14
    assert [one.comment for one in found][:2] == ["Simple field search", "Compound field search with boolean OR"]
    assert all(text[one.start:one.end] == one.text for one in found)
    refused = [one.comment for one in found if any(said.severity == "error" for said in parse("incopat", one.text)[1])]
    assert refused == ["Frequency search", "TREE@ operator for company hierarchy", "Semantic search (R/RAD/RPD)",
                       "Semantic search combined with regular query"]


# What they find


@pytest.fixture(scope="module", params=[pytest.param(100, id="2000"), pytest.param(10, id="20000",
                                                                                  marks=pytest.mark.slow)])
def corpus(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[EmbeddedEngine, list[Patent]]]:
    """Real records and an engine that holds them."""
    with lzma.open(shared / "data" / "patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in islice(lines, 0, None, request.param)]
    by_id = {entry.get("app_number") or entry["pub_number"]: entry for entry in found if entry.get("pub_number")}
    records = [patent(place + 1, entry) for place, entry in enumerate(by_id.values())]
    engine = EmbeddedEngine(tmp_path_factory.mktemp("real") / "index")
    write(engine, records)
    yield engine, records
    engine.close()


class Reference:
    """The rows that the reference brings. Every leaf is asked once, and only of records that hold all its units or
    subclasses: that changes nothing and makes thousands of leaves bearable."""

    def __init__(self, records: list[Patent]) -> None:
        apis = [one.api for one in FIELDS if one.kind == "units"]
        self._views = {record["row"]: SearchView(record, above=SubclassLabels().ancestors) for record in records}
        self._holding: dict[str, BitMap] = defaultdict(BitMap)
        for row, view in self._views.items():
            held = {unit for api in apis for run in view.runs(api) for unit in run}
            held |= {value[:4] for api in ("ipc", "main_ipc") for value in view.values(api)}
            for one in held:
                self._holding[one].add(row)
        self._known: dict[Node, BitMap] = {}

    def rows(self, node: Node) -> BitMap:
        match node:
            case And():
                return BitMap.intersection(*map(self.rows, operands(node)))
            case Or():
                return BitMap.union(*map(self.rows, operands(node)))
            case Xor():
                return reduce(xor, map(self.rows, operands(node)))
            case Not(child):
                return BitMap(self._views) - self.rows(child)
            case Rows(rows):
                return BitMap(self._views) & rows
            case AtLeast(minimum, children):
                counts = Counter(row for child in children for row in self.rows(child))
                return BitMap(row for row, count in counts.items() if count >= minimum)
        if node not in self._known:
            self._known[node] = BitMap(row for row in self._asked(node) if matches(node, self._views[row]))
        return self._known[node]

    def _asked(self, node: Node) -> BitMap:
        match node:
            case Units(units=run):
                return BitMap.intersection(*(self._holding.get(unit, BitMap()) for unit in run))
            case Pattern(parts=parts):
                return BitMap.intersection(BitMap(self._views), *map(self._part, parts))
            case Near(operands=terms):
                return BitMap.intersection(*(BitMap.union(*map(self._asked, one)) for one in terms))
            case Classes(field="ipc" | "main_ipc", how="prefix" | "exact", symbol=symbol) if len(symbol) >= 4:
                return self._holding.get(symbol[:4], BitMap())
        return BitMap(self._views)

    def _part(self, part: str | Gap | Word) -> BitMap:
        if isinstance(part, str):
            return self._holding.get(part, BitMap())
        pieces = [piece for piece in part.pieces if isinstance(piece, str)] if isinstance(part, Word) else []
        if not pieces:
            return BitMap(self._views)
        return BitMap.union(BitMap(), *(rows for unit, rows in self._holding.items() if pieces[0] in unit))


def test_engine_and_reference_agree_on_every_expression(
    corpus: tuple[EmbeddedEngine, list[Patent]], long: list[Real], short: list[Real]
) -> None:
    engine, records = corpus
    reference = Reference(records)
    assert len(records) >= 2_000
    trees = {good(real): real for real in (*long, *short)}
    trees.pop(None, None)
    hits = 0
    for tree, real in trees.items():
        assert tree is not None
        expected = reference.rows(tree)
        assert BitMap(engine.rows(tree)) == expected, real.name
        assert engine.count(tree) == len(expected), real.name
        hits += bool(expected)
    assert hits > len(trees) / 3      # a sample of real records meets real expressions
