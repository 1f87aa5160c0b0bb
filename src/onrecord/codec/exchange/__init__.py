"""Records of the ledger in the formats of others; each encoder takes entries and yields bytes, in flat memory.

What a format cannot hold, and what is lost in it, stands in ``docs/formats.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from onrecord.codec.exchange.annotations import encode_annotations
from onrecord.codec.exchange.ftm import encode_ftm
from onrecord.codec.exchange.geojson import encode_geojson
from onrecord.codec.exchange.jsonl import claim_schema, encode_jsonl
from onrecord.codec.exchange.jsonld import encode_jsonld
from onrecord.codec.exchange.parquet import encode_parquet
from onrecord.codec.exchange.prov import encode_prov
from onrecord.codec.exchange.stix import encode_stix
from onrecord.codec.exchange.tables import TABLES, decode_cell, encode_csv

__all__ = [
    "FORMATS",
    "TABLES",
    "Format",
    "claim_schema",
    "decode_cell",
    "encode_annotations",
    "encode_csv",
    "encode_ftm",
    "encode_geojson",
    "encode_jsonl",
    "encode_jsonld",
    "encode_parquet",
    "encode_prov",
    "encode_stix",
]


@dataclass(frozen=True, slots=True)
class Format:
    """One format of exchange.

    Attributes:
        name: what it is asked for by.
        suffix: of its files, with the dot.
        what: one line on what it is for.
        encode: takes entries, and ``table`` if there are tables, else ``base``; checks these at once, and yields bytes.
        tables: the tables it has, of which each is a file of its own; empty if all goes into one file.
    """

    name: str
    suffix: str
    what: str
    encode: Callable[..., Iterator[bytes]]
    tables: tuple[str, ...] = ()


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format("jsonl", ".jsonl", "JSON Lines: one object a claim, complete in itself", encode_jsonl),
            Format("csv", ".csv", "CSV tables for spreadsheets: claims, acts, figures …", encode_csv, tuple(TABLES)),
            Format("jsonld", ".jsonld", "schema.org: Claim and NewsArticle as JSON-LD", encode_jsonld),
            Format("annotations", ".jsonld", "W3C Web Annotation: claims anchored in their pages", encode_annotations),
            Format("ftm", ".ftm.jsonl", "FollowTheMoney: parties, articles and who said what", encode_ftm),
            Format("stix", ".stix.json", "STIX 2.1: reports, and claims as notes", encode_stix),
            Format("prov", ".prov.jsonld", "W3C PROV: where each claim comes from, and who decided what", encode_prov),
            Format("geojson", ".geojson", "GeoJSON: places with the claims and acts that name them", encode_geojson),
            Format("parquet", ".parquet", "Parquet tables for analysis", encode_parquet, tuple(TABLES)),
        )
    }
)
"""The formats by name, in the order in which they are offered."""
