"""Finding a booking again, its files, cancelling it."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.web.applicant import booked, fill_all, send
from tests.web.fake_api import Site

CODE = "K7QF2-M9PX0"


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
