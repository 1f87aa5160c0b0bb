"""Acts: how far the two annotators agreed before anybody decided between them, by the files in ``gold/``.

Records of one text are paired one to one by overlap of their triggers, those of one type first. A role agrees when both
left it empty, or the head words of the two spans have one in common; a number, when the two spans share a word. F1
counts pairs against all records of both. Cohen's kappa is over the statuses of the pairs.

- ``trigger``, ``trigger + type``: F1 of pairs, and of pairs of one type.
- ``record``: F1 of pairs with one type and one status whose roles and numbers all agree.
- ``ROLE``, ``ROLE, if named``: share of the pairs in which it agrees; the same of those where at least one names it.

    python -m benchmarks.agreement
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import print_figures
from benchmarks.attribution import WORD
from benchmarks.polnear import corpora_folder

GOLD = Path(__file__).with_name("gold")
GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "golden"
ROLES = ("actor", "target", "item", "number")

_CONJUNCTS = re.compile(r",|\b(?:and|or|nor)\b")
_PREPOSITIONS = frozenset("of in on at to from for with by near against over behind under into than that which".split())

Record = dict[str, Any]
"""One act as in the files: ``trigger`` and roles as [start, end], or, of ours, several of them, or null; ``type``,
``status``, ``claim``."""
Pair = tuple[Record, Record]


def load_acts(path: Path) -> dict[str, list[Record]]:
    """The acts of one file by the name of their text."""
    acts: dict[str, list[Record]] = json.loads(path.read_text(encoding="utf-8"))
    return acts


def load_text(name: str) -> str | None:
    """The text that offsets refer to, newlines as they stand; None if it is not there."""
    part, _, number = name.partition("/")
    corpora = corpora_folder()
    if part == "golden":
        path = GOLDEN / f"{number}.txt"
    elif part == "seed":
        path = corpora.parent / "seed" / "article.txt"
    else:
        path = corpora / part / "articles" / f"{number}.json"
    if not path.exists():
        return None
    content = path.read_bytes().decode("utf-8")
    if path.suffix != ".json":
        return content
    text: str = json.loads(content)["text"]
    return text


def heads(text: str, span: Sequence[int] | None) -> frozenset[int]:
    """Where the head words of a noun phrase stand: of each of its conjuncts the last word before a preposition."""
    if span is None:
        return frozenset()
    found, start = set(), span[0]
    ends = [match.span() for match in _CONJUNCTS.finditer(text, span[0], span[1])]
    for end, following in [*ends, (span[1], span[1])]:
        head = None
        for match in WORD.finditer(text, start, end):
            if match[0].lower() in _PREPOSITIONS:
                if head is not None:
                    break
            elif match[0][0].isalnum():
                head = match.start()
        if head is not None:
            found.add(head)
        start = following
    return frozenset(found)


def words(text: str, span: Sequence[int] | None) -> frozenset[int]:
    """Where the words of a span stand."""
    return frozenset() if span is None else frozenset(match.start() for match in WORD.finditer(text, *span))


def pair(ours: Sequence[Record], theirs: Sequence[Record]) -> list[Pair]:
    """Pairs the records of one text by overlap of triggers, each once: those of one type, then the longest, first."""
    overlaps = []
    for i, a in enumerate(ours):
        for j, b in enumerate(theirs):
            shared = min(a["trigger"][1], b["trigger"][1]) - max(a["trigger"][0], b["trigger"][0])
            if shared > 0:
                overlaps.append((a["type"] != b["type"], -shared, i, j))
    pairs, used_ours, used_theirs = [], set(), set()
    for _, _, i, j in sorted(overlaps):
        if i not in used_ours and j not in used_theirs:
            used_ours.add(i)
            used_theirs.add(j)
            pairs.append((ours[i], theirs[j]))
    return pairs


def role_agrees(text: str, role: str, a: Record, b: Record) -> bool:
    """Whether both left the role empty, or mean the same by it."""
    if a[role] is None or b[role] is None:
        return a[role] is b[role]
    return bool(_marks(text, role, a[role]) & _marks(text, role, b[role]))


def _marks(text: str, role: str, value: Sequence[Any]) -> frozenset[int]:
    of = words if role == "number" else heads
    spans = value if isinstance(value[0], list) else [value]
    return frozenset[int]().union(*(of(text, span) for span in spans))


def kappa(labels: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa (Cohen 1960): agreement beyond chance, by each annotator's own shares; 1 if chance explains all."""
    if not labels:
        return 0.0
    ours, theirs = Counter(a for a, _ in labels), Counter(b for _, b in labels)
    chance = sum(ours[label] * theirs[label] for label in ours) / len(labels) ** 2
    observed = sum(a == b for a, b in labels) / len(labels)
    return (observed - chance) / (1 - chance) if chance < 1 else 1.0


def _share(agreed: Iterable[bool]) -> float:
    of = list(agreed)
    return sum(of) / len(of) if of else 0.0


def score(ours: dict[str, list[Record]], theirs: dict[str, list[Record]], texts: dict[str, str]) -> dict[str, float]:
    """Agreement over the texts given, by figure name."""
    pairs = [(text, a, b) for name, text in texts.items() for a, b in pair(ours.get(name, []), theirs.get(name, []))]
    size = sum(len(acts.get(name, [])) for acts in (ours, theirs) for name in texts)

    def f1(hits: int) -> float:
        return 2 * hits / size if size else 0.0

    agreed = {role: [role_agrees(text, role, a, b) for text, a, b in pairs] for role in ROLES}
    found = {
        "trigger": f1(len(pairs)),
        "trigger + type": f1(sum(a["type"] == b["type"] for _, a, b in pairs)),
        "record": f1(
            sum(
                a["type"] == b["type"] and a["status"] == b["status"] and all(agreed[role][n] for role in ROLES)
                for n, (_, a, b) in enumerate(pairs)
            )
        ),
        "type": _share(a["type"] == b["type"] for _, a, b in pairs),
        "status": _share(a["status"] == b["status"] for _, a, b in pairs),
        "status kappa": kappa([(a["status"], b["status"]) for _, a, b in pairs]),
        "claim": _share(a["claim"] == b["claim"] for _, a, b in pairs),
    }
    for role in ROLES:
        named = [a[role] is not None or b[role] is not None for _, a, b in pairs]
        found[role] = _share(agreed[role])
        found[f"{role}, if named"] = _share(
            same for same, is_named in zip(agreed[role], named, strict=True) if is_named
        )
    return found


def measure() -> dict[str, float]:
    """Every figure, for all texts and for each part; a part whose texts are not all here is left out of both.

    Raises:
        FileNotFoundError: none of the texts is here.
    """
    ours, theirs = (load_acts(GOLD / f"acts-{annotator}.json") for annotator in "ab")
    names = sorted({*ours, *theirs})
    parts: dict[str, dict[str, str]] = {}
    for part in dict.fromkeys(name.partition("/")[0] for name in names):
        texts = {name: load_text(name) for name in names if name.partition("/")[0] == part}
        there = {name: text for name, text in texts.items() if text is not None}
        if len(there) == len(texts):
            parts[part] = there
    if not parts:
        raise FileNotFoundError(f"{GOLDEN} and {corpora_folder()}: no text of the annotated acts is there")
    everything = {name: text for texts in parts.values() for name, text in texts.items()}
    return {
        f"{part}: {name}": figure
        for part, texts in {f"all ({', '.join(parts)})": everything, **parts}.items()
        for name, figure in score(ours, theirs, texts).items()
    }


if __name__ == "__main__":
    print_figures(measure)
