"""What a page says of itself, and of whom: from its JSON-LD, then its meta tags, then its markup."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any

from lxml.html import HtmlElement  # type: ignore[import-untyped]  # lxml publishes no types

from onrecord.intake.dates import parse_date

_ARTICLE_TYPES = frozenset(
    "AdvertiserContentArticle AnalysisNewsArticle Article AskPublicNewsArticle BackgroundNewsArticle BlogPosting"
    " LiveBlogPosting NewsArticle OpinionNewsArticle Report ReportageNewsArticle ReviewNewsArticle ScholarlyArticle"
    " SocialMediaPosting".split()
)
_BY = re.compile(r"^(?:written )?by:?\s+", re.IGNORECASE)
_NO_NAMES = ("http:", "https:", "/", "@")  # addresses of authors' pages and accounts
_JSON_CONTAINERS = frozenset("@graph mainEntity mainEntityOfPage itemListElement item hasPart isPartOf".split())
_MOST_CHILDREN = 500  # of one list in JSON-LD that are looked at
_DEEPEST = 12  # levels of JSON-LD; real pages have four
_LARGEST_JSON = 2_000_000  # characters of one JSON-LD script

# The keys of meta tags, best first; ``property``, ``name`` and ``itemprop`` share one namespace.
_META_TITLE = (
    "og:title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "dcterms.title",
    "twitter:title",
    "headline",
    "title",
)
_META_PUBLISHER = (
    "og:site_name",
    "application-name",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "al:android:app_name",
)
_META_BYLINE = (
    "author",
    "article:author_name",
    "byl",
    "byline",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "article:author",
    "og:article:author",
)
_META_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "og:pubdate",
    "cxenseparse:recs:publishtime",
    "article.published",
    "published_at",
    "datecreated",
    "date",
    "displaydate",
    "ptime",
)
_META_MODIFIED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "updated_at",
    "article.updated",
)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says of itself; empty strings where it says nothing.

    Attributes:
        title: the headline.
        declared: whether the page's data give it; else it is the window's title, which may name the outlet only.
        publisher: the outlet.
        byline: who signed.
        published: ISO 8601.
        modified: ISO 8601.
        language: the first two letters of the declared language, lower case.
        body: the text of the article as JSON-LD gives it.
        free: False if the page says that one has to pay for it.
        article: whether the page calls itself an article.
    """

    title: str
    declared: bool
    publisher: str
    byline: str
    published: str
    modified: str
    language: str
    body: str
    free: bool
    article: bool


def read_metadata(root: HtmlElement) -> PageMetadata:
    """Collect what a parsed page says of itself."""
    nodes = list(_find_json_ld(root))
    article = next((node for node in nodes if _types(node) & _ARTICLE_TYPES and node.get("articleBody")), None) or next(
        (node for node in nodes if _types(node) & _ARTICLE_TYPES), {}
    )
    metas = _read_metas(root)
    names = {str(node["@id"]): name for node in nodes if "@id" in node and (name := _line(node.get("name")))}
    site = next(
        (
            _line(node.get("name"))
            for node in nodes
            if _types(node) & {"NewsMediaOrganization", "WebSite", "Organization"}
        ),
        "",
    )
    declared = _line(article.get("headline")) or _first(metas, _META_TITLE)
    publisher = _name(article.get("publisher"), names) or _first(metas, _META_PUBLISHER) or site
    return PageMetadata(
        title=_headline(declared or _line(root.findtext(".//title")), root, publisher),
        declared=bool(declared),
        publisher=publisher,
        byline=_name(article.get("author"), names)
        or _byline_meta(metas)
        or _name(article.get("creator"), names)
        or _byline_markup(root),
        published=parse_date(_line(article.get("datePublished")))
        or _first_date(metas, _META_PUBLISHED)
        or _time_markup(root, ("datepublished",))
        or parse_date(_line(article.get("dateCreated")))
        or _only_time(root),
        modified=parse_date(_line(article.get("dateModified")))
        or _first_date(metas, _META_MODIFIED)
        or _time_markup(root, ("datemodified",)),
        language=_language(root, metas, article),
        body=_text(article.get("articleBody")),
        free=not any(str(node.get("isAccessibleForFree", "")).lower() == "false" for node in nodes),
        article=bool(article) or _first(metas, ("og:type",)).lower() == "article" or "article:published_time" in metas,
    )


