"""Records to bytes and back, in our own formats and in those of others; the only place that knows msgspec."""

from onrecord.codec.reading import decode_reading, encode_reading, reading_schema

__all__ = ["decode_reading", "encode_reading", "reading_schema"]
