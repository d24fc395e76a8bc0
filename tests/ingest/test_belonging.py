"""Files that contradict each other about application, type or date: the same records in whatever order they come."""

import itertools
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ingest.belonging import Belonging
from ingest.numbers import parse_application
from ingest.packed import Packer
from ingest.pipeline import ingest
from ingest.record import Document
from ingest.records import Records
from ingest.withdraw import withdraw
from store import deliveries, documents, withdrawals
from store.database import Store, open_store
from store.documents import Incoming
from store.schema import dirty, document, record
from store.settings import Settings, load
from tests.ingest import made

PACKER = Packer(None)
APPLICATIONS = (None, "CN201899000001.5", "CN201899000002.X", "CN201899000003.4")


def said(publication: str, application: str | None, produced: str | None, type_: str, date: str | None,
         title: str | None) -> Document:
    return Document(
        publication=publication, kind="A", date="2020-01-03", produced=produced, type=type_,  # type: ignore[typeddict-item]
        application_number=application, application_date=date, title=title, abstract=None, claims=[], description=[],
        applicants=[], patentees=[], inventors=[], agency=None, agents=[], examiners=[], ipc=[], locarno=[], cpc=[],
        priorities=[], pct=None, citations=[], related=[])


def incoming(content: Document) -> Incoming:
    number = parse_application(content["application_number"] or "")
    return Incoming(
        publication=content["publication"], date=content["date"], type=content["type"],
        application=number.key if number else None, application_number=number.text if number else None,
        application_date=content["application_date"], hash=digest(content),
        body=PACKER.pack(orjson.dumps({**content, "archive": None, "entry": "x"})), entry="x")


def digest(content: Document) -> bytes:
    return blake2b(orjson.dumps(content), digest_size=16).digest()


FILES = st.builds(
    said, st.sampled_from(["CN199000001A", "CN199000002A", "CN199000003A"]), st.sampled_from(APPLICATIONS),
    st.sampled_from([None, "20200101", "20210101"]), st.sampled_from(["invention", "utility_model"]),
    st.sampled_from([None, "2018-06-01", "2018-07-01"]), st.sampled_from([None, "一", "二"]))


def expected(files: Sequence[Document]) -> set[tuple[object, ...]]:
    """What the records must be, said once more and simply."""
    def age(one: Document) -> tuple[object, ...]:
        return one["publication"], one["produced"] or "", one["title"] is not None, incoming(one).hash

    newest = sorted(files, key=age, reverse=True)
    named = {one["publication"]: one["application_number"] for one in reversed(newest) if one["application_number"]}
    records = []
    for name in {named.get(one["publication"]) or one["publication"] for one in files}:
        own = [one for one in newest if (named.get(one["publication"]) or one["publication"]) == name]
        date = next((one["application_date"] for one in own if one["application_date"]), None)
        records.append((name, own[0]["type"], date, frozenset(incoming(one).hash for one in own)))
    return set(records)


def found(connection: sa.Connection) -> set[tuple[object, ...]]:
    rows = connection.execute(sa.select(record).where(record.c.merged_into.is_(None))).all()
    held: dict[int, set[bytes]] = {}
    for row, digest_ in connection.execute(sa.select(document.c.row, document.c.hash)):
        held.setdefault(row, set()).add(digest_)
    assert set(held) == {row.row for row in rows}, "documents lie in living rows, and none of these is empty"
    into = {row.row: row.merged_into for row in connection.execute(sa.select(record))}
    assert all(into[other] in (None, other) for other in into.values() if other is not None), "no chains"
    for row in rows:
        number = parse_application(row.id)
        assert row.application == (number.key if number and not row.id.endswith("A") else None)
    return {(row.id, row.type, row.application_date, frozenset(held[row.row])) for row in rows}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(load({"ZHUANTI_HOME": str(tmp_path_factory.mktemp("home"))})) as opened:
        yield opened


def put(connection: sa.Connection, name: str, batches: Sequence[Sequence[Document]]) -> None:
    file = deliveries.begin_file(connection, deliveries.open_delivery(connection, name), name, 1, "")
    for batch in batches:
        documents.add(connection, file, [incoming(one) for one in batch], Belonging())


def clear(connection: sa.Connection) -> None:
    for table in (dirty, *reversed(document.metadata.sorted_tables)):
        if table.name in ("dirty", "brought", "document", "record", "delivery_file", "delivery"):
            connection.execute(table.delete())


