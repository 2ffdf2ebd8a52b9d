"""Who is named by a story finds nothing of it anywhere; colleagues do."""

import re
from collections.abc import Iterator

import pytest
from httpx import Client, Response

from config.people import Member, People
from monitor.web.app import create_app
from monitor.web.deps import Persona, SampleLinks
from monitor.web.viewer import Viewer
from tests.doubles.consoles import empty_scene, served
from tests.doubles.written_posts import Written

NAME = "Odile Fairhurst-Okoro"
NAMED = Written(
    text="{reputation|Ms Fairhurst-Okoro} lied about the boiler at {@edith-pennick|Pennick}",
    sure={"reputation": 0.95},
)
IN_A_CASE = Written(
    text="{reputation|Odile Fairhurst-Okoro} hid the report on {@oakenhall|Oakenhall} from us all",
    sure={"reputation": 0.95},
)
OTHER = Written(text="{reputation|Lunch} at {@oakenhall|Oakenhall}", sure={"reputation": 0.9})
PERSONAS = tuple(
    Persona(
        id=subject,
        seat=subject,
        viewer=Viewer(name=name, subject=subject, roles=frozenset({"pr", "executive"})),
    )
    for subject, name in (("a1", NAME), ("b2", "Somebody Else"))
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with empty_scene(tmp_path_factory.mktemp("conflict")) as scene:
        people = People(people=(Member(name=NAME, subject="a1", roles=("pr",)),))
        scene.settings = scene.settings.model_copy(update={"people": people})
        scene.add(OTHER)
        scene.add(NAMED)
        scene.add(IN_A_CASE)
        links = SampleLinks(mailbox_url="http://127.0.0.1:8640/", personas=PERSONAS)
        with served(create_app(scene.console(links=links))) as at:
            with playing(at, "b2") as other:
                token = token_of(other.get("/"))
                case = {"token": token, "outcome": "open_case", "state": "open"}
                assert other.post("/mentions/3/decision", data=case).status_code == 303
            yield at


def playing(address: str, subject: str) -> Client:
    return Client(base_url=address, cookies={"persona": subject}, trust_env=False, timeout=20)


def token_of(page: Response) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found
    return found[1]


PAGES = {
    "/": "boiler",
    "/?q=boiler": "/mentions/2",
    "/?state=all": "/mentions/2",
    "/deliveries": "/mentions/2",
    "/cases": "/cases/1",
    "/export.csv?state=all": "boiler",
    "/digests?kind=executive&to=executive%40harrowmere.example": "/mentions/2",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_colleague_finds_it_where_the_named_one_does_not(address: str, path: str) -> None:
    with playing(address, "b2") as other, playing(address, "a1") as named:
        assert PAGES[path] in other.get(path).text
        answer = named.get(path)
        assert answer.status_code == 200
        assert PAGES[path] not in answer.text


@pytest.mark.parametrize("path", ["/mentions/2", "/cases/1"])
def test_it_is_missing_like_what_never_was(address: str, path: str) -> None:
    never = path[:-1] + "9"
    with playing(address, "b2") as other, playing(address, "a1") as named:
        assert other.get(path).status_code == 200
        answers = [named.get(one) for one in (path, never)]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].text.replace(path, "") == answers[1].text.replace(never, "")


def test_it_is_counted_nowhere_for_them(address: str) -> None:
    with playing(address, "b2") as other, playing(address, "a1") as named:
        pages = [one.get("/").text for one in (other, named)]
    counts = [re.search(r">(\d+)<span class=\"hidden\"> to review", page) for page in pages]
    assert [one and one[1] for one in counts] == ["2", "1"]


def test_nothing_can_be_done_to_it(address: str) -> None:
    with playing(address, "a1") as named:
        form = {"token": token_of(named.get("/")), "outcome": "no_action", "state": "open"}
        assert named.post("/mentions/2/decision", data=form).status_code == 404
        deliveries = playing(address, "b2")
        with deliveries:
            numbers = re.findall(r"/deliveries/(\d+)/", deliveries.get("/deliveries").text)
        for number in (*numbers, "1", "2", "3"):
            page = named.post(f"/deliveries/{number}/take-back", data=form)
            assert page.status_code in (303, 404)


def test_words_that_are_tried_for_a_rule_count_nothing_of_it(address: str) -> None:
    for subject, found in (("a1", "0 mentions"), ("b2", "1 mention;")):
        with playing(address, subject) as client:
            form = {"token": token_of(client.get("/rules")), "words": "boiler", "step": "try"}
            assert f"Would have matched {found}" in client.post("/rules", data=form).text, subject
