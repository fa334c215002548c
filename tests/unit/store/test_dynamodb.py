"""The one table, and the one client behind it."""

import pytest

from antrean.runtime.registry import start_cold
from antrean.runtime.settings import settings
from antrean.store.dynamodb import table
from antrean.store.items.booking import BookingItem
from antrean.store.items.slot import SlotItem
from antrean.store.items.ticket import TicketItem
from tests.support.worlds import World


def test_every_kind_of_item_goes_through_one_connection(world: World) -> None:
    connections = {kind._get_connection() for kind in (BookingItem, SlotItem, TicketItem)}
    assert connections == {table()}
    assert table().connection.client is world.client


def test_the_table_is_the_one_of_the_settings(
    unaudited: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABLE_NAME", "another")
    assert table().table_name == "antrean"
    start_cold()
    assert (settings().table_name, table().table_name) == ("another", "another")
