"""What people note of the legal path, each in one act, and the rules that block an eviction."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.legal_path import BlockReason, CostKind, SuspensionReason
from services.arrears.casework.acting import at_desk
from services.arrears.casework.case_plans import line
from services.arrears.casework.desk import Desk, desk_of, note_step_that_means
from services.arrears.ladder.case import Eviction
from services.arrears.ladder.judging import in_moratorium
from services.arrears.ladder.policy import Policy
from services.arrears.legal.deadlines import delays_on
from services.arrears.legal.guidance import refuse_ahead
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.caller import Caller, Receipt
from services.chassis.refusal import Refusal

if TYPE_CHECKING:
    from services.arrears.service import Arrears

BLOCKED = "blocked:"
"""How an act that recorded why an eviction is not possible is answered, also when repeated."""
BLOCKS = {
    BlockReason.WINTER_MORATORIUM: "le moratoire hivernal l'interdit ce jour-là, sauf refus de "
    "guidance du CPAS noté avant ce jour ou danger pour la sécurité",
    BlockReason.NOT_AUTHORISED: "aucun jugement noté n'autorise l'expulsion",
    BlockReason.NOT_SERVED: "la signification du jugement n'est pas notée",
    BlockReason.TOO_SOON_AFTER_SERVICE: "le délai depuis la signification n'est pas écoulé",
    BlockReason.WARNED_TOO_LATE: "le locataire n'en est pas averti assez tôt",
    BlockReason.NOT_SCHEDULED: "aucune expulsion n'est fixée ce jour-là ou avant",
}
RULES = {
    BlockReason.WINTER_MORATORIUM: "BR-06",
    BlockReason.TOO_SOON_AFTER_SERVICE: "BR-07",
    BlockReason.WARNED_TOO_LATE: "BR-08",
}


class EvictionIsBlocked(Refusal):
    slug = "eviction-is-blocked"
    title = "Expulsion impossible"


def answer_guidance(
    arrears: "Arrears", caller: Caller, lease_id: UUID, answered_on: date, *, accepted: bool
) -> Receipt:
    """Records: BudgetGuidanceAccepted or -Refused.   Refuses: LegalDayNotPossible (422)."""
    return at_desk(
        arrears,
        caller,
        lease_id,
        lambda desk: desk.case.answer_guidance(
            accepted=accepted, on=answered_on, today=desk.act.today
        ),
    )


def record_safety_exception(
    arrears: "Arrears", caller: Caller, lease_id: UUID, established_on: date
) -> Receipt:
    """Records: SafetyExceptionRecorded.   Refuses: LegalDayNotPossible (422)."""
    return at_desk(
        arrears,
        caller,
        lease_id,
        lambda desk: desk.case.record_safety_exception(established_on, desk.act.today),
    )


def file_petition(
    arrears: "Arrears", caller: Caller, lease_id: UUID, filed_on: date, claim_cents: int
) -> Receipt:
    """Records: CourtPetitionFiled, on any day of the year; StepTaken where the policy's step that
    means it was not noted of this debt.

    Refuses: LegalDayNotPossible (422).
    """

    def decide(desk: Desk) -> None:
        desk.case.file_petition(filed_on, claim_cents, desk.act.today)
        note_step_that_means(desk, "petition", filed_on)

    return at_desk(arrears, caller, lease_id, decide)


def fix_hearing(arrears: "Arrears", caller: Caller, lease_id: UUID, hearing_on: date) -> Receipt:
    """Records: HearingFixed.   Refuses: LegalDayNotPossible (422)."""
    return at_desk(
        arrears, caller, lease_id, lambda desk: desk.case.fix_hearing(hearing_on, desk.act.today)
    )


def give_judgment(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    given_on: date,
    claim_cents: int,
    *,
    terms_granted: bool,
    eviction_authorised: bool,
    no_eviction_before: date | None = None,
) -> Receipt:
    """Records: JudgmentGiven.   Refuses: LegalDayNotPossible (422)."""

    def decide(desk: Desk) -> None:
        slug, case = arrears.company.slug, desk.case
        case.give_judgment(
            natural_id(slug, "judgment", f"{case.id}/{case.judgments}"),
            given_on,
            desk.act.today,
            claim_cents=claim_cents,
            terms_granted=terms_granted,
            eviction_authorised=eviction_authorised,
            no_eviction_before=no_eviction_before,
        )

    return at_desk(arrears, caller, lease_id, decide)


def serve_judgment(arrears: "Arrears", caller: Caller, lease_id: UUID, served_on: date) -> Receipt:
    """Records: JudgmentServed with the first day of an eviction (BR-07).

    Refuses: NoJudgment (409), LegalDayNotPossible (422).
    """

    def decide(desk: Desk) -> None:
        said = desk.case.known_judgment.no_eviction_before
        desk.case.serve_judgment(
            served_on, delays_on(served_on).earliest_eviction(served_on, said), desk.act.today
        )

    return at_desk(arrears, caller, lease_id, decide)


def schedule_eviction(
    arrears: "Arrears", caller: Caller, lease_id: UUID, evict_on: date, warned_on: date
) -> Receipt:
    """The bailiff's day.   Records: EvictionScheduled; EvictionBlocked where a rule stands against
    it, and then it is refused.

    Refuses: EvictionIsBlocked (409), LegalDayNotPossible (422).
    """

    def decide(desk: Desk) -> Sequence[BlockReason]:
        reasons = _against(desk, evict_on)
        if warned_on > delays_on(evict_on).warned_in_time_until(evict_on):
            reasons.append(BlockReason.WARNED_TOO_LATE)
        if not reasons:
            desk.case.schedule_eviction(evict_on, warned_on, desk.act.today)
        return reasons

    return _unless_blocked(arrears, caller, lease_id, evict_on, decide)


def execute_eviction(
    arrears: "Arrears", caller: Caller, lease_id: UUID, executed_on: date
) -> Receipt:
    """It took place.   Records: EvictionExecuted; EvictionBlocked where a rule stands against it.

    Refuses: EvictionIsBlocked (409), LegalDayNotPossible (422).
    """

    def decide(desk: Desk) -> Sequence[BlockReason]:
        refuse_ahead("executed_on", executed_on, desk.act.today)
        scheduled = desk.case.eviction
        reasons = _against(desk, executed_on)
        if scheduled is None or executed_on < scheduled.evict_on:
            reasons.append(BlockReason.NOT_SCHEDULED)
        if not reasons:
            desk.case.execute_eviction(executed_on, desk.act.today)
            note_step_that_means(desk, "eviction", executed_on)
        return reasons

    return _unless_blocked(arrears, caller, lease_id, executed_on, decide)


def _unless_blocked(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    evict_on: date,
    decide: Callable[[Desk], Sequence[BlockReason]],
) -> Receipt:
    def decided(act: Act) -> UUID | str:
        desk = desk_of(arrears, act, caller, lease_id)
        reasons = decide(desk)
        if reasons:
            policy = desk.look().policy
            desk.case.block_eviction(
                evict_on,
                act.today,
                reasons=list(reasons),
                policy=policy.policy if policy else None,
                policy_version=policy.version if policy else None,
            )
        saved = desk.save()
        return BLOCKED + ",".join(reasons) if reasons else saved

    receipt = arrears.perform(caller, decided)
    if receipt.id.startswith(BLOCKED):
        reasons = [BlockReason(r) for r in receipt.id.removeprefix(BLOCKED).split(",")]
        why = " ; ".join(BLOCKS[reason] for reason in reasons)
        rules = [RULES[reason] for reason in reasons if reason in RULES]
        raise EvictionIsBlocked(f"Rien n'est noté : {why}.", reasons=reasons, rules=rules)
    return receipt


def _against(desk: Desk, evict_on: date) -> list[BlockReason]:
    """The rules against an eviction on a day, by what is known now."""
    case, reasons = desk.case, []
    if case.judgment is None or not case.judgment.eviction_authorised:
        reasons.append(BlockReason.NOT_AUTHORISED)
    elif case.service is None:
        reasons.append(BlockReason.NOT_SERVED)
    elif evict_on < case.service.earliest_eviction_on:
        reasons.append(BlockReason.TOO_SOON_AFTER_SERVICE)
    if _in_moratorium(desk, evict_on):
        reasons.append(BlockReason.WINTER_MORATORIUM)
    return reasons


def _in_moratorium(desk: Desk, evict_on: date) -> bool:
    """Whether the moratorium of the policy that rules on that day covers it (BR-06)."""
    asked = line(Eviction, what="eviction", on=desk.act.today, evict_on=evict_on)
    there = replace(desk, lookout=replace(desk.lookout, day=evict_on))
    seen = there.look(asked)
    policy: Policy | None = seen.policy
    return policy is not None and in_moratorium(policy, seen.state)


def suspend_eviction(
    arrears: "Arrears", caller: Caller, lease_id: UUID, reason: SuspensionReason
) -> Receipt:
    """Records: EvictionSuspended.   Refuses: NoEvictionScheduled (409)."""
    return at_desk(
        arrears, caller, lease_id, lambda desk: desk.case.suspend_eviction(reason, desk.act.today)
    )


def incur_costs(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    kind: CostKind,
    cost_cents: int,
    incurred_on: date,
) -> Receipt:
    """Records: CourtCostsIncurred, apart from the rent account (BR-04).

    Refuses: LegalDayNotPossible (422).
    """
    return at_desk(
        arrears,
        caller,
        lease_id,
        lambda desk: desk.case.incur_costs(kind, cost_cents, incurred_on, desk.act.today),
    )
