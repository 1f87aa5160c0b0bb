from __future__ import annotations

import functools

import pytest

from onrecord.model import Attribution, Kind, Span, Voice, attribution_id
from onrecord.reader import Reader
from onrecord.reader.agents import with_agents


@functools.cache
def reader() -> Reader:
    return Reader()


def at(text: str, words: str) -> tuple[Span, ...]:
    return (Span(text.index(words), text.index(words) + len(words)),) if words else ()


def claim(text: str, source: str, cue: str, *content: str, parent: str | None = None) -> Attribution:
    pieces = tuple(sorted(span for words in content for span in at(text, words)))
    spans = (at(text, source), at(text, cue), pieces)
    return Attribution(attribution_id("x", *spans), Kind.INDIRECT, Voice.PARTY, parent, *spans, 0.9)


def mended(text: str, *attributions: Attribution) -> list[tuple[list[str], list[str]]]:
    found = with_agents("x", text, reader().parse(text), attributions)
    for one in found:
        assert one.id == attribution_id("x", one.source, one.cue, one.content)
    return [([span.of(text) for span in one.source], [span.of(text) for span in one.content]) for one in found]


pytestmark = pytest.mark.model


def test_who_acts_in_the_passive_is_the_source() -> None:
    text = "The offer was dismissed as “a trick” by President Halvar Quist, who said that talks were over."
    one = claim(text, "", "was dismissed as", "The offer", "“a trick” by President Halvar Quist")
    assert mended(text, one) == [(["President Halvar Quist"], ["The offer", "“a trick”"])]


def test_a_verb_shares_the_subject_of_the_one_before() -> None:
    text = "The ministry denied that any ship had left, yet later admitted that two had left."
    first = claim(text, "The ministry", "denied", "that any ship had left")
    second = claim(text, "", "admitted", "that two had left")
    assert [source for source, _ in mended(text, first, second)] == [["The ministry"], ["The ministry"]]


def test_who_is_accused_does_not_speak() -> None:
    text = "The firm was accused of selling engines to Korvania."
    one = claim(text, "The firm", "was accused of", "selling engines to Korvania")
    assert mended(text, one) == [([], ["selling engines to Korvania"])]


def test_who_is_quoted_speaks() -> None:
    text = "The minister was quoted as saying that the harbour was closed."
    one = claim(text, "The minister", "was quoted as saying", "that the harbour was closed")
    assert mended(text, one) == [(["The minister"], ["that the harbour was closed"])]


def test_a_nested_claim_follows_the_id_of_the_one_it_stands_in() -> None:
    text = "The firm was accused of hiding that Sardal feared a strike."
    outer = claim(text, "The firm", "was accused of", "hiding that Sardal feared a strike")
    inner = claim(text, "Sardal", "feared", "a strike", parent=outer.id)
    found = with_agents("x", text, reader().parse(text), (outer, inner))
    assert found[0].id != outer.id
    assert found[1].parent == found[0].id
