"""Letters: what stands in braces is filled in; people's names only when one is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from alerts import words
from config.trust import Trust
from monitor.store.casefile import CaseFile

_BRACES = re.compile(r"\{([a-z_]+)\}")
NAMES = ("affected", "doer")
"""Filled in from the protected names of a case, on request and on record."""
REPLY_WITHIN = timedelta(days=7)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known; what is not stays as it stands, so that it is seen."""
    return _BRACES.sub(lambda found: values.get(found[1]) or found[0], text).strip()


def values(
    case: CaseFile, trust: Trust, *, posts: Iterable[str], signed: str, now: datetime
) -> dict[str, str]:
    """What a case gives without naming anybody in it."""
    schools = [words.school_name(one, trust) for one in case.schools]
    return {
        "trust": words.one_line(trust.name),
        "school": words.listed(schools) or words.one_line(trust.name),
        "date": day(now),
        "reply_by": day(now + REPLY_WITHIN),
        "case": reference(case.case_id),
        "posts": "\n".join(posts),
        "signed": signed,
    }


def day(at: datetime) -> str:
    """ "23 November 2026", in Europe/London."""
    local = at.astimezone(words.LONDON)
    return f"{local.day} {local:%B %Y}"


def reference(case_id: int) -> str:
    """What a case is called in letters."""
    return f"TM-{case_id:05d}"


def unfilled(text: str) -> tuple[str, ...]:
    """What still stands in braces."""
    return tuple(dict.fromkeys(_BRACES.findall(text)))
