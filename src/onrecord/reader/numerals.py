"""The numbers of a text, as they stand: found, read, given their units, and joined to the other ends of ranges.

Tables and rules only. What a number means, the words that bound it and what it counts, is read in ``figures.py``. Every
look at the text goes through a window of fixed size around one number, so that the time grows with the length of the
text and no faster. The words stand in ``units.tsv``, which explains itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from onrecord.model import Modifier, Span


class _Unit(NamedTuple):
    unit: str
    kind: str
    one: bool  # a singular form, which beside a number above one stands before a noun: `a 5 kilometre front`


_ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("units.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def load_rows(table: str) -> list[list[str]]:
    """The rows of one table of ``units.tsv``, without its name."""
    return [row[1:] for row in _ROWS if row[0] == table]


def load_words(name: str) -> frozenset[str]:
    """One of the lists of words."""
    return frozenset(word for row in load_rows("words") if row[0] == name for word in row[1].split())


def load_pattern(name: str) -> re.Pattern[str]:
    """One of the patterns: its rows are alternatives."""
    return re.compile("|".join(row[1] for row in load_rows("pattern") if row[0] == name))


_SPELLED: dict[str, _Unit] = {}  # units by their words, in lower case
_SIGNS: dict[str, _Unit] = {}  # units by their symbols
_MONEY: dict[str, str] = {}  # currencies by what stands before the number, in lower case, without spaces
for _name, _, _kind, _forms, _symbols, _marks in load_rows("unit"):
    for _form in filter(None, _forms.split("|")):
        _one, _, _many = _form.partition("=")
        _SPELLED[_many or f"{_one}s"] = _Unit(_name, _kind, one=False)
        _SPELLED[_one] = _Unit(_name, _kind, one=True)
    _SIGNS |= {sign: _Unit(_name, _kind, one=True) for sign in filter(None, _symbols.split("|"))}
    if _kind == "money":
        _codes = [code.lower() for code in _symbols.split("|") if len(code) == 3]
        _MONEY |= dict.fromkeys((*_marks.split(), *_codes, *(f"{code}$" for code in _codes)), _name)
_FIRST = frozenset(form.split()[0] for form in _SPELLED)
_CURRENCY_SIGNS = "".join(sorted(mark for mark in _MONEY if len(mark) == 1 and not mark.isalpha()))

_VAGUE = {row[0]: (int(row[1]) if row[1] else None, int(row[2]) if row[2] else None) for row in load_rows("vague")}
STOPS, _DETERMINERS, _FILLERS = load_words("stop"), load_words("determiner"), load_words("filler")
_PLURALS, _NOT_PLURAL, _ING_NOUNS = load_words("plural"), load_words("not plural"), load_words("ing noun")
_EACH = load_words("each")

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_NUMBERS = {word: value for value, word in enumerate(f"{_SMALL} eighteen nineteen".split())} | {
    word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "lakh": 5, "crore": 7}
SCALES |= {"quadrillion": 15, "quintillion": 18}
_SHORT_SCALES = {"k": 3, "m": 6, "mn": 6, "mln": 6, "b": 9, "bn": 9, "bln": 9, "tn": 12, "tln": 12, "trn": 12}
_PARTS = "half third quarter fourth fifth sixth seventh eighth ninth tenth".split()
_DENOMINATORS = dict(zip(_PARTS, (2, 3, 4, 4, 5, 6, 7, 8, 9, 10), strict=True)) | {"halve": 2, "hundredth": 100}
_VULGAR = dict(
    zip(
        "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞",
        (1 / 2, 1 / 3, 2 / 3, 1 / 4, 3 / 4, 0.2, 0.4, 0.6, 0.8, 1 / 6, 5 / 6, 1 / 8, 3 / 8, 5 / 8, 7 / 8),
        strict=True,
    )
)
_MULTIPLES = {"twice": 2, "thrice": 3, "double": 2, "triple": 3, "treble": 3, "quadruple": 4}

_MOST_DIGITS = 30
"""Digits of the longest number that is read; a longer one is a key, a hash or a slip."""
_LONGEST_PHRASE = 8
"""Words of the longest noun phrase."""

# -------------------------------------------------------------------------------------------- patterns, on lower case

_GAP = "[ \u00a0\u202f\u2009]"
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Signs that take no room: zero-width spaces and joiners, marks of direction."""
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_ZONE = r"(?:gmt|utc|est|edt|pst|pdt|cet|cest|eet|msk|bst|ist|jst|hrs|hours local|local time)"
_WORDS = "|".join(sorted((*_NUMBERS, *SCALES, "dozen"), key=len, reverse=True))
_PART = "|".join(_DENOMINATORS)
_FRACTIONS = "".join(_VULGAR)
_OPENING = """quite several handful many numerous countless very limited small large growing great huge significant
    record certain number far considerably substantially half quarter tens dozens scores millions billions trillions"""
