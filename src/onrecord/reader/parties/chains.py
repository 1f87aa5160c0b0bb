"""Joins the names of a report that mean one party: full and short names, acronyms, offices, countries, capitals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.model import MentionKind, PartyKind
from onrecord.reader.parties.names import is_weapon_name, noun_at, table_at
from onrecord.reader.parties.page import Page, Spot
from onrecord.reader.parties.tables import Named, fold, genders, governments, squash, verbs, words

_SUFFIXES = frozenset("jr sr ii iii iv".split())
_GOVERNMENTS = frozenset("government authorities regime leadership administration cabinet side".split())
"""Offices that are the government itself, when a country stands beside them."""
_ALSO = {
    "treasury": ("department", "ministry"),
    **dict.fromkeys(
        ("army", "navy", "force", "forces", "staff", "marines", "command"), ("military", "army", "command")
    ),
}
"""Last word of an office to nouns by which a text may come back to it, too."""
_ABBREVIATED = {"mod": "ministry defense", "mfa": "ministry foreign"}
_BEFORE_VERBS = frozenset("not also later still never has had have is was were are now then once".split())
_SMALL = frozenset("of for the and on in to de la du".split())
_KEEP = 24
"""Chains of one surname that are looked at; a document that has more of them is no report."""
STEM = 5
"""Letters by which an unknown adjective is taken for the place it comes from (Sardali: Sardal)."""


@dataclass(slots=True, eq=False)
class Chain:
    """One party while its mentions are gathered.

    Attributes:
        sort: what it is.
        spots: what points to it, each with why.
        full: its longest name, folded, without titles.
        shown: the same as it stands in the text.
        full_at: word at which it was last named in full.
        key: of the tables, or of its office; empty for others.
        country: code of its country, empty if unknown.
        gender: m, f, or empty.
        plural: whether it is several.
        roles: descriptions that stand beside its name, or, of a party without a name, that it is known by.
        called: nouns by which the text may come back to it.
        acts: whether it does what governments do.
        into: the chain that it turned out to be, which has its mentions now.
    """

    sort: PartyKind
    spots: list[tuple[Spot, str]] = field(default_factory=list)
    full: tuple[str, ...] = ()
    shown: str = ""
    full_at: int = -1
    key: str = ""
    country: str = ""
    gender: str = ""
    plural: bool = False
    roles: list[Spot] = field(default_factory=list)
    called: frozenset[str] = frozenset()
    acts: bool = False
    into: Chain | None = None

    def add(self, spot: Spot, reason: str) -> None:
        """Takes a mention in."""
        self.spots.append((spot, reason))
        if spot.kind is not MentionKind.PRONOUN:  # a pronoun that was resolved wrongly must not decide the next one
            self.gender = self.gender or spot.gender
        if spot.country and not self.country and spot.what != "table":
            self.country = spot.country


class Chains:
    """The chains of one document, and the ways to find one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.all: list[Chain] = []
        self._persons: dict[str, list[Chain]] = defaultdict(list)
        self._keys: dict[str, Chain] = {}
        self._countries: dict[str, Chain] = {}
        self._bodies: dict[tuple[str, ...], Chain] = {}
        self._acronyms: dict[str, Chain] = {}
        self._offices: dict[frozenset[str], list[Chain]] = defaultdict(list)
        self.stems: frozenset[str] = frozenset()
        """Words that come from a place of the text that no table has: Sardali."""
        self.by_stem: dict[str, Spot] = {}
        """Stem of a place that no table has to where it stands first."""
        self.of: dict[int, Chain] = {}
        """id of a spot to its chain."""

    def open(self, sort: PartyKind, spot: Spot, reason: str) -> Chain:
        """A new chain with its first mention."""
        is_group = sort is PartyKind.GROUP and self.page.lower[spot.stop - 1].endswith("s")
        chain = Chain(sort, plural=spot.plural or is_group)
        self.all.append(chain)
        self.join(chain, spot, reason)
        return chain

    def join(self, chain: Chain, spot: Spot, reason: str) -> None:
        """Adds a mention to a chain."""
        chain.add(spot, reason)
        self.of[id(spot)] = chain

    def merge(self, chain: Chain, into: Chain) -> None:
        """Moves all mentions of one chain to another."""
        for spot, reason in chain.spots:
            self.join(into, spot, reason)
        into.roles += [role for role in chain.roles if role not in into.roles]
        chain.into = into

    def _text(self, spot: Spot) -> str:
        return self.page.span(spot.first, spot.stop).of(self.page.text)

    # ---- persons

    def person(self, spot: Spot) -> Chain:
        """The chain of a person's name."""
        whole = self.page.folded(spot.first, spot.stop)
        name = tuple(word for word in whole if word not in _SUFFIXES and (len(word) > 1 or not word.isalpha())) or whole
        gender = self._gender(spot, name)
        keys = [squash(word) for word in name]
        found = self._same_person(keys, gender)
        if found is None:
            found = self.open(PartyKind.PERSON, spot, "name")
        else:
            same = len(name) >= len(found.full) or len(name) > 1
            self.join(found, spot, "name" if same else f"short name of {_quoted(found.shown)}")
        if len(name) > len(found.full):
            found.full, found.shown = name, self._text(spot)
        if len(name) > 1 or len(found.full) == 1:
            found.full_at = spot.first
        found.gender = found.gender or gender
        for key in dict.fromkeys(keys):
            known = self._persons[key]
            if found in known:
                known.remove(found)
            known.append(found)
            del known[:-_KEEP]
        for role in spot.beside:
            self.join(found, role, "stands beside the name")
            found.roles.append(role)
        return found

    def person_called(self, spot: Spot) -> Chain | None:
        """The person who is known by a name that was not labelled one."""
        found = self._same_person([squash(word) for word in self.page.folded(spot.first, spot.stop)], "")
        if found is not None:
            self.join(found, spot, f"short name of {_quoted(found.shown)}")
        return found

    def _same_person(self, keys: Sequence[str], gender: str) -> Chain | None:
        best: tuple[int, int, Chain] | None = None
        for chain in self._persons.get(keys[-1], ()) if len(keys) == 1 else self._rivals(keys):
            if gender and chain.gender and gender != chain.gender:
                continue
            own = [squash(word) for word in chain.full]
            if len(keys) == 1:
                rank = 2 if own[-1] == keys[0] else 1
            elif len(own) == 1:
                if own[0] not in (keys[-1], keys[0]):
                    continue
                rank = 1
            elif set(own) <= set(keys) or set(keys) <= set(own):
                rank = 3
            elif own[-1] == keys[-1] and (own[0][0] == keys[0][0] and 1 in (len(own[0]), len(keys[0]))):
                rank = 2
            else:
                continue
            if best is None or (rank, chain.full_at) > best[:2]:
                best = (rank, chain.full_at, chain)
        return best[2] if best else None

    def _rivals(self, keys: Sequence[str]) -> list[Chain]:
        return list(dict.fromkeys([*self._persons.get(keys[-1], ()), *self._persons.get(keys[0], ())]))

    def _gender(self, spot: Spot, name: Sequence[str]) -> str:
        before = self.page.words[spot.first - 1] if self.page.joined(spot.first) else ""
        if before in words("title") and words("title")[before]:
            return words("title")[before]
        for role in spot.beside:
            if role.gender:
                return role.gender
        return genders().get(name[0], "") if len(name) > 1 else ""

    # ---- bodies

    def table(self, spot: Spot, entry: Named, *, acts: bool) -> Chain:
        """The chain of a name of the tables; a capital is the government only where it acts as one."""
        key = entry.key
        if entry.part == "people":
            key = f"people {key}"
        elif entry.part == "capital" and not acts:
            key = f"city {key} {entry.words[0]}"
        chain = self._keys.get(key)
        reason = "capital that stands for its government" if entry.part == "capital" and acts else "name"
        if chain is None:
            chain = self._keys[key] = self.open(spot.sort, spot, reason)
            chain.key = key
            if entry.part != "capital" or acts:
                chain.country, chain.called = entry.country, entry.called
            if key.startswith("country"):
                self._countries.setdefault(entry.country, chain)
        else:
            self.join(chain, spot, reason)
        if acts:
            chain.acts, chain.sort = True, PartyKind.GOVERNMENT if entry.country else PartyKind.ORGANIZATION
        for role in spot.beside:
            self.join(chain, role, "stands beside the name")
        return chain

    def body(self, spot: Spot, sort: PartyKind) -> Chain:
        """The chain of an organisation, a place or a product that is in no table."""
        whole = self.page.folded(spot.first, spot.stop)
        name = tuple(word for word in whole if word != "the") or whole
        chain = self._bodies.get(name)
        reason = "name"
        if chain is None and len(name) == 1:
            raw = "".join(self.page.words[spot.first : spot.stop])
            if raw.isupper() and len(raw) > 1 and (chain := self._acronyms.get(raw)) is not None:
                reason = f"acronym of {_quoted(chain.shown)}"
        if chain is not None and (chain.sort is PartyKind.PLACE) != (sort is PartyKind.PLACE) and reason != "name":
            chain = None
        if chain is None:
            chain = self.open(sort, spot, reason)
            chain.full, chain.shown = name, self._text(spot)
            if sort is PartyKind.PLACE:
                self.by_stem.setdefault(name[0][:STEM], spot)
        else:
            if len(name) < len(chain.full) and reason == "name":
                reason = f"short name of {_quoted(chain.shown)}"
            self.join(chain, spot, reason)
        self._bodies[name] = chain
        if len(name) > 1:
            for length in range(1, len(name)):
                if length > 1 or (
                    len(name[0]) > 4 and name[0] not in words("modifier") and sort is not PartyKind.PLACE
                ):
                    self._bodies.setdefault(name[:length], chain)
            capitals = [word for word in self.page.words[spot.first : spot.stop] if word[0].isupper()]
            self._acronyms["".join(word[0] for word in capitals)] = chain
            self._acronyms["".join(word[0] for word in name).upper()] = chain
        for role in spot.beside:
            self.join(chain, role, "stands beside the name")
            chain.roles.append(role)
        return chain

    def alias(self, chain: Chain, spot: Spot) -> None:
        """Takes a name in brackets for another name of the party before it."""
        self.join(chain, spot, "in brackets behind the name")
        self._bodies[self.page.folded(spot.first, spot.stop)] = chain
        if spot.named is not None:
            self._keys.setdefault(spot.named.key, chain)

    def office(self, spot: Spot) -> Chain:
        """The chain of an office, by its words and its country; an unknown country agrees with every other."""
        country = spot.country or self.country_of_owner(spot)
        if is_government(spot) and country and not country.startswith("~"):
            return self._government(spot, country)
        base = spot.head.words[-1]
        key = office_key(self.page, spot)
        known = self._offices[key]
        for chain in reversed(known):
            if not country or not chain.country or chain.country == country:
                self.join(chain, spot, "office")
                chain.country = chain.country or country
                return chain
        chain = self.open(spot.sort, spot, "office")
        chain.country, chain.called = country, frozenset({base, spot.head.base, *_ALSO.get(base, ())})
        known.append(chain)
        del known[:-_KEEP]
        return chain

    def _government(self, spot: Spot, country: str) -> Chain:
        """`The Iranian authorities` are one party with Iran."""
        chain = self._countries.get(country)
        if chain is None:
            chain = self._countries[country] = self.open(PartyKind.GOVERNMENT, spot, "government of a country")
            # Whoever names the country after this means the same party.
            chain.key = f"country {governments().get(country, country).removeprefix('the ')}"
            chain.country = country
            self._keys.setdefault(chain.key, chain)
        else:
            self.join(chain, spot, "government of a country that is named")
        chain.acts, chain.sort = True, PartyKind.GOVERNMENT
        return chain

    def country_of_owner(self, spot: Spot) -> str:
        """The country of whom a phrase belongs to; ``~`` and a stem for a place that no table has."""
        if spot.owner is not None:
            chain = self.of.get(id(spot.owner))
            if spot.owner.country or (chain is not None and chain.sort is PartyKind.PERSON):
                return spot.owner.country or (chain.country if chain is not None else "")
            if chain is not None and chain.full:
                return "~" + chain.full[0][:STEM]
        for word in spot.modifiers:
            if word in self.stems:
                return "~" + fold(word)[:STEM]
        return ""


