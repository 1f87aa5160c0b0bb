"""What workers do: look through an archive and divide it, read a part of it, and write its readings as Parquet."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.codec import encode_reading
from onrecord.errors import DecodeError, FormatError, InputError, OnrecordError
from onrecord.intake import IntakeSettings
from onrecord.intake.archives import Kind, Page, Place, decode_page, find_kind, find_pages, load_library
from onrecord.ledger.archive.engines import GetsReader
from onrecord.ledger.archive.manifest import Archive, Plan, reason_of
from onrecord.ledger.reading import ReadsDocuments, _failed, _fault, _read_document
from onrecord.model import Document, Reading, Run

TRIES = 3
"""How often something is begun that ends with the worker."""

PREFIX = ".part-"
"""What the names of unfinished files begin with."""

_MOST_PARTS_OF_A_PLACE = 64  # where everything is packed in one, each part is reached by unpacking what stands before
_ROWS = 16  # readings held before they are written
_ENDED = f"the process that read it ended without an answer, {TRIES} times"
_MORE_MEMORY = "it may need more memory than there is: try it alone"
_COLUMNS = ("id", "document", "url", "published", "failures", "model", "reading")


class Part(NamedTuple):
    """Some pages of an archive that stand together; without any, why the archive cannot be looked through."""

    name: str
    path: str
    shown: str
    start: Place
    pages: int
    failure: str = ""


class Written(NamedTuple):
    """A part is finished."""

    failed: int


def tell_run(get_reader: GetsReader, settings: IntakeSettings) -> Iterator[Run]:
    """Tells what this worker's readings point to."""
    yield _run_of(get_reader(), settings)


def _run_of(reader: ReadsDocuments, settings: IntakeSettings) -> Run:
    return _failed("", "", "", reader.run, settings).run


def divide(get_reader: GetsReader, archive: Archive, settings: IntakeSettings, part_pages: int) -> Iterator[int | Plan]:
    """Divides an archive; tells the number of its pages so far."""
    skipped: Counter[str] = Counter()
    parts: list[tuple[Place, int]] = []
    with _telling_system_errors(archive.path):
        pages = find_pages(archive.path, shown=archive.shown, max_bytes=settings.max_bytes, skipped=skipped)
        for number, (place, _) in enumerate(pages):
            if number % part_pages == 0:
                parts.append((place, 0))
                yield number
            parts[-1] = (parts[-1][0], parts[-1][1] + 1)
    yield Plan(
        path=archive.path,
        size=archive.size,
        changed=archive.changed,
        pages=sum(count for _, count in parts),
        parts=tuple(_joined(parts)),
        skipped=dict(skipped),
    )


