"""Finding offices."""

import pytest

from antrean.domain.errors import NotFound
from antrean.domain.offices import OfficeStatus
from antrean.offices.find import find_offices, recent_office
from antrean.store.items.office import put_office
from tests.support.people import an_office
from tests.support.worlds import World, deadline

OFFICES = (
    an_office("kotabumi", name="Kantor Imigrasi Kotabumi", city="Kotabumi"),
    an_office("kalianda", name="Kantor Imigrasi Kalianda", city="Lampung Selatan"),
    an_office("jakarta-selatan", name="Kantor Imigrasi Jakarta Selatan", province="DKI Jakarta"),
)


@pytest.fixture(autouse=True)
def _offices(world: World) -> None:
    for office in OFFICES:
        world.has_office(office)


def ids(province: str | None = None, words: str | None = None) -> list[str]:
    return [office.office_id for office in find_offices(province, words, deadline())]


def test_all_offices_come_in_order_of_name() -> None:
    assert ids() == ["jakarta-selatan", "kalianda", "kotabumi"]


@pytest.mark.parametrize(
    ("province", "words", "expected"),
    [
        ("Lampung", None, ["kalianda", "kotabumi"]),
        ("lampung", None, ["kalianda", "kotabumi"]),
        ("LAMPUNG", "", ["kalianda", "kotabumi"]),
        ("Lamp", None, []),
        (None, "selatan", ["jakarta-selatan", "kalianda"]),
        (None, "KALI", ["kalianda"]),
        (None, "selatan jakarta", ["jakarta-selatan"]),
        (None, "  selatan   lampung ", ["kalianda"]),
        ("DKI Jakarta", "selatan", ["jakarta-selatan"]),
        ("DKI Jakarta", "lampung", []),
        (None, "bandung", []),
    ],
)
def test_offices_are_found_by_province_and_words(
    province: str | None, words: str | None, expected: list[str]
) -> None:
    assert ids(province, words) == expected


def test_the_list_is_read_once_in_ten_seconds(world: World) -> None:
    world.client.log.clear()
    for _ in range(5):
        find_offices(None, None, deadline())
        recent_office("kotabumi", deadline())
    assert [call.operation for call in world.client.log] == ["Query"]
    world.time.forward(seconds=10)
    find_offices(None, None, deadline())
    assert len(world.client.log) == 2


def test_one_office_is_read_alone_when_no_list_is_at_hand(world: World) -> None:
    world.client.log.clear()
    assert recent_office("kotabumi", deadline()) == OFFICES[0]
    assert [call.operation for call in world.client.log] == ["GetItem"]


def test_an_office_newer_than_the_list_is_found(world: World) -> None:
    find_offices(None, None, deadline())
    put_office(an_office("metro"), deadline())
    assert recent_office("metro", deadline()).office_id == "metro"


def test_an_office_may_be_ten_seconds_old_and_no_older(world: World) -> None:
    find_offices(None, None, deadline())
    put_office(an_office(status=OfficeStatus.SUSPENDED), deadline())
    world.time.forward(seconds=9.9)
    assert recent_office("kotabumi", deadline()).status is OfficeStatus.OPEN
    world.time.forward(seconds=0.1)
    assert recent_office("kotabumi", deadline()).status is OfficeStatus.SUSPENDED


def test_an_unknown_office_is_not_found() -> None:
    with pytest.raises(NotFound):
        recent_office("bandung", deadline())
