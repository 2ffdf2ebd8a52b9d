import pytest

from classifiers.pupil.upn import is_upn


@pytest.mark.parametrize("number", ["B801200005001", "b801200005001", "B801 2000 05001"])
def test_a_number_with_the_right_check_letter_is_a_pupil_number(number: str) -> None:
    assert is_upn(number)


@pytest.mark.parametrize(
    "number",
    ["A801200005001", "B801200005002", "B80120000500", "I801200005001", "8801200005001", "",
     "B8012000050A1"],
)  # fmt: skip
def test_anything_else_is_none(number: str) -> None:
    assert not is_upn(number)


def test_exactly_one_letter_fits_any_twelve_digits() -> None:
    fitting = [letter for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if is_upn(f"{letter}823432199099")]
    assert len(fitting) == 1
