from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest

import onrecord
from onrecord.errors import FormatError, LanguageError, ModelError, NoArticle, OnrecordError, UsageError
from onrecord.intake import IntakeSettings
from onrecord.ledger import check_settings, read, read_all
from onrecord.model import Failure, Reading
from samples import RUN, SampleReader, load_no_reader, load_sample_reader, load_telling_reader

STORY = "The tram reopened. Ana said the brakes were new. Nobody was hurt, and the line was full again by noon."
AS_IS = IntakeSettings(as_is=True)
read_here = partial(read_all, settings=AS_IS, load_reader=load_sample_reader, workers=1)
read_in_two = partial(read_all, settings=AS_IS, load_reader=load_sample_reader, workers=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_text(f"Story {number}. {STORY}", encoding="utf-8")
    return tmp_path


def titles(readings: list[Reading]) -> list[str]:
    return [reading.document.text.partition(".")[0] if reading.document else "failed" for reading in readings]


# --- one --------------------------------------------------------------------------------------------------------------


def test_a_text_is_read_as_a_text() -> None:
    reading = read(STORY, as_is=True, reader=SampleReader())
    assert reading.document is not None
    assert reading.document.url == ""
    assert reading.document.text == STORY
    assert [a.source[0].of(STORY) for a in reading.attributions] == ["Ana"]


def test_a_path_is_read_as_a_file(folder: Path) -> None:
    for source in (folder / "03.txt", str(folder / "03.txt")):
        reading = read(source, as_is=True, reader=SampleReader())
        assert reading.document is not None
        assert reading.document.text.startswith("Story 3.")
        assert reading.document.url == str(folder / "03.txt")


@pytest.mark.parametrize("source", ["harbor-story", "harbour story.txt", "a folder/page.HTML", Path("no such file")])
def test_what_can_only_be_a_path_is_not_read_as_a_text(source: str | Path) -> None:
    with pytest.raises(FormatError, match="no such file"):
        read(source, reader=SampleReader())


def test_html_given_as_a_text_is_read_as_a_page() -> None:
    html = (
        f"<html><head><meta charset='latin1'><title>Tram</title></head><body><article><p>{STORY} “É”</p>"
        + f"<p>{STORY}</p>" * 5
    )
    reading = read(html, reader=SampleReader())
    assert reading.document is not None
    assert "<p>" not in reading.document.text
    assert "É" in reading.document.text  # it is characters already: what the page says of its encoding is past


def test_an_address_is_fetched_and_a_private_one_is_refused() -> None:
    with pytest.raises(onrecord.FetchError, match="allow"):
        read("http://127.0.0.1:9/story", reader=SampleReader())


def test_an_error_of_one_input_is_raised() -> None:
    with pytest.raises(LanguageError):
        read(STORY + " LINGUA", as_is=True, reader=SampleReader())
    with pytest.raises(NoArticle, match="the text: is empty"):
        read("", reader=SampleReader())


def test_half_a_character_is_refused() -> None:
    with pytest.raises(FormatError, match=r"U\+DC80"):
        read(STORY + "\udc80", reader=SampleReader())


def test_a_folder_is_not_one_report(folder: Path) -> None:
    with pytest.raises(UsageError, match="read_all"):
        read(folder, as_is=True, reader=SampleReader())


def test_a_text_is_never_named_by_its_words() -> None:
    feed = "<rss version='2.0'><channel>\n" + "".join(
        f"<item><title>Tram {n}</title><description>{STORY * 3}</description></item>\n" for n in (1, 2)
    )
    with pytest.raises(UsageError, match=r"\Athe text: holds more than one report; read_all reads them all\Z"):
        read(feed + "</channel></rss>", reader=SampleReader())


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"published": "yesterday\x1b[31m"}, r"'yesterday\\x1b\[31m' is no date"),
        ({"published": "2999"}, "'2999' is yet to come"),
        ({"language": "English" * 20}, "is no language code"),
        ({"timeout_s": float("nan")}, "nan is no time limit"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(setting: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(STORY, reader=SampleReader(), **setting)
    with pytest.raises(UsageError, match=message):
        list(read_here(["-"], settings=IntakeSettings(**setting), stdin=BytesIO()))


@pytest.mark.parametrize(
    ("published", "is_taken"),
    [("2024", True), ("2024-03", True), ("2024-03-02T23:59", True), ("2024-03-03", False), ("2024-04", False)],
)
def test_a_day_of_publication_is_not_yet_to_come(published: str, is_taken: bool) -> None:
    settings, now = IntakeSettings(published=published), datetime(2024, 2, 29, 12, 0, tzinfo=UTC)
    with nullcontext() if is_taken else pytest.raises(UsageError, match="yet to come"):
        check_settings(settings, now)


def test_a_language_is_refused_as_who_said_so() -> None:
    with pytest.raises(LanguageError, match=r"--language says that it is in Ukrainian \(uk\)"):
        read(STORY, language="uk-UA", reader=SampleReader())
    with pytest.raises(LanguageError, match="is in 'la'"):
        read(STORY + " LINGUA", reader=SampleReader())


def test_the_run_says_what_was_set() -> None:
    reading = read(STORY, as_is=True, published="2024-05-06", reader=SampleReader())
    assert reading.run.settings == (*RUN.settings, "as_is=true", "published=2024-05-06")
    assert reading.document is not None
    assert reading.document.published == "2024-05-06"


def test_the_library_exports_its_names_lazily() -> None:
    script = "import sys, onrecord; print(sorted({'numpy', 'httpx2', 'lxml', 'msgspec', 'jinja2'} & set(sys.modules)))"
    words = [sys.executable, "-c", script]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert done.stdout == "[]\n"
    assert all(hasattr(onrecord, name) for name in onrecord.__all__ if name != "__version__")
    assert set(onrecord.__all__) <= set(dir(onrecord))
    with pytest.raises(AttributeError, match="no attribute 'quote'"):
        _ = onrecord.quote


# --- many -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read_many", [read_here, read_in_two])
def test_order_is_kept_and_failures_stand_in_their_place(read_many: partial[object], folder: Path) -> None:
    (folder / "04.txt").write_text("LINGUA", encoding="utf-8")
    (folder / "06.txt").write_bytes(b"")
    (folder / "08.txt").write_text("BREAK", encoding="utf-8")
    readings: list[Reading] = list(read_many([folder, folder / "missing", "-"], stdin=BytesIO(STORY.encode())))
    expected = [f"Story {n}" if n not in (4, 6, 8) else "failed" for n in range(12)]
    assert titles(readings) == [*expected, "failed", "The tram reopened"]
    failures = [failure for reading in readings for failure in reading.failures]
    assert [Path(failure.where).name for failure in failures] == ["04.txt", "06.txt", "08.txt", "missing"]
    assert "ZeroDivisionError: broken on purpose" in failures[2].what
    assert all(reading.run.settings[-1] == "as_is=true" for reading in readings)


class BrokenStream(BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert 0 < size < 10**9, "it may be without an end"
        raise OSError(9, "Bad file descriptor")


@pytest.mark.parametrize("read_many", [read_here, read_in_two])
def test_standard_input_that_cannot_be_read_is_an_input_that_failed(read_many: partial[object], folder: Path) -> None:
    first, second, third = read_many([folder / "00.txt", "-", folder / "01.txt"], stdin=BrokenStream())
    assert second.failures == (
        Failure("standard input", "cannot be read (bad file descriptor)", "pipe a text into the command"),
    )
    assert titles([first, third]) == ["Story 0", "Story 1"]


def test_a_worker_that_cannot_be_started_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(folder / "gone"))
    with pytest.raises(OnrecordError, match=r"could not start \(no such file or directory\); try fewer"):
        list(read_in_two([folder]))


@pytest.mark.parametrize("read_many", [read_here, read_in_two])
def test_inputs_are_finished_one_by_one_however_many_reports_they_hold(
    read_many: partial[object], folder: Path
) -> None:
    finished: list[int] = []
    taken: list[Reading] = []
    origins = [folder, folder / "00.txt"]
    taken.extend(read_many(origins, on_finished=lambda: finished.append(len(taken))))
    assert finished == list(range(1, 14))


def test_workers_say_the_same_as_one_process(folder: Path) -> None:
    assert list(read_in_two([folder])) == list(read_here([folder]))


def test_a_crash_is_the_failure_of_its_input_alone(folder: Path) -> None:
    (folder / "05.txt").write_text("CRASH", encoding="utf-8")
    readings = list(read_in_two([folder]))
    assert titles(readings) == [f"Story {n}" if n != 5 else "failed" for n in range(12)]
    (failure,) = readings[5].failures
    assert failure.where == str(folder / "05.txt")
    assert "status 3" in failure.what


def test_inputs_are_taken_as_they_are_needed(folder: Path) -> None:
    taken = 0

    def origins() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield folder / "00.txt"

    readings = read_in_two(origins())  # without an end: only what is needed is taken
    for _ in range(20):
        next(readings)
    readings.close()
    assert taken < 20 + 2 * 4 + 2


@pytest.mark.parametrize("workers", [1, 2])
def test_a_model_that_cannot_be_loaded_stops_everything(workers: int, folder: Path) -> None:
    with pytest.raises(ModelError, match="damaged"):
        list(read_all([folder], settings=AS_IS, workers=workers, load_reader=load_no_reader))


def test_a_few_inputs_are_read_in_this_process(folder: Path) -> None:
    processes = []

    def load_here(*, threads: int | None = None) -> SampleReader:  # a closure cannot be sent to another process
        processes.append(os.getpid())
        return SampleReader()

    list(read_all([folder / "00.txt", folder / "01.txt"], settings=AS_IS, load_reader=load_here))
    assert processes == [os.getpid()]


@pytest.mark.skipif(sys.platform == "win32", reason="there, signal 0 ends a process")
def test_leaving_early_leaves_no_process_behind(folder: Path) -> None:
    readings = read_all([folder], settings=AS_IS, workers=2, load_reader=load_telling_reader)
    processes = {int(reading.run.model) for reading in islice(readings, 8)}
    assert len(processes - {os.getpid()}) == 2
    with pytest.raises(KeyboardInterrupt):
        readings.throw(KeyboardInterrupt)
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_script_needs_no_guard_around_reading(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    script = tmp_path_factory.mktemp("script") / "script.py"
    script.write_text(
        f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from samples import load_sample_reader
from onrecord import IntakeSettings, read_all
settings = IntakeSettings(as_is=True)
print(sum(1 for _ in read_all([{str(folder)!r}], settings=settings, workers=2, load_reader=load_sample_reader)))
""",
        encoding="utf-8",
    )
    words = [sys.executable, str(script)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert (done.stdout, done.stderr, done.returncode) == ("12\n", "", 0)


def test_a_page_that_breaks_off_is_read_and_the_break_is_on_record() -> None:
    whole = " ".join(
        f"Kirl said on day {n} that the gate stood open and that nobody had come to close it." for n in range(9)
    )
    page = f"<html><head><title>The gate</title></head><body><article><h1>The gate</h1><p>{whole}</p><p>The mayor sa"
    reading = read(page, reader=SampleReader())
    assert reading.document is not None
    assert "The mayor sa" not in reading.document.text
    assert len(reading.failures) == 1
    assert "\n" not in str(reading.failures[0].what)
