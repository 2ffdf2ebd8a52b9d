"""Whose name is it? Each name is judged by what stands around it, for and against a pupil.

Every cue has a name and a weight in log-odds; counter-signals (titles, jobs, adult ages,
former pupils, authors, pets, years of service) are the only terms below zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifiers.pupil.names import Name
from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal
from classifiers.types import Reason

THRESHOLD = 2.0
"""Log-odds from which a name counts as a pupil's."""

_JOB = (
    r"head ?teacher|head ?master|head ?mistress|(?:deputy|assistant|executive|associate|acting|interim|vice|co-)[ -]?(?:head ?teacher|head|principal)|head of \w+(?: \w+)?|"
    r"teachers?|teaching assistant|ta|hlta|principal|caretaker|site manager|governors?|chair(?:man|woman|person)?(?: of \w+)?|ceo|chief executive|director|"
    r"manager|author|mp|councillor|cllr|coach|instructor|officer|secretary|bursar|cook|chef|cleaner|receptionist|senco|sendco|chaplain|vicar|"
    r"minister|mayor|reporter|spokes\w+|inspector|sergeant|detective|solicitor|librarian|nurse|doctor|gp|trustee|lollipop (?:lady|man)|"
    r"dinner lady|lunchtime supervisor|supply teacher|colleagues?|staff|support staff|technician|counsellor|tutor|lecturer|singer|footballer|striker|comedian|presenter|"
    r"actor|actress|artist|poet|illustrator|scientist|novelist|writer|rapper|olympian|paralympian|professor|builder|driver|bus driver|owner|founder|volunteer|"
    r"organiser|photographer|journalist|editor|youtuber|pe teacher|business manager|office manager|learning mentor|dsl|safeguarding lead|psychologist|therapist|apprentice|trainee"
)
_ADULT_KIN = (
    r"mum|mam|mummy|dad|daddy|mother|father|mother[ -]of[ -]\w+|father[ -]of[ -]\w+|mum[ -]of[ -]\w+|dad[ -]of[ -]\w+|nan|nana|gran|grandma|grandad|grandpa|grandmother|grandfather|"
    r"auntie|aunty|aunt|uncle|husband|wife|partner|hubby|fianc[eé]e?|parent|carer|childminder|neighbour|landlord|step ?dad|step ?mum|boss|mil|widow"
)
_PET = r"dog|cat|hamster|guinea pig|rabbit|pony|horse|puppy|kitten|tortoise|pet|bunny|goldfish|hen|labrador|cockapoo|labradoodle|spaniel|snake|gecko|lizard|parrot"
_CHILD = r"pupils?|students?|schoolboy|schoolgirl|lads?|girls?|boys?|kids?|child|children|captain|prefects?|classmates?|bully|bullies|brat|teenager|youngsters?|youngest|eldest|oldest|twins?|friend|friends|bestie|mates?|winners?|siblings?|goalkeeper|scorer|finalists?|learners?|reader"
_KIN = r"son|daughter|lad|boy|girl|child|kid|little one|eldest|youngest|oldest|nephew|niece|grandson|granddaughter|grandchild|brother|sister|twins|stepson|stepdaughter|ds|dd|cousin|baby"

