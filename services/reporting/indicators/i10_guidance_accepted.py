"""I10: households that accepted budget guidance, of those that answered."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    PeriodKind,
    SourceStatus,
    Unit,
)

_LAST_ANSWER = """
FROM (
    SELECT lease_id, max_by(accepted, (answered_on, position)) AS accepted,
           max_by(ref, (answered_on, position)) AS ref
    FROM (
        SELECT lease_id, answered_on, true AS accepted, position, ref
        FROM effective('arrears.budget-guidance-accepted', $known)
        UNION ALL
        SELECT lease_id, answered_on, false, position, ref
        FROM effective('arrears.budget-guidance-refused', $known)
    ) WHERE answered_on >= $first AND answered_on <= $last GROUP BY lease_id
)
"""

NUMERATOR = f"""
SELECT lease_id AS subject, 1 AS amount, [ref] AS refs {_LAST_ANSWER} WHERE accepted
"""

DENOMINATOR = f"""
SELECT lease_id AS subject, 1 AS amount, [ref] AS refs {_LAST_ANSWER}
"""

INDICATOR = Indicator(
    id="I10",
    version=1,
    title={
        "fr": "Guidance budgétaire\u00a0: acceptation",
        "nl": "Budgetbegeleiding: aanvaarding",
        "de": "Budgetbegleitung: Zusagen",
        "en": "Budget guidance accepted",
    },
    formula="Baux (deux d'un même ménage comptent deux fois) dont la dernière réponse de l'année "
    "à la guidance budgétaire du CPAS est une acceptation, divisés par les baux qui y ont répondu "
    "dans l'année.",
    counter_examples=(
        "Une proposition restée sans réponse ne compte d'aucun côté.",
        "Un refus suivi d'une acceptation la même année est une acceptation.",
    ),
    source="Proposé\u00a0: lien avec le moratoire hivernal",
    source_status=SourceStatus.PROPOSED,
    period_kind=PeriodKind.YEAR,
    unit=Unit.PERCENT,
    amounts=Amounts.LEASES,
    subject_page="arrears/accounts",
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
)
