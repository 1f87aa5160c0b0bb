"""An HTML page → the report on it, what the page says of itself, and everything visible that was left out.

The page is read as the sequence of paragraphs it shows. For each of them other readings of the page are asked whether
they keep it: trafilatura's, in two modes, and the body that the page's own data gives. The innermost element that holds
nearly all of the running text is the report's; in it, rules on words, names and links decide where the readings differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]  # it publishes no types
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]  # likewise

from onrecord.errors import NoArticle
from onrecord.intake.furniture import (
    cut_text,
    find_credits,
    find_reason,
    find_signature,
    is_date_heading,
    is_heading_of_teasers,
    is_sentence,
    place_cuts,
    tidy,
)
from onrecord.intake.language import identify_language
from onrecord.intake.metadata import PageMetadata, read_metadata
from onrecord.model import Document, Reason

_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section"
    " summary table tbody tfoot thead tr ul".split()
)
_CELLS = frozenset({"td", "th"})
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
_MOST_ELEMENTS = 10_000  # for trafilatura, which takes time out of proportion beyond
_MOST_PAIRS = 300_000  # likewise, pairs of an element and one it stands in; real pages stay below 30,000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BREAK = "\x0b"  # stands for <br>; the page itself cannot contain it
_SPACES = re.compile(r"[ \t\n\r\f\x0b]+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # soft hyphen, zero-width space, word joiner, BOM
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TOKEN = re.compile(r"\w+")

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
# Far from the report these keep their name; everything else there is navigation.
_NAMED_REGIONS = frozenset(
    {
        Reason.COOKIES,
        Reason.COMMENTS,
        Reason.NEWSLETTER,
        Reason.TEASER,
        Reason.ADVERTISEMENT,
        Reason.FEEDBACK,
        Reason.LEGAL,
    }
)

_TITLE_MARKS = (": ", " - ", " | ", " – ", " — ")
_SUBHEADS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_ROWS = frozenset({Reason.NAVIGATION, Reason.SHARE})  # near the report, too, these come in rows of a word each
_PUNCTUATION = " ,;|/·•"

_CONTAINER_SHARE = 0.85  # of the page's running text; see docs/decisions/0004-article-body.md for this and what follows
_LEAST_TEXT = 250  # characters; shorter reports exist, but only on pages that call themselves articles
_LEAST_DECLARED_TEXT = 120
_LONGEST_STUB = 1500  # characters that a page gives away before it asks for payment
_PAYWALL = re.compile(
    r"(?:subscribe|register|sign (?:in|up)|log ?in|create (?:an?|your) (?:free )?account"
    r"|become an? (?:member|subscriber))\b[^.!?]{0,60}"
    r"\bto (?:continue|keep|finish|read|unlock|access|view|get access)\b"
    r"|(?:continue|keep|finish|unlock|read)\b[^.!?]{0,60}\b(?:with a|by) subscri(?:ption|bing)"
    r"|\b(?:this|the) (?:article|story|content|page)\b[^.!?]{0,30}\b(?:is|are) (?:only |exclusively )?(?:available )?"
    r"(?:for|to) (?:our |paying |paid |registered )?(?:subscribers|members)"
    r"|subscriber[- ](?:only|exclusive)|\bfor subscribers only\b|already a (?:subscriber|member)\?"
    r"|you(?:'ve| have) (?:reached|read|used) (?:your|all)[^.!?]{0,60}\bfree\b",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"^(?:error\W*)?(?:40[0-9]|410|451|50[0-4])\b|\berror (?:40[0-9]|50[0-4])\b|^not found"
    r"|(?:page|article|file|url) (?:was )?not found|page (?:doesn'?t|does not|no longer) exists?|no longer available"
    r"|access (?:to this page .{0,20})?denied|^(?:40\d )?forbidden|just a moment|attention required|security check"
    r"|something went wrong|service unavailable|error page|^error$|are you (?:an? )?(?:human|robot)|captcha"
    r"|verify(?:ing)? (?:that )?you are (?:an? )?human"
    r"|unavailable for legal reasons",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Node:
    """A block element of the page, in a list in which parents stand before their children."""

    tag: str
    parent: int
    names: str
    hint: Reason | None
    weight: float = 0.0


@dataclass(slots=True)
class _Block:
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


def decode_page(html: str, *, url: str) -> Document:
    """Read an HTML page as a report.

    Args:
        html: the page; may be truncated, malformed or hostile.
        url: where it came from, for messages and the document's id.

    Returns:
        The report. Its text is what the page shows, paragraph by paragraph; the headline is ``title`` and not part of
        it; all else that the page shows is in ``cuts``, the far parts of the page in one piece each.

    Raises:
        NoArticle: there is no report on the page, or only the free beginning of one.
    """
    root = _parse(html)
    if root is None:
        raise NoArticle(
            "the page is empty", url, "check the address, or save the page from a browser and read the file"
        )
    metadata = read_metadata(root)
    page = _Page(root, metadata)
    page.decide()
    refusal = page.find_refusal(html, url)
    if refusal is None:
        return page.to_document(url)
    if metadata.free and len(metadata.body) >= 2 * _LEAST_TEXT:
        # the page draws its text with scripts, but hands it to search engines as it stands
        return _from_json_ld(metadata, url)
    raise refusal


def _from_json_ld(metadata: PageMetadata, url: str) -> Document:
    document = cut_text(
        metadata.body,
        url=url,
        title=metadata.title,
        publisher=metadata.publisher,
        byline=metadata.byline,
        published=metadata.published,
        modified=metadata.modified,
    )
    return document if document.language else replace(document, language=metadata.language)


def _parse(html: str) -> HtmlElement | None:
    """The page as a tree; None if there is nothing in it."""
    html = _flatten(_CONTROL.sub("", html))
    if not html.strip():
        return None
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root: HtmlElement = document_fromstring(html.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root


def _flatten(html: str) -> str:
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
        return "<hr>" if name in _BLOCKS else ""

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


def _is_hidden(element: HtmlElement, tag: str) -> bool:
    return (
        tag in _UNSEEN
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or (tag == "dialog" and element.get("open") is None)
        or bool(_HIDDEN.search((element.get("style") or "")[:500]))
    )


def _find_blocks(root: HtmlElement) -> tuple[list[_Node], list[_Block]]:
    """The block elements and the visible paragraphs of a page, in order; no recursion, so no nesting is too deep."""
    nodes = [_Node("html", 0, "", None)]
    blocks: list[_Block] = []
    buffer: list[tuple[str, bool]] = []
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

    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        step = 1 if event == "start" else -1
        if event == "start" and _is_hidden(element, tag):
            walker.skip_subtree()
            continue
        if event == "start" or not _is_hidden(element, tag):
            if tag == "tr" and step > 0:
                rows.append(_is_line(element))
            if tag == "a":
                links += step
            elif tag == "q":  # browsers print its quotation marks
                buffer.append(("“" if step > 0 else "”", links > 0))
            elif tag == "br" and step > 0:
                buffer.append((_BREAK, False))
            elif tag in _CELLS and rows[-1]:
                buffer.append((" ", False))
            elif tag in _BLOCKS or tag in _CELLS:
                flush()
                preformatted += step * (tag == "pre")
                if step > 0:
                    nodes.append(_Node(tag, path[-1], element.get("class") or "", _hint(element, tag)))
                    path.append(len(nodes) - 1)
                else:
                    path.pop()
            if tag == "tr" and step < 0:
                rows.pop()
        add(element.text if event == "start" else element.tail)
    flush()
    return nodes, blocks


def _is_line(row: HtmlElement) -> bool:
    """Whether a row of a table is read across, as one line; tables for layout hold blocks in their cells."""
    return not any(element.tag in _BLOCKS or element.tag == "br" for element in islice(row.iter(), 1, 200))


def _paragraphs(buffer: list[tuple[str, bool]], node: int) -> Iterator[_Block]:
    """Paragraphs from a run of inline text: white space collapsed, and parted where the page breaks the line twice."""
    runs: list[list[tuple[str, bool]]] = [[]]
    breaks = 0
    for piece, inside in buffer:
        if piece == _BREAK:
            breaks += 1
            runs[-1].append((_BREAK, False))
            continue
        if piece.strip():
            if breaks > 1:
                runs.append([])
            breaks = 0
        runs[-1].append((piece, inside))
    for run in runs:
        if whole := _block(run, node):
            yield from _part(whole, run, node)


def _block(run: list[tuple[str, bool]], node: int) -> _Block | None:
    text = _SPACES.sub(" ", "".join(piece for piece, _ in run).translate(_INVISIBLE)).strip()
    if not text:
        return None
    linked = sum(len(piece.strip()) for piece, inside in run if inside)
    return _Block(text, node, min(1.0, linked / len(text)), _TOKEN.findall(text), find_reason(text))


def _part(whole: _Block, run: list[tuple[str, bool]], node: int) -> Iterator[_Block]:
    """A paragraph, parted at a single line break if one of its first or last lines is furniture by its form.

    Old pages put the headline, the date and the byline in one paragraph, a line each. What is furniture as a whole is
    left together, and so are the lines between.
    """
    lines: list[list[tuple[str, bool]]] = [[]]
    for piece in run:
        if piece[0] == _BREAK:
            lines.append([])
        else:
            lines[-1].append(piece)
    lines = [line for line in lines if any(text.strip() for text, _ in line)]
    if whole.form is not None or len(lines) < 2:
        yield whole
        return
    merged: list[list[tuple[str, bool]]] = []
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


def _shingles(tokens: list[str], size: int = 4) -> Iterator[tuple[str, ...]]:
    return zip(*(tokens[i:] for i in range(size)), strict=False)


class _Witness:
    """Which paragraphs another reading of the page keeps."""

    def __init__(self, text: str) -> None:
        self._shingles = set(_shingles(_TOKEN.findall(text)))
        self._lines = {tuple(_TOKEN.findall(line)) for line in text.splitlines()}

    def share(self, tokens: list[str]) -> float:
        """Share of a paragraph, 0 to 1, that this reading has too."""
        if len(tokens) < 6:  # too few words to tell it from others; it must be a line of its own
            return float(tuple(tokens) in self._lines)
        wanted = list(_shingles(tokens))
        return sum(shingle in self._shingles for shingle in wanted) / len(wanted)


def _is_tractable(root: HtmlElement) -> bool:
    """Whether trafilatura reads a page of this size and depth in reasonable time."""
    elements = pairs = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start":
            elements += 1
            pairs += depth
            if elements > _MOST_ELEMENTS or pairs > _MOST_PAIRS:
                return False
    return True


class _Page:
    """A parsed page and what becomes of each of its paragraphs.

    Attributes:
        nodes: its block elements.
        blocks: its visible paragraphs.
        metadata: what it says of itself.
    """

    def __init__(self, root: HtmlElement, metadata: PageMetadata) -> None:
        self.metadata = metadata
        self.nodes, self.blocks = _find_blocks(root)
        self._vote(root)
        self.container = self._find_container()
        self.inside = {self.container}
        for i in range(self.container + 1, len(self.nodes)):
            if self.nodes[i].parent in self.inside:
                self.inside.add(i)
        self.hints = [self._hint_of(block.node, self.container) for block in self.blocks]
        self.headline: int | None = None

    # -- what to keep

    def _vote(self, root: HtmlElement) -> None:
        """Ask other readings of the page about every paragraph."""
        witnesses = []
        if _is_tractable(root):
            from trafilatura import extract

            for fast in (False, True):  # with its comparison of extractors, cautiously; and its own one alone
                try:
                    reading = extract(root, include_comments=False, fast=fast, favor_precision=not fast)
                except Exception:  # bad pages break it in many ways; it is one witness of several
                    reading = None
                if reading:
                    witnesses.append(_Witness(reading))
        body = _TOKEN.findall(self.metadata.body)
        # the page's own data are believed only if the page shows what they say
        if len(body) > 60 and _Witness("\n".join(block.text for block in self.blocks)).share(body) > 0.8:
            witnesses.append(_Witness(self.metadata.body))
        for block in self.blocks:
            block.votes = [witness.share(block.tokens) for witness in witnesses] or [float(self._is_plausible(block))]

    def _is_plausible(self, block: _Block) -> bool:
        """Whether a paragraph looks like part of a report, where no other reading of the page is to be had."""
        heading = self.nodes[block.node].tag in {"h2", "h3", "h4"} and len(block.tokens) < 20
        sentence = len(block.tokens) >= 8 and is_sentence(block.text)
        return (heading or sentence) and block.linked < 0.3 and self._hint_of(block.node, 0) is None

    def _hint_of(self, node: int, container: int) -> Reason | None:
        """What the elements around a paragraph are for; the outermost one below the container says it."""
        found = None
        while node and node != container:
            found = self.nodes[node].hint or found
            node = self.nodes[node].parent
        return found

    def _find_container(self) -> int:
        """The innermost element that holds nearly all of the running text."""
        nodes = self.nodes
        for block in self.blocks:
            hint = self._hint_of(block.node, 0)
            quality = sum(block.votes) / len(block.votes)
            quality += 0.5 if hint is None and nodes[block.node].tag == "p" and is_sentence(block.text) else 0.1
            if hint in {Reason.COMMENTS, Reason.COOKIES}:
                quality *= 0.1
            if len(block.tokens) < 10:
                quality *= 0.2
            nodes[block.node].weight += len(block.tokens) * (1 - block.linked) ** 2 * quality
        heaviest: dict[int, int] = {}
        for i in range(len(nodes) - 1, 0, -1):
            parent = nodes[i].parent
            nodes[parent].weight += nodes[i].weight
            if parent not in heaviest or nodes[i].weight >= nodes[heaviest[parent]].weight:
                heaviest[parent] = i
        here = 0
        while here in heaviest and nodes[heaviest[here]].weight >= _CONTAINER_SHARE * nodes[0].weight > 0:
            if nodes[heaviest[here]].tag == "p":
                break
            here = heaviest[here]
        return here

    def decide(self) -> None:
        """Settle for every paragraph whether it is part of the report, and if not, why."""
        nodes = self.nodes
        # where witnesses disagree, a paragraph stays if it keeps company with those they agree on
        company = {nodes[b.node].parent for b in self.blocks if b.node in self.inside and min(b.votes) >= 0.5}
        for block, hint in zip(self.blocks, self.hints, strict=True):
            agreed = min(block.votes) >= 0.5
            wanted = agreed or (
                sum(block.votes) >= 0.5 * len(block.votes) and hint is None and nodes[block.node].parent in company
            )
            if block.node not in self.inside or not wanted:
                block.reason = self._why(block, hint)
            elif nodes[block.node].tag == "h1" or self._is_title(block):
                block.reason = Reason.REPEATED
            elif hint is Reason.PHOTO:
                block.reason = Reason.PHOTO
            elif self._is_linked_teaser(block, agreed=agreed):
                block.reason = block.form or Reason.TEASER
            else:
                block.reason = block.form
        self._recover()
        self._keep_headings()
        self._name_the_rest()

    def _is_title(self, block: _Block) -> bool:
        title, text = tidy(self.metadata.title).casefold(), tidy(block.text).casefold()
        if text == title or len(block.tokens) < 4 or self.nodes[block.node].tag in _SUBHEADS:
            return text == title != ""
        # old pages have no other title than the browser's, with the site's name before the headline or behind it
        return title.endswith(tuple(f"{mark}{text}" for mark in _TITLE_MARKS)) or title.startswith(
            tuple(f"{text}{mark}" for mark in _TITLE_MARKS[1:])
        )

    def _is_linked_teaser(self, block: _Block, *, agreed: bool) -> bool:
        """Whether a paragraph is a link to another article rather than a sentence with links in it."""
        heading = self.nodes[block.node].tag in {"h2", "h3", "h4", "h5", "h6"}
        return block.linked >= 0.75 and not heading and not (agreed and is_sentence(block.text))

    def _why(self, block: _Block, hint: Reason | None) -> Reason:
        linked = Reason.TEASER if len(block.tokens) >= 4 else Reason.NAVIGATION
        return block.form or hint or (linked if block.linked >= 0.75 else Reason.OTHER)

    def _kept(self) -> list[int]:
        return [i for i, block in enumerate(self.blocks) if block.reason is None]

    def _recover(self) -> None:
        """Take back what all witnesses overlooked: quoted posts, and paragraphs that stand among the kept ones."""
        kept = self._kept()
        if not kept:
            return
        nodes, blocks = self.nodes, self.blocks
        parents = {nodes[blocks[i].node].parent for i in kept}
        company = parents | {blocks[i].node for i in kept}
        names = {nodes[parent].names for parent in parents} - {""}
        first, last = kept[0], kept[-1]
        for i, block in enumerate(blocks):
            if block.reason is None or block.node not in self.inside or min(block.votes) >= 0.5 or block.form:
                continue
            parent = nodes[block.node].parent
            if self._in_quotation(block.node):
                if first < i <= last + 3 and self.hints[i] not in {Reason.COMMENTS, Reason.TEASER}:
                    block.reason = None
                    last = max(last, i)
            elif nodes[block.node].tag in _SUBHEADS and first < i < last:
                # a subhead has no sentence to be told by, but text of the report follows it
                following = blocks[i + 1]
                if (
                    self.hints[i] is None
                    and block.linked < 0.3
                    and len(block.tokens) <= 20
                    and (following.reason is None and following.node in self.inside)
                    and (block.node in company or parent in company or nodes[parent].names in names)
                    and not self._is_title(block)
                ):
                    block.reason = None
            elif (
                self.hints[i] is None
                and block.linked < 0.3
                and len(block.tokens) >= (8 if first < i < last else 20)
                and is_sentence(block.text)
                and nodes[block.node].tag != "h1"
                and (block.node in company or parent in company or nodes[parent].names in names)
            ):
                block.reason = None

    def _in_quotation(self, node: int) -> bool:
        while node in self.inside and node != self.container:
            if self.nodes[node].tag == "blockquote":
                return True
            node = self.nodes[node].parent
        return False

    def _keep_headings(self) -> None:
        """Keep headings that the rules on words took for furniture, where text of the report stands under them."""
        for i in self._kept():
            if i == 0 or (above := self.blocks[i - 1]).reason not in {Reason.TEASER, Reason.BYLINE}:
                continue
            if min(above.votes) < 0.5 or above.linked >= 0.3 or self.hints[i - 1] is not None:
                continue
            first = not any(block.reason is None for block in self.blocks[max(0, i - 3) : i - 1])
            if is_heading_of_teasers(above.text, weak=True) or (is_date_heading(above.text) and not first):
                above.reason = None

    # -- what to call the rest

    def _name_the_rest(self) -> None:
        """Find the headline, and name what stands outside the report by the region it stands in."""
        kept = self._kept()
        first = kept[0] if kept else len(self.blocks)
        candidates = [i for i, block in enumerate(self.blocks[:first]) if self._is_title(block)]
        headings = [i for i in candidates if self.nodes[self.blocks[i].node].tag == "h1"]
        self.headline = max(headings or candidates, default=None)
        listed = False  # whether we are in a list of headlines under "Also today" or the like
        for i, block in enumerate(self.blocks):
            if block.reason is None or i == self.headline:
                continue
            if self._is_title(block):
                block.reason = Reason.REPEATED
            elif block.node not in self.inside:
                near = self.headline is not None and self.headline < i < first
                block.reason = self._name_outside(block, near=near)
                above = self.blocks[i - 1] if i else None
                listed = above is not None and (listed or is_heading_of_teasers(above.text))
                listed = listed and block.linked >= 0.75 and len(block.tokens) >= 4
                if listed:
                    block.reason = Reason.TEASER

    def _name_outside(self, block: _Block, *, near: bool) -> Reason:
        hint = self._hint_of(block.node, 0)
        if near:
            standfirst = hint in {None, Reason.BYLINE} and is_sentence(block.text) and len(block.tokens) >= 8
            return block.form or (Reason.OTHER if standfirst else hint) or Reason.NAVIGATION
        if hint in _NAMED_REGIONS:
            return hint
        # one word of a menu says nothing of the region it stands in
        if block.form in _NAMED_REGIONS and len(block.tokens) >= (3 if block.form is Reason.LEGAL else 5):
            return block.form
        return Reason.NAVIGATION

    # -- what comes of it

    def find_refusal(self, html: str, url: str) -> NoArticle | None:
        """Why there is no report to be had from this page; None if there is one."""
        kept = [self.blocks[i] for i in self._kept()]
        size = sum(len(block.text) for block in kept)
        visible = sum(len(block.text) for block in self.blocks)
        heads = [self.metadata.title, *(b.text for b in self.blocks if self.nodes[b.node].tag in {"h1", "h2"})][:4]
        if size < 4 * _LEAST_TEXT and (error := next((head for head in heads if _ERROR.search(head[:200])), "")):
            return NoArticle(
                f"the page is no report but says “{error[:80]}”", url, "check the address, or open it in a browser"
            )
        if size < self._longest_stub():
            return NoArticle(
                "only the free beginning of the article is on the page; the rest is for subscribers",
                url,
                "log in with a browser, save the page and read the file",
            )
        least = _LEAST_DECLARED_TEXT if self.metadata.article else _LEAST_TEXT
        if visible < 2 * _LEAST_TEXT and size < least and re.search(r"<script\b", html, re.IGNORECASE):
            return NoArticle(
                "the page shows its text only when its scripts run, and they are not run here",
                url,
                "open it in a browser, save the page and read the file",
            )
        if size < least:
            return NoArticle("there is no report on the page", url, "give the address of a single report")
        if self._is_list(kept, url):
            return NoArticle(
                "the page lists articles and is not one itself", url, "give the address of a single report"
            )
        return None

    def _longest_stub(self) -> int:
        """Characters of text below which this page shows no more than the free beginning of its article."""
        last = max(self._kept(), default=0)
        for i, block in enumerate(self.blocks):
            # in the report or right under it; "Already a subscriber?" stands at the top of many pages that are free
            at_hand = block.node in self.inside or last < i <= last + 5
            if at_hand and len(block.text) < 400 and _PAYWALL.search(tidy(block.text)):
                return _LONGEST_STUB
        return 0 if self.metadata.free else _LONGEST_STUB // 2

    def _is_list(self, kept: list[_Block], url: str) -> bool:
        """Whether the page is a front page or a list: headlines that are links stand over the texts."""
        paragraphs = sum(len(block.tokens) >= 8 and is_sentence(block.text) for block in kept)
        span = self._kept()
        headlines = sum(
            self.nodes[block.node].tag in {"h1", "h2", "h3", "h4"} and block.linked >= 0.8 and len(block.tokens) >= 3
            for block in self.blocks[max(0, span[0] - 3) : span[-1] + 1]
            if block.node in self.inside
        )
        if self.metadata.article:
            return False
        front = urlsplit(url).path.strip("/") == "" and urlsplit(url).scheme in {"http", "https"}
        return headlines >= 4 and headlines >= (0.3 if front else 0.5) * paragraphs

    def to_document(self, url: str) -> Document:
        """The report."""
        metadata = self.metadata
        kept = [self.blocks[i].text for i in self._kept()]
        text = "\n\n".join(kept)
        signed = [block.text for block in self.blocks if block.reason in {Reason.BYLINE, Reason.LEGAL}]
        opening = next((paragraph for paragraph in kept if is_sentence(paragraph)), kept[0])
        credits = find_credits(opening, [*signed, metadata.byline])
        signature = find_signature([block.text for block in self._around_headline() if block.reason is Reason.BYLINE])
        return Document(
            url=url,
            text=text,
            title=metadata.title,
            publisher=metadata.publisher,
            byline=metadata.byline or signature.byline,
            published=metadata.published or signature.published,
            modified=metadata.modified or signature.modified,
            language=identify_language(text) or metadata.language,
            wire=credits.wire,
            dateline=credits.dateline,
            cuts=place_cuts(self._pieces()),
        )

    def _around_headline(self) -> list[_Block]:
        """The paragraphs between the headline and the report, or a few before the report."""
        first = self._kept()[0]
        return self.blocks[max(0, first - 12) if self.headline is None else self.headline : first]

    def _pieces(self) -> list[tuple[str, Reason | None]]:
        """What the page shows, in order; a far region of the page, or a row of buttons, in one piece."""
        pieces: list[tuple[str, Reason | None]] = []
        joinable = False
        for i, block in enumerate(self.blocks):
            if i == self.headline:
                continue
            reason = block.reason
            if reason is not None and pieces and pieces[-1][1] is not None and not block.text.strip(_PUNCTUATION):
                reason = pieces[-1][1]  # a comma between two tags
            far = block.node not in self.inside
            joins = reason is not None and (far or (reason in _ROWS and len(block.tokens) < 8))
            if joins and joinable and pieces[-1][1] is reason:
                pieces[-1] = (f"{pieces[-1][0]}\n{block.text}", reason)
            else:
                pieces.append((block.text, reason))
            joinable = joins
        return pieces
