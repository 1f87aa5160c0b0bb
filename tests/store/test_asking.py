"""Questions one by one; what they come to together is compared with an oracle in test_against_oracle."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import LedgerError, NotFound, UsageError
from onrecord.ledger import Ledger
from onrecord.model import Question, Reading, Stance, ThingKind, Voice
from onrecord.store import finding
from onrecord.store.terms import fold
from samples import TRICKY, failed_reading, sample_reading
from tests.store.histories import Clock
from tests.store.oracle import key_of, words_of
from tests.store.raw import opened
from tests.store.world import IRAN, PEOPLE, RUNS, Deed, Number, Said, Spot, Time, Who, compose, text_of

IRANIAN = Who("Foreign Ministry", body=IRAN, country="IR")
TEHRAN = next(who for who in PEOPLE if who.words == "Tehran")


def add(ledger: Ledger, *several: Reading) -> None:
    list(ledger.add(several, is_live=True))


def found(ledger: Ledger, **asked: Any) -> list[str]:
    return [claim.content for claim in ledger.find_claims(Question(**asked))]


def one(content: str, number: int = 0, **taken: Any) -> Reading:
    return compose(Said([[content]], **taken), url=f"https://a.example/{number}", published="2022-11-05")


# --- words -----------------------------------------------------------------------------------------------------------


SPELLED = "A CAFE\u0301 on the Straße took 1,200 U.S. guests: ﬁnal Ⅳ, İstanbul, Киев, 小麦, ℌello"
IN_IT = [
    "cafe", "CAFÉ", "cafe\u0301", "strasse", "STRASSE", "Straße", "ﬁnal", "final", "Ⅳ", "iv", "ISTANBUL", "istanbul", "Киев", "киев", "小麦", "hello", "ℌello", "1,200", "200", "u.s.", '"cafe on the"', "“on the straße”", "the on cafe", "cafe-on-the", '"cafe"', '"cafe on the" "1,200"', 'cafe "', "stra*", "STRÄ*", "stra* caf*", '"on the stra*"', "the*", "Ки*", "小*",
]  # fmt: skip
NOT_IN_IT = ["caf", "afe", "1200", "us", '"cafe the strasse"', '"the on"', "cafe nowhere", '"the stra* 1"', '"on stra*"', "trasse*"]  # fmt: skip


def test_words_are_found_however_they_are_spelled(ledger: Ledger) -> None:
    add(ledger, text_of(SPELLED, SPELLED))
    assert [words for words in [*IN_IT, *NOT_IN_IT] if found(ledger, words=words) == [SPELLED]] == IN_IT
    with pytest.raises(UsageError, match="has no word in it"):
        ledger.ask(Question(words="*"))


def test_folding_knows_every_character() -> None:
    for code in [*range(0xD800), *range(0xE000, 0x110000)]:
        words = fold(chr(code))
        assert fold(" ".join(words)) == words, hex(code)


@given(text=st.text(st.one_of(st.sampled_from(TRICKY + "aÉßİΣς½²ｱ가ﷺ_'-’0٣"), st.characters()), max_size=20))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(" ".join(fold(text))) == fold(text)
    assert fold(text) == words_of(text)
    assert all(word.isalnum() for word in fold(text))


def test_no_phrase_reaches_over_the_border_of_two_pieces(ledger: Ledger) -> None:
    add(ledger, compose(Said([["ten drones"], ["came down"]])))
    assert found(ledger, words='"drones came"') == []
    assert found(ledger, words='"drones"') == ["ten drones […] came down"]
    assert found(ledger, words='"came down" "ten drones"') == ["ten drones […] came down"]
    assert found(ledger, words="came* drones") == ["ten drones […] came down"]
    assert found(ledger, words='"drones came*"') == []


def test_a_beginning_of_very_many_words_finds_them_all(ledger: Ledger) -> None:
    add(ledger, *(one(f"pre{number:03}fix stands here", number) for number in range(140)), one("no such", 999))
    assert len(found(ledger, words="pre*")) == 140
    assert len(found(ledger, words="pre0*")) == 100
    assert len(found(ledger, words='"pre* stands"')) == 0  # a star ends the last word of a phrase
    assert len(found(ledger, words="stands pre* here")) == 140


HOSTILE = [
    "AND", "OR", "NOT", "NEAR", "NEAR(a b, 5)", "a AND b OR c NOT d", "a NEAR b", "^a", "a + b", "-a", "!a", "a & b", "a | b",
    "a <-> b", "tokens:a", "{tokens}:a", "(a", "a)", "((((", "''", "' OR 1=1 --", "'; DROP TABLE log; --", "%", "_", "a%",
    "\\", "\\'", "a\\", '"', '""', '"a', 'a"', '""""', "“", "“a", "a:*", "'a':*", "a:A", ":s=deny", ":da=", ":", "*", "**", "a**",
    "%(rank)s", "%s", "?", ":rank", "$1", "{}", "\0", "a\0b", "\n", "\x1b[31m", "\u202e", "😀", "a😀b", "\ud800", "\udcffa",
    "x" * 5000, "x" * 5000 + "*", "a " * 3000, '"' + "a " * 3000 + '"', "a* " * 200, "½", "ﷺ", "٣", "🇺🇸", "a" * 200 + " b",
]  # fmt: skip


