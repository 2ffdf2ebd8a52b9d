"""Migrations: they make exactly the tables that the code knows, and run as often as one likes."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from monitor.store.database import Store
from tests.store.conftest import post, taken_in


def test_the_migrated_database_is_the_one_the_code_describes(store: Store) -> None:
    with store.begin() as tx:
        migrated = MigrationContext.configure(tx, opts={"compare_type": True})
        assert compare_metadata(migrated, SQLModel.metadata) == []


def test_migrating_again_changes_nothing_and_loses_nothing(store: Store) -> None:
    with store.begin() as tx:
        taken_in(tx, post("1"))
    store.migrate()
    with store.begin() as tx:
        assert len(taken_in(tx)) == 1