_STARTS = {word[:3] for word in (*_OPENING.split(), *_NUMBERS, *SCALES, *_MULTIPLES)} | {"a ", "an "}
_START = "|".join(  # what a number in words can start with, by its first letter: a quick look before the long one
    f"{first}(?:{'|'.join(sorted(start[1:] for start in _STARTS if start[0] == first))})"
    for first in sorted({start[0] for start in _STARTS})
)
_CANDIDATE = re.compile(
    rf"(?=[\d.{_FRACTIONS}])(?:(?P<grouped>(?<!\d)\d{{1,3}}(?:{_GAP}\d{{3}}(?!\d))++(?:\.\d++)?)"
    rf"|(?P<row>\d++(?:[.,]\d++)*+(?:{_GAP}\d++(?:[.,]\d++)*+){{3,}}+)"
    r"|(?P<ratio>(?:\d{1,4}[ -])?(?<![\d/])\d{1,4}[/\u2044]\d{1,4}(?![\d/]))"
    rf"|(?P<digits>(?:(?<![\w.])\.)?\d++(?:[.,{_UNSEEN}]++\d++)*+)(?P<tail>[{_FRACTIONS}])?|(?P<vulgar>[{_FRACTIONS}]++))"
    rf"|\b(?=[“\"‘']?(?:{_START}))(?:"
    r"(?P<plural>(?:tens|dozens|scores|hundreds|thousands) of (?:thousands|millions|billions|trillions)"
    r"|dozens|scores(?= of)|tens(?= of)|hundreds|thousands|millions|billions|trillions)"
    r"|(?P<vague>several|(?:quite )?a few|(?:a )?handful|many(?! (?:more|fewer))|numerous|countless|a couple"
    r"|(?:a )?[“\"‘']?(?:(?:very )?(?P<size>limited|small|large|growing|great|huge|significant|record|certain) numbers?"
    r"|(?<=a )number)[”\"’']?(?= of))"
    r"|(?P<far>(?:far|many|significantly|considerably|substantially) (?:more|fewer))"
    rf"|(?P<multiple>{'|'.join(_MULTIPLES)})"
    rf"|(?P<words>(?:half (?:an? )?|an? )?(?:{'|'.join(SCALES)}|dozen)|{_WORDS}|half"
    r"|an? (?:third|quarter|fifth|sixth|seventh|eighth|tenth)|quarter (?=[mb]illion)))"
    r"(?:\b|(?<=[”\"’']))"
)
_NOT_FIGURES = re.compile(
    rf"""\d{{1,2}}(?:[:.]\d{{2}}){{1,2}}\s?(?:a\.?m\b|p\.?m\b|{_ZONE}\b)
    |\d{{1,3}}:\d{{2}}(?::\d{{2}})?\b                                     # clock times, scores, ratios
    |\d{{1,2}}(?:-\d{{1,2}})?{_GAP}?(?:a\.?m\b|p\.?m\b|o['’]clock\b)
    |\d{{3,4}}{_GAP}?{_ZONE}\b
    |\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\b|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}\b
    |9/11\b|24/7\b|7/7\b
    |\d+(?:st|nd|rd|th)\b                                                 # ordinals
    |(?:\d\d)?\d0['’]?s\b|(?:19|20)\d\ds\b                                # decades
    |\d{{1,2}}(?:st|nd|rd|th)?(?:\s?(?:-|–|—|to|and|or|,)\s?\d{{1,2}})?(?:st|nd|rd|th)?
        \s(?:of\s)?{_MONTH}\b(?!\s(?:be|have|not)\b)                     # dates
    |\d{{3}}-\d{{3}}-\d{{4}}\b|\d{{3}}-\d{{4}}\b|\d{{5}}\szip\b           # telephone numbers, postcodes
    |\d{{1,4}}(?:\.\d{{1,3}}){{3,}}+|\d{{1,3}}(?:\.\d{{1,2}}){{2,}}+(?![\d,])  # network addresses, versions
    """,
    re.VERBOSE,
)
_DATE_BEFORE = re.compile(
    rf"(?<!\w){_MONTH}\.?\s(?:\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s|\s?(?:-|–|—|to|and|or|/)\s?))?(?:the\s)?\Z"
)
_SPOILED = re.compile(r"[@#_\\=№]|://|www\.")
_CURRENCY = re.compile(
    rf"(?P<mark>(?:[A-Za-z][A-Za-z.]{{0,3}}[ -]?)?[{_CURRENCY_SIGNS}](?:[A-Za-z]{{1,2}})?|[A-Za-z]{{1,3}}[.=]?)"
    rf"{_GAP}?[-−]?\Z"
)
_DOLLARS = {"u": "USD", "c": "CAD", "a": "AUD"}
_WHOSE_DOLLAR = load_pattern("whose dollar")
_NO_AMOUNT = re.compile(r"\b(?:how|as|so|too|that|not|like|this)\s\Z")
_NUMBER_WORD = re.compile(rf"(?:(?<=\w)[ \u00a0-])?(?P<and>and[ -])?(?P<word>{_WORDS})\b")
_PART_AFTER = re.compile(
    rf"(?P<and>[ -]and[ -]an?[ -])(?P<of>half|third|quarter)\b"
    rf"|[ -](?P<over>{_PART})s?\b(?! (?:time|place|year|week|day|month)\b)"
)
_HALF_AFTER = load_pattern("half after")
_HALF_BEFORE = load_pattern("half before")
_SCALE_AFTER = re.compile(
    rf"(?:{_GAP}|-)?(?P<word>{'|'.join(SCALES)}|mln|mn|bln|bn|tln|trn|tn)\b"
    r"|(?P<short>[kmb])(?!\w)"
)
_EXPONENT = re.compile(r"\^[-−+]?\d*|e[-−+]?\d+\b")
_POWER = re.compile(r"\s?[\u00d7x]\s?10\s?\^?\s?([-−+]?\d{1,3})(?!\d)")
_UNIT_WORDS = re.compile(r"[°º]? ?[^\W\d_]{1,24}(?:/[a-z]\b)?(?:\.?[ -][^\W\d_]{1,24}){0,4}")
_UNIT_SIGN = re.compile(
    rf"([%‰°º℃℉′″\u00d7¢{_CURRENCY_SIGNS}元Ω]|[^\W\d_]{{1,24}}(?:[-./·][^\W\d_]{{1,9}})?[23²³]?)"
    r"[^\s,;:!?()\[\]\"“”…–—-]{0,4}"
)
_SPACED_LETTERS = "CFWVKLlgmtp"
"""Units of one letter that may stand apart from the number; others would take initials and articles for units."""
_PER = re.compile(
    rf"(?:{_GAP}(?:per|each|every){_GAP}|/|-per-)"
    r"(?P<noun>[^\W\d_]{1,24}(?: (?:ft|m|feet|foot|metre|meter|inch|mile)\b)?)"
)
_AN = re.compile(rf"(?:{_GAP}an?{_GAP}|-an?-)(?P<noun>[^\W\d_]{{1,24}})\b(?! (?:earlier|ago|later|before|after|old)\b)")
_RANGE = re.compile(rf"{_GAP}?[-–—‑]{_GAP}?|{_GAP}(?P<word>to|and|or){_GAP}?[- ]?")
_VOTE = re.compile(r"\b(?:vot|won|win|beat|defeat|lost|lead|led|score|draw|drew)\w*(?: \w+)? \Z")
_OPENS_RANGE = re.compile(r"\b(between|from|by|at)\s(?:(?:about|around|roughly|up to) )?\Z")
_CHANGE = load_pattern("change before")
_WORD_AFTER = re.compile(
    r"[ \u00a0\u202f][“\"‘'(]?((?:mrs?|ms|dr|gen|sen|rep|gov|st|[a-z](?:\.[a-z])+)\."
    r"|[^\W_]\w{0,40}(?:[-’'/&.+]\w{1,40}){0,5}(?!\w))[”\"’')]?"
)
COMPARED = load_pattern("compared after")
_AGE_BEFORE = load_pattern("age before")
_AGE_AFTER = load_pattern("age after")
_BEFORE_UNIT = re.compile(rf"{_GAP}(?:{'|'.join(sorted(load_words('before unit')))})(?={_GAP})")
_SIZE_AFTER = re.compile(r" (?:of )?(dozen|hundred|thousand|million|billion)s?\b")
_DOZEN_AFTER = re.compile(r"[ -]dozen\b")
_OPENING_HALF = re.compile(r"(?:half|quarter) (?:an? )?|an? (?:half |quarter )?")
_PART_ALONE = re.compile(rf"(?P<an>an?[ -])?(?P<part>{_PART})\b")
_POINT = re.compile(r" point((?: (?:zero|one|two|three|four|five|six|seven|eight|nine))+)\b")
_MINUS = re.compile(r"\b(?:minus|negative) \Z")
_ARTICLE_AFTER = re.compile(r" an?(?= )")
_JOINED_NOUN = re.compile(r" (?:and|or)(?= )")


