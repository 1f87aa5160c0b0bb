"""A text as words, so that a phrase is a range of words, and phrases that can point to somebody."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.model import MentionKind, PartyKind, Span
from onrecord.reader.parties.tables import NO_NOUN, TOKEN, Named, Noun, bare, fold
from onrecord.text import find_quotations, find_sentences

LONGEST = 9
"""Most words of a noun phrase before its noun."""
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen lt col maj brig capt cmdr adm sgt cpl pvt sen rep gov rev hon st supt".split()
)


class Page:
    """A text as words; all sequences have one member a word.

    Attributes:
        text: the text.
        starts: first code point of each word.
        ends: one past its last, without the possessive.
        wholes: one past its last, with the possessive.
        words: without the possessive.
        lower: likewise in lower case.
        owns: whether it has the possessive.
        tight: whether nothing parts it from the word before it.
        sentences: number of its sentence.
        quoted: index in ``quotations`` of the one that it stands in, -1 outside.
        quotations: the words of each quotation, as ranges; not one a word.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.wholes: list[int] = []
        self.words: list[str] = []
        self.lower: list[str] = []
        self.owns: list[bool] = []
        self.tight: list[bool] = []
        before, stop = "", 0
        for match in TOKEN.finditer(text):
            word, start, end = match.group(), match.start(), match.end()
            base = bare(word)
            lower = base.lower()
            gap = text[stop:start]
            self.tight.append(gap == " " or _is_tight(gap, before))
            self.starts.append(start)
            self.ends.append(start + len(base))
            self.wholes.append(end)
            self.words.append(base)
            self.lower.append(lower)
            self.owns.append(len(base) < len(word) or (base[-1] in "sS" and text[end : end + 2] in ("' ", "’ ")))
            before, stop = lower, end
        self.sentences = self._numbers(find_sentences(text))
        self.quotations = [self.within(quotation.start, quotation.end) for quotation in find_quotations(text)]
        self.quoted = [-1] * len(self.words)
        for number, inside in enumerate(self.quotations):
            self.quoted[inside.start : inside.stop] = [number] * len(inside)

    def _numbers(self, sentences: Sequence[Span]) -> list[int]:
        """The number of the sentence of each word."""
        numbers, at = [], 0
        for start in self.starts:
            while at + 1 < len(sentences) and sentences[at + 1].start <= start:
                at += 1
            numbers.append(at)
        return numbers

    def __len__(self) -> int:
        return len(self.words)

    def within(self, start: int, end: int) -> range:
        """The words that begin in a stretch of the text."""
        first = bisect_left(self.starts, start)
        return range(first, max(first, bisect_left(self.starts, end)))

    def touching(self, span: Span) -> range:
        """The words that share a character with a span."""
        first = bisect_right(self.wholes, span.start)
        return range(first, max(first, bisect_left(self.starts, span.end)))

    def span(self, first: int, stop: int) -> Span:
        """Where the words from ``first`` up to ``stop`` stand, without a closing possessive."""
        return Span(self.starts[first], self.ends[stop - 1])

    def gap(self, word: int) -> str:
        """What stands between a word and the one before it."""
        return self.text[self.wholes[word - 1] if word else 0 : self.starts[word]] if word < len(self.words) else "\n"

    def at(self, word: int) -> str:
        """A word in lower case; empty outside."""
        return self.lower[word] if 0 <= word < len(self.lower) else ""

    def joined(self, word: int) -> bool:
        """Whether a word follows the one before it without a mark between them."""
        return 0 < word < len(self.words) and self.tight[word]

    def capital(self, word: int) -> bool:
        """Whether a word begins with a capital, or with a digit, or is of a script without capitals."""
        return not self.words[word][0].islower()

    def opens(self, word: int) -> bool:
        """Whether a word opens a sentence, so that its capital says nothing."""
        return word == 0 or self.sentences[word] != self.sentences[word - 1] or self.gap(word)[-1:] in "\"'“‘«"

    def folded(self, first: int, stop: int) -> tuple[str, ...]:
        """Words in lower case without accents."""
        return tuple(map(fold, self.words[first:stop]))


def _is_tight(gap: str, before: str) -> bool:
    """Whether a gap that is no single space parts two words; a line break does, the stop of ``Mr.`` does not."""
    if gap == ". ":
        return before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha())
    return len(gap) < 6 and "\n" not in gap and gap.strip() in ("", "'", "’") and bool(before)


@dataclass(slots=True, eq=False)
class Spot:
    """One noun phrase that can point to a party, with what its own words, and those right beside it, say of it.

    Attributes:
        start: its first word, article and all.
        first: the first word of the name or noun itself.
        stop: one past its last word.
        kind: name, description or pronoun.
        what: person, organization, place, group, product, other (names, by their label); table (names of the tables);
            adjective; office; role (a description of persons), body, document (descriptions); pronoun.
        named: the row of the tables, of a name in them.
        noun: the noun, of offices and descriptions.
        determiner: the, a, some (a number, too), own (a possessive), or empty.
        country: code of the country that its words name, empty if they name none.
        country_at: the words that do, as first and one past the last.
        owner: whose it is (``Iran's foreign minister``).
        of: what it is of, for or from (``president of Iran``, ``spokesman for the army``).
        plural: whether it is several.
        gender: m, f, or empty.
        modifiers: what stands between the article and the noun, in lower case.
        beside: descriptions that stand beside a name as its title or in apposition.
        name: of a description, the name that it stands beside.
        is_owner: whether it only says whose something is.
        sort: what the words say it is.
    """

    start: int
    first: int
    stop: int
    kind: MentionKind
    what: str
    named: Named | None = None
    noun: Noun | None = None
    determiner: str = ""
    country: str = ""
    country_at: tuple[int, int] | None = None
    owner: Spot | None = None
    of: Spot | None = None
    plural: bool = False
    gender: str = ""
    modifiers: tuple[str, ...] = ()
    beside: list[Spot] = field(default_factory=list)
    name: Spot | None = None
    is_owner: bool = False
    sort: PartyKind = PartyKind.UNKNOWN

    @property
    def head(self) -> Noun:
        """Its noun, and one that means nothing where it has none."""
        return self.noun or NO_NOUN

    @property
    def is_bare(self) -> bool:
        """Whether it is one person without an article, as only titles and headlines have it."""
        return self.noun is not None and self.noun.part == "person" and not self.plural and not self.determiner

    def span(self, page: Page) -> Span:
        """Where it stands, article and all for an office or a description, without for a name."""
        is_name = self.kind is MentionKind.NAME and self.what != "office"
        return page.span(self.first if is_name else self.start, self.stop)


class Spots:
    """Spots in order of their first word, the longer of two that begin together first."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self.all = sorted(spots, key=lambda spot: (spot.start, -spot.stop))
        self._starts = [spot.start for spot in self.all]

    def touching(self, first: int, stop: int) -> list[Spot]:
        """Those that share a word with a range, and begin at most a phrase's length before it."""
        found = []
        for n in range(bisect_left(self._starts, first - LONGEST), len(self.all)):
            if self.all[n].start >= stop:
                break
            if self.all[n].stop > first:
                found.append(self.all[n])
        return found

    def add(self, spot: Spot) -> Spot:
        """Takes in another one."""
        at = bisect_left(self._starts, spot.start)
        self.all.insert(at, spot)
        self._starts.insert(at, spot.start)
        return spot
