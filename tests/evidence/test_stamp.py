"""Timestamps by a real authority of our own (openssl ts), asked over HTTP."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.evidence.stamp import stamp_next
from monitor.store import evidence_stamps
from tests.doubles.consoles import NOW
from tests.doubles.loopback import Asked, Reply, serving
from tests.evidence.conftest import Studio, context

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    folder = tmp_path / "tsa"
    folder.mkdir()
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder), encoding="ascii")
    (folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\n", encoding="ascii")
    run = ("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout")
    subject = ("-subj", "/CN=Root of a test")
    openssl(folder, *run, "ca.key", "-x509", "-days", "9999", "-out", "ca.pem", *subject)
    openssl(folder, *run, "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Clock of a test")
    openssl(folder, "openssl", "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey",
            "ca.key", "-CAcreateserial", "-days", "9999", "-extfile", "ext", "-out", "tsa.pem",
            )  # fmt: skip
    return folder


def openssl(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def replying(folder: Path, asked: Asked, *, instead: bytes = b"") -> Reply:
    (folder / "ask").write_bytes(instead or asked.sent)
    openssl(folder, "openssl", "ts", "-reply", "-queryfile", "ask", "-config", "tsa.cnf",
            "-out", "reply")  # fmt: skip
    body = (folder / "reply").read_bytes()
    return Reply(body=body, headers={"Content-Type": "application/timestamp-reply"})


def stamped(studio: Studio, address: str, place: str, roots: Path) -> tuple[int, bytes] | None:
    ctx = context(
        studio.scene, (studio.site.place,), browser="/nowhere", timestamp_url=address,
        timestamp_certificates=str(roots),
    )  # fmt: skip
    studio.ctx = replace(ctx, fetcher=ctx.fetcher.reaching((place,)))
    studio.mention()
    studio.capture()
    assert stamp_next(studio.ctx) == 1
    with studio.scene.store.read() as tx:
        return evidence_stamps.first_from(tx, 1)


def test_the_newest_seal_is_stamped_once_and_openssl_agrees(
    studio: Studio, authority: Path
) -> None:
    with serving(lambda asked: replying(authority, asked)) as tsa:
        found = stamped(studio, tsa.address, tsa.place, authority / "ca.pem")
        assert found is not None
        assert stamp_next(studio.ctx) == 0
        assert len(tsa.asked) == 1
    (authority / "seal").write_text(studio.captures(1)[0].digest, encoding="ascii")
    (authority / "token").write_bytes(found[1])
    openssl(authority, "openssl", "ts", "-verify", "-in", "token", "-data", "seal", "-CAfile",
            "ca.pem", "-untrusted", "tsa.pem")  # fmt: skip


def test_a_stamp_on_something_else_by_another_or_none_is_refused_and_tried_again(
    studio: Studio, authority: Path
) -> None:
    kept: list[bytes] = []

    def another(asked: Asked) -> Reply:
        kept.append(asked.sent)
        return replying(authority, asked, instead=kept[0])

    with serving(another) as tsa:
        assert stamped(studio, tsa.address, tsa.place, authority / "tsa.pem") is None
        studio.mention()
        studio.capture()
        assert stamp_next(studio.ctx) == 1
        with studio.scene.store.read() as tx:
            assert evidence_stamps.first_from(tx, 1) is None
            assert evidence_stamps.next_due(tx, NOW) is None
