from __future__ import annotations

import contextlib
import gzip
import itertools
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore2
import pytest

from onrecord.errors import FetchError
from onrecord.intake.fetch import (
    LONGEST_DELAY_S,
    SHORTEST_DELAY_S,
    Fetched,
    Fetcher,
    FetchSettings,
    is_public,
    without_credentials,
)

PAGE = b"<html><body><p>The ferry office opened at noon.</p></body></html>"


class Site:
    """A web site on loopback: a path leads to a status, headers and a body, or to a function that writes the answer."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
                page = site.pages.get(self.path, (404, {}, b""))
                if callable(page):
                    page(self)
                    return
                status, headers, body = page
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

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


def fetch(url: str, **settings: Any) -> Fetched:
    with Fetcher(FetchSettings(**{"allow_private": True, **settings}), sleep=lambda _: None) as fetcher:
        return fetcher.fetch(url)


def failure(url: str, **settings: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(url, **settings)
    return caught.value


def test_a_page_comes_with_what_the_server_says_of_it(site: Site) -> None:
    site.pages["/a"] = (200, {"Content-Type": "Text/HTML; charset=windows-1252"}, PAGE)
    assert fetch(f"{site.address}/a#part") == Fetched(f"{site.address}/a", PAGE, "text/html", "windows-1252")


def test_the_user_agent_is_honest_and_nothing_of_the_user_is_sent(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.pages["/a"] = (200, {}, PAGE)
    page = fetch(site.address.replace("//", "//ann:secret@") + "/a")
    assert "secret" not in page.url
    headers = dict(site.asked)["/a"]
    assert headers["user-agent"].startswith("onrecord/")
    assert "authorization" not in headers
    assert "referer" not in headers


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.0.0.1 172.16.3.4 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.0.8"
    " 198.18.0.1 203.0.113.9 240.0.0.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fec0::1 ff02::1 2001:db8::1 3fff::1"
    " ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001:0:53aa:64c::1 ::127.0.0.1"
    " junk".split(),
)
def test_no_address_of_a_private_or_special_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_refused_however_they_are_written(site: Site, host: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(f"http://{host}:{site.server.server_port}/a", allow_private=False)
    assert "private" in caught.value.what or "no host of that name" in caught.value.what
    assert not site.asked


def test_a_redirect_to_a_private_address_is_refused(site: Site) -> None:
    """The first hop is public for the guard, which is told so; the second is not."""
    site.pages["/a"] = (302, {"Location": f"http://inside.example:{site.server.server_port}/b"}, b"")
    site.pages["/b"] = (200, {}, PAGE)
    known = {"outside.example": "93.184.216.34", "inside.example": "127.0.0.1"}
    with (
        Fetcher(
            FetchSettings(), resolve=lambda host, _: [known[host]], backend=Redirected(site), sleep=lambda _: None
        ) as fetcher,
        pytest.raises(FetchError, match="private or local network"),
    ):
        fetcher.fetch("http://outside.example/a")
    assert site.paths() == ["/a"]


class Redirected(httpcore2.SyncBackend):
    """Connects to the test's server whatever the address, and notes what was asked for."""

    def __init__(self, site: Site) -> None:
        self.port = site.server.server_port
        self.asked: list[str] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:
        self.asked.append(host)
        return super().connect_tcp("127.0.0.1", self.port, timeout, local_address, socket_options)


def test_the_address_that_was_checked_is_the_one_connected_to(site: Site) -> None:
    site.pages["/a"] = (200, {}, PAGE)
    backend = Redirected(site)
    with Fetcher(FetchSettings(), resolve=lambda *_: ["93.184.216.34"], backend=backend) as fetcher:
        fetcher.fetch("http://paper.example/a")
    assert set(backend.asked) == {"93.184.216.34"}, "a name would be looked up again, unchecked"
    assert dict(site.asked)["/a"]["host"] == "paper.example"


