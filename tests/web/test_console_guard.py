import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import Client, Response

from config.settings import ConsoleSettings
from monitor.store import audit, mentions, sources
from monitor.store.scope import EVERYTHING
from monitor.web.app import PAGES
from monitor.web.security import HEADERS, allowed_hosts
from tests.doubles.consoles import Scene, served
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]
Token = Callable[[Client], str]

PATHS = (
    "/", "/?state=quiet", "/mentions/1", "/mentions/999999", "/sources", "/deliveries", "/audit",
    "/help", "/help/it", "/help/nowhere", "/health", "/healthz", "/readyz", "/queue/new?after=0",
    "/queue/new?after=x", "/nowhere", "/static/console.css", "/static/nothing",
)  # fmt: skip

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{1234*4321}}{% raw %}",
    "</title></textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "\u202etxt.exe",
    "&lt;b&gt;",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_strict_headers(console: Client, path: str) -> None:
    headers = console.get(path).headers
    for name, value in HEADERS.items():
        if name != "Cache-Control" or not path.startswith("/static/c"):
            assert headers[name] == value
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", [path for path in PATHS if "static" not in path])
def test_no_page_has_inline_script_or_style_or_foreign_content(console: Client, path: str) -> None:
    page = console.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=|<iframe|<object|<embed", page)
    for loaded in re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page):
        assert loaded.startswith("/static/")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "", "[::1",
     "10.0.0.5", "127.0.0.1@evil.example"],
)  # fmt: skip
def test_a_foreign_name_that_leads_here_is_refused(console: Client, host: str) -> None:
    for method in ("GET", "POST"):
        answer = console.request(method, "/", headers={"Host": host})
        assert answer.status_code == 400
        assert "Queue" not in answer.text
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:9", "LOCALHOST", "[::1]:8000"])
def test_the_own_names_are_answered_on_any_port(console: Client, host: str) -> None:
    assert console.get("/", headers={"Host": host}).status_code == 200


def test_the_configured_name_is_an_own_name() -> None:
    settings = ConsoleSettings(
        host="127.0.0.2", port=8000, url="https://Monitor.harrowmere.example/", reviewer=""
    )
    assert {"127.0.0.2", "monitor.harrowmere.example", "localhost"} <= allowed_hosts(settings)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_may_link_here_but_load_nothing(
    full: Scene, browsing: Browsing, site: str
) -> None:
    client = browsing(full)
    address = f"/mentions/{full.number_of('gates 3.15')}"
    for mode, dest in (("no-cors", "image"), ("navigate", "iframe"), ("cors", "empty")):
        fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        assert client.get(address, headers=fetched).status_code == 403
    with full.store.read() as tx:
        assert audit.listing(tx, 1) == []
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get(address, headers=link).status_code == 200


def post(client: Client, path: str, token: str, **headers: str) -> Response:
    form = {"token": token, "outcome": "no_action", "state": "open", "mention": "1"}
    return client.post(path, data=form, headers=headers)


