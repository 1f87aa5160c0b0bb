"""Addresses → bytes: the only code that opens a network connection.

Two rules are kept below the HTTP client, at the socket, so that nothing above can forget them: a connection is made
only to an address that was checked (the name is looked up once, so a second answer of the name server changes
nothing), and every read, write and handshake runs against one deadline for the whole page.
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from types import MappingProxyType, TracebackType
from typing import Any, Self, TypeVar

import httpcore2
import httpx2
from protego import Protego

from onrecord.errors import FetchError

ROBOTS_BYTES = 512 * 1024  # RFC 9309 asks for 500 KiB at least; what lies beyond is not looked at
LONGEST_DELAY_S = 10.0  # a Crawl-delay above this is treated as this
SHORTEST_DELAY_S = 0.5  # between two pages of one host, whether or not it asks for a delay
MOST_TRIED = 4  # addresses of one name that are tried before it counts as unreachable
ROBOTS_KEPT_S = 86_400.0  # RFC 9309, 2.4: a robots.txt is not to be believed for more than a day
NO_ROBOTS_KEPT_S = 600.0  # a host that gave no answer is left alone for so long
MOST_HOSTS = 1000  # that are remembered; a fetcher may run for weeks

_T = TypeVar("_T")

_LONGEST_URL = 8000  # characters; servers refuse longer ones
_SAVE_IT = "open it in a browser, save the page and read the saved file"
_PRIVATE = "--allow-private permits it, for addresses that you trust"
_NO_PROXY = "check the address and the connection; proxies are not used, so behind one save the page and read the file"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
_TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses after which asking again later may help
_LONGEST_HEADER = 500  # characters of a header that is kept and sent back
_SUPPORTED_CODINGS = frozenset({"gzip", "x-gzip", "deflate", "identity"})

_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # the only range that public IPv6 addresses have been given out of
_DOCUMENTATION_V6 = ipaddress.IPv6Network("3fff::/20")  # RFC 9637; Python before 3.13 takes it for public
_PROTOCOL_V4 = ipaddress.IPv4Network("192.0.0.0/24")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How pages are fetched.

    Attributes:
        allow_private: whether loopback, private and otherwise unrouted addresses may be fetched.
        timeout_s: seconds for one page, from the first look-up to the last byte, redirects and robots.txt included.
        max_bytes: the largest page, in bytes after decompression.
        max_redirects: redirects followed before giving up.
    """

    allow_private: bool = False
    timeout_s: float = 20.0
    max_bytes: int = 20_000_000
    max_redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered.

    Attributes:
        url: the address after redirects, without user name, password and fragment.
        content: the body, decompressed.
        media_type: as the server names it, in lower case and without parameters; may be empty.
        charset: likewise; may be empty.
        etag: what the server calls this version, to be sent when asking again; may be empty.
        last_modified: when it says that it changed, likewise.
        cache_control: how long it says that this may be kept, likewise.
        moved_to: where redirects led that are for good; empty if there were none.
        is_unchanged: whether it is the version that was asked about, so that there is no content.
    """

    url: str
    content: bytes
    media_type: str
    charset: str
    etag: str = ""
    last_modified: str = ""
    cache_control: str = ""
    moved_to: str = ""
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no page to be had.

    Attributes:
        what: what is wrong, in plain words.
        hint: what can be done about it; may be empty.
        status: what the server answered; 0 without an answer.
        retry_after: when it wants to be asked again, as it says so; may be empty.
        is_silent: whether nobody answered at all.
    """

    what: str
    hint: str
    status: int = 0
    retry_after: str = ""
    is_silent: bool = False

    @property
    def is_temporary(self) -> bool:
        """Whether asking again later may help."""
        return self.is_silent or self.status in _TEMPORARY


