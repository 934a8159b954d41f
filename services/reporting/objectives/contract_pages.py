"""The pages of objectives contracts: the list, a contract, an objective, the acts on them."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Response

from services.chassis.asked import Asked, Asking
from services.chassis.clock import day_of
from services.chassis.routes import Routes
from services.reporting.api import READERS, IndicatorId
from services.reporting.indicators.register import indicators
from services.reporting.objectives import contract_shown
from services.reporting.objectives.contract_api import FirstYear
from services.reporting.objectives.contract_document import COMMENT_MAX
from services.reporting.objectives.contracts_by_year import Row
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
        undoable=_may_be_undone(asked, standing.row, standing.objectives),
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
        undoable=_may_be_undone(asked, followed.row["settings"][0], [followed]),
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


@ROUTES.page(f"{CONTRACT}/withdrawal", roles=SIGNERS)
def withdrawal(asked: Asked, first_year: FirstYear) -> Response:
    contract, _ = asked.service.contracts.one(first_year)
    return asked.render(
        "agreement_withdrawal.html",
        contract=contract,
        place=f"contracts/{first_year}",
        named=f"Contrat d'objectifs {first_year}-{contract['last_year']}",
        question=f"Annuler le contrat {first_year}-{contract['last_year']}\u00a0?",
        consequence="À utiliser quand il a été encodé par erreur\u00a0: il n'aura jamais existé, "
        "ni ses objectifs. Ce qui a été noté reste dans le journal.",
        act="Annuler le contrat",
    )


@ROUTES.act(f"{CONTRACT}/withdrawal", roles=SIGNERS, form=withdrawal)
def withdraw(asked: Asked, first_year: FirstYear) -> Response:
    asked.service.contracts.withdraw(asked.caller(), first_year)
    return asked.redirect("contracts")


@ROUTES.page(f"{OBJECTIVE}/withdrawal", roles=SIGNERS)
def objective_withdrawal(asked: Asked, first_year: FirstYear, indicator: IndicatorId) -> Response:
    contract, objectives = asked.service.contracts.one(first_year)
    identity = indicator.upper()
    if identity not in {objective["indicator"] for objective in objectives}:
        raise UnknownObjective(f"{indicator} n'est pas un objectif de ce contrat.")
    return asked.render(
        "agreement_withdrawal.html",
        contract=contract,
        place=f"contracts/{first_year}/objectives/{identity}",
        named=f"Objectif {identity}",
        question=f"Retirer l'objectif {identity}\u00a0?",
        consequence="À utiliser quand il a été encodé par erreur\u00a0: il n'aura jamais été "
        "convenu, et le chiffre est libre à nouveau. Pour d'autres cibles, modifiez-les plutôt.",
        act="Retirer l'objectif",
    )


@ROUTES.act(f"{OBJECTIVE}/withdrawal", roles=SIGNERS, form=objective_withdrawal)
def withdraw_objective(asked: Asked, first_year: FirstYear, indicator: IndicatorId) -> Response:
    asked.service.contracts.withdraw_objective(asked.caller(), first_year, indicator.upper())
    return asked.redirect(f"contracts/{first_year}")


def _followed(standing: ContractStanding, identity: str) -> FollowedObjective:
    """Errors: UnknownObjective."""
    found = [f for f in standing.objectives if f.indicator.id == identity.upper()]
    if not found:
        raise UnknownObjective(f"{identity} n'est pas un objectif de ce contrat.")
    return found[0]


def _may_be_undone(asked: Asking, noted: Row, objectives: Sequence[FollowedObjective]) -> bool:
    """So that nothing is offered in vain: see `StaysAgreed`."""
    evaluated = any(followed.row["evaluations"] for followed in objectives)
    return day_of(noted["recorded_at"]).year == asked.today.year and not evaluated


def _agreed(standing: ContractStanding) -> set[str]:
    return {followed.indicator.id for followed in standing.objectives}


def _looked_at(standing: ContractStanding, year: int | None, asked: Asking) -> int:
    """The year of the address, or of a form that is shown again.   Errors: YearNotUnderContract."""
    if year is not None and year not in standing.years:
        raise YearNotUnderContract.of(standing.years, year)
    typed: Any = asked.form.texts.get("year", "")
    again = int(typed) if typed.isdigit() and len(typed) == 4 else None
    return standing.looked_at(asked.today, year or again)
