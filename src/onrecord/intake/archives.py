"""Archives of pages: WARC, Parquet and JSON Lines, page by page, from any place in the file.

An archive is read in parts, on many machines, by whoever gets the part: a `Place` says where to go on. What is damaged
becomes an error in its place, and reading goes on behind it. WARC is read here and by no library: those that there are
take a record that breaks off for a whole one, and stop at the first that is damaged (decision 9).
"""

from __future__ import annotations

import contextlib
import gzip
import importlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import count
from typing import IO, Any, NamedTuple

from onrecord.errors import FormatError, InputError, NoArticle, UsageError
from onrecord.intake import IntakeSettings, decode_documents
from onrecord.model import Document

MOST_PAGE_BYTES = IntakeSettings().max_bytes

_CHUNK = 65_536  # bytes that are read, or unpacked, at a time
_WINDOW = 1 << 20  # bytes that are searched at a time for the next record
_LONGEST_HEAD = 262_144  # bytes of one record's headers; real ones have hundreds
_ESCAPED = 6  # bytes that a character of a page may take in JSON: \u00e9
_ROWS = 16  # of Parquet at a time
_GZIP = b"\x1f\x8b\x08"

_VERSION = re.compile(rb"WARC/\d\.\d{1,2}[ \t]*\r?\n")
_NEXT_RECORD = re.compile(rb"\nWARC/\d\.\d{1,2}[ \t]*\r?\n[A-Za-z-]{1,40}:")
_HTTP = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]{1,9}(\d{3})\b[^\n]*\n")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_MARKUP = re.compile(
    rb"\s{0,1000}(?:<\?xml[^>]{0,200}>\s{0,1000})?(?:<!--.{0,500}?-->\s{0,1000})?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d.{0,30}", re.ASCII)

_KEYS = ("url", "html", "text", "published", "retrieved")
_WANTED = "a page has url, html or text, and, if known, published and retrieved"
_HOLDS_READINGS = frozenset({"id", "document", "reading"})
_AGAIN = "get the archive again"


class Kind(StrEnum):
    """The archives that are read, and Parquet that holds readings already."""

    WARC = "WARC"
    PARQUET = "Parquet of pages"
    LINES = "JSON Lines"
    READINGS = "Parquet of readings"


class Place(NamedTuple):
    """Where in an archive a page stands, so that reading can begin there.

    Attributes:
        offset: of what can be gone to directly: bytes, or, in Parquet, row groups.
        skip: pages, lines or rows to pass over from there; 0 unless several are packed together.
        number: of the line or row, from 1; 0 in WARC.
    """

    offset: int = 0
    skip: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page as an archive holds it.

    Attributes:
        url: its address.
        content: the page, no longer packed in any way.
        media_type: as a server, or the archive, named it.
        charset: likewise.
        published: ISO 8601, if the archive says so; else empty.
        retrieved: ISO 8601, the day on which it was taken; empty if the archive does not say.
    """

    url: str
    content: bytes
    media_type: str
    charset: str = ""
    published: str = ""
    retrieved: str = ""


def load_library(name: str) -> Any:
    """A library that only archives need.

    Raises:
        UsageError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        what = f"archives are read with {name.partition('.')[0]}, which is not installed"
        raise UsageError(f"{what}; install it with: pip install 'onrecord[ray]'") from None


def decode_page(page: Page, settings: IntakeSettings) -> Iterator[Document | InputError]:
    """Takes in a page of an archive; nothing is fetched."""
    settings = replace(settings, published=settings.published or page.published)
    yield from decode_documents(
        page.content, url=page.url, media_type=page.media_type, charset=page.charset, settings=settings
    )


def find_kind(path: str) -> Kind:
    """What kind of archive a file is, by its first bytes and, of Parquet, by its columns.

    Raises:
        InputError: it is none, or is empty.
        OSError: it cannot be opened.
    """
    with open(path, "rb") as stream:  # noqa: PTH123 - the path stays as the user wrote it
        head = stream.read(_CHUNK)
        if head.startswith(b"PAR1"):
            return _kind_of_parquet(stream, path)
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(31).decompress(head, 64)
        except zlib.error:
            raise FormatError("is damaged from its beginning on", path, _AGAIN) from None
    if not head.strip():
        raise NoArticle("is empty", path, _AGAIN)
    if head.startswith(b"WARC/"):
        return Kind.WARC
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return Kind.LINES
    what = "is no archive of a kind that is read (WARC, Parquet, or JSON Lines of pages)"
    raise FormatError(what, path, "reports that are files of their own are read without --engine")


