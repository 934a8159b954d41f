"""I03: the share of households that owe anything at all at the end of the period."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

NUMERATOR = """
SELECT l.lease_id AS subject, 1 AS amount, list_concat(l.refs, o.refs) AS refs
FROM leases_on($last, $known) l JOIN owed($last, $known) o USING (lease_id)
WHERE o.arrears_cents > 0
"""

DENOMINATOR = """
SELECT lease_id AS subject, 1 AS amount, refs FROM leases_on($last, $known)
"""

INDICATOR = Indicator(
    id="I03",
    version=1,
    title={
        "fr": "Part des ménages en retard",
        "nl": "Aandeel huishoudens met achterstand",
        "de": "Anteil der Haushalte im Rückstand",
        "en": "Share of households in arrears",
    },
    formula="Baux (deux d'un même ménage comptent deux fois) en cours au soir du dernier jour de "
    "la période dont les arriérés dépassent zéro, divisés par les baux en cours ce soir-là.",
    counter_examples=(
        (
            "Un paiement dont la date de valeur est le lendemain du dernier jour n'est pas "
            "encore reçu."
        ),
        "Un bail dont l'avoir dépasse la dette n'est pas en retard, et n'en compense aucun autre.",
    ),
    source="Presse (DH)\u00a0: environ un quart des ménages",
    source_status=SourceStatus.SOURCED,
    period_kind=PeriodKind.AT_DAY,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
