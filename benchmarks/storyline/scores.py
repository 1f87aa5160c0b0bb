"""Scores of a storyline: what a linker made of its articles against the gold.

A linker fills an ``Output``. From gold claims it speaks of them by their gold ids and leaves ``claims`` (and
``figures``) empty; from raw text it gives its own claims and figures with their spans, and they are aligned first.

**Claims.** The twin of a gold claim is the system's claim of the same article that covers at least half of its content
(in code points) and has the same source: a source span in common, the same last word of the source, or the same last
word of the speaker's name. Of several, one whose source overlaps goes first, then the greatest intersection over union.
One claim of the system may be the twin of several gold claims, as the gold cuts a content by proposition; it then
stands for each of them, and precision suffers where it holds two propositions together.

**Propositions, origin families.** B-cubed (Bagga & Baldwin 1998, *Algorithms for scoring coreference chains*): for each
element, the share of its cluster in the response that belongs with it (precision), and the share of its cluster in the
key that stands with it (recall); means over elements, and their F1. Where elements are in several clusters at once (an
article in two families), extended B-cubed (Amigó et al. 2009, *A comparison of extrinsic clustering evaluation metrics
based on formal constraints*, section 5), which is the same figure where they are not. Where elements differ (raw text):
a gold claim without a twin has recall 0, so that leaving out claims never helps (B3-0 of Stoyanov et al. 2009,
*Conundrums in noun phrase coreference resolution*); a claim of the system that is nobody's twin is a singleton of the
key, so that it costs the precision of what it is put with, and is left out where it stands alone, so that many lone
claims cannot raise precision (the precision of B3-sys, Cai & Strube 2010, *Evaluation metrics for end-to-end
coreference resolution systems*). ``strict`` counts it with precision 0 even alone.

**Relations.** Micro-F1 over (proposition, proposition, type), the system's propositions mapped to gold ones one to one
with the greatest number of claims in common (Hungarian method, Kuhn 1955; as CEAF does, Luo 2005). Narrows, supports
and weakens have a direction; the other types have none, since the gold does not keep one. ``loose`` ignores direction,
and takes *contradicts* or *updates* where the gold has two values of one figure.

**Position changes.** A change is given by claims: those of before, those of after, its kind and the day of the latter.
It finds a change of the gold if of the claims that have twins more than half, before as well as after, are faithful
claims of the gold's speakers at the points (proposition, polarity, day) that the gold change names, the day agrees (a
month with its days), and the kind is one of those that ``KINDS`` accepts for the annotator's words. Precision is the
share of the system's changes proper that find one; several may find the same one, on its several propositions. Neither
right nor wrong are: *first stated*, *held* and *silent since*, which are no changes; what finds a contested change (a
side that seems to move since an unnamed source of it spoke first); and an admission that the gold claim's own stance
bears out. ``our kinds`` leaves out the two kinds of the gold for which the product has no word. ``steps`` counts every
step of every position, first statements too, against the gold's histories.

**Figures.** Macro-F1 over the four verdicts, of the pairs and with the weights of ``figures.find_pairs``. Figures are
aligned by overlap of spans. A pair of figures that both were found, of which the system says nothing, is not comparable
to it; a pair of which one was not found is missed. Pairs of figures outside the gold are not judged.

**Reprints.** Precision and recall of pairs of articles that are near-duplicates or clause-by-clause paraphrases; pairs
that derive one from the other otherwise are left out. Articles of one briefing in words of their own are no reprints.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from benchmarks.shares import Share
from benchmarks.storyline.figures import Verdict, find_pairs
from benchmarks.storyline.gold import (
    Claim,
    PairRelation,
    Point,
    Polarity,
    PositionChange,
    RelationType,
    Storyline,
)
from onrecord.model import Span, Stance

DIRECTED = frozenset((RelationType.NARROWS, RelationType.SUPPORTS, RelationType.WEAKENS))
REPRINTS = frozenset((PairRelation.NEAR_DUPLICATE, PairRelation.PARAPHRASE))
_WORD = re.compile(r"[^\W\d_]+")
_PRONOUNS = frozenset("he she it they we i you who that which one him her them his its their both all".split())


class ChangeKind(StrEnum):
    """What a step of a position is; the last two are kinds of the gold for which the product has no word of its own."""

    FIRST_STATED = "first stated"
    HELD = "held"
    NARROWED = "narrowed"
    PARTLY_ADMITTED = "partly admitted"
    ADMITTED = "admitted"
    REVERSED = "reversed"
    SILENT = "silent since"
    HARDENED = "hardened"
    UPDATED = "figure updated"


OUR_KINDS = frozenset(ChangeKind) - {ChangeKind.HARDENED, ChangeKind.UPDATED}
"""The kinds for which the product has a word of its own."""
NO_CHANGE = frozenset((ChangeKind.FIRST_STATED, ChangeKind.HELD, ChangeKind.SILENT))
ADMISSIONS = frozenset((ChangeKind.PARTLY_ADMITTED, ChangeKind.ADMITTED))
KINDS: tuple[tuple[str, frozenset[ChangeKind]], ...] = (
    ("none", frozenset()),
    ("against", frozenset()),  # one party's words against another's: no change of either
    ("certainty", frozenset((ChangeKind.REVERSED, ChangeKind.PARTLY_ADMITTED, ChangeKind.NARROWED))),
    ("partial", frozenset((ChangeKind.PARTLY_ADMITTED,))),
    ("partly", frozenset((ChangeKind.PARTLY_ADMITTED,))),
    ("admission", frozenset((ChangeKind.ADMITTED, ChangeKind.PARTLY_ADMITTED))),
    ("admit", frozenset((ChangeKind.ADMITTED, ChangeKind.PARTLY_ADMITTED))),
    ("soften", frozenset((ChangeKind.NARROWED, ChangeKind.PARTLY_ADMITTED))),
    ("narrow", frozenset((ChangeKind.NARROWED,))),
    ("harden", frozenset((ChangeKind.HARDENED,))),
    ("figure", frozenset((ChangeKind.UPDATED,))),
    ("updat", frozenset((ChangeKind.UPDATED,))),
    ("revers", frozenset((ChangeKind.REVERSED,))),
    ("withdr", frozenset((ChangeKind.REVERSED,))),
    ("retract", frozenset((ChangeKind.REVERSED,))),
    ("new claim", frozenset((ChangeKind.FIRST_STATED,))),
    ("silen", frozenset((ChangeKind.SILENT,))),
)
"""Words of the annotator's kinds, and what is accepted for them; the first row that fits counts."""


