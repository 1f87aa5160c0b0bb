"""What needs no linker, measured; and what a perfect one reaches with the claims that the reader finds in raw text.

- ``alone``: every claim is its own proposition.
- ``speaker``: all claims of one speaker are one proposition.
- ``words``: two claims are one proposition if their contents share at least half of the words that either has (Jaccard
  over folded words of four letters and more), as are all that are so joined; two such propositions contradict each
  other if both are of one article and one of them denies; articles are reprints if they share a fifth of their word
  trigrams; families are the articles of one speaker and one day; figures are compared if their unit and the day of
  their event agree. Polarity is read off the stance alone.
- ``perfect``: everything as the gold has it, so far as its claims and figures are found: 1 from gold claims, and from
  raw text the ceiling that finding puts on linking.

    python -m benchmarks.storyline.baselines                        # storyline-dev
    python -m benchmarks.storyline.baselines FOLDER                 # another story
    python -m benchmarks.storyline.baselines --readings FILE.jsonl  # the ceilings from readings kept before
"""

from __future__ import annotations

import argparse
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.storyline.figures import Verdict, find_pairs
from benchmarks.storyline.gold import Article, Claim, Polarity, RelationType, Storyline, load_storyline
from benchmarks.storyline.scores import (
    NO_CHANGE,
    REPRINTS,
    ChangeKind,
    LinkedChange,
    LinkedClaim,
    LinkedFigure,
    LinkedPair,
    LinkedProposition,
    LinkedRelation,
    Output,
    accepted_kinds,
    align_claims,
    align_figures,
    claims_at,
    gold_steps,
    score,
)
from onrecord.codec import decode_reading
from onrecord.ledger.reading import load_reader
from onrecord.model import Document, Reading, Stance, Voice

READ_ON = "2026-01-01"
SAME_WORDS = 0.5
SAME_TRIGRAMS = 0.2
_DENIALS = frozenset((Stance.DENY, Stance.REJECT))


def documents_of(storyline: Storyline) -> Iterator[Document]:
    """The articles as documents, offsets unchanged."""
    for article in storyline.articles.values():
        yield Document(
            url=article.url,
            text=article.text,
            title=article.title,
            publisher=article.outlet,
            published=article.published,
            language=article.language,
        )


def read_story(storyline: Storyline) -> dict[str, Reading]:
    """The reading of every article by the shipped model, by the article's id."""
    reader = load_reader(threads=1)
    documents = zip(storyline.articles, documents_of(storyline), strict=True)
    return {name: reader.read(document, read_on=READ_ON) for name, document in documents}


def load_readings(storyline: Storyline, path: Path) -> dict[str, Reading]:
    """Readings of the articles kept as lines of JSON, by the article's id.

    Raises:
        ValueError: they are not readings of these articles.
    """
    names = {(article.url, article.text): name for name, article in storyline.articles.items()}
    found = {}
    with path.open("rb") as lines:
        for line in lines:
            reading = decode_reading(line)
            if reading.document is not None:
                name = names.get((reading.document.url, reading.document.text))
                if name is None:
                    raise ValueError(f"{path}: {reading.document.url} is not one of the story's articles")
                found[name] = reading
    return found


def claims_of(name: str, reading: Reading) -> Iterator[LinkedClaim]:
    """The claims of parties in one reading; what the publisher says in its own voice the gold does not annotate."""
    assert reading.document is not None
    text = reading.document.text
    called = {party.id: party.name.of(text) for party in reading.parties if party.name is not None}
    for found in reading.attributions:
        if found.voice is Voice.PARTY:
            yield LinkedClaim(found.id, name, found.content, found.source, called.get(found.party or "", ""))


def found_in(readings: Mapping[str, Reading]) -> Output:
    """An output that holds the claims and figures of readings, and links nothing."""
    claims = tuple(claim for name, reading in readings.items() for claim in claims_of(name, reading))
    figures = tuple(
        LinkedFigure(f"{name}:{figure.span.start}", name, figure.span)
        for name, reading in readings.items()
        for figure in reading.figures
    )
    return Output(claims=claims, figures=figures)