@dataclass(slots=True)
class Draft:
    """A figure in the making; ``start`` and ``end`` grow with every word that turns out to belong to it."""

    start: int
    end: int
    value: Span
    low: float | int | None
    high: float | int | None
    reason: str
    bare: float | int | None = None  # the number before its scale: 1.5 of 1.5 million
    scale: int = 0  # of ten
    vague: bool = False
    fraction: bool = False  # a share, unless a unit follows
    unit: str = ""
    kind: str = ""
    attributive: bool = False  # the unit stands before a noun
    prefixed: bool = False  # the currency stands before the number
    modifier: Modifier = Modifier.EXACT
    counted: Span | None = None
    plural: bool = False  # what is counted is a plural
    relation: str = ""
    dropped: bool = False

    @property
    def reach(self) -> int:
        """Where its words end, or those behind it that name what it counts."""
        return self.counted.end if self.counted and self.counted.start >= self.end else self.end


# ------------------------------------------------------------------------------------------------------------- numbers


def find_numbers(text: str, lower: str, skip: Sequence[Span]) -> list[Draft]:
    """Every number that its own letters do not show to be something else, with its unit."""
    found: list[Draft] = []
    at = n = closed = 0  # closed: where the last stretch to skip ended
    while match := _CANDIDATE.search(lower, at):
        start, at = match.start(), match.end()
        while n < len(skip) and skip[n].end <= start:
            closed = max(closed, skip[n].end)
            n += 1
        opens = skip[n].start if n < len(skip) else len(text)
        if opens < at:
            continue
        follows = bool(found) and found[-1].end in (start - 1, start)
        numeral = lower[start].isdigit()
        if numeral and (end := _end_of_name(text, lower, start, follows=follows)):
            at = max(at, end)
        elif not numeral and not follows and lower[start - 1 : start] in ("-", "‑"):
            continue
        elif draft := _read(text, lower, match):
            _set_unit(text, lower, draft)
            if closed <= draft.start and draft.end <= opens:
                at = max(at, draft.end)
                found.append(draft)
    return found


