"""From a delivery row to the message it stands for: an alert or a digest."""

from __future__ import annotations

from datetime import datetime
from email.utils import formataddr
from typing import Any

from alerts import briefs, digest, group, overview, render, service
from alerts.group import Matter
from alerts.types import Brief, Message
from config.settings import Settings
from monitor import digest_material
from monitor.access import conflict
from monitor.context import Context
from monitor.health import watch
from monitor.rights import anchors
from monitor.store import deliveries, mentions, stories
from monitor.store.database import Store
from monitor.store.scope import EVERYTHING
from monitor.store.views import ClaimedDelivery, DigestOrder, ServiceNote


def message(ctx: Context, claimed: ClaimedDelivery) -> Message | None:
    """The message, rendered from what the store knows now; None when its mention is gone."""
    if claimed.item.digest is not None:
        return digest_of(
            ctx.store,
            ctx.settings,
            claimed.item.digest,
            apart=conflict.at(ctx.people(), claimed.item.recipient, ctx.settings.trust),
            message_id=claimed.message_id,
            now=ctx.clock(),
        )
    if claimed.item.notice is None:
        return _service(ctx, claimed)
    matters = _matters(ctx, claimed)
    if len(matters) > 1:
        return group.group(
            matters,
            since=_last_gathered(ctx, claimed),
            trust=ctx.settings.trust,
            policy=ctx.settings.policy,
            console_url=ctx.settings.console.url,
            sender=_sender(ctx.settings),
            message_id=claimed.message_id,
            now=ctx.clock(),
        )
    return _alert(ctx, matters[0], claimed) if matters else None


def _last_gathered(ctx: Context, claimed: ClaimedDelivery) -> datetime | None:
    """When the last such mail left to the same person, where they follow one another."""
    ladder = ctx.settings.policy.grouping.interval
    with ctx.store.read() as tx:
        before = deliveries.gathered(
            tx, claimed.item.recipient, now=ctx.clock(), longest=ladder[-1], most=1
        )
    return before[0] if before else None


def _matters(ctx: Context, claimed: ClaimedDelivery) -> list[Matter]:
    """What is told, less what has been forgotten since."""
    told = [(claimed.item.notice, claimed.reply_token)]
    told += [(one.notice, one.reply_token) for one in claimed.more]
    with ctx.store.read() as tx:
        return [
            Matter(
                notice=notice,
                mention=detail.mention,
                assessment=detail.assessment,
                reply_token=token,
            )
            for notice, token in told
            if notice
            and (detail := mentions.detail(tx, EVERYTHING, notice.mention_id))
            and detail.assessment
        ]


def _alert(ctx: Context, matter: Matter, claimed: ClaimedDelivery) -> Message:
    with ctx.store.read() as tx:
        story_id = stories.of_mention(tx, matter.notice.mention_id)
        duty = conflict.heeding(tx, ctx.duty(), ctx.settings.trust, story_id or 0)
    return render.alert(
        matter.notice,
        matter.mention,
        matter.assessment,
        trust=ctx.settings.trust,
        policy=ctx.settings.policy,
        console_url=ctx.settings.console.url,
        sender=_sender(ctx.settings),
        message_id=claimed.message_id,
        now=ctx.clock(),
        reply_token=matter.reply_token,
        thread=claimed.thread,
        duty=duty,
    )


def _service(ctx: Context, claimed: ClaimedDelivery) -> Message:
    note = claimed.item.service or ServiceNote(kind="self_test")
    return service.compose(
        note.kind,
        note.about or (anchors.facts(ctx) if note.kind == "record_head" else watch.facts(ctx)),
        trust=ctx.settings.trust,
        console_url=ctx.settings.console.url,
        sender=_sender(ctx.settings),
        recipient=claimed.item.recipient,
        message_id=claimed.message_id,
        now=ctx.clock(),
    )


def brief(ctx: Context, claimed: ClaimedDelivery) -> Brief | None:
    """What another channel than mail tells; None when its mention is gone."""
    notice, note = claimed.item.notice, claimed.item.service
    if notice is None:
        return service.alarm(
            note.kind if note else "mail_stuck",
            trust=ctx.settings.trust,
            console_url=ctx.settings.console.url,
            brief_id=claimed.message_id.strip("<>"),
            now=ctx.clock(),
        )
    with ctx.store.read() as tx:
        detail = mentions.detail(tx, EVERYTHING, notice.mention_id)
    if detail is None or detail.assessment is None:
        return None
    return briefs.brief(
        notice,
        detail.assessment,
        trust=ctx.settings.trust,
        policy=ctx.settings.policy,
        console_url=ctx.settings.console.url,
        brief_id=claimed.message_id.strip("<>"),
        now=ctx.clock(),
    )


def digest_of(
    store: Store,
    settings: Settings,
    order: DigestOrder,
    *,
    apart: frozenset[str] = frozenset(),
    message_id: str,
    now: datetime,
) -> Message:
    """One digest, composed from the store as it stands, less the stories that name a subject of
    `apart`: those of its readers."""
    common: dict[str, Any] = {
        "trust": settings.trust,
        "console_url": settings.console.url,
        "sender": _sender(settings),
        "recipient": order.recipient,
        "reply_to": settings.rota.digests.reply_to or settings.trust.contacts.head_of_pr,
        "message_id": message_id,
        "now": now,
    }
    if order.school_ids:
        return digest.compose(digest_material.of_head(store, settings, order, now, apart), **common)
    material = digest_material.of_trust(store, settings, order, now, apart)
    return overview.compose(material, kind=order.kind, **common)


def _sender(settings: Settings) -> str:
    return formataddr((settings.mail.sender_name, settings.mail.sender))
