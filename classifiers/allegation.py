"""Two readings that raise severity and turn the road a matter takes: an allegation that a
member of staff (or a head) harmed a child, and words of a time or a means.

Rules, not a model: who is told first depends on them, so they must be readable. They look at
one sentence at a time and ask for staff, a harmful act and a child in that order, or the
passive of it.
"""

from __future__ import annotations

import re

from classifiers.labels.tokens import plain
from classifiers.types import Allegation

_LOOKED_AT = 20_000
_HEAD = (
    r"head ?teacher|head ?master|head ?mistress|executive head|acting head|principal|"
    r"head of school|(?<!deputy )(?<!assistant )\bhead(?! (?:of|girl|boy|first|lice|start|over|"
    r"on|down|up|injur|butt))"
)
_STAFF = (
    r"teachers?|members? of staff|staff(?: members?)?|tas?|teaching assistants?|tutors?|"
    r"coach(?:es)?|"
    r"caretaker|chaplain|governor|deputy|assistant head|senco|lecturer|sir|miss|mr|mrs|ms|mx|"
    r"dinner lad(?:y|ies)|lunchtime supervisor|midday supervisor|supply|technician|matron|"
    r"receptionist|librarian|head of (?:year|house|department|sixth form|pe|maths|english|science)"
)
_CHILD = (
    r"(?:year \d{1,2} )?(?:pupils?|students?|child(?:ren)?|kids?|boys?|girls?|sons?|daughters?|"
    r"lads?|toddlers?|teen(?:age[rd]?)?s?|minors?|brother|sister|nephew|niece|grandson|"
    r"granddaughter|little one|schoolgirl|schoolboy|year \d{1,2}s?|"
    r"(?:\d{1,2}|four|five|six|seven|eight|nine|ten|eleven|twelve)[- ]year[- ]olds?|"
    r"sixth[- ]formers?|"
    r"under ?age|ds|dd)"
)
_PHYSICAL = (
    r"hit|hits|hitting|slapp(?:ed|ing)|slaps?|smack(?:ed|ing|s)?|punch(?:ed|ing|es)?|"
    r"kick(?:ed|ing|s)?|grabb(?:ed|ing)|grabs?|dragg(?:ed|ing)|drags?|pushed|pushing|shov(?:ed|ing)|"
    r"pinn(?:ed|ing)|restrain(?:ed|ing|s)?|manhandl(?:ed|ing)|strangl(?:ed|ing)|chok(?:ed|ing)|"
    r"threw|throwing|hurt|hurting|injur(?:ed|ing)|harm(?:ed|ing)|assault(?:ed|ing|s)?|"
    r"attack(?:ed|ing)|beat|beating|beaten|struck|pinch(?:ed|ing)|shook|shaking|"
    r"locked|force[- ]fed|abus(?:ed|ing|es)|ill[- ]treat(?:ed|ing)|bruis(?:ed|es|ing)"
)
_SEXUAL = (
    r"touch(?:ed|es|ing)|grop(?:ed|ing)|groom(?:ed|ing)|molest(?:ed|ing)|rap(?:ed|ing)|kiss(?:ed|ing)|"
    r"sext(?:ed|ing)|slept with|sleeping with|fondl(?:ed|ing)|exposed himself|flash(?:ed|ing)|"
    r"messag(?:ed|ing)|text(?:ed|ing)|asked for (?:photos|pictures|nudes)|"
    r"asking for (?:photos|pictures|nudes)|upskirt(?:ed|ing)|film(?:ed|ing)|inappropriate(?:ly)?|"
    r"indecent|sexual(?:ly)?|affair with|relationship with|engaging in sexual"
)
_SENTENCE = re.compile(r"[.!?\n]+(?:\s|$)")
_ACT = re.compile(rf"\b(?:{_PHYSICAL}|{_SEXUAL})\b")
_SOMEONE = re.compile(rf"\b(?:{_CHILD}|him|her|me|us|them)\b")
_CHILD_WORD = re.compile(rf"\b(?:{_CHILD})\b")
_HEAD_WORD = re.compile(rf"\b(?:{_HEAD})\b")
_STAFF_WORD = re.compile(rf"\b(?:{_STAFF})\b")
_STILL_THERE = re.compile(
    r"\bstill (?:teach(?:es|ing)|work(?:s|ing)|employed|coach(?:es|ing))\b|"
    r"\b(?:his|her|their) (?:job|classroom)\b"
)
_HE = re.compile(r"\b(?:he|she|they)\s*$")
"""Who did it, where the next sentence tells that it was staff: "She still teaches there"."""
_DENIED = re.compile(
    r"\b(?:never|no evidence|not true|did ?n[o']?t|has ?n[o']?t|nobody|no one|hit it off|"
    r"hit the (?:right|ground|nail|target|road|jackpot|mark|gym)|"
    r"training|awareness|policy|course|workshop|charity|match|goal|penalty|in the play|"
    r"film club|filmed a video|cleared of|shook (?:\w+ )?(?:\w+ )?hands?|"
    r"(?:hit|struck|kicked) (?:a|the) (?:six|four|ball|winner|post|bar|note|gong)|"
    r"kiss(?:ed|ing) (?:the|a) (?:trophy|cup|medal|frog|pig|ground))\b"
)
_FEELINGS = re.compile(
    r"\b(?:so|very|really|deeply) touched\b|\btouched (?:to|that|our|my heart|"
    r"by (?:the|her|his|your|their) (?:kind\w*|message|card|words|gift))"
)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being|be|got|getting|gets)(?: \w+)?\s*$")
_BY = re.compile(r"[^,;]{0,25}\bby\b")

