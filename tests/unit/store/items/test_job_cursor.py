"""Where a job stopped."""

from antrean.store.items.job_cursor import get_cursor, put_cursor
from tests.support.worlds import World, budget


def test_a_job_begins_at_the_beginning_and_goes_on_where_it_stopped(world: World) -> None:
    assert get_cursor("sweep", budget()) == ""
    put_cursor("sweep", "kotabumi", budget())
    put_cursor("other", "metro", budget())
    assert get_cursor("sweep", budget()) == "kotabumi"
    put_cursor("sweep", "", budget())
    assert get_cursor("sweep", budget()) == ""
