"""Which words of a text name a place: names that the reader took for one, and places of the gazetteer among the rest.

Every look at the text goes through a window of fixed size, and every word is looked up a fixed number of times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.model import Label, Name, Span
from onrecord.reader.parties.names import PERSONAL
from onrecord.reader.parties.tables import fold, genders, nouns
from onrecord.reader.places.gazetteer import Found, Kind, key_of
from onrecord.reader.places.lookup import LONGEST, NOTHING, WORD, Hit, Lookup, abbreviation_at, find_hits, only
from onrecord.reader.places.tables import Region, any_of, load_adjectives, load_names, load_types, load_words

SAID, LEANING = 6.0, 2.0
"""Weights of what a phrase says outright (``Paris, Texas``), and of what it suggests (``the Syrian town of …``)."""
_WINDOW = 40
"""Characters before a name in which its preposition, its adjective and its type are looked for."""
_KNOWN = 50_000
"""People in a town that is known well enough to be told from other names by a preposition of many uses."""
_MOST_HINTS = 40
"""Counties, regions and countries of one name that a phrase can point to."""
_IN = re.compile(rf"(?<!\w)(?:{any_of('in')}) (?:the |nearby |and )?\Z|, of \Z", re.IGNORECASE)
_INSIDE = re.compile(r"(?<!\w)(?:in|inside|within|near|across|throughout) (?:the |nearby )?\Z", re.IGNORECASE)
"""What stands before places and hardly before people."""
_MAYBE_IN = re.compile(rf"(?<!\w)(?:{any_of('maybe in')}) (?:the )?\Z", re.IGNORECASE)
_BODY_OF = re.compile(rf"(?<!\w)(?:{any_of('body of')}) of (?:the )?\Z")
_BODY = re.compile(rf"(?: [^\W\d_a-zß-öø-ÿ][\w’'&]*){{0,3}} (?:{any_of('body')})(?![\w-])")
_ENDS_BODY = re.compile(rf" (?:{any_of('body')})\Z")
_INITIAL = re.compile(r"[^\W\d_]\. ?[^\W\d_]{3}")
_FORMAL = re.compile(rf"(?<!\w)(?:{any_of('formal')}) of (?:the )?\Z")
_FEATURE = re.compile(rf"(?:{any_of('feature')}) ")
_COMMA = re.compile(r"(?:, | \()(?:(?:north|south|east|west|central|northern|southern|eastern|western) )?(?=[^\W\d_])")
_POSSESSIVE = re.compile(r"[’']s? \Z")
_BASED = re.compile(r"-(?:based|born|area|bound|backed|led|made)\b")
_CAPITAL_AFTER = re.compile(r"[ -](?=[^\W\d_])(?![a-zß-öø-ÿ])\w")
_CAPITAL_BEFORE = re.compile(r"(?<![^\s“\"(])([^\W\d_a-zß-öø-ÿ][\w’'.-]*)[ -]\Z")
_LISTED = re.compile(r",? (?:and|or) |, ")
_DATELINE = re.compile(r"(?:, [A-Z][\w. ]{1,24}){0,2}(?: \([A-Z][\w/ ]{1,20}\))? ?(?:—|–|--| - )")


@dataclass(slots=True)
class Mention:
    """Words that name a place.

    Attributes:
        start: first code point.
        end: one past the last.
        key: under which all mentions of the name go.
        found: the places of the gazetteer that bear the name.
        region: the region of ``regions.tsv`` that it is, if it is one.
        kind: what words beside it make of it, as in ``types.tsv``; empty if there are none.
        hints: rows of places that the phrase says it lies in, each with the weight of that, and the words that say so.
        stated: whether the phrase says so by an abbreviation, which has no other use than that: ``Harven, Tex.``
    """

    start: int
    end: int
    key: str
    found: Found
    region: Region | None = None
    kind: str = ""
    hints: list[tuple[int, float, Span]] = field(default_factory=list)
    stated: bool = False


def find_mentions(text: str, names: Sequence[Name], lookup: Lookup) -> tuple[list[Mention], list[Mention]]:
    """The words of a text that name places, in order and apart, and places inside the names of other things.

    Args:
        text: any text.
        names: what the reader found, in order and apart.
        lookup: the gazetteer and its tables.
    """
    hits = list(find_hits(text, lookup))
    inside, covers = overlaps(hits, names)
    people, called = last_names(text, names), only_people(text, names)
    starts = {name.span.start for name in names if name.label is Label.PLACE}
    candidates: list[Mention] = []
    end = 0
    for name, within in zip(names, inside, strict=True):
        if name.label is Label.PLACE and name.span.end - name.span.start <= LONGEST:
            candidates += mentions_of(text, name, [hits[n] for n in within], end)
        end = name.span.end
    parts = [mention for mention in candidates if is_in_body(text, mention)]
    mentions = [m for m in candidates if not is_in_body(text, m) and not is_person(text, m, people)]
    sure = {mention.key for mention in mentions if len(mention.found.rows)}
    for hit, over in zip(hits, covers, strict=True):
        labels = {names[n].label for n in over}
        if Label.PLACE in labels:
            continue
        mention = mention_of(text, hit)
        if text[hit.start : hit.end] in called and not is_told_to_be_place(text, hit, starts):
            continue
        if not is_in_body(text, mention) and is_place(text, mention, [names[n] for n in over], sure, people, lookup):
            mentions.append(mention)
        elif labels and Label.PERSON not in labels:
            parts.append(mention)
    mentions.sort(key=lambda mention: (mention.start, -mention.end))
    apart: list[Mention] = []
    for mention in mentions:
        if not apart or mention.start >= apart[-1].end:
            apart.append(mention)
    give_hints(text, apart, hits, lookup)
    return apart, parts


def overlaps(hits: Sequence[Hit], names: Sequence[Name]) -> tuple[list[list[int]], list[list[int]]]:
    """Of each name the hits that share a character with it, and of each hit the names; both are in order and apart."""
    inside: list[list[int]] = [[] for _ in names]
    covers: list[list[int]] = [[] for _ in hits]
    first = 0
    for n, hit in enumerate(hits):
        while first < len(names) and names[first].span.end <= hit.start:
            first += 1
        at = first
        while at < len(names) and names[at].span.start < hit.end:
            inside[at].append(n)
            covers[n].append(at)
            at += 1
    return inside, covers


def last_names(text: str, names: Sequence[Name]) -> set[str]:
    """The last words of the names of people that have more than one."""
    people = (name.span.of(text)[-LONGEST:].split() for name in names if name.label is Label.PERSON)
    return {words[-1] for words in people if len(words) > 1}


def only_people(text: str, names: Sequence[Name]) -> set[str]:
    """The given names that the reader takes for people wherever it found them: ``Jordan``, ``Chad``."""
    found: dict[str, bool] = {}
    for name in names:
        if name.span.end - name.span.start <= LONGEST:
            words = name.span.of(text)
            found[words] = found.get(words, True) and name.label is Label.PERSON
    given = genders()
    return {words for words, is_people in found.items() if is_people and (words in PERSONAL or fold(words) in given)}


def is_told_to_be_place(text: str, hit: Hit, places: set[int]) -> bool:
    """Whether the words beside a name say that it is a place, although it is called a person everywhere.

    Args:
        text: the text.
        hit: the name.
        places: where the names of places begin.
    """
    if _INSIDE.search(text[max(0, hit.start - _WINDOW) : hit.start]) or _state_after(text, hit.end):
        return True
    comma = _COMMA.match(text, hit.end, hit.end + _WINDOW)
    if comma and comma.end() in places:
        return True
    return _has_office(text, hit.end)


def _has_office(text: str, end: int) -> bool:
    """Whether a name has an office of a country or a force: ``Chad's army said``."""
    if text[end : end + 2] not in ("'s", "’s"):
        return False
    entries = (nouns().get(word.lower(), ()) for word in text[end + 2 : end + _WINDOW].split()[:2])
    return any(entry.part == "office" for found in entries for entry in found if len(entry.words) == 1)


