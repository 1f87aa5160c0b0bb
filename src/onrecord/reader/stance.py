"""How each attribution is meant: its stance, its hedges, and the occasion on which the words were said.

The stance is read from the cue and the words around it, and from the content where the cue leaves it open (`said`). The
words stand in ``cues.tsv``, which explains its own columns; this file holds the rules. Where they come from: the
stances are those of DESIGN.md; the bands are those of ICD 203, Analytic Standards (ODNI 2015), section D.6.e(2)(a).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain

from onrecord.model import Attribution, Hedge, Span, Stance, Voice
from onrecord.text import QUOTATION_MARKS, find_sentences


@dataclass(frozen=True, slots=True)
class Taken:
    """How one attribution is meant.

    Attributes:
        stance: what the source does by saying it.
        about: index of the statement that the stance is on, if it is on one and that is in the document.
        hedges: words of the cue and the content, less those of nested attributions, that say how sure the source is.
        addressee: to whom it was said.
        channel: through what, with its preposition: ``in a statement``.
        relay: outlets and agencies that the sentence says it comes from, by name, outermost first.
        reason: which words decided the stance.
    """

    stance: Stance
    about: int | None
    hedges: tuple[Hedge, ...]
    addressee: tuple[Span, ...]
    channel: tuple[Span, ...]
    relay: tuple[Span, ...]
    reason: str


def take_stances(text: str, attributions: Sequence[Attribution]) -> list[Taken]:
    """How each attribution of one document is meant, in the order given.

    Args:
        text: the document's text, to which all spans refer.
        attributions: all of them, so that nested ones and those that others go on from are known.
    """
    page = _Page(text)
    cases = [_Case(n, attribution) for n, attribution in enumerate(attributions)]
    by_id = {case.attribution.id: case for case in reversed(cases)}
    for case in cases:
        case.cue = [page.within(span.start, span.end) for span in case.attribution.cue]
        case.entries = [found for words in case.cue for found in page.find("cue", words, words.stop + 2)]
        case.agrees = any(entry.means == "agree" for _, entry in case.entries)
        parent = by_id.get(case.attribution.parent or "")
        if parent is not None and parent is not case:
            case.parent = parent
            parent.children.append(case)
    # By where they begin; of two that begin together, the one that holds the other goes first.
    in_order = sorted(cases, key=lambda case: (_spans(case.attribution)[0].start, -_spans(case.attribution)[-1].end))
    for case in in_order:
        case.own = _own_content(page, case)
    _name_sides(page, in_order)
    for at, case in enumerate(in_order):
        case.about = _find_about(page, case, in_order[max(0, at - _LOOK_BACK) : at])
        case.stance, case.reason = _decide(page, case)
    marks = sorted({(span.start, span.end) for case in cases for span in _spans(case.attribution)})
    taken: dict[int, Taken] = {}
    before: _Case | None = None
    for case in in_order:
        addressee, channel, relay = _find_occasion(page, case, marks, before)
        if before is not None and not (addressee or channel) and _goes_on(page, before, case):
            # `told reporters in Harven …, adding that …`: one occasion.
            addressee, channel = taken[before.index].addressee, taken[before.index].channel
        about = case.about.index if case.about and (case.agrees or case.stance in _ON_STATEMENTS) else None
        hedges = _find_hedges(page, case)
        taken[case.index] = Taken(case.stance, about, hedges, addressee, channel, relay, case.reason)
        if case.attribution.cue:
            before = case
    return [taken[n] for n in range(len(cases))]


_LOOK_BACK = 12  # attributions in which the statement is sought that a stance is on; further back is another subject
_ON_STATEMENTS = frozenset({Stance.DENY, Stance.REJECT, Stance.CONFIRM, Stance.ADMIT, Stance.DOUBT, Stance.DECLINE})

# ---- the table of words

_TOKEN = re.compile(r"\w+(?:['’]\w+)?")
_CONTRACTED = frozenset("it's let's that's he's she's there's what's who's here's how's where's".split())
_CUES = frozenset({"verb", "noun", "phrase"})
_INFLECTED = frozenset({"verb", "noun", "telling"})
_BUCKET = 4  # letters under which entries like `provoc*` are kept; none is shorter


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]  # as they stand in the text; lower case unless the table has a capital
    means: str
    negated: str
    begins: bool  # whether it stands for every word that begins so


_Lexicon = dict[str, list[_Entry]]  # first word, in lower case, to the entries that begin with it, the longest first


def _folded(word: str) -> str:
    """A word with straight apostrophes and without the possessive."""
    word = word.replace("’", "'")
    return word[:-2] if word.endswith("'s") and word.lower() not in _CONTRACTED else word


def inflected(base: str, forms: Sequence[str] = ()) -> set[str]:
    """The forms of a regular verb: deny, denies, denied, denying; and the irregular ones given."""
    found, stems = {base, *forms}, {base}
    if re.search(r"[^aeiou]y\Z", base):
        found |= {base[:-1] + "ies", base[:-1] + "ied"}
    else:
        found.add(base + ("es" if re.search(r"(?:s|x|z|ch|sh)\Z", base) else "s"))
    if re.search(r"[^aeiou][aeiou][bdfgklmnprtz]\Z", base):
        stems.add(base + base[-1])  # admitted; the other spelling of `covered` does no harm
    for stem in stems:
        found |= {stem + "d", stem[:-1] + "ing"} if stem.endswith("e") else {stem + "ed", stem + "ing"}
    return found | {form.replace("iz", "is") for form in found if re.search(r"iz(?:e|es|ed|ing)\Z", form)}


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
                entry = _Entry((form, *rest), means, means if negated == "-" else negated, begins)
                lexicon.setdefault(form[:_BUCKET] + "*" if begins else form.lower(), []).append(entry)
    for lexicon in lexicons.values():
        for entries in lexicon.values():
            entries.sort(key=lambda entry: -len(entry.words))
    return lexicons


def _is(word: str, part: str) -> bool:
    """Whether a word, in lower case, belongs to a class of the table."""
    return word in _lexicons()[part]


class _Page:
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

    def find(self, lexicon: str, where: range, end: int | None = None) -> Iterator[tuple[range, _Entry]]:
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


@dataclass(slots=True, eq=False)
class _Case:
    """One attribution while it is being read; ranges are of words.

    Attributes:
        own: the sentences of the content, less what stands in nested attributions.
        sides: countries and names that the source is of, its own or those of the source that it refers back to.
        kind: of the source: outlet, reports, analyst, authority, or empty.
    """

    index: int
    attribution: Attribution
    cue: list[range] = field(default_factory=list)
    entries: list[tuple[range, _Entry]] = field(default_factory=list)
    agrees: bool = False
    parent: _Case | None = None
    children: list[_Case] = field(default_factory=list)
    own: list[range] = field(default_factory=list)
    sides: frozenset[str] = frozenset()
    kind: str = ""
    about: _Case | None = None
    stance: Stance = Stance.ASSERT
    reason: str = ""


def _spans(attribution: Attribution) -> list[Span]:
    return sorted((*attribution.source, *attribution.cue, *attribution.content))


def _own_content(page: _Page, case: _Case) -> list[range]:
    """The sentences of a content, less the words of nested attributions.

    What another agreed with stays: who says that two sides agree on it says it too.
    """
    own = [at for piece in case.attribution.content for at in page.within(piece.start, piece.end)]
    nested = [span for child in case.children for span in _spans(child.attribution)]
    gone = set(chain.from_iterable(page.within(span.start, span.end) for span in nested))
    agreed = [span for child in case.children if child.agrees for span in child.attribution.content]
    return [
        words
        for stretch in ([at for at in own if at not in gone], *(page.within(span.start, span.end) for span in agreed))
        for words in _runs(page, stretch)
    ]


def _runs(page: _Page, words: Iterable[int]) -> list[range]:
    """Words that follow each other in one sentence, as ranges."""
    found: list[range] = []
    for at in words:
        if found and found[-1].stop == at and page.sentence_at(page.starts[at]).covers(page.span(found[-1])):
            found[-1] = range(found[-1].start, at + 1)
        else:
            found.append(range(at, at + 1))
    return found


# ---- whose side a source is on


def _keys(page: _Page, words: Iterable[range]) -> set[str]:
    """Countries, and the first letters of other names (Sardal and Sardali are one), that stand in some words."""
    keys: set[str] = set()
    for stretch in words:
        covered: set[int] = set()
        for place, entry in page.find("side", stretch):
            keys.add(entry.means)
            covered.update(place)
        for at in stretch:
            word = page.words[at]
            if at not in covered and len(word) > 2 and word[0].isupper() and not _is(word.lower(), "referring"):
                keys.add(word[:5].lower())
    return keys


def _name_sides(page: _Page, in_order: Sequence[_Case]) -> None:
    """Gives every case its source's kind and sides: those of its words, or of whom they refer back to."""
    known: dict[str, frozenset[str]] = {}
    last, kind = frozenset[str](), ""
    countries = {entry.means for entries in _lexicons()["side"].values() for entry in entries}
    for case in in_order:
        if case.attribution.voice is Voice.PUBLISHER:
            continue
        source = [page.within(span.start, span.end) for span in case.attribution.source]
        words = [page.lower[at] for at in chain.from_iterable(source)]
        keys = _keys(page, source)
        refers = not keys and (not words or any(_is(word, "referring") for word in words))
        case.sides = last if refers else frozenset(keys.union(*(known.get(key, ()) for key in keys)))
        kinds = (entry.means for stretch in source for _, entry in page.find("source", stretch))
        own_kind = "" if any(_is(word, "person") for word in words) else next(kinds, "")
        case.kind = own_kind or (kind if refers and len(words) <= 2 else "")
        for key in keys - countries:
            known[key] = known.get(key, frozenset()) | case.sides
        if case.sides:
            last, kind = case.sides, case.kind


