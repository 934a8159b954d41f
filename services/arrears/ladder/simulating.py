"""`referent simulate`: what a case comes to on a day, and what a policy would propose then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any

from services.arrears.ladder.books import Books
from services.arrears.ladder.case import (
    Case,
    Rent,
    Send,
)
from services.arrears.ladder.impossible_lines import refuse_impossible
from services.arrears.ladder.judging import Proposal, dated, propose, ruling, stopped_by
from services.arrears.ladder.moments import BEGINNING, END, Lines, Moment
from services.arrears.ladder.plans import Watched, watch
from services.arrears.ladder.policy import Policy
from services.arrears.ladder.refused_line import LineRefused
from services.arrears.ladder.rent_conversion import WEEKS, convert_parts
from services.arrears.ladder.social_service import may_be_told
from services.arrears.ladder.state import State, Step, done_of, state_at


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of an attempt to send. `draft`: left for a person, never sent by itself."""

    at: Moment
    step: str
    sent: bool
    draft: bool
    fee_cents: int
    stopped_by: list[str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What an account is at a moment: all that a policy may ask, its plans, the rent asked for."""

    state: State
    plans: list[Watched]
    rent: Rent | None


class Simulation:
    """One case under some policies, as known on a day.

    Errors: LineRefused for lines that cannot be beside the others.
    """

    def __init__(
        self, case: Case, policies: Sequence[Policy], on: date, known_on: date | None = None
    ) -> None:
        self.policies = policies
        self.on, self.known_on = Moment(on), known_on or date.max
        recorded = Lines(case.happenings)
        refuse_impossible(recorded)
        self.lines = recorded if known_on is None else Lines.of(case, known_on)
        self.sendings: list[Sending] = []
        self._sent: list[tuple[Moment, Step]] = []
        for line in self.lines.of_kind(Send):
            if line.on <= on:
                self._send(line)

    def look(self, moment: Moment, known: Lines, policy: Policy | None) -> Looked:
        """The account at a moment, by the lines known and with a policy's limits."""
        happened, books = self._open_books(moment, known)
        done = sorted([*done_of(happened), *self._sent], key=itemgetter(0))
        steps = tuple(dated(step, self.policies, policy) for _, step in done)
        plans = watch(happened, books, moment, self._tolerance)
        state = state_at(moment, happened, books, plans, steps)
        bank_days = policy.bank_data_days if policy else None
        return Looked(replace(state, bank_days_max=bank_days), plans, books.rent(moment.day))

    def watch(self, moment: Moment) -> list[Watched]:
        """The account's plans at a moment, and nothing else."""
        happened, books = self._open_books(moment, self.lines)
        return watch(happened, books, moment, self._tolerance)

    def _open_books(self, moment: Moment, known: Lines) -> tuple[Lines, Books]:
        """What had happened at a moment, and the money of it."""
        happened, evening = known.happened_by(moment), Moment(moment.day)
        if known is self.lines and self._books is not None:
            return happened, self._books
        # A balance is stated of the day's end: what came later that day is needed to undo it.
        of_day = happened if moment == evening else known.happened_by(evening)
        return happened, Books(of_day, moment.day)

    @cached_property
    def _books(self) -> Books | None:
        """The same books for every moment; none where a rent was told of after it began."""
        if any(rent.on > rent.first_day for rent in self.lines.of_kind(Rent)):
            return None
        return Books(self.lines, self.on.day)

    def ruling(self, day: date) -> Policy | None:
        return ruling(self.policies, day, self.known_on)

    def _tolerance(self, day: date) -> int:
        """By the policy of the day on which a plan was agreed: a later one changes nothing."""
        policy = self.ruling(day) or self.ruling(self.on.day)
        return policy.tolerance_days if policy else 0

    def _send(self, line: Send) -> None:
        """Judge again at that very moment, by what was recorded then."""
        moment = Moment(line.on, line.at or END)
        policy = ruling(self.policies, line.on, min(self.known_on, line.on))
        if policy is None or line.step not in policy.steps:
            raise LineRefused(line, "step", self._why_not_sendable(line, policy))
        state = self.look(moment, self.lines.known_by(moment), policy).state
        rules = policy.steps[line.step]
        stops = stopped_by(policy, line.step, state)
        sent = not stops and not rules.statutory
        fee = self._fee(policy, line.step, state) if sent else 0
        when = moment if line.at else Moment(line.on, BEGINNING)
        self.sendings.append(
            Sending(when, line.step, sent, rules.statutory and not stops, fee, list(stops))
        )
        if sent:
            self._sent.append((moment, Step(line.step, line.on, rules.is_message)))

    def _why_not_sendable(self, line: Send, policy: Policy | None) -> str:
        if policy is not None:
            return f"La politique {policy.policy} n'a pas d'étape «\u00a0{line.step}\u00a0»."
        days = ", ".join(
            f"{given.policy} {given.version} est adoptée le {given.adopted_on} et vaut dès le "
            f"{given.applies_from}"
            for given in self.policies
        )
        told = days or "nommez-en une par --policy"
        return f"Aucune politique adoptée ne vaut le {line.on}\u00a0: {told}."

    def _fee(self, policy: Policy, step: str, state: State) -> int:
        first = all(done.kind != step for done in state.done)
        charged = sum(sending.fee_cents for sending in self.sendings)
        return policy.steps[step].fee(first=first, charged_cents=charged)

    def answer(self) -> dict[str, Any]:
        """As contracted: `referent simulate --case` in JSON."""
        policy = self.ruling(self.on.day)
        looked = self.look(self.on, self.lines, policy)
        state = looked.state
        proposal = propose(policy, state) if policy else Proposal(None, None, _no_policy(self))
        stops = stopped_by(policy, proposal.step, state) if policy and proposal.step else []
        return {
            "on": self.on.day.isoformat(),
            "balance_cents": state.balance_cents,
            "net_cents": state.net_cents,
            "rent": _rent(looked.rent),
            "plans": [_plan(plan, self.on.day) for plan in looked.plans],
            "active_steps": [
                {
                    "step": step.kind,
                    "from": step.from_.isoformat(),
                    "until": step.until.isoformat() if step.until else None,
                }
                for step in state.done
                if step.from_ is not None and step.active_on(state.day)
            ],
            "proposed": proposal.step,
            "rule": proposal.rule,
            "because": proposal.because,
            "policy": policy.policy if policy else None,
            "policy_version": policy.version if policy else None,
            "also_matching": list(proposal.also_matching),
            "stopped_by": list(stops),
            "sendings": [_sending(sending) for sending in self.sendings],
            "social_service": _social_service(policy, state),
        }


def _no_policy(simulation: Simulation) -> str:
    if not simulation.policies:
        return "No policy was given."
    return f"None of the policies given applies on {simulation.on.day}."


def _social_service(policy: Policy | None, state: State) -> dict[str, Any] | None:
    """Whether it may be told; None where the policy does not say when."""
    if policy is None or policy.social_service is None:
        return None
    answer = may_be_told(policy.social_service, state)
    return {
        "answer": answer.verdict.value,
        "missing": [each.precondition for each in answer.missing],
    }


def _rent(rent: Rent | None) -> dict[str, Any] | None:
    if rent is None:
        return None
    week = convert_parts([part.cents for part in rent.parts], rent.year_periods, WEEKS)
    parts = [
        {"name": part.name, "cents": part.cents, "weekly_cents": cents}
        for part, cents in zip(rent.parts, week.parts, strict=True)
    ]
    return {
        "period": rent.period.value,
        "parts": parts,
        "weekly_cents": week.total,
        "rounding_cents": week.rounding,
    }


def _plan(plan: Watched, day: date) -> dict[str, Any]:
    return {
        "plan": plan.terms.plan,
        "state": plan.state,
        "expected_cents": plan.expected_cents,
        "shortfall_cents": plan.shortfall_cents,
        "formal": plan.formal_on(day),
        "history": [
            {"on": c.on.isoformat(), "state": c.state, "expected_cents": c.expected_cents}
            for c in plan.changes
        ],
    }


def _sending(sending: Sending) -> dict[str, Any]:
    return {
        "at": sending.at.day.isoformat() if sending.at.at == BEGINNING else sending.at.words,
        "step": sending.step,
        "sent": sending.sent,
        "draft": sending.draft,
        "fee_cents": sending.fee_cents,
        "stopped_by": sending.stopped_by,
    }
