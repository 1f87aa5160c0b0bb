"""What kind of event a sentence tells of, given who acts and upon whom: the event types of PLOVER.

Two linear views of the same words are added up. One sees the entries of ``kinds.tsv``, where they stand between actor
and target, and what negates them or puts them in the future; the other every word, pair and triple of words likewise.
The weights (``kinds.npz``) are learned by ``training/kinds.py``. Nothing but the text is read, so they hold for every
model of the reader.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Span

KINDS = (
    "ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONSULT", "COOPERATE", "MOBILIZE",
    "PROTEST", "REJECT", "REQUEST", "SANCTION", "SUPPORT", "THREATEN", "YIELD",
)  # fmt: skip
"""PLOVER event types (codebook 2022), with CONCEDE and RETREAT as one, YIELD."""

SIZES = (1 << 13, 1 << 15)
"""Weights for each kind in the view of entries, and in that of words; features share them by hash."""

SHIPPED = Path(__file__).with_name("kinds.npz")

Floats = NDArray[np.float32]
View = tuple[NDArray[np.int64], Floats]
"""Indices of weights, and how strongly each counts; of length 1 as a vector."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[.,;:!?\"“”()—–]")
_ACTOR, _TARGET = "<actor>", "<target>"
_ENDS = frozenset(".;:!?")
_BETWEEN = 5
"""Most words that ``…`` stands for."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """The kind of event that a sentence tells of.

    Attributes:
        kind: the likeliest of ``KINDS``.
        score: its probability, calibrated over the folds of its training.
        scores: the probabilities of all ``KINDS``, in their order.
    """

    kind: str
    score: float
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned.

    Attributes:
        tables: for each view, shape (size, kinds).
        sharpness: what the sums are multiplied by before they become probabilities.
    """

    tables: tuple[Floats, Floats]
    sharpness: float


def get_kind(
    text: str, sentence: Span, actor: Sequence[Span], target: Sequence[Span], weights: Weights | None = None
) -> EventKind:
    """The kind of event that one sentence tells of.

    Args:
        text: the document's text, to which all spans refer.
        sentence: the sentence, or the part of it that tells of the event.
        actor: who acts; empty if nobody is named. What lies outside the sentence does not count.
        target: upon whom, likewise.
        weights: None takes those that came with the package.
    """
    weights = weights or load_weights()
    total = np.zeros(len(KINDS), dtype=np.float32)
    for (indices, strengths), table in zip(find_views(text, sentence, actor, target), weights.tables, strict=True):
        total += strengths @ table[indices]
    likelihoods = np.exp(weights.sharpness * (total - total.max()))
    scores = tuple((likelihoods / likelihoods.sum()).tolist())
    best = int(total.argmax())
    return EventKind(KINDS[best], scores[best], scores)


