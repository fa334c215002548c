"""The words of messages, Indonesian and English, as the pages have them (`web/js/texts`)."""

from dataclasses import dataclass
from typing import Final

from antrean.messages.order import Kind


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words. `{...}` stands for what the message fills in."""

    language: str
    greeting: str
    titles: dict[Kind, str]
    closed: str
    office: str
    date: str
    arrive: str
    window: str
    lane: str
    numbers: str
    code: str
    reason: str
    moved_from: str
    any_time: str
    moved: dict[str, str]
    moved_other: str
    show: str
    attached: str
    released: str
    struck: str
    manage: str
    automatic: str


INDONESIAN: Final = Words(
    language="id",
    greeting="Yth. Pemohon,",
    titles={
        Kind.CONFIRMATION: "Antrean paspor Anda tercatat",
        Kind.MOVED: "Antrean paspor Anda berpindah",
        Kind.REMINDER: "Pengingat antrean paspor Anda",
        Kind.CANCELLED: "Antrean paspor Anda dibatalkan",
    },
    closed="Kantor tutup, jangan datang",
    office="Kantor",
    date="Tanggal",
    arrive="Datang pukul",
    window="Jam kedatangan",
    lane="Jalur",
    numbers="Nomor antrean",
    code="Kode",
    reason="Alasan",
    moved_from="Sebelumnya",
    any_time="jam bebas",
    moved={
        "full": "Hari yang Anda pilih penuh.",
        "full_window": "Jam yang Anda pilih penuh.",
        "closed": "Hari yang Anda pilih tutup.",
        "office": "Kantor memindahkan hari Anda.",
        "applicant": "Anda sudah mengubah hari.",
    },
    moved_other="Hari yang Anda pilih tidak dapat dipesan.",
    show="Tunjukkan kode atau QR saat tiba. Semua jam: waktu setempat ({zone}).",
    attached="Bukti antrean dan entri kalender terlampir.",
    released="Tempat Anda sudah dilepas. Anda dapat mengambil nomor baru.",
    struck="Entri kalender terlampir menghapus yang sebelumnya.",
    manage="Melihat, mengubah, atau membatalkan antrean: {origin}",
    automatic="Pesan ini dikirim otomatis; balasan tidak dibaca.",
)

ENGLISH: Final = Words(
    language="en",
    greeting="Dear applicant,",
    titles={
        Kind.CONFIRMATION: "Your place in the passport queue is booked",
        Kind.MOVED: "Your place in the passport queue has moved",
        Kind.REMINDER: "A reminder of your place in the passport queue",
        Kind.CANCELLED: "Your place in the passport queue is cancelled",
    },
    closed="The office is closed, do not come",
    office="Office",
    date="Date",
    arrive="Come at",
    window="Window",
    lane="Lane",
    numbers="Queue number",
    code="Code",
    reason="Reason",
    moved_from="Before",
    any_time="any time",
    moved={
        "full": "The day you chose is full.",
        "full_window": "The time you chose is full.",
        "closed": "The day you chose is closed.",
        "office": "The office has moved your day.",
        "applicant": "You have changed the day.",
    },
    moved_other="The day you chose can not be booked.",
    show="Show the code or the QR when you arrive. All times are local ({zone}).",
    attached="The queue proof and a calendar entry are attached.",
    released="Your place has been released. You can get a new number.",
    struck="The attached calendar entry removes the earlier one.",
    manage="To see, change or cancel your booking: {origin}",
    automatic="This message was sent automatically; replies are not read.",
)
