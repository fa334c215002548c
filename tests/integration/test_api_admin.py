"""The admin API: quotas change while they are sold, and every change is on the record."""

from typing import Any

import pytest

from antrean.api.days import routes as days_routes
from antrean.days import move_queue
from antrean.domain.audit import AuditEntry
from antrean.domain.moves import MoveProgress
from antrean.domain.offices import Office
from antrean.handlers import admin_api, move_day, public_api
from antrean.runtime.registry import forget
from antrean.store.items.audit_entry import PAGE, record
from tests.support.gateway import REQUEST_ID, USER, Answer, Client, Context, signed_in
from tests.support.people import booking_json, key, people, person
from tests.support.providers import batch
from tests.support.worlds import World, deadline

api, applicants = Client(admin_api.handler), Client(public_api.handler)

DAYS = "/v1/admin/offices/{office_id}/days"
DAY = "/v1/admin/offices/{office_id}/days/{date}"
MOVE = f"{DAY}/move"
AUDIT = "/v1/admin/audit"
TUESDAY = "2026-11-24"


@pytest.fixture(autouse=True)
def office(world: World) -> Office:
    """Kotabumi: 20 places a day, in windows of 4, 4, 3, 3, 3 and 3."""
    return world.has_office(open_days=3)


def change(*quotas: tuple[str, int], day: str = TUESDAY, **more: Any) -> Answer:
    """Set windows' quotas of the regular lane, as Kotabumi's own admin."""
    wanted = [{"lane": "regular", "window": start, "quota": quota} for start, quota in quotas]
    return send({"quotas": wanted} | more, day)


def send(body: Any, day: str = TUESDAY) -> Answer:
    claims = signed_in("office-admin:kotabumi")
    return api("PATCH", DAY, office_id="kotabumi", date=day, body=body, claims=claims)


def figures(answer: Answer) -> dict[str, tuple[int, int, int]]:
    """Quota, remaining and taken of the windows of the first day in an answer."""
    assert answer.status == 200, answer
    day = answer.json if "slots" in answer.json else answer.json["days"][0]
    return {
        slot["start"]: (slot["quota"], slot["remaining"], slot["taken"]) for slot in day["slots"]
    }


def places_now() -> dict[str, tuple[int, int, int]]:
    claims = signed_in("office-admin:kotabumi")
    query = {"from": TUESDAY, "days": "1"}
    return figures(api("GET", DAYS, office_id="kotabumi", query=query, claims=claims))


def audited(**query: str) -> Any:
    answer = api("GET", AUDIT, query={"office_id": "kotabumi"} | query, claims=signed_in("admin"))
    assert answer.status == 200, answer
    return answer.json


def sell(count: int, start: str = "08:00", first: int = 1) -> list[dict[str, Any]]:
    """Sell places of a window, or of where it overflows to."""
    sold = []
    for number in range(first, first + count):
        answer = applicants(
            "POST",
            "/v1/bookings",
            headers={"Idempotency-Key": key(number)},
            body=booking_json(person(number), window=start),
        )
        assert answer.status == 201, answer
        sold.append(answer.json)
    return sold


def test_days_are_listed_with_their_figures() -> None:
    sell(3)
    claims = signed_in("admin")
    answer = api("GET", DAYS, office_id="kotabumi", query={"from": "2026-11-23"}, claims=claims)
    assert [day["date"] for day in answer.json["days"]] == ["2026-11-23", TUESDAY, "2026-11-25"]
    assert places_now()["08:00"] == (4, 1, 3)
    assert places_now()["09:00"] == (4, 4, 0)


def test_a_quota_raised_while_it_is_sold_gives_the_next_ones_their_day(world: World) -> None:
    sell(4)
    assert figures(change(("08:00", 6)))["08:00"] == (6, 2, 4)
    world.time.forward(seconds=3)
    got = sell(3, first=5)
    assert [booking["window"]["start"] for booking in got] == ["08:00", "08:00", "09:00"]
    assert places_now()["08:00"] == (6, 0, 6)


def test_a_quota_lowered_to_what_is_taken_sells_nothing_more(world: World) -> None:
    sell(3)
    assert figures(change(("08:00", 3)))["08:00"] == (3, 0, 3)
    assert sell(1, first=4)[0]["window"]["start"] == "09:00"


def test_a_quota_below_what_is_taken_is_refused_with_the_figures() -> None:
    sell(3)
    answer = change(("08:00", 2), ("09:00", 9))
    assert (answer.status, answer.problem) == (409, "below-taken")
    [slot] = answer.json["slots"]
    assert slot.items() >= {"lane": "regular", "window": "08:00", "quota": 2, "taken": 3}.items()
    assert places_now()["08:00"] == (4, 1, 3)
    assert places_now()["09:00"] == (4, 4, 0), "all or nothing"
    assert audited()["records"] == []


