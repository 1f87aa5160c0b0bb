from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from pyld import jsonld

from exchange.entries import ACCUSED, DENIED, accusation, made, several
from onrecord.codec.exchange import encode_jsonld
from onrecord.model import Entry
from samples import sample_reading

FACTS = [
    line.split("\t")
    for line in Path(__file__).with_name("schema_org.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
ABOVE = {name: above for kind, name, above, *_ in FACTS if kind == "class"}
STANDS_ON = {name: set(domains.split()) for kind, name, domains, *rest in FACTS if kind == "property"}
HOLDS = {fact[1]: set(fact[3].split()) for fact in FACTS if fact[0] == "property"}
CONTEXT = {"@vocab": "http://schema.org/"} | {
    name: {"@type": "@id"} for name, types in HOLDS.items() if types == {"URL"}
}
"""What schema.org’s own context does to these terms."""
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T[\d:.,]+([+-][\d:.,]+|Z)?)?)?)?")


def types_of(node: dict[str, Any]) -> set[str]:
    types = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
    found = set()
    for name in types:
        while name != "Thing":
            found.add(name)
            name = ABOVE[name]  # noqa: PLW2901 - one step up
    return found | {"Thing"}


def check(node: dict[str, Any], types: dict[str, set[str]]) -> None:
    """Every property may stand there, and holds what it may hold."""
    for name, values in node.items():
        if name in ("@id", "@type"):
            continue
        assert STANDS_ON[name] & types_of(node), f"{name} cannot stand on {node['@type']}"
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict) and set(value) == {"@id"}:
                # A claim or document that is not in the export is only pointed to.
                assert HOLDS[name] & types.get(value["@id"], HOLDS[name]), f"{name} cannot hold {value}"
            elif isinstance(value, dict):
                assert HOLDS[name] & types_of(value), f"{name} cannot hold {value}"
                check(value, types)
            elif isinstance(value, str):
                assert HOLDS[name] & {"Text", "URL", "Date"}, f"{name} cannot hold {value!r}"
                if "Date" in HOLDS[name]:
                    assert DATE.fullmatch(value)
            else:
                assert "Number" in HOLDS[name], f"{name} cannot hold {value!r}"


def graph(entries: list[Entry], base: str = "") -> list[dict[str, Any]]:
    document = json.loads(b"".join(encode_jsonld(entries, base=base)))
    assert document["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = document["@graph"]
    return nodes


@settings(max_examples=25)
@given(several)
def test_every_property_is_in_its_place(entries: list[Entry]) -> None:
    nodes = graph(entries)
    types: dict[str, set[str]] = {}
    for node in nodes:
        types.setdefault(node["@id"], set()).update(types_of(node))
    for node in nodes:
        check(node, types)


@settings(max_examples=15)
@given(several)
def test_it_is_linked_data_of_which_nothing_is_dropped(entries: list[Entry]) -> None:
    nodes = graph(entries, "https://ledger.example")
    expanded = jsonld.expand({"@context": CONTEXT, "@graph": nodes})
    assert len(expanded) == len(nodes)
    for node, whole in zip(nodes, expanded, strict=True):
        assert {f"http://schema.org/{name}" for name in node if name[0] != "@" and node[name] != []} <= set(whole)
        assert whole["@id"].startswith("https://ledger.example/")
    jsonld.to_rdf({"@context": CONTEXT, "@graph": nodes}, {"format": "application/n-quads"})


def test_a_claim_is_its_sources_claim_in_a_document() -> None:
    article, accused, denied, grain, *_ = nodes = graph([accusation()])
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == "Minister accuses shipping line"
    assert article["publisher"] == {"@type": "Organization", "name": "Evening Post"}
    assert article["isBasedOn"] == {"@id": f"urn:onrecord:document:{'cd' * 8}"}
    assert (accused["@type"], accused["text"]) == ("Claim", ACCUSED)
    assert accused["author"] == {"@id": "urn:onrecord:party:0123456789abcdef"}
    assert accused["appearance"] == {"@id": article["@id"]}
    assert accused["keywords"]["name"] == "accuse"
    assert accused["dateCreated"] == "2024-03-02"
    assert accused["mentions"][0]["sameAs"] == "https://sws.geonames.org/123/"
    assert grain["@type"] == ["Claim", "Quotation"]
    assert (grain["creditText"], "author" in grain) == ("a clerk", False)
    named = {node["@id"]: node for node in nodes}
    assert named[accused["author"]["@id"]]["name"] == "Lena Droste"
    assert named[accused["sourceOrganization"]["@id"]] == {
        "@type": "GovernmentOrganization",
        "@id": accused["sourceOrganization"]["@id"],
        "identifier": accused["sourceOrganization"]["@id"].removeprefix("urn:onrecord:party:"),
        "name": "Government of Merrow",
    }
    assert (denied["text"], denied["about"]) == (DENIED, {"@id": accused["@id"]})
    assert accused["subjectOf"] == [{"@id": denied["@id"]}]


def test_an_interval_is_no_date_and_a_path_no_address() -> None:
    _, *claims = graph([accusation("reports/a page.html")])
    assert [claim.get("dateCreated") for claim in claims if claim.get("name", "").startswith("Assessment")] == [None]
    assert "url" not in graph([accusation("reports/a page.html")])[0]
    assert graph([accusation()])[0]["url"].startswith("https://post.example/ports")


def test_a_text_cannot_end_the_element_of_a_page_that_holds_it() -> None:
    entry = accusation()
    assert entry.reading.document is not None
    hostile = replace(entry.reading.document, title="</script><script>alert(1)</script>")
    entry = replace(entry, reading=replace(entry.reading, document=hostile))
    assert b"<" not in b"".join(encode_jsonld([entry]))
    assert graph([entry])[0]["headline"] == hostile.title


def test_there_is_no_verdict() -> None:
    text = b"".join(encode_jsonld([accusation(), made(sample_reading())])).decode()
    assert not re.search("review|rating|guilty|verdict", text, re.IGNORECASE)
    assert "transfer" not in text  # an act that is only told of is not stated
