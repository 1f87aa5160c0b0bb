"""How agreement of two annotators is counted."""

from __future__ import annotations

import pytest

from benchmarks.agreement import Record, heads, kappa, pair, role_agrees, score

TEXT = "Sardal sent about 40 boats of an old make, trucks and three guns to the Lethian navy."


def span(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def act(**given: str) -> Record:
    roles = {role: span(given[role]) if role in given else None for role in ("actor", "target", "item", "number")}
    trigger = span(given.get("trigger", "sent"))
    return {"trigger": trigger, "type": given.get("type", "transfer"), "status": "done", "claim": False, **roles}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the Lethian navy", ["navy"]),
        ("boats of an old make", ["boats"]),
        ("boats of an old make, trucks and three guns", ["boats", "trucks", "guns"]),
        ("of an old make", ["make"]),
        ("and", []),
    ],
)
def test_heads_are_the_last_words_before_a_preposition(words: str, expected: list[str]) -> None:
    assert heads(TEXT, span(words)) == {TEXT.index(word) for word in expected}


def test_no_span_has_no_head() -> None:
    assert heads(TEXT, None) == frozenset()


def test_records_pair_once_and_those_of_one_type_first() -> None:
    ours = [act(type="harm"), act()]
    assert pair(ours, [act()]) == [(ours[1], act())]
    assert pair(ours, [act(trigger="navy")]) == []


def test_roles_agree_by_head_and_numbers_by_a_word() -> None:
    assert role_agrees(TEXT, "item", act(item="boats"), act(item="boats of an old make, trucks"))
    assert not role_agrees(TEXT, "target", act(target="the Lethian"), act(target="the Lethian navy"))
    assert role_agrees(TEXT, "number", act(number="40"), act(number="about 40"))
    assert role_agrees(TEXT, "actor", act(), act())
    assert not role_agrees(TEXT, "actor", act(actor="Sardal"), act())


def test_a_record_counts_only_whole() -> None:
    ours = {"x": [act(actor="Sardal", item="boats"), act(trigger="guns")]}
    found = score(ours, {"x": [act(actor="Sardal", item="trucks")]}, {"x": TEXT})
    assert found["trigger"] == found["trigger + type"] == pytest.approx(2 / 3)
    assert found["record"] == 0.0
    assert (found["actor, if named"], found["item, if named"], found["target, if named"]) == (1.0, 0.0, 0.0)
    assert score({}, {}, {"x": TEXT})["record"] == 0.0


def test_kappa_takes_chance_away() -> None:
    pairs = [("done", "done")] * 20 + [("done", "denied")] * 5 + [("denied", "done")] * 10 + [("denied", "denied")] * 15
    assert kappa(pairs) == pytest.approx(0.4)  # the example of Cohen (1960) as textbooks give it
    assert kappa([("done", "done")]) == 1.0
    assert kappa([]) == 0.0
