"""Truncated words of which no engine's automaton can hold the states: they are read, and found all the same."""

from collections.abc import Callable

import pytest

from index.answering.runs import counted
from index.query.reference import SearchView, matches
from index.query.tree import Gap, Pattern, Word
from ingest.record import Patent
from tests.index.conftest import Place, SubclassLabels, write


@pytest.mark.parametrize(("pieces", "expected"), [
    ((Gap(0, None), "led"), 0), ((Gap(2, 5), "led"), 3), ((Gap(0, None), "e", Gap(2, 7)), 7), (("l", Gap(4, 4)), 0),
    ((Gap(0, 3), "e", Gap(1, None), "d", Gap(2, 2)), 6)])
def test_what_an_automaton_must_count(pieces: tuple[str | Gap, ...], expected: int) -> None:
    assert counted(Word(pieces)) == expected


def test_words_that_no_automaton_holds(places: Callable[[], Place], records: list[Patent]) -> None:
    some = records[:300]
    engine = places().open()
    with engine.rebuild():
        pass
    write(engine, some)
    views = [SearchView(record, above=SubclassLabels().ancestors) for record in some]
    brought = 0
    for pieces in ((Gap(0, None), "e", Gap(2, 7)), (Gap(0, None), "e", Gap(2, 10)), (Gap(0, 64), "e"),
                   (Gap(1, 1), "a", Gap(0, 40), "e"), (Gap(0, None), "e", Gap(0, 64)),
                   ("l", Gap(0, None), "e", Gap(0, 64)), (Gap(0, None), "e" * 200)):
        node = Pattern(("title", "abstract"), (Word(pieces),))
        total = engine.search(node, size=5).total
        assert total == sum(matches(node, view) for view in views), pieces
        brought += total
    assert brought > 40
