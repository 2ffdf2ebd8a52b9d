import json
import mailbox
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors.types import Mention
from monitor.intake.files import MAX_BYTES, IntakeError, read

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>
<item><guid>urn:a</guid><title>Fair</title><description>&lt;p&gt;A fair at Larkmere Hill
School&lt;/p&gt;</description><pubDate>Mon, 16 Nov 2026 10:00:00 GMT</pubDate></item>
<item><guid>urn:b</guid><description>Another</description></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><entry><id>tag:x,1</id>
<title>T</title><updated>2026-11-16T10:00:00Z</updated><content>Text</content></entry></feed>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "B",
        "items": [{"id": "1", "content_text": "A post", "date_published": "2026-11-16T10:00:00Z"}],
    }
)

PAGE = """<!DOCTYPE html><html><head><title>Gossip</title>
<meta property="article:published_time" content="2026-11-15T09:00:00+00:00"></head>
<body><nav>Menu</nav><article><p>Something about Larkmere Hill School.</p>
<script>alert(1)</script></article><footer>Foot</footer></body></html>"""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def mentions_of(path: Path) -> tuple[Mention, ...]:
    return read(path, now=NOW).mentions


def test_posts_are_read_line_by_line_and_a_bad_line_stops_no_other(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "1", "text": "One", "published_at": "2026-11-01T10:00:00"}),
        "",
        "{not json",
        json.dumps({"id": 2, "text": "no string id"}),
        json.dumps({"id": "3", "text": "Three", "platform": "x", "url": "https://x.example/3"}),
    ]
    intake = read(write(tmp_path, "posts.jsonl", "\n".join(lines)), now=NOW)
    assert [one.external_id for one in intake.mentions] == ["1", "3"]
    assert [refusal.split(":")[0] for refusal in intake.refused] == ["line 3", "line 4"]


def test_a_feed_file_brings_its_items_whatever_the_file_is_called(tmp_path: Path) -> None:
    for name, content, number in (("a", RSS, 2), ("b.txt", ATOM, 1), ("c.html", JSON_FEED, 1)):
        assert len(mentions_of(write(tmp_path, name, content))) == number
    fair = mentions_of(tmp_path / "a")[0]
    assert fair.title == "Fair"
    assert "Larkmere Hill" in fair.text
    assert fair.published_at == datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def test_a_saved_page_brings_its_main_text_and_date_only(tmp_path: Path) -> None:
    (page,) = mentions_of(write(tmp_path, "page.html", PAGE))
    assert page.title == "Gossip"
    assert page.text == "Something about Larkmere Hill School."
    assert page.published_at == datetime(2026, 11, 15, 9, 0, tzinfo=UTC)


def mail(subject: str, text: str, html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "parent@home.example"
    message["Date"] = "Mon, 16 Nov 2026 10:00:00 +0000"
    message["Message-ID"] = f"<{subject}@home.example>"
    if text:
        message.set_content(text)
    if html:
        message.set_content(html, subtype="html")
    return message


def test_a_mailbox_brings_subject_and_text_but_not_the_sender(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    box.add(mail("Seen", "They said it about Larkmere Hill School"))
    box.add(mail("Rich", "", "<p>One<br>two</p><script>x</script>"))
    box.flush()
    box.close()
    seen, rich = mentions_of(tmp_path / "box")
    assert (seen.title, seen.kind) == ("Seen", "mail")
    assert rich.text == "One\ntwo"
    assert "parent@home.example" not in repr((seen, rich))
    assert seen.published_at == datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def test_a_mail_in_a_strange_character_set_is_refused_alone(tmp_path: Path) -> None:
    strange = b"From a\nSubject: x\nContent-Type: text/plain; charset=nonsense\n\nhello\n\n"
    fine = b"From b\nSubject: y\n\nhello\n"
    intake = read(write(tmp_path, "box", strange + fine), now=NOW)
    assert "y" in [one.title for one in intake.mentions]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n....", b"just words", b"\x00\x01\x02"])
def test_what_is_none_of_these_is_refused_with_the_forms_there_are(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(IntakeError, match="mbox or HTML, or CSV"):
        read(write(tmp_path, "file", content), now=NOW)


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="cannot be read"):
        read(tmp_path / "nowhere", now=NOW)
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(IntakeError, match="larger than"):
        read(huge, now=NOW)


def test_a_hostile_feed_costs_seconds_and_is_refused(tmp_path: Path) -> None:
    attributes = " ".join(f'a{n}="1"' for n in range(30_000))
    bomb = f'<?xml version="1.0"?><rss version="2.0"><channel {attributes}></channel></rss>'
    with pytest.raises(IntakeError, match="longer, or nests deeper"):
        read(write(tmp_path, "bomb.xml", bomb), now=NOW)


def test_the_same_file_gives_the_same_identities(tmp_path: Path) -> None:
    path = write(tmp_path, "a", RSS)
    first = [(one.platform, one.external_id) for one in mentions_of(path)]
    assert first == [(one.platform, one.external_id) for one in mentions_of(path)]


def test_links_come_by_csv_as_spreadsheets_write_it(tmp_path: Path) -> None:
    table = (
        "\ufeffLink;Platform;Text;Seen_at\r\n"
        'https://www.tiktok.com/@x/video/1;TikTok;"They said; loudly\r\nagain";2026-11-01T10:00\r\n'
        "https://www.tiktok.com/@x/video/1;TikTok;the same link;\r\n"
        ";WhatsApp;only words;\r\n"
        "javascript:alert(1);;;\r\n"
        "https://a.example/2;;;not a date\r\n"
        ";;;\r\n"
    )
    intake = read(write(tmp_path, "links.csv", table), now=NOW)
    first, again, words = intake.mentions
    assert (first.platform, first.url) == ("tiktok", "https://www.tiktok.com/@x/video/1")
    assert first.text == "They said; loudly\nagain"
    assert first.published_at == datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
    assert again.external_id == first.external_id
    assert (words.platform, words.url, words.text) == ("whatsapp", "", "only words")
    assert [line.split(":")[0] for line in intake.refused] == ["row 5", "row 6"]


def test_a_csv_of_an_old_spreadsheet_and_one_without_a_known_column(tmp_path: Path) -> None:
    old = "link,text\nhttps://a.example,caf\u00e9".encode("cp1252")
    assert mentions_of(write(tmp_path, "old.csv", old))[0].text == "caf\u00e9"
    with pytest.raises(IntakeError, match="column"):
        read(write(tmp_path, "other.csv", "name,age\nx,7"), now=NOW)


def test_a_summer_time_in_a_csv_is_londons(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "link,seen_at\nhttps://a.example,2026-07-01 10:00")
    assert mentions_of(path)[0].published_at == datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
