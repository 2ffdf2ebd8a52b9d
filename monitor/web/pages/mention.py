"""One mention: what was said, why it was flagged, what the policy says, what was decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerts import escalation, explain, mask, routing, words
from classifiers.text import assessed_text
from classifiers.types import Assessment, Label, LabelScore, PupilGrade
from config.policy import LabelPolicy, Policy, PupilPolicy
from config.trust import Trust
from monitor import review
from monitor.store import bases, blocks, cases, holds, mails, pictures, rechecks, reports, verdicts
from monitor.store.database import Tx
from monitor.store.reports import Protected
from monitor.store.scope import Scope
from monitor.store.views import MentionDetail
from monitor.triage import DESKS
from monitor.web import captures, reviewing
from monitor.web.address import QueueAddress
from monitor.web.around import Around
from monitor.web.deciding import UNTIL
from monitor.web.deps import Console, Current, MentionId
from monitor.web.glance import Glance
from monitor.web.marking import Passage, passage
from monitor.web.pages.retention import HOLD_FOR, KEEPERS
from monitor.web.rendering import badges, page
from monitor.web.schools import SchoolView, school_views
from monitor.web.viewer import DECIDERS, READERS, Looking, looking, room

router = room(*READERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionView:
    """A mention as shown, put into words."""

    detail: MentionDetail
    assessment: Assessment
    passage: Passage
    kind: str
    because: str
    """Of the severity rule that decided; empty when none did."""
    scores: tuple[LabelScore, ...]
    """Most probable first."""
    schools: tuple[SchoolView, ...]
    advice: tuple[LabelPolicy | PupilPolicy, ...]
    """What the policy says of each thing flagged, gravest first."""
    is_old: bool
    """Too old when it was collected for anybody to be told at once."""
    untold: tuple[str, ...]
    """Sentences on people who should have been told and were not."""
    next_told: str
    """The roles that are told next when nobody answers; empty when nobody is."""
    marked: frozenset[Label]
    """Labels for which some words stand out."""
    is_revealed: bool
    has_hidden: bool
    """Whether masking hides anything, so that asking for it makes sense."""

    @property
    def is_criticism(self) -> bool:
        """Of us, and nothing that harms anybody (policy 7.4): the same as is forgotten first."""
        judged = self.assessment
        is_about_us = judged.flags == ("reputation",) and judged.allegation == "none"
        return is_about_us and not _matters(judged.pupil)


@router.get("/mentions/{mention_id}")
def show(request: Request, console: Current, viewer: Looking, mention_id: MentionId) -> Response:
    """Names masked and author hidden; the look is recorded."""
    if review.asks_why(console.store, mention_id, by=viewer.name, now=console.clock()):
        return _why_first(request, mention_id)
    detail = review.open_mention(
        console.store, viewer.scope, mention_id, by=viewer.name, now=console.clock()
    )
    return answer(request, console, detail)


@router.post("/mentions/{mention_id}/reveal")
def reveal(request: Request, console: Current, viewer: Looking, mention_id: MentionId) -> Response:
    """The same with names and author shown; asking for them is recorded (policy 6.10).

    An answer to a POST and no address of its own, so that no link or reload shows names
    without asking again.
    """
    if review.asks_why(console.store, mention_id, by=viewer.name, now=console.clock()):
        return _why_first(request, mention_id)
    detail = review.reveal(
        console.store, viewer.scope, mention_id, by=viewer.name, now=console.clock()
    )
    return answer(request, console, detail, revealed=True)


def _why_first(request: Request, mention_id: int) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/mentions/{mention_id}/why{query}", status_code=303)


def answer(
    request: Request,
    console: Console,
    detail: MentionDetail | None,
    *,
    revealed: bool = False,
    protected: Protected | None = None,
    unveiled: bool = False,
    opened: int | None = None,
    around: Around | None = None,
) -> Response:
    """The page; `protected` is what was asked for of a report, `unveiled` shows pictures,
    `opened` the picture of that capture, `around` what others were asked. Whichever of them is
    asked for, it counts as opening the mention, and is asked why where that is."""
    if detail is None:
        raise HTTPException(404)
    by = looking(request).name
    if not review.may_open(console.store, detail.mention_id, by=by, now=console.clock()):
        return _why_first(request, detail.mention_id)
    with console.store.read() as tx:
        beside = _beside(tx, looking(request).scope, detail.mention_id)
        held = holds.of_mention(tx, detail.mention_id)
    address = QueueAddress.parse(request.query_params.get("from", ""))
    return page(
        request,
        "mention.html",
        counts=badges(request),
        view=_view(detail, console.trust, console.policy, revealed=revealed),
        address=address,
        **beside,
        protected=protected,
        unveiled=unveiled,
        around=around,
        glance=Glance.of(detail, console.whole),
        reviewing=reviewing.of(request, console, detail),
        desks=DESKS,
        is_grave=reviewing.is_grave,
        until_choices=UNTIL,
        held=held,
        captured=captures.of(
            console, detail, deleted_at=rechecks.taken_back_at(held), opened=opened
        ),
        deciders=DECIDERS,
        keepers=KEEPERS,
        hold_review=console.clock().astimezone(words.LONDON).date() + HOLD_FOR,
    )


def _beside(tx: Tx, scope: Scope, mention_id: int) -> dict[str, Any]:
    """What other tables hold of a mention, by the names that the page knows."""
    return {
        "report": reports.of_mention(tx, mention_id),
        "pictures": pictures.of_mention(tx, mention_id),
        "mail": mails.of_mention(tx, mention_id),
        "asked_of_it": blocks.of_mention(tx, mention_id),
        "verdicts": verdicts.of_mention(tx, mention_id),
        "rested": bases.of_mention(tx, mention_id),
        "in_cases": cases.of_mention(tx, scope, mention_id),
        "open_cases": cases.listing(tx, scope, "open", limit=50),
    }


def _view(detail: MentionDetail, trust: Trust, policy: Policy, *, revealed: bool) -> MentionView:
    assessment = detail.assessment or Assessment()
    mention = detail.mention
    text = assessed_text(mention)
    return MentionView(
        detail=detail,
        assessment=assessment,
        passage=passage(text, mention.title, assessment, revealed=revealed),
        kind=words.capital(words.kind(assessment)),
        because=explain.because(assessment, policy),
        scores=tuple(sorted(assessment.scores, key=lambda score: -score.probability)),
        schools=tuple(
            _without_names(school, text, assessment, revealed=revealed)
            for school in school_views(assessment, trust)
        ),
        advice=tuple(_advice(assessment, policy)),
        is_old=not routing.is_told_at_once(mention, assessment, policy),
        untold=tuple(
            f"{explain.seat(one, trust)}: {one.why}"
            for one in routing.plan(assessment, trust, policy).untold
        ),
        next_told=_next_told(detail, assessment, policy),
        marked=frozenset(one.label for one in assessment.explanations),
        is_revealed=revealed,
        has_hidden=detail.has_author or mask.mask(text, assessment) != text,
    )


def _next_told(detail: MentionDetail, assessment: Assessment, policy: Policy) -> str:
    chain = escalation.chain(assessment, policy)
    alarm = detail.alarm
    if not alarm or not alarm.next_step_at or not chain or alarm.step >= len(chain.steps):
        return ""
    return words.listed([words.ROLES[role] for role in chain.steps[alarm.step].tell])


def _without_names(
    school: SchoolView, text: str, assessment: Assessment, *, revealed: bool
) -> SchoolView:
    """Evidence is quoted from the post: what would give a masked name away is left out."""
    reasons = tuple(
        replace(reason, detail="")
        if not revealed and mask.tells(reason.detail, text, assessment)
        else reason
        for reason in school.reasons
    )
    return replace(school, reasons=reasons)


def _advice(assessment: Assessment, policy: Policy) -> list[LabelPolicy | PupilPolicy]:
    flagged = [label for label in words.KINDS if label in assessment.flags]
    advice: list[LabelPolicy | PupilPolicy] = [policy.labels[label] for label in flagged]
    if _matters(assessment.pupil):
        advice.append(policy.pupil)
    return advice


def _matters(pupil: PupilGrade) -> bool:
    return pupil.level in ("indirect", "direct")
