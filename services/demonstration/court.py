"""What the court, the bailiff and the officer decide of a petition, month after month.

A decision depends on the seed, the lease, the day and where the case stands: a day played again
ends the same. Shares are proposed; about a third of the judgments end in an eviction (S09).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from services.demonstration.bank_days import bank_day_from
from services.demonstration.parameters import stream

SHARE_AUTHORISED: Final = 0.6
SHARE_EXECUTED: Final = 0.35
SHARE_REFUSING: Final = 0.3
"""Of the households before the court, how many refuse the CPAS's guidance; proposed."""
TO_JUDGMENT, TO_EVICTION = timedelta(days=42), timedelta(days=21)
"""From the petition to the judgment, and from a warning to the bailiff's day, at least."""


@dataclass(frozen=True, slots=True)
class CourtCase:
    """A case as the list « Au tribunal » tells it; days are None where not noted."""

    lease_id: UUID
    lease_reference: str
    petition_on: date | None
    judgment_on: date | None
    outcome: str | None
    served_on: date | None
    evict_on: date | None
    suspended_on: date | None
    claim_cents: int = 0


def court_case(row: dict[str, Any]) -> CourtCase:
    """From an answer of the service."""
    stands = row["stands"]
    days = ("petition_on", "judgment_on", "served_on", "evict_on", "suspended_on")
    read = {name: date.fromisoformat(stands[name]) if stands[name] else None for name in days}
    claim = stands["claim_cents"] or 0
    return CourtCase(
        UUID(row["lease_id"]),
        row["reference"] or "",
        outcome=stands["outcome"],
        claim_cents=claim,
        **read,
    )


def first_filed(cases: Iterable[CourtCase]) -> UUID | None:
    """The lease of the first petition of all."""
    filed = [(case.petition_on, case.lease_reference, case) for case in cases if case.petition_on]
    return min(filed, key=itemgetter(0, 1))[2].lease_id if filed else None


def decide(seed: int, day: date, case: CourtCase, *, first: bool = False) -> list[dict[str, Any]]:
    """What is noted of a case on a day, in order; an eviction that is blocked is let be.

    `first`: of the first petition an eviction is authorised and the household accepts guidance, so
    that every company whose tenants come before the court meets the winter moratorium.
    """
    fate = stream(seed, "court", case.lease_reference, date.min).random
    authorised, executed, refuses = fate() < SHARE_AUTHORISED, fate(), fate() < SHARE_REFUSING
    authorised, refuses = authorised or first, refuses and not first
    if case.judgment_on is None:
        if case.petition_on is None or day < case.petition_on + TO_JUDGMENT:
            return []
        answer = {"act": "guidance", "answered_on": _iso(day), "accepted": not refuses}
        judgment = {
            "act": "judgment",
            "given_on": _iso(day - timedelta(days=2)),
            "claim_cents": case.claim_cents,
            "terms_granted": not authorised,
            "eviction_authorised": authorised,
        }
        return [answer, judgment]
    if case.outcome != "eviction-authorised" or case.suspended_on is not None:
        return []
    if case.served_on is None:
        return [{"act": "service", "served_on": _iso(day - timedelta(days=1))}]
    if case.evict_on is None:
        evict_on = bank_day_from(day + TO_EVICTION)
        return [{"act": "eviction", "evict_on": _iso(evict_on), "warned_on": _iso(day)}]
    if day < case.evict_on:
        return []
    if executed < SHARE_EXECUTED:
        return [{"act": "execution", "executed_on": _iso(case.evict_on)}]
    return [{"act": "suspension", "reason": "plan-agreed"}]


def _iso(day: date) -> str:
    return day.isoformat()
