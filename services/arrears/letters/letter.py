"""One letter to a household: it waits, goes, fails, is stopped or taken off; and letters together.

What a letter was made from stays with it, names and addresses sealed as they came: made anew from
that it has the same bytes, until a person's key is destroyed.
"""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.arrears_letters import LetterChannel, LetterTrouble, ReturnReason
from contracts.intake import Language
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.refusal import Malformed, Refusal


class LetterNotWaiting(Refusal):
    slug = "letter-not-waiting"
    title = "Lettre pas en attente"


class LetterNotReleased(Refusal):
    slug = "letter-not-released"
    title = "Lettre encore à relire"


class LetterNotSent(Refusal):
    slug = "letter-not-sent"
    title = "Lettre pas partie"


class ReturnDayNotPossible(Malformed):
    slug = "return-day-not-possible"
    title = "Jour du retour impossible"


class LetterState(StrEnum):
    """`handed-over`: given to the mail server, whose answer is not recorded yet."""

    DRAFT = "draft"
    WAITING = "waiting"
    HANDED_OVER = "handed-over"
    SENT = "sent"
    FAILED = "failed"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


OPEN = (LetterState.DRAFT, LetterState.WAITING, LetterState.HANDED_OVER, LetterState.FAILED)
"""States of a letter that somebody has yet to do something about."""


