"""From scores to whole attributions: cue candidates, and for each the best source and content, decoded together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
"""What the encoder says of a piece, in the order of its scores."""

POTENTIALS = ("source", "source-start", "source-end", "content", "content-start", "content-end")
"""What the pair head says of a piece for one cue, in the order of its scores."""

OUTSIDE, SOURCE, CONTENT = 0, 1, 2
"""States of a piece in one attribution."""

_BLOCKED = -1e4


@dataclass(frozen=True, slots=True)
class Path:
    """The best reading of one anchor.

    Attributes:
        states: state of every token (outside, source or content), shape ``(T,)``.
        filled: probability that the anchor has any content at all.
        likelihood: probability of exactly this path.
    """

    states: NDArray[np.int8]
    filled: float
    likelihood: float


def probabilities(scores: Floats) -> Floats:
    """Softmax along the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)  # type: ignore[no-any-return]


def find_cues(tags: Floats, candidate: float) -> list[tuple[int, int, float]]:
    """Cue candidates in one window.

    Args:
        tags: probabilities, shape ``(T, 7)``, in the order of ``TAGS``.
        candidate: least probability that a piece begins a cue.

    Returns:
        First piece, last piece and the probability that the first begins a cue; in order.
    """
    begins, insides = tags[:, TAGS.index("B-cue")], tags[:, TAGS.index("I-cue")]
    found: list[tuple[int, int, float]] = []
    for first in np.flatnonzero(begins >= candidate).tolist():
        if found and first <= found[-1][1]:
            continue
        last = first
        while last + 1 < len(tags) and insides[last + 1] > max(begins[last + 1], 0.5 * (1.0 - begins[last + 1])):
            last += 1
        found.append((first, last, float(begins[first])))
    return found


def decode_paths(potentials: Floats, allowed: NDArray[np.bool_]) -> list[Path]:
    """Viterbi and forward sums over the states outside, source, content, for all anchors at once.

    The chain is the one trained in ``training/network.py``: a token in a role adds that role's score; entering and
    leaving a role add the scores of its first and last token.

    Args:
        potentials: shape ``(N, T, 6)``: source, source start, source end, content, content start, content end.
        allowed: tokens that may be source or content, shape ``(N, T)``.
    """
    count, length, _ = potentials.shape
    if not count:
        return []
    # Time first: the loop below then takes contiguous slices.
    scores = potentials.astype(np.float64).transpose(1, 0, 2)
    blocked = np.where(allowed.T, 0.0, _BLOCKED)
    entering, leaving, inside = np.zeros((3, length, count, 3))
    inside[..., SOURCE], inside[..., CONTENT] = scores[..., 0] + blocked, scores[..., 3] + blocked
    entering[..., SOURCE], entering[..., CONTENT] = scores[..., 1], scores[..., 4]
    leaving[1:, :, SOURCE], leaving[1:, :, CONTENT] = scores[:-1, :, 2], scores[:-1, :, 5]
    change = 1.0 - np.eye(3)
    steps = inside[:, :, None, :] + change * (entering[:, :, None, :] + leaving[:, :, :, None])
    raised = np.exp(steps)

    best = np.array([[0.0, _BLOCKED, _BLOCKED]]).repeat(count, 0)
    back = np.zeros((length, count, 3), dtype=np.int8)
    # Sums over paths, rescaled at every step so that they stay in range; one over all, one without any content.
    total, empty = np.zeros((2, count, 1, 3))
    total[..., OUTSIDE] = empty[..., OUTSIDE] = 1.0
    total_scale, empty_scale = np.ones((2, length, count, 1, 1))
    for t in range(length):
        moves = best[:, :, None] + steps[t]
        back[t] = moves.argmax(1)
        best = moves.max(1)
        total = total @ raised[t]
        total_scale[t] = total.sum(2, keepdims=True)
        total /= total_scale[t]
        empty[..., :CONTENT] = empty[..., :CONTENT] @ raised[t, :, :CONTENT, :CONTENT]
        empty_scale[t] = empty.sum(2, keepdims=True)
        empty /= empty_scale[t]
    all_paths, empty_paths = np.log(total_scale).sum((0, 2, 3)), np.log(empty_scale).sum((0, 2, 3))
    filled = 1.0 - np.exp(np.minimum(empty_paths - all_paths, 0.0))
    likelihood = np.exp(np.minimum(best.max(1) - all_paths, 0.0))

    states = np.zeros((length, count), dtype=np.int8)
    state, rows = best.argmax(1), np.arange(count)
    for t in range(length - 1, -1, -1):
        states[t] = state
        state = back[t, rows, state]
    return [Path(states[:, n], float(filled[n]), float(likelihood[n])) for n in range(count)]
