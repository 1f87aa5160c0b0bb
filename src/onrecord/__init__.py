"""onrecord reads news reports and keeps the record of who claims what.

::

    import onrecord

    reading = onrecord.read("report.html")
    for attribution in reading.attributions:
        print([span.of(reading.document.text) for span in attribution.content])

    with onrecord.Ledger("desk.db", create=True) as ledger:
        list(ledger.add([reading]))
        for claim in ledger.ask(onrecord.Question(stance=(onrecord.Stance.DENY,))).claims:
            print(claim.id, claim.source, claim.content)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from onrecord.errors import (
    DecodeError,
    FetchError,
    FormatError,
    InputError,
    LanguageError,
    LedgerError,
    ModelError,
    NoArticle,
    NotFound,
    OnrecordError,
    UsageError,
)
from onrecord.model import (
    Added,
    Attribution,
    Claim,
    Cut,
    Decision,
    Document,
    Entry,
    Failure,
    Kind,
    KnownParty,
    Page,
    Question,
    Reading,
    Reason,
    Run,
    Span,
    Stance,
    Status,
    Voice,
)

if TYPE_CHECKING:
    from onrecord.codec import decode_reading, encode_reading, reading_schema
    from onrecord.intake import IntakeSettings
    from onrecord.ledger import Ledger, read, read_all
    from onrecord.reader import Reader
    from onrecord.web import render_readings

    __version__: str

__all__ = [
    "Added",
    "Attribution",
    "Claim",
    "Cut",
    "Decision",
    "DecodeError",
    "Document",
    "Entry",
    "Failure",
    "FetchError",
    "FormatError",
    "InputError",
    "IntakeSettings",
    "Kind",
    "KnownParty",
    "LanguageError",
    "Ledger",
    "LedgerError",
    "ModelError",
    "NoArticle",
    "NotFound",
    "OnrecordError",
    "Page",
    "Question",
    "Reader",
    "Reading",
    "Reason",
    "Run",
    "Span",
    "Stance",
    "Status",
    "UsageError",
    "Voice",
    "__version__",
    "decode_reading",
    "encode_reading",
    "read",
    "read_all",
    "reading_schema",
    "render_readings",
]

# These are imported when they are first used: looking at a record must not wait for the model, nor reading one file
# for the page template.
_HOMES = {
    "IntakeSettings": "onrecord.intake",
    "Ledger": "onrecord.ledger",
    "Reader": "onrecord.reader",
    "decode_reading": "onrecord.codec",
    "encode_reading": "onrecord.codec",
    "read": "onrecord.ledger",
    "read_all": "onrecord.ledger",
    "reading_schema": "onrecord.codec",
    "render_readings": "onrecord.web",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        found: object = version("onrecord")
    elif name in _HOMES:
        found = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
