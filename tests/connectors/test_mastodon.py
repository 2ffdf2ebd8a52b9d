"""Mastodon, against a server of ours that pages, counts and closes as real ones do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import SecretStr

from connectors.fetch.client import Fetcher
from connectors.types import Batch, Cursor, Media, NotMeasured, Ok
from monitor.sample.platforms.mastodon import Mastodon, Status, status
from tests.connectors.asking import NEVER_ASKED, NOW, asked, fetcher, not_measured, partly
from tests.doubles.loopback import Asked, Reply, Site, as_json, as_text, serving

TERMS = ("Oak Hill School",)


def posts(first: int, last: int, *, hours_ago: float = 30) -> list[Status]:
    """Posts numbered from first to last, a minute apart, the first so long ago."""
    began = NOW - timedelta(hours=hours_ago)
    return [
        status(number, began + timedelta(minutes=at), f"<p>Post {number} #OakHillSchool</p>")
        for at, number in enumerate(range(first, last + 1))
    ]


def ask(
    *sites: Site,
    cursor: Cursor = NEVER_ASKED,
    terms: tuple[str, ...] = TERMS,
    through: Fetcher | None = None,
) -> Batch:
    options = {"servers": [site.address for site in sites]}
    return asked("mastodon", options, *sites, terms=terms, cursor=cursor, through=through)


def numbers(batch: Batch) -> list[int]:
    return sorted(int(one.external_id.rpartition("/")[2]) for one in batch.mentions)


def test_a_post_is_told_with_all_that_its_author_made_public() -> None:
    written = status(
        7,
        NOW - timedelta(hours=2),
        '<p>So proud of the choir</p><p>at <a href="#">#<span>OakHillSchool</span></a>'
        "<br>tonight &amp; tomorrow</p><script>alert(1)</script>",
        spoiler_text="school concert",
        in_reply_to_id="5",
        edited_at=(NOW - timedelta(hours=1)).isoformat(),
        media_attachments=[
            {"url": "https://tidepool.example/choir.png", "type": "image", "description": "A choir"}
        ],
    )
    with serving(Mastodon(written)) as site:
        batch = ask(site)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.kind, mention.language) == ("mastodon", "comment", "en")
    assert mention.external_id == "https://tidepool.example/users/wren/statuses/7"
    assert mention.url == "https://tidepool.example/@wren/7"
    assert mention.title == "school concert"
    assert mention.text == "So proud of the choir\nat #OakHillSchool\ntonight & tomorrow"
    assert mention.author.name == "Wren"
    assert mention.author.handle == "wren@tidepool.example"
    assert mention.parent_id == f"{site.address}/api/v1/statuses/5".replace("http:", "https:")
    assert mention.published_at == NOW - timedelta(hours=2)
    assert mention.edited_at == NOW - timedelta(hours=1)
    assert mention.media == (
        Media(url="https://tidepool.example/choir.png", type="image", alt="A choir"),
    )


def test_a_reply_names_the_post_it_answers_by_its_one_address_where_both_are_shown() -> None:
    first, second = posts(1, 2)
    with serving(Mastodon(first, second | {"in_reply_to_id": "1"})) as site:
        batch = ask(site)
    assert {one.parent_id for one in batch.mentions} == {None, first["uri"]}


def test_boosts_posts_for_followers_and_people_who_ask_to_be_left_out_are_left_out() -> None:
    shy = {"acct": "shy@tidepool.example", "display_name": "Shy", "noindex": True}
    one, two, three, four = posts(1, 4)
    with serving(
        Mastodon(
            one | {"reblog": {"id": "9"}},
            two | {"visibility": "private"},
            three | {"account": shy},
            four | {"visibility": "unlisted"},
        )
    ) as site:
        assert numbers(ask(site)) == [4]


def test_the_same_post_seen_on_two_servers_is_one() -> None:
    with serving(Mastodon(*posts(1, 3))) as here, serving(Mastodon(*posts(2, 4))) as there:
        assert numbers(ask(here, there)) == [1, 2, 3, 4]


def test_the_next_poll_brings_every_new_post_through_several_pages_and_none_twice() -> None:
    with serving(server := Mastodon(*posts(1, 40))) as site:
        before = ask(site)
        server.tags["oakhillschool"] = posts(1, 160)[::-1]
        after = ask(site, cursor=before.cursor)
    assert numbers(before) == list(range(1, 41))
    assert numbers(after) == list(range(41, 161))
    assert not after.possible_gap


def test_a_post_that_arrives_late_among_the_last_hours_posts_is_not_missed() -> None:
    old, recent = posts(1, 2), posts(3, 30, hours_ago=0.75)
    late = recent[12]
    with serving(server := Mastodon(*old, *recent)) as site:
        server.tags["oakhillschool"].remove(late)
        before = ask(site)
        server.tags["oakhillschool"] = [*old, *recent][::-1]
        after = ask(site, cursor=before.cursor)
    assert 15 not in numbers(before)
    assert numbers(after) == [15]


def test_a_storm_under_a_hashtag_that_nobody_had_used_is_read_whole() -> None:
    """None of its posts is old enough to go on from, so paging ends where there is no more."""
    server = Mastodon()
    with serving(server) as site:
        quiet = ask(site)
        server.tags["oakhillschool"] = posts(1, 95, hours_ago=0.9)[::-1]
        storm = ask(site, cursor=quiet.cursor)
    assert numbers(storm) == list(range(1, 96))
    assert not storm.possible_gap


def test_more_than_a_poll_reads_is_told_as_a_possible_gap() -> None:
    with serving(server := Mastodon(*posts(1, 3))) as site:
        before = ask(site)
        server.tags["oakhillschool"] = posts(1, 260)[::-1]
        after = ask(site, cursor=before.cursor)
    assert after.possible_gap
    assert numbers(after) == list(range(61, 261))


def test_a_server_that_ignores_the_paging_is_read_once_and_not_for_ever() -> None:
    with serving(server := Mastodon(*posts(1, 50))) as site:
        server.in_time_order_only = True
        before = ask(site)
        requests = len(site.asked)
        after = ask(site, cursor=before.cursor)
    assert numbers(before) == list(range(11, 51))
    assert after.mentions == ()
    assert len(site.asked) - requests == 2


def test_each_hashtag_is_asked_by_itself_since_a_server_ignores_the_others_of_an_unknown_one() -> (
    None
):
    with serving(Mastodon(*posts(1, 2))) as site:
        batch = ask(site, terms=("The Elm Tree School", "#OakHillSchool"))
        paths = [one.path.rpartition("/")[2] for one in site.asked if "/tag/" in one.path]
    assert paths == ["TheElmTreeSchool", "ElmTreeSchool", "OakHillSchool"]
    assert numbers(batch) == [1, 2]


@pytest.mark.parametrize("refuses", [False, True])
def test_a_hashtag_nobody_used_yet_is_silence_that_was_measured(refuses: bool) -> None:
    with serving(server := Mastodon()) as site:
        server.tags.clear()
        server.refuses_unknown_tags = refuses
        batch = ask(site)
    assert batch.mentions == ()
    assert isinstance(batch.health, Ok)


@pytest.mark.parametrize("access", ["disabled", "authenticated"])
def test_a_server_that_closed_its_hashtags_is_not_measured_however_it_says_so(access: str) -> None:
    with serving(server := Mastodon(*posts(1, 3))) as site:
        server.hashtags_for["remote"] = access
        health = not_measured(ask(site))
    assert health.kind == "Blocked"


def test_what_is_no_mastodon_server_is_not_measured() -> None:
    with serving(lambda asked: as_text("<html>Not here</html>", status=404)) as site:
        assert not_measured(ask(site)).kind == "Gone"
    with serving(lambda asked: as_text("<html>Welcome</html>", kind="text/html")) as site:
        assert not_measured(ask(site)).kind == "Malformed"
    with serving(lambda asked: as_json({"error": "odd"})) as site:
        assert not_measured(ask(site)).kind == "Malformed"


def test_a_server_without_a_page_about_itself_is_believed() -> None:
    def forks_timeline(asked: Asked) -> Reply:
        return as_json([]) if "/tag/" in asked.path else as_json({}, status=404)

    with serving(forks_timeline) as site:
        assert isinstance(ask(site).health, Ok)


def test_an_allowance_that_is_used_up_stops_the_asking_until_it_is_new() -> None:
    with serving(server := Mastodon(*posts(1, 3), allowance=1)) as site:
        door = fetcher()
        first = ask(site, through=door, terms=("Oak Hill School", "Elm Tree School"))
        again = ask(site, through=door)
    assert "slow down" in partly(first)
    assert numbers(first) == [1, 2, 3]
    assert server.allowance == 0
    assert len(site.asked) == 1
    health = not_measured(again)
    assert health.kind == "Throttled"
    assert health.retry_after is not None
    assert 240 < health.retry_after <= 300


def test_a_refusal_without_retry_after_is_obeyed_by_its_allowances_end() -> None:
    with serving(Mastodon(allowance=0)) as site:
        health = not_measured(ask(site))
    assert health.kind == "Throttled"
    assert health.retry_after is not None
    assert 240 < health.retry_after <= 300


def test_one_server_in_trouble_leaves_the_others_measured_and_is_named() -> None:
    def failing(asked: Asked) -> Reply:
        return as_text("Oops", status=500)

    with serving(failing) as ill, serving(Mastodon(*posts(1, 2))) as well:
        batch = ask(ill, well, terms=("Elm Tree School", *TERMS))
        assert numbers(batch) == [1, 2]
        assert ill.place in partly(batch)
        assert len(ill.asked) == 1


def test_a_broken_post_costs_no_other_one() -> None:
    odd = [None, 7, {"id": None}, posts(3, 3)[0] | {"created_at": "soon", "account": [], "tags": 1}]
    with serving(lambda asked: as_json([*odd, *posts(1, 2)])) as site:
        batch = ask(site)
    assert numbers(batch) == [1, 2, 3]
    assert "3 posts" in partly(batch)
    assert [one.published_known for one in batch.mentions].count(False) == 1


def test_a_cursor_of_another_kind_of_source_is_begun_anew() -> None:
    with serving(Mastodon(*posts(1, 2))) as site:
        for written in ("[1]", "{}", '{"marks": 1}', "7", "0123abcd", '{"next": 1, "marks": {}}'):
            assert numbers(ask(site, cursor=Cursor(high_water=written))) == [1, 2]


def test_terms_that_make_no_hashtag_are_not_measured() -> None:
    with serving(Mastodon()) as site:
        assert isinstance(ask(site, terms=("1066",)).health, NotMeasured)
        assert site.asked == []


def named(site: Site, token: str, *, cursor: Cursor = NEVER_ASKED) -> Batch:
    """A poll with the token of an account at the site."""
    secrets = {"mastodon_tokens": SecretStr(f"{site.place}={token}")}
    options = {"servers": [site.address]}
    return asked("mastodon", options, site, terms=TERMS, cursor=cursor, secrets=secrets)


def test_with_a_token_posts_are_found_that_name_a_school_without_its_hashtag() -> None:
    server = Mastodon(*posts(1, 2))
    server.token = "tok-1"
    server.tags[""] = [
        status(70 + at, NOW - timedelta(hours=at), f"<p>Oak Hill School, part {at}</p>")
        for at in range(45)
    ] + [status(200, NOW - timedelta(hours=2), "<p>Another school</p>")]
    with serving(server) as site:
        batch = named(site, "tok-1")
        again = named(site, "tok-1", cursor=batch.cursor)
    assert numbers(batch) == [1, 2, *range(70, 115)]
    assert again.mentions == ()
    assert isinstance(again.health, Ok)
    searches = [one for one in site.asked if one.path == "/api/v2/search"]
    assert all(one.headers["Authorization"] == "Bearer tok-1" for one in searches)
    assert not any("Authorization" in one.headers for one in site.asked if one not in searches)


def test_a_token_that_is_refused_is_told_while_hashtags_go_on() -> None:
    server = Mastodon(*posts(1, 2))
    server.token = "tok-1"
    with serving(server) as site:
        batch = named(site, "old")
    assert numbers(batch) == [1, 2]
    assert "does not take the token" in partly(batch)
    assert "old" not in partly(batch)


def test_without_a_token_nobody_is_searched_for() -> None:
    server = Mastodon(*posts(1, 2))
    with serving(server) as site:
        ask(site)
    assert not [one for one in site.asked if "search" in one.path]
