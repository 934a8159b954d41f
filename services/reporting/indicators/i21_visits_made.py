"""I21: of the visits planned in the period, those that were made by its end."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

_DUE = """
FROM visits_planned($known) p
LEFT JOIN leases($known) l USING (lease_id)
LEFT JOIN visits_made($known) v ON v.visit_id = p.visit_id
LEFT JOIN visits_withdrawn($known) w ON w.visit_id = p.visit_id
WHERE p.planned_on BETWEEN $first AND $last
    AND (l.ended_on IS NULL OR l.ended_on >= p.planned_on)
    AND (w.withdrawn_on IS NULL OR w.withdrawn_on > p.planned_on)
"""

NUMERATOR = f"""
SELECT p.visit_id AS subject, 1 AS amount, [p.ref, v.ref] AS refs
{_DUE} AND v.done_on <= $last
"""

DENOMINATOR = f"""
SELECT p.visit_id AS subject, 1 AS amount, [p.ref] AS refs
{_DUE}
"""

INDICATOR = Indicator(
    id="I21",
    version=1,
    title={
        "fr": "Visites réalisées sur visites planifiées",
        "nl": "Uitgevoerde op geplande bezoeken",
        "de": "Durchgeführte von geplanten Besuchen",
        "en": "Visits made of visits planned",
    },
    formula="Visites planifiées dans la période et faites au plus tard à sa fin, divisées par les "
    "visites planifiées dans la période, sauf celles qui n'avaient plus lieu d'être le jour "
    "prévu\u00a0: bail terminé, ou retard qui n'en était pas un. Seule une visite faite "
    "compte\u00a0; une visite déplacée compte au dernier jour prévu.",
    counter_examples=(
        "Une visite manquée n'est pas faite.",
        (
            "Une visite planifiée en décembre et faite en janvier n'est pas faite dans la "
            "période, mais y était planifiée."
        ),
    ),
    source="Formule proposée",
    source_status=SourceStatus.PROPOSED,
    period_kind=PeriodKind.YEAR,
    unit=Unit.PERCENT,
    amounts=Amounts.VISITS,
    subject_page="",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
