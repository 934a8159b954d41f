"""I20: new tenants visited at home within six months and a half."""

from services.reporting.indicators.definition import Amounts, Indicator, SourceStatus, Unit

_DUE = """
FROM (
    SELECT *, CAST(start_on + INTERVAL 6 MONTH + INTERVAL 15 DAY AS DATE) AS due_on
    FROM leases($known) WHERE transfer_of IS NULL
) l
LEFT JOIN (
    SELECT v.lease_id, min(v.done_on) AS done_on, min_by(v.actor, v.done_on) AS actor,
           min_by(v.ref, v.done_on) AS ref
    FROM visits_made($known) v WHERE v.place = 'home' GROUP BY v.lease_id
) v USING (lease_id)
WHERE l.due_on BETWEEN $first AND $last AND (l.ended_on IS NULL OR l.ended_on > l.due_on)
"""

NUMERATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount, v.actor, list_append(l.refs, v.ref) AS refs
{_DUE} AND v.done_on BETWEEN l.start_on AND l.due_on
"""

DENOMINATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount, l.actor, l.refs
{_DUE}
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
    formula="Nouveaux locataires visités à domicile au plus tard six mois et quinze jours après le "
    "début du bail, divisés par les nouveaux baux (hors mutations) encore en cours à ce terme et "
    "dont le terme tombe dans la période.",
    source="Suivi de première année [S50] ; formule proposée",
    source_status=SourceStatus.PROPOSED,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
