"""Figures for Prometheus: counts and ages, never a word of a post, a name or an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.context import Context
from monitor.health import standing
from monitor.health.standing import Service
from monitor.store import sources
from monitor.store.errors import StoreError

PREFIX = "trust_monitor"


class Figures(Collector):
    """Read from the database whenever somebody asks; of several trusts each figure says whose it
    is."""

    def __init__(self, *contexts: Context) -> None:
        self._contexts = contexts

    def collect(self) -> Iterator[Metric]:
        if len(self._contexts) == 1:
            yield from _of(self._contexts[0])
            return
        together: dict[str, Metric] = {}
        for ctx in self._contexts:
            for one in _of(ctx):
                whole = Metric(one.name, one.documentation, one.type)
                for sample in one.samples:
                    labels = {"trust": ctx.settings.trust.id, **sample.labels}
                    together.setdefault(one.name, whole).add_sample(
                        sample.name, labels, sample.value
                    )
        yield from together.values()


def serve(*contexts: Context) -> None:
    """Answer Prometheus where the settings say so, in a thread of its own."""
    watching = contexts[0].settings.watching
    if watching.metrics_port:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Figures(*contexts))
        start_http_server(watching.metrics_port, watching.metrics_host, registry)


def _of(ctx: Context) -> Iterator[Metric]:
    up = GaugeMetricFamily(f"{PREFIX}_up", "Whether the database can be read.")
    try:
        service = standing.look(ctx.store, ctx.settings, ctx.clock())
        with ctx.store.read() as tx:
            states = [one.state for one in sources.health(tx) if one.enabled]
    except StoreError:
        up.add_metric([], 0)
        yield up
        return
    up.add_metric([], 1)
    yield up
    yield from _waits(service)
    yield _by("sources", "Sources by the state of their last reading.", "state", states)
    yield from _queue(service)
    yield from _counts(service)


def _waits(service: Service) -> Iterator[Metric]:
    number = GaugeMetricFamily(f"{PREFIX}_waiting", "Work that is due.", labels=["what"])
    age = GaugeMetricFamily(
        f"{PREFIX}_oldest_wait_seconds", "Age of the oldest work that is due.", labels=["what"]
    )
    for wait in service.waits:
        number.add_metric([wait.what], wait.number)
        age.add_metric([wait.what], wait.age(service.now).total_seconds())
    yield number
    yield age
    yield GaugeMetricFamily(
        f"{PREFIX}_overdue", "Alarms on what is overdue.", value=len(service.overdue)
    )


def _queue(service: Service) -> Iterator[Metric]:
    if service.queue is None:
        return
    jobs = {
        "waiting": service.queue.waiting,
        "running": service.queue.running,
        "dead": service.queue.dead,
    }
    family = GaugeMetricFamily(f"{PREFIX}_jobs", "Jobs by state.", labels=["state"])
    for state, number in jobs.items():
        family.add_metric([state], number)
    yield family
    yield GaugeMetricFamily(
        f"{PREFIX}_workers", "Workers that are alive.", value=service.queue.workers
    )


def _counts(service: Service) -> Iterator[Metric]:
    counts = service.counts
    for name, said, value in (
        ("open_matters", "Mentions that wait for a decision.", counts.open),
        ("set_aside", "Mentions that could not be assessed.", counts.set_aside),
        ("dead_messages", "Messages that could not be sent.", counts.deliveries_dead),
    ):
        yield GaugeMetricFamily(f"{PREFIX}_{name}", said, value=value)


def _by(name: str, said: str, label: str, values: Sequence[str]) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", said, labels=[label])
    for value in sorted(set(values)):
        family.add_metric([value], values.count(value))
    return family
