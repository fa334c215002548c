"""The seed: 145 offices, as on the day of the national launch."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from antrean.domain.offices import OfficeStatus
from antrean.store.items.office import get_office, put_office
from infra.seed.offices import load, offices
from tests.support.worlds import World, deadline


def test_only_kotabumi_of_lampung_is_open() -> None:
    status = {o.office_id: o.status for o in offices() if o.province == "Lampung"}
    assert status == {
        "bandar-lampung": OfficeStatus.PREPARING,
        "kalianda": OfficeStatus.PREPARING,
        "kotabumi": OfficeStatus.OPEN,
    }


def test_every_office_that_is_not_open_says_why_and_no_other_does() -> None:
    seeded = list(offices())
    assert len(seeded) == len({office.office_id for office in seeded}) == 145
    for office in seeded:
        assert (office.status is OfficeStatus.OPEN) == (office.status_reason is None)


def test_every_office_has_a_zone_of_indonesia_and_places() -> None:
    for office in offices():
        assert office.zone in {ZoneInfo(f"Asia/{c}") for c in ("Jakarta", "Makassar", "Jayapura")}
        assert office.daily_quota > 0
        assert office.quota_basis in {"stated", "assumed"}


def test_loading_again_leaves_what_an_admin_changed(world: World) -> None:
    assert load() == 145
    opened = replace(
        get_office("kalianda", deadline()), status=OfficeStatus.OPEN, status_reason=None
    )
    put_office(opened, deadline())
    assert load() == 0
    assert get_office("kalianda", deadline()) == opened
