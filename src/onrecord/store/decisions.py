"""What people decided, applied to what was read: pure functions.

A decision is a row like any other and changes nothing that is stored. Whoever looks at a reading sees it with the
decisions that apply; a later reading of the same document is seen with the same ones.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from onrecord.errors import UsageError
from onrecord.model import (
    Act,
    ActType,
    Attribution,
    Decision,
    DecisionKind,
    Document,
    Figure,
    KnownParty,
    Modifier,
    Reading,
    Scope,
    Span,
    Stance,
    Status,
    figure_id,
)
from onrecord.store.terms import find_days, known_party
from onrecord.text import find_overlapping, find_sentences

_SAME = 0.75
"""Share of characters that two spans must have in common, of those in either, to be the same words read anew."""

T = TypeVar("T", bound=Attribution | Act | Figure)


def _edtf(value: str) -> str | None:
    if value and find_days(value) is None:
        raise ValueError("a date like 2022-11-05, 2022-11 or 2022-11-01/2022-11-05, or nothing")
    return value or None


def _number(value: str) -> float | int | None:
    try:
        number = float(value) if value else None
    except ValueError:
        raise ValueError("a number, or nothing") from None
    if number is not None and not abs(number) <= 1e300:  # nor what is not a number
        raise ValueError("a number, or nothing")
    return int(number) if number is not None and number.is_integer() else number


def _one_of(choices: type[enum.StrEnum]) -> Callable[[str], enum.StrEnum]:
    def choose(value: str) -> enum.StrEnum:
        try:
            return next((one for one in choices if one in (value, *_spelt(value))), None) or choices(value)
        except ValueError:
            raise ValueError("one of: " + ", ".join(choices)) from None

    return choose


def _spelt(value: str) -> tuple[str, str]:
    """A name as it may be written in two ways: ``under-way`` is ``under way``, ``call-for`` is ``call_for``."""
    return value.replace("-", " "), value.replace("-", "_").replace(" ", "_")


def _word(value: str) -> str:
    return value


def _word_or_none(value: str) -> str | None:
    return value or None


_FIELDS: Mapping[type, Mapping[str, Callable[[str], Any]]] = {
    Attribution: {"stance": _one_of(Stance), "said_on": _edtf, "party": _word_or_none},
    Act: {"status": _one_of(Status), "type": _one_of(ActType), "kind": _word, "mode": _word},
    Figure: {
        "low": _number,
        "high": _number,
        "modifier": _one_of(Modifier),
        "unit": _word,
        "scope": _one_of(Scope),
    },
}


def check_correction(subject: Attribution | Act | Figure, field: str, value: str) -> None:
    """Refuses a correction that cannot be applied.

    Raises:
        UsageError: there is no such field, or it cannot have such a value.
    """
    fields = _FIELDS[type(subject)]
    if field not in fields:
        raise UsageError(f"{field[:40]!r} is nothing that can be corrected here; these can: {', '.join(fields)}")
    try:
        _with_field(subject, field, value)
    except ValueError as error:
        raise UsageError(f"{field} cannot be {value[:40]!r}; write {error}") from None


def _with_field(subject: T, field: str, value: str) -> T:
    changes: dict[str, Any] = {field: _FIELDS[type(subject)][field](value)}
    if field == "stance":
        changes["stance_reason"] = "corrected"
    elif field == "said_on":
        changes["said_on_reason"] = "corrected"
    elif field == "party":
        changes["party_reason"] = "corrected"
    return dataclasses.replace(subject, **changes)


def find_active(decisions: Iterable[Decision]) -> list[Decision]:
    """Those that hold: neither undone, nor undoing; in order."""
    active: list[Decision] = []
    undone: set[str] = set()
    for decision in reversed(list(decisions)):  # an undoing can itself be undone, by a later one
        if decision.id in undone:
            continue
        if decision.kind is DecisionKind.UNDO:
            undone.add(decision.subject)
        else:
            active.append(decision)
    return active[::-1]


def find_undone(decisions: Iterable[Decision]) -> set[str]:
    """The ids of all that were undone, undoings among them; but not by an undoing that was itself undone."""
    undone: set[str] = set()
    for decision in reversed(list(decisions)):
        if decision.kind is DecisionKind.UNDO and decision.id not in undone:
            undone.add(decision.subject)
    return undone


@dataclass(frozen=True, slots=True)
class Corrected:
    """A reading with people's corrections.

    Attributes:
        reading: as corrected.
        applied: the corrections of each claim, act and figure, by its id.
        orphans: those that fit nothing in it.
    """

    reading: Reading
    applied: Mapping[str, tuple[Decision, ...]]
    orphans: tuple[Decision, ...]


def apply_corrections(reading: Reading, decisions: Iterable[Decision], texts: Mapping[str, str]) -> Corrected:
    """Applies corrections to a reading.

    A correction fits what has its subject's id, or else, in a later reading, what shares most of its words. In another
    version of the page those stand in the same sentence: where that was changed, or stands several times, nobody can
    say what a person would think of it, and the correction does not go over.

    Args:
        reading: as it was read.
        decisions: those about its document, and about other versions of the page.
        texts: of the other versions, by the ids of their documents.
    """
    document = reading.document
    if document is None:
        return Corrected(reading, {}, ())
    orphans: list[Decision] = []
    applied: dict[str, tuple[Decision, ...]] = {}
    claims = _Subjects(reading.attributions, lambda claim: claim.id, words_of_claim)
    acts = _Subjects(reading.acts, lambda act: act.id, lambda act: (act.words,))
    figures = _Subjects(reading.figures, _id_of_figure(document), lambda figure: (figure.span,))
    several: Mapping[str, _Subjects[Any]] = {"claim": claims, "act": acts, "figure": figures}
    cut = functools.cache(_Sentences)
    for decision in decisions:
        if decision.kind is not DecisionKind.CORRECT:
            continue
        words = decision.words
        if decision.document != document.id:
            words = _find_again(words, cut(texts[decision.document]), cut(document.text))
        kind, _, field = decision.field.partition(".")
        fits = several[kind].correct(decision, words, field)
        if fits is None:
            orphans.append(decision)
        else:
            applied[fits] = (*applied.get(fits, ()), decision)
    corrected = dataclasses.replace(
        reading, attributions=tuple(claims.now), acts=tuple(acts.now), figures=tuple(figures.now)
    )
    return Corrected(corrected, applied, tuple(orphans))


class _Sentences:
    """A text in sentences."""

    def __init__(self, text: str) -> None:
        self.spans = find_sentences(text)
        self.words = [span.of(text) for span in self.spans]
        self.places: dict[str, list[int]] = {}
        for place, words in enumerate(self.words):
            self.places.setdefault(words, []).append(place)

    def find(self, run: Sequence[str]) -> list[int]:
        """The numbers of the sentences with which a run of sentences begins."""
        return [at for at in self.places.get(run[0], ()) if self.words[at : at + len(run)] == run]


def _find_again(words: Sequence[Span], former: _Sentences, latter: _Sentences) -> tuple[Span, ...]:
    """Where words of one text stand in another: in the same sentences, of which there is one in each; else nowhere."""
    if not words:
        return ()
    begin, end = min(span.start for span in words), max(span.end for span in words)
    here = list(find_overlapping(former.spans, Span(begin, end)))
    if not here or begin < here[0].start or end > here[-1].end:
        return ()
    first = bisect_left(former.spans, here[0].start, key=attrgetter("start"))
    run = former.words[first : first + len(here)]
    there = latter.find(run)
    if len(there) != 1 or len(former.find(run)) != 1:
        return ()

    def moved(at: int) -> int:
        number = bisect_right(former.spans, at, key=attrgetter("start")) - 1
        return at - former.spans[number].start + latter.spans[there[0] + number - first].start

    return tuple(Span(moved(span.start), moved(span.end - 1) + 1) for span in words)


def words_of_claim(claim: Attribution) -> tuple[Span, ...]:
    """The words by which a claim is found again: who says it, by which words, and what."""
    return (*claim.source, *claim.cue, *claim.content)


def _id_of_figure(document: Document) -> Callable[[Figure], str]:
    return lambda figure: figure_id(document.id, figure.span)


class _Subjects(Generic[T]):
    """What can be corrected, of one kind.

    Attributes:
        now: each as it is after the corrections so far.
    """

    def __init__(
        self, several: Sequence[T], id_of: Callable[[T], str], words_of: Callable[[T], Sequence[Span]]
    ) -> None:
        self.now = list(several)
        self._id_of = id_of
        self._words_of = words_of

    @functools.cached_property
    def _places(self) -> dict[str, int]:
        return {self._id_of(one): place for place, one in reversed(list(enumerate(self.now)))}

    @functools.cached_property
    def _extents(self) -> list[tuple[int, int, Sequence[Span]]]:
        """Of each the words, and from where to where they reach."""
        words_of = [self._words_of(one) for one in self.now]
        return [(min(span.start for span in words), max(span.end for span in words), words) for words in words_of]

    def correct(self, decision: Decision, words: Sequence[Span], field: str) -> str | None:
        """Corrects the one that is meant: by its id, or else by most of its words; returns its id, None if none is."""
        place = self._places.get(decision.subject)
        if place is None:
            place = self._most_like(words)
        if place is None:
            return None
        try:
            self.now[place] = _with_field(self.now[place], field, decision.value)
        except (KeyError, ValueError):  # it fits no longer: low above high, by another correction
            return None
        return self._id_of(self.now[place])

    def _most_like(self, words: Sequence[Span]) -> int | None:
        if not words:
            return None
        begin, end = min(span.start for span in words), max(span.end for span in words)
        shares = [
            (_shared(others, words), -place)
            for place, (first, last, others) in enumerate(self._extents)
            if first < end and begin < last
        ]
        share, place = max(shares, default=(0.0, 0))
        return -place if share >= _SAME else None


def _shared(words: Sequence[Span], others: Sequence[Span]) -> float:
    common = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in words for b in others)
    either = sum(span.end - span.start for span in (*words, *others)) - common
    return common / either if either else 0.0


def apply_splits(known: Mapping[str, KnownParty], decisions: Iterable[Decision]) -> dict[str, KnownParty]:
    """Who is who in a document, after the parties that were split off there."""
    parties = dict(known)
    for decision in decisions:
        if decision.kind is DecisionKind.SPLIT:
            for local, party in parties.items():
                if party.id == decision.subject:
                    parties[local] = known_party(decision.value, party.kind)
    return parties


def find_roots(decisions: Iterable[Decision]) -> dict[str, str]:
    """Of each party that was merged into another, the one that it is now; ids."""
    into: dict[str, str] = {}
    for decision in decisions:
        if decision.kind is DecisionKind.MERGE:
            merged, root = _root(decision.subject, into), _root(decision.value, into)
            if merged != root:
                into[merged] = root
    return {party: _root(party, into) for party in into}


def find_spokesmen(decisions: Iterable[Decision]) -> dict[str, set[str]]:
    """By the id of a party, those of whom people say that they speak for it; ids, before mergers."""
    spokesmen: dict[str, set[str]] = {}
    for decision in decisions:
        if decision.kind is DecisionKind.SPEAKS:
            spokesmen.setdefault(decision.value, set()).add(decision.subject)
    return spokesmen


def _root(party: str, into: Mapping[str, str]) -> str:
    while party in into:
        party = into[party]
    return party
