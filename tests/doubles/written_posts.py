"""Invented posts, written with their marks in the text: what a classifier would have found.

`{bullying|words}` marks a reason for a label, `{PUPIL_FIRST|name}` a pupil span and
`{@oakenhall|Oakenhall}` the name of a school of the sample trust (`{?oakenhall|...}` when it is
only possible). Marks may stand inside each other.
"""

# ruff: noqa: E501  a post stands on one line, as it was written
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast, get_args

from classifiers.severity import severity
from classifiers.types import (
    LABELS,
    Allegation,
    Assessment,
    Explanation,
    Label,
    LabelScore,
    PupilGrade,
    PupilLevel,
    PupilSpan,
    PupilSpanLabel,
    Reason,
    SchoolLink,
    Span,
)
from config.policy import Policy
from connectors.types import Author, Mention, MentionKind

THRESHOLD = 0.5
"""For every label, so that a new measurement of the model changes no test of the screens."""
_TOKEN = re.compile(r"\{([@?\w-]+)\||\}")
_PUPIL_LABELS = get_args(PupilSpanLabel)


@dataclass(frozen=True, kw_only=True)
class Written:
    """One post. `sure` holds the probability of each label that is not near nothing."""

    text: str
    title: str = ""
    source: str = "averford-natter"
    ago: timedelta = timedelta(hours=1)
    sure: Mapping[Label, float] = field(default_factory=dict)
    pupil: PupilLevel = "none"
    pupil_why: str = ""
    allegation: Allegation = "none"
    immediate: bool = False
    not_judged: str | None = None
    author: str | None = None
    handle: str | None = None
    kind: MentionKind = "post"
    url: str = "https://natter.averford.example/posts/{number}"
    more: Mapping[str, Any] = field(default_factory=dict)

    def mention(self, number: int, now: datetime) -> Mention:
        whole: dict[str, Any] = {
            "platform": "web",
            "external_id": f"post-{number}",
            "url": self.url.replace("{number}", str(number)),
            "title": _plain(self.title),
            "text": _plain(self.text),
            "kind": self.kind,
            "author": Author(name=self.author, handle=self.handle),
            "published_at": now - self.ago,
            "fetched_at": now - self.ago + timedelta(minutes=4),
            **self.more,
        }
        return Mention(**whole)

    def assessment(self, policy: Policy) -> Assessment:
        spans = _spans(f"{self.title}\n{self.text}" if self.title else self.text)
        scores = tuple(
            LabelScore(
                label=label,
                probability=self.sure.get(label, 0.03),
                threshold=THRESHOLD,
            )
            for label in LABELS
        )
        judged = () if self.not_judged else scores
        written = Assessment(
            schools=tuple(_links(spans)),
            scores=judged,
            explanations=tuple(
                Explanation(label=name, span=span, weight=1.4)
                for name, span in spans
                if name in LABELS
            ),
            pupil=PupilGrade(
                level=self.pupil,
                spans=tuple(
                    PupilSpan(span=span, label=cast(PupilSpanLabel, name))
                    for name, span in spans
                    if name in _PUPIL_LABELS
                ),
                reasons=(
                    Reason(name=self.pupil_why, weight=1.0),
                    Reason(name="a title before a name", weight=-2.0),
                )
                if self.pupil_why
                else (),
            ),
            allegation=self.allegation,
            immediate=self.immediate,
            not_judged=self.not_judged,
            model_version="labels 1, schools 1, pupils 1",
        )
        return replace(written, severity=severity(policy.severity, written))


def _plain(text: str) -> str:
    return _TOKEN.sub("", text)


def _spans(text: str) -> list[tuple[str, Span]]:
    """Name and place of every mark, in the text without marks."""
    found: list[tuple[str, Span]] = []
    open_marks: list[tuple[str, int]] = []
    plain_length = at = 0
    for token in _TOKEN.finditer(text):
        plain_length += token.start() - at
        at = token.end()
        if token[1]:
            open_marks.append((token[1], plain_length))
        else:
            name, start = open_marks.pop()
            found.append((name, Span(start, plain_length)))
    return sorted(found, key=lambda mark: mark[1].start)


