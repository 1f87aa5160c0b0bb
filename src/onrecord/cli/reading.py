"""The commands that read reports and show what is in them."""

from __future__ import annotations

import contextlib
import functools
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from onrecord.cli.terminal import (
    FAILED,
    INTERRUPTED,
    PIPE_CLOSED,
    USAGE,
    WIDEST,
    NotWritten,
    Progress,
    Refusal,
    duration,
    instead,
    print_reading,
    printable,
    reports,
    say,
    say_left_out,
    shortened,
    why,
    why_no_file,
    writing,
)
from onrecord.errors import InputError, OnrecordError, UsageError

Command = TypeVar("Command", bound=Callable[..., Any])

if TYPE_CHECKING:
    from onrecord.intake import IntakeSettings
    from onrecord.ledger import LoadsReader
    from onrecord.model import Reading


def _seconds(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        raise Refusal(f"{written[:40]!r} is no time limit; write seconds, like 20") from None


def not_empty(context: click.Context, option: click.Parameter, value: str | None) -> str:
    """What was given; an empty one is a slip, as of a variable that is not set, and not the same as none."""
    if value is not None and not value.strip():
        raise Refusal(f"{option.opts[0]} is given and empty; write a value, or leave it out")
    return value or ""


_READING_OPTIONS = (
    click.option(
        "--published",
        callback=not_empty,
        metavar="DATE",
        help="The day of publication, if the report does not say it.",
    ),
    click.option(
        "--language",
        callback=not_empty,
        metavar="CODE",
        help="The language of the report, if it is not recognised.",
    ),
    click.option("--as-is", is_flag=True, help="Take plain text unchanged: cut nothing, so that offsets fit the file."),
    click.option("--allow-private", is_flag=True, help="Fetch addresses in private and local networks too."),
    click.option("--no-fetch-items", is_flag=True, help="Take the items of a feed as the feed gives them."),
    click.option(
        "--timeout",
        "timeout_s",
        type=_seconds,
        default=20.0,
        show_default=True,
        metavar="SECONDS",
        help="Give up on a page after this time.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        metavar="N",
        help="Read with N processes.  [default: one for each core, one in all for a few inputs]",
    ),
    click.option(
        "--model",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="FOLDER",
        help="Read with another model than the one that came with onrecord.",
    ),
)


def reading_options(command: Command) -> Command:
    """What can be said about how inputs are taken in and read; the same wherever they are."""
    for option in reversed(_READING_OPTIONS):
        command = option(command)
    return command


def make_settings(
    *,
    published: str,
    language: str,
    as_is: bool,
    allow_private: bool,
    no_fetch_items: bool,
    timeout_s: float,
    **_others: Any,
) -> IntakeSettings:
    """The settings that the options of a command say."""
    from onrecord.intake import IntakeSettings

    return IntakeSettings(
        published=published,
        language=language,
        as_is=as_is,
        allow_private=allow_private,
        timeout_s=timeout_s,
        fetch_items=not no_fetch_items,
    )


@click.command()
def schema() -> None:
    """Print the JSON Schema of what `read --json` prints."""
    import json

    from onrecord.codec import reading_schema

    click.echo(json.dumps(reading_schema(), indent=2, ensure_ascii=False))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="examples")
def examples(folder: Path) -> None:
    """Copy the example reports into FOLDER, by default examples/, to try onrecord on."""
    from onrecord.examples import find_examples

    reports = {folder / report.name: report.read_bytes() for report in find_examples()}
    try:
        for path, content in reports.items():
            if path.exists() and path.read_bytes() != content:
                raise Refusal(f"{path}: is there already and is another file; name another folder for the examples")
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in reports.items():
            path.write_bytes(content)
    except (OSError, ValueError) as error:
        raise Refusal(f"{shortened(folder)}: cannot be written ({why_no_file(error)}); name another folder") from None
    first = next(path for path in reports if path.suffix == ".html")
    click.echo(f"wrote {len(reports)} files into {printable(str(folder))}; try next:")
    for words in (["read", str(first)], ["read", "--html", "claims.html", str(folder)]):
        click.echo(f"  {printable(shlex.join(['onrecord', *words]))}")


