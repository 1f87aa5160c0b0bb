"""W3C Web Annotations: each claim anchored in its page by quotation, with words before and after, and by position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from onrecord.codec.exchange.shared import Addresses, Opened, as_instant, encode_json, open_entries, web_address
from onrecord.model import Attribution, Entry, Kind, Span

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32
"""Characters before and after the quotation, by which it is told from the same words elsewhere."""


def encode_annotations(entries: Iterable[Entry], *, base: str = "") -> Iterator[bytes]:
    """Writes one AnnotationCollection whose only page holds all annotations; in flat memory.

    A claim is up to three annotations: ``ID`` on what was said (motivation *describing*, and *replying* if it is about
    another claim), ``ID#source`` on who is cited (*identifying*), and ``ID#cue`` on the words that attribute
    (*classifying*).

    Args:
        entries: what the ledger holds; those that could not be read say nothing.
        base: where the ledger answers, for an ``id`` that leads somewhere.

    Yields:
        Pieces of the collection, in order.

    Raises:
        UsageError: the base is no address.
    """
    return _collection(entries, Addresses(base))


def _collection(entries: Iterable[Entry], addresses: Addresses) -> Iterator[bytes]:
    yield b'{"@context":%b,"type":"AnnotationCollection","first":{"type":"AnnotationPage","startIndex":0,"items":[' % (
        encode_json(_CONTEXT)
    )
    # The ids of collection and page follow from what is in them, so they can only come last.
    identity, total, before = uuid5(NAMESPACE_URL, "urn:onrecord:annotations"), 0, b"\n"
    for opened in open_entries(entries):
        for one in opened.attributions.values():
            for annotation in _annotations(opened, one, addresses):
                yield before + encode_json(annotation)
                before = b",\n"
                identity, total = uuid5(identity, f"{opened.entry.id} {annotation['id']}"), total + 1
    collection = f"urn:uuid:{identity}"
    ids = f'],"id":"{collection}#page","partOf":"{collection}"}},"id":"{collection}","total":{total}}}'
    yield b"\n" + ids.encode() + b"\n"


def _annotations(opened: Opened, one: Attribution, addresses: Addresses) -> Iterator[dict[str, Any]]:
    address, known, run = addresses.claim(one.id), opened.known(one), opened.entry.reading.run
    made = {
        "generator": {"type": "Software", "name": f"onrecord {run.version}, {run.model}"},
        "generated": as_instant(opened.entry.at),
    }
    summary = f"{opened.title(one)} ({_HOW[one.kind]})"
    bodies: list[dict[str, Any]] = [
        {"type": "TextualBody", "value": summary, "format": "text/plain", "language": "en", "purpose": "describing"},
        {"type": "TextualBody", "value": one.stance, "format": "text/plain", "language": "en", "purpose": "tagging"},
    ]
    if known:
        bodies.append(_pointer(addresses.party(known.id), "identifying"))
    if one.about:
        bodies.append(_pointer(addresses.claim(one.about), "replying"))
    bodies += [_pointer(addresses.claim(answer.id), "linking") for answer in opened.answers.get(one.id, ())]
    yield {
        "id": address,
        "type": "Annotation",
        "motivation": ["describing", "replying"] if one.about else "describing",
        **made,
        "body": bodies,
        "target": _targets(opened, one.content, addresses),
    }
    if one.source:
        who: dict[str, Any] = (
            _pointer(addresses.party(known.id), "identifying")
            if known
            else {"type": "TextualBody", "value": opened.who(one), "format": "text/plain", "purpose": "identifying"}
        )
        yield {
            "id": f"{address}#source",
            "type": "Annotation",
            "motivation": "identifying",
            **made,
            "body": who,
            "target": _targets(opened, one.source, addresses),
        }
    if one.cue:
        yield {
            "id": f"{address}#cue",
            "type": "Annotation",
            "motivation": "classifying",
            **made,
            "body": {"type": "TextualBody", "value": one.stance, "format": "text/plain", "purpose": "classifying"},
            "target": _targets(opened, one.cue, addresses),
        }


_HOW = {Kind.DIRECT: "quoted", Kind.INDIRECT: "not quoted", Kind.MIXED: "partly quoted"}


def _pointer(address: str, purpose: str) -> dict[str, Any]:
    return {"type": "SpecificResource", "source": address, "purpose": purpose}


def _targets(opened: Opened, pieces: tuple[Span, ...], addresses: Addresses) -> list[dict[str, Any]]:
    copy = addresses.document(opened.document.id)
    page = web_address(opened.document.url)
    # The page on the web changes; what was read is the ledger's copy, in which the positions count.
    where: dict[str, Any] = (
        {"source": page, "state": {"type": "TimeState", "sourceDate": as_instant(opened.entry.at), "cached": copy}}
        if page
        else {"source": copy}
    )
    return [{"type": "SpecificResource", **where, "selector": _selectors(opened.text, piece)} for piece in pieces]


def _selectors(text: str, piece: Span) -> list[dict[str, Any]]:
    return [
        {
            "type": "TextQuoteSelector",
            "exact": piece.of(text),
            "prefix": text[max(0, piece.start - _AROUND) : piece.start],
            "suffix": text[piece.end : piece.end + _AROUND],
        },
        {"type": "TextPositionSelector", "start": piece.start, "end": piece.end},
    ]
