"""What kind of event a sentence tells of, given who acts and upon whom: the event types of PLOVER.

A linear model over the words and the pairs of words of the sentence, with where they stand to actor and target. Its
weights (``kinds.npz``) are learned by ``training/kinds.py``. It reads nothing but the text: what the encoder's states
would add is little, and weights on them would have to be learned again for every model.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Span

KINDS = (
    "ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONSULT", "COOPERATE", "MOBILIZE",
    "PROTEST", "REJECT", "REQUEST", "SANCTION", "SUPPORT", "THREATEN", "YIELD",
)  # fmt: skip
"""PLOVER event types (codebook 2022), with CONCEDE and RETREAT as one, YIELD."""

SHIPPED = Path(__file__).with_name("kinds.npz")

Floats = NDArray[np.float32]
Features = tuple[NDArray[np.uint32], Floats]
"""Hashes of the features of a sentence, and their strengths, as a vector of length 1; both of shape (n,)."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[.,;:!?\"“”()—–]")
_ACTOR, _TARGET = "<actor>", "<target>"
_STEM = 6
"""Letters of a word that count: these alone do as well as a stemmer with a table of irregular forms."""

_AFTER_ACTOR, _BEFORE_TARGET = 5, 4
"""Words that count as near."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """The kind of event that a sentence tells of.

    Attributes:
        kind: the likeliest of ``KINDS``.
        score: its probability, calibrated on sentences kept aside in training.
        scores: the probabilities of all ``KINDS``, in their order.
    """

    kind: str
    score: float
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned.

    Attributes:
        hashes: of the features that have weights, ascending, shape (features,).
        table: their weights for each kind, in units of ``step``, shape (features, kinds).
        step: shape (kinds,).
        sharpness: what sums of weights are multiplied by before they become probabilities.
    """

    hashes: NDArray[np.uint32]
    table: NDArray[np.int8]
    step: Floats
    sharpness: float

    def sums(self, features: Features) -> Floats:
        """The summed weights of a sentence's features, shape (kinds,); those without weights count nothing."""
        hashes, strengths = features
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        known = self.hashes[at] == hashes
        total: Floats = strengths[known] @ self.table[at[known]].astype(np.float32) * self.step
        return total


def get_kind(
    text: str, sentence: Span, actor: Sequence[Span], target: Sequence[Span], weights: Weights | None = None
) -> EventKind:
    """The kind of event that a sentence tells of.

    Args:
        text: the document's text, to which all spans refer.
        sentence: the sentence, or the part of it that tells of the event.
        actor: who acts; empty if nobody is named. What lies outside the sentence counts nothing.
        target: upon whom, likewise.
        weights: None takes those that came with the package.
    """
    weights = weights or load_weights()
    sums = weights.sharpness * weights.sums(find_features(text, sentence, actor, target))
    likelihoods = np.exp(sums - sums.max())
    scores = tuple((likelihoods / likelihoods.sum()).tolist())
    best = int(sums.argmax())
    return EventKind(KINDS[best], scores[best], scores)


@cache
def load_weights(path: Path = SHIPPED) -> Weights:
    """Reads weights from a file that ``save_weights`` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        return Weights(arrays["hashes"], arrays["table"], arrays["step"], float(arrays["sharpness"]))


def save_weights(weights: Weights, path: Path) -> None:
    """Writes weights to a file."""
    np.savez_compressed(
        path,
        allow_pickle=False,
        hashes=weights.hashes,
        table=weights.table,
        step=weights.step,
        sharpness=np.array(weights.sharpness, dtype=np.float32),
    )


def find_features(text: str, sentence: Span, actor: Sequence[Span], target: Sequence[Span]) -> Features:
    """What the model sees of a sentence, in linear time; arguments as of ``get_kind``."""
    stems, named = _cut(text, sentence, actor, target)
    actor_at = stems.index(_ACTOR) if _ACTOR in stems else None
    # Of several names of the target, the one that is acted upon comes after the actor.
    target_at = next((at for at in range(actor_at or 0, len(stems)) if stems[at] == _TARGET), None)
    if target_at is None and _TARGET in stems:
        target_at = stems.index(_TARGET)
    found = {f"{mark} {word}": 0.5 for mark, word in named}
    before = ""
    for at, word in enumerate(stems):
        if word not in (_ACTOR, _TARGET):
            found[word] = 1.0
            # In brackets, for `after`, `near` and `to` are words themselves, and stand before others.
            found[f"<{_place(at, actor_at, target_at)}> {word}"] = 1.0
            if actor_at is not None and 0 < at - actor_at <= _AFTER_ACTOR:
                found[f"<near> {word}"] = 1.0
            if target_at is not None and 0 < target_at - at <= _BEFORE_TARGET:
                found[f"<to> {word}"] = 1.0
        if before:
            found[f"{before} {word}"] = 1.0
        before = word
    hashes = np.array([zlib.crc32(name.encode("utf-8", "surrogatepass")) for name in found], dtype=np.uint32)
    strengths = np.array(list(found.values()), dtype=np.float32)
    return hashes, strengths / max(float(np.linalg.norm(strengths)), 1e-6)


def _cut(
    text: str, sentence: Span, actor: Sequence[Span], target: Sequence[Span]
) -> tuple[list[str], list[tuple[str, str]]]:
    """The stems of a sentence with one mark for each name of actor or target, and the stems inside those names."""
    names = sorted([(span, _ACTOR) for span in actor] + [(span, _TARGET) for span in target])
    stems: list[str] = []
    named: list[tuple[str, str]] = []
    at, marked = 0, -1
    for match in _WORD.finditer(text, sentence.start, sentence.end):
        while at < len(names) and names[at][0].end <= match.start():
            at += 1
        if at == len(names) or match.end() <= names[at][0].start:
            stems.append(_stem(match.group()))
            continue
        mark = names[at][1]
        named.append((mark, _stem(match.group())))
        if at != marked:
            stems.append(mark)
            marked = at
    return stems, named


def _stem(word: str) -> str:
    """What the forms of a word have in common: its first letters, without the s of a plural or genitive."""
    word = word.lower().removesuffix("'s").removesuffix("’s")
    return (word[:-1] if len(word) > 3 and word[-1] == "s" else word)[:_STEM]


def _place(at: int, actor: int | None, target: int | None) -> str:
    """Where a word stands: before actor and target, between them in this order or the other, or after both."""
    if actor is not None and target is not None:
        first, second = min(actor, target), max(actor, target)
        between = "between" if actor < target else "back"
        return "before" if at < first else between if at < second else "after"
    if actor is not None:
        return "before" if at < actor else "between"
    return "after" if target is not None and at > target else "between"
