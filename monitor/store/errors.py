"""What can go wrong with the database, in three words.

    StoreError
    ├── StoreBusy     somebody else holds it; try again
    ├── StoreFull     the disk is full; what was committed is safe
    └── StoreBroken   anything else: not a database, unreadable, disconnected

Messages never hold the values of a statement: they could be a post or a name.
"""

from __future__ import annotations


class StoreError(Exception):
    """The database could not do it; nothing of the transaction was kept."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class StoreBusy(StoreError):
    """The database is held by somebody else; it will be tried again."""


class StoreFull(StoreError):
    """The disk is full: free some space. Nothing that was stored is lost."""


class StoreBroken(StoreError):
    """The database cannot be used: see `monitor doctor`."""
