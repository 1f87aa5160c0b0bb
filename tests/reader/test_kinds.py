"""Kinds of events, from sentences of our own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model import Span
from onrecord.reader.kinds import KINDS, EventKind, find_features, get_kind, load_weights, save_weights


def kind_of(marked: str) -> EventKind:
    """The kind of a sentence in which ``[…]`` names the actor and ``{…}`` the target."""
    text = ""
    spans: dict[str, list[Span]] = {"[": [], "{": []}
    opened = 0
    for letter in marked:
        if letter in "[{":
            opened = len(text)
        elif letter in "]}":
            spans["[" if letter == "]" else "{"].append(Span(opened, len(text)))
        else:
            text += letter
    return get_kind(text, Span(0, len(text)), spans["["], spans["{"])


@pytest.mark.parametrize(
    ("marked", "kind"),
    [
        ("[Sardal] has accused {Korvania} of arming the hill clans.", "ACCUSE"),
        ("[The auditors of Merrow] opened an investigation into {the harbour board}.", "ACCUSE"),
        ("[Lethia] is ready to send doctors to {Aldane} once the roads are clear.", "AGREE"),
        ("[Sardal] has delivered forty howitzers and their shells to {Korvania}.", "AID"),
        ("{Korvania} received twelve drones from [Sardal] in the spring.", "AID"),
        ("[Korvanian forces] shelled {the town of Ostrey}, killing three people.", "ASSAULT"),
        ("[The Merrow air force] shot down {nine drones} over the bay on Sunday.", "ASSAULT"),
        ("[Police in Harven] arrested {four editors} at dawn.", "COERCE"),
        ("[President Ilse Brandt] met {the prime minister of Lethia} in Vienna.", "CONSULT"),
        ("[Sardal] and {Merrow} held joint naval exercises off the cape.", "COOPERATE"),
        ("[Korvania] has massed troops near {the border with Aldane}.", "MOBILIZE"),
        ("[Thousands of dockers] went on strike against {the port authority}.", "PROTEST"),
        ("[Tehran] denied that it had supplied drones to {Moscow}.", "REJECT"),
        ("[Lethia] vetoed {a resolution on the islands}.", "REJECT"),
        ("[Aldane] urged {Korvania} to withdraw its forces.", "REQUEST"),
        ("[Merrow] expelled {three Korvanian diplomats}.", "SANCTION"),
        ("[Merrow] suspended military aid to {Sardal}.", "SANCTION"),
        ("[Lethia] praised {Aldane} for its part in the talks.", "SUPPORT"),
        ("[Korvania] threatened to bomb {Aldane} if the ships sail.", "THREATEN"),
        ("[The rebels] released {the two pilots} on Friday.", "YIELD"),
        ("[Korvania] withdrew its troops from {the valley}.", "YIELD"),
    ],
)
def test_kinds(marked: str, kind: str) -> None:
    assert kind_of(marked).kind == kind


def test_what_is_only_meant_is_of_another_kind() -> None:
    assert kind_of("[Merrow] imposed a curfew in {Ostrey}.").kind == "COERCE"
    assert kind_of("[Merrow] threatened to impose a curfew in {Ostrey}.").kind == "THREATEN"
    assert kind_of("[Merrow] provides aid to {Aldane}.").kind == "AID"
    assert kind_of("[Merrow] will provide aid to {Aldane}.").kind == "AGREE"
    assert kind_of("[Merrow] refused to meet {the envoy of Aldane}.").kind == "REJECT"


def test_scores_are_probabilities_of_all_kinds() -> None:
    found = kind_of("[Merrow] expelled {three Korvanian diplomats}.")
    assert len(found.scores) == len(KINDS)
    assert sum(found.scores) == pytest.approx(1.0)
    assert found.score == max(found.scores) == found.scores[KINDS.index(found.kind)]
    assert found.score > 0.7


def test_nothing_known_is_told_by_the_score() -> None:
    text = "Xyzzy plugh"
    found = get_kind(text, Span(0, len(text)), [], [])
    assert found.score < 0.2


def test_what_stands_outside_the_sentence_counts_nothing() -> None:
    text = "Lethia protested. Sardal bombed the airfield. Aldane fled."
    sentence = Span(18, 45)
    actor, target = Span(18, 24), Span(32, 44)
    alone = get_kind("Sardal bombed the airfield.", Span(0, 27), [Span(0, 6)], [Span(14, 26)])
    assert get_kind(text, sentence, [actor], [target]) == alone
    assert get_kind(text, sentence, [Span(0, 6), actor], [target, Span(46, 52)]) == alone


def test_spans_that_overlap_or_repeat() -> None:
    text = "Sardal bombed the airfield of Ostrey."
    whole = Span(0, len(text))
    for actor, target in (
        ([Span(0, 6), Span(0, 6)], [Span(14, 36), Span(18, 26)]),
        ([whole], [Span(14, 26)]),
        ([Span(14, 26)], [Span(14, 26)]),
        ([Span(6, 7)], [Span(36, 37)]),
    ):
        assert get_kind(text, whole, actor, target).kind in KINDS


@given(
    st.text(max_size=80).filter(bool),
    st.lists(st.tuples(st.integers(0, 90), st.integers(1, 20), st.booleans()), max_size=5),
)
def test_odd_text_never_fails(text: str, marks: list[tuple[int, int, bool]]) -> None:
    spans = [(Span(start, start + length), of_actor) for start, length, of_actor in marks]
    actor = [span for span, of_actor in spans if of_actor]
    target = [span for span, of_actor in spans if not of_actor]
    found = get_kind(text, Span(0, len(text)), actor, target)
    assert found.kind in KINDS
    assert sum(found.scores) == pytest.approx(1.0, abs=1e-4)


def test_features_grow_with_the_words_and_no_faster() -> None:
    text = "Sardal " + "bombed the airfield and " * 20_000
    hashes, strengths = find_features(text, Span(0, len(text)), [Span(0, 6)], [])
    assert len(hashes) < 60
    assert np.linalg.norm(strengths) == pytest.approx(1.0)


def test_forms_of_a_word_and_typographic_marks_are_one() -> None:
    def features(text: str) -> set[int]:
        return set(find_features(text, Span(0, len(text)), [], [])[0].tolist())

    assert features("Sanctions") == features("sanction") == features("SANCTIONED")
    assert features("Merrow's") == features("Merrow’s")


def test_weights_are_written_as_they_are_read(tmp_path: Path) -> None:
    weights = load_weights()
    save_weights(weights, tmp_path / "kinds.npz")
    again = load_weights(tmp_path / "kinds.npz")
    text = "Sardal bombed the airfield."
    asked = (text, Span(0, len(text)), [Span(0, 6)], [Span(14, 26)])
    assert get_kind(*asked, weights=again) == get_kind(*asked)
    assert (tmp_path / "kinds.npz").stat().st_size < 2_000_000
    assert bool((np.diff(weights.hashes.astype(np.int64)) > 0).all())
