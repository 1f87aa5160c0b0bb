"""Whatever happens to a ledger, it answers as if it looked at everything, and it can prove what it holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onrecord.errors import NotFound
from onrecord.model import Claim
from tests.store.histories import History, questions
from tests.store.oracle import answers

# The same histories on every machine and in both stores, so that these are compared with each other as well.
fixed = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to make a history smaller takes minutes; it is short as it is
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@fixed
@given(data=st.data())
def test_every_question_is_answered_as_by_looking_at_everything(
    new_place: Callable[[], str], data: st.DataObject
) -> None:
    with History(new_place()) as history:
        for _ in range(data.draw(st.integers(3, 9), "steps")):
            history.go_on(data.draw)
        for _ in range(12):
            question, wanted, as_of = data.draw(questions(history), "question")
            try:
                expected = history.oracle.ask(question, wanted, as_of)
            except NotFound:
                with pytest.raises(NotFound):
                    history.ledger.ask(question)
                continue
            assert answers(history.ledger.find_claims(question)) == expected
            assert answers(in_pages(history, question, data.draw(st.integers(1, 4), "limit"))) == expected
        assert history.ledger.get_head()[0] == history.oracle.seq
        assert list(history.ledger.verify()) == []


def in_pages(history: History, question: object, limit: int) -> list[Claim]:
    claims: list[Claim] = []
    after = ""
    while True:
        page = history.ledger.ask(question, limit=limit, after=after)
        claims += page.claims
        if not page.after:
            return claims
        assert len(page.claims) == limit
        after = page.after
