"""The nouns of a reading: a document and what stands in it, with their invariants and their ids.

Offsets are code points into ``Document.text``, half-open. Nothing here reads a file, a clock or a model.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum


def digest(*parts: object) -> str:
    """The id of a record: 16 hexadecimal digits of the SHA-256 of a JSON array of its parts.

    An array, never joined strings: ``["a", "bc"]`` and ``["ab", "c"]`` must differ.
    """
    encoded = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return hashlib.sha256(encoded).hexdigest()[:16]


class Kind(StrEnum):
    """How a content is given: all of it in quotation marks, none of it, or some."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Voice(StrEnum):
    """Who vouches for a content: a party that the page cites, or the publisher itself."""

    PARTY = "party"
    PUBLISHER = "publisher"


class Stance(StrEnum):
    """What somebody does by saying it."""

    ASSERT = "assert"
    REPORT = "report"
    ASSESS = "assess"
    FEAR = "fear"
    PROMISE = "promise"
    CALL_FOR = "call_for"
    ACCUSE = "accuse"
    CONFIRM = "confirm"
    ADMIT = "admit"
    DENY = "deny"
    REJECT = "reject"
    CONDEMN = "condemn"
    DOUBT = "doubt"
    DECLINE = "decline"


class Label(StrEnum):
    """What a name names."""

    PERSON = "person"
    ORGANIZATION = "organization"
    PLACE = "place"
    FACILITY = "facility"
    GROUP = "group"
    PRODUCT = "product"
    OTHER = "other"


class Modifier(StrEnum):
    """What the words beside a number make of it."""

    EXACT = "exact"
    AT_LEAST = "at least"
    MORE_THAN = "more than"
    AT_MOST = "at most"
    LESS_THAN = "less than"
    ABOUT = "about"
    VAGUE = "vague"


class Scope(StrEnum):
    """What stretch of the world a figure covers, as far as the words near by say."""

    EVENT = "one event"
    PERIOD = "a period"
    TOTAL = "a running total"
    STOCK = "a stock"
    UNKNOWN = "unknown"


class TimeKind(StrEnum):
    """What an expression of time names: a point or stretch on the calendar, a length, or a repetition."""

    DATE = "date"
    DURATION = "duration"
    SET = "set"


class PartyKind(StrEnum):
    """What a party is."""

    PERSON = "person"
    GOVERNMENT = "government"
    ARMED_FORCE = "armed force"
    COMPANY = "company"
    ORGANIZATION = "organization"
    GROUP = "group"
    PLACE = "place"
    WEAPON = "weapon"
    VESSEL = "vessel"
    UNKNOWN = "unknown"


class MentionKind(StrEnum):
    """How words point to a party: by a name, by what it is, or by a pronoun."""

    NAME = "name"
    DESCRIPTION = "description"
    PRONOUN = "pronoun"


class Precision(StrEnum):
    """How fine a place is; nothing is finer than a settlement."""

    SETTLEMENT = "settlement"
    FEATURE = "natural feature"
    REGION = "region"
    COUNTRY = "country"
    CONTINENT = "continent"


class Status(StrEnum):
    """How far an act has come, in the words of whoever tells of it."""

    DENIED = "denied"
    ALLEGED = "alleged"
    FEARED = "feared"
    CONSIDERED = "considered"
    SOUGHT = "sought"
    PLANNED = "planned"
    PROMISED = "promised"
    ORDERED = "ordered"
    UNDER_WAY = "under way"
    DONE = "done"


class ActType(StrEnum):
    """The record that an act is kept as."""

    TRANSFER = "transfer"
    SUPPORT = "support"
    ATTACK = "attack"
    INTERCEPTION = "interception"
    HARM = "harm"
    SANCTION = "sanction"
    AGREEMENT = "agreement"


