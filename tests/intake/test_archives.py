from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from onrecord.errors import FormatError, InputError, UsageError
from onrecord.intake import IntakeSettings
from onrecord.intake.archives import Kind, Page, Place, decode_page, find_kind, find_pages, load_library
from onrecord.model import Document

STORY = "The tram reopened on Monday. Ana Relvas said the brakes were new. Nobody was hurt."
HTML = b"<html><head><title>Tram</title></head><body><article><p>" + STORY.encode() + b"</p></article></body></html>"
AGAIN = "get the archive again"


def answer(body: bytes = HTML, headers: str = "Content-Type: text/html", status: str = "200 OK") -> bytes:
    lines = f"HTTP/1.1 {status}\n{headers.strip()}\n\n".replace("\n\n\n", "\n\n")
    return lines.replace("\n", "\r\n").encode() + body


def record(
    block: bytes, name: str = "a", *, kind: str = "response", length: int | str | None = None, more: str = ""
) -> bytes:
    head = (
        f"WARC/1.0\nWARC-Type: {kind}\nWARC-Target-URI: http://paper.example/{name}\nWARC-Date: 2022-12-12T10:00:00Z\n"
        f"Content-Type: application/http; msgtype=response\n{more}"
        f"Content-Length: {len(block) if length is None else length}\n\n"
    )
    return head.replace("\n", "\r\n").encode() + block + b"\r\n\r\n"


A, B, C = (record(answer(), name) for name in "abc")
PA, PB, PC = map(gzip.compress, (A, B, C))


