import re
import time

import pytest

from onrecord.model import (
    Act,
    ActType,
    Attribution,
    Figure,
    Kind,
    Label,
    Modifier,
    Name,
    Scope,
    Span,
    Stance,
    Status,
    TimeKind,
    Voice,
    When,
    attribution_id,
)
from onrecord.reader.acts import find_acts, find_factuality
from onrecord.reader.acts.words import classes, effects, governors, triggers
from onrecord.reader.syntax import Syntax

PARTS = ("verb", "noun", "adjective", "modal", "adverb")
PLACES = ("Sardal", "Korvania", "Merrow", "Lethia", "Veldra", "Lomas")


def parse(*sentences):
    """A text with its trees from words written as ``form/TAG/relation<head``, heads counted from 1 in each sentence."""
    text, starts, ends, heads, relations, tags = "", [], [], [], [], []
    for sentence in sentences:
        first = len(starts)
        for n, word in enumerate(sentence.split()):
            form, tag, edge = word.rsplit("/", 2)
            relation, _, head = edge.partition("<")
            text += "" if not text or form in {".", ",", "?", "'s"} else "\n\n" if n == 0 else " "
            starts.append(len(text))
            text += form
            ends.append(len(text))
            heads.append(first + int(head) - 1 if head != "0" else -1)
            relations.append(relation)
            tags.append(tag)
    return text, Syntax(tuple(starts), tuple(ends), tuple(heads), tuple(relations), tuple(tags))


def names_in(text):
    spans = [(m.start(), m.end()) for place in PLACES for m in re.finditer(rf"\b{place}\b", text)]
    places = [Name(Span(*span), Label.PLACE, 1.0) for span in spans]
    groups = [
        Name(Span(*m.span()), Label.GROUP, 1.0) for m in re.finditer(r"\b(?:Korvanian|Sardali|Merrovian)\b", text)
    ]
    return sorted([*places, *groups], key=lambda name: name.span)


def acts_in(*sentences, attributions=(), figures=(), times=()):
    text, syntax = parse(*sentences)
    return text, find_acts("document", text, syntax, attributions, figures, times, names_in(text))


def the_act(*sentences, **known):
    text, acts = acts_in(*sentences, **known)
    assert len(acts) == 1, [act.words.of(text) for act in acts]
    return text, acts[0]


def words(text, spans):
    return [span.of(text) for span in spans]


def roles(text, act: Act):
    return tuple(", ".join(words(text, spans)) for spans in (act.actor, act.target, act.item))


def attributed(text, source, cue, content, stance, parent=None):
    def at(part):
        start = text.index(part)
        return (Span(start, start + len(part)),) if part else ()

    spans = (at(source), at(cue), at(content))
    return Attribution(
        id=attribution_id("document", *spans),
        kind=Kind.INDIRECT,
        voice=Voice.PARTY,
        parent=parent,
        source=spans[0],
        cue=spans[1],
        content=spans[2],
        score=0.9,
        stance=stance,
    )


# ---- roles

SUPPLIED = (
    "Sardal/NNP/nsubj<3 has/VBZ/aux<3 supplied/VBN/root<0 Korvania/NNP/obj<3 with/IN/case<7 60/CD/nummod<7 "
    "drones/NNS/obl<3 since/IN/case<9 March/NNP/obl<3 ././punct<3"
)


