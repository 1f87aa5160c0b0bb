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

from benchmarks import (
    acts,
    agreement,
    extraction,
    factuality,
    figures,
    gum,
    kinds,
    newswire,
    occasion,
    parties,
    places,
    quality,
    speed,
    stance,
    times,
)
from benchmarks.floors import FLOORS, Floor, decode_floors, encode_floors, find_below, find_short, raised
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
    "names": newswire.measure,
    "grammar": gum.measure,
    "parties": parties.measure,
    "stance": stance.measure,
    "said on": occasion.measure,
    "times": times.measure,
    "figures": figures.measure,
    "places": places.measure,
    "acts": acts.measure,
    "agreement on acts": agreement.measure,
    "kinds": kinds.measure,
    "factuality": factuality.measure,
    "extraction": extraction.measure,
    "speed": speed.measure,
}


INTRODUCTION = """# Benchmarks

Written by `make bench WRITE=1`. `make bench` prints the same table again and compares it with the floors, which only
rise (`benchmarks/floors.json`); it needs the labelled data of which each part's file in `benchmarks/` says where it
looks, and leaves out what it does not find.

- **quality**: attributions on the development part of PolNeAR, F1. `token`: words in some content, source or cue;
  `exact`: runs of words that match to the word; `relation.exact`: whole attributions; `relation.half`: whole
  attributions with at least half of the content and a word of the source in common. The rows by kind follow. Beside
  each stands the agreement of annotators on the articles that several of them marked.
- **quantization**: what the weights in 8-bit integers lose against floats, in points.
- **names**: names on the tenth of Worldwide Newswire that is held out, F1 of exact spans with their label.
- **grammar**: tags, heads, and heads with their relation, of the words of GUM’s development documents; sentences are
  ours.
- **parties**: sources resolved to the right party, of those found, by what the source is, on storyline-dev (the rules
  were developed on articles with odd numbers), the news of GUM, the example reports, and quotations without a source in
  PolNeAR.
- **stance**: of the claims of storyline-dev, with the gold's spans given; on all articles, and on those with odd
  numbers, which the rules were developed on, and with even ones, which were not read.
- **said on**: the day of saying on storyline-dev, with the gold's spans and speakers given. The gold knows more than
  the words beside a claim tell, so that only a part can be found.
- **times**: on TimeBank and AQUAINT, the figures of TempEval-3: relaxed spans, and values in TIMEX3.
- **figures**: on newsquant, the figures of the CQE paper (Almasian et al. 2023), and on storyline-dev with what is
  counted.
- **places**: toponyms in GeoWebNews, and how many of those found lie within 161 km of where they should, there and on
  LGL and GeoVirus; by half, the second of which was not looked at.
- **acts**: typed records against our own gold (benchmarks/gold/README.md): a record is right when type, status, actor,
  target, item and number are; and each of these alone. The rules were developed on articles with odd numbers.
- **agreement on acts**: of the two passes of that gold, before adjudication.
- **kinds**: the 15 PLOVER classes with source and target given, five-fold.
- **factuality**: on MEANTIME and UW, against events found: mean absolute error, and correlation.
- **extraction**: the article in a web page, F1 of runs of four words, beside trafilatura alone in the same run; and
  what is cut from plain text that is all article.
- **speed**: reading, and the same windows run through the bare network, in turn in one run; a
  new process; long texts."""


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
    below = find_below(figures, floors)
    print(*below, sep="\n", file=sys.stderr)
    short = find_short(figures, floors)
    print(*short, sep="\n", file=sys.stderr)
    if chosen.write and (chosen.only or left_out or below):
        print("nothing written: a part was left out, or a floor does not hold", file=sys.stderr)
    elif chosen.write:
        text = "\n\n".join([INTRODUCTION, printed, *(f"- {line}" for line in short), f"Measured on {hardware}.\n"])
        (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
        FLOORS.write_bytes(encode_floors(raised(floors, figures)))
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "benchmarks.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 1 if below else 0


if __name__ == "__main__":
    raise SystemExit(main())