@cache
def load_weights(path: Path = SHIPPED) -> Weights:
    """Reads weights from a file that ``save_weights`` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        entries, words = (arrays[name].astype(np.float32) * arrays[f"{name}_step"] for name in ("entries", "words"))
        return Weights((entries, words), float(arrays["sharpness"]))


def save_weights(weights: Weights, path: Path) -> None:
    """Writes weights as integers of 8 bits, with one step for each kind."""
    arrays: dict[str, NDArray[np.generic]] = {"sharpness": np.array(weights.sharpness, dtype=np.float32)}
    for name, table in zip(("entries", "words"), weights.tables, strict=True):
        step = np.abs(table).max(0) / 127
        arrays[name] = np.rint(table / step).astype(np.int8)
        arrays[f"{name}_step"] = step.astype(np.float32)
    np.savez_compressed(path, allow_pickle=False, **arrays)


# ---- the words


@dataclass(frozen=True, slots=True)
class Table:
    """``kinds.tsv``, read; see there.

    Attributes:
        entries: by first word: the words of an entry, and its kind.
        negations: words that negate.
        futures: words that put into the future.
        forms: irregular form to base form.
    """

    entries: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
    negations: frozenset[str]
    futures: frozenset[str]
    forms: Mapping[str, str]


@cache
def load_table() -> Table:
    """Reads ``kinds.tsv``."""
    lines = files("onrecord.reader").joinpath("kinds.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    forms = {form: words[0] for row in rows if row[1] == "form" for words in [row[0].split("|")] for form in words[1:]}
    entries: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    marks: dict[str, set[str]] = {"not": set(), "later": set()}
    for words, kind in rows:
        for entry in words.split("|"):
            stems = tuple(word if word == "…" else stem(word, forms) for word in entry.split())
            if kind in marks:
                marks[kind].add(stems[0])
            elif kind != "form":
                entries[stems[0]].append((stems, kind))
    return Table(entries, frozenset(marks["not"]), frozenset(marks["later"]), forms)


def stem(word: str, forms: Mapping[str, str]) -> str:
    """What the inflected forms of a word have in common; often no word itself (``seize``, ``seizing``: ``seiz``)."""
    word = word.lower().replace("’", "'")
    if word.endswith("'s"):
        word = word[:-2]
    word = forms.get(word, word)
    if len(word) > 4 and word.endswith(("ies", "ied")):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif len(word) > 5 and word.endswith("ing"):
        word = _undoubled(word, 3)
    elif len(word) > 5 and word.endswith("eed"):
        word = word[:-1]
    elif len(word) > 3 and word.endswith("ed") and word[-3] != "e":
        word = _undoubled(word, 2)
    elif len(word) > 3 and word[-1] == "s" and word[-2] not in "sui":
        word = word[:-1]
    if len(word) > 4 and word.endswith("ll"):
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == "e" else word


def _undoubled(word: str, ending: int) -> str:
    """A word without an ending, and without the letter doubled before it (``banned``: ``ban``)."""
    base = word[:-ending]
    if len(base) < 2 or not set("aeiouy").intersection(base):
        return word
    return base[:-1] if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz" else base


# ---- what the two views see


@dataclass(frozen=True, slots=True)
class Clause:
    """The words of a sentence, those that name actor or target as one mark each.

    Attributes:
        stems: words, punctuation and marks, in order.
        named: the stems inside the names, with the mark that stands for them.
        actor: place of the mark of the actor, -1 without one.
        target: likewise.
    """

    stems: Sequence[str]
    named: Sequence[tuple[str, str]]
    actor: int
    target: int

    def place(self, at: int) -> str:
        """Where a word stands: before actor and target, between them in this order or the other, or after both."""
        if self.actor >= 0 and self.target >= 0:
            first, second = sorted((self.actor, self.target))
            between = "between" if self.actor < self.target else "back"
            return "before" if at < first else between if at < second else "after"
        if self.actor >= 0:
            return "before" if at < self.actor else "between"
        return "after" if 0 <= self.target < at else "between"


def read_clause(text: str, sentence: Span, actor: Sequence[Span], target: Sequence[Span]) -> Clause:
    """Cuts a sentence into stems and marks."""
    names = sorted([(span, _ACTOR) for span in actor] + [(span, _TARGET) for span in target], key=lambda one: one[0])
    forms = load_table().forms
    stems: list[str] = []
    named: list[tuple[str, str]] = []
    last = -1
    at = 0
    for match in _WORD.finditer(text, sentence.start, sentence.end):
        while at < len(names) and names[at][0].end <= match.start():
            at += 1
        if at < len(names) and names[at][0].start < match.end():
            named.append((names[at][1], stem(match.group(), forms)))
            if at != last:
                stems.append(names[at][1])
            last = at
        else:
            stems.append(stem(match.group(), forms))
    first = stems.index(_ACTOR) if _ACTOR in stems else -1
    # Of several names of the target the one that the actor acts upon comes after the actor's own.
    after = stems[first + 1 :].index(_TARGET) + first + 1 if _TARGET in stems[first + 1 :] else -1
    second = after if after >= 0 else stems.index(_TARGET) if _TARGET in stems else -1
    return Clause(stems, named, first, second)


def find_views(
    text: str, sentence: Span, actor: Sequence[Span], target: Sequence[Span]
) -> tuple[View, View]:
    """What the two views see of a sentence; arguments as of ``get_kind``."""
    clause = read_clause(text, sentence, actor, target)
    return _hashed(_entry_features(clause), SIZES[0]), _hashed(_word_features(clause), SIZES[1])


def _hashed(features: Mapping[str, float], size: int) -> View:
    """Features by the number that their names hash to (Weinberger et al. 2009), as a vector of length 1."""
    indices = np.array([zlib.crc32(name.encode("utf-8", "surrogatepass")) % size for name in features], dtype=np.int64)
    strengths = np.array(list(features.values()), dtype=np.float32)
    return indices, strengths / max(float(np.linalg.norm(strengths)), 1e-6)


def _word_features(clause: Clause) -> dict[str, float]:
    """Every word, pair and triple, with where it stands; the words of the names count half."""
    features: dict[str, float] = {f"{mark} {word}": 0.5 for mark, word in clause.named}
    before, last = "", ""
    for at, word in enumerate(clause.stems):
        if word not in (_ACTOR, _TARGET):
            features[word] = 1.0
            features[f"{clause.place(at)} {word}"] = 1.0
            if 0 < at - clause.actor <= 5 and clause.actor >= 0:
                features[f"near {word}"] = 1.0
            if 0 < clause.target - at <= 4:
                features[f"to {word}"] = 1.0
        if last:
            features[f"{last} {word}"] = 1.0
        if before:
            features[f"{before} {last} {word}"] = 0.7
        before, last = last, word
    return features


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry of the table where it stands in a clause.

    Attributes:
        places: of its words.
        words: the entry.
        kind: its kind.
    """

    places: tuple[int, ...]
    words: tuple[str, ...]
    kind: str