def alone(storyline: Storyline) -> Output:
    """Every claim is its own proposition."""
    return Output(propositions=_grouped(storyline.claims.values(), lambda claim: claim.id))


def by_speaker(storyline: Storyline) -> Output:
    """All claims of one speaker are one proposition."""
    return Output(propositions=_grouped(storyline.claims.values(), lambda claim: claim.speaker))


def same_words(storyline: Storyline) -> Output:
    """Claims in nearly the same words are one proposition, and the like for the rest."""
    words = {
        claim.id: frozenset(re.findall(r"\w{4,}", storyline.words(claim.article, claim.content).casefold()))
        for claim in storyline.claims.values()
    }
    joined = {name: name for name in words}

    def root(name: str) -> str:
        while joined[name] != name:
            name = joined[name]
        return name

    for one, other in itertools.combinations(words, 2):
        if _jaccard(words[one], words[other]) >= SAME_WORDS:
            joined[root(other)] = root(one)
    propositions = _grouped(storyline.claims.values(), lambda claim: root(claim.id))
    denied = {
        proposition.id: {storyline.claims[one].article for one in proposition.claims}
        for proposition in propositions
        if any(storyline.claims[one].stance in _DENIALS for one in proposition.claims)
    }
    relations = [
        LinkedRelation(one.id, other.id, RelationType.CONTRADICTS)
        for one, other in itertools.combinations(propositions, 2)
        if (one.id in denied) != (other.id in denied)
        and {storyline.claims[claim].article for claim in one.claims}
        & {storyline.claims[claim].article for claim in other.claims}
    ]
    families: dict[str, set[str]] = defaultdict(set)
    for claim in storyline.claims.values():
        families[f"{claim.speaker}, {claim.said_on}"].add(claim.article)
    trigrams = {name: _trigrams(article) for name, article in storyline.articles.items()}
    return Output(
        propositions=propositions,
        relations=tuple(relations),
        changes=tuple(_changes(storyline, propositions)),
        pairs=tuple(_compared(storyline)),
        families={name: frozenset(articles) for name, articles in families.items()},
        reprints=tuple(
            (one, other)
            for one, other in itertools.combinations(trigrams, 2)
            if _jaccard(trigrams[one], trigrams[other]) >= SAME_TRIGRAMS
        ),
    )


def perfect(storyline: Storyline, found: Output | None = None) -> Output:
    """Everything as the gold has it, so far as the claims and figures of ``found`` allow; all of it without."""
    found = found or Output()
    twins = align_claims(storyline, found)
    members: dict[str, dict[str, Polarity]] = defaultdict(dict)
    for claim in storyline.claims.values():
        if claim.id in twins:
            members[claim.proposition][twins[claim.id]] = claim.polarity
    figures = align_figures(storyline, found)
    changes = [
        LinkedChange(min(step.kinds), (), claims, step.date)
        for step in gold_steps(storyline)
        if (claims := tuple(sorted({twins[one] for one in step.claims if one in twins})))
    ]
    for change in storyline.changes:
        kinds = accepted_kinds(change) or NO_CHANGE
        before, after = (
            tuple(sorted({twins[claim.id] for claim in claims_at(storyline, change, points) if claim.id in twins}))
            for points in (change.before, change.after)
        )
        if not kinds <= NO_CHANGE and before and after:
            changes.append(LinkedChange(min(kinds), before, after, change.after[0].date))
    return Output(
        claims=found.claims,
        propositions=tuple(LinkedProposition(name, claims) for name, claims in members.items()),
        relations=tuple(
            LinkedRelation(one.a, one.b, one.type)
            for one in storyline.relations
            if one.a in members and one.b in members
        ),
        changes=tuple(changes),
        figures=found.figures,
        pairs=tuple(
            LinkedPair(figures[pair.a], figures[pair.b], pair.verdict)
            for pair in find_pairs(storyline)
            if pair.a in figures and pair.b in figures
        ),
        families={
            family.id: frozenset(
                chain.article
                for chain in family.chains
                if not found.claims
                or any(
                    claim.id in twins and claim.article == chain.article and claim.speaker == chain.links[-1]
                    for claim in storyline.claims.values()
                )
            )
            for family in storyline.families
        },
        reprints=tuple(
            (pair.a, pair.b) for group in storyline.article_groups for pair in group.pairs if pair.relation in REPRINTS
        ),
    )


