"""From a delivery row to the message it stands for: an alert or a digest."""

from __future__ import annotations

from email.utils import formataddr

from alerts import digest, render
from alerts.types import Message, Notice
from monitor import digests
from monitor.context import Context
from monitor.store import mentions
from monitor.store.views import ClaimedDelivery, DigestOrder


def message(ctx: Context, claimed: ClaimedDelivery) -> Message | None:
    """The message, rendered from what the store knows now; None when its mention is gone."""
    if claimed.item.notice is not None:
        return _alert(ctx, claimed.item.notice, claimed)
    if claimed.item.digest is not None:
        return daily(ctx, claimed.item.digest, claimed.message_id)
    return None


def _alert(ctx: Context, notice: Notice, claimed: ClaimedDelivery) -> Message | None:
    with ctx.store.read() as tx:
        detail = mentions.detail(tx, notice.mention_id)
    if detail is None or detail.assessment is None:
        return None
    return render.alert(
        notice,
        detail.mention,
        detail.assessment,
        trust=ctx.settings.trust,
        policy=ctx.settings.policy,
        console_url=ctx.settings.console.url,
        sender=_sender(ctx),
        message_id=claimed.message_id,
        now=ctx.clock(),
        reply_token=claimed.reply_token,
        thread=claimed.thread,
    )


def daily(ctx: Context, order: DigestOrder, message_id: str) -> Message:
    """One digest, composed from the store as it stands."""
    return digest.compose(
        digests.material(ctx.store, order, ctx.settings.sources),
        trust=ctx.settings.trust,
        console_url=ctx.settings.console.url,
        sender=_sender(ctx),
        recipient=order.recipient,
        message_id=message_id,
        now=ctx.clock(),
    )


def _sender(ctx: Context) -> str:
    return formataddr((ctx.settings.mail.sender_name, ctx.settings.mail.sender))