@pytest.mark.parametrize(
    ("sentence", "kind", "expected"),
    [
        (SUPPLIED, ActType.TRANSFER, ("Sardal", "Korvania", "60 drones")),
        (
            "Sixty/CD/nummod<2 drones/NNS/nsubj:pass<4 were/VBD/aux:pass<4 delivered/VBN/root<0 to/IN/case<6 "
            "Korvania/NNP/obl<4 by/IN/case<8 Sardal/NNP/obl:agent<4",
            ActType.TRANSFER,
            ("Sardal", "Korvania", "Sixty drones"),
        ),
        (
            "Sardal/NNP/nsubj<2 gave/VBD/root<0 Korvania/NNP/iobj<2 tanks/NNS/obj<2",
            ActType.TRANSFER,
            ("Sardal", "Korvania", "tanks"),
        ),
        (
            "Korvania/NNP/nsubj<2 bought/VBD/root<0 rockets/NNS/obj<2 from/IN/case<5 Sardal/NNP/obl<2",
            ActType.TRANSFER,
            ("Sardal", "Korvania", "rockets"),
        ),
        (
            "Korvanian/JJ/amod<2 missiles/NNS/nsubj<3 hit/VBD/root<0 a/DT/det<5 hospital/NN/obj<3",
            ActType.ATTACK,
            ("Korvanian", "a hospital", "Korvanian missiles"),
        ),
        (
            "Korvania/NNP/nsubj<2 carried/VBD/root<0 out/RP/compound:prt<2 missile/NN/compound<5 strikes/NNS/obj<2 "
            "on/IN/case<7 Lomas/NNP/nmod<5",
            ActType.ATTACK,
            ("Korvania", "Lomas", "missile"),
        ),
        (
            "Korvania/NNP/nmod:poss<3 's/POS/case<1 attack/NN/nsubj<6 on/IN/case<5 Lomas/NNP/nmod<3 failed/VBD/root<0",
            ActType.ATTACK,
            ("Korvania", "Lomas", ""),
        ),
        (
            "Air/NN/compound<2 defences/NNS/nsubj<3 shot/VBD/root<0 down/RP/compound:prt<3 17/CD/nummod<6 "
            "drones/NNS/obj<3",
            ActType.INTERCEPTION,
            ("Air defences", "17 drones", ""),
        ),
        (
            "The/DT/det<2 raid/NN/nsubj<3 left/VBD/root<0 800,000/CD/nummod<5 people/NNS/obj<3 without/IN/case<7 "
            "power/NN/obl<3",
            ActType.HARM,
            ("The raid", "800,000 people", ""),
        ),
        (
            "Merrow/NNP/nsubj<2 imposed/VBD/root<0 sanctions/NNS/obj<2 on/IN/case<6 four/CD/nummod<6 firms/NNS/obl<2",
            ActType.SANCTION,
            ("Merrow", "four firms", ""),
        ),
        (
            "Sardal/NNP/nsubj<4 and/CC/cc<3 Korvania/NNP/conj<1 signed/VBD/root<0 a/DT/det<6 treaty/NN/obj<4",
            ActType.AGREEMENT,
            ("Sardal, Korvania", "", "a treaty"),
        ),
        (
            "Lethia/NNP/nsubj<3 is/VBZ/aux<3 training/VBG/root<0 Veldra/NNP/nmod:poss<6 's/POS/case<4 pilots/NNS/obj<3",
            ActType.SUPPORT,
            ("Lethia", "Veldra's pilots", ""),
        ),
    ],
)
def test_roles_of_one_sentence(sentence, kind, expected):
    text, act = the_act(sentence)
    assert act.type is kind
    assert roles(text, act) == expected


def test_a_relative_clause_gives_its_noun_and_what_follows_it_its_own_act():
    text, acts = acts_in(
        "The/DT/det<2 drones/NNS/nsubj<8 that/WDT/obj<5 Korvania/NNP/nsubj<5 fired/VBD/acl:relcl<2 at/IN/case<7 "
        "Lomas/NNP/obl<5 killed/VBD/root<0 two/CD/nummod<10 people/NNS/obj<8"
    )
    assert [roles(text, act) for act in acts] == [
        ("Korvania", "Lomas", "The drones"),
        ("The drones", "two people", ""),
    ]


def test_a_participle_shares_the_subject_and_a_passive_has_none_to_share():
    active = "Korvania/NNP/nsubj<2 shelled/VBD/root<0 Lomas/NNP/obj<2 ,/,/punct<5 killing/VBG/advcl<2 two/CD/obj<5"
    passive = (
        "Lomas/NNP/nsubj:pass<3 was/VBD/aux:pass<3 shelled/VBN/root<0 ,/,/punct<5 killing/VBG/advcl<3 two/CD/obj<5"
    )
    text, acts = acts_in(active)
    assert roles(text, acts[1]) == ("Korvania", "two", "")
    text, acts = acts_in(passive)
    assert [roles(text, act) for act in acts] == [("", "Lomas", ""), ("", "two", "")]


def test_who_is_accused_of_something_does_it():
    text, act = the_act(
        "Merrow/NNP/nsubj<2 accused/VBD/root<0 Sardal/NNP/obj<2 of/IN/mark<5 supplying/VBG/advcl<2 rockets/NNS/obj<5"
    )
    assert roles(text, act) == ("Sardal", "", "rockets")
    assert act.status is Status.ALLEGED


def test_the_figure_of_the_item_leaves_the_phrase_and_is_named_by_its_span():
    text, _ = parse(SUPPLIED)
    at = text.index("60")
    figure = Figure(
        Span(at, at + 2), Span(at, at + 2), 60, 60, Modifier.EXACT, "", None, Scope.UNKNOWN, "", "a numeral"
    )
    start = text.index("since")
    time = When(Span(start, start + len("since March")), TimeKind.DATE, "2024-03/..", None, "a month")
    text, act = the_act(SUPPLIED, figures=[figure], times=[time])
    assert words(text, act.item) == ["drones"]
    assert words(text, act.figures) == ["60"]
    assert words(text, act.times) == ["since March"]


