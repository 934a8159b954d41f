"""What intake says of a lease, on an account that a test opens by itself."""

from datetime import date

from contracts.words import RentPeriod
from services.arrears.rent_account import RentAccount


def know_lease(
    account: RentAccount,
    start_on: date,
    reference: str = "L1",
    rent_period: RentPeriod | None = None,
) -> None:
    account.trigger_event(
        RentAccount.LeaseKnown,
        reference=reference,
        dwelling_reference="D1",
        start_on=start_on,
        rent_cents=40_000,
        charges_cents=0,
        payment_reference="000000000101",
        leaseholders=[],
        because="f",
        rent_period=rent_period,
        occurred_on=start_on,
    )