def _find_json_ld(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object in the page's JSON-LD, outer ones first."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text or len(script.text) > _LARGEST_JSON:
            continue
        waiting = deque((value, 0) for value in _decode_json(script.text))
        while waiting:
            node, depth = waiting.popleft()
            if isinstance(node, dict):
                yield node
                children = [child for key, child in node.items() if key in _JSON_CONTAINERS]
            else:
                children = node[:_MOST_CHILDREN] if isinstance(node, list) else []
            if depth < _DEEPEST:
                waiting.extend((child, depth + 1) for child in children)


def _decode_json(source: str) -> list[Any]:
    """The JSON in a script, as lenient as the pages are sloppy; empty if it is beyond reading."""
    source = (
        re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", source)
        .strip()
        .rstrip(";")
    )
    for candidate in (source, re.sub(r",(\s*[}\]])", r"\1", source)):
        values: list[Any] = []
        decoder = json.JSONDecoder(strict=False)  # strict=False: raw line breaks inside strings
        position = 0
        try:
            while position < len(candidate):  # some scripts hold several objects in a row
                value, position = decoder.raw_decode(candidate, position)
                values.append(value)
                while position < len(candidate) and candidate[position] in " \t\r\n,;":
                    position += 1
        except (ValueError, RecursionError):
            if not values:
                continue
        return values
    return []


def _types(node: dict[str, Any]) -> set[str]:
    declared = node.get("@type", "")
    values = declared if isinstance(declared, list) else [declared]
    return {str(value).rsplit("/", 1)[-1] for value in values}


def _line(value: Any) -> str:
    """A value as one line without markup; empty if it is no text."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    if not isinstance(value, str):
        return ""
    return " ".join(_text(value).split())[:1000]


def _text(value: Any) -> str:
    """A JSON-LD text without the markup and entities that some pages leave in it."""
    text = unescape(value) if isinstance(value, str) else ""
    return re.sub(r"</?[a-zA-Z][^<>]{0,2000}>", " ", text) if "<" in text else text


def _name(value: Any, names: dict[str, str]) -> str:
    """The name or names in an author or publisher: text, object, reference, or a list of these."""
    found: list[str] = []
    for node in value if isinstance(value, list) else [value]:
        name = _line(node) if isinstance(node, str) else ""
        if isinstance(node, dict):
            name = _line(node.get("name")) or names.get(str(node.get("@id", "")), "")
        if name and not name.startswith(("http:", "https:")):
            found.append(_BY.sub("", name))
    return ", ".join(dict.fromkeys(found[:20]))


def _read_metas(root: HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        key = (
            element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv") or ""
        )
        content = " ".join((element.get("content") or "").split())[:1000]
        if content:
            metas.setdefault(key.strip().lower(), []).append(content)
    return metas


def _first(metas: dict[str, list[str]], keys: tuple[str, ...]) -> str:
    return next((metas[key][0] for key in keys if key in metas), "")


def _first_date(metas: dict[str, list[str]], keys: tuple[str, ...]) -> str:
    return next((found for key in keys if (found := parse_date(_first(metas, (key,))))), "")


def _byline_meta(metas: dict[str, list[str]]) -> str:
    for key in _META_BYLINE:
        names = [_BY.sub("", name) for name in metas.get(key, [])[:20] if not name.startswith(_NO_NAMES)]
        if names:
            return ", ".join(dict.fromkeys(names))
    return ""


def _byline_markup(root: HtmlElement) -> str:
    """The author as marked up in the page: ``rel=author``, ``itemprop=author``, or a class named for it."""
    for element in root.iter("a", "span", "p", "div", "address", "strong"):
        marks = f"{element.get('rel', '')} {element.get('itemprop', '')} {element.get('class', '')}".lower().split()
        if not {"author", "byline", "author-name", "byline-name", "authorname", "author__name"} & set(marks):
            continue
        words = _printed(element)
        if 3 <= len(words) <= 80 and not re.search(r"\d", words):
            return _BY.sub("", words)
    return ""


def _printed(element: HtmlElement) -> str:
    """The words in an element, or its first few if it is no small one."""
    return " ".join(" ".join(islice(element.itertext(), 40)).split())


def _time_markup(root: HtmlElement, props: tuple[str, ...]) -> str:
    for element in root.iter("time", "span", "meta", "div", "p"):
        marks = f"{element.get('itemprop', '')}".lower().split()
        if set(props) & set(marks):
            stamp = element.get("datetime") or element.get("content") or _printed(element)
            if found := parse_date(stamp):
                return found
    return ""


def _only_time(root: HtmlElement) -> str:
    """The date of the first ``<time>`` of the article; on a page that lists several articles it might be another's."""
    scope = next(root.iter("article"), None)
    for element in (root if scope is None else scope).iter("time"):
        if found := parse_date(element.get("datetime") or _printed(element)):
            return found
    return ""


def _language(root: HtmlElement, metas: dict[str, list[str]], article: dict[str, Any]) -> str:
    declared = (
        root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or root.get("xml:lang")
        or _first(metas, ("content-language", "og:locale"))
        or _line(article.get("inLanguage"))
    )
    found = re.match(r"([a-zA-Z]{2,3})(?:[-_]|$)", (declared or "").strip())
    return found.group(1).lower() if found else ""


def _headline(title: str, root: HtmlElement, publisher: str) -> str:
    """The headline without the outlet's name, which window titles carry behind a dash or a bar."""
    for heading in islice(root.iter("h1"), 10):
        printed = _printed(heading)
        words, shared = set(re.findall(r"\w+", printed.casefold())), set(re.findall(r"\w+", title.casefold()))
        # as printed, where the two are the same headline
        if len(printed) >= 10 and len(words & shared) >= 0.7 * min(len(words), len(shared)) and len(shared) >= 3:
            return printed
    head, mark, tail = (
        title.rpartition(" | ")
        if " | " in title
        else title.rpartition(" - ")
        if " - " in title
        else title.rpartition(" – ")
    )
    if (
        mark
        and len(head) >= 15
        and (tail.casefold() == publisher.casefold() or (publisher and publisher.casefold() in tail.casefold()))
    ):
        return head.strip()
    return title