# ---- the stance: the cue


def _decide(page: _Page, case: _Case) -> tuple[Stance, str]:
    """The stance of one attribution, and which words decided it."""
    if case.attribution.voice is Voice.PUBLISHER:
        return Stance.ASSERT, "the publisher's own words"
    opening = "the content"
    for place, entry in case.entries:
        if _is(page.lower[place.start], "refusal") and page.at(place.stop) == "to":
            continue  # the verb that follows says what is refused
        first = _negation_before(page, case, place.start)
        means = entry.means if first is None else entry.negated
        words = page.quoted(range(place.start if first is None else first, place.stop))
        if means != "content":
            stance, more = _apply(page, case, means, place)
            return stance, f"the cue {words}{more}"
        opening = f"the cue {words}, and the content"
    if any(page.has(words, "refusal") for words in case.cue):
        return Stance.DECLINE, "the cue refuses"
    stance, why = _sense(page, case)
    return stance, f"{opening}: {why}"


def _negation_before(page: _Page, case: _Case, at: int) -> int | None:
    """The negating word among the five before a word of the cue, in its clause and outside source and content."""
    others = (*case.attribution.source, *case.attribution.content)
    inside = any(span.start <= page.starts[at] < span.end for span in others)
    for before in range(at - 1, max(-1, at - 6), -1):
        start, word, after = page.starts[before], page.lower[before], page.at(before + 1)
        if _is(word, "joining") or (page.cut(before + 1) and start < case.attribution.cue[0].start):
            return None
        if not inside and any(span.start <= start < span.end for span in others):
            return None
        negates = _is(word, "negation") and after not in ("only", "just", "merely", "doubt")
        if negates or _is(word, "refusal") or (word, after) in (("yet", "to"), ("short", "of")):
            return before
    return None


