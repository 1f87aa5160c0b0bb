"""PolNeAR (Newell et al. 2018): news articles with source, cue and content of every attribution, in brat standoff."""

from __future__ import annotations

import collections
import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attribution import ROLES

_TEXT_BOUND = re.compile(r"(?P<key>T\d+)\t\S+ (?P<places>\d+ \d+(?:;\d+ \d+)*)\t")

Relation = dict[str, list[tuple[int, int]]]
"""Role to half-open code point ranges."""


def corpora_folder() -> Path:
    """Where the labelled data lies: ``ONRECORD_CORPORA``, or ``../shared/corpora`` beside the project."""
    default = Path(__file__).resolve().parents[2] / "shared" / "corpora"
    return Path(os.environ.get("ONRECORD_CORPORA", default))


@dataclass(frozen=True, slots=True)
class Article:
    """One article with the attributions that each of its annotators marked; the first annotator's are the gold."""

    name: str
    text: str
    annotations: tuple[tuple[Relation, ...], ...]


def decode_standoff(text: str) -> list[Relation]:
    """Reads one annotator's brat file; lines that are broken are passed over, as the corpus' own notes advise."""
    spans: dict[str, list[tuple[int, int]]] = {}
    relations: list[Relation] = []
    for line in text.splitlines():
        if line.startswith("T") and "\t" in line:
            if match := _TEXT_BOUND.match(line):
                numbers = [place.split() for place in match["places"].split(";")]
                spans[match["key"]] = [(int(start), int(end)) for start, end in numbers if int(start) < int(end)]
        elif line.startswith("E") and "\t" in line:
            relation: Relation = {role: [] for role in ROLES}
            for pair in line.split("\t")[1].split():
                role, _, key = pair.partition(":")
                role = re.sub(r"\d+$", "", role).lower()
                if role in ROLES:
                    relation[role] += spans.get(key, [])
            relations.append(relation)
    return relations


def load_polnear(part: str, folder: Path | None = None) -> list[Article]:
    """Loads ``train`` or ``dev``, sorted by name.

    Raises:
        FileNotFoundError: the corpus is not there; the message says where it was looked for.
    """
    root = (folder or corpora_folder()) / "polnear" / part
    annotations: dict[str, list[tuple[Relation, ...]]] = collections.defaultdict(list)
    for path in sorted((root / "attributions").glob("*.ann")):
        name = path.stem.rpartition("_")[0]
        annotations[name].append(tuple(decode_standoff(path.read_text(encoding="utf-8"))))
    if not annotations:
        raise FileNotFoundError(f"{root}: PolNeAR is not there; set ONRECORD_CORPORA to the folder that holds polnear/")
    return [
        # Offsets count every character, so newlines must not be translated.
        Article(name, (root / "text" / f"{name}.txt").read_bytes().decode("utf-8"), tuple(found))
        for name, found in sorted(annotations.items())
    ]


def digest_of(articles: Sequence[Article]) -> str:
    """SHA-256 of the names and texts of a set of articles, whatever their order."""
    joined = json.dumps(sorted((article.name, article.text) for article in articles), ensure_ascii=False)
    return hashlib.sha256(joined.encode()).hexdigest()