def test_a_name_server_that_changes_its_answer_gains_nothing(site: Site) -> None:
    """DNS rebinding: public when robots.txt is asked for, private when the page is."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    backend = Redirected(site)
    with (
        Fetcher(FetchSettings(), resolve=lambda *_: next(answers), backend=backend) as fetcher,
        pytest.raises(FetchError, match="private"),
    ):
        fetcher.fetch("http://paper.example/a")
    assert backend.asked == ["93.184.216.34"]
    assert not site.paths()


def test_a_host_with_one_private_address_is_refused(site: Site) -> None:
    backend = Redirected(site)
    with (
        Fetcher(FetchSettings(), resolve=lambda *_: ["93.184.216.34", "10.0.0.1"], backend=backend) as fetcher,
        pytest.raises(FetchError, match="private"),
    ):
        fetcher.fetch("http://paper.example/a")
    assert not backend.asked


def test_the_next_address_is_tried_when_the_first_is_dead(site: Site) -> None:
    class HalfDead(Redirected):
        def connect_tcp(self, host: str, *args: Any, **kwargs: Any) -> httpcore2.NetworkStream:
            if host == "1.1.1.1":
                raise httpcore2.ConnectTimeout
            return super().connect_tcp(host, *args, **kwargs)

    site.pages["/a"] = (200, {}, PAGE)
    with Fetcher(FetchSettings(), resolve=lambda *_: ["1.1.1.1", "1.0.0.1"], backend=HalfDead(site)) as fetcher:
        assert fetcher.fetch("http://paper.example/a").content == PAGE


def test_redirects_are_followed_and_the_last_address_is_kept(site: Site) -> None:
    site.pages["/a"] = (301, {"Location": "b"}, b"")
    site.pages["/b"] = (302, {"Location": f"{site.address.replace('//', '//u:p@')}/c#x"}, b"")
    site.pages["/c"] = (200, {}, PAGE)
    assert fetch(f"{site.address}/a").url == f"{site.address}/c"


def test_redirects_end(site: Site) -> None:
    site.pages["/self"] = (302, {"Location": "/self"}, b"")
    site.pages["/x"] = (302, {"Location": "/y"}, b"")
    site.pages["/y"] = (302, {"Location": "/x"}, b"")
    for step in range(9):
        site.pages[f"/{step}"] = (302, {"Location": f"/{step + 1}"}, b"")
    assert failure(f"{site.address}/self").what == "redirects to itself"
    assert failure(f"{site.address}/x").what == "redirects in a loop"
    assert failure(f"{site.address}/0").what == "redirects more than 5 times"
    site.pages["/2"] = (200, {}, PAGE)
    assert fetch(f"{site.address}/0", max_redirects=2).content == PAGE


def test_a_redirect_to_the_same_page_after_a_cookie_is_no_loop(site: Site) -> None:
    def wall(handler: BaseHTTPRequestHandler) -> None:
        known = "seen=1" in handler.headers.get("Cookie", "")
        handler.send_response(200 if known else 302)
        if not known:
            handler.send_header("Set-Cookie", "seen=1")
            handler.send_header("Location", "/a")
        handler.send_header("Content-Length", str(len(PAGE)))
        handler.end_headers()
        handler.wfile.write(PAGE)

    site.pages["/a"] = wall
    with Fetcher(FetchSettings(allow_private=True), sleep=lambda _: None) as fetcher:
        assert fetcher.fetch(f"{site.address}/a").content == PAGE
        fetcher.fetch(f"{site.address}/a")
    assert site.paths() == ["/a"] * 4, "no cookie is kept from one page to the next"


@pytest.mark.parametrize(
    "target", ["ftp://example.org/a", "javascript:alert(1)", "http://[", "file:///etc/passwd", "//"]
)
def test_a_redirect_to_anything_but_a_web_address_is_refused(site: Site, target: str) -> None:
    site.pages["/a"] = (302, {"Location": target}, b"")
    assert failure(f"{site.address}/a")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/a", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://", "not a complete address"),
        ("https://exa mple.org/", ""),
        ("http://[::1", "not an address"),
        ("http://example.org:0/", "not a complete address"),
        ("http://example.org:99999/", "not a complete address"),
        ("http://example.org/" + "a" * 9000, "characters"),
        ("http://exa\nmple.org/", "not an address"),
    ],
)
def test_what_is_no_web_address_is_said_to_be_none(url: str, words: str) -> None:
    with Fetcher(FetchSettings(), resolve=no_host) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    assert words in caught.value.what
    assert caught.value.hint


def no_host(_host: str, _port: int) -> list[str]:
    raise socket.gaierror(-2, "Name or service not known")


def test_an_unknown_host_is_said_to_be_unknown() -> None:
    with Fetcher(FetchSettings(), resolve=no_host) as fetcher, pytest.raises(FetchError, match="no host of that name"):
        fetcher.fetch("https://nowhere.example/")


def test_passwords_are_not_printed() -> None:
    with Fetcher(FetchSettings(), resolve=no_host) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch("https://ann:secret@nowhere.example/a@b")
    assert str(caught.value).startswith("https://nowhere.example/a@b: ")
    assert without_credentials("http://a:b@c@d.example/e") == "http://d.example/e"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (204, "nothing"),
        (304, "no page"),
        (401, "login"),
        (402, "payment"),
        (403, "paywall"),
        (404, "no such page"),
        (410, "taken down"),
        (429, "too often"),
        (451, "legal"),
        (500, "server failed"),
        (503, "server failed"),
        (302, "no page"),
    ],
)
def test_each_status_is_put_in_words(site: Site, status: int, words: str) -> None:
    site.pages["/a"] = (status, {}, b"")
    error = failure(f"{site.address}/a")
    assert words in error.what
    assert f"status {status}" in error.what
    assert error.where == f"{site.address}/a"
    assert error.hint
    assert "\n" not in str(error)


def test_a_refused_connection_is_said_to_be_refused() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, and not listened at
        assert "refuses the connection" in failure(f"http://127.0.0.1:{closed.getsockname()[1]}/a").what


def test_a_server_without_tls_is_told_from_one_with_a_bad_certificate(site: Site) -> None:
    assert "no secure connection" in failure(site.address.replace("http:", "https:")).what

    class BadCertificate(httpcore2.SyncBackend):
        def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore2.NetworkStream:
            cause = ssl.SSLCertVerificationError("bad")
            cause.verify_message = "certificate has expired"
            raise httpcore2.ConnectError(cause) from cause

    with (
        Fetcher(FetchSettings(), resolve=lambda *_: ["1.1.1.1"], backend=BadCertificate()) as fetcher,
        pytest.raises(FetchError, match="certificate has expired"),
    ):
        fetcher.fetch("https://paper.example/")


def test_a_page_over_the_limit_is_refused_before_it_is_read(site: Site) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "10000000000")
        handler.end_headers()

    site.pages["/announced"] = endless
    assert failure(f"{site.address}/announced").what == "is larger than 20 MB"


def test_a_page_over_the_limit_is_refused_while_it_is_read(site: Site) -> None:
    def unannounced(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(1000):
                handler.wfile.write(b"x" * 1000)

    site.pages["/unannounced"] = unannounced
    assert "larger" in failure(f"{site.address}/unannounced", max_bytes=100_000).what


def test_the_limit_holds_after_decompression(site: Site) -> None:
    bomb = gzip.compress(b"\0" * 30_000_000)
    site.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, bomb)
    site.pages["/page"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(PAGE))
    site.pages["/damaged"] = (200, {"Content-Encoding": "gzip"}, b"no gzip at all")
    site.pages["/nested"] = (200, {"Content-Encoding": "gzip, " * 50 + "gzip"}, PAGE)
    assert len(bomb) < 100_000
    assert "larger" in failure(f"{site.address}/bomb", max_bytes=1_000_000).what
    assert fetch(f"{site.address}/page").content == PAGE
    assert "damaged" in failure(f"{site.address}/damaged").what
    assert "compressed" in failure(f"{site.address}/nested").what


def test_a_page_that_breaks_off_is_refused(site: Site) -> None:
    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(PAGE)

    site.pages["/a"] = broken
    assert "broke off" in failure(f"{site.address}/a").what


def test_a_slow_drip_ends_with_the_time_limit(site: Site) -> None:
    """Each byte comes in time for itself; the clock of the test goes on by a second at each look."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(b"x")

    site.pages["/a"] = drip
    ticks = itertools.count()
    with (
        Fetcher(FetchSettings(allow_private=True), clock=lambda: float(next(ticks)), sleep=lambda _: None) as fetcher,
        pytest.raises(FetchError, match="did not answer in full within 20 seconds"),
    ):
        fetcher.fetch(f"{site.address}/a")


