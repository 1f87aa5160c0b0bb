"""A whole ledger as JSON Lines: its log, row by row, each with the record that it is about."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from onrecord.errors import DecodeError
from onrecord.model import Logged

FORMAT = 1


class HeadRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The first line."""

    onrecord: Annotated[str, Meta(pattern="^ledger$", description="What the file is.")]
    format: Annotated[int, Meta(description="Of this file.")]


class RowRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of the log with its record; null where an earlier row has it: a page that says again what it once said."""

    seq: Annotated[int, Meta(ge=1, description="Its number; one more than the row before.")]
    at: Annotated[str, Meta(description="When it was recorded, ISO 8601, UTC.")]
    who: Annotated[str, Meta(description="Who recorded it.")]
    verb: Annotated[str, Meta(description="add, reread, or the kind of a decision.")]
    subject: Annotated[str, Meta(pattern="^[0-9a-f]{16}$", description="The id of the reading or decision.")]
    digest: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 of the record.")]
    hash: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 of the hash before and of this row.")]
    record: Annotated[msgspec.Raw, Meta(description="The reading or decision.")]


class TailRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The last line."""

    rows: Annotated[int, Meta(ge=0, description="How many rows stand above.")]
    hash: Annotated[str, Meta(description="The hash of the last of them; empty if there is none.")]


_ENCODER = msgspec.json.Encoder()
_HEAD = msgspec.json.Decoder(HeadRecord)
_LINE = msgspec.json.Decoder(RowRecord)
_TAIL = msgspec.json.Decoder(TailRecord)
_NOTHING = b"null"


def encode_head() -> bytes:
    """The first line, without the line break."""
    return _ENCODER.encode(HeadRecord("ledger", FORMAT))


def encode_row(row: Logged, record: bytes | None) -> bytes:
    """A row of the log, with the bytes of its record as they are, without the line break."""
    raw = msgspec.Raw(record if record is not None else _NOTHING)
    return _ENCODER.encode(RowRecord(row.seq, row.at, row.who, row.verb, row.subject, row.digest, row.hash, raw))


def encode_tail(rows: int, last_hash: str) -> bytes:
    """The last line, without the line break."""
    return _ENCODER.encode(TailRecord(rows, last_hash))


def check_head(line: bytes) -> None:
    """Raises DecodeError unless it is the first line of a ledger that can be read."""
    try:
        head = _HEAD.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise DecodeError("is no ledger that `onrecord export` wrote") from None
    if head.format > FORMAT:
        raise DecodeError(f"was written by a newer onrecord (format {head.format}); upgrade onrecord")


def decode_line(line: bytes) -> tuple[Logged, bytes | None] | tuple[int, str]:
    """A row with its record, or the number of rows and the last hash.

    Raises:
        DecodeError: the line is neither.
    """
    try:
        if line.startswith(b'{"rows":'):
            tail = _TAIL.decode(line)
            return tail.rows, tail.hash
        row = _LINE.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DecodeError(f"not a row of a ledger: {' '.join(str(error).split())}") from None
    record = bytes(row.record)
    logged = Logged(row.seq, row.at, row.who, row.verb, row.subject, row.digest, row.hash)
    return logged, None if record == _NOTHING else record
