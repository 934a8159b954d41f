"""I05: of the rent due in the period, what was paid in it."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

NUMERATOR = """
SELECT a.lease_id AS subject, sum(a.cents) AS amount,
       list_distinct(flatten(list([a.ref, p.ref, c.ref]))) AS refs
FROM (
    SELECT lease_id, payment_id, ref,
           unnest(lines).charge_id AS charge_id, unnest(lines).cents AS cents
    FROM effective('arrears.payment-allocated', $known)
) a
JOIN charges($known) c USING (charge_id)
JOIN effective('arrears.payment-received', $known) p ON p.payment_id = a.payment_id
WHERE c.due_on BETWEEN $first AND $last AND p.value_date BETWEEN $first AND $last
GROUP BY a.lease_id
"""

DENOMINATOR = """
SELECT lease_id AS subject, sum(cents) AS amount, list(ref) AS refs
FROM charges($known) WHERE due_on BETWEEN $first AND $last GROUP BY lease_id
"""

INDICATOR = Indicator(
    id="I05",
    version=1,
    title={
        "fr": "Taux d'encaissement",
        "nl": "Inningspercentage",
        "de": "Einzugsquote",
        "en": "Rent collection rate",
    },
    formula="Paiements reçus pendant la période et imputés aux loyers échus pendant la période (un "
    "paiement repris par la banque n'y est plus imputé), divisés par ces loyers et charges\u00a0; "
    "sans les arriérés reportés.",
    counter_examples=(
        "Un arriéré de l'année d'avant payé cette année n'est pas encaissé sur cette année.",
        "Un loyer de janvier payé d'avance en décembre n'est pas encaissé en janvier.",
    ),
    source="Adapté des indicateurs du conseil de Gateshead",
    source_status=SourceStatus.ADAPTED,
    period_kind=PeriodKind.YEAR,
    unit=Unit.PERCENT,
    amounts=Amounts.CENTS,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
