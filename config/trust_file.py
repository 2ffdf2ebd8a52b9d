"""trust.toml: the Trust in `[trust]`, its schools and shared aliases in lists beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.documents import Layers, read_toml
from config.errors import ConfigError, Fault
from config.faults import faults, refuse
from config.own_register import own_register
from config.trust import Trust
from config.trust_checks import trust_faults

LISTS = ("schools", "shared_aliases")


def read_trust(path: Path) -> Trust:
    """Raises ConfigError with every problem."""
    trust = checked_trust(Layers([read_toml(path)]))
    if not trust.register_file:
        return trust
    extract = path.parent / trust.register_file
    own_register(extract)  # refused now rather than when the first post comes
    return trust.model_copy(update={"register_file": str(extract)})


def checked_trust(layers: Layers) -> Trust:
    """The Trust in a file of this form. Raises ConfigError with every problem."""
    refuse(layers, _form_faults(layers.values))
    own = layers.values["trust"]
    lists = {key: layers.values[key] for key in LISTS if key in layers.values}
    try:
        trust = Trust.model_validate({**own, **lists})
    except ValidationError as error:
        found = (_in_file(fault) for fault in faults(error, Trust))
        raise ConfigError(layers.problem(fault) for fault in found) from None
    refuse(layers, trust_faults(trust))
    return trust


def _form_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    own = values.get("trust")
    if not isinstance(own, Mapping):
        yield Fault(("trust",), "is missing", "Describe the Trust in a table [trust]")
        own = {}
    for key in LISTS:
        if key in own:
            yield Fault(("trust", key), "stands in the wrong place", f"Write it as [[{key}]]")
    for key in values:
        if key not in ("trust", *LISTS):
            mend = "Remove it; known here: [trust], [[schools]], [[shared_aliases]]"
            yield Fault((key,), "is not a known key", mend)


def _in_file(fault: Fault) -> Fault:
    """From the place in the model to the place in the file."""
    inside = fault.path[:1] in [(key,) for key in LISTS]
    return fault if inside else fault._replace(path=("trust", *fault.path))
