"""Facts as a download tells them, a row each, whatever they stand behind."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from services.reporting.exports.sheet import Column, Kind, Row

if TYPE_CHECKING:
    from services.reporting.service import Reporting

FACT = Column("fact", "Fait")
OF_A_FACT = [
    Column("type", "Type"),
    Column("subject", "Pseudonyme"),
    Column("occurred_on", "Survenu le", Kind.DAY),
    Column("recorded_at", "Noté le (UTC)"),
    Column("actor", "Noté par"),
    Column("corrects", "Corrige"),
    Column("withdrawn", "Retiré", Kind.YES_NO),
]
COLUMNS = """
f.type, f.subject::VARCHAR, f.occurred_on, f.recorded_at::VARCHAR, f.actor, f.corrects, f.withdrawn
"""
SELECT_FACTS = f"""
SELECT service::VARCHAR || '/' || position, {COLUMNS}
FROM fact f WHERE service::VARCHAR || '/' || position = ANY(?)
ORDER BY f.recorded_at, service, position
"""


def facts_of(reporting: "Reporting", identities: Collection[str]) -> list[Row]:
    """What these facts are of, when and by whom they were recorded, in the order of recording."""
    company = reporting.company.slug
    refs = [identity.removeprefix(f"{company}/") for identity in identities]
    with reporting.store.read() as cursor:
        rows = cursor.execute(SELECT_FACTS, [refs]).fetchall()
    return [fact_row(company, *row) for row in rows]


def fact_row(company: str, ref: str, *told: Any) -> Row:
    """`ref`: service and position; `told`: COLUMNS of the fact."""
    fact_type, subject, occurred_on, recorded_at, actor, corrects, withdrawn = told
    return {
        "fact": f"{company}/{ref}",
        "type": fact_type,
        "subject": subject,
        "occurred_on": occurred_on,
        "recorded_at": f"{recorded_at}+00:00",
        "actor": actor,
        "corrects": f"{company}/{ref.partition('/')[0]}/{corrects}" if corrects else None,
        "withdrawn": withdrawn,
    }
