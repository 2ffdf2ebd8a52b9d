"""A real OpenID Connect provider (the npm package oidc-provider) on loopback. It is installed from
the package registry into .venv once for each lock, by npm's own pinned digests, in seconds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

HERE = Path(__file__).parent / "oidc"
INSTALLED = Path(__file__).parents[2] / ".venv" / "peers"
INSTALL_WITHIN_SECONDS = 120
NPM = ("npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")


class NotThere(Exception):
    """There is no Node.js, or the package could not be installed; the message says which."""


def installed() -> Path:
    """The folder of the provider with what it needs. Raises NotThere."""
    if lacking := [one for one in ("node", "npm") if shutil.which(one) is None]:
        raise NotThere(f"{' and '.join(lacking)} not installed")
    lock = (HERE / "package-lock.json").read_bytes()
    folder = INSTALLED / f"oidc-{blake2b(lock, digest_size=6).hexdigest()}"
    if not folder.is_dir():
        _install(folder)
    shutil.copy(HERE / "provider.mjs", folder)
    return folder


def _install(folder: Path) -> None:
    """Beside, and then moved there whole: another process may be doing the same."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=INSTALLED) as name:
        beside = Path(name) / "new"
        beside.mkdir()
        for file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / file, beside)
        try:
            subprocess.run(
                NPM, cwd=beside, check=True, capture_output=True, timeout=INSTALL_WITHIN_SECONDS
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise NotThere(f"npm could not install oidc-provider ({error})") from error
        try:
            beside.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise


@contextmanager
def oidc_provider(
    *, client: str, secret: str, redirect: str, tenant: str, people: Mapping[str, object]
) -> Iterator[str]:
    """The provider for one client; its issuer. `people` are claims by login. Raises NotThere."""
    folder = installed()
    told = {"client": client, "secret": secret, "redirect": redirect, "tenant": tenant}
    with subprocess.Popen(
        ["node", "provider.mjs", json.dumps(told | {"people": people})],
        cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, env={"PATH": os.environ["PATH"]},
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        issuer = process.stdout.readline().strip()
        assert issuer.startswith("http://127.0.0.1:"), "oidc-provider did not start"
        try:
            yield issuer
        finally:
            process.stdin.close()
            process.wait(20)
