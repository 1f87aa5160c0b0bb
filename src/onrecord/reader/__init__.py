"""Document to Reading; the only inference."""

from onrecord.reader.reading import Reader

__all__ = ["Reader"]