def mentions_of(text: str, name: Name, hits: list[Hit], before: int) -> list[Mention]:
    """The places that a name of a place names: one, most often; several in ``Moscow-Kyiv``; none in ``Canadian``.

    Args:
        text: the text.
        name: a name of a place.
        hits: names in the gazetteer that share a character with it, in order and apart.
        before: where the name before it ends.
    """
    start, end = name.span.start, name.span.end
    words = text[start:end].rstrip(".")
    cased, short = words.upper() != words.lower(), len(words) < 5 and words.isupper()
    if not any(map(str.isalpha, words)) or (cased and words == words.lower()) or (cased and short and not hits):
        return []
    if words in load_words("month") or words in load_adjectives():
        return []
    abbreviations = load_names("after")
    if not short and (row := max(abbreviations.get(words, -1), abbreviations.get(f"{words}.", -1))) >= 0:
        return [Mention(start, end, f"={row}", only(row))]
    if len(hits) == 1 and hits[0].start <= start and end <= hits[0].end:
        ahead = _CAPITAL_BEFORE.search(text[max(0, start - _WINDOW, before) : start])
        if ahead and hits[0].start == start and _is_part(text, start - len(ahead.group()), ahead[1]):
            return [Mention(start - len(ahead.group()), end, f"?{key_of(ahead.group() + words)}", NOTHING)]
        return [mention_of(text, hits[0])]
    if hits and _are_apart(text, start, end, hits):
        return [mention_of(text, hit) for hit in hits]
    if _ENDS_BODY.search(words) or _INITIAL.match(words):
        return []
    mention = Mention(start, end, f"?{key_of(words)}", NOTHING)
    if after := load_types("after").search(text, start, end):
        kind = after.lastgroup or ""
        if len(hits) == 1 and (hits[0].start, hits[0].end) == (start, after.start()) and _is_area(kind):
            return [Mention(start, end, hits[0].key, hits[0].found, hits[0].region, kind)]
        mention.kind = "" if _is_area(kind) else kind
    elif _FEATURE.match(text, start):
        mention.kind = "feature"
    return [mention]


