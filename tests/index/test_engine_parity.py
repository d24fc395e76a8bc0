"""Both engines and the reference on 50,000 real records: the same records, the same counts, the same first ten.

ZHUANTI_TEST_EVERY takes every so many records instead of every fourth, for a quicker look.
"""

import json
import lzma
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from index.answering.likeness import apart
from index.documents import FACETS, build
from index.engine import Engine
from index.query.build import any_of
from index.query.simple import simple_tree
from index.query.tree import And, Everything, Node, Not
from index.text import query_words
from ingest.record import Patent
from tests.elasticsearch import settings_for
from tests.index.conftest import Sample, SubclassLabels, patent, write
from tests.index.places import Elastic, Embedded
from tests.index.test_dialects_real import Real, Reference, good, long, short
from tests.index.trees import trees

__all__ = ["long", "short"]     # fixtures
pytestmark = [pytest.mark.slow, pytest.mark.service]

EVERY = int(os.environ.get("ZHUANTI_TEST_EVERY", "4"))
QUERIES = 200
ALL = (*FACETS, "industry:ipc")
CUBES = (("application_year", "ipc_subclass"), ("type", "legal_state", "publication_year"),
         ("region", "applicant_kind"), ("applicant", "application_year"))


@dataclass
class Corpus:
    records: list[Patent]
    keyphrases: list[list[str]]
    embedded: Engine
    elastic: Engine
    reference: Reference


@pytest.fixture(scope="module")
def corpus(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, elasticsearch: tuple[str, ...]
) -> Iterator[Corpus]:
    with lzma.open(shared / "data" / "patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in islice(lines, 0, None, EVERY)]
    by_id = {entry.get("app_number") or entry["pub_number"]: entry for entry in found if entry.get("pub_number")}
    records = Sample(patent(place + 1, entry) for place, entry in enumerate(by_id.values()))
    assert len(records) > 200_000 // EVERY
    places = Embedded(tmp_path_factory.mktemp("parity") / "index"), Elastic(settings_for(elasticsearch))
    engines = [place.open() for place in places]
    for engine in engines:
        write(engine, records)
    yield Corpus(records, Sample(entry.get("keyphrases") or [] for entry in by_id.values()), *engines,
                 Reference(records))
    for engine, place in zip(engines, places, strict=True):
        engine.close()
        place.remove()


def test_every_expression_finds_the_same(corpus: Corpus, long: list[Real], short: list[Real]) -> None:
    asked = {good(real): real for real in (*long, *short)}
    asked.pop(None, None)
    hits = 0
    for tree, real in asked.items():
        assert tree is not None
        expected = corpus.reference.rows(tree)
        for engine in (corpus.embedded, corpus.elastic):
            assert BitMap(engine.rows(tree)) == expected, (real.name, type(engine))
            assert engine.count(tree) == len(expected), (real.name, type(engine))
        hits += bool(expected)
    assert hits > len(asked) / 3


@given(data=st.data())
@settings(max_examples=1_000, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_random_trees_find_the_same(corpus: Corpus, data: st.DataObject) -> None:
    tree = data.draw(trees(corpus.records, 8))
    expected = corpus.reference.rows(tree)
    assert BitMap(corpus.embedded.rows(tree)) == expected
    assert BitMap(corpus.elastic.rows(tree)) == expected


def selections(corpus: Corpus, long: list[Real]) -> list[Node]:
    """All records, most of them, and those of long expressions."""
    trees = [tree for real in long if (tree := good(real)) is not None and corpus.embedded.count(tree)]
    assert len(trees) > 5
    few = any_of(trees)
    return [Everything(), Not(few), few, *trees]


def test_facets_and_cubes_are_equal(corpus: Corpus, long: list[Real]) -> None:
    for query in selections(corpus, long):
        pages = [engine.search(query, size=1, facets=ALL) for engine in (corpus.embedded, corpus.elastic)]
        assert pages[0].total == pages[1].total
        for facet in ALL:
            assert list(pages[0].facets[facet]) == list(pages[1].facets[facet]), facet
    for query in (Everything(), selections(corpus, long)[2]):
        for dimensions in CUBES:
            assert corpus.embedded.cube(query, dimensions) == corpus.elastic.cube(query, dimensions), dimensions


def real_queries(corpus: Corpus) -> list[str]:
    """Titles of patents and keyphrases that their readers gave them."""
    phrases = [" ".join(found[:4]) for found in corpus.keyphrases if len(found) > 1][:QUERIES // 2]
    titles = [record["title"] for record in corpus.records[::len(corpus.records) // QUERIES] if record["title"]]
    return [*phrases, *titles][:QUERIES]


def test_the_first_ten_are_the_same(corpus: Corpus) -> None:
    overlaps = []
    for text in real_queries(corpus):
        words = query_words(text)
        query = simple_tree(words)
        first = [{hit.row for hit in engine.search(query, size=10, words=words).hits}
                 for engine in (corpus.embedded, corpus.elastic)]
        assert len(first[0]) == len(first[1])
        if first[0]:
            overlaps.append(len(first[0] & first[1]) / len(first[0]))
    assert len(overlaps) > QUERIES * 0.8
    assert fmean(overlaps) >= 0.9


def test_similar_records_are_the_same(corpus: Corpus) -> None:
    for record in corpus.records[::len(corpus.records) // 100]:
        document = build(record, SubclassLabels().ancestors)
        both = [engine.similar(document, without=apart(record)) for engine in (corpus.embedded, corpus.elastic)]
        assert both[0].clues == both[1].clues
        first = [{hit.row for hit in alike.hits} for alike in both]
        assert len(first[0] & first[1]) >= 0.9 * len(first[0]), record["id"]


def test_pages_by_date_are_the_same(corpus: Corpus, long: list[Real]) -> None:
    tree = And((selections(corpus, long)[2], Not(Everything()))), selections(corpus, long)[2]
    for query in tree:
        for sort in ("-application_date", "publication_date", "id"):
            pages = [engine.search(query, size=100, sort=sort) for engine in (corpus.embedded, corpus.elastic)]
            assert [hit.row for hit in pages[0].hits] == [hit.row for hit in pages[1].hits]
