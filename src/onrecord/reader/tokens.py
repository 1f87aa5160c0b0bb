"""What the network sees of a text: word pieces, their layout features, and the windows they are read in.

Training and reading both go through this file, so that the network meets at work what it met at school.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from onrecord.text import find_quotations

if TYPE_CHECKING:
    from tokenizers import Tokenizer

GAPS, CASES, QUOTED = 4, 4, 2
FEATURES = GAPS * CASES * QUOTED
"""How many layout features there are: gap before x letter case x inside quotation marks."""

_PIECE_CHARACTERS = 50_000
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as word pieces.

    Attributes:
        ids: vocabulary ids, shape ``(n,)``.
        starts: first code point of each piece, shape ``(n,)``.
        ends: one past the last code point of each piece, shape ``(n,)``.
        features: layout feature of each piece, ``0 <= feature < FEATURES``, shape ``(n,)``.
        paragraphs: whether a piece is the first of its line, shape ``(n,)``.
    """

    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    features: NDArray[np.int64]
    paragraphs: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)


def quoted_characters(text: str) -> NDArray[np.bool_]:
    """Whether each code point of ``text``, and its end, stands in quotation marks; shape ``(len(text) + 1,)``."""
    inside = np.zeros(len(text) + 1, dtype=bool)
    for quotation in find_quotations(text):
        inside[quotation.start : quotation.end] = True
    return inside


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Cuts a long text at white space into stretches that the tokenizer can take one at a time."""
    start = 0
    while len(text) - start > _PIECE_CHARACTERS:
        end = text.rfind("\n", start + _PIECE_CHARACTERS // 2, start + _PIECE_CHARACTERS)
        if end < 0:
            end = text.rfind(" ", start + _PIECE_CHARACTERS // 2, start + _PIECE_CHARACTERS)
        if end < 0:
            end = start + _PIECE_CHARACTERS
        yield start, end
        start = end
    yield start, len(text)


def tokenize(text: str, tokenizer: Tokenizer) -> Tokens:
    """Cuts ``text`` into word pieces and computes their layout features, in linear time."""
    ids: list[int] = []
    parts: list[NDArray[np.int64]] = []
    for start, end in _stretches(text):
        # Half a character is none that the tokenizer could take; what stands for it has the same length.
        encoding = tokenizer.encode(_HALF.sub("\N{REPLACEMENT CHARACTER}", text[start:end]), add_special_tokens=False)
        ids += encoding.ids
        if encoding.ids:
            parts.append(np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2) + start)
    offsets = np.concatenate(parts) if parts else np.zeros((0, 2), dtype=np.int64)
    # The normalizer takes some letters apart (Hangul syllables): several pieces, one place. The first stands for all.
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.maximum.accumulate(offsets[:, 1])])[:-1]
    own = offsets[:, 0] >= before
    starts, ends, before = offsets[own, 0], offsets[own, 1], before[own]

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    alphabet, places = np.unique(points, return_inverse=True)
    letters = [chr(point) for point in alphabet]

    def count(is_member: list[bool]) -> NDArray[np.int64]:
        flags = np.array(is_member, dtype=np.int64)[places] if len(points) else np.zeros(0, dtype=np.int64)
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(flags)])

    newlines = count([letter == "\n" for letter in letters])
    uppers = count([letter.isupper() for letter in letters])
    alphas = count([letter.isalpha() for letter in letters])

    broken = newlines[starts] - newlines[before]
    gaps = np.where(broken > 0, np.minimum(broken, 2) + 1, (starts > before).astype(np.int64))
    if len(gaps):
        gaps[0] = 3  # the first piece opens a paragraph
    upper, alpha = uppers[ends] - uppers[starts], alphas[ends] - alphas[starts]
    first = uppers[np.minimum(starts + 1, len(text))] - uppers[starts]
    cases = np.where(alpha == 0, 3, np.where((upper == alpha) & (alpha > 1), 2, first))
    quoted = quoted_characters(text)[starts].astype(np.int64)
    return Tokens(
        ids=np.array(ids, dtype=np.int64)[own],
        starts=starts,
        ends=ends,
        features=(gaps * CASES + cases) * QUOTED + quoted,
        paragraphs=gaps >= 2,
    )


def opens_paragraph(features: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a blank line, or nothing at all, stands before each piece; any shape."""
    opens: NDArray[np.bool_] = features // (CASES * QUOTED) == GAPS - 1
    return opens


def inner_features(features: NDArray[np.int64]) -> NDArray[np.int64]:
    """Layout features of a content that is read as a text of its own: it opens a paragraph.

    If most of it stands in quotation marks, those are what sets it apart from its frame, and count no more.
    """
    inner = features.copy()
    if (features % QUOTED).mean() > 0.5:
        inner -= features % QUOTED
    inner[0] = inner[0] % (CASES * QUOTED) + (GAPS - 1) * CASES * QUOTED
    return inner


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of pieces that is read at once, and the part of it whose cues are this window's to decode.

    Attributes:
        start: first piece.
        end: one past the last piece.
        own_start: first piece whose cue belongs to this window; the windows of a text own every piece once.
        own_end: one past the last such piece.
    """

    start: int
    end: int
    own_start: int
    own_end: int


def find_windows(paragraphs: NDArray[np.bool_], length: int, overlap: int) -> list[Window]:
    """Cuts a text of ``len(paragraphs)`` pieces into overlapping windows, at paragraph starts where there are any.

    Args:
        paragraphs: whether a piece is the first of its line, shape ``(n,)``.
        length: most pieces in a window.
        overlap: least pieces that neighbouring windows share.
    """
    count = len(paragraphs)
    windows: list[Window] = []
    start = own_start = 0
    while start < count:
        end = min(start + length, count)
        if end == count:
            windows.append(Window(start, end, own_start, count))
            break
        latest = end - overlap
        openings = np.flatnonzero(paragraphs[start + length // 2 : latest + 1])
        following = start + length // 2 + int(openings[-1]) if len(openings) else latest
        middle = (following + end) // 2
        margin = overlap // 4  # a cue at the very edge would be read with nothing on one side of it
        openings = following + margin + np.flatnonzero(paragraphs[following + margin : end - margin])
        own_end = int(openings[np.abs(openings - middle).argmin()]) if len(openings) else middle
        windows.append(Window(start, end, own_start, own_end))
        start, own_start = following, own_end
    return windows
