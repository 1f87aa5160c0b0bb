import dataclasses
import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.storyline import baselines
from benchmarks.storyline.figures import Verdict, find_pairs, verdicts
from benchmarks.storyline.gold import Figure, Polarity, RelationType, load_storyline
from benchmarks.storyline.scores import (
    OUR_KINDS,
    ChangeKind,
    LinkedChange,
    LinkedClaim,
    LinkedFigure,
    LinkedPair,
    LinkedProposition,
    LinkedRelation,
    Output,
    accepted_kinds,
    align_claims,
    align_figures,
    assign,
    b_cubed,
    map_propositions,
    same_day,
    score,
    score_changes,
    score_families,
    score_figures,
    score_polarity,
    score_propositions,
    score_relations,
    score_reprints,
    score_steps,
)
from onrecord.codec import encode_reading
from onrecord.model import (
    Attribution,
    Document,
    Kind,
    Mention,
    MentionKind,
    Modifier,
    Party,
    PartyKind,
    Reading,
    Run,
    Span,
    Voice,
    attribution_id,
    party_id,
)

TEXTS = {
    "001": (
        "Sardal blames Korvania for bridge\n\n"
        "Korvania shelled the Orsa bridge, Minister Ada Renn said. She said 12 boats sank.\n\n"
        "A Korvanian spokesman denied that his army had shelled the bridge."
    ),
    "002": (
        "Bridge down\n\nKorvania shelled the Orsa bridge, according to Minister Ada Renn. Renn said 12 boats had sunk."
    ),
    "003": (
        "Renn less sure\n\n"
        "It is not yet known who shelled the bridge, Ada Renn said on Friday. The harbour office counted 15 boats "
        "sunk. The mayor said 30 boats had passed in May."
    ),
    "004": "Markets calm\n\nLethia will sell 9 boats, its port said.",
}
DAYS = {"001": "2022-03-02", "002": "2022-03-02", "003": "2022-03-04", "004": "2022-03-04"}

# id, article, source, cue, content, speaker, stance, polarity, said on, proposition
CLAIMS = [
    "C001|001|Minister Ada Renn|said|Korvania shelled the Orsa bridge|Ada Renn|accuse|for|2022-03-02|P1",
    "C002|001|She|said|12 boats sank|Ada Renn|report|for|2022-03-02|P3",
    "C003|001|A Korvanian spokesman|denied|his army had shelled the bridge|Korvania|deny|against|2022-03-02|P1",
    "C004|002|Minister Ada Renn|according to|Korvania shelled the Orsa bridge|Ada Renn|accuse|for|2022-03-02|P1",
    "C005|002|Renn|said|12 boats had sunk|Ada Renn|report|for|2022-03-02|P3",
    "C006|003|Ada Renn|said|It is not yet known who shelled the bridge|Ada Renn|admit|for|2022-03-04|P2",
    "C007|003|The harbour office|counted|15 boats sunk|harbour office|report|for|2022-03-04|P3",
    "C008|003|The mayor|said|30 boats had passed in May|mayor of Orsa|report|for|2022-03-04|P4",
    "C009|004|its port|said|Lethia will sell 9 boats|port of Lethia|report|for|2022-03-04|P5",
]
FIGURES = [
    "Q1|001|12|12|boats|boats sunk|Ada Renn|G_SUNK",
    "Q2|002|12|12|boats|boats sunk|Ada Renn|G_SUNK",
    "Q3|003|15|15|boats|boats sunk|harbour office|G_SUNK",
    "Q4|003|30|30|boats|boats passing|mayor of Orsa|G_PASSED",
    "Q5|004|9|9|hulls|boats for sale|port of Lethia|G_SOLD",
]


def place(article, words, key):
    # The last place: a headline may hold the same words.
    return {f"{key}_text": words, f"{key}_start": TEXTS[article].rindex(words)}


def claim_of(line):
    name, article, source, cue, content, speaker, stance, polarity, said_on, proposition = line.split("|")
    found = {"id": name, "article": article, "speaker": speaker, "stance": stance, "polarity": polarity}
    found |= {"said_on": said_on, "proposition_id": proposition, "via": [], "in_headline": False}
    found |= place(article, content, "content")
    # The source and the cue that stand nearest to the content.
    for key, words in (("source", source), ("cue", cue)):
        starts = [n for n in range(len(TEXTS[article])) if TEXTS[article].startswith(words, n)]
        middle = found["content_start"] + len(content) // 2
        found |= {f"{key}_text": words, f"{key}_start": min(starts, key=lambda n: abs(n - middle))}
    return found | {"sentence": TEXTS[article], "sentence_start": 0}


