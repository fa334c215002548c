"""Imports of offices from the request to the report; table, bucket and queue are in memory."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from antrean.domain.errors import NotFound
from antrean.domain.imports import Import, ImportRow, ImportState, RowState
from antrean.domain.offices import OfficeStatus
from antrean.handlers import admin_api, apply_import, start_import
from antrean.imports import apply
from antrean.imports import start as starting
from antrean.imports.apply import apply_row
from antrean.imports.rows import check
from antrean.offices.profile import set_up
from antrean.runtime.deadline import Deadline
from antrean.store.items.import_row import RowItem
from antrean.store.items.office import all_offices, get_office
from antrean.store.items.office_import import get_import
from tests.support.gateway import USER, Client, signed_in
from tests.support.people import an_office
from tests.support.stored import records_of
from tests.support.uploads import (
    IMPORTS,
    Cloud,
    a_cloud,
    ask,
    begin,
    counts,
    deliver,
    report,
    row,
    table_of,
    told,
)
from tests.support.worlds import World, deadline
from tests.unit.imports.test_rows import MORE, unit

CHECKING = ImportState.CHECKING
GOOD = table_of(row("kotabumi"), row("kalianda"), row("metro"))


@pytest.fixture
def cloud(world: World) -> Iterator[Cloud]:
    with a_cloud() as cloud:
        yield cloud


def imported(cloud: Cloud, data: bytes, *, dry_run: bool = False) -> str:
    """Import a file to its end; the import's id."""
    import_id = begin(dry_run=dry_run)
    cloud.upload(import_id, data)
    cloud.deliver_all()
    return import_id


def ids() -> list[str]:
    return [office.office_id for office in all_offices(deadline())]


def whats(office_id: str) -> list[str]:
    return [record.entry.what for record in records_of(office_id)]


def test_the_answer_says_where_to_upload_until_when(cloud: Cloud) -> None:
    answer = ask("POST", IMPORTS, body={})

    assert answer.status == 201
    begun = answer.json
    assert begun["upload_url"].endswith(f"imports/{begun['import_id']}.csv")
    assert begun["upload_headers"] == {"Content-Type": "text/csv"}
    assert begun["expires_at"] == "2026-11-23T00:15:00Z"
    assert (begun["state"], begun["dry_run"]) == ("waiting", False)
    assert report(begun["import_id"])["state"] == "waiting"


def test_a_file_becomes_offices_on_the_record_of_who_asked(cloud: Cloud) -> None:
    import_id = imported(cloud, GOOD)

    shown = report(import_id)
    assert shown["state"] == "done"
    assert counts(import_id) == {"rows": 3, "applied": 3}
    assert [(row["row"], row["office_id"], row["state"]) for row in shown["rows"]] == [
        (2, "kotabumi", "applied"),
        (3, "kalianda", "applied"),
        (4, "metro", "applied"),
    ]
    assert ids() == ["kalianda", "kotabumi", "metro"]
    (record,) = records_of("metro")
    assert (record.entry.who, record.entry.what) == (USER, "create office")
    assert get_office("metro", deadline()).status is OfficeStatus.PREPARING


def test_the_same_file_again_changes_nothing(cloud: Cloud) -> None:
    first = imported(cloud, GOOD)
    before = [get_office(office_id, deadline()) for office_id in ids()]

    second = imported(cloud, GOOD)

    assert counts(second) == {"rows": 3, "unchanged": 3}
    assert report(second)["sha256"] == report(first)["sha256"]
    assert [get_office(office_id, deadline()) for office_id in ids()] == before
    assert whats("metro") == ["create office"]


def test_bad_rows_are_reported_and_stop_no_good_one(cloud: Cloud) -> None:
    import_id = imported(
        cloud, table_of(row("kotabumi"), row("metro", daily_quota="many"), row("kalianda"))
    )

    assert counts(import_id) == {"rows": 3, "applied": 2, "invalid": 1}
    assert ids() == ["kalianda", "kotabumi"]
    (bad,) = report(import_id, state="invalid")["rows"]
    assert (bad["row"], bad["office_id"]) == (3, "metro")
    assert [problem["column"] for problem in bad["problems"]] == ["daily_quota"]


