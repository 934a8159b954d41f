"""Requests that would do something if they were allowed to, of any route, and without an effect.

A version that nobody has seen stands in every request that changes something: whoever is let in is
told that it is stale, or that something is to be mended.
"""

from collections.abc import Iterator
from typing import Any

import httpx
from fastapi import FastAPI
from httpx import Response

from services.chassis.routes import rules

STALE = "999999999"
OWN_PARAMETERS = {
    "kind": "coda",
    "charge": "2024-03",
    "year": "2024",
    "first_year": "2024",
    "format": "csv",
    "indicator": "I01",
    "which": "corrections",
    "position": "1",
    "step": "first-reminder",
    "act": "hearing",
    "entry": "999",
}
PERSON = {"name": "Zoé", "contact": None}
TERMS = {
    "dwelling_reference": "D-none",
    "start_on": "2024-04-01",
    "rent_cents": 1,
    "charges_cents": 1,
}
MADE = {
    "kind": "m6",
    "planned_on": "2024-01-01",
    "done_on": "2199-01-01",
    "place": "home",
    "performed_by": "nobody",
    "result": "all-well",
    "missed_on": "2024-04-01",
    "reason": "nobody-home",
    "rent_cents": 1,
    "charges_cents": 1,
}
AGREED = {
    "axis": "housing-education",
    "intensive": True,
    "agreed_on": "2024-04-01",
    "opened_on": "2024-04-02",
}
CLOSED = {"closed_on": "2024-04-05", "outcome": "autonomous"}
BODIES: dict[str, Any] = {
    "/dwellings": {"reference": "", "registered_on": "2020-01-01"},
    "/leases": TERMS | {"reference": "", "leaseholders": [PERSON]},
    "/welcome-meeting": {"held_on": "2199-01-01"},
    "/welcome-meeting/correction": {"held_on": "2199-01-01"},
    "/end": {"ended_on": "2024-04-01", "reason": "notice"},
    "{lease_id}/correction": TERMS,
    "/leaseholders/correction": {"leaseholders": [PERSON]},
    "/transfer": TERMS | {"reference": "L-none"},
    "/policies": {"document": "policy: none"},
    "/contracts": {"document": "contract: none"},
    "/objectives": {
        "theme": "rental",
        "indicator": "I03",
        "direction": "at-most",
        "targets": [{"year": 2028, "at_most": "1"}],
    },
    "/amendment": {
        "direction": "at-most",
        "targets": [{"year": 2028, "at_most": "1"}],
        "reason": "Essai",
    },
    "/suspension": {"unlettable_from": "2024-03-01", "reason": "works"},
    "/resumption": {"lettable_from": "2024-03-02"},
    "/evaluation": {"year": 2024, "comment": "Essai"},
    "/policies/rehearsal": {"document": "x", "first": "2024-01-01", "last": "2024-01-02"},
    "/work-list/{step}": {"leases": ["00000000-0000-0000-0000-000000000000"]},
    "/steps": {"step": "home-visit"},
    "/write-offs": {
        "amount_cents": 1,
        "written_off_on": "2024-04-01",
        "reason": "prescribed",
        "decided_by": "board",
    },
    "/credit-returns": {"amount_cents": 1, "returned_on": "2024-04-01", "reason": "paid-twice"},
    "payments/{payment_id}/other-charges": {"kind": "repairs", "amount_cents": 1},
    "/other-charges": {
        "kind": "repairs",
        "amount_cents": 1,
        "due_on": "2024-04-01",
        "reference": "F-1",
    },
    "{other_charge_id}": {"amount_cents": 1, "due_on": "2024-04-01"},
    "/override": {"reason": "payment-expected"},
    "/pause": {"reason": "illness", "review_on": "2024-05-01"},
    "/circumstances": {"circumstance": "hardship"},
    "/plans": {"instalment_cents": 1},
    "/contacts": {"reached": True},
    "/promises": {"promised_cents": 1, "pay_by": "2024-05-01"},
    "/social-service/answer": {"answer": "objected"},
    "/legal-path": {"act": "hearing", "hearing_on": "2024-05-01"},
    "/support-periods": AGREED,
    "{period_id}/correction": AGREED,
    "/closure": CLOSED,
    "/closure/correction": CLOSED,
    "/agreement/withdrawal": {"withdrawn_on": "2024-04-04"},
    "/letter-batches": {"letters": ["00000000-0000-0000-0000-000000000000"]},
    "/letter-templates": {"document": "letters: none"},
    "/outcome": {"outcome": "lost"},
    "/return": {"reason": "moved-away", "returned_on": "2024-04-12"},
    "{plan_id}/cancellation": {"reason": "household-asked"},
    "{entry}/withdrawal": {"reason": "wrong-day"},
}
DAYS = (
    *("start_on", "held_on", "ended_on", "planned_on", "done_on", "missed_on", "hearing_on"),
    *("unlettable_from", "lettable_from", "decided_on", "pay_by", "returned_on"),
    *("agreed_on", "opened_on", "closed_on", "withdrawn_on"),
    "due_on",
)
FIELDS = {
    "reference": "",
    "dwelling_reference": "D-none",
    "rent": "1,00",
    "charges": "1,00",
    "name": "Zoé",
    "mode": "office",
    "kind": "m6",
    "place": "home",
    "performed_by": "nobody",
    "result": "all-well",
    "circumstance": "hardship",
    "axis": "housing-education",
    "intensive": "yes",
    "amount": "0,01",
    "decided_by": "board",
    "answer": "objected",
    "channel": "phone",
    "method": "balance-reduction",
    "reached": "yes",
    "promised_cents": "1,00",
    "with": "tenant",
    "source": "wallonie",
    "outcome": "lost",
    "version": STALE,
    "first_year": "2026",
    "baseline_year": "2026",
    "theme": "rental",
    "comment": "Essai",
}
REASONS = {
    "/suspension": "works",
    "/pause/end": "",
    "/end": "notice",
    "/override": "payment-expected",
    "/write-off": "prescribed",
    "/credit": "paid-twice",
    "/pause": "illness",
    "{plan_id}/cancellation": "household-asked",
    "{entry}/withdrawal": "wrong-day",
    "/return": "moved-away",
}
PAST = {"day": "1", "month": "1", "year": "2024"}


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """(method, path template) of every route, once."""
    for method, path, _ in rules(app):
        yield method, path


