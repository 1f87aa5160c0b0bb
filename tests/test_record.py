"""The commands of the ledger, and what only the library's Ledger does: one line for each thing that goes wrong."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onrecord.cli import main
from onrecord.errors import LedgerError
from onrecord.ledger import Ledger, ledger_name
from onrecord.model import Document, Question, Reading, Run
from samples import RUN, SampleReader, load_sample_reader, sample_reading
from tests.store.histories import Clock
from tests.store.oracle import key_of
from tests.store.raw import PAGE, damage, let_in, opened, unprivileged
from tests.store.test_out_and_in import WRONG
from tests.store.test_proof import FIRST, OTHER, SECOND

STORY = "The tram reopened. Ana said the brakes were new. Nobody was hurt, and the line was full again by noon."
DENIAL = SECOND.attributions[1].id
TESTS = Path(__file__).parent


def run(*words: object, reader: Callable[..., object] = load_sample_reader, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words], input=stdin, obj=reader)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def done(*words: object, reader: Callable[..., object] = load_sample_reader) -> Result:
    result = run(*words, reader=reader)
    assert result.exit_code == 0, result.output
    return result


def refused(status: int, message: str, *words: object) -> None:
    """The command must end with this status, print nothing, and say one line that holds this."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert result.stderr.startswith("onrecord: ")
    assert result.stderr.count("\n") == 1, result.stderr
    assert message in result.stderr


@pytest.fixture
def held(where: str) -> str:
    """The address of a ledger with two versions of a page, another page, and the sample."""
    with Ledger(where, create=True, who="Mila", clock=Clock()) as ledger:
        ledger.add([FIRST, SECOND, OTHER, sample_reading()])
    return where


def head(where: str) -> tuple[int, str]:
    with Ledger(where, read_only=True) as ledger:
        return ledger.get_head()


# --- a life of a ledger ----------------------------------------------------------------------------------------------


def load_other_reader(*, threads: int | None = None) -> SampleReader:
    return SampleReader(Run("0.2.0", "sample@111111111111"))


def test_a_ledger_from_its_first_report_to_its_backup(where: str, new_place: Callable[[], str], tmp_path: Path) -> None:
    story, other = tmp_path / "story.txt", tmp_path / "other.txt"
    story.write_text(STORY, encoding="utf-8")
    other.write_text(STORY.replace("Ana", "Bo").replace("tram", "ferry"), encoding="utf-8")
    at = ("--ledger", where)

    added = done("add", story, other, "--as-is", *at)
    assert re.fullmatch(r"[0-9a-f]{16}  new +\S.*\(1 claim\)\n" * 2, added.stdout)
    assert re.search(r": 2 new\n\Z", added.stderr)
    assert done("add", story, other, "--as-is", *at).stderr.endswith(": 2 known\n")
    story.write_text(STORY.replace("new", "old"), encoding="utf-8")
    assert "changed" in done("add", story, "--as-is", *at).stdout

    claim, shown = done("claims", "--words", "brakes old", *at).stdout.splitlines()[:2]
    assert shown == "    the brakes were old"
    identity = claim.split()[0]
    (line,) = done("claims", "--words", '"were old"', "--json", *at).stdout.splitlines()
    assert json.loads(line)["id"] == identity
    assert "[the brakes were old]" in done("show", identity[:8], *at).stdout

    corrected = done("correct", identity, "stance", "deny", "--why", "heard the tape", *at)
    decision = re.search(r"onrecord undo ([0-9a-f]{16}) --why", corrected.stderr)
    assert decision is not None
    assert done("claims", "--stance", "deny", *at).stdout.startswith(identity)
    assert "heard the tape" in done("show", identity, *at).stdout
    done("note", identity, "call her", *at)
    assert "call her" in done("show", identity, *at).stdout
    done("undo", decision[1], "--why", "the wrong tape", *at)
    assert done("claims", "--stance", "deny", *at).stderr == "onrecord: no claim answers that\n"
    assert len(re.findall("^decision ", done("decisions", *at).stdout, re.MULTILINE)) == 3

    assert done("reread", *at, reader=load_other_reader).stderr.endswith(": 2 reports read again\n")
    runs = re.findall(r"^([0-9a-f]{16})  ", done("runs", *at).stdout, re.MULTILINE)
    assert len(runs) == 2
    assert done("diff-runs", *runs, *at).stdout == "2 documents: 0 appeared, 0 vanished, 0 changed, 2 as before\n"

    proven = done("verify", *at)
    assert proven.stderr.endswith("everything is as it was recorded\n")
    noted = proven.stdout.split("hash ")[1].strip()
    document = re.search(r"^document ([0-9a-f]{16})$", done("show", identity, *at).stdout, re.MULTILINE)
    assert document is not None
    done("retract", document[1], "--why", "withdrawn", *at)
    assert done("claims", "--words", "brakes old", *at).stdout == ""
    assert done("verify", "--deep", "--head", noted, *at).exit_code == 0

    out, copy, packed = tmp_path / "out.jsonl", new_place(), tmp_path / "out.jsonl.gz"
    done("export", out, *at)
    done("export", packed, *at)
    assert gzip.decompress(packed.read_bytes()) == out.read_bytes() == done("export", *at).stdout_bytes
    assert re.search(r": \d+ rows taken in\n\Z", done("import", out, "--ledger", copy).stderr)
    assert done("import", packed, "--ledger", copy).stderr.endswith(": 0 rows taken in\n")
    assert done("status", "--ledger", copy).stdout.splitlines()[1:] == done("status", *at).stdout.splitlines()[1:]
    done("backup", tmp_path / "backup.db", *at)
    assert head(str(tmp_path / "backup.db")) == head(copy) == head(where)


