"""The pages of yearly returns: the list, a return with its life, its versions, the two acts."""

from collections.abc import Callable
from typing import Any

from fastapi import Response

from services.chassis.asked import Asked, Asking
from services.chassis.routes import Routes
from services.reporting import return_shown
from services.reporting.api import READERS, IndicatorId
from services.reporting.exports.sheet import used_by
from services.reporting.figure_pages import PartsPage, explanation_page
from services.reporting.parts import OnPage
from services.reporting.return_api import REASON_MAX, SIGNERS, ReturnYear, Version
from services.reporting.return_told import is_identical
from services.reporting.returns import Standing
from services.reporting.yearly_return import ReturnState

RETURN = "/{company}/returns/{year}"
ROUTES = Routes()


@ROUTES.page("/{company}/returns", roles=READERS)
def returns(asked: Asked) -> Response:
    rows, moved = asked.service.returns.all(), asked.service.returns.moved()
    prepared = {row["year"] for row in rows}
    years = (asked.today.year - 1, asked.today.year)
    return asked.render(
        "returns.html",
        rows=[
            row
            | {
                "tag": return_shown.STATES[ReturnState(row["state"])],
                "moved": moved.get(row["year"], 0),
            }
            for row in rows
        ],
        suggested=next((year for year in years if year not in prepared), ""),
        may_act=asked.may("/{company}/returns", "POST"),
    )


@ROUTES.act("/{company}/returns", roles=SIGNERS, form=returns)
def prepare(asked: Asked) -> Response:
    with asked.form as form:
        year = form.integer("year", "l'année", 1990, 2100)
    asked.service.returns.prepare(asked.caller(), year)
    return asked.redirect(f"returns/{year}")


@ROUTES.page(RETURN, roles=READERS)
def one_return(asked: Asked, year: ReturnYear) -> Response:
    standing = asked.service.returns.standing(year, asked.today)
    state = ReturnState(standing.row["state"])
    last = standing.versions[-1] if standing.versions else None
    signed = last or _unsigned(standing)
    return asked.render(
        "return.html",
        year=year,
        standing=standing,
        last=last,
        reason=return_shown.reason(last) if last else "",
        state=return_shown.STATES[state],
        rows=return_shown.figures(signed, state),
        checks=return_shown.checks(standing.checks),
        pending=return_shown.changes(asked, standing.pending),
        life=return_shown.life(standing.versions),
        cutoffs=return_shown.positions((last or vars(standing.today))["cutoff"]),
        waiting=[lack.sentence for lack in standing.lacks if lack.may_come],
        may_act=asked.may(f"{RETURN}/validation", "POST"),
    )


@ROUTES.page(f"{RETURN}/versions/{{version}}", roles=READERS)
def one_version(asked: Asked, year: ReturnYear, version: Version) -> Response:
    found, again = asked.service.returns.version(year, version)
    state = ReturnState.VALIDATED if version == 1 else ReturnState.RESTATED
    return asked.render(
        "return_version.html",
        version=found,
        last=asked.service.returns.signed(year)["return_version"],
        rows=return_shown.figures(found, state),
        changes=return_shown.changes(asked, found["changes"]),
        signature=return_shown.life([found])[0],
        cutoffs=return_shown.positions(found["cutoff"]),
        again=again,
        identical=is_identical(found, again),
        fact=asked.fact_link(found["fact"]),
    )


@ROUTES.page(f"{RETURN}/versions/{{version}}/{{indicator}}", roles=READERS)
def signed_figure(
    asked: Asked,
    year: ReturnYear,
    version: Version,
    indicator: IndicatorId,
    page: PartsPage = None,
) -> Response:
    """A signed figure down to its facts."""
    signed = asked.service.returns.signed(year, version)
    explained = asked.service.explain_signed(indicator, signed, OnPage(page))
    place = f"returns/{year}/versions/{version}"
    identity = explained["figure"]["indicator"]
    signed_by = dict(used_by(signed["figures"]))[identity]
    return explanation_page(
        asked,
        explained,
        year,
        back=(place, f"Déclaration de {year}, version {version}"),
        parts_at=f"{place}/figures/{identity}",
        here=f"{place}/{identity}",
        page=page,
        signed=version,
        otherwise=return_shown.otherwise(signed_by, explained["figure"]["definition_version"]),
    )


def validation(asked: Asked, year: ReturnYear) -> Response:
    return _signing_page(asked, year, restating=False)


def restatement(asked: Asked, year: ReturnYear) -> Response:
    return _signing_page(asked, year, restating=True)


def validate(asked: Asked, year: ReturnYear) -> Response:
    return _sign(asked, year, asked.service.returns.validate, required=False)


def restate(asked: Asked, year: ReturnYear) -> Response:
    return _sign(asked, year, asked.service.returns.restate, required=True)


for word, form_page, act in (
    ("validation", validation, validate),
    ("restatement", restatement, restate),
):
    ROUTES.page(f"{RETURN}/{word}", roles=SIGNERS)(form_page)
    ROUTES.act(f"{RETURN}/{word}", roles=SIGNERS, form=form_page)(act)


def _sign(asked: Asking, year: int, sign: Callable[..., Any], *, required: bool) -> Response:
    with asked.form as form:
        reason = form.text("reason", "la raison", REASON_MAX, required=required)
        seen = form.text("seen", "ce qui a été montré", 64, required=False)
    sign(asked.caller(), year, reason, seen)
    return asked.redirect(f"returns/{year}")


def _signing_page(asked: Asking, year: int, *, restating: bool) -> Response:
    standing = asked.service.returns.standing(year, asked.today)
    return asked.render(
        "return_signing.html",
        year=year,
        standing=standing,
        restating=restating,
        signature=next(reversed(return_shown.life(standing.versions)), None),
        possible=bool(standing.pending)
        if restating
        else standing.is_over and not standing.versions,
        rows=return_shown.figures(_unsigned(standing), ReturnState.PROVISIONAL),
        pending=return_shown.changes(asked, standing.pending),
    )


def _unsigned(standing: Standing) -> dict[str, Any]:
    """Today's figures, with what is missing of them."""
    missing = [lack.sentence for lack in standing.lacks]
    return {"figures": standing.today.figures, "changes": [], "despite": missing}