_BEFORE_AGAINST = (
    ("title", -8.0, r"\b(?:mr|mrs|miss|ms|mx|dr|sir|dame|lord|lady|rev|revd|reverend|fr|cllr|councillor|prof|professor|pc|dc|sgt|pcso|coach|chef|nurse|judge|pastor|imam|rabbi|canon|bishop|st|saint|president)\.? (?:\w+ |\w\.? ?)?$"),
    ("job", -5.0, rf"\b(?:{_JOB})(?:,| is| was| -|:)? (?:called |named )?$"),
    ("adult relative", -5.0, rf"\b(?:{_ADULT_KIN})(?:,| called| is)? $"),
    ("pet", -6.0, rf"\b(?:{_PET})s?(?:,| called| named| is| is called)* $"),
    ("the author's own name", -4.0, r"(?:\bi'?m|\bi am|\bmy name is|\bmy name's|\bthis is|regards,?|sincerely,?|faithfully,?|\bsigned,?|wishes,?|cheers,|thanks,|written by parent) ?\s?$"),
    ("known work", -3.5, r"\b(?:novel|book|song|film|album|play|biography|poem|story|stories|works?|portrait|statue|music|character|fan) (?:by|of|called|named)? ?$"),
    ("named after", -5.0, r"\b(?:named after|founded by|opened by|quote from|quoted|according to|starring|sung by|managed by|chaired by|taught by|led by|run by|directed by|sponsored by) $"),
)  # fmt: skip
_AFTER_AGAINST = (
    ("job", -5.0, rf"^(?:,| -| –|:|\)|\()? ?(?:(?:is|was|has been|been|who is|who's|who|as|becomes?|became|joins us|joins|appointed|named|steps? up|started|starts|will be|retires|works|working) )*(?:as )?(?:our|the|a|an|their|my|his|her|your|its)? ?(?:new |former |current |long-serving |lovely |brilliant |amazing |local |school |maths |english |science |pe |history |music |art |reception |year \d{{1,2}} |class |head |chief |finance |primary |secondary )*(?:{_JOB})\b"),
    ("adult age", -6.0, r"^,? ?\(?(?:aged? )?(?:19|[2-9]\d)\)?(?=[,.) ]|$)(?! (?:points|goals|marks|per|out|minutes|runs|laps|miles|times|books|lengths|days|merits|house|%))"),
    ("adult relative", -4.5, rf"^(?:,| \(| is)? ?(?:a |the |his |her |their )?(?:{_ADULT_KIN})\b(?!'s)"),
    ("pet", -6.0, rf"^,? (?:is |the |our |my |was |a )*(?:\w+ )?(?:{_PET})\b"),
    ("quoted adult", -2.5, r"^,? (?:said|says|told the|added|explained|commented|tweeted|insisted)\b"),
    ("known work", -4.0, r"^(?:'s|s')? (?:new |latest |first |debut |famous )?(?:novel|book|song|album|film|biography|concert|tour|poem|podcast|show|speech|policy|government|administration|paintings?|theory|diary)\b"),
    ("place or firm", -5.0, r"^(?:'s|s)? (?:road|street|lane|close|avenue|park|hall|house|centre|arms|way|drive|trust|foundation|ltd|limited|estates?|lettings|building|suite|theatre|cup|shield|trophy|memorial|award|prize|fund|day|stadium|hospital|library|airport|college|university)\b"),
    ("adult's doing", -3.0, r"^ (?:for|has been|who|who has|and (?:her|his) team)? ?(?:organis(?:ing|ed)|running|runs|teach(?:es|ing)|taught|marking|coach(?:es|ing)|led|leads|leading|serving|served|employed|retir(?:es|ed|ing)|manag(?:es|ed|ing)|owns|drives|joined the (?:team|staff|school as))\b"),
)  # fmt: skip
_SENTENCE_AGAINST = (
    ("former pupil", -6.0, r"\b(?:former|ex|old)[- ](?:pupils?|students?|head ?(?:girl|boy)|girls?|boys?)\b|\balumn(?:i|us|a)\b|\bclass of (?:19|20)\d\d\b|\breunion\b|\bleft (?:the )?(?:school|here)? ?in (?:19|20)\d\d|\b(?:\d+|many|few|some) years ago\b|\bback in (?:the )?(?:19|20|[789]0s|'?\d0s)|\bused to go (?:to|here)\b|\bold school friends?\b|\bgraduat(?:ed|ing)\b|\bwent to school (?:here|with)\b|\bwas (?:in my year|a pupil|at school with)\b|\bnow (?:a|an) (?:\w+ )?(?:doctor|nurse|teacher|lawyer|engineer|pilot|professional|actor|vet|barrister)\b|\bpremier league\b|\bolympi(?:c|an)s?\b|\balma mater\b|\bin (?:19[5-9]\d|200\d|201[0-5])\b"),
    ("years of service", -4.0, r"\b(?:\d+|twenty|thirty|ten|fifteen|forty|many) years(?:'|' of)? (?:of )?(?:service|teaching|at the|with us|here|as|in the job|working|in education)\b|\bretire(?:s|d|ment)?\b|\bretiring\b|\bmaternity\b|\bstaff room\b|\bjoin(?:s|ed|ing) (?:us|the team|our team|the staff)\b|\bstarts? as\b|\bappointed\b|\bnew member of staff\b|\bdedication to the school\b|\bposition of\b"),
    ("public life", -4.0, r"\b(?:prime minister|labour|tory|tories|conservatives?|lib dem|parliament|westminster|government minister|education secretary|home secretary|shadow|constituency|novelist|bestselling|netflix|strictly|x factor|glastonbury|premier league|world cup|grammy|oscars?|shakespeare|celebrity)\b"),
)  # fmt: skip
_BEFORE_FOR = (
    ("own child", 4.0, rf"\b(?:my|our|her|his|their|your|me) (?:\w+ ){{0,2}}(?:{_KIN})(?:,| called| named| -)? ?\(?$"),
    ("called a child", 3.5, rf"\b(?:{_CHILD})(?:,| called| named| like| is| are| was|:| -| –)? ?\(?$"),
    ("year or form before", 3.5, r"\b(?:(?:year|yr|y) ?\d{1,2}(?:'s|s)?|\d{1,2} ?[a-z]{1,2}'?s?)(?:,| -|:)? (?:pupil |student )?$"),
    ("little or our", 1.8, r"\b(?:little|young|our|wee|lil|baby|bless|poor|our own|tiny) $"),
    ("classmates", 3.0, r"\b(?:in (?:my|our) (?:class|form|year) (?:called|named)?|sits? next to|sat next to|best friends? with|goes out with|going out with) $"),
)  # fmt: skip
_AFTER_FOR = (
    ("a parent named beside", 3.0, r"^(?:'s|s'|s)? (?:mum|mam|dad|parents|mother|father|nan|mummy|daddy|grandad|stepdad|step dad|family|brother|sister|big brother|little sister|big sister|little brother)\b|^ and (?:his|her|their) (?:mum|dad|parents|mother|father|family|twin|sister|brother)\b"),
    ("a child's age", 4.0, r"^,? ?\(?(?:who is |who's |is |aged? |age )?(?:1[0-8]|[3-9])(?:yo|y/o| years? old| yrs?)?\)?(?=[,.)]|$| (?:from|was|has|is|who|and|won|said|of|at|in|got|years?))"),
    ("year or form after", 3.5, r"^,? ?[(\[-]? ?(?:is |who is |who's |was |from |in |of |and \w+ (?:from|in) )*(?:class |form |set )?(?:(?:year|yr|y) ?\d{1,2}|\d{1,2} ?[a-z]{1,2}\d?\b|reception\b)"),
    ("said to be a pupil", 3.5, rf"^,? (?:\()?(?:is |was |who is |who's |as )?(?:a |an |the |our |that |one of (?:our|the) )?(?:\w+ ){{0,2}}(?:{_CHILD}|head (?:girl|boy))\b"),
    ("at this school", 2.5, r"^ (?:who )?(?:goes to|attends|is at|was at|started at|at|from|left) (?:this |our |my |the )?(?:\w+ ){0,4}(?:school|academy|primary|high|college|nursery)\b|^ (?:is|was|has been) (?:off school|excluded|suspended|in isolation|bullied|being bullied|in detention|in my (?:class|form|year))"),
)  # fmt: skip
_SENTENCE_FOR = (
    ("praise for pupils", 1.6, r"\b(?:well done|congratulations|congrats|so proud|proud of|shout ?out|star of|winners?|won|award(?:ed)?|medals?|scored|scorer|hat[- ]?trick|certificates?|trophy|grade \d|passed|represent(?:ed|ing)|selected|top marks?|birthday|worker of|learner of|artwork|painting|drawn|drawing|poem|results|achieved|swam|goals?|assembly|starring|finalists?|raised £|first place|second place|mvp|player of)\b"),
    ("school trouble", 1.6, r"\b(?:bull(?:y|ied|ying|ies)|excluded|expelled|suspended|detention|isolation|fight|fighting|punched|kicked|hit|threatened|vap(?:e|es|ing)|truant|picked on|picking on|grass(?:ed)?|snitch(?:ed)?|crying|in tears|nudes?|filmed|battered|beat(?:en)? up|ket|weed|stole|spat|missing)\b"),
    ("pupils' talk", 1.4, r"\b(?:fancies|ugly|fat|slag|sket|loser|stinks|smells|virgin|nobody likes|no one likes|everyone hates|hates? (?:her|him)|weirdo|freak|peng|dumped|lanky|spotty|cba with|pick me|clapped|moist|melt|creep|in my (?:class|form|year|school|set)|our (?:class|form|year))\b"),
    ("a child is spoken of", 1.5, r"\b(?:pupils?|students?|children|kids?|boys|girls|lads|class|form|classroom|playground|lesson|homework|schoolwork|teacher said|reading books?|sats|gcses?|head (?:girl|boy)|captain|team|squad|choir|club)\b"),
)  # fmt: skip

