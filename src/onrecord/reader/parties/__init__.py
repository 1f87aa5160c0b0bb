"""The parties of a report: who is named or described, which words mean the same one, and whose words each claim is.

Rules and tables only: no model, no network, no clock. `names` and `phrases` find what can point to somebody, `chains`
joins the names, `references` resolves what points back to them and whom each attribution cites, and `speaking` says for
whom each party speaks. Every look back is bounded, so that the time grows with the length of the text and no faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.model import Attribution, Mention, MentionKind, Name, Party, Span, party_id
from onrecord.reader.parties.chains import Chain
from onrecord.reader.parties.page import Page, Spot
from onrecord.reader.parties.phrases import find_spots
from onrecord.reader.parties.references import Resolver
from onrecord.reader.parties.speaking import role_of, speaks_for

__all__ = ["Found", "find_parties"]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one document.

    Attributes:
        parties: everybody that is named or described, in the order of their first mention.
        sources: for each attribution, in the order given, the id of its source's party, None if it has none, and why.
    """

    parties: tuple[Party, ...]
    sources: tuple[tuple[str | None, str], ...]


def find_parties(document_id: str, text: str, names: Sequence[Name], attributions: Sequence[Attribution]) -> Found:
    """The parties of a document, and which of them each attribution cites.

    Args:
        document_id: of the document, for the ids of the parties.
        text: its text, to which all spans refer.
        names: as found in it, in any order; what they miss of countries, offices and titles is found here.
        attributions: all of them, in any order, so that one can go on from another.
    """
    page = Page(text)
    resolver = Resolver(page, find_spots(page, names), attributions)
    resolved = resolver.resolve()
    ids: dict[int, str] = {}
    parties: dict[str, Party] = {}
    for chain in resolver.chains.all:
        if chain.into is None:
            party = _party(document_id, page, chain, resolver)
            ids[id(chain)] = party.id
            # Of two that begin with the very same words, which no text has shown, the first stands.
            parties.setdefault(party.id, party)
    sources = tuple((ids[id(one.chain)] if one.chain is not None else None, one.reason) for one in resolved)
    return Found(tuple(sorted(parties.values(), key=lambda party: party.mentions[0].span)), sources)


def _party(document_id: str, page: Page, chain: Chain, resolver: Resolver) -> Party:
    mentions = tuple(
        Mention(span, kind) for span, kind in sorted({spot.span(page): spot.kind for spot, _ in chain.spots}.items())
    )
    first = mentions[0].span
    role = role_of(chain)
    return Party(
        id=party_id(document_id, first),
        kind=chain.sort,
        name=_name(page, chain),
        mentions=mentions,
        role=role.span(page) if role is not None else None,
        speaks_for=speaks_for(page, chain, resolver.chains, resolver.spots),
    )


def _name(page: Page, chain: Chain) -> Span | None:
    """The fullest name of a party, where it first stands; a country's own before that of its capital."""
    best: Spot | None = None
    for spot, _ in chain.spots:
        if spot.kind is MentionKind.NAME and (best is None or _fullness(spot) > _fullness(best)):
            best = spot
    return page.span(best.first if best.what != "office" else _after_article(page, best), best.stop) if best else None


def _fullness(spot: Spot) -> tuple[bool, int]:
    return (spot.named is None or spot.named.part != "capital", spot.stop - spot.first)


def _after_article(page: Page, spot: Spot) -> int:
    return spot.start + (page.lower[spot.start] in ("the", "a", "an") and spot.stop - spot.start > 1)
