"""An HTML page → the report on it, what the page says of itself, and everything that was left out.

The page is read as the sequence of paragraphs it shows. For each of them other readings of the page are asked whether
they keep it: trafilatura's, in two modes, and the body that the page's own data gives. The innermost element that holds
nearly all of the running text is the report's; in it, rules on words, names and links decide where the readings differ.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]  # it publishes no types
from lxml.html import HtmlElement  # type: ignore[import-untyped]  # likewise

from onrecord.errors import FormatError, InputError, NoArticle
from onrecord.intake.furniture import (
    find_byline,
    find_credits,
    find_names,
    find_reporters,
    find_signature,
    is_body,
    is_clock_time,
    is_date_heading,
    is_heading_of_teasers,
    is_headline,
    is_sentence,
    reports,
    tidy,
)
from onrecord.intake.language import identify_language
from onrecord.intake.markup import BLOCKS, CELLS, TOKEN, Block, Hidden, find_blocks, parse_html
from onrecord.intake.metadata import PageMetadata, read_metadata
from onrecord.intake.plain import cut_text, place_cuts
from onrecord.model import Document, Reason

_MOST_ELEMENTS = 10_000  # for trafilatura, which takes time out of proportion beyond
_MOST_PAIRS = 300_000  # likewise, pairs of an element and one it stands in; real pages stay below 30,000

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
    r"|you(?:'ve| have) (?:reached|read|used) (?:your|all)[^.!?]{0,60}\bfree\b"
    r"|\b(?:0|no|zero) free (?:articles?|stories|reads?) (?:left|remaining)\b|\bcancel (?:at )?any ?time\b"
    r"|\b(?:get|have|enjoy|unlock|for|with) (?:full, )?unlimited (?:digital )?access\b|\bunlimited digital access\b"
    r"|\b(?:start|begin|try|get|claim) (?:your|a|our)(?: [\w-]+){0,3} free trial\b"
    r"|\bpremium (?:content|article|story)\b|\b(?:log|sign) ?in to (?:read|continue)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_LAST_TAG = re.compile(r"</(?P<name>[a-z][a-z0-9]*)\s*>\s*$", re.IGNORECASE)
_ERROR = re.compile(
    r"^(?:error\W*)?(?:40[0-9]|410|451|50[0-4])\b|\berror (?:40[0-9]|50[0-4])\b|^not found"
    r"|(?:page|article|file|url) (?:was )?not found|page (?:doesn'?t|does not|no longer) exists?|no longer available"
    r"|access (?:to this page .{0,20})?denied|^(?:40\d )?forbidden|just a moment|attention required|security check"
    r"|something went wrong|service unavailable|error page|^error$|are you (?:an? )?(?:human|robot)|captcha"
    r"|verify(?:ing)? (?:that )?you are (?:an? )?human"
    r"|unavailable for legal reasons",
    re.IGNORECASE,
)


def find_in_page(html: str, *, url: str) -> Iterator[Document | InputError]:
    """Read an HTML page as a report.

    Args:
        html: the page; may be truncated, malformed or hostile.
        url: where it came from, for messages and the document's id.

    Yields:
        The report. Its text is what the page shows, paragraph by paragraph; the headline is ``title`` and not part of
        it; all else that the page shows is in ``cuts``, the far parts of the page in one piece each, and so is what it
        hides. Where the page breaks off, the sentence that it breaks off in is cut, and the error that says so follows.

    Raises:
        NoArticle: there is no report on the page, or only the free beginning of one.
    """
    root = parse_html(html)
    if root is None:
        raise NoArticle(
            "the page is empty", url, "check the address, or save the page from a browser and read the file"
        )
    metadata = read_metadata(root)
    page = _Page(root, metadata)
    page.decide()
    unfinished = page.cut_unfinished(html)
    refusal = page.find_refusal(html, url)
    if refusal is None:
        yield page.to_document(url)
        if unfinished:
            yield _broken_off(unfinished, url)
    elif metadata.free and len(metadata.body) >= 2 * _LEAST_TEXT:
        # the page draws its text with scripts, but hands it to search engines as it stands
        yield _from_json_ld(metadata, url)
    else:
        raise refusal


def _broken_off(unfinished: str, url: str) -> FormatError:
    what = f"the page breaks off in mid-sentence (“{unfinished[-40:]}”), so it is read without its last paragraph"
    return FormatError(what, url, "get the page again")


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


def _shingles(tokens: list[str], size: int = 4) -> Iterator[tuple[str, ...]]:
    return zip(*(tokens[i:] for i in range(size)), strict=False)


class _Witness:
    """Which paragraphs another reading of the page keeps."""

    def __init__(self, text: str) -> None:
        self._shingles = set(_shingles(TOKEN.findall(text)))
        self._lines = {tuple(TOKEN.findall(line)) for line in text.splitlines()}

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
        hidden: the texts that it does not show.
        metadata: what it says of itself.
        title: the headline.
    """

    def __init__(self, root: HtmlElement, metadata: PageMetadata) -> None:
        self.metadata = metadata
        self.nodes, self.blocks, self.hidden = find_blocks(root)
        self._vote(root)
        self.container = self._find_container()
        self.inside = {self.container}
        for i in range(self.container + 1, len(self.nodes)):
            if self.nodes[i].parent in self.inside:
                self.inside.add(i)
        self.hints = [self._hint_of(block.node, self.container) for block in self.blocks]
        self.title = self._find_title()
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
        body = TOKEN.findall(self.metadata.body)
        # the page's own data are believed only if the page shows what they say
        if len(body) > 60 and _Witness("\n".join(block.text for block in self.blocks)).share(body) > 0.8:
            witnesses.append(_Witness(self.metadata.body))
        for block in self.blocks:
            block.votes = [witness.share(block.tokens) for witness in witnesses] or [float(self._is_plausible(block))]

    def _is_plausible(self, block: Block) -> bool:
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

    def _find_title(self) -> str:
        """The headline as the page declares it; where that names the outlet only, the ``h1`` over the report's text."""
        metadata = self.metadata
        if metadata.declared and metadata.title.casefold() != metadata.publisher.casefold():
            return metadata.title
        inside = [block for block in self.blocks if block.node in self.inside]
        above = list(takewhile(lambda block: len(block.tokens) < 8 or not is_sentence(block.text), inside))
        headings = [b.text for b in above if self.nodes[b.node].tag == "h1" and len(b.tokens) > 1]
        words = {word.casefold() for word in TOKEN.findall(metadata.title)}
        if not headings or words & {word.casefold() for word in TOKEN.findall(headings[-1])}:
            return metadata.title
        return headings[-1]

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
            elif self._is_title(block):
                block.reason = Reason.REPEATED
            elif nodes[block.node].tag == "h1":
                block.reason = self._why(block, hint)
            elif hint is Reason.PHOTO:
                block.reason = Reason.PHOTO
            elif self._is_linked_teaser(block, agreed=agreed):
                block.reason = block.form or Reason.TEASER
            else:
                block.reason = block.form
        self._recover()
        self._cut_after_heads()
        self._keep_headings()
        self._keep_times()
        self._cut_names()
        self._name_the_rest()

    def _is_title(self, block: Block) -> bool:
        title, text = tidy(self.title).casefold(), tidy(block.text).casefold()
        if text == title or len(block.tokens) < 4 or self.nodes[block.node].tag in _SUBHEADS:
            return text == title != ""
        # old pages have no other title than the browser's, with the site's name before the headline or behind it
        return title.endswith(tuple(f"{mark}{text}" for mark in _TITLE_MARKS)) or title.startswith(
            tuple(f"{text}{mark}" for mark in _TITLE_MARKS[1:])
        )

    def _is_linked_teaser(self, block: Block, *, agreed: bool) -> bool:
        """Whether a paragraph is a link to another article rather than a sentence with links in it."""
        heading = self.nodes[block.node].tag in {"h2", "h3", "h4", "h5", "h6"}
        return block.linked >= 0.75 and not heading and not (agreed and is_sentence(block.text))

    def _why(self, block: Block, hint: Reason | None) -> Reason:
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
            heads_part = is_date_heading(above.text) and not is_clock_time(above.text)
            if self.nodes[above.node].tag in _SUBHEADS and find_byline(tidy(above.text)):
                heads_part = True  # "By Any Means"
            if is_heading_of_teasers(above.text, weak=True) or (heads_part and not first):
                above.reason = None

    def _cut_after_heads(self) -> None:
        """Cut the headlines, linked or not, under ``Read next`` and the like, in the same part of the page as it."""
        for i, head in enumerate(self.blocks[:-1]):
            if head.reason is not Reason.TEASER or head.node not in self.inside or not is_heading_of_teasers(head.text):
                continue
            region = head.node
            while region != self.container and not self._is_in(self.blocks[i + 1].node, region):
                region = self.nodes[region].parent
            boxed = region != self.container
            if not boxed and is_heading_of_teasers(head.text, weak=True):
                continue
            level = self.nodes[head.node].tag
            for block in self.blocks[i + 1 : i + 12]:
                tag = self.nodes[block.node].tag
                next_section = tag in _SUBHEADS and (tag <= level if level in _SUBHEADS else not boxed)
                headline = not is_sentence(block.text) if boxed else is_headline(block.text)
                if next_section or not self._is_in(block.node, region) or not (block.reason or headline):
                    break
                block.reason = block.reason or Reason.TEASER

    def _is_in(self, node: int, region: int) -> bool:
        while node > region:
            node = self.nodes[node].parent
        return node == region

    def _keep_times(self) -> None:
        """Keep the times of day that head the entries of a live blog: several of them, each over kept paragraphs."""
        times = [i for i, block in enumerate(self.blocks) if block.node in self.inside and is_clock_time(block.text)]
        heads = [
            i
            for i, end in zip(times, [*times, len(self.blocks)][1:], strict=True)
            if any(block.reason is None for block in self.blocks[i + 1 : min(end, i + 4)])
        ]
        for i in heads if len(heads) > 1 else ():
            self.blocks[i].reason = None

    def _cut_names(self) -> None:
        """Cut the line above the report that says who wrote it for which outlet, without a ``By``."""
        for i in self._kept():
            if is_body(self.blocks[i].text):
                return
            if find_names(self.blocks[i].text):
                self.blocks[i].reason = Reason.BYLINE

    def cut_unfinished(self, html: str) -> str:
        """Cut the paragraph in which a page breaks off; returns it, or nothing if the page is whole.

        Many whole pages leave out the closing tags of HTML and body, as they may; but they close their paragraphs, or
        at least their sentences.
        """
        if not self.blocks or _CLOSED.search(html):
            return ""
        tag = _LAST_TAG.search(html[-200:])
        last = self.blocks[-1]
        if is_sentence(last.text) or (tag and tag.group("name").lower() in BLOCKS | CELLS):
            return ""
        if last.node not in self.inside or last.form is not None or last.reason not in {None, Reason.OTHER}:
            return ""
        last.reason = Reason.OTHER
        return last.text

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

    def _name_outside(self, block: Block, *, near: bool) -> Reason:
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
        heads = [self.title, *(b.text for b in self.blocks if self.nodes[b.node].tag in {"h1", "h2"})][:4]
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
            line = tidy(block.text) if at_hand and len(block.text) < 400 else ""
            if _PAYWALL.search(line) and (block.form is not None or not reports(line)):
                return _LONGEST_STUB
        return 0 if self.metadata.free else _LONGEST_STUB // 2

    def _is_list(self, kept: list[Block], url: str) -> bool:
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
        below = [block.text for block in self.blocks[self._kept()[0] :] if block.reason is Reason.BYLINE]
        return Document(
            url=url,
            text=text,
            title=self.title,
            publisher=metadata.publisher,
            byline=metadata.byline or signature.byline or find_reporters(below),
            published=metadata.published or signature.published,
            modified=metadata.modified or signature.modified,
            language=identify_language(text) or metadata.language,
            wire=credits.wire,
            dateline=credits.dateline,
            cuts=place_cuts(self._pieces()),
        )

    def _around_headline(self) -> list[Block]:
        """The paragraphs between the headline and the report, or a few before the report."""
        first = self._kept()[0]
        return self.blocks[max(0, first - 12) if self.headline is None else self.headline : first]

    def _pieces(self) -> list[tuple[str, Reason | None]]:
        """All of the page in order; a far region of it, with what it hides, or a row of buttons in one piece."""
        pieces: list[tuple[str, Reason | None]] = []
        joinable = False
        for part in self._in_order():
            far = part.node not in self.inside
            reason: Reason | None
            if isinstance(part, Hidden):
                goes_on = joinable and pieces[-1][1] is Reason.COMMENTS
                reason = Reason.OTHER if not far else Reason.COMMENTS if goes_on else Reason.NAVIGATION
                joins = True
            else:
                reason = part.reason
                if reason is not None and pieces and pieces[-1][1] is not None and not part.text.strip(_PUNCTUATION):
                    reason = pieces[-1][1]  # a comma between two tags
                joins = reason is not None and (far or (reason in _ROWS and len(part.tokens) < 8))
            if joins and joinable and pieces[-1][1] is reason:
                pieces[-1] = (f"{pieces[-1][0]}\n{part.text}", reason)
            else:
                pieces.append((part.text, reason))
            joinable = joins
        return pieces

    def _in_order(self) -> Iterator[Block | Hidden]:
        hidden = deque(self.hidden)
        for i, block in enumerate(self.blocks):
            while hidden and hidden[0].before <= i:
                yield hidden.popleft()
            if i != self.headline:
                yield block
        yield from hidden
