"""The command line: a thin face of the ledger, and the only code that prints.

Whatever comes from a text goes through :func:`printable` on its way to a terminal. Libraries that take time to load
are imported where they are used: reading one file must begin at once.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shlex
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from onrecord.errors import InputError, OnrecordError, UsageError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from onrecord.ledger import LoadsReader
    from onrecord.model import Document, Reading, Span
    from onrecord.web.marks import Entry, Mark

_FAILED, _USAGE, _INTERRUPTED, _PIPE_CLOSED = 1, 2, 130, 141
_WIDEST = 100  # columns: longer lines are hard to read
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


def _say(message: str) -> None:
    click.echo(f"onrecord: {one_line(message)}", err=True)


# --- commands --------------------------------------------------------------------------------------------------------


class _Refusal(click.ClickException):
    """The call makes no sense: one line, and nothing is read."""

    exit_code = _USAGE

    def show(self, file: IO[Any] | None = None) -> None:
        _say(self.message)


def _seconds(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        raise _Refusal(f"{written[:40]!r} is no time limit; write seconds, like 20") from None


def _not_empty(context: click.Context, option: click.Parameter, value: str | None) -> str:
    """What was given; an empty one is a slip, as of a variable that is not set, and not the same as none."""
    if value is not None and not value.strip():
        raise _Refusal(f"{option.opts[0]} is given and empty; write a value, or leave it out")
    return value or ""


class _Commands(click.Group):
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        # os.path.exists: Path.exists raises where a name is too long to exist.
        if self.get_command(ctx, word) is None and ("://" in word or os.path.exists(word)):  # noqa: PTH110
            raise _Refusal(f"{word}: is an input, not a command; write: onrecord read {word}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # click would say "Aborted!" and exit with 1
            _say("stopped")
            ctx.exit(_INTERRUPTED)


@click.group(
    "onrecord", cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="onrecord", message="%(prog)s %(version)s")
def main() -> None:
    """Read news reports and keep the record of who claims what.

    It shows who says so, in the words of the report. It never rules what is true.
    """


@main.command()
def schema() -> None:
    """Print the JSON Schema of what `read --json` prints."""
    import json

    from onrecord.codec import reading_schema

    click.echo(json.dumps(reading_schema(), indent=2, ensure_ascii=False))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default="examples")
def examples(folder: Path) -> None:
    """Copy the example reports into FOLDER, by default examples/, to try onrecord on."""
    from onrecord.examples import find_examples

    reports = {folder / report.name: report.read_bytes() for report in find_examples()}
    try:
        for path, content in reports.items():
            if path.exists() and path.read_bytes() != content:
                raise _Refusal(f"{path}: is there already and is another file; name another folder for the examples")
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in reports.items():
            path.write_bytes(content)
    except (OSError, ValueError) as error:
        raise _Refusal(
            f"{_shortened(folder)}: cannot be written ({_why_no_file(error)}); name another folder"
        ) from None
    first = next(path for path in reports if path.suffix == ".html")
    click.echo(f"wrote {len(reports)} files into {printable(str(folder))}; try next:")
    for words in (["read", str(first)], ["read", "--html", "claims.html", str(folder)]):
        click.echo(f"  {printable(shlex.join(['onrecord', *words]))}")


@main.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each report.")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Write one page with all reports to FILE, or with - to standard output.",
)
@click.option(
    "--published",
    callback=_not_empty,
    metavar="DATE",
    help="The day of publication, if the report does not say it.",
)
@click.option(
    "--language",
    callback=_not_empty,
    metavar="CODE",
    help="The language of the report, if it is not recognised.",
)
@click.option("--as-is", is_flag=True, help="Take plain text unchanged: cut nothing, so that offsets fit the file.")
@click.option("--allow-private", is_flag=True, help="Fetch addresses in private and local networks too.")
@click.option("--no-fetch-items", is_flag=True, help="Take the items of a feed as the feed gives them.")
@click.option(
    "--timeout",
    "timeout_s",
    type=_seconds,
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="Give up on a page after this time.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Read with N processes.  [default: one for each core, one in all for a few inputs]",
)
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Read with another model than the one that came with onrecord.",
)
@click.pass_context
def read(
    context: click.Context,
    inputs: tuple[str, ...],
    *,
    as_json: bool,
    page: Path | None,
    published: str,
    language: str,
    as_is: bool,
    allow_private: bool,
    no_fetch_items: bool,
    timeout_s: float,
    workers: int | None,
    model: Path | None,
) -> None:
    """Read reports: who says what in them.

    INPUT is an address, a file (web page, text, feed, JSON, mail, PDF), a folder of such files, or - for standard
    input. An input that fails is named on standard error, and the others are still read.
    """
    if not inputs:
        if sys.stdin is None or sys.stdin.isatty():
            _say("no INPUT is named; name a file, a folder or an address, or pipe a text into the command")
            click.echo(f"\n{context.get_help()}", err=True)
            context.exit(_USAGE)
        inputs = ("-",)
    is_page_output = page is not None and str(page) in _OUTPUT_NAMES
    if as_json and is_page_output:
        raise _Refusal("--json and --html cannot both write to standard output; name a file for the page")
    if sys.stdout is None and (as_json or page is None or is_page_output):
        raise _Refusal("standard output is closed; leave it open, or write a page with --html FILE")
    progress: _Progress | None = None
    read_count = failed_count = 0
    try:
        from onrecord import ledger
        from onrecord.intake import IntakeSettings, count_inputs

        settings = IntakeSettings(
            published=published,
            language=language,
            as_is=as_is,
            allow_private=allow_private,
            timeout_s=timeout_s,
            fetch_items=not no_fetch_items,
        )
        ledger.check_settings(settings, datetime.now(UTC))
        load_reader: LoadsReader = context.obj or functools.partial(ledger.load_reader, model)
        if sys.stderr is not None and sys.stderr.isatty():
            progress = _Progress(count_inputs(inputs))
        with _write_page(page, inputs) as keep, contextlib.ExitStack() as stack:
            show = _json_printer() if as_json else _terminal_printer() if page is None else None
            readings = ledger.read_all(
                inputs,
                settings=settings,
                workers=workers,
                load_reader=load_reader,
                stdin=sys.stdin.buffer if sys.stdin else None,
                on_finished=progress.finish_input if progress else None,
            )
            stack.enter_context(contextlib.closing(readings))
            for reading in readings:
                failed_count += bool(reading.failures)
                read_count += not reading.failures
                if progress:
                    progress.clear()
                for failure in reading.failures:
                    _say(str(InputError(failure.what, failure.where, failure.hint)))
                if show and (as_json or reading.document):
                    with _writing("the output"):
                        show(reading)
                        sys.stdout.flush()
                keep(reading)
                if progress:
                    progress.show(read_count, failed_count)
    except KeyboardInterrupt:
        if progress:
            progress.clear()
        _say(f"stopped; {_reports(read_count)} read{f', {page} is not written' if page else ''}")
        context.exit(_INTERRUPTED)
    except _NotWritten as error:
        if sys.stdout is not None:  # Python, too, would complain on closing it
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error.reason, BrokenPipeError):  # whoever read it has seen enough
            context.exit(_PIPE_CLOSED)
        _say(f"{error.what} cannot be written ({_why(error.reason)}); make room and try again")
        context.exit(_FAILED)
    except UsageError as error:
        raise _Refusal(str(error)) from None
    except OnrecordError as error:
        _say(str(error))
        context.exit(_FAILED)
    took = progress.finish() if progress else ""
    counts = f"{_reports(read_count)} read{took}{f', {failed_count:,} failed' if failed_count else ''}"
    if page and not is_page_output:
        _say(f"wrote {page} ({counts})" if read_count else f"nothing was read, and {page} is not written")
    elif took:
        _say(counts)
    context.exit(_FAILED if failed_count else 0)


class _NotWritten(Exception):  # noqa: N818 - a reason on its way to a message
    """What we print or write cannot be; what concerns an input is recorded with the input and never comes here."""

    def __init__(self, what: str, reason: OSError) -> None:
        super().__init__(what)
        self.what = what
        self.reason = reason


@contextlib.contextmanager
def _writing(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _NotWritten(what, error) from None


def _why(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()


def _why_no_file(error: OSError | ValueError) -> str:
    return _why(error) if isinstance(error, OSError) else "not a name of a file"


def _reports(count: int) -> str:
    return f"{count:,} report{'' if count == 1 else 's'}"


def _json_printer() -> Callable[[Reading], None]:
    from onrecord.codec import encode_reading

    return lambda reading: click.echo(encode_reading(reading) + b"\n", nl=False)


def _terminal_printer() -> Callable[[Reading], None]:
    from rich.console import Console

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a terminal that knows fewer letters still shows the rest

    class PipedConsole(Console):
        def on_broken_pipe(self) -> None:  # called while the error is handled; rich would exit with 1
            raise  # noqa: PLE0704

    console = PipedConsole(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, _WIDEST)
    shown = 0

    def show(reading: Reading) -> None:
        nonlocal shown
        if shown:
            console.print()
            console.rule(style="dim")
            console.print()
        shown += 1
        print_reading(reading, console)

    return show


# --- the page --------------------------------------------------------------------------------------------------------


_OUR_PAGE = b'<meta name="generator" content="onrecord">'
_PAGE_HEAD = 4096  # bytes; it stands before anything that comes from a report
_OUTPUT_NAMES = ("-", "/dev/stdout")  # the latter may lead to a pipe, which cannot be opened anew everywhere


@contextlib.contextmanager
def _write_page(path: Path | None, inputs: Sequence[str]) -> Iterator[Callable[[Reading], None]]:
    """Keeps readings and writes their page at the end, whole or not at all; refuses before anything is read.

    Where nothing could be read, no page is written, and one of an earlier run stays.
    """
    if path is None:
        yield lambda reading: None
        return
    readings: list[Reading] = []
    if str(path) in _OUTPUT_NAMES:
        yield readings.append
        if _any_read(readings):
            with _writing("the output"):
                click.echo(_page_of(readings), nl=False)
                sys.stdout.flush()
        return
    try:
        is_file = path.is_file()
        # A device or a pipe can only be written to as it stands, and under the name it was given.
        whole = is_file or not path.exists()
        target = path.resolve() if whole else path
        beside = target.with_name(f".{target.name[:100]}.{os.getpid()}.part") if whole else target
        _check_apart(path, target, inputs)
        if is_file:
            with target.open("r+b") as present:
                head = present.read(_PAGE_HEAD)
            if head and _OUR_PAGE not in head:
                what = "is there already, and is no page that onrecord wrote"
                raise _Refusal(f"{path}: {what}; name another file after --html, or move this one away")
        stream = beside.open("wb")
    except (OSError, ValueError) as error:
        raise _Refusal(f"{_shortened(path)}: cannot be written ({_why_no_file(error)}); name another file") from None
    try:
        yield readings.append
        if not _any_read(readings):
            return
        page = _page_of(readings)
        with _writing(str(path)):
            stream.write(page)
            stream.close()
            if whole:
                beside.replace(target)
    finally:
        with contextlib.suppress(OSError):
            stream.close()
        if whole:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


def _check_apart(path: Path, target: Path, inputs: Iterable[str]) -> None:
    """Refuses a page that would overwrite an input, or that would be read with its folder the next time."""
    for name in inputs:
        if not os.path.exists(name):  # noqa: PTH110 - not all are paths
            continue
        if target.exists() and target.samefile(name):
            raise _Refusal(f"{path}: is one of the inputs, and would be overwritten; name another file")
        if any(folder.exists() and folder.samefile(name) for folder in target.parents):
            raise _Refusal(f"{path}: lies in {name}, which is read; name a file elsewhere")


def _any_read(readings: Iterable[Reading]) -> bool:
    return any(reading.document for reading in readings)


def _page_of(readings: Sequence[Reading]) -> bytes:
    from onrecord.web import render_readings

    return render_readings(readings).encode()


def _shortened(path: Path) -> str:
    name = str(path)
    return name if len(name) <= _WIDEST else f"{name[: _WIDEST - 1]}…"


# --- progress --------------------------------------------------------------------------------------------------------


class _Progress:
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
        self._done += 1

    def show(self, read: int, failed: int) -> None:
        now = self._clock()
        if self._total < 2 or (self._width and now - self._shown_at < 0.1):
            return
        elapsed = max(now - self._started, 1e-6)
        rate = (read + failed) / elapsed
        parts = [f"{_reports(read)} read", f"{rate:.1f} a second" if rate < 100 else f"{rate:,.0f} a second"]
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
