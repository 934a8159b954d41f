"""I07: of the households that owe a month or more, those with a repayment plan that is not over."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

_LATE = """
FROM leases_on($last, $known) l JOIN owed($last, $known) o USING (lease_id)
JOIN last_month($last, $known) m USING (lease_id)
"""
_A_MONTH = "m.month_cents > 0 AND o.arrears_cents >= m.month_cents"

NUMERATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount,
       list_concat(list_append(list_concat(l.refs, o.refs), m.ref), p.refs) AS refs
{_LATE} JOIN plans($known) p USING (lease_id)
WHERE {_A_MONTH} AND p.agreed_on <= $last AND (p.ended_on IS NULL OR p.ended_on > $last)
"""

DENOMINATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount,
       list_append(list_concat(l.refs, o.refs), m.ref) AS refs
{_LATE} WHERE {_A_MONTH}
"""

INDICATOR = Indicator(
    id="I07",
    version=1,
    title={
        "fr": "Couverture par plan d'apurement",
        "nl": "Dekking door een afbetalingsplan",
        "de": "Abdeckung durch einen Tilgungsplan",
        "en": "Coverage by repayment plans",
    },
    formula="Baux (deux d'un même ménage comptent deux fois) en cours au soir du dernier jour de "
    "la période dont les arriérés atteignent le loyer et les charges du dernier mois facturé et "
    "pour lesquels un plan d'apurement conclu n'est ni achevé, ni rompu, ni annulé ce soir-là, "
    "divisés par les baux en cours dont les arriérés atteignent ce montant.",
    counter_examples=(
        "Un plan rompu, annulé ou achevé le dernier jour de la période ne couvre plus.",
        "Un plan conclu pour un bail qui a fini depuis ne compte pas.",
    ),
    source="Proposé\u00a0: plans d'apurement du régime gradué de la note du 16 décembre 2010",
    source_status=SourceStatus.PROPOSED,
    period_kind=PeriodKind.AT_DAY,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
