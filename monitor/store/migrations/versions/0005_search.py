"""Full-text search over what was judged, and verdicts on labels."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEX = {
    "sqlite": ("CREATE VIRTUAL TABLE mention_words USING fts5(words, columnsize=0)",),
    "postgresql": (
        "CREATE TABLE mention_words (rowid BIGINT PRIMARY KEY, words TEXT NOT NULL, lexemes "
        "TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED)",
        "CREATE INDEX ix_mention_words_lexemes ON mention_words USING gin (lexemes)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "unindexed",
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_unindexed")),
    )
    op.create_table(
        "verdict",
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", "label", name=op.f("pk_verdict")),
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdict_at"), ["at"], unique=False)
    for statement in INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute("INSERT INTO unindexed (mention_id) SELECT mention_id FROM assessment")
