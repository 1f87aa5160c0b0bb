"""Measures the ledger: adding, questions at sizes, memory, kills, many at once, several workers.

    python -m benchmarks.ledger                               # all parts, at a million claims
    python -m benchmarks.ledger --claims 1000000 --claims 10000000 --only questions
    python -m benchmarks.ledger --postgresql postgresql://me@localhost/bench --write

Ledgers are generated and kept in ``build/ledgers``: a second run need not fill them again. Figures of parts that are
not measured again are those of the last time.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.floors import (
    FLOORS,
    Figures,
    Floor,
    decode_floors,
    encode_floors,
    find_below,
    find_short,
    raised,
)
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
        """The time."""
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
        figures["documents/s in bulk"] = len(bulk) / (time.perf_counter() - began)
        began = time.perf_counter()
        for reading in readings[-_ALONE:]:
            list(ledger.add([reading]))
        figures["documents/s one by one"] = _ALONE / (time.perf_counter() - began)
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


def measure_questions(where: str, claims: int, count: int) -> tuple[dict[str, float], str]:
    """Latencies in milliseconds of questions and of the bare SQL of the same ones; and a table by kind."""
    survey = take_survey(Press(load_templates()).readings(min(_SURVEY, claims // _CLAIMS_EACH)))
    asked = [(kind, make_question(one)) for kind, one in questions(7, count, survey)]
    taken: dict[str, list[float]] = defaultdict(list)
    bare: dict[str, list[float]] = defaultdict(list)
    found: dict[str, list[int]] = defaultdict(list)
    with Ledger(where, read_only=True) as ledger, open_bare(where) as execute:
        ledger.ask()
        gc.collect()
        gc.freeze()  # what the survey left in memory is no concern of whoever asks
        for number, (kind, question) in enumerate(asked):
            statement: tuple[str, Any] | None = None
            with contextlib.suppress(NotFound):
                statement = ledger.explain(question)
            # Whoever comes second finds pages of the database in memory: they take turns.
            for turn in (number % 2, 1 - number % 2):
                began = time.perf_counter()
                if turn and statement:
                    execute(*statement)
                    bare[kind].append(1e3 * (time.perf_counter() - began))
                elif not turn:
                    page = None
                    with contextlib.suppress(NotFound):
                        page = ledger.ask(question)
                    taken[kind].append(1e3 * (time.perf_counter() - began))
                    found[kind].append(len(page.claims) if page else 0)
    rows = [
        "| kind of question | median, ms | 95th percentile | slowest | bare SQL, 95th percentile | claims found |",
        "|---|---|---|---|---|---|",
    ]
    everything = [("all", [x for several in taken.values() for x in several])]
    bare["all"] = [x for several in bare.values() for x in several]
    found["all"] = [x for several in found.values() for x in several]
    for kind, times in [*taken.items(), *everything]:
        cells = (statistics.median(times), percentile(times, 95), max(times), percentile(bare[kind], 95))
        rows.append(f"| {kind} | {' | '.join(f'{x:.1f}' for x in cells)} | {statistics.mean(found[kind]):.1f} |")
    return {
        "question, ms, median": statistics.median(everything[0][1]),
        "question, ms, 95th percentile": percentile(everything[0][1], 95),
        "bare SQL, ms, 95th percentile": percentile(bare["all"], 95),
    }, "\n".join(rows)


def percentile(values: Iterable[float], share: int) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values) or [0.0]
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


def measure_memory(where: str, questions: int) -> dict[str, float]:
    """The most memory, in MiB, that a process of its own holds that opens a ledger and asks it."""
    words = [sys.executable, "-m", "benchmarks.ledger", "--ask", where, "--questions", str(questions)]
    done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    return {"memory of a process that asks, MiB": float(done.stdout)}


def ask(where: str, count: int) -> None:
    """Asks, and prints how much memory that took; the questions are drawn by another process, and read first."""
    asked = [make_question(one) for one in json.loads(_draw(count))]
    with Ledger(where, read_only=True) as ledger:
        for question in asked:
            with contextlib.suppress(NotFound):
                ledger.ask(question)
    # Not what getrusage says: Linux counts what the process that started this one held at that moment, too.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def _draw(count: int) -> str:
    """Questions as JSON, from a process of its own: the survey from which they are drawn takes memory."""
    words = [sys.executable, "-c", f"from benchmarks.ledger import draw; draw({count:d})"]
    return subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def draw(count: int) -> None:
    """Prints questions."""
    print(json.dumps([one for _, one in questions(7, count, take_survey(Press(load_templates()).readings(_SURVEY)))]))


def measure_size(where: str) -> dict[str, float]:
    """Of the file, in GB."""
    return {"file, GB": Path(where).stat().st_size / 1e9}


# --- adversity, and many machines ------------------------------------------------------------------------------------


def measure_kills(kills: int) -> dict[str, float]:
    """Adding, killed at random moments; whatever is lost, double or half is a failure of the command."""
    return {"kills": float(kills), "lost, double or half": float(_fails("tests.store.kills", str(kills)))}


def measure_crowd(seconds: int, url: str) -> dict[str, float]:
    """Eight writers and eight readers at once; an error that a user sees, or a lost update, is a failure."""
    failures = _fails("tests.store.crowd", str(seconds), *filter(None, [url]))
    return {"seconds": float(seconds), "failures": float(failures)}


def _fails(module: str, *words: str) -> bool:
    done = subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, check=False)
    return done.returncode != 0


def measure_engine() -> dict[str, float]:
    """Two local workers of Ray against one process on the same archive."""
    from benchmarks import engine

    return engine.measure()


# --- the command -----------------------------------------------------------------------------------------------------

INTRODUCTION = """# Benchmarks of the ledger

