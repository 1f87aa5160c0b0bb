"""The forms of expressions of time, as tables of patterns over shapes, and what each is made into, not yet read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from onrecord.reader.times.words import (
    BEFORE_YEARS,
    CLASSES,
    COUNTED,
    DECADES,
    DIRECTIONS,
    FUTURE,
    HOLIDAYS,
    MONTH_NAMES,
    MONTHS,
    NUMBERED,
    NUMBERS,
    OFTEN,
    ORDINALS,
    PAST,
    PLURALS,
    PRESENT,
    REFERENCES,
    SCALES,
    SEASONS,
    TENS,
    UNITS,
    WEEKDAYS,
    ZONES,
    Words,
    compile_shape,
    letter_of,
)


@dataclass(slots=True)
class Piece:
    """An expression that is found and not yet read.

    Attributes:
        form: which method of ``_Calendar`` reads it.
        first: its first word.
        last: the word after its last.
        year: as far as the words give it; likewise ``month`` and ``day``.
        n: which weekday, quarter, half or season, counted from 0.
        unit: a key of ``UNITS``, or the name of a holiday.
        count: of units; None if the words do not tell.
        offset: -1 for what lies before, 1 for what comes after the time counted from.
        value: EDTF of what needs no reading; ISO 8601 of a set; the reason of a reference or of what is no time.
        clock: time of day, ``10:00`` or ``10:00Z``.
        note: what the words say beyond the value.
        parts: the pieces that it is made of.
    """

    form: str
    first: int = 0
    last: int = 0
    year: int | None = None
    month: int = 0
    day: int = 0
    n: int = 0
    unit: str = ""
    count: float | None = 1
    offset: int = 0
    value: str = ""
    clock: str = ""
    note: str = ""
    parts: tuple[Piece, ...] = ()


class _Hit:
    """What a pattern found: its groups, as words, numbers or pieces."""

    def __init__(self, words: Words, units: Sequence[int | Piece], match: re.Match[str]) -> None:
        self.words, self._units, self._match = words, units, match
        first, last = units[match.start()], units[match.end() - 1]
        self.first = first.first if isinstance(first, Piece) else first
        self.last = last.last if isinstance(last, Piece) else last + 1

    def all(self, group: str) -> list[str]:
        """The words of a group; none if it is not in the pattern or found nothing."""
        if group not in self._match.re.groupindex:
            return []
        return [
            self.words.words[unit]
            for unit in self._units[slice(*self._match.span(group))]
            if self._match[group] is not None and isinstance(unit, int)
        ]

    def word(self, group: str) -> str:
        """The words of a group, joined."""
        return " ".join(self.all(group))

    def piece(self, group: str) -> Piece:
        """The piece that a group found."""
        unit = self._units[self._match.start(group)]
        assert isinstance(unit, Piece)  # noqa: S101  a slip in a table, not bad input
        return unit

    def at(self, group: str) -> int:
        """The index of the first word of a group."""
        unit = self._units[self._match.start(group)]
        return unit.first if isinstance(unit, Piece) else unit

    def touches(self) -> bool:
        """Whether a letter or digit, or a full stop before, stands right beside it: ``1984b``, ``v.1984``."""
        text, end = self.words.text, self.words.ends[self.last - 1]
        beside = text[max(0, self.start - 1) : self.start]
        return beside == "." or beside.isalnum() or text[end : end + 1].isalnum()

    @property
    def start(self) -> int:
        """The offset of the first character."""
        return self.words.starts[self.first]

    @property
    def before(self) -> str:
        """The word before."""
        return self.words.word(self.first - 1)

    @property
    def after(self) -> str:
        """The word after."""
        return self.words.word(self.last)


_Maker = Callable[[_Hit], Piece | None]
_Table = tuple["re.Pattern[str]", tuple[tuple["re.Pattern[str]", _Maker], ...]]


def _table(*rules: tuple[str, _Maker]) -> _Table:
    """Patterns, tried in order at every place, as one pattern that tells where to try, and each by itself."""
    compiled = [compile_shape(pattern) for pattern, _ in rules]
    anywhere = "|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in compiled)
    return re.compile(anywhere), tuple(
        (re.compile(pattern), maker) for pattern, (_, maker) in zip(compiled, rules, strict=True)
    )


def rewrite(words: Words, units: list[int | Piece], table: _Table) -> list[int | Piece]:
    """Replaces what the rules of a table find, from left to right, by the pieces that they make of it."""
    anywhere, rules = table
    shape = "".join(words.shape[u] if isinstance(u, int) else letter_of("{" + u.form + "}") for u in units)
    rewritten: list[int | Piece] = []
    done = at = 0
    while found := anywhere.search(shape, at):
        at = found.start() + 1
        for pattern, maker in rules:
            match = pattern.match(shape, found.start())
            if match is None:
                continue
            hit = _Hit(words, units, match)
            piece = maker(hit)
            if piece is not None:
                piece.first, piece.last = hit.first, hit.last
                rewritten += units[done : match.start()]
                rewritten.append(piece)
                done = at = match.end()
                break
    return rewritten + units[done:]


def _number(words: Sequence[str]) -> float | None:
    """The value of a number in digits or words, None if it has none: ``two and a half``, ``9 1/2``, ``two dozen``."""
    total, group, known = 0.0, 0.0, False
    if "/" in words and words[-1].isdecimal() and words[-3].isdecimal() and int(words[-1]):
        total, known, words = int(words[-3]) / int(words[-1]), True, words[:-3]
    for word in words:
        if word in ("and", "-", "a", "an", "of"):
            continue
        if word in ("half", "½"):
            group, known = group + 0.5, True
        elif word in SCALES:
            group = (group or 1.0) * SCALES[word]
            known = True
            if group >= 1_000:
                total, group = total + group, 0.0
        elif word in NUMBERS:
            group, known = group + NUMBERS[word], True
        elif word[0].isdecimal():
            value = float(word.replace(",", ""))
            group, known = group + value, True
        else:
            return None
    if not known:
        return 1.0 if words and words[-1] in ("a", "an") else None
    return total + group


def duration_of(count: float | None, unit: str) -> str:
    """ISO 8601 of so many units; ``X`` if it is not known how many."""
    many, letter = UNITS[unit][:-1], UNITS[unit][-1]
    time = "T" if letter in "HS" or many == "T" else ""
    if many == "T":
        many = ""
    if count is None:
        return f"P{time}X{letter}"
    count *= int(many or 1)
    whole = int(count)
    rest = {"Y": ("M", 12), "H": ("M", 60), "D": ("TH", 24)}.get(letter) or (("S", 60) if time else None)
    if count == whole or rest is None or letter == "S":
        return f"P{time}{whole if count == whole else round(count, 2)}{letter}"
    smaller, fold = rest
    more = f"{smaller[:-1]}{round((count - whole) * fold)}{smaller[-1]}"
    return f"P{time}{whole}{letter}{more}" if whole else f"P{time}{more}"


def _ordinal(words: Sequence[str]) -> int:
    """``9``, ``9th``, ``ninth``, ``twenty-ninth`` → the number."""
    total = 0
    for word in words:
        total += ORDINALS.get(word) or TENS.get(word) or int(re.sub(r"\D", "", word) or 0)
    return total


def _year(word: str) -> int | None:
    """``1989`` → 1989, ``'89`` → 89, empty → None."""
    digits = word.strip("'’")
    return int(digits) if digits else None