def test_hostile_words_are_words(ledger: Ledger) -> None:
    add(ledger, sample_reading(), one("a b c d rank log drop table or and not near"))
    fields = ("words", "party", "about", "place", "publisher", "figure", "act", "as_of", "said_before")
    for field, hostile in itertools.product(fields, HOSTILE):
        try:
            claims = list(ledger.find_claims(Question(**{field: hostile})))
        except (UsageError, NotFound) as error:
            assert "\n" not in str(error)
            assert len(str(error)) < 400
            continue
        wanted = words_of(hostile)
        if field == "words" and wanted:
            contents = [words_of(claim.content) for claim in claims]
            assert all(any(word.startswith(wanted[0]) for word in content) for content in contents)
    assert len(found(ledger, voice=None)) == 9
    assert list(ledger.verify()) == []


def test_operators_are_words_that_can_be_found(ledger: Ledger) -> None:
    add(ledger, one("neither this AND that, OR not NEAR"), one("this, that", 1))
    assert len(found(ledger, words="this that")) == 2
    for operator in ("AND", "or", "NEAR", '"and that"', "NOT"):
        assert found(ledger, words=operator) == ["neither this AND that, OR not NEAR"]
    assert found(ledger, words="this NOT that") == ["neither this AND that, OR not NEAR"]


# --- who -------------------------------------------------------------------------------------------------------------


def test_denials_by_iran_before_a_day(ledger: Ledger) -> None:
    add(
        ledger,
        one("that it sent any drones", 1, who=TEHRAN, stance=Stance.DENY, said_on="2022-11-04"),
        one("that it sent drones early", 2, who=IRANIAN, stance=Stance.DENY, said_on="2022-10"),
        one("a denial of the day itself", 3, who=TEHRAN, stance=Stance.DENY, said_on="2022-11-05"),
        one("an assertion", 4, who=TEHRAN, said_on="2022-11-04"),
        one("a denial by another", 5, who=Who("Joris Maat"), stance=Stance.DENY, said_on="2022-11-04"),
        one("a denial of an unknown day", 6, who=TEHRAN, stance=Stance.DENY, said_on="XXXX-12-09"),
    )
    with pytest.raises(NotFound, match="called 'Iran'"):  # no text calls anybody so
        ledger.ask(Question(party="Iran"))
    assert found(ledger, party=IRAN, stance=(Stance.DENY,), said_before="2022-11-05") == [
        "that it sent any drones",
        "that it sent drones early",
    ]
    assert found(ledger, party="tehran", only_itself=True, stance=(Stance.DENY,), said_before="2022-11-05") == [
        "that it sent any drones"
    ]


def test_a_name_that_nobody_has_names_those_that_are_close(ledger: Ledger) -> None:
    add(ledger, one("no", who=Who("Joris Maat")), one("no", 1, who=Who("Jorinde")))
    with pytest.raises(NotFound, match=r"no party called 'Jorix'; it knows Jorinde, Joris Maat\Z"):
        ledger.ask(Question(party="Jorix"))
    with pytest.raises(NotFound, match=r"no party called 'Zzz'\Z"):
        ledger.ask(Question(about="Zzz"))
    with pytest.raises(NotFound, match="no party 0123456789abcdef"):
        ledger.ask(Question(party="0123456789abcdef"))


