"""The outside world becomes a Document; shows what was cut; the only network code.

An input is an address, a path, a folder or ``-``. `find_documents` takes it in and yields, in order, a `Document` or an
`InputError` for each report in it: one bad page never stops the others.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from onrecord.errors import FetchError, FormatError, InputError, NoArticle
from onrecord.model import Document

if TYPE_CHECKING:
    from onrecord.intake.fetch import Fetched, Fetcher
    from onrecord.intake.formats import Entry

__all__ = [
    "OWN_HEAD",
    "OWN_PAGE",
    "IntakeSettings",
    "count_inputs",
    "decode_documents",
    "find_documents",
    "find_in_entry",
    "find_inputs",
    "is_address",
    "load_input",
    "open_fetcher",
]

STANDARD_INPUT = "-"
MOST_FILE_BYTES = 512_000_000

OWN_PAGE = b'<meta name="generator" content="onrecord">'
"""Stands in the first :data:`OWN_HEAD` bytes of every page that onrecord writes, before anything from a report."""
OWN_HEAD = 4096
# What anybody's page may say of itself is not enough: the whole beginning must be that of our templates.
_OWN_PAGE_BEGINS = (
    rb'\s*<!doctype html>\s*<html lang="en">\s*<head>\s*<meta charset="utf-8">\s*'
    rb'(?:<meta http-equiv="Content-Security-Policy" content="[^"<>]*">\s*)?'
    rb'<meta name="viewport" content="width=device-width, initial-scale=1">\s*'
    rb'<meta name="color-scheme" content="light dark">\s*<meta name="referrer" content="no-referrer">\s*'
    rb'<meta name="robots" content="noindex">\s*' + re.escape(OWN_PAGE)
)
_ID, _TEXT, _LIST = rb"[0-9a-f]{16}", rb'"(?:[^"\\]|\\.)*"', rb"\[[^\[\]]*\]"
_OWN_BEGINNINGS = (
    ("is a page that onrecord wrote", _OWN_PAGE_BEGINS),
    ("is a ledger that onrecord exported", rb'\{"onrecord":'),
    (
        "is an export of onrecord, jsonl",
        rb'\{"id":"(%b)","address":"[^"]*[:/]\1","is_current":(?:true|false),"who":' % _ID,
    ),
    (
        "is an export of onrecord, jsonld",
        rb'\{"@context":"https://schema\.org","@graph":\[\n\{"@type":"NewsArticle",'
        rb'"@id":"[^"]*(?::document:|/documents/)(%b)","identifier":"\1"' % _ID,
    ),
    (
        "is an export of onrecord, annotations",
        rb'\{"@context":"http://www\.w3\.org/ns/anno\.jsonld","type":"AnnotationCollection","first":\{'
        rb'"type":"AnnotationPage","startIndex":0,"items":\[\n\{"id":"[^"]*","type":"Annotation","motivation":[^{}]*,'
        rb'"generator":\{"type":"Software","name":"onrecord ',
    ),
    ("is an export of onrecord, ftm", rb'\{"id":"onrecord-document-%b","schema":"Article","properties":\{' % _ID),
    (
        "is an export of onrecord, stix",
        rb'\{"type":"bundle","objects":\[\n\{"type":"identity","id":"identity--6a8533f0-25da-5a57-b953-7c5328bae7bb"',
    ),
    ("is an export of onrecord, prov", rb'\{"@context":\[\{(?:"[a-z]+":"[^"]*",){5}"run":"urn:onrecord:run:"'),
    (
        "is an export of onrecord, geojson",
        rb'\{"type":"FeatureCollection","features":\[\n\{"type":"Feature","id":"%b","geometry":[^"]*(?:"type":"Point",'
        rb'"coordinates":%b\})?,"properties":\{"name":%b,"words":\[%b(?:,%b)*\],"geonames":[^"]*,"country":%b,'
        rb'"precision":(?:%b|null),"reason":%b,"document":"(%b)","document_address":"[^"]*(?::document:|/documents/)\1"'
        % (_ID, _LIST, *[_TEXT] * 6, _ID),
    ),
)
"""How what onrecord wrote begins, as bytes that nobody writes by chance, and what it is."""
_ROW_OF_NAMES = re.compile(rb"[a-z_]+(?:,[a-z_]+)+\r\n")  # the first row of a table, perhaps one of ours
_GZIP = b"\x1f\x8b"
_OWN_LEDGER = (b"SQLite format 3\0", b"onrc")  # how a ledger begins, and what stands at byte 68 of it
_BELONGS = "belongs to a ledger"  # which is told of itself
_BESIDE_LEDGER = ("-wal", "-shm", "-journal")
_OWN_READINGS = ("manifest.jsonl", b'{"format": 1, "run": ')  # in a folder of readings, which `add` takes by its name

_UNNAMED = "standard input"  # what an input without an address or a path is called in messages


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """How inputs are taken in.

    Attributes:
        allow_private: whether addresses in private and local networks may be fetched.
        timeout_s: seconds for one page.
        max_bytes: the largest page that is fetched, in bytes after decompression.
        max_redirects: redirects followed before giving up.
        as_is: take plain text in UTF-8 and change nothing, so that offsets are offsets into the file.
        fetch_items: fetch the items of a feed that does not give them in full; else take what the feed gives.
        published: the day of publication, ISO 8601; wins over what an input says.
        language: ISO 639-1, or a BCP 47 tag that begins with it; likewise.
    """

    allow_private: bool = False
    timeout_s: float = 20.0
    max_bytes: int = 20_000_000
    max_redirects: int = 5
    as_is: bool = False
    fetch_items: bool = True
    published: str = ""
    language: str = ""


class _Received(NamedTuple):
    """Bytes and what is known of them: type and encoding as a server named them, and whether a feed led to them."""

    content: bytes
    url: str
    media_type: str = ""
    charset: str = ""
    from_feed: bool = False


def open_fetcher(settings: IntakeSettings, *, sleep: Callable[[float], object] = time.sleep) -> Fetcher:
    """What fetches the pages of one run: it remembers each host's robots.txt and its pauses. Close it after use."""
    from onrecord.intake.fetch import Fetcher, FetchSettings

    return Fetcher(
        FetchSettings(
            allow_private=settings.allow_private,
            timeout_s=settings.timeout_s,
            max_bytes=settings.max_bytes,
            max_redirects=settings.max_redirects,
        ),
        sleep=sleep,
    )


