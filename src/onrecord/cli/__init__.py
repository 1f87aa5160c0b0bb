"""The command line: a thin face of the ledger, and the only code that prints.

Whatever comes from a text goes through :func:`onrecord.cli.terminal.printable` on its way to a terminal. Libraries that
take time to load are imported where they are used: reading one file must begin at once.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import click

from onrecord.cli.reading import examples, read, schema
from onrecord.cli.record import COMMANDS
from onrecord.cli.serving import serve
from onrecord.cli.terminal import INTERRUPTED, Refusal, say
from onrecord.cli.watching import watch


@contextlib.contextmanager
def _in_one_line() -> Iterator[None]:
    """What click finds wrong with a call, as we say what is wrong: click would print the usage around it."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        called = error.ctx.command_path if error.ctx else "onrecord"
        said = error.format_message().rstrip(".")
        raise Refusal(f"{said}{'' if said.endswith('?') else ';'} `{called} --help` says what can be given") from None


class _Commands(click.Group):
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        # os.path.exists: Path.exists raises where a name is too long to exist.
        if self.get_command(ctx, word) is None and ("://" in word or os.path.exists(word)):  # noqa: PTH110
            raise Refusal(f"{word}: is an input, not a command; write: onrecord read {word}")
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _in_one_line():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _in_one_line():
                return super().invoke(ctx)
        except KeyboardInterrupt:  # click would say "Aborted!" and exit with 1
            say("stopped")
            ctx.exit(INTERRUPTED)


@click.group(
    "onrecord", cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="onrecord", message="%(prog)s %(version)s")
def main() -> None:
    """Read news reports and keep the record of who claims what.

    It shows who says so, in the words of the report. It never rules what is true.
    """


for _command in (read, examples, schema, *COMMANDS, watch, serve):
    main.add_command(_command)
