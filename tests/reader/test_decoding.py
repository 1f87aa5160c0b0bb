"""The chain over outside, source and content, against counting every path."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from onrecord.reader.decoding import CONTENT, SOURCE, TAGS, decode_paths, find_cues


def path_score(potentials: np.ndarray, allowed: np.ndarray, states: tuple[int, ...]) -> float:
    total, before = 0.0, 0
    columns = {SOURCE: (0, 1, 2), CONTENT: (3, 4, 5)}
    for t, state in enumerate(states):
        if state:
            inside, start, _ = columns[state]
            total += potentials[t, inside] + (0.0 if allowed[t, state - 1] else -1e4)
            if state != before:
                total += potentials[t, start]
        if before and state != before:
            total += potentials[t - 1, columns[before][2]]
        before = state
    return total


@pytest.mark.parametrize("seed", range(8))
def test_the_best_path_with_content_and_both_sums_are_those_of_all_paths(seed: int) -> None:
    chance = np.random.default_rng(seed)
    count, length = 3, 6
    potentials = chance.normal(scale=3.0, size=(count, length, 6)).astype(np.float32)
    allowed = chance.random((count, length, 2)) > 0.2
    decoded = decode_paths(potentials, allowed)
    paths = list(itertools.product(range(3), repeat=length))
    for n in range(count):
        scores = np.array([path_score(potentials[n], allowed[n], states) for states in paths])
        total = np.logaddexp.reduce(scores)
        with_content = [m for m, states in enumerate(paths) if CONTENT in states]
        filled = np.logaddexp.reduce(scores[with_content])
        best = max(with_content, key=lambda m: scores[m])
        assert tuple(decoded[n].states) == paths[best]
        assert decoded[n].likelihood == pytest.approx(np.exp(scores[best] - filled), abs=1e-6)
        assert decoded[n].filled == pytest.approx(np.exp(filled - total), abs=1e-6)


def test_an_anchor_with_nothing_around_it_has_no_content() -> None:
    (path,) = decode_paths(np.ones((1, 4, 6), dtype=np.float32), np.zeros((1, 4, 2), dtype=bool))
    assert not path.states.any()
    assert path.filled == pytest.approx(0.0)


def test_no_anchor_gives_no_path() -> None:
    assert decode_paths(np.zeros((0, 4, 6), dtype=np.float32), np.zeros((0, 4, 2), dtype=bool)) == []


def tag_rows(*names: str) -> np.ndarray:
    rows = np.full((len(names), len(TAGS)), 0.02, dtype=np.float32)
    for row, name in enumerate(names):
        rows[row, TAGS.index(name)] = 0.88
    return rows


def test_cues_are_runs_of_begin_and_inside() -> None:
    rows = tag_rows("O", "B-cue", "I-cue", "O", "B-cue", "B-cue", "I-source")
    assert [(first, last) for first, last, _ in find_cues(rows, 0.5)] == [(1, 2), (4, 4), (5, 5)]


def test_a_lower_bar_finds_weaker_cues() -> None:
    rows = tag_rows("O", "O", "B-cue")
    rows[0, TAGS.index("B-cue")] = 0.2
    assert len(find_cues(rows, 0.5)) == 1
    assert len(find_cues(rows, 0.1)) == 2
