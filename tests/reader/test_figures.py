"""Figures, from sentences of our own."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model import Figure, Modifier, Scope, Span
from onrecord.reader.figures import find_figures


def only(text: str) -> Figure:
    (figure,) = find_figures(text)
    return figure


# ---- the constructions of war and sanctions reporting


def test_a_days_count_of_one_event() -> None:
    text = "The navy has confirmed that it downed ten Ishkari-made drones off the cape on Dec. 10 alone."
    figure = only(text)
    assert (figure.low, figure.high, figure.modifier) == (10, 10, Modifier.EXACT)
    assert figure.counted is not None
    assert figure.counted.of(text) == "Ishkari-made drones"
    assert figure.scope is Scope.EVENT
    assert figure.value.of(text) == "ten"


def test_more_than_of_things_counted_whole_begins_one_above() -> None:
    text = "Raids on the weekend left over 1.5 million people without water."
    figure = only(text)
    assert (figure.span.of(text), figure.value.of(text)) == ("over 1.5 million", "1.5 million")
    assert (figure.low, figure.high, figure.modifier) == (1_500_001, None, Modifier.MORE_THAN)
    assert figure.counted is not None
    assert figure.counted.of(text) == "people"


def test_more_than_of_a_measure_begins_at_the_bound() -> None:
    figure = only("The ridge is more than 300 metres away.")
    assert (figure.low, figure.high, figure.unit) == (300, None, "m")


def test_share_of_a_system() -> None:
    text = "The strikes have harmed up to 40 percent of the water system."
    figure = only(text)
    assert (figure.low, figure.high, figure.modifier, figure.unit) == (None, 40, Modifier.AT_MOST, "%")
    assert figure.counted is not None
    assert figure.counted.of(text) == "the water system"


def test_hundreds() -> None:
    text = "Lomas has so far sent hundreds of boats."
    figure = only(text)
    assert (figure.low, figure.high, figure.modifier, figure.scope) == (200, 999, Modifier.VAGUE, Scope.TOTAL)
    assert figure.reason == "vague: hundreds = 200 to 999"
    assert figure.counted is not None
    assert figure.counted.of(text) == "boats"


def test_a_limited_number_in_quotation_marks() -> None:
    text = "It admitted that it had handed over a “limited number” of the launchers years ago."
    figure = only(text)
    assert figure.span.of(text) == "a “limited number”"
    assert figure.value.of(text) == "limited number"
    assert (figure.low, figure.high, figure.modifier) == (1, None, Modifier.VAGUE)
    assert figure.counted is not None
    assert figure.counted.of(text) == "the launchers"


def test_far_more_is_a_vague_comparison() -> None:
    text = "He said that Lomas had shipped far more unmanned gliders than it says."
    figure = only(text)
    assert (figure.modifier, figure.relation) == (Modifier.VAGUE, "compared: far more")
    assert figure.counted is not None
    assert figure.counted.of(text) == "unmanned gliders"


def test_a_stretch_of_time_is_no_figure() -> None:
    assert find_figures("The boats were gathered over a three-week period.") == ()


# ---- numbers

NUMBERS = [
    ("1,200 crates arrived", 1200),
    ("1 200 crates arrived", 1200),
    ("1\u202f200 crates arrived", 1200),
    ("12,34,567 crates arrived", 1234567),
    ("1.2 million crates arrived", 1_200_000),
    ("2m people fled", 2_000_000),
    ("$1.5m", 1_500_000),
    ("£3bn", 3_000_000_000),
    ("4 hundred thousand crates arrived", 400_000),
    ("a hundred and twenty crates arrived", 120),
    ("two dozen crates arrived", 24),
    ("half a million crates arrived", 500_000),
    ("two and a half million crates arrived", 2_500_000),
    ("twenty-five crates arrived", 25),
    ("three thousand two hundred and six crates arrived", 3206),
    ("1/2 cup", 0.5),
    ("3-1/2 miles", 3.5),
    ("2½ miles", 2.5),
    (".25 miles", 0.25),
    ("-5 degrees", -5),
    ("minus 5 degrees", -5),
    ("1.99\u00d710−3 kilograms", 0.00199),
    ("two point five miles", 2.5),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_numbers(text: str, value: float) -> None:
    figure = only(text)
    assert (figure.low, figure.high) == (value, value)


SHARES = [
    ("Half of the harbour burned.", 50),
    ("Two-thirds of the harbour burned.", 66.666667),
    ("A quarter of the harbour burned.", 25),
    ("One in five boats sank.", 20),
    ("Nine out of ten boats sank.", 90),
    ("3/4 of the boats sank.", 75),
]


@pytest.mark.parametrize(("text", "share"), SHARES)
def test_fractions_of_something_are_shares_in_percent(text: str, share: float) -> None:
    figure = only(text)
    assert (figure.low, figure.high, figure.unit) == (share, share, "%")


RANGES = [
    ("10 to 15 boats", "10 to 15", 10, 15),
    ("10–15 boats", "10–15", 10, 15),
    ("between 10 and 15 boats", "between 10 and 15", 10, 15),
    ("three or four boats", "three or four", 3, 4),
    ("between $62 and $68", "between $62 and $68", 62, 68),
    ("$10-15 million", "$10-15 million", 10_000_000, 15_000_000),
    ("1 to 2 thousand boats", "1 to 2 thousand", 1000, 2000),
    ("$200 to $4 million", "$200 to $4 million", 200, 4_000_000),
    ("five to 10 per cent", "five to 10 per cent", 5, 10),
]


@pytest.mark.parametrize(("text", "words", "low", "high"), RANGES)
def test_ranges(text: str, words: str, low: float | None, high: float | None) -> None:
    figure = only(text)
    assert (figure.span.of(text), figure.low, figure.high, figure.reason) == (words, low, high, "range")


def test_a_change_from_one_number_to_another_is_no_range() -> None:
    text = "The garrison shrank from 900 to 300 soldiers."
    first, second = find_figures(text)
    assert (first.low, first.high, first.relation) == (900, 900, "change: from")
    assert (second.low, second.high, second.relation) == (300, 300, "change: to")


BOUNDS = [
    ("at least 10 boats", 10, None, Modifier.AT_LEAST),
    ("no fewer than 10 boats", 10, None, Modifier.AT_LEAST),
    ("10 or more boats", 10, None, Modifier.AT_LEAST),
    ("10 boats or more", 10, None, Modifier.AT_LEAST),
    ("more than 10 boats", 11, None, Modifier.MORE_THAN),
    ("above 10 percent", 10, None, Modifier.MORE_THAN),
    ("up to 10 boats", None, 10, Modifier.AT_MOST),
    ("as many as 10 boats", None, 10, Modifier.AT_MOST),
    ("no more than 10 boats", None, 10, Modifier.AT_MOST),
    ("fewer than 10 boats", None, 9, Modifier.LESS_THAN),
    ("under 10 percent", None, 10, Modifier.LESS_THAN),
    ("about 10 boats", 10, 10, Modifier.ABOUT),
    ("some 40 boats", 40, 40, Modifier.ABOUT),
    ("nearly 40 boats", 40, 40, Modifier.ABOUT),
    ("an estimated 40 boats", 40, 40, Modifier.ABOUT),
    ("40 or so boats", 40, 40, Modifier.ABOUT),
    ("exactly 40 boats", 40, 40, Modifier.EXACT),
    ("~40 boats", 40, 40, Modifier.ABOUT),
]


@pytest.mark.parametrize(("text", "low", "high", "modifier"), BOUNDS)
def test_bounds(text: str, low: float | None, high: float | None, modifier: Modifier) -> None:
    figure = only(text)
    assert (figure.low, figure.high, figure.modifier) == (low, high, modifier)
    assert figure.span.start == 0


VAGUE = [
    ("dozens of boats", 24, 99),
    ("scores of boats", 40, 199),
    ("thousands of boats", 2000, 9999),
    ("tens of thousands of boats", 20_000, 99_999),
    ("hundreds of thousands of boats", 200_000, 999_999),
    ("millions of boats", 2_000_000, 9_999_999),
    ("several boats", 3, 9),
    ("several hundred boats", 300, 999),
    ("a few boats", 2, 9),
    ("a handful of boats", 2, 9),
    ("many boats", 3, None),
    ("a number of boats", 2, None),
]


@pytest.mark.parametrize(("text", "low", "high"), VAGUE)
def test_vague_amounts(text: str, low: float | None, high: float | None) -> None:
    figure = only(text)
    assert (figure.low, figure.high, figure.modifier) == (low, high, Modifier.VAGUE)
    assert figure.reason.startswith("vague: ")
    assert figure.counted is not None
    assert figure.counted.of(text) == "boats"


UNITS = [
    ("40%", "%"),
    ("40 per cent", "%"),
    ("3 percentage points", "percentage point"),
    ("$40", "USD"),
    ("US$40", "USD"),
    ("40 US dollars", "USD"),
    ("A$40", "AUD"),
    ("€40", "EUR"),
    ("40 €", "EUR"),
    ("£40", "GBP"),
    ("40 million pounds", "GBP"),
    ("40 pounds", "lb"),
    ("¥40", "JPY"),
    ("₴40", "UAH"),
    ("40 ₽", "RUB"),
    ("40 million rubles", "RUB"),
    ("CHF 40", "CHF"),
    ("40 km", "km"),
    ("40 kilometres", "km"),
    ("40 miles", "mi"),
    ("40-tonne", "tonne"),
    ("155mm", "mm"),
    ("122-mm", "mm"),
    ("40 square miles", "mi²"),
    ("40 m2", "m²"),
    ("40 cubic feet", "ft³"),
    ("40 km/h", "km/h"),
    ("40 miles per hour", "mph"),
    ("40 °C", "°C"),
    ("40 degrees Celsius", "°C"),
    ("40 MW", "MW"),
    ("40 mW", "mW"),
    ("40 kilowatt-hours", "kWh"),
    ("three hours", "hour"),
    ("40 years old", "year of age"),
    ("$40 a barrel", "USD/bbl"),
    ("$40 per share", "USD/share"),
    ("40 barrels a day", "bbl/day"),
]


@pytest.mark.parametrize(("text", "unit"), UNITS)
def test_units(text: str, unit: str) -> None:
    figure = only(text)
    assert figure.unit == unit
    assert figure.span == Span(0, len(text))


def test_a_dollar_sign_after_an_article_is_no_australian_dollar() -> None:
    assert only("It paid a $40 fine.").unit == "USD"


# ---- what is counted


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("It fired 85 missiles at the port.", ["missiles"]),
        ("It fired 14 heavy cruise missiles at the port.", ["heavy cruise missiles"]),
        ("It put sanctions on 12 companies and individuals.", ["companies and individuals"]),
        ("It put sanctions on 12 companies and private individuals.", ["companies and private individuals"]),
        ("It held 300,000 tons of Ishkari grain.", ["Ishkari grain"]),
        ("The crew of 12 armed men left.", ["armed men"]),
        ("At least one person died.", ["person"]),
        ("A 40-kilometre front collapsed.", ["front"]),
        ("Of the 81 injured, 50 have gone home.", ["injured", "injured"]),
        ("It fired 85 missiles, of which 20 were stopped.", ["missiles", "missiles"]),
        ("It fired 85 missiles and 20 were stopped.", ["missiles", "missiles"]),
        ("The mayor put the number of boats at around 100.", ["boats"]),
        ("It sent 20 more boats.", ["boats"]),
        ("It sent 20 U.S. officers.", ["U.S. officers"]),
        ("One of Mr. Holt's aides left.", ["Mr. Holt's aides"]),
        ("It sent 20 wounded soldiers home.", ["wounded soldiers"]),
        ("It sent 20 Reuters reporters home.", ["Reuters reporters"]),
        ("It sent 20 police officers home.", ["police officers"]),
        ("It sent thousands of elderly people home.", ["elderly people"]),
        ("It took 3 tonnes of wheat worth some $90m.", ["wheat", None]),
        ("It held 22 people, three of them children.", ["people", "children"]),
        ("Korvania put its losses at 212.", ["losses"]),
        ("He is 6ft 2in tall.", [None]),
    ],
)
def test_what_is_counted(text: str, counted: list[str | None]) -> None:
    assert [figure.counted and figure.counted.of(text) for figure in find_figures(text)] == counted


@pytest.mark.parametrize("text", ["The blast killed two.", "The blast left 2 dead.", "The toll rose to 15."])
def test_people_of_whom_only_the_verb_tells(text: str) -> None:
    figure = only(text)
    assert figure.unit == "person" or (figure.counted and figure.counted.of(text) == "dead")


def test_parts_and_wholes_are_two_figures() -> None:
    text = "Guards stopped 61 of the more than 80 gliders."
    part, whole = find_figures(text)
    assert (part.low, part.high, part.relation) == (61, 61, "part of 80")
    assert (whole.low, whole.high, whole.relation) == (81, None, "")
    assert part.counted == whole.counted
    assert part.counted is not None
    assert part.counted.of(text) == "gliders"


def test_comparisons_and_sums_are_marked() -> None:
    text = "It lost twice as many boats as in May."
    figure = only(text)
    assert (figure.low, figure.unit) == (2, "times")
    assert figure.relation == "compared: twice as many boats as in May"
    assert only("It lost a total of 15 boats.").relation == "sum"
    assert only("It lost 15 boats more than last year.").relation == "compared: more than last year"
    assert only("Prices rose 5 percent.").relation == "change: up"
    assert only("Prices fell by about 5 percent.").relation == "change: down"
    assert only("It was a rise of 5 percent.").relation == "change: up"


@pytest.mark.parametrize(
    "text",
    ["It fired 85 missiles, of which 20 were stopped.", "It fired 85 missiles, 20 of them at the port."],
)
def test_what_is_said_of_them_is_a_part_of_them(text: str) -> None:
    whole, part = find_figures(text)
    assert (whole.relation, part.relation) == ("", "part of 85")
    assert part.counted is not None
    assert part.counted.of(text) == "missiles"


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("It shot down 12 gliders overnight.", Scope.EVENT),
        ("The attack on Tuesday killed 12 people.", Scope.EVENT),
        ("It has lost 900 soldiers since February.", Scope.TOTAL),
        ("In total 900 soldiers fell.", Scope.TOTAL),
        ("The fleet still has 40 boats left.", Scope.STOCK),
        ("The fleet holds 40 boats.", Scope.STOCK),
        ("It lost 900 soldiers in November.", Scope.PERIOD),
        ("It lost 900 soldiers last month.", Scope.PERIOD),
        ("The ship carried 900 soldiers.", Scope.UNKNOWN),
        ("The fleet consists of 40 boats.", Scope.STOCK),
        ("There are 900 soldiers at the fort.", Scope.STOCK),
        ("The mine employs nearly 900 people.", Scope.STOCK),
        ("The flood damaged 40 boats and left.", Scope.EVENT),
        ("A gunman killed 12 people.", Scope.EVENT),
        ("The raids have killed 12 people.", Scope.UNKNOWN),
        ("12 people died when a bus overturned near the fort.", Scope.EVENT),
        ("A missile fell on the village, killing 12 people.", Scope.EVENT),
        ("The raids have killed 12 people since May.", Scope.TOTAL),
        ("The death toll rose to 12 on Thursday.", Scope.TOTAL),
        ("It lost 900 soldiers in two days of fighting.", Scope.PERIOD),
        ("It spent $2 billion over three years.", Scope.PERIOD),
        ("It handles 4,000 crates a day.", Scope.PERIOD),
        ("The fort fell in the battle, and 900 soldiers were aboard.", Scope.EVENT),
        ("The ministry said on Friday that it had 900 soldiers in mind.", Scope.STOCK),
        ("The ship carried 900 soldiers, the navy said on Friday.", Scope.UNKNOWN),
        ("Support is at 58%, a poll published on Monday suggests.", Scope.UNKNOWN),
        ("He is aged 35 on Monday.", Scope.UNKNOWN),
        ("The navy said it sank two boats off the cape on Monday.", Scope.EVENT),
        ("It sank two boats, the navy told reporters late on Monday.", Scope.UNKNOWN),
        ("The car did 140 km/h.", Scope.UNKNOWN),
    ],
)
def test_scope(text: str, scope: Scope) -> None:
    assert find_figures(text)[0].scope is scope


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("It lost 12 boats in May and 40 in July.", [Scope.PERIOD, Scope.PERIOD]),
        (
            "There were 1,204 cases in the past week, bringing the total to 18,350.",
            [Scope.PERIOD, Scope.TOTAL],
        ),
        ("More than 1,000 were held since May, including 150 on Sunday alone.", [Scope.TOTAL, Scope.EVENT]),
        ("More than 1,000 people have died so far, including some 300 children.", [Scope.TOTAL, Scope.TOTAL]),
        ("It lost 15 men, 30 tanks and dozens of boats in a week.", [Scope.PERIOD] * 3),
        ("The navy has 14 submarines and about 60 frigates.", [Scope.STOCK] * 2),
        ("Rebels killed 9 soldiers on Monday; 211 have died since January.", [Scope.EVENT, Scope.TOTAL]),
        ("Since May it has lost 12 boats and, by its own count, 900 men.", [Scope.TOTAL] * 2),
        ("Of 85 missiles fired overnight, of which 71 were stopped, none hit.", [Scope.EVENT] * 2),
    ],
)
def test_figures_of_one_sentence_have_the_scope_of_the_words_beside_them(text: str, scopes: list[Scope]) -> None:
    assert [figure.scope for figure in find_figures(text)] == scopes


def test_scope_comes_from_the_same_sentence() -> None:
    assert only("It carried 900 soldiers. Since May nothing has sailed.").scope is Scope.UNKNOWN


# ---- what is no figure, and what cannot be read


@pytest.mark.parametrize(
    "text",
    [
        "in 2022",
        "The talks of 2019 and 2020 failed.",
        "between 2014 and 2017",
        "the 2022 elections",
        "On Dec. 9 they met.",
        "On 9 December they met.",
        "On December 9, 2022, they met.",
        "at 10:30 p.m.",
        "at 5 a.m.",
        "at 1440 GMT",
        "2022-12-09",
        "09/12/2022",
        "the 45th brigade",
        "the 1990s",
        "a Shahed-136 and an F-16",
        "an S-300 5-W-55 missile",
        "Resolution 2231",
        "Article 5 was cited.",
        "Articles 4 and 5 were cited.",
        "No. 7",
        "call +44-20-555-0142",
        "version 1.5.2",
        "the Group of 20 met",
        "the Lomas Galaxy 20 was shown",
        "Mira Holt, 35, disagreed.",
        "World War Two",
        "no one came",
        "they met one another",
        "the two agreed",
        "1. Introduction",
        "a claim [12]",
        "https://example.org/2/17",
        "a one-way street",
        "how many were there",
        "the first half of the day",
        "The court voted 5 to 4.",
        "a one-time payment",
        "the Gang of Eight met",
    ],
)
def test_no_figures(text: str) -> None:
    assert find_figures(text) == ()


def test_skipped_stretches_hold_no_figures() -> None:
    text = "It fired 12 rockets in 24 hours."
    start = text.index("24 hours")
    assert [figure.value.of(text) for figure in find_figures(text, [Span(start, start + 8)])] == ["12"]


def test_a_number_in_a_name_that_is_counted_is_no_figure() -> None:
    assert [figure.low for figure in find_figures("The line grounded two new 737 Max jets.")] == [2]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("1,2,3", "numbers joined by commas"),
        ("1.234,5", "1.234,5 can be read in two ways"),
        ("1,23", "1,23 can be read in two ways"),
        ("1.234.567", "1.234.567 can be read in two ways"),
        ("١٢٣", "digits of another script"),
        ("9" * 400, "a number of 400 digits"),
        ("1 2 3 4 5", "a row of 5 numbers"),
        ("10^500", "a power that is not written out"),
        ("1e400", "a power that is not written out"),
        ("one thousand thousand", "words that make no number"),
        ("one hundred trillion trillion", "words that make no number"),
        ("12\u200b34", "signs in it that take no room"),
        ("12 quadrillion", "a number larger than a record can hold exactly"),
        ("9999999999999999", "a number larger than a record can hold exactly"),
    ],
)
def test_what_cannot_be_read_stays_as_it_stands_with_the_reason(words: str, reason: str) -> None:
    text = f"They counted {words} boats."
    figure = only(text)
    assert (figure.low, figure.high, figure.reason) == (None, None, reason)
    assert figure.value.of(text) == words


def test_figures_are_checked() -> None:
    with pytest.raises(ValueError, match="not a range"):
        Figure(Span(0, 1), Span(0, 1), 2, 1, Modifier.EXACT, "", None, Scope.UNKNOWN, "", "numeral")
    with pytest.raises(ValueError, match="outside its figure"):
        Figure(Span(0, 1), Span(0, 2), 1, 1, Modifier.EXACT, "", None, Scope.UNKNOWN, "", "numeral")


PIECES = st.sampled_from(
    """1 2 10 2022 1,200 1.5 1.234,5 1,2,3 ½ 1/2 0/0 9/11 -5 − + $ US$ £ € ¥ % ° °C km m k bn million hundred dozen
    one two five ten twenty a an and or to of in out per from between about more than at least up over half third thirds
    dozens hundreds tens several few many number limited far twice as drones people boats Shahed-136 F-16 May may
    Dec. 9 p.m.
    years old aged killed left total since overnight No. Article ( ) “ ” " - – , . : ; / # @ İ ١٢٣
    é 🙂 \n \u00a0 \u202f
    """.split(" ")
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES).map("".join)))
def test_any_text_gives_spans_inside_it_in_order_and_apart(text: str) -> None:
    figures = find_figures(text)
    assert all(a.span.end <= b.span.start for a, b in zip(figures, figures[1:], strict=False))
    for figure in figures:
        assert figure.span.end <= len(text)
        assert figure.value.of(text)
        assert figure.counted is None or figure.counted.end <= len(text)
        assert figure.low is None or figure.high is None or figure.low <= figure.high
        assert figure.low is None or not math.isnan(figure.low)
        assert figure.reason
        assert figure.modifier is Modifier.VAGUE or not figure.reason.startswith("vague")


@given(st.lists(PIECES, max_size=30).map(" ".join), st.data())
def test_no_figure_has_its_number_in_a_skipped_stretch(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    skipped = Span(start, data.draw(st.integers(start + 1, len(text))))
    for figure in find_figures(text, [skipped]):
        assert figure.value.start >= skipped.end or figure.value.end <= skipped.start or figure.reason == "range"


RUNS = ["1", "1,", "1 ", "½", "1-", "one ", "1 to ", "a ", "10 of the ", "$", "1/", "hundred and ", "x1 ", "1 a-a"]


@pytest.mark.parametrize("run", RUNS)
def test_time_grows_with_the_length_of_the_text(run: str) -> None:
    text = run * (20_000 // len(run))
    start = time.process_time()
    find_figures(text)
    assert time.process_time() - start < 5
