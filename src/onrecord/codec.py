"""Records to JSON and back: bytes in, records out; the only place that knows msgspec.

A :class:`~onrecord.model.Reading` is one JSON object on one line. The object's shape is the classes below; the
published JSON Schema is made from them. Decoding is strict: what is not exactly a reading is refused with one line.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from onrecord.errors import DecodeError, FormatError
from onrecord.model import Attribution, Cut, Document, Failure, Kind, Reading, Reason, Run, Span, Voice, attribution_id

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
            ge=0, le=1, description="Calibrated probability that the text attributes about this content to this source."
        ),
    ]


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
    failures: Annotated[tuple[FailureRecord, ...], Meta(description="What could not be read.")]
    run: Annotated[RunRecord, Meta(description="What made this reading.")]


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

    def quote(spans: tuple[Span, ...]) -> tuple[SpanRecord, ...]:
        return tuple(SpanRecord(start=span.start, end=span.end, exact=span.of(text)) for span in spans)

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
            )
            for attribution in reading.attributions
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


def decode_reading(line: bytes) -> Reading:
    """Reads what :func:`encode_reading` wrote, and nothing else.

    Raises:
        DecodeError: the bytes are not JSON; a key is missing, unknown or of the wrong type; a span lies outside the
            text, or its ``exact`` is not what stands there; an id is not the digest of what it names; a parent is
            not among the attributions, or stands under itself.
    """
    try:
        record = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DecodeError(f"not a reading: {' '.join(str(error).split())}") from None
    try:
        return _reading(record)
    except ValueError as error:
        raise DecodeError(f"not a reading: {error}") from None


def _reading(record: ReadingRecord) -> Reading:
    """Checks what types alone cannot say; raises ValueError with the place and the fault."""
    cuts = tuple(Cut(cut.reason, cut.text, cut.at) for cut in record.cuts)
    document = None
    if record.document is not None:
        fields = msgspec.structs.asdict(record.document)
        claimed = fields.pop("id")
        document = Document(**fields, cuts=cuts)
        if document.id != claimed:
            raise ValueError(f"document.id is {claimed}, and the digest of url and text is {document.id}")
    elif cuts or record.attributions:
        raise ValueError("there are cuts or attributions, and no document")
    elif not record.failures:
        raise ValueError("there is neither a document nor a failure")

    attributions: list[Attribution] = []
    text, document_id = (document.text, document.id) if document else ("", "")
    for number, entry in enumerate(record.attributions):
        source, cue, content = (
            tuple(_span(quoted, text, f"attributions[{number}].{role}") for quoted in spans)
            for role, spans in (("source", entry.source), ("cue", entry.cue), ("content", entry.content))
        )
        if (expected := attribution_id(document_id, source, cue, content)) != entry.id:
            raise ValueError(f"attributions[{number}].id is {entry.id}, and the digest of its spans is {expected}")
        attributions.append(
            Attribution(entry.id, entry.kind, entry.voice, entry.parent, source, cue, content, entry.score)
        )
    _check_parents(attributions)
    return Reading(
        document=document,
        attributions=tuple(attributions),
        failures=tuple(Failure(failure.where, failure.what, failure.hint) for failure in record.failures),
        run=Run(record.run.version, record.run.model, record.run.settings),
    )


def _span(quoted: SpanRecord, text: str, place: str) -> Span:
    span = Span(quoted.start, quoted.end)
    if span.of(text) != quoted.exact:
        raise ValueError(f"{place}: the text at {span.start}..{span.end} is not what exact says")
    return span


def _check_parents(attributions: list[Attribution]) -> None:
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
