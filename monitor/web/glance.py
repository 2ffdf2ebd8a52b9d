"""What a mention's page says first: by what kind of author, how far it reached, for what it was
flagged."""

from __future__ import annotations

from dataclasses import dataclass

from alerts import words
from classifiers.types import LabelScore
from config.settings import Settings
from connectors.registry import UnknownKind, coverage
from connectors.types import Mention
from monitor.store.views import MentionDetail

NOT_SAID = "Not said by the source"
BROUGHT = {"report": "Somebody, by the report form", "mail": "Somebody, by mail to us"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    author: str
    """Of what kind, as the source declares it: nothing is inferred (policy 7.3)."""
    reach: str
    flagged: tuple[LabelScore, ...]
    """Most probable first."""

    @classmethod
    def of(cls, detail: MentionDetail, settings: Settings) -> Glance:
        scores = detail.assessment.scores if detail.assessment else ()
        flagged = (score for score in scores if score.flagged)
        return cls(
            author=author(detail.mention, detail.source_id, settings),
            reach=reach(detail),
            flagged=tuple(sorted(flagged, key=lambda score: -score.probability)),
        )


def author(mention: Mention, source_id: str, settings: Settings) -> str:
    if mention.kind in BROUGHT:
        return BROUGHT[mention.kind]
    if mention.official:
        return "An official account of ours"
    source = next((one for one in settings.sources if one.id == source_id), None)
    if source is None:
        return NOT_SAID
    return "The press" if source.press or _is_of_the_press(source.kind) else NOT_SAID


def _is_of_the_press(kind: str) -> bool:
    """Of a kind that reads newspapers and nothing else."""
    try:
        return coverage(kind).platforms == ("News",)
    except UnknownKind:
        return False


def reach(detail: MentionDetail) -> str:
    """Posts and places, as no platform tells how many people saw one."""
    posts = len(detail.story) + 1
    places = {detail.source_name, *(one.source_name for one in detail.story)}
    if posts == 1:
        return "One post"
    return f"{posts} posts in {words.count(len(places), 'place')}"
