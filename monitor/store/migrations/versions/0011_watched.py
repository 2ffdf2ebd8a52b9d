"""Since when a source fails, how long it usually pauses, when its canary last came."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failing_since", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("allowance", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("canary_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("usual_pause", sa.Float(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("arrivals", sa.Integer(), nullable=False, server_default="0"))
