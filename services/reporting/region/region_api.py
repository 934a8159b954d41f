"""The JSON route of the region's table."""

from typing import Any

from services.chassis.asked import Asked
from services.chassis.identity import Role
from services.chassis.routes import Routes
from services.reporting.region.comparable import (
    CompanyRow,
    ComparableTable,
    Total,
    comparable_table,
)
from services.reporting.region.provinces import Added, Checked, Sums, added_up, checked
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
    return told_of(comparable_table(asked.frame.host, year, region_today()))


def told_of(table: ComparableTable) -> dict[str, Any]:
    """`outside_perimeter`: names of companies here that are not the region's to compare;
    `parts`: of each figure that has a total, a province and version of its definition each;
    `checks`: whether those that are in the total make it, with both sides.
    """
    added = added_up(table)
    return {
        "year": table.year,
        "due_on": table.due_on.isoformat(),
        "due_on_confirmed": False,
        "rule": RULE,
        "handed_in": table.handed_in,
        "companies": [_row(row) for row in table.rows],
        "outside_perimeter": list(table.outside),
        "totals": {one.indicator.id: one.total and _total(one.total) for one in added},
        "parts": {one.indicator.id: _parts(one) for one in added if one.parts},
        "checks": [_check(one) for one in checked(added)],
    }


def _total(total: Total) -> dict[str, Any]:
    return {
        "numerator": total.numerator,
        "denominator": total.denominator,
        "value": total.value,
        "companies": total.companies,
        "definition_version": total.definition_version,
    }


def _parts(added: Added) -> list[dict[str, Any]]:
    return [
        {
            "province": part.province,
            **_total(part),
            "in_total": added.counts(part.definition_version),
        }
        for part in added.parts
    ]


def _check(one: Checked) -> dict[str, Any]:
    return {
        "check": one.check.id,
        "words": one.check.words,
        "indicator": one.added.indicator.id,
        "definition_version": one.added.total and one.added.total.definition_version,
        "left": _sums(one.left),
        "right": _sums(one.right),
        "holds": not one.fails,
    }


def _sums(sums: Sums) -> dict[str, int]:
    return dict(zip(("numerator", "denominator", "companies"), sums, strict=True))


def _row(row: CompanyRow) -> dict[str, Any]:
    return {
        "company": row.company,
        "name": row.name,
        "province": row.province,
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
