"""The legal path of a case, read for a page or an answer."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.case_rows import select_entries
from services.arrears.casework.explaining import look_back, policies_of
from services.arrears.casework.looking import replayed
from services.arrears.legal.coming_next import (
    coming_next,
    earliest_eviction,
    moratorium_over,
    waits_for_the_bailiff,
)
from services.arrears.legal.deadlines import Deadline, deadlines_of
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
    AND NOT withdrawn
) ORDER BY a.reference
"""


def path_of(arrears: "Arrears", lease_id: UUID, today: date) -> dict[str, Any]:
    """Where a case stands before the court.

    `stands`: what the petition claims; the days of petition, judgment, service, eviction and,
    since the last judgment, its suspension, None where not noted; `deadlines` with sources;
    `costs_cents`; `entries`, those that stand, newest first; `blocked`: every refusal of an
    eviction, newest first; `earliest_on`: the first day of an eviction by what is known today;
    `to_do`: what comes next.
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
        **(_told(arrears, lease_id, case, today) if isinstance(case, ArrearsCase) else _UNTOLD),
        "lease_id": lease_id,
        "stands": _stands(case) if isinstance(case, ArrearsCase) else _NOTHING,
        "deadlines": [
            _deadline(deadline)
            for deadline in (deadlines_of(case) if isinstance(case, ArrearsCase) else ())
        ],
        "costs_cents": costs["cents"] if costs else 0,
    }


def _told(arrears: "Arrears", lease_id: UUID, case: ArrearsCase, today: date) -> dict[str, Any]:
    """What is told of a case besides where it stands."""
    back = look_back(arrears, lease_id, today, today)
    policies = policies_of(arrears)
    with arrears.datastore.reading() as rows:
        entries = [row for row in select_entries(rows, lease_id) if row["version"] in case.entries]
    moratorium = moratorium_over(case, back.seen.state, policies, today)
    next_one = coming_next(case, today, moratorium) if case.is_before_court else None
    return {
        "entries": [
            {
                "entry": row["version"],
                "on": row["on_day"],
                "what": row["what"],
                "said": row["said"],
                "rested_on": case.resting_on(row["version"]),
            }
            for row in entries
        ],
        "blocked": [
            {"evict_on": b.evict_on, "blocked_on": b.blocked_on, "reasons": b.reasons}
            for b in reversed(case.blocks)
        ],
        "earliest_on": earliest_eviction(case, back.seen.state, policies, today),
        "to_do": _deadline(next_one) if next_one else None,
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {"what": deadline.what, "on": deadline.on, "source": deadline.source}


_UNTOLD: dict[str, Any] = {"entries": [], "blocked": [], "earliest_on": None, "to_do": None}


def before_court(arrears: "Arrears") -> list[dict[str, Any]]:
    """Every case that went to court and whose tenant was not evicted, the next deadline first.

    Each is an account's row with `names`, `stands`, `to_do`, what comes next and by when, and
    `next`, its first deadline of the law from today on.
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
            to_do = coming_next(case, today, _moratorium(arrears, case, today))
            told.append(
                row
                | {
                    "stands": _stands(case),
                    "next": ahead[0] if ahead else None,
                    "to_do": _deadline(to_do),
                    "first_on": min([to_do.on, *(d.on for d in ahead)]),
                }
            )
    told.sort(key=lambda row: (row["first_on"], row["reference"] or ""))
    return told


def _moratorium(arrears: "Arrears", case: ArrearsCase, today: date) -> Deadline | None:
    if not waits_for_the_bailiff(case):
        return None
    state = look_back(arrears, case.lease_id, today, today).seen.state
    return moratorium_over(case, state, policies_of(arrears), today)


_NOTHING: dict[str, Any] = {
    "petition_on": None,
    "claim_cents": None,
    "judgment_on": None,
    "outcome": None,
    "served_on": None,
    "evict_on": None,
    "suspended_on": None,
    "executed_on": None,
}


def _stands(case: ArrearsCase) -> dict[str, date | str | int | None]:
    return {
        "petition_on": case.petition.filed_on if case.petition else None,
        "claim_cents": case.petition.claim_cents if case.petition else None,
        "judgment_on": case.judgment.given_on if case.judgment else None,
        "outcome": case.judgment.outcome if case.judgment else None,
        "served_on": case.service.served_on if case.service else None,
        "evict_on": case.eviction.evict_on if case.eviction else None,
        "suspended_on": case.suspended_on,
        "executed_on": case.executed_on,
    }
