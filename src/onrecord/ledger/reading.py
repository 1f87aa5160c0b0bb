"""Reading: an input goes in, a reading comes out."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import itertools
import logging
import os
import pickle
import re
import subprocess
import sys
import threading
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Protocol, TypeVar
from urllib.parse import urlsplit

from onrecord.errors import FormatError, InputError, LanguageError, OnrecordError, UsageError
from onrecord.intake import (
    MOST_FILE_BYTES,
    STANDARD_INPUT,
    IntakeSettings,
    decode_documents,
    find_documents,
    find_inputs,
    is_address,
    open_fetcher,
)
from onrecord.model import Document, Failure, Reading, Run

if TYPE_CHECKING:
    from onrecord.intake.fetch import Fetcher
    from onrecord.reader import Reader

_LOG = logging.getLogger("onrecord")

_LONGEST_PATH = 4096
_LONGEST_WAIT_S = 86_400  # a day; far longer ones cannot even be waited for
_AHEAD = timedelta(days=2)  # published later than this is a slip; the day is not the same everywhere
_FILE_NAME = re.compile(r"\.(?:txt|text|md|html?|xhtml|xml|rss|atom|json|eml|pdf)\Z", re.IGNORECASE)
_NAMES = (
    "ar Arabic bg Bulgarian cs Czech da Danish de German el Greek en English es Spanish fa Persian fi Finnish fr French"
    " he Hebrew hi Hindi hr Croatian hu Hungarian id Indonesian it Italian ja Japanese ko Korean nl Dutch no Norwegian"
    " pl Polish pt Portuguese ro Romanian ru Russian sr Serbian sv Swedish tr Turkish uk Ukrainian ur Urdu"
    " vi Vietnamese zh Chinese"
).split()
_LANGUAGES = dict(zip(_NAMES[::2], _NAMES[1::2], strict=True))
_TEXT = "the text"  # what a report that was handed over as a string is called in messages
_FEW = 8
"""Inputs that are read in this process: starting workers takes about as long as reading these."""
_WINDOW = 4
"""Inputs for each worker that are begun before the first of them is handed out; bounds what is held in memory."""


Task = tuple[str | InputError, bytes | None]
"""An input, and what it holds if it is standard input."""


class ReadsDocuments(Protocol):
    """What reads: :class:`onrecord.reader.Reader`, or anything that keeps its promises."""

    @property
    def run(self) -> Run:
        """What its readings point to."""

    def read(self, document: Document, *, read_on: str = "") -> Reading:
        """Finds all attributions; raises InputError if the document cannot be read."""


class LoadsReader(Protocol):
    """What makes a reader, once in every process that reads; it is pickled to get there."""

    def __call__(self, *, threads: int | None = None) -> ReadsDocuments:
        """Loads a reader that uses this many threads; None takes all cores."""


def load_reader(folder: Path | None = None, *, threads: int | None = None) -> Reader:
    """Loads a model; None takes the one that came with the package.

    Raises:
        ModelError: the model folder is missing, damaged or of another version.
    """
    from onrecord.reader import Reader

    return Reader(folder, threads=threads)


@functools.cache
def _shipped_reader() -> Reader:
    return load_reader()


def check_settings(settings: IntakeSettings, now: datetime) -> None:
    """Refuses what makes no sense before anything is read.

    Args:
        settings: how inputs are taken in.
        now: the time, with its zone; nothing was published after it.

    Raises:
        UsageError: a date, a language or a time limit is none, or the date is yet to come.
    """
    day, _, _ = settings.published.partition("T")
    try:
        if settings.published and not re.fullmatch(r"\d{4}(-\d\d){0,2}", day, re.ASCII):
            raise ValueError(day)
        first_day = date.fromisoformat(f"{day}-01-01"[:10]) if day else date.min
        if settings.published != day:
            datetime.fromisoformat(settings.published)
    except ValueError:
        hint = "write 2022, 2022-12, 2022-12-12 or 2022-12-12T10:04:00+02:00"
        raise UsageError(f"{settings.published[:40]!r} is no date; {hint}") from None
    if first_day > (now + _AHEAD).date():
        raise UsageError(f"{settings.published!r} is yet to come; write the day on which the report was published")
    if not re.fullmatch(r"([A-Za-z]{2}([-_][A-Za-z0-9]{1,8})*)?", settings.language):
        raise UsageError(f"{settings.language[:40]!r} is no language code; write two letters, like en")
    if not 0 < settings.timeout_s <= _LONGEST_WAIT_S:
        raise UsageError(f"{settings.timeout_s:g} is no time limit; write seconds, more than 0 and up to a day (86400)")


def read(
    source: str | os.PathLike[str],
    *,
    published: str = "",
    language: str = "",
    as_is: bool = False,
    allow_private: bool = False,
    timeout_s: float = 20.0,
    reader: ReadsDocuments | None = None,
) -> Reading:
    """Reads one report: who says what in it.

    Args:
        source: what to read. A path object is always a path. A string is an address if it begins with ``http://`` or
            ``https://`` and holds no white space; the path of a file if there is one; and else the text of the report
            itself, or its HTML. One that can only be meant as a path (a single word, or a single line that ends like a
            file name, ``….html``) and leads to no file is an error, not a text. To be understood without fail, give
            a ``Path``, or a ``Document`` to ``Reader.read``.
        published: the day of publication, ISO 8601, if known better than the report says.
        language: ISO 639-1, or a BCP 47 tag that begins with it; likewise.
        as_is: take plain text as it is: nothing is cut, and offsets are offsets into it.
        allow_private: whether an address in a private network may be fetched.
        timeout_s: seconds for fetching a page.
        reader: a reader to use again and again; by default the shipped model, loaded at the first call and kept.

    Returns:
        The reading; what failed beside it, as with a page that breaks off in mid-sentence, is in its ``failures``.

    Raises:
        InputError: it could not be read; the message says why and what to do.
        ModelError: the model is missing or damaged.
        UsageError: it holds more than one report (``read_all`` reads those), or a setting makes no sense.
    """
    settings = IntakeSettings(
        published=published, language=language, as_is=as_is, allow_private=allow_private, timeout_s=timeout_s
    )
    check_settings(settings, datetime.now(UTC))
    document: Document | None = None
    errors: list[InputError] = []
    for found in _find_given(source, settings):
        if isinstance(found, InputError):
            errors.append(found)
        elif document is not None:
            raise UsageError(f"{_named(source)}: holds more than one report; read_all reads them all")
        else:
            document = found
    if document is None:
        raise errors[0] if errors else UsageError(f"{_named(source)}: holds no report")
    reading = _read_document(document, reader or _shipped_reader(), settings)
    # What failed beside it (the end of a page that breaks off, a feed's page that did not answer) is on its record.
    failures = tuple(Failure(_encodable(error.where), error.what, error.hint) for error in errors)
    return dataclasses.replace(reading, failures=reading.failures + failures)


def _read_document(document: Document, reader: ReadsDocuments, settings: IntakeSettings, read_on: str = "") -> Reading:
    _check_text(document)
    try:
        today = read_on or datetime.now(UTC).date().isoformat()
        return _with_settings(reader.read(document, read_on=today), settings)
    except LanguageError as error:
        if not settings.language:
            raise
        # The reader cannot know who says so: "seems to be" is wrong of what the user has said.
        name = _LANGUAGES.get(document.language, "the language")
        what = f"--language says that it is in {name} ({document.language}), which the model does not read"
        raise LanguageError(what, error.where, "leave out --language, and the language is recognised") from None


def _find_given(source: str | os.PathLike[str], settings: IntakeSettings) -> Iterator[Document | InputError]:
    if not isinstance(source, str):
        return find_documents(os.fspath(source), settings=settings)
    if _is_origin(source):
        return find_documents(source, settings=settings)
    try:
        content = source.encode()
    except UnicodeEncodeError as error:
        raise _half_a_character(error, _TEXT) from None
    return (
        type(document)(document.what, _TEXT, document.hint) if isinstance(document, InputError) else document
        for document in decode_documents(content, url="", charset="utf-8", settings=settings)
    )


def _named(source: str | os.PathLike[str]) -> str:
    """What a message calls it: a path or an address by its name, and a text never by its words."""
    return _encodable(os.fspath(source)) if not isinstance(source, str) or _is_origin(source) else _TEXT


def _is_origin(source: str) -> bool:
    return re.fullmatch(r"https?://\S+", source, re.IGNORECASE) is not None or _is_path(source)


def _is_path(source: str) -> bool:
    """Whether a string leads to a file, or can be meant as nothing else."""
    if not source or len(source) > _LONGEST_PATH or "\n" in source or "\0" in source:
        return False
    exists = os.path.exists(source)  # noqa: PTH110 - Path.exists raises where a name is too long to exist
    return exists or not re.search(r"\s", source) or _FILE_NAME.search(source) is not None


def read_all(
    origins: Iterable[str | os.PathLike[str]],
    *,
    settings: IntakeSettings | None = None,
    workers: int | None = None,
    load_reader: LoadsReader = load_reader,
    stdin: BinaryIO | None = None,
    on_finished: Callable[[], None] | None = None,
    on_left_out: Callable[[str, str], object] | None = None,
) -> Generator[Reading, None, None]:
    """Reads many inputs, lazily and in their order; one that fails becomes a reading that says why, and stops nothing.

    A few inputs are read in this process, more of them in one process for each core. However many there are, only a
    few are held in memory at a time. Leaving the loop early, also by Ctrl-C, ends the processes.

    Args:
        origins: addresses, paths of files and folders, and ``-`` for ``stdin``.
        settings: how inputs are taken in.
        workers: processes; None takes all cores.
        load_reader: makes the reader in each process; it must be possible to pickle it.
        stdin: what ``-`` is read from.
        on_finished: called once for each input, when the last of its readings has been taken.
        on_left_out: called with the path of each thing in a folder that onrecord wrote there, and what it is.

    Yields:
        One reading for each report, and for each input that failed.

    Raises:
        ModelError: the model is missing or damaged.
        UsageError: a setting makes no sense.
    """
    settings = settings or IntakeSettings()
    check_settings(settings, datetime.now(UTC))
    inputs = itertools.chain.from_iterable(
        find_inputs(os.fspath(origin), on_left_out=on_left_out) for origin in origins
    )
    cores = workers or _core_count()
    few = list(itertools.islice(inputs, (1 if workers else _FEW) + 1))
    tasks = _with_stdin(itertools.chain(few, inputs), stdin)
    if cores == 1 or len(few) <= (1 if workers else _FEW) or not sys.executable or getattr(sys, "frozen", False):
        answers = _read_here(tasks, settings, load_reader)
    else:
        answers = _read_in_workers(tasks, settings, cores, load_reader)
    with contextlib.closing(answers):
        for readings in answers:
            yield from readings
            if on_finished:
                on_finished()


def _with_stdin(inputs: Iterable[str | InputError], stdin: BinaryIO | None) -> Iterator[Task]:
    """The inputs, each with what ``-`` holds if it is that; one that cannot be read is an input that failed."""
    for origin in inputs:
        task: Task = (origin, None)
        if origin == STANDARD_INPUT and stdin is not None:
            try:
                task = (origin, stdin.read(MOST_FILE_BYTES + 1))  # one more than may be: intake refuses it
            except (OSError, ValueError) as error:
                reason = (isinstance(error, OSError) and error.strerror) or "it is closed"
                what = f"cannot be read ({reason.lower()})"
                task = (FormatError(what, "standard input", "pipe a text into the command"), None)
        yield task


def _core_count() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# --- one process -----------------------------------------------------------------------------------------------------


def _read_here(
    tasks: Iterable[Task], settings: IntakeSettings, load_reader: LoadsReader
) -> Generator[Iterable[Reading], None, None]:
    yield from _read_each(tasks, load_reader(), settings)


def _read_each(
    tasks: Iterable[Task], reader: ReadsDocuments, settings: IntakeSettings
) -> Generator[Iterable[Reading], None, None]:
    """The readings of each task."""
    with contextlib.ExitStack() as stack:
        fetcher = None  # one for the whole run, and none if there is no address: its library takes time to load
        for origin, content in tasks:
            if fetcher is None and isinstance(origin, str) and is_address(origin):
                fetcher = stack.enter_context(open_fetcher(settings))
            stdin = io.BytesIO(content) if content is not None else None
            yield _read_input(origin, reader, settings, fetcher, stdin)


def _read_input(
    origin: str | InputError,
    reader: ReadsDocuments,
    settings: IntakeSettings,
    fetcher: Fetcher | None,
    stdin: BinaryIO | None,
) -> Iterator[Reading]:
    """The readings of one input; whatever goes wrong is recorded."""
    where = origin.where if isinstance(origin, InputError) else origin
    try:
        if isinstance(origin, InputError):
            raise origin
        for document in find_documents(origin, settings=settings, fetcher=fetcher, stdin=stdin):
            where = document.where if isinstance(document, InputError) else document.url or origin
            yield read_found(document, reader, settings, where)
    except InputError as error:
        yield _failed(error.where, error.what, error.hint, reader.run, settings)
    except Exception as error:
        yield _fault(where, error, reader.run, settings)


def read_found(
    found: Document | InputError, reader: ReadsDocuments, settings: IntakeSettings, where: str, *, read_on: str = ""
) -> Reading:
    """The reading of what intake found; whatever goes wrong is recorded.

    Args:
        found: a document, or why there is none.
        reader: what reads.
        settings: how it was taken in.
        where: what to call it if onrecord itself fails on it.
        read_on: the day of reading, ISO 8601; today, if it is not given.
    """
    try:
        if isinstance(found, InputError):
            raise found
        return _read_document(found, reader, settings, read_on)
    except InputError as error:
        return _failed(error.where, error.what, error.hint, reader.run, settings)
    except Exception as error:  # one bad document never stops a batch
        return _fault(where, error, reader.run, settings)


def _fault(where: str, error: Exception, run: Run, settings: IntakeSettings) -> Reading:
    _LOG.debug("failed on %s", where, exc_info=error)
    what = f"onrecord itself failed on it ({type(error).__name__}: {error})"
    return _failed(where, what, "please report this, with the input if you can", run, settings)


def _failed(where: str, what: str, hint: str, run: Run, settings: IntakeSettings) -> Reading:
    return _with_settings(Reading(None, (), (Failure(_encodable(where), what, hint),), run), settings)


def _with_settings(reading: Reading, settings: IntakeSettings) -> Reading:
    return dataclasses.replace(reading, run=run_with(reading.run, settings))


def run_with(run: Run, settings: IntakeSettings) -> Run:
    """The run with what was set otherwise than by default."""
    changed = tuple(
        f"{field.name}={str(value).lower() if isinstance(value, bool) else value}"
        for field in dataclasses.fields(settings)
        if (value := getattr(settings, field.name)) != field.default
    )
    return dataclasses.replace(run, settings=run.settings + changed)


def _check_text(document: Document) -> None:
    """Refuses half characters (lone surrogates): no file could hold the record of such a text."""
    try:
        for field in dataclasses.fields(document):
            if isinstance(value := getattr(document, field.name), str):
                value.encode()
        for cut in document.cuts:
            cut.text.encode()
    except UnicodeEncodeError as error:
        raise _half_a_character(error, document.url or "the text") from None


def _half_a_character(error: UnicodeEncodeError, where: str) -> FormatError:
    code = ord(error.object[error.start])
    what = f"holds half a character (U+{code:04X} alone), so its words cannot be recorded to the letter"
    return FormatError(what, _encodable(where), "save it again as UTF-8")


def _encodable(where: str) -> str:
    return where.encode("utf-8", "backslashreplace").decode()


# --- several processes -----------------------------------------------------------------------------------------------
# Not multiprocessing: its workers import the caller's main module again, a crash breaks the whole pool without
# saying on which input, and Ctrl-C prints a traceback for each worker. A worker here is this interpreter, reading
# tasks from its standard input: it cannot outlive us by more than the input it is at, whatever ends us.

_WORKER = "import sys; sys.path[:] = {path!r}; from onrecord.ledger.reading import _serve; _serve()"

T = TypeVar("T")


def _read_in_workers(
    tasks: Iterable[Task], settings: IntakeSettings, count: int, load_reader: LoadsReader
) -> Generator[Iterable[Reading], None, None]:
    workers = [_Worker(settings, load_reader) for _ in range(count)]
    begun: deque[tuple[Future[list[Reading]], _Worker]] = deque()
    try:
        for origin, content in tasks:
            if isinstance(origin, str) and is_address(origin):
                # All pages of one host go to one worker, which remembers its robots.txt and its pauses.
                host = urlsplit(origin).netloc.rpartition("@")[2].lower()
                worker = workers[zlib.crc32(host.encode("utf-8", "replace")) % count]
            else:
                busy = [worker for future, worker in begun if not future.done()]
                worker = min(workers, key=busy.count)
            begun.append((worker.submit(origin, content), worker))
            while begun and (len(begun) >= _WINDOW * count or begun[0][0].done()):
                readings = _result(begun.popleft()[0])
                yield readings
        while begun:
            readings = _result(begun.popleft()[0])
            yield readings
    finally:
        for worker in workers:
            worker.close()


def _result(future: Future[T]) -> T:
    while not wait([future], timeout=0.5).done:  # on Windows, Ctrl-C does not interrupt a wait without an end
        pass
    return future.result()


class _Worker:
    """One process that reads one input at a time, started at its first and started again if it dies.

    All methods but :meth:`submit` and :meth:`close` run in the worker's own thread of this process.
    """

    def __init__(self, settings: IntakeSettings, load_reader: LoadsReader) -> None:
        self._settings = settings
        self._load_reader = load_reader
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="onrecord-worker")
        self._process: subprocess.Popen[bytes] | None = None
        self._run = Run("", "")
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, origin: str | InputError, content: bytes | None) -> Future[list[Reading]]:
        return self._thread.submit(self._read, origin, content)

    def close(self) -> None:
        """Ends the process at once, whatever it is doing."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            process = self._process
        if process is not None:
            process.kill()
        self._thread.shutdown(wait=True)
        self._forget()

    def _read(self, origin: str | InputError, content: bytes | None) -> list[Reading]:
        process = self._process or self._start()
        try:
            tasks, answers = _pipes(process)
            _send(tasks, (origin, content))
            readings: list[Reading] = _receive(answers)
        except (EOFError, OSError, pickle.UnpicklingError):
            status = process.wait()
            self._forget()
            where = origin.where if isinstance(origin, InputError) else origin
            what = f"the process that read it ended without an answer (status {status})"
            hint = "it may need more memory than there is: try it alone"
            return [_failed(where, what, hint, self._run, self._settings)]
        return readings

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise OnrecordError("reading was stopped")
            try:
                process = subprocess.Popen(  # noqa: S603 - this interpreter and our own words
                    [sys.executable, "-P", "-c", _WORKER.format(path=sys.path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    # Apart from ours, on either system, so that Ctrl-C comes to us alone; we end it.
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
            except OSError as error:
                reason = (error.strerror or "unknown reason").lower()
                raise _not_started(reason) from None
            self._process = process
        try:
            tasks, answers = _pipes(process)
            _send(tasks, (self._load_reader, self._settings))
            loaded: Run | OnrecordError = _receive(answers)
        except (EOFError, OSError, pickle.UnpicklingError):
            status = process.wait()
            self._forget()
            raise _not_started(f"status {status}") from None
        if isinstance(loaded, OnrecordError):
            raise loaded
        self._run = loaded
        return process

    def _forget(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in _pipes(process):
                with contextlib.suppress(OSError):  # what a dead process did not read is lost, and nobody waits for it
                    pipe.close()


def _not_started(reason: str) -> OnrecordError:
    return OnrecordError(f"a process for reading could not start ({reason}); try fewer of them, or one: --workers 1")


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise OSError("a worker was started without pipes")
    return process.stdin, process.stdout


def _send(pipe: IO[bytes], message: object) -> None:
    pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    return pickle.load(pipe)  # noqa: S301 - our own worker wrote it


def _serve() -> None:
    """What a worker does: loads a reader, answers with its run, then reads inputs until its standard input ends."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # Nothing else may read the tasks or write among the answers; what a library prints goes to standard error.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    load_reader, settings = _receive(tasks)
    try:
        reader = load_reader(threads=1)
    except OnrecordError as error:
        _send(answers, error)
        return
    _send(answers, reader.run)
    try:
        for readings in _read_each(_receive_tasks(tasks), reader, settings):
            _send(answers, list(readings))
    except BrokenPipeError:
        os._exit(0)  # whoever asked is gone


def _receive_tasks(pipe: IO[bytes]) -> Iterator[Task]:
    with contextlib.suppress(EOFError):
        while True:
            yield _receive(pipe)
