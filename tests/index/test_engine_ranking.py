"""What comes first: title above abstract above claims, the company whose name is asked for, never other matches."""

from collections.abc import Callable, Iterator

import pytest

from index.engine import Engine
from index.query.tree import And, AtLeast, Everything, Keyword, Node, Not, Or, Units, Xor
from index.text import query_words, units
from ingest.record import Patent
from tests.index.conftest import write
from tests.index.places import Place

TEXT = ("title", "abstract", "claims")


def asked(text: str) -> tuple[Node, list[str]]:
    """A simple query for any of the words, and its words."""
    words = query_words(text)
    return AtLeast(1, tuple(Units(TEXT, tuple(units(word))) for word in words)), words


@pytest.fixture(scope="module")
def placed(records: list[Patent], places: Callable[[], Place]) -> Iterator[Engine]:
    """Real records, and six that differ only in where 光伏组件 stands or whose they are."""
    plain = next(record for record in records if record["abstract"] and record["claims"])
    title, abstract = "一种支架", "本发明公开了一种支架，包括底座和立柱。"
    claim = "1.一种支架，其特征在于，包括底座和立柱。"

    def variant(row: int, **changes: object) -> Patent:
        given = {"row": row, "id": f"CN20101000000{row % 10}.0", "title": title, "abstract": abstract,
                 "claims": [{"number": 1, "text": claim}]}
        return Patent(**{**plain, **given, **changes})      # type: ignore[typeddict-item]

    party = plain["applicants"][:1] or [{"name": "", "address": None, "postcode": None}]
    engine = places().open()
    write(engine, [
        *(record for record in records if "光伏" not in json_text(record)),
        variant(90_001, claims=[{"number": 1, "text": claim + "用于光伏组件。"}]),
        variant(90_002, abstract=abstract + "用于光伏组件。"),
        variant(90_003, title="一种光伏组件支架"),
        variant(90_004, abstract=abstract + "光伏组件。" * 8),
        variant(90_005, claims=[{"number": 1, "text": claim + "用于光伏组件。"}],
                applicants=[{**party[0], "name": "光伏组件支架有限公司"}]),
        variant(90_006),
    ])
    yield engine
    engine.close()


def json_text(record: Patent) -> str:
    return str((record["title"], record["abstract"], record["claims"]))


def test_title_comes_above_abstract_above_claims(placed: Engine) -> None:
    query, words = asked("光伏")
    hits = [hit.row for hit in placed.search(query, words=words).hits]
    assert sorted(hits) == [90_001, 90_002, 90_003, 90_004, 90_005]
    assert hits[0] == 90_003
    assert hits.index(90_004) < hits.index(90_002) < hits.index(90_001)


def test_a_whole_company_name_brings_its_patents_first(placed: Engine) -> None:
    query, words = asked("光伏组件支架有限公司")
    hits = placed.search(query, words=words).hits
    assert hits[0].row == 90_005


def test_terms_of_an_expression_rank_like_words(placed: Engine) -> None:
    term = Units(TEXT, tuple("光伏"))
    expression = And((Or((term, Units(("inventors",), ("张", "三")))), Not(Keyword("type", ("design",)))))
    hits = placed.search(expression).hits
    assert hits[0].row == 90_003
    assert all(hit.score for hit in hits)


def test_terms_of_an_exclusive_or_rank_too(placed: Engine) -> None:
    query = Xor(Units(TEXT, tuple(units("光伏"))), Units(TEXT, tuple(units("饕餮"))))
    hits = placed.search(query).hits
    assert hits[0].row == 90_003 and all(hit.score for hit in hits)


def test_words_never_change_what_matches(engine: Engine) -> None:
    query, words = asked("电池 充电装置")
    plain = engine.search(query, sort="id", size=1000)
    ranked = engine.search(query, size=1000, words=[*words, "囗囗", "方法"])
    assert {hit.row for hit in plain.hits} == {hit.row for hit in ranked.hits}
    assert plain.total == ranked.total > 20


def test_more_words_of_the_query_rank_higher(engine: Engine, records: list[Patent]) -> None:
    query, words = asked("锂离子电池 隔膜")
    by_row = {record["row"]: record for record in records}
    hits = engine.search(query, size=200, words=words).hits
    assert len(hits) > 10
    best = json_text(by_row[hits[0].row])
    assert all(word in best for word in ("电池", "隔膜")) or not any(
        all(word in json_text(by_row[hit.row]) for word in words) for hit in hits)


def test_without_anything_to_rank_by_there_is_no_score(engine: Engine) -> None:
    assert all(hit.score is None for hit in engine.search(Everything()).hits)
    assert all(hit.score is None for hit in engine.search(Units(("title",), ("一", "种")), sort="id").hits)
