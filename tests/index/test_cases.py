"""The corpus of cases, `cases/*.yaml`: how a text of each dialect is read, and what is said about it.

A file's name is its dialect, or `dialects_` and it. `canonical` is null where the text is refused; `diagnostics` are
`code start end` in order; `fix`, where given, is that of the first one; `provenance` says who writes so.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from index.query.canonical import canonical
from index.query.parser import parse
from index.query.read import DIALECTS
from store.settings import QueryLimits

CASES = [
    (file.stem.removeprefix("dialects_"), case)
    for file in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text("utf-8"))
]


@pytest.mark.parametrize(("dialect", "case"), CASES, ids=[f"{dialect}: {case['text']}" for dialect, case in CASES])
def test_case(dialect: str, case: dict[str, Any]) -> None:
    tree, remarks = DIALECTS[dialect](case["text"], QueryLimits())
    said = [f"{one.code} {one.start} {one.end}" for one in remarks]
    assert said == [" ".join(str(entry).split()) for entry in case["diagnostics"]]
    assert all(0 <= one.start <= one.end <= len(case["text"]) for one in remarks)
    assert all(one.message("zh") and one.message("en") for one in remarks)
    refused = tree is None or any(one.severity == "error" for one in remarks)
    assert refused == (case["canonical"] is None)
    if "fix" in case:
        assert remarks[0].fix == case["fix"]
    if tree is not None and not refused:
        assert canonical(tree) == case["canonical"]
        again, about = parse(case["canonical"])
        assert again == tree
        assert not any(one.severity == "error" for one in about)


def test_every_case_says_where_it_comes_from() -> None:
    assert all(case["provenance"] for _, case in CASES)
    assert {dialect for dialect, _ in CASES} == DIALECTS.keys()


@pytest.mark.parametrize(("dialect", "case"), [
    (dialect, case) for dialect, case in CASES if "fix" in case and case["diagnostics"][0].split()[0] not in (
        "parenthesis_unclosed", "field_unknown")
], ids=lambda given: given["text"] if isinstance(given, dict) else "")
def test_a_fix_is_without_the_remark_that_it_mends(dialect: str, case: dict[str, Any]) -> None:
    mended = DIALECTS[dialect](case["fix"], QueryLimits())[1]
    code = case["diagnostics"][0].split()[0]
    before = sum(entry.split()[0] == code for entry in case["diagnostics"])
    assert sum(one.code == code for one in mended) < before
