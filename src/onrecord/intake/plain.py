"""Plain text → the report in it: its paragraphs, and what stands around and between them cut with a reason.

`furniture` says what a line is by itself; here it is seen among its neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import takewhile

from onrecord.intake.furniture import (
    SMALL_WORDS,
    find_byline,
    find_credits,
    find_names,
    find_reason,
    find_reporters,
    find_signature,
    find_trailing_teaser,
    is_body,
    is_clock_time,
    is_date_heading,
    is_heading_of_teasers,
    is_headline,
    is_sentence,
    is_teaser_with_headline,
    reports,
    tidy,
)
from onrecord.intake.language import identify_language
from onrecord.model import Cut, Document, Reason

_HEADLINE_WORDS = range(4, 21)
_LONGEST_STANDFIRST = 300  # characters

_WORD = re.compile(r"\w+")
_AGO = r"(?:an?|\d+) (?:second|minute|min|hour|day|week|month|year)s? ago"
_COMMENT_MARK = re.compile(
    rf"reply|report(?: abuse| comment)?|like|\d+ likes?|(?:.{{1,80}}, )?{_AGO}|edited|newest|oldest|log in to reply"
    r"|show replies|\d+ repl(?:y|ies)|(?:click|tap) to rate",
    re.IGNORECASE,
)
_COMMENT_HEAD = re.compile(
    r"(?:\(?(?P<before>\d[\d,]*)\)? )?(?:(?:view|show|read|all|readers?'?) )*comments?(?: section)?"
    r"(?::? ?[(\[]?(?P<after>\d[\d,]*)[)\]]?)?:?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Line:
    """A paragraph of the input and what becomes of it."""

    text: str
    gap: int  # line breaks before it
    reason: Reason | None = None


def cut_text(
    text: str,
    *,
    url: str,
    title: str = "",
    publisher: str = "",
    byline: str = "",
    published: str = "",
    modified: str = "",
) -> Document:
    """Read plain text as a report: paragraphs, cuts and what the text says of itself.

    Kept paragraphs are not altered, except that text hard-wrapped at a column is unwrapped. A headline that stands in
    the text stays in it, unless it is given as ``title``.

    Args:
        text: the text; any line ends.
        url: where it came from; may be empty.
        title: the headline if known; otherwise it is taken from the text.
        publisher: the outlet if known.
        byline: who signed it if known; otherwise it is taken from the text.
        published: ISO 8601 if known; otherwise it is taken from a date line above the report, if there is one.
        modified: likewise.

    Returns:
        The document. Its text is empty if the whole input is furniture.
    """
    lines = []
    for line in _split(text):
        line.reason = Reason.REPEATED if title and tidy(line.text) == tidy(title) else find_reason(line.text)
        start = find_trailing_teaser(line.text) if line.reason is None else 0
        lines.append(_Line(line.text[:start].rstrip(), line.gap) if start else line)
        if start:
            lines.append(_Line(line.text[start:], 0, Reason.TEASER))
    _keep_headline(lines)
    _keep_date_headings(lines)
    _keep_subheads(lines)
    _cut_names(lines)
    _cut_outlet(lines)
    _cut_cards(lines)
    _cut_after_heads(lines)
    _cut_comments(lines)
    _cut_menus(lines)
    return _assemble(lines, url, title, publisher, byline, published, modified)


def _assemble(
    lines: list[_Line], url: str, title: str, publisher: str, byline: str, published: str, modified: str
) -> Document:
    kept = [line.text for line in lines if line.reason is None]
    body = next((i for i, paragraph in enumerate(kept) if is_body(paragraph)), 0)
    start = next((i for i, line in enumerate(lines) if line.reason is None and is_body(line.text)), len(lines))
    signed = [line.text for line in lines if line.reason in {Reason.BYLINE, Reason.LEGAL}]
    below = [line.text for line in lines[start:] if line.reason is Reason.BYLINE]
    credits = find_credits(kept[body] if kept else "", [*signed, byline])
    signature = find_signature([line.text for line in lines[:start] if line.reason is Reason.BYLINE])
    if not title and body > 0 and len(kept[0].split()) in _HEADLINE_WORDS:
        title = kept[0]
    whole = "\n\n".join(kept)
    return Document(
        url=url,
        text=whole,
        title=title,
        publisher=publisher,
        byline=byline or signature.byline or find_reporters(below),
        published=published or signature.published,
        modified=modified or signature.modified,
        language=identify_language(whole),
        wire=credits.wire,
        dateline=credits.dateline,
        cuts=place_cuts([(line.text, line.reason) for line in lines]),
    )


def place_cuts(pieces: list[tuple[str, Reason | None]]) -> tuple[Cut, ...]:
    """Cuts with their offsets, from all pieces of an input in order; a piece without a reason is kept.

    Kept pieces are paragraphs joined by blank lines. A cut stands at the start of the paragraph that follows it, or at
    the end of the text.
    """
    cuts: list[tuple[Reason, str, int]] = []
    start = 0
    last_end = 0
    for text, reason in pieces:
        if reason is None:
            last_end = start + len(text)
            start = last_end + 2
        else:
            cuts.append((reason, text, start))
    return tuple(Cut(reason, text, min(at, last_end)) for reason, text, at in cuts)


def _split(text: str) -> list[_Line]:
    """Paragraphs of a plain text: its lines, or, where it is hard-wrapped, its lines joined."""
    lines: list[_Line] = []
    gap = 0
    for raw in text.splitlines():
        if line := raw.strip():
            lines.append(_Line(line, gap + 1))
            gap = 0
        else:
            gap += 1
    width = _wrap_width(lines)
    if not width:
        return lines
    paragraphs: list[tuple[int, list[str]]] = []
    for above, here in zip([_Line("", 0), *lines], lines, strict=False):
        if here.gap == 1 and paragraphs and _is_full(above.text, here.text, width):
            hyphenated = re.search(r"\w-$", above.text) and here.text[0].isalpha()
            paragraphs[-1][1].extend(["" if hyphenated else " ", here.text])
        else:
            paragraphs.append((here.gap, [here.text]))
    return [_Line("".join(pieces), gap) for gap, pieces in paragraphs]


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether a line was broken because the next word did not fit."""
    return len(line) + 1 + len(following.split(None, 1)[0]) > width and len(line) <= width + 2


