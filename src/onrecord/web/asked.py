"""What is asked over HTTP: the parameters of an address as a question, and a question in words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlencode

from onrecord.errors import UsageError
from onrecord.model import Question, Stance, Status, Voice

MOST = 200
"""Claims that one page can hold."""

_USUAL = 20
_LAST_RANK = 1 << 63
_MARK = re.compile(r"([0-9a-f]{1,16})\.([0-9a-f]{1,15})")
_BETWEEN_WORDS = re.compile(r"[-_ ]+")
_REPEATED = frozenset({"stance", "status"})
_PAGING = frozenset({"limit", "after", "format", "table"})
_YES, _NO = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0"})

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "party": "name or id of who says it; whoever speaks for them counts too",
        "only_itself": "true leaves out those who speak for the party",
        "about": "name or id of a party that the claim names",
        "stance": "how it is meant; given several times, any of them",
        "words": "words of the claim; a phrase in quotation marks; sanction* is the beginning of a word",
        "place": "name or GeoNames id of a place that the claim names",
        "publisher": "the outlet",
        "said_before": "said before this day, month or year",
        "said_after": "said after it",
        "acted_before": "tells of an act before this day, month or year",
        "acted_after": "tells of an act after it",
        "act": "tells of such an act: transfer, attack, …, or a PLOVER type like AID",
        "status": "how far the act has come; given several times, any of them",
        "figure": "has a figure that counts this, or with this unit",
        "at_least": "the figure can be this or more",
        "at_most": "the figure can be this or less",
        "voice": "whose voice: party, publisher or any",
        "as_of": "what the ledger held at the end of this day, or at this time",
        "superseded": "true asks for claims that later versions or readings no longer have",
        "limit": f"claims on a page, {MOST} at most",
        "after": "the mark that the page before ended with",
        "format": "html, json, or a format of exchange",
        "table": "which table, where the format has several",
    }
)
"""What can be asked of ``/claims``, by name."""

Pairs = Sequence[tuple[str, str]]
"""Names and values of parameters, in the order of the address."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for.

    Attributes:
        question: the question.
        limit: most claims on the page.
        after: where the page begins; empty for the first.
        given: the parameters that have a value, without those of the page and its format.
    """

    question: Question
    limit: int
    after: str
    given: Pairs

    def address(self, path: str = "/claims", **others: object) -> str:
        """An address that asks the same, with other parameters of the page or its format."""
        limit = [("limit", str(self.limit))] if self.limit != _USUAL else []
        return f"{path}?{urlencode([*self.given, *limit, *((n, str(v)) for n, v in others.items() if v)])}".rstrip("?")


def read_question(pairs: Pairs) -> Asked:
    """What the parameters of an address ask for; those without a value, as a form sends them, ask for nothing.

    Raises:
        UsageError: there is no such parameter, or its value makes no sense.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in PARAMETERS:
            raise UsageError(f"{name[:40]!r} is no parameter; there are {', '.join(PARAMETERS)}")
        if value.strip():
            given.setdefault(name, []).append(value.strip())
    for name, values in given.items():
        if len(values) > 1 and name not in _REPEATED:
            raise UsageError(f"{name} is given {len(values)} times; give it once")
    one = {name: values[0] for name, values in given.items() if name not in _REPEATED}
    question = Question(
        **{name: value for name, value in one.items() if name in _PLAIN},
        stance=tuple(_one_of(Stance, "stance", value) for value in given.get("stance", ())),
        status=tuple(_one_of(Status, "status", value) for value in given.get("status", ())),
        only_itself=_flag("only_itself", one),
        superseded=_flag("superseded", one),
        at_least=_number("at_least", one),
        at_most=_number("at_most", one),
        voice=None if one.get("voice") == "any" else _one_of(Voice, "voice", one.get("voice", Voice.PARTY)),
    )
    kept = [(name, value.strip()) for name, value in pairs if name not in _PAGING and value.strip()]
    return Asked(question, _limit(one.get("limit", "")), _mark(one.get("after", "")), kept)


_PLAIN = frozenset(
    """party about words place publisher said_before said_after acted_before acted_after act figure as_of""".split()
)

_Choice = TypeVar("_Choice", bound=StrEnum)


def _one_of(kind: type[_Choice], name: str, written: str) -> _Choice:
    wanted = _BETWEEN_WORDS.sub(" ", written).casefold()
    for member in kind:
        if _BETWEEN_WORDS.sub(" ", member.value) == wanted:
            return member
    raise UsageError(f"{written[:40]!r} is no {name}; there are {', '.join(map(written_value, kind))}")


def written_value(member: StrEnum) -> str:
    """A value as it stands in an address: ``under-way``, ``call-for``."""
    return _BETWEEN_WORDS.sub("-", member.value)


def _flag(name: str, given: Mapping[str, str]) -> bool:
    written = given.get(name, "no").casefold()
    if written not in _YES | _NO:
        raise UsageError(f"{name}: {written[:40]!r} is neither true nor false")
    return written in _YES


def _number(name: str, given: Mapping[str, str]) -> float | None:
    if name not in given:
        return None
    try:
        value = float(given[name])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{name}: {given[name][:40]!r} is no number; write it like 1000 or 2.5")
    return value


def _limit(written: str) -> int:
    if not written:
        return _USUAL
    if not re.fullmatch(r"[0-9]{1,6}", written) or not 1 <= int(written) <= MOST:
        raise UsageError(f"limit: {written[:40]!r} is no number from 1 to {MOST}")
    return int(written)


def _mark(written: str) -> str:
    match = _MARK.fullmatch(written)
    if written and (match is None or int(match[1], 16) >= _LAST_RANK):
        raise UsageError(f"after: {written[:40]!r} follows no page; give what the page before ended with")
    return written


def in_words(question: Question) -> list[str]:
    """A question in words, part by part: ``by Iran``, ``deny or reject``, ``said before 2022-11-05``."""
    figure = " and ".join(
        f"at {word} {value:,.15g}"
        for word, value in (("least", question.at_least), ("most", question.at_most))
        if value is not None
    )
    said = (
        ("by {}" if not question.only_itself else "by {} itself", question.party),
        ("about {}", question.about),
        ("{}", _any_of(question.stance)),
        ("with the words {}", question.words),
        ("naming the place {}", question.place),
        ("in {}", question.publisher),
        ("said after {}", question.said_after),
        ("said before {}", question.said_before),
        ("telling of: {}", question.act),
        ("status {}", _any_of(question.status)),
        ("of an act after {}", question.acted_after),
        ("of an act before {}", question.acted_before),
        ("counting {}", question.figure),
        ("{}", figure),
        ("{}", {Voice.PUBLISHER: "in the publisher’s voice", None: "in any voice"}.get(question.voice, "")),
        ("as of {}", question.as_of),
        ("{}", "that count no more" if question.superseded else ""),
    )
    # Not str.format: what is asked may hold braces.
    return [phrase.replace("{}", value) for phrase, value in said if value]


def _any_of(values: Iterable[StrEnum]) -> str:
    return " or ".join(_BETWEEN_WORDS.sub(" ", value.value) for value in values)