def _quoted(name: str) -> str:
    return f"“{' '.join(name.split())}”"


def is_government(spot: Spot) -> bool:
    """Whether a phrase is of a government itself, and not of one of its offices."""
    return spot.head.part == "office" and spot.head.words[-1] in _GOVERNMENTS


def office_key(page: Page, spot: Spot) -> frozenset[str]:
    """The words that tell an office from others of its country."""
    if spot.head.base in _ABBREVIATED:
        return frozenset(_ABBREVIATED[spot.head.base].split())
    kept = {"defense" if word == "defence" else word for word in page.lower[spot.first : spot.stop]}
    for words_before in spot.modifiers:
        kept |= {"defense" if word == "defence" else word for word in words_before.split()}
    return frozenset(kept - _SMALL - {"affairs", "new", "own", "same"})


# ---- places that stand for governments


def acts_as_government(page: Page, spot: Spot, speaks: bool) -> bool:
    """Whether the name of a country or a capital stands for its government here.

    It does where it is a source, where it does what only governments do, where something is done to it that is done to
    governments, between two governments, and where it has what a city has not. Otherwise it is the place.
    """
    if speaks:
        return True
    first, stop = spot.first, spot.stop
    before, after = page.at(first - 1), page.at(stop)
    if page.owns[stop - 1]:
        ahead = stop
        while ahead < min(stop + 3, len(page)) and page.joined(ahead):
            if page.lower[ahead] in words("belongs"):
                return True
            ahead += 1
        return False
    if before in ("with", "between", "and") and _relates(page, first):
        return True
    if before in words("at") or (before == "the" and page.at(first - 2) in words("at")):
        return False
    if _is_of_others(page, first):
        return False
    is_city = spot.named is not None and spot.named.part == "capital"
    if page.joined(stop) and _acts(page, stop, is_city):
        return True
    if after == "and" and stop + 1 < len(page) and (other := table_at(page, stop + 1)) is not None:
        second = stop + 1 + len(other.words)
        if before == "between" or (page.joined(second) and _acts(page, second, is_city)):
            return True  # `Paris and Berlin agreed`
    if page.joined(first) and (before in verbs("onto") or f"{page.at(first - 2)} {before}" in words("onto")):
        return True
    return before in ("by", "against") and page.at(first - 2) in verbs("acts")