def _apply(page: _Page, case: _Case, means: str, place: range) -> tuple[Stance, str]:
    """What a stance or a rule of the table comes to in this case."""
    first, after = case.own[0] if case.own else range(0), page.at(place.stop)
    lie = next((at for words in case.own for at, entry in page.find("content", words) if entry.means == "lie"), None)
    if means in ("condemn", "accuse", "criticize") and lie is not None:
        return Stance.REJECT, f" and {page.quoted(lie)}"
    if means == "assess" and case.kind in _RELAYS:
        return Stance.REPORT, f", and the source is of kind {case.kind}"
    if means in frozenset(Stance):
        return Stance(means), ""
    if means == "warn":
        if page.has(first[:8], ("not",)) and page.has(first[:8], ("to",)):
            return Stance.CALL_FOR, " … “not to”"
        future = _own_future(page, case, first)
        return (Stance.FEAR, "") if future is None else (Stance.PROMISE, f" and {page.quoted(future)}")
    if means == "criticize":
        on_statement = case.about is not None and _noun_of_statement(page, case) is not None
        return (Stance.REJECT, " on a statement") if on_statement else (Stance.CONDEMN, "")
    if means == "dismiss":
        is_accused = _is_accused(page, case)
        return (Stance.DENY, ", and its own side is accused") if is_accused else (Stance.REJECT, "")
    if means == "agree":
        stance, why = _sense(page, case)
        return stance, f", with another, and the content: {why}"
    if means == "ask":
        is_question = _is(after, "question") or page.has(first[:4], "question")
        end = case.attribution.content[-1].end
        if is_question or "?" in page.text[max(0, end - 2) : end + 1]:
            return Stance.ASSERT, ", a question"
        return Stance.CALL_FOR, ""
    if means == "open":
        stance, why = _sense(page, case)
        if stance is Stance.ACCUSE:
            return stance, f", and the content: {why}"
        is_past = page.has(first, ("had", "was", "were", "been"))
        return (Stance.ADMIT, " of what has happened") if is_past else (Stance.ASSESS, "")
    raise ValueError(f"cues.tsv: no rule is called {means!r}")