_Cue = tuple[str, float, re.Pattern[str]]


def _compiled(table: Sequence[tuple[str, float, str]]) -> tuple[_Cue, ...]:
    return tuple((name, weight, re.compile(pattern)) for name, weight, pattern in table)


_BEFORE = _compiled((*_BEFORE_AGAINST, *_BEFORE_FOR))
_AFTER = _compiled((*_AFTER_AGAINST, *_AFTER_FOR))
_SENTENCE = _compiled((*_SENTENCE_AGAINST, *_SENTENCE_FOR))
_RARE = -1.6
"""A pair of words that is in no list of names needs more to count."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A name with what speaks for and against its being a pupil's."""

    name: Name
    reasons: tuple[Reason, ...]

    @property
    def log_odds(self) -> float:
        return sum(reason.weight for reason in self.reasons)

    @property
    def is_pupil(self) -> bool:
        return self.log_odds >= THRESHOLD


def judge(post: Post, found: Sequence[Name], clues: Sequence[Signal]) -> tuple[Judged, ...]:
    """Each name judged; what is said of a person once holds wherever the name recurs."""
    singly = [Judged(name, tuple(_cues(post, name, clues))) for name in found]
    return tuple(Judged(one.name, _shared(one, singly)) for one in singly)


def _cues(post: Post, name: Name, clues: Sequence[Signal]) -> Iterator[Reason]:
    first, last = post.sentence(name.start)
    before = post.lower[max(first, name.start - 60) : name.start].lstrip("\n")
    after = post.lower[name.end : min(last, name.end + 90)]
    yield from _matching(_BEFORE, before)
    yield from _matching(_AFTER, after)
    yield from _matching(_SENTENCE, post.lower[first:last])
    yield from _clues_around(post, name, clues, first, last)
    if not name.listed:
        yield Reason(name="name in no list", weight=_RARE)


