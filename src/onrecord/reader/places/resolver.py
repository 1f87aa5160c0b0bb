"""Which place of its name each mention is: by the words beside it, by the other places of the text, then by size.

Every name has some places that it can be, and every place a weight: the people who live there, what the phrase says of
it (``Paris, Texas``), and how many of the other names lie in its country, in its region and near it. As the other names
have several places, too, each of them counts by its share of the weight of its name, and the shares are weighed anew
some rounds. The sums are kept by country, by region and by cells of a degree, so that the time grows with the number
of names and no faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Span
from onrecord.reader.places.gazetteer import POINT, Gazetteer, Kind
from onrecord.reader.places.mentions import SAID, Mention
from onrecord.reader.places.tables import load_usual

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_PLACES = 40
"""Places of one name that are weighed: those that the phrase points to, then the largest."""
_HEAT = (3.0, 2.0, 1.0, 1.0)
"""By what the weights are divided in each round of weighing: at first a rare sense has a say, too, so that two towns of
two common names that lie side by side can find each other."""
_SURE = 0.65
"""Share of the weight that a place must have, to be taken."""
_ASTRAY, _ENOUGH, _FAMOUS = 0.15, 3.0, 100_000
"""A town of fewer people, to which less of the context points, while there is so much of it, is likely another one that
the gazetteer does not have."""
_TOGETHER = 60.0
"""Kilometres within which a town, its district and its region of one name are one place for that."""

# All weights are decimal logarithms: one is worth ten times the people.
_FEWEST = 300
"""People in a settlement of which GeoNames does not know them."""
_PRIOR = np.array([0.0, -0.5, 0.3, 1.0, 1.0])
"""By ``Kind``: countries and regions are written of more than towns of their size."""
_SECOND = np.array([-1.2, -2.0, -0.2, -0.3, -1.0])
"""By ``Kind``: what another name than the first one costs; counties are seldom meant without the word."""
_USUAL = 2.0
"""What it adds to be what a name usually means, by ``names.tsv``."""
_NAMESAKE = 2.0
"""By how much a country outweighs its capital where that bears the country's name, too: ``Mexico``."""
_HOME = 0.3
"""By how much a town outweighs its region of the same name: ``Kherson`` is the town."""
_TYPE = {
    "settlement": np.array([1.5, 0.0, 0.0, -1.0, -1.0]),
    "district": np.array([-1.0, 3.0, 0.0, -1.0, -1.0]),
    "region": np.array([-1.0, 1.5, 3.0, 0.0, -1.0]),
    "country": np.array([-1.0, -1.0, 0.0, 3.0, 0.0]),
}
"""By ``Kind``: what the word beside the name adds."""
_COUNTRY, _REGION, _NEAR = 3.0, 3.5, 3.0
"""What it adds at most that the other names lie in the same country, in the same region, near by."""
_TOLD = np.array([1.0, 1.0, 1.0, 0.5, 0.0])
"""By ``Kind``: how much a name tells of the others; the world over, texts name countries."""
_REASONS = (
    "the text is about places in ",
    "the text is about places in ",
    "the text names other places near it",
)


@dataclass(frozen=True, slots=True)
class Sense:
    """What a mention means.

    Attributes:
        row: row of the gazetteer, -1 if nothing decides.
        reason: what decided, or why nothing does.
        words: the words that decided, if a phrase did.
    """

    row: int
    reason: str
    words: Span | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """All places that all names of a document can be; one after the other, those of a name together. Shapes (n,).

    Attributes:
        names: which name it is a place of.
        rows: row of the gazetteer.
        priors: weight without context.
        hints: weight that the phrases give.
    """

    names: Ints
    rows: Ints
    priors: Floats
    hints: Floats


@dataclass(frozen=True, slots=True)
class Choice:
    """The places that one name can be. Shapes (n,), of ``context`` (3, n).

    Attributes:
        rows: row of the gazetteer.
        priors: weight without context.
        context: weight by country, by region, and by nearness.
        others: how much the other names of the document tell.
    """

    rows: Ints
    priors: Floats
    context: Floats
    others: float