def test_a_silent_server_ends_with_the_time_limit(site: Site) -> None:
    done = threading.Event()
    site.pages["/a"] = lambda handler: done.wait(10)
    error = failure(f"{site.address}/a", timeout_s=0.1)
    assert "did not answer" in error.what
    assert "--timeout" in error.hint
    done.set()


def test_a_silent_name_server_ends_with_the_time_limit() -> None:
    done = threading.Event()

    def late(host: str, port: int) -> list[str]:
        done.wait(10)
        return []

    with (
        Fetcher(FetchSettings(timeout_s=0.05), resolve=late) as fetcher,
        pytest.raises(FetchError, match="did not answer"),
    ):
        fetcher.fetch("http://paper.example/")
    done.set()


def test_robots_txt_is_honoured_and_asked_for_once(site: Site) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: onrecord\nDisallow: /closed\n\nUser-agent: *\nDisallow: /\n")
    site.pages["/open"] = (200, {}, PAGE)
    site.pages["/to-closed"] = (302, {"Location": "/closed/a"}, b"")
    with Fetcher(FetchSettings(allow_private=True), sleep=lambda _: None) as fetcher:
        assert fetcher.fetch(f"{site.address}/open").content == PAGE
        for path in ("/closed/a", "/to-closed"):
            with pytest.raises(FetchError, match=r"robots\.txt asks programs not to"):
                fetcher.fetch(site.address + path)
    assert [path for path, _ in site.asked] == ["/robots.txt", "/open", "/to-closed"]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429])
