"""HTML → the paragraphs that it shows, in order, and the text that it hides from who looks at it.

`find_blocks` takes a page apart, `flatten` a fragment without a page around it, as mails and feeds bring it.
"""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree  # type: ignore[import-untyped]  # it publishes no types
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]  # likewise

from onrecord.intake.furniture import find_reason, find_trailing_teaser
from onrecord.model import Reason

BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section"
    " summary table tbody tfoot thead tr ul".split()
)
CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset(
    "applet area audio base canvas datalist embed frame frameset head iframe input link map math meta noframes noscript"
    " object optgroup option param script select source style svg template textarea title track video".split()
)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>?")
# Elements that contain nothing, or that the parser closes by itself where the next begins: they do not nest.
_UNNESTED = frozenset(
    "area base body br col dd dt embed head hr html img input li link meta option p param source td th tr track"
    " wbr".split()
)
_DEEPEST = 400  # nested tags as written, closed or not; the worst real pages reach 300

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BREAK = "\x0b"  # stands for <br>; the page itself cannot contain it
_HOLE = "\x00"  # stands before a hidden text, or around its number; likewise
_SPACES = re.compile(r"[ \t\n\r\f\x0b]+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # soft hyphen, zero-width space, word joiner, BOM
TOKEN = re.compile(r"\w+")

# What an element is for, by the words in its class and id; the first that fits wins.
_HINTS = tuple(
    (reason, re.compile(rf"(?:^|[\s_-])(?:{words})(?:$|[\s_-])"))
    for reason, words in (
        (Reason.COOKIES, r"cookies?|cookiebar|consent|gdpr|ccpa|onetrust"),
        (Reason.COMMENTS, r"comments?|commentlist|comment-?(?:area|form|list|section|thread)s?|disqus|respond|replies"),
        (Reason.NEWSLETTER, r"newsletters?|subscribe|subscription|sign-?up|mailing|paywall|donat(?:e|ion)|mc_embed"),
        (
            Reason.SHARE,
            r"share|sharing|share-?(?:bar|buttons?|links?|tools)|sharedaddy|socials?|addthis|sociable|follow-us",
        ),
        (
            Reason.ADVERTISEMENT,
            r"ads?|adverts?|advertisement|adslot|adsbygoogle|sponsor|sponsored|dfp|outbrain|taboola|promoted",
        ),
        (
            Reason.PHOTO,
            r"captions?|figcaption|wp-caption-text|credits?|(?:photo|image)-?(?:credit|caption|source)s?|gallery|slideshow",
        ),
        (
            Reason.TEASER,
            r"related|related-?posts|jp-relatedposts|recommended|recommendations?|recirc\w*|teasers?|trending|popular|promos?"
            r"|most-?(?:read|popular|viewed)|more-?(?:stories|news|articles|from|on|posts)|read-?(?:more|next|also)|see-also"
            r"|up-?next|also-like|you-may-like|next-?(?:article|post|story)",
        ),
        (
            Reason.BYLINE,
            r"bylines?|authors?|author-?(?:bio|box|info|name)|timestamp|pub-?date|published|posted-on|dateline|reading-time"
            r"|(?:entry|article|post)-meta|meta|post-info",
        ),
        (Reason.LEGAL, r"copyright|legal|disclaimer"),
        (
            Reason.NAVIGATION,
            r"nav|navbar|navigation|menus?|breadcrumbs?|sidebar|side-bar|footer|masthead|tags?|tag-?(?:cloud|list)|topics"
            r"|pagination|pager|site-?(?:header|footer)|skip-link|widget|toolbar|topbar|search",
        ),
    )
)
_TAG_HINTS = {
    "button": Reason.NAVIGATION,
    "dialog": Reason.OTHER,
    "figcaption": Reason.PHOTO,
    "footer": Reason.NAVIGATION,
    "form": Reason.OTHER,
    "menu": Reason.NAVIGATION,
    "nav": Reason.NAVIGATION,
    "search": Reason.NAVIGATION,
}
# Class names under which text is put for screen readers only, as the common libraries call them.
_FOR_SCREEN_READERS = re.compile(
    r"(?:.*[-_])?(?<!not-)(?:visually-?hidden|sr-only|screen-?readers?-?(?:text|only)|element-invisible|a11y-hidden)"
    r"(?:-focusable)?"
)
_DECLARATION = re.compile(r"(?:^|[;\s])(?P<name>display|visibility)\s*:\s*(?P<value>[a-z-]+)", re.IGNORECASE)
_OFF_SCREEN = re.compile(
    r"(?:left|right|top|text-indent)\s*:\s*-(?:999|\d{4,})|\bclip\s*:\s*rect\((?:\s*[01](?:px)?[\s,]*){4}\)"
    r"|clip-path\s*:\s*inset\((?:50|100)%",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r"(?P<tag>[a-z][a-z0-9]*|\*)?(?P<marks>(?:[.#]-?[_a-z][\w-]*)+)", re.IGNORECASE)
_MARK = re.compile(r"[.#][\w-]+")
_ON_SCREEN = re.compile(r"\s*(?:(?:all|(?:only )?screen)\s*)?", re.IGNORECASE)
_PROPERTIES = ("display", "visibility", "place")
_LARGEST_STYLE = 1_000_000  # characters of one style sheet that are looked at
_MOST_RULES = 50  # for one name and property
_MOST_CLASSES = 20  # of one element


Run = list[tuple[str, bool]]  # inline text in order, and of each piece whether it stands in a link


@dataclass(slots=True)
class Node:
    """A block element of the page, in a list in which parents stand before their children."""

    tag: str
    parent: int
    names: str
    hint: Reason | None
    weight: float = 0.0


@dataclass(slots=True)
class Block:
    """A run of text that a page shows as one paragraph.

    Attributes:
        text: as shown.
        node: index of the innermost block element.
        linked: share of its characters inside links, 0 to 1.
        tokens: its words.
        form: why its words alone would make it no part of a report; None if nothing in them does.
        votes: per witness, the share of it, 0 to 1, that the witness keeps.
        reason: why it is cut; None if kept.
    """

    text: str
    node: int
    linked: float
    tokens: list[str]
    form: Reason | None
    votes: list[float] = field(default_factory=list)
    reason: Reason | None = None


class Hidden(NamedTuple):
    """Text that the page has and does not show.

    Attributes:
        text: a line for each block element in it.
        node: index of the innermost block element around it.
        before: index of the block that it stands in or before.
    """

    text: str
    node: int
    before: int


class Blocks(NamedTuple):
    """A page taken apart: its block elements, what it shows and what it hides, each in order."""

    nodes: list[Node]
    shown: list[Block]
    hidden: list[Hidden]


def parse_html(html: str) -> HtmlElement | None:
    """HTML as a tree; None if there is nothing in it."""
    html = _flatten_tags(_CONTROL.sub("", html))
    if not html.strip():
        return None
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root: HtmlElement = document_fromstring(html.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root


def _flatten_tags(html: str) -> str:
    """Take out tags nested deeper than on any real page: the parser drops what stands in them, and depth costs time."""
    depth = deepest = 0
    for found in _TAG.finditer(html):
        if found.group("name").lower() not in _UNNESTED:
            depth = max(0, depth - 1) if found.group("close") else depth + 1
            deepest = max(deepest, depth)
    if deepest <= _DEEPEST:
        return html
    depth = 0

    def keep(found: re.Match[str]) -> str:
        nonlocal depth
        name = found.group("name").lower()
        if name in _UNNESTED:
            return found.group()
        before, depth = depth, max(0, depth - 1) if found.group("close") else depth + 1
        if max(before, depth) <= _DEEPEST:
            return found.group()
        return "<hr>" if name in BLOCKS else ""

    return re.sub(r"<hr>(?:\s*<hr>)+", "<hr>", _TAG.sub(keep, html))


def _hint(element: HtmlElement, tag: str) -> Reason | None:
    if reason := _TAG_HINTS.get(tag):
        return reason
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:500]
    return None if names == " " or tag in {"body", "html"} else _hint_in(names)


@lru_cache(maxsize=4096)
def _hint_in(names: str) -> Reason | None:
    names = re.sub(r"([a-z])([A-Z])", r"\1-\2", names).lower()
    return next((reason for reason, pattern in _HINTS if pattern.search(names)), None)


class _Rule(NamedTuple):
    """A rule of a style sheet for elements of one tag, if any, with certain classes and ids: whether it hides them."""

    tag: str
    marks: frozenset[str]
    hides: bool
    rank: tuple[int, int, int, int]


class _Styles:
    """Which elements a page hides: by attribute, by a class name with that meaning, or by its own style sheets.

    Of the style sheets only rules for a class or an id count, outside of ``@media`` and the like. Where a rule that is
    more than that may show the same elements again (``.js .menu { display: block }``), they are taken for shown: a
    paragraph that is lost is worse than one too many.
    """

    def __init__(self, root: HtmlElement) -> None:
        self._rules: dict[tuple[str, str], list[_Rule]] = {}  # by property and one of the names that they ask for
        self._shown_elsewhere: set[tuple[str, str]] = set()
        order = 0
        for sheet in root.iter("style"):
            if not _ON_SCREEN.fullmatch(sheet.get("media") or "") or any(True for _ in sheet.iterancestors("noscript")):
                continue
            for selectors, declarations in _find_rules((sheet.text or "")[:_LARGEST_STYLE]):
                for name, hides in _read_declarations(declarations):
                    for selector in selectors.split(","):
                        order += 1
                        self._add(selector.strip(), name, order, hides=hides)

    def _add(self, selector: str, name: str, order: int, *, hides: bool) -> None:
        if found := _COMPOUND.fullmatch(selector):
            marks = frozenset(_MARK.findall(found.group("marks")))
            tag = (found.group("tag") or "").lower().strip("*")
            ids = sum(mark[0] == "#" for mark in marks)
            rules = self._rules.setdefault((name, max(marks, key=lambda mark: (len(mark), mark))), [])
            if len(rules) < _MOST_RULES:
                rules.append(_Rule(tag, marks, hides, (ids, len(marks) - ids, bool(tag), order)))
        elif not hides:
            subject = re.split(r"[\s>+~]", selector)[-1]
            self._shown_elsewhere |= {(name, mark) for mark in _MARK.findall(subject)}

    def hide(self, element: HtmlElement, tag: str) -> bool:
        """Whether an element and all that is in it is not shown."""
        if tag in _UNSEEN or element.get("hidden") is not None or element.get("aria-hidden") == "true":
            return True
        if tag == "dialog" and element.get("open") is None:
            return True
        inline = dict(_read_declarations((element.get("style") or "")[:500]))
        if any(inline.values()):
            return True
        classes = (element.get("class") or "")[:1000].split()[:_MOST_CLASSES]
        if any(map(_is_for_screen_readers, classes)):
            return True
        if not self._rules or tag in {"html", "body"}:
            return False
        marks = {f".{name}" for name in classes} | {f"#{element.get('id') or ''}"}
        return any(self._hide_by(name, tag, marks) for name in _PROPERTIES if name not in inline)

    def _hide_by(self, name: str, tag: str, marks: set[str]) -> bool:
        rules = [rule for mark in marks for rule in self._rules.get((name, mark), ())]
        rules = [rule for rule in rules if rule.marks <= marks and rule.tag in ("", tag)]
        if not rules or not max(rules, key=lambda rule: rule.rank).hides:
            return False
        return not any((name, mark) in self._shown_elsewhere for mark in marks)


def _find_rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules of a style sheet that hold always."""
    sheet = re.sub(r"/\*.*?(?:\*/|$)", " ", sheet, flags=re.DOTALL)
    depth = begun = 0
    selectors = ""
    for found in re.finditer(r"[{};]", sheet):
        if found.group() == "{":
            if depth == 0:
                selectors = sheet[begun : found.start()].strip()
            depth += 1
            begun = found.end()
        elif found.group() == "}":
            if depth == 1 and not selectors.startswith("@"):
                yield selectors, sheet[begun : found.start()]
            depth = max(0, depth - 1)
            begun = found.end()
        elif depth == 0:
            begun = found.end()


def _read_declarations(declarations: str) -> Iterator[tuple[str, bool]]:
    """What declarations say of being shown, each with whether it hides."""
    for found in _DECLARATION.finditer(declarations):
        yield found.group("name").lower(), found.group("value").lower() in {"none", "hidden"}
    if _OFF_SCREEN.search(declarations):
        yield "place", True


@lru_cache(maxsize=4096)
def _is_for_screen_readers(name: str) -> bool:
    name = re.sub(r"([a-z])([A-Z])", r"\1-\2", name[:100]).lower()
    return _FOR_SCREEN_READERS.fullmatch(name) is not None


def find_blocks(root: HtmlElement) -> Blocks:
    """Take a page apart; no nesting is too deep for it. What the page hides is taken out of the tree."""
    styles = _Styles(root)
    nodes = [Node("html", 0, "", None)]
    blocks: list[Block] = []
    hidden: list[Hidden] = []
    concealed: list[HtmlElement] = []
    buffer: Run = []
    path = [0]
    rows = [False]  # whether the row of a table we are in is one line of figures and words
    links = preformatted = 0

    def flush() -> None:
        blocks.extend(_paragraphs(buffer, path[-1]))
        buffer.clear()

    def add(text: str | None) -> None:
        if not text:
            return
        if preformatted:
            first, *rest = _BLANK_LINE.split(text)
            buffer.append((first, links > 0))
            for part in rest:
                buffer.extend([(_BREAK, False), (_BREAK, False), (part, links > 0)])
        else:
            buffer.append((text, links > 0))

    skipped = None
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        step = 1 if event == "start" else -1
        if event == "start" and styles.hide(element, tag):
            if words := _words_in(element):
                concealed.append(element)
                hidden.append(Hidden(words, path[-1], len(blocks)))
                if tag not in BLOCKS:
                    buffer.append((f"{_HOLE}{words} ", False))
            skipped = element
            walker.skip_subtree()
            continue
        if element is not skipped:
            if tag == "tr" and step > 0:
                rows.append(_is_line(element))
            if tag == "a":
                links += step
            elif tag == "q":  # browsers print its quotation marks
                buffer.append(("“" if step > 0 else "”", links > 0))
            elif tag == "br" and step > 0:
                buffer.append((_BREAK, False))
            elif tag in CELLS and rows[-1]:
                buffer.append((" ", False))
            elif tag in BLOCKS or tag in CELLS:
                flush()
                preformatted += step * (tag == "pre")
                if step > 0:
                    nodes.append(Node(tag, path[-1], element.get("class") or "", _hint(element, tag)))
                    path.append(len(nodes) - 1)
                else:
                    path.pop()
            if tag == "tr" and step < 0:
                rows.pop()
        add(element.text if event == "start" else element.tail)
    flush()
    for element in concealed:
        if element.getparent() is not None:
            element.drop_tree()
    return Blocks(nodes, blocks, hidden)


def _words_in(element: HtmlElement) -> str:
    """The text in an element that is not shown, a line for each of its blocks; empty of what never is text."""
    if element.tag in _UNSEEN:
        return ""
    pieces: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walker:
        if event == "start" and inner.tag in _UNSEEN:
            walker.skip_subtree()
        else:
            pieces.append("\n" if inner.tag in BLOCKS or inner.tag == "br" else "")
            pieces.append(_SPACES.sub(" ", inner.text or "") if event == "start" else "")
        if event == "end" and inner is not element:
            pieces.append(_SPACES.sub(" ", inner.tail or ""))
    lines = ("".join(pieces)).translate(_INVISIBLE).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _is_line(row: HtmlElement) -> bool:
    """Whether a row of a table is read across, as one line; tables for layout hold blocks in their cells."""
    return not any(element.tag in BLOCKS or element.tag == "br" for element in islice(row.iter(), 1, 200))


def _paragraphs(buffer: Run, node: int) -> Iterator[Block]:
    """Paragraphs from a run of inline text: white space collapsed, and parted where the page breaks the line twice."""
    runs: list[Run] = [[]]
    breaks = 0
    for piece, inside in buffer:
        if piece == _BREAK:
            breaks += 1
            runs[-1].append((_BREAK, False))
            continue
        if piece.strip() and piece[0] != _HOLE:
            if breaks > 1:
                runs.append([])
            breaks = 0
        runs[-1].append((piece, inside))
    for run in runs:
        if whole := _block(run, node):
            for part, pieces in _without_teaser(whole, run, node):
                yield from _part(part, pieces, node)


def _block(run: Run, node: int) -> Block | None:
    text = _one_line(piece for piece, _ in run if piece[:1] != _HOLE)
    if not text:
        return None
    linked = sum(len(piece.strip()) for piece, inside in run if inside)
    form = find_reason(text)
    if form is None and any(piece[:1] == _HOLE for piece, _ in run):  # a label for screen readers: "Image caption"
        form = find_reason(_one_line(piece.removeprefix(_HOLE) for piece, _ in run))
    return Block(text, node, min(1.0, linked / len(text)), TOKEN.findall(text), form)


def _one_line(pieces: Iterable[str]) -> str:
    return _SPACES.sub(" ", "".join(pieces).translate(_INVISIBLE)).strip()


def _part(whole: Block, run: Run, node: int) -> Iterator[Block]:
    """A paragraph, parted at a single line break if one of its first or last lines is furniture by its form.

    Old pages put the headline, the date and the byline in one paragraph, a line each. What is furniture as a whole is
    left together, and so are the lines between.
    """
    lines: list[Run] = [[]]
    for piece in run:
        if piece[0] == _BREAK:
            lines.append([])
        else:
            lines[-1].append(piece)
    lines = [line for line in lines if any(text.strip() for text, _ in line)]
    if whole.form is not None or len(lines) < 2:
        yield whole
        return
    merged: list[Run] = []
    apart = True
    for i, line in enumerate(lines):
        edge = _block(line, node) if i < 3 or i >= len(lines) - 2 else None
        cut = edge is not None and edge.form is not None and not edge.text[0].islower()
        if apart or cut:
            merged.append(line)
        else:
            merged[-1] += [(" ", False), *line]
        apart = cut
    yield from filter(None, (_block(line, node) for line in merged))


def _without_teaser(whole: Block, run: Run, node: int) -> Iterator[tuple[Block, Run]]:
    """A paragraph, and apart from it the ``Read more: …`` that stands at its end."""
    start = find_trailing_teaser(whole.text)
    if not start or whole.form is not None:
        yield whole, run
        return
    for part in _divide(run, sum(not character.isspace() for character in whole.text[:start])):
        if block := _block(part, node):
            yield block, part


def _divide(run: Run, visible: int) -> tuple[Run, Run]:
    """A run of inline text in two, the first with so many visible characters."""
    for i, (piece, inside) in enumerate(run):
        if piece[:1] == _HOLE:
            continue
        for at, character in enumerate(piece):
            if visible == 0:
                return [*run[:i], (piece[:at], inside)], [(piece[at:], inside), *run[i + 1 :]]
            visible -= not (character.isspace() or ord(character) in _INVISIBLE)
    return run, []


# ------------------------------------------------------------------------------------------------------------ fragments


def flatten(source: str) -> list[tuple[str, Reason | None]]:
    """The text of an HTML fragment, all of it: what it shows, paragraphs separated by blank lines, and what it hides.

    For mail and feeds, which bring a report without a page around it.

    Returns:
        The text in order, in pieces; a piece that is hidden has a reason for which it is cut, and stands before the
        paragraph that it is hidden in. Of a fragment that hides nothing there is one piece.
    """
    root = parse_html(source)
    if root is None:
        return []
    styles = _Styles(root)
    holes: list[str] = []
    pieces: list[str] = []
    skipped = None
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and styles.hide(element, tag):
            if words := _words_in(element):
                pieces.append(f"{_HOLE}{len(holes)}{_HOLE}")
                holes.append(words)
            skipped = element
            walker.skip_subtree()
            continue
        if element is not skipped:
            pieces.append("\n\n" if tag in BLOCKS or tag in CELLS else "\n" if tag == "br" and event == "start" else "")
        if event == "start" or element is not root:
            pieces.append(_SPACES.sub(" ", (element.text if event == "start" else element.tail) or ""))
    text = "\n".join(line.strip(" ") for line in "".join(pieces).split("\n"))
    paragraphs: list[tuple[str, Reason | None]] = []
    for paragraph in re.split(r"\n{2,}", text.strip()):
        shown, *rest = paragraph.split(_HOLE)
        for number, after in zip(rest[::2], rest[1::2], strict=True):
            paragraphs.append((holes[int(number)], Reason.OTHER))
            shown += after
        if shown.strip():
            paragraphs.append((shown.strip(), None))
    return [
        ("\n\n".join(words for words, _ in group), reason)
        for reason, group in itertools.groupby(paragraphs, key=operator.itemgetter(1))
    ]