def _joined(parts: list[tuple[Place, int]]) -> Iterator[tuple[Place, int]]:
    """The parts, those that begin at the same offset joined until they are few."""
    of_place = Counter(place.offset for place, _ in parts)
    at = 0
    while at < len(parts):
        start, _ = parts[at]
        together = -(-of_place[start.offset] // _MOST_PARTS_OF_A_PLACE)
        several = [part for part in parts[at : at + together] if part[0].offset == start.offset]
        yield start, sum(count for _, count in several)
        at += len(several)


def read_part(
    get_reader: GetsReader, part: Part, settings: IntakeSettings, run: Run, folder: str, is_again: bool
) -> Iterator[int | Written]:
    """Reads the pages of a part and writes their readings; tells the number of pages that are done.

    Where a worker died at it before, it marks each page before it is read, and reads none that was begun and not ended
    too often. Marks cost a file each, so they are not made the first time.
    """
    parquet, pyarrow = load_library("pyarrow.parquet"), load_library("pyarrow")
    reader = get_reader()
    if (found := _run_of(reader, settings)) != run:
        what = f"{found.version} with {found.model}, and others with {run.version} with {run.model}"
        raise OnrecordError(f"a worker reads as {what}; install the same on all machines")
    marks = _Marks(marks_of(part, Path(folder))) if is_again else None
    beside = Path(folder, f".{part.name}.{secrets.token_hex(8)}")
    schema = pyarrow.schema(
        [
            ("id", pyarrow.string()),
            ("document", pyarrow.string()),
            ("url", pyarrow.string()),
            ("published", pyarrow.string()),
            ("failures", pyarrow.int32()),
            ("model", pyarrow.string()),
            ("reading", pyarrow.binary()),
        ]
    )
    failed = 0
    rows: list[dict[str, Any]] = []
    with _telling_system_errors(Path(folder, part.name)):
        with parquet.ParquetWriter(
            beside,
            schema,
            compression="zstd",
            write_page_checksum=True,
            # By default it would put the first and the last reading of a group beside them, to search by, and look
            # among them for those that are the same.
            use_dictionary=["published", "model"],
            write_statistics=["id", "document", "url", "published", "failures", "model"],
        ) as writer:

            def write() -> None:
                writer.write_table(pyarrow.Table.from_pylist(rows, schema))
                rows.clear()

            for number, readings in enumerate(_readings_of(part, reader, settings, marks), 1):
                for reading in readings:
                    failed += bool(reading.failures)
                    rows.append(_row_of(reading))
                    if len(rows) == _ROWS:
                        write()
                yield number
            if rows:
                write()
        with beside.open("rb+") as stream:
            os.fsync(stream.fileno())
        beside.replace(Path(folder, part.name))
        if marks:
            marks.remove()
    yield Written(failed)


def _row_of(reading: Reading) -> dict[str, Any]:
    try:
        line = encode_reading(reading)
    except FormatError as error:
        reading = _failed(error.where, error.what, error.hint, reading.run, IntakeSettings())
        line = encode_reading(reading)
    document = reading.document
    return {
        "id": _id_of(line),
        "document": document.id if document else None,
        "url": document.url if document else reading.failures[0].where,
        "published": document.published if document else "",
        "failures": len(reading.failures),
        "model": reading.run.model,
        "reading": line,
    }


def _readings_of(
    part: Part, reader: ReadsDocuments, settings: IntakeSettings, marks: _Marks | None
) -> Iterator[Iterable[Reading]]:
    """The readings of each page of a part."""
    if part.failure:
        yield [_failed(part.shown, part.failure, _MORE_MEMORY, reader.run, settings)]
        return
    pages = find_pages(part.path, part.start, shown=part.shown, max_bytes=settings.max_bytes)
    count = 0
    for number, (_, page) in zip(range(part.pages), pages, strict=False):
        count += 1
        if isinstance(page, InputError):
            yield [_failed(page.where, page.what, page.hint, reader.run, settings)]
        elif marks is None or marks.begin(number):
            yield _read_page(page, reader, settings)
            if marks:
                marks.end(number)
        else:
            yield [_failed(page.url, _ENDED, _MORE_MEMORY, reader.run, settings)]
    if count < part.pages:
        raise OnrecordError(f"{part.shown}: has changed while it was read; read it into another folder")
    if marks:
        marks.save()


def _read_page(page: Page, reader: ReadsDocuments, settings: IntakeSettings) -> Iterator[Reading]:
    """The readings of a page; whatever goes wrong is recorded."""
    where = page.url
    is_empty = True
    try:
        for document in decode_page(page, settings):
            is_empty = False
            if isinstance(document, InputError):
                yield _failed(document.where, document.what, document.hint, reader.run, settings)
                continue
            where = document.url or page.url
            try:
                yield _read_document(document, _AsOf(reader, page.retrieved[:10]), settings)
            except InputError as error:
                yield _failed(error.where, error.what, error.hint, reader.run, settings)
            except Exception as error:  # one bad document never stops a batch
                yield _fault(where, error, reader.run, settings)
        if is_empty:
            yield _failed(where, "has no report in it", "", reader.run, settings)
    except InputError as error:
        yield _failed(error.where, error.what, error.hint, reader.run, settings)
    except Exception as error:
        yield _fault(where, error, reader.run, settings)


class _AsOf:
    """A reader on the day on which a page was retrieved: that, and not today, is when it cannot be of a later day."""

    def __init__(self, reader: ReadsDocuments, day: str) -> None:
        self._reader = reader
        self._day = day if len(day) == len("2022-12-12") else ""

    @property
    def run(self) -> Run:
        return self._reader.run

    def read(self, document: Document, *, read_on: str = "") -> Reading:
        return self._reader.read(document, read_on=self._day or read_on)


class _Marks:
    """Which pages of a part were begun and not ended, and how often, in a file that outlives the worker."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            found = json.loads(path.read_bytes())
            self._begun: Counter[int] = Counter({int(number): int(times) for number, times in found.items()})
        except (OSError, ValueError, AttributeError, TypeError):
            self._begun = Counter()

    def begin(self, number: int) -> bool:
        """Marks a page as begun; False if that was done too often."""
        if self._begun[number] >= TRIES - 1:  # the first time, nothing was marked
            return False
        self._begun[number] += 1
        self.save()
        return True

    def end(self, number: int) -> None:
        del self._begun[number]

    def save(self) -> None:
        self._path.write_bytes(json.dumps(self._begun).encode())

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def marks_of(part: Part, folder: Path) -> Path:
    """Where it is marked which pages were begun."""
    return folder / f".{part.name}.marks"


@contextlib.contextmanager
def _telling_system_errors(at: str | Path) -> Iterator[None]:
    """Turns what the system says of files into one line; on a cluster, it is not this machine that says so."""
    try:
        yield
    except OSError as error:
        import platform

        where = f"{error.filename or at}: {reason_of(error)} on {platform.node() or 'a worker'}"
        hint = "archives and folder must lie where all workers can read and write them, with room enough"
        raise OnrecordError(f"{where}; {hint}; what is finished stays, and is not read again") from None


# --- what was written ------------------------------------------------------------------------------------------------


def holds_readings(path: str | os.PathLike[str]) -> bool:
    """Whether a file is Parquet of readings, which `find_readings` takes; False for whatever is not, or not there.

    Raises:
        UsageError: it is Parquet, and what reads that is not installed.
    """
    try:
        return find_kind(os.fspath(path)) is Kind.READINGS
    except (InputError, OSError):
        return False


def find_readings(path: str | os.PathLike[str]) -> Iterator[bytes]:
    """The readings in a file that `read_archive` wrote, lazily, each as `codec.encode_reading` made it.

    Raises:
        DecodeError: it is no such file, or is damaged; the message names it, and the reading.
        UsageError: a library is not installed.
    """
    parquet = load_library("pyarrow.parquet")
    shown = os.fspath(path)
    number = 0
    try:
        with parquet.ParquetFile(shown, page_checksum_verification=True) as part:
            if not set(_COLUMNS) <= set(part.schema_arrow.names):
                raise DecodeError(f"{shown}: is no Parquet of readings, as onrecord read --engine writes it")
            for batch in part.iter_batches(batch_size=_ROWS, columns=["id", "reading"], use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    if row["reading"] is None or _id_of(row["reading"]) != row["id"]:
                        raise DecodeError(f"{shown}: reading {number} is not what was written; read the part again")
                    yield row["reading"]
    except OnrecordError:
        raise
    except Exception as error:  # pyarrow raises what it likes on damaged files
        if isinstance(error, OSError) and error.errno:
            raise DecodeError(f"{shown}: cannot be read ({reason_of(error)}); check the path") from None
        why = " ".join(str(error).split())[:100]
        raise DecodeError(f"{shown}: is damaged after reading {number} ({why}); read the part again") from None


def _id_of(line: bytes) -> str:
    """The id that the ledger gives a reading."""
    return hashlib.sha256(line).hexdigest()[:16]
