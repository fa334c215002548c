"""Opens the days to come: what the nightly function does, for a stack that is not up at night."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from infra.local.deploy import Deployment

ZONES: Final = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
CALLS: Final = 3
"""Calls of the function at the same time: one waits for its answer while another computes."""

DONE: Final = "/antrean-local/days-opened"
"""The parameter that says for which dates it was done, by which code. It lies in the emulator, so
that it is kept, or lost, together with the days themselves."""


def open_days(deployment: Deployment, office_ids: list[str], *, changed: bool) -> None:
    """Have OpenDays open the coming days, unless it was done today and nothing is new.

    `changed` says that something is new: an office, a holiday. Raises `CannotGoOn` when the
    function fails.
    """
    ssm = deployment.cloud.client("ssm")
    wanted = f"{_today()} {deployment.code}"
    if not changed:
        with suppress(ssm.exceptions.ParameterNotFound):
            if ssm.get_parameter(Name=DONE)["Parameter"]["Value"] == wanted:
                return
    shares = [{"office_ids": office_ids[i::CALLS]} for i in range(CALLS)]
    with ThreadPoolExecutor(CALLS) as threads:
        list(threads.map(partial(deployment.invoke, "OpenDaysFunction"), shares))
    ssm.put_parameter(Name=DONE, Value=wanted, Type="String", Overwrite=True)


def _today() -> str:
    """Return the date in each of Indonesia's zones."""
    now = datetime.now(UTC)
    return " ".join(now.astimezone(ZoneInfo(zone)).date().isoformat() for zone in ZONES)
