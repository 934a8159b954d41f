"""I11: petitions filed with the justice of the peace, of a hundred leases in the mean."""

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
FROM effective('arrears.court-petition-filed', $known)
WHERE filed_on >= $first AND filed_on <= $last GROUP BY lease_id
"""

INDICATOR = Indicator(
    id="I11",
    version=1,
    title={
        "fr": "Requêtes en justice de paix",
        "nl": "Verzoekschriften bij de vrederechter",
        "de": "Anträge beim Friedensrichter",
        "en": "Petitions to the justice of the peace",
    },
    formula="Requêtes déposées au juge de paix dans la période, divisées par la moyenne des baux "
    "en cours au soir du dernier jour de chaque mois écoulé de la période.",
    counter_examples=(
        "Une requête décidée et pas encore déposée n'en est pas une.",
        (
            "Ce qui suit la requête ne compte pas ici\u00a0: une affaire compte à chaque étape "
            "qu'elle atteint, son jugement en I13, son expulsion en I12."
        ),
    ),
    source="Questions parlementaires sur les jugements d'expulsion (2016)",
    source_status=SourceStatus.SOURCED,
    period_kind=PeriodKind.YEAR,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=MEAN_LEASES,
    mean=Mean.OF_MONTH_ENDS,
)
