"""Every code of a reject, warning or skipped file has its texts in both languages and its row in the documentation."""

import ast
import re
from pathlib import Path

import pytest

import ingest
from ingest.file_names import doubts as of_file
from ingest.packaging.names import classify, doubts
from store.messages import catalogue

SOURCES = Path(ingest.__file__).parent
DOCUMENTATION = (SOURCES.parent / "docs" / "data.md").read_text("utf-8")
CALLS = {"Rejected": "reject", "Skipped": "skipped", "warn": "warning"}


def codes() -> set[tuple[str, str]]:
    """(kind, code) of every literal code in the room."""
    found = {("warning", f"date_{note}") for note in ("partial", "invalid")}
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
                found |= {
                    (CALLS[node.func.id], value.value)
                    for value in ast.walk(node.args[0])
                    if isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                    and value.value.isidentifier()
                    and value.value not in ("CN", "date_")
                }
            elif (
                isinstance(node, ast.Subscript)
                and isinstance(node.value, ast.Attribute)
                and isinstance(node.slice, ast.Constant)
            ):
                kind = {"warnings": "warning", "skipped": "skipped"}.get(node.value.attr)
                if kind and isinstance(node.slice.value, str):
                    found.add((kind, node.slice.value))
    return found


def test_codes_are_found() -> None:
    assert {
        ("reject", "xml_invalid"),
        ("warning", "check_digit_wrong"),
        ("skipped", "deletion"),
        ("reject", "foreign_office"),
        ("warning", "archive_crc_mismatch"),
    } <= codes()


@pytest.mark.parametrize(("kind", "code"), sorted(codes()))
def test_a_code_has_texts_and_documentation(kind: str, code: str) -> None:
    assert f"{kind}_{code}" in catalogue()
    assert f"`{code}`" in DOCUMENTATION


def texts(kind: str) -> set[str]:
    """Codes of a kind that have texts."""
    return {name.removeprefix(f"{kind}_") for name in catalogue() if name.startswith(f"{kind}_")}


def constants() -> set[str]:
    """Every text that stands in the code of the room."""
    return {node.value for path in SOURCES.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("kind", ["reject", "warning", "skipped"])
def test_every_text_has_a_use(kind: str) -> None:
    unused = texts(kind) - constants() - {code for found, code in codes() if found == kind}
    assert unused == set()


def test_why_a_name_is_left_out_has_a_text() -> None:
    """These codes are what `classify` and the doubts about names return, not arguments of a call."""
    names = ("a.jpg", "CRC.txt", "INDEX.xml", "INDEX.txt", "readme.md", "x")
    assert {classify(name) for name in names} == {"image", "checksum", "index", "other"} <= texts("skipped")
    assert set(doubts(["../a", "../a"])) <= texts("warning")
    assert set(of_file(f"CN{'0' * 49}1.XML", "CN101945314B", "B")) == {"file_name_other", "file_name_check"}
    assert {"file_name_other", "file_name_check"} <= texts("warning")


@pytest.mark.parametrize("kind", ["reject", "warning"])
def test_the_table_of_codes_is_complete(kind: str) -> None:
    """The operator finds every code with its cause and what to do, and no row for what cannot happen."""
    heading = {"reject": "| reject | cause | what to do |", "warning": "| warning | cause | what to do |"}[kind]
    table = DOCUMENTATION.partition(heading)[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[1:]]
    assert all(len(row) == 3 and all(row) for row in rows)
    assert {code.strip("`") for row in rows for code in row[0].split(", ")} == texts(kind)


def test_what_is_skipped_is_documented() -> None:
    line = next(line for line in DOCUMENTATION.splitlines() if line.startswith("Skipped and counted"))
    assert set(re.findall("`([a-z_]+)`", line)) == texts("skipped")
