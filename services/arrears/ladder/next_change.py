"""The first day on which a policy may propose otherwise, though nothing more happens.

Every day on which time alone can change a condition is a candidate, and the earliest is taken:
looking on it may find the same proposal, never is one missed before it.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from services.arrears.ladder.happenings import Active, Happened, Last
from services.arrears.ladder.known_days import DayOf, day_known
from services.arrears.ladder.moments import Lines
from services.arrears.ladder.owing import Owed, OwedFor, Since
from services.arrears.ladder.plans import next_day_of
from services.arrears.ladder.policy import Policy
from services.arrears.ladder.simulating import Looked
from services.arrears.ladder.spans import count_until, nth_day
from services.arrears.ladder.state import State

A_DAY = timedelta(days=1)
APPOINTED = {"court_date": "court_on", "eviction_date": "evict_on", "pause": "review_on"}
"""Conditions on which day something is to be, and where the state has it."""


def next_change(
    policy: Policy, looked: Looked, lines: Lines, day: date, rule: str | None
) -> date | None:
    """The earliest candidate after `day`; None when time changes nothing any more.

    `rule`: the one that matched on that day. What those after it ask for is asked on the day on
    which it matches no more, which is a candidate.
    """
    candidates = _of_rules(policy, looked, day, rule)
    # Charges that fall due, money whose value date is ahead, a rent that begins.
    later = [*candidates, *lines.days_after(day)[:1]]
    return min((each for each in later if each > day), default=None)


def _of_rules(policy: Policy, looked: Looked, day: date, rule: str | None) -> Iterator[date]:
    state = looked.state
    for leaf in policy.leaves_until(rule):
        value = leaf.value
        if leaf.key == "plan" or (isinstance(value, DayOf) and "plan-state" in value.all_dated()):
            yield from _of_plan(state, day)
        if isinstance(value, DayOf):
            yield from _of_day(value, state)
        elif isinstance(value, Since):
            for since in _counted_from(value, state):
                yield from _bounds(value, since)
        elif leaf.key == "bank_data" and policy.bank_data_days is not None:
            yield _bank_data_ages(policy.bank_data_days, state)
        elif isinstance(value, Owed) and value.net and looked.rent is not None:
            rent = looked.rent
            number = count_until(rent.first_day, rent.period, day)
            yield nth_day(rent.first_day, rent.period, number) or date.max
        elif isinstance(value, Active):
            for step in state.done:
                yield from (each for each in (step.from_, step.until) if each is not None)
        elif leaf.key in APPOINTED:
            yield from _around(getattr(state, APPOINTED[leaf.key]))


def _of_day(value: DayOf, state: State) -> Iterator[date]:
    then = day_known(value.of, state)
    if then is None:
        return
    yield from (*_bounds(value, then), *_around(then))
    if value.ahead is not None:
        for _, limit in value.ahead.given():
            # Of months that are clipped, the day on which the span reaches it may come later.
            begins = limit.before(then)
            yield from (begins + n * A_DAY for n in range(6))


def _of_plan(state: State, day: date) -> Iterator[date]:
    if state.plan is not None and not state.plan.over:
        yield next_day_of(state.plan, day) or date.max


def _bank_data_ages(days: int, state: State) -> date:
    """When it becomes stale; tomorrow where it is not fresh, for a file may come any day."""
    if state.bank_complete_until is None or state.bank_data == "stale":
        return state.day + A_DAY
    return state.bank_complete_until + timedelta(days=days) + A_DAY


def _counted_from(value: Since, state: State) -> Iterator[date]:
    if isinstance(value, OwedFor):
        if state.owed_since is not None:
            yield state.owed_since
    elif isinstance(value, Happened):
        yield from (value.day_of(done) for done in state.done if value.matches(done))
    elif isinstance(value, Last):
        last = value.found(state)
        if last is not None:
            yield last.on


def _bounds(value: Since, since: date) -> Iterator[date]:
    """The day on which a bound is met, or left: the one a span after, or the one that follows."""
    for name, limit in value.given():
        end = limit.after(since)
        if name in ("at_least", "less_than"):
            yield end
        elif end < date.max:
            yield end + A_DAY


def _around(day: date | None) -> Iterator[date]:
    if day is not None:
        yield day
        if day < date.max:
            yield day + A_DAY
