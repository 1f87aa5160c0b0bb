"""One attribution while it is being read: its own words, its source's kind, and whose side the source is on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from onrecord.model import Attribution, Party, Span, Stance, Voice
from onrecord.reader.stance.page import Entry, Page, is_in, meanings


@dataclass(slots=True, eq=False)
class Case:
    """One attribution while it is being read; ranges are of words.

    Attributes:
        index: its place among the attributions given.
        attribution: the attribution.
        cue: the words of its cue, one range a piece.
        entries: what the table has of them.
        agrees: whether the cue says that the source agrees with another.
        parent: the attribution in whose content it stands.
        children: those that stand in its own.
        own: the sentences of the content, less what stands in nested attributions.
        sides: countries and names that the source is of, its own or those of the source that it refers back to.
        refers: whether the source is a pronoun or a description, and its sides are those of a source before it.
        kind: of the source: outlet, reports, analyst, authority, or empty.
        about: the statement that its stance is on.
        stance: what the source does by saying it.
        reason: which words decided that.
    """

    index: int
    attribution: Attribution
    cue: list[range] = field(default_factory=list)
    entries: list[tuple[range, Entry]] = field(default_factory=list)
    agrees: bool = False
    parent: Case | None = None
    children: list[Case] = field(default_factory=list)
    own: list[range] = field(default_factory=list)
    sides: frozenset[str] = frozenset()
    refers: bool = False
    kind: str = ""
    about: Case | None = None
    stance: Stance = Stance.ASSERT
    reason: str = ""


def spans_of(attribution: Attribution) -> list[Span]:
    """All spans of an attribution, in order."""
    return sorted((*attribution.source, *attribution.cue, *attribution.content))


def find_cases(page: Page, attributions: Sequence[Attribution], parties: Sequence[Party]) -> list[Case]:
    """The attributions of one document as cases, by where they begin; of two that begin together, the outer first."""
    cases = [Case(n, attribution) for n, attribution in enumerate(attributions)]
    by_id = {case.attribution.id: case for case in reversed(cases)}
    for case in cases:
        case.cue = [page.within(span.start, span.end) for span in case.attribution.cue]
        case.entries = [found for words in case.cue for found in page.find("cue", words, words.stop + 2)]
        case.agrees = any(entry.means == "agree" for _, entry in case.entries)
        parent = by_id.get(case.attribution.parent or "")
        if parent is not None and parent is not case:
            case.parent = parent
            parent.children.append(case)
    cases.sort(key=_order)
    for case in cases:
        case.own = _own_content(page, case)
    _name_sides(page, cases, {party.id: party.speaks_for.country for party in parties if party.speaks_for})
    return cases


_DEEPEST = 8  # nested deeper, attributions that begin together keep the order of their cues


def _order(case: Case) -> tuple[int, int, Span]:
    depth, above = 0, case.parent
    while above is not None and depth < _DEEPEST:
        depth, above = depth + 1, above.parent
    return spans_of(case.attribution)[0].start, depth, (*case.attribution.cue, *case.attribution.content)[0]


def _own_content(page: Page, case: Case) -> list[range]:
    """The sentences of a content, less the words of nested attributions.

    What another agreed with stays: who says that two sides agree on it says it too.
    """
    own = [at for piece in case.attribution.content for at in page.within(piece.start, piece.end)]
    nested = [span for child in case.children for span in spans_of(child.attribution)]
    gone = set(chain.from_iterable(page.within(span.start, span.end) for span in nested))
    agreed = [span for child in case.children if child.agrees for span in child.attribution.content]
    return [
        words
        for stretch in ([at for at in own if at not in gone], *(page.within(span.start, span.end) for span in agreed))
        for words in _runs(page, stretch)
    ]


def _runs(page: Page, words: Iterable[int]) -> list[range]:
    """Words that follow each other in one sentence, as ranges."""
    found: list[range] = []
    for at in words:
        if found and found[-1].stop == at and page.sentence_at(page.starts[at]).covers(page.span(found[-1])):
            found[-1] = range(found[-1].start, at + 1)
        else:
            found.append(range(at, at + 1))
    return found


# ---- whose side a source is on


def keys_of(page: Page, words: Iterable[range]) -> set[str]:
    """Countries, and the first letters of other names (Sardal and Sardali are one), that stand in some words."""
    keys: set[str] = set()
    for stretch in words:
        covered: set[int] = set()
        for place, entry in page.find("side", stretch):
            keys.add(entry.means)
            covered.update(place)
        for at in stretch:
            word = page.words[at]
            if at not in covered and len(word) > 2 and word[0].isupper() and not is_in(word.lower(), "referring"):
                keys.add(word[:5].lower())
    return keys


def sides_of(page: Page, words: Iterable[range]) -> set[str]:
    """Countries that stand in some words."""
    return {entry.means for stretch in words for _, entry in page.find("side", stretch)}


_TO_TITLE = 6  # words from a country to the name of the man who holds an office of it


def _names_of_sides(page: Page) -> dict[str, frozenset[str]]:
    """Whom the text calls an officer of a country: `the Sardali foreign minister, Pavel Dorn`.

    A name that it gives to two countries is left out.
    """
    named: dict[str, set[str]] = {}
    for place, entry in page.find("side", range(len(page.words))):
        title = next(
            (
                at
                for at in range(place.stop, min(place.stop + _TO_TITLE, len(page.words)))
                if is_in(page.lower[at], "office") or page.cut(at) or is_in(page.lower[at], "boundary")
            ),
            None,
        )
        if title is None or page.cut(title) or not is_in(page.lower[title], "office"):
            continue
        at = title + 1
        while at < len(page.words) and at < title + _TO_TITLE and not page.gap(at).strip(" ,"):
            if page.words[at][0].isupper() and len(page.words[at]) > 2 and not is_in(page.lower[at], "referring"):
                named.setdefault(page.lower[at][:5], set()).add(entry.means)
            elif not (is_in(page.lower[at], "office") or page.lower[at] in ("of", "and", "for")):
                break
            at += 1
    return {key: frozenset(sides) for key, sides in named.items() if len(sides) == 1}


def _name_sides(page: Page, in_order: Sequence[Case], speaks_for: Mapping[str, str]) -> None:
    """Gives every case its source's kind and sides: those of its party and its words, or of whom they refer back to."""
    known = _names_of_sides(page)
    kinds: dict[str, str] = {}
    countries = meanings("side")
    last, kind = frozenset[str](), ""
    for case in in_order:
        if case.attribution.voice is Voice.PUBLISHER:
            continue
        source = [page.within(span.start, span.end) for span in case.attribution.source]
        words = [page.lower[at] for at in chain.from_iterable(source)]
        keys = keys_of(page, source)
        case.refers = not keys and (not words or any(is_in(word, "referring") for word in words))
        if case.refers and case.parent and any(is_in(word, "first") for word in words):
            case.sides, case.kind = case.parent.sides, case.parent.kind
            continue
        case.sides = last if case.refers else frozenset(keys.union(*(known.get(key, ()) for key in keys)))
        if country := speaks_for.get(case.attribution.party or ""):
            case.sides = frozenset({country, *(() if case.refers else case.sides)})
        case.kind = _kind_of(page, source, words)
        names = keys - countries
        if not case.kind and case.refers:
            case.kind = kind if _keeps_kind(page, case, words, kind) else ""
        elif not case.kind:
            case.kind = next((kinds[key] for key in names if key in kinds), "")
        for key in names:
            known[key] = known.get(key, frozenset()) | case.sides
            if case.kind in ("analyst", "authority"):  # `Ruth Sand, an analyst`, and later `Sand said`
                kinds[key] = case.kind
        if case.sides:
            last, kind = case.sides, case.kind


def _kind_of(page: Page, source: Sequence[range], words: Sequence[str]) -> str:
    """The kind that the words of a source name; who speaks for an outlet, or wrote a report, is none."""
    kinds = [entry.means for stretch in source for _, entry in page.find("source", stretch)]
    if any(is_in(word, "person") for word in words):
        kinds = [kind for kind in kinds if kind not in ("outlet", "reports")]
    return next(iter(kinds), "")


def _keeps_kind(page: Page, case: Case, words: Sequence[str], kind: str) -> bool:
    """Whether a pronoun, or nobody named, can stand for a source of a kind: no `he` is a newspaper."""
    if not words:
        return not case.cue or any(page.lower[place[0]].endswith("ing") for place in case.cue if place)
    if kind in ("outlet", "reports"):
        return words in (["it"], ["which"]) or words[-1] in ("agency", "paper")
    return len(words) <= 2 and not any(is_in(word, "person") for word in words) and words != ["you"]