def figure_of(line):
    name, article, words, value, unit, counted, claimant, group = line.split("|")
    return {
        "id": name,
        "article": article,
        "text": words,
        "start": TEXTS[article].index(words),
        "value_low": int(value),
        "value_high": int(value),
        "modifier": "exact",
        "unit": unit,
        "counted": counted,
        "event": "attack",
        "event_date": None,
        "place": "Orsa",
        "claimant": claimant,
        "comparable_group": group,
    }


def proposition_of(name, text, claims):
    its = [one for one in claims if one["proposition_id"] == name]
    by_side = {side: [one["id"] for one in its if one["polarity"] == side] for side in ("for", "against", "open")}
    positions = []
    for actor in dict.fromkeys(one["speaker"] for one in its):
        history = [
            {
                "said_on": day,
                "polarity": side,
                "stances": sorted({one["stance"] for one in theirs}),
                "claims": [one["id"] for one in theirs],
                "faithful": True,
            }
            for day, side in sorted({(one["said_on"], one["polarity"]) for one in its if one["speaker"] == actor})
            if (
                theirs := [
                    one for one in its if (one["speaker"], one["said_on"], one["polarity"]) == (actor, day, side)
                ]
            )
        ]
        positions.append({"actor": actor, "side": "other", "history": history, "expected": "constant"})
    return {
        "id": name,
        "key": name,
        "theme": "bridge",
        "text": text,
        "supports": by_side["for"],
        "denies": by_side["against"],
        "open": by_side["open"],
        "positions": positions,
    }


def story():
    """The files of a small story, by name."""
    claims = [claim_of(line) for line in CLAIMS]
    figures = [figure_of(line) for line in FIGURES]
    texts = {"P1": "Korvania shelled it", "P2": "nobody knows", "P3": "boats sank", "P4": "30 passed", "P5": "9 sold"}
    before = {"proposition": "P1", "polarity": "for", "date": "2022-03-02"}
    after = {"proposition": "P2", "polarity": "for", "date": "2022-03-04"}
    change = {"actor": "Ada Renn", "speakers": ["Ada Renn"], "note": ""}
    relation = {"note": ""}
    pair = {"relation": "near-duplicate", "word_trigram_jaccard": 0.4}
    proof = {"proof": TEXTS["001"][:6], "proof_start": 0, "link": "cites"}
    return {
        "gold": claims,
        "propositions": {
            "propositions": [proposition_of(name, text, claims) for name, text in texts.items()],
            "relations": [
                relation | {"a": "P2", "b": "P1", "type": "weakens"},
                relation | {"a": "P3", "b": "P4", "type": "different-scope"},
                relation | {"a": "P1", "b": "P3", "type": "compatible"},
            ],
            "position_changes": [
                change | {"kind": "softening", "from": [before], "to": [after]},
                change | {"kind": "none in this set", "from": [before], "to": []},
            ],
            "sides": {"Sardal": ["Ada Renn"]},
        },
        "figures": figures,
        "figure_groups": [
            {
                "id": group,
                "measures": "boats",
                "expected": expected,
                "mentions": [one["id"] for one in figures if one["comparable_group"] == group],
            }
            for group, expected in (
                ("G_SUNK", "12, then 15: the later count"),
                ("G_PASSED", "30"),
                ("G_SOLD", "9: not comparable with G_SUNK"),
            )
        ],
        "origins": {
            "families": [
                {
                    "id": "O1",
                    "article_group": "ND1",
                    "label": "Renn on the bridge",
                    "kind": "near-duplicate",
                    "origin": {
                        "kind": "statement",
                        "speaker": "Ada Renn",
                        "recorded_by": None,
                        "date": "2022-03-02",
                        "what": "the bridge",
                    },
                    "propositions": ["P1"],
                    "articles": ["001", "002"],
                    "independent_origins": 1,
                    "chains": [
                        proof | {"article": "001", "chain": ["001", "Ada Renn"]},
                        proof | {"article": "002", "chain": ["002", "Ada Renn"], "proof": TEXTS["002"][:6]},
                    ],
                }
            ],
            "article_groups": [
                {
                    "id": "ND1",
                    "kind": "near-duplicate or paraphrase",
                    "articles": ["001", "002", "003"],
                    "pairs": [
                        pair | {"a": "001", "b": "002"},
                        pair | {"a": "001", "b": "003", "relation": "same source"},
                        pair | {"a": "002", "b": "003", "relation": "derived"},
                    ],
                }
            ],
            "single_origins": [{"article": "003", "what": "the harbour office", "proposition": "P3"}],
            "expected_counts": [
                {
                    "proposition": "P1",
                    "polarity": "for",
                    "articles": ["001", "002"],
                    "claims": 2,
                    "independent_by_utterance": 1,
                    "independent_by_evidence": 1,
                    "origins": ["Renn"],
                    "not_counted": [],
                }
            ],
            "articles_in_no_group": ["004"],
            "rules": ["one utterance is one origin"],
        },
    }