CHANGES = ("/mentions/{number}/decision", "/mentions/{number}/reveal", "/decisions/1/undo")


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[::1"},
    ],
)
def test_another_site_can_change_nothing_even_with_the_token(
    full: Scene, browsing: Browsing, token: Token, path: str, headers: dict[str, str]
) -> None:
    client = browsing(full)
    number = full.number_of("gates 3.15")
    answer = post(client, path.format(number=number), token(client), **headers)
    assert answer.status_code == 403
    assert "Kester" not in answer.text
    with full.store.read() as tx:
        found = mentions.detail(tx, EVERYTHING, number)
    assert found
    assert found.state == "open"


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("wrong", ["", "x", "é"])
def test_without_the_pages_token_nothing_changes(
    full: Scene, browsing: Browsing, path: str, wrong: str
) -> None:
    client = browsing(full)
    number = full.number_of("gates 3.15")
    answer = post(client, path.format(number=number), wrong, **{"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "Kester" not in answer.text
    assert "too old" in answer.text


def test_every_route_that_changes_something_asks_for_the_token(full: Scene) -> None:
    app: FastAPI = full.app()
    changing = [
        (method, route.path)
        for page in PAGES
        for route in page.router.routes
        for method in sorted(getattr(route, "methods", None) or ())
        if method not in ("GET", "HEAD")
    ]
    assert changing
    with served(app) as address, Client(base_url=address, trust_env=False) as client:
        for method, path in changing:
            place = path.replace("{mention_id}", "1").replace("{decision_id}", "1")
            assert client.request(method, place).status_code == 403


def test_a_page_of_the_console_before_its_restart_changes_nothing_and_says_why(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    old = token(browsing(full))
    answer = post(browsing(full), "/mentions/1/decision", old)
    assert answer.status_code == 403
    assert "started again since the page was opened" in answer.text


def test_a_file_or_a_huge_form_is_refused(console: Client, token: Token) -> None:
    good = token(console)
    large = {"token": good, "outcome": "watch", "state": "open", "note": "x" * 70_000}
    assert console.post("/mentions/1/decision", data=large).status_code == 413
    upload = {"note": ("a.txt", b"x")}
    answer = console.post("/mentions/1/decision", data={"token": good}, files=upload)
    assert answer.status_code == 400
    endless = (b"token=" + b"x" * 8192 for _ in range(20))
    answer = console.post(
        "/mentions/1/decision",
        content=endless,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("evil", EVIL)
def test_what_others_wrote_stays_text_on_every_page(
    empty: Scene, browsing: Browsing, token: Token, evil: str
) -> None:
    source = empty.settings.sources[0].model_copy(update={"name": f"A site {evil}"})
    with empty.store.begin() as tx:
        sources.sync(tx, [source], empty.now)
    number = empty.add(
        Written(
            text="{reputation|a shambles without end} at {@oakenhall|Oakenhall}",
            source=source.id,
            author=f"Author {evil}",
            handle=f"@handle{evil}",
            url=f"https://a.example/{evil}",
            sure={"reputation": 0.99},
            more={
                "title": f"A title {evil}",
                "text": f"a shambles {evil} at Oakenhall, {evil}",
                "language": evil[:8],
                "platform": evil,
            },
        )
    )
    client = browsing(empty)
    pages = [
        client.get("/").text,
        client.get(f"/mentions/{number}").text,
        client.post(f"/mentions/{number}/reveal", data={"token": token(client)}).text,
        client.get("/sources").text,
        client.get("/deliveries").text,
        client.get("/audit").text,
    ]
    for page in pages:
        assert evil not in page or not re.search(r"[<\"']", evil)
        assert not re.search(r"<(script(?![^>]*src=\"/static/)|img|svg onload)", page)
        assert not re.search(r'href="\s*javascript:', page, re.IGNORECASE)
        assert "5332114" not in page


def test_what_is_asked_in_the_address_is_never_repeated_raw(console: Client) -> None:
    evil = "<script>alert(1)</script>"
    for path in (
        f"/?school={evil}&label={evil}&state={evil}&p={evil}&done={evil}",
        f"/mentions/1?from={evil}",
        f"/mentions/{evil}",
        f"/help/{evil}",
        f"/{evil}",
        f"/queue/new?after={evil}",
    ):
        assert "<script>alert" not in console.get(path).text


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/help/../../pyproject",
     "/help/..%2f..%2fREADME", "/static//etc/passwd"],
)  # fmt: skip
def test_no_file_outside_can_be_read(console: Client, path: str) -> None:
    answer = console.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


def test_there_is_no_open_documentation_of_the_inside(console: Client) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert console.get(path).status_code == 404


def test_a_crash_tells_nothing_of_the_inside(full: Scene, tmp_path: Path) -> None:
    app = full.app()
    app.state.templates.globals["wording"] = None
    with served(app) as address, Client(base_url=address, trust_env=False) as client:
        answer = client.get("/")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "NoneType" not in answer.text
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_a_broken_database_is_a_clear_page(full: Scene, browsing: Browsing, tmp_path: Path) -> None:
    client = browsing(full)
    with sqlite3.connect(tmp_path / "monitor.db", isolation_level=None) as other:
        other.execute("DROP TABLE audit")
    other.close()
    answer = client.get("/audit")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "SELECT" not in answer.text
    assert "audit" not in re.sub(r"<nav.*?</nav>", "", answer.text, flags=re.S)


def test_a_busy_database_says_that_nothing_is_lost(
    full: Scene, browsing: Browsing, token: Token, tmp_path: Path
) -> None:
    client = browsing(full)
    form = {"token": token(client), "outcome": "watch", "state": "open"}
    number = full.number_of("gates 3.15")
    other = sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        busy = client.post(f"/mentions/{number}/decision", data=form)
        assert client.get("/").status_code == 200
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert busy.status_code == 503
    assert busy.headers["Retry-After"] == "2"
    assert "nothing is lost" in busy.text
    assert client.post(f"/mentions/{number}/decision", data=form).status_code == 303


def test_files_that_never_change_may_be_kept_and_pages_never(console: Client) -> None:
    queue = console.get("/").text
    style = re.search(r'href="(/static/\w+/console.css)"', queue)
    script = re.search(r'src="(/static/\w+/)queue.js"', queue)
    assert style
    assert script
    for address in (style[1], f"{script[1]}keys.js"):
        assert "immutable" in console.get(address).headers["Cache-Control"]
    for address in ("/static/keys.js", "/static/000000000000/keys.js"):
        assert "immutable" not in console.get(address).headers["Cache-Control"]
    assert console.get("/").headers["Cache-Control"] == "no-store"