@given(files=st.lists(FILES, min_size=1, max_size=6, unique_by=lambda one: incoming(one).hash), data=st.data())
def test_the_same_records_in_any_order_and_cut(store: Store, files: list[Document], data: st.DataObject) -> None:
    order = data.draw(st.permutations(files))
    cut = data.draw(st.integers(0, len(order)))
    with store.begin() as connection:
        clear(connection)
        put(connection, "one", [order[:cut], order[cut:]])
        assert found(connection) == expected(files)


@given(files=st.lists(FILES, min_size=2, max_size=6, unique_by=lambda one: incoming(one).hash), data=st.data())
def test_withdrawing_leaves_what_would_be_there_without_it(store: Store, files: list[Document],
                                                           data: st.DataObject) -> None:
    order = data.draw(st.permutations(files))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), min_size=2, max_size=2)))
    batches = {"one": order[:cuts[0]], "two": order[cuts[0]:cuts[1]], "three": order[cuts[1]:]}
    with store.begin() as connection:
        clear(connection)
        for name, batch in batches.items():
            put(connection, name, [batch])
        wrong = data.draw(st.sampled_from(sorted(batches)))
        withdrawals.withdraw(connection, wrong, lambda _: (None, "x"), lambda body, _: body, Belonging())
        assert found(connection) == expected([one for name in batches if name != wrong for one in batches[name]])
        put(connection, wrong, [batches[wrong]])
        assert found(connection) == expected(files)


FIRST = made.document(application="201899000001", title="先", produced="20200101")
LATER = made.document(application="201899000002", title="后", produced="20200601")
GRANT = made.document(kind="B", date="20220103", application="201899000002", title="授权")
MISTAKEN = made.document("199000009", "A", "20200103", application="201899000001", title="另一件")


@pytest.mark.parametrize("order", list(itertools.permutations(["first", "later", "grant", "mistaken"])))
def test_the_later_production_tells_the_application(tmp_path: Path, order: tuple[str, ...]) -> None:
    """In one delivery for each file, in every order, and after the deciding file was withdrawn."""
    entries = {"first": FIRST, "later": LATER, "grant": GRANT, "mistaken": MISTAKEN}
    settings = load({"ZHUANTI_HOME": str(tmp_path / "home")})
    for name in order:
        ingest(settings, [made.delivery(tmp_path / name, {"x.XML": entries[name]})], workers=1)
    assert shown(settings) == {
        "CN201899000001.5": ["CN199000009A"], "CN201899000002.X": ["CN199000001A", "CN199000001B"]}
    withdraw(settings, "later")
    assert shown(settings) == {
        "CN201899000001.5": ["CN199000001A", "CN199000009A"], "CN201899000002.X": ["CN199000001B"]}


def test_a_row_whose_documents_all_go_points_to_where_they_went(node: Settings, tmp_path: Path) -> None:
    ingest(node, [made.delivery(tmp_path / "a", {"x.XML": FIRST}), made.delivery(tmp_path / "b", {"x.XML": GRANT})])
    with open_store(node) as store:
        old, new = (Records(store).row_of(number) for number in ("CN199000001A", "CN199000001B"))
    ingest(node, [made.delivery(tmp_path / "c", {"x.XML": LATER})])
    with open_store(node) as store, store.connect() as connection:
        rows = {one.row: one.merged_into for one in connection.execute(sa.select(record))}
        assert rows == {old: new, new: None}
        assert Records(store).get("CN201899000001.5") is None


def test_a_row_follows_the_number_that_its_publication_turns_out_to_have(node: Settings, tmp_path: Path) -> None:
    ingest(node, [made.delivery(tmp_path / "a", {"x.XML": FIRST})])
    with open_store(node) as store:
        row = Records(store).row_of("CN199000001A")
    ingest(node, [made.delivery(tmp_path / "b", {"x.XML": LATER})])
    with open_store(node) as store:
        assert Records(store).row_of("CN201899000002.X") == row
        found = Records(store).get("CN199000001A")
        assert found and found["id"] == found["application_number"] == "CN201899000002.X"


def shown(settings: Settings) -> dict[str, list[str]]:
    with open_store(settings) as store:
        found = list(Records(store).stream())
    assert all(one["application_number"] == one["id"] for one in found)
    return {one["id"]: [publication["number"] for publication in one["publications"]] for one in found}
