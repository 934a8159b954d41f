"""Taking a vacant dwelling out of letting, and back into it; either can be undone."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.intake import SuspensionReason
from services.chassis.act import Act
from services.chassis.caller import Caller, Receipt
from services.intake.dwelling import Dwelling

if TYPE_CHECKING:
    from services.intake.service import Intake


class Suspensions:
    """Of the company that `intake` works for. What is refused: see `Dwelling`."""

    def __init__(self, intake: "Intake") -> None:
        self.intake = intake

    def suspend_letting(
        self, caller: Caller, dwelling_id: UUID, unlettable_from: date, reason: SuspensionReason
    ) -> Receipt:
        """Records: Dwelling.LettingSuspended."""

        def tell(dwelling: Dwelling, today: date) -> None:
            dwelling.suspend_letting(unlettable_from, reason, today)

        return self._perform(caller, dwelling_id, tell)

    def withdraw_suspension(self, caller: Caller, dwelling_id: UUID) -> Receipt:
        """Records: Dwelling.SuspensionWithdrawn."""
        return self._perform(
            caller, dwelling_id, lambda dwelling, _: dwelling.withdraw_suspension()
        )

    def resume_letting(self, caller: Caller, dwelling_id: UUID, lettable_from: date) -> Receipt:
        """Records: Dwelling.LettingResumed."""

        def tell(dwelling: Dwelling, today: date) -> None:
            dwelling.resume_letting(lettable_from, today)

        return self._perform(caller, dwelling_id, tell)

    def withdraw_resumption(self, caller: Caller, dwelling_id: UUID) -> Receipt:
        """Records: Dwelling.ResumptionWithdrawn."""
        return self._perform(
            caller, dwelling_id, lambda dwelling, _: dwelling.withdraw_resumption()
        )

    def _perform(
        self, caller: Caller, dwelling_id: UUID, tell: Callable[[Dwelling, date], None]
    ) -> Receipt:
        def decide(act: Act) -> UUID:
            dwelling = act.load(Dwelling, dwelling_id)
            dwelling.refuse_if_stale(caller.expected_version)
            tell(dwelling, act.today)
            return act.save(dwelling)

        return self.intake.perform(caller, decide)