def _matching(cues: Sequence[_Cue], text: str) -> Iterator[Reason]:
    for name, weight, pattern in cues:
        if pattern.search(text):
            yield Reason(name=name, weight=weight)


_NEAR = {
    "YEAR": 2.2,
    "FORM": 2.2,
    "TEAM": 1.6,
    "AGE": 2.2,
    "ROLE": 2.6,
    "SCHOOL": 0.8,
    "DOB": 2.0,
    "HANDLE": 0.8,
}
_FAR = {"YEAR": 1.0, "FORM": 1.0, "AGE": 1.0, "KIN": 1.0, "SCHOOL": 0.6, "ROLE": 0.8, "CHILD": 0.8}


def _clues_around(
    post: Post, name: Name, clues: Sequence[Signal], first: int, last: int
) -> Iterator[Reason]:
    seen: set[str] = set()
    for near in (True, False):
        for clue in clues:
            inside = first <= clue.start < last
            weight = (_NEAR if near else _FAR).get(clue.kind, 0.0)
            if weight and inside is near and clue.kind not in seen:
                seen.add(clue.kind)
                where = "in the sentence" if near else "in the text"
                yield Reason(name=f"{clue.kind.lower()} {where}", weight=weight)


def _shared(one: Judged, all_judged: Sequence[Judged]) -> tuple[Reason, ...]:
    """The strongest of each cue over all mentions of the same person."""
    strongest: dict[str, Reason] = {}
    for other in all_judged:
        if not _same_person(one.name, other.name):
            continue
        for reason in other.reasons:
            held = strongest.get(reason.name)
            if held is None or abs(reason.weight) > abs(held.weight):
                strongest[reason.name] = reason
    return tuple(strongest.values())


def _same_person(one: Name, other: Name) -> bool:
    if one.given != other.given:
        return False
    return not one.family or not other.family or one.family == other.family
