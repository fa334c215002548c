"""The page for everybody: two languages, no mouse, a screen reader, a slow line, no third party."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.applicant import BUDI, booked, choose_office, day, fill_all, send
from tests.web.fake_api import WEB, Site
from tests.web.running_day import CODE, called, stand, waits

LARGEST = 60_000
"""Bytes of all files together, compressed as CloudFront sends them."""

CHECKS = Path(__file__).with_name("accessibility.js").read_text()


def to_the_start(page: Page, site: Site) -> None:
    expect(page.get_by_label("Provinsi")).to_be_visible()


def to_the_form(page: Page, site: Site) -> None:
    fill_all(page)


def to_a_preparing_office(page: Page, site: Site) -> None:
    choose_office(page, "Kalianda")


def to_a_closed_day(page: Page, site: Site) -> None:
    choose_office(page)
    day(page, "27 November").click()


def to_the_errors(page: Page, site: Site) -> None:
    choose_office(page)
    send(page)


def to_the_wait(page: Page, site: Site) -> None:
    site.api.fail("POST", "/v1/bookings", retry_after="60")
    fill_all(page)
    send(page)
    expect(page.get_by_role("button", name="Coba sekarang")).to_be_visible()


def to_a_moved_booking(page: Page, site: Site) -> None:
    fill_all(page, "25 November")
    send(page)
    booked(page, "Anda tercatat pada hari lain")
    expect(page.get_by_role("img", name="Kode QR")).to_be_visible()


def to_the_cancelling(page: Page, site: Site) -> None:
    to_a_moved_booking(page, site)
    page.get_by_role("button", name="Batalkan antrean").click()


def to_a_cancelled_booking(page: Page, site: Site) -> None:
    to_the_cancelling(page, site)
    page.get_by_role("button", name="Ya, batalkan").click()
    booked(page, "Antrean ini sudah dibatalkan")


def to_a_booking_on_a_closed_day(page: Page, site: Site) -> None:
    to_a_moved_booking(page, site)
    site.api.close(CODE, "Listrik padam", "reschedule", "cancel")
    page.reload()
    booked(page, "Kantor tutup pada hari Anda")


def to_the_moving(page: Page, site: Site) -> None:
    to_a_moved_booking(page, site)
    page.get_by_role("button", name="Ubah hari atau jam").click()
    day(page, "30 November").click()


def to_the_day_itself(page: Page, site: Site) -> None:
    to_a_moved_booking(page, site)
    stand(site, waits())
    page.reload()
    expect(page.get_by_role("heading", name="3 orang di depan Anda")).to_be_visible()


def to_a_call(page: Page, site: Site) -> None:
    to_a_moved_booking(page, site)
    stand(site, called())
    page.reload()
    expect(page.get_by_role("heading", name="Silakan ke loket 3")).to_be_visible()


def to_my_bookings(page: Page, site: Site) -> None:
    to_a_moved_booking(page, site)
    page.get_by_role("link", name="Antrean saya").click()
    expect(page.get_by_role("heading", name="Di perangkat ini")).to_be_visible()


@pytest.mark.parametrize(
    "go",
    [
        to_the_start,
        to_the_form,
        to_a_preparing_office,
        to_a_closed_day,
        to_the_errors,
        to_the_wait,
        to_a_moved_booking,
        to_the_cancelling,
        to_a_cancelled_booking,
        to_a_booking_on_a_closed_day,
        to_the_moving,
        to_the_day_itself,
        to_a_call,
        to_my_bookings,
    ],
)
def test_an_accessibility_check_finds_nothing(
    page: Page, site: Site, go: Callable[[Page, Site], None]
) -> None:
    go(page, site)
    assert page.evaluate(CHECKS) == []

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_text("One person, one live booking.")).to_be_visible()
    assert page.evaluate(CHECKS) == []


def test_indonesian_first_and_english_when_asked_for(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ambil nomor antrean paspor")
    choose_office(page)
    page.get_by_label("NIK").fill("1803015705900001")

    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Get a passport queue number")
    expect(page).to_have_title("Get a passport queue number · Passport queue")
    expect(page.get_by_label("NIK")).to_have_value("1803015705900001")
    expect(
        page.get_by_role("button", name="Thursday, 26 November 2026: open, 20 left")
    ).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Get a passport queue number")


def test_both_languages_have_the_same_texts(page: Page) -> None:
    keys = "(code) => import(`/js/texts/${code}.js`).then((m) => Object.keys(m.default))"

    assert page.evaluate(keys, "id") == page.evaluate(keys, "en")


def test_every_text_that_the_code_names_is_there_and_used(page: Page) -> None:
    code = "".join(path.read_text() for path in [*WEB.glob("js/*.js"), WEB / "index.html"])
    there = set(page.evaluate("import('/js/texts/id.js').then((m) => Object.keys(m.default))"))
    named = set(re.findall(r"\btO?r?\('(\w+)'", code)) | set(
        re.findall(r'data-t(?:-label)?="(\w+)"', code)
    )
    families = tuple(re.findall(r"`(\w+_)\$\{", code))

    assert named <= there
    used = re.findall(r"'(\w+)'", code)
    assert {
        one for one in there - named if not one.startswith(families) and one not in used
    } == set()


def test_all_of_it_with_the_keyboard_alone(page: Page, site: Site) -> None:
    press, write = page.keyboard.press, page.keyboard.type

    def tab_to(name: str) -> None:
        for _ in range(60):
            press("Tab")
            if name in str(page.evaluate(NAME_OF_FOCUS)):
                return
        raise AssertionError(f"no way to {name} by Tab")

    expect(page.get_by_label("Provinsi")).to_be_visible()
    press("Tab")
    assert page.evaluate(NAME_OF_FOCUS) == "Langsung ke isi"
    press("Enter")
    tab_to("Provinsi")
    write("Lamp")
    tab_to("Bandar Lampung")
    press("Space")
    expect(page.get_by_role("table")).to_be_visible()
    tab_to("25 November")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home", "ArrowRight"):
        press(key)
    assert "26 November" in page.evaluate(NAME_OF_FOCUS)
    press("Enter")
    tab_to("Jam berapa saja")
    press("ArrowDown")
    tab_to("NIK")
    write(BUDI.nik)
    tab_to("Nama lengkap")
    write(BUDI.name)
    tab_to("Tanggal")
    write("3")
    tab_to("Bulan")
    write("Feb")
    tab_to("Tahun")
    write("1988")
    tab_to("Nomor ponsel")
    write("081234567890")
    tab_to("Ambil nomor antrean")
    press("Enter")

    ticket = booked(page)
    expect(ticket).to_contain_text("R0800-001")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    tab_to("Batalkan antrean")
    press("Enter")
    tab_to("Tidak jadi")
    press("Enter")
    assert page.evaluate(NAME_OF_FOCUS) == "Batalkan antrean"


NAME_OF_FOCUS = """() => {
  const e = document.activeElement;
  const label = e.labels && e.labels[0];
  return (e.getAttribute('aria-label') || (label || e).textContent).trim();
}"""


def test_what_happens_is_read_out(page: Page, site: Site) -> None:
    said = page.locator("[aria-live=polite]")
    choose_office(page)
    day(page, "27 November").click()
    expect(said).to_contain_text("Jumat, 27 November 2026: tutup: Peringatan hari jadi kota.")
    site.api.fail("POST", "/v1/bookings", retry_after="60")
    fill_all(page)
    send(page)
    expect(said).to_contain_text("Halaman ini mencoba lagi sendiri.")


def test_nothing_is_inline_and_a_policy_forbids_it(page: Page) -> None:
    for path in WEB.glob("*.html"):
        text = path.read_text()
        assert "Content-Security-Policy" in text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?://", text)
    page.evaluate("document.body.append(Object.assign(document.createElement('p'), {id: 'p'}))")
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy is not None
    assert "unsafe" not in policy


def test_the_page_is_small() -> None:
    files = [path for path in WEB.rglob("*") if path.is_file()]

    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < LARGEST


def test_every_module_is_fetched_at_once() -> None:
    """A chain of imports would cost a slow line one round trip for each link of it."""
    preloaded = set(re.findall(r'modulepreload" href="([^"]+)"', (WEB / "index.html").read_text()))
    modules = {str(path.relative_to(WEB)) for path in WEB.rglob("*.js")}

    assert preloaded == modules - {"js/main.js", "js/board.js", "js/texts/en.js"}


def test_a_path_that_is_not_there_leads_back(page: Page) -> None:
    page.goto("/nothing/here")
    expect(page.get_by_role("heading", level=1)).to_have_text("Halaman ini tidak ada")

    page.get_by_role("link", name="Ambil nomor antrean paspor").click()
    expect(page.get_by_label("Provinsi")).to_be_visible()
