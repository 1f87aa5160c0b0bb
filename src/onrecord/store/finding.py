"""One thing by its id, with its history; entries, documents and runs in order."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, exists, func, literal, select, tuple_

from onrecord.errors import NotFound, UsageError
from onrecord.model import Change, Claim, Decision, DecisionKind, Entry, HeldRun, KnownParty, Reading, Run, ThingKind
from onrecord.store import decisions, schema
from onrecord.store.effective import (
    decode_body,
    decode_decided,
    load_effective,
    load_parties,
    load_roots,
)
from onrecord.store.schema import id_of, key_of, key_range, timestamp
from onrecord.store.store import Store, run_key
from onrecord.store.terms import folded

_SHORTEST = 4  # digits of an id that are enough to look it up
_BATCH = 100
_LOOKED_THROUGH = 5_000  # addresses that are compared together
_TABLES = (
    (ThingKind.CLAIM, schema.claim),
    (ThingKind.DOCUMENT, schema.document),
    (ThingKind.PARTY, schema.party),
    (ThingKind.READING, schema.reading),
    (ThingKind.DECISION, schema.decision),
)


def find_things(store: Store, prefix: str) -> list[tuple[ThingKind, str]]:
    """What has an id that begins so, each with its whole id; at most a few."""
    wanted = prefix.strip().lower()
    if not _SHORTEST <= len(wanted) <= 16 or not set(wanted) <= set("0123456789abcdef"):
        return []
    first, last = key_range(wanted)
    found: list[tuple[ThingKind, str]] = []
    with store.reading() as connection:
        for kind, table in _TABLES:
            keys = connection.execute(
                select(table.c.id).where(table.c.id.between(first, last)).distinct().order_by(table.c.id).limit(5)
            ).scalars()
            found += [(kind, id_of(key)) for key in keys]
    return found


def get_claim(store: Store, identity: str) -> Claim:
    """A claim as it counts, or counted last.

    Raises:
        NotFound: there is none.
    """
    claim = schema.claim
    with store.reading() as connection:
        row = connection.execute(
            select(claim).where(claim.c.id == key_of(identity)).order_by(claim.c.since.desc()).limit(1)
        ).first()
        if row is None:
            raise NotFound(f"the ledger holds no claim {identity}")
        seq = row.until - 1 if row.until is not None else _last(connection)
        entry = load_effective(connection, [row.reading], seq, store.readings)[row.reading].entry
    return Claim(entry.reading.attributions[row.number], entry, row.until is None)


def find_history(store: Store, identity: str) -> list[Change]:
    """What happened to a claim: when it was recorded, read anew, corrected, and when it counted no more."""
    claim, log = schema.claim, schema.log
    with store.reading() as connection:
        rows = connection.execute(
            select(claim.c.since, claim.c.until).where(claim.c.id == key_of(identity)).order_by(claim.c.since)
        ).all()
        marks = {row.since for row in rows} | {row.until for row in rows if row.until is not None}
        marks |= _find_corrected(connection, key_of(identity))
        logged = {
            row.seq: row
            for row in connection.execute(select(log).where(log.c.seq.in_(sorted(marks))).order_by(log.c.seq))
        }
    begun, ended = {row.since for row in rows}, {row.until for row in rows}
    history = []
    for seq, row in sorted(logged.items()):
        if row.verb not in ("add", "reread"):
            what = {"correct": "corrected", "retract": "retracted", "undo": "a decision undone"}.get(row.verb, row.verb)
        elif seq in begun:
            what = "recorded" if seq == rows[0].since else "read again" if seq in ended else "recorded again"
        else:
            what = "no longer in its page, as it is read now"
        history.append(Change(timestamp(row.at), row.who, what, id_of(row.subject)))
    return history


def _find_corrected(connection: Connection, claim: int) -> set[int]:
    """Where the log has the corrections of a claim, also those that change nothing, and what undoes them."""
    table = schema.decision
    chosen = select(table.c.seq, table.c.id).where(table.c.subject == claim, table.c.kind == DecisionKind.CORRECT)
    marks: set[int] = set()
    while rows := connection.execute(chosen).all():
        marks |= {row.seq for row in rows}
        undone = table.c.subject.in_([row.id for row in rows])
        chosen = select(table.c.seq, table.c.id).where(undone, table.c.kind == DecisionKind.UNDO)
    return marks


def get_entry(store: Store, document: str) -> Entry:
    """The latest reading of a document.

    Raises:
        NotFound: the ledger holds no such document.
    """
    with store.reading() as connection:
        number = connection.execute(
            select(func.max(schema.reading.c.no))
            .join(schema.document, schema.document.c.no == schema.reading.c.document)
            .where(schema.document.c.id == key_of(document))
        ).scalar()
        if number is None:
            raise NotFound(f"the ledger holds no document {document}")
        return load_effective(connection, [number], _last(connection), store.readings)[number].entry


def find_shown(store: Store, document: str) -> Entry | None:
    """The reading that counts of the page that a document is a version of; None if all are retracted."""
    page = schema.page
    with store.reading() as connection:
        number = connection.execute(
            select(page.c.reading)
            .join(schema.document, schema.document.c.page == page.c.id)
            .where(schema.document.c.id == key_of(document))
        ).scalar()
        if number is None:
            return None
        return load_effective(connection, [number], _last(connection), store.readings)[number].entry


def get_reading(store: Store, identity: str) -> Entry:
    """A reading by its own id.

    Raises:
        NotFound: the ledger holds no such reading.
    """
    with store.reading() as connection:
        number = connection.execute(select(schema.reading.c.no).where(schema.reading.c.id == key_of(identity))).scalar()
        if number is None:
            raise NotFound(f"the ledger holds no reading {identity}")
        return load_effective(connection, [number], _last(connection), store.readings)[number].entry


def find_known(store: Store, document: str, party: str) -> list[str]:
    """The ids of the parties in a document that are a party, itself or by having been merged into it."""
    with store.reading() as connection:
        seq = _last(connection)
        numbers = select(func.max(schema.reading.c.no)).join(
            schema.document, schema.document.c.no == schema.reading.c.document
        )
        number = connection.execute(numbers.where(schema.document.c.id == key_of(document))).scalar_one()
        known = load_effective(connection, [number], seq, store.readings)[number].known
        roots = load_roots(connection, seq)
    return sorted({one.id for one in known.values() if party in (one.id, roots.get(one.id))})


def find_versions(store: Store, document: str) -> list[tuple[str, str]]:
    """The documents that are versions of the same page, in the order in which they came: id, and when recorded."""
    table, log = schema.document, schema.log
    with store.reading() as connection:
        page = connection.execute(select(table.c.page).where(table.c.id == key_of(document))).scalar()
        rows = connection.execute(
            select(table.c.id, log.c.at)
            .join(log, log.c.seq == table.c.seq)
            .where(table.c.page == page)
            .order_by(table.c.seq)
        )
        return [(id_of(row.id), timestamp(row.at)) for row in rows]


def find_readings(store: Store, document: str) -> list[str]:
    """The ids of all readings of a document, in the order in which they were made."""
    with store.reading() as connection:
        keys = connection.execute(
            select(schema.reading.c.id)
            .join(schema.document, schema.document.c.no == schema.reading.c.document)
            .where(schema.document.c.id == key_of(document))
            .order_by(schema.reading.c.no)
        ).scalars()
        return [id_of(key) for key in keys]


def get_party(store: Store, identity: str) -> tuple[KnownParty, tuple[str, ...]]:
    """A party by its id, and all names that documents call it by.

    Raises:
        NotFound: the ledger knows no such party.
    """
    with store.reading() as connection:
        parties = load_parties(connection, [identity])
        if identity not in parties:
            raise NotFound(f"the ledger knows no party {identity}")
        names = connection.execute(
            select(schema.alias.c.name).where(schema.alias.c.party == key_of(identity)).order_by(schema.alias.c.name)
        ).scalars()
        return parties[identity], tuple(names)


def get_decision(store: Store, identity: str) -> Decision:
    """A decision by its id.

    Raises:
        NotFound: there is none.
    """
    with store.reading() as connection:
        body = connection.execute(
            select(schema.decision.c.body).where(schema.decision.c.id == key_of(identity))
        ).scalar()
    if body is None:
        raise NotFound(f"the ledger holds no decision {identity}")
    return decode_decided(body)


def find_decisions(store: Store, subject: str = "") -> Iterator[Decision]:
    """People's decisions, all or those about one thing, in order; those that were undone, too."""
    table = schema.decision
    after = 0
    while True:
        chosen = select(table.c.no, table.c.body).where(table.c.no > after).order_by(table.c.no).limit(_BATCH)
        if subject:
            chosen = chosen.where(table.c.subject == key_of(subject))
        with store.reading() as connection:
            rows = connection.execute(chosen).all()
        yield from (decode_decided(row.body) for row in rows)
        if len(rows) < _BATCH:
            return
        after = rows[-1].no


