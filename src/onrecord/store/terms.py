"""What a claim is found by: its folded words and typed facets, which are the tokens of the one index.

Facets begin with a colon, which no word holds: ``:s=deny``. Pure functions, shared by what fills the index and what
asks it, so that the two cannot drift apart.
"""

from __future__ import annotations

import calendar
import functools
import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Generic, TypeVar

from onrecord.model import (
    Act,
    Attribution,
    Figure,
    KnownParty,
    MentionKind,
    Party,
    PartyKind,
    Place,
    Reading,
    Span,
    Voice,
    digest,
)

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u2010-\u201f\u2026]+")
_ISO = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1800, 2199  # what is open on one side is indexed up to here
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}
_QUARTERS = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12)}
_SIGNS = {"%": ["percent"], "°C": ["celsius"], "°F": ["fahrenheit"], "$": ["usd"], "€": ["eur"], "£": ["gbp"]}
_LONGEST = 200  # characters of a word
_LONGEST_NAME = 400
_GREATEST = 1e300
_MAGNITUDES = range(-3, 16)
DAYS = (":da=", ":dn=")
"""How the facets of the days of acts begin."""
GAP = ":"
"""A token between two pieces of text, so that no phrase reaches over it."""

T = TypeVar("T")


def fold(text: str) -> list[str]:
    """The words of a text as the index knows them: lower case, without accents, letters and digits only."""
    if not text.isascii():
        text = _MARKS.sub(" ", text)  # what is not ASCII in a text is most often its quotation marks
    if text.isascii():
        return _cut(_ASCII_WORD.findall(text.lower()))
    plain = "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(char))
    return _cut(_WORD.findall(plain))


def _cut(words: list[str]) -> list[str]:
    """Of a word that is none, an address or a picture in letters, the beginning: databases do not index all of it."""
    return [word[:_LONGEST] for word in words] if words and len(max(words, key=len)) > _LONGEST else words


@functools.lru_cache(maxsize=65_536)
def folded(name: str) -> str:
    """A name as one string that spelling, accents and punctuation do not change."""
    return " ".join(fold(name))[:_LONGEST_NAME]


# --- days ------------------------------------------------------------------------------------------------------------

Days = tuple[int | None, int | None]
"""First and last day as proleptic Gregorian ordinals, both included; None where a side is open."""


