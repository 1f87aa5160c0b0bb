"""What every face shows of a reading: its claims as a numbered outline, and its text split where a mark begins or ends.

Nothing here knows HTML or a terminal; the page and the command line both draw from it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from onrecord.model import (
    ActType,
    Attribution,
    Document,
    Figure,
    MentionKind,
    Modifier,
    PartyKind,
    Reading,
    Span,
    Voice,
)

_PREVIEW = 60  # characters


class Role(StrEnum):
    """The part that words play in an attribution."""

    SOURCE = "source"
    CUE = "cue"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outline.

    Attributes:
        label: ``1``, ``2``, and under them ``2.1``; statements in the publisher's own voice are ``P1``, ``P2``.
        depth: how many claims it stands in.
        within: position in the outline of the entry it stands in, or None.
        attribution: what it is about.
    """

    label: str
    depth: int
    within: int | None
    attribution: Attribution


@dataclass(frozen=True, slots=True)
class Mark:
    """That a stretch of text plays a role in an entry of the outline; ``entry`` is its position there."""

    entry: int
    role: Role


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that no boundary divides, with all marks on it: outermost first, the closest last."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def name_of(document: Document) -> str:
    """What a report is called: its headline, or else the name of its file, or of the last part of its address."""
    return document.title or document.url.replace("\\", "/").rstrip("/").rpartition("/")[2] or "Untitled"


def preview(words: str) -> str:
    """The beginning of some words, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= _PREVIEW else f"{line[: _PREVIEW - 1].rstrip()}…"


def outline(reading: Reading) -> list[Entry]:
    """The attributions of a reading in the order of the text, each claim followed by those that stand in it.

    The publisher's own statements come last. An attribution whose parent is unknown, is a statement of the publisher
    or goes round in a circle is shown at the top level: none is ever left out.
    """
    attributions = sorted(reading.attributions, key=lambda each: (each.content[0].start, -each.content[-1].end))
    claims = [each for each in attributions if each.voice is Voice.PARTY]
    known = {each.id for each in claims}
    under: dict[str | None, list[Attribution]] = {}
    for each in claims:
        under.setdefault(each.parent if each.parent in known else None, []).append(each)

    entries: list[Entry] = []
    seen: set[int] = set()
    tops = 0
    for top in [*under.get(None, ()), *claims]:  # the second time round finds those that stand only under themselves
        if id(top) in seen:
            continue
        tops += 1
        waiting: list[tuple[Attribution, str, int, int | None]] = [(top, str(tops), 0, None)]
        while waiting:
            attribution, label, depth, within = waiting.pop()
            if id(attribution) in seen:
                continue
            seen.add(id(attribution))
            entries.append(Entry(label, depth, within, attribution))
            inner = [each for each in under.get(attribution.id, ()) if id(each) not in seen]
            here = len(entries) - 1
            waiting += [(each, f"{label}.{n}", depth + 1, here) for n, each in enumerate(inner, 1)][::-1]
    own = [each for each in attributions if each.voice is Voice.PUBLISHER]
    return entries + [Entry(f"P{n}", 0, None, each) for n, each in enumerate(own, 1)]


def notes_of(reading: Reading) -> list[tuple[Span, str]]:
    """The inexact figures and the times of a reading in order, each with its value if its words do not say it.

    One in digits that has no value comes with the reason.
    """
    text = reading.document.text if reading.document else ""
    notes = [(f.span, amount_of(f)) for f in reading.figures if f.modifier is not Modifier.EXACT]
    vague = (figure for figure in reading.figures if figure.low is None and figure.high is None)
    notes += [
        (figure.span, figure.reason.removeprefix(figure.span.of(text)).lstrip())
        for figure in vague
        if _has_digit(text, figure.span)
    ]
    notes += [(time.span, time.edtf or "") for time in reading.times]
    unread = (time for time in reading.times if time.edtf is None and time.duration is None)
    notes += [(time.span, time.reason) for time in unread if _has_digit(text, time.span)]
    return sorted((span, value) for span, value in notes if value and not span.of(text).startswith(value))


def _has_digit(text: str, span: Span) -> bool:
    return any(map(str.isdigit, span.of(text)))


def details(
    text: str,
    attribution: Attribution,
    labels: Mapping[str, str],
    parties: Mapping[str, tuple[str, str]],
    notes: Sequence[tuple[Span, str]],
) -> list[str]:
    """What else is known of a claim, a remark each: who said it, on what, the occasion, hedges, values in its content.

    Args:
        text: the document's text.
        attribution: the claim.
        labels: the label of every attribution of the outline, by id.
        parties: every party's name and the body it speaks for, by id, as `parties_of` gives them.
        notes: as `notes_of` gives them.
    """
    found: list[str] = []
    if party := parties.get(attribution.party or ""):
        who, body = party
        named = any(re.search(rf"(?<!\w){re.escape(who)}(?!\w)", span.of(text)) for span in attribution.source)
        remark = ", ".join(filter(None, ("" if named else who, body and f"for {body}")))
        found += [remark] if remark else []
    if attribution.about and attribution.about in labels:
        found.append(f"on claim {labels[attribution.about]}")
    if attribution.said_on:
        found.append(f"said {attribution.said_on}")
    if attribution.addressee:
        found.append(f"to {', '.join(span.of(text) for span in attribution.addressee)}")
    if attribution.said_in:
        found.append(f"in {attribution.said_in.of(text)}")
    found += [span.of(text) for span in attribution.channel]
    found += [f"from {span.of(text)}" for span in attribution.relay]
    for hedge in attribution.hedges:
        found.append(f"hedged: “{hedge.span.of(text)}”" + (f" ({hedge.band})" if hedge.band else ""))
    for piece in attribution.content:
        for n in range(bisect_left(notes, piece.start, key=lambda note: note[0].start), len(notes)):
            span, value = notes[n]
            if span.start >= piece.end:
                break
            found.append(f"“{span.of(text)}”: {value}")
    return found


def parties_of(reading: Reading) -> dict[str, tuple[str, str]]:
    """By id, every party's fullest name, or else the words that describe it, and the body it speaks for, or nothing."""
    text = reading.document.text if reading.document else ""
    found = {}
    for party in reading.parties:
        who = (party.name or party.mentions[0].span).of(text)
        body = party.speaks_for.body if party.speaks_for else ""
        found[party.id] = (who, "" if body == who else body)
    return found