_TIME = (
    r"tonight|tomorrow|tmrw|tmr|2moro|2nite|today|right now|this (?:morning|afternoon|evening|"
    r"weekend|lunch(?:time)?)|after school|at lunch|home ?time|period \d|midnight|in an hour|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day|next (?:week|lesson)|at \d{1,2}(?:[:.]\d\d)?\s?"
    r"(?:am|pm)?|goodbye|already taken|i'?ve taken|just took"
)
_MEANS = (
    r"knife|knives|blade|machete|shank|gun|pistol|bomb|petrol|acid|hammer|baseball bat|crowbar|"
    r"axe|screwdriver|razor|pills|paracetamol|overdos\w*|rope|noose|bridge|bleach|weapon"
)
_IMMEDIATE = re.compile(rf"\b(?:{_TIME}|{_MEANS})\b|[\U0001F52A\U0001F52B\U0001F4A3\U0001F5E1]")


def allegation(text: str) -> Allegation:
    """ "head" when a head is said to have harmed a child, else "staff", else "none"."""
    found: Allegation = "none"
    child_named = False
    said = plain(text[:_LOOKED_AT]).lower()
    is_staff = bool(_STILL_THERE.search(said))
    for sentence in _SENTENCE.split(said):
        child_named = child_named or bool(_CHILD_WORD.search(sentence))
        if _DENIED.search(sentence) or _FEELINGS.search(sentence):
            continue
        for act in _ACT.finditer(sentence):
            who = _actor(sentence, act.start(), act.end(), child_named=child_named)
            if who == "none" and is_staff and _HE.search(sentence[: act.start()]):
                who = "staff" if _CHILD_WORD.search(sentence[act.end() :]) else "none"
            if who == "head":
                return "head"
            if who == "staff":
                found = "staff"
    return found


def _actor(sentence: str, start: int, end: int, *, child_named: bool) -> Allegation:
    before, after = sentence[max(0, start - 90) : start], sentence[end : end + 70]
    passive = _BY.match(after)
    if passive and _PASSIVE.search(before):
        if not (_CHILD_WORD.search(before) or child_named):
            return "none"
        return _kind(after[passive.end() :])
    whom = _SOMEONE.search(after)
    if whom is None or not (child_named or _CHILD_WORD.search(after)):
        return "none"
    return _kind(before)


def _kind(words: str) -> Allegation:
    heads, staff = _HEAD_WORD.search(words), _STAFF_WORD.search(words)
    if heads and not (staff and staff.start() > heads.end()):
        return "head"
    return "staff" if staff else "none"


def immediate(text: str) -> bool:
    """Whether a time or a means is named: "tonight", "a knife"."""
    return bool(_IMMEDIATE.search(plain(text[:_LOOKED_AT]).lower()))
