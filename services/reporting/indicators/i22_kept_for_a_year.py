"""I22: new tenants whose lease still ran twelve months after its start."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

_COHORT = """
FROM leases($known) l
WHERE l.transfer_of IS NULL
    AND l.start_on >= $first - INTERVAL 12 MONTH AND l.start_on < $first
    AND l.start_on + INTERVAL 12 MONTH <= $last
    AND NOT coalesce(
        l.end_reason = 'death' AND l.ended_on <= l.start_on + INTERVAL 12 MONTH, false
    )
"""

NUMERATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount, l.refs
{_COHORT} AND (
    l.ended_on IS NULL OR l.ended_on > l.start_on + INTERVAL 12 MONTH OR l.end_reason = 'transfer'
)
"""

DENOMINATOR = f"""
SELECT l.lease_id AS subject, 1 AS amount, l.refs
{_COHORT}
"""

INDICATOR = Indicator(
    id="I22",
    version=1,
    title={
        "fr": "Maintien à douze mois",
        "nl": "Nog huurder na twaalf maanden",
        "de": "Noch Mieter nach zwölf Monaten",
        "en": "Tenancies sustained for twelve months",
    },
    formula="Baux nouveaux de l'année précédente (hors mutations) encore en cours le jour de leur "
    "premier anniversaire, ou finis avant par une mutation dans la société, divisés par les baux "
    "nouveaux de cette année-là dont l'anniversaire est passé, sans ceux qu'un décès a finis au "
    "plus tard ce jour. Un bail fini le jour de l'anniversaire n'est plus en cours.",
    counter_examples=(
        "Une mutation dans la société ne fait ni un nouveau locataire, ni un départ.",
        "Un locataire décédé avant l'anniversaire ne compte d'aucun côté.",
    ),
    source="Adapté du Scottish Social Housing Charter, «\u00a0tenancies sustained for over a "
    "year\u00a0»",
    source_status=SourceStatus.ADAPTED,
    period_kind=PeriodKind.COHORT,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="intake/leases",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
    months_before=12,
)
