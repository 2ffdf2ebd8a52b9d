"""Single values: what may be written, and what is told when it may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from config import forms
from config.forms import Misspelt


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        (" 6h ", timedelta(hours=6)),
        ("30d", timedelta(days=30)),
        ("0s", timedelta()),
        (timedelta(minutes=1), timedelta(minutes=1)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(written: object, meant: timedelta) -> None:
    assert forms.duration(written) == meant


ADDRESSES = ["10.0.0.5:80", "news.lan:8080", "[fd00::5]:443", "127.0.0.1:8610", "localhost:1"]
NOT_ONE_ADDRESS = [
    "", "10.0.0.5", "10.0.0.5:", ":80", "10.0.0.5:0", "10.0.0.5:70000", "10.0.0.5:80-90",
    "10.0.0.0/8:80", "*:80", "*.lan:80", "http://news.lan:80", "news.lan:80/path", "a b:80",
    "0.0.0.0:80", "[::]:80", "169.254.169.254:80", "224.0.0.1:80", "fd00::5:443", "[10.0.0.5]:80",
    "2130706433:80", "127.1:80", "0x7f000001:80", "10.0.0.5:٨٠", "news.lan:80\n", "me@news.lan:80",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_one_exact_host_and_port_may_be_allowed(address: str) -> None:
    assert forms.host_and_port(address) == address


@pytest.mark.parametrize("address", NOT_ONE_ADDRESS)
def test_nothing_wider_than_one_host_and_port_may_be_allowed(address: str) -> None:
    with pytest.raises(Misspelt, match="exact"):
        forms.host_and_port(address)


@pytest.mark.parametrize("address", ["", "pr@penrowan.example", "o'neill+x@a-b.penrowan.example"])
def test_a_mail_address_is_plain_or_blank(address: str) -> None:
    assert forms.mail_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "pr",
        "pr@penrowan",
        "PR <pr@penrowan.example>",
        "pr@penrowan.example, it@penrowan.example",
        "pr@penrowan.example\nBcc: all@penrowan.example",
        "pr @penrowan.example",
        "x" * 250 + "@penrowan.example",
        "pr@penrówan.example",
    ],
)
def test_what_could_address_others_is_no_mail_address(address: str) -> None:
    with pytest.raises(Misspelt) as caught:
        forms.mail_address(address)
    assert address not in str(caught.value) + caught.value.mend


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (forms.duration, "15"),
        (forms.duration, "1.5h"),
        (forms.duration, "-5m"),
        (forms.duration, "5 weeks"),
        (forms.duration, "99999999d"),
        (forms.duration, 15),
        (forms.duration, None),
        (forms.name, "   "),
        (forms.name, "one\ntwo"),
        (forms.name, "Thorle \u202eSchool"),
        (forms.identifier, ""),
        (forms.identifier, "../etc"),
        (forms.identifier, "-x"),
        (forms.identifier, "x" * 65),
        (forms.identifier, "école"),
        (forms.time_of_day, "24:00"),
        (forms.time_of_day, "7:00"),
        (forms.time_of_day, "01:00"),
        (forms.time_of_day, "01:59"),
        (forms.without_password, "postgresql://me:secret@db/x"),
        (forms.without_password, "http://[x"),
        (forms.web_address, "http://[x"),
        (forms.web_address, "javascript:alert(1)"),
        (forms.web_address, "https://me@monitor.example"),
        (forms.web_address, "https://monitor.example/?a=1"),
        (forms.web_address, "https://monitor.example/a b"),
    ],
)
def test_what_is_misspelt_comes_with_its_mend(
    form: Callable[[object], object], value: object
) -> None:
    with pytest.raises(Misspelt) as caught:
        form(value)
    assert caught.value.mend


@pytest.mark.parametrize("time", ["00:59", "02:00", "07:00", "23:59"])
def test_a_digest_may_go_at_any_hour_that_every_day_has_once(time: str) -> None:
    assert forms.time_of_day(time) == time


def test_the_slash_at_the_end_of_an_address_does_not_matter() -> None:
    assert forms.web_address("https://monitor.example/trust/") == "https://monitor.example/trust"
