"""Read models of households in arrears: what is proposed now, and a case's history."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from services.arrears.casework import promises
from services.arrears.casework.arrears_case import ArrearsCase
from services.chassis.act import Act
from services.chassis.caller import Recorded

OPEN = "INSERT INTO arrears_case (lease_id, case_id, version) VALUES (%s, %s, %s)"
ADD_ENTRY = """
INSERT INTO case_entry (case_id, version, lease_id, on_day, what, said, actor, fact) {values}
"""
WITHDRAW_ENTRY = "UPDATE case_entry SET withdrawn = true WHERE case_id = %s AND version = %s"
UNSAID = {"originator_id", "originator_version", "timestamp", "occurred_on", "lease_id"}
UNSAID |= {"household_id", "corrects_version", "originator_topic"}


def fold(act: Act, recorded: Recorded) -> None:
    """One row a case: its proposal, pause and plan; one row an entry of its history."""
    event = recorded.event
    if isinstance(event, ArrearsCase.Opened):
        act.write(OPEN, (event.lease_id, event.originator_id, event.originator_version))
        return
    if event.TOPIC not in ENTRIES:
        return
    _add_entry(act, event, recorded)
    if hasattr(event, "corrects_version"):
        act.write(WITHDRAW_ENTRY, (event.originator_id, event.corrects_version))
    promises.fold(act, event)
    match event:
        case ArrearsCase.StepProposed():
            _set(
                act,
                event,
                step=event.step,
                rule=event.rule,
                policy=event.policy,
                policy_version=event.policy_version,
                proposed_on=event.proposed_on,
                proposed_cents=event.balance_cents,
                overridden=None,
            )
        case ArrearsCase.ProposalOverridden():
            _set(act, event, overridden=event.reason.value)
        case ArrearsCase.CasePaused():
            _set(act, event, review_on=event.review_on, pause_reason=event.reason.value)
        case ArrearsCase.CaseResumed():
            _set(act, event, review_on=None, pause_reason=None)
        case ArrearsCase.PlanAgreed():
            _set(act, event, plan_id=event.plan_id, plan_state="live")
        case ArrearsCase.PlanBreached():
            _set(act, event, plan_state=event.state.value)
        case ArrearsCase.PlanHealed():
            _set(act, event, plan_state="live")
        case ArrearsCase.PlanCompleted():
            _set(act, event, plan_state="completed")
        case ArrearsCase.PlanBroken():
            _set(act, event, plan_state="broken")
        case ArrearsCase.PlanCancelled():
            _set(act, event, plan_state="cancelled")
        case _:
            _set(act, event)


ENTRIES = {
    kind.TOPIC: kind.__name__
    for kind in (
        ArrearsCase.StepProposed,
        ArrearsCase.StepTaken,
        ArrearsCase.StepWithdrawn,
        ArrearsCase.StepStopped,
        ArrearsCase.ProposalOverridden,
        ArrearsCase.CasePaused,
        ArrearsCase.CaseResumed,
        ArrearsCase.CircumstanceRecorded,
        ArrearsCase.PlanAgreed,
        ArrearsCase.PlanBreached,
        ArrearsCase.PlanHealed,
        ArrearsCase.InstalmentMissed,
        ArrearsCase.PlanCompleted,
        ArrearsCase.PlanBroken,
        ArrearsCase.PlanCancelled,
        ArrearsCase.BudgetGuidanceAccepted,
        ArrearsCase.BudgetGuidanceRefused,
        ArrearsCase.SafetyExceptionRecorded,
        ArrearsCase.CourtPetitionFiled,
        ArrearsCase.HearingFixed,
        ArrearsCase.JudgmentGiven,
        ArrearsCase.JudgmentServed,
        ArrearsCase.EvictionScheduled,
        ArrearsCase.EvictionBlocked,
        ArrearsCase.EvictionSuspended,
        ArrearsCase.EvictionExecuted,
        ArrearsCase.CourtCostsIncurred,
        ArrearsCase.GuidanceAcceptanceWithdrawn,
        ArrearsCase.GuidanceRefusalWithdrawn,
        ArrearsCase.SafetyExceptionWithdrawn,
        ArrearsCase.PetitionWithdrawn,
        ArrearsCase.HearingWithdrawn,
        ArrearsCase.JudgmentWithdrawn,
        ArrearsCase.JudgmentServiceWithdrawn,
        ArrearsCase.EvictionDayWithdrawn,
        ArrearsCase.SuspensionWithdrawn,
        ArrearsCase.ExecutionWithdrawn,
        ArrearsCase.CourtCostsWithdrawn,
        ArrearsCase.DataTransferAccepted,
        ArrearsCase.DataTransferObjected,
        ArrearsCase.SocialServiceInformed,
        ArrearsCase.ContactNoted,
        ArrearsCase.ContactWithdrawn,
        ArrearsCase.PromiseNoted,
        ArrearsCase.PromiseWithdrawn,
    )
}


def _add_entry(act: Act, event: Any, recorded: Recorded) -> None:
    said = {name: _plain(value) for name, value in vars(event).items() if name not in UNSAID}
    act.insert(
        ADD_ENTRY,
        (
            event.originator_id,
            event.originator_version,
            event.lease_id,
            event.occurred_on,
            ENTRIES[event.TOPIC],
            Jsonb(said),
            recorded.actor,
            recorded.fact,
        ),
    )


def _plain(value: object) -> object:
    if isinstance(value, date | UUID):
        return str(value)
    return getattr(value, "value", value)


def _set(act: Act, event: Any, **columns: object) -> None:
    named = columns | {"version": event.originator_version}
    assignments = ", ".join(f"{name} = %({name})s" for name in named)
    act.write(
        f"UPDATE arrears_case SET {assignments} WHERE case_id = %(case)s",
        named | {"case": event.originator_id},
    )


SELECT_WORK = """
SELECT a.lease_id, a.household_id, a.reference, a.dwelling_reference, a.leaseholders, a.ended_on,
       c.case_id, c.step, c.rule, c.policy, c.policy_version, c.proposed_on,
       c.proposed_cents, c.overridden, c.review_on, c.pause_reason, c.plan_id, c.plan_state,
       c.version,
       (SELECT t.trouble FROM letter t WHERE t.lease_id = c.lease_id AND t.step = c.step
        AND t.state = 'failed' LIMIT 1) AS trouble,
       (SELECT coalesce(sum(l.cents), 0)::bigint FROM account_line l
        WHERE l.lease_id = c.lease_id AND l.on_day <= %(day)s) AS owed_cents
