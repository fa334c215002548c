"""A transaction's parts have names, and a refusal says which it was."""

from typing import Any

import pytest
from pynamodb.exceptions import TransactWriteError

from antrean.domain.errors import Unavailable
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import connect
from antrean.store.items.job_cursor import CursorItem
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction
from tests.engines.errors import (
    CONFLICT_REASON,
    NO_REASON,
    answer_lost,
    throttled,
    transaction_cancelled,
)
from tests.support.worlds import World, deadline

ABSENT, THERE = CursorItem.pk.does_not_exist(), CursorItem.pk.exists()
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}


def item(name: str) -> CursorItem:
    return CursorItem(pk="P", sk=name, last=name)


def of_all_kinds() -> Transaction:
    """Parts in an order that is not the one in which PynamoDB sends them."""
    writing = Transaction()
    writing.update("update", item("u"), [CursorItem.last.set("x")], THERE)
    writing.put("put", item("p"), ABSENT)
    writing.delete("delete", item("d"), THERE)
    writing.check("check", item("c"), THERE)
    writing.put("put too", item("q"), ABSENT)
    return writing


def prepare(*there: str) -> None:
    writing = Transaction()
    for name in there:
        writing.put(name, item(name))
    writing.commit(deadline())


@pytest.mark.parametrize(
    ("there", "refused"),
    [
        ("dc", {"update"}),
        ("uc", {"delete"}),
        ("ud", {"check"}),
        ("udcp", {"put"}),
        ("udcq", {"put too"}),
        ("dpq", {"update", "check", "put", "put too"}),
    ],
)
def test_a_refusal_names_those_parts_that_did_not_hold(
    world: World, there: str, refused: set[str]
) -> None:
    prepare(*there)
    with pytest.raises(Refused) as raised:
        of_all_kinds().commit(deadline())
    assert raised.value.names == refused


def test_all_parts_are_written_or_none(world: World) -> None:
    prepare("u", "d")
    before = world.client.items("antrean")
    with pytest.raises(Refused):
        of_all_kinds().commit(deadline())
    assert world.client.items("antrean") == before
    prepare("c")
    of_all_kinds().commit(deadline())
    assert {each["sk"]["S"]: each["last"]["S"] for each in world.client.items("antrean")} == {
        "c": "c",
        "p": "p",
        "q": "q",
        "u": "x",
    }


class Stumbling:
    """Answers with the given errors first, and notes the token of every attempt."""

    def __init__(self, client: Any, *errors: Exception) -> None:
        self._client, self._errors = client, list(errors)
        self.meta, self._request_signer = client.meta, client._request_signer
        self.tokens: list[str] = []

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> Any:
        self.tokens.append(request["ClientRequestToken"])
        if self._errors:
            raise self._errors.pop(0)
        return self._client._make_api_call(operation, request)


def cancelled(*reasons: dict[str, Any]) -> Exception:
    return transaction_cancelled("TransactWriteItems", reasons)


def a_put() -> Transaction:
    writing = Transaction()
    writing.put("first", item("1"), ABSENT)
    writing.put("second", item("2"), ABSENT)
    return writing


def test_attempts_carry_one_token_so_that_they_count_once(world: World) -> None:
    stumbling = Stumbling(
        world.client,
        answer_lost(),
        throttled("TransactWriteItems"),
        cancelled(NO_REASON, CONFLICT_REASON),
    )
    connect(stumbling)
    a_put().commit(deadline())
    connect(world.client)
    assert len(stumbling.tokens) == 4
    assert len(set(stumbling.tokens)) == 1


def test_two_transactions_carry_two_tokens(world: World) -> None:
    stumbling = Stumbling(world.client)
    connect(stumbling)
    a_put().commit(deadline())
    with pytest.raises(Refused):
        a_put().commit(deadline())
    connect(world.client)
    assert len(set(stumbling.tokens)) == 2


def test_a_conflict_beside_a_failed_condition_is_asked_again(world: World) -> None:
    """What was compared may be about to change: the conflict's winner may fail."""
    connect(Stumbling(world.client, cancelled(FAILED, CONFLICT_REASON)))
    a_put().commit(deadline())
    connect(world.client)


def test_conflicts_that_do_not_end_are_unavailable(world: World) -> None:
    connect(Stumbling(world.client, *[cancelled(CONFLICT_REASON, NO_REASON)] * 1_000))
    with pytest.raises(Unavailable):
        a_put().commit(Deadline.after(5))
    connect(world.client)


def test_what_is_refused_for_no_condition_is_not_taken_for_a_refusal(world: World) -> None:
    wrong = {"Code": "ValidationError", "Message": "Item size has exceeded the maximum"}
    connect(Stumbling(world.client, cancelled(NO_REASON, wrong)))
    with pytest.raises(TransactWriteError):
        a_put().commit(deadline())
    connect(world.client)
