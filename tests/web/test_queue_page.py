import re
from collections.abc import Callable
from datetime import timedelta

from httpx import Client, Response

from config.decision import ProcessingDecision
from connectors.types import NotMeasured, Ok
from tests.doubles.consoles import REVIEWER, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]


def shown(page: Response) -> list[int]:
    """Numbers of the mentions on a page, from the top."""
    return [int(number) for number in re.findall(r'id="m-(\d+)"', page.text)]


def test_the_gravest_stand_first_and_among_equals_the_newest(
    full: Scene, browsing: Browsing
) -> None:
    page = browsing(full).get("/")
    severities = re.findall(r'class="row edge-(\w+)"', page.text)
    order = ["critical", "high", "medium", "low", "none"]
    assert severities == sorted(severities, key=order.index)
    newest_critical = full.number_of("gates 3.15")
    assert shown(page)[0] == newest_critical


def test_a_row_says_what_where_when_and_why(full: Scene, browsing: Browsing) -> None:
    full.now += timedelta(minutes=1)
    page = browsing(full).get("/?severity=critical").text
    row = page[page.index(f'id="m-{full.number_of("gates 3.15")}"') :]
    row = row[: row.index("</article>")]
    for words in (
        "Critical",
        "Possible threat",
        "Lindmouth Harbour Academy",
        "Back of the Bus",
        "10 min ago",
        "Mon 23 Nov 2026, 16:11",
        'datetime="2026-11-23T16:11:00+00:00"',
        "Pupil may be singled out",
        '<span class="words">getting cut</span>',
    ):
        assert words in row


def test_a_pupil_is_never_named_in_the_queue(console: Client) -> None:
    for state in ("open", "watch", "decided", "set_aside", "quiet"):
        page = console.get(f"/?state={state}").text
        for name in ("Fenella", "Thrupp", "Kester", "Ottoline"):
            assert name not in page


def test_a_pupil_named_far_down_a_long_post_is_masked_at_its_beginning_too(
    full: Scene, browsing: Browsing
) -> None:
    rest = "and so it went on, " * 100
    full.add(
        Written(
            text=f"Drusilla has {{threat|had enough}} {rest} {{PUPIL_FULL|Drusilla Wemyss-Adu}}",
            sure={"threat": 0.9},
            pupil="direct",
        )
    )
    page = browsing(full).get("/").text
    assert "and so it went on" in page
    assert "Drusilla" not in page


def test_copies_fold_into_one_row_with_their_number(full: Scene, browsing: Browsing) -> None:
    page = browsing(full).get("/?label=bullying").text
    assert page.count("disgusting little rat") == 1
    assert "3 posts" in page


def test_a_school_that_is_only_possible_is_shown_as_that(empty: Scene, browsing: Browsing) -> None:
    empty.add(
        Written(text="{reputation|a shambles} at {?oakenhall|Oakenhall}", sure={"reputation": 0.9})
    )
    assert "Oakenhall Junior School <em>possibly</em>" in browsing(empty).get("/").text


def test_one_chooses_by_school_label_and_severity(full: Scene, browsing: Browsing) -> None:
    client = browsing(full)
    everything = shown(client.get("/"))
    at_saltmarsh = shown(client.get("/?school=saltmarsh-lane"))
    assert at_saltmarsh == [full.number_of("Send them all")]
    assert shown(client.get("/?label=hate")) == at_saltmarsh
    critical = shown(client.get("/?severity=critical"))
    assert 0 < len(critical) < len(everything)
    assert set(critical) < set(everything)


def test_what_cannot_be_read_in_an_address_is_left_out(console: Client) -> None:
    odd = "/?state=nowhere&label=x&severity=9&p=1.2&p=..&p=9.9.9&p=1.99999999999999999999.1"
    assert shown(console.get(odd)) == shown(console.get("/"))


def test_paging_shows_every_mention_once_and_leads_back(empty: Scene, browsing: Browsing) -> None:
    numbers = {
        empty.add(
            Written(
                text=f"{{reputation|a shambles}} number {at} at {{@oakenhall|Oakenhall}} " * 3,
                sure={"reputation": 0.6},
                ago=timedelta(minutes=at % 7),
            )
        )
        for at in range(60)
    }
    client = browsing(empty)
    page = client.get("/")
    seen = shown(page)
    while older := re.search(r'class="older" href="([^"]+)"', page.text):
        page = client.get(older[1].replace("&amp;", "&"))
        seen += shown(page)
    assert sorted(seen) == sorted(numbers)
    assert len(seen) == len(set(seen))
    back = re.search(r'rel="prev" href="([^"]+)"', page.text)
    assert back
    before = client.get(back[1].replace("&amp;", "&"))
    assert shown(before) == seen[25:50]
    assert "First page" in page.text


def test_a_choice_stays_while_one_pages_and_opens(empty: Scene, browsing: Browsing) -> None:
    for at in range(30):
        empty.add(
            Written(
                text=f"{{reputation|a shambles}} {at} at {{@oakenhall|Oakenhall}} " * 4,
                sure={"reputation": 0.6},
            )
        )
    page = browsing(empty).get("/?school=oakenhall").text
    assert re.search(r'class="older" href="/\?school=oakenhall&amp;p=', page)
    assert "?from=school%3Doakenhall" in page


