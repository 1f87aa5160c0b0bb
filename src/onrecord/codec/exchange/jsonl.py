"""JSON Lines: one object a claim, each with all that is needed to read it alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from onrecord.codec.exchange.shared import Addresses, Opened, encode_json, open_entries
from onrecord.codec.reading import (
    ActRecord,
    FigureRecord,
    HedgeRecord,
    PlaceRecord,
    RunRecord,
    SpanRecord,
    SpeaksForRecord,
    TimeRecord,
)
from onrecord.model import (
    Act,
    Attribution,
    DecisionKind,
    Entry,
    Figure,
    Kind,
    PartyKind,
    Place,
    Span,
    SpeaksFor,
    Stance,
    Voice,
    When,
)

_ID = "^[0-9a-f]{16}$"


class OtherClaim(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Another claim of the document, with its words, so that a denial and what it denies are never apart."""

    id: Annotated[str, Meta(pattern=_ID, description="The id of the claim; it has a line of its own.")]
    stance: Annotated[Stance, Meta(description="What its source does by saying it.")]
    who: Annotated[str, Meta(description="Who said it: the party's name, or the words of the text; empty if unknown.")]
    words: Annotated[str, Meta(description="What was said; […] stands between pieces.")]


class ClaimParty(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Who said it, as the ledger knows them."""

    id: Annotated[str, Meta(pattern=_ID, description="The id of the party in the ledger.")]
    address: Annotated[str, Meta(description="Where the party is.")]
    name: Annotated[str, Meta(description="Its fullest name, as first met.")]
    kind: Annotated[PartyKind, Meta(description="What it is.")]
    country: Annotated[str, Meta(description="ISO 3166-1 code of the government or body that it is; else empty.")]


class ClaimDocument(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The report that the claim stands in."""

    id: Annotated[str, Meta(pattern=_ID, description="Digest of url and text.")]
    address: Annotated[str, Meta(description="Where the ledger has it.")]
    url: Annotated[str, Meta(description="The address or path it came from; empty for text that was handed over.")]
    title: Annotated[str, Meta(description="The headline, as found.")]
    publisher: Annotated[str, Meta(description="The outlet, as found.")]
    byline: Annotated[str, Meta(description="Who signed it, as found.")]
    published: Annotated[str, Meta(description="ISO 8601, as precise as the page says; empty if it does not say.")]
    modified: Annotated[str, Meta(description="Likewise.")]
    language: Annotated[str, Meta(description="ISO 639-1 code; empty if there is too little text to tell.")]
    wire: Annotated[str, Meta(description="The agency credited for the text; empty if none is.")]
    dateline: Annotated[str, Meta(description="The place and date an agency text opens with; empty if none.")]
    revises: Annotated[str, Meta(description="The id of the document that this is a later version of; or empty.")]


class ClaimReading(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The reading that found the claim."""

    id: Annotated[str, Meta(pattern=_ID, description="Digest of the reading's record.")]
    address: Annotated[str, Meta(description="Where the reading is.")]
    recorded_at: Annotated[str, Meta(description="ISO 8601, UTC.")]
    recorded_by: Annotated[str, Meta(description="Who recorded it.")]
    run: Annotated[RunRecord, Meta(description="What made it.")]


class Correction(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What somebody decided about the claim, one of its acts or one of its figures."""

    id: Annotated[str, Meta(pattern=_ID, description="Digest of all the rest.")]
    kind: Annotated[DecisionKind, Meta(description="What was done; corrections are already applied to this line.")]
    subject: Annotated[str, Meta(description="The id of what it is about.")]
    field: Annotated[str, Meta(description="What was corrected; empty otherwise.")]
    value: Annotated[str, Meta(description="What it became; empty for a note.")]
    why: Annotated[str, Meta(description="In the words of who decided.")]
    who: Annotated[str, Meta(description="Who decided.")]
    at: Annotated[str, Meta(description="ISO 8601, UTC.")]


class ClaimLine(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One claim: who says what, in which words, in which report."""

    id: Annotated[str, Meta(pattern=_ID, description="Digest of the document's id and the spans.")]
    address: Annotated[str, Meta(description="Where the claim is.")]
    is_current: Annotated[bool, Meta(description="Whether the reading counts: latest version, latest run, kept.")]
    who: Annotated[str, Meta(description="Who said it: the party's name, or the words of the text; empty if unknown.")]
    words: Annotated[str, Meta(description="What was said; […] stands between pieces.")]
    stance: Annotated[Stance, Meta(description="What the source does by saying it.")]
    stance_reason: Annotated[str, Meta(description="Which words decided the stance.")]
    kind: Annotated[Kind, Meta(description="Whether all, none or some of it stands in quotation marks.")]
    voice: Annotated[Voice, Meta(description="Who vouches for it: a party that is cited, or the publisher.")]
    score: Annotated[float, Meta(ge=0, le=1, description="Probability that the text attributes this to this source.")]
    source: Annotated[tuple[SpanRecord, ...], Meta(description="The words that name who is cited.")]
    cue: Annotated[tuple[SpanRecord, ...], Meta(description="The words that attribute.")]
    content: Annotated[tuple[SpanRecord, ...], Meta(min_length=1, description="The words that are attributed.")]
    addressee: Annotated[tuple[SpanRecord, ...], Meta(description="To whom it was said.")]
    channel: Annotated[tuple[SpanRecord, ...], Meta(description="Through what.")]
    relay: Annotated[tuple[SpanRecord, ...], Meta(description="Outlets and agencies the text has it from.")]
    hedges: Annotated[tuple[HedgeRecord, ...], Meta(description="Words that say how sure the source is.")]
    party: Annotated[ClaimParty | None, Meta(description="Who said it, as the ledger knows them; null if unnamed.")]
    party_reason: Annotated[str, Meta(description="How the source was resolved, or why it was not.")]
    speaks_for: Annotated[SpeaksForRecord | None, Meta(description="In whose name it was said; null if in none.")]
    said_on: Annotated[str | None, Meta(description="EDTF: the day of the utterance; null where nothing tells.")]
    said_on_reason: Annotated[str, Meta(description="The words, or the rule, that gave the day.")]
    said_in: Annotated[SpanRecord | None, Meta(description="The place where it was said.")]
    parent: Annotated[str | None, Meta(description="The id of the claim in whose words this one stands.")]
    about: Annotated[str | None, Meta(description="The id of the claim that the stance is on.")]
    about_claim: Annotated[OtherClaim | None, Meta(description="That claim; null if there is none in the export.")]
    answers: Annotated[tuple[OtherClaim, ...], Meta(description="The claims about this one: denials, and the rest.")]
    figures: Annotated[tuple[FigureRecord, ...], Meta(description="The figures in its words.")]
    times: Annotated[tuple[TimeRecord, ...], Meta(description="The times in its words.")]
    places: Annotated[tuple[PlaceRecord, ...], Meta(description="The places in its words.")]
    acts: Annotated[tuple[ActRecord, ...], Meta(description="The acts it tells of, each with its status.")]
    document: Annotated[ClaimDocument, Meta(description="The report.")]
    reading: Annotated[ClaimReading, Meta(description="The reading that found it.")]
    corrections: Annotated[tuple[Correction, ...], Meta(description="What people decided about it.")]


def encode_jsonl(entries: Iterable[Entry], *, base: str = "") -> Iterator[bytes]:
    """Writes each claim as one JSON object on one line, in the order of the entries; in flat memory.

    Args:
        entries: what the ledger holds; those that could not be read say nothing.
        base: where the ledger answers (``https://ledger.example``), for addresses that lead somewhere.

    Yields:
        Lines, with their line breaks.

    Raises:
        UsageError: the base is no address.
    """
    addresses = Addresses(base)
    return (
        encode_json(_line(opened, one, addresses)) + b"\n"
        for opened in open_entries(entries)
        for one in opened.attributions.values()
    )


def claim_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line that :func:`encode_jsonl` writes."""
    (reference,), components = msgspec.json.schema_components((ClaimLine,), ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A claim of a ledger of onrecord",
        **reference,
        "$defs": components,
    }


def _line(opened: Opened, one: Attribution, addresses: Addresses) -> ClaimLine:
    entry, document, run = opened.entry, opened.document, opened.entry.reading.run
    known, said = opened.known(one), opened.speaks_for(one)
    about = opened.attributions.get(one.about or "")
    quoted = _Quoted(opened.text)
    return ClaimLine(
        id=one.id,
        address=addresses.claim(one.id),
        is_current=entry.is_current,
        who=opened.who(one),
        words=opened.words(one.content),
        stance=one.stance,
        stance_reason=one.stance_reason,
        kind=one.kind,
        voice=one.voice,
        score=one.score,
        source=quoted.spans(one.source),
        cue=quoted.spans(one.cue),
        content=quoted.spans(one.content),
        addressee=quoted.spans(one.addressee),
        channel=quoted.spans(one.channel),
        relay=quoted.spans(one.relay),
        hedges=tuple(HedgeRecord(quoted.span(hedge.span), hedge.band) for hedge in one.hedges),
        party=ClaimParty(known.id, addresses.party(known.id), known.name, known.kind, known.country) if known else None,
        party_reason=one.party_reason,
        speaks_for=quoted.speaks_for(said) if said else None,
        said_on=one.said_on,
        said_on_reason=one.said_on_reason,
        said_in=quoted.maybe(one.said_in),
        parent=one.parent,
        about=one.about,
        about_claim=_other(opened, about) if about else None,
        answers=tuple(_other(opened, answer) for answer in opened.answers.get(one.id, ())),
        figures=tuple(map(quoted.figure, opened.figures(one))),
        times=tuple(map(quoted.time, opened.times(one))),
        places=tuple(map(quoted.place, opened.places(one))),
        acts=tuple(map(quoted.act, opened.acts.get(one.id, ()))),
        document=ClaimDocument(
            id=document.id,
            address=addresses.document(document.id),
            url=document.url,
            title=document.title,
            publisher=document.publisher,
            byline=document.byline,
            published=document.published,
            modified=document.modified,
            language=document.language,
            wire=document.wire,
            dateline=document.dateline,
            revises=entry.revises,
        ),
        reading=ClaimReading(
            id=entry.id,
            address=addresses.reading(entry.id),
            recorded_at=entry.at,
            recorded_by=entry.who,
            run=RunRecord(run.version, run.model, run.settings),
        ),
        corrections=tuple(
            Correction(
                id=decision.id,
                kind=decision.kind,
                subject=decision.subject,
                field=decision.field,
                value=decision.value,
                why=decision.why,
                who=decision.who,
                at=decision.at,
            )
            for decision in opened.decisions(one)
        ),
    )


def _other(opened: Opened, other: Attribution) -> OtherClaim:
    return OtherClaim(other.id, other.stance, opened.who(other), opened.words(other.content))


class _Quoted:
    """Records of things in one text, each with its words."""

    def __init__(self, text: str) -> None:
        self._text = text

    def span(self, span: Span) -> SpanRecord:
        return SpanRecord(span.start, span.end, span.of(self._text))

    def maybe(self, span: Span | None) -> SpanRecord | None:
        return None if span is None else self.span(span)

    def spans(self, spans: Sequence[Span]) -> tuple[SpanRecord, ...]:
        return tuple(map(self.span, spans))

    def speaks_for(self, said: SpeaksFor) -> SpeaksForRecord:
        return SpeaksForRecord(said.body, said.country, self.span(said.words), said.reason)

    def figure(self, figure: Figure) -> FigureRecord:
        return FigureRecord(
            words=self.span(figure.span),
            value=self.span(figure.value),
            low=figure.low,
            high=figure.high,
            modifier=figure.modifier,
            unit=figure.unit,
            counted=self.maybe(figure.counted),
            scope=figure.scope,
            relation=figure.relation,
            reason=figure.reason,
        )

    def time(self, time: When) -> TimeRecord:
        return TimeRecord(self.span(time.span), time.kind, time.edtf, time.duration, time.reason)

    def place(self, place: Place) -> PlaceRecord:
        return PlaceRecord(
            words=self.span(place.span),
            geonames=place.geonames,
            name=place.name,
            country=place.country,
            latitude=place.latitude,
            longitude=place.longitude,
            precision=place.precision,
            reason=place.reason,
        )

    def act(self, act: Act) -> ActRecord:
        return ActRecord(
            id=act.id,
            words=self.span(act.words),
            type=act.type,
            kind=act.kind,
            mode=act.mode,
            status=act.status,
            reason=act.reason,
            factuality=act.factuality,
            actor=self.spans(act.actor),
            target=self.spans(act.target),
            item=self.spans(act.item),
            figures=self.spans(act.figures),
            times=self.spans(act.times),
            places=self.spans(act.places),
            authority=self.maybe(act.authority),
            grounds=self.maybe(act.grounds),
            claim=act.claim,
            exchange=act.exchange,
        )
