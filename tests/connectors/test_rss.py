"""RSS and Atom, in the shapes that blogs, boards, papers and search alerts give them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from connectors.fetch.freshness import fresh_seconds
from connectors.types import Batch, Cursor, Media, Mention, Ok
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured, partly
from tests.connectors.recorded import as_recorded, expected, payloads, told
from tests.doubles.loopback import Asked, Reply, Site, as_text, serving

XML = "application/rss+xml; charset=utf-8"


def item(number: int, **more: str) -> str:
    """A post as a blog gives it; `more` replaces or adds elements, and leaves out empty ones."""
    parts = {
        "guid": f"tag:blog.example,2026:{number}",
        "link": f"https://blog.example/{number}",
        "title": f"Post {number}",
        "description": f"Text of post {number}",
        "pubDate": "Fri, 13 Mar 2026 10:00:00 GMT",
    } | more
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts.items() if text)
    return f"<item>{inner}</item>"


def feed(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def as_feed(*items: str) -> Reply:
    return as_text(feed(*items), kind=XML)


def ask(site: Site, cursor: Cursor = NEVER_ASKED, **options: object) -> Batch:
    return asked("rss", {"url": f"{site.address}/feed"} | options, site, cursor=cursor)


def only(*items: str, now: datetime = NOW) -> Mention:
    with serving(lambda asked: as_feed(*items)) as site:
        batch = asked("rss", {"url": site.address}, site, now=now)
    assert isinstance(batch.health, Ok)
    (mention,) = batch.mentions
    return mention


@pytest.mark.parametrize("payload", payloads("rss"), ids=lambda path: path.stem)
def test_what_each_kind_of_software_writes_is_told_whole(payload: Path) -> None:
    with serving(lambda asked: as_recorded(payload)) as site:
        batch = ask(site)
        assert isinstance(batch.health, Ok)
        assert [told(one) for one in batch.mentions] == expected(payload, site)


def test_a_source_may_say_what_its_items_are_and_where_they_stand() -> None:
    with serving(lambda asked: as_feed(item(1))) as site:
        (plain,) = ask(site).mentions
        (placed,) = ask(site, posts="review", platform="reviews").mentions
    assert (plain.kind, plain.platform) == ("article", "web")
    assert (placed.kind, placed.platform) == ("review", "reviews")


def test_an_item_without_an_id_is_known_by_its_address_and_one_without_either_by_its_words() -> (
    None
):
    addressed = item(1, guid="")
    bare = item(2, guid="", link="")
    renamed = item(2, guid="", link="", title="Another post")
    with serving(lambda asked: as_feed(addressed, bare, renamed)) as site:
        first = ask(site)
        again = ask(site, Cursor(high_water=first.cursor.high_water, seen=first.cursor.seen))
    assert first.mentions[0].external_id == "https://blog.example/1"
    assert len({one.external_id for one in first.mentions}) == 3
    assert first.mentions[1].url == ""
    assert again.mentions == ()


def test_an_item_with_nothing_in_it_is_none_and_costs_no_other_one() -> None:
    assert (
        only("<item/>", item(2), '<item><guid isPermaLink="false">9</guid></item>').title
        == "Post 2"
    )


def test_an_item_that_stands_twice_in_a_feed_is_told_once_as_it_stands_first() -> None:
    with serving(lambda asked: as_feed(item(2), item(1), item(2, title="Older"))) as site:
        assert [one.title for one in ask(site).mentions] == ["Post 2", "Post 1"]


def test_more_items_than_are_remembered_forget_the_oldest_and_not_the_newest() -> None:
    with serving(lambda asked: as_feed(*map(item, range(1_200, 0, -1)))) as site:
        seen = ask(site).cursor.seen
    assert len(seen) == 1_000
    assert seen[-1] == "tag:blog.example,2026:1200"


def test_two_sites_that_number_their_posts_from_one_do_not_share_them() -> None:
    with serving(lambda asked: as_feed(item(1, guid="1"))) as site:
        here = asked("rss", {"url": f"http://{site.place}/feed"}, site)
        other = Site(site.place.replace("127.0.0.1", "localhost"))
        there = asked("rss", {"url": f"{other.address}/feed"}, other)
    assert here.mentions[0].external_id == "127.0.0.1:1"
    assert there.mentions[0].external_id == "localhost:1"


def test_an_id_too_long_to_keep_still_tells_two_items_apart() -> None:
    long = "tag:blog.example,2026:" + "x" * 5_000
    with serving(lambda asked: as_feed(item(1, guid=long), item(2, guid=long + "y"))) as site:
        ids = [one.external_id for one in ask(site).mentions]
    assert len(set(ids)) == 2
    assert max(map(len, ids)) <= 300


def test_a_date_in_the_future_becomes_now() -> None:
    mention = only(item(1, pubDate="Sat, 14 Mar 2037 10:00:00 GMT"))
    assert mention.published_at == NOW
    assert mention.published_known


@pytest.mark.parametrize("written", ["", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "1773475200"])
def test_a_date_that_is_none_is_not_known_and_the_time_of_reading_stands_in(written: str) -> None:
    mention = only(item(1, pubDate=written))
    assert mention.published_at == mention.fetched_at == NOW
    assert not mention.published_known


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 14 Jul 2025 09:05:00 BST",
        "14 Jul 2025 09:05 BST",
        "Mon, 14 Jul 2025 08:05:00 GMT",
        "Mon, 14 Jul 25 09:05:00 +0100",
        "Mon, 14 Jul 2025 09:05 +01:00",
        "2025-07-14T09:05:00+01:00",
        "2025-07-14 08:05:00",
    ],
)
def test_dates_are_understood_however_papers_write_them(written: str) -> None:
    mention = only(item(1, pubDate=written))
    assert mention.published_at == datetime(2025, 7, 14, 8, 5, tzinfo=UTC)
    assert mention.published_known


@pytest.mark.parametrize("written", ["Tue, 99 Jul 99999999999 09:05 BST", "BST", "1 Jul 99999 BST"])
def test_a_date_of_no_calendar_costs_nothing_but_the_date(written: str) -> None:
    assert not only(item(1, pubDate=written)).published_known


def test_a_title_that_the_text_begins_with_is_not_told_twice() -> None:
    mention = only(item(1, title="Fair & square", description="Fair &amp; square<br>We won."))
    assert (mention.title, mention.text) == ("Fair & square", "We won.")
    other = only(item(1, title="Fair", description="Fair and square<br>We won."))
    assert other.text == "Fair and square\nWe won."


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("desk@paper.example (Rowan Ashby)", "Rowan Ashby"),
        ("Rowan Ashby <rowan@paper.example>", "Rowan Ashby"),
        ("desk@paper.example", None),
        ("Rowan Ashby (Year 5 parent)", "Rowan Ashby (Year 5 parent)"),
        ("@rowan@pond.example", "@rowan@pond.example"),
    ],
)
def test_a_mail_address_is_never_taken_for_the_authors_name(written: str, name: str | None) -> None:
    assert only(item(1, author=written)).author.name == name


def test_what_is_attached_is_named_and_only_by_web_addresses() -> None:
    sound = '<enclosure url="https://blog.example/song.mp3" type="audio/mpeg" length="1"/>'
    trap = '<enclosure url="javascript:alert(1)" type="image/png" length="1"/>'
    mention = only(item(1).replace("</item>", f"{sound}{trap}</item>"))
    assert mention.media[0] == Media(url="https://blog.example/song.mp3", type="audio/mpeg")
    assert [one.url for one in mention.media[1:]] == [""]


def test_a_link_that_is_no_web_address_is_told_as_none() -> None:
    for link in ("javascript:alert(1)", "http://[", "https://x.example/" + "a" * 3_000):
        assert only(item(1, link=link)).url == ""


def test_what_a_page_or_database_cannot_hold_is_taken_out() -> None:
    raw = feed(item(1, title="Post@1", description="Line@one")).replace("@", "&#x200B;\x07")
    with serving(lambda asked: as_text(raw, kind=XML)) as site:
        (mention,) = ask(site).mentions
    assert "\x07" not in mention.title + mention.text


def test_of_a_broken_tail_what_could_be_read_is_told_and_all_is_asked_for_again() -> None:
    cut = feed(item(1), item(2), item(3))[:-150]
    broken = Reply(body=cut.encode(), headers={"Content-Type": XML, "ETag": '"v1"'})
    with serving(lambda asked: broken) as site:
        batch = ask(site)
        assert "broken" in partly(batch)
        ask(site, batch.cursor)
    assert [one.title for one in batch.mentions][:2] == ["Post 1", "Post 2"]
    assert "If-None-Match" not in site.asked[-1].headers


def test_entities_neither_swell_nor_bring_a_file_of_this_machine() -> None:
    folded = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    bomb = f'<!ENTITY a0 "ha">{folded}<!ENTITY b "&a9;">'
    tricks = {"/bomb": bomb, "/file": '<!ENTITY b SYSTEM "file:///etc/passwd">'}

    def answer(asked: Asked) -> Reply:
        raw = feed(item(1, title="T@")).replace("@", "&b;")
        return as_text(raw.replace("<rss", f"<!DOCTYPE x [{tricks[asked.path]}]><rss"), kind=XML)

    with serving(answer) as site:
        for path in tricks:
            (mention,) = asked("rss", {"url": site.address + path}, site).mentions
            assert mention.title in ("T", "T&b;")


def test_a_tag_that_no_honest_feed_holds_is_refused_before_it_is_read() -> None:
    attributes = " ".join(f'a{at}="1"' for at in range(20_000))
    with serving(lambda asked: as_text(feed(f"<item {attributes}/>"), kind=XML)) as site:
        assert not_measured(ask(site)).kind == "TooLarge"


@pytest.mark.parametrize(
    ("written", "told_as"),
    [
        ("2026-03-12T08:00:00Z", None),
        ("2026-03-13T08:00:00Z", NOW - timedelta(hours=25.5)),
        ("2036-03-13T08:00:00Z", NOW),
        ("1970-01-01T00:00:00Z", None),
    ],
)
def test_the_time_of_a_change_is_told_only_when_it_is_one(
    written: str, told_as: datetime | None
) -> None:
    raw = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>'
        "<entry><id>tag:blog.example,2026:1</id><title>Post</title>"
        f"<published>2026-03-12T08:00:00Z</published><updated>{written}</updated></entry></feed>"
    )
    with serving(lambda asked: as_text(raw, kind="application/atom+xml")) as site:
        (mention,) = ask(site).mentions
    assert mention.edited_at == told_as


SY = "http://purl.org/rss/1.0/modules/syndication/"
HALF_DAY = timedelta(hours=12).total_seconds()


@pytest.mark.parametrize(
    ("said", "rests"),
    [
        ("<ttl>90</ttl>", 5_400), ("<ttl>never</ttl>", 0), ("", 0),
        (f'<sy:updatePeriod xmlns:sy="{SY}">daily</sy:updatePeriod>'
         f'<sy:updateFrequency xmlns:sy="{SY}">2</sy:updateFrequency>', HALF_DAY),
        (f'<sy:updatePeriod xmlns:sy="{SY}">daily</sy:updatePeriod>'
         f'<sy:updateFrequency xmlns:sy="{SY}">0</sy:updateFrequency>', HALF_DAY * 2),
    ],
    ids=["ttl", "no number", "silent", "twice a day", "none a day"],
)  # fmt: skip
def test_a_feed_says_how_long_it_wants_to_be_left_alone(said: str, rests: float) -> None:
    with serving(lambda _: as_feed(said)) as site:
        assert ask(site).rests_seconds == rests


@pytest.mark.parametrize(
    ("headers", "rests"),
    [
        ({"Cache-Control": "public, max-age=900"}, 900),
        ({"Cache-Control": "max-age=900", "Age": "300"}, 600),
        ({"Cache-Control": "no-cache, max-age=900"}, 0),
        ({"Cache-Control": "s-maxage=900"}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": "Sat, 14 Mar 2026 10:00:00 GMT", "Date": "Sat, 14 Mar 2026 09:30:00 GMT"},
         1_800),
        ({"Expires": "Sat, 14 Mar 2020 10:00:00 GMT"}, 0),
    ],
    ids=["max-age", "of some age", "no-cache", "for others", "expired", "expires", "long ago"],
)  # fmt: skip
def test_a_server_says_how_long_its_answer_stays_as_it_is(
    headers: dict[str, str], rests: float
) -> None:
    assert fresh_seconds({name.lower(): text for name, text in headers.items()}, NOW) == rests


def test_what_a_server_says_is_heeded_when_nothing_changed_too() -> None:
    def answer(request: Asked) -> Reply:
        told = {"ETag": '"1"', "Cache-Control": "max-age=900"}
        is_known = "If-None-Match" in request.headers
        return Reply(body=b"" if is_known else feed(item(1)).encode(), headers=told,
                     status=304 if is_known else 200)  # fmt: skip

    with serving(answer) as site:
        first = ask(site)
        assert (first.rests_seconds, ask(site, first.cursor).rests_seconds) == (900, 900)
