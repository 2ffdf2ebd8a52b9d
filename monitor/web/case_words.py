"""What the pages of cases call things, and the timeline in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from alerts import words
from config.policy import Policy
from monitor.cases.closing import BY_ID
from monitor.store.casefile import Doer, Entry, moment

STATES = {"open": "Open", "closed": "Closed", "withdrawn": "Withdrawn"}
DOERS: Mapping[Doer, str] = {
    "unknown": "Not known",
    "pupil": "A current pupil",
    "colleague": "A colleague",
    "adult": "Another adult",
}
PARTS = {
    "affected": "Affected",
    "doer": "Did it",
    "witness": "Saw it",
    "support": "Gives support",
    "lead": "Leads on it",
}
WHO = {
    "pupil": "a pupil",
    "parent": "a parent or carer",
    "staff": "a member of staff",
    "head": "a headteacher",
    "governor": "a governor or trustee",
    "public": "somebody else",
}
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "police": {"yes": "The police are told", "no": "The police are not told"},
    "lado": {"yes": "The LADO is told", "no": "The LADO is not told"},
}
TAKE_DOWN = {
    "asked": "Reported, no answer yet",
    "replied": "Answered, not decided",
    "refused": "Refused",
    "posh": "With the Professionals Online Safety Helpline",
    "rhc": "With Report Harmful Content",
    "removed": "Removed",
    "given_up": "Not taken further",
}


def say(entry: Entry, policy: Policy, timeline: tuple[Entry, ...]) -> str:
    """One entry of a timeline in a sentence, without its author and its time."""
    if entry.kind == "undone":
        taken = timeline[int(entry.facts["entry"]) - 1]
        return f"Took back entry {taken.number}: {_first_down(say(taken, policy, timeline))}"
    return _SAYERS[entry.kind](entry.facts, policy)


def detail(entry: Entry) -> str:
    """The words that somebody wrote with it; empty where there are none."""
    for name in ("text", "note", "reason", "why"):
        if entry.kind != "letter_kept" and entry.facts.get(name):
            return str(entry.facts[name])
    return ""


def _first_down(text: str) -> str:
    return text[:1].lower() + text[1:]


def _step(facts: Mapping[str, Any], policy: Policy) -> str:
    found = next((one for one in policy.playbook if one.id == facts["step"]), None)
    if found is None:
        return str(facts["step"])
    return f"{found.title.rstrip('?.')} ({words.clauses(found.clauses)})"


def _person(facts: Mapping[str, Any]) -> str:
    return f"{PARTS.get(facts['part'], facts['part'])}: {WHO.get(facts['who'], facts['who'])}"


def _answer(facts: Mapping[str, Any]) -> str:
    asked = QUESTIONS.get(facts["question"], {})
    return asked.get(facts["answer"], f"{facts['question']}: {facts['answer']}")


def _moved(facts: Mapping[str, Any]) -> str:
    state = TAKE_DOWN.get(facts["state"], facts["state"])
    given = f" (reference {facts['reference']})" if facts.get("reference") else ""
    return f"Report {facts['take_down']} to {facts['platform']}: {_first_down(state)}{given}"


def _closed(facts: Mapping[str, Any]) -> str:
    outcome = BY_ID.get(facts["outcome"])
    left = facts.get("remaining", [])
    rest = f" {words.count(len(left), 'thing')} left open." if left else ""
    return f"Closed the case: {_first_down(outcome.words if outcome else facts['outcome'])}.{rest}"


_SAYERS: dict[str, Callable[[Mapping[str, Any], Policy], str]] = {
    "opened": lambda facts, _: "Opened the case",
    "renamed": lambda facts, _: f"Called it “{facts['title']}”",
    "mention_added": lambda facts, _: f"Added mention {facts['mention']}",
    "mention_removed": lambda facts, _: f"Took out mention {facts['mention']}",
    "doer_said": lambda facts, _: f"Who did it: {_first_down(DOERS[facts['doer']])}",
    "person_added": lambda facts, _: f"Brought in {_first_down(_person(facts))}",
    "person_removed": lambda facts, _: f"Took out the person of entry {facts['person']}",
    "step_done": lambda facts, policy: f"Done: {_step(facts, policy)}",
    "step_skipped": lambda facts, policy: f"Skipped: {_step(facts, policy)}",
    "task_added": lambda facts, _: f"Task for {facts['owner'] or 'nobody yet'}: {facts['what']}",
    "task_done": lambda facts, _: f"Task done (entry {facts['task']})",
    "note_added": lambda facts, _: "Note",
    "decided": lambda facts, _: _answer(facts),
    "letter_kept": lambda facts, _: f"Kept a letter: {facts['title']}",
    "evidence_saved": lambda facts, _: f"Evidence of mention {facts['mention']} "
    + (
        "saved"
        if facts["is_whole"]
        else "saved: what stands around it"
        if facts["page"] == "around"
        else "saved in part: its page was not captured"
    ),
    "take_down_asked": lambda facts, _: f"Reported to {facts['platform']}"
    + (f" (reference {facts['reference']})" if facts["reference"] else ""),
    "take_down_moved": lambda facts, _: _moved(facts),
    "handed_over": lambda facts, _: f"Handed over to {facts['to']} on "
    f"{words.moment(moment(facts['at']))}, reference {facts['reference']}",
    "closed": lambda facts, _: _closed(facts),
    "reopened": lambda facts, _: "Opened the case again",
    "clock_passed": lambda facts, _: "A response clock passed"
    + (f"; told: {words.listed(facts['told'])}" if facts["told"] else ""),
}  # fmt: skip