def _is_of_others(page: Page, first: int) -> bool:
    """Whether a place only tells of where others are: `residents of Kyiv said`; its offices are its government's."""
    at = first - 1
    if page.at(at) == "the":
        at -= 1
    if page.at(at) == "and" and page.joined(first):  # `officials in Brussels and Washington said`
        start = next((start for start in (at - 1, at - 2, at - 3) if start > 0 and _is_table(page, start, at)), 0)
        return start > 0 and page.at(start - 1) in words("at")
    if page.at(at) != "of":  # from whom nobody is, `at` in words.tsv has told
        return False
    for start in range(at - 1, max(-1, at - 4), -1):
        noun = noun_at(page, start)
        if noun is not None and start + len(noun.words) == at and noun.part in ("office", "document"):
            return False
    return True


def _is_table(page: Page, first: int, stop: int) -> bool:
    """Whether a name of the tables fills a range of words."""
    entry = table_at(page, first)
    return entry is not None and first + len(entry.words) == stop


def _acts(page: Page, at: int, is_city: bool) -> bool:
    """Whether a verb of governments stands at a word, after adverbs and auxiliaries; for a city none that cities do."""
    for word in range(at, min(at + 4, len(page))):
        lower = page.lower[word]
        if not page.joined(word):
            return False
        if lower in verbs("acts") and not (is_city and lower in verbs("cities")):
            return True
        if lower not in words("auxiliary") and lower not in _BEFORE_VERBS and not lower.endswith("ly"):
            return False
    return False


