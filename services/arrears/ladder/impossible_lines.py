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
            there = f" Plans connus\u00a0: {known}." if known else ""
            reason = f"Aucun plan ne s'appelle «\u00a0{line.plan}\u00a0».{there}"
            raise LineRefused(line, "plan", reason)
    for line in ended:
        if line.on < agreed[line.plan]:
            reason = f"Le plan «\u00a0{line.plan}\u00a0» n'est conclu que le {agreed[line.plan]}."
            raise LineRefused(line, "on", reason)


def _refuse_pauses(lines: Lines) -> None:
    for line in lines.of_kind(Pause):
        if line.review_on < line.on:
            reason = f"Le {line.review_on} précède la suspension, qui commence le {line.on}."
            raise LineRefused(line, "review_on", reason)


def _refuse_cancellations(lines: Lines) -> None:
    credits_ = lines.of_kind(Credit)
    named = [(line, line.cancels) for line in credits_ if line.cancels is not None]
    if not named:
        return
    charged = Books(lines, max(day for _, day in named)).charged
    for line, day in named:
        if line.what != "charge-cancelled":
            reason = "Seule une ligne charge-cancelled dit quel loyer elle annule."
            raise LineRefused(line, "cancels", reason)
        if day not in charged:
            raise LineRefused(line, "cancels", f"Aucun loyer n'est porté en compte le {day}.")
        if line.cents > charged[day]:
            reason = f"Le loyer du {day} est de {charged[day]} cents\u00a0: n'annulez pas plus."
            raise LineRefused(line, "cents", reason)
