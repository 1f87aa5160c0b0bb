"""From words to what they mean: every rule of the reader, in the order in which one builds on another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from onrecord.model import Act, ActType, Attribution, Document, Failure, Name, Party, Reading, Run, When
from onrecord.reader.acts import find_acts
from onrecord.reader.agents import with_agents
from onrecord.reader.figures import find_figures
from onrecord.reader.kinds import get_kind
from onrecord.reader.occasion import with_days
from onrecord.reader.parties import find_parties
from onrecord.reader.places import find_places
from onrecord.reader.stance import take_stances
from onrecord.reader.syntax import Syntax
from onrecord.reader.times import find_times, rebase
from onrecord.text import find_overlapping, find_quotations, find_sentences

_OPEN_KINDS = {
    ActType.AGREEMENT: ("AGREE", "SUPPORT", "COOPERATE", "CONSULT"),
    ActType.SUPPORT: ("SUPPORT", "AID", "COOPERATE"),
}
"""Types of acts whose words fit several PLOVER kinds, and those kinds."""

_SURE = 0.7
"""Least score of a learned kind: of those above it nine in ten are right (`python -m benchmarks.kinds`)."""


def understand(
    document: Document,
    attributions: Sequence[Attribution],
    names: tuple[Name, ...],
    syntax: Syntax,
    run: Run,
    read_on: str,
) -> Reading:
    """A whole reading.

    Args:
        document: what is read.
        attributions: source, cue and content of all attributions, in the order of their first word.
        names: all names, in order and apart.
        syntax: the grammar of the text.
        run: what reads it.
        read_on: ISO 8601 of today, or empty.
    """
    text = document.text
    attributions = with_agents(document.id, text, syntax, attributions)
    times = find_times(text, document.published, document.dateline, read_on)
    parties = find_parties(document.id, text, names, attributions)
    attributions = [
        replace(attribution, party=party, party_reason=reason)
        for attribution, (party, reason) in zip(attributions, parties.sources, strict=True)
    ]
    attributions = with_days(
        text, syntax, with_stances(text, attributions, parties.parties), times, names, document.published
    )
    times = tuple(rebased(text, times, attributions))
    figures = find_figures(text, [time.span for time in times])
    places = find_places(text, names, document.dateline, document.publisher, document.url)
    acts = find_acts(document.id, text, syntax, attributions, figures, times, names, places, parties.parties)
    return Reading(
        document=document,
        attributions=attributions,
        failures=tuple(doubts_of(document, read_on)),
        run=run,
        names=names,
        times=times,
        figures=figures,
        parties=parties.parties,
        places=places,
        acts=tuple(with_kinds(text, acts)),
    )


def doubts_of(document: Document, read_on: str) -> Iterator[Failure]:
    """What is not believed of a document: a day of publication that is yet to come, even where a day begins first."""
    if read_on and document.published[:10] > (date.fromisoformat(read_on) + timedelta(1)).isoformat():
        yield Failure(
            document.url or "the text",
            f"its day of publication, {document.published[:10]}, is yet to come; no time is counted from it",
            "give the day with --published",
        )


def with_stances(text: str, attributions: Sequence[Attribution], parties: Sequence[Party]) -> tuple[Attribution, ...]:
    """The attributions of a document, which know their parties, each with how it is meant and how it was said."""
    return tuple(
        replace(
            attribution,
            stance=taken.stance,
            stance_reason=taken.reason,
            about=None if taken.about is None else attributions[taken.about].id,
            hedges=taken.hedges,
            addressee=taken.addressee,
            channel=taken.channel,
            relay=taken.relay,
        )
        for attribution, taken in zip(attributions, take_stances(text, attributions, parties), strict=True)
    )


def with_kinds(text: str, acts: Sequence[Act]) -> Iterator[Act]:
    """The acts, with a learned kind where the table of triggers leaves it open and the sentence names both sides."""
    sentences = find_sentences(text)
    for act in acts:
        kinds = _OPEN_KINDS.get(act.type, ())
        if kinds and act.actor and act.target:
            at = bisect_right(sentences, act.words.start, key=lambda sentence: sentence.start) - 1
            learned = get_kind(text, sentences[at], act.actor, act.target)
            if learned.kind in kinds and learned.score >= _SURE:
                yield replace(act, kind=learned.kind, mode=act.mode if learned.kind == act.kind else "")
                continue
        yield act


def rebased(text: str, times: Iterable[When], attributions: Sequence[Attribution]) -> Iterator[When]:
    """The times, those in quotation marks counted from the day on which they were said, where that is known."""
    said = sorted(
        (piece, attribution.said_on)
        for attribution in attributions
        if attribution.parent is None and attribution.said_on
        for piece in attribution.content
    )
    quotations = find_quotations(text)
    for time in times:
        at = bisect_right(said, time.span.start, key=lambda one: one[0].start) - 1
        is_quoted = any(quotation.covers(time.span) for quotation in find_overlapping(quotations, time.span))
        yield rebase(text, time, said[at][1]) if is_quoted and at >= 0 and said[at][0].covers(time.span) else time
