"""The nouns of the ledger: what is made of readings when they are kept, asked and decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from onrecord.model.reading import (
    Act,
    Attribution,
    Document,
    Figure,
    Party,
    PartyKind,
    Place,
    Reading,
    Run,
    Span,
    SpeaksFor,
    Stance,
    Status,
    Voice,
    When,
    digest,
)


class DecisionKind(StrEnum):
    """What somebody decided about the record."""

    MERGE = "merge"
    SPLIT = "split"
    CORRECT = "correct"
    SPEAKS = "speaks"
    RETRACT = "retract"
    NOTE = "note"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A party as the ledger knows it, over all its documents.

    Attributes:
        id: digest of what it is known by: its folded name, or the body's.
        name: what it is called: its fullest name, as first met.
        kind: what it is, as first met.
        country: ISO 3166-1 alpha-2 code of the government or body that it is; empty for others.
    """

    id: str
    name: str
    kind: PartyKind
    country: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about the record; a row of its own, which undoes nothing by being there.

    Attributes:
        id: digest of all the rest.
        kind: merge, split, correct, speaks, retract, note or undo.
        subject: id of what it is about: a party (merge, split, speaks), a claim, an act or a figure (correct), a
            reading or a document (retract), a decision (undo), anything (note).
        field: what is corrected (``stance``); empty otherwise.
        value: what it becomes (``deny``); the id of the party merged into, or spoken for; the name of the party split
            off.
        document: id of the document that the subject stands in, or that a split is about; empty for the rest.
        words: what the subject says, to find it again in a later reading: the pieces of a claim's content, the words
            of an act or a figure; empty for the rest.
        why: in the words of who decided.
        who: the name of who decided.
        at: ISO 8601, UTC.
    """

    id: str = field(init=False)
    kind: DecisionKind
    subject: str
    who: str
    at: str
    field: str = ""
    value: str = ""
    document: str = ""
    words: tuple[Span, ...] = ()
    why: str = ""

    def __post_init__(self) -> None:
        words = [[span.start, span.end] for span in self.words]
        rest = (self.subject, self.who, self.at, self.field, self.value, self.document, words, self.why)
        object.__setattr__(self, "id", digest("decision", self.kind, *rest))


@dataclass(frozen=True, slots=True)
class Entry:
    """A reading as the ledger holds it.

    Attributes:
        id: digest of the reading's record.
        reading: what was read, with people's corrections applied.
        at: when it was recorded, ISO 8601, UTC.
        who: who recorded it.
        is_current: whether it is the one that counts: of the latest version of its page, by the latest run, not
            retracted.
        parties: the party of the ledger that each party of the reading is, by the reading's ids; those without a name
            are none.
        revises: id of the document that this one is a later version of; empty if there is none.
        decisions: what people decided that applies here, in order: about this document, and about other versions of
            its page where they fit this one.
        corrected: by the id of a claim or an act, or by :func:`figure_id`, the corrections of it, in order.
        spoken_for: by the reading's id of a party, in whose name it speaks, where that is otherwise than was read:
            people said so, or said that the body is another.
    """

    id: str
    reading: Reading
    at: str
    who: str
    is_current: bool = True
    parties: Mapping[str, KnownParty] = field(default_factory=dict)
    revises: str = ""
    decisions: tuple[Decision, ...] = ()
    corrected: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)
    spoken_for: Mapping[str, SpeaksFor] = field(default_factory=dict)

    def body_of(self, party: Party) -> SpeaksFor | None:
        """In whose name a party of the reading speaks."""
        return self.spoken_for.get(party.id, party.speaks_for)


@dataclass(frozen=True, slots=True)
class Claim:
    """An attribution entered in the ledger.

    Attributes:
        attribution: who says what, in which words.
        entry: the reading that it stands in; its document, parties, figures, times, places, acts and run are there.
        is_current: whether it counts now, or counted at the time asked about.
    """

    attribution: Attribution
    entry: Entry
    is_current: bool = True

    @property
    def id(self) -> str:
        """The attribution's."""
        return self.attribution.id

    @property
    def document(self) -> Document:
        """The text that it stands in."""
        document = self.entry.reading.document
        if document is None:  # a reading with attributions has a document
            raise ValueError(f"claim {self.id} has no document")
        return document

    @property
    def source(self) -> str:
        """Who is cited, in the words of the text; empty if nobody is named."""
        return self._words(self.attribution.source)

    @property
    def cue(self) -> str:
        """The words that attribute."""
        return self._words(self.attribution.cue)

    @property
    def content(self) -> str:
        """What is attributed, to the letter; `` […] `` stands between pieces."""
        return self._words(self.attribution.content)

    @property
    def party(self) -> KnownParty | None:
        """Who said it, as the ledger knows them; None without a name."""
        return self.entry.parties.get(self.attribution.party or "")

    @property
    def speaks_for(self) -> SpeaksFor | None:
        """In whose name it was said."""
        parties = self.entry.reading.parties
        return next((self.entry.body_of(party) for party in parties if party.id == self.attribution.party), None)

    @property
    def acts(self) -> tuple[Act, ...]:
        """The acts that it tells of itself, not through a claim inside it."""
        return tuple(act for act in self.entry.reading.acts if act.claim == self.id)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in its content."""
        return tuple(figure for figure in self.entry.reading.figures if self._holds(figure.span))

    @property
    def times(self) -> tuple[When, ...]:
        """The times in its content."""
        return tuple(time for time in self.entry.reading.times if self._holds(time.span))

    @property
    def places(self) -> tuple[Place, ...]:
        """The places in its content."""
        return tuple(place for place in self.entry.reading.places if self._holds(place.span))

    def _words(self, spans: tuple[Span, ...]) -> str:
        return " […] ".join(span.of(self.document.text) for span in spans)

    def _holds(self, span: Span) -> bool:
        return any(piece.covers(span) for piece in self.attribution.content)


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the claims of one reading in another, by ids; wording decides, not place.

    Attributes:
        same: pairs, of the former and the latter, that say the same in every respect that the ledger can be asked for.
        changed: pairs that are about the same words and differ in something.
        appeared: in the latter alone.
        vanished: in the former alone.
    """

    same: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    appeared: tuple[str, ...]
    vanished: tuple[str, ...]


