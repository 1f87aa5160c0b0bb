"""The ledger over HTTP: who may ask, who answers, and how a server is run. It only reads; nothing writes.

A request waits in a queue for one of a few threads, each with a ledger of its own; the thread makes the whole answer.
The loop that speaks HTTP never waits for a database. A request that nobody waits for any more leaves the queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from onrecord.codec.exchange import FORMATS
from onrecord.errors import DecodeError, LedgerError, NotFound, OnrecordError, UsageError
from onrecord.ledger import Ledger
from onrecord.ledger.record import ledger_name
from onrecord.web.shown import (
    POLICY,
    Answer,
    View,
    Wish,
    load_style,
    short_name,
    show_claim,
    show_claims,
    show_decision,
    show_document,
    show_error,
    show_home,
    show_party,
    show_reading,
    show_status,
    style_address,
    web_version,
)

_THREADS = 4  # each with a ledger, and the memory for what it read last
_MOST_WAITING = 64  # requests, beside those that are being answered
_PATIENCE_S = 15.0  # for an answer; a database that does not answer at all is given up after ten
_STALLED_S = 10.0  # in which a client must ask, or take some of its answer
_MOST_CONNECTIONS = 250  # a process may have a thousand files open on most systems
_LONGEST_QUERY = 4_096
_LONGEST_PATH = 512
_LAST_S = 0.4  # to end what is under way, after Ctrl-C

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[\w.-]+))(?::[0-9]{1,5})?", re.ASCII)
_QUALITY = re.compile(r";\s*q\s*=\s*([0-9.]{1,5})\s*(?:;|\Z)", re.IGNORECASE)

_HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-robots-tag", "noindex, nofollow"),
)
_FRAMES = "; frame-ancestors 'none'"  # which a page cannot say of itself

_ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b6a66"/>'
    b'<path d="M3.5 11V7.5L5.5 4H7L5.7 7H7v4zm5.5 0V7.5L11 4h1.500L11.200 7H12.500v4z" fill="#fff"/></svg>'
)

_VIEWS: tuple[tuple[str, View], ...] = (
    ("/", show_home),
    ("/claims", show_claims),
    ("/claims/{identity}", show_claim),
    ("/documents/{identity}", show_document),
    ("/parties/{identity}", show_party),
    ("/readings/{identity}", show_reading),
    ("/decisions/{identity}", show_decision),
    ("/status", show_status),
)


# --- who answers -----------------------------------------------------------------------------------------------------


class _Job(NamedTuple):
    call: Callable[[Ledger], Answer | None]
    future: Future[Answer | None]


class _Desks:
    """A few threads that answer, each with a ledger of its own, which it opens again after anything went wrong."""

    def __init__(self, where: str, threads: int, patience_s: float) -> None:
        self._where = where
        self._patience_s = patience_s
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_MOST_WAITING)
        self._is_closed = False
        # Daemons: one that waits for a database must not keep the process from ending.
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, call: Callable[[Ledger], Answer | None]) -> Future[Answer | None]:
        """Has a call answered by the next thread that is free.

        Raises:
            LedgerError: too many wait already.
        """
        future: Future[Answer | None] = Future()
        if self._is_closed:
            raise LedgerError("the server is being ended")
        try:
            self._jobs.put_nowait(_Job(call, future))
        except queue.Full:
            raise LedgerError("more is asked at once than can be answered; try again in a moment") from None
        return future

    def close(self) -> None:
        """Ends the threads when they have done what they are at; what waits is given up."""
        self._is_closed = True
        with contextlib.suppress(queue.Empty):
            while True:
                if job := self._jobs.get_nowait():
                    job.future.cancel()
        for _ in self._threads:
            with contextlib.suppress(queue.Full):
                self._jobs.put_nowait(None)

    def join(self, patience_s: float) -> None:
        """Waits for the threads, so long at most."""
        for thread in self._threads:
            thread.join(patience_s / len(self._threads))

    def _work(self) -> None:
        held: Ledger | None = None
        opened: object = None
        while job := self._jobs.get():
            if not job.future.set_running_or_notify_cancel():  # nobody waits for it any more
                continue
            try:
                if held is not None and _file_of(self._where) != opened:  # another file has taken its place
                    held.close()
                    held = None
                if held is None:
                    opened = _file_of(self._where)
                    held = Ledger(self._where, read_only=True, patience_s=self._patience_s)
                answer = job.call(held)
            except BaseException as error:  # whatever it is belongs to who asked, not to this thread
                if held is not None and not isinstance(error, UsageError | NotFound):
                    held.close()
                    held = None
                job.future.set_exception(error)
            else:
                job.future.set_result(answer)
            job = None  # an answer can be large, and the next question far away
        if held is not None:
            held.close()


def _file_of(where: str) -> object:
    """What tells a file from another of the same name; None for a database, and where there is none."""
    try:
        stat = Path(where).stat()
    except (OSError, ValueError):
        return None
    return stat.st_dev, stat.st_ino


# --- what is asked ---------------------------------------------------------------------------------------------------


def _prefers_json(accept: str) -> bool:
    """Whether JSON is named among what is accepted, and HTML is not liked better."""
    liked = {"application/json": 0.0, "text/html": 0.0}
    for part in accept.split(","):
        kind = part.partition(";")[0].strip().lower()
        quality = _QUALITY.search(part)
        with contextlib.suppress(ValueError):
            if kind in liked:
                liked[kind] = float(quality[1]) if quality else 1.0
    return liked["application/json"] > 0 and liked["application/json"] >= liked["text/html"]


def _form_of(scope: Scope) -> str:
    """In which form an error is told: as JSON where JSON is asked for, as a page for a browser."""
    headers = dict(scope["headers"])
    if scope["path"].endswith(".json") or b"format=json" in scope["query_string"].split(b"&"):
        return "json"
    if any(f"format={name}".encode() in scope["query_string"].split(b"&") for name in FORMATS):
        return "text"
    return "json" if _prefers_json(headers.get(b"accept", b"").decode("latin-1")) else "html"


def _wish(request: Request, base: str) -> Wish:
    """What a request asks for.

    Args:
        request: it.
        base: how the addresses in the answer begin; empty for the name by which the request came.

    Raises:
        UsageError: there is no such format.
    """
    identity = request.path_params.get("identity", "")
    pairs = tuple(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
    forms = {value for name, value in pairs if name == "format" and value}
    if request.url.path.endswith(".json"):
        forms.add("json")
    if unknown := sorted(forms - {"html", "json", *FORMATS}):
        raise UsageError(f"{unknown[0][:40]!r} is no format; there are html, json, {', '.join(FORMATS)}")
    if len(forms) > 1:
        raise UsageError(f"one format at a time; the address asks for {' and '.join(sorted(forms))}")
    form = forms.pop() if forms else "json" if _prefers_json(request.headers.get("accept", "")) else "html"
    base = base or f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    return Wish(form, base, identity.removesuffix(".json"), pairs)


def _checked_base(base: str) -> str:
    if base and not re.fullmatch(r"https?://[^/?#\s]+/?", base):
        raise UsageError(
            f"{base[:60]!r} is no address of a server; write one like https://record.example, without a path"
        )
    return base.rstrip("/")


async def _until_gone(receive: Receive) -> None:
    """Ends when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Site:
    """The ledger over HTTP, as an ASGI application.

    Args:
        where: the ledger, as :class:`onrecord.ledger.Ledger` takes it.
        is_open: whether it answers under any name; else only under names of this machine's loopback, so that no page of
            another site can read it through a name that it makes lead here (DNS rebinding).
        host: a further name to answer under.
        base: how addresses in answers begin, where a web server before this one is asked under another name.
        threads: that answer.
        patience_s: for an answer.

    Raises:
        LedgerError: there is no ledger, or it cannot be opened.
    """

    def __init__(
        self,
        where: str | None = None,
        *,
        is_open: bool = False,
        host: str = "",
        base: str = "",
        threads: int = _THREADS,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self.where = ledger_name(where)
        with Ledger(self.where, read_only=True) as held:
            self.name = held.name
        self._is_open = is_open
        self._names = _LOOPBACK | {host.strip("[]").lower()}
        self._patience_s = patience_s
        self._base = _checked_base(base)
        self._desks = _Desks(self.where, threads, patience_s)
        app = Starlette(
            routes=list(self._routes()), exception_handlers={HTTPException: _refuse_request, Exception: _fail}
        )
        app.router.redirect_slashes = False  # it would lead to whatever host the request names
        self._app: ASGIApp = app

    def close(self, patience_s: float = 5.0) -> None:
        """Lets go of the ledgers; waits so long, at most, for what is under way."""
        self._desks.close()
        self._desks.join(patience_s)

    def stop(self) -> None:
        """Answers no more; what waits is refused."""
        self._desks.close()

    def _routes(self) -> Iterator[Route]:
        for path, view in _VIEWS:
            endpoint = self._endpoint(view)
            yield Route(path, endpoint, methods=["GET"])
            if "{" not in path and path != "/":
                yield Route(f"{path}.json", endpoint, methods=["GET"])
        yield Route("/style.css", _style, methods=["GET"])
        yield Route("/icon.svg", _icon, methods=["GET"])
        yield Route("/robots.txt", _robots, methods=["GET"])

    # --- a request ---------------------------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; refuses what must not be answered, and puts the headers on every answer."""
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = dict(message["headers"])
                own = dict(_HEADERS) | {"content-security-policy": POLICY.format(""), "cache-control": "no-store"}
                for name, value in own.items():
                    headers.setdefault(name.encode(), value.encode())
                policy = headers[b"content-security-policy"]
                headers[b"content-security-policy"] = policy + _FRAMES.encode()
                message["headers"] = list(headers.items())
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send_with_headers)
        else:
            await _response(show_error(_form_of(scope), *refusal))(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        if len(scope["query_string"]) > _LONGEST_QUERY or len(scope["path"]) > _LONGEST_PATH:
            return 414, f"the address is too long; a question has {_LONGEST_QUERY:,} characters at most"
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None:
            return 400, "the request does not say which host it is for"
        name = (match["six"] or match["name"]).lower().rstrip(".")
        if self._is_open or name in self._names or name.endswith(".localhost") or _is_loopback(name):
            return None
        return 421, f"{name[:80]!r} is not a name of this server, which only this machine may ask; write localhost"

    def _endpoint(self, view: View) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                wish = _wish(request, self._base)
                asked = (wish.form, wish.base, request.url.path, request.scope["query_string"].decode("latin-1"))
                known = request.headers.get("if-none-match", "")
                found = await self._ask(request.receive, lambda held: _look(held, view, wish, asked, known))
            except OnrecordError as error:
                return _response(show_error(_form_of(request.scope), _status_of(error), self._told(error)))
            return _response(found) if found else Response(status_code=503)  # which nobody receives

        return answer

    async def _ask(self, receive: Receive, call: Callable[[Ledger], Answer | None]) -> Answer | None:
        """What a thread answers; None if the client has gone before.

        Raises:
            OnrecordError: what went wrong.
        """
        waiting = asyncio.wrap_future(self._desks.submit(call))
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            either: set[asyncio.Future[Any]] = {waiting, gone}
            await asyncio.wait(either, timeout=self._patience_s, return_when=asyncio.FIRST_COMPLETED)
            if waiting.cancelled():
                raise LedgerError("the server is being ended")
            if waiting.done():
                return waiting.result()
            if gone.done():
                return None
            raise LedgerError(
                f"{self.name}: does not answer within {self._patience_s:g} seconds; somebody may be writing much, "
                "or the question takes long; try again"
            )
        finally:
            waiting.cancel()  # if it waits still; what a thread is at goes on, and its end is of no interest
            gone.cancel()

    def _told(self, error: OnrecordError) -> str:
        """What went wrong, without where the ledger lies."""
        if isinstance(error, DecodeError):
            return f"a record of the ledger is damaged ({error}); `onrecord verify` says where"
        return str(error).replace(self.name, short_name(self.name)).replace(self.where, short_name(self.where))


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _look(held: Ledger, view: View, wish: Wish, asked: tuple[str, ...], known: str) -> Answer:
    """What a view shows, with a mark that stays the same while it would show the same; nothing if that is known.

    All that is shown follows from the version, the address and the ledger, which the hash of its last row stands for.
    """
    _, head = held.get_head()
    parts = "\n".join((web_version(), style_address(), head, *asked))
    tag = f'"{hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'
    kept = {"etag": tag, "vary": "accept", "cache-control": "private, no-cache"}
    if tag in (one.strip().removeprefix("W/") for one in known.split(",")):
        return Answer(b"", "", 304, kept)
    answer = view(held, wish)
    if answer.status >= 300:
        return answer
    return Answer(answer.body, answer.media_type, answer.status, kept | dict(answer.headers))


def _status_of(error: OnrecordError) -> int:
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, UsageError):
        return 400
    # What else there is: a record that is damaged, a library that a format needs.
    return 503 if isinstance(error, LedgerError) else 500 if isinstance(error, DecodeError) else 501