def find_pages(
    path: str,
    start: Place | None = None,
    *,
    shown: str = "",
    max_bytes: int = MOST_PAGE_BYTES,
    skipped: Counter[str] | None = None,
) -> Iterator[tuple[Place, Page | InputError]]:
    """The pages of an archive in their order, lazily; one that cannot be read is the error that says why.

    The same file gives the same pages at the same places, wherever it is begun.

    Args:
        path: the archive.
        start: where to begin; None is the beginning.
        shown: what the archive is called in errors; empty takes the path.
        max_bytes: the largest page, unpacked.
        skipped: counts what is passed over because it is no page, by why.

    Yields:
        Each page with its place.

    Raises:
        OSError: the file cannot be opened or read.
        UsageError: a library that it needs is not installed.
    """
    skipped = Counter() if skipped is None else skipped
    shown = shown or path
    try:
        kind = find_kind(path)
        if kind is Kind.READINGS:
            raise FormatError("holds readings, not pages", path, "add them to a ledger with: onrecord add")
    except InputError as error:
        yield Place(), type(error)(error.what, shown, error.hint)
        return
    with open(path, "rb") as stream:  # noqa: PTH123 - the path stays as the user wrote it
        match kind:
            case Kind.WARC:
                yield from _pages_of_warc(stream, start or Place(), shown, max_bytes, skipped)
            case Kind.LINES:
                yield from _pages_of_lines(stream, start or Place(0, 0, 1), shown, max_bytes)
            case _:
                yield from _pages_of_parquet(stream, start or Place(0, 0, 1), shown, max_bytes)


# --- JSON Lines ------------------------------------------------------------------------------------------------------


def _pages_of_lines(
    stream: IO[bytes], start: Place, shown: str, max_bytes: int
) -> Iterator[tuple[Place, Page | InputError]]:
    packed = stream.read(3) == _GZIP
    stream.seek(start.offset)
    lines: IO[bytes] = gzip.GzipFile(fileobj=stream) if packed else stream  # type: ignore[assignment]
    longest = _ESCAPED * max_bytes
    number = start.number - start.skip
    while True:
        place = Place(0, number - 1, number) if packed else Place(stream.tell(), 0, number)
        where = f"{shown}, line {number}"
        try:
            line = lines.readline(longest)
            is_whole = len(line) < longest or line.endswith(b"\n")
            while not is_whole and (rest := lines.readline(_CHUNK)):
                is_whole = rest.endswith(b"\n")
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield place, FormatError("the archive is damaged or breaks off here", where, _AGAIN)
            return
        if not line:
            return
        number += 1
        if place.skip < start.skip or not line.strip():
            continue
        try:
            if len(line) == longest:
                raise _too_large(where, max_bytes)
            yield place, _page_of(_load_line(line, where), where, max_bytes)
        except InputError as error:
            yield place, error


def _load_line(line: bytes, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line.removeprefix(b"\xef\xbb\xbf"), object_pairs_hook=_each_key_once)
    except (ValueError, RecursionError) as error:
        twice = isinstance(error, _Twice)
        what = f"the line has the key {error!s} twice" if twice else "the line is broken or incomplete JSON"
        raise FormatError(what, where, _AGAIN) from None
    if not isinstance(value, dict):
        raise FormatError("the line is no JSON object", where, _WANTED)
    return value


class _Twice(ValueError):  # noqa: N818 - a key on its way to becoming a FormatError
    pass


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice(next(repr(name[:40]) for name, times in Counter(name for name, _ in pairs).items() if times > 1))
    return found


def _page_of(fields: dict[str, Any], where: str, max_bytes: int) -> Page:
    """A page from a line or a row; strict, since a misspelt key would silently lose what stands under it."""
    known = {name: value for name, value in fields.items() if value is not None}
    if unknown := next((name for name in fields if name not in _KEYS), None):
        raise FormatError(f"there is an unknown key, {unknown[:40]!r}", where, _WANTED)
    texts = [name for name in ("html", "text") if name in known]
    if len(texts) != 1:
        raise FormatError(f"there is {'both html and' if texts else 'neither html nor'} text", where, _WANTED)
    for name, value in known.items():
        if not isinstance(value, str) and not (name in texts and isinstance(value, bytes)):
            raise FormatError(f"{name} is no text", where, _WANTED)
    url = _without_credentials(known.get("url", "").strip())
    if not url:
        raise FormatError("there is no url", where, _WANTED)
    content, charset = known[texts[0]], ""
    try:
        url.encode()
        if isinstance(content, str):
            content, charset = content.encode(), "utf-8"
    except UnicodeEncodeError:
        raise FormatError("there is half a character in it (an unpaired surrogate)", where, _AGAIN) from None
    if len(content) > max_bytes:
        raise _too_large(where, max_bytes)
    return Page(
        url=url,
        content=content,
        media_type="text/html" if texts == ["html"] else "text/plain",
        charset=charset,
        published=_date_of(known, "published", where),
        retrieved=_date_of(known, "retrieved", where),
    )


