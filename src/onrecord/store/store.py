"""The ledger at rest: opening it, and adding to it.

What is added is prepared before the database is locked (encoding, compressing, finding the terms), so that several
writers wait for each other only while rows are written. One transaction holds a batch whole: readings, log and index.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import posixpath
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy import Connection, func, select, update

from onrecord.codec import encode_decision, encode_reading
from onrecord.errors import LedgerError
from onrecord.model import (
    Added,
    Changes,
    Decision,
    DecisionKind,
    Document,
    KnownParty,
    Outcome,
    Reading,
    Run,
    digest,
)
from onrecord.store import schema
from onrecord.store.changes import compare_readings
from onrecord.store.dialect import Dialect, Terms, open_dialect
from onrecord.store.effective import Readings, decode_body, load_decisions, load_effective
from onrecord.store.schema import DAY, MOST_ASKED, RANK_SHIFT, id_of, key_of, microseconds, stored_text
from onrecord.store.terms import Row, find_aliases, find_places, fold, index_rows, known_parties

GENESIS = b"\x00" * 32
_LEVEL = 4  # of zlib: a third of the time of level 6, four in a hundred larger
_SEEN = 200_000  # names and words that are known to be in the ledger; then forgotten, and asked for again
_ALIKE = 0.3  # share of runs of three words that a file and a later version of it have in common
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|mc_[ce]id|cmpid|ocid|xtor|at_(?:medium|campaign|source|format|link_\w+|ptr_\w+|bbc_team)",
    re.IGNORECASE,
)


def page_of(url: str) -> str:
    """What two addresses of one page have in common: no tracking, host in small letters; of paths, no ``./``.

    A fragment stays: it tells the items of one feed, and the parts of one mail, from each other.
    """
    try:
        parts = urlsplit(url) if "://" in url else None
    except ValueError:  # brackets that hold no address of IPv6
        return url
    if parts is None:
        return posixpath.normpath(url)
    query = urlencode(
        [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    )
    is_tracking = _TRACKING.fullmatch(parts.fragment.partition("=")[0]) or parts.fragment.startswith(":~:")
    fragment = "" if is_tracking else parts.fragment
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", query, fragment))


def chain(before: bytes, seq: int, at: int, who: str, verb: str, subject: str, proof: bytes) -> bytes:
    """The hash of a row of the log: SHA-256 of the hash before it and of a JSON array of all that it says."""
    said = json.dumps([seq, at, who, verb, subject, proof.hex()], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(before + said.encode()).digest()


def run_key(run: Run) -> int:
    """The number that a run is stored under."""
    return key_of(digest("run", run.version, run.model, list(run.settings)))


@dataclass(slots=True)
class Prepared:
    """A reading with all that can be made of it before the ledger is locked."""

    reading: Reading
    id: str
    proof: bytes
    body: bytes
    page: int
    known: dict[str, KnownParty]
    rows: list[Row]


def page_key(document: Document) -> int:
    """The number of the page that a document is a version of; a text without an address has a page of its own."""
    return key_of(digest("page", page_of(document.url))) if document.url else own_page_key(document)


def pages_of(document: Document) -> tuple[int, int]:
    """The numbers of the pages that a document can be filed under."""
    return page_key(document), own_page_key(document)


def own_page_key(document: Document) -> int:
    """The number of a page that no other document is a version of."""
    return key_of(digest("page", document.id))


def are_versions(former: Document, latter: Document) -> bool:
    """Whether two documents of one address can be versions of one page.

    What an address of the web shows is its page, whatever it says. A file's name is used again, for another report in
    another folder or on another day: then no more than chance words are the same.
    """
    if "://" in latter.url:
        return True
    words, others = fold(former.text), fold(latter.text)
    threes, other_threes = (set(zip(few, few[1:], few[2:], strict=False)) for few in (words, others))
    least = min(len(threes), len(other_threes))
    return not least or len(threes & other_threes) >= _ALIKE * least


def prepare(reading: Reading, line: bytes | None = None) -> Prepared:
    """Finds the terms of a reading, and encodes it if ``line`` does not hold it yet."""
    line = encode_reading(reading) if line is None else line
    proof = hashlib.sha256(line).digest()
    known = known_parties(reading)
    document = reading.document
    return Prepared(
        reading=reading,
        id=proof[:8].hex(),
        proof=proof,
        body=zlib.compress(line, _LEVEL),
        page=page_key(document) if document else 0,
        known=known,
        rows=index_rows(reading, known),
    )


def find_highest(connection: Connection) -> dict[int, int]:
    """Of each day on which claims were recorded, the greatest rank of these."""
    claim, log = schema.claim, schema.log
    day = log.c.at // DAY
    highest = select(day, func.max(claim.c.rank)).join(log, log.c.seq == claim.c.since).group_by(day)
    return {row[0]: row[1] for row in connection.execute(highest)}


def rising(highest: Mapping[int, int], above: int = 0) -> Iterator[tuple[int, int]]:
    """The days on which the greatest rank that there was rose, each with that rank; in order."""
    for day, rank in sorted(highest.items()):
        if rank > above:
            above = rank
            yield day, rank


def raise_horizon(connection: Connection, highest: Mapping[int, int]) -> None:
    """Enters the greatest ranks that were recorded on some days, none before the last that is there."""
    horizon = schema.horizon
    last = connection.execute(select(horizon).order_by(horizon.c.day.desc()).limit(1)).first()
    above = last.rank if last else 0
    for day, rank in rising(highest, above):
        if last and day == last.day:
            connection.execute(update(horizon).where(horizon.c.day == day).values(rank=rank))
        else:
            connection.execute(horizon.insert().values(day=day, rank=rank))


class Store:
    """A ledger in a database. It may be used by one thread at a time; open another for another.

    Args:
        where: path of a file, or ``postgresql://`` address.
        create: make a ledger if there is none.
        read_only: never write.
        patience_s: seconds after which a question is given up, None for as long as it takes.

    Raises:
        LedgerError: there is none, it is no ledger, it is of a later version, or it cannot be opened.
    """

    def __init__(
        self, where: str, *, create: bool = False, read_only: bool = False, patience_s: float | None = None
    ) -> None:
        self.where = where
        self.dialect: Dialect = open_dialect(where, read_only=read_only, patience_s=patience_s)
        self.name = self.dialect.name
        self.readings = Readings()
        self._seen: set[Any] = set()
        with contextlib.ExitStack() as undo, self.guard():
            undo.callback(self.close)
            if not self.dialect.exists():
                if not create:
                    raise LedgerError(
                        f"{self.name}: there is no ledger; `onrecord add` makes one, or name another with --ledger"
                    )
                self._create()
            if self._check_version() < schema.VERSION:
                self._upgrade(read_only=read_only)
            undo.pop_all()

    def _create(self) -> None:
        with self.dialect.writer.begin() as connection:
            if not self.dialect.create(connection):
                return
            connection.execute(
                schema.meta.insert(),
                [{"name": "version", "value": str(schema.VERSION)}, {"name": "claims", "value": "0"}],
            )

    def _check_version(self) -> int:
        with self.dialect.reader.connect() as connection:
            written = connection.execute(select(schema.meta.c.value).where(schema.meta.c.name == "version")).scalar()
        if written is None or not written.isdigit():
            raise LedgerError(f"{self.name}: is not a ledger of onrecord; name another one with --ledger")
        if int(written) > schema.VERSION:
            raise LedgerError(
                f"{self.name}: was written by a newer onrecord (its format is {written}, and this one reads "
                f"{schema.VERSION}); upgrade onrecord"
            )
        return int(written)

    def _upgrade(self, *, read_only: bool) -> None:
        """Makes what a ledger of format 1 lacks: the table of horizons, and the index of claims that count no more."""
        if read_only:
            what = "was written by an earlier onrecord; what writes to it, like `onrecord add`, brings it up to date"
            raise LedgerError(f"{self.name}: {what}")
        with self.dialect.writer.begin() as connection:
            self.dialect.lock(connection)
            version = schema.meta.c.name == "version"
            if connection.execute(select(schema.meta.c.value).where(version)).scalar_one() == str(schema.VERSION):
                return  # somebody else was first
            schema.horizon.create(connection)
            schema.claim_closed.create(connection)
            raise_horizon(connection, find_highest(connection))
            connection.execute(update(schema.meta).where(version).values(value=str(schema.VERSION)))

    def close(self) -> None:
        """Lets go of the database."""
        self.dialect.reader.dispose()

    def copy_to(self, target: Path) -> bool:
        """Copies the whole ledger into a file, if the database can do that by itself."""
        with self.guard():
            return self.dialect.copy_to(target)

    @contextlib.contextmanager
    def guard(self) -> Iterator[None]:
        """Turns what the database says of itself into one line."""
        try:
            yield
        except Exception as error:
            explained = self.dialect.explain(error)
            if explained is None:
                raise
            raise explained from error

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look at the ledger."""
        with self.guard(), self.dialect.reader.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self, who: str, at: datetime) -> Iterator[Writing]:
        """One transaction: all that is done in it is recorded, or nothing."""
        with self.guard(), self.dialect.writer.begin() as connection:
            self.dialect.lock(connection)
            writing = Writing(self.dialect, connection, self._seen, who, microseconds(at))
            yield writing
            writing.finish()
        self._seen |= writing.new
        if len(self._seen) > _SEEN:
            self._seen.clear()

    # --- adding ------------------------------------------------------------------------------------------------------

    def add(
        self,
        readings: Sequence[Reading],
        *,
        who: str,
        at: datetime,
        verb: str = "add",
        lines: Sequence[bytes] | None = None,
        is_live: bool = False,
    ) -> list[Added]:
        """Records readings, in one transaction.

        Args:
            readings: in order; the later of two of one page is the later version.
            who: the name of the user.
            at: the time, with its zone.
            verb: ``add``, what their pages say now, or ``reread``, documents that are there read again.
            is_live: whether this is what their pages say at this moment: then a page can say again what it said before.
                Else a reading that is there already changes nothing, however often a batch is added.
            lines: the readings as :func:`onrecord.codec.encode_reading` wrote them, if that is at hand.
        """
        prepared = list(map(prepare, readings, lines or itertools.repeat(None)))
        with self.writing(who, at) as writing:
            return writing.add(prepared, verb, is_live=is_live)

    def decide(self, decision: Decision, *, at: datetime) -> None:
        """Records a decision, and what follows from it for the claims it is about."""
        with self.writing(decision.who, at) as writing:
            writing.decide(decision)


