"""Who tried to speak with a household in arrears, and what it promised to pay.

Part of a household's case; of the promises the last one counts. To a policy an attempt is a step of
the kind `contact-reached` or `contact-not-reached`.
"""

from datetime import date, timedelta
from uuid import UUID

from contracts.contacts import ContactChannel
from services.arrears.casework.case_plans import CasePlans, line
from services.arrears.ladder.case import Done
from services.chassis.aggregate import Event, natural_id
from services.chassis.refusal import Malformed, Refusal

REACHED, NOT_REACHED = "contact-reached", "contact-not-reached"
AHEAD_MAX = timedelta(days=366)


class ContactDayNotPossible(Malformed):
    slug = "contact-day-not-possible"
    title = "Jour du contact impossible"


class PromiseNotPossible(Malformed):
    slug = "promise-not-possible"
    title = "Promesse impossible"


class ContactNotNoted(Refusal):
    status = 404
    slug = "contact-not-noted"
    title = "Contact ou promesse absents"


class Contacts(CasePlans):
    """See the module; `ArrearsCase` is the whole."""

    contacts: "dict[UUID, Contacts.ContactNoted]"
    promises: "dict[UUID, Contacts.PromiseNoted]"

    def begin_contacts(self) -> None:
        """As a case begins."""
        self.contacts, self.promises = {}, {}

    class ContactNoted(Event):
        TOPIC = "arrears.contact-noted"
        lease_id: UUID
        household_id: UUID
        contact_id: UUID
        channel: ContactChannel
        reached: bool
        contacted_on: date
        noted_on: date | None

        @property
        def kind(self) -> str:
            """In the words of a policy."""
            return REACHED if self.reached else NOT_REACHED

        def apply(self, case: "Contacts") -> None:
            case.contacts[self.contact_id] = self
            case.lines[str(self.contact_id)] = line(
                Done, what="step", kind=self.kind, on=self.contacted_on, recorded_on=self.noted_on
            )

    def note_contact(
        self, company: str, channel: ContactChannel, on: date, today: date, *, reached: bool
    ) -> None:
        """Records: ContactNoted.   Refuses: ContactDayNotPossible (422) for a day ahead."""
        if on > today:
            detail = "Ce jour n'est pas encore passé : un contact se note quand il a eu lieu."
            raise ContactDayNotPossible(detail, [{"field": "contacted_on", "reason": detail}])
        self._trigger(
            self.ContactNoted,
            on,
            contact_id=natural_id(company, "contact", f"{self.id}/{self.version}"),
            channel=channel,
            reached=reached,
            contacted_on=on,
            noted_on=today if today > on else None,
        )

    class ContactWithdrawn(ContactNoted):
        TOPIC = "arrears.contact-withdrawn"
        corrects_version: int

        def apply(self, case: "Contacts") -> None:
            del case.contacts[self.contact_id]
            del case.lines[str(self.contact_id)]

    def withdraw_contact(self, contact_id: UUID) -> None:
        """It was noted by mistake.   Records: ContactWithdrawn.   Refuses: ContactNotNoted."""
        noted = self.contacts.get(contact_id)
        if noted is None:
            raise ContactNotNoted("Ce contact n'est pas, ou plus, dans ce dossier.")
        self._trigger(
            self.ContactWithdrawn,
            noted.contacted_on,
            corrects_version=noted.originator_version,
            contact_id=contact_id,
            channel=noted.channel,
            reached=noted.reached,
            contacted_on=noted.contacted_on,
            noted_on=noted.noted_on,
        )

    class PromiseNoted(Event):
        TOPIC = "arrears.promise-noted"
        lease_id: UUID
        household_id: UUID
        promise_id: UUID
        promised_on: date
        promised_cents: int
        pay_by: date

        def apply(self, case: "Contacts") -> None:
            case.promises[self.promise_id] = self

    def note_promise(self, company: str, cents: int, pay_by: date, today: date) -> None:
        """Records: PromiseNoted.   Refuses: PromiseNotPossible (422) with the field."""
        if cents <= 0:
            raise _not_possible("promised_cents", "Indiquez le montant promis.")
        if not today <= pay_by <= today + AHEAD_MAX:
            raise _not_possible(
                "pay_by", "Choisissez aujourd'hui ou un jour à venir, dans l'année."
            )
        self._trigger(
            self.PromiseNoted,
            today,
            promise_id=natural_id(company, "promise", f"{self.id}/{self.version}"),
            promised_on=today,
            promised_cents=cents,
            pay_by=pay_by,
        )

    class PromiseWithdrawn(PromiseNoted):
        TOPIC = "arrears.promise-withdrawn"
        corrects_version: int

        def apply(self, case: "Contacts") -> None:
            del case.promises[self.promise_id]

    def withdraw_promise(self, promise_id: UUID) -> None:
        """It was noted by mistake.   Records: PromiseWithdrawn.   Refuses: ContactNotNoted."""
        noted = self.promises.get(promise_id)
        if noted is None:
            raise ContactNotNoted("Cette promesse n'est pas, ou plus, dans ce dossier.")
        self._trigger(
            self.PromiseWithdrawn,
            noted.promised_on,
            corrects_version=noted.originator_version,
            promise_id=promise_id,
            promised_on=noted.promised_on,
            promised_cents=noted.promised_cents,
            pay_by=noted.pay_by,
        )


def _not_possible(field: str, detail: str) -> PromiseNotPossible:
    return PromiseNotPossible(detail, [{"field": field, "reason": detail}])
