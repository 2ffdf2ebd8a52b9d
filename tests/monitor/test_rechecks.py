"""What its author took back is erased here too, unless it is grave or a case holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from pydantic import SecretStr

from config.sources import Source
from connectors.types import NotMeasured
from monitor import tasks
from monitor.context import Context
from monitor.rights import rechecks
from monitor.sample.platforms.bluesky import HANDLE, PASSWORD, Bluesky, post
from monitor.store import holds, mentions, sources
from monitor.store import rechecks as rows
from monitor.store.scope import EVERYTHING
from monitor.store.views import MentionDetail
from tests.doubles.jetstream import Jetstream, Written, streaming
from tests.doubles.loopback import Site, serving
from tests.doubles.surroundings import POSTS
from tests.monitor.conftest import Clock, Opened

DAY = timedelta(days=1)


@contextmanager
def watching(opened: Opened, clock: Clock, server: Bluesky) -> Iterator[tuple[Context, Site]]:
    """The invented trust with one source: Bluesky, as the server tells it. Read once, judged."""
    for at, text in enumerate(POSTS):
        server.posts.append(post(f"3k{at}", clock.now - timedelta(hours=2), text))
    with opened() as whole, serving(server) as site:
        source = Source(
            id="sky", kind="bluesky", name="Bluesky", allow=(site.place,),
            terms=("Larkmere Hill School",),
            options={"handle": HANDLE, "address": site.address},
        )  # fmt: skip
        secrets = {"bluesky_password": SecretStr(PASSWORD)}
        settings = whole.settings.model_copy(update={"sources": (source,), "secrets": secrets})
        ctx = replace(whole, settings=settings)
        with ctx.store.begin() as tx:
            sources.sync(tx, settings.sources, clock.now)
        claimed = tasks.claim_source(ctx, "sky")
        assert claimed is not None
        assert tasks.poll(ctx, claimed).stored == len(POSTS)
        while tasks.assess(ctx):
            pass
        rechecks.look_again(ctx)
        yield ctx, site


def found(ctx: Context, beginning: str) -> MentionDetail | None:
    with ctx.store.read() as tx:
        details = [mentions.detail(tx, EVERYTHING, number) for number in range(1, len(POSTS) + 1)]
    return next((one for one in details if one and one.mention.text.startswith(beginning)), None)


def drop(server: Bluesky, beginning: str) -> None:
    server.posts = [
        one for one in server.posts if not str(one["record"]["text"]).startswith(beginning)
    ]


def test_a_post_that_its_author_deleted_is_erased_and_does_not_come_back(
    opened: Opened, clock: Clock
) -> None:
    server = Bluesky()
    with watching(opened, clock, server) as (ctx, site):
        drop(server, "Lovely concert")
        asked = len(site.asked)
        rechecks.look_again(ctx)
        assert len(site.asked) == asked  # not before its time
        clock.forward(DAY + timedelta(minutes=1))
        assert rechecks.look_again(ctx) == len(POSTS)
        assert found(ctx, "Lovely concert") is None
        assert found(ctx, "The Larkmere Hill School summer fair") is not None
        assert sum("getPosts" in one.path for one in site.asked) == 1


def test_what_was_grave_when_captured_is_held_for_a_review_in_30_days(
    opened: Opened, clock: Clock
) -> None:
    server = Bluesky()
    with watching(opened, clock, server) as (ctx, _):
        drop(server, "Fight behind")
        clock.forward(DAY * 2)
        rechecks.look_again(ctx)
        kept = found(ctx, "Fight behind")
        assert kept is not None
        with ctx.store.read() as tx:
            (hold,) = holds.of_mention(tx, kept.mention_id)
        assert hold.review_on == (clock.now + timedelta(days=30)).date()
        assert kept.mention.expires_at == clock.now  # goes once the hold is lifted


def test_terms_that_let_nothing_be_kept_win(opened: Opened, clock: Clock) -> None:
    with watching(opened, clock, Bluesky()) as (ctx, _):
        grave = found(ctx, "Fight behind")
        assert grave is not None
        with ctx.store.begin() as tx:
            fate = rows.gone(
                tx, grave.mention_id, now=clock.now, kept=DAY, strict=True, by="the service"
            )
        assert fate == "erased"
        assert found(ctx, "Fight behind") is None


def test_an_edited_post_is_judged_anew_as_it_reads_now(opened: Opened, clock: Clock) -> None:
    server = Bluesky()
    with watching(opened, clock, server) as (ctx, _):
        (one,) = [it for it in server.posts if "summer fair" in str(it["record"]["text"])]
        one["record"] = one["record"] | {"text": "Burn down Larkmere Hill School tonight"}
        clock.forward(DAY * 2)
        rechecks.look_again(ctx)
        while tasks.assess(ctx):
            pass
        changed = found(ctx, "Burn down")
        assert changed is not None
        assert changed.mention.edited_at == clock.now
        assert changed.assessment is not None
        assert changed.assessment.severity in ("high", "critical")


def test_a_platform_that_cannot_be_asked_erases_nothing(opened: Opened, clock: Clock) -> None:
    server = Bluesky()
    with watching(opened, clock, server) as (ctx, _):
        server.refuses_all = True
        server.runs_out()
        clock.forward(DAY * 2)
        assert rechecks.look_again(ctx) == 0
        assert found(ctx, "Lovely concert") is not None


def test_what_a_stream_says_was_deleted_goes_at_once_whoever_brought_it(
    opened: Opened, clock: Clock
) -> None:
    """Found by the search, deleted in the stream: a single post, and then a whole account."""
    stream = Jetstream("v2", [Written(at=clock.now, key="3k2")])
    with watching(opened, clock, Bluesky()) as (searched, site), streaming(stream) as place:
        options = {"dialect": "v2", "address": f"http://{place}", "appview": site.address}
        source = Source(
            id="stream", kind="jetstream", name="Stream", allow=(place, site.place), options=options
        )
        ctx = replace(
            searched, settings=searched.settings.model_copy(update={"sources": (source,)})
        )
        with ctx.store.begin() as tx:
            sources.sync(tx, (source,), clock.now)
        poll(ctx)
        assert found(ctx, "Lovely concert") is None
        assert found(ctx, "The Larkmere Hill School summer fair") is not None
        stream.written.append(Written(at=clock.now, did="did:plc:wren", account=True))
        poll(ctx)
        assert found(ctx, "The Larkmere Hill School summer fair") is None
        assert found(ctx, "Fight behind") is not None  # grave: held, with a review


def poll(ctx: Context) -> None:
    claimed = tasks.claim_source(ctx, "stream")
    assert claimed is not None
    assert not isinstance(tasks.poll(ctx, claimed).health, NotMeasured)
