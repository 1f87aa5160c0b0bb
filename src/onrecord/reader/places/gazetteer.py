"""The gazetteer: every country, region and settlement of ``gazetteer.bin``, found by name or by GeoNames id.

The file is mapped, not read: a look-up touches a few pages of it, and nothing is made of the other places. It holds one
line of JSON (source, licence, countries, count and offset of each array), then the arrays.
``training/gazetteer.py`` makes it, and says from what. The arrays:

- ``ids``: GeoNames ids, ascending; a place is known by its row in them.
- ``points``: degrees north and east, times 100,000; shape (n, 2).
- ``populations``: of a settlement what GeoNames has, of a region the sum of its settlements, of a country what
  GeoNames has.
- ``kinds``, ``countries``: index into ``Kind`` and into the header's list of codes.
- ``regions``, ``districts``: row of the first-level and of the second-level region that it lies in, -1 without one.
- ``names``, ``name_ends``: the names one after the other in UTF-8, and where each ends.
- ``keys``, ``key_ends``, ``rows``: the index of names. ``keys`` are the ascending digests of all names; those of
  ``rows`` up to ``key_ends`` bear the name: the row times two, plus one where it is not the place's first name.
"""

from __future__ import annotations

import json
import mmap
import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Precision

SHIPPED = Path(__file__).with_name("gazetteer.bin")
POINT = 100_000
"""Parts of a degree in ``points``."""
ARRAYS: dict[str, str] = {
    "ids": "<i4",
    "points": "<i4",
    "populations": "<u4",
    "kinds": "u1",
    "countries": "u1",
    "regions": "<i4",
    "districts": "<i4",
    "names": "u1",
    "name_ends": "<u4",
    "keys": "<u8",
    "key_ends": "<u4",
    "rows": "<u4",
}
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "pt": "point"}
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "\u0131": "i", "æ": "ae", "ə": "e", "œ": "oe", "þ": "th", "ð": "d"}
)
"""Letters that are no letter with an accent to Unicode; U+0131 is the i without a dot."""
_DROPPED = re.compile(r"['’‘\u02bc\u02bb`´.\u0300-\u036f]|\A(?:the|al) (?=.)")
"""Apostrophes, of which Unicode has many, stops, accents, and the article."""
_BREAKS = re.compile(r"[^\w]+")


class Kind(IntEnum):
    """What a place of the gazetteer is; from fine to coarse."""

    SETTLEMENT = 0
    DISTRICT = 1
    REGION = 2
    COUNTRY = 3
    CONTINENT = 4


PRECISIONS = {
    Kind.SETTLEMENT: Precision.SETTLEMENT,
    Kind.DISTRICT: Precision.REGION,
    Kind.REGION: Precision.REGION,
    Kind.COUNTRY: Precision.COUNTRY,
    Kind.CONTINENT: Precision.CONTINENT,
}


@dataclass(frozen=True, slots=True)
class Found:
    """The places that bear one name.

    Attributes:
        rows: rows of the gazetteer, shape (n,).
        second: whether the name is another than the place's first one, shape (n,).
    """

    rows: NDArray[np.int64]
    second: NDArray[np.bool_]


def key_of(name: str) -> str:
    """A name as it is looked up: no case, accents, apostrophes, stops or hyphens, no opening article."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_PLAIN)
    words = _BREAKS.sub(" ", _DROPPED.sub("", plain)).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def digest_of(key: str) -> int:
    """The 64 bits under which a name stands in the index; 400,000 names collide once in 200 million gazetteers."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class Gazetteer:
    """A gazetteer file, mapped into memory.

    Args:
        path: the file.

    Attributes:
        source: where the data are from, and under which licence.
        codes: ISO 3166-1 alpha-2 codes of countries; empty for what lies in none.
    """

    ids: NDArray[np.int32]
    points: NDArray[np.int32]
    populations: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    countries: NDArray[np.uint8]
    regions: NDArray[np.int32]
    districts: NDArray[np.int32]
    names: NDArray[np.uint8]
    name_ends: NDArray[np.uint32]
    keys: NDArray[np.uint64]
    key_ends: NDArray[np.uint32]
    rows: NDArray[np.uint32]

    def __init__(self, path: Path = SHIPPED) -> None:
        with path.open("rb") as file:
            header = json.loads(file.readline())
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.source = str(header["source"])
        self.codes = [str(code) for code in header["countries"]]
        arrays: dict[str, Any] = header["arrays"]
        for name, dtype in ARRAYS.items():
            array = np.frombuffer(mapped, dtype, arrays[name]["count"], arrays[name]["offset"])
            setattr(self, name, array.reshape(-1, 2) if name == "points" else array)

    def find(self, name: str) -> Found:
        """The places of this name, whatever its case and accents."""
        return self.find_key(key_of(name))

    def find_key(self, key: str) -> Found:
        """The places whose name has this key."""
        digest = np.uint64(digest_of(key))
        at = int(np.searchsorted(self.keys, digest))
        if at == len(self.keys) or self.keys[at] != digest:
            return Found(np.empty(0, np.int64), np.empty(0, np.bool_))
        postings = self.rows[int(self.key_ends[at - 1]) if at else 0 : int(self.key_ends[at])].astype(np.int64)
        return Found(postings >> 1, (postings & 1).astype(np.bool_))

    def row_of(self, geonames: int) -> int:
        """The row of a GeoNames id, -1 if it is not in the gazetteer."""
        at = int(np.searchsorted(self.ids, geonames))
        return at if at < len(self.ids) and self.ids[at] == geonames else -1

    def name(self, row: int) -> str:
        """The first name of a place."""
        start = int(self.name_ends[row - 1]) if row else 0
        return self.names[start : int(self.name_ends[row])].tobytes().decode("utf-8")

    def country(self, row: int) -> str:
        """ISO 3166-1 alpha-2 code of the country it lies in, empty for a continent."""
        return self.codes[int(self.countries[row])]

    def kind(self, row: int) -> Kind:
        """What the place is."""
        return Kind(int(self.kinds[row]))

    def point(self, row: int) -> tuple[float, float]:
        """Degrees north and east."""
        north, east = self.points[row]
        return int(north) / POINT, int(east) / POINT


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer that came with the package."""
    return Gazetteer()