class Fetcher:
    """Fetches pages one after the other, remembering each host's robots.txt and when it was last asked.

    One per run; not for use by several threads at once.

    Args:
        settings: limits and permissions.
        resolve: host and port → its IP addresses; may raise OSError.
        clock: seconds, from any beginning, never going back.
        sleep: waits some seconds.
        backend: opens connections to IP addresses.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolve: Callable[[str, int], list[str]] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        backend: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._guard = _GuardedBackend(
            backend or httpcore2.SyncBackend(),
            resolve or _look_up,
            clock,
            allow_private=settings.allow_private,
        )
        self._client = httpx2.Client(
            transport=_GuardedTransport(self._guard),
            # The environment's proxies would connect on our behalf, past the check of addresses; .netrc would send
            # passwords that nobody meant to send.
            trust_env=False,
            follow_redirects=False,
            timeout=None,  # the guard's deadline holds instead
            headers={
                "User-Agent": f"onrecord/{_version()}",
                "Accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
            },
        )
        self._robots: dict[str, tuple[Protego | _NotFetched | None, float]] = {}
        self._last_asked: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are still open."""
        self._client.close()

    def fetch(self, url: str) -> Fetched:
        """Fetch one page, as its host permits.

        Args:
            url: an http or https address; a user name and a password in it are never sent.

        Raises:
            FetchError: there is no page to be had; says why, and what to do.
        """
        try:
            return self._fetch(url, {})
        except _NotFetched as failure:
            raise FetchError(failure.what, without_credentials(url), failure.hint) from failure

    def try_fetch(self, url: str, *, etag: str = "", last_modified: str = "", accept: str = "") -> Fetched | Refused:
        """Fetch one page if it has changed, as its host permits; for callers that mean to ask again.

        Args:
            url: as for `fetch`.
            etag: of the version that is known; empty if none is.
            last_modified: likewise.
            accept: the media types wanted; empty for pages.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified, "Accept": accept}
        try:
            return self._fetch(url, {name: value for name, value in headers.items() if value})
        except _NotFetched as failure:
            return Refused(failure.what, failure.hint, failure.status, failure.retry_after, failure.is_silent)

    def _fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        self._client.cookies.clear()
        self._guard.deadline = self._clock() + self._settings.timeout_s
        return self._follow(_checked_url(url), headers)

    def _follow(self, url: httpx2.URL, headers: Mapping[str, str]) -> Fetched:
        """The page at an address, or where that sends us."""
        seen: set[object] = set()
        last_host = moved_to = ""
        is_permanent = True
        for _ in range(self._settings.max_redirects + 1):
            # Some sites send a reader to the same address again once they have set a cookie: that is no loop.
            visit = (str(url), tuple(sorted((c.domain, c.path, c.name, c.value) for c in self._client.cookies.jar)))
            if visit in seen:
                what = "redirects to itself" if len(seen) == 1 else "redirects in a loop"
                raise _NotFetched(what, _SAVE_IT)
            seen.add(visit)
            rules = self._robots_of(url)
            if rules is not None and not rules.can_fetch(str(url), "onrecord"):
                raise _NotFetched("the site's robots.txt asks programs not to fetch this page", _SAVE_IT)
            if url.host != last_host:  # a redirect on the same host is still the same request to its owner
                self._wait_for_turn(url, rules)
            last_host = url.host
            answer = self._ask(url, self._settings.max_bytes, headers)
            if isinstance(answer, Fetched):
                return replace(answer, moved_to=moved_to)
            url, by_status = answer
            is_permanent = is_permanent and by_status in _PERMANENT
            moved_to = str(url) if is_permanent else moved_to
        raise _NotFetched(f"redirects more than {self._settings.max_redirects} times", _SAVE_IT)

    def _ask(
        self, url: httpx2.URL, max_bytes: int, headers: Mapping[str, str] = MappingProxyType({})
    ) -> Fetched | tuple[httpx2.URL, int]:
        """One request: the page, or the address it redirects to and by which status."""
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    return _redirected(url, response.headers["location"]), response.status_code
                is_unchanged = response.status_code == 304 and not headers.keys().isdisjoint(_CONDITIONS)
                if response.status_code not in (200, 203) and not is_unchanged:
                    raise _not_ok(response)
                return Fetched(
                    url=str(url),
                    content=b"" if is_unchanged else _read_body(response, max_bytes),
                    media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
                    charset=response.charset_encoding or "",
                    etag=_header(response, "etag"),
                    last_modified=_header(response, "last-modified"),
                    cache_control=_header(response, "cache-control"),
                    is_unchanged=is_unchanged,
                )
        except httpcore2.TimeoutException as error:
            raise _NotFetched(
                f"did not answer in full within {self._settings.timeout_s:g} seconds",
                "try again later, or allow more with --timeout",
                is_silent=True,
            ) from error
        except httpcore2.NetworkError as error:
            raise _not_connected(error) from error
        except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
            raise _NotFetched("broke off, or does not speak HTTP", "try again later", is_silent=True) from error
        except httpx2.DecodingError as error:
            raise _NotFetched("the compressed page is damaged", "try again later") from error
        except (httpx2.InvalidURL, httpx2.HTTPError, UnicodeError) as error:
            raise _NotFetched("gives no answer that can be read", _SAVE_IT) from error

    def _robots_of(self, url: httpx2.URL) -> Protego | None:
        """The rules of a page's host; None if it has none."""
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        now = self._clock()
        rules, until = self._robots.get(origin, (None, now))
        if now >= until:
            kept_s = ROBOTS_KEPT_S
            try:
                rules = self._fetch_robots(url.join("/robots.txt"))
            except _NotFetched as failure:
                rules, kept_s = failure.again(), NO_ROBOTS_KEPT_S
            _keep(self._robots, origin, (rules, now + kept_s))
        if isinstance(rules, _NotFetched):
            # A host that cannot be reached for its robots.txt cannot be reached for the page either; asking again for
            # each item of a feed would only cost a time limit each.
            raise rules.again()
        return rules

    def _fetch_robots(self, url: httpx2.URL) -> Protego | None:
        for _ in range(self._settings.max_redirects + 1):
            try:
                answer = self._ask(url, ROBOTS_BYTES)
            except _TooLarge as failure:
                return Protego.parse(failure.begun.decode("utf-8", "replace"))
            except _NotFetched as failure:
                if 400 <= failure.status < 500:
                    return None  # RFC 9309, 2.3.1.3: no rules, so everything is permitted
                if failure.status:
                    raise _NotFetched(
                        f"its robots.txt answers with status {failure.status}, so the page may not be fetched",
                        "try again later",
                        failure.status,
                        failure.retry_after,
                    ) from failure
                raise
            if isinstance(answer, Fetched):
                return Protego.parse(answer.content.decode("utf-8", "replace"))
            url, _ = answer
        return None  # RFC 9309, 2.3.1.2: after so many redirects it counts as not there

    def _wait_for_turn(self, url: httpx2.URL, rules: Protego | None) -> None:
        """Leave a host the pause that it asks for since its last page; the time limit does not run meanwhile."""
        asked_for = rules.crawl_delay("onrecord") if rules is not None else None
        delay = min(max(asked_for or 0.0, SHORTEST_DELAY_S), LONGEST_DELAY_S)
        now = self._clock()
        wait = self._last_asked.get(url.host, now - delay) + delay - now
        if wait > 0:
            self._sleep(wait)
            self._guard.deadline += wait
        _keep(self._last_asked, url.host, self._clock())