def _relates(page: Page, first: int) -> bool:
    """Whether words like ``ties`` or ``talks`` stand before ``with Moscow``, ``between Moscow and Tehran``."""
    return (
        any(page.at(at) in words("relation") for at in range(max(0, first - 6), first))
        or page.at(first - 1) == "between"
    )


def link_names(page: Page, spots: Sequence[Spot], speaking: set[int]) -> Chains:
    """Chains of all names of a page, in the order of the text.

    Args:
        page: the words.
        spots: all spots, in order.
        speaking: words at which a source is named.
    """
    chains = Chains(page)
    agreed = _agreed(page, spots)
    chains.stems = _adjectives(page, spots)
    before: Spot | None = None
    for spot in spots:
        if spot.kind is not MentionKind.NAME:
            if is_government(spot) and (spot.country or spot.owner):
                chains.office(spot)
            continue
        if before is not None and _in_brackets(page, before, spot) and (owner := chains.of.get(id(before))) is not None:
            chains.alias(owner, spot)
            continue
        if spot.named is not None:
            can_act = spot.named.part in ("country", "capital")
            acts = can_act and acts_as_government(page, spot, spot.first in speaking)
            chains.table(spot, spot.named, acts=acts)
        elif spot.what == "office":
            if spot.determiner != "own" or spot.owner is not None:  # `its ministry` waits until it is known whose
                chains.office(spot)
        elif (what := agreed.get(page.folded(spot.first, spot.stop), spot.what)) == "person":
            chains.person(spot)
        else:
            chains.body(spot, sort_of(page, spot, what))
        before = spot
    for chain in chains.all:  # of a name in one word only now is it known that no other word belongs to it
        if chain.sort is PartyKind.PERSON and not chain.gender and len(chain.full) == 1:
            chain.gender = genders().get(chain.full[0], "")
    return chains


