"""The names of a report: those that were found, mended, and those that only tables or the words beside them show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.model import Label, MentionKind, Name, PartyKind
from onrecord.reader.parties.page import Page, Spot
from onrecord.reader.parties.tables import KINDS, Named, Noun, fold, genders, named, nouns, pronouns, verbs, words

_LONGEST = 12
"""Most words of a name that is put together from capitals."""
_WEAPON = re.compile(r"(?=[A-Z])[A-Za-z]{1,8}-?\d{1,4}[A-Za-z]{0,3}\Z|[A-Z]\w{0,20}-\d{1,4}\Z")
PERSONAL = frozenset("Jordan Chad Israel India Georgia Paris Sofia Lima Victoria Sydney Kenya China Austin".split())
"""Names of places that are given names, too; who is labelled a person is one."""
_SHORT = frozenset("pm fm mfa mod".split())
"""Nouns that are abbreviations; in small letters they are other words."""
_PARTICLES = frozenset("al bin de van von".split())
_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat january february march april may
    june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec""".split()
)
_WHATS = {
    Label.PERSON: "person",
    Label.ORGANIZATION: "organization",
    Label.PLACE: "place",
    Label.FACILITY: "place",
    Label.GROUP: "group",
    Label.PRODUCT: "product",
    Label.OTHER: "other",
}


@dataclass(slots=True)
class _Labelled:
    """A name as it was found, as a range of words, with its label."""

    first: int
    stop: int
    label: Label


def name_spots(page: Page, names: Sequence[Name], taken: list[bool]) -> list[Spot]:
    """The names of a page, in no order; the words that they stand on are marked as taken."""
    labelled = _labelled(page, names)
    spots = [*_in_tables(page, labelled, taken), *_as_labelled(page, labelled, taken)]
    word = 0
    while word < len(page):
        found = None if taken[word] or not page.words[word][0].isupper() else _unlabelled(page, word, taken)
        if found is not None:
            _take(found, taken, spots)
        word = max(word + 1, found.stop if found is not None else 0)
    return spots


def _take(spot: Spot, taken: list[bool], spots: list[Spot]) -> None:
    spots.append(spot)
    taken[spot.first : spot.stop] = [True] * (spot.stop - spot.first)


# ---- names that were found


def _labelled(page: Page, names: Sequence[Name]) -> list[_Labelled]:
    """The names that were found as ranges of words, in order and apart, less what is no part of a name."""
    found: list[_Labelled] = []
    floor = 0
    for name in sorted(names, key=lambda name: name.span):
        inside = page.touching(name.span)
        first, stop = max(inside.start, floor), inside.stop
        while first < stop and page.words[first][0].islower() and page.lower[first] not in _PARTICLES:
            first += 1
        while stop > first and page.words[stop - 1][0].islower():
            stop -= 1
        if first >= stop or (stop - first == 1 and _is_no_name(page, first, name.label)):
            continue
        if name.label is Label.PERSON:  # titles and peoples are no part of a person's name
            while stop - first > 1 and _is_before_names(page, first):
                first += 1
        before = found[-1] if found else None
        if (
            before is not None
            and before.stop == first
            and page.joined(first)
            and _is_one_person(page, before, name.label)
        ):
            before.stop, before.label = stop, Label.PERSON
        else:
            found.append(_Labelled(first, stop, name.label))
        floor = stop
    return found


def _is_no_name(page: Page, word: int, label: Label) -> bool:
    """Whether a name of one word is none: a day, an adjective, a title, a piece of a longer name."""
    lower = page.lower[word]
    if lower in ("the", "a", "an") or (label is Label.GROUP and "-" in lower):
        return True  # `Iranian-made`
    if label is not Label.PERSON and (
        lower in _DAYS or (lower in words("boundary") and not page.words[word].isupper())
    ):
        return True  # but `May` may be a person
    if lower in pronouns() and not (len(lower) > 1 and page.words[word].isupper()):
        return True  # `He`, but `WHO`
    if lower not in nouns():
        return False
    if page.joined(word + 1) and page.capital(word + 1):
        return True  # `Treasury Secretary Janet Yellen`
    is_body = label is Label.ORGANIZATION and nouns()[lower][0].part == "body"
    goes_on = page.at(word + 1) in ("of", "for") and page.joined(word + 1)
    return is_body and (goes_on or (page.joined(word) and page.words[word - 1][0].isupper()))  # `University` of Texas


def _is_before_names(page: Page, word: int) -> bool:
    return page.words[word] in words("title") or page.lower[word] in nouns() or _is_country(page, word)


def _is_country(page: Page, word: int) -> bool:
    entry = table_at(page, word)
    return entry is not None and entry.part in ("country", "adjective") and entry.words[0] not in PERSONAL


def _is_one_person(page: Page, before: _Labelled, label: Label) -> bool:
    """Whether a name and the one right behind it are one person's: both labelled so, or it opens with a given name."""
    if page.owns[before.stop - 1] or before.stop - before.first > 2:
        return False
    given = before.stop - before.first == 1 and fold(page.words[before.first]) in genders()
    return label is before.label is Label.PERSON or (given and label in (Label.PERSON, Label.ORGANIZATION))


