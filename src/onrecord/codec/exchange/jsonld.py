"""schema.org as JSON-LD: a ``Claim`` (and ``Quotation``) for each claim, a ``NewsArticle`` for each document.

Never a ``ClaimReview``: that would be a verdict. Acts and figures are left out, since schema.org has no words for an
act that is only told of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from onrecord.codec.exchange.shared import (
    Addresses,
    Opened,
    body_id,
    day_or_time,
    encode_array,
    open_entries,
    plain_day,
    web_address,
)
from onrecord.model import Attribution, Entry, Kind, KnownParty, PartyKind, Place, SpeaksFor, Voice

# Only who can be an author, which is a Person or an Organization.
_TYPES = {
    PartyKind.PERSON: "Person",
    PartyKind.GOVERNMENT: "GovernmentOrganization",
    PartyKind.ARMED_FORCE: "Organization",
    PartyKind.COMPANY: "Corporation",
    PartyKind.ORGANIZATION: "Organization",
    PartyKind.GROUP: "Organization",
}
_OPENING = b'{"@context":"https://schema.org","@graph":['


def encode_jsonld(entries: Iterable[Entry], *, base: str = "") -> Iterator[bytes]:
    """Writes one JSON-LD document whose graph holds every claim and every document; in flat memory.

    What is named in several documents (a party) stands in the graph once for each, under one ``@id``.

    Args:
        entries: what the ledger holds; those that could not be read say nothing.
        base: where the ledger answers, for an ``@id`` that leads somewhere.

    Yields:
        Pieces of the document, in order.

    Raises:
        UsageError: the base is no address.
    """
    addresses = Addresses(base)
    nodes = (node for opened in open_entries(entries) for node in _nodes(opened, addresses))
    # Pages hold JSON-LD in a script element, which a text must not be able to end; in JSON "<" is only in strings.
    return (piece.replace(b"<", rb"\u003c") for piece in encode_array(_OPENING, nodes, b"]}"))


def _nodes(opened: Opened, addresses: Addresses) -> Iterator[dict[str, Any]]:
    yield _article(opened, addresses)
    parties: dict[str, dict[str, Any]] = {}
    for one in opened.attributions.values():
        yield _claim(opened, one, addresses)
        known, said = opened.known(one), opened.speaks_for(one)
        if known and known.kind in _TYPES:
            parties[known.id] = _party(known, addresses)
        if said:
            parties.setdefault(body_id(said.body), _body(said, addresses))
    yield from parties.values()


def _article(opened: Opened, addresses: Addresses) -> dict[str, Any]:
    document, entry = opened.document, opened.entry
    return _present(
        {
            "@type": "NewsArticle",
            "@id": addresses.document(document.id),
            "identifier": document.id,
            "url": web_address(document.url),
            "headline": document.title,
            "publisher": {"@type": "Organization", "name": document.publisher} if document.publisher else None,
            "creditText": document.byline,
            "sourceOrganization": {"@type": "Organization", "name": document.wire} if document.wire else None,
            "dateline": document.dateline,
            "datePublished": day_or_time(document.published),
            "dateModified": day_or_time(document.modified),
            "inLanguage": document.language,
            "isBasedOn": {"@id": addresses.document(entry.revises)} if entry.revises else None,
        }
    )


def _claim(opened: Opened, one: Attribution, addresses: Addresses) -> dict[str, Any]:
    document, known, said = opened.document, opened.known(one), opened.speaks_for(one)
    is_own = one.voice is Voice.PUBLISHER
    author: dict[str, Any] | None = None
    if is_own and document.publisher:
        author = {"@type": "Organization", "name": document.publisher}
    elif known and known.kind in _TYPES:
        author = {"@id": addresses.party(known.id)}
    where = one.said_in.of(opened.text) if one.said_in else ""
    return _present(
        {
            "@type": ["Claim", "Quotation"] if one.kind is Kind.DIRECT else "Claim",
            "@id": addresses.claim(one.id),
            "identifier": one.id,
            "name": opened.title(one),
            "text": opened.words(one.content),
            "author": author,
            "creditText": opened.words(one.source),
            "sourceOrganization": {"@id": addresses.party(body_id(said.body))} if said else None,
            "dateCreated": plain_day(one.said_on),
            "locationCreated": {"@type": "Place", "name": where} if where else None,
            "keywords": {
                "@type": "DefinedTerm",
                "name": one.stance,
                "inDefinedTermSet": {"@type": "DefinedTermSet", "name": "onrecord stances"},
            },
            "appearance": {"@id": addresses.document(document.id)},
            "isPartOf": {"@id": addresses.claim(one.parent)} if one.parent else None,
            "about": {"@id": addresses.claim(one.about)} if one.about else None,
            "subjectOf": [{"@id": addresses.claim(answer.id)} for answer in opened.answers.get(one.id, ())],
            "mentions": [_place(opened, place) for place in opened.places(one)],
        }
    )


def _party(known: KnownParty, addresses: Addresses) -> dict[str, Any]:
    return {
        "@type": _TYPES[known.kind],
        "@id": addresses.party(known.id),
        "identifier": known.id,
        "name": known.name,
    }


def _body(said: SpeaksFor, addresses: Addresses) -> dict[str, Any]:
    kind = PartyKind.GOVERNMENT if said.country else PartyKind.ORGANIZATION
    return _party(KnownParty(body_id(said.body), said.body, kind), addresses)


def _place(opened: Opened, place: Place) -> dict[str, Any]:
    has_point = place.latitude is not None and place.longitude is not None
    return _present(
        {
            "@type": "Place",
            "name": place.name or place.span.of(opened.text),
            "sameAs": f"https://sws.geonames.org/{place.geonames}/" if place.geonames is not None else None,
            "geo": {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
            if has_point
            else None,
        }
    )


def _present(node: dict[str, Any]) -> dict[str, Any]:
    """The node without what is not known."""
    return {key: value for key, value in node.items() if value not in (None, "", [])}
