"""What people bring: reports, screenshots, mails and their files."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("mention_id", sa.BigInteger(), nullable=False),
        sa.Column("reporter", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("doer", sa.String(), nullable=False),
        sa.Column("on_premises", sa.Boolean(), nullable=False),
        sa.Column("school_computer", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("sexual_picture", sa.Boolean(), nullable=False),
        sa.Column("affected", sa.String(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("mention_id", name=op.f("uq_report_mention_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_report_reference")),
    )
    op.create_table(
        "picture",
        sa.Column("id", ID, nullable=False),
        sa.Column("mention_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("clean", sa.LargeBinary(), nullable=False),
        sa.Column("veil", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("words_state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("corrected_by", sa.String(), nullable=True),
        sa.Column("corrected_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index(
            "ix_picture_unread",
            ["id"],
            unique=False,
            sqlite_where=sa.text("words_state = 'unread'"),
            postgresql_where=sa.text("words_state = 'unread'"),
        )
        batch_op.create_index(batch_op.f("ix_picture_mention_id"), ["mention_id"], unique=False)

    op.create_table(
        "mail",
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("authentication", sa.String(), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_mail")),
    )
    op.create_table(
        "enclosure",
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("cleared_by", sa.String(), nullable=True),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("mention_id", "number", name=op.f("pk_enclosure")),
    )
