from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import pytest

from onrecord.codec import decode_reading
from onrecord.errors import DecodeError, ModelError, OnrecordError, UsageError
from onrecord.intake import IntakeSettings
from onrecord.ledger import archive as archives
from onrecord.ledger.archive import ArchiveProgress, find_readings, holds_readings, read_archive
from onrecord.ledger.archive import parts as parts_of_archive
from onrecord.model import Document, Reading
from samples import RUN, SampleReader, load_no_reader, load_sample_reader

pytest.importorskip("pyarrow", reason="archives need pyarrow, of the extra onrecord[ray]")
with_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray, of the extra onrecord[ray], is not installed")

STORY = "The tram reopened. Ana said the brakes were new. Nobody was hurt, and the line was full again by noon."


def write_pages(path: Path, count: int, odd: dict[int, str] | None = None) -> Path:
    """Pages 0 to count - 1, each of its number; what stands in `odd` is added to its text."""
    odd = odd or {}
    lines = (
        json.dumps({"url": f"https://paper.example/{n}", "text": f"Story {n}. {STORY} {odd.get(n, '')}"})
        for n in range(count)
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def run(origin: Path, folder: Path, **options: Any) -> list[ArchiveProgress]:
    options = {"engine": "here", "load_reader": load_sample_reader, "part_pages": 5} | options
    return list(read_archive([origin], folder, **options))


def readings(folder: Path) -> list[Reading]:
    return [decode_reading(line) for path in sorted(folder.glob("*.parquet")) for line in find_readings(path)]


def stories(folder: Path) -> list[str]:
    return [
        reading.document.text.partition(".")[0] if reading.document else reading.failures[0].where
        for reading in readings(folder)
    ]


def expected(count: int, *failed: int) -> list[str]:
    return [f"https://paper.example/{n}" if n in failed else f"Story {n}" for n in range(count)]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write_pages(tmp_path / "pages.jsonl", 23)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "readings"


# --- in one process ---------------------------------------------------------------------------------------------------


def test_an_archive_becomes_parquet_of_readings(pages: Path, folder: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow.parquet")
    with pages.open("a") as stream:
        stream.write("{broken\n")
    progress = run(pages, folder)
    assert progress[0] == ArchiveProgress(archives=1)
    assert progress[-1] == ArchiveProgress(archives=1, planned=1, pages=24, done=24, failed=1, parts=5, finished=5)
    assert [now.done for now in progress] == sorted(now.done for now in progress)
    assert len(progress) > 24
    assert sorted(path.name for path in folder.iterdir())[0] == "manifest.jsonl"
    assert stories(folder) == [*expected(23), f"{pages}, line 24"]
    rows = [row for path in sorted(folder.glob("*.parquet")) for row in pyarrow.read_table(path).to_pylist()]
    first, last = readings(folder)[0], readings(folder)[-1]
    assert first.document is not None
    assert [a.source[0].of(first.document.text) for a in first.attributions] == ["Ana"]
    del rows[0]["reading"], rows[-1]["reading"]
    assert rows[0] == {
        "id": rows[0]["id"],
        "document": first.document.id,
        "url": "https://paper.example/0",
        "published": "",
        "failures": 0,
        "model": RUN.model,
    }
    assert (rows[-1]["document"], rows[-1]["url"]) == (None, last.failures[0].where)
    assert rows[-1]["failures"] == 1


def test_what_goes_wrong_with_a_page_is_recorded(tmp_path: Path, folder: Path) -> None:
    odd = {1: "BREAK", 3: "LINGUA", 4: "half \ud800 a character"}
    progress = run(write_pages(tmp_path / "pages.jsonl", 6, odd), folder, settings=IntakeSettings(language="en"))
    found = readings(folder)
    assert progress[-1].failed == 3
    assert "ZeroDivisionError: broken on purpose" in found[1].failures[0].what
    assert "is in 'la'" not in found[3].failures[0].what  # whose word it is, is told
    assert found[4].failures[0].where == f"{tmp_path / 'pages.jsonl'}, line 5"
    assert all(reading.run.settings == (*RUN.settings, "language=en") for reading in found)


class DayReader(SampleReader):
    """Tells on which day it is asked to read, as the byline."""

    def read(self, document: Document, *, read_on: str = "") -> Reading:
        return Reading(Document(url=document.url, text=document.text, byline=read_on), (), (), self.run)


def load_day_reader(*, threads: int | None = None) -> DayReader:
    return DayReader()


def test_a_page_is_read_as_of_the_day_it_was_retrieved(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "pages.jsonl"
    lines = [
        {"url": "a", "text": STORY, "retrieved": "2022-12-12T10:00:00Z", "published": "2022-12-11"},
        {"url": "b", "text": STORY, "retrieved": "2022-12"},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run(path, folder, load_reader=load_day_reader)
    first, second = readings(folder)
    assert first.document is not None
    assert second.document is not None
    assert first.document.byline == "2022-12-12"
    assert second.document.byline > "2026"
    assert first.run == RUN  # what the archive says of a page is nothing that the user has set


class CountingReader(SampleReader):
    read_now: ClassVar[list[str]] = []

    def read(self, document: Document, *, read_on: str = "") -> Reading:
        self.read_now.append(document.url)
        return super().read(document)


def load_counting_reader(*, threads: int | None = None) -> CountingReader:
    return CountingReader()


def test_a_run_goes_on_where_it_was_stopped(pages: Path, folder: Path) -> None:
    options: dict[str, Any] = {
        "load_reader": load_counting_reader,
        "part_pages": 5,
        "engine": "here",
    }
    CountingReader.read_now.clear()
    first = read_archive([pages], folder, **options)
    for progress in first:
        if progress.done == 12:  # two parts are written, and two pages of the third are read
            first.close()
    assert stories(folder) == expected(10)
    assert len(list(folder.iterdir())) == 1 + 2  # and nothing half
    before = {path: path.stat().st_ino for path in folder.glob("*.parquet")}
    CountingReader.read_now.clear()
    second = run(pages, folder, **options | {"part_pages": 7})
    assert stories(folder) == expected(23)
    assert CountingReader.read_now == [f"https://paper.example/{n}" for n in range(10, 23)]
    assert before.items() <= {path: path.stat().st_ino for path in folder.glob("*.parquet")}.items()
    assert next(now.done for now in second if now.parts) == 10
    CountingReader.read_now.clear()
    assert run(pages, folder, **options)[-1].done == 23
    assert CountingReader.read_now == []


def test_a_part_that_is_gone_is_read_again(pages: Path, folder: Path) -> None:
    run(pages, folder)
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    sorted(folder.glob("*.parquet"))[2].unlink()
    run(pages, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole


def test_archives_may_be_added(tmp_path: Path, folder: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    write_pages(inner / "b.jsonl", 3)
    run(inner, folder)
    write_pages(inner / "a.jsonl", 4)
    progress = run(tmp_path, folder)  # which holds the folder of readings, too
    assert (progress[-1].archives, progress[-1].pages) == (2, 7)
    assert stories(folder) == [*expected(4), *expected(3)]


def test_what_lies_packed_in_one_is_not_divided_into_many(tmp_path: Path, folder: Path) -> None:
    import gzip

    path = write_pages(tmp_path / "pages", 300)
    path.write_bytes(gzip.compress(path.read_bytes()))
    progress = run(path, folder, part_pages=2)
    assert progress[-1].parts == 50
    assert stories(folder) == expected(300)


def other_model(*, threads: int | None = None) -> SampleReader:
    reader = SampleReader()
    reader.run = type(RUN)(RUN.version, "other@111111111111", RUN.settings)
    return reader


def test_readings_of_another_kind_are_not_mixed(pages: Path, folder: Path) -> None:
    run(pages, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for options, message in (
        ({"load_reader": other_model}, "with model sample@0{12}, and now it is other@1{12}; they are not mixed: name"),
        ({"settings": IntakeSettings(language="en")}, "with settings .*, and now it is .*language=en; they are not"),
    ):
        with pytest.raises(UsageError, match=message):
            run(pages, folder, **options)
    beside = folder / ".part-of-a-run-beside-this-one"
    beside.touch()
    write_pages(pages, 22)
    with pytest.raises(UsageError, match=r"pages\.jsonl: has changed since .* was begun; name another folder"):
        run(pages, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before | {beside.name: b""}


def test_a_manifest_that_was_being_written_is_mended(pages: Path, folder: Path) -> None:
    run(pages, folder)
    manifest = folder / "manifest.jsonl"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole + whole[-60:-9])
    assert run(pages, folder)[-1].finished == 5
    assert manifest.read_bytes() == whole
    head, plan = whole.splitlines()
    for content in (
        b"",
        b"[]\n",
        head[:20],
        b'{"format": 1, "run": 3}',
        head + b"\n{}\n" + plan,
        head + b"\n7\n" + plan,
    ):
        manifest.write_bytes(content)
        with pytest.raises(UsageError, match=r"manifest\.jsonl: .*damaged.*; name another folder\Z"):
            run(pages, folder)
    manifest.write_bytes(head.replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(UsageError, match="was written by another version of onrecord"):
        run(pages, folder)
    manifest.unlink()
    with pytest.raises(UsageError, match="holds Parquet that no run of onrecord says it wrote"):
        run(pages, folder)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "spark"}, "'spark' is no engine; there are ray and here"),
        ({"workers": 2}, "need an engine: ray"),
        ({"settings": IntakeSettings(published="2999")}, "yet to come"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    options: dict[str, Any], message: str, pages: Path, folder: Path
) -> None:
    with pytest.raises(UsageError, match=message):
        run(pages, folder, **options)
    assert not folder.exists()


def test_what_is_not_there_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UsageError, match=r"missing: there is no such file.*; nothing was read"):
        run(tmp_path / "missing", folder)
    (tmp_path / "readings" / "x").mkdir(parents=True)
    (tmp_path / "readings" / "x" / "y").touch()
    with pytest.raises(UsageError, match="there is no archive to read"):
        run(folder / "x", folder)
    with pytest.raises(ModelError, match="damaged"):
        run(write_pages(tmp_path / "pages", 2), folder, load_reader=load_no_reader)


def test_a_folder_that_cannot_be_written_is_one_line(pages: Path, tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match=r"pages\.jsonl.*: (not a directory|file exists|[a-z ]+); what is finished"):
        run(pages, pages / "inner")


@pytest.mark.parametrize("engine", ["ray", "here"])
def test_what_is_not_installed_is_one_line(
    engine: str, pages: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    if engine == "here":
        monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
        assert not holds_readings(pages)
        pages.with_name("readings.parquet").write_bytes(b"PAR1")
        with pytest.raises(UsageError, match="pyarrow, which is not installed"):
            holds_readings(pages.with_name("readings.parquet"))
    name = "ray" if engine == "ray" else "pyarrow"
    with pytest.raises(
        UsageError, match=rf"{name}, which is not installed; install it with: pip install 'onrecord\[ray\]'"
    ):
        run(pages, folder, engine=engine)


# --- workers that die, as it is seen from within ----------------------------------------------------------------------


class Died(BaseException):
    """Stands for the end of a process: nothing is written after it."""


class DyingReader(SampleReader):
    def read(self, document: Document, *, read_on: str = "") -> Reading:
        if "CRASH" in document.text:
            raise Died
        return super().read(document)


def test_a_page_at_which_workers_die_becomes_a_failure_and_no_other_does(tmp_path: Path, folder: Path) -> None:
    path = write_pages(tmp_path / "pages.jsonl", 12, {0: "CRASH", 4: "CRASH", 5: "CRASH", 11: "CRASH"})
    found = archives._find_archives([path], folder)
    (plan,) = [
        plan
        for plan in parts_of_archive.divide(DyingReader, found[0], IntakeSettings(), 99)
        if not isinstance(plan, int)
    ]
    (part,) = archives._parts_of(plan, found[0])
    folder.mkdir()
    deaths = 0
    for attempt in range(99):
        try:
            list(parts_of_archive.read_part(DyingReader, part, IntakeSettings(), RUN, str(folder), attempt > 0))
            break
        except Died:
            deaths += 1
    assert stories(folder) == expected(12, 0, 4, 5, 11)
    # The first death says nothing of where; after it, each of the four is tried twice.
    assert deaths == 1 + 4 * 2
    assert [failure.what for reading in readings(folder) for failure in reading.failures] == [
        "the process that read it ended without an answer, 3 times"
    ] * 4
    assert [path.suffix for path in folder.iterdir()].count(".marks") == 0


Engine = Callable[[Any], Iterator[tuple[Any, Any]]]


def test_workers_that_never_begin_are_no_fault_of_the_pages(pages: Path, folder: Path) -> None:
    from onrecord.ledger.archive.engines import Death

    for fails in ("tell_run", "read_part"):

        def run_jobs(jobs: Any, fails: str = fails) -> Iterator[tuple[Any, Any]]:
            while jobs:
                job = jobs.popleft()
                if job.work.__name__ == fails:
                    yield job, Death("no memory")
                else:
                    yield from ((job, answer) for answer in job.work(SampleReader, *job.arguments))

        found = archives._find_archives([pages], folder)
        with pytest.raises(OnrecordError, match=r"before they have read anything \(no memory\)"):
            list(archives._Reading(found, folder, IntakeSettings()).run(run_jobs, 5))


def test_an_archive_at_which_workers_die_is_a_failure_of_its_own(pages: Path, folder: Path) -> None:
    from onrecord.ledger.archive.engines import Death

    other = write_pages(pages.with_name("other.jsonl"), 3)

    def run_jobs(jobs: Any) -> Iterator[tuple[Any, Any]]:
        while jobs:
            job = jobs.popleft()
            for answer in job.work(SampleReader, *job.arguments):
                if job.work.__name__ == "divide" and job.key == str(pages):
                    yield job, Death("a fault in a library")
                    break
                yield job, answer

    found = archives._find_archives([pages, other], folder)
    *_, last = archives._Reading(found, folder, IntakeSettings()).run(run_jobs, 5)
    assert (last.pages, last.done, last.deaths) == (4, 4, 3)
    assert stories(folder) == [*expected(3), str(pages)]
    assert "looked through it ended without an answer, 3 times" in readings(folder)[-1].failures[0].what


# --- what is written --------------------------------------------------------------------------------------------------


def test_readings_that_were_damaged_are_refused(pages: Path, folder: Path) -> None:
    run(pages, folder, part_pages=99)
    (part,) = folder.glob("*.parquet")
    assert holds_readings(part)
    assert not holds_readings(pages)
    assert not holds_readings(folder / "missing.parquet")
    content = part.read_bytes()
    parquet = pytest.importorskip("pyarrow.parquet")
    inside = parquet.read_metadata(part).row_group(0).column(6).data_page_offset + 99
    for damaged in (content[:-300], content[:inside] + b"\0" * 9 + content[inside + 9 :], b"", b"PAR1"):
        part.write_bytes(damaged)
        with pytest.raises(DecodeError, match=r"part-pages\.jsonl-[0-9a-f]{8}-00000\.parquet: .*read the part again"):
            list(find_readings(part))
    part.unlink()
    with pytest.raises(DecodeError, match="no such file"):
        list(find_readings(part))


def test_readings_that_were_changed_are_refused(pages: Path, folder: Path) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    run(pages, folder, part_pages=99)
    (part,) = folder.glob("*.parquet")
    rows = parquet.read_table(part).to_pylist()
    rows[2]["reading"] = rows[2]["reading"].replace(b"brakes", b"breaks")
    parquet.write_table(pyarrow.Table.from_pylist(rows), part)
    found = find_readings(part)
    assert [next(found), next(found)] == [row["reading"] for row in rows[:2]]
    with pytest.raises(DecodeError, match="reading 3 is not what was written"):
        next(found)
    parquet.write_table(pyarrow.table({"url": ["x"], "text": [STORY]}), part)
    with pytest.raises(DecodeError, match="is no Parquet of readings"):
        list(find_readings(part))


# --- on workers -------------------------------------------------------------------------------------------------------


class GateReader(SampleReader):
    """At GATE, the first that comes says which process it is, and waits for its end."""

    def read(self, document: Document, *, read_on: str = "") -> Reading:
        _, _, rest = document.text.partition("GATE ")
        if rest:
            try:
                with Path(rest.split()[0]).open("x") as stream:
                    stream.write(f"{os.getpid()}\n")
            except FileExistsError:
                pass
            else:
                signal.pause()
        return super().read(document)


def load_gate_reader(*, threads: int | None = None) -> GateReader:
    assert threads == 1
    return GateReader()


@with_ray
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(tmp_path: Path, folder: Path) -> None:
    gate = tmp_path / "gate"
    path = write_pages(tmp_path / "pages.jsonl", 40, {13: f"GATE {gate}", 30: "CRASH"})
    environment = dict(os.environ)
    killed = 0
    last = ArchiveProgress(0)
    for last in read_archive([path], folder, workers=2, load_reader=load_gate_reader, part_pages=5):  # noqa: B007 - the last
        if not killed and gate.exists() and gate.read_text().endswith("\n"):
            killed = int(gate.read_text())
            os.kill(killed, signal.SIGKILL)
    assert killed != os.getpid()
    assert stories(folder) == expected(40, 30)
    assert (last.pages, last.done, last.finished) == (40, 40, 8)
    assert last.deaths == 1 + 3
    assert os.environ == environment
    with pytest.raises(ProcessLookupError):
        os.kill(killed, 0)
    # The same as one process says, to the letter, but for the page at which it dies.
    alone = tmp_path / "alone"
    run(write_pages(path, 30, {13: f"GATE {gate}"}), alone)
    assert readings(alone) == readings(folder)[:30]


@with_ray
def test_a_run_on_workers_goes_on_where_it_was_stopped(
    pages: Path, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first = read_archive([pages], folder, workers=2, load_reader=load_sample_reader, part_pages=2)
    for progress in first:
        if progress.finished == 4:
            first.close()
    there = set(folder.iterdir())
    assert 1 + 4 <= len(there) < 1 + 12
    assert all(path.name.startswith(("part-", "manifest")) for path in there)
    before = {path: path.stat().st_ino for path in there}
    *_, last = read_archive([pages], folder, workers=2, load_reader=load_sample_reader)
    assert (last.done, last.finished) == (23, 12)
    assert stories(folder) == expected(23)
    assert before.items() <= {path: path.stat().st_ino for path in folder.iterdir()}.items()
    with pytest.raises(ModelError, match="damaged"):
        list(read_archive([pages], folder, workers=1, load_reader=load_no_reader))
    assert capfd.readouterr() == ("", "")
