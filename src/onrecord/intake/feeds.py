"""Feeds that are watched: lists of them, one poll of one, and which of its items are new.

A poll never waits, never decides when to come again and keeps nothing: what is remembered of a feed is its `Feed`,
which goes in and comes out. `onrecord.ledger.watching` is the loop around it.
"""

from __future__ import annotations

import base64
import html
import itertools
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeVar
from urllib.parse import urlsplit

from onrecord.errors import FetchError, FormatError, InputError, NoArticle
from onrecord.intake import IntakeSettings, find_in_entry, formats, is_address, load_input
from onrecord.intake.fetch import Fetched, Refused
from onrecord.intake.formats import Entry, Format
from onrecord.model import Document, digest

if TYPE_CHECKING:
    from onrecord.intake.fetch import Fetcher

MOST_FEEDS = 10_000  # of one list
MOST_ITEMS = 1000  # of one feed that are looked at, the newest
MOST_SEEN = 2 * MOST_ITEMS  # items of one feed that are remembered
LEAST_SEEN = 100  # likewise, of a feed with few items: those that leave it and come back are no news
LONGEST_ASKED_S = 86_400  # a feed that asks for longer pauses (ttl, sy:updatePeriod), and Retry-After, mean this
LONGEST_KEPT_S = 6 * 3600  # likewise for max-age, which many servers send with every file and mean nothing by
RESTLESS_AFTER = 3  # polls in a row at which most known items seem changed: then it is the feed that changes, not they
PATIENCE = 3  # polls at which a feed may be a page, before the feed that the page names takes its place
FEW = 4  # items by which nothing is told of a whole feed
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
    " */*;q=0.5"
)

