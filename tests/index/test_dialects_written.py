"""Trees written down as each system writes are read back as the same trees: nothing dropped, nothing turned round."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import pytest

from index.query.build import all_of, any_of, negation
from index.query.dialects import parse
from index.query.proximity import near
from index.query.tree import Classes, Dates, Link, Node, Units
from index.text import units

TERMS = ("电池", "石墨烯", "led", "lithium ion", "5g通信", "h2o", "r&d", "无人机")
SYMBOLS = (("exact", "H01M10/42"), ("exact", "C01B32/18"), ("prefix", "H01M"), ("prefix", "B60L50"))
DAYS = (19910228, 20010301, 20100101, 20121231, 20200630)
EXPRESSIONS = 250


@dataclass(frozen=True)
class System:
    """How one system writes: `clause` takes a field name and a value, `between` a field name and two days, `near` two
    written terms, the distance and whether the order counts (`ordered` where it always does)."""

    fields: dict[tuple[str, ...], str]
    clause: Callable[[str, str], str]
    dates: dict[str, str]
    between: Callable[[str, int, int], str]
    classes: Callable[[str], str]
    near: Callable[[str, str, int, bool], str] | None = None
    ordered: bool = False
    operators: dict[str, tuple[str, ...]] = field(default_factory=lambda: {
        "AND": (" AND ", " and "), "OR": (" OR ", " or "), "NOT": (" NOT ", " not ")})


SYSTEMS = {
    "cnipa": System(
        {("title",): "发明名称", ("abstract",): "摘要", ("applicants",): "申请（专利权）人",
         ("title", "abstract", "claims"): "关键词"},
        lambda name, value: f"{name}=({value})", {"application_date": "申请日", "publication_date": "公开（公告）日"},
        lambda name, first, last: f"{name}={first}:{last}", lambda symbol: f"IPC分类号=({symbol})",
        lambda one, other, most, ordered: f"{one} {most}{'W' if ordered else 'D'} {other}"),
    "trs": System(
        {("title",): "名称", ("title", "abstract"): "名称,摘要", ("claims",): "主权项",
         ("inventors",): "发明（设计）人"},
        lambda name, value: f"{name}=({value})", {"application_date": "申请日", "publication_date": "公开（公告）日"},
        lambda name, first, last: f"{name}=({first} to {last})", lambda symbol: f"分类号=('{symbol}')",
        lambda one, other, most, ordered: f"{one} pre/{most} {other}", True,
        {"AND": (" and ", " * "), "OR": (" or ", " + "), "NOT": (" not ", " - ")}),
    "cprs": System(
        {("title",): "TI", ("abstract",): "AB", ("applicants",): "PA", ("title", "abstract", "claims"): "TX"},
        lambda name, value: f"({value})/{name}", {"application_date": "AD", "publication_date": "PD"},
        lambda name, first, last: f"({first}-{last}/{name})", lambda symbol: f'"{symbol}"/IC',
        lambda one, other, most, ordered: f"{one} <{'ADJ' if ordered else 'NEAR'}{most}> {other}", False,
        {"AND": ("*", " * "), "OR": ("+", " + "), "NOT": ("-", " - ")}),
    "incopat": System(
        {("title",): "TI", ("title", "abstract"): "TIAB", ("applicants",): "AP",
         ("title", "abstract", "claims"): "TIABC"},
        lambda name, value: f"{name} = ({value})", {"application_date": "AD", "publication_date": "PD"},
        lambda name, first, last: f"({first}<={name}<={last})", lambda symbol: f"IPC={symbol}",
        lambda one, other, most, ordered: f"{one} ({most}{'w' if ordered else 'n'}) {other}"),
    "patenthub": System(
        {("title",): "t", ("title", "abstract"): "ts", ("applicants",): "applicant", ("inventors",): "inv"},
        lambda name, value: f"{name}:({value})", {"application_date": "ad", "publication_date": "dd"},
        lambda name, first, last: f"{name}:[{first} TO {last}]", lambda symbol: f"ipc:{symbol}"),
}


class Writer:
    """Makes trees and writes each as a system does; a text of more than one operand goes into parentheses."""

    def __init__(self, system: System, random: Random) -> None:
        self._system, self._random = system, random

    def expression(self, depth: int) -> tuple[Node, str]:
        if depth and self._random.random() < 0.6:
            return self._joined(lambda: self.expression(depth - 1))
        system, kind = self._system, self._random.random()
        if kind < 0.6:
            fields = self._random.choice(sorted(system.fields))
            node, text = self._value(fields, depth)
            return node, system.clause(system.fields[fields], text)
        if kind < 0.8:
            api = self._random.choice(sorted(system.dates))
            first, last = sorted(self._random.sample(DAYS, 2))
            return Dates(api, first, last), system.between(system.dates[api], first, last)
        how, symbol = self._random.choice(SYMBOLS)
        return Classes("ipc", how, symbol), system.classes(symbol)      # type: ignore[arg-type]

    def _value(self, fields: tuple[str, ...], depth: int) -> tuple[Node, str]:
        if depth and self._random.random() < 0.5:
            return self._joined(lambda: self._value(fields, depth - 1))
        terms = [self._random.choice(TERMS) for _ in range(2)]
        left, right = (Units(fields, tuple(units(term))) for term in terms)
        one, other = (f'"{term}"' for term in terms)
        if self._system.near is None or self._random.random() < 0.7:
            return left, one
        most, ordered = self._random.randrange(9), self._system.ordered or self._random.random() < 0.5
        chain = near(left, Link("W" if ordered else "D", most), right)
        assert chain is not None
        return chain, f"({self._system.near(one, other, most, ordered)})"

    def _joined(self, make: Callable[[], tuple[Node, str]]) -> tuple[Node, str]:
        parts = [make() for _ in range(self._random.choice((2, 2, 3)))]
        nodes, texts = [node for node, _ in parts], [text for _, text in parts]
        operator = self._random.choice(("AND", "OR", "NOT"))
        if operator == "NOT":
            nodes[1:], texts[2:] = [negation(nodes[1])], []
        sign = self._random.choice(self._system.operators[operator])
        return (any_of if operator == "OR" else all_of)(nodes), f"({sign.join(texts)})"


@pytest.mark.parametrize("dialect", SYSTEMS)
def test_what_a_system_writes_is_read_as_it_means(dialect: str) -> None:
    writer = Writer(SYSTEMS[dialect], Random(5))
    for _ in range(EXPRESSIONS):
        node, text = writer.expression(3)
        found, remarks = parse(dialect, text)
        assert found == node, text
        assert not any(one.severity == "error" for one in remarks), text