def test_a_name_of_several_parties_finds_the_claims_of_all(ledger: Ledger) -> None:
    a, b = Who("Ministry", body="Government of Aldane"), Who("Ministry", body="Government of Merrow", is_body=True)
    add(ledger, one("first", 1, who=a), one("second", 2, who=b))
    assert sorted(party.name for party in ledger.find_parties("ministry")) == ["Government of Merrow", "Ministry"]
    assert sorted(found(ledger, party="Ministry")) == ["first", "second"]
    assert found(ledger, party="Government of Aldane") == ["first"]


def test_words_like_those_of_the_database_are_names_too(ledger: Ledger) -> None:
    for name in ("malformed", "database is locked", "readonly database", "unable to open", "disk I/O error"):
        with pytest.raises(NotFound, match="knows no party called"):
            ledger.ask(Question(party=name))
    with pytest.raises(UsageError, match="'malformed' is no date"):
        ledger.ask(Question(said_before="malformed"))


def test_who_speaks_for_a_spokesman_speaks_for_the_same(ledger: Ledger) -> None:
    names = ("Joris Maat", "Elka Dorn", "Ana Relvas", "Piet Vos")
    add(ledger, *(one(name, number, who=Who(name)) for number, name in enumerate(names)))
    for speaker, body in itertools.pairwise(names[:3]):
        ledger.speaks(speaker, body, why="so it was said")
    assert sorted(found(ledger, party="Ana Relvas")) == sorted(names[:3])
    assert sorted(found(ledger, party="Elka Dorn")) == sorted(names[:2])
    assert found(ledger, party="Ana Relvas", only_itself=True) == ["Ana Relvas"]
    ledger.speaks("Ana Relvas", "Joris Maat", why="a circle")
    for name in names[:3]:
        assert sorted(found(ledger, party=name)) == sorted(names[:3])
    ledger.merge("Piet Vos", "Joris Maat", why="the same")
    assert sorted(found(ledger, party="Elka Dorn")) == sorted(names)


def test_outlets_that_share_only_the_article_are_not_suggested(ledger: Ledger) -> None:
    outlets = ("The Harbour Letter", "The Courier", "Theatre Weekly")
    several = [one("x", number) for number in range(len(outlets))]
    for reading, outlet in zip(several, outlets, strict=True):
        assert reading.document is not None
        add(ledger, dataclasses.replace(reading, document=dataclasses.replace(reading.document, publisher=outlet)))

    def hint(outlet: str) -> str:
        return ledger.find_hint(Question(publisher=outlet)).removeprefix("the ledger knows no outlet called ")

    assert hint("The Zephyr") == "'The Zephyr'"
    assert hint("The Couriers") == "'The Couriers'; it knows The Courier"
    assert hint("Courant") == "'Courant'; it knows The Courier"
    assert hint("Theology") == "'Theology'; it knows Theatre Weekly"
    assert hint("The") == "'The'; it knows Theatre Weekly"


# --- days, figures, acts ---------------------------------------------------------------------------------------------


SENSELESS: list[tuple[dict[str, Any], str]] = [
    ({"said_before": "yesterday"}, "'yesterday' is no date; write 2022-11-05, 2022-11 or 2022"),
    ({"said_after": "../2022"}, "is no date"),
    ({"said_before": "2022-13-01"}, "is no date"),
    ({"said_before": "/" * 3000}, "is no date"),
    ({"acted_after": "2022", "acted_before": "2021"}, "nothing is after 2022 and before 2021"),
    ({"as_of": "2022-11-05T99"}, "is no time; write 2022-11-05 or 2022-11-05T10:00:00Z"),
    ({"as_of": "soon"}, "is no date"),
    ({"at_least": 5.0, "at_most": 4.0}, "nothing is at least 5 and at most 4"),
    ({"at_least": float("nan")}, "a number"),
    ({"at_most": float("inf")}, "a number"),
    ({"said_after": "2022-11-05", "said_before": "2022-11-06"}, "nothing is after 2022-11-05 and before 2022-11-06"),
    ({"said_after": "2022", "said_before": "2022-12"}, "nothing is after 2022 and before 2022-12"),
    ({"act": "to send"}, "'to send' is no act; write transfer, "),
    ({"words": "…"}, "has no word in it that a claim could be found by"),
    ({"place": "?"}, "has no word in it that a place could be found by"),
    ({"publisher": "!"}, "has no word in it that a publisher could be found by"),
    ({"figure": "'"}, "has no word in it that a figure could be found by"),
]


