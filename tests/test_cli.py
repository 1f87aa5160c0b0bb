from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from onrecord.__main__ import main as run_module
from onrecord.cli import main, read
from onrecord.cli.terminal import Progress, duration, one_line, print_reading, printable
from onrecord.codec import decode_reading, reading_schema
from onrecord.examples import find_examples
from onrecord.model import Attribution, Document, Kind, Reading, Span
from samples import attribution, failed_reading, load_no_reader, load_sample_reader, readings, sample_reading

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs" / "cli.md"
OUR_PAGE = '<!doctype html>\n<meta name="generator" content="onrecord">\n'
STORY = "The tram reopened. Ana said the brakes were new."
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs signals or terminals of POSIX")


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def run(*words: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin, obj=load_sample_reader)


def shown(reading: Reading, width: int = 80) -> str:
    console = Console(width=width, highlight=False, markup=False, emoji=False, no_color=True, legacy_windows=False)
    with console.capture() as capture:
        print_reading(reading, console)
    return capture.get()


# --- what is printed --------------------------------------------------------------------------------------------------


def test_a_reading_shows_facts_cuts_text_and_claims() -> None:
    assert shown(sample_reading(), 90) == (
        """\
Ministry says quay is safe; union calls it ‘a guess’
Harven Courier · 2023-03-03T09:15:00+01:00 · changed 2023-03-04
by Mila Torv · wire: HNA · dateline: HARVEN, March 3
https://courier.example/quay

cut (page navigation) Home News Sport
cut (teaser for another article) Read also: ten harbours to visit
cut (comment section) Comments (3)

HARVEN, March 3 — {Deputy harbour minister Ana Relvas} <said> on Tuesday [1 that the \n\
northern quay would reopen within a month and that engineers had found “no structural \n\
fault” in its foundations].

{The port workers’ union} <denied> [2 that any inspection had taken place]. [3 “Nobody has
been down there since the collapse,”] {union secretary Joris Maat} <told> reporters, \n\
<adding> [4 that {a leaked report} <shows> [4.1 {the ministry} <feared> [4.1.1 a second \n\
slide]]].

Four cranes stood idle on Tuesday morning.

[5 “We were promised pumps in January.] [5 They never came,”] Maat went on.

Who says what
  1 Deputy harbour minister Ana Relvas — said  assert mixed 0.97
    that the northern quay would reopen within a month and that engineers had found “no \n\
    structural fault” in its foundations
    for Government of Aldane · said 2023-02-28 · in HARVEN
  2 The port workers’ union — denied  deny indirect 0.90
    that any inspection had taken place
    on claim 1
  3 union secretary Joris Maat — told  assert direct 0.90
    “Nobody has been down there since the collapse,”
    to reporters
  4 union secretary Joris Maat — adding  assert indirect 0.90
    that a leaked report shows the ministry feared a second slide
  4.1 a leaked report — shows  assert indirect 0.71
      the ministry feared a second slide
    4.1.1 the ministry — feared  fear indirect 0.60
          a second slide
  5 no source named  assert direct 0.55
    “We were promised pumps in January. […] They never came,”

In the publisher’s own voice
 P1 Four cranes stood idle on Tuesday morning.

Who speaks
  1 Ana Relvas
    person · Deputy harbour minister · for Government of Aldane · also: Deputy harbour \n\
    minister Ana Relvas, the ministry feared

What is done, planned or feared, as told
  1 transfer, promised: nobody named — promised — pumps → We
    for: since the collapse · in return for 2 · claim 5
  2 support, denied: nobody named — came

Places
  1 HARVEN
    not in the gazetteer
  2 northern quay: London, GB, settlement, 51.50 -0.10
    population
"""
    )


