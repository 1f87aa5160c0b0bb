"""Questions to ask of a generated ledger, alone and together, of what is frequent, of what is rare, of what is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random

from benchmarks.generated.press import FIRST_DAY, LAST_DAY
from onrecord.model import Act, Attribution, MentionKind, Party, Reading, Span

Value = str | int | float
Question = dict[str, Value]
"""Keys are among party, about, stance, words, place, publisher, said_after, said_before, acted_after, acted_before,
act, status, figure, at_least, at_most, as_of.

A party, and who a claim is about, is a name of a person, an organisation or a body (``Government of Iran``), as the
ledger would show it; words are one word, a phrase in quotation marks, or a prefix with ``*``; a place is the name of
one that has an id; an act is a type or a PLOVER kind (in capitals); a figure is what is counted; days are ISO 8601,
the two ends included; ``as_of`` is a day on which the ledger stood as it is asked about.
"""

_WORD = re.compile(r"(?<![\w’'-])[^\W\d_]{2,}(?![\w’'-])")  # one that every way of cutting words has as a word
_FACETS = ("party", "about", "stance", "words", "place", "publisher", "act", "status", "figure", "said", "acted")
_MOST = 200
"""So many values of a facet are frequent; the less common half is rare."""
_FREQUENT_AND_RARE = ("party", "about", "words", "place", "publisher", "figure")


@dataclass
class Survey:
    """What a sample of a ledger holds.

    Attributes:
        claims: of each claim, the values of each facet that it has: ``{"party": ["Government of Iran"], …}``.
        counts: how often each value of a facet occurs in them.
    """

    claims: list[dict[str, list[Value]]] = field(default_factory=list)
    counts: dict[str, Counter[Value]] = field(default_factory=lambda: {facet: Counter() for facet in _FACETS})


def take_survey(readings: Iterable[Reading]) -> Survey:
    """What these readings hold; some thousands of them are enough to tell the frequent from the rare."""
    survey = Survey()
    for reading in readings:
        if reading.document is None:
            continue
        parties = {party.id: _names(party, reading.document.text) for party in reading.parties}
        acts: dict[str | None, list[Act]] = {}
        for act in reading.acts:
            acts.setdefault(act.claim, []).append(act)
        for claim in reading.attributions:
            facts = _facts(claim, reading, parties, acts.get(claim.id, []))
            survey.claims.append(facts)
            for facet, values in facts.items():
                if facet in survey.counts:
                    survey.counts[facet].update(values)
    return survey


def _names(party: Party, text: str) -> list[Value]:
    """What a party can be asked by."""
    bodies = [party.speaks_for.body] if party.speaks_for and party.speaks_for.country else []
    return [*([party.name.of(text)] if party.name else []), *bodies]


def _facts(
    claim: Attribution, reading: Reading, parties: dict[str, list[Value]], acts: list[Act]
) -> dict[str, list[Value]]:
    document = reading.document
    assert document is not None
    text = document.text

    def holds(span: Span) -> bool:
        return any(piece.covers(span) for piece in claim.content)

    words = [match for piece in claim.content for match in _WORD.finditer(text, piece.start, piece.end)]
    figures = [figure for figure in reading.figures if figure.counted and holds(figure.span)]
    days = {time.span: time.edtf for time in reading.times}
    acted = [days.get(span) or "" for act in acts for span in act.times]
    facts: dict[str, list[Value]] = {
        "party": parties.get(claim.party or "", []),
        "about": [
            name
            for party in reading.parties
            if any(m.kind is MentionKind.NAME and holds(m.span) for m in party.mentions)
            for name in parties[party.id]
        ],
        "stance": [claim.stance.value],
        "words": [match.group().lower() for match in words],
        "phrase": [
            f'"{text[several[0].start() : several[-1].end()].lower()}"'
            for many in (2, 3)
            for several in (words[at : at + many] for at in range(len(words) - many + 1))
            if all(text[a.end() : b.start()] == " " for a, b in zip(several, several[1:], strict=False))
        ],
        "place": [place.name for place in reading.places if place.geonames is not None and holds(place.span)],
        "publisher": [document.publisher],
        "act": [value for act in acts for value in (act.type.value, act.kind)],
        "status": [act.status.value for act in acts],
        "figure": [figure.counted.of(text).split()[-1].lower() for figure in figures if figure.counted],
        "number": [n for n in (_first(figure.low, figure.high) for figure in figures) if n is not None],
        "said": _days([claim.said_on or document.published]),
        "acted": _days(acted),
    }
    return {facet: found for facet, values in facts.items() if (found := [value for value in values if value != ""])}


def _first(low: float | None, high: float | None) -> float | None:
    return high if low is None else low


def _days(edtf: Iterable[str]) -> list[Value]:
    return [found[0] for value in edtf if (found := re.findall(r"\b\d{4}-\d\d-\d\d", value, re.ASCII))]


def questions(
    seed: int, count: int, survey: Survey, recorded: tuple[date, date] = (FIRST_DAY, LAST_DAY)
) -> Iterator[tuple[str, Question]]:
    """Questions with their kind, each kind as often as the others, in turn.

    ``two, of one claim`` is of values that one claim of the survey has, so that something is found; ``two, apart`` is
    of values of different claims, that may meet in none; ``nothing`` finds nothing.

    Args:
        seed: of what is drawn.
        count: how many.
        survey: of the ledger that they are asked of.
        recorded: between which days the ledger's readings were recorded; ``as_of`` lies between.

    Raises:
        ValueError: the survey holds no claim.
    """
    if not survey.claims:
        raise ValueError("the survey holds no claim to ask for")
    asker = _Asker(Random(seed), survey, recorded)
    kinds = asker.kinds()
    for number in range(count):
        kind, ask = kinds[number % len(kinds)]
        yield kind, ask()


class _Asker:
    def __init__(self, rng: Random, survey: Survey, recorded: tuple[date, date]) -> None:
        self._rng, self._claims, self._recorded = rng, survey.claims, recorded
        self._frequent = {facet: counter.most_common(_MOST) for facet, counter in survey.counts.items()}
        self._frequent["words"] = [(word, 1) for word, _ in self._frequent["words"]]  # else they were "the" and "of"
        self._rare = {
            facet: [value for value, _ in counter.most_common()[len(counter) // 2 :]]
            for facet, counter in survey.counts.items()
        }
        self._by_facet = {
            facet: [claim for claim in survey.claims if facet in claim] for facet in (*_FACETS, "phrase", "number")
        }
        self._together = [*(facet for facet in (*_FACETS, "phrase", "said") if self._by_facet[facet]), "as_of"]

    def kinds(self) -> list[tuple[str, Callable[[], Question]]]:
        """Each kind, and what asks one."""
        kinds: dict[str, Callable[[], Question]] = {}
        for facet in _FREQUENT_AND_RARE:
            kinds[f"{facet}, frequent"] = partial(self._ask_frequent, facet)
            kinds[f"{facet}, rare"] = partial(self._ask_rare, facet)
        for facet in ("stance", "act", "status"):
            kinds[facet] = partial(self._ask_frequent, facet)
        for facet in ("said", "acted", "phrase"):
            kinds[facet] = partial(self._of_one, [facet])
        kinds["prefix"] = self._ask_prefix
        kinds["figure with bounds"] = self._ask_bounds
        kinds["as of"] = self._ask_as_of
        kinds["party, stance, said before"] = self._ask_denials
        for many, word in ((2, "two"), (3, "three"), (4, "four")):
            kinds[f"{word}, of one claim"] = partial(self._ask_of_one, many)
            kinds[f"{word}, apart"] = partial(self._ask_apart, many)
        kinds["nothing"] = self._ask_nothing
        return [(kind, ask) for kind, ask in kinds.items() if self._can_ask(kind)]

    def _can_ask(self, kind: str) -> bool:
        facet = kind.partition(",")[0]
        if facet in _FACETS or facet == "phrase":
            return bool(self._by_facet[facet])
        return bool(self._by_facet["number"]) or kind != "figure with bounds"

    def _some(self, many: int) -> list[str]:
        """Facets to ask for together; days twice as often as others, as everybody asks for them."""
        chosen: list[str] = []
        for facet in self._rng.sample(self._together, len(self._together)):
            # A phrase stands in the place of words.
            if len(chosen) < many and not {facet, {"phrase": "words", "words": "phrase"}.get(facet)} & {*chosen}:
                chosen.append(facet)
        return chosen

    def _ask(self, facet: str, value: Value) -> Question:
        rng = self._rng
        if facet == "as_of":
            return {"as_of": str(value)}
        if facet in ("said", "acted"):
            day = date.fromisoformat(str(value))
            around = timedelta(rng.choice((0, 1, 7, 30, 365)))
            after: Question = {f"{facet}_after": str(day - around)}
            before: Question = {f"{facet}_before": str(day + around)}
            return rng.choice((after, before, after | before))
        return {"words" if facet == "phrase" else facet: value}

    def _draw_frequent(self, facet: str) -> Value:
        values = self._frequent[facet]
        return self._rng.choices([value for value, _ in values], [count for _, count in values])[0]

    def _ask_frequent(self, facet: str) -> Question:
        return self._ask(facet, self._draw_frequent(facet))

    def _ask_rare(self, facet: str) -> Question:
        return self._ask(facet, self._rng.choice(self._rare[facet]))

    def _ask_of_one(self, many: int) -> Question:
        return self._of_one(self._some(many))

    def _of_one(self, facets: list[str]) -> Question:
        """Values that one claim has; words stand in for a facet that no claim has together with the others."""
        rng = self._rng
        claim = rng.choice(self._by_facet[facets[0]] if facets[0] != "as_of" else self._claims)
        for _ in range(200):  # most claims tell of no act and no place; few tries find one that does
            if all(facet in claim or facet == "as_of" for facet in facets):
                break
            claim = rng.choice(self._claims)
        facets = [facet if facet in claim or facet == "as_of" else "words" for facet in facets]
        asked: Question = {}
        for facet in facets:
            asked |= self._ask(facet, self._day() if facet == "as_of" else rng.choice(claim.get(facet, ["said"])))
        return asked

    def _ask_apart(self, many: int) -> Question:
        """Frequent values, each of another claim: many lists to meet, and perhaps nothing in all of them."""
        asked: Question = {}
        for facet in self._some(many):
            if facet in ("said", "acted", "phrase"):
                asked |= self._of_one([facet])
            else:
                asked |= self._ask(facet, self._day() if facet == "as_of" else self._draw_frequent(facet))
        return asked

    def _day(self) -> str:
        """A day on which the ledger was growing."""
        first, last = self._recorded
        return (first + timedelta(self._rng.randrange((last - first).days + 1))).isoformat()

    def _ask_prefix(self) -> Question:
        rng = self._rng
        word = str(
            self._draw_frequent("words") if rng.random() < 0.5 else rng.choice(self._rare["words"] or ["denial"])
        )
        return {"words": word[: max(3, min(len(word) - 1, rng.randrange(3, 7)))] + "*"}

    def _ask_bounds(self) -> Question:
        claim = self._rng.choice(self._by_facet["number"])
        number = float(claim["number"][0])
        number = int(number) if number.is_integer() else number
        at_least: Question = {"at_least": number}
        at_most: Question = {"at_most": number}
        return {"figure": claim["figure"][0]} | self._rng.choice((at_least, at_most, at_least | at_most))

    def _ask_as_of(self) -> Question:
        facet = self._rng.choice(("party", "stance", "words", "publisher"))
        return {facet: self._draw_frequent(facet), "as_of": self._day()}

    def _ask_denials(self) -> Question:
        """``Denials by Iran before 5 November 2022``."""
        stance = self._rng.choice(("deny", "deny", "accuse", "admit", "promise"))
        said = self._rng.choice(self._by_facet["said"])["said"][0]
        return {"party": self._draw_frequent("party"), "stance": stance, "said_before": said}

    def _ask_nothing(self) -> Question:
        """A word that no text has, or a day that has not come."""
        rng = self._rng
        unheard = f"qx{rng.randrange(10**6):06}".translate(str.maketrans("0123456789", "bcdfghjklm"))
        after = (LAST_DAY + timedelta(rng.randrange(400, 4_000))).isoformat()
        several: tuple[Question, ...] = (
            {"words": unheard},
            {"words": f"{unheard}*", "stance": self._draw_frequent("stance")},
            {"party": self._draw_frequent("party"), "said_after": after},
            {"party": f"Government of {unheard.capitalize()}", "stance": "deny"},
            {"words": f'"{self._draw_frequent("words")} {unheard}"', "publisher": self._draw_frequent("publisher")},
        )
        return rng.choice(several)
