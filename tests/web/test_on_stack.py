"""The same page on the real thing: template.yaml on a local stack of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from infra.local.places import Places
from tests.e2e.stack import LocalStack
from tests.web.applicant import SITI, booked, choose_office, fill_person, send
from tests.web.conftest import PHONE, watch


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a running local stack."""
    stack = LocalStack(Places(tmp_path_factory.mktemp("web") / "local"))
    try:
        yield str(stack.start().endpoints["origin"])
    finally:
        stack.end()


def test_books_on_the_real_stack_from_start_to_proof_and_cancels(
    browser: Browser, origin: str
) -> None:
    context = browser.new_context(viewport=PHONE, base_url=origin, locale="id-ID")
    page = context.new_page()
    faults = watch(page, origin)
    page.goto("/")

    choose_office(page, "Kalianda")
    expect(page.get_by_text("Kantor Imigrasi Kalianda belum menerima antrean")).to_be_visible()
    expect(page.get_by_text("Alasan: Server pusat terganggu")).to_be_visible()
    page.get_by_role("button", name="Kantor Imigrasi Kotabumi").click()
    page.get_by_role("table").get_by_role("button", name=": buka, sisa").last.click()
    fill_person(page, SITI)
    page.get_by_label("Nomor ponsel").fill("0812 3456 7890")
    send(page)

    ticket = booked(page)
    expect(ticket).to_contain_text("Kantor Imigrasi Kotabumi")
    expect(ticket).to_contain_text("WIB")
    expect(ticket).to_contain_text("R0800-001")
    proof = ticket.get_by_role("img", name="Kode QR")
    expect(proof).to_be_visible()
    assert proof.evaluate("image => image.complete && image.naturalWidth > 0")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Simpan ke kalender").click()
    assert "BEGIN:VEVENT" in saved.value.path().read_text()

    page.reload()
    expect(booked(page, "Antrean Anda")).to_contain_text("Belum ada orang di depan Anda")
    page.get_by_role("button", name="Batalkan antrean").click()
    page.get_by_role("button", name="Ya, batalkan").click()
    booked(page, "Antrean ini sudah dibatalkan")
    context.close()
    assert faults == []