@pytest.mark.parametrize(
    ("url", "title", "first"),
    [
        ("notes/quay.txt", "", "quay.txt"),
        ("", "", "Untitled"),
        ("notes/quay.txt", "Quay closed", "notes/quay.txt"),  # the text begins with it
        ("notes/quay.txt", "Quay", "Quay"),
    ],
)
def test_a_report_is_headed_by_its_headline_once_or_by_its_file(url: str, title: str, first: str) -> None:
    document = Document(url, "Quay  closed\n\nIt has a crack.", title=title)
    written = shown(Reading(document, (), (), sample_reading().run))
    assert written.splitlines()[0] == first
    assert len(re.findall(r"Quay +closed", written)) == 1


@given(readings(), st.integers(20, 120))
def test_nothing_of_a_text_commands_the_terminal(reading: Reading, width: int) -> None:
    for character in shown(reading, width):
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp"), repr(character)
        assert unicodedata.category(character) != "Cf" or character in "\u200c\u200d", repr(character)


@given(readings())
def test_every_word_of_the_text_is_shown(reading: Reading) -> None:
    document = reading.document
    assert document is not None
    written = shown(Reading(document, (), (), reading.run))
    apart = r"[\s\u2400-\u2421\ufffd]"  # white space may be wrapped, and some of it is shown as a picture
    assert re.sub(apart, "", printable(document.text)) in re.sub(apart, "", written)


def test_control_characters_are_shown_as_pictures() -> None:
    assert printable("a\x1b]0;owned\x07\x9b31m\u202ereversed\r\n") == "a␛]0;owned␇\ufffd31m\ufffdreversed␍\n"
    assert one_line(" a\n\tb\u2028c ") == "a b c"
    assert len(printable("\0\x7f\U000e0041\ud800")) == 4
    assert printable("\u200b\u00ad\u2060\U000e0001\U000e0100\U0001d173") == "\ufffd" * 6
    assert printable("\u200c\u200d\ufe0fé\u0301") == "\u200c\u200d\ufe0fé\u0301"


def test_colours_are_used_where_there_are_colours() -> None:
    console = Console(width=80, force_terminal=True, color_system="standard", highlight=False, legacy_windows=False)
    with console.capture() as capture:
        print_reading(sample_reading(), console)
    assert "\x1b[1mDeputy harbour minister Ana Relvas\x1b[0m" in capture.get()
    assert "{" not in capture.get()


def test_a_time_is_as_precise_as_is_of_use() -> None:
    assert [duration(s) for s in (0.4, 59, 60, 3599.6, 7500)] == ["0 s", "59 s", "1 min 0 s", "1 h 0 min", "2 h 5 min"]


def test_a_text_of_one_endless_line_is_shown() -> None:
    text = "Ana said no. " * 20_000
    assert shown(Reading(Document("", text), (), (), sample_reading().run)).count("Ana") == 20_000


# --- commands and options ---------------------------------------------------------------------------------------------


def test_a_file_is_read(story: Path) -> None:
    result = run("read", "--as-is", story)
    assert result.exit_code == 0
    assert "The tram reopened. {Ana} <said> [1 the brakes were new]." in result.stdout
    assert result.stderr == ""


def test_json_is_one_reading_a_line(story: Path) -> None:
    result = run(
        "read", "--json", "--as-is", "--published", "2024-05", "--language", "en", story, "-", stdin="One. Two."
    )
    first, second = [decode_reading(line) for line in result.stdout_bytes.splitlines()]
    assert first.document is not None
    assert first.document.text == STORY
    assert first.document.published == "2024-05"
    assert first.run.settings[-3:] == ("as_is=true", "published=2024-05", "language=en")
    assert second.document is not None
    assert second.document.text == "One. Two."


def test_standard_input_is_read_if_nothing_is_named() -> None:
    assert "{Ana} <said>" in run("read", "--as-is", stdin=STORY).stdout


def test_failures_are_named_in_one_line_and_the_others_are_read(story: Path, tmp_path: Path) -> None:
    (tmp_path / "foreign.txt").write_text("LINGUA", encoding="utf-8")
    result = run("read", "--as-is", tmp_path / "gone\x1b[31m.txt", story, tmp_path / "foreign.txt")
    assert result.exit_code == 1
    first, second = result.stderr.splitlines()
    assert re.fullmatch(r"onrecord: .*gone␛\[31m\.txt: there is no such file; .*", first)
    assert re.fullmatch(r"onrecord: .*foreign\.txt: is in 'la'.*", second)
    assert "{Ana}" in result.stdout


