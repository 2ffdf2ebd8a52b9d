"""Run by `Store.migrate` inside its own transaction; there is no other way in."""

from alembic import context
from sqlmodel import SQLModel

import monitor.store.account_tables
import monitor.store.case_tables
import monitor.store.clock_tables
import monitor.store.conflict_tables
import monitor.store.evidence_tables
import monitor.store.figure_tables
import monitor.store.host_tables
import monitor.store.lawful_tables
import monitor.store.oversight_tables
import monitor.store.queue_tables
import monitor.store.recheck_tables
import monitor.store.report_tables
import monitor.store.sealed_tables
import monitor.store.self_check_tables
import monitor.store.session_tables
import monitor.store.tables
import monitor.store.view_tables  # noqa: F401  (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
