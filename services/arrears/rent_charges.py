"""What a rent account is charged: one month's rent and service charges at a time."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.arrears.account_ledger import AccountLedger
from services.arrears.allocation import Charge
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
    """See the module."""

    class RentCharged(Event):
        TOPIC = "arrears.rent-charged"
        charge_id: UUID
        household_id: UUID
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int

        def apply(self, account: "RentCharges") -> None:
            account.charges[self.charge_id] = Charge(
                self.charge_id,
                self.month,
                self.due_on,
                self.rent_cents,
                self.charges_cents,
                self.originator_version,
            )

    def charge_rent(
        self, company: str, month: str, due_on: date, rent_cents: int, charges_cents: int
    ) -> None:
        """Charge one month's rent and service charges.

        Units: integer cents ≥ 0; month YYYY-MM, due the 10th unless the roll says otherwise.
        Records: RentCharged; nothing when the month is charged for the same amounts.
        Refuses: MonthAlreadyCharged, RentAccountIsClosed (409).   Source: due day BR-01 [S16].
        """
        if self.closed:
            raise RentAccountIsClosed("Le bail de ce compte a été annulé : rien n'y est dû.")
        known = self.charge_of(month)
        if known is None:
            self._trigger(
                self.RentCharged,
                charge_id=natural_id(company, "charge", f"{self.id}/{month}"),
                month=month,
                due_on=due_on,
                rent_cents=rent_cents,
                charges_cents=charges_cents,
                occurred_on=due_on,
            )
            self._settle()
        elif (known.rent_cents, known.charges_cents) != (rent_cents, charges_cents):
            raise MonthAlreadyCharged(
                f"{month} est déjà facturé pour un autre montant. Corrigez cette facturation, "
                "ou corrigez la ligne.",
                month=month,
            )

    def charge_of(self, month: str) -> Charge | None:
        return next((c for c in self.charges.values() if c.month == month), None)

    class ChargeCorrected(Event):
        TOPIC = "arrears.rent-charge-corrected"
        corrects_version: int
        charge_id: UUID
        household_id: UUID
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int

        def apply(self, account: "RentCharges") -> None:
            account.charges[self.charge_id] = replace(
                account.charges[self.charge_id],
                due_on=self.due_on,
                rent_cents=self.rent_cents,
                charges_cents=self.charges_cents,
            )

    def correct_charge(self, month: str, rent_cents: int, charges_cents: int) -> None:
        """Charge a month anew.   Records: ChargeCorrected.   Refuses: MonthNotCharged (404)."""
        charge = self._charged(month)
        if (charge.rent_cents, charge.charges_cents) != (rent_cents, charges_cents):
            self._trigger(
                self.ChargeCorrected,
                corrects_version=charge.version,
                charge_id=charge.charge_id,
                month=month,
                due_on=charge.due_on,
                rent_cents=rent_cents,
                charges_cents=charges_cents,
                occurred_on=charge.due_on,
            )
            self._settle()

    class ChargeCancelled(Event):
        TOPIC = "arrears.rent-charge-cancelled"
        corrects_version: int
        charge_id: UUID
        household_id: UUID
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int

        def apply(self, account: "RentCharges") -> None:
            del account.charges[self.charge_id]

    def cancel_charge(self, month: str) -> None:
        """The month was never due.   Records: ChargeCancelled.   Refuses: MonthNotCharged (404)."""
        charge = self._charged(month)
        self._trigger(
            self.ChargeCancelled,
            corrects_version=charge.version,
            charge_id=charge.charge_id,
            month=month,
            due_on=charge.due_on,
            rent_cents=charge.rent_cents,
            charges_cents=charge.charges_cents,
            occurred_on=charge.due_on,
        )
        self._settle()

    def _charged(self, month: str) -> Charge:
        charge = self.charge_of(month)
        if charge is None:
            raise MonthNotCharged(f"{month} n'est pas facturé sur ce compte.", month=month)
        return charge
