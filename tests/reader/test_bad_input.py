"""Input that no report should have: what cannot be read has a reason and no value, and nothing fails.

The first part needs no model: times, figures and stances of any text at all. The second reads whole documents.
"""

from __future__ import annotations

import re
import time
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.model import Attribution, Document, Kind, Reading, Span, Voice
from onrecord.reader import Reader
from onrecord.reader.figures import find_figures
from onrecord.reader.stance import take_stances
from onrecord.reader.times import find_times, rebase

PUBLISHED = "2024-03-15"

ARABIC_123 = "\u0661\u0662\u0663"
ARABIC_DAY = "\u0662\u0660\u0662\u0664-\u0660\u0663-\u0661\u0665"

PIECES = st.sampled_from(
    [
        *"""said denied may “ ” ‘ ’ " ' , . ; : ( ) - – 12 1,2,3 1.234,5 9e99 10^500 ½ ² Ⅳ 三百 30 February 45th May
        of the yesterday today Friday Dec. 9 2022 99999 1,000 million thousand thousand more than up to percent $ € %
        killed people since overnight in a week two of them which İ ß ﬁ Ĳ Владимир محمد שלום 🙂 👩‍👩‍👧 é e\u0301 likely
        probably it he we Iran Russia Reuters report according to not never lie""".split(),
        *"\u200b\u200d\u200e\u200f\u202e\u202c\u2066\ufeff\x00\x0b\x0c\x85\u2028\u00a0\u202f\n\t\ud800\udfff",
        "\n\n",
        "9" * 400,
        ARABIC_123,
        "\uff11\uff12",
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=60).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=200),
)
DATES = st.one_of(
    st.sampled_from(
        ["", PUBLISHED, "2999-01-01", "2024-02-30", "2024", "0000-00-00", "9999-12-31", ARABIC_DAY, "\ud800"]
    ),
    st.text(st.characters(exclude_categories=()), max_size=12),
)

POINT = r"(?:\d{4}|XXXX)(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?|\d{3}X|\d{2}XX"
EDTF = re.compile(rf"(?:{POINT}|\.\.)(?:/(?:{POINT}|\.\.))?", re.ASCII)


def assert_dates(edtf: str) -> None:
    """A value is EDTF, and every day and month in it is one of the calendar."""
    assert EDTF.fullmatch(edtf), edtf
    for year, month, day in re.findall(r"(\d{4}|XXXX)-(\d\d)(?:-(\d\d))?", edtf):
        known = 2000 if year == "XXXX" else int(year)
        if day or int(month) <= 12:
            date(known, int(month), int(day or 1))
        else:
            assert int(month) in (21, 22, 23, 24, 33, 34, 35, 36, 40, 41)


def attributions_of(text: str, bounds: list[int]) -> list[Attribution]:
    """Attributions that a network could find in it, one after the other, each in the one before."""
    ends = sorted({min(bound, len(text)) for bound in bounds})
    spans = [Span(a, b) for a, b in zip(ends, ends[1:], strict=False)]
    return [
        Attribution(str(n), Kind.MIXED, Voice.PARTY, str(n - 1) if n else None, (a,), (b,), (c,), 0.5)
        for n, (a, b, c) in enumerate(zip(spans[::3], spans[1::3], spans[2::3], strict=False))
    ]


@given(TEXTS, DATES, DATES)
def test_times_of_any_text_are_dates_of_the_calendar_or_have_a_reason(text: str, published: str, said_on: str) -> None:
    for found in find_times(text, published, dateline=said_on, read_on=PUBLISHED):
        for when in (found, rebase(text, found, said_on)):
            assert when.span.of(text)
            assert when.reason
            if when.edtf is not None:
                assert_dates(when.edtf)


@given(TEXTS)
def test_figures_of_any_text_are_ranges_or_have_a_reason(text: str) -> None:
    for figure in find_figures(text, [when.span for when in find_times(text, PUBLISHED)]):
        assert figure.value.of(text)
        assert figure.counted is None or figure.counted.of(text)
        assert figure.reason
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.high
        for end in (figure.low, figure.high):
            assert end is None or abs(end) <= 2**53


@given(TEXTS, st.lists(st.integers(0, 240), max_size=24))
def test_stances_of_any_text_cite_the_words_of_the_text(text: str, bounds: list[int]) -> None:
    attributions = attributions_of(text, bounds)
    for taken in take_stances(text, attributions):
        for span in (*taken.addressee, *taken.channel, *taken.relay, *(hedge.span for hedge in taken.hedges)):
            assert span.of(text)
        assert taken.reason


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("30 February", "no such day: 30 February"),
        ("the 45th of May", "no such day: 45 May"),
        ("February 29, 2023", "no such day: 29 February 2023"),
        ("2024-13-45", "that lies outside the calendar"),
    ],
)
def test_a_day_that_no_calendar_has_is_no_day(words: str, reason: str) -> None:
    text = f"The bridge fell on {words}."
    (when,) = find_times(text, PUBLISHED)
    assert (when.edtf, when.reason) == (None, reason)
    assert when.span.of(text) in words


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        ("", "no publication date to count from"),
        ("2024-02-30", "the publication date cannot be read: 2024-02-30"),
        ("last week", "the publication date cannot be read: last week"),
        (ARABIC_DAY, f"the publication date cannot be read: {ARABIC_DAY}"),
        ("2999-01-01", "the publication date lies in the future: 2999-01-01"),
        ("2024", "the publication date is too coarse to count from"),
    ],
)
def test_without_a_publication_date_that_can_be_believed_yesterday_is_no_day(published: str, reason: str) -> None:
    (when,) = find_times("The bridge fell yesterday.", published, read_on=PUBLISHED)
    assert (when.edtf, when.reason) == (None, reason)


