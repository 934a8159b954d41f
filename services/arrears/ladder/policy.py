"""A policy as a document: who adopted it from when, its steps, its rules in order, its stops."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from services.arrears.ladder.allocation_order import Allocation
from services.arrears.ladder.case import Cents, Name
from services.arrears.ladder.conditions import When
from services.arrears.ladder.social_service import SocialService
from services.arrears.ladder.spans import Span
from services.chassis.readings import read_day
from services.chassis.written import STRICT, Day, DocumentRefused, Fault, Written

Stop = Literal[
    "paid",
    "plan-active",
    "hardship",
    "dispute",
    "paused",
    "formal-path",
    "moratorium",
    "bank-data-stale",
    "not-the-tenant",
    "deceased",
]
STOPS: tuple[Stop, ...] = get_args(Stop)


def _day_of_year(value: object) -> object:
    try:
        read_day(f"2024-{value}")
    except ValueError:
        raise ValueError("Un jour de l'année s'écrit MM-JJ entre guillemets.") from None
    return value


DayOfYear = Annotated[str, BeforeValidator(_day_of_year), Field(pattern=r"^[0-9]{2}-[0-9]{2}$")]
"""MM-DD."""


class Scope(BaseModel):
    """How far back a policy reaches. Neither, unless it says so."""

    model_config = STRICT
    earlier_days: bool = False
    """It also answers for days before it was adopted, from `applies_from` on."""
    earlier_steps: bool = False
    """Steps taken before `applies_from` become active and lapse by it, not by the rules of then."""


class Active(BaseModel):
    """From when and for how long a step that was taken has effect."""

    model_config = STRICT
    after: Span
    lapses_after: Span | None = None
    """Counted from the day on which it became active; on that last day it is active no more."""


class StepRules(BaseModel):
    """A step of the ladder. `statutory`: a draft for a person, never sent by itself."""

    model_config = STRICT
    title: Annotated[str, Field(min_length=1, max_length=200)]
    means: Name | None = None
    """The name under which figures count it, whatever it is called here."""
    is_message: bool = False
    statutory: bool = False
    formal: bool = False
    """It belongs to the formal path: once taken, informal steps stop until nothing is owed."""
    evicts: bool = False
    """The moratorium stops it."""
    fee_cents: Cents = 0
    first_free: bool = False
    """The first one that is sent bears no fee."""
    fee_cap_cents: Cents | None = None
    """Of all fees of an account together."""
    stops: tuple[Stop, ...] | None = None
    """What stops it at the moment of sending; else the policy's own list."""
    active: Active | None = None
    to_confirm: str = ""
    source: str = ""

    def fee(self, *, first: bool, charged_cents: int) -> int:
        """What it may cost, in cents; `charged_cents`: all fees of the account so far."""
        if first and self.first_free:
            return 0
        if self.fee_cap_cents is None:
            return self.fee_cents
        return max(0, min(self.fee_cents, self.fee_cap_cents - charged_cents))


class Rule(BaseModel):
    """Propose a step, or nothing, when the condition holds. The lowest rank that matches wins."""

    model_config = STRICT
    rule: Name
    rank: Annotated[int, Field(strict=True, ge=0, le=100_000)]
    propose: Name | None
    when: When
    because: Annotated[str, Field(min_length=1, max_length=500)]
    source: str = ""


class Moratorium(BaseModel):
    """Between two days of the year, both included, steps that evict are stopped.

    Facts: not where the condition of `unless` holds.
    """

    model_config = STRICT
    from_: Annotated[DayOfYear, Field(alias="from")]
    until: DayOfYear
    unless: When | None = None
    source: str = ""

    def covers(self, day: date) -> bool:
        of_year = f"{day:%m-%d}"
        if self.from_ <= self.until:
            return self.from_ <= of_year <= self.until
        return of_year >= self.from_ or of_year <= self.until


