"""Signing in with a token: a token service and a mail server of ours, both of which enforce it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from pydantic import SecretStr

from alerts.channels.smtp import SmtpChannel
from alerts.tokens import Tokens
from alerts.types import Message, Retry, Sent
from config.loading import load
from connectors.fetch.client import Fetcher
from tests.doubles.certificates import serving_tls, trusting
from tests.doubles.loopback import Asked, Reply, Site, as_json, serving
from tests.doubles.mailservers import Inbox, served, settings

Make = Callable[..., Message]
MAILBOX = "monitor@harrowmere.example"
SCOPE = "https://outlook.office365.com/.default"
APP = {"mail_client_secret": SecretStr("of the app")}
CONSENT = {**APP, "mail_refresh_token": SecretStr("of the mailbox")}


@dataclass
class Grants:
    """A token service that gives "token-1", "token-2" ... to who asks properly."""

    wants: Mapping[str, str]
    expires_in: float = 3600
    given: int = 0
    refuses: Reply | None = None

    def __call__(self, asked: Asked) -> Reply:
        if self.refuses is not None:
            return self.refuses
        form = {name: values[0] for name, values in parse_qs(asked.sent.decode()).items()}
        if form != self.wants or asked.path != "/tenant/oauth2/v2.0/token":
            return as_json({"error": "invalid_client"}, status=401)
        self.given += 1
        token = {"token_type": "Bearer", "access_token": f"token-{self.given}"}
        return as_json({**token, "expires_in": self.expires_in})


OF_THE_APP = {
    "grant_type": "client_credentials",
    "client_id": "our-app",
    "client_secret": "of the app",
    "scope": SCOPE,
}
OF_THE_MAILBOX = {
    "grant_type": "refresh_token",
    "client_id": "our-app",
    "client_secret": "of the app",
    "refresh_token": "of the mailbox",
}


@dataclass
class TokenInbox(Inbox):
    """Takes mail from who signs in with a token that holds (XOAUTH2)."""

    holds: set[str] = field(default_factory=lambda: {"token-1"})
    offered: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:
        said = base64.b64decode(arguments[1]).decode()
        user, bearer, *rest = said.split("\x01")
        assert rest == ["", ""]
        token = bearer.removeprefix("auth=Bearer ")
        self.offered.append(token)
        if user == f"user={MAILBOX}" and token in self.holds:
            return AuthResult(success=True, auth_data=b"monitor")
        challenge = base64.b64encode(json.dumps({"status": "400"}).encode()).decode()
        await server.push(f"334 {challenge}")
        await server._reader.readline()
        return AuthResult(success=False, handled=False)


@contextmanager
def channel(
    inbox: Inbox, grants: Grants, secrets: Mapping[str, SecretStr] = APP, *, offers: bool = True
) -> Iterator[tuple[SmtpChannel, Site]]:
    options = {"tls_context": serving_tls("good.pem"), "require_starttls": True}
    hidden = [] if offers else ["XOAUTH2"]
    with (
        served(inbox, **options, auth_required=True, auth_exclude_mechanism=hidden) as port,
        serving(grants, tls=serving_tls("good.pem")) as site,
    ):
        mail = settings(
            port,
            security="starttls",
            username=MAILBOX,
            token_url=f"{site.address}/tenant/oauth2/v2.0/token",
            client_id="our-app",
            scope=SCOPE,
        )
        limits = load().fetch.model_copy(update={"host_spacing": timedelta(0)})
        door = Fetcher(limits, allow=frozenset({site.place}), tls=trusting("good.pem"))
        tokens = Tokens(mail, secrets, door)
        yield SmtpChannel(mail, None, tokens=tokens, tls=trusting("good.pem")), site


@pytest.mark.parametrize(
    ("secrets", "wants"), [(APP, OF_THE_APP), (CONSENT, OF_THE_MAILBOX)], ids=["app", "consent"]
)
def test_a_mail_goes_with_a_token_that_is_asked_for_once(
    secrets: Mapping[str, SecretStr], wants: Mapping[str, str], message: Make
) -> None:
    inbox, grants = TokenInbox(), Grants(wants)
    with channel(inbox, grants, secrets) as (way, _):
        assert [way.send(message()) for _ in range(3)] == [Sent()] * 3
    assert inbox.offered == ["token-1"] * 3
    assert grants.given == 1
    assert len(inbox.taken) == 3


def test_a_token_that_is_over_is_exchanged(message: Make) -> None:
    inbox, grants = TokenInbox(holds={"token-1", "token-2"}), Grants(OF_THE_APP, expires_in=30)
    with channel(inbox, grants) as (way, _):
        assert [way.send(message()) for _ in range(2)] == [Sent()] * 2
    assert inbox.offered == ["token-1", "token-2"]


def test_a_kept_token_that_is_refused_is_exchanged_once(message: Make) -> None:
    inbox, grants = TokenInbox(), Grants(OF_THE_APP)
    with channel(inbox, grants) as (way, _):
        assert way.send(message()) == Sent()
        inbox.holds = {"token-2"}  # taken back by the operator of the service
        assert way.send(message()) == Sent()
        inbox.holds = set()
        refused = way.send(message())
        again = way.send(message())
    assert isinstance(refused, Retry)
    assert refused.reason.startswith("The mail server refused the sign-in (535")
    assert again == refused
    assert inbox.offered == ["token-1", "token-1", "token-2", "token-2", "token-3", "token-4"]
    assert len(inbox.taken) == 2


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (
            as_json({"error": "slow_down"}, status=429, Retry_After="120"),
            Retry("The token service asked us to slow down (429).", 120.0),
        ),
        (
            as_json({"error": "invalid_client"}, status=401),
            Retry("The token service refused our credentials (401)."),
        ),
        (Reply(status=500), Retry("The token service has a fault of its own (500).")),
        (Reply(body=b"<html>"), Retry("The token service gave no token.")),
        (as_json({"access_token": "a\r\nb"}), Retry("The token service gave no token.")),
        (as_json(["token"]), Retry("The token service gave no token.")),
        (
            Reply(status=302, headers={"Location": "https://elsewhere.example"}),
            Retry("The address redirects, and what was sent goes no further."),
        ),
    ],
)
def test_without_a_token_the_mail_waits(reply: Reply, expected: Retry, message: Make) -> None:
    inbox = TokenInbox()
    with channel(inbox, Grants(OF_THE_APP, refuses=reply)) as (way, _):
        assert way.send(message()) == expected
    assert inbox.offered == []
    assert inbox.taken == []


def test_a_server_that_takes_no_token_gets_none(message: Make) -> None:
    inbox, grants = TokenInbox(), Grants(OF_THE_APP)
    with channel(inbox, grants, offers=False) as (way, site):
        outcome = way.send(message())
    assert isinstance(outcome, Retry)
    assert "XOAUTH2" in outcome.reason
    assert site.asked == []
