"""Stance with the attributions given: macro-F1 and accuracy on storyline-dev, all of it and half by half.

Every claim of the gold becomes an attribution at the gold's own spans (source, cue, content with its later parts); it
is nested in the smallest other claim of its article whose content holds all of its spans. Its stance is right when it
is the gold's. Macro-F1 is the mean of the F1 of every stance that the gold has in the articles measured. The gold has
no `doubt`; who is taken to doubt is taken wrongly. The halves are the articles with odd numbers, on which the table and
the rules were developed, and those with even numbers. The figure of PolNeAR is the share of its attributions, as its
first annotator marked them, of whose cue the table has a word.

    python -m benchmarks.stance                # the table
    python -m benchmarks.stance --wrong odd    # and every claim of a half that is taken wrongly, with the reason
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import print_figures
from benchmarks.attribution import ROLES
from benchmarks.polnear import corpora_folder, load_polnear
from onrecord.model import Attribution, Kind, Span, Voice, attribution_id
from onrecord.reader.stance import Taken, take_stances
from onrecord.text import find_quotations, kind_of

HALVES = {"odd": 1, "even": 0}


@dataclass(frozen=True, slots=True)
class Judged:
    """One claim of the gold with what was made of it."""

    article: str
    claim: dict[str, Any]
    taken: Taken


def attributions_of(name: str, text: str, claims: Sequence[dict[str, Any]]) -> list[Attribution]:
    """The claims of one article as attributions, in the same order."""

    def at(claim: dict[str, Any], role: str) -> Span:
        start = claim[f"{role}_start"]
        span = Span(start, start + len(claim[f"{role}_text"]))
        assert span.of(text) == claim[f"{role}_text"]
        return span

    roles = []
    for claim in claims:
        more = [Span(part["start"], part["start"] + len(part["text"])) for part in claim.get("content_more", ())]
        content = tuple(sorted((at(claim, "content"), *more)))
        roles.append(((at(claim, "source"),), (at(claim, "cue"),), content))
    ids = [attribution_id(name, *spans) for spans in roles]
    quotations = find_quotations(text)
    made = []
    for n, (source, cue, content) in enumerate(roles):
        holders = [
            (sum(piece.end - piece.start for piece in other[2]), k)
            for k, other in enumerate(roles)
            if ids[k] != ids[n]
            and all(any(piece.covers(span) for piece in other[2]) for span in (*source, *cue, *content))
        ]
        parent = ids[min(holders)[1]] if holders else None
        kind = kind_of(text, content, quotations)
        made.append(Attribution(ids[n], kind, Voice.PARTY, parent, source, cue, content, 1.0))
    return made


def load_claims() -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """Name, article and claims of every article of storyline-dev, by name.

    Raises:
        FileNotFoundError: the gold is not there; the message says where it was looked for.
    """
    folder = corpora_folder() / "storyline-dev"
    if not (folder / "gold.json").exists():
        raise FileNotFoundError(
            f"{folder}: the claims are not there; set ONRECORD_CORPORA to the folder that holds storyline-dev/"
        )
    by_article: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for claim in json.loads((folder / "gold.json").read_text(encoding="utf-8")):
        by_article[claim["article"]].append(claim)
    for name, claims in sorted(by_article.items()):
        yield name, json.loads((folder / "articles" / f"{name}.json").read_text(encoding="utf-8")), claims


def judge() -> list[Judged]:
    """Every claim of the gold, with its stance as taken.

    Raises:
        FileNotFoundError: the gold is not there; the message says where it was looked for.
    """
    judged = []
    for name, article, claims in load_claims():
        text = article["text"]
        taken = take_stances(text, attributions_of(name, text, claims))
        judged += [Judged(name, claim, one) for claim, one in zip(claims, taken, strict=True)]
    return judged


def score(judged: Sequence[Judged]) -> dict[str, float]:
    """Macro-F1, accuracy, and the F1 of every stance that the gold has."""
    gold = Counter(one.claim["stance"] for one in judged)
    predicted = Counter(str(one.taken.stance) for one in judged)
    hits = Counter(one.claim["stance"] for one in judged if one.claim["stance"] == one.taken.stance)
    f1 = {stance: 2 * hits[stance] / (count + predicted[stance]) for stance, count in sorted(gold.items())}
    return {
        "macro f1": sum(f1.values()) / len(f1),
        "accuracy": hits.total() / gold.total(),
        **{f"f1 {stance}": value for stance, value in f1.items()},
    }


def measure() -> dict[str, float]:
    """Every figure of this benchmark.

    Raises:
        FileNotFoundError: the labelled data are not there.
    """
    judged = judge()
    figures = score(judged)
    for half, rest in HALVES.items():
        part = score([one for one in judged if int(one.article) % 2 == rest])
        figures |= {f"{name}, {half} articles": part[name] for name in ("macro f1", "accuracy")}
    known = total = 0
    for article in load_polnear("train"):
        roles = [
            tuple(tuple(Span(*span) for span in sorted(set(relation[role]))) for role in ROLES)
            for relation in article.annotations[0]
            if relation["cue"] and relation["content"]
        ]
        attributions = [
            Attribution(str(n), Kind.INDIRECT, Voice.PARTY, None, source, cue, content, 1.0)
            for n, (source, cue, content) in enumerate(roles)
        ]
        reasons = [taken.reason for taken in take_stances(article.text, attributions)]
        known += sum(reason.startswith("the cue") for reason in reasons)
        total += len(reasons)
    return figures | {"PolNeAR train: cues in the table": known / total}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", choices=HALVES, help="list the claims of this half that are taken wrongly")
    chosen = parser.parse_args()
    print_figures(measure)
    if chosen.wrong:
        for one in judge():
            if int(one.article) % 2 == HALVES[chosen.wrong] and one.claim["stance"] != one.taken.stance:
                claim = one.claim
                print(f"{claim['id']} {claim['stance']} taken as {one.taken.stance}, by {one.taken.reason}")
                print(f"      {claim['source_text']} | {claim['cue_text']} | {claim['content_text']}")


if __name__ == "__main__":
    main()
