"""I04: the share of households that owe three months or more at the end of the period."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

NUMERATOR = """
SELECT l.lease_id AS subject, 1 AS amount,
       list_append(list_concat(l.refs, o.refs), m.ref) AS refs
FROM leases_on($last, $known) l JOIN owed($last, $known) o USING (lease_id)
JOIN last_month($last, $known) m USING (lease_id)
WHERE m.month_cents > 0 AND o.arrears_cents >= 3 * m.month_cents
"""

DENOMINATOR = """
SELECT lease_id AS subject, 1 AS amount, refs FROM leases_on($last, $known)
"""

INDICATOR = Indicator(
    id="I04",
    version=1,
    title={
        "fr": "Part des ménages à trois mois d'arriérés ou plus",
        "nl": "Aandeel huishoudens met drie maanden achterstand of meer",
        "de": "Anteil der Haushalte mit drei Monaten Rückstand oder mehr",
        "en": "Share of households three months or more in arrears",
    },
    formula="Baux (deux d'un même ménage comptent deux fois) en cours au soir du dernier jour de "
    "la période dont les arriérés atteignent trois fois le loyer et les charges du dernier mois "
    "facturé, divisés par les baux en cours ce soir-là.",
    counter_examples=(
        (
            "Deux mois et demi n'en font pas trois, quelle que soit l'ancienneté de la "
            "dette\u00a0; trois mois au centime près comptent."
        ),
        "Un bail fini ne compte plus, quoi qu'il doive.",
    ),
    source="Seuil de trois mois\u00a0: Parlement wallon, question écrite 82 (2012-2013)\u00a0; "
    "méthode des durées\u00a0: StatsWales",
    source_status=SourceStatus.ADAPTED,
    period_kind=PeriodKind.AT_DAY,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
