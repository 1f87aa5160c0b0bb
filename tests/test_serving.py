from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from click.testing import CliRunner

from onrecord.cli.serving import serve as serve_command
from onrecord.errors import LedgerError
from onrecord.ledger import Ledger
from onrecord.model import (
    Stance,
)
from onrecord.web import server
from onrecord.web.server import Site
from onrecord.web.shown import Answer, Wish
from samples import sample_reading
from sites import Browser, clock, fill, opened, raw, words


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    fill(tmp_path / "record.db")
    return tmp_path / "record.db"


# --- a ledger that does not answer ------------------------------------------------------------------------------------


def test_a_ledger_that_is_away_is_one_line_and_the_server_goes_on_when_it_is_back(ledger: Path) -> None:
    with opened(ledger, threads=2) as browser:
        assert browser.get("/claims").status_code == 200
        ledger.rename(ledger.with_name("away.db"))
        for _ in range(3):
            answer = browser.get("/claims.json")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert answer.json()["error"].startswith("record.db: there is no ledger")
            assert str(ledger.parent) not in browser.get("/claims").text
        ledger.with_name("away.db").rename(ledger)
        assert browser.get("/claims").status_code == 200
        ledger.unlink()
        with Ledger(ledger, create=True, clock=clock):
            pass
        assert [browser.json("/claims.json")["claims"] for _ in range(3)] == [[], [], []]


def test_a_ledger_that_is_damaged_is_one_line(ledger: Path) -> None:
    with opened(ledger, threads=1) as browser:
        content = ledger.read_bytes()
        ledger.unlink()
        ledger.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
        answer = browser.get("/claims.json")
        assert answer.status_code == 503
        assert "\n" not in answer.json()["error"]
        ledger.unlink()
        ledger.write_bytes(content)
        assert browser.get("/claims.json").status_code == 200


def test_a_record_that_is_damaged_is_one_line_and_the_others_are_shown(ledger: Path) -> None:
    (denial,) = (one for one in sample_reading().attributions if one.stance is Stance.DENY)
    with contextlib.closing(sqlite3.connect(ledger)) as other:
        other.execute("UPDATE reading SET body = x'00' WHERE no = 1")
        other.commit()
    with opened(ledger, threads=1) as browser:
        answer = browser.get(f"/claims/{denial.id}.json")
        assert answer.status_code == 503
        assert "a reading in the ledger is damaged" in answer.json()["error"]
        assert "`onrecord verify` says which" in answer.json()["error"]
        assert browser.get("/claims?said_after=2023-03-30").status_code == 200


def test_a_ledger_that_is_locked_does_not_keep_who_asks_waiting(ledger: Path) -> None:
    with opened(ledger, threads=1, patience_s=0.05) as browser:
        other = sqlite3.connect(ledger, isolation_level=None)
        with contextlib.closing(other):
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            answer = browser.get("/claims")
            assert answer.status_code == 503
            assert "record.db: does not answer within 0.05 seconds" in words(answer.text)
            other.execute("COMMIT")
        assert until_answered(browser) == 200


def until_answered(browser: Browser) -> int:
    """The status as soon as somebody is free to answer."""
    while (answer := browser.get("/claims")).status_code == 503 and "does not answer within" in answer.text:
        pass
    return answer.status_code


class Gate:
    """A view that waits until it is let through."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self.open = threading.Event()
        self.calls = 0

    def __call__(self, held: Ledger, wish: Wish) -> Answer:
        self.calls += 1
        self.inside.release()
        self.open.wait()
        return Answer(b"through", "text/plain")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    one = Gate()
    monkeypatch.setattr(server, "_VIEWS", (*server._VIEWS, ("/gate", one)))
    yield one
    one.open.set()


HERE = [(b"host", b"localhost")]


def test_a_long_question_does_not_hold_up_the_others(ledger: Path, gate: Gate) -> None:
    async def ask(site: Site) -> None:
        slow = asyncio.ensure_future(raw(site, HERE, path="/gate"))
        await asyncio.to_thread(gate.inside.acquire)
        assert [await raw(site, HERE) for _ in range(5)] == [200] * 5
        assert not slow.done()
        gate.open.set()
        assert await slow == 200

    with opened(ledger, threads=2) as browser:
        asyncio.run(ask(browser.site))


def test_what_nobody_waits_for_any_more_is_not_begun(ledger: Path, gate: Gate) -> None:
    async def ask(site: Site) -> None:
        slow = asyncio.ensure_future(raw(site, HERE, path="/gate"))
        await asyncio.to_thread(gate.inside.acquire)
        for _ in range(5):
            await raw(site, HERE, path="/gate", is_gone=True)
        gate.open.set()
        assert await slow == 200
        assert await raw(site, HERE) == 200

    with opened(ledger, threads=1) as browser:
        asyncio.run(ask(browser.site))
    assert gate.calls == 1


def test_more_than_can_wait_are_told_so_at_once(ledger: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_MOST_WAITING", 2)

    async def ask(site: Site) -> list[int]:
        several = [asyncio.ensure_future(raw(site, HERE, path="/gate"))]
        await asyncio.to_thread(gate.inside.acquire)
        several += [asyncio.ensure_future(raw(site, HERE, path="/gate")) for _ in range(4)]
        done, _ = await asyncio.wait(several, return_when=asyncio.FIRST_COMPLETED)
        refused = [one.result() for one in done]
        gate.open.set()
        return sorted([*refused, *(await asyncio.gather(*(one for one in several if one not in done)))])

    with opened(ledger, threads=1) as browser:
        statuses = asyncio.run(ask(browser.site))
    assert statuses == [200, 200, 200, 503, 503]


def test_what_waits_when_the_server_is_ended_is_refused(ledger: Path, gate: Gate) -> None:
    async def ask(site: Site) -> None:
        slow = asyncio.ensure_future(raw(site, HERE, path="/gate"))
        await asyncio.to_thread(gate.inside.acquire)
        waiting = asyncio.ensure_future(raw(site, HERE))
        await asyncio.sleep(0)
        site.stop()
        assert await waiting == 503
        assert await raw(site, HERE) == 503
        gate.open.set()
        assert await slow == 200

    with opened(ledger, threads=1) as browser:
        asyncio.run(ask(browser.site))


def test_a_fault_of_ours_is_one_line_and_shows_nothing_of_the_code(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(held: Ledger, wish: Wish) -> Answer:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(server, "_VIEWS", (*server._VIEWS, ("/broken", broken)))
    with opened(ledger, threads=1) as browser:
        page = browser.get("/broken")
        assert page.status_code == 500
        assert "this is a fault of onrecord" in words(page.text)
        assert "secret" not in page.text
        assert "Traceback" not in page.text
        assert page.headers["content-security-policy"]
        assert browser.get("/status").status_code == 200


def test_where_there_is_no_ledger_there_is_no_site(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(LedgerError, match="there is no ledger"):
        Site(str(tmp_path / "none.db"))
    assert threading.active_count() == before


# --- a real server ----------------------------------------------------------------------------------------------------

SCRIPT = "import sys; from onrecord.web import server; {}; from onrecord.cli.serving import serve; serve(sys.argv[1:])"


@contextlib.contextmanager
def running(ledger: Path, change: str = "pass") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, on any free port; it is ended if it is not yet."""
    words = [sys.executable, "-W", "error", "-c", SCRIPT.format(change), "--ledger", str(ledger), "--port", "0"]
    environment = os.environ | {"PYTHONUTF8": "1"}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603 - our own
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            match = re.fullmatch(r"onrecord: (http://127\.0\.0\.1:\d+)/ shows .*record\.db; Ctrl-C ends it\n", line)
            assert match, line + process.stderr.read()
            yield process, match[1]
        finally:
            process.kill()


needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="there, a process cannot be sent Ctrl-C alone")


@needs_signals
def test_many_ask_at_once_and_ctrl_c_ends_it(ledger: Path) -> None:
    with running(ledger) as (process, base):
        addresses = [
            f"{base}/claims.json?limit=2",
            f"{base}/",
            f"{base}/status",
            f"{base}/claims?words=nothing+here",
        ] * 12
        with httpx2.Client() as client, ThreadPoolExecutor(12) as threads:
            assert {answer.status_code for answer in threads.map(client.get, addresses)} == {200}
            head = client.head(f"{base}/claims")
            assert (head.content, int(head.headers["content-length"]) > 1000) == (b"", True)
            assert "server" not in head.headers
            assert client.post(f"{base}/claims", content=b"x" * 100_000).status_code == 405
            process.send_signal(signal.SIGINT)  # while connections are open
            assert process.wait(timeout=60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == "onrecord: stopped\n"


@needs_signals
def test_ctrl_c_does_not_wait_for_a_question_that_takes_long(ledger: Path) -> None:
    gate = (
        "import time; slow = lambda held, wish: print('inside', file=sys.stderr, flush=True) or time.sleep(3600);"
        "server._VIEWS += (('/slow', slow),)"
    )
    with running(ledger, gate) as (process, base), socket.create_connection(urlsplit(base).netloc.split(":")) as client:
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert process.stderr is not None
        assert process.stderr.readline() == "inside\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == "onrecord: stopped\n"


@needs_signals
@pytest.mark.parametrize(
    "said", [b"", b"GET / HTTP/1.1\r\nHost: loc", b"GET /status HTTP/1.1\r\nHost: localhost\r\n\r\nGET"]
)
def test_a_client_that_stalls_is_let_go_of(ledger: Path, said: bytes) -> None:
    change = "server._STALLED_S = 0.2"
    with running(ledger, change) as (_, base), socket.create_connection(urlsplit(base).netloc.split(":")) as client:
        client.settimeout(60)
        client.sendall(said)
        with contextlib.suppress(ConnectionResetError):
            while client.recv(65_536):
                pass


def test_a_port_that_is_taken_is_one_line(ledger: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(serve_command, ["--ledger", str(ledger), "--port", port])
    assert done.exit_code == 1
    assert done.output == (
        f"onrecord: 127.0.0.1, port {port}: cannot be had: it is in use, by another server of onrecord perhaps; "
        "name another with --port\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--host", "a" * 300], "is no address or name of this machine; leave out --host"),
        (["--host", "192.0.2.1", "--port", "0"], "this machine has no such address; leave out --host"),
        (["--ledger", "nowhere.db", "--port", "0"], "nowhere.db: there is no ledger"),
    ],
)
def test_what_keeps_it_from_serving_is_one_line(ledger: Path, words: list[str], message: str) -> None:
    done = CliRunner().invoke(serve_command, ["--ledger", str(ledger), *words])
    assert done.exit_code == 1
    assert message in done.output
    assert done.output.count("\n") == 1


def test_another_host_says_that_others_can_read_it(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server._Server, "run", lambda self, sockets: None)
    done = CliRunner().invoke(serve_command, ["--ledger", str(ledger), "--host", "0.0.0.0", "--port", "0"])
    assert done.exit_code == 0
    assert re.match(r"onrecord: http://localhost:\d+/ shows ", done.output)
    assert "no password: everyone who can reach this machine at this port can read all of the ledger" in done.output