def find_orphans(store: Store) -> Iterator[tuple[Decision, str]]:
    """Corrections and retractions that have no effect on what counts now, each with the id of the reading they miss.

    A correction fits nothing in it; a retraction is of another version of the page.
    """
    table, document, page = schema.decision, schema.document, schema.page
    with store.reading() as connection:
        seq = _last(connection)
        shown = (
            connection.execute(
                select(page.c.reading)
                .distinct()
                .join(document, document.c.page == page.c.id)
                .join(table, table.c.document == document.c.id)
                .where(table.c.kind.in_((DecisionKind.CORRECT, DecisionKind.RETRACT)), page.c.reading.is_not(None))
                .order_by(page.c.reading)
            )
            .scalars()
            .all()
        )
        for at in range(0, len(shown), _BATCH):
            some = shown[at : at + _BATCH]
            for one in load_effective(connection, some, seq, store.readings).values():
                yield from ((decision, one.entry.id) for decision in one.orphans)


def find_undone(store: Store) -> set[str]:
    """The ids of decisions that were undone, undoings among them."""
    table = schema.decision
    with store.reading() as connection:
        rows = connection.execute(select(table.c.body).order_by(table.c.seq)).scalars()
        return decisions.find_undone(decode_decided(body) for body in rows)


def find_entries(store: Store, *, everything: bool = False) -> Iterator[Entry]:
    """The readings that count, or all, in the order of recording; of one state of the ledger."""
    reading, page = schema.reading, schema.page
    after = 0
    with store.reading() as connection:
        seq = _last(connection)
        while True:
            chosen = select(reading.c.no).where(reading.c.no > after).order_by(reading.c.no).limit(_BATCH)
            if not everything:
                chosen = chosen.where(exists().where(page.c.reading == reading.c.no))
            numbers = list(connection.execute(chosen).scalars())
            entries = load_effective(connection, numbers, seq)
            yield from (entries[number].entry for number in numbers)
            if len(numbers) < _BATCH:
                return
            after = numbers[-1]


