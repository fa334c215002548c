"""Booking on the page: the plain case, being moved, families, what is sent, what is refused."""

import json

from playwright.sync_api import Page, expect

from tests.web.applicant import (
    BUDI,
    CHILD,
    SITI,
    Person,
    booked,
    choose_office,
    day,
    fill_all,
    fill_person,
    person,
    send,
    window,
)
from tests.web.fake_api import OPEN_DAY, Site


def test_books_from_start_to_proof(page: Page, site: Site) -> None:
    fill_all(page)
    page.get_by_role("radio", name=window("09.00", "10.00")).check()
    send(page)

    ticket = booked(page)
    expect(ticket).to_contain_text("Kantor Imigrasi Kotabumi")
    expect(ticket).to_contain_text("Kamis, 26 November 2026")
    expect(ticket).to_contain_text("pukul 09.00 WIB")
    expect(ticket).to_contain_text("R0900-001")
    expect(ticket).to_contain_text("Siti Rahmawati")
    expect(ticket).to_contain_text("K7QF2-M9PX0")
    proof = ticket.get_by_role("img", name="Kode QR bukti antrean K7QF2-M9PX0")
    expect(proof).to_be_visible()
    assert proof.evaluate("image => image.complete && image.naturalWidth > 0")
    (asked,) = site.api.sent("GET", "/v1/bookings/K7QF2-M9PX0/proof.svg")
    assert asked.headers["authorization"] == f"Bearer {site.api.tokens['K7QF2-M9PX0']}"


def test_sends_what_was_entered(page: Page, site: Site) -> None:
    fill_all(page)
    page.get_by_label("Surel").fill("siti@example.org")
    page.get_by_role("radio", name="Tanggal ini saja").check()
    send(page)

    booked(page)
    (sent,) = site.api.sent("POST", "/v1/bookings")
    assert json.loads(sent.body) == {
        "office_id": "kotabumi",
        "date": "2026-11-26",
        "lane": "regular",
        "overflow": "same_date",
        "applicants": [
            {"nik": SITI.nik, "name": "Siti Rahmawati", "birth_date": "1990-05-17"},
        ],
        "contact": {"phone": "081234567890", "email": "siti@example.org"},
    }


def test_an_address_never_holds_what_was_entered(page: Page, site: Site) -> None:
    fill_all(page)
    send(page)

    booked(page)
    assert page.url == f"{site.origin}/#booking/K7QF2-M9PX0"
    assert not any(SITI.nik in one.path for one in site.api.seen)


def test_a_full_day_is_said_plainly_and_leads_to_the_next(page: Page) -> None:
    fill_all(page, "25 November")
    expect(page.get_by_text("Penuh, semua 20 tempat sudah terisi.", exact=True)).to_be_visible()
    send(page)

    ticket = booked(page, "Anda tercatat pada hari lain")
    notice = page.get_by_role("note")
    expect(notice).to_contain_text("Hari yang Anda pilih penuh.")
    expect(notice).to_contain_text("Rabu, 25 November 2026")
    expect(notice).to_contain_text(f"Kamis, 26 November 2026, {window('08.00', '09.00')} WIB")
    assert notice.locator(".big").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 24
    expect(ticket).to_contain_text("Kamis, 26 November 2026")


def test_another_window_of_the_day_is_said_too(page: Page, site: Site) -> None:
    fill_all(page)
    page.get_by_role("radio", name=window("08.00", "09.00")).check()
    site.api.fill("kotabumi", OPEN_DAY, "08:00")
    send(page)

    booked(page, "Anda tercatat pada jam lain")
    expect(page.get_by_role("note")).to_contain_text("Jam yang Anda pilih penuh.")


def test_who_would_not_be_moved_is_told_and_sees_the_day_anew(page: Page, site: Site) -> None:
    fill_all(page)
    page.get_by_role("radio", name="Jangan pindahkan saya").check()
    for start in ("08:00", "09:00", "10:00", "13:00"):
        site.api.fill("kotabumi", OPEN_DAY, start)
    send(page)

    faults = page.get_by_role("group", name="Ada yang perlu diperbaiki")
    expect(faults).to_be_focused()
    expect(faults).to_contain_text("Tidak ada tempat untuk pilihan Anda.")
    expect(faults).to_contain_text("dibuka Jumat, 4 Desember 2026 pukul 09.00 WIB")
    expect(day(page, "26 November")).to_have_accessible_name(
        "Kamis, 26 November 2026: penuh, semua 20 tempat sudah terisi"
    )


def test_a_family_books_together(page: Page, site: Site) -> None:
    choose_office(page)
    page.get_by_label("Untuk berapa orang?").select_option("2 orang")
    day(page, "26 November").click()
    fill_person(page, SITI, 1)
    fill_person(page, CHILD, 2)
    page.get_by_label("Nomor ponsel").fill("+62 812-3456-7890")
    send(page)

    ticket = booked(page)
    expect(ticket.get_by_role("listitem")).to_have_text(
        ["R0800-001Siti Rahmawati", "R0800-002Putri"]
    )


def test_the_party_grows_and_shrinks_and_keeps_who_is_in_it(page: Page) -> None:
    choose_office(page)
    fill_person(page, SITI)
    for _ in range(4):
        page.get_by_role("button", name="Tambah pemohon").click()
    expect(page.get_by_label("Untuk berapa orang?")).to_have_value("5")
    expect(page.get_by_role("button", name="Tambah pemohon")).to_have_count(0)
    fill_person(page, BUDI, 3)

    page.get_by_role("button", name="Hapus pemohon 2").click()

    expect(page.get_by_label("Untuk berapa orang?")).to_have_value("4")
    expect(person(page, 1).get_by_label("NIK")).to_have_value(SITI.nik)
    expect(person(page, 2).get_by_label("NIK")).to_have_value(BUDI.nik)