def test_parties_are_decided_on_by_name(held: str) -> None:
    at = ("--ledger", held)
    done("merge", "Joris Mat", "joris maat", "--why", "a slip", *at)
    assert len(re.findall("Joris Ma", done("claims", "--party", "Joris Mat", *at).stdout)) >= 2
    shown = done("show", key_of("Joris Mat"), *at).stdout
    assert "merged into Joris Maat" in shown
    done("split", "Ana Relvas", SECOND.document.id, "--name", "Ana Relvas (MP)", "--why", "another", *at)
    assert DENIAL in done("claims", "--party", "ana relvas mp", *at).stdout
    assert done("verify", "--deep", *at).exit_code == 0


def test_pages_follow_each_other(held: str) -> None:
    seen, mark = [], ()
    while True:
        result = done("claims", "--limit", 3, *mark, "--ledger", held)
        seen += re.findall(r"^([0-9a-f]{16})  ", result.stdout, re.MULTILINE)
        found = re.search(r"there are more; go on with --next (\S+)\n\Z", result.stderr)
        if not found:
            break
        mark = ("--next", found[1])
    with Ledger(held, read_only=True) as ledger:
        assert seen == [claim.id for claim in ledger.find_claims()]


def test_every_question_can_be_asked(held: str) -> None:
    for option, value, is_found in (
        ("--party", "Joris Maat", True),
        ("--about", "ana relvas", True),
        ("--stance", "deny", True),
        ("--words", "nothing came*", True),
        ("--place", "Odesa", True),
        ("--publisher", "harven courier", True),
        ("--said-before", "2022-11-06", False),
        ("--before", "2023", True),
        ("--said-after", "2022-11-05", True),
        ("--after", "2023-02", True),
        ("--act", "transfer", True),
        ("--status", "under-way", False),
        ("--figure", "cranes", True),
        ("--at-least", "4", True),
        ("--at-most", "3", False),
        ("--voice", "publisher", True),
        ("--as-of", "2024-01-01", True),
        ("--as-of", "2023-12-31", False),
    ):
        result = done("claims", option, value, "--ledger", held)
        assert bool(result.stdout) is is_found, option
        if not is_found:
            assert result.stderr.startswith("onrecord: no claim answers that")
            assert result.stderr.count("\n") == 1
    assert FIRST.attributions[0].id in done("claims", "--superseded", "--ledger", held).stdout


