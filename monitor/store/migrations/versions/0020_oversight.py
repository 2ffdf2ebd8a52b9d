"""Who opened what, and what decisions rest on."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "opening",
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", "person", name=op.f("pk_opening")),
    )
    op.create_index("ix_opening_person_at", "opening", ["person", "at"])
    op.create_table(
        "decision_basis",
        sa.Column("decision_id", ID, autoincrement=False, nullable=False),
        sa.Column("mention_id", sa.BigInteger(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("judged", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision_basis")),
    )
    op.create_index(op.f("ix_decision_basis_mention_id"), "decision_basis", ["mention_id"])