def write(folder, files):
    (folder / "articles").mkdir(parents=True)
    for name, text in TEXTS.items():
        article = {"id": name, "url": f"https://example.org/{name}", "outlet": "The Orsa Post"}
        article |= {"title": text.split("\n")[0], "published": DAYS[name], "lang": "en", "text": text}
        (folder / "articles" / f"{name}.json").write_text(json.dumps(article))
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


@pytest.fixture(scope="module")
def gold(tmp_path_factory):
    return load_storyline(write(tmp_path_factory.mktemp("made") / "story", story()))


def grouped(**claims):
    """Propositions from the ids of their claims; a claim is for its proposition unless ``!`` stands before it."""
    return tuple(
        LinkedProposition(
            name, {one.strip("!"): Polarity.AGAINST if one[0] == "!" else Polarity.FOR for one in its.split()}
        )
        for name, its in claims.items()
    )


RIGHT = {"a": "C001 !C003 C004", "b": "C006", "c": "C002 C005 C007", "d": "C008", "e": "C009"}


# ---- loading


def test_loads_every_kind_of_record(gold):
    assert (len(gold.articles), len(gold.claims), len(gold.propositions), len(gold.relations)) == (4, 9, 5, 3)
    assert gold.words("001", gold.claims["C003"].content) == "his army had shelled the bridge"
    assert gold.propositions["P1"].denies == ("C003",)
    assert gold.changes[0].before[0].proposition == "P1"
    assert gold.figures["Q3"].modifier is Modifier.EXACT
    assert gold.families[0].chains[1].links == ("002", "Ada Renn")
    assert gold.families[0].origin.recorded_by == ""
    assert gold.origin_counts[0].by_evidence == 1
    assert gold.side_of == {"Ada Renn": "Sardal"}


def test_says_where_it_looked_when_there_is_nothing(tmp_path):
    with pytest.raises(FileNotFoundError, match="ONRECORD_CORPORA"):
        load_storyline(tmp_path)


def test_looks_in_the_folder_of_the_corpora(tmp_path, monkeypatch):
    write(tmp_path / "storyline-dev", story())
    monkeypatch.setenv("ONRECORD_CORPORA", str(tmp_path))
    assert len(load_storyline().claims) == 9


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda files: files["gold"][0].update(mood="angry"), "C001: unknown keys: mood"),
        (lambda files: files["gold"][0].update(content_start=1), "C001: .* does not stand at"),
        (lambda files: files["gold"][0].update(stance="shout"), "C001: stance is 'shout'"),
        (lambda files: files["gold"][0].update(proposition_id="P9"), "C001: there is no proposition P9"),
        (lambda files: files["figures"][0].pop("unit"), "Q1: unit is missing"),
        (lambda files: files["figures"][0].update(value_low="12"), "Q1: value_low is '12'"),
        (lambda files: files["gold"][1].update(id="C001"), "C001 is there twice"),
        (lambda files: files["propositions"]["propositions"][0]["supports"].append("C003"), "P1: C003 is of P1"),
        (lambda files: files["origins"]["families"][0]["articles"].append("009"), "O1: there is no article 009"),
    ],
)
def test_refuses_what_the_conventions_do_not_have(tmp_path, spoil, words):
    files = story()
    spoil(files)
    with pytest.raises(ValueError, match=words):
        load_storyline(write(tmp_path / "story", files))


# ---- clusters


