"""What an indicator is: identity, words, and the parts that make up its figure."""

from dataclasses import dataclass
from datetime import date
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


class PeriodKind(StrEnum):
    """What a figure's period is: the evening of a day, a year so far, or a cohort of the year
    before.
    """

    AT_DAY = "at-day"
    YEAR = "year"
    COHORT = "cohort"


PERIODS = {
    PeriodKind.AT_DAY: "À un jour\u00a0: la situation au soir du dernier jour de la période.",
    PeriodKind.YEAR: "Sur une année\u00a0: ce qui se compte depuis le 1er janvier. Un mois ou un "
    "trimestre se cumule dans son année, jamais avec celle d'avant.",
    PeriodKind.COHORT: "Par cohorte\u00a0: ce qui est né l'année d'avant, une fois ses douze mois "
    "passés.",
}
PERIMETER = (
    "Les baux et les logements de la société seule\u00a0: une filiale ou une autre société a son "
    "propre journal et n'y compte pas."
)
"""Of every figure: a company's file takes facts of its own log and of no other."""


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


def name_of(identity: str, version: int) -> str:
    return f"{identity}@{version}"


@dataclass(frozen=True)
class Median:
    """What a median is the middle of, one and several, and what is said of those left out."""

    one: str
    several: str
    left_out: str


@dataclass(frozen=True)
class Indicator:
    """One indicator in one version, which counts every period that ends on or after `valid_from`,
    until a later version does.

    `numerator` and `denominator` are SQL over the views, with the parameters `$first`, `$last`
    (days of the period) and `$known` (moment, exclusive). Each yields its parts: `subject` (whose
    part), `amount` (cents, or 1 in counts), `refs` (the facts, each as the views give it). The
    figure is the sum of the parts, so that what explains it is what it was made from.
    `counter_examples`: what one might take for it and does not count, each held by a test.
    `months_before` its period begins, or `months_to_last`, up to its last day: from when on facts
    count, where that is not the period's first day.
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
    counter_examples: tuple[str, ...]
    source: str
    source_status: SourceStatus
    period_kind: PeriodKind
    unit: Unit
    amounts: Amounts
    subject_page: str
    numerator: str
    denominator: str
    mean: Mean | None = None
    median: Median | None = None
    months_before: int = 0
    months_to_last: int = 0
    valid_from: date = date.min

    @property
    def name(self) -> str:
        """This version and no other, as it is asked for: `I20@1`."""
        return name_of(self.id, self.version)

    @property
    def since(self) -> date | None:
        """The first last day of a period that it counts; None for all."""
        return None if self.valid_from == date.min else self.valid_from

    @property
    def of_leases(self) -> bool:
        """Whether its subjects are leases: what is said of another lease adds nothing to one."""
        return self.subject_page in ("arrears/accounts", "intake/leases")

    @property
    def sql(self) -> str:
        """Both sides, to see what they read."""
        return f"{self.numerator} {self.denominator}"