FROM arrears_case c JOIN account a USING (lease_id)
WHERE {where} ORDER BY owed_cents DESC, a.reference
"""
TO_DO = """c.step IS NOT NULL AND c.overridden IS NULL AND NOT EXISTS (
    SELECT 1 FROM letter t WHERE t.lease_id = c.lease_id AND t.step = c.step
    AND t.state IN ('draft', 'waiting', 'handed-over'))"""
"""A step whose letter waits is done here; one whose letter did not go comes back."""


def select_work(rows: Cursor[DictRow], day: date) -> list[DictRow]:
    """Cases for which a step is proposed and not overridden, largest debt first."""
    return rows.execute(SELECT_WORK.format(where=TO_DO), {"day": day}).fetchall()


def select_case(rows: Cursor[DictRow], day: date, lease_id: UUID) -> DictRow | None:
    query = SELECT_WORK.format(where="c.lease_id = %(lease)s")
    return rows.execute(query, {"day": day, "lease": lease_id}).fetchone()


def select_entries(rows: Cursor[DictRow], lease_id: UUID) -> list[DictRow]:
    """A case's history, newest first."""
    return rows.execute(
        "SELECT * FROM case_entry WHERE lease_id = %s ORDER BY version DESC", (lease_id,)
    ).fetchall()


def facts_of_case(act: Act, case_id: UUID, versions: Sequence[int]) -> list[str]:
    """The ids of the facts that a case's events of some versions were published as."""
    found = act.rows(
        "SELECT fact FROM case_entry WHERE case_id = %s AND version = ANY(%s)"
        " AND fact IS NOT NULL ORDER BY version",
        (case_id, list(versions)),
    )
    return [row["fact"] for row in found]