def _grouped(claims: Iterable[Claim], name_of: Callable[[Claim], str]) -> tuple[LinkedProposition, ...]:
    members: dict[str, dict[str, Polarity]] = defaultdict(dict)
    for claim in claims:
        members[name_of(claim)][claim.id] = _side(claim)
    return tuple(LinkedProposition(name, its) for name, its in members.items())


def _side(claim: Claim) -> Polarity:
    if claim.stance is Stance.DECLINE:
        return Polarity.OPEN
    return Polarity.AGAINST if claim.stance in _DENIALS else Polarity.FOR


def _changes(storyline: Storyline, propositions: Iterable[LinkedProposition]) -> Iterator[LinkedChange]:
    """First statements, and after them what was held or reversed, by each speaker on each proposition."""
    for proposition in propositions:
        steps: dict[str, dict[tuple[str, Polarity], list[str]]] = defaultdict(lambda: defaultdict(list))
        for one, side in proposition.claims.items():
            claim = storyline.claims[one]
            if claim.said_on is not None:
                steps[claim.speaker][claim.said_on, side].append(one)
        for days in steps.values():
            last: tuple[Polarity, tuple[str, ...]] | None = None
            for (day, side), claims in sorted(days.items()):
                if last is None:
                    yield LinkedChange(ChangeKind.FIRST_STATED, (), tuple(claims), day)
                else:
                    kind = ChangeKind.HELD if last[0] == side else ChangeKind.REVERSED
                    yield LinkedChange(kind, last[1], tuple(claims), day)
                last = side, tuple(claims)


def _compared(storyline: Storyline) -> Iterator[LinkedPair]:
    """Figures of one unit and one day are taken to measure the same."""
    for one, other in itertools.combinations(storyline.figures.values(), 2):
        if (one.unit, one.event_date) == (other.unit, other.event_date):
            same = (one.low, one.high) == (other.low, other.high)
            yield LinkedPair(one.id, other.id, Verdict.AGREE if same else Verdict.CONFLICT)


def _trigrams(article: Article) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", article.text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _jaccard(one: frozenset[object], other: frozenset[object]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def measure(folder: Path | None = None, readings: Path | None = None) -> dict[str, dict[str, float]]:
    """The figures of every baseline, by its name.

    Raises:
        FileNotFoundError: the gold is not there.
    """
    storyline = load_storyline(folder)
    read = load_readings(storyline, readings) if readings else read_story(storyline)
    return {
        "alone": score(storyline, alone(storyline)),
        "speaker": score(storyline, by_speaker(storyline)),
        "words": score(storyline, same_words(storyline)),
        "perfect": score(storyline, perfect(storyline)),
        "perfect, raw": score(storyline, perfect(storyline, found_in(read))),
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="a story; storyline-dev if it is not given")
    parser.add_argument("--readings", type=Path, help="readings of its articles, one a line")
    chosen = parser.parse_args()
    try:
        table = measure(chosen.folder, chosen.readings)
    except FileNotFoundError as error:
        raise SystemExit(str(error)) from None
    print(" " * 40 + "".join(f"{name:>14}" for name in table))
    for figure in table["alone"]:
        print(f"{figure:40}" + "".join(f"{figures[figure]:14.3f}" for figures in table.values()))


if __name__ == "__main__":
    main()