def clusters(*groups):
    return {name: {str(n)} for n, group in enumerate(groups) for name in group}


def test_b_cubed_is_that_of_the_paper():
    # Bagga & Baldwin 1998: twelve mentions in three chains, and the two responses of their figures 2 and 3.
    key = clusters("12345", "67", "89abc")
    two = b_cubed(key, clusters("12345", "6789abc"))
    assert (two.precision, two.recall) == (pytest.approx((5 + 4 / 7 + 25 / 7) / 12), 1.0)
    three = b_cubed(key, clusters("1234589abc", "67"))
    assert (three.precision, three.recall) == (pytest.approx(7 / 12), 1.0)


def test_b_cubed_where_elements_differ():
    key = clusters("abc")
    response = clusters("abx", "y")
    share = b_cubed(key, response)
    assert share.recall == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)  # c was not found
    assert share.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)  # y alone says nothing
    assert b_cubed(key, response, strict=True).precision == pytest.approx((2 / 3 + 2 / 3) / 4)
    assert share.f1 == pytest.approx(2 * (5 / 9) * (4 / 9) / 1)


def test_leaving_out_lone_claims_does_not_help():
    key = clusters("ab", "c")
    assert b_cubed(key, clusters("ab")).recall == pytest.approx(2 / 3)
    assert b_cubed(key, clusters("ab", "c")).recall == 1.0


def test_extended_b_cubed_counts_shared_clusters():
    key = {"a": {"1", "2"}, "b": {"1", "2"}, "c": {"2"}}
    response = {"a": {"x"}, "b": {"x"}, "c": {"x"}}
    share = b_cubed(key, response)
    assert share.precision == 1.0
    # a: itself 1/2, b 1/2, c 1; b alike; c: all 1
    assert share.recall == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_nothing_scores_nothing():
    assert b_cubed({}, {}).f1 == 0.0
    assert b_cubed(clusters("ab"), {}).f1 == 0.0


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_the_key_as_response_scores_one(labels):
    key = {str(n): {f"k{label}"} for n, label in enumerate(labels)}
    share = b_cubed(key, {name: {f"r{next(iter(its))}"} for name, its in key.items()})
    assert (share.precision, share.recall) == (pytest.approx(1), pytest.approx(1))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_precision_one_way_is_recall_the_other(labels):
    key = {str(n): {str(one)} for n, (one, _) in enumerate(labels)}
    response = {str(n): {str(other)} for n, (_, other) in enumerate(labels)}
    there, back = b_cubed(key, response), b_cubed(response, key)
    assert (there.precision, there.recall) == (pytest.approx(back.recall), pytest.approx(back.precision))


@settings(max_examples=60)
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_assignment_is_the_best_there_is(rows, columns, data):
    numbers = data.draw(st.lists(st.integers(0, 9), min_size=rows * columns, max_size=rows * columns))
    weights = np.array(numbers, dtype=float).reshape(rows, columns)
    pairs = assign(weights)
    assert len(pairs) == len({row for row, _ in pairs}) == len({column for _, column in pairs}) == min(rows, columns)
    tall = weights if rows <= columns else weights.T
    best = max(
        sum(tall[row, column] for row, column in enumerate(chosen))
        for chosen in itertools.permutations(range(tall.shape[1]), tall.shape[0])
    )
    assert sum(weights[pair] for pair in pairs) == best


def test_propositions_and_the_side_taken(gold):
    # The count of boats is cut in two, and the doubt stands with the accusation.
    output = Output(propositions=grouped(a="C001 !C003 C004 C006", b="C002 C005", c="C007", d="C008", e="C009"))
    twins = align_claims(gold, output)
    share = score_propositions(gold, output, twins)
    assert share.precision == pytest.approx((3 * 3 / 4 + 1 / 4 + 2 + 1 + 2) / 9)
    assert share.recall == pytest.approx((3 + 1 + 2 * 2 / 3 + 1 / 3 + 2) / 9)
    assert map_propositions(gold, output, twins) == {
        "a": ("P1", False),
        "b": ("P3", False),
        "d": ("P4", False),
        "e": ("P5", False),
    }


