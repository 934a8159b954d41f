"""The pages of the region's table: the year that is due, and any year."""

from typing import Any

from fastapi import Response

from services.chassis.asked import Asked
from services.chassis.routes import Routes
from services.reporting.pages import FIRST_YEAR, worded
from services.reporting.region.comparable import CompanyRow, Handed, comparable_table
from services.reporting.region.region_api import REGION
from services.reporting.region.region_clock import region_today
from services.reporting.return_api import ReturnYear
from services.reporting.return_told import with_words

STATES = {
    Handed.PUBLISHED: ("validée", "govuk-tag--green"),
    Handed.RESTATED: ("rectifiée", "govuk-tag--blue"),
    Handed.PROVISIONAL: ("provisoire", "govuk-tag--yellow"),
    Handed.MISSING: ("manquante", "govuk-tag--red"),
}
LEFT_OUT = (
    "«\u00a0Secret\u00a0»\u00a0: la cellule, ou ce qu'elle laisserait calculer par soustraction, "
    "compterait moins de cinq ménages. Les totaux ne comptent que ce qui est montré."
)
ROUTES = Routes()


@ROUTES.page("/region", roles=REGION)
def last_year(asked: Asked) -> Response:
    """The year whose returns are due or were last."""
    from fastapi.responses import RedirectResponse

    return RedirectResponse(f"/region/{region_today().year - 1}", 303)


@ROUTES.page("/region/{year}", roles=REGION)
def region(asked: Asked, year: ReturnYear) -> Response:
    table = comparable_table(asked.frame.host, year, region_today())
    figures = []
    for chosen in table.indicators:
        total = table.total(chosen.id)
        with_one = [row for row in table.rows if row.published]
        figures.append(
            {
                "indicator": chosen.id,
                "title": chosen.title["fr"],
                "rows": [(row.name, _cell(row, chosen.id)) for row in with_one],
                "total": total
                and worded(
                    with_words(
                        {
                            "indicator": chosen.id,
                            "definition_version": total.definition_version,
                            "amounts": chosen.amounts.value,
                            "numerator": total.numerator,
                            "denominator": total.denominator,
                            "value": total.value,
                        }
                    )
                ),
                "companies": total.companies if total else 0,
            }
        )
    return asked.render(
        "region.html",
        table=table,
        year=year,
        years=[y for y in (year - 1, year + 1) if FIRST_YEAR <= y <= region_today().year],
        rows=[{"row": row, "tag": STATES[row.handed]} for row in table.rows],
        figures=figures,
        left_out=LEFT_OUT,
    )


def _cell(row: CompanyRow, identity: str) -> Any:
    figure = row.shown.get(identity)
    return worded(with_words(dict(figure))) if figure else None
