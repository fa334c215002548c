"""The list of guards is in step with the sources: else a guard that is not tried looks proved."""

import pytest

from tests.faults.guards import GUARDS, Guard


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_of_the_list_stands_in_the_sources_once(guard: Guard) -> None:
    assert guard.is_there(), f"functions/antrean/{guard.file} has changed"
