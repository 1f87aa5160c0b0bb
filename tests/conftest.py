"""Where ledgers lie in the tests: in a file, and in PostgreSQL where a server can be had."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import postgres

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL database; without one the test is skipped, and says why."""
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.running())
        except postgres.NoServer as error:
            pytest.skip(str(error))
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes addresses where there is no ledger yet; what is made there goes with the test."""
    if request.param == "sqlite":
        yield lambda: str(tmp_path / f"ledger-{next(_numbers)}.db")
        return
    import psycopg

    url = request.getfixturevalue("server")
    made: list[str] = []

    def make() -> str:
        made.append(f"t_{os.getpid()}_{next(_numbers)}")
        return f"{url}{'&' if '?' in url else '?'}schema={made[-1]}"

    yield make
    with psycopg.connect(url, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


@pytest.fixture
def where(new_place: Callable[[], str]) -> str:
    """An address where there is no ledger yet."""
    return new_place()
