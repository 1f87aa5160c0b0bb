"""What the press prints: how fast, how large, and how words, parties, days and stances are spread.

python -m benchmarks.generated [COUNT]
"""

from __future__ import annotations

import math
import re
import resource
import statistics
import sys
import time
import zlib
from collections import Counter

import numpy as np

from benchmarks.generated.press import Press
from benchmarks.generated.questions import questions, take_survey
from benchmarks.generated.templates import load_templates
from onrecord.codec import encode_reading
from onrecord.model import Reading


def _shares(counter: Counter[str], most: int = 6) -> str:
    total = sum(counter.values())
    return ", ".join(f"{name or 'none'} {count / total:.1%}" for name, count in counter.most_common(most))


def _spread(counter: Counter[str]) -> str:
    once = sum(count == 1 for count in counter.values())
    return f"{len(counter):,} different, {once / max(1, len(counter)):.0%} of them once; {_shares(counter)}"


def _describe(readings: list[Reading]) -> None:
    """Prints figures of these readings."""
    claims = [(reading, claim) for reading in readings for claim in reading.attributions]
    encoded = [encode_reading(reading) for reading in readings]
    words: Counter[str] = Counter()
    speakers: Counter[str] = Counter()
    bodies: Counter[str] = Counter()
    for reading in readings:
        assert reading.document is not None
        text = reading.document.text
        words.update(re.findall(r"\w+", text.lower()))
        named = {party.id: party for party in reading.parties}
        for claim in reading.attributions:
            party = named.get(claim.party or "")
            if party and party.name:
                speakers[party.name.of(text)] += 1
            if party and party.speaks_for:
                bodies[party.speaks_for.body] += 1
    counts = sorted(words.values(), reverse=True)
    ranks = [rank for rank in (10, 30, 100, 300, 1_000, 3_000, 10_000) if rank <= len(counts)]
    slope = np.polyfit([math.log(rank) for rank in ranks], [math.log(counts[rank - 1]) for rank in ranks], 1)[0]
    packed = statistics.mean(len(zlib.compress(line, 6)) for line in encoded)
    size = statistics.mean(map(len, encoded))
    print(f"  claims {len(claims) / len(readings):.2f}, bytes {size:,.0f}, packed {packed:,.0f}")
    print(f"  words {sum(counts):,}, slope of frequency over rank {slope:.2f}; {_spread(words)}")
    print("  speakers:", _spread(speakers))
    print("  bodies:", _spread(bodies))
    print("  publishers:", _spread(Counter(r.document.publisher for r in readings if r.document)))
    print("  years:", _shares(Counter(r.document.published[:4] for r in readings if r.document), 12))
    print("  stances:", _shares(Counter(claim.stance.value for _, claim in claims), 14))
    print("  a day of saying:", f"{sum(claim.said_on is not None for _, claim in claims) / len(claims):.0%} of claims")
    print("  acts:", _shares(Counter(act.type.value for r in readings for act in r.acts), 7))
    print("  statuses:", _shares(Counter(act.status.value for r in readings for act in r.acts), 10))
    print("  places:", _spread(Counter(place.name for r in readings for place in r.places if place.geonames)))


def main() -> None:
    """The command."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    templates = load_templates()
    began = time.perf_counter()
    press = Press(templates)
    print(f"the press is ready after {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    made = sum(1 for _ in press.readings(count))
    rate = made / (time.perf_counter() - began)
    print(f"{rate:,.0f} readings a second; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most")
    print(f"{len(templates)} templates")
    _describe(templates)
    print(f"{count} readings")
    _describe(list(press.readings(count)))
    survey = take_survey(press.readings(min(count, 2_000)))
    print("questions")
    seen: set[str] = set()
    for kind, question in questions(0, 100, survey):
        if kind not in seen:
            print(f"  {kind}: {question}")
            seen.add(kind)


if __name__ == "__main__":
    main()
