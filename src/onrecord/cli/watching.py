"""The command that watches feeds."""

from __future__ import annotations

import contextlib
import functools
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onrecord.cli.record import ledger_command, open_ledger, print_lines
from onrecord.cli.shown import added_line
from onrecord.cli.terminal import FAILED, INTERRUPTED, Refusal, counted, one_line, reports, say
from onrecord.errors import InputError

if TYPE_CHECKING:
    from onrecord.intake.feeds import Feed
    from onrecord.ledger import LoadsReader
    from onrecord.ledger.watching import Event
    from onrecord.model import Added, Reading


@click.command()
@click.argument("feeds", nargs=-1, metavar="FEEDS...")
@click.option("--once", is_flag=True, help="Ask each feed that is due once, and end: for cron.")
@click.option("--state", "shows_state", is_flag=True, help="Only say how the feeds are doing.")
@click.option("--every", "every_min", type=float, metavar="MINUTES", help="Between two polls of a feed.  [default: 30]")
@click.option("--verbose", is_flag=True, help="Also say which feeds had nothing new.")
@click.option("--allow-private", is_flag=True, help="Fetch addresses in private and local networks too.")
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Read with another model than the one that came with onrecord.",
)
@ledger_command
@click.pass_context
def watch(
    context: click.Context,
    feeds: tuple[str, ...],
    *,
    where: str | None,
    once: bool,
    shows_state: bool,
    every_min: float | None,
    verbose: bool,
    allow_private: bool,
    model: Path | None,
) -> None:
    """Watch feeds, and record what is new in them.

    FEEDS are addresses of feeds, and lists of them: OPML, or text with one address on a line. Without any, all feeds
    that this ledger was watching are watched on. Stop it with Ctrl-C; it goes on where it was.
    """
    from onrecord import ledger
    from onrecord.intake import IntakeSettings

    if shows_state:
        with open_ledger(where, read_only=True) as held:
            _print_state(held.find_feeds())
        return
    if every_min is not None and not 5 <= every_min <= 1440:
        raise Refusal(f"{every_min:g} is no pause between two polls; write minutes, from 5 up to a day (1440)")
    found = _find_feeds(feeds)
    load_reader: LoadsReader = context.obj or functools.partial(ledger.load_reader, model)
    settings = IntakeSettings(allow_private=allow_private)
    with open_ledger(where, create=bool(found)) as held, _stopping() as stop:
        remembered = held.find_feeds()
        if not feeds and not remembered:
            raise Refusal(f"{held.name}: no feed was watched yet; name one, or a list of feeds (OPML, or addresses)")
        count = len(found) or len(remembered)
        say(f"watching {counted(count, 'feeds')} into {held.name}; Ctrl-C stops it")
        try:
            tally = held.watch(
                found,
                settings=settings,
                once=once,
                every_s=None if every_min is None else 60 * every_min,
                load_reader=load_reader,
                on_event=lambda event: _tell(event, verbose=verbose),
                on_added=_print_added,
                sleep=stop.wait,
                should_stop=stop.is_set,
            )
        except KeyboardInterrupt:
            say("stopped; the same command goes on from here")
            context.exit(INTERRUPTED)
        came = f"{reports(tally.reports)}, {counted(tally.problems, 'problems')}"
        say(f"{counted(tally.polls, 'polls')}, {tally.failures:,} failed; {came}")
        context.exit(FAILED if once and (tally.failures or tally.problems) else 0)


def _find_feeds(origins: tuple[str, ...]) -> list[Feed]:
    from onrecord.intake.feeds import find_feeds

    found: list[Feed] = []
    for feed in find_feeds(origins, stdin=sys.stdin.buffer if sys.stdin else None):
        if isinstance(feed, InputError):
            say(str(feed))
        else:
            found.append(feed)
    if origins and not found:
        raise Refusal("no feed to watch in what was named")
    return found


@contextlib.contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that is set when the system asks the process to end, as it does with services."""
    stop = threading.Event()
    former = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, former)


def _tell(event: Event, *, verbose: bool) -> None:
    if verbose or event.kind != "unchanged":
        say(event.text)


def _print_added(reading: Reading, added: Added) -> None:
    for failure in reading.failures:
        say(str(InputError(failure.what, failure.where, failure.hint)))
    if reading.document:
        print_lines(added_line(added, reading))


def _print_state(feeds: list[Feed]) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    from onrecord.ledger.watching import STATE_COLUMNS, state_rows

    if not feeds:
        say("no feed was watched yet")
        return
    rows = [tuple(map(one_line, row)) for row in state_rows(feeds, datetime.now(UTC))]
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:  # whatever reads it wants a feed on a line, and all of it
        widths = [max(map(len, column)) for column in zip(STATE_COLUMNS, *rows, strict=True)]
        for row in (STATE_COLUMNS, *rows):
            print_lines("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        return
    table = Table(*(Column(name, overflow="fold") for name in STATE_COLUMNS), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console.print(table)
