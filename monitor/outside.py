"""What the console asks of others about one post, when a person looks: the conversation around it,
what the Internet Archive has of it, and to save it there.

Nothing of this is stored, unless a case holds the post and somebody keeps it there
(`monitor.evidence.around`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from classifiers.types import Assessment
from config.readiness import may_collect
from config.settings import Settings
from config.sources import Source
from connectors import polling
from connectors.archive import KEY, Archive, Saved
from connectors.fetch.client import Fetcher
from connectors.registry import converses
from connectors.types import Conversation, Mention
from monitor.store.views import MentionDetail

SAVE_PAGE_NOW = "save_page_now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """`archive` is the Internet Archive; None where it is not asked, as in the sample."""

    settings: Settings
    fetcher: Fetcher
    clock: Callable[[], datetime]
    archive: Archive | None = None

    def converses(self, detail: MentionDetail) -> bool:
        """Whether the source of a mention tells of the posts around one."""
        source = self._source(detail)
        return source is not None and converses(source.kind) and may_collect(self.settings)

    def conversation(self, detail: MentionDetail) -> Conversation:
        """The posts around a mention, with what its source's configuration knows of them. Raises
        ConnectorError and LookupError."""
        source = self._source(detail)
        if source is None:
            raise LookupError(detail.source_id)
        found = asyncio.run(
            polling.conversation(
                source,
                detail.mention,
                fetcher=self.fetcher,
                now=self.clock(),
                secrets=self.settings.secrets,
            )
        )
        place = detail.mention.place_hints
        return replace(
            found,
            before=tuple(replace(one, place_hints=place) for one in found.before),
            after=tuple(replace(one, place_hints=place) for one in found.after),
        )

    def kind(self, detail: MentionDetail) -> str:
        """The kind of a mention's source; empty when it is configured no more."""
        source = self._source(detail)
        return source.kind if source else ""

    def captures(self, mention: Mention) -> tuple[Saved, ...]:
        """What the archive has of its page. Raises ConnectorError."""
        return asyncio.run(self.archive.captures(mention.url)) if self.archive else ()

    def save(self, mention: Mention) -> str:
        """Ask the archive to save its page; the number of the job. Raises ConnectorError."""
        return asyncio.run(self.archive.save(mention.url)) if self.archive else ""

    def saved(self, job: str) -> Saved | None:
        """What became of a job; None while it is at work. Raises ConnectorError."""
        return asyncio.run(self.archive.saved(job)) if self.archive else None

    def hindrance(self, assessment: Assessment) -> str:
        """Why a post's page is not to be saved in public; empty when nothing stands against it."""
        if assessment.pupil.level != "none":
            return "It may single out a pupil, and what is saved there is public for good."
        if assessment.allegation != "none" or {"sexual", "self_harm"} & set(assessment.flags):
            return "What it is about must not be made public for good."
        if SAVE_PAGE_NOW not in {one.kind for one in self.settings.accepted}:
            return f"Nobody has answered for it: {SAVE_PAGE_NOW} in accepted.toml."
        if KEY not in self.settings.secrets:
            return f"The account's keys are missing: set the secret {KEY}."
        return ""

    def _source(self, detail: MentionDetail) -> Source | None:
        return next((one for one in self.settings.sources if one.id == detail.source_id), None)