@click.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each report.")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Write one page with all reports to FILE, or with - to standard output.",
)
@reading_options
@click.option("--engine", type=click.Choice(["ray", "here"]), help="Read archives of pages into Parquet: see --out.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the readings of archives go.")
@click.option("--address", default="", metavar="URL", help="A Ray cluster that is running; else workers start here.")
@click.pass_context
def read(
    context: click.Context,
    /,
    inputs: tuple[str, ...],
    *,
    as_json: bool,
    page: Path | None,
    workers: int | None,
    model: Path | None,
    engine: str | None,
    out: Path | None,
    address: str,
    **_settings: Any,
) -> None:
    """Read reports: who says what in them.

    INPUT is an address, a file (web page, text, feed, JSON, mail, PDF), a folder of such files, or - for standard
    input. An input that fails is named on standard error, and the others are still read.
    """
    if not inputs:
        if sys.stdin is None or sys.stdin.isatty():
            say("no INPUT is named; name a file, a folder or an address, or pipe a text into the command")
            click.echo(f"\n{context.get_help()}", err=True)
            context.exit(USAGE)
        inputs = ("-",)
    if engine or out or address:
        if not engine or not out or as_json or page:
            raise Refusal("archives are read with --engine and --out FOLDER, and without --json and --html")
        _read_archives(context, inputs, out, engine=engine, address=address, workers=workers, model=model)
        return
    is_page_output = page is not None and str(page) in _OUTPUT_NAMES
    if as_json and is_page_output:
        raise Refusal("--json and --html cannot both write to standard output; name a file for the page")
    if sys.stdout is None and (as_json or page is None or is_page_output):
        raise Refusal("standard output is closed; leave it open, or write a page with --html FILE")
    progress: Progress | None = None
    read_count = failed_count = 0
    try:
        from onrecord import ledger
        from onrecord.intake import count_inputs

        settings = make_settings(**context.params)
        ledger.check_settings(settings, datetime.now(UTC))
        load_reader: LoadsReader = context.obj or functools.partial(ledger.load_reader, model)
        if sys.stderr is not None and sys.stderr.isatty():
            progress = Progress(count_inputs(inputs))
        with _write_page(page, inputs) as keep, contextlib.ExitStack() as stack:
            show = _json_printer() if as_json else _terminal_printer() if page is None else None
            readings = ledger.read_all(
                inputs,
                settings=settings,
                workers=workers,
                load_reader=load_reader,
                stdin=sys.stdin.buffer if sys.stdin else None,
                on_finished=progress.finish_input if progress else None,
                on_left_out=say_left_out,
            )
            stack.enter_context(contextlib.closing(readings))
            for reading in readings:
                failed_count += bool(reading.failures)
                read_count += not reading.failures
                if progress:
                    progress.clear()
                for failure in reading.failures:
                    say(str(InputError(failure.what, failure.where, failure.hint)))
                if show and (as_json or reading.document):
                    with writing("the output"):
                        show(reading)
                        sys.stdout.flush()
                keep(reading)
                if progress:
                    progress.show(read_count, failed_count)
    except KeyboardInterrupt:
        if progress:
            progress.clear()
        say(f"stopped; {reports(read_count)} read{f', {page} is not written' if page else ''}")
        context.exit(INTERRUPTED)
    except NotWritten as error:
        if sys.stdout is not None:  # Python, too, would complain on closing it
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error.reason, BrokenPipeError):  # whoever read it has seen enough
            context.exit(PIPE_CLOSED)
        say(f"{error.what} cannot be written ({why(error.reason)}); {instead(error.reason)}")
        context.exit(FAILED)
    except UsageError as error:
        raise Refusal(str(error)) from None
    except OnrecordError as error:
        say(str(error))
        context.exit(FAILED)
    took = progress.finish() if progress else ""
    counts = f"{reports(read_count)} read{took}{f', {failed_count:,} failed' if failed_count else ''}"
    if page and not is_page_output:
        say(f"wrote {page} ({counts})" if read_count else f"nothing was read, and {page} is not written")
    elif took:
        say(counts)
    context.exit(FAILED if failed_count else 0)


