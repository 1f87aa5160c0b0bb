"""The nouns: frozen records, their invariants and their ids.

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


def attribution_id(document_id: str, source: tuple[Span, ...], cue: tuple[Span, ...], content: tuple[Span, ...]) -> str:
    """The id of an attribution: the digest of its document's id and its spans."""
    return digest(document_id, *([[span.start, span.end] for span in role] for role in (source, cue, content)))


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
        score: calibrated probability, 0 to 1, that this is an attribution with about this content and this source.
    """

    id: str
    kind: Kind
    voice: Voice
    parent: str | None
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float

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
