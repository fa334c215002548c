"""Rosters: one of 700 people in all formats, and 145 offices' full day published.

S3 is a dictionary in this process, so that what is measured is our work and not an emulator's.
Durations are this machine's: the reference beside them is the same work's least part (reading the
day's tickets and hashing as many bytes), measured in the same run.
"""

import hashlib
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.rosters import storage
from antrean.rosters.as_csv import as_csv
from antrean.rosters.as_json import as_json
from antrean.rosters.as_pdf import as_pdf
from antrean.rosters.as_xlsx import as_xlsx
from antrean.rosters.publish import publish
from antrean.rosters.roster import Roster, roster_of
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import put_office
from antrean.store.items.ticket import TicketItem, day_tickets
from antrean.store.writes.open_slots import open_slots
from infra.seed.offices import offices
from tests.engines.memory.client import MemoryDynamoDB
from tests.support.clocks import StandingClock
from tests.support.people import an_office, person
from tests.support.rosters import DAY, slot
from tests.support.worlds import TABLE, World, a_world, deadline

HOURS = ("0800", "0900", "1000", "1100", "1300", "1400")
LONG = "Raden Ajeng Siti Nurhaliza Kusumaningrum Wijayanti Sastrowardoyo Hadiningrat"
MEGABYTE = 1_000_000


@dataclass(slots=True)
class DictS3:
    """S3 as far as publishing uses it: each key's newest version, and how often it is asked."""

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: int = 0
    reads: int = 0
    lists: int = 0

    def put_object(self, Key: str, Body: bytes, **more: Any) -> dict[str, str]:  # noqa: N803
        self.writes += 1
        version = f"v{self.writes}"
        about = {"ETag": version, "VersionId": version, "Metadata": more.get("Metadata", {})}
        self.objects[Key] = {"data": Body, **about}
        return {"VersionId": version}

    def get_object(self, Key: str, **_more: Any) -> dict[str, Any]:  # noqa: N803
        self.reads += 1
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        found = self.objects[Key]
        return {**found, "Body": BytesIO(found["data"])}

    def get_paginator(self, _name: str) -> "DictS3":
        return self

    def paginate(self, Prefix: str, **_more: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        self.lists += 1
        found = [
            {"Key": key, "VersionId": each["VersionId"], "IsLatest": True}
            for key, each in self.objects.items()
            if key.startswith(Prefix)
        ]
        yield {"Versions": found}


def people_of(office_id: str, day: date, count: int) -> list[Ticket]:
    """A full day: `count` people over six windows; one name of twenty is long."""
    tickets = []
    for number in range(count):
        somebody = person(number + 1)
        if number % 20 == 0:
            somebody = replace(somebody, name=LONG, note="Tanggal lahir berbeda dari NIK.")
        window, place = divmod(number, -(-count // len(HOURS)))
        ref = SlotRef(office_id, day, Lane.REGULAR, HOURS[window])
        tickets.append(Ticket(ref, place + 1, TicketStatus.LIVE, "K7QF2M9PXT", "hash", somebody))
    return tickets


def seven_hundred() -> Roster:
    office = an_office()
    slots = [slot(start) for start in HOURS]
    evening = office.instant(DAY - timedelta(days=1), "1800")
    return roster_of(office, DAY, people_of(office.office_id, DAY, 700), slots, evening)


def best(work: Callable[[], object], times: int = 5) -> float:
    """The least of some durations, in seconds: what the machine's other users add is left out."""
    durations = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        durations.append(time.perf_counter() - begun)
    return min(durations)


def test_a_roster_of_700_in_all_formats() -> None:
    made = seven_hundred()
    formats: dict[str, Callable[[Roster], bytes]] = {
        "csv": as_csv,
        "json": as_json,
        "xlsx": as_xlsx,
        "pdf": as_pdf,
    }
    print("\n\nA roster of 700 people        seconds      bytes   most MB allocated")
    total = 0.0
    for name, make in formats.items():
        seconds = best(lambda make=make: make(made))  # type: ignore[misc]
        total += seconds
        tracemalloc.start()
        size = len(make(made))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"  {name:24} {seconds:10.3f} {size:10,} {peak / MEGABYTE:10.1f}")
    reference = best(lambda: hashlib.sha256(as_json(made)).digest())
    print(f"  all                      {total:10.3f}   (figure to meet: 3 s)")
    print(f"  reference: json + hash   {reference:10.3f}")
    print(f"  resident, whole process  {resident_of_a_process():10.0f} MB (figure to meet: 256 MB)")
    assert total <= 3


def resident_of_a_process() -> float:
    """The peak resident memory (MB) of a new process that makes one such roster."""
    code = "import tests.bench.bench_rosters as b; print(b.resident_after_one())"
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env={"PYTHONPATH": f"{root}/functions:{root}"},
    )
    return float(run.stdout)


def resident_after_one() -> float:
    from antrean.rosters.build import build

    build(seven_hundred())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


@contextmanager
def a_full_day(most: int) -> Iterator[tuple[World, list[str], DictS3]]:
    """The seed offices with a full day tomorrow, at most this many of them."""
    clock = StandingClock()
    with (
        a_world(MemoryDynamoDB((TABLE,)), clock) as world,
        pytest.MonkeyPatch.context() as patch,
    ):
        s3 = DictS3()
        patch.setattr(storage, "s3", lambda: s3)
        ids = []
        for office in list(offices())[:most]:
            put_office(office, deadline())
            open_slots([slot(start, office_id=office.office_id) for start in HOURS], deadline())
            for ticket in people_of(office.office_id, DAY, office.daily_quota):
                TicketItem.of(ticket).save()
            ids.append(office.office_id)
        yield world, ids, s3


def test_145_offices_full_day() -> None:
    with a_full_day(most=145) as (world, ids, s3):
        begun = time.perf_counter()
        read = [day_tickets(office_id, DAY, Deadline.after(600)) for office_id in ids]
        reference = time.perf_counter() - begun
        begun = time.perf_counter()
        people = sum(publish(office_id, DAY, Deadline.after(600)).count for office_id in ids)
        first = time.perf_counter() - begun
        writes, size = s3.writes, sum(len(each["data"]) for each in s3.objects.values())
        begun = time.perf_counter()
        for office_id in ids:
            publish(office_id, DAY, Deadline.after(600))
        again = time.perf_counter() - begun
        assert people == sum(map(len, read))
        print(f"\n\n{len(ids)} offices, one day, {people:,} people, one process")
        print(f"  published                {first:10.1f} s  {writes:6} writes  {size:,} bytes")
        print(f"  again, unchanged         {again:10.1f} s  {s3.writes - writes:6} writes")
        print(f"  reference: tickets read  {reference:10.1f} s")
        print(f"  each office              {first / len(ids) * 1000:10.0f} ms")
        print(f"  next day: {DAY + timedelta(days=1)} costs the same; ten publishers run at once")
        assert s3.writes == writes
        assert world.client
