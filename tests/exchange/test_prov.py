from __future__ import annotations

import io
import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema.validators import validator_for
from prov.model import ProvDocument
from prov.serializers.provjsonld import load_vendored_context
from pyld import jsonld

from exchange.entries import ACCUSED, accusation, several
from onrecord.codec.exchange import encode_prov
from onrecord.codec.exchange.prov import CONTEXT
from onrecord.model import Decision, DecisionKind, Entry

SCHEMA = json.loads(files("prov.tests.schemas").joinpath("prov-jsonld.schema.json").read_text(encoding="utf-8"))
VALIDATOR = validator_for(SCHEMA)(SCHEMA)
PROV = "http://www.w3.org/ns/prov#"


def written(entries: list[Entry], base: str = "") -> Any:
    return json.loads(b"".join(encode_prov(entries, base=base)))


def loaded(entries: list[Entry]) -> ProvDocument:
    return ProvDocument.deserialize(io.BytesIO(b"".join(encode_prov(entries))), format="jsonld")


@settings(max_examples=25)
@given(several)
def test_it_fits_the_schema_and_the_library_reads_every_statement(entries: list[Entry]) -> None:
    document = written(entries)
    VALIDATOR.validate(document)
    read = loaded(entries)
    assert len(read.get_records()) == len(document["@graph"])
    read.unified()


@pytest.mark.parametrize("base", ["", "https://ledger.example"])
def test_it_is_linked_data_of_which_nothing_is_dropped(base: str) -> None:
    document = written([accusation()], base)
    terms, context = document["@context"]
    assert context == CONTEXT
    document["@context"] = [load_vendored_context(), terms]
    nodes = jsonld.expand(document, {"documentLoader": None})
    assert len(nodes) == len(document["@graph"])
    for node, statement in zip(nodes, document["@graph"], strict=True):
        assert node["@type"] == [PROV + statement["@type"]] or statement["@type"] == "Membership"
        # A term that no context knows would not be there.
        reverse = node.get("@reverse", {})
        assert len({*node, *reverse} - {"@reverse"}) == len(statement)
    claims = [
        node for node in nodes if node.get("@id", "").startswith(f"{base}/claims/" if base else "urn:onrecord:claim:")
    ]
    assert len(claims) == 5


def test_it_says_where_a_claim_comes_from() -> None:
    text = loaded([accusation()]).unified().get_provn()
    entry = accusation()
    accused, denied, *_ = (f"claim:{claim.id}" for claim in entry.reading.attributions)
    assert entry.reading.document is not None
    document, reading = f"document:{entry.reading.document.id}", f"reading:{entry.id}"
    for statement in (
        f"wasDerivedFrom({document}, document:{'cd' * 8}, -, -, -, [prov:type='prov:Revision'])",
        f"wasDerivedFrom({reading}, {document}, run:{entry.id}, -, -)",
        f"hadMember({reading}, {accused})",
        f"wasDerivedFrom({accused}, {document}, -, -, -, [prov:type='prov:Quotation'])",
        f"wasAttributedTo({accused}, party:0123456789abcdef, [prov:type='onrecord:said'])",
        f"wasInfluencedBy({denied}, {accused}, [prov:type='onrecord:about'])",
        "actedOnBehalfOf(party:0123456789abcdef, party:",
        "agent(user:09fb6e95439c0fa4, [prov:type='prov:Person', prov:label=\"jo\"])",
        f'prov:value="{ACCUSED}"',
        'onrecord:stance="accuse"',
    ):
        assert statement in text


def test_it_says_who_decided_what() -> None:
    text = loaded([accusation()]).get_provn()
    note, corrected = accusation().decisions
    assert text.count("prov:type='onrecord:Decision'") == 2
    assert 'prov:label="no proof was given"' in text
    assert f"wasDerivedFrom(decision:{corrected.id}, reading:{'ab' * 8}, run:{corrected.id}, -, -, " in text
    assert f"wasGeneratedBy(decision:{note.id}, run:{note.id}, 2024-03-05T08:00:00+00:00)" in text
    assert f"wasInfluencedBy(claim:{note.subject}, decision:{note.id}, [prov:type='onrecord:decided'])" in text
    assert "wasInvalidatedBy" not in text


def test_a_retracted_reading_is_no_longer_valid() -> None:
    entry = accusation()
    retract = Decision(DecisionKind.RETRACT, entry.id, "mila", "2024-03-07T00:00:00Z", why="satire")
    text = loaded([replace(entry, is_current=False, decisions=(retract,))]).get_provn()
    assert f"wasInvalidatedBy(reading:{entry.id}, run:{retract.id}, 2024-03-07T00:00:00+00:00)" in text
    assert 'onrecord:is_current="false" %% xsd:boolean' in text
