"""What every face shows of a reading: its claims as a numbered outline, and its text split where a mark begins or ends.

Nothing here knows HTML or a terminal; the page and the command line both draw from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from onrecord.model import Attribution, Reading, Voice


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
