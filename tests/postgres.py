"""A PostgreSQL server for the tests: one that is named, one that is installed, or one that is installed for them.

``python tests/postgres.py COMMAND…`` (``make test-postgres``) runs a command with the address of a server in
``ONRECORD_TEST_POSTGRES``, and installs PostgreSQL if there is none. The tests themselves install nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "ONRECORD_TEST_POSTGRES"
OLDEST = 15
_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
)
_UNPRIVILEGED = ("postgres", "nobody")
# Nothing of it outlives the tests; and words are sorted as people sort them, which is not as Python does: what depends
# on it by mistake shows here.
_INITDB = ("--no-sync", "--auth=scram-sha-256", "--username=onrecord", "--encoding=UTF8", "--locale=C")
_SORTED = ("--locale-provider=icu", "--icu-locale=en")
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "listen_addresses": "127.0.0.1",
}


class NoServer(Exception):  # noqa: N818 - a reason, on its way to a line
    """There is no server, and why."""


def find_binaries() -> Path:
    """The folder with ``initdb`` and ``postgres`` of the newest PostgreSQL that is installed.

    Raises:
        NoServer: there is none that is new enough.
    """
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in _FOLDERS:
        folders += Path("/").glob(pattern.lstrip("/"))
    found = {_version(folder): folder for folder in folders if (folder / "initdb").exists()}
    if not found:
        raise NoServer(f"PostgreSQL is not installed; `make test-postgres` installs it, or {VARIABLE} names a server")
    if max(found) < OLDEST:
        raise NoServer(f"PostgreSQL {max(found)} is installed, and {OLDEST} or later is needed")
    return found[max(found)]


def _version(folder: Path) -> int:
    words = [str(folder / "initdb"), "--version"]
    said = subprocess.run(words, capture_output=True, text=True, check=False).stdout  # noqa: S603 - our own words
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


def install() -> None:
    """Installs PostgreSQL from the packages of Debian or Ubuntu.

    Raises:
        NoServer: that cannot be done here.
    """
    apt, sudo = shutil.which("apt-get"), shutil.which("sudo")
    as_root = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else [sudo, "-n"] if sudo else None
    if apt is None or as_root is None:
        raise NoServer(f"install PostgreSQL {OLDEST} or later and run this again, or name a server with {VARIABLE}")
    sys.stderr.write("installing PostgreSQL ...\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "postgresql"]):
        command = [*as_root, apt, *words]
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own
        if done.returncode:
            raise NoServer(
                f"PostgreSQL cannot be installed ({apt} {words[0]} failed); "
                f"install version {OLDEST} or later, or name a server with {VARIABLE}"
            )


@contextlib.contextmanager
def running(*, may_install: bool = False) -> Iterator[str]:
    """The address of a database: the one that is named, or one on a server that is started for this.

    Raises:
        NoServer: there is none.
    """
    if given := os.environ.get(VARIABLE):
        yield given
        return
    with started(may_install=may_install) as server:
        yield server.url


@contextlib.contextmanager
def started(*, may_install: bool = False) -> Iterator[Server]:
    """A server of our own, which is stopped and removed at the end.

    Raises:
        NoServer: it cannot be had.
    """
    try:
        binaries = find_binaries()
    except NoServer:
        if not may_install:
            raise
        install()
        binaries = find_binaries()
    user = _find_user()
    folder = Path(tempfile.mkdtemp(prefix="onrecord-postgres-"))
    try:
        password = secrets.token_hex(8)
        (folder / "password").write_text(password, encoding="ascii")
        if user:
            for path in (folder, folder / "password"):
                shutil.chown(path, user)
        _make(binaries, folder, user)
        port = _free_port()
        server = Server(binaries, folder, port, user, f"postgresql://onrecord:{password}@127.0.0.1:{port}/postgres")
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Server:
    """A server in a folder of its own.

    Attributes:
        url: the address of a database on it, with the password of its user.
    """

    binaries: Path
    folder: Path
    port: int
    user: str | None
    url: str
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        settings = {**_SETTINGS, "port": str(self.port), "unix_socket_directories": str(self.folder)}
        words = [str(self.binaries / "postgres"), "-D", str(self.folder / "data")]
        words += [f"--{name}={value}" for name, value in settings.items()]
        log = self.folder / "log"
        # In a session of its own: a Ctrl-C is for us, and we stop the server when we are done.
        with log.open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                words,
                user=self.user,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        is_ready = [str(self.binaries / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
        while subprocess.run(is_ready, check=False).returncode:  # noqa: S603 - our own words
            if self._process.poll() is not None:
                why = " ".join(log.read_text(errors="replace").split())[-300:]
                raise NoServer(f"PostgreSQL does not start: {why}")

    def stop(self) -> None:
        """Stops it at once; its clients are told."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)
            self._process.wait()


def _find_user() -> str | None:
    """Whom to run the server as: it refuses to run as root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in _UNPRIVILEGED if name in known), None)


def _make(binaries: Path, folder: Path, user: str | None) -> None:
    where = (f"--pgdata={folder / 'data'}", f"--pwfile={folder / 'password'}")
    said = ""
    for sorting in (_SORTED, ()):  # built without ICU, it sorts by code points
        done = subprocess.run(  # noqa: S603 - our own words
            [binaries / "initdb", *where, *_INITDB, *sorting],
            user=user,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if not done.returncode:
            return
        said = done.stderr
    raise NoServer(f"PostgreSQL cannot make a database: {' '.join(said.split())[:300]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(words: Sequence[str]) -> int:
    """Runs a command with a server; returns its exit status."""
    # Ended by a signal, the server is to go as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with running(may_install=True) as url:
            process = subprocess.Popen(words, env={**os.environ, VARIABLE: url})  # noqa: S603 - whoever runs it says so
            try:
                while True:
                    try:
                        status = process.wait()
                        return status if status >= 0 else 128 - status
                    except KeyboardInterrupt:  # it was told, too, and ends by itself
                        continue
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
    except NoServer as error:
        sys.stderr.write(f"tests/postgres.py: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
