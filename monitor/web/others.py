"""What else may not be about us, once one mention was not: others that wait, of the same source and
about the same school. They are looked at and decided together, after a preview."""

from __future__ import annotations

from dataclasses import dataclass

from config.trust import Trust
from monitor.store import queue
from monitor.store.database import Tx
from monitor.store.scope import Scope
from monitor.store.views import MentionDetail, QueueFilter
from monitor.web.address import QueueAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    number: int
    school: str
    path: str
    """The queue with these alone."""

    @property
    def words(self) -> str:
        waits = "other waits" if self.number == 1 else "others wait"
        return f"{self.number} {waits} from the same source about {self.school}"


def others_like(tx: Tx, scope: Scope, detail: MentionDetail, trust: Trust) -> Others | None:
    """None where no other waits, or no school was named."""
    schools = detail.assessment.schools if detail.assessment else ()
    school = trust.school(schools[0].school_id) if schools else None
    if school is None:
        return None
    chosen = QueueFilter(source_id=detail.source_id, school_id=school.id)
    number = queue.waiting(tx, scope, chosen)
    path = QueueAddress(chosen=chosen).path()
    return Others(number=number, school=school.name, path=path) if number else None
