"""Periods of support: agreed to, six months long, never twice at once, closed with an outcome."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from contracts.intake import EndReason
from contracts.support_periods import SupportAxis, SupportOutcome
from services import followup
from services.chassis.templating import build_templates
from services.followup.history import sentence
from services.followup.household_file import HouseholdFile
from services.followup.support_period import (
    HouseholdHasNotAgreed,
    SupportDayNotPossible,
    SupportPeriodAlreadyClosed,
    SupportPeriodNotClosed,
    SupportPeriodOverlaps,
    SupportTerms,
    UnknownSupportPeriod,
)
from services.followup.support_shown import told

TEMPLATES = Path(followup.__file__).with_name("templates")
HOUSEHOLD, LEASE, OTHER_LEASE = UUID(int=1), UUID(int=2), UUID(int=3)
ONE, TWO = UUID(int=11), UUID(int=12)
ARREARS, HOUSING = SupportAxis.ARREARS_PREVENTION, SupportAxis.HOUSING_EDUCATION
MARCH, TODAY = date(2024, 3, 1), date(2025, 6, 30)


def terms(opened_on, axis=ARREARS, intensive=True, agreed_on=None):
    return SupportTerms.agreed(axis, intensive, agreed_on or opened_on, opened_on)


@pytest.fixture
def file():
    found = HouseholdFile.open_file(HOUSEHOLD, MARCH)
    lease(found, LEASE, MARCH)
    return found


def lease(file, lease_id, start_on):
    file.trigger_event(
        HouseholdFile.LeaseKnown,
        lease_id=lease_id,
        reference="L1",
        dwelling_reference="D1",
        start_on=start_on,
        leaseholders=[],
        transferred=False,
        because=f"signed {lease_id}",
        occurred_on=start_on,
    )


def ended(file, lease_id, ended_on, reason):
    file.trigger_event(
        HouseholdFile.LeaseEndKnown,
        lease_id=lease_id,
        ended_on=ended_on,
        reason=reason.value,
        because=f"ended {lease_id}",
        occurred_on=ended_on,
    )


def recorded(file):
    """The names of the events of support, in order."""
    return [type(e).__name__ for e in file.pending_events if "Support" in type(e).__name__]


@pytest.mark.parametrize(
    ("opened_on", "ends_on"),
    [
        (date(2024, 9, 15), date(2025, 3, 15)),
        (date(2024, 8, 31), date(2025, 2, 28)),
        (date(2023, 8, 29), date(2024, 2, 29)),
    ],
)
def test_an_intensive_period_ends_by_itself_after_six_months(opened_on, ends_on):
    assert terms(opened_on).ends_on == ends_on
    assert terms(opened_on, intensive=False).ends_on is None


def test_no_period_opens_before_the_household_has_agreed(file):
    with pytest.raises(HouseholdHasNotAgreed) as refused:
        file.open_support(ONE, terms(MARCH, agreed_on=date(2024, 3, 2)), TODAY)
    assert refused.value.facts["errors"][0]["field"] == "agreed_on"

    file.open_support(ONE, terms(MARCH, agreed_on=MARCH), TODAY)


FIRST_END = date(2024, 9, 1)


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        (terms(date(2024, 8, 31)), True),
        (terms(FIRST_END), False),  # the day on which the first is over
        (terms(date(2023, 9, 1)), False),  # over on the day on which the first begins
        (terms(date(2023, 9, 2)), True),
        (terms(date(2024, 4, 1), HOUSING), False),
        (terms(date(2024, 4, 1), intensive=False), False),  # a longer one round it
    ],
)
def test_of_one_axis_two_intensive_periods_never_run_at_once(file, other, refused):
    file.open_support(ONE, terms(MARCH), TODAY)

    if refused:
        with pytest.raises(SupportPeriodOverlaps):
            file.open_support(TWO, other, TODAY)
    else:
        file.open_support(TWO, other, TODAY)


def test_a_period_closed_early_makes_room_until_its_closure_is_taken_back(file):
    file.open_support(ONE, terms(MARCH), TODAY)
    file.close_support(ONE, date(2024, 5, 1), SupportOutcome.CONTINUES, TODAY)
    file.open_support(TWO, terms(date(2024, 5, 1)), TODAY)

    with pytest.raises(SupportPeriodOverlaps):
        file.withdraw_closure(ONE)
    with pytest.raises(SupportPeriodOverlaps):
        file.correct_closure(ONE, date(2024, 5, 2), SupportOutcome.CONTINUES, TODAY)
    with pytest.raises(SupportPeriodOverlaps):
        file.correct_opening(TWO, terms(date(2024, 4, 30)), TODAY)
    file.withdraw_opening(TWO)
    file.withdraw_closure(ONE)

    assert file.period(ONE).until == FIRST_END


@pytest.mark.parametrize(
    ("closed_on", "possible"),
    [
        (date(2024, 2, 29), False),
        (MARCH, True),
        (FIRST_END, True),
        (date(2024, 9, 2), False),
    ],
)
def test_a_period_is_closed_within_its_six_months_also_afterwards(file, closed_on, possible):
    file.open_support(ONE, terms(MARCH), TODAY)

    if not possible:
        with pytest.raises(SupportDayNotPossible):
            file.close_support(ONE, closed_on, SupportOutcome.REFERRED, TODAY)
        return
    file.close_support(ONE, closed_on, SupportOutcome.REFERRED, TODAY)
    with pytest.raises(SupportPeriodAlreadyClosed):
        file.close_support(ONE, closed_on, SupportOutcome.REFERRED, TODAY)


def test_what_a_closure_depends_on_is_not_corrected_from_under_it(file):
    file.open_support(ONE, terms(MARCH, intensive=False), TODAY)
    with pytest.raises(SupportPeriodNotClosed):
        file.correct_closure(ONE, MARCH, SupportOutcome.DROPPED, TODAY)
    file.close_support(ONE, date(2025, 1, 1), SupportOutcome.AUTONOMOUS, TODAY)

    for wrong in (terms(MARCH), terms(date(2025, 1, 2), intensive=False)):
        with pytest.raises(SupportDayNotPossible):
            file.correct_opening(ONE, wrong, TODAY)
    file.correct_opening(ONE, terms(date(2024, 7, 1)), TODAY)
    assert file.period(ONE).terms.ends_on == date(2025, 1, 1)


def test_what_changes_nothing_is_not_recorded(file):
    file.open_support(ONE, terms(MARCH), TODAY)
    gone = {"outcome": SupportOutcome.DROPPED, "today": TODAY, "agreement_withdrawn": True}
    with pytest.raises(SupportDayNotPossible) as refused:
        file.close_support(ONE, date(2024, 9, 2), **gone)
    assert refused.value.facts["errors"][0]["field"] == "withdrawn_on", "as its form calls the day"
    file.close_support(ONE, FIRST_END, **gone)
    before = recorded(file)

    file.correct_opening(ONE, terms(MARCH), TODAY)
    file.correct_closure(ONE, FIRST_END, SupportOutcome.DROPPED, TODAY)
    assert recorded(file) == before

    file.correct_closure(ONE, FIRST_END, SupportOutcome.REFERRED, TODAY)
    assert not file.period(ONE).closure.agreement_withdrawn


def test_a_withdrawn_period_takes_its_closure_with_it_and_is_acted_on_no_more(file):
    file.open_support(ONE, terms(MARCH), TODAY)
    file.close_support(ONE, FIRST_END, SupportOutcome.AUTONOMOUS, TODAY)

    file.withdraw_opening(ONE)

    assert recorded(file)[2:] == ["SupportClosureWithdrawn", "SupportOpeningWithdrawn"]
    with pytest.raises(UnknownSupportPeriod):
        file.close_support(ONE, FIRST_END, SupportOutcome.AUTONOMOUS, TODAY)
    file.open_support(TWO, terms(MARCH), TODAY)


def test_days_to_come_long_before_the_lease_and_after_a_death_are_told(file):
    for wrong in (terms(date(2025, 7, 1)), terms(MARCH, agreed_on=date(2024, 3, 2))):
        with pytest.raises((SupportDayNotPossible, HouseholdHasNotAgreed)):
            file.open_support(ONE, wrong, TODAY)
    with pytest.raises(SupportDayNotPossible):
        file.refuse_unknown_then(terms(MARCH, agreed_on=date(2014, 3, 1)))
    ended(file, LEASE, date(2024, 5, 31), EndReason.DEATH)

    with pytest.raises(SupportDayNotPossible):
        file.refuse_unknown_then(terms(date(2024, 5, 31)))
    file.refuse_unknown_then(terms(date(2024, 5, 30)))
    lease(file, OTHER_LEASE, date(2024, 6, 1))
    file.refuse_unknown_then(terms(date(2024, 7, 1)))


def test_a_death_closes_what_is_open_that_evening_and_no_more(file):
    ids = [UUID(int=n) for n in range(20, 24)]
    death = date(2024, 9, 1)
    file.open_support(ids[0], terms(MARCH), TODAY)  # ends by itself that day
    file.open_support(ids[1], terms(date(2024, 4, 1), HOUSING), TODAY)
    file.open_support(ids[2], terms(date(2024, 4, 1), intensive=False), TODAY)
    file.close_support(ids[2], date(2024, 12, 1), SupportOutcome.DROPPED, TODAY)
    file.open_support(ids[3], terms(date(2024, 10, 1), SupportAxis.REHOUSING_SUPPORT), TODAY)

    file.close_at_death(death, "death")

    closures = [file.period(identity).closure for identity in ids]
    assert closures[0] is None
    assert closures[1].closed_on == death
    assert closures[2].outcome is SupportOutcome.DROPPED, "what a person decided stays"
    assert closures[3].closed_on == date(2024, 10, 1), "it is never open"
    file.correct_closure(ids[1], death, SupportOutcome.LEFT_DWELLING, TODAY)
    file.reopen_after("death")
    assert file.period(ids[1]).closure.outcome is SupportOutcome.LEFT_DWELLING
    assert file.period(ids[3]).closure is None


def test_a_death_closes_nothing_while_another_lease_of_the_household_runs(file):
    lease(file, OTHER_LEASE, date(2024, 4, 1))
    file.open_support(ONE, terms(MARCH), TODAY)
    for lease_id, on in ((LEASE, date(2024, 5, 31)), (OTHER_LEASE, date(2024, 7, 31))):
        before = file.period(ONE).closure
        ended(file, lease_id, on, EndReason.DEATH)
        file.end_support_by_death(on, f"death {lease_id}")

    assert before is None
    assert file.period(ONE).closure.closed_on == date(2024, 7, 31)


def row(**said):
    known = {"axis": "arrears-prevention", "intensive": True, "agreed_on": MARCH}
    known |= {"opened_on": MARCH, "ends_on": FIRST_END, "closed_on": None, "outcome": None}
    return known | {"agreement_withdrawn": False} | said


@pytest.mark.parametrize(
    ("period", "today", "state", "weeks_left", "said"),
    [
        (row(), date(2024, 8, 18), "open", 2, "1er septembre 2024, avec l'accord"),
        (row(), date(2024, 8, 31), "open", 0, "encore 1 jour."),
        (row(), FIRST_END, "ended", None, "notez ce qu'il en est sorti"),
        (row(ends_on=None), TODAY, "open", None, "Depuis le 1er mars 2024, avec l'accord"),
        (
            row(closed_on=date(2024, 5, 1), outcome="dropped", agreement_withdrawn=True),
            date(2024, 5, 1),
            "closed",
            None,
            "interrompu, le ménage a retiré son accord.",
        ),
    ],
)
def test_a_period_is_told_as_it_stands_on_the_day(period, today, state, weeks_left, said):
    found = told(period, today)

    assert (found["state"], found["weeks_left"]) == (state, weeks_left)
    assert said in found["sentence"]


def test_history_says_which_support_it_was():
    opened = {"axis": "arrears-prevention", "intensive": True, "agreed_on": "2024-03-01"}
    closed = {"axis": "housing-education", "outcome": "dropped", "agreement_withdrawn": True}

    assert sentence("support-period-opened", opened) == (
        "Accompagnement intensif de six mois ouvert (lutte contre l'impayé), "
        "avec l'accord du ménage du 1er mars 2024."
    )
    assert sentence("support-period-closed", closed) == (
        "Accompagnement (pédagogie de l'habiter) clos : interrompu, le ménage a retiré son accord."
    )


def test_support_of_a_household_whose_lease_was_annulled_says_what_may_be_done_about_it():
    period = {"period_id": ONE, "axis": "arrears-prevention", "intensive": False, "ends_on": None}
    period |= {"agreed_on": MARCH, "opened_on": MARCH, "closed_on": None, "outcome": None}
    period = told(period | {"agreement_withdrawn": False}, TODAY)
    page = build_templates(TEMPLATES).get_template("_support.html").module

    def shown(*leases):
        household = SimpleNamespace(leases=leases, support=[period])
        return str(page.support_of(household, "", True, TODAY))

    assert "Le bail de ce ménage a été annulé, ou n'est pas encore connu." in shown()
    assert "annulé" not in shown("L1")