def test_too_few_places_for_the_party_is_not_called_full(page: Page, site: Site) -> None:
    for start in ("08:00", "09:00", "10:00", "13:00"):
        site.api.fill("kotabumi", OPEN_DAY, start, left=1)
    choose_office(page)
    page.get_by_label("Untuk berapa orang?").select_option("3 orang")

    expect(day(page, "26 November")).to_have_accessible_name(
        "Kamis, 26 November 2026: sisa 4 tempat, tidak cukup untuk 3 orang dalam satu jam"
    )


def test_a_child_alone_names_who_comes_along(page: Page, site: Site) -> None:
    fill_all(page, who=CHILD)
    send(page)
    expect(page.get_by_role("group", name="Ada yang perlu")).to_contain_text("Tulis nama orang tua")

    page.get_by_label("Nama orang tua atau wali").fill("Siti Rahmawati")
    send(page)

    booked(page)
    (sent,) = site.api.sent("POST", "/v1/bookings")
    assert json.loads(sent.body)["applicants"][0]["guardian_name"] == "Siti Rahmawati"


def test_the_priority_lane_asks_for_a_ground(page: Page, site: Site) -> None:
    fill_all(page)
    page.get_by_label("Jalur").select_option("Prioritas")
    send(page)
    expect(page.get_by_role("group", name="Ada yang perlu")).to_contain_text("Jalur prioritas")

    page.get_by_label("Alasan prioritas").select_option("Ibu hamil")
    send(page)

    expect(booked(page)).to_contain_text("P0800-001")
    (sent,) = site.api.sent("POST", "/v1/bookings")
    assert json.loads(sent.body)["applicants"][0]["priority_ground"] == "pregnant"


def test_another_birth_date_than_the_niks_is_a_hint_and_no_obstacle(page: Page) -> None:
    fill_all(page, who=Person(SITI.nik, SITI.name, ("18", "Mei", "1990")))
    expect(page.get_by_text("Berbeda dari tanggal di NIK.")).to_be_visible()
    send(page)

    booked(page)


def test_a_name_is_text_whatever_it_holds(page: Page) -> None:
    name = "<img src=x onerror=alert(1)> D'Ö"
    fill_all(page, who=Person(name=name))
    send(page)

    expect(booked(page)).to_contain_text(name)


def test_what_is_missing_is_said_at_its_field(page: Page, site: Site) -> None:
    choose_office(page)
    expect(day(page, "26 November")).to_be_visible()
    person(page, 1).get_by_label("NIK").fill("180301")
    send(page)

    faults = page.get_by_role("group", name="Ada yang perlu diperbaiki")
    expect(faults).to_be_focused()
    expect(faults.get_by_role("listitem")).to_have_count(5)
    nik = person(page, 1).get_by_label("NIK")
    expect(nik).to_have_attribute("aria-invalid", "true")
    expect(nik).to_have_accessible_description("16 angka NIK harus 16 angka seperti di KTP atau "
        "kartu keluarga. Periksa angkanya satu per satu.")  # fmt: skip
    assert site.api.sent("POST", "/v1/bookings") == []

    faults.get_by_role("link", name="NIK harus 16 angka").click()
    expect(nik).to_be_focused()
    nik.fill(SITI.nik)
    expect(nik).not_to_have_attribute("aria-invalid", "true")
    expect(faults.get_by_role("listitem")).to_have_count(4)


def test_the_same_nik_twice_is_said_at_the_second(page: Page) -> None:
    choose_office(page)
    page.get_by_label("Untuk berapa orang?").select_option("2 orang")
    fill_person(page, SITI, 1)
    fill_person(page, SITI, 2)
    send(page)

    expect(person(page, 2).get_by_text("NIK ini sudah dipakai pemohon lain")).to_be_visible()
    expect(page.get_by_role("link", name="Pemohon 2: NIK ini sudah dipakai")).to_be_visible()


def test_a_servers_refusal_is_said_at_the_field_it_points_at(page: Page, site: Site) -> None:
    site.api.live[BUDI.nik] = "ELSEW-HERE0"
    choose_office(page)
    page.get_by_label("Untuk berapa orang?").select_option("2 orang")
    day(page, "26 November").click()
    fill_person(page, SITI, 1)
    fill_person(page, BUDI, 2)
    page.get_by_label("Nomor ponsel").fill("081234567890")
    send(page)

    expect(person(page, 2).get_by_text("NIK ini sudah punya antrean yang berlaku.")).to_be_visible()
    expect(person(page, 1).get_by_text("NIK ini sudah punya antrean")).to_have_count(0)
    faults = page.get_by_role("group", name="Ada yang perlu diperbaiki")
    expect(faults.get_by_role("link", name="Antrean saya", exact=True)).to_be_visible()

    page.get_by_role("button", name="English").click()
    expect(
        page.get_by_role("group", name="Applicant 2", exact=True).get_by_text(
            "This NIK already has a live booking."
        )
    ).to_be_visible()


def test_an_office_that_closed_meanwhile_is_said_with_its_reason(page: Page, site: Site) -> None:
    fill_all(page)
    site.api.suspend("kotabumi", "suspended", "Listrik padam. / Power cut.")
    send(page)

    expect(page.get_by_role("group", name="Ada yang perlu")).to_contain_text(
        "Kantor ini sekarang tidak menerima antrean daring. Pilih kantor lain. "
        "Alasan: Listrik padam."
    )
