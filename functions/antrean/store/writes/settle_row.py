"""Settle a row of an import, and count it as such."""

from collections.abc import Sequence

from pynamodb.expressions.update import Action

from antrean.domain.imports import RowProblem, RowState
from antrean.runtime.deadline import Deadline
from antrean.store.items.import_row import RowItem, problems_as_stored
from antrean.store.items.office_import import COUNTERS, ImportItem
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


def settle(
    writing: Transaction,
    import_id: str,
    number: int,
    state: RowState,
    problems: Sequence[RowProblem] = (),
) -> None:
    """Make it part of a transaction that a waiting row is settled, and counted as such.

    The transaction is refused when the row is settled already.
    """
    actions: list[Action] = [RowItem.state.set(state)]
    if problems:
        actions.append(RowItem.problems.set(problems_as_stored(problems)))
    row = RowItem.keyed(import_id, number)
    writing.update("row", row, actions, RowItem.state == RowState.WAITING)
    counter, waiting = COUNTERS[state], ImportItem.waiting
    counting: list[Action] = [counter.set(counter + 1), waiting.set(waiting - 1)]
    item = ImportItem.keyed(import_id)
    writing.update("import", item, counting, ImportItem.pk.exists())


def settle_alone(
    import_id: str,
    number: int,
    state: RowState,
    problems: Sequence[RowProblem],
    deadline: Deadline,
) -> None:
    """Settle a row that writes no office; one that is settled already stays."""
    writing = Transaction()
    settle(writing, import_id, number, state, problems)
    try:
        writing.commit(deadline)
    except Refused:
        return
