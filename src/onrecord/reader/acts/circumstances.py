"""What surrounds an act: when and where, under what authority, on what grounds, in return for what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from onrecord.model import Act, ActType, Span
from onrecord.reader.acts.clauses import Frame
from onrecord.reader.acts.trees import Tree

_NOMINAL = frozenset("nmod obl obj nsubj appos flat compound nummod amod advmod conj iobj".split())
_CLIMB = 6
"""Most edges between an expression of time and the act that it belongs to."""
_LONG = 120
"""Most words of a ground."""
_GIVEN = frozenset({ActType.TRANSFER, ActType.SUPPORT, ActType.AGREEMENT})


def spans_by_center(
    tree: Tree, spans: Sequence[Span], centers: Mapping[int, int], after: Collection[str] = ()
) -> dict[int, tuple[Span, ...]]:
    """Times or places by the act in whose clause they stand.

    Args:
        tree: the document's trees.
        spans: of the times or the places.
        centers: of each word that names or carries an act, the word whose clause the act is.
        after: prepositions, one of which has to stand before; empty if none need.
    """
    found: dict[int, list[Span]] = {}
    for span in spans:
        words = tree.within(span)
        if not words:
            continue
        at = next((word for word in words if tree.heads[word] not in words), words.start)
        if after and not any(case in after for case in tree.prepositions(at)):
            continue  # who acts, or whose something is, and not where
        for _ in range(_CLIMB):
            if at in centers:
                found.setdefault(centers[at], []).append(span)
                break
            if tree.heads[at] < 0 or tree.relations[at] not in _NOMINAL:
                break
            at = tree.heads[at]
    return {center: tuple(sorted(set(spans))) for center, spans in found.items()}


def find_authority(tree: Tree, frame: Frame) -> Span | None:
    """Under what order, law or resolution an act is done, with the preposition."""
    for head in frame.get("under"):
        if "authority" in tree.classes(head):
            phrase = tree.phrase(head)
            cases = [child for child in tree.children[head] if tree.relations[child] == "case"]
            return Span(min([phrase.start, *(tree.starts[child] for child in cases)]), phrase.end)
    return None


def find_grounds(tree: Tree, centers: Collection[int], targets: Sequence[int]) -> Span | None:
    """For what somebody is sanctioned: for supplying drones, over the war, accused of producing them."""
    beside = [child for center in sorted(centers) for child in tree.children[center]]
    beside += [child for head in targets for at in tree.conjuncts(head) for child in tree.children[at]]
    for child in beside:
        relation = tree.relations[child]
        opening = tree.prepositions(child)[:1] or [tree.mark(child)]
        gives = (
            opening[0] in ("for", "over") and relation in ("advcl", "acl", "obl", "nmod") and not tree.is_idle(child)
        )
        accused = relation == "acl" and tree.lower[child] in ("accused", "suspected", "accuses")
        if gives or accused:
            return _whole(tree, child)
    return None


def _whole(tree: Tree, head: int) -> Span:
    """All that a word governs, without marks at its ends."""
    first = last = head
    waiting = [head]
    for _ in range(_LONG):
        if not waiting:
            break
        at = waiting.pop()
        first, last = min(first, at), max(last, at)
        waiting += tree.children[at]
    while last > head and tree.relations[last] == "punct":
        last -= 1
    while first < head and tree.relations[first] == "punct":
        first += 1
    return Span(tree.starts[first], tree.ends[last])


def find_exchanges(tree: Tree, acts: Sequence[Act], centers: Mapping[str, int]) -> dict[str, str]:
    """Which act is done in return for which, by their ids: in its sentence, or in a paragraph near by.

    Args:
        tree: the document's trees.
        acts: all of the document.
        centers: of each act, by its id, the word whose clause it is.
    """
    given = [act for act in acts if act.type in _GIVEN]
    found: dict[str, str] = {}
    for word in range(1, len(tree)):
        if tree.lower[word] not in ("return", "exchange") or tree.lower[word - 1] != "in":
            continue
        above = [word, *tree.upwards(word)]
        act = next((act for at in above for act in given if centers[act.id] == at), None)
        if act is None:
            continue
        at, goes_on = tree.starts[word], tree.lower[word + 1 : word + 2] == ["for"]
        others = [
            other
            for other in given
            if other is not act
            and (other.words.start > at) == goes_on
            and tree.text.count("\n\n", min(other.words.start, at), max(other.words.start, at)) <= 1
        ]
        if others:
            found[act.id] = min(
                others,
                key=lambda other: (not _is_reversed(tree.text, act, other), abs(other.words.start - act.words.start)),
            ).id
    return found


def _is_reversed(text: str, act: Act, other: Act) -> bool:
    """Whether what one gives the other, the other gives the one, by the first letters of their names."""

    def names(spans: Sequence[Span]) -> set[str]:
        return {word[:4].lower() for span in spans for word in span.of(text).split() if word[0].isupper()}

    return bool(names(act.actor) & names(other.target) or names(act.target) & names(other.actor))
