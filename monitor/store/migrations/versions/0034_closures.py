"""Silences that cover only what says that a school is shut: closure days."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "silence",
        sa.Column("closure", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
