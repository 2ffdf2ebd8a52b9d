"""people.toml: who may sign in, where, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.errors import Problem
from config.loading import load

Problems = Callable[..., tuple[Problem, ...]]

SIGN_IN = """\
[sign_in]
issuer = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001/v2.0"
client_id = "trust-monitor"
tenant_claim = "tid"
tenant = "00000000-0000-0000-0000-000000000001"
"""
PR = """
[[people]]
name = "Odile Fairhurst-Okoro"
subject = "a1"
roles = ["pr"]
"""
LEAD = """
[[people]]
name = "Ignatius Bellweather"
subject = "b2"
"""


def test_without_the_file_nobody_signs_in(folder: Path) -> None:
    assert load(folder, {}).people.sign_in is None


def test_the_people_and_their_provider_are_read(folder: Path) -> None:
    more = 'roles = ["safeguarding"]\nschools = ["edith-pennick"]\n'
    (folder / "people.toml").write_text(SIGN_IN + PR + LEAD + more, encoding="utf-8")
    people = load(folder, {}).people
    assert people.sign_in
    assert people.sign_in.tenant_claim == "tid"
    assert [one.schools for one in people.people] == [(), ("edith-pennick",)]


def test_the_trusts_own_safeguarding_lead_is_for_every_school(folder: Path) -> None:
    more = 'roles = ["safeguarding"]\nwhole_trust = true\n'
    (folder / "people.toml").write_text(SIGN_IN + LEAD + more, encoding="utf-8")
    assert load(folder, {}).people.people[0].whole_trust


@pytest.mark.parametrize(
    ("written", "key", "says"),
    [
        (LEAD + 'roles = ["headteacher"]', "schools", "is empty"),
        (LEAD + 'roles = ["headteacher"]\nwhole_trust = true', "schools", "is empty"),
        (LEAD + 'roles = ["safeguarding"]', "schools", "is empty"),
        (LEAD + 'roles = ["safeguarding", "pr"]', "schools", "is empty"),
        (LEAD + 'roles = ["headteacher", "pr"]\nschools = ["edith-pennick"]', "schools", "go with"),
        (LEAD + 'roles = ["headteacher"]\nschools = ["nowhere"]', "schools", "not in trust.toml"),
        (LEAD + 'roles = ["pr"]\nwhole_trust = true', "whole_trust", "does not go"),
        (LEAD + "roles = []", "roles", "at least 1"),
        (LEAD + 'roles = ["headmaster"]', "roles #1", "none of the allowed"),
        (PR + PR.replace("a1", "c3"), "name", "is another's"),
        (PR + PR.replace("Odile", "Odette"), "subject", "is another's"),
    ],
)
def test_a_person_who_could_see_too_much_or_nothing_is_refused(
    folder: Path, problems: Problems, written: str, key: str, says: str
) -> None:
    (folder / "people.toml").write_text(SIGN_IN + written, encoding="utf-8")
    found = [one for one in problems() if says in one.message]
    assert found, [str(one) for one in problems()]
    assert found[0].key.endswith(f".{key}")
    assert found[0].file == str(folder / "people.toml")
    assert found[0].line


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("https:", "http:", "sign_in.issuer"),
        ('tenant_claim = "tid"\n', "", "sign_in.tenant_claim"),
        ('claim = "tid"', 'claim = "hd"', "sign_in.tenant_claim"),
        ('tenant = "00000000-0000-0000-0000-000000000001"\n', "", "sign_in.tenant"),
        ("[sign_in]", '[sign_in]\nidle = "13h"', "sign_in.idle"),
        ("[sign_in]", '[sign_in]\nlongest = "0s"', "sign_in.longest"),
        ("[sign_in]", '[sign_in]\nclient_secret = "x"', "sign_in.client_secret"),
    ],
)
def test_a_provider_that_would_let_in_others_is_refused(
    folder: Path, problems: Problems, old: str, new: str, key: str
) -> None:
    (folder / "people.toml").write_text(SIGN_IN.replace(old, new, 1) + PR, encoding="utf-8")
    assert key in [one.key for one in problems()]


GROUP = """
[[groups]]
group = "heads"
roles = ["headteacher"]
schools = ["edith-pennick"]
"""


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (SIGN_IN + GROUP, "groups"),
        (GROUP, "groups"),
        (SIGN_IN + 'groups_claim = "groups"\n' + GROUP * 2, "groups #2.group"),
        (SIGN_IN + 'groups_claim = "groups"\n' + GROUP.replace("edith-", ""), "groups #1.schools"),
        (
            '[sign_in]\nissuer = "https://accounts.google.com"\nclient_id = "x"\n'
            'tenant_claim = "hd"\ntenant = "a.example"\ngroups_claim = "groups"\n' + GROUP,
            "sign_in.groups_claim",
        ),
    ],
)
def test_a_group_that_nobody_could_be_in_is_refused(
    folder: Path, problems: Problems, written: str, key: str
) -> None:
    (folder / "people.toml").write_text(written, encoding="utf-8")
    assert key in [one.key for one in problems()]


def test_groups_are_read_where_a_claim_names_them(folder: Path) -> None:
    written = SIGN_IN + 'groups_claim = "roles"\n' + GROUP
    (folder / "people.toml").write_text(written, encoding="utf-8")
    (group,) = load(folder, {}).people.groups
    assert (group.group, group.schools) == ("heads", ("edith-pennick",))


def test_people_without_a_provider_are_refused(folder: Path, problems: Problems) -> None:
    (folder / "people.toml").write_text(PR, encoding="utf-8")
    (problem,) = problems()
    assert "without a provider" in problem.message


@pytest.mark.parametrize("url", ["http://monitor.penrowan.example", "http://10.0.0.5:8000"])
def test_who_signs_in_does_so_over_https(folder: Path, problems: Problems, url: str) -> None:
    (folder / "people.toml").write_text(SIGN_IN + PR, encoding="utf-8")
    with (folder / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[console]\nhost = "0.0.0.0"\nurl = "{url}"\n')
    (problem,) = problems()
    assert problem.key == "console.url"


def test_with_sign_in_the_console_may_be_reached_by_others(folder: Path) -> None:
    (folder / "people.toml").write_text(SIGN_IN + PR, encoding="utf-8")
    with (folder / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[console]\nhost = "0.0.0.0"\nurl = "https://monitor.penrowan.example"\n')
    assert load(folder, {}).console.host == "0.0.0.0"
