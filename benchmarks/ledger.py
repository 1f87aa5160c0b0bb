"""Measures the ledger: adding, questions at sizes, memory, kills, many at once, several workers.

    python -m benchmarks.ledger                              # all parts at a million claims
    python -m benchmarks.ledger --claims 10000000            # larger
    python -m benchmarks.ledger --only questions --postgresql postgresql://me@localhost/bench

Ledgers are generated from real readings (``benchmarks/generated``) and kept in ``build/ledgers``, so that a second run
need not fill them again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.generated.press import FIRST_DAY, LAST_DAY, Press
from benchmarks.generated.questions import questions, take_survey
from benchmarks.generated.templates import load_templates
from onrecord.errors import NotFound
from onrecord.ledger import Ledger
from onrecord.model import Question, Reading, Stance, Status

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "ledgers"
_CLAIMS_EACH = 20  # in a generated reading, on average
_BATCH = 500
_ADDED = 4_000  # readings for the speed of adding
_ALONE = 500
_SURVEY = 3_000


class Days:
    """A clock by which a ledger grows over the years from which its readings are."""

    def __init__(self, count: int) -> None:
        self._first = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
        last = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC)
        self._step = (last - self._first) / max(count, 1)
        self.done = 0

    def __call__(self) -> datetime:
        return self._first + self.done * self._step


def fill(where: str, claims: int) -> float:
    """Fills a ledger up to so many claims; returns the seconds that it took, nought if it was filled before."""
    count = claims // _CLAIMS_EACH
    days = Days(count)
    with Ledger(where, create=True, who="bench", clock=days) as ledger:
        days.done = ledger.count_things()["documents"]
        began = time.perf_counter()
        if days.done >= count:
            return 0.0
        press = Press(load_templates())
        batch: list[Reading] = []
        for reading in press.readings(count - days.done, start=days.done):
            batch.append(reading)
            if len(batch) == _BATCH:
                _add(ledger, batch, days)
                if days.done % 10_000 == 0:
                    print(f"{days.done:,} of {count:,} readings, {days.done / (time.perf_counter() - began):,.0f}/s")
        _add(ledger, batch, days)
        return time.perf_counter() - began


def _add(ledger: Ledger, batch: list[Reading], days: Days) -> None:
    for _ in ledger.add(batch):
        pass
    days.done += len(batch)
    batch.clear()


def measure_adding() -> dict[str, float]:
    """Readings that are made already, a second, on one core: in bulk, and one by one with each on the disk."""
    readings = list(Press(load_templates()).readings(_ADDED))
    path = FOLDER / "adding.db"
    _remove(path)
    figures = {}
    with Ledger(path, create=True, who="bench") as ledger:
        list(ledger.add(readings[:_ALONE]))
        bulk = readings[_ALONE:-_ALONE]
        began = time.perf_counter()
        for _ in ledger.add(bulk):
            pass
        figures["adding, documents/s in bulk"] = len(bulk) / (time.perf_counter() - began)
        began = time.perf_counter()
        for reading in readings[-_ALONE:]:
            list(ledger.add([reading]))
        figures["adding, documents/s one by one"] = _ALONE / (time.perf_counter() - began)
    _remove(path)
    return figures


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


# --- questions -------------------------------------------------------------------------------------------------------


def make_question(asked: dict[str, Any]) -> Question:
    """A question from what the generator draws."""
    given = dict(asked)
    if "stance" in given:
        given["stance"] = (Stance(given["stance"]),)
    if "status" in given:
        given["status"] = (Status(given["status"]),)
    for name, days in (("said_after", -1), ("acted_after", -1), ("said_before", 1), ("acted_before", 1)):
        if name in given:  # the generator means its two ends to lie within
            given[name] = (date.fromisoformat(given[name]) + timedelta(days)).isoformat()
    return Question(**given)


def measure_questions(where: str, claims: int, count: int, name: str) -> dict[str, float]:
    """Latencies in milliseconds of questions, each asked once, and of the bare SQL of the same ones."""
    survey = take_survey(Press(load_templates()).readings(min(_SURVEY, claims // _CLAIMS_EACH)))
    asked = [(kind, make_question(one)) for kind, one in questions(7, count, survey)]
    taken: dict[str, list[float]] = defaultdict(list)
    bare: dict[str, list[float]] = defaultdict(list)
    found: dict[str, list[int]] = defaultdict(list)
    with Ledger(where, read_only=True) as ledger, open_bare(where) as execute:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for kind, question in asked:
            began = time.perf_counter()
            try:
                page = ledger.ask(question)
            except NotFound:
                page = None
            taken[kind].append(1e3 * (time.perf_counter() - began))
            found[kind].append(len(page.claims) if page else 0)
            if page is not None:
                statement, values = ledger.explain(question)
                began = time.perf_counter()
                execute(statement, values)
                bare[kind].append(1e3 * (time.perf_counter() - began))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"\n{name}, {claims:,} claims: milliseconds, of {count} questions")
    print(f"{'kind':28}{'median':>8}{'95th':>8}{'most':>9}{'bare 95th':>11}{'found':>7}")
    for kind, times in taken.items():
        bare_95 = percentile(bare[kind], 95) if bare[kind] else 0.0
        print(
            f"{kind:28}{statistics.median(times):8.1f}{percentile(times, 95):8.1f}{max(times):9.1f}{bare_95:11.1f}"
            f"{statistics.mean(found[kind]):7.1f}"
        )
    all_times = [one for times in taken.values() for one in times]
    all_bare = [one for times in bare.values() for one in times]
    print(
        f"{'all':28}{statistics.median(all_times):8.1f}{percentile(all_times, 95):8.1f}{max(all_times):9.1f}{percentile(all_bare, 95):11.1f}"
    )
    return {
        f"{name}, {claims:,} claims: question, ms, median": statistics.median(all_times),
        f"{name}, {claims:,} claims: question, ms, 95th percentile": percentile(all_times, 95),
        f"{name}, {claims:,} claims: bare SQL, ms, 95th percentile": percentile(all_bare, 95),
        f"{name}, {claims:,} claims: memory that questions took, MiB": grown / 1024,
    }


def percentile(values: Iterable[float], share: int) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


class open_bare:  # noqa: N801 - it is used like open
    """The database itself, through its own driver."""

    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> Callable[[str, Any], None]:
        connection: Any
        if "://" in self._where:
            import psycopg

            address, _, schema = self._where.partition("?schema=")
            connection = psycopg.connect(address, options=f"-c search_path={schema or 'onrecord'}")
        else:
            connection = sqlite3.connect(f"file:{self._where}?mode=ro", uri=True)
        self._connection = connection

        def execute(statement: str, values: Any) -> None:
            connection.execute(statement, values).fetchall()

        return execute

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def measure_size(where: str, claims: int, name: str) -> dict[str, float]:
    """Of the file, in GB."""
    if "://" in where:
        return {}
    return {f"{name}, {claims:,} claims: file, GB": Path(where).stat().st_size / 1e9}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=580)
    parser.add_argument("--postgresql", default="", metavar="URL")
    parser.add_argument("--only", choices=("adding", "questions"), action="append")
    arguments = parser.parse_args()
    parts = arguments.only or ["adding", "questions"]
    FOLDER.mkdir(parents=True, exist_ok=True)
    figures: dict[str, float] = {}
    if "adding" in parts:
        figures |= measure_adding()
    if "questions" in parts:
        claims = arguments.claims
        stores = {"SQLite": str(FOLDER / f"{claims}.db")}
        if arguments.postgresql:
            stores["PostgreSQL"] = f"{arguments.postgresql}?schema=bench_{claims}"
        for name, where in stores.items():
            if seconds := fill(where, claims):
                figures[f"{name}, {claims:,} claims: filled, s"] = seconds
            figures |= measure_questions(where, claims, arguments.questions, name)
            figures |= measure_size(where, claims, name)
    print()
    for name, value in figures.items():
        print(f"{name:70}{value:12,.1f}")
    (FOLDER / "figures.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
