"""The shapes in which figures are told, by the API, the command line and to the pages."""

from typing import NotRequired

from typing_extensions import TypedDict

from services.reporting.quotients import Exact


class Figure(TypedDict):
    """A figure. Amounts in cents or counted things (`amounts`); `value` to two decimals.

    `complete`, in a report: none of what is `missing` of the year touches this figure.
    """

    indicator: str
    definition_version: int
    source_status: str
    title: str
    unit: str
    amounts: str
    numerator: int
    denominator: int | Exact
    value: str | None
    computable: bool
    band: str | None
    definition_gap: str | None
    members: int | None
    left_out: int | None
    complete: NotRequired[bool]


class Part(TypedDict):
    """What one subject (lease, household, visit) adds to one side, and the ids of its facts.

    `chosen`: of a median's member alone, whether it is one of the one or two in the middle.
    """

    subject: str
    amount: int
    actor: str
    facts: list[str]
    chosen: NotRequired[bool]


class Told(TypedDict):
    """What stands above every figure.

    `period`: its first and last day. `cutoff`: the last position of each service that was known.
    `complete`: the log covers the period, every service has stated every day that was over, and
    nothing is set aside; else `missing` says in sentences what is. `bank_complete_until`: the last
    day up to which bank statements had come in. `rebuilt_at`: when the views were last made anew
    from all facts; None while they are those that have grown fact by fact.
    """

    company: str
    period: dict[str, str]
    known_on: str
    complete: bool
    missing: list[str]
    bank_complete_until: str | None
    cutoff: dict[str, int]
    rebuilt_at: str | None


class Report(Told):
    """All figures of a year."""

    figures: list[Figure]


class Explanation(Told):
    """One figure; the amounts of its parts add up to its numerator and denominator.

    `valid_from`: its definition counts periods that end on that day or later; None for all.
    `counter_examples`: what does not count; `period_kind`: at-day, year or cohort.
    `denominator_over`: of a mean, how many counts the parts of the denominator add up; else 1.
    Of a median the parts of the numerator are its members in order, and claim no sum; what has no
    value stands in `left_out_parts`.
    """

    figure: Figure
    formula: str
    counter_examples: list[str]
    period_kind: str
    perimeter: str
    source: str
    valid_from: str | None
    numerator_parts: list[Part]
    denominator_parts: list[Part]
    denominator_over: int
    left_out_parts: list[Part]
    rounding: int
