"""What became of the claims of one reading in another: pure functions."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from onrecord.model import Attribution, Changes, Reading, Span
from onrecord.store.terms import fold

_ALIKE = 0.6
"""Share of words that two contents must have in common, of those in either, to be one claim in other words."""


def compare_readings(former: Reading, latter: Reading) -> Changes:
    """Which claims of the former are in the latter, changed or not, and which only in one of them.

    The texts may differ: a claim is found again by its words. First those whose source, cue and content have the same
    words are paired, then of the rest, best first, those that share a source and most words of the content.
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
    pairs = sorted(
        (
            (share, -at, -other_at)
            for at, claim in enumerate(left)
            for other_at, other in enumerate(rest)
            if (share := _likeness(claim, former, other, latter)) >= _ALIKE
        ),
        reverse=True,
    )
    taken: set[int] = set()
    gone: set[int] = set()
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


def _likeness(claim: Attribution, former: Reading, other: Attribution, latter: Reading) -> float:
    if claim.voice is not other.voice or _words(claim.source, former) != _words(other.source, latter):
        return 0.0
    words, others = set(_words(claim.content, former)), set(_words(other.content, latter))
    either = len(words | others)
    return len(words & others) / either if either else 0.0
