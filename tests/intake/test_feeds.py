from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import FetchError, InputError
from onrecord.intake import IntakeSettings, feeds, fetch
from onrecord.intake.feeds import Feed, Item, Poll, find_feeds, finish, hand_over, poll_feed, put_off, read_item
from onrecord.intake.fetch import Fetched, Fetcher, FetchSettings, Refused
from onrecord.model import Document

NOW = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
URL = "https://paper.example/feed"
STORY = "The harbour master of Merrow said on Tuesday that the ferries would sail again from noon. " * 9


def item(number: int, *, title: str = "", link: str | None = None, text: str = "", date: str | None = None) -> str:
    link = f"https://paper.example/{number}" if link is None else link
    date = f"Mon, 04 Mar 2030 {number // 60 % 24:02}:{number % 60:02}:00 GMT" if date is None else date
    return (
        f"<item><title>{title or f'Ferry {number} sails'}</title><link>{link}</link>"
        f"<description>{text or f'Ferry {number} is said to sail.'}</description><pubDate>{date}</pubDate></item>"
    )


def rss(*items: str, channel: str = "") -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>Harbour Star</title>{channel}{''.join(items)}</channel></rss>"
    ).encode()


def page(*links: str) -> bytes:
    return f"<!DOCTYPE html><html><head>{''.join(links)}</head><body><p>Hello.</p></body></html>".encode()


def answer(content: bytes, url: str = URL, **known: Any) -> Fetched:
    return Fetched(url, content, known.pop("media_type", ""), "utf-8", **known)


class Answers:
    """Answers from a table instead of the network."""

    def __init__(self, **pages: Fetched | Refused) -> None:
        self.pages: dict[str, Fetched | Refused] = dict(pages)
        self.asked: list[tuple[str, str, str]] = []

    def try_fetch(self, url: str, *, etag: str = "", last_modified: str = "", accept: str = "") -> Fetched | Refused:
        self.asked.append((url, etag, last_modified))
        return self.pages.get(url, Refused("there is no such page (status 404)", "check the address", 404))


def poll(feed: Feed, content: bytes | Fetched | Refused, **more: Any) -> Poll:
    known = {feed.address: answer(content, feed.address) if isinstance(content, bytes) else content, **more}
    answers = Answers(**known)
    return poll_feed(feed, fetcher=answers, now=NOW)  # type: ignore[arg-type]


def take(feed: Feed, content: bytes | Fetched) -> tuple[Feed, list[str]]:
    """A whole poll: the feed after it, and the titles that were handed over."""
    polled = poll(feed, content)
    assert not polled.feed.last_error
    feed = polled.feed
    for each in polled.items:
        feed = hand_over(feed, each, [Document(url=each.url, text="x")])
    return finish(feed, polled), [each.entry.title for each in polled.items]


# --- lists of feeds --------------------------------------------------------------------------------------------------


