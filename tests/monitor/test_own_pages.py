"""What our own pages showed of pupils is a list once a week, for PR and for the school (6.10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from monitor import digest_material
from monitor.context import Context
from monitor.store.views import DigestOrder
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_tasks import SOON, collect, drain

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
