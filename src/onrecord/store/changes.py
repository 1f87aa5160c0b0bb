"""What became of the claims of one reading in another: pure functions."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence

from onrecord.model import Attribution, Changes, Reading, Span
from onrecord.store.terms import fold

_LOOKED_AT = 8
_MOST_NEAR = 50
_ALIKE = 0.6
"""Share of words that two contents must have in common, of those in either, to be one claim in other words."""


def compare_readings(former: Reading, latter: Reading) -> Changes:
    """Which claims of the former are in the latter, changed or not, and which only in one of them.

    The texts may differ: a claim is found again by its words. First those whose source, cue and content have the same
    words are paired, then of the rest, best first, those of one source that share most words of the content.
    """
    same: list[tuple[str, str]] = []
    changed: list[tuple[str, str]] = []
    waiting: dict[tuple[object, ...], deque[Attribution]] = defaultdict(deque)
    for claim in latter.attributions:
        waiting[_wording(claim, latter)].append(claim)
    left: list[Attribution] = []
    for claim in former.attributions:
        if found := waiting.get(_wording(claim, former)):
            other = found.popleft()
            (same if _sense(claim, former) == _sense(other, latter) else changed).append((claim.id, other.id))
        else:
            left.append(claim)
    rest = [claim for several in waiting.values() for claim in several]
    pairs = sorted(_likely(left, former, rest, latter), reverse=True)
    gone: set[int] = set()
    taken: set[int] = set()
    for _, at, other_at in pairs:
        if -at not in gone and -other_at not in taken:
            gone.add(-at)
            taken.add(-other_at)
            changed.append((left[-at].id, rest[-other_at].id))
    return Changes(
        same=tuple(same),
        changed=tuple(changed),
        appeared=tuple(claim.id for at, claim in enumerate(rest) if at not in taken),
        vanished=tuple(claim.id for at, claim in enumerate(left) if at not in gone),
    )


def _likely(
    left: Sequence[Attribution], former: Reading, rest: Sequence[Attribution], latter: Reading
) -> Iterator[tuple[float, int, int]]:
    """Pairs of one source that share enough words, by their places, as negative numbers for sorting."""
    by_word: dict[tuple[object, ...], list[int]] = defaultdict(list)
    words_of = [set(_words(claim.content, latter)) for claim in rest]
    for at, claim in enumerate(rest):
        source = (claim.voice, _words(claim.source, latter))
        # Who shares most words shares one of the rarer ones: the longest are looked at.
        for word in sorted(words_of[at], key=len)[-_LOOKED_AT:]:
            by_word[source, word].append(at)
    for at, claim in enumerate(left):
        source, words = (claim.voice, _words(claim.source, former)), set(_words(claim.content, former))
        near = {other for word in words for other in by_word.get((source, word), ())[:_MOST_NEAR]}
        for other in sorted(near):
            share = len(words & words_of[other]) / len(words | words_of[other])
            if share >= _ALIKE:
                yield share, -at, -other


def _words(spans: Iterable[Span], reading: Reading) -> tuple[str, ...]:
    text = reading.document.text if reading.document else ""
    return tuple(word for span in spans for word in fold(span.of(text)))


def _wording(claim: Attribution, reading: Reading) -> tuple[object, ...]:
    return (claim.voice, *(_words(spans, reading) for spans in (claim.source, claim.cue, claim.content)))


def _sense(claim: Attribution, reading: Reading) -> tuple[object, ...]:
    text = reading.document.text if reading.document else ""
    party = next((party for party in reading.parties if party.id == claim.party), None)
    acts = [(act.type, act.kind, act.status) for act in reading.acts if act.claim == claim.id]
    return (
        claim.stance,
        claim.kind,
        claim.said_on,
        party and party.name and party.name.of(text),
        party and party.speaks_for and party.speaks_for.body,
        sorted(acts),
    )
