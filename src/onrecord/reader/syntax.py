"""The grammar of a document: which word governs which, as Universal Dependencies (de Marneffe et al. 2021)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Span
from onrecord.reader.decoding import PENN_TAGS, PIECE, RELATIONS
from onrecord.reader.tokens import Tokens

_PIECE, _ROOT = RELATIONS.index(PIECE), RELATIONS.index("root")
_REPAIRED = RELATIONS.index("dep")


@dataclass(frozen=True, slots=True)
class Syntax:
    """The words of a document, in order, and the tree of each sentence; all sequences have one member a word.

    Attributes:
        starts: first code point of each word.
        ends: one past its last code point.
        heads: the word that governs it; -1 for the root of a sentence.
        relations: its relation to that word (``nsubj``, ``nsubj:pass``, ``obj``, ``obl``, ``ccomp``; ``root``).
        tags: its tag in the Penn Treebank set (``VBD``, ``NNP``, ``PRP``).
        children: the words that it governs, in order.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]
    tags: tuple[str, ...]
    children: tuple[tuple[int, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        under: list[list[int]] = [[] for _ in self.heads]
        for word, head in enumerate(self.heads):
            if head >= 0:
                under[head].append(word)
        object.__setattr__(self, "children", tuple(map(tuple, under)))

    def __len__(self) -> int:
        return len(self.starts)

    def word_at(self, offset: int) -> int:
        """The word that the code point stands in, or the last one before it; -1 before the first."""
        return bisect_right(self.starts, offset) - 1

    def lower(self, text: str, word: int) -> str:
        """A word of the text, in lower case."""
        return text[self.starts[word] : self.ends[word]].lower()

    def words_in(self, spans: Iterable[Span]) -> list[int]:
        """The words that spans touch, in the order of the spans."""
        return [
            word
            for span in spans
            for word in range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))
        ]

    def subtree(self, word: int) -> Iterator[int]:
        """A word and all that it governs, directly or not, in no order."""
        waiting = [word]
        while waiting:
            at = waiting.pop()
            yield at
            waiting += self.children[at]

    def related(self, word: int, *relations: str) -> list[int]:
        """The words that a word governs by one of the relations; ``nsubj`` does not take in ``nsubj:pass``."""
        return [child for child in self.children[word] if self.relations[child] in relations]


def decode_tree(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """The heads of one sentence: the best of each piece, mended where they do not make a tree.

    Of several roots the best stays one, and governs the others; a circle is opened where that costs least. This is one
    round of Chu-Liu-Edmonds for each fault, and the best tree in nearly all sentences.

    Args:
        scores: of every piece as the head of every piece, dependents in rows, shape (n, n); on the diagonal, as root.

    Returns:
        Shape (n,); the root is its own head.
    """
    heads: NDArray[np.int64] = scores.argmax(1)
    places = np.arange(len(heads))
    roots = np.flatnonzero(heads == places)
    if not len(roots):
        roots = np.array([np.diag(scores).argmax()])
    root = roots[scores[roots, roots].argmax()]
    heads[roots] = root
    while True:
        # Doubling: after enough jumps every piece stands at the root or in a circle.
        reached = heads
        for _ in range(len(heads).bit_length()):
            reached = reached[reached]
        lost = np.flatnonzero(reached != root)
        if not len(lost):
            return heads
        circle = [int(reached[lost[0]])]
        while (following := int(heads[circle[-1]])) != circle[0]:
            circle.append(following)
        # Only pieces that the circle does not lead to may govern it: those that reach the root.
        outside = np.flatnonzero(reached == root)
        loss = scores[circle, heads[circle]] - scores[np.array(circle)][:, outside].max(1)
        opened = circle[int(loss.argmin())]
        heads[opened] = outside[scores[opened, outside].argmax()]


@dataclass(frozen=True, slots=True)
class Graph:
    """What the branch says of the pieces of a document, before they become words; each of shape (n,).

    Attributes:
        heads: piece that governs each piece; itself for a root, and -1 where a piece goes on in the word before it.
        relations: index of its relation in ``RELATIONS``.
        tags: index of its tag in ``PENN_TAGS``.
    """

    heads: NDArray[np.int64]
    relations: NDArray[np.int64]
    tags: NDArray[np.int64]

    @classmethod
    def of(cls, count: int) -> Graph:
        """A graph of so many pieces, each a word and a sentence of its own until something is set."""
        root = np.full(count, _ROOT, dtype=np.int64)
        return cls(np.arange(count), root, np.zeros(count, dtype=np.int64))

    def set_sentence(
        self,
        tokens: Tokens,
        first: int,
        arcs: NDArray[np.float32],
        relations: NDArray[np.int64],
        tags: NDArray[np.int64],
    ) -> None:
        """Takes in one sentence of m pieces, the first of which is ``first``.

        Args:
            tokens: the pieces of the document.
            first: index of the sentence's first piece.
            arcs: scores of every piece as the head of every piece, shape (m, m).
            relations: index of the likeliest relation to the likeliest head, shape (m,).
            tags: index of the likeliest tag, shape (m,).
        """
        here = slice(first, first + len(tags))
        touches = tokens.starts[here] == np.concatenate([[-1], tokens.ends[here][:-1]])
        opens = np.flatnonzero(~((relations == _PIECE) & touches))
        heads = decode_tree(arcs[np.ix_(opens, opens)])
        # The relation is the one to the likeliest head, and says nothing of another.
        likeliest = arcs[opens].argmax(1) == opens[heads]
        known = np.where(likeliest & (relations[opens] != _PIECE), relations[opens], _REPAIRED)
        is_root = heads == np.arange(len(opens))
        known = np.where(is_root, _ROOT, np.where(known == _ROOT, _REPAIRED, known))
        self.heads[here] = -1
        self.heads[first + opens], self.relations[first + opens] = first + opens[heads], known
        self.tags[here] = tags

    def syntax(self, tokens: Tokens) -> Syntax:
        """The words with their trees."""
        firsts = np.flatnonzero(self.heads >= 0)
        word_of = np.cumsum(self.heads >= 0) - 1
        heads = self.heads[firsts]
        governing = np.where(heads == firsts, -1, word_of[heads])
        lasts = np.append(firsts[1:], len(tokens)) - 1 if len(firsts) else firsts
        return Syntax(
            tuple(tokens.starts[firsts].tolist()),
            tuple(tokens.ends[lasts].tolist()),
            tuple(governing.tolist()),
            tuple(RELATIONS[n] for n in self.relations[firsts].tolist()),
            tuple(PENN_TAGS[n] for n in self.tags[firsts].tolist()),
        )