def test_sanctions_with_authority_and_grounds():
    text, acts = acts_in(
        "Under/IN/case<3 Executive/NNP/compound<3 Order/NNP/obl<7 12/CD/nummod<3 ,/,/punct<3 Merrow/NNP/nsubj<7 "
        "blacklisted/VBD/root<0 a/DT/det<9 bank/NN/obj<7 for/IN/mark<11 financing/VBG/advcl<7 the/DT/det<13 "
        "army/NN/obj<11"
    )
    act, ground = acts
    assert (act.type, ground.type) == (ActType.SANCTION, ActType.SUPPORT)
    assert act.authority is not None
    assert act.authority.of(text) == "Under Executive Order 12"
    assert act.grounds is not None
    assert act.grounds.of(text) == "for financing the army"


def test_in_return_links_two_acts_of_neighbouring_paragraphs():
    text, acts = acts_in(
        "Sardal/NNP/nsubj<2 delivered/VBD/root<0 drones/NNS/obj<2 to/IN/case<5 Korvania/NNP/obl<2",
        "In/IN/case<2 return/NN/obl<6 ,/,/punct<2 Korvania/NNP/nsubj<6 is/VBZ/aux<6 sending/VBG/root<0 "
        "engines/NNS/obj<6 to/IN/case<9 Sardal/NNP/obl<6",
    )
    there, back = acts
    assert roles(text, back) == ("Korvania", "Sardal", "engines")
    assert back.exchange == there.id
    assert there.exchange is None


# ---- sanctions: who, under what law, on what grounds

DESIGNATED = (
    "The/DT/det<3 Treasury/NNP/compound<3 Department/NNP/root<0 designated/VBD/acl<3 Redlepus/NNP/nsubj<4 "
    "Ltd/NNP/flat<5 for/IN/mark<8 providing/VBG/advcl<4 material/NN/compound<10 support/NN/obj<8 to/IN/case<12 "
    "Russia/NNP/nmod<10"
)


def test_an_active_sanction_has_its_subject_and_its_object_whatever_the_parser_takes_it_for():
    pursuant = (
        "The/DT/det<2 Treasury/NNP/nsubj<3 designated/VBN/root<0 Redlepus/NNP/nsubj<3 Ltd/NNP/flat<4 and/CC/cc<7 "
        "Limbach/NNP/compound<5 Co./NNP/conj<4 pursuant/VBG/xcomp<3 to/IN/fixed<9 Executive/NNP/amod<12 "
        "Order/NNP/dep<9 14024/CD/flat<12 for/IN/mark<15 providing/VBG/advcl<9 material/NN/compound<17 "
        "support/NN/obj<15 to/IN/case<19 Russia/NNP/nmod<17"
    )
    for sentence, actor in ((DESIGNATED, "The Treasury Department"), (pursuant, "The Treasury")):
        text, acts = acts_in(sentence)
        assert words(text, acts[0].actor) == [actor]
        assert text[acts[0].target[0].start :].startswith("Redlepus")
        assert acts[0].grounds is not None
        assert acts[0].grounds.of(text) == "for providing material support to Russia"
        assert acts[1].status is Status.ALLEGED
        assert not set(acts[0].actor) & set(acts[0].target)


def test_grounds_are_allegations_and_stand_in_the_claim_of_the_sanction():
    sentence = (
        "Merrow/NNP/nsubj<2 said/VBD/root<0 it/PRP/nsubj<5 had/VBD/aux<5 designated/VBN/ccomp<2 Sardal/NNP/nsubj<5 "
        "for/IN/mark<8 supplying/VBG/advcl<5 engines/NNS/obj<8 that/WDT/nsubj<11 hit/VBD/acl:relcl<9 Lomas/NNP/obj<11"
    )
    text, _ = parse(sentence)
    said = attributed(text, "Merrow", "said", "it had designated Sardal", Stance.ASSERT)
    _, (sanction, supplied, *_) = acts_in(sentence, attributions=[said])
    assert (sanction.status, sanction.claim) == (Status.DONE, said.id)
    assert (supplied.status, supplied.factuality, supplied.claim) == (Status.ALLEGED, 1.5, said.id)
    assert words(text, supplied.actor) == ["Sardal"]


