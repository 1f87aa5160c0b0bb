from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from onrecord.reader.decoding import PENN_TAGS, PIECE, RELATIONS
from onrecord.reader.syntax import Graph, Syntax, decode_tree
from onrecord.reader.tokens import Tokens


def tokens_of(*places: tuple[int, int]) -> Tokens:
    starts, ends = np.array(places, dtype=np.int64).reshape(-1, 2).T
    nothing = np.zeros(len(places), dtype=np.int64)
    return Tokens(nothing, starts, ends, nothing, np.zeros(len(places), dtype=bool))


square = st.integers(1, 12).flatmap(lambda n: arrays.arrays(np.float32, (n, n), elements=st.integers(-4, 4)))


@given(square)
def test_whatever_the_scores_the_heads_are_one_tree(scores: np.ndarray) -> None:
    heads = decode_tree(scores)
    roots = [word for word, head in enumerate(heads) if word == head]
    assert len(roots) == 1
    for word in range(len(heads)):
        at = word
        for _ in range(len(heads)):
            at = int(heads[at])
        assert at == roots[0]


def test_the_best_head_of_each_word_stands_if_that_is_a_tree() -> None:
    scores = np.array([[0, 5, 0], [0, 5, 0], [0, 0, -1]], dtype=np.float32)
    scores[2, 1] = 3
    assert decode_tree(scores).tolist() == [1, 1, 1]


def test_of_two_roots_the_better_governs_the_other() -> None:
    assert decode_tree(np.array([[2, 0], [0, 3]], dtype=np.float32)).tolist() == [1, 1]


def test_a_circle_is_opened_where_it_costs_least() -> None:
    scores = np.array([[9, 0, 0], [2, -9, 5], [0, 5, -9]], dtype=np.float32)
    assert decode_tree(scores).tolist() == [0, 0, 1]


def test_pieces_of_a_word_become_one_and_words_keep_their_heads() -> None:
    tokens = tokens_of((0, 3), (3, 6), (7, 11))  # kor|vanian drones
    graph = Graph.of(3)
    arcs = np.full((3, 3), -9.0, dtype=np.float32)
    arcs[0, 2] = arcs[1, 0] = arcs[2, 2] = 9.0
    relations = np.array([RELATIONS.index(name) for name in ("amod", PIECE, "root")])
    tags = np.array([PENN_TAGS.index(name) for name in ("JJ", "JJ", "NNS")])
    graph.set_sentence(tokens, 0, arcs, relations, tags)
    syntax = graph.syntax(tokens)
    assert (syntax.starts, syntax.ends, syntax.heads) == ((0, 7), (6, 11), (1, -1))
    assert (syntax.relations, syntax.tags) == (("amod", "root"), ("JJ", "NNS"))


def test_a_piece_that_stands_apart_is_a_word() -> None:
    tokens = tokens_of((0, 3), (4, 7))
    graph = Graph.of(2)
    arcs = np.array([[9, 0], [9, 0]], dtype=np.float32)
    relations = np.array([RELATIONS.index("root"), RELATIONS.index(PIECE)])
    graph.set_sentence(tokens, 0, arcs, relations, np.zeros(2, dtype=np.int64))
    assert graph.syntax(tokens).relations == ("root", "dep")


def test_an_empty_text_has_no_grammar() -> None:
    assert len(Graph.of(0).syntax(tokens_of())) == 0


@pytest.fixture
def syntax() -> Syntax:
    #             0 ten   1 drones  2 fell  3 on  4 Harven
    return Syntax(
        (0, 4, 11, 16, 19),
        (3, 10, 15, 18, 25),
        (1, 2, -1, 4, 2),
        ("nummod", "nsubj", "root", "case", "obl"),
        ("CD", "NNS", "VBD", "IN", "NNP"),
    )


def test_words_are_found_by_place_and_by_relation(syntax: Syntax) -> None:
    assert [syntax.word_at(at) for at in (0, 3, 4, 24)] == [0, 0, 1, 4]
    assert sorted(syntax.subtree(1)) == [0, 1]
    assert syntax.related(2, "nsubj", "obj") == [1]
    assert syntax.related(2, "nsubj:pass") == []
