"""The press: prints new readings from templates."""

from __future__ import annotations

import functools
import hashlib
import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

import numpy as np
import numpy.typing as npt

from benchmarks.generated.pools import Floats, Key, Pools
from benchmarks.generated.templates import BETWEEN, Template, bounds_of
from onrecord.model import (
    Act,
    Attribution,
    Cut,
    Document,
    Figure,
    Modifier,
    Party,
    Place,
    Reading,
    Run,
    SpeaksFor,
    Stance,
    Status,
    When,
)

FIRST_DAY, LAST_DAY = date(2016, 1, 1), date(2026, 10, 31)
DENSER = 2.0
"""The logarithm of how many times as many reports are published on the last day as on the first."""
KEPT = 0.1
"""Share of content words that stay, so that what the reports are about stays common, and their phrases occur again."""
COLLOCATED = 0.4
"""Share of words after another that are one of its four favourites."""
REDRAWN = 0.15
"""Share of content words that a changed version of a page has otherwise."""
LOST = 0.08
"""Share of claims (of those that nothing depends on) that a changed version or another run does not have."""
RESTATED = 0.2
"""Share of acts whose status is not the template's."""
_WITHIN = 1_000
"""How many readings after the first version of a page another comes at the latest."""
_STATUSES = [
    (status, factuality)
    for status, factuality, share in (
        (Status.DONE, 2.7, 8),
        (Status.UNDER_WAY, 2.4, 4),
        (Status.DENIED, -2.7, 4),
        (Status.ALLEGED, 1.5, 5),
        (Status.PLANNED, 1.9, 4),
        (Status.PROMISED, 1.7, 2),
        (Status.FEARED, 0.6, 2),
        (Status.CONSIDERED, 0.8, 2),
        (Status.SOUGHT, 1.0, 2),
        (Status.ORDERED, 2.0, 1),
    )
    for _ in range(share)
]
_BLOCK = 64
"""Readings whose random numbers are drawn together."""
_TEMPLATE, _DAY, _HOUR, _GAP, _ROLL, _DISTANCE, _FIXED = range(7)
"""Which of a reading's random numbers is for what; the others follow."""


