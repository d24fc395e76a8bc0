"""The collector of garbage is as before when records have streamed through."""

import gc

import pytest

from ingest.garbage import collecting_seldom


def test_the_collector_is_held_back_for_a_while_only() -> None:
    before = gc.get_threshold()
    with collecting_seldom():
        assert gc.get_threshold()[0] > 10 * before[0]
        assert gc.get_freeze_count() > 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_it_comes_back_after_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), collecting_seldom():
        raise KeyError
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