# ---- the stance: the content

_SENTENCES_READ = 3  # of a content, to decide its stance: a long quotation turns from its point to others
# What parties do; an analyst who says as much judges.
_OF_PARTIES = frozenset({Stance.ACCUSE, Stance.CONDEMN, Stance.DENY, Stance.PROMISE})
_RELAYS = ("outlet", "reports")
_IN_MAIN_CLAUSE = frozenset({"call_for", "promise", "admit"})
_DENIABLE = frozenset({"accuse", "condemn", "fear", "confirm", "promise"})


def _sense(page: _Page, case: _Case) -> tuple[Stance, str]:
    """The stance that a content speaks for, where its cue leaves it open."""
    if case.kind in _RELAYS:
        return Stance.REPORT, f"the source is of kind {case.kind}"
    for words in case.own[:_SENTENCES_READ]:
        if found := _sense_of(page, case, words):
            weighs = case.kind == "analyst" and found[0] in _OF_PARTIES
            reason = page.quoted(found[1]) + (", and the source is an analyst" if weighs else "")
            return Stance.ASSESS if weighs else found[0], reason
    if case.kind == "analyst":
        return Stance.ASSESS, "the source is an analyst"
    return Stance.ASSERT, "nothing in it says otherwise"


def _sense_of(page: _Page, case: _Case, words: range) -> tuple[Stance, range] | None:
    """The stance that one sentence of a content speaks for; None if it says nothing else than that it is so.

    The order is one of strength: what clears or weighs comes before what accuses, as in `no indication of an attack`.
    """
    main = _main_clause(page, words)
    found: dict[str, range] = {}
    for place, entry in page.find("content", words):
        before = range(max(words.start, place.start - 4), place.start)
        denied = entry.means in _DENIABLE and any(_is(page.lower[at], "negation") for at in before)
        if not denied and (place.start in main or entry.means not in _IN_MAIN_CLAUSE):
            found.setdefault(entry.means, place)
    own = page.has(words, "own") or bool(case.sides & _keys(page, [words]))
    if "decline" in found:
        return Stance.DECLINE, found["decline"]
    if "lie" in found:
        is_own = own or case.about is None or _is_accused(page, case)
        return Stance.DENY if is_own else Stance.REJECT, found["lie"]
    if "innocent" in found and (own or page.has(main[:3], ("it", "we", "they", "i", "he", "she"))):
        return Stance.DENY, found["innocent"]
    if not {"admit", "assess", "fear"} & found.keys() and (denial := _own_denial(page, case, main)):
        return Stance.DENY, denial
    for stance in (Stance.ADMIT, Stance.FEAR):
        if stance in found:
            return stance, found[stance]
    for place, entry in page.find("hedge", words):
        if entry.means != "-":
            return Stance.ASSESS, place
    if "assess" in found:
        return Stance.ASSESS, found["assess"]
    order = next(page.find("imperative", words[:1], words.stop), None)
    if order and page.gap(words.start).endswith(tuple(QUOTATION_MARKS)):
        return Stance.CALL_FOR, order[0]
    if "call_for" in found and page.at(found["call_for"].stop) != "have":  # should have been: too late for a call
        return Stance.CALL_FOR, found["call_for"]
    if future := _own_future(page, case, main):
        return Stance.PROMISE, future
    for stance in (Stance.PROMISE, Stance.ACCUSE, Stance.CONDEMN, Stance.CONFIRM, Stance.DOUBT):
        if stance in found:
            return stance, found[stance]
    modals = [range(at, at + 1) for at in main if _is(page.words[at], "modal") and page.at(at + 1) not in ("not", "no")]
    if modals:
        return Stance.ASSESS, modals[0]
    if counted := found.get("situation") or _counted(page, case, words, found.get("report")):
        return Stance.REPORT, counted
    futures = [range(at, at + 1) for at in main if page.lower[at] in ("will", "would") and page.at(at + 1) != "have"]
    return (Stance.ASSESS, futures[0]) if futures else None


