"""I08: repayment plans that were kept, of those with an instalment due in the period (BR-15)."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

_DUE = """
FROM (
    SELECT *, CASE frequency WHEN 'weekly' THEN INTERVAL 7 DAY
        WHEN 'fortnightly' THEN INTERVAL 14 DAY WHEN 'four-weekly' THEN INTERVAL 28 DAY
        ELSE INTERVAL 1 MONTH END AS step,
        CASE WHEN first_due_on IS NULL OR coalesce(instalment_cents, 0) = 0 THEN 0
        WHEN frequency = 'one-off' THEN 1
        ELSE coalesce(instalments, 1200) END AS most,
        least($last, ended_on) AS until, least($last, ended_on, ends_on) AS last_due
    FROM plans($known)
) p WHERE (p.lump_sum_on >= $first AND p.lump_sum_on <= p.until)
    OR len(list_filter(range(0, p.most), lambda n: (p.first_due_on + n * p.step)::DATE >= $first
        AND (p.first_due_on + n * p.step)::DATE <= p.last_due)) > 0
"""
_MISSED = """
SELECT plan_id FROM effective('arrears.instalment-missed', $known)
WHERE due_on >= $first AND due_on <= $last
"""

NUMERATOR = f"""
SELECT p.plan_id AS subject, 1 AS amount, p.refs
{_DUE.replace(") p WHERE (", ") p WHERE ((")})
    AND ((p.completed AND p.ended_on <= $last) OR p.plan_id NOT IN ({_MISSED}))
"""

DENOMINATOR = f"""
SELECT p.plan_id AS subject, 1 AS amount, p.refs
{_DUE}
"""

INDICATOR = Indicator(
    id="I08",
    version=1,
    title={
        "fr": "Plans d'apurement respectés",
        "nl": "Nageleefde afbetalingsplannen",
        "de": "Eingehaltene Tilgungspläne",
        "en": "Repayment plans kept",
    },
    formula="Plans d'apurement dont aucun versement échu dans la période n'a été manqué (le solde "
    "était, au terme de la tolérance, celui que le plan attendait, loyer courant compris), ou qui "
    "sont achevés, divisés par les plans dont au moins un versement ou le montant unique est échu "
    "dans la période, au plus tard le jour de leur fin.",
    counter_examples=(
        "Un plan dont aucun versement n'échoit dans la période n'est ni respecté ni manqué.",
        "Un versement qui aurait échu après la fin du plan n'est pas attendu.",
    ),
    source="Proposé\u00a0: BR-15",
    source_status=SourceStatus.PROPOSED,
    period_kind=PeriodKind.YEAR,
    unit=Unit.PERCENT,
    amounts=Amounts.PLANS,
    subject_page="",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
