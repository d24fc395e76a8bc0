"""Legal events"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legal_event",
        sa.Column("event", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("file", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["delivery_file.file"]),
        sa.PrimaryKeyConstraint("event"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_legal_event_application", "legal_event", ["application"])
    op.create_index("ix_legal_event_date", "legal_event", ["date"])


def downgrade() -> None:
    op.drop_table("legal_event")
