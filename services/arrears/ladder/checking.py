"""Looking for what is wrong with a policy: rules that can never fire, states that match nothing.

Variables are chosen one by one; a choice that already decides against what is looked for is left
at once, so that few of the combinations are ever made.
"""

from collections.abc import Callable
from typing import Any

from services.arrears.ladder.conditions import When
from services.arrears.ladder.exploring import Explored, possible, variables_of
from services.arrears.ladder.foreseeing import foresee
from services.arrears.ladder.policy import Policy, Rule

TRIES_MAX = 20_000


class TooMany(Exception):
    """The search was given up."""


class Search:
    """States of one policy for which some rules hold and others do not."""

    def __init__(self, explored: Explored) -> None:
        self.explored = explored
        self._known: dict[tuple[Any, ...], bool] = {}
        self._tries = 0

    def find(self, wanted: list[When], unwanted: list[When]) -> dict[str, Any] | None:
        """Values for which all of `wanted` hold and none of `unwanted`.   Errors: TooMany."""
        self._tries = 0
        leaves = [leaf for when in (*wanted, *unwanted) for leaf in when.leaves()]
        return self._choose({}, self.explored.names(leaves), wanted, unwanted)

    def _choose(
        self, chosen: dict[str, Any], names: list[str], wanted: list[When], unwanted: list[When]
    ) -> dict[str, Any] | None:
        self._tries += 1
        if self._tries > TRIES_MAX:
            raise TooMany
        holding = [self.holds(when, chosen) for when in wanted]
        not_holding = [self.holds(when, chosen) for when in unwanted]
        if False in holding or True in not_holding or not possible(chosen):
            return None
        if None not in holding and None not in not_holding:
            return chosen
        name, *rest = names
        for value in self.explored.values[name]:
            found = self._choose({**chosen, name: value}, rest, wanted, unwanted)
            if found is not None:
                return found
        return None

    def holds(self, when: When, chosen: dict[str, Any]) -> bool | None:
        """Whether a condition holds whatever is chosen further; None when that is open."""
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

    `unmatched`: a state that no rule matches, in words; None when there is none.
    """
    search = Search(Explored(policy))
    never, undecided = [], []
    rules = policy.ordered
    for number, rule in enumerate(rules):
        try:
            reason = _why_never(search, rule, rules[:number])
        except TooMany:
            undecided.append(rule.rule)
            continue
        if reason:
            never.append({"rule": rule.rule, "reason": reason})
    unmatched = _tried(lambda: search.find([], [rule.when for rule in rules]))
    return {
        "policy": policy.policy,
        "version": policy.version,
        "rules": len(rules),
        "default": policy.default,
        "never_fire": never,
        "undecided": undecided,
        "unmatched": None if unmatched is None else _words(search, policy, unmatched),
    }


def _why_never(search: Search, rule: Rule, before: list[Rule]) -> str | None:
    if search.find([rule.when], [other.when for other in before]) is not None:
        return None
    if search.find([rule.when], []) is None:
        return "its condition contradicts itself"
    for other in before:
        if search.find([rule.when], [other.when]) is None:
            return f"wherever it matches, « {other.rule} » of rank {other.rank} comes first"
    return "wherever it matches, one of the rules before it comes first"


def _tried(look: Callable[[], dict[str, Any] | None]) -> dict[str, Any] | None:
    try:
        return look()
    except TooMany:
        return None


def _words(search: Search, policy: Policy, chosen: dict[str, Any]) -> str:
    """A state in words: what each condition of the policy meets in it."""
    state = search.explored.state(chosen)
    met = dict.fromkeys(
        leaf.words(state)
        for leaf in search.explored.leaves
        if all(name in chosen for name in search.explored.needs(leaf)) and variables_of(leaf)
    )
    return "; ".join(met) or "whatever the state"