@dataclass(slots=True)
class _Present:
    """What the ledger holds of the pages, documents and readings that are to be added, what is waiting included."""

    pages: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    documents: dict[int, tuple[int, int]] = field(default_factory=dict)
    readings: set[int] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


class Writing:
    """One transaction that writes; see :meth:`Store.writing`."""

    def __init__(self, dialect: Dialect, connection: Connection, seen: set[Any], who: str, at: int) -> None:
        self._dialect = dialect
        self.connection = connection
        self._seen = seen
        self._who = who
        self.new: set[Any] = set()
        last = connection.execute(select(schema.log).order_by(schema.log.c.seq.desc()).limit(1)).first()
        self._seq: int = last.seq if last else 0
        self._hash: bytes = last.hash if last else GENESIS
        # A clock that was set back must not put the present before the past: what the ledger held on a day depends on
        # it.
        self._at = max(at, last.at if last else at)
        value, name = schema.meta.c.value, schema.meta.c.name
        if connection.execute(select(value).where(name == "version")).scalar_one() != str(schema.VERSION):
            raise LedgerError("a newer onrecord has brought the ledger up to date; begin again with that one")
        self._claims = int(connection.execute(select(value).where(name == "claims")).scalar_one())
        self._rows: dict[str, list[Any]] = {}
        self._numbers: dict[str, int] = {}
        self._claim_rows: list[tuple[dict[str, Any], Terms]] = []
        self._horizon: dict[int, int] = {}
        self._runs: dict[int, int] = {}
        self._present = _Present()

    @property
    def last_hash(self) -> bytes:
        """Of the row of the log that was added last."""
        return self._hash

    def become(self, who: str, at: int) -> None:
        """Goes on in the name of somebody else, at another time: what is taken in keeps who recorded it, and when."""
        self._who, self._at = who, at

    def load_line(self, reading: str) -> bytes:
        """The record of a reading that the ledger holds."""
        self.flush()
        chosen = select(schema.reading.c.body).where(schema.reading.c.id == key_of(reading))
        return zlib.decompress(self.connection.execute(chosen).scalar_one())

    # --- rows --------------------------------------------------------------------------------------------------------

    def _insert(self, into: Any, **values: Any) -> None:
        self._rows.setdefault(into.name, []).append(values)

    def _insert_new(self, into: Any, key: object, **values: Any) -> None:
        """Enters a row that may be there; most are, and are known to be."""
        mark = (into.name, key)
        if mark not in self._seen and mark not in self.new:
            self.new.add(mark)
            self._insert(into, **values)

    def _number(self, of: Any) -> int:
        """The next number of a table."""
        if of.name not in self._numbers:
            self._numbers[of.name] = self.connection.execute(select(func.max(of.c.no))).scalar() or 0
        number = self._numbers[of.name] = self._numbers[of.name] + 1
        return number

    def log(self, verb: str, subject: str, proof: bytes) -> int:
        """Adds a row to the log."""
        self._seq += 1
        self._hash = chain(self._hash, self._seq, self._at, self._who, verb, subject, proof)
        self._insert(
            schema.log,
            seq=self._seq,
            at=self._at,
            who=self._who,
            verb=verb,
            subject=key_of(subject),
            digest=proof,
            hash=self._hash,
        )
        return self._seq

    def flush(self) -> None:
        """Writes the rows that are waiting."""
        for table in (schema.log, schema.run, schema.document, schema.reading, schema.decision, schema.page):
            if rows := self._rows.pop(table.name, None):
                self.connection.execute(table.insert(), rows)
        for table in (schema.party, schema.alias, schema.place, schema.word):
            if rows := self._rows.pop(table.name, None):
                self.connection.execute(self._dialect.insert_new(table), rows)
        if self._claim_rows:
            self._claim_rows.sort(key=lambda pair: pair[1].rank)
            claims, terms = zip(*self._claim_rows, strict=True)
            self._dialect.add_claims(self.connection, claims, terms)
            self._claim_rows = []
        if rows := self._rows.pop(schema.figure.name, None):
            self.connection.execute(schema.figure.insert(), rows)

    def finish(self) -> None:
        """Writes all that is left."""
        self.flush()
        raise_horizon(self.connection, self._horizon)
        self.connection.execute(
            update(schema.meta).where(schema.meta.c.name == "claims").values(value=str(self._claims))
        )

    # --- readings ----------------------------------------------------------------------------------------------------

    def add(self, several: Sequence[Prepared], verb: str, *, is_live: bool) -> list[Added]:
        """Records readings; see :meth:`Store.add`."""
        self.look_up(several)
        return [self._add_one(one, verb, is_live) for one in several]

    def look_up(self, several: Sequence[Prepared]) -> None:
        """Finds out what the ledger holds of readings that are to be added, together for all of them."""
        asked = [one for one in several if one.id not in self._present.asked]
        self._present.asked |= {one.id for one in asked}
        for at in range(0, len(asked), MOST_ASKED):
            some = asked[at : at + MOST_ASKED]
            wanted = [key_of(one.reading.document.id) for one in some if one.reading.document]
            table = schema.document
            for row in self.connection.execute(select(table).where(table.c.id.in_(wanted))):
                self._present.documents.setdefault(row.id, (row.no, row.page))
            of = {one.page for one in some} | {page for _, page in self._present.documents.values()}
            pages = select(schema.page).where(schema.page.c.id.in_(of - self._present.pages.keys()))
            for row in self.connection.execute(pages):
                self._present.pages.setdefault(row.id, (row.document, row.reading))
            readings = select(schema.reading.c.id).where(schema.reading.c.id.in_([key_of(one.id) for one in some]))
            self._present.readings |= set(self.connection.execute(readings).scalars())

    def _add_one(self, one: Prepared, verb: str, is_live: bool) -> Added:
        document, present = one.reading.document, self._present
        is_there = key_of(one.id) in present.readings
        if document is None:
            if not is_there:
                present.readings.add(key_of(one.id))
                self._record(one, None, self.log(verb, one.id, one.proof))
            return Added(one.id, "", Outcome.FAILED)
        number, page = present.documents.get(key_of(document.id), (None, None))
        one.page = page if page is not None else self._page_of_new(document, one.page)
        shown = present.pages.get(one.page)
        if is_there and (verb != "add" or not is_live or (shown is not None and shown[0] == number)):
            return Added(one.id, document.id, Outcome.KNOWN)
        seq = self.log(verb, one.id, one.proof)
        is_new = number is None
        if number is None:
            number = self._add_document(document, one.page, seq)
            present.documents[key_of(document.id)] = (number, one.page)
        reading: int | None = None
        if not is_there:
            present.readings.add(key_of(one.id))
            reading = self._record(one, number, seq)
        if not is_new:  # a later reading may be there, or the document be retracted
            self.flush()
            reading = self._current_reading(number)
        if shown is None:
            present.pages[one.page] = (number, reading)
            self._insert(schema.page, id=one.page, document=number, reading=reading)
            if reading is not None:
                self._enter(one.rows, reading, seq)
            return Added(one.id, document.id, Outcome.NEW)
        if verb == "reread" and shown[0] != number:  # an earlier version was read again, and stays one
            return Added(one.id, document.id, Outcome.READ_AGAIN)
        changes, left_behind = self._show(one.page, shown[1], number, reading, seq)
        outcome = Outcome.READ_AGAIN if shown[0] == number else Outcome.CHANGED
        return Added(one.id, document.id, outcome, changes, left_behind)

    def _page_of_new(self, document: Document, page: int) -> int:
        """The page that a new document is a version of: that of its address, or one of its own."""
        shown = self._present.pages.get(page)
        if shown is None:
            return page
        self.flush()
        chosen = select(schema.reading.c.body).where(schema.reading.c.document == shown[0]).limit(1)
        former = decode_body(self.connection.execute(chosen).scalar_one()).document
        return page if former is None or are_versions(former, document) else own_page_key(document)

    def _add_document(self, document: Document, page: int, seq: int) -> int:
        number = self._number(schema.document)
        self._insert(
            schema.document, no=number, id=key_of(document.id), page=page, url=stored_text(document.url), seq=seq
        )
        return number

    def _record(self, one: Prepared, document: int | None, seq: int) -> int:
        number = self._number(schema.reading)
        run = self._run(one.reading.run)
        self._insert(schema.reading, no=number, id=key_of(one.id), document=document, run=run, seq=seq, body=one.body)
        self._name(one.reading, one.known, one.rows)
        return number

    def _run(self, run: Run) -> int:
        key = run_key(run)
        if key not in self._runs:
            number = self.connection.execute(select(schema.run.c.no).where(schema.run.c.id == key)).scalar()
            if number is None:
                number = self._number(schema.run)
                self._insert(
                    schema.run,
                    no=number,
                    id=key,
                    version=stored_text(run.version),
                    model=stored_text(run.model),
                    settings=json.dumps(run.settings),
                )
            self._runs[key] = number
        return self._runs[key]

    def _name(self, reading: Reading, known: Mapping[str, KnownParty], rows: Iterable[Row]) -> None:
        """Enters the names by which parties, places and words are found."""
        for alias, party in find_aliases(reading, known):
            key = key_of(party.id)
            name, country = stored_text(party.name), stored_text(party.country)
            self._insert_new(schema.party, key, id=key, name=name, kind=party.kind.value, country=country)
            self._insert_new(schema.alias, (alias, key), name=alias, party=key)
        for name, geonames in find_places(reading):
            self._insert_new(schema.place, (name, geonames), name=name, geonames=geonames)
        words = {word for row in rows for word in row.words.split(" ")} - self._seen - self.new
        self.new |= words
        for word in words:
            self._insert(schema.word, word=word)

    def _enter(self, rows: Iterable[Row], reading: int, seq: int) -> None:
        """Enters claims that count from now on."""
        today = self._at // DAY
        for row in rows:
            self._claims += 1
            rank = row.day << RANK_SHIFT | self._claims
            self._horizon[today] = max(rank, self._horizon.get(today, 0))
            claim = {
                "rank": rank,
                "id": key_of(row.id),
                "reading": reading,
                "number": row.number,
                "days": row.days,
                "is_own": int(row.is_own),
                "since": seq,
            }
            self._claim_rows.append((claim, Terms(rank, row.words, row.facets)))
            for number, (low, high, counted) in enumerate(row.figures):
                self._insert(schema.figure, rank=rank, number=number, low=low, high=high, counted=f" {counted} ")

    def _close(self, rows: Iterable[Row], seq: int) -> None:
        """Marks claims as those that count no more."""
        keys = [key_of(row.id) for row in rows]
        for at in range(0, len(keys), MOST_ASKED):
            some = schema.claim.c.id.in_(keys[at : at + MOST_ASKED])
            self.connection.execute(update(schema.claim).where(some, schema.claim.c.until.is_(None)).values(until=seq))

    # --- what a page says now ----------------------------------------------------------------------------------------

    def _current_reading(self, document: int) -> int | None:
        """The latest reading of a document that is not retracted."""
        rows = self.connection.execute(
            select(schema.reading.c.no, schema.reading.c.id)
            .where(schema.reading.c.document == document)
            .order_by(schema.reading.c.no.desc())
        ).all()
        identity = self.connection.execute(
            select(schema.document.c.id).where(schema.document.c.no == document)
        ).scalar_one()
        retracted = {
            decision.subject
            for decision in load_decisions(self.connection, [identity], self._seq).get(identity, [])
            if decision.kind is DecisionKind.RETRACT
        }
        if id_of(identity) in retracted:
            return None
        return next((row.no for row in rows if id_of(row.id) not in retracted), None)

    def _show(
        self, page: int, former: int | None, document: int, reading: int | None, seq: int
    ) -> tuple[Changes | None, tuple[Decision, ...]]:
        """Makes a reading the one that counts for a page.

        Returns:
            What became of the claims, and what people decided that does not go over to them.
        """
        self.flush()
        self._present.pages[page] = (document, reading)
        self.connection.execute(
            update(schema.page).where(schema.page.c.id == page).values(document=document, reading=reading)
        )
        before, after = self._rows_of(former, seq - 1), self._rows_of(reading, seq)
        self._close(before.rows, seq)
        if reading is not None:
            self._enter(after.rows, reading, seq)
        if before.reading is None or after.reading is None:
            return None, after.orphans
        return compare_readings(before.reading, after.reading), after.orphans

    def _rows_of(self, reading: int | None, seq: int) -> _Shown:
        if reading is None:
            return _Shown()
        effective = load_effective(self.connection, [reading], seq)[reading]
        read = effective.entry.reading
        self._name(read, effective.known, ())
        return _Shown(read, index_rows(read, effective.known), effective.orphans)

    # --- decisions ---------------------------------------------------------------------------------------------------

    def decide(self, decision: Decision) -> None:
        """Records a decision; see :meth:`Store.decide`."""
        self.flush()
        if self.connection.execute(
            select(schema.decision.c.no).where(schema.decision.c.id == key_of(decision.id))
        ).first():
            return  # said twice in one tick of the clock
        body = encode_decision(decision)
        affected = self._affected(decision)
        before = {page: self._rows_of(reading, self._seq) for page, _, reading in affected}
        seq = self.log(decision.kind.value, decision.id, hashlib.sha256(body).digest())
        self._insert(
            schema.decision,
            no=self._number(schema.decision),
            id=key_of(decision.id),
            seq=seq,
            kind=decision.kind.value,
            subject=key_of(decision.subject),
            document=key_of(decision.document) if decision.document else None,
            body=body,
        )
        self.flush()
        for page, document, reading in affected:
            current = self._current_reading(document)
            if current != reading:
                self._show(page, reading, document, current, seq)
                continue
            if reading is None:
                continue
            former, latter = before[page].rows, self._rows_of(reading, seq).rows
            changed = [(old, new) for old, new in zip(former, latter, strict=True) if old != new]
            self._close((old for old, _ in changed), seq)
            self._enter((new for _, new in changed), reading, seq)

    def _affected(self, decision: Decision) -> list[tuple[int, int, int | None]]:
        """The page whose claims a decision can change, whichever version it is about: page, document, reading."""
        if not decision.document:
            return []
        found = self.connection.execute(
            select(schema.page)
            .join(schema.document, schema.document.c.page == schema.page.c.id)
            .where(schema.document.c.id == key_of(decision.document))
        ).first()
        return [(found.id, found.document, found.reading)] if found else []


@dataclass(frozen=True, slots=True)
class _Shown:
    """A reading as it counts, with the rows of its claims."""

    reading: Reading | None = None
    rows: list[Row] = field(default_factory=list)
    orphans: tuple[Decision, ...] = ()
