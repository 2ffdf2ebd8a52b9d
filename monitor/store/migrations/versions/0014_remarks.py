"""Notes on mentions and the welfare of reviewers."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "remark",
        sa.Column("id", ID, nullable=False),
        sa.Column("mention_id", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("colleague", sa.String(), nullable=True),
        sa.Column("assigns", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        for column in ("mention_id", "colleague"):
            batch_op.create_index(batch_op.f(f"ix_remark_{column}"), [column], unique=False)
    op.create_table(
        "welfare",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("is_veiled", sa.Boolean(), nullable=False),
        sa.Column("pause_after", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_welfare")),
    )
