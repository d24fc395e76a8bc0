"""Similar records: ordered by the sum of the weights of shared clues as the reference counts them, on both engines."""

from dataclasses import replace

import pytest

from index.answering.likeness import apart, shared
from index.documents import build
from index.engine import Alike, Engine
from index.fields import DEFAULT
from index.query.reference import SearchView, matches
from index.query.tree import Units
from ingest.record import Patent
from tests.index.conftest import SubclassLabels, write
from tests.index.made import patent
from tests.index.places import Place

ABOVE = SubclassLabels().ancestors
SIZE = 10


def ask(engine: Engine, record: Patent, size: int = SIZE) -> Alike:
    return engine.similar(build(record, ABOVE), without=apart(record), size=size)


@pytest.mark.parametrize("place", range(0, 1_000, 90))
def test_the_order_is_that_of_the_reference(engine: Engine, records: list[Patent], place: int) -> None:
    record = records[place]
    found = ask(engine, record)
    without, scores = apart(record), dict[int, int]()
    for other in records:
        view = SearchView(other, above=ABOVE)
        score = sum(clue.weight for clue in found.clues if matches(clue.node, view))
        if score and not matches(without, view):
            scores[other["row"]] = score
            assert sum(clue.weight for clue in shared(found.clues, view)) == score
    expected = sorted(scores.values(), reverse=True)[:SIZE]
    assert expected and [hit.score for hit in found.hits] == expected
    assert [scores[hit.row] for hit in found.hits] == expected


@pytest.mark.parametrize("place", range(0, 1_000, 90))
def test_the_clues_of_a_record_are_its_own_and_weightiest_first(
    engine: Engine, records: list[Patent], place: int
) -> None:
    found = ask(engine, records[place]).clues
    view = SearchView(records[place], above=ABOVE)
    assert len({clue.value for clue in found}) > 1 and all(clue.weight > 0 for clue in found)
    for clue in found:      # words of a record without an abstract may come from its claims
        node = replace(clue.node, fields=DEFAULT) if isinstance(clue.node, Units) else clue.node
        assert matches(node, view), clue
    assert [clue.weight for clue in found] == sorted((clue.weight for clue in found), reverse=True)


BATTERY = "一种动力电池液冷板，包括流道与隔筋，冷却液沿流道流动，降低电芯之间的温差。"


def made(row: int, title: str, abstract: str = "", day: str = "2020-01-02", **given: object) -> Patent:
    parties = [{"name": "示例公司", "address": None, "postcode": None}]
    return patent(row=row, id=f"CN2020100000{row:02}.0", title=title, abstract=abstract or None,
                  application_date=day, applicants=parties, **given)


def test_what_is_shared_decides_and_some_stay_apart(place: Place) -> None:
    own = made(1, "动力电池液冷板", BATTERY, ipc=[{"symbol": "H01M10/65", "version": None}])
    others = [
        made(2, "动力电池液冷板", BATTERY, type="utility_model"),              # the same invention, filed twice
        made(3, "动力电池液冷板", BATTERY, day="2021-05-06"),
        made(4, "储能用液冷板及流道", "液冷板设有流道与隔筋。", ipc=[{"symbol": "H01M10/65", "version": None}]),
        made(5, "一种电芯", ipc=[{"symbol": "H01M10/04", "version": None}]),
        made(6, "图像识别方法", "识别图像中的文字。"),
        made(7, "动力电池液冷板", type="design"), made(8, "液冷板", type="design"),
        *(made(row, f"编号{row}的搅拌装置", "一种搅拌装置，包括叶片。") for row in range(20, 60)),
    ]
    engine = place.open()
    write(engine, [own, *others])
    by_row = {record["row"]: SearchView(record, above=ABOVE) for record in others}
    found = ask(engine, own)
    assert [hit.row for hit in found.hits] == [3, 4, 5]
    why = {hit.row: [clue.value for clue in shared(found.clues, by_row[hit.row])] for hit in found.hits}
    assert {"液冷", "流道"} <= set(why[4]) and "H01M10/65" in why[4]
    assert not {"H01M10", "H01M"} & set(why[4]), "of a class only the deepest"
    assert "H01M10" in why[5] and "H01M" not in why[5]
    assert [hit.row for hit in ask(engine, own, size=1).hits] == [3]
    assert [hit.row for hit in ask(engine, others[5]).hits] == [8], "designs with designs"
    assert ask(engine, made(90, "囗囗")).hits == ()


def test_without_an_index_nothing_is_alike(place: Place) -> None:
    assert place.open().similar(build(made(1, "电池"), ABOVE), without=apart(made(1, "电池"))).hits == ()


@pytest.mark.parametrize("change", [{"application_date": None}, {"title": None}, {"applicants": []}])
def test_a_record_without_a_date_title_or_applicant_has_no_twin(place: Place, change: dict[str, object]) -> None:
    engine = place.open()
    own = made(1, "动力电池液冷板", BATTERY)
    write(engine, [own, made(2, "动力电池液冷板", BATTERY, type="utility_model"), made(3, "另一件")])
    assert [hit.row for hit in ask(engine, Patent(**{**own, **change})).hits] == [2]     # type: ignore[typeddict-item]
