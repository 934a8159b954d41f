"""The pages of reporting: a year's figures beside the last one's, and what each is made of."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query, Response

from services.chassis.amounts import format_cents, format_day
from services.chassis.asked import SERVICE_NAMES, Asked, Asking
from services.chassis.forms import plain
from services.chassis.routes import Routes
from services.chassis.templating import counted, shown_actor, shown_moment
from services.reporting.api import READERS, IndicatorId, Year
from services.reporting.figures import worked_on
from services.reporting.indicators.definition import (
    COUNTED,
    STATUSES,
    Amounts,
    Indicator,
    Median,
    Unit,
)
from services.reporting.indicators.register import indicator as find
from services.reporting.indicators.register import indicators
from services.reporting.objectives.bounds import plain_bound
from services.reporting.quotients import Exact, exact_quotient, fraction_of

START = "years"
MENU = (
    (START, "Chiffres de l'année"),
    ("contracts", "Contrat d'objectifs"),
    ("returns", "Déclarations annuelles"),
    ("interventions", "Interventions"),
    ("/region", "Comparer les sociétés"),
)
ROUTES = Routes()
FIRST_YEAR = 1990
PARTS_MAX = 200
SIDES = ("numerator", "denominator")
FACTS_MAX = 50
KnownOn = Annotated[str, Query(max_length=40)]


@ROUTES.page("/{company}/years", roles=READERS)
def this_year(asked: Asked) -> Response:
    return asked.redirect(f"years/{worked_on(asked.today)}")


@ROUTES.page("/{company}/years/{year}", roles=READERS)
def figures(asked: Asked, year: Year, known_on: KnownOn = "") -> Response:
    known = plain(known_on.strip(), "known_on")
    report = asked.service.report(year, known or None)
    before: dict[str, dict[str, Any]] = {}
    missing_before: list[str] = []
    if year > FIRST_YEAR:
        last = asked.service.report(year - 1, known or None)
        before = {figure["indicator"]: figure for figure in last["figures"]}
        missing_before = [said for said in last["missing"] if said not in report["missing"]]
    rows = [
        worded(figure) | {"last": worded(before[figure["indicator"]]) if before else None}
        for figure in report["figures"]
    ]
    return asked.render(
        "figures.html",
        report=report,
        rows=rows,
        missing_before=missing_before,
        year=year,
        years=_years_around(year, date.fromisoformat(report["period"]["to"]), asked.today),
        **standing_of(report, known),
    )


@ROUTES.page("/{company}/years/{year}/{indicator}", roles=READERS)
def explanation(
    asked: Asked, year: Year, indicator: IndicatorId, known_on: KnownOn = ""
) -> Response:
    known = plain(known_on.strip(), "known_on")
    explained = asked.service.explain(indicator, year, known or None)
    query = f"?known_on={quote(known)}" if known else ""
    return explanation_page(
        asked,
        explained,
        year,
        known=known,
        back=(f"years/{year}{query}", f"Chiffres de {year}"),
        parts_at=f"figures/{year}/{explained['figure']['indicator']}{query}",
    )


def explanation_page(
    asked: Asking, explained: dict[str, Any], year: int, known: str = "", **words: Any
) -> Response:
    """A figure down to its parts and facts. `back`: (path, words) of where it was met;
    `parts_at`: the path of all its parts as JSON; `signed`: the version that it is of, if any.
    """
    figure = explained["figure"]
    chosen = find(figure["indicator"])
    numerator, denominator = explained["numerator_parts"], explained["denominator_parts"]
    if figure["amounts"] != Amounts.CENTS and not chosen.median:
        denominator = _marked(denominator, {part["subject"] for part in numerator})
    sides = [
        {
            "title": title,
            "total": _amount(figure[side], figure["amounts"]),
            "count": len(parts),
            "parts": [_shown(asked, part, chosen, side) for part in parts[:PARTS_MAX]],
        }
        for title, side, parts in (
            ("Numérateur", "numerator", numerator),
            ("Dénominateur", "denominator", denominator),
        )
    ]
    if chosen.median:
        sides = _sides_of_a_median(asked, explained, chosen)
    return asked.render(
        "explanation.html",
        explained=explained,
        figure=worded(figure),
        sides=sides,
        year=year,
        parts_max=PARTS_MAX,
        **words,
        **standing_of(explained, known),
    )


def _sides_of_a_median(asked: Asking, explained: dict[str, Any], chosen: Indicator) -> list[Any]:
    """Its members in order, around the middle where they are many; then those without a value."""
    assert chosen.median is not None
    members, apart = explained["numerator_parts"], explained["left_out_parts"]
    middle = len(members) // 2
    first = max(0, min(middle - PARTS_MAX // 2, len(members) - PARTS_MAX))
    words = (chosen.median.one, chosen.median.several)
    return [
        {
            "title": chosen.median.several.capitalize(),
            "total": counted(len(members), *words),
            "count": len(members),
            "parts": [
                _shown(asked, part, chosen, "numerator")
                for part in members[first : first + PARTS_MAX]
            ],
        },
        {
            "title": f"{chosen.median.several.capitalize()} {chosen.median.left_out}",
            "total": counted(len(apart), *words),
            "count": len(apart),
            "parts": [
                _shown(asked, part, chosen, "numerator") | {"amount": "–"}
                for part in apart[:PARTS_MAX]
            ],
        },
    ]


def _years_around(year: int, last: date, today: date) -> list[int]:
    """The years beside this one that had begun."""
    next_has_begun = last == date(year, 12, 31) and today > last
    return [y for y in (year - 1, *([year + 1] if next_has_begun else [])) if y >= FIRST_YEAR]


def _marked(parts: list[Any], counted: set[str]) -> list[Any]:
    """What is counted below and above, with what is only counted below first."""
    marked = [{**part, "counted": part["subject"] in counted} for part in parts]
    return sorted(marked, key=lambda part: part["counted"])


def _shown(asked: Asking, part: dict[str, Any], indicator: Indicator, side: str) -> dict[str, Any]:
    """A part as people read it: its subject and each fact with the page that shows it."""
    service, _, place = indicator.subject_page.partition("/")
    origin = asked.frame.host.settings.links.get(service, "")
    facts = fact_links(asked, part["facts"][:FACTS_MAX])
    return {
        **part,
        "amount": counted(part["amount"], "fin de mois", "fins de mois")
        if indicator.mean and side == "denominator"
        else _amount(part["amount"], indicator.amounts),
        "address": f"{origin}/{asked.company.slug}/{place}/{part['subject']}" if place else "",
        "actor": ", ".join(sorted({shown_actor(who) for who in part["actor"].split(", ")})),
        "facts": facts,
        "more": len(part["facts"]) - len(facts),
    }


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
        shown = _amount(figure["numerator"], amounts)
    numerator, denominator = (_amount(figure[side], amounts) for side in SIDES)
    return figure | {
        "shown": shown,
        "numerator": numerator,
        "denominator": denominator,
        "sides": _of_a_median(figure) or f"{numerator} sur {denominator}",
        "status": STATUSES[figure["source_status"]],
        "judged": figure["band"] or ("aucune bande définie" if figure["definition_gap"] else ""),
    }


def _of_a_median(figure: dict[str, Any]) -> str:
    """« médiane de 12 épisodes ; 3 sans réaction »; empty of another figure."""
    chosen = indicators().get(figure["indicator"])
    words = chosen.median if chosen and chosen.median else Median("valeur", "valeurs", "à part")
    if figure.get("members") is None:
        return ""
    of = counted(figure["members"], words.one, words.several)
    return f"médiane de {of}\u00a0; {figure['left_out']} {words.left_out}"


def _amount(side: int | Exact, amounts: str) -> str:
    """A number of things; of a mean two decimals, and the exact fraction."""
    if not isinstance(side, int):
        mean = exact_quotient(fraction_of(side), Fraction(1)) or ""
        things = COUNTED[Amounts(amounts)][1]
        return f"{mean.replace('.', ',')} {things} en moyenne ({side['num']}/{side['den']})"
    if amounts == Amounts.CENTS:
        return format_cents(side)
    return counted(side, *COUNTED[Amounts(amounts)])


def standing_of(told: dict[str, Any], known: str) -> dict[str, Any]:
    """Until when, as known when, and from which facts: what stands above every figure."""
    until, bank = date.fromisoformat(told["period"]["to"]), told["bank_complete_until"]
    return {
        "known": known,
        "first": date.fromisoformat(told["period"]["from"]),
        "until": until,
        "cut": f", au {until:%d/%m}" if (until.month, until.day) != (12, 31) else "",
        "bank_until": date.fromisoformat(bank) if bank else None,
        "known_shown": shown_known_on(told["known_on"]),
        "rebuilt": told["rebuilt_at"] and shown_moment(datetime.fromisoformat(told["rebuilt_at"])),
        "cutoffs": [
            (SERVICE_NAMES.get(name, name), position) for name, position in told["cutoff"].items()
        ],
    }


def shown_known_on(text: str) -> str:
    if len(text) == len("2026-01-01"):
        return f"{format_day(date.fromisoformat(text))}, fin du jour"
    return shown_moment(datetime.fromisoformat(text))