def _agreed(page: Page, spots: Sequence[Spot]) -> dict[tuple[str, ...], str]:
    """What each name is, where its labels differ: what most of them say, and what stands beside it."""
    votes: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    surnames: set[str] = set()
    owners = {id(spot.owner) for spot in spots if spot.head.part == "office" and spot.owner is not None}
    for spot in spots:
        if spot.kind is not MentionKind.NAME or spot.what in ("table", "office"):
            continue
        name = page.folded(spot.first, spot.stop)
        votes[name][spot.what] += 1
        parts = {role.head.part for role in spot.beside}
        if spot.what == "person" and (len(name) > 1 or "person" in parts):
            surnames.add(name[-1])
        if "person" in parts:
            votes[name]["person"] += 5
        elif parts & {"body", "office"}:  # `the grid operator, Veldrenergo`
            votes[name]["organization"] += 5
        if id(spot) in owners:
            votes[name]["place"] += 5
        elif page.at(spot.first - 1) in ("in", "near", "at"):
            votes[name]["place"] += 2
    agreed: dict[tuple[str, ...], str] = {}
    for name, counts in votes.items():
        if len(name) == 1 and name[0] in surnames and counts["person"]:
            agreed[name] = "person"
        elif len(counts) > 1:
            agreed[name] = counts.most_common(1)[0][0]
    return agreed


def _adjectives(page: Page, spots: Sequence[Spot]) -> frozenset[str]:
    """Words that begin as a place of the text does and are not it: Sardali, Korvanian."""
    places = {
        page.folded(spot.first, spot.stop)[0][:STEM]
        for spot in spots
        if spot.kind is MentionKind.NAME
        and spot.what in ("place", "person", "organization")
        and spot.stop - spot.first == 1
    }
    return frozenset(
        lower
        for word, lower in zip(page.words, page.lower, strict=True)
        if word[0].isupper()
        and len(word) > STEM
        and lower.endswith(("an", "i", "ese", "ish", "ian", "ic"))
        and fold(lower)[:STEM] in places
    )


def _in_brackets(page: Page, before: Spot, spot: Spot) -> bool:
    """Whether a name stands in brackets behind another, and is short for it: ``the Institute … (ISW)``."""
    if page.gap(spot.first).strip() != "(" or page.wholes[before.stop - 1] < page.starts[spot.first] - 3:
        return False
    if spot.stop - spot.first != 1 or before.what == "person":
        return False
    word = page.words[spot.first]
    initials = "".join(token[0] for token in page.words[before.first : before.stop])
    return word.isupper() and len(word) > 1 and word[0].lower() == initials[0].lower()


def sort_of(page: Page, spot: Spot, what: str) -> PartyKind:
    """What a name that is in no table is, by its label and the words in it and beside it."""
    tokens = page.words[spot.first : spot.stop]
    near = {page.at(at) for at in (spot.first - 2, spot.first - 1, spot.stop, spot.stop + 1)}
    if tokens[0] in words("hull") or page.words[spot.first - 1] in words("hull") or tokens[-1] in words("vessels"):
        return PartyKind.VESSEL
    if what in ("product", "other", "organization") or is_weapon_name(tokens[0]):
        if near & words("ships").keys() and what != "organization":
            return PartyKind.VESSEL
        known = any(token in words("weapons") or token.split("-")[0] in words("weapons") for token in tokens)
        if known or (is_weapon_name(tokens[-1]) and what != "organization"):
            return PartyKind.WEAPON
        if what == "product" and near & words("arms").keys():
            return PartyKind.WEAPON
    if what == "organization":
        return PartyKind.COMPANY if tokens[-1] in words("firm") else PartyKind.ORGANIZATION
    if what == "place":
        return PartyKind.PLACE
    return PartyKind.GROUP if what == "group" else PartyKind.UNKNOWN