def _main_clause(page: _Page, words: range) -> range:
    """A sentence up to its first subordinate clause: what stands there is not what is promised or called for."""
    for at in words[1:]:
        is_relative = page.lower[at] in ("which", "who", "whose", "whom", "where") and "," in page.gap(at)
        if is_relative or (page.lower[at] == "that" and at > words.start + 2):
            return range(words.start, at)
    return words


def _own_denial(page: _Page, case: _Case, main: range) -> range | None:
    """A negation of which the source's own side is the subject or the thing denied: `no Sardali drone`, `not ours`."""
    for at in main:
        word = page.lower[at]
        if _is(word, "future") or _is(word, "modal") or word in ("can", "cannot", "can't"):
            return None
        spares = word in ("without", "nobody", "hardly", "nor", "neither") or _is(page.at(at + 1), "no_denial")
        if _is(word, "negation") and not spares:
            near = range(max(main.start, at - 6), min(main.stop, at + 3))
            if page.has(near, ("ours", "none", "our", "its", "we")) or case.sides & _keys(page, [near]):
                return range(at, at + 1)
    return None


def _own_future(page: _Page, case: _Case, main: range) -> range | None:
    """`we will`, `Sardal would`: a future of which the source is the subject."""
    for at in main[:14]:
        word = page.lower[at]
        contracted = word.endswith("'ll") and _is(word[:-3], "first")
        if contracted or _is(word, "future"):
            subject = range(max(main.start, at - 4), at)
            is_own = page.has(subject, "first") or page.has(subject, ("his", "her", "its", "their", "own"))
            before = page.at(at - 1) if at - main.start in (1, 2) else ""
            is_own |= before in ("he", "she") or (before == "it" and page.at(at + 1) != "be")
            is_own |= contracted or bool(case.sides & _keys(page, [subject]))
            return range(max(main.start, at - 1), at + 1) if is_own else None
    return None


def _counted(page: _Page, case: _Case, words: range, befell: range | None) -> range | None:
    """What makes a sentence a tally: a count of what befell, or, from those who count it, what befell.

    `They killed two people` is no tally when `they` are another side: that is said of somebody.
    """
    count = next((at for at in words if _is_count(page, at)), None)
    if befell is None:
        return range(count, count + 1) if count is not None and case.kind == "authority" else None
    before = range(words.start, befell.start)
    if any(_is(page.lower[at], "negation") and page.lower[at] != "without" for at in before):
        return None
    if case.kind == "authority" or page.has(before[-1:], ("was", "were", "been")):
        return befell
    is_blow = page.lower[befell.start] in ("killed", "struck", "hit", "injured", "wounded")
    others = {entry.means for _, entry in page.find("side", before)} - case.sides
    return None if count is None or (is_blow and others) else befell