def _response(answer: Answer) -> Response:
    headers = dict(answer.headers)
    if answer.status == 503:
        headers["retry-after"] = "5"
    response = Response(answer.body, answer.status, headers)
    if answer.media_type and answer.status != 304:
        response.headers["content-type"] = answer.media_type
    return response


async def _refuse_request(request: Request, error: Exception) -> Response:
    """What no address or method of ours is asked for."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    allowed = getattr(error, "headers", None) or {}
    message = {
        404: f"there is no {request.url.path[:80]!r} here; begin at /",
        405: f"{request.method[:20]} is not answered: over HTTP the ledger is only read",
    }.get(status, "the request cannot be answered")
    response = _response(show_error(_form_of(request.scope), status, message))
    response.headers.update(allowed)
    return response


async def _fail(request: Request, error: Exception) -> Response:
    """A fault of ours; the server has it on standard error."""
    message = "this is a fault of onrecord, and not of the question; the server has written down what went wrong"
    return _response(show_error(_form_of(request.scope), 500, message))


async def _style(request: Request) -> Response:
    keep = "public, max-age=31536000, immutable" if request.url.query else "no-cache"
    return Response(load_style(), media_type="text/css", headers={"cache-control": keep})


async def _icon(request: Request) -> Response:
    return Response(_ICON, media_type="image/svg+xml", headers={"cache-control": "public, max-age=86400"})


async def _robots(request: Request) -> Response:
    return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")


# --- a server --------------------------------------------------------------------------------------------------------


class _Connection(H11Protocol):
    """A connection that is let go of when its client stalls: when it asks for nothing, or does not take its answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in its base
        super().connection_made(transport)
        self._seen: tuple[RequestResponseCycle | None, int] = (None, 0)
        self._watch = self.loop.call_later(_STALLED_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        cycle: RequestResponseCycle | None = self.cycle
        unsent = self.transport.get_write_buffer_size()
        is_ours = cycle is not None and not cycle.response_complete and not unsent  # it is we who are waited for
        if not is_ours and self._seen == (cycle, unsent):
            self.transport.abort()
            return
        self._seen = (cycle, unsent)
        self._watch = self.loop.call_later(_STALLED_S, self._look)


class _Server(uvicorn.Server):
    """A server that ends within a second: what waits is refused, and what is not done by then is broken off."""

    def __init__(self, config: uvicorn.Config, site: Site) -> None:
        super().__init__(config)
        self._site = site

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._site.stop()
        asyncio.get_running_loop().call_later(_LAST_S, self._break_off)
        await super().shutdown(sockets)

    def _break_off(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def serve(
    where: str | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    base: str = "",
    on_ready: Callable[[str, str, bool], None] = lambda address, name, is_open: None,
) -> None:
    """Serves a ledger over HTTP until Ctrl-C, or a signal to end.

    Args:
        where: the ledger, as :class:`onrecord.ledger.Ledger` takes it.
        host: the address or name of this machine at which to answer.
        port: likewise; 0 for any that is free.
        base: how addresses in answers begin, where a web server before this one is asked under another name.
        on_ready: is told when it begins to answer: the address, the name of the ledger, and whether others than this
            machine can reach it.

    Raises:
        LedgerError: there is no ledger, or it cannot be opened.
        OnrecordError: the port cannot be had.
        UsageError: ``base`` is no address that could be before the path of a page.
    """
    listening = _listen(host, port)
    with contextlib.closing(listening):
        address, taken = listening.getsockname()[:2]
        is_open = not _is_loopback(address)
        site = Site(where, is_open=is_open, host=host, base=base)
        config = uvicorn.Config(
            site,
            http=_Connection,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_CONNECTIONS,
        )
        shown = "localhost" if ipaddress.ip_address(address).is_unspecified else address
        shown = f"[{shown}]" if ":" in shown else shown
        try:
            on_ready(f"http://{shown}:{taken}/", site.name, is_open)
            with contextlib.suppress(KeyboardInterrupt):  # which is how it is ended
                _Server(config, site).run(sockets=[listening])
        finally:
            site.close(_LAST_S)  # what a database keeps busy still ends with the process


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        OnrecordError: it cannot be had; the message says why, and what to do.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family)
    except (socket.gaierror, UnicodeError):
        raise OnrecordError(f"{host[:80]}: is no address or name of this machine; leave out --host") from None
    except OSError as error:
        why, hint = (error.strerror or "unknown reason").lower(), "name another with --port"
        if isinstance(error, PermissionError):
            why, hint = "only an administrator may open it", "name one above 1023 with --port"
        elif "in use" in why:
            why = "it is in use, by another server of onrecord perhaps"
        elif "assign" in why:
            why, hint = "this machine has no such address", "leave out --host"
        raise OnrecordError(f"{host}, port {port}: cannot be had: {why}; {hint}") from None
