"""The NIK."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.nik import BirthInNik, InvalidNik, Nik, parse_nik
from antrean.domain.regions import PROVINCES

MAN = "3171011705900001"
WOMAN = "3171015705900001"


@st.composite
def niks(draw: st.DrawFn) -> tuple[str, dt.date, str]:
    """A NIK, with the birth date and the sex of its holder."""
    province = draw(st.sampled_from(sorted(PROVINCES)))
    regency = draw(st.integers(1, 69) | st.integers(71, 99))
    district = draw(st.integers(1, 99))
    born = draw(st.dates(dt.date(1910, 1, 1), dt.date(2026, 12, 31)))
    sex = draw(st.sampled_from("FM"))
    day = born.day + (40 if sex == "F" else 0)
    date = f"{day:02d}{born.month:02d}{born.year % 100:02d}"
    sequence = draw(st.integers(1, 9999))
    return f"{province}{regency:02d}{district:02d}{date}{sequence:04d}", born, sex


@given(niks())
def test_every_nik_that_can_be_issued_is_read(issued: tuple[str, dt.date, str]) -> None:
    text, born, sex = issued
    nik = parse_nik(text)
    assert nik.value == text
    assert nik.province + nik.regency + nik.district == text[:6]
    assert nik.birth == BirthInNik(born.day, born.month, born.year % 100)
    assert nik.sex == sex
    assert nik.sequence == text[12:]


def test_a_womans_day_is_40_higher() -> None:
    assert parse_nik(MAN).birth == parse_nik(WOMAN).birth == BirthInNik(17, 5, 90)
    assert (parse_nik(MAN).sex, parse_nik(WOMAN).sex) == ("M", "F")


@pytest.mark.parametrize("province", ["91", "92", "93", "94", "95", "96"])
def test_the_provinces_of_papua_are_known(province: str) -> None:
    assert parse_nik(province + MAN[2:]).province == province


def test_a_number_given_abroad_counts_as_a_nik() -> None:
    """A NIT: 99, three digits of the country, one of the mission (PP 40/2019, Art. 32)."""
    assert parse_nik("997001" + MAN[6:]).province == "99"


@pytest.mark.parametrize("regency", ["01", "69", "71", "79", "99"])
def test_regencies_count_to_69_and_cities_from_71(regency: str) -> None:
    assert parse_nik("31" + regency + MAN[4:]).regency == regency


@pytest.mark.parametrize("date", ["290200", "690200", "290204", "310190", "710190", "300490"])
def test_a_date_of_this_or_the_last_century_is_possible(date: str) -> None:
    assert parse_nik(MAN[:6] + date + MAN[12:]).birth.year == int(date[4:])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "digits"),
        (MAN[:-1], "digits"),
        (MAN + "1", "digits"),
        (MAN + "\n", "digits"),
        (" " + MAN, "digits"),
        ("3171 0117 0590 0001", "digits"),
        ("317101170590000O", "digits"),
        ("-171011705900001", "digits"),
        ("\u0663\u0661\u0667\u0661" + MAN[4:], "digits"),
        ("\uff13" + MAN[1:], "digits"),
        ("0071011705900001", "province"),
        ("1071011705900001", "province"),
        ("2071011705900001", "province"),
        ("5471011705900001", "province"),
        ("9771011705900001", "province"),
        ("9871011705900001", "province"),
        ("3100011705900001", "regency"),
        ("3170011705900001", "regency"),
        ("3171001705900001", "district"),
        ("3171010005900001", "birth_date"),
        ("3171013205900001", "birth_date"),
        ("3171014005900001", "birth_date"),
        ("3171017205900001", "birth_date"),
        ("3171011700900001", "birth_date"),
        ("3171011713900001", "birth_date"),
        ("3171013104900001", "birth_date"),
        ("3171013002000001", "birth_date"),
        ("3171012902010001", "birth_date"),
        ("3171016902010001", "birth_date"),
        ("3171011705900000", "sequence"),
        ("9971013205900001", "birth_date"),
    ],
)
def test_a_text_that_cannot_be_a_nik_is_refused_for_its_part(text: str, reason: str) -> None:
    with pytest.raises(InvalidNik) as refused:
        parse_nik(text)
    assert refused.value.reason == reason


@given(niks(), st.integers(0, 15), st.sampled_from("0123456789 x"))
def test_a_slip_is_refused_without_repeating_the_number(
    issued: tuple[str, dt.date, str], place: int, slip: str
) -> None:
    text = issued[0][:place] + slip + issued[0][place + 1 :]
    try:
        parse_nik(text)
    except InvalidNik as refused:
        message = str(refused) + repr(refused)
        assert not any(text[i : i + 4] in message for i in range(12))


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_a_parsed_nik_does_not_show_itself(show: Callable[[Nik], str]) -> None:
    shown = show(parse_nik(MAN))
    assert MAN not in shown
    assert MAN[6:12] not in shown


def test_there_are_38_provinces() -> None:
    assert len(PROVINCES) == 38
