"""The monthly run: every lease whose rent is monthly is charged what the lease says.

A month that a lease is charged already, by a rent roll say, is left as it is, and so is one that a
person cancelled: it was never due. Rents that are not monthly are the rent roll's matter.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dateutil.relativedelta import relativedelta

from services.arrears.policy import due_on, policy_on
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.caller import Caller
from services.chassis.failpoint import failpoint
from services.chassis.refusal import Malformed

if TYPE_CHECKING:
    from services.arrears.service import Arrears

CHARGES_AN_ACT = 250
MONTHS_BACK = 11
SELECT_TO_CHARGE = """
SELECT a.lease_id, a.reference, a.start_on, a.rent_cents, a.charges_cents FROM account a
WHERE NOT a.closed AND a.rent_period IS NULL AND a.rent_cents + a.charges_cents > 0
    AND a.start_on <= %(last)s AND (a.ended_on IS NULL OR a.ended_on >= %(first)s)
    AND NOT EXISTS (SELECT 1 FROM account_line l WHERE l.lease_id = a.lease_id
        AND l.kind = 'charge' AND l.month = %(month)s)
    AND NOT EXISTS (SELECT 1 FROM cancelled_month c WHERE c.lease_id = a.lease_id
        AND c.month = %(month)s)
ORDER BY a.reference
"""

SELECT_CANCELLED = """
SELECT a.lease_id, a.reference FROM cancelled_month c JOIN account a USING (lease_id)
WHERE c.month = %s AND NOT a.closed AND a.rent_period IS NULL AND NOT EXISTS (
    SELECT 1 FROM account_line l WHERE l.lease_id = a.lease_id AND l.kind = 'charge'
    AND l.month = c.month)
ORDER BY a.reference
"""


class MonthNotPossible(Malformed):
    slug = "month-not-possible"
    title = "Mois impossible"


@dataclass(frozen=True, slots=True)
class ToCharge:
    """What a lease is charged for a month. `days`: of its first month, where not all of it."""

    lease_id: UUID
    reference: str
    due_on: date
    rent_cents: int
    charges_cents: int
    days: int | None

    @property
    def cents(self) -> int:
        return self.rent_cents + self.charges_cents


def months_to_run(today: date) -> list[str]:
    """The next month, this one and those of the year before it, the newest first."""
    return [f"{today + relativedelta(months=1 - n):%Y-%m}" for n in range(MONTHS_BACK + 2)]


def select_to_charge(arrears: "Arrears", month: str, today: date) -> list[ToCharge]:
    """What the run would charge for a month `YYYY-MM`, by lease number.

    Refuses: MonthNotPossible (422).
    """
    if month not in months_to_run(today):
        detail = "Choisissez le mois prochain, ce mois-ci ou un des onze mois d'avant (AAAA-MM)."
        raise MonthNotPossible(detail, [{"field": "month", "reason": detail}])
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    with arrears.datastore.reading() as rows:
        found = rows.execute(SELECT_TO_CHARGE, {"month": month, "first": first, "last": last})
        return [_to_charge(row, last) for row in found.fetchall()]


def select_cancelled(arrears: "Arrears", month: str) -> list[dict[str, Any]]:
    """Leases of which the month was charged and cancelled: no run charges it again."""
    with arrears.datastore.reading() as rows:
        return rows.execute(SELECT_CANCELLED, (month,)).fetchall()


def _to_charge(row: Mapping[str, Any], last: date) -> ToCharge:
    """A first month is charged by its days, the first one included, and due once it began.

    Units: integer cents, half up.   Source: `first_month_by_days` of `policy.toml`, to confirm.
    """
    start, due = row["start_on"], due_on(f"{last:%Y-%m}")
    lived = last.day - start.day + 1
    within = (start.year, start.month) == (last.year, last.month) and lived < last.day
    days = lived if within and policy_on(last).first_month_by_days else None
    return ToCharge(
        row["lease_id"],
        row["reference"],
        max(due, start) if within else due,
        _part(row["rent_cents"], days, last.day),
        _part(row["charges_cents"], days, last.day),
        days,
    )


def _part(cents: int, days: int | None, of_days: int) -> int:
    return cents if days is None else (2 * cents * days + of_days) // (2 * of_days)


def run_month(
    arrears: "Arrears", caller: Caller, month: str, today: date, an_act: int = CHARGES_AN_ACT
) -> tuple[int, int]:
    """Charge a month, `an_act` leases at a time; how many in all, and how many cents.

    Run again, or after it was stopped half way, it charges what is not charged yet.
    Records: RentCharged and what follows.   Refuses: MonthNotPossible (422).
    """
    wanted = select_to_charge(arrears, month, today)
    done: list[ToCharge] = []
    for start in range(0, len(wanted), an_act):
        charged: list[ToCharge] = []

        def decide(act: Act, start: int = start, charged: list[ToCharge] = charged) -> None:
            _charge(arrears, act, month, wanted[start : start + an_act], charged)

        arrears.perform(Caller(caller.actor, correlation_id=caller.correlation_id), decide)
        failpoint("monthly-run.between-acts")
        done += charged
    return len(done), sum(each.cents for each in done)


def _charge(
    arrears: "Arrears", act: Act, month: str, chunk: Sequence[ToCharge], charged: list[ToCharge]
) -> None:
    charged.clear()
    accounts = act.find_all(RentAccount, [each.lease_id for each in chunk])
    for each in chunk:
        account = accounts[each.lease_id]
        if account.closed or account.charge_of(month) is not None:
            continue  # since it was looked at, somebody else charged it or withdrew the lease
        amounts = (each.due_on, each.rent_cents, each.charges_cents)
        arrears.charge(act, account, month, *amounts)
        charged.append(each)
