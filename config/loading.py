"""Read the configuration once, check all of it, and refuse it whole or give it whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from config.base import Model
from config.checks import (
    accepted_faults,
    channel_faults,
    policy_faults,
    seen_faults,
    service_faults,
)
from config.documents import Document, Layers, is_there, read_toml
from config.errors import ConfigError, Problem
from config.evidence import EvidenceSettings
from config.faults import refuse, validated
from config.lines import toml_lines
from config.people import People, people_faults
from config.policy import Policy
from config.rota import Rota, rota_faults
from config.secrets import read_secrets
from config.selfcheck import SelfCheckSettings, self_check_faults
from config.settings import (
    ChannelSettings,
    ClockSettings,
    ConsoleSettings,
    DatabaseSettings,
    FetchSettings,
    MailboxSettings,
    MailSettings,
    Settings,
)
from config.source_checks import source_faults
from config.sources import Acceptance, Source
from config.terms import asked
from config.trust import Trust
from config.trust_file import read_trust
from config.watching import WatchingSettings

SHIPPED = Path(__file__).parent
TRUST, SOURCES, POLICY = "trust.toml", "sources.toml", "policy.toml"
ACCEPTED = "accepted.toml"
DECISION, LEARNT, ROTA = "decision.toml", "learnt.toml", "rota.toml"
PEOPLE, SELF_CHECK = "people.toml", "selfcheck.toml"
SERVICE, DEFAULTS = "settings.toml", "defaults.toml"

ReadT = TypeVar("ReadT")


class Sources(Model):
    """The form of sources.toml."""

    sources: tuple[Source, ...] = ()


class Accepted(Model):
    """The form of accepted.toml."""

    accepted: tuple[Acceptance, ...] = ()


class Service(Model):
    """The form of defaults.toml and settings.toml."""

    console: ConsoleSettings
    database: DatabaseSettings
    mail: MailSettings
    channels: tuple[ChannelSettings, ...] = ()
    mailbox: MailboxSettings
    fetch: FetchSettings
    evidence: EvidenceSettings
    clock: ClockSettings
    watching: WatchingSettings


def load(directory: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in `directory` (None: the shipped ones) with the secrets of `environ`
    (None: the process's own).

    trust.toml and sources.toml must be there; accepted.toml may. policy.toml, decision.toml and
    learnt.toml are laid over the shipped policy, rota.toml over the shipped one, settings.toml
    over the shipped defaults, so each may be short or absent.
    Raises ConfigError with every problem found; nothing is half loaded.
    """
    folder = SHIPPED if directory is None else directory
    problems: list[Problem] = []
    trust = _gathered(problems, lambda: read_trust(folder / TRUST))
    sources = _gathered(problems, lambda: _read_sources(folder, trust))
    accepted = _gathered(problems, lambda: _read_accepted(folder))
    policy = _gathered(problems, lambda: _read_policy(folder))
    rota = _gathered(problems, lambda: _read_rota(folder, trust))
    people = _gathered(problems, lambda: read_people(folder, trust))
    self_check = _gathered(problems, lambda: _read_self_check(folder))
    service = _gathered(problems, lambda: _read_service(folder, has_sign_in=_has_sign_in(people)))
    secrets = _gathered(problems, lambda: _secrets(environ, trust.id if trust else ""))
    if (
        problems
        or not (trust and policy and rota and people and self_check and service)
        or sources is None
        or secrets is None
    ):
        raise ConfigError(problems)
    return Settings(
        trust=trust,
        sources=sources,
        accepted=accepted or (),
        policy=policy,
        rota=rota,
        people=people,
        self_check=self_check,
        console=service.console,
        database=service.database,
        mail=service.mail,
        channels=service.channels,
        mailbox=service.mailbox,
        fetch=service.fetch,
        evidence=service.evidence,
        clock=service.clock,
        watching=service.watching,
        secrets=secrets,
        directory=folder,
    )


