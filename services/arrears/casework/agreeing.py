"""Repayment plans agreed and ended by people, and the policies that a company adopts."""

from typing import TYPE_CHECKING
from uuid import UUID

from dateutil.relativedelta import relativedelta

from contracts.arrears_cases import CancelReason
from services.arrears.casework.acting import at_desk
from services.arrears.casework.case_plans import PlanNotPossible
from services.arrears.casework.desk import Desk, desk_of
from services.arrears.casework.policy_shelf import PolicyShelf
from services.arrears.ladder.case import Plan
from services.arrears.ladder.refused_line import LineRefused
from services.arrears.letters.queueing import queue_for_plan
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.amounts import format_cents
from services.chassis.caller import Caller, Receipt

if TYPE_CHECKING:
    from services.arrears.service import Arrears

WHY_NOT = {
    "frequency": "Indiquez à quel rythme les versements tombent.",
    "first_due_on": "Le premier versement tombe aujourd'hui ou plus tard : indiquez son jour.",
    "lump_sum_on": "Le montant unique est payé aujourd'hui ou plus tard : indiquez son jour.",
    "instalment_cents": "Ces versements n'éteindront jamais la dette : augmentez le montant ou le "
    "nombre, ou ajoutez un montant unique.",
    "lump_sum_cents": "Ce montant n'éteint pas la dette : ajoutez des versements.",
    "formal": "Un plan formel est en cours : un plan amiable ne peut pas le remplacer.",
    "count": "Pas plus de 1 200 versements.",
    "ends_on": "Le plan ne peut pas finir avant d'être conclu.",
    "strike_out_on": "Seul un plan formel est radié, aujourd'hui ou plus tard.",
    "suspended_years": "Seul un plan formel est suspendu à des conditions.",
}
BEGINS_WITHIN = relativedelta(years=2)
"""A plan stops every letter: one that begins in a century, by a slip of the pen, would for ever."""
TOO_LATE = {
    "first_due_on": "Le premier versement tombe dans les deux ans : vérifiez l'année.",
    "lump_sum_on": "Le montant unique est payé dans les deux ans : vérifiez l'année.",
}


def agree_plan(arrears: "Arrears", caller: Caller, lease_id: UUID, terms: Plan) -> Receipt:
    """Agree a repayment plan; a live one is cancelled.

    `terms.starting_balance_cents`: as the parties stated it, else what is owed today.
    Records: RepaymentPlanAgreed, before it RepaymentPlanCancelled of the one it replaces; the
    letter that confirms it waits.
    Refuses: PlanNotPossible (422) with the field that is wrong.
    """

    def decide(act: Act) -> UUID:
        desk = desk_of(arrears, act, caller, lease_id)
        case = desk.case
        plan_id = natural_id(arrears.company.slug, "repayment-plan", f"{case.id}/{len(case.plans)}")
        agreed = _possible(desk, terms.model_copy(update={"plan": str(plan_id), "on": act.today}))
        case.agree_plan(plan_id, agreed)
        queue_for_plan(desk, plan_id)
        desk.save()
        return plan_id

    return arrears.perform(caller, decide)


def _possible(desk: Desk, terms: Plan) -> Plan:
    """The terms with what is owed and the policy's tolerance, if they can be agreed."""
    seen = desk.look()
    if terms.starting_balance_cents is None:
        terms = terms.model_copy(update={"starting_balance_cents": seen.state.balance_cents})
    if terms.tolerance_days is None:
        days = seen.policy.tolerance_days if seen.policy else 0
        terms = terms.model_copy(update={"tolerance_days": days})
    if (terms.starting_balance_cents or 0) <= 0:
        raise _not_possible("starting_balance_cents", "Rien n'est dû : un plan n'a pas d'objet.")
    for field, day in (("first_due_on", terms.first_due_on), ("lump_sum_on", terms.lump_sum_on)):
        if day is not None and day > terms.on + BEGINS_WITHIN:
            raise _not_possible(field, TOO_LATE[field])
    _refuse_more_than_the_debt(terms, seen.state.balance_cents)
    try:
        desk.look(terms)
    except LineRefused as refused:
        why = WHY_NOT.get(refused.field, "Ce plan n'est pas possible.")
        raise _not_possible(refused.field, why) from None
    return terms


def _refuse_more_than_the_debt(terms: Plan, owed_cents: int) -> None:
    """The letter states these amounts, and its code pays them. A judge may have counted otherwise.

    Refuses: PlanNotPossible (422).
    """
    debt = terms.starting_balance_cents or 0
    if debt > owed_cents and not terms.formal:
        detail = f"Au plus ce qui est dû aujourd'hui\u00a0: {format_cents(max(0, owed_cents))}."
        raise _not_possible("starting_balance_cents", detail)
    for field in ("lump_sum_cents", "instalment_cents"):
        if (getattr(terms, field) or 0) > debt:
            detail = f"Au plus la dette au départ du plan\u00a0: {format_cents(debt)}."
            raise _not_possible(field, detail)


def _not_possible(field: str, detail: str) -> PlanNotPossible:
    return PlanNotPossible(detail, [{"field": field, "reason": detail}])


def cancel_plan(
    arrears: "Arrears", caller: Caller, lease_id: UUID, plan_id: UUID, reason: CancelReason
) -> Receipt:
    """Records: RepaymentPlanCancelled.   Refuses: UnknownPlan (404), PlanIsOver (409)."""
    return at_desk(
        arrears,
        caller,
        lease_id,
        lambda desk: desk.case.cancel_plan(plan_id, reason, desk.act.today),
    )


def adopt_policy(arrears: "Arrears", caller: Caller, document: str) -> Receipt:
    """Adopt a policy document.   Records: PolicyAdopted.

    Refuses: PolicyNotPossible (422), PolicyAlreadyAdopted (409).
    """

    def decide(act: Act) -> UUID:
        slug = arrears.company.slug
        shelf = act.find(PolicyShelf, PolicyShelf.id_of(slug)) or PolicyShelf.open_shelf(
            slug, act.today
        )
        shelf.refuse_if_stale(caller.expected_version)
        shelf.adopt(document, act.today)
        return act.save(shelf)

    return arrears.perform(caller, decide)
