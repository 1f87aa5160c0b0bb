"""What the documentation says of the formats is what they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exchange.entries import accusation
from exchange.test_formats import values_of
from onrecord.codec.exchange import FORMATS, TABLES, claim_schema

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def part(heading: str) -> str:
    """What stands under a heading of the second level that begins so."""
    (found,) = [text for text in re.split(r"^## ", PAGE, flags=re.MULTILINE) if text.startswith(heading)]
    return found


def test_every_format_is_in_the_first_table_with_its_file() -> None:
    rows = dict(re.findall(r"^\| \[`(\w+)`\]\(#[^)]+\) \| `([^`]+)` \|", PAGE, re.MULTILINE))
    assert rows == {name: form.suffix for name, form in FORMATS.items()}


def test_every_key_of_a_line_is_explained() -> None:
    keys = re.findall(r"^\| `(\w+)` \| [^|]+ \|$", part("`jsonl`"), re.MULTILINE)
    assert keys == list(claim_schema()["$defs"]["ClaimLine"]["properties"])


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_a_table_is_explained(table: str) -> None:
    text = part("`csv`").partition(f"### `{table}`: a row is {TABLES[table].what}\n")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert rows == [(column.name, column.type.value, column.what) for column in TABLES[table].columns]


def test_what_others_call_things_is_explained() -> None:
    found = {
        "`jsonld`": {key for node in values_of(FORMATS["jsonld"], [accusation()])["@graph"] for key in node},
        "`ftm`": {
            key for one in values_of(FORMATS["ftm"], [accusation()]) for key in (one["schema"], *one["properties"])
        },
        "`stix`": {one["type"] for one in values_of(FORMATS["stix"], [accusation()])["objects"]},
        "`geojson`": set(values_of(FORMATS["geojson"], [accusation()])["features"][0]["properties"]),
        "`prov`": {key for one in values_of(FORMATS["prov"], [accusation()])["@graph"] for key in one if ":" in key},
    }
    for heading, names in found.items():
        for name in names - {"@id", "@type"}:
            assert f"`{name}`" in part(heading), (heading, name)
