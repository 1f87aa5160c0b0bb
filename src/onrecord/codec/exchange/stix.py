"""STIX 2.1: one bundle with a report for each reading and a note for each claim.

What a source says is the content of a note, worded as theirs. It never becomes a relationship between the parties it
speaks of: the only relationships say who said a note, for whom, and which note is about which. A denial is an opinion,
in its speaker's name, on the note of what is denied. Nothing here is marked, since nobody marked it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from onrecord.codec.exchange.shared import (
    Addresses,
    Opened,
    as_instant,
    body_id,
    encode_json,
    instant,
    open_entries,
    plain_day,
    web_uri,
)
from onrecord.model import Attribution, Entry, KnownParty, PartyKind, Span, SpeaksFor, Stance

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:onrecord:stix")
_FIXED = "2026-01-01T00:00:00.000Z"
"""When parties, onrecord and the extension were made: always the same, so that every export has the same object."""

# A place, a weapon or a vessel is no identity.
_CLASSES = {
    PartyKind.PERSON: "individual",
    PartyKind.GOVERNMENT: "organization",
    PartyKind.ARMED_FORCE: "organization",
    PartyKind.COMPANY: "organization",
    PartyKind.ORGANIZATION: "organization",
    PartyKind.GROUP: "group",
    PartyKind.UNKNOWN: "unknown",
}
_OPINIONS = {
    Stance.DENY: "disagree",
    Stance.REJECT: "disagree",
    Stance.CONFIRM: "agree",
    Stance.ADMIT: "agree",
}


def _id(kind: str, *parts: str) -> str:
    return f"{kind}--{uuid5(_NAMESPACE, ' '.join((kind, *parts)))}"


_MAKER = _id("identity", "onrecord")
_EXTENSION = _id("extension-definition", "claim")
_COMMON = {"spec_version": "2.1", "created_by_ref": _MAKER}
_ALWAYS: tuple[dict[str, Any], ...] = (
    {
        "type": "identity",
        "id": _MAKER,
        "spec_version": "2.1",
        "created": _FIXED,
        "modified": _FIXED,
        "name": "onrecord",
        "description": "A ledger of who claims what in news reports. It vouches for who is reported to have said "
        "what, never for what was said.",
        "identity_class": "system",
    },
    {
        "type": "extension-definition",
        "id": _EXTENSION,
        **_COMMON,
        "created": _FIXED,
        "modified": _FIXED,
        "name": "claim",
        "description": "What onrecord knows of an attributed claim, on the note that holds its words.",
        "schema": "claim, document, reading: ids in the ledger. stance: what the source does by saying it. kind: "
        "direct, indirect or mixed. voice: party or publisher. score: probability that the text attributes these words "
        "to this source; it says nothing of their truth. said_on: EDTF. speaks_for: name of a government or body. "
        "source, cue, content: lists of start, end (code points) and exact (words). about, parent: ids of claims. "
        "answered_by: ids of claims about this one. acts: what the words tell of, each with its id, type, PLOVER kind, "
        "status and words.",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    },
)


def encode_stix(entries: Iterable[Entry], *, base: str = "") -> Iterator[bytes]:
    """Writes one bundle, with ids that follow from the ledger's.

    The bundle holds each object once, however often its claim, its party or its reading comes: memory grows with their
    number, by some hundred bytes each. What they say is not kept.

    Args:
        entries: what the ledger holds; those that could not be read say nothing.
        base: where the ledger answers, for external references that lead there.

    Yields:
        Pieces of the bundle, in order.

    Raises:
        UsageError: the base is no address.
    """
    return _bundle(entries, Addresses(base))


def _bundle(entries: Iterable[Entry], addresses: Addresses) -> Iterator[bytes]:
    identity, before = _NAMESPACE, b"\n"
    known: set[bytes] = set()
    yield b'{"type":"bundle","objects":['
    for one in _objects(entries, addresses, known):
        yield before + encode_json(one)
        before = b",\n"
        identity = uuid5(identity, f"{one['id']} {one['modified']}")
    # The bundle's id follows from what is in it, so it can only come last.
    yield b'\n],"id":"bundle--%b"}\n' % str(identity).encode()


def _objects(entries: Iterable[Entry], addresses: Addresses, known: set[bytes]) -> Iterator[dict[str, Any]]:
    def is_new(identity: str) -> bool:
        before = len(known)
        known.add(UUID(identity.partition("--")[2]).bytes)
        return len(known) > before

    yield from _ALWAYS
    for opened in open_entries(entries):
        refs: dict[str, None] = {}
        has_more = False
        for one in _entry_objects(opened, addresses):
            refs[one["id"]] = None
            if is_new(one["id"]):
                has_more = True
                yield one
        report = _report(opened, addresses, list(refs) or [_MAKER])
        if is_new(report["id"]):
            yield report
        elif has_more:  # the reading comes again, with other claims: they are one more report
            report["id"] = _id("report", opened.entry.id, *sorted(refs))
            yield report


def _entry_objects(opened: Opened, addresses: Addresses) -> Iterator[dict[str, Any]]:
    entry = opened.entry
    made = {**_COMMON, "created": as_instant(entry.at), "modified": _modified(entry)}
    for one in opened.attributions.values():
        note, speaker = _note_id(opened, one), None
        known, said = opened.known(one), opened.speaks_for(one)
        if known and known.kind in _CLASSES and known.name.strip():
            speaker = _identity_id(known.id)
            yield _identity(known, addresses)
        yield _note(opened, one, made, speaker, addresses)
        if speaker:
            yield _relationship(made, note, "attributed-to", speaker, opened.title(one))
        if speaker and said and said.body.strip() and body_id(said.body) != (known.id if known else ""):
            body = _body(said)
            yield _identity(body, addresses)
            words = f"In the words of the report: {said.words.of(opened.text)}"
            yield _relationship(
                made, speaker, "speaks-for", _identity_id(body.id), words, entry.id, said.words.of(opened.text)
            )
        other = opened.attributions.get(one.about or "")
        if other is not None:
            yield _relationship(made, note, "related-to", _note_id(opened, other), f"{one.stance}: is about")
            if one.stance in _OPINIONS:
                yield _opinion(opened, one, other, made)


def _report(opened: Opened, addresses: Addresses, refs: list[str]) -> dict[str, Any]:
    document, entry = opened.document, opened.entry
    outlet = ", ".join(part for part in (document.publisher, document.published) if part)
    reference = {
        "source_name": document.publisher.strip() or "document",
        "description": f"{document.title} ({outlet or 'no outlet or day is known'})",
        "external_id": document.id,
        **({"url": url} if (url := web_uri(document.url)) else {}),
    }
    return {
        "type": "report",
        "id": _id("report", entry.id),
        **_COMMON,
        "created": as_instant(entry.at),
        "modified": _modified(entry),
        "name": document.title.strip() or f"Document {document.id}",
        "description": f"Who says what in: {document.title or document.url or document.id}"
        + (f" ({outlet})" if outlet else "")
        + ("" if entry.is_current else ". This reading counts no more: there is a later one, or it was retracted."),
        "published": _published(document.published) or as_instant(entry.at),
        "object_refs": refs,
        "external_references": [reference, _reference("reading", entry.id, addresses.reading(entry.id))],
    }


def _note(
    opened: Opened, one: Attribution, made: dict[str, str], speaker: str | None, addresses: Addresses
) -> dict[str, Any]:
    said = opened.speaks_for(one)
    claim = {
        "extension_type": "property-extension",
        "claim": one.id,
        "document": opened.document.id,
        "reading": opened.entry.id,
        "stance": one.stance,
        "kind": one.kind,
        "voice": one.voice,
        "score": one.score,
        "said_on": one.said_on,
        "speaks_for": said.body if said else None,
        "source": _quoted(opened, one.source),
        "cue": _quoted(opened, one.cue),
        "content": _quoted(opened, one.content),
        "about": one.about,
        "parent": one.parent,
        "answered_by": [answer.id for answer in opened.answers.get(one.id, ())],
        "acts": [
            {
                "id": act.id,
                "type": act.type,
                "kind": act.kind,
                "status": act.status,
                "words": act.words.of(opened.text),
            }
            for act in opened.acts.get(one.id, ())
        ],
    }
    return {
        "type": "note",
        "id": _note_id(opened, one),
        **made,
        "abstract": opened.title(one),
        "content": opened.telling(one),
        # A note is on something: on who said it, and on nothing but the ledger where nobody is known.
        "object_refs": [speaker or _MAKER],
        "external_references": [_reference("claim", one.id, addresses.claim(one.id))],
        # STIX has neither null nor empty lists.
        "extensions": {_EXTENSION: {key: value for key, value in claim.items() if value not in (None, "", [])}},
    }


def _opinion(opened: Opened, one: Attribution, other: Attribution, made: dict[str, str]) -> dict[str, Any]:
    who = opened.who(one)
    return {
        "type": "opinion",
        "id": _id("opinion", opened.entry.id, one.id),
        **made,
        "opinion": _OPINIONS[one.stance],
        "explanation": opened.telling(one),
        **({"authors": [who]} if who.strip() else {}),
        "object_refs": [_note_id(opened, other)],
    }


def _relationship(made: dict[str, str], source: str, kind: str, target: str, why: str, *parts: str) -> dict[str, Any]:
    return {
        "type": "relationship",
        "id": _id("relationship", source, kind, target, *parts),
        **made,
        "relationship_type": kind,
        "description": why,
        "source_ref": source,
        "target_ref": target,
    }


def _identity(known: KnownParty, addresses: Addresses) -> dict[str, Any]:
    return {
        "type": "identity",
        "id": _identity_id(known.id),
        **_COMMON,
        "created": _FIXED,
        "modified": _FIXED,
        "name": known.name,
        "identity_class": _CLASSES[known.kind],
        "external_references": [_reference("party", known.id, addresses.party(known.id))],
    }


def _body(said: SpeaksFor) -> KnownParty:
    kind = PartyKind.GOVERNMENT if said.country else PartyKind.ORGANIZATION
    return KnownParty(body_id(said.body), said.body, kind, said.country)


def _reference(what: str, identity: str, address: str) -> dict[str, str]:
    url = web_uri(address)
    return {"source_name": f"onrecord {what}", "external_id": identity, **({"url": url} if url else {})}


def _quoted(opened: Opened, spans: tuple[Span, ...]) -> list[dict[str, Any]]:
    return [{"start": span.start, "end": span.end, "exact": span.of(opened.text)} for span in spans]


def _note_id(opened: Opened, one: Attribution) -> str:
    return _id("note", opened.entry.id, one.id)


def _identity_id(identity: str) -> str:
    return _id("identity", identity)


def _modified(entry: Entry) -> str:
    """When the entry came to say what it says: when it was recorded, or when the last decision was made."""
    return max(as_instant(entry.at), *(as_instant(decision.at) for decision in entry.decisions), "")


def _published(value: str) -> str | None:
    """The day of publication as a time, which the format demands: the first moment of a day, month or year, in UTC."""
    if instant(value):
        return as_instant(value)
    day = plain_day(value)
    return f"{day}-01-01"[:10] + "T00:00:00.000Z" if day else None