def test_deliveries_over_which_somebody_is_sanctioned_are_alleged_and_a_war_is_not():
    deliveries = (
        "Merrow/NNP/nsubj<2 sanctioned/VBD/root<0 Sardal/NNP/obj<2 over/IN/case<6 its/PRP$/nmod:poss<6 "
        "deliveries/NNS/obl<2 of/IN/case<8 drones/NNS/nmod<6"
    )
    war = (
        "Merrow/NNP/nsubj<2 sanctioned/VBD/root<0 Sardal/NNP/obj<2 over/IN/case<6 the/DT/det<6 invasion/NN/obl<2 "
        "of/IN/case<8 Veldra/NNP/nmod<6"
    )
    for sentence, status in ((deliveries, Status.ALLEGED), (war, Status.DONE)):
        _, acts = acts_in(sentence)
        assert [act.status for act in acts] == [Status.DONE, status]


def test_what_an_accusation_takes_for_granted_stays_done():
    text, acts = acts_in(
        "Merrow/NNP/nsubj<2 accused/VBD/root<0 Sardal/NNP/nsubj<5 of/IN/mark<5 supplying/VBG/xcomp<2 "
        "drones/NNS/obj<5 used/VBN/acl<6 by/IN/case<9 Korvania/NNP/obl:agent<7 against/IN/case<11 Veldra/NNP/obl<7"
    )
    assert [(act.words.of(text), act.status) for act in acts] == [("supplying", Status.ALLEGED), ("used", Status.DONE)]


@pytest.mark.parametrize(
    "law",
    [
        "under/IN Executive/NNP Order/NNP 14024/CD",
        "pursuant/VBG to/IN Executive/NNP Order/NNP 14024/CD",
        "pursuant/VBG to/IN E.O./NNP 13382/CD",
        "under/IN Resolution/NN 1718/CD",
        "under/IN the/DT order/NN",
        "under/IN the/DT Sanctions/NNPS and/CC Anti-Money/NNP Laundering/NNP Act/NNP 2018/CD",
        "under/IN Council/NNP Regulation/NNP 833/2014/CD",
        "under/IN the/DT authority/NN of/IN the/DT Security/NNP Council/NNP",
        "in/IN line/NN with/IN Article/NN 7/CD of/IN the/DT Export/NNP Control/NNP Act/NNP",
    ],
)
def test_authority_is_found_by_its_words_in_any_tree(law):
    names = " ".join(word.rpartition("/")[0] for word in law.split())
    tangled = " ".join(f"{word}/dep<2" for word in law.split())
    text, act = the_act(f"Merrow/NNP/nsubj<2 sanctioned/VBD/root<0 Sardal/NNP/obj<2 {tangled} ././punct<2")
    assert act.authority is not None
    assert act.authority.of(text) == names


@pytest.mark.parametrize("rest", ["under/IN/case<5 pressure/NN/obl<2", "under/IN/case<5 orders/NNS/obl<2"])
def test_no_authority_without_a_law(rest):
    _, act = the_act("Merrow/NNP/nsubj<2 sanctioned/VBD/root<0 Sardal/NNP/obj<2 " + rest)
    assert act.authority is None


def test_a_preposition_belongs_to_the_noun_right_behind_it():
    text, act = the_act(
        "Merrow/NNP/nsubj<2 imposed/VBD/root<0 sanctions/NNS/obj<2 on/IN/case<8 Sardal/NNP/nsubj<2 under/IN/case<8 "
        "Council/NNP/compound<8 Regulation/NNP/obl<2 833/2014/CD/flat<8"
    )
    assert words(text, act.target) == ["Sardal"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Merrow/NNP/nsubj<2 banned/VBD/root<0 the/DT/det<4 export/NN/obj<2 of/IN/case<6 components/NNS/nmod<4 "
            "to/IN/case<9 Sardali/JJ/amod<9 ports/NNS/nmod<4",
            ("Merrow", "the export of components", ""),
        ),
        (
            "Merrow/NNP/nsubj<2 banned/VBD/root<0 two/CD/nummod<4 firms/NNS/obj<2 from/IN/mark<6 "
            "exporting/VBG/acl<4 engines/NNS/obj<6 to/IN/case<9 Sardal/NNP/obl<6",
            ("Merrow", "two firms", ""),
        ),
        (
            "The/DT/det<2 sanctions/NNS/nsubj<3 bar/NN/root<0 the/DT/det<5 eleven/NN/nsubj<3 from/IN/mark<7 "
            "doing/VBG/acl<5 business/NN/obj<7 with/IN/case<10 its/PRP$/nmod:poss<11 citizens/NNS/obl<7",
            ("", "the eleven", ""),
        ),
    ],
)
def test_what_is_banned_is_no_act_and_who_is_barred_is_the_target(sentence, expected):
    text, act = the_act(sentence)
    assert act.type is ActType.SANCTION
    assert roles(text, act) == expected


# ---- numbers


