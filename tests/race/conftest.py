"""What the races share: the crowd, and a new table for each of them."""

import itertools
from collections.abc import Callable, Iterator, Sequence

import pytest

from antrean.runtime import clock
from tests.engines.dynamodb_local import DynamoDBLocal
from tests.engines.table import a_table
from tests.race.crowd import Crowd, Patch, a_crowd
from tests.race.world import Running, client_of
from tests.support.worlds import enter

ATTEMPTS = 5
"""Races a negative control may take until something goes wrong in one of them."""

type Race = Callable[[Crowd], list[str]]
"""Fills an empty table, lets a crowd at it, and returns what is wrong afterwards."""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def _crowd(dynamodb: DynamoDBLocal) -> Iterator[Crowd]:
    with a_crowd(dynamodb) as crowd:
        yield crowd


@pytest.fixture
def run(_crowd: Crowd, dynamodb: DynamoDBLocal) -> Callable[..., list[str]]:
    """Runs a race on a table of its own, with some guards switched off in the crowd."""

    def run(race: Race, without: Sequence[Patch] = ()) -> list[str]:
        name = f"race-{next(_numbers)}"
        with a_table(dynamodb.client(), name), pytest.MonkeyPatch.context() as patch:
            enter(patch, client_of(dynamodb), TABLE_NAME=name)
            _crowd.table, _crowd.patches = name, tuple(without)
            with clock.use(Running()):
                return race(_crowd)

    return run


@pytest.fixture
def goes_wrong(run: Callable[..., list[str]]) -> Callable[..., bool]:
    """Whether something is wrong after one of a few races without some guards; prints it."""

    def goes_wrong(race: Race, *, without: Sequence[Patch]) -> bool:
        for attempt in range(1, ATTEMPTS + 1):
            if found := run(race, without):
                print(f"attempt {attempt}:", *found, sep="\n")
                return True
        return False

    return goes_wrong
