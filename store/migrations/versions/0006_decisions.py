"""People's decisions about labels, and the batches that they came in"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "decision_batch",
        sa.Column("batch", key, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("opened", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch"),
    )
    op.create_table(
        "decision",
        sa.Column("decision", key, nullable=False),
        sa.Column("batch", key, nullable=False),
        sa.Column("row", key, nullable=False),
        sa.Column("taxonomy", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("undoes", key, nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("taxonomy_version", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["decision_batch.batch"]),
        sa.ForeignKeyConstraint(["row"], ["record.row"]),
        sa.ForeignKeyConstraint(["undoes"], ["decision.decision"]),
        sa.PrimaryKeyConstraint("decision"),
        sa.UniqueConstraint("undoes"),
    )
    op.create_index("ix_decision_batch", "decision", ["batch"])
    op.create_index("ix_decision_row", "decision", ["row"])
    op.create_index("ix_record_merged_into", "record", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_record_merged_into", "record")
    op.drop_table("decision")
    op.drop_table("decision_batch")
