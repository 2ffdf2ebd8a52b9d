"""The alert mail: what it is, where, why it was flagged, what to do, who else knows.

For `link_only` notices nothing of the post enters the mail, not even its address; for
`masked_excerpt` an excerpt does, with names to initials. Nothing is fetched from anywhere
when the mail is opened, and no address in it is followed up (no tracking).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts import envelope, explain, links, mask, routing, words
from alerts.duty import Duty
from alerts.mask import Piece
from alerts.seats import SCHOOL_ROLES
from alerts.templating import template
from alerts.tones import TONES
from alerts.types import Message, Notice, Occasion, Role
from classifiers.text import assessed_text
from classifiers.types import Assessment, Label, SchoolLink
from config.policy import LabelPolicy, Policy, PupilPolicy
from config.trust import Trust
from connectors.types import Mention

LEADS: frozenset[Role] = frozenset({"safeguarding_lead", "deputy_safeguarding_lead"})
URGENT = frozenset({"self_harm", "threat"})
NEVER_REPLY = (
    "Do not reply, comment, like or share, not even in support: report it, and seek support"
    " from your line manager or senior staff (policy 6.8, 9.3)."
)
DANGER = (
    "This is not an emergency service. If somebody may be in danger now, call 999; do not wait"
    " for the console."
)
WITHHELD = (
    "The post is not in this mail because a child's welfare may be concerned. Open it in the"
    " console; do not forward it."
)
BY_LINK = "You are told of this by link only: the post itself is in the console."
MASKED = "Names of pupils are reduced to initials, contact details are taken out."
_OCCASION: dict[Occasion, str] = {
    "first": "",
    "unanswered": "Unanswered, ",
    "late": "Past its time, ",
    "grown": "",
    "report": "",
}
FOOTER = (
    "A machine flagged this and can be wrong; a person decides. Trust Monitor reads public posts"
    " about the Trust and its schools. It is not the schools' filtering and monitoring, and it"
    " cannot see private groups. This mail holds no tracking."
)
REPORT_FOOTER = (
    "A person reported this through the form of Trust Monitor; a person decides. Who is affected"
    " and how to answer stand in the console, and looking at them is recorded. This mail holds no"
    " tracking."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    term: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    title: str
    sure: str
    clauses: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """What both templates show."""

    subject: str
    preview: str
    trust: str
    severity: str
    tone: str
    kind: str
    place: str
    facts: tuple[Fact, ...]
    caption: str = "Why it was flagged"
    flags: tuple[Flag, ...]
    excerpt: tuple[Piece, ...]
    console: str
    seen: str = ""
    """Where the reader says that it is seen; empty: nowhere."""
    news: str
    """What is new since the first telling; empty in a first mail."""
    original: str | None
    host: str
    do: tuple[str, ...]
    dont: tuple[str, ...]
    you: str
    why: str
    others: str
    excerpt_note: str = MASKED
    withheld: str
    """Said in place of the excerpt when there is none."""
    is_urgent: bool
    """Somebody may come to harm: the line about 999 stands first."""
    danger: str = DANGER
    footer: str = FOOTER

    @property
    def quoted(self) -> str:
        """The excerpt as plain text, the carrying words between stars."""
        return "".join(f"*{one.text}*" if one.carries else one.text for one in self.excerpt)


def alert(
    notice: Notice,
    mention: Mention,
    assessment: Assessment,
    *,
    trust: Trust,
    policy: Policy,
    console_url: str,
    sender: str,
    message_id: str,
    now: datetime,
    reply_token: str | None = None,
    thread: str | None = None,
    duty: Duty | None = None,
) -> Message:
    """The mail for one notice. `sender` is "address" or "Name <address>".

    `now` becomes the Date; hand in the same for every try. `reply_token` makes the link by
    which the reader says that it is seen; `thread` is the Message-ID of the first mail of the
    same story to the same person. `duty` tells who else can be told; without it, everybody.
    """
    is_report = notice.occasion == "report"
    page = alert_page(
        notice, mention, assessment,
        trust=trust, policy=policy, console_url=console_url,
        reply_token=None if is_report else reply_token, duty=duty,
    )  # fmt: skip
    if is_report:
        page = _as_report(page, notice, assessment, trust)
    return envelope.seal(
        subject=f"Re: {page.subject}" if thread else page.subject,
        text=template("alert.txt").render(page=page),
        html=template("alert.html").render(page=page),
        recipient=notice.recipient,
        sender=sender,
        message_id=message_id,
        list_name="alerts",
        now=now,
        thread=thread,
    )


def alert_page(
    notice: Notice,
    mention: Mention,
    assessment: Assessment,
    *,
    trust: Trust,
    policy: Policy,
    console_url: str,
    reply_token: str | None = None,
    duty: Duty | None = None,
) -> AlertPage:
    """What is said of one notice, in its parts."""
    shows_post = notice.disclosure == "masked_excerpt" and not routing.is_withheld(assessment)
    text = assessed_text(mention)
    original = links.original(mention, text, assessment) if shows_post else None
    schools = _visible(notice, assessment, trust)
    kind = words.kind(assessment)
    severity = words.SEVERITY[assessment.severity]
    return AlertPage(
        subject=f"{_graded(notice.occasion, severity)}: {kind} - {_short_place(schools, trust)}",
        preview=f"{notice.news or f'{severity}: {kind}.'} Do not reply to the post.",
        news=notice.news,
        trust=words.one_line(trust.name),
        severity=severity,
        tone=TONES[assessment.severity],
        kind=words.capital(kind),
        place=_place(schools, assessment, trust),
        is_urgent=assessment.severity == "critical" or not URGENT.isdisjoint(assessment.flags),
        facts=_facts(mention, assessment, policy, original=original),
        flags=_flags(assessment, policy),
        excerpt=mask.excerpt(text, assessment) if shows_post else (),
        withheld=WITHHELD if routing.is_withheld(assessment) else BY_LINK,
        console=links.matter(console_url, notice),
        seen=links.seen(console_url, reply_token) if reply_token else "",
        original=original,
        host=links.host(original) if original else "",
        do=_do(assessment, policy, leads=notice.role in LEADS),
        dont=_dont(assessment, policy),
        you=_role(notice, trust),
        why=_why(notice),
        others=_others(notice, assessment, trust, policy, duty),
    )


def _as_report(page: AlertPage, notice: Notice, assessment: Assessment, trust: Trust) -> AlertPage:
    """A person brought it: it says so, and no more than who must know of it needs."""
    place = _short_place(_visible(notice, assessment, trust), trust)
    is_flagged = assessment.severity != "none"
    grave = f"{page.severity}: " if is_flagged else ""
    return replace(
        page,
        subject=f"Report: {grave}{notice.about} - {place}",
        severity=page.severity if is_flagged else "Report",
        kind=words.capital(notice.about),
        caption="Why it was flagged" if page.flags else "What it says",
        others="Whoever else the policy names for such a report is told as well.",
        footer=REPORT_FOOTER,
    )


def _visible(notice: Notice, assessment: Assessment, trust: Trust) -> tuple[SchoolLink, ...]:
    """The links this person may see: a school's people see their own school's only."""
    links_ = sorted(assessment.schools, key=lambda link: link.certainty)
    if notice.role not in SCHOOL_ROLES or notice.school_id is None:
        return tuple(links_)
    own = {notice.school_id}
    for school in trust.schools:
        contacts = school.contacts
        if notice.recipient in (contacts.headteacher, contacts.safeguarding_lead):
            own.add(school.id)
    return tuple(link for link in links_ if link.school_id in own)


def _short_place(schools: Sequence[SchoolLink], trust: Trust) -> str:
    if not schools:
        return words.one_line(trust.name)
    name = words.school_name(schools[0].school_id, trust)
    unsure = "" if schools[0].certainty == "certain" else "possibly "
    more = f" and {len(schools) - 1} more" if len(schools) > 1 else ""
    return f"{unsure}{name}{more}"


def _place(schools: Sequence[SchoolLink], assessment: Assessment, trust: Trust) -> str:
    named = [
        f"{words.school_name(link.school_id, trust)} ({words.certainty(link)})" for link in schools
    ]
    hidden = len(assessment.schools) - len(schools)
    if hidden:
        named.append(f"{hidden} other school{'s' if hidden > 1 else ''} of the Trust")
    return words.listed(named) or words.one_line(trust.name)


def _facts(
    mention: Mention, assessment: Assessment, policy: Policy, *, original: str | None
) -> tuple[Fact, ...]:
    where = words.platform(mention.platform)
    if original:
        where = f"{where}, {links.host(original)}"
    posted = words.moment(mention.published_at)
    if not mention.published_known:
        posted = f"The source gives no time; collected {words.moment(mention.fetched_at)}"
    facts = [Fact(term="Where", value=where), Fact(term="Posted", value=posted)]
    if because := explain.because(assessment, policy):
        facts.append(Fact(term=f"Why {assessment.severity}", value=words.capital(because)))
    return tuple(facts)


def _flags(assessment: Assessment, policy: Policy) -> tuple[Flag, ...]:
    scores = sorted(
        (score for score in assessment.scores if score.flagged),
        key=lambda score: tuple(words.KINDS).index(score.label),
    )
    flags = [
        Flag(
            title=policy.labels[score.label].title,
            sure=f": {words.likelihood(score.probability)}, {words.percent(score.probability)}"
            f" (flagged from {words.percent(score.threshold)})",
            clauses=words.clauses(policy.labels[score.label].clauses),
            meaning=policy.labels[score.label].meaning,
        )
        for score in scores
    ]
    if assessment.pupil.level != "none":
        flags.append(_pupil_flag(assessment, policy))
    return tuple(flags)


def _pupil_flag(assessment: Assessment, policy: Policy) -> Flag:
    level = words.PUPIL[assessment.pupil.level]
    return Flag(
        title=policy.pupil.title,
        sure=f": {level[0].lower()}{level[1:]}",
        clauses=words.clauses(policy.pupil.clauses),
        meaning=policy.pupil.meaning,
    )


def _do(assessment: Assessment, policy: Policy, *, leads: bool) -> tuple[str, ...]:
    """Who leads on safeguarding is not told to leave it to the safeguarding lead."""
    said: list[LabelPolicy | PupilPolicy] = [
        policy.labels[label] for label in _gravest_first(assessment)
    ]
    if assessment.pupil.level != "none":
        said.append(policy.pupil)
    return _distinct(line for one in said for line in (one.lead if leads and one.lead else one.do))


def _graded(occasion: Occasion, severity: str) -> str:
    """ "Critical", "Unanswered, critical"."""
    before = _OCCASION[occasion]
    return f"{before}{severity.lower()}" if before else severity


def _dont(assessment: Assessment, policy: Policy) -> tuple[str, ...]:
    """Never reply first, then what labels and policy add; 999 has its own place."""
    lines = [line for line in policy.never if "999" not in line]
    if not any("6.8" in line for line in lines):
        lines.insert(0, NEVER_REPLY)
    lines += [line for label in _gravest_first(assessment) for line in policy.labels[label].dont]
    if assessment.pupil.level != "none":
        lines += policy.pupil.dont
    return _distinct(lines)


def _gravest_first(assessment: Assessment) -> tuple[Label, ...]:
    return tuple(label for label in words.KINDS if label in assessment.flags)


def _distinct(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))


def _role(notice: Notice, trust: Trust) -> str:
    role = words.ROLES[notice.role]
    if notice.school_id is None:
        return role
    return f"{role}, {words.school_name(notice.school_id, trust)}"


def _why(notice: Notice) -> str:
    """The reason, and the clauses that it does not name itself."""
    clauses = words.clauses(
        [one for one in notice.clauses if one[:1].isdigit() and one not in notice.why]
    )
    return f"{notice.why} {words.capital(clauses)}." if clauses else notice.why


def _others(
    notice: Notice, assessment: Assessment, trust: Trust, policy: Policy, duty: Duty | None
) -> str:
    plan = routing.plan(assessment, trust, policy, duty)
    seats = [
        explain.seat(told, trust)
        for told in plan.told
        if told.recipient.casefold() != notice.recipient.casefold()
    ]
    if not seats:
        return "Nobody else is told by Trust Monitor."
    return f"Also told: {'; '.join(seats)}."
