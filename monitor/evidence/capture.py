"""The capture task: what is due by rows is captured, sealed and put on record (policy 9.4).

What the source said is sealed with the first try, whatever becomes of the page: a post may be
gone a minute later. A page that could not be reached is tried again, and sealed when it comes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog

from config.readiness import may_collect
from connectors.errors import ConnectorError
from connectors.parse.child import parse
from connectors.parse.picture import LIMITS, parse_picture
from monitor.cases import evidence as case_evidence
from monitor.context import Context
from monitor.evidence import page, warc
from monitor.evidence.page import Page, Wanted
from monitor.evidence.record import Known, Seen, with_record
from monitor.schedule import LONGEST_BACKOFF, backoff
from monitor.store import audit, evidence, evidence_orders, mentions, pictures, reports
from monitor.store.evidence import Part
from monitor.store.evidence_orders import ClaimedOrder, OrderState
from monitor.store.reports import Report
from monitor.store.scope import EVERYTHING
from monitor.store.views import MentionDetail

TRIES = 10
"""Over four and a half hours."""
ACTOR = "the service"
LINK_ONLY = (
    "Only the link is kept, as the post is of a sexual kind: nothing of the page was fetched. Do"
    " not look for it, copy it or forward it. Call the safeguarding lead; a picture of somebody"
    " under 18 is reported to the Internet Watch Foundation or to the police."
)
NO_ADDRESS = "It has no address that can be opened; what came is kept."
SCREENSHOT, VEIL, WARC, TEXT = "screenshot.png", "veil.png", "page.warc.gz", "page.txt"

log = structlog.get_logger()


class LeaseLost(Exception):
    """Another worker took the order over while this one worked; its work is rolled back."""


def capture_next(ctx: Context) -> int:
    """Capture the next page that is due; the number tried (0 or 1)."""
    if not may_collect(ctx.settings):
        return 0
    lease = ctx.settings.evidence.deadline + 4 * ctx.settings.fetch.deadline
    with ctx.store.begin() as tx:
        order = evidence_orders.claim_next(tx, now=ctx.clock(), lease=lease)
    if order is None:
        return 0
    _work(ctx, order)
    return 1


def _work(ctx: Context, order: ClaimedOrder) -> None:
    with ctx.store.read() as tx:
        shut = mentions.detail(tx, EVERYTHING, order.mention_id)
        detail = mentions.named(tx, shut) if shut else None
        report = reports.of_mention(tx, order.mention_id)
        brought = pictures.originals(tx, order.mention_id)
    if detail is None or order.attempts > TRIES:
        error = "The process ended in the middle of it, each time."
        _finish(ctx, order, "failed", error if detail else "The mention is no longer stored.")
        return
    known = Known(
        connector=_connector(ctx, detail),
        reported_seen_at=report.report.seen_at if report else None,
    )
    if _is_sexual(detail, report.report if report else None):
        seen = Seen(state="link_only", said=(LINK_ONLY,))
        _seal(ctx, order, detail, Page(seen=seen), {}, known)
        return
    found = _page(ctx, order, detail)
    _seal(ctx, order, detail, found, _parts(ctx, detail, found, brought), known)


def _connector(ctx: Context, detail: MentionDetail) -> str:
    kinds = {source.id: source.kind for source in ctx.settings.sources}
    return kinds.get(detail.source_id, detail.source_id)


def _is_sexual(detail: MentionDetail, report: Report | None) -> bool:
    flagged = detail.assessment is not None and "sexual" in detail.assessment.flags
    return flagged or (report is not None and report.sexual_picture)


def _page(ctx: Context, order: ClaimedOrder, detail: MentionDetail) -> Page:
    mention = detail.mention
    if not mention.url.lower().startswith(("http://", "https://")):
        return Page(seen=Seen(state="no_address", said=(NO_ADDRESS,)))
    allow = next((one.allow for one in ctx.settings.sources if one.id == detail.source_id), ())
    wanted = Wanted(
        address=mention.url,
        said=f"{mention.title} {mention.text}",
        pictures=order.pictures,
        scripts=order.scripts,
        picture_addresses=tuple(one.url for one in mention.media),
        obey_robots=not order.asked_by,  # a person's own visit is no robot's
    )
    settings = ctx.settings
    return page.taken(wanted, ctx.fetcher.reaching(allow), settings.fetch, settings.evidence)


def _parts(
    ctx: Context, detail: MentionDetail, found: Page, brought: tuple[bytes, ...]
) -> dict[str, Part]:
    parts = {
        "source.json": Part(media_type="application/json", body=_source(detail)),
        "post.txt": _text(f"{detail.mention.title}\n\n{detail.mention.text}".strip()),
    }
    if found.text:
        parts[TEXT] = _text(found.text)
    if found.exchanges:
        body = warc.written(found.exchanges, made_at=ctx.clock())
        parts[WARC] = Part(media_type=warc.MEDIA_TYPE, body=body)
    if found.png:
        parts |= _pictures(found.png)
    for number, body in enumerate(brought, start=1):
        parts[f"{case_evidence.BROUGHT}{number}"] = Part(
            media_type="application/octet-stream", body=body
        )
    return parts


def _pictures(png: bytes) -> dict[str, Part]:
    """The screenshot with its veil; neither when it is no picture that can be read."""
    try:
        veil = parse(parse_picture, png, limits=LIMITS).veil
    except ConnectorError:
        return {}
    return {
        SCREENSHOT: Part(media_type="image/png", body=png),
        VEIL: Part(media_type="image/png", body=veil),
    }


def _text(text: str) -> Part:
    return Part(media_type="text/plain", body=text.encode("utf-8", "replace"))


def _source(detail: MentionDetail) -> bytes:
    """What the source said, in the words that all connectors share."""
    return json.dumps(asdict(detail.mention), ensure_ascii=False, indent=1, default=_iso).encode()


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _seal(
    ctx: Context,
    order: ClaimedOrder,
    detail: MentionDetail,
    found: Page,
    parts: dict[str, Part],
    known: Known,
) -> None:
    """Seal what there is, and note what became of the order, in one transaction."""
    is_last = order.attempts >= TRIES
    state: OrderState = "done" if not found.again else "failed" if is_last else "due"
    if found.again and order.attempts > 1:
        _finish(ctx, order, state, " ".join(found.seen.said))
        return
    now = ctx.clock()
    whole = with_record(parts, detail, order, found.seen, known, now=now)
    with ctx.store.begin() as tx:
        seal = evidence.put(tx, order.mention_id, whole, page=found.seen.state, now=now)
        audit.append(
            tx,
            actor=order.asked_by or ACTOR,
            action="evidence.sealed",
            subject=f"mention {order.mention_id}",
            now=now,
        )
        if capture := evidence.find(tx, seal.number):
            said = (*found.seen.said, *found.seen.missing)
            case_evidence.receive(tx, order.mention_id, capture, said, now=now)
        error = " ".join(found.seen.said) if found.again else ""
        _note(ctx, tx, order, state, error, now)
    log.info("evidence", mention=order.mention_id, seal=seal.number, page=found.seen.state)


def _finish(ctx: Context, order: ClaimedOrder, state: OrderState, error: str) -> None:
    with ctx.store.begin() as tx:
        _note(ctx, tx, order, state, error, ctx.clock())
    log.info("evidence", mention=order.mention_id, attempt=order.attempts, state=state)


def _note(
    ctx: Context, tx: Any, order: ClaimedOrder, state: OrderState, error: str, now: datetime
) -> None:
    wait = backoff(order.attempts, longest=LONGEST_BACKOFF)
    if not evidence_orders.finish(tx, order, state, error=error, next_attempt_at=now + wait):
        raise LeaseLost(str(order.order_id))
