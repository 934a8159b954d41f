"""Telling the social service of a debt: only while every precondition of the policy holds.

The transmission names the facts that prove each of them. An objection stops the next one, whatever
else holds, and takes nothing back of what was told before.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts.envelope import fact_id
from services.arrears.casework.acting import NoPolicyRules, at_desk
from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.case_rows import facts_of_case
from services.arrears.casework.data_transfer import (
    INFORMED,
    TransferForbidden,
    TransferNotYetAllowed,
)
from services.arrears.casework.desk import Desk
from services.arrears.casework.explaining import look_back
from services.arrears.casework.looking import Seen
from services.arrears.ladder.conditions import When
from services.arrears.ladder.happenings import Happened
from services.arrears.ladder.known_days import DayOf
from services.arrears.ladder.social_service import Answer, Verdict, may_be_told
from services.arrears.ladder.state import State
from services.chassis.act import Act
from services.chassis.caller import Caller, Receipt

if TYPE_CHECKING:
    from services.arrears.service import Arrears

OF_DEBT = ("owed", "owed_for", "unpaid_periods")
SELECT_UNPAID = """
SELECT fact FROM account_line WHERE lease_id = %s AND kind = 'charge' AND on_day BETWEEN %s AND %s
AND fact IS NOT NULL ORDER BY on_day
"""
"""The charges that are not paid: from the oldest of them on."""
SELECT_NEWEST_STATEMENTS = """
SELECT f.position FROM (
    SELECT DISTINCT ON (account) statement_id FROM bank_statement
    ORDER BY account, on_day DESC, number DESC
) s JOIN facts f ON f.subject = s.statement_id
WHERE f.type = 'arrears.bank-statement-imported' ORDER BY f.position
"""
NO_RULES = "La politique d'aujourd'hui ne dit pas quand un service social peut être prévenu."


def inform_social_service(arrears: "Arrears", caller: Caller, lease_id: UUID) -> Receipt:
    """It was told today.   Records: SocialServiceInformed with its proofs.

    Refuses: TransferForbidden, TransferNotYetAllowed with what is missing, NoPolicyRules (409).
    """

    def decide(desk: Desk) -> None:
        seen = desk.look()
        policy, answer = seen.policy, _answer(seen)
        if policy is None or answer is None:
            raise NoPolicyRules(NO_RULES)
        _refuse_unless_allowed(answer)
        proofs = [
            {
                "precondition": each.precondition,
                "facts": _facts(desk.act, desk.case, each.when, seen.state),
            }
            for each in answer.met
        ]
        desk.case.inform_social_service(
            desk.act.today, proofs=proofs, policy=policy.policy, policy_version=policy.version
        )

    return at_desk(arrears, caller, lease_id, decide)


def answer_transfer(
    arrears: "Arrears", caller: Caller, lease_id: UUID, *, accepted: bool
) -> Receipt:
    """Records: DataTransferAccepted or -Objected, if it is news."""
    return at_desk(
        arrears,
        caller,
        lease_id,
        lambda desk: desk.case.answer_transfer(accepted=accepted, on=desk.act.today),
    )


def may_inform(arrears: "Arrears", lease_id: UUID, today: date) -> dict[str, Any]:
    """Whether the social service may be told of an account today, and what is missing.

    `answer`: allowed, not-yet, forbidden, or None where no policy says when; `informed_on`: each
    day on which it was told.   Errors: NotFound.
    """
    back = look_back(arrears, lease_id, today, today)
    answer, policy, case = _answer(back.seen), back.seen.policy, back.case
    rules = policy.social_service if policy else None
    told = answer.missing if answer else ()
    return {
        "lease_id": lease_id,
        "title": rules.title if rules else None,
        "answer": answer.verdict if answer else None,
        "missing": [{"precondition": e.precondition, "sentence": e.missing} for e in told],
        "policy": policy.policy if policy else None,
        "policy_version": policy.version if policy else None,
        "informed_on": [day for day, _ in case.informed] if case else [],
        "objected": bool(case and isinstance(case.answered, ArrearsCase.DataTransferObjected)),
    }


def _answer(seen: Seen) -> Answer | None:
    rules = seen.policy.social_service if seen.policy else None
    return may_be_told(rules, seen.state) if rules else None


def _refuse_unless_allowed(answer: Answer) -> None:
    if answer.verdict is Verdict.FORBIDDEN:
        raise TransferForbidden("Le ménage s'y oppose : rien n'est transmis.")
    if answer.verdict is Verdict.NOT_YET:
        why = " ".join(each.missing for each in answer.missing)
        missing = [each.precondition for each in answer.missing]
        raise TransferNotYetAllowed(f"Rien n'est transmis. {why}", missing=missing)


def _facts(act: Act, case: ArrearsCase, when: When, state: State) -> list[str]:
    """The ids of the facts that a condition rests on, in their order."""
    known, leaves = _versions(case), list(when.leaves())
    versions = {
        version
        for leaf in leaves
        if leaf.holds(state)
        for place in _places(leaf, state)
        for version in known.get(place, ())
    }
    found = facts_of_case(act, case.id, sorted(versions))
    if any(leaf.key in OF_DEBT for leaf in leaves) and state.unpaid_since is not None:
        asked = (case.lease_id, state.unpaid_since, state.day)
        found += [row["fact"] for row in act.rows(SELECT_UNPAID, asked)]
    if any(leaf.key == "bank_data" for leaf in leaves):
        company = act.service.company.slug
        newest = act.rows(SELECT_NEWEST_STATEMENTS)
        found += [fact_id(company, act.service.name, row["position"]) for row in newest]
    return found


def _places(leaf: When, state: State) -> Iterator[tuple[str, date | None]]:
    """What happened, and on which day, of what a condition asks for."""
    if leaf.key == "consent":
        yield "consent", None
    if leaf.key == "happened" and isinstance(leaf.value, Happened):
        for done in leaf.value.found(state):
            if leaf.value.keeps(leaf.value.day_of(done), state.day):
                yield done.kind, done.on
    if isinstance(leaf.value, DayOf):
        for done in leaf.value.done(state):
            yield done.kind, done.on


def _versions(case: ArrearsCase) -> dict[tuple[str, date | None], list[int]]:
    """Which of the case's events say that something happened on a day."""
    found: dict[tuple[str, date | None], list[int]] = {}
    for taken in case.taken.values():
        found.setdefault((taken.step, taken.taken_on), []).append(taken.originator_version)
    for noted in case.contacts.values():
        place = (noted.kind, noted.contacted_on)
        found.setdefault(place, []).append(noted.originator_version)
    for day, version in case.informed:
        found.setdefault((INFORMED, day), []).append(version)
    if isinstance(case.answered, ArrearsCase.DataTransferAccepted):
        found["consent", None] = [case.answered.originator_version]
    return found
