"""Proving what the ledger holds, writing it out whole, and taking it in again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, literal_column, select, tuple_
from sqlalchemy.exc import DBAPIError

from onrecord.codec import (
    check_head,
    decode_decision,
    decode_line,
    decode_reading,
    encode_head,
    encode_row,
    encode_tail,
)
from onrecord.errors import DecodeError, LedgerError
from onrecord.model import Decision, DecisionKind, Document, Fault, Logged
from onrecord.store import schema
from onrecord.store.dialect import Terms
from onrecord.store.effective import load_decisions, load_effective
from onrecord.store.schema import RANK_SHIFT, id_of, is_id, key_of, stored_text, timestamp
from onrecord.store.store import GENESIS, Store, chain, find_highest, page_of, pages_of, prepare, rising, run_key
from onrecord.store.terms import index_rows

_BATCH = 200  # rows of the log that are looked at, or taken in, together
READINGS = ("add", "reread")
"""The verbs of rows whose subject is a reading; the others are kinds of decisions."""


def find_log(connection: Connection, after: int = 0) -> Iterator[Logged]:
    """The rows of the log from the one after this number, in order."""
    log = schema.log
    while True:
        rows = connection.execute(select(log).where(log.c.seq > after).order_by(log.c.seq).limit(_BATCH)).all()
        yield from map(logged, rows)
        if len(rows) < _BATCH:
            return
        after = rows[-1].seq


def logged(row: Any) -> Logged:
    """A row of the table as the record that it is."""
    return Logged(row.seq, timestamp(row.at), row.who, row.verb, id_of(row.subject), row.digest.hex(), row.hash.hex())


def get_head(store: Store) -> tuple[int, str]:
    """The number of rows of the log, and the hash of the last; empty if there is none."""
    with store.reading() as connection:
        last = connection.execute(select(schema.log).order_by(schema.log.c.seq.desc()).limit(1)).first()
    return (last.seq, last.hash.hex()) if last else (0, "")


def has_row(store: Store, hash_: str) -> bool:
    """Whether a row of the log has this hash."""
    try:
        wanted = bytes.fromhex(hash_)
    except ValueError:
        return False
    with store.reading() as connection:
        return connection.execute(select(schema.log.c.seq).where(schema.log.c.hash == wanted)).first() is not None


# --- out and in ------------------------------------------------------------------------------------------------------


def find_export(store: Store) -> Iterator[bytes]:
    """The lines of a file from which :func:`import_lines` makes the same ledger, each with its line break."""
    with store.reading() as connection:
        yield from _export(connection)


def _export(connection: Connection) -> Iterator[bytes]:
    yield encode_head() + b"\n"
    count, last = 0, ""
    for rows in _batched(find_log(connection)):
        bodies = _load_records(connection, rows)
        for row in rows:
            count, last = row.seq, row.hash
            body = bodies.get(row.subject)
            yield encode_row(row, body[1] if body and body[0] == row.seq else None) + b"\n"
    yield encode_tail(count, last) + b"\n"


def _batched(rows: Iterable[Logged]) -> Iterator[list[Logged]]:
    batch: list[Logged] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _load_records(connection: Connection, rows: Sequence[Logged]) -> dict[str, tuple[int, bytes]]:
    """The records that rows are about, by id, each with the number of the row that entered it."""
    found: dict[str, tuple[int, bytes]] = {}
    keys = [key_of(row.subject) for row in rows]
    for table in (schema.reading, schema.decision):
        chosen = select(table.c.id, table.c.seq, table.c.body).where(table.c.id.in_(keys))
        for row in connection.execute(chosen):
            body = row.body
            if table is schema.reading:
                try:
                    body = zlib.decompress(body)
                except zlib.error as error:
                    raise LedgerError(f"reading {id_of(row.id)} is damaged ({error}); go on with a backup") from None
            found[id_of(row.id)] = (row.seq, body)
    return found


def check_lines(lines: Iterable[bytes], *, on_row: Callable[[], None] | None = None) -> int:
    """Reads a whole export and refuses it unless everything in it is right; returns the number of its rows.

    Raises:
        DecodeError: a line is missing, doubled, out of order, changed, or not what it says it is.
    """
    last, count, ended = GENESIS, 0, False
    pages = _Pages()
    number = 0
    for number, line in enumerate(lines, 1):
        try:
            if number == 1:
                check_head(line)
                continue
            if ended:
                raise DecodeError("stands after the last line of the ledger")
            found = decode_line(line)
            if isinstance(found[0], int):
                rows, hash_ = found
                if rows != count or hash_ != (last.hex() if count else ""):
                    raise DecodeError(f"says that {rows} rows stand above, and there are {count}")
                ended = True
                continue
            row, record = found
            if row.seq != count + 1:
                raise DecodeError(f"has row {row.seq} of the log, where row {count + 1} belongs")
            _check_row(row, record, last, pages)
        except DecodeError as error:
            raise DecodeError(f"line {number} {error}; nothing was taken in") from None
        count, last = row.seq, bytes.fromhex(row.hash)
        if on_row:
            on_row()
    if not ended:
        what = "is empty" if not number else f"breaks off after line {number}"
        raise DecodeError(f"{what}: the last line of a ledger is missing; nothing was taken in")
    return count


@dataclass(slots=True)
class _Pages:
    """What an export has told so far.

    Attributes:
        readings: of each reading, its page and its document; by ids.
        shown: the document that a page shows.
        lengths: of the texts of documents.
        last_at: when the row before was recorded, in microseconds.
    """

    readings: dict[str, tuple[str, str]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    last_at: int = 0

    def check_decision(self, decision: Decision) -> None:
        """A decision that could not have been made of what stands above would stop whoever asks about it."""
        is_of_two = decision.kind in (DecisionKind.MERGE, DecisionKind.SPEAKS)
        if is_of_two and not is_id(decision.value):
            raise DecodeError("has a decision about what is no id")
        if decision.document and decision.document not in self.lengths:
            raise DecodeError("has a decision about a document that does not stand above")
        if any(span.end > self.lengths.get(decision.document, 0) for span in decision.words):
            raise DecodeError("has a decision about words beyond the end of the text")

    def enter(self, reading: str, document: Document | None) -> None:
        """A reading with its record."""
        if reading in self.readings:
            raise DecodeError("has a record that stands above already")
        identity = document.id if document else reading
        if document:
            self.lengths[document.id] = len(document.text)
        self.readings[reading] = (page_of(document.url) if document and document.url else identity, identity)

    def show(self, row: Logged, *, is_new: bool) -> None:
        """A row of a reading: what its page shows from now on."""
        page, document = self.readings[row.subject]
        if not is_new and (row.verb != "add" or self.shown.get(page) == document):
            raise DecodeError("adds what counts already, so that no ledger would have recorded it")
        if row.verb == "add":
            self.shown[page] = document


def _check_row(row: Logged, record: bytes | None, last: bytes, pages: _Pages) -> None:
    if record is not None:
        if hashlib.sha256(record).hexdigest() != row.digest:
            raise DecodeError("has a record that is not the one that was logged")
        if row.verb in READINGS:
            pages.enter(row.subject, decode_reading(record).document)
            is_right = row.subject == row.digest[:16]
        else:
            decision = decode_decision(record)
            pages.check_decision(decision)
            is_right = row.subject == decision.id and row.verb == decision.kind
        if not is_right:
            raise DecodeError("has another id than its record")
    elif row.subject not in pages.readings:
        raise DecodeError("has no record, and none before it is the same")
    if row.verb in READINGS:
        pages.show(row, is_new=record is not None)
    at = _micros(row.at)
    if at < pages.last_at:
        raise DecodeError("is earlier than the row before it")
    pages.last_at = at
    expected = chain(last, row.seq, at, row.who, row.verb, row.subject, bytes.fromhex(row.digest))
    if expected.hex() != row.hash:
        raise DecodeError("does not follow from the rows before it: its hash is another")


def _micros(at: str) -> int:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise DecodeError(f"has no time: {at[:40]!r}") from None
    micros = schema.microseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if timestamp(micros) != at:
        raise DecodeError(f"has a time that is not written as onrecord does: {at[:40]!r}")
    return micros


def import_lines(store: Store, lines: Iterable[bytes], total: int, *, on_row: Callable[[], None] | None = None) -> int:
    """Takes in an export that was checked; returns how many rows are new.

    The ledger must be empty, or hold the beginning of the same log: then it goes on where that ends, as it does after
    it was stopped.

    Args:
        store: the ledger.
        lines: those that :func:`check_lines` was given.
        total: what it returned.
        on_row: called for each row.

    Raises:
        LedgerError: the ledger holds something else.
    """
    with store.reading() as connection:
        last = connection.execute(select(schema.log).order_by(schema.log.c.seq.desc()).limit(1)).first()
    held = last.seq if last else 0
    if held > total:
        raise LedgerError(f"{store.name}: holds more rows than the file, and was left as it is")
    batch: list[tuple[Logged, bytes | None]] = []
    for line in lines:
        if line.startswith(b'{"onrecord":'):
            continue
        found = decode_line(line)
        if isinstance(found[0], int):
            break
        row, record = found
        if last and row.seq == held and row.hash != last.hash.hex():
            raise LedgerError(
                f"{store.name}: holds other rows than the file, and was left as it is; "
                "name a new ledger: onrecord import --ledger NEW.db"
            )
        if row.seq > held:
            batch.append((row, record))
        if len(batch) == _BATCH:
            _replay(store, batch)
            batch = []
        if on_row:
            on_row()
    if batch:
        _replay(store, batch)
    return total - held


def _replay(store: Store, batch: Sequence[tuple[Logged, bytes | None]]) -> None:
    first = batch[0][0]
    prepared = {
        row.seq: prepare(decode_reading(record), record)
        for row, record in batch
        if record is not None and row.verb in READINGS
    }
    with store.writing(first.who, datetime.fromisoformat(first.at)) as writing:
        writing.look_up(list(prepared.values()))
        for row, record in batch:
            writing.become(row.who, _micros(row.at))
            if row.verb not in READINGS:
                writing.decide(decode_decision(record or b""))
            elif row.seq in prepared:
                writing.add([prepared[row.seq]], row.verb, is_live=True)
            else:
                line = writing.load_line(row.subject)
                writing.add([prepare(decode_reading(line), line)], row.verb, is_live=True)
            if writing.last_hash.hex() != row.hash:
                raise LedgerError(f"{store.name}: row {row.seq} of the file does not follow from those before it")


# --- proof -----------------------------------------------------------------------------------------------------------


def find_faults(store: Store, *, on_row: Callable[[int, int], None] | None = None) -> Iterator[Fault]:
    """Everything that is wrong with a ledger: its log, its records, its index.

    Args:
        store: the ledger.
        on_row: called with the row that was checked and the number of rows.

    Yields:
        What is wrong, and where; nothing if all is as it was recorded.
    """
    with store.reading() as connection:
        yield from (Fault("the database", fault) for fault in store.dialect.find_faults(connection))
        try:
            total = connection.execute(select(func.max(schema.log.c.seq))).scalar() or 0
            yield from _find_log_faults(connection, total, on_row)
            yield from _find_strays(connection)
            yield from _find_horizon_faults(connection)
            yield from _find_index_faults(store, connection, total)
        except LedgerError:  # a record is damaged; it was named above, with its place
            return
        except DBAPIError as error:  # a page is; what lies behind it cannot be reached
            yield Fault("the database", f"it cannot be read to its end: {error.orig}")


def _find_horizon_faults(connection: Connection) -> Iterator[Fault]:
    """What would hide claims from whoever asks what the ledger held on a day."""
    held = {row.day: row.rank for row in connection.execute(select(schema.horizon))}
    if held != dict(rising(find_highest(connection))):
        yield Fault("the table horizon", "it does not say how late claims were said that were recorded up to each day")


def _find_log_faults(connection: Connection, total: int, on_row: Callable[[int, int], None] | None) -> Iterator[Fault]:
    last, expected, last_at = GENESIS, 1, ""
    for rows in _batched(find_log(connection)):
        records = _find_records(connection, rows)
        for row in rows:
            where = f"row {row.seq} of the log"
            if row.seq != expected:
                yield Fault(where, f"row {expected} is missing before it")
            try:
                hash_ = chain(
                    last, row.seq, _micros(row.at), row.who, row.verb, row.subject, bytes.fromhex(row.digest)
                ).hex()
            except DecodeError as error:
                yield Fault(where, f"it {error}")
                hash_ = row.hash
            if hash_ != row.hash:
                yield Fault(where, "it is not what was logged: its hash does not follow from it and the row before")
            if row.at < last_at:  # written so that their order is that of time
                yield Fault(where, "it is earlier than the row before it")
            last, expected, last_at = bytes.fromhex(row.hash), row.seq + 1, row.at
            yield from _check_record(row, records.get((row.verb in READINGS, row.subject)))
            if on_row:
                on_row(row.seq, total)


def _find_records(connection: Connection, rows: Sequence[Logged]) -> dict[tuple[bool, str], Any]:
    keys = [key_of(row.subject) for row in rows]
    reading, document, run = schema.reading, schema.document, schema.run
    readings = (
        select(
            reading.c.id,
            reading.c.body,
            document.c.id.label("document"),
            document.c.page,
            document.c.url,
            run.c.id.label("run"),
            run.c.version,
            run.c.model,
            run.c.settings,
        )
        .outerjoin(document, document.c.no == reading.c.document)
        .outerjoin(run, run.c.no == reading.c.run)
        .where(reading.c.id.in_(keys))
    )
    found: dict[tuple[bool, str], Any] = {(True, id_of(row.id)): row for row in connection.execute(readings)}
    decisions = select(schema.decision).where(schema.decision.c.id.in_(keys))
    return found | {(False, id_of(row.id)): row for row in connection.execute(decisions)}


def _check_record(row: Logged, record: Any) -> Iterator[Fault]:
    what = "reading" if row.verb in READINGS else "decision"
    where = f"{what} {row.subject}, row {row.seq} of the log"
    if record is None:
        yield Fault(where, "it is missing")
        return
    try:
        line = zlib.decompress(record.body) if row.verb in READINGS else record.body
    except zlib.error as error:
        yield Fault(where, f"its record is damaged: {error}")
        return
    if hashlib.sha256(line).hexdigest() != row.digest:
        yield Fault(where, "its record is not the one that was logged: its digest is another")
        return
    try:
        if row.verb in READINGS:
            read = decode_reading(line)
            document = read.document
            run = (stored_text(read.run.version), stored_text(read.run.model), json.dumps(read.run.settings))
            is_its_run = run_key(read.run) == record.run and run == (record.version, record.model, record.settings)
            if (document and key_of(document.id)) != record.document or not is_its_run:
                yield Fault(where, "it is filed under another document or run than its own")
            elif document and (record.page not in pages_of(document) or record.url != stored_text(document.url)):
                yield Fault(where, "its document is filed under another page than its own")
        else:
            decision = decode_decision(line)
            where_it_is = key_of(decision.document) if decision.document else None
            filed = (id_of(record.id), record.kind, id_of(record.subject), record.document)
            if filed != (decision.id, decision.kind, decision.subject, where_it_is):
                yield Fault(where, "it is filed under another id, kind, subject or document than its own")
    except DecodeError as error:
        yield Fault(where, f"its record is {error}")


def _find_strays(connection: Connection) -> Iterator[Fault]:
    """Records that no row of the log is about."""
    log = schema.log
    for table, what in ((schema.reading, "reading"), (schema.decision, "decision")):
        stray = select(table.c.id).outerjoin(log, (log.c.seq == table.c.seq) & (log.c.subject == table.c.id))
        for key in connection.execute(stray.where(log.c.seq.is_(None))).scalars():
            yield Fault(f"{what} {id_of(key)}", "it is in the ledger, and the log does not say that it was recorded")
    for table, what in ((schema.reading, "reading"), (schema.document, "document"), (schema.decision, "decision")):
        before = func.lag(table.c.seq).over(order_by=table.c.no).label("before")
        rows = select(table.c.id, table.c.seq, before).subquery()
        for key in connection.execute(select(rows.c.id).where(rows.c.before > rows.c.seq)).scalars():
            yield Fault(f"{what} {id_of(key)}", "it is numbered out of the order in which it was recorded")
    document, reading = schema.document, schema.reading
    rows_of = select(log.c.subject, func.min(log.c.seq).label("first")).where(log.c.verb.in_(READINGS))
    first_row = rows_of.group_by(log.c.subject).subquery()
    late = select(reading.c.id).join(first_row, first_row.c.subject == reading.c.id)
    late = late.where(reading.c.seq != first_row.c.first)
    for key in connection.execute(late).scalars():
        yield Fault(f"reading {id_of(key)}", "it is entered under a later row of the log than its first")
    alone = select(document.c.id).outerjoin(reading, reading.c.document == document.c.no)
    for key in connection.execute(alone.where(reading.c.no.is_(None))).scalars():
        yield Fault(f"document {id_of(key)}", "there is no reading of it")
    first = select(document.c.id).join(reading, reading.c.document == document.c.no)
    first = first.group_by(document.c.id, document.c.seq).having(func.min(reading.c.seq) != document.c.seq)
    for key in connection.execute(first).scalars():
        yield Fault(f"document {id_of(key)}", "it is entered under another row of the log than its first reading")
    counted = connection.execute(select(schema.meta.c.value).where(schema.meta.c.name == "claims")).scalar()
    highest = connection.execute(select(func.max(schema.claim.c.rank % literal_column(str(1 << RANK_SHIFT))))).scalar()
    if counted != str(highest or 0):
        yield Fault(
            "the table onrecord_meta", f"it says that {counted} rows of claims were made, and {highest or 0} were"
        )


def _find_index_faults(store: Store, connection: Connection, seq: int) -> Iterator[Fault]:
    """Differences between the index and what the record says that it should be."""
    page = schema.page
    retracted = _retracted(connection, seq)
    document = schema.document
    lost = select(document.c.id).outerjoin(page, page.c.id == document.c.page).where(page.c.id.is_(None))
    for key in connection.execute(lost).scalars():
        yield Fault(f"document {id_of(key)}", "its page is missing in the index")
    after = -(1 << 63)
    while True:
        pages = connection.execute(select(page).where(page.c.id > after).order_by(page.c.id).limit(_BATCH)).all()
        numbers = [row.reading for row in pages if row.reading is not None]
        entries = {}
        with contextlib.suppress(LedgerError):
            entries = load_effective(connection, numbers, seq)
        if not entries:  # one of them is damaged; the others are looked at one by one
            for number in numbers:
                with contextlib.suppress(LedgerError):
                    entries |= load_effective(connection, [number], seq)
        shown = _find_shown(connection, [row.id for row in pages], retracted)
        for row in pages:
            where = f"document {id_of(shown[row.id][2])}" if row.id in shown else f"page {row.id}"
            if row.id not in shown or (row.document, row.reading) != shown[row.id][:2]:
                yield Fault(where, "another version or reading of its page counts than the log says")
            elif row.reading in entries:
                yield from _check_claims(store, connection, entries[row.reading], row.reading, where)
        if len(pages) < _BATCH:
            return
        after = pages[-1].id


def _retracted(connection: Connection, seq: int) -> set[int]:
    table = schema.decision
    documents = connection.execute(
        select(table.c.document).where(table.c.kind == DecisionKind.RETRACT, table.c.document.is_not(None))
    ).scalars()
    decisions = load_decisions(connection, set(documents), seq)
    several = (decision for active in decisions.values() for decision in active)
    return {key_of(decision.subject) for decision in several if decision.kind is DecisionKind.RETRACT}


def _find_shown(
    connection: Connection, pages: Sequence[int], retracted: set[int]
) -> dict[int, tuple[int, int | None, int]]:
    """Of each page the document and reading that count, as the log has it, and the document's id."""
    log, reading, document = schema.log, schema.reading, schema.document
    rows = connection.execute(
        select(log.c.verb, reading.c.no, reading.c.id, reading.c.document, document.c.page, document.c.id.label("key"))
        .join(reading, reading.c.id == log.c.subject)
        .join(document, document.c.no == reading.c.document)
        .where(document.c.page.in_(pages), log.c.verb.in_(READINGS))
        .order_by(log.c.seq)
    )
    shown: dict[int, tuple[int, int | None, int]] = {}
    readings: dict[int, int] = {}
    for row in rows:
        if not {row.id, row.key} & retracted:
            readings[row.document] = max(row.no, readings.get(row.document, 0))
        if row.verb == "add" or row.page not in shown:
            shown[row.page] = (row.document, None, row.key)
    return {page: (number, readings.get(number), key) for page, (number, _, key) in shown.items()}


