"""The diary of the play: which steps and notes fall on which day."""

from datetime import date
from typing import Final

from services.demonstration.books import (
    Assigned,
    Charged,
    DwellingKnown,
    LeaseBegun,
    LeaseNeverWas,
    LeaseOver,
    LettableAgain,
    Note,
    Paid,
    TakenBack,
    Unlettable,
)
from services.demonstration.late_mail import comes_on
from services.demonstration.parameters import Parameters
from services.demonstration.payment_habits import Bill
from services.demonstration.payments import Payment
from services.demonstration.steps import (
    AdoptPolicy,
    AssignUnmatched,
    CorrectLease,
    Day,
    EndLease,
    HandleArrearsVisits,
    HandleCourt,
    HandleSupport,
    HandleWorkList,
    HandleWriteOffs,
    HoldWelcome,
    ImportFile,
    MissVisit,
    RecordVisit,
    ResumeLetting,
    SignLease,
    Step,
    SuspendLetting,
    Transfer,
    WithdrawLease,
)
from services.demonstration.stock import Dwelling
from services.demonstration.tenancies import Tenancy

# Files come with the morning's mail; an arrears visit is looked up last, when all else is known.
ORDER: Final = (
    AdoptPolicy,
    ImportFile,
    EndLease,
    ResumeLetting,
    SuspendLetting,
    SignLease,
    Transfer,
    CorrectLease,
    WithdrawLease,
    HoldWelcome,
    MissVisit,
    RecordVisit,
    AssignUnmatched,
    HandleWorkList,
    HandleCourt,
    HandleWriteOffs,
    HandleSupport,
    HandleArrearsVisits,
)


class Diary:
    """Steps and notes by day; what falls after the last day of the play is left out."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._steps: dict[date, list[Step]] = {}
        self._notes: dict[date, list[Note]] = {}

    def add(self, day: date, step: Step) -> None:
        self._steps.setdefault(day, []).append(step)

    def note(self, day: date, note: Note) -> None:
        self._notes.setdefault(day, []).append(note)

    def page(self, day: date, *first: Step) -> Day:
        """A day as it is played; `first` are steps that are only made when the day comes."""
        steps = sorted([*self._steps.get(day, ()), *first], key=lambda s: ORDER.index(type(s)))
        return Day(day, steps, list(self._notes.get(day, ())))

    def write_tenancy(self, tenancy: Tenancy) -> None:
        """The life of a lease: signed or taken over, corrected, withdrawn, ended."""
        begun = LeaseBegun(
            tenancy.reference,
            tenancy.household,
            tenancy.dwelling,
            tenancy.start_on,
            tenancy.signed_on is None,
            tenancy.transfer_of,
        )
        self.note(tenancy.signed_on or self._parameters.first_day, begun)
        if tenancy.signed_on is not None:
            self.add(tenancy.signed_on, _signing(tenancy))
        if tenancy.corrected_on is not None and tenancy.told_cents is not None:
            correction = CorrectLease(
                tenancy.reference, tenancy.start_on, *tenancy.told_cents, tenancy.dwelling
            )
            self.add(tenancy.corrected_on, correction)
        if tenancy.withdrawn_on is not None:
            self.add(tenancy.withdrawn_on, WithdrawLease(tenancy.reference))
            self.note(tenancy.withdrawn_on, LeaseNeverWas(tenancy.reference))
        if tenancy.ended_on and tenancy.end_known_on and tenancy.end_reason:
            over = LeaseOver(tenancy.reference, tenancy.ended_on, tenancy.end_reason)
            self.note(tenancy.end_known_on, over)
            # The step of a transfer ends the old lease itself.
            if tenancy.end_reason.value != "transfer":
                end = EndLease(tenancy.reference, tenancy.ended_on, tenancy.end_reason)
                self.add(tenancy.end_known_on, end)

    def write_dwelling(self, dwelling: Dwelling) -> None:
        """In the stock from the first day, and out of letting for a time, where it is."""
        first_day = self._parameters.first_day
        self.note(first_day, DwellingKnown(dwelling.reference, dwelling.registered_on))
        since, again = dwelling.unlettable_from, dwelling.lettable_from
        if since is not None:
            day = max(since, first_day)
            self.note(day, Unlettable(dwelling.reference, since))
            # Of the stock taken over, the file of dwellings says it.
            if since >= first_day:
                self.add(day, SuspendLetting(dwelling.reference, since, dwelling.reason))
        if again is not None:
            self.add(again, ResumeLetting(dwelling.reference, again))
            self.note(again, LettableAgain(dwelling.reference, again))

    def write_bills(self, tenancy: Tenancy, bills: list[Bill]) -> None:
        for bill in bills:
            charged = Charged(tenancy.reference, bill.month, bill.due_on, bill.cents)
            self.note(bill.known_on, charged)
            corrected_on = tenancy.corrected_on
            if corrected_on and bill.known_on < corrected_on and bill.asked_cents != bill.cents:
                right = Charged(tenancy.reference, bill.month, bill.due_on, bill.asked_cents)
                self.note(corrected_on, right)

    def write_payment(self, payment: Payment) -> None:
        """Money as noted; the bank's statement of the day is written when the day comes."""
        known_on = comes_on(self._parameters, payment.day)
        paid = Paid(payment.number, payment.meant_for, payment.named, payment.day, payment.cents)
        self.note(known_on, paid)
        if payment.returned_on is not None:
            taken = TakenBack(payment.meant_for, payment.returned_on, payment.cents)
            self.note(comes_on(self._parameters, payment.returned_on), taken)
        if payment.assigned_on is not None and payment.assigned_to is not None:
            step = AssignUnmatched(payment.day, payment.cents, payment.assigned_to)
            assigned_on = max(payment.assigned_on, known_on)
            self.add(assigned_on, step)
            self.note(assigned_on, Assigned(payment.number, payment.assigned_to))


def _signing(tenancy: Tenancy) -> SignLease | Transfer:
    if tenancy.transfer_of is not None:
        return Transfer(
            tenancy.transfer_of,
            tenancy.reference,
            tenancy.dwelling,
            tenancy.start_on,
            tenancy.rent_cents,
            tenancy.charges_cents,
        )
    return SignLease(
        tenancy.reference,
        tenancy.dwelling,
        tenancy.start_on,
        tenancy.rent_cents,
        tenancy.charges_cents,
        tenancy.names,
        tenancy.language,
    )
