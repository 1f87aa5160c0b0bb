"""The seam between SQLite and PostgreSQL: all that the two do differently.

Both keep the same tables and one index of terms. SQLite keeps it in an FTS5 table that stores the index alone, whose
row numbers are the ranks of claims: it walks the rows that hold several tokens at once, in the order of ranks, and
stops at the first page. PostgreSQL keeps a tsvector beside each claim under a GIN index.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    MetaData,
    NullPool,
    QueuePool,
    Select,
    Table,
    Text,
    cast,
    column,
    create_engine,
    event,
    func,
    inspect,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoResultFound, NoSuchModuleError

from onrecord.errors import LedgerError, OnrecordError
from onrecord.store import schema
from onrecord.store.terms import DAYS, GAP

_SQLITE_HEADER = b"SQLite format 3\x00"
_APPLICATION_ID = 0x6F6E7263  # "onrc"; `file` and SQLite tools can tell a ledger by it
_WAIT_S = 60.0  # for whoever writes at the moment; one writes at a time, and briefly
_STEPS = 20_000  # of SQLite's machine, after which it looks at the clock: less than a millisecond
_CACHE_KIB = 32_768
_WAL_PAGES = 4_000  # 16 MB, before it is folded into the file
_MANY_CLAIMS = 1_500_000  # of fewer, all are walked along in a second
_LONG_WALK = 500_000  # in PostgreSQL's units of cost: a second or two, if it must be walked to its end
_CHEAP = 40_000  # likewise: some 40 ms, as claims lie apart, and are most often in memory all the same
_DEAR = 100_000
_MANY = 8  # terms of which any will do: the more, the worse the guess
_TSVECTOR_POSITION = 16_383  # the last that PostgreSQL keeps
_PAGE, _NUMBER = re.compile(r"page \d+", re.IGNORECASE), re.compile(r"\d+")  # in what SQLite says of a damaged file
_BESIDE = ("-wal", "-journal")  # what is written, and not yet, or no longer, in the file itself
_SCHEME = re.compile(r"([a-z][a-z0-9+]*)://", re.IGNORECASE)


class Phrase(NamedTuple):
    """Tokens that follow each other; of the last, only the beginning if it is a prefix."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


Match = Sequence[Sequence[Phrase]]
"""What the index is asked for: of each group one phrase at least."""


class Wanted(NamedTuple):
    """Claims that are asked for.

    Attributes:
        match: what the index is asked for.
        conditions: what rows of ``claim`` must fulfil.
        first: the least rank.
        end: the rank above the greatest.
        size: most rows.
    """

    match: Match
    conditions: Sequence[ColumnElement[bool]]
    first: int
    end: int
    size: int

    def bounded(self, chosen: Select[Any], rank: ColumnElement[int]) -> Select[Any]:
        """A select with all that but the match, along a column of ranks."""
        chosen = chosen.where(rank < self.end, *self.conditions).order_by(rank.desc()).limit(self.size)
        return chosen.where(rank >= self.first) if self.first else chosen


class Dialect(Protocol):
    """What a database has to do in its own way."""

    name: str
    reader: Engine
    """Its transactions see one state of the ledger from beginning to end."""
    writer: Engine

    def exists(self) -> bool:
        """Whether there is a ledger; raises LedgerError if there is something else."""

    def create(self, connection: Connection) -> bool:
        """Makes the tables; False if somebody else has made them meanwhile."""

    def lock(self, connection: Connection) -> None:
        """Waits until nobody else writes, and keeps others from it until the transaction ends."""

    def insert_new(self, into: Table) -> Any:
        """An insert that leaves out rows that are there already."""

    def add_claims(self, connection: Connection, claims: Sequence[dict[str, Any]], terms: Sequence[Terms]) -> None:
        """Enters claims and the terms they are found by; ``claims`` and ``terms`` in the order of ranks."""

    def select_claims(self, connection: Connection, wanted: Wanted) -> Select[Any]:
        """A select of rows of ``claim`` that answer, from the greatest rank on; one may come several times."""

    def find_wrong_terms(self, connection: Connection, expected: Sequence[Terms]) -> Iterator[int]:
        """The ranks of claims that the index does not hold under these terms."""

    def find_faults(self, connection: Connection) -> Iterator[str]:
        """What the database itself finds wrong with what it stores."""

    def copy_to(self, target: Path) -> bool:
        """Copies the ledger as it is now into a file, while others read and write; False if it cannot do that."""

    def explain(self, error: Exception) -> OnrecordError | None:
        """One line on what went wrong and what to do; None if it is a fault of ours.

        Whoever writes holds the lock: a row that must be there and is not, or is there and must not be, was damaged.
        """


