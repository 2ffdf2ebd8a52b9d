"""Mentions: taken in once, handed out for assessment, shown whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, func, select, update

from classifiers.types import Severity
from connectors.types import Author, Mention
from monitor.store import alarms, authors, decisions, delivered, records, stories
from monitor.store.authors import Sealer
from monitor.store.columns import to_microseconds
from monitor.store.database import Tx
from monitor.store.inserts import put_all
from monitor.store.retention import FORGOTTEN
from monitor.store.scope import Scope, conditions
from monitor.store.tables import AssessmentRow, MentionRow, MentionSchoolRow, SourceRow
from monitor.store.views import Ingested, MentionDetail, PendingMention

_table: Any = MentionRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_sources: Any = SourceRow.__table__  # type: ignore[attr-defined]
_assessments: Any = AssessmentRow.__table__  # type: ignore[attr-defined]
_schools: Any = MentionSchoolRow.__table__  # type: ignore[attr-defined]
UNDECIDED = (stories.READING, "new", "open", "quiet", "set_aside")


def identity(platform: str, external_id: str) -> bytes:
    """16 bytes that stand for a post, however it was found."""
    key = f"{platform}\0{external_id}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(key, digest_size=16).digest()


def ingest(tx: Tx, source_id: str, mentions: Iterable[Mention], now: datetime) -> Ingested:
    """Store what is new, authors sealed; a mention that is there already stays as it is. `now` is
    when they were taken in."""
    sealer = authors.sealer(tx)
    rows = [row(source_id, mention, sealer) for mention in mentions]
    if not rows:
        return Ingested(stored=0, known=0)
    newest = tx.scalar(select(func.max(_c.id))) or 0
    stored = put_all(tx, _table, COLUMNS, rows)
    authors.keep(tx, sealer, after=newest)
    return Ingested(stored=stored, known=len(rows) - stored)


def id_of(tx: Tx, platform: str, external_id: str) -> int:
    """The id of a mention that is stored."""
    found: int = tx.execute(
        select(_c.id).where(_c.identity == identity(platform, external_id))
    ).scalar_one()
    return found


def row(source_id: str, mention: Mention, sealer: Sealer) -> tuple[Any, ...]:
    """A new mention as the driver takes it, in the order of COLUMNS."""
    edited, expires, author = mention.edited_at, mention.expires_at, mention.author
    name, handle = clean(author.name or ""), clean(author.handle or "")
    digest = identity(mention.platform, mention.external_id)
    return (
        digest,
        mention.platform,
        clean(mention.external_id),
        source_id,
        clean(mention.url),
        clean(mention.title),
        clean(mention.text),
        mention.kind,
        sealer.box(digest, mention.platform, name, handle),
        to_microseconds(mention.published_at),
        mention.published_known,
        to_microseconds(mention.fetched_at),
        None if edited is None else to_microseconds(edited),
        None if expires is None else to_microseconds(expires),
        mention.parent_id,
        mention.language,
        _more(mention),
        "new",
        0,
        0,
        "",
        0,
        False,
    )


COLUMNS = (
    "identity", "platform", "external_id", "source_id", "url", "title", "text", "kind",
    "author", "published_at", "published_known", "fetched_at", "edited_at",
    "expires_at", "parent_id", "language", "more", "state", "attempts", "severity", "flags",
    "pupil_level", "about_head",
)  # fmt: skip


def clean(text: str) -> str:
    """Text that any database takes: no lone surrogates, no NUL."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def _more(mention: Mention) -> str | None:
    kept = {
        "media": records.dump_media(mention.media) if mention.media else None,
        "place_hints": list(mention.place_hints) or None,
        "source_school": mention.source_school,
        "official": mention.official or None,
    }
    present = {key: value for key, value in kept.items() if value is not None}
    return records.dump_json(present) if present else None


def pending(tx: Tx, limit: int, *, lane: int = 0, lanes: int = 1) -> list[PendingMention]:
    """The oldest mentions not yet assessed, at most `limit`; of one lane among several."""
    query = (
        authors.with_keys(select(_table))
        .where(_c.state == "new", stories.literal("state = 'new'"))
        .order_by(_c.id)
        .limit(limit)
    )
    if lanes > 1:
        query = query.where(_c.id % lanes == lane)
    return [
        PendingMention(
            mention_id=row["id"],
            mention=of_row(row, authors.of_row(row)),
            attempts=row["attempts"],
            source_id=row["source_id"],
            written=(row["more"] or {}).get("written", ""),
        )
        for row in tx.execute(query).mappings()
    ]


