"""Sources that the grammar tells and the network missed or mistook.

Four kinds: words of another sentence in a source; who acts in the passive after the content (`was called “a lie” by the
president`); the subject that a verb shares with the one before it (`the ministry denied …, yet later admitted …`); and
the subject of a passive that is no source at all (`companies accused of …`, `the two are said to …`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from onrecord.model import Attribution, Span, attribution_id
from onrecord.reader.syntax import Syntax
from onrecord.text import find_quotations, find_sentences, kind_of

_OF_OTHERS = frozenset(
    "accused alleged believed blamed charged expected feared rumored rumoured said suspected".split()
)
"""Participles whose subject in the passive is spoken of, and does not speak, unlike that of `told` and `quoted`."""

_NEXT = frozenset({"conj", "dep"})
"""How a verb hangs on one with the same subject; `dep` where the tree was mended."""

_OUTSIDE = frozenset({"acl:relcl", "acl", "appos", "punct", "parataxis", "advcl"})
"""What hangs on a name and is no part of it as a source."""

_CLIMB = 6
"""Most verbs of one subject in a row."""


def with_agents(document_id: str, text: str, syntax: Syntax, attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions, in the order given, with the sources that the grammar tells; ids and parents follow the spans.

    Args:
        document_id: of the document, for the ids.
        text: its text.
        syntax: its grammar.
        attributions: all of them.
    """
    page = _Page(text, syntax, attributions)
    mended = [page.mend(attribution) for attribution in attributions]
    ids = {
        before.id: attribution_id(document_id, after.source, after.cue, after.content)
        for before, after in zip(attributions, mended, strict=True)
    }
    return [
        replace(after, id=ids[after.id], parent=None if after.parent is None else ids[after.parent]) for after in mended
    ]


class _Page:
    def __init__(self, text: str, syntax: Syntax, attributions: Sequence[Attribution]) -> None:
        self._text, self._syntax = text, syntax
        self._quotations = find_quotations(text)
        self._sentences = find_sentences(text)
        self._cues = {word: one for one in attributions for word in self._syntax.words_in(one.cue)}
        self._inside: defaultdict[str, list[Span]] = defaultdict(list)
        for one in attributions:
            self._inside[one.parent or ""] += (*one.source, *one.cue, *one.content)

    def mend(self, attribution: Attribution) -> Attribution:
        """One attribution with the source that the grammar tells, or as it is."""
        attribution = self._within_sentence(attribution)
        verb = self._verb(attribution)
        if verb is None:
            return attribution
        is_passive = bool(self._syntax.related(verb, "aux:pass", "nsubj:pass")) or (
            self._syntax.relations[verb] == "acl" and self._syntax.tags[verb] == "VBN"
        )
        if (
            is_passive
            and attribution.source
            and self._syntax.lower(self._text, verb) in _OF_OTHERS
            and self._is_subject(verb, attribution)
        ):
            attribution = replace(attribution, source=())
        if attribution.source:
            return attribution
        if is_passive:
            return self._with_agent(attribution, verb)
        return self._with_shared_subject(attribution, verb)

    def _within_sentence(self, attribution: Attribution) -> Attribution:
        """Without the pieces of a source outside the sentence of its cue, if one stands in that."""
        if len(attribution.source) < 2 or not attribution.cue:
            return attribution
        at = bisect_right(self._sentences, attribution.cue[0].start, key=lambda sentence: sentence.start) - 1
        near = tuple(piece for piece in attribution.source if self._sentences[max(at, 0)].covers(piece))
        return replace(attribution, source=near) if near else attribution

    def _with_agent(self, attribution: Attribution, verb: int) -> Attribution:
        for head in self._syntax.related(verb, "obl:agent", "obl"):
            by = next(
                (case for case in self._syntax.related(head, "case") if self._syntax.lower(self._text, case) == "by"),
                None,
            )
            if by is None:
                continue
            source = self._phrase(head, by)
            gone = Span(self._syntax.starts[by], source.end)
            if any(gone.overlaps(inner) for inner in self._inside.get(attribution.id, ())):
                continue  # somebody is cited in there
            content = [part for piece in attribution.content for part in _without(piece, gone, self._text)]
            if content and not any(source.overlaps(other) for other in (*attribution.cue, *content)):
                kind = attribution.kind
                if attribution.parent is None:
                    kind = kind_of(self._text, content, self._quotations)
                return replace(attribution, source=(source,), content=tuple(content), kind=kind)
        return attribution

    def _with_shared_subject(self, attribution: Attribution, verb: int) -> Attribution:
        at = verb
        for _ in range(_CLIMB):
            if self._syntax.relations[at] not in _NEXT or self._syntax.related(at, "nsubj", "nsubj:pass"):
                break
            at = self._syntax.heads[at]
            other = self._cues.get(at)
            if other is None or not other.source:
                continue
            taken = (*attribution.cue, *attribution.content)
            if other.parent == attribution.parent and not any(a.overlaps(b) for a in other.source for b in taken):
                return replace(attribution, source=other.source)
        return attribution

    def _verb(self, attribution: Attribution) -> int | None:
        """The word of a cue that governs the others, if it is a verb."""
        words = self._syntax.words_in(attribution.cue)
        head = next((word for word in words if self._syntax.heads[word] not in words), None)
        return head if head is not None and self._syntax.tags[head].startswith("VB") else None

    def _is_subject(self, verb: int, attribution: Attribution) -> bool:
        source = set(self._syntax.words_in(attribution.source))
        subjects = self._syntax.related(verb, "nsubj:pass")
        if self._syntax.relations[verb] == "acl":
            # `companies and people accused of`: what it hangs on, or what stands right before it.
            subjects += [self._syntax.heads[verb], verb - 1]
        return any(subject in source for subject in subjects)

    def _phrase(self, head: int, by: int) -> Span:
        """A name or noun with what belongs to it, up to the first clause or mark; words after ``by`` only."""
        words = {head}
        waiting = [head]
        while waiting:
            for child in self._syntax.children[waiting.pop()]:
                if child > by and child not in words and self._syntax.relations[child] not in _OUTSIDE:
                    words.add(child)
                    waiting.append(child)
        last = head
        while last + 1 in words:
            last += 1
        return Span(self._syntax.starts[by + 1], self._syntax.ends[last])


def _without(piece: Span, gone: Span, text: str) -> list[Span]:
    """What is left of a piece of content without some of its words, and without white space at the ends."""
    found = []
    for start, end in ((piece.start, min(piece.end, gone.start)), (max(piece.start, gone.end), piece.end)):
        words = text[start:end].strip() if start < end else ""
        if any(letter.isalnum() for letter in words):
            at = text.index(words, start)
            found.append(Span(at, at + len(words)))
    return found
