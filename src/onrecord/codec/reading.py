"""Readings to JSON and back: bytes in, records out.

A :class:`~onrecord.model.Reading` is one JSON object on one line. The object's shape is the classes below; the
published JSON Schema is made from them. Decoding is strict: what is not exactly a reading is refused with one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from onrecord.errors import DecodeError, FormatError
from onrecord.model import (
    Act,
    ActType,
    Attribution,
    Cut,
    Document,
    Failure,
    Figure,
    Hedge,
    Kind,
    Label,
    Mention,
    MentionKind,
    Modifier,
    Name,
    Party,
    PartyKind,
    Place,
    Precision,
    Reading,
    Reason,
    Run,
    Scope,
    Span,
    SpeaksFor,
    Stance,
    Status,
    TimeKind,
    Voice,
    When,
    act_id,
    attribution_id,
    party_id,
)

# Legal inside a JSON string, and still harmful in one: str.splitlines and some line readers break at them, a terminal
# obeys them (C1 controls, DEL), or they reorder what stands beside them on the screen (bidirectional controls).
# Written as \uXXXX they mean the same and do no harm.
_TO_ESCAPE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class DocumentRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One retrieved text, which never changes; a changed page is a new document."""

    id: Annotated[str, Meta(pattern="^[0-9a-f]{16}$", description="Digest of url and text.")]
    url: Annotated[str, Meta(description="The address or path it came from; empty for text that was handed over.")]
    title: Annotated[str, Meta(description="The headline, as found; empty if none was.")]
    publisher: Annotated[str, Meta(description="The outlet, as found; empty if none was.")]
    byline: Annotated[str, Meta(description="Who signed it, as found; empty if nobody was.")]
    published: Annotated[str, Meta(description="ISO 8601, as precise as the page says; empty if it does not say.")]
    modified: Annotated[str, Meta(description="ISO 8601, as precise as the page says; empty if it does not say.")]
    language: Annotated[str, Meta(description="ISO 639-1 code; empty if there is too little text to tell.")]
    wire: Annotated[str, Meta(description="The agency credited for the text; empty if none is.")]
    dateline: Annotated[str, Meta(description="The place and date an agency text opens with; empty if none.")]
    text: Annotated[
        str,
        Meta(description="The article. Every offset counts its Unicode code points; paragraphs end in blank lines."),
    ]


class CutRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What was removed from the input, where, and why."""

    reason: Annotated[Reason, Meta(description="Why it is not part of the article.")]
    text: Annotated[str, Meta(description="The words removed, as they stood.")]
    at: Annotated[int, Meta(ge=0, description="The offset in document.text at which they stood.")]


class SpanRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Words of the text: half-open code points into document.text, and the words themselves."""

    start: Annotated[int, Meta(ge=0, description="The first code point.")]
    end: Annotated[int, Meta(ge=1, description="One past the last code point.")]
    exact: Annotated[str, Meta(min_length=1, description="document.text[start:end], to the letter.")]


class HedgeRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Words that say how sure the source is."""

    words: Annotated[SpanRecord, Meta(description="The words.")]
    band: Annotated[
        str, Meta(description="The ICD 203 band they fall in, from almost no chance to almost certain; empty if none.")
    ]


class AttributionRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One source-cue-content relation."""

    id: Annotated[str, Meta(pattern="^[0-9a-f]{16}$", description="Digest of the document's id and the spans.")]
    kind: Annotated[
        Kind,
        Meta(description="Whether all of the content (direct), none (indirect) or some (mixed) is in quotation marks."),
    ]
    voice: Annotated[
        Voice, Meta(description="Who vouches for the content: a party that is cited, or the publisher itself.")
    ]
    parent: Annotated[str | None, Meta(description="The id of the attribution in whose content this one stands.")]
    source: Annotated[
        tuple[SpanRecord, ...], Meta(description="The words that name who is cited; empty if nobody is named.")
    ]
    cue: Annotated[tuple[SpanRecord, ...], Meta(description="The words that attribute; empty if none do.")]
    content: Annotated[
        tuple[SpanRecord, ...], Meta(min_length=1, description="The words that are attributed; pieces in order.")
    ]
    score: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description=(
                "Probability that the text attributes about this content to this source; calibrated for claims that "
                "have a cue and stand in no other."
            ),
        ),
    ]
    stance: Annotated[Stance, Meta(description="What the source does by saying it.")]
    stance_reason: Annotated[str, Meta(description="Which words decided the stance.")]
    about: Annotated[
        str | None, Meta(description="The id of the statement that the stance is on, if that is in the document.")
    ]
    hedges: Annotated[tuple[HedgeRecord, ...], Meta(description="Words that say how sure the source is.")]
    addressee: Annotated[tuple[SpanRecord, ...], Meta(description="To whom it was said.")]
    channel: Annotated[tuple[SpanRecord, ...], Meta(description="Through what: in a statement, on Telegram.")]
    relay: Annotated[
        tuple[SpanRecord, ...], Meta(description="Outlets and agencies the text has it from, outermost first.")
    ]
    party: Annotated[
        str | None,
        Meta(description="The id of the party that said it, even where no words beside it do; null if unknown."),
    ]
    party_reason: Annotated[str, Meta(description="How the source was resolved to the party, or why it was not.")]
    said_on: Annotated[str | None, Meta(description="EDTF: the day of the utterance; null where nothing tells.")]
    said_on_reason: Annotated[str, Meta(description="The words, or the rule, that gave the day; empty without one.")]
    said_in: Annotated[SpanRecord | None, Meta(description="The place where it was said; null where nothing tells.")]


class NameRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Words that name something."""

    words: Annotated[SpanRecord, Meta(description="The words.")]
    label: Annotated[Label, Meta(description="What they name.")]
    score: Annotated[float, Meta(ge=0, le=1, description="Mean probability of the label; not calibrated.")]


class TimeRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One expression of time."""

    words: Annotated[SpanRecord, Meta(description="The words.")]
    kind: Annotated[TimeKind, Meta(description="A point or stretch on the calendar, a length, or a repetition.")]
    edtf: Annotated[
        str | None,
        Meta(description="Where it lies on the calendar, as EDTF; null where nothing tells, with the reason."),
    ]
    duration: Annotated[str | None, Meta(description="ISO 8601 duration, X for an unknown number: P3W, PXM.")]
    reason: Annotated[str, Meta(description="The rule that gave the value, or why there is none.")]


class FigureRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One figure of the text."""

    words: Annotated[SpanRecord, Meta(description="The words of the whole figure, modifier and unit included.")]
    value: Annotated[SpanRecord, Meta(description="The words of the number alone.")]
    low: Annotated[int | float | None, Meta(description="Least value; null where nothing bounds it or says it.")]
    high: Annotated[int | float | None, Meta(description="Greatest value; null likewise.")]
    modifier: Annotated[Modifier, Meta(description="What the words beside the number make of it.")]
    unit: Annotated[str, Meta(description="Canonical name of the unit; empty for things counted whole.")]
    counted: Annotated[SpanRecord | None, Meta(description="What is counted; it may stand apart from the number.")]
    scope: Annotated[Scope, Meta(description="What stretch of the world it covers, as far as the words near by say.")]
    relation: Annotated[
        str,
        Meta(description="Empty, or how it stands to another: part of 15, sum, change: up, compared: twice as many."),
    ]
    reason: Annotated[str, Meta(description="The rule by which the number was read, or why it cannot be.")]


class MentionRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Words that point to a party."""

    words: Annotated[SpanRecord, Meta(description="The words.")]
    kind: Annotated[MentionKind, Meta(description="By name, by what it is, or by a pronoun.")]


class SpeaksForRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The government or body in whose name a party speaks."""

    body: Annotated[str, Meta(description="What it is called: Government of Iran, United Nations.")]
    country: Annotated[str, Meta(description="ISO 3166-1 alpha-2 code; empty if it has none.")]
    words: Annotated[SpanRecord, Meta(description="The words of the text that say so.")]
    reason: Annotated[str, Meta(description="The rule that gave it.")]


class PartyRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Somebody, or something, that the text names or describes."""

    id: Annotated[str, Meta(pattern="^[0-9a-f]{16}$", description="Digest of the document's id and its first mention.")]
    kind: Annotated[PartyKind, Meta(description="What it is.")]
    name: Annotated[SpanRecord | None, Meta(description="Its fullest name; null for a party that is only described.")]
    mentions: Annotated[
        tuple[MentionRecord, ...], Meta(min_length=1, description="All words that point to it, in order.")
    ]
    role: Annotated[SpanRecord | None, Meta(description="The words that say what it is.")]
    speaks_for: Annotated[SpeaksForRecord | None, Meta(description="In whose name it speaks; null if nothing says.")]


class PlaceRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A place that the text names."""

    words: Annotated[SpanRecord, Meta(description="The words.")]
    geonames: Annotated[int | None, Meta(description="Its id in GeoNames; null where nothing decides.")]
    name: Annotated[str, Meta(description="Its name in the gazetteer; empty without an id.")]
    country: Annotated[str, Meta(description="ISO 3166-1 alpha-2 code; empty if it lies in none.")]
    latitude: Annotated[float | None, Meta(description="Degrees north; null without an id.")]
    longitude: Annotated[float | None, Meta(description="Degrees east; null without an id.")]
    precision: Annotated[Precision | None, Meta(description="How fine it is; never finer than a settlement.")]
    reason: Annotated[str, Meta(description="What decided, or why there is no id.")]


class ActRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Who did, does or means to do what to whom: as told, never as a fact."""

    id: Annotated[str, Meta(pattern="^[0-9a-f]{16}$", description="Digest of the document's id and the words.")]
    words: Annotated[SpanRecord, Meta(description="The words that name the act.")]
    type: Annotated[ActType, Meta(description="The record it is kept as.")]
    kind: Annotated[str, Meta(description="PLOVER event type: AID, ASSAULT, SANCTION.")]
    mode: Annotated[str, Meta(description="PLOVER mode; empty if none fits.")]
    status: Annotated[Status, Meta(description="How far it has come, in the words of whoever tells of it.")]
    reason: Annotated[str, Meta(description="The words that decided the status.")]
    factuality: Annotated[
        float, Meta(ge=-3, le=3, description="How certain the text has it: -3 certainly not, 3 certainly.")
    ]
    actor: Annotated[tuple[SpanRecord, ...], Meta(description="Who does it.")]
    target: Annotated[tuple[SpanRecord, ...], Meta(description="To whom: recipient, who or what is hit, sanctioned.")]
    item: Annotated[tuple[SpanRecord, ...], Meta(description="What is transferred, or what it is done with.")]
    figures: Annotated[tuple[SpanRecord, ...], Meta(description="The figures that count it; each is among figures.")]
    times: Annotated[tuple[SpanRecord, ...], Meta(description="When; each is among times.")]
    places: Annotated[tuple[SpanRecord, ...], Meta(description="Where; each is among places.")]
    authority: Annotated[SpanRecord | None, Meta(description="Under what authority.")]
    grounds: Annotated[SpanRecord | None, Meta(description="For what.")]
    claim: Annotated[
        str | None, Meta(description="The id of the closest attribution in whose content it stands: whose claim it is.")
    ]
    exchange: Annotated[str | None, Meta(description="The id of the act in return for which it is done.")]


class FailureRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Something that could not be read."""

    where: Annotated[str, Meta(description="The input it is about.")]
    what: Annotated[str, Meta(description="What is wrong, in plain words.")]
    hint: Annotated[str, Meta(description="What to do about it; may be empty.")]


class RunRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One execution of one version."""

    version: Annotated[str, Meta(description="The version of onrecord.")]
    model: Annotated[str, Meta(description="The name and digest of the model.")]
    settings: Annotated[tuple[str, ...], Meta(description="What was set otherwise than by default, as name=value.")]


class ReadingRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Everything one run said about one input, failures included."""

    document: Annotated[
        DocumentRecord | None, Meta(description="Null if the input could not be read; then failures says why.")
    ]
    cuts: Annotated[tuple[CutRecord, ...], Meta(description="What was removed from the input, in order.")]
    attributions: Annotated[tuple[AttributionRecord, ...], Meta(description="Who says what.")]
    names: Annotated[tuple[NameRecord, ...], Meta(description="What is named in the text, in order.")]
    times: Annotated[tuple[TimeRecord, ...], Meta(description="Expressions of time, in order.")]
    figures: Annotated[tuple[FigureRecord, ...], Meta(description="How much of what, in order.")]
    parties: Annotated[tuple[PartyRecord, ...], Meta(description="Who is named or described, in order.")]
    places: Annotated[tuple[PlaceRecord, ...], Meta(description="Which places are named, in order.")]
    acts: Annotated[tuple[ActRecord, ...], Meta(description="What is done, planned or feared, in order.")]
    failures: Annotated[tuple[FailureRecord, ...], Meta(description="What could not be read.")]
    run: Annotated[RunRecord, Meta(description="What made this reading.")]


_OF_TEXT = ("attributions", "names", "times", "figures", "parties", "places", "acts")
_ROLES = ("source", "cue", "content", "addressee", "channel", "relay")
_PLACE_FIELDS = ("geonames", "name", "country", "latitude", "longitude", "precision", "reason")
_ACT_ROLES = ("actor", "target", "item", "figures", "times", "places")
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(ReadingRecord)


def encode_reading(reading: Reading) -> bytes:
    r"""Writes a reading as one JSON object on one line, without the line break, in valid UTF-8.

    Control characters, line and paragraph separators and bidirectional controls are written as ``\uXXXX``, so that
    the line is one line for every reader of lines, and harmless on a terminal.

    Raises:
        FormatError: a string holds half a character (a lone surrogate), which UTF-8 cannot carry. A text is quoted
            exactly or refused, so it is not replaced by something else.
    """
    document = reading.document
    text = document.text if document else ""

    def words(span: Span) -> SpanRecord:
        return SpanRecord(start=span.start, end=span.end, exact=span.of(text))

    def words_or_none(span: Span | None) -> SpanRecord | None:
        return None if span is None else words(span)

    def quote(spans: tuple[Span, ...]) -> tuple[SpanRecord, ...]:
        return tuple(words(span) for span in spans)

    record = ReadingRecord(
        document=DocumentRecord(
            id=document.id,
            url=document.url,
            title=document.title,
            publisher=document.publisher,
            byline=document.byline,
            published=document.published,
            modified=document.modified,
            language=document.language,
            wire=document.wire,
            dateline=document.dateline,
            text=text,
        )
        if document
        else None,
        cuts=tuple(CutRecord(reason=cut.reason, text=cut.text, at=cut.at) for cut in document.cuts) if document else (),
        attributions=tuple(
            AttributionRecord(
                id=attribution.id,
                kind=attribution.kind,
                voice=attribution.voice,
                parent=attribution.parent,
                source=quote(attribution.source),
                cue=quote(attribution.cue),
                content=quote(attribution.content),
                score=attribution.score,
                stance=attribution.stance,
                stance_reason=attribution.stance_reason,
                about=attribution.about,
                hedges=tuple(HedgeRecord(words=words(hedge.span), band=hedge.band) for hedge in attribution.hedges),
                addressee=quote(attribution.addressee),
                channel=quote(attribution.channel),
                relay=quote(attribution.relay),
                party=attribution.party,
                party_reason=attribution.party_reason,
                said_on=attribution.said_on,
                said_on_reason=attribution.said_on_reason,
                said_in=words_or_none(attribution.said_in),
            )
            for attribution in reading.attributions
        ),
        names=tuple(NameRecord(words=words(name.span), label=name.label, score=name.score) for name in reading.names),
        times=tuple(
            TimeRecord(
                words=words(time.span), kind=time.kind, edtf=time.edtf, duration=time.duration, reason=time.reason
            )
            for time in reading.times
        ),
        figures=tuple(
            FigureRecord(
                words=words(figure.span),
                value=words(figure.value),
                low=figure.low,
                high=figure.high,
                modifier=figure.modifier,
                unit=figure.unit,
                counted=words_or_none(figure.counted),
                scope=figure.scope,
                relation=figure.relation,
                reason=figure.reason,
            )
            for figure in reading.figures
        ),
        parties=tuple(
            PartyRecord(
                id=party.id,
                kind=party.kind,
                name=words_or_none(party.name),
                mentions=tuple(MentionRecord(words(mention.span), mention.kind) for mention in party.mentions),
                role=words_or_none(party.role),
                speaks_for=SpeaksForRecord(
                    body=party.speaks_for.body,
                    country=party.speaks_for.country,
                    words=words(party.speaks_for.words),
                    reason=party.speaks_for.reason,
                )
                if party.speaks_for
                else None,
            )
            for party in reading.parties
        ),
        places=tuple(
            PlaceRecord(
                words=words(place.span),
                geonames=place.geonames,
                name=place.name,
                country=place.country,
                latitude=place.latitude,
                longitude=place.longitude,
                precision=place.precision,
                reason=place.reason,
            )
            for place in reading.places
        ),
        acts=tuple(
            ActRecord(
                id=act.id,
                words=words(act.words),
                type=act.type,
                kind=act.kind,
                mode=act.mode,
                status=act.status,
                reason=act.reason,
                factuality=act.factuality,
                **{role: quote(getattr(act, role)) for role in _ACT_ROLES},
                authority=words_or_none(act.authority),
                grounds=words_or_none(act.grounds),
                claim=act.claim,
                exchange=act.exchange,
            )
            for act in reading.acts
        ),
        failures=tuple(
            FailureRecord(where=failure.where, what=failure.what, hint=failure.hint) for failure in reading.failures
        ),
        run=RunRecord(version=reading.run.version, model=reading.run.model, settings=reading.run.settings),
    )
    try:
        line = _ENCODER.encode(record).decode()
    except UnicodeEncodeError as error:
        where = document.url if document else reading.failures[0].where if reading.failures else ""
        raise FormatError(
            f"half a character (U+{ord(error.object[error.start]):04X} alone) cannot be written as UTF-8",
            where.encode("utf-8", "backslashreplace").decode(),
        ) from None
    return _TO_ESCAPE.sub(lambda match: f"\\u{ord(match.group()):04x}", line).encode()


def decode_reading(line: bytes, *, is_proven: bool = False) -> Reading:
    """Reads what :func:`encode_reading` wrote, and nothing else.

    Args:
        line: one reading.
        is_proven: it was checked when it was taken in, and its digest is kept: its words and ids are not compared
            with its text again, which takes most of the time.

    Raises:
        DecodeError: the bytes are not JSON; a key is missing, unknown or of the wrong type; a span lies outside the
            text, or its ``exact`` is not what stands there; an id is not the digest of what it names; a parent is
            not among the attributions, or stands under itself; a party, claim or act that is pointed to is not there.
    """
    try:
        record = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DecodeError(f"not a reading: {' '.join(str(error).split())}") from None
    try:
        reading = _reading(record)
        if not is_proven:
            _check(record, reading)
        return reading
    except ValueError as error:
        raise DecodeError(f"not a reading: {error}") from None


def _reading(record: ReadingRecord) -> Reading:
    """The reading that a record is of; raises ValueError where a noun cannot be so."""
    cuts = tuple(Cut(cut.reason, cut.text, cut.at) for cut in record.cuts)
    document = None
    if record.document is not None:
        fields = msgspec.structs.asdict(record.document)
        del fields["id"]
        document = Document(**fields, cuts=cuts)
    elif cuts or any(getattr(record, name) for name in _OF_TEXT):
        raise ValueError("there is something about a text, and no document")
    elif not record.failures:
        raise ValueError("there is neither a document nor a failure")

    return Reading(
        document=document,
        attributions=tuple(map(_attribution, record.attributions)),
        failures=tuple(Failure(failure.where, failure.what, failure.hint) for failure in record.failures),
        run=Run(record.run.version, record.run.model, record.run.settings),
        names=tuple(Name(_span(name.words), name.label, name.score) for name in record.names),
        times=tuple(When(_span(time.words), time.kind, time.edtf, time.duration, time.reason) for time in record.times),
        figures=tuple(
            Figure(
                span=_span(figure.words),
                value=_span(figure.value),
                low=figure.low,
                high=figure.high,
                modifier=figure.modifier,
                unit=figure.unit,
                counted=_span_or_none(figure.counted),
                scope=figure.scope,
                relation=figure.relation,
                reason=figure.reason,
            )
            for figure in record.figures
        ),
        parties=tuple(map(_party, record.parties)),
        places=tuple(
            Place(
                span=_span(place.words),
                **{name: getattr(place, name) for name in _PLACE_FIELDS},
            )
            for place in record.places
        ),
        acts=tuple(map(_act, record.acts)),
    )


def _attribution(entry: AttributionRecord) -> Attribution:
    return Attribution(
        id=entry.id,
        kind=entry.kind,
        voice=entry.voice,
        parent=entry.parent,
        score=entry.score,
        stance=entry.stance,
        stance_reason=entry.stance_reason,
        about=entry.about,
        hedges=tuple(Hedge(_span(hedge.words), hedge.band) for hedge in entry.hedges),
        party=entry.party,
        party_reason=entry.party_reason,
        said_on=entry.said_on,
        said_on_reason=entry.said_on_reason,
        said_in=_span_or_none(entry.said_in),
        source=_spans(entry.source),
        cue=_spans(entry.cue),
        content=_spans(entry.content),
        addressee=_spans(entry.addressee),
        channel=_spans(entry.channel),
        relay=_spans(entry.relay),
    )


def _party(entry: PartyRecord) -> Party:
    mentions = tuple(Mention(_span(mention.words), mention.kind) for mention in entry.mentions)
    said = entry.speaks_for
    speaks_for = SpeaksFor(said.body, said.country, _span(said.words), said.reason) if said else None
    name, role = _span_or_none(entry.name), _span_or_none(entry.role)
    return Party(entry.id, entry.kind, name, mentions, role, speaks_for)


def _act(entry: ActRecord) -> Act:
    return Act(
        id=entry.id,
        words=_span(entry.words),
        type=entry.type,
        kind=entry.kind,
        mode=entry.mode,
        status=entry.status,
        reason=entry.reason,
        factuality=entry.factuality,
        actor=_spans(entry.actor),
        target=_spans(entry.target),
        item=_spans(entry.item),
        figures=_spans(entry.figures),
        times=_spans(entry.times),
        places=_spans(entry.places),
        authority=_span_or_none(entry.authority),
        grounds=_span_or_none(entry.grounds),
        claim=entry.claim,
        exchange=entry.exchange,
    )


def _check_known(identity: str | None, known: Set[str], what: str, among: str) -> None:
    if identity is not None and identity not in known:
        raise ValueError(f"{what} {identity}, which is not among the {among}")


def _check(record: ReadingRecord, reading: Reading) -> None:
    """Checks what types alone cannot say; raises ValueError with the place and the fault."""
    document = reading.document
    text, document_id = (document.text, document.id) if document else ("", "")
    if record.document is not None and record.document.id != document_id:
        raise ValueError(f"document.id is {record.document.id}, and the digest of url and text is {document_id}")
    for name in _OF_TEXT:
        for number, entry in enumerate(getattr(record, name)):
            _check_words(entry, text, f"{name}[{number}]")
    for number, one in enumerate(reading.attributions):
        if (expected := attribution_id(document_id, one.source, one.cue, one.content)) != one.id:
            raise ValueError(f"attributions[{number}].id is {one.id}, and the digest of its spans is {expected}")
    for party in reading.parties:
        if (expected := party_id(document_id, party.mentions[0].span)) != party.id:
            raise ValueError(f"party {party.id}: the digest of its first mention is {expected}")
    for act in reading.acts:
        if (expected := act_id(document_id, act.words)) != act.id:
            raise ValueError(f"act {act.id}: the digest of its words is {expected}")
    _check_parents(reading.attributions)
    claims = {one.id for one in reading.attributions}
    sides = {party.id for party in reading.parties}
    deeds = {act.id for act in reading.acts}
    for one in reading.attributions:
        _check_known(one.about, claims, f"attribution {one.id} is about", "attributions")
        _check_known(one.party, sides, f"attribution {one.id} is said by", "parties")
    for act in reading.acts:
        _check_known(act.claim, claims, f"act {act.id} stands in", "attributions")
        _check_known(act.exchange, deeds, f"act {act.id} is in return for", "acts")


def _check_words(entry: object, text: str, place: str) -> None:
    """Compares every quotation in a record, however deep, with what stands in the text."""
    if isinstance(entry, SpanRecord):
        if Span(entry.start, entry.end).of(text) != entry.exact:
            raise ValueError(f"{place}: the text at {entry.start}..{entry.end} is not what exact says")
    elif isinstance(entry, tuple):
        for one in entry:
            _check_words(one, text, place)
    elif isinstance(entry, msgspec.Struct):
        for name in entry.__struct_fields__:
            _check_words(getattr(entry, name), text, f"{place}.{name}")


def _span_or_none(quoted: SpanRecord | None) -> Span | None:
    return None if quoted is None else Span(quoted.start, quoted.end)


def _span(quoted: SpanRecord) -> Span:
    return Span(quoted.start, quoted.end)


def _spans(several: tuple[SpanRecord, ...]) -> tuple[Span, ...]:
    return tuple([Span(quoted.start, quoted.end) for quoted in several])


def _check_parents(attributions: Sequence[Attribution]) -> None:
    parents = {attribution.id: attribution.parent for attribution in attributions}
    if len(parents) != len(attributions):
        raise ValueError("two attributions have the same id")
    sound: set[str | None] = {None}
    for attribution in attributions:
        chain = set()
        at: str | None = attribution.id
        while at not in sound:
            if at in chain:
                raise ValueError(f"attribution {at} stands under itself")
            if at not in parents:
                raise ValueError(f"parent {at} is not among the attributions")
            chain.add(at)
            at = parents[at]
        sound |= chain


def reading_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what :func:`encode_reading` writes."""
    (reference,), components = msgspec.json.schema_components((ReadingRecord,), ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A reading by onrecord",
        **reference,
        "$defs": components,
    }
