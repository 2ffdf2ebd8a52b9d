"""The attributes that the classifiers hang on a spaCy Doc, registered in one place.

What the source says goes in (`place_hints`, `source_school`, `official`); what the components
make of the text comes out.
"""

from __future__ import annotations

from spacy.tokens import Doc

from classifiers.types import PupilGrade

_DEFAULTS: dict[str, object] = {
    "place_hints": (),
    "source_school": None,
    "official": False,
    "school_links": (),
    "school_names": (),
    "label_scores": (),
    "explanations": (),
    "gravity": 1.0,
    "pupil": PupilGrade(),
}


def register() -> None:
    """Idempotent; called by every component's factory."""
    for name, default in _DEFAULTS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)
