"""What the whole reader makes of a sentence, with the model that ships."""

from __future__ import annotations

import functools

import pytest

import onrecord
from onrecord import Document, Reading
from onrecord.examples import REPORTS

pytestmark = pytest.mark.model


@functools.cache
def reader() -> onrecord.Reader:
    return onrecord.Reader()


def read(text: str) -> Reading:
    return reader().read(Document(url="", text=text, published="2024-03-15", language="en"))


def test_sanctions_that_are_lifted_are_not_imposed() -> None:
    text = "The EU lifted sanctions on Syria."
    (act,) = read(text).acts
    assert (act.type, act.kind) == ("sanction", "YIELD")
    assert [span.of(text) for span in (*act.actor, *act.target)] == ["The EU", "Syria"]


def test_harm_to_no_one_is_no_harm() -> None:
    downed, killed = read("Two drones were shot down over Moscow, killing no one.").acts
    assert (downed.status, killed.status) == ("done", "denied")
    assert killed.factuality == -3.0


def test_today_in_a_quotation_is_the_day_it_was_said() -> None:
    text = "“We start today,” the premier told reporters on March 4."
    assert [time.edtf for time in read(text).times] == ["2024-03-04", "2024-03-04"]


def test_a_day_of_publication_that_is_yet_to_come_is_not_believed() -> None:
    document = Document(url="", text="The mayor said on Friday that it rained.", published="2031-01-05", language="en")
    reading = reader().read(document, read_on="2024-03-15")
    assert "yet to come" in reading.failures[0].what
    assert {time.edtf for time in reading.times} == {None}


@pytest.mark.parametrize("report", sorted(path.name for path in REPORTS.iterdir() if path.suffix in (".html", ".txt")))
def test_what_is_read_of_an_example_is_written_and_read_again(report: str) -> None:
    reading = onrecord.read(REPORTS / report, reader=reader())
    assert onrecord.decode_reading(onrecord.encode_reading(reading)) == reading