def test_a_proposition_may_be_worded_as_the_denial(gold):
    output = Output(propositions=grouped(**RIGHT | {"a": "!C001 C003 !C004"}))
    mapped = map_propositions(gold, output, align_claims(gold, output))
    assert mapped["a"] == ("P1", True)
    assert score_polarity(gold, output, align_claims(gold, output), mapped) == 1.0
    output = Output(propositions=grouped(**RIGHT | {"a": "C001 C003 C004"}))
    mapped = map_propositions(gold, output, align_claims(gold, output))
    assert score_polarity(gold, output, align_claims(gold, output), mapped) == pytest.approx(8 / 9)


def test_a_claim_that_is_nobodys_is_refused(gold):
    with pytest.raises(ValueError, match="C999"):
        score(gold, Output(propositions=grouped(a="C999")))


# ---- raw text


def span_of(article, words):
    start = TEXTS[article].index(words)
    return (Span(start, start + len(words)),)


def test_twins_cover_half_the_content_and_share_the_source(gold):
    claims = (
        LinkedClaim("r1", "001", span_of("001", "shelled the Orsa bridge"), span_of("001", "Ada Renn")),
        LinkedClaim("r2", "001", span_of("001", "boats"), span_of("001", "She")),
        LinkedClaim("r3", "001", span_of("001", "his army had shelled the bridge"), span_of("001", "Sardal")),
        LinkedClaim("r4", "002", span_of("002", "12 boats had sunk"), (), "Ada Renn"),
        LinkedClaim("r5", "003", span_of("003", "15 boats sunk"), (), "somebody"),
    )
    assert align_claims(gold, Output(claims=claims)) == {"C001": "r1", "C005": "r4"}


def test_one_claim_may_stand_for_two(gold):
    both = LinkedClaim("r", "001", span_of("001", TEXTS["001"]), span_of("001", "She said"), "Renn")
    output = Output(claims=(both,), propositions=grouped(a="r"))
    twins = align_claims(gold, output)
    assert twins == {"C001": "r", "C002": "r"}
    share = score_propositions(gold, output, twins)
    assert share.precision == pytest.approx(1 / 2)
    assert share.recall == pytest.approx((1 / 3 + 1 / 3) / 9)


def test_the_claim_with_the_source_goes_before_the_one_with_its_name(gold):
    content = span_of("002", "12 boats had sunk")
    claims = (
        LinkedClaim("named", "002", content, span_of("002", "Minister Ada Renn"), "Ada Renn"),
        LinkedClaim("cited", "002", content, (Span(content[0].start - 10, content[0].start - 6),), "Ada Renn"),
    )
    assert align_claims(gold, Output(claims=claims))["C005"] == "cited"


def test_claims_that_the_gold_does_not_have_cost_what_they_are_put_with(gold):
    extra = LinkedClaim("x", "004", span_of("004", "Markets calm"), span_of("004", "Markets"))
    own = tuple(LinkedClaim(one.id, one.article, one.content, (one.source,)) for one in gold.claims.values())
    right = Output(claims=(*own, extra), propositions=grouped(**RIGHT | {"x": "x"}))
    assert score_propositions(gold, right, align_claims(gold, right)).f1 == 1.0
    wrong = Output(claims=(*own, extra), propositions=grouped(**RIGHT | {"b": "C006 x"}))
    share = score_propositions(gold, wrong, align_claims(gold, wrong))
    assert (share.precision, share.recall) == (pytest.approx((8 + 1 / 2 + 1 / 2) / 10), 1.0)


# ---- relations


def relations_of(gold, *relations, **groups):
    output = Output(
        propositions=grouped(**groups or RIGHT),
        relations=tuple(LinkedRelation(a, b, RelationType(kind)) for a, b, kind in relations),
    )
    mapped = map_propositions(gold, output, align_claims(gold, output))
    return [score_relations(gold, output, mapped, loose=loose) for loose in (False, True)]


