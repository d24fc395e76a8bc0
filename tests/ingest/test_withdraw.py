"""Taking a delivery back: the store ends as if it had never come, and giving it again brings everything back."""

import random
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from ingest.record import Patent
from ingest.records import Records
from ingest.withdraw import WithdrawalReport, withdraw
from store import deliveries, outbox
from store.database import open_store
from store.errors import BadCall, NotFound
from store.settings import Settings, load
from store.totals import totals
from tests.ingest import made, made_events

A = made.document("199000001", "A", "20200103", title="公布", abstract="摘要。")
A_LATER = made.document("199000001", "A", "20200103", title="公布，更正", abstract="摘要。", produced="20200601")
B = made.document("199000001", "B", "20220103", title="授权", abstract="")
OTHER = made.document("199000002", "A", "20210103", application="201899000002")
NAMELESS = made.document("199000003", "A", "20210103", application="", title="无申请号")
NAMED = made.document("199000003", "A", "20210103", application="201899000003", title="有申请号", produced="20210601")
GRANT = made.document("199000003", "B", "20230103", application="201899000003", title="授权三")
EVENT = made_events.status(made_events.record())
POOL = {
    "a.XML": A, "later.XML": A_LATER, "b.XML": B, "other.XML": OTHER, "nameless.XML": NAMELESS, "named.XML": NAMED,
    "grant.XML": GRANT, "bad.XML": "<", "event.XML": EVENT,
}


@pytest.fixture
def settings(node: Settings) -> Settings:
    return node


def take_in(settings: Settings, folder: Path) -> None:
    ingest(settings, [folder], workers=1)


def records(settings: Settings) -> list[Patent]:
    with open_store(settings) as store:
        return list(Records(store).stream())


def source(settings: Settings) -> object:
    record, = records(settings)
    return record["publications"][0]["source"]


def without_rows(settings: Settings) -> list[str]:
    return sorted(repr({**record, "row": 0}) for record in records(settings))


def drained(settings: Settings) -> list[int]:
    """The rows that wait for the index, which then are done."""
    with open_store(settings) as store, store.begin() as connection:
        taken = outbox.take(connection, 1000)
        outbox.clear(connection, [seq for seq, _ in taken])
    return sorted({row for _, row in taken})


def test_what_only_it_brought_goes(settings: Settings, tmp_path: Path) -> None:
    take_in(settings, made.delivery(tmp_path / "first", {"a.XML": A}))
    before = records(settings)
    take_in(settings, made.delivery(tmp_path / "wrong", {"b.XML": B, "other.XML": OTHER, "bad.XML": "<"}))
    other = next(record["row"] for record in records(settings) if record["id"] == "CN201899000002.X")
    drained(settings)
    done = withdraw(settings, "wrong")
    assert done == WithdrawalReport(delivery="wrong", files=1, documents=2, documents_kept=0, events=0, events_kept=0,
                                    rejects=1)
    assert records(settings) == before, "the record of the application is that of its first publication again"
    assert drained(settings) == [before[0]["row"], other]
    with open_store(settings) as store, store.connect() as connection:
        assert totals(connection)["records"] == 1
        assert Records(store).get("CN201899000002.X") is None and Records(store).get("CN199000002A") is None
        entry = deliveries.entry_of(connection, "wrong")
        assert (entry["state"], entry["counts"]["documents"]) == ("withdrawn", 2)
        assert deliveries.rejects(connection) == []


def test_a_replaced_version_reappears(settings: Settings, tmp_path: Path) -> None:
    take_in(settings, made.delivery(tmp_path / "first", {"a.XML": A}))
    take_in(settings, made.delivery(tmp_path / "wrong", {"a.XML": A_LATER}))
    assert records(settings)[0]["title"] == "公布，更正"
    withdraw(settings, "wrong")
    assert records(settings)[0]["title"] == "公布"


def test_what_another_brought_too_is_from_there(settings: Settings, tmp_path: Path) -> None:
    take_in(settings, made.delivery(tmp_path / "wrong", {"a.XML": A, "b.XML": B}, "1.ZIP"))
    take_in(settings, made.delivery(tmp_path / "right", {"x/again.XML": A, "more.XML": OTHER}, "2.ZIP"))
    done = withdraw(settings, "wrong")
    assert (done["documents"], done["documents_kept"]) == (1, 1)
    found = {record["id"]: record for record in records(settings)}
    assert set(found) == {"CN201899000001.5", "CN201899000002.X"}
    publication, = found["CN201899000001.5"]["publications"]
    assert publication["source"] == {"delivery": "right", "archive": "2.ZIP", "entry": "x/again.XML"}


