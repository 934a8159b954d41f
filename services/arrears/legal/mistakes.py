"""An entry of the legal path that was noted by mistake is struck out, in one act."""

from typing import TYPE_CHECKING
from uuid import UUID

from contracts.legal_path import StrikeReason
from services.arrears.casework.acting import at_desk
from services.arrears.casework.desk import Desk
from services.chassis.caller import Caller, Receipt

if TYPE_CHECKING:
    from services.arrears.service import Arrears

NOTED_AS_STEP = ("petition", "eviction")
"""What steps mean that were noted together with an entry, so that nobody typed them twice."""


def strike_out(
    arrears: "Arrears", caller: Caller, lease_id: UUID, version: int, reason: StrikeReason
) -> Receipt:
    """Records: the withdrawal of the entry; StepWithdrawn of the step that was noted with it.

    Refuses: EntryNotInPath (404), EntryIsRestedOn (409).
    """

    def decide(desk: Desk) -> None:
        case = desk.case
        case.strike_out(version, reason)
        for taken in list(case.taken.values()):
            if taken.originator_version == version + 1 and taken.means in NOTED_AS_STEP:
                case.withdraw_step(taken.step_id)

    return at_desk(arrears, caller, lease_id, decide)
