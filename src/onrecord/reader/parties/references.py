"""Walks through a report and resolves what points back: descriptions, pronouns, and the source of every attribution."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onrecord.model import Attribution, MentionKind, PartyKind, Voice
from onrecord.reader.parties.chains import Chain, Chains, link_names
from onrecord.reader.parties.page import Page, Spot, Spots
from onrecord.reader.parties.sources import source_spot
from onrecord.reader.parties.tables import Noun, fold, nouns, pronouns, verbs, words

_LOOK_BACK = 40
"""Mentions that a pronoun is compared with; further back nobody remembers."""
_SPEAKERS = 12
"""Speakers, and documents, that are looked back to."""
_SENTENCES = 8
"""Sentences that a pronoun looks back over."""
_DOCUMENT_SENTENCES = 4
"""Sentences within which `the statement` is the one that was mentioned."""
_BODIES = frozenset({PartyKind.ORGANIZATION, PartyKind.COMPANY, PartyKind.GROUP})
_DESCRIBED = frozenset({PartyKind.PERSON, PartyKind.GROUP, PartyKind.UNKNOWN})
_MANY = _BODIES | {PartyKind.GOVERNMENT, PartyKind.ARMED_FORCE}
_GENERIC = frozenset("group organization organisation company firm agency body institution".split())
"""Nouns for a body that is named without saying what it is."""
_FROM_ISSUER = frozenset("statement report bulletin article story study assessment letter communique post".split())
"""Documents that speak for whoever issued them."""
_BEFORE_OBJECTS = frozenset(
    """of in at on to from by with for about against between among into over under after before than as via
        near""".split()
) | verbs("onto")
_ANY_LEADER = frozenset(("leader", "ruler", "head of state", "head of government", "strongman", "dictator"))
_SAME = {
    "premier": "prime minister",
    "spokeswoman": "spokesman",
    "spokesperson": "spokesman",
    "envoy": "ambassador",
    "advisor": "adviser",
    "aide": "adviser",
    "pm": "prime minister",
    "fm": "foreign minister",
    "pontiff": "pope",
}
"""Nouns that mean the same office."""
_WIDER = {
    "politician": "leader minister lawmaker local",
    "statesman": "leader minister",
    "official": "official minister spokesman head local envoy military police prosecutor",
    "diplomat": "envoy",
    "officer": "military police",
    "commander": "military",
    "chief": "head minister leader military official",
    "head": "head minister leader military official",
    "boss": "head",
    "executive": "head",
    "representative": "spokesman envoy official",
}
"""Nouns to the kinds of persons that they can mean when nobody is called by the noun itself."""
_FIELDS = frozenset(
    """foreign defense interior finance justice energy health trade transport prime vice deputy economy education
    treasury home culture agriculture labour labor opposition police army navy military security""".split()
)
"""Words that tell one office from another."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """What makes a mention foremost in a reader's mind when a pronoun follows, in points that are added up.

    Set by hand on the development articles, which are the odd ones of storyline-dev (see benchmarks/parties.py), by
    what kind of mention a pronoun there goes back to; not fitted to anything.
    """

    sentence: float = -1.2
    """For each sentence between the mention and the pronoun."""
    source: float = 1.6
    """It is the source of a claim."""
    source_behind: float = 1.0
    """The same behind a preposition, other than `according to`: `was called a lie by her`."""
    subject: float = 1.5
    behind: float = -0.7
    """It is an object, or stands behind a preposition."""
    owner: float = -0.8
    """It only says whose something is."""
    source_within: float = -1.0
    """It is a source inside what another one says."""
    quoted_within: float = -2.0
    """It stands inside what another one says, in quotation marks."""
    told_within: float = -1.0
    """The same without them."""
    place: float = -1.5
    outer: float = 1.0
    """It is who says the words that the pronoun stands in."""
    gender: float = 0.8
    """Its gender is known, and the pronoun's."""
    plural: float = 1.5
    """Both are plural."""
    spoke: float = 0.8
    """It spoke last, and the pronoun is a source."""
    spoke_sentences: int = 3
    """Sentences within which that counts."""


_WEIGHTS = _Weights()


@dataclass(frozen=True, slots=True)
class Resolved:
    """The party of one attribution's source, and why; None where there is none."""

    chain: Chain | None
    reason: str


_NOBODY = Resolved(None, "nobody is named")


