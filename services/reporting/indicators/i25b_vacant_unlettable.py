"""I25B: dwellings that nobody rents and that cannot be let, of all at the end of the period."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

NUMERATOR = """
SELECT dwelling_id AS subject, 1 AS amount, refs
FROM dwellings_on($last, $known) WHERE NOT coalesce(let, false) AND unlettable
"""

DENOMINATOR = """
SELECT dwelling_id AS subject, 1 AS amount, refs FROM dwellings_on($last, $known)
"""

INDICATOR = Indicator(
    id="I25B",
    version=1,
    title={
        "fr": "Inoccupation non louable",
        "nl": "Leegstand, niet verhuurbaar",
        "de": "Leerstand, nicht vermietbar",
        "en": "Vacancy, not lettable",
    },
    formula="Logements au patrimoine au soir du dernier jour de la période qu'aucun bail en cours "
    "n'occupe ce soir-là et qui sont retirés de la location (travaux, vente, démolition, sinistre, "
    "insalubrité, autre motif), divisés par tous les logements au patrimoine ce soir-là. Un bail "
    "qui commence plus tard laisse le logement vide jusque-là.",
    counter_examples=(
        "Un logement retiré de la location et encore loué n'est pas vide.",
        "Un logement remis en location le dernier jour de la période est louable ce soir-là.",
    ),
    source="Société wallonne du logement\u00a0: inoccupation «\u00a0non loué mais louable\u00a0» "
    "et «\u00a0non louable\u00a0», 1,39 % en 2015",
    source_status=SourceStatus.SOURCED,
    period_kind=PeriodKind.AT_DAY,
    unit=Unit.PERCENT,
    amounts=Amounts.DWELLINGS,
    subject_page="intake/dwellings",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
