"""The JSON route of the region's table."""

from typing import Any

from services.chassis.asked import Asked
from services.chassis.identity import Role
from services.chassis.routes import Routes
from services.reporting.region.comparable import CompanyRow, comparable_table
from services.reporting.region.region_clock import region_today
from services.reporting.return_api import ReturnYear

REGION = {Role.REGIONAL_AUTHORITY}
ROUTES = Routes()
RULE = (
    "Shown whole or not at all: no numerator, denominator or difference between them under 5, "
    "nothing that tells of fewer when subtracted from another table. Totals are of what is shown."
)


@ROUTES.api("GET", "/api/region/{year}", roles=REGION)
def region_table(asked: Asked, year: ReturnYear) -> dict[str, Any]:
    """Published figures of every company, small cells left out; never a fact of a person."""
    return told_table(asked.frame.host, year)


def told_table(host: Any, year: int) -> dict[str, Any]:
    table = comparable_table(host, year, region_today())
    totals = {chosen.id: table.total(chosen.id) for chosen in table.indicators}
    return {
        "year": year,
        "due_on": table.due_on.isoformat(),
        "due_on_confirmed": False,
        "rule": RULE,
        "handed_in": table.handed_in,
        "companies": [_row(row) for row in table.rows],
        "totals": {
            identity: None
            if total is None
            else {
                "numerator": total.numerator,
                "denominator": total.denominator,
                "value": total.value,
                "companies": total.companies,
                "definition_version": total.definition_version,
            }
            for identity, total in totals.items()
        },
    }


def _row(row: CompanyRow) -> dict[str, Any]:
    return {
        "company": row.company,
        "name": row.name,
        "state": row.handed.value,
        "late": row.is_late,
        "signed_on": row.signed_on.isoformat() if row.signed_on else None,
        "return_version": row.return_version,
        "reservations": row.reservations,
        "figures_published": row.published,
        "figures_shown": len(row.shown),
        "figures": {
            identity: {
                "numerator": figure["numerator"],
                "denominator": figure["denominator"],
                "value": figure.get("value"),
                "definition_version": figure["definition_version"],
                **{name: figure[name] for name in ("members", "left_out") if name in figure},
            }
            for identity, figure in sorted(row.shown.items())
        },
    }
