from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import stix2
from hypothesis import given, settings

from exchange.entries import ACCUSED, DENIED, accusation, failed, made, several
from onrecord.codec.exchange import encode_stix
from onrecord.codec.exchange.shared import web_uri
from onrecord.model import Attribution, Entry, Stance
from samples import sample_reading


def bundle(entries: list[Entry], base: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(b"".join(encode_stix(entries, base=base)))
    return found


def objects(entries: list[Entry], kind: str) -> list[dict[str, Any]]:
    return [one for one in bundle(entries)["objects"] if one["type"] == kind]


@settings(max_examples=25)
@given(several)
def test_the_library_takes_it_and_every_reference_leads_somewhere(entries: list[Entry]) -> None:
    found = bundle(entries)
    parsed = stix2.parse(found, version="2.1", allow_custom=False)
    assert len(parsed.objects) == len(found["objects"])
    ids = [one["id"] for one in found["objects"]]
    for one in found["objects"]:
        refs = [one.get(name) for name in ("created_by_ref", "source_ref", "target_ref")] + one.get("object_refs", [])
        assert {ref for ref in refs if ref} <= set(ids)
        assert one["created"] <= one["modified"]
    assert len(set(ids)) == len(ids)


def test_what_comes_again_is_there_once() -> None:
    entry = accusation()
    accused, denied, *rest = entry.reading.attributions
    # Somebody who speaks twice for the same body does so in one relationship.
    twice = replace(
        entry, reading=replace(entry.reading, attributions=(accused, denied, replace(rest[0], party=accused.party)))
    )
    assert len([one for one in objects([twice], "relationship") if one["relationship_type"] == "speaks-for"]) == 1
    assert bundle([entry, entry])["objects"] == bundle([entry])["objects"]

    def part(*claims: Attribution) -> Entry:
        return replace(entry, reading=replace(entry.reading, attributions=claims, acts=()))

    found = bundle([part(accused, denied), part(*rest), part(accused, denied)])
    stix2.parse(found, version="2.1", allow_custom=False)
    ids = [one["id"] for one in found["objects"]]
    assert len(set(ids)) == len(ids)
    notes = [one["id"] for one in found["objects"] if one["type"] == "note"]
    one, other = (one for one in found["objects"] if one["type"] == "report")
    assert (one["name"], one["external_references"]) == (other["name"], other["external_references"])
    assert [ref for ref in (*one["object_refs"], *other["object_refs"]) if ref in notes] == notes


def test_a_claim_is_a_note_in_its_sources_name() -> None:
    accused, _, grain, *_ = objects([accusation()], "note")
    assert accused["abstract"] == "Accusation by Lena Droste for Government of Merrow"
    assert accused["content"].startswith(
        "Accusation by Lena Droste for Government of Merrow, as reported by Evening Post on 2024-03-03: " + ACCUSED
    )
    assert "Answered: Denial by Harbour Line: " + DENIED in accused["content"]
    assert "confidence" not in accused
    (claim,) = accused["extensions"].values()
    assert (claim["stance"], claim["score"], claim["said_on"]) == ("accuse", 0.97, "2024-03-02")
    assert claim["content"] == [{"start": 73, "end": 140, "exact": ACCUSED}]
    assert [(act["type"], act["status"]) for act in claim["acts"]] == [("transfer", "alleged")]
    identities = {one["id"]: one for one in objects([accusation()], "identity")}
    assert identities[accused["object_refs"][0]]["name"] == "Lena Droste"
    assert identities[accused["object_refs"][0]]["identity_class"] == "individual"
    assert identities[grain["object_refs"][0]]["name"] == "onrecord"  # the clerk has no name
    assert "attributed-to" not in str(grain)


def test_a_denial_is_an_opinion_in_its_speakers_name() -> None:
    accused, denied, *_ = objects([accusation()], "note")
    (opinion,) = objects([accusation()], "opinion")
    assert opinion["opinion"] == "disagree"
    assert opinion["authors"] == ["Harbour Line"]
    assert opinion["object_refs"] == [accused["id"]]
    assert DENIED in opinion["explanation"]
    links = [one for one in objects([accusation()], "relationship") if one["relationship_type"] == "related-to"]
    assert [(one["source_ref"], one["target_ref"], one["description"]) for one in links] == [
        (denied["id"], accused["id"], "deny: is about")
    ]


@pytest.mark.parametrize("stance", Stance)
def test_only_who_takes_a_side_has_an_opinion(stance: Stance) -> None:
    entry = accusation()
    accused, denied, *rest = entry.reading.attributions
    reading = replace(entry.reading, attributions=(accused, replace(denied, stance=stance), *rest))
    sides = {Stance.DENY: "disagree", Stance.REJECT: "disagree", Stance.CONFIRM: "agree", Stance.ADMIT: "agree"}
    opinions = [one["opinion"] for one in objects([replace(entry, reading=reading)], "opinion")]
    assert opinions == ([sides[stance]] if stance in sides else [])


def test_no_party_is_tied_to_another_by_what_is_said_of_it() -> None:
    entries = [accusation(), made(sample_reading())]
    kinds = {one["relationship_type"] for one in objects(entries, "relationship")}
    assert kinds == {"attributed-to", "related-to", "speaks-for"}
    ends = {
        (one["relationship_type"], one["source_ref"].partition("--")[0], one["target_ref"].partition("--")[0])
        for one in objects(entries, "relationship")
    }
    assert ends == {
        ("attributed-to", "note", "identity"),
        ("related-to", "note", "note"),
        ("speaks-for", "identity", "identity"),
    }
    kept = {"identity", "extension-definition", "note", "opinion", "relationship", "report"}
    assert {one["type"] for one in bundle(entries)["objects"]} == kept
    assert "marking" not in json.dumps(bundle(entries))


def test_a_report_is_a_reading_of_a_document() -> None:
    (report,) = objects([accusation(), failed()], "report")
    assert report["name"] == "Minister accuses shipping line"
    assert report["published"] == "2024-03-03T00:00:00.000Z"
    assert report["created"] == "2024-03-04T10:00:00.123Z"
    assert report["modified"] == "2024-03-06T08:00:00.000Z"  # the last decision
    assert report["external_references"][0]["url"] == "https://post.example/ports?id=7&x=%C3%BC"
    others = {one["id"] for one in bundle([accusation()])["objects"]} - {report["id"], report["created_by_ref"]}
    assert others - set(report["object_refs"]) == {one["id"] for one in objects([], "extension-definition")}


def test_what_was_published_nobody_knows_when_was_recorded_then() -> None:
    entry = accusation()
    assert entry.reading.document is not None
    undated = replace(entry, reading=replace(entry.reading, document=replace(entry.reading.document, published="")))
    (report,) = objects([undated], "report")
    assert report["published"] == report["created"]


def test_a_reading_that_counts_no_more_says_so() -> None:
    (report,) = objects([replace(accusation(), is_current=False)], "report")
    assert "counts no more" in report["description"]
    (report,) = objects([accusation()], "report")
    assert "counts no more" not in report["description"]


def test_a_document_without_claims_is_a_report_all_the_same() -> None:
    entry = accusation()
    silent = replace(entry, reading=replace(entry.reading, attributions=(), acts=()))
    (report,) = objects([silent], "report")
    assert report["object_refs"] == [report["created_by_ref"]]
    stix2.parse(bundle([silent]), version="2.1")


def test_ids_follow_from_the_ledgers() -> None:
    both = bundle([accusation(), made(sample_reading())])
    assert {one["id"] for one in bundle([accusation()])["objects"]} < {one["id"] for one in both["objects"]}
    assert both["id"] == bundle([accusation(), made(sample_reading())])["id"] != bundle([accusation()])["id"]
    shared = [one for one in both["objects"] if one["type"] == "identity"]
    assert [one for one in shared if one in bundle([accusation()])["objects"]] == objects([accusation()], "identity")


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("https://ü.example/a", "https://%C3%BC.example/a"),
        ("https://a.example/a[b]c?x=[1]&y=ü#é", "https://a.example/a%5Bb%5Dc?x=%5B1%5D&y=%C3%BC#%C3%A9"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("https://a.example/%zz%41#a#b", "https://a.example/%25zz%41#a%23b"),
        ("https://a.example:port/", None),
        ("reports/page.html", None),
    ],
)
def test_an_address_is_written_as_a_uri(url: str, uri: str | None) -> None:
    assert web_uri(url) == uri
