"""The people one plays in the sample. All invented, like everything else in it."""

from __future__ import annotations

from monitor.selfcheck import Person

STAFF = Person(
    name="Marianne Ashdown-Bexley",
    school="Edith Pennick",
    place="Averford",
    role="geography",
)
"""A teacher who checks her own online presence; a namesake elsewhere grows dahlias."""

REVIEWER = "Odile Fairhurst-Okoro"
"""Head of PR & Communications: her name stands beside decisions."""
