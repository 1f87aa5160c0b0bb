"""The command that serves the ledger over HTTP."""

from __future__ import annotations

import click

from onrecord.cli.record import ledger_command
from onrecord.cli.terminal import say


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Where to answer. Under any address but the default, others can read the ledger.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, metavar="N", help="0 for any free one."
)
@click.option(
    "--base",
    default="",
    metavar="URL",
    help="How addresses in answers begin, where a web server before this one is asked under another name.",
)
@ledger_command
def serve(*, where: str | None, host: str, port: int, base: str) -> None:
    """Show the ledger in a browser, and answer programs over HTTP, until Ctrl-C.

    It only reads: what people decide is recorded with the other commands. Only this machine can reach it, unless --host
    names another address.
    """
    from onrecord.web import server

    def tell(address: str, name: str, is_open: bool) -> None:
        say(f"{address} shows {name}; Ctrl-C ends it")
        if is_open:
            say("it asks for no password: everyone who can reach this machine at this port can read all of the ledger")

    server.serve(where, host=host, port=port, base=base, on_ready=tell)
    say("stopped")