def test_a_dry_run_writes_the_report_and_nothing_else(world: World, cloud: Cloud) -> None:
    world.has_office(office_id="kotabumi")
    import_id = imported(
        cloud, table_of(row("kotabumi"), row("metro"), row("bad", city="")), dry_run=True
    )

    assert counts(import_id) == {"rows": 3, "would_apply": 2, "invalid": 1}
    assert report(import_id)["state"] == "done"
    assert ids() == ["kotabumi"]
    assert whats("kotabumi") == whats("metro") == []


def test_a_file_that_is_no_table_is_refused_with_the_reason(cloud: Cloud) -> None:
    import_id = imported(cloud, b"PK\x03\x04\xff")

    shown = report(import_id)
    assert shown["state"] == "refused"
    assert "UTF-8" in shown["refusal"]
    cloud.upload(import_id, GOOD)
    cloud.deliver_all()
    assert report(import_id)["state"] == "refused", "an import is for one file"
    assert ids() == []


def test_the_first_file_of_an_import_stays(cloud: Cloud) -> None:
    import_id = imported(cloud, GOOD)

    cloud.upload(import_id, table_of(row("jambi")))
    cloud.deliver_all()

    assert counts(import_id) == {"rows": 3, "applied": 3}
    assert "jambi" not in ids()


@pytest.mark.parametrize("after", range(4))
def test_everything_delivered_twice_counts_once(cloud: Cloud, after: int) -> None:
    import_id = begin()
    cloud.upload(import_id, GOOD)
    upload = cloud.waiting[0]
    for _ in range(after):
        if cloud.waiting:
            message = cloud.take()
            assert deliver(message)
            assert deliver(message)
    assert deliver(upload)
    cloud.deliver_all()

    assert counts(import_id) == {"rows": 3, "applied": 3}
    assert all(whats(office_id) == ["create office"] for office_id in ids())