def _wrap_width(lines: list[_Line]) -> int:
    """The column at which a text is hard-wrapped; 0 if it is not."""
    breaks = [(a.text, b.text) for a, b in zip(lines, lines[1:], strict=False) if b.gap == 1]
    lengths = sorted(len(a) for a, _ in breaks)
    if len(breaks) < 3:
        return 0
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if not 40 <= width <= 100:
        return 0
    full = sum(_is_full(a, b, width) for a, b in breaks)
    unfinished = sum(not is_sentence(a) for a, _ in breaks)
    return width if full >= 0.8 * len(breaks) and unfinished >= 0.6 * len(breaks) else 0


def _keep_headline(lines: list[_Line]) -> None:
    """Keep the first line over a report that has no other headline, even if teasers begin so (``Analysis: …``)."""
    body = next((i for i, line in enumerate(lines) if line.reason is None and is_body(line.text)), 0)
    if not any(line.reason is None for line in lines[:body]):
        for line in lines[:body]:
            if line.reason is Reason.TEASER and is_teaser_with_headline(line.text):
                line.reason = None
                return


def _keep_date_headings(lines: list[_Line]) -> None:
    """Keep the bare dates inside a text, and the times, also the first one, that head the entries of a live blog."""
    body = [i for i, line in enumerate(lines) if line.reason is None and is_sentence(line.text)]
    if not body:
        return
    dates = [i for i, line in enumerate(lines) if line.reason is Reason.BYLINE and is_date_heading(line.text)]
    times = {
        i
        for i, end in zip(dates, [*dates, len(lines)][1:], strict=True)
        if is_clock_time(lines[i].text) and any(line.reason is None for line in lines[i + 1 : end])
    }
    for i in dates:
        inside = body[0] < i < body[-1]
        if (i in times and (inside or len(times) > 1)) or (inside and not is_clock_time(lines[i].text)):
            lines[i].reason = None


def _keep_subheads(lines: list[_Line]) -> None:
    """Keep what looks like a byline (``By Any Means``) in the midst of a report: between two of its paragraphs."""
    paragraphs = 0
    for above, line, following in zip(lines, lines[1:], lines[2:], strict=False):
        paragraphs += above.reason is None and is_sentence(above.text)
        if line.reason is not Reason.BYLINE or not find_byline(tidy(line.text)) or paragraphs < 2:
            continue
        if all(it.reason is None and is_sentence(it.text) for it in (above, following)):
            line.reason = None


def _cut_names(lines: list[_Line]) -> None:
    """Cut the line between headline and report that says who wrote it for which outlet, without a ``By``."""
    body = next((i for i, line in enumerate(lines) if line.reason is None and is_body(line.text)), 0)
    first = next((i for i, line in enumerate(lines) if line.reason is None), body)
    for line in lines[first + 1 : body]:
        if line.reason is None and find_names(line.text):
            line.reason = Reason.BYLINE