def find_hits(stems: Sequence[str]) -> list[Hit]:
    """The entries of the table in a clause, in order; of those that share words only the ones of most words."""
    found: list[Hit] = []
    for at, word in enumerate(stems):
        for words, kind in load_table().entries.get(word, ()):
            if places := _places(stems, at, words):
                found.append(Hit(places, words, kind))
    longest: dict[int, int] = {}
    for hit in found:
        for place in hit.places:
            longest[place] = max(longest.get(place, 0), len(hit.places))
    return [hit for hit in found if all(longest[place] == len(hit.places) for place in hit.places)]


def _places(stems: Sequence[str], at: int, words: tuple[str, ...]) -> tuple[int, ...]:
    """Where the words of an entry stand whose first one stands at ``at``; empty if they do not."""
    places = [at]
    reach = 1
    for word in words[1:]:
        if word == "…":
            reach = _BETWEEN + 1
            continue
        for place in range(places[-1] + 1, min(places[-1] + 1 + reach, len(stems))):
            if stems[place] == word:
                places.append(place)
                break
            if stems[place] in _ENDS:
                return ()
        else:
            return ()
        reach = 1
    return tuple(places)


def _entry_features(clause: Clause) -> dict[str, float]:
    """The entries of the table, with where they stand, what negates them, and what comes after the first."""
    table, stems = load_table(), clause.stems
    features: dict[str, float] = {}
    leading: list[tuple[int, str]] = []
    for hit in find_hits(stems):
        at, place = hit.places[0], clause.place(hit.places[0])
        negated = not table.negations.isdisjoint(stems[max(0, at - 3) : at])
        later = not table.futures.isdisjoint(stems[max(0, at - 4) : at])
        features[hit.kind] = 0.5
        features[f"{place} {hit.kind}"] = 1.0
        features[" ".join(hit.words)] = 1.0
        if len(hit.places) > 1:
            features[f"{place} phrase {hit.kind}"] = 1.0
        if negated:
            features[f"not {hit.kind}"] = 1.0
        if later:
            features[f"later {hit.kind}"] = 1.0
        if clause.actor >= 0 and 0 < at - clause.actor <= 7:
            near = at - clause.actor <= 3
            features[f"{'at' if near else 'near'} actor {hit.kind}"] = 1.0 if near else 0.7
        if 0 < clause.target - hit.places[-1] <= 6:
            near = clause.target - hit.places[-1] <= 2
            features[f"{'at' if near else 'near'} target {hit.kind}"] = 1.0 if near else 0.7
        if place in ("between", "back"):
            if not leading or leading[0][0] == at:
                features[f"first {hit.kind}"] = features[f"first {hit.kind} {negated} {later}"] = 1.0
            else:
                for first, kind in leading[:4]:
                    if first == leading[0][0]:
                        features[f"{kind} then {hit.kind}"] = 0.7
            leading.append((at, hit.kind))
    if clause.actor >= 0:
        following = stems[clause.actor + 1 : clause.actor + 5]
        negated, later = not table.negations.isdisjoint(following), not table.futures.isdisjoint(following[:3])
        features[f"{negated} {later}"] = 1.0
        if clause.target >= 0:
            features[f"actor first {clause.actor < clause.target}"] = 1.0
    return features
