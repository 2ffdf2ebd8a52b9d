"""Whatever stands in an answer of an interface, it is read as items or told as an error of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import ConnectorError
from connectors.parse import (
    facebook,
    graph,
    instagram,
    linkedin,
    reddit,
    threads,
    trustpilot,
    websearch,
    x,
    youtube,
)
from connectors.parse.items import Feed
from connectors.posts import posted

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
FEEDS: dict[str, Callable[[bytes, str, str], Feed]] = {
    "brave": websearch.parse_brave,
    "mojeek": websearch.parse_mojeek,
    "searxng": websearch.parse_searxng,
    "reddit": reddit.parse_posts,
    "x": x.parse_posts,
    "threads": threads.parse_posts,
    "facebook": facebook.parse_posts,
    "instagram": instagram.parse_media,
    "youtube": youtube.parse_comments,
    "linkedin": linkedin.parse_notifications,
    "trustpilot": trustpilot.parse_reviews,
}
REASONS: dict[str, Callable[[bytes], Any]] = {
    "brave": websearch.parse_brave_refusal,
    "graph": graph.parse_refusal,
    "fields": lambda body: graph.parse_fields(body, ("access_token", "name")),
    "organisation": linkedin.parse_name,
    "unit": trustpilot.parse_name,
    "youtube": youtube.parse_refusal,
    "linkedin": linkedin.parse_refusal,
    "words": linkedin.parse_words,
    "reddit": reddit.parse_token,
    "x": x.parse_problem,
}
WORDS = (
    "type web results query more_results_available title url description page_age extra_snippets "
    "response status head start timestamp desc data id text permalink username replied_to paging "
    "cursors after next message created_time from attachments comments parent replies caption "
    "items snippet topLevelComment videoId textDisplay authorChannelId publishedAt nextPageToken "
    "elements generatedActivity sourcePost decoratedGeneratedActivity comment share owner count "
    "content unresponsive_engines publishedDate kind children name selftext permalink author "
    "created_utc edited access_token meta result_count next_token created_at note_tweet lang "
    "referenced_tweets "
    "lastModifiedAt commentary reviews consumer createdAt error errors details code reason"
)
NAMES = st.sampled_from(WORDS.split())
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [
            "search",
            "OK",
            "2026-03-14T09:30:00+0000",
            "urn:li:share:1",
            "Listing",
            "t3",
            "17",
            "urn:li:comment:(activity:1,2)",
        ]
    )
)
ANSWERS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=8),
    max_leaves=40,
)


def listed(name: str) -> Any:
    """An answer with a list where this interface has it."""
    lists = ("data", "items", "elements", "reviews")
    whole = st.fixed_dictionaries({key: st.lists(ANSWERS, max_size=5) for key in lists})
    search = st.fixed_dictionaries({"type": st.just("search"), "web": ANSWERS, "query": ANSWERS})
    mojeek = st.fixed_dictionaries({"status": st.just("OK"), "results": ANSWERS, "head": ANSWERS})
    post = st.fixed_dictionaries({"kind": st.just("t3"), "data": ANSWERS})
    posts = st.fixed_dictionaries({"children": st.lists(post, max_size=5), "after": ANSWERS})
    meta = st.fixed_dictionaries({"result_count": st.integers(), "next_token": ANSWERS})
    listed_posts = {"kind": st.just("Listing"), "data": posts}
    answered = {"meta": meta, "data": st.lists(ANSWERS, max_size=5)}
    found = {
        "brave": search,
        "searxng": st.fixed_dictionaries({"results": st.lists(ANSWERS, max_size=5)}),
        "reddit": st.fixed_dictionaries(listed_posts),
        "x": st.fixed_dictionaries(answered),
        "mojeek": st.fixed_dictionaries({"response": mojeek}),
    }
    return found.get(name, whole)


@pytest.mark.parametrize("name", FEEDS)
@settings(max_examples=60)
@given(drawn=st.data())
def test_an_answer_becomes_mentions_or_an_error_of_ours(name: str, drawn: st.DataObject) -> None:
    answer = drawn.draw(ANSWERS | listed(name))
    try:
        feed = FEEDS[name](json.dumps(answer).encode(), "application/json", "https://a.example/")
    except ConnectorError:
        return
    for item in feed.items:
        mention = posted(item, platform=name, now=NOW)
        assert mention.published_at <= NOW
        assert mention.url == "" or mention.url.startswith(("http://", "https://"))


@pytest.mark.parametrize("name", REASONS)
@settings(max_examples=60)
@given(answer=ANSWERS)
def test_a_refusal_has_a_reason_or_none(name: str, answer: object) -> None:
    try:
        REASONS[name](json.dumps(answer).encode())
    except ConnectorError:
        return


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"data": ['])
def test_what_is_no_json_is_told_as_such(body: bytes) -> None:
    for parser in FEEDS.values():
        with pytest.raises(ConnectorError):
            parser(body, "", "")
    for reason in REASONS.values():
        with pytest.raises(ConnectorError):
            reason(body)
