"""Where a job stopped."""

from antrean.store.items.job_cursor import get_cursor, put_cursor
from tests.support.worlds import World, deadline


def test_a_job_begins_at_the_beginning_and_goes_on_where_it_stopped(world: World) -> None:
    assert get_cursor("sweep", deadline()) == ""
    put_cursor("sweep", "kotabumi", deadline())
    put_cursor("other", "metro", deadline())
    assert get_cursor("sweep", deadline()) == "kotabumi"
    put_cursor("sweep", "", deadline())
    assert get_cursor("sweep", deadline()) == ""
