from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import geojson
from hypothesis import given, settings

from exchange.entries import ACCUSED, DENIED, accusation, made, several
from onrecord.codec.exchange import encode_geojson
from onrecord.model import Entry
from samples import sample_reading


def features(entries: list[Entry]) -> list[dict[str, Any]]:
    collection = json.loads(b"".join(encode_geojson(entries)))
    assert set(collection) == {"type", "features"}
    found: list[dict[str, Any]] = collection["features"]
    return found


@settings(max_examples=20)
@given(several)
def test_it_is_geojson(entries: list[Entry]) -> None:
    collection = geojson.loads(b"".join(encode_geojson(entries)))
    assert isinstance(collection, geojson.FeatureCollection)
    assert collection.is_valid, collection.errors()
    for feature in collection.features:
        assert isinstance(feature, geojson.Feature)
        if feature.geometry is not None:
            longitude, latitude = feature.geometry.coordinates
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90


@settings(max_examples=20)
@given(several)
def test_every_place_of_a_document_is_in_one_feature(entries: list[Entry]) -> None:
    found = features(entries)
    assert len({feature["id"] for feature in found}) == len(found)
    for entry in entries:
        document = entry.reading.document
        assert document is not None
        words = {place.span.of(document.text) for place in entry.reading.places}
        mine = [feature["properties"] for feature in found if feature["properties"]["reading"] == entry.id]
        assert words <= {one for properties in mine for one in properties["words"]}


def test_a_place_has_the_claims_and_acts_that_name_it() -> None:
    (feature,) = features([accusation()])
    assert feature["geometry"] == {"type": "Point", "coordinates": [-45.25, 12.5]}
    properties = feature["properties"]
    assert (properties["name"], properties["geonames"], properties["precision"]) == ("Ishkar", 123, "settlement")
    accused, denied = properties["claims"]
    assert (accused["who"], accused["stance"], accused["words"]) == ("Lena Droste", "accuse", ACCUSED)
    # The denial does not name the place, and stands there all the same.
    assert (denied["stance"], denied["words"], denied["about"]) == ("deny", DENIED, accused["id"])
    (act,) = properties["acts"]
    assert (act["type"], act["status"], act["claim"]) == ("transfer", "alleged", accused["id"])


def test_a_place_without_a_point_has_no_geometry() -> None:
    harven, quay = features([made(sample_reading())])
    assert harven["geometry"] is None
    assert harven["properties"]["reason"] == "not in the gazetteer"
    assert harven["properties"]["claims"][0]["who"] == "Ana Relvas"  # it was said there
    assert quay["geometry"]["coordinates"] == [-0.1, 51.5]


def test_a_place_named_twice_is_one_feature() -> None:
    entry = accusation()
    (place,) = entry.reading.places
    twice = replace(
        entry, reading=replace(entry.reading, places=(place, replace(place, span=entry.reading.times[0].span)))
    )
    (feature,) = features([twice])
    assert feature["properties"]["words"] == ["Ishkar", "Friday"]


def test_claims_about_one_another_do_not_go_round_for_ever() -> None:
    entry = accusation()
    accused, denied, *rest = entry.reading.attributions
    circle = replace(
        entry, reading=replace(entry.reading, attributions=(replace(accused, about=denied.id), denied, *rest))
    )
    (feature,) = features([circle])
    assert [claim["id"] for claim in feature["properties"]["claims"]] == [accused.id, denied.id]
