"""From the network's entity scores to names: which words name a person, an organisation, a place, and so on."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Label, Name, Span
from onrecord.reader.decoding import ENTITIES
from onrecord.reader.tokens import Tokens

Floats = NDArray[np.floating[Any]]

_SURE = 0.98
"""Probability of being in no name from which a word ends whatever name stands before it."""

_LEADING_ON = frozenset("and at by for from in of on or s that the to who with".split())
_ABBREVIATED = re.compile(r"[A-Z]\.")

_SHARED = 0.7
"""Weight of what a word is in the rest of its document against what it is in its own sentence."""


def find_names(text: str, tokens: Tokens, entities: Floats) -> list[Name]:
    """Names in order and apart, each made of whole words: the likeliest run of tags, by Viterbi's algorithm.

    Args:
        text: the text of the document.
        tokens: its pieces.
        entities: probabilities of ``ENTITY_TAGS``, shape (n, tags).
    """
    if not len(tokens):
        return []
    # A word is a run of pieces without white space or a mark between them: pieces of one word touch, and are letters.
    heads = np.flatnonzero(np.append(True, ~_joined(tokens)))
    starts, ends = tokens.starts[heads], tokens.ends[np.append(heads[1:], len(tokens)) - 1]
    labels = np.add.reduceat(entities[:, 1::2] + entities[:, 2::2], heads) / np.diff(heads, append=len(tokens))[:, None]
    _share(text, starts, ends, labels)
    outside = 1.0 - labels.sum(1)
    opening = entities[heads, 1::2] / np.maximum(entities[heads, 1::2] + entities[heads, 2::2], 1e-9)
    with np.errstate(divide="ignore"):
        begins, goes_on, none = (
            np.log(np.maximum(chance, 1e-9)) for chance in (labels * opening, labels * (1.0 - opening), outside)
        )
    goes_on[tokens.paragraphs[heads]] = -np.inf
    found: list[Name] = []
    doubtful = np.flatnonzero(outside < _SURE)
    for stretch in np.split(doubtful, np.flatnonzero(np.diff(doubtful) > 1) + 1):
        if len(stretch):
            first = int(stretch[0])
            for label, opens, closes in _decode(begins[stretch], goes_on[stretch], none[stretch]):
                start, end = _trimmed(text, starts, ends, first + opens, first + closes)
                if start == end:
                    continue
                span = Span(int(starts[start]), int(ends[end - 1]))
                if _ABBREVIATED.match(text, span.end - 1) and text[span.end - 2] == ".":
                    span = Span(span.start, span.end + 1)
                score = float(labels[start:end, label].mean())
                found.append(Name(span, Label(ENTITIES[label]), round(min(max(score, 0.0), 1.0), 4)))
    return found


def _trimmed(text: str, starts: NDArray[np.int64], ends: NDArray[np.int64], first: int, last: int) -> tuple[int, int]:
    """A run of words without marks at its ends, and without small words that only lead on to something else."""

    def written(word: int) -> str:
        return text[starts[word] : ends[word]]

    while first < last and not any(map(str.isalnum, written(first))):
        first += 1
    while first < last and (not any(map(str.isalnum, written(last - 1))) or written(last - 1) in _LEADING_ON):
        last -= 1
    return first, last


def _share(text: str, starts: NDArray[np.int64], ends: NDArray[np.int64], labels: Floats) -> None:
    """Lets every word with a capital that comes more than once lean on its other places in the document, in place."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for word in np.flatnonzero(labels.sum(1) > 1.0 - _SURE).tolist():
        written = text[starts[word] : ends[word]]
        if written[:1].isupper():
            places[written].append(word)
    for several in places.values():
        if len(several) > 1:
            labels[several] = (1.0 - _SHARED) * labels[several] + _SHARED * labels[several].mean(0)


def _decode(begins: Floats, goes_on: Floats, none: Floats) -> list[tuple[int, int, int]]:
    """Label, first word and one past the last of each name in the likeliest sequence of tags.

    Args:
        begins: log probability that a word begins a name of each label, shape (n, labels).
        goes_on: that it goes on with one, shape (n, labels).
        none: that it is in none, shape (n,).
    """
    count, kinds = begins.shape
    inside, outside = begins[0], float(none[0])  # best score of a sequence that ends in a name of each label; in none
    opens = np.ones((count, kinds), dtype=bool)  # whether the name that a word is in begins with it
    before = np.full(count, kinds)  # what the best sequence up to the word before ends in; the last number is none
    for word in range(1, count):
        label = int(inside.argmax())
        before[word] = kinds if outside >= inside[label] else label
        best = max(outside, float(inside[label]))
        continuing, opening = inside + goes_on[word], best + begins[word]
        opens[word] = opening >= continuing
        inside, outside = np.maximum(continuing, opening), best + float(none[word])
    state = kinds if outside >= inside.max() else int(inside.argmax())
    found: list[tuple[int, int, int]] = []
    end = count
    for word in range(count - 1, -1, -1):
        if state != kinds:
            if not opens[word, state]:
                continue
            found.append((state, word, end))
        state, end = int(before[word]), word
    return found[::-1]


def _joined(tokens: Tokens) -> NDArray[np.bool_]:
    """Whether each piece but the first goes on in the word of the piece before it; shape (n - 1,)."""
    letters = tokens.features // 2 % 4 != 3  # letter case 3: no letter in it
    joined: NDArray[np.bool_] = (tokens.starts[1:] == tokens.ends[:-1]) & letters[1:] & letters[:-1]
    return joined
