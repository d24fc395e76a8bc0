"""As of which data date the index has the legal states"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("labelled", sa.Column("data_date", sa.Text(), nullable=True))
    # Until now the outbox was told with every batch: it has asked for the states of the present data date.
    op.execute(
        "UPDATE labelled SET data_date = (SELECT MAX(newest) FROM (SELECT MAX(date) AS newest FROM document"
        " UNION ALL SELECT MAX(date) FROM legal_event) AS dates)"
    )


def downgrade() -> None:
    op.drop_column("labelled", "data_date")
