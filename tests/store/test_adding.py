"""Adding: what is new, what is known, what a page says now."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onrecord.errors import LedgerError
from onrecord.ledger import Ledger
from onrecord.model import (
    Added,
    Changes,
    Claim,
    Document,
    Failure,
    Figure,
    Mention,
    MentionKind,
    Modifier,
    Outcome,
    Party,
    PartyKind,
    Question,
    Reading,
    Run,
    Scope,
    Span,
    Stance,
    party_id,
)
from onrecord.store.store import Store, Writing, page_of
from samples import RUN, failed_reading, readings, sample_reading
from tests.store.histories import Clock
from tests.store.world import RUNS, Said, Who, compose, small_readings, text_of

ANY = Question(voice=None)
fixed = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to make an example smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def add(ledger: Ledger, *several: Reading) -> list[Added]:
    return list(ledger.add(several, is_live=True))


def outcomes(added: list[Added]) -> list[str]:
    return [one.outcome.value for one in added]


def said(ledger: Ledger, question: Question = ANY) -> list[str]:
    return [claim.content for claim in ledger.find_claims(question)]


def rows(ledger: Ledger) -> int:
    return ledger.get_head()[0]


def page(*several: Said | str, url: str = "https://a.example/one", run: Run = RUNS[0]) -> Reading:
    claims = [one if isinstance(one, Said) else Said([[one]], who=Who("Ana")) for one in several]
    return compose(*claims, url=url, run=run)


# --- once and again --------------------------------------------------------------------------------------------------


def test_the_same_page_twice_is_one_document(ledger: Ledger, where: str) -> None:
    reading = sample_reading()
    assert outcomes(add(ledger, reading)) == ["new"]
    assert outcomes(add(ledger, reading)) == ["known"]
    with Ledger(where) as other:
        assert outcomes(add(other, reading, reading)) == ["known", "known"]
    assert rows(ledger) == 1
    assert ledger.count_things()["documents"] == 1
    assert ledger.get_entry(reading.document.id).reading == reading


def test_what_is_added_says_what_it_is_and_where(ledger: Ledger) -> None:
    reading = sample_reading()
    (added,) = add(ledger, reading)
    assert added.document == reading.document.id
    assert added.changes is None
    entry = ledger.get_entry(added.entry)
    assert (entry.who, entry.at) == ("Mila", "2024-01-01T00:00:00.000000Z")
    assert entry.is_current
    assert not entry.revises
    assert len(said(ledger)) == len(reading.attributions)


def test_adding_nothing_changes_nothing(ledger: Ledger) -> None:
    assert add(ledger) == []
    assert rows(ledger) == 0
    assert list(ledger.verify()) == []


def test_readings_are_taken_as_they_come(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.ledger.record._MOST_TOGETHER", 2)
    taken = []

    def several() -> object:
        for number in range(6):
            taken.append(number)
            yield page(f"word {number}", url=f"https://a.example/{number}")

            if number == 4:
                assert rows(ledger) == 4  # what came before is recorded, and not held

    assert [one.outcome for one in ledger.add(several())] == [Outcome.NEW] * 6
    assert taken == list(range(6))


# --- versions --------------------------------------------------------------------------------------------------------


def test_a_changed_page_is_a_new_version_of_it(ledger: Ledger, clock: Clock) -> None:
    first = page("ten drones came", "the quay is shut", "nobody was hurt")
    second = page("the quay is shut", "ten drones came down", Said([["a bridge fell"]], stance=Stance.DENY))
    (former,) = add(ledger, first)
    clock.now += timedelta(days=1)
    (latter,) = add(ledger, second)
    assert latter.outcome is Outcome.CHANGED
    old, new = (reading.attributions for reading in (first, second))
    assert latter.changes == Changes(
        same=((old[1].id, new[0].id),),
        changed=((old[0].id, new[1].id),),
        appeared=(new[2].id,),
        vanished=(old[2].id,),
    )
    assert ledger.compare_versions(former.document, latter.document) == latter.changes
    assert ledger.get_entry(latter.document).revises == former.document
    assert not ledger.get_entry(former.document).is_current
    assert ledger.find_versions(former.document) == [
        (former.document, "2024-01-01T00:00:00.000000Z"),
        (latter.document, "2024-01-02T00:00:00.000000Z"),
    ]
    assert sorted(said(ledger)) == ["a bridge fell", "ten drones came down", "the quay is shut"]
    assert sorted(said(ledger, Question(voice=None, superseded=True))) == sorted(
        ["ten drones came", "the quay is shut", "nobody was hurt"]
    )


def test_a_page_can_say_again_what_it_once_said(ledger: Ledger) -> None:
    first, second = page("ten drones came"), page("nine drones came")
    assert outcomes(add(ledger, first, second, first)) == ["new", "changed", "changed"]
    assert said(ledger) == ["ten drones came"]
    assert outcomes(add(ledger, first)) == ["known"]
    assert outcomes(add(ledger, second, second)) == ["changed", "known"]
    assert said(ledger) == ["nine drones came"]
    assert rows(ledger) == 4
    assert ledger.count_things()["readings"] == 2
    assert len(ledger.find_versions(first.document.id)) == 2
    (claim,) = first.attributions
    # It ended and began again in the log, and in its own history.
    assert [change.what for change in ledger.find_history(claim.id)] == [
        "recorded",
        "no longer in its page, as it is read now",
        "recorded again",
        "no longer in its page, as it is read now",
    ]
    assert list(ledger.verify(deep=True)) == []


def test_one_text_at_two_addresses_is_two_documents(ledger: Ledger) -> None:
    several = [page("ten drones came", url=f"https://{host}.example/one") for host in "ab"]
    assert outcomes(add(ledger, *several)) == ["new", "new"]
    assert said(ledger) == ["ten drones came"] * 2


def test_addresses_of_one_page_are_one_page(ledger: Ledger) -> None:
    first, second = page("ten drones came"), page("ten drones came", url="HTTPS://A.example/one?utm_source=x&fbclid=1")
    assert outcomes(add(ledger, first, second)) == ["new", "changed"]
    assert said(ledger) == ["ten drones came"]
    assert len(ledger.find_versions(first.document.id)) == 2


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://a.example", "https://A.EXAMPLE/"),
        ("https://a.example/x?b=2&a=1", "https://a.example/x?b=2&utm_medium=z&a=1"),
        ("https://a.example/x", "https://a.example/x#xtor=RSS-1"),
        ("https://a.example/x?empty=", "https://a.example/x?empty="),
        ("some folder/page.html", "./some folder//page.html"),
    ],
)
def test_what_does_not_name_another_page(url: str, same: str) -> None:
    assert page_of(url) == page_of(same)


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2"),
        ("https://a.example/x", "https://a.example/x/"),
        ("a#1.txt", "a#2.txt"),
        ("https://a.example/live#at_the_border", "https://a.example/live#at_sea"),  # items of one feed
        ("https://[broken", "https://[other"),
    ],
)
def test_what_names_another_page(url: str, other: str) -> None:
    assert page_of(url) != page_of(other)


def test_texts_without_an_address_are_pages_of_their_own(ledger: Ledger) -> None:
    first, second = page("ten drones came", url=""), page("nine drones came", url="")
    assert outcomes(add(ledger, first, second, first)) == ["new", "new", "known"]
    assert sorted(said(ledger)) == ["nine drones came", "ten drones came"]


# --- runs ------------------------------------------------------------------------------------------------------------


def test_a_reading_by_another_run_counts_from_then_on(ledger: Ledger) -> None:
    first = page("ten drones came", "the quay is shut")
    second = dataclasses.replace(
        first, run=RUNS[1], attributions=(dataclasses.replace(first.attributions[0], stance=Stance.DENY),)
    )
    added = add(ledger, first, second)
    assert outcomes(added) == ["new", "read again"]
    kept, lost = (claim.id for claim in first.attributions)
    assert added[1].changes == Changes(same=(), changed=((kept, kept),), appeared=(), vanished=(lost,))
    (claim,) = ledger.find_claims(ANY)
    assert (claim.id, claim.attribution.stance, claim.entry.reading.run) == (kept, Stance.DENY, RUNS[1])
    assert [run.run for run in ledger.find_runs()] == list(RUNS)
    assert [run.readings for run in ledger.find_runs()] == [1, 1]
    # The earlier reading stays, and does not come back by being added again.
    assert ledger.get_entry(added[0].entry).reading == first
    assert outcomes(add(ledger, first)) == ["known"]
    assert [claim.entry.id for claim in ledger.find_claims(ANY)] == [added[1].entry]


def test_rereading_reads_what_another_run_has_read(ledger: Ledger) -> None:
    class Reader:
        run = RUNS[1]

        def read(self, document: Document, *, read_on: str = "") -> Reading:
            assert read_on == "2024-01-01"
            return Reading(document, (), (), self.run)

    several = [page("one word", url=f"https://a.example/{number}", run=RUNS[number % 2]) for number in range(4)]
    several[0] = dataclasses.replace(several[0], run=dataclasses.replace(RUNS[0], settings=("as_is=true",)))
    add(ledger, *several, failed_reading())
    again = list(ledger.reread(load_reader=lambda *, threads=None: Reader()))
    assert [one.document for one in again] == [several[0].document.id, several[2].document.id]
    assert outcomes(again) == ["read again"] * 2
    # What was set for an input is set for it still.
    assert ledger.get_entry(again[0].entry).reading.run == dataclasses.replace(RUNS[1], settings=("as_is=true",))
    assert list(ledger.reread(load_reader=lambda *, threads=None: Reader())) == []
    assert len(said(ledger)) == 2


def test_an_old_version_that_is_read_again_stays_old(where: str, ledger: Ledger) -> None:
    first, second = page("ten drones came"), page("nine drones came")
    again = dataclasses.replace(first, run=RUNS[1])
    add(ledger, first, second)
    store = Store(where)
    (added,) = store.add([again], who="Mila", at=datetime(2024, 1, 2, tzinfo=UTC), verb="reread")
    store.close()
    assert added.outcome is Outcome.READ_AGAIN
    assert said(ledger) == ["nine drones came"]
    assert outcomes(add(ledger, first)) == ["changed"]
    # Now that its page says it again, the latest reading of it counts.
    assert [claim.entry.id for claim in ledger.find_claims(ANY)] == [added.entry]
    assert list(ledger.verify(deep=True)) == []


# --- failures --------------------------------------------------------------------------------------------------------


def test_a_failure_is_recorded_once(ledger: Ledger, where: str) -> None:
    failed = failed_reading()
    other = dataclasses.replace(failed, failures=(Failure("other.txt", "it is empty"),))
    added = add(ledger, failed, failed, other)
    assert outcomes(added) == ["failed"] * 3
    assert added[0].entry == added[1].entry
    assert {one.document for one in added} == {""}
    with Ledger(where) as again:
        add(again, failed)
    assert rows(ledger) == 2
    assert ledger.get_entry(added[0].entry).reading == failed
    assert said(ledger) == []
    assert list(ledger.verify(deep=True)) == []


def test_a_failure_beside_a_document_is_kept_with_it(ledger: Ledger) -> None:
    reading = dataclasses.replace(sample_reading(), failures=(Failure("x", "breaks off"),))
    (added,) = add(ledger, reading)
    assert ledger.get_entry(added.entry).reading.failures == reading.failures


# --- batches ---------------------------------------------------------------------------------------------------------


def test_a_batch_may_hold_the_same_several_times(ledger: Ledger) -> None:
    first, second = page("ten drones came"), page("nine drones came")
    third = dataclasses.replace(second, run=RUNS[1])
    failed = failed_reading()
    several = [first, first, second, failed, third, failed, second, first, first]
    expected = ["new", "known", "changed", "failed", "read again", "failed", "known", "changed", "known"]
    assert outcomes(add(ledger, *several)) == expected
    assert said(ledger) == ["ten drones came"]
    assert rows(ledger) == 5
    assert list(ledger.verify(deep=True)) == []


@fixed
@given(several=st.lists(small_readings(), min_size=2, max_size=6), data=st.data())
def test_how_readings_are_batched_makes_no_difference(
    new_place: Callable[[], str], several: list[Reading], data: st.DataObject
) -> None:
    several += [several[at] for at in data.draw(st.lists(st.integers(0, len(several) - 1), max_size=4))]
    cut = data.draw(st.integers(1, len(several) - 1))
    made = []
    for batches in ([several], [several[:cut], several[cut:]], [[reading] for reading in several]):
        with Ledger(new_place(), create=True, who="Mila", clock=Clock()) as ledger:
            added = [one for batch in batches for one in ledger.add(batch)]
            answer = [(claim.id, claim.entry.id) for claim in ledger.find_claims(ANY)]
            made.append((added, answer, list(ledger.export())))
    assert made[0] == made[1] == made[2]


def test_a_batch_that_fails_leaves_nothing_behind(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = page("ten drones came"), compose(Said([["no"]], who=Who("Joris Maat")), url="https://a.example/two")
    add(ledger, first)
    with monkeypatch.context() as patched:

        def fail(writing: Writing) -> None:
            writing.flush()
            raise ZeroDivisionError

        patched.setattr(Writing, "finish", fail)
        with pytest.raises(ZeroDivisionError):
            add(ledger, page("nine drones came"), second)
    assert said(ledger) == ["ten drones came"]
    assert rows(ledger) == 1
    # Nor does it believe that the names it did not record are there.
    assert outcomes(add(ledger, second)) == ["new"]
    assert said(ledger, Question(party="Joris Maat")) == ["no"]
    assert list(ledger.verify(deep=True)) == []


def test_a_clock_that_is_set_back_does_not_change_the_past(ledger: Ledger, clock: Clock) -> None:
    add(ledger, page("ten drones came"))
    held = Question(voice=None, as_of=clock.now.isoformat())
    clock.now -= timedelta(days=30)
    add(ledger, page("nine drones came"))
    ledger.note(next(ledger.find_claims(ANY)).id, "late")
    assert list(ledger.verify(deep=True)) == []
    clock.now += timedelta(days=60)
    add(ledger, page("eight drones came"))
    assert said(ledger, held) == ["nine drones came"]


# --- any text at all -------------------------------------------------------------------------------------------------


@fixed
@given(several=st.lists(readings(), min_size=1, max_size=4))
def test_whatever_was_read_comes_out_as_it_went_in(new_place: Callable[[], str], several: list[Reading]) -> None:
    with Ledger(new_place(), create=True, who="Mila", clock=Clock()) as ledger:
        for reading, added in zip(several, add(ledger, *several), strict=True):
            assert ledger.get_entry(added.entry).reading == reading
        assert list(ledger.verify(deep=True)) == []
        for claim in ledger.find_claims(ANY):
            assert isinstance(claim, Claim)
            assert ledger.get_claim(claim.id).id == claim.id


def letters(many: int) -> str:
    chosen = random.Random(5)
    return "".join(chosen.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(many))


def named(name: str) -> Reading:
    document = Document(url="u", text=f"{name} said no")
    parts = Span(0, len(name)), Span(len(name) + 1, len(name) + 5), Span(len(name) + 6, len(name) + 8)
    party = Party(
        party_id(document.id, parts[0]), PartyKind.PERSON, parts[0], (Mention(parts[0], MentionKind.NAME),), None, None
    )
    bare = text_of(document.text, "no").attributions[0]
    return Reading(document, (dataclasses.replace(bare, party=party.id),), (), RUN, parties=(party,))


def counted(value: float) -> Reading:
    reading = text_of("some 99 drones", "99 drones")
    span = Span(5, 14)
    figure = Figure(span, Span(5, 7), value, value, Modifier.EXACT, "", None, Scope.UNKNOWN, "", "")
    return dataclasses.replace(reading, figures=(figure,))


ODD = {
    "a word of three thousand letters": text_of("it said " + letters(3000), letters(3000)),
    "a word of ninety thousand letters": text_of("it said " + letters(90_000), letters(90_000)),
    "a claim of twenty thousand words": text_of(f"it said {'so ' * 20_000}", "so " * 20_000),
    "NUL wherever it can stand": text_of("a\0b c", "a\0b", url="u\0", publisher="p\0", title="\0", published="\0"),
    "a run with NUL": text_of("a b", "a", run=Run("1\0", "m\0", ("s=\0",))),
    "a name with NUL": named("Ana\0 Relvas"),
    "a name of nine thousand letters": named(letters(9000)),
    "a name without letters": named("!!!"),
    "a figure beyond all numbers": counted(10**400),
    "a figure beyond 64 bits": counted(-(10**30)),
    "a publisher of many letters": text_of("a b", "a", publisher=letters(5000)),
    "an address of many letters": text_of("a b", "a", url="https://a.example/" + letters(9000)),
    "characters of four bytes": text_of("\U0001f600 𝔸𝕟𝕒 ㍿", "𝔸𝕟𝕒 ㍿"),
    "no claim": Reading(Document("u", "nothing"), (), (), RUN),
    "no text": Reading(Document("u", ""), (), (), RUN),
}


def test_odd_readings_are_taken_in_whole(ledger: Ledger, subtests: pytest.Subtests) -> None:
    for what, reading in ODD.items():
        with subtests.test(what):
            added = add(ledger, reading, dataclasses.replace(sample_reading(), run=Run("1", what)))
            assert ledger.get_entry(added[0].entry).reading == reading
            for claim in reading.attributions:
                assert ledger.get_claim(claim.id).attribution == claim
    assert {one.outcome for one in ledger.add(ODD.values())} == {Outcome.KNOWN}
    assert list(ledger.verify(deep=True)) == []


def test_a_ledger_is_made_once_by_whoever_comes_first(
    where: str, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    add(ledger, sample_reading())
    kind = type(ledger._store.dialect)
    is_there = kind.exists
    answers = iter([False])
    # Whoever looked before the other had made it finds it made when the turn comes.
    monkeypatch.setattr(kind, "exists", lambda dialect: next(answers, None) is None and is_there(dialect))
    with Ledger(where, create=True) as late:
        assert outcomes(add(late, sample_reading())) == ["known"]


def test_a_ledger_that_is_not_there_is_not_made_by_looking(where: str) -> None:
    for read_only in (True, False):
        with pytest.raises(LedgerError, match=r": there is no ledger; `onrecord add` makes one"):
            Ledger(where, read_only=read_only)
