import json

from classifiers.bench.matching import SETS, read_set
from classifiers.matching.matcher import Matcher
from classifiers.pupil.weights import load
from classifiers.training.roles import PRIOR, fitted


def test_no_term_changes_sides_by_learning() -> None:
    prior = json.loads(PRIOR.read_text("utf-8"))["terms"]
    assert load().terms.keys() == prior.keys()
    assert [name for name, weight in load().terms.items() if weight * prior[name] <= 0] == []


def test_a_name_is_hidden_before_it_counts() -> None:
    assert load().hidden < load().pupil


def test_few_posts_move_little_and_what_they_say_moves_most(matcher: Matcher) -> None:
    prior = json.loads(PRIOR.read_text("utf-8"))
    rows = [row for row in read_set(SETS / "pupils.jsonl", "dev") if "captain" in row["text"]]
    found = fitted(prior, rows * 9, matcher)["terms"]
    moved = {name: abs(found[name] - weight) for name, weight in prior["terms"].items()}
    assert max(moved.values()) > 0.05
    assert moved["a pet's name"] < 0.05
