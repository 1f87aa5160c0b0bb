"""Looking names of places up: in the gazetteer and in the tables, and at every capitalised word of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from onrecord.reader.places.gazetteer import Found, Gazetteer, Kind, key_of
from onrecord.reader.places.tables import Region, any_of, load_countries, load_names, load_regions, load_words

LONGEST = 120
"""Characters in the longest name of a place."""
NOTHING = Found(np.empty(0, np.int64), np.empty(0, np.bool_))
WORD = re.compile(
    r"(?:[^\W\d_]\.){2,6}|(?:ST|St|MT|Mt|FT|Ft|Ste)\.|[^\W\d_](?:[^\W_]|[’'](?=[^\W\d_]{2})|&(?=[^\W\d_]))*"
)
"""A word: ``U.S.``, ``St.``, ``T&T``, ``d'Ivoire``; the possessive ``’s`` is a word of its own."""
ABBREVIATION = re.compile(r"(?:[A-Z]\. ?){2,3}|[A-Z]\. ?Va\.|[A-Z][a-z]{1,4}\.|[A-Z]{2}\b")
"""What can be an abbreviation of a state: ``N.Y.``, ``W. Va.``, ``Calif.``, ``TX``."""
_MOST_WORDS = 5
"""Words in the longest name that is looked up: ``Saint Vincent and the Grenadines``."""
_WINDOW = 24
_FEATURE = re.compile(rf"(?:{any_of('feature')}) ")
_TOWN_OF = re.compile(rf"(?:{any_of('town of')}) of ")
_TYPES = re.compile(r" (?:City|Town|State|River|Lake|Creek|Bay|Island|Valley|Hills|Park|Mountain|Mountains)\Z")


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a text that are in the gazetteer or in a table, whatever they name there.

    Attributes:
        start: first code point.
        end: one past the last.
        key: one for all ways to write the name.
        found: the places of the gazetteer that bear the name.
        region: the region of ``regions.tsv`` that it is, if it is one; then nothing is found.
    """

    start: int
    end: int
    key: str
    found: Found
    region: Region | None


def only(row: int) -> Found:
    """A name that is that of one place."""
    return Found(np.array([row], np.int64), np.zeros(1, np.bool_))


class Lookup:
    """Looks names up, each only once.

    Args:
        gazetteer: where.

    Attributes:
        countries: rows of the countries by their codes.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer, self.countries = gazetteer, load_countries()
        self._always, self._regions = load_names("always"), load_regions()
        self._known: dict[str, tuple[str, Found, Region | None] | None] = {}

    def get(self, words: str) -> tuple[str, Found, Region | None] | None:
        """Key, places and region of a name, None if it is in no table."""
        if words not in self._known:
            self._known[words] = self._get(words)
        return self._known[words]

    def kinds(self, found: Found) -> set[int]:
        """What the places of a name are."""
        return set(self.gazetteer.kinds[found.rows].tolist())

    def most(self, found: Found) -> int:
        """The people of the largest place of a name."""
        return int(self.gazetteer.populations[found.rows].max()) if len(found.rows) else 0

    def is_first(self, found: Found) -> bool:
        """Whether the name is the first name of a settlement, a first-level region or a country."""
        return bool((~found.second & (self.gazetteer.kinds[found.rows] != Kind.DISTRICT)).any())

    def _get(self, words: str) -> tuple[str, Found, Region | None] | None:
        row = self._always.get(words, -1)
        if "&" in words or (words.upper() == words and len(words.replace(".", "")) < 4):
            # `US` and `U.S.` are the country; `Us` is a town in France that nobody writes in capitals.
            return (f"={row}", only(row), None) if row >= 0 else None
        key = key_of(words)
        found = self.gazetteer.find_key(key)
        if row >= 0:
            others = found.rows != row
            found = Found(np.append(found.rows[others], row), np.append(found.second[others], False))
        if region := self._regions.get(key):
            return key, NOTHING, region
        return (key, found, None) if len(found.rows) else None


def find_hits(text: str, lookup: Lookup) -> Iterator[Hit]:
    """The longest names of places at every capitalised word of a text, in order and apart."""
    words = [match.span() for match in WORD.finditer(text)]
    n = 0
    while n < len(words):
        if text[words[n][0]].islower():
            n += 1
            continue
        if short := abbreviation_at(text, words[n][0]):
            row, end = short
            yield Hit(words[n][0], end, f"={row}", only(row), None)
            n += 1
            while n < len(words) and words[n][0] < end:
                n += 1
            continue
        ends = _ends(text, words, n)
        step = 1
        for count in range(len(ends), 0, -1):
            if known := _known(text, words[n][0], ends, count, lookup):
                yield Hit(words[n][0], ends[count - 1], *known)
                step = count
                break
        n += step


def abbreviation_at(text: str, start: int) -> tuple[int, int] | None:
    """The row of a state that an abbreviation after a comma stands for, and where it ends; None if there is none."""
    if not text.startswith((", ", " ("), max(0, start - 2)):
        return None
    short = ABBREVIATION.match(text, start, start + 8)
    words = short.group().rstrip() if short else ""
    row = load_names("after").get(words, -1)
    return (row, start + len(words)) if row >= 0 else None


def _ends(text: str, words: list[tuple[int, int]], n: int) -> list[int]:
    """Where a name that starts at a word can end, after one word, two, and so on; empty if none starts there."""
    start, end = words[n]
    if text.startswith("The ", start) or _TOWN_OF.match(text, start, start + _WINDOW):
        return []
    ends = [end]
    for (_, last), (after, end) in zip(words[n : n + _MOST_WORDS - 1], words[n + 1 : n + _MOST_WORDS], strict=False):
        small = text[after].islower()
        if text[last:after] not in (" ", "-", "–") or (small and text[after:end] not in load_words("small")):
            break
        if end - start > LONGEST:
            break
        ends.append(end)
    return ends


def _known(
    text: str, start: int, ends: list[int], count: int, lookup: Lookup
) -> tuple[str, Found, Region | None] | None:
    """What the tables have under the first words of a possible name; None if it is no name by itself."""
    end = ends[count - 1]
    words = text[start:end]
    if words[words.rfind(" ") + 1].islower():
        return None
    if count == 1 and (words.lower() in load_words("direction") or _FEATURE.match(text, start, start + _WINDOW)):
        return None
    known = lookup.get(words)
    if known is None or (len(words) < 3 and known[0][0] != "="):
        return None
    # `Dublin City` of `Dublin City Council` is no name, and the `Red River` of Red River County is a river.
    if count > 1 and _TYPES.search(words) and known[2] is None and not lookup.is_first(known[1]):
        return None
    return known
