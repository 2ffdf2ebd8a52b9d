"""How the service itself is watched: by figures, by a ping that stops, by what is overdue."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from config.base import LongerThanNone, Model, OneLine


class WatchingSettings(Model):
    """`ping_url` is asked each minute while work goes on, empty for none; `metrics_port` is a TCP
    port that answers Prometheus at `metrics_host`, 0 for none."""

    overdue_after: LongerThanNone
    """What was to be done so long ago and is not is an alarm."""
    ping_url: OneLine
    metrics_host: OneLine
    metrics_port: Annotated[StrictInt, Field(ge=0, le=65535)]
