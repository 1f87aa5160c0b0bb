"""The day on which each claim was said: with the attributions given, on storyline-dev.

Every claim of the gold becomes an attribution at the gold's own spans, with its speaker for a party. A day counts as
right when it is the gold's, or when the gold has a month and ours lies in it. Needs the labelled data, see
ONRECORD_CORPORA.

    python -m benchmarks.occasion
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from benchmarks import print_figures
from benchmarks.stance import HALVES, attributions_of, load_claims
from onrecord.model import Document
from onrecord.reader import Reader
from onrecord.reader.occasion import with_days
from onrecord.reader.stance import take_stances


def measure(reader: Reader | None = None) -> dict[str, float]:
    """Share of days that are right among those given, and share of the gold's days that are found, by half.

    Raises:
        FileNotFoundError: the gold is not there.
    """
    reader = reader or Reader()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, article, claims in load_claims():
        text = article["text"]
        reading = reader.read(Document(url="", text=text, published=article["published"], language="en"))
        made = [
            replace(one, party=claim["speaker"])
            for one, claim in zip(attributions_of(name, text, claims), claims, strict=True)
        ]
        made = [
            replace(one, addressee=taken.addressee, channel=taken.channel)
            for one, taken in zip(made, take_stances(text, made), strict=True)
        ]
        order = sorted(range(len(made)), key=lambda n: min(s.start for s in (*made[n].source, *made[n].content)))
        found = with_days(text, reader.parse(text), [made[n] for n in order], reading.times, reading.names)
        half = next(half for half, rest in HALVES.items() if int(name) % 2 == rest)
        for n, one in zip(order, found, strict=True):
            gold = claims[n]["said_on"]
            for part in ("all", half):
                counts[part]["gold"] += gold is not None
                counts[part]["given"] += one.said_on is not None
                counts[part]["right"] += bool(
                    gold and one.said_on and (one.said_on[:10] == gold or one.said_on.startswith(gold))
                )
    figures = {}
    for part, count in counts.items():
        suffix = "" if part == "all" else f", {part} articles"
        figures[f"days right among those given{suffix}"] = count["right"] / max(count["given"], 1)
        figures[f"days found{suffix}"] = count["right"] / max(count["gold"], 1)
    return figures


if __name__ == "__main__":
    print_figures(measure)
