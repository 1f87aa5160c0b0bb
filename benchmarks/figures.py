"""Figures against gold: values, bounds and units on NewsQuant, and what is counted on one story over sixty articles.

NewsQuant (Almasian et al. 2023) gives for every sentence its quantities: a value or a range, a change (``=``, ``~``,
``<``, ``>``, ``up``, ``down``), and a normalised unit, which for things counted whole is their noun phrase in the
singular. Ours are paired with the gold one to one within a sentence, the fullest agreement first:

- ``value``: the numbers agree to five digits, both ends of a range. Conventions are translated, not judged: theirs of
  ``dozens`` (12 to 120) and ``hundreds`` (100 to 1000), their range for ``from 5 to 3``, their decimal fraction for
  our share. Vague words without a number in them (``several``) are not in the set and left out of ours.
- ``value and modifier``: and the change agrees; ``bounds`` counts up and down as exact, on both sides.
- ``value and unit strict``: and the normalised unit is the same to the letter, the figure of the paper (which published
  .920, .881 and .856 for value, change and unit); ``value and unit``: or its last word is, of things counted whole.

The four sets of unit sentences give value and unit; the same figures.

In ``storyline`` every gold figure has values, a modifier, a unit and what is counted. Left out on both sides: clock
times (a time is no figure), vague words without a number in them, and lengths of time without a gold figure beside
them. A figure of ours is paired with a gold one that it overlaps. It is right if low and high agree (``more than 90``
is 90 there and 91 here; miles count as their kilometres) and the head noun of what is counted agrees: the last word of
our noun phrase, in the singular, stands among the words of the gold unit or the gold phrase, or both are people or
both buildings, regions, drones or sites by ``KINDS``; of measures and shares the unit stands for the head noun.
The set has no scopes: ``scope told`` is the share of right figures for which ours is not unknown.

    python -m benchmarks.figures               # the table
    python -m benchmarks.figures --errors      # and what differs
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import re
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import print_figures
from benchmarks.polnear import corpora_folder
from onrecord.model import Figure, Modifier, Span
from onrecord.reader.figures import find_figures

Value = tuple[float, ...]
UNIT_SETS = ("age", "currency", "dimension", "temperature")
CHANGES = {
    Modifier.EXACT: "=",
    Modifier.VAGUE: "=",
    Modifier.ABOUT: "~",
    Modifier.AT_LEAST: ">",
    Modifier.MORE_THAN: ">",
    Modifier.AT_MOST: "<",
    Modifier.LESS_THAN: "<",
}
THEIR_VAGUE = {"dozens": (12.0, 120.0), "tens": (10.0, 100.0), "hundreds": (100.0, 1e3), "thousands": (1e3, 1e4)}
SIZES = {"thousands": 1e3, "millions": 1e6, "billions": 1e9}
KILOMETRES = {"mi": 1.609344, "km": 1.0, "m": 0.001, "nmi": 1.852}
KINDS = (
    frozenset(
        """people person man woman civilian citizen inhabitant resident worker official candidate victim child soldier
        dead injured killed wounded ukrainian russian pole deaths death""".split()
    ),
    frozenset("building block house".split()),
    frozenset("region oblast".split()),
    frozenset("drone shahed".split()),
    frozenset("site facility".split()),
    frozenset("missile rocket strike".split()),
)
PERSONS = "people"
IRREGULAR = {"men": "man", "women": "woman", "feet": "foot", "pence": "penny", "fishermen": "fisherman"}
NAMES = {"metric horsepower": "horsepower", "fluid ounce": "ounce", "times": "count", "indian rupee": "rupee"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity in the terms of NewsQuant."""

    value: Value
    change: str
    unit: str

    def agrees(self, other: Quantity) -> bool:
        """Whether the numbers agree."""
        return len(self.value) == len(other.value) and all(
            math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-8) for a, b in zip(self.value, other.value, strict=True)
        )


