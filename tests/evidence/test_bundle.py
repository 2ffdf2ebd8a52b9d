"""A bundle that third parties can check, and every way to tamper with it found."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.evidence import bundle as bundles
from monitor.evidence import verify
from monitor.store import audit, cases
from tests.doubles.consoles import NOW
from tests.evidence.conftest import WORDS, Studio, context

NO_BROWSER = {"browser": "/nowhere/chromium"}


@pytest.fixture
def bundle(studio: Studio, tmp_path: Path) -> Path:
    studio.ctx = context(studio.scene, (studio.site.place,), **NO_BROWSER)
    number = studio.mention()
    other = studio.mention()
    studio.capture()
    with studio.scene.store.begin() as tx:
        case_id = cases.begin(tx, {"title": "A blade at the gates"}, by="Odile", now=NOW)
        for one in (number, other):
            facts = {
                "mention": one, "severity": "high", "labels": [], "pupil": "none",
                "allegation": "none", "schools": [],
            }  # fmt: skip
            cases.append(tx, case_id, "mention_added", facts, by="Odile", now=NOW)
    made = bundles.of_case(studio.scene.store, studio.ctx.settings, case_id, by="Odile", now=NOW)
    path = tmp_path / made.name
    bundles.write(path, made.body)
    return path


def unpacked(bundle: Path) -> Path:
    folder = bundle.parent / "unpacked"
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    return next(folder.iterdir())


def test_it_is_whole_for_our_verifier_without_any_configuration(bundle: Path) -> None:
    done = CliRunner().invoke(cli, ["evidence", "verify", str(bundle)])
    assert (done.exit_code, verify.checked(bundle).problems) == (0, ()), done.output
    assert verify.checked(unpacked(bundle)).problems == ()


def test_it_is_whole_for_sha256sum_alone(bundle: Path) -> None:
    folder = unpacked(bundle)
    for listing in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        done = subprocess.run(
            ["sha256sum", "--strict", "-c", listing],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        assert "FAILED" not in done.stdout


def test_it_says_what_was_captured_and_who_looked(bundle: Path) -> None:
    folder = unpacked(bundle)
    index = (folder / "data/index.html").read_text(encoding="utf-8")
    assert WORDS in index
    assert "2026-11-23T14:20:00Z" in index
    assert "evidence.sealed" in (folder / "data/access.csv").read_text(encoding="utf-8")
    assert len(list((folder / "data/sealed").iterdir())) == 2


Tampering = Callable[[Path], object]


def changed(name: str) -> Tampering:
    def tamper(folder: Path) -> None:
        path = next(folder.glob(name))
        body = bytearray(path.read_bytes())
        body[len(body) // 2] ^= 1
        path.write_bytes(bytes(body))

    return tamper


def rewritten(folder: Path) -> None:
    """The post is changed and every manifest is written anew to fit."""
    path = next(folder.glob("data/sealed/*/post.txt"))
    path.write_text("Nothing happened at all", encoding="utf-8")
    files = {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*") if one.is_file()
    }  # fmt: skip
    payload = {name: body for name, body in files.items() if name.startswith("data/")}
    (folder / verify.MANIFEST).write_bytes(verify.manifest(payload))
    tags = {name: files[name] for name in files if name not in payload and name != verify.TAGS}
    tags[verify.MANIFEST] = verify.manifest(payload)
    (folder / verify.TAGS).write_bytes(verify.manifest(tags))


TAMPERINGS: dict[str, Tampering] = {
    name: changed(name)
    for name in (
        "data/index.html", "data/sealed/*/page.warc.gz", "data/sealed/*/record.json",
        "data/chain.json", "data/access.csv", "seal.json", "bag-info.txt", "bagit.txt",
        "manifest-sha256.txt", "tagmanifest-sha256.txt",
    )
} | {
    "a part is missing": lambda folder: next(folder.glob("data/sealed/*/post.txt")).unlink(),
    "a capture is missing": lambda folder: shutil.rmtree(next(folder.glob("data/sealed/*"))),
    "a file is added": lambda folder: (folder / "data/more.txt").write_bytes(b"more"),
    "a tag is added": lambda folder: (folder / "more.txt").write_bytes(b"more"),
    "all is written anew": rewritten,
}  # fmt: skip


def test_every_way_to_tamper_with_it_is_found(bundle: Path) -> None:
    missed = []
    for name, tamper in TAMPERINGS.items():
        folder = unpacked(bundle)
        assert verify.checked(folder).problems == (), name
        tamper(folder)
        if not verify.checked(folder).problems:
            missed.append(name)
        shutil.rmtree(folder)
    assert missed == []


def test_one_byte_anywhere_in_the_archive_is_found(bundle: Path) -> None:
    whole = bundle.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        broken = bytearray(whole)
        broken[at] ^= 0x20
        bundle.write_bytes(bytes(broken))
        done = CliRunner().invoke(cli, ["evidence", "verify", str(bundle)])
        assert done.exit_code == 1, at
    for more in (whole + b"x", b"x" + whole, whole[:-1]):
        bundle.write_bytes(more)
        assert CliRunner().invoke(cli, ["evidence", "verify", str(bundle)]).exit_code == 1


def test_it_is_sealed_in_the_chain_and_the_same_files_make_the_same_bytes(
    bundle: Path, studio: Studio
) -> None:
    own = json.loads((unpacked(bundle) / "seal.json").read_text(encoding="utf-8"))
    assert (own["number"], own["kind"]) == (3, "bundle")
    files, is_as_written = verify._unpacked(bundle.read_bytes())
    assert is_as_written
    assert files


def test_a_copy_to_read_leaves_the_originals_out_and_is_whole_as_well(
    bundle: Path, studio: Studio, tmp_path: Path
) -> None:
    asked = (studio.scene.store, studio.ctx.settings, 1)
    made = bundles.of_case(*asked, by="Odile", now=NOW, is_to_read=True)
    (tmp_path / "paper").mkdir()
    path = tmp_path / "paper" / made.name
    bundles.write(path, made.body)
    assert verify.checked(path).problems == ()
    there = {one.name for one in unpacked(path).rglob("*") if one.is_file()}
    assert {"index.html", "chain.json", "access.csv", "seal.json"} <= there
    assert not there & {"post.txt", "source.json", "record.json", "case.json"}
    index = (unpacked(path) / "data" / "index.html").read_text(encoding="utf-8")
    assert "The originals are not part of this copy" in index
    assert "post.txt" in index
    with studio.scene.store.read() as tx:
        (entry,) = audit.listing(tx, 50, action="evidence.exported_to_read")
    assert entry.subject == "case 1"


def test_what_is_no_bundle_is_said_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for body in (b"", b"PK\x03\x04nonsense", b"hello"):
        path.write_bytes(body)
        done = CliRunner().invoke(cli, ["evidence", "verify", str(path)])
        assert (done.exit_code, "That is no bundle" in done.output) == (1, True)


@pytest.mark.browser
def test_the_index_comes_as_pdf_and_the_archive_replays(studio: Studio) -> None:
    number = studio.mention()
    studio.capture()
    made = bundles.of_mention(studio.scene.store, studio.ctx.settings, number, by="Odile", now=NOW)
    assert made.missing == ""
    with zipfile.ZipFile(io.BytesIO(made.body)) as archive:
        names = {name.partition("/")[2]: name for name in archive.namelist()}
        assert archive.read(names["data/index.pdf"]).startswith(b"%PDF-")
        assert "data/sealed/000001/screenshot.png" in names
