"""Names that hide a name: initials, nicknames, "the Henderson boy"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal
from classifiers.resources.words import english

_GROUP = r"(?:(?:year|yr|y) ?\d{1,2}|\d{1,2} ?[a-z]{1,2}\b|form|class|reception)"
_INITIALS = re.compile(
    r"(?<![\w.])(?:[A-Z]\.? ?[A-Z]\.?|[a-z]\.[a-z]\.?|[A-Z]\.[A-Z]-[A-Z]\.?)(?![\w'’])"
    rf"(?=,? ?\(?(?:(?:in|from|of)? ?(?:my |our )?{_GROUP}|(?:in|from) \d{{1,2}} [a-z]{{3,}}))",
    re.IGNORECASE,
)
_TOLD_INITIALS = re.compile(
    r"\b(?:initials(?: are| is)?|called|named|known as|lad|girl|boy|kid|student|pupil) "
    r"([A-Z]\.? ?[A-Z]\.?)(?![\w'’])"
)
_PARENT_OF_INITIAL = re.compile(
    r"\b(?:[Pp]arent|[Mm]um|[Dd]ad|[Mm]other|[Ff]ather|[Cc]arer|[Ss]on|[Dd]aughter),? (?:of |to )?"
    r"([A-Z](?:\.(?:[A-Z]\.?)?)?)(?=[ ,:]| in\b)"
)
_NOT_INITIALS = frozenset(
    {"pe", "it", "re", "tv", "uk", "eu", "us", "ok", "id", "dj", "mp", "ta", "pa", "hr", "gp", "rs"}
    | {"dt", "is", "if", "in", "on", "at", "as", "we", "he", "me", "my", "so", "or", "an", "be"}
    | {"by", "do", "go", "no", "of", "to", "up", "am", "pm", "ks", "xx", "ah", "oh", "ha", "yo"}
)
_NICKNAME = re.compile(
    r"\b(?:called|call(?:s|ed)?(?: (?:him|her|them))|"
    r"(?:they|everyone|everybody|we|all|kids|people|lads) calls?|"
    r"known as|nicknamed|aka|a\.k\.a\.|goes by|nickname(?: is)?)"
    r" (?:[\"“'‘](?P<quoted>[\w -]{2,20})[\"”'’]|(?P<bare>[A-Z][a-z]{2,12}|(?<=aka )[a-z]{3,12})\b)"
)
_GROWN_UP = re.compile(
    r"\b(?:driver|teacher|lady|man|woman|coach|caretaker|cleaner|cook|guard|vet|cat|dog|pony)"
    r"(?:,| is| was)* $"
)
_BY_SIZE = re.compile(
    r"\b(?:big|lil|little|fat|mad|wee|baby|young|skinny) (?P<name>[^\W\d_]{3,12})\b"
)
_NO_NICKNAME = frozenset({"un", "uns", "one", "ones", "interpreter", "carer", "carers", "leader"})
_SURNAME_CHILD = re.compile(
    r"\b(?:[Tt]he|[Tt]hat|[Tt]his|[Tt]hem|[Tt]hose|THE|THAT) "
    r"([A-Z][a-z'’-]{2,15}|[A-Z]{3,15}|[a-z'’-]{3,15}) "
    r"(?:lad|boy|girl|lads|kid|kids|boys|girls|twins?|triplets|siblings|brothers|sisters|child|children)\b"
)


def initials(post: Post) -> Iterator[Signal]:
    """Two letters where a pupil's name would stand: "J.S. in year 10"."""
    for match in _INITIALS.finditer(post.text):
        dotted = "." in match[0][:-1]
        if (dotted or _letters(match[0]) not in _NOT_INITIALS) and _may_be_initials(post, match[0]):
            yield Signal("INITIALS", match.start(), match.end())
    for match in _PARENT_OF_INITIAL.finditer(post.text):
        yield Signal("INITIALS", match.start(1), match.end(1))
    for match in _TOLD_INITIALS.finditer(post.text):
        if _letters(match[1]) not in _NOT_INITIALS:
            yield Signal("INITIALS", match.start(1), match.end(1))


def _letters(text: str) -> str:
    return text.replace(".", "").replace(" ", "").lower()


def _may_be_initials(post: Post, text: str) -> bool:
    return "." in text[:-1] or (text.isupper() and " " not in text and not post.text.isupper())


def nicknames(post: Post) -> Iterator[Signal]:
    """ "the kid they call Tank", "big Tommo"."""
    for match in _NICKNAME.finditer(post.text):
        group = "quoted" if match["quoted"] else "bare"
        if post.in_school_name(match.start(group), match.end(group)):
            continue  # "a school called Oakenhall"
        if _GROWN_UP.search(post.lower, max(0, match.start() - 30), match.start()):
            continue
        is_theirs = group == "quoted" or " him " in match[0] or " her " in match[0]
        if is_theirs or match[group].lower() not in english():
            yield Signal("NICKNAME", match.start(group), match.end(group))
    for match in _BY_SIZE.finditer(post.lower):
        plain = match["name"] in english() or match["name"] in _NO_NICKNAME
        if not plain and not post.in_school_name(match.start(), match.end()):
            yield Signal("NICKNAME", match.start(), match.end())


def family_children(post: Post) -> Iterator[Signal]:
    """ "the Henderson boy": a surname that names a child."""
    for match in _SURNAME_CHILD.finditer(post.text):
        word = match[1].lower()
        if word not in english() and not post.in_school_name(match.start(1), match.end(1)):
            yield Signal("SURNAME", match.start(1), match.end(1))


def again(post: Post, found: Sequence[Signal]) -> Iterator[Signal]:
    """Where initials and nicknames that were found stand once more."""
    for one in found:
        if one.kind not in ("INITIALS", "NICKNAME"):
            continue
        written = post.text[one.start : one.end]
        if one.kind == "NICKNAME":
            written = written.split()[-1]
        elif len(written) < 2 or ("." not in written and not written.isupper()):
            continue
        if written.islower() and written in english():
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(written)}(?![^\W_])", post.text):
            if match.start() >= one.end or match.end() <= one.start:
                yield Signal(one.kind, match.start(), match.end())
