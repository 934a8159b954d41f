"""Which fact each of arrears' domain events is published as. Events not listed are private."""

from contracts import account_decisions as decision_facts
from contracts import arrears as facts
from contracts import arrears_cases as case_facts
from contracts import arrears_letters as letter_facts
from contracts import contacts as contact_facts
from contracts import legal_path as legal_facts
from contracts import other_charges as other_facts
from contracts import repayment_plans as plan_facts
from contracts import social_service as transfer_facts
from services.arrears.bank_statement import BankStatement
from services.arrears.casework.arrears_case import ArrearsCase as Case
from services.arrears.casework.policy_shelf import PolicyShelf
from services.arrears.due_days import DueDays
from services.arrears.letters.letter import Letter, LetterBatch
from services.arrears.letters.template_shelf import TemplateShelf
from services.arrears.rent_account import RentAccount as Account
from services.arrears.unmatched_payment import UnmatchedPayment
from services.chassis.day_book import DayBook
from services.chassis.publication import Publication, Publications

LEASE, LETTER = "lease_id", "letter_id"

PUBLICATIONS = Publications(
    Publication(Account.Opened, facts.RentAccountOpened, LEASE),
    Publication(Account.Closed, facts.RentAccountClosed, LEASE),
    Publication(Account.RentCharged, facts.RentCharged, LEASE),
    Publication(Account.ChargeCorrected, facts.RentCharged, LEASE),
    Publication(Account.ChargeCancelled, facts.RentCharged, LEASE, withdraws=True),
    Publication(Account.PaymentReceived, facts.PaymentReceived, LEASE),
    Publication(Account.PaymentWithdrawn, facts.PaymentReceived, LEASE, withdraws=True),
    Publication(Account.PaymentReversed, facts.PaymentReversed, LEASE),
    Publication(Account.PaymentReversalWithdrawn, facts.PaymentReversed, LEASE, withdraws=True),
    Publication(Account.PaymentAllocated, facts.PaymentAllocated, LEASE),
    Publication(Account.AllocationCorrected, facts.PaymentAllocated, LEASE),
    Publication(Account.PaymentMissed, facts.PaymentMissed, LEASE),
    Publication(Account.MissCorrected, facts.PaymentMissed, LEASE),
    Publication(Account.MissWithdrawn, facts.PaymentMissed, LEASE, withdraws=True),
    Publication(Account.ArrearsCleared, facts.ArrearsCleared, LEASE),
    Publication(Account.ArrearsWrittenOff, decision_facts.ArrearsWrittenOff, LEASE),
    Publication(Account.WriteOffWithdrawn, decision_facts.ArrearsWrittenOff, LEASE, withdraws=True),
    Publication(Account.CreditReturned, decision_facts.CreditReturned, LEASE),
    Publication(
        Account.CreditReturnWithdrawn, decision_facts.CreditReturned, LEASE, withdraws=True
    ),
    Publication(Account.OtherChargeRecorded, other_facts.OtherChargeRecorded, LEASE),
    Publication(Account.OtherChargeCorrected, other_facts.OtherChargeRecorded, LEASE),
    Publication(
        Account.OtherChargeCancelled, other_facts.OtherChargeRecorded, LEASE, withdraws=True
    ),
    Publication(Account.OtherChargePaid, other_facts.OtherChargePaid, LEASE),
    Publication(
        Account.OtherChargePaymentWithdrawn, other_facts.OtherChargePaid, LEASE, withdraws=True
    ),
    Publication(UnmatchedPayment.Unmatched, facts.PaymentUnmatched, "payment_id"),
    Publication(UnmatchedPayment.Matched, facts.PaymentMatched, "payment_id"),
    Publication(
        UnmatchedPayment.MatchWithdrawn, facts.PaymentMatched, "payment_id", withdraws=True
    ),
    Publication(BankStatement.Imported, facts.BankStatementImported),
    Publication(DueDays.DueDayJudged, facts.DueDayJudged),
    Publication(DayBook.DayClosed, facts.DayClosed),
    Publication(PolicyShelf.PolicyAdopted, case_facts.PolicyAdopted),
    Publication(Case.StepProposed, case_facts.StepProposed),
    Publication(Case.StepTaken, case_facts.StepTaken),
    Publication(Case.StepWithdrawn, case_facts.StepTaken, withdraws=True),
    Publication(Case.StepStopped, case_facts.StepStopped),
    Publication(Case.ProposalOverridden, case_facts.ProposalOverridden),
    Publication(Case.CasePaused, case_facts.CasePaused),
    Publication(Case.CaseResumed, case_facts.CaseResumed),
    Publication(Case.CircumstanceRecorded, case_facts.CircumstanceRecorded),
    Publication(Case.PlanAgreed, plan_facts.RepaymentPlanAgreed),
    Publication(Case.PlanBreached, plan_facts.RepaymentPlanBreached),
    Publication(Case.PlanHealed, plan_facts.RepaymentPlanHealed),
    Publication(Case.InstalmentMissed, plan_facts.InstalmentMissed),
    Publication(Case.PlanCompleted, plan_facts.RepaymentPlanCompleted),
    Publication(Case.PlanBroken, plan_facts.RepaymentPlanBroken),
    Publication(Case.PlanCancelled, plan_facts.RepaymentPlanCancelled),
    Publication(TemplateShelf.Adopted, letter_facts.LetterTemplatesAdopted),
    Publication(Letter.Queued, letter_facts.LetterQueued, LETTER),
    Publication(Letter.Released, letter_facts.LetterReleased, LETTER),
    Publication(Letter.Sent, letter_facts.LetterSent, LETTER),
    Publication(Letter.Failed, letter_facts.LetterFailed, LETTER),
    Publication(Letter.Returned, letter_facts.LetterReturned, LETTER),
    Publication(Letter.Stopped, letter_facts.LetterStopped, LETTER),
    Publication(Letter.Cancelled, letter_facts.LetterCancelled, LETTER),
    Publication(LetterBatch.Printed, letter_facts.LetterBatchPrinted, "batch_id"),
    Publication(Case.BudgetGuidanceAccepted, legal_facts.BudgetGuidanceAccepted),
    Publication(Case.BudgetGuidanceRefused, legal_facts.BudgetGuidanceRefused),
    Publication(Case.SafetyExceptionRecorded, legal_facts.SafetyExceptionRecorded),
    Publication(Case.CourtPetitionFiled, legal_facts.CourtPetitionFiled),
    Publication(Case.HearingFixed, legal_facts.HearingFixed),
    Publication(Case.JudgmentGiven, legal_facts.JudgmentGiven),
    Publication(Case.JudgmentServed, legal_facts.JudgmentServed),
    Publication(Case.EvictionScheduled, legal_facts.EvictionScheduled),
    Publication(Case.EvictionBlocked, legal_facts.EvictionBlocked),
    Publication(Case.EvictionSuspended, legal_facts.EvictionSuspended),
    Publication(Case.EvictionExecuted, legal_facts.EvictionExecuted),
    Publication(Case.CourtCostsIncurred, legal_facts.CourtCostsIncurred),
    Publication(Case.DataTransferAccepted, transfer_facts.DataTransferAccepted),
    Publication(Case.DataTransferObjected, transfer_facts.DataTransferObjected),
    Publication(Case.SocialServiceInformed, transfer_facts.SocialServiceInformed),
    Publication(Case.ContactNoted, contact_facts.ContactNoted),
    Publication(Case.ContactWithdrawn, contact_facts.ContactNoted, withdraws=True),
    Publication(Case.PromiseNoted, contact_facts.PromiseNoted),
    Publication(Case.PromiseWithdrawn, contact_facts.PromiseNoted, withdraws=True),
    Publication(
        Case.GuidanceAcceptanceWithdrawn, legal_facts.BudgetGuidanceAccepted, withdraws=True
    ),
    Publication(Case.GuidanceRefusalWithdrawn, legal_facts.BudgetGuidanceRefused, withdraws=True),
    Publication(Case.SafetyExceptionWithdrawn, legal_facts.SafetyExceptionRecorded, withdraws=True),
    Publication(Case.PetitionWithdrawn, legal_facts.CourtPetitionFiled, withdraws=True),
    Publication(Case.HearingWithdrawn, legal_facts.HearingFixed, withdraws=True),
    Publication(Case.JudgmentWithdrawn, legal_facts.JudgmentGiven, withdraws=True),
    Publication(Case.JudgmentServiceWithdrawn, legal_facts.JudgmentServed, withdraws=True),
    Publication(Case.EvictionDayWithdrawn, legal_facts.EvictionScheduled, withdraws=True),
    Publication(Case.SuspensionWithdrawn, legal_facts.EvictionSuspended, withdraws=True),
    Publication(Case.ExecutionWithdrawn, legal_facts.EvictionExecuted, withdraws=True),
    Publication(Case.CourtCostsWithdrawn, legal_facts.CourtCostsIncurred, withdraws=True),
    openings={
        TemplateShelf.Adopted: TemplateShelf.Opened,
        DayBook.DayClosed: DayBook.Opened,
        PolicyShelf.PolicyAdopted: PolicyShelf.Opened,
        DueDays.DueDayJudged: DueDays.Opened,
        BankStatement.Imported: BankStatement.Begun,
    },
)