def _day(hit: _Hit) -> Piece | None:
    year = _year(hit.word("y"))
    if hit.before == "in" and year is None and hit.at("m") == hit.first and hit.after.isalpha():
        return None  # "in March 12 people were killed"
    day, offset = _ordinal(hit.all("d")), _direction(hit.word("r"))
    month, first = MONTHS[hit.word("m")], Piece("day", year=year, day=day, offset=offset)
    first.month = month
    if not hit.word("e"):
        return first
    if hit.word("s") == "and" and _ordinal(hit.all("e")) != first.day + 1:
        return None
    last = replace(first, month=MONTHS[hit.word("o")] if hit.word("o") else month, day=_ordinal(hit.all("e")))
    for part in (first, last):
        part.first, part.last = hit.first, hit.last
    return Piece("range", parts=(first, last))


def _no_day(hit: _Hit) -> Piece | None:
    word = hit.word("d")
    if hit.after.isalpha() and not hit.word("y"):
        return None  # "in March 45 people were killed"
    return Piece("bad", value=f"no such day: {word[:9] + ('…' if len(word) > 9 else '')} {hit.word('m').capitalize()}")


def _month(hit: _Hit) -> Piece | None:
    word, at = hit.word("m"), hit.at("m")
    before = hit.words.word(at - 1)
    year = _year(hit.word("y"))
    if year is None and not hit.word("r"):
        if word in MONTH_NAMES:
            loose = (
                word not in ("may", "march") or before in BEFORE_YEARS or before in ("mid", "-", "this", "and", "for")
            )
        else:
            loose = hit.words.word(at + 1) == "."
        if not loose:
            return None
    return Piece("month", year=year, month=MONTHS[word], offset=_direction(hit.word("r")))


