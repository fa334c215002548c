"""The list of guards is in step with the sources: none is to be taken away where it is not."""

import pytest

from tests.faults.guards import GUARDS, Guard


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_sources_have_the_guard_where_the_list_says(guard: Guard) -> None:
    assert guard.is_there()