def list_parties(store: Store, words: str = "", *, limit: int, after: str = "") -> tuple[list[KnownParty], str]:
    """A page of the parties, by their folded names, with the id of its last if there are more.

    Args:
        store: the ledger.
        words: beginnings of words that one of a party's names must have, all of them.
        limit: most parties.
        after: id of the last party of the page before.
    """
    alias, party = schema.alias, schema.party
    chosen = select(alias.c.name.label("alias"), alias.c.party, party.c.name).join(party, party.c.id == alias.c.party)
    if wanted := folded(words):
        other = alias.alias("other")
        spaced = literal(" ") + other.c.name
        fits = [spaced.contains(f" {word}") for word in wanted.split()]
        chosen = chosen.where(alias.c.party.in_(select(other.c.party).where(*fits)))
    elif words.strip():
        raise UsageError(f"{words[:40]!r} has no word in it that a party could be found by")
    found: list[str] = []
    with store.reading() as connection:
        at: tuple[str, int] | None = None
        if after:
            known = load_parties(connection, [after]).get(after)
            if known is None:
                raise UsageError(f"{after[:40]!r} follows no page; give what the page before ended with")
            at = (folded(known.name), key_of(after))
        while len(found) <= limit:
            page = chosen.where(tuple_(alias.c.name, alias.c.party) > at) if at else chosen
            rows = connection.execute(page.order_by(alias.c.name, alias.c.party).limit(_BATCH)).all()
            # Of its names it stands under the one that it is called by.
            found += [id_of(row.party) for row in rows if folded(row.name) == row.alias]
            if len(rows) < _BATCH:
                break
            at = (rows[-1].alias, rows[-1].party)
        parties = load_parties(connection, found[:limit])
    return [parties[one] for one in found[:limit]], found[limit - 1] if len(found) > limit else ""


def list_documents(store: Store, words: str = "", *, limit: int, after: str = "") -> tuple[list[Entry], str]:
    """A page of the documents, the last recorded first, with the id of its last if there are more.

    Args:
        store: the ledger.
        words: pieces of the address that a document must have, all of them, in capitals or not.
        limit: most documents.
        after: id of the last document of the page before.
    """
    document, reading = schema.document, schema.reading
    last = select(func.max(reading.c.no)).where(reading.c.document == document.c.no).scalar_subquery()
    chosen = select(document.c.id, last.label("reading")).order_by(document.c.no.desc()).limit(limit + 1)
    number = None
    with store.reading() as connection:
        if after:
            number = connection.execute(select(document.c.no).where(document.c.id == key_of(after))).scalar()
            if number is None:
                raise UsageError(f"{after[:40]!r} follows no page; give what the page before ended with")
            chosen = chosen.where(document.c.no < number)
        if wanted := [_same_case(word) for word in words.split()]:
            chosen = chosen.where(document.c.no.in_(_find_addressed(connection, wanted, number, limit + 1)))
        rows = connection.execute(chosen).all()
        entries = load_effective(connection, [row.reading for row in rows[:limit]], _last(connection), store.readings)
    found = [entries[row.reading].entry for row in rows[:limit]]
    return found, id_of(rows[limit - 1].id) if len(rows) > limit else ""