def listed(path: str | Path, content: str | bytes = "", **more: Any) -> list[Feed | InputError]:
    if content:
        Path(path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(find_feeds([str(path)], **more))


def test_an_opml_list_is_read_through_its_folders_and_each_feed_once(tmp_path: Path) -> None:
    found = listed(
        tmp_path / "feeds.opml",
        """<?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body>
        <outline text="War"><outline text="North"><outline text="Harbour
          Star" xmlUrl="https://Star.example:443/feed?a=1&b=2#top" type="rss"/></outline></outline>
        <outline title="Courier" text="C" XMLURL="feed://courier.example"/>
        <outline title="Again" xmlUrl="HTTPS://star.example/feed?a=1&amp;b=2"/>
        <outline type="rss" url="http://user:secret@post.example:8080/rss"/>
        <outline text="a site" htmlUrl="https://site.example/" url="https://site.example/"/>
        </body></opml>""",
    )
    assert found == [
        Feed("https://star.example/feed?a=1&b=2", "Harbour Star"),
        Feed("http://courier.example/", "Courier"),
        Feed("http://post.example:8080/rss"),
    ]


def test_a_plain_list_has_one_address_on_a_line(tmp_path: Path) -> None:
    text = "# mine\n\nhttps://a.example/feed\tThe A\nhttps://a.example/feed\nfeed:https://b.example/x\na.example\n"
    *found, error = listed(tmp_path / "feeds.txt", text)
    assert found == [Feed("https://a.example/feed", "The A"), Feed("https://b.example/x")]
    assert isinstance(error, InputError)
    assert "line 6: 'a.example' is no address of a feed; write it as https://" in str(error)


def test_addresses_and_lists_may_be_mixed(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("https://a.example/1\nhttps://a.example/2")
    origins = ["https://a.example/2", str(tmp_path / "one.txt"), "-", "ftp://a.example/", "no such file"]
    found = list(find_feeds(origins, stdin=io.BytesIO(b"https://a.example/3")))
    assert [feed.url[-1] for feed in found if isinstance(feed, Feed)] == ["2", "1", "3"]
    assert "'ftp://a.example/' is no address of a feed" in str(found[3])
    assert "there is no such file" in str(found[4])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b" \n ", "is empty"),
        (b"<opml><head/><body><outline text='folder'/></body></opml>", "is a list without feeds"),
        (b"# nothing yet\n", "is a list without feeds"),
        (b"<opml><body><outline xmlUrl='https://a.example/1'/>", "is a broken list of feeds, or none"),
        (b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml><outline xmlUrl='https://a.example/'/></opml>", "is a broken list"),
        (rss(item(1)), "is a feed itself"),
        (page(), "is no list of feeds"),
        (b"<svg><g/></svg>", "is no list of feeds"),
        (b"The ferries\nwould sail\nagain from\nnoon on\nTuesday.", "is no list of feeds"),
        (b"\x7fELF\x00\x01\x02" * 90, "is no text"),
        (b"https://a.example/\n" * (feeds.MOST_FEEDS + 1), "more than 10,000 feeds"),
    ],
)
def test_what_is_no_list_of_feeds_is_told_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    (error,) = listed(tmp_path / "feeds", content)
    assert isinstance(error, InputError)
    assert words in str(error)
    assert "\n" not in str(error)
    assert error.hint or words == "is no text"


