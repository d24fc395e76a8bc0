"""Facets and cubes of an engine against plain counting over the records."""

from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest

from index.documents import FACETS
from index.engine import Engine
from index.query.tree import And, Everything, Keyword, Node, Not, Units
from ingest.record import Patent
from ingest.regions import ancestors
from tests.index.conftest import SubclassLabels

ALL = (*FACETS, "industry:ipc", "industry:none")
TEXT = ("title", "abstract", "claims")


def values(record: Patent, facet: str) -> Iterator[str | None]:
    """What a person would count for a record, read from the record alone."""
    parties = [*record["applicants"], *record["patentees"]]
    match facet:
        case "type":
            yield record["type"]
        case "legal_state":
            yield record["legal"]["state"]
        case "application_year":
            yield record["application_date"] and record["application_date"][:4]
        case "publication_year":
            yield from (entry["date"] and entry["date"][:4] for entry in record["publications"])
        case "applicant":
            yield from (party.get("known_as") or party["name"] for party in parties)
        case "ipc_subclass":
            yield from (entry["symbol"][:4] for entry in record["ipc"])
        case "applicant_kind":
            yield from (party.get("kind") for party in parties)
        case "region":
            for party in parties:
                if region := party.get("region"):
                    yield from (region, *ancestors(region))
        case "industry:ipc":
            for label in record["labels"]:
                yield from (label["node"], *SubclassLabels().ancestors("ipc", label["node"]))


def counted(records: list[Patent], facet: str) -> list[tuple[str, int]]:
    counts = Counter(value for record in records for value in dict.fromkeys(values(record, facet)) if value)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


@pytest.mark.parametrize(("query", "text"), [
    (Units(TEXT, ("电", "池")), "电池"),
    (Units(TEXT, ("一", "种")), "一种"),
    (Units(TEXT, ("囗", "囗")), "囗囗"),
], ids=["few", "most", "none"])
def test_counts_are_those_of_the_matching_records(
    engine: Engine, records: list[Patent], query: Node, text: str
) -> None:
    rows = set(engine.rows(query))
    found = engine.search(query, size=1, facets=ALL)
    for facet in ALL:
        expected = counted([record for record in records if record["row"] in rows], facet)
        assert [(entry.value, entry.count) for entry in found.facets[facet]] == expected, facet


def test_counts_of_everything_are_those_of_all_records(engine: Engine, records: list[Patent]) -> None:
    found = engine.search(Everything(), size=1, facets=ALL)
    for facet in ALL:
        assert [(entry.value, entry.count) for entry in found.facets[facet]] == counted(records, facet), facet


def test_a_facet_value_is_a_filter_with_the_same_count(engine: Engine) -> None:
    query = Units(TEXT, ("装", "置"))
    page = engine.search(query, facets=("type", "legal_state", "applicant_kind"))
    for facet, entries in page.facets.items():
        for entry in entries:
            assert engine.count(And((query, Keyword(facet, (entry.value,))))) == entry.count
            assert engine.count(And((query, Not(Keyword(facet, (entry.value,)))))) == page.total - entry.count


def test_a_facet_can_be_sliced(engine: Engine) -> None:
    applicants = engine.search(Everything(), facets=("applicant",)).facets["applicant"]
    assert list(applicants[:3]) == list(applicants)[:3]
    assert applicants[-1] == list(applicants)[-1]
    assert len(applicants) == len(list(applicants)) > 100


@pytest.mark.parametrize("query", [Everything(), Units(TEXT, ("装", "置")), Units(TEXT, ("囗", "囗"))])
@pytest.mark.parametrize("dimensions", [("application_year",), ("type", "application_year", "region"),
                                        ("ipc_subclass", "applicant_kind"), ("applicant", "ipc_subclass"), ("none",)])
def test_cells_of_a_cube_are_combinations_of_values(
    engine: Engine, records: list[Patent], query: Node, dimensions: tuple[str, ...]
) -> None:
    rows = set(engine.rows(query))
    expected: Counter[tuple[str | None, ...]] = Counter()
    for record in records:
        if record["row"] in rows:
            held = [list(dict.fromkeys(value for value in values(record, name) if value)) or [None]
                    for name in dimensions]
            expected.update(product(*held))
    assert engine.cube(query, dimensions) == expected