Written by `make bench-ledger WRITE=1`. Ledgers are generated from real readings (`benchmarks/generated`): reports of
about 300 words with 20 claims each, by words, names, outlets, places, days, figures and stances drawn anew, as often
and as seldom as in the news. Questions are drawn from 29 kinds, alone and together, for what is frequent, what is rare
and what is not there; each is asked once, for a page of 20 claims, as the library answers it: found, read from the
ledger, with people's corrections. *Bare SQL* is the same statement through the database's own driver, which gives
numbers of rows and nothing else."""


def table(figures: Figures, floors: Mapping[str, Floor]) -> str:
    """The figures as a Markdown table."""
    rows = ["| figure | measured | must reach | aim |", "|---|---|---|---|"]
    for part, found in figures.items():
        for name, value in found.items():
            floor = floors.get(f"{part}: {name}")
            least, aim = (floor.least, floor.aim) if floor else (None, None)
            bounds = ("" if bound is None else f"{bound:g}" for bound in (least, aim))
            rows.append(f"| {part}: {name} | {value:,.2f} | {' | '.join(bounds)} |")
    return "\n".join(rows)


PARTS = ("adding", "questions", "kills", "crowd", "engine")


def main() -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--claims", type=int, action="append", metavar="N", help="sizes of ledgers, by default 1000000")
    parser.add_argument("--questions", type=int, default=580)
    parser.add_argument("--postgresql", default="", metavar="URL")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=600, help="of eight writers and eight readers")
    parser.add_argument("--write", action="store_true", help="rewrite docs/ledger-benchmarks.md")
    parser.add_argument("--ask", default="", metavar="LEDGER", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.ask:
        ask(chosen.ask, chosen.questions)
        return 0
    parts = chosen.only or PARTS
    url = chosen.postgresql
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / "figures.json"
    figures: dict[str, dict[str, float]] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    kept_tables = FOLDER / "tables.json"
    tables: dict[str, str] = json.loads(kept_tables.read_text(encoding="utf-8")) if kept_tables.exists() else {}
    measured: set[str] = set()

    def keep(part: str, found: dict[str, float]) -> None:
        measured.add(part)
        if kept.exists():  # another part may have been measured beside this one
            figures.update(json.loads(kept.read_text(encoding="utf-8")))
        figures[part] = figures.get(part, {}) | found
        kept.write_text(json.dumps(figures, indent=2), encoding="utf-8")

    if "adding" in parts:
        keep("adding", measure_adding())
    if "questions" in parts:
        for claims in chosen.claims or [1_000_000]:
            for name in ("SQLite", "PostgreSQL") if url else ("SQLite",):
                where = str(FOLDER / f"{claims}.db") if name == "SQLite" else f"{url}?schema=bench_{claims}"
                part = f"{claims:,} claims in {name}"
                if seconds := fill(where, claims):
                    keep(part, {"documents/s, generating and adding": claims / _CLAIMS_EACH / seconds})
                found, shown = measure_questions(where, claims, chosen.questions)
                tables[part] = f"## {part}\n\n{shown}"
                print(tables[part])
                kept_tables.write_text(json.dumps(tables), encoding="utf-8")
                found |= measure_memory(where, chosen.questions)
                keep(part, found | (measure_size(where) if name == "SQLite" else {}))
    if "kills" in parts:
        keep("kills", measure_kills(chosen.kills))
    if "crowd" in parts:
        for name, address in (("SQLite", ""), ("PostgreSQL", url)) if url else (("SQLite", ""),):
            keep(f"crowd in {name}", measure_crowd(chosen.seconds, address))
    if "engine" in parts:
        keep("engine", measure_engine())
    floors = decode_floors(FLOORS.read_bytes())
    print(table(figures, floors))
    fresh = {part: figures[part] for part in measured}
    below = find_below(fresh, floors)
    print(*below, *find_short(fresh, floors), sep="\n", file=sys.stderr)
    if chosen.write and below:
        print("nothing written: a floor does not hold", file=sys.stderr)
    elif chosen.write:
        system = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
        text = [
            INTRODUCTION,
            table(figures, floors),
            f"Measured on {system}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.",
            *tables.values(),
        ]
        (ROOT / "docs" / "ledger-benchmarks.md").write_text("\n\n".join(text) + "\n", encoding="utf-8")
        FLOORS.write_bytes(encode_floors(raised(floors, fresh)))
    return 1 if below else 0


if __name__ == "__main__":
    raise SystemExit(main())