def test_forced_nobody_loses_a_place_and_nothing_more_is_sold(world: World) -> None:
    sold = sell(4)
    assert figures(change(("08:00", 1), force=True))["08:00"] == (1, -3, 4)
    world.time.forward(seconds=3)
    assert sell(1, first=5)[0]["window"]["start"] == "09:00"
    headers = {"Authorization": f"Bearer {sold[0]['token']}"}
    held = applicants("GET", "/v1/bookings/{code}", code=sold[0]["code"], headers=headers)
    assert held.json["status"] == "booked"
    calendar = applicants(
        "GET",
        "/v1/offices/{office_id}/availability",
        office_id="kotabumi",
        query={"from": TUESDAY, "days": "1"},
    )
    window = calendar.json["days"][0]["windows"][0]
    assert (window["state"], window["remaining"]) == ("full", 0), "the public sees no debt"


def test_a_change_is_on_the_record_with_who_what_from_what_to_what() -> None:
    change(("08:00", 6), ("14:00", 0))
    [told] = audited()["records"]
    assert (told["at"], told["who"], told["request_id"]) == (
        "2026-11-23T00:00:00Z",
        USER,
        REQUEST_ID,
    )
    assert TUESDAY in told["what"]
    quotas = [[(each["window"], each["quota"]) for each in told[s]] for s in ("before", "after")]
    assert [sorted((w.replace(":", ""), q) for w, q in each) for each in quotas] == [
        [("0800", 4), ("1400", 3)],
        [("0800", 6), ("1400", 0)],
    ]


def test_a_change_that_changes_nothing_is_not_on_the_record() -> None:
    assert figures(change(("08:00", 4)))["08:00"] == (4, 4, 0)
    assert audited()["records"] == []


def test_the_record_is_read_newest_first_and_page_by_page(world: World) -> None:
    for number in range(PAGE + 2):
        record(AuditEntry("kotabumi", "u", f"change {number}", None, None), deadline())
        world.time.forward(seconds=1)
    record(AuditEntry("kalianda", "u", "elsewhere", None, None), deadline())
    first = audited()
    rest = audited(cursor=first["next"])
    whats = [each["what"] for each in first["records"] + rest["records"]]
    assert whats == [f"change {number}" for number in reversed(range(PAGE + 2))]
    assert rest["next"] is None


def test_the_record_is_filtered_by_office_who_what_and_dates(world: World) -> None:
    for office_id, who, what in (
        ("kotabumi", "u-1", "open"),
        ("kalianda", "u-2", "close"),
        ("CALENDAR", "u-1", "set holiday"),
    ):
        record(AuditEntry(office_id, who, what, None, None), deadline())
        world.time.forward(days=1)
    world.has_office(office_id="kalianda")

    def whats(**query: str) -> list[str]:
        answer = api("GET", AUDIT, query=query, claims=signed_in("admin"))
        assert answer.status == 200, answer
        return [one["what"] for one in answer.json["records"]]

    assert whats() == ["set holiday", "close", "open"]
    assert whats(who="u-1") == ["set holiday", "open"]
    assert whats(what="clo") == ["close"]
    assert whats(office_id="kalianda", who="u-1") == []
    # 07:00 in Jakarta each day: a date is the whole of it, an instant is before or after.
    assert whats(**{"from": TUESDAY, "to": TUESDAY}) == ["close"]
    assert whats(to="2026-11-23T23:59:59+00:00") == ["open"]
    assert whats(**{"from": "2026-11-24T07:00:00+07:00"}) == ["set holiday", "close"]


def test_a_filter_that_is_none_is_named() -> None:
    for name in ("from", "to"):
        for wrong in ("yesterday", "2026-02-30", "2026-11-24T08:00:00", "0001-01-01T00:00:00Z"):
            answer = api("GET", AUDIT, query={name: wrong}, claims=signed_in("admin"))
            assert answer.pointers == [f"query:{name}"], wrong


