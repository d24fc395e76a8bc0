"""Folding, units and the truth form, held to the definitions of interfaces §5 written out slowly here."""

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.text import fold, phrase_tokens, sentence_ends, spans, units
from index.text.fold import ZERO_WIDTH
from index.text.many import cut_many
from index.text.tokens import END, JOINT, START, truth_of
from index.text.units import is_word

SINGLE_SCRIPTS = (
    "CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "HANGUL", "HALFWIDTH HANGUL", "BOPOMOFO", "IDEOGRAPHIC",
    "VERTICAL", "MASU MARK", "TANGUT", "KHITAN", "NUSHU", "YI SYLLABLE",
)
ANY_TEXT = st.text(
    st.characters(codec=None) | st.sampled_from("电池ＬＥＤé5.，\u200b\ufeff\u0301\n²Ⅱ①½が"), max_size=40)


def kind(char: str) -> str:
    """The class of a folded character by the Unicode database of this Python, not by the shipped ranges."""
    category = unicodedata.category(char)
    if category[0] == "L" or category == "Nd":
        name = unicodedata.name(char, "")
        return "sign" if not name or name.startswith(SINGLE_SCRIPTS) else "letter"
    if char.isspace():
        return "space"
    return "mark" if category[0] == "M" else "sign"


def slow_units(text: str) -> list[str]:
    found: list[str] = []
    run = False
    for char in fold(text):
        this = kind(char)
        if run and this in ("letter", "mark"):
            found[-1] += char
            continue
        run = this == "letter"
        if this != "space":
            found.append(char)
    return found


def test_every_row_of_the_fold_table_is_applied(shared: Path) -> None:
    rows = [line.split("\t") for line in (shared / "facts" / "fold.tsv").read_text("utf-8").splitlines()
            if not line.startswith("#")]
    assert len(rows) > 5000
    for source, target, *_ in rows:
        assert fold(chr(int(source, 16))) == chr(int(target, 16))


@pytest.mark.parametrize(("text", "folded"), [
    ("ＬＥＤ（１）", "led(1)"), ("鋰電池", "锂电池"), ("10⁻³", "10⁻3"), ("“电池”—‘x’", "\"电池\"-'x'"),
    ("【《》〔", "[《》["), ("İ", "İ"), ("①½Ⅱ", "①½Ⅱ"), ("a\u200bb\ufeffc", "abc"),
    ("a\x00b\x1fc\x85d", "a b c d"), ("a\tb\nc", "a\tb\nc"),
])
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY_TEXT)
def test_folding_is_one_to_one_and_closed(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(ZERO_WIDTH.sub("", text))
    assert fold(folded) == folded


@pytest.mark.parametrize(("text", "expected"), [
    ("锂电池组", ["锂", "电", "池", "组"]),
    ("OLED显示", ["oled", "显", "示"]),
    ("第5G通信", ["第", "5g", "通", "信"]),
    ("15G通信", ["15g", "通", "信"]),
    ("0.5mm", ["0", ".", "5mm"]),
    ("Ⅱ①½%.", ["Ⅱ", "①", "½", "%", "."]),
    ("résumé de\u0301ja\u0300", ["résumé", "de\u0301ja\u0300"]),
    ("H₂O 10℃", ["h2o", "10", "℃"]),
    ("カメラ 배터리", ["カ", "メ", "ラ", "배", "터", "리"]),
    ("Δαβ Батарея", ["δαβ", "батарея"]),
    ("锂\u200b电 \x00\n", ["锂", "电"]),
    ("\u0301a_b", ["\u0301", "a", "_", "b"]),
])
def test_units(text: str, expected: list[str]) -> None:
    assert units(text) == expected


@given(ANY_TEXT.filter(lambda text: all(unicodedata.category(char) != "Cn" for char in text)))
@example("a〪b\u3099")
@example("ab1é")
def test_units_are_those_of_the_definition(text: str) -> None:
    assert units(text) == slow_units(text)


@given(ANY_TEXT)
def test_spans_lead_back_to_the_original(text: str) -> None:
    found = spans(text)
    assert [unit for unit, _, _ in found] == units(text)
    assert all(units(text[start:end]) == [unit] for unit, start, end in found)
    assert all(left[2] <= right[1] for left, right in pairwise(found))


def test_spans_count_dropped_characters() -> None:
    assert spans("锂\u200b电LE\u200bD。") == [("锂", 0, 1), ("电", 2, 3), ("led", 3, 7), ("。", 7, 8)]


def test_sentences_end_at_their_marks_or_with_the_value() -> None:
    assert sentence_ends(units("甲。乙！丙；丁?戊;己")) == [2, 4, 6, 8, 10, 11]
    assert sentence_ends(units("甲，乙.丙：丁。")) == [8]
    assert sentence_ends([]) == []


def test_a_word_is_letters_and_digits() -> None:
    assert [is_word(unit) for unit in ("led", "5mm", "é", "电", "Ⅱ", "%")] == [True, True, True, False, False, False]


def holds(tokens: list[str], phrase: list[str]) -> bool:
    """What a phrase query over the tokens answers."""
    return any(tokens[at:at + len(phrase)] == phrase for at in range(len(tokens) - len(phrase) + 1))


def truth_tokens(values: list[str]) -> str:
    return truth_of(cut.tokens for cut in cut_many(values))


def test_truth_form_as_documented() -> None:
    assert truth_tokens(["锂LED", "", " ", "5"]).split(" ") == [
        f"{START}{JOINT}锂", f"锂{JOINT}led", f"led{JOINT}{END}",
        f"{END}{JOINT}{START}",
        f"{START}{JOINT}5", f"5{JOINT}{END}",
    ]
    assert truth_tokens([]) == truth_tokens([" "]) == ""


SHORT = st.text("甲乙ab .", max_size=6)


@given(st.lists(SHORT, max_size=4), SHORT.filter(units), st.booleans())
def test_phrases_over_the_truth_form_answer_as_the_definition(values: list[str], term: str, whole: bool) -> None:
    run = units(term)
    cut = [units(value) for value in values]
    expected = run in cut if whole else any(
        value[at:at + len(run)] == run for value in cut for at in range(len(value) - len(run) + 1))
    phrase = phrase_tokens(run, whole)
    if phrase:
        assert holds(truth_tokens(values).split(), phrase) == expected
    else:
        assert any(token.startswith(run[0] + JOINT) for token in truth_tokens(values).split()) == expected


def test_many_texts_are_cut_as_each_alone() -> None:
    every = "".join(map(chr, range(1 << 16)))
    texts = [*every, every, "", "锂LED", " ", "é́x", "\u0301", "a", "\u0301b", "𠀀池",
             "5 mm\n5mm", "a\u200bb\u200b", "\u200b"]
    assert list(cut_many(texts)) == [alone(text) for text in texts]


@given(st.lists(st.text(st.sampled_from("甲乙aB5 \n.\u0301\u200b\u3000Ａ、𠀀\ud800"), max_size=8), max_size=6))
def test_any_texts_are_cut_as_each_alone(texts: list[str]) -> None:
    assert list(cut_many(texts)) == [alone(text) for text in texts]


def alone(text: str) -> tuple[str, str, str]:
    cut = units(text)
    return fold(text), "".join(f"{JOINT}{unit} {unit}" for unit in cut), "".join(f"{JOINT}{unit}" for unit in cut)
