"""Measures everything, prints the table, and compares it with the floors.

    python -m benchmarks                    # all parts; exit status 1 when a figure is under its floor
    python -m benchmarks --only quality     # one part
    python -m benchmarks --write            # also rewrite docs/benchmarks.md and raise the floors

Parts whose labelled data is not on this machine are left out, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from benchmarks import extraction, quality, speed
from benchmarks.floors import FLOORS, Floor, decode_floors, encode_floors, raised
from onrecord.reader import Reader
from onrecord.reader.network import SHIPPED, Network, load_card

ROOT = Path(__file__).resolve().parents[1]
FLOAT32 = ROOT / "build" / "float32"
LIBRARIES = ("onnxruntime", "tokenizers", "numpy", "trafilatura")


def measure_quantization() -> dict[str, float]:
    """What int8 costs against float32 (training/README.md says how to make that), in points of F1; more is worse."""
    if not FLOAT32.exists():
        raise FileNotFoundError(f"{FLOAT32}: the float32 model is not there; training/README.md says how to make it")
    # The thresholds of the shipped model for both: what differs is the numbers in the network.
    whole = quality.measure(reader=Reader.of(load_card(SHIPPED), Network(FLOAT32, None)))
    small = quality.measure()
    return {
        f"int8 loss {name}": round(100 * (whole[name] - small[name]), 2)
        for name in ("exact.pooled", "relation.exact", "relation.half")
    }


PARTS: dict[str, Callable[[], dict[str, float]]] = {
    "quality": quality.measure,
    "annotators": quality.measure_annotators,
    "quantization": measure_quantization,
    "extraction": extraction.measure,
    "speed": speed.measure,
}


def table(figures: dict[str, dict[str, float]], floors: dict[str, Floor]) -> str:
    """The figures as a Markdown table, with floor, aim and annotators' agreement where there are any."""
    humans = figures.get("annotators", {})
    rows = ["| figure | measured | floor | must reach | aim | annotators |", "|---|---|---|---|---|---|"]
    for part, found in figures.items():
        if part == "annotators":
            continue
        for name, value in found.items():
            floor = floors.get(f"{part}: {name}")
            cells = [_number(x) for x in ((floor.floor, floor.least, floor.aim) if floor else (None, None, None))]
            human = _number(humans.get(name) if part == "quality" else None)
            rows.append(f"| {part}: {name} | {_number(value)} | {' | '.join(cells)} | {human} |")
    return "\n".join(rows)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def main() -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--write", action="store_true", help="rewrite docs/benchmarks.md, and raise floors")
    chosen = parser.parse_args()
    floors = decode_floors(FLOORS.read_bytes())
    figures: dict[str, dict[str, float]] = {}
    left_out: list[str] = []
    for part, measure in PARTS.items():
        if chosen.only and part not in chosen.only:
            continue
        print(f"measuring {part} …", file=sys.stderr, flush=True)
        try:
            figures[part] = measure()
        except FileNotFoundError as error:
            left_out.append(f"{part}: left out, {error}")
    printed = table(figures, floors)
    hardware = (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    )
    print(printed, hardware, *left_out, sep="\n")
    below = [
        f"{name}: {figures[part][figure]:.4f} is under the floor of {floor.floor}"
        if not floor.lower_is_better
        else f"{name}: {figures[part][figure]:.4f} is over the ceiling of {floor.floor}"
        for name, floor in floors.items()
        for part, _, figure in [name.partition(": ")]
        if figure in figures.get(part, {}) and not floor.holds(figures[part][figure])
    ]
    below += [
        f"{name}: has a floor, and was not measured"
        for name in floors
        for part, _, figure in [name.partition(": ")]
        if part in figures and figure not in figures[part]
    ]
    print(*below, sep="\n", file=sys.stderr)
    if chosen.write and (chosen.only or left_out or below):
        print("nothing written: a part was left out, or a floor does not hold", file=sys.stderr)
    elif chosen.write:
        text = "# Benchmarks\n\nWritten by `make bench WRITE=1`.\n\n" + printed + f"\n\nMeasured on {hardware}.\n"
        (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
        FLOORS.write_bytes(encode_floors(raised(floors, figures)))
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "benchmarks.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 1 if below else 0


if __name__ == "__main__":
    raise SystemExit(main())
