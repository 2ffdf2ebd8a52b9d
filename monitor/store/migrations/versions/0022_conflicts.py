"""Which of the console's people a mention names."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "conflict",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("mention_id", number, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("subject", "mention_id", name=op.f("pk_conflict")),
    )
    op.create_index(op.f("ix_conflict_mention_id"), "conflict", ["mention_id"])
    op.create_table(
        "conflict_name",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("below", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_conflict_name")),
    )
