"""Parties: who may book together, in which lane."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.applicants import (
    BIRTH_DATE_DIFFERS,
    accept_party,
    age_on,
    birth_date_note,
    check_party,
    priority_ground,
)
from antrean.domain.errors import InvalidRequest
from antrean.domain.nik import parse_nik
from antrean.domain.slots import Lane
from antrean.domain.tickets import Applicant

VISIT = date(2026, 11, 24)
ADULT = date(1990, 5, 17)


def person(
    number: int = 1,
    born: date = ADULT,
    name: str = "Siti Aminah",
    ground: str | None = None,
    guardian_name: str | None = None,
) -> Applicant:
    """A person whose NIK agrees with their birth date."""
    nik = f"317101{born:%d%m%y}{number:04d}"
    return Applicant(nik, name, born, ground=ground, guardian_name=guardian_name)


def pointers(*applicants: Applicant, lane: Lane = Lane.REGULAR, on: date = VISIT) -> list[str]:
    """Where `check_party` finds something wrong."""
    return [problem.pointer for problem in check_party(applicants, lane, on)]


def years_before(years: int, days_later: int = 0) -> date:
    """The birth date of someone who is `years` old that many days after the visit."""
    return VISIT.replace(year=VISIT.year - years, day=VISIT.day + days_later)


# Ages


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2000, 11, 24), VISIT, 26),
        (date(2000, 11, 25), VISIT, 25),
        (date(2000, 12, 1), VISIT, 25),
        (date(2000, 1, 31), VISIT, 26),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
        (VISIT, VISIT, 0),
        (date(2026, 11, 25), VISIT, -1),
    ],
)
def test_an_age_is_the_birthdays_that_were(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_an_age_grows_by_one_on_the_birthday(born: date, years: int) -> None:
    year = born.year + years
    birthday = date(year, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(year=year)
    if (born.month, born.day) == (2, 29) and years % 4 == 0 and year % 100:
        birthday = born.replace(year=year)
    assert age_on(born, birthday) == years
    assert age_on(born, date.fromordinal(birthday.toordinal() - 1)) == years - 1


# The birth date and the NIK


def test_a_birth_date_as_in_the_nik_needs_no_note() -> None:
    assert birth_date_note(parse_nik("3171011705900001"), ADULT) is None


def test_a_womans_birth_date_is_read_from_her_nik() -> None:
    assert birth_date_note(parse_nik("3171015705900001"), ADULT) is None


def test_the_century_of_a_nik_is_unknown() -> None:
    nik = parse_nik("3171011705200001")
    assert birth_date_note(nik, date(1920, 5, 17)) is None
    assert birth_date_note(nik, date(2020, 5, 17)) is None


@pytest.mark.parametrize("born", [date(1990, 5, 18), date(1990, 6, 17), date(1991, 5, 17)])
def test_another_birth_date_is_a_note_without_a_date(born: date) -> None:
    assert birth_date_note(parse_nik("3171011705900001"), born) == BIRTH_DATE_DIFFERS
    assert not any(c.isdigit() for c in BIRTH_DATE_DIFFERS)


def test_another_birth_date_is_no_ground_to_refuse() -> None:
    applicant = Applicant("3171011705900001", "Siti Aminah", date(1989, 1, 1))
    assert pointers(applicant) == []
    assert accept_party([applicant], Lane.REGULAR, VISIT)[0].note == BIRTH_DATE_DIFFERS


# The party


@pytest.mark.parametrize("size", range(1, 6))
def test_one_to_five_people_book_together(size: int) -> None:
    assert pointers(*(person(number) for number in range(1, size + 1))) == []


@pytest.mark.parametrize("size", [0, 6, 100])
def test_no_or_too_many_people_are_refused(size: int) -> None:
    assert pointers(*(person(number) for number in range(1, size + 1))) == [""]


def test_a_nik_given_twice_is_named_where_it_is_repeated() -> None:
    party = [person(1), person(2), person(1), person(2)]
    assert pointers(*party) == ["/2/nik", "/3/nik"]


def test_every_wrong_field_is_named_at_once() -> None:
    wrong = Applicant("317101", "1234", date(2030, 1, 1))
    assert pointers(person(1), wrong) == [
        "/1/nik",
        "/1/name",
        "/1/birth_date",
    ]


def test_a_problem_never_repeats_what_was_given() -> None:
    party = [person(1, name="Siti1234\n"), person(1), Applicant("12345", "=Siti", ADULT)]
    for problem in check_party(party, Lane.PRIORITY, VISIT):
        assert "Siti" not in problem.detail
        assert "12345" not in problem.detail
        assert party[0].nik not in problem.detail


@pytest.mark.parametrize("born", [date(2026, 11, 25), date(1905, 11, 24), date(1090, 5, 17)])
def test_a_birth_date_that_cannot_be_is_refused(born: date) -> None:
    applicant = Applicant("3171011705900001", "Siti Aminah", born, guardian_name="Budi")
    assert pointers(applicant) == ["/0/birth_date"]


# Priority


@pytest.mark.parametrize(
    ("born", "ground"),
    [
        (years_before(60), "over_60"),
        (years_before(60, days_later=1), None),
        (years_before(61), "over_60"),
        (years_before(5), None),
        (years_before(5, days_later=1), "under_5"),
        (VISIT, "under_5"),
        (ADULT, None),
    ],
)
def test_the_old_and_the_very_young_have_priority(born: date, ground: str | None) -> None:
    assert priority_ground(born, None, VISIT) == ground
    applicant = person(born=born, guardian_name="Budi")
    refused = [] if ground else ["/0/priority_ground"]
    assert pointers(applicant, lane=Lane.PRIORITY) == refused


@pytest.mark.parametrize("stated", ["pregnant", "disability"])
def test_a_stated_ground_gives_priority(stated: str) -> None:
    assert priority_ground(ADULT, stated, VISIT) == stated
    assert pointers(person(ground=stated), lane=Lane.PRIORITY) == []


@pytest.mark.parametrize("stated", ["rich", "", "over_60", "under_5"])
@pytest.mark.parametrize("lane", Lane)
def test_a_ground_that_cannot_be_stated_is_refused(stated: str, lane: Lane) -> None:
    assert priority_ground(ADULT, stated, VISIT) is None
    assert pointers(person(ground=stated), lane=lane) == ["/0/priority_ground"]


def test_everyone_in_the_priority_lane_has_a_ground() -> None:
    party = [person(1, born=years_before(70)), person(2), person(3, ground="disability")]
    assert pointers(*party, lane=Lane.PRIORITY) == ["/1/priority_ground"]


@pytest.mark.parametrize("lane", [Lane.REGULAR, Lane.EXPRESS])
def test_the_other_lanes_ask_for_no_ground_and_keep_none(lane: Lane) -> None:
    assert pointers(person(), lane=lane) == []
    assert accept_party([person(ground="disability")], lane, VISIT)[0].ground is None


def test_the_priority_lane_keeps_the_stated_ground() -> None:
    accepted = accept_party([person(ground="disability")], Lane.PRIORITY, VISIT)
    assert accepted[0].ground == "disability"


# Minors


@pytest.mark.parametrize(
    ("born", "refused"),
    [
        (years_before(17), []),
        (years_before(17, days_later=1), ["/0/guardian_name"]),
        (years_before(10), ["/0/guardian_name"]),
    ],
)
def test_who_has_no_card_of_their_own_names_an_adult(born: date, refused: list[str]) -> None:
    assert pointers(person(born=born)) == refused
    assert pointers(person(born=born, guardian_name="Budi")) == []


@pytest.mark.parametrize(
    ("companion", "refused"),
    [
        (years_before(18), []),
        (years_before(18, days_later=1), ["/0/guardian_name"]),
        (years_before(12), ["/0/guardian_name", "/1/guardian_name"]),
    ],
)
def test_an_adult_of_the_party_accompanies(companion: date, refused: list[str]) -> None:
    assert pointers(person(1, born=years_before(10)), person(2, born=companion)) == refused


def test_a_guardian_has_a_name() -> None:
    child = person(born=years_before(10), guardian_name=" ")
    assert pointers(child) == ["/0/guardian_name"]


def test_a_guardian_of_a_child_is_kept_and_of_an_adult_is_not() -> None:
    child = person(1, born=years_before(17), guardian_name=" Budi  Santoso ")
    adult = person(2, born=years_before(18), guardian_name="Budi Santoso")
    accepted = accept_party([child, adult], Lane.REGULAR, VISIT)
    assert [applicant.guardian_name for applicant in accepted] == ["Budi Santoso", None]


# Acceptance


def test_an_accepted_party_has_clean_names_and_the_given_order() -> None:
    party = [person(1, name=" Siti   Aminah "), person(2, name="Suharto")]
    accepted = accept_party(party, Lane.REGULAR, VISIT)
    assert [applicant.name for applicant in accepted] == ["Siti Aminah", "Suharto"]
    assert [applicant.nik for applicant in accepted] == [applicant.nik for applicant in party]
    assert [applicant.note for applicant in accepted] == [None, None]


def test_a_party_with_problems_is_not_accepted() -> None:
    party = [person(1), person(1)]
    with pytest.raises(InvalidRequest) as refused:
        accept_party(party, Lane.REGULAR, VISIT)
    assert refused.value.problems == check_party(party, Lane.REGULAR, VISIT)
