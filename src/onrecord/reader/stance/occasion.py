"""The occasion on which something was said: to whom, through what, and by way of which outlets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from onrecord.model import Span
from onrecord.reader.stance.cases import Case, spans_of
from onrecord.reader.stance.page import Entry, Page, is_in

_REACH = 240  # characters before and after a cue, within its sentence, in which its occasion is sought
_MARKS_READ = 40  # spans before and after a cue among which the one is sought that ends its own stretch of the sentence
_MOST_LINKS = 8  # relays above one another; deeper nesting is no chain of outlets

Occasion = tuple[tuple[Span, ...], tuple[Span, ...], tuple[Span, ...]]


def find_occasion(page: Page, case: Case, marks: Sequence[tuple[int, int]], before: Case | None) -> Occasion:
    """Addressee, channel and relay, in the sentence of the cue."""
    if not case.attribution.cue:
        return (), (), ()
    sentence = page.sentence_at(case.attribution.cue[0].start)
    stretches = _stretches(page, case, marks, sentence)
    channels = _find_channels(page, stretches)
    addressees = [page.span(words) for words in _find_addressees(page, case, stretches, sentence) if words]
    relays = _find_relays(page, case, stretches, before)
    return (
        tuple(span for span in addressees if not any(span.overlaps(channel) for channel in channels)),
        tuple(channels),
        tuple(dict.fromkeys(span for span in relays if sentence.covers(span))),
    )


def _stretches(page: Page, case: Case, marks: Sequence[tuple[int, int]], sentence: Span) -> list[range]:
    """The words around a cue that are its own: up to another attribution's, and outside its source and content."""
    cue, own = case.attribution.cue, {(span.start, span.end) for span in spans_of(case.attribution)}
    start, end = max(sentence.start, cue[0].start - _REACH), min(sentence.end, cue[-1].end + _REACH)
    for piece in case.parent.attribution.content if case.parent else ():
        if piece.covers(cue[0]):
            start, end = max(start, piece.start), min(end, piece.end)
    at = bisect_left(marks, (cue[0].start, 0))
    earlier = [mark for mark in marks[max(0, at - _MARKS_READ) : at] if mark not in own and mark[1] <= cue[0].start]
    later = [mark for mark in marks[at : at + _MARKS_READ] if mark not in own and mark[0] >= cue[-1].end]
    start = max(start, *(mark[1] for mark in earlier)) if earlier else start
    end = min(end, later[0][0]) if later else end
    found = []
    for span in sorted((*case.attribution.source, *case.attribution.content)):
        if start < span.end and span.start < end and not span.covers(cue[0]):
            found.append(page.within(start, span.start))
            start = span.end
    found.append(page.within(start, end))
    return [words for words in found if words]


def _name_at(page: Page, at: int, stop: int) -> range:
    """The noun phrase that begins with a word, as far as the next preposition, verb of saying or mark."""
    end = at
    while end < min(stop, at + 9):
        is_of = page.lower[end] == "of" and end > at
        if end > at and page.cut(end, r"[^\s'’&./-]|(?<=\w{3})[.]\s"):
            break
        if is_in(page.lower[end], "boundary") and not is_of:
            break
        end += 1
    while end > at and page.lower[end - 1] in ("of", "and", "the", "a", "an"):
        end -= 1
    return range(at, end)


def _find_addressees(page: Page, case: Case, stretches: Sequence[range], sentence: Span) -> Iterator[range]:
    stop = page.within(sentence.start, sentence.end).stop
    after = case.cue[-1].stop
    is_told = bool(case.cue[-1]) and after < stop and is_in(page.lower[after - 1], "telling")
    if is_told and not is_in(page.at(after - 2), "be") and not page.gap(after).strip():
        inside = next((words for words in stretches if after in words), None)
        name = _name_at(page, after, stop if inside is None else inside.stop)
        # `urged the council to act`: the content holds whom the call is to.
        if inside is not None or page.at(name.stop) == "to":
            yield name
    for stretch in stretches:
        for at in stretch[:-1]:
            before = page.at(at - 1)
            speaks = is_in(before, "speaking")
            to = speaks or is_in(before, "addressed") or (at == after and before != "according")
            if (page.lower[at] == "to" and to) or (page.lower[at] == "with" and speaks):
                yield _name_at(page, at + 1, stretch.stop)


