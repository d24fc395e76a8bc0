"""Real records as Patent dictionaries, and engines of both kinds that hold them."""

import json
import lzma
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from index.documents import build
from index.engine import Engine
from ingest.enrich import enrich
from ingest.numbers import stage_of
from ingest.record import Label, LabelSource, Party, Patent
from tests.elasticsearch import elasticsearch, secured, settings_for, three_nodes
from tests.index.places import Elastic, Embedded, Place

__all__ = ["elasticsearch", "secured", "three_nodes"]     # fixtures


SOURCES: tuple[LabelSource, ...] = ("rule", "model", "rule_derived", "human")


class SubclassLabels:
    """A taxonomy made of the IPC, so that every record has real labels: `H01/H01M` lies below `H01`. Every source of
    labels occurs, by the section, and scores from 0.1 to 0.9."""

    fingerprint = "subclasses"

    def label(self, record: Patent) -> list[Label]:
        subclasses = dict.fromkeys(entry["symbol"][:4] for entry in record["ipc"])
        return [Label(taxonomy="ipc", node=subclass, name=subclass, source=SOURCES[ord(subclass[0]) % 4],
                      score=int(subclass[2]) / 10 if SOURCES[ord(subclass[0]) % 4] == "model" else None, reasons=[],
                      taxonomy_version="1") for subclass in subclasses]

    def label_many(self, records: Sequence[Patent]) -> list[list[Label]]:
        return [self.label(record) for record in records]

    def ancestors(self, taxonomy: str, node: str) -> Sequence[str]:
        return (node[:3], node[0]) if taxonomy == "ipc" and len(node) == 4 else ()


class Sample(list[Any]):
    """A list that Hypothesis can name in a report without writing megabytes."""

    def __repr__(self) -> str:
        return f"<{len(self)} items>"


def patent(row: int, found: dict[str, Any]) -> Patent:
    """A record of shared/data as the store would give it."""
    number = found["pub_number"]
    kind = number.lstrip("CN0123456789") or "A"
    parties = [Party(name=name, address=found.get("address"), postcode=None) for name in found.get("applicants") or ()]
    record = Patent(
        row=row, id=found.get("app_number") or number, type=found.get("type") or "invention",
        application_number=found.get("app_number"), application_date=found.get("app_date"),
        publications=[{"number": number, "kind": kind, "date": found.get("pub_date"),
                       "stage": stage_of(kind, found.get("pub_date")),
                       "source": {"delivery": "", "archive": None, "entry": ""}}],
        title=found.get("title"), abstract=found.get("abstract"),
        claims=[{"number": place, "text": text}
                for place, text in enumerate((found.get("claims") or "").split("\n"), 1) if text],
        description=[], applicants=parties, patentees=[], inventors=found.get("inventors") or [],
        agency={"name": found["agency"], "code": None} if found.get("agency") else None, agents=[], examiners=[],
        ipc=[{"symbol": symbol, "version": None} for symbol in found.get("ipc") or ()],
        locarno=found.get("loc") or [], cpc=found.get("cpc") or [], priorities=[], pct=None, citations=[], related=[],
        legal={"state": "unknown", "since": None, "because": None}, legal_events=[], labels=[],
    )
    enrich(record, "2021-06-29")
    record["labels"] = SubclassLabels().label(record)
    return record


def write(engine: Engine, records: Sequence[Patent], seq: int = 1) -> None:
    with engine.write() as writer:
        for record in records:
            writer.upsert(record["row"], build(record, SubclassLabels().ancestors))
        writer.commit(seq)


@pytest.fixture(scope="session")
def records(shared: Path) -> list[Patent]:
    """Some 1,000 real records of all kinds, each id once. Rows are not dense, as in a store that has merged some."""
    with lzma.open(shared / "data" / "patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in islice(lines, 0, None, 210)]
    by_id = {entry.get("app_number") or entry["pub_number"]: entry for entry in found if entry.get("pub_number")}
    return Sample(patent(3 * place + 1, entry) for place, entry in enumerate(by_id.values()))


ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.service)]


@pytest.fixture(scope="session", params=ENGINES)
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Place]]:
    """Gives places for indexes, each empty; everything that follows runs once with each engine."""
    if request.param == "embedded":
        yield lambda: Embedded(tmp_path_factory.mktemp("engine") / "index")
        return
    urls = request.getfixturevalue("elasticsearch")
    given: list[Elastic] = []

    def place() -> Place:
        given.append(Elastic(settings_for(urls)))
        return given[-1]

    yield place
    for one in given:
        one.remove()


@pytest.fixture
def place(places: Callable[[], Place]) -> Iterator[Place]:
    """A place of an index that does not exist yet."""
    given = places()
    yield given
    given.remove()


@pytest.fixture(scope="session")
def engine(records: list[Patent], places: Callable[[], Place]) -> Iterator[Engine]:
    """An engine that holds the records, written in three commits; tests must not write to it."""
    opened = places().open()
    for part in range(3):
        write(opened, records[part::3], part)
    yield opened
    opened.close()
