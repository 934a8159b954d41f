"""Looking for what is wrong with a policy: rules that can never fire, states that match nothing.

Variables are chosen one by one; a choice that already decides against what is looked for is left
at once, so that few of the combinations are ever made.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from services.arrears.ladder.conditions import When
from services.arrears.ladder.exploring import DAYS, Explored, possible
from services.arrears.ladder.foreseeing import foresee
from services.arrears.ladder.policy import Policy, Rule

STEPS_MAX = 400_000
"""Conditions looked at for one policy; what is open then is undecided."""


class TooMany(Exception):
    """The search was given up."""


class Budget:
    """What is left to look at, for all searches of one policy together."""

    def __init__(self) -> None:
        self.left = STEPS_MAX

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooMany


class Search:
    """States of one policy, judged on one day, for which some rules hold and others do not."""

    def __init__(self, explored: Explored, budget: Budget) -> None:
        self.explored, self.budget = explored, budget
        self._known: dict[tuple[Any, ...], bool] = {}

    def find(self, wanted: list[When], unwanted: list[When]) -> dict[str, Any] | None:
        """Values for which all of `wanted` hold and none of `unwanted`.   Errors: TooMany."""
        leaves = [leaf for when in (*wanted, *unwanted) for leaf in when.leaves()]
        return self._choose({}, self.explored.names(leaves), wanted, unwanted)

    def _choose(
        self, chosen: dict[str, Any], names: list[str], wanted: list[When], unwanted: list[When]
    ) -> dict[str, Any] | None:
        if not possible(chosen):
            return None
        open_wanted: list[When] = []
        open_unwanted: list[When] = []
        for rules, right, still in ((wanted, True, open_wanted), (unwanted, False, open_unwanted)):
            for when in rules:
                holds = self.holds(when, chosen)
                if holds is None:
                    still.append(when)
                elif holds is not right:
                    return None
        if not open_wanted and not open_unwanted:
            return chosen
        name, *rest = names
        for value in self.explored.values[name]:
            found = self._choose({**chosen, name: value}, rest, open_wanted, open_unwanted)
            if found is not None:
                return found
        return None

    def holds(self, when: When, chosen: dict[str, Any]) -> bool | None:
        """Whether a condition holds whatever is chosen further; None when that is open."""
        self.budget.spend()
        key, value = when.key, when.value
        if key == "not_":
            inner = self.holds(value, chosen)
            return None if inner is None else not inner
        if key in ("all", "any"):
            decisive = key == "any"
            parts = [self.holds(part, chosen) for part in value]
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        needs = self.explored.needs(when)
        if any(name not in chosen for name in needs):
            if not any(name in chosen for name in needs):
                return None
            return foresee(when, self.explored.state(chosen), chosen)
        mark = (id(when), *(chosen[name] for name in needs))
        if mark not in self._known:
            self._known[mark] = when.holds(self.explored.state(chosen))
        return self._known[mark]


def check(policy: Policy) -> dict[str, Any]:
    """What is wrong with a policy that can be read: see the module.

    `unmatched`: a state that no rule matches, in words; None when there is none. `undecided`: rules
    that the search was given up for.
    """
    budget, rules = Budget(), policy.ordered
    searches = [Search(Explored(policy, day), budget) for day in DAYS]
    never, undecided, unmatched = [], [], None
    for number, rule in enumerate(rules):
        try:
            reason = _why_never(searches, rule, rules[:number])
        except TooMany:
            undecided.append(rule.rule)
            continue
        if reason:
            never.append({"rule": rule.rule, "reason": reason})
    with suppress(TooMany):
        found = searches[0].find([], [rule.when for rule in rules])
        unmatched = None if found is None else _words(searches[0], found)
    return {
        "policy": policy.policy,
        "version": policy.version,
        "rules": len(rules),
        "default": policy.default,
        "never_fire": never,
        "undecided": undecided,
        "unmatched": unmatched,
    }


def _why_never(searches: list[Search], rule: Rule, before: Sequence[Rule]) -> str | None:
    def fires(unwanted: Sequence[Rule]) -> bool:
        others = [other.when for other in unwanted]
        return any(search.find([rule.when], others) is not None for search in searches)

    if fires(before):
        return None
    if not fires([]):
        return "its condition contradicts itself"
    for other in before:
        if not fires([other]):
            return f"wherever it matches, « {other.rule} » of rank {other.rank} comes first"
    return "wherever it matches, one of the rules before it comes first"


def _words(search: Search, chosen: dict[str, Any]) -> str:
    """A state in words: what each condition of the policy meets in it."""
    state = search.explored.state(chosen)
    met = dict.fromkeys(
        leaf.words(state)
        for leaf in search.explored.leaves
        if all(name in chosen for name in search.explored.needs(leaf))
    )
    return "; ".join(met) or "whatever the state"
