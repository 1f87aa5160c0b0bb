"""The gold of a storyline: articles, claims, propositions, positions, relations, figures and origins, strictly loaded.

The format is that of storyline-dev, whose INDEX.md explains every field; a held-out story of the same making loads
alike. Unknown keys, values outside the conventions, spans that are not at their offsets and references into nothing are
errors: a gold that is half understood gives figures that look like figures.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from benchmarks.polnear import corpora_folder
from onrecord.model import Modifier, Span, Stance

_Read = TypeVar("_Read")
_Choice = TypeVar("_Choice", bound=StrEnum)


class Polarity(StrEnum):
    """The side taken on a proposition as it is worded."""

    FOR = "for"
    AGAINST = "against"
    OPEN = "open"


class RelationType(StrEnum):
    """How two propositions stand to each other, in the words of the gold."""

    CONTRADICTS = "contradicts"
    NARROWS = "narrows"
    SUPPORTS = "supports"
    WEAKENS = "weakens"
    UPDATES = "updates"
    OTHER_VALUE = "same-figure-different-value"
    OTHER_SCOPE = "different-scope"
    COMPATIBLE = "compatible"


class Expected(StrEnum):
    """What the faithful claims of one speaker on one proposition show over time."""

    CONSTANT = "constant"
    MOVES = "moves"
    NONE = "none"


class PairRelation(StrEnum):
    """What two articles of one group have in common."""

    NEAR_DUPLICATE = "near-duplicate"
    PARAPHRASE = "paraphrase"
    DERIVED = "derived"
    SAME_SOURCE = "same source"


@dataclass(frozen=True, slots=True)
class Article:
    """One article; ``text`` begins with the headline, and all spans are code points into it."""

    id: str
    url: str
    outlet: str
    title: str
    published: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One attributed claim.

    Attributes:
        id: ``C001``, in the order of the text over all articles.
        article: id of its article.
        source: the mention that is cited.
        cue: the words that attribute.
        content: what is attributed, in pieces where the attribution cuts it in two.
        speaker: the resolved name of the source.
        stance: what the speaker does by saying it.
        polarity: the side that it takes on its proposition.
        said_on: the day of the utterance, a month, ``DAY/DAY``, or None.
        proposition: id of what it is about.
        via: relays between publisher and speaker, outermost first.
        fidelity: how the page misrenders the speaker (``overstated``), empty if it does not.
        in_headline: whether its content begins in the headline.
        sentence: the stretch that holds all its spans.
        note: of the annotator.
    """

    id: str
    article: str
    source: Span
    cue: Span
    content: tuple[Span, ...]
    speaker: str
    stance: Stance
    polarity: Polarity
    said_on: str | None
    proposition: str
    via: tuple[str, ...]
    fidelity: str
    in_headline: bool
    sentence: Span
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one speaker holds of one proposition on one day; only misrenderings say so where it is not faithful."""

    said_on: str | None
    polarity: Polarity
    stances: tuple[Stance, ...]
    claims: tuple[str, ...]
    is_faithful: bool


@dataclass(frozen=True, slots=True)
class Position:
    """One speaker's history on one proposition, by date."""

    actor: str
    side: str
    history: tuple[Step, ...]
    expected: Expected


@dataclass(frozen=True, slots=True)
class Proposition:
    """What several claims are about, worded as the allegation; the claims by the side that they take."""

    id: str
    key: str
    theme: str
    text: str
    supports: tuple[str, ...]
    denies: tuple[str, ...]
    open: tuple[str, ...]
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """How proposition ``a`` stands to proposition ``b``: ``a`` narrows, supports, weakens ``b``."""

    a: str
    b: str
    type: RelationType
    note: str


@dataclass(frozen=True, slots=True)
class Point:
    """One end of a change: a side taken on a proposition on a day."""

    proposition: str
    polarity: Polarity
    date: str | None


