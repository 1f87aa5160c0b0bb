"""Learns the kinds of events, and writes the weights that the package ships.

    python -m training.kinds

Needs nothing but the environment for tests, and the labelled data (``plover``, ``plover-gsr``). Takes 10 s on two free
cores, writes 0.4 MB, and prints the accuracy in five folds: expect .84. What it learns from, and how, stands in
``benchmarks/kinds.py``; the weights are learned from all sentences, with the penalty that does best in five folds.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.kinds import choose_penalty, judge, load_material, train, training_rows
from onrecord.reader.kinds import SHIPPED, Floats, save_weights

SHARPNESSES = np.geomspace(1.0, 30.0, 60)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    chosen = parser.parse_args()
    material = load_material()
    judged = judge(material)
    gold = material.kinds[: len(material.sentences)]
    nothing = np.zeros(len(gold), dtype=bool)
    weights = train(material, training_rows(material, nothing), choose_penalty(material, nothing))
    sharpness = min(SHARPNESSES, key=lambda sharpness: log_loss(sharpness * judged.sums, gold))
    save_weights(replace(weights, sharpness=float(sharpness)), chosen.out)
    likelihoods = np.exp(sharpness * (judged.sums - judged.sums.max(1, keepdims=True)))
    scores = (likelihoods / likelihoods.sum(1, keepdims=True)).max(1)
    right = judged.sums.argmax(1) == gold
    print(f"accuracy in five folds {right.mean():.3f}; sharpness {sharpness:.1f}; {len(weights.hashes)} features")
    for least in (0.5, 0.7, 0.9):
        sure = scores >= least
        print(f"score at least {least}: {sure.mean():.2f} of sentences, {right[sure].mean():.3f} right")
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.2f} MB")


def log_loss(sums: Floats, gold: NDArray[np.int64]) -> float:
    """Mean negative log probability of the gold kinds, from sums of shape (sentences, kinds)."""
    shifted = sums - sums.max(1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(gold)), gold]).mean())


if __name__ == "__main__":
    main()
