"""The grammar of a document: which word governs which, as Universal Dependencies (de Marneffe et al. 2021)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field


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
