"""Copies of the database that say when they expire, and are deleted then.

Erasing and forgetting reach the database at once and its copies when they expire, so the time
that copies are kept (`[retention] backups`) is what the privacy notice states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from alerts.words import LONDON
from monitor.store import audit, copies, copying, retention, search
from monitor.store.columns import to_microseconds
from monitor.store.database import Store
from monitor.store.errors import StoreError

_NAME = re.compile(r"monitor-\d{8}T\d{6}Z-expires-(?P<day>\d{4}-\d{2}-\d{2})\.db")
ACTOR = "the service"
PATIENCE = timedelta(seconds=10)


def make(
    store: Store, folder: Path, *, kept: timedelta, now: datetime, keys: Path | None = None
) -> Path:
    """A whole and consistent copy, made while the service runs; where it is. With `keys`, a file
    to be kept elsewhere, the copy holds no key of what is sealed.

    Raises StoreError, and OSError where the folder cannot be written.
    """
    expires = (now + kept).astimezone(LONDON).date()
    path = folder / f"monitor-{now:%Y%m%dT%H%M%SZ}-expires-{expires.isoformat()}.db"
    folder.mkdir(parents=True, exist_ok=True)
    with store.begin() as tx:
        subject = f"backup that expires {expires.isoformat()}"
        audit.append(tx, actor=ACTOR, action="backup.made", subject=subject, now=now)
    if store.is_embedded:
        store.copy_to(path)
    else:
        _copy_out(store, path)
    if keys is not None:
        copies.take_apart(path, keys)
    return path


def restore(copy: Path, database: Path, *, keys: Path | None, now: datetime) -> int:
    """Make a database of a copy; how many mentions were forgotten again, because they had been
    since it was made. Raises StoreError, and OSError where there is a database already."""
    with database.open("xb") as made:
        made.write(copy.read_bytes())
    database.chmod(0o600)
    again = copies.put_together(database, keys, to_microseconds(now)) if keys else []
    store = Store(f"sqlite:///{database}", busy_timeout=timedelta(seconds=5))
    try:
        store.migrate()
        with store.begin() as tx:
            retention.erase(tx, again, now)
            subject = f"a copy; {len(again)} mentions forgotten again"
            audit.append(tx, actor=ACTOR, action="backup.restored", subject=subject, now=now)
        search.purge(store)
        store.settle()
    finally:
        store.close()
    return len(again)


def _copy_out(store: Store, path: Path) -> None:
    """What a server holds of this trust, as of one moment, in a file of its own: to put it back,
    copy it into an empty database (`monitor db copy`)."""
    path.touch(mode=0o600)
    copied = Store(f"sqlite:///{path}", busy_timeout=PATIENCE, trust=store.trust)
    try:
        copied.migrate()
        for _ in copying.copy(store, copied):
            pass
    except StoreError:
        path.unlink()
        raise
    finally:
        copied.close()


def expire(folder: Path, now: datetime) -> Iterator[Path]:
    """Delete the copies whose day has come; those deleted. Other files are left alone."""
    today = now.astimezone(LONDON).date()
    for path in sorted(folder.iterdir()):
        found = _NAME.fullmatch(path.name)
        if found and date.fromisoformat(found["day"]) <= today:
            path.unlink()
            yield path
