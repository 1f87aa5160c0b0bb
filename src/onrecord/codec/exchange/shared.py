"""What every format needs: addresses, JSON that is harmless on one line, days and instants, and an entry laid open."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Generic, Protocol, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from onrecord.codec.reading import _TO_ESCAPE
from onrecord.errors import UsageError
from onrecord.model import (
    Act,
    Attribution,
    Decision,
    Document,
    Entry,
    Figure,
    KnownParty,
    Party,
    Place,
    Span,
    SpeaksFor,
    Stance,
    Voice,
    When,
    digest,
    figure_id,
)

BETWEEN_PIECES = " […] "
"""Stands between pieces of text that are written as one string."""

# --- bytes -----------------------------------------------------------------------------------------------------------

_ENCODER = msgspec.json.Encoder()


def encode_json(value: object) -> bytes:
    r"""Writes a value as JSON on one line, without the line break.

    Control characters, line and paragraph separators and bidirectional controls are written as ``\uXXXX``, as in
    :func:`onrecord.codec.encode_reading`.
    """
    line = _ENCODER.encode(value).decode()
    return _TO_ESCAPE.sub(lambda match: f"\\u{ord(match.group()):04x}", line).encode()


def encode_array(opening: bytes, members: Iterable[object], closing: bytes) -> Iterator[bytes]:
    """Writes one JSON document that is mostly an array, member by member, each on a line of its own.

    Args:
        opening: all up to the array's first member, its bracket included.
        members: what stands in it.
        closing: the array's bracket and all after it.
    """
    yield opening
    before = b"\n"
    for member in members:
        yield before + encode_json(member)
        before = b",\n"
    yield b"\n" + closing + b"\n"


# --- addresses -------------------------------------------------------------------------------------------------------

# What an IRI may not hold as it stands (RFC 3987): controls, spaces, and the marks that delimit it elsewhere.
_NOT_IN_IRIS = re.compile(
    '[\x00-\x20\x7f-\xa0\\s<>"{}|\\\\^`\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff0-\uffff]'
)


def web_address(url: str) -> str | None:
    """The address if it is one of the web and can stand in linked data; None for a path, or no address."""
    if not url.startswith(("http://", "https://")) or _NOT_IN_IRIS.search(url):
        return None
    try:
        split = urlsplit(url)
        return url if split.hostname and split.port != 0 else None
    except ValueError:  # brackets that hold no IPv6 address, a port that is no number
        return None


_HALF_ESCAPED = re.compile("%(?![0-9A-Fa-f]{2})")


def web_uri(url: str) -> str | None:
    """The same address in the characters of a URI (RFC 3987, section 3.1), for formats that take no others."""
    if web_address(url) is None:
        return None
    scheme, _, rest = url.partition("://")
    at = min((place for mark in "/?#" if (place := rest.find(mark)) >= 0), default=len(rest))
    host = quote(rest[:at], safe="!$&'()*+,;=:@[]%")
    path, mark, fragment = rest[at:].partition("#")
    path, fragment = (quote(part, safe="!$&'()*+,;=:@/?%") for part in (path, fragment))
    return _HALF_ESCAPED.sub("%25", f"{scheme}://{host}{path}{mark}{fragment}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Under which IRIs the things of the ledger stand.

    Attributes:
        base: where the ledger answers, ``https://ledger.example``; empty for names that lead nowhere,
            ``urn:onrecord:claim:…``.
    """

    base: str = ""

    def __post_init__(self) -> None:
        if self.base and (web_address(self.base) is None or "?" in self.base or "#" in self.base):
            raise UsageError(f"{self.base[:80]!r} is no address of a ledger; write one like https://ledger.example")
        object.__setattr__(self, "base", self.base.rstrip("/"))

    def prefix(self, kind: str) -> str:
        """What all addresses of one kind (``claim``, ``party``) begin with."""
        if not self.base:
            return f"urn:onrecord:{kind}:"
        return f"{self.base}/{'parties' if kind == 'party' else kind + 's'}/"

    def claim(self, identity: str) -> str:
        """The IRI of a claim."""
        return self.prefix("claim") + identity

    def document(self, identity: str) -> str:
        """The IRI of a document."""
        return self.prefix("document") + identity

    def party(self, identity: str) -> str:
        """The IRI of a party of the ledger."""
        return self.prefix("party") + identity

    def reading(self, identity: str) -> str:
        """The IRI of a reading."""
        return self.prefix("reading") + identity


