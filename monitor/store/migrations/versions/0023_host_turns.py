"""Turns at the hosts of others, for all workers."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NOW_US = (
    "CREATE FUNCTION now_us() RETURNS bigint LANGUAGE sql VOLATILE AS "
    "'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint'"
)
"""The server's own clock, in our microseconds."""


def upgrade() -> None:
    op.create_table(
        "host_turn",
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_host_turn")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(NOW_US)
