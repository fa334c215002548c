"""The hall display: who goes where, read from afar, honest about its age."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.applicant import pass_time
from tests.web.conftest import watch
from tests.web.fake_api import Site
from tests.web.running_day import OFFICE, a_board, busy, call, lane

CHECKS = Path(__file__).with_name("accessibility.js").read_text()
PATH = f"/v1/offices/{OFFICE}/board"


@pytest.fixture
def hall(browser: Browser, site: Site) -> Iterator[Page]:
    """A screen on the wall, whose time the test moves."""
    site.api.boards[OFFICE] = busy()
    context = browser.new_context(
        viewport={"width": 1920, "height": 1080}, base_url=site.origin, locale="id-ID"
    )
    opened = context.new_page()
    faults = watch(opened, site.origin)
    opened.clock.install()
    opened.goto(f"/board.html?office={OFFICE}")
    yield opened
    context.close()
    assert faults == []


def rows(page: Page) -> list[str]:
    found = page.get_by_role("region", name="Silakan ke loket").get_by_role("listitem")
    return [re.sub(r"\s+", " ", text) for text in found.all_inner_texts()]


def test_the_last_call_stands_first_with_its_counter(hall: Page) -> None:
    expect(hall.get_by_role("heading", level=1)).to_have_text("Kantor Imigrasi Kotabumi")
    expect(hall.get_by_text("R0800-014")).to_be_visible()
    assert [row.split()[0] for row in rows(hall)] == ["R0800-014", "P0900-002", "R0900-003"]
    assert "Loket" in rows(hall)[0]
    assert "Panggilan ke-2" in rows(hall)[2]


def test_who_waits_is_shown_by_lane_and_in_order(hall: Page) -> None:
    waiting = hall.get_by_role("region", name="Menunggu")
    expect(waiting.get_by_role("listitem")).to_have_text(
        [f"R0900-{number:03d}" for number in range(10, 14)] + ["P0900-010"]
    )
    expect(waiting.get_by_role("heading", name="Reguler")).to_have_text("Reguler Regular 9")
    expect(waiting).to_contain_text("± 28 nomor per jam")


def test_a_new_call_stands_out_and_is_read_out_once(hall: Page, site: Site) -> None:
    said = hall.locator("[aria-live=polite]")
    expect(hall.get_by_text("R0800-014")).to_be_visible()
    expect(said).to_have_text("")
    expect(hall.locator(".fresh")).to_have_count(0)

    site.api.boards[OFFICE] = a_board(lane("regular", call("R0900-004", "1", 42)))
    hall.clock.run_for(7_000)

    expect(said).to_have_text("Nomor R0900-004, silakan ke loket 1.")
    expect(hall.locator(".fresh")).to_have_count(1)
    hall.evaluate("document.getElementById('said').textContent = ''")
    hall.clock.run_for(40_000)
    expect(said).to_have_text("")
    expect(hall.locator(".fresh")).to_have_count(0)


def test_a_number_that_is_called_again_is_read_out_again(hall: Page, site: Site) -> None:
    expect(hall.get_by_text("R0800-014")).to_be_visible()
    site.api.boards[OFFICE] = a_board(lane("regular", call("R0800-014", "2", 43, 2)))
    hall.clock.run_for(7_000)

    expect(hall.locator("[aria-live=polite]")).to_have_text("Nomor R0800-014, silakan ke loket 2.")


def test_it_looks_every_five_seconds_and_less_often_without_an_answer(
    hall: Page, site: Site
) -> None:
    expect(hall.get_by_text("R0800-014")).to_be_visible()
    looks = len(site.api.sent("GET", PATH))
    for _ in range(6):
        with hall.expect_response(lambda answer: PATH in answer.url):
            hall.clock.run_for(6_001)
    assert len(site.api.sent("GET", PATH)) == looks + 6
    for _ in range(40):
        site.api.fail("GET", PATH)
    looks = len(site.api.sent("GET", PATH))
    pass_time(hall, seconds=5, times=24)
    assert 3 <= len(site.api.sent("GET", PATH)) - looks <= 6, "in two minutes"


def test_an_old_display_warns_and_a_lost_one_says_to_listen(hall: Page, site: Site) -> None:
    age = hall.get_by_role("contentinfo")
    expect(age).to_contain_text("Diperbarui pukul 09.41.12 WIB")
    expect(age).not_to_contain_text("terlambat")
    for _ in range(40):
        site.api.fail("GET", PATH)
    hall.clock.run_for(30_000)
    expect(age).to_contain_text("Papan ini mungkin terlambat.")
    hall.clock.run_for(70_000)
    expect(age).to_contain_text("Papan ini tidak diperbarui. Dengarkan panggilan petugas.")

    site.api.failures.clear()
    with hall.expect_response(lambda answer: PATH in answer.url and answer.ok):
        for _ in range(4):  # an answer that failed may still be on its way: then a minute more
            hall.clock.run_for(40_000)
            hall.wait_for_timeout(50)
    expect(age).not_to_contain_text("tidak diperbarui")


def test_before_the_first_call_it_says_so(hall: Page, site: Site) -> None:
    site.api.boards[OFFICE] = a_board()
    hall.reload()
    expect(hall.get_by_text("Belum ada nomor di loket.")).to_be_visible()
    expect(hall.get_by_text("Belum ada yang lapor datang.")).to_be_visible()


def test_an_unknown_office_is_said_and_not_asked_for_again(hall: Page, site: Site) -> None:
    hall.goto("/board.html?office=nowhere")
    expect(hall.get_by_text("Kantor ini tidak ada dalam daftar.")).to_be_visible()
    asked = len(site.api.seen)
    hall.clock.run_for(60_000)
    assert len(site.api.seen) == asked


@pytest.mark.parametrize("width", [360, 1920])
@pytest.mark.parametrize("counters", [4, 10, 16])
def test_all_counters_are_readable_on_the_wall_and_on_a_phone(
    hall: Page, site: Site, width: int, counters: int
) -> None:
    serving = [call(f"R0900-{n:03d}", str(n), n) for n in range(1, counters + 1)]
    lanes = (lane("regular", *serving, waiting=24, pace=60), lane("priority", waiting=2))
    site.api.boards[OFFICE] = a_board(*lanes, lane("express", waiting=1))
    hall.set_viewport_size({"width": width, "height": 1080 if width > 1000 else 740})
    hall.reload()
    expect(hall.locator(".label")).to_have_count(counters)

    assert hall.evaluate(CHECKS) == []
    if width == 1920:
        size = hall.locator(".label").first.evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
        # On a 43-inch screen a letter is 48, 32 and 26 mm high.
        assert size >= {4: 130, 10: 90, 16: 72}[counters]
        assert hall.evaluate("document.scrollingElement.scrollHeight") <= 1080


def test_what_is_shown_names_nobody(hall: Page, site: Site) -> None:
    site.api.boards[OFFICE]["lanes"][0]["now_serving"][0]["name"] = "Siti Rahmawati"
    hall.reload()
    expect(hall.get_by_text("R0800-014")).to_be_visible()
    assert "Siti" not in json.dumps(hall.content())
