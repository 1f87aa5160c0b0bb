"""Runs the network over a document: windows, cues, one whole attribution for each, and again inside each content."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import LanguageError
from onrecord.model import Document, Reading, Run
from onrecord.reader.assembly import Candidate, assemble, extend, select_laminar
from onrecord.reader.decoding import CONTENT, SOURCE, TAGS, decode_paths, find_cues, probabilities
from onrecord.reader.decoding import Path as StatePath
from onrecord.reader.network import CLS, PAD, SEP, SHIPPED, Card, Network, load_card
from onrecord.reader.tokens import Tokens, Window, find_windows, inner_features, tokenize
from onrecord.text import QUOTATION_MARKS

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_BATCH_PIECES = 512
"""Most pieces in one run of the encoder, padding included; bounds memory for documents of any length."""

_LEAST_NESTED = 6
"""Fewest pieces of a content in which another attribution is looked for: a name, a verb and a few words."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces of a document that are read as a text of their own: all of it, or the content of an attribution.

    Attributes:
        pieces: indices into the document's pieces, ascending.
        features: their layout features inside the stretch.
        depth: how many contents it stands in.
    """

    pieces: Ints
    features: Ints
    depth: int


def whole_text(tokens: Tokens) -> Stretch:
    """All of a document, to be read at the top level."""
    return Stretch(np.arange(len(tokens)), tokens.features, 0)


class Reader:
    """Reads documents with one model. Loading takes a moment, so keep it.

    Args:
        folder: model folder; None takes the one that came with the package.
        threads: processor threads for one document; None takes all cores.

    Raises:
        ModelError: the model folder is missing, damaged or of another version.
    """

    def __init__(self, folder: Path | None = None, *, threads: int | None = None) -> None:
        folder = folder or SHIPPED
        self._take(load_card(folder), Network(folder, threads))

    @classmethod
    def of(cls, card: Card, network: Network) -> Reader:
        """A reader of parts that are loaded already."""
        reader = cls.__new__(cls)
        reader._take(card, network)
        return reader

    def _take(self, card: Card, network: Network) -> None:
        self._card, self._network = card, network
        self.run = Run(version("onrecord"), f"{card.name}@{card.digest}")

    def read(self, document: Document) -> Reading:
        """Finds all attributions of ``document``, in order of their first word.

        Raises:
            LanguageError: the document is in a language that the model does not read.
        """
        if document.language and document.language not in self._card.languages:
            raise LanguageError(
                f"the text seems to be in '{document.language}', and the model reads {', '.join(self._card.languages)}",
                document.url or "the text",
                "leave it out, or give --language if that is wrong",
            )
        tokens = tokenize(document.text, self._network.tokenizer)
        tags, found = self.find_candidates(tokens, [whole_text(tokens)])
        kept = select_laminar([candidate for candidate in found if candidate.score >= self._card.threshold], [])
        kept = newest = extend(kept, tags)
        while newest:
            stretches = [inner for candidate in newest for inner in inner_stretches(document.text, tokens, candidate)]
            _, found = self.find_candidates(tokens, stretches)
            found = [candidate for candidate in found if candidate.score >= self._card.nested_threshold]
            newest = select_laminar(found, kept)
            kept = kept + newest
        attributions = assemble(document, tokens, kept, tags, self._card.floating_threshold)
        return Reading(document, attributions, (), self.run)

    def find_candidates(self, tokens: Tokens, stretches: Sequence[Stretch]) -> tuple[Floats, list[Candidate]]:
        """Reads stretches of one document, before any threshold is applied.

        Returns:
            Tag probabilities of the document's pieces, shape (n, 7), zero outside the stretches; and the candidates.
        """
        tags = np.zeros((len(tokens), len(TAGS)), dtype=np.float32)
        candidates: list[Candidate] = []
        jobs = [
            (stretch, window)
            for stretch in stretches
            for window in find_windows(tokens.paragraphs[stretch.pieces], self._card.window, self._card.overlap)
        ]
        for batch in batched(jobs):
            candidates += self._read_batch(tokens, batch, tags)
        return tags, candidates

    def _read_batch(self, tokens: Tokens, batch: Sequence[tuple[Stretch, Window]], tags: Floats) -> Iterator[Candidate]:
        """Runs the network once; writes the tag probabilities of the pieces that the windows own into ``tags``."""
        ids, features, mask = padded(tokens, batch)
        hidden, tag_scores = self._network.encode(ids, features, mask)
        likely = probabilities(tag_scores)
        anchors: list[tuple[int, int, int]] = []
        begins: list[float] = []
        for row, (stretch, window) in enumerate(batch):
            # Column 0 of every row is the piece that opens the window.
            own = range(window.own_start - window.start + 1, window.own_end - window.start + 1)
            tags[stretch.pieces[window.own_start : window.own_end]] = likely[row, own.start : own.stop]
            for first, last, begin in find_cues(likely[row, : window.end - window.start + 1], self._card.candidate):
                if first in own:
                    anchors.append((row, first, last))
                    begins.append(begin)
        if not anchors:
            return
        places = np.array(anchors, dtype=np.int64)
        potentials = self._network.score_pairs(hidden, places)
        columns = np.arange(potentials.shape[1])
        sizes = np.array([window.end - window.start for _, window in batch])[places[:, 0], None]
        allowed = (columns >= 1) & (columns <= sizes) & ((columns < places[:, 1:2]) | (columns > places[:, 2:3]))
        for (row, first, last), begin, path in zip(anchors, begins, decode_paths(potentials, allowed), strict=True):
            candidate = self._candidate(*batch[row], first, last, begin, path)
            if candidate.content:
                yield candidate

    def _candidate(
        self, stretch: Stretch, window: Window, first: int, last: int, begin: float, path: StatePath
    ) -> Candidate:
        pieces = stretch.pieces[window.start : window.end]
        content = np.flatnonzero(path.states == CONTENT) - 1
        goes_on = stretch.depth == 0 and window.end < len(stretch.pieces)
        evidence = (log_odds(begin), log_odds(path.filled), math.log(max(path.likelihood, 1e-6)))
        constant, *weights = self._card.calibration
        odds = constant + sum(weight * strength for weight, strength in zip(weights, evidence, strict=True))
        return Candidate(
            cue=tuple(pieces[first - 1 : last].tolist()),
            source=tuple(pieces[np.flatnonzero(path.states == SOURCE) - 1].tolist()),
            content=tuple(pieces[content].tolist()),
            depth=stretch.depth,
            evidence=evidence,
            score=1.0 / (1.0 + math.exp(-odds)),
            from_before=bool(window.start and len(content) and content[0] == 0),
            goes_on=bool(goes_on and len(content) and content[-1] == len(pieces) - 1),
        )


def log_odds(probability: float) -> float:
    """Logit, bounded at one in a million."""
    bounded = min(max(probability, 1e-6), 1.0 - 1e-6)
    return math.log(bounded / (1.0 - bounded))


def inner_stretches(text: str, tokens: Tokens, candidate: Candidate) -> Iterator[Stretch]:
    """The content of an attribution, to be read as a text of its own; nothing if it is too short to hold another.

    What only ties the content to its frame goes: an opening "that", and quotation marks around all of it.
    """
    first = 0
    for piece in candidate.content:
        word = text[tokens.starts[piece] : tokens.ends[piece]]
        if word not in QUOTATION_MARKS and word.lower() != "that":
            break
        first += 1
    pieces = np.array(candidate.content[first:], dtype=np.int64)
    if len(pieces) >= _LEAST_NESTED:
        yield Stretch(pieces, inner_features(tokens.features[pieces]), candidate.depth + 1)


def batched(jobs: Sequence[tuple[Stretch, Window]]) -> Iterator[list[tuple[Stretch, Window]]]:
    """Groups windows of about one length, so that little is padded; each group fits one run of the encoder."""
    batch: list[tuple[Stretch, Window]] = []
    for job in sorted(jobs, key=lambda job: job[1].end - job[1].start, reverse=True):
        widest = (batch or [job])[0][1]
        if (widest.end - widest.start + 2) * (len(batch) + 1) > _BATCH_PIECES:
            yield batch
            batch = []
        batch.append(job)
    if batch:
        yield batch


def padded(tokens: Tokens, batch: Sequence[tuple[Stretch, Window]]) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Vocabulary ids, layout features and mask of a batch, each of shape (windows, pieces + 2)."""
    width = max(window.end - window.start for _, window in batch) + 2
    ids = np.full((len(batch), width), PAD, dtype=np.int64)
    features = np.zeros((len(batch), width), dtype=np.int64)
    mask = np.zeros((len(batch), width), dtype=bool)
    for row, (stretch, window) in enumerate(batch):
        size = window.end - window.start
        ids[row, 0], ids[row, size + 1] = CLS, SEP
        ids[row, 1 : size + 1] = tokens.ids[stretch.pieces[window.start : window.end]]
        features[row, 1 : size + 1] = stretch.features[window.start : window.end]
        mask[row, : size + 2] = True
    return ids, features, mask
