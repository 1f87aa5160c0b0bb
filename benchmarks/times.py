"""Expressions of time against TempEval-3: which are found, and whether they are given the right value.

TimeBank and AQUAINT as UzZaman et al. (2013) released them for SemEval-2013 task 1. What is read is the text inside
``TEXT``, against the value of ``DCT``; the document's own ``DCT`` expression is no answer and no gold, as in the task.
Relaxed: any overlap counts, each expression of one side for at most one of the other. Strict: the same characters.
Value and type F1 are relaxed F1 times the share of matched expressions with the same ``value`` or ``type``, as in the
task's scorer. Values are compared as strings, once after what ``normalised`` does to both sides (the corpora write one
value in several ways), once as they are written.

    python -m benchmarks.times            # the table
    python -m benchmarks.times --errors   # and every expression that is missed, invented or read otherwise
"""

from __future__ import annotations

import argparse
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks import print_figures
from benchmarks.polnear import corpora_folder
from onrecord.model import TimeKind, When
from onrecord.reader.times import find_times
from onrecord.reader.times.words import FUTURE, PAST, PRESENT

_TAG = re.compile(r"(<[^>]+>)")
_TEXT = re.compile(r"<TEXT>(.*)</TEXT>", re.DOTALL)
_DCT = re.compile(r"<DCT>.*?value=\"([^\"]*)\"", re.DOTALL)
_ATTRIBUTE = re.compile(r"(\w+)=\"([^\"]*)\"")
_OUTSIDE = re.compile(r"(?:since|until|till|before|after|by|through|from|between)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:\b(?:to|and|through|until|till)\b|[-–—])\s*", re.IGNORECASE)
_PARTS = (("TMO", "morning"), ("TAF", "afternoon"), ("TEV", "evening"), ("TNI", "night|overnight"))
_SEASONS = ("SP", "SU", "FA", "WI")
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()


@dataclass(frozen=True, slots=True)
class Timex:
    """One TIMEX3: where, of which type, with which value."""

    start: int
    end: int
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Report:
    """One document of a corpus."""

    name: str
    text: str
    published: str
    gold: tuple[Timex, ...]


def load_reports(corpus: str) -> list[Report]:
    """The documents of ``TimeBank`` or ``AQUAINT``, sorted by name.

    Raises:
        FileNotFoundError: they are not there; the message says where they were looked for.
    """
    folder = corpora_folder() / "tempeval3" / corpus
    paths = sorted(folder.glob("*.tml"))
    if not paths:
        raise FileNotFoundError(
            f"{folder}: TempEval-3 is not there; set ONRECORD_CORPORA to the folder that holds tempeval3/"
        )
    return [decode_timeml(path.stem, path.read_text(encoding="utf-8")) for path in paths]


def decode_timeml(name: str, markup: str) -> Report:
    """Reads one TimeML file: the text of ``TEXT`` without tags, and the TIMEX3 in it."""
    body, dct = _TEXT.search(markup), _DCT.search(markup)
    if body is None:
        raise ValueError(f"{name}: no TEXT")
    text, gold, opened = "", [], []
    for piece in _TAG.split(body[1]):
        if piece.startswith("<TIMEX3") and not piece.endswith("/>"):
            opened.append((len(text), dict(_ATTRIBUTE.findall(piece))))
        elif piece == "</TIMEX3>":
            start, known = opened.pop()
            if text[start:].strip():
                gold.append(Timex(start, len(text), known["type"], known["value"]))
        elif not piece.startswith("<"):
            text += html.unescape(piece)
    return Report(name, text, dct[1] if dct else "", tuple(sorted(gold, key=lambda timex: timex.start)))


def normalised(value: str) -> str:
    """A value as it is compared: ``1989-W7`` is ``1989-W07``; ``199X`` is ``199``, ``1994-XX-XX`` is ``1994``."""
    value = re.sub(r"(T\d\d)\Z", r"\1:00", re.sub(r"-W(\d)\b", r"-W0\1", value))
    return re.sub(r"\A(\d{2,3})X{1,2}\Z", r"\1", re.sub(r"\A(\d{4})(?:-XX)+\Z", r"\1", value))