class Terms(NamedTuple):
    """What one claim is found by: its rank, its words, and its facets, with spaces between."""

    rank: int
    words: str
    facets: str


def open_dialect(where: str, *, read_only: bool, patience_s: float | None = None) -> Dialect:
    """The database at a path or a URL.

    Args:
        where: the path or the URL.
        read_only: never write.
        patience_s: seconds after which a question is given up; None for as long as it takes.

    Raises:
        LedgerError: the URL is none, or of a database that cannot hold a ledger.
    """
    scheme = _SCHEME.match(where)
    if scheme is None:
        return SQLite(Path(where), read_only=read_only, patience_s=patience_s)
    if scheme[1].lower().partition("+")[0] not in ("postgresql", "postgres"):
        raise LedgerError(
            f"{_hidden(where)}: is no address of a ledger; write the path of a file, or postgresql://user@host/name"
        )
    return PostgreSQL(where, read_only=read_only, patience_s=patience_s)


def _hidden(where: str) -> str:
    """The address without its password."""
    return re.sub(r"(://[^/@]*?):[^@]*@", r"\1:***@", where)


# --- SQLite ----------------------------------------------------------------------------------------------------------

_terms = table("terms", column("rowid"), column("tokens"))


class SQLite:
    """A ledger in one file."""

    def __init__(self, path: Path, *, read_only: bool, patience_s: float | None) -> None:
        self.name = str(path)
        self._patience_s = patience_s
        self._path = path
        self._read_only = read_only
        try:
            if "\0" in self.name:  # where SQLite would end the name
                raise ValueError(self.name)
            self._file = Path(os.path.realpath(path))  # SQLite, too, keeps what it needs beside the file itself
            self._address = self._file.as_uri()
        except ValueError:
            raise LedgerError(f"{path}: is no name of a file; name another one for the ledger") from None
        self._may_write = _may_write(self._file)
        self._only_looks = read_only and not (self._may_write and _may_write(self._file.parent))
        self.reader: Engine = create_engine(
            "sqlite+pysqlite://",
            creator=self._connect,
            # Who walks through the ledger may write to it meanwhile, by another connection. Who only looks does so
            # anew each time: what a connection remembers may be old.
            poolclass=NullPool if self._only_looks else QueuePool,
        )
        event.listen(self.reader, "connect", self._prepare)
        event.listen(self.reader, "begin", self._begin)
        event.listen(self.reader, "rollback", self._end)
        self.writer: Engine = self.reader.execution_options(is_writing=True)

    def _connect(self) -> sqlite3.Connection:
        # Who may write the file may mend it, too, after somebody who wrote it was killed; opened "ro", that is refused.
        mode = ("rw" if self._may_write else "ro") if self._read_only else "rwc"
        address, kind, seen = f"{self._address}?mode={mode}", sqlite3.Connection, None
        if self._only_looks:
            # To read while others write, SQLite puts files beside the ledger; whoever may not, or would leave files
            # there that its owner may not write, takes it for one that never changes, and looks whether it did.
            seen = _state(self._file)
            if not any(os.path.exists(f"{self._file}{end}") for end in _BESIDE):  # noqa: PTH110 - Path's raises
                address, kind = f"{self._address}?mode=ro&immutable=1", _Looking
        connection = sqlite3.connect(
            address, uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False, factory=kind
        )
        if isinstance(connection, _Looking):
            connection.seen = seen
        return connection

    def _prepare(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if self._read_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute("PRAGMA foreign_keys = ON")
            (mark,) = connection.execute("PRAGMA application_id").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if not tables and not mark:  # before WAL, so that it stands in the file from the beginning
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            if mark == _APPLICATION_ID or not tables:  # else it is somebody else's, and stays as it is
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # a commit is on the disk before add says so
            connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")

    def _begin(self, connection: Connection) -> None:
        # The driver would begin late and, for what changes tables, not at all. A writer waits here, and not midway.
        is_writing = connection.get_execution_options().get("is_writing")
        driver = connection.connection.driver_connection
        if self._patience_s is not None and isinstance(driver, sqlite3.Connection):
            end = time.monotonic() + self._patience_s  # before anything else: the last transaction's is past
            driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    def _end(self, connection: Connection) -> None:
        driver = None if connection.invalidated else connection.connection.driver_connection
        if self._patience_s is not None and isinstance(driver, sqlite3.Connection):
            driver.set_progress_handler(None, 0)  # to end is not to ask
        if isinstance(driver, _Looking) and _state(self._file) != driver.seen:
            raise LedgerError(f"{self.name}: was written meanwhile; ask again")

    def exists(self) -> bool:
        """See :class:`Dialect`."""
        try:
            if not self._path.exists() or not (self._path.is_dir() or self._path.stat().st_size):
                return False
            with self._path.open("rb") as file:
                is_database = file.read(len(_SQLITE_HEADER)) == _SQLITE_HEADER
        except OSError as error:
            raise LedgerError(
                f"{self.name}: cannot be opened ({(error.strerror or 'unknown reason').lower()}); "
                "name another file with --ledger"
            ) from None
        if is_database:
            if not (self._read_only or self._may_write):  # opened all the same, files would be left beside it
                raise LedgerError(f"{self.name}: {_READ_ONLY}")
            with self.reader.connect() as connection:
                if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0:
                    return False  # whoever was about to make it was stopped
                is_database = connection.exec_driver_sql("PRAGMA application_id").scalar() == _APPLICATION_ID
        if not is_database:
            raise LedgerError(f"{self.name}: is not a ledger of onrecord; name another file with --ledger")
        return True

    def create(self, connection: Connection) -> bool:
        """See :class:`Dialect`."""
        if inspect(connection).has_table(schema.meta.name):
            return False
        schema.metadata.create_all(connection)
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE terms USING fts5("
            "tokens, content='', columnsize=0, tokenize=\"ascii tokenchars ':=_-'\")"
        )
        return True

    def lock(self, connection: Connection) -> None:
        """See :class:`Dialect`; every transaction that may write begins with it."""

    def insert_new(self, into: Table) -> Any:
        """See :class:`Dialect`."""
        return sqlite.insert(into).on_conflict_do_nothing()

    def add_claims(self, connection: Connection, claims: Sequence[dict[str, Any]], terms: Sequence[Terms]) -> None:
        """See :class:`Dialect`."""
        if claims:
            names = list(
                claims[0]
            )  # as tuples: a dictionary for each of some ten thousand rows costs as much as the rows
            connection.exec_driver_sql(
                f"INSERT INTO claim ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608 - our own
                [tuple(claim.values()) for claim in claims],
            )
            # Ascending: the index keeps what it is given in memory only as long as row numbers rise.
            connection.exec_driver_sql(
                "INSERT INTO terms (rowid, tokens) VALUES (?, ?)",
                [(rank, f"{words} {facets}") for rank, words, facets in terms],
            )

    def select_claims(self, connection: Connection, wanted: Wanted) -> Select[Any]:
        """See :class:`Dialect`."""
        claim = schema.claim
        if not wanted.match:
            return wanted.bounded(select(claim), claim.c.rank)
        joined = _terms.join(claim, claim.c.rank == _terms.c.rowid)
        asked = " AND ".join(f"({' OR '.join(map(_fts5_phrase, group))})" for group in wanted.match)
        chosen = select(claim).select_from(joined).where(literal_column("terms").op("MATCH")(asked))
        return wanted.bounded(chosen, _terms.c.rowid)

    def find_wrong_terms(self, connection: Connection, expected: Sequence[Terms]) -> Iterator[int]:
        """See :class:`Dialect`; the table keeps no rows, only where tokens stand: each is asked for by all of its."""
        for rank, words, facets in expected:
            phrases = [*words.split(GAP), *facets.split()]
            asked = " AND ".join(f'"{phrase.strip()}"' for phrase in phrases if phrase.strip())
            found = connection.exec_driver_sql(
                "SELECT 1 FROM terms WHERE terms MATCH ? AND rowid = ?", (asked, rank)
            ).first()
            if found is None:
                yield rank

    def find_faults(self, connection: Connection) -> Iterator[str]:
        """See :class:`Dialect`."""
        found = self._check(connection, "")
        yield from (f"the file is damaged: {fault}" for fault in found)
        if found:  # which tables that is; one is checked as fast as it is read
            identifier = connection.dialect.identifier_preparer
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").all():
                if self._check(connection, f"({identifier.quote(name)})"):
                    yield f"a page of the table {name} is damaged"

    def _check(self, connection: Connection, what: str) -> list[str]:
        """What SQLite finds wrong with all or a part of the file; of each page, and of each kind, the first only."""
        found: dict[str, str] = {}
        try:
            said = connection.exec_driver_sql(f"PRAGMA integrity_check{what}").scalars().all()
        except DBAPIError as error:
            if what:
                return [str(error.orig)]
            # What was found before is lost with it. Asked for one fault, SQLite ends before it stumbles.
            return [*self._check(connection, "(1)"), f"it cannot be checked to its end ({error.orig})"]
        for line in "\n".join(said).splitlines():
            page = _PAGE.search(line)
            if line != "ok" and not line.startswith("***"):
                found.setdefault(page[0] if page else _NUMBER.sub("", line), " ".join(line.split()))
        return list(found.values())

    def explain(self, error: Exception) -> OnrecordError | None:
        """See :class:`Dialect`."""
        if isinstance(error, NoResultFound | IntegrityError):
            return LedgerError(f"{self.name}: {_UNFIT}")
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, sqlite3.Error):  # ours; it may quote a user who writes "malformed"
            return None
        said = str(cause)
        if self._only_looks and "unable to open" in said and os.path.exists(f"{self._file}-wal"):  # noqa: PTH110
            return LedgerError(
                f"{self.name}: whoever writes it holds it open, and this user may not look into it meanwhile; "
                "ask for permission to write its folder, or for a copy (`onrecord backup`)"
            )
        for words, what in _SQLITE_FAULTS:
            if words in said:
                return LedgerError(f"{self.name}: {what}")
        if type(cause) is sqlite3.DatabaseError:
            return LedgerError(f"{self.name}: is damaged ({said}); `onrecord verify` says where; go on with a backup")
        return LedgerError(f"{self.name}: {said}") if isinstance(cause, sqlite3.OperationalError) else None

    def copy_to(self, target: Path) -> bool:
        """See :class:`Dialect`."""
        try:
            with contextlib.closing(sqlite3.connect(target)) as copy, self.reader.connect() as connection:
                source = connection.connection.driver_connection
                if not isinstance(source, sqlite3.Connection):
                    raise LedgerError(f"{self.name}: cannot be copied through this driver")
                # One state is held: without that, every commit of others would make the copy begin again.
                connection.exec_driver_sql("SELECT value FROM onrecord_meta").all()
                source.backup(copy, pages=4096)
        except sqlite3.OperationalError as error:  # of the copy: what is wrong with the ledger is another error
            raise OSError(0, str(error)) from None
        return True