def _keep(known: dict[str, _T], key: str, value: _T) -> None:
    """Remember something of a host as the newest; of too many, the oldest is forgotten."""
    known.pop(key, None)
    if len(known) >= MOST_HOSTS:
        del known[next(iter(known))]
    known[key] = value


def without_credentials(url: str) -> str:
    """The address without a user name and a password, fit to be printed."""
    return re.sub(r"(?<=//)[^/?#]*@", "", url, count=1)


class _NotFetched(Exception):  # noqa: N818 - a reason on its way to becoming a FetchError
    """Why a request gave no page; `Refused` says what its attributes are."""

    def __init__(
        self, what: str, hint: str = "", status: int = 0, retry_after: str = "", *, is_silent: bool = False
    ) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.status = status
        self.retry_after = retry_after
        self.is_silent = is_silent

    def again(self) -> _NotFetched:
        """The same, without what was in hand when it was raised: this one may be kept."""
        return _NotFetched(self.what, self.hint, self.status, self.retry_after, is_silent=self.is_silent)


class _TooLarge(_NotFetched):
    """The body passed the limit; ``begun`` is what came before that."""

    def __init__(self, max_bytes: int, begun: bytes) -> None:
        super().__init__(f"is larger than {max_bytes / 1e6:g} MB", "save the part you need and read the saved file")
        self.begun = begun


