"""The figures of a report: how much of what, exactly as it stands, with the rule by which each number was read.

Rules and tables only: no model, no network, no clock. A number is found, read, given its unit, joined to the other end
of its range, bounded by the words around it (``at least``, ``or more``), and set beside what it counts. Whatever else a
number can be (a date, a year, the name of a weapon, an article of a treaty) is no figure. Every look at the text goes
through a window of fixed size around one number, so that the time grows with the length of the text and no faster.

Conventions of ``low`` and ``high``, a closed range, None where nothing bounds it:

- ``10`` and ``about 10`` are [10, 10]: the modifier says that the second may be off, the text does not say by how much.
- ``at least 10`` is [10, None], ``up to 10`` is [None, 10].
- ``more than 10`` is [11, None] of things counted whole, and [10, None] of measures, money and shares, which can lie
  anywhere above; ``fewer than 10`` is [None, 9] and [None, 10] likewise.
- A fraction of something (``half of the city``, ``one in five``) is a share in percent.
- ``hundreds`` is [200, 999], by the rows ``vague`` of ``units.tsv``, where the units and the lists of words stand too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.model import Figure, Modifier, Scope, Span
from onrecord.reader.numerals import (
    COMPARED,
    SCALES,
    STOPS,
    Draft,
    Phrase,
    clean_number,
    find_numbers,
    is_plural,
    join_ranges,
    load_pattern,
    load_rows,
    load_words,
    noun_phrase,
)
from onrecord.reader.scopes import find_scopes

_LABELS, _MAYBE_LABELS, _NOT_COUNTED = load_words("label"), load_words("maybe label"), load_words("not counted")
_DIRECTION = {word: way for way in ("up", "down") for word in load_words(way)}
_LARGEST = 2**53
"""Whole numbers up to this are exact in every program that reads JSON."""
_NEAR = 160
"""Characters within which a number without a noun counts what the number before it counted."""
_ADDRESS = load_pattern("address after")
_BEFORE_YEAR = load_pattern("year before")
_LIST_NUMBER = re.compile(r"[ \t]*\d{1,3}(?:[.)][ \t]|\)|\.$)", re.MULTILINE)
_BOUNDS = tuple((Modifier[name], words) for name, words in load_rows("bound"))
_BOUND_BEFORE = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<{name.name}>{words})" for name, words in _BOUNDS) + r")"
    r"(?P<also> (?:about|around|roughly|approximately|some|an estimated|a total of|nearly|almost|close to))?"
    r"(?:(?<=[~≈<>≤≥±=])\s?|-|\s)(?:(?:an?|another|just) )?[“\"‘'(]?\Z"
)
_VERBS_BEFORE = re.compile(
    r"(?:(?P<object>[a-z]+) )?(?P<verb>(?<!made )(?<!make )(?<!makes )(?<!making )[a-z]+)(?: by)?"
    r"(?: (?:about|another|a further|some|only|just))*\s\Z"
)
_BOUND_AFTER = re.compile(
    f"(?:{'|'.join(f'(?P<{name}>{words})' for name, words in load_rows('after'))})(?!\\s+than\\b)"
)
_HYPHENED = re.compile(r"[-‑]([^\W\d_]{1,40}(?:-[^\W\d_]{1,40}){0,5})")
_SUSPENDED = re.compile(r"-,? (?:(?:and|or|to) )?[\w, -]{0,30}?[a-z\d]-([^\W\d_]{3,})")
_BETWEEN_PARTS = load_pattern("between parts")
_OF_THEM = load_pattern("of them")
_ONE_IN = re.compile(r"(?: in every | in | out of (?:every )?)(?=\d|[a-z])")
_HARMED_BEFORE = load_pattern("harmed before")
_HARMED_AFTER = load_pattern("harmed after")
_TALLY = load_pattern("counted before")
_LAST_WORD = re.compile(r"(?P<word>[^\W\d_№][\w.&’'-]*|№)[ \u00a0]#?\Z")
_LINKED = re.compile(r"\s?(?:,|and|or|to|-|–|&)\s?")
_WORTH = re.compile(r"(?:-[a-z]+)*(?: (?:worth of|in))?(?= )")
_PERIOD = re.compile(rf"[ -](?:long )?(?:{'|'.join(sorted(load_words('period')))})s?\b")


def find_figures(text: str, skip: Sequence[Span] = ()) -> tuple[Figure, ...]:
    """The figures of a text, in order and apart.

    Args:
        text: any text; a line break ends whatever stands before it.
        skip: stretches that are dates and times, in any order; numbers in them are no figures.
    """
    lower = text.lower()
    if len(lower) != len(text):  # one letter of Unicode has two in lower case
        lower = "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)
    drafts = join_ranges(lower, find_numbers(text, lower, sorted(skip)))
    before: Draft | None = None
    for n, draft in enumerate(drafts):
        _set_bounds(lower, draft, before)
        _set_counted(text, lower, draft, before, drafts[n + 1] if n + 1 < len(drafts) else None)
        draft.dropped = draft.dropped or _is_something_else(text, lower, draft, before)
        before = draft
    kept: list[Draft] = []
    for draft in drafts:
        inside, of = (kept[-1].end, kept[-1].counted) if kept else (0, None)
        # `737` in `two new 737 Max jets` is a part of what the two counts, and no figure.
        named = of is not None and not draft.unit and of.start < draft.value.start and draft.value.end < of.end
        if not draft.dropped and not named and draft.value.start >= inside:
            draft.start = max(draft.start, inside)
            kept.append(draft)
    return tuple(_figure(*pair) for pair in zip(kept, find_scopes(text, lower, kept), strict=True))


# ----------------------------------------------------------------------------------------------- bounds and what counts


def _set_bounds(lower: str, draft: Draft, before: Draft | None) -> None:
    """Reads the words that bound a number, before and after it, and moves its ends accordingly."""
    floor = max(before.end if before else 0, draft.start - 48)
    window = lower[max(floor, lower.rfind("\n", floor, draft.start) + 1) : draft.start]
    modifier = Modifier.EXACT
    match = (
        None
        if draft.vague and lower.endswith(("number", "numbers"), 0, draft.value.end)
        else _BOUND_BEFORE.search(window)
    )
    if match is not None:
        modifier = next(name for name, _ in _BOUNDS if match[name.name] is not None)
        modifier = Modifier.ABOUT if match["also"] and modifier is Modifier.EXACT else modifier
        draft.start -= len(window) - match.start()
        if match["EXACT"] == "a total of":
            draft.relation = draft.relation or "sum"
    if match := _BOUND_AFTER.match(lower, draft.end):
        modifier = Modifier[match.lastgroup or "ABOUT"]
        draft.end = match.end()
    if before is not None and before.kind and draft.kind and lower[before.end : draft.start] in (" (", "("):
        modifier = before.modifier if modifier is Modifier.EXACT else modifier  # `no closer than 35 km (22 miles)`
    _bound(draft, modifier)
    window = lower[max(0, draft.start - 36) : draft.start]
    verbs = _VERBS_BEFORE.search(window)  # `rose 5 %`, `rose by about 5 %`, `to raise sales by 5 %`
    far = bool(verbs and (" by" in verbs.group() or verbs["verb"].endswith("ly")))
    far = far or bool(verbs and verbs["verb"] == "of")  # `a rise of 5 %`
    near = (verbs["verb"], verbs["object"] if far else None) if verbs else ()
    if draft.kind and (way := next((_DIRECTION[verb] for verb in near if verb and verb in _DIRECTION), None)):
        draft.relation = draft.relation or f"change: {way}"
    if window.endswith("+"):
        draft.start, draft.relation = draft.start - 1, draft.relation or "change: up"


def _bound(draft: Draft, modifier: Modifier) -> None:
    """Opens or closes the range of a number as the modifier says."""
    if modifier in (Modifier.EXACT, Modifier.VAGUE) or (draft.vague and modifier is Modifier.ABOUT):
        return
    low, high = draft.low, draft.high
    draft.modifier = Modifier.VAGUE if draft.vague else modifier
    # Of things counted whole, more than 300 is at least 301; of what can lie between, 300 is the bound itself.
    step = int(
        draft.kind in ("", "rate")
        and isinstance(low, int)
        and isinstance(high, int)
        and not (draft.fraction or draft.vague)
    )
    if modifier is Modifier.AT_LEAST:
        draft.high = None
    elif modifier is Modifier.AT_MOST:
        draft.low = None
    elif modifier is Modifier.MORE_THAN:
        draft.low, draft.high = low if draft.vague or high is None else high + step, None
    elif modifier is Modifier.LESS_THAN:
        draft.low, draft.high = None, high if draft.vague or low is None else low - step


def _set_counted(text: str, lower: str, draft: Draft, before: Draft | None, after: Draft | None) -> None:
    """Finds what a figure counts: the words after it, of which it is a part, or which an earlier figure counted."""
    at = draft.end
    if before and before.kind == "age" and not draft.unit and lower[before.end : draft.start] == " and ":
        draft.unit, draft.kind = "year of age", "age"  # `two men aged 59 and 60`
    if draft.kind == "age":
        return
    one = draft.low == 1 and not draft.vague and draft.high in (1, None)
    phrase: Phrase | None = None
    of = lower.startswith(" of ", at)
    inner = at + 3 if of else at
    whole = (
        after
        if (of or draft.fraction) and after and after.low is not None and not (draft.unit or after.vague)
        else None
    )
    # `10 of the more than 15 drones`: nothing but articles and bounds between the part and the whole.
    if whole and whole.start - inner < 60 and _BETWEEN_PARTS.fullmatch(lower, inner, whole.start):
        phrase = noun_phrase(text, lower, whole.end)
        draft.relation, draft.plural = f"part of {whole.value.of(text)}", True
        draft.counted = phrase.span if phrase else None
        if not draft.fraction:
            draft.unit, draft.kind = whole.unit, whole.kind
        return
    if of:
        if them := _OF_THEM.match(lower, inner):
            phrase = noun_phrase(text, lower, them.end())
            if phrase is not None and phrase.plural:  # `22 people, three of them children`
                draft.counted, draft.plural = phrase.span, True
            else:
                _inherit(text, lower, draft, before)
            _set_part(text, draft, before)
            return
        if phrase := noun_phrase(text, lower, inner, determined=True):
            draft.counted, draft.plural = phrase.span, phrase.plural or draft.fraction or one
        return
    if draft.fraction:
        phrase = noun_phrase(text, lower, at, determined=True) if lower[at : at + 1] == " " else None
        draft.counted = phrase.span if phrase and (phrase.plural or lower.startswith(" the ", at)) else None
    elif not draft.unit or draft.unit[0] == "/":
        if hyphened := (_HYPHENED.match(lower, at) or _SUSPENDED.match(lower, at)):
            draft.counted, draft.plural = Span(*hyphened.span(1)), True
            draft.dropped = hyphened[1].split("-")[0] in _NOT_COUNTED or len(hyphened[1]) < 3
            return
        share = _ONE_IN.match(lower, at)
        if (
            share
            and after
            and after.start == share.end()
            and _set_share(lower, draft, after, out="out of" in share.group())
        ):
            at = draft.end
        phrase = noun_phrase(text, lower, at, single=one)
        if phrase is not None and not one and not phrase.plural:
            # `14 Leopard 2` and `20 Shahed-136` name what they count in the singular; `two die` does not.
            words, closes = (
                phrase.span.of(text),
                lower[phrase.span.end : phrase.span.end + 1] in ("", ".", ",", ";", ":", ")", "\n"),
            )
            if not (words[0].isupper() or any(map(str.isdigit, words)) or (" " in words and closes)):
                phrase = None
        if phrase is not None:
            draft.counted, draft.plural = phrase.span, phrase.plural or one
            if draft.modifier is Modifier.EXACT and (tail := _BOUND_AFTER.match(lower, phrase.span.end)):
                _bound(draft, Modifier[tail.lastgroup or "ABOUT"])
                draft.end = tail.end()
        elif not draft.vague and not draft.fraction:
            _inherit(text, lower, draft, before)
    elif draft.attributive or draft.kind == "money":
        worth = _WORTH.match(lower, at)
        at = worth.end() if worth else at
        phrase = noun_phrase(text, lower, at)
        begins = text[phrase.span.start] if phrase else ""
        if phrase and not (begins.isdigit() or (begins.isupper() and lower.startswith(" in", max(0, at - 3)))):
            draft.counted = phrase.span
    compared = COMPARED.match(lower, draft.reach)
    if compared and (not draft.relation or draft.relation.startswith("change")):
        draft.relation = f"compared: {text[compared.start() + 1 : compared.end()].rstrip()}"


def _set_share(lower: str, draft: Draft, after: Draft, *, out: bool) -> bool:
    """Reads ``one in five`` and ``nine out of ten drivers`` as a share, ``10 out of 15`` as a part."""
    part, whole = draft.low, after.low
    if (
        after.unit
        or not isinstance(part, int)
        or not isinstance(whole, int)
        or not 0 < part < whole
        or part != draft.high
    ):
        return False
    if lower[after.end : after.end + 1] == "-" or re.fullmatch(
        r"(?:19|20)\d\d", lower[after.value.start : after.value.end]
    ):
        return False
    if out and part != 1 and whole not in (10, 100):
        draft.relation = f"part of {lower[after.value.start : after.value.end]}"
        return False
    if part > 9:
        return False
    draft.low = draft.high = part / whole
    draft.end, draft.value = after.end, Span(draft.value.start, after.value.end)
    draft.fraction, draft.plural, draft.reason = True, True, "fraction"
    return True


def _set_part(text: str, draft: Draft, before: Draft | None) -> None:
    """Marks a figure as a part of the one before it, if that is a count of things and no smaller."""
    if before is None or before.kind or before.low is None or draft.low is None or draft.start - before.end > _NEAR:
        return
    if draft.low <= before.low and not draft.relation:
        draft.relation = f"part of {before.value.of(text)}"


def _inherit(text: str, lower: str, draft: Draft, before: Draft | None) -> None:
    """What is counted where no noun stands at the number: people who were harmed, or what was counted before."""
    floor = max(0, draft.start - 120)
    floor = max(floor, lower.rfind("\n", floor, draft.start) + 1)
    window = lower[floor : draft.start]
    tally = _TALLY.search(window)
    if tally and is_plural(tally[tally.lastgroup or 0].split()[-1]):
        start, end = tally.span(tally.lastgroup or 0)
        draft.counted, draft.plural = Span(floor + start, floor + end), True
        if tally.lastgroup == "which":
            _set_part(text, draft, before)
    elif _HARMED_BEFORE.search(window[-80:]) or _HARMED_AFTER.match(lower, draft.end):
        draft.unit, draft.plural = "person", True
    elif (
        before
        and isinstance(draft.bare, int)
        and draft.start - before.end < _NEAR
        and "\n" not in lower[before.end : draft.start]
    ):
        if before.counted and not before.kind:
            draft.counted = before.counted
        elif before.unit == "person":
            draft.unit = "person"


def _is_something_else(text: str, lower: str, draft: Draft, before: Draft | None) -> bool:
    """Whether the words around a number make it a year, a name, a label, an age beside a name: no figure."""
    start, words = draft.value.start, lower[draft.value.start : draft.value.end]
    window, small = text[max(0, start - 32) : start], lower[max(0, start - 32) : start]
    after = draft.counted is not None and draft.counted.start >= draft.end  # what is counted stands behind the number
    if draft.vague:
        return not draft.counted and not draft.unit and not re.match(r"[dst]|hundreds|[mb]illions", words)
    if draft.kind == "time" and _PERIOD.match(lower, draft.end):
        return True
    if words[0].isalpha():
        if words == "one" and lower[draft.end : draft.end + 4] != " of ":
            if re.search(
                r"\b(?:no|this|that|the|any|every|each|another|which|last|some|first|on|an? \w+)[ -]\Z", small
            ):
                return True
            if not after and not draft.unit and not draft.fraction and draft.modifier is Modifier.EXACT:
                return True
        if words == "zero" or words in SCALES or words == "dozen":
            return not draft.plural and not draft.unit
        if not (after or draft.unit or draft.fraction or draft.relation):
            # `the two agreed`, `top three`; `First, we build. Two, we sell.`
            listed = text[start].isupper() and lower.startswith((",", ":", "."), draft.end)
            if listed or re.search(r"\b(?:the|these|those|top|bottom|other)\s\Z", small):
                return True
    last = _LAST_WORD.search(window)
    word = last["word"] if last else ""
    label = word.lower().rstrip(".")
    if label in _LABELS or (label in _MAYBE_LABELS and not (draft.plural and after) and not draft.unit):
        return True
    if re.search(r"\b(?:group|gang) of \Z", small) and not after:
        return True
    title = any(map(str.isupper, word)) and label not in STOPS and label not in _DIRECTION
    if words[0].isalpha():  # `BBC One`, `World War Two`
        opens = last is None or not window[: last.start()].strip()
        return title and text[start].isupper() and not (after or draft.unit or opens)
    if draft.unit or draft.kind:
        return False
    tail = text[draft.value.end : draft.value.end + 2]
    if tail[:1].isalpha() or tail[:1] == "_" or (tail[:1] in ("-", "/") and (tail[1:].isdigit() or tail[1:].isupper())):
        return True
    line = text[text.rfind("\n", max(0, start - 8), start) + 1 : start] if start > 8 or "\n" in window else text[:start]
    if (tail[:1] == "]" and window[-1:] == "[") or (not line.strip() and _LIST_NUMBER.match(text, start)):
        return True
    if _ADDRESS.match(text, draft.value.end):
        return True
    years = re.fullmatch(r"([12]\d{3})(?:\s?(?:-|–|—|to|and)\s?([12]\d{3}))?", words)
    if years and draft.modifier is Modifier.EXACT and 1400 <= int(years[1]) < 2200:
        if years[2] or not draft.plural or not after or (int(years[1]) % 100 and 1900 <= int(years[1]) <= 2035):
            return True
        if _BEFORE_YEAR.search(small[-14:]):
            return True
    if len(words) < 4 and words.isdecimal() and 0 < int(words) < 111 and (not tail or tail[0] in ",.;)"):
        name = re.search(r"([\w.’'-]+)\s?[,(]\s?\Z", window)
        if name and name[1][0].isupper() and not draft.plural:
            return True
    if draft.modifier is not Modifier.EXACT or not words.isdigit():
        return False
    if title and not re.match(r"(?:kill|wound|injur|leav|down|launch|fire|destroy|shoot|hit|reach|total)", label):
        # A name before a number that counts nothing, or that a name follows, is part of a name: `Fortune 100`.
        name_after = after and draft.counted is not None and text[draft.counted.start].isupper() and draft.low != 1
        if name_after or (not (draft.plural and after) and not draft.relation):
            return True
    return bool(
        before and before.dropped and not (draft.plural and after) and _LINKED.fullmatch(lower, before.end, draft.start)
    )


def _figure(draft: Draft, scope: Scope) -> Figure:
    """The finished figure: a fraction without a unit as a share, and no number that a record cannot hold."""
    low, high, unit, reason = draft.low, draft.high, draft.unit, draft.reason
    if draft.fraction:
        low = None if low is None else clean_number(round(low * 100, 6))
        high = None if high is None else clean_number(round(high * 100, 6))
        unit, reason = unit or "%", "fraction, as a share"
    if any(end is not None and abs(end) > _LARGEST for end in (low, high)):
        low = high = None
        reason = "a number larger than a record can hold exactly"
    return Figure(
        Span(draft.start, draft.end),
        draft.value,
        low,
        high,
        draft.modifier,
        unit,
        draft.counted,
        scope,
        draft.relation,
        reason,
    )
