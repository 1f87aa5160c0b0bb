from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given, settings
from jsonschema import Draft202012Validator
from pyld import jsonld

from exchange.entries import ACCUSED, accusation, several
from onrecord.codec.exchange import encode_annotations
from onrecord.model import Entry

OA, AS, XSD = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#", "http://www.w3.org/2001/XMLSchema#"
MOTIVATIONS = (
    "assessing bookmarking classifying commenting describing editing highlighting identifying linking moderating"
    " questioning replying tagging"
).split()


def _to(name: str, kind: str = "@id") -> dict[str, str]:
    return {"@id": name, "@type": kind}


# What http://www.w3.org/ns/anno.jsonld makes of the terms that are used (Web Annotation Vocabulary, 2017, appendix A).
CONTEXT: dict[str, Any] = {
    "id": "@id",
    "type": "@type",
    **{
        name: OA + name
        for name in ("Annotation", "TextualBody", "SpecificResource", "TextQuoteSelector", "TextPositionSelector")
    },
    "TimeState": OA + "TimeState",
    "AnnotationCollection": AS + "OrderedCollection",
    "AnnotationPage": AS + "OrderedCollectionPage",
    "Software": AS + "Application",
    **{name: OA + name for name in ("exact", "prefix", "suffix", *MOTIVATIONS)},
    "body": _to(OA + "hasBody"),
    "target": _to(OA + "hasTarget"),
    "source": _to(OA + "hasSource"),
    "selector": _to(OA + "hasSelector"),
    "state": _to(OA + "hasState"),
    "motivation": _to(OA + "motivatedBy", "@vocab"),
    "purpose": _to(OA + "hasPurpose", "@vocab"),
    "start": _to(OA + "start", XSD + "nonNegativeInteger"),
    "end": _to(OA + "end", XSD + "nonNegativeInteger"),
    "cached": _to(OA + "cachedSource"),
    "sourceDate": _to(OA + "sourceDate", XSD + "dateTime"),
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "format": "http://purl.org/dc/elements/1.1/format",
    "language": "http://purl.org/dc/elements/1.1/language",
    "name": "http://xmlns.com/foaf/0.1/name",
    "generator": _to(AS + "generator"),
    "generated": _to("http://purl.org/dc/terms/issued", XSD + "dateTime"),
    "first": _to(AS + "first"),
    "items": {**_to(AS + "items"), "@container": "@list"},
    "partOf": _to(AS + "partOf"),
    "startIndex": _to(AS + "startIndex", XSD + "nonNegativeInteger"),
    "total": _to(AS + "totalItems", XSD + "nonNegativeInteger"),
}


def _record(kind: str, required: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": {"type": {"const": kind}, **more},
        "additionalProperties": False,
    }


_IRI = {"type": "string", "pattern": r"^[a-z]+:\S+$"}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
_MOTIVATION = {"enum": MOTIVATIONS}
_SELECTOR = {
    "oneOf": [
        _record(
            "TextQuoteSelector",
            "type exact prefix suffix",
            exact={"type": "string", "minLength": 1},
            prefix={"type": "string"},
            suffix={"type": "string"},
        ),
        _record(
            "TextPositionSelector",
            "type start end",
            start={"type": "integer", "minimum": 0},
            end={"type": "integer", "minimum": 1},
        ),
    ]
}
_BODY = {
    "oneOf": [
        _record(
            "TextualBody",
            "type value",
            value={"type": "string"},
            format={"const": "text/plain"},
            language={"const": "en"},
            purpose=_MOTIVATION,
        ),
        _record("SpecificResource", "type source", source=_IRI, purpose=_MOTIVATION),
    ]
}
_TARGET = _record(
    "SpecificResource",
    "type source selector",
    source=_IRI,
    state=_record("TimeState", "type sourceDate cached", sourceDate=_TIME, cached=_IRI),
    selector={"type": "array", "items": _SELECTOR, "minItems": 2, "maxItems": 2},
)
_ANNOTATION = _record(
    "Annotation",
    "id type target body motivation",
    id=_IRI,
    motivation={"anyOf": [_MOTIVATION, {"type": "array", "items": _MOTIVATION, "minItems": 1}]},
    generator=_record("Software", "type name", name={"type": "string"}),
    generated=_TIME,
    body={"anyOf": [_BODY, {"type": "array", "items": _BODY, "minItems": 1}]},
    target={"type": "array", "items": _TARGET, "minItems": 1},
)
# The Web Annotation Data Model (W3C Recommendation, 2017): sections 3.1 to 3.3, 4.2, 4.3 and 5.
SCHEMA = _record(
    "AnnotationCollection",
    "@context id type total first",
    id=_IRI,
    total={"type": "integer", "minimum": 0},
    first=_record(
        "AnnotationPage",
        "id type partOf startIndex items",
        id=_IRI,
        partOf=_IRI,
        startIndex={"const": 0},
        items={"type": "array", "items": _ANNOTATION},
    ),
    **{"@context": {"const": "http://www.w3.org/ns/anno.jsonld"}},
)
VALIDATOR = Draft202012Validator(SCHEMA)