def test_a_file_of_the_same_content_was_not_read_and_still_brought_it(settings: Settings, tmp_path: Path) -> None:
    entries = {"a.XML": A, "bad.XML": "<"}
    take_in(settings, made.delivery(tmp_path / "wrong", entries, "1.ZIP"))
    take_in(settings, made.delivery(tmp_path / "right", entries, "2.ZIP"))
    take_in(settings, made.delivery(tmp_path / "third", entries, "3.ZIP"))
    done = withdraw(settings, "wrong")
    assert (done["documents"], done["documents_kept"], done["rejects"]) == (0, 1, 0)
    assert source(settings) == {"delivery": "right", "archive": "2.ZIP", "entry": "a.XML"}
    with open_store(settings) as store, store.connect() as connection:
        assert [(one["delivery"], one["archive"]) for one in deliveries.rejects(connection)] == [("right", "2.ZIP")]
    withdraw(settings, "right")
    assert source(settings) == {"delivery": "third", "archive": "3.ZIP", "entry": "a.XML"}
    withdraw(settings, "third")
    assert records(settings) == []


def test_giving_it_again_brings_it_back_with_its_rows(settings: Settings, tmp_path: Path) -> None:
    folder = made.delivery(tmp_path / "d", {"a.XML": A, "other.XML": OTHER, "nameless.XML": NAMELESS, "bad.XML": "<"})
    take_in(settings, folder)
    before = records(settings)
    withdraw(settings, "d")
    assert records(settings) == []
    take_in(settings, made.delivery(tmp_path / "new", {"b.XML": B}))
    withdraw(settings, "new")
    report = ingest(settings, [folder], workers=1)
    assert (report["kept"], report["rejected"]) == (3, {"xml_invalid": 1})
    assert records(settings) == before
    with open_store(settings) as store, store.connect() as connection:
        assert {one["name"]: one["state"] for one in deliveries.ledger(connection)} == {"d": "done", "new": "withdrawn"}


def test_two_records_that_it_had_joined_are_two_again(settings: Settings, tmp_path: Path) -> None:
    take_in(settings, made.delivery(tmp_path / "1", {"u.XML": NAMELESS}))
    take_in(settings, made.delivery(tmp_path / "2", {"i.XML": GRANT}))
    before = records(settings)
    assert len(before) == 2
    take_in(settings, made.delivery(tmp_path / "3", {"b.XML": NAMED}))
    assert len(records(settings)) == 1
    withdraw(settings, "3")
    assert records(settings) == before, "rows included"


def test_what_cannot_be_withdrawn(settings: Settings, tmp_path: Path) -> None:
    take_in(settings, made.delivery(tmp_path / "d", {"a.XML": A}))
    with pytest.raises(NotFound):
        withdraw(settings, "e")
    withdraw(settings, "d")
    with pytest.raises(BadCall) as caught:
        withdraw(settings, "d")
    assert caught.value.code == "delivery_withdrawn"


def test_an_interrupted_delivery_can_be_withdrawn(settings: Settings, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made.delivery(tmp_path / "d", {"a.XML": A})
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "finish_file", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_in(settings, folder)
    assert len(records(settings)) == 1
    withdraw(settings, "d")
    assert records(settings) == []


@pytest.mark.parametrize("seed", range(25))
def test_the_store_ends_as_if_it_had_never_come(tmp_path: Path, seed: int) -> None:
    """Random deliveries that share documents and whole files, one of them withdrawn, then given again."""
    dice = random.Random(seed)
    folders = []
    same = dice.sample(sorted(POOL), 2)
    for name in ("one", "two", "three"):
        folder = tmp_path / name
        for zipped in range(dice.randint(1, 2)):
            chosen = same if dice.random() < 0.3 else dice.sample(sorted(POOL), dice.randint(1, 5))
            made.delivery(folder, {entry: POOL[entry] for entry in chosen}, f"{name}-{zipped}.ZIP")
        folders.append(folder)
    wrong = dice.choice(folders)
    with_it, without = (load({"ZHUANTI_HOME": str(tmp_path / home)}) for home in ("with", "without"))
    for folder in folders:
        take_in(with_it, folder)
        if folder != wrong:
            take_in(without, folder)
    all_of_it = without_rows(with_it)
    withdraw(with_it, wrong.name)
    assert without_rows(with_it) == without_rows(without)
    assert summary(with_it) == summary(without)
    take_in(with_it, wrong)
    assert list(map(strip, without_rows(with_it))) == list(map(strip, all_of_it))


def summary(settings: Settings) -> object:
    """Totals and quarantine."""
    with open_store(settings) as store, store.connect() as connection:
        refused = [(one["delivery"], one["archive"], one["entry"]) for one in deliveries.rejects(connection)]
        return totals(connection), sorted(refused)


def strip(record: str) -> str:
    """A record without its sources: who is the first to bring a document depends on the order of arrival."""
    return "".join(part.partition("}")[2] for part in record.split("'source': {"))
