"""Floors never fall quietly."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks.floors import FLOORS, Floor, decode_floors, encode_floors, raised

ROOT = FLOORS.parents[1]


def unsigned_falls(now: dict[str, Floor], before: dict[str, Floor], root: Path) -> list[str]:
    """Figures whose floor fell, or is gone, without a decision record that names them and the new floor."""
    fallen = []
    for name, old in before.items():
        new = now.get(name)
        if new is not None and not new.is_weaker_than(old):
            continue
        record = root / new.decision if new is not None and new.decision else None
        signed = record.read_text(encoding="utf-8") if record is not None and record.is_file() else ""
        if new is None or name not in signed or f"{new.floor:g}" not in signed:
            fallen.append(name)
    return fallen


def test_no_floor_is_lower_than_it_ever_was() -> None:
    git = ["git", "-C", str(ROOT)]
    revisions = [*git, "rev-list", "HEAD", "--", "benchmarks/floors.json"]
    listed = subprocess.run(revisions, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    if listed.returncode:
        pytest.skip("not a git checkout: there is no history to compare with")
    now = decode_floors(FLOORS.read_bytes())
    for commit in listed.stdout.split():
        show = [*git, "show", f"{commit}:benchmarks/floors.json"]
        shown = subprocess.run(show, capture_output=True, check=False)  # noqa: S603 - a commit of our own
        if shown.returncode == 0:
            assert unsigned_falls(now, decode_floors(shown.stdout), ROOT) == [], f"against commit {commit}"


def test_a_fall_needs_a_decision_record_that_names_the_figure(tmp_path: Path) -> None:
    before = {"quality: x": Floor(0.7)}
    record = tmp_path / "0042-lower.md"
    record.write_text("The floor of `quality: x` falls to 0.6 because …", encoding="utf-8")
    assert unsigned_falls({"quality: x": Floor(0.6)}, before, tmp_path) == ["quality: x"]
    assert unsigned_falls({}, before, tmp_path) == ["quality: x"]
    assert unsigned_falls({"quality: x": Floor(0.6, decision="0042-lower.md")}, before, tmp_path) == []
    later = {"quality: x": Floor(0.5, decision="0042-lower.md")}
    assert unsigned_falls(later, before, tmp_path) == ["quality: x"], "one signature is not for every later fall"
    assert unsigned_falls({"quality: y": Floor(0.9)}, {"quality: y": Floor(0.8)}, tmp_path) == []


def test_floors_rise_with_the_figures_and_only_rise() -> None:
    floors = {
        "p: up": Floor(0.5, margin=0.01),
        "p: down": Floor(2.0, margin=0.5, lower_is_better=True),
        "p: same": Floor(0.9),
    }
    moved = raised(floors, {"p": {"up": 0.7, "down": 1.0, "same": 0.8}})
    assert moved["p: up"].floor == 0.69
    assert moved["p: down"].floor == 1.5
    assert moved["p: same"].floor == 0.9


def test_floors_survive_writing_and_reading() -> None:
    floors = decode_floors(FLOORS.read_bytes())
    assert decode_floors(encode_floors(floors)) == floors
