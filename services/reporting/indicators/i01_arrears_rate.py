"""I01: what present tenants owe at the end of the period, against a year's rent and charges."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

NUMERATOR = """
SELECT l.lease_id AS subject, o.arrears_cents AS amount, o.refs
FROM leases_on($last, $known) l JOIN owed($last, $known) o USING (lease_id)
WHERE o.arrears_cents > 0
"""

DENOMINATOR = """
SELECT c.lease_id AS subject, sum(c.cents) AS amount, list(c.ref) AS refs
FROM charges($known) c JOIN leases($known) l USING (lease_id)
WHERE c.due_on >= $last + INTERVAL 1 DAY - INTERVAL 12 MONTH AND c.due_on <= $last
    AND l.start_on <= $last
    AND (l.ended_on IS NULL OR l.ended_on >= $last + INTERVAL 1 DAY - INTERVAL 12 MONTH)
GROUP BY c.lease_id
"""

INDICATOR = Indicator(
    id="I01",
    version=1,
    title={
        "fr": "Taux d'arriérés, locataires présents",
        "nl": "Achterstalpercentage, zittende huurders",
        "de": "Rückstandsquote, gegenwärtige Mieter",
        "en": "Arrears rate, present tenants",
    },
    formula="Somme des arriérés des baux en cours au soir du dernier jour de la période, divisée "
    "par les loyers et charges échus pendant les douze mois qui s'y terminent, des baux en cours "
    "ce soir-là ou finis pendant ces mois. Arriérés d'un bail\u00a0: ce qui est échu moins ce qui "
    "est payé ou n'est plus demandé, jamais moins de zéro.",
    counter_examples=(
        "L'avoir d'un bail n'éteint pas la dette d'un autre, même du même ménage.",
        (
            "Un bail fini le dernier jour de la période n'est plus celui d'un présent\u00a0: "
            "il est en I02."
        ),
        "Une garantie, des réparations ou des frais ne sont pas du loyer.",
    ),
    source="Concept\u00a0: presse (DH) et Parlement wallon, question écrite 80 (2016-2017)\u00a0; "
    "formule adaptée de StatsWales, «\u00a0tenancies in arrears at 31 March\u00a0»",
    source_status=SourceStatus.ADAPTED,
    period_kind=PeriodKind.AT_DAY,
    unit=Unit.PERCENT,
    amounts=Amounts.CENTS,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
    months_to_last=12,
)