def test_a_question_that_makes_no_sense_is_refused(ledger: Ledger) -> None:
    for question, message in SENSELESS:
        with pytest.raises(UsageError) as refused:
            ledger.ask(Question(**question))
        assert message in str(refused.value)


UNANSWERED: list[dict[str, Any]] = [
    {"acted_before": "1799"},
    {"acted_after": "2199-12-31"},
    {"acted_after": "9999"},
    {"said_after": "9999-12-31"},
    {"said_before": "0001"},
    {"as_of": "0001"},
    {"at_least": 1e300},
    {"at_most": -1e300},
    {"place": "1" * 5000},
    {"place": "Nowhere"},
    {"publisher": "Nobody"},
    {"figure": "unicorns"},
    {"act": "COERCE"},
]


def test_what_nothing_answers_is_answered_with_nothing(ledger: Ledger) -> None:
    add(ledger, sample_reading(), one("x", who=TEHRAN, said_on="2022-11-04"))
    assert [question for question in UNANSWERED if found(ledger, voice=None, **question)] == []


def test_the_end_of_time_is_as_of_now(ledger: Ledger) -> None:
    add(ledger, one("x"))
    assert found(ledger, as_of="9999") == ["x"]


def test_one_figure_must_fit_all_that_is_asked_of_it(ledger: Ledger) -> None:
    add(ledger, one_with(Number("four", 4, 4, counted="cranes"), Number("ten", 10, 10, counted="drones")))
    assert len(found(ledger, figure="drones", at_least=10, at_most=10)) == 1
    assert len(found(ledger, figure="drone", at_least=5)) == 1
    assert found(ledger, figure="cranes", at_least=5) == []
    assert found(ledger, at_least=5, at_most=9) == []


def test_a_figure_is_found_by_its_unit(ledger: Ledger) -> None:
    add(
        ledger,
        one_with(Number("40", 40, 40, unit="%")),
        one_with(Number("60", 60, 60, unit="USD/barrel"), number=1),
        one_with(Number("20", 20, 20, unit="°C"), number=2),
    )
    assert found(ledger, figure="%") == ["40 %"]
    assert found(ledger, figure="USD/barrel") == ["60 USD/barrel"]
    assert found(ledger, figure="usd", at_least=50) == ["60 USD/barrel"]
    for asked in ("dollars per barrel", "dollar a barrel", "US dollars a barrel", "USD per barrels", "a per barrel"):
        assert found(ledger, figure=asked) == ([] if asked == "a per barrel" else ["60 USD/barrel"]), asked
    assert found(ledger, figure="dollars a barrel a day") == []
    add(ledger, one_with(Number("9", 9, 9, unit="USD"), Number("70", 70, 70, counted="barrels"), number=3))
    assert found(ledger, figure="dollars a barrel", at_least=50) == ["60 USD/barrel"]
    assert found(ledger, figure=" a ".join(["m"] * 3000)) == []


def one_with(*things: Any, number: int = 0) -> Reading:
    return compose(Said([list(things)]), url=f"https://a.example/{number}")


def test_one_act_must_fit_all_that_is_asked_of_it(ledger: Ledger) -> None:
    early, late = Time("Monday", "2022-10-03"), Time("Friday", "2022-12-02")
    first = Deed("supplied", kind="AID", times=1)
    add(ledger, compose(Said([[early, first, Said([[late, Deed("hit", kind="ASSAULT", times=1)]])]]), url="u"))
    whole, inner = "Monday supplied said: Friday hit ... ", "Friday hit"
    assert found(ledger, act="AID") == [whole]
    assert found(ledger, act="ASSAULT", acted_after="2022-11") == [inner]
    assert found(ledger, act="AID", acted_after="2022-11") == []
    assert found(ledger, acted_before="2022-11") == [whole]
    assert found(ledger, acted_before="2022-11", act="aid") == [whole]


def test_places_are_found_by_any_of_their_names(ledger: Ledger) -> None:
    add(ledger, one_with(Spot("Lemberg", 702550, "Lviv", "UA")), one_with(Spot("Lviv"), number=1))
    assert sorted(found(ledger, place="LVIV")) == ["Lemberg", "Lviv"]
    assert found(ledger, place="lemberg") == ["Lemberg"]
    assert found(ledger, place="702550") == ["Lemberg"]


