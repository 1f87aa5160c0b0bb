"""PDF → paragraphs: lines in the order in which the file draws them, without running heads, feet and page numbers.

A PDF has no paragraphs and no line breaks, only glyphs at places. Glyphs are never changed: a word divided at the end
of a line keeps its hyphen (``mili-tary``), because only the author knows whether it has one.
"""

from __future__ import annotations

import ctypes
import itertools
import re
import statistics
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.errors import FormatError
from onrecord.model import Reason

MOST_PAGES = 2000

_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_LINE_END_HYPHEN = 0x02  # what PDFium reports for a hyphen that divides a word; it swallows the line break after it
_MARGIN_LINES = 3  # lines from the top and from the bottom of a page that may be its head or foot
_LONGEST_PAGE_NUMBER = 30  # characters
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.)?\s*\d{1,4}\s*(?:(?:of|/|\|)\s*\d{1,4})?\W*", re.IGNORECASE)
_DIVIDED = re.compile(r"\w[-\u00ad]$")
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]*$")

# PDFium keeps global state: no two of its functions may run at once, in whatever thread.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(slots=True)
class _Line:
    """A line as drawn; coordinates in points from the lower left corner of its page."""

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF says.

    Attributes:
        pieces: paragraphs in order, each with the reason for which it is no part of the text, or None.
        title: the title in the file's properties, if the first page prints it too; else empty.
    """

    pieces: tuple[tuple[str, Reason | None], ...]
    title: str


def decode_pdf(content: bytes, *, where: str) -> PdfText:
    """Read the text layer of a PDF.

    Args:
        content: the file.
        where: the input, for error messages.

    Raises:
        FormatError: it is damaged, locked or has no text layer.
    """
    with _ONE_AT_A_TIME:
        title, lines = _read_lines(content, where)
    if not lines:
        raise FormatError("is a PDF without a text layer, probably a scan", where, "run text recognition (OCR) on it")
    _mark_margins(lines)
    first_page = " ".join(" ".join(line.text for line in lines if line.page == 0).split())
    title = " ".join(title.split())
    pieces = tuple(
        (text, Reason.REPEATED if reason is None and text == title else reason) for text, reason in _join_lines(lines)
    )
    return PdfText(pieces, title if title and title in first_page else "")


def _read_lines(content: bytes, where: str) -> tuple[str, list[_Line]]:
    import pypdfium2  # type: ignore[import-untyped]  # it publishes no types

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            raise FormatError("is a PDF locked with a password", where, "save a copy without one") from error
        raise FormatError("is a damaged or incomplete PDF", where, "get the file again") from error
    try:
        if len(document) > MOST_PAGES:
            raise FormatError(f"is a PDF of more than {MOST_PAGES:,} pages", where, "save the pages that you need")
        lines: list[_Line] = []
        for number in range(len(document)):
            lines += _read_page(document, number)
        return str(document.get_metadata_dict().get("Title") or ""), lines
    except (pypdfium2.PdfiumError, ValueError, UnicodeError) as error:
        raise FormatError("is a PDF with a damaged page", where, "get the file again") from error
    finally:
        document.close()


def _read_page(document: object, number: int) -> Iterator[_Line]:
    """The lines of one page, as drawn."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # it publishes no types

    page = document[number]  # type: ignore[index]  # a pypdfium2.PdfDocument
    text_page = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    box = [ctypes.c_double() for _ in range(4)]
    try:
        glyphs: list[tuple[int, str]] = []
        count = pdfium.FPDFText_CountChars(text_page.raw)
        for index in range(count + 1):
            code = pdfium.FPDFText_GetUnicode(text_page.raw, index) if index < count else ord("\n")
            if code == _LINE_END_HYPHEN:
                glyphs.append((index, "-"))
            elif code not in (0x0A, 0x0D):
                if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                    glyphs.append((index, chr(code)))
                continue
            text = "".join(glyph for _, glyph in glyphs).strip()
            if text:
                drawn = [index for index, glyph in glyphs if not glyph.isspace()]
                pdfium.FPDFText_GetCharOrigin(text_page.raw, drawn[0], x, y)
                pdfium.FPDFText_GetCharBox(text_page.raw, drawn[-1], *box)
                size = pdfium.FPDFText_GetFontSize(text_page.raw, drawn[0])
                yield _Line(text, number, x.value, box[1].value, y.value, size)
            glyphs = []
    finally:
        text_page.close()
        page.close()


