"""What watching remembers of each feed: no part of the record, and overwritten at every poll."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, select

from onrecord.store import schema
from onrecord.store.store import Store


def load_feeds(store: Store) -> list[dict[str, Any]]:
    """The state of every feed that was watched, as it was saved."""
    with store.reading() as connection:
        return [json.loads(state) for state in connection.execute(select(schema.feed.c.state)).scalars()]


def save_feed(store: Store, url: str, state: dict[str, Any]) -> None:
    """Remembers the state of a feed in the place of the one before."""
    with store.guard(), store.dialect.writer.begin() as connection:
        store.dialect.lock(connection)
        connection.execute(delete(schema.feed).where(schema.feed.c.url == url))
        connection.execute(schema.feed.insert(), {"url": url, "state": json.dumps(state)})
