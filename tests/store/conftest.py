"""What the tests of the ledger share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onrecord.ledger import Ledger
from tests.store.histories import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(where: str, clock: Clock) -> Iterator[Ledger]:
    with Ledger(where, create=True, who="Mila", clock=clock) as opened:
        yield opened
