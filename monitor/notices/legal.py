"""The DPIA draft, the Article 14 privacy notice and "what we monitor", as the service is set up.

They are drafts for the data protection officer to finish: what the product does is stated from
the live configuration; what only the Trust can know is marked as open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, get_args

from markupsafe import Markup

from alerts.words import LONDON
from config.readiness import asked_sources
from config.settings import Settings
from monitor.health import coverage
from monitor.notices import paper
from monitor.rights import retention

Kind = Literal["what-we-monitor", "privacy-notice", "dpia"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PublicKind = Literal["what-we-monitor", "privacy-notice"]
PUBLIC: tuple[PublicKind, ...] = get_args(PublicKind)
"""For everybody, without signing in."""
TITLES: Mapping[Kind, str] = {
    "what-we-monitor": "What we monitor",
    "privacy-notice": "Privacy notice: public posts about us",
    "dpia": "Data protection impact assessment (draft)",
}
MEANT_FOR: Mapping[Kind, str] = {
    "what-we-monitor": "For everybody: exactly what is asked of whom, and what never is.",
    "privacy-notice": "For those whose posts are found (UK GDPR, Article 14): publish it and write "
    "its address into decision.toml.",
    "dpia": "For the data protection officer, to be finished and signed before anything is "
    "collected.",
}


def document(kind: Kind, settings: Settings, now: datetime) -> str:
    """One of them as HTML that stands alone."""
    return paper.html(f"{kind}.html", title=TITLES[kind], **_facts(settings, now))


def held(given: Mapping[str, Any], settings: Settings, now: datetime) -> str:
    """What is given to a person who asked, with what Article 15 wants said beside it."""
    return paper.html(
        "held.html", title="What we hold about you", given=given, **_facts(settings, now)
    )


def body(kind: PublicKind, settings: Settings, now: datetime) -> Markup:
    """What stands in it, for a page that everybody may open: no name of anybody is in it."""
    said = paper.html(f"{kind}-body.html", **_facts(settings, now))
    return Markup(said)  # noqa: S704  our own template, which escapes


def _facts(settings: Settings, now: datetime) -> dict[str, Any]:
    asked = settings.model_copy(update={"sources": asked_sources(settings)})
    return {
        "settings": settings,
        "trust": settings.trust,
        "policy": settings.policy,
        "decision": settings.policy.decision,
        "asked": coverage.asked(asked),
        "periods": [
            (retention.MEANING[one], period)
            for one, period in retention.periods(settings.policy.retention).items()
        ],
        "day": now.astimezone(LONDON).date(),
    }
