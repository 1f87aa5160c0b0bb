"""Readings as they count: what is stored, with the decisions of people applied."""

from __future__ import annotations

import dataclasses
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select

from onrecord.codec import decode_decision, decode_reading
from onrecord.errors import DecodeError, LedgerError
from onrecord.model import Decision, DecisionKind, Entry, KnownParty, PartyKind, Reading, SpeaksFor
from onrecord.store import schema
from onrecord.store.decisions import (
    Corrected,
    apply_corrections,
    apply_splits,
    find_active,
    find_roots,
    find_spokesmen,
)
from onrecord.store.schema import MOST_ASKED, id_of, is_id, key_of, timestamp
from onrecord.store.terms import known_body, known_parties, known_party

_OF_PARTIES = (DecisionKind.MERGE.value, DecisionKind.SPEAKS.value, DecisionKind.UNDO.value)
_TIES: WeakKeyDictionary[Connection, dict[int, tuple[dict[str, str], dict[str, set[str]]]]] = WeakKeyDictionary()
"""Of each transaction, what was loaded: a question comes back to it several times."""
_MOST_KEPT = 256  # readings; a page of claims comes from a few dozen at most


@dataclass(frozen=True, slots=True)
class Effective:
    """A reading as it counts.

    Attributes:
        entry: the reading with corrections; its parties are those that others were merged into.
        known: its parties by their own ids, before they were merged: those that the index knows.
        orphans: what people decided of its page that has no effect on it: corrections that fit nothing in it, and
            retractions of other versions.
    """

    entry: Entry
    known: Mapping[str, KnownParty]
    orphans: tuple[Decision, ...]


