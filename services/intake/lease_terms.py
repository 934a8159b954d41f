"""What a lease says, and which of its days are possible."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.words import Origin
from services.chassis.aggregate import Event
from services.chassis.refusal import Malformed

EARLIEST_START = date(1950, 1, 1)
SIGNED_AHEAD_MAX = timedelta(days=366)


class DayNotPossible(Malformed):
    slug = "day-not-possible"
    title = "Date impossible"

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail, [{"field": field, "reason": detail}])


@dataclass(frozen=True)
class Terms:
    """What a lease says. Amounts are integer cents a month; names in `leaseholders` are sealed."""

    reference: str
    household_id: UUID
    dwelling_id: UUID
    dwelling_reference: str
    start_on: date
    rent_cents: int
    charges_cents: int
    payment_reference: str
    leaseholders: list[dict[str, Any]]
    origin: Origin = Origin.RECORDED
    welcomed_on: date | None = None
    transfer_of: UUID | None = None


class Signing(Event):
    """The fields of every event that states a lease's terms."""

    reference: str
    household_id: UUID
    dwelling_id: UUID
    dwelling_reference: str
    start_on: date
    rent_cents: int
    charges_cents: int
    payment_reference: str
    leaseholders: list[dict[str, Any]]
    origin: Origin
    welcomed_on: date | None
    transfer_of: UUID | None

    def terms(self) -> Terms:
        return Terms(**{name: getattr(self, name) for name in Terms.__dataclass_fields__})


def refuse_start(start_on: date, today: date) -> None:
    if start_on < EARLIEST_START:
        raise DayNotPossible("start_on", "Le début est antérieur à 1950 : vérifiez l'année.")
    if start_on > today + SIGNED_AHEAD_MAX:
        raise DayNotPossible("start_on", "Le début est à plus d'un an d'ici : vérifiez l'année.")


def refuse_future(field: str, day: date, today: date) -> None:
    if day > today:
        raise DayNotPossible(field, f"Le {day:%d/%m/%Y} n'est pas encore passé.")
