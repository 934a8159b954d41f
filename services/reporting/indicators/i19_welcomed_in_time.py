"""I19: new tenants welcomed within thirty days of the start of their lease."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

_DUE = """
FROM leases($known) l
LEFT JOIN (
    SELECT lease_id, min(held_on) AS held_on, min_by(ref, held_on) AS ref
    FROM effective('intake.tenant-welcomed', $known) GROUP BY lease_id
) w USING (lease_id)
WHERE l.transfer_of IS NULL AND l.start_on + INTERVAL 30 DAY BETWEEN $first AND $last
"""

NUMERATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount,
       list_filter(list_append(l.refs, w.ref), lambda x: x IS NOT NULL) AS refs
{_DUE} AND coalesce(w.held_on, l.welcomed_on) <= l.start_on + INTERVAL 30 DAY
"""

DENOMINATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount, l.refs
{_DUE}
"""

INDICATOR = Indicator(
    id="I19",
    version=1,
    title={
        "fr": "Accueil des entrants",
        "nl": "Onthaal van nieuwe huurders",
        "de": "Empfang neuer Mieter",
        "en": "Welcome of new tenants",
    },
    formula="Nouveaux locataires accueillis au plus tard trente jours après le début du bail, "
    "divisés par les nouveaux baux (hors mutations) dont le trentième jour tombe dans la période. "
    "Un bail repris du stock compte comme les autres\u00a0: accueilli si la reprise dit quand.",
    counter_examples=(
        "Un accueil le trente et unième jour vient trop tard.",
        "Une mutation dans la société n'est pas une entrée.",
    ),
    source="Thème\u00a0: avis de l'Union des villes et communes de Wallonie sur les contrats "
    "d'objectifs\u00a0; formule proposée",
    source_status=SourceStatus.PROPOSED,
    period_kind=PeriodKind.YEAR,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="intake/leases",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
    months_before=1,
)
