"""Policy data of arrears: when rent is due, and how long after it a missed month is stated."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Policy:
    """`due_day`: day of the month (BR-01); `grace_days`: days after it before a month is judged.

    `period_due_days`: how many days after its first day a rent that is not monthly is due.
    `first_month_by_days`: whether the monthly run charges a first month by its days alone.
    """

    valid_from: date
    due_day: int
    period_due_days: int
    grace_days: int
    first_month_by_days: bool
    source: str

    def judged_on(self, due_on: date) -> date:
        """The day by which money must be there for a charge due on `due_on`."""
        return due_on + timedelta(days=self.grace_days)


@cache
def _rules() -> tuple[Policy, ...]:
    text = Path(__file__).with_name("policy.toml").read_text("utf-8")
    return tuple(
        Policy(
            rule["from"],
            rule["due_day"],
            rule["period_due_days"],
            rule["grace_days"],
            rule["first_month_by_days"],
            rule["source"],
        )
        for rule in tomllib.loads(text)["rules"]
    )


def policy_on(day: date) -> Policy:
    return [rule for rule in _rules() if rule.valid_from <= day][-1]


def due_on(key: str) -> date:
    """The due day of a month `YYYY-MM`, or of the period that begins on `YYYY-MM-DD`."""
    year, number, *day = map(int, key.split("-"))
    if day:
        start = date(year, number, *day)
        return start + timedelta(days=policy_on(start).period_due_days)
    return date(year, number, policy_on(date(year, number, 1)).due_day)