def figure_at(text, part, nth=0):
    start = [match.start() for match in re.finditer(re.escape(part), text)][nth]
    span = Span(start, start + len(part))
    return Figure(span, span, 1, 1, Modifier.EXACT, "", None, Scope.UNKNOWN, "", "a numeral")


def test_a_number_alone_is_not_among_those_that_were_counted_before():
    appositive = (
        "Six/CD/nummod<2 people/NNS/nsubj<4 had/VBD/aux<4 died/VBN/root<0 ,/,/punct<9 two/CD/nummod<9 of/IN/case<8 "
        "them/PRP/nmod<9 children/NNS/dep<4 ,/,/punct<12 and/CC/cc<14 23/CD/appos<9 were/VBD/aux:pass<14 "
        "injured/VBN/conj<4"
    )
    elided = (
        "Drones/NNS/nsubj<2 hit/VBD/root<0 Lomas/NNP/obj<2 ,/,/punct<5 killing/VBG/advcl<2 three/CD/nummod<7 "
        "people/NNS/obj<5 and/CC/cc<9 wounding/VBG/conj<5 60/CD/obj<9"
    )
    for sentence, numbers in ((appositive, ("Six", "two", "23")), (elided, ("three", "60"))):
        text, _ = parse(sentence)
        _, acts = acts_in(sentence, figures=[figure_at(text, number) for number in numbers])
        assert words(text, acts[-1].target) == [numbers[-1]]
        assert words(text, acts[-1].figures) == [numbers[-1]]


def test_what_is_joined_to_the_counted_thing_is_not_lost():
    active = (
        "Air/NN/compound<2 defences/NNS/nsubj<3 shot/VBD/root<0 down/RP/compound:prt<3 87/CD/obj<3 of/IN/case<8 "
        "the/DT/det<8 drones/NNS/nmod<5 and/CC/cc<11 four/CD/nummod<11 missiles/NNS/conj<8"
    )
    passive = (
        "87/CD/nsubj:pass<9 of/IN/case<4 the/DT/det<4 drones/NNS/nmod<1 and/CC/cc<7 four/CD/nummod<7 "
        "missiles/NNS/conj<4 were/VBD/aux:pass<9 shot/VBN/root<0 down/RP/compound:prt<9"
    )
    for sentence in (active, passive):
        text, _ = parse(sentence)
        _, (act,) = acts_in(sentence, figures=sorted([figure_at(text, "87"), figure_at(text, "four")], key=by_start))
        assert words(text, act.target) == ["the drones", "missiles"]
        assert words(text, act.figures) == ["87", "four"]


def by_start(figure):
    return figure.span


def test_a_length_of_time_without_a_place_on_the_calendar_is_no_time_of_an_act():
    sentence = "For/IN/case<2 months/NNS/obl<4 Korvania/NNP/nsubj<4 shelled/VBD/root<0 Lomas/NNP/obj<4"
    text, _ = parse(sentence)
    span = Span(text.index("months"), text.index("months") + len("months"))
    for edtf, expected in ((None, []), ("2024-08/2024-11", ["months"])):
        time = When(span, TimeKind.DURATION, edtf, "PXM", "a length")
        _, act = the_act(sentence, times=[time])
        assert words(text, act.times) == expected


# ---- exchange


def test_what_is_given_in_exchange_without_a_verb_is_an_act_the_other_way_round():
    text, (sent, back) = acts_in(
        "Sardal/NNP/nsubj<2 sent/VBD/root<0 drones/NNS/obj<2 to/IN/case<5 Korvania/NNP/obl<2 in/IN/case<7 "
        "exchange/NN/obl<2 for/IN/case<10 fighter/NN/compound<10 jets/NNS/nmod<7"
    )
    assert roles(text, sent) == ("Sardal", "Korvania", "drones")
    assert roles(text, back) == ("Korvania", "Sardal", "fighter jets")
    assert back.words.of(text) == "in exchange for"
    assert (back.type, back.status, back.factuality) == (ActType.TRANSFER, sent.status, sent.factuality)
    assert sent.exchange == back.id
    assert back.exchange is None


@pytest.mark.parametrize("relation", ["compound<9", "obj<8", "dep<8"])
@pytest.mark.parametrize("opening", ["In/IN/case<2 return/NN/obl<8 for/IN/case<5 the/DT/det<5 rockets/NNS/nmod<2"])
def test_promised_money_has_a_taker_and_is_linked_to_what_it_is_promised_for(opening, relation):
    text, (sent, promised) = acts_in(
        "Sardal/NNP/nsubj<2 sent/VBD/root<0 rockets/NNS/obj<2 to/IN/case<5 Veldra/NNP/obl<2",
        f"{opening} ,/,/punct<2 Merrow/NNP/nsubj<8 promised/VBD/root<0 Sardal/NNP/obj<8 $/$/{relation} "
        "50/CD/compound<12 million/CD/nummod<10",
    )
    assert roles(text, promised)[:2] == ("Merrow", "Sardal")
    assert promised.status is Status.PROMISED
    assert promised.factuality == 1.9
    assert promised.exchange == sent.id


