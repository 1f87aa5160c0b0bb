"""Fits the score and the thresholds of an exported model on the articles that training kept aside.

    python -m training.calibrate --model src/onrecord/reader/model

The score becomes the probability that an attribution matches the gold by half (``benchmarks.attribution``): logistic
regression (Platt 1999) on the evidence of each candidate. The thresholds are those at which
least is missing of what the figures in `JUDGED` must reach (``benchmarks/floors.json``), and among equals their sum is
highest, in steps of .1: 40 articles cannot tell finer ones apart. Those for nested attributions and for the publisher's
voice have no gold and stay as exported.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.attribution import ROLES, covered, match, word_spans
from benchmarks.floors import FLOORS, decode_floors
from benchmarks.polnear import Article, load_polnear
from benchmarks.quality import Counts, gold_of, top_level
from onrecord.model import Document, Span
from onrecord.reader import Reader
from onrecord.reader.assembly import Candidate, assemble, extend, select_laminar, spans_of
from onrecord.reader.network import Network, load_card
from onrecord.reader.reading import layout_of, whole_text
from onrecord.reader.tokens import Tokens, tokenize

JUDGED = ("token.content", "token.source", "token.cue", "exact.pooled", "relation.exact", "relation.half")
"""The figures that the project holds itself to."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One article with everything found at its top level, before any threshold."""

    article: Article
    tokens: Tokens
    tags: NDArray[np.float32]
    candidates: list[Candidate]


def read_all(folder: Path) -> list[Tried]:
    """Runs the model over the articles that no weight was trained on, which its description names."""
    network, card = Network(folder, None), load_card(folder)
    reader = Reader.of(card, network)
    trained = json.loads((folder / "model.json").read_text(encoding="utf-8"))["trained"]
    names = set(trained["attributions"]["kept_aside"])
    tried = []
    for article in load_polnear("train"):
        if article.name in names:
            tokens = tokenize(article.text, network.tokenizer)
            layout = layout_of(article.text, tokens)
            found = reader.find_candidates(article.text, tokens, layout, [whole_text(tokens)])
            tried.append(Tried(article, tokens, found.tags, found.candidates))
    return tried


def labels_of(tried: Tried) -> list[bool]:
    """Of each candidate, whether the gold has it by half."""
    words = word_spans(tried.article.text)
    predicted = [
        {role: covered(ranges(spans_of(tried.tokens, getattr(found, role))), words) for role in ROLES}
        for found in tried.candidates
    ]
    gold = [{role: covered(one[role], words) for role in ROLES} for one in tried.article.annotations[0]]
    matched = {ours for ours, _ in match(predicted, [one for one in gold if one["content"]]).half}
    return [n in matched for n in range(len(tried.candidates))]


def ranges(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Spans as the plain pairs that the benchmarks take."""
    return [(span.start, span.end) for span in spans]


def figures_at(threshold: float, floating: float, nested: float, all_tried: list[Tried]) -> dict[str, float]:
    """The quality figures at one pair of thresholds."""
    counts = Counts()
    for tried in all_tried:
        kept = select_laminar([found for found in tried.candidates if found.score >= threshold], [], nested)
        document = Document(url="", text=tried.article.text)
        attributions = assemble(document, tried.tokens, extend(kept, tried.tags), tried.tags, floating, 1.0)
        relations = top_level(attributions)
        counts.add(tried.article.text, relations, gold_of(tried.article))
    return counts.report()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    folder = parser.parse_args().model
    all_tried = read_all(folder)
    evidence = np.array([found.evidence for tried in all_tried for found in tried.candidates])
    labels = np.array([label for tried in all_tried for label in labels_of(tried)])
    fitted = LogisticRegression(C=10.0).fit(evidence, labels)
    calibration = [round(float(fitted.intercept_[0]), 4), *(round(float(weight), 4) for weight in fitted.coef_[0])]
    scores = 1.0 / (1.0 + np.exp(-(calibration[0] + evidence @ np.array(calibration[1:]))))
    places = iter(scores.tolist())
    all_tried = [
        replace(tried, candidates=[replace(found, score=next(places)) for found in tried.candidates])
        for tried in all_tried
    ]

    nested = load_card(folder).nested_threshold
    floors = decode_floors(FLOORS.read_bytes())
    least = {name: floors[f"quality: {name}"].least or 0.0 for name in JUDGED}

    def worth(thresholds: tuple[float, float]) -> tuple[float, float]:
        figures = figures_at(*thresholds, nested, all_tried)
        missing = sum(max(0.0, least[name] - figures[name]) for name in JUDGED)
        print(f"thresholds {thresholds}: {missing:.4f} missing, {json.dumps(figures)}")
        return -round(missing, 4), sum(figures[name] for name in JUDGED)

    steps = np.arange(0.1, 0.8, 0.1).round(1).tolist()
    threshold, floating = max(itertools.product(steps[:5], steps[2::2]), key=worth)
    path = folder / "model.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record |= {"calibration": calibration, "threshold": threshold, "floating_threshold": floating}
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"{path}: threshold {threshold}, floating {floating}, calibration {calibration}")
    for low in np.arange(0.0, 1.0, 0.1):
        held = (scores >= low) & (scores < low + 0.1)
        if held.any():
            print(f"score {low:.1f} to {low + 0.1:.1f}: {labels[held].mean():.2f} right of {held.sum()}")


if __name__ == "__main__":
    main()
