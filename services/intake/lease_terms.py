"""What a lease says, and which of its days are possible."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.words import Origin, RentPeriod
from services.chassis.aggregate import Event
from services.chassis.refusal import Malformed

EARLIEST_START = date(1950, 1, 1)
SIGNED_AHEAD_MAX = timedelta(days=366)
WELCOMED_BEFORE_MAX = timedelta(days=366)
ENDED_AHEAD_MAX = timedelta(days=800)


class DayNotPossible(Malformed):
    slug = "day-not-possible"
    title = "Date impossible"

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail, [{"field": field, "reason": detail}])


@dataclass(frozen=True)
class Terms:
    """What a lease says. Amounts are integer cents a month, or a `rent_period` if there is one;
    names in `leaseholders` are sealed.
    """

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
    rent_period: RentPeriod | None = None


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
    rent_period: RentPeriod | None = field(default=None, kw_only=True)

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


def refuse_welcome(held_on: date, start_on: date, today: date) -> None:
    """A welcome has taken place, and belongs to the lease that begins."""
    refuse_future("held_on", held_on, today)
    if held_on < start_on - WELCOMED_BEFORE_MAX:
        raise DayNotPossible(
            "held_on",
            f"Le bail commence le {start_on:%d/%m/%Y}, plus d'un an après : vérifiez l'année.",
        )


def refuse_end(ended_on: date, start_on: date, today: date) -> None:
    if ended_on < start_on:
        raise DayNotPossible(
            "ended_on",
            f"Le bail a commencé le {start_on:%d/%m/%Y} : il ne peut pas finir avant.",
        )
    if ended_on > today + ENDED_AHEAD_MAX:
        raise DayNotPossible("ended_on", "La fin est à plus de deux ans d'ici : vérifiez l'année.")