def test_deliveries_are_stopped_in_return_for_shipments():
    text, (stopped, shipped) = acts_in(
        "Merrow/NNP/nsubj<3 would/MD/aux<3 stop/VB/root<0 gas/NN/compound<5 deliveries/NNS/obj<3 in/IN/case<7 "
        "return/NN/obl<3 for/IN/case<11 the/DT/det<11 arms/NNS/compound<11 shipments/NNS/nmod<7"
    )
    assert roles(text, stopped) == ("Merrow", "", "gas")
    assert stopped.exchange == shipped.id


# ---- status


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Korvania/NNP/nsubj<2 shelled/VBD/root<0 Lomas/NNP/obj<2", Status.DONE),
        ("Korvania/NNP/nsubj<3 is/VBZ/aux<3 shelling/VBG/root<0 Lomas/NNP/obj<3", Status.UNDER_WAY),
        ("Korvania/NNP/nsubj<3 was/VBD/aux<3 shelling/VBG/root<0 Lomas/NNP/obj<3", Status.DONE),
        (
            "Korvania/NNP/nsubj<2 continues/VBZ/root<0 to/TO/mark<4 shell/VB/xcomp<2 Lomas/NNP/obj<4",
            Status.UNDER_WAY,
        ),
        ("Korvania/NNP/nsubj<3 will/MD/aux<3 shell/VB/root<0 Lomas/NNP/obj<3", Status.PLANNED),
        ("Korvania/NNP/nsubj<2 plans/VBZ/root<0 to/TO/mark<4 shell/VB/xcomp<2 Lomas/NNP/obj<4", Status.PLANNED),
        ("Korvania/NNP/nsubj<4 has/VBZ/aux<4 not/RB/advmod<4 shelled/VBN/root<0 Lomas/NNP/obj<4", Status.DENIED),
        ("Korvania/NNP/nsubj<3 may/MD/aux<3 shell/VB/root<0 Lomas/NNP/obj<3", Status.CONSIDERED),
        (
            "Korvania/NNP/nsubj<4 probably/RB/advmod<4 has/VBZ/aux<4 shelled/VBN/root<0 Lomas/NNP/obj<4",
            Status.CONSIDERED,
        ),
        ("Korvania/NNP/nsubj<3 allegedly/RB/advmod<3 shelled/VBD/root<0 Lomas/NNP/obj<3", Status.ALLEGED),
        (
            "Lethia/NNP/nsubj<3 is/VBZ/aux<3 considering/VBG/root<0 giving/VBG/xcomp<3 tanks/NNS/obj<4 to/IN/case<7 "
            "Veldra/NNP/obl<4",
            Status.CONSIDERED,
        ),
        (
            "Veldra/NNP/nsubj<3 is/VBZ/aux<3 seeking/VBG/root<0 to/TO/mark<5 buy/VB/xcomp<3 helicopters/NNS/obj<5",
            Status.SOUGHT,
        ),
        ("Lethia/NNP/nsubj<2 promised/VBD/root<0 to/TO/mark<4 deliver/VB/xcomp<2 tanks/NNS/obj<4", Status.PROMISED),
        (
            "Lethia/NNP/nsubj<3 is/VBZ/cop<3 determined/JJ/root<0 to/TO/mark<5 sanction/VB/xcomp<3 Sardal/NNP/obj<5",
            Status.PROMISED,
        ),
        (
            "The/DT/det<2 king/NN/nsubj<3 ordered/VBD/root<0 his/PRP$/nmod:poss<5 army/NN/obj<3 to/TO/mark<7 "
            "bombard/VB/xcomp<3 Lomas/NNP/obj<7",
            Status.ORDERED,
        ),
        (
            "Sardal/NNP/nsubj<2 refused/VBD/root<0 to/TO/mark<4 supply/VB/xcomp<2 drones/NNS/obj<4",
            Status.DENIED,
        ),
        (
            "Merrow/NNP/nsubj<2 fears/VBZ/root<0 that/IN/mark<5 Sardal/NNP/nsubj<5 intends/VBZ/ccomp<2 to/TO/mark<7 "
            "send/VB/xcomp<5 missiles/NNS/obj<7",
            Status.FEARED,
        ),
        (
            "No/DT/det<2 drones/NNS/nsubj:pass<5 have/VBP/aux<5 been/VBN/aux:pass<5 delivered/VBN/root<0 to/IN/case<7 "
            "Korvania/NNP/obl<5",
            Status.DENIED,
        ),
        (
            "More/JJR/amod<2 strikes/NNS/nsubj<6 on/IN/case<4 Lomas/NNP/nmod<2 are/VBP/cop<6 possible/JJ/root<0",
            Status.CONSIDERED,
        ),
        ("Lethia/NNP/root<0 to/TO/mark<3 send/VB/acl<1 Veldra/NNP/iobj<3 tanks/NNS/obj<3", Status.PLANNED),
    ],
)
def test_status_by_the_words_that_govern_an_act(sentence, status):
    _, act = the_act(sentence)
    assert act.status is status, act.reason


