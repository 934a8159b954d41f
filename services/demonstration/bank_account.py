"""The company's bank account: one CODA statement a bank day, each opening where the last closed."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Final

from services.demonstration.coda_writer import Booking, write_statement
from services.demonstration.parameters import Parameters
from services.demonstration.payment_habits import Way
from services.demonstration.payments import Payment
from services.demonstration.people import payer_account
from services.demonstration.steps import FileKind, ImportFile

ACCOUNT: Final = "BE68539007547034"
HOLDER: Final = "LOGIS DE DEMONSTRATION"
OPENING_CENTS_A_LEASE: Final = 1_200_00

# Families of the CODA standard, enclosure II: domiciliations (05), collected (50) or unpaid (03);
# various (35), costs (37).
COLLECTED: Final = "0550000"
UNPAID: Final = "0503000"
COSTS: Final = "3537000"
RETURNED: Final = "2"
RETURN_REASONS: Final = ("AM04", "AM04", "AM04", "MS03", "AC04", "MD06")
"""Insufficient funds mostly; not told, account closed, refund asked. Source: ISO 20022 codes."""

SUPPLIERS: Final = (
    "CHAUFFAGE DE LA VALLEE", "TOITURES REUNIES", "ASCENSEURS DU SUD", "ENERGIE ET RESEAUX",
    "NETTOYAGE CLAIR", "PEINTURES LEMAIRE", "INTERCOMMUNALE DES EAUX", "ASSURANCES DU LOGIS",
)  # fmt: skip


class BankAccount:
    """Write the statements in the order of their days; numbers begin anew each year."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._balance_cents = parameters.leases * OPENING_CENTS_A_LEASE
        self._last = date.min
        self._number = 0

    def statement(
        self, day: date, received: Iterable[Payment], returned: Iterable[Payment]
    ) -> ImportFile:
        """The statement of a bank day, as the file that the bank sends."""
        if day <= self._last:
            raise ValueError(f"The statement of {self._last} is written; {day} is not after it.")
        self._number = self._number + 1 if day.year == self._last.year else 1
        self._last = day
        bookings = [*_received(day, received), *(self._returned(day, p) for p in returned)]
        bookings += self._spent(day)
        content = write_statement(
            ACCOUNT, self._number, day, self._balance_cents, bookings, holder=HOLDER
        )
        self._balance_cents += sum(booking.amount_cents for booking in bookings)
        return ImportFile(FileKind.CODA, f"{day:%Y-%m-%d}-{self._number:03d}.cod", content)

    def _returned(self, day: date, payment: Payment) -> Booking:
        chance = self._parameters.stream("return", payment.number)
        return Booking(
            -payment.cents,
            day,
            structured=payment.reference,
            counterparty_account=payment.account,
            counterparty_name=_plain(payment.payer),
            value_date=day,
            bank_reference=f"R{payment.number}",
            family=UNPAID,
            return_type=RETURNED,
            return_reason=chance.choice(RETURN_REASONS),
        )

    def _spent(self, day: date) -> list[Booking]:
        """Bills of suppliers, about nine tenths of a month's rents, and the bank's costs."""
        chance = self._parameters.stream("spent", day)
        mean_cents = self._parameters.scaled(24_500_00) / 2
        spent = [
            Booking(
                -round(mean_cents * chance.uniform(0.2, 1.8)),
                day,
                communication=f"FACTURE {day.year}/{chance.randrange(10**4):04d}",
                counterparty_account=payer_account(chance),
                counterparty_name=chance.choice(SUPPLIERS),
                value_date=day,
                bank_reference=f"S{day:%y%m%d}{order}",
            )
            for order in range(chance.choice((0, 1, 2, 2, 3, 4)))
        ]
        if day.month % 3 == 0 and day.day >= 28:
            costs = Booking(
                -42_50, day, communication="FRAIS DE GESTION", value_date=day, family=COSTS
            )
            spent.append(costs)
        return [booking for booking in spent if booking.amount_cents < 0]


def _received(day: date, payments: Iterable[Payment]) -> list[Booking]:
    ordered = sorted(payments, key=attrgetter("number"))
    welfare = [payment for payment in ordered if payment.way is Way.WELFARE_CENTRE]
    bookings = [_booking(day, p) for p in ordered if p.way is not Way.WELFARE_CENTRE]
    if len(welfare) > 1:
        # The welfare centre pays for all its households in one order: a globalised movement.
        total = Booking(
            sum(payment.cents for payment in welfare),
            day,
            communication="CPAS PAIEMENTS GROUPES",
            counterparty_name="CPAS",
            value_date=day,
            bank_reference=f"G{day:%y%m%d}",
            details=tuple(_booking(day, payment) for payment in welfare),
        )
        return [total, *bookings]
    return [*(_booking(day, payment) for payment in welfare), *bookings]


def _booking(day: date, payment: Payment) -> Booking:
    by_welfare = payment.way is Way.WELFARE_CENTRE
    return Booking(
        payment.cents,
        day,
        structured=payment.reference,
        communication=payment.communication,
        counterparty_account="" if by_welfare else payment.account,
        counterparty_name="CPAS" if by_welfare else _plain(payment.payer),
        value_date=day,
        bank_reference=payment.number,
        family=COLLECTED if payment.way is Way.DIRECT_DEBIT else "",
    )


# Banks print capitals without accents.
_CAPITALS: Final = str.maketrans("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ", "AAACEEEEIIOOUUU")


def _plain(name: str) -> str:
    return name.upper().translate(_CAPITALS)
