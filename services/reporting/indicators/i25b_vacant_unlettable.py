"""I25B: dwellings that nobody rents and that cannot be let, of all at the end of the period."""

from services.reporting.indicators.definition import Amounts, Indicator, SourceStatus, Unit

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
    source="Société wallonne du logement : inoccupation « non loué mais louable » et « non "
    "louable », 1,39 % en 2015",
    source_status=SourceStatus.SOURCED,
    unit=Unit.PERCENT,
    amounts=Amounts.DWELLINGS,
    subject_page="intake/dwellings",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
