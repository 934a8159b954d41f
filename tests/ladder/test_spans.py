"""Periods and spans, by the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.arrears.ladder.spans import Frequency, Period, Span, count_until, nth_day

DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


def test_a_month_after_the_31st_is_the_month_s_last_day():
    days = [nth_day(date(2024, 1, 31), Period.MONTHLY, n) for n in range(4)]

    assert days == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]


@given(first=DAYS, day=DAYS, every=st.sampled_from(Frequency))
def test_the_count_of_days_is_that_of_the_days_themselves(first, day, every):
    days = (
        [nth_day(first, every, n) for n in range((day - first).days // 7 + 3)]
        if day > first
        else [first]
    )

    assert count_until(first, every, day) == sum(d is not None and d <= day for d in days)


@pytest.mark.parametrize(
    ("span", "then", "day"),
    [
        ({"days": 14}, date(2025, 1, 1), date(2025, 1, 15)),
        ({"weeks": 4}, date(2025, 1, 1), date(2025, 1, 29)),
        ({"months": 1}, date(2025, 1, 31), date(2025, 2, 28)),
        ({"months": 12}, date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_a_span_ends_on_its_calendar_day(span, then, day):
    assert Span(**span).after(then) == day


def test_a_span_past_the_calendar_is_the_last_day():
    assert Span(months=1_200).after(date(9990, 1, 1)) == date.max
    assert nth_day(date(2199, 12, 31), Period.WEEKLY, 1) is None
    assert nth_day(date(2025, 1, 1), Frequency.ONE_OFF, 1) is None
    assert nth_day(date(2025, 1, 1), Period.WEEKLY, 1) == date(2025, 1, 1) + timedelta(days=7)
