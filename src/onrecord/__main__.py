"""``python -m onrecord``: the command line."""

import sys


def main() -> None:
    """Runs the command line; Ctrl-C while it is still being loaded is an exit status, not a traceback."""
    try:
        from onrecord.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
