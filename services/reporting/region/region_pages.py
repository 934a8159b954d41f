"""The pages of the region's table: the year that is due, and any year, a figure at a time."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Response

from services.chassis.asked import Asked
from services.chassis.forms import plain
from services.chassis.names import plain_name
from services.chassis.refusal import Malformed
from services.chassis.routes import Routes
from services.reporting.indicators.register import indicator as find
from services.reporting.pages import FIRST_YEAR
from services.reporting.region.comparable import CompanyRow, Handed, comparable_table
from services.reporting.region.perimeter import OUTSIDE
from services.reporting.region.provinces import added_up, checked, told_checks
from services.reporting.region.region_api import REGION
from services.reporting.region.region_clock import region_today
from services.reporting.region.region_shown import (
    cell_shown,
    definitions_shown,
    provinces_shown,
    total_shown,
)
from services.reporting.return_api import ReturnYear

STATES = {
    Handed.PUBLISHED: ("validée", "govuk-tag--green"),
    Handed.RESTATED: ("rectifiée", "govuk-tag--blue"),
    Handed.PROVISIONAL: ("provisoire", "govuk-tag--yellow"),
    Handed.MISSING: ("pas établie", "govuk-tag--grey"),
}
"""Whether it should be there by now says « en retard » beside it."""
KEPT: dict[str, tuple[str, Callable[[CompanyRow], bool]]] = {
    "": ("Toutes", lambda _: True),
    "signed": ("Signées", lambda row: bool(row.published)),
    "awaited": ("Attendues", lambda row: not row.published),
    "late": ("En retard", lambda row: row.is_late),
}
"""Which companies are looked at, by where they are with their return."""
Chosen = Annotated[str, Query(max_length=10, description="A figure's number; none: the first.")]
Named = Annotated[str, Query(max_length=100, description="A part of companies' names.")]
Kept = Annotated[str, Query(max_length=10, description="`signed`, `awaited`, `late`, or all.")]
LEFT_OUT = (
    "«\u00a0Secret\u00a0»\u00a0: la cellule, ou ce qu'elle laisserait calculer par soustraction, "
    "compterait moins de cinq ménages, logements, visites ou plans\u00a0; une médiane se montre "
    "à partir de dix. Les totaux ne comptent que ce qui est montré."
)
ROUTES = Routes()


@ROUTES.page("/region", roles=REGION)
def last_year(asked: Asked) -> Response:
    """The year whose returns are due or were last."""
    from fastapi.responses import RedirectResponse

    return RedirectResponse(f"/region/{region_today().year - 1}", 303)


@ROUTES.page("/region/{year}", roles=REGION)
def region(
    asked: Asked, year: ReturnYear, indicator: Chosen = "", company: Named = "", state: Kept = ""
) -> Response:
    """One figure of every company, one line each; all figures as the region's totals below.

    Errors: UnknownIndicator; Malformed for a year that has not begun, and for a state that there is
    none of.
    """
    table = comparable_table(asked.frame.host, year, region_today())
    chosen = find(indicator) if indicator else table.indicators[0]
    named, kept = plain(company.strip(), "company"), _kept(state)
    added = added_up(table)
    (of_chosen,) = (one for one in added if one.indicator.id == chosen.id)
    rows = [
        {"row": row, "tag": STATES[row.handed], **cell_shown(row, of_chosen)}
        for row in table.rows
        if plain_name(named) in plain_name(row.name) and KEPT[kept][1](row)
    ]
    checks = [*checked(added)]
    return asked.render(
        "region.html",
        table=table,
        year=year,
        years=[y for y in (year - 1, year + 1) if FIRST_YEAR <= y <= region_today().year],
        chosen=chosen,
        named=named,
        state=kept,
        states=[(name, words) for name, (words, _) in KEPT.items()],
        query=_query(company=named, state=kept),
        rows=rows,
        figures=[total_shown(table, one) for one in added],
        provinces=[*provinces_shown(table, of_chosen)],
        definitions=definitions_shown(table, of_chosen),
        told_checks=told_checks(checks),
        fails=any(one.fails for one in checks),
        left_out=LEFT_OUT,
        outside=OUTSIDE,
    )


def _kept(state: str) -> str:
    if state not in KEPT:
        reason = "Choisissez un des états de la liste."
        raise Malformed(reason, [{"field": "state", "reason": reason}])
    return state


def _query(**given: str) -> str:
    """What of an address stays from figure to figure and from year to year."""
    said = urlencode({name: value for name, value in given.items() if value})
    return f"&{said}" if said else ""