def test_what_a_text_holds_does_not_reach_the_terminal_as_it_is(where: str, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m.txt"
    path.write_text("Ana said \x1b[31mno\x9b2J to \u202eit. " + STORY, encoding="utf-8")
    printed = run("add", path, "--as-is", "--ledger", where).output
    claim = re.search(r"^([0-9a-f]{16})  ", done("claims", "--words", "31mno", "--ledger", where).stdout, re.MULTILINE)
    assert claim is not None
    for words in (("claims",), ("show", claim[1]), ("show", printed[:16]), ("status",), ("note", claim[1], "\x1b[31m")):
        printed += done(*words, "--ledger", where).output
    assert not set(printed) & set("\x1b\x9b\u202e")


# --- where the ledger is ---------------------------------------------------------------------------------------------


def test_a_ledger_is_where_it_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ONRECORD_LEDGER", raising=False)
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    done("add", "story.txt", "--as-is")
    monkeypatch.setenv("ONRECORD_LEDGER", "named.db")
    done("add", "story.txt", "--as-is")
    done("add", "story.txt", "--as-is", "--ledger", "given.db")
    assert {path.name for path in tmp_path.glob("*.db")} == {"onrecord.db", "named.db", "given.db"}
    assert [ledger_name(), ledger_name("x.db"), ledger_name(Path("y.db"))] == ["named.db", "x.db", "y.db"]
    monkeypatch.setenv("ONRECORD_LEDGER", "")
    assert ledger_name() == "onrecord.db"


def test_who_records_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_USER", "Mila Torv")
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    done("add", tmp_path / "story.txt", "--as-is", "--ledger", tmp_path / "a.db")
    with Ledger(tmp_path / "a.db", read_only=True) as ledger:
        assert [entry.who for entry in ledger.find_entries()] == ["Mila Torv"]
    monkeypatch.setenv("ONRECORD_USER", "half a \udcff")
    refused(2, "the name of the user holds a character that cannot be kept", "status", "--ledger", tmp_path / "a.db")


def test_a_statement_behind_a_question_can_be_looked_at(held: str) -> None:
    with Ledger(held, read_only=True) as ledger:
        statement, parameters = ledger.explain(Question(party="Joris Maat", words="drones"))
    assert statement.startswith("SELECT ")
    assert "Joris" not in statement
    assert parameters


def test_the_ledger_in_the_folder_is_no_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ONRECORD_LEDGER", raising=False)
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    for outcome in ("new", "known"):
        assert done("add", ".", "--as-is").stderr == f"onrecord: onrecord.db: 1 {outcome}\n"


# --- stopped, and begun again ----------------------------------------------------------------------------------------


def test_adding_reads_only_what_is_not_there(where: str, tmp_path: Path) -> None:
    read: list[str] = []

    class Counting(SampleReader):
        def __init__(self, run: Run = RUN, *, threads: int | None = None) -> None:
            super().__init__(run)

        def read(self, document: Document, *, read_on: str = "") -> Reading:
            read.append(Path(document.url).name)
            return super().read(document, read_on=read_on)

    folder = tmp_path / "stories"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"Story {number}. {STORY}", encoding="utf-8")
    words = ("add", folder, "--as-is", "--workers", 1, "--ledger", where)
    done(*words, reader=Counting)
    (folder / "3.txt").write_text(f"Story 3. {STORY}", encoding="utf-8")
    (folder / "1.txt").write_text(f"Story 1, changed. {STORY}", encoding="utf-8")
    again = done(*words, reader=Counting)
    assert read == ["0.txt", "1.txt", "2.txt", "1.txt", "3.txt"]
    assert again.stderr.endswith(": 2 known, 1 changed, 1 new\n")
    # Another model has not read them.
    done(*words, reader=lambda *, threads=None: Counting(Run("0.2.0", "other")))
    assert len(read) == 9