def _as_labelled(page: Page, labelled: Sequence[_Labelled], taken: list[bool]) -> list[Spot]:
    """Names that are in no table."""
    spots: list[Spot] = []
    for name in labelled:
        first, stop = name.first, name.stop
        while first < stop and taken[first]:
            first += 1
        while stop > first and taken[stop - 1]:
            stop -= 1
        what = _WHATS[name.label]
        if first >= stop or any(taken[first:stop]) or (what == "organization" and _is_office(page, first, stop)):
            continue
        if what != "person" and stop - first < 4 and _is_person(page, first, stop, what):
            what = "person"
        _take(Spot(first, first, stop, MentionKind.NAME, what), taken, spots)
    return spots


def _is_office(page: Page, first: int, stop: int) -> bool:
    """Whether a name is that of an office, which every country has: `Defense Ministry`, `Ministry of Justice`."""
    if any(word in ("of", "for") for word in page.lower[first:stop]):
        entry = noun_at(page, first)
        return entry is not None and entry.part == "office"
    at, last = first, None
    while at < stop:
        last = noun_at(page, at)
        at += len(last.words) if last else 1
    # More than four words make a name of its own.
    return last is not None and last.part == "office" and at == stop and stop - first <= 4


def _is_person(page: Page, first: int, stop: int, what: str) -> bool:
    """Whether a name that was labelled otherwise is a person's: it follows a title, or begins with a given name."""
    if page.lower[stop - 1] in nouns() or page.words[stop - 1] in words("firm"):
        return False
    given = stop - first == 2 and fold(page.words[first]) in genders() and what != "place"
    return given or _follows_title(page, first)


# ---- names of the tables


def table_at(page: Page, word: int) -> Named | None:
    """The longest name of the tables that begins at a word."""
    for entry in named().get(page.lower[word], ()) if word < len(page) else ():
        stop = word + len(entry.words)
        if stop <= len(page) and all(page.tight[word + 1 : stop]) and _is_written(page.words[word:stop], entry.words):
            return entry
    return None


