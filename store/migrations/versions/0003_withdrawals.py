"""What else brought a document or event, so that a delivery can be taken back; where a delivery lay"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("delivery", sa.Column("origin", sa.Text(), nullable=True))
    op.add_column("delivery", sa.Column("withdrawn", sa.Text(), nullable=True))
    op.create_table(
        "brought",
        sa.Column("document", key, nullable=False),
        sa.Column("file", key, nullable=False),
        sa.Column("archive", sa.Text(), nullable=True),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.document"]),
        sa.ForeignKeyConstraint(["file"], ["delivery_file.file"]),
        sa.PrimaryKeyConstraint("document", "file"),
    )
    op.create_index("ix_brought_file", "brought", ["file"])
    op.create_table(
        "brought_event",
        sa.Column("event", key, nullable=False),
        sa.Column("file", key, nullable=False),
        sa.ForeignKeyConstraint(["event"], ["legal_event.event"]),
        sa.ForeignKeyConstraint(["file"], ["delivery_file.file"]),
        sa.PrimaryKeyConstraint("event", "file"),
    )
    op.create_index("ix_brought_event_file", "brought_event", ["file"])
    op.create_index("ix_document_file", "document", ["file"])
    op.create_index("ix_legal_event_file", "legal_event", ["file"])


def downgrade() -> None:
    op.drop_index("ix_legal_event_file", "legal_event")
    op.drop_index("ix_document_file", "document")
    op.drop_table("brought_event")
    op.drop_table("brought")
    with op.batch_alter_table("delivery") as batch:
        batch.drop_column("withdrawn")
        batch.drop_column("origin")