def test_an_input_with_an_empty_name_is_named() -> None:
    result = run("read", "")
    assert result.exit_code == 1
    assert result.stderr.startswith("onrecord: '': there is no such file; ")


def test_a_language_that_is_not_read_is_told_as_who_said_so(story: Path) -> None:
    result = run("read", "--language", "FR-ca", story)
    assert result.exit_code == 1
    assert result.stderr == (
        f"onrecord: {story}: --language says that it is in French (fr), which the model does not read; leave out"
        " --language, and the language is recognised\n"
    )
    assert "in the language (xx)" in run("read", "--language", "xx", story).stderr


@pytest.mark.parametrize("language", ["en", "EN", "en-GB", "en_US"])
def test_a_language_may_be_written_as_systems_do(language: str, story: Path) -> None:
    reading = decode_reading(run("read", "--json", "--as-is", "--language", language, story).stdout_bytes)
    assert reading.document is not None
    assert reading.document.language == "en"


def test_the_examples_are_copied_and_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("examples")
    assert (result.exit_code, result.stderr) == (0, "")
    assert {path.name: path.read_bytes() for path in Path("examples").iterdir()} == {
        path.name: path.read_bytes() for path in find_examples()
    }
    first, *commands = result.stdout.splitlines()
    assert first == "wrote 11 files into examples; try next:"
    for command in commands:
        assert run(*command.split()[1:]).exit_code == 0, command
    assert run("examples").exit_code == 0  # they are there, and the same
    Path("examples", "05-cwa-sanctions.txt").write_text("my notes", encoding="utf-8")
    Path("examples", "02-evening-post-lomas.txt").unlink()
    refused = run("examples")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert re.fullmatch(
        r"onrecord: .*05-cwa-sanctions\.txt: is there already and is another file; .*\n", refused.stderr
    )
    assert not Path("examples", "02-evening-post-lomas.txt").exists()
    assert run("examples", "a folder/inside").exit_code == 0
    assert len(list(Path("a folder", "inside").iterdir())) == 11


def test_examples_that_cannot_be_written_are_refused(story: Path) -> None:
    result = run("examples", story)
    assert result.exit_code == 2
    assert re.fullmatch(r"onrecord: .*story\.txt: cannot be written \(.+\); name another folder\n", result.stderr)


def test_a_failed_input_has_its_line_of_json_too(story: Path, tmp_path: Path) -> None:
    result = run("read", "--as-is", "--json", tmp_path / "gone.txt", story)
    first, second = [decode_reading(line) for line in result.stdout_bytes.splitlines()]
    assert first.document is None
    assert first.failures[0].where == str(tmp_path / "gone.txt")
    assert second.document is not None