def _end_of_name(text: str, lower: str, start: int, *, follows: bool) -> int:
    """Where the date, the time or the name ends that a numeral is part of; 0 if it is none."""
    if other := _NOT_FIGURES.match(lower, start):
        month = text[max(lower.rfind(" ", start, other.end()), start) :][:2].strip()
        # `5 may die` is no date, and neither is `12 march on`.
        if not other.group().endswith(("may", "march")) or month[:1].isupper():
            return other.end()
    before = lower[max(0, start - 24) : start]
    if dated := _DATE_BEFORE.search(before):
        month = text[start - len(before) + dated.start()]
        if month.isupper() or not dated.group().startswith(("may", "mar")):
            return start + 1
    token = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
    if _SPOILED.search(token) and not token.endswith("y="):
        return start + 1
    last = before[-1:]
    if last.isalnum():
        return 0 if last.isalpha() and _money_before(text, start) else start + 1
    if last and last in "-‑/" and before[-2:-1].isalnum() and not follows:
        return 0 if token[:-1].strip("([") in ("minus", "sub", "plus", "to", "pre", "mid") else start + 1
    return 0


def _money_before(text: str, start: int) -> tuple[int, str] | None:
    """Where the sign or code of a currency before ``start`` begins, and the currency."""
    window = text[max(0, start - 7) : start]
    match = _CURRENCY.search(window)
    if match is None:
        return None
    at, mark = start - len(window) + match.start(), match["mark"]
    key = re.sub(r"[\s-]", "", mark).lower()
    unit = _MONEY.get(key) or _MONEY.get(key.rstrip(".="))
    if unit and mark[0].isalpha():
        apart = " " in mark and len(mark) == 3  # the article of `A $5 fine`
        if apart or (not mark[0].isupper() and len(key) < 4) or (match.start() and window[match.start() - 1].isalnum()):
            unit = None
        if key == "ps" and not re.match(
            r"[\d.]*,\d{3}|\d+\.\d|\d+ ?(?:m|bn|k|million|billion)\b", text[start : start + 14]
        ):
            unit = None  # pounds, as some wires set them; else a games console
    if unit:
        return at, unit
    sign = next((n for n, letter in enumerate(mark) if letter in _CURRENCY_SIGNS), -1)
    return None if sign < 0 else (at + sign, _MONEY[mark[sign]])


def _read(text: str, lower: str, match: re.Match[str]) -> Draft | None:
    """Reads the number at a match of ``_CANDIDATE``; None if the words turn out to be no number."""
    start, end = match.span()
    if match["words"]:
        return _read_words(lower, start)
    if match["multiple"]:
        compared = COMPARED.match(lower, end)
        if compared is None:
            return None
        value, words = _MULTIPLES[match["multiple"]], text[start : compared.end()].rstrip()
        draft = Draft(start, end, Span(start, end), value, value, "word", unit="times", kind="ratio")
        draft.relation = f"compared: {words}"
        return draft
    if match["plural"] or match["vague"] or match["far"]:
        return _read_vague(lower, match)
    return _read_numeral(text, lower, match)


