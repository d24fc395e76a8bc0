"""Every example that users see is read as it says, without an error, and finds its way through the reader again."""

import pytest

from index.query import read
from index.query.examples import Example, examples
from index.query.read import DIALECTS

ALL = [one for group in examples().values() for one in group]


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.get('dialect', 'canonical')}: {one['q']}")
def test_example_is_read_as_it_says(one: Example) -> None:
    query = read(one["q"], mode="expert", dialect=one.get("dialect", "canonical"))
    assert query.canonical == one["canonical"]
    assert [remark.code for remark in query.diagnostics] == one.get("remarks", [])
    assert read(query.canonical, mode="expert").node == query.node
    assert query.sentence("zh") and query.sentence("en")


def test_every_dialect_has_an_example() -> None:
    assert {one.get("dialect", "canonical") for one in ALL} == set(DIALECTS)
