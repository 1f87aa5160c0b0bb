"""What role a party has, and in whose name it speaks."""

from __future__ import annotations

from onrecord.model import MentionKind, PartyKind, SpeaksFor
from onrecord.reader.parties.chains import Chain, Chains
from onrecord.reader.parties.page import Page, Spot, Spots
from onrecord.reader.parties.tables import Named, Noun, governments, leaders, nouns, squash

_FORMER = frozenset("former ex retired late then onetime ousted deposed opposition outgoing".split())
"""Words before a noun of which its holder no longer, or not yet, speaks for the country."""
_OF_STATE = frozenset("leader minister spokesman official envoy military".split())
"""Kinds of persons who hold an office of state."""
_MUTE = frozenset({PartyKind.PLACE, PartyKind.WEAPON, PartyKind.VESSEL})
_POSTED = frozenset("in at to".split())
"""Words between a person and where they are, or where they were sent, which is not whom they speak for."""
_BODIES = frozenset(
    {
        PartyKind.GOVERNMENT,
        PartyKind.ARMED_FORCE,
        PartyKind.COMPANY,
        PartyKind.ORGANIZATION,
        PartyKind.GROUP,
    }
)
"""What a spokesman can be of."""
_NEAR = 30
"""Words within which a spokesman without an office belongs to the body that was named before."""


def role_of(chain: Chain) -> Spot | None:
    """The description that says most of what a person is; one that stands beside the name before any other."""
    if chain.sort not in (PartyKind.PERSON, PartyKind.GROUP, PartyKind.UNKNOWN):
        return None
    roles = [role for role in chain.roles if role.noun is not None]
    return max(roles, key=lambda role: (role.name is not None, role.stop - role.start, -role.start), default=None)


def speaks_for(page: Page, chain: Chain, chains: Chains, spots: Spots) -> SpeaksFor | None:
    """In whose name a party speaks, None if nothing says so."""
    if chain.sort in _MUTE:
        return None
    entry = next((spot for spot, _ in chain.spots if spot.named is not None), None)
    if entry is not None and entry.named is not None:
        return _by_table(page, entry, entry.named)
    described = [spot for spot, _ in chain.spots if spot.noun is not None]
    for role in sorted(described, key=lambda spot: spot.name is None):
        found = _by_words(page, role, chain, chains, spots)
        if found is not None:
            return found
    if chain.sort is PartyKind.PERSON:
        return _by_office_held(page, chain, chains)
    first = chain.spots[0][0]
    if chain.acts:
        words = page.span(first.first, first.stop)
        return SpeaksFor(words.of(page.text), "", words, "it speaks, and is a place that no table has")
    return None


def _by_table(page: Page, spot: Spot, entry: Named) -> SpeaksFor | None:
    """A country, a seat of power or a body of the tables."""
    if not entry.body or entry.part == "people":
        return None
    country = entry.country if len(entry.country) == 2 else ""
    reason = f"{entry.part} “{' '.join(entry.words)}” in the table"
    return SpeaksFor(entry.body, country, page.span(spot.first, spot.stop), reason)


def _by_words(page: Page, role: Spot, chain: Chain, chains: Chains, spots: Spots) -> SpeaksFor | None:
    """What the words of an office or a description say."""
    noun = role.head
    if any(word in _FORMER or word.startswith("ex-") for word in role.modifiers):
        return None
    if noun.part in ("plural", "document", "other") or noun.kind == "private":
        return None
    inside = [spot for spot in spots.touching(role.start, role.stop) if spot is not role and spot.stop <= role.stop]
    of = None if _is_posted(page, role) else role.of
    inside = [spot for spot in inside if of is not None or spot is not role.of]
    bodies = [body for body in (of, role.owner, *inside) if body is not None and body.kind is MentionKind.NAME]
    for body in bodies:
        if _is_seat_of_body(body) and body is not of and noun.kind in _OF_STATE and body.named is not None:
            return _by_table(page, body, body.named)  # `a Brussels official`
        if body.named is not None and body.named.body and body.named.part not in ("country", "capital", "people"):
            return _by_table(page, body, body.named)
    office = _office_in(page, role)
    template = office.body if office is not None and office.body else noun.body
    if office is None and of is not None and of.noun is not None and of.noun.part == "office":
        template = of.noun.body or template
    country = role.country or (of.country if of is not None else "") or chain.country
    if template and country and not country.startswith("~"):
        at = role.country_at or (of.country_at if of is not None else None)
        words = page.span(*at) if at is not None else page.span(role.start, role.stop)
        name = governments().get(country, country)
        reason = f"{(office or noun).base} of {name}"
        return SpeaksFor(template.format(name), country if len(country) == 2 else "", words, reason)
    for body in bodies:
        if body.what not in ("person", "office"):
            words = page.span(body.first, body.stop)
            return SpeaksFor(words.of(page.text), "", words, "the words beside it")
    if country.startswith("~") and (place := chains.by_stem.get(country[1:])) is not None:
        words = page.span(place.first, place.stop)
        return SpeaksFor(words.of(page.text), "", words, "a place of the text that no table has")
    if noun.kind != "spokesman" or chain.sort is not PartyKind.PERSON or country:
        return None
    if (person := of or role.owner) is not None:
        words = page.span(person.first, person.stop)
        return SpeaksFor(words.of(page.text), "", words, "the words beside it") if person.what == "person" else None
    return _of_body_before(page, role, chains, spots)