class Sums:
    """Weights summed by some bucket (a country, a region, a cell), without what a name itself brings.

    Args:
        buckets: bucket of each place that brings weight, shape (m,); negative for none.
        names: the name it is a place of, shape (m,).
        asked: bucket of each place that asks, shape (n,); negative for none.
        asking: the name it is a place of, shape (n,).
    """

    def __init__(self, buckets: Ints, names: Ints, asked: Ints, asking: Ints) -> None:
        self._kept = buckets >= 0
        keys, inverse = np.unique(np.concatenate([buckets[self._kept], asked]), return_inverse=True)
        self._size, kept = len(keys), int(self._kept.sum())
        self._by_bucket, self._asked = inverse[:kept], inverse[kept:]
        self._silent = asked < 0
        both = np.concatenate([names[self._kept], asking]) * self._size + inverse
        pairs, inverse = np.unique(both, return_inverse=True)
        self._pairs, self._by_pair, self._own = len(pairs), inverse[:kept], inverse[kept:]

    def of(self, weights: Floats) -> Floats:
        """What the other names bring into the bucket of each place that asks, shape (n,)."""
        brought = weights[self._kept]
        every = np.bincount(self._by_bucket, brought, self._size)[self._asked]
        own = np.bincount(self._by_pair, brought, self._pairs)[self._own]
        return np.where(self._silent, 0.0, np.maximum(every - own, 0.0))


def resolve(mentions: Sequence[Mention], weights: Sequence[float], gazetteer: Gazetteer) -> list[Sense]:
    """What each mention means, one sense for a name all over the document unless a phrase says otherwise.

    Args:
        mentions: names of places with the places they can be.
        weights: how much each tells of where the document is about; one for a name in its text.
        gazetteer: where the places stand.
    """
    senses = [Sense(-1, "in no table")] * len(mentions)
    by_name: dict[tuple[str, str], list[int]] = {}
    for n, mention in enumerate(mentions):
        if len(mention.found.rows):
            by_name.setdefault((mention.key, mention.kind), []).append(n)
    if not by_name:
        return senses
    groups = list(by_name.values())
    lists = [candidates([mentions[n] for n in group], gazetteer) for group in groups]
    sizes = [len(rows) for rows, _, _ in lists]
    places = Places(
        np.repeat(np.arange(len(lists)), sizes),
        np.concatenate([rows for rows, _, _ in lists]),
        np.concatenate([priors for _, priors, _ in lists]),
        np.concatenate([hints for _, _, hints in lists]),
    )
    strength = np.array([np.log2(1 + sum(weights[n] for n in group)) for group in groups])
    context = weigh(places, strength, gazetteer)
    homes = homes_of(places, gazetteer)
    # What speaks for a region speaks for the town of its name, too, which is meant.
    context = np.where((homes >= 0) & (context.sum(0)[homes] > context.sum(0)), context[:, homes], context)
    others = strength.sum() - strength
    ends = np.cumsum(sizes).tolist()
    for n, (group, end) in enumerate(zip(groups, ends, strict=True)):
        part = slice(end - sizes[n], end)
        rows = places.rows[part]
        choice = Choice(rows, places.priors[part], context[:, part], float(others[n]))
        sense = decide(choice, places.hints[part], [mentions[m] for m in group], gazetteer)
        for m in group:
            if mentions[m].hints:
                own = hints_of([mentions[m]], rows, gazetteer)
                if mentions[m].stated and not own.any():
                    senses[m] = Sense(-1, "the gazetteer has none of that name where the phrase places it")
                    continue
                if (own >= SAID).any():  # and so does the name from here on
                    sense = decide(choice, own, [mentions[m]], gazetteer)
            senses[m] = sense
    return senses


def candidates(mentions: Sequence[Mention], gazetteer: Gazetteer) -> tuple[Ints, Floats, Floats]:
    """The places that a name can be, with their weights before context; shapes (n,).

    Args:
        mentions: all mentions of the name that have the same word for its type beside them.
        gazetteer: where the places stand.
    """
    first = mentions[0]
    rows, second = first.found.rows, first.found.second
    kinds = gazetteer.kinds[rows]
    people = np.maximum(gazetteer.populations[rows].astype(np.float64), _FEWEST)
    priors = np.log10(people) + _PRIOR[kinds] + second * _SECOND[kinds]
    if first.kind in _TYPE:
        priors += _TYPE[first.kind][kinds]
        if first.kind == "district":
            priors -= second * _SECOND[kinds]
    else:
        # Of a town and its region of one name, the town is meant.
        for within in (gazetteer.regions, gazetteer.districts):
            for at in np.flatnonzero(kinds == Kind.SETTLEMENT):
                same = np.flatnonzero(rows == within[rows[at]])
                if len(same):
                    priors[at] = max(priors[at], priors[same[0]] + _HOME)
    if (~second & (kinds == Kind.COUNTRY)).any():
        priors -= _NAMESAKE * (second & (kinds < Kind.COUNTRY))
    usual = load_usual().get(first.key, -1)
    priors += _USUAL * (rows == usual)
    hints = hints_of(mentions, rows, gazetteer)
    kept = np.lexsort((-priors, -hints))[:_MOST_PLACES]
    return rows[kept], priors[kept], hints[kept]