def _read_vague(lower: str, match: re.Match[str]) -> Draft | None:
    """Reads an amount without a number, by the rows ``vague`` of the table, and what size it is of."""
    start, end = match.span()
    begin = start
    words = re.sub(r"[“”\"‘’']|very ", "", match.group())
    if _NO_AMOUNT.search(lower[max(0, start - 8) : start]) and words in ("many", "handful", "a number"):
        return None
    if "number" in words:
        size = match["size"] or ""
        begin = start + lower[start:end].index(size or "number")
        words = f"a {size if size in ('small', 'limited', '') else 'large'} number".replace("  ", " ")
        end -= lower[end - 1] in "”\"’'"
    first, _, second = words.partition(" of ")
    name = f"far {words.split()[-1]}" if match["far"] else first if first in _VAGUE else f"a {first}"
    low, high = _VAGUE[name]
    size_after = _SIZE_AFTER.match(lower, end)
    if second or (size_after and match["vague"] and "number" not in words):
        named = second.removesuffix("s") or (size_after[1] if size_after else "")
        end = size_after.end() if size_after and not second else end
        size10 = 12 if named == "dozen" else 10 ** SCALES[named]
        low = None if low is None else low * size10
        high = None if high is None else (high + 1) * size10 - 1
        name = lower[start:end]
    value = Span(begin, end)
    end += "number" in words and lower[end : end + 1] in ("”", "’", '"', "'")
    rule = f"vague: {name} = {'any' if low is None else low} {'or more' if high is None else f'to {high}'}"
    draft = Draft(start, end, value, low, high, rule, vague=True, modifier=Modifier.VAGUE)
    draft.relation = f"compared: {match['far']}" if match["far"] else ""
    return draft


def _read_numeral(text: str, lower: str, match: re.Match[str]) -> Draft | None:
    """Reads a number in digits, its sign and its scale; one that cannot be read says why."""
    start, end = match.span()
    words, plain, trouble = match.group(), "", ""
    value: float | int = 0
    if match["row"]:
        trouble = f"a row of {len(words.split())} numbers"
    elif match["ratio"]:
        first, _, below = words.replace("\u2044", "/").rpartition("/")
        whole, _, above = first.replace("-", " ").rpartition(" ")
        if not int(below) or int(above) >= int(below) or not first.isascii():
            return None
        value = int(whole or 0) + int(above) / int(below)
    elif match["vulgar"]:
        if words not in _VULGAR:
            return None
        value = _VULGAR[words]
    else:
        plain, trouble = _plain(match["grouped"] or match["digits"])
        value = 0 if trouble else _times_ten(plain, 0) + _VULGAR.get(match["tail"] or "", 0)
    if not trouble and plain and (power := _POWER.match(lower, end)):
        value, end = clean_number(float(f"{plain}e{power[1].replace('−', '-')}")), power.end()
        trouble = "a power of ten out of range" if value in (0, float("inf")) else ""
    if not trouble and (exponent := _EXPONENT.match(lower, end)):
        trouble, end = "a power that is not written out", exponent.end()
    if trouble:
        return Draft(start, end, Span(start, end), None, None, trouble)
    fraction = value < 1 and bool(match["ratio"] or match["vulgar"]) and lower.startswith(" of ", end)
    bare, begin = value, start
    if lower[start - 1 : start] in ("-", "−") and (start < 2 or lower[start - 2] in f" ([:\n{_CURRENCY_SIGNS}"):
        begin = start - 1
    elif minus := re.search(r"\b(?:minus|negative)[ -]\Z", lower[max(0, start - 9) : start]):
        begin = start - len(minus.group())
    scale, end = _scale_after(text, lower, end, money=_money_before(text, begin) is not None)
    if scale:
        value = _times_ten(plain, scale) if plain and not match["tail"] else clean_number(value * 10**scale)
    elif dozen := _DOZEN_AFTER.match(lower, end):
        value, end = clean_number(value * 12), dozen.end()
    value = -value if begin < start else value
    draft = Draft(begin, end, Span(begin, end), value, value, "numeral", bare, scale)
    draft.fraction = fraction and not scale
    return draft


def _plain(digits: str) -> tuple[str, str]:
    """A numeral without its separators, or why it cannot be read."""
    if re.search(f"[{_UNSEEN}]", digits):
        return "", "signs in it that take no room"
    if re.search(r"[^\x00-\x7f\u00a0\u202f\u2009]", digits):
        return "", "digits of another script"
    if (count := sum(map(str.isdigit, digits))) > _MOST_DIGITS:
        return "", f"a number of {count} digits"
    digits = re.sub(_GAP, "", digits)
    if re.fullmatch(r"\d*\.?\d*", digits):
        return digits, ""
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d+)?", digits):
        return digits.replace(",", ""), ""
    if digits.count(",") > 1 and "." not in digits:
        return "", "numbers joined by commas"
    return "", f"{digits} can be read in two ways"


def _times_ten(plain: str, scale: int) -> float | int:
    """The value of a plain decimal numeral times a power of ten, whole numbers exactly."""
    whole, _, places = plain.partition(".")
    if len(places) <= scale:
        return int(f"{whole}{places}{'0' * (scale - len(places))}")
    return clean_number(float(f"{plain}e{scale}"))


def clean_number(value: float | int) -> float | int:
    """A number as int if it is whole, else without the dust of binary fractions."""
    return (
        int(value) if abs(value) < 1e300 and value == int(value) else value if abs(value) < 1e-6 else round(value, 12)
    )


