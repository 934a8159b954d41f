"""The legal path of a case, read for a page or an answer."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.looking import replayed
from services.arrears.legal.deadlines import deadlines_of
from services.arrears.rent_account import RentAccount
from services.chassis.clock import Clock
from services.chassis.facts import READ_HEAD
from services.chassis.refusal import NotFound

if TYPE_CHECKING:
    from services.arrears.service import Arrears

SELECT_COSTS = """
SELECT coalesce(sum((said->>'cost_cents')::bigint), 0)::bigint AS cents FROM case_entry
WHERE lease_id = %s AND what = 'CourtCostsIncurred' AND NOT withdrawn
"""
SELECT_BEFORE_COURT = """
SELECT a.lease_id, a.household_id, a.reference, a.leaseholders FROM account a
WHERE a.lease_id IN (
    SELECT lease_id FROM case_entry WHERE what IN ('CourtPetitionFiled', 'JudgmentGiven')
) ORDER BY a.reference
"""


def path_of(arrears: "Arrears", lease_id: UUID) -> dict[str, Any]:
    """Where a case stands before the court.

    `stands`: the days of petition, judgment, service, eviction and, since the last judgment, its
    suspension, None where not noted; `deadlines` with their sources; `costs_cents`.
    Errors: NotFound for an account that is not known.
    """
    case_id = ArrearsCase.id_of(arrears.company.slug, lease_id)
    known = replayed(arrears, [lease_id, case_id])
    if not isinstance(known.get(lease_id), RentAccount):
        raise NotFound("Ce compte n'est pas connu.")
    with arrears.datastore.reading() as rows:
        costs = rows.execute(SELECT_COSTS, (lease_id,)).fetchone()
    case = known.get(case_id)
    return {
        "lease_id": lease_id,
        "stands": _stands(case) if isinstance(case, ArrearsCase) else _NOTHING,
        "deadlines": [
            {"what": deadline.what, "on": deadline.on, "source": deadline.source}
            for deadline in (deadlines_of(case) if isinstance(case, ArrearsCase) else ())
        ],
        "costs_cents": costs["cents"] if costs else 0,
    }


def before_court(arrears: "Arrears") -> list[dict[str, Any]]:
    """Every case that went to court and whose tenant was not evicted, the next deadline first.

    Each is an account's row with `names`, `stands` and `next`, its first deadline from today on.
    """
    slug = arrears.company.slug
    with arrears.datastore.reading() as rows:
        found = rows.execute(SELECT_BEFORE_COURT).fetchall()
        today = Clock.of(rows.execute(READ_HEAD).fetchone() or {}).today
    cases = replayed(arrears, [ArrearsCase.id_of(slug, row["lease_id"]) for row in found])
    told = []
    for row in found:
        case = cases[ArrearsCase.id_of(slug, row["lease_id"])]
        if case.executed_on is None:
            ahead = [d for d in deadlines_of(case) if d.on >= today]
            told.append(row | {"stands": _stands(case), "next": ahead[0] if ahead else None})
    told.sort(key=lambda row: (row["next"].on if row["next"] else date.max, row["reference"] or ""))
    return told


_NOTHING: dict[str, Any] = {
    "petition_on": None,
    "judgment_on": None,
    "outcome": None,
    "served_on": None,
    "evict_on": None,
    "suspended_on": None,
    "executed_on": None,
}


def _stands(case: ArrearsCase) -> dict[str, date | str | None]:
    return {
        "petition_on": case.petition.filed_on if case.petition else None,
        "judgment_on": case.judgment.given_on if case.judgment else None,
        "outcome": case.judgment.outcome if case.judgment else None,
        "served_on": case.service.served_on if case.service else None,
        "evict_on": case.eviction.evict_on if case.eviction else None,
        "suspended_on": case.suspended_on,
        "executed_on": case.executed_on,
    }
