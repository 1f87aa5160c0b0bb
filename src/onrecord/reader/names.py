"""From the network's entity scores to names: which words name a person, an organisation, a place, and so on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Label, Name, Span
from onrecord.reader.decoding import ENTITIES
from onrecord.reader.tokens import Tokens


def find_names(tokens: Tokens, entities: NDArray[np.float32]) -> list[Name]:
    """Names in order and apart, each made of whole words.

    Args:
        tokens: the pieces of a document.
        entities: probabilities of ``ENTITY_TAGS``, shape (n, tags).
    """
    if not len(tokens):
        return []
    # A word is a run of pieces without white space or a mark between them: pieces of one word touch, and are letters.
    heads = np.flatnonzero(np.append(True, ~_joined(tokens)))
    labels = entities[:, 1::2] + entities[:, 2::2]
    begins = entities[heads, 1::2]
    by_word = np.add.reduceat(labels, heads) / np.diff(heads, append=len(tokens))[:, None]
    outside = 1.0 - by_word.sum(1)
    best = by_word.argmax(1)
    named = by_word[np.arange(len(heads)), best] > outside
    last_piece = np.append(heads[1:], len(tokens)) - 1
    found: list[Name] = []
    word = 0
    while word < len(heads):
        if not named[word]:
            word += 1
            continue
        label, first = int(best[word]), word
        word += 1
        while (
            word < len(heads)
            and named[word]
            and best[word] == label
            and begins[word, label] <= by_word[word, label] / 2
            and not tokens.paragraphs[heads[word]]
        ):
            word += 1
        span = Span(int(tokens.starts[heads[first]]), int(tokens.ends[last_piece[word - 1]]))
        found.append(Name(span, Label(ENTITIES[label]), round(float(by_word[first:word, label].mean()), 4)))
    return found


def _joined(tokens: Tokens) -> NDArray[np.bool_]:
    """Whether each piece but the first goes on in the word of the piece before it; shape (n - 1,)."""
    letters = tokens.features // 2 % 4 != 3  # letter case 3: no letter in it
    joined: NDArray[np.bool_] = (tokens.starts[1:] == tokens.ends[:-1]) & letters[1:] & letters[:-1]
    return joined