def test_a_publication_date_of_tomorrow_may_be_today_elsewhere() -> None:
    (when,) = find_times("The bridge fell yesterday.", "2024-03-16", read_on=PUBLISHED)
    assert when.edtf == PUBLISHED


@pytest.mark.parametrize("words", ["1,2,3", "1.234,5", ARABIC_123, "9" * 400, "12\u200b34", "10^500", "1\u200f2"])
def test_a_number_that_cannot_be_read_is_no_number(words: str) -> None:
    text = f"They counted {words} boats."
    (figure,) = find_figures(text)
    assert (figure.low, figure.high, figure.value.of(text)) == (None, None, words)
    assert figure.reason not in ("numeral", "word", "range")


def test_nested_hedges_are_kept_apart_with_the_words_as_they_stand() -> None:
    text = "Holt said it may perhaps be very likely that it could almost certainly sink."
    said = Attribution(
        "0", Kind.INDIRECT, Voice.PARTY, None, (Span(0, 4),), (Span(5, 9),), (Span(10, len(text) - 1),), 0.9
    )
    (taken,) = take_stances(text, [said])
    assert [(hedge.span.of(text), hedge.band) for hedge in taken.hedges] == [
        ("may", ""),
        ("perhaps", ""),
        ("very likely", "very likely"),
        ("could", ""),
        ("almost certainly", "almost certain"),
    ]


@pytest.mark.parametrize(
    ("line", "length"),
    [
        ("12 boats sank on Friday, ", 1_000_000),
        *(
            (line, 200_000)
            for line in ("1 ", "Dec. 9 ", "may likely ", "said “", "a", "\u202e", "two of them ", "Iran ")
        ),
    ],
)
def test_a_long_line_takes_no_more_than_its_length(line: str, length: int) -> None:
    def seconds(length: int) -> float:
        text = line * (length // len(line))
        attributions = attributions_of(text, list(range(0, min(length, 20_000), 40)))
        start = time.process_time()
        find_figures(text, [when.span for when in find_times(text, PUBLISHED)])
        take_stances(text, attributions)
        return time.process_time() - start

    # Ten times the text: what is quadratic would take a hundred times as long.
    assert seconds(length) < 40 * min(seconds(length // 10) for _ in range(2)) + 0.1


# ---- whole documents


@cache
def reader() -> Reader:
    return Reader(threads=1)


def read(text: str, published: str = PUBLISHED) -> Reading:
    return reader().read(Document(url="", text=text, published=published, language="en"))


def assert_whole(text: str, reading: Reading) -> None:
    """Every span of a reading lies in the text, every value is one, and what has none has a reason."""
    for found in reading.attributions:
        spans = (*found.source, *found.cue, *found.content, *found.addressee, *found.channel, *found.relay)
        assert all(span.of(text).strip() for span in (*spans, *(hedge.span for hedge in found.hedges)))
        assert found.stance_reason
    for when in reading.times:
        assert when.span.of(text)
        assert when.reason
        assert when.edtf is None or assert_dates(when.edtf) is None
    for figure in reading.figures:
        assert figure.span.of(text)
        assert figure.reason


DOCUMENTS = {
    "emoji": "👩‍👩‍👧 “It’s fine 🙂,” 🤖 said on Friday. 💥💥 killed 12 people.",
    "zero width": "He sa\u200bid that 12\u200b34 boats sank on Fri\u200bday.",
    "right to left": "\u202eHe said 12 boats sank.\u202c قال الوزير إن الجسر سقط يوم الجمعة.",
    "other scripts": "Владимир Зеленский said that 12 boats sank. محمد علي denied it.",
    "control signs": "He said \x00 that 12 boats \x0b sank.\x0c\x85\u2028 Next day it burned.",
    "lone surrogates": "Mira Holt said \ud800 that 12 boats \udfff sank on Friday.",
    "nothing": "",
    "white space": " \n\n\t ",
    "hedges": "It may possibly, perhaps, likely, could almost certainly not be, he said, “maybe”.",
    "numbers": "He said " + " ".join(map(str, range(1500))),
    "quotation marks": "“" * 300 + "said" + "”" * 300,
    "digits": "He said " + "9" * 400 + " boats sank on the 45th of May, 30 February.",
    "one word": "a" * 20_000,
}


@pytest.mark.model
@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_odd_documents_are_read(text: str) -> None:
    assert_whole(text, read(text))


@pytest.mark.model
@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_any_document_is_read(text: str) -> None:
    assert_whole(text, read(text))


@pytest.mark.model
@pytest.mark.parametrize("published", ["", "2024-02-30", "2999-01-01", "0000-00-00", "last week", "2024", ARABIC_DAY])
def test_publication_dates_that_are_none_are_read(published: str) -> None:
    text = "Mira Holt said on Friday that 12 boats sank yesterday."
    reading = read(text, published)
    assert_whole(text, reading)
    assert len(reading.attributions) == 1


@pytest.mark.model
def test_names_in_other_scripts_stand_as_they_are_written() -> None:
    text = "Владимир Орлов said that the bridge stands. “It fell,” said محمد علي."
    sources = [span.of(text) for found in read(text).attributions for span in found.source]
    assert all(source in text for source in sources)
    assert any("Орлов" in source for source in sources)