def _links(spans: list[tuple[str, Span]]) -> list[SchoolLink]:
    by_school: dict[str, list[Span]] = {}
    for name, span in spans:
        if name[0] in "@?":
            by_school.setdefault(name, []).append(span)
    return [
        SchoolLink(
            school_id=name[1:],
            certainty="certain" if name[0] == "@" else "possible",
            score=0.97 if name[0] == "@" else 0.58,
            spans=tuple(places),
            reasons=_SURE if name[0] == "@" else _UNSURE,
        )
        for name, places in by_school.items()
    ]


_SURE = (
    Reason(name="full name", weight=3.2, detail="as the school is called"),
    Reason(name="its place", weight=2.6, detail="Averford"),
    Reason(name="school word in the text", weight=1.6, detail="teacher"),
)
_UNSURE = (
    Reason(name="name like a place's", weight=-0.8, detail="as the place is called"),
    Reason(name="place of the source", weight=1.5, detail="Averford"),
)

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

POSTS: tuple[Written, ...] = (
    Written(
        title="Walking club dates",
        text="Sunday walks for the spring, starting at the {?oakenhall|Oakenhall} car park. All welcome, dogs on leads.",
        source="averford-gazette",
        ago=9 * _DAY,
        kind="article",
    ),
    Written(
        title="Thank you, {@brackenford|Brackenford Primary}",
        text="My son has been so happy since September. The teachers notice everything and never make a fuss about it.",
        source="brackenford-community",
        ago=8 * _DAY,
    ),
    Written(
        text="Does anybody have the spring term dates for {@st-wilgars|St Wilgar's}? The website is down again, honestly {reputation|they cannot organise anything}.",
        ago=6 * _DAY,
        sure={"reputation": 0.56},
        author="Pellowick Pete",
    ),
    Written(
        title="Phones in the corridor",
        text="{@edith-pennick|Edith Pennick} has changed the phone rule twice in a month and {reputation|no parent was told before either}. I have written to the governors and will say what they answer.",
        source="wendshire-parents",
        ago=5 * _DAY,
        sure={"reputation": 0.71},
        author="Corridor Mum",
    ),
    Written(
        text="Well done to everybody who ran for {@harbour-academy|Harbour Academy} at the county cross country, what a muddy day.",
        source="harbour-sports-desk",
        ago=5 * _DAY + _HOUR,
        more={"official": True, "source_school": "harbour-academy"},
    ),
    Written(
        title="Netball results",
        text="{TEAM|Year 8 B team} of {@harbour-academy|Lindmouth Harbour Academy} won 14-9, player of the match {PUPIL_FIRST|Ottoline} {PUPIL_INITIALS|B.}, who scored nine.",
        source="harbour-sports-desk",
        ago=4 * _DAY,
        pupil="indirect",
        pupil_why="a name with a year, form or team",
        kind="article",
        more={"official": True, "source_school": "harbour-academy"},
    ),
    Written(
        text="nie wiem kiedy jest wywiadówka w {@oakenhall|Oakenhall Juniors}, czy ktoś pamięta o której godzinie?",
        ago=3 * _DAY,
        not_judged="written in another language (pl)",
    ),
    Written(
        title="Council to look at the crossing",
        text='Parents at {@brackenford|Brackenford Primary School} have asked for a zebra crossing on Mill Lane for six years. A councillor called the school\'s own plan {reputation|"a shambles that puts children in danger"}.',
        source="averford-gazette",
        ago=2 * _DAY + 3 * _HOUR,
        sure={"reputation": 0.88},
        kind="article",
        url="https://gazette.averford.example/news/{number}",
    ),
    Written(
        text="the new reading garden at {@saltmarsh-lane|Saltmarsh Lane Primary} is lovely, well done PTA",
        ago=2 * _DAY,
    ),
    Written(
        title="Is this normal?",
        text="My daughter says the supply teacher at {@edith-pennick|the Pennick} {reputation|laughed at a boy's stammer} in front of the whole set. She is not one to make things up. Who do I tell?",
        source="wendshire-parents",
        ago=26 * _HOUR,
        sure={"reputation": 0.93, "bullying": 0.41},
        author="Worried of Priory Hill",
        handle="@prioryhill_mum",
    ),
    Written(
        text="everyone at {@harbour-academy|LHA} {bullying|stop talking to {PUPIL_FULL|Fenella Thrupp}}, {bullying|she's a disgusting little rat} and {YEAR|Year 10} know what she did. pass it on",
        source="back-of-the-bus",
        ago=20 * _HOUR,
        sure={"bullying": 0.94, "reputation": 0.2},
        pupil="direct",
        pupil_why="a pupil's full name",
        handle="@backseat",
    ),
    Written(
        text="everyone at {@harbour-academy|LHA} {bullying|stop talking to {PUPIL_FULL|Fenella Thrupp}}, {bullying|she's a disgusting little rat} and {YEAR|Year 10} know what she did. pass it on!!",
        source="averford-natter",
        ago=19 * _HOUR,
        sure={"bullying": 0.94, "reputation": 0.2},
        pupil="direct",
        pupil_why="a pupil's full name",
        handle="@passiton",
    ),
    Written(
        text="Everyone at {@harbour-academy|LHA} {bullying|stop talking to {PUPIL_FULL|Fenella Thrupp}}, {bullying|she's a disgusting little rat} and {YEAR|Year 10} know what she did. pass it on",
        source="wendshire-parents",
        ago=18 * _HOUR,
        sure={"bullying": 0.94, "reputation": 0.2},
        pupil="direct",
        pupil_why="a pupil's full name",
    ),
    Written(
        title="Do not send your child there",
        text="I have kept quiet for two years. {@oakenhall|Oakenhall Junior School} {reputation|lied to us about the boiler}, {reputation|hid the inspection letter} and when I asked the head to her face she told me to find another school. My children came home with chest infections all winter. The governors knew. The Trust knew. {reputation|Do not believe one word they print in that newsletter}, and do not let them talk you into a meeting without somebody beside you who writes it down.\n\nI will put the letters up here on Friday, all of them, with the dates.",
        source="speak-up-wendshire",
        ago=15 * _HOUR,
        sure={"reputation": 0.98, "bullying": 0.12},
        author="Enough Now",
        url="https://speakup.wendshire.example/petitions/{number}",
    ),
    Written(
        text="{hate|Send them all back where they came from}, half of {@saltmarsh-lane|Saltmarsh Lane} can't even speak English and {hate|our kids pay for it}",
        source="averford-natter",
        ago=11 * _HOUR,
        sure={"hate": 0.89, "reputation": 0.47},
        handle="@harbour_truth",
    ),
    Written(
        title="Something is going round",
        text="A video of a girl from {@edith-pennick|Edith Pennick} is being passed about on phones, {sexual|she is fourteen and she did not agree to any of it}. If your child has it, tell them to delete it and tell the school.",
        source="wendshire-parents",
        ago=7 * _HOUR,
        sure={"sexual": 0.83, "bullying": 0.34},
        pupil="indirect",
        pupil_why="a description and the school",
    ),
    Written(
        title="What happened in the sports hall",
        text="My boy told me tonight that {@harbour-academy|Harbour Academy}'s {reputation|PE teacher grabbed him by the neck} and held him against the wall bars. He is eleven. There are marks. I have photographs and I am not going to be quiet about it.",
        source="coastal-mums",
        ago=3 * _HOUR,
        sure={"reputation": 0.9, "threat": 0.22},
        allegation="staff",
        author="Saltwater Jen",
        url="https://coastalmums.example/blog/{number}",
    ),
    Written(
        text="i can't do another day at {@edith-pennick|pennick}. {self_harm|nobody would even notice if i wasn't here}. {self_harm|tonight's the night i think}. sorry",
        source="back-of-the-bus",
        ago=timedelta(minutes=42),
        sure={"self_harm": 0.91, "bullying": 0.18},
        immediate=True,
        handle="@greycoat",
    ),
    Written(
        text="{threat|gates 3.15 bring what you've got}, {@harbour-academy|Harbour} boys are {threat|getting cut} and that snake {PUPIL_FIRST|Kester} {threat|gets it first}",
        source="back-of-the-bus",
        ago=timedelta(minutes=9),
        sure={"threat": 0.96, "bullying": 0.61},
        pupil="indirect",
        pupil_why="a name and the school",
        immediate=True,
        handle="@nobodysbiz",
    ),
)
