"""Who agrees to support, and how it ends, depends on the seed, the lease and the days alone."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.demonstration.company import DemonstrationCompany
from services.demonstration.player import play
from services.demonstration.support import (
    SHARE_AGREEING,
    SHARE_RUNNING_OUT,
    Agreed,
    AgreementWithdrawn,
    Closed,
    HouseholdSeen,
    Late,
    Period,
    agree,
    end,
    may_be_asked,
)
from services.followup.support_period import INTENSIVE

DAY = date(2025, 3, 13)


def period(number, intensive=True):
    ids = UUID(int=number), UUID(int=number + 10**6)
    return Period(*ids, f"L{number}", DAY, DAY + INTENSIVE if intensive else None)


def ends_of(one):
    """(day looked, how) of the first day of a month, looked at weekly, on which it ends."""
    for weeks in range(60):
        day = DAY + timedelta(weeks=weeks)
        ended = end(1, day, one)
        if ended is not None:
            return day, ended
    raise AssertionError(one)


def late(number):
    return Late(UUID(int=number), UUID(int=number + 10**6), f"L{number}")


def test_a_share_of_those_who_are_asked_agrees():
    agreed = [agree(1, DAY, late(number)) for number in range(2_000)]
    those = [one for one in agreed if one is not None]

    assert len(those) == pytest.approx(2_000 * SHARE_AGREEING, abs=70)
    assert {one.on for one in those} == {DAY}
    assert agreed[:50] == [agree(1, DAY, late(number)) for number in range(50)]


@pytest.mark.parametrize(
    ("visited_on", "supported_until", "asked"),
    [
        (None, None, False),
        (DAY, None, True),
        (DAY - timedelta(366), None, False),
        (DAY, DAY, False),  # closed this morning: the day is played again
        (DAY, DAY - timedelta(60), True),
    ],
)
def test_only_who_was_visited_and_has_had_a_rest_is_asked(visited_on, supported_until, asked):
    assert may_be_asked(HouseholdSeen(visited_on, supported_until), DAY) is asked


def test_most_periods_are_closed_within_six_months_and_none_after_its_end():
    ended = [ends_of(period(number)) for number in range(1_000)]
    days = [how.closed_on if isinstance(how, Closed) else how.withdrawn_on for _, how in ended]

    assert all(DAY < day <= DAY + INTENSIVE for day in days)
    over = sum(looked > DAY + INTENSIVE for looked, _ in ended)
    assert over == pytest.approx(1_000 * SHARE_RUNNING_OUT, abs=50)
    kinds = Counter(type(how) for _, how in ended)
    assert kinds[AgreementWithdrawn] == pytest.approx(100, abs=40)
    looked, how = ends_of(period(1, intensive=False))
    assert (how.closed_on if isinstance(how, Closed) else how.withdrawn_on) == looked


def test_who_was_visited_and_has_no_period_is_asked_and_periods_are_gone_through(domain_doors):
    company = DemonstrationCompany(leases=20, months=3)
    acts = []
    for order in (1, -1):
        doors = domain_doors(company.parameters.slug)
        doors.late = [late(number) for number in range(90)][::order]
        doors.visited = {f"L{number}" for number in range(20)}
        doors.periods = [replace(period(n), opened_on=date(2024, 1, 1)) for n in range(30, 90)]
        play(company, doors)
        acts.append(doors.support_acts)

    asked = {one.lease_reference for one, act in acts[0] if isinstance(act, Agreed)}
    ended = [one for one, act in acts[0] if not isinstance(act, Agreed)]
    assert asked
    assert asked <= {f"L{number}" for number in range(20)}, "supported, or never visited"
    assert len(ended) == 60 * 2 * 3, "twice a month: these doors forget"
    assert acts[0] == acts[1]
