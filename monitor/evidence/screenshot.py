"""The picture of a page: drawn by the caged browser, which asks us for everything."""

from __future__ import annotations

import base64
import binascii
import time
from dataclasses import dataclass, field
from typing import Any

from connectors.fetch.exchange import Exchange
from monitor.evidence.browser import Browser, BrowserGone, opened
from monitor.evidence.door import Door

WIDTH, HEIGHT = 1280, 900
TALLEST = 10_000
LONGEST_TEXT = 200_000
LOAD_S = 12.0
REST_S = 0.3
SCRIPTS_REST_S = 2.0
READ_MS = 3_000
MAX_PNG_BYTES = 16 * 1024 * 1024
_HANDED_ON = ("content-type", "content-language", "content-security-policy")
_TEXT = f"(document.body ? document.body.innerText : '').slice(0, {LONGEST_TEXT})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """`said` are sentences on what was not as it should be."""

    png: bytes = field(repr=False)
    text: str
    said: tuple[str, ...] = ()


def shoot(program: str, page: Exchange, door: Door, *, seconds: float, memory_bytes: int) -> Shot:
    """The page as a browser shows it, within so many seconds. Raises BrowserGone."""
    deadline = time.monotonic() + seconds
    with opened(
        program, pictures=door.pictures, deadline=deadline, memory_bytes=memory_bytes
    ) as browser:
        try:
            return _Sitting(browser, page, door).shot()
        except (KeyError, TypeError, ValueError, binascii.Error):
            raise BrowserGone("The browser gave an answer that is none.") from None


def printed(program: str, markup: str, *, seconds: float, memory_bytes: int) -> bytes:
    """A page of our own as a PDF that screen readers can read. Raises BrowserGone."""
    deadline = time.monotonic() + seconds
    with opened(program, pictures=False, deadline=deadline, memory_bytes=memory_bytes) as browser:
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.call("Target.attachToTarget", targetId=target, flatten=True)
        session = attached["sessionId"]
        browser.call("Page.enable", session)
        frame = browser.call("Page.getFrameTree", session)["frameTree"]["frame"]["id"]
        browser.call("Page.setDocumentContent", session, frameId=frame, html=markup)
        answer = browser.call(
            "Page.printToPDF", session, preferCSSPageSize=True, printBackground=True,
            paperWidth=8.27, paperHeight=11.69, generateTaggedPDF=True,
            generateDocumentOutline=True,
        )  # fmt: skip
        return base64.b64decode(answer["data"], validate=True)


class _Sitting:
    """One page in one browser."""

    def __init__(self, browser: Browser, page: Exchange, door: Door) -> None:
        self._browser = browser
        self._page = page
        self._door = door
        self._session: str | None = None
        self._is_handed = False
        self._is_loaded = False
        self._dialogs = 0
        browser.listen(self._heard)

    def shot(self) -> Shot:
        call = self._browser.call
        call("Browser.setDownloadBehavior", behavior="deny")
        target = call("Target.createTarget", url="about:blank")["targetId"]
        self._session = call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._prepare()
        frame = call("Page.navigate", self._session, url=self._page.url)
        if frame.get("errorText"):
            raise BrowserGone("The browser does not show what came: it is no page.")
        is_whole = self._browser.wait(lambda: self._is_loaded, LOAD_S)
        rest = SCRIPTS_REST_S if self._door.scripts else REST_S
        self._browser.wait(lambda: False, rest)
        text = self._text(frame["frameId"])
        png, is_cut = self._picture()
        return Shot(png=png, text=text, said=tuple(self._notes(is_whole, is_cut)))

    def _prepare(self) -> None:
        call, session = self._browser.call, self._session
        call("Page.enable", session)
        call("Network.enable", session)
        call("Network.setBypassServiceWorker", session, bypass=True)
        call("Emulation.setScriptExecutionDisabled", session, value=not self._door.scripts)
        call("Emulation.setDeviceMetricsOverride", session, width=WIDTH, height=HEIGHT,
             deviceScaleFactor=1, mobile=False)  # fmt: skip
        call("Fetch.enable", session, patterns=[{"urlPattern": "*"}])

    def _heard(self, event: str, said: dict[str, Any]) -> None:
        if event == "Fetch.requestPaused":
            self._answer(said)
        elif event == "Page.loadEventFired":
            self._is_loaded = True
        elif event == "Page.javascriptDialogOpening":
            self._dialogs += 1
            self._browser.send("Page.handleJavaScriptDialog", self._session, accept=False)

    def _answer(self, said: dict[str, Any]) -> None:
        request, kind = said["request"], said["resourceType"]
        found = None
        if kind == "Document":  # the page itself once; frames and forwards get nothing
            found, self._is_handed = (None if self._is_handed else self._page), True
        else:
            found = self._door.answer(request["url"], kind, request["method"])
        if found is None:
            # Aborted, a page that wants to lead elsewhere stays as it is.
            reason = "Aborted" if kind == "Document" else "BlockedByClient"
            self._browser.send("Fetch.failRequest", self._session, requestId=said["requestId"],
                               errorReason=reason)  # fmt: skip
            return
        self._browser.send(
            "Fetch.fulfillRequest",
            self._session,
            requestId=said["requestId"],
            responseCode=found.status,
            responseHeaders=[
                {"name": name, "value": value}
                for name, value in found.headers
                if name.lower() in _HANDED_ON
            ],
            body=base64.b64encode(found.body).decode("ascii"),
        )

    def _text(self, frame: str) -> str:
        """What can be read on it, asked from a world of our own that no script of it reaches."""
        world = self._browser.call(
            "Page.createIsolatedWorld", self._session, frameId=frame, worldName="evidence"
        )
        answer = self._browser.call(
            "Runtime.evaluate",
            self._session,
            contextId=world["executionContextId"],
            expression=_TEXT,
            returnByValue=True,
            timeout=READ_MS,
        )
        return str(answer["result"].get("value", ""))[:LONGEST_TEXT]

    def _picture(self) -> tuple[bytes, bool]:
        """The whole page from its top, and whether it was cut at the foot."""
        size = self._browser.call("Page.getLayoutMetrics", self._session)["cssContentSize"]
        height = min(max(float(size["height"]), 1.0), float(TALLEST))
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1}
        answer = self._browser.call(
            "Page.captureScreenshot",
            self._session,
            format="png",
            clip=clip,
            captureBeyondViewport=True,
        )
        png = base64.b64decode(answer["data"], validate=True)
        if len(png) > MAX_PNG_BYTES:
            raise BrowserGone("The picture is larger than is allowed.")
        return png, float(size["height"]) > TALLEST

    def _notes(self, is_whole: bool, is_cut: bool) -> list[str]:
        notes = []
        if not is_whole:
            notes.append("The page was still loading when its picture was made.")
        if is_cut:
            notes.append(f"The picture ends after {TALLEST:,} lines of dots; the page goes on.")
        if self._dialogs:
            notes.append("The page opened messages of its own, which were closed.")
        return notes