def _check_claims(store: Store, connection: Connection, effective: Any, reading: int, where: str) -> Iterator[Fault]:
    rows = {key_of(row.id): row for row in index_rows(effective.entry.reading, effective.known)}
    claim = schema.claim
    stored = connection.execute(select(claim).where(claim.c.id.in_(list(rows)), claim.c.until.is_(None))).all()
    if sorted(row.id for row in stored) != sorted(rows):
        yield Fault(where, f"{len(rows)} claims of it count, and the index holds {len(stored)} of them")
        return
    expected = []
    for row in stored:
        should = rows[row.id]
        held = (row.rank >> RANK_SHIFT, row.days, row.number, row.reading, row.is_own)
        if held != (should.day, should.days, should.number, reading, int(should.is_own)):
            yield Fault(
                where, f"claim {id_of(row.id)} is entered under another day, place, reading or voice than its own"
            )
        expected.append(Terms(row.rank, should.words, should.facets))
    for rank in store.dialect.find_wrong_terms(connection, expected):
        wrong = next(id_of(row.id) for row in stored if row.rank == rank)
        yield Fault(where, f"claim {wrong} cannot be found by its words: the index has others")


# --- deep proof ------------------------------------------------------------------------------------------------------

_DERIVED = (
    (schema.page, "page"),
    (schema.claim, "claim"),
    (schema.horizon, "greatest rank of a day"),
    (schema.figure, "figure"),
    (schema.party, "party"),
    (schema.alias, "name of a party"),
    (schema.place, "name of a place"),
    (schema.word, "word"),
)


