"""Years, forms and teams: the groups of a school that a pupil belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal

_NUMBER = r"(?:1[0-3]|[1-9])"
_WORD_NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen)"
_YEAR = re.compile(
    rf"\b(?:year|yr|yeer|yesr)s?[ .-]?(?:group )?{_NUMBER}(?:s|'s)?\b(?! ?(?:years?|months?|%))"
    rf"|\by ?{_NUMBER}(?:s|'s)?\b|\byear {_WORD_NUMBER}s?\b|\breception (?:class|child|kids?|pupils?|children)\b"
    r"|\bin reception\b|\b(?:lower|upper) sixth\b|\bks[1-5]\b|\bsixth[ -]?formers?\b"
)
_NOT_YEAR = re.compile(
    r"\s*(?:of (?:working|teaching|being|my|our|the (?:plan|project|lease|contract|grant))|"
    r"(?:in|into) (?:this|my|the) (?:job|role)|running|anniversary|accounts|results show)"
)
_LETTER_FORM = re.compile(
    rf"(?<![\w£$#./:-])(?:form |class |set |tutor group )?({_NUMBER})[ -]?([A-Z]{{1,3}}\d?|[a-z]{{1,2}}\d?)(?![\w/-])"
)
_NOT_FORM = re.compile(
    r"(?:am|pm|st|nd|rd|th|k|km|m|mm|cm|ft|g|kg|mb|gb|tb|d|p|x|hr|hrs|min|mins|s|yo|yr|yrs|lb|oz|w|v|l|ml|bn|in|to|or|of|on|at|is|it|if|he|we|my|me|no|so|up|go|do|by|an|as|us|be|i|a)",
)
_FORM_CUE = re.compile(
    r"(?:\bin|\bfrom|\bform|\bclass|\bof|\bset|\byear|\bkids?|\btutor group|\bpupils?|\bgroup|\bfor|\bto|\bwith|\bdone|,|\()\s*$"
)
_FORM_AFTER = re.compile(r"\s*(?:are|is|were|was|won|have|has|kids?|lads|girls|boys|pupils?)\b")
_FORM_OPENS = re.compile(r"\s*(?:at|from|in|off|pupils|parents)\b")
_NAMED_CLASS = re.compile(
    r"\b(?:(?P<year>(?:year|yr|y) ?\d{1,2}) )?(?!(?:The|This|Her|His|My|Our|Your|Same|Whole|First|Second|World|Middle|Working|Upper|Business|Art|Dance|Yoga|Zumba|Cookery|Master|Spin|Fitness|Swimming|Maths|English|Science|History|Geography|French|Spanish|German|Music|Drama|Great|No|That|Their|A|An|In|Of|Every|Each|Which|Any|Another|Best|Top|Next|New|Old)\b)[A-Z][a-z]{2,12}(?:s|es)? (?:[Cc]lass|[Ff]orm)\b(?! action| of)"
)
_NUMBERED_NAME = re.compile(
    rf"\b(?:[Yy]ear |[Yy]r |Y|[Cc]lass )?{_NUMBER} (?:Oak|Ash|Elm|Beech|Birch|Willow|Maple|Holly|Hazel|Rowan|Cedar|Pine|Chestnut|Sycamore|Red|Blue|Green|Yellow|Purple|Orange|Gold|Silver|Kingfishers?|Owls?|Robins?|Eagles?|Falcons?|Hawks?|Kestrels?|Foxes|Badgers|Hedgehogs|Otters|Squirrels|Rabbits|Swans?|Puffins?|North|South|East|West)\b"
)
_TEACHER_CLASS = re.compile(
    r"\b(?:mr|mrs|miss|ms|mx|dr|sir)\.? [^\W\d_][\w'-]*(?:'s?|s)? (?:(?:year|yr|y) ?\d{1,2} )?"
    r"(?:\w+ )?(?:class|form|tutor group|tutor|lot|set|register group|maths group|lessons?)\b"
)


_NATURE_CLASS = re.compile(
    r"\b(?:oak|ash|elm|beech|birch|willow|maple|holly|hazel|rowan|cedar|pine|chestnut|sycamore|"
    r"kingfishers?|owls?|robins?|eagles?|falcons?|hawks?|kestrels?|fox(?:es)?|badgers?|hedgehogs?|"
    r"otters?|squirrels?|rabbits?|swans?|puffins?|bumblebees?|butterfl(?:y|ies)|ladybirds?) class\b"
)


def years(post: Post) -> Iterator[Signal]:
    """Year groups, not the years of a job ("year 6 of working here")."""
    for match in _YEAR.finditer(post.lower):
        if not _NOT_YEAR.match(post.lower, match.end()):
            yield Signal("YEAR", match.start(), match.end())


def forms(post: Post) -> Iterator[Signal]:
    """Forms and classes: "9B", "7 KL", "Year 4 Kingfishers", "Mrs Hall's class"."""
    for match in _LETTER_FORM.finditer(post.text):
        if _is_form(post, match):
            yield Signal("FORM", match.start(), match.end())
    for pattern, text in (
        (_NAMED_CLASS, post.text),
        (_NUMBERED_NAME, post.text),
        (_TEACHER_CLASS, post.lower),
        (_NATURE_CLASS, post.lower),
    ):
        for match in pattern.finditer(text):
            yield Signal("FORM", match.start(), match.end())


def _is_form(post: Post, match: re.Match[str]) -> bool:
    letters = match[2]
    cued = not match[0][0].isdigit()
    if _NOT_FORM.fullmatch(letters.lower()):
        return cued
    before = post.lower[max(0, match.start() - 14) : match.start()]
    opens = not post.lower[: match.start()].strip()
    if opens and _FORM_OPENS.match(post.lower, match.end()):
        return True
    if _FORM_AFTER.match(post.lower, match.end()):
        return True
    if letters.islower() or len(letters) > 2 or not post.is_cased:
        return cued or bool(_FORM_CUE.search(before))
    return " " not in match[0] or cued or bool(_FORM_CUE.search(before))