class _Looking(sqlite3.Connection):
    """A connection that locks nothing: what it reads is right only if nobody wrote the file meanwhile.

    Attributes:
        seen: state of the file before it was opened.
    """

    seen: tuple[int, int] | None = None


def _may_write(path: Path) -> bool:
    """Whether this user may write a file or a folder; on a disk that may only be read nobody may."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _state(file: Path) -> tuple[int, int] | None:
    """The size of a file and when it was written, in nanoseconds; None if that is not to be had."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


_UNFIT = "its tables do not fit each other, and nothing was changed; `onrecord verify` says where; go on with a backup"
_READ_ONLY = "may only be read, and nothing was changed; change its permissions, or name another ledger"
_DAMAGED = "is damaged; `onrecord verify` says where; go on with a backup"
_TOO_LONG = "it takes too long to answer that; ask for less: a party, a stance, a shorter time"
_SQLITE_FAULTS = (
    ("interrupted", _TOO_LONG),
    ("database is locked", "is in use by another process that does not let go of it; try again when that has ended"),
    ("database or disk is full", "there is no room left on its disk, and nothing was changed; make room and try again"),
    ("readonly database", _READ_ONLY),
    ("malformed", _DAMAGED),
    ("invalid fts5 file format", _DAMAGED),
    ("file is not a database", "is not a ledger of onrecord, or its beginning is damaged; go on with a backup"),
    ("unable to open", "cannot be opened; check that its folder is there, and that both may be written to"),
    ("disk I/O error", "its disk does not read or write as it should, and nothing was changed; check the disk"),
)


