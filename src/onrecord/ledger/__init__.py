"""The verbs, and the one place where the rooms meet; it owns the clock, the user and the run."""

from onrecord.ledger.exported import check_export
from onrecord.ledger.reading import LoadsReader, ReadsDocuments, check_settings, load_reader, read, read_all
from onrecord.ledger.record import Ledger, ledger_name

__all__ = [
    "Ledger",
    "LoadsReader",
    "ReadsDocuments",
    "check_export",
    "check_settings",
    "ledger_name",
    "load_reader",
    "read",
    "read_all",
]
