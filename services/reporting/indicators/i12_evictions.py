"""I12: evictions executed, of the leases in the mean."""

from services.reporting.indicators.definition import (
    MEAN_LEASES,
    Amounts,
    Indicator,
    Mean,
    PeriodKind,
    SourceStatus,
    Unit,
)

NUMERATOR = """
SELECT lease_id AS subject, count(*) AS amount, list(ref) AS refs
FROM effective('arrears.eviction-executed', $known)
WHERE executed_on >= $first AND executed_on <= $last GROUP BY lease_id
"""

INDICATOR = Indicator(
    id="I12",
    version=1,
    title={
        "fr": "Taux d'expulsions exécutées",
        "nl": "Uitgevoerde uithuiszettingen",
        "de": "Vollstreckte Räumungen",
        "en": "Evictions executed",
    },
    formula="Expulsions exécutées dans la période, divisées par la moyenne des baux en cours au "
    "soir du dernier jour de chaque mois écoulé de la période.",
    counter_examples=(
        "Une expulsion fixée, puis suspendue ou remise, n'est pas exécutée.",
        (
            "Celle qui est exécutée l'année d'après le jugement ne compte pas dans l'année du "
            "jugement."
        ),
    ),
    source="Indicateurs de gestion des SLSP (0,4 % en 2016)",
    source_status=SourceStatus.SOURCED,
    period_kind=PeriodKind.YEAR,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=MEAN_LEASES,
    mean=Mean.OF_MONTH_ENDS,
)
