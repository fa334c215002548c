"""What an applicant does on the page, by the names that they see and hear."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Request, expect


@dataclass(frozen=True, slots=True)
class Person:
    """A synthetic applicant; the birth date as day, month by name, year."""

    nik: str = "1803015705900001"
    name: str = "Siti Rahmawati"
    born: tuple[str, str, str] = ("17", "Mei", "1990")


SITI = Person()
BUDI = Person("1803010302880002", "Budi Santoso", ("3", "Februari", "1988"))
CHILD = Person("1803014806190003", "Putri", ("8", "Juni", "2019"))


def choose_office(page: Page, name: str = "Kotabumi", province: str = "Lampung") -> None:
    """Choose province and office."""
    page.get_by_label("Provinsi").select_option(province)
    page.get_by_role("radio", name=f"Kantor Imigrasi {name}").check()


def window(start: str, end: str) -> str:
    """Return an arrival window as the page writes it."""
    return f"{start}\N{EN DASH}{end}"


def day(page: Page, date: str) -> Locator:
    """Return the calendar's button of a date such as "26 November"."""
    return page.get_by_role("table").get_by_role("button", name=date)


def person(page: Page, number: int) -> Locator:
    """Return the fields of an applicant, counted from 1."""
    return page.get_by_role("group", name=f"Pemohon {number}", exact=True)


def fill_person(page: Page, who: Person, number: int = 1) -> None:
    """Fill in an applicant."""
    fields = person(page, number)
    fields.get_by_label("NIK").fill(who.nik)
    fields.get_by_label("Nama lengkap").fill(who.name)
    for label, value in zip(("Tanggal", "Tahun"), (who.born[0], who.born[2]), strict=True):
        fields.get_by_label(label, exact=True).fill(value)
    fields.get_by_label("Bulan").select_option(who.born[1])


def fill_all(page: Page, date: str = "26 November", who: Person = SITI) -> None:
    """Fill the whole form in for one person at Kotabumi."""
    choose_office(page)
    day(page, date).click()
    fill_person(page, who)
    page.get_by_label("Nomor ponsel").fill("0812 3456 7890")


def pass_time(page: Page, *, seconds: int, times: int) -> None:
    """Let time pass in steps; before each step the page has the answers to what it asked."""
    under_way: set[Request] = set()

    def begins(request: Request) -> None:
        under_way.add(request)

    def ends(request: Request) -> None:
        under_way.discard(request)

    page.on("request", begins)
    page.on("requestfinished", ends)
    page.on("requestfailed", ends)
    for _ in range(times):
        page.clock.run_for(seconds * 1_000)
        page.wait_for_timeout(20)
        while under_way:
            page.wait_for_timeout(20)


def send(page: Page) -> None:
    """Press the one button."""
    page.get_by_role("button", name="Ambil nomor antrean").click()


def booked(page: Page, heading: str = "Anda sudah tercatat") -> Locator:
    """Wait for the booking and return its ticket."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    return page.get_by_role("article")
