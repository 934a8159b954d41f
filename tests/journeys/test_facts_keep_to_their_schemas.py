"""Two eventful months of a company: every fact that comes of them keeps to its committed schema."""

import sys
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "contracts"))

from validating import fact_validators, facts_of, faults

from contracts import (
    arrears_cases,
    arrears_letters,
    contacts,
    legal_path,
    repayment_plans,
    social_service,
)
from contracts.account_decisions import CreditReturnReason, DecidedBy, WriteOffReason
from contracts.envelope import read_envelope
from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
from contracts.intake import EndReason, SuspensionReason, WelcomeMode
from contracts.other_charges import OtherChargeKind
from contracts.support_periods import SupportAxis, SupportOutcome
from services.arrears import charging_apart, deciding
from services.arrears.imports import FileKind, import_file
from services.chassis.aggregate import natural_id
from services.demonstration.coda_writer import Booking, write_statement
from services.followup import supporting
from services.followup.support_period import SupportTerms
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of
from services.reporting.shape import HEARD, READ

ACCOUNT = "BE68539007547034"
MARCH = date(2024, 3, 1)


@pytest.fixture
def eventful(company):
    """Four leases; the first is late, pays, is reversed, corrected and in the end withdrawn."""
    me, intake = company.me, company.intake
    for number in (1, 2, 3, 4):
        intake.register_dwelling(me, f"D{number}", date(2020, 1, 1), 2)
    for number in (1, 2, 3):
        persons = [Person("Anne Testard", "0470 00 00 00")]
        intake.sign_lease(me, f"L{number}", f"D{number}", MARCH, 30_000, 5_000, persons)
    _welcomes(company)
    company.settle()
    _money(company)
    _visits(company)
    _ends(company)
    company.settle()
    return company


def _welcomes(company):
    me, intake, first = company.me, company.intake, company.lease_id("L1")
    intake.hold_welcome_meeting(me, first, MARCH, WelcomeMode.OFFICE)
    intake.correct_welcome(me, first, MARCH, WelcomeMode.HOME)
    intake.withdraw_welcome(me, first)


def _money(company):
    me, arrears, first = company.me, company.arrears, company.lease_id("L1")
    months = [(1, "2024-02"), (1, "2024-03"), (2, "2024-03"), (3, "2024-03")]
    roll = "lease;month;rent;charges\n" + "".join(
        f"L{number};{month};300,00;50,00\n" for number, month in months
    )
    import_file(arrears, me, FileKind.RENT_ROLL, "roll.csv", roll.encode())
    company.go_to(date(2024, 3, 20))
    first_reference = payment_reference_of(company.slug, "L1")
    late = date(2024, 3, 18)
    _bank(company, 1, 0, late, [Booking(-900, late), Booking(100, late, communication="loyer")])
    # A statement says until when money is known: now the due day is judged, and some had not paid.
    company.go_to(date(2024, 3, 21))
    paid = Booking(70_000, date(2024, 3, 20), structured=first_reference)
    _bank(company, 2, -800, date(2024, 3, 20), [paid])
    company.settle()
    back = Booking(-70_000, date(2024, 3, 21), structured=first_reference, return_type="2")
    more = Booking(5_000, date(2024, 3, 21), structured=payment_reference_of(company.slug, "L3"))
    _bank(company, 3, 69_200, date(2024, 3, 21), [back, more])
    arrears.correct_charge(me, company.lease_id("L2"), "2024-03", 20_000, 5_000)
    arrears.cancel_charge(me, company.lease_id("L3"), "2024-03")
    _decisions(company, date(2024, 3, 21))
    with arrears.datastore.reading() as rows:
        row = rows.execute("SELECT payment_id FROM unmatched_payment").fetchone()
    arrears.assign_payment(me, row["payment_id"], first)
    company.settle()


