"""What stretch of the world each figure of a text covers, as far as the words of its own clause tell.

A figure has the scope of the words that stand closest to it, in its sentence and between its neighbours: in ``12 died
in June and 40 in July`` each has its own. Figures in a row (``14 tanks, 30 guns and two boats``) have one, and what is
included in another figure has the other's. A day on which somebody said it is no day on which it happened.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from onrecord.model import Scope, Span
from onrecord.reader.numerals import Draft, load_rows
from onrecord.text import find_sentences

_WINDOW = 110
"""Characters on either side in which the scope is looked for."""
_OPENING = 4
"""Characters before the words that open a sentence, and with it the scope of all its figures."""
_PARTS = {name: f"(?:{words})" for name, words in load_rows("part")}


def _patterns(*places: str) -> tuple[tuple[Scope, re.Pattern[str]], ...]:
    ends = {"beside before": r"(?:%s)\Z", "beside after": r"\A(?:%s)"}
    return tuple(
        (
            Scope[scope],
            re.compile(ends.get(place, "%s") % re.sub(r"<([a-z ]+)>", lambda part: _PARTS[part[1]], words)),
        )
        for scope, place, words in load_rows("scope")
        if place in places
    )


_BESIDE_BEFORE, _BESIDE_AFTER = _patterns("beside before", "first"), _patterns("beside after")
_BEFORE, _AFTER, _WEAK = _patterns("before", "either"), _patterns("after", "either"), _patterns("weak")
_OPENS = _patterns("either")
_SAID = re.compile(
    r"\b(?:said|says|told [\w ]{1,24}|reported|reports|announced|published|posted|released|tweeted|wrote|added"
    r"|confirmed|according to [\w’' ]{1,30}|citing [\w’' ]{1,30})"
    r"(?: (?:in|at|to|during|via) (?:an? |the |its |his |her |their )?[\w’'-]+(?: [\w’'-]+)?)?(?: early| late)? ?\Z"
    r"|\b(?:statement|filing|interview|briefing|conference|reporters|speech|address|poll|survey)\s\Z"
)
_IN_A_ROW = re.compile(r"[ ,]*(?:(?:and|or|plus|as well as|but|to)\b[ ,]*)?(?:[a-z’'-]+ ){0,2}[ ,]*")
_INCLUDED = re.compile(
    r".*(?:\bincluding|\bof (?:which|whom|them|the)|\bamong them)[ ,]*(?:[a-z’'-]+ ){0,2}", re.DOTALL
)
_NO_SCOPE = frozenset({"age", "temperature"})
_RATES = ("/day", "/week", "/month", "/year")


def find_scopes(text: str, lower: str, drafts: Sequence[Draft]) -> list[Scope]:
    """The scope of each figure of a text.

    Args:
        text: the text.
        lower: the same in lower case, of the same length.
        drafts: its figures, in order and apart, with what they count.
    """
    sentences = find_sentences(text)
    openings = [sentence.start for sentence in sentences]
    scopes: list[Scope] = []
    stretches = [Span(draft.start, draft.reach) for draft in drafts]
    homes = [max(bisect_right(openings, draft.start) - 1, 0) for draft in drafts]
    follows = [len(lower)] * (len(drafts) + 1)  # where the next figure begins; `two days` belongs to the one before it
    for n in range(len(drafts) - 1, -1, -1):
        follows[n] = follows[n + 1] if drafts[n].kind == "time" else drafts[n].start
    for n, draft in enumerate(drafts):
        sentence = sentences[homes[n]]
        left = max(sentence.start, draft.start - _WINDOW, stretches[n - 1].end if n else 0)
        right = min(sentence.end, stretches[n].end + _WINDOW, follows[n + 1])
        left = max(left, lower.rfind(";", left, draft.start) + 1)
        semicolon = lower.find(";", stretches[n].end, right)
        right = semicolon if semicolon >= 0 else right
        if draft.kind in _NO_SCOPE:
            scopes.append(Scope.UNKNOWN)
        elif draft.unit.endswith(_RATES) and draft.kind != "speed":
            scopes.append(Scope.PERIOD)  # 40 barrels a day
        else:
            scopes.append(_scope_of(lower, sentence, left, stretches[n], right))
    _share(lower, stretches, homes, scopes)
    for n, scope in enumerate(scopes):
        if scope is Scope.UNKNOWN and drafts[n].kind not in _NO_SCOPE:
            scopes[n] = _opening_scope(lower, sentences[homes[n]].start, stretches[n].start)
    return scopes


def _scope_of(lower: str, sentence: Span, left: int, stretch: Span, right: int) -> Scope:
    """The scope that the words closest to a figure give, between its neighbours."""
    before, after = lower[left : stretch.start], lower[stretch.end : right]
    for window, patterns in ((after, _BESIDE_AFTER), (before, _BESIDE_BEFORE)):
        for scope, pattern in patterns:
            if pattern.search(window):
                return scope
    near: list[tuple[int, Scope]] = []
    for scope, pattern in _AFTER:
        if (match := pattern.search(after)) and not _is_said(lower, sentence, stretch.end + match.start()):
            near.append((match.start(), scope))
    for scope, pattern in _BEFORE:
        matches = [match for match in pattern.finditer(before) if not _is_said(lower, sentence, left + match.start())]
        if matches:
            near.append((len(before) - matches[-1].end(), scope))
    if near:
        return min(near, key=lambda found: found[0])[1]
    return next((scope for scope, pattern in _WEAK if pattern.search(before) or pattern.search(after)), Scope.UNKNOWN)


def _is_said(lower: str, sentence: Span, at: int) -> bool:
    """Whether a time is that of a statement: `the ministry said on Friday`."""
    return _SAID.search(lower, max(sentence.start, at - 70), at) is not None


def _share(lower: str, stretches: Sequence[Span], homes: Sequence[int], scopes: list[Scope]) -> None:
    """Gives figures in a row one scope, and what is included in a figure the scope of that."""
    row = 0
    for n in range(1, len(stretches) + 1):
        is_near = (
            n < len(stretches) and homes[n] == homes[n - 1] and stretches[n].start - stretches[n - 1].end < _WINDOW
        )
        gap = lower[stretches[n - 1].end : stretches[n].start] if is_near else ""
        if is_near and _IN_A_ROW.fullmatch(gap):
            continue
        known = set(scopes[row:n]) - {Scope.UNKNOWN}
        if len(known) == 1:
            scopes[row:n] = [*known] * (n - row)
        if is_near and scopes[n] is Scope.UNKNOWN and _INCLUDED.fullmatch(gap):
            scopes[n] = scopes[n - 1]
        row = n


def _opening_scope(lower: str, start: int, end: int) -> Scope:
    """The scope that the first words of a sentence give to all its figures: ``Since May it has lost …``."""
    window = lower[start : min(end, start + _WINDOW)]
    for scope, pattern in _OPENS:
        match = pattern.search(window)
        if match and match.start() <= _OPENING:
            return scope
    return Scope.UNKNOWN
