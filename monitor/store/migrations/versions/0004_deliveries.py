"""Since when a delivery is due, when it was last tried, and what it was sent again after."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("tried_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("resent_after", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_delivery_tried_at"), ["tried_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_message_id"), ["message_id"], unique=False)
    op.execute("UPDATE delivery SET due_at = created_at")
    # From here on a priority begins with the severity: what waits counts as high.
    op.execute(
        "UPDATE delivery SET priority = CASE kind WHEN 'digest' THEN 1000 ELSE priority + 100 END"
        " WHERE state = 'due'"
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.alter_column("due_at", existing_type=sa.BigInteger(), nullable=False)
