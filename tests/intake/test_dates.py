from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.dates import parse_date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2022-12-12T10:04:00+02:00", "2022-12-12T10:04:00+02:00"),
        ("2022-12-12T10:04:00.000Z", "2022-12-12T10:04:00Z"),
        ("2022-12-12T10:04:00.120-0500", "2022-12-12T10:04:00.12-05:00"),
        ("2022-12-12 10:04:00", "2022-12-12T10:04:00"),
        ("2022-12-12T10:04+0200", "2022-12-12T10:04+02:00"),
        ("20221212T100400Z", "2022-12-12T10:04:00Z"),
        ("20221212", "2022-12-12"),
        ("2022/12/12", "2022-12-12"),
        ("2022-12", "2022-12"),
        ("2022年12月2日", "2022-12-02"),
        ("1670839440", "2022-12-12T10:04:00Z"),
        ("1670839440000", "2022-12-12T10:04:00Z"),
    ],
)
def test_machine_dates(value: str, expected: str) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 12 Dec 2022 10:04:00 +0200", "2022-12-12T10:04:00+02:00"),
        ("Mon, 12 Dec 2022 10:04:00 GMT", "2022-12-12T10:04:00Z"),
        ("12-Dec-2022", "2022-12-12"),
    ],
)
def test_mail_and_feed_dates(value: str, expected: str) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("December 12, 2022", "2022-12-12"),
        ("Dec. 12, 2022 10:04 a.m. EST", "2022-12-12T10:04-05:00"),
        ("12th of December 2022", "2022-12-12"),
        ("Monday 12 December 2022 10.04 GMT", "2022-12-12T10:04Z"),
        ("Updated 10:04 PM EST, Mon December 12, 2022", "2022-12-12T22:04-05:00"),
        ("Posted on Monday, December 12, 2022 - 10:04 (GMT +3)", "2022-12-12T10:04+03:00"),
        ("Dec 12, 2022 at 9am", "2022-12-12T09:00"),
        ("Dec 12, 2022 at 12 a.m.", "2022-12-12T00:00"),
        ("December 2022", "2022-12"),
        ("12.10.2022", "2022-10-12"),
        ("13/04/2022", "2022-04-13"),
        ("04/13/2022", "2022-04-13"),
        ("12/12/2022 10:04", "2022-12-12T10:04"),
    ],
)
def test_newspaper_dates(value: str, expected: str) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("03/04/2022", "2022"),  # March or April
        ("Dec. 12", ""),
        ("yesterday", ""),
        ("2 hours ago", ""),
        ("2022-02-30", ""),
        ("45/67/2022", ""),
        ("202212", ""),  # as likely a number
        ("0000000001", ""),
        ("2022-12-12T25:00:00Z", "2022-12-12"),
        ("Dec 12, 2022 10:04 IST", "2022-12-12T10:04"),  # India, Ireland or Israel
        ("Dec 12, 2022 13:04 p.m.", "2022-12-12"),
        ("", ""),
        ("12 December 2022" + " " * 100 + "x" * 200, ""),
    ],
)
def test_nothing_is_guessed(value: str, expected: str) -> None:
    assert parse_date(value) == expected


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_as_it_is_printed(day: date) -> None:
    month = ["Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"][day.month - 1]
    for printed in (day.isoformat(), f"{month} {day.day}, {day.year}", f"{day.day} {month} {day.year}"):
        assert parse_date(printed) == day.isoformat()


@given(st.text(max_size=300))
def test_any_string_gives_a_date_or_nothing(value: str) -> None:
    shape = r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
    assert parse_date(value) == "" or re.fullmatch(shape, parse_date(value), re.ASCII)
