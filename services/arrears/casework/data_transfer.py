"""What a household said to its data being told to the social service, and each time it was told.

Part of a household's case; of the answers the last one counts, and none takes back what was told.
"""

from datetime import date
from typing import Any
from uuid import UUID

from services.arrears.casework.case_plans import CasePlans, line
from services.arrears.ladder.case import Done, Wish
from services.arrears.ladder.social_service import TRANSFER
from services.chassis.aggregate import Event
from services.chassis.refusal import Refusal

INFORMED = "social-service-informed"
"""As a policy may ask for it, among the steps."""


class TransferForbidden(Refusal):
    slug = "transfer-forbidden"
    title = "Transmission refusée par le ménage"


class TransferNotYetAllowed(Refusal):
    slug = "transfer-not-yet-allowed"
    title = "Transmission pas encore possible"


class DataTransfer(CasePlans):
    """See the module; `ArrearsCase` is the whole.

    `answered`: the last answer. `informed`: the day and the version of each time it was told.
    """

    answered: "DataTransfer.DataTransferAccepted | DataTransfer.DataTransferObjected | None"
    informed: list[tuple[date, int]]

    def begin_data_transfer(self) -> None:
        """As a case begins."""
        self.answered, self.informed = None, []

    class DataTransferAccepted(Event):
        TOPIC = "arrears.data-transfer-accepted"
        lease_id: UUID
        household_id: UUID
        answered_on: date

        def apply(self, case: "DataTransfer") -> None:
            case.answered = self
            _wish(case, "consent", self.answered_on)

    class DataTransferObjected(Event):
        TOPIC = "arrears.data-transfer-objected"
        lease_id: UUID
        household_id: UUID
        answered_on: date

        def apply(self, case: "DataTransfer") -> None:
            case.answered = self
            _wish(case, "objection", self.answered_on)

    def answer_transfer(self, *, accepted: bool, on: date) -> None:
        """The household's word; what it said already records nothing.

        Records: DataTransferAccepted or -Objected.
        """
        kind = self.DataTransferAccepted if accepted else self.DataTransferObjected
        before = self.answered.TOPIC if self.answered is not None else None
        if before != kind.TOPIC:
            self._trigger(kind, on, answered_on=on)

    class SocialServiceInformed(Event):
        TOPIC = "arrears.social-service-informed"
        lease_id: UUID
        household_id: UUID
        informed_on: date
        proofs: list[dict[str, Any]]
        policy: str
        policy_version: str

        def apply(self, case: "DataTransfer") -> None:
            case.informed.append((self.informed_on, self.originator_version))
            case.lines[f"{INFORMED}/{self.originator_version}"] = line(
                Done, what="step", kind=INFORMED, on=self.informed_on
            )

    def inform_social_service(self, on: date, **why: Any) -> None:
        """Every precondition holds.   Records: SocialServiceInformed."""
        self._trigger(self.SocialServiceInformed, on, informed_on=on, **why)


def _wish(case: DataTransfer, what: str, on: date) -> None:
    case.lines["data-transfer"] = line(Wish, what=what, to=TRANSFER, on=on)