def find_documents(
    origin: str,
    *,
    settings: IntakeSettings,
    fetcher: Fetcher | None = None,
    stdin: BinaryIO | None = None,
    on_left_out: Callable[[str, str], object] | None = None,
) -> Iterator[Document | InputError]:
    """Take in one input, lazily.

    Args:
        origin: an address, the path of a file or a folder, or ``-``.
        settings: how.
        fetcher: the run's, for several inputs; by default one is opened when it is needed, and closed.
        stdin: what ``-`` is read from.
        on_left_out: as for `find_inputs`.

    Yields:
        The documents in it, in order; for each that could not be taken in, the error that says why.
    """
    if is_address(origin):
        if settings.as_is:
            from onrecord.intake.fetch import without_credentials

            what = "is an address, and --as-is takes only what is on this machine"
            yield FormatError(what, without_credentials(origin), "leave out --as-is, or save its text in a file")
            return
        if fetcher is not None:
            yield from _find_at_address(origin, settings, fetcher)
            return
        with open_fetcher(settings) as opened:
            yield from _find_at_address(origin, settings, opened)
        return
    for path in _find_paths(origin, on_left_out):
        if isinstance(path, InputError):
            yield path
            continue
        try:
            content = load_input(path, stdin=stdin)
        except InputError as error:
            yield error
            continue
        url = "" if path == STANDARD_INPUT else _address_of(path)
        yield from _decode(_Received(content, url), settings, fetcher)


def decode_documents(
    content: bytes, *, url: str, media_type: str = "", charset: str = "", settings: IntakeSettings | None = None
) -> Iterator[Document | InputError]:
    """Take in bytes that are already here; the items of a feed are taken as given, nothing is fetched.

    Args:
        content: a page, a text, a feed, a mail, a PDF or JSON.
        url: where they came from; may be empty.
        media_type: as a server named it, if one did.
        charset: likewise.
        settings: how.

    Yields:
        As `find_documents`.
    """
    settings = replace(settings or IntakeSettings(), fetch_items=False)
    yield from _decode(_Received(content, url, media_type, charset), settings, None)


def find_in_entry(
    entry: Entry, page: Fetched | FetchError | None, *, url: str, settings: IntakeSettings
) -> Iterator[Document | InputError]:
    """Take in one item of a feed.

    Args:
        entry: the item.
        page: the page behind it; why there is none; None if it was not asked for, so that the feed's word is taken.
        url: what the item is called where it has no address of its own.
        settings: how.

    Yields:
        As `find_documents`. Of an item that cannot be fetched both, the error and what the feed gives: it may be a
        beginning only.
    """
    yield from _settle(_find_in_entry(entry, page, url, settings), url, settings)


