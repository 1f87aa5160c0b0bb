"""Records to bytes and back, in our own formats and in those of others; the only place that knows msgspec."""

from onrecord.codec.decision import decode_decision, encode_decision
from onrecord.codec.reading import decode_reading, encode_reading, reading_schema

__all__ = ["decode_decision", "decode_reading", "encode_decision", "encode_reading", "reading_schema"]