def _is_posted(page: Page, role: Spot) -> bool:
    """Whether what follows a person is only where they are: `an official in Kyiv`, `the ambassador to NATO`.

    It is not `an official in the ministry`, nor `an adviser to the president`.
    """
    if role.of is None or role.head.part != "person" or page.at(role.stop) not in _POSTED:
        return False
    if role.of.what == "place" or (role.of.named is not None and role.of.named.part in ("country", "capital")):
        return True
    return role.head.kind == "envoy" and (page.at(role.stop) == "to" or role.of.head.part != "office")


def _is_seat_of_body(spot: Spot) -> bool:
    """Whether a name is of a capital that stands for a body and not for a country: Brussels."""
    return spot.named is not None and spot.named.part == "capital" and not spot.named.country


def _office_in(page: Page, role: Spot) -> Noun | None:
    """The office that a person's description holds: `air force` in `Ukrainian air force spokesman`."""
    for at in range(role.start, role.first):
        for entry in nouns().get(page.lower[at], ()):
            stop = at + len(entry.words)
            if entry.part == "office" and stop <= role.first and tuple(page.lower[at:stop]) == entry.words:
                return entry
    return None


def _by_office_held(page: Page, chain: Chain, chains: Chains) -> SpeaksFor | None:
    """A person whom the text gives an office of state, but no country: `President Volodymyr Zelensky`."""
    for role in chain.roles:
        noun = role.noun
        if noun is None or noun.kind not in _OF_STATE or any(word in _FORMER for word in role.modifiers):
            continue
        country = leaders().get(" ".join(squash(word) for word in chain.full), "")
        if country:
            group = _group_of(chains, country) if noun.kind == "spokesman" else None
            if group is not None and group.named is not None:
                return _by_table(page, group, group.named)
            name = governments().get(country, country)
            words = page.span(role.start, role.stop)
            return SpeaksFor(f"Government of {name}", country, words, f"{noun.base}, and in the table of {name}")
    return None


def _group_of(chains: Chains, country: str) -> Spot | None:
    """The first armed group of a country that the text names: its spokesman is none of the government's."""
    for chain in chains.all:
        spot = chain.spots[0][0]
        entry = spot.named if chain.sort is PartyKind.GROUP else None
        if entry is not None and entry.part == PartyKind.GROUP.value and entry.body and entry.country == country:
            return spot
    return None


def _of_body_before(page: Page, role: Spot, chains: Chains, spots: Spots) -> SpeaksFor | None:
    """A spokesman of whom nothing more is said speaks for the body that is named before him."""
    before = spots.touching(max(0, role.start - _NEAR), role.start)
    offices = {spot.first for spot in before if spot.what == "office"}
    for spot in reversed(before):
        chain = chains.of.get(id(spot))
        if spot.is_owner or spot.stop in offices:
            continue  # whose the body is: `Ukraine's air force`, `the U.S. Navy`
        if (
            chain is None
            or spot.kind is not MentionKind.NAME
            or page.sentences[role.start] - page.sentences[spot.first] > 1
        ):
            continue
        if chain.sort in _BODIES and (spot.named is None or spot.named.part != "people"):
            if spot.named is not None and spot.named.body:
                return _by_table(page, spot, spot.named)
            words = page.span(spot.first, spot.stop)
            theirs = speaks_for(page, chain, chains, spots)  # a body's own words never lead to another one
            body, country = (theirs.body, theirs.country) if theirs is not None else (words.of(page.text), "")
            return SpeaksFor(body, country, words, "the body that is named before")
    return None
