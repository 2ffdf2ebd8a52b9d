from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from classifiers.types import LABELS, SEVERITIES
from monitor.store.views import QueueFilter, QueueKey
from monitor.web.address import LONGEST_TRAIL, STATES, QueueAddress
from monitor.web.deps import LARGEST_ID

KEYS = st.builds(
    QueueKey,
    severity=st.integers(0, len(SEVERITIES) - 1),
    published_at=st.integers(-40_000, 400_000_000).map(
        lambda minutes: (
            datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes, microseconds=7)
        )
    ),
    mention_id=st.integers(1, LARGEST_ID),
)
ADDRESSES = st.builds(
    QueueAddress,
    chosen=st.builds(
        QueueFilter,
        state=st.sampled_from(STATES),
        school_id=st.none() | st.text(st.characters(codec="utf-8"), min_size=1, max_size=200),
        label=st.none() | st.sampled_from(LABELS),
        min_severity=st.sampled_from(SEVERITIES),
        platform=st.none() | st.sampled_from(["web", "mastodon"]),
        source_id=st.none() | st.text(min_size=1, max_size=20).filter(str.strip),
        min_copies=st.integers(1, 10_000),
    ),
    written=st.text(max_size=60).map(str.strip),
    trail=st.lists(KEYS, max_size=5).map(tuple),
)


@given(ADDRESSES)
def test_an_address_is_read_back_as_it_was_written(address: QueueAddress) -> None:
    assert QueueAddress.parse(address.query()) == address


@given(st.text(max_size=300))
def test_any_text_reads_as_some_address_of_our_own(query: str) -> None:
    path = QueueAddress.parse(query).path()
    assert path == "/" or path.startswith("/?")
    assert QueueAddress.parse(path[2:]) == QueueAddress.parse(query)


def test_back_leads_where_older_came_from() -> None:
    key = QueueKey(severity=3, published_at=datetime(2026, 11, 23, tzinfo=UTC), mention_id=7)
    first = QueueAddress()
    assert first.older(key).after == key
    assert first.older(key).newer() == first


def test_a_long_walk_keeps_the_address_short() -> None:
    address = QueueAddress()
    for number in range(1, 200):
        at = datetime(2026, 11, 23, tzinfo=UTC)
        address = address.older(QueueKey(severity=1, published_at=at, mention_id=number))
    assert len(address.trail) == LONGEST_TRAIL
    assert address.after
    assert address.after.mention_id == 199
    assert len(address.path()) < 2_000


def test_endless_parameters_are_not_read() -> None:
    assert QueueAddress.parse("&".join(["p=1.1.1"] * 5_000)) == QueueAddress()