def homes_of(places: Places, gazetteer: Gazetteer) -> Ints:
    """Of each settlement the place in the list that is its region, if that bears the same name; -1 without one."""
    size = len(gazetteer.ids)
    keys = places.names * size + places.rows
    order = keys.argsort()
    within = gazetteer.regions[places.rows].astype(np.int64)
    wanted = places.names * size + within
    at = order[np.searchsorted(keys, wanted, sorter=order).clip(max=len(keys) - 1)]
    towns = gazetteer.kinds[places.rows] == Kind.SETTLEMENT
    return np.where(towns & (within >= 0) & (keys[at] == wanted), at, -1)


def hints_of(mentions: Sequence[Mention], rows: Ints, gazetteer: Gazetteer) -> Floats:
    """What the phrases around some mentions add to each place, shape (n,)."""
    said: dict[int, float] = {}
    for mention in mentions:
        for row, weight, _ in mention.hints:
            said[row] = max(said.get(row, 0.0), weight)
    hints = np.zeros(len(rows))
    for row, weight in said.items():
        within = (gazetteer.regions[rows] == row) | (gazetteer.districts[rows] == row)
        if gazetteer.kinds[row] == Kind.COUNTRY:
            within |= gazetteer.countries[rows] == gazetteer.countries[row]
        hints = np.maximum(hints, weight * (within & (rows != row)))
    return hints


def weigh(places: Places, strength: Floats, gazetteer: Gazetteer) -> Floats:
    """What the other names of the document add to each place: by country, by region, by nearness; shape (3, n)."""
    rows, names = places.rows, places.names
    kinds = gazetteer.kinds[rows]
    countries = np.where(kinds == Kind.CONTINENT, -1, gazetteer.countries[rows].astype(np.int64))
    regions = np.where(kinds == Kind.REGION, rows, gazetteer.regions[rows].astype(np.int64))
    cells, around = cells_of(gazetteer.points[rows], kinds <= Kind.DISTRICT)
    by_country = Sums(countries, names, countries, names)
    by_region = Sums(regions, names, regions, names)
    # States stand beside states, and countries beside countries.
    peers = np.where(kinds == Kind.REGION, countries, np.where(kinds == Kind.COUNTRY, 1000, -1))
    by_peer = Sums(peers, names, peers, names)
    by_cell = Sums(around.ravel(), np.repeat(names, around.shape[1]), cells, names)
    told = _TOLD[kinds]
    context = np.zeros((3, len(rows)))
    for heat in _HEAT:
        shares = shares_of((places.priors + places.hints + context.sum(0)) / heat, names) * strength[names]
        shares *= told
        others = shares.sum() - np.bincount(names, shares)[names]
        near = by_cell.of(np.repeat(shares, around.shape[1])) + by_peer.of(shares)
        context = np.stack(
            [
                _COUNTRY * by_country.of(shares) / (others + 1),
                _REGION * by_region.of(shares) / (others + 1),
                _NEAR * near / (near + 1),
            ]
        )
    return context


