"""Which noun phrase a source is: the one that the rest of its words only tell more of."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.model import MentionKind, PartyKind
from onrecord.reader.parties.page import Page, Spot, Spots
from onrecord.reader.parties.phrases import pronoun_spot
from onrecord.reader.parties.tables import Noun, pronouns, words

_TIES = frozenset("by from to of and but as with".split())
_TELLS_MORE = frozenset(
    "who which that of in at from with for to whose whom on near by where such like including among".split()
)
_DETERMINERS = frozenset(
    "the a an this that these those its his her their our my some several many two three four five six one".split()
)
_MARKS = " \"'“”‘’«»"
"""What may stand inside a noun phrase: `the defeated “Remain” campaign`."""
_COUNTS = frozenset("some several many few two three four five six most all both other various certain".split())
_AGENTS = ("er", "or", "ist", "ian", "ant", "man", "woman", "ee", "eer", "mate", "crat")
"""Endings of nouns for persons."""
_OWNERS = frozenset("his her its their our my that whose".split())


def source_spot(page: Page, spots: Spots, source: range) -> Spot:
    """The phrase that is the head of a source, made and added here if it is of no kind that was looked for."""
    first, stop = source.start, source.stop
    while first < stop - 1 and page.lower[first] in _TIES:
        first += 1
    inside = spots.touching(first, stop)
    if _is_pronoun(page, first, stop):
        known = next((spot for spot in inside if spot.what == "pronoun" and spot.first == first), None)
        return known or spots.add(pronoun_spot(page, first))
    inside = [spot for spot in inside if spot.what != "pronoun"]
    end = _core(page, first, stop, inside)
    head: Spot | None = None
    opening = _opening(page, first, end, inside)
    for spot in inside:
        if spot.start <= opening and spot.stop < end and page.at(spot.stop) == "and" and not spot.is_bare:
            return _first_of_several(page, spot, inside)
        if spot.stop == end or spot.stop > end > spot.first:
            head = spot if head is None or spot.start < head.start else head
    if head is None:
        head = spots.add(_other_spot(page, first, end))
    elif (
        head.kind is MentionKind.NAME
        and page.lower[head.stop - 1].endswith("s")
        and head.start > first
        and page.lower[head.start - 1] in _COUNTS
    ):
        head = spots.add(_description(page, first, end))  # `several Democrats` are not the Democrats
    if head.name is not None:
        return head.name
    if head.noun is not None and head.noun.part in ("person", "other") and not head.plural:
        for spot in reversed(inside):
            is_behind = spot.what == "person" and spot.first >= end and spot.stop == stop
            if is_behind and (head.is_bare or page.gap(spot.first).strip() == ","):
                spot.beside.append(head)
                head.name = spot
                return spot
    return head


def _opening(page: Page, first: int, end: int, inside: Sequence[Spot]) -> int:
    """The first word of a source behind its article and the title of its name: `Joe` of `President Joe Biden`."""
    titles = {spot.start: spot.stop for spot in inside if spot.name is not None and spot.name.first == spot.stop}
    at = first
    while at < end - 1:
        if at in titles:
            at = titles[at]
        elif page.lower[at] in ("the", "a", "an") or page.words[at] in words("title"):
            at += 1
        else:
            break
    return at


def _first_of_several(page: Page, spot: Spot, inside: Sequence[Spot]) -> Spot:
    """The first of those who are named together; `the president and chief executive Louis Gallois` is one."""
    second = next((other for other in inside if other.start == spot.stop + 1), None)
    if second is None:
        return spot
    is_body = spot.kind is MentionKind.NAME and spot.what != "person" and second.first > second.start
    if is_body and second.head.part == "person" and second.head.plural:
        return second  # `White House and Pentagon spokesmen`
    is_title = second.name is not None and (page.words[second.first].isupper() or not page.capital(second.first))
    if second.name is not None and is_title and spot.head.part == "person" and not spot.plural:
        return second.name
    return spot


def _is_pronoun(page: Page, first: int, stop: int) -> bool:
    """Whether a source is a pronoun, or one of some (`one of them`), and nothing more."""
    word, alone = page.lower[first].partition("'")[0], stop - first == 1
    if word not in pronouns() or (page.words[first].isupper() and len(word) > 1):
        return False
    if word == "i" and page.gap(first + 1).startswith("."):
        return False  # an initial
    if pronouns()[word][0] in ("someone", "some"):
        return alone or page.at(first + 1) == "of"
    return alone or word not in _OWNERS


def _core(page: Page, first: int, stop: int, inside: Sequence[Spot]) -> int:
    """One past the head of a noun phrase: what follows only tells more of it."""
    stops: dict[int, int] = {}
    for spot in inside:
        at = max(spot.start, first)
        stops[at] = max(spot.stop, stops.get(at, 0))
    at = first
    while at < stop:
        ends = not page.joined(at) and page.gap(at).strip(_MARKS)
        if at > first and (ends or (page.lower[at] in _TELLS_MORE and at not in stops)):  # but `the WHO`
            break
        at = max(at + 1, stops.get(at, 0))
    return at


def _other_spot(page: Page, first: int, end: int) -> Spot:
    """A phrase whose head is in no table: a name that was not found, or a description."""
    head, last = first, end - 1
    while head < last and page.lower[head] in _DETERMINERS:
        head += 1
    capitals = page.words[last][0].isupper() and page.words[head][0].isupper()
    if capitals and (last > head or not page.opens(last) or (page.words[last].isupper() and len(page.words[last]) > 2)):
        return Spot(first, head, end, MentionKind.NAME, "other")
    return _description(page, first, end)


def _description(page: Page, first: int, end: int) -> Spot:
    """A description by a noun that no table has."""
    word, last = page.lower[first], end - 1
    determiner = "the" if word in ("the", "this", "these") else "a" if word in ("a", "an", "one", "another") else ""
    determiner = determiner or ("some" if word in _DETERMINERS and last > first else "")
    noun = page.lower[last]
    plural = noun.endswith("s") and not noun.endswith("ss") and determiner != "a"
    base = noun[:-1] if plural else noun
    return Spot(
        first,
        last,
        end,
        MentionKind.DESCRIPTION,
        "role",
        noun=Noun((noun,), base, "other", "private", "", "", plural),
        determiner=determiner,
        plural=plural,
        modifiers=tuple(word for word in page.lower[first:last] if word not in _DETERMINERS),
        sort=PartyKind.PERSON if not plural and determiner and noun.endswith(_AGENTS) else PartyKind.UNKNOWN,
    )