class Policy(BaseModel):
    """See the module."""

    model_config = STRICT
    policy: Name
    version: Annotated[str, Field(min_length=1, max_length=60)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    source: str = ""
    adopted_on: Day
    applies_from: Day
    scope: Scope = Scope()
    tolerance_days: Annotated[int, Field(strict=True, ge=0, le=366)] = 0
    """Days after its due day until an instalment counts, where a plan names none."""
    broken_after_missed: Annotated[int, Field(strict=True, ge=0, le=100)] = 0
    """After so many instalments missed in a row a plan is broken (BR-16); 0: never by itself."""
    bank_data_days: Annotated[int, Field(strict=True, ge=0, le=366)] | None = None
    """How many days old bank data may be before nothing is sent."""
    overdue_after_days: Annotated[int, Field(strict=True, ge=0, le=366)] | None = None
    """How many days a proposed step may wait before the work list calls it overdue."""
    paid_at_most_cents: Cents = 0
    """What may be owed by an account that counts as paid."""
    stops: tuple[Stop, ...] = STOPS
    allocation: Allocation | None = None
    """Which charges a payment pays first; the oldest where it is not said."""
    moratorium: Moratorium | None = None
    social_service: SocialService | None = None
    steps: dict[Name, StepRules]
    also_recorded: tuple[Name, ...] = ()
    """Messages and steps that conditions may ask for, and that this policy never proposes."""
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    default: Name | None
    """What is proposed when no rule matches; null: nothing is due."""

    @model_validator(mode="after")
    def _said_once(self) -> Self:
        if "default" not in self.model_fields_set:
            raise ValueError(
                "«\u00a0default\u00a0» manque\u00a0: nommez une étape, ou écrivez null."
            )
        return self

    @cached_property
    def ordered(self) -> tuple[Rule, ...]:
        return tuple(sorted(self.rules, key=lambda rule: rule.rank))

    def leaves_until(self, rule: str | None) -> tuple[When, ...]:
        """The conditions, which hold no others, of the rules up to one, or of all of them."""
        return self._leaves_until[rule]

    @cached_property
    def _leaves_until(self) -> dict[str | None, tuple[When, ...]]:
        leaves: tuple[When, ...] = ()
        found: dict[str | None, tuple[When, ...]] = {}
        for rule in self.ordered:
            leaves += tuple(rule.when.leaves())
            found[rule.rule] = leaves
        return found | {None: leaves}


def read_policy(written: Written) -> Policy:
    """Errors: DocumentRefused, with a fault for each thing to mend, references included."""
    policy = written.read(Policy)
    faults = [*_ranks(policy, written), *_preconditions(policy, written)]
    faults += _references(policy, written)
    if faults:
        raise DocumentRefused(written.name, sorted(faults, key=lambda fault: fault.line))
    return policy


def read_policies(written: Sequence[Written]) -> list[Policy]:
    """Errors: DocumentRefused, also where it cannot be told which of two would rule."""
    policies: list[Policy] = []
    for document in written:
        policy = read_policy(document)
        for other in policies:
            if (other.applies_from, other.adopted_on) == (policy.applies_from, policy.adopted_on):
                reason = (
                    f"{other.policy} {other.version} a les mêmes dates\u00a0: laquelle vaut\u00a0?"
                )
                raise DocumentRefused(document.name, [document.fault(["applies_from"], reason)])
        policies.append(policy)
    return policies


def _ranks(policy: Policy, written: Written) -> list[Fault]:
    faults: list[Fault] = []
    ranks: dict[int, str] = {}
    names: set[str] = set()
    for number, rule in enumerate(policy.rules):
        if rule.rank in ranks:
            reason = (
                f"«\u00a0{ranks[rule.rank]}\u00a0» a déjà le rang {rule.rank}\u00a0: changez-le."
            )
            faults.append(written.fault(["rules", number, "rank"], reason))
        if rule.rule in names:
            faults.append(written.fault(["rules", number, "rule"], "Une autre règle porte ce nom."))
        ranks.setdefault(rule.rank, rule.rule)
        names.add(rule.rule)
    return faults


def _preconditions(policy: Policy, written: Written) -> list[Fault]:
    """Names that stand twice."""
    stated = policy.social_service.preconditions if policy.social_service else ()
    names = [each.precondition for each in stated]
    return [
        written.fault(
            ["social_service", "preconditions", number, "precondition"],
            "Une autre condition préalable porte ce nom.",
        )
        for number, name in enumerate(names)
        if name in names[:number]
    ]


def _references(policy: Policy, written: Written) -> list[Fault]:
    """Names of steps that nothing declares."""
    known = set(policy.steps) | set(policy.also_recorded)
    proposed: list[tuple[list[str | int], str | None]] = [(["default"], policy.default)]
    asked: list[tuple[list[str | int], When]] = []
    for number, rule in enumerate(policy.rules):
        proposed.append((["rules", number, "propose"], rule.propose))
        asked.append((["rules", number, "when"], rule.when))
    if policy.moratorium is not None and policy.moratorium.unless is not None:
        asked.append((["moratorium", "unless"], policy.moratorium.unless))
    stated = policy.social_service.preconditions if policy.social_service else ()
    for number, precondition in enumerate(stated):
        asked.append((["social_service", "preconditions", number, "when"], precondition.when))
    faults = [
        written.fault(place, f"Aucune étape ne s'appelle «\u00a0{step}\u00a0».")
        for place, step in proposed
        if step is not None and step not in policy.steps
    ]
    return faults + [
        written.fault(place, f"«\u00a0{name}\u00a0» n'est ni une étape, ni dans also_recorded.")
        for place, when in asked
        for name in sorted(when.names() - known)
    ]
