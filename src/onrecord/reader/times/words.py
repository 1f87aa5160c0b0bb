"""What can stand in an expression of time: months, numbers, units, holidays; and a text cut into such words.

Every word that can stand in one has a letter of its own, so that a text becomes a *shape*, one letter a word.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

PRESENT = "the present, without a date"
PAST = "a time gone by, without a date"
FUTURE = "a time to come, without a date"
"""Reasons of expressions that name no more than which side of today they lie on."""


MONTH_NAMES = """january february march april may june july august september october november december""".split()
MONTHS = {name: n for n, name in enumerate(MONTH_NAMES, 1)}
MONTHS |= {name[:3]: n for name, n in MONTHS.items()} | {"sept": 9}
_DAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAYS = {name: n for n, name in enumerate(_DAY_NAMES)} | {name + "s": n for n, name in enumerate(_DAY_NAMES)}
WEEKDAYS |= {name[:length]: n for n, name in enumerate(_DAY_NAMES) for length in (3, 4, 5)}
SEASONS = {"spring": 0, "summer": 1, "autumn": 2, "fall": 2, "winter": 3}
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen""".split()
_ONES = {word: n for n, word in enumerate(_SMALL)}
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9}
NUMBERS = _ONES | TENS | SCALES | {"couple": 2}
_RANKS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split()
ORDINALS = {word: n for n, word in enumerate(_RANKS, 1)} | {"final": 4}
DECADES = {"twenties": 2, "thirties": 3, "forties": 4, "fifties": 5, "sixties": 6, "seventies": 7, "eighties": 8}
DECADES |= {"nineties": 9}
UNITS = {
    "second": "S", "minute": "TM", "hour": "H", "day": "D", "night": "D", "week": "W", "fortnight": "2W", "month": "M",
    "quarter": "3M", "year": "Y", "decade": "10Y", "century": "100Y", "millennium": "1000Y", "weekend": "2D",
}  # fmt: skip
"""Units and their ISO 8601 letters with how many of those they are; ``TM`` is the minute, ``M`` the month."""
PLURALS = {unit + "s": unit for unit in UNITS} | {"centuries": "century", "millennia": "millennium"}
_SHORT_UNITS = {"hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "secs": "second", "yrs": "year"}
PLURALS |= _SHORT_UNITS
DIRECTIONS = dict.fromkeys("last past previous preceding prior".split(), -1)
DIRECTIONS |= dict.fromkeys("next coming following upcoming".split(), 1)
OFTEN = {"hourly": "PT1H", "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "fortnightly": "P2W", "monthly": "P1M"}
OFTEN |= {"annually": "P1Y", "yearly": "P1Y", "biweekly": "P2W"}
REFERENCES = {
    "now": PRESENT, "currently": PRESENT, "nowadays": PRESENT, "presently": PRESENT, "today": PRESENT,
    "current": PRESENT, "recently": PAST, "lately": PAST, "soon": FUTURE,
}  # fmt: skip
ZONES = {
    "gmt": "Z", "utc": "Z", "est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00",
    "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00", "bst": "+01:00", "cet": "+01:00", "cest": "+02:00",
    "eet": "+02:00", "eest": "+03:00", "msk": "+03:00", "jst": "+09:00", "et": "", "ct": "", "pt": "",
}  # fmt: skip
"""Hours from UTC as the abbreviation is used in English news; empty where it changes with the season."""

CLASSES: dict[str, str] = {
    "MONTH": " ".join(MONTHS),
    "SHORTMONTH": " ".join(name for name in MONTHS if name not in MONTH_NAMES),
    "WEEKDAY": " ".join(_DAY_NAMES),
    "WEEKDAYS": " ".join(name + "s" for name in _DAY_NAMES),
    "SHORTDAY": "mon tue tues wed thu thur thurs fri sat sun",
    "SEASON": " ".join(SEASONS),
    "NUM": " ".join(NUMBERS) + " DAYNO YEARNO NUMBER",
    "ONES": " ".join(_ONES),
    "TENS": " ".join(TENS),
    "ORD": " ".join(ORDINALS) + " NTH",
    "TENWORD": " ".join(DECADES),
    "UNIT": " ".join(UNITS),
    "UNITS": " ".join(PLURALS),
    "LONG": "day week weekend fortnight month quarter year decade century millennium",
    "PART": "morning afternoon evening night midmorning midafternoon",
    "HOUR": "noon midday midnight",
    "LAST": "last past previous preceding prior",
    "NEXT": "next coming following upcoming",
    "VAGUE": "few several many some numerous countless various dozens hundreds thousands",
    "ABOUT": "about around nearly almost approximately roughly over some just only another under",
    "EDGE": "early late mid",
    "OFTEN": " ".join(OFTEN),
    "ZONE": " ".join(ZONES),
    "AMPM": "AM am pm",
    "REFERENCE": " ".join(REFERENCES),
}
"""Class → its words; a word in capitals is a kind of token that ``lex`` tells apart by its form."""

_CASED = frozenset("may march mar jan jun sun sat wed mon sept dec august et ct pt est q".split())
"""Words that are an expression of time only with a capital."""

AHEAD = frozenset(
    """will shall would wo may might could can must should ll plan plans planned planning expect expects expected
    expecting schedule schedules scheduled due intend intends intended going upcoming forthcoming hope hopes
    hoping aim aims aiming propose proposes proposed deadline expire expires resume resumes reopen reopens ends
    until till next seek seeks supposed begin begins start starts
    """.split()
)
BEHIND = frozenset(
    """was were had has have did been said says say told made took went came began fell rose won lost met held left gave
    got saw found ran broke struck sent kept led paid shot sold spent stood thought wrote flew grew became brought built
    bought caught set agreed freed drew drove fought hit knew put shut spoke swore threw wore ago last""".split()
)
"""Words that look ahead, and behind: verbs mostly. Any other word in -ed looks behind."""

PAST_TENSE = re.compile(r".{2,}(?<!e)ed\Z")

COUNTED = frozenset(
    """people men women children troops soldiers civilians fighters drones missiles shells rounds tanks jobs votes seats
    homes houses dollars euros pounds barrels tons tonnes metres meters miles kilometres kilometers km feet shares
    points times pieces employees workers members students cases deaths percent hours""".split()
)
"""What a bare number between 1000 and 2199 counts, when it is no year."""

NUMBERED = frozenset("$ £ € # / % no page resolution resolutions flight route highway room article".split())
"""What stands before a number that is no year."""

BEFORE_YEARS = frozenset("in since until till by during circa from before after through early late mid of to".split())


def _easter(year: int) -> date:
    """Easter Sunday of the Western churches; the algorithm printed by Meeus, Astronomical Algorithms, ch. 8."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + rest - 7 * ((a + 11 * h + 22 * rest) // 451) + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(month: int, weekday: int, n: int) -> Callable[[int], date]:
    """The nth such weekday of a month; of -1, the last."""

    def find(year: int) -> date:
        if n < 0:
            last = date(year, month, monthrange(year, month)[1])
            return last - timedelta((last.weekday() - weekday) % 7)
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (n - 1))

    return find


HOLIDAYS: dict[str, Callable[[int], date]] = {
    "christmas eve": lambda year: date(year, 12, 24),
    "christmas day?": lambda year: date(year, 12, 25),
    "boxing day": lambda year: date(year, 12, 26),
    "new year S eve": lambda year: date(year, 12, 31),
    "new year S day": lambda year: date(year, 1, 1),
    "valentine S day": lambda year: date(year, 2, 14),
    "bastille day": lambda year: date(year, 7, 14),
    "halloween": lambda year: date(year, 10, 31),
    "good friday": lambda year: _easter(year) - timedelta(2),
    "easter monday": lambda year: _easter(year) + timedelta(1),
    "easter sunday?": _easter,
    "memorial day": nth_weekday(5, 0, -1),
    "(?:labor|labour) day": nth_weekday(9, 0, 1),
    "election day": lambda year: nth_weekday(11, 0, 1)(year) + timedelta(1),
    "thanksgiving day?": nth_weekday(11, 3, 4),
}
"""Pattern of a holiday → its day in a year. Those whose day depends on the country are left out, but for the ones that
news in English means by default (Thanksgiving, Labor, Memorial and Election Day of the United States)."""


_TOKEN = re.compile(
    r"""(?P<word>[ap]\.\ ?m\.?(?!\w)|o['’]clock|[^\W\d_]+)
    |(?P<ISO>[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?(?![\w-]))
    |(?P<SLASHED>(?<![\w/.-])(?:[0-9]{4}|[0-9]{1,2})(?P<_>[/.-])[0-9]{1,2}(?P=_)(?:[0-9]{4}|[0-9]{2})(?![\w/]|[.-][0-9]))
    |(?P<CLOCK>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![\w:]))
    |(?P<DECADE>(?:[12][0-9]{2}0|['’]?[2-9]0)['’]?s\b)
    |(?P<NTH>[0-9]{1,3}(?:st|nd|rd|th)\b)
    |(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)
    |(?P<SHORTYEAR>['’][0-9]{2}\b)
    |(?P<S>['’]s\b|(?<=s)['’](?=\s))
    |(?P<BREAK>\n\s*\n)
    |(?P<mark>\S)""",
    re.VERBOSE,
)
_MARKS = {",": "COMMA", ".": "DOT", "-": "DASH", "–": "DASH", "—": "DASH", "/": "SLASH", "%": "PERCENT", "½": "HALF"}
_MARKS |= {"$": "MONEY", "£": "MONEY", "€": "MONEY", "#": "MONEY", "?": "STOP", "!": "STOP", "‑": "DASH"}
_MARKS |= {"(": "OPEN", ")": "CLOSE"}

_LETTERS: dict[str, str] = {}
_SYMBOL = re.compile(
    r"\(\?P?<?[=!:]?(?:\w+>)?|\{[0-9,]+\}|\{(?P<forms>[a-z ]+)\}|(?P<names>[A-Z]+)|(?P<word>[a-z]+)|\s+"
)


def letter_of(name: str) -> str:
    """The letter of a word, a kind of token or a form of piece (``{day}``): one of the private use area."""
    return _LETTERS.setdefault(name, chr(0xE000 + len(_LETTERS)))


def compile_shape(pattern: str) -> str:
    """A pattern over names as one over letters."""

    def translate(match: re.Match[str]) -> str:
        if match["forms"]:
            return "[" + "".join(letter_of("{" + form + "}") for form in match["forms"].split()) + "]"
        if match["names"]:
            return "[" + "".join(map(letter_of, CLASSES.get(match["names"], match["names"]).split())) + "]"
        if match["word"]:
            return letter_of(match["word"])
        return "" if match[0].isspace() else match[0]

    return _SYMBOL.sub(translate, pattern)


@dataclass(slots=True)
class Words:
    """A text cut into words, marks and numbers: where each begins and ends, in lower case, and its letter."""

    text: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    shape: str

    def is_capital(self, at: int) -> bool:
        """Whether a word begins with a capital."""
        return self.text[self.starts[at]].isupper()

    def word(self, at: int) -> str:
        """A word in lower case; empty outside the text."""
        return self.words[at] if 0 <= at < len(self.words) else ""


def _kind_of_number(word: str) -> str:
    if len(word) <= 2 and 1 <= int(word) <= 31:
        return "DAYNO"
    if len(word) == 4 and word.isdecimal() and 1000 <= int(word) < 2200:
        return "YEARNO"
    return "NUMBER" if len(word) <= 9 else "HUGE"


def lex(text: str) -> Words:
    """Cuts a text into words, in linear time."""
    starts, ends, words, letters = [], [], [], []
    known = _LETTERS.get
    other, capital = _LETTERS["OTHER"], _LETTERS["CAPITAL"]
    for match in _TOKEN.finditer(text):
        kind, word = match.lastgroup, match[0]
        if kind == "word":
            low = word.lower()
            letter = known(low)
            is_capital = word[0].isupper()
            if not low.isalpha():
                letter = known("AM" if "." in low else "OCLOCK")
            elif letter is None or (low in _CASED and not is_capital):
                letter = capital if is_capital else other
            word = low
        elif kind == "number":
            letter = known(_kind_of_number(word))
        elif kind == "mark":
            letter = known(_MARKS.get(word, "OTHER"))
        else:
            letter = known(kind or "")
        starts.append(match.start())
        ends.append(match.end())
        words.append(word)
        letters.append(letter or other)
    return Words(text, starts, ends, words, "".join(letters))
