"""One proposal for a state, what else matched, and what would stop it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.arrears.ladder.moments import Moment
from services.arrears.ladder.plans import LIVE
from services.arrears.ladder.policy import Policy, Rule, Stop
from services.arrears.ladder.state import State, Step


@dataclass(frozen=True, slots=True)
class Proposal:
    """`step` is None when nothing is due. `rule`: the one that matched, None for the default."""

    step: str | None
    rule: str | None
    because: str
    """The rule's own sentence, with what it asks and the figures it met."""
    also_matching: tuple[str, ...] = ()
    sentence: str = ""
    """The rule's own sentence alone, as the policy writes it."""


def matching_rules(policy: Policy, state: State) -> Iterator[Rule]:
    """In the order of their rank."""
    return (rule for rule in policy.ordered if rule.when.holds(state))


def propose(policy: Policy, state: State) -> Proposal:
    """The matching rule of the lowest rank, else the default."""
    matching = list(matching_rules(policy, state))
    if not matching:
        return Proposal(policy.default, None, "No rule matches: the policy's default.")
    first, *others = matching
    because = f"{first.because} ({first.when.words(state)})"
    also = tuple(rule.rule for rule in others)
    return Proposal(first.propose, first.rule, because, also, first.because)


def ruling(policies: Sequence[Policy], day: date, known_on: date) -> Policy | None:
    """The policy that answers for a day: of those that apply, the one that applies from last."""
    applying = [
        policy
        for policy in policies
        if policy.applies_from <= day
        and policy.adopted_on <= known_on
        and (policy.scope.earlier_days or policy.adopted_on <= day)
    ]
    return max(applying, key=lambda p: (p.applies_from, p.adopted_on), default=None)


def stopped_by(policy: Policy, step: str, state: State) -> list[Stop]:
    """Every reason why a step would not be sent at a moment, in the order of the policy's list."""
    rules = policy.steps[step]
    holding: dict[Stop, bool] = {
        "paid": state.balance_cents <= policy.paid_at_most_cents,
        "plan-active": state.plan is not None and state.plan.state in LIVE,
        "hardship": state.hardship,
        "dispute": state.dispute,
        "paused": state.review_on is not None,
        "formal-path": not rules.formal and _formal_path(policy, state),
        "moratorium": rules.evicts and in_moratorium(policy, state),
        "bank-data-stale": state.bank_data == "stale",
        "not-the-tenant": "departed" in state.tenant,
        "deceased": "deceased" in state.tenant,
    }
    reasons = rules.stops if rules.stops is not None else policy.stops
    return [reason for reason in reasons if holding[reason]]


def _formal_path(policy: Policy, state: State) -> bool:
    if state.before_court_until is not None and not _settled_since(state.before_court_until, state):
        return True
    formal = {name for name, rules in policy.steps.items() if rules.formal}
    settled_on = state.settled_on or date.min
    return any(done.kind in formal and done.on > settled_on for done in state.done)


def _settled_since(day: date, state: State) -> bool:
    """Whether nothing was owed at the end of that day, or of one after it."""
    return day <= state.day and (state.owed_since is None or day < state.owed_since)


def in_moratorium(policy: Policy, state: State) -> bool:
    """Whether the day of execution, the bailiff's if one is ahead, lies in it. What lifts it is
    asked of that day: a refusal recorded before it is in time, though it is of today.
    """
    moratorium, day = policy.moratorium, state.day
    if state.evict_on is not None and state.evict_on > day:
        day = state.evict_on
    if moratorium is None or not moratorium.covers(day):
        return False
    on_the_day = replace(state, moment=Moment(day))
    return moratorium.unless is None or not moratorium.unless.holds(on_the_day)


def dated(step: Step, policies: Sequence[Policy], ruling_now: Policy | None) -> Step:
    """A step with its delay and lapse: by the ruling policy, if it was taken since that applies or
    its scope reaches back to it; else by the rules of its day.
    """
    policy = ruling(policies, step.on, step.on)
    if ruling_now is not None and (
        policy is None or ruling_now.scope.earlier_steps or ruling_now.applies_from <= step.on
    ):
        policy = ruling_now
    rules = policy.steps.get(step.kind) if policy is not None else None
    if rules is None or rules.active is None:
        return replace(step, from_=None, until=None)
    begins = rules.active.after.after(step.on)
    lapse = rules.active.lapses_after
    return replace(step, from_=begins, until=lapse.after(begins) if lapse else None)
