from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Label
from onrecord.reader.decoding import ENTITY_TAGS
from onrecord.reader.names import find_names
from onrecord.reader.tokens import Tokens


def pieces(text: str) -> Tokens:
    """Every run of letters is a piece, and so is every mark."""
    found = []
    at = 0
    while at < len(text):
        end = at + 1
        while text[at].isalpha() and end < len(text) and text[end].isalpha():
            end += 1
        if not text[at].isspace():
            found.append((at, end))
        at = end
    starts, ends = np.array(found, dtype=np.int64).reshape(-1, 2).T
    case = np.array([0 if text[start].isalpha() else 3 for start in starts], dtype=np.int64)
    opens = np.array([start == 0 or text[start - 1] == "\n" for start in starts])
    return Tokens(np.zeros(len(starts), dtype=np.int64), starts, ends, case * 2, opens)


def scores(tokens: Tokens, **tags: tuple[int, float]) -> NDArray[np.float32]:
    found = np.zeros((len(tokens), len(ENTITY_TAGS)), dtype=np.float32)
    for tag, (piece, chance) in tags.items():
        found[piece, ENTITY_TAGS.index(tag.rstrip("0123456789").replace("_", "-"))] = chance
    found[:, 0] = 1.0 - found[:, 1:].sum(1)
    return found


def names(text: str, **tags: tuple[int, float]) -> list[tuple[str, Label]]:
    tokens = pieces(text)
    return [(name.span.of(text), name.label) for name in find_names(text, tokens, scores(tokens, **tags))]


def test_no_text_has_no_names() -> None:
    assert names("") == []


def test_a_name_begins_and_goes_on() -> None:
    found = names("Ana Relvas spoke", B_person=(0, 0.9), I_person=(1, 0.9))
    assert found == [("Ana Relvas", Label.PERSON)]


def test_two_names_in_a_row_stay_two() -> None:
    found = names("Harven Sardal", B_place=(0, 0.9), B_place2=(1, 0.9))
    assert found == [("Harven", Label.PLACE), ("Sardal", Label.PLACE)]


def test_the_likeliest_name_as_a_whole_wins() -> None:
    # Word by word, the first would be a place and the second an organization.
    found = names("Harven Bank", B_place=(0, 0.5), B_organization=(0, 0.45), I_organization=(1, 0.95))
    assert found == [("Harven Bank", Label.ORGANIZATION)]


def test_a_name_does_not_go_on_in_the_next_line() -> None:
    found = names("Harven\nBank", B_place=(0, 0.9), I_place=(1, 0.6))
    assert found[0] == ("Harven", Label.PLACE)


def test_a_name_ends_in_no_mark_and_in_no_small_word() -> None:
    found = names(
        "Harven Bank of , closed",
        B_organization=(0, 0.9),
        I_organization=(1, 0.9),
        I_organization2=(2, 0.9),
        I_organization3=(3, 0.9),
    )
    assert found == [("Harven Bank", Label.ORGANIZATION)]


def test_an_abbreviation_keeps_its_stop() -> None:
    found = names("the U.N. met", B_organization=(1, 0.9), I_organization=(2, 0.9), I_organization2=(3, 0.9))
    assert found == [("U.N.", Label.ORGANIZATION)]


def test_a_word_leans_on_its_other_places() -> None:
    text = "HAX met. HAX left. HAX ate."
    found = names(text, B_organization=(0, 0.95), B_organization2=(3, 0.95), B_organization3=(6, 0.3))
    assert [name for name, _ in found] == ["HAX", "HAX", "HAX"]
