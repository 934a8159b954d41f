"""I20: new tenants visited at home within six months and a half."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

_DUE = """
SELECT * FROM (
    SELECT *, CAST(start_on + INTERVAL 6 MONTH + INTERVAL 15 DAY AS DATE) AS due_on
    FROM leases($known) WHERE transfer_of IS NULL
) WHERE due_on BETWEEN $first AND $last AND (ended_on IS NULL OR ended_on > due_on)
"""

NUMERATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount,
       list_append(any_value(l.refs), min_by(v.ref, v.done_on)) AS refs
FROM ({_DUE}) l JOIN visits_made($known) v USING (lease_id)
WHERE v.place = 'home' AND v.done_on BETWEEN l.start_on AND l.due_on
GROUP BY l.lease_id
"""

DENOMINATOR = f"""
SELECT lease_id AS subject, 1 AS amount, refs FROM ({_DUE})
"""

INDICATOR = Indicator(
    id="I20",
    version=1,
    title={
        "fr": "Première visite de suivi",
        "nl": "Eerste opvolgingsbezoek",
        "de": "Erster Folgebesuch",
        "en": "First follow-up visit",
    },
    formula="Nouveaux locataires visités à domicile entre le début du bail et son terme de six "
    "mois et quinze jours, divisés par les nouveaux baux (hors mutations) encore en cours au soir "
    "de ce terme, quand il tombe dans la période.",
    counter_examples=(
        (
            "Une visite planifiée ou manquée n'est pas faite\u00a0; une visite ailleurs qu'à "
            "domicile ne compte pas."
        ),
        "Un bail fini le jour du terme, ou avant, ne compte d'aucun côté.",
    ),
    source="Suivi de première année\u00a0: Alter Échos\u00a0; formule proposée",
    source_status=SourceStatus.PROPOSED,
    period_kind=PeriodKind.YEAR,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="intake/leases",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
    months_before=7,
)
