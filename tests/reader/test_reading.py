"""The reader around the network, with a network that says anything at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import BertPreTokenizer

from onrecord.errors import LanguageError, ModelError
from onrecord.model import Document, Reading, Voice
from onrecord.reader import Reader
from onrecord.reader.decoding import ENTITY_TAGS, EVIDENCE, PENN_TAGS, POTENTIALS, RELATIONS, TAGS
from onrecord.reader.network import FORMAT, GRAPHS, Card, load_card
from onrecord.reader.reading import layout_of
from onrecord.reader.tokens import tokenize

CARD = Card(
    name="dice",
    digest="0" * 12,
    languages=("en",),
    window=24,
    overlap=6,
    candidate=0.1,
    threshold=0.2,
    nested_threshold=0.2,
    floating_threshold=0.4,
    own_threshold=0.5,
    calibration=(0.0, 1.0, 0.5, 0.1, 0.2, 0.3),
)


class Dice:
    """A network whose answers are random, but the same for the same pieces."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.tokenizer = Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
        self.tokenizer.pre_tokenizer = BertPreTokenizer()

    def _chance(self, *arrays: np.ndarray) -> np.random.Generator:
        joined = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
        return np.random.default_rng([self.seed, int.from_bytes(hashlib.sha256(joined).digest()[:4], "big")])

    def encode(self, ids: np.ndarray, features: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, ...]:
        chance = self._chance(features, mask)
        scores = chance.normal(scale=2.0, size=(*ids.shape, len(TAGS))).astype(np.float32)
        return scores[..., :4], scores

    def read_grammar(
        self, ids: np.ndarray, features: np.ndarray, mask: np.ndarray, sentences: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        chance = self._chance(features, sentences)
        sizes = (len(ENTITY_TAGS), len(PENN_TAGS), ids.shape[1], len(RELATIONS))
        return tuple(chance.normal(scale=2.0, size=(*ids.shape, size)).astype(np.float32) for size in sizes)

    def score_pairs(self, hidden: np.ndarray, anchors: np.ndarray) -> np.ndarray:
        chance = self._chance(hidden, anchors)
        bias = np.array([-1.0, -2.0, 0.0, 0.5, -2.0, 0.0])
        return (chance.normal(scale=1.5, size=(len(anchors), hidden.shape[1], 6)) + bias).astype(np.float32)


def check(text: str, reading: Reading) -> None:
    """Everything that must hold whatever the network says."""
    by_id = {found.id: found for found in reading.attributions}
    assert len(by_id) == len(reading.attributions)
    for found in reading.attributions:
        for span in (*found.source, *found.cue, *found.content):
            assert span.of(text)
            assert span.of(text) == span.of(text).strip(" \t\r\n")
        assert any(letter.isalnum() or letter == "_" for span in found.content for letter in span.of(text))
        if found.voice is Voice.PUBLISHER:
            assert (found.source, found.cue, found.parent) == ((), (), None)
        if found.parent is not None:
            parent = by_id[found.parent]
            assert parent.id != found.id
            for span in (*found.cue, *found.content):
                assert any(outer.covers(span) for outer in parent.content)
    tops = [found for found in reading.attributions if found.parent is None]
    for n, one in enumerate(tops):
        for other in tops[n + 1 :]:
            assert not any(a.overlaps(b) for a in one.content for b in other.content)


WORDS = st.sampled_from(
    ["Osk", "denied", "that", "the", "envoy", "said", '"', "“", "”", ".", ",", "\n\n", "\n", "1,200", "é"]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=120).map(" ".join)), st.integers(0, 1000))
def test_whatever_the_network_says_every_word_is_the_text_s_own(text: str, seed: int) -> None:
    reader = Reader.of(CARD, Dice(seed))  # type: ignore[arg-type]
    reading = reader.read(Document(url="", text=text))
    check(text, reading)
    assert reader.read(Document(url="", text=text)) == reading


def test_a_text_in_another_language_is_refused_in_one_line() -> None:
    reader = Reader.of(CARD, Dice(0))  # type: ignore[arg-type]
    with pytest.raises(LanguageError) as caught:
        reader.read(Document(url="bericht.txt", text="Der Gesandte bestritt das.", language="de"))
    assert str(caught.value).startswith("bericht.txt: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no model there"),
        ("{", "not a model description"),
        ("{}", "format"),
        (f'{{"format": {FORMAT}}}', "incomplete"),
        ('{"format": 1}', "format"),
    ],
)
def test_a_folder_that_is_no_model_is_refused_in_one_line(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "model.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=said) as caught:
        load_card(tmp_path)
    assert "\n" not in str(caught.value)


MODEL_FILES = (*GRAPHS, "tokenizer.json")
WHOLE = {
    "format": FORMAT,
    "name": "made up",
    "languages": ["en"],
    "window": 382,
    "overlap": 96,
    "tags": list(TAGS),
    "entity_tags": list(ENTITY_TAGS),
    "penn_tags": list(PENN_TAGS),
    "relations": list(RELATIONS),
    "potentials": list(POTENTIALS),
    "candidate": 0.1,
    "threshold": 0.3,
    "nested_threshold": 0.3,
    "floating_threshold": 0.5,
    "own_threshold": 0.5,
    "calibration": [0.0] * (len(EVIDENCE) + 1),
    "trained": {},
    "sha256": dict.fromkeys(MODEL_FILES, hashlib.sha256(b"x").hexdigest()),
}


def write_model(folder: Path, **changes: object) -> Path:
    for name in MODEL_FILES:
        (folder / name).write_bytes(b"x")
    (folder / "model.json").write_text(json.dumps(WHOLE | changes), encoding="utf-8")
    return folder


def test_a_whole_model_description_is_read(tmp_path: Path) -> None:
    assert load_card(write_model(tmp_path)).window == 382


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"languages": "en"}, "languages"),
        ({"window": 100, "overlap": 90}, "overlap"),
        ({"window": 2000}, "window"),
        ({"threshold": float("nan")}, "threshold"),
        ({"candidate": 2}, "threshold"),
        ({"tags": ["nonsense"]}, "labels"),
        ({"calibration": [1.0]}, "calibration"),
        ({"sha256": {}}, "sha256"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_model_description_that_makes_no_sense_is_refused(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ModelError, match=said):
        load_card(write_model(tmp_path, **changes))


def test_a_damaged_model_file_is_noticed(tmp_path: Path) -> None:
    (write_model(tmp_path) / "encoder.onnx").write_bytes(b"y")
    with pytest.raises(ModelError, match=r"encoder\.onnx: damaged"):
        load_card(tmp_path)


def reach(text: str, cue: str) -> tuple[list[str], list[str]]:
    """The words that a cue can reach, as source and as content."""
    tokens = tokenize(text, Dice(0).tokenizer)
    words = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    reached = layout_of(text, tokens).reach(np.arange(len(tokens)), words.index(cue))
    source, content = ([word for word, flag in zip(words, column, strict=True) if flag] for column in reached.T)
    return source, content


def test_an_attribution_stays_in_its_paragraph_but_for_quotations_and_what_a_colon_announces() -> None:
    source, content = reach("Storm kills nine\n\nKirl said they left.\n\n“We stayed.”", "said")
    assert source == ["Kirl", "said", "they", "left", "."]
    assert content == ["Kirl", "said", "they", "left", ".", "“", "We", "stayed", ".", "”"]
    source, content = reach("Kirl listed these:\n\ndrones\n\nengines", "listed")
    assert source == ["Kirl", "listed", "these", ":"]
    assert content == ["Kirl", "listed", "these", ":", "drones", "engines"]
