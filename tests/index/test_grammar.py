"""docs/query.ebnf is the grammar of the parser: texts made of it are read, and the corpus of cases is held to it."""

import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.query.lexer import PROXIMITY, Lexer, Token
from index.query.parser import parse

ROOT = Path(__file__).parents[2]
Rule = tuple[Any, ...]
"""("choice" | "row", rules), ("some" | "maybe", rule), ("rule" | "sign", name)"""

_TOKEN = re.compile(r'"([^"]+)"|([a-z]+)|([=|,;(){}\[\]])')
SYNTAX = {"parenthesis_unclosed", "parenthesis_unopened", "parenthesis_empty", "operand_missing", "value_missing",
          "field_name_missing", "sign_reserved"}
WORDS = ["电池", "石墨烯", "batter+", "H#O", "电+池", "5mm", "Ⅱ", "and2", '"R&D (x)"', '"AND"', '"a\\"b"', "d"]


@cache
def grammar() -> dict[str, Rule]:
    text = re.sub(r"\(\*.*?\*\)", "", (ROOT / "docs" / "query.ebnf").read_text("utf-8"), flags=re.DOTALL)
    rules: dict[str, Rule] = {}
    tokens = [("sign", found[1]) if found[1] else ("rule", found[2]) if found[2] else ("mark", found[3])
              for found in _TOKEN.finditer(text)]
    at = 0

    def choice() -> Rule:
        rows = [row()]
        while at < len(tokens) and tokens[at] == ("mark", "|"):
            step()
            rows.append(row())
        return rows[0] if len(rows) == 1 else ("choice", rows)

    def row() -> Rule:
        parts = [part()]
        while tokens[at] == ("mark", ","):
            step()
            parts.append(part())
        return parts[0] if len(parts) == 1 else ("row", parts)

    def part() -> Rule:
        kind, text = step()
        if kind != "mark":
            return (kind, text)
        inner = choice()
        step()
        return {"(": inner, "{": ("some", inner), "[": ("maybe", inner)}[text]

    def step() -> tuple[str, str]:
        nonlocal at
        at += 1
        return tokens[at - 1]

    while at < len(tokens):
        name = step()[1]
        assert step() == ("mark", "=")
        rules[name] = choice()
        assert step() == ("mark", ";")
    return rules


def made(rule: Rule, chance: random.Random, depth: int, least: bool = False) -> Iterator[str]:
    """Tokens of a text that the rule allows; deeper down the shortest that it does. `least`: it stands within one."""
    kind, given = rule
    match kind:
        case "choice":
            yield from made(given[0] if depth > 9 else chance.choice(given), chance, depth, least)
        case "row":
            for part in given:
                yield from made(part, chance, depth, least)
        case "some":
            for _ in range(0 if depth > 9 else chance.choice((0, 0, 1, 2))):
                yield from made(given, chance, depth, least)
        case "maybe":
            if depth < 9 and chance.random() < 0.5:
                yield from made(given, chance, depth, least)
        case "sign":
            yield {"PROXIMITY": chance.choice(["5W", "D", "3D", "S", "P", "Ｗ"]), "NUMBER": "1",
                   "WORD": chance.choice(WORDS[:8]), "QUOTED": chance.choice(WORDS[8:])}.get(given, given)
        case "rule":
            yield from {
                "field": lambda: iter([chance.choice(["名称", "摘要", "TIAB", "申请（专利权）人"])]),
                "fields": lambda: made(("rule", "field") if least else grammar()["fields"], chance, depth + 1),
                "range": lambda: iter([chance.choice(WORDS)]),
                "compared": lambda: iter(["=", chance.choice(WORDS)]),
            }.get(given, lambda: made(grammar()[given], chance, depth + 1, least or given == "least"))()


@pytest.mark.parametrize("seed", range(400))
def test_the_parser_reads_what_the_grammar_makes(seed: int) -> None:
    text = " ".join(made(("rule", "expression"), random.Random(seed), 0))
    tree, remarks = parse(text)
    assert tree is not None
    errors = {one.code for one in remarks if one.severity == "error"} - {"least_impossible"}
    assert not errors, (text, errors)


def accepts(text: str) -> bool:
    """Whether the grammar allows a text."""
    tokens = Lexer(text, lambda *_, **__: None).tokens()[:-1]
    known: dict[tuple[str, int], frozenset[int]] = {}

    def ends(rule: Rule, start: int) -> frozenset[int]:
        kind, given = rule
        match kind:
            case "choice":
                return frozenset().union(*(ends(one, start) for one in given))
            case "row":
                reached = frozenset([start])
                for part in given:
                    reached = frozenset().union(*(ends(part, place) for place in reached))
                return reached
            case "some":
                reached = new = frozenset([start])
                while new:
                    new = frozenset().union(*(ends(given, place) for place in new)) - reached
                    reached |= new
                return reached
            case "maybe":
                return ends(given, start) | {start}
            case "sign":
                return frozenset([start + 1]) if start < len(tokens) and _is(given, tokens[start]) else frozenset()
        if (given, start) not in known:
            known[given, start] = frozenset()
            known[given, start] = ends(grammar()[given], start)
        return known[given, start]

    return len(tokens) in ends(("rule", "query"), 0)


def _is(sign: str, token: Token) -> bool:
    tests: dict[str, Callable[[], bool]] = {
        "WORD": lambda: token.kind == "word" and token.operator is None,
        "QUOTED": lambda: token.kind == "quoted",
        "NUMBER": lambda: token.text.isdecimal(),
        "PROXIMITY": lambda: token.kind == "word" and PROXIMITY.fullmatch(token.text) is not None,
    }
    if sign in tests:
        return tests[sign]()
    return token.operator == sign if sign.isalpha() else token.kind != "quoted" and token.text == sign


CASES = yaml.safe_load((Path(__file__).parent / "cases" / "canonical.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_the_grammar_allows_what_the_parser_reads(case: dict[str, Any]) -> None:
    if case["canonical"] is not None:
        values_of_dates = re.search(r"=\([^)]*(?:\d:|[<>])", case["text"])
        joined_number = any(entry.startswith("number_blanks") for entry in case["diagnostics"])
        assert accepts(case["text"]) or values_of_dates or joined_number
        assert accepts(case["canonical"])
    elif {entry.split()[0] for entry in case["diagnostics"]} & SYNTAX:
        assert not accepts(case["text"])
