from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from exchange.entries import ACCUSED, DENIED, accusation, made, several
from onrecord.codec.exchange import encode_ftm
from onrecord.codec.exchange.shared import web_address
from onrecord.model import Entry
from samples import sample_reading

FACTS = [
    line.split("\t")
    for line in Path(__file__).with_name("ftm.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
EXTENDS = {fact[1]: {fact[1], *fact[2].split()} for fact in FACTS if fact[0] == "schema"}
DEMANDS = {fact[1]: set(fact[3].split()) - {"-"} for fact in FACTS if fact[0] == "schema"}
PROPERTIES = {(fact[1], fact[2]): (fact[3], fact[4]) for fact in FACTS if fact[0] == "property"}
IDENTITY = re.compile(r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?")
# What the types of the model take (followthemoney/types in 4.11.2).
TAKES: dict[str, Callable[[str], object]] = {
    "address": lambda value: len(value) <= 1024,
    "country": re.compile("[a-z]{2}").fullmatch,
    "date": re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d)?)?)?").fullmatch,
    "entity": lambda value: IDENTITY.fullmatch(value) and len(value) <= 200,
    "identifier": lambda value: len(value) <= 64,
    "language": re.compile("[a-z]{3}").fullmatch,
    "name": lambda value: len(value) <= 384,
    "string": lambda value: len(value) <= 1024,
    "text": lambda value: len(value) <= 65_000,
    "url": web_address,
}


def entities(entries: list[Entry], base: str = "") -> list[dict[str, Any]]:
    return [json.loads(line) for line in encode_ftm(entries, base=base)]


@settings(max_examples=25)
@given(several)
def test_every_value_is_one_that_its_property_takes(entries: list[Entry]) -> None:
    found = entities(entries)
    schemata = {entity["id"]: entity["schema"] for entity in found}
    for entity in found:
        assert set(entity) == {"id", "schema", "properties"}
        assert IDENTITY.fullmatch(entity["id"])
        assert DEMANDS[entity["schema"]] <= set(entity["properties"])
        for name, values in entity["properties"].items():
            kind, target = PROPERTIES[entity["schema"], name]
            assert values
            for value in values:
                assert value
                assert TAKES[kind](value), (name, value)
                if kind == "entity":
                    assert target in EXTENDS[schemata[value]]


@pytest.fixture(scope="module")
def library() -> Any:
    return pytest.importorskip("followthemoney", reason="followthemoney needs ICU and a compiler, so it is not locked")


@pytest.mark.filterwarnings("default")  # what the library itself relies on warns
@settings(max_examples=15)
@given(entries=several)
def test_the_library_takes_every_entity_as_it_is(library: Any, entries: list[Entry]) -> None:
    for entity in entities(entries):
        library.model.get(entity["schema"]).validate(entity)
        proxy = library.model.get_proxy(entity)
        for name, values in entity["properties"].items():
            assert sorted(set(values)) == sorted(proxy.get(name))


def test_a_claim_is_that_somebody_said_it() -> None:
    found = {entity["id"]: entity for entity in entities([accusation()])}
    accused, denied = (found[f"onrecord-claim-{one.id}"] for one in accusation().reading.attributions[:2])
    properties = accused["properties"]
    assert accused["schema"] == "Event"
    assert properties["name"] == ["Accusation by Lena Droste for Government of Merrow"]
    assert properties["summary"] == [ACCUSED]
    assert properties["involved"] == ["onrecord-party-0123456789abcdef"]
    assert properties["date"] == ["2024-03-02"]
    assert "Answered: Denial by Harbour Line: " + DENIED in properties["description"][0]
    assert "status: alleged" in properties["description"][0]
    (link,) = [entity for entity in found.values() if entity["schema"] == "UnknownLink"]
    assert link["properties"]["subject"] == [denied["id"]]
    assert link["properties"]["object"] == [accused["id"]]
    assert link["properties"]["role"] == ["deny: is about"]


def test_who_is_named_in_an_article_is_tied_to_it() -> None:
    found = entities([accusation()])
    (article,) = [entity for entity in found if entity["schema"] == "Article"]
    assert article["properties"]["title"] == ["Minister accuses shipping line"]
    assert article["properties"]["publishedAt"] == ["2024-03-03"]
    parties = {entity["id"]: entity["schema"] for entity in found if entity["id"].startswith("onrecord-party-")}
    assert sorted(parties.values()) == ["Company", "Person", "PublicBody", "Vessel"]
    mentions = [entity["properties"] for entity in found if entity["schema"] == "Mention"]
    assert [(one["name"], one["detectedSchema"]) for one in mentions] == [
        (["Lena Droste"], ["Person"]),
        (["Harbour Line"], ["Company"]),
        (["the Grey Heron"], ["Vessel"]),
    ]
    assert "resolved" not in mentions[2]  # which the model has for legal entities only
    (stands_for,) = [entity["properties"] for entity in found if entity["schema"] == "Representation"]
    assert stands_for["agent"] == ["onrecord-party-0123456789abcdef"]
    assert parties[stands_for["client"][0]] == "PublicBody"
    assert stands_for["role"] == ["interior minister"]
    documented = [entity["properties"] for entity in found if entity["schema"] == "Documentation"]
    assert {one["document"][0] for one in documented} == {article["id"]}
    assert len(documented) == 3


def test_nothing_told_is_stated() -> None:
    schemata = {entity["schema"] for entity in entities([accusation(), made(sample_reading())])}
    assert schemata == {
        *("Article", "Company", "Documentation", "Event", "Mention", "Person", "PublicBody", "Organization"),
        *("Representation", "UnknownLink", "Vessel"),
    }
    assert not any("topics" in entity["properties"] for entity in entities([accusation()]))


def test_a_value_too_long_is_left_out_and_not_cut() -> None:
    reading = sample_reading()
    entry = made(reading)
    known = {local: replace(party, name="N" * 385) for local, party in entry.parties.items()}
    found = entities([replace(entry, parties=known)])
    assert not [entity for entity in found if entity["schema"] == "Person"]
    assert any(entity["schema"] == "Mention" and "resolved" not in entity["properties"] for entity in found)
    assert all("involved" not in entity["properties"] for entity in found)