def _fts5_phrase(phrase: Phrase) -> str:
    # Tokens hold no quotation marks: words are letters and digits, facets are made of those.
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_prefix else ""}'


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


_days = Table(
    "act_day",
    MetaData(),
    Column("period", Text(collation="C"), primary_key=True),
    Column("rank", BigInteger, primary_key=True),
)


class PostgreSQL:
    """A ledger in a schema of a PostgreSQL database, ``onrecord`` or what ``?schema=`` says."""

    def __init__(self, where: str, *, read_only: bool, patience_s: float | None) -> None:
        self.name = _hidden(where)
        self._claims: float | None = None
        try:
            url = make_url(re.sub(r"\A\w+(\+\w+)?", "postgresql+psycopg", where))
            wanted = url.query.get("schema", "onrecord")
            self._schema = wanted if isinstance(wanted, str) else ""
            if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", self._schema):
                raise LedgerError(f"{self.name}: the schema is no plain name; write small letters and digits")
            self.writer: Engine = create_engine(
                url.difference_update_query(["schema"]), **self._settings(url, read_only, patience_s)
            )
            self.reader: Engine = self.writer.execution_options(isolation_level="REPEATABLE READ")
        except (ArgumentError, ValueError):
            raise LedgerError(f"{self.name}: is no address; write postgresql://user:password@host/name") from None
        except (ImportError, NoSuchModuleError):
            hint = "install it: pip install 'onrecord[postgresql]'"
            raise LedgerError(f"{self.name}: what speaks with PostgreSQL is not installed; {hint}") from None

    def _settings(self, url: URL, read_only: bool, patience_s: float | None) -> dict[str, Any]:
        options = f"-c search_path={self._schema} -c lock_timeout={int(_WAIT_S * 1000)}"
        if read_only:
            options += " -c default_transaction_read_only=on"
        if patience_s is not None:
            options += f" -c statement_timeout={int(patience_s * 1000)}"
        given = url.query.get("options")
        return {
            "connect_args": {"options": f"{given or ''} {options}".strip(), "connect_timeout": 10},
            "pool_pre_ping": True,
        }

    def exists(self) -> bool:
        """See :class:`Dialect`."""
        with self.reader.connect() as connection:
            return inspect(connection).has_table(schema.meta.name, schema=self._schema)

    def create(self, connection: Connection) -> bool:
        """See :class:`Dialect`."""
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%(key)s)", {"key": _APPLICATION_ID})
        if inspect(connection).has_table(schema.meta.name, schema=self._schema):
            return False
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {self._schema}")
        schema.metadata.create_all(connection)
        _days.create(connection)
        # The index of terms is a column of its own: a claim is found and checked in one place.
        connection.exec_driver_sql("ALTER TABLE claim ADD COLUMN terms tsvector NOT NULL")
        connection.exec_driver_sql("ALTER TABLE claim ALTER COLUMN terms SET STATISTICS 1000")
        connection.exec_driver_sql("CREATE INDEX claim_terms ON claim USING gin (terms)")
        connection.exec_driver_sql("ALTER TABLE reading ALTER COLUMN body SET STORAGE EXTERNAL")  # it is compressed
        return True

    def lock(self, connection: Connection) -> None:
        """See :class:`Dialect`."""
        connection.exec_driver_sql("LOCK TABLE log IN EXCLUSIVE MODE")

    def insert_new(self, into: Table) -> Any:
        """See :class:`Dialect`."""
        return postgresql.insert(into).on_conflict_do_nothing()

    def add_claims(self, connection: Connection, claims: Sequence[dict[str, Any]], terms: Sequence[Terms]) -> None:
        """See :class:`Dialect`."""
        if claims:
            names = list(claims[0])
            values = ", ".join(f"%({name})s" for name in names)
            connection.exec_driver_sql(
                f"INSERT INTO claim ({', '.join(names)}, terms) VALUES ({values}, %(terms)s::tsvector)",  # noqa: S608 - our own names
                [claim | {"terms": _tsvector(row)} for claim, row in zip(claims, terms, strict=True)],
            )
        days = [
            {"period": facet, "rank": row.rank}
            for row in terms
            for facet in row.facets.split(" ")
            if facet.startswith(DAYS)
        ]
        if days:
            connection.execute(_days.insert(), days)

    def select_claims(self, connection: Connection, wanted: Wanted) -> Select[Any]:
        """See :class:`Dialect`."""
        claim, match = schema.claim, wanted.match
        if not match:
            return wanted.bounded(select(claim), claim.c.rank)
        if len(match) == 1 and match[0] and match[0][0].tokens[0].startswith(DAYS):
            return self._select_days([phrase.tokens[0] for phrase in match[0]], wanted)
        asked = " & ".join(f"({' | '.join(map(_tsquery_phrase, group))})" for group in match)
        matches = literal_column("claim.terms").op("@@")(cast(asked, postgresql.TSQUERY))
        matching = select(claim).where(matches)
        walked = wanted.bounded(matching, claim.c.rank)
        if self._count_claims(connection) < _MANY_CLAIMS:
            return walked
        node, _ = self._plan(connection, walked)
        if node.get("Index Name") != "claim_pkey" or node["Total Cost"] < _LONG_WALK:
            return walked
        # How many claims have a term is known of frequent ones; of rare ones it is guessed, and guessed far too many,
        # most of all where any of several will do, as parties of one name. PostgreSQL then walks along the ranks and
        # expects to meet enough before long, and may not in ten million claims: to gather them is never that dear.
        bounds = [claim.c.rank < wanted.end, *([claim.c.rank >= wanted.first] if wanted.first else [])]
        found = matching.where(*bounds, *wanted.conditions).cte("found").prefix_with("MATERIALIZED")
        gathered = select(found).order_by(found.c.rank.desc()).limit(wanted.size)
        _, cost = self._plan(connection, gathered)
        return gathered if cost < (_DEAR if max(map(len, match)) >= _MANY else _CHEAP) else walked

    def _count_claims(self, connection: Connection) -> float:
        """How many claims there were at the last look of PostgreSQL's own, and when first asked."""
        if self._claims is None:
            size = "SELECT reltuples FROM pg_class WHERE oid = 'claim'::regclass"
            self._claims = float(connection.exec_driver_sql(size).scalar_one())
        return self._claims

    def _plan(self, connection: Connection, chosen: Select[Any]) -> tuple[dict[str, Any], float]:
        """What PostgreSQL would do below the limit, and what it thinks that all of it costs."""
        compiled = chosen.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        said = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params).scalar_one()
        node = plan = said[0]["Plan"]
        while node["Node Type"] == "Limit":
            node = node["Plans"][-1]
        return node, plan["Total Cost"]

    def _select_days(self, periods: list[str], wanted: Wanted) -> Select[Any]:
        """A select along the ranks of acts in periods: the first rows of each, and of all these the first.

        GIN hands out no order: what it finds is gathered and sorted, or sought for along the ranks from the latest on,
        which is well where any claim may fit. But acts of 2016 are told of in claims of 2016: from today backwards that
        is ten years of others.
        """
        claim = schema.claim
        period = (
            func.unnest(cast(periods, postgresql.ARRAY(Text))).table_valued("period", name="asked").render_derived()
        )
        chosen = select(claim).join(_days, _days.c.rank == claim.c.rank).where(_days.c.period == period.c.period)
        found = wanted.bounded(chosen, _days.c.rank).lateral("found")
        return select(found).select_from(period.join(found, true())).order_by(found.c.rank.desc()).limit(wanted.size)

    def find_wrong_terms(self, connection: Connection, expected: Sequence[Terms]) -> Iterator[int]:
        """See :class:`Dialect`."""
        ranks, terms = [row.rank for row in expected], [_tsvector(row) for row in expected]
        wrong = connection.exec_driver_sql(
            "SELECT claim.rank FROM claim JOIN unnest(%(ranks)s::bigint[], %(terms)s::text[]) AS should (rank, terms)"
            " ON should.rank = claim.rank WHERE claim.terms <> should.terms::tsvector",
            {"ranks": ranks, "terms": terms},
        )
        yield from wrong.scalars()
        days = {(facet, row.rank) for row in expected for facet in row.facets.split() if facet.startswith(DAYS)}
        held = connection.execute(select(_days.c.period, _days.c.rank).where(_days.c.rank.in_(ranks)))
        yield from {rank for _, rank in days ^ set(map(tuple, held))}

    def find_faults(self, connection: Connection) -> Iterator[str]:
        """See :class:`Dialect`; PostgreSQL checks pages as they are read, where data checksums are on."""
        yield from ()

    def copy_to(self, target: Path) -> bool:
        """See :class:`Dialect`."""
        return False

    def explain(self, error: Exception) -> OnrecordError | None:
        """See :class:`Dialect`."""
        if isinstance(error, NoResultFound | IntegrityError):
            return LedgerError(f"{self.name}: {_UNFIT}")
        if not isinstance(error, DBAPIError):
            return None
        state = getattr(error.orig, "sqlstate", None) or ""
        for prefix, what in _POSTGRESQL_FAULTS:
            if state.startswith(prefix):
                return LedgerError(f"{self.name}: {what}")
        said = " ".join(str(error.orig).split())
        if not state or error.connection_invalidated:
            for words, what in _CONNECTION_FAULTS:
                if words in said:
                    return LedgerError(f"{self.name}: {what}")
            return LedgerError(f"{self.name}: the database does not answer ({said[:200]}); nothing was changed")
        return None


