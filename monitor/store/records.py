"""Between the frozen records of other rooms and what a JSON column holds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from alerts.types import Notice
from classifiers.types import Assessment, Severity
from connectors.types import Cursor, Media
from monitor.store.views import DigestOrder, ServiceNote

_ASSESSMENT = TypeAdapter(Assessment)
_CURSOR = TypeAdapter(Cursor)
_MEDIA = TypeAdapter(tuple[Media, ...])
_NOTICE = TypeAdapter(Notice)
_ORDER = TypeAdapter(DigestOrder)
_SERVICE = TypeAdapter(ServiceNote)


def dump_assessment(assessment: Assessment) -> dict[str, Any]:
    dumped: dict[str, Any] = _ASSESSMENT.dump_python(assessment, mode="json")
    return dumped


def load_assessment(payload: dict[str, Any], severity: Severity | None = None) -> Assessment:
    """`severity` is what the mention counts as by now: more than judged where its story spread."""
    judged = _ASSESSMENT.validate_python(payload)
    return judged if severity is None else replace(judged, severity=severity)


def dump_cursor(cursor: Cursor) -> dict[str, Any]:
    dumped: dict[str, Any] = _CURSOR.dump_python(cursor, mode="json")
    return dumped


def load_cursor(payload: dict[str, Any]) -> Cursor:
    return _CURSOR.validate_python(payload)


def dump_media(media: tuple[Media, ...]) -> list[Any]:
    dumped: list[Any] = _MEDIA.dump_python(media, mode="json")
    return dumped


def load_media(payload: list[Any]) -> tuple[Media, ...]:
    return _MEDIA.validate_python(payload)


def dump_notice(notice: Notice) -> dict[str, Any]:
    dumped: dict[str, Any] = _NOTICE.dump_python(notice, mode="json")
    return dumped


def load_notice(payload: dict[str, Any]) -> Notice:
    return _NOTICE.validate_python(payload)


def dump_order(order: DigestOrder) -> dict[str, Any]:
    dumped: dict[str, Any] = _ORDER.dump_python(order, mode="json")
    return dumped


def load_order(payload: dict[str, Any]) -> DigestOrder:
    """An order that waits since before heads had one mail for all their schools names one."""
    if "school_id" in payload:
        one = payload["school_id"]
        payload = {
            **payload,
            "school_ids": [one] if one else [],
            "kind": "daily" if one else "brief",
        }
    return _ORDER.validate_python(payload)


def dump_service(note: ServiceNote) -> dict[str, Any]:
    dumped: dict[str, Any] = _SERVICE.dump_python(note, mode="json")
    return dumped


def load_service(payload: dict[str, Any]) -> ServiceNote:
    return _SERVICE.validate_python(payload)


def dump_json(payload: dict[str, Any]) -> str:
    """As the driver wants a JSON column when the mapper is bypassed."""
    return json.dumps(payload, ensure_ascii=False)