# ---- what a linker fills


@dataclass(frozen=True, slots=True)
class LinkedClaim:
    """A claim as the system found it in raw text; ``speaker`` is the name that it resolved its source to."""

    id: str
    article: str
    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class LinkedProposition:
    """Claims about the same thing, each with the side that it takes; the system may word it either way round."""

    id: str
    claims: Mapping[str, Polarity]


@dataclass(frozen=True, slots=True)
class LinkedRelation:
    """How proposition ``a`` stands to proposition ``b``."""

    a: str
    b: str
    type: RelationType


@dataclass(frozen=True, slots=True)
class LinkedChange:
    """A step of a position: its kind, the claims of before and of after, and the day of the latter, ISO 8601."""

    kind: ChangeKind
    before: tuple[str, ...]
    after: tuple[str, ...]
    date: str | None


@dataclass(frozen=True, slots=True)
class LinkedFigure:
    """A figure as the system found it in raw text."""

    id: str
    article: str
    span: Span


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """What the system says of two figures."""

    a: str
    b: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Output:
    """What a linker made of a story.

    Attributes:
        claims: its claims from raw text; empty where it was given the gold's.
        propositions: its propositions; a claim may stand in several.
        relations: between its propositions.
        changes: the steps of all positions.
        figures: its figures from raw text; empty where it was given the gold's.
        pairs: the figures that it compared.
        families: the articles of each origin, by the system's name for it.
        reprints: pairs of articles that are one text.
    """

    claims: tuple[LinkedClaim, ...] = ()
    propositions: tuple[LinkedProposition, ...] = ()
    relations: tuple[LinkedRelation, ...] = ()
    changes: tuple[LinkedChange, ...] = ()
    figures: tuple[LinkedFigure, ...] = ()
    pairs: tuple[LinkedPair, ...] = ()
    families: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reprints: tuple[tuple[str, str], ...] = ()


