"""What a person sees on a terminal: safe characters, progress, and a reading."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from onrecord.model import Document, Reading, Span
    from onrecord.web.marks import Entry, Mark

WIDEST = 100  # columns: longer lines are hard to read
_MOST_CUTS = 12  # listed one by one; a page with much furniture would otherwise hide the report

# --- what may reach a terminal ---------------------------------------------------------------------------------------


class _Shown(dict[int, int]):
    """How a terminal is shown each character, by code point; found out when one is first met."""

    def __missing__(self, code: int) -> int:
        category = unicodedata.category(chr(code))
        if code == ord("\n"):
            shown = code
        elif code == ord("\t"):
            shown = ord(" ")
        elif code < 0x20:
            shown = 0x2400 + code  # its picture
        elif code == 0x7F:
            shown = 0x2421
        elif code in _JOINERS:
            shown = code
        elif category in _UNSAFE or 0xE0000 <= code < 0xE1000:  # the latter: tags and variation selectors
            shown = 0xFFFD
        else:
            shown = code
        self[code] = shown
        return shown


# C1 controls (on some terminals one character begins a command), what reorders or hides (bidirectional controls, soft
# hyphens, zero width), half characters, which no terminal can be sent, and line and paragraph separators.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset({0x200C, 0x200D})  # letters of some scripts, and emoji, are shaped by them
_SHOWN = _Shown()


def printable(text: str) -> str:
    r"""The text as it may reach a terminal, character for character.

    Control characters become their pictures (``\x1b`` is shown as ``␛``); what would reorder, hide or command
    becomes U+FFFD. Line breaks stay, tabs become spaces.
    """
    return text.translate(_SHOWN)


def one_line(text: str) -> str:
    """As :func:`printable`, with every run of white space as one space."""
    return printable(" ".join(text.split()))


def say(message: str) -> None:
    """One line on standard error."""
    click.echo(f"onrecord: {one_line(message)}", err=True)


def say_left_out(path: str, what: str) -> None:
    """That something in a folder is not read, since onrecord wrote it."""
    say(f"{path}: {what}, and is left out")


# --- what goes wrong -------------------------------------------------------------------------------------------------

FAILED, USAGE, INTERRUPTED, PIPE_CLOSED = 1, 2, 130, 141


class Refusal(click.ClickException):
    """The call makes no sense: one line, and nothing is read."""

    exit_code = USAGE

    def show(self, file: IO[Any] | None = None) -> None:
        """Says it; click calls this."""
        say(self.message)


class NotWritten(Exception):  # noqa: N818 - a reason on its way to a message
    """What we print or write cannot be; what concerns an input is recorded with the input and never comes here."""

    def __init__(self, what: str, reason: OSError) -> None:
        super().__init__(what)
        self.what = what
        self.reason = reason


@contextlib.contextmanager
def writing(what: str) -> Iterator[None]:
    """Turns what goes wrong with writing ``what`` into :class:`NotWritten`."""
    try:
        yield
    except OSError as error:
        raise NotWritten(what, error) from None


def why(error: OSError) -> str:
    """The system's own word for what went wrong."""
    return (error.strerror or "unknown reason").lower()


_INSTEAD = {
    errno.ENOENT: "its folder is not there; name a file in one that is",
    errno.ENOTDIR: "its folder is none; name a file in one",
    errno.EACCES: "name a file in a folder that you may write to",
    errno.EPERM: "name a file in a folder that you may write to",
    errno.EROFS: "name a file on another disk",
    errno.ENAMETOOLONG: "name it shorter",
    errno.EIO: "check its disk",
}


def instead(error: OSError) -> str:
    """What to do about a file that cannot be written."""
    return _INSTEAD.get(error.errno or 0, "make room and try again")


def why_no_file(error: OSError | ValueError) -> str:
    """Likewise, where a name may be none that a file can have."""
    return why(error) if isinstance(error, OSError) else "not a name of a file"


