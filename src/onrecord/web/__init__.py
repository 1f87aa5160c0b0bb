"""Pages: the faces of the record in a browser.

:func:`render_readings` makes one HTML file that needs nothing else: no script, no font, no picture, no request.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from onrecord.model import Document, Kind, Reading, Reason, Span, Voice
from onrecord.text import find_paragraphs
from onrecord.web.marks import (
    Entry,
    Role,
    Segment,
    acts_of,
    details,
    name_of,
    notes_of,
    outline,
    parties_of,
    places_of,
    preview,
    speakers_of,
    split_text,
)

if TYPE_CHECKING:
    from jinja2 import Template

_KINDS = {Kind.DIRECT: "Direct", Kind.INDIRECT: "Indirect", Kind.MIXED: "Mixed"}
_HTTP = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)
_ISO_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
# Heights in rem and characters in a line, about as page.css makes them: a page without scripts cannot measure itself.
# Both columns grow narrower together, so that what is the longer stays so.
_TEXT_LINE, _TEXT_CHARACTERS, _TEXT_GAP = 1.8, 62, 1.1
_WHO_LINE, _WHO_CHARACTERS = 1.3, 36
_CONTENT_LINE, _CONTENT_CHARACTERS, _CARD_GAP = 1.35, 52, 1.0
_CUTS_HEIGHT = 2.0
_TORN = 0.5  # so much lower a paragraph may stand for the sake of the claims beside the one before it
_SPACED = re.compile(r"[ \t]{2}|\t")
# What a page cannot hold, not even as a reference (control characters, half characters), or what would reorder the
# words across the borders of marks (embeddings, overrides and isolates) is shown to be there.
_UNSHOWABLE = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"} | {
    0x7F: "␡",
    **dict.fromkeys(
        [*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)],
        "\N{REPLACEMENT CHARACTER}",
    ),
}


class _Piece(NamedTuple):
    """A stretch of text under the same marks.

    Attributes:
        text: its words.
        anchors: ids of the claims whose content begins with it.
        href: id of the claim that it belongs to most closely, or empty.
        classes: what it is marked as.
        is_stop: whether the keyboard stops at it: one stop for a claim, not one for every piece.
    """

    text: str
    anchors: tuple[str, ...]
    href: str
    classes: str
    is_stop: bool


@dataclass(slots=True)
class _Block:
    """A paragraph, the white space between two, or the part of either before or after a cut.

    Attributes:
        is_gap: whether it is white space between paragraphs.
        classes: how a paragraph is set: ``tight`` if no blank line follows, ``spaced`` if runs of spaces count.
        pieces: its text, in order.
    """

    is_gap: bool
    classes: str
    pieces: list[_Piece] = field(default_factory=list)


class _Cuts(NamedTuple):
    """Cuts of one reason that were made at one place, which are shown as one."""

    reason: Reason
    preview: str
    texts: tuple[str, ...]


@dataclass(slots=True)
class _Row:
    """A stretch of the text and the claims that begin in it, which stand beside it.

    Attributes:
        flow: the text, and what was cut from it.
        claims: in order, each followed by those that stand in it.
        spare: by how many rem the text is longer than its claims, about.
    """

    flow: list[_Block | _Cuts] = field(default_factory=list)
    claims: list[_Claim] = field(default_factory=list)
    spare: float = 0.0


@dataclass(slots=True)
class _Claim:
    """One entry of the outline as the page shows it.

    Attributes:
        id: its anchor; the anchor of its words in the text has ``t`` after it.
        details: what else is known of it, a remark each.
        within: the claim it stands in, or None.
        closes: how many lists end after it; -1 if a list of claims that stand in it begins.
    """

    id: str
    entry: Entry
    kind: str
    source: tuple[str, ...]
    cue: tuple[str, ...]
    content: tuple[str, ...]
    details: list[str]
    within: _Claim | None
    closes: int = 0


@dataclass(slots=True)
class _Page:
    """One reading as the page shows it."""

    id: str
    document: Document | None
    reading: Reading
    name: str
    link: str
    rows: list[_Row]
    claims: list[_Claim]
    own: list[_Claim]
    speakers: list[tuple[str, list[str]]]
    acts: list[tuple[str, list[str]]]
    places: list[tuple[str, list[str]]]


def render_readings(readings: Iterable[Reading]) -> str:
    """One self-contained HTML page with all readings: text with claims marked, and claims linked to the text.

    The text is shown to the letter, except that control characters are shown as their pictures (``␛``), and half
    characters and those that reorder others as ``\N{REPLACEMENT CHARACTER}``.

    Args:
        readings: shown in this order; several get an index, inputs that failed stand with the reason.

    Returns:
        The page; written as UTF-8 it is a file that works without network and without scripts.
    """
    from markupsafe import Markup

    pages = [_page(f"r{number}", reading) for number, reading in enumerate(readings, 1)]
    style = _load("page.css") + "".join(_rules(page.id, claim.id) for page in pages for claim in page.claims + page.own)
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    runs = list(dict.fromkeys(page.reading.run for page in pages))
    return _template().render(
        pages=pages,
        runs=runs,
        # Ours to the last character: the file beside this one, and rules made of our own ids.
        style=Markup(style),  # noqa: S704
        policy=f"default-src 'none'; style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'",
        is_cuts=lambda part: isinstance(part, _Cuts),
        show_date=_show_date,
    )


def _show_date(date: str) -> str:
    """An ISO 8601 date for people; empty if it is not one, or not a whole one."""
    match = _ISO_DATE.fullmatch(date)
    return " ".join(filter(None, (match[1], match[2], (match[3] or "").replace("Z", "UTC")))) if match else ""


@functools.cache
def _load(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


@functools.cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup, escape

    def show(value: object) -> object:
        if not isinstance(value, str) or isinstance(value, Markup):
            return value
        # A raw carriage return would be read back as a line feed; a reference to it would not.
        return Markup(str(escape(value.translate(_UNSHOWABLE))).replace("\r", "&#13;"))  # noqa: S704

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=show,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(_load("page.html"))


def _rules(page: str, claim: str) -> str:
    """The style that joins a claim and its words: pointing at either, or going to either, brings out both."""
    pointed = f'a[href="#{claim}"]:is(:hover,:focus)'
    return (
        f"#{page}:has(#{claim}>.card:is(:hover,:focus-within),#{claim}:target,#{claim}t:target,{pointed}) .{claim}"
        "{background:var(--lit);color:var(--ink)}"
        f"#{page}:has(#{claim}t:target,{pointed}) #{claim}>.card"
        "{background:var(--lit);--soft:var(--ink)}"
    )


def _page(page_id: str, reading: Reading) -> _Page:
    document = reading.document
    text = document.text if document else ""
    entries = outline(reading)
    labels, notes = {entry.attribution.id: entry.label for entry in entries}, notes_of(reading)
    parties = parties_of(reading)
    every: list[_Claim] = []
    for number, entry in enumerate(entries, 1):
        attribution = entry.attribution
        within = every[entry.within] if entry.within is not None else None
        every.append(
            _Claim(
                id=f"{page_id}c{number}",
                entry=entry,
                kind=_KINDS[attribution.kind],
                source=_words(text, attribution.source),
                cue=_words(text, attribution.cue),
                content=_words(text, attribution.content),
                details=details(text, attribution, labels, parties, notes),
                within=within,
            )
        )
    claims = [claim for claim in every if claim.entry.attribution.voice is Voice.PARTY]
    depths = [claim.entry.depth for claim in claims]
    for claim, following in zip(claims, [*depths[1:], 0], strict=False):
        claim.closes = claim.entry.depth - following
    where = document.url if document else reading.failures[0].where if reading.failures else ""
    return _Page(
        id=page_id,
        document=document,
        reading=reading,
        name=name_of(document) if document else where or "Untitled",
        link=where if _HTTP.fullmatch(where) and where == where.translate(_UNSHOWABLE) else "",
        rows=list(_rows(document, entries, every)) if document else [],
        claims=claims,
        own=[claim for claim in every if claim.entry.attribution.voice is Voice.PUBLISHER],
        speakers=speakers_of(reading),
        acts=acts_of(reading, labels),
        places=places_of(reading),
    )


def _words(text: str, spans: tuple[Span, ...]) -> tuple[str, ...]:
    return tuple(span.of(text) for span in spans)


def _rows(document: Document, entries: list[Entry], claims: list[_Claim]) -> Iterator[_Row]:
    """Cuts the text into rows; a row begins at a paragraph in which a claim of the first order begins.

    Claims stand beside their paragraph. Where those before it are longer than the text that they belong to, the row
    goes on instead: the text must not be torn apart for the sake of what stands beside it.
    """
    text = document.text
    paragraphs = find_paragraphs(text)
    classes = [
        " ".join(
            ["tight"] * (following is not None and text.count("\n", paragraph.end, following.start) < 2)
            + ["spaced"] * (_SPACED.search(text, paragraph.start, paragraph.end) is not None)
        )
        for paragraph, following in zip(paragraphs, [*paragraphs[1:], None], strict=False)
    ]
    cuts = [
        (at, _Cuts(reason, preview(" · ".join(texts)), texts))
        for (at, reason), same in itertools.groupby(
            sorted(document.cuts, key=lambda cut: cut.at), lambda cut: (cut.at, cut.reason)
        )
        if (texts := tuple(cut.text for cut in same))
    ]
    boundaries = {edge for paragraph in paragraphs for edge in (paragraph.start, paragraph.end)}
    boundaries |= {at for at, _ in cuts}

    tops = [claim for claim in claims if claim.entry.depth == 0 and claim.entry.attribution.voice is Voice.PARTY]
    families: dict[str, list[_Claim]] = {claim.id: [] for claim in tops}
    for claim in claims:
        top = claim
        while top.within is not None:
            top = top.within
        if top.id in families:
            families[top.id].append(claim)
    anchors: dict[int, list[str]] = {}
    for claim in claims:
        anchors.setdefault(claim.entry.attribution.content[0].start, []).append(claim.id)

    row = _Row()
    block: _Block | None = None
    reached: set[str] = set()
    next_top = next_cut = place = 0  # place: the paragraph that the segment is in, or else comes before
    for segment in split_text(text, entries, boundaries):
        while next_cut < len(cuts) and cuts[next_cut][0] <= segment.start:
            row.flow.append(cuts[next_cut][1])
            row.spare += _CUTS_HEIGHT
            block, next_cut = None, next_cut + 1
        while place < len(paragraphs) and paragraphs[place].end <= segment.start:
            place, block = place + 1, None
        is_gap = place == len(paragraphs) or segment.start < paragraphs[place].start
        if not is_gap and segment.start == paragraphs[place].start:
            block = None
            begins = []
            while next_top < len(tops) and tops[next_top].entry.attribution.content[0].start < paragraphs[place].end:
                begins += families[tops[next_top].id]
                next_top += 1
            if begins and row.spare >= -_TORN:
                if row.flow:
                    yield row
                row = _Row()
            row.claims += begins
            row.spare += _text_height(paragraphs[place].of(text)) - sum(map(_card_height, begins))
        if block is None:
            block = _Block(is_gap, "" if is_gap else classes[place])
            row.flow.append(block)
        words = text[segment.start : segment.end]
        block.pieces.append(_piece(words, segment, claims, tuple(anchors.get(segment.start, ())), reached))
    row.flow += [each for _, each in cuts[next_cut:]]
    row.claims += [claim for top in tops[next_top:] for claim in families[top.id]]
    yield row


def _text_height(paragraph: str) -> float:
    lines = sum(math.ceil(len(line) / _TEXT_CHARACTERS) for line in paragraph.split("\n"))
    return lines * _TEXT_LINE + _TEXT_GAP


def _card_height(claim: _Claim) -> float:
    who = len(" ".join((claim.entry.label, *claim.source, *claim.cue)))
    content = len(" […] ".join(claim.content))
    return (
        math.ceil(who / _WHO_CHARACTERS) * _WHO_LINE
        + math.ceil(content / _CONTENT_CHARACTERS) * _CONTENT_LINE
        + _CARD_GAP
    )


def _piece(words: str, segment: Segment, claims: list[_Claim], anchors: tuple[str, ...], reached: set[str]) -> _Piece:
    if not segment.marks or words.isspace():
        return _Piece(words, anchors, "", "", False)
    closest = claims[segment.marks[-1].entry]
    classes = ["m", *dict.fromkeys(claims[mark.entry].id for mark in segment.marks)]
    classes += [mark.role for mark in segment.marks if mark.role is not Role.CONTENT and claims[mark.entry] is closest]
    content = [claims[mark.entry].entry.attribution for mark in segment.marks if mark.role is Role.CONTENT]
    by_party = [attribution for attribution in content if attribution.voice is Voice.PARTY]
    if by_party:
        classes += ["content", by_party[-1].kind, f"d{min(len(by_party), 3)}"]
    elif content:
        classes.append("own")
    is_stop = closest.id not in reached and closest.entry.attribution.voice is Voice.PARTY
    reached.add(closest.id)
    return _Piece(words, anchors, closest.id, " ".join(classes), is_stop)
