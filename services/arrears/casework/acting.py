"""What people do about a household in arrears: take a step, decide otherwise, pause.

Each is one act. Where something is sent, the account is looked at again in that very act: what
stops it then is recorded, and the person is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.arrears_cases import Circumstance, OverrideReason, PauseReason
from services.arrears.casework.arrears_case import ArrearsCase, NothingIsProposed
from services.arrears.casework.looking import Lookout, Seen
from services.arrears.casework.nightly import look_at, lookout_of
from services.arrears.casework.policy_shelf import PolicyShelf
from services.arrears.ladder.case import Line
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.caller import Caller, Receipt
from services.chassis.refusal import Malformed, Refusal

if TYPE_CHECKING:
    from services.arrears.service import Arrears


class StepIsStopped(Refusal):
    slug = "step-is-stopped"
    title = "Étape arrêtée"


class NoPolicyRules(Refusal):
    slug = "no-policy-rules"
    title = "Aucune politique"


class StepNotInPolicy(Malformed):
    slug = "step-not-in-policy"
    title = "Étape inconnue"


class StepDayNotPossible(Malformed):
    slug = "step-day-not-possible"
    title = "Jour de l'étape impossible"


TOGETHER = 50
"""Households a transaction: others wait for it."""
STOPPED = "stopped:"
"""How an act that recorded why nothing was sent is answered, also when it is repeated."""
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

    def save(self) -> UUID:
        """Save the case, and look at once what is proposed from now on."""
        look_at(self.act, self.lookout, self.account, self.case)
        return self.act.save(self.case)


def desk_of(arrears: "Arrears", act: Act, caller: Caller, lease_id: UUID) -> Desk:
    """Errors: NotFound (404).   Refuses: StaleEdit (412) by the case's version."""
    account = act.load(RentAccount, lease_id)
    case = act.find(ArrearsCase, ArrearsCase.id_of(arrears.company.slug, lease_id))
    case = case or ArrearsCase.open_case(
        arrears.company.slug, lease_id, account.household_id, act.today
    )
    case.refuse_if_stale(caller.expected_version)
    shelf = act.find(PolicyShelf, PolicyShelf.id_of(arrears.company.slug))
    return Desk(act, account, case, lookout_of(act, shelf))


def take_step(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    step: str,
    taken_on: date | None = None,
) -> Receipt:
    """Take a step, or note one that a person took on `taken_on`.

    Records: StepTaken; StepStopped where something stops it now, and then it is refused.
    Refuses: StepIsStopped, NoPolicyRules (409), StepNotInPolicy, StepDayNotPossible (422).
    """

    def decide(act: Act) -> UUID | str:
        desk = desk_of(arrears, act, caller, lease_id)
        stopped = _take(desk, step, _day_taken(taken_on, act.today))
        saved = desk.save()
        return STOPPED + ",".join(stopped) if stopped else saved

    receipt = arrears.perform(caller, decide)
    if receipt.id.startswith(STOPPED):
        raise _stopped(receipt.id.removeprefix(STOPPED).split(","))
    return receipt


def _stopped(reasons: Sequence[str]) -> StepIsStopped:
    why = ", ".join(STOPS[reason] for reason in reasons)
    return StepIsStopped(f"Rien n'est parti : {why}.", reasons=list(reasons))


def _day_taken(taken_on: date | None, today: date) -> date:
    if taken_on is not None and taken_on > today:
        detail = "Ce jour n'est pas encore passé : une étape se note quand elle est faite."
        raise StepDayNotPossible(detail, [{"field": "taken_on", "reason": detail}])
    return taken_on or today


def _take(desk: Desk, step: str, on: date) -> list[str]:
    """Record the step, or why it is stopped; the reasons then."""
    seen = desk.look()
    policy, case = seen.policy, desk.case
    if policy is None:
        raise NoPolicyRules("Aucune politique adoptée ne vaut aujourd'hui : adoptez-en une.")
    rules = policy.steps.get(step)
    if rules is None:
        detail = f"La politique « {policy.policy} » n'a pas d'étape « {step} »."
        raise StepNotInPolicy(detail, [{"field": "step", "reason": detail}])
    told = {
        "step": step,
        "balance_cents": seen.state.balance_cents,
        "policy": policy.policy,
        "policy_version": policy.version,
    }
    reasons: list[str] = list(seen.stopped_by(step))
    if reasons:
        case.stop_step(desk.act.today, reasons=reasons, **told)
        return reasons
    first = all(taken.step != step for taken in case.taken.values())
    case.take_step(
        on,
        desk.act.today,
        step_id=natural_id(
            desk.act.service.company.slug, "step", f"{case.id}/{step}/{on}/{case.version}"
        ),
        means=rules.means,
        is_message=rules.is_message,
        fee_cents=rules.fee(first=first, charged_cents=case.fees_cents),
        proposed=seen.proposal.step == step,
        **told,
    )
    return []


