"""A year replayed between two known-on moments: what moved, and the facts that moved it, whole."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from services.reporting.differences import Differences

if TYPE_CHECKING:
    from services.reporting.service import Reporting

SELECT_FACTS = """
SELECT service::VARCHAR || '/' || position, type, subject::VARCHAR, occurred_on,
       recorded_at::VARCHAR, actor, corrects, withdrawn
FROM fact WHERE service::VARCHAR || '/' || position = ANY(?) ORDER BY recorded_at, service, position
"""


def facts_behind(reporting: "Reporting", moved: Differences) -> list[dict[str, Any]]:
    """Every fact that moved a figure, once, with the figures that it moved and how it came.

    Pseudonyms alone: a subject is an id. The bytes are at the service that recorded it.
    """
    company = reporting.company.slug
    moves: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for change in moved["changes"]:
        for cause in change["because"]:
            ref = cause["fact"].removeprefix(f"{company}/")
            moves.setdefault(ref, []).append(change["indicator"])
            kinds[ref] = cause["kind"]
    return [
        fact | {"kind": kinds[ref], "indicators": ", ".join(sorted(set(moves[ref])))}
        for fact in facts_of(reporting, [f"{company}/{ref}" for ref in moves])
        for ref in [fact["fact"].removeprefix(f"{company}/")]
    ]


def facts_of(reporting: "Reporting", identities: Collection[str]) -> list[dict[str, Any]]:
    """What these facts are of, when and by whom they were recorded, in the order of recording."""
    company = reporting.company.slug
    refs = [identity.removeprefix(f"{company}/") for identity in identities]
    with reporting.store.read() as cursor:
        rows = cursor.execute(SELECT_FACTS, [refs]).fetchall()
    return [
        {
            "fact": f"{company}/{ref}",
            "type": fact_type,
            "subject": subject,
            "occurred_on": occurred_on,
            "recorded_at": f"{recorded_at}+00:00",
            "actor": actor,
            "corrects": f"{company}/{ref.partition('/')[0]}/{corrects}" if corrects else None,
            "withdrawn": withdrawn,
        }
        for ref, fact_type, subject, occurred_on, recorded_at, actor, corrects, withdrawn in rows
    ]
