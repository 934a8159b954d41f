"""The pages of the region's table: the year that is due, and any year, a figure at a time."""

import unicodedata
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Response

from services.chassis.asked import Asked
from services.chassis.forms import plain
from services.chassis.refusal import Malformed
from services.chassis.routes import Routes
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import indicator as find
from services.reporting.pages import FIRST_YEAR, worded
from services.reporting.region.comparable import (
    CompanyRow,
    ComparableTable,
    Handed,
    comparable_table,
)
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
    "compterait moins de cinq ménages. Les totaux ne comptent que ce qui est montré."
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

    Errors: UnknownIndicator; Malformed for a state that there is none of.
    """
    table = comparable_table(asked.frame.host, year, region_today())
    chosen = find(indicator) if indicator else table.indicators[0]
    named, kept = plain(company.strip(), "company"), _kept(state)
    rows = [
        {"row": row, "tag": STATES[row.handed], "figure": _cell(row, chosen.id)}
        for row in table.rows
        if folded(named) in folded(row.name) and KEPT[kept][1](row)
    ]
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
        figures=[_figure(table, one) for one in table.indicators],
        left_out=LEFT_OUT,
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


def folded(name: str) -> str:
    """A name as it is looked for: « liege » finds « Liège »."""
    plain_letters = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in plain_letters if not unicodedata.combining(letter))


def _figure(table: ComparableTable, chosen: Indicator) -> dict[str, Any]:
    """An indicator with what is shown of it, added up."""
    total = table.total(chosen.id)
    told = total and {
        "indicator": chosen.id,
        "definition_version": total.definition_version,
        "amounts": chosen.amounts.value,
        "numerator": total.numerator,
        "denominator": total.denominator,
        "value": total.value,
    }
    return {
        "indicator": chosen.id,
        "title": chosen.title["fr"],
        "total": told and worded(with_words(told)),
        "companies": total.companies if total else 0,
        "shown": sum(1 for row in table.rows if chosen.id in row.shown),
    }


def _cell(row: CompanyRow, identity: str) -> Any:
    figure = row.shown.get(identity)
    return worded(with_words(dict(figure))) if figure else None
