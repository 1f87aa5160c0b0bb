"""Records to bytes and back, in our own formats and in those of others; the only place that knows msgspec."""

from onrecord.codec.decision import decode_decision, encode_decision
from onrecord.codec.native import check_head, decode_line, encode_head, encode_row, encode_tail
from onrecord.codec.reading import decode_reading, encode_reading, reading_schema

__all__ = [
    "check_head",
    "decode_decision",
    "decode_line",
    "decode_reading",
    "encode_decision",
    "encode_head",
    "encode_reading",
    "encode_row",
    "encode_tail",
    "reading_schema",
]
