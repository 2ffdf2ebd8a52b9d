"""Why a source could not be read.

    ConnectorError
    ├── AuthLost      credentials refused: stop, tell IT
    ├── Blocked       refused by the server or by robots.txt: stop, do not evade
    ├── Throttled     asked to wait (retry_after seconds)
    ├── Forbidden     our own rules refuse the address (private network, port, scheme)
    ├── Malformed     an answer that is not what the interface promises
    ├── Gone          the address no longer exists
    ├── TooLarge      more bytes, headers or nesting than is allowed
    └── Unreachable   no connection, no answer in time, server error

A class decides what happens next; its docstring is the default message. Messages never
hold post text, names or whole addresses.
"""

from __future__ import annotations


class ConnectorError(Exception):
    """The source could not be read."""

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.retry_after = retry_after
        """Seconds to wait before the next try, when the server said so."""
        self.said = b""
        """What an interface gave as its reason, unread; kept of questions with a key only."""


class AuthLost(ConnectorError):
    """The source refused our credentials."""


class Blocked(ConnectorError):
    """The source refuses to be read by us."""


class Throttled(ConnectorError):
    """The source asked us to slow down."""


class Forbidden(ConnectorError):
    """The address is not one that may be fetched."""


class Malformed(ConnectorError):
    """The answer is not what this interface promises."""


class Gone(ConnectorError):
    """The address no longer exists."""


class TooLarge(ConnectorError):
    """The answer is larger than is allowed."""


class Unreachable(ConnectorError):
    """The source did not answer in time."""