class Press:
    """Prints readings, the same for the same templates and seed, in any order.

    A report is drawn in proportion to how many claims it has.
    """

    def __init__(self, templates: Sequence[Reading], seed: int = 0) -> None:
        """Takes the templates apart and makes the pools, in a few seconds.

        Raises:
            ValueError: no template has a document with attributions.
        """
        whole = [
            reading
            for reading in templates
            if reading.attributions
            and (document := reading.document)
            and BETWEEN not in "".join([document.text, document.title, document.byline, document.dateline])
            and not any(BETWEEN in text for text in (document.wire, *(cut.text for cut in document.cuts)))
        ]
        if not whole:
            raise ValueError("no template has a text with attributions")
        rng = Random(seed)
        uses: Counter[Key] = Counter()
        forms: set[tuple[Key, int]] = set()
        known: Counter[str] = Counter()
        self._seed = seed
        self._templates = [
            Template(reading, rng.choices((4, 5, 6, 7, 8), k=rng.randrange(4, 8)), uses, forms, known)
            for reading in whole
        ]
        self._pools = Pools(uses, forms, known, seed)
        for template in self._templates:
            template.finish(self._pools)
        counts = list(accumulate(len(template.claims) for template in self._templates))
        self._shares = [count / counts[-1] for count in counts]
        self._scores = max(len(template.claims) for template in self._templates)
        self._statuses = max(len(template.acts) for template in self._templates)
        draws = max(len(template.draws) for template in self._templates)
        self._width = _FIXED + self._scores + self._statuses + 3 * draws
        self._block = functools.lru_cache(maxsize=32)(self._draw_block)

    def readings(
        self, count: int, *, start: int = 0, changed: float = 0.0, read_again: float = 0.0
    ) -> Iterator[Reading]:
        """Readings ``start`` up to, not including, ``start + count``.

        Args:
            count: how many.
            start: the first number; ranges apart give readings apart.
            changed: share that are a later version of an earlier page: the same url, another text, a few claims less.
            read_again: share that are an earlier document as another run reads it: other scores and stances, a few
                claims less.
        """
        again = changed + read_again
        for number in range(start, start + count):
            roll = self._row(number)[_ROLL]
            earlier = number - 1 - int(self._row(number)[_DISTANCE] * min(number, _WITHIN)) if roll < again else -1
            while earlier >= 0 and self._row(earlier)[_ROLL] < again:
                earlier -= 1
            if earlier < 0:
                yield self.reading(number)
            elif roll < changed:
                yield self.changed_version(earlier, number)
            else:
                yield self.another_run(earlier, number)

    def reading(self, number: int) -> Reading:
        """Reading ``number``."""
        return self._print(number, None)

    def changed_version(self, number: int, version: int) -> Reading:
        """The page of reading ``number`` at a later time; ``version`` tells several from each other."""
        return _without_some(self._print(number, version), Random(repr((self._seed, number, version))))

    def another_run(self, number: int, version: int) -> Reading:
        """The document of reading ``number``, read by another model; ``version`` tells several from each other."""
        rng = Random(repr((self._seed, version, number)))
        reading = _without_some(self.reading(number), rng)
        which = rng.randrange(1, 4)
        run = Run(reading.run.version, f"{reading.run.model.partition('@')[0]}@{which:012x}", reading.run.settings)
        claims = tuple(
            replace(
                claim,
                score=round(claim.score * rng.uniform(0.9, 1.0), 4),
                stance=Stance.REPORT if claim.stance is Stance.ASSERT and rng.random() < 0.1 else claim.stance,
            )
            for claim in reading.attributions
        )
        return replace(reading, attributions=claims, run=run)

    def _draw_block(self, block: int) -> Floats:
        numbers: Floats = np.random.default_rng([self._seed, block]).random((_BLOCK, self._width))
        numbers *= 1 - 1e-9  # the end of a pool is the beginning of the next
        return numbers

    def _row(self, number: int) -> Floats:
        row: Floats = self._block(number // _BLOCK)[number % _BLOCK]
        return row

    def _print(self, number: int, version: int | None) -> Reading:
        row = self._row(number)
        template = self._templates[bisect_right(self._shares, row[_TEMPLATE])]
        at = _FIXED + self._scores + self._statuses
        chances = row[at:].reshape(3, -1)
        found, fields = self._draw_words(template, chances, number, version)
        values = self._pools.values
        day, hour, gap = row[_DAY], row[_HOUR], row[_GAP]
        weeks = round((_day_at(day) - template.day).days / 7) if template.day else 0
        text, title, byline, dateline, wire, address, *cuts = fields
        before = template.document
        publisher, domain = values[found[template.publisher]]
        published = moved(before.published, weeks)
        if "T" in published:
            published = f"{published[:10]}T{int(hour * 24):02}:{int(hour * 1440) % 60:02}{published[16:]}"
        modified = moved(before.modified, weeks)
        if version is not None:
            modified = (date.fromisoformat(moved(str(template.day or FIRST_DAY), weeks)) + timedelta(1)).isoformat()
        path = (moved(str(template.day), weeks) if template.day else "undated").replace("-", "/")
        document = Document(
            f"https://{domain}/{path}/{address}-{number:x}",
            text,
            title,
            "" if gap > 0.97 else publisher,
            byline,
            "" if gap < 0.01 else published,
            modified,
            before.language,
            wire,
            dateline,
            tuple([Cut(cut.reason, words, cut.at) for cut, words in zip(before.cuts, cuts, strict=True)]),
        )
        start = hashlib.sha256(f'["{document.id}",'.encode())

        def identity(ending: bytes) -> str:
            whole = start.copy()
            whole.update(ending)
            return whole.hexdigest()[:16]

        # The None at the end is what a number of -1 leads to: no parent, no party.
        claim_ids: list[str | None] = [*map(identity, template.claim_ends), None]
        party_ids: list[str | None] = [*map(identity, template.party_ends), None]
        act_ids: list[str | None] = [*map(identity, template.act_ends), None]
        chance = row[_FIXED:at].tolist()
        reading = template.reading
        claims = []
        for n, (claim, parent, about, party, cue, name) in enumerate(template.claims):
            stance, stance_reason, party_reason, said_on = (
                claim.stance,
                claim.stance_reason,
                claim.party_reason,
                claim.said_on,
            )
            if cue >= 0 and (told := values[found[cue]]):
                stance, stance_reason = told[1][0], f"the cue “{told[0]}”"
            if name:
                party_reason = name[1] + values[found[name[0]]] + name[2]
            claims.append(
                Attribution(
                    claim_ids[n] or "",
                    claim.kind,
                    claim.voice,
                    claim_ids[parent],
                    claim.source,
                    claim.cue,
                    claim.content,
                    round(min(1.0, max(0.0, claim.score + 0.06 * chance[n] - 0.03)), 4),
                    stance,
                    stance_reason,
                    claim_ids[about],
                    claim.hedges,
                    claim.addressee,
                    claim.channel,
                    claim.relay,
                    party_ids[party],
                    party_reason,
                    said_on and moved(said_on, weeks),
                    claim.said_on_reason,
                    claim.said_in,
                )
            )
        times = [
            When(time.span, time.kind, moved(time.edtf, weeks), time.duration, time.reason) if time.edtf else time
            for time in reading.times
        ]
        figures = [
            figure
            if value < 0
            else _figure(figure, values[found[value]], values[found[modifier]] if modifier >= 0 else figure.modifier)
            for figure, value, modifier in template.figures
        ]
        parties = []
        for n, (party_before, is_in_words) in enumerate(template.parties):
            speaks_for = party_before.speaks_for
            if is_in_words and speaks_for:
                body = speaks_for.words.of(text)
                speaks_for = SpeaksFor(body, speaks_for.country, speaks_for.words, speaks_for.reason)
            parties.append(
                Party(
                    party_ids[n] or "",
                    party_before.kind,
                    party_before.name,
                    party_before.mentions,
                    party_before.role,
                    speaks_for,
                )
            )
        places = [_place(place, values[found[draw]]) if draw >= 0 else place for place, draw in template.places]
        acts = []
        for n, (act, inside, exchange, draw) in enumerate(template.acts):
            record, kind, mode, status, factuality = act.type, act.kind, act.mode, act.status, act.factuality
            if draw >= 0 and (told := values[found[draw]]):
                record, kind, mode = told[1]
            if (again := chance[self._scores + n]) < RESTATED:
                status, factuality = _STATUSES[int(again / RESTATED * len(_STATUSES))]
            acts.append(
                Act(
                    act_ids[n] or "",
                    act.words,
                    record,
                    kind,
                    mode,
                    status,
                    act.reason,
                    factuality,
                    act.actor,
                    act.target,
                    act.item,
                    act.figures,
                    act.times,
                    act.places,
                    act.authority,
                    act.grounds,
                    claim_ids[inside],
                    act_ids[exchange],
                )
            )
        return Reading(
            document,
            tuple(claims),
            reading.failures,
            reading.run,
            reading.names,
            tuple(times),
            tuple(figures),
            tuple(parties),
            tuple(places),
            tuple(acts),
        )

    def _draw_words(
        self, template: Template, chances: Floats, number: int, version: int | None
    ) -> tuple[list[int], list[str]]:
        """The entries drawn, and the text, the title and so on with their words in them."""
        pools = self._pools
        ends, floors = pools.ends, template.floors
        drawn = chances[0, : len(floors)]
        keep = chances[1, : len(template.words)] < KEPT
        redrawn: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
        if version is not None:
            rng = np.random.default_rng([self._seed, number, version])
            anew = rng.random(len(template.words)) < REDRAWN
            if template.text_words:
                anew[rng.integers(template.text_words)] = True
            redrawn = template.of_slot[template.words[anew]]
            drawn = drawn.copy()
            drawn[redrawn] = rng.random(len(redrawn)) * (1 - 1e-9)
            keep &= ~anew
        found = ends.searchsorted(floors + drawn, side="right")
        favour = chances[2, : len(template.second)]
        chosen = (favour < COLLOCATED) & ~np.isin(template.second, redrawn)
        second = template.second[chosen]
        # Any function of the word before will do that scatters: of its number, and of which favourite it is.
        scattered = found[template.first[chosen]] * 0.6180339887498949 + np.floor(favour[chosen] * 10) * 0.381966
        found[second] = ends.searchsorted(floors[second] + scattered % 1.0 * (1 - 1e-9), side="right")
        where = found[template.of_slot] + template.shift
        where[template.words[keep]] = template.originals[keep]
        pieces = template.literals.copy()
        strings = pools.strings
        pieces[1::2] = [strings[n] for n in where.tolist()]
        return found.tolist(), "".join(pieces).split(BETWEEN)


def _day_at(chance: float) -> date:
    """A day of the span, later ones more often, ever so more."""
    days = (LAST_DAY - FIRST_DAY).days
    return FIRST_DAY + timedelta(days * (1 + math.log(math.exp(-DENSER) + chance * (1 - math.exp(-DENSER))) / DENSER))


def _figure(figure: Figure, value: float, modifier: Modifier) -> Figure:
    low, high = bounds_of(value, modifier)
    return Figure(
        figure.span,
        figure.value,
        low,
        high,
        modifier,
        figure.unit,
        figure.counted,
        figure.scope,
        figure.relation,
        figure.reason,
    )


def _place(place: Place, row: tuple[int, str, str, float, float]) -> Place:
    return Place(place.span, *row, place.precision, place.reason)


def _without_some(reading: Reading, rng: Random) -> Reading:
    """The reading without a few of the claims that nothing else points to."""
    needed = {claim.parent for claim in reading.attributions} | {claim.about for claim in reading.attributions}
    needed |= {act.claim for act in reading.acts}
    claims = tuple(claim for claim in reading.attributions if claim.id in needed or rng.random() >= LOST)
    return replace(reading, attributions=claims)


@functools.lru_cache(maxsize=500_000)
def moved(edtf: str, weeks: int) -> str:
    """A value in EDTF, so many weeks later; what has no year stays, what is coarser than a day moves about as far."""

    def move(match: re.Match[str]) -> str:
        year, month, day = match.groups()
        if day:
            return (date(int(year), int(month), int(day)) + timedelta(weeks=weeks)).isoformat()
        if month and int(month) <= 12:
            return (date(int(year), int(month), 15) + timedelta(weeks=weeks)).isoformat()[:7]
        return f"{int(year) + round(weeks * 7 / 365.25):04}" + (f"-{month}" if month else "")

    try:
        return re.sub(r"(?<![\dX:-])([12]\d{3})(?:-(\d\d)(?:-(\d\d))?)?(?![\dX])", move, edtf, flags=re.ASCII)
    except ValueError:  # a day that no calendar has stays
        return edtf
