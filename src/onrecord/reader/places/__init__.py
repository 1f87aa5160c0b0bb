"""Places: names of places in a text, each with the place of GeoNames that it is, by context and not by size alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from onrecord.model import Name, Place, Precision, Span
from onrecord.reader.places.gazetteer import PRECISIONS, load_gazetteer
from onrecord.reader.places.lookup import Lookup, find_hits, only
from onrecord.reader.places.mentions import Mention, find_mentions
from onrecord.reader.places.resolver import Sense, resolve
from onrecord.reader.places.tables import load_adjectives, load_cues

_HEAD = 200
"""Characters of a dateline, a publisher's name and an address that are read."""
_DATELINE, _PUBLISHER, _DOMAIN, _ADJECTIVE, _PART, _CUE = 3.0, 1.0, 4.0, 0.5, 0.4, 0.7
"""How much each tells of where a document is about; a name in its text, once, has one."""
_MOST_CUES = 3
"""Words of one country's public life that add to each other."""
_ADJECTIVES = re.compile(r"(?<![\w’'])([^\W\d_a-zß-öø-ÿ][^\W\d_]+)(?=( [^\W\d_a-zß-öø-ÿ][^\W\d_]+)?)(?![’'\w])")
_QUALIFIES = re.compile(
    r"[- ](?!(?:in|is|was|are|will|would|and|or|to|at|on|for|of|by|with|as|but|that|than|from|has|have|can|who|which|"
    r"provides|said)\b)[^\W\d_]|-"
)
"""What follows an adjective; anything else follows a language."""
_HOST = re.compile(r"(?:\w{1,8}://)?([\w-]{1,60}(?:\.[\w-]{1,60}){1,5})")
_NO_COUNTRY = frozenset("ai cc co fm gg im io is la ly me nu sh st tk to tv vc ws".split())
"""Domains of countries that are sold to everybody."""
_PAPER = re.compile(
    r"(?:the|my|daily)?(?P<place>[a-z-]{4,40}?)(?:city)?(?:daily|local|evening|morning|sunday)?(?:news|times|post|herald|"
    r"tribune|gazette|star|sun|courier|chronicle|journal|press|record|register|today|mail|telegram|telegraph|echo|live|"
    r"online|beacon|dispatch|observer|examiner|leader|citizen|standard|guardian|advertiser|reporter|review|mercury|"
    r"sentinel|independent)*"
)


def find_places(
    text: str, names: Sequence[Name], dateline: str = "", publisher: str = "", url: str = ""
) -> tuple[Place, ...]:
    """The places that a text names, in order and apart, settlements and coarser.

    Args:
        text: any text.
        names: the names that the reader found in it, in order and apart.
        dateline: the place that the text is sent from, as it stands (``KYIV, Dec. 12``).
        publisher: who published it: where that is, tells of places that several share a name with.
        url: where it came from: likewise.
    """
    gazetteer = load_gazetteer()
    lookup = Lookup(gazetteer)
    mentions, parts = find_mentions(text, names, lookup)
    if not mentions:
        return ()
    around = [(part, _PART) for part in parts]
    around += find_evidence(text, dateline, publisher, url, lookup)
    weights = [1.0] * len(mentions) + [weight for _, weight in around]
    senses = resolve([*mentions, *(mention for mention, _ in around)], weights, gazetteer)
    return tuple(_place_of(text, mention, sense) for mention, sense in zip(mentions, senses, strict=False))


def find_adjectives(text: str, names: Sequence[Name] = ()) -> tuple[Place, ...]:
    """The adjectives of countries and continents in a text, each with the place that it is of, in order and apart.

    These name no place where something is or happens, and are no places of a document: `a Russian officer` may be
    anywhere. Neither are languages (`she spoke Russian`), nouns for people (`the Russians`), and parts of longer names
    (`the European Union`).

    Args:
        text: any text.
        names: the names that the reader found in it, in order and apart.
    """
    adjectives, places, at = load_adjectives(), [], 0
    for match in _ADJECTIVES.finditer(text):
        words = match[1] + (match[2] or "")
        words = words if words in adjectives else match[1]
        end = match.start() + len(words)
        while at < len(names) and names[at].span.end < end:
            at += 1
        inside = at < len(names) and names[at].span.start <= match.start() and end < names[at].span.end
        if (row := adjectives.get(words, -1)) >= 0 and not inside and _QUALIFIES.match(text, end):
            mention = Mention(match.start(), end, "", only(row))
            places.append(_place_of(text, mention, Sense(row, "an adjective of the place")))
    return tuple(places)


def find_evidence(
    text: str, dateline: str, publisher: str, url: str, lookup: Lookup
) -> Iterator[tuple[Mention, float]]:
    """Places that a document points to beside those that its text names, each with how much it tells."""
    for words, weight in ((dateline[:_HEAD], _DATELINE), (publisher[:_HEAD], _PUBLISHER)):
        for hit in find_hits(words, lookup):
            yield Mention(hit.start, hit.end, hit.key, hit.found), weight
    if host := _HOST.match(url[:_HEAD]):
        labels = host[1].lower().split(".")
        code = {"uk": "GB"}.get(labels[-1], labels[-1].upper())
        if code in lookup.countries and labels[-1] not in _NO_COUNTRY:
            yield _certain(lookup.countries[code]), _DOMAIN
        paper = _PAPER.fullmatch(max(labels[:-1], key=len))
        if paper and (known := lookup.get(paper["place"])):
            yield Mention(0, 1, known[0], known[1]), _PUBLISHER
    for row, count in Counter(lookup.gazetteer.row_of(place.geonames or 0) for place in find_adjectives(text)).items():
        yield _certain(row), _ADJECTIVE * count
    cues = Counter(row for word, (row, whole) in load_cues().items() if word in text and whole.search(text))
    for row, count in cues.items():
        yield _certain(row), _CUE * min(count, _MOST_CUES)


def _certain(row: int) -> Mention:
    """A stand-in for a name that can be one place only."""
    return Mention(0, 1, f"={row}", only(row))


def _place_of(text: str, mention: Mention, sense: Sense) -> Place:
    """The record of a mention."""
    gazetteer, span, region = load_gazetteer(), Span(mention.start, mention.end), mention.region
    if sense.row >= 0:
        latitude, longitude = gazetteer.point(sense.row)
        return Place(
            span,
            int(gazetteer.ids[sense.row]),
            gazetteer.name(sense.row),
            gazetteer.country(sense.row),
            latitude,
            longitude,
            PRECISIONS[gazetteer.kind(sense.row)],
            sense.reason + (f": {sense.words.of(text)}" if sense.words else ""),
        )
    if region and region.geonames and region.point:
        return Place(
            span, region.geonames, region.name, region.country, *region.point, Precision.REGION, "a well-known region"
        )
    if region:
        return Place(span, None, "", region.country, None, None, None, f"a {region.what} that is not in the gazetteer")
    reason = {
        "feature": "a natural feature, and the gazetteer has settlements and regions only",
        "facility": "finer than a settlement",
    }.get(mention.kind, sense.reason)
    return Place(span, None, "", "", None, None, None, reason)