class Reason(StrEnum):
    """Why intake cut a piece of an input away."""

    TEASER = "teaser for another article"
    NEWSLETTER = "newsletter or subscription box"
    SHARE = "share buttons"
    COMMENTS = "comment section"
    FEEDBACK = "correction or feedback prompt"
    PHOTO = "photo caption or credit"
    COOKIES = "cookie or privacy notice"
    ADVERTISEMENT = "advertisement"
    NAVIGATION = "page navigation"
    BYLINE = "byline, date or wire credit"
    LEGAL = "copyright or legal notice"
    MAIL = "mail header, quoted reply or signature"
    REPEATED = "repeated text"
    OTHER = "not part of the article"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points ``start`` up to, not including, ``end`` of ``Document.text``; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The words of ``text`` that this span covers, to the letter."""
        if self.end > len(text):
            raise ValueError(f"span {self.start}..{self.end} ends after the text, which has {len(text)} characters")
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Cut:
    """What intake removed, where, and why.

    Attributes:
        reason: why it is not part of the article.
        text: the words removed, as they stood.
        at: the offset in ``Document.text`` at which they stood.
    """

    reason: Reason
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Document:
    """One retrieved text, which never changes; a changed page is a new document.

    Attributes:
        url: where it came from: an address, a path, or empty for text that was handed over.
        text: the article, paragraphs separated by blank lines; all offsets refer to it.
        title: the headline, as found.
        publisher: the outlet, as found.
        byline: who signed it, as found.
        published: ISO 8601, as precise as the page says: ``2022-12-12`` or ``2022-12-12T10:04:00+02:00``.
        modified: likewise.
        language: ISO 639-1 code; empty if there is too little text to tell.
        wire: the agency credited for the text (``AP``), empty if none is.
        dateline: the place and date an agency text opens with (``KYIV, Dec. 12``), empty if none.
        cuts: what was removed from the input, in order.
        id: digest of url and text.
    """

    url: str
    text: str
    title: str = ""
    publisher: str = ""
    byline: str = ""
    published: str = ""
    modified: str = ""
    language: str = ""
    wire: str = ""
    dateline: str = ""
    cuts: tuple[Cut, ...] = ()
    id: str = field(init=False)

    def __post_init__(self) -> None:
        for cut in self.cuts:
            if not 0 <= cut.at <= len(self.text):
                raise ValueError(f"a cut stands at {cut.at}, outside the text of {len(self.text)} characters")
        object.__setattr__(self, "id", digest(self.url, self.text))


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words that say how sure the source is.

    Attributes:
        span: the words.
        band: the ICD 203 band that they fall in, ``almost no chance`` to ``almost certain``; empty if they have none.
    """

    span: Span
    band: str


@dataclass(frozen=True, slots=True)
class Name:
    """Words that name something.

    Attributes:
        span: the words.
        label: what they name; a group is a nationality, a religion or a political direction.
        score: mean probability of the label over the words; not calibrated.
    """

    span: Span
    label: Label
    score: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text.

    Attributes:
        span: the words of the whole figure, modifier and unit included.
        value: the words of the number alone, inside ``span``.
        low: least value, None where nothing bounds it or the number cannot be read.
        high: greatest value, likewise.
        modifier: exact, bounded, about or vague.
        unit: canonical name from ``units.tsv`` (``%``, ``USD``, ``km``, ``hour``, ``USD/barrel``); empty for things
            counted whole; ``person`` where only the verb tells (``killed two``).
        counted: the noun phrase of what is counted; it may stand apart from the number (``70 of them``).
        scope: what stretch it covers.
        relation: empty, or ``part of 15``, ``sum``, ``change: up``, ``change: down``, ``change: from``, ``change: to``,
            ``compared: ...`` with the words that compare.
        reason: the rule by which the number was read, or why it cannot be.
    """

    span: Span
    value: Span
    low: float | int | None
    high: float | int | None
    modifier: Modifier
    unit: str
    counted: Span | None
    scope: Scope
    relation: str
    reason: str

    def __post_init__(self) -> None:
        if not self.span.covers(self.value):
            raise ValueError(f"the number {self.value} lies outside its figure {self.span}")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"not a range: {self.low}..{self.high}")


@dataclass(frozen=True, slots=True)
class When:
    """One expression of time.

    Attributes:
        span: the words, exactly.
        kind: a date, a duration or a set.
        edtf: where it lies on the calendar: ``2022-12-09``, ``2022-10``, ``XXXX-12-09``, ``2022-12-10/2022-12-11``,
            ``../2022-02-23``, ``2022-12-09T10:00``, ``2022-35`` (third quarter), ``2022-21`` (spring), ``199X``,
            ``19XX``; None where the text and the publication date do not tell.
        duration: ISO 8601, ``X`` for an unknown number: ``P3W``, ``PT2H``, ``PXM``; how long a duration is, how often a
            set comes round, and how far away a date lies that is given by its distance (``three weeks ago``).
        reason: the rule that gave the value, or why there is none.
    """

    span: Span
    kind: TimeKind
    edtf: str | None
    duration: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that point to a party."""

    span: Span
    kind: MentionKind


