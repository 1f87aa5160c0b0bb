"""On what day, and where, each claim was said: what the words around its cue tell, outside of all that is said.

A day counts for a claim when the grammar hangs it on the claim's cue (`said on Friday`, `On Dec. 11, the union said`).
A claim without a day of its own takes that of the claim it goes on from: the one in whose clause its cue stands (`told
reporters on Friday, adding that …`), or the one before it of the same speaker, near by, if neither names another
occasion. Nothing else is a day of saying: not the day of publication, and not a time inside what is said.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from onrecord.model import Attribution, Label, Name, Span, TimeKind, Voice, When
from onrecord.reader.syntax import Syntax
from onrecord.text import find_sentences

_WHERE = frozenset({"in", "at", "from", "outside", "near", "aboard"})
_BESIDE = frozenset({"advcl", "conj", "parataxis", "xcomp"})
"""How the verb of a claim hangs on another verb of the same occasion: `told …, adding that`."""
_REACH = 400
"""Most characters between a cue and a day that hangs on it."""
_BESIDE_REACH = 60
"""Most characters that a few words take."""
_SPEAKING = frozenset("addressing appearing briefing speaking talking testifying writing".split())
"""Verbs that open the frame of a claim: `Speaking in Ankara on Friday, he said`."""
_FEW = 5
"""Most words between a cue and what stands beside it."""
_CLIMB = 8
"""Most steps from a word to the verb that it hangs on; what is further is in no sentence that is well parsed."""
_NEAR = 12
"""Attributions on either side whose contents can hold what stands beside a cue."""
_NEAR_BY = 1200
"""Most characters between two claims of one occasion."""


@dataclass(frozen=True, slots=True)
class _Said:
    day: str | None
    day_reason: str
    where: Span | None


def with_days(
    text: str,
    syntax: Syntax,
    attributions: Sequence[Attribution],
    times: Sequence[When],
    names: Sequence[Name],
    published: str = "",
) -> tuple[Attribution, ...]:
    """The attributions, each with the day on which, and the place where, it was said, if the text tells.

    Args:
        text: the document's text.
        syntax: its grammar.
        attributions: all of them, in the order of their first word, with their parties.
        times: all expressions of time, in order.
        names: all names, in order.
        published: ISO 8601, or empty; nothing was said after it (`is expected to announce on Monday`).
    """
    page = _Page(text, syntax, attributions)
    dated = {time.span: time for time in times if time.kind is TimeKind.DATE and not _is_after(time.edtf, published)}
    days = list(dated)
    places = [name.span for name in names if name.label in (Label.PLACE, Label.FACILITY)]
    found: list[_Said] = []
    before: int | None = None
    for n, attribution in enumerate(attributions):
        day = page.nearest(n, days)
        where = page.nearest(n, places, _WHERE)
        said = _Said(None, "", where)
        if day:
            time = dated[day]
            reason = f"“{day.of(text)}”"
            said = _Said(time.edtf, reason if time.edtf else f"{reason}: {time.reason}", where)
        if not day:
            around, reason = page.around(n), "the clause around it"
            if around is None and before is not None and page.goes_on(before, n):
                around, reason = before, "goes on from the claim before"
            if around is not None and around < n and found[around].day:
                earlier = found[around]
                said = _Said(earlier.day, f"{earlier.day_reason}: {reason}", where or earlier.where)
        found.append(said)
        if attribution.parent is None and attribution.voice is Voice.PARTY:
            before = n
    return tuple(
        replace(attribution, said_on=said.day, said_on_reason=said.day_reason, said_in=said.where)
        for attribution, said in zip(attributions, found, strict=True)
    )


def _is_after(edtf: str | None, published: str) -> bool:
    """Whether a time begins after a day; ISO 8601 sorts as it reads. What has no year, or no end, is not."""
    opening = (edtf or "").partition("/")[0][:10]
    return bool(opening and published) and opening[0].isdigit() and opening > published[:10]


class _Page:
    """The grammar of a document with its attributions on it."""

    def __init__(self, text: str, syntax: Syntax, attributions: Sequence[Attribution]) -> None:
        self._text, self._syntax, self._attributions = text, syntax, attributions
        self._sentences = find_sentences(text)
        self._cues = [self._syntax.words_in(attribution.cue) for attribution in attributions]
        self._cue_of = {word: n for n, words in enumerate(self._cues) for word in words}

    def nearest(self, n: int, spans: Sequence[Span], after: frozenset[str] = frozenset()) -> Span | None:
        """Of spans in order, the one closest to a cue among those that hang on it and are no part of what is said.

        Args:
            n: index of the attribution.
            spans: times, or names of places.
            after: prepositions, one of which has to stand before; empty if none need.
        """
        attribution = self._attributions[n]
        if not attribution.cue:
            return None
        cue = attribution.cue[0]
        at = bisect_right(self._sentences, cue.start, key=lambda sentence: sentence.start) - 1
        sentence = self._sentences[max(at, 0)]
        # A line without stops is one sentence, however long: what is far from the cue is not looked at.
        opening, closing = max(sentence.start, cue.start - _REACH), min(sentence.end, cue.end + _REACH)
        first = bisect_left(spans, opening, key=lambda span: span.start)
        inside = [
            piece
            for other in self._attributions[max(0, n - _NEAR) : n + _NEAR]
            if other.voice is Voice.PARTY
            for piece in other.content
            if not piece.covers(cue)
        ]
        hanging = []
        for span in spans[first : bisect_left(spans, closing, key=lambda span: span.start)]:
            words = self._syntax.words_in((span,))
            if not words or any(piece.covers(span) for piece in inside):
                continue
            own = set(words)
            head = next((word for word in words if self._syntax.heads[word] not in own), words[0])
            if after and not self._has_preposition(head, after):
                continue
            if self._governor(head) == n or self._beside(cue, span):
                hanging.append((min(abs(span.start - cue.end), abs(cue.start - span.end)), span))
        return min(hanging)[1] if hanging else None

    def _has_preposition(self, head: int, after: frozenset[str]) -> bool:
        return any(self._syntax.lower(self._text, case) in after for case in self._syntax.related(head, "case"))

    def _beside(self, cue: Span, span: Span) -> bool:
        """Whether a few words, none of them a verb, and no mark part words from a cue: `told reporters on Friday`.

        A quotation before the cue misleads the grammar, which then hangs the day on the quotation's verb.
        """
        first, last = sorted((cue, span))
        if last.start - first.end > _BESIDE_REACH:
            return False
        words = self._syntax.words_in((Span(first.end, last.start),)) if first.end < last.start else []
        tags = [self._syntax.tags[word] for word in words]
        return len(words) <= _FEW and not any(tag.startswith("VB") or not tag[:1].isalpha() for tag in tags)

    def _governor(self, word: int, *, own: Collection[int] = ()) -> int | None:
        """The attribution on whose cue, or on whose source, a word hangs, with no other verb between; None if none."""
        for _ in range(_CLIMB):
            word = self._syntax.heads[word]
            if word < 0:
                return None
            if word in self._cue_of and word not in own:
                return self._cue_of[word]
            is_frame = self._syntax.tags[word] == "VBG" and self._syntax.lower(self._text, word) in _SPEAKING
            if self._syntax.tags[word].startswith("VB") and not is_frame:
                return None
        return None

    def around(self, n: int) -> int | None:
        """The attribution in whose clause, outside of what it says, the cue of another stands; None if none."""
        cue = self._cues[n]
        if not cue:
            return None
        own = set(cue)
        head = next((word for word in cue if self._syntax.heads[word] not in own), cue[0])
        if self._syntax.relations[head] not in _BESIDE:
            return None
        other = self._governor(head, own=own)
        return other if other is not None and self._attributions[other].parent == self._attributions[n].parent else None

    def goes_on(self, before: int, n: int) -> bool:
        """Whether a claim is of the same speaker and occasion as the one before it."""
        earlier, later = self._attributions[before], self._attributions[n]
        if later.parent is not None or earlier.party is None or earlier.party != later.party:
            return False
        if (
            later.cue
            and (later.addressee or later.channel)
            and (later.addressee, later.channel)
            != (
                earlier.addressee,
                earlier.channel,
            )
        ):
            return False
        between = self._text[_end(earlier) : _start(later)]
        return len(between) < _NEAR_BY and sum(1 for line in between.split("\n") if line.strip()) <= 2


def _start(attribution: Attribution) -> int:
    return min(span.start for span in (*attribution.source, *attribution.cue, *attribution.content))


def _end(attribution: Attribution) -> int:
    return max(span.end for span in (*attribution.source, *attribution.cue, *attribution.content))