def _gathered(problems: list[Problem], read: Callable[[], ReadT]) -> ReadT | None:
    try:
        return read()
    except ConfigError as error:
        problems.extend(error.problems)
        return None


def _secrets(environ: Mapping[str, str] | None, trust: str) -> Mapping[str, SecretStr]:
    return read_secrets(os.environ if environ is None else environ, trust)


def _read_sources(folder: Path, trust: Trust | None) -> tuple[Source, ...]:
    layers = Layers([read_toml(folder / SOURCES)])
    sources = validated(layers, Sources).sources
    refuse(layers, source_faults(sources, trust))
    return tuple(_as_asked(source) for source in sources)


def _as_asked(source: Source) -> Source:
    """A school named after a person is asked for with a school word only (design decision 8)."""
    return source.model_copy(update={"terms": tuple(map(asked, source.terms))})


def _read_accepted(folder: Path) -> tuple[Acceptance, ...]:
    layers = accepted_layers(folder)
    accepted = validated(layers, Accepted).accepted
    refuse(layers, accepted_faults(accepted))
    return accepted


def accepted_layers(folder: Path) -> Layers:
    """The file of what was accepted; empty where there is none. Raises ConfigError."""
    path = folder / ACCEPTED
    empty = Document(path, "", {}, toml_lines)
    return Layers([read_toml(path) if is_there(path) else empty])


def _read_policy(folder: Path) -> Policy:
    layers = policy_layers(folder)
    policy = validated(layers, Policy)
    refuse(layers, policy_faults(policy))
    return policy


def policy_layers(folder: Path) -> Layers:
    """The policy's files, what the operator wrote above what was learnt. Raises ConfigError."""
    paths = [folder / DECISION, folder / POLICY, folder / LEARNT, SHIPPED / POLICY]
    return Layers([read_toml(path) for path in dict.fromkeys(paths) if _is_wanted(path)])


def _read_rota(folder: Path, trust: Trust | None) -> Rota:
    paths = dict.fromkeys((folder / ROTA, SHIPPED / ROTA))
    layers = Layers([read_toml(path) for path in paths if _is_wanted(path)])
    rota = validated(layers, Rota)
    refuse(layers, rota_faults(rota, _ids(trust) if trust else None))
    return rota


def read_people(folder: Path, trust: Trust | None) -> People:
    """Without the file nobody signs in, and the console is for this machine alone. Raises
    ConfigError."""
    path = folder / PEOPLE
    layers = Layers([read_toml(path)] if is_there(path) else [])
    people = validated(layers, People)
    if trust is not None:
        refuse(layers, people_faults(people, _ids(trust)))
    return people


def _ids(trust: Trust) -> frozenset[str]:
    return frozenset(school.id for school in trust.schools)


def _read_self_check(folder: Path) -> SelfCheckSettings:
    layers = self_check_layers(folder)
    settings = validated(layers, SelfCheckSettings)
    refuse(layers, self_check_faults(settings))
    return settings


def self_check_layers(folder: Path) -> Layers:
    """The file of the self-check; nothing where there is none. Raises ConfigError."""
    path = folder / SELF_CHECK
    return Layers([read_toml(path)] if is_there(path) else [])


def _has_sign_in(people: People | None) -> bool:
    """Also where people.toml is wrong, which is told by itself."""
    return people is None or people.sign_in is not None


def _read_service(folder: Path, *, has_sign_in: bool) -> Service:
    paths = [folder / SERVICE, SHIPPED / DEFAULTS]
    layers = Layers([read_toml(path) for path in paths if _is_wanted(path)])
    service = validated(layers, Service)
    refuse(layers, seen_faults(service.console, has_sign_in=has_sign_in))
    refuse(layers, service_faults(service.mail, service.fetch, service.clock))
    refuse(layers, channel_faults(service.channels))
    return service


def _is_wanted(path: Path) -> bool:
    """An optional file is read where there is one; the shipped ones must be there."""
    return path in [SHIPPED / name for name in (POLICY, ROTA, DEFAULTS)] or is_there(path)