@dataclass(slots=True, eq=False)
class _Case:
    """One attribution while its source is sought.

    Attributes:
        attribution: the attribution.
        anchor: the word where its source stands, or else its cue, or its content.
        spot: the phrase that its source is, None if nobody is named.
        contents: the words of its content, as ranges.
        parent: the attribution in whose content it stands.
        place: its place among all cases in the order of the text.
        resolved: what its source is, once that is known.
    """

    attribution: Attribution
    anchor: int
    spot: Spot | None
    contents: list[range]
    parent: _Case | None = None
    place: int = 0
    resolved: Resolved | None = None


class Resolver:
    """One document being resolved, in the order of its text."""

    def __init__(self, page: Page, spots: Spots, attributions: Sequence[Attribution]) -> None:
        self.page = page
        self.spots = spots
        self.cases = [self._case(attribution) for attribution in attributions]
        by_id = {case.attribution.id: case for case in reversed(self.cases)}
        for case in self.cases:
            parent = by_id.get(case.attribution.parent or "")
            case.parent = parent if parent is not case else None
        self.in_order = sorted(self.cases, key=_first_word)
        for place, case in enumerate(self.in_order):
            case.place = place
        self.speaking = {case.spot.first for case in self.cases if case.spot is not None}
        self.chains: Chains = link_names(page, spots.all, self.speaking)
        self.holders = self._content_holders()
        self.headline = self._headline()
        self.trail: list[tuple[int, Chain, Spot]] = []
        """Mentions so far: word, chain, spot."""
        self.seen: dict[int, int] = {}
        """id of a chain to the word at which it was mentioned last, so far."""
        self.speakers: list[tuple[int, Chain, _Case]] = []
        """Who has spoken so far: word, chain, attribution."""
        self.by_noun: dict[str, list[Chain]] = defaultdict(list)
        """Noun to the chains that were described by it, the last one last."""
        self.owned: dict[tuple[int | str, ...], Chain] = {}
        """id of a chain and a description to the chain that is described as its own (`her campaign`)."""
        self.documents: list[Spot] = []
        self.later: list[tuple[_Case, Spot]] = []

    # ---- attributions

    def _case(self, attribution: Attribution) -> _Case:
        page = self.page
        contents = [page.within(span.start, span.end) for span in attribution.content]
        source = page.touching(attribution.source[0]) if attribution.source else range(0)
        spot = source_spot(page, self.spots, source) if source else None
        if spot is not None:
            anchor = spot.first
        elif attribution.cue:
            anchor = page.within(attribution.cue[0].start, attribution.cue[0].end).start
        else:
            anchor = contents[0].start
        return _Case(attribution, min(anchor, max(len(page) - 1, 0)), spot, contents)

    def _content_holders(self) -> list[_Case | None]:
        """For each word the attribution in whose content it stands, the innermost."""
        holders: list[_Case | None] = [None] * len(self.page)
        theirs = [case for case in self.cases if case.attribution.voice is Voice.PARTY]
        for case in sorted(theirs, key=lambda case: -sum(map(len, case.contents))):
            for stretch in case.contents:
                holders[stretch.start : stretch.stop] = [case] * len(stretch)
        return holders

    def _headline(self) -> int:
        """One past the last word of a headline: a first line that no stop ends; 0 if there is none."""
        line, _, rest = self.page.text.partition("\n")
        if not rest.strip() or line.rstrip()[-1:] in tuple('.!?”:"') or len(line) > 200:
            return 0
        return self.page.within(0, len(line)).stop

    # ---- the walk

    def resolve(self) -> list[Resolved]:
        """What each attribution's source is, in the order given; links everything else on the way."""
        events: list[tuple[int, int, Spot | _Case]] = [(spot.first, 0, spot) for spot in self.spots.all]
        events += [(case.anchor, 1, case) for case in self.cases]
        events.sort(key=lambda event: event[:2])
        sources = {id(case.spot) for case in self.cases if case.spot is not None}
        for _, _, event in events:
            if isinstance(event, _Case):
                self._resolve(event)
            elif id(event) not in sources:
                self._see(event)
        for case, spot in self.later:
            self._resolve_headline(case, spot)
        return [_final(case.resolved or _NOBODY) for case in self.cases]

    def _see(self, spot: Spot) -> None:
        """Passes a mention that is no source: links it if it is not linked, and remembers it."""
        chain = self.chains.of.get(id(spot))
        if chain is not None:
            self._named_at_last(chain, spot)
        elif spot.what == "office" and spot.kind is MentionKind.NAME:
            chain = self._office(spot)
        elif spot.kind is MentionKind.DESCRIPTION and spot.name is None and spot.noun is not None:
            if spot.noun.part == "document":
                self.documents.append(spot)
            else:
                chain = self._description(spot, is_source=False)
        elif spot.what == "pronoun":
            chain = self._pronoun(spot, None)[0]
        if chain is not None:
            self._remember(spot, chain)

    def _remember(self, spot: Spot, chain: Chain) -> None:
        self.trail.append((spot.first, chain, spot))
        self.seen[id(chain)] = spot.first
        for role in (*spot.beside, spot):
            if role.noun is not None:
                for noun in {role.noun.base, role.noun.words[-1]}:
                    known = self.by_noun[noun]
                    if chain in known:
                        known.remove(chain)
                    known.append(chain)
                    del known[:-12]

    def _resolve(self, case: _Case, depth: int = 0) -> Resolved:
        if case.resolved is not None:
            return case.resolved
        case.resolved = _NOBODY  # where a ring of parents ends
        if case.attribution.voice is Voice.PUBLISHER:
            case.resolved = Resolved(None, "the publisher's own voice")
            return case.resolved
        if case.parent is not None and depth < 30:
            self._resolve(case.parent, depth + 1)
        chain, reason = self._goes_on(case) if case.spot is None else self._source(case, case.spot)
        case.resolved = Resolved(chain, reason)
        if chain is not None:
            if case.spot is not None:
                self._remember(case.spot, chain)
            self.speakers.append((case.anchor, chain, case))
        return case.resolved

    def _source(self, case: _Case, spot: Spot) -> tuple[Chain | None, str]:
        known = self.chains.of.get(id(spot))
        if known is not None:
            self._named_at_last(known, spot)
            return known, _why(known, spot)
        if spot.kind is MentionKind.PRONOUN:
            return self._pronoun(spot, case)
        if spot.start < self.headline and spot.noun is not None and spot.determiner in ("", "own"):
            self.later.append((case, spot))
            return None, ""
        if spot.what == "office" and spot.kind is MentionKind.NAME:
            chain: Chain | None = self._office(spot)
        elif spot.kind is MentionKind.NAME:
            chain = self.chains.person_called(spot) or self.chains.body(spot, PartyKind.UNKNOWN)
        elif spot.noun is not None and spot.noun.part == "document":
            chain = self._document(spot)
        else:
            chain = self._description(spot, is_source=True)
        return chain, _why(chain, spot) if chain is not None else "nobody is named"

    def _resolve_headline(self, case: _Case, spot: Spot) -> None:
        """A phrase in the headline, where articles are left out: the first in the text that it fits."""
        best: Chain | None = None
        if spot.what == "document":
            outlets = (chain for _, chain, _ in self.speakers if _is_outlet(chain))
            best = next(outlets, None) if spot.head.base == "report" else None
        else:
            open_chains = [chain for chain in self.chains.all if chain.into is None and chain.plural == spot.plural]
            fitting = [chain for chain in open_chains if self._agree(spot, chain)]
            best = next((chain for chain in fitting if self._is_described(spot, chain)), None)
            best = best or next((chain for chain in fitting if self._is_of_kind(spot, chain)), None)
        if best is not None:
            self.chains.join(best, spot, "the first in the text that the headline fits")
        elif spot.what == "office" and spot.kind is MentionKind.NAME:
            best = self.chains.office(spot)
        else:
            best = self._unnamed(spot)
        case.resolved = Resolved(best, _why(best, spot))

    # ---- offices, descriptions, documents

    def _office(self, spot: Spot) -> Chain:
        if spot.determiner == "own" and spot.owner is None and not spot.country:
            owner = self._owner_of(spot)
            if owner is not None and owner.country:
                spot.country = owner.country
        return self.chains.office(spot)

    def _owner_of(self, spot: Spot) -> Chain | None:
        """Whom ``its`` or ``his`` at the head of a phrase means."""
        word = self.page.lower[spot.start]
        if word in ("his", "her"):
            return self._person(spot.start, "m" if word == "his" else "f", None)[0]
        if word in ("its", "their"):
            return self._thing(spot.start, plural=word == "their", case=None)[0]
        return None

    def _description(self, spot: Spot, *, is_source: bool) -> Chain | None:
        """The chain that a description points to: one before it, or a new one."""
        noun = spot.head
        owner = self._owner_of(spot) if spot.determiner == "own" and spot.owner is None else None
        if owner is not None:
            known = self.owned.get((id(owner), *self._phrase(spot)[1:]))
            if known is not None:
                self.chains.join(known, spot, "the same description")
                return known
        elif spot.determiner in ("the", "own") or (not spot.determiner and not spot.plural):
            chain = self._known_by(spot)
            if chain is not None:
                self.chains.join(chain, spot, "description of the last one that it fits")
                return chain
        if spot.plural and spot.determiner in ("", "the"):
            for chain in reversed(self.by_noun.get(noun.base, ())):
                if not chain.plural or not self._agree(spot, chain):
                    continue
                if spot.determiner or self._phrase(spot) in map(
                    self._phrase, (one for one, _ in chain.spots[:_SPEAKERS])
                ):
                    self.chains.join(chain, spot, "the same description")
                    return chain
        is_noted = noun.part not in ("plural", "body") and (spot.determiner or spot.plural)
        chain = self._unnamed(spot) if is_source or is_noted else None
        if owner is not None and chain is not None:
            self.owned[id(owner), *self._phrase(spot)[1:]] = chain
        return chain

    def _phrase(self, spot: Spot) -> list[str]:
        """The words of a description without its article."""
        page = self.page
        return page.lower[spot.start + (page.lower[spot.start] in ("the", "these", "those")) : spot.stop]

    def _unnamed(self, spot: Spot) -> Chain:
        chain = self.chains.open(spot.sort, spot, "unnamed")
        chain.plural = spot.plural
        chain.roles.append(spot)
        chain.country = chain.country or self.chains.country_of_owner(spot)
        return chain

    def _agree(self, spot: Spot, chain: Chain) -> bool:
        """Whether a description and a chain do not differ in country or gender."""
        if not self._names_in(spot) <= self._words_of(chain):
            return False
        country = spot.country or self.chains.country_of_owner(spot)
        # A country that was not said before tells of another one, unless the phrase says that it is known.
        is_known = spot.determiner == "the" or spot.start < self.headline
        is_new = bool(chain.country) or (bool(chain.roles) and not is_known)
        if country and country != chain.country and is_new:
            return False
        return not (spot.gender and chain.gender and spot.gender != chain.gender)

    def _names_in(self, spot: Spot) -> set[str]:
        """The names in a description that are not its country's: `Fiorina` in `Fiorina's campaign`."""
        page = self.page
        inside = set(range(spot.start, spot.first))
        if spot.of is not None and spot.of.kind is MentionKind.NAME and spot.of.noun is None and not spot.of.country:
            inside |= set(range(spot.of.first, spot.of.stop))
        if spot.country_at is not None:
            inside -= set(range(*spot.country_at))
        return {
            fold(page.words[word])
            for word in inside
            if page.words[word][0].isupper() and not (page.opens(word) and spot.owner is None and spot.start == word)
            and page.lower[word] not in nouns() and page.lower[word] not in words("modifier")
        }  # fmt: skip

    def _words_of(self, chain: Chain) -> set[str]:
        """All words by which a chain has been named or described, of its first few mentions."""
        page = self.page
        first = (spot for spot, _ in chain.spots[:_SPEAKERS])
        return {fold(word) for spot in first for word in page.words[spot.start : spot.stop]}.union(chain.full)

    def _known_by(self, spot: Spot, but: Chain | None = None) -> Chain | None:
        """The last chain that a definite description fits, except one."""
        noun = spot.head
        if spot.what == "role":
            candidates = list(self.by_noun.get(noun.words[-1], ()))
            if noun.kind == "leader" or noun.base in _SAME:
                recent = (chain for _, chain, _ in self.trail[-2 * _LOOK_BACK :])
                candidates += dict.fromkeys(chain for chain in recent if chain.sort is PartyKind.PERSON)
            fitting = [
                chain
                for chain in candidates
                if chain is not but
                and self._is_such(spot, chain)
                and any(self._same_role(spot, role) for role in chain.roles)
            ]
            if not fitting and spot.determiner == "the":
                for _, chain, _ in self.trail[-2 * _LOOK_BACK :]:
                    if chain is not but and self._is_of_kind(spot, chain) and self._is_such(spot, chain):
                        fitting.append(chain)
            return max(fitting, key=lambda chain: self.seen.get(id(chain), -1), default=None)
        if noun.words[-1] in ("government", "authorities") and not spot.country:
            fitting = [chain for chain in self.by_noun.get(noun.words[-1], ()) if self._agree(spot, chain)]
            return fitting[-1] if fitting else self._country_before(spot.first)
        ranked: dict[int, Chain] = {}
        for _, chain, at in reversed(self.trail[-2 * _LOOK_BACK :]):
            if (
                chain.sort is not PartyKind.PERSON
                and self._agree(spot, chain)
                and (rank := _is_called(noun, chain, at))
            ):
                is_object = self.page.at(at.start - 1) in _BEFORE_OBJECTS
                ranked.setdefault(2 * rank - is_object, chain)
        return ranked[max(ranked)] if ranked else None

    def _is_described(self, spot: Spot, chain: Chain) -> bool:
        """Whether the noun of a headline's phrase, or another word for it, stands in a description of a chain."""
        noun = spot.head
        if noun.base in chain.called or any(self._same_role(spot, role) for role in chain.roles):
            return True
        return any(one.head.words[-1:] == noun.words[-1:] for one, _ in chain.spots)

    def _is_of_kind(self, spot: Spot, chain: Chain) -> bool:
        """Whether a chain is of a kind that a noun for several kinds can mean: `the official` a minister."""
        kinds = _WIDER.get(spot.head.base, "").split()
        return any(role.head.kind in kinds for role in chain.roles)

    def _is_such(self, spot: Spot, chain: Chain) -> bool:
        """Whether nothing in a description of persons forbids that it means a chain."""
        return chain.plural == spot.plural and chain.sort in _DESCRIBED and self._agree(spot, chain)

    def _same_role(self, spot: Spot, role: Spot) -> bool:
        """Whether a description can mean who has a role: `the minister` the foreign minister."""
        noun, other = spot.head, role.noun
        if other is None:
            return False
        if noun.kind == other.kind == "leader" and (noun.base in _ANY_LEADER or other.base in _ANY_LEADER):
            return True
        if noun.words[-1] != other.words[-1] and _SAME.get(noun.base, noun.base) != _SAME.get(other.base, other.base):
            return False
        has = set(_american(self.page.lower[role.start : role.stop]))
        return set(_american((*noun.words, *spot.modifiers))) & _FIELDS <= has

    def _country_before(self, at: int) -> Chain | None:
        """The country that was named last before a word, in its sentence or the one before."""
        for word, chain, _ in reversed(self.trail[-_LOOK_BACK:]):
            if self._apart(word, at) > 1:
                return None
            if chain.key.startswith("country"):
                return chain
        return None

    def _named_at_last(self, chain: Chain, spot: Spot) -> None:
        """Joins a definite description to the person whom the text names only later, by a role that it fits."""
        if spot is not chain.spots[0][0]:
            return
        for role in spot.beside:
            if role.noun is None or role.noun.part != "person" or role.noun.kind == "private":
                continue
            known = self._known_by(role, chain)
            if known is None or any(one.kind is MentionKind.NAME for one, _ in known.spots):
                continue
            first = known.spots[0][0]
            if first.determiner not in ("the", "own") and first.start >= self.headline:
                continue
            self.chains.merge(known, chain)
            for chains in self.by_noun.values():
                chains[:] = [one for one in chains if one is not known]
            # No more than this of either is ever looked at again.
            for n in range(max(0, len(self.trail) - 2 * _LOOK_BACK), len(self.trail)):
                word, one, at = self.trail[n]
                self.trail[n] = (word, chain if one is known else one, at)
            for n in range(max(0, len(self.speakers) - _SPEAKERS), len(self.speakers)):
                word, one, case = self.speakers[n]
                self.speakers[n] = (word, chain if one is known else one, case)

    def _document(self, spot: Spot) -> Chain:
        """A statement or a report that speaks: whoever made it, where the text says who."""
        noun = spot.head
        maker = self.chains.of.get(id(spot.owner)) if spot.owner is not None else None
        if maker is None and spot.determiner in ("the", "own"):
            maker = self._maker(spot)
        if maker is not None:
            self.chains.join(maker, spot, f"its {noun.base} speaks for it")
            return maker
        before = next((one for one in reversed(self.documents[-_SPEAKERS:]) if one.head.base == noun.base), None)
        self.documents.append(spot)
        if before is None or spot.determiner != "the" or before.plural != spot.plural:
            return self._unnamed(spot)
        chain = self.chains.of.get(id(before)) or self._unnamed(before)
        self.chains.join(chain, spot, "the same description")
        return chain

    def _maker(self, spot: Spot) -> Chain | None:
        """Who made a document: whoever spoke where it was mentioned before, else the last body that spoke."""
        if spot.head.base not in _FROM_ISSUER:
            return None
        for before in reversed(self.documents[-_SPEAKERS:]):
            if before.head.base == spot.head.base and self._apart(before.first, spot.first) <= _DOCUMENT_SENTENCES:
                for word, chain, _ in reversed(self.speakers[-_SPEAKERS:]):
                    if self._apart(word, before.first) == 0:
                        return chain
        for word, chain, _ in reversed(self.speakers[-_SPEAKERS // 2 :]):
            if chain.sort is not PartyKind.PERSON and self._apart(word, spot.first) < _DOCUMENT_SENTENCES:
                return chain
        return None

    def _apart(self, first: int, second: int) -> int:
        """How many sentences lie between two words."""
        return abs(self.page.sentences[second] - self.page.sentences[first])

    # ---- pronouns

    def _pronoun(self, spot: Spot, case: _Case | None) -> tuple[Chain | None, str]:
        word = self.page.lower[spot.first].partition("'")[0]
        kind, gender = pronouns()[word]
        if kind == "one":
            chain, reason = self._person(spot.first, gender, case)
        elif kind in ("thing", "many") or word in ("both", "these", "those", "all"):
            chain, reason = self._thing(spot.first, plural=kind != "thing", case=case)
        elif kind == "relative":
            chain, reason = self._antecedent(spot.first, who=word in ("who", "whom", "whose"))
        elif kind == "speaker":
            chain, reason = self._self(spot.first, case)
        else:
            chain, reason = None, "unnamed"
        if chain is not None:
            self.chains.join(chain, spot, f"pronoun: {reason}")
        elif case is not None:
            chain = self.chains.open(PartyKind.UNKNOWN, spot, reason or "pronoun: nobody before it fits")
            chain.gender = gender
        return chain, _why(chain, spot) if chain is not None else ""

    def _person(self, at: int, gender: str, case: _Case | None) -> tuple[Chain | None, str]:
        """Whom ``he`` or ``she`` at a word means."""
        holder = case.parent if case is not None else self.holders[at]
        outer = self._resolve(holder).chain if holder is not None else None
        is_nested = case is not None and self.page.quoted[at] < 0 and outer is not None and self._may_be(outer, gender)
        if is_nested and holder is not None and not self._rival(holder, at, gender, outer):
            return outer, "the one who speaks"
        return self._last(at, case, lambda chain: self._may_be(chain, gender), gender, outer)

    def _thing(self, at: int, *, plural: bool, case: _Case | None) -> tuple[Chain | None, str]:
        """What ``it`` or ``they`` at a word means."""
        holder = case.parent if case is not None else self.holders[at]
        outer = self._resolve(holder).chain if holder is not None else None
        if outer is not None and self.page.quoted[at] < 0 and _is_thing(outer, plural):
            return outer, "the one who speaks"
        return self._last(at, case, lambda chain: _is_thing(chain, plural), "", outer, plural)

    def _last(
        self,
        at: int,
        case: _Case | None,
        fits: Callable[[Chain], bool],
        gender: str,
        outer: Chain | None,
        plural: bool = False,
    ) -> tuple[Chain | None, str]:
        spoke = self._last_speaker(at, case, fits)
        # In a quotation the speaker says `I`.
        barred = outer if self.page.quoted[at] >= 0 else None
        chain = self._salient(at, case, lambda one: one is not barred and fits(one), gender, outer, spoke, plural)
        return chain, "the last one who spoke" if chain is spoke else "the last one that fits"

    def _salient(
        self,
        at: int,
        case: _Case | None,
        fits: Callable[[Chain], bool],
        gender: str = "",
        outer: Chain | None = None,
        spoke: Chain | None = None,
        plural: bool = False,
    ) -> Chain | None:
        """The one before a word that a reader has foremost in mind, of those that fit.

        Who speaks counts most, then who is the subject; whoever is an object, an owner, or inside what another says
        counts less; and all fade by the sentence: see ``_Weights``.
        """
        page, weights = self.page, _WEIGHTS
        holder = case.parent if case is not None else self.holders[at]
        best: Chain | None = None
        highest = 0.0
        for word, chain, spot in reversed(self.trail[-_LOOK_BACK:]):
            if word >= at:
                continue
            apart = self._apart(word, at)
            if apart > _SENTENCES:
                break
            if not fits(chain):
                continue
            score = weights.sentence * apart
            is_source = word in self.speaking
            behind = page.at(spot.start - 1) in _BEFORE_OBJECTS
            if is_source:
                is_behind = behind and page.at(spot.start - 2) != "according"
                score += weights.source_behind if is_behind else weights.source
            elif self._is_subject(spot):
                score += weights.subject
            elif behind:
                score += weights.behind
            if spot.is_owner:
                score += weights.owner
            inner = self.holders[word]
            if inner is not None and inner is not holder:
                told = weights.quoted_within if page.quoted[word] >= 0 else weights.told_within
                score += weights.source_within if is_source else told
            if chain.sort is PartyKind.PLACE:
                score += weights.place
            score += weights.outer * (chain is outer) + weights.gender * bool(gender and chain.gender == gender)
            score += weights.plural * (plural and chain.plural)
            is_fresh = apart <= weights.spoke_sentences and not behind
            score += weights.spoke * (chain is spoke and case is not None and is_fresh)
            if best is None or score > highest:
                best, highest = chain, score
        return best

    def _last_speaker(self, at: int, case: _Case | None, fits: Callable[[Chain], bool]) -> Chain | None:
        """Who spoke last before a word, of those who speak on the level of a case."""
        level = case.parent if case is not None else None
        for word, chain, other in reversed(self.speakers[-_SPEAKERS:]):
            if word < at and other.parent is level and fits(chain):
                return chain
        return None

    def _may_be(self, chain: Chain, gender: str) -> bool:
        """Whether a chain can be ``he`` or ``she``."""
        if chain.plural or chain.sort not in (PartyKind.PERSON, PartyKind.UNKNOWN):
            return False
        first = chain.spots[0][0]
        if chain.sort is PartyKind.UNKNOWN and first.kind is not MentionKind.PRONOUN:
            return False
        return not (chain.gender and gender and chain.gender != gender)

    def _rival(self, holder: _Case, at: int, gender: str, outer: Chain | None) -> bool:
        """Whether somebody else is the subject before a word in the content that it stands in."""
        for word, chain, spot in reversed(self.trail[-_LOOK_BACK:]):
            if word >= at:
                continue
            if self._apart(word, at) > 0:
                return False
            inside = any(word in stretch for stretch in holder.contents)
            if inside and chain is not outer and spot.kind is not MentionKind.PRONOUN and self._may_be(chain, gender):
                return self._is_subject(spot) or word in self.speaking
        return False

    def _is_subject(self, spot: Spot) -> bool:
        """Whether a phrase stands where a subject does: before a verb, not behind a preposition or a verb."""
        page = self.page
        if spot.is_owner or page.at(spot.start - 1) in _BEFORE_OBJECTS:
            return False
        after = page.at(spot.stop)
        if after in ("who", "which") or page.gap(spot.stop).strip() == ",":
            return True
        return (
            any(after in part for part in (words("auxiliary"), words("past"), verbs("acts")))
            or after in _AFTER_SUBJECTS
            or after.endswith(("ed", "ly"))
        )

    def _antecedent(self, at: int, *, who: bool) -> tuple[Chain | None, str]:
        """Whom ``who`` or ``which`` at a word goes back to: the phrase before it."""
        for word, chain, spot in reversed(self.trail[-_SPEAKERS:]):
            if word >= at or self._apart(word, at) > 0:
                continue
            is_person = chain.sort in (PartyKind.PERSON, PartyKind.GROUP) or (
                chain.sort is PartyKind.UNKNOWN and bool(chain.roles)
            )
            if spot.kind is not MentionKind.PRONOUN and is_person is who:
                return chain, "the one right before it"
        return None, ""

    def _self(self, at: int, case: _Case | None) -> tuple[Chain | None, str]:
        """Whom ``I`` or ``we`` means: who speaks, or whoever wrote the report."""
        holder = case.parent if case is not None and case.parent is not None else self.holders[at]
        if holder is not None and holder is not case:
            return self._resolve(holder).chain, "the one who speaks"
        if self.page.quoted[at] >= 0:
            told = self._told_beside(at)
            if told is not None or self.speakers:
                return told or self.speakers[-1][1], "the last one who spoke"
        return None, "the writer of the report"

    def _told_beside(self, at: int) -> Chain | None:
        """Who signs the quotation that a word stands in, or who is the subject of the words that announce it."""
        page = self.page
        quotation = page.quotations[page.quoted[at]]
        first, stop = quotation.start, quotation.stop
        if any(dash in page.gap(stop) for dash in ("—", "–", "- ")):
            signed = [spot for spot in self.spots.touching(stop, stop + 1) if spot.first == stop]
            return next((self.chains.of[id(spot)] for spot in signed if id(spot) in self.chains.of), None)
        if first == 0 or ":" not in page.gap(first):
            return None
        announced = [
            (self._is_subject(spot) or word in self.speaking, chain)
            for word, chain, spot in self.trail[-_LOOK_BACK:]
            if self._apart(word, first - 1) == 0 and word < first and self._may_be(chain, "")
        ]
        return max(announced, key=lambda one: one[0])[1] if announced else None

    # ---- nobody is named

    def _goes_on(self, case: _Case) -> tuple[Chain | None, str]:
        """Who speaks where no source stands: whoever the text goes on with, if it goes on with somebody."""
        page, cue = self.page, case.attribution.cue
        if cue:
            verb = page.at(page.within(cue[0].start, cue[0].end).start)
            goes_on = verb.endswith("ing") or verb in _LINKS or page.at(case.anchor - 1) in _LINKS
            before = self._before(case, same_sentence=True) if goes_on else None
        elif case.parent is not None and page.quoted[case.contents[0].start] < 0:
            before = None
        else:
            at = min(case.contents[0].start, len(page) - 1)
            told = self._told_beside(at) if at >= 0 and page.quoted[at] >= 0 else None
            before = told or self._before(case, same_sentence=False)
        return (before, "goes on from the claim before") if before is not None else (None, _NOBODY.reason)

    def _before(self, case: _Case, *, same_sentence: bool) -> Chain | None:
        """The source of the attribution before one, on the same level."""
        for place in range(case.place - 1, max(-1, case.place - 13), -1):
            other = self.in_order[place]
            if other.parent is not case.parent or other.attribution.voice is Voice.PUBLISHER:
                continue
            words_of_other = (other.anchor, *(stretch.start for stretch in other.contents))
            if same_sentence and all(
                self._apart(min(word, len(self.page) - 1), case.anchor) for word in words_of_other
            ):
                continue
            return self._resolve(other).chain
        return None


def _first_word(case: _Case) -> int:
    return min(case.anchor, case.contents[0].start)


def _final(resolved: Resolved) -> Resolved:
    """What became of a chain that was joined to another one later."""
    if resolved.chain is not None and resolved.chain.into is not None:
        return Resolved(resolved.chain.into, "description of the one who is named later")
    return resolved


def _why(chain: Chain, spot: Spot) -> str:
    """Why a phrase points to a chain."""
    reason = next((why for one, why in reversed(chain.spots) if one is spot), "")
    return reason or "name"


def _american(words_given: Sequence[str]) -> list[str]:
    return ["defense" if word == "defence" else word for word in words_given]


def _is_called(noun: Noun, chain: Chain, at: Spot) -> int:
    """Whether a text can come back to a body by a noun: 2 if it says what that is, 1 if nothing else does, 0 if not."""
    if at.noun is not None and noun.words[-1] in (at.noun.words[-1], at.noun.base) and at.noun.plural == noun.plural:
        return 2
    if chain.called & {noun.base, noun.words[-1]} or noun.base in chain.full or f"{noun.base}s" in chain.full:
        return 2
    is_unknown = chain.spots[0][0].kind is MentionKind.NAME and not chain.called
    return int(noun.base in _GENERIC and chain.sort in _BODIES and is_unknown)


def _is_outlet(chain: Chain) -> bool:
    """Whether a party is one that reports."""
    return any(spot.named is not None and spot.named.part == "outlet" for spot, _ in chain.spots)


def _is_thing(chain: Chain, plural: bool) -> bool:
    """Whether a chain can be ``it``, or ``they``."""
    if chain.sort in (PartyKind.WEAPON, PartyKind.VESSEL):
        return False
    return chain.plural or chain.sort in _MANY if plural else not chain.plural and chain.sort is not PartyKind.PERSON


_AFTER_SUBJECTS = frozenset("is was has had are were have also did does do then later".split())
_LINKS = frozenset("and but yet or later then also".split())