def score(storyline: Storyline, output: Output) -> dict[str, float]:
    """Every figure, by name."""
    twins = align_claims(storyline, output)
    clusters = score_propositions(storyline, output, twins)
    strict = score_propositions(storyline, output, twins, strict=True)
    mapped = map_propositions(storyline, output, twins)
    relations = score_relations(storyline, output, mapped)
    loose = score_relations(storyline, output, mapped, loose=True)
    changes, found = score_changes(storyline, output, twins)
    steps = score_steps(storyline, output, twins)
    verdicts = score_figures(storyline, output)
    families = score_families(storyline, output)
    reprints = score_reprints(storyline, output)
    return {
        "claims found": len(twins) / len(storyline.claims),
        "propositions b3": clusters.f1,
        "propositions b3 precision": clusters.precision,
        "propositions b3 recall": clusters.recall,
        "propositions b3 strict": strict.f1,
        "polarity": score_polarity(storyline, output, twins, mapped),
        "relations": relations.f1,
        "relations precision": relations.precision,
        "relations recall": relations.recall,
        "relations loose": loose.f1,
        "changes": changes.f1,
        "changes precision": changes.precision,
        "changes recall": changes.recall,
        "changes found, of any kind": found,
        "changes, our kinds": score_changes(storyline, output, twins, kinds=OUR_KINDS)[0].f1,
        "changes left out, kind unknown": float(sum(accepted_kinds(one) is None for one in storyline.changes)),
        "steps": steps.f1,
        "figure pairs": sum(verdicts.values()) / len(verdicts) if verdicts else 0.0,
        **{f"figure pairs, {verdict}": value for verdict, value in verdicts.items()},
        "families b3": families.f1,
        "families b3 precision": families.precision,
        "families b3 recall": families.recall,
        "reprints precision": reprints.precision,
        "reprints recall": reprints.recall,
    }


# ---- alignment


def align_claims(storyline: Storyline, output: Output) -> dict[str, str]:
    """The twin of every gold claim that has one; of given gold claims each is its own.

    Raises:
        ValueError: the output speaks of a claim that is neither the gold's nor its own.
    """
    known = {claim.id for claim in output.claims} if output.claims else set(storyline.claims)
    named = {one for proposition in output.propositions for one in proposition.claims}
    named |= {one for change in output.changes for one in (*change.before, *change.after)}
    if strange := sorted(named - known):
        raise ValueError(f"no such claims: {', '.join(strange[:5])}")
    if not output.claims:
        return {name: name for name in storyline.claims}
    by_article: dict[str, list[LinkedClaim]] = defaultdict(list)
    for ours in output.claims:
        by_article[ours.article].append(ours)
    twins = {}
    for gold in storyline.claims.values():
        best: tuple[tuple[bool, float, list[int]], str] | None = None
        for ours in by_article[gold.article]:
            shared = _shared(gold.content, ours.content)
            if 2 * shared < _length(gold.content) or not _same_source(storyline, gold, ours):
                continue
            union = _length(gold.content) + _length(ours.content) - shared
            place = [-at for span in (*ours.content, *ours.source) for at in (span.start, span.end)]
            rank = (any(span.overlaps(gold.source) for span in ours.source), shared / union, place)
            if best is None or rank > best[0]:
                best = rank, ours.id
        if best is not None:
            twins[gold.id] = best[1]
    return twins


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _shared(one: Iterable[Span], other: Sequence[Span]) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def _same_source(storyline: Storyline, gold: Claim, ours: LinkedClaim) -> bool:
    if any(span.overlaps(gold.source) for span in ours.source):
        return True
    heads = {_head(storyline.words(gold.article, (gold.source,))), _head(gold.speaker)}
    our_heads = {_head(storyline.words(gold.article, ours.source)), _head(ours.speaker)}
    return bool(heads & our_heads - {""})