def load_sentences(name: str, folder: Path | None = None) -> list[tuple[str, list[Quantity]]]:
    """Sentences with their gold quantities: ``NewsQuant`` or one of the unit sets.

    Raises:
        FileNotFoundError: they are not there; the message says where they were looked for.
    """
    path = (folder or corpora_folder()) / "newsquant" / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(f"{path}: not there; set ONRECORD_CORPORA to the folder that holds newsquant/")
    return [
        (
            entry["text"],
            [
                Quantity(decode_value(gold["value"]), gold.get("change", "="), gold["normalized_unit"].lower().strip())
                for gold in entry["quantities"]
            ],
        )
        for entry in json.loads(path.read_text(encoding="utf-8-sig"))
    ]


def decode_value(value: str) -> Value:
    """``-5.0`` is a number, ``5.0-7.0`` a range."""
    return tuple(float(number) for number in re.findall(r"(?:^\s*-)?\d+(?:\.\d+)?(?:E-?\d+)?", value))


def load_unit_names() -> dict[str, str]:
    """The English name of every canonical unit, from the reader's own table."""
    import onrecord.reader.figures as module

    lines = Path(module.__file__).with_name("units.tsv").read_text(encoding="utf-8").splitlines()
    return {row[1]: row[2] for row in (line.split("\t") for line in lines) if row[0] == "unit"}