def test_before_the_first_reading_it_says_that_it_is_asking(
    empty: Scene, browsing: Browsing
) -> None:
    page = browsing(empty).get("/").text
    assert "Asking the sources for the first time" in page
    assert "All done" not in page


def test_all_done_is_said_only_of_what_was_read(empty: Scene, browsing: Browsing) -> None:
    empty.read_sources({})
    assert f"all {len(empty.settings.sources)} sources were read" in browsing(empty).get("/").text


def test_silence_of_a_source_that_was_not_read_is_not_called_silence(
    empty: Scene, browsing: Browsing
) -> None:
    empty.read_sources({"averford-gazette": NotMeasured("Blocked", "It refuses us.")})
    page = browsing(empty).get("/").text
    every = len(empty.settings.sources)
    assert f"1 of {every} sources could not be read" in page
    assert f"{every - 1} of {every} sources were read; of the others nothing is known" in page


def test_nothing_for_these_choices_is_not_nothing_at_all(full: Scene, browsing: Browsing) -> None:
    page = browsing(full).get("/?school=brackenford&label=hate").text
    assert "Nothing here with these choices" in page
    assert "All done" not in page


def test_without_the_decision_it_says_that_nothing_is_collected(
    empty: Scene, browsing: Browsing
) -> None:
    policy = empty.settings.policy.model_copy(update={"decision": ProcessingDecision()})
    empty.settings = empty.settings.model_copy(update={"policy": policy})
    page = browsing(empty, is_sample=False).get("/").text
    assert "Nothing is collected yet" in page
    assert "dpia reference" in page


def test_each_state_has_its_own_words_for_empty(empty: Scene, browsing: Browsing) -> None:
    empty.read_sources({"averford-gazette": Ok()})
    client = browsing(empty)
    words = {
        re.search(r'class="empty".*?<h2>(.*?)</h2>', client.get(f"/?state={state}").text, re.S)[1]  # type: ignore[index]
        for state in ("open", "watch", "decided", "set_aside", "quiet")
    }
    assert len(words) == 5


def test_new_ones_are_counted_from_where_the_page_was_made(full: Scene, browsing: Browsing) -> None:
    client = browsing(full)
    made = re.search(r'data-after="(\d+)" data-seen="(\d+)"', client.get("/").text)
    assert made
    address = f"/queue/new?after={made[1]}&seen={made[2]}"
    assert client.get(address).json()["new"] == 0
    full.add(
        Written(
            text="{threat|we know where you park}, {@oakenhall|Oakenhall} staff",
            sure={"threat": 0.8},
        )
    )
    assert client.get(address).json()["new"] == 1
    full.add(Written(text="a lovely fair at {@oakenhall|Oakenhall}, thank you all"))
    assert client.get(address).json()["new"] == 1


def test_new_ones_are_counted_also_when_the_page_shows_only_old_ones(
    full: Scene, browsing: Browsing
) -> None:
    client = browsing(full)
    page = client.get("/?school=st-wilgars").text
    made = re.search(r'data-after="(\d+)" data-seen="(\d+)"', page)
    assert made
    assert int(made[1]) == max(full.numbers.values())
    assert client.get(f"/queue/new?after={made[1]}&seen={made[2]}").json()["new"] == 0


def test_one_label_is_marked_plainly_and_several_by_name(full: Scene, browsing: Browsing) -> None:
    client = browsing(full)
    assert "reason-name" not in client.get("/?label=hate").text
    row = client.get("/?school=harbour-academy&label=threat").text
    assert '<span class="reason-name">&nbsp;threat</span>' in row


def test_what_is_decided_or_watched_says_by_whom_and_can_be_taken_back(
    full: Scene, browsing: Browsing, decide: Callable[..., Response]
) -> None:
    client = browsing(full)
    decide(client, full.number_of("Send them all"), "open_case")
    decide(client, full.number_of("gates 3.15"), "watch")
    decided = client.get("/?state=decided").text
    assert f"<strong>Open case</strong> {REVIEWER}, just now" in decided
    assert re.search(r'action="/decisions/\d+/undo"', decided)
    watched = client.get("/?state=watch").text
    assert f"<strong>Watch</strong> {REVIEWER}, just now" in watched
    assert 'value="open_case"' in watched


def test_before_the_decision_to_process_every_page_says_so(full: Scene, browsing: Browsing) -> None:
    policy = full.settings.policy.model_copy(update={"decision": ProcessingDecision()})
    full.settings = full.settings.model_copy(update={"policy": policy})
    client = browsing(full, is_sample=False)
    for path in ("/", "/sources", "/help"):
        assert "Nothing is collected and no mail leaves yet" in client.get(path).text


def test_only_the_sample_says_that_it_is_a_sample(full: Scene, browsing: Browsing) -> None:
    assert "This is sample data" in browsing(full).get("/").text
    assert "This is sample data" not in browsing(full, is_sample=False).get("/").text
