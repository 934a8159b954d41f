"""I02: what departed tenants still owe at the end of the period, against a year's rent."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)
from services.reporting.indicators.i01_arrears_rate import DENOMINATOR

NUMERATOR = """
SELECT l.lease_id AS subject, o.arrears_cents AS amount, list_concat(l.refs, o.refs) AS refs
FROM leases($known) l JOIN owed($last, $known) o USING (lease_id)
WHERE l.start_on <= $last AND l.ended_on <= $last AND o.arrears_cents > 0
"""

INDICATOR = Indicator(
    id="I02",
    version=1,
    title={
        "fr": "Taux d'arriérés, locataires partis",
        "nl": "Achterstalpercentage, vertrokken huurders",
        "de": "Rückstandsquote, ausgezogene Mieter",
        "en": "Arrears rate, departed tenants",
    },
    formula="Somme des arriérés des baux finis au plus tard le dernier jour de la période, divisée "
    "par le même dénominateur que I01. Arriérés d'un bail\u00a0: ce qui est échu moins ce qui est "
    "payé ou abandonné, jamais moins de zéro\u00a0; l'avoir d'un bail n'éteint pas la dette d'un "
    "autre.",
    counter_examples=(
        (
            "Ce qui a été abandonné n'est plus dû depuis le jour de l'abandon\u00a0; un "
            "abandon d'après la période n'y change rien."
        ),
        (
            "Un bail qui finit après le dernier jour de la période est encore celui d'un "
            "présent\u00a0: il est en I01."
        ),
    ),
    source="Médiateur et presse (dettes des locataires partis)\u00a0; formule adaptée du "
    "«\u00a0former tenant arrears\u00a0» britannique",
    source_status=SourceStatus.ADAPTED,
    period_kind=PeriodKind.AT_DAY,
    unit=Unit.PERCENT,
    amounts=Amounts.CENTS,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
    months_to_last=12,
)