def _find_addressed(connection: Connection, wanted: Sequence[str], before: int | None, limit: int) -> list[int]:
    """The numbers of the last documents, of those before one, whose addresses have all pieces.

    No database is asked for that: SQLite knows only the capitals of ASCII, and PostgreSQL those of its locale.
    """
    document = schema.document
    chosen = select(document.c.no, document.c.url).order_by(document.c.no.desc()).limit(_LOOKED_THROUGH)
    found: list[int] = []
    while True:
        rows = connection.execute(chosen.where(document.c.no < before) if before is not None else chosen).all()
        every = _same_case("\n".join([url for _, url in rows]))  # most often none has it, which is seen at once
        if all(word in every for word in wanted):
            for number, url in rows:
                address = _same_case(url)
                if all(word in address for word in wanted):
                    found.append(number)
        if len(found) >= limit or len(rows) < _LOOKED_THROUGH:
            return found[:limit]
        before = rows[-1].no


def _same_case(text: str) -> str:
    """A text without capitals, with its accents in one form."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def find_runs(store: Store) -> list[HeldRun]:
    """The runs whose readings the ledger holds, in the order in which they began."""
    run, reading, log = schema.run, schema.reading, schema.log
    with store.reading() as connection:
        rows = connection.execute(
            select(
                run.c.no,
                run.c.id,
                run.c.version,
                run.c.model,
                run.c.settings,
                func.count().label("readings"),
                func.min(reading.c.seq).label("first"),
                func.max(reading.c.seq).label("last"),
            )
            .join(reading, reading.c.run == run.c.no)
            .group_by(run.c.no, run.c.id, run.c.version, run.c.model, run.c.settings)
            .order_by(run.c.no)
        ).all()
        marks = {row.first for row in rows} | {row.last for row in rows}
        times = {row.seq: row.at for row in connection.execute(select(log).where(log.c.seq.in_(sorted(marks))))}
    return [
        HeldRun(
            id_of(row.id),
            Run(row.version, row.model, tuple(json.loads(row.settings))),
            row.readings,
            timestamp(times[row.first]),
            timestamp(times[row.last]),
        )
        for row in rows
    ]


def find_pairs(store: Store, former: str, latter: str) -> Iterator[tuple[Entry, Entry]]:
    """The readings of each document that two runs both read, in the order of documents; runs by their ids."""
    reading, run = schema.reading, schema.run
    after = 0
    with store.reading() as connection:
        numbers = [
            connection.execute(select(run.c.no).where(run.c.id == key_of(one))).scalar() for one in (former, latter)
        ]
        for number, identity in zip(numbers, (former, latter), strict=True):
            if number is None:
                raise NotFound(f"the ledger holds no run {identity}")
    one, other = reading.alias("one"), reading.alias("other")
    while True:
        chosen = (
            select(one.c.document, func.max(one.c.no).label("one"), func.max(other.c.no).label("other"))
            .join(other, other.c.document == one.c.document)
            .where(one.c.run == numbers[0], other.c.run == numbers[1], one.c.document > after)
            .group_by(one.c.document)
            .order_by(one.c.document)
            .limit(_BATCH)
        )
        with store.reading() as connection:
            rows = connection.execute(chosen).all()
            # As they were read: what people corrected is the same in both.
            entries = load_effective(connection, [number for row in rows for number in row[1:]], 0)
        yield from ((entries[row.one].entry, entries[row.other].entry) for row in rows)
        if len(rows) < _BATCH:
            return
        after = rows[-1].document


def find_reading(store: Store, document: str, run: Run) -> Reading | None:
    """The latest reading of a document by a run, as it was read; None if there is none."""
    with store.reading() as connection:
        body = connection.execute(
            select(schema.reading.c.body)
            .join(schema.document, schema.document.c.no == schema.reading.c.document)
            .join(schema.run, schema.run.c.no == schema.reading.c.run)
            .where(schema.document.c.id == key_of(document), schema.run.c.id == run_key(run))
            .order_by(schema.reading.c.no.desc())
            .limit(1)
        ).scalar()
    return decode_body(body) if body is not None else None


def count_things(store: Store) -> dict[str, int]:
    """How many documents, readings, claims that count, parties and decisions the ledger holds."""
    with store.reading() as connection:
        counts = {
            "documents": select(func.count()).select_from(schema.document),
            "readings": select(func.count()).select_from(schema.reading),
            "claims": select(func.count())
            .select_from(schema.claim)
            .where(schema.claim.c.until.is_(None), schema.claim.c.is_own == 0),
            "parties": select(func.count()).select_from(schema.party),
            "decisions": select(func.count()).select_from(schema.decision),
        }
        return {name: connection.execute(chosen).scalar_one() for name, chosen in counts.items()}


def _last(connection: Connection) -> int:
    return connection.execute(select(func.max(schema.log.c.seq))).scalar() or 0
