"""Real servers of others, on loopback; where one is not installed its tests say so loudly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from classifiers.pipeline import Classifier, build
from connectors.fetch.client import Fetcher
from monitor import sample
from monitor.context import Context
from monitor.intake import mailbox
from monitor.store import sources
from tests.doubles.consoles import Scene, empty_scene
from tests.peers.dovecot import CERTIFICATE, PASSWORD, PROGRAM, USER, Dovecot, dovecot


@pytest.fixture
def server() -> Iterator[Dovecot]:
    if PROGRAM is None:
        pytest.skip("NOT TESTED: Dovecot is not installed (make system), so no real IMAP server")
    with dovecot() as started:
        yield started


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    settings = sample.settings({}, tmp_path_factory.mktemp("classifier"))
    return build(settings.trust, settings.policy)


@pytest.fixture
def scene(tmp_path: Path, server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """The sample's trust with a mailbox on the real server, whose certificate it trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with empty_scene(tmp_path) as made:
        box = made.settings.mailbox.model_copy(
            update={
                "host": "127.0.0.1", "port": server.port, "username": USER,
                "authserv": "mx.harrowmere.example", "deadline": timedelta(seconds=3),
            }
        )  # fmt: skip
        secrets = {"mailbox_password": SecretStr(PASSWORD)}
        made.settings = made.settings.model_copy(update={"mailbox": box, "secrets": secrets})
        with made.store.begin() as tx:
            sources.sync(tx, mailbox.as_sources(made.settings), made.now)
        yield made


@pytest.fixture
def ctx(scene: Scene, classifier: Classifier) -> Context:
    return Context(
        settings=scene.settings,
        store=scene.store,
        classifier=lambda: classifier,
        fetcher=Fetcher(scene.settings.fetch),
        channels={},
        other_channels={},
        clock=scene.clock,
    )
