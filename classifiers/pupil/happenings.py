"""What happened, what is sensitive, and whether a school is known at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal

_INCIDENT = re.compile(
    r"\b(?:bull(?:y|ied|ying|ies)|excluded|expelled|suspended|detention|isolation|permanently excluded|attacked|assaulted|"
    r"punched|kicked|hit|beaten up|battered|jumped|stabbed|knife|spat (?:at|on)|pushed|tripped|threatened|robbed|mugged|"
    r"vap(?:e|es|ing)|truant(?:ing)?|bunk(?:ing|ed)|arrested|fight(?:ing)?|fought|broke (?:his|her|their)|fell|injured|concussion|ambulance|"
    r"nudes?|groomed|harassed|touched|missing|ran away|run away|absconded|locked in|restrained|"
    r"picked on|left out|called (?:him|her) (?:a|an)|crying|in tears|refus(?:es|ing) to go|too scared|won't go in|"
    r"stole|stealing|nicked|smoking|drunk|drugs|weed|hospital|accident|collapsed|slapped|strangled|choked|filmed)\b"
)
_SENSITIVE = re.compile(
    r"\b(?:autis(?:m|tic)|adhd|asd|sen|send|ehcp|dyslexi[ac]|epilep(?:sy|tic)|diabet(?:es|ic)|cancer|leukaemia|tourette'?s|"
    r"self[ -]?harm(?:s|ing|ed)?|suicidal|anorexi[ac]|anxiety|depress(?:ed|ion)|camhs|social services|social worker|foster(?:ed)?|"
    r"in care|looked[ -]after|adopted|child protection|safeguarding|pregnant|abused?|domestic violence|free school meals|"
    r"wheelchair|hearing aids?|stoma|feeding tube|allerg(?:y|ic)|refugee|asylum|transgender|bereave(?:d|ment)|selective mut(?:e|ism))\b"
)
_PHOTO = re.compile(r"\b(?:photo|pic|picture|video|snap|screenshot|selfie|image)s?\b")
_LIFE = re.compile(
    r"\b(?:school|schools|academy|teacher|teachers|head ?teacher|head|pupils?|students?|classroom|class|playground|"
    r"lessons?|homework|uniform|assembly|detention|gcses?|sats|ofsted|sixth form|nursery|tutor|senco|governors?|"
    r"parents'? evening|sports day|nativity|prom|half term|lunchtime|canteen|exams?|mocks?|prefects?|reception|term)\b"
)
_NAMED_SCHOOL = re.compile(
    r"\b(?:[A-Z][\w'’.-]+ ){1,4}(?:(?:C ?of ?E|CofE|CE|RC|Catholic|Church of England|Community|Primary|Junior|Infant|High|Grammar|"
    r"Secondary|Comprehensive|Sixth Form|Boys'?|Girls'?) ?){0,3}(?:School|Academy|College|Primary|High|Juniors|Infants|Comp|Grammar|Sixth Form)\b"
)
_LOWER_SCHOOL = re.compile(
    r"\b(?:at|to|from|of) (?!the |my |our |this |that |his |her |a |any |your |their |which |high |primary |secondary |middle |nursery |another )(?:[a-z'-]+ ){1,3}(?:school|academy|primary|high school|comp|grammar|juniors|infants)\b"
)


def happenings(post: Post) -> Iterator[Signal]:
    for match in _INCIDENT.finditer(post.lower):
        yield Signal("INCIDENT", match.start(), match.end())


def sensitive(post: Post) -> Iterator[Signal]:
    for match in _SENSITIVE.finditer(post.lower):
        yield Signal("SENSITIVE", match.start(), match.end())


def photos(post: Post) -> Iterator[Signal]:
    for match in _PHOTO.finditer(post.lower):
        yield Signal("PHOTO", match.start(), match.end())


def school_life(post: Post) -> Iterator[Signal]:
    for match in _LIFE.finditer(post.lower):
        yield Signal("SCHOOL_LIFE", match.start(), match.end())


def schools(post: Post) -> Iterator[Signal]:
    """A school by name: one of ours, or any that the text names."""
    for link in post.links:
        for span in link.spans:
            yield Signal("SCHOOL", span.start, span.end)
    if post.links:
        return
    for match in _NAMED_SCHOOL.finditer(post.text):
        yield Signal("SCHOOL", match.start(), match.end())
    for match in _LOWER_SCHOOL.finditer(post.lower):
        yield Signal("SCHOOL", match.start() + 3, match.end())
