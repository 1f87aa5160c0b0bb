"""Behind the ledger's back: its tables, changed by whoever has a driver."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = 4096
"""Bytes of a page of a SQLite file."""


def is_sqlite(where: str) -> bool:
    return "://" not in where


class Raw:
    """A connection on which ``{}`` stands for a value, and nothing is checked."""

    def __init__(self, connection: Any, mark: str) -> None:
        self.connection = connection
        self._mark = mark

    def execute(self, statement: str, *values: object) -> Any:
        """Runs a statement, which must change or find something."""
        done = self.connection.execute(statement.format(*[self._mark] * len(values)) if values else statement, values)
        assert done.rowcount, f"nothing was changed by: {statement}"
        return done

    def one(self, query: str, *values: object) -> Any:
        """The only value that a query finds."""
        ((value,),) = self.execute(query, *values).fetchall()
        return value


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """As somebody for whom permissions hold; root may do everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def let_in(folder: Path) -> None:
    """Lets others look into a folder of the tests, and into those that it lies in."""
    for one in (folder, *folder.parents):
        if one.stat().st_uid == os.geteuid() and not one.stat().st_mode & 0o001:
            one.chmod(one.stat().st_mode | 0o055)


def damage(sound: bytes, number: int, *, first: int = 0, width: int = PAGE) -> bytes:
    """The bytes of a SQLite file with some bytes of a page overwritten; pages are counted from 1."""
    at = (number - 1) * PAGE + first
    return sound[:at] + b"\xa5" * width + sound[at + width :]


@contextlib.contextmanager
def altered(where: str, *statements: str) -> Iterator[None]:
    """One table is changed for a while, and then as it was before."""
    (table,) = {found[1] for one in statements if (found := re.match(r"(?:UPDATE|DELETE FROM|INSERT INTO) (\w+)", one))}
    with opened(where) as raw:
        raw.execute(f"CREATE TABLE saved AS SELECT * FROM {table}")
        for statement in statements:
            raw.execute(statement)
    try:
        yield
    finally:
        with opened(where) as raw:
            raw.connection.execute(f"DELETE FROM {table}")
            raw.execute(f"INSERT INTO {table} SELECT * FROM saved")
            raw.execute("DROP TABLE saved")


@contextlib.contextmanager
def opened(where: str) -> Iterator[Raw]:
    """The tables of a ledger; all is committed at the end."""
    if is_sqlite(where):
        with contextlib.closing(sqlite3.connect(where)) as connection, connection:
            yield Raw(connection, "?")
        return
    import psycopg

    url, _, schema = where.rpartition("schema=")
    with psycopg.connect(url.rstrip("?&"), options=f"-c search_path={schema}") as session:
        session.execute("SET session_replication_role = replica")  # no foreign key is checked
        yield Raw(session, "%s")
