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
from onrecord.model import Attribution, Document, Name, Reading, Run
from onrecord.reader.assembly import SPEAKER, Candidate, assemble, extend, select_laminar, tidied
from onrecord.reader.decoding import (
    CONTENT,
    CONTENT_TAGS,
    ENTITY_TAGS,
    SOURCE,
    TAGS,
    decode_paths,
    find_cues,
    probabilities,
)
from onrecord.reader.decoding import Path as StatePath
from onrecord.reader.names import find_names
from onrecord.reader.network import CLS, PAD, SEP, SHIPPED, Card, Network, load_card
from onrecord.reader.syntax import Graph, Syntax
from onrecord.reader.tokens import QUOTED, Tokens, Window, find_windows, inner_features, tokenize
from onrecord.reader.understanding import understand
from onrecord.text import QUOTATION_MARKS, find_sentences

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_BATCH_PIECES = 512
"""Most pieces in one run of the encoder, padding included; bounds memory for documents of any length."""

_BEGIN_CUE = TAGS.index("B-cue")
_LABEL = 0.9
"""How likely the colon after a speaker's label is a cue; its score still depends on what follows."""

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


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the lines of a document are, and what an attribution can reach from its cue.

    Attributes:
        lines: number of the line that each piece stands in, shape (n,).
        announces: of each line, whether it ends with a colon, by its number.
        quoted: whether a piece stands in quotation marks, shape (n,).
        labels: whether a piece is the colon after a speaker's name at the head of a line (``BRANDT:``, ``Q:``), (n,).
    """

    lines: Ints
    announces: NDArray[np.bool_]
    quoted: NDArray[np.bool_]
    labels: NDArray[np.bool_]

    def reach(self, pieces: Ints, cue: int) -> NDArray[np.bool_]:
        """The pieces that may be source, and those that may be content, of a cue; shape (len(pieces), 2).

        A source stands in the line of its cue. A content does, too, unless it is a quotation, which goes on over the
        ends of paragraphs, or the line announces it with a colon. Otherwise a heading, or the next item of a list,
        would be put into a mouth that never said it: of 8,700 contents in PolNeAR 19 are of other makes.
        """
        home = self.lines[cue]
        near = self.lines[pieces] == home
        return np.stack([near, near | self.quoted[pieces] | self.announces[home]], -1)


@dataclass(frozen=True, slots=True)
class Found:
    """What the network finds in some stretches of a document.

    Attributes:
        tags: probabilities of ``TAGS`` of the document's pieces, zero outside the stretches, shape (n, 7).
        candidates: attributions, before any threshold.
    """

    tags: Floats
    candidates: list[Candidate]


def layout_of(text: str, tokens: Tokens) -> Layout:
    """Finds the lines of a text from its pieces."""
    lines = np.cumsum(tokens.paragraphs, dtype=np.int64)
    announces = np.zeros(len(tokens) + 1, dtype=bool)
    for piece in np.flatnonzero(np.diff(lines, append=-1)):  # the last of each line
        announces[lines[piece]] = text[tokens.ends[piece] - 1] == ":"
    labels = np.zeros(len(tokens), dtype=bool)
    for piece in np.flatnonzero(tokens.paragraphs):
        if label := SPEAKER.match(text, tokens.starts[piece]):
            labels[np.searchsorted(tokens.ends, label.end())] = True
    return Layout(lines, announces, tokens.features % QUOTED == 1, labels)


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

    def read(self, document: Document, *, read_on: str = "") -> Reading:
        """Everything that is to be read in a document.

        Args:
            document: what is read.
            read_on: ISO 8601 of today, so that a publication date that is yet to come is not believed; empty believes
                any.

        Raises:
            LanguageError: the document is in a language that the model does not read.
        """
        if document.language and document.language not in self._card.languages:
            raise LanguageError(
                f"is in '{document.language}', and the model reads {', '.join(self._card.languages)}",
                document.url or "the text",
                "leave it out, or give --language if that is wrong",
            )
        tokens = tokenize(document.text, self._network.tokenizer)
        attributions = self.find_attributions(document, tokens)
        names, syntax = self.find_grammar(document.text, tokens)
        return understand(document, attributions, names, syntax, self.run, read_on)

    def find_grammar(self, text: str, tokens: Tokens) -> tuple[tuple[Name, ...], Syntax]:
        """The names in a text, in order and apart, and its grammar."""
        openings = np.array([sentence.start for sentence in find_sentences(text)], dtype=np.int64)
        sentences = np.searchsorted(openings, tokens.starts, side="right")
        entities, graph = np.zeros((len(tokens), len(ENTITY_TAGS)), dtype=np.float32), Graph.of(len(tokens))
        stretch = whole_text(tokens)
        windows = find_windows(tokens.paragraphs, self._card.window, self._card.overlap)
        for batch in batched([(stretch, window) for window in windows]):
            ids, features, mask = padded(tokens, batch)
            numbers = np.full(mask.shape, -1, dtype=np.int64)
            for row, (_, window) in enumerate(batch):
                numbers[row, 1 : window.end - window.start + 1] = sentences[window.start : window.end]
            scores, words, arcs, relations = self._network.read_grammar(ids, features, mask, numbers)
            likely, best_words, best_relations = probabilities(scores), words.argmax(-1), relations.argmax(-1)
            for row, (_, window) in enumerate(batch):
                own = slice(window.own_start, window.own_end)
                entities[own] = likely[row, own.start - window.start + 1 : own.stop - window.start + 1]
                # The window that owns the beginning of a sentence reads it to its end, or to the window's.
                first = np.flatnonzero(np.diff(sentences[window.start : window.end], prepend=-1))
                for start, end in zip(first, [*first[1:], window.end - window.start], strict=True):
                    if own.start <= window.start + start < own.stop:
                        here = slice(start + 1, end + 1)
                        graph.set_sentence(
                            tokens,
                            int(window.start + start),
                            arcs[row, here, here],
                            best_relations[row, here],
                            best_words[row, here],
                        )
        return tuple(find_names(text, tokens, entities)), graph.syntax(tokens)

    def parse(self, text: str) -> Syntax:
        """The grammar of a text."""
        return self.find_grammar(text, tokenize(text, self._network.tokenizer))[1]

    def find_attributions(self, document: Document, tokens: Tokens) -> tuple[Attribution, ...]:
        """Source, cue and content of all attributions of a document, and nothing of how they are meant."""
        card, layout = self._card, layout_of(document.text, tokens)
        found = self.find_candidates(document.text, tokens, layout, [whole_text(tokens)])
        standing = [candidate for candidate in found.candidates if candidate.score >= card.threshold]
        kept = newest = extend(select_laminar(standing, [], card.nested_threshold), found.tags)
        while newest:
            stretches = [inner for candidate in newest for inner in inner_stretches(document.text, tokens, candidate)]
            inner = self.find_candidates(document.text, tokens, layout, stretches).candidates
            inner = [candidate for candidate in inner if candidate.score >= card.nested_threshold]
            newest = select_laminar(inner, kept, card.nested_threshold)
            kept = kept + newest
        return assemble(document, tokens, kept, found.tags, card.floating_threshold, card.own_threshold)

    def find_candidates(self, text: str, tokens: Tokens, layout: Layout, stretches: Sequence[Stretch]) -> Found:
        """Reads stretches of one document, before any threshold is applied."""
        tags = np.zeros((len(tokens), len(TAGS)), dtype=np.float32)
        candidates: list[Candidate] = []
        jobs = [
            (stretch, window)
            for stretch in stretches
            for window in find_windows(tokens.paragraphs[stretch.pieces], self._card.window, self._card.overlap)
        ]
        for batch in batched(jobs):
            candidates += self._read_batch(tokens, layout, batch, tags)
        tidy = (tidied(text, tokens, candidate) for candidate in candidates)
        return Found(tags, [candidate for candidate in tidy if candidate is not None])

    def _read_batch(
        self,
        tokens: Tokens,
        layout: Layout,
        batch: Sequence[tuple[Stretch, Window]],
        tags: Floats,
    ) -> Iterator[Candidate]:
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
            # A transcript's speakers are labelled; the network has seen few, and takes their colons for punctuation.
            labels = np.flatnonzero(layout.labels[stretch.pieces[window.start : window.end]]) + 1
            likely[row, labels, _BEGIN_CUE] = np.maximum(likely[row, labels, _BEGIN_CUE], _LABEL)
            for first, last, begin in find_cues(likely[row, : window.end - window.start + 1], self._card.candidate):
                if first in own:
                    anchors.append((row, first, last))
                    begins.append(begin)
        if not anchors:
            return
        places = np.array(anchors, dtype=np.int64)
        potentials = self._network.score_pairs(hidden, places)
        allowed = np.zeros((*potentials.shape[:2], 2), dtype=bool)
        for reach, (row, first, last) in zip(allowed, anchors, strict=True):
            stretch, window = batch[row]
            pieces = stretch.pieces[window.start : window.end]
            reach[1 : len(pieces) + 1] = layout.reach(pieces, pieces[first - 1])
            reach[first : last + 1] = False
        for (row, first, last), begin, path in zip(anchors, begins, decode_paths(potentials, allowed), strict=True):
            if path.states.any():
                yield self._candidate(*batch[row], likely[row], first, last, begin, path)

    def _candidate(
        self, stretch: Stretch, window: Window, tags: Floats, first: int, last: int, begin: float, path: StatePath
    ) -> Candidate:
        pieces = stretch.pieces[window.start : window.end]
        source, content = (np.flatnonzero(path.states == state) for state in (SOURCE, CONTENT))
        tagged = float(tags[content][:, CONTENT_TAGS].sum(-1).mean())
        source, content = source - 1, content - 1
        goes_on = stretch.depth == 0 and window.end < len(stretch.pieces)
        evidence = (
            log_odds(begin),
            log_odds(path.filled),
            math.log(max(path.likelihood, 1e-6)),
            log_odds(tagged),
            float(len(source) > 0),
        )
        constant, *weights = self._card.calibration
        odds = constant + sum(weight * strength for weight, strength in zip(weights, evidence, strict=True))
        return Candidate(
            cue=tuple(pieces[first - 1 : last].tolist()),
            source=tuple(pieces[source].tolist()),
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