class Archive:
    """Puts bytes into a file, and takes the pages out: names of the good ones, and what is wrong with the others."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "archive"
        self.skipped: Counter[str] = Counter()

    def find(self, content: bytes, start: Place | None = None, **options: Any) -> list[Page | InputError]:
        self.path.write_bytes(content)
        self.skipped.clear()
        return [page for _, page in find_pages(str(self.path), start, shown="x", skipped=self.skipped, **options)]

    def tell(self, content: bytes, **options: Any) -> list[str]:
        return [
            str(page) if isinstance(page, InputError) else page.url.removeprefix("http://paper.example/")
            for page in self.find(content, **options)
        ]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def lines(*pages: object) -> bytes:
    return b"".join((page if isinstance(page, bytes) else json.dumps(page).encode()) + b"\n" for page in pages)


def page(number: int = 1, **fields: object) -> dict[str, object]:
    return {"url": f"http://paper.example/{number}", "text": STORY, **fields}


# --- WARC -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [A + B + C, PA + PB + PC, gzip.compress(A + B + C), PA + gzip.compress(B + C)])
def test_pages_are_found_packed_or_not(archive: Archive, content: bytes) -> None:
    pages = archive.find(content)
    assert [found.url for found in pages if isinstance(found, Page)] == [f"http://paper.example/{n}" for n in "abc"]
    assert pages[0] == Page("http://paper.example/a", HTML, "text/html", "", "", "2022-12-12")


def test_a_page_becomes_a_document(archive: Archive) -> None:
    html = HTML.replace(b"</p>", f"</p><p>{STORY * 3} “É”</p>".encode() * 3)
    (found,) = archive.find(record(answer(html, "Content-Type: text/html; charset=UTF-8")))
    assert isinstance(found, Page)
    assert found.charset == "UTF-8"
    (document,) = decode_page(found, IntakeSettings())
    assert isinstance(document, Document)
    assert (document.url, document.published) == ("http://paper.example/a", "")
    assert document.text.startswith(STORY)
    assert document.text.endswith("“É”")
    (document,) = decode_page(found, IntakeSettings(published="2022-12-11"))
    assert isinstance(document, Document)
    assert document.published == "2022-12-11"


WRONG = "the record of http://paper.example/w has a wrong length"
UNLIMITED = record(answer(), "w", length=10**17)
DAMAGE = {
    "cut off": (A + B[:-100], ["a", f"x, byte {len(A)}: the record of http://paper.example/b breaks off: "]),
    "cut off, packed": (PA + PB[:-40], ["a", f"x, byte {len(PA)}: the record of http://paper.example/b breaks"]),
    "the last bytes are gone": (PA + PB[:-4], ["a", f"x, byte {len(PA)}: the record of http://paper.example/b breaks"]),
    "a hole": (PA + PB[:60] + bytes(20) + PB[80:] + PC, ["a", f"x, byte {len(PA)}: ", "c"]),
    "a wrong sum": (PA + PB[:-8] + b"abcd" + PB[-4:] + PC, ["a", f"x, byte {len(PA)}: ", "c"]),
    "rubbish": (A + b"rubbish\r\n" * 9 + B, ["a", f"x, byte {len(A)}: the archive holds something that is no", "b"]),
    "rubbish, packed": (PA + b"rubbish" * 30 + PB, ["a", f"x, byte {len(PA)}: the archive is damaged here", "b"]),
    "rubbish inside": (gzip.compress(A + b"rubbish") + PB, ["a", "x, byte 0, record 2: the archive holds some", "b"]),
    "too short": (A + record(answer(), "w", length=100) + C, ["a", f"x, byte {len(A)}: {WRONG}", "c"]),
    "too long": (A + record(answer(), "w", length=300) + C, ["a", f"x, byte {len(A)}: {WRONG}", "c"]),
    "too short, packed": (
        PA + gzip.compress(record(answer(), "w", length=100)) + PC,
        ["a", f"x, byte {len(PA)}: {WRONG}", "c"],
    ),
    "too long, packed": (
        PA + gzip.compress(record(answer(), "w", length=999)) + PC,
        ["a", f"x, byte {len(PA)}: the record of http://paper.example/w breaks off: ", "c"],
    ),
    "endless": (A + UNLIMITED + C, ["a", f"x, byte {len(A)}: the record of http://paper.example/w breaks off: ", "c"]),
    "no length": (A + B.replace(b"Content-Length", b"Content-Size") + C, ["a", "x, byte ", "c"]),
    "a negative length": (A + record(answer(), length=-5) + C, ["a", f"x, byte {len(A)}: the archive holds a", "c"]),
    "one long header": (A + record(answer(), more=f"X: {'y' * 999_999}\n") + C, ["a", f"x, byte {len(A)}: ", "c"]),
    "blank lines": (A + b"\r\n" * 70_000 + C, ["a", f"x, byte {len(A) + 8}: the archive holds nothing but", "c"]),
}


@pytest.mark.parametrize(("content", "expected"), DAMAGE.values(), ids=DAMAGE)
def test_what_is_damaged_is_told_and_the_rest_is_read(archive: Archive, content: bytes, expected: list[str]) -> None:
    told = archive.tell(content)
    assert len(told) == len(expected), told
    for found, begins in zip(told, expected, strict=True):
        assert found.startswith(begins)
        assert found.endswith(AGAIN) == (len(begins) > 1)


@pytest.mark.parametrize("content", [content for content, _ in DAMAGE.values()] + [gzip.compress(A + B + C)])
def test_reading_begins_at_any_place(archive: Archive, content: bytes) -> None:
    archive.path.write_bytes(content)
    found = list(find_pages(str(archive.path)))
    for number, (place, _) in enumerate(found):
        again = list(find_pages(str(archive.path), place))
        assert [str(page) for _, page in again] == [str(page) for _, page in found[number:]]


@pytest.mark.parametrize("packed", [False, True])
def test_damage_costs_no_more_than_what_it_is_in(archive: Archive, packed: bool) -> None:
    # Every record claims to be as long as all that follows; read to its end each time, this were 160 MB.
    each = len(record(b"x" * 2000, "w", length="000000"))
    content = b"".join(record(b"x" * 2000, "w", length=f"{(400 - n) * each - 999:06}") for n in range(400))
    told = archive.tell(gzip.compress(content) if packed else content)
    assert len(told) == (1 if packed else 400)  # packed together, nobody can say where the next begins


def test_members_in_members_end(archive: Archive) -> None:
    # A member with a wrong sum, whose content is a member with a wrong sum, and so on, none of them compressed.
    content = A
    for _ in range(60):
        packer = zlib.compressobj(0, zlib.DEFLATED, 31)
        content = (packer.compress(content) + packer.flush())[:-8] + b"wrongsum"
        content = record(content, "w")
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    told = archive.tell((packer.compress(content) + packer.flush())[:-8] + b"wrongsum")
    assert 0 < len(told) < 200


def test_memory_stays_flat_whatever_is_in_a_record(archive: Archive) -> None:
    zeros = bytes(60_000_000)
    huge, picture = record(answer(zeros), "w"), record(answer(zeros, "Content-Type: image/png"), "p")
    content = PA + gzip.compress(huge, 1) + gzip.compress(picture, 1) + PB
    del zeros, huge, picture
    tracemalloc.start()
    told = archive.tell(content, max_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    too_large = "(http://paper.example/w): the page is larger than 1 MB; read the part you need by itself"
    assert told == ["a", f"x, byte {len(PA)} {too_large}", "b"]
    assert archive.skipped == {"not HTML": 1}
    assert peak < 10_000_000


def test_what_is_no_page_is_counted(archive: Archive) -> None:
    content = [
        record(b"software: none", kind="warcinfo"),
        record(b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        record(answer(b""), kind="revisit"),
        record(answer(b"\x89PNG", "Content-Type: image/png")),
        record(answer(b"{}", "Content-Type: application/json")),
        record(answer(b"\x00\x01", "")),
        record(answer(status="404 Not Found")),
        record(answer(status="301 Moved")),
        record(answer(), kind=""),
        record(b"20221212 answer", more="").replace(b"http://paper.example/a", b"dns:paper.example"),
        A,
    ]
    expected = {
        "warcinfo records": 1,
        "request records": 1,
        "revisit records": 1,
        "not HTML": 3,
        "status 404": 1,
        "status 301": 1,
        "nameless records": 1,
        "not from the web": 1,
    }
    assert archive.tell(b"".join(content)) == ["a"]
    assert archive.skipped == expected


def test_what_a_server_does_not_say_is_seen(archive: Archive) -> None:
    resource = record(HTML, "r", kind="resource").replace(b"application/http; msgtype=response", b"text/html")
    told = archive.tell(
        record(answer(b"\n<!-- x --><!DOCTYPE html>" + HTML, "Server: s"), "s")
        + record(answer(b"?", "Server: s"), "i", more="WARC-Identified-Payload-Type: text/html\n")
        + record(answer(HTML, "content-TYPE:Application/XHTML+xml;x"), "x")
        + resource
    )
    assert told == ["s", "i", "x", "r"]


def coded(body: bytes, coding: str) -> bytes:
    return answer(body, f"Content-Type: text/html\nContent-Encoding: {coding}")


RAW = zlib.compressobj(wbits=-15)
CHUNKED = "Content-Type: text/html\nTransfer-Encoding: chunked"
CHUNKS = b"5;name=x\r\n<html\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(HTML) - 5, HTML[5:])


@pytest.mark.parametrize(
    "block",
    [
        answer(),
        answer(CHUNKS, CHUNKED),
        answer(HTML, CHUNKED),
        coded(gzip.compress(HTML), "gzip"),
        coded(gzip.compress(HTML), "x-gzip, identity"),
        coded(zlib.compress(HTML), "deflate"),
        coded(RAW.compress(HTML) + RAW.flush(), "deflate"),
        coded(gzip.compress(zlib.compress(HTML)), "Deflate, GZIP"),
        coded(HTML, "gzip"),
        coded(HTML, "br"),
    ],
)
def test_a_body_is_what_the_server_meant(archive: Archive, block: bytes) -> None:
    (found,) = archive.find(record(block))
    assert isinstance(found, Page), found
    assert found.content == HTML


@pytest.mark.parametrize(("coding", "name"), [("br", "brotli"), ("zstd", "zstd")])
def test_newer_codings_are_undone(archive: Archive, coding: str, name: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    packed = pyarrow.Codec(name).compress(HTML, asbytes=True)
    good, bad, bomb = archive.find(
        record(coded(packed, coding))
        + record(coded(packed[:20], coding))
        + record(coded(pyarrow.Codec(name).compress(bytes(9_000_000), asbytes=True), coding)),
        max_bytes=1_000_000,
    )
    assert isinstance(good, Page)
    assert good.content == HTML
    assert "damaged or cut short" in str(bad)
    assert "larger than 1 MB" in str(bomb)


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (answer(CHUNKS[:90], CHUNKED), "was cut short on its way"),
        (answer(b"FFFFFFFF\r\n<html>", CHUNKED), "was cut short on its way"),
        (coded(gzip.compress(HTML)[:60], "gzip"), "is compressed, and damaged or cut short"),
        (coded(b"\x1f\x8b rubbish", "gzip"), "is compressed, and damaged or cut short"),
        (coded(HTML, "rot13"), "is compressed in a way that is not known ('rot13')"),
        (coded(gzip.compress(bytes(1_000_001)), "gzip"), "is larger than 1 MB"),
        (b"\x00\xff rubbish", "holds no answer of a server"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "holds no answer of a server"),
    ],
)
def test_a_body_that_is_damaged_is_refused(archive: Archive, block: bytes, what: str) -> None:
    (found,) = archive.find(record(block), max_bytes=1_000_000)
    assert isinstance(found, FormatError)
    assert what in found.what
    assert (found.where + found.what).count("http://paper.example/a") == 1


def test_a_divided_record_is_refused(archive: Archive) -> None:
    (told,) = archive.tell(record(answer(), more="WARC-Segment-Number: 1\n"))
    assert "the record of http://paper.example/a is divided" in told


def test_addresses_carry_no_credentials(archive: Archive) -> None:
    (found,) = archive.find(A.replace(b"http://paper", b"http://me:secret@paper"))
    assert isinstance(found, Page)
    assert found.url == "http://paper.example/a"


# --- JSON Lines -------------------------------------------------------------------------------------------------------

PAGES = lines(
    page(1), b"", page(2, published="2022-12-12", retrieved="2022-12-13T10:00:00Z"), {"url": " u ", "html": ""}
)


@pytest.mark.parametrize("content", [PAGES, b"\xef\xbb\xbf" + PAGES, gzip.compress(PAGES), PAGES.rstrip(b"\n")])
def test_lines_are_pages(archive: Archive, content: bytes) -> None:
    assert archive.find(content) == [
        Page("http://paper.example/1", STORY.encode(), "text/plain", "utf-8"),
        Page("http://paper.example/2", STORY.encode(), "text/plain", "utf-8", "2022-12-12", "2022-12-13T10:00:00Z"),
        Page("u", b"", "text/html", "utf-8"),
    ]
    for place, found in list(find_pages(str(archive.path))):
        assert next(find_pages(str(archive.path), place)) == (place, found)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"{broken", "the line is broken or incomplete JSON"),
        (b"[1]", "the line is no JSON object"),
        (b"\xff\xfe", "the line is broken or incomplete JSON"),
        (b"[" * 5_000, "the line is broken or incomplete JSON"),
        (b'{"url": "a", "url": "b", "text": "c"}', "the line has the key 'url' twice"),
        (page(title="Tram"), "there is an unknown key, 'title'"),
        (page(text=None), "there is neither html nor text"),
        (page(html=STORY), "there is both html and text"),
        (page(text=7), "text is no text"),
        (page(url=None), "there is no url"),
        (page(url=" "), "there is no url"),
        (page(url=["x"]), "url is no text"),
        (page(text="half \ud800"), "there is half a character in it (an unpaired surrogate)"),
        (page(published="yesterday"), "published is no date: 'yesterday'"),
        (page(published="2022-13-01"), "published is no date: '2022-13-01'"),
        (page(retrieved="20221212"), "retrieved is no date: '20221212'"),
        (b"x" * 100_000, "the page is larger than 0.001 MB"),
        (page(text="x" * 1001), "the page is larger than 0.001 MB"),
        (page(text="é" * 501), "the page is larger than 0.001 MB"),
        (page(text="x" * 100_000), "the page is larger than 0.001 MB"),
    ],
)
def test_a_line_that_is_no_page_is_told_with_its_number(archive: Archive, line: object, what: str) -> None:
    first, bad, last = archive.find(lines(page(1), line, page(3)), max_bytes=1000)
    assert isinstance(first, Page)
    assert isinstance(last, Page)
    assert isinstance(bad, FormatError)
    assert (bad.where, bad.what) == ("x, line 2", what)


def test_packed_lines_that_break_off_are_told(archive: Archive) -> None:
    content = gzip.compress(lines(*(page(n, text=str(n) * n) for n in range(1, 900))))
    *pages, last = archive.find(content[:-30])
    assert 0 < len(pages) < 900
    assert str(last) == f"x, line {len(pages) + 1}: the archive is damaged or breaks off here; {AGAIN}"


# --- Parquet ----------------------------------------------------------------------------------------------------------


def parquet(path: Path, rows: list[dict[str, object]], **options: Any) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    load_library("pyarrow.parquet").write_table(pyarrow.Table.from_pylist(rows), path, **options)
    return path.read_bytes()


def test_rows_are_pages(archive: Archive, tmp_path: Path) -> None:
    rows = [page(n, html=None, published=date(2022, 12, n)) for n in range(1, 24)]
    rows.append({"url": "last", "html": HTML, "retrieved": datetime(2022, 12, 13, 10, tzinfo=UTC)})
    rows.append(page(url=None))
    content = parquet(
        tmp_path / "p", [{"url": None, "html": None, "retrieved": None} | row for row in rows], row_group_size=7
    )
    *pages, last, bad = archive.find(content)
    assert pages == [
        Page(f"http://paper.example/{n}", STORY.encode(), "text/plain", "utf-8", f"2022-12-{n:02}")
        for n in range(1, 24)
    ]
    assert last == Page("last", HTML, "text/html", "", "", "2022-12-13T10:00:00+00:00")
    assert str(bad).startswith("x, row 25: there is no url; ")
    for place, found in list(find_pages(str(archive.path), shown="x")):
        assert str(next(find_pages(str(archive.path), place, shown="x"))) == str((place, found))


def test_columns_are_strict(archive: Archive, tmp_path: Path) -> None:
    (told,) = archive.tell(parquet(tmp_path / "p", [page(title="Tram")]))
    assert told.startswith("x: has an unknown column, 'title'; a page has url, ")
    (told,) = archive.tell(parquet(tmp_path / "p", [{"id": "1", "document": None, "reading": b"{}"}]))
    assert told == "x: holds readings, not pages; add them to a ledger with: onrecord add"
    assert find_kind(str(archive.path)) is Kind.READINGS


def test_damaged_parquet_is_told(archive: Archive, tmp_path: Path) -> None:
    content = parquet(tmp_path / "p", [page(n, text=f"{n}" * 900) for n in range(200)], row_group_size=50)
    (told,) = archive.tell(content[:-200])
    assert told.startswith("x: is damaged Parquet (")
    middle = len(content) // 2
    *good, told = archive.tell(content[:middle] + bytes(2000) + content[middle + 2000 :])
    assert good[:50] == [str(n) for n in range(50)]
    assert told.startswith("x, after row ")


# --- all --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "x: is empty; "),
        (gzip.compress(b""), "x: is empty; "),
        (b"\x1f\x8b\x08 rubbish", "x: is damaged from its beginning on; "),
        (b"hello", "x: is no archive of a kind that is read (WARC, Parquet, or JSON Lines of pages); "),
        (bytes(100), "x: is no archive of a kind that is read"),
    ],
)
def test_what_is_no_archive_is_told(archive: Archive, content: bytes, what: str) -> None:
    (told,) = archive.tell(content)
    assert told.startswith(what)


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(find_pages(str(tmp_path / "missing")))


def test_a_library_that_is_missing_is_one_line() -> None:
    with pytest.raises(UsageError, match=r"read with nothing, which is not installed; .*pip install 'onrecord\[ray\]'"):
        load_library("nothing.here")
