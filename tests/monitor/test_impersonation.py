"""Who looks like us under a collected post, and who does not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Settings
from connectors.types import Author, Mention
from monitor import impersonation, sample
from monitor.store.accounts import Account, AccountFacts

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
OURS = Account(
    account_id=1,
    facts=AccountFacts(platform="x", handle="HarbourAcad", school_id="harbour-academy"),
    checked_by="",
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return sample.settings({}, tmp_path_factory.mktemp("sample"))


def by(name: str = "", handle: str = "", *, platform: str = "x", **more: object) -> Mention:
    values: dict[str, object] = {
        "platform": platform, "external_id": "1", "url": "", "title": "", "text": "Good morning",
        "author": Author(name=name or None, handle=handle or None), "kind": "post",
        "published_at": NOW, "fetched_at": NOW,
    }  # fmt: skip
    return Mention(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "handle", "school"),
    [
        ("Lindmouth Harbour Academy", "whoever", "harbour-academy"),
        ("LINDMOUTH  harbour-academy", "", "harbour-academy"),
        ("L1ndm0uth Harb0ur Academy", "", "harbour-academy"),
        ("Lіndmоuth Наrbоur Асаdеmу", "", "harbour-academy"),
        ("Iindmouth Harbour Acaderny", "", "harbour-academy"),
        ("ʟɪɴᴅᴍᴏᴜᴛʜ ʜᴀʀʙᴏᴜʀ ᴀᴄᴀᴅᴇᴍʏ ᴏꜰꜰɪᴄɪᴀʟ", "", "harbour-academy"),
        ("𝕃𝕚𝕟𝕕𝕞𝕠𝕦𝕥𝕙 Harbour Ac\u0301ademy\u200b Ηeadteacher", "", "harbour-academy"),
        ("", "hаrbоurасаd", "harbour-academy"),
        ("", "ℋarbourAcadOffiсial", "harbour-academy"),
        ("Lindmouth Harbour Academy Official", "", "harbour-academy"),
        ("", "harbouracads", "harbour-academy"),
        ("", "harboracad", "harbour-academy"),
        ("", "HarbourAcat", "harbour-academy"),
        ("", "harb0uracad", "harbour-academy"),
        ("", "HarbourAcad_Official", "harbour-academy"),
        ("", "the_real_harbouracad", "harbour-academy"),
    ],
)
def test_the_same_name_a_near_handle_and_words_of_office_are_noticed(
    settings: Settings, name: str, handle: str, school: str
) -> None:
    found = impersonation.likeness(by(name, handle), settings.trust, [OURS])
    assert found is not None
    assert found.poses_as == school
    assert found.why


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Oakenhall FC", "oakenhallfc"), ("Oakenhall mum of two", "mumoftwo"),
        ("Edith Pennick", "edithpennick1931"), ("A parent", ""), ("", "harbourgull"),
        ("Averford Gazette", "averfordgazette"), ("Official", "official"), ("", "x"),
    ],
)  # fmt: skip
def test_fans_clubs_namesakes_and_parents_are_left_alone(
    settings: Settings, name: str, handle: str
) -> None:
    assert impersonation.likeness(by(name, handle), settings.trust, [OURS]) is None


def test_an_account_on_the_register_is_ours_there_and_nowhere_else(settings: Settings) -> None:
    assert impersonation.likeness(by("", "harbouracad"), settings.trust, [OURS]) is None
    elsewhere = impersonation.likeness(
        by("", "harbouracad", platform="tiktok"), settings.trust, [OURS]
    )
    assert elsewhere is not None
    assert "not on the register" in elsewhere.why[0]


@given(name=st.text(max_size=60), handle=st.text(max_size=60))
def test_nothing_that_anybody_calls_themselves_breaks_it(
    settings: Settings, name: str, handle: str
) -> None:
    impersonation.likeness(by(name, handle), settings.trust, [OURS])


def test_a_trust_of_thousands_is_read_once(settings: Settings, tmp_path: Path) -> None:
    impersonation.likeness(by("a", "b"), settings.trust, [OURS])
    first = impersonation._ours(settings.trust)
    assert impersonation._ours(settings.trust) is first