def _head(name: str) -> str:
    """The last word of a name or noun phrase, folded; empty for a pronoun."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\([^)]*\)", "", name)).casefold()
    words = _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
    return words[-1] if words and words[-1] not in _PRONOUNS else ""


def map_propositions(storyline: Storyline, output: Output, twins: Mapping[str, str]) -> dict[str, tuple[str, bool]]:
    """The gold proposition of each of the system's, one to one, and whether it is worded the other way round."""
    of_twin: dict[str, list[str]] = defaultdict(list)
    for gold, ours in twins.items():
        of_twin[ours].append(gold)
    members = {
        proposition.id: {gold: polarity for one, polarity in proposition.claims.items() for gold in of_twin[one]}
        for proposition in output.propositions
    }
    # In an order that names do not decide, so that ties are broken alike whatever the system calls them.
    ours_in_order = sorted((name for name in members if members[name]), key=lambda name: sorted(members[name]))
    golds = list(storyline.propositions)
    sizes = Counter(claim.proposition for claim in storyline.claims.values())
    column = {name: n for n, name in enumerate(golds)}
    weights = np.zeros((len(ours_in_order), len(golds)))
    for row, name in enumerate(ours_in_order):
        for gold_name, count in Counter(storyline.claims[one].proposition for one in members[name]).items():
            # The share of both decides between equal overlaps, and never against a greater one.
            share = 2 * count / (len(members[name]) + sizes[gold_name])
            weights[row, column[gold_name]] = count + share / (len(golds) + 1)
    mapped = {}
    for row, n in assign(weights):
        if weights[row, n] > 0:
            name, gold_name = ours_in_order[row], golds[n]
            sides = [(storyline.claims[one], polarity) for one, polarity in members[name].items()]
            common = [(claim.polarity, polarity) for claim, polarity in sides if claim.proposition == gold_name]
            alike = sum(a == b for a, b in common if Polarity.OPEN not in (a, b))
            opposed = sum(a != b for a, b in common if Polarity.OPEN not in (a, b))
            mapped[name] = (gold_name, opposed > alike)
    return mapped