def test_a_list_cannot_read_files_or_the_network(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("https://secret.example/")
    outside = f"<!DOCTYPE opml SYSTEM 'file://{tmp_path}/secret'><opml><outline xmlUrl='https://a.example/'/></opml>"
    assert listed(tmp_path / "feeds.opml", outside) == [Feed("https://a.example/")]


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    (error,) = listed(tmp_path)
    assert "is a folder" in str(error)


# --- asking ----------------------------------------------------------------------------------------------------------


class Site:
    """A web site on loopback: a path leads to a status, headers and a body; versions are answered with 304."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                status, headers, body = site.pages.get(self.path, (404, {}, b""))
                known = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
                if status == 200 and (headers.get("ETag", ""), headers.get("Last-Modified", "")) == known:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(FetchSettings(allow_private=True), sleep=lambda _: None) as fetcher:
        yield fetcher


def test_a_feed_is_asked_for_what_changed_only(site: Site, fetcher: Fetcher) -> None:
    version = {"ETag": '"v1"', "Last-Modified": "Mon, 04 Mar 2030 10:00:00 GMT", "Cache-Control": "max-age=7200"}
    site.pages["/feed"] = (200, version, rss(item(1)))
    first = poll_feed(Feed(f"{site.address}/feed"), fetcher=fetcher, now=NOW)
    assert [each.entry.title for each in first.items] == ["Ferry 1 sails"]
    assert first.feed.etag == "", "who is stopped now must see the whole feed again"
    feed = finish(hand_over(first.feed, first.items[0], []), first)
    second = poll_feed(feed, fetcher=fetcher, now=NOW)
    assert second.items == ()
    assert finish(second.feed, second) == feed
    site.pages["/feed"] = (200, {"ETag": '"v2"'}, rss(item(2), item(1)))
    third = poll_feed(feed, fetcher=fetcher, now=NOW)
    assert [each.entry.title for each in third.items] == ["Ferry 2 sails"]
    sent = [headers for path, headers in site.asked if path == "/feed"]
    assert "if-none-match" not in sent[0]
    assert sent[1]["if-none-match"] == sent[2]["if-none-match"] == '"v1"'
    assert sent[1]["if-modified-since"] == version["Last-Modified"]
    assert sent[0]["accept"].startswith("application/atom+xml")
    assert "if-none-match" not in dict(site.asked)["/robots.txt"]
    assert (feed.asks_s, feed.title, feed.answered_at) == (7200, "Harbour Star", "2030-03-04T12:00:00+00:00")


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(site: Site, fetcher: Fetcher) -> None:
    site.pages["/feed"] = (301, {"Location": "/b"}, b"")
    site.pages["/b"] = (308, {"Location": "/c"}, b"")
    site.pages["/c"] = (302, {"Location": "/d"}, b"")
    site.pages["/d"] = (200, {}, rss(item(1)))
    moved = poll_feed(Feed(f"{site.address}/feed"), fetcher=fetcher, now=NOW).feed
    assert moved.moved_to == f"{site.address}/c", "what moved for a while only is found there again"
    assert moved.url == f"{site.address}/feed"
    site.asked.clear()
    assert poll_feed(moved, fetcher=fetcher, now=NOW).feed.moved_to == f"{site.address}/c"
    assert [path for path, _ in site.asked] == ["/c", "/d"]
    site.pages["/c"] = (410, {}, b"")
    lost = poll_feed(moved, fetcher=fetcher, now=NOW).feed
    assert (lost.moved_to, lost.is_gone, lost.failures) == ("", False, 1), "its old address may know better"


def test_only_redirects_that_are_for_good_from_the_first_on_count(site: Site, fetcher: Fetcher) -> None:
    site.pages["/feed"] = (302, {"Location": "/b"}, b"")
    site.pages["/b"] = (301, {"Location": "/c"}, b"")
    site.pages["/c"] = (200, {}, rss(item(1)))
    assert poll_feed(Feed(f"{site.address}/feed"), fetcher=fetcher, now=NOW).feed.moved_to == ""


def test_a_feed_that_moves_back_has_not_moved() -> None:
    back = poll(Feed(URL, moved_to="https://b.example/"), answer(rss(item(1)), URL, moved_to=URL)).feed
    assert back.moved_to == ""


def test_a_redirect_to_what_is_no_feed_is_not_remembered(site: Site, fetcher: Fetcher) -> None:
    site.pages["/feed"] = (301, {"Location": "/login"}, b"")
    site.pages["/login"] = (200, {}, page())
    assert poll_feed(Feed(f"{site.address}/feed"), fetcher=fetcher, now=NOW).feed.moved_to == ""


def test_a_refusal_says_how_it_came_about(site: Site, fetcher: Fetcher) -> None:
    site.pages["/busy"] = (503, {"Retry-After": "120"}, b"")
    site.pages["/same"] = (304, {}, b"")
    site.pages["/odd"] = (200, {"ETag": "x" * 600, "Last-Modified": "caf\u00e9"}, rss(item(1)))
    busy = fetcher.try_fetch(f"{site.address}/busy")
    assert isinstance(busy, Refused)
    assert (busy.status, busy.retry_after, busy.is_temporary, busy.is_silent) == (503, "120", True, False)
    missing = fetcher.try_fetch(f"{site.address}/missing")
    assert isinstance(missing, Refused)
    assert (missing.status, missing.is_temporary) == (404, False)
    assert isinstance(fetcher.try_fetch(f"{site.address}/same"), Refused), "nobody asked for changes only"
    odd = fetcher.try_fetch(f"{site.address}/odd")
    assert isinstance(odd, Fetched)
    assert (odd.etag, odd.last_modified) == ("", "")
    with pytest.raises(FetchError, match="status 503"):
        fetcher.fetch(f"{site.address}/busy")


def test_nobody_answers_where_nobody_listens(site: Site, fetcher: Fetcher) -> None:
    nowhere = fetcher.try_fetch("http://127.0.0.1:1/feed")
    assert isinstance(nowhere, Refused)
    assert nowhere.is_silent
    assert nowhere.is_temporary
    again = fetcher.try_fetch("http://127.0.0.1:1/feed")
    assert again == nowhere, "also when it is known from robots.txt only"
    with Fetcher(FetchSettings()) as careful:
        private = careful.try_fetch(f"{site.address}/feed")
    assert isinstance(private, Refused)
    assert not private.is_silent
    assert not private.is_temporary


def test_robots_txt_is_asked_for_again_after_a_day_and_sooner_if_it_failed(site: Site) -> None:
    now = [0.0]
    site.pages["/a"] = (200, {}, b"Ferries sail.")
    site.pages["/robots.txt"] = (503, {}, b"")

    def robots() -> int:
        return sum(path == "/robots.txt" for path, _ in site.asked)

    with Fetcher(FetchSettings(allow_private=True), clock=lambda: now[0], sleep=lambda _: None) as fetcher:
        refused = fetcher.try_fetch(f"{site.address}/a")
        assert isinstance(refused, Refused)
        assert refused.is_temporary
        now[0] += fetch.NO_ROBOTS_KEPT_S - 1
        assert isinstance(fetcher.try_fetch(f"{site.address}/a"), Refused)
        assert robots() == 1
        site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /b\n")
        now[0] += 1
        assert isinstance(fetcher.try_fetch(f"{site.address}/a"), Fetched)
        now[0] += fetch.ROBOTS_KEPT_S - 1
        assert isinstance(fetcher.try_fetch(f"{site.address}/b"), Refused)
        assert robots() == 2
        site.pages["/robots.txt"] = (404, {}, b"")
        site.pages["/b"] = (200, {}, b"Ferries sail.")
        now[0] += 1
        assert isinstance(fetcher.try_fetch(f"{site.address}/b"), Fetched)
        assert robots() == 3


def test_a_fetcher_remembers_only_so_many_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST_HOSTS", 3)
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        raise OSError("no such host")

    with Fetcher(FetchSettings(), resolve=resolve) as fetcher:
        for host in "abcda":
            fetcher.try_fetch(f"http://{host}.example/")
        assert [host[0] for host in looked_up] == ["a", "b", "c", "d", "a"], "of four the first is forgotten"
        fetcher.try_fetch("http://c.example/")
        assert len(looked_up) == 5
    known: dict[str, int] = {}
    for number, host in enumerate("abcb"):
        fetch._keep(known, host, number)
    assert known == {"a": 0, "c": 2, "b": 3}, "to be used again takes no room"


@pytest.mark.parametrize(
    ("channel", "cache_control", "seconds"),
    [
        ("", "", 0),
        ("<ttl>90</ttl>", "", 5400),
        ("<ttl>soon</ttl>", "no-store", 0),
        ("<ttl>999999</ttl>", "", feeds.LONGEST_ASKED_S),
        ("<sy:updatePeriod> Hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", "", 1800),
        ("<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", "", 86_400),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", "", feeds.LONGEST_ASKED_S),
        ("<ttl>30</ttl>", "public, Max-Age=3600", 3600),
        ("<ttl>120</ttl>", "max-age=60", 7200),
        ("", "max-age=31536000", feeds.LONGEST_KEPT_S),
    ],
)
def test_a_feed_says_how_often_it_may_be_asked(channel: str, cache_control: str, seconds: int) -> None:
    polled = poll(Feed(URL), answer(rss(item(1), channel=channel), cache_control=cache_control))
    assert polled.feed.asks_s == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Mon, 04 Mar 2030 12:10:00 GMT", 600),
        ("Mon, 04 Mar 2030 12:10:00 -0000", 600),
        ("Mon, 04 Mar 2030 11:00:00 GMT", 0),
        ("99999999", feeds.LONGEST_ASKED_S),
        ("Fri, 31 Dec 9999 23:59:59 GMT", feeds.LONGEST_ASKED_S),
        ("soon", 0),
        ("-5", 0),
        ("\u0661\u0662", 0),
        ("", 0),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str, seconds: float) -> None:
    assert poll(Feed(URL), Refused("busy", "", 429, header)).retry_s == seconds


def test_a_feed_that_was_taken_down_is_gone_and_one_that_is_missing_may_come_back() -> None:
    gone = poll(Feed(URL, seen="x" * 24), Refused("the page was taken down (status 410)", "", 410)).feed
    assert gone.is_gone
    assert gone.last_error == "the page was taken down (status 410)"
    missing = poll(Feed(URL, etag='"v"'), Refused("there is no such page (status 404)", "", 404))
    assert (missing.feed.is_gone, missing.feed.failures, missing.feed.etag) == (False, 1, '"v"')
    assert missing.is_reached
    back = poll(dataclasses.replace(missing.feed, failures=7, is_gone=True), rss(item(1))).feed
    assert (back.failures, back.last_error, back.is_gone) == (0, "", False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "is no feed (kind found: JSON)"),
        (b"Ferries sail again.", "is no feed (kind found: plain text)"),
        (b"\x89PNG\r\n", "is a picture"),
        (rss(item(1))[:-9], "is a feed that breaks off"),
        (b"<!DOCTYPE r [<!ENTITY a 'b'>]><rss><channel/></rss>", "declares entities"),
        (page(), "is a page and no feed"),
    ],
)
def test_what_is_no_feed_is_told_and_nothing_known_is_lost(content: bytes, words: str) -> None:
    known, _ = take(Feed(URL), answer(rss(item(1)), etag='"v1"'))
    failed = poll(known, content)
    assert words in failed.feed.last_error
    assert failed.items == ()
    assert dataclasses.replace(failed.feed, failures=0, last_error="") == known, "a notice for an hour changes nothing"


def test_an_empty_feed_is_one() -> None:
    feed, titles = take(Feed(URL), rss())
    assert titles == []
    assert feed.answered_at


COMMENTS = '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">'
NAMED = "<LINK type='application/atom+xml' rel='home alternate' href='/news?a=1&amp;b=2'>"
OTHERS = '<link rel=stylesheet href=/x.css><link rel="alternate" type="text/html" href="/en"><link rel="alternate">'


def test_the_feed_that_a_page_names_is_followed() -> None:
    named = "https://paper.example/news?a=1&b=2"
    both = Answers(**{URL: answer(page(OTHERS, COMMENTS, NAMED)), named: answer(rss(item(1)), named, etag='"n"')})
    polled = poll_feed(Feed(URL), fetcher=both, now=NOW)  # type: ignore[arg-type]
    assert (polled.feed.moved_to, len(polled.items), polled.etag) == (named, 1, '"n"')
    assert [url for url, _, _ in both.asked] == [URL, named]


@pytest.mark.parametrize("there", [page(NAMED), page(), b"words", Refused("busy (status 503)", "", 503), None])
def test_a_feed_that_a_page_names_in_vain_is_one_failure(there: bytes | Refused | None) -> None:
    named = "https://paper.example/news?a=1&b=2"
    more = {} if there is None else {named: answer(there, named) if isinstance(there, bytes) else there}
    failed = poll(Feed(URL), page(NAMED), **more).feed
    assert failed.last_error.startswith(f"is a page and no feed, and of the feed that it names, {named}: ")
    assert (failed.moved_to, failed.failures, failed.is_gone) == ("", 1, False)


def test_a_feed_that_turns_into_a_page_is_given_time_before_the_feed_it_names_is_followed() -> None:
    named = "https://paper.example/news?a=1&b=2"
    feed, _ = take(Feed(URL), rss(item(1)))
    there = {named: answer(rss(item(2), item(1)), named)}
    for _ in range(feeds.PATIENCE):
        feed = poll(feed, page(NAMED), **there).feed
        assert feed.last_error == f"is a page and no feed; it names {named}"
    polled = poll(feed, page(NAMED), **there)
    assert polled.feed.moved_to == named
    assert [each.entry.title for each in polled.items] == ["Ferry 2 sails"], "what was known stays known"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.binary(max_size=60), st.integers(0, 500), st.integers(0, 60))
def test_nothing_that_a_feed_answers_is_more_than_a_failure(noise: bytes, at: int, cut: int) -> None:
    whole = rss(item(1), item(2))
    polled = poll(Feed(URL), whole[:at] + noise + whole[at + cut :])
    assert polled.feed.checked_at
    assert polled.items == () or not polled.feed.last_error


# --- what is new -----------------------------------------------------------------------------------------------------


def test_only_what_is_new_or_changed_is_handed_over_the_oldest_first() -> None:
    feed, titles = take(Feed(URL), rss(item(2), item(1)))
    assert titles == ["Ferry 1 sails", "Ferry 2 sails"]
    assert take(feed, rss(item(2), item(1)))[1] == []
    assert take(feed, rss(item(1), item(2)))[1] == [], "their order is nothing new"
    changed = rss(item(3), item(2, text="Ferry 2 is said to be late."), item(1, title="Ferry 1 sailed"))
    polled = poll(feed, changed)
    assert [(each.entry.title, each.is_changed) for each in polled.items] == [
        ("Ferry 1 sailed", True),
        ("Ferry 2 sails", True),
        ("Ferry 3 sails", False),
    ]
    feed, _ = take(feed, changed)
    assert take(feed, changed)[1] == []
    assert take(feed, rss(item(2, text="Ferry 2 is said to be late.", date="Mon, 04 Mar 2030 15:00:00 GMT")))[1]


def test_tags_that_change_in_a_text_are_no_change() -> None:
    first = rss(item(1, text="&lt;p>It sails.&lt;img src='https://count.example/1'>&lt;/p>"))
    feed, _ = take(Feed(URL), first)
    assert take(feed, first.replace(b"example/1'", b"example/2'"))[1] == []


def test_items_that_leave_and_come_back_are_no_news() -> None:
    feed, _ = take(Feed(URL), rss(*map(item, range(20))))
    feed, titles = take(feed, rss(*map(item, range(10, 30))))
    assert len(titles) == 10
    assert take(feed, rss(*map(item, range(30))))[1] == []


@pytest.mark.parametrize("titled", [True, False])
def test_new_links_at_every_poll_bring_nothing_twice(titled: bool) -> None:
    def version(token: str, *numbers: int) -> bytes:
        links = [item(each, link=f"https://go.example/{token}{each}") for each in numbers]
        return rss(*(links if titled else (re.sub("<title>.*?</title>", "", link) for link in links)))

    feed, titles = take(Feed(URL), version("a", 1, 2, 3, 4, 5, 6))
    assert len(titles) == 6
    for token in "bcde":
        feed, titles = take(feed, version(token, 1, 2, 3, 4, 5, 6))
        assert titles == []
    polled = poll(feed, version("f", 2, 3, 4, 5, 6, 7))
    assert [each.entry.link for each in polled.items] == ["https://go.example/f7"]


def test_items_of_one_title_and_one_text_are_told_apart_by_their_links() -> None:
    same = [item(each, title="Live", text="See the page.", date="") for each in range(6)]
    feed, titles = take(Feed(URL), rss(*same[:5]))
    assert len(titles) == 5
    assert len(take(feed, rss(*same))[1]) == 1


def test_items_that_all_have_one_title_are_never_taken_for_one_another() -> None:
    feed = Feed(URL)
    for first in range(0, 60, 6):
        feed, titles = take(feed, rss(*(item(each, title="Live") for each in range(first, first + 6))))
        assert len(titles) == 6
        assert feed.restless == 0


def test_a_feed_that_changes_all_its_items_at_every_poll_is_believed_only_a_few_times() -> None:
    def version(hour: int, *numbers: int) -> bytes:
        return rss(*(item(each, date=f"Mon, 04 Mar 2030 {hour:02}:00:00 GMT") for each in numbers))

    feed, _ = take(Feed(URL), version(0, 1, 2, 3, 4, 5))
    for hour in range(1, 10):
        feed, titles = take(feed, version(hour, 1, 2, 3, 4, 5))
        assert len(titles) == (5 if hour <= feeds.RESTLESS_AFTER else 0)
    feed, titles = take(feed, version(10, 1, 2, 3, 4, 5, 6))
    assert titles == ["Ferry 6 sails"], "what is new counts still"
    feed, _ = take(feed, version(10, 1, 2, 3, 4, 5, 6))
    assert feed.restless == 0
    assert len(take(feed, version(11, 1, 2, 3, 4, 5, 6))[1]) == 6, "it has calmed down once"


@pytest.mark.parametrize("dated", [True, False])
def test_of_a_huge_feed_the_newest_items_are_taken_and_the_state_stays_small(dated: bool) -> None:
    def version(count: int) -> bytes:
        day = datetime(2025, 1, 1, tzinfo=UTC)
        dates = ((day + timedelta(hours=each)).isoformat() if dated else "" for each in range(count))
        return rss(*(item(each, date=date) for each, date in enumerate(dates)))

    feed, titles = take(Feed(URL), version(10_000))
    expected = [*range(9000, 10_000)] if dated else [*range(500), *range(9500, 10_000)]
    assert {int(title.split()[1]) for title in titles} == set(expected)
    assert poll(feed, version(10_000)).note == "has 10,000 items, of which the newest 1,000 are watched"
    feed, titles = take(feed, version(10_001))
    assert titles == ["Ferry 10000 sails"]
    assert len(feed.seen) == 24 * 1001, "what left it stays known for a while"


def test_the_state_of_a_huge_feed_is_bounded() -> None:
    feed = Feed(URL)
    for first in (0, 1000, 2000):
        feed, titles = take(feed, rss(*map(item, range(first, first + 1000))))
        assert len(titles) == 1000
    assert len(json.dumps(dataclasses.asdict(feed))) < 24 * feeds.MOST_SEEN + 1000
    assert take(feed, rss(*map(item, range(1000, 2000))))[1] == []


def test_the_state_is_plain_small_and_bounded() -> None:
    feed = Feed(URL)
    for first in range(0, 2000, 20):
        feed, titles = take(feed, rss(*map(item, range(first, first + 30))))
        assert len(titles) == (20 if first else 30)
    row = json.dumps(dataclasses.asdict(feed))
    assert len(row) < 3000
    assert Feed(**json.loads(row)) == feed


def test_what_waits_keeps_the_whole_feed_coming() -> None:
    polled = poll(Feed(URL), answer(rss(item(2), item(1)), etag='"v1"'))
    waiting = put_off(hand_over(polled.feed, polled.items[0], []), polled.items[1], is_tried=True)
    feed = finish(waiting, polled)
    assert (feed.etag, list(feed.waiting.values())) == ("", [1])
    polled = poll(feed, answer(rss(item(2), item(1)), etag='"v1"'))
    assert [each.entry.title for each in polled.items] == ["Ferry 2 sails"]
    assert finish(put_off(polled.feed, polled.items[0], is_tried=False), polled).waiting == feed.waiting
    done = finish(hand_over(polled.feed, polled.items[0], []), polled)
    assert (done.etag, done.waiting) == ('"v1"', {})
    dropped = poll(feed, answer(rss(item(1)), etag='"v2"'))
    assert finish(dropped.feed, dropped).waiting == {}, "what left the feed is not waited for"


def test_digests_are_48_bits_of_sha256() -> None:
    """They are stored: another way to make them would hand over every item of every feed once more."""
    feed, _ = take(Feed(URL), rss(item(1, link="https://paper.example/a")))
    expected = hashlib.sha256(b'["https://paper.example/a"]').digest()[:6]
    assert feed.seen[:8] == base64.urlsafe_b64encode(expected).decode()


# --- one item --------------------------------------------------------------------------------------------------------


def only_item(content: str) -> Item:
    (each,) = poll(Feed(URL), rss(content)).items
    return each


def read(each: Item, there: Fetched | Refused | None, **known: Any) -> list[Document | InputError]:
    return read_item(each, there, settings=IntakeSettings(**known))


def test_an_item_is_read_from_its_page_or_as_the_feed_gives_it() -> None:
    brief = only_item(item(1))
    full = only_item(item(2).replace("</item>", f"<content>{STORY}</content></item>"))
    bare = only_item(item(3, link=""))
    settings = IntakeSettings()
    assert [feeds.wants_page(each, settings) for each in (brief, full, bare)] == [True, False, False]
    assert not feeds.wants_page(brief, IntakeSettings(fetch_items=False))
    story = f"<html><body><article><h1>Ferries</h1><p>{STORY}</p></article></body></html>".encode()
    (document,) = read(brief, answer(story, "https://paper.example/1"))
    assert isinstance(document, Document)
    assert STORY.strip() in document.text
    assert (document.publisher, document.published[:10]) == ("Harbour Star", "2030-03-04")
    (document,) = read(full, None, published="2030-01-01")
    assert isinstance(document, Document)
    assert (document.text, document.published) == (STORY.strip(), "2030-01-01")
    (document,) = read(bare, None)
    assert isinstance(document, Document)
    assert document.url == f"{URL}#{bare.link}"
    assert only_item(item(3, link="", text="It changed.", title="Ferry 3 sails")).url == bare.url, "it is a new version"


def test_an_item_without_its_page_is_an_error_and_what_the_feed_gives() -> None:
    error, document = read(only_item(item(1)), Refused("there is no such page (status 404)", "check it", 404))
    assert isinstance(error, FetchError)
    assert str(error).startswith("https://paper.example/1: there is no such page (status 404), so it is read as")
    assert isinstance(document, Document)
    assert document.text == "Ferry 1 is said to sail."
