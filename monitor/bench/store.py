"""How fast the store is, against raw `sqlite3` with the same table and indexes in one run.

Figures are ratios, so that they hold on other machines: ingest against `executemany` of the
same rows, and the queue page at the full size against the same page at ten thousand.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from classifiers.types import LABELS, Assessment, LabelScore, SchoolLink, Severity
from connectors.types import Author, Mention
from monitor.store import authors, mentions, queue, records
from monitor.store.authors import Sealer
from monitor.store.columns import to_microseconds
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING
from monitor.store.sealing import new_key
from monitor.store.views import QueueFilter, QueueKey

START = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 10_000
PAGES = 20
"""How deep a reviewer pages, and how often the same pages are opened again."""
TURNS = 20
ROUNDS = 10
SMALL = 10_000
INGEST_FLOOR = 0.35
QUEUE_CEILING_MS = 0.5
GROWTH_CEILING = 2.0


def run(rows: int = 1_000_000) -> dict[str, Any]:
    """Ingest `rows` mentions, at least ten thousand, and page through the queue they make.

    Returns rates in rows a second, times in milliseconds, and the two ratios with their bars.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'store.db'}", busy_timeout=timedelta(seconds=30))
        store.migrate()
        raw = _raw_copy(folder / "store.db", folder / "raw.db")
        ours, theirs, small = 0.0, 0.0, 0.0
        for first in range(0, rows, BATCH):
            batch = list(made_up(first, min(BATCH, rows - first)))
            theirs += _insert_raw(raw, *_ready(first, batch))
            ours += _ingest(store, batch)
            _judge_all(store)
            if first + BATCH == SMALL:
                small = page_p95_ms(store)
        large = page_p95_ms(store)
        raw.close()
        store.close()
    return {
        "rows": rows,
        "ingest_rows_per_second": rows / ours,
        "raw_executemany_rows_per_second": rows / theirs,
        "ingest_share_of_raw": bar(theirs / ours, floor=INGEST_FLOOR),
        "queue_page_p95_ms": bar(large, ceiling=QUEUE_CEILING_MS),
        f"queue_page_p95_ms_at_{SMALL}": small,
        "queue_page_growth": bar(large / small, ceiling=GROWTH_CEILING),
    }


def bar(value: float, *, floor: float | None = None, ceiling: float | None = None) -> str:
    held = (floor is None or value >= floor) and (ceiling is None or value <= ceiling)
    wanted = f"at least {floor}" if floor is not None else f"at most {ceiling}"
    return f"{value:.3f} ({wanted}: {'holds' if held else 'MISSED'})"


def made_up(first: int, number: int) -> Iterator[Mention]:
    """Posts of about 250 characters, as a search over several platforms brings them."""
    chance = random.Random(first)  # noqa: S311  (benchmark data, not a secret)
    words = ["school", "parents", "head", "gate", "morning", "bus", "uniform", "sports", "open"]
    for n in range(first, first + number):
        text = f"Post {n}: " + " ".join(chance.choice(words) for _ in range(38))
        posted = START + timedelta(seconds=chance.randrange(300 * 86_400))
        yield Mention(
            platform="web",
            external_id=f"https://site.example/{chance.getrandbits(64):x}/{n}",
            url=f"https://site.example/{n}",
            title=f"Title {n}",
            text=text,
            published_at=posted,
            fetched_at=posted + timedelta(minutes=5),
            kind="article",
            author=Author(name=f"Writer {n % 5_000}", handle=f"@writer{n % 5_000}"),
        )


def _ingest(store: Store, batch: list[Mention]) -> float:
    """Seconds from mentions to committed rows."""
    began = time.perf_counter()
    with store.begin() as tx:
        mentions.ingest(tx, "bench", batch, START)
    return time.perf_counter() - began


def _raw_copy(source: Path, target: Path) -> sqlite3.Connection:
    """A bare database with the tables of mentions and of authors' keys, their indexes and the
    store's own pragmas."""
    with sqlite3.connect(source) as made:
        query = (
            "SELECT sql FROM sqlite_master WHERE tbl_name IN ('mention', 'author_key')"
            " AND sql IS NOT NULL"
        )
        statements = [row[0] for row in made.execute(query)]
    raw = sqlite3.connect(target)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    for statement in statements:
        raw.execute(statement)
    return raw


