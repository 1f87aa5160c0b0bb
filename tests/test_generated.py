"""Generated ledgers: every reading is valid, follows from its number, and says what its words say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import onrecord
from benchmarks.generated import Press, questions, take_survey
from benchmarks.generated.pools import CUES, NATIONS, number_of
from benchmarks.generated.press import FIRST_DAY, LAST_DAY, moved
from benchmarks.generated.questions import Survey, Value
from benchmarks.generated.templates import bounds_of, load_templates
from onrecord.codec import decode_reading, encode_reading
from onrecord.model import (
    Act,
    ActType,
    Cut,
    Document,
    Figure,
    Kind,
    Mention,
    MentionKind,
    Modifier,
    Party,
    PartyKind,
    Place,
    Precision,
    Reading,
    Reason,
    Scope,
    Span,
    SpeaksFor,
    Stance,
    Status,
    TimeKind,
    When,
    act_id,
    party_id,
)
from samples import RUN, SampleReader, attribution, failed_reading, readings, sample_reading

TEXT = """BREL, June 4 — Foreign Minister Tova Lindqar of Finland denied on Tuesday that more than 300 boats had been \
sent to Brel. “We sold about 40 kilograms of copper, and 1.2 million tins,” Lindqar told reporters.

The Ostrey Institute for War Studies (OIWS) said the fleet had lost three boats near BREL. The OIWS expects a second \
winter of empty harbours, broken engines and stubborn markets.
"""


def span(words: str, nth: int = 0) -> Span:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(words, at + 1)
    return Span(at, at + len(words))


def figure(words: str, value: str, modifier: Modifier, unit: str, counted: str | None) -> Figure:
    low, high = bounds_of(number_of(value), modifier)
    held = span(counted) if counted else None
    return Figure(span(words), span(value), low, high, modifier, unit, held, Scope.UNKNOWN, "", "numeral")


def template() -> Reading:
    document = Document(
        url="https://courier.example/boats",
        text=TEXT,
        title="Lindqar denies boats; institute counts three",
        publisher="Harven Courier",
        byline="Mila Torv",
        published="2024-06-04T09:15:00+02:00",
        modified="2024-06-05",
        language="en",
        dateline="BREL, June 4",
        cuts=(Cut(Reason.PHOTO, "Tova Lindqar in Brel", 3),),
    )
    lindqar = Party(
        party_id(document.id, span("Foreign Minister")),
        PartyKind.PERSON,
        span("Tova Lindqar"),
        (
            Mention(span("Foreign Minister"), MentionKind.DESCRIPTION),
            Mention(span("Tova Lindqar"), MentionKind.NAME),
            Mention(span("Lindqar", 1), MentionKind.NAME),
        ),
        span("Foreign Minister"),
        SpeaksFor("Government of Finland", "FI", span("Finland"), "foreign minister of Finland"),
    )
    institute = Party(
        party_id(document.id, span("Ostrey Institute for War Studies")),
        PartyKind.ORGANIZATION,
        span("Ostrey Institute for War Studies"),
        (
            Mention(span("Ostrey Institute for War Studies"), MentionKind.NAME),
            Mention(span("OIWS"), MentionKind.NAME),
            Mention(span("OIWS", 1), MentionKind.NAME),
        ),
        None,
        SpeaksFor("Ostrey Institute for War Studies", "", span("Ostrey Institute for War Studies"), "the words"),
    )
    brel = Party(
        party_id(document.id, span("Brel")),
        PartyKind.PLACE,
        span("Brel"),
        (Mention(span("Brel"), MentionKind.NAME),),
        None,
        None,
    )
    denial = attribution(
        document,
        Kind.INDIRECT,
        (span("Foreign Minister Tova Lindqar of Finland"),),
        (span("denied"),),
        (span("that more than 300 boats had been sent to Brel"),),
        stance=Stance.DENY,
        stance_reason="the cue “denied”",
        party=lindqar.id,
        party_reason="name",
        said_on="2024-06-04",
        said_on_reason="“Tuesday”",
    )
    told = attribution(
        document,
        Kind.DIRECT,
        (span("Lindqar", 1),),
        (span("told"),),
        (span("“We sold about 40 kilograms of copper, and 1.2 million tins,”"),),
        addressee=(span("reporters"),),
        about=denial.id,
        party=lindqar.id,
        party_reason="short name of “Tova Lindqar”",
    )
    lost = attribution(
        document,
        Kind.INDIRECT,
        (span("The Ostrey Institute for War Studies (OIWS)"),),
        (span("said"),),
        (span("the fleet had lost three boats near BREL"),),
        party=institute.id,
    )
    winter = attribution(
        document,
        Kind.INDIRECT,
        (span("The OIWS"),),
        (span("expects"),),
        (span("a second winter of empty harbours, broken engines and stubborn markets"),),
        party=institute.id,
    )
    sent, sold = span("sent"), span("sold")
    deeds = (
        Act(
            act_id(document.id, sent),
            sent,
            ActType.TRANSFER,
            "AID",
            "",
            Status.DENIED,
            "denied",
            -2.7,
            times=(span("Tuesday"),),
            claim=denial.id,
            exchange=act_id(document.id, sold),
        ),
        Act(act_id(document.id, sold), sold, ActType.TRANSFER, "AID", "", Status.DONE, "sold", 2.7, claim=told.id),
    )
    return Reading(
        document,
        (denial, told, lost, winter),
        (),
        RUN,
        times=(When(span("Tuesday"), TimeKind.DATE, "2024-06-04", None, "the day"),),
        figures=(
            figure("more than 300 boats", "300", Modifier.MORE_THAN, "", "boats"),
            figure("about 40 kilograms", "40", Modifier.ABOUT, "kg", None),
            figure("1.2 million tins", "1.2 million", Modifier.EXACT, "", "tins"),
            figure("three boats", "three", Modifier.EXACT, "", None),
        ),
        parties=(lindqar, institute, brel),
        places=(Place(span("BREL"), 55, "Brel", "FI", 60.0, 25.0, Precision.SETTLEMENT, "the only one"),),
        acts=deeds,
    )


@pytest.fixture(scope="module")
def press() -> Press:
    return Press([template(), sample_reading(), failed_reading()], seed=5)


@pytest.fixture(scope="module")
def made(press: Press) -> list[Reading]:
    return list(press.readings(300))


def of_template(several: list[Reading]) -> Iterator[tuple[Reading, str]]:
    """Those made from the template above, with their text."""
    for reading in several:
        if reading.document and len(reading.document.text) == len(TEXT):
            yield reading, reading.document.text


# --- validity --------------------------------------------------------------------------------------------------------


def test_readings_are_valid_and_of_one_shape(press: Press, made: list[Reading]) -> None:
    assert all(decode_reading(encode_reading(reading)) == reading for reading in made)
    assert len({reading.document.id for reading in made if reading.document}) == len(made)
    assert len({reading.document.url for reading in made if reading.document}) == len(made)
    assert {len(reading.document.text) for reading in made if reading.document} == {
        len(TEXT),
        len(sample_reading().document.text),  # type: ignore[union-attr]
    }


@given(st.integers(0, 10**12))
@settings(max_examples=60)
def test_any_number_makes_a_valid_reading(press: Press, number: int) -> None:
    for reading in (press.reading(number), press.changed_version(number, 1), press.another_run(number, 1)):
        assert decode_reading(encode_reading(reading)) == reading


@given(st.lists(readings(), min_size=1, max_size=3), st.integers(0, 3))
@settings(max_examples=25)
def test_any_reading_can_be_a_template(templates: list[Reading], seed: int) -> None:
    try:
        press = Press(templates, seed)
    except ValueError:
        assume(False)
    for reading in press.readings(3, changed=0.4, read_again=0.3):
        assert decode_reading(encode_reading(reading)) == reading


def test_templates_without_attributions_are_none() -> None:
    with pytest.raises(ValueError, match="no template has a text with attributions"):
        Press([failed_reading()])


# --- the same again --------------------------------------------------------------------------------------------------


def test_a_reading_follows_from_templates_seed_and_number(press: Press, made: list[Reading]) -> None:
    again = Press([template(), sample_reading()], seed=5)
    assert list(again.readings(40, start=200)) == made[200:240]
    assert again.reading(7) == press.reading(7)
    assert Press([template(), sample_reading()], seed=6).reading(7) != press.reading(7)


def test_ranges_of_a_mixture_join(press: Press) -> None:
    shares = {"changed": 0.2, "read_again": 0.2}
    whole = list(press.readings(120, **shares))
    assert [*press.readings(50, **shares), *press.readings(70, start=50, **shares)] == whole


# --- what changes, changes together ----------------------------------------------------------------------------------


def test_values_of_figures_follow_their_words(made: list[Reading]) -> None:
    values = set()
    for reading, text in of_template(made):
        for found in reading.figures:
            words = found.span.of(text).lower()
            value = number_of(found.value.of(text).lower())
            assert (found.low, found.high) == bounds_of(value, found.modifier)
            assert not words.startswith("less") or found.modifier is Modifier.LESS_THAN
            assert not words.startswith("more") or found.modifier is Modifier.MORE_THAN
            assert (found.modifier is Modifier.ABOUT) == words.startswith("about")
            values.add((found.low, found.high))
    assert len(values) > 80
    assert {low is None for low, _ in values} == {True, False}


def test_a_person_has_one_name_everywhere(made: list[Reading]) -> None:
    names = Counter()
    for reading, text in of_template(made):
        person, institute, _ = reading.parties
        assert person.name is not None
        name = person.name.of(text)
        assert person.mentions[2].span.of(text) == name.split()[1]
        assert reading.attributions[1].party_reason == f"short name of “{name}”"
        assert reading.document is not None
        assert reading.document.title.split()[0] == name.split()[1]
        assert reading.document.cuts[0].text.startswith(name)
        assert reading.parties[0].speaks_for == template().parties[0].speaks_for
        assert institute.name is not None
        body = institute.name.of(text)
        assert institute.speaks_for is not None
        assert institute.speaks_for.body == body
        assert institute.mentions[1].span.of(text)[0] == body[0]
        names[name] += 1
    assert len(names) > 20
    assert names.most_common(1)[0][1] > 3 * sum(names.values()) / len(names), "a few are heard all the time"


def test_a_place_is_called_what_its_row_says(made: list[Reading]) -> None:
    ids = set()
    for reading, text in of_template(made):
        (place,) = reading.places
        assert place.span.of(text) == place.name.upper()
        assert f" to {place.name}." in text
        assert reading.document is not None
        assert reading.document.dateline.startswith(place.name.upper())
        ids.add((place.name, place.geonames))
    assert len(ids) > 20
    assert len({name for name, _ in ids}) == len(ids)


def test_stances_and_acts_come_with_their_words(made: list[Reading]) -> None:
    stances, records = set(), set()
    for reading, text in of_template(made):
        for claim, before in zip(reading.attributions, template().attributions, strict=True):
            cue = claim.cue[0].of(text)
            assert claim.stance is (before.stance if cue == before.cue[0].of(TEXT) else CUES[cue][0])
            stances.add(claim.stance)
        assert reading.attributions[1].about == reading.attributions[0].id
        assert reading.acts[0].claim == reading.attributions[0].id
        assert reading.acts[0].exchange == reading.acts[1].id
        records.add((reading.acts[0].words.of(text), reading.acts[0].type, reading.acts[0].status))
    assert len(stances) > 4
    assert len(records) > 8


def test_days_move_by_weeks_together(made: list[Reading]) -> None:
    years = Counter()
    for reading, _ in of_template(made):
        document = reading.document
        assert document is not None
        said = date.fromisoformat(reading.attributions[0].said_on or "")
        assert said.weekday() == date(2024, 6, 4).weekday()
        assert reading.times[0].edtf == said.isoformat()
        assert not document.published or document.published[:10] == said.isoformat()
        assert said.strftime("%Y/%m/%d") in document.url
        years[said.year] += 1
    assert FIRST_DAY.year <= min(years)
    assert max(years) <= LAST_DAY.year
    assert years[2025] + years[2024] > years[2017] + years[2016]
    assert len(years) > 8


@pytest.mark.parametrize(
    ("edtf", "weeks", "expected"),
    [
        ("2024-03-05", -52, "2023-03-07"),
        ("2024-03-05/2024-03-06", 1, "2024-03-12/2024-03-13"),
        ("../2022-02-23", 1, "../2022-03-02"),
        ("2023-09/..", 52, "2024-09/.."),
        ("2023-23/..", -104, "2021-23/.."),
        ("2024", 104, "2026"),
        ("XXXX-12-09", 9, "XXXX-12-09"),
        ("199X", 9, "199X"),
        ("2022-12-09T10:00", 1, "2022-12-16T10:00"),
        ("2024-02-30", 1, "2024-02-30"),
        ("", 1, ""),
    ],
)
def test_values_in_edtf_move(edtf: str, weeks: int, expected: str) -> None:
    assert moved(edtf, weeks) == expected


def test_words_are_many_and_function_words_stay(made: list[Reading]) -> None:
    words: Counter[str] = Counter()
    for _, text in of_template(made):
        words.update(text.lower().split())
        assert text.count(" that ") == TEXT.count(" that ")
    assert words["the"] == TEXT.lower().split().count("the") * sum(1 for _ in of_template(made))
    assert len(words) > 1_000
    assert 0.3 < sum(count == 1 for count in words.values()) / len(words) < 0.95
    winters = sum("winter of empty" in text for _, text in of_template(made))
    assert winters < len(made) / 10


# --- later versions and other runs -----------------------------------------------------------------------------------


def test_a_mixture_holds_versions_and_runs_of_what_was_there_before(press: Press) -> None:
    seen: dict[str, Document] = {}
    changed = again = 0
    for reading in press.readings(400, changed=0.2, read_again=0.1):
        document = reading.document
        assert document is not None
        assert decode_reading(encode_reading(reading)) == reading
        before = seen.get(document.url)
        if before is None:
            assert reading.run in (RUN, template().run)
        elif before.id == document.id or reading.run != RUN:
            assert reading.run != RUN
            again += 1
        else:
            assert before.text != document.text
            assert (before.publisher, before.published) == (document.publisher, document.published)
            assert document.modified > document.published[:10]
            changed += 1
        seen.setdefault(document.url, document)
    assert 50 < changed < 110
    assert 20 < again < 60


def test_by_default_every_page_is_there_once(made: list[Reading], press: Press) -> None:
    assert made[:20] == [press.reading(number) for number in range(20)]


def test_a_changed_version_keeps_some_claims_and_changes_others(press: Press) -> None:
    def contents(reading: Reading) -> set[str]:
        text = reading.document.text if reading.document else ""
        return {piece.of(text) for claim in reading.attributions for piece in claim.content}

    kept = lost = 0
    for number in range(60):
        before, after = contents(press.reading(number)), contents(press.changed_version(number, 99))
        kept, lost = kept + len(before & after), lost + len(before - after)
    assert kept > 0
    assert lost > 0
    assert press.changed_version(3, 1) != press.changed_version(3, 2)


def test_another_run_has_the_same_document_and_not_quite_the_same_claims(press: Press) -> None:
    lost = restated = 0
    for number in range(120):
        before, after = press.reading(number), press.another_run(number, 7)
        claims = {claim.id: claim for claim in before.attributions}
        assert after.document == before.document
        assert after.run != before.run
        assert {claim.id for claim in after.attributions} <= claims.keys()
        assert all(claim.score <= claims[claim.id].score for claim in after.attributions)
        lost += len(claims) - len(after.attributions)
        restated += sum(claim.stance is not claims[claim.id].stance for claim in after.attributions)
    assert lost > 0
    assert restated > 0


# --- questions -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def survey(made: list[Reading]) -> Survey:
    return take_survey([*made, failed_reading()])


def meets(claim: dict[str, list[Value]], key: str, value: Value) -> bool:
    """Whether a claim of a survey answers one part of a question."""
    facet, _, end = key.partition("_")
    if end == "after":
        return any(str(day) >= str(value) for day in claim.get(facet, []))
    if end == "before":
        return any(str(day) <= str(value) for day in claim.get(facet, []))
    if key == "words" and str(value).startswith('"'):
        return value in claim.get("phrase", [])
    if key == "words" and str(value).endswith("*"):
        return any(str(word).startswith(str(value)[:-1]) for word in claim.get("words", []))
    return key == "as_of" or value in claim.get(key, [])


def test_every_kind_of_question_is_asked_and_finds_what_it_should(survey: Survey) -> None:
    kinds = Counter()
    for kind, question in questions(1, 600, survey):
        kinds[kind] += 1
        bounds = {"at_least", "at_most"} & question.keys()
        found = sum(all(meets(c, k, v) for k, v in question.items() if k not in bounds) for c in survey.claims)
        assert question
        assert found == 0 or kind != "nothing", question
        assert found or kind == "nothing" or "apart" in kind or "before" in kind or "of one claim" in kind, question
        if kind.endswith("rare"):
            counts = survey.counts[kind.split(",")[0]]
            assert counts[next(iter(question.values()))] <= median(counts.values())
    assert len(kinds) == 29, sorted(kinds)
    assert max(kinds.values()) - min(kinds.values()) <= 1


def test_questions_of_one_claim_have_several_parts_and_find_it(survey: Survey) -> None:
    sizes: dict[str, set[int]] = {}
    answered = Counter()
    for kind, question in questions(2, 600, survey):
        if kind.endswith("of one claim"):
            sizes.setdefault(kind.split(",")[0], set()).add(len(question))
            answered[any(all(meets(c, k, v) for k, v in question.items()) for c in survey.claims)] += 1
    assert min(sizes["two"]) >= 1
    assert max(sizes["four"]) >= 4
    assert answered[True] > 9 * answered[False]


def test_questions_follow_from_the_seed(survey: Survey) -> None:
    first = list(questions(3, 100, survey))
    assert list(questions(3, 100, survey)) == first
    assert list(questions(4, 100, survey)) != first
    json.dumps(first)


def test_what_stood_in_the_ledger_is_asked_for_days_on_which_it_grew(survey: Survey) -> None:
    first, last = date(2026, 5, 1), date(2026, 5, 9)
    days = {q["as_of"] for _, q in questions(5, 400, survey, recorded=(first, last)) if "as_of" in q}
    assert days
    assert {str(first) <= str(day) <= str(last) for day in days} == {True}


# --- templates -------------------------------------------------------------------------------------------------------


def test_templates_are_read_once_and_speak_of_real_countries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = "Veldran envoys said Sardal sent boats. MARISK said nothing. Korvanians said Merrow left Port Alder."
    document = Document(url="a", text=story, cuts=(Cut(Reason.SHARE, "Share Lethia", len(story)),), language="en")
    read: list[Document] = []

    class Reader(SampleReader):
        def read(self, document: Document, *, read_on: str = "") -> Reading:
            read.append(document)
            return super().read(document)

    monkeypatch.setattr(onrecord, "Reader", Reader)
    monkeypatch.setattr(onrecord, "read_all", lambda *_, **__: [Reading(document, (), (), RUN), failed_reading()])
    monkeypatch.setattr("benchmarks.generated.templates.load_card", lambda _: type("Card", (), {"digest": "x"}))
    templates = load_templates(3, tmp_path / "build")
    assert load_templates(3, tmp_path / "build") == templates
    assert len(read) == 3
    assert [reading.document for reading in templates] == read
    assert len({found.text for found in read}) == 3
    for found in read:
        assert NATIONS.intersection(found.text.replace(".", "").split())
        for invented in ("Veldra", "Sardal", "MARISK", "Korvania", "Merrow", "Alder"):
            assert invented not in found.text
        assert found.published == "2024-03-18"
        assert found.cuts[0].at == len(found.text)
