"""The tables of the ledger.

The record, to which rows are only ever added: ``log``, ``run``, ``document``, ``reading``, ``decision``. All else is
derived from it and can be built again: ``page``, ``claim``, ``horizon``, ``figure``, ``party``, ``alias``, ``place``,
``word``, and the index of terms, which each database keeps in its own way (``dialect.py``). ``feed`` is neither: it is
what watching remembers between two polls.

Ids are stored as signed 64-bit numbers, :func:`key_of`; times as microseconds since 1970, UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

from onrecord.errors import NotFound

VERSION = 2
"""Of the tables and of what stands in them; a ledger of a later one is refused."""

_BIG = BigInteger().with_variant(Integer(), "sqlite")  # in SQLite only INTEGER can be the key that rows are sorted by
_NAME = Text().with_variant(Text(collation="C"), "postgresql")  # in the order of characters, whatever the language
_SIGN = 1 << 63
_ID_DIGITS = 16

metadata = MetaData()

meta = Table(
    "onrecord_meta",  # by this name a database says what it is
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# --- the record ------------------------------------------------------------------------------------------------------

log = Table(
    "log",
    metadata,
    Column("seq", _BIG, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
run = Table(
    "run",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", BigInteger, nullable=False, unique=True),
    Column("version", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("settings", Text, nullable=False),
)
document = Table(
    "document",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", BigInteger, nullable=False, unique=True),
    Column("page", BigInteger, nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("seq", _BIG, nullable=False),
)
reading = Table(
    "reading",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", BigInteger, nullable=False, unique=True),
    Column("document", ForeignKey("document.no"), index=True),
    Column("run", ForeignKey("run.no"), nullable=False),
    Column("seq", _BIG, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
decision = Table(
    "decision",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", BigInteger, nullable=False, unique=True),
    Column("seq", _BIG, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", BigInteger, nullable=False, index=True),
    Column("document", BigInteger, index=True),
    Column("body", LargeBinary, nullable=False),
)

# --- derived ---------------------------------------------------------------------------------------------------------

page = Table(
    "page",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=False),
    Column("document", Integer, nullable=False),
    Column("reading", Integer, index=True),  # None: all of its readings are retracted
    sqlite_with_rowid=True,
)
claim = Table(
    "claim",
    metadata,
    Column("rank", _BIG, primary_key=True, autoincrement=False),  # day << 36 | number: rows lie in the order of days
    Column("id", BigInteger, nullable=False, index=True),
    Column("reading", Integer, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("days", Integer, nullable=False),
    Column("is_own", SmallInteger, nullable=False),
    Column("since", _BIG, nullable=False),
    Column("until", _BIG),
)
horizon = Table(  # of a day on which claims were recorded, the greatest rank that there was at its end
    "horizon",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),  # since 1970, UTC
    Column("rank", BigInteger, nullable=False),
)
figure = Table(
    "figure",
    metadata,
    Column("rank", _BIG, primary_key=True, autoincrement=False),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("low", Double),
    Column("high", Double),
    Column("counted", Text, nullable=False),
    sqlite_with_rowid=False,
)
party = Table(
    "party",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("country", Text, nullable=False),
)
alias = Table(
    "alias",
    metadata,
    Column("name", _NAME, primary_key=True),
    Column("party", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)
place = Table(
    "place",
    metadata,
    Column("name", _NAME, primary_key=True),
    Column("geonames", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)
word = Table("word", metadata, Column("word", _NAME, primary_key=True), sqlite_with_rowid=False)

feed = Table("feed", metadata, Column("url", Text, primary_key=True), Column("state", Text, nullable=False))

alias_party = Index("alias_party", alias.c.party)
_CLOSED = claim.c.until.is_not(None)
claim_closed = Index("claim_closed", claim.c.rank, sqlite_where=_CLOSED, postgresql_where=_CLOSED)  # few are

DAY = 86_400_000_000
"""Microseconds."""
MOST_ASKED = 500
"""Values in one ``IN (…)``."""
RANK_SHIFT = 36
"""So many bits of a rank number the claims; those above are the day."""


is_id = re.compile(r"[0-9a-f]{16}\Z").match


def stored_text(text: str) -> str:
    """A text as every database can hold it in a column; the record itself is kept as bytes."""
    return text.replace("\x00", "\ufffd")


def key_of(identity: str) -> int:
    """The number that an id is stored as; in the order of ids.

    Raises:
        NotFound: it is no id.
    """
    if not is_id(identity):
        raise NotFound(f"{identity[:40]!r} is no id; an id is {_ID_DIGITS} digits and letters from a to f")
    return int(identity, 16) - _SIGN


def id_of(key: int) -> str:
    """The id that a number stands for."""
    return f"{key + _SIGN:016x}"


def key_range(prefix: str) -> tuple[int, int]:
    """The first and the last number of ids that begin so."""
    return key_of(prefix.ljust(_ID_DIGITS, "0")), key_of(prefix.ljust(_ID_DIGITS, "f"))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(at: datetime) -> int:
    """Since 1970, UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def timestamp(at: int) -> str:
    """The same as ISO 8601."""
    return (_EPOCH + timedelta(microseconds=at)).isoformat(timespec="microseconds").replace("+00:00", "Z")
