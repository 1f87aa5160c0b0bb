"""Verifying: whatever is changed in a ledger behind its back is found, and where."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import onrecord.store.proof
from onrecord.codec import encode_reading
from onrecord.errors import LedgerError
from onrecord.ledger import Ledger
from onrecord.model import Question, Reading, Stance
from onrecord.store.schema import key_of
from onrecord.store.store import GENESIS, chain
from onrecord.store.terms import index_rows, known_parties
from samples import failed_reading, sample_reading
from tests.store.histories import Clock
from tests.store.raw import altered, is_sqlite, opened
from tests.store.world import RUNS, Number, Said, Spot, Who, compose

PAGE = "https://a.example/one"
PLACE = Spot("Odesa", 698740, "Odesa", "UA")
FIRST = compose(Said([["ten drones came", PLACE]], who=Who("Joris Maat")), url=PAGE, published="2022-11-05")
SECOND = compose(
    Said([["nine drones came", Number("Four", 4, 4, counted="cranes")]], who=Who("Joris Maat")),
    Said([["nothing came", PLACE]], who=Who("Ana Relvas"), stance=Stance.DENY),
    url=PAGE,
    published="2022-11-06",
    run=RUNS[1],
)
OTHER = compose(Said([["no comment"]], who=Who("Joris Mat")), url="https://a.example/two")


@pytest.fixture
def full(ledger: Ledger, clock: Clock) -> Ledger:
    """Rows 1 to 9 of the log: three readings, a failure, a correction, a merger, a note, and a retraction undone."""
    list(ledger.add([FIRST, failed_reading()]))
    clock.now += timedelta(days=1)
    list(ledger.add([SECOND, OTHER]))
    ledger.correct(SECOND.attributions[0].id, "stance", "fear", why="so")
    ledger.merge("Joris Mat", "Joris Maat", why="so")
    ledger.note(OTHER.document.id, "call them")
    decision = ledger.retract(OTHER.document.id, why="withdrawn")
    ledger.undo(decision.id, why="not so")
    return ledger


def faults(ledger: Ledger, *, deep: bool = False) -> list[str]:
    return [f"{fault.where}: {fault.what}" for fault in ledger.verify(deep=deep)]


def entry_of(reading: Reading) -> str:
    return hashlib.sha256(encode_reading(reading)).hexdigest()[:16]


def test_a_ledger_that_nobody_touched_is_as_it_was_recorded(full: Ledger) -> None:
    seen: list[tuple[int, int]] = []
    assert list(full.verify(deep=True, on_row=lambda *row: seen.append(row))) == []
    assert seen == [(number, 9) for number in range(1, 10)]


def test_every_fault_is_one_line(full: Ledger, where: str) -> None:
    with opened(where) as raw:
        raw.execute("UPDATE log SET who = 'somebody\n\x1b[31melse', digest = hash")
    found = list(full.verify())
    assert len(found) >= 9
    assert all("\n" not in fault.where + fault.what for fault in found)


# --- the log ---------------------------------------------------------------------------------------------------------


_COLUMNS = "at, who, verb, subject, digest, hash"
LOG: dict[str, tuple[tuple[str, ...], str]] = {
    **{
        f"another {change.split()[0]}": (
            (f"UPDATE log SET {change} WHERE seq = 3",),
            "row [34] of the log: it is not what was logged: its hash does not follow from it and the row before",
        )
        for change in (
            "who = 'Joris'",
            "at = at + 1",
            "verb = 'reread'",
            "digest = hash",
            "hash = digest",
            "subject = 7",
        )
    },
    "a row is gone": (("DELETE FROM log WHERE seq = 3",), "row 4 of the log: row 3 is missing before it"),
    "what it was about is left": (("DELETE FROM log WHERE seq = 3",), "reading {second}: it is in the ledger, and the"),
    "the last row is cut off": (("DELETE FROM log WHERE seq >= 9",), "decision .*: it is in the ledger, and the log"),
    "the last rows are cut off": (("DELETE FROM log WHERE seq >= 4",), "reading .*: it is in the ledger, and the log"),
    "a row is put in": (
        (f"INSERT INTO log (seq, {_COLUMNS}) SELECT 10, {_COLUMNS} FROM log WHERE seq = 4",),
        "row 10 of the log: it is not what was logged: its hash does not follow from it and the row before",
    ),
    "two rows changed places": (
        tuple(f"UPDATE log SET seq = {to} WHERE seq = {seq}" for seq, to in ((3, -1), (4, 3), (-1, 4))),
        "row 3 of the log: it is not what was logged",
    ),
}


def test_a_changed_log_is_found(full: Ledger, where: str, subtests: pytest.Subtests) -> None:
    for what, (changes, expected) in LOG.items():
        with subtests.test(what), altered(where, *changes):
            assert_found(expected, faults(full))
    assert faults(full) == []


def assert_found(expected: str, found: list[str]) -> None:
    names = {"first": entry_of(FIRST), "second": entry_of(SECOND), "page": FIRST.document.id, "now": SECOND.document.id}
    names["claim"] = SECOND.attributions[0].id
    assert any(re.match(expected.format(**names), line) for line in found), found


# --- records ---------------------------------------------------------------------------------------------------------


def test_a_changed_byte_of_a_record_is_found(full: Ledger, where: str) -> None:
    for at in (0, 1, 20, -40, -1):
        with altered(where, "UPDATE reading SET no = no"):
            with opened(where) as raw:
                body = bytearray(raw.one("SELECT body FROM reading WHERE no = 1"))
                body[at] ^= 0x10
                raw.execute("UPDATE reading SET body = {} WHERE no = 1", bytes(body))
            assert_found("reading {first}, row 1 of the log: its record", faults(full))


def test_a_record_that_was_written_anew_is_found(full: Ledger, where: str) -> None:
    line = encode_reading(FIRST).replace(b"ten drones", b"two drones")
    with opened(where) as raw:
        raw.execute("UPDATE reading SET body = {} WHERE no = 1", zlib.compress(line))
    named = (
        f"reading {entry_of(FIRST)}, row 1 of the log: its record is not the one that was logged: its digest is another"
    )
    assert named in faults(full)


def test_words_that_do_not_fit_their_text_are_found_even_under_a_log_that_fits(where: str, ledger: Ledger) -> None:
    list(ledger.add([FIRST]))
    line = encode_reading(FIRST).replace(b'"exact":"ten drones came Odesa"', b'"exact":"two drones came Odesa"')
    assert line != encode_reading(FIRST)
    proof = hashlib.sha256(line).digest()
    with opened(where) as raw:
        at = raw.one("SELECT at FROM log")
        forged = chain(GENESIS, 1, at, "Mila", "add", proof.hex()[:16], proof)
        key = key_of(proof.hex()[:16])
        raw.execute("UPDATE reading SET body = {}, id = {}", zlib.compress(line), key)
        raw.execute("UPDATE log SET digest = {}, hash = {}, subject = {}", proof, forged, key)
    (found,) = faults(ledger)
    assert re.fullmatch(
        rf"reading {proof.hex()[:16]}, row 1 of the log: its record is not a reading: "
        r"attributions\[0\]\.content: the text at \d+\.\.\d+ is not what exact says",
        found,
    )


RECORDS: dict[str, tuple[str, str]] = {
    "a reading is gone": ("DELETE FROM reading WHERE no = 1", "reading {first}, row 1 of the log: it is missing"),
    "a decision is gone": ("DELETE FROM decision WHERE no = 1", "decision .*, row 5 of the log: it is missing"),
    "a document is gone": ("DELETE FROM document WHERE no = 1", "reading {first}, row 1 of the log: it is filed under"),
    "a run is gone": ("DELETE FROM run WHERE no = 3", "reading {second}, row 3 of the log: it is filed under another"),
    "a run has another version": ("UPDATE run SET version = '9' WHERE no = 3", "reading {second}, row 3 .*filed under"),
    "a run has another model": ("UPDATE run SET model = 'x' WHERE no = 3", "reading {second}, row 3 .*filed under"),
    "a run has other settings": ("UPDATE run SET settings = '[1]' WHERE no = 3", "reading {second}, row 3 .*filed"),
    "a reading is of another document": (
        "UPDATE reading SET document = 3 WHERE no = 1",
        "reading {first}, row 1 of the log: it is filed under another document or run than its own",
    ),
    "a reading is of another run": ("UPDATE reading SET run = 2 WHERE no = 1", "reading {first}, row 1 .*or run"),
    "a reading came with another row": ("UPDATE reading SET seq = 3 WHERE no = 1", "reading {first}: it is in the"),
    "a document has another address": ("UPDATE document SET url = 'x' WHERE no = 1", "reading {first}.* another page"),
    "a document is of another page": ("UPDATE document SET page = 7 WHERE no = 1", "reading {first}.* another page"),
    "a document has another id": ("UPDATE document SET id = 7 WHERE no = 1", "reading {first}, row 1.*filed under"),
    "a document came with another row": ("UPDATE document SET seq = 4 WHERE no = 1", "document {page}: .*"),
    "a decision is about another": ("UPDATE decision SET subject = 7 WHERE no = 1", "decision .*, row 5.*filed under"),
    "a decision is of another kind": ("UPDATE decision SET kind = 'note' WHERE no = 1", "decision .*, row 5.*filed"),
    "a decision is of another text": ("UPDATE decision SET document = 7 WHERE no = 1", "decision .*, row 5.*filed"),
    "a decision has another id": ("UPDATE decision SET id = 7 WHERE no = 1", "decision .*, row 5 of the log: it is mi"),
    "a decision came with another row": (
        "UPDATE decision SET seq = 2 WHERE no = 1",
        "decision .*: it is in the ledger",
    ),
    "a reading that nobody added": (
        "INSERT INTO reading (no, id, document, run, seq, body) SELECT 90, 90, document, run, 90, body FROM reading"
        " WHERE no = 1",
        "reading 800000000000005a: it is in the ledger, and the log does not say that it was recorded",
    ),
    "a decision that nobody took": (
        "INSERT INTO decision (no, id, seq, kind, subject, document, body)"
        " SELECT 90, 90, 90, kind, subject, document, body FROM decision WHERE no = 1",
        "decision 800000000000005a: it is in the ledger, and the log does not say that it was recorded",
    ),
    "a document that nobody added": (
        "INSERT INTO document (no, id, page, url, seq) VALUES (90, 90, 90, '', 90)",
        "document 800000000000005a: there is no reading of it",
    ),
}


def test_a_changed_record_is_found(full: Ledger, where: str, subtests: pytest.Subtests) -> None:
    for what, (change, expected) in RECORDS.items():
        with subtests.test(what), altered(where, change):
            assert_found(expected, faults(full))
    assert faults(full) == []


def test_an_altered_decision_is_found(full: Ledger, where: str) -> None:
    for number in range(1, 6):
        with altered(where, "UPDATE decision SET no = no"):
            with opened(where) as raw:
                body = bytes(raw.one("SELECT body FROM decision WHERE no = {}", number))
                raw.execute("UPDATE decision SET body = {} WHERE no = {}", body.replace(b"Mila", b"Joris"), number)
            expected = f"decision .*, row {number + 4} of the log: its record is not the one that was logged"
            assert_found(expected, faults(full))
            # Whoever asks is told what to do.
            told = pytest.raises(LedgerError, match="`onrecord verify` says which")
            with Ledger(where, read_only=True) as fresh, told:
                list(fresh.find_decisions())


# --- what counts, and the index --------------------------------------------------------------------------------------


INDEX: dict[str, tuple[str, str]] = {
    "a page points to another version": (
        "UPDATE page SET document = 1, reading = 1 WHERE document = 2",
        "document {now}: another version or reading of its page counts than the log says",
    ),
    "two pages changed places": (
        "UPDATE page SET document = 5 - document, reading = 7 - reading",
        "document {now}: another version or reading of its page counts than the log says",
    ),
    "a page is gone": ("DELETE FROM page WHERE document = 2", "document {now}: its page is missing in the index"),
    "a claim is gone": (
        "DELETE FROM claim WHERE rank = (SELECT max(rank) FROM claim WHERE until IS NULL)",
        "document {now}: 2 claims of it count, and the index holds 1 of them",
    ),
    "a claim is under another day": (
        "UPDATE claim SET days = days + 1 WHERE reading = 3",
        "document {now}: claim {claim} is entered under another day",
    ),
    "a claim is in another voice": (
        "UPDATE claim SET is_own = 1 WHERE reading = 3",
        "document {now}: claim {claim} is entered under another .* voice",
    ),
}


def test_an_index_that_says_something_else_is_found(full: Ledger, where: str, subtests: pytest.Subtests) -> None:
    for what, (change, expected) in INDEX.items():
        with subtests.test(what), altered(where, change):
            assert_found(expected, faults(full))
    assert faults(full) == []


def test_wrong_terms_are_found(full: Ledger, where: str) -> None:
    row = index_rows(SECOND, known_parties(SECOND))[1]
    with opened(where) as raw:
        rank = raw.one("SELECT rank FROM claim WHERE id = {} AND until IS NULL", key_of(row.id))
        if is_sqlite(where):
            raw.execute(
                "INSERT INTO terms (terms, rowid, tokens) VALUES ('delete', {}, {})", rank, f"{row.words} {row.facets}"
            )
            other = f"{row.words.replace('nothing', 'something')} {row.facets}"
            raw.execute("INSERT INTO terms (rowid, tokens) VALUES ({}, {})", rank, other)
        else:
            raw.execute("UPDATE claim SET terms = ts_delete(terms, 'nothing') WHERE rank = {}", rank)
    assert list(full.find_claims(Question(words="nothing"))) == []
    assert faults(full) == [
        f"document {SECOND.document.id}: claim {row.id} cannot be found by its words: the index has others"
    ]


DERIVED = {
    "a page is gone": "DELETE FROM page WHERE document = 3",
    "a page too many": "INSERT INTO page (id, document, reading) VALUES (7, 1, 1)",
    "a claim of a former version is gone": "DELETE FROM claim WHERE reading = 1",
    "a claim began at another time": "UPDATE claim SET since = 2 WHERE reading = 1",
    "a claim counts that counts no more": "UPDATE claim SET until = NULL WHERE reading = 1",
    "a claim ended at another time": "UPDATE claim SET until = 4 WHERE reading = 1",
    "a claim is in another voice": "UPDATE claim SET is_own = 1 WHERE reading = 1",
    "a figure is gone": "DELETE FROM figure",
    "a figure is another": "UPDATE figure SET high = 5",
    "a figure too many": "INSERT INTO figure (rank, number, counted) VALUES (7, 7, '')",
    "a party is gone": "DELETE FROM party WHERE name = 'Ana Relvas'",
    "a party is called otherwise": "UPDATE party SET name = 'Anna Relvas' WHERE name = 'Ana Relvas'",
    "a name is gone": "DELETE FROM alias WHERE name = 'ana relvas'",
    "a name too many": "INSERT INTO alias (name, party) VALUES ('zed', 7)",
    "a place is gone": "DELETE FROM place",
    "a word is gone": "DELETE FROM word WHERE word = 'drones'",
    "a word too many": "INSERT INTO word (word) VALUES ('zzz')",
    # The next claim would be entered under a number that another has.
    "a number of claims that is wrong": "UPDATE onrecord_meta SET value = '0' WHERE name = 'claims'",
}


def test_all_that_is_derived_is_proven_by_making_it_anew(full: Ledger, where: str, subtests: pytest.Subtests) -> None:
    for what, change in DERIVED.items():
        with subtests.test(what), altered(where, change):
            assert faults(full, deep=True)
    assert faults(full, deep=True) == []


# --- what only a hash that was noted down can prove ------------------------------------------------------------------


def test_a_hash_that_was_noted_down_proves_all_before_it(full: Ledger, where: str) -> None:
    noted = full.get_head()[1]
    full.note(OTHER.document.id, "later")
    assert full.has_row(noted)
    assert not full.has_row(noted[:-1] + ("0" if noted[-1] != "0" else "1"))
    assert not full.has_row("")
    assert not full.has_row("no hash")


def test_a_ledger_that_was_made_anew_throughout_does_not_have_the_hash(
    full: Ledger, new_place: Callable[[], str], clock: Clock
) -> None:
    with Ledger(new_place(), create=True, who="Mila", clock=clock) as forged:
        list(forged.add([SECOND, failed_reading()]))
        assert faults(forged) == []
        assert not forged.has_row(full.get_head()[1])


# --- while others work -----------------------------------------------------------------------------------------------


def test_verifying_finds_nothing_wrong_with_what_others_do_meanwhile(full: Ledger, where: str, clock: Clock) -> None:
    with Ledger(where, who="Joris", clock=clock) as other, Ledger(where, read_only=True) as looking:

        def disturb(row: int, _: int) -> None:
            if row == 2:
                list(other.add([FIRST, sample_reading()]))
                other.correct(SECOND.attributions[0].id, "stance", "deny", why="so")
                other.retract(OTHER.document.id, why="so")

        assert list(looking.verify(on_row=disturb)) == []
        assert list(looking.verify()) == []


def test_making_it_anew_finds_nothing_wrong_with_what_others_do_meanwhile(
    full: Ledger, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_lines = onrecord.store.proof.import_lines

    def disturb(*given: Any, **named: Any) -> int:
        taken = import_lines(*given, **named)
        list(full.add([FIRST, sample_reading()]))
        full.correct(SECOND.attributions[0].id, "stance", "deny", why="so")
        return taken

    monkeypatch.setattr(onrecord.store.proof, "import_lines", disturb)
    with Ledger(where, read_only=True) as looking:
        assert list(looking.verify(deep=True)) == []


def test_a_damaged_record_stops_no_question_about_others(full: Ledger, where: str) -> None:
    with opened(where) as raw:
        raw.execute("UPDATE reading SET body = {} WHERE no = 4", b"\0broken")
    with Ledger(where, read_only=True) as fresh:
        assert len(list(fresh.find_claims(Question(words="drones")))) == 1
        assert json.loads(next(fresh.export()))