@dataclass(frozen=True, slots=True)
class PositionChange:
    """A change across propositions, by hand; ``kind`` is in the annotator's own words (``softening``).

    Attributes:
        actor: who moved; a side (``Ukraine (all speakers)``) where the change shows only in several speakers.
        speakers: whose claims show it.
        kind: free words; ``none in this set`` where a careless reader would see a change.
        before: where they stood.
        after: where they stood then.
        note: why.
    """

    actor: str
    speakers: tuple[str, ...]
    kind: str
    before: tuple[Point, ...]
    after: tuple[Point, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text, its values normalised (miles to km, clock times to hours)."""

    id: str
    article: str
    span: Span
    low: float | None
    high: float | None
    modifier: Modifier
    unit: str
    counted: str
    event: str
    event_date: str | None
    place: str
    claimant: str
    group: str
    note: str


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures that measure the same thing for the same event; ``expected`` says in prose what comparing them finds."""

    id: str
    measures: str
    expected: str
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """How one article came by an utterance: the article, its relays and the speaker, and the words that prove it."""

    article: str
    links: tuple[str, ...]
    link: str
    proof: Span
    note: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The utterance, statement or leak behind a family."""

    kind: str
    speaker: str
    recorded_by: str
    date: str
    what: str


@dataclass(frozen=True, slots=True)
class Family:
    """One origin and the articles that carry it; an article may carry several."""

    id: str
    article_group: str
    label: str
    kind: str
    origin: Origin
    propositions: tuple[str, ...]
    articles: tuple[str, ...]
    independent_origins: int
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True)
class ArticlePair:
    """What two articles of a group have in common; ``jaccard`` is the overlap of their word trigrams."""

    a: str
    b: str
    relation: PairRelation
    jaccard: float


@dataclass(frozen=True, slots=True)
class ArticleGroup:
    """Articles that are reprints, rewrites or reports of one briefing; no article is in two."""

    id: str
    kind: str
    articles: tuple[str, ...]
    pairs: tuple[ArticlePair, ...]


@dataclass(frozen=True, slots=True)
class SingleOrigin:
    """An origin that one article alone carries."""

    article: str
    what: str
    proposition: str


@dataclass(frozen=True, slots=True)
class OriginCount:
    """How many independent origins one side of a proposition has, by utterance and by evidence."""

    proposition: str
    polarity: Polarity
    articles: tuple[str, ...]
    claims: int
    by_utterance: int
    by_evidence: int
    origins: tuple[str, ...]
    not_counted: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Storyline:
    """The whole gold of one story."""

    articles: Mapping[str, Article]
    claims: Mapping[str, Claim]
    propositions: Mapping[str, Proposition]
    relations: tuple[Relation, ...]
    changes: tuple[PositionChange, ...]
    sides: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Figure]
    figure_groups: Mapping[str, FigureGroup]
    families: tuple[Family, ...]
    article_groups: tuple[ArticleGroup, ...]
    single_origins: tuple[SingleOrigin, ...]
    origin_counts: tuple[OriginCount, ...]
    ungrouped: tuple[str, ...]
    rules: tuple[str, ...]

    @cached_property
    def side_of(self) -> dict[str, str]:
        """The side that a speaker stands on, for those who stand on one."""
        return {speaker: side for side, speakers in self.sides.items() for speaker in speakers}

    def words(self, article: str, spans: Iterable[Span]) -> str:
        """The words of an article that some spans cover, pieces joined by a space."""
        return " ".join(span.of(self.articles[article].text) for span in spans)


class _Row:
    """One JSON object, read key by key; whatever is not read is an error at the end."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise ValueError(f"{where}: no object: {str(raw)[:60]!r}")
        self.where, self._rest = where, dict(raw)

    def _take(self, key: str, kinds: tuple[type, ...], *, optional: bool = False) -> object:
        if key not in self._rest:
            if optional:
                return None
            raise ValueError(f"{self.where}: {key} is missing")
        value = self._rest.pop(key)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ValueError(f"{self.where}: {key} is {value!r}")
        return value

    def text(self, key: str) -> str:
        return str(self._take(key, (str,)))

    def note(self, key: str = "note") -> str:
        """A text that may be left out, or null; then it is empty."""
        return str(self._take(key, (str, type(None)), optional=True) or "")

    def text_or_none(self, key: str) -> str | None:
        value = self._take(key, (str, type(None)))
        return None if value is None else str(value)

    def number(self, key: str) -> float:
        value = self._take(key, (int, float))
        assert isinstance(value, int | float)
        return value

    def number_or_none(self, key: str) -> float | None:
        value = self._take(key, (int, float, type(None)))
        assert value is None or isinstance(value, int | float)
        return value

    def keys(self) -> tuple[str, ...]:
        """The keys that nobody has read yet."""
        return tuple(self._rest)

    def flag(self, key: str) -> bool:
        return bool(self._take(key, (bool,)))

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        values = self._take(key, (list,), optional=optional)
        assert values is None or isinstance(values, list)
        for value in values or ():
            if not isinstance(value, str):
                raise ValueError(f"{self.where}: {key} holds {value!r}")
        return tuple(values or ())

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        return _choice(self.text(key), kind, f"{self.where}: {key}")

    def rows(self, key: str, read: Callable[[_Row], _Read], *, optional: bool = False) -> tuple[_Read, ...]:
        values = self._take(key, (list,), optional=optional)
        assert values is None or isinstance(values, list)
        return tuple(_read(value, f"{self.where}, {key} {n}", read) for n, value in enumerate(values or (), 1))

    def row(self, key: str, read: Callable[[_Row], _Read]) -> _Read:
        return _read(self._take(key, (dict,)), f"{self.where}, {key}", read)

    def span(self, words: str, start: str, text: str) -> Span:
        """The span of some words that must stand at their offset."""
        quoted, at = self.text(words), self._take(start, (int,))
        assert isinstance(at, int)
        if at < 0 or not quoted or text[at : at + len(quoted)] != quoted:
            raise ValueError(f"{self.where}: {quoted[:60]!r} does not stand at {at}")
        return Span(at, at + len(quoted))

    def end(self) -> None:
        if self._rest:
            raise ValueError(f"{self.where}: unknown keys: {', '.join(sorted(self._rest))}")


def _choice(value: str, kind: type[_Choice], where: str) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"{where} is {value!r}, not one of: {', '.join(kind)}") from None