def cells_of(points: NDArray[np.int32], small: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """The cell of about a degree that each place lies in, and the nine around; shapes (n,) and (n, 9).

    Countries and regions lie in none: -1.
    """
    degrees = points.astype(np.float64) / POINT
    north = np.floor(degrees[:, 0]) + 90
    steps = np.arange(-1, 2)
    rows = (north[:, None] + steps).astype(np.int64)
    # A degree to the east is shorter towards the poles; each row of cells has cells of its own width.
    width = np.cos(np.radians(np.clip(rows - 89.5, -89.5, 89.5)))
    columns = np.floor((degrees[:, 1, None] + 180) * width).astype(np.int64)
    around = (rows[:, :, None] * 1000 + columns[:, :, None] + steps).reshape(len(points), 9)
    return np.where(small, around[:, 4], -1), np.where(small[:, None], around, -1)


def shares_of(weights: Floats, names: Ints) -> Floats:
    """The share of each place in the weight of its name; those of a name add up to one."""
    most = np.full(int(names[-1]) + 1, -np.inf)
    np.maximum.at(most, names, weights)
    shares = 10.0 ** (weights - most[names])
    return np.asarray(shares / np.bincount(names, shares)[names])


def decide(choice: Choice, hints: Floats, mentions: Sequence[Mention], gazetteer: Gazetteer) -> Sense:
    """The place that weighs most, and what it owes that to; none if it does not outweigh the others together.

    Args:
        choice: the places that the name can be.
        hints: what phrases add to each, shape (n,).
        mentions: those whose phrases do, with the same word for their type beside them.
        gazetteer: where the places stand.
    """
    rows, context = choice.rows, choice.context
    weights = choice.priors + context.sum(0) + hints
    best = int(weights.argmax())
    row = int(rows[best])
    kind = gazetteer.kind(row)
    near = distances(gazetteer.points[rows], gazetteer.points[row]) < _TOGETHER
    shares = 10.0 ** (weights - weights[best])
    astray = choice.others >= _ENOUGH and not hints[best] and context[:, best].sum() < _ASTRAY
    if astray and kind <= Kind.DISTRICT and gazetteer.populations[row] < _FAMOUS:
        return Sense(-1, "places of that name in the gazetteer lie far from all else that the text names")
    if near.all():
        return Sense(row, "the only place of that name in the gazetteer")
    if shares[near].sum() < _SURE * shares.sum():
        return Sense(-1, f"{len(rows)} places of that name, and nothing in the text decides between them")
    rival = int(np.where(near, -np.inf, weights).argmax())
    if hints[best] > hints[rival]:
        return Sense(row, "the phrase says where it lies", pointer(mentions, row, gazetteer))
    lead = context[:, best] - context[:, rival]
    if lead.sum() > max(choice.priors[best] - choice.priors[rival], 0.0):
        region = int(gazetteer.regions[row]) if kind < Kind.REGION else row
        where = (gazetteer.country(row), gazetteer.name(region) if region >= 0 else "its region", "")
        return Sense(row, (_REASONS[int(lead.argmax())] + where[int(lead.argmax())]).strip())
    if rows[rival] in (gazetteer.regions[row], gazetteer.districts[row]):
        return Sense(row, "the town, and not the region that has its name")
    if mentions[0].kind in _TYPE and _TYPE[mentions[0].kind][kind] > 0:
        return Sense(row, f"the word beside it: {mentions[0].kind}")
    if load_usual().get(mentions[0].key, -1) == row:
        return Sense(row, "what the name usually means")
    if kind is Kind.COUNTRY:
        return Sense(row, f"a country, and the largest of {len(rows)} places of that name")
    return Sense(row, f"population: the largest of {len(rows)} places of that name")


def pointer(mentions: Sequence[Mention], row: int, gazetteer: Gazetteer) -> Span | None:
    """The words of the phrase that says where a place lies."""
    said = [hint for mention in mentions for hint in mention.hints if _lies_in(gazetteer, row, hint[0])]
    return max(said, key=lambda hint: hint[1])[2] if said else None


def _lies_in(gazetteer: Gazetteer, row: int, area: int) -> bool:
    if gazetteer.kinds[area] == Kind.COUNTRY:
        return bool(gazetteer.countries[row] == gazetteer.countries[area])
    return area in (gazetteer.regions[row], gazetteer.districts[row])


def distances(points: NDArray[np.int32], point: NDArray[np.int32]) -> Floats:
    """Kilometres from some points to one, all in parts of degrees north and east; shape (n,)."""
    degrees = np.radians(points.astype(np.float64) / POINT)
    north, east = np.radians(point.astype(np.float64) / POINT)
    chord = np.sin((degrees[:, 0] - north) / 2) ** 2
    chord += np.cos(degrees[:, 0]) * np.cos(north) * np.sin((degrees[:, 1] - east) / 2) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))
