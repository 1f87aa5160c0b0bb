"""Every exception that onrecord raises on purpose, as one tree.

::

    OnrecordError
    ├── InputError          one input could not be taken in; the others still are
    │   ├── FetchError      an address did not answer, or may not be fetched
    │   ├── FormatError     the bytes are not a format, or an encoding, that can be read
    │   ├── NoArticle       it could be read, and there is no report in it
    │   └── LanguageError   the report is in a language the model does not read
    ├── DecodeError         bytes that claim to be a record are not one
    ├── ModelError          the model folder is missing, damaged or of another version
    ├── LedgerError         the ledger cannot be opened, read or written
    ├── NotFound            the ledger holds nothing by that id or name
    └── UsageError          the call itself makes no sense; nothing was read
"""

from __future__ import annotations


class OnrecordError(Exception):
    """The root; catching it catches everything onrecord raises on purpose."""


class InputError(OnrecordError):
    """One input could not be taken in.

    Args:
        what: what is wrong, in plain words, without the name of the input.
        where: the input it is about: a path, an address, or ``standard input``.
        hint: what the reader of the message can do about it; may be empty.
    """

    def __init__(self, what: str, where: str, hint: str = "") -> None:
        super().__init__(what, where, hint)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """One line: where, what, and what to do."""
        line = f"{self.where}: {self.what}"
        return f"{line}; {self.hint}" if self.hint else line


class FetchError(InputError):
    """An address did not answer, answered with an error, or may not be fetched."""


class FormatError(InputError):
    """The bytes are in no format, or no encoding, that can be read."""


class NoArticle(InputError):  # noqa: N818 - the field says "no article", not "no article error"
    """The input could be read, and there is no report in it."""


class LanguageError(InputError):
    """The report is in a language the model does not read."""


class DecodeError(OnrecordError):
    """Bytes that claim to be a record of onrecord are not one."""


class ModelError(OnrecordError):
    """The model folder is missing, damaged, or of a version this code does not read."""


class LedgerError(OnrecordError):
    """The ledger cannot be opened, read or written; nothing was changed."""


class NotFound(OnrecordError):  # noqa: N818 - the field says "not found", not "not found error"
    """The ledger holds nothing by that id or name."""


class UsageError(OnrecordError):
    """The call itself makes no sense; nothing was read."""
