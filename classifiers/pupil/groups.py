"""Years and forms: the groups of a school that a pupil belongs to (tables: groups.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.pupil.patterns import read
from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal

_NOT_YEAR = re.compile(
    r"\s*(?:of (?:working|teaching|being|my|our|the "
    r"(?:[\w-]+ )?(?:plan|project|lease|contract|grant|deal|programme))|"
    r"(?:in|into) (?:this|my|the) (?:job|role)|running|anniversary|accounts|"
    r"in (?:19\d\d|20[01]\d)\b)"
)
_YEAR_OF_JOB = re.compile(
    r"\b(?:head|director|leader|manager|teacher|tutor|coordinator|lead) (?:of|for|in) $"
)
_LETTER_FORM = re.compile(
    r"(?<![\w£$#./:-])(?:form |class |set |tutor group )?(?:1[0-3]|[1-9])[ -]?"
    r"([A-Z]{1,3}\d?|[a-z]{1,2}\d?)(?![\w/-])"
)
_NOT_FORM = re.compile(
    r"am|pm|st|nd|rd|th|k|km|m|mm|cm|ft|g|kg|mb|gb|tb|d|p|x|hr|hrs|min|mins|s|yo|yr|yrs|lb|oz|w|v|"
    r"l|ml|bn|in|to|or|of|on|at|is|it|if|he|we|my|me|no|so|up|go|do|by|an|as|us|be|i|a|who|and|the|"
    r"was|for|has|had|but|are|not|you|out|all|bed|day|pts"
)
_POSTCODE_BEFORE = re.compile(r"\b(?!yr?\d|ks\d)[a-z]{1,2}\d[a-z\d]? $")
_TECHNICAL = frozenset({"2D", "3D", "4D", "3G", "4G", "5G", "4K", "8K", "5K", "10K", "2K", "1P"})
_CUE_BEFORE = re.compile(
    r"(?:\b(?:in|from|form|class|of|set|year|timetable|register|kids?|tutor group|pupils?|group|all"
    r"|for|to|with|"
    r"done)|,|\()\s*$"
)
_INITIALS_BEFORE = re.compile(r"(?:^|[\s(])(?:[A-Z]\.){1,3} ?$")
_OF_A_TEACHER = re.compile(r"'?s (?:\w+ ){0,2}(?:teacher|tutor|ta)\b")
_TEACHER_IN = re.compile(
    r"\b(?:mr|mrs|miss|ms|mx|dr|lady|woman|man|staff|receptionist) "
    r"(?:[\w'-]+ ){0,2}(?:in |on |at )?$"
)
_TAUGHT = re.compile(r"\b(?:teach|teaches|teaching|taught|teacher of) $")
_LOT = re.compile(r" (?:lot|kids?|lads|girls|boys|pupils?|maths|english|science|tutor|form)\b")
_ARE = re.compile(r" (?:are|were|v|vs|got|kept)\b")
_CUE_AFTER = re.compile(
    r"\s*(?:are|is|were|was|won|have|has|had|got|gets?|kept|keeps?|needs?|did|do|will|can|made"
    r"|went|going|lot|isn'?t|aren'?t|kids?|lads|girls|boys|pupils?)\b"
)
_OPENS = re.compile(r"\s*(?:at|from|in|off|pupils|parents)\b")


def years(post: Post) -> Iterator[Signal]:
    """Year groups, not the years of a job ("year 6 of working here")."""
    for start, end in _found(post, "year"):
        job = _YEAR_OF_JOB.search(post.lower, max(0, start - 24), start)
        desk = "reception" in post.lower[start:end] and _is_beside_teacher(post, start)
        if job is None and not desk and not _NOT_YEAR.match(post.lower, end):
            yield Signal("YEAR", start, end)


def forms(post: Post) -> Iterator[Signal]:
    """Forms and classes: "9B", "7 KL", "Year 4 Kingfishers", "Mrs Hall's class"."""
    for match in _LETTER_FORM.finditer(post.text):
        if _is_form(post, match) and not _is_about_the_teacher(post, match):
            yield Signal("FORM", match.start(), match.end())
    for start, end in _found(post, "form"):
        yield Signal("FORM", start, end)


def _is_about_the_teacher(post: Post, form: re.Match[str]) -> bool:
    """ "9B's new maths teacher", "has been teaching 5B"."""
    return bool(
        _OF_A_TEACHER.match(post.lower, form.end())
        or _is_beside_teacher(post, form.start())
        or _TAUGHT.search(post.lower, max(0, form.start() - 20), form.start())
    )


def _is_beside_teacher(post: Post, start: int) -> bool:
    """ "Mrs Wilkes in reception", "Miss Dacosta in 3H"."""
    first, _ = post.sentence(start)
    return bool(_TEACHER_IN.search(post.lower, max(first, start - 40), start))


def _found(post: Post, table: str) -> Iterator[tuple[int, int]]:
    for entry in read("groups.toml", table):
        text = post.text if entry.keys["text"] == "given" else post.lower
        for match in entry.matches(text):
            yield match.start(), match.end()


def _is_lettered(match: re.Match[str], before: str) -> bool:
    """ "in 7A", "from 8D": but not "in 3D" or "with 5G"."""
    return match[0].upper() not in _TECHNICAL and bool(_CUE_BEFORE.search(before))


def _is_form(post: Post, match: re.Match[str]) -> bool:
    """ "9B" by its looks alone; "9b", "10 X" and "10XY2" only where a class would stand, and the
    second half of a postcode ("KB2 4RT") nowhere."""
    cued = not match[0][0].isdigit()
    before = post.lower[max(0, match.start() - 14) : match.start()]
    if len(match[1]) == 2 and _POSTCODE_BEFORE.search(before):
        return False
    if match[1].isupper() and _INITIALS_BEFORE.search(post.text[: match.start()][-10:]):
        return True
    if _NOT_FORM.fullmatch(match[1].lower()):
        followed = _LOT.match(post.lower, match.end()) or _ARE.match(post.lower, match.end())
        if match[1].isupper() and followed and match[0].upper() not in _TECHNICAL:
            return True
        return cued or (len(match[1]) == 1 and " " not in match[0] and _is_lettered(match, before))
    opens = not post.lower[: match.start()].strip()
    if cued or (opens and _OPENS.match(post.lower, match.end())):
        return True
    if _CUE_AFTER.match(post.lower, match.end()) or _CUE_BEFORE.search(before):
        return True
    if not match[1].isupper() or " " in match[0] or post.text.isupper():
        return False
    return len(match[1]) == 1 or (len(match[1]) == 2 and post.is_cased)
