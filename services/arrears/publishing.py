"""Which fact each of arrears' domain events is published as. Events not listed are private."""

from contracts import arrears as facts
from services.arrears.bank_statement import BankStatement
from services.arrears.due_days import DueDays
from services.arrears.rent_account import RentAccount as Account
from services.arrears.unmatched_payment import UnmatchedPayment
from services.chassis.day_book import DayBook
from services.chassis.publication import Publication, Publications

LEASE = "lease_id"

PUBLICATIONS = Publications(
    Publication(Account.Opened, facts.RentAccountOpened, LEASE),
    Publication(Account.Closed, facts.RentAccountClosed, LEASE),
    Publication(Account.RentCharged, facts.RentCharged, LEASE),
    Publication(Account.ChargeCorrected, facts.RentCharged, LEASE),
    Publication(Account.ChargeCancelled, facts.RentCharged, LEASE, withdraws=True),
    Publication(Account.PaymentReceived, facts.PaymentReceived, LEASE),
    Publication(Account.PaymentWithdrawn, facts.PaymentReceived, LEASE, withdraws=True),
    Publication(Account.PaymentReversed, facts.PaymentReversed, LEASE),
    Publication(Account.PaymentAllocated, facts.PaymentAllocated, LEASE),
    Publication(Account.AllocationCorrected, facts.PaymentAllocated, LEASE),
    Publication(Account.PaymentMissed, facts.PaymentMissed, LEASE),
    Publication(Account.MissCorrected, facts.PaymentMissed, LEASE),
    Publication(Account.MissWithdrawn, facts.PaymentMissed, LEASE, withdraws=True),
    Publication(Account.ArrearsCleared, facts.ArrearsCleared, LEASE),
    Publication(UnmatchedPayment.Unmatched, facts.PaymentUnmatched, "payment_id"),
    Publication(UnmatchedPayment.Matched, facts.PaymentMatched, "payment_id"),
    Publication(
        UnmatchedPayment.MatchWithdrawn, facts.PaymentMatched, "payment_id", withdraws=True
    ),
    Publication(BankStatement.Imported, facts.BankStatementImported),
    Publication(DueDays.DueDayJudged, facts.DueDayJudged),
    Publication(DayBook.DayClosed, facts.DayClosed),
    openings={
        DayBook.DayClosed: DayBook.Opened,
        DueDays.DueDayJudged: DueDays.Opened,
        BankStatement.Imported: BankStatement.Begun,
    },
)
