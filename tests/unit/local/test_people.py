"""The applicants of the demo: nobody who exists, and the same again for the same run."""

from itertools import islice

from antrean.domain.applicants import age_on, birth_date_note
from antrean.domain.nik import parse_nik
from antrean.domain.phone import to_e164
from infra.local.people import OLDEST, WOMEN, YOUNGEST, Person, people

COUNT = 500


def _some(run: str) -> list[Person]:
    return list(islice(people(run), COUNT))


def test_a_run_has_the_same_people_again_and_another_run_has_others() -> None:
    one, other = _some("a"), _some("b")
    assert one == _some("a")
    assert len({person.nik for person in one}) == len({person.key for person in one}) == COUNT
    assert not {person.nik for person in one} & {person.nik for person in other}


def test_everybody_is_an_adult_of_lampung_whose_nik_is_well_made() -> None:
    for person in _some("c"):
        nik = parse_nik(person.nik)
        assert nik.province == "18"
        assert birth_date_note(nik, person.birth_date) is None
        assert (nik.sex == "F") == (person.name.split()[0] in WOMEN)
        assert to_e164(person.phone) == person.phone


def test_nobody_needs_a_guardian_or_may_use_the_priority_lane() -> None:
    day = YOUNGEST.replace(year=2026)
    assert age_on(YOUNGEST, day) >= 18
    assert age_on(OLDEST, day) < 60
