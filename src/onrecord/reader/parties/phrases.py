"""The noun phrases of a report that describe somebody, and what stands beside what.

`Iran's foreign minister`, `a senior U.S. official`, `the Ukrainian air force`: found around the nouns of ``words.tsv``,
without a parser. What a phrase belongs to, what it is of, and the name that it is the title or the apposition of are
told from the words between them.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.model import MentionKind, Name, PartyKind
from onrecord.reader.parties.names import name_spots, noun_at, table_at
from onrecord.reader.parties.page import LONGEST, Page, Spot, Spots
from onrecord.reader.parties.tables import KINDS, Noun, nouns, pronouns, verbs, words

_ARTICLES = frozenset("a an the".split())
_POINTING = frozenset("this these those".split())
_OWNERS = frozenset("its his her their our my whose your".split())
_PERSONS = frozenset("he him his himself she her hers herself".split())
_WITH_FIELD = frozenset("ministry department minister secretary".split())
"""Nouns that `of` tells the field of: `minister of justice`."""
_BEFORE_COMPLEMENT = frozenset("of for from at in to".split())
_AFTER_NOUNS = frozenset("in of at near across inside around are were".split())
"""Words that follow a noun in the plural and hardly a verb."""
_SAYING = frozenset("said says told added adds reported noted wrote stressed explained continued went".split())
_FURTHEST = 16
"""Words before a name in which a description that stands in apposition to it can begin."""
_WHATS = {"person": "role", "plural": "role", "office": "office", "body": "body", "document": "document"}


def find_spots(page: Page, names: Sequence[Name]) -> Spots:
    """All phrases of a page that can point to somebody, but for pronouns that only a source can be."""
    taken = [False] * len(page)
    spots = name_spots(page, names, taken)
    spots += _noun_phrases(page, taken, spots)
    spots += [
        pronoun_spot(page, word) for word, lower in enumerate(page.lower) if lower in _PERSONS and not taken[word]
    ]
    for spot in spots:
        is_possessive = spot.what == "pronoun" and page.lower[spot.first] in _OWNERS
        spot.is_owner = page.owns[spot.stop - 1] or is_possessive
    _join_neighbours(page, spots)
    return Spots([spot for spot in spots if spot.what != "adjective"])


def pronoun_spot(page: Page, word: int) -> Spot:
    """The spot of the pronoun at a word."""
    kind, gender = pronouns()[page.lower[word].partition("'")[0]]
    return Spot(word, word, word + 1, MentionKind.PRONOUN, "pronoun", gender=gender, plural=kind == "many")


def _noun_phrases(page: Page, taken: Sequence[bool], spots: Sequence[Spot]) -> list[Spot]:
    """Phrases of persons, offices, bodies and documents, given the names."""
    by_first = {spot.first: spot for spot in spots}
    by_stop = {spot.stop: spot for spot in spots}
    found: list[Spot] = []
    word = 0
    while word < len(page):
        noun = None if taken[word] or page.lower[word] not in nouns() else noun_at(page, word)
        if noun is None:
            word += 1
            continue
        stop = word + len(noun.words)
        if noun.words[-1] in _WITH_FIELD:
            stop = _field(page, stop)
        name = _titled(page, stop, by_first)
        if name is not None or not _is_modifier(page, noun, stop):
            spot = _phrase(page, word, stop, noun, by_stop)
            if name is not None:
                name.beside.append(spot)
                spot.name = name
            found.append(spot)
            by_stop[spot.stop] = spot
            by_first.setdefault(spot.first, spot)
        word = stop
    return found


def _titled(page: Page, stop: int, by_first: dict[int, Spot]) -> Spot | None:
    """The name of which a noun that ends before a word is the title."""
    name = by_first.get(stop) if page.joined(stop) and not page.owns[stop - 1] else None
    if name is None or name.what not in ("person", "organization", "group", "other", "table"):
        return None
    return name if name.named is None or name.named.part == "outlet" else None


def _is_modifier(page: Page, noun: Noun, stop: int) -> bool:
    """Whether a noun that ends before a word only tells more of the noun behind it: `government policy`."""
    if not page.joined(stop) or page.owns[stop - 1]:
        return False
    word = page.lower[stop]
    following = noun_at(page, stop)
    if following is not None:
        return following.part == "document" or not word.endswith(("ed", "ing"))
    if _is_head_behind(page, noun, stop):
        return True
    if (
        any(word in words(part) for part in ("boundary", "count", "past"))
        or word in verbs("acts")
        or word in verbs("onto")
    ):
        return False
    if word in _ARTICLES or word in _OWNERS or word in _POINTING or word.endswith(("ed", "ly", "ing")):
        return False
    # `the president arrives`, but `military systems`.
    is_verb = noun.part == "person" and not noun.plural and word.endswith("s")
    return word.isalpha() and not is_verb


def _is_head_behind(page: Page, noun: Noun, stop: int) -> bool:
    """Whether a word that may be a verb is a noun in the plural behind an office: `hit military targets`.

    The office would have an article or a country of its own before a verb: `the military targets bridges`.
    """
    word, first = page.lower[stop], stop - len(noun.words)
    if noun.part != "office" or noun.plural or not word.endswith("s") or word.endswith("ss"):
        return False
    if word in words("boundary") or word in words("past") or page.capital(first) or not page.joined(first):
        return False
    before = page.at(first - 1)
    is_bare = not (page.owns[first - 1] or page.capital(first - 1) or _determiner(before, noun))
    is_bare = is_bare and before not in words("modifier") and before not in words("field")
    after = page.at(stop + 1) if page.joined(stop + 1) else ""
    return is_bare or after in _AFTER_NOUNS or after in words("past") or after.endswith("ed")


def _field(page: Page, stop: int) -> int:
    """One past ``ministry of foreign affairs``, given where ``ministry`` ends."""
    if page.at(stop) != "of" or not page.joined(stop):
        return stop
    at = stop + 1
    while at < len(page) and at - stop < 6 and page.joined(at):
        word = page.lower[at]
        if word in ("and", "the") and at > stop + 1:
            if page.joined(at + 1) and page.capital(at + 1) and page.capital(stop + 1):
                at += 1
                continue
            break
        if word in words("boundary") or word in _ARTICLES or word in verbs("acts"):
            break
        if table_at(page, at) is not None:
            break
        at += 1
        if page.owns[at - 1] or (not page.capital(at - 1) and at - stop > 2):
            break
    return at if at > stop + 1 else stop


def _determiner(word: str, noun: Noun) -> str:
    """What a word before a noun phrase makes of it; empty if it is none that begins one."""
    if word in _OWNERS:
        return "own"
    if word in ("the", "both") or word in _POINTING:
        return "the"
    if word in _ARTICLES or (word in ("another", "one") and not noun.plural):
        return "a"
    return "some" if word in words("count") or word.isdigit() else ""


def _phrase(page: Page, first: int, stop: int, noun: Noun, by_stop: dict[int, Spot]) -> Spot:
    """The noun phrase around a noun, as far as it goes to the left; what follows it is joined later."""
    start = first
    determiner, country = "", ""
    owner: Spot | None = None
    country_at: tuple[int, int] | None = None
    modifiers: list[str] = []
    is_told = False  # whether a modifier tells which office it is, and not only how it is
    at = first - 1
    while at >= 0 and first - at <= LONGEST and page.joined(at + 1):
        word = page.lower[at]
        if page.owns[at]:
            determiner, whose = "own", by_stop.get(at + 1)
            start, owner = (whose.start, whose) if whose is not None else (at, owner)
            if whose is not None and whose.country and not country:
                country, country_at = whose.country, whose.country_at
            break
        if determiner := _determiner(word, noun):
            start = at
            if determiner == "some" and page.at(at - 1) in ("the", "these", "those") and page.joined(at):
                start, determiner = at - 1, "the"
            break
        inside = by_stop.get(at + 1)
        if inside is not None and inside.kind is MentionKind.NAME:
            if inside.named is not None and inside.named.part == "people":
                break
            if inside.what == "person":
                owner = owner or inside  # `the Roth campaign`
            if inside.country and not country:
                country, country_at = inside.country, inside.country_at
            if not inside.country:
                is_told = True
                modifiers.append(" ".join(page.lower[inside.first : inside.stop]))
            start, at = inside.first, inside.first - 1
            continue
        is_known = any(word in part for part in (words("modifier"), words("field"), nouns()))
        if word in words("boundary") or (not page.capital(at) and _ends_phrase(page, at, noun, is_known)):
            break
        opens = page.capital(at) and page.opens(at)
        # `Victoria Police`: both capitals belong to one name.
        if opens and not is_known and not (at == first - 1 and page.capital(first)):
            break
        modifiers.append(word)
        is_noun = word in nouns() and word not in words("modifier")
        is_name = page.capital(at) and not (opens and is_known)
        is_told = is_told or is_noun or is_name or word in words("field")
        if page.capital(at) or is_known:
            start = at
        at -= 1
    is_named = noun.part == "office" and (
        bool(country)
        or is_told
        or (page.capital(first) and not page.opens(first))
        or stop - first > 1
        or (owner is not None and owner.kind is MentionKind.NAME)
    )
    sort = KINDS.get(noun.kind, PartyKind.UNKNOWN) if noun.part in ("office", "body") else PartyKind.UNKNOWN
    if noun.part == "person" or noun.base == "people":
        sort = PartyKind.GROUP if noun.plural else PartyKind.PERSON
    return Spot(
        start,
        first,
        stop,
        MentionKind.NAME if is_named and not noun.plural else MentionKind.DESCRIPTION,
        _WHATS[noun.part],
        noun=noun,
        determiner=determiner,
        country=country,
        country_at=country_at,
        owner=owner,
        plural=noun.plural and noun.part != "office",
        gender=noun.gender,
        modifiers=tuple(reversed(modifiers)),
        sort=sort,
    )


def _ends_phrase(page: Page, at: int, noun: Noun, is_known: bool) -> bool:
    """Whether a word in small letters before a noun is no modifier of it but a verb, or another phrase."""
    word = page.lower[at]
    entry = nouns().get(word, [None])[0]
    if entry is not None:  # `told reporters government officials`, but `the veterans ministry`
        return entry.part == "person" and entry.plural and noun.words[-1] not in _WITH_FIELD
    if is_known:
        return False
    if word in words("past") or word in verbs("acts"):
        return True
    if not word.endswith("ed") or "-" in word:
        return False
    before = page.at(at - 1)  # `drones destroyed military targets`, but `the newly renamed ministry`
    is_modifier = _determiner(before, noun) or before.endswith("ly") or (page.owns[at - 1] if at else True)
    return not is_modifier


# ---- what stands beside what


def _join_neighbours(page: Page, spots: Sequence[Spot]) -> None:
    """Sets what phrases are of, and joins descriptions to the names that they stand beside, before or after."""
    opening: dict[int, Spot] = {}
    for spot in spots:
        if spot.start not in opening or opening[spot.start].stop < spot.stop:
            opening[spot.start] = spot
    for spot in spots:
        if spot.noun is not None and page.at(spot.stop) in _BEFORE_COMPLEMENT and page.joined(spot.stop):
            _set_complement(page, spot, opening)
    for spot in spots:
        if spot.kind is not MentionKind.NAME or spot.what not in ("person", "organization", "table", "group"):
            continue
        if spot.named is not None and spot.named.part in ("country", "capital", "people"):
            continue
        for description in (_apposed_before(page, spot, opening), _apposed_after(page, spot, opening)):
            if description is not None:
                spot.beside.append(description)
                description.name = spot


def _set_complement(page: Page, spot: Spot, opening: dict[int, Spot]) -> None:
    """Reads ``president of Poland`` and ``spokesman for the army``; an ambassador `in` or `to` a country is not its."""
    preposition, first = page.lower[spot.stop], spot.stop + 1
    found = opening.get(first) or (opening.get(first + 1) if page.at(first) in _ARTICLES else None)
    if found is None or found.kind is MentionKind.PRONOUN or not page.joined(first):
        return
    spot.of = found
    is_place = preposition == "to" or (
        preposition in ("in", "at") and spot.noun is not None and spot.noun.part == "person"
    )
    if not (spot.country or is_place or found.what == "person"):
        spot.country, spot.country_at = found.country, found.country_at


def _can_be(spot: Spot, noun: Noun) -> bool:
    """Whether a name can be what a noun says: a person, or a body; a label of one word may be wrong."""
    is_body = noun.part in ("body", "office")
    if spot.what == "person":
        return noun.part == "person" or (is_body and spot.stop - spot.first == 1)
    return is_body


def _apposed_before(page: Page, spot: Spot, opening: dict[int, Spot]) -> Spot | None:
    """``Sardal's foreign minister, Teymor Harand``; ``President of Ukraine Volodymyr Zelensky``."""
    first = spot.first
    while page.joined(first) and page.words[first - 1] in words("title"):
        first -= 1
    gap = page.gap(first).strip()
    if gap != "," and (gap or spot.what != "person"):
        return None
    best: Spot | None = None
    for at in range(first - 1, max(-1, first - _FURTHEST), -1):
        if page.sentences[at] != page.sentences[spot.first]:
            break
        found = opening.get(at)
        if found is None or found.noun is None or not _can_be(spot, found.noun):
            continue
        end, inner = found.stop, found.of
        for _ in range(3):
            if inner is not None:
                end, inner = inner.stop, inner.of
        single = not found.plural and found.name is None and not page.owns[found.stop - 1]
        if end == first and single and (gap == "," or found.of is not None):
            best = found  # the outermost: `an adviser to the president, Mykhailo Podolyak`
    return best


def _apposed_after(page: Page, spot: Spot, opening: dict[int, Spot]) -> Spot | None:
    """``James Cleverly, the British foreign secretary, …``; an age between commas is passed over."""
    at = spot.stop
    if page.gap(at).strip() != "," or page.owns[at - 1]:
        return None
    if at + 1 < len(page) and page.words[at].isdigit() and page.gap(at + 1).strip() == ",":
        at += 1
    found = opening.get(at)
    if found is None or found.noun is None or not _can_be(spot, found.noun) or found.plural or found.name is not None:
        return None
    if page.sentences[at] != page.sentences[spot.first] or (
        spot.what != "person" and found.determiner not in ("the", "a")
    ):
        return None
    after = page.at(found.stop)
    # `five of the drones, the president reported`
    return None if page.joined(found.stop) and (after in verbs("acts") or after in _SAYING) else found
