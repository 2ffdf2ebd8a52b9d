from classifiers.pupil.cohort import about, reason
from config.national import first_names


def test_a_rare_name_in_a_year_leaves_one_pupil() -> None:
    assert about(["YEAR"], "zuzanna", first_names(), roll=1200) == 1.0


def test_a_form_leaves_thirty() -> None:
    assert round(about(["FORM"], None, first_names(), roll=1200)) == 30


def test_more_attributes_never_leave_more_pupils() -> None:
    wide = about(["YEAR"], None, first_names(), roll=900)
    assert about(["YEAR", "AGE"], None, first_names(), roll=900) <= wide
    assert about(["YEAR", "AGE", "KIN"], None, first_names(), roll=900) <= wide


def test_the_estimate_is_said_in_words_and_decides_nothing() -> None:
    said = reason(["FORM"], None, first_names())
    assert said.name == "about 30 pupils fit"
    assert said.weight == 0.0
