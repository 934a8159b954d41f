"""What people note of a household that they called, met, or that promised to pay: each one act."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.contacts import ContactChannel
from services.arrears.casework.acting import at_desk
from services.arrears.casework.contacts import ContactDayNotPossible
from services.arrears.casework.desk import Desk
from services.chassis.caller import Caller, Receipt

if TYPE_CHECKING:
    from services.arrears.service import Arrears


def note_contact(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    channel: ContactChannel,
    contacted_on: date | None = None,
    *,
    reached: bool,
) -> Receipt:
    """Records: ContactNoted.   Refuses: ContactDayNotPossible (422)."""

    def decide(desk: Desk) -> None:
        today = desk.act.today
        slug, on = arrears.company.slug, contacted_on or today
        if why := desk.too_early(on):
            raise ContactDayNotPossible(why, [{"field": "contacted_on", "reason": why}])
        desk.case.note_contact(slug, channel, on, today, reached=reached)

    return at_desk(arrears, caller, lease_id, decide)


def withdraw_contact(
    arrears: "Arrears", caller: Caller, lease_id: UUID, contact_id: UUID
) -> Receipt:
    """Records: ContactWithdrawn.   Refuses: ContactNotNoted (404)."""
    return at_desk(arrears, caller, lease_id, lambda desk: desk.case.withdraw_contact(contact_id))


def note_promise(
    arrears: "Arrears", caller: Caller, lease_id: UUID, promised_cents: int, pay_by: date
) -> Receipt:
    """Records: PromiseNoted.   Refuses: PromiseNotPossible (422)."""
    return at_desk(
        arrears,
        caller,
        lease_id,
        lambda desk: desk.case.note_promise(
            arrears.company.slug, promised_cents, pay_by, desk.act.today
        ),
    )


def withdraw_promise(
    arrears: "Arrears", caller: Caller, lease_id: UUID, promise_id: UUID
) -> Receipt:
    """Records: PromiseWithdrawn.   Refuses: ContactNotNoted (404)."""
    return at_desk(arrears, caller, lease_id, lambda desk: desk.case.withdraw_promise(promise_id))