def _direction(words: str) -> int:
    """-1 for ``last``, 1 for ``next``, 0 for anything else."""
    return next((DIRECTIONS[word] for word in words.split() if word in DIRECTIONS), 0)


def _bare_year(hit: _Hit) -> Piece | None:
    """A number of four digits is a year unless it counts something, costs something or numbers something."""
    year = int(hit.word("y"))
    if hit.word("f"):
        return Piece("year", year=year, note="fiscal year" if re.search("fiscal|fy", hit.word("f")) else "")
    before, after, second = hit.before, hit.after, hit.words.word(hit.first - 2)
    if before in NUMBERED or (before == "." and second == "no"):
        return None
    if after in COUNTED or after in UNITS or after in PLURALS or after in SCALES:
        return None
    if after in ("%", "½", "/", "gmt", "utc") or (before == "-" and second.isdecimal()) or hit.touches():
        return None
    if before in ("in", "since", "until", "till", "during", "circa") or 1900 <= year < 2100:
        return Piece("year", year=year)
    return None


def _spoken_year(hit: _Hit) -> Piece | None:
    words = hit.all("y")
    if words[0] == "two":
        return Piece("year", year=int(_number(words) or 2000))
    rest = int(_number([word for word in words[1:] if word != "-"]) or 0)
    return Piece("year", year=NUMBERS[words[0]] * 100 + rest) if rest < 100 else None


def _years(hit: _Hit) -> Piece | None:
    first, last = int(hit.word("a")), hit.word("b")
    second = int(last) if len(last) == 4 else first // 100 * 100 + int(last) if len(last) == 2 else 0
    if not first < second or second - first > 150 or hit.before in ("-", "/"):
        return None
    parts = tuple(Piece("year", hit.first, hit.last, year=year) for year in (first, second))
    return Piece("range", parts=parts)


