"""Signing in at a terminal by a code (RFC 8628), at a provider of ours over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from config.loading import load
from config.people import SignIn
from connectors.fetch.client import Fetcher
from monitor.access import devicecode
from monitor.access.signin import NotAccepted, Provider
from tests.doubles.openid import CALLBACK, CLIENT, SECRET, TENANT, OpenId, provider

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def openid() -> Iterator[OpenId]:
    with provider(lambda: NOW) as made:
        made.subject = "subject-staff"
        yield made


@pytest.fixture
def door(openid: OpenId) -> Provider:
    fetch = load(None, {}).fetch.model_copy(update={"host_spacing": timedelta(0)})
    settings = SignIn(
        issuer=openid.issuer,
        client_id=CLIENT,
        tenant_claim="tid",
        tenant=TENANT,
        allow=(openid.site.place,),
    )
    return Provider(
        settings,
        secret=SECRET,
        redirect_uri=CALLBACK,
        fetcher=Fetcher(fetch),
        clock=lambda: NOW,
    )


def test_who_confirms_the_code_in_a_browser_is_signed_in(openid: OpenId, door: Provider) -> None:
    openid.device = ["authorization_pending", "slow_down", "authorization_pending"]
    code = devicecode.begin(door)
    assert (code.shown, code.address) == ("WXYZ-1234", f"{openid.issuer}/device")
    paused: list[timedelta] = []
    arrival = devicecode.wait(door, code, paused.append)
    assert arrival.subject == "subject-staff"
    assert [pause.total_seconds() for pause in paused] == [5, 5, 10, 10]


@pytest.mark.parametrize("word", ["access_denied", "expired_token", "x" * 500])
def test_a_code_that_is_refused_lets_nobody_in(openid: OpenId, door: Provider, word: str) -> None:
    openid.device = [word]
    with pytest.raises(NotAccepted, match=word[:60]):
        devicecode.wait(door, devicecode.begin(door), lambda _: None)


def test_a_code_that_nobody_confirms_ends(openid: OpenId, door: Provider) -> None:
    openid.device = ["authorization_pending"] * 500
    with pytest.raises(NotAccepted, match="in time"):
        devicecode.wait(door, devicecode.begin(door), lambda _: None)


def test_a_token_of_another_tenant_is_refused_here_too(openid: OpenId, door: Provider) -> None:
    openid.slips.claims = {"tid": "another"}
    openid.device = []
    with pytest.raises(NotAccepted, match="not good"):
        devicecode.wait(door, devicecode.begin(door), lambda _: None)


def test_a_provider_without_such_a_sign_in_is_said(openid: OpenId, door: Provider) -> None:
    openid.device = None
    with pytest.raises(NotAccepted, match="device_authorization_endpoint"):
        devicecode.begin(door)
