"""A transaction whose parts have names."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item, table
from antrean.store.retrying import Refused, call

CONDITION_FAILED = "ConditionalCheckFailed"


@dataclass(slots=True)
class Transaction:
    """One TransactWriteItems whose parts have names, so that a refusal says which part it was.

    >>> writing = Transaction()
    >>> writing.put("ticket 1", TicketItem(...), TicketItem.pk.does_not_exist())
    >>> writing.commit(deadline)
    """

    _parts: dict[str, list[tuple[str, dict[str, Any]]]] = field(
        # PynamoDB sends the parts in this order, whatever order they were given in, and the
        # cancellation reasons come back in it (pynamodb#1284).
        default_factory=lambda: {"check": [], "delete": [], "put": [], "update": []}
    )

    def check(self, name: str, item: Item, condition: Condition) -> None:
        """Write nothing, but refuse unless `condition` holds for `item`."""
        kwargs = table().get_operation_kwargs(item.pk, range_key=item.sk, condition=condition)
        self._parts["check"].append((name, kwargs))

    def put(self, name: str, item: Item, condition: Condition | None = None) -> None:
        """Write `item` whole."""
        kwargs = item.get_save_kwargs_from_instance(condition=condition)
        self._parts["put"].append((name, kwargs))

    def update(
        self, name: str, item: Item, actions: Sequence[Action], condition: Condition | None = None
    ) -> None:
        """Change some attributes of `item` (only its keys matter)."""
        kwargs = item.get_update_kwargs_from_instance(actions=list(actions), condition=condition)
        self._parts["update"].append((name, kwargs))

    def delete(self, name: str, item: Item, condition: Condition | None = None) -> None:
        """Delete `item` (only its keys matter)."""
        kwargs = item.get_delete_kwargs_from_instance(condition=condition)
        self._parts["delete"].append((name, kwargs))

    def commit(self, deadline: Deadline) -> None:
        """Write all parts or none.

        Raises `Refused` with the names of the parts whose conditions did not hold,
        `Unavailable` when the deadline ended before an answer came.
        """
        token = str(uuid.uuid4())  # the same for every attempt: applied once at most
        parts: Mapping[str, list[dict[str, Any]]] = {
            kind: [kwargs for _, kwargs in named] for kind, named in self._parts.items()
        }

        def send() -> object:
            return table().connection.transact_write_items(
                condition_check_items=parts["check"],
                delete_items=parts["delete"],
                put_items=parts["put"],
                update_items=parts["update"],
                client_request_token=token,
            )

        try:
            call(send, deadline)
        except TransactWriteError as error:
            raise Refused(self._refused(error)) from error

    def _refused(self, error: TransactWriteError) -> frozenset[str]:
        names = [name for named in self._parts.values() for name, _ in named]
        refused = frozenset(
            name
            for name, reason in zip(names, error.cancellation_reasons, strict=False)
            if reason and reason.code == CONDITION_FAILED
        )
        if not refused:
            raise error
        return refused
