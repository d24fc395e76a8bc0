"""Words of simple search: rjieba is held to jieba, stop words go unless nothing else is left."""

import lzma
import warnings
from itertools import islice
from pathlib import Path

import orjson
import pytest

from index.text import fold, query_words, words
from index.text.cut import stop_words


def test_cuts_are_those_of_jieba_on_real_text(shared: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")     # jieba 0.42.1 imports pkg_resources and has unescaped patterns
        import jieba
    jieba.setLogLevel("ERROR")
    with lzma.open(shared / "data" / "patents.jsonl.xz") as lines:
        records = [orjson.loads(line) for line in islice(lines, 150)]
    texts = [fold(text) for record in records for text in (record["title"], record["abstract"])]
    assert sum(map(len, texts)) > 20_000
    for text in texts:
        assert words(text) == [word for word in jieba.cut(text) if not word.isspace()]


@pytest.mark.parametrize(("text", "expected"), [
    ("一种电池，及其制造方法", ["电池", "制造", "方法"]),
    ("鋰離子電池 ＯＬＥＤ", ["锂离子", "电池", "oled"]),
    ("电池 电池 -- ， 电池", ["电池"]),
    ("如何提高新能源汽车电池的低温性能？", ["提高", "新能源", "汽车", "电池", "低温", "性能"]),
    ("的 和", ["的", "和"]),
    ("+", ["+"]),
    ("\u200b \n", []),
])
def test_query_words(text: str, expected: list[str]) -> None:
    assert query_words(text) == expected


def test_stop_words_are_folded_and_hold_no_subject_matter() -> None:
    assert all(fold(word) == word for word in stop_words())
    assert not stop_words() & {"电池", "方法", "装置", "系统", "材料", "控制", "led"}
