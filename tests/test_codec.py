from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from onrecord.codec import decode_reading, encode_reading, reading_schema
from onrecord.errors import DecodeError, FormatError
from onrecord.model import Document, Reading
from samples import TEXT, failed_reading, readings, sample_reading

PUBLISHED = Path(__file__).parent.parent / "docs" / "reading.schema.json"
VALIDATOR = Draft202012Validator(reading_schema())


def test_a_line_holds_exactly_what_was_promised() -> None:
    record = json.loads(encode_reading(sample_reading()))
    assert list(record) == [
        *("document", "cuts", "attributions", "names", "times", "figures", "parties", "places", "acts"),
        *("failures", "run"),
    ]
    assert list(record["document"]) == [
        *("id", "url", "title", "publisher", "byline", "published", "modified", "language", "wire", "dateline", "text")
    ]
    assert [list(cut) for cut in record["cuts"]] == [["reason", "text", "at"]] * 3
    assert list(record["attributions"][0]) == [
        *("id", "kind", "voice", "parent", "source", "cue", "content", "score"),
        *("stance", "stance_reason", "about", "hedges", "addressee", "channel", "relay"),
        *("party", "party_reason", "said_on", "said_on_reason", "said_in"),
    ]
    assert list(record["parties"][0]) == ["id", "kind", "name", "mentions", "role", "speaks_for"]
    assert list(record["places"][0]) == [
        *("words", "geonames", "name", "country", "latitude", "longitude", "precision", "reason")
    ]
    assert list(record["acts"][0]) == [
        *("id", "words", "type", "kind", "mode", "status", "reason", "factuality", "actor", "target", "item"),
        *("figures", "times", "places", "authority", "grounds", "claim", "exchange"),
    ]
    assert record["names"][0]["words"]["exact"] == "Ana Relvas"
    assert record["attributions"][0]["cue"] == [{"start": 53, "end": 57, "exact": "said"}]
    assert list(record["run"]) == ["version", "model", "settings"]


def test_an_input_that_failed_has_no_document() -> None:
    record = json.loads(encode_reading(failed_reading()))
    assert record["document"] is None
    assert record["failures"] == [
        {"where": "missing.txt", "what": "there is no such file", "hint": "check the path"},
    ]
    assert decode_reading(encode_reading(failed_reading())) == failed_reading()


@given(readings())
def test_what_is_encoded_decodes_to_itself(reading: Reading) -> None:
    assert decode_reading(encode_reading(reading)) == reading


@given(readings())
def test_a_reading_is_one_line_of_harmless_utf8_that_fits_the_schema(reading: Reading) -> None:
    line = encode_reading(reading).decode("utf-8")
    assert len(line.splitlines()) == 1
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066\u2028\ufeff" for c in line)
    VALIDATOR.validate(json.loads(line))


@pytest.mark.parametrize("field", ["text", "title", "url"])
def test_half_a_character_is_refused_not_replaced(field: str) -> None:
    document = Document(**{"url": "", "text": "", field: "left \ud800 right"})
    with pytest.raises(FormatError, match=r"U\+D800"):
        encode_reading(Reading(document, (), (), sample_reading().run))


def change(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    *parents, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def apply(record: Any) -> None:
        for step in parents:
            record = record[step]
        record[last] = value

    return apply


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (change("extra", 1), "unknown field `extra`"),
        (change("document.extra", 1), "unknown field `extra`"),
        (change("attributions.0.cue.0.extra", 1), "unknown field `extra`"),
        (change("document.title", 7), r"Expected `str`, got `int` - at `\$.document.title`"),
        (change("attributions.0.kind", "quoted"), "Invalid enum value 'quoted'"),
        (change("attributions.0.score", 1.5), "<= 1"),
        (change("attributions.0.content", []), "length >= 1"),
        (change("attributions.0.cue.0.exact", "Said"), r"attributions\[0\].cue: .* not what exact says"),
        (change("attributions.0.cue.0.end", 10**30), "ends after the text"),
        (change("attributions.0.cue.0.end", 53), "not a span"),
        (change("attributions.0.cue", []), r"attributions\[0\].id is"),
        (change("attributions.0.voice", "publisher"), "a statement of the publisher has neither source"),
        (change("attributions.0.parent", "0" * 16), "parent 0{16} is not among the attributions"),
        (change("attributions.0.party", "0" * 16), "0{16}, which is not among the parties"),
        (change("attributions.1.about", "0" * 16), "0{16}, which is not among the attributions"),
        (change("parties.0.id", "0" * 16), "the digest of its first mention"),
        (change("parties.0.mentions", []), "length >= 1"),
        (change("parties.0.kind", "ghost"), "Invalid enum value 'ghost'"),
        (change("places.1.latitude", 91.5), "no point on the earth"),
        (change("acts.0.id", "0" * 16), "the digest of its words"),
        (change("acts.0.factuality", 4), "<= 3"),
        (change("acts.0.claim", "0" * 16), "0{16}, which is not among the attributions"),
        (change("acts.0.exchange", "0" * 16), "0{16}, which is not among the acts"),
        (change("document.text", TEXT + "."), "document.id is"),
        (change("document.url", "elsewhere"), "document.id is"),
        (change("document", None), "no document"),
        (change("cuts.0.at", 10**6), "outside the text"),
        (change("cuts.0.reason", "spite"), "Invalid enum value 'spite'"),
    ],
)
def test_whatever_is_not_exactly_a_reading_is_refused(fault: Callable[[Any], None], message: str) -> None:
    record = json.loads(encode_reading(sample_reading()))
    fault(record)
    with pytest.raises(DecodeError, match=message) as caught:
        decode_reading(json.dumps(record).encode())
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "line", [b"", b"null", b"[]", b"{", b"\xff", b'"\xed\xa0\x80"', b'{"run":"\\ud800"}', b"[" * 100_000]
)
def test_bytes_that_are_no_record_are_refused(line: bytes) -> None:
    with pytest.raises(DecodeError, match="not a reading"):
        decode_reading(line)


def test_a_missing_key_is_refused() -> None:
    record = json.loads(encode_reading(sample_reading()))
    del record["run"]["settings"]
    with pytest.raises(DecodeError, match="missing required field `settings`"):
        decode_reading(json.dumps(record).encode())


def test_nothing_without_a_reason_is_refused() -> None:
    with pytest.raises(DecodeError, match="neither a document nor a failure"):
        decode_reading(encode_reading(replace(failed_reading(), failures=())))


def test_attributions_in_a_circle_are_refused() -> None:
    reading = sample_reading()
    first, second, *rest = reading.attributions
    circle = (replace(first, parent=second.id), replace(second, parent=first.id), *rest)
    with pytest.raises(DecodeError, match="stands under itself"):
        decode_reading(encode_reading(replace(reading, attributions=circle)))


def test_two_attributions_with_one_id_are_refused() -> None:
    reading = sample_reading()
    with pytest.raises(DecodeError, match="the same id"):
        decode_reading(encode_reading(replace(reading, attributions=reading.attributions * 2)))


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == reading_schema(), "run: onrecord schema > " + str(
        PUBLISHED
    )


def test_the_schema_is_a_schema_that_refuses_what_it_should() -> None:
    Draft202012Validator.check_schema(reading_schema())
    record = json.loads(encode_reading(sample_reading()))
    change("attributions.0.extra", 1)(record)
    assert not VALIDATOR.is_valid(record)
