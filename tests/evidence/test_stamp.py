"""Timestamps by a real authority of our own (openssl ts), asked over HTTP."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.evidence import bundle as bundles
from monitor.evidence import stamped as stamped_files
from monitor.evidence import verify
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
    openssl(folder, *run, "o.key", "-x509", "-days", "9999", "-out", "other.pem", *subject)
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


def stamped_bundle(studio: Studio, authority: Path, tmp_path: Path) -> Path:
    with serving(lambda asked: replying(authority, asked)) as tsa:
        assert stamped(studio, tsa.address, tsa.place, authority / "ca.pem")
    made = bundles.of_mention(studio.scene.store, studio.ctx.settings, 1, by="Odile", now=NOW)
    path = tmp_path / made.name
    bundles.write(path, made.body)
    return path


def verified(path: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["evidence", "verify", str(path), *more])
    return done.exit_code, done.output


def test_the_verifier_says_what_a_timestamp_is_worth(
    studio: Studio, authority: Path, tmp_path: Path
) -> None:
    bundle = stamped_bundle(studio, authority, tmp_path)
    code, said = verified(bundle)
    assert (code, "who signed it was not checked" in said) == (0, True)
    code, said = verified(bundle, "--certificates", str(authority / "ca.pem"))
    assert (code, "Seal 1 and all before it were there at" in said) == (0, True), said
    code, said = verified(bundle, "--certificates", str(authority / "other.pem"))
    assert (code, "is not signed under these roots" in said) == (1, True)
    code, said = verified(bundle, "--certificates", str(authority / "tsa.cnf"))
    assert (code, "holds no certificate" in said) == (2, True)


def test_a_timestamp_on_something_else_is_found_though_every_manifest_fits(
    studio: Studio, authority: Path, tmp_path: Path
) -> None:
    bundle = stamped_bundle(studio, authority, tmp_path)
    files, _ = verify._unpacked(bundle.read_bytes())
    (authority / "something").write_text("something else", encoding="ascii")
    openssl(authority, "openssl", "ts", "-query", "-data", "something", "-sha256", "-out", "q")
    other = replying(authority, Asked(path="/", query={}, headers={}, at=0),
                     instead=(authority / "q").read_bytes())  # fmt: skip
    seals = verify._seals(files)
    for body, expected in ((other.body, "is not on what the seal says"), (b"x", "cannot be read")):
        (found,) = stamped_files.look({"data/stamps/000001.tsr": body}, seals, b"")
        assert expected in found.words
    (strange,) = stamped_files.look({"data/stamps/000009.tsr": other.body}, seals, b"")
    assert strange.is_fault
