"""The commands of the ledger: add, ask, show, decide, prove, take out and in."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from onrecord.cli.reading import make_settings, not_empty, reading_options
from onrecord.cli.shown import (
    Names,
    added_line,
    claim_lines,
    concerns_party,
    decision_json,
    decision_lines,
    diff_lines,
    document_json,
    document_lines,
    find_hint,
    party_json,
    party_line,
    show_claim,
    show_document,
    show_party,
    told,
)
from onrecord.cli.terminal import (
    FAILED,
    INTERRUPTED,
    PIPE_CLOSED,
    USAGE,
    NotWritten,
    Progress,
    Refusal,
    counted,
    duration,
    instead,
    named_file,
    one_line,
    printable,
    reports,
    say,
    say_left_out,
    whole_file,
    why,
    writing,
)
from onrecord.errors import DecodeError, InputError, LedgerError, NotFound, OnrecordError, UsageError

if TYPE_CHECKING:
    from onrecord.ledger import Ledger, LoadsReader
    from onrecord.model import Decision, Entry, Question

Command = TypeVar("Command", bound=Callable[..., Any])

_LEDGER = click.option(
    "--ledger",
    "where",
    metavar="PATH|URL",
    help="The ledger: a file, or postgresql://…  [default: $ONRECORD_LEDGER, or onrecord.db here]",
)
_word = functools.partial(click.option, callback=not_empty)
_NEXT = _word("--next", "after", metavar="MARK", help="Go on after a page, by the mark that it ended with.")
_WHY = click.option("--why", required=True, metavar="TEXT", help="Your reason; it is recorded with the decision.")


def ledger_command(command: Command) -> Command:
    """A command with a ledger; what goes wrong with it is one line."""

    @_LEDGER
    @functools.wraps(command)
    def run(*args: Any, where: str | None, **kwargs: Any) -> None:
        try:
            command(*args, where=where, **kwargs)
        except NotWritten as error:
            _end_unwritten(error)
        except (UsageError, NotFound) as error:
            raise Refusal(str(error)) from None
        except OnrecordError as error:
            say(str(error))
            click.get_current_context().exit(FAILED)

    return run  # type: ignore[return-value]  # it takes the same, and the ledger


def _end_unwritten(error: NotWritten) -> None:
    context = click.get_current_context()
    if sys.stdout is not None:  # Python, too, would complain on closing it
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error.reason, BrokenPipeError):  # whoever read it has seen enough
        context.exit(PIPE_CLOSED)
    say(f"{error.what} cannot be written ({why(error.reason)}); {instead(error.reason)}")
    context.exit(FAILED)


def open_ledger(where: str | None, *, create: bool = False, read_only: bool = False) -> Ledger:
    """The ledger that was named, or the one that is meant where none was."""
    from onrecord.ledger import Ledger

    return Ledger(where, create=create, read_only=read_only)


def print_lines(*lines: str) -> None:
    """Prints lines; what cannot be written ends the command."""
    with writing("the output"):
        for line in lines:
            click.echo(printable(line))  # whatever comes from a text, once more and for all
        sys.stdout.flush()


# --- adding ----------------------------------------------------------------------------------------------------------


@click.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@reading_options
@ledger_command
@click.pass_context
def add(
    context: click.Context,
    /,
    inputs: tuple[str, ...],
    *,
    where: str | None,
    workers: int | None,
    model: Path | None,
    **_settings: Any,
) -> None:
    """Read reports and record who says what in them.

    INPUT is all that `read` takes, and Parquet files of readings. What is recorded already stays as it is: a command
    that was stopped can be given again, and does the rest. Of a page that changed, the new version counts.
    """
    if not inputs:
        if sys.stdin is None or sys.stdin.isatty():
            _say_no_input(context)
        inputs = ("-",)
    from onrecord import ledger
    from onrecord.intake import count_inputs

    settings = make_settings(**context.params)
    ledger.check_settings(settings, datetime.now(UTC))
    _check_any_there(context, inputs)
    load_reader: LoadsReader = context.obj or functools.partial(ledger.load_reader, model)
    progress = Progress(count_inputs(inputs)) if sys.stderr is not None and sys.stderr.isatty() else None
    counts: dict[str, int] = {}
    failed = 0
    held = open_ledger(where, create=True)
    try:
        with held:
            added = held.add_inputs(
                inputs,
                settings=settings,
                workers=workers,
                load_reader=load_reader,
                stdin=sys.stdin.buffer if sys.stdin else None,
                on_finished=progress.finish_input if progress else None,
                on_left_out=functools.partial(_say_left_out, held.name),
            )
            with contextlib.closing(added):
                for reading, one in added:
                    counts[one.outcome] = counts.get(one.outcome, 0) + 1
                    failed += bool(reading.failures)
                    if progress:
                        progress.clear()
                    for failure in reading.failures:
                        say(str(InputError(failure.what, failure.where, failure.hint)))
                    if reading.document:
                        print_lines(added_line(one, reading))
                    if progress:
                        progress.show(sum(counts.values()), failed)
    except KeyboardInterrupt:
        if progress:
            progress.clear()
        say(f"stopped; {reports(sum(counts.values()))} recorded in {held.name}; the same command goes on from here")
        context.exit(INTERRUPTED)
    took = progress.finish() if progress else ""
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    say(f"{held.name}: {kinds or 'nothing to add'}{took}")
    context.exit(FAILED if failed else 0)


def _check_any_there(context: click.Context, inputs: Sequence[str]) -> None:
    """Refuses inputs of which none is there: it is a slip, and nothing that a ledger should remember."""
    from onrecord.intake import STANDARD_INPUT, find_inputs, is_address

    if any(one == STANDARD_INPUT or is_address(one) or os.path.lexists(one) for one in inputs):
        return
    for failure in (failure for one in inputs for failure in find_inputs(one)):
        say(str(failure))
    context.exit(USAGE)


def _say_left_out(ledger: str, path: str, what: str) -> None:
    if os.path.realpath(path) != os.path.realpath(ledger):  # nobody means the one that it is read into
        say_left_out(path, what)


def _say_no_input(context: click.Context) -> None:
    say("no INPUT is named; name a file, a folder or an address, or pipe a text into the command")
    click.echo(f"\n{context.get_help()}", err=True)
    context.exit(USAGE)


@click.command()
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Read with another model than the one that came with onrecord.",
)
@ledger_command
@click.pass_context
def reread(context: click.Context, *, where: str | None, model: Path | None) -> None:
    """Read every recorded document again with the model of today.

    The new readings count from then on; the earlier ones stay, and can be compared with `diff-runs`.
    """
    from onrecord import ledger

    load_reader: LoadsReader = context.obj or functools.partial(ledger.load_reader, model)
    total = 0
    with open_ledger(where) as held:
        for one in held.reread(load_reader=load_reader):
            total += 1
            print_lines(
                f"{one.document}  {one.outcome}  ({told(one.changes) if one.changes else 'nothing to compare'})"
            )
        say(f"{held.name}: {reports(total)} read again")


# --- asking ----------------------------------------------------------------------------------------------------------


class _Named(click.Choice[str]):
    """One of several names, of which the words may be joined by hyphens, underscores or spaces."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        meant = next((one for one in self.choices if _hyphened(one) == _hyphened(value)), value)
        return super().convert(meant, param, ctx)


