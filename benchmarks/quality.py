"""Quality of attributions on PolNeAR: the figures of the field, kind by kind, with annotators' agreement beside them.

python -m benchmarks.quality            # needs the labelled data, see ONRECORD_CORPORA
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.attribution import ROLES, Matches, Roles, Tally, compare, covered, figures, word_spans
from benchmarks.polnear import Article, Relation, load_polnear
from onrecord.model import Attribution, Document, Kind, Span, Voice
from onrecord.reader import Reader
from onrecord.text import find_quotations, kind_of

PRONOUNS = frozenset("he she it they we i you who that which".split())
GROUPS = (*Kind, "pronoun source", "no source")


@dataclass(slots=True)
class Counts:
    """Counts over documents: of all attributions, and of each group of them."""

    overall: Tally = field(default_factory=lambda: defaultdict(Counter))
    groups: Tally = field(default_factory=lambda: defaultdict(Counter))

    def add(self, text: str, predicted: Sequence[Relation], gold: Sequence[Relation]) -> None:
        """Adds one document."""
        words, quotations = word_spans(text), find_quotations(text)
        matches = compare(_roles(predicted, words), _roles(gold, words), self.overall)
        for side, relations in (("predicted", predicted), ("gold", gold)):
            ends = _ends(matches, 0 if side == "predicted" else 1)
            for n, relation in enumerate(relations):
                for group in groups_of(text, relation, quotations):
                    for measure, matched in ends.items():
                        self.groups[group, measure][side] += 1
                        self.groups[group, measure][f"{side} hit"] += n in matched

    def report(self) -> dict[str, float]:
        """F1 by figure name; for groups ``GROUP.exact`` and ``GROUP.half``."""
        found = figures(self.overall)
        for (group, measure), counts in self.groups.items():
            precision = counts["predicted hit"] / counts["predicted"] if counts["predicted"] else 0.0
            recall = counts["gold hit"] / counts["gold"] if counts["gold"] else 0.0
            total = precision + recall
            found[f"{group}.{measure}"] = round(2 * precision * recall / total, 4) if total else 0.0
        return found


def _roles(relations: Iterable[Relation], words: Sequence[tuple[int, int]]) -> list[Roles]:
    return [{role: covered(relation[role], words) for role in ROLES} for relation in relations]


def _ends(matches: Matches, end: int) -> dict[str, set[int]]:
    return {name: {pair[end] for pair in getattr(matches, name)} for name in ("exact", "half")}


def groups_of(text: str, relation: Relation, quotations: Sequence[Span]) -> list[str]:
    """The groups that an attribution belongs to: its kind, and what its source is."""
    content = [Span(start, end) for start, end in sorted(relation["content"])]
    found = [str(kind_of(text, content, quotations))]
    source = " ".join(text[start:end] for start, end in relation["source"]).lower()
    if not source:
        found.append("no source")
    elif source in PRONOUNS:
        found.append("pronoun source")
    return found


def top_level(attributions: Iterable[Attribution]) -> list[Relation]:
    """Attributions as the corpus marks them: top level only, and parties' voices only."""
    return [
        {role: [(span.start, span.end) for span in getattr(found, role)] for role in ROLES}
        for found in attributions
        if found.parent is None and found.voice is Voice.PARTY
    ]


def read_relations(reader: Reader, article: Article) -> list[Relation]:
    """What the reader finds in an article, as the corpus marks it."""
    return top_level(reader.read(Document(url="", text=article.text, language="en")).attributions)


def gold_of(article: Article) -> list[Relation]:
    """The gold of an article; attributions whose content was not marked are no gold."""
    return [relation for relation in article.annotations[0] if relation["content"]]


def measure(part: str = "dev", reader: Reader | None = None) -> dict[str, float]:
    """Figures of the shipped reader, or of another, on a part of the corpus."""
    reader = reader or Reader()
    counts = Counts()
    for article in load_polnear(part):
        counts.add(article.text, read_relations(reader, article), gold_of(article))
    return counts.report()


def measure_annotators(part: str = "train") -> dict[str, float]:
    """The same figures of each article's later annotators against its first, with all that they marked."""
    counts = Counts()
    for article in load_polnear(part):
        for n, gold in enumerate(article.annotations):
            for second in article.annotations[n + 1 :]:
                counts.add(article.text, second, gold)
    return counts.report()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="dev")
    parser.add_argument("--model", type=Path, help="another model folder")
    chosen = parser.parse_args()
    print(
        json.dumps({"reader": measure(chosen.part, Reader(chosen.model)), "annotators": measure_annotators()}, indent=2)
    )


if __name__ == "__main__":
    main()
