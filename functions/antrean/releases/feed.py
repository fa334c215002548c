"""The calendar of an office's releases as an iCalendar feed (RFC 5545) to subscribe to.

An event keeps its UID for as long as its instant stays, whatever becomes of the places. A release
that is no longer planned leaves the feed, and then the calendars that follow it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from antrean.domain.announcing import Release, in_order
from antrean.domain.offices import Office
from antrean.domain.wording import LANES
from antrean.domain.zones import stated

if TYPE_CHECKING:
    from icalendar import Event


REFRESH: Final = timedelta(hours=1)
"""How often a calendar should look again (RFC 7986)."""

SHOWN: Final = timedelta(minutes=15)
"""How long an event is shown: a release has no length of its own."""


def releases_ics(office: Office, releases: Sequence[Release], now: int, url: str) -> bytes:
    """Return the feed; `now` (seconds, UTC) is when it is made, `url` the office's page."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Antrean//Rilis Antrean Paspor//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", f"Rilis antrean paspor: {office.name}")
    calendar.add("x-wr-calname", f"Rilis antrean paspor: {office.name}")
    calendar.add("refresh-interval", REFRESH, {"value": "DURATION"})
    for at, lanes in in_order(releases).items():
        calendar.add_component(_event(office, at, lanes, now, url))
    feed: bytes = calendar.to_ical()
    return feed


def _event(office: Office, at: int, lanes: Sequence[Release], now: int, url: str) -> "Event":
    from icalendar import Event

    starts = datetime.fromtimestamp(at, UTC)
    total = sum(release.total for release in lanes)
    event = Event()
    event.add("uid", f"release-{office.office_id}-{at}@antrean")
    event.add("dtstamp", datetime.fromtimestamp(now, UTC))
    # In UTC: a calendar shows it in its owner's zone, and the description names all three.
    event.add("dtstart", starts)
    event.add("dtend", starts + SHOWN)
    event.add("summary", f"{office.name}: {total} tempat antrean paspor dibuka")
    event.add("description", _description(at, lanes))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event


def _description(at: int, lanes: Sequence[Release]) -> str:
    times = ", ".join(f"{time:%H:%M} {zone}" for zone, time in stated(at).items())
    return "\n".join([times, *(_line(release) for release in lanes)])


def _line(release: Release) -> str:
    days = [day for day, _ in release.places]
    dates = f"{days[0]:%d-%m-%Y}" + (f" - {days[-1]:%d-%m-%Y}" if len(days) > 1 else "")
    return f"{LANES[release.lane][0]}: {release.total} tempat / places, {dates}"