def load_input(path: str, *, stdin: BinaryIO | None = None) -> bytes:
    """What is in a file, or in ``stdin`` if the path is ``-``.

    Raises:
        InputError: it cannot be read, or is too large.
    """
    return _read_stream(stdin, _UNNAMED) if path == STANDARD_INPUT else _load_file(path)


def count_inputs(origins: Iterable[str]) -> int:
    """How many inputs there are, folders looked through, for showing progress; opens no connection."""
    return sum(1 for origin in origins for _ in find_inputs(origin))


def find_inputs(origin: str, *, on_left_out: Callable[[str, str], object] | None = None) -> Iterator[str | InputError]:
    """What `origin` stands for, lazily: the files of a folder in order, anything else itself.

    Args:
        origin: an address, the path of a file or a folder, or ``-``.
        on_left_out: is told of what stands in a folder and is left out, since onrecord wrote it: its path, and what it
            is (``is a ledger``).
    """
    if is_address(origin):
        yield origin
    else:
        yield from _find_paths(origin, on_left_out)


def is_address(origin: str) -> bool:
    """Whether `origin` is to be fetched, not opened."""
    return "://" in origin[:20] or origin.lower().startswith(("http:", "https:"))


def _find_at_address(address: str, settings: IntakeSettings, fetcher: Fetcher) -> Iterator[Document | InputError]:
    try:
        page = fetcher.fetch(address)
    except FetchError as error:
        yield error
        return
    yield from _decode(_Received(page.content, page.url, page.media_type, page.charset), settings, fetcher)


def _decode(received: _Received, settings: IntakeSettings, fetcher: Fetcher | None) -> Iterator[Document | InputError]:
    """The documents in some bytes."""
    yield from _settle(_decode_kinds(received, settings, fetcher), received.url, settings)


def _settle(
    results: Iterator[Document | InputError], url: str, settings: IntakeSettings
) -> Iterator[Document | InputError]:
    """What was found, made fit for the caller: every error names the input, and what the user said of it is set."""
    while True:
        try:
            result = next(results, None)
        except InputError as error:
            result = error
        except (RecursionError, MemoryError):
            result = FormatError("is too deeply nested or too large to be read", url, "give a part of it")
        if result is None:
            return
        if isinstance(result, InputError):
            where = result.where if url else _unnamed(result.where)
            yield type(result)(result.what, where, result.hint) if where != result.where else result
        else:
            yield replace(
                result,
                url="" if not url and result.url.startswith("#") else result.url,
                published=settings.published or result.published,
                language=re.split("[-_]", settings.language)[0].lower() or result.language,
            )


def _decode_kinds(
    received: _Received, settings: IntakeSettings, fetcher: Fetcher | None
) -> Iterator[Document | InputError]:
    from onrecord.intake import formats
    from onrecord.intake.formats import Format

    content, url, media_type, charset, from_feed = received
    sniffed = formats.sniff(content, where=url, media_type=media_type, charset=charset)
    if settings.as_is:
        if sniffed.format is not Format.TEXT:
            what = f"is no plain text (kind found: {sniffed.format.value}), which is all that --as-is takes"
            raise FormatError(what, url, "leave out --as-is, or save its text in a file")
        yield _decode_as_is(content, url)
        return
    match sniffed.format:
        case Format.HTML:
            from onrecord.intake.page import find_in_page

            try:
                yield from find_in_page(sniffed.text, url=url)
            except NoArticle as error:
                if is_address(url):
                    raise
                # It does not know where a page came from, and speaks of addresses.
                raise NoArticle(error.what, error.where, error.hint.replace("the address", "the file")) from None
        case Format.TEXT:
            yield formats.decode_plain(sniffed.text, url=url)
        case Format.JSON:
            yield from formats.decode_json(sniffed.text, url=url)
        case Format.FEED if from_feed:
            raise FormatError("is a feed inside a feed, which is not followed", url, "give its address by itself")
        case Format.FEED:
            entries = formats.decode_feed(sniffed.text, url=url)
            yield from _decode_entries(entries, url, settings, fetcher)
        case Format.PDF:
            from onrecord.intake.pdf import decode_pdf

            pdf = decode_pdf(content, where=url)
            yield formats.decode_plain("", url=url, pieces=list(pdf.pieces), title=pdf.title)
        case Format.MAIL:
            from onrecord.intake.mail import decode_mail

            mail = decode_mail(
                content,
                where=url,
                decode=lambda raw, declared: formats.decode_text(raw, declared=declared, where=url),
                flatten=formats.flatten_html,
            )
            yield formats.decode_plain(
                "", url=url, pieces=mail.pieces, title=mail.title, byline=mail.byline, published=mail.published
            )


