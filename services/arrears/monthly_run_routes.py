"""The monthly run: what it would charge, shown before a person has it done."""

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel, Field

from services.arrears.api import OFFICER, READERS
from services.arrears.monthly_run import (
    MonthNotPossible,
    ToCharge,
    months_to_run,
    run_month,
    select_cancelled,
    select_to_charge,
)
from services.chassis.asked import Asked
from services.chassis.routes import Routes

ROUTES = Routes()
API, PAGE = "/api/{company}/monthly-run", "/{company}/monthly-run"
SHOWN_MAX = 200
Month = Annotated[str, Query(max_length=7)]


class MonthToRun(BaseModel):
    """The month to charge, `YYYY-MM`."""

    month: Annotated[str, Field(max_length=7)]


class MonthRun(BaseModel):
    """How many leases were charged, and how much in all."""

    month: str
    charged: int
    charged_cents: int


@ROUTES.api("GET", API, roles=READERS, refusals=[MonthNotPossible])
def to_charge(asked: Asked, month: Month) -> dict[str, Any]:
    """What the run of a month would charge now, by lease number.

    `days`: for how many days of its first month a lease is charged.
    """
    found = select_to_charge(asked.service, month, asked.today)
    return {"month": month, "cents": _sum(found), "leases": [_told(each) for each in found]}


@ROUTES.api("POST", API, roles=OFFICER, answer=MonthRun, refusals=[MonthNotPossible])
def run(asked: Asked, body: MonthToRun) -> dict[str, Any]:
    """Charge every lease the month that is not charged yet."""
    count, cents = run_month(asked.service, asked.caller(), body.month, asked.today)
    return {"month": body.month, "charged": count, "charged_cents": cents}


def _sum(found: list[ToCharge]) -> int:
    return sum(each.cents for each in found)


def _told(each: ToCharge) -> dict[str, Any]:
    names = ("lease_id", "reference", "due_on", "rent_cents", "charges_cents", "days")
    return {name: getattr(each, name) for name in names}


@ROUTES.page(PAGE, roles=OFFICER)
def monthly_run(asked: Asked, month: Month = "") -> Response:
    months = months_to_run(asked.today)
    typed = asked.form.value("month")
    chosen = month or (typed if typed in months else f"{asked.today:%Y-%m}")
    found = select_to_charge(asked.service, chosen, asked.today)
    return asked.render(
        "monthly_run.html",
        month=chosen,
        months=[(each, f"{each[5:]}/{each[:4]}") for each in months],
        cancelled=select_cancelled(asked.service, chosen),
        found=found,
        cents=_sum(found),
        shown_max=SHOWN_MAX,
    )


@ROUTES.act(PAGE, roles=OFFICER, form=monthly_run)
def run_it(asked: Asked) -> Response:
    with asked.form as form:
        month = form.text("month", "le mois", 7)
    run_month(asked.service, asked.caller(), month, asked.today)
    return asked.redirect(f"monthly-run?month={month}")
