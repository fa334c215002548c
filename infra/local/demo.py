"""`make demo`: one booking's way from the queue to the roster, over the running stack's HTTP API.

Prints what it does and ends with a table of what should have happened and what did; its exit code
is 1 when they differ. Each run has people of its own and takes the next day that is still open,
so it may be repeated until the office has no open day left.
"""

import csv
import hashlib
import io
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import httpx

from infra.local.paths import CannotGoOn, Paths
from infra.local.people import Person, people
from infra.local.running import Running

OFFICE: Final = "kotabumi"
NOT_OPEN: Final = "kalianda"
KANIM: Final = ("bandar-lampung", "kalianda", "kotabumi")
"""Those of 2017; who tries the commands of the documents has a fourth office."""
RAISE: Final = 5
SETTLE_SECONDS: Final = 4.0
"""A warm function remembers a full window for 3 s, so that a stampede stays off the table."""

ATTEMPTS: Final = 5

SHOWN_AFTER: Final = 4.1
"""Seconds after which availability shows every change: it is remembered for a moment."""


class Differs(Exception):
    """Something happened that should not, and what follows would make no sense."""


@dataclass(frozen=True, slots=True)
class Step:
    """What should have happened, and what did."""

    what: str
    expected: str
    found: str

    @property
    def ok(self) -> bool:
        """Whether they are the same."""
        return self.expected == self.found