def singular(word: str) -> str:
    """A noun without its plural ending, by rule."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("uses", "us")):
        if word.endswith(ending) and len(word) > 4:
            return word.removesuffix(ending) + instead
    return word.removesuffix("s") if not word.endswith(("ss", "us", "is")) else word


def quantities_of(text: str, figures: Sequence[Figure], names: dict[str, str]) -> list[Quantity]:
    """Our figures in the terms of NewsQuant."""
    found: list[Quantity] = []
    for figure in figures:
        value = value_of(text, figure)
        if not value:
            continue
        direction = figure.relation.removeprefix("change: ")
        if direction == "to" and found:
            found[-1] = Quantity((found[-1].value[0], value[-1]), found[-1].change, unit_of(text, figure, names))
            continue
        change = direction if direction in ("up", "down") else CHANGES[figure.modifier]
        found.append(Quantity(value, change, unit_of(text, figure, names)))
    return found


def is_wordless(figure: Figure) -> bool:
    """Whether a vague amount names no number: ``several``, ``far more``."""
    words = figure.reason.removeprefix("vague: ").partition(" =")[0].split()
    return figure.modifier is Modifier.VAGUE and words[0] not in THEIR_VAGUE and words[0] not in (*SIZES, "scores")


def value_of(text: str, figure: Figure) -> Value:
    """The number as NewsQuant writes it: the bound itself, one number or two."""
    if is_wordless(figure) or (figure.low is None and figure.high is None):
        return ()
    if figure.modifier is Modifier.VAGUE:
        words = figure.value.of(text).lower().split()
        size = SIZES.get(words[-1], 1.0) if len(words) > 1 or words[-1] not in THEIR_VAGUE else 1.0
        low, high = THEIR_VAGUE.get(words[0], (1.0, 10.0))
        return low * size, high * size
    ends: list[float] = [end for end in (figure.low, figure.high) if end is not None]
    if len(ends) == 1:
        whole = (figure.unit in ("", "person") or figure.unit.startswith("/")) and isinstance(ends[0], int)
        ends[0] += {Modifier.MORE_THAN: -1, Modifier.LESS_THAN: 1}.get(figure.modifier, 0) if whole else 0
    if "as a share" in figure.reason:
        ends = [end / 100 for end in ends]
    return tuple(sorted(set(ends)))


def unit_of(text: str, figure: Figure, names: dict[str, str]) -> str:
    """The unit as NewsQuant normalises it."""
    phrase = figure.counted.of(text).lower() if figure.counted else ""
    words = [word for word in phrase.split() if word not in ("the", "its", "their", "his", "all", "a", "an")]
    thing = " ".join([*words[:-1], singular(words[-1])]) if words else "-"
    if "as a share" in figure.reason:
        return f"% {' '.join(words) or '-'}"
    if figure.unit in ("", "person"):
        return thing
    parts = [NAMES.get(name, name) for name in (names.get(unit, unit) for unit in figure.unit.split("/", 1))]
    if figure.unit in names:
        parts = [NAMES.get(names[figure.unit], names[figure.unit])]
    return " per ".join(part or thing for part in parts)


def score(ours: Sequence[Quantity], gold: Sequence[Quantity]) -> dict[str, int]:
    """How many of ours agree with the gold of one sentence, by what."""
    left = list(ours)
    counts = dict.fromkeys(("value", "modifier", "bounds", "strict", "unit"), 0)
    for one in gold:
        same = [other for other in left if one.agrees(other)]
        if not same:
            continue
        best = max(same, key=lambda other: (other.unit == one.unit, other.change == one.change))
        left.remove(best)
        plain = [change if change in "=~<>" else "=" for change in (one.change, best.change)]
        counts["value"] += 1
        counts["modifier"] += one.change == best.change
        counts["bounds"] += plain[0] == plain[1]
        counts["strict"] += one.unit == best.unit
        counts["unit"] += one.unit == best.unit or singular(one.unit.split()[-1]) == best.unit.split()[-1]
    return counts


def f1(right: float, found: int, wanted: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * right / (found + wanted) if found + wanted else 0.0


def measure_sentences(name: str, *, errors: bool = False) -> dict[str, float]:
    """The figures of one set of sentences."""
    names = load_unit_names()
    totals = dict.fromkeys(("value", "modifier", "bounds", "strict", "unit"), 0)
    found = wanted = 0
    for text, gold in load_sentences(name):
        ours = quantities_of(text, find_figures(text), names)
        counts = score(ours, gold)
        totals = {key: totals[key] + counts[key] for key in totals}
        found, wanted = found + len(ours), wanted + len(gold)
        if errors and (len(ours), counts["modifier"], counts["strict"]) != (len(gold),) * 3:
            print(f"{name}: {text}\n    gold {gold}\n    ours {ours}")
    changes = ("modifier", "bounds") if name == "NewsQuant" else ()
    labels = {"value": "value", "strict": "value and unit strict", "unit": "value and unit"}
    labels |= {"modifier": "value and modifier", "bounds": "value and bounds"}
    prefix = "newsquant" if name == "NewsQuant" else name.removesuffix("-model")
    return {f"{prefix} {labels[key]}": f1(totals[key], found, wanted) for key in ("value", *changes, "strict", "unit")}


def load_storyline(folder: Path | None = None) -> list[tuple[str, list[dict[str, Any]]]]:
    """The articles of the story with their gold figures.

    Raises:
        FileNotFoundError: they are not there; the message says where they were looked for.
    """
    root = (folder or corpora_folder()) / "storyline-dev"
    if not (root / "figures.json").exists():
        raise FileNotFoundError(f"{root}: not there; set ONRECORD_CORPORA to the folder that holds storyline-dev/")
    figures = json.loads((root / "figures.json").read_text(encoding="utf-8"))
    articles = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((root / "articles").glob("*.json"))]
    return [(article["text"], [gold for gold in figures if gold["article"] == article["id"]]) for article in articles]


def same_value(figure: Figure, gold: dict[str, Any]) -> bool:
    """Whether low and high agree, each within the rounding of a conversion."""
    factor = KILOMETRES[figure.unit] if figure.unit in KILOMETRES and gold["unit"] == "km" else 1.0
    for mine, theirs in ((figure.low, gold["value_low"]), (figure.high, gold["value_high"])):
        if (mine is None) != (theirs is None):
            return False
        if mine is not None and not math.isclose(mine * factor, theirs, rel_tol=0.01):
            by_one = figure.modifier is Modifier.MORE_THAN and figure.unit == ""
            if not (by_one and mine - 1 == theirs):
                return False
    return True


def same_counted(text: str, figure: Figure, gold: dict[str, Any]) -> bool:
    """Whether the head noun agrees; of measures and shares, the unit."""
    words = {singular(word) for word in re.findall(r"\w+", f"{gold['unit']} {gold['counted']}".lower())}
    if figure.unit not in ("", "person"):
        names = load_unit_names()
        unit = singular(names.get(figure.unit, figure.unit).split()[-1])
        known = {"percentage": "percent", "ton": "tonne", "mile": "km", "kilometre": "km", "age": "year"}
        return unit in words or known.get(unit, unit) in words or figure.unit in words
    if figure.counted is None:
        return figure.unit == "person" and PERSONS in words
    head = singular(re.findall(r"\w+", figure.counted.of(text).lower())[-1])
    return head in words or any(head in kind and kind & words for kind in KINDS)


def measure_storyline(*, errors: bool = False) -> dict[str, float]:
    """The figures of the story."""
    found = wanted = values = right = scoped = modified = 0
    for text, annotated in load_storyline():
        golds = [gold for gold in annotated if gold["unit"] != "hours local time"]
        spans = [Span(gold["start"], gold["start"] + len(gold["text"])) for gold in golds]
        free = set(range(len(golds)))
        for figure in find_figures(text):
            match = next((n for n in sorted(free) if spans[n].overlaps(figure.span)), None)
            if match is None:
                if not is_wordless(figure) and figure.unit not in TIMES:
                    found += 1
                    if errors:
                        print(f"not gold: {context(text, figure.span)}")
                continue
            free.discard(match)
            found += 1
            gold = golds[match]
            value = same_value(figure, gold)
            whole = value and same_counted(text, figure, gold)
            values, right, scoped = values + value, right + whole, scoped + (whole and figure.scope != "unknown")
            modified += value and gold["modifier"].replace("_", " ") == figure.modifier
            if errors and not whole:
                counted = figure.counted and figure.counted.of(text)
                print(f"differs: {context(text, figure.span)}")
                print(f"    gold {gold['value_low']}..{gold['value_high']} {gold['unit']}, {gold['counted']}")
                print(f"    ours {figure.low}..{figure.high} {figure.unit}, {counted}")
        wanted += len(golds)
        if errors:
            for n in free:
                print(f"missed: {context(text, spans[n])}: {golds[n]['value_low']} {golds[n]['counted']}")
    return {
        "storyline value": f1(values, found, wanted),
        "storyline value and modifier": f1(modified, found, wanted),
        "storyline figures with what is counted": f1(right, found, wanted),
        "storyline scope told": scoped / right if right else 0.0,
    }


TIMES = ("second", "minute", "hour", "day", "week", "month", "year", "decade", "century")


def context(text: str, span: Span) -> str:
    """A figure in its surroundings, on one line."""
    around = f"{text[max(0, span.start - 40) : span.start]}[{span.of(text)}]{text[span.end : span.end + 40]}"
    return around.replace("\n", "/")


def measure_speed(texts: Iterable[str]) -> float:
    """Milliseconds for 700 words."""
    joined = list(texts)
    words = sum(len(text.split()) for text in joined)
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        for text in joined:
            find_figures(text)
        rounds.append(time.perf_counter() - start)
    return 1000 * statistics.median(rounds) * 700 / words


def measure(*, errors: bool = False) -> dict[str, float]:
    """Every figure of this benchmark.

    Raises:
        FileNotFoundError: the labelled data is not there.
    """
    figures = measure_sentences("NewsQuant", errors=errors)
    for name in UNIT_SETS:
        figures |= measure_sentences(f"{name}-model", errors=errors)
    figures |= measure_storyline(errors=errors)
    return figures | {"figures milliseconds for 700 words": measure_speed(text for text, _ in load_storyline())}


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="print what differs")
    print_figures(functools.partial(measure, errors=parser.parse_args().errors))


if __name__ == "__main__":
    main()
