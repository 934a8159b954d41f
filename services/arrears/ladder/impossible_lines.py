"""Lines of a case file that cannot be beside the others."""

from datetime import date

from services.arrears.ladder.books import Books
from services.arrears.ladder.case import (
    Credit,
    Pause,
    Payment,
    Plan,
    PlanEnded,
    Reversal,
)
from services.arrears.ladder.moments import Lines
from services.arrears.ladder.refused_line import LineRefused


def refuse_impossible(lines: Lines) -> None:
    """Errors: LineRefused."""
    _refuse_plans(lines)
    _refuse_pauses(lines)
    _refuse_cancellations(lines)


def _refuse_plans(lines: Lines) -> None:
    agreed: dict[str | None, date] = {}
    for plan in lines.of_kind(Plan):
        agreed.setdefault(plan.plan, plan.on)
    named = {None, *agreed}
    ended = lines.of_kind(PlanEnded)
    told: list[Payment | Reversal | PlanEnded] = [*lines.of_kind(Payment), *ended]
    told += lines.of_kind(Reversal)
    for line in told:
        if line.plan not in named:
            known = ", ".join(sorted(filter(None, agreed)))
            there = f"; there is {known}" if known else ""
            raise LineRefused(line, "plan", f"no plan is called « {line.plan} »{there}")
    for line in ended:
        if line.on < agreed[line.plan]:
            reason = f"the plan « {line.plan} » was agreed later, on {agreed[line.plan]}"
            raise LineRefused(line, "on", reason)


def _refuse_pauses(lines: Lines) -> None:
    for line in lines.of_kind(Pause):
        if line.review_on < line.on:
            reason = f"{line.review_on} lies before the pause, {line.on}"
            raise LineRefused(line, "review_on", reason)


def _refuse_cancellations(lines: Lines) -> None:
    credits_ = lines.of_kind(Credit)
    named = [(line, line.cancels) for line in credits_ if line.cancels is not None]
    if not named:
        return
    charged = Books(lines, max(day for _, day in named)).charged
    for line, day in named:
        if line.what != "charge-cancelled":
            raise LineRefused(line, "cancels", "only a charge-cancelled says which charge")
        if day not in charged:
            raise LineRefused(line, "cancels", f"no rent was charged on {day}")
        if line.cents > charged[day]:
            reason = f"{charged[day]} cents of rent were charged on {day}, not more"
            raise LineRefused(line, "cents", reason)
