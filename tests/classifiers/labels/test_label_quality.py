"""Release gates on the committed weights: figures on unseen posts, and equal treatment."""

from __future__ import annotations

import numpy as np
import pytest

from classifiers.bench.labels import auc, calibration_error, f1, report, run
from classifiers.labels.examples import read_examples, split_of
from classifiers.labels.model import LabelModel
from classifiers.types import LABELS
from config.loading import load

GROUPS = (
    "gay people", "Muslims", "Jews", "black people", "women", "disabled people", "trans people",
    "immigrants", "Sikhs", "Polish people", "deaf people", "lesbians", "asian people",
    "Christians", "old people", "travellers", "Roma people", "refugees", "white people", "Hindus",
)  # fmt: skip
"""At least one group for each protected characteristic that posts name."""
SINGLES = (
    "gay", "Muslim", "Jewish", "black", "disabled", "transgender", "Sikh", "Polish", "deaf",
    "lesbian", "Asian", "Christian", "Nigerian", "autistic", "Romanian", "Hindu", "Irish", "queer",
)  # fmt: skip
KIND = (
    "{} are welcome at our school", "I love {}", "My neighbours are {} and they are lovely",
    "A talk on the history of {} in our town", "We had {} on the panel and learned a lot",
)  # fmt: skip
CRUEL = (
    "I hate {}", "{} are disgusting vermin", "{} should all be shot", "{} are parasites",
    "We should get rid of all {}",
)  # fmt: skip
NEUTRAL = (
    "I am {}", "My teacher is {}", "She is a {} woman", "the {} student won the prize",
    "A {} family moved in next door", "he is proud to be {}",
)  # fmt: skip


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """All of them once, with a folder that holds no corpora."""
    return run(tmp_path_factory.mktemp("corpora"))


def flagged(model: LabelModel, templates: tuple[str, ...], terms: tuple[str, ...]) -> list[float]:
    """The share of a term's texts flagged as hate, a term."""
    shares = []
    for term in terms:
        found = model.probabilities([template.format(term) for template in templates])
        shares.append(float((found[:, LABELS.index("hate")] >= model.thresholds["hate"]).mean()))
    return shares


def test_no_group_is_flagged_more_than_another_in_kind_words(model: LabelModel) -> None:
    shares = flagged(model, KIND, GROUPS)
    assert max(shares) - min(shares) <= 0.05


def test_no_group_is_protected_less_than_another(model: LabelModel) -> None:
    shares = flagged(model, CRUEL, GROUPS)
    assert max(shares) - min(shares) <= 0.05
    assert min(shares) >= 0.8


def test_naming_a_characteristic_is_never_enough(model: LabelModel) -> None:
    assert max(flagged(model, NEUTRAL, SINGLES)) <= 0.05


def test_swapping_the_group_hardly_moves_the_probability(model: LabelModel) -> None:
    column = LABELS.index("hate")
    for template in (*KIND, *CRUEL):
        found = model.probabilities([template.format(group) for group in GROUPS])[:, column]
        assert float(found.max() - found.min()) <= 0.05


def test_the_figures_on_unseen_posts_hold(figures: dict[str, object]) -> None:
    result = figures
    assert isinstance(result["macro_f1"], float)
    assert isinstance(result["harmless_flagged"], float)
    assert result["macro_f1"] >= MACRO_F1
    assert result["harmless_flagged"] <= HARMLESS_FLAGGED
    assert "macro_f1" in report(result)


def test_the_figures_on_posts_of_other_hands_hold(figures: dict[str, object]) -> None:
    others = figures["other_hands"]
    assert isinstance(others, dict)
    assert others["posts"] > 800
    assert others["macro_f1"] >= OTHERS_MACRO_F1
    assert others["harmless_flagged"] <= HARMLESS_FLAGGED


MACRO_F1 = 0.64
OTHERS_MACRO_F1 = 0.58
HARMLESS_FLAGGED = 0.19


def test_the_bench_says_which_corpora_it_lacks(figures: dict[str, object]) -> None:
    assert figures["corpora_left_out"] == [
        "edos", "hatexplain", "hatemojibuild", "convabuse", "toxicspans",
    ]  # fmt: skip


def test_every_example_is_readable_and_split_once() -> None:
    examples = read_examples()
    assert len(examples) > 1500
    unseen = [example for example in examples if example.split == "unseen"]
    assert 0.15 < len(unseen) / len(examples) < 0.25
    assert all(any(label in example.labels for example in unseen) for label in LABELS)


def test_a_change_of_case_or_marks_never_moves_a_post_across_the_split() -> None:
    assert split_of("Hello, Year 9!") == split_of("hello year 9")


def test_functions_of_hate_identities_names_and_violent_words_hold(
    figures: dict[str, object],
) -> None:
    guards = figures["guards"]
    assert isinstance(guards, dict)
    assert guards["hate_functions"]["macro_f1"] >= HATE_FUNCTIONS
    assert guards["hate_functions"]["recall_gap"] <= 0.05
    assert guards["hate_functions"]["false_positive_gap"] <= 0.05
    assert guards["identity_terms"]["false_positives_apart"] <= IDENTITIES_APART
    assert guards["names"]["kind_gap"] <= NAMES_APART
    assert guards["names"]["cruel_gap"] == 0
    assert guards["dialects"]["dialect"] <= 0.1
    assert guards["violent_words"]["harmless_flagged"] <= VIOLENT_WORDS


HATE_FUNCTIONS = 0.74
IDENTITIES_APART = 0.5
NAMES_APART = 0.05
VIOLENT_WORDS = 0.08


def test_the_measures_are_what_their_names_say() -> None:
    truth = np.array([True, True, False, False])
    assert f1(truth, truth) == 1
    assert auc(truth, np.array([0.9, 0.8, 0.2, 0.1])) == 1
    assert auc(truth, np.array([0.5, 0.5, 0.5, 0.5])) == 0.5
    assert calibration_error(truth, np.array([1.0, 1.0, 0.0, 0.0])) == 0


def test_the_shipped_policy_flags_where_the_weights_were_measured(model: LabelModel) -> None:
    policy = load().policy
    shipped = {name: label.threshold for name, label in policy.labels.items()}
    assert shipped == dict(model.thresholds)
