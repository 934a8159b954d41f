"""What policy proposed for an account on any past day, by the rules of that day, and from what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears.bank_data import STANDING, completeness
from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.looking import Lookout, Seen, lines_of, replayed
from services.arrears.casework.policy_shelf import PolicyShelf
from services.arrears.casework.reasons import reasons
from services.arrears.ladder.case import Line
from services.arrears.ladder.policy import Policy, StepRules
from services.arrears.rent_account import RentAccount
from services.chassis.clock import end_of
from services.chassis.refusal import Malformed, NotFound

if TYPE_CHECKING:
    from services.arrears.service import Arrears

STANDING_KNOWN = STANDING.format(
    which="JOIN facts ON subject = statement_id"
    " WHERE type = 'arrears.bank-statement-imported' AND recorded_at < %s"
)


def policies_of(arrears: "Arrears") -> list[Policy]:
    """Every policy adopted so far, each as of the day on which it was."""
    shelf_id = PolicyShelf.id_of(arrears.company.slug)
    shelf = replayed(arrears, [shelf_id]).get(shelf_id)
    return list(shelf.policies()) if shelf else []


def steps_of(policies: Sequence[Policy]) -> dict[str, StepRules]:
    """The steps of the policies, by name; the latest policy's wins."""
    return {name: rules for policy in policies for name, rules in policy.steps.items()}


def sentences_of(policies: Sequence[Policy]) -> dict[tuple[str, str, str], str]:
    """The sentence of each rule, by the policy's name, its version and the rule's name."""
    return {
        (policy.policy, policy.version, rule.rule): rule.because
        for policy in policies
        for rule in policy.rules
    }


def bank_until_known_at(arrears: "Arrears", moment: datetime) -> date | None:
    """Until when bank data was complete, by the statements recorded before a moment."""
    with arrears.datastore.reading() as rows:
        standing = rows.execute(STANDING_KNOWN, (moment,)).fetchall()
    return completeness(standing, arrears.company.bank_accounts).complete_until


@dataclass(frozen=True, slots=True)
class LookedBack:
    """An account as it was known at the end of a day, and what is seen of it from there."""

    seen: Seen
    lookout: Lookout
    account: RentAccount
    case: ArrearsCase | None


def look_back(arrears: "Arrears", lease_id: UUID, day: date, today: date) -> LookedBack:
    """A policy adopted later answers only where its scope reaches back to that day.

    Errors: NotFound; Malformed for a day that is not over yet, but for today.
    """
    if day > today:
        detail = "Ce jour n'est pas encore passé : choisissez aujourd'hui ou un jour d'avant."
        raise Malformed(detail, [{"field": "on", "reason": detail}])
    moment, case_id = end_of(day), ArrearsCase.id_of(arrears.company.slug, lease_id)
    before = None if day == today else moment
    known = replayed(arrears, [lease_id, case_id], before)
    account, case = known.get(lease_id), known.get(case_id)
    if not isinstance(account, RentAccount):
        raise NotFound("Ce compte n'existait pas encore ce jour-là.")
    lookout = Lookout(day, policies_of(arrears), bank_until_known_at(arrears, moment))
    return LookedBack(lookout.look(account, case), lookout, account, case)


def explain_proposal(arrears: "Arrears", lease_id: UUID, day: date, today: date) -> dict[str, Any]:
    """What was known of an account at the end of a day, and what policy proposes for it.

    Errors: as `look_back`.
    """
    back = look_back(arrears, lease_id, day, today)
    lines = lines_of(back.account, back.case)
    return told(back.seen) | {
        "on": day,
        "bank_complete_until": back.lookout.bank_until,
        "look_on": back.lookout.look_next(back.seen),
        "lines": [_told_line(line) for line in sorted(lines, key=lambda line: line.on)],
    }


def told(seen: Seen) -> dict[str, Any]:
    """What was seen, in the words of `referent simulate`; `reasons` in those of the pages."""
    proposal, policy = seen.proposal, seen.policy
    steps = policy.steps if policy else {}
    rules = steps.get(proposal.step or "")
    titles = {name: each.title for name, each in steps.items()}
    by_name = {rule.rule: rule for rule in policy.rules} if policy else {}
    matched = by_name.get(proposal.rule or "")
    return {
        "balance_cents": seen.state.balance_cents,
        "owed_since": seen.state.owed_since,
        "unpaid_since": seen.state.unpaid_since,
        "policy": policy.policy if policy else None,
        "policy_version": policy.version if policy else None,
        "proposed": proposal.step,
        "title": rules.title if rules else None,
        "statutory": rules.statutory if rules else False,
        "rule": proposal.rule,
        "sentence": proposal.sentence,
        "because": proposal.because,
        "reasons": reasons(matched.when, seen.state, titles) if matched else [],
        "also_matching": list(proposal.also_matching),
        "also_sentences": [by_name[name].because for name in proposal.also_matching],
        "stopped_by": list(seen.stopped_by(proposal.step)) if proposal.step else [],
        "plans": [
            {
                "plan": watched.terms.plan,
                "method": watched.terms.method,
                "state": watched.state,
                "expected_cents": watched.expected_cents,
                "shortfall_cents": watched.shortfall_cents,
            }
            for watched in seen.plans
        ],
    }


def _told_line(line: Line) -> dict[str, Any]:
    return line.model_dump(mode="json", exclude_none=True, by_alias=True)