def _decode_as_is(content: bytes, url: str) -> Document:
    from onrecord.intake.language import identify_language

    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"is not UTF-8 (byte {error.start:,}), so it cannot be taken as it is"
        raise FormatError(what, url, "save it as UTF-8, or leave out --as-is") from error
    return Document(url=url, text=text, language=identify_language(text))


def _decode_entries(
    entries: list[Entry], url: str, settings: IntakeSettings, fetcher: Fetcher | None
) -> Iterator[Document | InputError]:
    """The items of a feed, each fetched or as the feed gives it."""
    from onrecord.intake import formats

    opened = None
    try:
        for number, entry in enumerate(entries, 1):
            page: Fetched | FetchError | None = None
            if settings.fetch_items and entry.link and not formats.is_full(entry):
                if fetcher is None:
                    fetcher = opened = open_fetcher(settings)
                try:
                    page = fetcher.fetch(entry.link)
                except FetchError as error:
                    page = error
            try:
                yield from _find_in_entry(entry, page, f"{url}#{number}", settings)
            except InputError as error:
                yield error
    finally:
        if opened is not None:
            opened.close()


def _find_in_entry(
    entry: Entry, page: Fetched | FetchError | None, url: str, settings: IntakeSettings
) -> Iterator[Document | InputError]:
    from onrecord.intake import formats

    if page is None:
        yield formats.decode_entry(entry, url=url)
    elif isinstance(page, FetchError):
        yield from _instead_of_page(page, entry, url=url)
    else:
        yield from _decode_page_of(entry, page, settings)


def _instead_of_page(error: FetchError, entry: Entry, *, url: str) -> Iterator[Document | InputError]:
    """Why an item could not be fetched, and what the feed gives of it; the former alone if it gives no text."""
    from onrecord.intake import formats

    try:
        document = formats.decode_entry(entry, url=url)
    except InputError:
        yield error
    else:
        yield type(error)(f"{error.what}, so it is read as the feed gives it", error.where, error.hint)
        yield document


def _decode_page_of(entry: Entry, page: Fetched, settings: IntakeSettings) -> Iterator[Document | InputError]:
    """The page behind an item; what the page does not say of itself is taken from the feed."""
    received = _Received(page.content, page.url, page.media_type, page.charset, from_feed=True)
    for document in _decode(received, settings, None):
        if isinstance(document, InputError):
            yield document
        else:
            yield replace(
                document,
                title=document.title or entry.title,
                publisher=document.publisher or entry.publisher,
                byline=document.byline or entry.byline,
                published=document.published or entry.published,
                modified=document.modified or entry.modified,
            )


def _find_paths(origin: str, on_left_out: Callable[[str, str], object] | None) -> Iterator[str | InputError]:
    """The files of an input in order: itself, or, of a folder, all by name that are neither hidden nor our own."""
    if origin == STANDARD_INPUT:
        yield origin
        return
    try:
        mode = os.stat(origin).st_mode  # noqa: PTH116 - the path stays as the user wrote it
    except (OSError, ValueError) as error:
        yield _no_such_file(origin, error)
        return
    if not stat.S_ISDIR(mode):
        yield origin
        return
    found = has_own = False
    folders = [origin]  # a stack, not a recursion: folders may be nested deeper than Python's calls
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda e: e.name)
        except OSError as error:
            found = True
            yield FormatError(f"cannot be looked through ({_reason(error)})", _shown(folder), "check its permissions")
            continue
        inner = []
        for entry in listed:
            failure = _why_not_read(entry)
            if failure is None and (own := _what_own(entry)):
                has_own = True
                if on_left_out is not None and own != _BELONGS:
                    on_left_out(_shown(entry.path), own)
                continue
            if failure is None and entry.is_dir(follow_symlinks=False):
                inner.append(entry.path)
            else:
                found = True
                yield failure or entry.path
        folders += reversed(inner)
    if not found:
        what = "is a folder without files" + (" but those that onrecord wrote" if has_own else "")
        yield NoArticle(what, _shown(origin), "check the path")


