"""The page of one figure: by two clocks, over time, and down to its parts and their facts."""

from typing import Annotated, Any

from fastapi import Query, Response

from services.chassis.asked import Asked, Asking
from services.chassis.routes import Routes
from services.chassis.templating import counted, shown_actor
from services.reporting.api import READERS, IndicatorId, Year
from services.reporting.clocks import Clocks, read_clocks
from services.reporting.indicators.definition import PERIODS, Indicator
from services.reporting.indicators.register import edition, editions
from services.reporting.pages import (
    AsOf,
    KnownOn,
    amount_shown,
    fact_links,
    standing_shown,
    worded,
)
from services.reporting.part_pages import paged_sides
from services.reporting.series_shown import series_shown

FACTS_MAX = 50
NOW = Clocks()
PartsPage = Annotated[int | None, Query(alias="page", ge=1, le=100_000)]
ROUTES = Routes()


@ROUTES.page("/{company}/years/{year}/{indicator}", roles=READERS)
def explanation(
    asked: Asked,
    year: Year,
    indicator: IndicatorId,
    known_on: KnownOn = "",
    as_of: AsOf = "",
    page: PartsPage = None,
) -> Response:
    clocks = read_clocks(known_on, as_of)
    explained, series = asked.service.explain_over_time(indicator, year, page, *clocks.asked)
    figure = explained["figure"]
    name = indicator.upper()  # `I20`, or `I20@1` by whoever asks for one version
    return explanation_page(
        asked,
        explained,
        year,
        clocks=clocks,
        page=page,
        back=(f"years/{year}{clocks.query()}", f"Chiffres de {year}"),
        parts_at=f"figures/{year}/{name}{clocks.query()}",
        facts_at=f"figures/{year}/{name}/facts/export",
        here=f"years/{year}/{name}",
        name=name,
        definitions=_definitions(figure, name),
        series=series_shown(series, editions()[figure["indicator"]][-1], clocks, name),
    )


def _definitions(figure: dict[str, Any], name: str) -> list[tuple[str, str]]:
    """By which other versions all years can be counted, and by those in force: name and words."""
    versions = editions()[figure["indicator"]]
    others = [
        (one.name, f"Compter toutes les années par la définition {one.version}")
        for one in versions
        if len(versions) > 1 and one.name != name
    ]
    in_force = (figure["indicator"], "Compter chaque année par la définition en vigueur")
    return [*others, in_force] if name != figure["indicator"] else others


def explanation_page(
    asked: Asking,
    explained: dict[str, Any],
    year: int,
    clocks: Clocks = NOW,
    page: int | None = None,
    **words: Any,
) -> Response:
    """A figure down to its parts and facts. `back`: (path, words) of where it was met; `here`: the
    path of this page; `parts_at`: that of all parts as JSON; `facts_at`: that of the downloads of
    their facts; `signed`: the version that it is of, if any; else `series`: its months and years.
    """
    figure = explained["figure"]
    chosen = edition(figure["indicator"], figure["definition_version"])
    assert chosen is not None
    sides = _sides_of_a_median if chosen.median else _sides
    return asked.render(
        "explanation.html",
        explained=explained,
        figure=worded(figure),
        period_kind=PERIODS[chosen.period_kind],
        valid_from=chosen.since,
        sides=sides(asked, explained, chosen, page),
        year=year,
        **words,
        **standing_shown(asked.service, explained, clocks),
    )


def _sides(
    asked: Asking, explained: dict[str, Any], chosen: Indicator, page: int | None
) -> list[dict[str, Any]]:
    figure = explained["figure"]
    above, below = paged_sides(
        chosen, explained["numerator_parts"], explained["denominator_parts"], page
    )
    sides = []
    for title, side, shown in (
        ("Numérateur", "numerator", above),
        ("Dénominateur", "denominator", below),
    ):
        shown["parts"] = [_shown(asked, part, chosen, side) for part in shown["parts"]]
        total = amount_shown(figure[side], figure["amounts"])
        sides.append({"title": title, "total": total, **shown})
    return sides


def _sides_of_a_median(
    asked: Asking, explained: dict[str, Any], chosen: Indicator, page: int | None
) -> list[dict[str, Any]]:
    assert chosen.median is not None
    members, left_out = explained["numerator_parts"], explained["left_out_parts"]
    words = (chosen.median.one, chosen.median.several)
    title = chosen.median.several.capitalize()
    above, below = paged_sides(chosen, members, left_out, page)
    above["parts"] = [_shown(asked, part, chosen, "numerator") for part in above["parts"]]
    below["parts"] = [
        _shown(asked, part, chosen, "numerator") | {"amount": "–"} for part in below["parts"]
    ]
    return [
        {"title": title, "total": counted(len(members), *words), **above},
        {
            "title": f"{title} {chosen.median.left_out}",
            "total": counted(len(left_out), *words),
            **below,
        },
    ]


def _shown(asked: Asking, part: dict[str, Any], indicator: Indicator, side: str) -> dict[str, Any]:
    """A part as people read it: its subject and each fact with the page that shows it."""
    service, _, place = indicator.subject_page.partition("/")
    origin = asked.frame.host.settings.links.get(service, "")
    facts = fact_links(asked, part["facts"][:FACTS_MAX])
    return {
        **part,
        "amount": counted(part["amount"], "fin de mois", "fins de mois")
        if indicator.mean and side == "denominator"
        else amount_shown(part["amount"], indicator.amounts),
        "address": f"{origin}/{asked.company.slug}/{place}/{part['subject']}" if place else "",
        "actor": ", ".join(sorted({shown_actor(who) for who in part["actor"].split(", ")})),
        "facts": facts,
        "more": len(part["facts"]) - len(facts),
    }
