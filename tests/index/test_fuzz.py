"""A short run of the fuzz target; `python -m tests.index.fuzz_query` makes a long one."""

import pytest

from index.query.read import DIALECTS
from tests.index.fuzz_query import check, texts


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_every_text_is_read_or_refused(dialect: str) -> None:
    for text in texts(400, seed=20):
        if len(text) < 2_000:
            check(text, dialect)


def test_long_hostile_texts() -> None:
    for text in texts(6_000, seed=21):
        if len(text) >= 8_000:
            check(text, "canonical")


@pytest.mark.slow
@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_many_texts(dialect: str) -> None:
    """Over 100,000 in all dialects together, some twenty seconds of CPU for each."""
    for text in texts(17_000, seed=22):
        check(text, dialect)
