"""I09: of the households that owe three months or more, those with a period of support open."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

_GRAVE = """
FROM leases_on($last, $known) l JOIN owed($last, $known) o USING (lease_id)
JOIN last_month($last, $known) m USING (lease_id)
"""
_THREE_MONTHS = "m.month_cents > 0 AND o.arrears_cents >= 3 * m.month_cents"

NUMERATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount,
       list_concat(list_append(list_concat(l.refs, o.refs), m.ref), s.refs) AS refs
{_GRAVE} JOIN supported_on($last, $known) s ON s.household_id = l.household_id
WHERE {_THREE_MONTHS}
"""

DENOMINATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount,
       list_append(list_concat(l.refs, o.refs), m.ref) AS refs
{_GRAVE} WHERE {_THREE_MONTHS}
"""

INDICATOR = Indicator(
    id="I09",
    version=1,
    title={
        "fr": "Arriérés sous accompagnement",
        "nl": "Achterstand met begeleiding",
        "de": "Rückstände mit Begleitung",
        "en": "Arrears with support",
    },
    formula="Baux en cours au soir du dernier jour de la période dont les arriérés atteignent "
    "trois fois le loyer et les charges du dernier mois facturé et dont le ménage a, ce soir-là, "
    "une période d'accompagnement ouverte, sur n'importe quel axe, divisés par les baux en cours "
    "dont les arriérés atteignent ce montant. Un ménage avec plusieurs périodes compte une fois "
    "par bail. Une orientation vers un partenaire comptera quand les orientations seront notées.",
    counter_examples=(
        (
            "Une période close ce jour-là, une période intensive dont les six mois se "
            "terminent ce jour-là, même sans résultat noté, et une période annulée ne sont pas "
            "ouvertes ce soir-là."
        ),
        "Une visite pour impayé n'est pas un accompagnement.",
    ),
    source="Proposé\u00a0: accompagnement des ménages en arriéré de trois mois, seuil de la "
    "question écrite 82 (2012-2013)",
    source_status=SourceStatus.PROPOSED,
    period_kind=PeriodKind.AT_DAY,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