@dataclass(frozen=True, slots=True)
class SpeaksFor:
    """The government or body in whose name a party speaks.

    Attributes:
        body: its name in ``offices.tsv`` (``Government of Iran``, ``United Nations``), or the words of the text.
        country: ISO 3166-1 alpha-2 code of its country; empty if it has none.
        words: the words of the text that say so.
        reason: the row of the table, or the rule, that gave it.
    """

    body: str
    country: str
    words: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody, or something, that the text names or describes; one record however often and by whatever words.

    Attributes:
        id: digest of the document's id and the span of the first mention.
        kind: what it is.
        name: its fullest name in the text; None for a party that is only described (``a senior U.S. official``).
        mentions: all words that point to it, in order.
        role: the words that say what it is (``British Foreign Secretary``), None if none do.
        speaks_for: in whose name it speaks, None if nothing says so.
    """

    id: str
    kind: PartyKind
    name: Span | None
    mentions: tuple[Mention, ...]
    role: Span | None
    speaks_for: SpeaksFor | None

    def __post_init__(self) -> None:
        if not self.mentions:
            raise ValueError("a party is mentioned at least once")


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the text names.

    Attributes:
        span: the words.
        geonames: its id in GeoNames; None if it is in no table, or nothing decides between several.
        name: its name in the gazetteer, empty without an id.
        country: ISO 3166-1 alpha-2 code, empty if it lies in none.
        latitude: degrees north, None without an id.
        longitude: degrees east, None without an id.
        precision: how fine it is, None without an id.
        reason: what decided between places of one name, or why there is no id.
    """

    span: Span
    geonames: int | None
    name: str
    country: str
    latitude: float | None
    longitude: float | None
    precision: Precision | None
    reason: str

    def __post_init__(self) -> None:
        if not -90.0 <= (self.latitude or 0.0) <= 90.0 or not -180.0 <= (self.longitude or 0.0) <= 180.0:
            raise ValueError(f"no point on the earth: {self.latitude}, {self.longitude}")


@dataclass(frozen=True, slots=True)
class Act:
    """Who did, does or means to do what to whom, with what, when and where: as told, never as a fact.

    Attributes:
        id: digest of the document's id and the words that name the act.
        words: the words that name the act (``supplied``, ``intends to provide``).
        type: the record it is kept as.
        kind: PLOVER event type (``AID``, ``ASSAULT``, ``SANCTION``; PLOVER codebook 2022).
        mode: PLOVER mode, empty if none fits.
        status: how far it has come, in the words of whoever tells of it.
        reason: the words that decided the status.
        factuality: how certain the text has it that the act takes place, from -3 (certainly not) to 3 (certainly).
        actor: who does it: supplier, attacker, who imposes it; empty if nobody is named.
        target: recipient, who or what is hit, harmed, sanctioned.
        item: what is transferred, what it is done with.
        figures: spans of the reading's figures that count the item, the target or the harm.
        times: spans of the reading's times at which it takes place.
        places: spans of the reading's places at which it takes place.
        authority: under what authority (``under Executive Order 13382``), None if none is named.
        grounds: for what (``for helping to produce drones``), None if nothing is said.
        claim: id of the closest attribution in whose content it stands; None if it stands in none.
        exchange: id of the act in return for which it is done.
    """

    id: str
    words: Span
    type: ActType
    kind: str
    mode: str
    status: Status
    reason: str
    factuality: float
    actor: tuple[Span, ...] = ()
    target: tuple[Span, ...] = ()
    item: tuple[Span, ...] = ()
    figures: tuple[Span, ...] = ()
    times: tuple[Span, ...] = ()
    places: tuple[Span, ...] = ()
    authority: Span | None = None
    grounds: Span | None = None
    claim: str | None = None
    exchange: str | None = None

    def __post_init__(self) -> None:
        if not -3.0 <= self.factuality <= 3.0:
            raise ValueError(f"not between -3 and 3: {self.factuality}")