_WORD = re.compile(r"[^\W_]+")


def body_id(body: str) -> str:
    """The id, as a party of the ledger, of the government or body for which somebody speaks.

    By the ledger's own rule, so that the government that speaks itself and the one that others speak for are one.
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", body.casefold()) if not unicodedata.combining(char))
    return digest("party", " ".join(_WORD.findall(plain)) or body)


# --- days and instants -----------------------------------------------------------------------------------------------

_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)


def plain_day(value: str | None) -> str | None:
    """A year, month or day on the calendar, as written; None for anything else, such as an interval or ``XXXX-12-09``.

    Args:
        value: ISO 8601 or EDTF; a time of day is not looked at.
    """
    day = (value or "").partition("T")[0]
    if not _DAY.fullmatch(day):
        return None
    try:
        date.fromisoformat(f"{day}-01-01"[:10])
    except ValueError:
        return None
    return day


def day_or_time(value: str) -> str | None:
    """A day, or a day and time, as written, if it is one in ISO 8601; None for anything else."""
    day = plain_day(value)
    if day is None or value == day:
        return day
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return None
    return value


def instant(value: str) -> datetime | None:
    """A time with its zone, in UTC; None for a day, a time without a zone, or what is neither."""
    if "T" not in value:
        return None
    try:
        time = datetime.fromisoformat(value)
        return time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, OverflowError):  # the first or last day of the calendar, in another zone
        return None


def as_instant(value: str) -> str:
    """The time of an entry or a decision, ``2026-11-24T14:31:00.000Z``.

    Raises:
        UsageError: it is none; the ledger wrote it, so something is wrong with the entry.
    """
    time = instant(value)
    if time is None:
        raise UsageError(f"{value[:40]!r} is no time with a zone, as an entry of the ledger needs")
    return time.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


# --- an entry laid open ----------------------------------------------------------------------------------------------

NOUNS = {
    Stance.ASSERT: "statement",
    Stance.REPORT: "report",
    Stance.ASSESS: "assessment",
    Stance.FEAR: "fear",
    Stance.PROMISE: "promise",
    Stance.CALL_FOR: "call",
    Stance.ACCUSE: "accusation",
    Stance.CONFIRM: "confirmation",
    Stance.ADMIT: "admission",
    Stance.DENY: "denial",
    Stance.REJECT: "rejection",
    Stance.CONDEMN: "condemnation",
    Stance.DOUBT: "doubt",
    Stance.DECLINE: "refusal to say",
}


class _HasSpan(Protocol):
    @property
    def span(self) -> Span: ...


_Spanned = TypeVar("_Spanned", bound=_HasSpan)


class Opened:
    """An entry whose reading has a document, with what its records point to looked up once.

    Attributes:
        entry: the entry.
        document: its document.
        text: the document's.
        attributions: the claims by their ids, in the order of the reading.
        answers: for each claim, those in the document that are about it: its denials, and what else was said of it.
        acts: for each claim, the acts that it tells of itself.
    """

    def __init__(self, entry: Entry, document: Document) -> None:
        reading = entry.reading
        self.entry = entry
        self.document = document
        self.text = document.text
        self.attributions = {one.id: one for one in reading.attributions}
        self.answers: dict[str, list[Attribution]] = {}
        for one in reading.attributions:
            if one.about is not None:
                self.answers.setdefault(one.about, []).append(one)
        self.acts: dict[str, list[Act]] = {}
        for act in reading.acts:
            if act.claim is not None:
                self.acts.setdefault(act.claim, []).append(act)
        self._parties = {party.id: party for party in reading.parties}
        self._figures = _Inside(reading.figures)
        self._times = _Inside(reading.times)
        self._places = _Inside(reading.places)

    def words(self, spans: Sequence[Span]) -> str:
        """The words of several spans as one string, for people; empty for none."""
        return BETWEEN_PIECES.join(span.of(self.text) for span in spans)

    def party(self, one: Attribution) -> Party | None:
        """The party of the reading that said it."""
        return self._parties.get(one.party or "")

    def known(self, one: Attribution) -> KnownParty | None:
        """The party of the ledger that said it."""
        return self.entry.parties.get(one.party or "")

    def speaks_for(self, one: Attribution) -> SpeaksFor | None:
        """In whose name it was said."""
        party = self.party(one)
        return self.entry.body_of(party) if party else None

    def figures(self, one: Attribution) -> list[Figure]:
        """The figures in its content, in order."""
        return self._figures.find(one.content)

    def times(self, one: Attribution) -> list[When]:
        """The times in its content, in order."""
        return self._times.find(one.content)

    def places(self, one: Attribution) -> list[Place]:
        """The places in its content, in order."""
        return self._places.find(one.content)

    def decisions(self, one: Attribution) -> list[Decision]:
        """What people decided about the claim, its acts and its figures, in order."""
        if not self.entry.decisions:
            return []
        acts, figures = self.acts.get(one.id, ()), self.figures(one)
        ids = {one.id, *(act.id for act in acts)}
        ids |= {figure_id(self.document.id, figure.span) for figure in figures}
        # In a later reading, or another version, the subject has another id than it had when it was corrected.
        corrections = {decision.id for this in ids for decision in self.entry.corrected.get(this, ())}
        return [one for one in self.entry.decisions if one.subject in ids or one.id in corrections]

    def who(self, one: Attribution) -> str:
        """Who said it, for people: the party's name, the words of the text, or the publisher; empty if unknown."""
        if one.voice is Voice.PUBLISHER:
            return self.document.publisher or "the publisher"
        known = self.known(one)
        if known:
            return known.name
        party = self.party(one)
        named = party.name if party else None
        return named.of(self.text) if named else self.words(one.source)

    def title(self, one: Attribution) -> str:
        """What it is, for people: ``Denial by the press office for Government of Merrow, as told by Ana Relvas``.

        A claim inside another is known from that one alone, so that its source must not stand without it.
        """
        said, parent = self.speaks_for(one), self.attributions.get(one.parent or "")
        title = f"{NOUNS[one.stance].capitalize()} by {self._named(one)}"
        if said and said.body != self.who(one):
            title += f" for {said.body}"
        return f"{title}, as told by {self._named(parent)}" if parent else title

    def _named(self, one: Attribution) -> str:
        who = self.who(one) or "an unnamed source"
        article, _, rest = who.partition(" ")
        return f"{article.lower()} {rest}" if article in ("The", "A", "An") else who

    def telling(self, one: Attribution) -> str:
        """The whole of it, for people: title, words, who has it from whom, and what else was said of it.

        It is worded as somebody's statement in somebody's report, because formats that hold facts would else make
        it one.
        """
        parts = [self.title(one)]
        if one.voice is Voice.PARTY:
            by, on = self.document.publisher, self.document.published
            parts.append(", as reported" + (f" by {by}" if by else "") + (f" on {on}" if on else ""))
        parts.append(f": {self.words(one.content)}")
        if one.said_on:
            parts.append(f"\nSaid on: {one.said_on}")
        other = self.attributions.get(one.about or "")
        if other:
            parts.append(f"\nOn: {self.title(other)}: {self.words(other.content)}")
        parts.extend(
            f"\nAnswered: {self.title(answer)}: {self.words(answer.content)}" for answer in self.answers.get(one.id, ())
        )
        parts.extend(f"\n{self.act(act)}" for act in self.acts.get(one.id, ()))
        return "".join(parts)

    def act(self, act: Act) -> str:
        """An act for people, as told: ``Tells of a transfer (status: denied): supplied; by …; to …; …``."""
        roles = [("by", act.actor), ("to", act.target), ("of", act.item), ("in", act.places), ("on", act.times)]
        told = "".join(f"; {word} {self.words(spans)}" for word, spans in roles if spans)
        return f"Tells of: {act.type} (status: {act.status}): {act.words.of(self.text)}{told}"


class _Inside(Generic[_Spanned]):
    """Things that have a span, by where they begin, so that those inside a claim are found without reading all."""

    def __init__(self, things: Sequence[_Spanned]) -> None:
        self._things = sorted(things, key=lambda thing: thing.span)
        self._starts = [thing.span.start for thing in self._things]

    def find(self, pieces: Sequence[Span]) -> list[_Spanned]:
        found = []
        for piece in pieces:
            first, last = bisect_left(self._starts, piece.start), bisect_left(self._starts, piece.end)
            found += [thing for thing in self._things[first:last] if thing.span.end <= piece.end]
        return found


def open_entries(entries: Iterable[Entry]) -> Iterator[Opened]:
    """Lays open each entry that has a document; one that could not be read has nothing to say."""
    for entry in entries:
        if entry.reading.document is not None:
            yield Opened(entry, entry.reading.document)