def _version() -> str:
    try:
        return metadata.version("onrecord")
    except metadata.PackageNotFoundError:  # run from a source tree
        return "0"


def _checked_url(url: str) -> httpx2.URL:
    """An address in one spelling, without credentials and fragment."""
    if len(url) > _LONGEST_URL:
        raise _NotFetched(f"the address has more than {_LONGEST_URL:,} characters", "check the address")
    try:
        checked = httpx2.URL(url.strip())
        if checked.scheme not in ("http", "https"):
            raise _NotFetched(
                f"only http and https addresses are fetched, not {checked.scheme or 'others'}",
                "for a file on this machine give its path",
            )
        if not checked.host or (checked.port is not None and not 0 < checked.port < 65536):
            raise _NotFetched("is not a complete address", "write it as https://www.example.org/page")
        return checked.copy_with(userinfo=b"", fragment=None)
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise _NotFetched("is not an address", "write it as https://www.example.org/page") from error


def _redirected(url: httpx2.URL, location: str) -> httpx2.URL:
    """Where an answer sends us; a file or a mail address is none of the user's doing, so the hint is not about them."""
    try:
        return _checked_url(str(url.join(location)))
    except (_NotFetched, httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise _NotFetched("redirects to something that is not a web address", _SAVE_IT) from error


def _read_body(response: httpx2.Response, max_bytes: int) -> bytes:
    codings = [coding.strip().lower() for coding in response.headers.get("content-encoding", "").split(",")]
    if len(codings) > 1 or (codings[0] and codings[0] not in _SUPPORTED_CODINGS):
        raise _NotFetched("is compressed in a way that was not asked for", _SAVE_IT)
    if response.headers.get("content-length", "").isdecimal():
        length = response.headers["content-length"]
        if len(length) > 18 or int(length) > max_bytes:
            raise _TooLarge(max_bytes, b"")
    body = bytearray()
    for piece in response.iter_bytes():  # at most 1 MiB each, also of a compression bomb
        body += piece
        if len(body) > max_bytes:
            raise _TooLarge(max_bytes, bytes(body[:max_bytes]))
    return bytes(body)


def _not_ok(response: httpx2.Response) -> _NotFetched:
    """What a status other than success means, in words."""
    status = response.status_code
    meaning, hint = {
        204: ("there is nothing at this address", "check the address"),
        401: ("the site wants a login", f"if you have one, {_SAVE_IT}"),
        402: ("the site wants payment", f"if you subscribe, {_SAVE_IT}"),
        403: ("the site lets this program not in; it may be behind a paywall", _SAVE_IT),
        404: ("there is no such page", "check the address"),
        410: ("the page was taken down", "look for a copy in a web archive"),
        429: ("the site says that it was asked too often", "wait a while before trying again"),
        451: ("the page is withheld for legal reasons", "look for a copy in a web archive"),
    }.get(status, ("the server failed", "try again later") if status >= 500 else ("there is no page", _SAVE_IT))
    return _NotFetched(f"{meaning} (status {status})", hint, status, _header(response, "retry-after"))


def _header(response: httpx2.Response, name: str) -> str:
    """A header that can be kept and sent back; empty if it is not there, or is none."""
    value: str = response.headers.get(name, "").strip()
    return value if len(value) <= _LONGEST_HEADER and value.isascii() and value.isprintable() else ""


def _not_connected(error: Exception) -> _NotFetched:
    """Why a connection failed, in words."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _NotFetched(
                f"its certificate is not valid ({cause.verify_message.rstrip('.')})",
                "check the address; if you trust the site, save the page and read the saved file",
                is_silent=True,
            )
        if isinstance(cause, ssl.SSLError):
            return _NotFetched("no secure connection could be made", "check the address", is_silent=True)
        if isinstance(cause, socket.gaierror | UnicodeError):
            what = "there is no host of that name, or no connection to the name server"
            return _NotFetched(what, _NO_PROXY, is_silent=True)
        if isinstance(cause, ConnectionRefusedError):
            return _NotFetched("the host refuses the connection", _NO_PROXY, is_silent=True)
        wrapped = cause.args[0] if cause.args else None  # httpcore2 drops __cause__ on its way through the pool
        cause = wrapped if isinstance(wrapped, BaseException) else cause.__cause__
    return _NotFetched("the connection failed or broke off", _NO_PROXY, is_silent=True)


def _look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as the system's resolver orders them."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    Addresses that carry an IPv4 address inside (mapped, 6to4, NAT64) are as public as that one is. Everything that is
    not known to be public is not.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            return ip in _GLOBAL_V6 and ip.is_global and ip not in _DOCUMENTATION_V6
        ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _PROTOCOL_V4


class _GuardedBackend(httpcore2.NetworkBackend):
    """Connects to checked addresses only, and lets nothing run past the deadline."""

    def __init__(
        self,
        backend: httpcore2.NetworkBackend,
        resolve: Callable[[str, int], list[str]],
        clock: Callable[[], float],
        *,
        allow_private: bool,
    ) -> None:
        self._backend = backend
        self._resolve = resolve
        self._clock = clock
        self._allow_private = allow_private
        self.deadline = clock()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Look a host up once and connect to what was found; the name stays the caller's for TLS and Host."""
        addresses = self._checked_addresses(host, port)[:MOST_TRIED]
        last: Exception = httpcore2.ConnectError("no address")
        for position, address in enumerate(addresses):
            share = self.remaining() / (len(addresses) - position)  # a dead first address must leave time for the next
            try:
                return _TimedStream(self._backend.connect_tcp(address, port, share, None, socket_options), self)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                last = error
        raise last

    def remaining(self) -> float:
        """Seconds left until the deadline, more than none.

        Raises:
            httpcore2.ReadTimeout: there are none left.
        """
        left = self.deadline - self._clock()
        if left <= 0:
            raise httpcore2.ReadTimeout("the page's time is up")
        return left

    def _checked_addresses(self, host: str, port: int) -> list[str]:
        found = self._resolve_in_time(host, port)
        if not self._allow_private and not all(map(is_public, found)):
            raise _NotFetched("lies in a private or local network, which is not fetched from", _PRIVATE)
        return found

    def _resolve_in_time(self, host: str, port: int) -> list[str]:
        """The system's resolver takes no time limit, so it is left behind when it is late."""
        answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except Exception as error:  # handed over to the waiting thread
                answers.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self.remaining())
        except queue.Empty:
            raise httpcore2.ConnectTimeout("the name server is late") from None
        if isinstance(answer, Exception):
            raise httpcore2.ConnectError(answer) from answer
        return answer


class _TimedStream(httpcore2.NetworkStream):
    """A connection whose every step has only the page's remaining time, so that a slow drip ends too."""

    def __init__(self, stream: httpcore2.NetworkStream, guard: _GuardedBackend) -> None:
        self._stream = stream
        self._guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._guard.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._guard.remaining())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, self._guard.remaining()),
            self._guard,
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _GuardedTransport(httpx2.BaseTransport):
    """The client's connection pool over a backend of ours, which httpx2's own transport does not take."""

    def __init__(self, guard: _GuardedBackend) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(), keepalive_expiry=5.0, network_backend=guard
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        response = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
            )
        )
        return httpx2.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
