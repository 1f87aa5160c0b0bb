"""Out and in: an export is the whole ledger, and nothing that is not right is taken in. Backups while others write."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onrecord.codec import decode_decision, encode_decision
from onrecord.errors import DecodeError, LedgerError, NotFound
from onrecord.ledger import Ledger
from onrecord.model import DecisionKind, Question, Span
from onrecord.store.schema import microseconds
from onrecord.store.store import GENESIS, chain
from samples import failed_reading, readings, sample_reading
from tests.store.histories import Clock, History, questions
from tests.store.oracle import answers
from tests.store.test_proof import FIRST, OTHER, SECOND
from tests.store.world import RUNS, Said, Who, compose

ANY = Question(voice=None)
fixed = settings(
    max_examples=5,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
def full(ledger: Ledger) -> Ledger:
    """Seven rows: three readings, one of them twice, a failure, a correction, a note."""
    list(ledger.add([FIRST, failed_reading(), SECOND, FIRST], is_live=True))
    ledger.correct(FIRST.attributions[0].id, "stance", "fear", why="so")
    list(ledger.add([OTHER]))
    ledger.note(OTHER.document.id, "call them")
    return ledger


def written(ledger: Ledger, path: Path) -> Path:
    path.write_bytes(b"".join(ledger.export()))
    return path


def state(ledger: Ledger) -> tuple[object, ...]:
    """What can be seen of a ledger."""
    return (
        ledger.get_head(),
        ledger.count_things(),
        answers(ledger.find_claims(ANY)),
        answers(ledger.find_claims(Question(voice=None, superseded=True))),
        list(ledger.find_decisions()),
        list(ledger.find_entries(everything=True)),
    )


# --- nothing is lost -------------------------------------------------------------------------------------------------


def test_what_was_written_out_is_taken_in_whole(full: Ledger, new_place: Callable[[], str], tmp_path: Path) -> None:
    path = written(full, tmp_path / "out.jsonl")
    seen: list[None] = []
    with Ledger(new_place(), create=True, who="another", clock=Clock()) as copy:
        assert copy.import_file(path, on_row=lambda: seen.append(None)) == 7
        assert len(seen) == 7
        assert state(copy) == state(full)
        assert list(copy.verify(deep=True)) == []
        assert list(copy.export()) == list(full.export())
        # It is a ledger like any other.
        list(copy.add([sample_reading()]))
        assert copy.get_head()[0] == 8


def test_an_export_is_lines_that_a_person_can_read(full: Ledger) -> None:
    head, *rows, tail = (json.loads(line) for line in full.export())
    assert head == {"onrecord": "ledger", "format": 1}
    assert [(row["seq"], row["verb"], row["who"]) for row in rows] == [
        (1, "add", "Mila"),
        (2, "add", "Mila"),
        (3, "add", "Mila"),
        (4, "add", "Mila"),
        (5, "correct", "Mila"),
        (6, "add", "Mila"),
        (7, "note", "Mila"),
    ]
    assert rows[0]["record"]["document"]["text"] == FIRST.document.text
    assert rows[3]["record"] is None  # the page says again what it said in row 1
    assert tail == {"rows": 7, "hash": rows[-1]["hash"]}


def test_an_empty_ledger_is_written_out_and_taken_in(
    ledger: Ledger, new_place: Callable[[], str], tmp_path: Path
) -> None:
    path = written(ledger, tmp_path / "out.jsonl")
    assert len(path.read_bytes().splitlines()) == 2
    with Ledger(new_place(), create=True) as copy:
        assert copy.import_file(path) == 0
        assert list(copy.export()) == list(ledger.export())


@fixed
@given(data=st.data())
def test_whatever_happened_is_taken_in_whole(
    new_place: Callable[[], str], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("out") / "out.jsonl"
    with History(new_place()) as history, Ledger(new_place(), create=True) as copy:
        for _ in range(data.draw(st.integers(2, 9), "steps")):
            history.go_on(data.draw)
        list(history.ledger.add(data.draw(st.lists(readings(), max_size=2), "any readings")))
        copy.import_file(written(history.ledger, path))
        assert list(copy.export()) == list(history.ledger.export())
        assert state(copy) == state(history.ledger)
        for _ in range(4):
            question, _, _ = data.draw(questions(history), "question")
            try:
                expected = answers(history.ledger.find_claims(question))
            except NotFound:
                continue
            assert answers(copy.find_claims(question)) == expected
        assert list(copy.verify(deep=True)) == []


def test_a_ledger_goes_from_one_store_to_another_and_back(
    full: Ledger, where: str, server: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if "://" not in where:
        pytest.skip("the way there and back begins in PostgreSQL here; from SQLite it is the same way")
    path = written(full, tmp_path / "out.jsonl")
    with Ledger(tmp_path / "copy.db", create=True) as file:
        file.import_file(path)
        assert state(file) == state(full)
        again = written(file, tmp_path / "again.jsonl")
    assert again.read_bytes() == path.read_bytes()


def test_a_compressed_export_is_taken_in(full: Ledger, new_place: Callable[[], str], tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(full.export())))
    with Ledger(new_place(), create=True) as copy:
        copy.import_file(path)
        assert state(copy) == state(full)


def test_who_recorded_it_and_when_is_kept(full: Ledger, new_place: Callable[[], str], tmp_path: Path) -> None:
    path = written(full, tmp_path / "out.jsonl")
    later = Clock(full._clock().replace(year=2030))
    with Ledger(new_place(), create=True, who="somebody else", clock=later) as copy:
        copy.import_file(path)
        assert {entry.who for entry in copy.find_entries(everything=True)} == {"Mila"}
        assert {entry.at for entry in copy.find_entries(everything=True)} == {"2024-01-01T00:00:00.000000Z"}


# --- going on --------------------------------------------------------------------------------------------------------


def test_an_import_that_was_stopped_goes_on(
    full: Ledger, new_place: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.store.proof._BATCH", 2)
    path = written(full, tmp_path / "out.jsonl")
    for stopped_at in range(1, 8):
        rows = 0

        def stop() -> None:
            nonlocal rows
            rows += 1
            if rows == stopped_at:  # noqa: B023 - it is called before the next is made
                raise KeyboardInterrupt

        with Ledger(new_place(), create=True) as copy:
            with pytest.raises(KeyboardInterrupt):
                copy.import_file(path, on_row=stop)
            held = copy.get_head()[0]
            assert held == stopped_at // 2 * 2
            assert copy.import_file(path) == 7 - held
            assert state(copy) == state(full)


def test_the_same_import_again_takes_in_nothing(full: Ledger, tmp_path: Path) -> None:
    path = written(full, tmp_path / "out.jsonl")
    before = state(full)
    assert full.import_file(path) == 0
    assert state(full) == before


def test_a_ledger_catches_up_with_a_later_export_of_itself(
    full: Ledger, new_place: Callable[[], str], tmp_path: Path
) -> None:
    with Ledger(new_place(), create=True) as copy:
        copy.import_file(written(full, tmp_path / "early.jsonl"))
        full.add([SECOND, sample_reading()], is_live=True)
        assert copy.import_file(written(full, tmp_path / "late.jsonl")) == 2
        assert state(copy) == state(full)
        with pytest.raises(LedgerError, match="holds more rows than the file, and was left as it is"):
            copy.import_file(tmp_path / "early.jsonl")
        assert state(copy) == state(full)


def test_another_ledger_is_left_as_it_is(full: Ledger, new_place: Callable[[], str], tmp_path: Path) -> None:
    path = written(full, tmp_path / "out.jsonl")
    with Ledger(new_place(), create=True) as other:
        list(other.add([sample_reading()]))
        before = state(other)
        with pytest.raises(
            LedgerError, match="holds other rows than the file, and was left as it is; name a new ledger"
        ):
            other.import_file(path)
        assert state(other) == before


# --- what is not right is refused ------------------------------------------------------------------------------------


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def decided(rows: list[bytes], **changes: Any) -> list[bytes]:
    """The rows up to the correction, which is another, in a log that fits."""
    line = rows[5]
    at = line.index(b'"record":') + len(b'"record":')
    decision = dataclasses.replace(decode_decision(line[at:-2]), **changes)
    verb = f'"verb":"{decision.kind}"'.encode()
    return forged([*rows[1:5], line[:at].replace(b'"verb":"correct"', verb) + encode_decision(decision) + line[-2:]])


def forged(rows: list[bytes], *, days: Sequence[str] = ()) -> list[bytes]:
    """The rows with numbers and hashes that fit each other, as a forger would write them."""
    last, made = GENESIS, []
    for number, line in enumerate(rows, 1):
        row = json.loads(line)
        # What stands in the record is what its digest is of, to the byte.
        raw = line[line.index(b'"record":') + len(b'"record":') : -2]
        if raw != b"null":
            row["digest"] = hashlib.sha256(raw).hexdigest()
            row["subject"] = (
                row["digest"][:16] if row["verb"] in ("add", "reread") else json.loads(raw).get("id", row["subject"])
            )
        at = 1_704_067_200_000_000
        if days:
            row["at"] = f"{days[number - 1]}T00:00:00.000000Z"
            at = microseconds(datetime.fromisoformat(row["at"]))
        last = chain(last, number, at, row["who"], row["verb"], row["subject"], bytes.fromhex(row["digest"]))
        row |= {"seq": number, "hash": last.hex()}
        del row["record"]
        made.append(json.dumps(row, separators=(",", ":")).encode()[:-1] + b',"record":' + raw + b"}\n")
    tail = {"rows": len(made), "hash": last.hex()}
    return [*made, json.dumps(tail, separators=(",", ":")).encode() + b"\n"]


Change = Callable[[list[bytes]], list[bytes]]
WRONG: dict[str, tuple[Change, str]] = {
    "a row is missing": (lambda rows: rows[:2] + rows[3:], "line 3 has row 3 of the log, where row 2 belongs"),
    "the first row is missing": (lambda rows: rows[:1] + rows[2:], "line 2 has row 2 of the log, where row 1 belongs"),
    "the last row is missing": (
        lambda rows: rows[:7] + rows[8:],
        "line 8 says that 7 rows stand above, and there are 6",
    ),
    "the first line is missing": (lambda rows: rows[1:], "line 1 is no ledger that `onrecord export` wrote"),
    "the last line is missing": (
        lambda rows: rows[:-1],
        "breaks off after line 8: the last line of a ledger is missing",
    ),
    "a row is there twice": (lambda rows: rows[:3] + rows[2:], "line 4 has row 2 of the log, where row 3 belongs"),
    "a row is too many": (
        lambda rows: [*rows[:-1], rows[-2].replace(b'"seq":7', b'"seq":8'), rows[-1]],
        "line 9 does not follow from the rows before it: its hash is another",
    ),
    "two rows changed places": (lambda rows: [*rows[:2], rows[3], rows[2], *rows[4:]], "line 3 has row 3 of the log"),
    "a row is of another ledger": (
        lambda rows: [*rows[:6], rows[6].replace(b'"who":"Mila"', b'"who":"Joris"'), *rows[7:]],
        "line 7 does not follow from the rows before it: its hash is another",
    ),
    "a text was changed": (
        lambda rows: [rows[0], rows[1].replace(b"ten drones", b"two drones"), *rows[2:]],
        "line 2 has a record that is not the one that was logged",
    ),
    "a time is written otherwise": (
        lambda rows: [rows[0], rows[1].replace(b'"at":"2024-01-01T00:00:00.000000Z"', b'"at":"2024-01-01"'), *rows[2:]],
        "line 2 has a time that is not written as onrecord does",
    ),
    "a time is none": (
        lambda rows: [rows[0], rows[1].replace(b'"at":"2024', b'"at":"soon 2024'), *rows[2:]],
        "line 2 has no time",
    ),
    "a record is left out": (
        lambda rows: [rows[0], re.sub(rb'"record":.*', b'"record":null}', rows[1]), *rows[2:]],
        "line 2 has no record, and none before it is the same",
    ),
    "a row has a key too many": (
        lambda rows: [rows[0], rows[1][:-2] + b',"x":1}\n', *rows[2:]],
        "line 2 not a row of a ledger: Object contains unknown field",
    ),
    "a line is no JSON": (
        lambda rows: [*rows[:4], b"{oops}\n", *rows[4:]],
        "line 5 not a row of a ledger: JSON is malformed",
    ),
    "a line is empty": (lambda rows: [*rows[:4], b"\n", *rows[4:]], "line 5 not a row of a ledger"),
    "a line breaks off": (lambda rows: [*rows[:4], rows[4][:50]], "line 5 not a row of a ledger"),
    "it breaks off in mid-line": (lambda rows: [*rows[:-1], rows[-1][:20]], "line 9 not a row of a ledger"),
    "it is not UTF-8": (
        lambda rows: [rows[0], rows[1].replace(b"Mila", b"Mil\xff"), *rows[2:]],
        "line 2 not a row of a ledger",
    ),
    "the end has another hash": (
        lambda rows: [*rows[:-1], rows[-1].replace(b'"hash":"', b'"hash":"0')],
        "line 9 says that 7 rows stand above",
    ),
    "something stands after the end": (
        lambda rows: [*rows, rows[-1]],
        "line 10 stands after the last line of the ledger",
    ),
    "it was written by a newer onrecord": (
        lambda rows: [rows[0].replace(b'"format":1', b'"format":2'), *rows[1:]],
        "line 1 was written by a newer onrecord (format 2); upgrade onrecord",
    ),
    "it is empty": (lambda rows: [], "is empty: the last line of a ledger is missing"),
    "it is something else": (lambda rows: [b"SQLite format 3\0\n"], "line 1 is no ledger that `onrecord export` wrote"),
    "it is a reading": (lambda rows: [b'{"document":null}\n'], "line 1 is no ledger that `onrecord export` wrote"),
    "words do not fit their text, and the log fits the words": (
        lambda rows: [
            rows[0],
            *forged(
                [rows[1].replace(b'"exact":"ten drones came Odesa"', b'"exact":"two drones came Odesa"'), *rows[2:4]]
            ),
        ],
        "line 2 not a reading: attributions[0].content: the text at ",
    ),
    "a decision is another than its id, and the log fits": (
        lambda rows: [rows[0], *forged([*rows[1:4], rows[5].replace(b'"value":"fear"', b'"value":"deny"')])],
        "line 5 not a decision: its id is ",
    ),
    "a decision is about words beyond the text": (
        lambda rows: [rows[0], *decided(rows, words=(Span(0, 9_000),))],
        "line 6 has a decision about words beyond the end of the text",
    ),
    "a decision is about a document that is not there": (
        lambda rows: [rows[0], *decided(rows, document="0123456789abcdef")],
        "line 6 has a decision about a document that does not stand above",
    ),
    "a merger is into something without an id": (
        lambda rows: [rows[0], *decided(rows, kind=DecisionKind.MERGE, document="", value="Joris", words=(), field="")],
        "line 6 has a decision about what is no id",
    ),
    "a row is earlier than the one before": (
        lambda rows: [rows[0], *forged(rows[1:4], days=("2024-01-02", "2024-01-02", "2024-01-01"))],
        "line 4 is earlier than the row before it",
    ),
    "a reading is taken for a decision": (
        lambda rows: [rows[0], *forged([rows[1].replace(b'"verb":"add"', b'"verb":"note"')])],
        "line 2 not a decision",
    ),
}


def test_what_is_not_right_is_refused_whole(
    full: Ledger, new_place: Callable[[], str], tmp_path: Path, subtests: pytest.Subtests
) -> None:
    path = written(full, tmp_path / "out.jsonl")
    rows = _lines(path)
    with Ledger(new_place(), create=True) as copy:
        for what, (change, message) in WRONG.items():
            changed = change(rows)
            assert changed != rows, what
            path.write_bytes(b"".join(changed))
            with subtests.test(what):
                with pytest.raises(DecodeError) as refused:
                    copy.import_file(path)
                assert str(refused.value).startswith(message)
                assert str(refused.value).endswith("; nothing was taken in")
                assert "\n" not in str(refused.value)
                assert copy.get_head() == (0, "")
                assert copy.count_things()["documents"] == 0


@pytest.mark.parametrize("cut", [20, -1, -20])
def test_a_compressed_export_that_is_damaged_is_refused(full: Ledger, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "out.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(full.export()))[:cut])
    with Ledger(tmp_path / "copy.db", create=True) as copy, pytest.raises(DecodeError, match="nothing was taken in"):
        copy.import_file(path)


def test_a_row_that_changes_nothing_is_refused_before_anything_is_taken_in(
    full: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that fits, in which a reading is added that counts already: no ledger would have recorded it."""
    monkeypatch.setattr("onrecord.store.proof._BATCH", 2)
    path = written(full, tmp_path / "out.jsonl")
    head, *rows, _ = _lines(path)
    doubled = [*rows[:6], re.sub(rb'"record":.*', b'"record":null}', rows[5])]
    path.write_bytes(b"".join([head, *forged(doubled)]))
    with Ledger(tmp_path / "copy.db", create=True) as copy:
        with pytest.raises((DecodeError, LedgerError)):
            copy.import_file(path)
        assert copy.get_head() == (0, "")


