"""One case as a sealed bundle: a bag (RFC 8493) with an index to read and the sealed originals.

The index names pupils by their initials; the originals lie apart, as they were sealed. A copy to
read leaves the originals out: for a panel, a governor or a parent, who need no pupil's name.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from jinja2 import Environment, PackageLoader

from alerts import mask, words
from classifiers.text import assessed_text
from classifiers.types import Assessment
from config.evidence import EvidenceSettings
from config.settings import Settings
from monitor.evidence import cage, screenshot, verify
from monitor.evidence.browser import BrowserGone
from monitor.evidence.times import both
from monitor.store import audit, cases, evidence, evidence_orders, evidence_stamps, mentions
from monitor.store.casefile import CaseFile
from monitor.store.database import Store, Tx
from monitor.store.evidence import RECORD, Part
from monitor.store.evidence_orders import OrderView
from monitor.store.scope import EVERYTHING
from monitor.store.views import AuditEntry, MentionDetail

MOST_ACCESSES = 5_000
_templates = Environment(loader=PackageLoader("monitor.evidence"), autoescape=True)


class NothingToBundle(Exception):
    """There is no such case or mention, or nothing of it was captured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    number: int
    record: dict[str, Any]
    parts: dict[str, Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A mention with its captures, the newest first."""

    detail: MentionDetail
    captures: tuple[Capture, ...]
    failed: tuple[OrderView, ...]
    """Orders by which the page could not be captured."""

    @property
    def masked(self) -> str:
        assessment = self.detail.assessment or Assessment()
        return mask.mask(assessed_text(self.detail.mention), assessment)

    @property
    def kind(self) -> str:
        return words.capital(words.kind(self.detail.assessment or Assessment()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    name: str
    body: bytes
    seal: str
    missing: str
    """What could not be made, and how to mend it; empty when all is there."""


def of_case(
    store: Store,
    settings: Settings,
    case_id: int,
    *,
    by: str,
    now: datetime,
    is_to_read: bool = False,
) -> Bundle:
    """All that was captured of a case's mentions, or what is to be read of it alone. Raises
    NothingToBundle."""
    with store.read() as tx:
        case = cases.find(tx, case_id)
    if case is None:
        raise NothingToBundle(f"There is no case {case_id}.")
    mention_ids = tuple(case.mentions)
    return _bundle(store, settings, mention_ids, case, by=by, now=now, is_to_read=is_to_read)


def of_mention(
    store: Store, settings: Settings, mention_id: int, *, by: str, now: datetime
) -> Bundle:
    """All that was captured of one mention. Raises NothingToBundle."""
    return _bundle(store, settings, (mention_id,), None, by=by, now=now, is_to_read=False)


def _bundle(
    store: Store,
    settings: Settings,
    mention_ids: Sequence[int],
    case: CaseFile | None,
    *,
    by: str,
    now: datetime,
    is_to_read: bool,
) -> Bundle:
    subject = f"case {case.case_id}" if case else f"mention {mention_ids[0]}"
    with store.read() as tx:
        matters = [found for one in mention_ids if (found := _matter(tx, one))]
        numbers = sorted(capture.number for one in matters for capture in one.captures)
        if not numbers:
            raise NothingToBundle(f"Nothing of {subject} was captured yet.")
        stamp = evidence_stamps.first_from(tx, numbers[-1])
        last = stamp[0] if stamp else numbers[-1]
        seals = [asdict(one) for one in evidence.seals(tx, first=numbers[0], last=last)]
        looks = _accesses(tx, mention_ids, case)
    index = _templates.get_template("bundle.html").render(
        subject=words.capital(subject), matters=matters, case=case, looks=looks,
        made=both(now), by=by, both=both, trust=settings.trust, is_to_read=is_to_read,
    )  # fmt: skip
    pdf, missing = _pdf(settings.evidence, index)
    files = {
        "data/index.html": index.encode(),
        "data/HOW-TO-VERIFY.txt": _how(subject, is_to_read=is_to_read).encode(),
        "data/access.csv": _access_list(looks),
        verify.CHAIN: _json(seals),
        **({} if is_to_read else _originals(matters)),
    }
    if stamp:
        files[f"data/stamps/{stamp[0]:06}.tsr"] = stamp[1]
    if pdf:
        files["data/index.pdf"] = pdf
    if case and not is_to_read:
        files["data/case.json"] = _json([asdict(entry) for entry in case.timeline])
    name = f"{subject} to read" if is_to_read else subject
    return _sealed(store, name, files, missing, by=by, now=now)


def _matter(tx: Tx, mention_id: int) -> Matter | None:
    detail = mentions.detail(tx, EVERYTHING, mention_id)
    if detail is None:
        return None
    captures = []
    for view in evidence.of_mention(tx, mention_id):
        if parts := evidence.parts(tx, view.number):
            record = json.loads(parts[RECORD].body)
            captures.append(Capture(number=view.number, record=record, parts=parts))
    failed = (one for one in evidence_orders.of_mention(tx, mention_id) if one.state == "failed")
    return Matter(detail=detail, captures=tuple(captures), failed=tuple(failed))


def _accesses(tx: Tx, mention_ids: Sequence[int], case: CaseFile | None) -> list[AuditEntry]:
    """Who looked at or did what with the matter, oldest first: the chain of access."""
    subjects = [f"mention {one}" for one in mention_ids]
    found = [entry for one in subjects for entry in audit.listing(tx, MOST_ACCESSES, subject=one)]
    if case is not None:
        found += audit.listing(tx, MOST_ACCESSES, subject=f"case {case.case_id}")
    return sorted(found, key=lambda entry: entry.entry_id)


def _access_list(looks: Sequence[AuditEntry]) -> bytes:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["entry", "utc", "local", "who", "what", "of", "digest"])
    for one in looks:
        at = both(one.at)
        who = f"'{one.actor}" if one.actor.startswith(("=", "+", "-", "@")) else one.actor
        table.writerow(
            [one.entry_id, at["utc"], at["local"], who, one.action, one.subject, one.digest]
        )
    return out.getvalue().encode()


def _originals(matters: Sequence[Matter]) -> dict[str, bytes]:
    return {
        f"{verify.SEALED}{capture.number:06}/{name}": part.body
        for matter in matters
        for capture in matter.captures
        for name, part in capture.parts.items()
    }


def _pdf(settings: EvidenceSettings, index: str) -> tuple[bytes, str]:
    if lacking := cage.lacking(settings.browser):
        return b"", f"No PDF of the index: {lacking}."
    try:
        pdf = screenshot.printed(
            cage.program(settings.browser) or "",
            index,
            seconds=settings.deadline.total_seconds(),
            memory_bytes=settings.memory_bytes,
        )
    except BrowserGone as error:
        return b"", f"No PDF of the index. {error}"
    return pdf, ""


def _sealed(
    store: Store, subject: str, payload: dict[str, bytes], missing: str, *, by: str, now: datetime
) -> Bundle:
    """The bag, sealed in the chain, and its making on record."""
    size = sum(map(len, payload.values()))
    info = (
        f"Bag-Software-Agent: Trust Monitor {version('trust-monitor')}\n"
        f"Bagging-Date: {now.date().isoformat()}\n"
        f"External-Identifier: {subject}\n"
        f"Payload-Oxum: {size}.{len(payload)}\n"
    )
    tags = {
        verify.DECLARATION: b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        verify.INFO: info.encode(),
        verify.MANIFEST: verify.manifest(payload),
    }
    with store.begin() as tx:
        seal = evidence.put_bundle(tx, verify.covered(tags), now=now)
        what = subject.removesuffix(" to read")
        action = "evidence.exported" if what == subject else "evidence.exported_to_read"
        audit.append(tx, actor=by, action=action, subject=what, now=now)
    tags[verify.OWN_SEAL] = _json(asdict(seal))
    tags[verify.TAGS] = verify.manifest(tags)
    name = f"evidence-{subject.replace(' ', '-')}-seal-{seal.number}"
    body = verify.archived(name, {**payload, **tags})
    return Bundle(name=f"{name}.zip", body=body, seal=seal.digest, missing=missing)


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1, default=_iso)
    return f"{text}\n".encode()


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _how(subject: str, *, is_to_read: bool) -> str:
    template = _templates.get_template("how-to-verify.txt")
    return template.render(subject=subject, is_to_read=is_to_read)


def write(path: Path, body: bytes) -> None:
    """All of it or nothing, safe against a loss of power. Raises OSError."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
        try:
            part.write(body)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