def test_a_broken_model_is_one_line(story: Path) -> None:
    result = CliRunner().invoke(main, ["read", str(story)], obj=load_no_reader)
    assert (result.exit_code, result.stderr) == (1, "onrecord: the model folder is damaged\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--published", "yesterday"], "is no date"),
        (["--published", "2023-02-30"], "is no date"),
        (["--published", "2023-02-03T25:00"], "is no date; write 2022, 2022-12, 2022-12-12 or 2022-12-12T"),
        (["--published", ""], "--published is given and empty; write a value, or leave it out"),
        (["--published", "2999-01-01"], "'2999-01-01' is yet to come; write the day"),
        (["--language", " "], "--language is given and empty"),
        (["--language", "english"], "is no language code"),
        (["--timeout", "0"], "is no time limit"),
        (["--timeout", "abc"], "onrecord: 'abc' is no time limit; write seconds, like 20\n"),
        (["--timeout", "inf"], "is no time limit"),
        (["--timeout", "nan"], "is no time limit"),
        (["--timeout", "1e12"], "is no time limit"),
        (["--workers", "0"], "not in the range"),
        (["--model", "no such folder"], "does not exist"),
        (["--colour"], "No such option"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(options: list[str], message: str, story: Path) -> None:
    result = run("read", story, *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("day", ["2022", "2022-12", "2022-12-12", "2022-12-12T10:04:00+02:00"])
def test_days_may_be_as_precise_as_they_are_known(day: str, story: Path) -> None:
    assert run("read", "--as-is", "--published", day, story).exit_code == 0


def test_an_input_in_place_of_a_command_is_explained(story: Path) -> None:
    result = run(story)
    assert result.exit_code == 2
    assert result.stderr == f"onrecord: {story}: is an input, not a command; write: onrecord read {story}\n"
    assert "No such command 'raed'" in run("raed").stderr
    assert run("x" * 5000).exit_code == 2
    assert isinstance(run("x" * 5000).exception, SystemExit)


def test_the_schema_is_printed() -> None:
    assert json.loads(run("schema").stdout) == reading_schema()


def test_the_version_is_printed() -> None:
    assert re.fullmatch(r"onrecord,? (version )?\d+\.\d+\S*\n", run("--version").stdout)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_a_page_is_written_and_nothing_printed(story: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = run("read", "--as-is", "--html", page, story, tmp_path / "gone.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1] == f"onrecord: wrote {page} (1 report read, 1 failed)"
    assert "<!doctype html>" in page.read_text(encoding="utf-8")
    assert "gone.txt" in page.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "story.txt"]


def test_a_page_and_json_go_together(story: Path, tmp_path: Path) -> None:
    result = run("read", "--as-is", "--json", "--html", tmp_path / "page.html", story)
    assert decode_reading(result.stdout_bytes).document is not None
    assert (tmp_path / "page.html").exists()


def test_a_page_that_cannot_be_written_is_refused_before_reading(story: Path, tmp_path: Path) -> None:
    page = tmp_path / "no" / "page.html"
    result = CliRunner().invoke(main, ["read", "--html", str(page), str(story)], obj=load_no_reader)
    assert result.exit_code == 2
    assert re.fullmatch(r"onrecord: .*page\.html: cannot be written \(no such .*\); name another file\n", result.stderr)
    assert run("read", "--html", tmp_path, story).exit_code == 2


def test_a_page_with_a_name_too_long_is_refused(story: Path, tmp_path: Path) -> None:
    result = run("read", "--html", tmp_path / ("x" * 5000), story)
    assert result.exit_code == 2
    assert re.fullmatch(r"onrecord: .*: cannot be written \(file ?name too long\); name another file\n", result.stderr)


def test_a_page_among_what_is_read_is_refused(story: Path, tmp_path: Path) -> None:
    result = run("read", "--html", tmp_path / "page.html", tmp_path)
    assert result.exit_code == 2
    assert re.fullmatch(r"onrecord: .*page\.html: lies in .*, which is read; name a file elsewhere\n", result.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["story.txt"]


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_a_page_goes_to_standard_output(name: str, story: Path) -> None:
    result = run("read", "--as-is", "--html", name, story)
    assert result.exit_code == 0
    assert result.stdout.startswith("<!doctype html>")
    assert result.stdout.rstrip().endswith("</html>")
    refused = run("read", "--json", "--html", name, story)
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_a_page_never_overwrites_an_input(story: Path) -> None:
    result = run("read", "--html", story, story)
    assert result.exit_code == 2
    assert "would be overwritten" in result.stderr
    assert story.read_text(encoding="utf-8") == STORY


def test_a_page_replaces_only_what_is_a_page_of_ours(story: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    for content in (STORY, f"<html>{' ' * 9000}{OUR_PAGE}"):
        other.write_text(content, encoding="utf-8")
        result = run("read", "--html", other, story)
        assert result.exit_code == 2
        assert result.stderr == (
            f"onrecord: {other}: is there already, and is no page that onrecord wrote;"
            " name another file after --html, or move this one away\n"
        )
        assert other.read_text(encoding="utf-8") == content
    for content in ("", OUR_PAGE):
        other.write_text(content, encoding="utf-8")
        assert run("read", "--as-is", "--html", other, story).exit_code == 0
        assert run("read", "--as-is", "--html", other, story).exit_code == 0
        assert "The tram reopened." in other.read_text(encoding="utf-8")


def test_no_page_is_written_where_nothing_could_be_read(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(OUR_PAGE, encoding="utf-8")
    result = run("read", "--html", page, tmp_path / "gone.txt")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == f"onrecord: nothing was read, and {page} is not written"
    assert page.read_text(encoding="utf-8") == OUR_PAGE
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert run("read", "--html", "-", tmp_path / "gone.txt").stdout == ""


def test_a_page_stays_as_it_was_if_reading_stops(story: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(OUR_PAGE, encoding="utf-8")
    result = CliRunner().invoke(main, ["read", "--html", str(page), str(story)], obj=load_no_reader)
    assert result.exit_code == 1
    assert page.read_text(encoding="utf-8") == OUR_PAGE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "story.txt"]


# --- as a process -----------------------------------------------------------------------------------------------------

START = f"import sys; sys.path.insert(0, {str(TESTS)!r}); from samples import load_sample_reader; "
START += "from onrecord.cli import main; main(obj=load_sample_reader)"
COMMAND = [sys.executable, "-c", START]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(40):
        (tmp_path / f"{number:02}.txt").write_text(STORY * 50, encoding="utf-8")
    return tmp_path


@posix
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_reader_that_has_seen_enough_ends_it_quietly(form: list[str], workers: str, folder: Path) -> None:
    words = [*COMMAND, "read", "--as-is", *form, "--workers", workers, str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_is_one_line(story: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        words = [*COMMAND, "read", "--as-is", "--json", str(story)]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own
    assert done.returncode == 1
    assert done.stderr == "onrecord: the output cannot be written (no space left on device); make room and try again\n"


@posix
@pytest.mark.parametrize(
    ("redirection", "status", "message"),
    [
        (">&-", 2, "standard output is closed; leave it open, or write a page with --html FILE"),
        ("0>/dev/null", 1, "standard input: cannot be read (bad file descriptor); pipe a text into the command"),
    ],
)
def test_a_stream_that_cannot_be_used_is_one_line(redirection: str, status: int, message: str, story: Path) -> None:
    words = ["sh", "-c", f'"$@" {redirection}', "sh", *COMMAND, "read", "--as-is", "-"]
    done = subprocess.run(words, input="", capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert (done.returncode, done.stderr) == (status, f"onrecord: {message}\n")


@posix
def test_a_page_goes_through_a_pipe(story: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    words = [*COMMAND, "read", "--as-is", "--html", str(fifo), str(story)]
    with subprocess.Popen(words) as process:  # noqa: S603 - our own
        assert fifo.read_bytes().startswith(b"<!doctype html>")
        assert process.wait() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pipe", "story.txt"]


@pytest.mark.parametrize("place", ["onrecord.ledger.check_settings", "onrecord.intake.IntakeSettings"])
def test_ctrl_c_before_reading_is_no_traceback(place: str, story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(place, interrupt)
    result = run("read", story)
    assert (result.exit_code, result.stderr) == (130, "onrecord: stopped; 0 reports read\n")


def test_ctrl_c_while_it_is_loaded_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("onrecord.cli.main", interrupt)
    with pytest.raises(SystemExit) as caught:
        run_module()
    assert caught.value.code == 130


@posix
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_stops_it_and_says_how_far_it_was(workers: str, folder: Path) -> None:
    fifo = folder / "98.fifo"  # nobody will ever write to it: reading hangs there
    os.mkfifo(fifo)
    inputs = [str(folder / "00.txt"), str(folder / "01.txt"), str(fifo)]
    words = [*COMMAND, "read", "--as-is", "--json", "--workers", workers, *inputs]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"onrecord: stopped; 2 reports read\n"
        assert process.wait() == 130


def on_a_terminal(words: list[str]) -> tuple[int, str]:
    """Runs a command with a terminal as its standard input and standard error."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(words, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs)  # noqa: S603 - our own
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux says so when the last of the other side is closed
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    return process.wait(), written.decode()


@posix
def test_many_inputs_show_progress_on_a_terminal(folder: Path) -> None:
    (folder / "20.txt").write_bytes(b"")
    status, written = on_a_terminal([*COMMAND, "read", "--as-is", "--workers", "1", str(folder)])
    assert status == 1
    assert re.search(r"\r1 report read · [\d.,]+ a second", written)
    assert re.search(r"onrecord: .*20\.txt: is empty.*\r\n", written)
    assert re.search(r"\ronrecord: 39 reports read in \d+ s, 1 failed\r\n\Z", written)


def test_progress_counts_reports_and_inputs_apart(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 2.0, 4.0])
    progress = Progress(3, lambda: next(times))
    progress.show(5, 0)  # five items of a feed
    progress.finish_input()
    progress.show(7, 1)
    first, second = capsys.readouterr().err.split("\r")[2::2]
    assert first == "5 reports read · 2.5 a second"
    assert second == "7 reports read · 2.0 a second · 1 of 3 inputs done · 8 s left · 1 failed"


@posix
def test_one_input_shows_no_progress(folder: Path) -> None:
    assert on_a_terminal([*COMMAND, "read", "--as-is", str(folder / "00.txt")]) == (0, "")


@posix
def test_nothing_to_read_on_a_terminal_is_said_and_shows_help() -> None:
    status, written = on_a_terminal([*COMMAND, "read"])
    assert status == 2
    assert written.startswith("onrecord: no INPUT is named; ")
    assert "Usage:" in written
    assert "--published" in written


def test_the_module_is_the_command() -> None:
    words = [sys.executable, "-m", "onrecord", "schema"]
    done = subprocess.run(words, capture_output=True, check=True)  # noqa: S603 - our own
    assert json.loads(done.stdout) == reading_schema()


def test_commands_start_without_what_they_do_not_need(story: Path) -> None:
    script = START.replace("main(obj", "main(standalone_mode=False, obj") + "; "
    script += "print(sorted({'httpx2', 'lxml', 'trafilatura', 'jinja2', 'rich'} & set(sys.modules)), file=sys.stderr)"
    words = [sys.executable, "-c", script, "read", "--as-is", "--json", str(story)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert done.stderr == "[]\n"


@pytest.mark.model
def test_the_shipped_model_reads_a_shipped_report() -> None:
    report = next((TESTS.parent / "src" / "onrecord" / "examples").rglob("05-*.txt"))
    result = CliRunner().invoke(main, ["read", "--json", str(report)])
    reading = decode_reading(result.stdout_bytes)
    assert reading.document is not None
    assert any("said" in words.of(reading.document.text) for each in reading.attributions for words in each.cue)


def test_a_claim_however_deep_has_half_of_the_width() -> None:
    document = Document("", "word " * 60)
    deep: list[Attribution] = []
    for depth in range(25):
        content = (Span(depth * 5, len(document.text) - depth * 5),)
        deep.append(attribution(document, Kind.INDIRECT, (), (), content, parent=deep[-1].id if deep else None))
    written = shown(Reading(document, tuple(deep), (), sample_reading().run), 40)
    assert max(map(len, written.splitlines())) <= 40
    assert "1" + ".1" * 24 in re.sub(r"\s", "", written)


# --- the documentation ------------------------------------------------------------------------------------------------


def test_every_command_and_option_is_documented() -> None:
    written = DOCS.read_text(encoding="utf-8")
    parameters = [p for command in (main, *main.commands.values()) for p in command.params]
    options = {name for p in parameters if isinstance(p, click.Option) for name in p.opts}
    assert {name for name in options if f"`{name}" not in written} == set()
    assert {name for name in main.commands if f"`onrecord {name}" not in written} == set()
    assert read.name == "read"
    documented = set(re.findall(r"^\| `(--[a-z-]+)", written, flags=re.MULTILINE))
    assert documented <= options | {"--help"}


def test_failed_readings_print_nothing_on_the_terminal() -> None:
    assert shown(failed_reading()) == ""
