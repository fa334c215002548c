"""The sizes of what is deployed, when `make build` has made it."""

from collections.abc import Callable

import pytest

from infra.build.zips import BUILD, BUNDLES, MEGABYTE, Bundle
from tests.bench.table import at_most


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.name)
def test_the_zip_is_small(bundle: Bundle, report: Callable[..., None]) -> None:
    archive = BUILD / bundle.archive
    if not archive.exists():
        pytest.skip(f"no {archive.name}: `make build` makes it")
    size, limit = archive.stat().st_size / MEGABYTE, bundle.limit / MEGABYTE
    report(at_most(archive.name, size, limit, "MB", "bytecode and our sources, arm64"))
