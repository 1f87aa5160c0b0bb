from __future__ import annotations

import functools

import pytest

from onrecord.model import Attribution, Document, Kind, Label, Name, Span, TimeKind, Voice, When, attribution_id
from onrecord.reader import Reader
from onrecord.reader.occasion import with_days
from onrecord.reader.syntax import Syntax

TEXT = "Maat told reporters in Harven on Friday that nobody had looked."


def at(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def tree(text: str, *words: tuple[str, int, str, str]) -> Syntax:
    """Words in order, each with the index of its head, its relation and its tag."""
    starts: list[int] = []
    for word, *_ in words:
        starts.append(text.index(word, starts[-1] + 1 if starts else 0))
    ends = tuple(start + len(word) for start, (word, *_) in zip(starts, words, strict=True))
    _, heads, relations, tags = zip(*words, strict=True)
    return Syntax(tuple(starts), ends, heads, relations, tags)


GRAMMAR = tree(
    TEXT,
    ("Maat", 1, "nsubj", "NNP"),
    ("told", -1, "root", "VBD"),
    ("reporters", 1, "iobj", "NNS"),
    ("in", 4, "case", "IN"),
    ("Harven", 1, "obl", "NNP"),
    ("on", 6, "case", "IN"),
    ("Friday", 1, "obl", "NNP"),
    ("that", 10, "mark", "IN"),
    ("nobody", 10, "nsubj", "NN"),
    ("had", 10, "aux", "VBD"),
    ("looked", 1, "ccomp", "VBN"),
)


def claim(content: str, text: str = TEXT, source: str = "Maat", cue: str = "told") -> Attribution:
    spans = ((at(source, text),), (at(cue, text),), (at(content, text),))
    return Attribution(attribution_id("x", *spans), Kind.INDIRECT, Voice.PARTY, None, *spans, 0.9, party="maat")


def test_a_day_and_a_place_that_hang_on_the_cue_are_the_occasion() -> None:
    times = (When(at("on Friday"), TimeKind.DATE, "2023-03-03", None, ""),)
    names = (Name(at("Harven"), Label.PLACE, 0.9),)
    (said,) = with_days(TEXT, GRAMMAR, [claim("that nobody had looked")], times, names)
    assert (said.said_on, said.said_on_reason, said.said_in) == ("2023-03-03", "“on Friday”", at("Harven"))


def test_a_time_inside_what_is_said_is_no_day_of_saying() -> None:
    times = (When(at("on Friday"), TimeKind.DATE, "2023-03-03", None, ""),)
    (said,) = with_days(TEXT, GRAMMAR, [claim("in Harven on Friday that nobody had looked")], times, ())
    assert said.said_on is None


def test_without_a_value_there_is_no_day() -> None:
    times = (When(at("on Friday"), TimeKind.DATE, None, None, "no publication date to count from"),)
    (said,) = with_days(TEXT, GRAMMAR, [claim("that nobody had looked")], times, ())
    assert (said.said_on, said.said_on_reason) == (None, "“on Friday”: no publication date to count from")


def test_nothing_is_said_of_nothing() -> None:
    assert with_days("", Syntax((), (), (), (), ()), (), (), ()) == ()


# --- with the grammar that ships --------------------------------------------------------------------------------------


@functools.cache
def reader() -> Reader:
    return Reader()


def days(text: str) -> list[tuple[str, str | None]]:
    reading = reader().read(Document(url="", text=text, published="2023-03-08", language="en"))
    return [(" ".join(span.of(text) for span in one.cue), one.said_on) for one in reading.attributions if one.source]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Monday, the port union said in a statement that the quay was closed.", "2023-03-06"),
        ("The minister admitted on Friday that the quay had been closed for weeks.", "2023-03-03"),
        ("“The quay is closed,” union leader Joris Maat told reporters on March 2.", "2023-03-02"),
        ("Speaking in Ankara on Thursday, the Swedish prime minister said that talks would go on.", "2023-03-02"),
        ("In an interview with the Courier on Sunday, Anna Holt said that the quay was closed.", "2023-03-05"),
        ("The minister, who visited the quay on Friday, said that it was closed.", None),
        ("The minister said that the quay had been closed on Friday.", None),
    ],
)
def test_the_day_of_saying_is_told_from_other_days(text: str, expected: str | None) -> None:
    assert [day for _, day in days(text)] == [expected]


@pytest.mark.model
def test_a_claim_goes_on_on_the_same_day() -> None:
    text = (
        "“The quay is closed,” union leader Joris Maat told reporters on Monday, adding that nobody had looked at it."
        "\n\n“We were promised pumps in January,” he said."
    )
    assert {day for _, day in days(text)} == {"2023-03-06"}
