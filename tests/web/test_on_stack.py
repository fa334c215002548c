"""The same page on the real thing: template.yaml on the local stack."""

from playwright.sync_api import Browser, expect

from tests.e2e.stack import LocalStack
from tests.web.applicant import SITI, booked, choose_office, fill_person, send
from tests.web.conftest import PHONE, watch


def test_books_on_the_real_stack_from_start_to_proof_and_cancels(
    browser: Browser, stack: LocalStack
) -> None:
    origin = str(stack.endpoints["origin"])
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
    expect(ticket).to_contain_text("R0")
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
