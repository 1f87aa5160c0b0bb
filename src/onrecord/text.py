"""Pure text: paragraphs, sentences, quotations, and selectors that find a quotation again.

Every function returns half-open code point offsets into the text it was given, and changes no character of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from onrecord.model import Kind, Span

_MARKS = re.compile(r"""["“”«»„‟‘’]|``|''|'|\n""")
# A straight single mark is an apostrophe more often than not: it opens only before a word, and only if one that can
# close it, after a word or a stop and before none, follows on the same line.
_OPENS_SINGLE = re.compile(r"""(?<![\w'])'(?=[^\W\d])(?!(?:em|til|tis|twas|n|cause|round)\b)""", re.IGNORECASE)
_CLOSES_SINGLE = re.compile(r"""(?<=[\w.,!?…])'(?![\w'])|\n""")
_CLOSERS = {
    '"': ('"',),
    "'": ("'",),
    "''": ("''",),
    "``": ("''",),
    "“": ("”", "“"),
    "«": ("»",),
    "„": ("“", "”", "‟"),
    "‟": ("”",),
    "»": ("«",),
    "‘": ("’",),
}
QUOTATION_MARKS = "\"'“”«»„‟‘’"

# Possessive, and never from the middle of a run: a row of a million dots is read in one pass.
_STOP = re.compile(r"""(?<![.!?…])[.!?…]++["”’»')\]]*+(?=\s)""")
_NEXT = re.compile(r"""\s+["“‘«'(\[]*[A-Z0-9À-ÖØ-Þ]""")
_LAST_WORD = re.compile(r"[\w.]*\w\Z")
# Words after which a full stop does not end a sentence; single capitals (initials) are tested apart.
_ABBREVIATIONS = frozenset(
    """adm al brig bros capt cf cmdr co col corp dept det dr e.g etc ft gen gov hon i.e inc jr lt ltd maj messrs mr mrs
    ms mt ph.d pfc prof pvt rep reps rev sen sens sgt sr st supt u.k u.n u.s vs""".split()
)
_BEFORE_NUMBERS = frozenset("jan feb mar apr aug sept sep oct nov dec no nos fig".split())
"""Abbreviations only where a digit follows: ``Nov. 5``, but not ``he answered no.``"""

_WORD = re.compile(r"\w")


def find_paragraphs(text: str) -> list[Span]:
    """The lines of ``text`` that hold anything but white space, without the space around them."""
    spans, start = [], 0
    for line in text.split("\n"):
        if words := line.strip():
            at = start + len(line) - len(line.lstrip())
            spans.append(Span(at, at + len(words)))
        start += len(line) + 1
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
            if word in _BEFORE_NUMBERS and following.group()[-1].isdigit():
                continue
        yield Span(start, stop.end())
        start = stop.end() + len(following.group()) - len(following.group().lstrip())
    if start < paragraph.end:
        yield Span(start, paragraph.end)


def find_quotations(text: str) -> list[Span]:
    """Stretches in quotation marks, the marks included, in order and apart.

    A straight mark opens where none is open, unless a digit stands before it (inches) or white space after it; two
    single ones, or two backticks, are the double mark of an old typesetter. A line break ends a quotation: the custom
    of opening the marks anew in every paragraph makes each one whole in itself. Marks inside other marks belong to the
    outer quotation. A limit: in single marks, a plural possessive (``the workers’ claim``) ends the quotation.
    """
    found: list[Span] = []
    opened = -1
    closers: tuple[str, ...] = ()
    endings = [match.start() for match in _CLOSES_SINGLE.finditer(text)]

    def opens(mark: str, at: int, end: int) -> bool:
        if mark == "'":
            ending = bisect_right(endings, at + 1)
            return bool(_OPENS_SINGLE.match(text, at)) and ending < len(endings) and text[endings[ending]] == "'"
        if mark in ('"', "''", "``"):
            return not (text[at - 1 : at].isdigit() or text[end : end + 1].isspace())
        return mark in _CLOSERS and (mark != "‘" or text[end : end + 1].isalnum())

    for match in _MARKS.finditer(text):
        mark, at, end = match.group(), match.start(), match.end()
        if opened < 0:
            if opens(mark, at, end):
                opened, closers = at, _CLOSERS[mark]
        elif mark == "\n":
            found.append(Span(opened, at))
            opened = -1
        elif mark in closers and not (mark in ("'", "’") and text[end : end + 1].isalnum()):
            found.append(Span(opened, end))
            opened = -1
    if opened >= 0:
        found.append(Span(opened, len(text)))
    return found


def find_overlapping(spans: Sequence[Span], place: Span) -> Iterator[Span]:
    """Those of ``spans``, which are in order and apart, that share a character with ``place``."""
    for n in range(bisect_right(spans, place.start, key=attrgetter("end")), len(spans)):
        if spans[n].start >= place.end:
            break
        yield spans[n]


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
        for quotation in find_overlapping(quotations, piece):
            unquoted |= bool(_WORD.search(text, at, max(at, quotation.start)))
            at = min(piece.end, quotation.end)
            quoted |= bool(_WORD.search(text, max(piece.start, quotation.start), at))
        unquoted |= bool(_WORD.search(text, at, piece.end))
    if quoted and unquoted:
        return Kind.MIXED
    return Kind.DIRECT if quoted else Kind.INDIRECT
