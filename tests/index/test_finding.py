"""Expressions over joined units find just what the plain meaning of terms and chains says."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from index.query.finding import finder
from index.query.places import near_spans, spans_of
from index.query.proximity import link, near
from index.query.tree import Gap, Link, Near, Pattern, Units
from index.query.truncation import pattern
from index.text import units
from index.text.tokens import JOINT, joined_runs

# Few characters, so that much matches: Chinese, signs, words of one and more letters, some beyond ASCII, a lone mark.
ALPHABET = ["电", "池", "组", "。", ";", ",", "a", "ab", "b5", "α", "αβ", "é", "e\u0301", "\u0301", "5", "®", " "]
TEXTS = st.lists(st.sampled_from(ALPHABET), max_size=14).map("".join)
GAPS = st.builds(lambda least, more: Gap(least, None if more is None else least + more),
                 st.integers(0, 2), st.sampled_from([0, 1, 2, None]))
PIECES = st.lists(st.one_of(TEXTS.filter(str.strip), GAPS), min_size=1, max_size=5)
FIELDS = ("title",)


def run_of(cut: list[str]) -> str:
    return "".join(f"{JOINT}{unit}" for unit in cut)


@st.composite
def terms(draw: st.DrawFn, whole: bool = False) -> Units | Pattern:
    return pattern(FIELDS, draw(PIECES), whole) or Units(FIELDS, ("电",), whole)


@st.composite
def chains(draw: st.DrawFn) -> Near:
    found: Near | Units | Pattern = draw(terms())
    for _ in range(draw(st.integers(1, 4))):
        how = draw(st.sampled_from("WWDSP"))
        link = Link(how, draw(st.sampled_from([0, 1, 3, 40]))) if how in "WD" else Link(how)
        found = near(found, link, draw(terms())) or found
    return found if isinstance(found, Near) else Near(((found,), (found,)), (Link("P"),))


@given(st.one_of(terms(), terms(whole=True)), st.lists(TEXTS, min_size=1, max_size=3))
@settings(max_examples=600, deadline=None, derandomize=True)
def test_terms(term: Units | Pattern, values: list[str]) -> None:
    if isinstance(term, Pattern):
        cut = [units(value) for value in values]
        assert finder(term)(joined_runs(map(run_of, cut))) == any(any(spans_of(term, value)) for value in cut)


@given(chains(), st.lists(TEXTS, min_size=1, max_size=3))
@settings(max_examples=600, deadline=None, derandomize=True)
def test_chains(chain: Near, values: list[str]) -> None:
    cut = [units(value) for value in values]
    assert finder(chain)(joined_runs(map(run_of, cut))) == any(near_spans(chain, value) for value in cut)


@given(st.lists(terms(), min_size=2, max_size=2), st.sampled_from(["S", "P", "40W", "40D"]),
       st.lists(TEXTS, min_size=1, max_size=3))
@settings(max_examples=600, deadline=None, derandomize=True)
def test_pairs(pair: list[Units | Pattern], how: str, values: list[str]) -> None:
    joined = link(how)
    assert joined is not None
    chain = near(pair[0], joined, pair[1])
    cut = [units(value) for value in values]
    assert chain is not None
    wanted = any(near_spans(chain, value) for value in cut)
    assert finder(chain)(joined_runs(map(run_of, cut))) == wanted
    assert finder(chain)(joined_runs(map(run_of, [*cut, ["龘"] * 20_000]))) == wanted


def test_long_gaps_are_found_without_long_searches() -> None:
    text = joined_runs([run_of(units("电" * 3_000 + "池"))])
    chain = near(Units(FIELDS, ("电", "电")), Link("W", 1_000), Units(FIELDS, ("池", "池")))
    assert chain is not None and not finder(chain)(text)
    assert re.search("池", text)