def _find_channels(page: Page, stretches: Sequence[range]) -> list[Span]:
    found: list[range] = []
    for stretch, place, entry in [(words, *noun) for words in stretches for noun in page.find("channel", words)]:
        if entry.means == "occasion" and page.words[place[-1]][0].isupper() and place[0] > 0 and not page.cut(place[0]):
            continue  # the Port Alder Post is an outlet, and no post
        begin = place.start if entry.means == "by" else _begin_channel(page, place, entry, stretch)
        if begin is None:
            continue
        stop, after = place.stop, page.at(place.stop)
        if stop in stretch and after in ("with", "to", "for") and not page.gap(stop).strip():
            name = _name_at(page, stop + 1, stretch.stop)
            if name and (after == "with" or any(page.words[at][0].isupper() for at in name)):
                stop = name.stop
        if found and begin < found[-1].stop:
            begin, stop = found[-1].start, max(stop, found.pop().stop)
        found.append(range(begin, stop))
    return [page.span(words) for words in found]


def _begin_channel(page: Page, place: range, entry: Entry, stretch: range) -> int | None:
    """Where a channel begins: its preposition, or the article of an interview; None if the noun is no channel."""
    for at in range(place.start - 1, max(stretch.start, place.start - 8) - 1, -1):
        word = page.lower[at]
        if page.cut(at + 1):
            return None
        if is_in(word, "preposition"):
            if entry.means == "place":
                return at if word in ("on", "via", "through", "in", "from") else None
            return at if word != "on" or "call" in entry.words else None
        if word in ("an", "a") and entry.words[0] == "interview":
            return at - 1 if at > stretch.start and is_in(page.lower[at - 1], "preposition") else at
        if word in ("told", "tell", "tells", "telling") and entry.means == "occasion":
            return at + 1
        if word not in ("of", "last", "this", "over", "for") and (is_in(word, "boundary") or is_in(word, "relaying")):
            return None
    return None


def _find_relays(page: Page, case: Case, stretches: Sequence[range], before: Case | None) -> Iterator[Span]:
    """Outlets between the publisher and the source, outermost first.

    They are the sources of what this stands in, of the attribution before it with the same content (`AP reported,
    citing an official`), those named beside a word of relaying, and the source itself.
    """
    above: list[Case] = []
    parent = case.parent
    while parent is not None and len(above) < _MOST_LINKS:
        above.append(parent)
        parent = parent.parent
    if before is not None and set(before.attribution.content) & set(case.attribution.content):
        above.insert(0, before)
    for link in reversed(above):
        if link.kind == "outlet":
            yield from link.attribution.source
    for stretch, place, entry in [(words, *name) for words in stretches for name in page.find("source", words)]:
        if entry.means == "outlet":
            first = place.start
            while first > stretch.start and not page.gap(first).strip() and page.words[first - 1][0].isupper():
                first -= 1
            beside = (page.at(first - 2), page.at(first - 1), page.at(place.stop), page.at(place.stop + 1))
            is_name = page.words[first][0].isupper() or page.words[place.start][0].isupper()
            is_audience = "told" in beside[:2] and entry.words[0].islower()  # `told Sardali media`
            if is_name and not is_audience and any(is_in(word, "relaying") for word in beside):
                yield page.span(range(first, place.stop))
    if case.kind == "outlet" and not case.refers:
        yield from case.attribution.source


def goes_on(page: Page, before: Case, case: Case) -> bool:
    """Whether a case goes on from the one before it in the same sentence: `…, adding that`."""
    cue, other = case.attribution.cue, before.attribution.cue
    if not cue or not case.cue[0] or not page.sentence_at(cue[0].start).covers(other[0]):
        return False
    same = not case.attribution.source or case.attribution.source == before.attribution.source
    return same and case.parent is before.parent and page.lower[case.cue[0].start].endswith("ing")
