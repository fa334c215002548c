"""Nobody is booked twice, and nobody is lost, whatever the line and the server do."""

import json

from playwright.sync_api import Page, expect

from tests.web.applicant import BUDI, booked, day, fill_all, fill_person, send
from tests.web.fake_api import Site


def keys(site: Site) -> list[str]:
    """The Idempotency-Key of every booking request so far."""
    return [one.headers["idempotency-key"] for one in site.api.sent("POST", "/v1/bookings")]


def test_a_double_click_books_once(page: Page, site: Site) -> None:
    fill_all(page)
    site.api.answering.clear()
    page.get_by_role("button", name="Ambil nomor antrean").dblclick()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mengirim…")).to_be_visible()
    site.api.answering.set()

    booked(page)
    assert len(keys(site)) == 1


def test_a_busy_server_is_asked_again_with_the_same_key(page: Page, site: Site) -> None:
    site.api.fail("POST", "/v1/bookings", retry_after="1")
    fill_all(page)
    send(page)

    expect(
        page.get_by_text("Server sedang sibuk. Halaman ini mencoba lagi sendiri.")
    ).to_have_count(2)
    expect(page.get_by_text("Kiriman Anda tidak akan tercatat dua kali.").first).to_be_visible()
    booked(page)
    first, second = keys(site)
    assert first == second


def test_a_lost_answer_does_not_book_twice(page: Page, site: Site) -> None:
    site.api.fail("POST", "/v1/bookings", status=502, retry_after="1", after=True)
    fill_all(page)
    send(page)

    booked(page)
    assert len(set(keys(site))) == 1
    assert len(site.api.bookings) == 1


def test_a_reload_in_the_middle_finds_the_same_booking(page: Page, site: Site) -> None:
    site.api.fail("POST", "/v1/bookings", retry_after="60", after=True)
    fill_all(page)
    send(page)
    expect(page.get_by_role("button", name="Coba sekarang")).to_be_visible()

    page.reload()

    expect(booked(page)).to_contain_text("R0800-001")
    first, second = keys(site)
    assert first == second
    assert len(site.api.bookings) == 1


def test_trying_now_does_not_wait(page: Page, site: Site) -> None:
    site.api.fail("POST", "/v1/bookings", retry_after="60")
    fill_all(page)
    send(page)
    page.get_by_role("button", name="Coba sekarang").click()

    booked(page)


def test_who_stops_trying_can_find_out_what_became_of_it(page: Page, site: Site) -> None:
    site.api.fail("POST", "/v1/bookings", retry_after="60", after=True)
    fill_all(page)
    send(page)
    page.get_by_role("button", name="Berhenti mencoba").click()
    expect(page.get_by_text("Kami belum tahu apakah antrean Anda tercatat.")).to_be_visible()

    page.get_by_role("button", name="Coba lagi").click()

    booked(page)
    assert len(set(keys(site))) == 1


def test_sending_the_same_form_again_is_the_same_request(page: Page, site: Site) -> None:
    site.api.fail("POST", "/v1/bookings", retry_after="60", after=True)
    fill_all(page)
    send(page)
    page.get_by_role("button", name="Berhenti mencoba").click()
    send(page)

    booked(page)
    assert len(set(keys(site))) == 1


def test_who_changed_the_form_still_finds_the_booking_of_the_lost_answer(
    page: Page, site: Site
) -> None:
    site.api.fail("POST", "/v1/bookings", retry_after="60", after=True)
    fill_all(page)
    send(page)
    page.get_by_role("button", name="Berhenti mencoba").click()
    day(page, "30 November").click()
    send(page)
    expect(page.get_by_text("Kiriman Anda yang tadi belum terjawab.")).to_be_visible()

    page.get_by_role("button", name="Periksa kiriman saya yang tadi").click()

    expect(booked(page)).to_contain_text("Kamis, 26 November 2026")
    first, second, third = keys(site)
    assert first == third != second
    assert len(site.api.bookings) == 1


def test_another_booking_has_another_key(page: Page, site: Site) -> None:
    fill_all(page)
    send(page)
    booked(page)
    page.get_by_role("link", name="Ambil nomor lain").click()
    fill_all(page, who=BUDI)
    send(page)

    expect(booked(page)).to_contain_text("R0800-002")
    first, second = keys(site)
    assert first != second


def test_a_corrected_form_has_another_key(page: Page, site: Site) -> None:
    site.api.live[BUDI.nik] = "ELSEW-HERE0"
    fill_all(page, who=BUDI)
    send(page)
    expect(page.get_by_role("group", name="Ada yang perlu diperbaiki")).to_be_focused()
    fill_person(page, BUDI.__class__())
    send(page)

    booked(page)
    first, second = keys(site)
    assert first != second


def test_what_was_entered_survives_a_reload_and_ends_with_the_booking(
    page: Page, site: Site
) -> None:
    fill_all(page)
    page.reload()
    expect(page.get_by_label("NIK")).to_have_value("1803015705900001")
    expect(day(page, "26 November")).to_have_attribute("aria-pressed", "true")
    send(page)

    booked(page)
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "1803015705900001" not in kept
    assert "Rahmawati" not in kept


def test_clearing_the_form_clears_what_is_kept(page: Page) -> None:
    fill_all(page)
    page.get_by_role("button", name="Kosongkan formulir").click()

    expect(page.get_by_label("NIK")).to_have_value("")
    page.reload()
    expect(page.get_by_label("NIK")).to_have_value("")
    assert "1803015705900001" not in json.dumps(page.evaluate("({...sessionStorage})"))


def test_a_slow_server_is_no_reason_to_press_again(page: Page, site: Site) -> None:
    fill_all(page)
    page.clock.install()
    site.api.answering.clear()
    send(page)
    page.clock.run_for(5000)
    expect(
        page.get_by_text("Server belum menjawab. Anda tidak perlu menekan lagi.").first
    ).to_be_visible()

    site.api.answering.set()
    booked(page)


def test_a_list_that_does_not_load_is_asked_for_again(page: Page, site: Site) -> None:
    site.api.fail("GET", "/v1/offices", retry_after="1")
    page.reload()
    expect(page.get_by_text("Server sedang sibuk.").first).to_be_visible()

    expect(page.get_by_label("Provinsi")).to_be_visible()


def test_a_server_that_stays_away_is_said(page: Page, site: Site) -> None:
    page.clock.install()
    for _ in range(8):
        site.api.fail("GET", "/v1/offices", retry_after="1")
    page.reload()
    for _ in range(7):
        page.get_by_role("button", name="Coba sekarang").click()
    expect(page.get_by_text("Server tidak dapat dihubungi.")).to_be_visible()

    page.get_by_role("button", name="Coba lagi").click()
    expect(page.get_by_label("Provinsi")).to_be_visible()
