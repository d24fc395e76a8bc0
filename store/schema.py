"""The tables. A *document* is one file as it was read; a *record* is what the files of one application add up to.

Records have no content of their own: it is folded from their documents whenever it is asked for
(`ingest.fold`), so that no order of arrival, repetition or withdrawal can make it wrong.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")

delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("delivery", Key, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),  # name of the path that was given to ingest
    sa.Column("first_run", sa.Text, nullable=False),  # ISO time, UTC
    sa.Column("last_run", sa.Text, nullable=False),
    sa.Column("origin", sa.Text),  # absolute path that was given to the last run
    sa.Column("withdrawn", sa.Text),  # ISO time, UTC
)

delivery_file = sa.Table(
    "delivery_file",
    metadata,
    sa.Column("file", Key, primary_key=True),
    sa.Column("delivery", Key, sa.ForeignKey("delivery.delivery"), nullable=False, index=True),
    sa.Column("path", sa.Text, nullable=False),  # relative to the delivery; "" is the delivery itself
    sa.Column("size", Key, nullable=False),  # bytes
    sa.Column("sha256", sa.Text, nullable=False, index=True),  # "" for a folder of loose files
    sa.Column("state", sa.Text, nullable=False),  # reading, done, withdrawn
    sa.Column("counts", sa.Text, nullable=False),  # JSON: entries, documents, merged, rejected, skipped, warnings
    sa.Column("finished", sa.Text),
    sa.UniqueConstraint("delivery", "path", "sha256"),
)

reject = sa.Table(
    "reject",
    metadata,
    sa.Column("reject", Key, primary_key=True),
    sa.Column("file", Key, sa.ForeignKey("delivery_file.file"), nullable=False),
    sa.Column("archive", sa.Text, nullable=False),  # innermost archive, relative to the delivery
    sa.Column("entry", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False, index=True),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("line", sa.Integer),
    sa.UniqueConstraint("file", "archive", "entry", "code"),
)

record = sa.Table(
    "record",
    metadata,
    sa.Column("row", Key, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),  # application number, else publication number
    sa.Column("application", sa.Text, unique=True),  # its digits without check digit
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("application_date", sa.Text, index=True),
    # The row that took over; this row is then empty. Its own number: empty since its delivery was withdrawn.
    sa.Column("merged_into", Key, index=True),
)

document = sa.Table(
    "document",
    metadata,
    sa.Column("document", Key, primary_key=True),
    sa.Column("row", Key, sa.ForeignKey("record.row"), nullable=False, index=True),
    sa.Column("publication", sa.Text, nullable=False),  # CN101945314B
    sa.Column("date", sa.Text, index=True),
    sa.Column("file", Key, sa.ForeignKey("delivery_file.file"), nullable=False, index=True),
    sa.Column("hash", sa.LargeBinary(16), nullable=False),  # of the file's bytes
    sa.Column("body", sa.LargeBinary, nullable=False),  # ingest.packed: JSON, compressed
    sa.UniqueConstraint("publication", "hash"),
)

legal_event = sa.Table(
    "legal_event", metadata,
    sa.Column("event", Key, primary_key=True),
    sa.Column("application", sa.Text, nullable=False, index=True),  # digits; its record may not be there yet
    sa.Column("date", sa.Text, index=True),                     # of the gazette
    sa.Column("file", Key, sa.ForeignKey("delivery_file.file"), nullable=False, index=True),
    sa.Column("hash", sa.LargeBinary(16), nullable=False, unique=True),     # of what the event says
    sa.Column("body", sa.LargeBinary, nullable=False),          # ingest.packed: JSON, compressed
)

# Other files than `document.file` with the same content, so that any of them can be taken back. A file whose own
# SHA-256 was known has no rows here: it brought whatever the file that was read had brought.
brought = sa.Table(
    "brought",
    metadata,
    sa.Column("document", Key, sa.ForeignKey("document.document"), primary_key=True),
    sa.Column("file", Key, sa.ForeignKey("delivery_file.file"), primary_key=True, index=True),
    sa.Column("archive", sa.Text),  # where it stands there; `document.body` says so of the first
    sa.Column("entry", sa.Text, nullable=False),
)

brought_event = sa.Table(
    "brought_event",
    metadata,
    sa.Column("event", Key, sa.ForeignKey("legal_event.event"), primary_key=True),
    sa.Column("file", Key, sa.ForeignKey("delivery_file.file"), primary_key=True, index=True),
)

dictionary = sa.Table(
    "dictionary",
    metadata,
    sa.Column("dictionary", Key, primary_key=True),  # zstd's own id, which every frame names
    sa.Column("data", sa.LargeBinary, nullable=False),
)

dirty = sa.Table(
    "dirty",
    metadata,
    sa.Column("seq", Key, primary_key=True),
    sa.Column("row", Key, nullable=False),
    sqlite_autoincrement=True,  # a seq is never given twice
)

expression = sa.Table(
    "expression",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),  # of dialect and text: its address
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("dialect", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False, index=True),  # ISO time, UTC
)

labelled = sa.Table(
    "labelled",
    metadata,
    sa.Column("one", Key, primary_key=True),  # the table has one row
    sa.Column("fingerprint", sa.Text, nullable=False),  # of the taxonomies whose labels the outbox has asked for
    sa.Column("data_date", sa.Text),  # YYYY-MM-DD, as of which it has asked for legal states
    sa.Column("drained", Key),  # the last entry of the outbox that was cleared
)

decision_batch = sa.Table(
    "decision_batch",
    metadata,
    sa.Column("batch", Key, primary_key=True),
    sa.Column("origin", sa.Text, nullable=False),  # page, file, api
    sa.Column("name", sa.Text, nullable=False),  # of the file or the taxonomy; may be blank
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("opened", sa.Text, nullable=False),  # ISO time, UTC
)

# Only ever added to: what a person takes back is an entry of its own (`undoes`).
decision = sa.Table(
    "decision",
    metadata,
    sa.Column("decision", Key, primary_key=True),
    sa.Column("batch", Key, sa.ForeignKey("decision_batch.batch"), nullable=False, index=True),
    sa.Column("row", Key, sa.ForeignKey("record.row"), nullable=False, index=True),
    sa.Column("taxonomy", sa.Text, nullable=False),
    sa.Column("node", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),  # of the node when it was decided; it may be gone since
    sa.Column("verdict", sa.Text, nullable=False),  # confirm, reject, add; undo
    sa.Column("undoes", Key, sa.ForeignKey("decision.decision"), unique=True),  # only of an undo
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("time", sa.Text, nullable=False),  # ISO time, UTC
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("taxonomy_version", sa.Text, nullable=False),
    sa.Column("source", sa.Text),  # of the label that was judged; null where the record carried none
    sa.Column("score", sa.Float),
)
