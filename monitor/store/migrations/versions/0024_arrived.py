"""When a self-test came back to our own mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("arrived_at", sa.BigInteger(), nullable=True))
