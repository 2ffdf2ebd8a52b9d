"""What ships describes the real Trust by public facts only, and starts nothing by itself."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest

from config.base import LabelName, RoleName
from config.checks import policy_faults
from config.clauses import CLAUSES
from config.documents import read_toml
from config.lines import toml_lines
from config.loading import DEFAULTS, POLICY, SHIPPED, SOURCES, TRUST, Service, load
from config.national import register
from config.policy import Policy
from config.readiness import advice, may_collect, missing_for_live
from config.settings import ChannelSettings, Settings

TEXTS = {name: (SHIPPED / name).read_text("utf-8") for name in (TRUST, SOURCES, POLICY, DEFAULTS)}


@pytest.fixture(scope="module")
def shipped() -> Settings:
    return load(environ={})


@pytest.fixture(scope="module")
def policy(shipped: Settings) -> Policy:
    return shipped.policy


def test_it_loads_and_collects_nothing(shipped: Settings) -> None:
    assert not may_collect(shipped)
    assert not any(source.enabled for source in shipped.sources)


def test_it_says_that_the_trust_must_check_it() -> None:
    assert "TO BE CHECKED BY THE TRUST" in TEXTS[TRUST].split("[trust]")[0]
    assert "could\n# not be verified" in TEXTS[SOURCES]


def test_no_account_of_anybody_ships(shipped: Settings) -> None:
    assert shipped.trust.handles == ()
    assert all(school.handles == () for school in shipped.trust.schools)


def test_no_address_of_anybody_ships(shipped: Settings) -> None:
    contacts = [shipped.trust.contacts, *(school.contacts for school in shipped.trust.schools)]
    assert all(value == "" for one in contacts for value in one.model_dump().values())
    assert not re.search(r"[\w.]+@[\w.]+", "".join(TEXTS.values()))


def test_schools_whose_membership_nobody_confirmed_are_off(shipped: Settings) -> None:
    off = {school.id for school in shipped.trust.schools if not school.enabled}
    assert off == {
        "nether-stowe", "west-coventry", "two-rivers-primary", "two-rivers-high", "brookvale",
        "coton-green", "curdworth", "osborne", "william-macgregor",
    }  # fmt: skip
    assert len(shipped.trust.enabled_schools) == 11


def test_every_school_is_the_one_that_the_register_knows(shipped: Settings) -> None:
    by_urn = {school.urn: school for school in register()}
    for school in shipped.trust.schools:
        known = by_urn[school.urn]
        assert (school.postcode, school.la) == (known.postcode, known.la)


def test_the_alias_that_two_schools_share_is_declared(shipped: Settings) -> None:
    (shared,) = shipped.trust.shared_aliases
    assert shared.alias == "Two Rivers School"
    assert shared.schools == ("two-rivers-primary", "two-rivers-high")


def test_the_neighbour_that_is_no_member_is_a_decoy(shipped: Settings) -> None:
    assert shipped.trust.decoys == ("Moor Hall Primary School",)


def test_going_live_asks_for_decision_contacts_and_mail(shipped: Settings) -> None:
    assert {problem.key for problem in missing_for_live(shipped)} == {
        "decision.purpose", "decision.lawful_basis", "decision.dpia_reference",
        "decision.retention", "decision.approver", "decision.approved_on", "decision.notice",
        "trust.contacts.head_of_pr", "mail.host", "mail.sender", "fetch.contact",
    }  # fmt: skip
    assert all(problem.mend for problem in (*missing_for_live(shipped), *advice(shipped)))


def test_every_clause_cited_is_one_of_the_policys() -> None:
    cited = re.findall(r"\b(\d{1,2}\.\d{1,2})\b(?!\d)", re.sub(r"= *\d\.\d+", "", TEXTS[POLICY]))
    assert cited
    assert set(cited) <= CLAUSES


def test_every_label_has_its_meaning_and_what_to_do_and_not_to_do(policy: Policy) -> None:
    assert set(policy.labels) == set(get_args(LabelName))
    for label in policy.labels.values():
        assert label.meaning
        assert label.do
        assert label.dont


def test_a_policy_without_one_of_the_labels_is_refused(policy: Policy) -> None:
    labels = {name: label for name, label in policy.labels.items() if name != "hate"}
    (fault,) = policy_faults(policy.model_copy(update={"labels": labels}))
    assert (fault.path, fault.message) == (("labels", "hate"), "is missing")


def test_reputation_cites_the_intent_and_never_a_breach(policy: Policy) -> None:
    reputation = policy.labels["reputation"]
    assert reputation.clauses == ("intent", "1.1")
    assert "6.7" not in json.dumps(reputation.model_dump(mode="json"))


def test_every_alert_says_not_to_reply(policy: Policy) -> None:
    assert any("not reply" in line and "6.8" in line and "9.3" in line for line in policy.never)
    assert any("not an emergency service" in line for line in policy.never)


def test_no_text_calls_a_post_illegal_or_its_author_guilty() -> None:
    values = tomllib.loads(TEXTS[POLICY])
    told = json.dumps(values, default=str).replace("Do not call it illegal", "")
    assert not re.search(r"\b(illegal|unlawful|defamatory|guilty|offender)\b", told)


def test_every_role_but_it_is_told_by_some_route_or_chain(policy: Policy) -> None:
    told = {role for route in policy.routes for role in route.tell}
    told |= {role for chain in policy.escalation for step in chain.steps for role in step.tell}
    assert told == set(get_args(RoleName)) - {"it"}


def test_matters_of_children_go_as_a_link_with_the_safeguarding_lead_first(
    policy: Policy,
) -> None:
    (welfare,) = (route for route in policy.routes if route.name == "welfare of a child")
    assert welfare.disclosure == "link_only"
    assert welfare.tell[0] == "safeguarding_lead"


def test_an_allegation_never_goes_first_to_pr_or_to_the_head_it_is_about(policy: Policy) -> None:
    about = {route.when[0].allegation: route for route in policy.routes if route.when}
    assert about[("staff",)].tell[0] == "headteacher"
    assert about[("head",)].tell[0] == "chair"
    assert "headteacher" not in about[("head",)].tell
    assert {about[("staff",)].disclosure, about[("head",)].disclosure} == {"link_only"}


CHANNEL_KEYS = list(ChannelSettings.model_fields)


def test_every_setting_stands_in_the_defaults_with_a_comment() -> None:
    text = TEXTS[DEFAULTS]
    lines = text.splitlines()
    places = toml_lines(text)
    for section, field in Service.model_fields.items():
        model = field.annotation
        assert model is not None
        if section == "channels":  # a list, empty as shipped
            said = [re.search(rf"(?m)^# {key} = .*  # \S", text) for key in CHANNEL_KEYS]
            assert all(said)
            continue
        for key in model.model_fields:
            assert re.search(r"  # \S", lines[places[(section, key)] - 1]), f"{section}.{key}"


def test_the_fetchers_limits_are_those_promised(shipped: Settings) -> None:
    fetch = shipped.fetch
    assert (fetch.max_body_bytes, fetch.max_headers, fetch.max_redirects) == (10 * 2**20, 200, 5)
    assert fetch.parse_deadline.total_seconds() <= 5


@pytest.mark.parametrize("name", TEXTS)
def test_every_shipped_key_is_found_on_its_line(name: str) -> None:
    document = read_toml(SHIPPED / name)
    lines = TEXTS[name].splitlines()
    for path, number in document.lines.items():
        key = next(part for part in reversed(path) if isinstance(part, str))
        if isinstance(path[-1], str):
            assert key in lines[number - 1]


def test_no_two_shipped_rules_of_severity_are_the_same(policy: Policy) -> None:
    assert all(one.when != other.when for one, other in combinations(policy.severity, 2))


def test_the_files_are_part_of_the_package(shipped: Settings) -> None:
    assert shipped.directory == Path(load.__code__.co_filename).parent
