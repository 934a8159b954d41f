"""I09: who owes three months and is supported, at its edges, from facts made up one by one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from told import NOW

from services.reporting.figures import known_on, period_of
from services.reporting.indicators.register import indicator
from services.reporting.parts import parts

BEGAN, LAST = date(2024, 1, 1), date(2024, 12, 31)
A_DAY = timedelta(days=1)


class Street:
    """Leases of 300 € a month; `owes` says how many months."""

    def __init__(self, company):
        self.company, self.charges = company, 0

    def let(self, lease, owes, household=None, ended_on=None):
        more = {"household": household} if household else {}
        self.company.let(lease, BEGAN, ended_on, **more)
        for month in range(1, owes + 1):
            self.charges += 1
            said = {"lease": lease, "charge": self.charges, "month": f"2024-{month:02}"}
            said |= {"rent_cents": 300_00, "charges_cents": 0, "due_on": date(2024, month, 10)}
            self.company.say("arrears.rent-charged", **said)

    def opened(self, household, opened_on=BEGAN, ends_on=None, **more):
        said = {"household": household, "period": household, "opened_on": opened_on} | more
        return self.company.say("followup.support-period-opened", **said, ends_on=ends_on)

    def closed(self, household, closed_on, **more):
        said = {"household": household, "period": household, "closed_on": closed_on} | more
        return self.company.say("followup.support-period-closed", **said)

    def found(self, known=NOW):
        self.company.take()
        return self.company.sides("I09", 2024, known)


@pytest.fixture
def street(company):
    return Street(company)


def test_three_months_with_support_of_those_with_three_months(street):
    street.let(1, owes=3)
    street.let(2, owes=4)
    street.let(3, owes=2)
    street.let(4, owes=5, ended_on=date(2024, 12, 1))
    for household in (1, 3, 4):
        street.opened(household)

    assert street.found() == (1, 2)


@pytest.mark.parametrize(
    ("opened_on", "ends_on", "closed_on", "counts"),
    [
        (LAST, None, None, True),
        (LAST + A_DAY, None, None, False),
        (BEGAN, LAST, None, False),  # its six months are over that evening
        (BEGAN, LAST + A_DAY, None, True),
        (BEGAN, None, LAST, False),
        (BEGAN, LAST + A_DAY, LAST, False),
        (BEGAN, LAST, LAST + A_DAY, False),
        (BEGAN, None, LAST + A_DAY, True),  # closed in the year after
    ],
)
def test_a_period_counts_on_the_evenings_on_which_it_is_open(
    street, opened_on, ends_on, closed_on, counts
):
    street.let(1, owes=3)
    street.opened(1, opened_on, ends_on)
    if closed_on:
        street.closed(1, closed_on)

    assert street.found() == (int(counts), 1)


def test_a_household_with_two_leases_and_two_periods_counts_once_a_lease(street):
    street.let(1, owes=3, household=9)
    street.let(2, owes=3, household=9)
    street.opened(9)
    street.opened(9, period=10, axis="housing-education")

    assert street.found() == (2, 2)


def test_what_is_taken_back_or_corrected_counts_as_it_stands_from_then_on(street):
    street.let(1, owes=3)
    street.let(2, owes=3)
    moments = [datetime(2025, month, 1, tzinfo=UTC) for month in (1, 2, 3, 4)]
    first = street.opened(1, at=moments[0])
    street.opened(2, at=moments[0])
    closed = street.closed(2, date(2024, 12, 1), at=moments[1])
    street.opened(1, at=moments[2], corrects=first, withdrawn=True)
    street.closed(2, date(2024, 12, 1), at=moments[3], corrects=closed, withdrawn=True)

    asked = [known_on(f"2025-{month:02}-15", NOW.before) for month in (1, 2, 3, 4)]
    street.company.take()
    assert [street.company.sides("I09", 2024, known)[0] for known in asked] == [2, 1, 0, 1]


def test_each_lease_that_counts_is_explained_by_its_money_and_its_period(street):
    street.let(1, owes=3)
    street.opened(1)
    street.closed(1, LAST + A_DAY)
    street.company.take()
    with street.company.taker.store.read() as cursor:
        period = period_of(2024, NOW)
        (part,) = parts(cursor, indicator("I09").numerator, period, NOW, "alpha")
        (whole,) = parts(cursor, indicator("I09").denominator, period, NOW, "alpha")

    of_lease = {"alpha/intake/1", *(f"alpha/arrears/{n}" for n in (1, 2, 3))}
    assert set(whole["facts"]) == of_lease
    assert set(part["facts"]) == of_lease | {"alpha/followup/1", "alpha/followup/2"}
