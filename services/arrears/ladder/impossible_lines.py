"""Lines of a case file that cannot be beside the others."""

from datetime import date

from services.arrears.ladder.books import Books
from services.arrears.ladder.case import (
    Case,
    Credit,
    Pause,
    Payment,
    Plan,
    PlanEnded,
    Reversal,
)
from services.arrears.ladder.moments import Lines
from services.arrears.ladder.refused_line import LineRefused


def refuse_impossible(case: Case) -> None:
    """Errors: LineRefused."""
    _refuse_plans(case)
    _refuse_pauses(case)
    _refuse_cancellations(case)


def _refuse_plans(case: Case) -> None:
    agreed: dict[str | None, date] = {}
    for line in case.happenings:
        if isinstance(line, Plan):
            agreed[line.plan] = min(line.on, agreed.get(line.plan, line.on))
    for line in case.happenings:
        if isinstance(line, Payment | Reversal | PlanEnded) and line.plan not in {None, *agreed}:
            known = ", ".join(sorted(filter(None, agreed)))
            there = f"; there is {known}" if known else ""
            raise LineRefused(line, "plan", f"no plan is called « {line.plan} »{there}")
        if isinstance(line, PlanEnded) and line.on < agreed[line.plan]:
            reason = f"the plan « {line.plan} » was agreed later, on {agreed[line.plan]}"
            raise LineRefused(line, "on", reason)


def _refuse_pauses(case: Case) -> None:
    for line in case.happenings:
        if isinstance(line, Pause) and line.review_on < line.on:
            reason = f"{line.review_on} lies before the pause, {line.on}"
            raise LineRefused(line, "review_on", reason)


def _refuse_cancellations(case: Case) -> None:
    named = [
        (line, line.cancels)
        for line in case.happenings
        if isinstance(line, Credit) and line.cancels is not None
    ]
    if not named:
        return
    charged = Books(Lines.of(case), max(day for _, day in named)).charged
    for line, day in named:
        if line.what != "charge-cancelled":
            raise LineRefused(line, "cancels", "only a charge-cancelled says which charge")
        if day not in charged:
            raise LineRefused(line, "cancels", f"no rent was charged on {day}")
        if line.cents > charged[day]:
            reason = f"{charged[day]} cents of rent were charged on {day}, not more"
            raise LineRefused(line, "cents", reason)
