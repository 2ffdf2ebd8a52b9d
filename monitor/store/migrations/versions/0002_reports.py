"""What people bring: reports."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0008"
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
