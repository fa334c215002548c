"""The public API's contract in memory, with the pages beside it, on a free port of 127.0.0.1.

Its today is a fixed date. What goes wrong, and when, is the test's to say: `fail`, `fill`,
`suspend`, `answering`. Every request is kept in `seen`.
"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from antrean.booking.proof import ProofInput, proof_svg
from antrean.domain.closed_day import ClosedBy, ClosedDay
from antrean.domain.codes import normalise_code
from antrean.domain.slots import Lane

WEB: Final = Path(__file__).parents[2] / "web"
TYPE: Final = "https://antrean.example.go.id/problems/"

TODAY: Final = date(2026, 11, 24)
FULL_DAY: Final = date(2026, 11, 25)
OPEN_DAY: Final = date(2026, 11, 26)
HOLIDAY: Final = date(2026, 11, 27)
NOT_RELEASED_FROM: Final = date(2026, 12, 14)
RELEASE: Final = datetime(2026, 12, 4, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
HORIZON: Final = date(2026, 12, 31)
WINDOWS: Final = (("08:00", "09:00"), ("09:00", "10:00"), ("10:00", "11:00"), ("13:00", "14:00"))
PLACES: Final = 5
"""Places of one window."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that reached the API."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One request that goes wrong; with `after`, when its effect is there already."""

    method: str
    path: str
    status: int
    retry_after: str | None
    after: bool


class Refusal(Exception):
    """A problem to answer with."""

    def __init__(self, status: int, slug: str, **members: object) -> None:
        super().__init__(slug)
        self.status = status
        self.body = {"type": TYPE + slug, "title": slug, "status": status, "detail": "", **members}


def _office(office_id: str, name: str, city: str, province: str, timezone: str) -> Json:
    return {
        "office_id": office_id,
        "name": f"Kantor Imigrasi {name}",
        "office_class": "Kelas II TPI",
        "city": city,
        "province": province,
        "timezone": timezone,
        "status": "open",
        "status_reason": None,
        "daily_quota": PLACES * len(WINDOWS),
        "quota_basis": "assumed",
        "next_release": None,
    }


@dataclass
class FakeApi:
    """What the API knows, and what it was asked. It answers while `answering` is set."""

    offices: dict[str, Json] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    remaining: dict[tuple[str, date, str], int] = field(default_factory=dict)
    bookings: dict[str, Json] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    live: dict[str, str] = field(default_factory=dict)
    failures: deque[Failure] = field(default_factory=deque)
    boards: dict[str, Json] = field(default_factory=dict)
    answering: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.answering.set()
        lampung = ("Lampung", "Asia/Jakarta")
        papua = ("Papua", "Asia/Jayapura")
        for office in (
            _office("kotabumi", "Kotabumi", "Lampung Utara", *lampung),
            _office("kalianda", "Kalianda", "Lampung Selatan", *lampung),
            _office("bandar-lampung", "Bandar Lampung", "Bandar Lampung", *lampung),
            _office("jayapura", "Jayapura", "Jayapura", *papua),
        ):
            self.offices[office["office_id"]] = office
        self.suspend("kalianda", "preparing", "Data belum siap. / The data is not ready.")
        for start, _ in WINDOWS:
            self.fill("kotabumi", FULL_DAY, start)

    # What a test arranges and asks.

    def suspend(self, office_id: str, status: str, reason: str | None) -> None:
        """Take an office out of service."""
        self.offices[office_id] |= {"status": status, "status_reason": reason}

    def fill(self, office_id: str, day: date, start: str, left: int = 0) -> None:
        """Leave `left` places in one window."""
        self.remaining[office_id, day, start] = left

    def fail(
        self,
        method: str,
        path: str,
        status: int = 503,
        retry_after: str | None = "1",
        after: bool = False,
    ) -> None:
        """Let the next request of `method` whose path begins with `path` go wrong."""
        self.failures.append(Failure(method, path, status, retry_after, after))

    def sent(self, method: str, path: str) -> list[Seen]:
        """Return the requests of `method` to exactly `path`."""
        return [one for one in self.seen if (one.method, one.path) == (method, path)]

    # What the API does.

    def left(self, office_id: str, day: date, start: str) -> int:
        return self.remaining.get((office_id, day, start), PLACES)

    def day(self, office_id: str, day: date, party: int) -> Json:
        office = self.offices[office_id]
        windows = [
            self._window(office_id, day, start, end, party)
            for start, end in WINDOWS
            if day.weekday() < 5
        ]
        states = {window["state"] for window in windows}
        state, reason = next((s for s in ("open", "full") if s in states), "closed"), None
        release_at = None
        if day < TODAY or day == TODAY:
            state = "past"
        elif office["status"] != "open":
            state, reason = "closed", f"office_{office['status']}"
        elif day.weekday() >= 5:
            state, reason = "closed", "no_service_day"
        elif day == HOLIDAY:
            state, reason = "closed", "Peringatan hari jadi kota"
        elif day > HORIZON:
            state, reason = "closed", "not_open_yet"
        elif day >= NOT_RELEASED_FROM:
            state = "not_released"
            release_at = RELEASE.astimezone(ZoneInfo(office["timezone"])).isoformat()
        for window in windows:
            if state not in ("open", "full"):
                window["state"] = state
        return {
            "date": day.isoformat(),
            "state": state,
            "reason": reason,
            "quota": sum(window["quota"] for window in windows),
            "remaining": sum(window["remaining"] for window in windows),
            "release_at": release_at,
            "windows": windows,
        }

    def _window(self, office_id: str, day: date, start: str, end: str, party: int) -> Json:
        left = self.left(office_id, day, start)
        return {
            "start": start,
            "end": end,
            "state": "open" if left >= party else "full",
            "quota": PLACES,
            "remaining": left,
            "release_at": None,
        }

    def book(self, key: str, text: str) -> tuple[int, Json]:
        """Return (status, booking); the same key and body again the same booking."""
        if key in self.keys:
            body, code = self.keys[key]
            if body != text:
                raise Refusal(422, "key-reused")
            return 200, self.bookings[code] | {"token": self.tokens[code]}
        wanted = json.loads(text)
        office = self.offices[wanted["office_id"]]
        if office["status"] != "open":
            raise Refusal(409, "office-not-open", reason=office["status_reason"])
        self._refuse_who_is_booked(wanted)
        day, start = self._place(wanted)
        code = self._file(key, text, wanted, day, start)
        return 201, self.bookings[code] | {"token": self.tokens[code]}

    def _refuse_who_is_booked(self, wanted: Json) -> None:
        people = enumerate(wanted["applicants"])
        taken = [index for index, person in people if person["nik"] in self.live]
        if taken:
            faults = [{"pointer": f"/applicants/{i}/nik", "detail": "Live."} for i in taken]
            raise Refusal(409, "already-booked", errors=faults)

    def _place(self, wanted: Json) -> tuple[date, str]:
        first = date.fromisoformat(wanted["date"])
        party, window = len(wanted["applicants"]), wanted.get("window")
        last = {"next_date": HORIZON}.get(wanted["overflow"], first)
        day = first
        while day <= last:
            shown = self.day(wanted["office_id"], day, party)
            starts = [one["start"] for one in shown["windows"] if one["state"] == "open"]
            if window and day == first and wanted["overflow"] == "none":
                starts = [start for start in starts if start == window]
            if starts and shown["state"] == "open":
                return day, str(window) if window in starts else str(starts[0])
            day += timedelta(days=1)
        raise Refusal(409, "no-places", state="full", next_release=RELEASE.isoformat())

    def _file(self, key: str, text: str, wanted: Json, day: date, start: str) -> str:
        office = self.offices[wanted["office_id"]]
        code, token = f"K7QF2-M9PX{len(self.bookings)}", f"token-{len(self.bookings)}-4mA9xQ7w"
        left = self.left(office["office_id"], day, start)
        people = wanted["applicants"]
        self.fill(office["office_id"], day, start, left - len(people))
        letter = wanted["lane"][0].upper()
        tickets = [
            {
                "name": person["name"],
                "state": "live",
                "called": None,
                "notes": [],
                "number": PLACES - left + i + 1,
                "label": f"{letter}{start.replace(':', '')}-{PLACES - left + i + 1:03d}",
            }
            for i, person in enumerate(people)
        ]
        asked, asked_start = wanted["date"], wanted.get("window")
        stayed = asked == day.isoformat() and asked_start in (None, start)
        zone = ZoneInfo(office["timezone"])
        hour, minute = map(int, start.split(":"))
        self.bookings[code] = {
            "code": code,
            "status": "booked",
            "office": {n: office[n] for n in ("office_id", "name", "city", "timezone")},
            "lane": wanted["lane"],
            "requested_date": asked,
            "requested_window": asked_start,
            "date": day.isoformat(),
            "window": {"start": start, "end": dict(WINDOWS)[start]},
            "moved": None
            if stayed
            else {
                "from": {"date": asked, "window": asked_start},
                "to": {"date": day.isoformat(), "window": start},
                "reason": "full",
                "by": "overflow",
            },
            "tickets": tickets,
            "arrive_at": datetime(
                day.year, day.month, day.day, hour, minute, 0, 0, zone
            ).isoformat(),
            "proof_url": f"https://antrean.example.go.id/v1/bookings/{code}/proof.svg",
            "calendar_url": f"https://antrean.example.go.id/v1/bookings/{code}/calendar.ics",
            "created_at": datetime(2026, 11, 24, 15, 0, tzinfo=zone).isoformat(),
            "reschedule_until": datetime(
                day.year, day.month, day.day, 0, 0, 0, 0, zone
            ).isoformat(),
            "position": None,
            "estimate": None,
            "closed": None,
        }
        self.tokens[code] = token
        self.keys[key] = (text, code)
        self.live |= {person["nik"]: code for person in people}
        return code

    def opened(self, request: Request) -> Json:
        """Return the booking that the request's code and token open."""
        code = request.path_params["code"]
        if request.headers.get("authorization") != f"Bearer {self.tokens.get(code)}":
            raise Refusal(404, "not-found")
        if self.bookings[code]["status"] == "deleted":
            raise Refusal(410, "data-deleted", date=self.bookings[code]["date"])
        return self.bookings[code]

    def reschedule(self, booking: Json, text: str) -> Json:
        """Move a booking to another date or window, once."""
        wanted = json.loads(text)
        day, window = wanted["date"], wanted.get("window", "08:00")
        if booking["reschedule_until"] is None:
            raise Refusal(409, "not-changeable", reason="moved_before")
        if not self.left(booking["office"]["office_id"], date.fromisoformat(day), window):
            raise Refusal(409, "no-places", state="full", next_release=RELEASE.isoformat())
        before = {"date": booking["date"], "window": booking["window"]["start"]}
        label = f"R{window.replace(':', '')}-001"
        return self.stands(
            booking["code"],
            date=day,
            window={"start": window, "end": dict(WINDOWS)[window]},
            moved={
                "from": before,
                "to": {"date": day, "window": window},
                "reason": "asked",
                "by": "applicant",
            },
            tickets=[ticket | {"label": label} for ticket in booking["tickets"]],
            reschedule_until=None,
            closed=None,
        )

    def close(self, code: str, reason: str | None, *may: str, by: str = "day") -> Json:
        """Close a booking's day, or its office, and say what its holder may do."""
        until = datetime(2026, 11, 27, tzinfo=RELEASE.tzinfo).isoformat()
        return self.stands(
            code,
            closed={"by": by, "reason": reason, "may": list(may)},
            reschedule_until=until if "reschedule" in may else None,
            position=None,
            estimate=None,
        )

    def stands(self, code: str, **changes: object) -> Json:
        """Have a booking stand as `changes` say."""
        self.bookings[code] |= changes
        return self.bookings[code]

    def cancel(self, booking: Json) -> Json:
        """Give the places of a booking back."""
        booking["status"] = "cancelled"
        self.live = {nik: code for nik, code in self.live.items() if code != booking["code"]}
        return booking


