"""Pages of an engine: every hit once, in a total order, whatever it does with ties."""

from collections.abc import Iterator

import pytest

from index.engine import SORTS, Engine, Hit
from index.query.tree import Everything, Keyword, Node, Or, Units
from ingest.record import Patent
from store.errors import BadQuery

DEVICE = Units(("title", "abstract", "claims"), ("装", "置"))


def pages(engine: Engine, query: Node, sort: str, size: int) -> Iterator[tuple[Hit, ...]]:
    cursor: str | None = None
    while True:
        page = engine.search(query, sort=sort, size=size, cursor=cursor)
        yield page.hits
        cursor = page.next
        if cursor is None:
            return


def latest(record: Patent) -> str | None:
    return max((entry["date"] for entry in record["publications"] if entry["date"]), default=None)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [7, 100])
def test_cursors_reach_every_hit_once(engine: Engine, records: list[Patent], sort: str, size: int) -> None:
    hits = [hit.row for page in pages(engine, DEVICE, sort, size) for hit in page]
    assert len(hits) == len(set(hits)) == engine.count(DEVICE) > 100
    assert set(hits) == set(engine.rows(DEVICE))


@pytest.mark.parametrize(("sort", "date_of"), [
    ("application_date", lambda record: record["application_date"]),
    ("-application_date", lambda record: record["application_date"]),
    ("publication_date", latest),
    ("-publication_date", latest),
])
def test_dates_sort_with_unknown_ones_last_and_ties_by_id(
    engine: Engine, records: list[Patent], sort: str, date_of: object
) -> None:
    def date(record: Patent) -> str | None:
        return date_of(record)      # type: ignore[operator]

    dated = sorted((record for record in records if date(record)), key=lambda record: record["id"])
    dated.sort(key=lambda record: date(record) or "", reverse=sort.startswith("-"))
    unknown = sorted((record for record in records if not date(record)), key=lambda record: record["id"])
    expected = [record["row"] for record in dated + unknown]
    assert len(unknown) > 20
    assert [hit.row for page in pages(engine, Everything(), sort, 97) for hit in page] == expected


def test_ids_sort_as_text(engine: Engine, records: list[Patent]) -> None:
    expected = [record["row"] for record in sorted(records, key=lambda record: record["id"])]
    assert [hit.row for page in pages(engine, Everything(), "id", 250) for hit in page] == expected


def test_equal_scores_come_by_id(engine: Engine, records: list[Patent]) -> None:
    hits = [hit for page in pages(engine, DEVICE, "relevance", 13) for hit in page]
    ident = {record["row"]: record["id"] for record in records}
    keys = [(-(hit.score or 0.0), ident[hit.row]) for hit in hits]
    assert keys == sorted(keys)
    assert len({score for score, _ in keys}) < len(keys)


def test_a_query_without_text_comes_by_id(engine: Engine, records: list[Patent]) -> None:
    page = engine.search(Keyword("type", ("design",)), size=50)
    designs = sorted(record["id"] for record in records if record["type"] == "design")
    ident = {record["row"]: record["id"] for record in records}
    assert [ident[hit.row] for hit in page.hits] == designs[:50]


def test_an_offset_skips_hits(engine: Engine) -> None:
    for sort in ("relevance", "id"):
        whole = engine.search(DEVICE, sort=sort, size=60).hits
        assert engine.search(DEVICE, sort=sort, size=20, offset=35).hits == whole[35:55]


def test_the_total_stays_on_every_page(engine: Engine) -> None:
    first = engine.search(DEVICE, sort="-publication_date", size=5)
    second = engine.search(DEVICE, sort="-publication_date", size=5, cursor=first.next)
    assert first.total == second.total == engine.count(DEVICE)


def test_the_last_page_has_no_cursor(engine: Engine) -> None:
    total = engine.count(DEVICE)
    assert engine.search(DEVICE, size=total).next is None
    assert engine.search(DEVICE, size=total - 1).next is not None
    assert engine.search(Units(("title",), ("囗", "囗"))).next is None


@pytest.mark.parametrize("broken", ["", "x", "5", "[]", "AAAAAAAAAAAA", "汉"])
def test_a_broken_cursor_is_refused(engine: Engine, broken: str) -> None:
    good = engine.search(DEVICE, size=5).next or ""
    for cursor in (broken, good[:-5] + broken, good + broken):
        if cursor != good:
            with pytest.raises(BadQuery) as refused:
                engine.search(DEVICE, size=5, cursor=cursor)
            assert refused.value.code == "cursor_invalid"


def test_a_cursor_of_another_query_or_sort_is_refused(engine: Engine) -> None:
    cursor = engine.search(DEVICE, sort="id", size=5).next
    other = Or((DEVICE, Units(("title",), ("方", "法"))))
    for query, sort in ((other, "id"), (DEVICE, "application_date")):
        with pytest.raises(BadQuery):
            engine.search(query, sort=sort, size=5, cursor=cursor)