def _decisions(company, today):
    me, arrears = company.me, company.arrears
    second, third = company.lease_id("L2"), company.lease_id("L3")
    why = (WriteOffReason.SMALL_AMOUNT, DecidedBy.MANAGER)
    gone = deciding.write_off(arrears, me, second, 1_000, today, *why)
    deciding.withdraw_decision(arrears, me, second, UUID(gone.id))
    twice = CreditReturnReason.PAID_TWICE
    back = deciding.return_credit(arrears, me, third, 5_000, today, twice)
    deciding.withdraw_decision(arrears, me, third, UUID(back.id))
    bill = charging_apart.record_other_charge(
        arrears, me, third, OtherChargeKind.REPAIRS, 3_000, today, "F2024-7"
    )
    charging_apart.correct_other_charge(arrears, me, third, UUID(bill.id), 2_500, today)
    with arrears.datastore.reading() as rows:
        (paid,) = rows.execute(
            "SELECT line_id FROM account_line WHERE kind = 'payment' AND lease_id = %s", (third,)
        ).fetchall()
    part = charging_apart.pay_other_charge(
        arrears, me, third, paid["line_id"], OtherChargeKind.REPAIRS, 2_500
    )
    charging_apart.withdraw_other_charge_payment(arrears, me, third, UUID(part.id))
    charging_apart.cancel_other_charge(arrears, me, third, UUID(bill.id))


def _bank(company, number, opening, day, bookings):
    content = write_statement(ACCOUNT, number, day, opening, bookings)
    name = f"{number}.cod"
    import_file(company.arrears, company.me, FileKind.CODA, name, content)


def _visits(company):
    me, followup, slug = company.me, company.followup, company.slug
    household = natural_id(slug, "household", "L2")
    lease = company.lease_id("L2")

    def visit(kind: str) -> UUID:
        return natural_id(slug, "visit", f"{lease}/{kind}")

    made = (date(2024, 3, 19), VisitPlace.HOME, "officer-4", VisitResult.ALL_WELL)
    followup.record_visit(me, household, visit("m1"), lease, VisitKind.M1, *made)
    followup.correct_visit(me, household, visit("m1"), *made[:3], VisitResult.ADVICE_GIVEN)
    followup.withdraw_visit(me, household, visit("m1"))
    missed = (date(2024, 3, 20), AbsenceReason.NOBODY_HOME)
    followup.miss_visit(me, household, visit("m6"), *missed)
    _support(company, household)


def _support(company, household):
    me, followup = company.me, company.followup
    terms = SupportTerms.agreed(SupportAxis.ARREARS_PREVENTION, True, MARCH, MARCH)
    period = UUID(supporting.open_support(followup, me, household, terms).id)
    of_period, day = (followup, me, household, period), date(2024, 3, 20)
    ordinary = SupportTerms.agreed(terms.axis, False, MARCH, MARCH)
    supporting.correct_opening(*of_period, ordinary)
    supporting.close_support(*of_period, day, SupportOutcome.CONTINUES)
    supporting.correct_closure(*of_period, day, SupportOutcome.AUTONOMOUS)
    supporting.withdraw_opening(*of_period)


def _ends(company):
    me, intake = company.me, company.intake
    out = intake.suspensions
    fourth = natural_id(company.slug, "dwelling", "D4")
    out.suspend_letting(me, fourth, MARCH, SuspensionReason.WORKS)
    out.resume_letting(me, fourth, date(2024, 3, 15))
    out.withdraw_resumption(me, fourth)
    out.withdraw_suspension(me, fourth)
    first, second = company.lease_id("L1"), company.lease_id("L2")
    intake.end_lease(me, second, date(2024, 6, 30), EndReason.NOTICE)
    company.settle()
    intake.withdraw_end(me, second)
    intake.transfer_household(me, second, "L4", "D4", date(2024, 7, 1), 30_000, 5_000)
    intake.correct_lease(me, first, date(2024, 2, 15), 31_000, 5_000, "D1")
    company.settle()
    intake.withdraw_lease(me, first)


def test_every_fact_that_is_recorded_keeps_to_its_schema(eventful):
    validators = fact_validators()
    facts = [content for name in HEARD for content in eventful.facts(name)]

    wrong = {read_envelope(content).id: faults(validators, content) for content in facts}

    assert {identity: why for identity, why in wrong.items() if why} == {}


def test_the_story_leads_to_every_kind_of_fact(eventful):
    facts = [read_envelope(c) for name in HEARD for c in eventful.facts(name)]

    # Households in arrears, their letters and the court have stories of their own.
    told = (arrears_cases, repayment_plans, arrears_letters, legal_path, contacts, social_service)
    elsewhere = {fact.TYPE for module in told for fact in facts_of(module)}
    assert set(READ) - {fact.type for fact in facts} - elsewhere == set()
    assert len({fact.type for fact in facts if fact.withdrawn}) >= 7
    assert len({fact.type for fact in facts if fact.corrects and not fact.withdrawn}) >= 5
