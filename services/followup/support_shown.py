"""What is shown of periods of support: which axis, since when, until when, how long still."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.support_periods import SupportAxis, SupportOutcome
from services.chassis.amounts import format_day
from services.followup.history import AXES, BOOLEANS, OUTCOMES

Row = dict[str, Any]
A_WEEK, WEEKS_FROM = 7, 14


@dataclass(frozen=True)
class OpenSupport:
    """Periods as of `as_of`, oldest end first; households and periods are counted apart (BR-10)."""

    as_of: date
    rows: list[Row]

    @property
    def households(self) -> int:
        return len({row["household_id"] for row in self.rows if row["state"] == "open"})

    @property
    def periods(self) -> int:
        return sum(row["state"] == "open" for row in self.rows)

    @property
    def to_close(self) -> int:
        return len(self.rows) - self.periods


def told(period: Row, today: date) -> Row:
    """The period with its state on `today`, and in words.

    Shape: `state` is `open`, `closed` or `ended` (by itself, without an outcome yet); `weeks_left`
    is whole weeks to the known end of an open one, else None.
    """
    until = min((day for day in (period["ends_on"], period["closed_on"]) if day), default=None)
    state = _state(period, until, today)
    days = (until - today).days if until and state == "open" else None
    axis = AXES[SupportAxis(period["axis"])].capitalize()
    return {
        **period,
        "title": axis + (", intensif" if period["intensive"] else ""),
        "state": state,
        "until": until,
        "weeks_left": None if days is None else days // A_WEEK,
        "left": "" if days is None else _left(days),
        "sentence": _sentence(period, until, state, days),
    }


def plain_period(period: Row, today: date) -> Row:
    """The same for programs: without sealed values and without words of pages."""
    left_out = ("leaseholders", "withdrawn", "title", "left", "sentence")
    return {name: value for name, value in told(period, today).items() if name not in left_out}


def _state(period: Row, until: date | None, today: date) -> str:
    if until is None or until > today:
        return "open"
    return "closed" if period["closed_on"] else "ended"


def _left(days: int) -> str:
    if days >= WEEKS_FROM:
        return f"encore {days // A_WEEK} semaines"
    return f"encore {days} jour{'s' if days > 1 else ''}"


def _sentence(period: Row, until: date | None, state: str, days: int | None) -> str:
    agreed = f"avec l'accord du ménage du {format_day(period['agreed_on'])}"
    if until is None:
        return f"Depuis le {format_day(period['opened_on'])}, {agreed}."
    during = f"Du {format_day(period['opened_on'])} au {format_day(until)}, {agreed}"
    if state == "ended":
        return f"{during}. Terminé de lui-même : notez ce qu'il en est sorti."
    if not period["closed_on"]:
        return f"{during}, {_left(days or 0)}."
    outcome = OUTCOMES[SupportOutcome(period["outcome"])]
    withdrawn = BOOLEANS["agreement_withdrawn"] if period["agreement_withdrawn"] else ""
    return f"{during} : {outcome}{withdrawn}."
