"""The command line: a thin face of the ledger, and the only code that prints.

Whatever comes from a text goes through :func:`printable` on its way to a terminal. Libraries that take time to load
are imported where they are used: reading one file must begin at once.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
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
_CUT_CHARACTERS = 60

# --- what may reach a terminal ---------------------------------------------------------------------------------------

_PICTURES = {code: 0x2400 + code for code in range(0x20) if code != ord("\n")} | {0x7F: 0x2421, ord("\t"): ord(" ")}
_UNSAFE = [
    *range(0x80, 0xA0),  # C1: on some terminals one character begins a command
    *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # bidirectional controls
    *(0x2028, 0x2029, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB),  # separators, byte order mark, annotations
    *range(0xD800, 0xE000),  # half characters, which no terminal can be sent
    *range(0xE0000, 0xE0080),  # invisible tags
]
_SHOWN = _PICTURES | dict.fromkeys(_UNSAFE, 0xFFFD)


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


class _Commands(click.Group):
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if self.get_command(ctx, word) is None and ("://" in word or Path(word).exists()):
            raise _Refusal(f"{word}: is an input, not a command; write: onrecord read {word}")
        return super().resolve_command(ctx, args)


def _check_day(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """ISO 8601, as precise as is known: a year, a month, a day, or a moment."""
    day, _, _ = value.partition("T")
    try:
        if value and not re.fullmatch(r"\d{4}(-\d\d){0,2}", day, re.ASCII):
            raise ValueError(value)
        if value:
            date.fromisoformat(f"{day}-01-01"[:10])
        if value != day:
            datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write it like 2022-12-12", context, parameter) from None
    return value


def _check_language(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"([a-z]{2})?", value):
        raise click.BadParameter(f"{value!r} is no language code; write two letters, like en", context, parameter)
    return value


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
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each report.")
@click.option(
    "--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write one page with all reports to FILE."
)
@click.option(
    "--published",
    callback=_check_day,
    default="",
    metavar="DATE",
    help="The day of publication, if the report does not say it.",
)
@click.option(
    "--language",
    callback=_check_language,
    default="",
    metavar="CODE",
    help="The language of the report, if it is not recognised.",
)
@click.option("--as-is", is_flag=True, help="Take text files unchanged: cut nothing, so that offsets fit the file.")
@click.option("--allow-private", is_flag=True, help="Fetch addresses in private and local networks too.")
@click.option("--no-fetch-items", is_flag=True, help="Take the items of a feed as the feed gives them.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0, min_open=True),
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
            click.echo(context.get_help(), err=True)
            context.exit(_USAGE)
        inputs = ("-",)
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
    load_reader: LoadsReader = context.obj or functools.partial(ledger.load_reader, model)
    progress = _Progress(lambda: count_inputs(inputs)) if sys.stderr.isatty() else None
    read_count = failed_count = 0
    try:
        with _write_page(page, inputs) as keep, contextlib.ExitStack() as stack:
            show = _json_printer() if as_json else _terminal_printer() if page is None else None
            readings = ledger.read_all(
                inputs,
                settings=settings,
                workers=workers,
                load_reader=load_reader,
                stdin=sys.stdin.buffer if sys.stdin else None,
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
                    show(reading)
                keep(reading)
                if progress:
                    progress.show(read_count, failed_count)
            sys.stdout.flush()
    except KeyboardInterrupt:
        if progress:
            progress.clear()
        _say(f"stopped; {_reports(read_count)} read{f', {page} is not written' if page else ''}")
        context.exit(_INTERRUPTED)
    except OSError as error:
        # What concerns an input is recorded with it: this is our output. Python, too, would complain on closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # whoever read it has seen enough
            context.exit(_PIPE_CLOSED)
        _say(f"the output cannot be written ({(error.strerror or 'unknown reason').lower()}); make room and try again")
        context.exit(_FAILED)
    except UsageError as error:
        raise _Refusal(str(error)) from None
    except OnrecordError as error:
        _say(str(error))
        context.exit(_FAILED)
    if progress:
        progress.finish(read_count, failed_count)
    context.exit(_FAILED if failed_count else 0)


def _reports(count: int) -> str:
    return f"{count:,} report{'' if count == 1 else 's'}"


def _json_printer() -> Callable[[Reading], None]:
    from onrecord.codec import encode_reading

    return lambda reading: click.echo(encode_reading(reading) + b"\n", nl=False)


def _terminal_printer() -> Callable[[Reading], None]:
    from rich.console import Console

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a terminal that knows fewer letters still shows the rest
    console = Console(highlight=False, markup=False, emoji=False)
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
        sys.stdout.flush()

    return show


# --- the page --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _write_page(path: Path | None, inputs: Sequence[str]) -> Iterator[Callable[[Reading], None]]:
    """Keeps readings and writes their page at the end, whole or not at all; refuses before anything is read."""
    if path is None:
        yield lambda reading: None
        return
    readings: list[Reading] = []
    target = path.resolve()
    if any(target.exists() and os.path.exists(name) and target.samefile(name) for name in inputs):  # noqa: PTH110 - not all are paths
        raise _Refusal(f"{path}: is one of the inputs, and would be overwritten; name another file")
    whole = not target.exists() or target.is_file()  # a device or a pipe can only be written to as it stands
    beside = target.with_name(f".{target.name}.{os.getpid()}.part") if whole else target
    try:
        if whole and target.exists():
            target.open("r+b").close()
        stream = beside.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise _Refusal(f"{path}: cannot be written ({reason}); name another file") from None
    try:
        with stream:
            yield readings.append
            from onrecord.web import render_readings

            stream.write(render_readings(readings))
        if whole:
            beside.replace(target)
    finally:
        if whole:
            beside.unlink(missing_ok=True)


# --- progress --------------------------------------------------------------------------------------------------------


class _Progress:
    """One line on standard error: how many, how fast, how long still. Shows nothing for a single input."""

    def __init__(self, count: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._total = count()
        self._started = clock()
        self._shown_at = -1.0
        self._width = 0

    def show(self, read: int, failed: int) -> None:
        now = self._clock()
        if self._total < 2 or (self._width and now - self._shown_at < 0.1):
            return
        done, elapsed = read + failed, max(now - self._started, 1e-6)
        rate = done / elapsed
        parts = [f"{done:,} of {self._total:,} read" if done <= self._total else f"{done:,} read"]
        parts.append(f"{rate:.1f} a second" if rate < 100 else f"{rate:,.0f} a second")
        if done < self._total:
            parts.append(f"{duration((self._total - done) / rate)} left")
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

    def finish(self, read: int, failed: int) -> None:
        self.clear()
        if self._total > 1:
            ending = f", {failed:,} failed" if failed else ""
            _say(f"{_reports(read)} read in {duration(self._clock() - self._started)}{ending}")


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
    from onrecord.web.marks import outline

    document = reading.document
    if document is None:
        return
    entries = outline(reading)
    claims = [entry for entry in entries if entry.attribution.voice is Voice.PARTY]
    own = entries[len(claims) :]
    _print_facts(document, console)
    _print_cuts(document, console)
    _print_text(document, claims, console)
    _print_claims(document, claims, own, console)


def _text(*parts: str | tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts, overflow="fold")


def _print_facts(document: Document, console: Console) -> None:
    console.print(_text((one_line(document.title) or "Untitled", "bold")))
    by = re.sub(r"\A(?i:by)\s+", "", document.byline)
    for line in (
        [("", document.publisher), ("", document.published), ("changed ", document.modified)],
        [("by ", by), ("wire: ", document.wire), ("dateline: ", document.dateline)],
        [("", document.url)],
    ):
        facts = " · ".join(name + one_line(value) for name, value in line if value)
        if facts:
            console.print(_text((facts, "dim")))


def _print_cuts(document: Document, console: Console) -> None:
    if document.cuts:
        console.print()
    for cut in document.cuts[:_MOST_CUTS]:
        words = one_line(cut.text)
        if len(words) > _CUT_CHARACTERS:
            words = words[: _CUT_CHARACTERS - 1].rstrip() + "…"
        console.print(_text(("cut ", "red"), (f"({cut.reason.value}) {words}", "dim")))
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


def _print_claims(document: Document, claims: Sequence[Entry], own: Sequence[Entry], console: Console) -> None:
    console.print()
    console.print(_text(("Who says what" if claims else "No claim found", "bold")))
    for entry in claims:
        attribution = entry.attribution
        source = _words(document, attribution.source)
        heading: list[str | tuple[str, str]] = [(source, "bold") if source else ("no source named", "dim")]
        if attribution.cue:
            heading += [" ", (_words(document, attribution.cue), "italic yellow")]
        heading += ["  ", (attribution.kind.value, _STYLES[attribution.kind]), (f" {attribution.score:.2f}", "dim")]
        _print_entry(console, 2 * entry.depth, entry.label, heading, [_words(document, attribution.content)])
    if own:
        console.print()
        console.print(_text(("In the publisher’s own voice", "bold")))
    for entry in own:
        _print_entry(console, 0, entry.label, [(_words(document, entry.attribution.content), "dim")])


def _words(document: Document, spans: Sequence[Span]) -> str:
    return " […] ".join(one_line(span.of(document.text)) for span in spans)


def _print_entry(console: Console, indent: int, label: str, *paragraphs: Sequence[str | tuple[str, str]]) -> None:
    """A label and, beside it, paragraphs that wrap under themselves; deep nesting leaves half of the width at least."""
    margin = min(indent + max(4, len(label) + 1), console.width // 2)
    lead = label.rjust(margin - 1) + " "
    if len(lead) > margin:
        console.print(_text((label, "dim")))
        lead = " " * margin
    for paragraph in paragraphs:
        for line in _text(*paragraph).wrap(console, max(console.width - margin, 1)):
            console.print(_text((lead, "dim")) + line, no_wrap=True, overflow="ignore", crop=False)
            lead = " " * margin
