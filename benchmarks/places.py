"""Places against GeoWebNews, LGL and GeoVirus: which words are toponyms, and whether each is put where it is.

**Toponyms**, on GeoWebNews (Gritta et al. 2020), F1 of the reader's names and the rules together. Counted are the
literal and the associative toponyms of its taxonomy: Literal, Literal_Modifier, Coercion, Mixed, Metonymic and
Non_Literal_Modifier. Left out are Embedded_Literal and Embedded_Non_Lit, which stand inside the names of other things,
Demonym, Language and Homonym; who finds one of these has found something wrong. Found are the places of
``find_places``, with an id or without, and, as the modifiers of the taxonomy may be adjectives (`the Chinese
tariffs`), the adjectives of ``find_adjectives``. ``f1``: any overlap counts, each toponym of one side for at most one
of the other; ``f1 exact``: the same characters; ``f1 nouns``: without adjectives on either side; ``f1 places alone``:
without adjectives among what is found. Coercion is mostly organisations and buildings that stand for where they are,
which are no places here, and so are missed.

**Accuracy within 161 km** (100 miles), the measure of the field: of the toponyms that are found and given a GeoNames
id, the share whose point is at most 161 km from the gold's. Toponyms without a point in the gold are left out: in LGL
every eighth, in GeoWebNews those whose id the gazetteer does not have. ``161 km named`` counts as wrong what is found
but given no id, and ``resolved`` is the share of the found that is given one. GeoVirus has Wikipedia's points, which
lie far from GeoNames' in large countries.

The halves are by the digest of the documents' names: the rules were developed on one, the other one was not read.

    python -m benchmarks.places                  # the table
    python -m benchmarks.places --wrong lgl      # and what is put elsewhere in the developed half; geowebnews, geovirus
"""

from __future__ import annotations

import argparse
import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from xml.etree import ElementTree

from benchmarks import print_figures
from benchmarks.polnear import corpora_folder
from onrecord.model import Document, Place
from onrecord.reader import Reader
from onrecord.reader.places import find_adjectives, find_places
from onrecord.reader.places.gazetteer import load_gazetteer

COUNTED = frozenset("Literal Literal_Modifier Coercion Mixed Metonymic Non_Literal_Modifier".split())
"""Types of GeoWebNews that are toponyms."""
NEAR = 161.0
"""Kilometres."""
HALVES = ("developed", "unread")
_DEGREES = re.compile(r"\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)")


@dataclass(frozen=True, slots=True)
class Toponym:
    """One toponym of the gold.

    Attributes:
        start: first code point.
        end: one past the last.
        point: degrees north and east, None if the gold, or the gazetteer, has none.
        geonames: its id, 0 if there is none.
        adjective: whether it is an adjective.
    """

    start: int
    end: int
    point: tuple[float, float] | None
    geonames: int = 0
    adjective: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One document of a corpus."""

    name: str
    text: str
    url: str
    gold: tuple[Toponym, ...]

    @property
    def half(self) -> str:
        """The half that it is in."""
        return HALVES[int(hashlib.sha256(self.name.encode()).hexdigest(), 16) % 2]


@dataclass(frozen=True, slots=True)
class Found:
    """What is found in a document."""

    report: Report
    places: tuple[Place, ...]
    adjectives: tuple[Place, ...]
    seconds: float


def load_geowebnews(folder: Path) -> list[Report]:
    """GeoWebNews: texts in brat's format, whose first line is headline and address."""
    reports = []
    for path in sorted(folder.joinpath("GeoWebNews").glob("*.ann")):
        whole = path.with_suffix(".txt").read_bytes().decode("utf-8")
        head, _, text = whole.partition("\n")
        spans: dict[str, tuple[int, int]] = {}
        notes: dict[str, str] = {}
        adjectives: set[str] = set()
        for line in path.read_text(encoding="utf-8").splitlines():
            id, value, *rest = line.split("\t")
            words = value.split()
            if id[0] == "T" and words[0] in COUNTED:
                spans[id] = int(words[1]) - len(head) - 1, int(words[-1]) - len(head) - 1
            elif id[0] == "A" and words[0] == "Modifier_Type" and words[2] == "Adjective":
                adjectives.add(words[1])
            elif id[0] == "#" and rest:
                notes[words[1]] = rest[0]
        gold = [toponym_of(*span, notes.get(id, ""), id in adjectives) for id, span in spans.items()]
        url = head.rpartition("LINK:")[2].strip()
        reports.append(Report(path.stem, text, url, tuple(sorted(gold, key=lambda toponym: toponym.start))))
    return reports