_FACET = 8  # characters of one digest in `Feed.seen`: 48 bits, so of 2,000 items one in 10^11 is mistaken for another
_KEY = 3 * _FACET
_LONGEST_LINE = 200  # characters of a title, and of what is wrong, that are kept
_PERIODS_S = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_FEED_ROOTS = frozenset({"rss", "feed", "rdf"})
_BARE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z]\w{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_LINK_TAG = re.compile(r"<link\b([^<>]{1,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z]{2,20})\s{0,9}=\s{0,9}(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml\b", re.IGNORECASE)
_HEAD = 200_000  # characters of a page in which it names its feed

_A = TypeVar("_A")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, and all that is remembered of it from one poll to the next; plain values only, a few kilobytes.

    Attributes:
        url: its address as the user gave it; it stays the feed's name when the feed moves.
        title: as the user's list, else the feed itself, has it.
        moved_to: where it is found, as its old address says (301, 308) or a page that names it; empty if at ``url``.
        etag: of the version whose items were all handed over; empty if the next poll must see the whole feed.
        last_modified: likewise.
        asks_s: seconds between two polls that the feed asks for, at least; within reason.
        checked_at: when it was asked last, ISO 8601, UTC; empty if never.
        answered_at: when it last answered as a feed does, likewise.
        found_at: when it last had something new, likewise.
        next_at: when it is due, likewise; empty if at once.
        failures: polls in a row that failed.
        last_error: why the last one failed; empty if it did not.
        is_gone: whether it was taken down for good (410), so that it is not asked again.
        found: reports handed over in all.
        restless: polls in a row at which most of the known items seemed changed.
        seen: what is known of its items, the newest last: for each three digests of 8 characters, of its link, its
            title, and its title, text and dates. At least the items in the feed, at most `MOST_SEEN`; an item that was
            forgotten and comes back is handed over once more, which adds nothing to the record.
        waiting: items whose page could not be fetched for now, by the digest of their link, and how often it was tried.
    """

    url: str
    title: str = ""
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    asks_s: int = 0
    checked_at: str = ""
    answered_at: str = ""
    found_at: str = ""
    next_at: str = ""
    failures: int = 0
    last_error: str = ""
    is_gone: bool = False
    found: int = 0
    restless: int = 0
    seen: str = ""
    waiting: Mapping[str, int] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where it is asked for."""
        return self.moved_to or self.url


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed that is to be handed over.

    Attributes:
        entry: what the feed gives of it.
        url: what it is called if it has no address of its own.
        key: its three digests.
        is_changed: whether an earlier version of it was handed over.
    """

    entry: Entry
    url: str
    key: str
    is_changed: bool

    @property
    def link(self) -> str:
        """The digest by which it waits."""
        return self.key[:_FACET]


@dataclass(frozen=True, slots=True)
class Poll:
    """What came of asking a feed.

    Attributes:
        feed: what is known of it now, before any item was handed over.
        items: those to be handed over, the oldest first.
        is_reached: whether a server answered, whatever it said.
        is_silent: whether nobody answered at all.
        retry_s: seconds after which the server wants to be asked again; 0 if it does not say.
        note: one line on what is odd, or empty.
        etag: what to remember when all items were dealt with.
        last_modified: likewise.
        restless: likewise.
        keys: likewise, of all items in the feed; None if it is the version that was known.
    """

    feed: Feed
    items: tuple[Item, ...] = ()
    is_reached: bool = True
    is_silent: bool = False
    retry_s: float = 0.0
    note: str = ""
    etag: str = ""
    last_modified: str = ""
    restless: int = 0
    keys: tuple[str, ...] | None = None


# --- lists of feeds --------------------------------------------------------------------------------------------------


def find_feeds(origins: Iterable[str], *, stdin: BinaryIO | None = None) -> Iterator[Feed | InputError]:
    """The feeds that are to be watched, each once.

    Args:
        origins: addresses of feeds; paths, or ``-``, of lists: OPML, or text with one address on a line (after it may
            stand a title; ``#`` begins a remark).
        stdin: what ``-`` is read from.

    Yields:
        Feeds of which nothing is known yet; for what is none, the error that says why.
    """
    known: set[str] = set()
    for origin in origins:
        try:
            given = [_feed_at(origin, "", "the command line")] if _is_feed(origin) else _find_in_list(origin, stdin)
            for feed in given:
                if isinstance(feed, InputError):
                    yield feed
                elif feed.url not in known:
                    known.add(feed.url)
                    yield feed
        except InputError as error:
            yield error


def _is_feed(text: str) -> bool:
    return is_address(text) or text[:5].lower() == "feed:"


def _feed_at(address: str, title: str, where: str) -> Feed | InputError:
    """A feed by its address, in one spelling, so that a feed that is listed twice is one."""
    spelled = re.sub(r"^feed:(?://)?(?=https?:)|^feed(?=://)", "", address.strip(), flags=re.IGNORECASE)
    spelled = f"http{spelled}" if spelled.startswith("://") else spelled
    try:
        parts = urlsplit(spelled)
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower(), parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in ("http", "https") or not host or re.search(r"[\s<>\"]", spelled):
        what = f"{address.strip()[:100]!r} is no address of a feed"
        return FormatError(what, where, "write it as https://www.example.org/feed")
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        place += f":{port}"
    url = f"{scheme}://{place}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")
    return Feed(url=url, title=_line(title))


def _line(text: str) -> str:
    return formats._plain_line(text)[:_LONGEST_LINE]


def _find_in_list(path: str, stdin: BinaryIO | None) -> Iterator[Feed | InputError]:
    where = "standard input" if path == "-" else path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if path != "-" and not os.path.exists(path):  # noqa: PTH110 - Path.exists raises where a name is too long to exist
        raise FormatError("there is no such file", where, "check the path; an address begins with https://")
    if Path(path).is_dir():
        raise FormatError("is a folder, and no list of feeds", where, "give the file in it")
    content = load_input(path, stdin=stdin)
    if not content.strip():
        raise NoArticle("is empty", where, "write the address of one feed on each line")
    text = formats.decode_text(content, where=where)
    listed = _find_in_opml(text, where) if text.lstrip().startswith("<") else _find_in_lines(text, where)
    found = list(itertools.islice(listed, MOST_FEEDS + 1))
    if len(found) > FEW and all(isinstance(feed, InputError) for feed in found):
        raise FormatError("is no list of feeds", where, "give OPML, or the address of one feed on each line")
    if not found:
        raise NoArticle("is a list without feeds", where, "write the address of one feed on each line")
    if len(found) > MOST_FEEDS:
        raise FormatError(f"is a list of more than {MOST_FEEDS:,} feeds", where, "split it")
    yield from found


def _find_in_lines(text: str, where: str) -> Iterator[Feed | InputError]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split(maxsplit=1)
        if words and not words[0].startswith("#"):
            yield _feed_at(words[0], "".join(words[1:]), f"{where}, line {number}")


def _find_in_opml(text: str, where: str) -> Iterator[Feed | InputError]:
    """The feeds of an OPML list, whatever folders they lie in."""
    try:
        # A bare & in an address is the most frequent slip in lists, and would be lost with what follows it.
        root = formats._parse_xml(_BARE_AMPERSAND.sub("&amp;", text), where)
    except FormatError:
        raise FormatError("is a broken list of feeds, or none", where, "export it again as OPML") from None
    if formats._local(root) in _FEED_ROOTS:
        raise FormatError("is a feed itself, and no list of feeds", where, "give the feed's address")
    if formats._local(root) != "opml":
        raise FormatError("is no list of feeds", where, "export one as OPML, or write one address on each line")
    for node in root.iter():
        if formats._local(node) == "outline":
            values = {str(name).lower(): str(value) for name, value in node.attrib.items()}
            is_feed = values.get("type", "").lower() in ("rss", "atom", "feed")
            if address := values.get("xmlurl", "").strip() or (is_feed and values.get("url", "").strip()):
                yield _feed_at(address, values.get("title") or values.get("text") or "", where)


# --- one poll --------------------------------------------------------------------------------------------------------


class _Contents(NamedTuple):
    """A feed taken apart: its title, the pause it asks for, its items, the oldest first, and a remark."""

    title: str
    asks_s: int
    items: tuple[Item, ...]
    note: str


class _NoFeed(Exception):  # noqa: N818 - a reason on its way to becoming a `Poll`
    """What came is no feed; ``leads_to`` is the feed that it names, or empty."""

    def __init__(self, what: str, leads_to: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.leads_to = leads_to


def poll_feed(feed: Feed, *, fetcher: Fetcher, now: datetime) -> Poll:
    """Ask a feed what is new; whatever goes wrong is an answer too.

    A page that names a feed is followed there, once; where there was a feed before, not at once: it may be a notice.

    Args:
        feed: what is remembered of it.
        fetcher: asks, as the feed's host permits.
        now: the time, with its zone.
    """
    feed = replace(feed, checked_at=stamp(now))
    answer = fetcher.try_fetch(feed.address, etag=feed.etag, last_modified=feed.last_modified, accept=ACCEPT)
    named = ""
    while True:
        if isinstance(answer, Refused):
            return _refused(feed, answer, now, named)
        if answer.is_unchanged:
            return Poll(_answered(feed, answer))
        try:
            contents = apart(_take_apart, answer)
        except InputError as error:
            return Poll(_failed(feed, _named(error.what, named)))
        except _NoFeed as found:
            if not found.leads_to or named or (feed.answered_at and feed.failures < PATIENCE):
                names = f"; it names {found.leads_to}" if found.leads_to else ""
                return Poll(_failed(feed, _named(found.what, named) + names))
            named = found.leads_to
            answer = fetcher.try_fetch(named, accept=ACCEPT)
            continue
        items, restless = _find_new(feed, contents.items)
        feed = _answered(feed, answer, title=contents.title, asks_s=contents.asks_s, moved_to=named)
        return Poll(
            feed,
            items,
            note=contents.note,
            etag=answer.etag,
            last_modified=answer.last_modified,
            restless=restless,
            keys=tuple(item.key for item in contents.items),
        )


def finish(feed: Feed, poll: Poll) -> Feed:
    """What to remember when all items of a poll were dealt with: handed over, or put off.

    Until then the feed is remembered without the version that it answered with, so that it is seen in full again.
    """
    if poll.keys is None:
        return replace(feed, restless=0)
    links = {item.link for item in poll.items}
    waiting = {link: tries for link, tries in feed.waiting.items() if link in links}
    here = dict.fromkeys(key for key in poll.keys if key[:_FACET] not in waiting)
    before = [key for key in _keys(feed.seen) if key not in here]
    room = min(MOST_SEEN, max(LEAST_SEEN, 2 * len(poll.keys))) - len(here)
    return replace(
        feed,
        seen="".join([*before[max(0, len(before) - room) :], *here]),
        waiting=waiting,
        restless=poll.restless,
        etag="" if waiting else poll.etag,
        last_modified="" if waiting else poll.last_modified,
    )


def stamp(now: datetime) -> str:
    """A time as it is remembered: ISO 8601, UTC, to the second."""
    return now.astimezone(UTC).isoformat(timespec="seconds")


def _answered(feed: Feed, answer: Fetched, *, title: str = "", asks_s: int | None = None, moved_to: str = "") -> Feed:
    """A feed that answered as one; not yet what its items are known by."""
    kept_s = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})\b", answer.cache_control, re.IGNORECASE)
    moved_to = answer.moved_to or moved_to or feed.moved_to
    return replace(
        feed,
        title=feed.title or title,
        moved_to="" if moved_to == feed.url else moved_to,
        asks_s=max(
            feed.asks_s if asks_s is None else asks_s, min(int(kept_s.group(1)), LONGEST_KEPT_S) if kept_s else 0
        ),
        answered_at=feed.checked_at,
        failures=0,
        last_error="",
        is_gone=False,
        # Whoever is stopped before all items were handed over must see the whole feed again.
        etag=feed.etag if answer.is_unchanged else "",
        last_modified=feed.last_modified if answer.is_unchanged else "",
    )


def _failed(feed: Feed, what: str, *, is_for_good: bool = True) -> Feed:
    """A feed that did not answer as one.

    What is known of its version stays: a site that puts up a notice for an hour comes back as it was. The address that
    it moved to is forgotten if it is no good, and the old one asked next.
    """
    feed = replace(feed, failures=feed.failures + 1, last_error=what[:_LONGEST_LINE])
    return replace(feed, moved_to="", etag="", last_modified="") if is_for_good and feed.moved_to else feed


def _refused(feed: Feed, refused: Refused, now: datetime, named: str) -> Poll:
    is_gone = refused.status == 410 and not feed.moved_to and not named
    return Poll(
        replace(_failed(feed, _named(refused.what, named), is_for_good=not refused.is_temporary), is_gone=is_gone),
        is_reached=refused.status > 0,
        is_silent=refused.is_silent,
        retry_s=seconds_until(refused.retry_after, now),
    )


def _named(what: str, named: str) -> str:
    return f"is a page and no feed, and of the feed that it names, {named}: {what}" if named else what


def seconds_until(retry_after: str, now: datetime) -> float:
    """What a Retry-After header asks for, a number of seconds or a date, in seconds; 0 if it is neither."""
    if re.fullmatch(r"\d{1,9}", retry_after, re.ASCII):
        seconds = float(retry_after)
    else:
        try:
            until = parsedate_to_datetime(retry_after)
            seconds = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return 0.0
    return min(max(seconds, 0.0), LONGEST_ASKED_S)


def apart(work: Callable[[_A], _T], given: _A) -> _T:
    """Do it in a thread of its own.

    lxml keeps the name of every tag and attribute that it ever met for as long as the thread lives that met it, and
    in weeks pages bring new ones without end.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, given).result()


def _take_apart(answer: Fetched) -> _Contents:
    sniffed = formats.sniff(answer.content, where=answer.url, media_type=answer.media_type, charset=answer.charset)
    if sniffed.format is Format.HTML:
        raise _NoFeed("is a page and no feed", _feed_of_page(sniffed.text, answer.url))
    if sniffed.format is not Format.FEED:
        raise _NoFeed(f"is no feed (kind found: {sniffed.format.value})")
    root = formats._parse_xml(sniffed.text, answer.url)
    channel = next((child for child in root if formats._local(child) == "channel"), root)
    title = next((formats._inner(child) for child in channel if formats._local(child) == "title"), "")
    publisher = formats._plain_line(title)
    entries: dict[object, Entry] = {}
    for node in root.iter():
        if formats._local(node) in ("item", "entry"):
            entry = formats._decode_entry_node(node, publisher, answer.url)
            entries.setdefault(entry.link or (entry.title, entry.content, entry.summary), entry)
    note = f"has {len(entries):,} items, of which the newest {MOST_ITEMS:,} are watched"
    return _Contents(
        title=_line(publisher),
        asks_s=_asked_pause(channel),
        items=_with_keys(_newest(list(entries.values())), answer.url),
        note=note if len(entries) > MOST_ITEMS else "",
    )


def _asked_pause(channel: Any) -> int:
    """Seconds between two polls that a feed asks for: RSS 2.0's ttl, or sy:updatePeriod and sy:updateFrequency."""
    found: dict[str, str] = {}
    for child in channel:
        if (name := formats._local(child)) in ("ttl", "updateperiod", "updatefrequency"):
            found.setdefault(name, formats._inner(child).strip().lower())
    ttl, period, times = found.get("ttl", ""), found.get("updateperiod", ""), found.get("updatefrequency", "")
    minutes = int(ttl) if re.fullmatch(r"\d{1,9}", ttl, re.ASCII) else 0
    often = max(int(times), 1) if re.fullmatch(r"\d{1,9}", times, re.ASCII) else 1
    return min(max(60 * minutes, _PERIODS_S.get(period, 0) // often), LONGEST_ASKED_S)


def _feed_of_page(text: str, url: str) -> str:
    """The feed that a page says is its own: the first that is not one of comments; empty if there is none."""
    found: list[tuple[bool, str]] = []
    for tag in _LINK_TAG.finditer(text[:_HEAD]):
        values = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag.group(1))}
        if "alternate" in values.get("rel", "").lower().split() and _FEED_TYPE.match(values.get("type", "").strip()):
            address = formats._web_address(formats._joined(url, values.get("href", "")))
            if address and address != url:
                found.append(("comment" in f"{values.get('title', '')} {address}".lower(), address))
    return min(found, key=lambda each: each[0])[1] if found else ""


# --- what is new -----------------------------------------------------------------------------------------------------


def _newest(entries: list[Entry]) -> list[Entry]:
    """The newest items, the oldest first; of many without dates those at both ends, as feeds grow at either."""
    dates = [entry.published or entry.modified for entry in entries]
    if all(dates):
        order = sorted(range(len(entries)), key=lambda place: (dates[place], -place))
        return [entries[place] for place in order[-MOST_ITEMS:]]
    if len(entries) > MOST_ITEMS:
        entries = entries[: MOST_ITEMS // 2] + entries[-MOST_ITEMS // 2 :]
    return entries[::-1]


def _with_keys(entries: list[Entry], url: str) -> tuple[Item, ...]:
    titles = Counter(entry.title for entry in entries)
    items = []
    for entry in entries:
        # Without tags: their addresses hold counters and tokens that are new at every poll.
        words = " ".join(re.sub(r"<[^<>]*+>", " ", entry.content or entry.summary).split())
        title = _facet(entry.title) if titles[entry.title] == 1 and entry.title else _facet(entry.title, words)
        link = _facet(entry.link) if entry.link else title
        key = link + title + _facet(entry.title, words, entry.published, entry.modified)
        items.append(Item(entry, f"{url.partition('#')[0]}#{link}", key, is_changed=False))
    return tuple(items)


def _facet(*parts: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(digest(*parts)[:12])).decode("ascii")


def _keys(seen: str) -> list[str]:
    return [seen[at : at + _KEY] for at in range(0, len(seen), _KEY)]


def _facets(key: str) -> tuple[str, str, str]:
    return key[:_FACET], key[_FACET : 2 * _FACET], key[2 * _FACET :]


def _find_new(feed: Feed, items: tuple[Item, ...]) -> tuple[tuple[Item, ...], int]:
    """The items to be handed over, and for how many polls now most of what is known seemed changed.

    An item is known by its link; where a feed gives its items new links at every poll, by its title. One that is known
    has changed if its title, text or dates have. In a feed of which most items change at every poll (all stamped with
    the time of asking, say), a change means nothing, and only new items count.
    """
    known = [_facets(key) for key in _keys(feed.seen)]
    links, titles, versions = ({facets[place] for facets in known} for place in range(3))
    moved = [_facets(item.key)[0] not in links for item in items if _facets(item.key)[1] in titles]
    by_title = _are_most(sum(moved), len(moved))
    new: list[Item] = []
    changed: list[Item] = []
    familiar = 0
    for item in items:
        link, title, version = _facets(item.key)
        if not (title in titles if by_title else link in links):
            new.append(item)
            continue
        familiar += 1
        if version not in versions:
            changed.append(replace(item, is_changed=True))
    restless = feed.restless + 1 if _are_most(len(changed), familiar) else 0
    wanted = {item.key: item for item in (new if restless > RESTLESS_AFTER else new + changed)}
    return tuple(wanted[item.key] for item in items if item.key in wanted), restless


def _are_most(count: int, of: int) -> bool:
    return count >= FEW and 2 * count > of


# --- one item --------------------------------------------------------------------------------------------------------


def wants_page(item: Item, settings: IntakeSettings) -> bool:
    """Whether an item is to be read from the page behind it: the feed gives a beginning only, or nothing."""
    return settings.fetch_items and bool(item.entry.link) and not apart(formats.is_full, item.entry)


def read_item(item: Item, page: Fetched | Refused | None, *, settings: IntakeSettings) -> list[Document | InputError]:
    """What is to be recorded of an item.

    Args:
        item: the item.
        page: the page behind it, or why there is none; None if none is wanted.
        settings: how it is taken in.

    Returns:
        The documents in it. Of one whose page cannot be had, why, and what the feed gives.
    """
    error = FetchError(page.what, item.entry.link, page.hint) if isinstance(page, Refused) else None
    answer = page if isinstance(page, Fetched) else error
    return apart(lambda entry: list(find_in_entry(entry, answer, url=item.url, settings=settings)), item.entry)


def hand_over(feed: Feed, item: Item, found: Iterable[Document | InputError]) -> Feed:
    """The feed with an item remembered as handed over."""
    count = sum(isinstance(each, Document) for each in found)
    return replace(
        feed,
        seen=feed.seen + item.key,
        waiting={link: tries for link, tries in feed.waiting.items() if link != item.link},
        found=feed.found + count,
        found_at=feed.checked_at if count else feed.found_at,
    )


def put_off(feed: Feed, item: Item, *, is_tried: bool) -> Feed:
    """The feed with an item remembered as waiting for its page, and whether that counts as a try."""
    return replace(feed, waiting={**feed.waiting, item.link: feed.waiting.get(item.link, 0) + is_tried})
