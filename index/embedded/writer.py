"""Writes one generation: upserts and deletes gather, a commit makes them visible together with their columns."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TypedDict

import orjson
import tantivy

from index.embedded import column_file, texts
from index.embedded.boundary import tantivy_errors
from index.embedded.columns import Additions, Columns
from index.embedded.generations import Generation
from index.embedded.schema import BIT, COMMIT, KEY, NOTE, RECORD, ROW, ROWS_PER_BLOCK, schema
from index.embedded.texts import TextWriter
from index.engine import IndexDocument

HEAP = 150_000_000
"""Bytes that Tantivy gathers before it writes a segment; it takes them only as documents come."""

_THREADS = 1
"""One thread indexes 7,000 documents a second and leaves the other core to cutting; more make more segments."""


class Note(TypedDict):
    """What the commit document says: the file of columns, and up to which outbox entry the index is."""

    columns: int
    seq: int


EMPTY_NOTE = Note(columns=0, seq=0)


class EmbeddedWriter:
    """The writer of one generation, see `writing`. Not for several threads."""

    def __init__(self, generation: Generation, writer: tantivy.IndexWriter, fields: tantivy.Schema,
                 note: Note, columns: Columns) -> None:
        self._generation = generation
        self._writer = writer
        self._fields = fields
        self._note = note
        self._columns = columns
        self._added = Additions(columns)
        self._texts = TextWriter(generation.folder, columns.texts)
        self._deleted: set[int] = set()

    @property
    def records(self) -> int:
        """How many records the last commit holds."""
        return self._columns.records

    @property
    def refused(self) -> Mapping[int, str]:
        """Rows whose document was not taken: none, an error ends the writing."""
        return {}

    def upsert(self, row: int, document: IndexDocument) -> None:
        """Adds a record or replaces it."""
        self._forget(row)
        fields = {name: value for name, value in document.items() if value and name not in ("facets", "runs")}
        fields |= {ROW: row, BIT: 1 << row % ROWS_PER_BLOCK}
        fields[KEY] = [str(row), RECORD]
        with tantivy_errors():
            self._writer.add_document(tantivy.Document.from_dict(fields, self._fields))
            self._texts.add(row, document["runs"])
        self._added.add(row, document["facets"])
        self._deleted.discard(row)

    def delete(self, rows: Iterable[int]) -> None:
        """Removes records; rows that the index does not hold are nothing to it."""
        for row in rows:
            self._forget(row)
            self._deleted.add(row)
            self._added.drop(row)

    def commit(self, seq: int) -> None:
        """Makes everything since the last commit visible to all processes; `seq` is the outbox entry it reaches."""
        columns = self._added.applied(self._deleted)
        note = Note(columns=self._note["columns"] + 1, seq=max(seq, self._note["seq"]))
        with tantivy_errors():
            columns = replace(columns, texts=self._texts.commit(len(columns.present), self._deleted))
            column_file.write(self._generation.folder, note["columns"], columns)
            self._writer.delete_documents_by_term(KEY, COMMIT)
            self._writer.add_document(tantivy.Document.from_dict(
                {KEY: [COMMIT], NOTE: orjson.dumps(note).decode()}, self._fields))
            self._writer.commit()
        column_file.drop_others(self._generation.folder, {note["columns"], self._note["columns"]})
        texts.drop_others(self._generation.folder, {columns.texts.number, self._columns.texts.number})
        self._note, self._columns = note, columns
        self._added, self._deleted = Additions(columns), set()

    def _forget(self, row: int) -> None:
        """Deletes what the index holds of a row; a row it never held is spared the search for it."""
        if row in self._added or self._columns.holds(row):
            with tantivy_errors():
                self._writer.delete_documents_by_term(KEY, str(row))


@contextmanager
def writing(generation: Generation) -> Iterator[EmbeddedWriter]:
    """A writer of the generation; what is not committed at the end, or when an error leaves the block, is dropped.

    Raises Unreachable (`index_busy`, `index_failed`, `disk_full`).
    """
    fields = schema()
    with tantivy_errors():
        index = tantivy.Index(fields, str(generation.tantivy))
        note = read_note(index.searcher(), index.schema)
        writer = index.writer(HEAP, _THREADS)
    try:
        columns = column_file.read_or_empty(generation.folder, note["columns"])
        yield EmbeddedWriter(generation, writer, fields, note, columns)
    finally:
        with tantivy_errors():
            writer.wait_merging_threads()


def read_note(searcher: tantivy.Searcher, fields: tantivy.Schema) -> Note:
    """The note of the commit that a searcher sees."""
    hits = searcher.search(tantivy.Query.term_query(fields, KEY, COMMIT), limit=1).hits
    if not hits:
        return EMPTY_NOTE
    note: Note = orjson.loads(searcher.doc(hits[0][1])[NOTE][0])
    return note
