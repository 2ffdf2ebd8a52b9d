"""Figures of days, kept when what was counted is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COUNTS = ("mentions", "flagged", "stories", "grave", "decided", "alarms", "answered_soon")


def upgrade() -> None:
    op.create_table(
        "day_figure",
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint("place", "day", name=op.f("pk_day_figure")),
    )
