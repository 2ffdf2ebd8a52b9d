"""The words of the index of words, in order: a view of it, which holds nothing of its own."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE mention_vocabulary USING fts5vocab(mention_words, instance)"
        )