def test_the_publishers_own_voice_is_asked_for_by_itself(ledger: Ledger) -> None:
    add(ledger, sample_reading())
    assert len(found(ledger)) == 7
    assert found(ledger, voice=Voice.PUBLISHER) == ["Four cranes stood idle on Tuesday morning."]
    assert len(found(ledger, voice=None)) == 8


def test_claims_with_very_many_facets_are_found(ledger: Ledger) -> None:
    things = [Number(str(n), n, n, counted=f"thing{n}") for n in range(400)]
    people = [Who(f"Person{n}") for n in range(400)]
    add(ledger, compose(Said([things, people], who=TEHRAN), url="u"))
    assert len(found(ledger, figure="thing399", about="person399", at_least=399, at_most=399)) == 1
    assert list(ledger.verify()) == []


# --- as of, and page by page -----------------------------------------------------------------------------------------


def test_the_ledger_knows_what_it_held_on_a_day(ledger: Ledger, clock: Clock) -> None:
    clock.now = clock.now.replace(hour=12)
    add(ledger, one("ten drones came"))
    clock.now += timedelta(days=1)
    add(ledger, one("nine drones came"))
    assert found(ledger, as_of="2023-12-31") == []
    assert found(ledger, as_of="2024-01-01") == ["ten drones came"]
    assert found(ledger, as_of="2024-01-02") == ["nine drones came"]
    assert found(ledger, as_of="2024-01") == found(ledger, as_of="2024") == ["nine drones came"]
    assert found(ledger, as_of="2024-01-02T11:59:59.999999Z") == ["ten drones came"]
    assert found(ledger, as_of="2024-01-02T12:00:00Z") == ["nine drones came"]
    assert found(ledger, as_of="2024-01-02 13:59:59.999999+02:00") == ["ten drones came"]
    assert found(ledger, as_of="2024-01-01", superseded=True) == []
    assert found(ledger, superseded=True) == ["ten drones came"]
    (old,) = ledger.find_claims(Question(as_of="2024-01-01"))
    (gone,) = ledger.find_claims(Question(superseded=True))
    assert (old.is_current, gone.is_current) == (True, False)


def test_pages_do_not_move_while_others_add(ledger: Ledger, where: str) -> None:
    add(ledger, *(one(f"word {number}", number) for number in range(7)))
    expected = [f"word {number}" for number in reversed(range(7))]
    seen, after = [], ""
    with Ledger(where, who="Joris") as other:
        for turn in itertools.count(10):
            page = ledger.ask(limit=2, after=after)
            seen += [claim.content for claim in page.claims]
            # One more on every side of what is being read, a page of it changed, and another claim corrected.
            add(other, one(f"word {turn}", turn), one("older", turn + 100, said_on="2021"))
            add(other, one(f"changed {turn}", turn - 10))
            other.correct(next(other.find_claims(Question(words="4"))).id, "stance", "deny", why=str(turn))
            if not (after := page.after):
                break
    assert seen == expected
    assert len(found(ledger)) == 7 + 4 + 4


def test_the_last_page_says_that_it_is_the_last(ledger: Ledger) -> None:
    add(ledger, *(one("same word", number) for number in range(4)))
    page = ledger.ask(limit=2)
    assert page.after
    assert not ledger.ask(limit=2, after=page.after).after
    assert not ledger.ask(limit=4).after
    assert not ledger.ask(Question(words="nothing")).after


def test_a_mark_that_ends_no_page_is_refused(ledger: Ledger) -> None:
    add(ledger, one("x"))
    for mark in ("x", "12", "1.2.3", "zz.1", "1.zz", ".", "-", "1." + "f" * 5000, "f" * 16 + ".1"):
        with pytest.raises(UsageError, match="follows no page; give what the page before ended with"):
            ledger.ask(after=mark)


def test_a_page_of_no_claims_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="a page of 0 claims holds none"):
        ledger.ask(limit=0)


# --- ids -------------------------------------------------------------------------------------------------------------


