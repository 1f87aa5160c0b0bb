"""What goes wrong around a ledger: each is one clear line that says what to do, and nothing is changed or lost."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url

from onrecord.errors import LedgerError, OnrecordError
from onrecord.ledger import Ledger
from onrecord.model import Question, Reading
from samples import sample_reading
from tests import postgres
from tests.store.raw import PAGE, altered, damage, is_sqlite, let_in, opened, unprivileged
from tests.store.world import Said, Who, compose

ROOT = Path(__file__).parents[2]
ANY = Question(voice=None)
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="it needs processes as POSIX has them")


def page(number: int, words: str = "word") -> Reading:
    return compose(Said([[f"{words} {number}"]], who=Who("Joris Maat")), url=f"https://a.example/{number}")


@contextlib.contextmanager
def refused(message: str) -> Iterator[None]:
    """What is done must end in one line that holds this, and no password."""
    with pytest.raises(LedgerError) as error:
        yield
    said = str(error.value)
    assert re.search(message, said), said
    assert "\n" not in said
    assert len(said) < 600
    assert "secret" not in said


# --- killed, and crowded ---------------------------------------------------------------------------------------------


def run(module: str, *words: str) -> str:
    command = [sys.executable, "-m", module, *words]  # its own process: it forks
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def database(where: str, request: pytest.FixtureRequest) -> list[str]:
    return [] if is_sqlite(where) else [request.getfixturevalue("server")]


@posix
def test_whoever_adds_may_be_killed(database: list[str]) -> None:
    assert run("tests.store.kills", "10", *database).startswith("10 kills over ")


@posix
def test_many_write_and_read_at_once(database: list[str]) -> None:
    assert "8 writers and 8 readers, 2 s: no error, nothing lost (" in run("tests.store.crowd", "2", *database)


# --- not a ledger ----------------------------------------------------------------------------------------------------


def test_what_is_no_ledger_is_left_as_it_is(tmp_path: Path) -> None:
    text, other, folder = tmp_path / "text.db", tmp_path / "other.db", tmp_path / "folder.db"
    text.write_text("dear diary")
    folder.mkdir()
    with contextlib.closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE log (mine)")
    for path in (text, other, folder):
        before = path.read_bytes() if path.is_file() else b""
        for read_only in (True, False):
            with refused(r"is not a ledger of onrecord; name another file with --ledger|cannot be opened \(is a direc"):
                Ledger(path, create=not read_only, read_only=read_only)
        assert path.is_dir() or path.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.db", "other.db", "text.db"]


@pytest.mark.parametrize("content", [b"", "an empty database", "the header of WAL"])
def test_a_file_without_anything_in_it_becomes_a_ledger(tmp_path: Path, content: bytes | str) -> None:
    path = tmp_path / "new.db"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL" if "WAL" in content else "VACUUM")
    with refused("there is no ledger"):
        Ledger(path)
    with Ledger(path, create=True) as ledger:
        list(ledger.add([page(1)]))
        assert list(ledger.verify(deep=True)) == []


def test_a_ledger_of_a_newer_version_is_refused(ledger: Ledger, where: str) -> None:
    list(ledger.add([page(1)]))
    with opened(where) as raw:
        raw.execute("UPDATE onrecord_meta SET value = '99' WHERE name = 'version'")
    for read_only in (True, False):
        with refused(
            r"was written by a newer onrecord \(its format is 99, and this one reads \d+\); upgrade onrecord\Z"
        ):
            Ledger(where, read_only=read_only)
    with opened(where) as raw:
        raw.execute("UPDATE onrecord_meta SET value = 'x' WHERE name = 'version'")
    with refused("is not a ledger of onrecord"):
        Ledger(where)


@pytest.mark.parametrize("name", ["a\0b.db", "x" * 300 + ".db", "no such folder/a.db"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with refused(r"is no name of a file|cannot be opened|there is no ledger"):
        Ledger(f"{tmp_path}/{name}", create=True)
    assert list(tmp_path.iterdir()) == []


# --- only to be read -------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Path]:
    """A ledger of two claims in a folder that everybody may look into."""
    let_in(tmp_path)
    folder = tmp_path / "shared"
    folder.mkdir()
    with Ledger(folder / "ledger.db", create=True) as ledger:
        list(ledger.add([page(1), page(2)]))
    yield folder / "ledger.db"
    folder.chmod(0o755)


CLOSED = {"both": (0o444, 0o555), "the file": (0o444, 0o777), "the folder": (0o666, 0o555)}
"""What may only be read; the modes hold for its owner as for others."""


def closed(ledger: Path, file: int, folder: int) -> None:
    ledger.chmod(file)
    ledger.parent.chmod(folder)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@posix
@pytest.mark.parametrize(("file", "folder"), CLOSED.values(), ids=CLOSED)
def test_what_may_only_be_read_can_be_asked_and_is_left_as_it_is(shared: Path, file: int, folder: int) -> None:
    content = shared.read_bytes()
    links = shared.parent.parent / "links"
    links.mkdir()
    links.chmod(0o777)  # what matters is the folder in which the file itself is
    link = links / "link.db"
    link.symlink_to(shared)
    closed(shared, file, folder)
    with unprivileged():
        for where in (shared, link):
            with Ledger(where, read_only=True) as ledger:
                claims = list(ledger.find_claims())
                assert [len(claims), ledger.get_claim(claims[0].id), list(ledger.verify())] == [2, claims[0], []]
                # One question is asked while another is still being answered.
                assert len([list(ledger.find_entries()) for _ in ledger.find_entries()]) == 2
            with refused("may only be read, and nothing was changed; change its permissions|cannot be opened; check"):
                Ledger(where).add([page(3)])
    assert (shared.read_bytes(), names(shared.parent)) == (content, ["ledger.db"])


@posix
@pytest.mark.parametrize("done", ["added to", "removed", "written over", "cut off"])
def test_what_may_only_be_read_and_is_written_meanwhile_is_asked_again(shared: Path, done: str) -> None:
    modes = CLOSED["both"]
    content = shared.read_bytes()
    closed(shared, *modes)
    with unprivileged():
        looking = Ledger(shared, read_only=True)
        before = list(looking.find_claims())
        lines = looking.export()
        next(lines)
    closed(shared, 0o644, 0o755)
    if done == "added to":
        with Ledger(shared) as owned:
            owned.add([page(3)])
    elif done == "removed":
        shared.unlink()
    else:
        shared.write_bytes(content[:8192] + (b"\xff" * (len(content) - 8192) if done == "written over" else b""))
    with unprivileged(), refused(r"ledger.db: was written meanwhile; ask again\Z"):
        list(lines)
    if done != "added to":
        shared.write_bytes(content)
    closed(shared, *modes)
    with unprivileged(), looking:
        assert len(list(looking.find_claims())) == (3 if done == "added to" else 2)
        assert {one.id for one in before} <= {one.id for one in looking.find_claims()}


@posix
def test_what_others_write_at_the_moment_can_be_read(shared: Path) -> None:
    with Ledger(shared) as owned:
        owned.add([page(3)])
        copy = shared.parent / "copy"
        copy.mkdir()
        for end in ("", "-wal"):
            shutil.copy(f"{shared}{end}", copy / f"ledger.db{end}")
        closed(shared, *CLOSED["both"])
        closed(copy / "ledger.db", *CLOSED["both"])
        with unprivileged():
            with Ledger(shared, read_only=True) as looking:
                assert len(list(looking.find_claims())) == 3
            # What says which of it counts is not there, and may not be made.
            with refused("whoever writes it holds it open, and this user may not look into it meanwhile; ask for perm"):
                Ledger(copy / "ledger.db", read_only=True)
        copy.chmod(0o755)


@posix
def test_a_file_that_may_not_even_be_read_is_refused(shared: Path) -> None:
    shared.chmod(0o000)
    with unprivileged(), refused(r"cannot be opened \(permission denied\); name another file with --ledger"):
        Ledger(shared, read_only=True)


@posix
def test_a_folder_that_may_not_be_written_to_takes_no_ledger(shared: Path) -> None:
    shared.parent.chmod(0o555)
    with unprivileged():
        with refused("new.db: cannot be opened; check that its folder is there, and that both may be written to"):
            Ledger(shared.parent / "new.db", create=True)
    shared.parent.chmod(0o777)
    closed = shared.parent / "closed"
    closed.mkdir(mode=0o555)
    with (
        unprivileged(),
        Ledger(shared, read_only=True) as ledger,
        refused(r"closed/backup.db: cannot be (written|opened)"),
    ):
        ledger.back_up(closed / "backup.db")
    closed.rmdir()
    assert not [path.name for path in shared.parent.iterdir() if not path.name.startswith("ledger.db")]


def test_a_database_that_may_only_be_read_is_not_written_to(server: str, where: str, ledger: Ledger) -> None:
    if is_sqlite(where):
        pytest.skip("a setting of PostgreSQL; files are above")
    list(ledger.add([page(1)]))
    read_only = f"{where}&options=-c%20default_transaction_read_only%3Don"
    with Ledger(read_only) as other:
        assert len(list(other.find_claims())) == 1
        with refused("the database may only be read, and nothing was changed; name another ledger"):
            list(other.add([page(2)]))
    assert len(list(ledger.find_claims())) == 1


def test_a_user_without_rights_is_told_so(server: str, where: str, ledger: Ledger) -> None:
    if is_sqlite(where):
        pytest.skip("files have no users of their own; permissions are above")
    import psycopg

    list(ledger.add([page(1)]))
    user, schema = f"reader_{os.getpid()}", where.rpartition("schema=")[2]
    url = make_url(where).set(username=user, password="secret").render_as_string(hide_password=False)
    no_ledger = "there is no ledger that this user may look into; ask who runs the database for the rights"
    no_rights = "this user may not do that, and nothing was changed; ask who runs the database for the rights"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'secret'")
        try:
            for read_only in (True, False):
                with refused(no_ledger):
                    Ledger(url, read_only=read_only)
            with refused(no_rights):
                Ledger(re.sub("schema=.*", f"schema={user}", url), create=True)
            connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {user}")
            with refused(no_rights):
                Ledger(url, read_only=True)
            connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {user}")
            with Ledger(url) as reader:
                assert len(list(reader.find_claims())) == 1
                with refused(no_rights):
                    reader.add([page(2)])
        finally:
            connection.execute(f"DROP OWNED BY {user}")
            connection.execute(f"DROP ROLE {user}")
    assert ledger.get_head()[0] == 1


# --- full, locked, damaged -------------------------------------------------------------------------------------------


def test_a_disk_that_is_full_loses_nothing(tmp_path: Path) -> None:
    """SQLite is told how many pages there are: what it says is what it says of a disk."""
    with Ledger(tmp_path / "a.db", create=True) as ledger:
        list(ledger.add([page(1)]))
        pages = 0

        def limit(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")

        with contextlib.closing(sqlite3.connect(tmp_path / "a.db")) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0] + 2
    with Ledger(tmp_path / "a.db") as ledger:
        event.listen(ledger._store.dialect.writer, "connect", limit)
        ledger._store.dialect.writer.dispose()
        big = compose(*(Said([[f"word{n}"]], who=Who(f"Who {n}")) for n in range(3000)), url="https://a.example/big")
        with refused("a.db: there is no room left on its disk, and nothing was changed; make room and try again"):
            list(ledger.add([page(2), big]))
        assert len(list(ledger.find_claims())) == 1
        assert list(ledger.verify(deep=True)) == []
        pages = 10_000  # there is room again
        ledger._store.dialect.writer.dispose()
        assert [one.outcome for one in ledger.add([page(2), big])] == ["new", "new"]
        assert list(ledger.verify(deep=True)) == []


@posix
def test_a_quota_that_is_used_up_loses_nothing(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "a.db"
    with Ledger(path, create=True) as ledger:
        ledger.add([page(1)])
    content = path.read_bytes()
    big = compose(*(Said([[f"word{n}"]], who=Who(f"Who {n}")) for n in range(300)), url="https://a.example/big")
    with Ledger(path) as ledger:
        whole = list(ledger.export())
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) // 2, most))
        try:
            with refused("its disk does not read or write as it should, and nothing was changed|no room left on its d"):
                ledger.add([big])
            with refused("backup.db: cannot be written"):
                ledger.back_up(tmp_path / "backup.db")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        assert path.read_bytes() == content
        assert list(ledger.export()) == whole
        assert not (tmp_path / "backup.db").exists()
        assert [one.outcome for one in ledger.add([big])] == ["new"]
        assert list(ledger.verify(deep=True)) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    words = [mount or "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    is_mounted = mount and unmount and not subprocess.run(words, capture_output=True, check=False).returncode
    if not is_mounted:
        pytest.skip("no small file system can be mounted here; a limit of pages stands in for it above")
    try:
        yield folder
    finally:
        subprocess.run([unmount or "umount", str(folder)], check=True)


def test_a_real_disk_that_is_full_loses_nothing(small_disk: Path) -> None:
    with Ledger(small_disk / "a.db", create=True) as ledger:
        number = 0
        with refused("there is no room left on its disk, and nothing was changed|its disk does not read or write"):
            while True:
                list(ledger.add([page(number, "word " * 5000)]))
                number += 1
        assert number
        assert len(list(ledger.find_claims())) == number
        with refused(str(small_disk / "b.db")):
            ledger.back_up(small_disk / "b.db")
        assert {path.name for path in small_disk.iterdir()} <= {"a.db", "a.db-wal", "a.db-shm"}
    with Ledger(small_disk / "a.db", read_only=True) as ledger:
        assert list(ledger.verify()) == []
        assert ledger.get_head()[0] == number


def test_a_disk_that_was_full_from_the_beginning_holds_no_half_ledger(small_disk: Path) -> None:
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(b"\0" * 4096)
            file.flush()
    with refused("there is no room left on its disk|its disk does not read or write|cannot be opened"):
        Ledger(small_disk / "a.db", create=True)
    filler.unlink()
    with Ledger(small_disk / "a.db", create=True) as ledger:
        list(ledger.add([page(1)]))
        assert list(ledger.verify()) == []


def test_a_ledger_that_another_does_not_let_go_of(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(where, create=True) as ledger:
        list(ledger.add([page(1)]))
    monkeypatch.setattr("onrecord.store.dialect._WAIT_S", 0.05)
    with Ledger(where) as ledger, locked(where):
        with refused(
            "in use by another process that does not let go of it; try again|somebody else is writing and does"
        ):
            list(ledger.add([page(2)]))
        with refused("let go"):
            ledger.note(page(1).attributions[0].id, "call them")
        assert len(list(ledger.find_claims())) == 1  # who only looks waits for nobody
        assert list(ledger.verify()) == []
    with Ledger(where) as ledger:
        assert [one.outcome for one in ledger.add([page(2)])] == ["new"]


@contextlib.contextmanager
def locked(where: str) -> Iterator[None]:
    """Somebody writes, and does not come to an end."""
    if is_sqlite(where):
        with contextlib.closing(sqlite3.connect(where, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
        return
    with opened(where) as raw:
        raw.connection.execute("LOCK TABLE log IN EXCLUSIVE MODE")
        yield


def sound_pages(tmp_path: Path) -> tuple[Path, bytes, str]:
    """A ledger in one file, its bytes, and the id of a claim in it."""
    path = tmp_path / "a.db"
    with Ledger(path, create=True) as ledger:
        ledger.add([sample_reading(), *(page(number) for number in range(40))])
        claim = next(ledger.find_claims(ANY)).id
    return path, path.read_bytes(), claim


@pytest.mark.parametrize("width", [600, PAGE])
def test_damaged_pages_are_named_and_nothing_falls_over(tmp_path: Path, width: int) -> None:
    path, sound, claim = sound_pages(tmp_path)
    first = 0 if width == PAGE else 8
    # A page on which nothing stands has nothing that could be damaged, but for its beginning.
    pages = [
        at // PAGE + 1
        for at in range(PAGE, len(sound), PAGE)
        if width == PAGE or sound[at] in (2, 5, 0) or sound[at + 3 : at + 5] != b"\0\0"
    ]
    asked: tuple[Callable[[Ledger], object], ...] = (
        lambda held: list(held.find_claims(ANY)),
        lambda held: list(held.find_claims(Question(words="word", party="Joris Maat"))),
        lambda held: held.get_claim(claim),
        lambda held: list(held.export()),
        lambda held: list(held.find_decisions()),
        lambda held: held.count_things(),
        lambda held: held.back_up(tmp_path / "backup.db"),
    )
    told, cannot_be_opened = 0, []
    for number in pages:
        damaged = damage(sound, number, first=first, width=width)
        path.write_bytes(damaged)
        try:
            ledger = Ledger(path, read_only=True)
        except LedgerError as error:
            assert re.search("go on with a backup|is not a ledger", str(error)), error
            cannot_be_opened.append(number)
            continue
        with ledger:
            for ask in asked:
                try:
                    ask(ledger)
                except OnrecordError as error:
                    told += 1
                    assert re.search(
                        "is (damaged|missing).*go on with a backup|holds nothing|knows no p", str(error)
                    ), error
                    assert "\n" not in str(error)
            said = [f"{fault.where}: {fault.what}" for fault in ledger.verify()]
            named = f"(?i)the file is damaged: .*page {number}[: ]"
            assert any(re.search(named, one) for one in said), said
            assert any(re.search(r"a page of the table \w+ is damaged", one) for one in said), said
            assert not [one for one in said if "\n" in one]
        (tmp_path / "backup.db").unlink(missing_ok=True)
        assert path.read_bytes() == damaged
    # The list of tables, and what says that this is a ledger.
    assert len(cannot_be_opened) <= 4, cannot_be_opened
    assert len(pages) > 25
    assert told > len(pages) // 2


@pytest.mark.parametrize("kept", [100, 5000, 20_000, -PAGE, -100])
def test_a_file_that_was_cut_off_is_named(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.db"
    with Ledger(path, create=True) as ledger:
        ledger.add([sample_reading()])
    path.write_bytes(path.read_bytes()[:kept])
    try:
        with Ledger(path, read_only=True) as ledger:
            assert list(ledger.verify())
    except LedgerError as error:
        assert re.search("go on with a backup|is not a ledger", str(error)), error


def test_tables_that_do_not_fit_each_other_are_one_line(ledger: Ledger, where: str) -> None:
    ledger.add([page(1), page(2)])
    unfit = "its tables do not fit each other, and nothing was changed; `onrecord verify` says where; go on with a back"
    with altered(where, "UPDATE onrecord_meta SET value = '0' WHERE name = 'claims'"), refused(unfit):
        ledger.add([page(3)])  # its claim would be entered under a number that another has
    with altered(where, "DELETE FROM onrecord_meta WHERE name = 'claims'"), refused(unfit):
        ledger.add([page(3)])
    assert ledger.get_head()[0] == 2
    assert list(ledger.verify(deep=True)) == []


def test_damage_of_postgresql_is_named(ledger: Ledger, where: str) -> None:
    list(ledger.add([page(1)]))
    with opened(where) as raw:
        raw.execute("UPDATE reading SET body = {}", b"\0")
    with Ledger(where, read_only=True) as fresh:
        with refused("is damaged"):
            list(fresh.find_claims())
        with refused("is damaged.*go on with a backup"):
            list(fresh.export())
        assert len(list(fresh.verify())) == 1


# --- addresses, and servers that go away -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://me:secret@host/name", "is no address of a ledger; write the path of a file, or postgresql://"),
        ("postgres+x://me:secret@no-such-host.invalid/name", "there is no such host"),
        ("https://host/ledger", "is no address of a ledger"),
        ("sqlite:///a.db", "is no address of a ledger"),
        ("postgresql://me:secret@host:port/name", "is no address; write postgresql://user:password@host/name"),
        (
            "postgresql://me:secret@127.0.0.1/name?schema=a;b",
            "the schema is no plain name; write small letters and digits",
        ),
        ("postgresql://me:secret@127.0.0.1/name?schema=a&schema=b", "the schema is no plain name"),
        ("postgresql://me:secret@127.0.0.1:1/name", "no database answers there; start it, or correct the address"),
        ("postgresql://me:secret@no-such-host.invalid/name", "there is no such host; correct the address"),
        (
            "postgresql://me:secret@127.0.0.1:1/name?sslmode=nonsense",
            "the database does not answer|is no address|no data",
        ),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(url: str, message: str) -> None:
    with refused(message):
        Ledger(url, create=True)


def test_a_wrong_user_password_or_database_is_told(server: str) -> None:
    url = make_url(server)
    wrong = [(url.set(database="nowhere"), "there is no such database")]
    if url.password:  # a server that trusts everybody asks for none
        wrong += [
            (url.set(password="secret"), "the database does not accept this user and password; correct the address"),
            (url.set(username="nobody_here"), "does not accept this user and password|no such database or user"),
            (url._replace(password=None), "the database asks for a password|does not accept this user and password"),
        ]
    for address, message in wrong:
        with refused(message):
            Ledger(address.render_as_string(hide_password=False), create=True)


def test_a_server_that_is_stopped_midway_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.started())
        except postgres.NoServer as error:
            pytest.skip(str(error))
        ledger = stack.enter_context(Ledger(server.url, create=True))
        ledger.add([page(1)])
        entry = ledger.get_entry(page(1).document.id).id
        stopped = refused("the database (was stopped in between|does not answer)")
        with stopped, ledger._store.writing("Mila", ledger._clock()) as writing:
            server.stop()
            writing.load_line(entry)
        for do in (
            lambda: list(ledger.find_claims()),
            lambda: list(ledger.add([page(2)])),
            lambda: list(ledger.verify()),
        ):
            with refused("no database answers there; start it, or correct the address|the database does not answer"):
                do()
        server.start()
        # The same ledger goes on: nobody has to be started anew.
        assert len(list(ledger.find_claims())) == 1
        assert [one.outcome for one in ledger.add([page(1), page(2)])] == ["known", "new"]
        # Between two batches: what was said to be recorded is.
        monkeypatch.setattr("onrecord.ledger.record._MOST_TOGETHER", 2)

        def some() -> Iterator[Reading]:
            yield from (page(3), page(4), page(5))
            server.stop()
            yield from (page(6), page(7))

        with refused("no database answers there; start it|the database (was stopped in between|does not answer)"):
            ledger.add(some())
        server.start()
        outcomes = [one.outcome for one in ledger.add(page(number) for number in range(1, 8))]
        assert outcomes == ["known"] * 4 + ["new"] * 3
        assert list(ledger.verify(deep=True)) == []


def test_a_connection_that_is_cut_leaves_nothing_half(ledger: Ledger, where: str) -> None:
    if is_sqlite(where):
        pytest.skip("there is no connection to cut")
    from onrecord.store.store import prepare

    list(ledger.add([page(1)]))
    cut = refused("the database was stopped in between, and what was not yet recorded is not; try again when it runs")
    with cut, ledger._store.writing("Mila", ledger._clock()) as writing:
        writing.add([prepare(page(2))], "add", is_live=False)
        writing.flush()
        ours = writing.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with opened(where) as raw:
            raw.execute("SELECT pg_terminate_backend({})", ours)
        writing.add([prepare(page(3))], "add", is_live=False)
    assert len(list(ledger.find_claims())) == 1
    assert [one.outcome for one in ledger.add([page(2), page(3)])] == ["new", "new"]
    assert list(ledger.verify(deep=True)) == []
