"""The times of a report: every expression of time, as it stands, as EDTF, with the rule by which it was read.

Rules and tables only: no model, no network, no clock. A text goes through three stages, each linear in its length:

1. ``lex`` cuts it into words and gives each one letter. A word that can stand in an expression of time has a letter
   of its own, so that a text becomes a *shape*, one letter a word, and an expression a pattern over shapes.
2. ``rewrite`` replaces what a table of patterns finds by pieces that are not yet read: ``WORDS`` makes pieces of
   words (``Dec. 9``, ``last week``, ``three weeks``), ``PAIRS`` one of two (``9 a.m.`` with ``Friday``, ``the third
   quarter`` with ``of 1989``), ``REACHES`` gives them a beginning or an end (``since``, ``until``, ``from … to``).
3. ``_Calendar`` reads the pieces in order, against the publication date and against each other.

To teach it a construction, add a line to one of the three tables. In a pattern a name in capitals is a class of
``CLASSES``, a word stands for itself, ``{day month}`` for a piece of either form; all else is a regular expression, in
which no repeat may be without a bound.

Conventions. A year is never guessed: without a publication date, ``Dec. 9`` is ``XXXX-12-09``, and what is counted from
today has no value. With one, a date without a year is the last such day, unless the nearest verb looks ahead. A week
runs from Monday to Sunday. ``after`` and ``before`` do not take in the time named, ``since`` and ``until`` do. A season
carries the year in which it begins; ``..`` is an end that the words leave open or do not tell.

Sources: EDTF is ISO 8601-2:2019 as published by the Library of Congress (seasons 21-24, quarters 33-36, halves 40 and
41); what counts as an expression of time, and where it ends, follows the TIMEX3 guidelines (Sauri et al. 2006).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from onrecord.model import Span, TimeKind, When
from onrecord.reader.times.forms import PAIRS, REACHES, WORDS, Piece, duration_of, rewrite
from onrecord.reader.times.words import (
    AHEAD,
    BEHIND,
    HOLIDAYS,
    MONTH_NAMES,
    MONTHS,
    PAST_TENSE,
    WEEKDAYS,
    Words,
    lex,
    nth_weekday,
)

_NO_ANCHOR = "no publication date to count from"
_COARSE_ANCHOR = "the publication date is too coarse to count from"
_NO_YEAR = "no year is given anywhere"


_GRAINS = {"fortnight": "week", "night": "day", "hour": "day", "minute": "day", "second": "day"}
_MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "season": 3, "year": 12, "decade": 120, "century": 1200}
_MONTHS_IN["millennium"] = 12_000
_DAYS_IN = {"second": 0, "minute": 0, "hour": 1 / 24, "day": 1, "night": 1, "week": 7, "weekend": 7, "fortnight": 14}


_FAR = {"day": 250, "month": 320, "quarter": 400, "half": 400, "season": 400}
_SOON = 120
_FAR_AHEAD = {"day": 250, "month": 250, "quarter": 180, "half": 180, "season": 250}
"""How many days ago the last 9 December, or March, may be where no verb looks ahead, and how many days away the next
where one does; beyond that the other is meant, if it is near: news gives the year of what is not of this one."""


def _floor(grain: str, day: date) -> date:
    """The first day of the day, week, month … that a day lies in; of a weekend, the Saturday on or before the day."""
    if grain == "week":
        return day - timedelta(day.weekday())
    if grain == "weekend":
        return day - timedelta((day.weekday() - 5) % 7)
    if grain == "season":
        return date(day.year - (day.month < 3), 12, 1) if day.month % 12 < 3 else date(day.year, day.month // 3 * 3, 1)
    months = _MONTHS_IN.get(grain)
    if months is None:
        return day
    if months <= 12:
        return date(day.year, (day.month - 1) // months * months + 1, 1)
    years = months // 12
    start = day.year // years * years + (years >= 100)
    return date(start if start <= day.year else start - years, 1, 1)


def _days_in(grain: str) -> float:
    return _DAYS_IN[grain] if grain in _DAYS_IN else 30 * _MONTHS_IN[grain]


def _moved(day: date, unit: str, count: float) -> date:
    """A day so many units later; the last of its month where there is no such day.

    Raises:
        ValueError, OverflowError: that lies outside the years 1 to 9999.
    """
    if unit in _DAYS_IN:
        return day + timedelta(int(_DAYS_IN[unit] * count))
    months = day.year * 12 + day.month - 1 + round(_MONTHS_IN[unit] * count)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _edtf(grain: str, day: date) -> str:
    """The day, week, month … that begins on a day, as EDTF."""
    if grain in ("week", "weekend"):
        return f"{day.isoformat()}/{(day + timedelta(6 if grain == 'week' else 1)).isoformat()}"
    year = f"{day.year:04}"
    if grain == "month":
        return f"{year}-{day.month:02}"
    if grain == "season":
        return f"{year}-{20 + day.month // 3}"
    if grain == "quarter":
        return f"{year}-{33 + (day.month - 1) // 3}"
    if grain == "half":
        return f"{year}-{40 + (day.month > 6)}"
    return {"year": year, "decade": year[:3] + "X", "century": year[:2] + "XX"}.get(grain, day.isoformat())


@dataclass(slots=True)
class _Value:
    """What a piece comes to; ``at`` is the first day of a stretch of ``grain``, where both are known."""

    edtf: str | None
    reason: str
    grain: str = ""
    at: date | None = None
    duration: str | None = None
    kind: TimeKind = TimeKind.DATE


@dataclass(slots=True)
class _Calendar:
    """Reads pieces in order; knows when the report appeared and which times it has named so far.

    Attributes:
        words: the text.
        day_first: how the text writes ``9/12/2022``, None if nothing tells.
        unknown: why nothing can be counted from the publication date, where that is so.
        named: grain → the last time of it that was named, and the word at which.
    """

    words: Words
    day_first: bool | None = None
    unknown: str = _NO_ANCHOR
    named: dict[str, tuple[int, date]] = field(default_factory=dict)

    def read(self, piece: Piece, today: date | None) -> _Value:
        """The value of a piece; what lies outside the calendar has none."""
        try:
            value = self._read(piece, today)
        except (ValueError, OverflowError):
            return _Value(None, "that lies outside the calendar")
        if value.edtf and len(value.edtf) == 10 and piece.clock:
            value.edtf += "T" + piece.clock
        return value

    def remember(self, piece: Piece, value: _Value) -> None:
        """Keeps what later pieces may count from."""
        is_compared = (
            piece.form in ("ago", "shift") or piece.note == "year ago" or (piece.form == "focus" and piece.parts)
        )
        if value.at is not None and value.grain and value.kind is TimeKind.DATE and not is_compared:
            self.named.pop(value.grain, None)
            self.named[value.grain] = (piece.first, value.at)

    def _read(self, piece: Piece, today: date | None) -> _Value:
        match piece.form:
            case "day" | "holiday":
                return self._day(piece, today)
            case "slashed":
                return self._slashed(piece, today)
            case "weekday":
                return self._weekday(piece, today)
            case "nth weekday":
                return self._nth_weekday(piece, today)
            case "month" | "quarter" | "half" | "season":
                return self._part_of_year(piece, today)
            case "year":
                year = _full_year(piece.year, today)
                what = "fiscal year" if piece.note == "fiscal year" else "year"
                return _Value(_edtf("year", date(year, 1, 1)), f"the {what} as given", "year", date(year, 1, 1))
            case "fixed":
                start = date(piece.year or 1, 1, 1)
                return _Value(piece.value, f"the {piece.unit} as given", piece.unit, start)
            case "iso":
                return self._iso(piece)
            case "decade":
                if today is None:
                    return _Value(None, f"the century is not given, and there is {self.unknown}")
                start = date(today.year // 100 * 100 + piece.n * 10, 1, 1)
                start = start if start <= today else _moved(start, "century", -1)
                return _Value(_edtf("decade", start), "the last such decade", "decade", start)
            case "today" | "unit":
                return self._unit(piece, today)
            case "focus":
                return self._focus(piece, today)
            case "holding":
                end = self.read(piece.parts[0], today)
                if end.at is None:
                    return _Value(None, end.reason)
                start = _floor(piece.unit, end.at)
                return _Value(_edtf(piece.unit, start), f"the {piece.unit} of the day named with it", piece.unit, start)
            case "ago" | "shift" | "event":
                return self._counted(piece, today)
            case "stretch":
                return self._stretch(piece, today)
            case "hence" if today is not None and self._sense(piece) > 0:
                return self._counted(replace(piece, form="ago", offset=1), today)
            case "length" | "hence":
                length = piece.value or duration_of(piece.count, piece.unit)
                return _Value(None, "a length" + _vague(piece), duration=length, kind=TimeKind.DURATION)
            case "set":
                return _Value(None, "how often it comes round", duration=piece.value, kind=TimeKind.SET)
            case "clock":
                return self._part_of_day(piece)
            case "part":
                return self._part_of_day(piece)
            case "range":
                return self._range(piece, today)
            case "since" | "until" | "before" | "after":
                return self._reach(piece, today)
            case _:
                return _Value(None, piece.value)

    def _sense(self, piece: Piece) -> int:
        """1 if the nearest verb of the sentence looks ahead, -1 if it looks behind, 0 if there is none.

        The verb before counts first: ``said on Friday that it will …`` looks behind, ``it will meet on Friday`` ahead.
        """
        for places in (range(piece.first - 1, piece.first - 26, -1), range(piece.last, piece.last + 25)):
            for at in places:
                word = self.words.word(at)
                if not word or word in "?!;\n" or "\n" in word or (word == "." and self._ends_sentence(at)):
                    break
                before = self.words.word(at - 1)
                is_participle = before in ("be", "been", "being")
                if self.words.is_capital(at):
                    continue  # "United", "Until"
                is_to_be = word == "to" and before in ("is", "are", "was", "were", "due", "set")
                if word in AHEAD or is_to_be or (word == "set" and self.words.word(at + 1) == "to"):
                    return 1
                if word in BEHIND or (PAST_TENSE.match(word) and not is_participle):
                    return -1
        return 0

    def _ends_sentence(self, at: int) -> bool:
        before, after = self.words.word(at - 1), at + 1
        if before in MONTHS or before in WEEKDAYS or (len(before) < 4 and self.words.is_capital(at - 1)):
            return False
        return after >= len(self.words.words) or self.words.is_capital(after)

    def _nearest(self, piece: Piece, today: date, grain: str, find: Callable[[int], date | None]) -> tuple[date, str]:
        """Which of the yearly returns of a day, month … is meant, and why."""
        here = _floor(grain, today)
        reach = 9 if find(1999) is None else 2  # 29 February comes every four or eight years
        years = range(max(1, today.year - reach), min(9999, today.year + reach) + 1)
        starts = [day for year in years if (day := find(year))]
        if piece.offset < 0:
            return max(day for day in starts if day < here), f"the last one before this {grain}"
        if piece.offset > 0:
            return min(day for day in starts if day > here), f"the next one after this {grain}"
        past, ahead = max(day for day in starts if day <= here), min(day for day in starts if day >= here)
        sense = self._sense(piece)
        to_come, gone = (ahead - here).days, (here - past).days
        if sense > 0 and to_come <= _FAR_AHEAD[grain]:
            return ahead, "the first one from the publication date on, as the words look ahead"
        is_this_year = sense < 0 and past.year == here.year
        if gone > _FAR[grain] and to_come < _SOON and not is_this_year:
            return ahead, "the nearest one, as another year would have been given"
        return past, "the last one up to the publication date"

    def _day(self, piece: Piece, today: date | None) -> _Value:
        if piece.form == "holiday":
            find: Callable[[int], date | None] = HOLIDAYS[piece.unit]
        elif piece.day < 1 or piece.day > monthrange(2000, piece.month)[1]:
            return _Value(None, f"no such day: {piece.day} {MONTH_NAMES[piece.month - 1].capitalize()}")
        else:

            def find(year: int) -> date | None:
                return date(year, piece.month, piece.day) if piece.day <= monthrange(year, piece.month)[1] else None

        given = piece.year
        if piece.parts:
            whole = self.read(piece.parts[0], today)
            if whole.at is None:
                return _Value(None, whole.reason)
            given = whole.at.year
        if given is not None and (given >= 100 or today):
            year = _full_year(given, today)
            if (day := find(year)) is None:
                return _Value(None, f"no such day: {piece.day} {MONTH_NAMES[piece.month - 1].capitalize()} {year}")
            return _Value(day.isoformat(), "the day as given", "day", day)
        if today is None:
            if piece.form == "holiday":
                return _Value(None, _NO_YEAR)
            return _Value(f"XXXX-{piece.month:02}-{piece.day:02}", _NO_YEAR)
        day, reason = self._nearest(piece, today, "day", find)
        return _Value(day.isoformat(), reason, "day", day)

    def _slashed(self, piece: Piece, today: date | None) -> _Value:
        first, second, third = (int(part) for part in re.split(r"[/.-]", piece.value))
        if first > 999:
            return self._day(replace(piece, form="day", year=first, month=second, day=third), today)
        day_first = True if "." in piece.value or first > 12 else False if second > 12 else self.day_first
        if day_first is None and first != second:
            return _Value(None, f"day and month cannot be told apart: {piece.value}")
        day, month = (first, second) if day_first else (second, first)
        if not 1 <= month <= 12:
            return _Value(None, f"no such day: {piece.value}")
        return self._day(replace(piece, form="day", year=third, month=month, day=day), today)

    def _weekday(self, piece: Piece, today: date | None) -> _Value:
        if today is None:
            return _Value(None, self.unknown)
        back = (today.weekday() - piece.n) % 7
        sense = self._sense(piece)
        if piece.offset < 0:
            day, reason = today - timedelta(back or 7), "the last one before the publication date"
        elif piece.offset > 0 or "following" in piece.note:
            day, reason = today + timedelta(7 - back), "the next one after the publication date"
        elif sense > 0 or "coming" in piece.note:
            day, reason = (
                today + timedelta(-back % 7),
                "the first one from the publication date on, as the words look ahead",
            )
        else:
            day, reason = today - timedelta(back), "the last one up to the publication date"
        return _Value(day.isoformat(), reason, "day", day)

    def _nth_weekday(self, piece: Piece, today: date | None) -> _Value:
        """``the first Sunday in February``, ``the last Friday of the month``: of the month that is named with it."""
        month = self.read(piece.parts[0], today)
        if month.at is None:
            return _Value(None, month.reason)
        day = nth_weekday(month.at.month, piece.n, piece.offset or round(piece.count or 1))(month.at.year)
        if day.month != month.at.month:
            return _Value(None, f"no such day: {month.edtf} has no weekday of that number")
        return _Value(day.isoformat(), f"of that month; {month.reason}", "day", day)

    def _part_of_year(self, piece: Piece, today: date | None) -> _Value:
        grain, step = piece.form, _MONTHS_IN.get(piece.form, 1)
        month = piece.month or (piece.n * 3 + 3 if grain == "season" else piece.n * step + 1)
        year = piece.year
        if piece.parts:
            whole = self.read(piece.parts[0], today)
            if whole.at is None:
                return _Value(f"XXXX-{month:02}" if grain == "month" else None, whole.reason)
            year = whole.at.year
        if year is not None and (year >= 100 or today):
            start = date(_full_year(year, today), month, 1)
            return _Value(_edtf(grain, start), f"the {grain} as given", grain, start)
        if grain == "half":
            return _Value("", "")  # of a match, of a book
        if today is None:
            return _Value(f"XXXX-{month:02}" if grain == "month" else None, _NO_YEAR)
        start, reason = self._nearest(piece, today, grain, lambda year: date(year, month, 1))
        if piece.note == "year ago":
            start, reason = _moved(start, "year", -1), "the same quarter a year before"
        return _Value(_edtf(grain, start), reason, grain, start)

    def _iso(self, piece: Piece) -> _Value:
        day = date.fromisoformat(piece.value[:10])
        hour, minute = int(piece.value[11:13] or 0), int(piece.value[14:16] or 0)
        if hour > 23 or minute > 59:
            return _Value(None, f"no such time of day: {piece.value[11:16]}")
        return _Value(piece.value, "the day as given", "day", day)

    def _unit(self, piece: Piece, today: date | None) -> _Value:
        if today is None:
            return _Value(None, self.unknown)
        grain = _GRAINS.get(piece.unit, piece.unit)
        if grain == "weekend":
            start = _floor(grain, today)
            is_now = today.weekday() >= 5
            if piece.offset > 0 or (piece.offset == 0 and not is_now and self._sense(piece) > 0):
                start += timedelta(7)
            elif piece.offset < 0 and is_now:
                start -= timedelta(7)
        else:
            start = _floor(grain, _moved(today, piece.unit, piece.offset))
        where = {-1: " before that", 0: "", 1: " after that"}.get(piece.offset, " two before or after that")
        return _Value(_edtf(grain, start), f"the {grain}{where} of the publication date", grain, start)

    def _focus(self, piece: Piece, today: date | None) -> _Value:
        grain = _GRAINS.get(piece.unit, piece.unit)
        near = [(at, day) for name, (at, day) in self.named.items() if _days_in(name) <= _days_in(grain)]
        at, day = self.named[grain] if grain == "quarter" and grain in self.named else max(near, default=(-1, None))
        if grain != "quarter" and (piece.first - at > 80 or (piece.note == "bare" and grain not in self.named)):
            day = None
        if grain == "quarter" and grain not in self.named:
            day = None
        if piece.note == "latest" and day and today and day >= _floor(grain, today):
            day = None
        if day is None:
            if piece.note == "period":
                return _Value("", "")  # of whatever length
            if today is None:
                return _Value(None, self.unknown)
            if grain == "quarter" and not piece.year and not piece.parts:
                start = _floor(grain, _moved(_floor(grain, today), "quarter", -1))
                return _Value(
                    _edtf(grain, start), "the last quarter that had ended by the publication date", grain, start
                )
            if grain == "day":
                return _Value(None, "counted from a time that the text does not give")
            if grain == "weekend":
                return self._unit(piece, today)
            if piece.year:
                return _Value(
                    _edtf("year", date(piece.year, 1, 1)), "the year as given", "year", date(piece.year, 1, 1)
                )
            day, reason = today, "counted from the publication date"
        else:
            reason = "counted from the time named before"
        year = piece.year
        if piece.parts:
            whole = self.read(piece.parts[0], today)
            year = whole.at.year if whole.at else None
        if year is not None:
            day, reason = _moved(day, "year", year - day.year), f"the same {grain} of that year"
        start = _floor(grain, _moved(day, piece.unit, piece.offset))
        return _Value(_edtf(grain, start), reason, grain, start)

    def _counted(self, piece: Piece, today: date | None) -> _Value:
        """What is given by its distance from another time."""
        duration = duration_of(piece.count, piece.unit)
        if piece.form == "event":
            return _Value(None, "counted from an event whose date is not given here", duration=duration)
        grain, day, reason = _GRAINS.get(piece.unit, piece.unit), today, "counted from the publication date"
        if piece.form == "shift":
            value = self.read(piece.parts[0], today)
            day, reason = value.at, "counted from the time named with it"
            grain = "day" if value.grain == "day" and piece.unit in _DAYS_IN else grain
            if day is None:
                return _Value(None, value.reason, duration=duration)
        elif piece.unit == "year" and piece.count == 1 and piece.offset < 0:
            for compared, reach in (("quarter", 200), ("month", 30)):
                at, found = self.named.get(compared, (-1000, None))
                if found and piece.first - at < reach:
                    grain, day, reason = compared, found, f"the same {compared} a year before"
                    break
        elif piece.note == "focus":
            at, found = max(self.named.values(), default=(-1000, None))
            if found is None or piece.first - at > 80:
                return _Value(None, "counted from a time that the text does not give", duration=duration)
            day, reason = found, "counted from the time named before"
            if piece.unit in ("week", "fortnight"):
                grain = "day"
        if day is None:
            return _Value(None, self.unknown, duration=duration)
        if piece.count is None:
            side = f"../{day.isoformat()}" if piece.offset < 0 else f"{day.isoformat()}/.."
            return _Value(side, f"{reason}; how far is not said", duration=duration)
        start = _floor(grain, _moved(day, piece.unit, piece.offset * piece.count))
        return _Value(_edtf(grain, start), reason, grain, start, duration)

    def _stretch(self, piece: Piece, today: date | None) -> _Value:
        """``the past three weeks``, ``the coming months``: a length that begins or ends on the day of publication."""
        duration = duration_of(piece.count, piece.unit)
        if today is None:
            return _Value(None, self.unknown, duration=duration, kind=TimeKind.DURATION)
        grain = {"week": "day", "fortnight": "day", "weekend": "day", "quarter": "month"}.get(piece.unit, piece.unit)
        grain = _GRAINS.get(grain, grain if grain in ("month", "day") else "year")
        here = _edtf(grain, _floor(grain, today))
        there = ".."
        if piece.count is not None:
            there = _edtf(grain, _floor(grain, _moved(today, piece.unit, piece.offset * piece.count)))
        edtf = f"{there}/{here}" if piece.offset < 0 else f"{here}/{there}"
        side = "up to" if piece.offset < 0 else "from"
        return _Value(edtf, f"{side} the publication date{_vague(piece)}", duration=duration, kind=TimeKind.DURATION)

    def _part_of_day(self, piece: Piece) -> _Value:
        at, day = self.named.get("day", (-1000, None))
        if day is None or piece.first - at > 80 or self.words.word(piece.last) == "of":
            return _Value(None, f"{piece.clock or 'a part'} of a day that is not given")
        return _Value(day.isoformat(), "of the day named before", "day", day)

    def _range(self, piece: Piece, today: date | None) -> _Value:
        first, last = piece.parts
        if first.year is None and last.year is not None and first.form in ("day", "month"):
            first = replace(first, year=last.year - ((first.month, first.day) > (last.month, last.day)))
        if last.year is None and first.year is not None and last.form in ("day", "month"):
            last = replace(last, year=first.year + ((first.month, first.day) > (last.month, last.day)))
        end = self.read(last, today)
        start = self.read(first, today)
        if start.at and end.at and start.at > end.at and first.year is None:
            # "from Friday to Monday": the first is the last one before the second.
            start = self.read(replace(first, offset=-1), end.at)
        if start.edtf is None or end.edtf is None:
            return _Value(None, start.reason if start.edtf is None else end.reason)
        if start.at and end.at and start.at > end.at:
            return _Value(None, "the end lies before the beginning")
        return _Value(f"{start.edtf.split('/')[0]}/{end.edtf.split('/')[-1]}", end.reason)

    def _reach(self, piece: Piece, today: date | None) -> _Value:
        inner = piece.parts[0]
        value = self.read(inner, today)
        if value.edtf is None or ".." in value.edtf:
            return value
        first, last = value.edtf.split("/")[0], value.edtf.split("/")[-1]
        if piece.form == "since":
            return _Value(f"{first}/..", f"from then on; {value.reason}")
        if piece.form == "until":
            return _Value(f"../{last}", f"up to then; {value.reason}")
        if value.at is None:
            return _Value(None, value.reason)
        if "T" in last:
            return _Value(f"../{last}" if piece.form == "before" else f"{last}/..", value.reason)
        grain = "day" if value.grain in ("week", "weekend") else value.grain
        if piece.form == "before":
            day = _moved(value.at, grain, -1)
            return _Value(f"../{_edtf(grain, _floor(grain, day))}", f"up to the {grain} before; {value.reason}")
        day = _moved(value.at if grain == value.grain else date.fromisoformat(last), grain, 1)
        return _Value(f"{_edtf(grain, day)}/..", f"from the {grain} after; {value.reason}")


def _vague(piece: Piece) -> str:
    return "; how many is not said" if piece.count is None else ""


def _full_year(year: int | None, today: date | None) -> int:
    """A year of two digits as the nearest to the publication date that ends in them."""
    if year is None or year >= 100 or today is None:
        return year or 0
    return min(
        (today.year // 100 * 100 + year + century for century in (-100, 0, 100)), key=lambda y: abs(y - today.year)
    )


def find_times(text: str, published: str, dateline: str = "", read_on: str = "") -> tuple[When, ...]:
    """The expressions of time of a report, in order and apart.

    Args:
        text: the report.
        published: ISO 8601 of any precision, or empty; what is no date is taken as none.
        dateline: the place and date that an agency text opens with; a day in it, up to a week before the publication,
            is the day that the report counts from.
        read_on: ISO 8601 of the day on which it is read; a publication date after the day that follows, which has begun
            elsewhere, is not believed. Empty believes any.
    """
    words = lex(text)
    pieces = _find_pieces(words)
    slashed = [[int(part) for part in re.split(r"[/.-]", p.value)] for p in pieces if p.form == "slashed"]
    day_first = {first > 12 for first, second, _ in slashed if first < 100 and (first > 12) != (second > 12)}
    calendar = _Calendar(words, day_first.pop() if len(day_first) == 1 else None)
    earliest, latest = _days_of(published)
    if published and earliest is None:
        calendar.unknown = f"the publication date cannot be read: {published[:30]}"
    newest = _days_of(read_on)[1]
    if earliest and newest and earliest.toordinal() > newest.toordinal() + 1:
        calendar.unknown = f"the publication date lies in the future: {published[:30]}"
        earliest = latest = None
    if dateline and (day := _dateline_day(dateline, latest)):
        earliest = latest = day
    found = []
    for piece in pieces:
        value = calendar.read(piece, earliest)
        if earliest != latest and calendar.read(piece, latest).edtf != value.edtf:
            value = calendar.read(piece, None)
            value.reason = _COARSE_ANCHOR
        calendar.remember(piece, value)
        if value.edtf == "":
            continue
        span = Span(words.starts[piece.first], words.ends[piece.last - 1])
        found.append(When(span, value.kind, value.edtf, value.duration, value.reason))
    return tuple(found)


_AROUND = 200
"""Characters on either side of an expression that are read with it: its verb is there."""


def rebase(text: str, time: When, said_on: str) -> When:
    """An expression of time that stands in a quotation, counted from the day on which the words were said.

    ``today``, ``last week``, ``on Friday`` and the like get the value that they have on that day. What is not counted
    from the day of the report (``in 2014``, ``two days later``) stays as it is.

    Args:
        text: the report.
        time: one of its expressions, as ``find_times`` gave it.
        said_on: EDTF of the day; of a month, a year or a stretch, only what is the same on all of its days is told.
    """
    opening, _, closing = said_on.partition("/")
    first, last = _days_of(opening)[0], _days_of(closing or opening)[1]
    if first is None or last is None or "named" in time.reason or "event" in time.reason:
        return time
    start = max(0, time.span.start - _AROUND)
    start = max(
        text.find(" ", start, time.span.start) + 1 if start else 0, text.rfind("\n", start, time.span.start) + 1
    )
    words = lex(text[start : time.span.end + _AROUND])
    for piece in _find_pieces(words):
        span = Span(start + words.starts[piece.first], start + words.ends[piece.last - 1])
        if span != time.span:
            continue
        nowhere, value, other = (_Calendar(words).read(piece, day) for day in (None, first, last))
        if not value.edtf or value.edtf == nowhere.edtf:
            return time
        if value.edtf != other.edtf:
            reason = "the day on which it was said is too coarse to count from"
            return When(span, value.kind, nowhere.edtf, value.duration, reason)
        reason = value.reason.replace("day of the publication date", "publication date")
        return replace(time, edtf=value.edtf, reason=reason.replace("publication date", "day on which it was said"))
    return time


def _find_pieces(words: Words) -> list[Piece]:
    units: list[int | Piece] = list(range(len(words.words)))
    for table in (WORDS, PAIRS, REACHES):
        units = rewrite(words, units, table)
    return [unit for unit in units if isinstance(unit, Piece) and unit.form != "none"]


def _days_of(published: str) -> tuple[date | None, date | None]:
    """The first and last day that a publication date can mean; None twice if it is none."""
    match = re.match(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?![0-9-]))?)?(?:T.*)?\Z", published.strip())
    try:
        if match and match[3]:
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return day, day
        if match:
            year, month = int(match[1]), int(match[2] or 1)
            last = month if match[2] else 12
            return date(year, month, 1), date(year, last, monthrange(year, last)[1])
    except ValueError:
        pass
    return None, None


def _dateline_day(dateline: str, published: date | None) -> date | None:
    words = lex(dateline[:200])
    for piece in _find_pieces(words):
        if piece.form == "day":
            day = _Calendar(words).read(piece, published).at
            if day is not None and (published is None or 0 <= (published - day).days <= 7):
                return day
    return None
