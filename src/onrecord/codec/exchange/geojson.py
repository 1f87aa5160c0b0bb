"""GeoJSON (RFC 7946): where places lie, each with the claims and acts of one document that name it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from onrecord.codec.exchange.shared import Addresses, Opened, encode_array, open_entries
from onrecord.model import Attribution, Entry, Place, Span, digest


def encode_geojson(entries: Iterable[Entry], *, base: str = "") -> Iterator[bytes]:
    """Writes one FeatureCollection; in flat memory.

    A feature is a place in a document: a place that several documents name is as many features, with the same
    ``geonames``. A claim stands in a feature if its words name the place or it was said there; with it stand the claims
    that are about it, and the claim that it is about. A place of which nothing is known has no geometry (null).

    Args:
        entries: what the ledger holds; those that could not be read say nothing.
        base: where the ledger answers, for addresses that lead somewhere.

    Yields:
        Pieces of the collection, in order.

    Raises:
        UsageError: the base is no address.
    """
    addresses = Addresses(base)
    features = (feature for opened in open_entries(entries) for feature in _features(opened, addresses))
    return encode_array(b'{"type":"FeatureCollection","features":[', features, b"]}")


def _features(opened: Opened, addresses: Addresses) -> Iterator[dict[str, Any]]:
    naming: dict[Span, list[str]] = {}
    for one in opened.attributions.values():
        spans = {place.span for place in opened.places(one)} | ({one.said_in} if one.said_in else set())
        for span in spans:
            naming.setdefault(span, []).append(one.id)
    acting: dict[Span, list[dict[str, Any]]] = {}
    for act in opened.entry.reading.acts:
        for span in act.places:
            acting.setdefault(span, []).append(
                {
                    "id": act.id,
                    "type": act.type,
                    "status": act.status,
                    "words": act.words.of(opened.text),
                    "told": opened.act(act),
                    "claim": act.claim,
                }
            )
            if act.claim in opened.attributions:
                naming.setdefault(span, []).append(act.claim)

    same: dict[object, list[Place]] = {}
    for place in opened.entry.reading.places:
        same.setdefault(place.geonames or place.span.of(opened.text), []).append(place)
    for key, places in same.items():
        place, document = places[0], opened.document
        claims = dict.fromkeys(identity for one in places for identity in naming.get(one.span, ()))
        acts = {act["id"]: act for one in places for act in acting.get(one.span, ())}
        has_point = place.latitude is not None and place.longitude is not None
        yield {
            "type": "Feature",
            "id": digest("place", opened.entry.id, key),
            "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]} if has_point else None,
            "properties": {
                "name": place.name or place.span.of(opened.text),
                "words": list(dict.fromkeys(one.span.of(opened.text) for one in places)),
                "geonames": place.geonames,
                "country": place.country,
                "precision": place.precision,
                "reason": place.reason,
                "document": document.id,
                "document_address": addresses.document(document.id),
                "title": document.title,
                "publisher": document.publisher,
                "published": document.published,
                "url": document.url,
                "reading": opened.entry.id,
                "is_current": opened.entry.is_current,
                "claims": [_claim(opened, one, addresses) for one in _with_their_others(opened, claims)],
                "acts": list(acts.values()),
            },
        }


def _with_their_others(opened: Opened, claims: Iterable[str]) -> list[Attribution]:
    """The claims, each with what it is about and what is about it, and so on, so that both sides are there."""
    found: dict[str, Attribution] = {}
    waiting = list(claims)[::-1]
    while waiting:
        one = opened.attributions.get(waiting.pop())
        if one is None or one.id in found:
            continue
        found[one.id] = one
        waiting += [answer.id for answer in opened.answers.get(one.id, ())]
        if one.about:
            waiting.append(one.about)
    return list(found.values())


def _claim(opened: Opened, one: Attribution, addresses: Addresses) -> dict[str, Any]:
    return {
        "id": one.id,
        "address": addresses.claim(one.id),
        "who": opened.who(one),
        "stance": one.stance,
        "words": opened.words(one.content),
        "said_on": one.said_on,
        "about": one.about,
    }
