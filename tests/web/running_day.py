"""A day that is running, as the API tells it: the hall display, and where a booking stands."""

from typing import Any

from tests.web.fake_api import Json, Site

CODE = "K7QF2-M9PX0"
OFFICE = "kotabumi"


def stand(site: Site, changes: Json, code: str = CODE) -> None:
    """Have a booking stand so from now on; its first ticket gets what `ticket` says."""
    booking = site.api.bookings[code]
    ticket = changes.pop("ticket", {})
    site.api.stands(code, **changes, tickets=[one | ticket for one in booking["tickets"]])


def waits(ahead: int = 3, there: int | None = None, **more: Any) -> Json:
    """Checked in, with an estimate from today's pace."""
    return {
        "ticket": {"state": "checked_in"},
        "reschedule_until": None,
        "position": {"ahead": ahead, "there": ahead if there is None else there},
        "estimate": estimate(),
    } | more


def estimate(basis: str = "pace") -> Json:
    """An interval of 23 minutes, or the reason why there is none."""
    if basis != "pace":
        return {"from": None, "to": None, "likely": None, "basis": basis}
    hour = "2026-11-26T09:{}+07:00"
    return {
        "from": hour.format("40:12"),
        "to": hour.format("03:01").replace("T09", "T10"),
        "likely": hour.format("50:00"),
        "basis": "pace",
    }


def called(counter: str = "3", times: int = 1) -> Json:
    """Called to a counter."""
    at = "2026-11-26T09:41:07+07:00"
    ticket = {"state": "called", "called": {"counter": counter, "at": at, "times": times}}
    return {"ticket": ticket, "position": None, "estimate": None, "reschedule_until": None}


def call(label: str, counter: str, minute: int, calls: int = 1) -> Json:
    """A number at a counter, called at some minute past nine."""
    at = f"2026-11-26T09:{minute:02d}:00+07:00"
    return {"label": label, "counter": counter, "called_at": at, "calls": calls}


def lane(name: str, *serving: Json, waiting: int = 0, pace: float | None = None) -> Json:
    """A lane with numbers at counters and some people who wait."""
    letter = name[0].upper()
    return {
        "lane": name,
        "now_serving": list(serving),
        "waiting": waiting,
        "next": [f"{letter}0900-{number:03d}" for number in range(10, 10 + waiting)],
        "served": 31,
        "pace": None if pace is None else {"calls_per_hour": pace},
    }


def a_board(*lanes: Json) -> Json:
    """The board of Kotabumi's Thursday at 09:41."""
    return {
        "office": {
            "office_id": OFFICE,
            "name": "Kantor Imigrasi Kotabumi",
            "city": "Lampung Utara",
            "timezone": "Asia/Jakarta",
        },
        "date": "2026-11-26",
        "as_of": "2026-11-26T09:41:12+07:00",
        "lanes": list(lanes),
    }


def busy() -> Json:
    """Three counters in two lanes, and people who wait."""
    return a_board(
        lane(
            "regular", call("R0800-014", "2", 41), call("R0900-003", "1", 36, 2), waiting=9, pace=28
        ),
        lane("priority", call("P0900-002", "4", 38), waiting=1),
    )
