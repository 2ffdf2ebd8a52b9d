"""What our own pages showed of pupils is a list once a week, for PR and for the school (6.10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from connectors.types import Mention
from monitor import digest_material
from monitor.context import Context
from monitor.store.views import DigestOrder
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_tasks import SOON, collect, drain

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SUNDAY = date(2026, 11, 22)


def listed(ctx: Context, day: date, school_id: str | None, *, official: bool = True) -> list[str]:
    schools = (school_id,) if school_id else ()
    order = DigestOrder(recipient="a@b.example", kind="x", school_ids=schools, local_date=day)
    one = ctx.settings.sources[0].model_copy(update={"official": official, "school": "hill"})
    changed = ctx.settings.model_copy(update={"sources": (one, *ctx.settings.sources[1:])})
    ctx = replace(ctx, settings=changed)
    if schools:
        (found,) = digest_material.of_head(ctx.store, ctx.settings, order, ctx.clock()).places
    else:
        found = digest_material.of_trust(ctx.store, ctx.settings, order, ctx.clock()).trust
    return [f"{post.level} {post.source}" for post in found.own_posts]


def test_what_an_official_page_says_is_kept_though_it_names_no_school(opened: Opened) -> None:
    with opened() as ctx:
        said = Mention(
            platform="web", external_id="7", url="", title="", published_at=NOW, fetched_at=NOW,
            text="Well done to Jasper Quillfeather of 8B, who won the chess cup.",
        )  # fmt: skip
        own = replace(said, official=True, source_school="hill")
        assert ctx.classifier().mentions_us([own, said]) == [True, False]
        (judged,) = ctx.classifier().assess([own])
    assert [link.school_id for link in judged.schools] == ["hill"]
    assert judged.pupil.level == "direct"


def test_pupils_shown_on_our_own_pages_make_a_weekly_list(opened: Opened, clock: Clock) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        drain(ctx)
        name = ctx.settings.sources[0].name
        assert listed(ctx, SUNDAY, None) == [f"direct {name}"]
        assert listed(ctx, SUNDAY, "hill") == [f"direct {name}"]
        assert listed(ctx, SUNDAY, "dale") == []
        assert listed(ctx, SUNDAY, None, official=False) == []
        assert listed(ctx, SUNDAY + timedelta(days=1), None) == []
        assert listed(ctx, SUNDAY + timedelta(days=7), None) == []
