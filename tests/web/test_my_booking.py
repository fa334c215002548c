"""Finding a booking again, its files, the day itself, moving and cancelling it."""

import json
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.web.applicant import booked, day, fill_all, pass_time, send, window
from tests.web.fake_api import Json, Site
from tests.web.running_day import CODE, called, estimate, stand, waits

WHY = "Listrik padam di seluruh gedung"


def book(page: Page) -> None:
    """Book, and leave the page."""
    fill_all(page)
    send(page)
    booked(page)


def test_a_reload_shows_the_booking_with_masked_names(page: Page) -> None:
    book(page)
    page.reload()

    ticket = booked(page, "Antrean Anda")
    expect(ticket).to_contain_text("R0800-001")
    expect(ticket).to_contain_text("S****")


def test_the_device_keeps_its_bookings(page: Page) -> None:
    book(page)
    page.goto("/#find")
    page.get_by_role("link", name=f"Lihat {CODE}").click()

    expect(booked(page)).to_contain_text(CODE)


def test_a_booking_is_found_by_code_and_key(page: Page, site: Site) -> None:
    book(page)
    page.evaluate("localStorage.clear()")
    page.goto("/")
    page.get_by_role("link", name="Antrean saya").click()
    page.get_by_label("Kode antrean").fill("k7qf2m9pxo")
    page.get_by_label("Kunci").fill(site.api.tokens[CODE])
    page.get_by_role("button", name="Cari antrean").click()

    expect(booked(page, "Antrean Anda")).to_contain_text(CODE)


def test_a_wrong_key_is_said_at_the_field(page: Page) -> None:
    book(page)
    page.goto("/#find")
    page.get_by_label("Kode antrean").fill(CODE)
    page.get_by_label("Kunci").fill("not-the-token")
    page.get_by_role("button", name="Cari antrean").click()

    expect(page.get_by_label("Kode antrean")).to_be_focused()
    expect(page.get_by_text("Kode dan kunci tidak cocok. Periksa keduanya.")).to_be_visible()


def test_a_booking_past_its_retention_time_says_so(page: Page, site: Site) -> None:
    book(page)
    site.api.stands(CODE, status="deleted")
    page.reload()

    expect(page.get_by_role("alert")).to_contain_text("sudah dihapus setelah masa simpan")


def test_what_is_no_code_is_not_asked_for(page: Page, site: Site) -> None:
    page.goto("/#find")
    page.get_by_label("Kode antrean").fill("123")
    page.get_by_role("button", name="Cari antrean").click()

    expect(page.get_by_text("Kode terdiri dari 10 huruf dan angka")).to_be_visible()
    expect(page.get_by_text("Tulis kunci yang Anda terima")).to_be_visible()
    assert not any("/v1/bookings" in one.path for one in site.api.seen)


def test_cancelling_asks_first(page: Page, site: Site) -> None:
    book(page)
    page.get_by_role("button", name="Batalkan antrean").click()
    expect(page.get_by_role("heading", name="Batalkan antrean ini?")).to_be_focused()
    page.get_by_role("button", name="Tidak jadi").click()
    assert site.api.bookings[CODE]["status"] == "booked"

    page.get_by_role("button", name="Batalkan antrean").click()
    page.get_by_role("button", name="Ya, batalkan").click()

    booked(page, "Antrean ini sudah dibatalkan")
    assert site.api.bookings[CODE]["status"] == "cancelled"
    expect(page.get_by_role("img")).to_have_count(0)


def test_cancelling_goes_on_through_a_busy_server(page: Page, site: Site) -> None:
    book(page)
    site.api.fail("DELETE", f"/v1/bookings/{CODE}", retry_after="1")
    page.get_by_role("button", name="Batalkan antrean").click()
    page.get_by_role("button", name="Ya, batalkan").click()

    booked(page, "Antrean ini sudah dibatalkan")


