"""The doctor says which key a switched-on source still needs, and never shows one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from connectors.registry import CONNECTORS, key_name, terms
from monitor.cli import cli
from tests.doubles.certificates import TLS, serving_tls
from tests.doubles.loopback import Reply, serving
from tests.doubles.surroundings import Surroundings

KEY = "AIza-something-long-of-ours"
OPTIONS = {
    "mastodon_stream": '{ servers = ["https://social.example"] }',
    "bluesky": '{ handle = "trust.example" }',
    "facebook_page": '{ page = "1" }',
    "instagram": '{ account = "1" }',
    "linkedin": '{ organization = "1" }',
    "reddit": '{ client_id = "ours", account = "ours" }',
    "x": "{ posts_per_month = 1500 }",
    "trustpilot": '{ unit = "46d6a890000064000500e0c3" }',
}
KEYED = [kind for kind in CONNECTORS if key_name(kind)]
SIGNED = "".join(
    f'[[accepted]]\nkind = "{kind}"\nby = "Odile Fairhurst"\non = 2026-11-02\nreason = "Try"\n'
    for kind in CONNECTORS
    if terms(kind)
)
SOURCE = """
[[sources]]
id = "videos"
kind = "youtube"
name = "YouTube"
"""


def examined(surroundings: Surroundings, tmp_path: Path, *more: str) -> str:
    where = ["--config", str(surroundings.config), "--database", f"sqlite:///{tmp_path / 'a.db'}"]
    return CliRunner().invoke(cli, ["doctor", *where, *more]).output


def test_a_missing_key_is_told_with_where_to_put_it(
    surroundings: Surroundings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "youtube_key" not in examined(surroundings, tmp_path)
    sources = surroundings.config / "sources.toml"
    sources.write_text(sources.read_text("utf-8") + SOURCE, "utf-8")
    said = examined(surroundings, tmp_path)
    assert "MEND key: youtube_key is missing, for YouTube" in said
    assert "TRUST_MONITOR_SECRET_YOUTUBE_KEY" in said
    monkeypatch.setenv("TRUST_MONITOR_SECRET_YOUTUBE_KEY", KEY)
    said = examined(surroundings, tmp_path)
    assert "ok   key: youtube_key is there" in said
    assert KEY not in said


def test_every_channel_is_tried_with_a_test(
    surroundings: Surroundings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "good.pem"))
    with serving(lambda _: Reply(), tls=serving_tls("good.pem")) as site:
        settings = surroundings.config / "settings.toml"
        channels = "".join(
            f'[[channels]]\nid = "{name}"\nkind = "{kind}"\nroles = ["it"]\n'
            f'allow = ["{site.place}"]\n'
            for name, kind in (("hook", "webhook"), ("phone", "apprise"))
        )
        settings.write_text(settings.read_text("utf-8") + channels, "utf-8")
        said = examined(surroundings, tmp_path)
        assert "MEND channel hook: lacks where it leads or its key" in said
        assert "TRUST_MONITOR_SECRET_CHANNEL_HOOK_KEY" in said
        secret = "TRUST_MONITOR_SECRET_CHANNEL"
        monkeypatch.setenv(f"{secret}_HOOK", f"https://{site.place}/hook")
        monkeypatch.setenv(f"{secret}_HOOK_KEY", f"whsec_{'QUJD' * 8}")
        monkeypatch.setenv(f"{secret}_PHONE", f"ntfys://{site.place}/topic")
        said = examined(surroundings, tmp_path, "--send-test", "it@larkmere.example")
    assert "ok   mail: the test mail was accepted" in said
    assert "ok   channel hook: the test was accepted" in said
    assert "ok   channel phone: the test was accepted" in said
    assert len(site.asked) == 2
    assert site.place not in said


def test_each_key_that_a_kind_needs_is_told_once_with_where_to_put_it(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    sources = surroundings.config / "sources.toml"
    tables = [
        f"[[sources]]\nid = '{kind.replace('_', '-')}'\nkind = '{kind}'\nname = 'A {kind}'\n"
        f"options = {OPTIONS.get(kind, '{}')}\n"
        for kind in KEYED
    ]
    sources.write_text(sources.read_text("utf-8") + "\n".join(tables), "utf-8")
    (surroundings.config / "accepted.toml").write_text(SIGNED, "utf-8")
    said = examined(surroundings, tmp_path)
    keys = {key_name(kind) for kind in KEYED}
    assert len(keys) == len(KEYED) - 2  # Facebook and Instagram share one, and so does YouTube
    for key in keys:
        assert said.count(f"MEND key: {key} is missing, for A ") == 1
        assert f"set TRUST_MONITOR_SECRET_{key.upper()}\n" in said


def test_terms_and_cost_are_told_before_a_source_is_switched_on_and_who_accepted_after(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    sources = surroundings.config / "sources.toml"
    before = sources.read_text("utf-8")
    off = "[[sources]]\nid = 'x'\nkind = 'x'\nname = 'X'\noptions = { posts_per_month = 1500 }\n"
    sources.write_text(f"{before}\n{off}enabled = false\n", "utf-8")
    said = examined(surroundings, tmp_path)
    assert "opt  terms of x: off until somebody answers for it. X forbids surveillance" in said
    assert "ok   cost of X: off; at most $7.50 a month (1,500 posts at $0.005)" in said
    sources.write_text(f"{before}\n{off}", "utf-8")
    (surroundings.config / "accepted.toml").write_text(SIGNED, "utf-8")
    said = examined(surroundings, tmp_path)
    assert "ok   terms of x: accepted by Odile Fairhurst on 2026-11-02: Try" in said
    assert "ok   cost of X: at most $7.50 a month" in said
