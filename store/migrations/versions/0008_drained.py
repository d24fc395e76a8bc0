"""Up to which entry of the outbox some index is: another engine that is behind it must catch up"""

import sqlalchemy as sa
from alembic import op

from store.schema import Key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("labelled", sa.Column("drained", Key, nullable=True))


def downgrade() -> None:
    op.drop_column("labelled", "drained")
