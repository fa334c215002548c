"""Claim: take numbers of a slot by one conditional update."""

from collections.abc import Iterator

from pynamodb.expressions.update import Action

from antrean.domain.labels import HIGHEST
from antrean.domain.slots import Claim, KeptBack, Slot, SlotRef, SlotState
from antrean.runtime.deadline import Deadline
from antrean.store.items.slot import SlotItem, kept_back_as_stored
from antrean.store.retrying import Refused, call


def claim(ref: SlotRef, places: int, now: int, deadline: Deadline) -> Claim | None:
    """Take `places` consecutive numbers of a slot; None when it cannot give them now.

    One conditional update, no transaction: claims on one slot never abort each other. An answer
    that gets lost may leave numbers that nobody files; the sweeper gives those back. A slot whose
    places came back so often that its numbers are used up gives no more.
    `now` is seconds since 1970 (UTC). Raises `Unavailable`.
    """
    item = SlotItem.keyed(ref)
    condition = (
        (SlotItem.remaining >= places)
        & (SlotItem.state == SlotState.OPEN)
        & (SlotItem.release_at <= now)
        & (SlotItem.next_number <= HIGHEST + 1 - places)
    )
    actions: list[Action] = [
        SlotItem.remaining.set(SlotItem.remaining - places),
        SlotItem.next_number.set(SlotItem.next_number + places),
        SlotItem.last_claim_at.set(now),
    ]
    try:
        call(lambda: item.update(actions=actions, condition=condition), deadline)
    except Refused:
        return None
    after = int(item.next_number)
    return Claim(ref, item.end, range(after - places, after))


def claim_kept_back(slot: Slot, kept: KeptBack, now: int, deadline: Deadline) -> Claim | None:
    """Take one of a slot's kept-back places and its number; None when those are not as read.

    Else as `claim`; a number that nobody files comes back to what remains, not to those kept back.
    """
    left = list(slot.kept_back)
    left[left.index(kept)] = kept._replace(places=kept.places - 1)
    stored = kept_back_as_stored(part for part in left if part.places)
    item = SlotItem.keyed(slot.ref)
    condition = (
        (SlotItem.held == kept_back_as_stored(slot.kept_back))
        & (SlotItem.state == SlotState.OPEN)
        & (SlotItem.next_number <= HIGHEST)
    )
    actions: list[Action] = [
        SlotItem.held.set(stored) if stored else SlotItem.held.remove(),
        SlotItem.next_number.set(SlotItem.next_number + 1),
        SlotItem.last_claim_at.set(now),
    ]
    try:
        call(lambda: item.update(actions=actions, condition=condition), deadline)
    except Refused:
        return None
    after = int(item.next_number)
    return Claim(slot.ref, item.end, range(after - 1, after))


def claim_for_move(slot: Slot, places: int, now: int, deadline: Deadline) -> Claim | None:
    """Take `places` consecutive numbers for people whom the office moves; None if it cannot now.

    The office's act, not a sale: whatever the release rules say, it takes what remains and then
    what waits for its release, soonest first; places for walk-ins it never takes. Else as `claim`;
    numbers that nobody files come back to what remains.
    """
    remaining = min(places, max(slot.remaining, 0))
    condition = (
        (SlotItem.remaining >= min(slot.remaining, places))
        & (SlotItem.state == SlotState.OPEN)
        & (SlotItem.next_number <= HIGHEST + 1 - places)
    )
    actions: list[Action] = [
        SlotItem.remaining.set(SlotItem.remaining - remaining),
        SlotItem.next_number.set(SlotItem.next_number + places),
        SlotItem.last_claim_at.set(now),
    ]
    if places > remaining:
        left = kept_back_as_stored(_without(places - remaining, slot, now))
        condition &= SlotItem.held == kept_back_as_stored(slot.kept_back)
        actions.append(SlotItem.held.set(left) if left else SlotItem.held.remove())
    item = SlotItem.keyed(slot.ref)
    try:
        call(lambda: item.update(actions=actions, condition=condition), deadline)
    except Refused:
        return None
    after = int(item.next_number)
    return Claim(slot.ref, item.end, range(after - places, after))


def _without(places: int, slot: Slot, now: int) -> Iterator[KeptBack]:
    """Yield what is kept back of a slot when the office has taken some of it."""
    for part in slot.kept_back:
        taken = min(places, part.places) if part.for_the_public(now) else 0
        places -= taken
        if part.places > taken:
            yield part._replace(places=part.places - taken)