def counted(count: int, many: str) -> str:
    """A number with what it counts: ``1 party`` and ``2 parties`` of ``parties``."""
    one = f"{many[:-3]}y" if many.endswith("ies") else many[:-1]
    return f"{count:,} {one if count == 1 else many}"


def reports(count: int) -> str:
    """``1 report``, ``2 reports``."""
    return counted(count, "reports")


def shortened(path: Path) -> str:
    """A path as a message can hold it."""
    name = str(path)
    return name if len(name) <= WIDEST else f"{name[: WIDEST - 1]}…"


# --- files that are written --------------------------------------------------------------------------------------


def named_file(_context: click.Context, _argument: click.Parameter, value: str) -> Path:
    """The file that was named; an empty name would be the folder we are in."""
    if not value.strip():
        raise Refusal("FILE is given and empty; write a name")
    if os.path.isdir(value):  # noqa: PTH112 - False, too, for what no file can be called
        raise Refusal(f"{value}: is a folder; name a file")
    return Path(value)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, whole or not at all; standard output for ``-``."""
    import gzip

    if str(path) == "-":
        with writing("the output"):
            yield sys.stdout.buffer
            sys.stdout.flush()
        return
    if os.path.exists(path):  # noqa: PTH110 - likewise
        raise Refusal(f"{path}: is there already; name a new file, or move this one away")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with writing(str(path)):
            with beside.open("wb") as file, contextlib.ExitStack() as stack:
                is_compressed = path.suffix == ".gz"
                packed = stack.enter_context(gzip.GzipFile(path.stem, "wb", 6, file)) if is_compressed else file
                yield cast("IO[bytes]", packed)
            beside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


# --- progress --------------------------------------------------------------------------------------------------------


class Progress:
    """One line on standard error: how many, how fast, how long still. Shows nothing for a single input.

    A feed is one input and holds many reports: reports are counted as they are read, and inputs as they are done.
    """

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._total = total
        self._done = 0
        self._started = clock()
        self._shown_at = -1.0
        self._width = 0

    def finish_input(self) -> None:
        """One more input is done."""
        self._done += 1

    def show(self, read: int, failed: int) -> None:
        """Shows the line, at most ten times a second."""
        now = self._clock()
        if self._total < 2 or (self._width and now - self._shown_at < 0.1):
            return
        elapsed = max(now - self._started, 1e-6)
        rate = (read + failed) / elapsed
        parts = [f"{reports(read)} read", f"{rate:.1f} a second" if rate < 100 else f"{rate:,.0f} a second"]
        if self._done:
            parts.append(f"{self._done:,} of {self._total:,} inputs done")
        if 0 < self._done < self._total:
            parts.append(f"{duration((self._total - self._done) * elapsed / self._done)} left")
        if failed:
            parts.append(f"{failed:,} failed")
        line = " · ".join(parts)
        sys.stderr.write(f"\r{line.ljust(self._width)}\r{line}")
        sys.stderr.flush()
        self._width, self._shown_at = len(line), now

    def clear(self) -> None:
        """Takes the line away, for something else to be printed."""
        if self._width:
            sys.stderr.write(f"\r{' ' * self._width}\r")
            sys.stderr.flush()
            self._width = 0

    def finish(self) -> str:
        """Clears the line; says how long it took, and nothing for a single input."""
        self.clear()
        return f" in {duration(self._clock() - self._started)}" if self._total > 1 else ""


def duration(seconds: float) -> str:
    """A time in words, as precise as is of use: ``7 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


# --- a reading on a terminal -----------------------------------------------------------------------------------------

_STYLES = {"source": "bold", "cue": "italic yellow", "direct": "green", "indirect": "cyan", "mixed": "magenta"}
_PLAIN = {"source": ("{", "}"), "cue": ("<", ">")}


