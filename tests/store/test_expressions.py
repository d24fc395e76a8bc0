"""Long expressions under a short address."""

from collections.abc import Iterator

import pytest

from store import expressions
from store.database import Store, open_store
from store.settings import Settings

LONG = "名称=(" + " OR ".join(f"电池{number}" for number in range(2_000)) + ")"


@pytest.fixture
def store(node: Settings) -> Iterator[Store]:
    with open_store(node) as opened:
        yield opened


def test_kept_text_comes_back_as_it_was(store: Store) -> None:
    with store.begin() as connection:
        address = expressions.keep(connection, LONG, "trs")
    with store.connect() as connection:
        assert expressions.find(connection, address) == expressions.Expression(LONG, "trs")
    assert len(address) >= 16


def test_same_text_is_kept_once_and_another_dialect_is_another(store: Store) -> None:
    with store.begin() as connection:
        first = expressions.keep(connection, LONG, "canonical")
        assert expressions.keep(connection, LONG, "canonical") == first
        assert expressions.keep(connection, LONG, "trs") != first
        assert expressions.keep(connection, LONG + " ", "canonical") != first
        assert expressions.find(connection, first) == expressions.Expression(LONG, "canonical")


@pytest.mark.parametrize("address", ["", "0" * expressions.LENGTH, "zz", "../store.db", "0" * 15, "É" * 32])
def test_unknown_address(store: Store, address: str) -> None:
    with store.connect() as connection:
        assert expressions.find(connection, address) is None


def test_oldest_makes_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "MOST", 2)
    with store.begin() as connection:
        kept = [expressions.keep(connection, f"名称={word}", "canonical") for word in ("甲", "乙", "丙")]
        assert [expressions.find(connection, address) is None for address in kept] == [True, False, False]