def _is_count(page: _Page, at: int) -> bool:
    """Whether a word counts something: a number that is no date and no part of a name (S-300, Article 4)."""
    word = page.lower[at]
    is_joined = at > 0 and page.gap(at) in ("-", "–") and page.words[at - 1][-1].isalpha()
    is_year = len(word) == 4 and word[:2] in ("19", "20")
    beside = _is(page.at(at - 1), "month") or _is(page.at(at + 1), "month")
    return _is(word, "number") or (word.isdecimal() and not (is_joined or is_year or beside))


# ---- what the stance is on


def _noun_of_statement(page: _Page, case: _Case) -> str | None:
    """What a noun for a statement means, in the content's first words or before a passive cue in its sentence."""
    piece, cue = case.attribution.content[0], case.attribution.cue
    places = [page.within(piece.start, piece.end)[:9]]
    if cue:
        places.append(page.within(page.sentence_at(cue[0].start).start, cue[0].start)[-8:])
    return next((entry.means for words in places for _, entry in page.find("statement", words)), None)


def _find_about(page: _Page, case: _Case, before: Sequence[_Case]) -> _Case | None:
    """The statement that a stance is on: the nested one that its content names, or the one that the text named last."""
    if not case.attribution.cue:
        return None
    noun = _noun_of_statement(page, case)
    opening = page.lower[case.own[0].start] if case.own else ""
    after = page.at(case.own[0].start + 1) if sum(map(len, case.own)) > 1 else "is"
    points = opening in ("this", "these") or (opening in ("it", "that") and after in ("is", "was", "isn't", "wasn't"))
    if noun is None and not case.agrees and not points:
        return None
    for child in case.children:
        if any(True for words in child.cue for _ in page.find("statement", words)):
            return child
    named = _keys(page, [words[:8] for words in case.own[:1]])
    if case.agrees:
        named = _keys(page, [page.within(case.attribution.cue[-1].end, case.attribution.content[0].start)[:8]]) or named
    others = [
        other
        for other in reversed(before)
        if other.attribution.voice is Voice.PARTY
        and case not in (other, other.parent)
        and other is not case.parent
        and (not other.sides or other.sides != case.sides)
        and other.attribution.source != case.attribution.source
        and (noun is not None or other.stance not in (Stance.DENY, Stance.DECLINE))
    ]
    others.sort(key=lambda other: other.parent is not None)  # a whole statement before what it holds
    if noun not in (None, "any"):
        # What one calls an accusation, the other may have called a finding.
        fitting = {noun, "assert", "assess"} if noun == "accuse" else {noun}
        return next((other for other in others if other.stance in fitting), None)
    by_name = next((other for other in others if other.sides & named), None)
    return by_name or (None if case.agrees and named else next(iter(others), None))


def _is_accused(page: _Page, case: _Case) -> bool:
    """Whether what is dismissed is an accusation of the source's own side."""
    if case.sides & _keys(page, case.own):
        return True
    pieces = [page.within(piece.start, piece.end)[:20] for piece in case.attribution.content]
    words = {page.lower[at] for piece in pieces for at in piece[1:]}
    # In `dismissed Sardal's statement that it sent sixty`, it is Sardal; in `Sardal's accusation that it`, it is not.
    is_another_s = bool(_keys(page, pieces)) and _noun_of_statement(page, case) != "accuse"
    if words & {"we", "our", "us"} or (words & {"it", "its", "they", "their", "he", "she"} and not is_another_s):
        return True
    return case.about is not None and bool(case.sides & _keys(page, [words[:40] for words in case.about.own[:3]]))


