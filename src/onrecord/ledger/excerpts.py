"""Some claims of a reading, without the rest of it, for the formats of exchange, which write whole readings."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable

from onrecord.codec.exchange import encode_jsonl
from onrecord.model import Claim, Entry, Span


def _reduced(entry: Entry, wanted: Collection[str]) -> Entry:
    """An entry with some of its claims alone, and with what they cannot be told without.

    These are the claims that they stand in, those that they are about and those about them: a denial and what it denies
    are never apart.
    """
    reading = entry.reading
    claims = {one.id: one for one in reading.attributions}
    tied: dict[str, set[str]] = {identity: set() for identity in claims}
    for one in reading.attributions:
        if one.about in claims:
            tied[one.about].add(one.id)
            tied[one.id].add(one.about)
        if one.parent in claims:
            tied[one.id].add(one.parent)
    kept: set[str] = set()
    waiting = [identity for identity in wanted if identity in claims]
    while waiting:
        if (identity := waiting.pop()) not in kept:
            kept.add(identity)
            waiting += tied[identity]
    attributions = tuple(one for one in reading.attributions if one.id in kept)
    said = [span for one in attributions for span in (*one.source, *one.cue, *one.content)]
    speakers = {one.party for one in attributions}

    def is_said(span: Span) -> bool:
        return any(piece.covers(span) for piece in said)

    return dataclasses.replace(
        entry,
        reading=dataclasses.replace(
            reading,
            attributions=attributions,
            names=tuple(one for one in reading.names if is_said(one.span)),
            times=tuple(one for one in reading.times if is_said(one.span)),
            figures=tuple(one for one in reading.figures if is_said(one.span)),
            places=tuple(one for one in reading.places if is_said(one.span)),
            parties=tuple(
                one
                for one in reading.parties
                if one.id in speakers or any(is_said(mention.span) for mention in one.mentions)
            ),
            acts=tuple(one for one in reading.acts if one.claim in kept),
        ),
    )


def entries_of(claims: Iterable[Claim]) -> list[Entry]:
    """The entries of some claims, each once and with these alone, in the order of the claims."""
    wanted: dict[str, tuple[Entry, set[str]]] = {}
    for claim in claims:
        wanted.setdefault(claim.entry.id, (claim.entry, set()))[1].add(claim.id)
    return [_reduced(entry, ids) for entry, ids in wanted.values()]


def encode_lines(claims: Collection[Claim], base: str = "") -> list[bytes]:
    """Each claim as the object that JSON Lines have of it."""
    lines: dict[tuple[str, str], bytes] = {}
    for entry in entries_of(claims):
        ids = dict.fromkeys((entry.id, one.id) for one in entry.reading.attributions)
        lines |= zip(ids, encode_jsonl([entry], base=base), strict=True)
    return [lines[claim.entry.id, claim.id].rstrip(b"\n") for claim in claims]