def test_everything_has_an_id_that_its_beginning_finds(ledger: Ledger) -> None:
    reading = sample_reading()
    (added,) = ledger.add([reading])
    note = ledger.note(reading.attributions[0].id, "call them")
    (party,) = ledger.find_parties("ana relvas")
    things = {
        ThingKind.CLAIM: reading.attributions[0].id,
        ThingKind.DOCUMENT: added.document,
        ThingKind.PARTY: party.id,
        ThingKind.READING: added.entry,
        ThingKind.DECISION: note.id,
    }
    for kind, whole in things.items():
        for length in (8, 16):
            assert ledger.get_thing(whole[:length]) == (kind, whole)
        assert ledger.get_thing(f" {whole[:9].upper()} ") == (kind, whole)
    assert ledger.get_party(party.id[:8]) == (party, ("ana relvas", "deputy harbour minister ana relvas"))
    assert ledger.get_decision(note.id[:8]) == note
    assert ledger.get_claim(things[ThingKind.CLAIM][:8]).content.startswith("that the northern quay")


def test_what_is_no_id_of_anything_is_said_to_be_none(ledger: Ledger) -> None:
    add(ledger, sample_reading())
    for identity in ("", "abc", "xyzw", "0123456789abcdef0", "' OR 1=1", "\0\0\0\0", "٣٣٣٣", "0000"):
        with pytest.raises(NotFound, match="holds nothing with the id"):
            ledger.get_thing(identity)


def test_an_id_of_another_thing_is_said_to_be_that(ledger: Ledger) -> None:
    add(ledger, sample_reading())
    document = sample_reading().document.id
    with pytest.raises(NotFound, match=f"{document} is a document, and a claim is asked for"):
        ledger.get_claim(document)


def test_a_beginning_of_several_ids_names_them(ledger: Ledger) -> None:
    several = [one(f"word {number}", number) for number in range(400)]
    add(ledger, *several)
    ids = sorted([claim.id for reading in several for claim in reading.attributions] + [r.document.id for r in several])
    same = next((a, b) for a, b in itertools.pairwise(ids) if a[:4] == b[:4])
    with pytest.raises(NotFound, match=f"{same[0][:4]}' begins several ids; write more of it: .*{same[0]}"):
        ledger.get_thing(same[0][:4])


def test_a_claim_is_found_by_its_id_for_ever(ledger: Ledger) -> None:
    first = one("ten drones came", stance=Stance.DENY)
    add(ledger, first)
    identity = first.attributions[0].id
    ledger.correct(identity, "stance", "fear", why="misread")
    add(ledger, one("nine drones came"))
    claim = ledger.get_claim(identity)
    assert (claim.is_current, claim.content, claim.attribution.stance) == (False, "ten drones came", Stance.FEAR)
    ledger.undo(next(ledger.find_decisions(identity)).id, why="not misread")
    # It is shown as it counted last; what is decided later does not change what was.
    assert ledger.get_claim(identity).attribution.stance is Stance.FEAR
    (gone,) = ledger.find_claims(Question(stance=(Stance.FEAR,), superseded=True))
    assert gone.attribution.stance is Stance.FEAR