def _is_written(given: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether words are those of a name, capitals and all; all in capitals is as good."""
    return all(
        word == own or (len(word) > 3 and word.isupper() and own.upper() == word)
        for word, own in zip(given, wanted, strict=True)
    )


def _in_tables(page: Page, labelled: Sequence[_Labelled], taken: list[bool]) -> list[Spot]:
    """Names of the tables; those inside a longer name that they do not explain are none (`Bank of America`)."""
    spots: list[Spot] = []
    around = {word: name for name in labelled for word in range(name.first, name.stop)}
    word = 0
    while word < len(page):
        entry = table_at(page, word) if page.lower[word] in named() else None
        if entry is None:
            word += 1
            continue
        stop = word + len(entry.words)
        name = around.get(word)
        if name is not None and (name.first < word or name.stop > stop) and not _explains(page, name, word, stop):
            word = max(name.stop, stop)
            continue
        is_person = name is not None and name.label is Label.PERSON and entry.words[0] in PERSONAL
        is_person = is_person and not _has_office(page, stop)
        if is_person or not _stands_alone(page, entry, word, stop, name) or _begins_name(page, entry, stop):
            word += 1
            continue
        spot = Spot(
            word,
            word,
            stop,
            MentionKind.NAME,
            "adjective" if entry.part == "adjective" else "table",
            entry,
            country=entry.country,
            country_at=(word, stop),
            plural=entry.part == "people",
            sort=KINDS.get(entry.part, PartyKind.GROUP if entry.part == "people" else PartyKind.UNKNOWN),
        )
        _take(spot, taken, spots)
        word = stop
    return spots


def _has_office(page: Page, stop: int) -> bool:
    """Whether a name that ends before a word has an office or a force, as only a country has: `Chad's army said`."""
    at = stop
    while page.owns[stop - 1] and at < min(stop + 3, len(page)) and page.joined(at):
        noun = noun_at(page, at)
        if noun is not None and noun.part == "office":
            return True
        if noun is None and page.lower[at] not in words("modifier"):
            return False
        at += len(noun.words) if noun is not None else 1
    return False


def _explains(page: Page, name: _Labelled, first: int, stop: int) -> bool:
    """Whether a longer name is one of the tables with an office or a title of its own: `Russian Foreign Ministry`."""
    return all(
        page.lower[word] in nouns()
        or any(page.lower[word] in words(part) for part in ("modifier", "boundary"))
        or page.lower[word] in ("the", "affairs", "force", "forces")
        or _is_country(page, word)
        for word in (*range(name.first, first), *range(stop, name.stop))
    )


def _stands_alone(page: Page, entry: Named, first: int, stop: int, name: _Labelled | None) -> bool:
    """Whether a name of one common word (`Observer`, `Meta`, `Shell`) is one here."""
    if stop - first > 1 or name is not None or entry.part not in ("outlet", "company", "organization"):
        return True
    return page.words[first].isupper() or not page.opens(first) or page.at(stop) in verbs("acts")


def _begins_name(page: Page, entry: Named, stop: int) -> bool:
    """Whether a country is only the first word of a longer name: `Singapore Airlines`, `New Zealand Herald`."""
    if entry.part not in ("country", "adjective", "capital") or page.owns[stop - 1]:
        return False
    for word in range(stop, min(stop + 3, len(page))):
        if not page.joined(word) or not page.words[word][0].isupper() or page.lower[word] in words("boundary"):
            return False
        if page.words[word] in words("firm") or page.words[word] in words("paper"):
            return True
        noun = noun_at(page, word)
        if noun is not None:
            return noun.part == "body" and not page.words[word].isupper()
    return False


# ---- names that were not found


def _unlabelled(page: Page, word: int, taken: Sequence[bool]) -> Spot | None:
    """A name that begins at a word, or lies around it, and that no label shows."""
    if stop := _weapon(page, word):
        return Spot(word, word, stop, MentionKind.NAME, "product")
    if stop := _person(page, word, taken):
        return Spot(word, word, stop, MentionKind.NAME, "person")
    if body := _body(page, word, taken):
        return Spot(body.start, body.start, body.stop, MentionKind.NAME, "organization")
    return None


def is_weapon_name(word: str) -> bool:
    """Whether a word looks like the designation of a weapon: ``S-300``, ``Kh-55``, ``M777``."""
    return _WEAPON.match(word) is not None


def _weapon(page: Page, word: int) -> int:
    """One past the name of a weapon: ``Shahed-136``, ``S-300`` beside ``missiles``; 0 if none begins here."""
    first = page.words[word]
    if first in words("weapons") or first.split("-")[0] in words("weapons"):
        return word + 1 + (page.joined(word + 1) and page.words[word + 1].isdigit())
    near = any(page.at(at) in words("arms") for at in (word - 1, word + 1))
    return word + 1 if near and is_weapon_name(first) else 0


def _follows_title(page: Page, word: int) -> bool:
    """Whether a title or a noun for one person stands right before a word."""
    if not page.joined(word):
        return False
    if page.words[word - 1] in words("title"):
        return True
    for length in (3, 2, 1):
        first = word - length
        entry = noun_at(page, first) if first >= 0 else None
        if entry is not None and len(entry.words) == length and all(page.tight[first + 1 : word]):
            return entry.part == "person" and not entry.plural
    return False


def _person(page: Page, word: int, taken: Sequence[bool]) -> int:
    """One past a person's name that follows a title; 0 if none begins here."""
    if page.lower[word] in nouns() or page.words[word] in words("title") or page.lower[word] in words("boundary"):
        return 0
    if page.words[word].isupper() or not _follows_title(page, word):
        return 0
    stop = word + 1
    while stop < len(page) and stop - word < 4 and page.joined(stop) and not taken[stop] and not page.owns[stop - 1]:
        if not page.words[stop][0].isupper() or page.lower[stop] in nouns():
            break
        stop += 1
    return stop


def _body(page: Page, word: int, taken: Sequence[bool]) -> range | None:
    """A name of several capitals, one of which is the noun of a body: `Institute for the Study of War`."""
    entry = noun_at(page, word)
    is_last = not page.opens(word) and (page.words[word] in words("firm") or page.words[word] in words("paper"))
    if not is_last and (entry is None or entry.part != "body"):
        return None

    def belongs(at: int) -> bool:
        return page.words[at][0].isupper() and page.lower[at] not in words("boundary") and page.lower[at] != "the"

    first, stop = word, word + (len(entry.words) if entry and not is_last else 1)
    while word - first < _LONGEST and page.joined(first) and not (taken[first - 1] or page.owns[first - 1]):
        if not belongs(first - 1):
            break
        first -= 1
    for ahead in range(stop, min(first + _LONGEST, len(page))):
        if not page.joined(ahead) or taken[ahead] or page.owns[ahead - 1]:
            break
        if belongs(ahead):
            stop = ahead + 1
        elif page.lower[ahead] not in ("of", "for", "the", "and", "on"):
            break
    return range(first, stop) if stop - first > 1 else None


def noun_at(page: Page, word: int) -> Noun | None:
    """The longest noun of the tables that begins at a word."""
    for entry in nouns().get(page.lower[word], ()):
        stop = word + len(entry.words)
        if len(entry.words) == 1:
            return entry if entry.base not in _SHORT or _is_abbreviation(page, word) else None
        if (
            stop <= len(page)
            and all(page.tight[word + 1 : stop])
            and tuple(page.lower[word:stop]) == entry.words
            and not any(page.owns[word : stop - 1])
        ):
            return entry
    return None


def _is_abbreviation(page: Page, word: int) -> bool:
    """Whether a word stands in capitals, and behind no figure: `the PM`, not `5 PM`."""
    return page.words[word][-1].isupper() and not (word > 0 and page.words[word - 1].isdigit())