def _date_of(fields: dict[str, Any], name: str, where: str) -> str:
    written: str = fields.get(name, "").strip().replace(" ", "T", 1)
    try:
        if written and not _DATE.fullmatch(written):
            raise ValueError(written)
        if len(written) > len("2022-12-12"):
            datetime.fromisoformat(written)
        elif written:
            date.fromisoformat(f"{written}-01-01"[:10])
    except ValueError:
        raise FormatError(
            f"{name} is no date: {written[:40]!r}", where, "write it as in ISO 8601, 2022-12-12"
        ) from None
    return written


def _too_large(where: str, max_bytes: int) -> FormatError:
    return FormatError(f"the page is larger than {max_bytes / 1e6:g} MB", where, "read the part you need by itself")


def _without_credentials(url: str) -> str:
    return re.sub(r"(?<=//)[^/?#]*@", "", url, count=1)


# --- Parquet ---------------------------------------------------------------------------------------------------------


def _kind_of_parquet(stream: IO[bytes], path: str) -> Kind:
    with _telling_damage(path):
        names = set(load_library("pyarrow.parquet").ParquetFile(stream).schema_arrow.names)
    if names >= _HOLDS_READINGS:
        return Kind.READINGS
    if unknown := next((name for name in sorted(names) if name not in _KEYS), None):
        raise FormatError(f"has an unknown column, {unknown[:40]!r}", path, _WANTED)
    return Kind.PARQUET


def _pages_of_parquet(
    stream: IO[bytes], start: Place, shown: str, max_bytes: int
) -> Iterator[tuple[Place, Page | InputError]]:
    place = start
    try:
        with _telling_damage(shown):
            archive = load_library("pyarrow.parquet").ParquetFile(stream)
            number = start.number - start.skip
            for group in range(start.offset, archive.num_row_groups):
                rows = (
                    row
                    for batch in archive.iter_batches(batch_size=_ROWS, row_groups=[group], use_threads=False)
                    for row in batch.to_pylist()
                )
                for skip, row in enumerate(rows):
                    place = Place(group, skip, number)
                    number += 1
                    if group > start.offset or skip >= start.skip:
                        yield place, _page_of_row(row, f"{shown}, row {place.number}", max_bytes)
    except FormatError as error:
        yield place, FormatError(error.what, f"{shown}, after row {place.number}", error.hint)


def _page_of_row(row: dict[str, Any], where: str, max_bytes: int) -> Page | InputError:
    # Columns of dates and times are what they say; everything else stays what it is, and is refused if it is no text.
    fields = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    try:
        return _page_of(fields, where, max_bytes)
    except InputError as error:
        return error


