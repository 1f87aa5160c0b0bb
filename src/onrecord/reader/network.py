"""The model folder: checks it, loads it, and runs the graphs in it. The only place that touches onnxruntime."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.reader.decoding import ENTITY_TAGS, EVIDENCE, PENN_TAGS, POTENTIALS, RELATIONS, TAGS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FORMAT = 3
"""Version of the model folder that this code reads."""

CLS, SEP, PAD = 101, 102, 0
"""Vocabulary ids of the pieces that open, close and fill a window."""

SHIPPED = Path(__file__).parent / "model"
GRAPHS = ("encoder.onnx", "pairs.onnx", "grammar.onnx")
_FILES = (*GRAPHS, "tokenizer.json")
_LABELS = {
    "tags": TAGS,
    "entity_tags": ENTITY_TAGS,
    "potentials": POTENTIALS,
    "penn_tags": PENN_TAGS,
    "relations": RELATIONS,
}
_PROBABILITIES = ("candidate", "threshold", "nested_threshold", "floating_threshold", "own_threshold")
_LONGEST_WINDOW = 510
"""Pieces for which the encoder has learned positions, less the two that open and close a window."""


@dataclass(frozen=True, slots=True)
class Card:
    """What ``model.json`` says of a model; everything that was tuned travels here, not in code.

    Attributes:
        name: of the model.
        digest: first 12 digits of the SHA-256 of ``model.json``, which in turn holds the digests of all files.
        languages: ISO 639-1 codes of the languages it reads.
        window: most pieces read at once, without the two that open and close a window.
        overlap: least pieces that neighbouring windows share.
        candidate: least probability that a piece begins a cue, for the cue to be read at all.
        threshold: least score of an attribution.
        nested_threshold: least score of an attribution inside a content.
        floating_threshold: least mean content probability of a quotation that no cue introduces.
        own_threshold: least score of a statement of the publisher's own.
        calibration: weights of the score: a constant, then one for each of ``EVIDENCE``.
    """

    name: str
    digest: str
    languages: tuple[str, ...]
    window: int
    overlap: int
    candidate: float
    threshold: float
    nested_threshold: float
    floating_threshold: float
    own_threshold: float
    calibration: tuple[float, ...]


def load_card(folder: Path) -> Card:
    """Reads and checks ``model.json`` and the digests of the files beside it.

    Raises:
        ModelError: the folder is not a model, is damaged, or is of another format.
    """
    path = folder / "model.json"
    try:
        encoded = path.read_bytes()
        record = json.loads(encoded)
    except OSError as error:
        raise ModelError(f"{path}: no model there ({error.strerror}); install onrecord again or give --model") from None
    except ValueError:
        raise ModelError(f"{path}: not a model description; install onrecord again or give --model") from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ModelError(f"{path}: not a model of format {FORMAT}; use the model that came with this version")
    if problem := _problem(record):
        raise ModelError(f"{path}: {problem}; use the model that came with this version")
    for name in _FILES:
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"{folder / name}: missing from the model ({error.strerror})") from None
        if found != record["sha256"][name]:
            raise ModelError(f"{folder / name}: damaged, its digest is not the one in model.json")
    return Card(
        digest=hashlib.sha256(encoded).hexdigest()[:12],
        languages=tuple(record["languages"]),
        calibration=tuple(record["calibration"]),
        **{name: record[name] for name in ("name", "window", "overlap", *_PROBABILITIES)},
    )


def _problem(record: dict[str, Any]) -> str:
    """What is wrong with a model description, in words; empty if nothing is."""
    expected = {"format", "name", "languages", "window", "overlap", "calibration", "sha256", "trained"}
    expected |= {*_LABELS, *_PROBABILITIES}
    if odd := sorted(expected ^ record.keys()):
        return f"incomplete model description, or of another version ({', '.join(odd)})"
    if any(record[name] != list(labels) for name, labels in _LABELS.items()):
        return "its labels are not those of this version"
    languages, window, overlap = record["languages"], record["window"], record["overlap"]
    if not isinstance(languages, list) or not all(isinstance(code, str) for code in languages):
        return "'languages' is not a list of codes"
    if not (isinstance(window, int) and isinstance(overlap, int) and 0 < 2 * overlap <= window <= _LONGEST_WINDOW):
        return f"'window' and 'overlap' do not fit each other, or {_LONGEST_WINDOW} pieces"
    numbers = [record[name] for name in _PROBABILITIES]
    if not all(isinstance(number, int | float) and 0 <= number <= 1 for number in numbers):
        return "a threshold is not between 0 and 1"
    weights = record["calibration"]
    if not (
        isinstance(weights, list) and len(weights) == len(EVIDENCE) + 1 and all(isinstance(w, float) for w in weights)
    ):
        return f"'calibration' is not {len(EVIDENCE) + 1} numbers"
    if not isinstance(record["sha256"], dict) or set(record["sha256"]) != set(_FILES):
        return "'sha256' does not name the files of a model"
    return ""


class Network:
    """The graphs of a model folder, ready to run."""

    def __init__(self, folder: Path, threads: int | None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads is not None:
            options.intra_op_num_threads = threads
        # The graphs run in turn. Without this the idle threads of one go on spinning, and take the other's cores:
        # on two cores everything then takes 1.6 times as long.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        try:
            self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._encoder, self._pairs, self._grammar = (
                onnxruntime.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])
                for name in GRAPHS
            )
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise ModelError(f"{folder}: the model does not load ({str(error).splitlines()[0]})") from error
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def encode(
        self, ids: NDArray[np.int64], features: NDArray[np.int64], mask: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Runs the encoder over B windows of T pieces, all inputs of shape (B, T).

        Returns:
            The hidden states, to hand to ``score_pairs``, and the tag scores, shape (B, T, tags).
        """
        hidden, tags = self._encoder.run(None, {"ids": ids, "features": features, "mask": mask})
        return hidden, tags

    def read_grammar(
        self,
        ids: NDArray[np.int64],
        features: NDArray[np.int64],
        mask: NDArray[np.bool_],
        sentences: NDArray[np.int64],
    ) -> tuple[NDArray[np.float32], ...]:
        """Names and grammar of B windows of T pieces, all inputs of shape (B, T).

        ``sentences`` numbers the sentence that each piece stands in.

        Returns:
            Scores of entity tags and of Penn tags, shape (B, T, tags) each; of every piece as the head of every piece,
            dependents in rows, (B, T, T); of relations to the likeliest head, (B, T, relations).
        """
        inputs = {"ids": ids, "features": features, "mask": mask, "sentences": sentences}
        return tuple(self._grammar.run(None, inputs))

    def score_pairs(self, hidden: NDArray[np.float32], anchors: NDArray[np.int64]) -> NDArray[np.float32]:
        """Scores every piece for every anchor.

        Args:
            hidden: from ``encode``.
            anchors: window, first and last piece of each anchor, shape (N, 3).

        Returns:
            Shape (N, T, 6); see ``decoding.decode_paths``.
        """
        window, first, last = np.ascontiguousarray(anchors.T)
        (potentials,) = self._pairs.run(None, {"hidden": hidden, "window": window, "first": first, "last": last})
        return potentials  # type: ignore[no-any-return]
