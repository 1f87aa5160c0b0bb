"""Who does the work: this process, or workers of Ray on this machine or a cluster (decision 9).

A job is a generator that a worker runs; it takes what gives it the worker's reader, and answers as it goes on.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import secrets
import shutil
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from onrecord.errors import OnrecordError, UsageError
from onrecord.intake.archives import load_library
from onrecord.ledger.reading import LoadsReader, ReadsDocuments

_LOG = logging.getLogger("onrecord")

GetsReader = Callable[[], ReadsDocuments]
"""What gives a worker its reader, loaded once."""


class Job(NamedTuple):
    """Something to do by a worker, which answers as it goes on."""

    work: Callable[..., Iterator[Any]]
    arguments: tuple[Any, ...]
    key: str


class Death(NamedTuple):
    """A worker has ended without an end of its job."""

    why: str


class RunsJobs(Protocol):
    """Runs jobs, taking them from the left, until there are none; more may be put there as their answers come."""

    def __call__(self, jobs: deque[Job]) -> Iterator[tuple[Job | None, Any]]:
        """The answers of each job, or its death; None when there is nothing new for a moment."""


@contextlib.contextmanager
def _here(workers: int | None, address: str, load_reader: LoadsReader) -> Iterator[RunsJobs]:
    """Runs jobs in this process, one after the other."""
    if (workers or 1) > 1 or address:
        raise UsageError("several workers, or a cluster, need an engine: ray")
    get_reader = functools.cache(functools.partial(load_reader, threads=1))

    def run_jobs(jobs: deque[Job]) -> Iterator[tuple[Job | None, Any]]:
        while jobs:
            job = jobs.popleft()
            for answer in job.work(get_reader, *job.arguments):
                yield job, answer

    yield run_jobs


_WAIT_S = 0.5
_AHEAD = 2  # jobs for each worker that are handed over, so that none waits for its next
_STORE_BYTES = 80_000_000  # the least that Ray takes; only counts go through it
_LOCAL = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # listen on this machine only, as it does on those systems anyway
    "RAY_AUTH_MODE": "token",
}
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_NUM_REDIS_GET_RETRIES": "1",  # give up on an address after 40 seconds, not after 20 times that
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",  # it would print deaths of workers on our output; we tell them ourselves
}


@contextlib.contextmanager
def _ray(workers: int | None, address: str, load_reader: LoadsReader) -> Iterator[RunsJobs]:
    """Runs jobs on workers of Ray: of a cluster, or of this machine, where they are started and ended here."""
    local = _LOCAL | {
        "RAY_AUTH_TOKEN": _token(),
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
    }
    with _environment(_QUIET if address else _QUIET | local):
        ray = load_library("ray")
        logging.getLogger("ray").setLevel(logging.CRITICAL)
        is_ours = not ray.is_initialized()
        session = _start_ray(ray, workers, address) if is_ours else ""
        try:
            ahead = _AHEAD if session or not workers else 1  # where there are more cores, more would be used
            yield functools.partial(_run_on_ray, ray, workers, ahead, ray.cloudpickle.dumps(load_reader))
        finally:
            if is_ours:
                ray.shutdown()
                if session:
                    shutil.rmtree(session, ignore_errors=True)


@functools.cache
def _token() -> str:
    """What workers of this process show to each other; it is in no file. Ray takes but one for each process."""
    return secrets.token_hex(32)


def _start_ray(ray: Any, workers: int | None, address: str) -> str:
    """Connects, or starts workers; gives the folder that is to be removed at the end, if any."""
    local = {"num_cpus": workers, "include_dashboard": False, "object_store_memory": _STORE_BYTES}
    try:
        context = ray.init(
            address=address or "local", configure_logging=False, log_to_driver=False, **({} if address else local)
        )
    except Exception as error:  # of many kinds, for an address alone
        why = " ".join(str(error).split())[:200]
        if address:
            raise UsageError(f"there is no Ray cluster to be reached at {address[:100]!r} ({why})") from None
        raise OnrecordError(f"Ray does not start on this machine ({why}); try fewer workers") from None
    return "" if address else str(context.address_info["session_dir"])


def _run_on_ray(
    ray: Any, workers: int | None, ahead: int, loader: bytes, jobs: deque[Job]
) -> Iterator[tuple[Job | None, Any]]:
    # Deaths are ours to handle: Ray would begin the job again as it was.
    submit = ray.remote(num_cpus=1, max_retries=0)(_work).remote
    running: dict[Any, Job] = {}
    cores = workers or _count_cores(ray)
    try:
        while jobs or running:
            while jobs and len(running) < ahead * cores:
                job = jobs.popleft()
                running[submit(loader, job.work, job.arguments)] = job
            ready, _ = ray.wait(list(running), num_returns=1, timeout=_WAIT_S)
            if not ready:
                cores = workers or _count_cores(ray)  # a cluster may have grown
                yield None, None
            for answers in ready:
                job = running[answers]
                try:
                    answer = ray.get(next(answers))
                except StopIteration:
                    del running[answers]
                    continue
                except ray.exceptions.RayTaskError as error:
                    raise _cause_of(error) from None
                except ray.exceptions.RayError as error:
                    del running[answers]
                    _LOG.debug("a worker died at %s", job.key, exc_info=error)
                    answer = Death(" ".join(str(error).split())[:200])
                yield job, answer
    finally:
        for answers in running:
            with contextlib.suppress(Exception):  # whatever it says: it is over
                ray.cancel(answers, force=True)


def _count_cores(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _cause_of(error: Any) -> OnrecordError:
    """What a worker raised: our own words, or what is no doing of the user's."""
    if isinstance(error.cause, OnrecordError):
        return error.cause
    return OnrecordError(
        f"onrecord itself failed in a worker ({type(error.cause).__name__}: {error.cause}); please report this"
    )


def _work(loader: bytes, work: Callable[..., Iterator[Any]], arguments: tuple[Any, ...]) -> Iterator[Any]:
    """What a worker does."""
    yield from work(functools.partial(_loaded, loader), *arguments)


@functools.cache
def _loaded(loader: bytes) -> ReadsDocuments:
    """The reader of this worker, loaded once."""
    load: LoadsReader = load_library("ray").cloudpickle.loads(loader)
    return load(threads=1)


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Sets variables of the environment for a while: so Ray is told most things. Undoes what Ray sets, too."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)


ENGINES: dict[str, Callable[[int | None, str, LoadsReader], AbstractContextManager[RunsJobs]]] = {
    "ray": _ray,
    "here": _here,
}
"""What runs jobs, from the number of workers, the address of a cluster, and what makes a reader."""
