"""From candidates to the record: which stand, how they nest, their spans and kinds, and what stands outside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Attribution, Document, Span, Voice, attribution_id
from onrecord.reader.decoding import CONTENT_TAGS, TAGS
from onrecord.reader.tokens import Tokens, opens_paragraph
from onrecord.text import QUOTATION_MARKS, find_overlapping, find_quotations, find_sentences, kind_of

_BEGIN_CONTENT, _INSIDE_CONTENT = CONTENT_TAGS
_LEAST_FLOATING_WORDS = 5
"""Fewest words of a quotation that stands as a statement of its own; shorter ones are names, titles and terms."""

_LEAST_OWN_WORDS = 5
"""Fewest words outside all attributions that make a statement of the publisher's own."""

_WORD = re.compile(r"\w+")
_CLOSING_MARKS = '"”’»“'
SPEAKER = re.compile(r"[QA]:|(?:[A-Z][A-Z.’'-]+ ?){1,4}:")
"""A speaker's label at the head of a line, up to its colon."""

_SIGNED = re.compile(r"\s{1,9}[—–-] ?[A-Z][^\n.!?]{1,80}(?:\n|\Z)")
_DOUBLE_MARKS = '"“”«»„'
_OPENERS = {'"': '"', "”": "“", "»": "«"}
_FULL_STOP = re.compile(r"""[.!?…]["”’»)\]]*\Z""")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attribution as decoded, in indices of the document's pieces, ascending.

    Attributes:
        cue: pieces of the cue, never empty.
        source: pieces of the source.
        content: pieces of the content.
        depth: how many contents it was found inside.
        evidence: what the score is computed from, see ``decoding.EVIDENCE``.
        score: calibrated probability.
        from_before: the content begins where its window did, and text stands before that.
        goes_on: the content ends where its window did, and text stands after that.
    """

    cue: tuple[int, ...]
    source: tuple[int, ...]
    content: tuple[int, ...]
    depth: int
    evidence: tuple[float, ...]
    score: float
    from_before: bool = False
    goes_on: bool = False


def tidied(text: str, tokens: Tokens, candidate: Candidate) -> Candidate | None:
    """What a careful reader leaves of a candidate; None if that is no attribution.

    A nested content does not end with the closing mark of a quotation that it did not open. A cue lies inside or
    outside a quotation, never across its mark. A content has a word.
    """
    first, last = candidate.cue[0], candidate.cue[-1]
    if any(mark in text[tokens.starts[first] : tokens.ends[last]] for mark in _DOUBLE_MARKS):
        return None
    content = list(candidate.content)
    if candidate.depth:
        words = [text[tokens.starts[piece] : tokens.ends[piece]] for piece in content]
        opener = _OPENERS.get(words[-1])
        unopened = words.count('"') % 2 if opener == '"' else opener and words.count(opener) < words.count(words[-1])
        if unopened:
            content.pop()
            if len(words) > 1 and words[-2] in ",.":
                content.pop()
    if not any(_WORD.search(text, tokens.starts[piece], tokens.ends[piece]) for piece in content):
        return None
    return replace(candidate, content=tuple(content))


def extend(kept: Sequence[Candidate], tags: NDArray[np.float32]) -> list[Candidate]:
    """Carries contents that their window cut off on to where the tags say that they end.

    Args:
        kept: top-level candidates that stand together.
        tags: tag probabilities of the document's pieces, shape (n, 7).

    Returns:
        The same candidates, none reaching into what another holds.
    """
    taken = np.zeros(len(tags), dtype=bool)
    for candidate in kept:
        taken[[*candidate.content, *candidate.cue, *candidate.source]] = True
    extended = []
    for candidate in kept:
        start, end = candidate.content[0], candidate.content[-1] + 1
        if candidate.goes_on:
            while end < len(tags) and not taken[end] and tags[end, _INSIDE_CONTENT] > 0.5:
                end += 1
        if candidate.from_before:
            while start and not taken[start - 1] and tags[start - 1, CONTENT_TAGS].sum() > 0.5:
                start -= 1
                if tags[start, _BEGIN_CONTENT] > tags[start, _INSIDE_CONTENT]:
                    break
        content = (*range(start, candidate.content[0]), *candidate.content, *range(candidate.content[-1] + 1, end))
        taken[start:end] = True
        extended.append(replace(candidate, content=content))
    return extended


def select_laminar(found: Sequence[Candidate], kept: Sequence[Candidate], nested_threshold: float) -> list[Candidate]:
    """Those of ``found`` that can stand together and with ``kept``, best first.

    Two attributions can stand together if their contents are apart, or one lies whole inside the other's content and
    the weaker is no mere guess: it would hide what a reading of that content finds, or wrap up what already stands.
    Cost grows with the pieces covered, not with the square of the candidates.

    Args:
        found: candidates of one depth.
        kept: what stands already.
        nested_threshold: least score of one that holds another or is held.
    """
    standing = list(kept)
    owners: dict[int, list[int]] = {}
    for n, candidate in enumerate(standing):
        for piece in {*candidate.content, *candidate.cue, *candidate.source}:
            owners.setdefault(piece, []).append(n)
    for candidate in sorted(found, key=lambda c: (-c.score, c.content)):
        content = set(candidate.content)
        whole = content.union(candidate.cue, candidate.source)
        rivals = {owner for piece in whole for owner in owners.get(piece, ())}
        if all(_agree(candidate, content, whole, standing[rival], nested_threshold) for rival in rivals):
            for piece in whole:
                owners.setdefault(piece, []).append(len(standing))
            standing.append(candidate)
    return standing[len(kept) :]


def _agree(candidate: Candidate, content: set[int], whole: set[int], rival: Candidate, nested_threshold: float) -> bool:
    if rival.cue == candidate.cue:
        return False
    other = set(rival.content)
    if whole <= other or other.union(rival.cue, rival.source) <= content:
        return candidate.score >= nested_threshold
    return not (content & other or content.intersection(rival.cue) or other.intersection(candidate.cue))


def find_parents(kept: Sequence[Candidate]) -> list[int | None]:
    """For each candidate the one with the smallest content that it stands in, or None."""
    holders: dict[int, list[int]] = {}
    for n, candidate in enumerate(kept):
        for piece in candidate.content:
            holders.setdefault(piece, []).append(n)
    parents: list[int | None] = []
    for n, candidate in enumerate(kept):
        whole = {*candidate.cue, *candidate.content, *candidate.source}
        around = [m for m in holders.get(candidate.cue[0], ()) if m != n and whole <= set(kept[m].content)]
        parents.append(min(around, key=lambda m: len(kept[m].content), default=None))
    return parents


def spans_of(tokens: Tokens, pieces: Sequence[int]) -> tuple[Span, ...]:
    """The stretches of text that runs of neighbouring pieces cover; a paragraph break parts them, too."""
    if not pieces:
        return ()
    indices = np.array(pieces, dtype=np.int64)
    parted = (np.diff(indices) > 1) | opens_paragraph(tokens.features[indices[1:]])
    starts = tokens.starts[indices[np.append(True, parted)]].tolist()
    ends = tokens.ends[indices[np.append(parted, True)]].tolist()
    return tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))


def assemble(
    document: Document,
    tokens: Tokens,
    kept: Sequence[Candidate],
    tags: NDArray[np.float32],
    floating_threshold: float,
    own_threshold: float,
) -> tuple[Attribution, ...]:
    """All attributions of a document, in order of their first word.

    Args:
        document: what was read.
        tokens: its pieces.
        kept: what the network found, at every depth, and can stand together.
        tags: tag probabilities of the pieces, shape (n, 7).
        floating_threshold: least mean content probability of a quotation that no cue introduces.
        own_threshold: least score of a statement of the publisher's own: one less its mean content probability, or
            less the probability of its likeliest cue, whichever is lower.
    """
    text = document.text
    quotations = find_quotations(text)
    parents = find_parents(kept)
    roles = [
        tuple(spans_of(tokens, pieces) for pieces in (candidate.source, candidate.cue, candidate.content))
        for candidate in kept
    ]
    children: dict[int, list[tuple[Span, ...]]] = {}
    for (source, cue, content), parent in zip(roles, parents, strict=True):
        if parent is not None:
            children.setdefault(parent, []).append((*source, *cue, *content))
    parts: dict[int, list[Attribution]] = {}
    for n in sorted(range(len(kept)), key=lambda n: len(kept[n].content), reverse=True):
        (source, cue, content), parent = roles[n], parents[n]
        # A top-level candidate may carry floating quotations, which become records of their own, unless an attribution
        # inside it reaches over two of them.
        contents = [content] if parent is not None else part_floating(text, content, cue[0])
        if not all(any(_holds(part, inner) for part in contents) for inner in children.get(n, ())):
            contents = [content]
        around = None
        if parent is not None:
            around = next(part.id for part in parts[parent] if _holds(part.content, (*source, *cue, *content)))
        parts[n] = [
            _attribution(
                document,
                quotations if parent is None else _inner_quotations(text, content),
                source=source,
                cue=() if number else cue,
                content=spans,
                parent=around,
                score=kept[n].score,
            )
            for number, spans in enumerate(contents)
        ]
    found = [attribution for attributions in parts.values() for attribution in attributions]

    taken = bytearray(len(text))
    for attribution in found:
        for span in attribution.content:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
    contentful = tags[:, CONTENT_TAGS].sum(-1)

    def mean_content(span: Span) -> float:
        first, last = np.searchsorted(tokens.starts, (span.start, span.end))
        return float(contentful[first:last].mean()) if last > first else 0.0

    for quotation in quotations:
        if (
            any(taken[quotation.start : quotation.end])
            or len(_WORD.findall(quotation.of(text))) < _LEAST_FLOATING_WORDS
        ):
            continue
        score = mean_content(quotation)
        if score >= floating_threshold:
            found.append(_attribution(document, quotations, content=(quotation,), score=score))

    for attribution in found:
        for span in (*attribution.source, *attribution.cue, *attribution.content):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
    begins = tags[:, TAGS.index("B-cue")]
    for sentence in find_sentences(text):
        own = _own_words(text, sentence, taken)
        if not own or _is_another_s(text, sentence, own, quotations):
            continue
        first, last = np.searchsorted(tokens.starts, (own[0].start, own[-1].end))
        reported = max(sum(map(mean_content, own)) / len(own), float(begins[first:last].max(initial=0.0)))
        if 1.0 - reported >= own_threshold:
            found.append(_attribution(document, quotations, content=own, score=1.0 - reported, voice=Voice.PUBLISHER))
    depths: dict[str, int] = {}
    for attribution in found:  # those that others stand in come before them
        depths[attribution.id] = 0 if attribution.parent is None else depths[attribution.parent] + 1
    return tuple(sorted(found, key=lambda attribution: _place(attribution, depths[attribution.id])))


def _is_another_s(text: str, sentence: Span, own: Sequence[Span], quotations: Sequence[Span]) -> bool:
    """Whether the layout shows that words outside all attributions are not the publisher's.

    They hold a quoted sentence, their paragraph opens with the label of a speaker (``Q:``, ``BRANDT:``), or the line
    after it signs it (``— Mira Holt``).
    """
    opening, closing = text.rfind("\n", 0, sentence.start) + 1, text.find("\n", sentence.end)
    if SPEAKER.match(text, opening) or (closing >= 0 and _SIGNED.match(text, closing)):
        return True
    return any(_FULL_STOP.search(found.of(text)) for span in own for found in find_overlapping(quotations, span))


def part_floating(text: str, content: tuple[Span, ...], cue: Span) -> list[tuple[Span, ...]]:
    """Parts a content into what stands with its cue, first, and the floating quotations that go on from it.

    A quotation floats when it opens a paragraph other than the cue's, after the quotation before it was closed. It has
    the same source and no cue of its own. A quotation that is left open at the end of a paragraph goes on in the next.
    """
    chains: list[list[Span]] = []
    for piece in content:
        before = chains[-1][-1] if chains else None
        if before and not text[before.end : piece.start].strip() and text[before.end - 1] not in _CLOSING_MARKS:
            chains[-1].append(piece)
        else:
            chains.append([piece])
    opening = text.rfind("\n", 0, cue.start) + 1
    closing = text.find("\n", cue.end)
    home = Span(opening, len(text) if closing < 0 else closing)
    floating = [
        tuple(chain)
        for chain in chains
        if not any(piece.overlaps(home) for piece in chain)
        and text[chain[0].start] in QUOTATION_MARKS
        and not text[text.rfind("\n", 0, chain[0].start) + 1 : chain[0].start].strip()
        and sum(len(_WORD.findall(piece.of(text))) for piece in chain) >= _LEAST_FLOATING_WORDS
    ]
    gone = {piece for chain in floating for piece in chain}
    kept = tuple(piece for piece in content if piece not in gone)
    return [kept, *floating] if kept else [content]


def _holds(content: Sequence[Span], spans: Sequence[Span]) -> bool:
    return all(any(piece.covers(span) for piece in content) for span in spans)


def _place(attribution: Attribution, depth: int) -> tuple[int, int, int, int]:
    """By the first word; then what others stand in, and of two with one source the one whose cue comes first."""
    spans = (*attribution.source, *attribution.cue, *attribution.content)
    cue = attribution.cue or attribution.content
    return min(span.start for span in spans), depth, cue[0].start, -max(span.end for span in spans)


def _attribution(
    document: Document,
    quotations: Sequence[Span],
    *,
    content: tuple[Span, ...],
    score: float,
    source: tuple[Span, ...] = (),
    cue: tuple[Span, ...] = (),
    parent: str | None = None,
    voice: Voice = Voice.PARTY,
) -> Attribution:
    return Attribution(
        id=attribution_id(document.id, source, cue, content),
        kind=kind_of(document.text, content, quotations),
        voice=voice,
        parent=parent,
        source=source,
        cue=cue,
        content=content,
        score=round(min(max(score, 0.0), 1.0), 4),
    )


def _inner_quotations(text: str, content: Sequence[Span]) -> list[Span]:
    """Quotations as they count inside a content: the marks around the content that holds it are not its own."""
    return [
        Span(piece.start + quotation.start, piece.start + quotation.end)
        for piece in content
        for quotation in find_quotations(piece.of(text))
    ]


def _own_words(text: str, sentence: Span, taken: bytearray) -> tuple[Span, ...]:
    """What a sentence says outside all attributions, if that is a statement: most of the sentence, with a full stop."""
    words = [Span(sentence.start + m.start(), sentence.start + m.end()) for m in _WORD.finditer(sentence.of(text))]
    free = [not taken[word.start] for word in words]
    if sum(free) < max(_LEAST_OWN_WORDS, len(words) / 2) or not _FULL_STOP.search(sentence.of(text)):
        return ()
    own: list[Span] = []
    for word, is_free in zip(words, free, strict=True):
        if not is_free:
            continue
        if own and not any(taken[own[-1].end : word.start]):
            own[-1] = Span(own[-1].start, word.end)
        else:
            own.append(word)
    if own[-1].end == words[-1].end:
        own[-1] = Span(own[-1].start, sentence.end)
    return tuple(span for span in own if len(_WORD.findall(span.of(text))) > 1) or tuple(own)
