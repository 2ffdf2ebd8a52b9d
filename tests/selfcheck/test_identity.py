"""Own name only: what else is asked for is refused, and says why."""

import pytest

from config.loading import load
from monitor.selfcheck import identity
from monitor.selfcheck.draft import Details, drafted
from monitor.selfcheck.identity import Refused
from monitor.selfcheck.names import Name

EMMA = Name("Emma Clarke")
COLLEAGUES = ("Daniel Cooper", "Harriet Quill-Dunmore", "Emma Farrow")


@pytest.mark.parametrize(
    ("written", "taken_for"),
    [
        ("Em Clarke", "short form"),
        ("E Clarke", "short form"),
        ("Emma Clark", "misspelling"),
        ("Ema Clarke", "misspelling"),
        ("Emma  Dovey", "former surname"),
    ],
)
def test_forms_of_ones_own_name_are_taken_and_named(written: str, taken_for: str) -> None:
    assert identity.variant(written, EMMA, COLLEAGUES).why == taken_for


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Daniel Cooper", "colleague's"),
        ("Dan Cooper", "colleague's"),
        ("Emma Farrow", "colleague's"),
        ("Hattie Quill-Dunmore", "colleague's"),
        ("Tom Clarke", "pupil's, a parent's"),
        ("Jasmin Okparaebo", "pupil's, a parent's"),
        ("Mrs Clarke", "title"),
        ("Emma", "first name with a surname"),
        ("Year 9", "first name with a surname"),
        ('Emma "OR" Clarke', "first name with a surname"),
        ("Emma Clarke", "already"),
    ],
)
def test_anybody_elses_name_is_refused_with_a_reason(written: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        identity.variant(written, EMMA, COLLEAGUES)


@pytest.mark.parametrize("written", ["daniel.cooper", "oliversmith", "a b", "@x", "x" * 40])
def test_accounts_that_are_somebodys_or_none_are_refused(written: str) -> None:
    with pytest.raises(Refused):
        identity.handle(written, EMMA, (), COLLEAGUES)


@pytest.mark.parametrize("written", ["emmac_chem", "@missec", "emma.clarke99"])
def test_ones_own_accounts_are_taken(written: str) -> None:
    assert identity.handle(written, EMMA, (), COLLEAGUES).why == "account"


def test_a_place_may_be_named_beside_it_and_a_person_may_not() -> None:
    assert identity.own_words(" Marlowdale  Striders ", EMMA) == "Marlowdale Striders"
    with pytest.raises(Refused, match="looks like a person's name"):
        identity.own_words("Daniel Cooper", EMMA)


def test_what_is_refused_is_said_and_the_rest_is_searched_for() -> None:
    school = load(None, {}).trust.schools[0]
    details = Details(
        role="teacher",
        subject="Daniel Cooper",
        also=("Em Clarke", "Tom Clarke", "Emma Abel", "Emma Bravo", "Emma Delta"),
        handles=("emmac", "daniel_cooper"),
        words=("Marlowdale Striders",),
    )
    draft = drafted("Emma Clarke", [school], details, colleagues=("Emma Clarke", *COLLEAGUES))
    assert draft.names == ("Emma Clarke", "Em Clarke", "Emma Abel", "Emma Bravo", "emmac")
    assert draft.person.schools == (school.name,)
    assert draft.person.towns == (school.town,)
    assert (draft.person.role, draft.person.subject) == ("teacher", "")
    assert len(draft.refused) == 4
