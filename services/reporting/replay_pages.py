"""The page that replays a year between two days, and the download of what moved it."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Response

from services.chassis.asked import Asked, Asking
from services.chassis.forms import plain
from services.chassis.refusal import Malformed
from services.chassis.routes import Routes
from services.chassis.templating import counted
from services.reporting.api import READERS, Definitions, Moment, Year
from services.reporting.completeness import each_complete
from services.reporting.differences import Change
from services.reporting.exports.export_api import FILE, Format, as_file
from services.reporting.exports.facts_told import FACT, OF_A_FACT
from services.reporting.exports.sheet import Column, Sheet, asked_by, used_by
from services.reporting.exports.sheet import definitions as told_definitions
from services.reporting.figures import known_on, period_of
from services.reporting.indicators.definition import name_of
from services.reporting.indicators.register import UnknownIndicator
from services.reporting.pages import fact_links, shown_known_on, worded
from services.reporting.replay import facts_behind
from services.reporting.return_api import ReturnYear

KINDS = {
    "late": ("fait noté après coup", "faits notés après coup"),
    "correction": ("correction", "corrections"),
    "new": ("nouveau fait", "nouveaux faits"),
}
OTHER_DEFINITION = "compté par une autre version de la définition"
FACTS_SHOWN = 5
Known = Annotated[str, Query(max_length=40)]
ROUTES = Routes()


@ROUTES.page("/{company}/replay/{year}", roles=READERS)
def replay(
    asked: Asked,
    year: ReturnYear,
    first: Known = "",
    second: Known = "",
    definitions: Definitions = [],  # noqa: B006 (FastAPI copies it)
) -> Response:
    """Two days, and what the figures of the year did from one to the other.

    Errors: Malformed for a year that has not begun; UnknownIndicator.
    """
    period_of(year, known_on(None, asked.service.now()))
    one, other = plain(first.strip(), "first"), plain(second.strip(), "second")
    moved = asked.service.differences(year, one, other, definitions) if one and other else None
    if moved is not None:
        one, other = moved["known_on"]
    days = {"first": one or f"{year}-12-31", "second": other or asked.today.isoformat()}
    return asked.render(
        "replay.html",
        year=year,
        first=days["first"],
        second=days["second"],
        definitions=definitions,
        query=_query(days, definitions),
        asked_for=moved is not None,
        lacks_a_day=bool(one) != bool(other),
        told=[
            (shown_known_on(day), sentences)
            for day, sentences in zip(moved["known_on"], moved["missing"], strict=True)
        ]
        if moved
        else [],
        rows=[
            _row(asked, change, moved["missing"]) | {"by": _by_either(change, days, definitions)}
            for change in moved["changes"]
        ]
        if moved
        else [],
    )


def _query(days: dict[str, str], definitions: list[str]) -> str:
    return f"?{urlencode({**days, 'definition': definitions}, doseq=True)}"


def _by_either(
    change: Change, days: dict[str, str], definitions: list[str]
) -> list[tuple[str, int]]:
    """Of a figure that two versions counted, the replay by each of them: address and version."""
    figures = (change["figure_before"], change["figure_after"])
    versions = dict.fromkeys(figure["definition_version"] for figure in figures)
    others = [name for name in definitions if name.upper().partition("@")[0] != change["indicator"]]
    return [
        (_query(days, [*others, name_of(change["indicator"], version)]), version)
        for version in versions
        if len(versions) > 1
    ]


def _row(asked: Asking, change: Change, missing: list[list[str]]) -> dict[str, Any]:
    figures = (change["figure_before"], change["figure_after"])
    before, after = (
        worded(one)
        for figure, lacking in zip(figures, missing, strict=True)
        for one in each_complete([figure], lacking)
    )
    because = change["because"]
    told = sorted(because, key=lambda cause: cause["kind"] == "new")
    facts = [cause["fact"] for cause in told if cause["fact"] is not None]
    return {
        "indicator": change["indicator"],
        "title": after["title"],
        "before": before,
        "after": after,
        "why": ", ".join(
            counted(number, *words)
            for kind, words in KINDS.items()
            if (number := sum(1 for cause in because if cause["kind"] == kind))
        )
        or (OTHER_DEFINITION if because else ""),
        "facts": fact_links(asked, facts[:FACTS_SHOWN]),
        "more": max(0, len(facts) - FACTS_SHOWN),
    }


@ROUTES.api(
    "GET",
    "/api/{company}/figures/{year}/differences/export/{format}",
    roles=READERS,
    refusals=[Malformed, UnknownIndicator],
    streams=FILE,
)
def export(
    asked: Asked,
    year: Year,
    file: Format,
    first: Moment,
    second: Moment,
    definitions: Definitions = [],  # noqa: B006 (FastAPI copies it)
) -> Response:
    """Every fact that moved a figure of the year between two moments."""
    moved = asked.service.differences(year, first, second, definitions)
    slug = asked.company.slug
    one, other = moved["known_on"]
    sheet = Sheet(
        f"rejeu-{slug}-{year}",
        f"Chiffres de {year} : ce qui les a fait bouger",
        [
            ("Société", slug),
            ("Année", str(year)),
            ("Connus le", one),
            ("Puis le", other),
            *asked_by(definitions),
        ],
        [
            FACT,
            Column("kind", "Comment", words={kind: one for kind, (one, _) in KINDS.items()}),
            Column("indicators", "Chiffres"),
            *OF_A_FACT,
        ],
        facts_behind(asked.service, moved),
        told_definitions(
            used_by(
                figure
                for change in moved["changes"]
                for figure in (change["figure_before"], change["figure_after"])
            )
        ),
        page="Faits",
    )
    return as_file(sheet, file)