@dataclass(slots=True)
class Demo:
    """One run. `applicants` are this run's people; `tokens` are of the office's staff and admin."""

    http: httpx.Client
    applicants: Iterator[Person]
    tokens: dict[str, str]
    steps: list[Step] = field(default_factory=list)
    on_the_day: dict[str, str] = field(default_factory=dict)
    """The NIK of everybody whom this run booked on the day, by label."""

    def run(self) -> None:
        """Go through the story. Raises `Differs` when it cannot go on."""
        self._show_offices()
        self._be_refused()
        day, following = self._next_open_days()
        last = self._fill(day)
        self._be_moved(day, following)
        self._repeat(day, last)
        self._raise_quota(day)
        self._take_what_was_raised(day)
        self._roster(day)

    def check(self, what: str, expected: object, found: object) -> None:
        """Write down a step."""
        self.steps.append(Step(what, str(expected), str(found)))

    def _show_offices(self) -> None:
        print("The offices of Lampung:")
        offices = self._get("/v1/offices", province="Lampung")["offices"]
        for office in offices:
            print(f"  {office['name']:32} {office['status']:10} {office['status_reason'] or ''}")
        self.check(
            "the three Lampung offices",
            "bandar-lampung preparing, kalianda preparing, kotabumi open",
            ", ".join(
                f"{office['office_id']} {office['status']}"
                for office in offices
                if office["office_id"] in KANIM
            ),
        )

    def _be_refused(self) -> None:
        day = self._days(NOT_OPEN)[-1]["date"]
        answer = self._book(next(self.applicants), NOT_OPEN, day)
        said = answer.json()
        print(f"\nBooking at {NOT_OPEN}: {answer.status_code}, {said.get('reason')}")
        self.check(
            f"booking at {NOT_OPEN}",
            "409 office-not-open, preparing, with the reason",
            f"{answer.status_code} {str(said.get('type')).rpartition('/')[2]}, "
            f"{said.get('office_status')}, "
            f"{'with the' if said.get('reason') else 'without a'} reason",
        )

    def _next_open_days(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the office's next open day after today, and the one that follows it."""
        time.sleep(SHOWN_AFTER)  # somebody, such as an earlier run, may just have booked
        today, *later = self._days(OFFICE)
        open_days = [day for day in later if day["state"] == "open"]
        if len(open_days) < 2:
            raise CannotGoOn(
                f"{OFFICE} has no two open days after {today['date']}: `make reset`, `make run`."
            )
        return open_days[0], open_days[1]

    def _fill(self, day: dict[str, Any]) -> tuple[Person, dict[str, Any]]:
        """Take every place of the day; return the last person and their booking."""
        free = day["remaining"]
        print(f"\nFilling {OFFICE} on {day['date']}: {free} of {day['quota']} places are free")
        for person in islice(self.applicants, free):
            booking = self._booked(person, day["date"])
            if booking["date"] == day["date"]:
                self._note(person, booking)
        print(f"  numbers {', '.join(list(self.on_the_day)[:3])} ... {list(self.on_the_day)[-1]}")
        self.check(f"places taken on {day['date']}", free, len(self.on_the_day))
        full = self._day(day["date"])
        self.check("the day is now", "full, 0 left", f"{full['state']}, {full['remaining']} left")
        return person, booking

    def _be_moved(self, day: dict[str, Any], following: dict[str, Any]) -> None:
        booking = self._booked(next(self.applicants), day["date"])
        moved = booking["moved"] or {}
        print(
            f"\nThe next applicant asked for {day['date']} and is told {booking['date']}, "
            f"{booking['window']['start']}, number {booking['tickets'][0]['label']}"
        )
        self.check(
            "the next applicant",
            f"moved to {following['date']}: full, by overflow",
            f"moved to {booking['date']}: {moved.get('reason')}, by {moved.get('by')}",
        )

    def _repeat(self, day: dict[str, Any], last: tuple[Person, dict[str, Any]]) -> None:
        person, booking = last
        answer = self._book(person, OFFICE, day["date"])
        same = answer.json() == booking
        print(f"\nThe same request with the same key again: {answer.status_code}, same: {same}")
        self.check(
            "the same key again",
            f"200, booking {booking['code']}, all the same",
            f"{answer.status_code}, booking {answer.json().get('code')}, "
            f"{'all the same' if same else 'changed'}",
        )

    def _raise_quota(self, day: dict[str, Any]) -> None:
        window = day["windows"][0]
        path = f"/v1/admin/offices/{OFFICE}/days/{day['date']}"
        quota = window["quota"] + RAISE
        wanted = {"quotas": [{"lane": "regular", "window": window["start"], "quota": quota}]}
        refused = [
            self.http.patch(path, json=wanted, headers=headers).status_code
            for headers in ({}, self._as("staff"))
        ]
        self.check("a quota change by nobody and by staff", [401, 403], refused)
        answer = self.http.patch(path, json=wanted, headers=self._as("admin"))
        print(f"\nThe admin raises {window['start']} from {window['quota']} to {quota}")
        now = self._day(day["date"])
        self.check(
            f"an admin adds {RAISE} places",
            f"200, {RAISE} left",
            f"{answer.status_code}, {now['remaining']} left",
        )
        audit = self._get("/v1/admin/audit", "admin", office_id=OFFICE)["records"]
        newest = audit[0] if audit else {}
        self.check(
            "the change is on the record",
            True,
            day["date"] in str(newest) and str(quota) in str(newest),
        )

    def _take_what_was_raised(self, day: dict[str, Any]) -> None:
        time.sleep(SETTLE_SECONDS)
        bookings = []
        for person in islice(self.applicants, RAISE):
            bookings.append(self._booked(person, day["date"]))
            if bookings[-1]["date"] == day["date"]:
                self._note(person, bookings[-1])
        print("  " + ", ".join(booking["tickets"][0]["label"] for booking in bookings))
        self.check(
            f"the next {RAISE} applicants",
            ", ".join([day["date"]] * RAISE),
            ", ".join(booking["date"] for booking in bookings),
        )

    def _roster(self, day: dict[str, Any]) -> None:
        path = f"/v1/staff/offices/{OFFICE}/rosters/{day['date']}"
        published = self._post(path, None, self._as("staff"))
        if not published.is_success:
            raise Differs(f"publishing the roster: {published.status_code} {published.text[:200]}")
        link = self._get(path, "staff", format="csv")
        content = httpx.get(link["url"], timeout=30).raise_for_status().content
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        print(f"\nThe roster of {day['date']}: {len(lines)} lines, {len(content)} bytes, first:")
        print("  " + " | ".join(list(lines[0].values())[:6]))
        self.check(
            "the file is the one published", link["sha256"], hashlib.sha256(content).hexdigest()
        )
        self.check("lines in the roster", link["count"], len(lines))
        listed = {line["label"]: line["nik"].replace(" ", "") for line in lines}
        ours = {label: listed.get(label) for label in self.on_the_day}
        self.check(
            "people of this run on the roster, under their numbers",
            len(self.on_the_day),
            sum(ours[label] == nik for label, nik in self.on_the_day.items()),
        )
        self.check("people twice on the roster", 0, len(lines) - len(set(listed.values())))
        self._post(path, None, self._as("staff"))
        again = self._get(path, "staff", format="csv")
        self.check("published twice, the same bytes", link["sha256"], again["sha256"])

    def _note(self, person: Person, booking: dict[str, Any]) -> None:
        self.on_the_day[booking["tickets"][0]["label"]] = person.nik

    def _booked(self, person: Person, day: str) -> dict[str, Any]:
        answer = self._book(person, OFFICE, day)
        if answer.status_code != httpx.codes.CREATED:
            raise Differs(f"a booking on {day}: {answer.status_code} {answer.text[:200]}")
        booking: dict[str, Any] = answer.json()
        return booking

    def _book(self, person: Person, office_id: str, day: str) -> httpx.Response:
        return self._post(
            "/v1/bookings", person.request(office_id, day), {"Idempotency-Key": person.key}
        )

    def _post(self, path: str, body: object, headers: dict[str, str]) -> httpx.Response:
        """Send a request as a client should: the same again while it is told to."""
        for _ in range(ATTEMPTS):
            answer = self.http.post(path, json=body, headers=headers)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        return answer

    def _days(self, office_id: str) -> list[dict[str, Any]]:
        days: list[dict[str, Any]] = self._get(f"/v1/offices/{office_id}/availability", days=30)[
            "days"
        ]
        return days

    def _day(self, day: str) -> dict[str, Any]:
        time.sleep(SHOWN_AFTER)
        path = f"/v1/offices/{OFFICE}/availability"
        found: dict[str, Any] = self._get(path, days=1, **{"from": day})["days"][0]
        return found

    def _get(self, path: str, role: str | None = None, **query: str | int) -> dict[str, Any]:
        answer = self.http.get(path, params=query, headers=self._as(role) if role else {})
        if not answer.is_success:
            raise Differs(f"GET {path}: {answer.status_code} {answer.text[:200]}")
        body: dict[str, Any] = answer.json()
        return body

    def _as(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}"}


def demo(stack: Running, run: str) -> list[Step]:
    """Go through the story on a stack that runs; return what happened. Raises `CannotGoOn`."""
    tokens = {"admin": stack.token("admin"), "staff": stack.token("staff", OFFICE)}
    with httpx.Client(base_url=stack.endpoints["origin"], timeout=30) as http:
        story = Demo(http, people(run), tokens)
        try:
            story.run()
        except Differs as difference:
            story.check("the story goes on", "to its end", difference)
    return story.steps


def table(steps: list[Step]) -> str:
    """Return the steps as text: what should have happened, and what did where that differs."""
    width = max(len(step.what) for step in steps)
    lines = []
    for step in steps:
        lines.append(f"  {'ok ' if step.ok else 'NOT'}  {step.what:{width}}  {step.expected}")
        if not step.ok:
            lines.append(f"       {'':{width}}  but: {step.found}")
    return "\n".join(lines)


def main(paths: Paths | None = None) -> int:
    """Run the demo against the stack of this checkout and return the process's exit code."""
    run = secrets.token_hex(4)
    try:
        stack = Running.of(paths or Paths())
        print(f"Run {run} on {stack.endpoints['origin']}\n")
        steps = demo(stack, run)
    except CannotGoOn as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"\nRun {run}: what happened\n{table(steps)}")
    return 0 if all(step.ok for step in steps) else 1


if __name__ == "__main__":
    sys.exit(main())