def toponym_of(start: int, end: int, note: str, adjective: bool) -> Toponym:
    """A toponym of GeoWebNews; its note is a GeoNames id or degrees."""
    if note.strip().isdigit():
        row = load_gazetteer().row_of(int(note))
        return Toponym(start, end, load_gazetteer().point(row) if row >= 0 else None, int(note), adjective)
    degrees = _DEGREES.match(note)
    return Toponym(start, end, (float(degrees[1]), float(degrees[2])) if degrees else None, 0, adjective)


def load_lgl(folder: Path) -> list[Report]:
    """LGL (Lieberman et al. 2010): local newspapers."""
    reports = []
    for article in ElementTree.parse(folder / "Corpora" / "lgl.xml").getroot():  # noqa: S314 — a corpus of ours
        gold = []
        for toponym in article.iter("toponym"):
            tag = toponym.find("gaztag")
            point = None if tag is None else (float(tag.findtext("lat", "")), float(tag.findtext("lon", "")))
            id = 0 if tag is None else int(tag.get("geonameid", "0"))
            gold.append(Toponym(int(toponym.findtext("start", "")), int(toponym.findtext("end", "")), point, id))
        reports.append(
            Report(article.get("docid", ""), article.findtext("text", ""), article.findtext("url", ""), tuple(gold))
        )
    return reports


def load_geovirus(folder: Path) -> list[Report]:
    """GeoVirus (Gritta et al. 2018): Wikinews on epidemics; points are Wikipedia's, of countries too."""
    reports = []
    for n, article in enumerate(ElementTree.parse(folder / "Corpora" / "GeoVirus.xml").getroot()):  # noqa: S314 — ours
        gold = [
            Toponym(
                int(location.findtext("start", "")),
                int(location.findtext("end", "")),
                (float(location.findtext("lat", "")), float(location.findtext("lon", ""))),
            )
            for location in article.iter("location")
        ]
        reports.append(Report(str(n), article.findtext("text", ""), article.findtext("source", ""), tuple(gold)))
    return reports


CORPORA: dict[str, Callable[[Path], list[Report]]] = {
    "geowebnews": load_geowebnews,
    "lgl": load_lgl,
    "geovirus": load_geovirus,
}


def load_reports(corpus: str) -> list[Report]:
    """The documents of a corpus.

    Raises:
        FileNotFoundError: they are not there; the message says where they were looked for.
    """
    folder = corpora_folder() / "geoparsing"
    if not folder.exists():
        raise FileNotFoundError(f"{folder}: is not there; set ONRECORD_CORPORA to the folder that holds geoparsing/")
    return CORPORA[corpus](folder)


def find_all(reports: Sequence[Report], reader: Reader) -> list[Found]:
    """What is found in each document."""
    found = []
    for report in reports:
        names = reader.read(Document(report.url, report.text, language="en")).names
        start = time.perf_counter()
        places = find_places(report.text, names, url=report.url)
        seconds = time.perf_counter() - start
        adjectives = find_adjectives(report.text, names)
        kept = tuple(one for one in adjectives if not any(one.span.overlaps(place.span) for place in places))
        found.append(Found(report, places, kept, seconds))
    return found


def match(gold: Sequence[Toponym], found: Sequence[Place]) -> list[tuple[Toponym, Place]]:
    """Pairs that overlap, one to one, the same characters first, then from left to right."""
    same = {(toponym.start, toponym.end): toponym for toponym in gold}
    pairs = [(same[key], place) for place in found if (key := (place.span.start, place.span.end)) in same]
    taken = {id(one) for pair in pairs for one in pair}
    for place in found:
        for toponym in gold:
            if {id(place), id(toponym)} & taken:
                continue
            if toponym.start < place.span.end and place.span.start < toponym.end:
                pairs.append((toponym, place))
                taken |= {id(place), id(toponym)}
    return pairs


