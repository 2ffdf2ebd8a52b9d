"""When a self-test came back to our own mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("arrived_at", sa.BigInteger(), nullable=True))