def note_attempt(tx: Tx, ids: Sequence[int]) -> None:
    """Count a try, before it is made."""
    if ids:
        tx.execute(update(_table).where(_c.id.in_(ids)).values(attempts=_c.attempts + 1))


def set_aside(tx: Tx, mention_id: int, reason: str, now: datetime) -> None:
    """Give up on assessing it and leave it to a person; it stays in sight."""
    tx.execute(
        update(_table)
        .where(_c.id == mention_id, _c.state == "new")
        .values(state="set_aside", set_aside_reason=reason)
    )


def of_row(row: Any, author: Author | None = None) -> Mention:
    """A whole row as the mention it is, its author sealed unless given."""
    more = row["more"] or {}
    return Mention(
        platform=row["platform"],
        external_id=row["external_id"],
        url=row["url"],
        text=row["text"],
        title=row["title"],
        kind=row["kind"],
        author=author or Author(),
        published_at=row["published_at"],
        published_known=row["published_known"],
        fetched_at=row["fetched_at"],
        edited_at=row["edited_at"],
        expires_at=row["expires_at"],
        parent_id=row["parent_id"],
        language=row["language"],
        media=records.load_media(more.get("media", [])),
        place_hints=tuple(more.get("place_hints", ())),
        source_school=more.get("source_school"),
        official=more.get("official", False),
    )


def detail(tx: Tx, scope: Scope, mention_id: int) -> MentionDetail | None:
    """All that is known of one mention, its author sealed (`named` opens it); None when it is not
    there, is outside the scope, or was forgotten."""
    query = (
        select(_table, _assessments.c.payload, _sources.c.name.label("source_name"))
        .join(_assessments, _assessments.c.mention_id == _c.id, isouter=True)
        .join(_sources, _sources.c.id == _c.source_id, isouter=True)
        .where(_c.id == mention_id, _c.state != FORGOTTEN, *conditions(scope))
    )
    row = tx.execute(query).mappings().one_or_none()
    if row is None:
        return None
    payload = row["payload"]
    return MentionDetail(
        mention_id=mention_id,
        mention=of_row(row),
        has_author=row["author"] is not None,
        source_id=row["source_id"],
        source_name=row["source_name"] or row["source_id"],
        assessment=None if payload is None else records.load_assessment(payload, row["severity"]),
        state=cast(Any, stories.shown_state(row["state"])),
        set_aside_reason=row["set_aside_reason"],
        story=stories.others(tx, scope, row["story_id"], mention_id),
        story_id=row["story_id"],
        alarm=alarms.of_story(tx, row["story_id"]),
        deliveries=delivered.of_mention(tx, mention_id, row["story_id"]) if scope.service else (),
        decisions=decisions.of_mention(tx, scope, mention_id),
    )


def named(tx: Tx, detail: MentionDetail) -> MentionDetail:
    """The same with its author."""
    author = authors.of_mention(tx, detail.mention_id)
    return replace(detail, mention=replace(detail.mention, author=author))


def judged_severity(tx: Tx, mention_id: int) -> Severity:
    """What the classifiers made of it, however far its story has gone since."""
    payload = tx.scalar(
        select(_assessments.c.payload).where(_assessments.c.mention_id == mention_id)
    )
    return records.load_assessment(payload or {}).severity


def hold_for_words(tx: Tx, mention_id: int) -> None:
    """Keep a mention from being assessed until the words in its pictures are read."""
    tx.execute(
        update(_table).where(_c.id == mention_id, _c.state == "new").values(state=stories.READING)
    )


def is_undecided(tx: Tx, mention_id: int) -> bool:
    return tx.scalar(select(_c.state).where(_c.id == mention_id)) in UNDECIDED


def judge_anew(tx: Tx, mention_id: int, words: Sequence[str]) -> bool:
    """Let a mention be assessed, again where it was already, with what was written and the
    words of its pictures; False when a decision stands on it."""
    row = tx.execute(select(_c.text, _c.more).where(_c.id == mention_id)).one()
    more = {"written": row.text, **(row.more or {})}
    text = "\n\n".join(part for part in (more["written"], *words) if part)
    moved = tx.execute(
        update(_table)
        .where(_c.id == mention_id, _c.state.in_(UNDECIDED))
        .values(text=clean(text), more=more, state="new", attempts=0, set_aside_reason=None)
    )
    if moved.rowcount == 1:
        for rows in (_assessments, _schools):
            tx.execute(delete(rows).where(rows.c.mention_id == mention_id))
    return moved.rowcount == 1


def regrade(tx: Tx, mention_id: int, severity: Severity) -> None:
    """Let it count as graver than it was judged."""
    tx.execute(update(_table).where(_c.id == mention_id).values(severity=severity))
