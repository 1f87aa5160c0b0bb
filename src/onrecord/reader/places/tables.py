"""The tables beside the gazetteer: other names, regions it does not have, adjectives, and words that go with places."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from onrecord.reader.places.gazetteer import Kind, key_of, load_gazetteer

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Region:
    """A well-known region, sea, river or range that is in no list of countries and administrative regions.

    Attributes:
        name: its first name.
        what: ``region``, ``sea``, ``river``, ``mountains`` or ``former state``.
        geonames: its id, if that is known for certain.
        point: degrees north and east, likewise.
        country: ISO 3166-1 alpha-2 code, empty if it lies in several or in none.
    """

    name: str
    what: str
    geonames: int | None
    point: tuple[float, float] | None
    country: str


def load_rows(name: str) -> list[list[str]]:
    """The rows of a table, without its comments."""
    lines = _FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def load_words(kind: str) -> frozenset[str]:
    """The words of ``words.tsv`` of one kind."""
    return frozenset(word for name, words in load_rows("words.tsv") if name == kind for word in words.split("|"))


def any_of(kind: str) -> str:
    """A pattern for the words of ``words.tsv`` of one kind, the longest first."""
    return "|".join(re.escape(word) for word in sorted(load_words(kind), key=len, reverse=True))


@cache
def load_names(use: str) -> dict[str, int]:
    """Rows of the gazetteer by the words of ``names.tsv`` of this use, as they are written."""
    gazetteer = load_gazetteer()
    return {words: gazetteer.row_of(int(id)) for kind, words, id, _ in load_rows("names.tsv") if kind == use}


@cache
def load_usual() -> dict[str, int]:
    """Rows of the gazetteer that are meant by a name, unless the text says otherwise, by key."""
    return {key_of(words): row for words, row in load_names("usual").items()}


@cache
def load_regions() -> dict[str, Region]:
    """The regions of ``regions.tsv`` by the keys of all their names."""
    regions: dict[str, Region] = {}
    for what, names, id, north, east, country in load_rows("regions.tsv"):
        point = None if north == "-" else (float(north), float(east))
        code = "" if country == "-" else country
        region = Region(names.split("|")[0], what, None if id == "-" else int(id), point, code)
        regions |= {key_of(name): region for name in names.split("|")}
    return regions


@cache
def load_countries() -> dict[str, int]:
    """Rows of the gazetteer by ISO 3166-1 alpha-2 codes."""
    gazetteer = load_gazetteer()
    return {gazetteer.country(int(row)): int(row) for row in (gazetteer.kinds == Kind.COUNTRY).nonzero()[0]}


@cache
def load_adjectives() -> dict[str, int]:
    """Rows of the gazetteer by the adjectives of ``adjectives.tsv``."""
    gazetteer, countries = load_gazetteer(), load_countries()
    return {
        adjective: gazetteer.row_of(int(place)) if place.isdigit() else countries[place]
        for adjective, place in load_rows("adjectives.tsv")
    }


@cache
def load_cues() -> dict[str, tuple[int, re.Pattern[str]]]:
    """The words of ``cues.tsv``, each with the row of its country and a pattern that finds it whole."""
    countries = load_countries()
    return {
        word: (countries[code], re.compile(rf"(?<!\w){re.escape(word)}(?!\w)"))
        for code, words in load_rows("cues.tsv")
        for word in words.split("|")
    }


@cache
def load_types(where: str) -> re.Pattern[str]:
    """The words of ``types.tsv`` that stand before or after a name; the group that matches is what they make of it.

    The pattern for words before a name is to be searched in the text that ends with them, the other one matched.
    """
    words: dict[str, list[str]] = defaultdict(list)
    for place, kind, listed in load_rows("types.tsv"):
        if place == where:
            words[kind] += listed.split("|")
    groups = "|".join(
        f"(?P<{kind}>{'|'.join(re.escape(word) for word in sorted(listed, key=len, reverse=True))})"
        for kind, listed in words.items()
    )
    return re.compile(rf"(?<!\w)(?:{groups}) (?:the )?\Z" if where == "before" else rf"[ -](?:{groups})(?!\w)")
