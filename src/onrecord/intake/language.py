"""Which language a text is in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]  # it publishes no types

_LONGEST = 20_000  # characters looked at; more do not change the answer
_ENOUGH = 40  # letters; below that the identifier is right on three lines of English out of four
_SURE = 0.5  # py3langid's normalised score; see docs/decisions/0004-article-body.md

# Words that are frequent in English and are no frequent words of another language in the Latin alphabet.
_ENGLISH = frozenset(
    "the of and that with for which from were been would could should their there they this these those what when"
    " where who whom whose while because about between through during after before said says has have had will it its"
    " his her she our your you we by not than into over under against".split()
)
_WORD = re.compile(r"[^\W\d_]+")


def identify_language(text: str) -> str:
    """The language that most of a text is in.

    Args:
        text: any text; its beginning and its middle are looked at.

    Returns:
        ISO 639-1 code, or ISO 639-3 for the few languages that have no shorter one; empty if there is too little
        text to tell.
    """
    if len(text) > _LONGEST:
        half = _LONGEST // 2
        middle = len(text) // 2
        text = f"{text[:half]} {text[middle : middle + half]}"
    words = [word.lower() for word in _WORD.findall(text)]
    if sum(map(len, words)) < _ENOUGH:
        return ""
    # Loading the identifier takes longer than reading an article, so plain English is recognised without it.
    english = [word for word in words if word in _ENGLISH]
    if len(set(english)) >= 4 and len(english) >= 0.12 * len(words):
        return "en"
    code, score = _identifier().classify(text)
    return code if score >= _SURE and code != "zxx" else ""


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