def _decade(hit: _Hit) -> Piece | None:
    if hit.word("w"):
        return (
            None if hit.before in ("his", "her", "their", "low", "high") else Piece("decade", n=DECADES[hit.word("w")])
        )
    digits = re.sub(r"\D", "", hit.word("z"))
    if len(digits) == 4:
        return Piece("fixed", value=digits[:3] + "X", unit="decade", year=int(digits))
    if hit.word("z")[0] not in "'’" and hit.words.word(hit.first) != "the":
        return None  # temperatures, ages
    return Piece("decade", n=int(digits) // 10)


def _century(hit: _Hit) -> Piece | None:
    n = _ordinal(hit.all("o"))
    if not 1 <= n <= 30 or hit.word("x"):
        return Piece("bad", value="no EDTF for a century before our era" if hit.word("x") else f"no such century: {n}")
    return Piece("fixed", value=f"{n - 1:02}XX", unit="century", year=n * 100 - 99)


def _quarter(hit: _Hit) -> Piece | None:
    n = _ordinal(hit.all("o"))
    year = _year(hit.word("y"))
    return Piece("quarter", n=n - 1, year=year) if 1 <= n <= 4 else None


def _season(hit: _Hit) -> Piece | None:
    given = hit.word("r") or hit.word("e") or hit.word("y")
    if not given and not (hit.before in ("in", "by", "since", "until", "during") or hit.words.word(hit.first) == "the"):
        return None
    if hit.word("s") in ("fall", "spring") and not given and (hit.after in ("of", "in") or hit.before in ("to", "a")):
        return None  # "the fall of the city"
    return Piece("season", n=SEASONS[hit.word("s")], year=_year(hit.word("y")), offset=_direction(hit.word("r")))


def _holiday(pattern: str) -> _Maker:
    return lambda hit: Piece("holiday", unit=pattern, year=_year(hit.word("y")), offset=_direction(hit.word("r")))


def _weekday(hit: _Hit) -> Piece:
    return Piece("weekday", n=WEEKDAYS[hit.word("w")], offset=_direction(hit.word("r")), note=hit.word("r"))


def _nth_weekday(hit: _Hit) -> Piece | None:
    day, month = hit.piece("w"), hit.piece("m")
    if month.form == "unit" and month.unit != "month":
        return None
    return Piece("nth weekday", n=day.n, count=_ordinal(hit.all("o")), parts=(month,))


def _last_weekday(hit: _Hit) -> Piece | None:
    """``the last Friday of January``: what began as the Friday before today."""
    day, month = hit.piece("w"), hit.piece("m")
    if day.note != "last" or (month.form == "unit" and month.unit != "month"):
        return None
    return Piece("nth weekday", n=day.n, offset=-1, parts=(month,))


def _unit(hit: _Hit) -> Piece | None:
    """``last week``, ``the next day``, ``that year``, ``the quarter``."""
    rel, unit = hit.word("r"), hit.word("u")
    unit = {"period": "quarter"}.get(unit, unit) if rel != "that" else unit
    if unit not in UNITS or unit in ("second", "minute", "hour"):
        return None
    the = hit.words.word(hit.first) == "the"
    offset = _direction(rel)
    is_long = unit in ("decade", "century")
    if (rel == "past" and unit not in ("night", "weekend")) or (the and rel == "last" and is_long):
        return Piece("stretch", unit=unit, count=1, offset=-1)
    if unit == "quarter" and hit.word("u") == "period" and the and not rel:
        return Piece("focus", unit=unit, note="period")
    if unit == "night":
        return Piece("today", unit="day", offset=offset, note="night") if rel == "last" else None
    if rel in ("previous", "preceding", "prior", "following", "same", "that", "latest", "corresponding", "comparable"):
        return Piece("focus", unit=unit, offset=offset, note=rel)
    if the and (not rel or (rel in ("next", "last") and unit == "day")):
        return Piece("focus", unit=unit, offset=offset, note="" if rel else "bare")
    if not rel:
        return None
    return Piece("today" if unit == "day" else "unit", unit=unit, offset=offset)


def _ago(hit: _Hit) -> Piece | None:
    word, unit = hit.word("x"), _singular(hit.word("u"))
    offset = -1 if word in ("ago", "earlier", "previously", "before") else 1
    count = None if hit.word("t") else _number(hit.all("n")) if hit.all("n") else None
    counted_from = "" if word in ("ago", "from now", "hence") else "focus"
    return Piece("ago", unit=unit, count=count, offset=offset, note=counted_from)


def _singular(unit: str) -> str:
    return PLURALS.get(unit, unit)


def _stretch(hit: _Hit) -> Piece | None:
    rel, unit = hit.word("r"), _singular(hit.word("u"))
    count = _number(hit.all("n")) if hit.all("n") and not hit.word("t") else None
    if rel in ("first", "final", "initial", "opening", "closing"):
        return Piece("length", unit=unit, count=count)
    offset = -1 if rel in ("recent", "these", "latest") else _direction(rel)
    return Piece("stretch", unit=unit, count=count, offset=offset)


def _length(hit: _Hit) -> Piece | None:
    words, unit = hit.all("n"), _singular(hit.word("u"))
    count = None if hit.word("t") else _number(words) if words else None if hit.word("u") in PLURALS else 1.0
    if count is not None and hit.word("h"):
        count += 0.5
    if unit == "quarter" and (words in (["a"], ["one"]) or hit.after in ("of", "final", "back")):
        return None
    if hit.word("u") in ("second", "min", "night", "weekend") and words in ([], ["a"], ["the"]):
        return None
    if hit.word("v"):
        more = duration_of(_number(hit.all("k")), _singular(hit.word("v")))
        first = duration_of(count, unit)
        if "T" in first and "T" not in more:
            first, more = more, first
        return Piece("length", unit=unit, count=count, value=first + more[2 if "T" in first else 1 :])
    is_rate = hit.before in COUNTED or hit.before in NUMBERS or hit.before == "%" or hit.before[:1].isdecimal()
    if words in (["a"], ["an"]) and is_rate:
        return Piece("set", value=duration_of(1, unit))  # "$40 million a year"
    return Piece("length", unit=unit, count=count)


def _set(hit: _Hit) -> Piece | None:
    unit = hit.word("u")
    if unit in WEEKDAYS:
        return Piece("set", value="P1W")
    if unit in SEASONS or unit in MONTHS:
        return Piece("set", value="P1Y")
    if unit in ("morning", "afternoon", "evening"):
        return Piece("set", value="P1D")
    count = 2.0 if hit.all("n") == ["other"] else _number(hit.all("n")) if hit.all("n") else 1.0
    return Piece("set", value=duration_of(count, _singular(unit)))


def _clock(hit: _Hit) -> Piece | None:
    """``10 a.m.``, ``22:30``, ``1400 GMT``, ``noon EST``."""
    word, half = hit.word("h"), hit.word("p")
    seconds = ""
    if word in ("noon", "midday"):
        hour, minute = 12, 0
    elif word == "midnight":
        hour, minute = 0, 0
    elif ":" in word:
        hour, minute = (int(part) for part in word.split(":")[:2])
        seconds = word[len(word.split(":")[0]) + 3 :]
        if seconds and not (half or hit.word("z")):
            return None  # as likely how long a race took
    elif len(word) == 4 and word.isdecimal() and not half:
        hour, minute = int(word[:2]), int(word[2:])
    else:
        value = _number(hit.all("h"))
        if value is None or value != int(value) or not 0 <= value <= 24:
            return None
        hour, minute = int(value), 0
    if half:
        afternoon = half.startswith("p") or half.endswith(("afternoon", "evening", "night"))
        if not 1 <= hour <= 12:
            return Piece("bad", value=f"no such time of day: {word[:9]} {half}")
        hour = hour % 12 + 12 * afternoon
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return Piece("bad", value=f"no such time of day: {word[:9]}") if hit.word("z") or half else None
    zone = ZONES.get(hit.word("z"), "")
    return Piece("clock", clock=f"{hour % 24:02}:{minute:02}{seconds}{zone}")


def _part(hit: _Hit) -> Piece | None:
    part, rel = hit.word("p"), hit.word("r")
    if rel in ("this", "last"):
        return Piece("today", unit="day", offset=-1 if rel == "last" else 0, note=part)
    return Piece("part", unit="day", note=part)


def _with_clock(hit: _Hit) -> Piece:
    return replace(hit.piece("d"), clock=hit.piece("c").clock)


def _with_part(hit: _Hit) -> Piece:
    return replace(hit.piece("d"), note=hit.piece("p").note)


def _with_year(hit: _Hit) -> Piece | None:
    piece, year = hit.piece("x"), hit.piece("y")
    if piece.year is not None or (year.form != "year" and year.unit != "year"):
        return None
    return replace(piece, parts=(year,), note=year.note)


def _compared(hit: _Hit) -> Piece | None:
    """``the same period last year``."""
    piece, year = hit.piece("x"), hit.piece("y")
    return replace(piece, parts=(year,)) if year.unit == "year" and piece.unit in ("quarter", "month") else None


def _ended(hit: _Hit) -> Piece | None:
    """``the quarter ended Sept. 30``."""
    piece = hit.piece("x")
    return (
        replace(piece, form="holding", parts=(hit.piece("y"),)) if piece.unit in ("quarter", "month", "week") else None
    )


def _edge(hit: _Hit) -> Piece | None:
    return replace(hit.piece("x"), note=hit.piece("x").note or hit.word("e"))


def _shift(hit: _Hit) -> Piece | None:
    length = hit.piece("l")
    # `two days from now`, but not `for two days from Friday`
    if hit.word("x") == "from" and (length.count is None or hit.before == "for"):
        return None
    return replace(
        length, form="shift", offset=-1 if hit.word("x") in ("before", "prior to") else 1, parts=(hit.piece("y"),)
    )


def _from_event(hit: _Hit) -> Piece | None:
    if hit.before in ("for", "in", "within", "over", "of"):
        return None
    return replace(hit.piece("l"), form="event")


def _range(hit: _Hit) -> Piece | None:
    first, last = hit.piece("a"), hit.piece("b")
    if not hit.word("o") and first.form != last.form:
        return None
    return Piece("range", parts=(first, last))


def _reach(hit: _Hit) -> Piece | None:
    piece, word = hit.piece("x"), hit.word("o")
    if piece.note in CLASSES["PART"].split() or (hit.after in ("'s", "’s") and word not in ("since", "until", "till")):
        return None
    form = {"until": "until", "till": "until", "by": "until", "through": "until", "before": "before", "after": "after"}
    if word == "before" and piece.note.startswith("end"):
        word = "by"
    return Piece(form.get(word, "since"), parts=(piece,))


def _made(form: str, **known: object) -> _Maker:
    """A maker for what is the same whatever the words."""
    return lambda _: Piece(form, **known)  # type: ignore[arg-type]  # fields of Piece, by name


_MONTH = r"(?P<m>MONTH)(?:(?<=SHORTMONTH)DOT)?"
_YEAR = r"(?:COMMA?(?P<y>YEARNO|SHORTYEAR))"
_DAY_WORD = r"DAYNO(?!PERCENT|SLASH)|NTH|(?:(?:twenty|thirty)DASH?)?ORD(?!DASH|UNIT|UNITS|half)"
_ON = r"(?:(?:WEEKDAY|SHORTDAY)DOT?COMMA?(?:the)?)?"
_MANY = r"NUM(?:DASH?NUM){0,4}(?:(?<=hundred)and NUM)?(?:SLASH NUM)?HALF?(?:and a half)?"
_COUNT = rf"(?P<n>half(?:a|an)|(?:a|an)(?:VAGUE|NUM)of?|(?:VAGUE|couple)of?|another|{_MANY}|a|an)(?:(?P<t>to|or)NUM)?"
_ABOUT = r"(?:no?(?:more|less|fewer|longer)than|at(?:least|most)|up to|close to|as(?:many|long)as|ABOUT)?"
_ALSO = r"(?:more|additional|full|straight|consecutive|whole|entire|solid|business|trading|working|fiscal|long|extra)?"
_HALF = r"(?P<p>AMPM|in the (?:morning|afternoon|evening)|at night)"
_ZONE = r"(?:(?P<z>ZONE)|(?:local|CAPITAL)time)?"
_REL = r"LAST|NEXT|this(?:past|coming)?|current"

WORDS = _table(
    # What looks like a time and is none.
    (r"ABOUT?(?:a|an|the)?(?:NUM DASH?){1,3}(?:UNIT|UNITS)DASH?(?:old|olds|of age)", _made("none")),
    (r"(?:aged|age)NUM", _made("none")),
    (
        r"as soon as|NUM SLASH 7|(?:the)?WEEKDAY(?:times|telegraph|mirror|express|mail|herald|post)|daily CAPITAL",
        _made("none"),
    ),
    (r"OPEN?(?:NUM|a)DASH?(?:quarter|quarters)of(?!YEARNO)", _made("none")),
    # Days of the year.
    (r"(?P<x>ISO)", lambda hit: Piece("iso", value=hit.word("x"))),
    (r"(?P<x>SLASHED)", lambda hit: Piece("slashed", value=hit.word("x"))),
    (rf"{_MONTH}(?P<d>DAYNO)(?P<s>DASH|to|through|and)(?:(?P<o>MONTH)DOT?)?(?P<e>DAYNO(?!PERCENT)){_YEAR}?", _day),
    (rf"(?P<r>last|this|next)?{_ON}{_MONTH}(?:the)?(?P<d>{_DAY_WORD}){_YEAR}?", _day),
    (rf"(?:the)?(?P<d>DAYNO|NTH)(?P<s>DASH|to|through|and)(?:the)?(?P<e>DAYNO|NTH)of?{_MONTH}{_YEAR}?(?!DAYNO)", _day),
    (rf"{_ON}(?:the)?(?P<d>DAYNO|NTH)of?{_MONTH}{_YEAR}?(?!DAYNO)", _day),
    (rf"(?:the)?(?P<d>(?:(?:twenty|thirty)DASH?)?ORD)of{_MONTH}{_YEAR}?", _day),
    (rf"{_MONTH}(?P<d>NUMBER|HUGE){_YEAR}?", _no_day),
    (rf"(?P<d>NUMBER|HUGE)of{_MONTH}{_YEAR}?", _no_day),
    *((f"(?:(?P<r>LAST|NEXT|this))?{pattern}(?P<y>YEARNO)?", _holiday(pattern)) for pattern in HOLIDAYS),
    # Months, years, decades, centuries.
    (rf"(?:the)?(?P<r>{_REL})?{_MONTH}(?:of|COMMA)?(?P<y>YEARNO|SHORTYEAR)", _month),
    (rf"(?:(?:the)?(?P<r>{_REL}))?{_MONTH}", _month),
    (r"(?:the)?year(?:NUMBER|HUGE)(?!PERCENT)", _made("bad", value="no year that a calendar has")),
    (r"the(?P<y>YEARNO)(?P<u>period|quarter)", lambda hit: Piece("focus", unit="quarter", year=int(hit.word("y")))),
    (r"(?P<a>YEARNO)DASH(?P<b>YEARNO|DAYNO|NUMBER)(?!DASH)", _years),
    (
        r"(?P<f>(?:the)?(?:fiscal|financial|calendar)year|(?:the)?(?:fiscal|calendar|fy)|(?:the)?year)(?P<y>YEARNO)",
        _bare_year,
    ),
    (r"(?P<y>YEARNO)", _bare_year),
    (r"(?:(?:the)?year)?(?P<y>(?:eighteen|nineteen)(?:TENS DASH?ONES|TENS|ONES))(?!UNITS)", _spoken_year),
    (r"(?:the)year(?P<y>two thousand(?:and)?(?:TENS DASH?)?ONES?)", _spoken_year),
    (r"(?P<y>twenty twenty DASH?ONES|two thousand and ONES)(?!UNITS)", _spoken_year),
    (r"(?:the)?(?:EDGE DASH?)?(?P<z>DECADE)|(?:the)(?:EDGE DASH?)?(?P<w>TENWORD)", _decade),
    (r"(?:the)?(?P<o>NTH|(?:twenty DASH?)?ORD)DASH?century(?P<x>bc|bce)?", _century),
    # Parts of years.
    (r"(?:the)?(?P<r>same|corresponding|comparable)(?P<u>period|LONG)", _unit),
    (
        r"(?:the|a)?year DASH?(?:ago|earlier)(?P<o>ORD)quarter",
        lambda hit: Piece("quarter", n=_ordinal(hit.all("o")) - 1, note="year ago"),
    ),
    (
        r"(?:the|a)?year DASH(?:ago|earlier)(?:quarter|period|month|level)?",
        _made("ago", unit="year", offset=-1, note="focus"),
    ),
    (
        r"(?:the)?(?P<y>YEARNO)?(?:fiscal|financial)?(?P<o>ORD|NTH)DASH?(?:fiscal)?quarter(?!DASH?(?:final|back))(?:YEARNO)?",
        _quarter,
    ),
    (r"q(?P<o>DAYNO)(?:of)?(?P<y>YEARNO)?", _quarter),
    (
        r"(?:the)?(?:very)?(?P<o>first|second|latter)DASH?half(?:(?=DASH|of)|(?<=DASH half))",
        lambda hit: Piece("half", n=int(hit.word("o") != "first")),
    ),
    (rf"(?:the)?(?P<r>{_REL})?(?:(?P<e>EDGE)DASH?)?(?P<s>SEASON)(?:of?(?P<y>YEARNO))?", _season),
    # Days of the week.
    (r"(?:the)?day before yesterday", _made("today", unit="day", offset=-2)),
    (r"(?:the)?day after tomorrow", _made("today", unit="day", offset=2)),
    (rf"(?:the)?(?P<r>{_REL}|following)?(?P<w>WEEKDAY)(?!DASH?(?:WEEKDAY))", _weekday),
    (r"(?P<w>SHORTDAY)(?:DOT)(?!CAPITAL)", _weekday),
    (r"today", _made("today", unit="day")),
    (r"yesterday", _made("today", unit="day", offset=-1)),
    (r"tomorrow", _made("today", unit="day", offset=1)),
    (r"tonight|overnight", _made("today", unit="day", note="night")),
    # Times of day.
    (rf"(?P<h>CLOCK|DAYNO|NUM){_HALF}{_ZONE}", _clock),
    (rf"(?P<h>NUM)OCLOCK{_HALF}?{_ZONE}", _clock),
    (rf"(?P<h>CLOCK|HOUR)(?:hours)?{_ZONE}", _clock),
    (r"(?P<h>YEARNO|NUMBER)(?:hours)?(?P<z>gmt|utc)", _clock),
    (r"(?:the)?(?:EDGE|small|wee)(?:morning)?hours", _made("part", unit="day", note="morning")),
    (r"(?P<r>this|last)(?P<p>PART)", _part),
    (r"(?:the|(?<=at)|EDGE DASH?)(?P<p>PART)", _part),
    # Sets.
    (r"(?:every|each)(?P<n>other|NUM)?(?P<u>UNIT|UNITS|WEEKDAY|SEASON|MONTH|PART)", _set),
    (r"(?:once|twice|thrice|NUM times)(?:a|an|per|each|every)(?P<u>LONG|hour|minute)", _set),
    (r"(?<!as)per(?P<u>LONG|hour|minute)", _set),
    (r"(?:on)?(?P<u>WEEKDAYS)", _set),
    (r"(?P<x>OFTEN)(?!CAPITAL)", lambda hit: Piece("set", value=OFTEN[hit.word("x")])),
    # Weeks, months, years counted from a day; lengths.
    (rf"{_ABOUT}{_COUNT}DASH?(?P<u>UNIT|UNITS)(?:or so|or more)?(?P<x>ago|earlier|later|hence|from now)(?!than)", _ago),
    (r"(?P<u>UNITS)(?P<x>ago|earlier|later)", _ago),
    (
        rf"(?:the|these|his|her|its|their|our)?(?P<r>LAST|NEXT|recent|latest|first|final|initial)(?:{_COUNT})?{_ALSO}(?P<u>UNITS)",
        _stretch,
    ),
    (
        rf"(?:the)?(?P<r>{_REL}|following|previous|that|latest)(?:fiscal|financial|calendar|full)?(?P<u>LONG|period|night)",
        _unit,
    ),
    (r"(?:the|its|a)(?:fiscal|financial)?(?P<u>year)(?=(?:that)?(?:ended|ending|ends))", _length),
    (r"(?:the)(?:fiscal|financial|full|entire|whole)?(?P<u>LONG|period)(?!DASH)", _unit),
    (
        rf"(?:the|those|these|{_ABOUT}){_COUNT}{_ALSO}DASH?(?P<u>UNIT|UNITS)(?:DASH long)?(?P<h>and a half)?"
        r"(?:(?:and|COMMA)?(?P<k>NUM)(?P<v>UNIT|UNITS))?(?:period)?",
        _length,
    ),
    (r"(?:the)?(?P<u>UNITS)(?:DASH long)?", _length),
    (r"(?P<u>LONG)DASH long", _length),
    (r"(?:the)?(?P<u>year|month)DASH?end", lambda hit: Piece("unit", unit=hit.word("u"), note="end")),
    # What names no date.
    (r"the (?:near |distant |foreseeable )?future", _made("reference", value=FUTURE)),
    (r"the (?:recent )?past(?!NUM|VAGUE)", _made("reference", value=PAST)),
    (r"these days|at present|the present|at the moment|the near term", _made("reference", value=PRESENT)),
    (
        r"(?:more|very|most)?(?P<x>REFERENCE)(?!after|account|affairs|events)",
        lambda hit: Piece("reference", value=REFERENCES[hit.word("x")]),
    ),
)

_DAY = "{day weekday holiday today slashed iso}"
_LIKE_A_YEAR = "{year unit focus}"
_DATED = "{day weekday holiday today slashed iso unit focus month year quarter half season fixed decade}"

PAIRS = _table(
    (r"(?:the)?(?P<o>ORD|NTH)(?P<w>{weekday})(?:in|of)(?P<m>{month unit})", _nth_weekday),
    (r"(?P<w>{weekday})(?:in|of)(?P<m>{month unit})", _last_weekday),
    (r"(?P<x>{day})(?:COMMA|of|in)?(?P<y>{unit focus})", _with_year),
    (rf"(?P<c>{{clock}})(?:COMMA|on|of){{0,2}}(?P<d>{_DAY})", _with_clock),
    (rf"(?P<d>{_DAY})(?:COMMA|at|around|about)?(?P<c>{{clock}})", _with_clock),
    (rf"(?P<d>{_DAY})(?:in|at)?(?P<p>{{part}})", _with_part),
    (rf"(?P<p>{{part}})(?:of|on|COMMA)?(?P<d>{_DAY})", _with_part),
    (rf"(?:EDGE)?(?P<d>{_DAY})(?P<n>PART)", lambda hit: replace(hit.piece("d"), note=hit.word("n"))),
    (rf"(?:EDGE)?DASH?(?P<n>PART)(?:of|on)?(?P<d>{_DAY})", lambda hit: replace(hit.piece("d"), note=hit.word("n"))),
    (rf"(?P<x>{{quarter half season month}})(?:COMMA|of|in)?(?P<y>{_LIKE_A_YEAR})", _with_year),
    (rf"(?P<y>{_LIKE_A_YEAR})S?(?:fiscal)?(?P<x>{{quarter half season month}})", _with_year),
    (r"(?P<x>{focus})(?:COMMA|of|in)?(?P<y>{unit ago})", _compared),
    (r"(?:the)?(?P<u>week)of(?:the)?(?P<y>{day})", lambda hit: Piece("holding", unit="week", parts=(hit.piece("y"),))),
    (
        r"(?P<x>{focus})of(?P<y>{day})",
        lambda hit: Piece("holding", unit="week", parts=(hit.piece("y"),)) if hit.piece("x").unit == "week" else None,
    ),
    (r"(?P<x>{focus})(?=(?:that)?(?:ended|ending|ends)(?:on)?(?P<y>{day month}))", _ended),
    (rf"(?:the)?(?P<e>beginning|start|end|middle|close|rest|remainder|course|turn)of(?P<x>{_DATED})", _edge),
    (rf"(?:the)?(?P<e>EDGE|earlier|later|midway)DASH?(?:in|on)?(?P<x>{_DATED})", _edge),
    (rf"(?P<l>{{length}})(?P<x>before|after|from|prior to)(?:the)?(?P<y>{_DATED})", _shift),
    (r"(?P<l>{length})(?=OTHER?(?:before|after|prior|following|into))", _from_event),
    (r"(?<=in)(?P<l>{length})", lambda hit: replace(hit.piece("l"), form="hence")),
)

REACHES = _table(
    (rf"(?P<o>from|between)(?P<a>{_DATED})COMMA?(?:to|and|through|until|till|DASH)(?P<b>{_DATED})", _range),
    (rf"(?P<a>{_DATED})(?:to|through|DASH)(?P<b>{_DATED})", _range),
    (rf"from(?P<x>{_DATED})(?:on|onward|onwards|forward)", _reach),
    (rf"(?P<o>since|until|till|before|after|by|through)(?P<x>{_DATED})", _reach),
)
