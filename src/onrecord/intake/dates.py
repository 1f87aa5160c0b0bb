"""Dates as pages print them → ISO 8601, exactly as precise as they were given.

Nothing is guessed: a date without a year is no date, ``03/04/2022`` could be March or April and is therefore only a
year, and a clock time whose zone is unknown stays without one.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_LONGEST = 200  # characters; no date is longer, and nothing longer is searched

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}

# Only abbreviations with one meaning in practice, or (the American ones) one fixed by RFC 822. IST, say, is Indian,
# Irish and Israeli time, and "ET" needs the day's daylight-saving rule: their times are kept without a zone.
_ZONES = {
    "z": "Z",
    "ut": "Z",
    "utc": "Z",
    "gmt": "Z",
    "est": "-05:00",
    "edt": "-04:00",
    "cst": "-06:00",
    "cdt": "-05:00",
    "mst": "-07:00",
    "mdt": "-06:00",
    "pst": "-08:00",
    "pdt": "-07:00",
    "cet": "+01:00",
    "cest": "+02:00",
    "eet": "+02:00",
    "eest": "+03:00",
    "msk": "+03:00",
    "jst": "+09:00",
    "kst": "+09:00",
    "aest": "+10:00",
    "aedt": "+11:00",
    "nzst": "+12:00",
    "nzdt": "+13:00",
}

_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<year>(?:1[89]|20|21)\d\d)(?!\d)"
_FLAGS = re.ASCII | re.IGNORECASE

_ISO = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?P<dash>[-/.]?)(?P<month>\d\d)(?:(?P=dash)(?P<day>\d\d))?(?!\d)"
    r"|(?P<cjkyear>\d{4})年(?P<cjkmonth>\d{1,2})月(?:(?P<cjkday>\d{1,2})日)?",
    _FLAGS,
)
_WRITTEN = tuple(
    re.compile(pattern, _FLAGS)
    for pattern in (
        rf"\b{_MONTH}\s*{_DAY},?\s*{_YEAR}",
        rf"(?<!\d){_DAY}(?:\s+of)?[\s-]*{_MONTH},?[\s-]*{_YEAR}",
        rf"\b{_MONTH},?\s*{_YEAR}",
    )
)
_NUMERIC = re.compile(rf"(?<!\d)(?P<first>\d{{1,2}})(?P<mark>[/.-])(?P<second>\d{{1,2}})(?P=mark){_YEAR}", _FLAGS)
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>[.,]\d{1,9})?)?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?(?![\d/])"
    r"\s*\(?(?P<zone>(?:GMT|UTC)?\s*[+\u2212-]\d\d?:?(?:\d\d)?(?!\d)|[A-Z]{1,4}\b)?",
    _FLAGS,
)
_COMPACT_CLOCK = re.compile(r"T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<zone>Z|[+-]\d\d:?\d\d)?", _FLAGS)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?", _FLAGS)


def parse_date(value: str) -> str:
    """The date in a string, as ISO 8601.

    Reads ISO 8601 in its usual variants, e-mail and feed dates, Unix times in seconds or milliseconds, and dates as
    English-language newspapers print them (``Dec. 12, 2022 10:04 a.m. EST``, ``12 December 2022``).

    Args:
        value: the string; words around the date are passed over.

    Returns:
        ``2022``, ``2022-12``, ``2022-12-12``, ``2022-12-12T10:04`` or ``2022-12-12T10:04:00+02:00``: as precise as
        given, with a zone only if one was given. Empty if there is no date with a year.
    """
    value = value.strip()
    if len(value) > _LONGEST or not value:
        return ""
    if _EPOCH.fullmatch(value):
        return _from_epoch(value)
    if found := _ISO.search(value):
        year, month, day = (found.group(name) or found.group(f"cjk{name}") for name in ("year", "month", "day"))
        compact = found.group("dash") == "" and not found.group("cjkyear")
        # 202212 is as likely a number as a month
        if not (compact and day is None) and (iso := _calendar(year, month, day)):
            rest = value[found.end() :]
            return _with_clock(iso, rest, rest, exact=day is not None)
    for pattern in _WRITTEN:
        if found := pattern.search(value):
            parts = found.groupdict()
            if iso := _calendar(parts["year"], str(_MONTHS[parts["month"].lower()]), parts.get("day")):
                return _with_clock(iso, value[found.end() :], value[: found.start()], exact="day" in parts)
    if found := _NUMERIC.search(value):
        iso = _from_numbers(
            int(found.group("first")), int(found.group("second")), found.group("year"), found.group("mark")
        )
        return _with_clock(iso, value[found.end() :], value[: found.start()], exact=len(iso) == len("2022-12-12"))
    return ""


def _from_epoch(digits: str) -> str:
    seconds = int(digits[:10])
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    # before 1995 there was no page on the web; such a number is an identifier
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= 1995 else ""


def _calendar(year: str, month: str, day: str | None) -> str:
    """``2022-12-12`` or ``2022-12``; empty if there is no such day."""
    try:
        checked = date(int(year), int(month), int(day or 1))
    except ValueError:
        return ""
    if not 1800 <= checked.year <= 2199:
        return ""
    return checked.isoformat() if day else checked.isoformat()[:7]


def _from_numbers(first: int, second: int, year: str, mark: str) -> str:
    """A date from two numbers in unknown order and a year; only the year where both orders make sense."""
    if mark == ".":  # 12.10.2022 is written where the day comes first
        return _calendar(year, str(second), str(first)) or year
    orders = {_calendar(year, str(a), str(b)) for a, b in ((first, second), (second, first))} - {""}
    return "" if not orders else year if len(orders) > 1 else orders.pop()


def _with_clock(iso: str, after: str, before: str, *, exact: bool) -> str:
    """Add the clock time that stands after the date, or else before it; only to a whole date."""
    if not exact:
        return iso
    if compact := _COMPACT_CLOCK.match(after):
        return iso + _clock(compact, after)
    for words in (after, before):
        for found in _CLOCK.finditer(words):
            if (found.group("minute") or found.group("half")) and (clock := _clock(found, words)):
                return iso + clock
    return iso


def _clock(found: re.Match[str], words: str) -> str:
    """``T10:04:00+02:00`` from a match; empty if there is no such time of day."""
    parts = found.groupdict()
    hour, minute, second = int(parts["hour"]), int(parts["minute"] or 0), parts["second"]
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if hour > 23 or minute > 59 or int(second or 0) > 59:
        return ""
    clock = f"T{hour:02}:{minute:02}"
    if second:
        fraction = (parts.get("fraction") or "")[1:].rstrip("0")
        clock += f":{second}" + (f".{fraction}" if fraction else "")
    return clock + _zone(parts["zone"] or "")


def _zone(printed: str) -> str:
    printed = printed.replace("\u2212", "-").strip()
    if found := re.fullmatch(r"(?:GMT|UTC)?\s*([+-])(\d\d?):?(\d\d)?", printed, _FLAGS):
        sign, hours, minutes = found.groups()
        return f"{sign}{int(hours):02}:{minutes or '00'}" if int(hours) <= 14 and int(minutes or 0) <= 59 else ""
    return _ZONES.get(printed.lower(), "")