ACCUSATIONS = (
    "Sardal/NNP/nsubj<2 denied/VBD/root<0 accusations/NNS/obj<2 that/IN/mark<6 it/PRP/nsubj<6 supplied/VBD/acl<3 "
    "drones/NNS/obj<6 that/WDT/nsubj<9 hit/VBD/acl:relcl<7 Lomas/NNP/obj<9"
)


def test_a_denied_accusation_is_denied_and_what_it_takes_for_granted_is_not():
    text, acts = acts_in(ACCUSATIONS)
    assert [(act.words.of(text), act.status) for act in acts] == [("supplied", Status.DENIED), ("hit", Status.DONE)]
    assert "denied" in acts[0].reason


def test_the_closest_named_teller_decides():
    sentence = (
        "Lethia/NNP/nsubj<2 doubted/VBD/root<0 that/IN/mark<5 Merrow/NNP/nsubj<5 feared/VBD/ccomp<2 "
        "Korvania/NNP/nsubj<8 would/MD/aux<8 attack/VB/ccomp<5 Lomas/NNP/obj<8"
    )
    text, _ = parse(sentence)
    outer = attributed(text, "Lethia", "doubted", "that Merrow feared Korvania would attack Lomas", Stance.DOUBT)
    inner = attributed(text, "Merrow", "feared", "Korvania would attack Lomas", Stance.FEAR, outer.id)
    _, act = the_act(sentence, attributions=[outer, inner])
    assert act.status is Status.FEARED
    assert act.claim == inner.id


def test_a_future_of_ones_own_is_a_promise_and_of_another_a_forecast():
    sentence = (
        "Lethia/NNP/nsubj<2 said/VBD/root<0 that/IN/mark<6 {0}/{1}/nsubj<6 will/MD/aux<6 send/VB/ccomp<2 "
        "tanks/NNS/obj<6 to/IN/case<9 Veldra/NNP/obl<6"
    )
    for actor, tag, status in (("it", "PRP", Status.PROMISED), ("Merrow", "NNP", Status.CONSIDERED)):
        filled = sentence.format(actor, tag)
        text, _ = parse(filled)
        said = attributed(text, "Lethia", "said", text[text.index("that") :], Stance.ASSERT)
        _, act = the_act(filled, attributions=[said])
        assert act.status is status


# ---- what is no act


@pytest.mark.parametrize(
    "sentence",
    [
        "The/DT/det<2 two/CD/nsubj<3 struck/VBD/root<0 a/DT/det<5 balance/NN/obj<3",
        "They/PRP/nsubj<2 launched/VBD/root<0 an/DT/det<4 investigation/NN/obj<2",
        "The/DT/det<2 president/NN/nsubj<3 fired/VBD/root<0 his/PRP$/nmod:poss<5 minister/NN/obj<3",
        "She/PRP/nsubj<2 sent/VBD/root<0 a/DT/det<4 letter/NN/obj<2 to/IN/case<7 the/DT/det<7 board/NN/obl<2",
        "They/PRP/nsubj<2 shot/VBD/root<0 a/DT/det<4 film/NN/obj<2 in/IN/case<6 Lomas/NNP/obl<2",
        "The/DT/det<2 firm/NN/nsubj:pass<4 was/VBD/aux:pass<4 hit/VBN/root<0 by/IN/case<6 criticism/NN/obl:agent<4",
        "He/PRP/nsubj<2 provided/VBD/root<0 no/DT/det<4 comment/NN/obj<2",
        "The/DT/det<2 attack/NN/nsubj<3 ended/VBD/root<0",
        "The/DT/det<2 war/NN/nsubj<3 began/VBD/root<0 in/IN/case<5 March/NNP/obl<3",
        "Votes/NNS/nsubj<2 killed/VBD/root<0 the/DT/det<4 bill/NN/obj<2",
    ],
)
def test_words_of_acts_that_name_something_else(sentence):
    _, acts = acts_in(sentence)
    assert acts == ()


# ---- factuality


