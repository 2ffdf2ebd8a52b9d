"""Which schools a mention is about is found by the mention too."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mention_school", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mention_school_mention_id"), ["mention_id"], unique=False
        )
