"""Response clocks, and an index for messages that were given up."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "response_clock",
        sa.Column("story_id", ID, autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("met_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("story_id", "mark", name=op.f("pk_response_clock")),
    )
    op.create_index("ix_response_clock_due", "response_clock", ["state", "due_at"])
    op.create_index(
        "ix_delivery_dead", "delivery", ["id"],
        sqlite_where=sa.text("state = 'dead'"), postgresql_where=sa.text("state = 'dead'"),
    )  # fmt: skip