# --- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_is_a_ledger(full: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    full.back_up(target)
    with Ledger(target) as copy:
        assert state(copy) == state(full)
        assert list(copy.verify(deep=True)) == []
        list(copy.add([sample_reading()]))
    assert full.get_head()[0] == 7
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["backup.db"]


def test_a_backup_overwrites_nothing(full: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    target.write_text("mine")
    with pytest.raises(LedgerError, match="is there already; name a new file for the backup"):
        full.back_up(target)
    assert target.read_text() == "mine"
    with pytest.raises(LedgerError, match="its folder is not there; name a file in one that is"):
        full.back_up(tmp_path / "gone" / "backup.db")


def test_a_backup_is_of_one_moment_while_others_write(full: Ledger, where: str, tmp_path: Path) -> None:
    added, done = threading.Event(), threading.Event()

    def write() -> None:
        with Ledger(where, who="Joris") as other:
            number = 0
            while not done.is_set():
                said = [Said([[f"word {number} of {at}"]], who=Who(f"Who {number}")) for at in range(3)]
                list(other.add([compose(*said, url=f"https://b.example/{number % 20}", run=RUNS[number % 2])]))
                number += 1
                if number > 5:
                    added.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        added.wait()
        with Ledger(where, read_only=True) as looking:
            for number in range(3):
                looking.back_up(tmp_path / f"{number}.db")
    finally:
        done.set()
        writer.join()
    heads = []
    for number in range(3):
        with Ledger(tmp_path / f"{number}.db", read_only=True) as copy:
            assert list(copy.verify(deep=True)) == []
            heads.append(copy.get_head())
    assert heads == sorted(heads)
    assert all(full.has_row(hash_) for _, hash_ in heads)  # each is the beginning of what there is now


def test_a_backup_of_a_file_is_a_file_like_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a.db", create=True) as ledger:
        list(ledger.add([FIRST]))
        ledger.back_up(tmp_path / "b.db")
    with closing(sqlite3.connect(tmp_path / "b.db")) as copy:
        assert copy.execute("PRAGMA application_id").fetchone() == (0x6F6E7263,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_export_is_of_one_moment(full: Ledger, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.store.proof._BATCH", 2)
    lines: Iterator[bytes] = full.export()
    first = [next(lines) for _ in range(3)]
    with Ledger(where, who="Joris") as other:  # neither waits for the other
        list(other.add([sample_reading()]))
    rest = list(lines)
    assert json.loads(rest[-1])["rows"] == len(first) + len(rest) - 2 == 7
