"""The table of words, ``cues.tsv``, and a text cut into words in which its entries are found."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

from onrecord.model import Span
from onrecord.reader.inflection import inflected
from onrecord.reader.parties.tables import named
from onrecord.text import find_sentences

_TOKEN = re.compile(r"\w+(?:['’]\w+)?")
_CONTRACTED = frozenset("it's let's that's he's she's there's what's who's here's how's where's".split())
_CUES = frozenset({"verb", "noun", "phrase"})
_INFLECTED = frozenset({"verb", "noun", "telling"})
_BUCKET = 4  # letters under which entries like `provoc*` are kept; none is shorter


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the table in one of its forms.

    Attributes:
        words: as they stand in the text; lower case unless the table has a capital.
        part: the column of this name.
        means: likewise.
        negated: likewise; the same as ``means`` where the column has ``-``.
        begins: whether it stands for every word that begins so.
    """

    words: tuple[str, ...]
    part: str
    means: str
    negated: str
    begins: bool


_Lexicon = dict[str, list[Entry]]  # first word, in lower case, to the entries that begin with it, the longest first


def _folded(word: str) -> str:
    """A word with straight apostrophes and without the possessive."""
    word = word.replace("’", "'")
    return word[:-2] if word.endswith("'s") and word.lower() not in _CONTRACTED else word


@cache
def _lexicons() -> dict[str, _Lexicon]:
    """The table: one lexicon for the cues, and one for every other part."""
    lexicons: dict[str, _Lexicon] = {}
    table = files("onrecord.reader").joinpath("cues.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(table.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != 5:
            raise ValueError(f"cues.tsv, line {number}: five columns are needed, apart by tabs: {line!r}")
        alternatives, part, means, negated, irregular = columns
        lexicon = lexicons.setdefault("cue" if part in _CUES else part, {})
        for alternative in alternatives.split("|"):
            first, *rest = (_folded(match.group()) for match in _TOKEN.finditer(alternative))
            forms = inflected(first, irregular.replace("-", "").split()) if part in _INFLECTED else {first}
            if part == "noun":
                forms = {form for form in forms if form == first or form.endswith("s")}
            for form in forms:
                begins = alternative.endswith("*")
                entry = Entry((form, *rest), part, means, means if negated == "-" else negated, begins)
                lexicon.setdefault(form[:_BUCKET] + "*" if begins else form.lower(), []).append(entry)
    for words, part, means in _names():
        lexicons[part].setdefault(words[0].lower(), []).append(Entry(words, part, means, means, begins=False))
    for lexicon in lexicons.values():
        for entries in lexicon.values():
            entries.sort(key=lambda entry: -len(entry.words))
    return lexicons


def _names() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """What the tables of parties have: names of one side, with its country, and names of outlets."""
    for entry in chain.from_iterable(named().values()):
        words = tuple(_folded(match.group()) for match in _TOKEN.finditer(" ".join(entry.words)))
        if entry.part == "outlet":
            yield words, "source", "outlet"
        elif entry.country:
            yield words, "side", entry.country


def is_in(word: str, part: str) -> bool:
    """Whether a word, in lower case, belongs to a class of the table."""
    return word in _lexicons()[part]


@cache
def meanings(part: str) -> frozenset[str]:
    """All that the entries of one part mean."""
    return frozenset(entry.means for entries in _lexicons()[part].values() for entry in entries)


class Page:
    """A text with its words and sentences, so that every span becomes a range of words."""

    __slots__ = ("ends", "lower", "openings", "sentences", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        matches = list(_TOKEN.finditer(text))
        self.text = text
        self.words = [_folded(match.group()) for match in matches]
        self.lower = [word.lower() for word in self.words]
        self.starts = [match.start() for match in matches]
        self.ends = [match.end() for match in matches]
        self.sentences = find_sentences(text)
        self.openings = [sentence.start for sentence in self.sentences]

    def within(self, start: int, end: int) -> range:
        """The words that lie wholly inside."""
        first = bisect_left(self.starts, start)
        return range(first, max(first, bisect_right(self.ends, end)))

    def sentence_at(self, at: int) -> Span:
        """The sentence at an offset; white space between sentences stands for itself."""
        n = bisect_right(self.openings, at) - 1
        return self.sentences[n] if n >= 0 and at < self.sentences[n].end else Span(at, at + 1)

    def find(self, lexicon: str, where: range, end: int | None = None) -> Iterator[tuple[range, Entry]]:
        """Entries that begin in a range and end in it or before ``end``: the longest at each place, apart, in order."""
        entries, at = _lexicons()[lexicon], where.start
        end = where.stop if end is None else min(end, len(self.words))
        while at < where.stop:
            word = self.lower[at]
            for entry in (*entries.get(word, ()), *entries.get(word[:_BUCKET] + "*", ())):
                stop = at + len(entry.words)
                if word.startswith(entry.words[0]) if entry.begins else stop <= end and self._stands(at, entry.words):
                    yield range(at, stop), entry
                    at = stop - 1
                    break
            at += 1

    def _stands(self, at: int, words: Sequence[str]) -> bool:
        return all((self.lower if word.islower() else self.words)[at + n] == word for n, word in enumerate(words))

    def has(self, where: Iterable[int], words: Collection[str]) -> bool:
        """Whether one of some words, in lower case, or of a class of the table stands in a range."""
        known = _lexicons()[words] if isinstance(words, str) else words
        return any(self.lower[at] in known for at in where)

    def at(self, n: int) -> str:
        """A word in lower case; empty before the first and after the last."""
        return self.lower[n] if 0 <= n < len(self.lower) else ""

    def gap(self, at: int) -> str:
        """What stands between a word and the one before it."""
        return self.text[self.ends[at - 1] if at else 0 : self.starts[at]]

    def cut(self, at: int, marks: str = r"[^\s'’&/-]") -> bool:
        """Whether a mark stands between a word and the one before it."""
        return re.search(marks, self.gap(at)) is not None

    def span(self, words: range) -> Span:
        """Where some words stand."""
        return Span(self.starts[words.start], self.ends[words.stop - 1])

    def quoted(self, words: range) -> str:
        """Words as a reason cites them."""
        return f"“{' '.join(self.span(words).of(self.text).split())}”"