def collection(entries: list[Entry], base: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(b"".join(encode_annotations(entries, base=base)))
    return found


@settings(max_examples=20)
@given(several)
def test_it_fits_the_model(entries: list[Entry]) -> None:
    found = collection(entries)
    VALIDATOR.validate(found)
    assert found["total"] == len(found["first"]["items"])
    assert found["first"]["partOf"] == found["id"]


@settings(max_examples=20)
@given(several)
def test_every_selector_leads_back_to_the_words(entries: list[Entry]) -> None:
    claims = {claim.id: entry for entry in entries for claim in entry.reading.attributions}
    for annotation in collection(entries)["first"]["items"]:
        entry = claims[annotation["id"].removeprefix("urn:onrecord:claim:").partition("#")[0]]
        assert entry.reading.document is not None
        text = entry.reading.document.text
        for target in annotation["target"]:
            quote, position = target["selector"]
            assert text[position["start"] : position["end"]] == quote["exact"]
            around = quote["prefix"] + quote["exact"] + quote["suffix"]
            at = position["start"] - len(quote["prefix"])
            assert text[at : at + len(around)] == around
            assert (at == 0) if len(quote["prefix"]) < 32 else True


def test_it_is_linked_data_of_which_nothing_is_dropped() -> None:
    found = collection([accusation()], "https://ledger.example")
    (expanded,) = jsonld.expand(found | {"@context": CONTEXT})
    assert jsonld.compact(expanded, CONTEXT) == found | {"@context": CONTEXT} | {
        "first": found["first"] | {"items": [_compact(item) for item in found["first"]["items"]]}
    }


def _compact(value: Any) -> Any:
    """As compaction leaves it: a list of one is that one."""
    if isinstance(value, dict):
        return {name: _compact(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_compact(one) for one in value] if len(value) != 1 else _compact(value[0])
    return value


def test_a_claim_is_anchored_in_its_page() -> None:
    accused, source, cue, denied, *_ = collection([accusation()])["first"]["items"]
    entry = accusation()
    assert entry.reading.document is not None
    assert accused["id"] == f"urn:onrecord:claim:{entry.reading.attributions[0].id}"
    (target,) = accused["target"]
    assert target["source"] == "https://post.example/ports?id=7&x=ü"
    assert target["state"] == {
        "type": "TimeState",
        "sourceDate": "2024-03-04T10:00:00.123Z",
        "cached": f"urn:onrecord:document:{entry.reading.document.id}",
    }
    assert target["selector"] == [
        {
            "type": "TextQuoteSelector",
            "exact": ACCUSED,
            "prefix": "accused Harbour Line on March 2 ",
            "suffix": ".\n\nHarbour Line denied that it h",
        },
        {"type": "TextPositionSelector", "start": 73, "end": 140},
    ]
    assert accused["body"][0]["value"] == "Accusation by Lena Droste for Government of Merrow (not quoted)"
    assert [(body["purpose"], body.get("value", body.get("source"))) for body in accused["body"][1:]] == [
        ("tagging", "accuse"),
        ("identifying", "urn:onrecord:party:0123456789abcdef"),
        ("linking", denied["id"]),
    ]
    assert denied["motivation"] == ["describing", "replying"]
    assert {"type": "SpecificResource", "source": accused["id"], "purpose": "replying"} in denied["body"]
    assert (source["motivation"], source["target"][0]["selector"][0]["exact"]) == ("identifying", "Lena Droste")
    assert (cue["motivation"], cue["body"]["value"]) == ("classifying", "accuse")
    assert re.fullmatch(r"urn:onrecord:claim:[0-9a-f]{16}#source", source["id"])


def test_what_came_from_a_path_is_anchored_in_the_ledgers_copy() -> None:
    entry = accusation("reports/a page.html")
    assert entry.reading.document is not None
    (target,) = collection([entry])["first"]["items"][0]["target"]
    assert target["source"] == f"urn:onrecord:document:{entry.reading.document.id}"
    assert "state" not in target
