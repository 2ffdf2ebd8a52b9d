"""The composition root: the only place that loads, opens and closes."""

from __future__ import annotations

import fcntl
import os
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock

from alerts.channels import MAIL, BriefChannel, Channel, apprise, smtp, webhook
from alerts.tokens import Tokens
from classifiers.pipeline import Classifier, build
from config.people import People
from config.policy import Policy
from config.readiness import asked_sources
from config.settings import ChannelSettings, Settings
from config.sources import Source
from config.trust import Trust
from connectors import archive, polling
from connectors.archive import Archive
from connectors.fetch.client import Fetcher
from connectors.types import Batch, Cursor, Query
from monitor.access.roll import Roll
from monitor.access.signin import DONE, SECRET, Provider
from monitor.context import Context
from monitor.intake import mailbox
from monitor.selfcheck.running import Checks
from monitor.store import deliveries, evidence_orders, sending, sources, withheld
from monitor.store.database import Store, database_file
from monitor.store.turns import SharedTurns


class AlreadyRunning(Exception):
    """Another process serves this database."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def open_context(
    settings: Settings, *, clock: Callable[[], datetime] = utc_now
) -> Iterator[Context]:
    """Everything a task may use, opened; closed again whatever happens.

    The database is brought to the newest form and the configured sources are made known to
    it. The classifier loads on first use.
    """
    with open_contexts([settings], clock=clock) as (ctx,):
        yield ctx


@contextmanager
def open_contexts(
    trusts: Sequence[Settings],
    *,
    clock: Callable[[], datetime] = utc_now,
    classifier: Callable[[Trust, Policy], Classifier] = build,
) -> Iterator[tuple[Context, ...]]:
    """As `open_context`, one for each of several trusts of one server's database, which share its
    connections; `classifier` makes what judges for one."""
    store = open_store(trusts[0])
    try:
        yield tuple(
            _context(settings, store.of(settings.trust.id), clock, classifier)
            for settings in trusts
        )
    finally:
        store.close()


def _context(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    classifier: Callable[[Trust, Policy], Classifier],
) -> Context:
    with store.begin() as tx:
        sources.sync(tx, (*asked_sources(settings), *mailbox.as_sources(settings)), clock())
        deliveries.retire(tx, {MAIL, *(channel.id for channel in settings.channels)})
    return Context(
        settings=settings,
        store=store,
        classifier=classifier_of(settings, classifier),
        fetcher=Fetcher(settings.fetch, turns=_shared_turns(store)),
        channels=channels_of(settings),
        other_channels=other_channels_of(settings),
        clock=clock,
        people=people_of(settings),
    )


def people_of(settings: Settings) -> Callable[[], People]:
    """A function that tells the people of the console as people.toml says now."""
    roll = Roll(settings.directory, settings.trust)
    return lambda: roll.people


def _shared_turns(store: Store) -> SharedTurns | None:
    """An embedded database is one process's, which paces by itself."""
    return None if store.is_embedded else SharedTurns(store)


def open_store(settings: Settings) -> Store:
    """The store, with its folder made and its tables brought to the newest form."""
    if path := database_file(settings.database.url):
        path.parent.mkdir(parents=True, exist_ok=True)
    store = Store(
        settings.database.url,
        busy_timeout=settings.database.busy_timeout,
        trust=settings.trust.id,
    )
    store.migrate()
    return store


def classifier_of(
    settings: Settings, made: Callable[[Trust, Policy], Classifier] = build
) -> Callable[[], Classifier]:
    """A function that loads the classifier once, on its first call, for all threads."""
    lock = Lock()

    @cache
    def load() -> Classifier:
        return made(settings.trust, settings.policy)

    def loaded() -> Classifier:
        with lock:
            return load()

    return loaded


def channels_of(settings: Settings) -> dict[str, Channel]:
    password = settings.secrets.get("mail_password")
    tokens = None
    if settings.mail.token_url:
        tokens = Tokens(settings.mail, settings.secrets, _delivering(settings))
    return {MAIL: smtp.SmtpChannel(settings.mail, password, tokens=tokens)}


