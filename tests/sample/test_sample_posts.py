"""What people wrote: enough of it, well formed, and about nobody who exists."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.national import register
from config.settings import Settings
from config.sources import Source
from config.trust import Trust
from connectors.registry import addresses, connector
from monitor import sample
from monitor.sample.feeds import plain_text
from monitor.sample.moments import moment
from monitor.sample.sites import Comment, Post, sites
from tests.sample.clock import EPOCH

KINDS = (
    r"school|primary|secondary|academy|high|junior|infants?|church|of|england|ce|cofe|c|e|catholic|"
    r"rc|saint|st|the|and"
)


def writings() -> list[Post | Comment]:
    written: list[Post | Comment] = []
    for site in sites():
        for post in site.posts:
            written += (post, *post.comments)
    return written


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", ""))


def own_words(name: str) -> str:
    """A school's name without the words that say what kind of school it is."""
    return " ".join(word for word in words(name) if not re.fullmatch(KINDS, word))


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return sample.settings({}, tmp_path_factory.mktemp("sample")).trust


def test_there_are_at_least_320_posts_on_at_least_fourteen_sites() -> None:
    assert len(writings()) >= 320
    assert sum(1 for site in sites() if len(site.posts) >= 6) >= 14


def test_no_two_posts_of_a_site_share_an_id() -> None:
    for site in sites():
        ids = Counter(post.id for post in site.posts)
        ids.update(f"comment {comment.id}" for post in site.posts for comment in post.comments)
        assert [name for name, times in ids.items() if times > 1] == []


def test_every_time_can_be_read_and_the_posts_reach_back_some_weeks() -> None:
    times = [moment(writing.at, EPOCH) for writing in writings()]
    assert EPOCH - min(times) > timedelta(weeks=5)
    assert max(times) - EPOCH > timedelta(hours=2)


@pytest.mark.parametrize("written", ["", "now", "3d 10:00", "-3d", "+5x", "-3d 25:00"])
def test_a_time_that_says_nothing_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"time|hour"):
        moment(written, EPOCH)


def test_no_comment_comes_before_its_post() -> None:
    early = [
        comment.id
        for site in sites()
        for post in site.posts
        for comment in post.comments
        if moment(comment.at, EPOCH) < moment(post.at, EPOCH)
    ]
    assert early == []


def test_at_least_twenty_posts_arrive_in_the_first_quarter_of_an_hour() -> None:
    arriving = sorted(
        moment(writing.at, EPOCH) for writing in writings() if moment(writing.at, EPOCH) > EPOCH
    )
    first = [at for at in arriving if at <= EPOCH + timedelta(minutes=15)]
    assert len(first) >= 20
    pauses = [later - earlier for earlier, later in zip([EPOCH, *first], first, strict=False)]
    assert max(pauses[:18]) <= timedelta(seconds=40)


def test_posts_are_five_to_two_hundred_and_fifty_words_long() -> None:
    lengths = {writing.id: len(plain_text(writing.html).split()) for writing in writings()}
    assert {name: n for name, n in lengths.items() if n > 250} == {}
    short = [name for name, n in lengths.items() if n < 5]
    assert len(short) <= 5  # "Tiny. Muddy. Perfect." is a review, too
    assert sum(n > 40 for n in lengths.values()) > 60


def test_no_post_is_another_one_with_words_swapped() -> None:
    starts = Counter(" ".join(words(plain_text(writing.html))[:6]) for writing in writings())
    copies = [start for start, times in starts.items() if times > 1 and start]
    assert len(copies) <= 4  # only what other sites took over word for word


def test_an_article_stands_word_for_word_on_three_sites() -> None:
    texts = Counter((site.id, plain_text(post.html)) for site in sites() for post in site.posts)
    on_sites = Counter(text for _, text in texts)
    assert max(on_sites.values()) == 3


def test_no_school_of_the_sample_is_called_like_a_real_one(trust: Trust) -> None:
    names = [name for school in register() for name in (school.name, *school.former_names)]
    real = {own_words(name) for name in names} - {""}
    for name in (*(school.name for school in trust.schools), *trust.decoys):
        ours = own_words(name)
        assert ours not in real
        matcher = SequenceMatcher(b=ours, autojunk=False)
        near = [other for other in real if other[0] == ours[0] and _near(matcher, other)]
        assert near == [], name


def _near(matcher: SequenceMatcher[str], other: str) -> bool:
    matcher.set_seq1(other)
    return matcher.real_quick_ratio() > 0.85 and matcher.ratio() > 0.85


def test_no_real_school_is_named_in_any_text_of_the_sample() -> None:
    real = {
        name
        for school in register()
        for spelt in (school.name, *school.former_names)
        if len(name := tuple(words(spelt))) >= 2 and own_words(spelt)
    }
    longest = max(map(len, real))
    found = set()
    for text in _every_text():
        tokens = words(text)
        for start in range(len(tokens)):
            for end in range(start + 2, min(start + longest, len(tokens)) + 1):
                if tuple(tokens[start:end]) in real:
                    found.add(" ".join(tokens[start:end]))
    assert found == set()


def _every_text() -> list[str]:
    texts = [plain_text(writing.html) for writing in writings()]
    texts += [post.title for site in sites() for post in site.posts]
    texts += [path.read_text(encoding="utf-8") for path in Path(sample.CONFIG).glob("*.toml")]
    return texts


def test_mail_addresses_lead_nowhere_and_telephone_numbers_are_help_lines() -> None:
    text = "\n".join(_every_text())
    assert set(re.findall(r"@[\w.-]+\.(\w+)", text)) <= {"example"}
    numbers = set(re.findall(r"\b0[\d ]{6,}\d\b", text))
    help_lines = {"0800 1111"}
    assert {n for n in numbers if n not in help_lines and not n.startswith("01632 960")} == set()


def test_every_school_can_be_told_and_the_decision_is_marked_as_the_samples(
    tmp_path: Path,
) -> None:
    settings = sample.settings({}, tmp_path)
    contacts = [settings.trust.contacts, *(school.contacts for school in settings.trust.schools)]
    addresses = [address for each in contacts for address in each.model_dump().values()]
    assert all(address.endswith(".example") for address in addresses)
    assert settings.policy.decision.missing == ()
    assert "sample" in settings.policy.decision.purpose.lower()


def test_each_source_may_reach_its_own_port_and_no_other(tmp_path: Path) -> None:
    ports = {site.port for site in sites()}
    asked = set()
    settings = sample.settings({}, tmp_path)
    for source in settings.sources:
        (allowed,) = source.allow
        (place,) = {urlsplit(one).netloc for one in _addresses(source, settings)}
        assert place == allowed
        asked.add(int(allowed.rpartition(":")[2]))
    assert asked == ports


def _addresses(source: Source, settings: Settings) -> tuple[str, ...]:
    """Those of its options, or of its secret where they are one."""
    options = connector(source.kind).Options.model_validate(dict(source.options))
    return addresses(options) or (settings.secrets[source.kind].get_secret_value(),)
