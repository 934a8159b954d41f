"""Which fact each of intake's domain events is published as."""

from contracts import intake as facts
from services.chassis.day_book import DayBook
from services.chassis.publication import Publication, Publications
from services.intake.dwelling import Dwelling
from services.intake.lease import Lease

PUBLICATIONS = Publications(
    Publication(Dwelling.Registered, facts.DwellingRegistered, "dwelling_id"),
    Publication(Dwelling.Let, facts.DwellingLet, "dwelling_id"),
    Publication(Dwelling.Vacated, facts.DwellingVacated, "dwelling_id"),
    Publication(Dwelling.LettingWithdrawn, facts.DwellingLet, "dwelling_id", withdraws=True),
    Publication(Dwelling.LettingSuspended, facts.LettingSuspended, "dwelling_id"),
    Publication(
        Dwelling.SuspensionWithdrawn, facts.LettingSuspended, "dwelling_id", withdraws=True
    ),
    Publication(Dwelling.LettingResumed, facts.LettingResumed, "dwelling_id"),
    Publication(Dwelling.ResumptionWithdrawn, facts.LettingResumed, "dwelling_id", withdraws=True),
    Publication(Lease.Signed, facts.LeaseSigned, "lease_id"),
    Publication(Lease.SigningCorrected, facts.LeaseSigned, "lease_id"),
    Publication(Lease.SigningWithdrawn, facts.LeaseSigned, "lease_id", withdraws=True),
    Publication(Lease.TenantWelcomed, facts.TenantWelcomed, "lease_id"),
    Publication(Lease.WelcomeCorrected, facts.TenantWelcomed, "lease_id"),
    Publication(Lease.WelcomeWithdrawn, facts.TenantWelcomed, "lease_id", withdraws=True),
    Publication(Lease.Ended, facts.LeaseEnded, "lease_id"),
    Publication(Lease.EndWithdrawn, facts.LeaseEnded, "lease_id", withdraws=True),
    Publication(Lease.TransferCompleted, facts.TransferCompleted, "to_lease_id"),
    Publication(DayBook.DayClosed, facts.DayClosed),
    openings={DayBook.DayClosed: DayBook.Opened},
)
