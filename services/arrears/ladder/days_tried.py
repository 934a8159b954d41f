"""The days worth trying against a policy: each just before, on and just after its bounds."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from services.arrears.ladder.conditions import When
from services.arrears.ladder.known_days import DayOf, Known, LastDone
from services.arrears.ladder.owing import Since
from services.arrears.ladder.spans import Span

A_DAY = timedelta(days=1)
VARIABLES: Mapping[Known, str] = {
    "court-date": "court_date",
    "court-outcome": "outcome_on",
    "eviction-date": "eviction_date",
    "lease-end": "ended_on",
    "oldest-unpaid": "unpaid_since",
    "owed-since": "owed_for",
    "pause-review": "pause",
    "payment": "paid_on",
    "plan": "plan",
    "plan-state": "plan",
}


def variables_of_day(asked: DayOf) -> tuple[str, ...]:
    """The names of what a condition on a day depends on."""
    names: list[str] = []
    for dated in asked.all_dated():
        if isinstance(dated, LastDone):
            names += [f"done:{kind}" for kind in dated.step or dated.message or ()]
        else:
            names.append(VARIABLES[dated])
    return tuple(names)


def days_before(spans: Iterable[Span], day: date) -> list[date]:
    """Days from which a span just ends, has just ended or is about to end on a day; and the day."""
    found = {day}
    for span in spans:
        then = span.before(day)
        found |= {then + n * A_DAY for n in (-1, 0, 1)}
        if span.months is not None:
            # Of a longer month all the last days end on the same one.
            found.add(then + relativedelta(day=31))
    return sorted(then for then in found if then <= day)


class DaysTried:
    """For each variable that a condition on a day names, the days worth trying."""

    def __init__(self, leaves: Iterable[When], day: date) -> None:
        found: dict[str, set[date]] = {}
        leaves = list(leaves)
        for leaf in leaves:
            if leaf.key == "day":
                tried = self._of_one(leaf.value, leaves, day)
                for name in variables_of_day(leaf.value):
                    found.setdefault(name, set()).update(tried)
        self._found = found

    def of(self, name: str) -> list[date]:
        return sorted(self._found.get(name, ()))

    def _of_one(self, asked: DayOf, leaves: list[When], day: date) -> set[date]:
        tried = {day, *days_before((span for _, span in asked.given()), day)}
        if asked.ahead is not None:
            for _, span in asked.ahead.given():
                tried |= {span.after(day) + n * A_DAY for n in (-1, 0, 1)}
        if not any(asked.others()):
            return tried
        # Beside another day it is tried on both sides of whatever else is asked of the two.
        for leaf in leaves:
            if isinstance(leaf.value, Since) and _share_names(asked, leaf):
                tried |= set(days_before((span for _, span in leaf.value.given()), day))
        return {then + n * A_DAY for then in tried for n in (-1, 0, 1)}


def _share_names(asked: DayOf, leaf: When) -> bool:
    if isinstance(leaf.value, DayOf):
        return bool(set(variables_of_day(asked)) & set(variables_of_day(leaf.value)))
    if leaf.key == "owed_for":
        return any(dated == "owed-since" for dated in asked.all_dated())
    return bool(asked.kinds() & leaf.names()) or (leaf.key == "last" and bool(asked.kinds()))
