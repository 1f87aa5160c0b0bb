"""Floors under every score: they rise with the figures, and one that falls needs a signature.

A floor may only be lower than it ever was in the history of ``floors.json`` if its entry names a decision record that
exists and names the figure and its new floor. ``tests/test_floors.py`` checks that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.json")


@dataclass(frozen=True, slots=True)
class Floor:
    """What a figure must hold.

    Attributes:
        floor: the worst value that passes.
        least: the value the project must reach.
        aim: the value the project aims at.
        margin: how far under a measured value its floor is set, for what varies between machines.
        lower_is_better: whether ``floor`` is a ceiling.
        decision: the decision record that allowed the floor to fall, as a path from the project's root.
    """

    floor: float
    least: float | None = None
    aim: float | None = None
    margin: float = 0.003
    lower_is_better: bool = False
    decision: str = ""

    def holds(self, value: float) -> bool:
        """Whether a measured value passes."""
        return value <= self.floor if self.lower_is_better else value >= self.floor

    def reaches(self, value: float) -> bool:
        """Whether a measured value is as good as the project must be."""
        return self.least is None or (value <= self.least if self.lower_is_better else value >= self.least)

    def is_weaker_than(self, other: Floor) -> bool:
        """Whether this floor lets more pass than another."""
        return self.floor > other.floor if self.lower_is_better else self.floor < other.floor


def decode_floors(encoded: bytes) -> dict[str, Floor]:
    """Reads ``floors.json``: figure name to floor."""
    return {name: Floor(**entry) for name, entry in json.loads(encoded).items()}


def encode_floors(floors: dict[str, Floor]) -> bytes:
    """Writes ``floors.json``, leaving out what is as by default."""
    default = asdict(Floor(0.0))
    lines = {
        name: {key: value for key, value in asdict(floor).items() if key == "floor" or value != default[key]}
        for name, floor in floors.items()
    }
    return (json.dumps(lines, indent=2) + "\n").encode()


Figures = Mapping[str, Mapping[str, float]]
"""What was measured: by part, and by figure."""


def find_below(figures: Figures, floors: Mapping[str, Floor]) -> list[str]:
    """What is worse than its floor, or has one and was not measured with the rest of its part; a line each."""
    lines = []
    for name, floor in floors.items():
        part, _, figure = name.partition(": ")
        if part not in figures:
            continue
        value = figures[part].get(figure)
        if value is None:
            lines.append(f"{name}: has a floor, and was not measured")
        elif not floor.holds(value):
            what = "over the ceiling" if floor.lower_is_better else "under the floor"
            lines.append(f"{name}: {value:.4f} is {what} of {floor.floor}")
    return lines


def find_short(figures: Figures, floors: Mapping[str, Floor]) -> list[str]:
    """What falls short of what must be reached; a line each."""
    lines = []
    for name, floor in floors.items():
        part, _, figure = name.partition(": ")
        value = figures.get(part, {}).get(figure)
        if value is not None and not floor.reaches(value):
            lines.append(f"{name}: {value:.4f} falls short of {floor.least}, which must be reached")
    return lines


def raised(floors: dict[str, Floor], figures: Figures) -> dict[str, Floor]:
    """The floors moved up to just under what was measured; none moves down."""
    moved = dict(floors)
    for name, floor in floors.items():
        part, _, figure = name.partition(": ")
        if figure not in figures.get(part, {}):
            continue
        value = figures[part][figure]
        candidate = replace(floor, floor=round(value + (floor.margin if floor.lower_is_better else -floor.margin), 4))
        if floor.is_weaker_than(candidate):
            moved[name] = candidate
    return moved
