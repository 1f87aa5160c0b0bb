"""Worldwide Newswire (Shan et al. 2023): English newspaper articles from outside the West, with named entities.

Needs the labelled data, see ONRECORD_CORPORA.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attribution import f1
from benchmarks.polnear import corpora_folder
from onrecord.model import Document
from onrecord.reader import Reader

HELD_OUT = 10
"""One article in so many is held out, by a digest of its file name."""

LABELS = {
    "Person": "person",
    "Organization": "organization",
    "Location": "place",
    "Facility": "facility",
    "NORP": "group",
    "Product": "product",
    "Misc": "other",
}
"""The corpus' labels in this project's words; its dates and sums of money are read by rule, not by the network."""

_CLOSING = re.compile(r"[.,;:!?%)\]}’”]+|[’']s|n[’']t|[’'](?:re|ve|ll|d|m)\b")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One article: its text, and its entities as label and half-open code point range, in order and apart."""

    name: str
    text: str
    entities: tuple[tuple[str, int, int], ...]


def decode_article(name: str, lines: Sequence[str]) -> Labelled:
    """Puts an article of one token a line together again: one line a sentence, marks of punctuation joined to words.

    The corpus keeps no white space. A straight quotation mark opens and closes in turn within a sentence; a hyphen
    between two words joins them.
    """
    parts: list[str] = []
    found: list[tuple[str, int, int]] = []
    length, glue, quoted = 0, True, False
    for line in lines:
        word, _, label = line.partition("\t")
        word = word.strip()
        if not word:
            if parts and not parts[-1].endswith("\n"):
                parts.append("\n")
                length += 1
            glue, quoted = True, False
            continue
        hyphened = word == "-" and bool(parts) and parts[-1][-1].isalnum()
        possessive = word == "s" and bool(parts) and parts[-1] in ("’", "'")
        closes = bool(_CLOSING.fullmatch(word)) or (word in "\"'" and quoted) or hyphened or possessive
        gap = "" if glue or closes else " "
        start = length + len(gap)
        parts.append(gap + word)
        length = start + len(word)
        glue = word in "([{“‘$£€" or (word in "\"'" and not quoted) or hyphened
        if word in "\"'":
            quoted = not quoted
        begin, _, kind = label.strip().partition("-")
        if kind in LABELS:
            if begin == "I" and found and found[-1][0] == LABELS[kind] and found[-1][2] >= start - len(gap):
                found[-1] = (found[-1][0], found[-1][1], length)
            else:
                found.append((LABELS[kind], start, length))
    return Labelled(name, "".join(parts).rstrip("\n"), tuple(found))


def load_newswire(part: str, folder: Path | None = None) -> Iterator[Labelled]:
    """Loads the articles of ``train`` or of ``dev``, the tenth held out, sorted by name.

    Raises:
        FileNotFoundError: the corpus is not there; the message says where it was looked for.
    """
    root = (folder or corpora_folder()) / "worldwide-newswire"
    paths = sorted(root.glob("*.tsv"))
    if not paths:
        raise FileNotFoundError(f"{root}: Worldwide Newswire is not there; set ONRECORD_CORPORA to the folder above it")
    for path in paths:
        held_out = int(hashlib.sha256(path.name.encode()).hexdigest(), 16) % HELD_OUT == 0
        if held_out == (part == "dev"):
            lines = path.read_text(encoding="utf-8").splitlines()
            yield decode_article(path.name, lines[1:])  # the first line is the address


def score_names(reader: Reader, articles: Iterable[Labelled]) -> dict[str, float]:
    """F1 of names whose span and label match exactly, by label, and over persons, organisations and places.

    As in the corpus' paper, a facility is not a place.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        gold = set(article.entities)
        names = reader.read(Document(url="", text=article.text, language="en")).names
        found = {(str(name.label), name.span.start, name.span.end) for name in names}
        for label in {entity[0] for entity in gold | found}:
            ours, theirs = ({entity for entity in side if entity[0] == label} for side in (found, gold))
            counts[label] += Counter(hit=len(ours & theirs), predicted=len(ours), gold=len(theirs))
    for label in ("person", "organization", "place"):
        counts["the three"] += counts[label]
    return {f"names.{label}": round(f1(count), 4) for label, count in counts.items()}


def measure(reader: Reader | None = None) -> dict[str, float]:
    """Figures of the shipped reader, or of another, on the articles held out."""
    return score_names(reader or Reader(), load_newswire("dev"))
