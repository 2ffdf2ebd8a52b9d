"""Whether a bundle is as it was handed out: every byte, the seals, and the bundle's own seal.

It needs no server, database, configuration or network.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.evidence import seal as chain
from monitor.evidence import stamped
from monitor.evidence.seal import Seal

MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
DECLARATION, INFO, OWN_SEAL = "bagit.txt", "bag-info.txt", "seal.json"
SEALED_TAGS = (MANIFEST, DECLARATION, INFO)
"""What the bundle's own seal covers."""
CHAIN, SEALED = "data/chain.json", "data/sealed/"
WRITTEN = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive, so that the same files make the same bytes."""
_RECORD = re.compile(r"data/sealed/(\d{6})/record\.json")


class NoBundle(Exception):
    """The file is not a bundle at all."""


def archived(folder: str, files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP: always the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", WRITTEN)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def manifest(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum` prints and checks it (RFC 8493, 2.1.3)."""
    return "".join(f"{chain.sha256(files[name])}  {name}\n" for name in sorted(files)).encode()


def covered(files: Mapping[str, bytes]) -> str:
    """What the bundle's own seal stands for."""
    return chain.of_all({name: chain.sha256(files.get(name, b"")) for name in SEALED_TAGS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`problems` is empty when a bundle is whole; `notes` say what its timestamps are worth."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def checked(path: Path, roots: bytes = b"") -> Checked:
    """Everything that is wrong with a bundle, in words; a folder that was unpacked from one is
    checked as well. `roots` are certificates (PEM) of timestamp services. Raises NoBundle."""
    found: list[str] = []
    if path.is_dir():
        files = {
            one.relative_to(path).as_posix(): one.read_bytes()
            for one in path.rglob("*")
            if one.is_file()
        }
    else:
        files, is_as_written = _unpacked(path.read_bytes())
        if not is_as_written:
            found.append("The archive holds bytes that belong to none of its files.")
    if DECLARATION not in files or MANIFEST not in files:
        raise NoBundle("No bagit.txt or no manifest is in it.")
    stamps = tuple(stamped.look(files, _seals(files), roots))
    faults = (one.words for one in stamps if one.is_fault)
    return Checked(
        problems=(*found, *_against_manifests(files), *_against_seals(files), *faults),
        notes=tuple(one.words for one in stamps if not one.is_fault),
    )


def _unpacked(body: bytes) -> tuple[dict[str, bytes], bool]:
    """The files of an archive, and whether the archive is exactly what writing them makes."""
    files: dict[str, bytes] = {}
    folder = ""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for entry in archive.infolist():
                folder, _, name = entry.filename.partition("/")
                files[name] = archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise NoBundle(f"The archive cannot be read: {error}.") from None
    return files, archived(folder, files) == body


def _against_manifests(files: Mapping[str, bytes]) -> Iterator[str]:
    payload = {name: body for name, body in files.items() if name.startswith("data/")}
    tags = {name: body for name, body in files.items() if name not in payload and name != TAGS}
    for listing, lying in ((MANIFEST, payload), (TAGS, tags)):
        listed = _listed(files.get(listing, b""))
        yield from (f"{name} is missing." for name in sorted(listed.keys() - lying.keys()))
        yield from (f"{name} was added." for name in sorted(lying.keys() - listed.keys()))
        for name in sorted(listed.keys() & lying.keys()):
            if listed[name] != chain.sha256(lying[name]):
                yield f"{name} was changed."
        if files.get(listing, b"") != manifest(lying) and listed.keys() == lying.keys():
            yield f"{listing} is not as it was written."


def _listed(body: bytes) -> dict[str, str]:
    lines = (line.partition("  ") for line in body.decode("utf-8", "replace").splitlines())
    return {name: digest for digest, _, name in lines if name}


def _against_seals(files: Mapping[str, bytes]) -> Iterator[str]:
    try:
        own = Seal(**json.loads(files[OWN_SEAL]))
        seals = _read(files[CHAIN])
    except (KeyError, TypeError, ValueError):
        yield "The seals cannot be read."
        return
    if not own.is_whole or own.record != covered(files):
        yield "The bundle's own seal does not fit what it seals."
    broken = chain.first_broken(seals.values())
    if broken is not None:
        yield f"The chain of seals is broken at number {broken}."
    for name in sorted(files):
        if found := _RECORD.fullmatch(name):
            yield from _against_record(files, int(found[1]), seals)
    known = {name.split("/")[2] for name in files if _RECORD.fullmatch(name)}
    for name in sorted(files):
        if name.startswith(SEALED) and name.split("/")[2] not in known:
            yield f"{name} belongs to no record."


def _seals(files: Mapping[str, bytes]) -> dict[int, Seal]:
    """The seals by number; none where they cannot be read, which is told elsewhere."""
    try:
        return _read(files[CHAIN])
    except (KeyError, TypeError, ValueError):
        return {}


def _read(chain_file: bytes) -> dict[int, Seal]:
    return {one.number: one for one in (Seal(**row) for row in json.loads(chain_file))}


def _against_record(
    files: Mapping[str, bytes], number: int, seals: Mapping[int, Seal]
) -> Iterator[str]:
    folder = f"{SEALED}{number:06}/"
    body = files[f"{folder}record.json"]
    sealed = seals.get(number)
    if sealed is None or sealed.record != chain.sha256(body):
        yield f"Seal {number} does not fit its record."
        return
    parts: dict[str, Any] = json.loads(body)["parts"]
    there = {name.removeprefix(folder) for name in files if name.startswith(folder)}
    yield from (f"{folder}{name} is missing." for name in sorted(parts.keys() - there))
    yield from (
        f"{folder}{name} is not of the capture."
        for name in sorted(there - parts.keys() - {"record.json"})
    )
    for name in sorted(there & parts.keys()):
        if chain.sha256(files[folder + name]) != parts[name]["sha256"]:
            yield f"{folder}{name} is not what was sealed."