def _scale_after(text: str, lower: str, end: int, *, money: bool) -> tuple[int, int]:
    """The power of ten after a numeral (``1.5 million``, ``3bn``, ``4 hundred thousand``), and where its words end."""
    scale = 0
    while (match := _SCALE_AFTER.match(lower, end)) and scale <= 15:
        if short := match["short"]:
            # 2m people, £2m, 4.3M sales; but 2m of snow, and 16b are bits.
            after = noun_phrase(text, lower, match.end())
            of_money = _SPELLED.get(lower[match.end() + 1 : match.end() + 12].split(" ", 1)[0].rstrip(".,;"))
            counted = (after is not None and after.plural) or (of_money is not None and of_money.kind == "money")
            if scale or not (money or counted or short == "k" or (short == "m" and text[match.start()] == "M")):
                break
            return _SHORT_SCALES[short], match.end()
        scale += SCALES.get(match["word"], 0) or _SHORT_SCALES[match["word"]]
        end = match.end()
    return scale, end


def _read_words(lower: str, start: int) -> Draft | None:
    """Reads a number in words as far as it makes one: ``a hundred and twenty``, ``two and a half``, ``two-thirds``."""
    at, total, group, room, least, seen, odd = start, 0, 0, 1000, 10**21, False, False
    opening = _OPENING_HALF.match(lower, at)
    halves = 2 if opening and "half" in opening.group() else 4 if opening and "quarter" in opening.group() else 1
    at = opening.end() if opening else at
    while match := _NUMBER_WORD.match(lower, at):
        word = match["word"]
        value = _NUMBERS.get(word, -1)
        if match["and"] and (value < 0 or not seen or (group % 100 and room != 100) or (not group and not total)):
            break
        if value >= 0:
            if value >= room or (value == 0 and seen):
                break
            group, room = group + value, 10 if value >= 20 else 1
        elif word == "hundred":
            if seen and not 0 < group < 100:
                break
            group, room = (group or 1) * 100, 100
        elif word == "dozen":
            if seen and not group:
                break
            total, group, room, least = total + (group or 1) * 12, 0, 0, 0
        else:
            size = 10 ** SCALES[word]
            if size >= least:  # `one thousand thousand`
                at, odd = match.end(), True
                continue
            total, group, room, least = total + (group or 1) * size, 0, 1000, size
        seen, at = True, match.end()
    if odd:
        return Draft(start, at, Span(start, at), None, None, "words that make no number")
    number: float | int = total + group
    fraction = False
    if not seen:
        part = _PART_ALONE.match(lower, start)
        if part is None or (part["part"] != "half" and not lower.startswith(" of ", part.end())):
            return None
        window = lower[max(0, start - 18) : start]
        if part["part"] == "half" and not _HALF_AFTER.match(lower, part.end()) and not _HALF_BEFORE.search(window):
            return None
        if re.search(r"\b(?:first|second|latter|other|better|final|opening)\s\Z", window):
            return None
        number, at, fraction = 1 / _DENOMINATORS[part["part"]], part.end(), True
    elif halves > 1:
        number = clean_number(number / halves)
    elif after := _PART_AFTER.match(lower, at):
        number, at = (
            (number + 1 / _DENOMINATORS[after["of"]], after.end())
            if after["and"]
            else (number / _DENOMINATORS[after["over"]], after.end())
        )
        scale = _SCALE_AFTER.match(lower, at)
        if scale and scale["word"]:
            number, at = clean_number(number * 10 ** (SCALES | _SHORT_SCALES)[scale["word"]]), scale.end()
        fraction = number < 1
    elif point := _POINT.match(lower, at):
        number = float(f"{number}." + "".join(str(_NUMBERS[word]) for word in point[1].split()))
        at = point.end()
    if match := _MINUS.search(lower[max(0, start - 9) : start]):
        number, start = -number, start - len(match.group())
    rule = "fraction" if fraction else "word"
    return Draft(start, at, Span(start, at), number, number, rule, number, fraction=fraction)


# --------------------------------------------------------------------------------------------------------------- units


