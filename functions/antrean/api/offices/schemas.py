"""The JSON of offices, as everybody may see it."""

from datetime import datetime
from typing import Self

from antrean.api.types import Output
from antrean.domain.offices import Office, Position


class DegreesOut(Output):
    """Where an office stands: degrees north and east (WGS 84)."""

    latitude: float
    longitude: float

    @classmethod
    def of(cls, position: Position) -> Self:
        return cls(latitude=position.latitude, longitude=position.longitude)


class OfficeOut(Output):
    """An office as everybody may see it; a unit names the office that it belongs to."""

    office_id: str
    name: str
    office_class: str
    city: str
    province: str
    timezone: str
    status: str
    status_reason: str | None
    daily_quota: int
    quota_basis: str
    next_release: datetime | None
    parent_office_id: str | None
    services: list[str]
    position: DegreesOut | None

    @classmethod
    def of(cls, office: Office, next_release: int | None) -> Self:
        """Return an office as everybody may see it; `next_release` in seconds (UTC)."""
        return cls(
            office_id=office.office_id,
            name=office.name,
            office_class=office.office_class,
            city=office.city,
            province=office.province,
            timezone=office.timezone,
            status=office.status,
            status_reason=office.status_reason,
            daily_quota=office.daily_quota,
            quota_basis=office.quota_basis,
            next_release=office.local_time(next_release),
            parent_office_id=office.parent_office_id,
            services=list(office.services),
            position=DegreesOut.of(office.position) if office.position else None,
        )


class OfficesOut(Output):
    """A page of offices."""

    offices: list[OfficeOut]
    next: str | None = None