def test_relations_are_counted_by_type(gold):
    strict, _ = relations_of(gold, ("b", "a", "weakens"), ("d", "c", "different-scope"), ("a", "c", "contradicts"))
    assert (strict.precision, strict.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_what_weakens_has_a_direction(gold):
    strict, loose = relations_of(gold, ("a", "b", "weakens"))
    assert (strict.precision, loose.precision) == (0.0, 1.0)


def test_relations_of_propositions_without_a_counterpart_are_wrong(gold):
    split = RIGHT | {"c": "C002 C005", "c2": "C007"}
    strict, _ = relations_of(gold, ("c", "d", "different-scope"), ("c2", "d", "different-scope"), **split)
    assert (strict.precision, strict.recall) == (pytest.approx(1 / 2), pytest.approx(1 / 3))


# ---- positions

SOFTENED = LinkedChange(ChangeKind.NARROWED, ("C001", "C004"), ("C006",), "2022-03-04")


def changes_of(gold, *changes):
    output = Output(propositions=grouped(**RIGHT), changes=changes)
    return score_changes(gold, output, align_claims(gold, output))


def test_a_change_is_found_with_its_kind(gold):
    assert changes_of(gold, SOFTENED)[0].f1 == 1.0
    share, of_any_kind = changes_of(gold, dataclasses.replace(SOFTENED, kind=ChangeKind.REVERSED))
    assert (share.f1, of_any_kind) == (0.0, 1.0)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"date": "2022-03-05"},
        {"date": None},
        {"before": ("C002",)},
        {"before": ("C001", "C002")},
        {"before": ()},
        {"after": ("C007",)},
        {"before": ("C003",)},
    ],
)
def test_a_change_needs_its_claims_and_its_day(gold, spoiled):
    share, of_any_kind = changes_of(gold, dataclasses.replace(SOFTENED, **spoiled))
    assert (share.precision, share.recall, of_any_kind) == (0.0, 0.0, 0.0)


def test_changes_that_are_none_cost_precision_and_first_words_do_not(gold):
    invented = LinkedChange(ChangeKind.REVERSED, ("C002",), ("C005",), "2022-03-02")
    first = LinkedChange(ChangeKind.FIRST_STATED, (), ("C007",), "2022-03-04")
    admitted = LinkedChange(ChangeKind.ADMITTED, ("C002",), ("C006",), "2022-03-04")
    share, _ = changes_of(gold, SOFTENED, invented, first, admitted)
    assert (share.precision, share.recall) == (0.5, 1.0)


def test_a_side_does_not_move_because_a_nameless_source_spoke_first(tmp_path):
    files = story()
    for claim in files["gold"]:
        if claim["id"] in ("C001", "C004"):
            claim["speaker"] = "Sardal official (unnamed)"
    change = files["propositions"]["position_changes"][0]
    change["speakers"] = ["Ada Renn", "Sardal official (unnamed)"]
    gold = load_storyline(write(tmp_path / "story", files))
    share, _ = changes_of(gold, SOFTENED)
    assert (share.precision, share.recall) == (0.0, 0.0)  # nothing is judged
    share, _ = changes_of(gold, SOFTENED, LinkedChange(ChangeKind.REVERSED, ("C002",), ("C005",), "2022-03-02"))
    assert share.precision == 0.0


def test_words_of_the_annotator_become_kinds(gold):
    def kinds(words):
        return accepted_kinds(dataclasses.replace(gold.changes[0], kind=words))

    assert kinds("reversal on Article 4") == {ChangeKind.REVERSED}
    assert ChangeKind.PARTLY_ADMITTED in kinds("reversal of certainty")
    assert kinds("none in this set") == frozenset()
    assert kinds("offer against complaint") == frozenset()
    assert kinds("somersault") is None


def test_kinds_without_a_word_of_ours_can_be_left_out(gold):
    harder = dataclasses.replace(gold, changes=(dataclasses.replace(gold.changes[0], kind="hardening"),))
    wrong = Output(propositions=grouped(**RIGHT), changes=(SOFTENED,))
    twins = align_claims(gold, wrong)
    assert score_changes(harder, wrong, twins)[0].precision == 0.0
    invented = LinkedChange(ChangeKind.REVERSED, ("C002",), ("C005",), "2022-03-02")
    both = dataclasses.replace(harder, changes=(*harder.changes, gold.changes[0]))
    found, _ = score_changes(both, Output(changes=(SOFTENED, invented)), twins, kinds=OUR_KINDS)
    assert (found.precision, found.recall) == (0.5, 1.0)


def test_days_agree_with_their_month():
    assert same_day("2022-03", "2022-03-04")
    assert same_day("2022-03-04", "2022-03-04")
    assert not same_day("2022-03-05", "2022-03-04")
    assert not same_day(None, "2022-03-04")