def print_reading(reading: Reading, console: Console) -> None:
    """Prints a reading: what was found about the report, what was cut, the text with its marks, and the claims."""
    from onrecord.model import Voice
    from onrecord.web.marks import notes_of, outline

    document = reading.document
    if document is None:
        return
    entries = outline(reading)
    claims = [entry for entry in entries if entry.attribution.voice is Voice.PARTY]
    own = entries[len(claims) :]
    _print_facts(document, console)
    _print_cuts(document, console)
    _print_text(document, claims, console)
    _print_claims(reading, claims, own, notes_of(reading), console)
    _print_world(reading, claims, console)


def _text(*parts: str | tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts, overflow="fold")


def _print_facts(document: Document, console: Console) -> None:
    from onrecord.web.marks import name_of

    headline = one_line(document.title)
    # A headline that the text begins with is shown there, with its claims marked.
    if not headline or headline != one_line(document.text.lstrip().partition("\n")[0]):
        console.print(_text((one_line(name_of(document)), "bold")))
    by = re.sub(r"\A(?i:by)\s+", "", document.byline)
    for line in (
        [("", document.publisher), ("", document.published), ("changed ", document.modified)],
        [("by ", by), ("wire: ", document.wire), ("dateline: ", document.dateline)],
        [("", document.url if document.url != name_of(document) else "")],
    ):
        facts = " · ".join(name + one_line(value) for name, value in line if value)
        if facts:
            console.print(_text((facts, "dim")))


def _print_cuts(document: Document, console: Console) -> None:
    from onrecord.web.marks import preview

    if document.cuts:
        console.print()
    for cut in document.cuts[:_MOST_CUTS]:
        console.print(_text(("cut ", "red"), (f"({cut.reason.value}) {printable(preview(cut.text))}", "dim")))
    if len(document.cuts) > _MOST_CUTS:
        more = f"and {len(document.cuts) - _MOST_CUTS} more cuts; --json and --html show them all"
        console.print(_text(("cut ", "red"), (more, "dim")))


def _print_text(document: Document, claims: Sequence[Entry], console: Console) -> None:
    """The text, a paragraph at a time, with ``[1 …]`` around contents; without colours also ``{source}``, ``<cue>``."""
    from onrecord.text import find_paragraphs
    from onrecord.web.marks import Role, split_text

    is_plain = console.color_system is None or console.no_color
    style, marks = ("", _PLAIN) if is_plain else ("dim", {})
    paragraphs = find_paragraphs(document.text)
    edges = {edge for span in paragraphs for edge in (span.start, span.end)}
    ends = {span.end for span in paragraphs}

    def opening(opened: Iterable[Mark]) -> list[tuple[str, str]]:
        # Words may be the source of two claims: they are marked once.
        contents = [f"[{claims[mark.entry].label} " for mark in opened if mark.role is Role.CONTENT]
        roles = dict.fromkeys(mark.role for mark in opened if mark.role is not Role.CONTENT)
        return [(sign, style) for sign in [*contents, *(marks[role][0] for role in roles if role in marks)]]

    def closing(closed: Iterable[Mark]) -> list[tuple[str, str]]:
        roles = dict.fromkeys(mark.role for mark in closed if mark.role is not Role.CONTENT)
        contents = ["]" for mark in closed if mark.role is Role.CONTENT]
        return [(sign, style) for sign in [*(marks[role][1] for role in roles if role in marks), *contents]]

    before: tuple[Mark, ...] = ()
    parts: list[str | tuple[str, str]] = []
    breaks = 2
    for segment in split_text(document.text, claims, edges):
        words = document.text[segment.start : segment.end]
        current = frozenset(segment.marks)
        parts += closing([mark for mark in before if mark not in current])
        if segment.start in ends:
            console.print(_text(*parts))
            parts, breaks = [], 0
        known = frozenset(before)
        opened = opening([mark for mark in segment.marks if mark not in known])
        before = segment.marks
        if words.isspace() and not parts:
            breaks += words.count("\n")
            parts += opened
            continue
        if not parts and breaks > 1:
            console.print()
        parts += [*opened, (printable(words), _style(segment.marks, claims))]
        breaks = 0
    parts += closing(before)
    if parts:
        console.print(_text(*parts))


