"""The example reports, as the trained model reads them, in every format."""

from __future__ import annotations

import io
import json

import geojson
import pytest
import stix2
from prov.model import ProvDocument

from exchange.entries import made
from exchange.test_annotations import VALIDATOR as ANNOTATIONS
from exchange.test_ftm import IDENTITY, PROPERTIES, TAKES
from exchange.test_jsonl import VALIDATOR as CLAIMS
from exchange.test_jsonld import check, graph, types_of
from onrecord.codec.exchange import FORMATS, TABLES
from onrecord.examples import REPORTS
from onrecord.intake import IntakeSettings, find_documents
from onrecord.model import Document, Entry
from onrecord.reader import Reader

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    reader = Reader()
    found: list[Entry] = []
    for name in ("01-courier-accusation.html", "05-cwa-sanctions.txt", "04-harbour-star-a-lie.html"):
        for document in find_documents(str(REPORTS / name), settings=IntakeSettings()):
            assert isinstance(document, Document)
            found.append(made(reader.read(document), number=len(found) + 1))
    return found


def encoded(entries: list[Entry], name: str) -> bytes:
    return b"".join(FORMATS[name].encode(entries))


def test_a_denial_and_what_it_denies_are_in_every_format(entries: list[Entry]) -> None:
    answered = [
        (entry.reading.document, one)
        for entry in entries
        for one in entry.reading.attributions
        if one.about is not None and entry.reading.document
    ]
    assert answered
    for name in ("jsonl", "jsonld", "annotations", "ftm", "stix", "prov"):
        text = json.dumps(
            [json.loads(line) for line in encoded(entries, name).splitlines()]
            if name in ("jsonl", "ftm")
            else json.loads(encoded(entries, name)),
            ensure_ascii=False,
        )
        for document, one in answered:
            assert json.dumps(one.content[0].of(document.text), ensure_ascii=False)[1:-1] in text
            assert one.id in text


def test_each_is_what_its_standard_says(entries: list[Entry]) -> None:
    claims = sum(len(entry.reading.attributions) for entry in entries)
    lines = [json.loads(line) for line in encoded(entries, "jsonl").splitlines()]
    assert len(lines) == claims > 10
    for line in lines:
        CLAIMS.validate(line)
    ANNOTATIONS.validate(json.loads(encoded(entries, "annotations")))
    nodes = graph(entries)
    types = {node["@id"]: types_of(node) for node in nodes}
    for node in nodes:
        check(node, types)
    for line in encoded(entries, "ftm").splitlines():
        entity = json.loads(line)
        assert IDENTITY.fullmatch(entity["id"])
        for name, values in entity["properties"].items():
            assert all(TAKES[PROPERTIES[entity["schema"], name][0]](value) for value in values)
    bundle = stix2.parse(encoded(entries, "stix").decode(), version="2.1")
    assert sum(one.type == "note" for one in bundle.objects) == claims
    document = ProvDocument.deserialize(io.BytesIO(encoded(entries, "prov")), format="jsonld")
    assert len(document.get_records()) == len(json.loads(encoded(entries, "prov"))["@graph"])
    places = geojson.loads(encoded(entries, "geojson"))
    assert places.is_valid
    assert any(feature.geometry is not None for feature in places.features)


def test_tables_have_rows(entries: list[Entry]) -> None:
    for name in ("claims", "documents", "parties", "acts", "figures", "times", "places"):
        rows = [row for entry in entries for row in TABLES[name].rows(entry)]
        assert rows, name
        assert {len(row) for row in rows} == {len(TABLES[name].columns)}
