"""What becomes of a mention's page: fetched, looked at, drawn; or why not, in words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from config.evidence import EvidenceSettings
from config.settings import FetchSettings
from connectors.errors import (
    Blocked,
    ConnectorError,
    Forbidden,
    TooLarge,
)
from connectors.fetch.client import Fetcher
from connectors.fetch.exchange import Exchange
from connectors.parse.child import Limits, parse
from connectors.parse.items import Looked
from connectors.parse.looked import ENOUGH, look, share
from monitor.evidence import cage, screenshot
from monitor.evidence.browser import BrowserGone
from monitor.evidence.door import PAGE_ACCEPT, PAGE_KINDS, Door, place_of, without_pictures
from monitor.evidence.record import Seen
from monitor.evidence.screenshot import Shot
from monitor.store.evidence import PageState

FIRM: dict[type[ConnectorError], PageState] = {
    Blocked: "refused",
    Forbidden: "withheld",
    TooLarge: "too_large",
}
"""Errors that asking again will not mend."""
STATES: dict[int, PageState] = {401: "refused", 403: "refused", 404: "gone", 410: "gone",
                                451: "refused"}  # fmt: skip
SAID: dict[PageState, str] = {
    "shown": "The page shows the words of the post.",
    "other": "The words of the post do not stand on the page: it was changed, moved or needs more"
    " than a visitor sees.",
    "sign_in": "The page asks to sign in; what is behind that was not captured.",
    "gone": "The page is gone ({status}).",
    "refused": "The site refuses to show the page ({status}).",
    "unreachable": "The site has a fault of its own ({status}).",
    "not_a_page": "No page came but a file ({kind}); it was not taken.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a page is asked for."""

    address: str
    said: str
    """The words of the post, to be looked for."""
    pictures: bool
    scripts: bool
    picture_addresses: tuple[str, ...]
    obey_robots: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`again` when asking later may bring more."""

    seen: Seen
    exchanges: tuple[Exchange, ...] = ()
    text: str = field(default="", repr=False)
    png: bytes = field(default=b"", repr=False)
    again: bool = False


def taken(
    wanted: Wanted, fetcher: Fetcher, fetch: FetchSettings, evidence: EvidenceSettings
) -> Page:
    """The page, as far as it can be had. Raises nothing for what a site does."""
    try:
        steps = asyncio.run(
            fetcher.recorded(
                wanted.address,
                accept=PAGE_ACCEPT,
                kinds=PAGE_KINDS,
                obey_robots=wanted.obey_robots,
            )
        )
    except ConnectorError as error:
        state = FIRM.get(type(error), "unreachable")
        return Page(seen=Seen(state=state, said=(str(error),)), again=state == "unreachable")
    if not wanted.pictures:
        steps = tuple(without_pictures(step) for step in steps)
    last = steps[-1]
    looked = _looked(last, wanted.said, fetch)
    door = Door(
        fetcher=fetcher,
        host=place_of(last.url),
        scripts=wanted.scripts,
        pictures=wanted.pictures,
        picture_hosts=_hosts(wanted.picture_addresses),
    )
    shot, missing = _shot(last, door, evidence)
    return _page(steps, looked, shot, missing, door, wanted.said)


def _hosts(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(place_of, addresses)))


def _looked(last: Exchange, said: str, fetch: FetchSettings) -> Looked | None:
    if last.is_left or not last.body:
        return None
    try:
        return parse(look, last.body, said, limits=Limits.of(fetch))
    except ConnectorError:
        return None


def _shot(
    last: Exchange, door: Door, evidence: EvidenceSettings
) -> tuple[Shot | None, tuple[str, ...]]:
    """The picture, or what is missing and why."""
    if last.is_left or not last.body:
        return None, ()
    if lacking := cage.lacking(evidence.browser):
        return None, (f"No picture of the page: {lacking}.",)
    program = cage.program(evidence.browser) or ""
    try:
        shot = screenshot.shoot(
            program,
            last,
            door,
            seconds=evidence.deadline.total_seconds(),
            memory_bytes=evidence.memory_bytes,
        )
    except BrowserGone as error:
        return None, (f"No picture of the page. {error}",)
    return shot, ()


def _page(
    steps: tuple[Exchange, ...],
    looked: Looked | None,
    shot: Shot | None,
    missing: tuple[str, ...],
    door: Door,
    post: str,
) -> Page:
    last = steps[-1]
    text = (shot.text if shot else "") or (looked.text if looked else "")
    shows = share(post, text) if shot and text else looked.shows if looked else 0.0
    state = _state(last, looked, shows)
    notes = [SAID[state].format(status=last.status, kind=last.media_type or "unknown")]
    notes += _notes(looked, door, steps) + list(shot.said if shot else ())
    seen = Seen(
        state=state,
        said=tuple(notes),
        missing=missing,
        address=last.url,
        status=last.status,
        title=looked.title if looked else "",
        shows=shows,
    )
    return Page(
        seen=seen,
        exchanges=(*steps, *door.exchanges),
        text=text,
        png=shot.png if shot else b"",
        again=state == "unreachable",
    )


def _state(last: Exchange, looked: Looked | None, shows: float) -> PageState:
    if last.status >= 400:
        asks = looked is not None and looked.asks_to_sign_in and last.status in (401, 403)
        firm: PageState = "unreachable" if last.status in (408, 429) else "refused"
        if last.status >= 500:
            firm = "unreachable"
        return "sign_in" if asks else STATES.get(last.status, firm)
    if last.is_left:
        return "not_a_page"
    if shows >= ENOUGH:
        return "shown"
    return "sign_in" if looked is not None and looked.asks_to_sign_in else "other"


def _notes(looked: Looked | None, door: Door, steps: tuple[Exchange, ...]) -> list[str]:
    notes = []
    if looked and looked.has_cookie_dialog:
        notes.append("A dialog about cookies is on the page; it may cover part of the picture.")
    if looked and looked.needs_scripts and not door.scripts:
        notes.append("The page has next to no words without scripts; capture it again with them.")
    if any(step.is_cut for step in steps):
        notes.append("Pictures written into the page itself were taken out of it.")
    if door.refused:
        notes.append("Parts of the page were left out: pictures, scripts or other sites.")
    return notes
