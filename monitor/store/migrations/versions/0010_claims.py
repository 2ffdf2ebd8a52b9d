"""Stories split and merged by hand, claims, and what is watched until a time."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "story_move",
        sa.Column("id", ID, nullable=False),
        sa.Column("mention_id", sa.BigInteger(), nullable=False),
        sa.Column("action_id", sa.BigInteger(), nullable=False),
        sa.Column("is_merge", sa.Boolean(), nullable=False),
        sa.Column("from_story", sa.BigInteger(), nullable=False),
        sa.Column("to_story", sa.BigInteger(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("old_lead", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_move")),
    )
    with op.batch_alter_table("story_move", schema=None) as batch_op:
        for column in ("mention_id", "action_id", "from_story"):
            batch_op.create_index(batch_op.f(f"ix_story_move_{column}"), [column], unique=False)
    op.create_table(
        "claim",
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_claim")),
    )
    op.create_table(
        "skip",
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", "person", name=op.f("pk_skip")),
    )
    op.create_table(
        "watch_until",
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_watch_until")),
    )
    with op.batch_alter_table("watch_until", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watch_until_until"), ["until"], unique=False)
