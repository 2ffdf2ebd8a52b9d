"""When a sample post appears: written relative to the first start, so that it is always fresh."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
_RELATIVE = re.compile(r"([+-])(\d+)([smh])")
_DAY = re.compile(r"-(\d+)d (\d\d):(\d\d)")


def moment(written: str, epoch: datetime) -> datetime:
    """The UTC time of "-45m", "+40s" (before, after `epoch`) or "-3d 18:42" (London wall time,
    three days before the epoch's day). Raises ValueError for anything else.
    """
    if match := _RELATIVE.fullmatch(written):
        offset = timedelta(**{_UNITS[match[3]]: int(match[2])})
        return epoch + offset if match[1] == "+" else epoch - offset
    if match := _DAY.fullmatch(written):
        day = epoch.astimezone(LONDON).date() - timedelta(days=int(match[1]))
        wall = datetime.combine(day, time(int(match[2]), int(match[3])), LONDON)
        return wall.astimezone(UTC)
    raise ValueError('a time is "-45m", "+40s" or "-3d 18:42"')
