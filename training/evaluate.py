"""Reads attributions with a network that is still in torch, through the reader that ships."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from benchmarks.polnear import Article
from benchmarks.quality import Counts, gold_of, top_level
from onrecord.model import Document
from onrecord.reader import Reader
from onrecord.reader.network import Card
from onrecord.reader.tokens import tokenize
from training.network import Network

WINDOW, OVERLAP = 382, 96
THRESHOLD = 0.35


class TorchNetwork:
    """A network in torch, with the calls for attributions of ``onrecord.reader.network.Network``."""

    def __init__(self, network: Network, tokenizer: Tokenizer, device: str) -> None:
        self.tokenizer = tokenizer
        self._network, self._device = network.eval().to(device), device

    def encode(
        self, ids: NDArray[np.int64], features: NDArray[np.int64], mask: NDArray[np.bool_]
    ) -> tuple[torch.Tensor, NDArray[np.float32]]:
        """Hidden states, left on the device, and tag scores."""
        with torch.no_grad():
            arrays = [torch.from_numpy(array).to(self._device) for array in (ids, features, mask)]
            hidden, tags = self._network.tagger(*arrays)
        return hidden, tags.float().cpu().numpy()

    def score_pairs(self, hidden: torch.Tensor, anchors: NDArray[np.int64]) -> NDArray[np.float32]:
        """Potentials of every piece for every anchor."""
        with torch.no_grad():
            window, first, last = torch.from_numpy(np.ascontiguousarray(anchors.T)).to(self._device)
            potentials: NDArray[np.float32] = self._network.pairs(hidden, window, first, last).float().cpu().numpy()
        return potentials


def raw_card(threshold: float) -> Card:
    """A card before calibration: the score is the probability of the cue times, roughly, that of a content."""
    return Card(
        name="in training",
        digest="",
        languages=("en",),
        window=WINDOW,
        overlap=OVERLAP,
        candidate=0.1,
        threshold=threshold,
        nested_threshold=1.0,
        floating_threshold=1.0,
        own_threshold=1.0,
        calibration=(-1.5, 0.4, 0.1, 1.0, 0.15, 1.4),
    )


def evaluate(network: Network, articles: list[Article], tokenizer: Tokenizer, device: str) -> dict[str, float]:
    """Figures of attributions, at a threshold that is near the best for networks of this make."""
    reader = Reader.of(raw_card(THRESHOLD), TorchNetwork(network, tokenizer, device))  # type: ignore[arg-type]
    counts = Counts()
    for article in articles:
        document = Document(url="", text=article.text, language="en")
        found = top_level(reader.find_attributions(document, tokenize(article.text, tokenizer)))
        counts.add(article.text, found, gold_of(article))
    return counts.report()
