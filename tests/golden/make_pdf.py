"""Writes the PDF among the example reports from its golden text.

One font, no compression, no date and no random id: the same text gives the same bytes. Run it after changing the text::

    python tests/golden/make_pdf.py
"""

from __future__ import annotations

import textwrap
from pathlib import Path

GOLDEN = Path(__file__).parent
REPORTS = GOLDEN.parent.parent / "src" / "onrecord" / "examples" / "reports"
HEADER = "Ostrey Institute for War Studies"
LINES_A_PAGE = 22


def encode_pdf(title: str, byline: str, paragraphs: list[str]) -> bytes:
    """A PDF 1.4 with a text layer: a title, a byline and wrapped paragraphs, each page with header and footer."""
    rows = [(16, title), (0, ""), (10, byline), (0, "")]
    for paragraph in paragraphs:
        rows += [(11, line) for line in textwrap.wrap(paragraph, 88)] + [(0, "")]
    pages = [rows[at : at + LINES_A_PAGE] for at in range(0, len(rows), LINES_A_PAGE)]

    fonts = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        fonts,
    ]
    for number, page in enumerate(pages, start=1):
        content = [_line(9, 72, 800, HEADER), _line(9, 72, 40, f"Page {number} of {len(pages)}")]
        content += [_line(size, 72, 760 - 18 * at, words) for at, (size, words) in enumerate(page) if words]
        stream = b"\n".join(content)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {len(objects) + 2} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")
    objects.append(
        f"<< /Title ({title}) /Author ({byline.removeprefix('By ').partition(',')[0]}) "
        f"/CreationDate (D:20240319180000+00'00') >>".encode("cp1252")
    )

    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(out)


def _line(size: int, x: int, y: int, words: str) -> bytes:
    """One line of text at a point of the page, in points from its lower left corner."""
    escaped = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 %d Tf %d %d Td (%s) Tj ET" % (size, x, y, escaped)


if __name__ == "__main__":
    text = (GOLDEN / "11-ostrey-assessment.txt").read_text(encoding="utf-8")
    pdf = encode_pdf("Daily assessment, March 19, 2024", "By Runa Selk, senior analyst", text.split("\n\n"))
    (REPORTS / "11-ostrey-assessment.pdf").write_bytes(pdf)
