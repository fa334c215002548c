"""What clients may send."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from antrean.api.bookings.schemas import BookingIn, RescheduleIn
from antrean.api.counters.schemas import WalkInIn
from antrean.api.types import IsoDate, Reason, ServiceDate
from antrean.domain.errors import InvalidRequest
from antrean.domain.overflow import Overflow
from antrean.domain.slots import Lane
from antrean.domain.tickets import Contact
from antrean.runtime.field_types import Hour
from tests.support.people import TUESDAY, applicant_json, booking_json, key, people, person

iso = TypeAdapter(IsoDate)
service = TypeAdapter(ServiceDate)
hour = TypeAdapter(Hour)
reason = TypeAdapter(Reason)


@given(st.dates())
def test_a_date_is_read_in_iso(day: date) -> None:
    assert iso.validate_python(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        0,
        1_795_000_000,
        1.5,
        True,
        None,
        "",
        "0",
        "1795000000",
        "2026-11-24T00:00:00",
        "2026-11-24T00:00:00Z",
        "2026-11-24 ",
        "2026-11-24\n",
        "20261124",
        "2026-11-4",
        "26-11-24",
        "24-11-2026",
        "2026/11/24",
        "2026-02-29",
        "2026-13-01",
        "0000-01-01",
        "\u0662\u0660\u0662\u0666-11-24",
    ],
    ids=repr,
)
def test_nothing_else_is_read_as_a_date(text: object) -> None:
    with pytest.raises(ValidationError):
        iso.validate_python(text)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("2016-12-31", False),
        ("2017-01-01", True),
        ("2099-12-31", True),
        ("2100-01-01", False),
        ("9999-12-31", False),
        ("0001-01-01", False),
    ],
)
def test_a_date_of_service_is_within_the_calendar(text: str, *, allowed: bool) -> None:
    if allowed:
        assert service.validate_python(text) == date.fromisoformat(text)
    else:
        with pytest.raises(ValidationError):
            service.validate_python(text)


@pytest.mark.parametrize("text", ["00:00", "08:00", "19:59", "23:59"])
def test_an_hour_is_read(text: str) -> None:
    assert hour.validate_python(text) == text


@pytest.mark.parametrize(
    "text", ["24:00", "08:60", "8:00", "0800", "08:00\n", "08:00:00", "", "\u0660\u0668:00"]
)
def test_nothing_else_is_read_as_an_hour(text: str) -> None:
    with pytest.raises(ValidationError):
        hour.validate_python(text)


def read(**changes: Any) -> BookingIn:
    return BookingIn.model_validate(booking_json(person(1)) | changes)


def wrong(**changes: Any) -> set[tuple[str | int, ...]]:
    """Where a booking is wrong."""
    with pytest.raises(ValidationError) as refused:
        read(**changes)
    return {error["loc"] for error in refused.value.errors()}


def test_a_booking_says_what_it_need_not_be_told() -> None:
    request = read().request(key(1))
    assert (request.lane, request.overflow, request.start) == (
        Lane.REGULAR,
        Overflow.NEXT_DATE,
        None,
    )
    assert (request.key, request.office_id, request.day) == (key(1), "kotabumi", TUESDAY)


def test_a_booking_is_read_whole() -> None:
    child = person(3, born=date(2023, 5, 1), guardian_name="Ibu  Dewi")
    elder = person(4, born=date(1950, 5, 1))
    request = BookingIn.model_validate(
        booking_json(
            child,
            elder,
            window="09:00",
            lane="priority",
            overflow="same_date",
            contact={"phone": "0812 3456 7890", "email": "a@example.org"},
        )
    ).request(key(1))
    assert (request.lane, request.overflow, request.start) == (
        Lane.PRIORITY,
        Overflow.SAME_DATE,
        "0900",
    )
    assert request.contact == Contact("+6281234567890", "a@example.org")
    assert [each.guardian_name for each in request.party] == ["Ibu Dewi", None]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"office_id": ""}, ("office_id",)),
        ({"office_id": "x" * 65}, ("office_id",)),
        ({"office_id": 5}, ("office_id",)),
        ({"office_id": "\ud800"}, ("office_id",)),
        ({"date": 0}, ("date",)),
        ({"date": "2100-01-01"}, ("date",)),
        ({"window": "8"}, ("window",)),
        ({"lane": "vip"}, ("lane",)),
        ({"overflow": "always"}, ("overflow",)),
        ({"applicants": []}, ("applicants",)),
        ({"applicants": {}}, ("applicants",)),
        ({"applicants": [applicant_json(each) for each in people(6)]}, ("applicants",)),
        ({"applicants": [None]}, ("applicants", 0)),
        ({"contact": None}, ("contact",)),
        ({"contact": {}}, ("contact", "phone")),
        ({"contact": {"phone": "0" * 41}}, ("contact", "phone")),
        ({"contact": {"phone": "08123456789", "email": "x"}}, ("contact", "email")),
        ({"contact": {"phone": "08123456789", "email": "a@b.c\n"}}, ("contact", "email")),
        (
            {"contact": {"phone": "08123456789", "email": "a@" + "b" * 252 + ".c"}},
            ("contact", "email"),
        ),
        ({"priority": True}, ("priority",)),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_by_its_place(
    changes: dict[str, Any], where: tuple[str | int, ...]
) -> None:
    assert wrong(**changes) == {where}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"nik": 3171011705900001}, "nik"),
        ({"nik": "1" * 41}, "nik"),
        ({"name": None}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"birth_date": 0}, "birth_date"),
        ({"birth_date": "17-05-1990"}, "birth_date"),
        ({"priority_ground": "x" * 21}, "priority_ground"),
        ({"age": 3}, "age"),
    ],
    ids=str,
)
def test_what_is_wrong_about_a_person_is_told_by_its_place(
    changes: dict[str, Any], where: str
) -> None:
    applicant = applicant_json(person(1)) | changes
    assert wrong(applicants=[applicant_json(person(2)), applicant]) == {("applicants", 1, where)}


def test_what_the_rules_of_applicants_refuse_is_told_by_pointer() -> None:
    short = applicant_json(person(1)) | {"nik": "123"}
    with pytest.raises(InvalidRequest) as refused:
        read(applicants=[short]).request(key(1))
    assert [problem.pointer for problem in refused.value.problems] == ["/applicants/0/nik"]


def test_the_same_is_told_of_a_walk_in_by_pointers_into_its_own_request() -> None:
    request = {
        "applicant": applicant_json(person(1)) | {"nik": "123", "birth_date": "1800-01-01"},
        "contact": {"phone": "0812 3456 7890"},
    }
    with pytest.raises(InvalidRequest) as refused:
        WalkInIn.model_validate(request).walk_in(str(key(1)), TUESDAY)
    assert [problem.pointer for problem in refused.value.problems] == [
        "/applicant/nik",
        "/applicant/birth_date",
    ]


def test_a_walk_ins_phone_is_told_by_pointer() -> None:
    request = {"applicant": applicant_json(person(1)), "contact": {"phone": "021 555 1234"}}
    with pytest.raises(InvalidRequest) as refused:
        WalkInIn.model_validate(request).walk_in(str(key(1)), TUESDAY)
    assert [problem.pointer for problem in refused.value.problems] == ["/contact/phone"]


@pytest.mark.parametrize("text", ["x" * 3, "x" * 300, "  Banjir  "])
def test_a_reason_is_a_line_of_3_to_300_characters(text: str) -> None:
    assert reason.validate_python(text) == text.strip()


@pytest.mark.parametrize("text", ["", " x ", "x" * 301, "Banjir\nbesar", "Banjir\u2028besar"])
def test_no_other_reason_is_taken(text: str) -> None:
    with pytest.raises(ValidationError):
        reason.validate_python(text)


def test_a_phone_that_cannot_be_reached_is_told_by_pointer() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read(contact={"phone": "021 555 1234"}).request(key(1))
    assert [problem.pointer for problem in refused.value.problems] == ["/contact/phone"]
    assert "021" not in str([problem.detail for problem in refused.value.problems])


def test_a_refusal_of_pydantics_does_not_show_what_was_sent() -> None:
    with pytest.raises(ValidationError) as refused:
        read(applicants=[applicant_json(person(1)) | {"nik": 3171011705900001}])
    assert "3171011705900001" not in str(refused.value)


def test_a_move_stays_where_it_says_unless_told_otherwise() -> None:
    asked = RescheduleIn.model_validate({"date": "2026-11-25"})
    assert (asked.window, asked.overflow) == (None, Overflow.NONE)
    with pytest.raises(ValidationError):
        RescheduleIn.model_validate({"date": "2026-11-25", "office_id": "kalianda"})
