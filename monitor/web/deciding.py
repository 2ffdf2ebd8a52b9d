"""What a decision needs: nothing to say "not about us", somebody to escalate to, a time to watch
until. Asked for by outcome, so that no field stands in the way of another decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from monitor.schedule import LONDON
from monitor.store.views import Outcome, QueueState
from monitor.triage import DESKS, EscalateTo, Escalation
from monitor.web.deps import LARGEST_ID, Console
from monitor.web.wording import CHOICE

LONGEST_NOTE = 2000
Until = Literal["evening", "tomorrow", "week", "month", "open"]
UNTIL: Mapping[Until, str] = {
    "evening": "this evening",
    "tomorrow": "tomorrow morning",
    "week": "next week",
    "month": "in 30 days",
    "open": "somebody decides",
}
UNAPPROVED = (
    "Say who decided on access, the headteacher or the central teams (policy 8.4): nothing was "
    "recorded yet."
)
MORNING, EVENING = 7, 17


class Outcomes(BaseModel):
    """The part of a form that says what was decided."""

    outcome: Outcome
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    until: Until = "week"
    to: EscalateTo | Literal[""] = ""
    approver: Annotated[str, Field(max_length=200)] = ""
    """Who decided on access, for IT to unblock something (policy 8.4)."""

    @property
    def problem(self) -> str:
        """What is missing; empty where nothing is."""
        if self.outcome == "escalate" and not self.to:
            return "Say to whom it is escalated: nothing was recorded yet."
        if self.outcome == "escalate" and self.to == "it_unblock" and not self.approver.strip():
            return UNAPPROVED
        return ""

    @property
    def whole_note(self) -> str:
        if self.outcome != "escalate" or not self.to:
            return self.note.strip()
        if self.to == "it_unblock":
            said = f"To IT, to unblock it. Access approved by {self.approver.strip()}."
        else:
            said = f"To {DESKS[self.to].words}."
        return f"{said} {self.note.strip()}".strip()

    def ends(self, now: datetime) -> datetime | None:
        """When a watched mention comes back."""
        return ends(self.until, now) if self.outcome == "watch" else None

    def escalation(self, console: Console) -> Escalation | None:
        if self.outcome != "escalate" or not self.to:
            return None
        approver = self.approver.strip() if self.to == "it_unblock" else ""
        return Escalation(to=self.to, trust=console.trust, duty=console.duty(), approver=approver)

    def done(self, now: datetime) -> str:
        """What was done, in words."""
        if self.outcome == "escalate" and self.to:
            return f"Escalated to {DESKS[self.to].words}"
        until = self.ends(now)
        if until is None:
            return CHOICE[self.outcome].done
        return f"{CHOICE[self.outcome].done} until {until.astimezone(LONDON):%a %d %b, %H:%M}"


class DecisionForm(Outcomes):
    """`state` is what the reviewer saw when deciding; `at` is the queue they came from; `case` is
    the case to add the mention to, empty for a new one; `then` is where it goes on: "case" for
    "open case" alone."""

    state: QueueState
    at: Annotated[str, Field(max_length=4000)] = ""
    case: Annotated[int, Field(ge=1, le=LARGEST_ID)] | Literal[""] = ""
    then: Literal["queue", "next", "case"] = "queue"


def ends(until: Until, now: datetime) -> datetime | None:
    """A moment in London as UTC; None: until somebody decides."""
    if until == "open":
        return None
    local = now.astimezone(LONDON)
    if until == "evening":
        evening = local.replace(hour=EVENING, minute=0, second=0, microsecond=0)
        return max(evening, local + timedelta(hours=2)).astimezone(now.tzinfo)
    days = {"tomorrow": 1, "week": 7, "month": 30}[until]
    day = local + timedelta(days=days)
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