def _find_hedges(page: _Page, case: _Case) -> tuple[Hedge, ...]:
    found: list[Hedge] = []
    for words in filter(None, (*case.cue, *case.own)):
        for place, entry in page.find("hedge", words):
            after = page.at(place.stop)
            is_month = page.words[place.start] == "May" and place.start != words.start
            is_bound = page.lower[place.start] != "up" or after.isdecimal() or after == "a" or _is(after, "number")
            if is_bound and not is_month:
                found.append(Hedge(page.span(place), entry.means.replace("-", "")))
    return tuple(sorted(set(found), key=lambda hedge: hedge.span))


# ---- the occasion

_REACH = 240  # characters before and after a cue, within its sentence, in which its occasion is sought
_MARKS_READ = 40  # spans before and after a cue among which the one is sought that ends its own stretch of the sentence

_Occasion = tuple[tuple[Span, ...], tuple[Span, ...], tuple[Span, ...]]


def _find_occasion(page: _Page, case: _Case, marks: Sequence[tuple[int, int]], before: _Case | None) -> _Occasion:
    """Addressee, channel and relay, in the sentence of the cue."""
    if not case.attribution.cue:
        return (), (), ()
    sentence = page.sentence_at(case.attribution.cue[0].start)
    stretches = _stretches(page, case, marks, sentence)
    channels = _find_channels(page, stretches)
    addressees = [page.span(words) for words in _find_addressees(page, case, stretches, sentence) if words]
    relays = _find_relays(page, case, stretches, before)
    return (
        tuple(span for span in addressees if not any(span.overlaps(channel) for channel in channels)),
        tuple(channels),
        tuple(dict.fromkeys(span for span in relays if sentence.covers(span))),
    )


def _stretches(page: _Page, case: _Case, marks: Sequence[tuple[int, int]], sentence: Span) -> list[range]:
    """The words around a cue that are its own: up to another attribution's, and outside its source and content."""
    cue, own = case.attribution.cue, {(span.start, span.end) for span in _spans(case.attribution)}
    start, end = max(sentence.start, cue[0].start - _REACH), min(sentence.end, cue[-1].end + _REACH)
    for piece in case.parent.attribution.content if case.parent else ():
        if piece.covers(cue[0]):
            start, end = max(start, piece.start), min(end, piece.end)
    at = bisect_left(marks, (cue[0].start, 0))
    earlier = [mark for mark in marks[max(0, at - _MARKS_READ) : at] if mark not in own and mark[1] <= cue[0].start]
    later = [mark for mark in marks[at : at + _MARKS_READ] if mark not in own and mark[0] >= cue[-1].end]
    start = max(start, *(mark[1] for mark in earlier)) if earlier else start
    end = min(end, later[0][0]) if later else end
    found = []
    for span in sorted((*case.attribution.source, *case.attribution.content)):
        if start < span.end and span.start < end and not span.covers(cue[0]):
            found.append(page.within(start, span.start))
            start = span.end
    found.append(page.within(start, end))
    return [words for words in found if words]


def _name_at(page: _Page, at: int, stop: int) -> range:
    """The noun phrase that begins with a word, as far as the next preposition, verb of saying or mark."""
    end = at
    while end < min(stop, at + 9):
        is_of = page.lower[end] == "of" and end > at
        if end > at and page.cut(end, r"[^\s'’&./-]|(?<=\w{3})[.]\s"):
            break
        if _is(page.lower[end], "boundary") and not is_of:
            break
        end += 1
    while end > at and page.lower[end - 1] in ("of", "and", "the", "a", "an"):
        end -= 1
    return range(at, end)


def _find_addressees(page: _Page, case: _Case, stretches: Sequence[range], sentence: Span) -> Iterator[range]:
    stop = page.within(sentence.start, sentence.end).stop
    after = case.cue[-1].stop
    is_told = bool(case.cue[-1]) and after < stop and _is(page.lower[after - 1], "telling")
    if is_told and not _is(page.at(after - 2), "be") and not page.gap(after).strip():
        inside = next((words for words in stretches if after in words), None)
        name = _name_at(page, after, stop if inside is None else inside.stop)
        # `urged the council to act`: the content holds whom the call is to.
        if inside is not None or page.at(name.stop) == "to":
            yield name
    for stretch in stretches:
        for at in stretch[:-1]:
            before = page.at(at - 1)
            speaks = _is(before, "speaking")
            to = speaks or _is(before, "addressed") or (at == after and before != "according")
            if (page.lower[at] == "to" and to) or (page.lower[at] == "with" and speaks):
                yield _name_at(page, at + 1, stretch.stop)


