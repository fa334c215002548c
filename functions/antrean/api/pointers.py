"""JSON pointers: what a rule found inside of something, said of the request that holds it."""

from collections.abc import Iterator
from contextlib import contextmanager

from antrean.domain.errors import InvalidRequest


@contextmanager
def found_at(pointer: str, instead_of: str = "") -> Iterator[None]:
    """Put what is refused within at `pointer` of the request, in place of `instead_of`."""
    try:
        yield
    except InvalidRequest as refusal:
        problems = [problem.under(pointer, instead_of) for problem in refusal.problems]
        raise InvalidRequest(problems) from None
