"""Deliveries, records, documents, outbox"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "delivery",
        sa.Column("delivery", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_run", sa.Text(), nullable=False),
        sa.Column("last_run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("delivery"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "dictionary",
        sa.Column("dictionary", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("dictionary"),
    )
    op.create_table(
        "dirty",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "record",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("application", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("application_date", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("row"),
        sa.UniqueConstraint("application"),
        sa.UniqueConstraint("id"),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_application_date"), ["application_date"], unique=False)

    op.create_table(
        "delivery_file",
        sa.Column("file", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("finished", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery"],
            ["delivery.delivery"],
        ),
        sa.PrimaryKeyConstraint("file"),
        sa.UniqueConstraint("delivery", "path", "sha256"),
    )
    with op.batch_alter_table("delivery_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_file_delivery"), ["delivery"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "document",
        sa.Column("document", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("file", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file"],
            ["delivery_file.file"],
        ),
        sa.ForeignKeyConstraint(
            ["row"],
            ["record.row"],
        ),
        sa.PrimaryKeyConstraint("document"),
        sa.UniqueConstraint("publication", "hash"),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_date"), ["date"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_row"), ["row"], unique=False)

    op.create_table(
        "reject",
        sa.Column("reject", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("archive", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file"],
            ["delivery_file.file"],
        ),
        sa.PrimaryKeyConstraint("reject"),
        sa.UniqueConstraint("file", "archive", "entry", "code"),
    )
    with op.batch_alter_table("reject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reject_code"), ["code"], unique=False)




def downgrade() -> None:

    with op.batch_alter_table("reject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reject_code"))

    op.drop_table("reject")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_row"))
        batch_op.drop_index(batch_op.f("ix_document_date"))

    op.drop_table("document")
    with op.batch_alter_table("delivery_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_delivery_file_delivery"))

    op.drop_table("delivery_file")
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_application_date"))

    op.drop_table("record")
    op.drop_table("dirty")
    op.drop_table("dictionary")
    op.drop_table("delivery")

