from __future__ import annotations

import json

from hypothesis import given, settings
from jsonschema import Draft202012Validator

from exchange.entries import ACCUSED, DENIED, accusation, several
from onrecord.codec.exchange import claim_schema, encode_jsonl
from onrecord.model import Entry

VALIDATOR = Draft202012Validator(claim_schema())


@settings(max_examples=30)
@given(several)
def test_every_claim_is_a_line_that_fits_the_schema(entries: list[Entry]) -> None:
    lines = b"".join(encode_jsonl(entries)).decode().splitlines()
    claims = [(entry, claim.id) for entry in entries for claim in entry.reading.attributions]
    for line, (entry, identity) in zip(lines, claims, strict=True):
        record = json.loads(line)
        VALIDATOR.validate(record)
        assert record["id"] == identity
        assert entry.reading.document is not None
        for words in (*record["source"], *record["cue"], *record["content"]):
            assert entry.reading.document.text[words["start"] : words["end"]] == words["exact"]


def test_the_schema_is_a_schema_that_refuses_what_it_should() -> None:
    Draft202012Validator.check_schema(claim_schema())
    record = json.loads(next(encode_jsonl([accusation()])))
    assert VALIDATOR.is_valid(record)
    assert not VALIDATOR.is_valid(record | {"verdict": "true"})
    assert not VALIDATOR.is_valid({key: value for key, value in record.items() if key != "about"})


def test_a_line_is_complete_in_itself() -> None:
    accused, denied, *_ = [json.loads(line) for line in encode_jsonl([accusation()])]
    assert accused["who"] == "Lena Droste"
    assert accused["words"] == ACCUSED
    assert accused["party"] == {
        "id": "0123456789abcdef",
        "address": "urn:onrecord:party:0123456789abcdef",
        "name": "Lena Droste",
        "kind": "person",
        "country": "",
    }
    assert accused["speaks_for"]["body"] == "Government of Merrow"
    assert (accused["stance"], accused["said_on"], accused["score"]) == ("accuse", "2024-03-02", 0.97)
    assert [figure["words"]["exact"] for figure in accused["figures"]] == ["about 400 rockets"]
    assert [place["name"] for place in accused["places"]] == ["Ishkar"]
    assert [(act["status"], act["words"]["exact"]) for act in accused["acts"]] == [("alleged", "having carried")]
    assert accused["document"]["title"] == "Minister accuses shipping line"
    assert accused["document"]["revises"] == "cd" * 8
    assert accused["reading"]["recorded_at"] == "2024-03-04T10:00:00.123456Z"
    assert accused["reading"]["recorded_by"] == "jo"
    assert accused["reading"]["run"]["version"] == "0.1.0"
    assert accused["is_current"] is True
    assert [(made["kind"], made["who"], made["why"]) for made in accused["corrections"]] == [
        ("note", "mila", "she said it on air"),
        ("correct", "mila", "no proof was given"),
    ]
    assert denied["corrections"] == []


def test_both_sides_stand_on_each_others_line() -> None:
    accused, denied, *rest = [json.loads(line) for line in encode_jsonl([accusation()])]
    assert accused["answers"] == [{"id": denied["id"], "stance": "deny", "who": "Harbour Line", "words": DENIED}]
    assert denied["about"] == accused["id"]
    assert denied["about_claim"] == {"id": accused["id"], "stance": "accuse", "who": "Lena Droste", "words": ACCUSED}
    assert all(record["answers"] == [] and record["about_claim"] is None for record in rest)
