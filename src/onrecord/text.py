"""Pure text: paragraphs, sentences, quotations, and selectors that find a quotation again.

Every function returns half-open code point offsets into the text it was given, and changes no character of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from onrecord.model import Kind, Span

_MARKS = re.compile(r"""["“”«»„‟‘’]|\n""")
_CLOSERS = {"“": "”“", "«": "»", "„": "“”‟", "‟": "”", "»": "«", "‘": "’"}
QUOTATION_MARKS = '"“”«»„‟‘’'

_LINE = re.compile(r"[^\n]*[^\s][^\n]*")
_STOP = re.compile(r"""[.!?…]+["”’»')\]]*(?=\s)""")
_NEXT = re.compile(r"""\s+["“‘«'(\[]*[A-Z0-9À-ÖØ-Þ]""")
_LAST_WORD = re.compile(r"[\w.]*\w\Z")
# Words after which a full stop does not end a sentence; single capitals (initials) are tested apart.
_ABBREVIATIONS = frozenset(
    """adm admn al apr aug ave brig bros capt cf cmdr co col corp dec dept det dr e.g etc feb fig ft gen gov hon i.e inc
    jan jr jul jun lt ltd maj mar messrs mr mrs ms mt nov oct ph.d pfc prof pvt rep reps rev sec sen sens sept sgt sr st
    supt u.k u.n u.s vs no nos""".split()
)
_WORD = re.compile(r"\w")


def find_paragraphs(text: str) -> list[Span]:
    """The lines of ``text`` that hold anything but white space, without the space around them."""
    spans = []
    for match in _LINE.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        spans.append(Span(start, start + len(line.strip())))
    return spans


def find_sentences(text: str) -> list[Span]:
    """Sentences in order; a line break always ends one, an abbreviation or an initial never does."""
    return [sentence for paragraph in find_paragraphs(text) for sentence in _cut_sentences(text, paragraph)]


def _cut_sentences(text: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    for stop in _STOP.finditer(text, paragraph.start, paragraph.end):
        following = _NEXT.match(text, stop.end(), paragraph.end)
        if following is None:
            continue
        if stop.group()[0] == ".":
            # A window: the word before the stop is short, and a search over all before it would not be linear.
            last = _LAST_WORD.search(text[max(start, stop.start() - 24) : stop.start()])
            word = last.group().lower() if last else ""
            if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
                continue
        yield Span(start, stop.end())
        start = stop.end() + len(following.group()) - len(following.group().lstrip())
    if start < paragraph.end:
        yield Span(start, paragraph.end)


def find_quotations(text: str) -> list[Span]:
    """Stretches in quotation marks, the marks included, in order and apart.

    A straight mark opens where none is open. A line break ends a quotation: the custom of opening the marks anew in
    every paragraph makes each paragraph whole in itself. Marks inside other marks belong to the outer quotation.
    """
    found: list[Span] = []
    opened, closers = -1, ""
    for match in _MARKS.finditer(text):
        mark, at = match.group(), match.start()
        if opened >= 0:
            if mark == "\n":
                found.append(Span(opened, at))
                opened = -1
            elif mark in closers and not (mark == "’" and text[at + 1 : at + 2].isalnum()):
                found.append(Span(opened, at + 1))
                opened = -1
        elif mark == '"':
            opened, closers = at, '"'
        elif mark in _CLOSERS and (mark != "‘" or text[at + 1 : at + 2].isalnum()):
            opened, closers = at, _CLOSERS[mark]
    if opened >= 0:
        found.append(Span(opened, len(text)))
    return found


def kind_of(text: str, content: Sequence[Span], quotations: Sequence[Span]) -> Kind:
    """Whether a content is given in quotation marks, without, or partly.

    Args:
        text: the text both refer to.
        content: the pieces of the content.
        quotations: the quotations that count, in order and apart.
    """
    quoted = unquoted = False
    for piece in content:
        at = piece.start
        for quotation in quotations:
            if quotation.end <= at or quotation.start >= piece.end:
                continue
            unquoted |= bool(_WORD.search(text, at, max(at, quotation.start)))
            at = min(piece.end, quotation.end)
            quoted |= bool(_WORD.search(text, max(piece.start, quotation.start), at))
        unquoted |= bool(_WORD.search(text, at, piece.end))
    if quoted and unquoted:
        return Kind.MIXED
    return Kind.DIRECT if quoted else Kind.INDIRECT
