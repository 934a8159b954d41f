"""The states worth trying against a policy: what it asks for, at, just below and just above each
of its bounds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, combinations_with_replacement, product
from typing import Any

from services.arrears.ladder.case import Plan, Recipient
from services.arrears.ladder.conditions import Outcome, When
from services.arrears.ladder.days_tried import DaysTried, days_before, variables_of_day
from services.arrears.ladder.happenings import Happened
from services.arrears.ladder.moments import Moment
from services.arrears.ladder.plans import Change, Watched
from services.arrears.ladder.policy import Policy
from services.arrears.ladder.rents_tried import Asked, limits_of, rents_worth_trying
from services.arrears.ladder.state import GONE, PRESENT, State, Step

DAYS = (
    date(2025, 6, 16),
    date(2025, 2, 28),
    date(2025, 3, 1),
    date(2024, 2, 29),
    date(2025, 5, 1),
    date(2025, 7, 1),
    date(2025, 9, 1),
    date(2024, 12, 31),
)
"""Days to judge on: months have 28 to 31 days, and two in a row 59 to 62."""
OTHER = "something-else"
PLANS = ("live", "breached", "late", "late-by-more", "completed", "broken", "cancelled")
Assignment = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Been:
    """A kind of message or step: how often it was on one day, and the first time if before it."""

    on: date
    times: int = 1
    first_on: date | None = None


def variables_of(leaf: When) -> tuple[str, ...]:
    """The names of what a leaf depends on."""
    key, value = leaf.key, leaf.value
    if key == "day":
        return variables_of_day(value)
    if key == "owed":
        return ("rent", "aid", "net", "balance") if value.net else ("rent", "aid", "balance")
    if key in ("happened", "never") and (value.any_message or value.any_message_except):
        return ("done:*",)
    if key == "last":
        return ("done:*",)
    if key in ("happened", "never", "active"):
        kinds = value.step if key == "active" else value.step or value.message
        return tuple(f"done:{kind}" for kind in kinds or ())
    if key == "vulnerability":
        return ("flags",)
    if key in ("consent", "objection"):
        return (f"{key}:{value}",)
    return ({"housing_aid": "aid", "court_outcome": "outcome"}.get(key, key),)


def _messages_of(leaf: When) -> set[str]:
    """The kinds that a leaf asks for as messages."""
    value = leaf.value
    if leaf.key == "day":
        return set(value.kinds(messages_only=True))
    if leaf.key == "last" and value.of == "messages":
        return {*(value.is_ or ()), *(value.is_not or ())}
    if leaf.key in ("happened", "never"):
        return {*(value.message or ()), *(value.any_message_except or ())}
    return set()


class Explored:
    """The variables of a policy, each with the values worth trying."""

    def __init__(self, policy: Policy, day: date) -> None:
        self.policy, self.day = policy, day
        self.leaves = [leaf for rule in policy.rules for leaf in rule.when.leaves()]
        self.messages = {n for n, rules in policy.steps.items() if rules.is_message}
        self.messages |= {kind for leaf in self.leaves for kind in _messages_of(leaf)}
        self.days = DaysTried(self.leaves, day)
        self.rents = list(rents_worth_trying(self.leaves))
        self.kinds = sorted({OTHER}.union(*(rule.when.names() for rule in policy.rules)))
        self.values = {name: self._values(name) for name in self.names(self.leaves)}

    def names(self, leaves: Iterable[When]) -> list[str]:
        """Variables in the order in which leaves name them."""
        found: dict[str, None] = {}
        for leaf in leaves:
            for name in variables_of(leaf):
                found |= dict.fromkeys(self._done_names(leaf) if name == "done:*" else [name])
        return list(found)

    def _done_names(self, leaf: When) -> list[str]:
        """Every kind; those that a leaf names come first."""
        named = getattr(leaf.value, "is_", None) or ()
        return [f"done:{kind}" for kind in dict.fromkeys([*named, *self.kinds])]

    def needs(self, leaf: When) -> list[str]:
        return self.names([leaf])

    def _values(self, name: str) -> list[Any]:
        if name in ("balance", "net"):
            return self._amounts()
        if name.startswith("done:"):
            return [None, *self._been(name.removeprefix("done:"))]
        if name.startswith(("consent:", "objection:")):
            return [False, True]
        near, behind = {self.day + timedelta(days=n) for n in (-1, 0, 1)}, self._asked_past(name)
        days = [None, *sorted(near.union(self.days.of(name)))]
        plain: dict[str, list[Any]] = {
            "rent": self.rents,
            "aid": list(Recipient),
            "court_date": days,
            "eviction_date": days,
            "outcome_on": [None, *behind],
            "ended_on": [None, *behind],
            "paid_on": [None, *behind],
            "unpaid_since": [None, *behind],
            "pause": days,
            "hardship": [False, True],
            "dispute": [False, True],
            "bank_data": ["unknown", "fresh", "stale"],
            "tenant": [PRESENT, *map(frozenset, (["departed"], ["deceased"], GONE.values()))],
            "plan": [None, *product(PLANS, (False, True), _agreed_and_changed(behind, self.day))],
        }
        if name in plain:
            return plain[name]
        if name == "unpaid_periods":
            return self._unpaid()
        if name == "owed_for":
            return [None, *self._owed_since()]
        if name in ("outcome", "pause_reason"):
            words = self._outcomes() if name == "outcome" else self._words(name)
            return [None, OTHER, *sorted(words)]
        flags = self._words("vulnerability")
        each = (frozenset({flag}) for flag in sorted({*flags, OTHER}))
        return [frozenset(), *each, frozenset(flags)]

    def _words(self, key: str) -> set[str]:
        return {word for leaf in self.leaves if leaf.key == key for word in _tuple(leaf)}

    def _amounts(self) -> list[int]:
        limits = {0}
        for leaf in self.leaves:
            if leaf.key == "owed":
                for _, amount in leaf.value.given():
                    limits |= set(limits_of(amount, self.rents))
        near = {limit + d for limit in limits for d in (-1, 0, 1)}
        return sorted(near | {limit + 50_000 for limit in limits})

    def _unpaid(self) -> list[tuple[bool, ...]]:
        limits = {0}
        for leaf in self.leaves:
            if leaf.key == "unpaid_periods":
                limits |= {limit for _, limit in leaf.value.given()}
        numbers = sorted({max(0, n + d) for n in limits for d in (-1, 0, 1)})
        return [
            (True,) * (total - row) + (False,) + (True,) * row
            for total in numbers
            for row in numbers
            if row <= total
        ]

    def _outcomes(self) -> set[str]:
        asked = [leaf.value for leaf in self.leaves if leaf.key == "court_outcome"]
        return {name for each in asked if isinstance(each, Outcome) for name in each.is_}

    def _owed_since(self) -> list[date]:
        asked = [leaf.value for leaf in self.leaves if leaf.key == "owed_for"]
        spans = (span for bounds in asked for _, span in bounds.given())
        return sorted({*days_before(spans, self.day), *self._asked_past("owed_for")})

    def _asked_past(self, name: str) -> list[date]:
        """The days that conditions on days ask for, of what cannot lie ahead."""
        return [day for day in self.days.of(name) if day <= self.day]

    def _been(self, kind: str) -> Iterator[Been]:
        spans, times, apart = [], {1}, False
        for leaf in self.leaves:
            if leaf.key in ("happened", "never", "last") and f"done:{kind}" in self.needs(leaf):
                spans += [span for _, span in leaf.value.given()]
                if isinstance(leaf.value, Happened):
                    times.add(leaf.value.times)
                    apart = apart or leaf.value.which != "last"
        rules = self.policy.steps.get(kind)
        days = [*days_before(spans, self.day), *self._asked_past(f"done:{kind}")]
        if rules is not None and rules.active is not None:
            days += days_before([rules.active.after], self.day)
            if rules.active.lapses_after is not None:
                days += [
                    rules.active.after.before(day)
                    for day in days_before([rules.active.lapses_after], self.day)
                ]
        for day in sorted(set(days)):
            for number in sorted(times):
                yield Been(day, number)
        if apart:
            for first, last in combinations(sorted(set(days)), 2):
                yield Been(last, first_on=first)

    def state(self, chosen: Assignment) -> State:
        """A state with the values chosen; what was not chosen is as if nothing had happened."""
        rent: Asked = chosen.get("rent", self.rents[0])
        court, outcome = chosen.get("court_date"), chosen.get("outcome")
        plan = chosen.get("plan")
        return State(
            moment=Moment(self.day),
            balance_cents=chosen.get("balance", 0),
            net_cents=chosen.get("net", 0),
            rent_cents=rent.period,
            month_cents=rent.month,
            unpaid=chosen.get("unpaid_periods", ()),
            unpaid_since=chosen.get("unpaid_since"),
            owed_since=chosen.get("owed_for"),
            done=tuple(self._done(chosen)),
            plan=_watched(*plan) if plan else None,
            court_on=court,
            outcome=outcome,
            outcome_on=chosen.get("outcome_on"),
            evict_on=chosen.get("eviction_date"),
            review_on=chosen.get("pause"),
            pause_reason=chosen.get("pause_reason"),
            hardship=chosen.get("hardship", False),
            dispute=chosen.get("dispute", False),
            aid=chosen.get("aid", Recipient.NOBODY),
            flags=frozenset(chosen.get("flags", ())),
            consents=_wished("consent:", chosen),
            objections=_wished("objection:", chosen),
            bank_complete_until=_bank(chosen.get("bank_data", "unknown"), self.day),
            bank_days_max=1,
            tenant=chosen.get("tenant", PRESENT),
            ended_on=chosen.get("ended_on"),
            paid_on=chosen.get("paid_on"),
        )

    def _done(self, chosen: Assignment) -> list[Step]:
        done: list[Step] = []
        for kind in self.kinds:
            been: Been | None = chosen.get(f"done:{kind}")
            if been is None:
                continue
            done += [self._step(kind, been.on)] * been.times
            if been.first_on is not None:
                done.append(self._step(kind, been.first_on))
        return sorted(done, key=lambda step: step.on)

    def _step(self, kind: str, on: date) -> Step:
        rules = self.policy.steps.get(kind)
        active = rules.active if rules else None
        begins = active.after.after(on) if active else None
        lapse = active.lapses_after if active else None
        until = lapse.after(begins) if lapse and begins else None
        is_message = kind in self.messages or kind == OTHER
        return Step(kind, on, is_message, from_=begins, until=until)


def possible(chosen: Assignment) -> bool:
    """Whether values can go together."""
    pauses = [chosen[name] is None for name in ("pause", "pause_reason") if name in chosen]
    if len(set(pauses)) > 1:
        return False
    balance, net, rent = chosen.get("balance"), chosen.get("net"), chosen.get("rent")
    if balance is None or net is None:
        return True
    return bool(balance - ((rent and rent.period) or 0) <= net <= balance)


def _agreed_and_changed(days: list[date], day: date) -> Iterator[tuple[date, date]]:
    """The days on which a plan may have been agreed and come into its state."""
    return combinations_with_replacement(days or [day], 2)


def _watched(state: str, formal: bool, days: tuple[date, date]) -> Watched:
    agreed, changed = days
    line = {"what": "plan", "plan": "p", "on": agreed.isoformat(), "formal": formal}
    return Watched(Plan.model_validate(line), 0, 0, [Change(changed, state, 0)])


def _wished(prefix: str, chosen: Assignment) -> frozenset[str]:
    return frozenset(
        name.removeprefix(prefix) for name, yes in chosen.items() if yes and name.startswith(prefix)
    )


def _bank(kind: str, day: date) -> date | None:
    return None if kind == "unknown" else day if kind == "fresh" else day - timedelta(days=9)


def _tuple(leaf: When) -> tuple[str, ...]:
    return leaf.value if isinstance(leaf.value, tuple) else ()
