"""I25A: dwellings that nobody rents and that can be let, of all at the end of the period."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

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
    "n'occupe ce soir-là et qui ne sont pas retirés de la location, divisés par tous les logements "
    "au patrimoine ce soir-là. Un bail qui commence plus tard laisse le logement vide jusque-là.",
    counter_examples=(
        "Un logement vide qui est retiré de la location est en I25B.",
        "Un bail signé qui n'a pas commencé n'occupe pas encore le logement.",
    ),
    source="Société wallonne du logement\u00a0: inoccupation «\u00a0non loué mais louable\u00a0» "
    "et «\u00a0non louable\u00a0», 3,57 % en 2015",
    source_status=SourceStatus.SOURCED,
    period_kind=PeriodKind.AT_DAY,
    unit=Unit.PERCENT,
    amounts=Amounts.DWELLINGS,
    subject_page="intake/dwellings",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