def attribution_id(document_id: str, source: tuple[Span, ...], cue: tuple[Span, ...], content: tuple[Span, ...]) -> str:
    """The id of an attribution: the digest of its document's id and its spans."""
    return digest(document_id, *([[span.start, span.end] for span in role] for role in (source, cue, content)))


def party_id(document_id: str, first: Span) -> str:
    """The id of a party: the digest of its document's id and its first mention."""
    return digest(document_id, "party", first.start, first.end)


def act_id(document_id: str, words: Span) -> str:
    """The id of an act: the digest of its document's id and the words that name it."""
    return digest(document_id, "act", words.start, words.end)


def figure_id(document_id: str, span: Span) -> str:
    """The id of a figure: the digest of its document's id and its words."""
    return digest(document_id, "figure", span.start, span.end)


@dataclass(frozen=True, slots=True)
class Attribution:
    """One source-cue-content relation in one document.

    Attributes:
        id: digest of the document's id and the spans.
        kind: direct, indirect or mixed.
        voice: a party's, or the publisher's own (then there is neither source nor cue).
        parent: id of the attribution in whose content this one stands, or None; a publisher's has none.
        source: the words that name who is cited; empty if nobody is named.
        cue: the words that attribute; empty if none do.
        content: the words that are attributed, never empty; pieces in order.
        score: probability, 0 to 1, that this is an attribution with about this content and this source; calibrated for
            those that have a cue and stand in no other, on the same scale for the rest.
        stance: what the source does by saying it.
        stance_reason: which words decided that, in plain words.
        about: id of the statement that the stance is on, if it is on one and that is in the document.
        hedges: words that say how sure the source is.
        addressee: to whom it was said.
        channel: through what, with its preposition: ``in a statement``.
        relay: outlets and agencies that the sentence says it comes from, outermost first.
        party: id of the party that its source is; set, too, where nobody is named and the text goes on with a speaker.
        party_reason: how it was resolved (``name``, ``pronoun: the last one who spoke``).
        said_on: EDTF, the day of the utterance; None where nothing tells.
        said_on_reason: the words or the rule that gave it.
        said_in: where it was said (``in Brussels``), None if nothing tells.
    """

    id: str
    kind: Kind
    voice: Voice
    parent: str | None
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float
    stance: Stance = Stance.ASSERT
    stance_reason: str = ""
    about: str | None = None
    hedges: tuple[Hedge, ...] = ()
    addressee: tuple[Span, ...] = ()
    channel: tuple[Span, ...] = ()
    relay: tuple[Span, ...] = ()
    party: str | None = None
    party_reason: str = ""
    said_on: str | None = None
    said_on_reason: str = ""
    said_in: Span | None = None

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("an attribution has content")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"not a probability: {self.score}")
        if self.voice is Voice.PUBLISHER and (self.source or self.cue or self.parent is not None):
            raise ValueError("a statement of the publisher has neither source nor cue nor parent")
        for spans in (self.source, self.cue, self.content):
            if any(a.end > b.start for a, b in zip(spans, spans[1:], strict=False)):
                raise ValueError(f"spans overlap or are out of order: {spans}")


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read, recorded and never dropped.

    Attributes:
        where: the input it is about.
        what: what is wrong, in plain words.
        hint: what to do about it; may be empty.
    """

    where: str
    what: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of one version: what every derived row points to.

    Attributes:
        version: of onrecord.
        model: name and digest of the model folder.
        settings: what was set otherwise than by default, as ``name=value``.
    """

    version: str
    model: str
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one run said about one input, failures included.

    ``document`` is None when the input could not be taken in; then ``failures`` says why.
    """

    document: Document | None
    attributions: tuple[Attribution, ...]
    failures: tuple[Failure, ...]
    run: Run
    names: tuple[Name, ...] = ()
    times: tuple[When, ...] = ()
    figures: tuple[Figure, ...] = ()
    parties: tuple[Party, ...] = ()
    places: tuple[Place, ...] = ()
    acts: tuple[Act, ...] = ()