def test_steps_are_counted_once(gold):
    def steps(*changes):
        output = Output(propositions=grouped(**RIGHT), changes=changes)
        return score_steps(gold, output, align_claims(gold, output))

    first = LinkedChange(ChangeKind.FIRST_STATED, (), ("C001", "C004"), "2022-03-02")
    # Positions: Renn on P1, P2 and P3, Korvania on P1, the harbour on P3, the mayor on P4, the port on P5.
    assert steps(first).recall == pytest.approx(1 / 7)
    twice = steps(first, dataclasses.replace(first, after=("C001",)))
    assert (twice.precision, twice.recall) == (0.5, pytest.approx(1 / 7))
    assert steps(dataclasses.replace(first, kind=ChangeKind.HELD)).recall == 0.0
    assert steps(dataclasses.replace(first, date="2022-03-03")).recall == 0.0


# ---- figures


def figure(low, high, modifier="exact"):
    return Figure(
        "Q", "001", Span(0, 1), low, high, Modifier(modifier), "boats", "boats", "", None, "", "Renn", "G", ""
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (figure(12, 12), figure(12, 12), {Verdict.AGREE}),
        (figure(12, 12), figure(13, 13), {Verdict.CONFLICT}),
        (figure(100, 100, "about"), figure(96, 96), {Verdict.AGREE}),
        (figure(100, 100, "about"), figure(92, 92), {Verdict.CONFLICT, Verdict.AGREE}),
        (figure(100, 100, "about"), figure(80, 80), {Verdict.CONFLICT}),
        (figure(90, None, "more than"), figure(96, 96), {Verdict.AGREE}),
        (figure(90, None, "at least"), figure(70, 70), {Verdict.CONFLICT}),
        (figure(None, 50, "at most"), figure(60, 60), {Verdict.CONFLICT}),
        (figure(40, 199, "vague"), figure(96, 96), {Verdict.AGREE}),
    ],
)
def test_values_agree_where_their_ranges_meet(one, other, expected):
    assert set(verdicts(one, other, moves=False, same_day=True)) == expected
    assert set(verdicts(other, one, moves=False, same_day=True)) == expected


def test_a_later_value_of_what_moves_is_an_update():
    assert verdicts(figure(12, 12), figure(15, 15), moves=True, same_day=False) == (Verdict.UPDATE,)
    assert verdicts(figure(12, 12), figure(15, 15), moves=True, same_day=True) == (Verdict.CONFLICT, Verdict.UPDATE)
    assert verdicts(figure(12, 12), figure(15, 15), moves=False, same_day=False) == (Verdict.CONFLICT,)


def test_pairs_are_those_that_look_alike(gold):
    found = {(pair.a, pair.b): (pair.verdict, pair.weight) for pair in find_pairs(gold)}
    assert found[("Q1", "Q2")] == (Verdict.AGREE, 1.0)
    assert found[("Q1", "Q3")] == (Verdict.UPDATE, 0.5)
    assert found[("Q1", "Q4")] == (Verdict.NOT_COMPARABLE, pytest.approx(1 / 3))
    assert found[("Q3", "Q5")] == (Verdict.NOT_COMPARABLE, pytest.approx(1 / 3))  # the prose names the group
    assert ("Q4", "Q5") not in found


def test_verdicts_on_figures(gold):
    pairs = (LinkedPair("Q2", "Q1", Verdict.AGREE), LinkedPair("Q1", "Q3", Verdict.UPDATE))
    found = score_figures(gold, Output(pairs=pairs))
    # Of the update half is found, and half is taken as not comparable, beside the two that are.
    assert found == {
        "not comparable": pytest.approx(2 * 2 / (2 + 2.5)),
        "agree within rounding": 1.0,
        "update": pytest.approx(2 * 0.5 / 1.5),
    }


def test_figures_that_were_not_found_are_missed(gold):
    figures = tuple(
        LinkedFigure(f"r{one.id}", one.article, Span(one.span.start, one.span.end + 6))
        for one in gold.figures.values()
        if one.id != "Q3"
    )
    output = Output(figures=figures, pairs=(LinkedPair("rQ1", "rQ2", Verdict.AGREE),))
    assert align_figures(gold, output) == {name: f"r{name}" for name in ("Q1", "Q2", "Q4", "Q5")}
    found = score_figures(gold, output)
    assert (found["agree within rounding"], found["update"]) == (1.0, 0.0)
    # Of not comparable, Q3 stands in one pair of three, twice.
    assert found["not comparable"] == pytest.approx(2 * (4 / 3) / (4 / 3 + 2))


# ---- origins


