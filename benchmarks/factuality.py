"""How certain a text has it that an event takes place, against the unified factuality corpora (Stanovsky et al. 2017).

MEANTIME's and UW's events carry a number from -3 (certainly not) to 3 (certainly). The tokens of a file are joined into
texts of some sentences each, read as any text is, and every gold event is looked up by the place of its token:

- ``MAE``, ``r``: mean absolute error and Pearson's correlation over the events found: those of whose token our own tags
  make a verb or a noun.
- ``found``: the share of all gold events that these are.
- ``constant``: the mean absolute error of calling every one of them certain.

The rules were developed on MEANTIME; of UW only the figures were looked at. UW's numbers are means of five annotators.

    python -m benchmarks.factuality
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import print_figures
from benchmarks.polnear import corpora_folder
from onrecord.model import Attribution, Document, Span
from onrecord.reader import Reader
from onrecord.reader.acts import find_factuality
from onrecord.reader.syntax import Syntax

SETS = {"meantime": ("train", "dev"), "uw": ("dev",)}
_SENTENCES = 20
"""Sentences that are read as one text."""
_CLOSES = re.compile(r"[.,;:?!%)\]}]|''|n't|'(?:s|re|ve|d|ll|m)?|’(?:s|re|ve|d|ll|m)?")
_OPENS = frozenset({"(", "[", "{", "``", "$", "£", "€"})

Read = Callable[[str], tuple[Syntax, Sequence[Attribution]]]


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with the events of its sentences: where each stands, and how certain it is."""

    text: str
    events: tuple[tuple[Span, float], ...]


def load_sentences(path: Path) -> Iterator[list[tuple[str, float | None]]]:
    """The tokens of each sentence of one file, those that are events with their number."""
    sentence: list[tuple[str, float | None]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            _, word, value, *_ = line.split("\t")
            sentence.append((word, None if value == "_" else float(value)))
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def joined(sentences: Sequence[Sequence[tuple[str, float | None]]]) -> Annotated:
    """Sentences as one text, a paragraph each."""
    parts: list[str] = []
    events: list[tuple[Span, float]] = []
    length = 0
    for sentence in sentences:
        before = ""
        for n, (word, value) in enumerate(sentence):
            glued = n == 0 or _CLOSES.fullmatch(word) or before in _OPENS or "-" in (word, before)
            gap = "" if glued else " "
            start = length + len(gap)
            if value is not None:
                events.append((Span(start, start + len(word)), value))
            parts.append(gap + word)
            length, before = start + len(word), word
        parts.append("\n\n")
        length += 2
    return Annotated("".join(parts), tuple(events))


def load_texts(name: str, folder: Path | None = None) -> list[Annotated]:
    """The texts of one set.

    Raises:
        FileNotFoundError: it is not there; the message says where it was looked for.
    """
    root = (folder or corpora_folder()) / "factuality" / name
    texts: list[Annotated] = []
    for part in SETS[name]:
        path = root / f"{part}.conll"
        if not path.exists():
            raise FileNotFoundError(f"{path}: not there; set ONRECORD_CORPORA to the folder that holds factuality/")
        sentences = list(load_sentences(path))
        texts += [joined(sentences[n : n + _SENTENCES]) for n in range(0, len(sentences), _SENTENCES)]
    return texts


def reading_with(reader: Reader) -> Read:
    """What reads a text: its grammar and its attributions."""

    def read(text: str) -> tuple[Syntax, Sequence[Attribution]]:
        return reader.parse(text), reader.read(Document(url="", text=text, language="en")).attributions

    return read


def measure_set(name: str, read: Read) -> dict[str, float]:
    """The figures of one set."""
    ours: list[float] = []
    gold: list[float] = []
    wanted = 0
    for annotated in load_texts(name):
        syntax, attributions = read(annotated.text)
        found = find_factuality(annotated.text, syntax, attributions, [span for span, _ in annotated.events])
        for mine, (_, value) in zip(found, annotated.events, strict=True):
            wanted += 1
            if mine is not None:
                ours.append(mine)
                gold.append(value)
    return {
        f"{name} MAE": statistics.fmean(abs(a - b) for a, b in zip(ours, gold, strict=True)),
        f"{name} r": statistics.correlation(ours, gold),
        f"{name} found": len(ours) / wanted,
        f"{name} constant": statistics.fmean(abs(3.0 - value) for value in gold),
    }


def measure(read: Read | None = None) -> dict[str, float]:
    """Every figure of this benchmark.

    Args:
        read: what reads a text; None takes a reader with the model of the package.

    Raises:
        FileNotFoundError: the labelled data is not there.
    """
    for name in SETS:
        load_texts(name)
    read = read or reading_with(Reader())
    return {figure: value for name in SETS for figure, value in measure_set(name, read).items()}


if __name__ == "__main__":
    print_figures(measure)