def test_a_start_that_ends_anywhere_goes_on_where_it_was(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first row is put; after all are counted, before any is asked for."""
    import_id = begin()
    cloud.upload(import_id, GOOD)
    upload = cloud.take()
    for name in ("add_row", "begin_applying"):
        does = getattr(starting, name)

        def ends(*arguments: Any, does: Any = does) -> None:
            does(*arguments)
            raise RuntimeError("the process ended")

        with monkeypatch.context() as patch:
            patch.setattr(starting, name, ends)
            assert not deliver(upload)
        assert cloud.waiting == []

    assert report(import_id)["state"] == "applying"
    assert deliver(upload)
    cloud.deliver_all()

    assert counts(import_id) == {"rows": 3, "applied": 3}


def test_without_put_if_absent_the_counts_are_wrong(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of the checks: this guard is what makes a repeated start harmless."""
    import_id = begin()
    cloud.upload(import_id, GOOD)
    upload = cloud.waiting[0]

    def put_anyway(import_: Import, one: ImportRow, _budget: Deadline) -> None:
        RowItem.of(import_, one).save()

    started, checked = get_import(import_id, deadline()), check
    assert deliver(cloud.take())

    def late(*arguments: Any, **kind: Any) -> list[ImportRow]:
        # A second start, slow since before the first one put its rows, meets rows that are done.
        cloud.deliver_all()
        return checked(*arguments, **kind)

    for is_guarded in (True, False):
        with monkeypatch.context() as patch:
            patch.setattr(starting, "check", late)
            patch.setattr(starting, "get_import", lambda *_: replace(started, state=CHECKING))
            patch.setattr(starting, "rows_of", lambda *_, **__: [])
            if not is_guarded:
                patch.setattr(starting, "add_row", put_anyway)
            assert deliver(upload)
        assert deliver(upload)
        cloud.deliver_all()
        done = counts(import_id)
        assert (done == {"rows": 3, "applied": 3}) == is_guarded, done


def test_a_row_that_is_refused_when_its_turn_comes_has_failed(world: World, cloud: Cloud) -> None:
    world.has_office(office_id="kotabumi", status=OfficeStatus.PREPARING)
    import_id = begin()
    cloud.upload(import_id, table_of(row("kotabumi", timezone="Asia/Jayapura"), row("metro")))
    assert deliver(cloud.take())
    world.has_office(office_id="kotabumi", status=OfficeStatus.OPEN)

    cloud.deliver_all()

    assert counts(import_id) == {"rows": 2, "applied": 1, "failed": 1}
    (bad,) = report(import_id, state="failed")["rows"]
    assert [problem["column"] for problem in bad["problems"]] == ["timezone"]
    assert get_office("kotabumi", deadline()).timezone == "Asia/Jakarta"


def test_a_unit_waits_for_its_kanim(cloud: Cloud) -> None:
    import_id = begin()
    cloud.upload(
        import_id,
        table_of(unit("ulp-one", "kotabumi"), row("kotabumi") + "," * 8, columns=MORE),
    )
    assert deliver(cloud.take())
    kanim, ulp = cloud.waiting

    assert not deliver(ulp), "it comes again"
    assert ids() == []
    assert deliver(kanim)
    assert deliver(ulp)

    assert counts(import_id) == {"rows": 2, "applied": 2}
    assert get_office("ulp-one", deadline()).parent_office_id == "kotabumi"


def test_what_an_admin_changed_between_goes_on_the_record_once_each(
    world: World, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else changes the office between the row's look and its write: it begins again."""
    world.has_office(office_id="kotabumi")
    import_id = begin()
    cloud.upload(import_id, table_of(row("kotabumi")))
    assert deliver(cloud.take())
    meddled: list[bool] = []

    def meddle(office_id: str, *arguments: Any, also: Any, **only: Any) -> Any:
        def first(writing: Any) -> None:
            also(writing)
            if not meddled:
                meddled.append(True)
                body = {"status": "suspended", "reason": "Listrik padam"}
                route = "/v1/admin/offices/{office_id}/status"
                assert ask("POST", route, body=body, office_id=office_id).status == 200

        return set_up(office_id, *arguments, also=first, **only)

    monkeypatch.setattr(apply, "set_up", meddle)
    cloud.deliver_all()

    assert counts(import_id) == {"rows": 1, "applied": 1}
    office = get_office("kotabumi", deadline())
    assert office.status is OfficeStatus.SUSPENDED
    assert office.name == "Kantor Imigrasi kotabumi"
    assert len(whats("kotabumi")) == 2


def test_a_row_is_applied_once_however_often_it_is_asked_for(cloud: Cloud) -> None:
    import_id = imported(cloud, GOOD)
    import_ = get_import(import_id, deadline())

    assert apply_row(import_, 2, deadline()) is RowState.APPLIED
    with pytest.raises(NotFound):
        apply_row(import_, 99, deadline())

    assert counts(import_id) == {"rows": 3, "applied": 3}


def test_the_report_is_paged(cloud: Cloud) -> None:
    import_id = imported(cloud, table_of(*(row(f"office-{n}") for n in range(1, 251))))

    first = report(import_id)
    second = report(import_id, cursor=str(first["next"]))

    rows = [row["row"] for row in (*first["rows"], *second["rows"])]
    assert rows == list(range(2, 252))
    assert len(first["rows"]) == 200
    assert second["next"] is None
    assert len(report(import_id, state="applied")["rows"]) == 200


def test_messages_about_nothing_are_done_with(cloud: Cloud) -> None:
    assert deliver((start_import.handler, '{"Event": "s3:TestEvent"}'))
    cloud.objects["imports/unknown.csv"] = GOOD
    assert deliver((start_import.handler, told("imports/unknown.csv")))
    assert deliver((apply_import.handler, '{"import_id": "unknown", "rows": [2]}'))
    assert ids() == []


def test_only_admins_import(world: World) -> None:
    for groups in ([], ["office:kotabumi"], ["office-admin:kotabumi"]):
        client = Client(admin_api.handler)
        claims = signed_in(*groups)
        assert client("POST", IMPORTS, body={}, claims=claims).problem == "forbidden"
        route = IMPORTS + "/{import_id}"
        assert client("GET", route, import_id="x", claims=claims).problem == "forbidden"
    assert ask("GET", IMPORTS + "/{import_id}", import_id="x").problem == "not-found"
    assert an_office().office_id not in ids()