def _ready(first: int, batch: list[Mention]) -> tuple[list[Any], list[Any]]:
    """The rows of the mentions and of their authors' keys, made beforehand."""
    sealer = Sealer(new_key())
    rows = [mentions.row("bench", one, sealer) for one in batch]
    return rows, sealer.keys((first + at, row[0]) for at, row in enumerate(rows, start=1))


def _insert_raw(raw: sqlite3.Connection, rows: list[Any], keys: list[Any]) -> float:
    """Seconds of the limit: rows that are tuples already, in one transaction."""
    began = time.perf_counter()
    with raw:
        for table, columns, values in (
            ("mention", mentions.COLUMNS, rows),
            ("author_key", authors.COLUMNS, keys),
        ):
            places = ", ".join("?" * len(columns))
            raw.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608
                values,
            )
    return time.perf_counter() - began


def _judge_all(store: Store) -> None:
    """Give every new row a severity, as the assessment would; a third of them are flagged, and
    each is a story of its own."""
    flagged = _assessment("high")
    with store.begin() as tx:
        tx.exec_driver_sql(
            "INSERT INTO story (id, exact, signature, size, lead_id, started_at) "
            "SELECT id, randomblob(16), zeroblob(512), 1, id, published_at FROM mention "
            "WHERE state = 'new'"
        )
        tx.exec_driver_sql(
            "UPDATE mention SET severity = CASE WHEN id % 3 = 0 THEN id / 3 % 4 + 1 ELSE 0 END, "
            "state = CASE WHEN id % 3 = 0 THEN 'open' ELSE 'quiet' END, story_id = id "
            "WHERE state = 'new'"
        )
        tx.exec_driver_sql(
            "INSERT INTO assessment (mention_id, payload, model_version, assessed_at) "
            "SELECT id, ?, 'bench', ? FROM mention WHERE id > "
            "(SELECT coalesce(max(mention_id), 0) FROM assessment)",
            (records.dump_json(records.dump_assessment(flagged)), to_microseconds(START)),
        )


def _assessment(severity: Severity) -> Assessment:
    scores = tuple(LabelScore(label=one, probability=0.5, threshold=0.4) for one in LABELS)
    link = SchoolLink(school_id="hill", certainty="certain", score=0.9)
    return Assessment(schools=(link,), scores=scores, severity=severity, model_version="bench")


def page_p95_ms(store: Store) -> float:
    """95th percentile of the page's query, 25 rows fetched, over the first pages of the queue,
    each opened often, as in a day of reviewing."""
    with store.read() as tx:
        queries = _page_queries(tx)
        return p95_ms(lambda: (_seconds(tx, *query) for _ in range(TURNS) for query in queries))


def p95_ms(measured: Callable[[], Iterable[float]]) -> float:
    """Of several rounds the quietest counts: what else runs on the machine only ever adds."""
    rounds = [sorted(measured()) for _ in range(ROUNDS)]
    return min(times[int(len(times) * 0.95)] for times in rounds) * 1000


def _page_queries(tx: Tx) -> list[tuple[str, Any]]:
    """The statements of the first pages as the driver gets them, written beforehand: the service
    keeps what it has written, too."""
    queries = []
    after: QueueKey | None = None
    for _ in range(PAGES):
        compiled = queue.query(EVERYTHING, QueueFilter(), after=after, limit=25).compile(
            dialect=tx.dialect
        )
        values = {
            name: _bound(compiled, name, value)
            for name, value in compiled.construct_params().items()
        }
        by_place = compiled.positiontup
        queries.append((str(compiled), tuple(map(values.get, by_place)) if by_place else values))
        after = queue.page(tx, EVERYTHING, QueueFilter(), after=after, limit=25).next
    return queries


def _seconds(tx: Tx, statement: str, values: Any) -> float:
    began = time.perf_counter()
    tx.exec_driver_sql(statement, values).fetchall()
    return time.perf_counter() - began


def _bound(compiled: Any, name: str, value: Any) -> Any:
    process = compiled._bind_processors.get(name)
    return process(value) if process else value
