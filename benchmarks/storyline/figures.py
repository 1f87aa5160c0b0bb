"""Which figures of a storyline a careful reader would compare, and what he would find: the gold of the pairs.

The set says in prose what comparing the figures of a group finds (``figure_groups.json``). Pairs are made of it thus:

- Two figures of one group are **comparable**. They *agree* where their ranges meet: an exact value is a point, a bound
  is open on one side, ``about`` is taken within 5 per cent. Where they do not meet, it is an *update* if the prose says
  that the figure moved (``later count``, ``rose``, ``settled``) and the two were said on different days, and else a
  *conflict*. The day of saying is that of the claim of the same speaker in whose content the figure stands, else of any
  claim of that speaker in the article, else the day of publication.
- Two of different groups are **not comparable**, and worth asking about if they look alike: the groups share a word of
  their units, or the prose of one names the other (``not comparable with G_PEOPLE_DARK``). Other pairs are left out:
  nobody compares kilometres with households.

Where careful readers differ, either verdict is right: two values of a moving figure on one day may be a conflict or an
update; a rounded value that lies between 5 and 10 per cent from another may agree with it or not.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.storyline.gold import Claim, Figure, FigureGroup, Storyline
from onrecord.model import Modifier

ROUNDING = 0.05
"""How far from its value a figure with ``about`` reaches: about 100 covers 96 and not 90."""
LOOSE_ROUNDING = 0.10
"""How far it reaches for a lenient reader."""

_MOVES = re.compile(r"\b(?:later|rose|rises|risen|grew|settled|updated?|updates|updating)\b")
_GROUP = re.compile(r"\bG_[A-Z0-9_]+\b")
_UNIT_WORD = re.compile(r"[^\W\d_]+")
_JOINERS = frozenset("or and of per local".split())


class Verdict(StrEnum):
    """What comparing two figures finds."""

    NOT_COMPARABLE = "not comparable"
    AGREE = "agree within rounding"
    CONFLICT = "conflict"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class FigurePair:
    """Two figures that a careful reader would compare.

    Attributes:
        a: id of the one that stands first in the set.
        b: id of the other.
        verdict: what he finds.
        accepted: what may be said of it, ``verdict`` among it.
        weight: what the pair counts: all pairs of the same two groups with the same verdict count as one together.
    """

    a: str
    b: str
    verdict: Verdict
    accepted: frozenset[Verdict]
    weight: float


def find_pairs(storyline: Storyline) -> tuple[FigurePair, ...]:
    """All pairs with their verdicts, in the order of the figures."""
    days = {name: day_of(storyline, figure) for name, figure in storyline.figures.items()}
    alike = set(_alike(storyline.figures, storyline.figure_groups))
    found = []
    cells: dict[tuple[str, str, Verdict], int] = {}
    for one, other in itertools.combinations(storyline.figures.values(), 2):
        cell = (min(one.group, other.group), max(one.group, other.group))
        if one.group == other.group:
            moves = _MOVES.search(storyline.figure_groups[one.group].expected) is not None
            accepted = verdicts(one, other, moves=moves, same_day=days[one.id] == days[other.id])
        elif cell in alike:
            accepted = (Verdict.NOT_COMPARABLE,)
        else:
            continue
        key = (*cell, accepted[0])
        cells[key] = cells.get(key, 0) + 1
        found.append((one.id, other.id, accepted, key))
    return tuple(FigurePair(a, b, accepted[0], frozenset(accepted), 1 / cells[key]) for a, b, accepted, key in found)


def verdicts(one: Figure, other: Figure, *, moves: bool, same_day: bool) -> tuple[Verdict, ...]:
    """What may be said of two figures of one group, the best first."""
    differ: tuple[Verdict, ...] = (Verdict.CONFLICT,)
    if moves:
        differ = (Verdict.CONFLICT, Verdict.UPDATE) if same_day else (Verdict.UPDATE,)
    if _meet(one, other, ROUNDING):
        return (Verdict.AGREE,)
    return (*differ, Verdict.AGREE) if _meet(one, other, LOOSE_ROUNDING) else differ


def _meet(one: Figure, other: Figure, rounding: float) -> bool:
    low, high = _range(one, rounding)
    other_low, other_high = _range(other, rounding)
    return low <= other_high and other_low <= high


def _range(figure: Figure, rounding: float) -> tuple[float, float]:
    low = -math.inf if figure.low is None else figure.low
    high = math.inf if figure.high is None else figure.high
    if figure.modifier is Modifier.ABOUT:
        return low - rounding * abs(low), high + rounding * abs(high)
    return low, high


def _alike(figures: Mapping[str, Figure], groups: Mapping[str, FigureGroup]) -> Iterator[tuple[str, str]]:
    units: dict[str, set[str]] = {name: set() for name in groups}
    for figure in figures.values():
        units[figure.group] |= set(_UNIT_WORD.findall(figure.unit.lower())) - _JOINERS
    for one, other in itertools.combinations(sorted(groups), 2):
        if units[one] & units[other] or other in _named(groups[one]) or one in _named(groups[other]):
            yield one, other


def _named(group: FigureGroup) -> set[str]:
    return set(_GROUP.findall(group.expected))


def day_of(storyline: Storyline, figure: Figure) -> str:
    """The day on which a figure was said, as the module's docstring has it; a month where no more is known."""
    theirs = [
        claim
        for claim in storyline.claims.values()
        if claim.article == figure.article and claim.speaker == figure.claimant and claim.said_on is not None
    ]
    holding = [claim for claim in theirs if _holds(claim, figure)]
    for claim in (*holding, *theirs):
        if claim.said_on is not None:
            return claim.said_on
    return storyline.articles[figure.article].published


def _holds(claim: Claim, figure: Figure) -> bool:
    return any(piece.covers(figure.span) for piece in claim.content)
