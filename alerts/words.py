"""What alerts and digests call things, in the words of the people who read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts import seats
from alerts.types import Role
from classifiers.types import Assessment, Label, PupilLevel, SchoolLink, Severity
from config.trust import Trust

LONDON = ZoneInfo("Europe/London")

ROLES: dict[Role, str] = {
    "head_of_pr": "Head of PR & Communications",
    "deputy_head_of_pr": "Deputy Head of PR",
    "executive": "Executive Team",
    "headteacher": "Headteacher",
    "safeguarding_lead": "Safeguarding lead",
    "deputy_safeguarding_lead": "Deputy safeguarding lead",
    "chair": "Chair",
    "it": "IT",
}
SEVERITY: dict[Severity, str] = {
    "none": "Not flagged",
    "low": "Low",
    "medium": "Medium",
    "high": "High",
    "critical": "Critical",
}
PUPIL: dict[PupilLevel, str] = {
    "none": "No pupil can be singled out",
    "class": "A class or team can be singled out",
    "indirect": "A pupil may be singled out by details together",
    "direct": "A pupil may be named",
}
KINDS: dict[Label, str] = {
    "self_harm": "possible self-harm",
    "sexual": "possible sexual matter",
    "threat": "possible threat",
    "hate": "possible hate",
    "bullying": "possible bullying",
    "reputation": "reputational matter",
}
"""Gravest first: the first one flagged names the whole."""
_ALLEGATIONS = {
    "staff": "possible allegation about a member of staff",
    "head": "possible allegation about a head",
}
_UNPRINTED = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)
PLATFORMS = {
    "web": "Website",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "reddit": "Reddit",
    "youtube": "YouTube",
    "threads": "Threads",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "trustpilot": "Trustpilot",
    "x": "X",
}


def kind(assessment: Assessment) -> str:
    """What the mention may be, in a few words that hold nothing of its text."""
    if assessment.allegation != "none":
        return _ALLEGATIONS[assessment.allegation]
    flagged = next((words for label, words in KINDS.items() if label in assessment.flags), "")
    if not flagged and assessment.pupil.level != "none":
        return "possible pupil identification"
    return flagged or "mention to look at"


def platform(name: str) -> str:
    return PLATFORMS.get(name, one_line(name).title() or "Unknown source")


def percent(probability: float) -> str:
    """Whole per cent; never "100" or "0" for what is not certain."""
    return f"{min(99, max(1, round(probability * 100)))}%"


def likelihood(probability: float) -> str:
    """A probability in words."""
    steps = ((0.9, "very likely"), (0.75, "likely"), (0.5, "more likely than not"))
    return next((words for floor, words in steps if probability >= floor), "possible")


def school_name(school_id: str, trust: Trust) -> str:
    """A school's name; the Trust's for its own id or one that is no longer configured."""
    school = trust.school(school_id)
    return one_line(school.name if school else trust.name)


def certainty(link: SchoolLink) -> str:
    sure = "certain" if link.certainty == "certain" else "only possible"
    return f"{sure}, {percent(link.score)}"


def possible_schools(assessment: Assessment, trust: Trust) -> str:
    """What the Trust's people must know of unsure schools; empty when there are none."""
    unsure = seats.possible_schools(assessment, trust)
    if not unsure:
        return ""
    names = listed([one_line(school.name) for school in unsure])
    return f"Only possibly about {names}: nobody there is told before a person has looked."


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def clauses(numbers: Sequence[str]) -> str:
    """ "policy 6.8, 9.3"; empty for none. What is no number ("intent") comes last."""
    plain = [number for number in numbers if number[:1].isdigit()]
    named = [name for name in numbers if not name[:1].isdigit()]
    parts = [", ".join(part) for part in (plain, named) if part]
    return f"policy {' and '.join(parts)}" if parts else ""


def moment(at: datetime, *, year: bool = True) -> str:
    """A time in Europe/London, for people: "Mon 23 Nov 2026, 21:14"."""
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b}{f' {local.year}' if year else ''}, {local:%H:%M}"


def day(local: date) -> str:
    return f"{local:%a} {local.day} {local:%b %Y}"


def count(number: int, thing: str) -> str:
    """ "1 mention", "2 mentions"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def span(time: timedelta) -> str:
    """ "15 minutes", "2 hours", "3 days": the largest whole unit that keeps it exact enough."""
    minutes = max(round(time.total_seconds() / 60), 1)
    if minutes < 120:
        return count(minutes, "minute")
    return count(minutes // 60, "hour") if minutes < 2 * 24 * 60 else count(minutes // 1440, "day")


def sentence(text: str) -> str:
    """With a capital letter and an end."""
    plain = one_line(text)
    return capital(plain) if plain.endswith((".", "!", "?")) else f"{capital(plain)}."


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    """`text` without control characters and line breaks, fit for a header or a heading."""
    return _UNPRINTED.sub(" ", text).strip()