def _cut_outlet(lines: list[_Line]) -> None:
    """Cut the name of an outlet that stands right under a byline, above the report."""
    for above, line in zip(lines, lines[1:], strict=False):
        if line.reason is None and is_body(line.text):
            return
        names = [word for word in line.text.split() if word.casefold() not in SMALL_WORDS]
        named = 0 < len(names) <= 6 and all(word[0].isupper() for word in names) and not is_sentence(line.text)
        if line.reason is None and line.gap == 1 and find_byline(tidy(above.text)) and named:
            line.reason = Reason.BYLINE


def _cut_cards(lines: list[_Line]) -> None:
    """Cut teaser cards: a headline printed twice in mid-text, what stands between, and its standfirst."""
    places: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if line.reason is None and is_headline(line.text):
            places.setdefault(tidy(line.text).casefold(), []).append(i)
    first_body = next((i for i, line in enumerate(lines) if line.reason is None and is_sentence(line.text)), len(lines))
    frequency = Counter(
        word.casefold() for line in lines if line.reason is None for word in set(_content_words(line.text))
    )
    for occurrences in places.values():
        if len(occurrences) < 2:
            continue
        if occurrences[0] < first_body:  # the headline of the report itself, printed again
            for i in occurrences[1:]:
                lines[i].reason = Reason.REPEATED
            continue
        near = [(a, b) for a, b in zip(occurrences, occurrences[1:], strict=False) if b - a <= 4]
        for a, b in near:
            if any(lines[i].reason is None and is_sentence(lines[i].text) for i in range(a + 1, b)):
                continue
            for i in range(a, b + 1):
                lines[i].reason = lines[i].reason or Reason.TEASER
            _cut_standfirst(lines, b + 1, frequency)


def _cut_standfirst(lines: list[_Line], i: int, frequency: Counter[str]) -> None:
    """Cut the one short sentence under a teaser's headline, if it has nothing to do with the report."""
    if i >= len(lines) or lines[i].reason is not None:
        return
    line = lines[i]
    words = _content_words(line.text)
    shared = sum(frequency[word.casefold()] > 1 for word in set(words))
    tighter = i + 1 >= len(lines) or line.gap <= lines[i + 1].gap
    if (
        len(line.text) <= _LONGEST_STANDFIRST
        and len(line.text.split()) <= 25
        and words
        and shared < 0.5 * len(set(words))
        and tighter
        and not reports(line.text)
    ):
        line.reason = Reason.TEASER


def _content_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) >= 5]


def _cut_after_heads(lines: list[_Line]) -> None:
    """Cut the headlines listed under ``Related articles`` and the like."""
    for i, line in enumerate(lines):
        if line.reason is not Reason.TEASER or not is_heading_of_teasers(line.text):
            continue
        followers = lines[i + 1 : i + 12]
        listed = list(takewhile(lambda it: it.reason or is_headline(it.text), followers))
        if len(listed) > 1 and len(listed) < len(followers) and listed[-1].gap > listed[-2].gap:
            listed.pop()  # set apart from the list: the heading of what follows
        if not listed and followers and is_heading_of_teasers(line.text, weak=True):
            line.reason = None  # a section heading of the report
        for follower in listed:
            follower.reason = follower.reason or Reason.TEASER


def _cut_menus(lines: list[_Line]) -> None:
    """Cut runs of very short lines above and below the report: the menus of a page that was copied whole."""
    body = [i for i, line in enumerate(lines) if line.reason is None and is_body(line.text)]
    if not body:
        return
    for part in (lines[: body[0]], lines[body[-1] + 1 :]):
        run: list[_Line] = []
        for line in [*part, _Line("", 0)]:
            if line.text and (line.reason or (len(line.text.split()) <= 3 and not is_sentence(line.text))):
                run.append(line)
                continue
            if len(run) >= 5:
                for short in run:
                    short.reason = short.reason or Reason.NAVIGATION
            run = []


def _cut_comments(lines: list[_Line]) -> None:
    """Cut what readers wrote: everything under a heading that is followed by the marks of a comment section."""
    for i in range(len(lines) - 1, 0, -1):
        found = _COMMENT_HEAD.fullmatch(tidy(lines[i].text)) if lines[i].reason is Reason.COMMENTS else None
        count = (found.group("before") or found.group("after")) if found else None
        if not found or (count and not count.strip("0,")):
            continue
        body = sum(line.reason is None and is_sentence(line.text) for line in lines[:i])
        marks = sum(bool(_COMMENT_MARK.fullmatch(tidy(line.text))) for line in lines[i + 1 : i + 40])
        if body >= 3 and marks >= 2:
            for line in lines[i + 1 :]:
                line.reason = line.reason or Reason.COMMENTS
            return
