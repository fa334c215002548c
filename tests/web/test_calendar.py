"""What the page says of offices and days, honestly."""

from playwright.sync_api import Page, expect

from tests.web.applicant import choose_office, day, send, window
from tests.web.fake_api import OPEN_DAY, Site


def test_every_state_of_a_day_has_its_words(page: Page) -> None:
    choose_office(page)

    for date, words in (
        ("25 November", "Rabu, 25 November 2026: penuh, semua 20 tempat sudah terisi"),
        ("26 November", "Kamis, 26 November 2026: buka, sisa 20 dari 20 tempat"),
        ("27 November", "Jumat, 27 November 2026: tutup: Peringatan hari jadi kota"),
        ("28 November", "Sabtu, 28 November 2026: tutup: kantor tidak melayani pada hari itu"),
        (
            "14 Desember",
            "Senin, 14 Desember 2026: belum dibuka; dibuka Jumat, 4 Desember 2026 pukul 09.00 WIB",
        ),
    ):
        expect(day(page, date)).to_have_accessible_name(words)
    expect(page.get_by_role("cell", name="24 Nov lewat")).to_be_visible()
    expect(day(page, "24 November")).to_have_count(0)


def test_release_times_are_the_offices_own(page: Page) -> None:
    choose_office(page, "Jayapura", "Papua")

    expect(page.get_by_text("Semua jam adalah waktu setempat kantor (WIT).")).to_be_visible()
    expect(
        page.get_by_text("14 Des sampai 23 Des: dibuka Jumat, 4 Desember 2026 pukul 11.00 WIT")
    ).to_be_visible()


def test_a_day_that_can_not_be_chosen_says_why_and_offers_the_next(page: Page) -> None:
    choose_office(page)
    day(page, "27 November").click()
    expect(page.get_by_text("Tutup: Peringatan hari jadi kota.", exact=True)).to_be_visible()

    page.get_by_role("button", name="Pilih Senin, 30 November 2026").click()

    expect(day(page, "30 November")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("radio", name="Jam berapa saja")).to_be_checked()


def test_a_full_window_can_not_be_chosen(page: Page, site: Site) -> None:
    site.api.fill("kotabumi", OPEN_DAY, "09:00")
    choose_office(page)
    day(page, "26 November").click()

    expect(page.get_by_role("radio", name=f"{window('09.00', '10.00')} penuh")).to_be_disabled()
    expect(page.get_by_role("radio", name=f"{window('08.00', '09.00')} sisa 5")).to_be_enabled()


def test_a_preparing_office_says_so_and_names_its_neighbours(page: Page) -> None:
    choose_office(page, "Kalianda")

    expect(
        page.get_by_text("Kantor Imigrasi Kalianda belum menerima antrean daring.")
    ).to_be_visible()
    expect(page.get_by_text("Alasan: Data belum siap.")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    send(page)
    expect(page.get_by_role("link", name="Kantor ini sekarang tidak menerima")).to_be_visible()

    page.get_by_role("button", name="Kantor Imigrasi Kotabumi").click()
    expect(page.get_by_role("table")).to_be_visible()


def test_a_suspended_office_gives_its_reason_in_english_too(page: Page, site: Site) -> None:
    site.api.suspend("jayapura", "suspended", "Banjir. / Flood.")
    page.reload()
    choose_office(page, "Jayapura", "Papua")
    page.get_by_role("button", name="English").click()

    expect(page.get_by_text("has suspended online booking")).to_be_visible()
    expect(page.get_by_text("Reason: Flood.")).to_be_visible()


def test_later_days_are_a_page_on(page: Page, site: Site) -> None:
    choose_office(page)
    page.get_by_role("button", name="Hari berikutnya").click()

    expect(day(page, "24 Desember")).to_be_visible()
    expect(day(page, "26 November")).to_have_count(0)
    page.get_by_role("button", name="Lebih awal").click()
    expect(day(page, "26 November")).to_be_visible()


def test_no_office_at_all_is_said(page: Page, site: Site) -> None:
    site.api.offices.clear()
    page.reload()

    expect(page.get_by_text("Belum ada kantor dalam daftar.")).to_be_visible()


def test_days_without_any_place_are_said(page: Page) -> None:
    choose_office(page)
    page.get_by_role("button", name="Hari berikutnya").click()

    expect(page.get_by_text("Tidak ada hari dengan tempat kosong di jalur ini")).to_be_visible()


def test_the_clock_of_the_phone_decides_nothing(page: Page, site: Site) -> None:
    page.clock.install(time="2001-01-01T00:00:00Z")
    page.reload()
    choose_office(page)

    expect(day(page, "26 November")).to_be_visible()
    assert not any("from" in one.path for one in site.api.seen)
