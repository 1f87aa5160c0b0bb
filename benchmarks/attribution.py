"""Quality of attributions against gold, by the definitions of the field's standard figures.

Words are runs of word characters or single other characters; every figure counts words.

- ``token.ROLE``: micro F1 of "this word is in some ROLE".
- ``exact.ROLE``: F1 of maximal runs of one role in one attribution that match to the word.
- ``relation.exact``: F1 of attributions whose source, cue and content all match to the word.
- ``relation.half``: F1 of attributions paired one to one by overlap of their contents (intersection over union of at
  least one half) whose sources share a word, or which both have none.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ROLES = ("source", "cue", "content")
WORD = re.compile(r"\w+|[^\w\s]")
Roles = dict[str, frozenset[int]]
Tally = defaultdict[tuple[str, str], Counter[str]]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Half-open code point ranges of the words of ``text``."""
    return [match.span() for match in WORD.finditer(text)]


def covered(spans: Iterable[tuple[int, int]], words: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Indices of the words that the character ranges touch."""
    found: set[int] = set()
    for start, end in spans:
        at = max(bisect.bisect_right(words, start, key=lambda word: word[0]) - 1, 0)
        while at < len(words) and words[at][0] < end:
            if words[at][1] > start:
                found.add(at)
            at += 1
    return frozenset(found)


def runs(indices: frozenset[int]) -> list[tuple[int, int]]:
    """Maximal runs of consecutive indices, as first and last."""
    found: list[tuple[int, int]] = []
    for index in sorted(indices):
        if found and index == found[-1][1] + 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found


@dataclass(frozen=True, slots=True)
class Matches:
    """Which attributions of one document agree: index pairs (ours, theirs), each index at most once."""

    exact: list[tuple[int, int]]
    half: list[tuple[int, int]]


def match(predicted: Sequence[Roles], gold: Sequence[Roles]) -> Matches:
    """Pairs up the attributions of one document, for ``relation.exact`` and ``relation.half``."""
    waiting: defaultdict[tuple[frozenset[int], ...], list[int]] = defaultdict(list)
    for j in reversed(range(len(gold))):
        waiting[tuple(gold[j][role] for role in ROLES)].append(j)
    exact = []
    for i, ours in enumerate(predicted):
        if same := waiting[tuple(ours[role] for role in ROLES)]:
            exact.append((i, same.pop()))
    overlaps = sorted(
        (
            (len(a["content"] & b["content"]) / len(a["content"] | b["content"]), i, j)
            for i, a in enumerate(predicted)
            for j, b in enumerate(gold)
            if a["content"] & b["content"]
        ),
        reverse=True,
    )
    half, used_ours, used_theirs = [], set(), set()
    for overlap, i, j in overlaps:
        if i in used_ours or j in used_theirs:
            continue
        used_ours.add(i)
        used_theirs.add(j)
        our_source, their_source = predicted[i]["source"], gold[j]["source"]
        if overlap >= 0.5 and (our_source & their_source or not (our_source or their_source)):
            half.append((i, j))
    return Matches(exact, half)


def compare(predicted: Sequence[Roles], gold: Sequence[Roles], tally: Tally) -> Matches:
    """Adds the counts of one document to ``tally``, and returns what matched."""
    for role in ROLES:
        ours: frozenset[int] = frozenset().union(*(a[role] for a in predicted))
        theirs: frozenset[int] = frozenset().union(*(a[role] for a in gold))
        tally["token", role] += Counter(hit=len(ours & theirs), predicted=len(ours), gold=len(theirs))
        our_runs = Counter(run for a in predicted for run in runs(a[role]))
        their_runs = Counter(run for a in gold for run in runs(a[role]))
        counts = Counter(hit=(our_runs & their_runs).total(), predicted=our_runs.total(), gold=their_runs.total())
        tally["exact", role] += counts
        tally["exact", "pooled"] += counts
    matches = match(predicted, gold)
    sizes = {"predicted": len(predicted), "gold": len(gold)}
    tally["relation", "exact"] += Counter(hit=len(matches.exact), **sizes)
    tally["relation", "half"] += Counter(hit=len(matches.half), **sizes)
    return matches


def f1(counts: Counter[str]) -> float:
    """Harmonic mean of precision and recall."""
    sizes = counts["predicted"] + counts["gold"]
    return 2 * counts["hit"] / sizes if sizes else 0.0


def figures(tally: Tally) -> dict[str, float]:
    """F1 by figure name, four decimals."""
    return {f"{kind}.{what}": round(f1(counts), 4) for (kind, what), counts in tally.items()}
