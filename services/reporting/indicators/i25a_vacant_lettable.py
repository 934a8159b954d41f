"""I25A: dwellings that nobody rents and that can be let, of all at the end of the period."""

from services.reporting.indicators.definition import Amounts, Indicator, SourceStatus, Unit

NUMERATOR = """
SELECT dwelling_id AS subject, 1 AS amount, refs
FROM dwellings_on($last, $known) WHERE NOT coalesce(let, false) AND NOT unlettable
"""

DENOMINATOR = """
SELECT dwelling_id AS subject, 1 AS amount, refs FROM dwellings_on($last, $known)
"""

INDICATOR = Indicator(
    id="I25A",
    version=1,
    title={
        "fr": "Inoccupation louable",
        "nl": "Leegstand, verhuurbaar",
        "de": "Leerstand, vermietbar",
        "en": "Vacancy, lettable",
    },
    formula="Logements au patrimoine au soir du dernier jour de la période qu'aucun bail en cours "
    "n'occupe ce soir-là et qui ne sont pas retirés de la location, divisés par "
    "tous les logements au patrimoine ce soir-là. Un bail qui commence plus tard laisse le "
    "logement vide jusque-là.",
    source="Société wallonne du logement : inoccupation « non loué mais louable » et « non "
    "louable », 3,57 % en 2015",
    source_status=SourceStatus.SOURCED,
    unit=Unit.PERCENT,
    amounts=Amounts.DWELLINGS,
    subject_page="intake/dwellings",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