def timexes_of(text: str, when: When) -> list[Timex]:
    """The TIMEX3 that say what a ``When`` does: two for one with a beginning and an end that are both named.

    TIMEX3 leaves out the words that say which way a stretch reaches (``since last week`` is ``last week``), has values
    for parts of days and for what names no date, and types of its own for days with a time.
    """
    words = when.span.of(text)
    start, end = when.span.start, when.span.end
    if when.kind is TimeKind.DATE and when.edtf and ".." in when.edtf and "X" in (when.duration or ""):
        return [_timex(text, start, end, None, when if when.edtf[-1] == "." else replace(when, reason=PAST))]
    if when.kind is TimeKind.DATE and when.edtf and "/" in when.edtf:
        outside = _OUTSIDE.match(words)
        start += outside.end() if outside else 0
        first, last = when.edtf.split("/")
        if ".." in (first, last):
            inside = last if first == ".." else first
            shift = {"before": 1, "after": -1}.get(words.split()[0].lower(), 0)
            return [_timex(text, start, end, _stepped(inside, shift), when)]
        between = list(_BETWEEN.finditer(text, start, end))
        if between and _week(first, last) is None:
            middle = between[len(between) // 2]
            return [_timex(text, start, middle.start(), first, when), _timex(text, middle.end(), end, last, when)]
    return [_timex(text, start, end, when.edtf, when)]


def _stepped(edtf: str, by: int) -> str:
    """A year, month or day one later or earlier."""
    if not by or not re.fullmatch(r"\d{4}(?:-(?:0\d|1[0-2]|\d\d-\d\d))?", edtf):
        return edtf
    if len(edtf) == 10:
        return (date.fromisoformat(edtf) + timedelta(by)).isoformat()
    if len(edtf) == 4:
        return f"{int(edtf) + by:04}"
    year, month = divmod(int(edtf[:4]) * 12 + int(edtf[5:]) - 1 + by, 12)
    return f"{year:04}-{month + 1:02}"


def _week(first: str, last: str) -> str | None:
    """``2022-W49`` for Monday to Sunday, ``2022-W49-WE`` for Saturday to Sunday, None for anything else."""
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    year, week, weekday = days[0].isocalendar()
    if days[1].isoweekday() != 7 or (days[1] - days[0]).days != 7 - weekday or weekday not in (1, 6):
        return None
    return f"{year}-W{week:02}" + ("-WE" if weekday == 6 else "")


def _timex(text: str, start: int, end: int, edtf: str | None, when: When) -> Timex:
    words = text[start:end].lower()
    if when.kind is TimeKind.DURATION:
        return Timex(start, end, "DURATION", when.duration or "")
    if when.kind is TimeKind.SET:
        weekday = next((n for n, name in enumerate(_WEEKDAYS, 1) if name in words), 0)
        return Timex(start, end, "SET", f"XXXX-WXX-{weekday}" if weekday else when.duration or "")
    value = timex_value(edtf, words)
    if not value:
        references = {PRESENT: "PRESENT_REF", PAST: "PAST_REF", FUTURE: "FUTURE_REF"}
        value = references.get(when.reason) or when.duration or ""
    if not value and (clock := re.match(r"([0-9:]+)\S* of a day", when.reason)):
        value = f"T{clock[1]}"
    return Timex(start, end, "TIME" if re.search(r"(?:\A|\d)T", value) else "DATE", value)


def timex_value(edtf: str | None, words: str) -> str:
    """The TIMEX3 value of an EDTF date; the words say which part of a day is meant."""
    if not edtf:
        return ""
    if "/" in edtf:
        first, last = edtf.split("/")
        return _week(first, last) or (first if last == ".." else last)
    if match := re.fullmatch(r"(\d{4})-(\d\d)", edtf):
        part = int(match[2])
        if 21 <= part <= 24:
            return f"{match[1]}-{_SEASONS[part - 21]}"
        if 33 <= part <= 36:
            return f"{match[1]}-Q{part - 32}"
        if part in (40, 41):
            return f"{match[1]}-H{part - 39}"
    if "week" in words and len(edtf) == 10:
        year, week, _ = date.fromisoformat(edtf).isocalendar()
        return f"{year}-W{week:02}" + ("-WE" if "weekend" in words else "")
    if re.fullmatch(r"\d+X+", edtf):
        return edtf.rstrip("X")
    if len(edtf) == 10:
        return edtf + next((suffix for suffix, names in _PARTS if re.search(names, words)), "")
    return re.sub(r"(?<=T)([0-9:]+)(?:Z|[+-]\d\d:\d\d)", r"\1", edtf)


def match_timexes(gold: Sequence[Timex], found: Sequence[Timex]) -> list[tuple[Timex, Timex]]:
    """Pairs that overlap, one to one, the same characters first, then from left to right."""
    pairs = [(one, other) for other in found for one in gold if (one.start, one.end) == (other.start, other.end)]
    taken = {id(timex) for pair in pairs for timex in pair}
    for other in found:
        for one in gold:
            if id(one) not in taken and id(other) not in taken and one.start < other.end and other.start < one.end:
                pairs.append((one, other))
                taken |= {id(one), id(other)}
    return pairs


def score_reports(reports: Sequence[Report]) -> dict[str, float]:
    """Relaxed, strict, value and type F1 over a set of documents, counted together."""
    wanted = got = relaxed = strict = values = written = types = 0
    for report in reports:
        found = [timex for when in find_times(report.text, report.published) for timex in timexes_of(report.text, when)]
        wanted, got = wanted + len(report.gold), got + len(found)
        for gold, timex in match_timexes(report.gold, found):
            relaxed += 1
            strict += (gold.start, gold.end) == (timex.start, timex.end)
            values += normalised(gold.value) == normalised(timex.value)
            written += gold.value == timex.value
            types += gold.type == timex.type
    total = wanted + got
    f1 = 2 * relaxed / total if total else 0.0
    return {
        "relaxed f1": f1,
        "relaxed precision": relaxed / got if got else 0.0,
        "relaxed recall": relaxed / wanted if wanted else 0.0,
        "strict f1": 2 * strict / total if total else 0.0,
        "value f1": f1 * values / relaxed if relaxed else 0.0,
        "value f1 as written": f1 * written / relaxed if relaxed else 0.0,
        "type f1": f1 * types / relaxed if relaxed else 0.0,
    }


def measure() -> dict[str, float]:
    """Every figure of this benchmark: over both corpora, then of each.

    Raises:
        FileNotFoundError: the corpora are not there.
    """
    corpora = {name: load_reports(name) for name in ("TimeBank", "AQUAINT")}
    figures = score_reports([report for reports in corpora.values() for report in reports])
    for name, reports in corpora.items():
        figures |= {f"{name} {figure}": value for figure, value in score_reports(reports).items()}
    return figures


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list what is missed, invented or read otherwise")
    chosen = parser.parse_args()
    print_figures(measure)
    if chosen.errors:
        for report in (*load_reports("TimeBank"), *load_reports("AQUAINT")):
            print_errors(report)


def print_errors(report: Report) -> None:
    """Every difference of one document, with the words around it."""
    found = [timex for when in find_times(report.text, report.published) for timex in timexes_of(report.text, when)]
    pairs = match_timexes(report.gold, found)
    matched = {id(timex) for pair in pairs for timex in pair}

    def show(timex: Timex) -> str:
        around = report.text[max(0, timex.start - 60) : timex.start], report.text[timex.end : timex.end + 30]
        return " ".join(f"{around[0]}[[{report.text[timex.start : timex.end]}]]{around[1]}".split())

    for gold, timex in pairs:
        if normalised(gold.value) != normalised(timex.value):
            print(f"value\t{gold.value}\t{timex.value}\t{report.published}\t{show(gold)}")
    for gold in report.gold:
        if id(gold) not in matched:
            print(f"missed\t{gold.value}\t\t{report.published}\t{show(gold)}")
    for timex in found:
        if id(timex) not in matched:
            print(f"invented\t\t{timex.value}\t{report.published}\t{show(timex)}")


if __name__ == "__main__":
    main()
