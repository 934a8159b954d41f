"""One account in one act: what is seen of it, and what is recorded of a step."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.looking import Lookout, Seen
from services.arrears.casework.nightly import look_at, lookout_of
from services.arrears.casework.policy_shelf import PolicyShelf
from services.arrears.ladder.case import Line
from services.arrears.ladder.policy import Policy
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.amounts import format_day
from services.chassis.caller import Caller

if TYPE_CHECKING:
    from services.arrears.service import Arrears

STOPS = {
    "paid": "plus rien n'est dû",
    "plan-active": "un plan d'apurement est respecté",
    "hardship": "le ménage est en grande difficulté",
    "dispute": "la dette est contestée",
    "paused": "le dossier est suspendu",
    "formal-path": "une procédure formelle est en cours",
    "moratorium": "le moratoire hivernal interdit l'expulsion",
    "bank-data-stale": "les extraits de banque sont trop anciens",
    "not-the-tenant": "le bail est terminé",
    "deceased": "le locataire est décédé",
    "not-in-policy": "la politique d'aujourd'hui ne connaît pas cette étape",
    "plan-over": "le plan n'est plus en cours",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """One account in one act with its case, new if there was none, and where it is seen from."""

    act: Act
    account: RentAccount
    case: ArrearsCase
    lookout: Lookout

    def look(self, *more: Line) -> Seen:
        return self.lookout.look(self.account, self.case, *more)

    def too_early(self, on: date) -> str | None:
        """Why nothing can have been done about the debt on a day before the lease."""
        terms = self.account.terms
        if terms is None or on >= terms.start_on:
            return None
        return f"Le bail ne commence que le {format_day(terms.start_on)} : vérifiez l'année."

    def is_first(self, step: str) -> bool:
        return all(taken.step != step for taken in self.case.taken.values())

    def save(self) -> UUID:
        """Save the case, and look at once what is proposed from now on."""
        look_at(self.act, self.lookout, self.account, self.case)
        return self.act.save(self.case)


def desk_of(
    arrears: "Arrears", act: Act, caller: Caller, lease_id: UUID, lookout: Lookout | None = None
) -> Desk:
    """`lookout`: the act's own, where it looks at several accounts.

    Errors: NotFound (404).   Refuses: StaleEdit (412) by the case's version.
    """
    account = act.load(RentAccount, lease_id)
    case = act.find(ArrearsCase, ArrearsCase.id_of(arrears.company.slug, lease_id))
    case = case or ArrearsCase.open_case(
        arrears.company.slug, lease_id, account.household_id, act.today
    )
    case.refuse_if_stale(caller.expected_version)
    return Desk(act, account, case, lookout or looking_from(act))


def looking_from(act: Act) -> Lookout:
    shelf = act.find(PolicyShelf, PolicyShelf.id_of(act.service.company.slug))
    return lookout_of(act, shelf)


def stop_step(desk: Desk, seen: Seen, step: str, reasons: list[str]) -> None:
    """It was judged again and something stops it.   Records: StepStopped."""
    desk.case.stop_step(
        desk.act.today,
        step=step,
        reasons=reasons,
        balance_cents=seen.state.balance_cents,
        policy=_policy(seen).policy,
        policy_version=_policy(seen).version,
    )


def record_step(desk: Desk, seen: Seen, step: str, on: date, fee_cents: int) -> UUID:
    """It was taken, or its message went.   Records: StepTaken.   Gives its id."""
    policy, case = _policy(seen), desk.case
    rules = policy.steps[step]
    step_id = natural_id(
        desk.act.service.company.slug, "step", f"{case.id}/{step}/{on}/{case.version}"
    )
    case.take_step(
        on,
        desk.act.today,
        step_id=step_id,
        step=step,
        means=rules.means,
        is_message=rules.is_message,
        balance_cents=seen.state.balance_cents,
        fee_cents=fee_cents,
        proposed=seen.proposal.step == step,
        policy=policy.policy,
        policy_version=policy.version,
    )
    return step_id


def note_step_that_means(desk: Desk, means: str, on: date) -> None:
    """What others did is noted as the step that the policy has for it, once a debt: nobody types
    it twice.   Records: StepTaken, without a fee.
    """
    seen = desk.look()
    if seen.policy is None:
        return
    settled_on = seen.state.settled_on or date.min
    known = any(
        taken.means == means and taken.taken_on > settled_on for taken in desk.case.taken.values()
    )
    step = next((name for name, r in seen.policy.steps.items() if r.means == means), None)
    if step is not None and not known:
        record_step(desk, seen, step, on, 0)


def _policy(seen: Seen) -> Policy:
    assert seen.policy is not None, "a step is judged by a policy"
    return seen.policy