def assign(weights: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Rows to columns, one to one, with the greatest sum of weights: the Hungarian method by shortest augmenting paths.

    Args:
        weights: shape [rows, columns], not negative.

    Returns:
        min(rows, columns) pairs, by row. Time is rows² · columns, in vectors of columns.
    """
    if weights.shape[0] > weights.shape[1]:
        return sorted((row, column) for column, row in assign(weights.T))
    rows, columns = weights.shape
    cost = -weights
    row_price, column_price = np.zeros(rows), np.zeros(columns + 1)
    row_of = np.full(columns + 1, -1)  # the last column is where a search begins
    for row in range(rows):
        row_of[columns] = row
        at, reach = columns, np.full(columns, np.inf)
        before, done = np.full(columns, columns), np.zeros(columns + 1, dtype=bool)
        while row_of[at] >= 0:
            done[at] = True
            current = cost[row_of[at]] - row_price[row_of[at]] - column_price[:columns]
            nearer = ~done[:columns] & (current < reach)
            reach[nearer], before[nearer] = current[nearer], at
            open_reach = np.where(done[:columns], np.inf, reach)
            following = int(np.argmin(open_reach))
            step = open_reach[following]
            row_price[row_of[done]] += step
            column_price[done] -= step
            reach[~done[:columns]] -= step
            at = following
        while at != columns:
            row_of[at] = row_of[before[at]]
            at = int(before[at])
    return sorted((int(row_of[column]), column) for column in range(columns) if row_of[column] >= 0)


# ---- clusters


def b_cubed(
    key: Mapping[str, Collection[str]], response: Mapping[str, Collection[str]], *, strict: bool = False
) -> Share:
    """Extended B-cubed; elements of the response alone cost precision, as the module's docstring has it.

    Args:
        key: the clusters of every element that there is.
        response: the clusters of every element found.
        strict: elements that are in the response alone have precision 0, singletons among them.
    """
    lone = {name: frozenset((f"alone: {name}",)) for name in response if name not in key}
    ours = {name: frozenset(clusters) for name, clusters in response.items() if clusters}
    theirs = {name: frozenset(clusters) for name, clusters in key.items()} | lone
    our_members, their_members = _members(ours), _members({name: theirs[name] for name in key})

    def kept(name: str) -> float | None:
        near = {other for cluster in ours[name] for other in our_members[cluster]}
        if name in lone and (strict or near == {name}):
            return 0.0 if strict else None
        return sum(_common(theirs, ours, name, other) for other in near) / len(near)

    def brought(name: str) -> float:
        if name not in ours:
            return 0.0
        near = {other for cluster in theirs[name] for other in their_members[cluster]}
        return sum(_common(ours, theirs, name, other) for other in near) / len(near)

    precisions = [value for name in ours if (value := kept(name)) is not None]
    recalls = [brought(name) for name in key]
    return Share(_mean(precisions), _mean(recalls))


def _common(these: Mapping[str, frozenset[str]], those: Mapping[str, frozenset[str]], one: str, other: str) -> float:
    """Multiplicity: of the clusters that two elements share in ``those``, the share for which ``these`` has one too."""
    in_those = len(those[one] & those[other])
    in_these = len(these[one] & these[other]) if one in these and other in these else 0
    return min(in_these, in_those) / in_those


def _members(clusters: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    members: dict[str, list[str]] = defaultdict(list)
    for name, its in clusters.items():
        for cluster in its:
            members[cluster].append(name)
    return members


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def score_propositions(
    storyline: Storyline, output: Output, twins: Mapping[str, str], *, strict: bool = False
) -> Share:
    """B-cubed over claims."""
    of_claim: dict[str, set[str]] = defaultdict(set)
    for proposition in output.propositions:
        for one in proposition.claims:
            of_claim[one].add(proposition.id)
    key = {claim.id: (claim.proposition,) for claim in storyline.claims.values()}
    response = {gold: of_claim[ours] for gold, ours in twins.items() if ours in of_claim}
    response |= {f"unmatched: {ours}": of_claim[ours] for ours in of_claim.keys() - set(twins.values())}
    return b_cubed(key, response, strict=strict)


def score_polarity(
    storyline: Storyline, output: Output, twins: Mapping[str, str], mapped: Mapping[str, tuple[str, bool]]
) -> float:
    """Of the gold claims that stand in the right proposition, the share on the right side of it."""
    turned = {Polarity.FOR: Polarity.AGAINST, Polarity.AGAINST: Polarity.FOR, Polarity.OPEN: Polarity.OPEN}
    propositions = {proposition.id: proposition.claims for proposition in output.propositions}
    ours_of = {gold: (name, is_turned) for name, (gold, is_turned) in mapped.items()}
    hits = []
    for claim in storyline.claims.values():
        name, is_turned = ours_of.get(claim.proposition, ("", False))
        polarity = propositions.get(name, {}).get(twins.get(claim.id, ""))
        if polarity is not None:
            hits.append(float((turned[polarity] if is_turned else polarity) == claim.polarity))
    return _mean(hits)


def score_families(storyline: Storyline, output: Output) -> Share:
    """Extended B-cubed over articles; a family of one joins nothing, and an article in no family stands alone."""
    key = {family.id: frozenset(family.articles) for family in storyline.families}
    return b_cubed(_families_of(storyline, key), _families_of(storyline, output.families))


def _families_of(storyline: Storyline, families: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in storyline.articles}
    for family, articles in families.items():
        if len(articles) > 1:
            for article in articles:
                found[article].add(family)
    return {name: its or {f"alone: {name}"} for name, its in found.items()}


# ---- pairs


def _share(hits: float, found: float, wanted: float) -> Share:
    return Share(hits / found if found else 0.0, hits / wanted if wanted else 0.0)


def score_relations(
    storyline: Storyline, output: Output, mapped: Mapping[str, tuple[str, bool]], *, loose: bool = False
) -> Share:
    """Micro-averaged over (proposition, proposition, type)."""

    def place(a: str, b: str, kind: RelationType) -> tuple[str, str, RelationType]:
        return (a, b, kind) if kind in DIRECTED and not loose else (min(a, b), max(a, b), kind)

    wanted = {place(one.a, one.b, one.type) for one in storyline.relations}
    either = {(a, b) for a, b, kind in wanted if kind is RelationType.OTHER_VALUE} if loose else set()
    found = set()
    for one in output.relations:
        ends = [mapped[end][0] if end in mapped else f"unmatched: {end}" for end in (one.a, one.b)]
        a, b, kind = place(ends[0], ends[1], one.type)
        if (a, b) in either and kind in (RelationType.CONTRADICTS, RelationType.UPDATES):
            kind = RelationType.OTHER_VALUE
        found.add((a, b, kind))
    return _share(len(found & wanted), len(found), len(wanted))


def score_reprints(storyline: Storyline, output: Output) -> Share:
    """Precision and recall of pairs of articles."""
    relations = {
        frozenset((pair.a, pair.b)): pair.relation for group in storyline.article_groups for pair in group.pairs
    }
    wanted = {pair for pair, relation in relations.items() if relation in REPRINTS}
    found = {frozenset(pair) for pair in output.reprints}
    found -= {pair for pair, relation in relations.items() if relation is PairRelation.DERIVED}
    return _share(len(found & wanted), len(found), len(wanted))


def score_figures(storyline: Storyline, output: Output) -> dict[str, float]:
    """The F1 of every verdict that the gold has."""
    ours = align_figures(storyline, output)
    said = {frozenset((pair.a, pair.b)): pair.verdict for pair in output.pairs}
    hits, found, wanted = (dict.fromkeys(Verdict, 0.0) for _ in range(3))
    for pair in find_pairs(storyline):
        verdict = None
        if pair.a in ours and pair.b in ours:
            verdict = said.get(frozenset((ours[pair.a], ours[pair.b])), Verdict.NOT_COMPARABLE)
        right = verdict if verdict in pair.accepted else pair.verdict
        wanted[right] += pair.weight
        if verdict is not None:
            found[verdict] += pair.weight
            hits[verdict] += pair.weight * (verdict in pair.accepted)
    return {
        str(verdict): _share(hits[verdict], found[verdict], wanted[verdict]).f1
        for verdict in Verdict
        if wanted[verdict]
    }


def align_figures(storyline: Storyline, output: Output) -> dict[str, str]:
    """The system's figure for every gold figure that has one, one to one, the greatest overlap first."""
    if not output.figures:
        return {name: name for name in storyline.figures}
    overlaps = sorted(
        (-_shared((gold.span,), (ours.span,)), ours.span.end - ours.span.start, gold.id, ours.span.start, ours.id)
        for gold in storyline.figures.values()
        for ours in output.figures
        if ours.article == gold.article and ours.span.overlaps(gold.span)
    )
    found: dict[str, str] = {}
    taken: set[str] = set()
    for *_, gold_id, _, ours_id in overlaps:
        if gold_id not in found and ours_id not in taken:
            found[gold_id] = ours_id
            taken.add(ours_id)
    return found


# ---- positions


def accepted_kinds(change: PositionChange) -> frozenset[ChangeKind] | None:
    """The kinds that are right for a change of the gold; none if it is no change, None if its words are unknown."""
    return next((kinds for words, kinds in KINDS if words in change.kind.lower()), None)


def claims_at(storyline: Storyline, change: PositionChange, points: Sequence[Point]) -> list[Claim]:
    """The faithful claims of the speakers of a change that stand at some of its points."""
    return [claim for claim in storyline.claims.values() if _stands_at(claim, change, points)]


def is_contested(storyline: Storyline, change: PositionChange) -> bool:
    """Whether a side seems to move only since a source of it without a name said otherwise before."""

    def unnamed(points: Sequence[Point]) -> bool:
        speakers = {claim.speaker for claim in claims_at(storyline, change, points)}
        return bool(speakers) and all(speaker.endswith("(unnamed)") for speaker in speakers)

    return len(change.speakers) > 1 and unnamed(change.before)


def score_changes(
    storyline: Storyline,
    output: Output,
    twins: Mapping[str, str],
    *,
    kinds: frozenset[ChangeKind] = frozenset(ChangeKind),
) -> tuple[Share, float]:
    """Precision and recall of changes with the right kind; and the share found, whatever their kind.

    Args:
        storyline: the gold.
        output: what was made of it.
        twins: the alignment of claims.
        kinds: the kinds measured; a change of the gold for which none of them is right, and what finds it, is left out.
    """
    golds_of = _golds_of(storyline, twins)
    scored = [change for change in storyline.changes if accepted_kinds(change)]
    wanted = [
        change
        for change in scored
        if not is_contested(storyline, change) and kinds & (accepted_kinds(change) or frozenset())
    ]
    contested = [change for change in scored if change not in wanted]
    right: set[int] = set()
    found: set[int] = set()
    hits = judged = 0
    for ours in output.changes:
        if ours.kind not in kinds:
            continue
        fitting = [n for n, change in enumerate(wanted) if _finds(ours, change, golds_of)]
        with_kind = [n for n in fitting if ours.kind in (accepted_kinds(wanted[n]) or ())]
        right.update(with_kind)
        if ours.kind in NO_CHANGE:
            continue
        found.update(fitting)
        is_open = any(_finds(ours, change, golds_of) for change in contested)
        if with_kind or not (is_open or _is_admission(ours, golds_of)):
            judged += 1
            hits += bool(with_kind)
    recall = len(right) / len(wanted) if wanted else 0.0
    return Share(hits / judged if judged else 0.0, recall), len(found | right) / len(wanted) if wanted else 0.0


def _golds_of(storyline: Storyline, twins: Mapping[str, str]) -> dict[str, list[Claim]]:
    """The gold claims of which a claim of the system is the twin."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for gold, ours in twins.items():
        found[ours].append(storyline.claims[gold])
    return dict(found)


def _finds(ours: LinkedChange, change: PositionChange, golds_of: Mapping[str, Sequence[Claim]]) -> bool:
    if not any(same_day(ours.date, point.date) for point in change.after):
        return False
    for names, points in ((ours.before, change.before), (ours.after, change.after)):
        known = [golds_of[name] for name in names if name in golds_of]
        fitting = sum(any(_stands_at(claim, change, points) for claim in claims) for claims in known)
        if (known or points) and 2 * fitting <= len(known):
            return False
    return True


def _is_admission(ours: LinkedChange, golds_of: Mapping[str, Sequence[Claim]]) -> bool:
    admits = any(claim.stance is Stance.ADMIT for name in ours.after for claim in golds_of.get(name, ()))
    return ours.kind in ADMISSIONS and admits


def _stands_at(claim: Claim, change: PositionChange, points: Sequence[Point]) -> bool:
    point = Point(claim.proposition, claim.polarity, claim.said_on)
    return point in points and claim.speaker in change.speakers and not claim.fidelity


def same_day(one: str | None, other: str | None) -> bool:
    """Whether two days agree: alike, or one is the month or year of the other; unknown agrees with unknown only."""
    if one is None or other is None:
        return one is other
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")


@dataclass(frozen=True, slots=True)
class GoldStep:
    """One step of one speaker's position on one proposition: the kinds that are right for it, its claims and day."""

    kinds: frozenset[ChangeKind]
    claims: frozenset[str]
    date: str | None


def gold_steps(storyline: Storyline) -> list[GoldStep]:
    """What every speaker's faithful claims on every proposition show, day by day; a day with two sides gives two."""
    steps = []
    for proposition in storyline.propositions.values():
        for position in proposition.positions:
            last: Polarity | None = None
            for step in position.history:
                if not step.is_faithful:
                    continue
                kinds = {ChangeKind.FIRST_STATED}
                if last is not None:
                    kinds = {
                        ChangeKind.HELD
                        if step.polarity == last
                        else ChangeKind.NARROWED
                        if step.polarity is Polarity.OPEN
                        else ChangeKind.HARDENED
                        if last is Polarity.OPEN
                        else ChangeKind.REVERSED
                    }
                    if Stance.ADMIT in step.stances:
                        kinds |= ADMISSIONS
                last = step.polarity
                steps.append(GoldStep(frozenset(kinds), frozenset(step.claims), step.said_on))
    return steps


def score_steps(storyline: Storyline, output: Output, twins: Mapping[str, str]) -> Share:
    """Steps of positions by their claims, day and kind; of several on one gold step, one is right.

    A change that finds one of the gold across propositions, and is no step on one, is left out.
    """
    golds_of = _golds_of(storyline, twins)
    steps = gold_steps(storyline)
    of_claim = {claim: n for n, step in enumerate(steps) for claim in step.claims}
    across = [change for change in storyline.changes if accepted_kinds(change)]
    right: set[int] = set()
    judged = 0
    for ours in output.changes:
        if ours.kind is ChangeKind.SILENT:
            continue
        claims = [golds_of[name] for name in ours.after if name in golds_of]
        votes = Counter(n for one in claims for n in {of_claim[claim.id] for claim in one if claim.id in of_claim})
        fitting = {
            n
            for n, count in votes.items()
            if 2 * count > len(claims) and ours.kind in steps[n].kinds and same_day(ours.date, steps[n].date)
        }
        right |= fitting
        is_across = ours.kind not in NO_CHANGE and any(_finds(ours, change, golds_of) for change in across)
        judged += bool(fitting) or not is_across
    return _share(len(right), max(judged, len(right)), len(steps))
