"""The two forms that set targets: of a figure that becomes an objective, and of an amendment."""

from typing import Any

from fastapi import Response

from contracts.objectives import ObjectiveTheme, TargetDirection
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Form
from services.chassis.routes import Routes
from services.reporting.api import IndicatorId
from services.reporting.indicators.definition import UNITS
from services.reporting.indicators.register import indicators
from services.reporting.objectives.bounds import (
    NOT_A_DECIMAL,
    plain_bound,
    read_bound,
    shown_target,
)
from services.reporting.objectives.contract_api import FirstYear
from services.reporting.objectives.contract_document import COMMENT_MAX
from services.reporting.objectives.contract_pages import CONTRACT, OBJECTIVE
from services.reporting.objectives.contract_shown import THEMES
from services.reporting.objectives.contracts import Agreeing
from services.reporting.objectives.followed import targets_in_force
from services.reporting.objectives.objectives_contract import YEARS, UnknownObjective
from services.reporting.return_api import SIGNERS

ROUTES = Routes()


@ROUTES.page(f"{CONTRACT}/objectives", roles=SIGNERS)
def agreeing(asked: Asked, first_year: FirstYear) -> Response:
    contract, objectives = asked.service.contracts.one(first_year)
    agreed = {objective["indicator"] for objective in objectives}
    return asked.render(
        "objective_agreeing.html",
        contract=contract,
        years=_years(first_year),
        themes=[(theme.value, shown) for theme, shown in THEMES.items()],
        free=[
            (i.id, f"{i.id} {i.title['fr']} ({UNITS[i.unit]})")
            for i in indicators().values()
            if i.id not in agreed
        ],
    )


@ROUTES.act(f"{CONTRACT}/objectives", roles=SIGNERS, form=agreeing)
def agree(asked: Asked, first_year: FirstYear) -> Response:
    with asked.form as form:
        theme = form.choice("theme", "le thème", ObjectiveTheme)
        identity = form.texts.get("indicator", "")
        if identity not in indicators():
            form.wrong("indicator", "Choisissez le chiffre.")
        baseline = _bound(form, "baseline", "l'état des lieux")
        direction, targets = read_targets(form, _years(first_year))
        comment = form.text("comment", "le commentaire", COMMENT_MAX, required=False)
    new = Agreeing(theme, identity, direction, baseline, targets, comment)
    asked.service.contracts.agree(asked.caller(), first_year, new)
    return asked.redirect(f"contracts/{first_year}")


@ROUTES.page(f"{OBJECTIVE}/amendment", roles=SIGNERS)
def amendment(asked: Asked, first_year: FirstYear, indicator: IndicatorId) -> Response:
    contract, objectives = asked.service.contracts.one(first_year)
    found = [o for o in objectives if o["indicator"] == indicator.upper()]
    chosen = indicators().get(indicator.upper())
    if not found or chosen is None:
        raise UnknownObjective(f"{indicator} n'est pas un objectif de ce contrat.")
    years = _still_open(asked, first_year)
    in_force = targets_in_force(found[0])
    return asked.render(
        "objective_amendment.html",
        contract=contract,
        indicator=chosen,
        years=years,
        now=_as_typed(found[0]),
        in_force=[(y, shown_target(in_force[y][0], chosen)) for y in years if y in in_force],
    )


@ROUTES.act(f"{OBJECTIVE}/amendment", roles=SIGNERS, form=amendment)
def amend(asked: Asked, first_year: FirstYear, indicator: IndicatorId) -> Response:
    with asked.form as form:
        direction, targets = read_targets(form, _still_open(asked, first_year))
        reason = form.text("reason", "la raison", COMMENT_MAX)
    identity = indicator.upper()
    asked.service.contracts.amend(asked.caller(), first_year, identity, direction, targets, reason)
    return asked.redirect(f"contracts/{first_year}/objectives/{indicator}")


def _years(first_year: int) -> list[int]:
    return list(range(first_year, first_year + YEARS))


def _still_open(asked: Asking, first_year: int) -> list[int]:
    """Years that are not over: a target of the past is not set otherwise on a page."""
    years = _years(first_year)
    return [year for year in years if year >= asked.today.year] or years[-1:]


def _as_typed(objective: dict[str, Any]) -> dict[str, str]:
    """Today's targets by the names of their fields."""
    return {
        f"{name}-{year}": plain_bound(target[side])
        for year, (target, _) in targets_in_force(objective).items()
        for name, side in (("least", "at_least"), ("most", "at_most"))
        if target.get(side) is not None
    }


def read_targets(form: Form, years: list[int]) -> tuple[TargetDirection, list[dict[str, Any]]]:
    """The targets as typed, of every year from the first that has one; what is asked for of one
    year, a least, a most or both, is asked for of all.
    """
    targets: list[dict[str, Any]] = []
    for year in years:
        fields = {"at_least": f"least-{year}", "at_most": f"most-{year}"}
        bounds = {
            "at_least": _bound(form, fields["at_least"], f"le minimum de {year}"),
            "at_most": _bound(form, fields["at_most"], f"le maximum de {year}"),
        }
        # A number that cannot be read is there all the same, and is told once.
        typed = {side: bounds[side] for side in fields if form.texts.get(fields[side], "").strip()}
        if not typed:
            if targets or year == years[-1]:
                form.wrong(fields["at_most"], f"Indiquez la cible de {year}.")
            continue
        targets.append({"year": year} | typed)
    if not targets:
        return TargetDirection.AT_MOST, []
    shape = targets[0].keys()
    for target in targets:
        if target.keys() != shape:
            form.wrong(
                f"most-{target['year']}",
                f"Cible de {target['year']} : remplissez les mêmes colonnes que pour "
                f"{targets[0]['year']}.",
            )
    if "at_least" in shape and "at_most" in shape:
        return TargetDirection.BETWEEN, targets
    return (TargetDirection.AT_LEAST if "at_least" in shape else TargetDirection.AT_MOST), targets


def _bound(form: Form, field: str, what: str) -> str | None:
    typed = form.texts.get(field, "").strip()
    if not typed:
        return None
    try:
        return read_bound(typed)
    except ValueError:
        form.wrong(field, f"{what[:1].upper()}{what[1:]} : {NOT_A_DECIMAL}.")
        return None
