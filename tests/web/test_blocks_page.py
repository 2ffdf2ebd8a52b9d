"""What IT is asked to block or unblock: the address and never the post, with who approved it."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx

from monitor.sample.personas import PERSONAS
from monitor.store import audit, blocks
from monitor.web.app import create_app
from monitor.web.deps import SampleLinks
from tests.doubles import inprocess
from tests.doubles.consoles import Scene

SECRET = {"token": "same"}


def test_a_request_goes_from_reviewer_to_it_and_back(full: Scene) -> None:
    app = create_app(full.console(links=SampleLinks(mailbox_url="http://x/", personas=PERSONAS)))
    app.state.token = "same"
    number = full.number_of("gates 3.15")
    asked = {**SECRET, "outcome": "escalate", "state": "open"}
    with inprocess.asking(app, persona="pr") as pr, inprocess.asking(app, persona="it") as it:
        unsaid = pr.post(f"/mentions/{number}/decision", data={**asked, "to": "it_unblock"})
        assert "Say who decided on access" in unsaid.text
        form = {**asked, "to": "it_unblock", "approver": "The headteacher"}
        assert pr.post(f"/mentions/{number}/decision", data=form).status_code == 303
        mention = pr.get(f"/mentions/{number}").text
        assert "Waits for IT" in mention
        # Enter in a field presses a form's first button: that one is to decide nothing
        (form,) = re.findall(r'class="decide-long">.*?</form>', mention, re.DOTALL)
        (first, *_) = re.findall(r"<button[^>]*>", form)
        assert "disabled" in first
        followed = it.get(f"/mentions/{number}")
        assert followed.headers["location"] == "/blocks"
        page = it.get("/blocks").text
        assert "Access approved by The headteacher" in page
        assert "Unblock it" in page
        assert "3.15" not in page
        assert "/mentions/" not in page
        without = it.post("/blocks/1", data={**SECRET, "act": "refused"})
        assert "Say why it cannot be done" in without.text
        assert pr.post("/blocks/1", data={**SECRET, "act": "done"}).status_code == 403
        done = {**SECRET, "act": "done", "answer": "Open since noon"}
        assert it.post("/blocks/1", data=done).status_code == 303
        assert "settled already" in it.post("/blocks/1", data=done).text
        assert it.post("/blocks/9", data=done).status_code == 404
        assert re.search(r"Unblocked by Perpetua.*Open since noon", pr.get("/blocks").text)
        assert "Open since noon" in pr.get(f"/mentions/{number}").text
    with full.store.read() as tx:
        (entry,) = audit.listing(tx, 20, action="block_request.done")
    assert entry.subject == f"mention {number}"


def test_a_decision_taken_back_asks_nothing_more(
    full: Scene, browsing: Callable[..., httpx.Client], decide: Callable[..., httpx.Response]
) -> None:
    client = browsing(full)
    number = full.number_of("gates 3.15")
    answer = decide(client, number, "escalate", to="it_block")
    decision = answer.headers["location"].partition("done=")[2].partition("#")[0].partition(".")[2]
    secret = client.get("/").text.split('name="token" value="')[1].split('"')[0]
    client.post(f"/decisions/{decision}/undo", data={"token": secret, "mention": str(number)})
    with full.store.read() as tx:
        (one,) = blocks.of_mention(tx, number)
    assert (one.kind, one.state, one.by != "") == ("block", "withdrawn", True)
