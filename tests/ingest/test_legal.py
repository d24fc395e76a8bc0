"""Legal states: grants and their terms, applications and silence, events by text and code, words for each reason."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.legal import RULES, effect_of, explain, legal_state, term_years
from ingest.numbers import parse_publication, stage_of
from ingest.record import Legal, LegalEvent, LegalState, PatentType, Publication
from store.messages import LANGUAGES


def published(*pairs: str) -> list[Publication]:
    """Publications from `CN101945314B 2019-08-02`."""
    made = []
    for pair in pairs:
        number, _, date = pair.partition(" ")
        parsed = parse_publication(number)
        assert parsed is not None
        kind = parsed.kind or ""
        made.append(Publication(number=number, kind=kind, date=date or None, stage=stage_of(kind, date or None),
                                source={"delivery": "", "archive": None, "entry": ""}))
    return made


def state(kind: PatentType, filed: str | None, publications: list[Publication], on: str | None,
          *events: tuple[str, str, str], number: str | None = None) -> tuple[str, str | None, str | None]:
    happened = [LegalEvent(date=date, code=code, text=text) for date, code, text in events]
    legal = legal_state(kind, filed, publications, happened, on, number)
    return legal["state"], legal["since"], legal["because"]


A = "CN101945314A 2011-01-12"
B = "CN101945314B 2014-08-02"
END = ("2016-11-30", "CF01", "专利权的终止(未缴年费专利权终止)\n终止日期:20151002")


def test_a_grant_is_in_force_from_its_publication() -> None:
    assert state("invention", "2010-10-02", published(A, B), "2020-01-01") == ("in_force", "2014-08-02", "CN101945314B")


def test_an_application_is_pending_from_its_publication() -> None:
    assert state("invention", "2010-10-02", published(A), "2015-01-01") == ("pending", "2011-01-12", "CN101945314A")
    # what lies after the data date is not known yet
    assert state("invention", "2010-10-02", published(A, B), "2012-01-01")[0] == "pending"


@pytest.mark.parametrize(("kind", "filed", "publication", "last", "end"), [
    ("invention", "2003-05-06", "CN1448888C 2005-01-01", "2023-05-05", "2023-05-06"),
    ("utility_model", "2010-10-02", "CN201900001U 2011-06-01", "2020-10-01", "2020-10-02"),
    ("design", "2010-10-02", "CN301500001S 2011-06-01", "2020-10-01", "2020-10-02"),
    ("design", "2021-05-31", "CN306900001S 2021-11-01", "2031-05-30", "2031-05-31"),
    ("design", "2021-06-01", "CN306900002S 2021-11-01", "2036-05-31", "2036-06-01"),
    ("utility_model", "2012-02-29", "CN202600001U 2012-11-01", "2022-02-27", "2022-02-28"),
])
def test_a_term_ends(kind: PatentType, filed: str, publication: str, last: str, end: str) -> None:
    assert state(kind, filed, published(publication), last)[0] == "in_force"
    assert state(kind, filed, published(publication), end) == ("lapsed", end, "term_expired")


def test_without_a_date_the_year_of_the_number_bounds_the_term() -> None:
    grant = published("CN201900001U 2011-06-01")
    for on, expected in (("2019-12-31", "in_force"), ("2020-06-01", "unknown"), ("2021-01-01", "lapsed")):
        assert state("utility_model", None, grant, on, number="CN201020298420.5")[0] == expected
    assert state("utility_model", None, grant, "2012-01-01") == ("unknown", None, "term_unclear")


def test_silence_of_eight_years() -> None:
    assert state("invention", "2010-10-02", published(A), "2019-01-11")[0] == "pending"
    assert state("invention", "2010-10-02", published(A), "2019-01-12") == ("unknown", None, "no_event")
    examined = ("2012-05-01", "SE01", "实质审查的生效")
    assert state("invention", "2010-10-02", published(A), "2019-01-12", examined)[0] == "pending"
    assert state("invention", "2010-10-02", published(A), "2020-05-01", examined)[0] == "unknown"


def test_an_event_ends_a_right_on_its_date_of_effect() -> None:
    assert state("invention", "2010-10-02", published(A, B), "2020-01-01", END) == ("lapsed", "2015-10-02", "CF01")
    gazette = ("2016-11-30", "AV01", "专利权的主动放弃")
    assert state("invention", "2010-10-02", published(A, B), "2020-01-01", gazette)[1] == "2016-11-30"
    assert state("invention", "2010-10-02", published(A, B), "2016-01-01", END)[0] == "in_force"


def test_restoration() -> None:
    restored = ("2017-06-01", "RR01", "权利的恢复\n原决定名称:专利权终止\n原决定公告日:20161130")
    assert state("invention", "2010-10-02", published(A, B), "2020-01-01", restored, END) == (
        "in_force", "2017-06-01", "RR01")
    withdrawn = ("2013-06-01", "WD01", "发明专利申请公布后的视为撤回")
    assert state("invention", "2010-10-02", published(A), "2014-01-01", withdrawn) == ("lapsed", "2013-06-01", "WD01")
    assert state("invention", "2010-10-02", published(A), "2018-01-01", withdrawn, restored)[0] == "pending"


def test_a_grant_known_by_its_event_only() -> None:
    granted = ("2014-08-02", "GR01", "授权")
    assert state("invention", "2010-10-02", published(A), "2020-01-01", granted) == ("in_force", "2014-08-02", "GR01")


def test_examined_publications_and_corrections() -> None:
    assert state("invention", "1986-04-01", published("CN86102345B 1988-05-04"), "1989-01-01")[0] == "pending"
    assert state("invention", "2010-10-02", published("CN101945314B8 2015-01-01"), "2016-01-01") == (
        "in_force", None, "CN101945314B8")
    undated = published(B, "CN101945314B9")
    assert state("invention", "2010-10-02", undated, "2016-01-01") == ("in_force", "2014-08-02", "CN101945314B")
    both = published(B, "CN101945314B8 2015-01-01")
    assert state("invention", "2010-10-02", both, "2016-01-01")[1:] == ("2014-08-02", "CN101945314B")


def test_without_publications() -> None:
    assert state("invention", None, [], None) == ("unknown", None, "no_publication")


@pytest.mark.parametrize(("code", "text", "effect"), [
    ("CF01", "专利权的终止", "end"), ("C19", "专利权有效期届满", "end"), ("CX01", "", "end"),
    ("", "①未缴年费专利权终止", "end"),
    ("AV01", "避免重复授权放弃专利权", "end"), ("", "专利权的视为放弃", "end"),
    ("RJ01", "发明专利申请公布后的驳回", "end"),
    ("IW01", "专利权的无效、部分无效宣告", "end"), ("IP01", "专利权的无效、部分无效宣告", None),
    ("IP01", "专利权部分无效宣告", None), ("C36", "专利权的撤销", "end"), ("RR01", "专利权的恢复", "restoration"),
    ("TR01", "专利申请权、专利权的转移", None), ("EC01", "专利实施许可合同备案的注销", None),
    ("PE01", "专利权质押合同登记的生效、变更及注销", None), ("PD01", "专利权的保全及其解除", None),
    ("DD01", "文件的公告送达\n文件名称:视为撤回通知书", None), ("SE01", "实质审查的生效", None), ("PB01", "公开", None),
    ("GR01", "授权", "grant"), ("C14", "", "grant"), ("XX99", "未知事件", None),
])
def test_effects(code: str, text: str, effect: str | None) -> None:
    assert effect_of(code, text) == effect


@given(st.sampled_from(get_args(PatentType)), st.dates(), st.dates(), st.sampled_from(["A", "B", "U", "S", "B8"]))
def test_a_state_always_has_a_reason(kind: PatentType, filed: object, on: object, letters: str) -> None:
    legal = legal_state(kind, str(filed), published(f"CN101945314{letters} 2011-01-12"), [], str(on))
    assert legal["state"] in get_args(LegalState)
    assert legal["because"]
    assert (legal["since"] or "") <= str(on)
    assert all(explain(legal, lang=lang) for lang in LANGUAGES)


def test_words() -> None:
    ended = Legal(state="lapsed", since="2015-10-02", because="CF01")
    event = LegalEvent(date=END[0], code=END[1], text=END[2])
    assert explain(ended, [event]) == "2015-10-02 专利权的终止(未缴年费专利权终止) (CF01)"
    assert explain(ended) == "2015-10-02 CF01"
    granted = Legal(state="in_force", since="2014-08-02", because="CN101945314B")
    assert explain(granted) == "2014-08-02 授权公告（CN101945314B），期限未满，未见终止"
    for rule in RULES:
        assert "2020" in explain(Legal(state="unknown", since="2020-01-01", because=rule)) or rule != "term_expired"
    assert term_years("design", "2021-05-31") == 10
