"""Ways to reach one person: they count only where they are tied to a pupil."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal

_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,}")
_PHONE = re.compile(r"(?<![\w£])(?:\+44 ?|0044 ?|0)(?:\(0\) ?)?(?:\d[ -]?){9,10}(?!\w)")
_HANDLE = re.compile(r"(?<![\w@])@[\w.]{2,30}")
_NAMED_HANDLE = re.compile(
    r"\b(?:insta|instagram|snap|snapchat|tiktok|tik tok|ig|discord|roblox|psn|xbox|gamertag|account|username|user|handle|kik)\b"
    r"(?: (?:is|name|tag|handle|user|username|account))*(?::| -| =)? ?(?=\S*[\d_.])([\w.]{4,30})"
)
_STREET = (
    r"road|rd|street|st|lane|ln|avenue|ave|close|cl|drive|dr|crescent|cres|way|court|ct|grove|gardens|"
    r"terrace|place|walk|rise|mews|hill|view|green|square"
)
_ADDRESS = re.compile(
    rf"\b(?:flat \d+,? )?\d{{1,3}}[a-d]? (?:[a-z']+ ){{1,3}}(?:{_STREET})\b"
    rf"|\b(?:lives?|living|house is|stays) (?:\w+ ){{0,2}}(?:on|at|in|down|off|up) (?:[a-z']+ ){{1,3}}(?:{_STREET})\b"
    r"|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_DATE = rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
_DOB = re.compile(
    rf"\b(?:d\.?o\.?b\.?|date of birth|born|birthday|bday|birth date)\b[^\n]{{0,20}}?({_DATE})"
)
_TIE = re.compile(
    r"\b(?:his|her|hers|she|he|him|pupil|student|lad|girl|boy|kid|son|daughter|child|their|year \d{1,2}|y\d{1,2})\b"
)
_OFFICE = re.compile(
    r"\b(?:office|reception|contact us|call us|ring us|admissions|enquir(?:y|ies)|info|headteacher|tickets|book(?:ing)?s?|"
    r"apply|shop|helpline|samaritans|childline|school nurse|governor|clerk)\b"
)
_OFFICE_MAIL = re.compile(
    r"^(?:info|office|admin|head|enquir|contact|reception|pta|hr|jobs|recruit|hello|press|admissions|dpo)"
)


def contacts(post: Post) -> Iterator[Signal]:
    """Mail, phone, handle, address and date of birth, tied to a child in their sentence."""
    for kind, start, end in _found(post):
        if not post.in_school_name(start, end) and _tied(post, kind, start, end):
            yield Signal(kind, start, end)


def _found(post: Post) -> Iterator[tuple]:  # type: ignore[type-arg]
    mails = list(_EMAIL.finditer(post.text))
    for match in mails:
        if not _OFFICE_MAIL.match(match[0].lower()):
            yield "EMAIL", match.start(), match.end()
    for match in _PHONE.finditer(post.text):
        yield "PHONE", match.start(), match.end()
    for match in _HANDLE.finditer(post.text):
        if not any(m.start() < match.end() and match.start() < m.end() for m in mails):
            yield "HANDLE", match.start(), match.end()
    for match in _NAMED_HANDLE.finditer(post.lower):
        yield "HANDLE", match.start(1), match.end(1)
    for match in _ADDRESS.finditer(post.lower):
        yield "ADDRESS", match.start(), match.end()
    for match in _DOB.finditer(post.lower):
        yield "DOB", match.start(1), match.end(1)


def _tied(post: Post, kind: str, start: int, end: int) -> bool:
    first, last = post.sentence(start)
    around = post.lower[max(first, start - 120) : min(last, end + 80)]
    if kind != "HANDLE" and _OFFICE.search(around):
        return False
    if kind == "HANDLE":
        before = post.lower[max(first, start - 60) : start]
        return bool(re.search(r"\b(?:his|her|their|kid|lad|girl|boy|pupil)\b", before)) and bool(
            re.search(
                r"insta|snap|tiktok|account|handle|add|follow|ig\b|discord|profile|user|@", around
            )
        )
    return bool(_TIE.search(around))
