"""What a rent account is charged: rent and service charges of a month, or of another period."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.arrears.account_ledger import AccountLedger
from services.arrears.allocation import Charge
from services.arrears.rent_period import (
    MONTH_LENGTH,
    ChargedPeriod,
    charged_period,
    period_from,
)
from services.chassis.aggregate import Event, natural_id
from services.chassis.refusal import Refusal


class MonthAlreadyCharged(Refusal):
    slug = "month-already-charged"
    title = "Mois déjà facturé"


class MonthNotCharged(Refusal):
    status = 404
    slug = "month-not-charged"
    title = "Mois non facturé"


class RentAccountIsClosed(Refusal):
    slug = "rent-account-is-closed"
    title = "Compte clôturé"


class RentCharges(AccountLedger):
    """See the module. `period_start`, `period_end` and `periods_a_year` are those of a rent that is
    not monthly; `month` is then that of the first day.
    """

    class RentCharged(Event):
        TOPIC = "arrears.rent-charged"
        charge_id: UUID
        household_id: UUID
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int
        period_start: date | None = None
        period_end: date | None = None
        periods_a_year: int | None = None

        def apply(self, account: "RentCharges") -> None:
            account.charges[self.charge_id] = Charge(
                self.charge_id,
                self.month,
                self.due_on,
                self.rent_cents,
                self.charges_cents,
                self.originator_version,
                _period_of(self),
            )

    def charge_rent(
        self, company: str, key: str, due_on: date, rent_cents: int, charges_cents: int
    ) -> None:
        """Charge one month's rent and service charges, or one period's.

        Units: integer cents ≥ 0; `key`: the month YYYY-MM, or the period's first day YYYY-MM-DD.
        Records: RentCharged; nothing when it is charged for the same amounts.
        Refuses: MonthAlreadyCharged, RentAccountIsClosed, PeriodDoesNotFit, PeriodOverlaps (409).
        Source: due day BR-01 [S16].
        """
        if self.closed:
            raise RentAccountIsClosed("Le bail de ce compte a été annulé : rien n'y est dû.")
        period = charged_period(self.rent_period(), key, self.charged_periods())
        known = self.charge_of(key)
        if known is None:
            self._trigger(
                self.RentCharged,
                charge_id=natural_id(company, "charge", f"{self.id}/{key}"),
                month=key[:MONTH_LENGTH],
                due_on=due_on,
                rent_cents=rent_cents,
                charges_cents=charges_cents,
                **_told(period),
                occurred_on=due_on,
            )
            self._settle()
        elif (known.rent_cents, known.charges_cents) != (rent_cents, charges_cents):
            raise MonthAlreadyCharged(
                f"{_named(key)} est déjà facturé pour un autre montant. Corrigez cette "
                "facturation, ou corrigez la ligne.",
                month=key,
            )

    def charge_of(self, key: str) -> Charge | None:
        return next((c for c in self.charges.values() if c.key == key), None)

    def charged_periods(self) -> list[ChargedPeriod]:
        return [charge.period for charge in self.charges.values() if charge.period]

    class ChargeCorrected(Event):
        TOPIC = "arrears.rent-charge-corrected"
        corrects_version: int
        charge_id: UUID
        household_id: UUID
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int
        period_start: date | None = None
        period_end: date | None = None
        periods_a_year: int | None = None

        def apply(self, account: "RentCharges") -> None:
            account.charges[self.charge_id] = replace(
                account.charges[self.charge_id],
                due_on=self.due_on,
                rent_cents=self.rent_cents,
                charges_cents=self.charges_cents,
                period=_period_of(self),
            )

    def correct_charge(self, key: str, rent_cents: int, charges_cents: int) -> None:
        """Charge a month or a period anew, as one of the rent that the lease has now.

        Records: ChargeCorrected.   Refuses: MonthNotCharged (404).
        """
        charge = self._charged(key)
        period = self._period_now(charge)
        right = (rent_cents, charges_cents, period)
        if (charge.rent_cents, charge.charges_cents, charge.period) != right:
            self._trigger(
                self.ChargeCorrected,
                corrects_version=charge.version,
                charge_id=charge.charge_id,
                month=charge.month,
                due_on=charge.due_on,
                rent_cents=rent_cents,
                charges_cents=charges_cents,
                **_told(period),
                occurred_on=charge.due_on,
            )
            self._settle()

    def _period_now(self, charge: Charge) -> ChargedPeriod | None:
        """A week's stays the same week where rent is asked for in fewer weeks of the year."""
        asked = self.rent_period()
        if asked is None or charge.period is None:
            return charge.period
        now = period_from(asked, charge.period.start)
        return now if now.days == charge.period.days else charge.period

    def is_of_the_rent(self, charge: Charge) -> bool:
        """Whether a charge is of a period that the lease's rent is asked for by."""
        asked = self.rent_period()
        if asked is None or charge.period is None:
            return asked is None and charge.period is None
        return period_from(asked, charge.period.start).days == charge.period.days

    class ChargeCancelled(Event):
        TOPIC = "arrears.rent-charge-cancelled"
        corrects_version: int
        charge_id: UUID
        household_id: UUID
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int
        period_start: date | None = None
        period_end: date | None = None
        periods_a_year: int | None = None

        def apply(self, account: "RentCharges") -> None:
            del account.charges[self.charge_id]

    def cancel_charge(self, key: str) -> None:
        """It was never due.   Records: ChargeCancelled.   Refuses: MonthNotCharged (404)."""
        charge = self._charged(key)
        self._trigger(
            self.ChargeCancelled,
            corrects_version=charge.version,
            charge_id=charge.charge_id,
            month=charge.month,
            due_on=charge.due_on,
            rent_cents=charge.rent_cents,
            charges_cents=charge.charges_cents,
            **_told(charge.period),
            occurred_on=charge.due_on,
        )
        self._settle()

    def _charged(self, key: str) -> Charge:
        charge = self.charge_of(key)
        if charge is None:
            raise MonthNotCharged(f"{_named(key)} n'est pas facturé sur ce compte.", month=key)
        return charge


def _period_of(
    event: "RentCharges.RentCharged | RentCharges.ChargeCorrected",
) -> ChargedPeriod | None:
    if event.period_start is None or event.period_end is None or event.periods_a_year is None:
        return None
    return ChargedPeriod(event.period_start, event.period_end, event.periods_a_year)


def _told(period: ChargedPeriod | None) -> dict[str, Any]:
    """What events say of a period: nothing of a month."""
    if period is None:
        return {}
    return {
        "period_start": period.start,
        "period_end": period.end,
        "periods_a_year": period.periods_a_year,
    }


def _named(key: str) -> str:
    if len(key) == MONTH_LENGTH:
        return key
    return f"Le loyer dès le {date.fromisoformat(key):%d/%m/%Y}"
