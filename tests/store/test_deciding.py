"""People's decisions: what they change, that they change nothing that is stored, and that they outlast re-reading."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

import pytest

from onrecord.errors import NotFound, UsageError
from onrecord.ledger import Ledger
from onrecord.model import (
    ActType,
    Attribution,
    DecisionKind,
    Document,
    Outcome,
    PartyKind,
    Question,
    Reading,
    Span,
    Stance,
    Status,
    attribution_id,
)
from samples import failed_reading, sample_reading
from tests.store.histories import Clock
from tests.store.oracle import key_of
from tests.store.world import IRAN, RUNS, Deed, Number, Said, Time, Who, compose, text_of

MAAT, MAT = Who("Joris Maat"), Who("Joris Mat")
URL = "https://a.example/one"


def add(ledger: Ledger, *several: Reading) -> None:
    list(ledger.add(several, is_live=True))


def found(ledger: Ledger, **asked: object) -> list[str]:
    return [claim.content for claim in ledger.find_claims(Question(**asked))]


def reread(ledger: Ledger, *readings: Reading) -> list[Outcome]:
    """Reads everything again, as these readings have it."""
    made = {reading.document: reading for reading in readings}

    class Reader:
        run = readings[0].run

        def read(self, document: Document, *, read_on: str = "") -> Reading:
            return made[document]

    return [added.outcome for added in ledger.reread(load_reader=lambda *, threads=None: Reader())]


def one(content: str = "ten drones came down by the quay", url: str = URL, **taken: object) -> Reading:
    return compose(Said([[content]], **({"who": MAAT} | taken)), url=url)


def claim_of(reading: Reading) -> str:
    return reading.attributions[0].id


# --- correcting ------------------------------------------------------------------------------------------------------


def test_a_correction_is_what_counts_and_changes_no_record(ledger: Ledger, clock: Clock) -> None:
    reading = one()
    (added,) = ledger.add([reading])
    record = next(line for line in ledger.export() if b'"record":{' in line)
    clock.now += timedelta(days=1)
    decision = ledger.correct(claim_of(reading), "stance", "deny", why="the verb was misread")
    assert found(ledger, stance=(Stance.DENY,)) == found(ledger) == ["ten drones came down by the quay"]
    assert found(ledger, stance=(Stance.ASSERT,)) == []
    assert found(ledger, stance=(Stance.ASSERT,), as_of="2024-01-01") == ["ten drones came down by the quay"]
    claim = ledger.get_claim(claim_of(reading))
    assert (claim.attribution.stance, claim.attribution.stance_reason) == (Stance.DENY, "corrected")
    assert claim.entry.decisions == (decision,)
    assert (decision.who, decision.at, decision.why) == ("Mila", "2024-01-02T00:00:00.000000Z", "the verb was misread")
    (said,) = (one for one in reading.attributions if one.id == claim.id)
    assert (decision.document, decision.words) == (added.document, (*said.source, *said.cue, *said.content))
    assert record in list(ledger.export())
    assert [change.what for change in ledger.find_history(claim.id)] == ["recorded", "corrected"]
    assert list(ledger.verify(deep=True)) == []


def test_every_field_can_be_corrected(ledger: Ledger) -> None:
    things = [
        Time("Monday", "2022-11-07"),
        Deed("supplied"),
        Number("Four", 4, 4, counted="drones"),
        Who("Tehran", body=IRAN),
    ]
    reading = compose(Said([things], who=MAAT), url=URL)
    add(ledger, reading)
    claim = claim_of(reading)
    for field, value in {
        "stance": "call_for",
        "said_on": "2022-11-01/2022-11-03",
        "party": "tehran",
        "act.1.status": "under-way",
        "act.1.type": "attack",
        "act.1.kind": "ASSAULT",
        "act.1.mode": "",
        "figure.1.low": "3",
        "figure.1.high": "",
        "figure.1.modifier": "at least",
        "figure.1.unit": "km",
        "figure.1.scope": "a stock",
    }.items():
        ledger.correct(claim, field, value, why="checked")
    held = ledger.get_claim(claim)
    assert (held.attribution.stance, held.attribution.said_on) == (Stance.CALL_FOR, "2022-11-01/2022-11-03")
    assert held.party is not None
    assert held.party.name == "Tehran"
    (act,), (figure,) = held.acts, held.figures
    assert (act.status, act.type, act.kind) == (Status.UNDER_WAY, ActType.ATTACK, "ASSAULT")
    assert (figure.low, figure.high, figure.modifier, figure.unit, figure.scope) == (
        3,
        None,
        "at least",
        "km",
        "a stock",
    )
    for asked in (
        {"stance": (Stance.CALL_FOR,)},
        {"said_after": "2022-10-31", "said_before": "2022-11-04"},
        {"party": "Tehran", "only_itself": True},
        {"act": "ASSAULT", "status": (Status.UNDER_WAY,), "acted_after": "2022-11-06"},
        {"figure": "km", "at_least": 1000},
    ):
        assert len(found(ledger, **asked)) == 1, asked
    for asked in ({"party": "Joris Maat"}, {"act": "AID"}, {"at_most": 2}, {"status": (Status.DONE,)}):
        assert found(ledger, **asked) == [], asked
    assert list(ledger.verify(deep=True)) == []


def test_the_last_of_two_corrections_holds(ledger: Ledger) -> None:
    reading = one()
    add(ledger, reading)
    first = ledger.correct(claim_of(reading), "stance", "deny", why="so")
    second = ledger.correct(claim_of(reading), "stance", "fear", why="or so")
    assert len(found(ledger, stance=(Stance.FEAR,))) == 1
    ledger.undo(second.id, why="no")
    assert len(found(ledger, stance=(Stance.DENY,))) == 1
    ledger.undo(first.id, why="no")
    assert len(found(ledger, stance=(Stance.ASSERT,))) == 1


def test_what_cannot_be_corrected_is_refused(ledger: Ledger) -> None:
    reading = compose(Said([[Number("Four", 4, 4, counted="drones")]], who=MAAT), url=URL)
    add(ledger, reading)
    claim = claim_of(reading)
    for field, value, message in (
        ("stance", "lie", "stance cannot be 'lie'; write one of: assert, report"),
        ("said_on", "yesterday", "said_on cannot be 'yesterday'; write a date like 2022-11-05"),
        ("party", "Nobody", "the ledger knows no party called 'Nobody'"),
        ("content", "x", "'content' is nothing that can be corrected here; these can: stance, said_on, party"),
        ("figure.1.low", "five", "low cannot be 'five'; write a number, or nothing"),
        ("figure.1.low", "nan", "low cannot be 'nan'"),
        ("figure.1.high", "inf", "high cannot be 'inf'"),
        ("figure.1.low", "5", "low cannot be '5'"),
        ("figure.2.low", "5", "'figure.2.low' is no field of this claim; it has no acts and figure.1 to figure.1"),
        ("figure.0.low", "5", "is no field of this claim"),
        ("figure.٣.low", "5", "is no field of this claim"),
        ("figure.low", "5", "is no field of this claim"),
        ("act.1.status", "done", "is no field of this claim"),
        ("stance.", "x", "is no field of this claim"),
        ("", "x", "'' is nothing that can be corrected here"),
    ):
        with pytest.raises((UsageError, NotFound)) as refused:
            ledger.correct(claim, field, value, why="so")
        assert message in str(refused.value), field
    for why in ("", "  ", "half a \ud800", "with \0"):
        with pytest.raises(UsageError, match="reason"):
            ledger.correct(claim, "stance", "deny", why=why)
    assert ledger.get_head()[0] == 1


# --- corrections and later readings ----------------------------------------------------------------------------------


def moved(reading: Reading, by: int, **changed: object) -> Reading:
    """What another run makes of the same text: its first claim begins some characters later, or ends earlier."""
    claim = reading.attributions[0]
    (span,) = claim.content
    content = (Span(span.start + max(by, 0), span.end + min(by, 0)),)
    document = reading.document.id
    other = dataclasses.replace(
        claim, content=content, id=attribution_id(document, claim.source, claim.cue, content), **changed
    )
    return dataclasses.replace(reading, attributions=(other, *reading.attributions[1:]), run=RUNS[1], acts=())


def test_a_correction_is_applied_again_after_rereading(ledger: Ledger) -> None:
    reading = one()
    add(ledger, reading)
    ledger.correct(claim_of(reading), "stance", "deny", why="so")
    again = dataclasses.replace(
        reading, run=RUNS[1], attributions=(dataclasses.replace(reading.attributions[0], stance=Stance.FEAR),)
    )
    assert reread(ledger, again) == [Outcome.READ_AGAIN]
    (claim,) = ledger.find_claims(Question(stance=(Stance.DENY,)))
    assert claim.entry.reading.run == RUNS[1]
    assert list(ledger.find_orphans()) == []
    assert [c.what for c in ledger.find_history(claim.id)] == ["recorded", "corrected", "read again"]


@pytest.mark.parametrize(("by", "fits"), [(0, True), (4, True), (-5, True), (15, False), (-17, False)])
def test_a_correction_follows_words_that_moved_a_little(ledger: Ledger, by: int, fits: bool) -> None:
    content = "ten drones came down by the quay"
    reading = one(content)
    add(ledger, reading)
    decision = ledger.correct(claim_of(reading), "stance", "deny", why="so")
    reread(ledger, moved(reading, by))
    stances = [claim.attribution.stance for claim in ledger.find_claims()]
    assert stances == [Stance.DENY if fits else Stance.ASSERT]
    orphans = list(ledger.find_orphans())
    assert [orphan for orphan, _ in orphans] == ([] if fits else [decision])
    assert list(ledger.verify(deep=True)) == []


def test_an_orphan_finds_its_claim_again(ledger: Ledger) -> None:
    reading = one()
    add(ledger, reading)
    decision = ledger.correct(claim_of(reading), "stance", "deny", why="so")
    none = dataclasses.replace(reading, attributions=(), run=RUNS[1])
    reread(ledger, none)
    ((orphan, entry),) = ledger.find_orphans()
    assert orphan == decision
    assert not ledger.get_entry(entry).reading.attributions
    reread(ledger, dataclasses.replace(reading, run=dataclasses.replace(RUNS[0], version="2.0")))
    assert len(found(ledger, stance=(Stance.DENY,))) == 1
    assert list(ledger.find_orphans()) == []


def test_a_correction_of_an_act_or_a_figure_follows_its_words(ledger: Ledger) -> None:
    things = [Number("Four", 4, 4, counted="drones"), Deed("supplied")]
    reading = compose(Said([things], who=MAAT), url=URL)
    add(ledger, reading)
    ledger.correct(claim_of(reading), "figure.1.low", "2", why="so")
    ledger.correct(claim_of(reading), "act.1.status", "denied", why="so")
    (figure,), (act,) = reading.figures, reading.acts
    wider = Span(figure.span.start, figure.span.end - 1)
    again = dataclasses.replace(
        reading,
        run=RUNS[1],
        figures=(dataclasses.replace(figure, span=wider, counted=None),),
        acts=(dataclasses.replace(act, status=Status.ALLEGED),),
    )
    reread(ledger, again)
    assert len(found(ledger, at_most=2)) == 1
    assert len(found(ledger, status=(Status.DENIED,))) == 1
    reread(ledger, dataclasses.replace(again, run=dataclasses.replace(RUNS[0], version="2.0"), figures=(), acts=()))
    assert {orphan.field for orphan, _ in ledger.find_orphans()} == {"figure.low", "act.status"}


def test_a_correction_that_fits_no_longer_is_an_orphan(ledger: Ledger) -> None:
    reading = compose(Said([[Number("Four", 4, 4, counted="drones")]], who=MAAT), url=URL)
    add(ledger, reading)
    high = ledger.correct(claim_of(reading), "figure.1.high", "9", why="so")
    low = ledger.correct(claim_of(reading), "figure.1.low", "7", why="so")
    assert len(found(ledger, at_least=6)) == 1
    ledger.undo(high.id, why="no")
    assert [orphan for orphan, _ in ledger.find_orphans()] == [low]  # 7 to 4 is no range
    assert len(found(ledger, at_most=4)) == 1
    assert list(ledger.verify(deep=True)) == []


def test_a_correction_does_not_go_over_to_other_words(ledger: Ledger) -> None:
    first, second = one(), one("ten drones came down by the quays")
    add(ledger, first)
    decision = ledger.correct(claim_of(first), "stance", "deny", why="so")
    (added,) = ledger.add([second], is_live=True)
    assert added.left_behind == (decision,)
    assert list(ledger.find_orphans()) == [(decision, added.entry)]
    assert found(ledger, stance=(Stance.DENY,)) == []
    (added,) = ledger.add([first], is_live=True)
    assert added.left_behind == ()
    assert len(found(ledger, stance=(Stance.DENY,))) == 1


QUAY, SHED = "ten drones came down by the quay", "a shed burnt"


def two_versions(*before: Said, after: Sequence[Said] = ()) -> tuple[Reading, Reading]:
    """A page that says something, and says it again with something before and after it."""
    return compose(*before, url=URL), compose(Said([["it began"]], who=MAT), *before, *after, url=URL)


def test_corrections_go_over_to_the_same_words_in_a_later_version(ledger: Ledger) -> None:
    things = [Number("Four", 4, 4, counted="drones"), Deed("supplied")]
    first, second = two_versions(Said([things], who=MAAT), after=[Said([[SHED]], who=MAAT)])
    add(ledger, first)
    decisions = [
        ledger.correct(claim_of(first), field, value, why="so")
        for field, value in (("stance", "deny"), ("figure.1.low", "2"), ("act.1.status", "denied"), ("party", ""))
    ]
    (added,) = ledger.add([second])
    assert added.left_behind == ()
    (claim,) = ledger.find_claims(Question(stance=(Stance.DENY,), status=(Status.DENIED,), at_most=2))
    assert claim.document == second.document
    assert claim.party is None
    assert claim.entry.decisions == tuple(decisions)
    assert claim.entry.corrected[claim.id] == (decisions[0], decisions[3])
    assert {one for several in claim.entry.corrected.values() for one in several} == set(decisions)
    assert list(ledger.find_orphans()) == [] == list(ledger.verify(deep=True))
    ledger.undo(decisions[0].id, why="it was right")  # of the former version; it counts here, too
    assert found(ledger, stance=(Stance.DENY,)) == []
    late = ledger.correct(claim_of(first), "stance", "fear", why="so")
    (claim,) = ledger.find_claims(Question(stance=(Stance.FEAR,)))
    assert claim.document == second.document
    assert late in claim.entry.decisions
    assert list(ledger.verify(deep=True)) == []


def test_a_correction_of_what_is_said_twice_stays_with_its_version(ledger: Ledger) -> None:
    first, second = two_versions(Said([[QUAY]], who=MAAT), after=[Said([[QUAY]], who=MAAT)])
    add(ledger, first)
    decision = ledger.correct(claim_of(first), "stance", "deny", why="so")
    (added,) = ledger.add([second])
    assert added.left_behind == (decision,)
    assert found(ledger, stance=(Stance.DENY,)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("200 people came by the quay", "1200 people came by the quay"),
        ("Nothing came in 2022.", "Nothing came in 2022.5 tonnes."),
        ("The quay had been closed", "The quay had been closed by mistake"),
        ("He said so. They fear it.", "They fear it. He said so. They fear it."),
    ],
)
def test_a_correction_does_not_go_over_to_a_sentence_that_only_holds_the_words(
    ledger: Ledger, before: str, after: str
) -> None:
    first, second = (text_of(text, words, url=URL) for text, words in ((before, before), (after, after)))
    add(ledger, first)
    decision = ledger.correct(first.attributions[0].id, "stance", "deny", why="so")
    (added,) = ledger.add([second])
    assert added.left_behind == (decision,)
    assert found(ledger, stance=(Stance.DENY,)) == []


def test_what_is_said_in_another_order_takes_no_correction_with_it(ledger: Ledger) -> None:
    (one_way, other_way) = (Said([[QUAY]], who=MAAT), Said([[QUAY]], who=Who("Ana Relvas")))
    first = compose(one_way, Said([[SHED]]), other_way, url=URL)
    second = compose(other_way, Said([[SHED]]), one_way, url=URL)
    add(ledger, first)
    ledger.correct(first.attributions[0].id, "stance", "deny", why="so")
    add(ledger, second)
    denied = [claim.party and claim.party.name for claim in ledger.find_claims(Question(stance=(Stance.DENY,)))]
    assert denied == ["Joris Maat"]


def test_a_party_that_was_split_off_is_another_in_later_versions(ledger: Ledger) -> None:
    first, second = two_versions(Said([[QUAY]], who=MAAT))
    assert first.document
    assert second.document
    add(ledger, first)
    ledger.split("Joris Maat", [first.document.id], "Joris Maat the younger", why="his son")
    add(ledger, second)
    assert found(ledger, party="Joris Maat the younger") == [QUAY]
    assert list(ledger.verify(deep=True)) == []


def test_a_retraction_is_left_behind_and_said(ledger: Ledger) -> None:
    first, second = two_versions(Said([[QUAY]], who=MAAT))
    assert first.document
    add(ledger, first)
    decision = ledger.retract(first.document.id, why="a hoax")
    (added,) = ledger.add([second])
    assert added.left_behind == (decision,)
    assert list(ledger.find_orphans()) == [(decision, added.entry)]


def test_a_claim_that_counts_no_more_points_to_what_it_is_now(ledger: Ledger) -> None:
    first, second = two_versions(Said([[QUAY]], who=MAAT), Said([[SHED]], who=MAAT))
    add(ledger, first)
    assert ledger.find_successor(ledger.get_claim(claim_of(first))) == ""
    add(ledger, second)
    assert ledger.find_successor(ledger.get_claim(claim_of(first))) == second.attributions[1].id
    add(ledger, compose(Said([[SHED]], who=MAAT), url=URL))
    assert ledger.find_successor(ledger.get_claim(claim_of(first))) == ""


# --- who speaks ------------------------------------------------------------------------------------------------------


def test_a_claim_can_be_given_to_somebody_new_or_to_nobody(ledger: Ledger) -> None:
    reading = one()
    add(ledger, reading)
    decision = ledger.correct(claim_of(reading), "party", "Elka Dorn", why="she signed it", is_new=True)
    assert decision.value == "Elka Dorn"
    assert found(ledger, party="elka dorn") == [QUAY]
    assert found(ledger, party="Joris Maat") == []
    (claim,) = ledger.find_claims()
    assert claim.party
    assert (claim.party.name, claim.party.kind) == ("Elka Dorn", PartyKind.UNKNOWN)
    assert list(ledger.verify(deep=True)) == []
    with pytest.raises(UsageError, match="nobody new; the ledger knows Elka Dorn"):
        ledger.correct(claim_of(reading), "party", "ELKA DORN", why="she signed it", is_new=True)
    for name in ("", "…", "0123456789abcdef"):
        with pytest.raises(UsageError, match="no name of a party"):
            ledger.correct(claim_of(reading), "party", name, why="so", is_new=True)
    with pytest.raises(UsageError, match="only a party is"):
        ledger.correct(claim_of(reading), "stance", "deny", why="so", is_new=True)
    ledger.correct(claim_of(reading), "party", "", why="she did not")
    (claim,) = ledger.find_claims()
    assert claim.party is None
    assert found(ledger, party="elka dorn") == []
    assert list(ledger.verify(deep=True)) == []


def test_who_speaks_for_whom_can_be_said(ledger: Ledger, clock: Clock) -> None:
    add(ledger, one(), one("about", URL + "/2", who=Who("Ana")), one("we", URL + "/3", who=Who("the Union")))
    clock.now += timedelta(days=1)
    decision = ledger.speaks("Joris Maat", "the Union", why="its secretary since May")
    assert (decision.subject, decision.value) == (key_of("Joris Maat"), key_of("the Union"))
    assert sorted(found(ledger, party="the Union")) == [QUAY, "we"]
    assert found(ledger, party="the Union", only_itself=True) == ["we"]
    assert found(ledger, party="the Union", as_of="2024-01-01") == ["we"]
    ledger.merge("Ana", "Joris Maat", why="one and the same")
    assert sorted(found(ledger, party="the Union")) == ["about", QUAY, "we"]
    with pytest.raises(UsageError, match="speaks for itself"):
        ledger.speaks("Ana", "Joris Maat", why="so")
    ledger.undo(decision.id, why="she left")
    assert found(ledger, party="the Union") == ["we"]
    assert list(ledger.verify(deep=True)) == []


# --- merging and splitting -------------------------------------------------------------------------------------------


def test_merged_parties_are_one_under_every_name(ledger: Ledger, clock: Clock) -> None:
    add(ledger, one(), one("no", URL + "/2", who=MAT), one("about", URL + "/3", who=Who("Ana")))
    clock.now += timedelta(days=1)
    decision = ledger.merge("Joris Mat", "joris maat", why="a slip of the typesetter")
    assert (decision.subject, decision.value) == (key_of("Joris Mat"), key_of("Joris Maat"))
    for name in ("Joris Mat", "joris maat", key_of("Joris Mat")):
        assert sorted(found(ledger, party=name)) == ["no", "ten drones came down by the quay"]
        assert [party.name for party in ledger.find_parties(name)] == ["Joris Maat"]
    assert {claim.party.name for claim in ledger.find_claims() if claim.party} == {"Joris Maat", "Ana"}
    assert found(ledger, party="Joris Mat", as_of="2024-01-01") == ["no"]
    ledger.undo(decision.id, why="they are cousins")
    assert found(ledger, party="Joris Mat") == ["no"]
    assert list(ledger.verify(deep=True)) == []


def test_chains_of_mergers_end_in_one_party(ledger: Ledger) -> None:
    names = ["A One", "B Two", "C Three", "D Four"]
    add(ledger, *(one(name, f"{URL}/{name}", who=Who(name)) for name in names))
    ledger.merge("A One", "B Two", why="so")
    middle = ledger.merge("B Two", "C Three", why="so")
    ledger.merge("D Four", "A One", why="so")
    assert len(found(ledger, party="D Four")) == 4
    with pytest.raises(UsageError, match=f"C Three \\({key_of('C Three')}\\) is the same party already"):
        ledger.merge("C Three", "A One", why="so")
    ledger.undo(middle.id, why="so")
    assert sorted(found(ledger, party="A One")) == ["A One", "B Two"]
    assert sorted(found(ledger, party="C Three")) == ["C Three", "D Four"]


def test_who_speaks_for_a_merged_body_is_found(ledger: Ledger) -> None:
    speaker = Who("Spokesman", is_named=False, body="Goverment of Iran")
    add(ledger, one(who=Who("Tehran", body=IRAN, is_body=True)), one("no", URL + "/2", who=speaker))
    ledger.merge("Goverment of Iran", IRAN, why="a slip")
    assert sorted(found(ledger, party=IRAN)) == ["no", "ten drones came down by the quay"]
    assert found(ledger, party=IRAN, only_itself=True) == ["ten drones came down by the quay"]


def test_a_party_that_is_split_off_is_another_in_that_document_alone(ledger: Ledger) -> None:
    second = one("no", URL + "/2")
    add(ledger, one(), second)
    (decision,) = ledger.split("Joris Maat", [second.document.id], "Joris Maat (the younger)", why="his son")
    assert found(ledger, party="Joris Maat (the younger)") == ["no"]
    assert found(ledger, party=key_of("Joris Maat")) == ["ten drones came down by the quay"]
    assert len(ledger.find_parties("Joris Maat")) == 2  # both are called so
    reread(ledger, dataclasses.replace(second, run=RUNS[1]), dataclasses.replace(one(), run=RUNS[1]))
    assert found(ledger, party="Joris Maat (the younger)") == ["no"]
    ledger.undo(decision.id, why="not his son")
    assert len(found(ledger, party=key_of("Joris Maat"))) == 2
    assert list(ledger.verify(deep=True)) == []


def test_parties_are_merged_and_split_only_where_that_makes_sense(ledger: Ledger) -> None:
    other = one("no", URL + "/2", who=Who("Ana"))
    ministry = Who("Ministry", body="Government of Aldane"), Who("Ministry", body="Government of Merrow", is_body=True)
    add(ledger, one(), other, *(one("x", f"{URL}/{who.body}", who=who) for who in ministry))
    document = other.document.id
    with pytest.raises(UsageError, match=f"Joris Maat does not occur in document {document}"):
        ledger.split("Joris Maat", [document], "Another", why="so")
    with pytest.raises(UsageError, match="the party that is split off needs a name"):
        ledger.split("Ana", [document], " ", why="so")
    with pytest.raises(NotFound, match=f"{key_of('Ana')} is a party, and a document is asked for"):
        ledger.split("Ana", [key_of("Ana")], "Another", why="so")
    with pytest.raises(NotFound, match="'Ministry' may mean several parties; give the id of one: Government of Merrow"):
        ledger.merge("Ministry", "Ana", why="so")
    with pytest.raises(NotFound, match="called 'Nobody'"):
        ledger.merge("Ana", "Nobody", why="so")
    assert list(ledger.find_decisions()) == []


# --- retracting ------------------------------------------------------------------------------------------------------


def test_a_retracted_document_counts_no_more_nor_do_its_later_readings(ledger: Ledger) -> None:
    reading = one()
    add(ledger, reading, one("no", URL + "/2"))
    decision = ledger.retract(reading.document.id, why="the paper withdrew it")
    assert found(ledger) == ["no"]
    assert found(ledger, superseded=True) == ["ten drones came down by the quay"]
    assert not ledger.get_entry(reading.document.id).is_current
    assert ledger.get_claim(claim_of(reading)).is_current is False
    add(ledger, dataclasses.replace(reading, run=RUNS[1]))
    assert found(ledger) == ["no"]
    ledger.undo(decision.id, why="it stands by it")
    (claim,) = ledger.find_claims(Question(words="drones"))
    assert claim.entry.reading.run == RUNS[1]  # the latest of its readings
    assert list(ledger.verify(deep=True)) == []


def test_of_a_retracted_reading_the_one_before_counts_again(ledger: Ledger) -> None:
    first = one()
    second = dataclasses.replace(first, run=RUNS[1], attributions=())
    added = list(ledger.add([first, second]))
    assert found(ledger) == []
    ledger.retract(added[1].entry, why="it read nothing")
    assert len(found(ledger)) == 1
    decision = ledger.retract(added[0].entry, why="nor that")
    assert found(ledger) == []
    ledger.undo(decision.id, why="that was right")
    assert [claim.entry.id for claim in ledger.find_claims()] == [added[0].entry]
    assert list(ledger.verify(deep=True)) == []


def test_a_new_version_of_a_retracted_page_counts(ledger: Ledger) -> None:
    first, second = one(), one("nine drones came down")
    add(ledger, first)
    ledger.retract(first.document.id, why="withdrawn")
    add(ledger, second)
    assert found(ledger) == ["nine drones came down"]
    add(ledger, first)
    assert found(ledger) == []  # it is still withdrawn
    assert list(ledger.verify(deep=True)) == []


def test_what_can_be_retracted_is_a_document_or_a_reading(ledger: Ledger) -> None:
    (failed,) = ledger.add([failed_reading()])
    add(ledger, one())
    with pytest.raises(UsageError, match="is an input that could not be read; there is nothing to retract"):
        ledger.retract(failed.entry, why="so")
    with pytest.raises(UsageError, match=r"is a claim; what can be retracted is a document or a reading"):
        ledger.retract(claim_of(one()), why="so")


# --- notes, and undoing ----------------------------------------------------------------------------------------------


def test_a_note_stands_beside_anything(ledger: Ledger) -> None:
    (added,) = ledger.add([one()])
    things = [claim_of(one()), added.document, added.entry, key_of("Joris Maat")]
    for identity in things:
        note = ledger.note(identity[:9], "call them\nagain")
        assert list(ledger.find_decisions(identity)) == [note]
        assert (note.kind, note.why) == (DecisionKind.NOTE, "call them\nagain")
    on_note = ledger.note(note.id, "done")
    assert [one.id for one in ledger.find_decisions()][-1] == on_note.id
    assert found(ledger) == ["ten drones came down by the quay"]
    assert note.id not in {decision.id for decision in ledger.get_entry(added.document).decisions}
    with pytest.raises(UsageError, match="the note is empty"):
        ledger.note(things[0], " \n")


def test_undoing_can_be_undone(ledger: Ledger) -> None:
    reading = one()
    add(ledger, reading)
    decision = ledger.correct(claim_of(reading), "stance", "deny", why="so")
    last, expected = decision, Stance.DENY
    for _ in range(4):
        assert ledger.get_claim(claim_of(reading)).attribution.stance is expected
        last = ledger.undo(last.id[:10], why="on second thoughts")
        expected = Stance.ASSERT if expected is Stance.DENY else Stance.DENY
    assert ledger.get_claim(claim_of(reading)).attribution.stance is expected
    assert len(list(ledger.find_decisions())) == 5
    assert list(ledger.find_decisions(decision.id)) == [next(iter(list(ledger.find_decisions())[1:]))]
    assert list(ledger.verify(deep=True)) == []


def test_what_is_undone_twice_takes_both_back_to_hold_again(ledger: Ledger) -> None:
    reading = one()
    add(ledger, reading)
    decision = ledger.correct(claim_of(reading), "stance", "deny", why="so")
    first = ledger.undo(decision.id, why="no")
    second = ledger.undo(decision.id, why="no, no")
    ledger.undo(first.id, why="well")
    assert len(found(ledger, stance=(Stance.ASSERT,))) == 1
    ledger.undo(second.id, why="well")
    assert len(found(ledger, stance=(Stance.DENY,))) == 1


def test_what_is_decided_twice_in_one_moment_is_one_decision(ledger: Ledger, clock: Clock) -> None:
    add(ledger, one())
    first, second = (ledger.note(claim_of(one()), "call them") for _ in range(2))
    assert first == second
    assert list(ledger.find_decisions()) == [first]
    clock.now += timedelta(microseconds=1)
    assert ledger.note(claim_of(one()), "call them") != first
    assert list(ledger.verify()) == []


def test_decisions_come_in_order_however_many(ledger: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.store.finding._BATCH", 3)
    add(ledger, one())
    notes = []
    for number in range(12):
        clock.now += timedelta(seconds=1)
        notes.append(ledger.note(claim_of(one()) if number % 2 else key_of("Joris Maat"), f"note {number}"))
    assert list(ledger.find_decisions()) == notes
    assert list(ledger.find_decisions(key_of("Joris Maat"))) == notes[::2]


# --- history, runs, versions -----------------------------------------------------------------------------------------


def test_a_history_says_who_did_what_when(where: str, ledger: Ledger, clock: Clock) -> None:
    reading = one()
    (added,) = ledger.add([reading])
    with Ledger(where, who="Joris", clock=clock) as other:
        clock.now += timedelta(hours=1)
        corrected = other.correct(claim_of(reading), "stance", "deny", why="so")
        clock.now += timedelta(hours=1)
        undone = other.undo(corrected.id, why="no")
        clock.now += timedelta(hours=1)
        retracted = other.retract(reading.document.id, why="withdrawn")
    history = [
        (change.at[11:13], change.who, change.what, change.by) for change in ledger.find_history(claim_of(reading))
    ]
    assert history == [
        ("00", "Mila", "recorded", added.entry),
        ("01", "Joris", "corrected", corrected.id),
        ("02", "Joris", "a decision undone", undone.id),
        ("03", "Joris", "retracted", retracted.id),
    ]


def test_two_runs_are_compared_on_what_both_have_read(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.store.finding._BATCH", 4)
    many = [compose(Said([["a word"]]), Said([["two words"]]), url=f"{URL}/{number}") for number in range(12)]
    other = dataclasses.replace(RUNS[1], settings=("as_is=true",))
    again = [
        dataclasses.replace(
            reading, run=other, attributions=(dataclasses.replace(reading.attributions[0], stance=Stance.DENY),)
        )
        for reading in many[1:]
    ]
    add(ledger, *many, *again)
    ledger.correct(claim_of(many[1]), "stance", "fear", why="people are not runs")
    compared = list(ledger.compare_runs("1.0", "small@2222"))
    assert [one.reading.document for one, _, _ in compared] == [reading.document for reading in many[1:]]
    for former, latter, changes in compared:
        kept, lost = former.reading.attributions
        assert (kept.stance, latter.reading.attributions[0].stance) == (Stance.ASSERT, Stance.DENY)
        assert (changes.same, changes.changed) == ((), ((kept.id, kept.id),))
        assert (changes.appeared, changes.vanished) == ((), (lost.id,))
    first, second = (held.id for held in ledger.find_runs())
    assert len(list(ledger.compare_runs(second[:6], first))) == 11
    for named, message in (("3.0", "names no run"), ("", "names several runs"), ("2222", "names several runs")):
        add(ledger, dataclasses.replace(one(), run=dataclasses.replace(RUNS[1], model="large@2222")))
        with pytest.raises(NotFound, match=message):
            list(ledger.compare_runs(named, first))


def test_a_kind_of_party_and_its_country_are_kept_as_first_met(ledger: Ledger) -> None:
    first = Who("Tehran", PartyKind.GOVERNMENT, body=IRAN, country="IR", is_body=True)
    add(ledger, one(who=first), one("no", URL + "/2", who=Who(IRAN, PartyKind.ORGANIZATION)))
    (party,) = ledger.find_parties(IRAN)
    assert (party.kind, party.country, party.name) == (PartyKind.GOVERNMENT, "IR", IRAN)


def test_a_claim_can_be_given_to_a_party_of_another_document(ledger: Ledger) -> None:
    reading = one(who=None)
    add(ledger, reading, one("no", URL + "/2", who=Who("Ana")))
    assert isinstance(reading.attributions[0], Attribution)
    ledger.correct(claim_of(reading), "party", "Ana", why="her voice")
    assert sorted(found(ledger, party="ana")) == ["no", "ten drones came down by the quay"]
    held = ledger.get_claim(claim_of(reading))
    assert held.party is not None
    assert (held.party.name, held.attribution.party_reason) == ("Ana", "corrected")


def test_sample_claims_can_be_decided_on(ledger: Ledger) -> None:
    add(ledger, sample_reading())
    claim = sample_reading().attributions[6]
    ledger.correct(claim.id, "act.1.status", "done", why="they came")
    assert len(found(ledger, act="AID", status=(Status.DONE,))) == 1
    assert list(ledger.verify(deep=True)) == []


def test_what_counts_no_more_is_corrected_in_what_it_is_now_or_not_at_all(ledger: Ledger) -> None:
    first, second = two_versions(Said([[QUAY]], who=MAAT), Said([[SHED]], who=MAAT))
    add(ledger, first, second)
    decision = ledger.correct(claim_of(first), "stance", "fear", why="so")
    assert decision.subject == second.attributions[1].id
    assert found(ledger, stance=(Stance.FEAR,)) == [QUAY]
    add(ledger, compose(Said([[SHED]], who=MAAT), url=URL))
    with pytest.raises(UsageError, match="counts no more, and nothing in its place"):
        ledger.correct(claim_of(first), "stance", "fear", why="so")


def test_in_whose_name_is_shown_as_people_say(ledger: Ledger) -> None:
    spokesman = Who("Ana Relvas", body="Government of Aldane", country="AL")
    add(ledger, one(), one("about", URL + "/2", who=spokesman), one("we", URL + "/3", who=Who("the Union")))

    def bodies() -> dict[str, tuple[str, str] | None]:
        said = {claim.content: claim.speaks_for for claim in ledger.find_claims()}
        return {content: (body.body, body.country) if body else None for content, body in said.items()}

    assert bodies() == {QUAY: None, "about": ("Government of Aldane", "AL"), "we": None}
    ledger.speaks("Joris Maat", "the Union", why="its secretary since May")
    ledger.merge("Government of Aldane", "the Union", why="a translation")
    assert bodies() == {QUAY: ("the Union", ""), "about": ("the Union", ""), "we": None}
    assert list(ledger.verify(deep=True)) == []