class Letter(Aggregate):
    """See the module. `made`: what it was last made from."""

    TOPIC = "arrears.letter"
    lease_id: UUID
    household_id: UUID
    message: str
    step: str | None
    plan_id: UUID | None
    queued_on: date
    state: LetterState
    made: "Letter.Made | None"
    trouble: LetterTrouble | ReturnReason | None
    sent: "Letter.Sent | None"

    class Queued(Opening):
        TOPIC = "arrears.letter-queued"
        lease_id: UUID
        household_id: UUID
        message: str
        step: str | None
        plan_id: UUID | None
        queued_on: date
        is_draft: bool

        @property
        def state(self) -> LetterState:
            return LetterState.DRAFT if self.is_draft else LetterState.WAITING

        def apply(self, letter: "Letter") -> None:
            letter.lease_id, letter.household_id = self.lease_id, self.household_id
            letter.message, letter.step, letter.plan_id = self.message, self.step, self.plan_id
            letter.queued_on, letter.made, letter.trouble = self.queued_on, None, None
            letter.sent = None
            letter.state = self.state

    @classmethod
    def queue(cls, letter_id: UUID, on: date, **about: Any) -> "Letter":
        """Records: Queued."""
        letter: Letter = cls.open(cls.Queued, letter_id, queued_on=on, occurred_on=on, **about)
        return letter

    class Released(Event):
        TOPIC = "arrears.letter-released"
        lease_id: UUID
        household_id: UUID
        message: str
        released_on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = LetterState.WAITING

    def release(self, on: date) -> None:
        """A person has read the draft.   Records: Released.   Refuses: LetterNotWaiting (409)."""
        if self.state is not LetterState.DRAFT:
            raise LetterNotWaiting("Cette lettre n'est pas, ou plus, un projet à relire.")
        self._tell(self.Released, on, released_on=on)

    class Made(Event):
        """Private: what a letter was made from. Names and address are sealed."""

        TOPIC = "arrears.letter-made"
        channel: LetterChannel
        holders: list[dict[str, Any]]
        said: dict[str, Any]
        letters: str
        letters_version: str
        typesetter: str
        sha256: str
        pages: int

        def apply(self, letter: "Letter") -> None:
            letter.made = self
            letter.state = LetterState.HANDED_OVER

    def make(self, on: date, **made: Any) -> None:
        """It is set in type and leaves our hands.   Records: Made.   Refuses: as `refuse_to_go`."""
        self.refuse_to_go()
        self.trigger_event(self.Made, occurred_on=on, **made)

    def refuse_to_go(self) -> None:
        """Refuses: LetterNotReleased, LetterNotWaiting (409)."""
        if self.state is LetterState.DRAFT:
            raise LetterNotReleased("Quelqu'un doit d'abord relire cette lettre et la valider.")
        if self.state not in (LetterState.WAITING, LetterState.FAILED):
            raise LetterNotWaiting("Cette lettre n'attend pas, ou plus, d'être envoyée.")

    class Sent(Event):
        TOPIC = "arrears.letter-sent"
        lease_id: UUID
        household_id: UUID
        message: str
        channel: LetterChannel
        sent_on: date
        language: Language
        pages: int
        sha256: str
        letters: str
        letters_version: str
        step_id: UUID | None
        batch_id: UUID | None

        def apply(self, letter: "Letter") -> None:
            letter.state, letter.sent = LetterState.SENT, self

    def send(self, on: date, step_id: UUID | None, batch_id: UUID | None = None) -> None:
        """It went as it was made.   Records: Sent."""
        made = self.made
        assert made is not None, "a letter goes as it was made"
        self._tell(
            self.Sent,
            on,
            channel=made.channel,
            sent_on=on,
            language=Language(made.said["language"]),
            pages=made.pages,
            sha256=made.sha256,
            letters=made.letters,
            letters_version=made.letters_version,
            step_id=step_id,
            batch_id=batch_id,
        )

    class Failed(Event):
        TOPIC = "arrears.letter-failed"
        lease_id: UUID
        household_id: UUID
        message: str
        channel: LetterChannel
        trouble: LetterTrouble
        failed_on: date

        def apply(self, letter: "Letter") -> None:
            letter.state, letter.trouble = LetterState.FAILED, self.trouble

    def fail(self, channel: LetterChannel, trouble: LetterTrouble, on: date) -> None:
        """It did not go, or nobody knows.   Records: Failed."""
        self._tell(self.Failed, on, channel=channel, trouble=trouble, failed_on=on)

    class Returned(Event):
        TOPIC = "arrears.letter-returned"
        lease_id: UUID
        household_id: UUID
        message: str
        channel: LetterChannel
        reason: ReturnReason
        returned_on: date
        noted_on: date

        def apply(self, letter: "Letter") -> None:
            letter.state, letter.trouble = LetterState.FAILED, self.reason

    def come_back(self, reason: ReturnReason, on: date, today: date) -> None:
        """It went, and did not arrive.   Records: Returned.

        Refuses: LetterNotSent (409), ReturnDayNotPossible (422) for a day before it went or ahead.
        """
        sent = self.sent
        if self.state is not LetterState.SENT or sent is None:
            raise LetterNotSent("Cette lettre n'est pas partie : elle ne peut pas revenir.")
        if not sent.sent_on <= on <= today:
            detail = "Une lettre revient le jour de son départ ou après, et pas dans l'avenir."
            raise ReturnDayNotPossible(detail, [{"field": "returned_on", "reason": detail}])
        self._tell(
            self.Returned,
            on,
            channel=sent.channel,
            reason=reason,
            returned_on=on,
            noted_on=today,
        )

    class Stopped(Event):
        TOPIC = "arrears.letter-stopped"
        lease_id: UUID
        household_id: UUID
        message: str
        stopped_on: date
        reasons: list[str]

        def apply(self, letter: "Letter") -> None:
            letter.state = LetterState.STOPPED

    def stop(self, reasons: list[str], on: date) -> None:
        """Judged again, something stopped it.   Records: Stopped."""
        self._tell(self.Stopped, on, stopped_on=on, reasons=reasons)

    class Cancelled(Event):
        TOPIC = "arrears.letter-cancelled"
        lease_id: UUID
        household_id: UUID
        message: str
        cancelled_on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = LetterState.CANCELLED

    def cancel(self, on: date) -> None:
        """A person decides that it is not to go.   Records: Cancelled.

        Refuses: LetterNotWaiting (409), also while the mail server's answer is awaited.
        """
        if self.state not in (LetterState.DRAFT, LetterState.WAITING, LetterState.FAILED):
            raise LetterNotWaiting("Cette lettre n'attend plus : elle ne peut plus être retirée.")
        self._tell(self.Cancelled, on, cancelled_on=on)

    def _tell(self, event: type[Event], on: date, **said: Any) -> None:
        about = {n: getattr(self, n) for n in ("lease_id", "household_id", "message")}
        self.trigger_event(event, occurred_on=on, **about, **said)


class LetterBatch(Aggregate):
    """Letters that were printed together, as one PDF."""

    TOPIC = "arrears.letter-batch"
    letter_ids: list[UUID]
    printed_on: date
    sha256: str
    pages: int

    class Printed(Opening):
        TOPIC = "arrears.letter-batch-printed"
        printed_on: date
        letter_ids: list[UUID]
        pages: int
        sha256: str

        def apply(self, batch: "LetterBatch") -> None:
            batch.letter_ids, batch.printed_on = self.letter_ids, self.printed_on
            batch.pages, batch.sha256 = self.pages, self.sha256

    @staticmethod
    def id_of(company: str, first: UUID, version: int) -> UUID:
        """By its first letter, at the version at which it went: a letter is printed once."""
        return natural_id(company, "letter-batch", f"{first}/{version}")