def _read_archives(
    context: click.Context,
    inputs: tuple[str, ...],
    out: Path,
    *,
    engine: str,
    address: str,
    workers: int | None,
    model: Path | None,
) -> None:
    """Reads archives into a folder, and says how far it has come."""
    from onrecord import ledger
    from onrecord.ledger.archive import ArchiveProgress, read_archive

    load_reader: LoadsReader = context.obj or functools.partial(ledger.load_reader, model)
    shows = sys.stderr is not None and sys.stderr.isatty()
    now = ArchiveProgress(0)
    began = time.monotonic()
    settings = make_settings(**context.params)
    try:
        steps = read_archive(
            inputs, out, settings=settings, engine=engine, workers=workers, address=address, load_reader=load_reader
        )
        with contextlib.closing(steps):
            for now in steps:
                if shows:
                    line = f"{now.done:,} of {now.pages:,} pages · {now.finished:,} of {now.parts:,} parts"
                    sys.stderr.write(f"\r\x1b[K{line} · {duration(time.monotonic() - began)}")
                    sys.stderr.flush()
    except KeyboardInterrupt:
        say("stopped; the same command goes on from here")
        context.exit(INTERRUPTED)
    except UsageError as error:
        raise Refusal(str(error)) from None
    except OnrecordError as error:
        say(str(error))
        context.exit(FAILED)
    finally:
        if shows:
            sys.stderr.write("\r\x1b[K")
    for reason, count in now.skipped.items():
        say(f"passed over {count:,}: {reason}")
    failed = f", {now.failed:,} failed" if now.failed else ""
    deaths = f", {now.deaths:,} workers died and were replaced" if now.deaths else ""
    say(f"{out}: {now.done:,} pages read into {now.finished:,} parts{failed}{deaths}; next: onrecord add {out}")
    context.exit(FAILED if now.failed else 0)


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
    console.width = min(console.width, WIDEST)
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


_OUTPUT_NAMES = ("-", "/dev/stdout")  # the latter may lead to a pipe, which cannot be opened anew everywhere


@contextlib.contextmanager
def _write_page(path: Path | None, inputs: Sequence[str]) -> Iterator[Callable[[Reading], None]]:
    """Keeps readings and writes their page at the end, whole or not at all; refuses before anything is read.

    Where nothing could be read, no page is written, and one of an earlier run stays.
    """
    if path is None:
        yield lambda reading: None
        return
    from onrecord.intake import OWN_HEAD, OWN_PAGE

    readings: list[Reading] = []
    if str(path) in _OUTPUT_NAMES:
        yield readings.append
        if _any_read(readings):
            with writing("the output"):
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
                head = present.read(OWN_HEAD)
            if head and OWN_PAGE not in head:
                what = "is there already, and is no page that onrecord wrote"
                raise Refusal(f"{path}: {what}; name another file after --html, or move this one away")
        stream = beside.open("wb")
    except (OSError, ValueError) as error:
        raise Refusal(f"{shortened(path)}: cannot be written ({why_no_file(error)}); name another file") from None
    try:
        yield readings.append
        if not _any_read(readings):
            return
        page = _page_of(readings)
        with writing(str(path)):
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
            raise Refusal(f"{path}: is one of the inputs, and would be overwritten; name another file")
        if any(folder.exists() and folder.samefile(name) for folder in target.parents):
            raise Refusal(f"{path}: lies in {name}, which is read; name a file elsewhere")


def _any_read(readings: Iterable[Reading]) -> bool:
    return any(reading.document for reading in readings)


def _page_of(readings: Sequence[Reading]) -> bytes:
    from onrecord.web import render_readings

    return render_readings(readings).encode()
