"""The case corpus of the dialects: `cases/dialects_*.yaml`, each with what it is read as and what is said about it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from index.query import read
from index.query.canonical import canonical
from index.query.diagnostics import SEVERITY
from index.query.dialects import FRONT_ENDS, parse
from index.query.parser import parse as parse_canonical
from store.errors import BadQuery

CASES = sorted((Path(__file__).parent / "cases").glob("dialects_*.yaml"))


def cases() -> list[Any]:
    return [
        pytest.param(path.stem.removeprefix("dialects_"), case, id=f"{path.stem.removeprefix('dialects_')}-{place}")
        for path in CASES for place, case in enumerate(yaml.safe_load(path.read_text("utf-8")))
    ]


def test_every_dialect_has_cases() -> None:
    assert {path.stem.removeprefix("dialects_") for path in CASES} == set(FRONT_ENDS)


@pytest.mark.parametrize(("dialect", "case"), cases())
def test_case(dialect: str, case: dict[str, Any]) -> None:
    text = case["text"]
    tree, remarks = parse(dialect, text)
    assert [f"{one.code} {one.start} {one.end}" for one in remarks] == case["diagnostics"]
    assert case["provenance"]
    if case["canonical"] is None:
        assert any(one.severity == "error" for one in remarks)
        with pytest.raises(BadQuery):
            read(text, dialect=dialect, mode="expert")
        return
    assert tree is not None
    assert canonical(tree) == case["canonical"]
    again, said = parse_canonical(case["canonical"])
    assert again == tree and not any(one.severity == "error" for one in said)
    assert read(text, dialect=dialect).canonical == case["canonical"]


@pytest.mark.parametrize(("dialect", "case"), cases())
def test_remarks_are_complete(dialect: str, case: dict[str, Any]) -> None:
    text = case["text"]
    for one in parse(dialect, text)[1]:
        assert 0 <= one.start <= one.end <= len(text)
        assert one.message("zh") != one.message("en")
        assert one.code in SEVERITY
        if one.fix is not None:
            left = [again.code for again in parse(dialect, one.fix)[1]]
            assert left.count(one.code) < [other.code for other in parse(dialect, text)[1]].count(one.code)


def test_a_dialect_is_an_expression_in_mode_auto() -> None:
    assert read("手机 病毒").mode == "simple"
    found = read("手机 病毒", dialect="cnipa")
    assert (found.mode, found.dialect, found.canonical) == ("expert", "cnipa", "手机 OR 病毒")
    assert read("CN101945314B", dialect="trs").mode == "number"


def test_filters_stay_canonical() -> None:
    assert read("ti=电池", ["申请人=某大学"], dialect="incopat").canonical == "名称=电池 AND 申请人=某大学"


def test_several_errors_come_in_one_pass_and_in_order() -> None:
    with pytest.raises(BadQuery) as refused:
        read("优先权=1996 and 名城=电池 and 摘要=(隔膜", dialect="trs")
    codes = [one.code for one in refused.value.diagnostics if one.severity == "error"]
    assert codes == ["field_not_held", "field_unknown", "parenthesis_unclosed"]
    assert refused.value.position == (0, 3)


def test_positions_count_in_the_text_as_sent() -> None:
    text = "\u200b名称=（𠮷 or\u200b 优先权=1）"
    found = [one for one in parse("trs", text)[1] if one.code == "field_not_held"]
    assert [text[one.start:one.end] for one in found] == ["优先权"]


def test_signs_that_a_dialect_lacks_are_letters_of_a_term() -> None:
    assert read("ti=C++", dialect="incopat").canonical == '名称="c++"'
    assert read("名称=C++", dialect="canonical", mode="expert").canonical == "名称=c+"
    assert read("10W AND S", dialect="patenthub").canonical == '10w AND s'


@pytest.mark.parametrize(("dialect", "text", "fix"), [
    ("trs", "名称=(电池 pre/3 (正极 pre/2 负极))", "名称=(电池 pre/3 正极 pre/2 负极)"),
    ("incopat", "电池 (3n) (正极 (2w) 负极)", "(正极 (2w) 负极) (3n) 电池"),
    ("cprs", "电池 <ADJ3> (正极 <ADJ2> 负极)", "电池 <ADJ3> 正极 <ADJ2> 负极"),
])
def test_a_repair_is_written_in_the_dialect(dialect: str, text: str, fix: str) -> None:
    remark = parse(dialect, text)[1][0]
    assert (remark.code, remark.fix) == ("proximity_right", fix)
    assert parse(dialect, fix)[1] == []


def test_a_remark_shows_what_was_written() -> None:
    assert "“%”" in parse("trs", "名称=%")[1][0].message()
    assert "“pre/3”" in parse("trs", "名称=电池 pre/3 隔膜")[1][0].message()
