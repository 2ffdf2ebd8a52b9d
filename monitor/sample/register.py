"""The invented trust's own accounts, as its register has them when the sample is first started."""

from __future__ import annotations

from datetime import timedelta

from monitor.context import Context
from monitor.store import accounts
from monitor.store.accounts import AccountFacts

BY = "the sample"


def fill(ctx: Context) -> None:
    """Write them down where none is yet."""
    now = ctx.clock()
    today = now.date()
    known = (
        AccountFacts(
            platform="facebook", handle="harrowmeretrust", owner="Press office", it_admin="yes",
            url="https://facebook.example/harrowmeretrust", checked_on=today - timedelta(days=24),
        ),
        AccountFacts(
            platform="x", handle="edithpennick", school_id="edith-pennick", owner="School office",
            it_admin="yes", checked_on=today - timedelta(days=230),
        ),
        AccountFacts(
            platform="instagram", handle="lindmouthharbour", school_id="harbour-academy",
            owner="Art department", it_admin="no", note="The agency that made it has the access.",
        ),
    )  # fmt: skip
    with ctx.store.begin() as tx:
        if not accounts.listing(tx):
            for one in known:
                accounts.keep(tx, one, by=BY, now=now)
