"""The company is an ordinary one: its figures lie where the published ones do.

Tolerances follow domain sections 4.3 and 5: published figures differ by their definitions as much
as by companies (8 % of rents and 7.4 % of turnover for nearly the same day), so what is held is the
order of magnitude.
"""

from datetime import timedelta

import pytest

from contracts.followup import VisitKind
from services.arrears.policy import due_on, policy_on
from services.demonstration.company import DemonstrationCompany
from services.demonstration.steps import FileKind, HoldWelcome, ImportFile, RecordVisit
from services.demonstration.truth import Truth, month_ends
from services.followup.policy import first_year_visits


@pytest.fixture(scope="module")
def year(average):
    last = average.company.last_day
    return last.replace(year=last.year - 1), last


def test_the_books_add_up(average):
    truth, last = average.truth, average.company.last_day
    charged = sum(truth.charged(average.company.first_day, last).values())
    money = sum(cents for _, _, cents in truth.money(None, last))
    owed = sum(truth.arrears_on(last).values())
    assert charged - money <= owed


def test_as_many_leases_at_the_end_as_at_the_start(average):
    assert abs(len(average.truth.leases_in_force(average.company.last_day)) - 1570) < 20
    ((dwellings,),) = [[s for s in average.steps(ImportFile) if s.kind is FileKind.DWELLINGS]]
    assert dwellings.content.count(b"\n") - 1 == 1660


def late_households(truth, days):
    """Whoever owed anything on one of the days, in whose lease they were then."""
    late = set()
    for day in days:
        in_force = truth.leases_in_force(day)
        late |= {in_force[x].household for x in truth.arrears_on(day) if x in in_force}
    return late


def test_a_quarter_of_the_households_misses_a_payment_in_the_year(average, year):
    # 22,962 tenants, 1 in 4, in the record year (S13-press); 18 % is a good company's year. Late is
    # whom the suite states to be: a month's rent not fully paid when its grace was over.
    due = [due_on(f"{year[1].year}-{month:02d}") for month in range(1, 13)]
    judged = [policy_on(day).judged_on(day) for day in due]
    share = len(late_households(average.truth, judged)) / 1570
    assert 0.22 < share < 0.30


def test_fewer_still_owe_something_at_the_end_of_a_month(average, year):
    share = len(late_households(average.truth, month_ends(year[1].year))) / 1570
    assert 0.15 < share < 0.25


def test_at_the_end_of_the_year_one_in_ten_is_late(average, year):
    # Wales has 46 % with any arrears (S15), Wallonia about 25 % (S13); reminders have gone out.
    in_force, arrears = average.truth.leases_in_force(year[1]), average.truth.arrears_on(year[1])
    assert 0.10 < sum(lease in arrears for lease in in_force) / len(in_force) < 0.30


def test_few_owe_three_months(average, year):
    # Wales: about 4 % at 13 weeks or more (S15).
    truth, (_, last) = average.truth, year
    months, arrears = truth.month_cents(last), truth.arrears_on(last)
    in_force = truth.leases_in_force(last)
    three = [lease for lease in in_force if arrears.get(lease, 0) >= 3 * months.get(lease, 10**9)]
    assert 0.02 < len(three) / len(in_force) < 0.06


def test_arrears_over_rent_due(average, year):
    # 7.4 % and 8 % with departed tenants (S12, S13), much less since 2020 (S14); theirs apart.
    truth, (first, last) = average.truth, year
    due = sum(truth.charged(first, last).values())
    arrears, in_force = truth.arrears_on(last), truth.leases_in_force(last)
    present = sum(cents for lease, cents in arrears.items() if lease in in_force)
    assert 0.03 < present / due < 0.09
    assert 0.03 < sum(arrears.values()) / due < 0.09


def test_rotation_and_transfers(average, year):
    # 6.84 % (S103) and 30.2 % (S104); whole numbers and scripted entries move them a little.
    entries = average.truth.entries(*year)
    assert 0.060 < len(entries) / 1570 < 0.078
    assert 0.25 < sum(entry.transfer_of is not None for entry in entries) / len(entries) < 0.35


def test_nine_in_ten_new_tenants_are_welcomed_within_thirty_days(average, year):
    first, last = year
    new = [entry for entry in average.truth.entries(first, last) if entry.transfer_of is None]
    due = [entry for entry in new if entry.start_on + timedelta(days=30) <= last]
    held = {step.lease_reference: step.held_on for step in average.steps(HoldWelcome)}
    in_time = [
        entry
        for entry in due
        if entry.lease in held and held[entry.lease] <= entry.start_on + timedelta(days=30)
    ]
    assert 0.85 <= len(in_time) / len(due) <= 0.95


def test_most_of_the_planned_first_year_visits_are_made(average, year):
    truth, (first, last) = average.truth, year
    ends = truth.ends()
    planned = {
        (begun.lease, kind)
        for begun in truth.leases().values()
        if begun.transfer_of is None
        for kind, day in first_year_visits(begun.start_on).items()
        if first < day <= last and (begun.lease not in ends or ends[begun.lease].ended_on >= day)
    }
    made = {(s.lease_reference, s.kind) for s in average.steps(RecordVisit) if s.done_on <= last}
    assert 0.60 < len(planned & made) / len(planned) < 0.90
    assert {kind for _, kind in made} == {VisitKind.M1, VisitKind.M6, VisitKind.M12}


def test_another_seed_is_another_ordinary_company():
    company = DemonstrationCompany(leases=800, seed=7)
    truth, last = Truth(company.days()), company.last_day
    arrears, in_force = truth.arrears_on(last), truth.leases_in_force(last)
    assert 0.08 < sum(lease in arrears for lease in in_force) / len(in_force) < 0.20
    due = sum(truth.charged(last.replace(year=last.year - 1), last).values())
    assert 0.03 < sum(arrears.values()) / due < 0.09