def _trusted() -> ssl.SSLContext:
    """What this machine trusts, or what SSL_CERT_FILE names instead."""
    return _read_trust(os.environ.get("SSL_CERT_FILE"))


@cache
def _read_trust(file: str | None) -> ssl.SSLContext:
    """Read once, as it takes half a megabyte for each of many trusts."""
    return ssl.create_default_context(cafile=file)


def _delivering(settings: Settings) -> Fetcher:
    """A door of its own for what is handed over; trusts what this machine trusts."""
    return Fetcher(webhook.bounded(settings.fetch), tls=_trusted())


def other_channels_of(settings: Settings) -> dict[str, BriefChannel]:
    """The ways beside mail, by id, each with its own door to the network."""
    return {channel.id: _other(channel, settings) for channel in settings.channels}


def _other(channel: ChannelSettings, settings: Settings) -> BriefChannel:
    target = settings.secrets.get(channel.target_secret)
    if channel.kind == "apprise":
        return apprise.AppriseChannel(channel, target, settings.fetch.deadline)
    key = settings.secrets.get(channel.key_secret)
    return webhook.WebhookChannel(channel, target, key, _delivering(settings))


def provider_of(settings: Settings, clock: Callable[[], datetime]) -> Provider | None:
    """Where people sign in, each without waiting for another; None where nobody does."""
    if settings.people.sign_in is None:
        return None
    return Provider(
        settings.people.sign_in,
        secret=settings.secrets[SECRET].get_secret_value(),
        redirect_uri=f"{settings.console.url}{DONE}",
        fetcher=provider_door(settings),
        clock=clock,
    )


def provider_door(settings: Settings) -> Fetcher:
    """The way to the provider of the sign-in; trusts what this machine trusts."""
    unpaced = settings.fetch.model_copy(update={"host_spacing": timedelta(0)})
    return Fetcher(unpaced, tls=_trusted())


def archive_of(settings: Settings, fetcher: Fetcher) -> Archive:
    """The Internet Archive, with the Trust's account there where one is given."""
    return Archive(fetcher, settings.secrets.get(archive.KEY))


def checks_of(
    settings: Settings,
    store: Store | None,
    classifier: Callable[[], Classifier],
    clock: Callable[[], datetime],
) -> Checks:
    """Where staff check themselves; without a store nothing is withheld. It has a door to the
    network of its own, so that what a check asks leaves no count beside what the sources ask."""
    fetcher = Fetcher(settings.fetch)

    async def ask(source: Source, query: Query) -> Batch:
        return await polling.poll(
            source, query, Cursor(), fetcher=fetcher, now=clock(), secrets=settings.secrets
        )

    def withheld_now() -> frozenset[str]:
        if store is None:
            return frozenset()
        with store.read() as tx:
            return withheld.addresses(tx)

    return Checks(
        settings=settings.self_check,
        clock=clock,
        ask=ask,
        assess=lambda mentions: classifier().assess(mentions, explain=False),
        withheld=withheld_now,
    )


@contextmanager
def sole_instance(settings: Settings) -> Iterator[None]:
    """Hold the embedded database for this process alone, or raise AlreadyRunning.

    The lock goes with the process, so whoever gets it knows that every lease still on record
    belongs to a process that is gone: `release_leases` may follow at once.
    """
    database = database_file(settings.database.url)
    if database is None:
        yield
        return
    database.parent.mkdir(parents=True, exist_ok=True)
    with database.with_suffix(".lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(str(database)) from error
        yield


def release_leases(store: Store) -> None:
    """Make due again what a process that ended mid-work had claimed; on a server's database
    that may be another's work, and a lease ends by itself."""
    if not store.is_embedded:
        return
    with store.begin() as tx:
        sources.release_leases(tx)
        sending.release_leases(tx)
        evidence_orders.release_leases(tx)
