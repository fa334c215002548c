"""Keeping how an office's days went, before the people's data is deleted."""

from datetime import date

from antrean.domain.offices import Office
from antrean.domain.statistics import day_figures
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.slot import slots_between
from antrean.store.items.statistics import put_statistics, statistics_between
from antrean.store.items.ticket import day_tickets
from antrean.store.retention import expires_at


def keep_statistics(office: Office, day: date, deadline: Deadline) -> bool:
    """Keep a past day's figures, made of its tickets; return False when there is nothing to keep.

    Figures that are made again follow what was corrected meanwhile. A day's tickets are deleted all
    at one instant, after the retention time that held when they were written; from then on what is
    kept stays as it is. Raises `Unavailable`.
    """
    if not day < office.local_date(clock.now()) or expires_at(day) <= clock.epoch():
        return False
    slots = slots_between(office.office_id, day, day, deadline, consistent=True)
    tickets = day_tickets(office.office_id, day, deadline)
    if not slots and not tickets:
        return False
    if not tickets and _were_counted(office, day, deadline):
        return False
    put_statistics(office.office_id, day, day_figures(slots, tickets), deadline)
    return True


def _were_counted(office: Office, day: date, deadline: Deadline) -> bool:
    figures = statistics_between(office.office_id, day, day, deadline).get(day)
    return figures is not None and bool(figures.outcomes)