def address(path: str, slug: str, ids: dict[str, str]) -> str:
    """The path with its parameters filled in."""
    known = OWN_PARAMETERS | ids | {"company": slug, "name": "frame.css"}
    if path.endswith(("visits/{visit_id}/correction", "{visit_id}/withdrawal")):
        known |= {"visit_id": ids["visit_made"]}
    if "/payments/{payment_id}/" in path or path.endswith("/payment/{payment_id}"):
        known |= {"payment_id": ids["payment_taken"]}
    if "/decisions/" in path:
        known |= {"lease_id": ids.get("lease_3", known["lease_id"])}
    if "/imports/" in path and path.startswith("/api/"):
        known |= {"kind": "dwellings" if ids.get("service") == "intake" else "coda"}
    filled = path.format_map(known)
    between = "?first=2024-01-31&second=2024-02-29"
    asked = {
        "/rebuild": "?from=nowhere",
        "/monthly-run": "?month=2024-04",
        "/differences": between,
        "/reckoned": "?known_on=2024-02-29&intake=1&followup=1&arrears=1",
        "/differences/export/{format}": between,
    }
    return filled + next((query for end, query in asked.items() if path.endswith(end)), "")


def send(
    client: httpx.Client, method: str, path: str, to: str, lease_id: str, **headers: str
) -> Response:
    """What a route is made for, at the address `to`; `lease_id` is one that exists."""
    if method == "GET":
        return client.get(to, headers=headers)
    if path.startswith("/api/"):
        body = next((b for end, b in BODIES.items() if path.endswith(end)), MADE)
        body = body | {"lease_id": lease_id} if body is MADE else body
        return client.request(method, to, json=body, headers={"if-match": STALE} | headers)
    fields = dict(FIELDS) | {f"{day}-{part}": text for day in DAYS for part, text in PAST.items()}
    if "csrf" in headers:
        fields["csrf"] = headers.pop("csrf")
    reason = next((why for end, why in REASONS.items() if path.endswith(end)), "nobody-home")
    if "/other-charges" in path:
        fields |= {"kind": "repairs", "reference": "F-1"}
    if path.endswith("/imports"):
        return client.post(to, data=fields | {"kind": "none"}, headers=headers)
    return client.post(to, data=fields | {"reason": reason, "lease_id": lease_id}, headers=headers)