def _read(raw: object, where: str, read: Callable[[_Row], _Read]) -> _Read:
    row = _Row(raw, where)
    made = read(row)
    row.end()
    return made


def load_storyline(folder: Path | None = None) -> Storyline:
    """Loads the gold of a story.

    Args:
        folder: where it lies; None takes ``storyline-dev`` in the folder of the labelled data.

    Raises:
        FileNotFoundError: it is not there; the message says where it was looked for.
        ValueError: it is not as the conventions have it; the message says where.
    """
    folder = folder or corpora_folder() / "storyline-dev"
    names = ("gold", "propositions", "figures", "figure_groups", "origins")
    paths = {name: folder / f"{name}.json" for name in names}
    pages = sorted((folder / "articles").glob("*.json"))
    lacking = [path for path in paths.values() if not path.exists()] + ([] if pages else [folder / "articles"])
    if lacking:
        raise FileNotFoundError(
            f"{lacking[0]}: not there; set ONRECORD_CORPORA to the folder that holds storyline-dev/"
        )
    articles = _by_id([_read(_load(path), f"articles/{path.name}", _article) for path in pages], "articles")

    def claim(row: _Row) -> Claim:
        return _claim(row, articles)

    def figure(row: _Row) -> Figure:
        return _figure(row, articles)

    claims = _by_id(_rows(paths["gold"], claim), "gold.json")
    figures = _by_id(_rows(paths["figures"], figure), "figures.json")
    groups = _by_id(_rows(paths["figure_groups"], _figure_group), "figure_groups.json")
    propositions, relations, changes, sides = _read(_load(paths["propositions"]), "propositions.json", _propositions)
    families, article_groups, singles, counts, ungrouped, rules = _read(
        _load(paths["origins"]), "origins.json", lambda row: _origins(row, articles)
    )
    storyline = Storyline(
        articles=articles,
        claims=claims,
        propositions=_by_id(propositions, "propositions.json"),
        relations=relations,
        changes=changes,
        sides=sides,
        figures=figures,
        figure_groups=groups,
        families=families,
        article_groups=article_groups,
        single_origins=singles,
        origin_counts=counts,
        ungrouped=ungrouped,
        rules=rules,
    )
    _check(storyline)
    return storyline


def _load(path: Path) -> object:
    raw: object = json.loads(path.read_text(encoding="utf-8"))
    return raw


def _rows(path: Path, read: Callable[[_Row], _Read]) -> list[_Read]:
    raw = _load(path)
    if not isinstance(raw, list):
        raise ValueError(f"{path.name}: no list")
    return [
        _read(entry, f"{path.name}, {entry.get('id', n) if isinstance(entry, dict) else n}", read)
        for n, entry in enumerate(raw, 1)
    ]


_Named = TypeVar("_Named", Article, Claim, Proposition, Figure, FigureGroup)


def _by_id(entries: Iterable[_Named], where: str) -> dict[str, _Named]:
    found: dict[str, _Named] = {}
    for entry in entries:
        if entry.id in found:
            raise ValueError(f"{where}: {entry.id} is there twice")
        found[entry.id] = entry
    return found


