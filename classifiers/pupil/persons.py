"""A child spoken of without a name: age, kinship, a role, a description."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal

_CHILD_AGE = r"(?:1[0-8]|[3-9])"
_AGE_WORD = r"(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen)"
_AGE = re.compile(
    rf"(?<![\d.£])\b{_CHILD_AGE}[ -]?(?:(?:years?|yrs?|yr)[ -]?olds?|y/?o\b|yo\b|year old)"
    rf"|\b{_AGE_WORD}[ -]years?[ -]olds?\b"
    rf"|\b(?:aged?|is only|only just turned|just turned|turned|hes|he's|shes|she's|is just|hes only|shes only|he's only|she's only) (?:{_CHILD_AGE}|{_AGE_WORD})\b(?!%|[:.]\d|st|nd|rd|th| (?:years ago|minutes|mins|times|out|of|days|weeks|months|hours|pounds|points|miles|goals|o'clock|am|pm|to|percent|per))"
)
_KIN_NOUN = (
    r"son|daughter|lad|little (?:boy|girl|one|lad|man|brother|sister)|boy|girl|child|kid|eldest|"
    r"youngest|oldest|middle (?:child|one|son|daughter)|grandson|granddaughter|grandchild|nephew|niece|stepson|"
    r"stepdaughter|step ?(?:son|daughter)|foster (?:son|daughter|child)|brother|sister|twins?|ds|dd|lo|dgs|dgd|"
    r"\d{1,2}[ -]?(?:year|yr|y)s?[ -]?o(?:ld)?|y\d{1,2} (?:son|daughter)|year \d{1,2} (?:son|daughter)|teenager|baby boy|baby girl|princess|sen child"
)
_KIN = re.compile(
    rf"\b(?:my|our|me) (?:own |poor |lovely |beautiful |autistic |adopted |only |wee |very )*(?:{_KIN_NOUN})\b"
    r"|\b(?:my|our) (?:\w+ )?(?:son|daughter|lad|nephew|niece|grandson|granddaughter)\b"
    r"|\b(?:her|his|their) (?:son|daughter|little boy|little girl)\b"
)
_ROLE = re.compile(
    r"\b(?:deputy |our |new |the )*head (?:girl|boy|pupil|student)\b|\b(?:sports|house|team|form|netball|football|"
    r"rugby|cricket|hockey|basketball|vice|school|club|year \d{1,2}|eco) ?captain\b|\bcaptain of (?:the )?(?:\w+ ){0,3}(?:team|squad|side)\b"
    r"|\b(?:student|school|pupil|form|class) council (?:rep|representative|president|chair)\b"
    r"|\b(?:student|pupil|pupil of the week|sportsman|sportswoman|star) of the (?:year|week|term|month)\b"
    r"|\b(?:school|head|student) (?:president|librarian)\b|\blead (?:role|part) in the (?:school )?(?:play|musical|production|show)\b"
    r"|\b(?:played|playing|plays) (?:mary|joseph|the lead|annie|oliver|matilda|dorothy|gabriel)\b|\bvaledictorian\b|\bform (?:rep|captain)\b|\bclass rep\b"
    r"|\bthe goal ?(?:keeper|ie) (?:for|of|in)\b|\bthe (?:lead singer|drummer|soloist)\b|\bcaptains? the (?:\w+ ){0,3}(?:team|squad)\b"
)
_NOT_ROLE = re.compile(
    r"\s*(?:applications?|elections?|interviews?|candidates|positions?|badges?|boards?|roles|nominations|hustings|and head|team|s\b|will be (?:chosen|announced|picked))"
)
_CHILD = r"(?:lad|boy|girl|kid|child|pupil|student|one|lass|brat|twins?)"
_LOOKS = (
    r"ginger|tall|tiny|fat|skinny|red[ -]?haired|blonde?|disabled|autistic|deaf|blind|polish|ukrainian|"
    r"romanian|nigerian|chinese|somali|syrian|afghan|indian|pakistani|black|asian|white|muslim|sikh|jewish|traveller|gypsy|irish|"
    r"trans|gay|new|quiet|weird|loud|posh|looked[ -]after|foster|short|chubby|spotty|refugee|transgender|diabetic|epileptic|mute|albino|adopted"
)
_DESCRIPTOR = re.compile(
    rf"\b(?:that|this|the|a|one|some) (?:\w+ )?(?:{_LOOKS}) (?:\w+ )?{_CHILD}\b"
    rf"|\b(?:that|this|the|a|one) (?:\w+ ){{0,2}}{_CHILD} (?:in (?:\w+ ){{1,3}})?(?:from (?:\w+ ){{1,3}})?(?:with (?:the |a |one |no |two )?(?:\w+ )?(?:hair|wheelchair|hearing|glasses|leg|arm|stammer|stutter|braces|limp|birthmark|scar|eye|cochlear|crutches|cast|prosthetic|lisp|peg|colostomy|epilepsy|tourettes|tourette's|downs|down's|autism|adhd|diabetes|cancer|alopecia|eczema|cerebral|cleft)|whose|who(?:'s| is| has| was| got| lost| lives| came| had| broke|se| always| never| keeps| only)?\b)"
    rf"|\bthe only (?:\w+ ){{0,3}}(?:{_CHILD}|user|one|refugee|traveller|wheelchair user)\b"
    rf"|\b(?:{_LOOKS})(?:[ -]\w+)? (?:lad|boy|girl|kid|pupil|student) (?:in|from|of)\b"
    r"|\b(?:whose|her|his) (?:dad|mum|mother|father|brother|sister|parents|nan|stepdad|uncle) (?:is|was|got|has|works|went|died|runs|owns|left|just|drives|teaches)\b"
    r"|\b(?:wheelchair user|hearing aids|cochlear implants?|prosthetic leg|the (?:\w+ )?twins)\b"
)
_CHILD_WORD = re.compile(
    r"\b(?:a|the|that|this|one|another|some) (?:\w+ ){0,2}(?:lad|boy|girl|kid|child|pupil|student|schoolboy|schoolgirl|lass|bully|classmate)\b"
    r"|\b(?:schoolboy|schoolgirl|pupil|teenager|year \d{1,2} (?:boy|girl|lad|pupil|student|kid))\b"
)


def ages(post: Post) -> Iterator[Signal]:
    """A child's age, 3 to 18."""
    for match in _AGE.finditer(post.lower):
        yield Signal("AGE", match.start(), match.end())


def kin(post: Post) -> Iterator[Signal]:
    """One child of the author's own family; not "my kids"."""
    for match in _KIN.finditer(post.lower):
        yield Signal("KIN", match.start(), match.end())


def posts_held(post: Post) -> Iterator[Signal]:
    """A role that one pupil of a school holds ("head girl"), not the election to it."""
    for match in _ROLE.finditer(post.lower):
        if not _NOT_ROLE.match(post.lower, match.end()):
            yield Signal("ROLE", match.start(), match.end())


def descriptions(post: Post) -> Iterator[Signal]:
    """Looks, family or circumstances that fit one child."""
    for match in _DESCRIPTOR.finditer(post.lower):
        yield Signal("DESCRIPTOR", match.start(), match.end())


def children(post: Post) -> Iterator[Signal]:
    """A single child spoken of."""
    for match in _CHILD_WORD.finditer(post.lower):
        yield Signal("CHILD", match.start(), match.end())
