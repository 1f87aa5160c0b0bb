"""Behind the ledger's back: its tables, changed by whoever has a driver."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any


def is_sqlite(where: str) -> bool:
    return "://" not in where


class Raw:
    """A connection on which ``{}`` stands for a value, and nothing is checked."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection = connection
        self._mark = mark

    def execute(self, statement: str, *values: object) -> Any:
        """Runs a statement, which must change or find something."""
        done = self._connection.execute(statement.format(*[self._mark] * len(values)) if values else statement, values)
        assert done.rowcount, f"nothing was changed by: {statement}"
        return done

    def one(self, query: str, *values: object) -> Any:
        """The only value that a query finds."""
        ((value,),) = self.execute(query, *values).fetchall()
        return value


@contextlib.contextmanager
def opened(where: str) -> Iterator[Raw]:
    """The tables of a ledger; all is committed at the end."""
    if is_sqlite(where):
        with contextlib.closing(sqlite3.connect(where)) as connection, connection:
            yield Raw(connection, "?")
        return
    import psycopg

    url, _, schema = where.rpartition("schema=")
    with psycopg.connect(url.rstrip("?&"), options=f"-c search_path={schema}") as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign key is checked
        yield Raw(connection, "%s")
