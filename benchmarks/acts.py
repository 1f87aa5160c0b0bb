"""Acts as read from plain text, against the gold in ``gold/acts.json`` (``gold/README.md`` has its conventions).

Records are paired one to one by overlap of their triggers, those of one type first (``agreement.pair``).

- ``record``: F1 of pairs with one type and one status whose actor, target, item and number are all right. A role is
  right when both leave it empty, or the spans overlap and have a head word in common (``agreement.heads``); a number,
  when both leave it empty or the spans share a word.
- ``trigger``, ``trigger + type``: F1 of pairs, and of pairs of one type.
- ``actor`` … ``number``: F1 of the role over all records: right where both name it, against all that either names.
- ``status``, ``claim``: share of the pairs of one type in which it agrees.

The rules were developed on the articles of ``storyline-dev`` with odd numbers, the golden reports and the seed page;
those with even numbers were not read.

    python -m benchmarks.acts                  # the table
    python -m benchmarks.acts --errors odd     # and what differs in one part
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import print_figures
from benchmarks.agreement import GOLD, ROLES, Record, load_acts, load_text, pair, role_agrees
from benchmarks.polnear import corpora_folder
from onrecord.model import Act, Attribution, Document, Reading, Voice
from onrecord.reader import Reader

_TYPES = ("transfer", "attack", "harm", "sanction", "interception", "support", "agreement")


def part_of(name: str) -> str:
    """The part of the gold that a text belongs to: odd, even, golden or seed."""
    part, _, number = name.partition("/")
    return ("even", "odd")[int(number) % 2] if part == "storyline-dev" else part


def published(name: str) -> str:
    """The day a text was published, for its expressions of time; empty where the file does not say."""
    part, _, number = name.partition("/")
    path = corpora_folder() / part / "articles" / f"{number}.json"
    return str(json.loads(path.read_text(encoding="utf-8"))["published"]) if part == "storyline-dev" else ""


def record_of(text: str, act: Act, attributions: Sequence[Attribution]) -> Record:
    """One act of ours in the terms of the gold; a role keeps all its spans."""
    claims = {attribution.id for attribution in attributions if attribution.voice is Voice.PARTY}
    roles: dict[str, Any] = {
        "actor": act.actor,
        "target": act.target,
        "item": act.item,
        "number": act.figures,
    }
    return {
        "trigger": [act.words.start, act.words.end],
        "type": act.type.value,
        "status": act.status.value,
        "claim": act.claim in claims,
        **{role: [[span.start, span.end] for span in spans] or None for role, spans in roles.items()},
    }


def score(ours: dict[str, list[Record]], gold: dict[str, list[Record]], texts: dict[str, str]) -> dict[str, float]:
    """The figures over some texts."""
    pairs = [(texts[name], *both) for name in texts for both in pair(ours.get(name, []), gold.get(name, []))]
    alike = [(text, mine, theirs) for text, mine, theirs in pairs if mine["type"] == theirs["type"]]
    size = sum(len(records.get(name, [])) for records in (ours, gold) for name in texts)

    def f1(hits: int, of: int) -> float:
        return 2 * hits / of if of else 0.0

    def named(role: str) -> int:
        return sum(act[role] is not None for records in (ours, gold) for name in texts for act in records.get(name, []))

    right = sum(
        mine["status"] == theirs["status"] and all(role_agrees(text, role, mine, theirs) for role in ROLES)
        for text, mine, theirs in alike
    )
    figures = {
        "record": f1(right, size),
        "trigger": f1(len(pairs), size),
        "trigger + type": f1(len(alike), size),
    }
    for role in ROLES:
        both = [
            pair
            for pair in alike
            if pair[1][role] is not None and pair[2][role] is not None and role_agrees(pair[0], role, *pair[1:])
        ]
        figures[role] = f1(len(both), named(role))
    for name in ("status", "claim"):
        same = sum(mine[name] == theirs[name] for _, mine, theirs in alike)
        figures[name] = same / len(alike) if alike else 0.0
    return figures


def print_errors(text: str, ours: Sequence[Record], gold: Sequence[Record]) -> None:
    """Prints what differs in one text."""

    def cited(spans: Any) -> str:
        if spans is None:
            return "-"
        parts = spans if isinstance(spans[0], list) else [spans]
        return " + ".join(text[start:end] for start, end in parts)

    def line(act: Record) -> str:
        roles = " | ".join(f"{role} {cited(act[role])}" for role in ROLES)
        return f"{cited(act['trigger'])}: {act['type']}, {act['status']} | {roles}"

    pairs = pair(ours, gold)
    for mine, theirs in pairs:
        wrong = [role for role in ROLES if not role_agrees(text, role, mine, theirs)]
        wrong += [name for name in ("type", "status") if mine[name] != theirs[name]]
        if wrong:
            print(f"  differs in {', '.join(wrong)}\n    ours {line(mine)}\n    gold {line(theirs)}")
    for act in gold:
        if not any(act is theirs for _, theirs in pairs):
            print(f"  missed   {line(act)}")
    for act in ours:
        if not any(act is mine for mine, _ in pairs):
            print(f"  not gold {line(act)}")


def measure(read: Callable[[Document], Reading] | None = None, *, errors: str = "") -> dict[str, float]:
    """Every figure of this benchmark.

    Args:
        read: what reads a document; None takes a reader with the model of the package.
        errors: the part of which everything that differs is printed.

    Raises:
        FileNotFoundError: the gold, or none of its texts, is there.
    """
    gold = load_acts(GOLD / "acts.json")
    texts = {name: text for name in gold if (text := load_text(name)) is not None}
    if not any(part_of(name) in ("odd", "even") for name in texts):
        raise FileNotFoundError(f"{corpora_folder()}: storyline-dev is not there; set ONRECORD_CORPORA")
    read = read or Reader().read
    ours: dict[str, list[Record]] = {}
    for name, text in texts.items():
        reading = read(Document(url=name, text=text, published=published(name), language="en"))
        ours[name] = [record_of(text, act, reading.attributions) for act in reading.acts]
        if errors and part_of(name) == errors:
            print(name)
            print_errors(text, ours[name], gold[name])
    figures = score(ours, gold, texts)
    for part in ("odd", "even", "golden", "seed"):
        there = {name: text for name, text in texts.items() if part_of(name) == part}
        if there:
            figures |= {f"{part} {name}": figure for name, figure in score(ours, gold, there).items()}
    for kind in _TYPES:
        only = [
            {name: [act for act in acts if act["type"] == kind] for name, acts in side.items()} for side in (ours, gold)
        ]
        figures[f"{kind} record"] = score(only[0], only[1], texts)["record"]
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", choices=("odd", "golden", "seed"), default="")
    chosen = parser.parse_args()
    print_figures(lambda: measure(errors=chosen.errors))
