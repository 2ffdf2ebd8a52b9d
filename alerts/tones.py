"""The colours of severity, dark enough for white letters (WCAG 2.2: at least 4.5 to 1)."""

from __future__ import annotations

from classifiers.types import Severity

TONES: dict[Severity, str] = {
    "critical": "#8c1c2b",
    "high": "#9a4a00",
    "medium": "#6b5a00",
    "low": "#3f5b6b",
    "none": "#55606e",
}
