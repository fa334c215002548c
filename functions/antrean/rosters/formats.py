"""The formats of a roster: their files' names and media types."""

from enum import StrEnum
from typing import Final


class Format(StrEnum):
    """The formats in which a roster is published."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    PDF = "pdf"

    @property
    def file(self) -> str:
        """The file's name in the roster's folder."""
        return f"roster.{self}"

    @property
    def media_type(self) -> str:
        """The file's media type."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
}