def _set_unit(text: str, lower: str, draft: Draft) -> None:
    """Finds the currency before a number or the unit after it, and what it is per."""
    money = None if lower[draft.value.start].isalpha() else _money_before(text, draft.value.start)
    if money is not None:
        draft.start, draft.unit, draft.kind, draft.prefixed = money[0], money[1], "money", True
        if draft.unit == "USD" and (whose := _WHOSE_DOLLAR.match(text, draft.end)):
            draft.unit, draft.end = _DOLLARS[whose[1][0].lower()], whose.end()
    else:
        aged = _AGE_BEFORE.search(lower[max(0, draft.start - 32) : draft.start])
        said = aged is not None and (aged.group().startswith(("age", "over")) or _AGE_AFTER.match(lower, draft.end))
        if said and isinstance(draft.low, int) and 0 < draft.low < 111:
            draft.unit, draft.kind = "year of age", "age"
        at = draft.end
        if (draft.vague and lower.startswith(" of ", at)) or lower.startswith(" of a ", at):
            at += 5 if lower.startswith(" of a ", at) else 3
            at += 3 if lower.startswith(" us ", at) else 0
        elif draft.fraction and (an := _ARTICLE_AFTER.match(lower, at)):
            at = an.end()
        elif skipped := _BEFORE_UNIT.match(lower, at):
            at = skipped.end()
        found = _unit_at(text, lower, at)
        if found is None and at != draft.end:
            found = _unit_at(text, lower, draft.end)
        if found is not None:
            form, end = found
            form = _Unit("GBP", "money", form.one) if form.unit == "lb" and draft.scale >= 6 else form
            # `ten won the prize`, `PA 23456 F Block`
            least = draft.low or 0
            if (form.unit == "KRW" and least < 100) or (form.kind == "temperature" and least > 20_000):
                return
            if form.unit == "times" and lower[at : at + 1] == "-":
                return  # `a one-time payment`
            draft.unit, draft.kind, draft.end = form.unit, form.kind, end
            draft.attributive, draft.fraction = form.one and draft.low != 1, False
    match = _PER.match(lower, draft.end) or (_AN.match(lower, draft.end) if draft.unit else None)
    if match is None:
        return
    noun = match["noun"]
    sign = text[match.start("noun") : match.end("noun")]
    per = _SPELLED.get(noun) or _SPELLED.get(noun.split()[0]) or _SIGNS.get(sign)
    if (
        per is None
        and (match.group()[0] in "/" or match.re is _AN or not draft.unit)
        and not (draft.unit and noun in _EACH)
    ):
        return
    if per is not None and (per.kind in ("money", "share") or (match.re is _AN and not per.one)):
        return
    draft.unit, draft.kind, draft.end = f"{draft.unit}/{per.unit if per else noun}", draft.kind or "rate", match.end()


def _unit_at(text: str, lower: str, at: int) -> tuple[_Unit, int] | None:
    """The longest form of a unit after a number: ``km``, ``square miles``, ``-tonne``, ``per cent``; and its end."""
    spaced = lower[at : at + 1] in (" ", "-", "‑", "\u00a0", "\u202f", "\u2009")
    begin = at + spaced
    match = _UNIT_WORDS.match(lower, begin)
    if match and lower[begin] != " ":
        words = re.split(r"(?<=[^°º])[ -]", match.group().replace("º", "°"))
        if words[0].rstrip(".") in _FIRST or words[0][0] == "°":
            for n in range(len(words), 0, -1):
                key = " ".join(words[:n])
                end = begin + len(key)
                form = _SPELLED.get(key) or _SPELLED.get(key.replace(". ", " ").rstrip("."))
                end -= key.endswith(".")
                if form and not lower[end : end + 1].isalnum():
                    return form, end
    match = _UNIT_SIGN.match(text, begin)
    if match is None:
        return None
    for sign in (match.group(), match.group().rstrip("."), match[1]):
        end = begin + len(sign)
        form = _SIGNS.get(sign)
        if form is None and sign in _CURRENCY_SIGNS:
            form = _Unit(_MONEY[sign], "money", one=True)
        letter = spaced and len(sign) == 1 and sign.isalpha()
        if (
            form is None
            or text[end : end + 1].isalnum()
            or (letter and (sign not in _SPACED_LETTERS or text[at] == "-"))
        ):
            continue
        return form, end
    return None


# -------------------------------------------------------------------------------------------------------------- ranges


def join_ranges(lower: str, drafts: list[Draft]) -> list[Draft]:
    """Makes one figure of the two ends of a range; ``from 5 to 3`` after a verb of change stays two, marked."""
    joined: list[Draft] = []
    for draft in drafts:
        last = joined[-1] if joined else None
        gap = lower[last.end : draft.start] if last and draft.start - last.end <= 6 else ""
        link = _RANGE.fullmatch(gap) if gap else None
        if last is None or link is None or not _join(lower, last, draft, link["word"] or "-"):
            joined.append(draft)
    return joined