@pytest.mark.skipif(sys.platform == "win32", reason="os._exit in a thread of another kind of process")
def test_adding_that_died_is_gone_on_with(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text(f"Story {number}. {STORY}", encoding="utf-8")
    (tmp_path / "6.txt").write_text("CRASH", encoding="utf-8")
    script = (
        "import sys; from onrecord.cli import main; import onrecord.ledger.record as record; "
        f"record._LONGEST_WAIT_S = 0.0; sys.path.insert(0, {str(TESTS)!r}); "  # each is recorded as it is read
        "from samples import load_sample_reader; main(obj=load_sample_reader)"
    )
    where = tmp_path / "a.db"
    words = [sys.executable, "-c", script, "add", *(str(tmp_path / f"{n}.txt") for n in range(9)), "--as-is"]
    words += ["--workers", "1", "--ledger", str(where)]
    died = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert died.returncode == 3
    with Ledger(where, read_only=True) as ledger:
        assert ledger.count_things()["documents"] == 6
        assert list(ledger.verify(deep=True)) == []
    (tmp_path / "6.txt").write_text(f"Story 6. {STORY}", encoding="utf-8")
    again = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert again.stderr.endswith(": 6 known, 3 new\n")
    with Ledger(where, read_only=True) as ledger:
        assert ledger.count_things()["claims"] == 9
        assert list(ledger.verify(deep=True)) == []


def test_one_bad_input_stops_no_other(where: str, tmp_path: Path) -> None:
    for name, text in (("a", STORY), ("b", "LINGUA"), ("c", ""), ("d", "BREAK"), ("e", STORY + " E")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    result = run("add", *sorted(tmp_path.glob("*.txt")), tmp_path / "gone.txt", "--as-is", "--ledger", where)
    assert result.exit_code == 1
    assert result.stderr.endswith(": 2 new, 4 failed\n")
    assert len(result.stdout.splitlines()) == 2
    with Ledger(where, read_only=True) as ledger:
        assert [len(entry.reading.failures) for entry in ledger.find_entries(everything=True)] == [0, 1, 1, 1, 0, 1]
    assert done("verify", "--ledger", where).exit_code == 0


def test_a_ledger_that_does_not_answer_is_no_fault_of_an_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a database that is down for a moment would be recorded as a failure of each report."""

    def is_down(*_: object) -> None:
        raise LedgerError("no database answers there")

    monkeypatch.setattr("onrecord.store.finding.find_reading", is_down)
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    words = ("add", tmp_path / "a.txt", "--as-is", "--workers", 1, "--ledger", tmp_path / "a.db")
    assert done(*words).stderr.endswith("a.db: 1 new\n")


def test_an_interruption_says_what_is_recorded(tmp_path: Path) -> None:
    class Interrupted(SampleReader):
        def __init__(self, *, threads: int | None = None) -> None:
            super().__init__()

        def read(self, document: Document, *, read_on: str = "") -> Reading:
            raise KeyboardInterrupt

    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    words = ("add", tmp_path / "a.txt", "--as-is", "--workers", 1, "--ledger", tmp_path / "a.db")
    result = run(*words, reader=Interrupted)
    assert result.exit_code == 130
    assert result.stderr.endswith("a.db; the same command goes on from here\n")


# --- what goes wrong -------------------------------------------------------------------------------------------------


ASKING = (("claims",), ("show", "0123"), ("decisions",), ("runs",), ("diff-runs", "a", "b"), ("verify",), ("status",))
DECIDING = (
    ("note", "0123", "x"),
    ("undo", "0123", "--why", "x"),
    ("correct", "0123", "stance", "deny", "--why", "x"),
    ("retract", "0123", "--why", "x"),
    ("merge", "a", "b", "--why", "x"),
    ("split", "a", "0123", "--name", "c", "--why", "x"),
    ("reread",),
)
EXPORTING = (("export",), ("backup", "x.db"))


def test_without_a_ledger_there_is_one_line(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (*ASKING, *DECIDING, *EXPORTING):
        refused(
            1,
            ": there is no ledger; `onrecord add` makes one, or name another with --ledger",
            *words,
            "--ledger",
            where,
        )
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_ledger_is_named_and_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.db").write_text("dear diary")
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "story.txt").write_text(STORY)
    with closing(sqlite3.connect("other.db")) as connection, connection:
        connection.execute("CREATE TABLE log (mine)")
    before = {name: (tmp_path / name).read_bytes() for name in ("text.db", "other.db")}
    commands = (*ASKING, *DECIDING, *EXPORTING, ("add", "story.txt", "--as-is"))
    for name in ("text.db", "other.db", "folder.db"):
        for words in commands:
            result = run(*words, "--ledger", name)
            assert (result.exit_code, result.stdout) == (1, "")
            assert re.fullmatch(rf"onrecord: {name}: (is not a ledger|cannot be opened).*--ledger\n", result.stderr)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.db", "other.db", "story.txt", "text.db"]


def test_an_address_that_leads_nowhere_is_one_line_and_hides_the_password(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    url = "postgresql://me:secret@127.0.0.1:1/name"
    for words in (("claims",), ("add", tmp_path / "story.txt", "--as-is"), ("verify",)):
        refused(1, "me:***@127.0.0.1:1/name: no database answers there; start it", *words, "--ledger", url)
    refused(
        1, "mysql://me:***@host/name: is no address of a ledger", "claims", "--ledger", "mysql://me:secret@host/name"
    )


def test_a_question_that_makes_no_sense_is_one_line(held: str) -> None:
    for option, value, message in (
        ("--before", "yesterday", "'yesterday' is no date; write 2022-11-05, 2022-11 or 2022"),
        ("--party", "Nobody", "the ledger knows no party called 'Nobody'"),
        ("--party", "malformed\x1b[31m", "the ledger knows no party called 'malformed"),
        ("--words", "…", "has no word in it"),
        ("--next", "x", "follows no page"),
        ("--at-least", "nan", "a number"),
        ("--act", "to send", "is no act; write transfer"),
        ("--as-of", "soon", "is no date"),
        ("--publisher", "\udcff", "has no word in it"),
    ):
        refused(2, message, "claims", option, value, "--ledger", held)
    for option, value in (("--stance", "lie"), ("--limit", "0"), ("--voice", "x"), ("--at-most", "many")):
        result = run("claims", option, value, "--ledger", held)
        assert (result.exit_code, result.stdout) == (2, "")


def test_a_decision_that_makes_no_sense_changes_nothing(held: str) -> None:
    before = head(held)
    at = ("--ledger", held)
    for words, message in (
        (("show", "zzzz"), "the ledger holds nothing with the id 'zzzz'; an id is 16 digits and letters a to f"),
        (("correct", DENIAL, "stance", "lie", "--why", "x"), "stance cannot be 'lie'; write one of: "),
        (("correct", DENIAL, "words", "x", "--why", "x"), "'words' is nothing that can be corrected here"),
        (
            ("correct", DENIAL, "act.1.status", "done", "--why", "x"),
            "is no field of this claim; it has no acts and no fig",
        ),
        (("correct", SECOND.document.id, "stance", "deny", "--why", "x"), "is a document, and a claim is asked for"),
        (("retract", DENIAL, "--why", "x"), "is a claim; what can be retracted is a document or a reading"),
        (("undo", DENIAL, "--why", "x"), "is a claim, and a decision is asked for"),
        (("merge", "Ana Relvas", "ana relvas", "--why", "x"), "is the same party already"),
        (
            ("split", "Ana Relvas", OTHER.document.id, "--name", "B", "--why", "x"),
            "Ana Relvas does not occur in document",
        ),
        (("split", "Ana Relvas", SECOND.document.id, "--name", " ", "--why", "x"), "needs a name"),
        (("note", DENIAL, " "), "the note is empty"),
        (("note", DENIAL, "half a \udcff"), "holds a character that cannot be kept"),
        (("retract", OTHER.document.id, "--why", "\udcff"), "holds a character that cannot be kept"),
        (("split", "Ana Relvas", SECOND.document.id, "--name", "\udcff", "--why", "x"), "needs a name"),
        (("undo", "0000", "--why", " "), "holds nothing with the id"),
        (("correct", DENIAL, "stance", "deny", "--why", " "), "a decision needs a reason; say why"),
        (("diff-runs", "1.0", "9.9"), "'9.9' names no run of this ledger; `onrecord runs` lists them"),
    ):
        refused(2, message, *words, *at)
    for words in (("correct", DENIAL, "stance", "deny"), ("merge", "a"), ("note", DENIAL), ("undo",)):
        assert run(*words, *at).exit_code == 2  # click says what is missing
    assert head(held) == before


def test_faults_are_named_one_by_one_and_end_with_their_number(held: str) -> None:
    noted = head(held)[1]
    wrong = run("verify", "--head", "0" * 64, "--ledger", held)
    assert wrong.exit_code == 1
    assert f"no row has the hash {'0' * 64}: something up to it was changed" in wrong.stderr
    with opened(held) as raw:
        raw.execute("UPDATE log SET who = 'Joris' WHERE seq = 2")
    result = run("verify", "--head", noted, "--ledger", held)
    assert result.exit_code == 1
    *faults, last = result.stderr.splitlines()
    assert faults
    assert all(re.match("onrecord: row 2 of the log: ", line) for line in faults)
    assert last == f"onrecord: {len(faults)} fault{'' if len(faults) == 1 else 's'}"


def test_verify_goes_on_where_a_page_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Ledger(path, create=True, clock=Clock()) as ledger:
        ledger.add([FIRST, SECOND, OTHER, sample_reading()])
    sound = path.read_bytes()
    silent = []
    for number in range(2, len(sound) // PAGE + 1):
        path.write_bytes(damage(sound, number))
        try:
            Ledger(path, read_only=True).close()
        except LedgerError:
            continue
        result = run("verify", "--ledger", path)
        assert result.exit_code == 1
        if not re.search(rf"(?i)the file is damaged: .*page {number}[: ].*\n.*faults\n\Z", result.stderr, re.DOTALL):
            silent.append(number)
    assert not silent


def test_a_refused_import_makes_no_ledger(held: str, new_place: Callable[[], str], tmp_path: Path) -> None:
    path, where = tmp_path / "out.jsonl", new_place()
    done("export", path, "--ledger", held)
    rows = path.read_bytes().splitlines(keepends=True)
    for what in (
        "a row is missing",
        "a row is there twice",
        "two rows changed places",
        "it is empty",
        "it is not UTF-8",
    ):
        change, _ = WRONG[what]
        path.write_bytes(b"".join(change(rows)))
        refused(1, "; nothing was taken in", "import", path, "--ledger", where)
        refused(1, "there is no ledger", "status", "--ledger", where)
        refused(1, "; nothing was taken in", "import", path, "--ledger", held)
    assert done("export", "--ledger", held).stdout_bytes == b"".join(rows)
    path.write_bytes(b"".join(rows)[:-20])
    refused(1, f"{path}: line {len(rows)}", "import", path, "--ledger", where)
    refused(
        2, "there is no such file; name what `onrecord export` wrote", "import", tmp_path / "gone", "--ledger", where
    )
    refused(2, "there is no such file", "import", tmp_path, "--ledger", where)


def test_an_import_into_another_ledger_leaves_it(held: str, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    done("export", path, "--ledger", held)
    with Ledger(tmp_path / "other.db", create=True) as ledger:
        ledger.add([sample_reading()])
    before = head(str(tmp_path / "other.db"))
    refused(
        1,
        "holds other rows than the file, and was left as it is; name a new",
        "import",
        path,
        "--ledger",
        tmp_path / "other.db",
    )
    assert head(str(tmp_path / "other.db")) == before
    assert done("import", path, "--ledger", held).stderr.endswith(": 0 rows taken in\n")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_file_that_may_not_be_read_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("{}")
    path.chmod(0)
    let_in(tmp_path)
    message = f"onrecord: {path}: cannot be read (permission denied); check its permissions\n"
    with unprivileged():
        refused(1, message, "import", path, "--ledger", tmp_path / "a.db")
    assert not (tmp_path / "a.db").exists()


def test_what_is_there_is_not_written_over(held: str, tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.write_text("mine")
    refused(2, f"{path}: is there already; name a new file, or move this one away", "export", path, "--ledger", held)
    refused(1, f"{path}: is there already; name a new file for the backup", "backup", path, "--ledger", held)
    assert path.read_text() == "mine"
    gone = tmp_path / "gone" / "out"
    refused(1, f"{gone} cannot be written (no such file or directory)", "export", gone, "--ledger", held)
    refused(1, f"{gone}: its folder is not there; name a file in one that is", "backup", gone, "--ledger", held)
    assert [entry.name for entry in tmp_path.iterdir() if not entry.name.startswith("ledger-")] == ["mine"]


def test_an_export_that_breaks_off_leaves_no_file(held: str, tmp_path: Path) -> None:
    with opened(held) as raw:
        raw.execute("UPDATE reading SET body = {} WHERE no = 2", b"\0broken")
    refused(1, "is damaged", "export", tmp_path / "out.jsonl", "--ledger", held)
    assert not [entry for entry in tmp_path.iterdir() if "out.jsonl" in entry.name]


def test_the_native_format_is_of_the_whole(held: str) -> None:
    refused(
        2, "the native format holds the whole ledger; name another --format", "export", "--party", "x", "--ledger", held
    )
    refused(2, "'odt' is no format; write one of: native, jsonl, csv", "export", "--format", "odt", "--ledger", held)


def test_a_reader_that_cannot_be_loaded_is_one_line(where: str, tmp_path: Path) -> None:
    from samples import load_no_reader

    (tmp_path / "story.txt").write_text(STORY)
    result = run("add", tmp_path / "story.txt", "--as-is", "--ledger", where, reader=load_no_reader)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "onrecord: the model folder is damaged\n"
    assert RUN.model.startswith("sample")
