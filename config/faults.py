"""What pydantic found wrong, in the words of the people who write the files.

A value never stands in a message: it could be a secret, an address or a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.documents import Layers
from config.errors import ConfigError, Fault, KeyPath
from config.forms import Misspelt

ModelT = TypeVar("ModelT", bound=BaseModel)

_SECRET_LIKE = re.compile(r"(?i)pass(word|wd|phrase)?$|secret|token|api_?key|credential")

_WORDS: Mapping[str, tuple[str, str]] = {
    "string_type": ("must be text", "Put it in quotes"),
    "int_type": ("must be a whole number", "Write digits only, without quotes"),
    "int_from_float": ("must be a whole number", "Write digits only, without quotes"),
    "int_parsing": ("must be a whole number", "Write digits only, without quotes"),
    "float_type": ("must be a number", "Write it without quotes, such as 0.6"),
    "float_parsing": ("must be a number", "Write it without quotes, such as 0.6"),
    "finite_number": ("must be a number", "Write it without quotes, such as 0.6"),
    "bool_type": ("must be true or false", "Write true or false, without quotes"),
    "tuple_type": ("must be a list", 'Write it in brackets: ["...", "..."]'),
    "dict_type": ("must be a table", "Write its keys below a [header] of its own"),
    "mapping_type": ("must be a table", "Write its keys below a [header] of its own"),
    "model_type": ("must be a table", "Write its keys below a [header] of its own"),
    "date_type": ("must be a date", "Write it without quotes: 2026-11-23"),
    "date_parsing": ("must be a date", "Write it without quotes: 2026-11-23"),
    "date_from_datetime_parsing": ("must be a date", "Write it without quotes: 2026-11-23"),
    "date_from_datetime_inexact": ("must be a date", "Leave out the time: 2026-11-23"),
}
_BOUNDS = {
    "greater_than": ("gt", "must be more than"),
    "greater_than_equal": ("ge", "must be at least"),
    "less_than": ("lt", "must be less than"),
    "less_than_equal": ("le", "must be at most"),
}


def validated(layers: Layers, model: type[ModelT]) -> ModelT:
    """The files as a model of their form. Raises ConfigError."""
    try:
        return model.model_validate(layers.values)
    except ValidationError as error:
        raise ConfigError(layers.problem(fault) for fault in faults(error, model)) from None


def refuse(layers: Layers, found: Iterable[Fault]) -> None:
    """Raises ConfigError when there is any fault."""
    if problems := [layers.problem(fault) for fault in found]:
        raise ConfigError(problems)


def faults(error: ValidationError, model: type[BaseModel]) -> Iterator[Fault]:
    """One fault for each finding, at the key that has to change."""
    details = error.errors(include_url=False, include_input=False)
    for detail in details:
        if not _follows(detail, details):
            yield _fault(detail, model)


def _follows(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """A list is "too short" as well when an entry of it could not be read."""
    path = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(path) and other["loc"][: len(path)] == path for other in details
    )


def _fault(detail: ErrorDetails, model: type[BaseModel]) -> Fault:
    kind, context = detail["type"], detail.get("ctx", {})
    path = tuple(part for part in detail["loc"] if part != "[key]")
    if kind == "missing":
        return Fault(path, "is missing", "Add it; every key is shown in the shipped file")
    if kind == "extra_forbidden":
        return _unknown_key(path, model)
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace(" or ", ", ")
        return Fault(path, "is none of the allowed words", f"Write one of {expected}")
    if kind == "value_error" and isinstance(misspelt := context.get("error"), Misspelt):
        return Fault(path, str(misspelt), misspelt.mend)
    if kind == "too_short":
        return Fault(path, f"needs at least {context.get('min_length')}", "Add what is missing")
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return Fault(path, f"{words} {_bound(context.get(key))}", "Choose another value")
    message, mend = _WORDS.get(kind, ("cannot be used", "Write it as in the shipped file"))
    return Fault(path, message, mend)


def _bound(value: object) -> str:
    return "no time at all" if "timedelta(0)" in str(value) else str(value)


def _unknown_key(path: KeyPath, model: type[BaseModel]) -> Fault:
    key = str(path[-1])
    if _SECRET_LIKE.search(key):
        return secret_in_a_file(path)
    known = _fields(path[:-1], model)
    near = get_close_matches(key, known, n=1)
    mend = f'Did you mean "{near[0]}"?' if near else f"Remove it; known here: {', '.join(known)}"
    return Fault(path, "is not a known key", mend)


def secret_in_a_file(path: KeyPath) -> Fault:
    name = re.sub(r"[^A-Z0-9]+", "_", str(path[-1]).upper())
    return Fault(
        path,
        "looks like a secret, and a secret never stands in a file of the configuration",
        f"Remove it and set the environment variable TRUST_MONITOR_SECRET_{name}, or put it "
        "into the secrets folder",
    )


def is_secret_like(key: str) -> bool:
    return bool(_SECRET_LIKE.search(key))


def _fields(path: KeyPath, model: type[BaseModel]) -> list[str]:
    """Names of the keys that the table at `path` may have."""
    found = model
    for part in path:
        if isinstance(part, str) and part in found.model_fields:
            found = _model_in(found.model_fields[part].annotation) or found
    return list(found.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