class Outcome(StrEnum):
    """What adding a reading came to."""

    NEW = "new"
    KNOWN = "known"
    CHANGED = "changed"
    READ_AGAIN = "read again"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Added:
    """What adding one reading came to.

    Attributes:
        entry: id of the reading in the ledger.
        document: id of the document; empty if nothing could be read.
        outcome: a new document; one that is there already; a later version of a page; a document that is there, read by
            another run; or an input that could not be read, whose failure is recorded.
        changes: what became of the claims that counted until then; None for a new document and where nothing changed.
        left_behind: what people decided about a version or a reading before, and what does not go over to this one:
            corrections of what it does not say, retractions.
    """

    entry: str
    document: str
    outcome: Outcome
    changes: Changes | None = None
    left_behind: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """One row of the log: who did what, when.

    Attributes:
        seq: its number, from 1.
        at: ISO 8601, UTC.
        who: the name of the user.
        verb: ``add`` (a reading, as what its page says now), ``reread`` (a reading of a document that is there), or the
            kind of a decision.
        subject: id of the reading or decision.
        digest: SHA-256 of the record of it, hexadecimal.
        hash: SHA-256 of the hash before and of all the rest, hexadecimal; with it all rows before it are proven.
    """

    seq: int
    at: str
    who: str
    verb: str
    subject: str
    digest: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a ledger that is not as it was recorded.

    Attributes:
        where: the row, record or document.
        what: what is wrong with it, in plain words.
    """

    where: str
    what: str


class ThingKind(StrEnum):
    """What an id of the ledger can belong to."""

    CLAIM = "claim"
    DOCUMENT = "document"
    PARTY = "party"
    READING = "reading"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Change:
    """One event in the history of something.

    Attributes:
        at: when it was recorded, ISO 8601, UTC.
        who: who recorded it.
        what: what happened, in plain words.
        by: id of the reading or decision that it came from.
    """

    at: str
    who: str
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run whose readings the ledger holds.

    Attributes:
        id: digest of the run.
        run: the version, model and settings.
        readings: how many readings it made.
        first: when the first of them was recorded, ISO 8601, UTC.
        last: when the last was.
    """

    id: str
    run: Run
    readings: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Question:
    """What claims are asked for; what is left empty does not matter, and all that is set must hold.

    Dates are EDTF as in :class:`When`, as precise as need be: ``2022-11-05``, ``2022-11``, ``2022``.

    Attributes:
        party: name or id of who said it; whoever speaks for them counts too.
        only_itself: leave out those who speak for it.
        about: name or id of a party that the content names.
        stance: any of these.
        words: words of the content in any order; a phrase stands in quotation marks, and ``sanction*`` is the beginning
            of a word.
        place: name or GeoNames id of a place that the content names.
        publisher: the outlet.
        said_before: said earlier than this began; where the text does not tell when, the day of publication counts.
        said_after: said later than this ended; likewise.
        acted_before: tells of an act before this began.
        acted_after: tells of an act after this ended.
        act: record or PLOVER type of an act that it tells of: ``transfer``, ``AID``.
        status: how far that act has come, any of these.
        figure: a word for what is counted, or a unit: ``drones``, ``USD``.
        at_least: the figure can be this or more.
        at_most: the figure can be this or less.
        voice: whose voice; None takes both.
        as_of: what the ledger held at the end of this day, or at this moment (ISO 8601); empty for now.
        superseded: ask instead for claims that count no more: of an earlier version or run that the later one has not.
    """

    party: str = ""
    only_itself: bool = False
    about: str = ""
    stance: tuple[Stance, ...] = ()
    words: str = ""
    place: str = ""
    publisher: str = ""
    said_before: str = ""
    said_after: str = ""
    acted_before: str = ""
    acted_after: str = ""
    act: str = ""
    status: tuple[Status, ...] = ()
    figure: str = ""
    at_least: float | None = None
    at_most: float | None = None
    voice: Voice | None = Voice.PARTY
    as_of: str = ""
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the claims that answer a question, the latest said first.

    Attributes:
        claims: in order.
        after: what to give for the claims that follow; empty if these are the last. It pins the state of the ledger:
            what is added meanwhile moves no claim to another page.
    """

    claims: tuple[Claim, ...]
    after: str = ""
