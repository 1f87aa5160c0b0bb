"""Bytes → what they are and the text in them: the kind is told from the content, never from a file name.

HTML pages are read by `page`, PDF by `pdf`, mail by `mail`, text by `plain`; JSON and feeds are read here.
"""

from __future__ import annotations

import codecs
import html
import itertools
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from onrecord.errors import FormatError, InputError, NoArticle
from onrecord.intake.dates import parse_date
from onrecord.intake.plain import cut_text
from onrecord.model import Cut, Document, Reason

FULL_TEXT = 600  # characters of text from which a feed's own content counts as the whole report
MOST_ENTRIES = 1000  # of one feed

_HEAD = 65536  # characters or bytes in which a kind must show itself
_SAVE_AS = "save it as HTML, PDF or plain text"
_EMPTY_HINT = "check that it is the right one and was saved in full"


class Format(StrEnum):
    """The kinds of input that are read."""

    HTML = "HTML page"
    TEXT = "plain text"
    FEED = "feed"
    JSON = "JSON"
    MAIL = "mail"
    PDF = "PDF"


class Sniffed(NamedTuple):
    """What bytes are, and their text; mail and PDF are no text, so theirs is empty."""

    format: Format
    text: str


# First bytes of what is often mistaken for a report, in the words a user knows it by.
_BINARIES = (
    (b"PK\x03\x04", "a ZIP archive, an e-book or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document or an Outlook message"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"Rar!", "an archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"ID3", "a sound recording"),
    (b"OggS", "a sound recording"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Only these are taken at a page's word: Python knows codecs that are no character sets (unicode_escape) or quadratic
# (punycode). The values are what browsers use for a label, by the WHATWG's Encoding standard.
_CODECS = {
    name: wide
    for wide, names in {
        "utf-8": ("utf-8",),
        "utf-16-le": ("utf-16", "utf-16-le"),
        "utf-16-be": ("utf-16-be",),
        "cp1252": ("cp1252", "iso8859-1", "ascii"),
        "cp1254": ("cp1254", "iso8859-9"),
        "cp874": ("cp874", "tis-620", "iso8859-11"),
        "gb18030": ("gb18030", "gbk", "gb2312"),
        "cp949": ("cp949", "euc_kr"),
        "cp932": ("cp932", "shift_jis"),
        "big5hkscs": ("big5hkscs", "big5", "cp950"),
        **{
            name: (name,)
            for name in (
                "cp1250 cp1251 cp1253 cp1255 cp1256 cp1257 cp1258 cp866 koi8-r koi8-u mac-roman mac-cyrillic euc_jp"
                " iso2022_jp iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10"
                " iso8859-13 iso8859-14 iso8859-15 iso8859-16"
            ).split()
        },
    }.items()
    for name in names
}
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,200}?\bcharset\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{2,40})"""
    rb"""|<\?xml\b[^>]{0,200}?\bencoding\s{0,5}=\s{0,5}["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Typography that English text in cp1252 has.
_WESTERN = frozenset("‘’“”‚„\u2039\u203a«»–—…•·€£¥¢§©®™°±²³¼½¾†‡¡¿\xa0\xad")
_ENGLISH_SHARE = 0.05  # of all characters: above it, a text is hardly English with some accents and quotation marks

_MAIL_HEAD = re.compile(rb"(?:From [^\n]*\n)?((?:[!-9;-~]{1,76}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+)")
_TRANSPORT_HEADERS = frozenset({"received", "message-id", "mime-version", "return-path", "delivered-to"})
_PERSONAL_HEADERS = frozenset({"to", "subject", "date", "cc", "reply-to"})

_PROLOG = re.compile(
    r"(?:\s++|<\?[^>]*+>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*+", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?P<name>[A-Za-z_][\w.:-]{0,60})(?=[\s/>])")
_FEED_ROOTS = frozenset({"rss", "feed", "rdf"})
_HTML_TAGS = frozenset(
    "html head body title meta link script style main article section header footer nav aside div p span a b i u em"
    " strong h1 h2 h3 h4 h5 h6 ul ol li dl table tbody tr td th br hr img figure blockquote pre center font form iframe"
    " noscript base small time address template".split()
)
_HTML_INSIDE = re.compile(r"(?:^|\n)\s{0,200}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_JSON_START = re.compile(r"""\s*+(?:\{\s*+["}]|\[\s*+[\[{\]])""")

_ARTICLE_TYPES = frozenset(
    "NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle OpinionNewsArticle"
    " ReportageNewsArticle ReviewNewsArticle Article BlogPosting LiveBlogPosting Report".split()
)
_CONTAINERS = ("@graph", "mainEntity", "itemListElement", "item", "liveBlogUpdate", "hasPart")
_MARKUP = re.compile(r"</?(?:p|br|div|em|strong|a|b|i|li|ul|h[1-6]|span)\b[^<>]*>", re.IGNORECASE)

# WordPress adds it to every item.
_FEED_SIGNATURE = re.compile(r"The post\b.{1,400}\b(?:appeared first on|first appeared on)\b.{1,200}")


def sniff(content: bytes, *, where: str, media_type: str = "", charset: str = "") -> Sniffed:
    """Tell what kind of input bytes are, and decode them if they are text.

    Args:
        content: the whole input.
        where: the input, for error messages.
        media_type: as the server named it; only believed where the bytes leave it open.
        charset: likewise.

    Raises:
        FormatError: they are of no kind, or in no encoding, that is read.
        NoArticle: there is nothing in them.
    """
    if not content.strip():
        raise NoArticle("is empty", where, _EMPTY_HINT)
    if b"%PDF-" in content[:1024]:
        return Sniffed(Format.PDF, "")
    for magic, name in _BINARIES:
        if content.startswith(magic):
            raise FormatError(f"is {name}, which is not read", where, _SAVE_AS)
    if content[4:8] == b"ftyp":
        raise FormatError("is a film or a picture, which is not read", where, _SAVE_AS)
    if media_type == "message/rfc822" or _looks_like_mail(content):
        return Sniffed(Format.MAIL, "")
    text = decode_text(content, declared=charset, where=where)
    if not text.strip():
        raise NoArticle("is empty", where, _EMPTY_HINT)
    return Sniffed(_find_format(text, where, media_type), text)


def _looks_like_mail(content: bytes) -> bool:
    """Whether bytes begin with the header of a mail, rather than with prose that has colons in it."""
    found = _MAIL_HEAD.match(content[:_HEAD].lstrip(b"\r\n"))
    if not found:
        return False
    names = {line.partition(b":")[0].decode("ascii", "replace").lower() for line in found.group(1).splitlines()}
    return (
        bool("from" in names and names & (_PERSONAL_HEADERS | _TRANSPORT_HEADERS))
        or len(names & _TRANSPORT_HEADERS) > 1
    )


def _find_format(text: str, where: str, media_type: str) -> Format:
    head = text[:_HEAD]
    if _JSON_START.match(head):
        return Format.JSON
    claims_html = media_type in ("text/html", "application/xhtml+xml")
    prolog = _PROLOG.match(head)
    start = prolog.end() if prolog else 0
    if root := _ROOT.match(head, start):
        name = root.group("name").lower()
        if name.rpartition(":")[2] in _FEED_ROOTS:
            return Format.FEED
        if name.rpartition(":")[2] in _HTML_TAGS:
            return Format.HTML
        closes = text.rstrip().lower().endswith(f"</{name}>")
        if closes or head.lstrip().startswith("<?xml") or media_type.endswith("xml"):
            raise FormatError(f"is XML of a kind that is not read (<{name}>)", where, _SAVE_AS)
    if claims_html and _MARKUP.search(head):
        return Format.HTML
    return Format.HTML if _HTML_INSIDE.search(head) else Format.TEXT


def decode_text(content: bytes, *, declared: str = "", where: str) -> str:
    """Decode text in an encoding that is told by a mark, by its bytes or by a declaration, in this order of trust.

    Valid UTF-8 is believed before a declaration: text in another encoding practically never is valid UTF-8, while
    servers that declare the wrong one are common. A page in UTF-8 that is damaged in a few places keeps them as U+FFFD.

    Args:
        content: the text.
        declared: the encoding that the server names; one in the text itself is found here.
        where: the input, for error messages.

    Raises:
        FormatError: it is no text, or in no encoding that can be told.
    """
    for mark, codec in _BOMS:
        if content.startswith(mark):
            try:
                return _printable(content[len(mark) :].decode(codec), where)
            except UnicodeDecodeError as error:
                what = f"is damaged or cut off: it begins as {codec.upper()} and does not go on so"
                raise FormatError(what, where, "get the file again") from error
    codec = _codec(declared) or _codec_inside(content)
    if b"\0" in content:
        if codec.startswith("utf-16"):
            return _printable(_strictly(content, codec) or "\0", where)
        raise _not_text(where)
    if codec == "iso2022_jp" and b"\x1b" in content and (text := _strictly(content, codec)):
        return text
    for candidate in ("utf-8", codec):
        if candidate and not candidate.startswith("utf-16") and (text := _strictly(content, candidate)) is not None:
            return _printable(text, where)
    text = content.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if 10 * damaged <= sum(not piece.isascii() for piece in text.split()):
        return _printable(text, where)
    return _printable(_detect(content, where), where)


def _printable(text: str, where: str) -> str:
    """The text, if it is one: hardly any control characters and no zero among them."""
    if "\0" in text or sum(1 for _ in _CONTROL.finditer(text)) > len(text) / 200:
        raise _not_text(where)
    return text


def _not_text(where: str) -> FormatError:
    return FormatError("is no text, or in an unknown encoding", where, "save it as plain text in UTF-8, HTML or PDF")


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def _codec(label: str) -> str:
    """Python's name for an encoding's label; empty for what is not decoded at a page's word."""
    try:
        return _CODECS.get(codecs.lookup(label.strip()).name, "") if label else ""
    except (LookupError, ValueError, UnicodeError):
        return ""


def _codec_inside(content: bytes) -> str:
    found = _DECLARED.search(content[:4096])
    return _codec((found.group(1) or found.group(2)).decode("ascii", "replace")) if found else ""


def _detect(content: bytes, where: str) -> str:
    """Decode text that nothing declares: as English in the old Windows encoding if it can be, else as detected."""
    sample = content[:200_000]
    western = _strictly(sample, "cp1252")
    if western is not None:
        foreign = [character for character in western if not character.isascii()]
        plausible = all(character in _WESTERN or character.isalpha() for character in foreign)
        if plausible and len(foreign) < _ENGLISH_SHARE * len(western):
            whole = _strictly(content, "cp1252")
            if whole is not None:
                return whole
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=sorted(set(_CODECS.values()) - {"utf-16-le", "utf-16-be"})).best()
    text = _strictly(content, best.encoding) if best is not None else None
    if text is None:
        raise _not_text(where)
    return text


# ---------------------------------------------------------------------------------------------------------- HTML, flat


def flatten_html(source: str) -> list[tuple[str, Reason | None]]:
    """The text of an HTML fragment in order, in pieces, of which those that it hides have a reason to be cut."""
    from onrecord.intake.markup import flatten  # loads lxml, which most inputs do without

    return flatten(source)


# ---------------------------------------------------------------------------------------------------------------- text


def decode_plain(
    text: str, *, url: str, pieces: list[tuple[str, Reason | None]] | None = None, **known: str
) -> Document:
    """Read plain text as a report.

    Args:
        text: the text; ignored if there are ``pieces``.
        url: where it came from.
        pieces: the text as paragraphs in order, some of them with a reason for which they are cut already.
        **known: title, publisher, byline, published and modified, where they are known.

    Raises:
        NoArticle: nothing is left of it.
        FormatError: it has half characters, which no encoding can hold.
    """
    if pieces is not None:
        text = "\n\n".join(piece for piece, reason in pieces if reason is None)
    if not text.isascii() and re.search(r"[\ud800-\udfff]", text):
        raise FormatError("has half characters in it (unpaired surrogates)", url, "get the text again")
    document = cut_text(text, url=url, **known)
    if not document.text.strip():
        raise NoArticle("has no report in it", url, "check that it is the right file")
    if pieces is not None and any(reason is not None for _, reason in pieces):
        return replace(document, cuts=_merge_cuts(document, pieces))
    return document


def _merge_cuts(document: Document, pieces: list[tuple[str, Reason | None]]) -> tuple[Cut, ...]:
    """All cuts of a document in order: those made before its text was read, and those made then.

    Offsets are found by counting visible characters: what was handed over is the document's text and its cuts, in
    order, whatever the white space.
    """
    text = document.text
    found = deque(document.cuts)
    cuts: list[Cut] = []
    at = 0
    owed = 0  # visible characters that were handed over and not yet met in the document or its cuts
    for piece, reason in pieces:
        if reason is not None:
            following = re.compile(r"\S").search(text, at)
            cuts.append(Cut(reason, piece, following.start() if following else at))
            continue
        owed += _visible(piece)
        while owed > 0 and (found or at < len(text)):
            if found and (found[0].at <= at or at == len(text)):
                owed -= _visible(found[0].text)
                cuts.append(found.popleft())
            else:
                owed -= not text[at].isspace()
                at += 1
    cuts += found
    highest = itertools.accumulate((cut.at for cut in cuts), max)  # a cut across a piece's border is met early
    return tuple(replace(cut, at=place) for cut, place in zip(cuts, highest, strict=True))


def _visible(text: str) -> int:
    return sum(not character.isspace() for character in text)


# ---------------------------------------------------------------------------------------------------------------- JSON


def decode_json(text: str, *, url: str) -> Iterator[Document | InputError]:
    """Read the articles in schema.org JSON: one, a list, an ``@graph``, or one object on each line.

    Args:
        text: the JSON.
        url: where it came from; of several articles, the second's address is ``url#2``. The address that an article
            claims for itself takes its place only on the host that it was fetched from.

    Raises:
        FormatError: it is no JSON.
        NoArticle: no article is in it.
    """
    nodes = _find_nodes(text, url)
    ahead = list(itertools.islice(nodes, 2))
    number = 0
    for node in itertools.chain(ahead, nodes):
        if isinstance(node, InputError):
            yield node
            continue
        number += 1
        try:
            yield _decode_node(node, url, number if len(ahead) > 1 else 0)
        except InputError as error:
            yield error
    if not number:
        raise NoArticle("has no schema.org article in it", url, "the object needs an articleBody")


def _find_nodes(text: str, url: str) -> Iterator[dict[str, Any] | InputError]:
    """The article objects of a JSON text, and an error for each line that is none."""
    for value in _load_values(text, url):
        if isinstance(value, InputError):
            yield value
        else:
            yield from _find_articles(value)


def _load_values(text: str, url: str) -> Iterator[Any]:
    """The one value of a JSON text, or one for each line; an error for a line that is none."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or isinstance(_load_line(*lines[0], url), InputError):
            place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            raise FormatError(f"is broken or incomplete JSON{place}", url, "get the file again") from error
    else:
        yield whole
        return
    for number, line in lines:
        yield _load_line(number, line, url)


def _load_line(number: int, line: str, url: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return FormatError(f"line {number} is broken or incomplete JSON", url, "get the file again")


def _find_articles(value: Any) -> Iterator[dict[str, Any]]:
    """The article objects in a JSON value, in order; looks into lists and schema.org's containers only."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            declared = node.get("@type", "")
            types = declared if isinstance(declared, list) else [declared]
            names = {str(name).rpartition("/")[2].rpartition(":")[2] for name in types}
            if isinstance(node.get("articleBody"), str) or names & _ARTICLE_TYPES:
                yield node
                waiting.append(node.get("liveBlogUpdate"))
            else:
                waiting += [node[key] for key in reversed(_CONTAINERS) if key in node]


def _decode_node(node: dict[str, Any], url: str, number: int) -> Document:
    """An article; its number is 0 if it is the only one."""
    own = _one_line(node.get("url")) or _one_line(node.get("mainEntityOfPage"))
    url = _own_address(own, url) or (f"{url}#{number}" if number else url)
    body = node.get("articleBody")
    if not isinstance(body, str) or not body.strip():
        raise NoArticle("has no articleBody", url, "give the address of the page instead")
    document = decode_plain(
        body,
        url=url,
        pieces=flatten_html(body) if _MARKUP.search(body) else None,
        title=_one_line(node.get("headline")) or _one_line(node.get("name")),
        publisher=_one_line(node.get("publisher")),
        byline=_one_line(node.get("author")),
        published=parse_date(_one_line(node.get("datePublished"))),
        modified=parse_date(_one_line(node.get("dateModified"))),
    )
    declared = re.match(r"[a-z]{2}(?![a-z])", _one_line(node.get("inLanguage")).lower())
    return replace(document, language=document.language or (declared.group() if declared else ""))


def _one_line(value: Any) -> str:
    """The words of a schema.org value: a text, a thing with a name or an id, or a list of them."""
    if isinstance(value, list):
        return ", ".join(line for line in map(_one_line, value[:50]) if line) if len(value) > 0 else ""
    if isinstance(value, dict):
        value = next(
            (value[key] for key in ("name", "@id", "url", "alternateName") if isinstance(value.get(key), str)), ""
        )
    if not isinstance(value, str):
        return ""
    return _plain_line(value)


def _plain_line(value: str) -> str:
    """A text on one line, without markup, character references and half characters."""
    text = html.unescape(_MARKUP.sub("", value[:2000]))
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _web_address(value: str) -> str:
    """The address, if it is one of the web, without a user name and a password."""
    try:
        host = urlsplit(value).hostname
    except ValueError:
        return ""
    if not host or not re.fullmatch(r"https?://[^\s<>\"]{1,4000}", value, re.IGNORECASE):
        return ""
    return re.sub(r"(?<=//)[^/?#]*@", "", value, count=1)


def _own_address(claimed: str, url: str) -> str:
    """The address that a report claims, if it is on the host and port it was fetched from; anybody can claim others."""
    claimed = _web_address(claimed)
    try:
        places = [
            (parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme.lower()))
            for parts in (urlsplit(claimed), urlsplit(url))
        ]
    except ValueError:
        return ""
    return claimed if _web_address(url.partition("#")[0]) and places[0] == places[1] else ""


# --------------------------------------------------------------------------------------------------------------- feeds


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed.

    Attributes:
        link: the address of the report; may be empty.
        title: its headline.
        publisher: the feed's title.
        byline: who signed it.
        published: ISO 8601; may be empty.
        modified: likewise.
        content: HTML that the feed gives as the report's content; may be empty.
        summary: HTML that it gives as its description; may be empty.
    """

    link: str
    title: str
    publisher: str
    byline: str
    published: str
    modified: str
    content: str
    summary: str


def decode_feed(text: str, *, url: str) -> list[Entry]:
    """Take an RSS or Atom feed apart.

    Args:
        text: the feed.
        url: where it came from; links may be relative to it.

    Raises:
        FormatError: it is broken, incomplete, or made to exhaust memory.
        NoArticle: it has no items.
    """
    root = _parse_xml(text, url)
    channel = next((child for child in root if _local(child) == "channel"), root)
    publisher = next((_plain_line(_inner(child)) for child in channel if _local(child) == "title"), "")
    entries: dict[object, Entry] = {}
    for node in root.iter():
        if _local(node) in ("item", "entry"):
            entry = _decode_entry_node(node, publisher, url)
            entries.setdefault(entry.link or (entry.title, entry.content, entry.summary), entry)
    if not entries:
        raise NoArticle("is a feed without items", url, "try again later, or give the address of one report")
    if len(entries) > MOST_ENTRIES:
        raise FormatError(f"is a feed of more than {MOST_ENTRIES:,} items", url, "give the addresses of the reports")
    return list(entries.values())


def decode_entry(entry: Entry, *, url: str) -> Document:
    """Read an item as the feed gives it.

    Args:
        entry: the item.
        url: where the feed came from and which of its items this is; the item's link takes its place only if it is on
            the same host.

    Raises:
        NoArticle: the feed gives no text for it.
    """
    where = _own_address(entry.link, url) or url
    pieces = flatten_html(entry.content or entry.summary)
    if all(reason is not None for _, reason in pieces):
        raise NoArticle("the feed gives no text for this item", where, "have the items fetched")
    body, last = pieces[-1][0].rpartition("\n\n")[::2]
    if pieces[-1][1] is None and (body or len(pieces) > 1) and _FEED_SIGNATURE.fullmatch(last):
        pieces[-1:] = [(body, None)] * bool(body) + [(last, Reason.OTHER)]
    return decode_plain(
        "",
        url=where,
        pieces=pieces,
        title=entry.title,
        publisher=entry.publisher,
        byline=entry.byline,
        published=entry.published,
        modified=entry.modified,
    )


def is_full(entry: Entry) -> bool:
    """Whether a feed gives the whole report: as content, not as a summary, and of a report's length."""
    return (
        len(entry.content) >= FULL_TEXT
        and sum(len(text) for text, reason in flatten_html(entry.content) if reason is None) >= FULL_TEXT
    )


def _parse_xml(text: str, url: str) -> Any:
    from lxml import etree  # type: ignore[import-untyped]  # it publishes no types

    if "<!ENTITY" in text:  # no feed needs to declare entities; bombs do
        raise FormatError(
            "is a feed that declares entities, which is not read", url, "give the addresses of the reports"
        )
    source = re.sub(r"^\s*<\?xml[^>]{0,300}\?>", "", text, count=1).strip()
    # Entities that HTML knows and XML does not are the most frequent slip in feeds.
    source = re.sub(
        r"&(?!amp;|lt;|gt;|quot;|apos;)[A-Za-z]\w{1,30};", lambda found: html.unescape(found.group()), source
    )
    if not _ends_with_a_tag(source):
        raise FormatError("is a feed that breaks off", url, "get it again")
    try:
        root = _parse_strictly_or_not(etree, source.encode("utf-8", "replace"))
    except (etree.LxmlError, ValueError) as error:
        raise FormatError("is a broken feed", url, "get it again") from error
    if root is None:
        raise FormatError("is a broken feed", url, "get it again")
    return root


def _ends_with_a_tag(source: str) -> bool:
    """Whether XML ends with a closing tag, but for comments and white space: else it was cut off."""
    end = len(source)
    while True:
        while end and source[end - 1].isspace():
            end -= 1
        begun = source.rfind("<!--", 0, end) if source.endswith("-->", 0, end) else -1
        if begun < 0:
            return re.search(r"</[\w:.-]+\s*>$", source[max(0, end - 300) : end]) is not None
        end = begun


def _parse_strictly_or_not(etree: Any, source: bytes) -> Any:
    options = {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "encoding": "utf-8",
    }
    try:
        return etree.fromstring(source, etree.XMLParser(**options))
    except etree.XMLSyntaxError:
        return etree.fromstring(source, etree.XMLParser(recover=True, **options))


def _local(node: Any) -> str:
    """An element's name without its namespace, in lower case; of Yahoo's media names, which repeat others, nothing."""
    if not isinstance(node.tag, str) or "search.yahoo.com/mrss" in node.tag:
        return ""
    return str(node.tag.rpartition("}")[2]).lower()


def _inner(node: Any) -> str:
    """What an element holds, as HTML: escaped markup unescaped, Atom's XHTML written out."""
    from lxml import etree

    if len(node):
        return (node.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in node)
    text = node.text or ""
    return html.escape(text, quote=False) if node.get("type") == "text" else text


def _decode_entry_node(node: Any, publisher: str, url: str) -> Entry:
    found: dict[str, str] = {}
    links: dict[str, str] = {}
    bylines: list[str] = []
    for child in node:
        name = _local(child)
        if name == "link":
            address = child.get("href") or (child.text or "")
            links.setdefault(child.get("rel") or "alternate", address.strip())
        elif name == "author":
            person = next((_inner(part) for part in child if _local(part) == "name"), "") or (child.text or "")
            bylines.append(re.sub(r"^\S+@\S+\s*\((.*)\)$", r"\1", _plain_line(person)))
        elif name == "creator":
            bylines.append(_plain_line(_inner(child)))
        elif name and (name != "guid" or child.get("isPermaLink") != "false"):
            found.setdefault(name, _inner(child))
    return Entry(
        link=_web_address(_joined(url, links.get("alternate") or found.get("guid", ""))),
        title=_plain_line(found.get("title", "")),
        publisher=publisher,
        byline=", ".join(dict.fromkeys(filter(None, bylines))),
        published=parse_date(found.get("pubdate") or found.get("published") or found.get("date") or ""),
        modified=parse_date(found.get("updated") or found.get("modified") or ""),
        content=found.get("encoded") or found.get("content") or "",
        summary=found.get("description") or found.get("summary") or "",
    )


def _joined(url: str, link: str) -> str:
    try:
        return urljoin(url, link.strip()) if link.strip() else ""
    except ValueError:
        return ""
