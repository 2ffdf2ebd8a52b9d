"""The invented trust of `--sample`: six schools, their little internet, mail and mailbox."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from config.decision import ProcessingDecision
from config.loading import load
from config.settings import Settings
from monitor.sample import ports
from monitor.sample.networks import KEYS
from monitor.selfcheck.reminders import SECRET

SAMPLE_KEY = SecretStr("of the sample, where nothing is real and no secret is one")
CONFIG = Path(__file__).parent / "config"


def settings(environ: Mapping[str, str], data_dir: Path) -> Settings:
    """The sample's settings, with the ports that its sites had last in this data folder.

    The policy is the shipped one, with a decision that is marked as the sample's. Raises
    ConfigError, as `config.loading.load` does.
    """
    loaded = load(CONFIG, environ)
    written = tomllib.loads((CONFIG / "decision.toml").read_text(encoding="utf-8"))
    decision = ProcessingDecision.model_validate(written["decision"])
    policy = loaded.policy.model_copy(update={"decision": decision})
    secrets = {**KEYS, SECRET: SAMPLE_KEY, **loaded.secrets}
    sample = loaded.model_copy(update={"policy": policy, "secrets": secrets})
    return ports.moved(sample, ports.remembered(data_dir / "sample"))
