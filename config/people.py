"""Who may do what at the console: the roles there are."""

from __future__ import annotations

from typing import Final, Literal, get_args

ConsoleRole = Literal["pr", "executive", "headteacher", "safeguarding", "it", "dpo", "staff"]
"""What somebody is at the console; who is told by mail is another matter (`RoleName`)."""

CONSOLE_ROLES: Final[tuple[ConsoleRole, ...]] = get_args(ConsoleRole)
