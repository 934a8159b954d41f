"""The pages, the JSON and the downloads of what persons decided, for managers and auditors."""

from typing import Annotated, Any

from fastapi import Path, Query, Response

from contracts import in_french
from services.chassis.amounts import format_cents
from services.chassis.asked import SERVICE_NAMES, Asked, Asking
from services.chassis.forms import plain
from services.chassis.refusal import Malformed
from services.chassis.routes import Routes
from services.chassis.set_aside import Page
from services.chassis.templating import shown_actor
from services.reporting.api import READERS
from services.reporting.clocks import Clocks
from services.reporting.exports.export_api import FILE, Format, as_file
from services.reporting.exports.sheet import Column, Kind, Sheet
from services.reporting.interventions.lists import (
    Choice,
    Intervention,
    Interventions,
    Which,
    interventions,
)
from services.reporting.interventions.words import ABOUT, KINDS, TITLES, why
from services.reporting.pages import standing_shown

ROUTES = Routes()
LIST = "/{company}/interventions/{which}"
YEARS_BACK = 10
HEARERS = ("followup", "arrears")
"""The other services that hear facts, and so set some aside."""
List = Annotated[Which, Path(description="Which of the four lists.")]
OfYear = Annotated[str, Query(max_length=10, description="A year; none: every year.")]
KnownOn = Annotated[str, Query(max_length=40, description="A day (its end), or a moment.")]
Persons = Annotated[bool, Query(description="Leave out what services noted by themselves.")]


def _choice(which: Which, year: str, known_on: str, *, persons: bool) -> Choice:
    """Errors: Malformed for a year that is none."""
    text = plain(year.strip(), "year")
    if text and not (text.isascii() and text.isdigit() and len(text) == 4):
        reason = "Indiquez une année en quatre chiffres, ou aucune."
        raise Malformed(reason, [{"field": "year", "reason": reason}])
    known = plain(known_on.strip(), "known_on")
    return Choice(which, int(text) if text else None, known or None, persons)


@ROUTES.page("/{company}/interventions", roles=READERS)
def first_list(asked: Asked) -> Response:
    return asked.redirect(f"interventions/{Which.OVERRIDES}")


@ROUTES.page(LIST, roles=READERS)
def one_list(
    asked: Asked,
    which: List,
    year: OfYear = "",
    known_on: KnownOn = "",
    persons: Persons = False,
    page: Page = 1,
) -> Response:
    choice = _choice(which, year, known_on, persons=persons)
    found = interventions(asked.service, choice, page)
    this_year = asked.today.year
    years = {*range(this_year, this_year - YEARS_BACK, -1), choice.year or this_year}
    return asked.render(
        "interventions.html",
        found=found,
        lists=[(name, TITLES[name], found["counts"][name]) for name in Which],
        about=ABOUT[which],
        title=TITLES[which],
        rows=[_shown(asked, row) for row in found["rows"]],
        years=sorted(years, reverse=True),
        query=_query(choice),
        newer=_query(choice, min(page - 1, found["pages"])) if page > 1 else "",
        older=_query(choice, page + 1) if page < found["pages"] else "",
        others=_others(asked) if which is Which.RELEASES else [],
        **standing_shown(asked.service, {**found}, Clocks(choice.known or "")),
    )


def _query(choice: Choice, page: int | None = None) -> str:
    """What of an address stays from list to list, and the page where there are several."""
    persons = choice.persons and "true"
    return Clocks(choice.known or "").query(year=choice.year, persons=persons, page=page)


def _others(asked: Asking) -> list[tuple[str, str]]:
    """Address and name of each service's own page of what was set aside there."""
    return [
        (f"{asked.links[name]}/{asked.company.slug}/set-aside", SERVICE_NAMES[name])
        for name in HEARERS
        if name in asked.links
    ]


def _shown(asked: Asking, row: Intervention) -> dict[str, Any]:
    amount = row["amount_cents"]
    return {
        **row,
        "what": KINDS[row["kind"]],
        "on_what": in_french.titled(row["type"]),
        "of_step": in_french.STEPS.get(row["step"] or "", row["step"]),
        "amount": None if amount is None else format_cents(amount),
        "why": why(row),
        "fact": asked.fact_link(row["fact"]),
        "corrected": asked.fact_link(row["corrects"]) if row["corrects"] else None,
    }


@ROUTES.api("GET", f"/api{LIST}", roles=READERS, refusals=[Malformed])
def told(
    asked: Asked,
    which: List,
    year: OfYear = "",
    known_on: KnownOn = "",
    persons: Persons = False,
    page: Page = 1,
) -> Interventions:
    """One page of a list of what persons decided, newest first."""
    return interventions(asked.service, _choice(which, year, known_on, persons=persons), page)


@ROUTES.api(
    "GET", f"/api{LIST}/export/{{format}}", roles=READERS, refusals=[Malformed], streams=FILE
)
def export(
    asked: Asked,
    which: List,
    file: Format,
    year: OfYear = "",
    known_on: KnownOn = "",
    persons: Persons = False,
) -> Response:
    """A whole list of what persons decided."""
    choice = _choice(which, year, known_on, persons=persons)
    found = interventions(asked.service, choice, limit=None)
    return as_file(_sheet(asked.company.slug, choice, found), file)


def _sheet(slug: str, choice: Choice, found: Interventions) -> Sheet:
    of_year = f"-{choice.year}" if choice.year else ""
    return Sheet(
        f"interventions-{choice.which}-{slug}{of_year}",
        TITLES[choice.which],
        [
            ("Société", slug),
            ("Année", str(choice.year or "toutes")),
            ("Connues le", found["known_on"]),
            ("Notées par", "des personnes" if choice.persons else "tous"),
            ("Complet", "oui" if found["complete"] else " ".join(found["missing"])),
        ],
        [
            Column("fact", "Fait"),
            Column("kind", "Quoi", words=KINDS),
            Column("type", "De quoi", words=in_french.TITLES),
            Column("step", "Étape", words=in_french.STEPS),
            Column("amount_cents", "Montant en centimes", Kind.INTEGER),
            Column("reason", "Raison"),
            Column("subject", "Pseudonyme"),
            Column("occurred_on", "Jour", Kind.DAY),
            Column("recorded_at", "Noté le (UTC)"),
            Column("actor", "Noté par (compte)"),
            Column("who", "Noté par"),
            Column("corrects", "Corrige"),
            Column("of_day", "Jour du fait corrigé", Kind.DAY),
            Column("first_recorded_at", "D'abord noté le (UTC)"),
            Column("undone", "Repris depuis", Kind.YES_NO),
        ],
        [_row(row) for row in found["rows"]],
        [],
        page="Interventions",
    )


def _row(row: Intervention) -> dict[str, Any]:
    first = row["first_recorded_at"]
    return {
        **{name: value for name, value in row.items() if name != "because"},
        "reason": why(row),
        "who": shown_actor(row["actor"]),
        "recorded_at": row["recorded_at"].isoformat(),
        "first_recorded_at": first.isoformat() if first else None,
    }
