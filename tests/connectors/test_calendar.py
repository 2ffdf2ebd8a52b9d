"""Calendar files of councils and schools: whole days, whatever else stands in them."""

from datetime import date

import pytest

from connectors.errors import ConnectorError
from connectors.parse.calendar import MAX_BYTES, stretches

CALENDAR = (
    b"\xef\xbb\xbfBEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Lindmouth Council//EN\r\n"
    b"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261219\r\nDTEND;VALUE=DATE:20270104\r\n"
    b"SUMMARY:Christmas holi\r\n day\\, all schools\r\n"
    b"BEGIN:VALARM\r\nSUMMARY:Not this\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    b"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270104\r\nSUMMARY;LANGUAGE=en:INSET day\r\n"
    b"END:VEVENT\r\n"
    b"BEGIN:VEVENT\r\nDTSTART:20270105T090000Z\r\nSUMMARY:Term begins\r\nEND:VEVENT\r\n"
    b"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20271399\r\nSUMMARY:No such day\r\nEND:VEVENT\r\n"
    b"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20280101\r\n"
    b"SUMMARY:The whole year\r\nEND:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)


def test_whole_days_are_read_and_nothing_else() -> None:
    assert [(one.name, one.first, one.last) for one in stretches(CALENDAR)] == [
        ("Christmas holiday, all schools", date(2026, 12, 19), date(2027, 1, 3)),
        ("INSET day", date(2027, 1, 4), date(2027, 1, 4)),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"",
        b"BEGIN:VCALENDAR\n" + b"x" * MAX_BYTES,
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 2_001,
    ],
    ids=["a page", "nothing", "too large", "too many"],
)
def test_what_is_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(ConnectorError):
        stretches(body)