WRONG: list[tuple[Any, list[str]]] = [
    (None, [""]),
    ([], [""]),
    ({"quotas": [{"window": "08:00", "quota": -1}]}, ["/quotas/0/quota"]),
    ({"quotas": [{"window": "08:00", "quota": 10_000}]}, ["/quotas/0/quota"]),
    ({"quotas": [{"window": "08:00", "quota": "5"}]}, ["/quotas/0/quota"]),
    ({"quotas": [{"window": "08:00", "quota": True}]}, ["/quotas/0/quota"]),
    ({"quotas": [{"window": "08:00", "quota": 1.5}]}, ["/quotas/0/quota"]),
    ({"quotas": [{"window": "8", "quota": 5}]}, ["/quotas/0/window"]),
    ({"quotas": [{"window": "12:00", "quota": 5}]}, ["/quotas/0/window"]),
    ({"quotas": [{"lane": "express", "window": "08:00", "quota": 5}]}, ["/quotas/0/window"]),
    ({"quotas": [{"window": "08:00", "quota": 5}] * 2}, ["/quotas/1"]),
    ({"quotas": [{"window": "08:00", "quota": 5}], "force": "yes"}, ["/force"]),
    ({"quotas": [{"window": "08:00", "quota": 5}], "office": "x"}, ["/office"]),
]


@pytest.fixture
def moves(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The queue of moves: what was put on it, to be delivered."""
    waiting: list[dict[str, Any]] = []

    def enqueued(progress: MoveProgress, _delay: int = 0) -> None:
        waiting.append({"office_id": progress.office_id, "scope": progress.scope})

    monkeypatch.setattr(days_routes, "enqueue_move", enqueued)
    monkeypatch.setattr(move_queue, "enqueue_move", enqueued)
    return waiting


def test_a_move_tells_who_was_moved_and_who_waits_and_why(moves: list[dict[str, Any]]) -> None:
    sell(2)  # on Tuesday; Wednesday is the last day that is open
    claims = signed_in("admin")
    where = {"office_id": "kotabumi", "date": TUESDAY}
    body = {"reason": "Banjir", "window": "08:00"}
    begun = api("POST", MOVE, **where, body=body, claims=claims)
    assert (begun.status, begun.json["state"], begun.json["staying"]) == (202, "running", [])
    forget()
    assert move_day.handler(batch(*moves), Context()) == {"batchItemFailures": []}
    shown = api("GET", MOVE, **where, query={"window": "08:00"}, claims=claims)
    counts = ("state", "moved", "left", "waiting", "without_place", "staying")
    assert [shown.json[name] for name in counts] == ["done", 2, 0, 0, 0, []]
    assert audited(what="moved")["records"][0]["after"] == {
        "state": "done",
        "moved": 2,
        "left": 0,
        "waiting": 0,
    }


def test_a_move_lists_who_waits_and_why(world: World, moves: list[dict[str, Any]]) -> None:
    world.has_office(horizon_days=2)
    wednesday = "2026-11-25"
    (made,) = sell(1)
    closing = {"closed": True, "reason": "Banjir"}
    assert send(closing, wednesday).status == 200
    claims = signed_in("admin")
    where = {"office_id": "kotabumi", "date": TUESDAY}
    assert api("POST", MOVE, **where, body={"reason": "Banjir"}, claims=claims).status == 202
    forget()
    move_day.handler(batch(*moves), Context())
    shown = api("GET", MOVE, **where, claims=claims).json
    assert (shown["state"], shown["moved"], shown["left"], shown["waiting"]) == ("waiting", 0, 0, 1)
    assert shown["staying"] == [{"code": made["code"], "why": "no_place"}]


def test_a_wrong_change_is_named_and_nothing_is_changed() -> None:
    before = places_now()
    for body, pointers in WRONG:
        answer = send(body)
        assert (answer.status, answer.problem) == (422, "invalid-request"), body
        assert answer.pointers == pointers, body
    assert places_now() == before
    assert audited()["records"] == []


def test_a_date_that_is_none_is_named() -> None:
    for day in ("tomorrow", "2026-02-30", "20261124", "9999-12-31", "0"):
        answer = change(("08:00", 5), day=day)
        assert (answer.problem, answer.pointers) == ("invalid-request", ["path:date"]), day


def test_an_unknown_office_is_not_found() -> None:
    answer = api(
        "PATCH",
        DAY,
        office_id="bandung",
        date=TUESDAY,
        body={"quotas": [{"window": "08:00", "quota": 5}]},
        claims=signed_in("admin"),
    )
    assert answer.problem == "not-found"


def test_a_family_counts_as_many_as_it_is() -> None:
    applicants(
        "POST",
        "/v1/bookings",
        headers={"Idempotency-Key": key(1)},
        body=booking_json(*people(4), window="08:00"),
    )
    assert change(("08:00", 3)).problem == "below-taken"
    forget()
    assert figures(change(("08:00", 4)))["08:00"] == (4, 0, 4)
