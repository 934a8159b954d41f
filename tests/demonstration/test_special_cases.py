"""Every company, however small, has the cases that a reader should try first."""

from datetime import date, timedelta

from contracts.followup import VisitKind
from contracts.intake import EndReason, SuspensionReason
from services.demonstration.steps import (
    AssignUnmatched,
    CorrectLease,
    EndLease,
    RecordVisit,
    ResumeLetting,
    SignLease,
    SuspendLetting,
    Transfer,
    WithdrawLease,
)


def day_of(played, wanted) -> date:
    return next(page.day for page in played.days for step in page.steps if step is wanted)


def test_every_company_has_the_special_cases(of_any_size):
    special = of_any_size.company.special
    truth = of_any_size.truth
    late = special["visit_recorded_two_months_late"]
    (visit,) = [
        step
        for step in of_any_size.steps(RecordVisit)
        if step.lease_reference == late and step.kind is VisitKind.M6
    ]
    assert timedelta(days=55) < day_of(of_any_size, visit) - visit.done_on < timedelta(days=70)

    (correction,) = of_any_size.steps(CorrectLease)
    assert correction.lease_reference == special["wrong_rent_corrected"]
    before = day_of(of_any_size, correction) - timedelta(days=1)
    charged = [k for k in truth.charges(before) if k[0] == correction.lease_reference]
    assert charged
    assert [m for m in truth.money(before, before) if m[0] == correction.lease_reference]
    assert truth.arrears_on(before, before)[correction.lease_reference] == 100_00 * len(charged)
    assert correction.lease_reference not in truth.arrears_on(before)

    (withdrawal,) = of_any_size.steps(WithdrawLease)
    assert withdrawal.lease_reference == special["lease_withdrawn"]
    assert withdrawal.lease_reference not in truth.leases()
    instead = special["lease_entered_instead"]
    assert instead in {step.lease_reference for step in of_any_size.steps(AssignUnmatched)}
    assert instead not in truth.arrears_on(of_any_size.company.last_day)

    moved = {step.lease_reference: step.new_reference for step in of_any_size.steps(Transfer)}
    assert moved[special["transferred_from"]] == special["transferred_to"]
    deaths = [s for s in of_any_size.steps(EndLease) if s.reason is EndReason.DEATH]
    assert special["death"] in {step.lease_reference for step in deaths}
    empty = special["dwelling_long_empty"]
    assert empty not in {step.dwelling for step in of_any_size.steps(SignLease)}
    (suspended,) = of_any_size.steps(SuspendLetting)
    assert (suspended.dwelling, suspended.reason) == (empty, SuspensionReason.SALE)
    (resumed,) = of_any_size.steps(ResumeLetting)
    assert resumed.dwelling == special["dwelling_out_for_works"]


def test_the_late_visit_of_the_default_company_crosses_the_year(average):
    late = average.company.special["visit_recorded_two_months_late"]
    (visit,) = [
        s for s in average.steps(RecordVisit) if (s.lease_reference, s.kind) == (late, VisitKind.M6)
    ]
    assert (visit.done_on, day_of(average, visit)) == (date(2024, 12, 12), date(2025, 2, 12))


def test_the_average_company_has_every_other_case_too(average):
    named = set(average.company.special)
    assert {"direct_debit_reversed", "paid_with_wrong_reference", "paid_with_no_reference"} < named
    assert {"pays_in_advance", "pays_instalments", "pays_partial", "pays_welfare_share"} < named
    assert {"pays_forgetful", "pays_stops", "pays_often_late"} < named
