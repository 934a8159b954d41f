"""What an indicator is: identity, words, and the parts that make up its figure."""

from dataclasses import dataclass
from enum import StrEnum


class SourceStatus(StrEnum):
    """Where a formula comes from: a Walloon source, a foreign definition adapted, or proposed."""

    SOURCED = "sourced"
    ADAPTED = "adapted"
    PROPOSED = "proposed"


class Unit(StrEnum):
    PERCENT = "%"
    COUNT = "count"
    DAYS = "days"


UNITS = {Unit.PERCENT: "%", Unit.COUNT: "nombre", Unit.DAYS: "jours"}
"""As people read them."""
STATUSES = {
    SourceStatus.SOURCED: "d'une source wallonne",
    SourceStatus.ADAPTED: "adaptée d'une définition étrangère",
    SourceStatus.PROPOSED: "proposée",
}


class Amounts(StrEnum):
    """What numerator and denominator count."""

    CENTS = "cents"
    LEASES = "leases"
    VISITS = "visits"
    PLANS = "plans"
    JUDGMENTS = "judgments"
    DWELLINGS = "dwellings"
    DAYS = "days"


COUNTED = {
    Amounts.LEASES: ("bail", "baux"),
    Amounts.VISITS: ("visite", "visites"),
    Amounts.PLANS: ("plan", "plans"),
    Amounts.JUDGMENTS: ("jugement", "jugements"),
    Amounts.DWELLINGS: ("logement", "logements"),
    Amounts.DAYS: ("jour", "jours"),
}
"""What is counted, one and several."""


class Mean(StrEnum):
    """Over what the sum of a denominator's parts is a mean."""

    OF_MONTH_ENDS = "month-ends"


MEAN_LEASES = """
SELECT l.lease_id AS subject, count(*) AS amount, any_value(l.refs) AS refs
FROM leases($known) l JOIN (
    SELECT (unnest(generate_series($first + INTERVAL 1 MONTH, $last + INTERVAL 1 DAY,
        INTERVAL 1 MONTH)) - INTERVAL 1 DAY)::DATE AS day
) m ON l.start_on <= m.day AND (l.ended_on IS NULL OR l.ended_on > m.day)
GROUP BY l.lease_id
"""
"""Of each lease, on how many evenings of a month's last day in the period it was in force."""


@dataclass(frozen=True)
class Median:
    """What a median is the middle of, one and several, and what is said of those left out."""

    one: str
    several: str
    left_out: str


@dataclass(frozen=True)
class Indicator:
    """One indicator in one version.

    `numerator` and `denominator` are SQL over the views, with the parameters `$first`, `$last`
    (days of the period) and `$known` (moment, exclusive). Each yields its parts: `subject` (whose
    part), `amount` (cents, or 1 in counts), `refs` (the facts, each as the views give it). The
    figure is the sum of the parts, so that what explains it is what it was made from.
    `subject_page`: the service that shows a subject, and where (`arrears/accounts`); empty where
    none does.

    Of a `median`, which says what its members are called, `numerator` yields the members
    (`amount`: the value of each) and `denominator` those that have no value, to be shown apart. The
    figure is the sum of the one or two in the middle over how many these are.
    """

    id: str
    version: int
    title: dict[str, str]
    formula: str
    source: str
    source_status: SourceStatus
    unit: Unit
    amounts: Amounts
    subject_page: str
    numerator: str
    denominator: str
    mean: Mean | None = None
    median: Median | None = None

    @property
    def sql(self) -> str:
        """Both sides, to see what they read."""
        return f"{self.numerator} {self.denominator}"