_POSTGRESQL_FAULTS = (
    ("40", "others were writing at the same moment, and nothing was changed; try again"),
    ("53100", "the database has no room left on its disk, and nothing was changed; make room and try again"),
    ("53", "the database has no room for one more connection or statement; try again later"),
    ("25006", "the database may only be read, and nothing was changed; name another ledger, or ask who runs it"),
    ("42501", "this user may not do that, and nothing was changed; ask who runs the database for the rights"),
    ("55P03", "somebody else is writing and does not let go; try again when that has ended"),
    ("57014", _TOO_LONG),
    ("57", "the database was stopped in between, and what was not yet recorded is not; try again when it runs"),
    ("42P01", "there is no ledger that this user may look into; ask who runs the database for the rights"),
    ("3D000", "there is no such database; create it (createdb), or correct the address"),
    ("28", "the database does not accept this user and password; correct the address"),
    ("XX00", f"the database {_DAMAGED}"),
)
_CONNECTION_FAULTS = (
    ("password authentication failed", "the database does not accept this user and password; correct the address"),
    ("no password supplied", "the database asks for a password; write it in the address, or in ~/.pgpass"),
    ("does not exist", "there is no such database or user; create it, or correct the address"),
    ("Connection refused", "no database answers there; start it, or correct the address"),
    ("could not translate host name", "there is no such host; correct the address"),
    ("failed to resolve host", "there is no such host; correct the address"),
    ("timeout", "no database answers there in time; start it, or correct the address"),
)


def _tsquery_phrase(phrase: Phrase) -> str:
    quoted = [f"'{token}'" for token in phrase.tokens]
    if phrase.is_prefix:
        quoted[-1] += ":*"
    return f"({' <-> '.join(quoted)})" if len(quoted) > 1 else quoted[0]


def _tsvector(row: Terms) -> str:
    """A tsvector as PostgreSQL reads it: words with their positions, facets without."""
    places: dict[str, list[str]] = {}
    for position, word in enumerate(row.words.split(" "), 1):
        if word:
            places.setdefault(word, []).append(str(min(position, _TSVECTOR_POSITION)))
    words = " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())
    facets = " ".join(f"'{facet}'" for facet in row.facets.split(" "))
    return f"{words} {facets}"