def is_near(toponym: Toponym, place: Place) -> bool:
    """Whether a place is within 161 km of the gold's point."""
    if toponym.point is None or place.latitude is None or place.longitude is None:
        return False
    north, east, other_north, other_east = map(radians, (*toponym.point, place.latitude, place.longitude))
    chord = sin((north - other_north) / 2) ** 2 + cos(north) * cos(other_north) * sin((east - other_east) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(min(chord, 1.0))) <= NEAR


def score_toponyms(found: Sequence[Found]) -> dict[str, float]:
    """F1 of toponyms over some documents, counted together."""
    counts: Counter[str] = Counter()
    for one in found:
        nouns = [toponym for toponym in one.report.gold if not toponym.adjective]
        for name, gold, places in (
            ("", one.report.gold, (*one.places, *one.adjectives)),
            ("nouns ", nouns, one.places),
            ("alone ", one.report.gold, one.places),
        ):
            pairs = match(gold, places)
            counts[f"{name}right"] += len(pairs)
            counts[f"{name}exact"] += sum((t.start, t.end) == (p.span.start, p.span.end) for t, p in pairs)
            counts[f"{name}gold"] += len(gold)
            counts[f"{name}found"] += len(places)

    def ratio(right: str, *of: str) -> float:
        return counts[right] * len(of) / max(sum(counts[name] for name in of), 1)

    return {
        "f1": ratio("right", "gold", "found"),
        "precision": ratio("right", "found"),
        "recall": ratio("right", "gold"),
        "f1 exact": ratio("exact", "gold", "found"),
        "f1 nouns": ratio("nouns right", "nouns gold", "nouns found"),
        "f1 places alone": ratio("alone right", "alone gold", "alone found"),
    }


def score_points(found: Sequence[Found]) -> dict[str, float]:
    """Accuracy within 161 km over some documents, counted together."""
    pairs = [pair for one in found for pair in match(one.report.gold, one.places) if pair[0].point]
    resolved = [pair for pair in pairs if pair[1].geonames]
    near = sum(is_near(*pair) for pair in resolved)
    return {
        "161 km": near / max(len(resolved), 1),
        "161 km named": near / max(len(pairs), 1),
        "resolved": len(resolved) / max(len(pairs), 1),
    }


def measure(reader: Reader | None = None) -> dict[str, float]:
    """Every figure of this benchmark: of all documents, then of each half.

    Raises:
        FileNotFoundError: the corpora are not there.
    """
    reader = reader or Reader()
    figures: dict[str, float] = {}
    seconds, words = 0.0, 0
    for corpus in CORPORA:
        found = find_all(load_reports(corpus), reader)
        seconds += sum(one.seconds for one in found)
        words += sum(len(one.report.text.split()) for one in found)
        for half in ("", *HALVES):
            part = [one for one in found if half in ("", one.report.half)]
            scores = (score_toponyms(part) if corpus == "geowebnews" else {}) | score_points(part)
            figures |= {" ".join(filter(None, (corpus, name, half))): value for name, value in scores.items()}
    return figures | {"milliseconds for 700 words": 700_000 * seconds / words}


def print_wrong(corpus: str) -> None:
    """Every toponym of the developed half that is put elsewhere than in the gold, with the words around it."""
    reports = [report for report in load_reports(corpus) if report.half == HALVES[0]]
    for one in find_all(reports, Reader()):
        for toponym, place in match(one.report.gold, one.places):
            if toponym.point and place.geonames and not is_near(toponym, place):
                text, span = one.report.text, place.span
                around = text[max(0, span.start - 40) : span.start], text[span.end : span.end + 30]
                shown = " ".join(f"{around[0]}[[{span.of(text)}]]{around[1]}".split())
                print(f"{one.report.name}\t{shown}\t{place.name}, {place.country}\t{place.reason}\t{toponym.point}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", choices=CORPORA)
    chosen = parser.parse_args()
    if chosen.wrong:
        print_wrong(chosen.wrong)
    else:
        print_figures(measure)


if __name__ == "__main__":
    main()
