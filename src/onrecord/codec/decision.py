"""People's decisions to JSON and back."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from onrecord.errors import DecodeError
from onrecord.model import Decision, DecisionKind, Span

_ID = "^[0-9a-f]{16}$"


class DecisionRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What somebody decided about the record."""

    id: Annotated[str, Meta(pattern=_ID, description="Digest of all the rest.")]
    kind: Annotated[DecisionKind, Meta(description="Merge, split, correct, speaks, retract, note or undo.")]
    subject: Annotated[str, Meta(pattern=_ID, description="The id of what it is about.")]
    who: Annotated[str, Meta(description="Who decided.")]
    at: Annotated[str, Meta(description="When, ISO 8601, UTC.")]
    field: Annotated[str, Meta(description="What is corrected: claim.stance, act.status, figure.low; else empty.")]
    value: Annotated[str, Meta(description="What it becomes; the party merged into; the name of the party split off.")]
    document: Annotated[str, Meta(description="The id of the document the subject stands in; empty if in none.")]
    words: Annotated[
        tuple[tuple[int, int], ...], Meta(description="Start and end of the words of the subject in that document.")
    ]
    why: Annotated[str, Meta(description="Why, in the words of who decided.")]


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(DecisionRecord)


def encode_decision(decision: Decision) -> bytes:
    """Writes a decision as one JSON object on one line."""
    return _ENCODER.encode(
        DecisionRecord(
            id=decision.id,
            kind=decision.kind,
            subject=decision.subject,
            who=decision.who,
            at=decision.at,
            field=decision.field,
            value=decision.value,
            document=decision.document,
            words=tuple((span.start, span.end) for span in decision.words),
            why=decision.why,
        )
    )


def decode_decision(line: bytes) -> Decision:
    """Reads what :func:`encode_decision` wrote.

    Raises:
        DecodeError: the bytes are not a decision, or its id is not the digest of what it says.
    """
    try:
        record = _DECODER.decode(line)
        fields = msgspec.structs.asdict(record)
        claimed = fields.pop("id")
        fields["words"] = tuple(Span(start, end) for start, end in record.words)
        decision = Decision(**fields)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise DecodeError(f"not a decision: {' '.join(str(error).split())}") from None
    if decision.id != claimed:
        raise DecodeError(f"not a decision: its id is {claimed}, and the digest of what it says is {decision.id}")
    return decision