def mention_of(text: str, hit: Hit) -> Mention:
    """The mention that a hit is, with what the words beside it make of it."""
    ahead = text[max(0, hit.start - _WINDOW) : hit.start]
    formal = _FORMAL.search(ahead)
    mention = Mention(hit.start - (len(formal.group()) if formal else 0), hit.end, hit.key, hit.found, hit.region)
    after = load_types("after").match(text, hit.end, hit.end + _WINDOW)
    before = load_types("before").search(ahead)
    if after and _is_area(after.lastgroup or ""):
        mention.kind = after.lastgroup or ""
    elif before:
        mention.kind = before.lastgroup or ""
    return mention


def is_person(text: str, mention: Mention, people: set[str]) -> bool:
    """Whether what looks like a place is the family name of somebody whom the text names in full."""
    if text[mention.start : mention.end] not in people:
        return False
    return not (_IN.search(text[max(0, mention.start - _WINDOW) : mention.start]) or _state_after(text, mention.end))


def is_in_body(text: str, mention: Mention) -> bool:
    """Whether the words around a place make it a part of the name of an organisation: ``Bank of …``, ``… FC``."""
    before = text[max(0, mention.start - _WINDOW) : mention.start]
    return bool(_BODY_OF.search(before) or _BODY.match(text, mention.end, mention.end + 2 * _WINDOW))


def is_place(
    text: str, mention: Mention, covers: Sequence[Name], sure: set[str], people: set[str], lookup: Lookup
) -> bool:
    """Whether words that the reader did not take for a place name one all the same.

    Args:
        text: the text.
        mention: the words, which are in the gazetteer.
        covers: the names that share a character with them.
        sure: keys of names that stand for places elsewhere in the text.
        people: family names of people in the text.
        lookup: the gazetteer.
    """
    words, before = text[mention.start : mention.end], text[max(0, mention.start - _WINDOW) : mention.start]
    coded = mention.key.startswith("=")
    if words in people or words in load_words("month") or (len(words) < 4 and not coded):
        return False
    if any(name.span.start < mention.start or name.span.end > mention.end for name in covers):
        return False
    kinds = lookup.kinds(mention.found)
    country, again = coded or Kind.COUNTRY in kinds, mention.key in sure
    placed = bool(
        _IN.search(before)
        or _state_after(text, mention.end)
        or _BASED.match(text, mention.end)
        or _is_area(mention.kind)
        or (words.isupper() and _DATELINE.match(text, mention.end, mention.end + 100))
    )
    if covers:
        known = again or lookup.most(mention.found) >= _KNOWN
        country = country or mention.region is not None
        return country or (placed and known) or (again and covers[0].label is not Label.PERSON)
    if _has_neighbour(text, mention, before):
        return False
    known = Kind.REGION in kinds or lookup.most(mention.found) >= _KNOWN or mention.region is not None
    return country or again or placed or (known and bool(_MAYBE_IN.search(before)))