def test_the_calendar_entry_is_saved(page: Page) -> None:
    book(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Simpan ke kalender").click()

    assert saved.value.suggested_filename == f"antrean-{CODE}.ics"
    assert f"X-CODE:{CODE}" in Path(saved.value.path()).read_text()


def test_print_shows_the_proof_and_no_controls(page: Page) -> None:
    book(page)
    page.emulate_media(media="print")

    expect(page.get_by_role("img")).to_be_visible()
    expect(page.get_by_text("Siti Rahmawati")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("navigation")).to_have_count(0)


def test_print_is_asked_of_the_browser(page: Page) -> None:
    book(page)
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Cetak").click()

    assert page.evaluate("window.printed") is True


def test_number_and_proof_are_there_when_the_server_is_not(page: Page, site: Site) -> None:
    book(page)
    expect(page.get_by_role("img")).to_be_visible()
    for _ in range(8):
        site.api.fail("GET", f"/v1/bookings/{CODE}", retry_after="60")
    page.reload()

    expect(page.get_by_role("article")).to_contain_text("R0800-001")
    expect(page.get_by_role("img")).to_be_visible()
    page.get_by_role("button", name="Berhenti mencoba").click()
    expect(page.get_by_text("Ini data yang tersimpan di perangkat ini.")).to_be_visible()


def test_a_forgotten_booking_is_not_cancelled(page: Page, site: Site) -> None:
    book(page)
    page.goto("/#find")
    page.get_by_role("button", name="Hapus dari perangkat ini").click()

    expect(page.get_by_text("Belum ada antrean yang tersimpan")).to_be_visible()
    assert site.api.bookings[CODE]["status"] == "booked"
    assert page.evaluate("localStorage.getItem('antrean.bookings')") == "[]"


def test_a_device_that_keeps_nothing_shows_code_and_key(page: Page, site: Site) -> None:
    page.add_init_script(
        "for (const store of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, store, { get() { throw new Error('denied'); } });"
    )
    page.reload()
    book(page)

    expect(page.get_by_text(site.api.tokens[CODE])).to_be_visible()


# The day itself


def stands(page: Page, site: Site, changes: Json) -> Locator:
    """Book, have the booking stand so, come back, and return what the page says of it."""
    book(page)
    stand(site, changes)
    page.clock.install()
    # The page shows the device's copy first: what a test does next is not to meet this request.
    with page.expect_response(lambda answer: answer.url.endswith(CODE)):
        page.reload()
    booked(page, "Antrean Anda")
    return page.locator(".live")


def test_who_has_checked_in_sees_how_many_are_ahead_and_about_when(page: Page, site: Site) -> None:
    told = stands(page, site, waits(ahead=3))

    expect(told.get_by_role("heading")).to_have_text("3 orang di depan Anda")
    expect(told).to_contain_text(f"sekitar {window('09.40', '10.05')} WIB")
    expect(told).to_contain_text("Tetaplah di ruang tunggu.")
    expect(page.get_by_role("article")).to_contain_text("sudah lapor")
    link = told.get_by_role("link", name="Papan panggilan kantor ini")
    expect(link).to_have_attribute("href", "board.html?office=kotabumi")


def test_who_has_not_is_told_to_come_in_their_window(page: Page, site: Site) -> None:
    told = stands(page, site, waits(7, 4, ticket={"state": "live"}))

    expect(told).to_contain_text("7 orang di depan Anda, 4 di antaranya sudah di kantor")
    expect(told).to_contain_text(f"Datanglah pada jam kedatangan Anda, {window('08.00', '09.00')}")
    expect(told).not_to_contain_text("ruang tunggu")


def test_without_a_pace_no_hour_is_claimed(page: Page, site: Site) -> None:
    told = stands(page, site, waits(estimate=estimate("stalled")))

    expect(told).to_contain_text("belum dapat diperkirakan: sudah agak lama tidak ada nomor")
    expect(told).not_to_contain_text("sekitar")


def test_a_call_is_seen_and_read_out_without_a_touch(page: Page, site: Site) -> None:
    told = stands(page, site, waits(ahead=1))
    expect(told.get_by_role("heading")).to_have_text("1 orang di depan Anda")
    stand(site, called("3", times=2))
    page.clock.run_for(13_000)

    expect(told.get_by_role("heading")).to_have_text("Silakan ke loket 3")
    expect(told).to_contain_text("R0800-001 dipanggil 2 kali, pertama pukul 09.41 WIB")
    expect(page.locator("#said")).to_have_text("Silakan ke loket 3")


def test_far_from_their_turn_phones_ask_less_often(page: Page, site: Site) -> None:
    path = f"/v1/bookings/{CODE}"
    stands(page, site, waits(ahead=12))
    expect(page.locator(".live")).to_be_visible()
    looks = len(site.api.sent("GET", path))
    page.clock.run_for(29_000)
    page.wait_for_timeout(100)  # for a request that should not have been sent
    assert len(site.api.sent("GET", path)) == looks
    with page.expect_response(lambda answer: answer.url.endswith(CODE)):
        page.clock.run_for(8_000)


def test_what_is_old_says_so(page: Page, site: Site) -> None:
    told = stands(page, site, waits(ahead=2))
    for _ in range(20):
        site.api.fail("GET", f"/v1/bookings/{CODE}")
    pass_time(page, seconds=10, times=13)

    expect(told).to_contain_text("Terakhir diperbarui 2 menit yang lalu.")


def test_a_no_show_is_told_whom_to_see(page: Page, site: Site) -> None:
    changes = {"ticket": {"state": "no_show"}, "position": None, "estimate": None}
    told = stands(page, site, changes)

    expect(told.get_by_role("heading")).to_have_text("Anda tercatat tidak hadir")
    expect(told).to_contain_text("temui petugas")


def test_the_officers_note_is_shown(page: Page, site: Site) -> None:
    book(page)
    stand(site, {"ticket": {"notes": [{"code": "birth_date_differs", "text": "..."}]}})
    page.reload()

    expect(page.get_by_role("article")).to_contain_text("Tanggal lahir berbeda dari NIK")


# Moving


def move(page: Page, date: str, hour: str | None = None) -> None:
    """Ask to move to a day, and an hour of it."""
    page.get_by_role("button", name="Ubah hari atau jam").click()
    day(page, date).click()
    if hour:
        page.get_by_role("radio", name=hour).check()
    page.get_by_role("button", name="Pindahkan antrean saya").click()


def test_a_booking_is_moved_once(page: Page, site: Site) -> None:
    book(page)
    move(page, "30 November", window("10.00", "11.00"))

    ticket = booked(page, "Antrean Anda")
    expect(ticket).to_contain_text("Senin, 30 November 2026")
    expect(ticket).to_contain_text("R1000-001")
    expect(page.get_by_role("note")).to_contain_text("Anda sudah mengubah hari.")
    expect(page.get_by_role("button", name="Ubah hari atau jam")).to_have_count(0)
    (sent,) = site.api.sent("POST", f"/v1/bookings/{CODE}/reschedule")
    assert json.loads(sent.body) == {"date": "2026-11-30", "window": "10:00"}
    assert sent.headers["authorization"] == f"Bearer {site.api.tokens[CODE]}"


def test_a_move_says_until_when_and_can_be_left(page: Page) -> None:
    book(page)
    page.get_by_role("button", name="Ubah hari atau jam").click()
    form = page.get_by_role("region", name="Ubah hari atau jam")
    expect(form).to_contain_text("Hanya sekali, dan paling lambat Rabu, 25 November 2026.")
    day(page, "25 November").click()
    expect(form).to_contain_text("Penuh: pilih hari lain.")
    form.get_by_role("button", name="Pindahkan antrean saya").click()
    expect(form.get_by_role("alert")).to_have_text("Pilih hari yang buka.")
    form.get_by_role("button", name="Tidak jadi").click()

    expect(page.get_by_role("button", name="Ubah hari atau jam")).to_be_focused()
    expect(form).to_have_count(0)


def test_a_refused_move_says_why_and_changes_nothing(page: Page, site: Site) -> None:
    book(page)
    site.api.stands(CODE, reschedule_until=None)
    move(page, "30 November")

    expect(page.get_by_role("alert")).to_contain_text("sudah pernah dipindahkan")
    expect(page.get_by_role("article")).to_contain_text("Kamis, 26 November 2026")


def test_a_place_that_has_gone_meanwhile_is_said(page: Page, site: Site) -> None:
    book(page)
    page.get_by_role("button", name="Ubah hari atau jam").click()
    day(page, "30 November").click()
    page.get_by_role("radio", name=window("09.00", "10.00")).check()
    site.api.fill("kotabumi", date(2026, 11, 30), "09:00")
    page.get_by_role("button", name="Pindahkan antrean saya").click()

    expect(page.get_by_role("alert")).to_contain_text("Antrean Anda tetap seperti semula")


# A day that does not stand


def closed(page: Page, site: Site, *may: str, by: str = "day", reason: str | None = WHY) -> Locator:
    """Book, have the day closed, come back, and return what the page says of that."""
    book(page)
    expect(page.get_by_role("img")).to_be_visible()
    site.api.close(CODE, reason, *may, by=by)
    page.reload()
    booked(page, "Kantor tutup pada hari Anda")
    return page.get_by_role("alert")


def test_a_closed_day_says_so_first_and_tells_nobody_to_come(page: Page, site: Site) -> None:
    told = closed(page, site, "reschedule", "cancel")

    expect(told).to_contain_text("Kantor tutup pada hari ini.")
    expect(told).to_contain_text(f"Alasan: {WHY}")
    expect(told).to_contain_text("pilih sendiri hari lain")
    expect(told).to_contain_text("tidak berlaku")
    ticket = page.get_by_role("article")
    expect(ticket).to_contain_text("Jangan datang pada hari ini")
    expect(ticket).not_to_contain_text("pukul")
    expect(ticket).to_contain_text("R0800-001")
    expect(page.get_by_role("img")).to_have_count(0)
    expect(page.get_by_role("button", name="Simpan ke kalender")).to_have_count(0)
    expect(page.get_by_role("button", name="Cetak")).to_have_count(0)
    expect(page.get_by_text("Bawa KTP asli")).to_have_count(0)
    page.emulate_media(media="print")
    expect(told).to_be_visible()


def test_the_calendar_can_be_rid_of_a_closed_day(page: Page, site: Site) -> None:
    closed(page, site, "reschedule", "cancel")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Hapus dari kalender").click()

    assert saved.value.suggested_filename == f"antrean-{CODE}.ics"


def test_off_a_closed_day_one_moves_and_gets_a_proof_of_the_new_one(page: Page, site: Site) -> None:
    closed(page, site, "reschedule", "cancel")
    page.get_by_role("button", name="Ubah hari atau jam").click()
    form = page.get_by_role("region", name="Ubah hari atau jam")
    expect(form).to_contain_text("Kantor tutup pada hari Anda, jadi Anda dapat pindah sekarang.")
    expect(form).not_to_contain_text("Hanya sekali")
    day(page, "30 November").click()
    page.get_by_role("button", name="Pindahkan antrean saya").click()

    expect(booked(page, "Antrean Anda")).to_contain_text("Senin, 30 November 2026")
    expect(page.get_by_role("img")).to_be_visible()
    assert len(site.api.sent("GET", f"/v1/bookings/{CODE}/proof.svg")) == 2
    expect(page.get_by_role("alert")).to_have_count(0)


def test_at_an_office_that_is_suspended_one_can_cancel_and_waits_for_news(
    page: Page, site: Site
) -> None:
    told = closed(page, site, "cancel", by="office", reason=None)

    expect(told).to_contain_text("Kantor sedang tidak melayani.")
    expect(told).not_to_contain_text("Alasan")
    expect(told).to_contain_text("Tempat Anda tetap tercatat.")
    expect(page.get_by_role("button", name="Ubah hari atau jam")).to_have_count(0)
    page.get_by_role("button", name="Batalkan antrean").click()
    page.get_by_role("button", name="Ya, batalkan").click()
    booked(page, "Antrean ini sudah dibatalkan")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_when_the_closed_day_is_over_there_is_nothing_to_do(page: Page, site: Site) -> None:
    told = closed(page, site)

    expect(told).to_contain_text("Tanggal ini sudah lewat.")
    expect(page.get_by_role("button", name="Batalkan antrean")).to_have_count(0)


def test_opened_again_it_says_come_with_a_proof_again(page: Page, site: Site) -> None:
    closed(page, site, "reschedule", "cancel")
    site.api.stands(CODE, closed=None)
    page.reload()

    ticket = booked(page, "Antrean Anda")
    expect(ticket).to_contain_text("pukul 08.00 WIB")
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_day_that_closes_while_one_waits_is_seen_without_a_touch(page: Page, site: Site) -> None:
    told = stands(page, site, waits(ahead=1))
    expect(told.get_by_role("heading")).to_have_text("1 orang di depan Anda")
    site.api.close(CODE, WHY, "cancel")
    page.clock.run_for(13_000)

    expect(page.get_by_role("alert")).to_contain_text(WHY)
    expect(page.locator(".live")).to_have_count(0)


def test_the_list_of_ones_bookings_and_a_dead_server_know_it_too(page: Page, site: Site) -> None:
    closed(page, site, "reschedule", "cancel")
    page.goto("/#find")
    expect(page.get_by_text("Kantor tutup pada hari Anda")).to_be_visible()
    for _ in range(8):
        site.api.fail("GET", f"/v1/bookings/{CODE}", retry_after="60")
    page.goto(f"/#booking/{CODE}")
    page.reload()

    expect(page.get_by_role("alert")).to_contain_text(WHY)
    expect(page.get_by_role("img")).to_have_count(0)