def _find_channels(page: _Page, stretches: Sequence[range]) -> list[Span]:
    found: list[range] = []
    for stretch, place, entry in [(words, *noun) for words in stretches for noun in page.find("channel", words)]:
        begin = place.start if entry.means == "by" else _begin_channel(page, place, entry, stretch)
        if begin is None:
            continue
        stop, after = place.stop, page.at(place.stop)
        if stop in stretch and after in ("with", "to", "for") and not page.gap(stop).strip():
            name = _name_at(page, stop + 1, stretch.stop)
            if name and (after == "with" or any(page.words[at][0].isupper() for at in name)):
                stop = name.stop
        if found and begin < found[-1].stop:
            begin, stop = found[-1].start, max(stop, found.pop().stop)
        found.append(range(begin, stop))
    return [page.span(words) for words in found]


def _begin_channel(page: _Page, place: range, entry: _Entry, stretch: range) -> int | None:
    """Where a channel begins: its preposition, or the article of an interview; None if the noun is no channel."""
    for at in range(place.start - 1, max(stretch.start, place.start - 8) - 1, -1):
        word = page.lower[at]
        if page.cut(at + 1):
            return None
        if _is(word, "preposition"):
            if entry.means == "place":
                return at if word in ("on", "via", "through", "in", "from") else None
            return at if word != "on" or "call" in entry.words else None
        if word in ("an", "a") and entry.words[0] == "interview":
            return at - 1 if at > stretch.start and _is(page.lower[at - 1], "preposition") else at
        if word in ("told", "tell", "tells", "telling") and entry.means == "occasion":
            return at + 1
        if word not in ("of", "last", "this", "over", "for") and (_is(word, "boundary") or _is(word, "relaying")):
            return None
    return None


def _find_relays(page: _Page, case: _Case, stretches: Sequence[range], before: _Case | None) -> Iterator[Span]:
    """Outlets between the publisher and the source, outermost first.

    They are the sources of what this stands in, of the attribution before it with the same content (`AP reported,
    citing an official`), those named beside a word of relaying, and the source itself.
    """
    above: list[_Case] = []
    parent = case.parent
    while parent is not None and len(above) < 8:
        above.append(parent)
        parent = parent.parent
    if before is not None and set(before.attribution.content) & set(case.attribution.content):
        above.insert(0, before)
    for link in reversed(above):
        if link.kind == "outlet":
            yield from link.attribution.source
    for stretch, place, entry in [(words, *name) for words in stretches for name in page.find("source", words)]:
        if entry.means == "outlet":
            first = place.start
            while first > stretch.start and not page.gap(first).strip() and page.words[first - 1][0].isupper():
                first -= 1
            beside = (page.at(first - 2), page.at(first - 1), page.at(place.stop), page.at(place.stop + 1))
            is_name = page.words[first][0].isupper() or page.words[place.start][0].isupper()
            if is_name and beside[1] != "told" and any(_is(word, "relaying") for word in beside):
                yield page.span(range(first, place.stop))
    if case.kind == "outlet":
        yield from case.attribution.source


def _goes_on(page: _Page, before: _Case, case: _Case) -> bool:
    """Whether a case goes on from the one before it in the same sentence: `…, adding that`."""
    cue, other = case.attribution.cue, before.attribution.cue
    if not cue or not case.cue[0] or not page.sentence_at(cue[0].start).covers(other[0]):
        return False
    same = not case.attribution.source or case.attribution.source == before.attribution.source
    return same and case.parent is before.parent and page.lower[case.cue[0].start].endswith("ing")
