"""What of the mentions somebody may see: an argument of every query that returns or counts them.

So no page can forget it, and what lies outside is not there: not in a list, a count, a search or
an export, and asked for by its number it is missing like one that never was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Literal

from sqlalchemy import and_, bindparam, false, literal, or_, select, union

from monitor.store.conflict_tables import ConflictRow
from monitor.store.database import Tx
from monitor.store.tables import DeliveryRow, MentionRow, MentionSchoolRow

_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_links: Any = MentionSchoolRow.__table__.c  # type: ignore[attr-defined]
_deliveries: Any = DeliveryRow.__table__.c  # type: ignore[attr-defined]
_conflicts: Any = ConflictRow.__table__.c  # type: ignore[attr-defined]
Matters = Literal["all", "welfare"]
WELFARE_FLAGS = ("self_harm", "sexual", "threat", "bullying")
WELFARE_ROLES = ("safeguarding_lead", "deputy_safeguarding_lead")


@dataclass(frozen=True, slots=True)
class Slot:
    """Stands for what is given when a query is asked: see `opened`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some mentions; `schools` None means also those about the Trust alone."""

    schools: frozenset[str] | Slot | None = None
    matters: Matters = "all"
    """`welfare`: where a pupil may be at risk or could be identified (2.1, 4.1, 6.10), and
    whatever a safeguarding lead was told of."""
    about_heads: bool = True
    """Also what says that a head harmed a child, which goes past the schools (1.1, 9.2)."""

    @property
    def is_whole(self) -> bool:
        return self == Part()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """All that one of its parts holds; without parts, no mention at all."""

    parts: tuple[Part, ...] = ()
    service: bool = False
    """Also the deliveries and the sources, without what posts say."""
    apart: frozenset[str] | Slot = frozenset()
    """Subjects of people: less every story that names one of them (`monitor.access.conflict`)."""

    @property
    def is_whole(self) -> bool:
        """Every story that is in it is in it with all its posts."""
        return any(part.is_whole for part in self.parts)


EVERYTHING: Final = Scope(parts=(Part(),), service=True)
"""For the service itself, which shows it to nobody, and for those trusted with the whole Trust."""
NOTHING: Final = Scope()


def opened(scope: Scope) -> tuple[Scope, dict[str, list[str]]]:
    """The scope with slots in place of its schools and subjects, and what belongs into them: for a
    query that is written once for everybody with such a scope, and asked for each."""
    values: dict[str, list[str]] = {}
    parts = tuple(
        replace(part, schools=_slot(f"schools{at}", part.schools, values)) if part.schools else part
        for at, part in enumerate(scope.parts)
    )
    apart = _slot("apart", scope.apart, values) if scope.apart else scope.apart
    return replace(scope, parts=parts, apart=apart), values


def _slot(name: str, given: frozenset[str] | Slot, values: dict[str, list[str]]) -> Slot:
    if isinstance(given, Slot):
        return given
    values[name] = sorted(given)
    return Slot(name)


def _any_of(column: Any, given: frozenset[str] | Slot) -> Any:
    if isinstance(given, Slot):
        return column.in_(bindparam(given.name, expanding=True))
    return column.in_(sorted(given))


def conditions(scope: Scope, mention: Any = None) -> list[Any]:
    """What holds for the visible rows of the mention table, or of an alias of it."""
    return list(_of_table(scope)) if mention is None else _written(scope, mention)


@lru_cache(maxsize=256)
def _of_table(scope: Scope) -> tuple[Any, ...]:
    """Kept, as every query has it and writing it takes longer than asking."""
    return tuple(_written(scope, _mentions.c))


def _written(scope: Scope, mention: Any) -> list[Any]:
    apart = [mention.id.not_in(named(scope))] if scope.apart else []
    if scope.is_whole:
        return apart
    parts = [and_(*_within(part, mention)) for part in scope.parts]
    return [or_(*parts) if parts else false(), *apart]


@lru_cache(maxsize=256)
def named(scope: Scope) -> Any:
    """A selectable of the numbers of the mentions in the stories that are kept apart. It looks
    at no row of what it narrows, so that the database makes it once."""
    post, member = _mentions.alias(), _mentions.alias()
    of_them = _any_of(_conflicts.subject, scope.apart)
    own = select(_conflicts.mention_id).where(of_them)
    told = select(post.c.story_id).where(post.c.id.in_(own), post.c.story_id.is_not(None))
    return union(own, select(member.c.id).where(member.c.story_id.in_(told)))


def sees(tx: Tx, scope: Scope, mention_id: int) -> bool:
    """False for a mention outside the scope and for one that is not there."""
    query = select(literal(1)).where(_mentions.c.id == mention_id, *conditions(scope))
    return tx.execute(query).first() is not None


def _within(part: Part, mention: Any) -> list[Any]:
    found: list[Any] = []
    if part.schools is not None:
        linked = and_(_links.mention_id == mention.id, _any_of(_links.school_id, part.schools))
        found.append(select(literal(1)).where(linked).exists())
    if part.matters == "welfare":
        found.append(_is_welfare(mention))
    if not part.about_heads:
        found.append(mention.about_head.is_(False))
    return found


def _is_welfare(mention: Any) -> Any:
    told = and_(_deliveries.mention_id == mention.id, _deliveries.role.in_(WELFARE_ROLES))
    return or_(
        mention.pupil_level >= "indirect",
        *(mention.flags.contains(f" {label} ", autoescape=True) for label in WELFARE_FLAGS),
        select(literal(1)).where(told).exists(),
    )
