"""Cases: their heads, timelines, mentions, schools and protected names."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("about_head", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("acted_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("handed_over_at", sa.BigInteger(), nullable=True),
        sa.Column("open_take_downs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_file_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_closed_at"), ["closed_at"], unique=False)
    op.create_table(
        "case_entry",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_entry")),
    )
    op.create_table(
        "case_mention",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("mention_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "mention_id", name=op.f("pk_case_mention")),
    )
    with op.batch_alter_table("case_mention", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_case_mention_mention_id"), ["mention_id"], unique=False
        )
    op.create_table(
        "case_school",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "school_id", name=op.f("pk_case_school")),
    )
    op.create_table(
        "case_name",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "entry", name=op.f("pk_case_name")),
    )
