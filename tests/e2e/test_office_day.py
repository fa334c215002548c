"""One day of an office on a stack whose time the test moves: from the evening before to statistics.

The stack is one of its own: the others' would not be the same after its functions have lived
through tomorrow.
"""

import csv
import io
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

import httpx
import pytest

from infra.local.deploy import Cloud, Deployment
from infra.local.paths import ROOT
from infra.local.people import Person, people
from tests.e2e.stack import PATIENCE_SECONDS, LocalStack

OFFICE, OTHER = "merauke", "kotabumi"
ZONE, OFFSET = "Asia/Jayapura", "+09:00"
"""The zone with the fewest offices: the planner asks for the rosters of all of them."""


@dataclass
class Office:
    """The office's day: its clock, its people, its staff at their counters."""

    stack: LocalStack
    http: httpx.Client
    day: str = ""
    persons: Iterator[Person] = field(default_factory=lambda: people("office day"))
    tokens: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def at(self, hour: str, days: int = 0) -> None:
        """Let it be an hour (local) of the day, or of one some days after it."""
        day = date.fromisoformat(self.day) + timedelta(days=days)
        moved = self.stack.run("clock", "--at", f"{day}T{hour}{OFFSET}")
        assert moved.returncode == 0, moved.stderr

    def runs(self, function: str, event: dict[str, object]) -> Any:
        """Have a scheduled function run now."""
        cloud = Cloud(self.stack.endpoints["aws_endpoint"])
        return Deployment(cloud, {}, "").invoke(function, event)

    def signed(self, role: str, office_id: str | None = OFFICE) -> dict[str, str]:
        """The header of a user of that role."""
        if (role, office_id) not in self.tokens:
            self.tokens[role, office_id] = self.stack.running.token(role, office_id)
        return {"Authorization": f"Bearer {self.tokens[role, office_id]}"}

    def book(self, size: int = 1, **wishes: Any) -> dict[str, Any]:
        """A booking of the day, by a party of that size."""
        party = list(islice(self.persons, size))
        body = party[0].request(OFFICE, self.day) | wishes
        body["applicants"] = [
            {"nik": one.nik, "name": one.name, "birth_date": one.birth_date.isoformat()}
            for one in party
        ]
        made = self.http.post("/v1/bookings", json=body, headers={"Idempotency-Key": party[0].key})
        assert made.status_code == 201, made.text
        booking: dict[str, Any] = made.json()
        assert booking["date"] == self.day, booking
        return booking

    def shown(self, booking: dict[str, Any]) -> dict[str, Any]:
        """What the holder of a booking sees now."""
        headers = {"Authorization": f"Bearer {booking['token']}"}
        answer = self.http.get(f"/v1/bookings/{booking['code']}", headers=headers)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    def staff(
        self, what: str, body: dict[str, Any], office_id: str = OFFICE, key: str = ""
    ) -> httpx.Response:
        """What the staff of an office send; presses carry a key."""
        return self.http.post(
            f"/v1/staff/offices/{office_id}/{what}",
            json=body,
            headers=self.signed("staff", office_id) | {"Idempotency-Key": key or str(uuid.uuid4())},
        )

    def board(self, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The hall's display, once it shows that; functions remember it for some seconds."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.http.get(f"/v1/offices/{OFFICE}/board")
            assert answer.status_code == 200, answer.text
            lane: dict[str, Any] = answer.json()["lanes"][0]
            if until(lane) or time.monotonic() > ends:
                return lane
            time.sleep(0.5)


@pytest.fixture
def office(own: LocalStack) -> Iterator[Office]:
    with httpx.Client(base_url=own.endpoints["origin"], timeout=60) as http:
        days = http.get(f"/v1/offices/{OFFICE}/availability", params={"days": 14}).json()["days"]
        day = next(day["date"] for day in days[1:] if day["state"] == "open")
        yield Office(own, http, day)


def labels(booking: dict[str, Any]) -> list[str]:
    return [ticket["label"] for ticket in booking["tickets"]]


def roster(office: Office) -> list[dict[str, str]]:
    """The lines of the day's roster, once it is published and lists people."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        link = office.http.get(
            f"/v1/staff/offices/{OFFICE}/rosters/{office.day}", headers=office.signed("staff")
        )
        if link.status_code == 200 and link.json()["count"]:
            text = httpx.get(link.json()["url"]).content.decode("utf-8-sig")
            return list(csv.DictReader(io.StringIO(text)))
        time.sleep(0.5)
    raise AssertionError(link.text)


def test_an_office_day_from_the_evening_roster_to_the_statistics(office: Office) -> None:
    family = office.book(2, window="08:00")
    early, absent = office.book(window="08:00"), office.book(window="08:00")
    silent, later = office.book(window="08:00"), office.book(window="10:00")
    booked = [family, early, absent, silent, later]
    reserve = {"lane": "regular", "window": "08:00", "walk_in": {"places": 1, "until": "12:00"}}
    kept = office.http.patch(
        f"/v1/admin/offices/{OFFICE}/days/{office.day}",
        json={"quotas": [reserve]},
        headers=office.signed("admin", None),
    )
    assert kept.status_code == 200, kept.text

    # The evening before: the roster.
    office.at("18:00", days=-1)
    office.runs("PlanRostersFunction", {"timezone": ZONE, "run": "evening"})
    listed = {line["label"] for line in roster(office)}
    assert listed == {label for booking in booked for label in labels(booking)}

    # The morning: who comes at the wrong time or place is told so.
    office.at("07:30")
    for booking, where, refused in (
        (later, OFFICE, "too-early"),
        (early, OTHER, "wrong-office"),
    ):
        answer = office.staff("check-ins", {"code": booking["code"]}, where)
        assert answer.status_code == 409, answer.text
        assert answer.json()["type"].endswith(f"/{refused}"), answer.text
    for booking in (family, early, silent):
        came = office.staff("check-ins", {"code": f"ANTREAN:{booking['code'].replace('-', '')}"})
        assert came.status_code == 200, came.text
        assert {ticket["state"] for ticket in came.json()["tickets"]} == {"checked_in"}
    walked = next(office.persons)
    body = {
        "lane": "regular",
        "applicant": {
            "nik": walked.nik,
            "name": walked.name,
            "birth_date": walked.birth_date.isoformat(),
        },
        "contact": {"phone": walked.phone},
    }
    walk_in = office.staff("walk-ins", body, key=walked.key)
    assert walk_in.status_code == 201, walk_in.text
    again = office.staff("walk-ins", body, key=walked.key)
    assert again.json()["ticket"]["label"] == walk_in.json()["ticket"]["label"]

    # Counters call, in the order of the numbers; a repeated press calls nobody else.
    office.at("08:00")
    key = str(uuid.uuid4())
    first, repeated = (
        office.staff("call-next", {"counter": "1", "lanes": ["regular"]}, key=key) for _ in range(2)
    )
    assert first.json()["ticket"]["label"] == labels(family)[0], first.text
    assert repeated.json()["ticket"] == first.json()["ticket"]
    second = office.staff("call-next", {"counter": "2", "lanes": ["regular"]})
    assert second.json()["ticket"]["label"] == labels(family)[1], second.text
    lane = office.board(lambda lane: len(lane["now_serving"]) == 2)
    assert {one["label"] for one in lane["now_serving"]} == set(labels(family))
    assert lane["waiting"] == 3
    assert lane["next"][0] == labels(early)[0]
    served = [*labels(family)]
    office.at("08:10")
    for label in labels(family):
        done = office.staff(f"tickets/{office.day}/{label}/outcome", {"outcome": "served"})
        assert done.status_code == 200, done.text

    # One is called three times in vain; the others are served.
    for _ in range(3):
        called = office.staff("call-next", {"counter": "1", "lanes": ["regular"]})
        assert called.status_code == 200, called.text
        label = called.json()["ticket"]["label"]
        if label == labels(silent)[0]:
            for _ in range(2):
                assert office.staff("recall", {"counter": "1"}).json()["ticket"]["label"] == label
            gone = office.staff("recall", {"counter": "1"})
            assert gone.status_code == 200, gone.text
            continue
        office.staff(f"tickets/{office.day}/{label}/outcome", {"outcome": "served"})
        served.append(label)
    assert served == [*labels(family), *labels(early), walk_in.json()["ticket"]["label"]]
    assert office.shown(silent)["tickets"][0]["state"] == "no_show"
    assert office.shown(family)["tickets"][0]["state"] == "served"

    # Who never came is noted after the window and its grace.
    office.at("10:05")
    office.runs("MarkNoShowsFunction", {})
    assert office.shown(absent)["tickets"][0]["state"] == "no_show"
    late = office.staff("check-ins", {"code": absent["code"]})
    assert late.json()["type"].endswith("/too-late"), late.text
    assert office.shown(later)["tickets"][0]["state"] == "live"
    office.at("23:30")
    office.runs("MarkNoShowsFunction", {})

    # The night: how the day went is kept, and the ledger is in order.
    office.at("00:30", days=1)
    office.runs("KeepStatisticsFunction", {"timezone": ZONE})
    figures = office.http.get(
        f"/v1/admin/offices/{OFFICE}/statistics",
        params={"from": office.day, "days": 1},
        headers=office.signed("admin", None),
    ).json()
    (kept_day,) = figures["days"]
    (regular,) = [lane for lane in kept_day["lanes"] if lane["lane"] == "regular"]
    facts = {name: regular[name] for name in ("booked", "walk_ins", "served", "no_show")}
    assert facts == {"booked": 6, "walk_ins": 1, "served": 4, "no_show": 3}
    audited = office.stack.run_module(
        "operations.check_invariants",
        *("--home", str(office.stack.paths.home)),
        PYTHONPATH=str(ROOT / "functions"),
    )
    assert audited.returncode == 0, audited.stdout + audited.stderr