@functools.lru_cache(maxsize=16_384)
def find_days(edtf: str | None) -> Days | None:
    """The days that an EDTF value covers; None if it names none, as ``XXXX-12-09``."""
    if not edtf:
        return None
    first, slash, last = edtf.partition("/")
    if slash and "/" not in last:
        begin = (None, None) if first in ("..", "") else find_days(first)
        end = (None, None) if last in ("..", "") else find_days(last)
        if begin is None or end is None or (begin[0] is None and end[1] is None):
            return None
        return (begin[0], end[1]) if begin[0] is None or end[1] is None or begin[0] <= end[1] else None
    if re.fullmatch(r"\d{2}XX|\d{3}X", edtf, re.ASCII):
        years = int(edtf.replace("X", "0")), int(edtf.replace("X", "9"))
        return (date(max(years[0], 1), 1, 1).toordinal(), date(years[1], 12, 31).toordinal())
    match = _ISO.match(edtf)
    if match is None or edtf[match.end() :][:1] not in ("", "T"):
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        if day:
            return (date(year, month, day).toordinal(),) * 2
        if month in _SEASONS or month in _QUARTERS:
            begin_month, end_month = _SEASONS.get(month) or _QUARTERS[month]
            over, end_month = divmod(end_month - 1, 12)
            return (date(year, begin_month, 1).toordinal(), _last_of(year + over, end_month + 1))
        if month:
            return (date(year, month, 1).toordinal(), _last_of(year, month))
        return (date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
    except ValueError:  # the 31st of June, the year 0
        return None


def _last_of(year: int, month: int) -> int:
    return date(year, month, calendar.monthrange(year, month)[1]).toordinal()


def _nodes(days: Days) -> Iterator[str]:
    """The fewest periods that make up a stretch: decade ``202``, year ``2022``, month ``202211``, day ``20221105``."""
    at = days[0] if days[0] is not None else 0
    at = max(at, date(_FIRST_YEAR, 1, 1).toordinal())
    end = days[1] if days[1] is not None else math.inf
    end = min(end, date(_LAST_YEAR, 12, 31).toordinal())
    while at <= end:
        day = date.fromordinal(at)
        for name, last in _greatest(day):
            if last <= end:
                yield name
                at = last + 1
                break


def _greatest(day: date) -> Iterator[tuple[str, int]]:
    """The periods that begin on a day, greatest first, with their last days."""
    if day.day == 1:
        if day.month == 1:
            if day.year % 10 == 0:
                yield f"{day.year // 10}", date(day.year + 9, 12, 31).toordinal()
            yield f"{day.year}", date(day.year, 12, 31).toordinal()
        yield f"{day:%Y%m}", _last_of(day.year, day.month)
    yield f"{day:%Y%m%d}", day.toordinal()


def _above(node: str) -> Iterator[str]:
    """A period and those that it lies in."""
    for length in (3, 4, 6, 8):
        if length <= len(node):
            yield node[:length]


def _day_facets(days: Days) -> set[str]:
    # A stretch is found by asking for a period that holds one of its own (:da), or that one of its own holds (:dn).
    nodes = list(_nodes(days))
    return {f":dn={node}" for node in nodes} | {f":da={above}" for node in nodes for above in _above(node)}


def asked_days(days: Days) -> list[str]:
    """The facets of which a claim has one if an act of it may lie in these days."""
    nodes = list(_nodes(days))
    asked = dict.fromkeys(f":da={node}" for node in nodes)
    asked |= dict.fromkeys(f":dn={above}" for node in nodes for above in _above(node))
    return list(asked)


# --- figures ---------------------------------------------------------------------------------------------------------


def _magnitudes(low: float | None, high: float | None) -> range:
    """The powers of ten from the least to the greatest value; nought and less count as the least there is."""
    first = _MAGNITUDES[0] if low is None else _magnitude(low)
    last = _MAGNITUDES[-1] if high is None else _magnitude(high)
    return range(first, last + 1)


def _magnitude(value: float) -> int:
    if value <= 0:
        return _MAGNITUDES[0]
    return min(max(math.floor(math.log10(value)), _MAGNITUDES[0]), _MAGNITUDES[-1])


def asked_magnitudes(low: float | None, high: float | None) -> list[str]:
    """The facets of which a claim has one if a figure of it can lie between the two."""
    return [f":nm={power}" for power in _magnitudes(low, high)]


# --- parties ---------------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=65_536)
def known_party(name: str, kind: PartyKind, country: str = "") -> KnownParty:
    """The party of the ledger by a name: whoever has the same folded name is the same, until somebody decides."""
    return KnownParty(digest("party", folded(name) or name), name, kind, country)


def known_body(party: Party) -> KnownParty | None:
    """The government or body that a party speaks for."""
    said = party.speaks_for
    if said is None:
        return None
    kind = PartyKind.GOVERNMENT if said.country else PartyKind.ORGANIZATION
    return known_party(said.body, kind, said.country)


def known_parties(reading: Reading) -> dict[str, KnownParty]:
    """The party of the ledger that each named party of a reading is, by the reading's ids.

    A country, and a capital that stands for its government, are the government: their own name says for whom they
    speak. A ministry or a spokesman, for whom another word says it, is a party that speaks for the government.
    """
    if reading.document is None:
        return {}
    text = reading.document.text
    known: dict[str, KnownParty] = {}
    for party in reading.parties:
        if party.name is None:
            continue
        body = known_body(party)
        if body is not None and party.speaks_for is not None and party.speaks_for.words == party.name:
            known[party.id] = body
        elif folded(name := party.name.of(text)):
            known[party.id] = known_party(name, party.kind)
    return known


def find_aliases(reading: Reading, known: Mapping[str, KnownParty]) -> Iterator[tuple[str, KnownParty]]:
    """Folded names, each with the party that the text calls so."""
    if reading.document is None:
        return
    text = reading.document.text
    for local, given in known.items():
        if local == given.id:  # people say that a claim is theirs, whom the text does not name
            yield folded(given.name), given
    for party in reading.parties:
        body = known_body(party)
        if body is not None:
            yield folded(body.name), body
        meant = known.get(party.id)
        if meant is not None:
            yield folded(meant.name), meant
            names = {mention.span.of(text) for mention in party.mentions if mention.kind is MentionKind.NAME}
            yield from ((alias, meant) for name in names if (alias := folded(name)))


def find_places(reading: Reading) -> Iterator[tuple[str, int]]:
    """Folded names of places, each with the GeoNames id that it has in the text."""
    if reading.document is None:
        return
    text = reading.document.text
    for place in reading.places:
        if place.geonames is not None:
            names = {folded(place.span.of(text)), folded(place.name)}
            yield from ((name, place.geonames) for name in names if name)


# --- claims ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One claim as the index holds it.

    Attributes:
        id: the claim's.
        number: its place among the attributions of its reading.
        day: the first day on which it was said, or else on which it was published; 0 if neither is known.
        days: how many days follow that on which it may have been said.
        is_own: whether it is in the publisher's own voice.
        words: its folded words with spaces between, and a gap between pieces.
        facets: what else it is found by, with spaces between.
        figures: least and greatest value of each figure, and the folded words for what is counted.
    """

    id: str
    number: int
    day: int
    days: int
    is_own: bool
    words: str
    facets: str
    figures: tuple[tuple[float | None, float | None, str], ...]


def index_rows(reading: Reading, known: Mapping[str, KnownParty]) -> list[Row]:
    """The rows of a reading's claims, in the order of its attributions."""
    document = reading.document
    if document is None:
        return []
    text = document.text
    published = find_days(document.published)
    publisher = publisher_facet(document.publisher)
    parties = {party.id: party for party in reading.parties}
    mentions = _Placed(
        (mention.span, f":m={known[party.id].id}")
        for party in reading.parties
        if party.id in known
        for mention in party.mentions
    )
    places = _Placed((place.span, facet) for place in reading.places for facet in _place_facets(place, text))
    figures = _Placed((figure.span, figure) for figure in reading.figures)
    days = {time.span: found for time in reading.times if (found := find_days(time.edtf)) is not None}
    acts: dict[str, list[Act]] = {}
    for act in reading.acts:
        if act.claim is not None:
            acts.setdefault(act.claim, []).append(act)
    rows = []
    for number, claim in enumerate(reading.attributions):
        words: list[str] = []
        for piece in claim.content:
            if words:
                words.append(GAP)
            words += fold(piece.of(text))
        facets = {f":s={claim.stance}", f":k={claim.kind}", f":v={claim.voice}"}
        if publisher:
            facets.add(publisher)
        facets |= _speaker_facets(claim, parties, known)
        facets.update(mentions.inside(claim.content))
        facets.update(places.inside(claim.content))
        for act in acts.get(claim.id, ()):
            for kind in (act.type.value, act.kind):
                facets |= {act_facet(kind), act_facet(kind, act.status)}
            facets.add(status_facet(act.status))
            for span in act.times:
                if span in days:
                    facets |= _day_facets(days[span])
        numbers = [_number(figure, text) for figure in figures.inside(claim.content)]
        for low, high, counted in numbers:
            facets |= {f":n={word}" for word in counted.split()}
            facets |= {f":nm={power}" for power in _magnitudes(low, high)}
        said = find_days(claim.said_on) or published
        first, last = _bounded(said)
        rows.append(
            Row(
                id=claim.id,
                number=number,
                day=first,
                days=last - first,
                is_own=claim.voice is Voice.PUBLISHER,
                words=" ".join(words),
                facets=" ".join(sorted(facets)),
                figures=tuple(numbers),
            )
        )
    return rows


def _bounded(days: Days | None) -> tuple[int, int]:
    """Days to sort by: what is open on one side counts as its other end, and what is unknown as long ago."""
    if days is None:
        return 0, 0
    first, last = days
    known = [day for day in (first, last) if day is not None]
    return min(known), max(known)


def _speaker_facets(claim: Attribution, parties: Mapping[str, Party], known: Mapping[str, KnownParty]) -> set[str]:
    facets: set[str] = set()
    if claim.party is None:
        return facets
    if claim.party in known:
        facets.add(f":p={known[claim.party].id}")
    party = parties.get(claim.party)
    body = known_body(party) if party else None
    if body is not None and party is not None and party.speaks_for is not None:
        is_body = party.speaks_for.words == party.name  # unless people say that here it is somebody else
        if not is_body or known.get(party.id) == body:
            facets.add(f":f={body.id}")
    return facets


def _place_facets(place: Place, text: str) -> Iterator[str]:
    if place.geonames is not None:
        yield f":l={place.geonames}"
    elif name := folded(place.span.of(text)):
        yield place_facet(name)
    if country := "_".join(fold(place.country)):
        yield f":lc={country}"


def place_facet(name: str) -> str:
    """The facet of a place that has no id in GeoNames, by its folded name."""
    return f":ln={name}".replace(" ", "_")


@functools.lru_cache(maxsize=1024)
def act_facet(kind: str, status: str = "") -> str:
    """The facet of an act of a record or PLOVER type, in one status or in any."""
    return f":a={'_'.join(fold(kind))[:_LONGEST]}={'_'.join(fold(status))}"


def status_facet(status: str) -> str:
    """The facet of an act in a status, whatever it is."""
    return act_facet("", status)


def publisher_facet(publisher: str) -> str:
    """The facet of an outlet; empty if its name holds neither letters nor digits."""
    name = folded(publisher)
    return f":u={name}".replace(" ", "_") if name else ""


def _number(figure: Figure, text: str) -> tuple[float | None, float | None, str]:
    counted = fold(figure.counted.of(text)) if figure.counted else []
    low, high = (None if value is None else _float(value) for value in (figure.low, figure.high))
    return low, high, " ".join([*unit_words(figure.unit), *counted])


def unit_words(unit: str) -> list[str]:
    """The words that a unit is found by; signs have names."""
    return [word for part in unit.split("/") for word in (_SIGNS.get(part.strip()) or fold(part))]


def _float(value: float) -> float:
    return float(max(-_GREATEST, min(value, _GREATEST)))


class _Placed(Generic[T]):
    """Values that stand somewhere in a text, found by the stretch that holds them."""

    def __init__(self, values: Iterable[tuple[Span, T]]) -> None:
        self._values = sorted(((span.start, span.end, value) for span, value in values), key=itemgetter(0, 1))
        self._starts = [start for start, _, _ in self._values]

    def inside(self, pieces: Iterable[Span]) -> Iterator[T]:
        """Those that stand wholly in one of the pieces."""
        for piece in pieces:
            for at in range(bisect_left(self._starts, piece.start), len(self._values)):
                start, end, value = self._values[at]
                if start >= piece.end:
                    break
                if end <= piece.end:
                    yield value