def speakers_of(reading: Reading) -> list[tuple[str, list[str]]]:
    """Those who speak, in the order of the text: who it is, and what else is known and said of them.

    Parties that only stand in the text, and do not speak, are in the record, and not here.
    """
    text = reading.document.text if reading.document else ""
    names, speaking = parties_of(reading), {attribution.party for attribution in reading.attributions}
    lines = []
    for party in reading.parties:
        if party.id not in speaking:
            continue
        who, body = names[party.id]
        words = dict.fromkeys(mention.span.of(text) for mention in party.mentions)
        role = party.role.of(text) if party.role else ""
        also = [word for word in words if word not in (who, role)]
        remarks = [party.kind.value] if party.kind is not PartyKind.UNKNOWN else []
        remarks += [role] if role and role != who else []
        remarks += [f"for {body}"] if body else []
        remarks += [f"also: {', '.join(also)}"] if also else []
        lines.append((who, remarks))
    return lines


def acts_of(reading: Reading, labels: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """The acts in order, each in a line and remarks: type and status, who with what to whom, and whose claim it is.

    Args:
        reading: what was read.
        labels: the label of every attribution of the outline, by id.
    """
    text = reading.document.text if reading.document else ""
    numbers = {act.id: n for n, act in enumerate(reading.acts, 1)}
    names = parties_of(reading)
    pronouns = {
        mention.span: names[party.id][0]
        for party in reading.parties
        for mention in party.mentions
        if mention.kind is MentionKind.PRONOUN
    }

    def said(spans: Sequence[Span]) -> str:
        words = [span.of(text) + (f" ({pronouns[span]})" if span in pronouns else "") for span in spans]
        return ", ".join(dict.fromkeys(words))

    lines = []
    for act in reading.acts:
        actor, target, item = said(act.actor), said(act.target), said(act.item)
        what = f"{act.type.value} ended" if act.type is ActType.SANCTION and act.kind == "YIELD" else act.type.value
        line = f"{what}, {act.status.value}: {actor or 'nobody named'} — {act.words.of(text)}"
        if item:
            line += f" — {item}"
        if target:
            line += f" → {target}"
        labelled = (
            ("how many", act.figures),
            ("when", act.times),
            ("where", act.places),
            ("by", (act.authority,) if act.authority else ()),
            ("for", (act.grounds,) if act.grounds else ()),
        )
        remarks = [f"{label}: {said(spans)}" for label, spans in labelled if spans]
        if act.exchange in numbers:
            remarks.append(f"in return for {numbers[act.exchange]}")
        if act.claim and act.claim in labels:
            remarks.append(f"claim {labels[act.claim]}")
        lines.append((line, remarks))
    return lines


def places_of(reading: Reading) -> list[tuple[str, list[str]]]:
    """The places in order, each once, with country and point, and what decided for it, or why there is none."""
    text = reading.document.text if reading.document else ""
    lines: dict[str, list[str]] = {}
    for place in reading.places:
        line = place.span.of(text)
        if place.latitude is not None and place.longitude is not None and place.precision is not None:
            where = ", ".join(filter(None, (place.name, place.country, place.precision.value)))
            line += f": {where}, {place.latitude:.2f} {place.longitude:.2f}"
        lines.setdefault(line, [place.reason])
    return list(lines.items())


def amount_of(figure: Figure) -> str:
    """A figure's range in digits: ``10``, ``200 to 999``, ``at least 301``, ``at most 40 %``; empty if it has none."""
    low, high = (None if end is None else f"{end:,}" for end in (figure.low, figure.high))
    if low is None and high is None:
        return ""
    if low is None or high is None:
        amount = f"at most {high}" if low is None else f"at least {low}"
    else:
        amount = low if low == high else f"{low} to {high}"
    return f"{amount} {'people' if figure.unit == 'person' else figure.unit}".rstrip()


def split_text(text: str, entries: Sequence[Entry], boundaries: Iterable[int] = ()) -> Iterator[Segment]:
    """Splits ``text`` at every end of a span of the outline and at every further boundary; empty text has no segment.

    The segments, joined, are the text. The time is linear in their number and their marks.
    """
    opening: dict[int, list[Mark]] = {}
    closing: dict[int, list[Mark]] = {}
    for place, entry in enumerate(entries):
        attribution = entry.attribution
        roles = ((Role.CONTENT, attribution.content), (Role.SOURCE, attribution.source), (Role.CUE, attribution.cue))
        for role, spans in roles:
            for span in spans:
                opening.setdefault(span.start, []).append(Mark(place, role))
                closing.setdefault(span.end, []).append(Mark(place, role))

    def closeness(mark: Mark) -> tuple[bool, int, bool, int]:
        # A party's claim before the publisher's voice, the deeper claim before the one it stands in, and the
        # words that name or attribute before the words attributed.
        attribution = entries[mark.entry].attribution
        length = sum(span.end - span.start for span in attribution.content)
        return attribution.voice is Voice.PARTY, entries[mark.entry].depth, mark.role is not Role.CONTENT, -length

    edges = sorted({0, len(text), *opening, *closing, *boundaries})
    active: list[Mark] = []
    for start, end in zip(edges, edges[1:], strict=False):
        for mark in closing.get(start, ()):
            active.remove(mark)
        active += opening.get(start, ())
        yield Segment(start, end, tuple(sorted(active, key=closeness)))
