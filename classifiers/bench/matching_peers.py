"""Other ways to the same questions, for the side-by-side figures of `monitor bench match`.

Schools: the names as plain words, and spaCy's EntityRuler. Pupils: presidio-analyzer (an optional
extra), which looks for personal data of any kind; behind it stands a spaCy entity recogniser,
trained in the run on public tweets where a folder of corpora is given.
"""

from __future__ import annotations

import gzip
import importlib
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from thinc.api import fix_random_seed

from classifiers.text import fold
from config.trust import School, Trust

Finder = Callable[[str], dict[str, str]]
"""Text to school id and certainty."""
TWEETS = ("btc_train", "wnut_train", "tb_train")
EPOCHS = 5
BATCH = 128
_ENTITIES = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}
_NOBODY = frozenset({"LOCATION", "ORGANIZATION", "DATE_TIME", "URL"})


def plain_names(trust: Trust, *, aliases: bool) -> Finder:
    """The names found anywhere in the text, with no evidence at all."""
    forms = [(fold(name), owner) for name, owner in _names(trust, aliases=aliases)]
    return lambda text: {owner: "certain" for form, owner in forms if form in fold(text)}


def entity_ruler(trust: Trust) -> Finder:
    """Every name as a phrase of whole words, upper and lower case alike."""
    nlp = spacy.blank("en")
    ruler: Any = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(
        [
            {"label": "SCHOOL", "pattern": name, "id": owner}
            for name, owner in _names(trust, aliases=True)
        ]
    )
    return lambda text: {entity.ent_id_: "certain" for entity in nlp(text).ents}


def _names(trust: Trust, *, aliases: bool) -> Iterator[tuple[str, str]]:
    owners: tuple[Trust | School, ...] = (trust, *trust.schools)
    for owner in owners:
        yield owner.name, owner.id
        if aliases:
            yield from ((alias, owner.id) for alias in owner.aliases)


def presidio(corpora: Path | None = None) -> Callable[[str], bool] | None:
    """Whether a text holds personal data of somebody, places, dates and addresses of the web
    left aside; None where presidio is not installed."""
    try:
        analyser = importlib.import_module("presidio_analyzer")
        engines = importlib.import_module("presidio_analyzer.nlp_engine")
    except ImportError:
        return None
    mapping = engines.NerModelConfiguration(model_to_presidio_entity_mapping=_ENTITIES)
    engine = engines.SpacyNlpEngine(ner_model_configuration=mapping)
    engine.nlp = {"en": _recogniser(corpora) if corpora else spacy.blank("en")}
    found = analyser.AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    wanted = [kind for kind in found.get_supported_entities("en") if kind not in _NOBODY]
    return lambda text: bool(found.analyze(text, language="en", entities=wanted))


def _recogniser(corpora: Path) -> Language:
    """spaCy's own recogniser with its defaults: about three minutes of training on one core."""
    fix_random_seed(1)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = [
        _example(nlp, row) for name in TWEETS for row in _rows(corpora / "ner" / f"{name}.jsonl.gz")
    ]
    optimiser = nlp.initialize(lambda: examples[:500])
    for _ in range(EPOCHS):
        random.shuffle(examples)
        for first in range(0, len(examples), BATCH):
            nlp.update(examples[first : first + BATCH], sgd=optimiser, drop=0.3)
    return nlp


def _example(nlp: Language, row: dict[str, Any]) -> Example:
    meant = Doc(nlp.vocab, words=row["tokens"])
    meant.ents = [Span(meant, start, end, label=label) for start, end, label in row["ents"]]
    return Example(Doc(nlp.vocab, words=row["tokens"]), meant)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
