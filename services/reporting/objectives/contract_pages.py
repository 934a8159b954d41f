"""The pages of objectives contracts: the list, a contract, an objective, the acts on them."""

from typing import Annotated, Any

from fastapi import Query, Response

from services.chassis.asked import Asked, Asking
from services.chassis.routes import Routes
from services.reporting.api import READERS, IndicatorId
from services.reporting.indicators.register import indicators
from services.reporting.objectives import contract_shown
from services.reporting.objectives.contract_api import FirstYear
from services.reporting.objectives.contract_document import COMMENT_MAX
from services.reporting.objectives.objectives_contract import (
    YEARS,
    UnknownObjective,
    YearNotUnderContract,
)
from services.reporting.objectives.standing import (
    ContractStanding,
    FollowedObjective,
    contract_standing,
)
from services.reporting.return_api import SIGNERS

CONTRACT = "/{company}/contracts/{first_year}"
OBJECTIVE = f"{CONTRACT}/objectives/{{indicator}}"
LookedAt = Annotated[int | None, Query(ge=1990, le=2100)]
ROUTES = Routes()


@ROUTES.page("/{company}/contracts", roles=READERS)
def contracts(asked: Asked) -> Response:
    rows = asked.service.contracts.all()
    return asked.render(
        "contracts.html",
        rows=rows,
        suggested=max((row["last_year"] + 1 for row in rows), default=asked.today.year),
        may_act=asked.may("/{company}/contracts", "POST"),
    )


@ROUTES.act("/{company}/contracts", roles=SIGNERS, form=contracts)
def adopt(asked: Asked) -> Response:
    with asked.form as form:
        first_year = form.integer("first_year", "la première année", 1990, 2095)
        baseline_year = form.integer("baseline_year", "l'année de l'état des lieux", 1990, 2095)
    asked.service.contracts.adopt(asked.caller(), first_year, baseline_year)
    return asked.redirect(f"contracts/{first_year}")


@ROUTES.page(CONTRACT, roles=READERS)
def one_contract(asked: Asked, first_year: FirstYear, year: LookedAt = None) -> Response:
    standing = contract_standing(asked.service, first_year)
    looked_at = _looked_at(standing, year, asked)
    return asked.render(
        "contract.html",
        contract=standing.row,
        years=standing.years,
        year=looked_at,
        rows=contract_shown.objectives(standing, looked_at),
        themes_without=contract_shown.themes_without(standing),
        free=any(identity not in _agreed(standing) for identity in indicators()),
        may_act=asked.may(f"{CONTRACT}/objectives", "POST"),
    )


@ROUTES.page(OBJECTIVE, roles=READERS)
def one_objective(
    asked: Asked, first_year: FirstYear, indicator: IndicatorId, year: LookedAt = None
) -> Response:
    standing = contract_standing(asked.service, first_year)
    followed = _followed(standing, indicator)
    looked_at = _looked_at(standing, year, asked)
    return asked.render(
        "objective.html",
        contract=standing.row,
        year=looked_at,
        row=contract_shown.objective(followed, looked_at),
        life=contract_shown.life(followed),
        may_act=asked.may(f"{OBJECTIVE}/amendment", "POST"),
    )


@ROUTES.page(f"{OBJECTIVE}/evaluation", roles=SIGNERS)
def evaluation(
    asked: Asked, first_year: FirstYear, indicator: IndicatorId, year: LookedAt = None
) -> Response:
    standing = contract_standing(asked.service, first_year)
    followed = _followed(standing, indicator)
    looked_at = _looked_at(standing, year, asked)
    row = contract_shown.objective(followed, looked_at)
    return asked.render(
        "objective_evaluation.html",
        contract=standing.row,
        year=looked_at,
        row=row,
        written=next((e["words"] for e in row["evaluations"] if e["year"] == looked_at), ""),
    )


@ROUTES.act(f"{OBJECTIVE}/evaluation", roles=SIGNERS, form=evaluation)
def evaluate(asked: Asked, first_year: FirstYear, indicator: IndicatorId) -> Response:
    with asked.form as form:
        year = form.integer("year", "l'année", first_year, first_year + YEARS - 1)
        comment = form.text("comment", "l'évaluation", COMMENT_MAX)
    identity = indicator.upper()
    asked.service.contracts.evaluate(asked.caller(), first_year, identity, year, comment)
    return asked.redirect(f"contracts/{first_year}/objectives/{indicator}")


def _followed(standing: ContractStanding, identity: str) -> FollowedObjective:
    """Errors: UnknownObjective."""
    found = [f for f in standing.objectives if f.indicator.id == identity.upper()]
    if not found:
        raise UnknownObjective(f"{identity} n'est pas un objectif de ce contrat.")
    return found[0]


def _agreed(standing: ContractStanding) -> set[str]:
    return {followed.indicator.id for followed in standing.objectives}


def _looked_at(standing: ContractStanding, year: int | None, asked: Asking) -> int:
    """The year of the address, or of a form that is shown again.   Errors: YearNotUnderContract."""
    if year is not None and year not in standing.years:
        raise YearNotUnderContract.of(standing.years, year)
    typed: Any = asked.form.texts.get("year", "")
    again = int(typed) if typed.isdigit() and len(typed) == 4 else None
    return standing.looked_at(asked.today, year or again)
