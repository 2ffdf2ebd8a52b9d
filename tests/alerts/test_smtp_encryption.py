"""The SMTP channel over encrypted lines: certificates are verified, passwords stay inside."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from alerts.channels.smtp import SmtpChannel
from alerts.types import Message, Retry, Sent
from tests.doubles.certificates import serving_tls as serving
from tests.doubles.certificates import trusting
from tests.doubles.mailservers import Inbox, served, settings

Make = Callable[..., Message]


def test_nothing_is_sent_where_encryption_is_asked_for_and_not_offered(message: Make) -> None:
    inbox = Inbox()
    with served(inbox) as port:
        outcome = SmtpChannel(settings(port, security="starttls"), None).send(message())
    assert outcome == Retry("The mail server does not offer encryption (STARTTLS).")
    assert inbox.taken == []


def test_a_mail_goes_over_starttls_with_a_verified_certificate_and_sign_in(message: Make) -> None:
    inbox = Inbox()
    seen: list[LoginPassword] = []

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        seen.append(data)
        known = data.password == b"correct horse"
        return AuthResult(success=known, handled=known)

    options = {"tls_context": serving("good.pem"), "require_starttls": True}
    with served(inbox, **options, authenticator=authenticate, auth_required=True) as port:
        mail = settings(port, security="starttls", username="monitor")
        tls = trusting("good.pem")
        good = SmtpChannel(mail, SecretStr("correct horse"), tls=tls).send(message())
        bad = SmtpChannel(mail, SecretStr("battery staple"), tls=tls).send(message())
    assert good == Sent()
    assert seen[0].login == b"monitor"
    assert isinstance(bad, Retry)
    assert bad.reason.startswith("The mail server refused the sign-in (535")


def test_a_mail_goes_over_tls_from_the_start(message: Make) -> None:
    inbox = Inbox()
    with served(inbox, ssl_context=serving("good.pem")) as port:
        channel = SmtpChannel(settings(port, security="tls"), None, tls=trusting("good.pem"))
        assert channel.send(message()) == Sent()


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("certificate", "trusted"),
    [("good.pem", None), ("expired.pem", "expired.pem")],
    ids=["a stranger's", "an expired one"],
)
def test_a_certificate_that_cannot_be_verified_stops_the_mail(
    security: str, certificate: str, trusted: str | None, message: Make
) -> None:
    inbox = Inbox()
    key = "ssl_context" if security == "tls" else "tls_context"
    tls = trusting(trusted) if trusted else None
    with served(inbox, **{key: serving(certificate)}) as port:
        outcome = SmtpChannel(settings(port, security=security), None, tls=tls).send(message())
    assert outcome == Retry("The mail server shows a certificate that cannot be verified.")
    assert inbox.taken == []


def test_a_password_never_goes_over_an_open_line(message: Make) -> None:
    with served(Inbox()) as port:
        channel = SmtpChannel(settings(port, username="monitor"), SecretStr("correct horse"))
        outcome = channel.send(message())
    assert outcome == Retry("The password is not sent over a line without encryption.")


def test_a_server_without_sign_in_is_told_apart(message: Make) -> None:
    with served(
        Inbox(), tls_context=serving("good.pem"), auth_exclude_mechanism=["LOGIN", "PLAIN"]
    ) as port:
        mail = settings(port, security="starttls", username="monitor")
        outcome = SmtpChannel(mail, None, tls=trusting("good.pem")).send(message())
    assert outcome == Retry("The mail server does not offer to sign in.")


def test_a_server_that_only_knows_the_login_method_is_signed_in_to(message: Make) -> None:
    inbox = Inbox()

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=mechanism == "LOGIN" and data.password == b"correct horse")

    options = {"tls_context": serving("good.pem"), "auth_exclude_mechanism": ["PLAIN"]}
    with served(inbox, **options, authenticator=authenticate, auth_required=True) as port:
        mail = settings(port, security="starttls", username="monitor")
        tls = trusting("good.pem")
        outcome = SmtpChannel(mail, SecretStr("correct horse"), tls=tls).send(message())
    assert outcome == Sent()


def test_a_server_that_speaks_no_tls_is_told_apart_from_one_that_is_away(message: Make) -> None:
    with served(Inbox()) as port:
        outcome = SmtpChannel(settings(port, security="tls"), None).send(message())
    assert outcome == Retry("The mail server could not agree on encryption.")
