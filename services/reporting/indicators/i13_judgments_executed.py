"""I13: of the judgments of the year before that authorised an eviction, those executed in a year.

The counter-example: a judgment of December executed in the next November counts; one executed
twelve months and a day after it was given does not.
"""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

_COHORT = """
FROM effective('arrears.judgment-given', $known) j
WHERE j.eviction_authorised
    AND j.given_on >= $first - INTERVAL 12 MONTH AND j.given_on < $first
    AND j.given_on + INTERVAL 12 MONTH <= $last
"""

NUMERATOR = f"""
SELECT j.judgment_id AS subject, 1 AS amount, [j.ref, any_value(e.ref)] AS refs
FROM (SELECT * {_COHORT}) j
JOIN effective('arrears.eviction-executed', $known) e USING (judgment_id)
WHERE e.executed_on <= j.given_on + INTERVAL 12 MONTH
GROUP BY j.judgment_id, j.ref
"""

DENOMINATOR = f"""
SELECT j.judgment_id AS subject, 1 AS amount, [j.ref] AS refs
{_COHORT}
"""

INDICATOR = Indicator(
    id="I13",
    version=1,
    title={
        "fr": "Part des jugements exécutés",
        "nl": "Uitgevoerde vonnissen",
        "de": "Vollstreckte Urteile",
        "en": "Judgments executed",
    },
    formula="Jugements de l'année précédente qui autorisent l'expulsion et dont l'expulsion a été "
    "exécutée dans les douze mois, divisés par les jugements de l'année précédente qui "
    "l'autorisent et dont les douze mois sont passés.",
    counter_examples=(
        (
            "Un jugement exécuté douze mois et un jour après qu'il a été rendu n'est pas "
            "compté au numérateur\u00a0; rendu en décembre et exécuté en novembre suivant, il "
            "l'est."
        ),
        "Un jugement qui n'autorise pas l'expulsion ne compte d'aucun côté.",
    ),
    source="36 % la même année en 2016 (433 sur 1 190)\u00a0; suivi par cohorte\u00a0: proposé",
    source_status=SourceStatus.ADAPTED,
    period_kind=PeriodKind.COHORT,
    unit=Unit.PERCENT,
    amounts=Amounts.JUDGMENTS,
    subject_page="",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
    months_before=12,
)