@dataclass(frozen=True, slots=True)
class Together:
    """What became of one step for several households; `stopped`: each with why, in words."""

    taken: list[UUID]
    stopped: list[tuple[UUID, str]]


def take_steps(arrears: "Arrears", caller: Caller, step: str, leases: Sequence[UUID]) -> Together:
    """Take a step for each household for which it is still proposed, each judged by itself.

    Doing it again does nothing twice: what was taken is not proposed any more.
    """
    done = Together([], [])
    own = Caller(caller.actor, correlation_id=caller.correlation_id)
    for start in range(0, len(leases), TOGETHER):
        some = Together([], [])

        def decide(act: Act, some: Together = some, start: int = start) -> None:
            for lease_id in leases[start : start + TOGETHER]:
                try:
                    _take_if_proposed(desk_of(arrears, act, own, lease_id), step)
                    some.taken.append(lease_id)
                except Refusal as refusal:
                    some.stopped.append((lease_id, refusal.detail))

        arrears.perform(own, decide)
        done.taken.extend(some.taken)
        done.stopped.extend(some.stopped)
    return done


def _take_if_proposed(desk: Desk, step: str) -> None:
    """Refuses: StepIsStopped, which is recorded; NothingIsProposed."""
    proposed = desk.case.proposed
    if proposed is None or proposed.step != step:
        raise NothingIsProposed("Cette étape n'est plus proposée : rien n'a été fait.")
    stopped = _take(desk, step, desk.act.today)
    desk.save()
    if stopped:
        raise _stopped(stopped)


def at_desk(
    arrears: "Arrears", caller: Caller, lease_id: UUID, decide: Callable[[Desk], None]
) -> Receipt:
    """One act on a case: decide, save, look at once what is proposed from now on."""

    def decided(act: Act) -> UUID:
        desk = desk_of(arrears, act, caller, lease_id)
        decide(desk)
        return desk.save()

    return arrears.perform(caller, decided)


def withdraw_step(arrears: "Arrears", caller: Caller, lease_id: UUID, step_id: UUID) -> Receipt:
    """A step was noted by mistake.   Records: StepWithdrawn.   Refuses: StepNotTaken (404)."""
    return at_desk(arrears, caller, lease_id, lambda desk: desk.case.withdraw_step(step_id))


def override(arrears: "Arrears", caller: Caller, lease_id: UUID, reason: OverrideReason) -> Receipt:
    """Decide otherwise.   Records: ProposalOverridden.   Refuses: NothingIsProposed (409)."""

    def decide(act: Act) -> UUID:
        # Not looked at again: what was set aside is to stay so until something changes.
        desk = desk_of(arrears, act, caller, lease_id)
        desk.case.override(reason, act.today)
        return act.save(desk.case)

    return arrears.perform(caller, decide)


def pause(
    arrears: "Arrears", caller: Caller, lease_id: UUID, reason: PauseReason, review_on: date
) -> Receipt:
    """Records: CasePaused.   Refuses: ReviewDayNotPossible (422)."""
    return at_desk(
        arrears,
        caller,
        lease_id,
        lambda desk: desk.case.pause(reason, review_on, desk.act.today),
    )


def resume(arrears: "Arrears", caller: Caller, lease_id: UUID) -> Receipt:
    """Records: CaseResumed.   Refuses: CaseIsNotPaused (409)."""
    return at_desk(arrears, caller, lease_id, lambda desk: desk.case.resume(desk.act.today))


def record_circumstance(
    arrears: "Arrears", caller: Caller, lease_id: UUID, circumstance: Circumstance
) -> Receipt:
    """Hardship or a dispute holds, or is over.   Records: CircumstanceRecorded, if it is news."""
    return at_desk(
        arrears,
        caller,
        lease_id,
        lambda desk: desk.case.record_circumstance(circumstance, desk.act.today),
    )