def _is_area(kind: str) -> bool:
    return kind in ("region", "district", "settlement")


def _is_part(text: str, start: int, word: str) -> bool:
    """Whether a capitalised word before the name of a place is likely a part of it: ``Tarn`` of ``Tarn Hill``."""
    alone = text[max(0, start - 2) : start].strip()
    opens = not alone or alone[-1] in '.!?:;”"“‘(—–-'
    return not (opens or word.lower() in load_words("direction") or word.endswith(".") or word in load_adjectives())


def _state_after(text: str, end: int) -> bool:
    """Whether a comma and an abbreviated state follow: ``Harven, Tex.``."""
    comma = _COMMA.match(text, end, end + _WINDOW)
    return bool(comma and abbreviation_at(text, comma.end()))


def _has_neighbour(text: str, mention: Mention, before: str) -> bool:
    """Whether a capitalised word beside the words makes them a part of a longer name."""
    if _CAPITAL_AFTER.match(text, mention.end) and not load_types("after").match(text, mention.end):
        return True
    ahead = _CAPITAL_BEFORE.search(before)
    placed = _IN.search(before) or _MAYBE_IN.search(before)
    return bool(ahead and not placed and ahead[1].lower() not in load_words("direction"))


def _are_apart(text: str, start: int, end: int, hits: Sequence[Hit]) -> bool:
    """Whether a name is made of the places in it and of words that only join them or point in a direction."""
    if _FEATURE.match(text, start):
        return False
    at = start
    for hit in (*hits, None):
        rest = text[at : hit.start if hit else end]
        if hit and at > start and rest == " ":
            return False  # two names that nothing joins are one that is not in the gazetteer
        for word in WORD.findall(rest):
            if word.lower() not in load_words("direction") and word not in load_words("joins"):
                return False
        at = hit.end if hit else end
    return True


def give_hints(text: str, mentions: Sequence[Mention], hits: Sequence[Hit], lookup: Lookup) -> None:
    """Reads what the phrase around each mention says of where it lies, from the last mention to the first."""
    by_start, by_end = {hit.start: hit for hit in hits}, {hit.end: hit for hit in hits}
    adjectives, kinds = load_adjectives(), lookup.gazetteer.kinds

    def areas(hit: Hit, weight: float) -> list[tuple[int, float, Span]]:
        rows = hit.found.rows[kinds[hit.found.rows] != Kind.SETTLEMENT][:_MOST_HINTS]
        return [(int(row), weight, Span(hit.start, hit.end)) for row in rows]

    following: Mention | None = None
    for mention in reversed(mentions):
        if comma := _COMMA.match(text, mention.end, mention.end + _WINDOW):
            at = comma.end()
            if short := abbreviation_at(text, at):
                mention.hints.append((short[0], SAID, Span(at, short[1])))
                mention.stated = True
            elif (hit := by_start.get(at)) and not _is_list(text, hit, mention, lookup):
                mention.hints += areas(hit, SAID)
                if following and following.start == at:  # `Harven, Lamar County, Texas`
                    mention.hints += following.hints[:_MOST_HINTS]
        before = text[max(0, mention.start - _WINDOW) : mention.start]
        if (tail := _POSSESSIVE.search(before)) and (hit := by_end.get(mention.start - len(tail.group()))):
            mention.hints += areas(hit, SAID / 2)
        sentence = before[before.rfind(".") + 1 :]
        for word in WORD.finditer(sentence):
            if (row := adjectives.get(word.group(), -1)) >= 0:
                at = mention.start - len(sentence) + word.start()
                mention.hints.append((row, LEANING, Span(at, at + len(word.group()))))
        following = mention


def _is_list(text: str, hit: Hit, mention: Mention, lookup: Lookup) -> bool:
    """Whether a comma stands between places of one list and not between a place and what it lies in."""
    if not _LISTED.match(text, hit.end, hit.end + 8):
        return False
    first = Found(mention.found.rows[~mention.found.second], mention.found.second)
    if lookup.kinds(first) & {Kind.REGION, Kind.COUNTRY, Kind.CONTINENT}:
        return True  # `Georgia, Alabama and Tennessee`, but not `Moscow, Idaho, and …`: only its region is Moskva, too
    return not lookup.kinds(hit.found) & {Kind.REGION, Kind.COUNTRY}
