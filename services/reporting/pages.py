"""The page of a year's figures beside the last one's, and how figures are worded."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response

from services.chassis.amounts import format_cents, format_day
from services.chassis.asked import SERVICE_NAMES, Asked, Asking
from services.chassis.routes import Routes
from services.chassis.templating import counted, shown_moment
from services.reporting.api import READERS, Year
from services.reporting.clocks import Clocks, read_clocks
from services.reporting.figures import YEARS, day_in, worked_on
from services.reporting.figures import known_on as known_on_moment
from services.reporting.indicators.definition import (
    COUNTED,
    STATUSES,
    Amounts,
    Median,
    Unit,
)
from services.reporting.indicators.register import edition
from services.reporting.objectives.bounds import plain_bound
from services.reporting.quotients import Exact, exact_quotient, fraction_of

if TYPE_CHECKING:
    from services.reporting.service import Reporting

START = "years"
MENU = (
    (START, "Chiffres de l'année"),
    ("contracts", "Contrat d'objectifs"),
    ("returns", "Déclarations annuelles"),
    ("interventions", "Interventions"),
    ("/region", "Comparer les sociétés"),
)
ROUTES = Routes()
FIRST_YEAR = YEARS[0]
SIDES = ("numerator", "denominator")
KnownOn = Annotated[str, Query(max_length=40)]
AsOf = Annotated[str, Query(max_length=40)]


@ROUTES.page("/{company}/years", roles=READERS)
def this_year(asked: Asked) -> Response:
    return asked.redirect(f"years/{worked_on(asked.today)}")


@ROUTES.page("/{company}/years/{year}", roles=READERS)
def figures(asked: Asked, year: Year, known_on: KnownOn = "", as_of: AsOf = "") -> Response:
    clocks = read_clocks(known_on, as_of)
    report = asked.service.report(year, *clocks.asked)
    seen = known_on_moment(clocks.asked[0], asked.clock.now).last_seen
    before: dict[str, dict[str, Any]] = {}
    missing_before: list[str] = []
    cut_before = ""
    if year > FIRST_YEAR:
        last_year = asked.service.report(year - 1, *clocks.in_year(year - 1).asked)
        cut_before = _cut(date.fromisoformat(last_year["period"]["to"]))
        before = {figure["indicator"]: figure for figure in last_year["figures"]}
        missing_before = [said for said in last_year["missing"] if said not in report["missing"]]
    rows = [
        worded(figure)
        | {"last": worded(last) if (last := before.get(figure["indicator"])) else None}
        for figure in report["figures"]
    ]
    return asked.render(
        "figures.html",
        report=report,
        rows=rows,
        missing_before=missing_before,
        cut_before=cut_before,
        year=year,
        years=[
            (other, clocks.in_year(other).query()) for other in _years_around(year, seen, clocks)
        ],
        **standing_shown(asked.service, report, clocks),
    )


def _years_around(year: int, seen: date, clocks: Clocks) -> list[int]:
    """The years beside this one that had begun, and come to the day, by the last that is seen."""
    following = clocks.in_year(year + 1).as_of or date(year + 1, 1, 1).isoformat()
    next_has_begun = following <= seen.isoformat()
    return [y for y in (year - 1, *([year + 1] if next_has_begun else [])) if y >= FIRST_YEAR]


def fact_links(asked: Asking, identities: Iterable[str]) -> list[dict[str, str]]:
    """Words and page of each fact; a service is named once a run: « Accueil n° 4, 7 »."""
    links: list[dict[str, str]] = []
    before = ""
    for identity in identities:
        _, publisher, position = identity.split("/")
        link = asked.fact_link(identity)
        links.append(link | {"words": position} if publisher == before else link)
        before = publisher
    return links


def worded(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure with its numbers as people read them."""
    amounts = figure["amounts"]
    shown = figure["value"]
    if shown is None:
        shown = "pas calculable"
    elif figure["unit"] == Unit.PERCENT:
        shown = f"{shown.replace('.', ',')}\u00a0%"
    elif figure["unit"] == Unit.DAYS:
        shown = f"{plain_bound(shown)}\u00a0{'jours' if Decimal(shown) >= 2 else 'jour'}"
    else:
        shown = amount_shown(figure["numerator"], amounts)
    numerator, denominator = (amount_shown(figure[side], amounts) for side in SIDES)
    return figure | {
        "shown": shown,
        "numerator": numerator,
        "denominator": denominator,
        "sides": _of_a_median(figure) or f"{numerator} sur {denominator}",
        "status": STATUSES[figure["source_status"]],
        "judged": figure["band"] or ("sans appréciation" if figure["definition_gap"] else ""),
    }


def _of_a_median(figure: dict[str, Any]) -> str:
    """« médiane de 12 épisodes ; 3 sans réaction »; empty of another figure."""
    chosen = edition(figure["indicator"], figure["definition_version"])
    words = chosen.median if chosen and chosen.median else Median("valeur", "valeurs", "à part")
    if figure.get("members") is None:
        return ""
    of = counted(figure["members"], words.one, words.several)
    return f"médiane de {of}\u00a0; {figure['left_out']} {words.left_out}"


def amount_shown(side: int | Exact, amounts: str) -> str:
    """A number of things; of a mean two decimals, and the exact fraction."""
    if not isinstance(side, int):
        mean = exact_quotient(fraction_of(side), Fraction(1)) or ""
        things = COUNTED[Amounts(amounts)][1]
        return f"{mean.replace('.', ',')} {things} en moyenne ({side['num']}/{side['den']})"
    if amounts == Amounts.CENTS:
        return format_cents(side)
    return counted(side, *COUNTED[Amounts(amounts)])


def standing_shown(reporting: "Reporting", told: dict[str, Any], clocks: Clocks) -> dict[str, Any]:
    """Until when, as known when, and from which facts: what stands above every figure.

    `complete_until`: the day that runs is not over, and may still bring facts.
    """
    until, bank = date.fromisoformat(told["period"]["to"]), told["bank_complete_until"]
    last_over = known_on_moment(told["known_on"], reporting.now()).last_over
    return {
        "clocks": clocks,
        "first": date.fromisoformat(told["period"]["from"]),
        "until": until,
        "complete_until": min(until, last_over),
        "cut": _cut(until),
        "bank_until": date.fromisoformat(bank) if bank else None,
        "known_shown": shown_known_on(told["known_on"]),
        "rebuilt": _rebuilt(reporting, told["rebuilt_at"]),
        "cutoffs": [
            (SERVICE_NAMES.get(name, name), position) for name, position in told["cutoff"].items()
        ],
    }


def _cut(until: date) -> str:
    """What stands beside a year that is counted up to a day of it alone."""
    return f", au {until:%d/%m}" if (until.month, until.day) != (12, 31) else ""


def _rebuilt(reporting: "Reporting", moment: str | None) -> str:
    """When rows were made anew, by the machine's clock: a demonstration's own shows another day."""
    if moment is None:
        return ""
    by_which = ", à l'heure réelle de la machine" if reporting.company.demonstration else ""
    return f"{shown_moment(datetime.fromisoformat(moment))}{by_which}"


def shown_known_on(text: str) -> str:
    day = day_in(text)
    if day is not None:
        return f"{format_day(day)}, fin du jour"
    return shown_moment(datetime.fromisoformat(text))
