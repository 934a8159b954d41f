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
from services.arrears.casework.arrears_case import NothingIsProposed
from services.arrears.casework.desk import (
    STOPS,
    Desk,
    desk_of,
    looking_from,
    record_step,
    stop_step,
)
from services.arrears.legal.steps import NOTED_AS
from services.arrears.letters.queueing import queue_for_step, waits_since_today
from services.chassis.act import Act
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


class StepOnLegalPath(Refusal):
    slug = "step-on-legal-path"
    title = "Étape de la voie judiciaire"


class StepDayNotPossible(Malformed):
    slug = "step-day-not-possible"
    title = "Jour de l'étape impossible"


TOGETHER = 50
"""Households a transaction: others wait for it."""
STOPPED = "stopped:"
"""How an act that recorded why nothing was sent is answered, also when it is repeated."""


def take_step(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    step: str,
    taken_on: date | None = None,
) -> Receipt:
    """Take a step, or note one that a person took on `taken_on`.

    Records: StepTaken, or the letter that the step sends and by which it is taken when it goes;
    StepStopped where something stops it now, and then it is refused.
    Refuses: StepIsStopped, NoPolicyRules, LetterAlreadyWaits, StepOnLegalPath (409),
    StepNotInPolicy, StepDayNotPossible (422).
    """

    def decide(act: Act) -> UUID | str:
        desk = desk_of(arrears, act, caller, lease_id)
        stopped = _take(desk, step, _day_taken(taken_on, desk))
        saved = desk.save()
        return STOPPED + ",".join(stopped) if stopped else saved

    receipt = arrears.perform(caller, decide)
    if receipt.id.startswith(STOPPED):
        raise _stopped(receipt.id.removeprefix(STOPPED).split(","))
    return receipt


def _stopped(reasons: Sequence[str]) -> StepIsStopped:
    why = ", ".join(STOPS[reason] for reason in reasons)
    return StepIsStopped(f"Rien n'est parti : {why}.", reasons=list(reasons))


def _day_taken(taken_on: date | None, desk: Desk) -> date | None:
    if taken_on is None:
        return None
    if taken_on > desk.act.today:
        detail = "Ce jour n'est pas encore passé : une étape se note quand elle est faite."
        raise StepDayNotPossible(detail, [{"field": "taken_on", "reason": detail}])
    if why := desk.too_early(taken_on):
        raise StepDayNotPossible(why, [{"field": "taken_on", "reason": why}])
    return taken_on


def _take(desk: Desk, step: str, taken_on: date | None) -> list[str]:
    """Why it is stopped. Else its letter waits, or it was taken where it has none."""
    seen = desk.look()
    policy = seen.policy
    if policy is None:
        raise NoPolicyRules("Aucune politique adoptée ne vaut aujourd'hui : adoptez-en une.")
    rules = policy.steps.get(step)
    if rules is None:
        known = ", ".join(policy.steps)
        detail = f"La politique « {policy.policy} » n'a pas d'étape « {step} ». Elle a : {known}."
        raise StepNotInPolicy(detail, [{"field": "step", "reason": detail}])
    if rules.means in NOTED_AS:
        raise StepOnLegalPath(
            "Cette étape se note sur la page « Voie judiciaire » du dossier, où ses règles sont "
            "vérifiées."
        )
    reasons: list[str] = list(seen.stopped_by(step))
    if reasons:
        stop_step(desk, seen, step, reasons)
    elif taken_on is not None or not queue_for_step(desk, step, rules):
        fee = rules.fee(first=desk.is_first(step), charged_cents=desk.case.fees_cents)
        record_step(desk, seen, step, taken_on or desk.act.today, fee)
    return reasons


@dataclass(frozen=True, slots=True)
class Together:
    """What became of one step for several households; `stopped`: each with why, in words."""

    taken: list[UUID]
    stopped: list[tuple[UUID, str]]


def take_steps(arrears: "Arrears", caller: Caller, step: str, leases: Sequence[UUID]) -> Together:
    """Take a step for each household for which it is still proposed, each judged by itself.

    Doing it again does nothing twice, and is answered alike: what was taken today counts as taken.
    """
    done = Together([], [])
    own = Caller(caller.actor, correlation_id=caller.correlation_id)
    for start in range(0, len(leases), TOGETHER):
        some = Together([], [])

        def decide(act: Act, some: Together = some, start: int = start) -> None:
            lookout = looking_from(act)
            for lease_id in leases[start : start + TOGETHER]:
                try:
                    _take_if_proposed(desk_of(arrears, act, own, lease_id, lookout), step)
                    some.taken.append(lease_id)
                except Refusal as refusal:
                    some.stopped.append((lease_id, refusal.detail))

        arrears.perform(own, decide)
        done.taken.extend(some.taken)
        done.stopped.extend(some.stopped)
    return done


def _take_if_proposed(desk: Desk, step: str) -> None:
    """Refuses: StepIsStopped, which is recorded; NothingIsProposed."""
    if _is_taken_today(desk, step):
        return
    proposed = desk.case.proposed
    if proposed is None or proposed.step != step:
        raise NothingIsProposed("Cette étape n'est plus proposée : rien n'a été fait.")
    stopped = _take(desk, step, None)
    desk.save()
    if stopped:
        raise _stopped(stopped)


def _is_taken_today(desk: Desk, step: str) -> bool:
    today = [taken.step for taken in desk.case.taken.values() if taken.taken_on == desk.act.today]
    return step in today or waits_since_today(desk, step)


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
