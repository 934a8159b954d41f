"""Which fact each of follow-up's domain events is published as. Events not listed are private."""

from contracts import followup as facts
from contracts import support_periods as support
from services.chassis.day_book import DayBook
from services.chassis.publication import Publication, Publications
from services.followup.household_file import HouseholdFile as File

HOUSEHOLD = "household_id"

PUBLICATIONS = Publications(
    Publication(File.VisitPlanned, facts.VisitPlanned, HOUSEHOLD),
    Publication(File.VisitPlanCorrected, facts.VisitPlanned, HOUSEHOLD),
    Publication(File.VisitPlanWithdrawn, facts.VisitPlanned, HOUSEHOLD, withdraws=True),
    Publication(File.VisitProposed, facts.VisitProposed, HOUSEHOLD),
    Publication(File.VisitCauseAdded, facts.VisitCauseAdded, HOUSEHOLD),
    Publication(File.VisitCauseDropped, facts.VisitCauseDropped, HOUSEHOLD),
    Publication(File.VisitRecorded, facts.VisitRecorded, HOUSEHOLD),
    Publication(File.VisitRecordCorrected, facts.VisitRecorded, HOUSEHOLD),
    Publication(File.VisitRecordWithdrawn, facts.VisitRecorded, HOUSEHOLD, withdraws=True),
    Publication(File.VisitMissed, facts.VisitMissed, HOUSEHOLD),
    Publication(File.VisitWithdrawn, facts.VisitWithdrawn, HOUSEHOLD),
    Publication(File.VisitRestored, facts.VisitWithdrawn, HOUSEHOLD, withdraws=True),
    Publication(File.SupportPeriodOpened, support.SupportPeriodOpened, HOUSEHOLD),
    Publication(File.SupportOpeningCorrected, support.SupportPeriodOpened, HOUSEHOLD),
    Publication(
        File.SupportOpeningWithdrawn, support.SupportPeriodOpened, HOUSEHOLD, withdraws=True
    ),
    Publication(File.SupportPeriodClosed, support.SupportPeriodClosed, HOUSEHOLD),
    Publication(File.SupportClosureCorrected, support.SupportPeriodClosed, HOUSEHOLD),
    Publication(
        File.SupportClosureWithdrawn, support.SupportPeriodClosed, HOUSEHOLD, withdraws=True
    ),
    Publication(DayBook.DayClosed, facts.DayClosed),
    openings={DayBook.DayClosed: DayBook.Opened}
    | dict.fromkeys(
        (
            File.VisitPlanned,
            File.VisitPlanCorrected,
            File.VisitProposed,
            File.VisitRecorded,
            File.SupportPeriodOpened,
        ),
        File.Opened,
    ),
)
