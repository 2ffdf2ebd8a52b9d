"""Options that several commands share, and how their settings are loaded."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from classifiers.matching import weights
from config.documents import Layers, read_toml
from config.faults import refuse
from config.loading import accepted_layers, load, policy_layers, self_check_layers
from config.settings import Settings
from connectors import polling
from monitor import sample
from monitor.selfcheck import providers

DATA_DIRECTORY = Path("var")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

config_option: Decorator = click.option(
    "--config",
    "directory",
    type=click.Path(path_type=Path),
    help="Folder with trust.toml, sources.toml and policy.toml. [default: the shipped ones]",
)
configs_option: Decorator = click.option(
    "--config",
    "directories",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Folder of a trust, or one that holds the folders of several; may be given again. "
    "[default: the shipped ones]",
)
sample_option: Decorator = click.option(
    "--sample", is_flag=True, help="The invented sample trust and its little internet."
)
database_option: Decorator = click.option(
    "--database",
    metavar="URL",
    help="Where to remember. [default: sqlite:///var/monitor.db, in the sample var/sample.db]",
)


def with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --config, --sample and --database; call `settings_of` with what they got."""
    return config_option(sample_option(database_option(command)))


def settings_of(directory: Path | None, *, is_sample: bool, database: str | None) -> Settings:
    """The settings a command runs with. Raises ConfigError."""
    if is_sample:
        settings = sample.settings(os.environ, DATA_DIRECTORY)
        default = f"sqlite:///{DATA_DIRECTORY / 'sample.db'}"
    else:
        settings = load(directory, os.environ)
        sources = Layers([read_toml(settings.directory / "sources.toml")])
        refuse(accepted_layers(settings.directory), polling.accepted_faults(settings.accepted))
        refuse(sources, polling.faults(settings.sources, settings.accepted))
        refuse(policy_layers(settings.directory), weights.faults(settings.policy.matching))
        refuse(self_check_layers(settings.directory), providers.faults(settings.self_check))
        default = settings.database.url
    chosen = settings.database.model_copy(update={"url": database or default})
    return settings.model_copy(update={"database": chosen})
