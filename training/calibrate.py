"""Fits the score and the thresholds of an exported model on the articles that training kept aside.

    python -m training.calibrate --model src/onrecord/reader/model

The score becomes the probability that an attribution matches the gold by half (``benchmarks.attribution``): logistic
regression (Platt 1999) on the evidence of each candidate. The threshold is the one at which the sum of the two
whole-relation figures is highest.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.attribution import ROLES, covered, match, word_spans
from benchmarks.polnear import Article, load_polnear
from benchmarks.quality import Counts, read_relations
from onrecord.reader import Reader
from onrecord.reader.assembly import spans_of
from onrecord.reader.network import Network, load_card
from onrecord.reader.reading import Stretch
from onrecord.reader.tokens import tokenize
from training.train import Settings


def kept_aside() -> list[Article]:
    """The articles of the train part that no weight was trained on."""
    settings = Settings()
    articles = load_polnear("train")
    random.Random(settings.seed).shuffle(articles)
    return articles[: settings.tune_articles]


def find_evidence(reader: Reader, network: Network, article: Article) -> tuple[list[tuple[float, ...]], list[bool]]:
    """Evidence of every candidate at the top level of an article, and whether the gold has it by half."""
    tokens = tokenize(article.text, network.tokenizer)
    _, candidates = reader.find_candidates(tokens, [Stretch(np.arange(len(tokens)), tokens.features, 0)])
    words = word_spans(article.text)
    predicted = [
        {role: covered([(s.start, s.end) for s in spans_of(tokens, getattr(candidate, role))], words) for role in ROLES}
        for candidate in candidates
    ]
    gold = [{role: covered(relation[role], words) for role in ROLES} for relation in article.annotations[0]]
    matched = {ours for ours, _ in match(predicted, [relation for relation in gold if relation["content"]]).half}
    return [candidate.evidence for candidate in candidates], [n in matched for n in range(len(candidates))]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    folder = parser.parse_args().model
    articles = kept_aside()
    card, network = load_card(folder), Network(folder, None)
    found = [find_evidence(Reader.of(card, network), network, article) for article in articles]
    evidence = np.array([row for rows, _ in found for row in rows])
    labels = np.array([label for _, column in found for label in column])
    fitted = LogisticRegression(C=10.0).fit(evidence, labels)
    calibration = (float(fitted.intercept_[0]), *(float(weight) for weight in fitted.coef_[0]))
    best: tuple[float, float] = (0.0, 0.0)
    for threshold in np.arange(0.1, 0.7, 0.05).round(2).tolist():
        trial = replace(card, calibration=calibration, threshold=threshold, nested_threshold=1.0)  # type: ignore[arg-type]
        reader, counts = Reader.of(trial, network), Counts()
        for article in articles:
            counts.add(article.text, read_relations(reader, article), article.annotations[0])
        figures = counts.report()
        print(threshold, json.dumps(figures))
        best = max(best, (figures["relation.exact"] + figures["relation.half"], threshold))
    path = folder / "model.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record |= {"calibration": [round(weight, 4) for weight in calibration], "threshold": best[1]}
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"{path}: threshold {best[1]}, calibration {record['calibration']}")


if __name__ == "__main__":
    main()
