"""The address at which a mail provider tells of mails that came back."""

from __future__ import annotations

import base64
from collections.abc import Callable

import httpx
from pydantic import SecretStr

from alerts.types import Sent
from monitor.store import delivered
from tests.doubles.consoles import Scene

SECRET = "a-secret-of-the-provider-of-mail"
Browsing = Callable[..., httpx.Client]


def with_secret(scene: Scene, value: str = SECRET) -> Scene:
    scene.settings = scene.settings.model_copy(
        update={"secrets": {**scene.settings.secrets, "bounces": SecretStr(value)}}
    )
    return scene


def basic(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"mail:{password}".encode()).decode()}


def test_a_mail_that_is_told_of_is_dead_and_others_are_answered_alike(
    full: Scene, browsing: Browsing
) -> None:
    client = browsing(with_secret(full), is_sample=False)
    full.deliver([Sent()] * 40)
    with full.store.read() as tx:
        sent = next(one for one in delivered.listing(tx, 99) if one.state == "sent")
        name = tx.exec_driver_sql(
            f"SELECT message_id FROM delivery WHERE id = {sent.delivery_id}"
        ).scalar_one()
    told = {"message_id": name, "status": "5.1.1"}
    for _ in range(2):
        assert client.post("/bounces", json=told, headers=basic(SECRET)).status_code == 204
    strange = {"message_id": "<strange@x.example>"}
    bearer = {"Authorization": f"Bearer {SECRET}"}
    assert client.post("/bounces", json=strange, headers=bearer).status_code == 204
    with full.store.read() as tx:
        dead = delivered.find(tx, sent.delivery_id)
    assert dead is not None
    assert (dead.state, dead.last_error) == (
        "dead", "It came back: the address does not exist (5.1.1).",
    )  # fmt: skip


def test_it_is_there_only_with_a_secret_and_for_who_knows_it(
    full: Scene, browsing: Browsing
) -> None:
    assert browsing(full, is_sample=False).post("/bounces", json={}).status_code == 404
    short = browsing(with_secret(full, "too short"), is_sample=False)
    assert short.post("/bounces", json={}, headers=basic("too short")).status_code == 404
    client = browsing(with_secret(full), is_sample=False)
    for headers in ({}, basic("wrong"), basic(""), {"Authorization": "Basic !"},
                    {"Authorization": f"Digest {SECRET}"}):  # fmt: skip
        answer = client.post("/bounces", json={"message_id": "<a@b.example>"}, headers=headers)
        assert answer.status_code == 401, headers
    assert client.post("/bounces", content=b"{", headers=basic(SECRET)).status_code == 400
    large = b" " * (256 * 1024 + 1)
    assert client.post("/bounces", content=large, headers=basic(SECRET)).status_code == 413
    proxied = {**basic(SECRET), "X-Forwarded-For": "192.0.2.1"}
    assert client.post("/bounces", json={}, headers=proxied).status_code == 204