def masked(booking: Json) -> Json:
    """Return a booking as it is read: without the token, names masked."""
    tickets = [t | {"name": t["name"][0] + "****"} for t in booking["tickets"]]
    return booking | {"token": None, "tickets": tickets}


def _proof(booking: Json) -> str:
    window = booking["window"]
    return proof_svg(
        ProofInput(
            code=normalise_code(booking["code"]),
            office_name=booking["office"]["name"],
            timezone=booking["office"]["timezone"],
            day=date.fromisoformat(booking["date"]),
            start=window["start"].replace(":", ""),
            end=window["end"].replace(":", ""),
            lane=Lane(booking["lane"]),
            labels=tuple(ticket["label"] for ticket in booking["tickets"]),
            arrive_at=datetime.fromisoformat(booking["arrive_at"]),
            closed=_closed(booking),
        )
    )


def _closed(booking: Json) -> ClosedDay | None:
    closed = booking["closed"]
    return closed and ClosedDay(ClosedBy(closed["by"]), closed["reason"])


class Site:
    """The running origin; `api` is put again for every test."""

    def __init__(self) -> None:
        self.api = FakeApi()
        self.origin = ""

    def application(self) -> Starlette:
        """Return the pages at `/` and the API at `/v1`."""
        booking = "/v1/bookings/{code}"
        return Starlette(
            routes=[
                Route("/v1/offices", self._answer(self._offices)),
                Route("/v1/offices/{office_id}/availability", self._answer(self._availability)),
                Route("/v1/offices/{office_id}/board", self._answer(self._board)),
                Route("/v1/bookings", self._answer(self._book), methods=["POST"]),
                Route(booking, self._answer(self._read)),
                Route(booking, self._answer(self._cancel), methods=["DELETE"]),
                Route(f"{booking}/reschedule", self._answer(self._reschedule), methods=["POST"]),
                Route(f"{booking}/proof.svg", self._answer(self._proof)),
                Route(f"{booking}/calendar.ics", self._answer(self._calendar)),
                Mount("/", StaticFiles(directory=WEB, html=True)),
            ]
        )

    def _answer(
        self, work: Callable[[Request, str], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            body = (await request.body()).decode()
            method, path = request.method, request.url.path
            self.api.seen.append(Seen(method, path, dict(request.headers), body))
            await asyncio.to_thread(self.api.answering.wait)
            failure = self._failure(method, path)
            if failure and not failure.after:
                return _failed(failure)
            try:
                done = work(request, body)
            except Refusal as refusal:
                return JSONResponse(
                    refusal.body, refusal.status, media_type="application/problem+json"
                )
            return _failed(failure) if failure else done

        return answer

    def _failure(self, method: str, path: str) -> Failure | None:
        for failure in self.api.failures:
            if failure.method == method and path.startswith(failure.path):
                self.api.failures.remove(failure)
                return failure
        return None

    def _offices(self, request: Request, body: str) -> Response:
        return JSONResponse({"offices": list(self.api.offices.values()), "next": None})

    def _availability(self, request: Request, body: str) -> Response:
        office_id, asked = request.path_params["office_id"], request.query_params
        first = date.fromisoformat(asked.get("from", TODAY.isoformat()))
        party = int(asked.get("party", 1))
        days = [
            self.api.day(office_id, first + timedelta(days=n), party)
            for n in range(int(asked.get("days", 30)))
        ]
        zone = self.api.offices[office_id]["timezone"]
        return JSONResponse(
            {"office_id": office_id, "timezone": zone, "lane": "regular", "days": days}
        )

    def _book(self, request: Request, body: str) -> Response:
        status, booking = self.api.book(request.headers["idempotency-key"], body)
        return JSONResponse(booking, status)

    def _read(self, request: Request, body: str) -> Response:
        return JSONResponse(masked(self.api.opened(request)))

    def _cancel(self, request: Request, body: str) -> Response:
        return JSONResponse(masked(self.api.cancel(self.api.opened(request))))

    def _reschedule(self, request: Request, body: str) -> Response:
        return JSONResponse(masked(self.api.reschedule(self.api.opened(request), body)))

    def _board(self, request: Request, body: str) -> Response:
        shown = self.api.boards.get(request.path_params["office_id"])
        if shown is None:
            raise Refusal(404, "not-found")
        return JSONResponse(shown)

    def _proof(self, request: Request, body: str) -> Response:
        return Response(_proof(self.api.opened(request)), media_type="image/svg+xml")

    def _calendar(self, request: Request, body: str) -> Response:
        booking = self.api.opened(request)
        text = f"BEGIN:VCALENDAR\r\nX-CODE:{booking['code']}\r\nEND:VCALENDAR\r\n"
        return Response(text, media_type="text/calendar")


def _failed(failure: Failure) -> Response:
    headers = {"Retry-After": failure.retry_after} if failure.retry_after else {}
    body = {"type": f"{TYPE}try-again", "title": "Busy", "status": failure.status}
    return JSONResponse(body, failure.status, headers, "application/problem+json")


@contextmanager
def running() -> Iterator[Site]:
    """Serve a site on a free port until the block ends."""
    site = Site()
    config = uvicorn.Config(
        site.application(), port=0, log_level="warning", lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    listener = config.bind_socket()
    site.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield site
    finally:
        server.should_exit = True
        thread.join()
