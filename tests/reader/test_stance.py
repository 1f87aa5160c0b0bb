"""How attributions are meant: sentences of our own, with the constructions of real reports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model import Attribution, Kind, Mention, MentionKind, Party, PartyKind, Span, SpeaksFor, Stance, Voice
from onrecord.reader.inflection import inflected
from onrecord.reader.stance import Taken, take_stances
from onrecord.text import find_sentences


def find(text: str, words: str, start: int = 0) -> tuple[Span, ...]:
    """Where words stand; pieces are apart by ` … `, each sought after the one before it."""
    spans = []
    for piece in words.split(" … ") if words else ():
        at = text.index(piece, start)
        start = at + len(piece)
        spans.append(Span(at, start))
    return tuple(spans)


def take(text: str, *rows: tuple[str, str, str] | tuple[str, str, str, int]) -> list[Taken]:
    """Stances of attributions given as words: source, cue, content, and the number of the one it stands in."""
    attributions = []
    for n, (source, cue, content, *parent) in enumerate(rows):
        said = find(text, content)
        spans = (find(text, source), find(text, cue), said)
        inside = str(parent[0]) if parent else None
        attributions.append(Attribution(str(n), Kind.INDIRECT, Voice.PARTY, inside, *spans, 0.9))
    return take_stances(text, attributions)


def one(text: str, source: str, cue: str, content: str) -> Taken:
    return take(text, (source, cue, content))[0]


def words(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [span.of(text) for span in spans]


# ---- the rows of the seed article, in other words

ADMISSION = (
    "Sardal initially denied allegations that it had shipped the gliders that set the docks on fire, yet later "
    "conceded it had lent Korvania a “handful” of them. The concession was at once blasted as “a lie” by "
    "President Irena Kasko, who said that Sardal had shipped hundreds. The Veldran coast guard has since confirmed "
    "it shot down nine gliders on Monday."
)


def admission() -> list[Taken]:
    return take(
        ADMISSION,
        ("Sardal", "initially denied", "allegations that it had shipped the gliders that set the docks on fire"),
        ("", "allegations", "that it had shipped the gliders that set the docks on fire", 0),
        ("Sardal", "later conceded", "it had lent Korvania a “handful” of them"),
        ("President Irena Kasko", "blasted as", "“a lie”"),
        ("who", "said", "that Sardal had shipped hundreds"),
        ("The Veldran coast guard", "has since confirmed", "it shot down nine gliders on Monday"),
    )


def test_denied_then_admitted_then_called_a_lie_then_confirmed() -> None:
    assert [taken.stance for taken in admission()] == [
        Stance.DENY,
        Stance.ACCUSE,
        Stance.ADMIT,
        Stance.REJECT,
        Stance.ASSERT,
        Stance.CONFIRM,
    ]


def test_a_stance_on_a_statement_points_to_it() -> None:
    assert [taken.about for taken in admission()] == [1, None, None, 2, None, None]


def test_reports_that_show_and_what_a_government_fears_are_stances_of_their_own() -> None:
    text = (
        "Merrow’s spokesman Colm Brandreth said that leaked reports show the two are weighing a joint yard. “Korvania "
        "is seeking engines,” Brandreth told reporters on Friday, adding that Merrow feared it also means to ship "
        "“heavy parts” south."
    )
    shown, told, adding, feared = (
        take(
            text,
            ("Merrow’s spokesman Colm Brandreth", "said", "that leaked reports show the two are weighing a joint yard"),
            ("leaked reports", "show", "the two are weighing a joint yard", 0),
        )[1],
        *take(
            text,
            ("Brandreth", "told", "“Korvania is seeking engines,”"),
            ("", "adding", "that Merrow feared it also means to ship “heavy parts” south"),
            ("Merrow feared"[:6], "feared", "it also means to ship “heavy parts” south", 1),
        ),
    )
    assert [taken.stance for taken in (shown, told, adding, feared)] == [
        Stance.REPORT,
        Stance.ASSERT,
        Stance.ASSERT,
        Stance.FEAR,
    ]
    assert words(text, told.addressee) == words(text, adding.addressee) == ["reporters"]


def test_a_floating_quotation_speaks_for_itself() -> None:
    text = (
        "“We will punish every yard that helps them,” Tove Ranning said in a statement.\n\n“These lists close a door.”"
    )
    first, floating = take(
        text,
        ("Tove Ranning", "said", "“We will punish every yard that helps them,”"),
        ("", "", "“These lists close a door.”"),
    )
    assert (first.stance, floating.stance) == (Stance.PROMISE, Stance.ASSERT)
    assert words(text, first.channel) == ["in a statement"]
    assert not floating.channel


def test_a_threat_to_all_is_condemned_and_determination_is_a_promise() -> None:
    text = "Aldous Pike told reporters that their pact was a threat to every port."
    assert one(text, "Aldous Pike", "told", "that their pact was a threat to every port").stance is Stance.CONDEMN
    text = "“Merrow is determined to list the firms that arm them,” the treasurer said."
    content = "“Merrow is determined to list the firms that arm them,”"
    assert one(text, "the treasurer", "said", content).stance is Stance.PROMISE


def test_who_says_that_another_agrees_says_it_too_and_the_other_has_a_stance_on_a_statement() -> None:
    text = (
        "The Osmund government said that the raids would become heavier. Pike added that Thorland agreed with the "
        "Osmund government that the raids would grow in spring."
    )
    _, added, agreed = take(
        text,
        ("The Osmund government", "said", "the raids would become heavier"),
        ("Pike", "added", "that Thorland agreed with the Osmund government that the raids would grow in spring"),
        ("Thorland", "agreed with", "that the raids would grow in spring", 1),
    )
    assert (added.stance, agreed.stance) == (Stance.ASSESS, Stance.ASSESS)
    assert (added.about, agreed.about) == (None, 0)


def test_an_institute_assesses_and_its_hedges_stand_as_they_are_written() -> None:
    text = (
        "The Ostrey Institute said in its weekly report that Korvania is using more gliders. “The pace may indicate "
        "that crates arrived, and more will very likely follow,” the Institute said."
    )
    first, second = take(
        text,
        ("The Ostrey Institute", "said", "that Korvania is using more gliders"),
        ("the Institute", "said", "“The pace may indicate that crates arrived, and more will very likely follow,”"),
    )[:2]
    assert (first.stance, second.stance) == (Stance.ASSESS, Stance.ASSESS)
    assert words(text, first.channel) == ["in its weekly report"]
    assert [(hedge.span.of(text), hedge.band) for hedge in second.hedges] == [
        ("may indicate", ""),
        ("very likely", "very likely"),
    ]


# ---- cues and what stands around them


@pytest.mark.parametrize(
    ("cue", "stance"),
    [
        ("denied", Stance.DENY),
        ("has always denied", Stance.DENY),
        ("did not deny", Stance.DECLINE),
        ("refused to confirm", Stance.DECLINE),
        ("declined to comment on", Stance.DECLINE),
        ("would neither confirm nor deny", Stance.DECLINE),
        ("has yet to confirm", Stance.DECLINE),
        ("stopped short of confirming", Stance.DECLINE),
        ("has since confirmed", Stance.CONFIRM),
        ("acknowledged", Stance.ADMIT),
        ("conceded", Stance.ADMIT),
        ("vowed", Stance.PROMISE),
        ("threatened", Stance.PROMISE),
        ("called for", Stance.CALL_FOR),
        ("demanded", Stance.CALL_FOR),
        ("urged", Stance.CALL_FOR),
        ("believes", Stance.ASSESS),
        ("does not expect", Stance.ASSESS),
        ("estimated", Stance.ASSESS),
        ("feared", Stance.FEAR),
        ("warned of", Stance.FEAR),
        ("doubts", Stance.DOUBT),
        ("questioned", Stance.DOUBT),
        ("condemned", Stance.CONDEMN),
        ("criticised", Stance.CONDEMN),
        ("blamed Korvania for", Stance.ACCUSE),
        ("is accused of", Stance.ACCUSE),
        ("claimed", Stance.ASSERT),
        ("not only said", Stance.ASSERT),
        ("issued a statement denouncing", Stance.CONDEMN),
        ("expressed concern about", Stance.FEAR),
        ("was appalled by", Stance.CONDEMN),
        ("complained about", Stance.CONDEMN),
        ("lamented", Stance.CONDEMN),
        ("is critical of", Stance.CONDEMN),
        ("is wary of", Stance.FEAR),
        ("balked at", Stance.REJECT),
        ("ruled out", Stance.REJECT),
        ("refused to rule out", Stance.ASSESS),
        ("did not accept", Stance.REJECT),
        ("accepted", Stance.ASSERT),
        ("is seeking", Stance.ASSERT),
        ("plans", Stance.ASSERT),
        ("intends", Stance.ASSERT),
        ("is considering", Stance.ASSERT),
        ("offered to discuss", Stance.PROMISE),
        ("backtracked on", Stance.ADMIT),
        ("was not sure of", Stance.DOUBT),
        ("suspected", Stance.ACCUSE),
        ("pleaded not guilty to", Stance.DENY),
        ("said in its report on", Stance.ASSERT),
    ],
)
def test_a_cue_is_read_with_the_words_around_it(cue: str, stance: Stance) -> None:
    text = f"On Monday the harbour board {cue} the closing of the quay."
    assert one(text, "the harbour board", cue, "the closing of the quay").stance is stance


@pytest.mark.parametrize(
    ("source", "cue", "content", "stance"),
    [
        ("No group", "has claimed responsibility for", "the blast", Stance.DECLINE),
        ("The board", "refused", "to rule out a strike", Stance.ASSESS),
        ("The board", "refused", "to confirm the loss", Stance.DECLINE),
        ("The board", "failed", "to meet on Monday", Stance.ASSERT),
        ("The board", "wants", "to close the quay", Stance.ASSERT),
        ("The board", "wants", "the crews to close the quay", Stance.CALL_FOR),
        ("The board", "accepted", "that the quay had been neglected", Stance.ADMIT),
        ("The board", "suspects", "that the quay was empty", Stance.ASSESS),
        ("The board", "questioned", "the need for a quay", Stance.DOUBT),
        ("The captain", "was questioned", "about the quay", Stance.ASSERT),
        ("The board", "expressed", "its deep concern about the quay", Stance.FEAR),
        ("The board", "complained", "that Iran had closed the quay", Stance.ACCUSE),
        ("The board", "rejected", "the accusation", Stance.DENY),
        ("The board", "announced", "that the quay would be closed on Monday", Stance.ASSERT),
        ("Investigators", "ruled out", "that the quay had been mined", Stance.ASSESS),
    ],
)
def test_a_cue_is_read_with_its_source_and_its_content(source: str, cue: str, content: str, stance: Stance) -> None:
    assert one(f"{source} {cue} {content}.", source, cue, content).stance is stance


def test_what_only_explains_a_denial_denies() -> None:
    text = "Sardal denied the raid, saying the boats were in port. Sardal denied the loss, adding that the talks go on."
    _, saying = take(text, ("Sardal", "denied", "the raid"), ("", "saying", "the boats were in port"))
    assert saying.stance is Stance.DENY
    text = "Sardal denied the loss, adding that the talks go on."
    _, adding = take(text, ("Sardal", "denied", "the loss"), ("", "adding", "that the talks go on"))
    assert adding.stance is Stance.ASSERT


def test_whoever_is_quoted_does_not_call_himself_they() -> None:
    text = "The farmers said “they will be at the gate”."
    spans = (find(text, "The farmers"), find(text, "said"), find(text, "“they will be at the gate”"))
    quoted = Attribution("0", Kind.DIRECT, Voice.PARTY, None, *spans, 0.9)
    assert take_stances(text, [quoted])[0].stance is Stance.ASSESS


def test_who_agrees_with_a_statement_takes_its_stance() -> None:
    assert one("Holt agreed with that assessment.", "Holt", "agreed with", "that assessment").stance is Stance.ASSESS


def test_a_pronoun_in_the_sentence_of_an_accusation_is_the_accused() -> None:
    text = "Sardal is accused by Merrow of shipping gliders, a charge it denies."
    _, denied = take(text, ("Merrow", "is accused", "Sardal … of shipping gliders"), ("it", "denies", "a charge"))
    assert (denied.stance, denied.about) == (Stance.DENY, 0)


def test_an_analyst_who_is_named_later_by_name_still_assesses_and_an_official_is_no_newspaper() -> None:
    text = "Ruth Sand, an analyst, said it fell. “It was old,” Sand said. Reuters reported a fire. An official said so."
    taken = take(
        text,
        ("Ruth Sand, an analyst", "said", "it fell"),
        ("Sand", "said", "“It was old,”"),
        ("Reuters", "reported", "a fire"),
        ("An official", "said", "so"),
    )
    assert [one.stance for one in taken] == [Stance.ASSESS, Stance.ASSESS, Stance.REPORT, Stance.ASSERT]


def test_an_office_makes_a_name_a_side_and_so_does_a_party() -> None:
    text = "Iran’s foreign minister, Reza Tal, left early. Tal said no Iranian boat was there."
    content = "no Iranian boat was there"
    assert one(text, "Tal", "said", content).stance is Stance.DENY
    text = "The envoy said no Iranian boat was there."
    assert one(text, "The envoy", "said", content).stance is Stance.ASSERT
    words_ = find(text, "The envoy")
    speaks = SpeaksFor("Government of Iran", "IR", words_[0], "made up")
    party = Party("1", PartyKind.PERSON, None, (Mention(words_[0], MentionKind.DESCRIPTION),), None, speaks)
    spans = (words_, find(text, "said"), find(text, content))
    envoy = Attribution("0", Kind.INDIRECT, Voice.PARTY, None, *spans, 0.9, party="1")
    assert take_stances(text, [envoy], [party])[0].stance is Stance.DENY


def test_harm_that_another_side_does_to_one_s_own_is_an_accusation() -> None:
    text = "Ukraine said Russian missiles had struck its ports. Poland said Russian missiles had struck a port."
    own, other = take(
        text,
        ("Ukraine", "said", "Russian missiles had struck its ports"),
        ("Poland", "said", "Russian missiles had struck a port"),
    )
    assert (own.stance, other.stance) == (Stance.ACCUSE, Stance.ASSERT)


def test_a_negation_outside_the_cue_counts_and_one_in_another_clause_does_not() -> None:
    text = "The board did not immediately confirm the loss. The union was not asked and has confirmed the theft."
    first, second = take(text, ("The board", "confirm", "the loss"), ("The union", "has confirmed", "the theft"))
    assert (first.stance, second.stance) == (Stance.DECLINE, Stance.CONFIRM)
    assert first.reason == "the cue “not immediately confirm”"


@pytest.mark.parametrize(
    ("content", "stance"),
    [
        ("that the storm would reach the town", Stance.FEAR),
        ("that it would answer any raid with force", Stance.PROMISE),
        ("we will answer any raid with force", Stance.PROMISE),
        ("Korvania not to touch the bridge", Stance.CALL_FOR),
    ],
)
def test_a_warning_is_a_fear_a_threat_or_a_call(content: str, stance: Stance) -> None:
    assert one(f"Sardal warned {content}.", "Sardal", "warned", content).stance is stance


@pytest.mark.parametrize(
    ("source", "content", "stance"),
    [
        ("Mira Holt", "the bridge stands", Stance.ASSERT),
        ("Mira Holt", "the dam will probably hold", Stance.ASSESS),
        ("Mira Holt", "there is no indication of a deliberate attack", Stance.ASSESS),
        ("Mira Holt", "every crew must leave the quay", Stance.CALL_FOR),
        ("Mira Holt", "the crews should have left", Stance.ASSERT),
        ("Mira Holt", "“Open the gate at once”", Stance.CALL_FOR),
        ("Mira Holt", "“we’ll rebuild it”", Stance.PROMISE),
        ("Mira Holt", "“we cannot confirm it at this time”", Stance.DECLINE),
        ("Mira Holt", "Korvania is to blame", Stance.ACCUSE),
        ("Mira Holt", "Korvania is not to blame", Stance.ASSERT),
        ("Mira Holt", "the raid was cowardly", Stance.CONDEMN),
        ("Mira Holt", "“we made a mistake”", Stance.ADMIT),
        ("Mira Holt", "it was only a matter of time before the next one", Stance.FEAR),
        ("Sardal", "none of its crates were on the ship", Stance.DENY),
        ("Sardal", "no Sardali crate was on the ship", Stance.DENY),
        ("Sardal", "it had nothing to do with the ship", Stance.DENY),
        ("The police", "a tanker had crashed", Stance.REPORT),
        ("Mira Holt", "14 people were injured", Stance.REPORT),
        ("Reuters", "the bridge stands", Stance.REPORT),
        ("Analysts", "the bridge stands", Stance.ASSESS),
        ("Mira Holt", "she travelled on a false passport", Stance.ASSERT),
        ("Mira Holt", "the captain made a mistake", Stance.ASSERT),
        ("Mira Holt", "the toll would be announced on Monday", Stance.ASSESS),
        ("Mira Holt", "it does not take time to mend", Stance.ASSERT),
        ("The farmers", "they would block the roads", Stance.PROMISE),
        ("The ministry", "its own report was incorrect", Stance.ADMIT),
        ("Sardal", "a Sardali boat had veered off course", Stance.ADMIT),
        ("Mira Holt", "the boat had veered off course", Stance.ASSESS),
        ("Mira Holt", "the crew may have left early", Stance.ASSESS),
        ("Mira Holt", "the ruling is not acceptable", Stance.CONDEMN),
        ("Mira Holt", "42 percent of the harbour is shut", Stance.REPORT),
        ("Mira Holt", "there is no way we can forget it", Stance.ASSERT),
        ("A police spokesman", "two men were arrested", Stance.REPORT),
        ("A spokesman for Reuters", "the bridge stands", Stance.ASSERT),
        ("Reuters", "it would not comment on its sources", Stance.DECLINE),
    ],
)
def test_where_the_cue_leaves_it_open_the_content_decides(source: str, content: str, stance: Stance) -> None:
    assert one(f"{source} said {content}.", source, "said", content).stance is stance


def test_who_is_accused_denies_and_who_is_not_rejects() -> None:
    text = (
        "Thorland accused Sardal of arming Korvania. The Sardali envoy dismissed the accusation as “a lie”. Veldra "
        "brushed aside Thorland’s statement that it had won."
    )
    _, own, other, nested = take(
        text,
        ("Thorland", "accused", "Sardal of arming Korvania"),
        ("The Sardali envoy", "dismissed", "the accusation as “a lie”"),
        ("Veldra", "brushed aside", "Thorland’s statement that it had won"),
        ("Thorland’s", "statement", "that it had won", 2),
    )
    assert (own.stance, own.about) == (Stance.DENY, 0)
    assert (other.stance, other.about, nested.stance) == (Stance.REJECT, 3, Stance.ASSERT)


def test_a_statement_of_another_is_rejected() -> None:
    text = "Sardal said on Monday that sixty gliders went south. President Irena Kasko rejected the statement as a lie."
    _, rejected = take(
        text,
        ("Sardal", "said", "that sixty gliders went south"),
        ("President Irena Kasko", "rejected", "the statement as a lie"),
    )
    assert (rejected.stance, rejected.about) == (Stance.REJECT, 0)


def test_what_is_not_ruled_out_may_have_happened() -> None:
    text = "The board did not rule out that a valve had failed. The board did not rule out a strike."
    past, open_ = take(
        text,
        ("The board", "did not rule out", "that a valve had failed"),
        ("The board", "did not rule out", "a strike"),
    )
    assert (past.stance, open_.stance) == (Stance.ADMIT, Stance.ASSESS)


def test_the_publisher_s_own_words_are_asserted() -> None:
    text = "The quay probably burned all night."
    own = Attribution("1", Kind.INDIRECT, Voice.PUBLISHER, None, (), (), find(text, text), 0.9)
    (taken,) = take_stances(text, [own])
    assert taken.stance is Stance.ASSERT
    assert [hedge.band for hedge in taken.hedges] == ["likely"]


# ---- hedges


@pytest.mark.parametrize(
    ("words_", "band"),
    [
        ("almost no chance", "almost no chance"),
        ("highly unlikely", "very unlikely"),
        ("probably not", "unlikely"),
        ("roughly even odds", "roughly even chance"),
        ("likely", "likely"),
        ("in all likelihood", "very likely"),
        ("almost certainly", "almost certain"),
        ("possibly", ""),
        ("up to 40", ""),
    ],
)
def test_hedges_have_the_band_of_the_standard(words_: str, band: str) -> None:
    content = f"it was {words_} of the kind"
    text = f"Mira Holt said {content}."
    assert [(hedge.span.of(text), hedge.band) for hedge in one(text, "Mira Holt", "said", content).hedges] == [
        (words_.replace(" 40", ""), band)
    ]


def test_a_month_is_no_hedge_and_a_nested_hedge_is_the_nested_one_s() -> None:
    text = "Holt said the raids of May came as Brandreth says Sardal may stop."
    outer, inner = take(
        text,
        ("Holt", "said", "the raids of May came as Brandreth says Sardal may stop"),
        ("Brandreth", "says", "Sardal may stop", 0),
    )
    assert outer.hedges == ()
    assert [hedge.span.of(text) for hedge in inner.hedges] == ["may"]


# ---- the occasion


@pytest.mark.parametrize(
    ("after", "addressee", "channel"),
    [
        (" told reporters in Harven", ["reporters"], []),
        (" told members of parliament on Monday", ["members of parliament"], []),
        (" told a news conference in Harven", [], ["a news conference"]),
        (" said in a statement on Monday", [], ["in a statement"]),
        (" said on Telegram", [], ["on Telegram"]),
        (" said in an interview with Radio Delta", [], ["in an interview with Radio Delta"]),
        (" said in his nightly video address", [], ["in his nightly video address"]),
        (" said in a statement posted on its website", [], ["in a statement", "on its website"]),
        (" said, speaking to reporters in Harven", ["reporters"], []),
        (" said by telephone", [], ["by telephone"]),
        (" said on Tuesday", [], []),
    ],
)
def test_to_whom_and_through_what(after: str, addressee: list[str], channel: list[str]) -> None:
    cue = after.split(maxsplit=1)[0].strip(",")
    text = f"“The bridge stands,” Mira Holt{after}."
    taken = one(text, "Mira Holt", cue, "“The bridge stands,”")
    assert (words(text, taken.addressee), words(text, taken.channel)) == (addressee, channel)


def test_a_channel_before_the_source_and_the_one_who_is_urged() -> None:
    text = "In a letter to the council on Monday, Mira Holt urged the mayor to open the bridge."
    taken = one(text, "Mira Holt", "urged", "the mayor to open the bridge")
    assert words(text, taken.channel) == ["In a letter"]
    assert words(text, taken.addressee) == ["the mayor", "the council"]


def test_an_occasion_belongs_to_its_own_cue() -> None:
    text = "Holt said in a statement the bridge stands, but Pike told reporters it fell."
    first, second = take(text, ("Holt", "said", "the bridge stands"), ("Pike", "told", "it fell"))
    assert (words(text, first.channel), words(text, first.addressee)) == (["in a statement"], [])
    assert (words(text, second.channel), words(text, second.addressee)) == ([], ["reporters"])


@pytest.mark.parametrize(
    ("text", "rows", "relay"),
    [
        (
            "The bridge fell, according to the Port Alder Courier.",
            [("the Port Alder Courier", "according to", "The bridge fell")],
            ["the Port Alder Courier"],
        ),
        (
            "AFP reported that an officer said the bridge fell.",
            [("AFP", "reported", "that an officer said the bridge fell"), ("an officer", "said", "the bridge fell", 0)],
            ["AFP"],
        ),
        (
            "AFP reported, citing an officer, that the bridge fell.",
            [("AFP", "reported", "that the bridge fell"), ("an officer", "citing", "that the bridge fell")],
            ["AFP"],
        ),
        ("The bridge fell, Holt said, citing Reuters.", [("Holt", "said", "The bridge fell")], ["Reuters"]),
        ("The bridge fell, Holt told Reuters.", [("Holt", "told", "The bridge fell")], ["Reuters"]),
        ("The bridge fell, Holt told the Port Alder Post.", [("Holt", "told", "The bridge fell")], ["Port Alder Post"]),
    ],
)
def test_relays_are_the_outlets_that_the_sentence_names(
    text: str, rows: list[tuple[str, str, str]], relay: list[str]
) -> None:
    taken = take(text, *rows)
    assert words(text, taken[-1].relay) == relay


def test_an_outlet_reports_and_whom_it_cites_asserts() -> None:
    text = "AFP reported, citing an officer, that the bridge fell. The quay burned, Reuters said."
    taken = take(
        text,
        ("AFP", "reported", "that the bridge fell"),
        ("an officer", "citing", "that the bridge fell"),
        ("Reuters", "said", "The quay burned"),
    )
    assert [one.stance for one in taken] == [Stance.REPORT, Stance.ASSERT, Stance.REPORT]


# ---- the table


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("deny", "deny denies denied denying"),
        ("admit", "admit admits admitted admitting"),
        ("stress", "stresses stressed stressing"),
        ("criticize", "criticizes criticised criticising"),
        ("acknowledge", "acknowledged acknowledging"),
        ("convey", "conveys conveyed conveying"),
        ("agree", "agrees agreed agreeing"),
        ("panic", "panics panicked panicking"),
    ],
)
def test_forms_follow_from_the_base(base: str, forms: str) -> None:
    assert set(forms.split()) <= inflected(base)


# ---- whatever is given

TEXTS = st.lists(
    st.sampled_from(
        """Sardal Holt he it we Reuters said denied did not confirm accused told reporters citing the statement in a on
        Telegram that would may 14 May likely “ ” . , ! \n\n to with an interview lie is’nt must up to of""".split(" ")
    )
    | st.text(max_size=4),
    max_size=40,
).map(" ".join)


@st.composite
def readings(draw: st.DrawFn) -> tuple[str, list[Attribution]]:
    text = draw(TEXTS) + "."
    bounds = st.integers(0, len(text))

    def spans(least: int) -> tuple[Span, ...]:
        cuts = sorted(draw(st.sets(bounds, max_size=6)))
        found = tuple(Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
        return found if len(found) >= least else (Span(0, len(text)),)

    attributions = []
    for n in range(draw(st.integers(0, 5))):
        voice = draw(st.sampled_from(Voice))
        parent = draw(st.none() | st.integers(0, 5).map(str)) if voice is Voice.PARTY else None
        source, cue = (spans(0), spans(0)) if voice is Voice.PARTY else ((), ())
        attributions.append(Attribution(str(n), Kind.INDIRECT, voice, parent, source, cue, spans(1), 0.5))
    return text, attributions


@given(readings())
def test_whatever_is_given_every_span_stands_in_its_sentence(given_: tuple[str, list[Attribution]]) -> None:
    text, attributions = given_
    taken = take_stances(text, attributions)
    assert len(taken) == len(attributions)
    assert take_stances(text, attributions) == taken
    for attribution, each in zip(attributions, taken, strict=True):
        occasion = (*each.addressee, *each.channel, *each.relay)
        for span in (*occasion, *(hedge.span for hedge in each.hedges)):
            assert span.of(text).strip()
        if attribution.cue:
            homes = [s for s in find_sentences(text) if s.start <= attribution.cue[0].start < s.end]
            assert all(any(home.covers(span) for home in homes) for span in occasion)
        else:
            assert not occasion
        for hedge in each.hedges:
            assert any(span.covers(hedge.span) for span in (*attribution.cue, *attribution.content))
        assert each.about is None or 0 <= each.about < len(taken)
        assert each.reason


def test_time_grows_with_the_text_and_no_faster() -> None:
    """Twenty times as many attributions in one sentence: counted in steps, not seconds."""
    import sys

    def steps(times: int) -> int:
        text = "Holt said the bridge may stand, " * times
        attributions = [
            Attribution(
                str(n), Kind.INDIRECT, Voice.PARTY, None,
                (Span(32 * n, 32 * n + 4),), (Span(32 * n + 5, 32 * n + 9),), (Span(32 * n + 10, 32 * n + 30),), 0.5,
            )
            for n in range(times)
        ]  # fmt: skip
        count = 0

        def tick(*_: object) -> None:
            nonlocal count
            count += 1

        before = sys.getprofile()
        sys.setprofile(tick)
        try:
            take_stances(text, attributions)
        finally:
            sys.setprofile(before)
        return count

    steps(1)  # the table is loaded
    assert steps(400) < 25 * steps(20)