def _hyphened(name: str) -> str:
    return re.sub("[_ ]", "-", name)


def _choices(enum: Iterable[str]) -> click.Choice[str]:
    return _Named([value.replace(" ", "-") for value in enum])


def question_options(command: Command) -> Command:
    """What can be asked; see Question in the library."""
    from onrecord.model import Stance, Status

    options = (
        _word("--party", metavar="NAME|ID", help="Who says it; whoever speaks for them counts too."),
        click.option("--only-itself", is_flag=True, help="Leave out those who speak for the party."),
        _word("--about", metavar="NAME|ID", help="A party that the claim names."),
        click.option("--stance", multiple=True, type=_choices(Stance), help="How it is meant; several: any of them."),
        _word("--words", metavar="TEXT", help='Words of the claim; "a phrase"; a beginning: sanction*.'),
        _word("--place", metavar="NAME|GEONAMES", help="A place that the claim names."),
        _word("--publisher", metavar="NAME", help="The outlet."),
        _word("--said-before", "--before", metavar="DATE", help="Said before this day, month or year."),
        _word("--said-after", "--after", metavar="DATE", help="Said after it."),
        _word("--acted-before", metavar="DATE", help="Tells of an act before this day, month or year."),
        _word("--acted-after", metavar="DATE", help="Tells of an act after it."),
        _word("--act", metavar="KIND", help="Tells of such an act: transfer, attack, … or a PLOVER type: AID."),
        click.option("--status", multiple=True, type=_choices(Status), help="How far the act has come."),
        _word("--figure", metavar="WORD", help="Has a figure that counts this, or with this unit."),
        click.option("--at-least", type=float, metavar="N", help="The figure can be this or more."),
        click.option("--at-most", type=float, metavar="N", help="The figure can be this or less."),
        click.option(
            "--voice",
            type=click.Choice(["party", "publisher", "any"]),
            default="party",
            show_default=True,
            help="Whose voice: a party that is cited, or the publisher's own.",
        ),
        _word("--as-of", metavar="DATE|TIME", help="What the ledger held at the end of this day."),
        click.option("--superseded", is_flag=True, help="Claims that later versions or readings no longer have."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def make_question(**options: Any) -> Question:
    """The question that options of the command line ask."""
    from onrecord.model import Question, Stance, Status, Voice

    voice = options.pop("voice")
    stances = tuple(Stance(name) for name in options.pop("stance"))
    statuses = tuple(Status(name.replace("-", " ")) for name in options.pop("status"))
    given = {name: value for name, value in options.items() if value is not None}
    return Question(stance=stances, status=statuses, voice=None if voice == "any" else Voice(voice), **given)


@click.command()
@question_options
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Claims to show.")
@_NEXT
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each claim.")
@ledger_command
def claims(*, where: str | None, limit: int, after: str, as_json: bool, **options: Any) -> None:
    """Find claims: who said what, when, where, of which act.

    All that is asked must hold. Denials by Iran before 5 November 2022 are
    `onrecord claims --party Iran --stance deny --before 2022-11-05`.
    """
    question = make_question(**options)
    with open_ledger(where, read_only=True) as held:
        page = held.ask(question, limit=limit, after=after)
        if as_json:
            from onrecord.ledger.excerpts import encode_lines

            print_lines(*(line.decode() for line in encode_lines(page.claims)))
        else:
            for claim in page.claims:
                print_lines(*claim_lines(claim), "")
        _say_who_is_meant(held, question)
        hint = "" if page.claims or after else find_hint(held, question)
    if not page.claims:
        say("no more claims" if after else "; ".join(filter(None, ("no claim answers that", hint))))
    elif page.after:
        say(f"there are more; go on with --next {page.after}")


def _say_who_is_meant(held: Ledger, question: Question) -> None:
    for named in filter(None, (question.party, question.about)):
        parties = held.find_parties(named)
        if len(parties) > 1:
            say(f"{named!r} may be any of: " + ", ".join(f"{one_line(one.name)} ({one.id})" for one in parties))


@click.command("list")
@click.argument("what", type=click.Choice(["parties", "documents"]))
@click.argument("words", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="So many.")
@_NEXT
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each.")
@ledger_command
def list_(what: str, words: tuple[str, ...], *, where: str | None, limit: int, after: str, as_json: bool) -> None:
    """List parties by name, or documents, the last recorded first.

    With WORDS only those that have all of them: parties in a name, documents in their address.
    """
    asked = " ".join(words)
    with open_ledger(where, read_only=True) as held:
        if what == "parties":
            parties, mark = held.list_parties(asked, limit=limit, after=after)
            names = Names(held)
            lines = [party_json(one) if as_json else party_line(one, names) for one in parties]
        else:
            entries, mark = held.list_documents(asked, limit=limit, after=after)
            lines = [line for one in entries for line in ([document_json(one)] if as_json else document_lines(one))]
        print_lines(*lines)
    if mark:
        say(f"there are more; go on with --next {mark}")
    elif not lines and words and not after and what == "documents":
        say("no document has that in its address; titles and texts are not looked through")
    elif not lines:
        say(f"no more {what}" if after else f"the ledger has no {what} {'like that' if words else 'yet'}")


@click.command()
@click.argument("identity", metavar="ID")
@ledger_command
def show(identity: str, *, where: str | None) -> None:
    """Show one thing by its id, or the beginning of it: a claim, document, party, reading or decision.

    A claim is shown with its sentence, its chain of nesting, its run, and all that happened to it.
    """
    from onrecord.model import ThingKind

    with open_ledger(where, read_only=True) as held:
        try:
            kind, whole = held.get_thing(identity)
        except NotFound as error:
            if re.fullmatch("[0-9a-f]*", identity):
                raise
            raise NotFound(f"{error}; names: `onrecord list parties {shlex.quote(identity)}`") from None
        names, undone = Names(held), held.find_undone()
        about: Iterable[Decision] = held.find_decisions(whole)
        if kind is ThingKind.CLAIM:
            lines = show_claim(held, held.get_claim(whole))
        elif kind is ThingKind.PARTY:
            lines = show_party(held, whole)
            about = (one for one in held.find_decisions() if concerns_party(one, whole))
        elif kind is ThingKind.DECISION:
            lines = decision_lines(held.get_decision(whole), names, is_undone=whole in undone)
        else:
            lines = show_document(held, held.get_entry(whole))
        for one in about:
            lines += decision_lines(one, names, is_undone=one.id in undone)
        print_lines(*lines)


# --- people's decisions ----------------------------------------------------------------------------------------------


def _print_decisions(held: Ledger, decisions: Sequence[Decision]) -> None:
    names = Names(held)
    for decision in decisions:
        print_lines(*decision_lines(decision, names))
        say(f"recorded; `onrecord undo {decision.id} --why …` takes it back")


@click.command()
@click.argument("party")
@click.argument("into")
@_WHY
@ledger_command
def merge(party: str, into: str, *, where: str | None, **said: str) -> None:
    """Say that PARTY and INTO are one and the same, by id or name."""
    with open_ledger(where) as held:
        _print_decisions(held, [held.merge(party, into, **said)])


@click.command()
@click.argument("party")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@click.option("--name", required=True, metavar="NAME", help="What the other party is called.")
@_WHY
@ledger_command
def split(party: str, documents: tuple[str, ...], *, where: str | None, name: str, **said: str) -> None:
    """Say that in these documents PARTY is somebody else than elsewhere."""
    with open_ledger(where) as held:
        _print_decisions(held, held.split(party, documents, name, **said))


@click.command()
@click.argument("claim")
@click.argument("field")
@click.argument("value")
@click.option("--new", "is_new", is_flag=True, help="VALUE is the name of a party that the ledger does not know.")
@_WHY
@ledger_command
def correct(claim: str, field: str, value: str, *, where: str | None, is_new: bool, why: str) -> None:
    """Correct a field of a CLAIM: stance, said_on or party; act.1.status; figure.1.low.

    `onrecord show CLAIM` has the numbers of its acts and figures. A party is given by its id or name, or '' for nobody.
    """
    with open_ledger(where) as held:
        try:
            decision = held.correct(claim, field, value, why=why, is_new=is_new)
        except NotFound as error:
            if field == "party" and "knows no party" in str(error):
                raise NotFound(f"{error}; if it is one that the ledger does not know, add --new") from None
            raise
        _print_decisions(held, [decision])


@click.command()
@click.argument("party")
@click.argument("body", metavar="FOR")
@_WHY
@ledger_command
def speaks(party: str, body: str, *, where: str | None, **said: str) -> None:
    """Say that PARTY speaks for another, wherever it does: by id or name.

    Claims of PARTY then answer questions about the other, as those of a spokesman do whom the text calls one.
    """
    with open_ledger(where) as held:
        _print_decisions(held, [held.speaks(party, body, **said)])


@click.command()
@click.argument("identity", metavar="ID")
@_WHY
@ledger_command
def retract(identity: str, *, where: str | None, **said: str) -> None:
    """Take a reading, or a document with all its readings, out of what counts. Nothing is lost."""
    with open_ledger(where) as held:
        whole, undone = held.get_thing(identity)[1], held.find_undone()
        if any(one.kind == "retract" and one.id not in undone for one in held.find_decisions(whole)):
            raise Refusal(f"{whole} is retracted already; nothing was recorded")
        _print_decisions(held, [held.retract(whole, **said)])


@click.command()
@click.argument("identity", metavar="ID")
@click.argument("text")
@ledger_command
def note(identity: str, text: str, *, where: str | None) -> None:
    """Put a note beside anything that has an id."""
    with open_ledger(where) as held:
        _print_decisions(held, [held.note(identity, text)])


@click.command()
@click.argument("decision")
@_WHY
@ledger_command
def undo(decision: str, *, where: str | None, **said: str) -> None:
    """Undo a decision. Undoing can be undone."""
    with open_ledger(where) as held:
        whole, undone = held.get_decision(decision).id, held.find_undone()
        if whole in undone:
            raise Refusal(f"{whole} is undone already; nothing was recorded")
        _print_decisions(held, [held.undo(whole, **said)])


@click.command()
@click.option("--orphans", is_flag=True, help="Only corrections that have no effect on what counts now.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each.")
@ledger_command
def decisions(*, where: str | None, orphans: bool, as_json: bool) -> None:
    """List what people decided, in order."""
    with open_ledger(where, read_only=True) as held:
        found = (decision for decision, _ in held.find_orphans()) if orphans else held.find_decisions()
        names, undone = Names(held), held.find_undone()
        for decision in found:
            is_undone = decision.id in undone
            if as_json:
                print_lines(decision_json(decision, is_undone=is_undone))
            else:
                print_lines(*decision_lines(decision, names, is_undone=is_undone))


# --- runs ------------------------------------------------------------------------------------------------------------


@click.command()
@ledger_command
def runs(*, where: str | None) -> None:
    """List the runs whose readings the ledger holds: version, model and settings of each."""
    with open_ledger(where, read_only=True) as held:
        for one in held.find_runs():
            facts = (f"onrecord {one.run.version}", f"model {one.run.model}", ", ".join(one.run.settings))
            print_lines(
                f"{one.id}  {one_line(' · '.join(filter(None, facts)))}",
                f"    {counted(one.readings, 'readings')}, {one.first} to {one.last}",
            )


@click.command()
@click.argument("former")
@click.argument("latter")
@ledger_command
def diff(former: str, latter: str, *, where: str | None) -> None:
    """Compare the claims of two versions of a page, or of any two documents or readings, by their ids."""
    with open_ledger(where, read_only=True) as held:
        one, other = held.get_entry(former), held.get_entry(latter)
        changes = held.compare_versions(former, latter)
        print_lines(*diff_lines(one, other, changes), told(changes))


@click.command("diff-runs")
@click.argument("former")
@click.argument("latter")
@ledger_command
def diff_runs(former: str, latter: str, *, where: str | None) -> None:
    """Compare two runs on the documents that both read. `onrecord runs` has their ids."""
    totals = {"appeared": 0, "vanished": 0, "changed": 0, "as before": 0}
    count = 0
    with open_ledger(where, read_only=True) as held:
        for one, other, changes in held.compare_runs(former, latter):
            count += 1
            totals["appeared"] += len(changes.appeared)
            totals["vanished"] += len(changes.vanished)
            totals["changed"] += len(changes.changed)
            totals["as before"] += len(changes.same)
            if changes.appeared or changes.vanished or changes.changed:
                print_lines(*diff_lines(one, other, changes))
    print_lines(f"{counted(count, 'documents')}: " + ", ".join(f"{number:,} {what}" for what, number in totals.items()))


# --- proving, out and in ---------------------------------------------------------------------------------------------


@click.command()
@_word("--head", metavar="HASH", help="Also check that the ledger goes on from this hash.")
@click.option("--deep", is_flag=True, help="Also build the whole index anew beside it, and compare; takes its room.")
@ledger_command
@click.pass_context
def verify(context: click.Context, *, where: str | None, head: str, deep: bool) -> None:
    """Check the ledger: its log, every record, every span, and that what counts is found by its words.

    That names, numbers and the days of former readings are as the record makes them, `--deep` checks.
    It ends with the hash that proves all of it; note that down, and `--head` proves later that nothing was changed.
    """
    head = head.strip().lower()
    if head and not re.fullmatch(r"[0-9a-f]{64}", head):
        raise Refusal(f"{head[:80]!r} is no hash; a hash is 64 digits and letters a to f, all of which are needed")
    count, unread = 0, ""
    holds: tuple[str, ...] = ()
    with open_ledger(where, read_only=True) as held, _counting("rows checked") as on_row:
        try:
            holds = _what_it_holds(held)  # before: what is added meanwhile is not checked
        except LedgerError as error:
            unread = str(error)
        for fault in held.verify(deep=deep, on_row=on_row):
            count += 1
            say(f"{fault.where}: {fault.what}")
        if unread and not count:
            count += 1
            say(unread)
        if head and not unread and not held.has_row(head):
            count += 1
            say(f"no row has the hash {head}: something up to it was changed, or this is another ledger")
    if holds:
        print_lines(", ".join(holds[:-1]), holds[-1])
    say("everything is as it was recorded" if not count else counted(count, "faults"))
    context.exit(FAILED if count else 0)


def _what_it_holds(held: Ledger) -> tuple[str, ...]:
    """How much of each there is, and what proves it."""
    (rows, last), things = held.get_head(), held.count_things()
    counts = (counted(number, what) for what, number in things.items())
    return (*counts, f"{counted(rows, 'rows')}, hash {last or 'none'}")


@contextlib.contextmanager
def _counting(what: str) -> Iterator[Callable[..., None]]:
    """A line on standard error that counts, on a terminal."""
    import time

    shown, started, count = 0.0, time.monotonic(), 0

    def step(done: int = 0, total: int = 0) -> None:
        nonlocal shown, count
        count = done or count + 1
        now = time.monotonic()
        if sys.stderr is not None and sys.stderr.isatty() and now - max(shown, started) > 0.2:
            left = f" of {total:,} · {duration((total - count) * (now - started) / count)} left" if total else ""
            sys.stderr.write(f"\r\x1b[K{count:,}{left} {what}")
            sys.stderr.flush()
            shown = now

    try:
        yield step
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


_NATIVE = "native"


@click.command()
@click.argument("target", metavar="[FILE]", callback=named_file, default="-")
@_word(
    "--format",
    "form",
    metavar="NAME",
    help="native, which holds everything; or jsonl, csv, parquet, jsonld, annotations, ftm, stix, prov, geojson."
    "  [default: what the ending of FILE says, as .csv; native for .jsonl and without an ending]",
)
@_word("--table", metavar="NAME", help="Of csv and parquet: which table.  [default: claims]")
@_word("--base", metavar="URL", help="Where the ledger is served, for the addresses in it.")
@click.option("--everything", is_flag=True, help="Also readings that count no more.")
@question_options
@ledger_command
def export(
    target: Path, *, where: str | None, form: str, table: str, base: str, everything: bool, **options: Any
) -> None:
    """Write the ledger into FILE, or what answers a question; a name that ends in .gz is compressed.

    The native format holds all of it, and `import` makes the same ledger of it again. The others are for other
    programs, and take the options of `claims`.
    """
    from onrecord.codec.exchange import FORMATS
    from onrecord.model import Question

    form = form or _format_of(target)
    if form not in (_NATIVE, *FORMATS):
        raise Refusal(f"{form[:40]!r} is no format; write one of: {', '.join((_NATIVE, *FORMATS))}")
    question = make_question(**options)
    is_whole = question == Question()
    if table and not (form in FORMATS and FORMATS[form].tables):
        raise Refusal(f"{form} has no tables; name --format csv or parquet, or a FILE that ends so")
    table = table or "claims"
    counts = {"documents": 0, "claims": 0}
    with open_ledger(where, read_only=True) as held:
        if form == _NATIVE:
            if not is_whole or everything:
                raise Refusal("the native format holds the whole ledger; name another --format to write a part of it")
            pieces = held.export()
        else:
            chosen = FORMATS[form]
            entries = _counted(held.find_entries(None if is_whole else question, everything=everything), counts)
            pieces = chosen.encode(entries, **({"table": table} if chosen.tables else {"base": base}))
        with whole_file(target) as file, _counting("pieces") as on_piece:
            for piece in pieces:
                file.write(piece)
                on_piece()
        if not is_whole and not counts["claims"]:
            say("; ".join(filter(None, ("no claim answers that", find_hint(held, question)))))
    if str(target) != "-":
        what = "documents" if table == "documents" else "claims"
        say(f"wrote {target}" + (f" ({counted(counts[what], what)})" if form != _NATIVE else ""))


def _counted(entries: Iterable[Entry], counts: dict[str, int]) -> Iterator[Entry]:
    """The same entries, counted, and their claims, as they are taken."""
    for entry in entries:
        counts["documents"] += entry.reading.document is not None
        counts["claims"] += len(entry.reading.attributions)
        yield entry


def _format_of(target: Path) -> str:
    """The format that the ending of a file says. Lines of JSON hold the whole ledger, unless another is named."""
    from onrecord.codec.exchange import FORMATS

    name = target.name.lower().removesuffix(".gz")
    fits = [one for one in FORMATS.values() if name.endswith(one.suffix)]
    if fits:
        best = max(fits, key=lambda one: len(one.suffix))  # of .jsonld the first, schema.org
        return _NATIVE if best.suffix == ".jsonl" else best.name
    ending = Path(name).suffix
    if ending:
        several = ", ".join((_NATIVE, *FORMATS))
        raise Refusal(f"{target}: {ending[:20]} says no format; add --format with one of: {several}")
    return _NATIVE


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@ledger_command
def import_(path: Path, *, where: str | None) -> None:
    """Take in a whole ledger that `onrecord export` wrote, into an empty one.

    All of it is checked first. Stopped in between, it goes on when the command is given again.
    """
    if not path.is_file():
        raise Refusal(f"{path}: there is no such file; name what `onrecord export` wrote")
    from onrecord.ledger import check_export

    with _counting("rows") as on_row:
        try:
            total = check_export(path, on_row=on_row)  # all of it, before there is a ledger
        except DecodeError as error:
            raise DecodeError(f"{path}: {error}") from None
        with open_ledger(where, create=True) as held:
            taken = held.import_file(path, total, on_row=on_row)
    say(f"{held.name}: {counted(taken, 'rows')} taken in")


@click.command()
@click.argument("target", metavar="FILE", callback=named_file)
@ledger_command
def backup(target: Path, *, where: str | None) -> None:
    """Copy the ledger into FILE, which is a ledger itself; others may go on reading and writing."""
    with open_ledger(where, read_only=True) as held, writing(str(target)):
        if target.parent.is_dir() and not target.exists():
            tempfile.TemporaryFile(dir=target.parent).close()  # a database would not say why it cannot
        held.back_up(target)
    say(f"{target}: holds a copy of {held.name}")


@click.command()
@ledger_command
def status(*, where: str | None) -> None:
    """Say what the ledger holds."""
    with open_ledger(where, read_only=True) as held:
        print_lines(held.name, *(f"  {line}" for line in _what_it_holds(held)))


COMMANDS = (
    add,
    reread,
    claims,
    list_,
    show,
    merge,
    split,
    correct,
    speaks,
    retract,
    note,
    undo,
    decisions,
    runs,
    diff,
    diff_runs,
    verify,
    export,
    import_,
    backup,
    status,
)
