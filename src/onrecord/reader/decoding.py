"""From scores to whole attributions: cue candidates, and for each the best source and content, decoded together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Label

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
"""What the encoder says of a piece, in the order of its scores."""

CONTENT_TAGS = (TAGS.index("B-content"), TAGS.index("I-content"))

ENTITIES = tuple(str(label) for label in Label)

ENTITY_TAGS = ("O", *(f"{part}-{label}" for label in ENTITIES for part in "BI"))
"""What the encoder says of a piece as part of a name, in the order of its scores."""

PENN_TAGS = tuple(
    """$ '' , -LRB- -RRB- . : CC CD DT EX FW GW HYPH IN JJ JJR JJS LS MD NN NNP NNPS NNS PDT POS PRP PRP$ RB RBR RBS
    RP SYM TO UH VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB ``""".split()
)
"""What the branch says of a piece as part of a word, in the order of its scores: the Penn Treebank's tags."""

PIECE = "piece"

RELATIONS = (
    PIECE,
    *"""root acl acl:relcl advcl advcl:relcl advmod amod appos aux aux:pass case cc cc:preconj ccomp compound
    compound:prt conj cop csubj csubj:outer csubj:pass dep det det:predet discourse dislocated expl fixed flat goeswith
    iobj list mark nmod nmod:desc nmod:poss nmod:unmarked nsubj nsubj:outer nsubj:pass nummod obj obl obl:agent
    obl:unmarked orphan parataxis punct reparandum vocative xcomp""".split(),
)
"""How a piece stands to the one that governs it, in the order of the branch's scores: what ties a piece to the first
piece of its word, and the relations of Universal Dependencies."""

POTENTIALS = ("source", "source-start", "source-end", "content", "content-start", "content-end")
"""What the pair head says of a piece for one cue, in the order of its scores."""

EVIDENCE = (
    "log odds that its first piece begins a cue",
    "log odds that the cue has any content",
    "log likelihood of just this source and content",
    "log odds of content, mean over the content's tags",
    "1 with a source, 0 without",
)
"""What the score of an attribution is computed from, in the order of the weights in ``model.json``."""

OUTSIDE, SOURCE, CONTENT = 0, 1, 2
"""States of a piece in one attribution."""

_BLOCKED = -1e4

_STATE = np.array([OUTSIDE, SOURCE, CONTENT, OUTSIDE, SOURCE])
"""What each node of the chain says of a piece: outside and source before any content, content, and both after it."""

_MOVES = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1]], dtype=bool)
"""Which node may follow which: content, once there, cannot be undone; a path that ends in it or after it has some."""

_FILLED = slice(2, 5)

_RESCALE = 4
"""Steps after which the sums over paths are rescaled, so that they stay in range."""


@dataclass(frozen=True, slots=True)
class Path:
    """The best reading of one anchor as an attribution with content.

    Attributes:
        states: state of every token (outside, source or content), shape ``(T,)``; all outside if none can be content.
        filled: probability that the anchor has any content at all.
        likelihood: probability of exactly this path, if the anchor has content.
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
    leaving a role add the scores of its first and last token. It is unrolled into before and after the first content,
    so that the best path with content is found even where none at all would be likelier.

    Args:
        potentials: shape ``(N, T, 6)``: source, source start, source end, content, content start, content end.
        allowed: tokens that may be source, and that may be content, shape ``(N, T, 2)``.
    """
    if not len(potentials):
        return []
    whole_length = potentials.shape[1]
    potentials, allowed, columns, sizes = _compressed(potentials, allowed)
    count, length, _ = potentials.shape
    # Time first: the loop below then takes contiguous slices.
    scores = potentials.astype(np.float64).transpose(1, 0, 2)
    blocked = np.where(allowed, 0.0, _BLOCKED).transpose(1, 0, 2)
    entering, leaving, inside = np.zeros((3, length, count, 3))
    inside[..., SOURCE], inside[..., CONTENT] = scores[..., 0] + blocked[..., 0], scores[..., 3] + blocked[..., 1]
    entering[..., SOURCE], entering[..., CONTENT] = scores[..., 1], scores[..., 4]
    leaving[1:, :, SOURCE], leaving[1:, :, CONTENT] = scores[:-1, :, 2], scores[:-1, :, 5]
    leaving[np.arange(length)[:, None] >= sizes] = 0.0  # what stands at the end of a window is not left
    change = 1.0 - np.eye(3)
    by_state = inside[:, :, None, :] + change * (entering[:, :, None, :] + leaving[:, :, :, None])
    unroll = (slice(None), slice(None), _STATE[:, None], _STATE[None, :])
    steps = np.where(_MOVES, by_state[unroll], -np.inf)
    raised = np.where(_MOVES, np.exp(by_state)[unroll], 0.0)

    best = np.full((count, len(_STATE)), -np.inf)
    back = np.zeros((length, count, len(_STATE)), dtype=np.int8)
    total = np.zeros((count, 1, len(_STATE)))
    best[:, OUTSIDE], total[..., OUTSIDE] = 0.0, 1.0
    scale = np.zeros(count)
    for t in range(length):
        moves = best[:, :, None] + steps[t]
        back[t] = moves.argmax(1)
        best = moves.max(1)
        total = total @ raised[t]
        if t % _RESCALE == 0 or t == length - 1:
            sums = total.sum(2, keepdims=True)
            total /= sums
            scale += np.log(sums[:, 0, 0])
    filled = total[:, 0, _FILLED].sum(1)
    with np.errstate(divide="ignore"):
        likelihood = np.exp(np.minimum(best[:, _FILLED].max(1) - scale - np.log(filled), 0.0))

    states = np.zeros((length, count), dtype=np.int8)
    node, rows = best[:, _FILLED].argmax(1) + _FILLED.start, np.arange(count)
    for t in range(length - 1, -1, -1):
        states[t] = _STATE[node]
        node = back[t, rows, node]
    states[:, filled == 0.0] = OUTSIDE  # nothing may be content, and the path had to go somewhere
    spread = np.zeros((count, whole_length), dtype=np.int8)
    spread[rows[:, None], columns] |= states.T  # several steps may stand for one closed column, and are outside
    return [Path(spread[n], float(filled[n]), float(likelihood[n])) for n in range(count)]


def _compressed(potentials: Floats, allowed: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_], Ints, Ints]:
    """Leaves out the steps in which every path stands outside: most of a window, for a cue that reaches one paragraph.

    Returns:
        Potentials (N, L, 6) and allowed (N, L, 2) of the steps that are left, one closed step after every open stretch,
        where its roles end; the column of each step, (N, L); and how many steps each row has, (N,): the rest are
        columns that were left out.
    """
    kept: NDArray[np.bool_] = np.array(allowed.any(-1))
    kept[:, 1:] |= allowed[:, :-1].any(-1)
    sizes: Ints = kept.sum(1)
    length = max(int(sizes.max()), 1)
    # Stable: columns that are kept come first, in order.
    columns = np.argsort(~kept, axis=1, kind="stable")[:, :length]
    rows = np.arange(len(kept))[:, None]
    return potentials[rows, columns], allowed[rows, columns], columns, sizes