def test_factuality_falls_from_fact_to_plan_to_denial():
    sentences = [
        "Korvania/NNP/nsubj<2 shelled/VBD/root<0 Lomas/NNP/obj<2",
        "Korvania/NNP/nsubj<3 may/MD/aux<3 shell/VB/root<0 Lomas/NNP/obj<3",
        "Korvania/NNP/nsubj<4 did/VBD/aux<4 not/RB/advmod<4 shell/VB/root<0 Lomas/NNP/obj<4",
    ]
    values = []
    for sentence in sentences:
        text, syntax = parse(sentence)
        event = Span(text.index("shell"), text.index("shell") + 5)
        (value,) = find_factuality(text, syntax, (), [event])
        values.append(value)
    assert values[0] == 3.0
    assert values[0] > values[1] > 0.0 > values[2]


def test_what_is_no_word_of_an_event_has_no_factuality():
    text, syntax = parse("Korvania/NNP/nsubj<2 shelled/VBD/root<0 the/DT/det<4 port/NN/obj<2")
    at = text.index("the")
    assert find_factuality(text, syntax, (), [Span(at, at + 3)]) == (None,)


# ---- bad input


def test_nothing_comes_of_nothing():
    assert find_acts("document", "", Syntax((), (), (), (), ())) == ()
    assert acts_in("Lomas/NNP/root<0 ,/,/punct<1 Friday/NNP/dep<1")[1] == ()


def long_sentence(count, heads):
    forms = ["Korvania", "fired", "missiles", "at", "Lomas", "and", "sent", "drones", "to", "Sardal"]
    tags = ["NNP", "VBD", "NNS", "IN", "NNP", "CC", "VBD", "NNS", "IN", "NNP"]
    relations = ["nsubj", "conj", "obj", "case", "obl", "cc", "conj", "obj", "case", "nmod"]
    chosen = [forms[n % len(forms)] for n in range(count)]
    starts, at = [], 0
    for form in chosen:
        starts.append(at)
        at += len(form) + 1
    ends = [start + len(form) for start, form in zip(starts, chosen, strict=True)]
    fitting = range(count)
    syntax = Syntax(
        tuple(starts),
        tuple(ends),
        tuple(heads),
        tuple(relations[n % len(relations)] for n in fitting),
        tuple(tags[n % len(tags)] for n in fitting),
    )
    return " ".join(chosen), syntax


@pytest.mark.parametrize(
    "heads",
    [
        [-1] + [0] * 4999,
        list(range(-1, 4999)),
        [*range(1, 5000), -1],
        [*range(1, 5000), 0],
        [n ^ 1 for n in range(5000)],
        [-1] * 5000,
    ],
    ids=["flat", "chain", "chain to the right", "one circle", "pairs that govern each other", "roots only"],
)
def test_a_sentence_of_five_thousand_words_with_any_tree_is_read_quickly(heads):
    text, syntax = long_sentence(5000, heads)
    begin = time.perf_counter()
    acts = find_acts("document", text, syntax)
    assert time.perf_counter() - begin < 5.0
    assert acts
    assert all(act.words.end <= len(text) for act in acts)


def test_hostile_text_stays_text():
    text, act = the_act(
        "<script>/NNP/nsubj<2 fired/VBD/root<0 missiles/NNS/obj<2 at/IN/case<5 ''''';DROP/NNP/obl<2 "
        "\u202eabc/NNP/flat<5"
    )
    assert words(text, act.actor) == ["<script>"]
    assert act.status is Status.DONE


def test_ids_differ_by_document_and_by_words():
    text, syntax = parse(SUPPLIED)
    (one,) = find_acts("one", text, syntax)
    (other,) = find_acts("other", text, syntax)
    assert one.id != other.id
    assert find_acts("one", text, syntax)[0].id == one.id


def test_every_act_names_a_plover_kind_and_a_reason():
    for sentence in (SUPPLIED, ACCUSATIONS):
        _, acts = acts_in(sentence)
        assert all(act.kind.isupper() and act.reason for act in acts)


# ---- the tables


def test_the_tables_name_only_classes_that_there_are():
    known = {name for names in classes().values() for name in names}
    known |= {"name", "number", "pronoun", "person", "place", "org", "people", "*"}
    for side in triggers():
        for trigger in {id(trigger): trigger for rows in side.values() for trigger in rows}.values():
            named = {kind for need in trigger.needs for kind in need.classes}
            named |= {kind for places in trigger.roles.values() for _, kinds in places for kind in kinds}
            assert named <= known, (trigger.words, named - known)


def test_no_word_of_status_has_an_effect_without_a_row():
    assert all(
        effects()[effect.name] == effect for part in PARTS for row in governors(part).values() for _, effect in row
    )
