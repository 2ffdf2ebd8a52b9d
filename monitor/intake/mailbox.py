"""The mailbox as a source: people's mails and forwarded alerts become mentions.

Each mail is read in the killable child. Files in it stay unread in quarantine until a named
person clears one. Nothing is ever answered, so no loop can begin with us; what this service
itself has sent is left out, so that no alert alarms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event

from config.settings import Settings
from config.sources import Source
from connectors import feeds, mailbox
from connectors.errors import ConnectorError
from connectors.parse.bounce import is_report, parse_bounce
from connectors.parse.child import Limits, parse
from connectors.parse.items import Bounce, Item, MailItem
from connectors.parse.mail import enclosed_body, parse_enclosed_picture, parse_mail
from connectors.parse.picture import LIMITS
from connectors.types import Cursor, Health, Mention, NotMeasured, Ok, Partial
from monitor.context import Context
from monitor.store import audit, mails, mentions, pictures, sources
from monitor.store.database import Store, Tx
from monitor.store.pictures import Brought

SOURCE = "mailbox"
AUTOMATIC = "mailbox, automatic"
"""Stands for alerts and lists, which are judged like any source; a person's mail is always
looked at by a person."""
PASSWORD = "mailbox_password"  # noqa: S105  the name of the secret
READING = Limits(seconds=6, memory_bytes=256 * 1024 * 1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A mail that was read, and its bytes."""

    item: MailItem
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look into the mailbox."""

    posts: tuple[Post, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    """Reports of mail servers about mails of ours; they are no posts."""
    returned: tuple[str, ...] = ()
    """Message-IDs of mails of ours that came here themselves."""
    cursor: Cursor
    health: Health
    more: bool = False


def as_sources(settings: Settings) -> tuple[Source, ...]:
    """The mailbox beside the configured sources; nothing where none is configured."""
    box = settings.mailbox
    if not box.host:
        return ()
    return (Source(id=SOURCE, kind="imap", name="Mailbox", every=box.every),)


def look(settings: Settings, cursor: Cursor) -> Look:
    """What came since the last look. Whatever goes wrong ends in the look's health."""
    box = settings.mailbox
    try:
        arrived = mailbox.look(box, settings.secrets.get(PASSWORD), cursor)
    except ConnectorError as error:
        health = NotMeasured(type(error).__name__, str(error))
        return Look(cursor=cursor, health=health)
    posts: list[Post] = []
    came_back: list[Bounce] = []
    unread = 0
    for raw in arrived.mails:
        try:
            if is_report(raw):
                came_back += parse(parse_bounce, raw, limits=READING)
                continue
            posts.append(Post(item=parse(parse_mail, raw, box.authserv, limits=READING), raw=raw))
        except ConnectorError:
            unread += 1
    return Look(
        posts=tuple(post for post in posts if not post.item.is_ours),
        bounces=tuple(came_back),
        returned=tuple(post.item.message_id for post in posts if post.item.is_ours),
        cursor=arrived.cursor,
        health=_health(arrived.too_large, unread),
        more=arrived.more,
    )


def _health(too_large: int, unread: int) -> Health:
    if not too_large and not unread:
        return Ok()
    return Partial(
        f"Not taken in, and still in the mailbox: {too_large} too large, {unread} unreadable. "
        "Read them there."
    )


def store_posts(store: Store, posts: Sequence[Post], now: datetime) -> int:
    """Take mails in, each once by its Message-ID; the number of mentions that were new."""
    taken = 0
    for post in posts:
        with store.begin() as tx:
            taken += _store_post(tx, post, now)
    return taken


def _store_post(tx: Tx, post: Post, now: datetime) -> int:
    """The results of an alert, and the mail itself where it is more than the alert alone."""
    item = post.item
    results = [_result(one, item, now) for one in item.results]
    found = mentions.ingest(tx, AUTOMATIC, results, now).stored
    if results and item.is_automatic and not item.files:
        return found
    source = AUTOMATIC if item.is_automatic else SOURCE
    stored = mentions.ingest(tx, source, [mention(item, now)], now).stored
    if stored:
        mails.put(tx, mentions.id_of(tx, "mail", item.message_id), item, post.raw)
    return found + stored


def _result(found: Item, alert: MailItem, now: datetime) -> Mention:
    """One result of an alert, known by the same identity as by a feed of the same alert."""
    dated = replace(found, published_at=alert.sent_at)
    return feeds.mention(dated, site="www.google.com", now=now, kind="article")


def mention(item: MailItem, now: datetime) -> Mention:
    """Subject and words; the sender is whoever reported it, and is no part of it."""
    return Mention(
        platform="mail",
        external_id=item.message_id,
        url="",
        title=item.title,
        text=item.text,
        published_at=min(item.sent_at or now, now),
        fetched_at=now,
        published_known=item.sent_at is not None,
        kind="mail",
    )


def listen(ctx: Context, stop: Event) -> bool:
    """Make the mailbox due whenever something arrives, until `stop`; False where its server
    cannot announce mail. Raises ConnectorError when the line is lost."""
    settings = ctx.settings

    def ring() -> None:
        with ctx.store.begin() as tx:
            sources.wake(tx, SOURCE, ctx.clock())

    return mailbox.listen(settings.mailbox, settings.secrets.get(PASSWORD), ring=ring, stop=stop)


def clear(store: Store, mention_id: int, number: int, *, by: str, now: datetime) -> bool:
    """Let a picture out of quarantine: decoded in the killable child, kept veiled, its words
    read and judged. False when there is no such file. Raises ConnectorError for what is no
    picture; it stays where it is."""
    with store.read() as tx:
        raw = mails.raw(tx, mention_id, number)
    if raw is None:
        return False
    picture = parse(parse_enclosed_picture, raw, number, limits=LIMITS)
    original = parse(enclosed_body, raw, number, limits=LIMITS)
    with store.begin() as tx:
        if not mails.clear(tx, mention_id, number, by=by, now=now):
            return False
        pictures.put(tx, mention_id, [Brought(original=original, picture=picture)])
        subject = f"file {number} of mention {mention_id}"
        audit.append(tx, actor=by, action="file.cleared", subject=subject, now=now)
    return True
