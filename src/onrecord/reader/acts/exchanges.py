"""What is given in return for what."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from onrecord.model import Act, ActType, Span, act_id
from onrecord.reader.acts.trees import Tree

_GIVEN = frozenset({ActType.TRANSFER, ActType.SUPPORT, ActType.AGREEMENT})
_THINGS = frozenset({"arms", "goods", "money"})
_NEAR = 12
"""Most words between `in return for` and the word of the act that it names."""
_LOOK_AROUND = 16
"""Acts on either side of `in return` among which the one is sought that it points to."""
_KNOWN = frozenset("the these those this that".split())


def opens_exchange(tree: Tree, word: int) -> bool:
    """Whether a word is the noun of `in return` or `in exchange`."""
    return word > 0 and tree.lower[word] in ("return", "exchange") and tree.lower[word - 1] == "in"


def is_given_back(tree: Tree, noun: int) -> bool:
    """Whether a noun names that in return for which something is done: in return for the shipments."""
    return tree.relations[noun] == "nmod" and opens_exchange(tree, tree.heads[noun])


def link_exchanges(
    document_id: str,
    tree: Tree,
    acts: Sequence[Act],
    centers: Mapping[str, int],
    item_of: Callable[[int], tuple[Span, tuple[Span, ...]]],
) -> tuple[Act, ...]:
    """The acts with that in return for which they are done, in their sentence or a paragraph near by.

    A thing that is given in return without a verb (sent drones in exchange for jets) is an act of its own, the other
    way round, with the status of the first.

    Args:
        document_id: id of the document.
        tree: its trees.
        acts: all of the document.
        centers: of each act, by its id, the word whose clause it is.
        item_of: the phrase of a noun without its number, and the figures in it.
    """
    given = [act for act in acts if act.type in _GIVEN]
    starts = [act.words.start for act in given]
    by_center = {centers[act.id]: act for act in reversed(given)}
    links: dict[str, str] = {}
    added: list[Act] = []
    for word in range(len(tree)):
        if not opens_exchange(tree, word):
            continue
        act = next((by_center[at] for at in (word, *tree.upwards(word)) if at in by_center), None)
        if act is None:
            continue
        at = bisect_left(starts, tree.starts[word])
        near = given[max(0, at - _LOOK_AROUND) : at + _LOOK_AROUND]
        goes_on = tree.lower[word + 1 : word + 2] == ["for"]
        other = _named(tree, near, act, word) if goes_on else _before(tree, near, act, word)
        if other is None and goes_on and act.type is ActType.TRANSFER:
            other = _without_verb(document_id, tree, act, word, item_of)
            added += [other] if other is not None else []
        if other is not None:
            links[act.id] = other.id
    linked = [replace(act, exchange=links.get(act.id)) for act in (*acts, *added)]
    return tuple(sorted(linked, key=lambda act: act.words))


def _before(tree: Tree, given: Sequence[Act], act: Act, word: int) -> Act | None:
    """The act that `in return` alone points back to: between the same two, or else the nearest."""
    at = tree.starts[word]
    others = [
        other
        for other in given
        if other is not act and other.words.start <= at and tree.text.count("\n\n", other.words.start, at) <= 1
    ]
    return min(others, key=lambda other: _distance(tree.text, act, other), default=None)


def _named(tree: Tree, given: Sequence[Act], act: Act, word: int) -> Act | None:
    """The act that `in return for` names by its own word, or by the thing that was given before: for the drones."""
    last = min(word + _NEAR, len(tree) - 1)
    near = Span(tree.starts[word], tree.starts[last])
    behind = [
        other
        for other in given
        if other is not act
        and near.start < other.words.start <= near.end
        and (act.words.start < near.start or other.words.start < act.words.start)
    ]
    if behind:
        return min(behind, key=lambda other: _distance(tree.text, act, other))
    head, _ = tree.chunk_from(word + 2)
    if head < 0 or tree.lower[word + 2] not in _KNOWN:
        return None
    others = [
        other
        for other in given
        if other.words.end <= near.start
        and other is not act
        and any(tree.lower[at] == tree.lower[head] for span in other.item for at in tree.within(span))
    ]
    return max(others, key=lambda other: other.words, default=None)


def _without_verb(
    document_id: str,
    tree: Tree,
    act: Act,
    word: int,
    item_of: Callable[[int], tuple[Span, tuple[Span, ...]]],
) -> Act | None:
    """The act that only `in exchange for` tells of, with what is given; None if that is no thing."""
    head, _ = tree.chunk_from(word + 2)
    if head < 0 or not _THINGS & tree.classes(head):
        return None
    item, figures = item_of(head)
    words = Span(tree.starts[word - 1], tree.ends[word + 1])
    return replace(
        act,
        id=act_id(document_id, words),
        words=words,
        actor=act.target,
        target=act.actor,
        item=(item,),
        figures=figures,
        times=(),
        places=(),
        authority=None,
        grounds=None,
    )


def _distance(text: str, act: Act, other: Act) -> tuple[bool, int]:
    return not _is_reversed(text, act, other), abs(other.words.start - act.words.start)


def _is_reversed(text: str, act: Act, other: Act) -> bool:
    """Whether what one gives the other, the other gives the one, by the first letters of their names."""

    def names(spans: Sequence[Span]) -> set[str]:
        return {word[:4].lower() for span in spans for word in span.of(text).split() if word[0].isupper()}

    return bool(names(act.actor) & names(other.target) or names(act.target) & names(other.actor))