def test_documents_are_listed_by_pieces_of_their_addresses(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = ("\u00dcBER", "U\u0308ber-b", "100%_A", "STRASSE", "uber", "\u0130x", "k")
    add(ledger, *(compose(Said([["x"]]), url=f"https://a.example/{piece}") for piece in pieces))

    def listed(words: str, limit: int = 20, after: str = "") -> tuple[list[str], str]:
        entries, mark = ledger.list_documents(words, limit=limit, after=after)
        return [one.reading.document.url.rpartition("/")[2] for one in entries if one.reading.document], mark

    for most in (5_000, 3, 2, 1):
        monkeypatch.setattr(finding, "_LOOKED_THROUGH", most)
        assert listed("\u00fcber")[0] == listed("u\u0308BER")[0] == ["U\u0308ber-b", "\u00dcBER"]
        assert listed("A.Example UBER")[0] == ["uber"]
        assert listed("%_a")[0] == ["100%_A"]
        assert listed("straße")[0] == ["STRASSE"]
        assert listed("\u212a")[0] == ["k"]  # the sign for kelvin is a k
        assert listed("nowhere") == ([], "")
        seen, mark = listed("example", 4)
        rest, last = listed("example", 4, mark)
        assert ([*seen, *rest], last) == (list(reversed(pieces)), "")
        first, mark = listed("\u00fcber", 1)
        assert (first, listed("\u00fcber", 1, mark)) == (["U\u0308ber-b"], (["\u00dcBER"], ""))


def test_all_that_was_undone_is_named(ledger: Ledger) -> None:
    reading = one("ten drones came")
    add(ledger, reading)
    note = ledger.note(reading.attributions[0].id, "call them")
    undo = ledger.undo(note.id, why="they called")
    assert ledger.find_undone() == {note.id}
    again = ledger.undo(undo.id, why="they did not")
    assert ledger.find_undone() == {undo.id}
    assert len(ledger.find_undone()) == 1
    third = ledger.undo(again.id, why="they did")
    assert ledger.find_undone() == {note.id, again.id}
    ledger.undo(third.id, why="no")
    assert ledger.find_undone() == {undo.id, third.id}


def test_corrections_that_change_nothing_are_history_too(ledger: Ledger) -> None:
    reading = one("ten drones came", said_on="2022-11-05")
    add(ledger, reading, one("another", 1))
    claim = reading.attributions[0]
    ledger.correct(claim.id, "stance", "deny", why="misread")
    same = ledger.correct(claim.id, "said_on", "2022-11-05", why="it says so")
    ledger.note(claim.id, "call them")
    undone = ledger.undo(same.id, why="it does not")
    again = ledger.undo(undone.id, why="it does")
    history = ledger.find_history(claim.id)
    assert [change.what for change in history] == [
        "recorded",
        "corrected",
        "corrected",
        "a decision undone",
        "a decision undone",
    ]
    assert [change.by for change in history[2:]] == [same.id, undone.id, again.id]


def test_what_is_held_is_counted(ledger: Ledger) -> None:
    add(ledger, sample_reading(), failed_reading(), dataclasses.replace(sample_reading(), run=RUNS[0]))
    ledger.note(sample_reading().document.id, "seen")
    assert ledger.count_things() == {"documents": 1, "readings": 3, "claims": 7, "parties": 2, "decisions": 1}


def test_a_permanent_id_follows_from_the_name_alone(ledger: Ledger) -> None:
    add(ledger, one("x", who=TEHRAN), one("y", 1, who=Who("JORIS  maat")))
    assert ledger.find_parties(key_of(IRAN))[0].name == IRAN
    assert ledger.find_parties("Joris Maat")[0].id == key_of("joris maat")


def test_a_ledger_of_an_earlier_format_is_brought_up_to_date(where: str, clock: Clock) -> None:
    with Ledger(where, create=True, clock=clock) as ledger:
        for number, day in enumerate(("2022-11-05", "2022-11-04", "2022-11-07")):
            ledger.add([compose(Said([[f"drone {number}"]]), url=f"https://a.example/{number}", published=day)])
            clock.now += timedelta(days=1)
        dates = [str((clock.now - timedelta(days=days)).date()) for days in range(5)]
        before = [[claim.id for claim in ledger.find_claims(Question(as_of=date))] for date in dates]
    assert sorted(map(len, before)) == [0, 1, 2, 3, 3]
    with opened(where) as raw:
        raw.connection.execute("DROP TABLE horizon")
        raw.connection.execute("DROP INDEX claim_closed")
        raw.execute("UPDATE onrecord_meta SET value = '1' WHERE name = 'version'")
    with pytest.raises(LedgerError, match="earlier onrecord; what writes to it, like `onrecord add`, brings it up"):
        Ledger(where, read_only=True)
    for _ in range(2):
        with Ledger(where) as ledger:
            assert [[claim.id for claim in ledger.find_claims(Question(as_of=date))] for date in dates] == before
            assert list(ledger.verify(deep=True)) == []


def ask_often(ledger: Ledger) -> None:
    for _ in range(1000):
        list(ledger.find_claims(Question(words="drone", superseded=True)))
        list(ledger.find_claims(Question(words="drone")))


def test_what_takes_too_long_is_given_up(where: str, ledger: Ledger) -> None:
    add(ledger, *(one(f"drone {number}", number) for number in range(400)))
    with Ledger(where, read_only=True, patience_s=0.001) as hasty:
        with pytest.raises(LedgerError, match="too long to answer that; ask for less"):
            ask_often(hasty)  # until the clock was looked at too late
    assert len(found(ledger, words="drone")) == 400
