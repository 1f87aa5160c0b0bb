"""What a folder of readings is made with, and what its archives were divided into: one JSON object on each line."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.errors import UsageError
from onrecord.intake.archives import Place
from onrecord.model import Run

MANIFEST = "manifest.jsonl"

_FORMAT = 1


class Archive(NamedTuple):
    """A file to read: as it is opened everywhere, as the user wrote it, and as it is now."""

    path: str
    shown: str
    size: int
    changed: int


class Plan(NamedTuple):
    """An archive as it was when it was divided.

    Attributes:
        path: the archive, absolute.
        size: in bytes.
        changed: when it was last changed, in nanoseconds, as the file system says.
        pages: how many there are.
        parts: where each begins, and its pages.
        skipped: what is no page, by why.
        failure: why it could not be divided.
    """

    path: str
    size: int
    changed: int
    pages: int = 0
    parts: tuple[tuple[Place, int], ...] = ()
    skipped: dict[str, int] = {}  # noqa: RUF012 - nobody writes to it
    failure: str = ""


def open_manifest(folder: Path, run: Run, archives: Iterable[Archive]) -> dict[str, Plan]:
    """What an earlier run has divided of these archives, by path; begins a manifest if there is none.

    Raises:
        UsageError: the folder holds readings of another kind, or an archive has changed since.
    """
    path = folder / MANIFEST
    other = "name another folder"
    if not path.exists():
        if any(folder.glob("*.parquet")):
            raise UsageError(f"{folder}: holds Parquet that no run of onrecord says it wrote; {other}")
        _write_whole(path, _line({"format": _FORMAT, "run": _run_record(run)}))
        return {}
    head, *lines = path.read_bytes().split(b"\n")
    try:
        header = json.loads(head)
        is_ours = header["format"] == _FORMAT
        before: dict[str, Any] = dict(header["run"])
    except (ValueError, TypeError, KeyError):
        raise UsageError(f"{path}: is damaged, or none of ours; {other}") from None
    if not is_ours:
        raise UsageError(f"{path}: was written by another version of onrecord; {other}")
    for name, now in _run_record(run).items():
        if before.get(name) != now:
            what = f"holds readings with {name} {_shown(before.get(name))}, and now it is {_shown(now)}"
            raise UsageError(f"{folder}: {what}; they are not mixed: {other}")
    plans: dict[str, Plan] = {}
    by_path = {archive.path: archive for archive in archives}
    kept = [head]
    for number, line in enumerate(lines, 2):
        try:
            plan = _plan_of(json.loads(line)) if line else None
        except (ValueError, TypeError, KeyError, AttributeError):
            if number == len(lines) + 1:  # it was being written when the run was stopped
                continue
            raise UsageError(f"{path}: line {number} is damaged; {other}") from None
        if plan is None:
            continue
        kept.append(line)
        archive = by_path.get(plan.path)
        if archive and (archive.size, archive.changed) != (plan.size, plan.changed):
            raise UsageError(f"{archive.shown}: has changed since {folder} was begun; {other}")
        if archive:
            plans[plan.path] = plan
    if lines and lines[-1]:
        _write_whole(path, b"\n".join(kept) + b"\n")
    return plans


def add_to_manifest(folder: Path, plan: Plan) -> None:
    """Keeps into what an archive was divided."""
    with (folder / MANIFEST).open("ab") as stream:
        stream.write(_line(plan._asdict()))
        stream.flush()
        os.fsync(stream.fileno())


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode() + b"\n"


def _plan_of(record: dict[str, Any]) -> Plan:
    parts = tuple((Place(*start), int(count)) for start, count in record.pop("parts"))
    return Plan(parts=parts, **record)


def _run_record(run: Run) -> dict[str, Any]:
    return {"version": run.version, "model": run.model, "settings": list(run.settings)}


def _shown(value: object) -> str:
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value)) or "none"


def _write_whole(path: Path, content: bytes) -> None:
    beside = path.with_name(f".part-{path.name}.{secrets.token_hex(4)}")
    beside.write_bytes(content)
    beside.replace(path)


def reason_of(error: OSError) -> str:
    """What the system says is wrong, in its own words; pyarrow wraps them in some of its."""
    return os.strerror(error.errno).lower() if error.errno else " ".join(str(error).split())[:100] or "unknown reason"
