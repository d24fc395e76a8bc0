"""Every code of a reject, warning or skipped file has its texts in both languages and its row in the documentation."""

import ast
from pathlib import Path

import pytest

import ingest
from store.messages import catalogue

SOURCES = Path(ingest.__file__).parent
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
    assert f"`{code}`" in (SOURCES.parent / "docs" / "data.md").read_text("utf-8")