def test_families_of_articles(gold):
    assert score_families(gold, Output(families={"x": frozenset(("001", "002"))})).f1 == 1.0
    share = score_families(gold, Output(families={"x": frozenset(("001", "002", "003")), "y": frozenset(("004",))}))
    assert (share.precision, share.recall) == (pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4), 1.0)
    share = score_families(gold, Output())
    assert (share.precision, share.recall) == (1.0, pytest.approx((1 / 2 + 1 / 2 + 1 + 1) / 4))


def test_reprints_are_neither_one_briefing_nor_what_derives(gold):
    share = score_reprints(gold, Output(reprints=(("002", "001"), ("001", "003"), ("003", "002"))))
    assert (share.precision, share.recall) == (0.5, 1.0)
    assert score_reprints(gold, Output()).f1 == 0.0


# ---- everything


def test_the_gold_as_output_scores_one(gold):
    found = score(gold, baselines.perfect(gold))
    assert found.pop("changes left out, kind unknown") == 0.0
    assert found == {name: pytest.approx(1.0) for name in found}


def test_baselines_move_the_figures(gold):
    alone, speaker = score(gold, baselines.alone(gold)), score(gold, baselines.by_speaker(gold))
    words = score(gold, baselines.same_words(gold))
    assert alone["propositions b3 precision"] == 1.0
    assert alone["propositions b3 recall"] == pytest.approx((6 * 1 / 3 + 3) / 9)
    assert speaker["propositions b3 precision"] < 1.0
    assert words["propositions b3"] > alone["propositions b3"]
    assert words["families b3"] == 1.0
    assert words["figure pairs, agree within rounding"] == 1.0


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_names_do_not_matter(gold, data):
    labels = data.draw(st.lists(st.integers(0, 5), min_size=9, max_size=9))
    names = data.draw(st.permutations([f"n{n}" for n in range(6)]))
    kinds = st.sampled_from(list(RelationType))
    links = data.draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), kinds), max_size=6))

    def output(name_of):
        groups = {}
        for claim, label in zip(gold.claims.values(), labels, strict=True):
            groups.setdefault(name_of(label), {})[claim.id] = claim.polarity
        ordered = sorted(groups.items())  # the order in which they come changes with the names
        return Output(
            propositions=tuple(LinkedProposition(name, claims) for name, claims in ordered),
            relations=tuple(LinkedRelation(name_of(a), name_of(b), kind) for a, b, kind in links),
            changes=(SOFTENED,),
            families={name_of(1): frozenset(("001", "002")), name_of(2): frozenset(("001", "003"))},
        )

    assert score(gold, output(str)) == pytest.approx(score(gold, output(names.__getitem__)))


def test_readings_become_an_output(gold, tmp_path):
    document = Document("https://example.org/002", TEXTS["002"])
    source, cue, content = (span_of("002", words) for words in ("Ada Renn", "according to", "Korvania shelled"))
    person = Party(
        party_id(document.id, source[0]),
        PartyKind.PERSON,
        source[0],
        (Mention(source[0], MentionKind.NAME),),
        None,
        None,
    )
    own = attribution_id(document.id, (), (), span_of("002", "Bridge down"))
    cited = attribution_id(document.id, source, cue, content)
    attributions = (
        Attribution(own, Kind.INDIRECT, Voice.PUBLISHER, None, (), (), span_of("002", "Bridge down"), 0.9),
        Attribution(cited, Kind.INDIRECT, Voice.PARTY, None, source, cue, content, 0.9, party=person.id),
    )
    reading = Reading(document, attributions, (), Run("1", "model"), parties=(person,))
    path = tmp_path / "readings.jsonl"
    path.write_bytes(encode_reading(reading))
    output = baselines.found_in(baselines.load_readings(gold, path))
    assert output.claims == (LinkedClaim(cited, "002", content, source, "Ada Renn"),)
    assert align_claims(gold, output) == {"C004": cited}
    perfect = score(gold, baselines.perfect(gold, output))
    assert perfect["claims found"] == pytest.approx(1 / 9)
    assert perfect["propositions b3 recall"] == pytest.approx(1 / 3 / 9)

    path.write_bytes(encode_reading(Reading(Document("", TEXTS["002"]), (), (), Run("1", "model"))))
    with pytest.raises(ValueError, match="not one of the story's articles"):
        baselines.load_readings(gold, path)
