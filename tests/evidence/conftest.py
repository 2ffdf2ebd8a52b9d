"""A store with an invented mention, a site of our own that shows its page, and what captures it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from classifiers.duplicates import fingerprint
from classifiers.pipeline import Classifier
from classifiers.types import Severity
from connectors.fetch.client import Fetcher
from connectors.types import Mention
from monitor.context import Context
from monitor.evidence.capture import capture_next
from monitor.store import assessments, evidence, evidence_orders, mentions
from monitor.store.evidence import CaptureView
from tests.doubles.consoles import NOW, Scene, empty_scene
from tests.doubles.loopback import Asked, Reply, Site, as_text, serving
from tests.store.conftest import judged

WORDS = "Fight behind the gates of Oakenhall again at half past three, somebody brought a blade"
PAGE = f"""<!doctype html><title>Natter</title><link rel="stylesheet" href="/looks.css">
<h1>Natter</h1><p>{WORDS}</p><img src="/picture.png" alt="">"""
SOURCE = "averford-natter"


@dataclass
class Studio:
    """`pages` are what the site answers, by path; it may be changed between captures."""

    scene: Scene
    ctx: Context
    site: Site
    pages: dict[str, Reply | None]
    posts: int = 0

    def mention(
        self, path: str = "/", *, severity: Severity = "high", flags: tuple[str, ...] = (),
        **more: Any,
    ) -> int:  # fmt: skip
        """A grave mention of the page at this path, with its capture ordered; its number."""
        self.posts += 1
        usual: dict[str, Any] = {"url": f"{self.site.address}{path}", "text": WORDS}
        mention = Mention(
            platform="web",
            external_id=f"evidence-{self.posts}",
            published_at=NOW - timedelta(hours=2),
            fetched_at=NOW,
            **{**usual, **more},
        )
        assessment = judged(severity)
        scores = tuple(replace(assessment.scores[0], label=flag) for flag in flags)  # type: ignore[arg-type]
        with self.scene.store.begin() as tx:
            mentions.ingest(tx, SOURCE, [mention], NOW)
            number = mentions.id_of(tx, "web", mention.external_id)
            whole = replace(assessment, scores=scores or assessment.scores)
            assessments.save(tx, number, whole, fingerprint(f"{self.posts} {WORDS}"), NOW)
            evidence_orders.order(tx, number, severity, now=NOW)
        return number

    def capture(self) -> int:
        """Everything that is due now; how many were tried."""
        tried = 0
        while capture_next(self.ctx):
            tried += 1
        return tried

    def captures(self, number: int) -> tuple[CaptureView, ...]:
        with self.scene.store.read() as tx:
            return evidence.of_mention(tx, number)

    def part(self, capture: int, name: str) -> bytes:
        with self.scene.store.read() as tx:
            found = evidence.part(tx, capture, name)
        assert found is not None
        return found.body


def as_page(markup: str = PAGE, **more: Any) -> Reply:
    return as_text(markup, kind="text/html; charset=utf-8", **more)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    pages: dict[str, Reply | None] = {
        "/": as_page(),
        "/looks.css": as_text("h1 { color: teal }", kind="text/css"),
        "/robots.txt": as_text("User-agent: *\nDisallow: /members\n"),
    }

    def answer(asked: Asked) -> Reply | None:
        return pages.get(asked.path, Reply(status=404, body=b"Not here"))

    with ExitStack() as stack:
        scene = stack.enter_context(empty_scene(tmp_path))
        site = stack.enter_context(serving(answer))
        yield Studio(scene=scene, ctx=context(scene, (site.place,)), site=site, pages=pages)


def no_classifier() -> Classifier:
    raise AssertionError("capturing judges nothing")


def context(scene: Scene, allow: tuple[str, ...], **evidence_settings: Any) -> Context:
    """What the task needs; the mention's source may reach these places."""
    settings = scene.settings
    sources = tuple(
        one.model_copy(update={"allow": allow}) if one.id == SOURCE else one
        for one in settings.sources
    )
    fetch = settings.fetch.model_copy(update={"deadline": timedelta(seconds=3)})
    chosen = settings.evidence.model_copy(update=evidence_settings)
    settings = settings.model_copy(update={"sources": sources, "fetch": fetch, "evidence": chosen})
    return Context(
        settings=settings,
        store=scene.store,
        classifier=no_classifier,
        fetcher=Fetcher(settings.fetch),
        channels={},
        other_channels={},
        clock=scene.clock,
    )
