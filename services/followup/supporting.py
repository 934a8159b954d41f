"""What a support officer does with the periods of support of a household, one function an act."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.support_periods import SupportOutcome
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.caller import Caller, Receipt
from services.followup.household_file import HouseholdFile
from services.followup.support_period import SupportTerms

if TYPE_CHECKING:
    from services.followup.service import Followup


def open_support(
    followup: "Followup", caller: Caller, household_id: UUID, terms: SupportTerms
) -> Receipt:
    """Open a period of support; the receipt names it.

    Records: HouseholdFile.SupportPeriodOpened.   Refuses: NotFound (404) for a household that is
    not known; see `HouseholdFile.open_support`.
    """

    def decide(act: Act) -> UUID:
        file = act.load(HouseholdFile, household_id)
        file.refuse_if_stale(caller.expected_version)
        file.refuse_unknown_then(terms)
        key = f"{household_id}/{len(file.support)}"
        period_id = natural_id(followup.company.slug, "support-period", key)
        file.open_support(period_id, terms, act.today)
        act.save(file)
        return period_id

    return followup.perform(caller, decide)


def correct_opening(
    followup: "Followup", caller: Caller, household_id: UUID, period_id: UUID, terms: SupportTerms
) -> Receipt:
    """Records: HouseholdFile.SupportOpeningCorrected.   Refuses: see there."""

    def tell(file: HouseholdFile, today: date) -> None:
        file.refuse_unknown_then(terms)
        file.correct_opening(period_id, terms, today)

    return _tell(followup, caller, household_id, tell)


def withdraw_opening(
    followup: "Followup", caller: Caller, household_id: UUID, period_id: UUID
) -> Receipt:
    """There was no such period.   Records: HouseholdFile.SupportOpeningWithdrawn."""
    return _tell(followup, caller, household_id, lambda file, _: file.withdraw_opening(period_id))


def close_support(
    followup: "Followup",
    caller: Caller,
    household_id: UUID,
    period_id: UUID,
    closed_on: date,
    outcome: SupportOutcome,
) -> Receipt:
    """Records: HouseholdFile.SupportPeriodClosed.   Refuses: see `HouseholdFile.close_support`."""

    def tell(file: HouseholdFile, today: date) -> None:
        file.close_support(period_id, closed_on, outcome, today)

    return _tell(followup, caller, household_id, tell)


def withdraw_agreement(
    followup: "Followup", caller: Caller, household_id: UUID, period_id: UUID, withdrawn_on: date
) -> Receipt:
    """Support is voluntary (S03): without the household's agreement it ends that day, dropped.

    Records: HouseholdFile.SupportPeriodClosed.   Refuses: see `HouseholdFile.close_support`.
    """

    def tell(file: HouseholdFile, today: date) -> None:
        dropped = SupportOutcome.DROPPED
        file.close_support(period_id, withdrawn_on, dropped, today, agreement_withdrawn=True)

    return _tell(followup, caller, household_id, tell)


def correct_closure(
    followup: "Followup",
    caller: Caller,
    household_id: UUID,
    period_id: UUID,
    closed_on: date,
    outcome: SupportOutcome,
) -> Receipt:
    """A withdrawn agreement stays one while the outcome is that support was dropped.

    Records: HouseholdFile.SupportClosureCorrected.   Refuses: see there.
    """

    def tell(file: HouseholdFile, today: date) -> None:
        file.correct_closure(period_id, closed_on, outcome, today)

    return _tell(followup, caller, household_id, tell)


def withdraw_closure(
    followup: "Followup", caller: Caller, household_id: UUID, period_id: UUID
) -> Receipt:
    """It was not closed after all.   Records: HouseholdFile.SupportClosureWithdrawn."""
    return _tell(followup, caller, household_id, lambda file, _: file.withdraw_closure(period_id))


def _tell(
    followup: "Followup",
    caller: Caller,
    household_id: UUID,
    tell: Callable[[HouseholdFile, date], None],
) -> Receipt:
    def decide(act: Act) -> UUID:
        file = act.load(HouseholdFile, household_id)
        file.refuse_if_stale(caller.expected_version)
        tell(file, act.today)
        return act.save(file)

    return followup.perform(caller, decide)
