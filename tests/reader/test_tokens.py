"""Pieces, layout features and windows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from onrecord.reader import tokens as tokens_module
from onrecord.reader.tokens import CASES, FEATURES, GAPS, QUOTED, find_windows, inner_features, tokenize


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = [
        "[UNK]",
        *letters,
        *(f"##{letter}" for letter in letters),
        '"',
        "“",
        "”",
        ".",
        ",",
        "the",
        "envoy",
        "said",
    ]
    made = Tokenizer(WordPiece({word: n for n, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    return made


def unpack(feature: int) -> tuple[int, int, int]:
    return feature // (CASES * QUOTED), feature // QUOTED % CASES, feature % QUOTED


def test_features_tell_gap_case_and_quotation(tokenizer: Tokenizer) -> None:
    text = 'The envoy\nsaid\n\n"NO the".'
    found = tokenize(text, tokenizer)
    words = [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
    features = {word: unpack(int(feature)) for word, feature in zip(words, found.features, strict=True)}
    assert features["The"] == (3, 1, 0)
    assert features["envoy"] == (1, 0, 0)
    assert features["said"] == (2, 0, 0)
    assert features['"'][0] in (0, 3)
    assert features["the"] == (1, 0, 1)
    assert features["."] == (0, 3, 0)


@given(st.text())
def test_any_text_gives_pieces_in_order_inside_it(tokenizer: Tokenizer, text: str) -> None:
    found = tokenize(text, tokenizer)
    assert (found.starts < found.ends).all()
    assert (found.ends <= len(text)).all()
    assert (np.diff(found.starts) >= 0).all()
    assert ((found.features >= 0) & (found.features < FEATURES)).all()


def test_a_long_text_is_cut_into_stretches_without_a_trace(
    tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "the envoy said.\n" * 40
    whole = tokenize(text, tokenizer)
    monkeypatch.setattr(tokens_module, "_PIECE_CHARACTERS", 100)
    parts = tokenize(text, tokenizer)
    for name in ("ids", "starts", "ends", "features", "paragraphs"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name


@given(
    st.lists(st.booleans(), max_size=300),
    st.integers(8, 60).flatmap(lambda length: st.tuples(st.just(length), st.integers(1, length // 4))),
)
def test_windows_own_every_piece_once_and_overlap(paragraphs: list[bool], sizes: tuple[int, int]) -> None:
    length, overlap = sizes
    windows = find_windows(np.array(paragraphs, dtype=bool), length, overlap)
    owned = [piece for window in windows for piece in range(window.own_start, window.own_end)]
    assert owned == list(range(len(paragraphs)))
    for window in windows:
        assert window.start <= window.own_start <= window.own_end <= window.end <= window.start + length
    for before, after in zip(windows, windows[1:], strict=False):
        assert before.end - after.start >= overlap
        assert after.start > before.start


def test_a_quoted_content_is_read_as_if_it_were_not() -> None:
    quoted = np.array([(1 * CASES + 0) * QUOTED + 1] * 3)
    assert [unpack(int(feature)) for feature in inner_features(quoted)] == [(GAPS - 1, 0, 0), (1, 0, 0), (1, 0, 0)]
    mostly_not = np.array([(1 * CASES + 0) * QUOTED] * 2 + [(1 * CASES + 0) * QUOTED + 1])
    assert unpack(int(inner_features(mostly_not)[2])) == (1, 0, 1)