def _mark_margins(lines: list[_Line]) -> None:
    """Mark page numbers, and what stands in the same place on most pages, apart from the text."""
    pages: dict[int, list[_Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    seen: dict[tuple[str, int], list[_Line]] = {}
    for page in pages.values():
        by_height = sorted(page, key=lambda line: -line.baseline)
        for margin in (_edge(by_height), _edge(by_height[::-1])):
            for line in margin:
                if len(line.text) <= _LONGEST_PAGE_NUMBER and _PAGE_NUMBER.fullmatch(line.text):
                    line.reason = Reason.NAVIGATION
                seen.setdefault((re.sub(r"\d+", "0", line.text), round(line.baseline / 6)), []).append(line)
    for alike in seen.values():
        if len(alike) > 1 and len(alike) >= 0.4 * len(pages):
            for line in alike:
                line.reason = line.reason or Reason.REPEATED


def _edge(lines: list[_Line]) -> list[_Line]:
    """The lines at one end of a page that a gap sets apart from the rest; none if there is no such gap."""
    for count in range(1, min(_MARGIN_LINES, len(lines) - 1) + 1):
        last, following = lines[count - 1], lines[count]
        if abs(last.baseline - following.baseline) > 1.6 * max(last.size, following.size):
            return lines[:count]
    return []


def _join_lines(lines: list[_Line]) -> Iterator[tuple[str, Reason | None]]:
    """Paragraphs and cuts in order; a cut inside a paragraph comes before it."""
    body = [line for line in lines if line.reason is None]
    steps = [a.baseline - b.baseline for a, b in itertools.pairwise(body) if a.page == b.page]
    # the most frequent step from line to line; of several, the smallest, since gaps are larger than lines
    leading = min(statistics.multimode(round(step) for step in steps if step > 1), default=12)
    rights = sorted(line.right for line in body)
    right_edge = rights[int(0.9 * (len(rights) - 1))] if rights else 0.0
    paragraph: list[_Line] = []
    for line in lines:
        if line.reason is not None:
            yield line.text, line.reason
        elif paragraph and _begins(line, paragraph[-1], paragraph, leading, right_edge):
            yield _joined(paragraph), None
            paragraph = [line]
        else:
            paragraph.append(line)
    if paragraph:
        yield _joined(paragraph), None


def _begins(line: _Line, above: _Line, paragraph: list[_Line], leading: int, right_edge: float) -> bool:
    """Whether a line begins a paragraph, seen from the line above it."""
    if abs(line.size - above.size) > 0.12 * max(line.size, above.size):
        return True
    ended = bool(_SENTENCE_END.search(above.text))
    step = above.baseline - line.baseline
    if line.page != above.page or step < -0.5 * leading:  # on a new page, or at the top of a new column
        return ended
    if step > 1.4 * max(leading, line.size):
        return True
    if step < 1.0:  # on the same line, after a wide gap: a column or a table
        return ended
    indent = line.left - above.left
    if 0.7 * line.size < indent < 6 * line.size and (ended or len(paragraph) > 1):
        return True
    return ended and above.right < right_edge - 0.2 * max(right_edge - above.left, 1.0)


def _joined(paragraph: list[_Line]) -> str:
    """The lines one after the other, with a space between them unless the first ends in a divided word."""
    pieces = [paragraph[0].text]
    for above, line in itertools.pairwise(paragraph):
        pieces += ["" if _DIVIDED.search(above.text) else " ", line.text]
    return "".join(pieces)
