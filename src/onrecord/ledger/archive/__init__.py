"""Reading archives on many workers, into Parquet of readings.

A folder of readings holds ``part-….parquet``, each the readings of some pages that stand together in one archive, and
``manifest.jsonl``: what they were read with, and then a line for each archive with the parts it was divided into. A
part is written beside its name and then renamed, so that it is there whole or not at all, and one that is there is
finished: that is all a run needs to know to go on where another stopped. Everything is named by what it is of, never
by when or by whom it was made.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from onrecord.errors import InputError, OnrecordError, UsageError
from onrecord.intake import IntakeSettings, find_inputs
from onrecord.intake.archives import Place, load_library
from onrecord.ledger.archive.engines import ENGINES, Death, Job, RunsJobs
from onrecord.ledger.archive.manifest import Archive, Plan, add_to_manifest, open_manifest, reason_of
from onrecord.ledger.archive.parts import (
    PREFIX,
    TRIES,
    Part,
    Written,
    divide,
    find_readings,
    holds_readings,
    marks_of,
    read_part,
    tell_run,
)
from onrecord.ledger.reading import LoadsReader, check_settings, load_reader
from onrecord.model import Run

__all__ = ["ArchiveProgress", "find_readings", "holds_readings", "read_archive"]

PART_PAGES = 100
"""Pages of a part: some ten seconds of reading, which is what a worker that dies has to do again."""


@dataclass(frozen=True, slots=True)
class ArchiveProgress:
    """How far a run has come.

    Attributes:
        archives: how many there are.
        planned: how many have been looked through, in this run or before.
        pages: how many pages were found in them so far, those that cannot be read included.
        done: how many of the pages are read, in this run or before.
        failed: how many readings of this run have failures.
        parts: into how many parts the archives were divided so far.
        finished: how many parts are written, by this run or before.
        deaths: how often a worker died in this run; what it was at was, or will be, done again.
        skipped: what was passed over because it is no page (pictures, revisits, errors of servers), by why.
    """

    archives: int
    planned: int = 0
    pages: int = 0
    done: int = 0
    failed: int = 0
    parts: int = 0
    finished: int = 0
    deaths: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def read_archive(
    origins: Iterable[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    settings: IntakeSettings | None = None,
    engine: str = "ray",
    workers: int | None = None,
    address: str = "",
    load_reader: LoadsReader = load_reader,
    part_pages: int = PART_PAGES,
) -> Generator[ArchiveProgress, None, None]:
    """Reads archives of pages into Parquet of readings; begun again in the same folder, it goes on where it stopped.

    A page that cannot be read becomes a reading that says why. A worker that dies, or its machine, loses nothing: its
    part is read again, and a page at which workers die again and again becomes a failure. Leaving the loop early, also
    by Ctrl-C, stops it; what is finished stays.

    Args:
        origins: archives (WARC, Parquet or JSON Lines of pages), and folders of them. For a cluster, on storage that
            all its machines see under the same path, as the folder must be.
        folder: where the readings go; made if it is not there. One run at a time may write to it.
        settings: how pages are taken in.
        engine: ``ray``, on many workers; ``here``, in this process.
        workers: how many; None takes all cores of this machine, or of the cluster. More than one needs ``ray``.
        address: of a Ray cluster that is running, as ``ray start`` names it, or ``auto``; empty starts workers on this
            machine, which end with the run.
        load_reader: makes the reader in each worker; it must be possible to pickle it.
        part_pages: pages of a part; archives that were divided before stay as they are.

    Yields:
        How far it has come, at least every second while there is something to wait for.

    Raises:
        UsageError: a setting makes no sense, an archive is not there or was changed, a library is not installed, or
            the folder holds readings of other settings or another model.
        ModelError: the model is missing or damaged.
        OnrecordError: workers do not start, or a file cannot be read or written.
    """
    settings = settings or IntakeSettings()
    check_settings(settings, datetime.now(UTC))
    if engine not in ENGINES:
        raise UsageError(f"{engine[:40]!r} is no engine; there are {' and '.join(ENGINES)}")
    load_library("pyarrow.parquet")
    target = Path(folder).absolute()
    archives = _find_archives(origins, target)
    reading = _Reading(archives, target, settings)
    yield ArchiveProgress(len(archives))  # starting workers takes seconds
    try:
        with ENGINES[engine](workers, address, load_reader) as run_jobs:
            yield from reading.run(run_jobs, part_pages)
    except OSError as error:
        where = error.filename or target
        raise OnrecordError(f"{where}: {reason_of(error)}; what is finished stays, and is not read again") from None
    finally:
        if reading.is_begun:
            _remove_leftovers(target)


def _find_archives(origins: Iterable[str | os.PathLike[str]], folder: Path) -> list[Archive]:
    """The files to read, each once, without those that are made of them."""
    found: dict[str, Archive] = {}
    for origin in origins:
        for shown in find_inputs(os.fspath(origin)):
            if isinstance(shown, InputError):
                raise UsageError(f"{shown}; nothing was read")
            path = Path(shown).absolute()
            if folder in path.parents:
                continue
            try:
                status = path.stat()
            except OSError as error:
                raise UsageError(f"{shown}: cannot be read ({reason_of(error)}); nothing was read") from None
            found.setdefault(str(path), Archive(str(path), shown, status.st_size, status.st_mtime_ns))
    if not found:
        raise UsageError("there is no archive to read; name WARC, Parquet or JSON Lines of pages")
    return list(found.values())


def _remove_leftovers(folder: Path) -> None:
    """Takes away what was not finished; a run beside this one notices, and says so."""
    for leftover in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            leftover.unlink()


class _Reading:
    """One run: asks with what is read, divides what is not divided yet, and reads what is not read yet."""

    def __init__(self, archives: Sequence[Archive], folder: Path, settings: IntakeSettings) -> None:
        self.is_begun = False  # whether the folder is this run's to write to
        self._archives = archives
        self._folder = folder
        self._settings = settings
        self._plans: dict[str, Plan] = {}
        self._pages = self._done = self._failed = self._parts = self._finished = self._deaths = 0
        self._skipped: Counter[str] = Counter()
        self._begun: Counter[str] = Counter()  # pages: found in an archive, or read of a part, that is not finished

    def run(self, run_jobs: RunsJobs, part_pages: int) -> Generator[ArchiveProgress, None, None]:
        run = yield from self._ask(run_jobs)
        self._folder.mkdir(parents=True, exist_ok=True)
        for plan in open_manifest(self._folder, run, self._archives).values():
            self._keep(plan)
        self.is_begun = True
        _remove_leftovers(self._folder)
        yield from self._divide(run_jobs, part_pages)
        yield from self._read(run_jobs, run)
        yield self._progress()

    def _progress(self) -> ArchiveProgress:
        return ArchiveProgress(
            archives=len(self._archives),
            planned=len(self._plans),
            pages=self._pages,
            done=self._done,
            failed=self._failed,
            parts=self._parts,
            finished=self._finished,
            deaths=self._deaths,
            skipped=self._skipped,
        )

    def _ask(self, run_jobs: RunsJobs) -> Generator[ArchiveProgress, None, Run]:
        """What the readings point to, by a worker that has loaded the reader."""
        run: Run | None = None
        jobs = deque([Job(tell_run, (self._settings,), "")])
        for job, answer in run_jobs(jobs):
            if isinstance(answer, Run):
                run = answer
            elif job and isinstance(answer, Death):
                self._deaths += 1
                if self._deaths == TRIES:
                    raise _not_begun(answer)
                jobs.append(job)
            yield self._progress()
        if run is None:
            raise OnrecordError("the workers ended without an answer; please report this")
        return run

    def _divide(self, run_jobs: RunsJobs, part_pages: int) -> Generator[ArchiveProgress, None, None]:
        todo = {archive.path: archive for archive in self._archives if archive.path not in self._plans}
        jobs = deque(Job(divide, (archive, self._settings, part_pages), path) for path, archive in todo.items())
        deaths: Counter[str] = Counter()
        for job, answer in run_jobs(jobs):
            if job is None:
                pass
            elif isinstance(answer, int):
                self._pages += answer - self._begun[job.key]
                self._begun[job.key] = answer
            else:
                self._pages -= self._begun.pop(job.key, 0)
                plan = answer if isinstance(answer, Plan) else None
                if plan is None:
                    self._deaths += 1
                    deaths[job.key] += 1
                    if deaths[job.key] < TRIES:
                        jobs.append(job)
                    else:
                        plan = _undivided(todo[job.key])
                if plan is not None:
                    add_to_manifest(self._folder, plan)
                    self._keep(plan)
            yield self._progress()

    def _keep(self, plan: Plan) -> None:
        self._plans[plan.path] = plan
        self._pages += plan.pages
        self._parts += len(plan.parts)
        self._skipped = self._skipped + Counter(plan.skipped)

    def _read(self, run_jobs: RunsJobs, run: Run) -> Generator[ArchiveProgress, None, None]:
        there = {entry.name for entry in self._folder.iterdir()}
        todo: dict[str, Part] = {}
        for archive in self._archives:
            for part in _parts_of(self._plans[archive.path], archive):
                if part.name in there:
                    self._done += part.pages
                    self._finished += 1
                else:
                    todo[part.name] = part
        yield self._progress()
        jobs = deque(
            Job(read_part, (part, self._settings, run, str(self._folder), False), name) for name, part in todo.items()
        )
        deaths: dict[str, _Deaths] = {}
        for job, answer in run_jobs(jobs):
            if job is None:
                pass
            elif isinstance(answer, int):
                self._done += answer - self._begun[job.key]
                self._begun[job.key] = answer
            elif isinstance(answer, Written):
                self._finished += 1
                self._failed += answer.failed
                del self._begun[job.key]
            else:
                self._deaths += 1
                self._done -= self._begun.pop(job.key, 0)
                deaths.setdefault(job.key, _Deaths(todo[job.key], self._folder)).count(answer)
                jobs.appendleft(job._replace(arguments=(*job.arguments[:-1], True)))
            yield self._progress()


class _Deaths:
    """How often a worker died at a part, and whether it is of any use to try again."""

    def __init__(self, part: Part, folder: Path) -> None:
        self._part = part
        self._marks = marks_of(part, folder)
        self._before = b""
        self._all = 0
        self._idle = 0

    def count(self, death: Death) -> None:
        """One more; raises OnrecordError when nothing comes of it, for it is not the pages then."""
        self._all += 1
        try:
            marks = self._marks.read_bytes()
        except OSError:
            marks = b""
        self._idle = self._idle + 1 if marks == self._before else 0
        self._before = marks
        # The first death leaves no marks, whatever it died of.
        if self._idle > TRIES or self._all > TRIES * (self._part.pages + 2):
            raise _not_begun(death)


def _undivided(archive: Archive) -> Plan:
    """An archive at which workers die again and again: one part, which says so."""
    what = f"the process that looked through it ended without an answer, {TRIES} times"
    return Plan(archive.path, archive.size, archive.changed, 1, ((Place(), 1),), failure=what)


def _not_begun(death: Death) -> OnrecordError:
    what = f"the processes that read end again and again before they have read anything ({death.why})"
    return OnrecordError(f"{what}; there may be too little memory for so many: try fewer workers")


def _parts_of(plan: Plan, archive: Archive) -> Iterator[Part]:
    """The parts of an archive, by names that tell where they are from and that no two archives share."""
    stem = re.sub(r"[^A-Za-z0-9._-]", "-", Path(plan.path).name)[:60]
    of = hashlib.sha256(plan.path.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    for number, (start, pages) in enumerate(plan.parts):
        yield Part(f"part-{stem}-{of}-{number:05}.parquet", plan.path, archive.shown, start, pages, plan.failure)