def _why_not_read(entry: os.DirEntry[str]) -> InputError | None:
    """Why something in a folder is neither read nor looked through; None if it is a file or a folder."""
    shown = _shown(entry.path)
    try:
        if entry.is_dir(follow_symlinks=False) or entry.is_file():
            return None
        mode = entry.stat().st_mode
    except OSError as error:
        missing = isinstance(error, FileNotFoundError) and entry.is_symlink()
        what = "is a link to nothing" if missing else f"cannot be read ({_reason(error)})"
        return FormatError(what, shown, "check where it leads")
    if stat.S_ISDIR(mode):
        return FormatError("is a link to a folder, which is not followed", shown, "give its path by itself")
    return FormatError("is neither a file nor a folder", shown, "give its path by itself to read what comes from it")


def _what_own(entry: os.DirEntry[str]) -> str:
    """What something in a folder is if onrecord wrote it, which is not read as a report; empty if it did not."""
    if entry.is_dir(follow_symlinks=False):
        name, begins = _OWN_READINGS
        is_ours = _head_of(f"{entry.path}{os.sep}{name}").startswith(begins)
        return "is a folder of readings" if is_ours else ""
    ledger = next((entry.path.removesuffix(end) for end in _BESIDE_LEDGER if entry.path.endswith(end)), entry.path)
    head = _head_of(ledger)
    if head.startswith(_OWN_LEDGER[0]) and head[68:72] == _OWN_LEDGER[1]:
        return "is a ledger" if ledger == entry.path else _BELONGS
    return _what_written(head) if ledger == entry.path else ""


def _what_written(head: bytes) -> str:
    """What a file that begins so is, if onrecord wrote it."""
    if head.startswith(_GZIP):
        import zlib

        try:
            head = zlib.decompressobj(31).decompress(head, OWN_HEAD)
        except zlib.error:
            return ""
    for what, begins in _OWN_BEGINNINGS:
        if re.match(begins, head):
            return what
    if row := _ROW_OF_NAMES.match(head):
        from onrecord.codec.exchange.tables import TABLES

        names = row[0].decode().split()[0].split(",")
        for name, table in TABLES.items():
            if names == [column.name for column in table.columns]:
                return f"is an export of onrecord, csv of {name}"
    return ""


def _head_of(path: str) -> bytes:
    """How a file begins; nothing, if it is none or may not be read: whoever reads it will say so."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - a pipe is not waited for
            return b""
        with open(path, "rb") as stream:  # noqa: PTH123 - the path stays as the user wrote it
            return stream.read(OWN_HEAD)
    except (OSError, ValueError):
        return b""


def _address_of(path: str) -> str:
    """What a document from a file has for an address: ``./x`` and ``x`` are one file, and so one document."""
    return _shown(Path(path).as_posix())


def _unnamed(where: str) -> str:
    """What an input without a name is called in a message; of several reports in it, ``#2`` is the second."""
    return f"{_UNNAMED}, part {where[1:]}" if where.startswith("#") else where or _UNNAMED


def _no_such_file(origin: str, error: Exception) -> InputError:
    where = _shown(origin) if origin.strip() else repr(origin)
    if isinstance(error, PermissionError):
        return FormatError("may not be read", where, "check its permissions")
    looks_like_host = origin.partition("/")[0].rpartition(".")
    if origin.lower().startswith("www.") or (
        "/" in origin and 2 <= len(looks_like_host[2]) <= 24 and looks_like_host[0]
    ):
        return FormatError("there is no such file", where, f"if it is an address, write https://{where}")
    return FormatError("there is no such file", where, "check the path; an address begins with https://")


def _load_file(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - the path stays as the user wrote it
            size = os.fstat(stream.fileno()).st_size
            if size > MOST_FILE_BYTES:
                raise _too_large(_shown(path), f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB")
            return _read_stream(stream, _shown(path))
    except OSError as error:
        raise FormatError(f"cannot be read ({_reason(error)})", _shown(path), "check its permissions") from error


def _read_stream(stream: BinaryIO | None, where: str) -> bytes:
    """All of a stream, which may be without an end."""
    if stream is None:
        raise NoArticle("there is none", where, "pipe a text into the command")
    content = stream.read(MOST_FILE_BYTES + 1)
    if len(content) > MOST_FILE_BYTES:
        raise _too_large(where, f"more than {MOST_FILE_BYTES / 1e6:.0f} MB")
    return content


def _too_large(where: str, size: str) -> FormatError:
    hint = f"split it into files of less than {MOST_FILE_BYTES / 1e6:.0f} MB"
    return FormatError(f"is too large ({size})", where, hint)


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()


def _shown(path: str) -> str:
    """A path as text: bytes in a file name that are no UTF-8 become U+FFFD."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