def _article(row: _Row) -> Article:
    return Article(
        row.text("id"),
        row.text("url"),
        row.text("outlet"),
        row.text("title"),
        row.text("published"),
        row.text("lang"),
        row.text("text"),
    )


def _text_of(row: _Row, articles: Mapping[str, Article]) -> tuple[str, str]:
    name = row.text("article")
    if name not in articles:
        raise ValueError(f"{row.where}: there is no article {name}")
    return name, articles[name].text


def _claim(row: _Row, articles: Mapping[str, Article]) -> Claim:
    article, text = _text_of(row, articles)
    first = row.span("content_text", "content_start", text)
    more = row.rows("content_more", lambda part: part.span("text", "start", text), optional=True)
    content = (first, *more)
    if any(a.end > b.start for a, b in zip(content, content[1:], strict=False)):
        raise ValueError(f"{row.where}: the pieces of its content are out of order")
    return Claim(
        id=row.text("id"),
        article=article,
        source=row.span("source_text", "source_start", text),
        cue=row.span("cue_text", "cue_start", text),
        content=content,
        speaker=row.text("speaker"),
        stance=row.choice("stance", Stance),
        polarity=row.choice("polarity", Polarity),
        said_on=row.text_or_none("said_on"),
        proposition=row.text("proposition_id"),
        via=row.texts("via"),
        fidelity=row.note("fidelity"),
        in_headline=row.flag("in_headline"),
        sentence=row.span("sentence", "sentence_start", text),
        note=row.note(),
    )


def _step(row: _Row) -> Step:
    stances = tuple(_choice(stance, Stance, f"{row.where}: stances") for stance in row.texts("stances"))
    return Step(
        row.text_or_none("said_on"),
        row.choice("polarity", Polarity),
        stances,
        row.texts("claims"),
        row.flag("faithful"),
    )


def _position(row: _Row) -> Position:
    return Position(row.text("actor"), row.text("side"), row.rows("history", _step), row.choice("expected", Expected))


def _proposition(row: _Row) -> Proposition:
    return Proposition(
        row.text("id"),
        row.text("key"),
        row.text("theme"),
        row.text("text"),
        row.texts("supports"),
        row.texts("denies"),
        row.texts("open"),
        row.rows("positions", _position),
    )


def _relation(row: _Row) -> Relation:
    return Relation(row.text("a"), row.text("b"), row.choice("type", RelationType), row.note())


def _point(row: _Row) -> Point:
    return Point(row.text("proposition"), row.choice("polarity", Polarity), row.text_or_none("date"))


def _change(row: _Row) -> PositionChange:
    return PositionChange(
        row.text("actor"),
        row.texts("speakers"),
        row.text("kind"),
        row.rows("from", _point),
        row.rows("to", _point),
        row.note(),
    )


def _propositions(
    row: _Row,
) -> tuple[tuple[Proposition, ...], tuple[Relation, ...], tuple[PositionChange, ...], dict[str, tuple[str, ...]]]:
    def sides(part: _Row) -> dict[str, tuple[str, ...]]:
        return {side: part.texts(side) for side in part.keys()}  # noqa: SIM118 - a row is no mapping

    return (
        row.rows("propositions", _proposition),
        row.rows("relations", _relation),
        row.rows("position_changes", _change),
        row.row("sides", sides),
    )


def _figure(row: _Row, articles: Mapping[str, Article]) -> Figure:
    article, text = _text_of(row, articles)
    modifier = row.text("modifier").replace("_", " ")
    return Figure(
        id=row.text("id"),
        article=article,
        span=row.span("text", "start", text),
        low=row.number_or_none("value_low"),
        high=row.number_or_none("value_high"),
        modifier=_choice(modifier, Modifier, f"{row.where}: modifier"),
        unit=row.text("unit"),
        counted=row.text("counted"),
        event=row.note("event"),
        event_date=row.text_or_none("event_date"),
        place=row.note("place"),
        claimant=row.text("claimant"),
        group=row.text("comparable_group"),
        note=row.note(),
    )


def _figure_group(row: _Row) -> FigureGroup:
    return FigureGroup(row.text("id"), row.text("measures"), row.text("expected"), row.texts("mentions"))


def _chain(row: _Row, articles: Mapping[str, Article]) -> Chain:
    article, text = _text_of(row, articles)
    return Chain(article, row.texts("chain"), row.text("link"), row.span("proof", "proof_start", text), row.note())