def _style(marks: Sequence[Mark], claims: Sequence[Entry]) -> str:
    from onrecord.web.marks import Role

    if not marks:
        return ""
    contents = [claims[mark.entry].attribution.kind for mark in marks if mark.role is Role.CONTENT]
    styles = [_STYLES[contents[-1]]] if contents else []
    if marks[-1].role is not Role.CONTENT:
        styles.append(_STYLES[marks[-1].role])
    return " ".join(styles)


def _print_claims(
    reading: Reading,
    claims: Sequence[Entry],
    own: Sequence[Entry],
    notes: Sequence[tuple[Span, str]],
    console: Console,
) -> None:
    from onrecord.web.marks import details, parties_of

    document = reading.document
    if document is None:
        return
    labels = {entry.attribution.id: entry.label for entry in claims}
    parties = parties_of(reading)
    console.print()
    console.print(_text(("Who says what" if claims else "No claim found", "bold")))
    for entry in claims:
        attribution = entry.attribution
        source = _words(document, attribution.source)
        heading: list[str | tuple[str, str]] = [(source, "bold") if source else ("no source named", "dim")]
        if attribution.cue:
            heading += [(" — ", "dim"), (_words(document, attribution.cue), "italic yellow")]
        stance = attribution.stance.value.replace("_", " ")
        heading += [f"  {stance} ", (attribution.kind.value, _STYLES[attribution.kind])]
        heading += [(f" {attribution.score:.2f}", "dim")]
        remarks = " · ".join(one_line(remark) for remark in details(document.text, attribution, labels, parties, notes))
        below: list[str | tuple[str, str]] = [(remarks, "dim")] if remarks else []
        _print_entry(console, 2 * entry.depth, entry.label, heading, [_words(document, attribution.content)], below)
    if own:
        console.print()
        console.print(_text(("In the publisher’s own voice", "bold")))
    for entry in own:
        _print_entry(console, 0, entry.label, [(_words(document, entry.attribution.content), "dim")])


def _print_world(reading: Reading, claims: Sequence[Entry], console: Console) -> None:
    """Who speaks, what is done, and where, if there is any of it."""
    from onrecord.web.marks import acts_of, places_of, speakers_of

    labels = {entry.attribution.id: entry.label for entry in claims}
    for title, lines in (
        ("Who speaks", speakers_of(reading)),
        ("What is done, planned or feared, as told", acts_of(reading, labels)),
        ("Places", places_of(reading)),
    ):
        if lines:
            console.print()
            console.print(_text((title, "bold")))
        for number, (line, remarks) in enumerate(lines, 1):
            below: list[str | tuple[str, str]] = [(" · ".join(map(one_line, remarks)), "dim")] if remarks else []
            _print_entry(console, 0, str(number), [one_line(line)], below)


def _words(document: Document, spans: Sequence[Span]) -> str:
    return " […] ".join(one_line(span.of(document.text)) for span in spans)


def _print_entry(console: Console, indent: int, label: str, *paragraphs: Sequence[str | tuple[str, str]]) -> None:
    """A label and, beside it, paragraphs that wrap under themselves; deep nesting leaves half of the width at least."""
    margin = min(indent + max(4, len(label) + 1), console.width // 2)
    lead = label.rjust(margin - 1) + " "
    if len(lead) > margin:
        console.print(_text((label, "dim")))
        lead = " " * margin
    for paragraph in filter(None, paragraphs):
        for line in _text(*paragraph).wrap(console, max(console.width - margin, 1)):
            console.print(_text((lead, "dim")) + line, no_wrap=True, overflow="ignore", crop=False)
            lead = " " * margin
