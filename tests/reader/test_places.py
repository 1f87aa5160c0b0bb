"""Places, in sentences of our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model import Label, Name, Place, Precision, Span
from onrecord.reader.places import find_adjectives, find_places
from onrecord.reader.places.gazetteer import Found, Gazetteer, Kind, key_of, load_gazetteer
from onrecord.reader.places.lookup import Lookup
from onrecord.reader.places.mentions import find_mentions
from onrecord.reader.places.tables import load_adjectives, load_cues, load_names, load_regions, load_rows

PARIS, PARIS_TEXAS = 2988507, 4717560
GEORGIA, GEORGIA_STATE = 614540, 4197000
KHERSON, KHERSON_OBLAST = 706448, 706442


def named(text: str, *words: str | tuple[str, Label]) -> list[Name]:
    """Names as the reader gives them: places, unless it says otherwise; in the order of the text."""
    names, at = [], 0
    for word in words:
        name, label = word if isinstance(word, tuple) else (word, Label.PLACE)
        at = text.index(name, at)
        names.append(Name(Span(at, at + len(name)), label, 0.9))
        at += len(name)
    return names


def places(text: str, *words: str | tuple[str, Label], dateline: str = "", url: str = "") -> list[Place]:
    return list(find_places(text, named(text, *words), dateline, url=url))


def ids(text: str, *words: str | tuple[str, Label], dateline: str = "", url: str = "") -> dict[str, int | None]:
    return {place.span.of(text): place.geonames for place in places(text, *words, dateline=dateline, url=url)}


# ---- what a record says


def test_a_settlement_has_its_id_point_country_and_precision() -> None:
    (place,) = places("Two people were hurt in Kramatorsk.", "Kramatorsk")
    assert (place.geonames, place.name, place.country) == (704508, "Kramatorsk", "UA")
    assert place.latitude == pytest.approx(48.7, abs=0.2)
    assert place.longitude == pytest.approx(37.6, abs=0.2)
    assert place.precision is Precision.SETTLEMENT
    assert place.reason == "the only place of that name in the gazetteer"


@pytest.mark.parametrize(
    ("words", "precision"),
    [
        ("Ukraine", Precision.COUNTRY),
        ("Texas", Precision.REGION),
        ("Essex", Precision.REGION),
        ("Africa", Precision.CONTINENT),
        ("Gaza Strip", Precision.REGION),
    ],
)
def test_coarser_places_say_so(words: str, precision: Precision) -> None:
    (place,) = places(f"It rained in {words} all week.", words)
    assert place.geonames is not None
    assert place.precision is precision


def test_the_words_of_the_text_stand_as_they_are() -> None:
    text = "The envoy left KIEV for Odessa, then Kharkov."
    assert ids(text, "KIEV", "Odessa", "Kharkov") == {"KIEV": 703448, "Odessa": 698740, "Kharkov": 706483}
    assert [place.name for place in places(text, "KIEV", "Odessa", "Kharkov")] == ["Kyiv", "Odesa", "Kharkiv"]


def test_names_that_are_of_people_wherever_they_stand_are_no_places() -> None:
    text = "Jordan said she would run. Chad met Jordan, his coach."
    people = (("Jordan", Label.PERSON), ("Chad", Label.PERSON), ("Jordan", Label.PERSON))
    assert ids(text, *people) == {}


@pytest.mark.parametrize(
    ("text", "word"),
    [("Rain fell in Jordan.", "Jordan"), ("Chad's army said no.", "Chad"), ("Ukraine said no.", "Ukraine")],
)
def test_a_country_that_is_taken_for_a_person_is_told_by_what_stands_beside_it(text: str, word: str) -> None:
    assert list(ids(text, (word, Label.PERSON))) == [word]


# ---- several places of one name


def test_what_follows_the_comma_says_where_a_place_lies() -> None:
    text = "The mill in Paris, Texas, burned down; Springfield, Ill., sent engines, and Moscow, Idaho, sent none."
    found = places(text, "Paris", "Texas", "Springfield", "Moscow", "Idaho")
    assert [(place.span.of(text), place.geonames) for place in found][:2] == [
        ("Paris", PARIS_TEXAS),
        ("Texas", 4736286),
    ]
    assert found[0].reason == "the phrase says where it lies: Texas"
    by_words = {place.span.of(text): place for place in found}
    assert by_words["Springfield"].geonames == 4250542
    assert by_words["Springfield"].reason == "the phrase says where it lies: Ill."
    assert by_words["Moscow"].geonames == 5601538


def test_one_sense_a_document_unless_a_phrase_says_otherwise() -> None:
    text = "She was born in Paris, Texas. Paris has two churches. Her son lives in Paris, France."
    senses = [place.geonames for place in places(text, "Paris", "Texas", "Paris", "Paris", "France")]
    assert senses == [PARIS_TEXAS, 4736286, PARIS_TEXAS, PARIS, 3017382]


def test_without_context_the_reason_says_that_population_decided() -> None:
    (place,) = places("The talks were held in Paris.", "Paris")
    assert place.geonames == PARIS
    assert place.reason.startswith("population: the largest of ")


def test_where_nothing_decides_there_is_no_id() -> None:
    (place,) = places("A barn burned down near Springfield.", "Springfield")
    assert (place.geonames, place.latitude, place.longitude, place.precision) == (None, None, None, None)
    assert "nothing in the text decides" in place.reason


def test_georgia_is_a_country_among_countries_and_a_state_among_states() -> None:
    text = "Ministers of Georgia, Armenia and Azerbaijan met in Tbilisi."
    assert ids(text, "Georgia", "Armenia", "Azerbaijan", "Tbilisi")["Georgia"] == GEORGIA
    text = "The governors of Georgia, Alabama and Tennessee met in Atlanta."
    assert ids(text, "Georgia", "Alabama", "Tennessee", "Atlanta")["Georgia"] == GEORGIA_STATE


def test_other_places_of_the_text_outweigh_population() -> None:
    text = "The bridge between Athens and Watkinsville stays shut, and Oconee County will pay for it."
    found = places(text, "Athens", "Watkinsville", "Oconee County")
    assert found[0].geonames == 4180386
    assert found[0].reason != "population"


def test_the_word_beside_a_name_says_what_it_is() -> None:
    text = "Shells fell in the Kherson region on Sunday. In Kherson itself it was quiet. Kherson oblast has no power."
    found = [place.geonames for place in places(text, "Kherson", "Kherson", "Kherson")]
    assert found == [KHERSON_OBLAST, KHERSON, KHERSON_OBLAST]
    assert ids("The state of New York sued.", "New York") == {"New York": 5128638}
    assert ids("The mayor of New York sued.", "New York") == {"New York": 5128581}


def test_a_possessive_and_an_adjective_say_where_a_place_lies() -> None:
    assert ids("Ukraine’s Odessa and Russia's Kursk lost power.", "Ukraine", "Odessa", "Russia", "Kursk") == {
        "Ukraine": 690791,
        "Odessa": 698740,
        "Russia": 2017370,
        "Kursk": 538560,
    }
    assert ids("The Lebanese city of Tripoli was quiet.", "Tripoli") == {"Tripoli": 266826}
    assert ids("The city of Tripoli was quiet.", "Tripoli") == {"Tripoli": 2210247}


def test_the_dateline_and_the_publisher_speak_for_their_country() -> None:
    text = "Police in Birmingham said that they had arrested nobody."
    assert ids(text, "Birmingham") == {"Birmingham": 2655603}
    assert ids(text, "Birmingham", dateline="MONTGOMERY, Ala., May 3") == {"Birmingham": 4049979}
    text = "The council of Hamilton will vote on Tuesday."
    assert ids(text, "Hamilton", url="https://www.example.nz/a") == {"Hamilton": 2190324}


def test_a_state_that_the_gazetteer_has_no_such_place_in_decides_for_none() -> None:
    (place, _) = places("He grew up in Vienna, Alaska.", "Vienna", "Alaska")
    assert place.geonames == 2761369
    (place, *_) = places("He grew up in Kharkiv, Tex., and left.", "Kharkiv")
    assert place.geonames is None
    assert place.reason == "the gazetteer has none of that name where the phrase places it"


# ---- what is no place


def test_a_person_and_a_place_of_one_name() -> None:
    text = "Georgina Jackson met the press. Jackson said that she would go to Jackson, Miss., in May."
    found = places(text, ("Georgina Jackson", Label.PERSON), "Jackson", "Jackson")
    assert (found[0].span.start, found[0].geonames) == (text.index("Jackson, Miss."), 4431410)
    text = "Paris Lomas wrote a book. It does not name Paris."
    assert [place.span.start for place in places(text, ("Paris Lomas", Label.PERSON), "Paris")] == [
        text.rindex("Paris")
    ]


def test_parts_of_the_names_of_organisations_and_months_are_no_places() -> None:
    assert (
        places("The Bank of Japan and the Washington Post fell silent in March.", "Japan", "Washington", "March") == []
    )
    assert places("He joined Leeds United and the University of Exeter.", "Leeds", "Exeter") == []


def test_adjectives_are_no_places_but_can_be_asked_for() -> None:
    text = (
        "Ukrainian gunners and a British officer spoke French. The Syrian said that the Russians left. European Union."
    )
    assert places(text, "Ukrainian") == []
    names = named(text, ("European Union", Label.ORGANIZATION))
    found = find_adjectives(text, names)
    assert [(place.span.of(text), place.country) for place in found] == [("Ukrainian", "UA"), ("British", "GB")]


def test_nothing_finer_than_a_settlement() -> None:
    (place,) = places("They met at Tarnwell Cathedral.", "Tarnwell Cathedral")
    assert (place.geonames, place.reason) == (None, "finer than a settlement")


def test_waters_and_ranges_are_named_without_an_id() -> None:
    text = "From the Black Sea to Lake Verrin and the Ostrey River it snowed."
    found = places(text, "Black Sea", "Lake Verrin", "Ostrey River")
    assert [place.geonames for place in found] == [None, None, None]
    assert "not in the gazetteer" in found[0].reason
    assert found[1].reason == found[2].reason == "a natural feature, and the gazetteer has settlements and regions only"


def test_invented_places_are_in_no_table() -> None:
    (place,) = places("Shells fell on Harven in Sardal.", "Harven")
    assert (place.geonames, place.name, place.country, place.reason) == (None, "", "", "in no table")


# ---- what the reader did not take for a place


def test_places_that_the_reader_missed_are_found_by_their_context() -> None:
    text = "KYIV (AP) — Troops left Mariupol for a US-based firm. Officials from Ukraine spoke in Izmail."
    assert ids(text) == {"KYIV": 703448, "Mariupol": 701822, "US": 6252001, "Ukraine": 690791, "Izmail": 707308}


def test_a_name_that_is_a_place_elsewhere_in_the_text_is_one_here() -> None:
    text = "The ship left Izmail. Izmail handles grain."
    assert len(places(text, "Izmail", ("Izmail", Label.ORGANIZATION))) == 2


def test_longer_names_that_a_place_opens_are_left_alone() -> None:
    text = "He works for Vienna Insurance Holding."
    assert places(text, ("Vienna Insurance Holding", Label.ORGANIZATION)) == []


# ---- odd input


def test_empty_text() -> None:
    assert find_places("", []) == ()
    assert find_adjectives("") == ()


def test_other_scripts_stand_as_they_are() -> None:
    text = "Москва / Харьковка / القاهرة / 東京"
    found = places(text, "Москва", "Харьковка", "القاهرة", "東京")
    assert [place.span.of(text) for place in found] == ["Москва", "Харьковка", "القاهرة", "東京"]
    assert [place.geonames for place in found] == [524901, None, 360630, None]


@given(st.text(alphabet=st.sampled_from("Paris, Tex.ofKyivU.S-’\n \u0410\u0416لق0(&"), max_size=120), st.data())
def test_any_text_and_any_names(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    labels = st.sampled_from(list(Label))
    names = [Name(Span(a, b), data.draw(labels), 0.5) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    found = find_places(text, names, text[:40], text[:20], text)
    assert all(a.span.end <= b.span.start for a, b in zip(found, found[1:], strict=False))
    assert all(place.span.of(text).strip() for place in found)
    assert all((place.geonames is None) == (place.latitude is None) == (place.precision is None) for place in found)


def test_every_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    find = Gazetteer.find_key

    def counted(gazetteer: Gazetteer, key: str) -> Found:
        asked.append(key)
        return find(gazetteer, key)

    monkeypatch.setattr(Gazetteer, "find_key", counted)
    text = "Fire in Izmail. " * 100_000
    size = len("Fire in Izmail. ")
    names = [Name(Span(n * size + 8, n * size + 14), Label.PLACE, 0.9) for n in range(100_000)]
    assert len(find_places(text, names)) == 100_000
    assert len(asked) <= 5


def test_lists_of_places_do_not_pile_up_hints() -> None:
    counts = []
    for size in (50, 500, 5_000):
        text = ", ".join(["Franklin County", "Jackson County", "Texas", "Georgia"] * size)
        mentions, _ = find_mentions(text, [], Lookup(load_gazetteer()))
        counts.append(sum(len(mention.hints) for mention in mentions) / size)
    assert counts[2] == pytest.approx(counts[1], rel=0.05)


# ---- the gazetteer and its tables


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Saint-Étienne", "ST. ETIENNE"),
        ("the Hague", "Hague"),
        ("Łódź", "Lodz"),
        ("Côte d’Ivoire", "Cote d'Ivoire"),
        ("Diyarbak\u0131r", "Diyarbakir"),
        ("Stratford-upon-Avon", "Stratford upon Avon"),
    ],
)
def test_ways_to_write_a_name_share_a_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_the_gazetteer_says_where_it_is_from() -> None:
    gazetteer = load_gazetteer()
    assert "GeoNames" in gazetteer.source
    assert "CC BY 4.0" in gazetteer.source
    assert gazetteer.row_of(1) == -1
    row = gazetteer.row_of(KHERSON)
    assert gazetteer.kind(row) is Kind.SETTLEMENT
    assert gazetteer.name(int(gazetteer.regions[row])) == "Kherson Oblast"
    assert not len(gazetteer.find("Harven of the Nine Wells").rows)


def test_every_row_of_the_tables_names_a_place_of_the_gazetteer() -> None:
    gazetteer = load_gazetteer()
    assert all(gazetteer.row_of(int(id)) >= 0 for _, _, id, _ in load_rows("names.tsv"))
    assert min(min(load_names(use).values()) for use in ("always", "after", "usual")) >= 0
    assert min(load_adjectives().values()) >= 0
    assert {what.split()[0] for what in (region.what for region in load_regions().values())} == {
        "region",
        "sea",
        "river",
        "mountains",
        "former",
    }
    assert min(row for row, _ in load_cues().values()) >= 0
    assert all(gazetteer.row_of(int(id)) >= 0 for id, *_ in load_rows("points.tsv"))
