"""Why something was not flagged, in sentences: for a link that was collected, or was not."""

from __future__ import annotations

from collections.abc import Iterator

from alerts import words
from monitor.store import lookup, mentions, rules
from monitor.store.rules import Action
from monitor.store.views import MentionDetail
from monitor.web.deps import Console
from monitor.web.rendering import linkable
from monitor.web.viewer import Viewer
from monitor.web.wording import LABELS, STATES


def answer(console: Console, viewer: Viewer, address: str) -> tuple[int | None, tuple[str, ...]]:
    """The mention of an address, where there is one, and what there is to say of it."""
    with console.store.read() as tx:
        number = lookup.by_address(tx, viewer.scope, address)
        detail = mentions.detail(tx, viewer.scope, number) if number else None
        done = rules.names(tx, [number]) if number else {}
    if detail is None or number is None:
        return None, _NOT_COLLECTED
    return number, tuple(_sentences(detail, done.get(number, ())))


def is_address(text: str) -> bool:
    return " " not in text and "\n" not in text and bool(linkable(text))


def _sentences(detail: MentionDetail, done: tuple[tuple[Action, str], ...]) -> Iterator[str]:
    if detail.state == "new":
        yield "It was collected and waits to be judged."
        return
    yield f"It was collected and stands under “{STATES[detail.state]}”."
    for action, name in done:
        if action == "mute":
            yield f"It was muted by “{name}”."
    if detail.set_aside_reason:
        yield f"It could not be judged: {detail.set_aside_reason}"
    judged = detail.assessment
    if judged is None:
        return
    if judged.not_judged:
        yield f"Its labels were not judged: {judged.not_judged}."
    if judged.flags:
        yield f"It was flagged for {words.listed([LABELS[one].lower() for one in judged.flags])}."
    elif judged.scores:
        nearest = max(judged.scores, key=lambda score: score.probability - score.threshold)
        likely, from_ = words.percent(nearest.probability), words.percent(nearest.threshold)
        yield (
            f"No label reached its threshold. The nearest was {LABELS[nearest.label].lower()}: "
            f"{likely}, flagged from {from_}."
        )
    if not judged.schools:
        yield "No school of the Trust was recognised in it."


_NOT_COLLECTED = (
    "It is not among what was collected, or it was forgotten when its time was over.",
    "Either no source reads that site, or the post names neither the Trust nor a school: what "
    "does not is never kept. Paste its text here to see how it would be judged, or share the "
    "link so that a person looks at it.",
)
