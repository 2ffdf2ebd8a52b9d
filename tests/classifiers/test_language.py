import pytest

from classifiers.language import not_judged


@pytest.mark.parametrize(
    "text",
    [
        "lol ur so dumb m8",
        "ye nah init bruv",
        "gutted. proper gutted",
        "Well done Oakfield!",
        "Ahmed absolute legend",
        "Congratulations Zuzanna Kowalska",
        "Well done to Zuzanna Kowalska, Amelia Nowak, Jakub Wójcik and Oliwia Król",
        "#ProudToBeHere",
        "u r all wastemen fr",
        "café déjà vu at school today",
        "ZERO communication AGAIN",
    ],
)
def test_short_slangy_and_named_english_is_judged(text: str) -> None:
    assert not_judged(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Mae'r ysgol yn wych",
        "To jest bardzo dobra szkoła dla dzieci",
        "Je suis très content de cette école",
        "Hallo zusammen, die Schule ist toll",
        "esta escuela es terrible para los niños",
        "سلام به همه",
        "ਸਕੂਲ ਬਹੁਤ ਵਧੀਆ ਹੈ",
        "mera beta is school mein parhta hai aur wo khush hai",
    ],
)
def test_another_language_is_said_to_be_one(text: str) -> None:
    assert not_judged(text) == "not in English"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://example.org/a", "nothing but a link"),
        ("@somebody www.example.org", "nothing but a link"),
        ("😂😂", "no words"),
        ("@somebody", "no words"),
        ("", "empty"),
        ("  \n", "empty"),
    ],
)
def test_a_text_without_words_says_why_it_is_not_judged(text: str, reason: str) -> None:
    assert not_judged(text) == reason