@contextlib.contextmanager
def _telling_damage(where: str) -> Iterator[None]:
    """Turns whatever pyarrow raises on damaged files into a `FormatError`."""
    try:
        yield
    except (UsageError, InputError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno:  # the system's own; pyarrow's, on what is in a file, have none
            raise
        why = " ".join(str(error).split())[:100]
        raise FormatError(f"is damaged Parquet ({why})", where, _AGAIN) from None


# --- WARC ------------------------------------------------------------------------------------------------------------


class _Damage(Exception):  # noqa: N818 - a reason on its way to becoming a FormatError
    """Why a record cannot be read."""


class _Record(NamedTuple):
    """A record, or why it is none; of its block as much as was asked for."""

    place: Place
    headers: dict[str, str]
    length: int
    block: bytes
    damage: str = ""


def _pages_of_warc(
    stream: IO[bytes], start: Place, shown: str, max_bytes: int, skipped: Counter[str]
) -> Iterator[tuple[Place, Page | InputError]]:
    packed = stream.read(3) == _GZIP
    find_records = _packed_records if packed else _plain_records
    # A page arrives packed, chunked and with headers: what is larger than this is a larger page, too.
    for record in find_records(stream, start, max_bytes + _LONGEST_HEAD):
        where = f"{shown}, byte {record.place.offset}"
        where += f", record {record.place.skip + 1}" if record.place.skip else ""
        try:
            if record.damage:
                of = f"the record of {record.headers['warc-target-uri']}" if record.headers else "the archive"
                raise FormatError(f"{of} {record.damage}", where, _AGAIN)
            page = _page_of_record(record, where, max_bytes)
        except InputError as error:
            yield record.place, error
            continue
        if isinstance(page, str):
            skipped[page] += 1
        else:
            yield record.place, page


def _plain_records(stream: IO[bytes], start: Place, longest: int) -> Iterator[_Record]:
    """The records of an archive that is not packed.

    Whether a length is right is seen at its end, before anything is read of it: a file in which every length is wrong
    would else be read over and over.
    """
    size = stream.seek(0, 2)
    at = start.offset
    while at < size:
        stream.seek(at)
        headers: dict[str, str] = {}
        length = -1
        try:
            found, length = _read_head(stream.readline)
            if length < 0:
                return
            block = stream.tell()
            headers = _named(found)
            if block + length > size:
                raise _Damage(f"breaks off: {size - block:,} of {length:,} bytes are there")
            stream.seek(block + length)
            following = stream.read(_SEPARATOR)
            if not _is_end(following):
                raise _Damage("has a wrong length")
        except _Damage as damage:
            here = Place(at)
            at = _find_next_record(stream, stream.tell() if length < 0 else block)
            yield _Record(here, headers, 0, b"", str(damage))
            continue
        stream.seek(block)
        yield _Record(Place(at), found, length, stream.read(min(length, longest)) if _is_read(found) else b"")
        at = block + length + len(following) - len(following.lstrip(b"\r\n"))


def _packed_records(stream: IO[bytes], start: Place, longest: int) -> Iterator[_Record]:
    """The records of a packed archive, which should be one member each, and are if it can be begun anywhere."""
    at, skip = start.offset, start.skip
    while at >= 0:
        member = _Member(stream, at)
        for index in count():
            headers: dict[str, str] = {}
            block = b""
            damage = ""
            try:
                found, length = _read_head(member.line)
                if length < 0:
                    break
                headers = _named(found)
                if _is_read(found):
                    block = member.take(min(length, longest))
                passed = len(block) + member.skip(length - len(block))
                if passed < length:
                    raise _Damage(f"breaks off: {passed:,} of {length:,} bytes are there")
                if not _is_end(member.peek(_SEPARATOR)):
                    raise _Damage("has a wrong length")
            except _Damage as reason:
                damage = str(reason)
            if index >= skip:
                place = Place(at, index)
                yield _Record(place, headers, 0, b"", damage) if damage else _Record(place, found, length, block)
            if damage:
                break
        at, skip = member.find_next(), 0


_SEPARATOR = 12  # bytes between two records, two line breaks, and what the next begins with


def _is_end(following: bytes) -> bool:
    """Whether a record ends where it says: before two line breaks, by the standard, or the next one, or nothing."""
    rest = following.lstrip(b"\r\n")
    return following.startswith(b"\r\n\r\n") or not rest or rest.startswith(b"WARC/"[: len(rest)])


def _read_head(read_line: Callable[[int], bytes]) -> tuple[dict[str, str], int]:
    """The headers of a record, by their names in small letters, and its length; -1 at the end of all."""
    line = b"\n"
    blank = 0
    while line and not line.strip(b"\r\n"):
        line = read_line(_CHUNK)
        blank += 1
        if blank > _CHUNK:
            raise _Damage("holds nothing but blank lines")
    if not line:
        return {}, -1
    if not _VERSION.fullmatch(line):
        raise _Damage("holds something that is no WARC record")
    headers: dict[str, str] = {}
    name = ""
    total = len(line)
    while line.strip(b"\r\n"):
        line = read_line(_CHUNK)
        total += len(line)
        if not line:
            raise _Damage("holds a record that breaks off in its headers")
        if total > _LONGEST_HEAD:
            raise _Damage("holds a record with too many headers")
        text = line.decode("utf-8", "replace")
        if text[0] in " \t" and name:
            headers[name] += f" {text.strip()}"
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        headers[name] = value.strip()
    length = headers.get("content-length", "")
    if not re.fullmatch(r"\d{1,18}", length, re.ASCII):
        raise _Damage("holds a record that does not say how long it is")
    return headers, int(length)


def _named(headers: dict[str, str]) -> dict[str, str]:
    """The headers of a record that has an address: messages name it by that; else none."""
    return headers if headers.get("warc-target-uri") else {}


def _find_next_record(stream: IO[bytes], at: int) -> int:
    """The offset of the next thing that looks like a record, from an offset on; the file's size if there is none."""
    at = max(at - 1, 0)  # the line break before it
    while True:
        stream.seek(at)
        window = stream.read(_WINDOW)
        if found := _NEXT_RECORD.search(window):
            return at + found.start() + 1
        if len(window) < _WINDOW:
            return at + len(window)
        at += len(window) - 80  # longer than what is looked for


class _Member:
    """One member of a gzip file, unpacked as far as it is needed and never far ahead."""

    def __init__(self, stream: IO[bytes], at: int) -> None:
        stream.seek(at)
        self._stream = stream
        self._at = at
        self._unpacked = bytearray()
        self._packed = b""
        self._gzip = zlib.decompressobj(31)
        self._fed = at
        self._is_damaged = False

    def line(self, longest: int) -> bytes:
        """A line, or as much of it as that."""
        seen = 0
        while (end := self._unpacked.find(b"\n", seen)) < 0 and len(self._unpacked) < longest:
            seen = len(self._unpacked)
            if not self._unpack():
                break
        return self._take(min(end + 1 if end >= 0 else longest, longest))

    def take(self, length: int) -> bytes:
        """That many bytes, or fewer at the member's end."""
        while len(self._unpacked) < length and self._unpack():
            pass
        return self._take(length)

    def peek(self, length: int) -> bytes:
        """What follows, without taking it."""
        while len(self._unpacked) < length and self._unpack():
            pass
        return bytes(self._unpacked[:length])

    def skip(self, length: int) -> int:
        """Passes over bytes; how many there were."""
        left = length
        while left > 0 and (self._unpacked or self._unpack()):
            left -= len(self._take(min(left, _CHUNK)))
        return length - left

    def find_next(self) -> int:
        """The offset of the next member, or of what stands in its place; -1 at the end."""
        try:
            while not self._is_damaged and self._unpack():
                self._unpacked.clear()
        except _Damage:
            pass
        if self._is_damaged:
            # What is damaged can make more of itself than there is: the next may lie a little back, and never far.
            return self._find(max(self._at + 1, self._fed - 2 * _CHUNK))
        end = self._fed - len(self._gzip.unused_data)
        self._stream.seek(end)
        return end if self._stream.read(1) else -1

    def _take(self, length: int) -> bytes:
        taken = bytes(self._unpacked[:length])
        del self._unpacked[:length]
        return taken

    def _unpack(self) -> bool:
        """Unpacks some more; whether there was any."""
        before = len(self._unpacked)
        while len(self._unpacked) == before and not self._gzip.eof:
            if not self._packed:
                self._packed = self._stream.read(_CHUNK)
                self._fed += len(self._packed)
                if not self._packed:
                    self._is_damaged = True
                    raise _Damage("breaks off here")
            try:
                self._unpacked += self._gzip.decompress(self._packed, _CHUNK)
            except zlib.error:
                self._is_damaged = True
                raise _Damage("is damaged here") from None
            self._packed = self._gzip.unconsumed_tail
        return len(self._unpacked) > before

    def _find(self, at: int) -> int:
        while True:
            self._stream.seek(at)
            window = self._stream.read(_WINDOW)
            for found in re.finditer(_GZIP, window):
                start = window[found.start() : found.start() + 4096]
                try:
                    if zlib.decompressobj(31).decompress(start, 5) == b"WARC/":
                        return at + found.start()
                except zlib.error:
                    continue
            if len(window) < _WINDOW:
                return -1
            at += len(window) - 4096  # what began within them could not be told


# --- what is in a record ---------------------------------------------------------------------------------------------


def _is_read(headers: dict[str, str]) -> bool:
    """Whether a record can hold a page."""
    return headers.get("warc-type", "").lower() in ("response", "resource")


def _page_of_record(record: _Record, where: str, max_bytes: int) -> Page | str:
    """The page in a record, or why there is none."""
    kind = record.headers.get("warc-type", "").lower()
    if not _is_read(record.headers):
        return f"{kind[:40] or 'nameless'} records"
    url = _without_credentials(record.headers.get("warc-target-uri", "").strip("<> "))
    media = record.headers.get("content-type", "").lower()
    status, http, body = 200, {"content-type": media}, record.block
    if kind == "response":
        if not url.lower().startswith(("http:", "https:")):
            return "not from the web"
        status, http, body = _split_http(record.block, url, where)
    media_type = http.get("content-type", "").partition(";")[0].strip().lower()
    # A server that does not say what it sends: archives look for themselves.
    media_type = media_type or record.headers.get("warc-identified-payload-type", "").lower()
    if media_type not in _HTML_TYPES and (media_type or not _MARKUP.match(body[:2048])):
        return "not HTML"
    if not 200 <= status < 300:
        return f"status {status}"
    if not url:
        raise FormatError("the record has no address", where, _AGAIN)
    if "warc-segment-number" in record.headers:
        what = f"the record of {url} is divided, and divided records are not put together"
        raise FormatError(what, where, "fetch the page again")
    if len(record.block) < record.length:
        raise _too_large(f"{where} ({url})", max_bytes)
    charset = _CHARSET.search(http.get("content-type", ""))
    return Page(
        url=url,
        content=_unpacked(body, http, url, where, max_bytes),
        media_type="text/html",
        charset=charset.group(1) if charset else "",
        retrieved=_day_of(record.headers.get("warc-date", "")),
    )


def _day_of(written: str) -> str:
    try:
        return date.fromisoformat(written[:10]).isoformat()
    except ValueError:
        return ""


def _split_http(block: bytes, url: str, where: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    status = _HTTP.match(block)
    end = re.compile(rb"\n\r?\n").search(block, status.end() - 1, _LONGEST_HEAD) if status else None
    if status is None or end is None:
        raise FormatError(f"the record of {url} holds no answer of a server", where, _AGAIN)
    headers: dict[str, str] = {}
    for line in block[status.end() : end.start()].decode("latin-1").split("\n"):
        name, _, value = line.partition(":")
        name = name.strip().lower()
        headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
    return int(status.group(1)), headers, block[end.end() :]


def _unpacked(body: bytes, http: dict[str, str], url: str, where: str, max_bytes: int) -> bytes:
    """A body as the server meant it; many archives have unpacked it already, and kept the headers."""
    if "chunked" in http.get("transfer-encoding", "").lower() and _CHUNK_SIZE.match(body):
        body = _without_chunks(body, url, where)
    codings = [coding.strip().lower() for coding in http.get("content-encoding", "").split(",")]
    for coding in reversed(codings):
        if coding in ("", "identity"):
            continue
        try:
            body = _without_coding(body, coding, max_bytes)
        except UsageError:
            raise
        except LookupError:
            what = f"the page {url} is compressed in a way that is not known ({coding[:20]!r})"
            raise FormatError(what, where, "fetch the page again") from None
        except Exception as error:
            if not _MARKUP.match(body[:2048]):
                what = f"the page {url} is compressed, and damaged or cut short"
                raise FormatError(what, where, "fetch the page again") from error
    if len(body) > max_bytes:
        raise _too_large(f"{where} ({url})", max_bytes)
    return body


def _without_chunks(body: bytes, url: str, where: str) -> bytes:
    pieces = bytearray()
    at = 0
    while found := _CHUNK_SIZE.match(body, at):
        size = int(found.group(1), 16)
        if size == 0:
            return bytes(pieces)
        at = found.end() + size
        pieces += body[found.end() : at]
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
    raise FormatError(f"the page {url} was cut short on its way", where, "fetch the page again")


def _without_coding(body: bytes, coding: str, max_bytes: int) -> bytes:
    """The body without one coding, or the first bytes that are too many.

    Raises:
        LookupError: nobody knows this coding.
        Exception: the body is not coded so, or breaks off.
    """
    if coding in ("br", "zstd"):
        pyarrow = load_library("pyarrow")
        name = "brotli" if coding == "br" else coding
        with pyarrow.CompressedInputStream(pyarrow.BufferReader(body), name) as stream:
            return bytes(stream.read(max_bytes + 1))
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise LookupError(coding)
    # Servers that say deflate send it with and without the frame of zlib.
    bits = 31 if coding != "deflate" else 15 if body[:1] in (b"\x78", b"\x58") else -15
    unpacker = zlib.decompressobj(bits)
    unpacked = unpacker.decompress(body, max_bytes + 1)
    if not unpacker.eof and len(unpacked) <= max_bytes:
        raise EOFError(coding)
    return unpacked
