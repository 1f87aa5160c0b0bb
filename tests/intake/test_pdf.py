from __future__ import annotations

import pytest

from onrecord.errors import FormatError
from onrecord.intake.pdf import decode_pdf
from onrecord.model import Reason

Drawn = tuple[float, float, float, str]  # x, y, size, text


def make_pdf(*pages: list[Drawn], title: str = "", locked: bool = False) -> bytes:
    """A PDF by hand: each page is a list of lines with their places in points."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % title.encode("latin-1"),
    ]
    for number, page in enumerate(pages):
        drawing = b"".join(
            b"BT /F1 %g Tf %g %g Td (%s) Tj ET\n"
            % (size, x, y, text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)"))
            for x, y, size, text in page
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (6 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
    body = b"%PDF-1.4\n"
    offsets = []
    for number, source in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, source)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"/Size %d /Root 1 0 R /Info 4 0 R" % (len(objects) + 1)
    if locked:  # with no password that anybody knows
        secrets = (b"41" * 32, b"42" * 32)
        trailer += b" /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % secrets
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return body + table + b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF" % (trailer, len(body))


def column(*lines: str, x: float = 72, y: float = 700, size: float = 11) -> list[Drawn]:
    """Lines one below the other."""
    return [(x, y - 14 * number, size, line) for number, line in enumerate(lines)]


def kept(content: bytes) -> list[str]:
    return [text for text, reason in decode_pdf(content, where="x.pdf").pieces if reason is None]


def test_lines_become_paragraphs() -> None:
    page = [
        *column("Ferry office reopens after storm", size=18, y=760),
        *column(
            "The harbour master said on Tuesday that the ferries would sail again",
            "from noon and that nobody was hurt.",
        ),
        *column("“We were lucky,” she told reporters (and laughed).", y=640),
    ]
    assert kept(make_pdf(page)) == [
        "Ferry office reopens after storm",
        "The harbour master said on Tuesday that the ferries would sail again from noon and that nobody was hurt.",
        "“We were lucky,” she told reporters (and laughed).",
    ]


def test_an_indented_line_and_the_line_after_a_short_one_begin_paragraphs() -> None:
    page = [
        *column(
            "The council met in the old customs house on Monday evening.",
            "It sat until midnight.",
            "Nothing of what it said was written down by the clerk.",
        ),
        *column("An indented line begins a paragraph although the line above", x=84, y=658),
        *column("it is full.", y=644),
    ]
    assert kept(make_pdf(page)) == [
        "The council met in the old customs house on Monday evening. It sat until midnight.",
        "Nothing of what it said was written down by the clerk.",
        "An indented line begins a paragraph although the line above it is full.",
    ]


def test_a_divided_word_keeps_its_hyphen() -> None:
    """Whether the word has one of its own, only its author knows."""
    page = column("The minister said that the long-", "term plan was for mili-", "tary users.")
    assert kept(make_pdf(page)) == ["The minister said that the long-term plan was for mili-tary users."]


def test_heads_feet_and_page_numbers_are_cut_and_shown() -> None:
    pages = [
        [
            (72, 800, 9, f"Harbour Letter No. {number}"),
            *column(
                f"Paragraph {number} begins here and says that the ferries sail", "on every day of the week but Sunday."
            ),
            (290, 30, 9, f"Page {number} of 3"),
        ]
        for number in (1, 2, 3)
    ]
    pieces = decode_pdf(make_pdf(*pages), where="x.pdf").pieces
    assert [(text, reason) for text, reason in pieces if reason] == [
        pair
        for number in (1, 2, 3)
        for pair in ((f"Harbour Letter No. {number}", Reason.REPEATED), (f"Page {number} of 3", Reason.NAVIGATION))
    ]


def test_a_paragraph_goes_on_over_the_page_and_its_foot() -> None:
    pages = [
        [*column("The clerk said that the minutes would be"), (290, 30, 9, "1")],
        [*column("published on Friday."), (290, 30, 9, "2")],
    ]
    assert kept(make_pdf(*pages)) == ["The clerk said that the minutes would be published on Friday."]


def test_lines_of_the_text_that_look_alike_are_kept() -> None:
    """Only what a gap sets apart from the text can be a head or a foot."""
    pages = [column(*(f"Witness {number} said that the light was green.", "He said no more.")) for number in (1, 2)]
    assert len(" ".join(kept(make_pdf(*pages))).split("said that")) == 3


def test_the_title_is_believed_if_the_first_page_prints_it() -> None:
    page = [*column("Ferry office reopens", size=18, y=760), *column("The ferries sail again, the office said.")]
    found = decode_pdf(make_pdf(page, title="Ferry office reopens"), where="x.pdf")
    assert found.title == "Ferry office reopens"
    assert found.pieces[0] == ("Ferry office reopens", Reason.REPEATED)
    assert decode_pdf(make_pdf(page, title="Microsoft Word - draft7.doc"), where="x.pdf").title == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (make_pdf([], []), "without a text layer"),
        (make_pdf(column("secret"), locked=True), "locked with a password"),
        (b"%PDF-1.4\nnothing follows", "damaged"),
        (make_pdf(column("cut"))[:400], "damaged"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words) as caught:
        decode_pdf(content, where="x.pdf")
    assert caught.value.where == "x.pdf"
    assert caught.value.hint
