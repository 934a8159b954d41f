"""What the payers of a tenancy really send: days, references, mistakes, what comes back."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from services.demonstration.bank_days import after_bank_days, bank_day_from
from services.demonstration.parameters import Parameters
from services.demonstration.payment_habits import Bill, Intention, Way, intentions
from services.demonstration.people import payer_account
from services.demonstration.tenancies import Tenancy

WRONG_REFERENCE_SHARE: Final = 0.010
NO_REFERENCE_SHARE: Final = 0.012
"""Of the payments by hand; proposed, no source counts them."""

FREE_TEXTS: Final = ("LOYER {:%m/%Y}", "LOYER {:%m/%Y} MERCI", "PAIEMENT LOYER ET CHARGES")


@dataclass(frozen=True, slots=True)
class Payment:
    """Money on the company's account.

    Facts: `reference` is what it carries, 12 digits, wrong ones included, or ""; `named` is the
           lease whose reference that is, None for none; assigned_on, to the lease assigned_to:
           when an officer finds out whose it is; returned_on: the bank takes a direct debit back.
    """

    number: str
    meant_for: str
    day: date
    cents: int
    way: Way
    payer: str
    account: str
    reference: str
    named: str | None
    communication: str = ""
    assigned_on: date | None = None
    assigned_to: str | None = None
    returned_on: date | None = None


def payments_of(
    parameters: Parameters, tenancy: Tenancy, bills: list[Bill], old: Tenancy | None
) -> list[Payment]:
    """Everything that is sent for a tenancy up to the last day; `old`: the lease it follows."""
    payable = bills if tenancy.first_bill_paid else bills[1:]
    if not payable:
        return []
    chance = parameters.stream("payments", tenancy.reference)
    sent = intentions(tenancy.habit, payable, chance)
    until = tenancy.stops_paying_on or tenancy.withdrawn_on or date.max
    sent = [intention for intention in sent if intention.day < until]
    if old is not None and tenancy.names_the_old_lease and sent:
        # What went to the old lease's account stays there; weeks later it is paid once more.
        again = sent[0].day + timedelta(days=chance.randint(35, 60))
        sent.append(Intention(again, sent[0].cents))
    account = payer_account(parameters.stream("account", tenancy.household))
    found = []
    for order, intention in enumerate(sent, 1):
        day = bank_day_from(max(intention.day, payable[0].known_on))
        if day <= parameters.ends_on:
            payment = _payment(parameters, tenancy, account, order, replace(intention, day=day))
            if old is not None and tenancy.names_the_old_lease and order == 1:
                reference = old.payment_reference(parameters.slug)
                payment = replace(payment, reference=reference, named=old.reference)
            elif tenancy.withdrawn_on is not None:
                assigned_on = after_bank_days(tenancy.withdrawn_on, 1)
                payment = replace(payment, assigned_on=assigned_on, assigned_to=tenancy.replaced_by)
            elif intention.way is Way.BY_HAND and not tenancy.scripted:
                payment = _with_mistakes(payment, chance)
            found.append(payment)
    return found


def _payment(
    parameters: Parameters, tenancy: Tenancy, account: str, order: int, sent: Intention
) -> Payment:
    returned_on = after_bank_days(sent.day, sent.returned_after) if sent.returned_after else None
    return Payment(
        number=f"{tenancy.reference}/{order}",
        meant_for=tenancy.reference,
        day=sent.day,
        cents=sent.cents,
        way=sent.way,
        payer=tenancy.names[0][0],
        account=account,
        reference=tenancy.payment_reference(parameters.slug),
        named=tenancy.reference,
        returned_on=returned_on,
    )


def _with_mistakes(payment: Payment, chance: Random) -> Payment:
    kind = chance.random()
    if kind < WRONG_REFERENCE_SHARE:
        # One wrong digit never passes the check digits (modulo 97): it can be no other lease's.
        place = chance.randrange(12)
        digit = (int(payment.reference[place]) + chance.randint(1, 9)) % 10
        wrong = f"{payment.reference[:place]}{digit}{payment.reference[place + 1 :]}"
        payment = replace(payment, reference=wrong, named=None)
    elif kind < WRONG_REFERENCE_SHARE + NO_REFERENCE_SHARE:
        text = chance.choice(FREE_TEXTS)
        payment = replace(payment, reference="", named=None, communication=text.format(payment.day))
    else:
        return payment
    patience = chance.random()
    if patience > 0.96:
        return payment
    days = chance.randint(1, 12) if patience < 0.88 else chance.randint(20, 60)
    return replace(
        payment, assigned_on=after_bank_days(payment.day, days), assigned_to=payment.meant_for
    )


def told_apart(payments: list[Payment]) -> list[Payment]:
    """Move payments by a bank day until no two that match nothing share a day and an amount.

    An officer finds unmatched money by day and amount: two alike could not be told apart.
    """
    taken: set[tuple[date, int]] = set()
    apart = []
    for payment in payments:
        if payment.named is None or payment.assigned_on is not None:
            day = payment.day
            while (day, payment.cents) in taken:
                day = after_bank_days(day, 1)
            taken.add((day, payment.cents))
            late = payment.assigned_on is not None and payment.assigned_on < day
            assigned_on = day if late else payment.assigned_on
            apart.append(replace(payment, day=day, assigned_on=assigned_on))
        else:
            apart.append(payment)
    return apart