def _join(lower: str, last: Draft, draft: Draft, link: str) -> bool:
    """Joins two neighbours into the first, if they are the ends of a range; marks a change from one to the other."""
    if last.low is None or draft.high is None or last.vague or draft.vague or draft.relation or last.relation:
        return False
    agree = (
        last.unit in ("", draft.unit)
        or draft.unit.startswith(f"{last.unit}/")
        or (last.prefixed and not draft.unit and link == "-")
    )
    if not agree or last.fraction != draft.fraction or last.reason == "range":
        return False
    before = lower[max(0, last.start - 60) : last.start]
    low, high = last.low, draft.high
    words = lower[draft.start : draft.end].split()
    if draft.scale and not last.scale and last.bare is not None and draft.bare is not None and last.bare < draft.bare:
        low = clean_number(last.bare * 10**draft.scale)  # 1 to 2 million
    elif (
        draft.reason == last.reason == "word"
        and words[-1] in SCALES
        and low < 100
        and low * 10 ** SCALES[words[-1]] < high
    ):
        low = low * 10 ** SCALES[words[-1]]  # one to two thousand
    opened = _OPENS_RANGE.search(before)
    opens = opened[1] if opened else ""
    if opens == "from" and link == "to" and (low >= high or (opened and _CHANGE.search(before[: opened.start()]))):
        last.relation, draft.relation = "change: from", "change: to"
        last.low = last.high = low
        last.unit, last.kind = last.unit or draft.unit, last.kind or draft.kind
        return False
    if link in ("to", "-") and opens != "from" and not last.unit and _VOTE.search(before):
        last.dropped = draft.dropped = True  # `voted 5 to 4`, `won 3-1`
        return False
    if low >= high or (link == "and" and opens != "between") or (opens == "by" and high > 3 * low):
        return False
    if link == "or" and not (isinstance(low, int) and high <= 2.5 * low):
        return False
    if opened and opened.group().strip() in ("between", "from"):
        last.start -= len(before) - opened.start()
    last.low, last.high, last.value, last.end = low, high, Span(last.value.start, draft.value.end), draft.end
    last.unit, last.kind = draft.unit or last.unit, draft.kind or last.kind
    last.attributive, last.reason = draft.attributive, "range"
    return True


class Phrase(NamedTuple):
    """A noun phrase, as far as letters tell."""

    span: Span
    plural: bool  # whether its head is a plural, as far as letters tell


def is_plural(word: str) -> bool:
    """Whether a word in lower case is a plural, by its ending and the lists of exceptions."""
    word = word.rpartition("-")[2]
    if word in _PLURALS or word in _NOT_PLURAL:
        return word in _PLURALS
    return len(word) > 2 and word[-1] == "s" and word[-2] not in "su'’" and not word.endswith(("is", "ous"))


def noun_phrase(text: str, lower: str, at: int, *, determined: bool = False, single: bool = False) -> Phrase | None:
    """The noun phrase that begins one space after ``at``: up to its first plural, or to the word that ends it.

    Args:
        text: the text.
        lower: the same in lower case.
        at: where the words before it end.
        determined: it may open with an article or a possessive.
        single: no plural is expected, as after ``one``: the words up to the end are taken.
    """
    first = last = -1
    plural, before = False, ""
    for _ in range(_LONGEST_PHRASE):
        match = _WORD_AFTER.match(lower, at)
        if match is None:
            break
        word, at = match[1], match.end()
        if last < 0 and first < 0 and word in _FILLERS:
            continue
        if last < 0 and determined and word in _DETERMINERS:
            first = match.start(1) if first < 0 else first
            continue
        if word in ("and", "or") and last > 0 and not single and _plural_end(lower, match.start() + len(word) + 1, 2):
            continue
        if (word in STOPS and not (word == "us" and text.startswith("US", match.start(1)))) or (
            last < 0 and word.isdigit()
        ):
            break
        if last > 0 and before[-2:] != "ly" and "-" not in word:
            verb = word.endswith("ed") and len(word) > 4 and word not in _PLURALS
            verb |= word.endswith("ing") and word not in _ING_NOUNS and (single or text[last - len(before)].isupper())
            if verb or (single and not determined and is_plural(word)):
                break
        first, last, before = match.start(1) if first < 0 else first, match.end(1), word
        if is_plural(word) and not (single and not determined):
            # `wounded` counts people, but not in `wounded soldiers`; nor does `police` in `police officers`, or
            # `Reuters` in `Reuters reporters`.
            ahead = _WORD_AFTER.match(lower, at)
            named = text[match.start(1)].isupper() and text[at + 1 : at + 2].islower() and _plural_end(lower, at, 2)
            goes_on = word[-1] != "s" and ahead is not None and is_plural(ahead[1]) and ahead[1] not in _FIRST
            plural = not named and not goes_on
            if plural:
                break
        if at > match.end(1):
            break
    if last < 0:
        return None
    if plural and (link := _JOINED_NOUN.match(lower, last)):
        last = _plural_end(lower, link.end(), 2) or last
    return Phrase(Span(first, last), plural)


def _plural_end(lower: str, at: int, most: int) -> int:
    """Where a plural ends that stands within so many words after ``at``, nothing but its own words before it; or 0."""
    for _ in range(most):
        match = _WORD_AFTER.match(lower, at)
        if (
            match is None
            or match[1] in STOPS
            or match[1] in _NUMBERS
            or match[1][0].isdigit()
            or match[1].endswith(("ed", "ly", "ing"))
        ):
            return 0
        if is_plural(match[1]):
            return match.end(1)
        at = match.end()
    return 0
