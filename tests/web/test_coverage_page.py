"""What is seen, what is not, and word for word what is asked of whom."""

from __future__ import annotations

from typing import get_args

from httpx import Client

from connectors.types import Platform


def test_every_platform_stands_on_the_page_with_what_is_not_seen(console: Client) -> None:
    page = console.get("/coverage")
    assert page.status_code == 200
    text = page.text.replace("&#39;", "'")
    assert [name for name in get_args(Platform) if name not in text] == []
    assert "There is no lawful interface." in text
    assert "People only" in text


def test_what_is_asked_of_whom_stands_there_word_for_word(console: Client) -> None:
    page = console.get("/monitored")
    assert page.status_code == 200
    assert "127.0.0.1" in page.text
    assert "every 1 min" in page.text
    assert "Nothing is searched for." in page.text
