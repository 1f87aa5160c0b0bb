"""Expressions of time: one line a construction, what bad input comes to, and properties that hold for any text."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.times import Timex, decode_timeml, match_timexes, normalised, timexes_of
from onrecord.model import TimeKind, When
from onrecord.reader.times import find_times, rebase
from onrecord.reader.times.words import FUTURE, PAST, PRESENT

MONDAY = "2022-12-12"

DAY = r"(?:\d{4}|XXXX)-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?"
POINT = rf"(?:{DAY}|(?:\d{{4}}|XXXX)-(?:0[1-9]|1[0-2])|\d{{4}}-(?:2[1-4]|3[3-6]|4[01])|\d{{4}}|\d{{3}}X|\d{{2}}XX)"
EDTF = re.compile(rf"{POINT}|{POINT}/{POINT}|\.\./{POINT}|{POINT}/\.\.")
ISO_DURATION = re.compile(
    r"P(?:T?[X\d.]+[SHM]|(?:[X\d.]+[YMWD])+(?:T\d+H)?|T(?:\d+H)?(?:\d+M)?(?:\d+S)?|[X\d.]+[YMWD]T?\d+[HM]\d*M?)"
)


def assert_valid(text: str, found: tuple[When, ...]) -> None:
    """Spans lie inside the text, in order and apart; values are EDTF and ISO 8601; days exist; there is a reason."""
    before = 0
    for when in found:
        assert before <= when.span.start
        assert when.span.end <= len(text)
        before = when.span.end
        assert when.reason
        if when.edtf is not None:
            assert EDTF.fullmatch(when.edtf), when
            for day in re.findall(r"(\d{4}|XXXX)-(\d\d)-(\d\d)", when.edtf):
                date(*(int(part) for part in (day[0].replace("XXXX", "2000"), *day[1:])))
        if when.duration is not None:
            assert ISO_DURATION.fullmatch(when.duration), when
        if when.kind is TimeKind.SET:
            assert when.edtf is None


def read(text: str, published: str = MONDAY, dateline: str = "") -> list[tuple[str, str | None]]:
    found = find_times(text, published, dateline)
    assert_valid(text, found)
    return [(when.span.of(text), when.edtf) for when in found]


def read_one(text: str, published: str = MONDAY, dateline: str = "") -> When:
    found = find_times(text, published, dateline)
    assert_valid(text, found)
    (when,) = found
    return when


@pytest.mark.parametrize(
    ("text", "words", "edtf"),
    [
        # Days.
        ("The envoy briefed the press on Dec. 9.", "Dec. 9", "2022-12-09"),
        ("Crews put out nine fires on Dec. 10 alone.", "Dec. 10", "2022-12-10"),
        ("The minister signed the order on Nov. 15.", "Nov. 15", "2022-11-15"),
        ("The council wrote on Dec. 11 that it agreed.", "Dec. 11", "2022-12-11"),
        ("The port was shut on 9 December.", "9 December", "2022-12-09"),
        ("The port was shut on the 9th of December, 2021.", "the 9th of December, 2021", "2021-12-09"),
        ("The port was shut on March the third, 1998.", "March the third, 1998", "1998-03-03"),
        ("The port was shut on Friday, Dec. 9, 2022.", "Friday, Dec. 9, 2022", "2022-12-09"),
        ("The port will open on Jan. 5.", "Jan. 5", "2023-01-05"),
        ("The port was shut on Jan. 5.", "Jan. 5", "2022-01-05"),
        ("Talks are set for Dec. 20 in Lund.", "Dec. 20", "2022-12-20"),
        ("Logged at 2022-11-04T06:30Z by the station.", "2022-11-04T06:30Z", "2022-11-04T06:30Z"),
        ("The bridge fell on 24.02.2022 at night.", "24.02.2022 at night", "2022-02-24"),
        ("It fell on 02/24/2022 in the dark.", "02/24/2022", "2022-02-24"),
        ("He resigned on Feb. 29.", "Feb. 29", "2020-02-29"),
        ("She will speak on Christmas Eve.", "Christmas Eve", "2022-12-24"),
        ("She will speak on Easter Monday.", "Easter Monday", "2023-04-10"),
        ("They met on Thanksgiving.", "Thanksgiving", "2022-11-24"),
        # Days of the week, and days counted from today.
        ("Shells hit the depot on Friday.", "Friday", "2022-12-09"),
        ("The court will rule on Friday.", "Friday", "2022-12-16"),
        ("She said on Friday that the court would rule.", "Friday", "2022-12-09"),
        ("Shells hit the depot on Tuesday night.", "Tuesday night", "2022-12-06"),
        ("The court ruled last Monday.", "last Monday", "2022-12-05"),
        ("The court sits next Monday.", "next Monday", "2022-12-19"),
        ("He left today.", "today", "2022-12-12"),
        ("He left late yesterday.", "late yesterday", "2022-12-11"),
        ("He leaves the day after tomorrow.", "the day after tomorrow", "2022-12-14"),
        ("He left last night.", "last night", "2022-12-11"),
        ("Two shops closed overnight.", "overnight", "2022-12-12"),
        # Weeks.
        ("Storms over the weekend cut the power.", "the weekend", "2022-12-10/2022-12-11"),
        ("They will vote over the weekend.", "the weekend", "2022-12-17/2022-12-18"),
        ("It sank last week.", "last week", "2022-12-05/2022-12-11"),
        ("It sank earlier this week.", "earlier this week", "2022-12-12/2022-12-18"),
        ("It sank two weeks ago.", "two weeks ago", "2022-11-28/2022-12-04"),
        ("It sank in the week of Nov. 9.", "the week of Nov. 9", "2022-11-07/2022-11-13"),
        # Months.
        ("In November, the bank froze the account.", "November", "2022-11"),
        ("The clinic closed in October.", "October", "2022-10"),
        ("The clinic will reopen in March.", "March", "2023-03"),
        ("The clinic reopens next March.", "next March", "2023-03"),
        ("The clinic closed last March.", "last March", "2022-03"),
        ("The clinic closed in May.", "May", "2022-05"),
        ("It closed in early October 2019.", "early October 2019", "2019-10"),
        ("It closed in December last year.", "December last year", "2021-12"),
        ("It closed earlier this month.", "earlier this month", "2022-12"),
        ("It closed three months ago.", "three months ago", "2022-09"),
        # Parts of years, years and more.
        ("Sales fell in the third quarter of 1989.", "the third quarter of 1989", "1989-35"),
        ("Sales fell in the third quarter.", "the third quarter", "2022-35"),
        ("Sales fell in the first half of 2021.", "the first half of 2021", "2021-40"),
        ("Sales fell in Q2 2020.", "Q2 2020", "2020-34"),
        ("They fled in the spring of 2014.", "the spring of 2014", "2014-21"),
        ("They fled last winter.", "last winter", "2021-24"),
        ("They fled in 1998.", "1998", "1998"),
        ("They fled in the late 1990s.", "the late 1990s", "199X"),
        ("They fled in the nineties.", "the nineties", "199X"),
        ("The mill dates from the 19th century.", "the 19th century", "18XX"),
        ("It was spent in fiscal year 2021.", "fiscal year 2021", "2021"),
        ("They fled two years ago.", "two years ago", "2020"),
        ("They fled in nineteen ninety-six.", "nineteen ninety-six", "1996"),
        ("It ends at the end of the year.", "the end of the year", "2022"),
        # Times of day.
        ("The sirens began at 10 a.m. on Friday.", "10 a.m. on Friday", "2022-12-09T10:00"),
        ("The sirens began on Dec. 9 at 22:15.", "Dec. 9 at 22:15", "2022-12-09T22:15"),
        ("The sirens began at 1400 GMT on Dec. 9.", "1400 GMT on Dec. 9", "2022-12-09T14:00Z"),
        ("The sirens began at 6 p.m. EST Sunday.", "6 p.m. EST Sunday", "2022-12-11T18:00-05:00"),
        ("The sirens began at 3 a.m. local time on Dec. 9.", "3 a.m. local time on Dec. 9", "2022-12-09T03:00"),
        ("The sirens began at noon on Dec. 9.", "noon on Dec. 9", "2022-12-09T12:00"),
        # With a beginning, or an end.
        ("Rail traffic has been down since last week.", "since last week", "2022-12-05/.."),
        ("They have fought since 2014.", "since 2014", "2014/.."),
        ("The offer stands until Friday.", "until Friday", "../2022-12-16"),
        ("It was built before 2015.", "before 2015", "../2014"),
        ("It was built before Feb. 24, 2022.", "before Feb. 24, 2022", "../2022-02-23"),
        ("It was built after Feb. 28, 2022.", "after Feb. 28, 2022", "2022-03-01/.."),
        ("They met between Dec. 5 and Dec. 7.", "between Dec. 5 and Dec. 7", "2022-12-05/2022-12-07"),
        ("They met from March to May 2021.", "from March to May 2021", "2021-03/2021-05"),
        ("They met from Friday to Sunday.", "from Friday to Sunday", "2022-12-09/2022-12-11"),
        ("They met on Dec. 5-7.", "Dec. 5-7", "2022-12-05/2022-12-07"),
        ("They met from Dec. 28, 2021 to Jan. 3.", "from Dec. 28, 2021 to Jan. 3", "2021-12-28/2022-01-03"),
        ("In the 2019-20 season they met.", "2019-20", "2019/2020"),
        ("The truce is to begin on Sunday.", "Sunday", "2022-12-18"),
        ("The truce ends on Sunday.", "Sunday", "2022-12-18"),
        ("The vote was held on the first Sunday in February.", "the first Sunday in February", "2022-02-06"),
        ("The vote was held on the last Friday of October 2021.", "the last Friday of October 2021", "2021-10-29"),
        ("The vote was held on the 2nd Monday of last month.", "the 2nd Monday of last month", "2022-11-14"),
        ("The storm hit in the small hours of Thursday.", "the small hours of Thursday", "2022-12-08"),
        ("It sank on Dec. 9 last year.", "Dec. 9 last year", "2021-12-09"),
        # Counted from another time of the text.
        ("It closed two days before Christmas 2020.", "two days before Christmas 2020", "2020-12-23"),
    ],
)
def test_dates_of_a_report_of_12_december_2022(text: str, words: str, edtf: str) -> None:
    when = read_one(text)
    assert (when.span.of(text), when.edtf, when.kind) == (words, edtf, TimeKind.DATE)


@pytest.mark.parametrize(
    ("text", "words", "kind", "edtf", "duration"),
    [
        ("Output will fall in the coming months.", "the coming months", "duration", "2022-12/..", "PXM"),
        ("They agreed “many months” before the raid.", "many months", "date", None, "PXM"),
        ("A three-week period of calm ended.", "A three-week period", "duration", None, "P3W"),
        ("It held in the past three weeks.", "the past three weeks", "duration", "2022-11-21/2022-12-12", "P3W"),
        ("It held in the last few days.", "the last few days", "duration", "../2022-12-12", "PXD"),
        ("It held for two and a half hours.", "two and a half hours", "duration", None, "PT2H30M"),
        ("It held for 2 1/2 years.", "2 1/2 years", "duration", None, "P2Y6M"),
        ("It held for half an hour.", "half an hour", "duration", None, "PT30M"),
        ("It held for at least 20 minutes.", "at least 20 minutes", "duration", None, "PT20M"),
        ("It held for nearly two decades.", "nearly two decades", "duration", None, "P20Y"),
        ("It held for months.", "months", "duration", None, "PXM"),
        ("It held for two to three weeks.", "two to three weeks", "duration", None, "PXW"),
        ("It held two years and three months.", "two years and three months", "duration", None, "P2Y3M"),
        ("It rang every day.", "every day", "set", None, "P1D"),
        ("It rang every two weeks.", "every two weeks", "set", None, "P2W"),
        ("It rings twice a week.", "twice a week", "set", None, "P1W"),
        ("It rings on Sundays.", "on Sundays", "set", None, "P1W"),
        ("It sold 40 million a year.", "a year", "set", None, "P1Y"),
        ("It held one day and two hours.", "one day and two hours", "duration", None, "P1DT2H"),
        ("It held two hours and one day.", "two hours and one day", "duration", None, "P1DT2H"),
        ("The daily count rose.", "daily", "set", None, "P1D"),
        ("It rang three weeks ago.", "three weeks ago", "date", "2022-11-21/2022-11-27", "P3W"),
        ("It rang several years ago.", "several years ago", "date", "../2022-12-12", "PXY"),
        ("It will ring in two days.", "two days", "date", "2022-12-14", "P2D"),
        ("It was mended in two days.", "two days", "duration", None, "P2D"),
    ],
)
def test_lengths_and_sets(text: str, words: str, kind: str, edtf: str | None, duration: str) -> None:
    when = read_one(text)
    assert (when.span.of(text), when.kind, when.edtf, when.duration) == (words, kind, edtf, duration)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("It is now shut.", PRESENT), ("It was recently shut.", PAST), ("It may soon be shut.", FUTURE)],
)
def test_what_only_names_a_side_of_today_has_a_reason_and_no_value(text: str, reason: str) -> None:
    when = read_one(text)
    assert (when.edtf, when.reason) == (None, reason)


def test_times_are_counted_from_the_time_named_before() -> None:
    text = "The ship left on May 3, 2019. Two days later it sank. The following year the wreck was found."
    assert read(text) == [
        ("May 3, 2019", "2019-05-03"),
        ("Two days later", "2019-05-05"),
        ("The following year", "2020"),
    ]


def test_a_day_of_that_year_is_of_the_year_named_before() -> None:
    assert read("The 1994 war began on 7 April that year.") == [("1994", "1994"), ("7 April that year", "1994-04-07")]


def test_a_length_that_begins_on_a_day_is_no_day_of_its_own() -> None:
    assert read("They struck for three days from Nov. 2.") == [("three days", None), ("Nov. 2", "2022-11-02")]
    assert read("They will meet two weeks from Friday.") == [("two weeks from Friday", "2022-12-30")]


@pytest.mark.parametrize(
    ("words", "said_on", "edtf", "reason"),
    [
        ("Today", "2022-11-15", "2022-11-15", "the day on which it was said"),
        ("last week", "2022-11-15", "2022-11-07/2022-11-13", "the week before that of the day on which it was said"),
        ("Friday", "2022-11-15", "2022-11-11", "the last one up to the day on which it was said"),
        ("next month", "2022-11-15", "2022-12", "the month after that of the day on which it was said"),
        ("next month", "2022-11", "2022-12", "the month after that of the day on which it was said"),
        ("next month", "2022-11-15T10:00Z", "2022-12", "the month after that of the day on which it was said"),
        ("Today", "2022-11", None, "the day on which it was said is too coarse to count from"),
        ("Today", "2022-11-15/2022-11-16", None, "the day on which it was said is too coarse to count from"),
        ("last week", "2022-11-15/2022-11-16", "2022-11-07/2022-11-13", ""),
        ("2014", "2022-11-15", "2014", "the year as given"),
        ("two days later", "2022-11-15", "2014-01-03", "counted from the time named before"),
        ("10/11/2022", "2022-11-15", None, "day and month cannot be told apart: 10/11/2022"),
        ("Today", "XXXX-11-15", "2022-12-12", "the day of the publication date"),
        ("Today", "", "2022-12-12", "the day of the publication date"),
        ("Today", "../2022-11-15", "2022-12-12", "the day of the publication date"),
        ("Today", "2022-11-45", "2022-12-12", "the day of the publication date"),
    ],
)
def test_what_is_said_today_counts_from_the_day_on_which_it_was_said(
    words: str, said_on: str, edtf: str | None, reason: str
) -> None:
    text = (
        "“Today we act. Last year was calm, but last week, on Friday and on 10/11/2022 it burned. In 2014, and two "
        "days later, it did not. We will meet next month.”"
    )
    (when,) = (when for when in find_times(text, MONDAY) if when.span.of(text) == words)
    rebased = rebase(text, when, said_on)
    assert_valid(text, (rebased,))
    assert (rebased.span, rebased.edtf) == (when.span, edtf)
    assert rebased.reason == reason or not reason


def test_a_year_earlier_compares_the_same_quarter() -> None:
    text = "The mill lost $3 million in the third quarter. A year earlier it earned $2 million. The quarter was poor."
    assert [edtf for _, edtf in read(text)] == ["2022-35", "2021-35", "2022-35"]


@pytest.mark.parametrize(
    ("text", "edtf", "reason"),
    [
        ("He spoke on Dec. 9.", "XXXX-12-09", "no year is given anywhere"),
        ("He spoke in November.", "XXXX-11", "no year is given anywhere"),
        ("He spoke from Dec. 9 to Dec. 11.", "XXXX-12-09/XXXX-12-11", "no year is given anywhere"),
        ("He spoke on Dec. 9, 2022.", "2022-12-09", "the day as given"),
        ("He spoke on Friday.", None, "no publication date to count from"),
        ("He spoke last week.", None, "no publication date to count from"),
        ("He spoke yesterday.", None, "no publication date to count from"),
        ("He spoke three weeks ago.", None, "no publication date to count from"),
        ("He spoke over the weekend.", None, "no publication date to count from"),
        ("He will speak in the coming months.", None, "no publication date to count from"),
        ("He spoke in the third quarter.", None, "no year is given anywhere"),
    ],
)
def test_without_a_publication_date_no_year_is_guessed(text: str, edtf: str | None, reason: str) -> None:
    when = read_one(text, "")
    assert (when.edtf, when.reason) == (edtf, reason)


@pytest.mark.parametrize(
    ("published", "text", "edtf"),
    [
        ("2022", "It fell last year.", "2021"),
        ("2022", "It fell on Dec. 9.", "XXXX-12-09"),
        ("2022", "It fell yesterday.", None),
        ("2022-12", "It fell in November.", "2022-11"),
        ("2022-12", "It fell on Nov. 9.", "2022-11-09"),
        ("2022-12", "It fell last week.", None),
        ("2022-12-12T10:04:00+02:00", "It fell yesterday.", "2022-12-11"),
        ("2999-01-02", "It fell yesterday.", "2999-01-01"),
        ("9999-12-31", "It will fall tomorrow.", None),
        ("0001-01-01", "It fell yesterday.", None),
        ("0001-01-01", "It fell on Feb. 3.", None),
        ("2022-13-45", "It fell yesterday.", None),
        ("yesterday", "It fell on Dec. 9.", "XXXX-12-09"),
        ("2022-12-1", "It fell yesterday.", None),
        ("٢٠٢٢-١٢-١٢", "It fell yesterday.", None),
    ],
)
def test_publication_dates_of_any_precision_and_none(published: str, text: str, edtf: str | None) -> None:
    assert read_one(text, published).edtf == edtf


def test_a_dateline_shortly_before_the_publication_is_the_day_to_count_from() -> None:
    assert read("It fell yesterday.", MONDAY, "LUND, Dec. 11") == [("yesterday", "2022-12-10")]
    assert read("It fell yesterday.", MONDAY, "LUND, Jan. 11") == [("yesterday", "2022-12-11")]
    assert read("It fell yesterday.", MONDAY, "LUND") == [("yesterday", "2022-12-11")]
    assert read("It fell yesterday.", "", "LUND, Dec. 11, 2022") == [("yesterday", "2022-12-10")]
    assert read("It fell yesterday.", "", "LUND, Dec. 11") == [("yesterday", None)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It fell on 30 February.", "no such day: 30 February"),
        ("It fell on the 45th of May.", "no such day: 45 May"),
        ("It fell on Dec. 45.", "no such day: 45 Dec"),
        ("It fell on Feb. 29, 2021.", "no such day: 29 February 2021"),
        ("It fell on April 31.", "no such day: 31 April"),
        ("It fell in the year 99999.", "no year that a calendar has"),
        ("It fell on 2022-02-30.", "that lies outside the calendar"),
        ("It fell on 10/11/2022.", "day and month cannot be told apart: 10/11/2022"),
        ("It fell on 40/40/2022.", "no such day: 40/40/2022"),
        ("It fell 99999 years ago.", "that lies outside the calendar"),
        ("It fell 999999999 days ago.", "that lies outside the calendar"),
        ("They met from Dec. 9, 2022 to Dec. 3, 2022.", "the end lies before the beginning"),
        ("They met from Dec. 9, 2022 to Feb. 30, 2023.", "no such day: 30 February"),
        ("Sirens at 25:00 GMT.", "no such time of day: 25:00"),
        ("Sirens at 13 p.m.", "no such time of day: 13 p.m."),
        ("It fell days after the vote.", "counted from an event whose date is not given here"),
        ("Sirens at 9 a.m.", "09:00 of a day that is not given"),
    ],
)
def test_what_cannot_be_read_has_a_reason_and_no_value(text: str, reason: str) -> None:
    when = read_one(text)
    assert (when.edtf, when.reason) == (None, reason)


@pytest.mark.parametrize(
    "text",
    [
        "A 44-year-old man and the six-month-old twins, aged 9, were safe.",
        "Some 2000 troops and 1989 people paid $1990 for lot No. 1991.",
        "They may march if the judges sat; a second opinion on the fall of the city.",
        "The fossil is some 66 million years old; the report covers the period.",
        "Theresa May met them. A quarter of the homes, three quarters of the mills.",
        "The Daily Echo and the Sunday Times, 24/7, as soon as possible.",
        "The fall of the wall; a spring in the hills; 1:0 and 3-2; room 1984b; 1,989 cars; 3.1989.",
        "Call 138-2010-2015 or 123-12-1234.",
        "",
        "\n\n \t\n",
    ],
)
def test_what_looks_like_a_time_and_is_none(text: str) -> None:
    assert read(text) == []


def test_the_other_dates_of_a_text_tell_how_it_writes_them() -> None:
    assert [edtf for _, edtf in read("Signed 25/10/2022, shipped 10/11/2022.")] == ["2022-10-25", "2022-11-10"]
    assert [edtf for _, edtf in read("Signed 10/25/2022, shipped 10/11/2022.")] == ["2022-10-25", "2022-10-11"]
    assert [edtf for _, edtf in read("Signed 10/25/22, 25/10/22, 1/2/22.")] == ["2022-10-25", "2022-10-25", None]


@pytest.mark.parametrize("text", ["in March 45 people died.", "in March 12 people died."])
def test_a_number_after_a_month_may_count_people(text: str) -> None:
    assert read(text) == [("March", "2022-03")]


def test_digits_of_other_scripts_and_numbers_of_400_digits_do_no_harm() -> None:
    assert read("On Dec. ٩ it fell.") == [("Dec. ٩", "2022-12-09")]
    assert_valid(text := "In " + "9" * 400 + " it fell, Dec. " + "9" * 400 + ".", find_times(text, MONDAY))
    assert_valid(text := "9" * 400 + " years ago, 1.234,5 days, 1,2,3 weeks", find_times(text, MONDAY))


def test_paragraphs_part_expressions() -> None:
    assert [words for words, _ in read("It fell on Dec.\n\n9 people died.")] == ["Dec."]
    assert [words for words, _ in read("It fell on Dec.\n9.")] == ["Dec.\n9"]


WORDS = """Dec. 9 30 February 31 1989 2022 99999 the of , . - / May march Friday Fridays week weeks last next past ago
    before after since until from to between and two half a 10:30 25:61 a.m. p.m. GMT EST quarter third Q3 spring 1990s
    century ’90s '89 noon tonight today now every daily 10/11/2022 2022-02-30 12/31/99 9th 45th year earlier later said
    weekend will over in on at ½ ٩ 00 0 $ % ( ) “ ” Christmas Easter day decade month hundred thousand old s 's
    """
PIECES = st.sampled_from([*WORDS.split(), "\n", "\n\n"])
PUBLISHED = st.sampled_from(
    ["", MONDAY, "2022", "2020-02-29", "2022-02", "0001-01-01", "9999-12-31", "later", "2024-02-29T1"]
)


@given(st.lists(PIECES, max_size=25).map(" ".join), PUBLISHED)
@example("from the last 9 February to Q3 before 1989", "0001-01-01")
def test_any_words_of_time_give_valid_values(text: str, published: str) -> None:
    found = find_times(text, published)
    assert_valid(text, found)
    for said_on in ("2020-02-29", "0001-01-01", "9999-12-31", "2022-11", "2022-11-15/2022-11-16"):
        rebased = tuple(rebase(text, when, said_on) for when in found)
        assert_valid(text, rebased)
        assert [when.span for when in rebased] == [when.span for when in found]


@given(st.text(max_size=200), st.text(max_size=20), st.text(max_size=40))
def test_any_text_gives_valid_values(text: str, published: str, dateline: str) -> None:
    assert_valid(text, find_times(text, published, dateline))


@given(st.dates(date(1000, 1, 1), date(2199, 12, 31)), PUBLISHED)
def test_a_day_in_full_is_that_day(day: date, published: str) -> None:
    text = f"It fell on {day.day} {day:%B} {day.year:04}."
    assert read_one(text, published).edtf == day.isoformat()


@given(st.dates(date(1900, 1, 1), date(2190, 12, 31)), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_a_day_without_a_year_lies_within_a_year_of_the_publication(day: date, published: date) -> None:
    when = read_one(f"They said that it fell on {day:%B} {day.day}.", published.isoformat())
    assert when.edtf is not None
    assert when.edtf[5:] == day.isoformat()[5:]
    assert abs((date.fromisoformat(when.edtf) - published).days) <= (366 if when.edtf[5:] != "02-29" else 8 * 366)


@pytest.mark.parametrize(
    "run",
    """Dec. |9|9 |1989-|1989 |a |one and |the last |two days later |from May to |/|- |1/2/|May |year ago |twenty |'|'s |
    |1:|early |before |10 a.m. |(|every """.split("|"),
)
def test_time_grows_with_the_length_of_a_run_and_no_faster(run: str) -> None:
    def seconds(length: int) -> float:
        text = run * (length // len(run))
        start = time.process_time()
        assert_valid(text, find_times(text, MONDAY))
        return time.process_time() - start

    short = min(seconds(4_000) for _ in range(2))
    # Ten times the text: a quadratic search would take a hundred times as long.
    assert min(seconds(40_000) for _ in range(2)) < 40 * short + 0.05


@pytest.mark.parametrize(
    ("text", "timexes"),
    [
        ("It fell on Dec. 9.", [("Dec. 9", "DATE", "2022-12-09")]),
        ("It fell last week.", [("last week", "DATE", "2022-W49")]),
        ("It fell since last week.", [("last week", "DATE", "2022-W49")]),
        ("Storms over the weekend.", [("the weekend", "DATE", "2022-W49-WE")]),
        (
            "It fell from May 2 to May 9, 2021.",
            [("May 2", "DATE", "2021-05-02"), ("May 9, 2021", "DATE", "2021-05-09")],
        ),
        ("It fell before 2015.", [("2015", "DATE", "2015")]),
        ("It fell after Feb. 28, 2022.", [("Feb. 28, 2022", "DATE", "2022-02-28")]),
        ("It fell until December 2021.", [("December 2021", "DATE", "2021-12")]),
        ("It fell in the third quarter of 1998.", [("the third quarter of 1998", "DATE", "1998-Q3")]),
        ("It fell in the summer of 1998.", [("the summer of 1998", "DATE", "1998-SU")]),
        ("It fell in the first half of 1998.", [("the first half of 1998", "DATE", "1998-H1")]),
        ("It fell in the 1990s.", [("the 1990s", "DATE", "199")]),
        ("It fell in the 19th century.", [("the 19th century", "DATE", "18")]),
        ("It fell on Friday night.", [("Friday night", "TIME", "2022-12-09TNI")]),
        ("It fell yesterday evening.", [("yesterday evening", "TIME", "2022-12-11TEV")]),
        ("It fell at 9 p.m. EST on Dec. 9.", [("9 p.m. EST on Dec. 9", "TIME", "2022-12-09T21:00")]),
        ("It fell for three months.", [("three months", "DURATION", "P3M")]),
        ("It falls every day.", [("every day", "SET", "P1D")]),
        ("It falls every Monday.", [("every Monday", "SET", "XXXX-WXX-1")]),
        ("It is falling now.", [("now", "DATE", "PRESENT_REF")]),
        ("It fell recently.", [("recently", "DATE", "PAST_REF")]),
        ("It fell a few years ago.", [("a few years ago", "DATE", "PAST_REF")]),
    ],
)
def test_the_benchmark_writes_values_as_timex3_does(text: str, timexes: list[tuple[str, str, str]]) -> None:
    (when,) = find_times(text, MONDAY)
    assert [(text[t.start : t.end], t.type, t.value) for t in timexes_of(text, when)] == timexes


def test_the_benchmark_reads_timeml_and_pairs_each_expression_once() -> None:
    report = decode_timeml(
        "made-up",
        """<DCT><TIMEX3 tid="t0" type="DATE" value="2022-12-12">Dec. 12</TIMEX3></DCT>
        <TEXT>A &amp; B <EVENT>fell</EVENT> <TIMEX3 type="DATE" value="2022-W9">last <EVENT>week</EVENT></TIMEX3>
        <TIMEX3 type="DATE" value="199X"/>.</TEXT>""",
    )
    assert (report.published, report.text[:8]) == ("2022-12-12", "A & B fe")
    assert [(report.text[t.start : t.end], t.value) for t in report.gold] == [("last week", "2022-W9")]
    assert [normalised(value) for value in ("2022-W9", "199X", "1994-XX-XX", "P9W")] == [
        "2022-W09",
        "199",
        "1994",
        "P9W",
    ]
    long, first, second = Timex(0, 9, "DATE", ""), Timex(0, 4, "DATE", ""), Timex(5, 9, "DATE", "")
    assert match_timexes([long], [first, second]) == [(long, first)]
    assert match_timexes([first, second], [second]) == [(second, second)]
