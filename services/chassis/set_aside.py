"""What operators decided of facts that a service set aside: each service tells its own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query, Response

from contracts.in_french import titled
from services.chassis.asked import Asked
from services.chassis.clock import end_of
from services.chassis.datastore import CompanyDatastore
from services.chassis.identity import Role
from services.chassis.routes import Routes

SHOWN_MAX = 100
"""Rows a page of a long list."""
Page = Annotated[int, Query(ge=1, le=100_000, description="From 1, the newest; 100 rows each.")]
DECIDED = """
FROM (SELECT publisher, position, type, subject, reason, since, behind, state, decided_by,
             decided_at, decided_because FROM parked WHERE state <> 'parked'
      UNION ALL
      SELECT publisher, position, '', '', held, decided_at, NULL, 'held-' || state, decided_by,
             decided_at, decided_because FROM held_decided) AS decided
WHERE decided_at >= %s AND decided_at < %s
"""
COUNT = f"SELECT count(*) AS count {DECIDED}"
SELECT = f"SELECT * {DECIDED} ORDER BY decided_at DESC, publisher, position DESC LIMIT %s OFFSET %s"
STATES = {
    "released": "Laissé de côté pour toujours",
    "retried": "Repris",
    "held-released": "Autres octets écartés pour toujours",
    "held-retried": "Relu, autres octets compris",
}
FIRST = datetime(1990, 1, 1, tzinfo=UTC)
ROUTES = Routes()


@dataclass(frozen=True)
class Decided:
    """Of all that was decided between two moments, the rows of one page, newest first."""

    count: int
    rows: list[dict[str, Any]]


def select_decided(
    datastore: CompanyDatastore,
    since: datetime,
    before: datetime,
    limit: int | None = SHOWN_MAX,
    page: int = 1,
) -> Decided:
    with datastore.reading() as rows:
        (found,) = rows.execute(COUNT, (since, before)).fetchall()
        skipped = (page - 1) * (limit or 0)
        return Decided(
            found["count"], rows.execute(SELECT, (since, before, limit, skipped)).fetchall()
        )


@ROUTES.page("/{company}/set-aside", roles={Role.MANAGER, Role.AUDITOR})
def set_aside(asked: Asked, page: Page = 1) -> Response:
    """What an operator decided here of facts that could not be taken."""
    log, until = asked.company.slug, end_of(asked.today)
    decided = select_decided(asked.service.datastore, FIRST, until, page=page)
    for row in decided.rows:
        row["on_what"] = titled(row["type"]) or "Fait revenu avec d'autres octets"
        row["fact"] = asked.fact_link(f"{log}/{row['publisher']}/{row['position']}")
    return asked.render("set_aside.html", decided=decided, states=STATES, page=page)
