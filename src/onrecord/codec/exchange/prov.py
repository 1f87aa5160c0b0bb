"""W3C PROV as PROV-JSONLD: how each claim came to be in the ledger, and what people decided about it.

A document is an entity; a reading is derived from it by an activity, in which onrecord and whoever recorded it took
part; a claim is quoted from the document and attributed to who said it, who may act on somebody's behalf; a decision is
a revision of the reading, by somebody, at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from onrecord.codec.exchange.shared import Addresses, Opened, as_instant, body_id, encode_json, open_entries
from onrecord.model import Attribution, DecisionKind, Entry, PartyKind, digest

CONTEXT = "https://openprovenance.org/prov-jsonld/context.jsonld"
"""The context of the W3C member submission PROV-JSONLD, which programs for PROV carry with them."""

Statement = dict[str, Any]


def encode_prov(entries: Iterable[Entry], *, base: str = "") -> Iterator[bytes]:
    """Writes one PROV-JSONLD document; in flat memory.

    An agent that took part in several readings stands in the graph once for each, under one id, which PROV merges.

    Args:
        entries: what the ledger holds; a reading without a document is left out.
        base: where the ledger answers, for ids that lead somewhere.

    Yields:
        Pieces of the document, in order.

    Raises:
        UsageError: the base is no address.
    """
    return _document(entries, Addresses(base))


def _document(entries: Iterable[Entry], addresses: Addresses) -> Iterator[bytes]:
    prefixes = {kind: addresses.prefix(kind) for kind in ("claim", "document", "party", "reading", "decision")}
    # What has no page of its own in the ledger, with and without an address of it.
    prefixes |= {kind: f"urn:onrecord:{kind}:" for kind in ("run", "software", "user", "publisher")}
    prefixes |= {
        "onrecord": "urn:onrecord:term:",
        "prov": "http://www.w3.org/ns/prov#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
    yield b'{"@context":%b,"@graph":[' % encode_json([prefixes, CONTEXT])
    before = b"\n"
    for opened in open_entries(entries):
        for statement in _statements(opened):
            yield before + encode_json(statement)
            before = b",\n"
    yield b"\n]}\n"


def _statements(opened: Opened) -> Iterator[Statement]:
    entry, document, run = opened.entry, opened.document, opened.entry.reading.run
    source, reading, activity = f"document:{document.id}", f"reading:{entry.id}", f"run:{entry.id}"
    software, user = f"software:{digest(run.version, run.model)}", f"user:{digest(entry.who)}"
    recorded = as_instant(entry.at)

    yield _node(
        "Entity",
        source,
        document.title,
        ["onrecord:Document"],
        url=document.url,
        published=document.published,
        language=document.language,
    )
    if document.publisher:
        publisher = f"publisher:{digest(document.publisher)}"
        yield _node("Agent", publisher, document.publisher, ["prov:Organization"])
        yield _link("Attribution", {"entity": source, "agent": publisher}, ["onrecord:published"])
    if entry.revises:
        used = f"document:{entry.revises}"
        yield _link("Derivation", {"generatedEntity": source, "usedEntity": used}, ["prov:Revision"])

    yield _node("Agent", software, f"onrecord {run.version}, {run.model}", ["prov:SoftwareAgent"])
    yield _node("Agent", user, entry.who, ["prov:Person"])
    yield {
        **_node("Activity", activity, "", ["onrecord:Run"], settings=" ".join(run.settings)),
        "endTime": recorded,
    }
    yield _node("Entity", reading, "", ["onrecord:Reading", "prov:Collection"], is_current=entry.is_current)
    yield _link("Usage", {"activity": activity, "entity": source})
    yield _link("Association", {"activity": activity, "agent": software}, role="onrecord:reader")
    yield _link("Association", {"activity": activity, "agent": user}, role="onrecord:recorder")
    yield {**_link("Generation", {"entity": reading, "activity": activity}), "time": recorded}
    yield _link("Derivation", {"generatedEntity": reading, "usedEntity": source, "activity": activity})
    for one in opened.attributions.values():
        yield from _claim(opened, one, source, reading)
    yield from _decisions(opened, reading)


def _claim(opened: Opened, one: Attribution, source: str, reading: str) -> Iterator[Statement]:
    claim, known, said = f"claim:{one.id}", opened.known(one), opened.speaks_for(one)
    yield {
        **_node(
            "Entity",
            claim,
            opened.title(one),
            ["onrecord:Claim"],
            stance=one.stance,
            kind=one.kind,
            voice=one.voice,
            source=opened.words(one.source),
            spans=" ".join(f"{span.start}..{span.end}" for span in one.content),
            said_on=one.said_on,
            score=one.score,
        ),
        "value": [{"@value": opened.words(one.content)}],
    }
    yield _link("Membership", {"collection": reading, "entity": claim})
    yield _link("Derivation", {"generatedEntity": claim, "usedEntity": source}, ["prov:Quotation"])
    if known:
        speaker = f"party:{known.id}"
        kind = "prov:Person" if known.kind is PartyKind.PERSON else "prov:Organization"
        yield _node("Agent", speaker, known.name, [kind] if known.kind in _AGENTS else [], kind=known.kind)
        yield _link("Attribution", {"entity": claim, "agent": speaker}, ["onrecord:said"])
        if said and body_id(said.body) != known.id:
            body = f"party:{body_id(said.body)}"
            yield _node("Agent", body, said.body, ["prov:Organization"])
            yield {
                **_link("Delegation", {"delegate": speaker, "responsible": body}),
                "onrecord:words": [{"@value": said.words.of(opened.text)}],
                "onrecord:document": [{"@id": source}],
            }
    for other, how in ((one.about, "about"), (one.parent, "within")):
        if other:
            yield _link("Influence", {"influencee": claim, "influencer": f"claim:{other}"}, [f"onrecord:{how}"])


_AGENTS = frozenset(PartyKind) - {PartyKind.PLACE, PartyKind.WEAPON, PartyKind.VESSEL, PartyKind.UNKNOWN}


def _decisions(opened: Opened, reading: str) -> Iterator[Statement]:
    for decision in opened.entry.decisions:
        record, deciding = f"decision:{decision.id}", f"run:{decision.id}"
        user, at = f"user:{digest(decision.who)}", as_instant(decision.at)
        yield _node("Agent", user, decision.who, ["prov:Person"])
        yield {**_node("Activity", deciding, "", ["onrecord:Deciding"]), "startTime": at, "endTime": at}
        yield _node(
            "Entity",
            record,
            decision.why,
            ["onrecord:Decision"],
            kind=decision.kind,
            subject=decision.subject,
            field=decision.field,
            decided=decision.value,
        )
        yield _link("Association", {"activity": deciding, "agent": user}, role="onrecord:decider")
        yield _link("Usage", {"activity": deciding, "entity": reading})
        yield {**_link("Generation", {"entity": record, "activity": deciding}), "time": at}
        yield _link("Attribution", {"entity": record, "agent": user})
        revision = {"generatedEntity": record, "usedEntity": reading, "activity": deciding}
        yield _link("Derivation", revision, ["prov:Revision"])
        if decision.subject in opened.attributions:
            influence = {"influencee": f"claim:{decision.subject}", "influencer": record}
            yield _link("Influence", influence, ["onrecord:decided"])
        if decision.kind is DecisionKind.RETRACT and decision.subject == opened.entry.id:
            yield {**_link("Invalidation", {"entity": reading, "activity": deciding}), "time": at}


def _node(kind: str, identity: str, label: str, types: list[str], /, **values: str | float | bool | None) -> Statement:
    node: Statement = {"@type": kind, "@id": identity}
    if types:
        node["type"] = types
    if label:
        node["label"] = [{"@value": label}]
    node.update({f"onrecord:{name}": [_value(value)] for name, value in values.items() if value not in (None, "")})
    return node


def _value(value: str | float | bool | None) -> dict[str, str]:
    if isinstance(value, bool):
        return {"@value": "true" if value else "false", "@type": "xsd:boolean"}
    if isinstance(value, float | int):
        return {"@value": repr(value), "@type": "xsd:double"}
    return {"@value": str(value)}


def _link(kind: str, ends: dict[str, str], types: list[str] | None = None, role: str = "") -> Statement:
    return {"@type": kind, **ends, **({"type": types} if types else {}), **({"role": [role]} if role else {})}