def find_derived_faults(store: Store, anew: Store) -> Iterator[Fault]:
    """Rows of the derived tables that are not as the record makes them.

    Args:
        store: a ledger whose log and records are sound.
        anew: an empty ledger, which is filled from the record of the other.
    """
    with store.reading() as connection, anew.reading() as other_connection:  # one state of the one, while others add
        total = connection.execute(select(func.max(schema.log.c.seq))).scalar() or 0
        import_lines(anew, (line.rstrip(b"\n") for line in _export(connection)), total)
        for table, what in _DERIVED:
            rows, others = _rows_in_order(connection, table), _rows_in_order(other_connection, table)
            for row, other in _unlike(rows, others, len(table.primary_key)):
                wrong = (
                    "is missing"
                    if row is None
                    else "should not be there"
                    if other is None
                    else "is not as it should be"
                )
                yield Fault(f"the table {table.name}", f"the {what} {_said(table, row or other)} {wrong}")


def _rows_in_order(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """The rows of a table in the order of their keys, which is the same in every database, a batch at a time."""
    keys = list(table.primary_key)
    others = [column for column in table.columns if column.name not in table.primary_key]
    last: tuple[Any, ...] | None = None
    while True:
        chosen = select(*keys, *others).order_by(*keys).limit(_BATCH * 10)
        if last is not None:
            chosen = chosen.where(tuple_(*keys) > tuple_(*last))
        rows = connection.execute(chosen).all()
        yield from map(tuple, rows)
        if len(rows) < _BATCH * 10:
            return
        last = tuple(rows[-1][: len(keys)])


def _unlike(
    rows: Iterator[tuple[Any, ...]], others: Iterator[tuple[Any, ...]], width: int
) -> Iterator[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """Where two rows of tuples that are sorted by their first values differ."""
    row, other = next(rows, None), next(others, None)
    while row is not None or other is not None:
        if other is None or (row is not None and row[:width] < other[:width]):
            yield row, None
            row = next(rows, None)
        elif row is None or other[:width] < row[:width]:
            yield None, other
            other = next(others, None)
        else:
            if row != other:
                yield row, other
            row, other = next(rows, None), next(others, None)


def _said(table: Table, row: Any) -> str:
    """What a row is about, for a person: ids as they are shown, else its first values."""
    if table is schema.claim:
        return id_of(row[1])
    if table in (schema.page, schema.party):
        return id_of(row[0])
    return " ".join(str(value) for value in row[: len(table.primary_key)])
