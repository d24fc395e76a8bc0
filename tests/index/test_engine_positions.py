"""Conditions on positions in the engine: ends of values, caps that are told, answers kept until the next commit."""

from collections.abc import Callable

import pytest
from pyroaring import BitMap

from index.answering.memo import Memo, key_of
from index.engine import Engine
from index.query.parser import parse
from index.query.reference import SearchView, matches
from index.query.tree import And, Node, Rows
from ingest.record import Patent
from tests.index.conftest import write
from tests.index.made import patent
from tests.index.places import Place


def node(text: str) -> Node:
    tree, remarks = parse(text)
    assert tree is not None and not remarks
    return tree


@pytest.fixture(scope="module")
def records() -> list[Patent]:
    """The end of a value stands between two terms in some, and not in others."""
    texts = [
        ("锂电池", "正极材料\n隔膜。电解液"), ("电池正极", "电池。\n正极"), ("装置", "电池甲乙正极"),
        ("方法", "电池\n甲正极"),
        ("电池", "a1 b2。正极\n电池，正极"),
        ("led灯", "OLED αβ 电 α 池"), ("H2O处理", "电甲乙池与正极的batteries"),
    ]
    return [patent(row=row, id=f"CN20101029842{row}", title=title, abstract=abstract,
                   claims=[{"number": 1, "text": "1.电池"}, {"number": 2, "text": "正极"}] if row % 2 else [])
            for row, (title, abstract) in enumerate(texts)]


@pytest.fixture(scope="module")
def engine(places: Callable[[], Place], records: list[Patent]) -> Engine:
    opened = places().open()
    write(opened, records)
    return opened


@pytest.mark.parametrize("text", [
    "电池 W 正极", "电池 1W 正极", "电池 2W 正极", "电池 3W 正极", "电池 20W 正极", "正极 20D 电池", "电池 50W 正极",
    "电池 P 正极",
    "电池 S 正极", "正极 S 电池 S 甲乙", "权利要求=(电池 5W 正极)", "摘要=(电池 5W 正极)", "名称=(电池 W 正极)",
    "电+池", "电##池",
    "电?池", "摘要=(电 5W 池)", "+led", "H#O", "batter+", "摘要==电池+正极", "摘要==正极+", "隔膜 D 电解",
    "(电池 OR 隔膜) 1W (正极 OR 电解液)",
    "电池 3W 正极 AND 名称=电池", "NOT 电池 3W 正极", "电池 3W 正极 XOR 电+池", ">=2(电池 P 正极, 电+池, 名称=电池)",
    "+" + "e" * 400 + "+", "电池" + "x" * 1_200, "x" * 1_200 + "#" * 20,
])
def test_engine_and_reference_agree(engine: Engine, records: list[Patent], text: str) -> None:
    tree = node(text)
    expected = [record["row"] for record in records if matches(tree, SearchView(record))]
    assert list(engine.rows(tree)) == expected
    page = engine.search(tree, size=3, facets=("type",), sort="-application_date")
    assert page.total == len(expected) and page.beyond == 0


def test_candidates_beyond_the_cap_are_told(place: Place, records: list[Patent]) -> None:
    engine = place.open(most_candidates=2)
    write(engine, records)
    tree = node("电+池")
    for _ in range(2):      # told again when the answer was kept
        page = engine.search(tree)
        assert page.beyond > 2 and page.total <= 2
        assert engine.search(And((tree, node("甲乙 OR 锂"))), sort="id").beyond <= page.beyond
    assert engine.search(node("名称=电池")).beyond == 0
    engine = place.open()
    assert engine.search(tree).beyond == 0


def test_what_was_kept_goes_with_the_next_commit(place: Place, records: list[Patent]) -> None:
    engine = place.open()
    write(engine, records)
    tree = node("电池 S 正极")
    first = engine.search(tree, facets=("type",))
    assert engine.search(node("电池 S 正极"), facets=("type",)) is first
    changed = patent(row=2, title="装置", abstract="无")
    write(engine, [changed], seq=2)
    assert engine.search(tree, facets=("type",)).total == first.total - 1
    assert 2 not in list(engine.rows(tree))


def test_a_memo_forgets_what_was_not_asked_for_longest() -> None:
    memo = Memo()
    for number in range(100):
        memo.get(number, lambda: number, lambda _: 1 << 20)     # noqa: B023  (called at once)
        memo.get(0, lambda: -1, lambda _: 1)
    assert memo.held(0) == 0 and memo.held(99) == 99 and memo.held(1) is None
    assert memo.get("large", lambda: 1, lambda _: 1 << 40) == 1 and memo.held("large") is None


def test_sets_of_rows_have_keys_too() -> None:
    one, same, other = (Rows(BitMap(rows)) for rows in ([1, 2], [1, 2], [1, 3]))
    assert key_of(And((one, node("电池")))) == key_of(And((same, node("电池")))) != key_of(And((other, node("电池"))))
