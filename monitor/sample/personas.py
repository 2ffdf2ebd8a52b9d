"""The people one plays in the sample. All invented, like everything else in it."""

from __future__ import annotations

from collections.abc import Iterable

from config.people import ConsoleRole
from monitor.selfcheck.draft import Details
from monitor.web.deps import Persona
from monitor.web.viewer import Viewer

STAFF = "Marianne Ashdown-Bexley"
"""A teacher who checks her own online presence; a namesake elsewhere grows dahlias."""
STAFF_SCHOOL = "edith-pennick"
STAFF_DETAILS = Details(role="teacher", subject="geography")

REVIEWER = "Odile Fairhurst-Okoro"
"""Head of PR & Communications: her name stands beside decisions."""


def _persona(
    role: ConsoleRole, name: str, seat: str, schools: Iterable[str] | None = None
) -> Persona:
    mine = None if schools is None else frozenset(schools)
    viewer = Viewer(name=name, subject=f"sample:{role}", roles=frozenset({role}), schools=mine)
    return Persona(id=role, seat=seat, viewer=viewer)


PERSONAS = (
    _persona("pr", REVIEWER, "Head of PR & Communications"),
    _persona("executive", "Thaddeus Quillinan-Frost", "Chief Executive"),
    _persona(
        "headteacher", "Ottoline Varga-Penrose", "Headteacher, Edith Pennick", ["edith-pennick"]
    ),
    _persona(
        "safeguarding",
        "Ignatius Bellweather",
        "Safeguarding lead, two schools",
        ["edith-pennick", "oakenhall"],
    ),
    _persona("it", "Perpetua Lindqvist-Rowe", "IT"),
    _persona("dpo", "Barnaby Okonjo-Thrale", "Data protection officer"),
    _persona("staff", STAFF, "Teacher, Edith Pennick", [STAFF_SCHOOL]),
)
"""The first is whom one is to begin with."""