def test_without_a_robots_txt_everything_may_be_fetched(site: Site, status: int) -> None:
    site.pages["/robots.txt"] = (status, {}, b"")
    site.pages["/a"] = (200, {}, PAGE)
    assert fetch(f"{site.address}/a").content == PAGE


def test_a_failing_robots_txt_forbids(site: Site) -> None:
    site.pages["/robots.txt"] = (503, {}, b"")
    site.pages["/a"] = (200, {}, PAGE)
    assert "robots.txt answers with status 503" in failure(f"{site.address}/a").what
    assert not site.paths()


def test_a_robots_txt_that_redirects_for_ever_counts_as_none(site: Site) -> None:
    site.pages["/robots.txt"] = (302, {"Location": "/robots.txt"}, b"")
    site.pages["/a"] = (200, {}, PAGE)
    assert fetch(f"{site.address}/a").content == PAGE


def test_only_the_beginning_of_a_huge_robots_txt_is_looked_at(site: Site) -> None:
    rules = b"User-agent: *\nDisallow: /closed\n"
    site.pages["/a"] = (200, {}, PAGE)
    site.pages["/closed"] = (200, {}, PAGE)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(rules + b"# filler\n" * 100_000)

    site.pages["/robots.txt"] = endless
    assert fetch(f"{site.address}/a").content == PAGE
    assert "robots.txt" in failure(f"{site.address}/closed").what


@pytest.mark.parametrize(
    ("rules", "wait"),
    [
        (b"", SHORTEST_DELAY_S),
        (b"User-agent: *\nCrawl-delay: 3", 3),
        (b"User-agent: *\nCrawl-delay: 999", LONGEST_DELAY_S),
    ],
)
def test_a_host_is_given_pauses(site: Site, rules: bytes, wait: float) -> None:
    site.pages["/robots.txt"] = (200, {}, rules)
    site.pages["/a"] = (302, {"Location": "/b"}, b"")
    site.pages["/b"] = (200, {}, PAGE)
    now = [0.0]
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    with Fetcher(FetchSettings(allow_private=True), clock=lambda: now[0], sleep=sleep) as fetcher:
        for _ in range(3):
            fetcher.fetch(f"{site.address}/a")
    assert waits == [wait, wait], "before the first page and between redirects there is none"


def test_a_dead_host_costs_its_time_limit_once(site: Site) -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return no_host(host, port)

    with Fetcher(FetchSettings(), resolve=resolve) as fetcher:
        for path in "abc":
            with pytest.raises(FetchError, match="no host"):
                fetcher.fetch(f"http://paper.example/{path}")
    assert looked_up == ["paper.example"]


@pytest.mark.parametrize("location", ["file:///etc/hosts", "mailto:ann@paper.example", "https://", "//[::1"])
def test_a_redirect_to_something_else_is_the_sites_fault(site: Site, location: str) -> None:
    site.pages["/a"] = (302, {"Location": location}, b"")
    error = failure(f"{site.address}/a")
    assert error.what == "redirects to something that is not a web address"
    assert "save the page" in error.hint