def _origin(row: _Row) -> Origin:
    return Origin(row.text("kind"), row.text("speaker"), row.note("recorded_by"), row.text("date"), row.text("what"))


def _family(row: _Row, articles: Mapping[str, Article]) -> Family:
    return Family(
        id=row.text("id"),
        article_group=row.note("article_group"),
        label=row.text("label"),
        kind=row.text("kind"),
        origin=row.row("origin", _origin),
        propositions=row.texts("propositions"),
        articles=row.texts("articles"),
        independent_origins=int(row.number("independent_origins")),
        chains=row.rows("chains", lambda chain: _chain(chain, articles)),
    )


def _article_pair(row: _Row) -> ArticlePair:
    return ArticlePair(
        row.text("a"), row.text("b"), row.choice("relation", PairRelation), row.number("word_trigram_jaccard")
    )


def _article_group(row: _Row) -> ArticleGroup:
    return ArticleGroup(row.text("id"), row.text("kind"), row.texts("articles"), row.rows("pairs", _article_pair))


def _single_origin(row: _Row) -> SingleOrigin:
    return SingleOrigin(row.text("article"), row.text("what"), row.text("proposition"))


def _origin_count(row: _Row) -> OriginCount:
    return OriginCount(
        proposition=row.text("proposition"),
        polarity=row.choice("polarity", Polarity),
        articles=row.texts("articles"),
        claims=int(row.number("claims")),
        by_utterance=int(row.number("independent_by_utterance")),
        by_evidence=int(row.number("independent_by_evidence")),
        origins=row.texts("origins"),
        not_counted=row.texts("not_counted", optional=True),
        evidence=row.texts("evidence", optional=True),
    )


def _origins(
    row: _Row, articles: Mapping[str, Article]
) -> tuple[
    tuple[Family, ...],
    tuple[ArticleGroup, ...],
    tuple[SingleOrigin, ...],
    tuple[OriginCount, ...],
    tuple[str, ...],
    tuple[str, ...],
]:
    return (
        row.rows("families", lambda family: _family(family, articles)),
        row.rows("article_groups", _article_group),
        row.rows("single_origins", _single_origin),
        row.rows("expected_counts", _origin_count),
        row.texts("articles_in_no_group"),
        row.texts("rules", optional=True),
    )


def _check(storyline: Storyline) -> None:
    """Every reference leads somewhere, and what is said twice is said alike."""
    known = {
        "article": storyline.articles,
        "claim": storyline.claims,
        "proposition": storyline.propositions,
        "figure": storyline.figures,
        "figure group": storyline.figure_groups,
    }

    def need(where: str, what: str, *ids: str) -> None:
        for one in ids:
            if one not in known[what]:
                raise ValueError(f"{where}: there is no {what} {one}")

    for claim in storyline.claims.values():
        need(claim.id, "proposition", claim.proposition)
    for proposition in storyline.propositions.values():
        by_side = (
            (Polarity.FOR, proposition.supports),
            (Polarity.AGAINST, proposition.denies),
            (Polarity.OPEN, proposition.open),
        )
        for polarity, claims in by_side:
            need(proposition.id, "claim", *claims)
            for one in claims:
                claim = storyline.claims[one]
                if (claim.proposition, claim.polarity) != (proposition.id, polarity):
                    raise ValueError(f"{proposition.id}: {one} is of {claim.proposition}, {claim.polarity}")
        for position in proposition.positions:
            for step in position.history:
                need(f"{proposition.id}, {position.actor}", "claim", *step.claims)
    for relation in storyline.relations:
        need("relations", "proposition", relation.a, relation.b)
    for change in storyline.changes:
        need(change.actor, "proposition", *(point.proposition for point in (*change.before, *change.after)))
    for figure in storyline.figures.values():
        need(figure.id, "figure group", figure.group)
    for figure_group in storyline.figure_groups.values():
        need(figure_group.id, "figure", *figure_group.mentions)
    for family in storyline.families:
        need(family.id, "article", *family.articles)
        need(family.id, "proposition", *family.propositions)
    for group in storyline.article_groups:
        need(group.id, "article", *group.articles, *(end for pair in group.pairs for end in (pair.a, pair.b)))
    for single in storyline.single_origins:
        need("single_origins", "article", single.article)
        need("single_origins", "proposition", single.proposition)
    for count in storyline.origin_counts:
        need("expected_counts", "proposition", count.proposition)
        need("expected_counts", "article", *count.articles)
    need("articles_in_no_group", "article", *storyline.ungrouped)