class Readings:
    """The readings that were decoded last; what is stored never changes, so they need not be decoded again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Reading] = OrderedDict()

    def decode(self, number: int, body: bytes) -> Reading:
        """The reading of this number."""
        kept = self._kept.pop(number, None)
        reading = kept if kept is not None else decode_body(body)
        self._kept[number] = reading
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return reading


def decode_body(body: bytes) -> Reading:
    """A reading from the bytes it is stored as.

    Raises:
        LedgerError: they are damaged.
    """
    try:
        return decode_reading(zlib.decompress(body), is_proven=True)
    except (DecodeError, zlib.error) as error:
        raise _damaged("reading", error) from None


def decode_decided(body: bytes) -> Decision:
    """A decision from the bytes it is stored as.

    Raises:
        LedgerError: they are damaged.
    """
    try:
        return decode_decision(body)
    except DecodeError as error:
        raise _damaged("decision", error) from None


def _damaged(what: str, error: Exception) -> LedgerError:
    return LedgerError(
        f"a {what} in the ledger is damaged ({error}); `onrecord verify` says which; go on with a backup"
    )


def load_decisions(connection: Connection, documents: Iterable[int], seq: int) -> dict[int, list[Decision]]:
    """The decisions about documents, and about other versions of their pages, that held at a number of the log.

    Returns:
        By document, in order.
    """
    table, document = schema.decision, schema.document
    version = document.alias("version")
    found: dict[int, list[Decision]] = {}
    keys = list(documents)
    for at in range(0, len(keys), MOST_ASKED):
        rows = connection.execute(
            select(document.c.id, table.c.body)
            .join(version, version.c.page == document.c.page)
            .join(table, table.c.document == version.c.id)
            .where(document.c.id.in_(keys[at : at + MOST_ASKED]), table.c.seq <= seq)
            .order_by(table.c.seq)
        )
        for row in rows:
            found.setdefault(row.id, []).append(decode_decided(row.body))
    return {document: find_active(several) for document, several in found.items()}


def load_ties(connection: Connection, seq: int) -> tuple[dict[str, str], dict[str, set[str]]]:
    """What people said of parties, at a number of the log; all ids.

    Returns:
        Of each party that was merged into another, the one that it is; and of each party, after mergers, those that
        speak for it, before mergers.
    """
    known = _TIES.setdefault(connection, {})
    if seq in known:  # what stands in the log up to a number never changes
        return known[seq]
    table = schema.decision
    rows = connection.execute(
        select(table.c.body)
        .where(table.c.document.is_(None), table.c.kind.in_(_OF_PARTIES), table.c.seq <= seq)
        .order_by(table.c.seq)
    )
    active = find_active(decode_decided(row.body) for row in rows)
    roots = find_roots(active)
    spokesmen: dict[str, set[str]] = {}
    for party, several in find_spokesmen(active).items():
        spokesmen.setdefault(roots.get(party, party), set()).update(several)
    known[seq] = roots, spokesmen
    return known[seq]


def load_roots(connection: Connection, seq: int) -> dict[str, str]:
    """The first of :func:`load_ties`."""
    return load_ties(connection, seq)[0]


def load_parties(connection: Connection, ids: Iterable[str]) -> dict[str, KnownParty]:
    """The parties of these ids that the ledger knows."""
    rows = connection.execute(select(schema.party).where(schema.party.c.id.in_([key_of(one) for one in ids])))
    return {id_of(row.id): KnownParty(id_of(row.id), row.name, PartyKind(row.kind), row.country) for row in rows}


def load_effective(
    connection: Connection, numbers: Sequence[int], seq: int, readings: Readings | None = None
) -> dict[int, Effective]:
    """Readings as they counted at a number of the log, by their numbers.

    Raises:
        LedgerError: one is damaged.
    """
    readings = readings or Readings()
    reading, document, page, log = schema.reading, schema.document, schema.page, schema.log
    former = document.alias("former")
    earlier = (
        select(former.c.id)
        .where(former.c.page == document.c.page, former.c.seq < document.c.seq)
        .order_by(former.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            reading.c.no,
            reading.c.id,
            reading.c.body,
            document.c.id.label("document"),
            page.c.reading.label("shown"),
            log.c.at,
            log.c.who,
            earlier.label("revises"),
        )
        .join(log, log.c.seq == reading.c.seq)
        .outerjoin(document, document.c.no == reading.c.document)
        .outerjoin(page, page.c.id == document.c.page)
        .where(reading.c.no.in_(list(numbers)))
    ).all()
    decisions = load_decisions(connection, {row.document for row in rows if row.document is not None}, seq)
    roots, spokesmen = load_ties(connection, seq)
    found: dict[int, Effective] = {}
    for row in rows:
        active = decisions.get(row.document, [])
        said = readings.decode(row.no, row.body)
        this = id_of(row.document) if row.document is not None else ""
        corrected = apply_corrections(said, active, _load_texts(connection, active, this, readings))
        read = corrected.reading
        known = apply_splits(known_parties(read), active)
        if any(decision.kind is DecisionKind.CORRECT for decision in active):
            read, known = _place_parties(connection, read, known)
        parties = known
        if roots and (merged := {party.id for party in known.values()} & roots.keys()):
            into = load_parties(connection, {roots[one] for one in merged})
            parties = {local: into.get(roots.get(party.id, ""), party) for local, party in known.items()}
        entry = Entry(
            id=id_of(row.id),
            reading=read,
            at=timestamp(row.at),
            who=row.who,
            is_current=row.no == row.shown,
            parties=parties,
            revises=id_of(row.revises) if row.revises is not None else "",
            decisions=tuple(one for one in active if _applies(one, this, corrected)),
            corrected=corrected.applied,
            spoken_for=_find_bodies(connection, read, known, roots, spokesmen) if roots or spokesmen else {},
        )
        retracted = [one for one in active if one.kind is DecisionKind.RETRACT and one.document != this]
        found[row.no] = Effective(entry, known, (*corrected.orphans, *retracted))
    if set(numbers) - found.keys():
        raise LedgerError("a reading in the ledger is missing; `onrecord verify` says which; go on with a backup")
    return found


def _applies(decision: Decision, document: str, corrected: Corrected) -> bool:
    """Whether a decision is about this version of a page, or goes over to it."""
    if decision.document == document or decision.kind is DecisionKind.SPLIT:
        return True
    return decision.kind is DecisionKind.CORRECT and decision not in corrected.orphans


def _find_bodies(
    connection: Connection,
    reading: Reading,
    known: Mapping[str, KnownParty],
    roots: Mapping[str, str],
    spokesmen: Mapping[str, set[str]],
) -> dict[str, SpeaksFor]:
    """See :attr:`Entry.spoken_for`."""
    said = {roots.get(one, one): body for body, several in sorted(spokesmen.items()) for one in several}
    meant: dict[str, tuple[str, SpeaksFor]] = {}
    for party in reading.parties:
        body = known_body(party)
        if party.speaks_for is not None and body is not None:
            if body.id in roots:
                meant[party.id] = (roots[body.id], party.speaks_for)
        elif party.id in known and (spoken_for := said.get(roots.get(known[party.id].id, known[party.id].id))):
            meant[party.id] = (spoken_for, SpeaksFor("", "", party.mentions[0].span, "people say so"))
    bodies = load_parties(connection, {identity for identity, _ in meant.values()}) if meant else {}
    return {
        party: dataclasses.replace(words, body=bodies[identity].name, country=bodies[identity].country)
        for party, (identity, words) in meant.items()
        if identity in bodies
    }


def _load_texts(
    connection: Connection, decisions: Iterable[Decision], document: str, readings: Readings
) -> dict[str, str]:
    """The texts of the other versions of a page that corrections are about, by document."""
    others = {one.document for one in decisions if one.kind is DecisionKind.CORRECT} - {document}
    texts: dict[str, str] = {}
    for other in sorted(others):
        row = connection.execute(
            select(schema.reading.c.no, schema.reading.c.body)
            .join(schema.document, schema.document.c.no == schema.reading.c.document)
            .where(schema.document.c.id == key_of(other))
            .limit(1)
        ).one()
        former = readings.decode(row.no, row.body).document
        texts[other] = former.text if former else ""
    return texts


def _place_parties(
    connection: Connection, reading: Reading, known: dict[str, KnownParty]
) -> tuple[Reading, dict[str, KnownParty]]:
    """Claims that were given to a party point to it, as it stands in the text or else by its own id in the ledger.

    It is given by its id, or by its name where the ledger did not know it.
    """
    local = {party.id: name for name, party in reversed(known.items())}
    there = {party.id for party in reading.parties}
    given = {claim.party for claim in reading.attributions if claim.party and claim.party not in there}
    if not given:
        return reading, known
    new = {one: known_party(one, PartyKind.UNKNOWN) for one in given if not is_id(one)}
    ids = {one: new[one].id if one in new else one for one in given}
    here = {one: local.get(identity, identity) for one, identity in ids.items()}
    claims = tuple(
        dataclasses.replace(claim, party=here[claim.party]) if claim.party in here else claim
        for claim in reading.attributions
    )
    elsewhere = {party.id: party for party in new.values()} | load_parties(connection, ids.values())
    elsewhere = {identity: party for identity, party in elsewhere.items() if identity not in local}
    return dataclasses.replace(reading, attributions=claims), known | elsewhere
