"""I06: how many days pass from the first unpaid due day until somebody reacts, in the median."""

from services.reporting.indicators.definition import (
    Amounts,
    Indicator,
    Median,
    PeriodKind,
    SourceStatus,
    Unit,
)

_REACTED = """
r.lease_id = s.lease_id AND r.reacted_on >= s.began_on AND r.reacted_on <= $last
    AND (s.cleared_on IS NULL OR r.reacted_on <= s.cleared_on)
"""

MEMBERS = f"""
SELECT s.charge_id AS subject, min(r.reacted_on) - s.began_on AS amount,
       [s.ref, min_by(r.ref, (r.reacted_on, r.ref))] AS refs
FROM spells($known) s JOIN reactions($known) r ON {_REACTED}
WHERE s.began_on >= $first AND s.began_on <= $last GROUP BY s.charge_id, s.began_on, s.ref
"""

UNREACTED = f"""
SELECT s.charge_id AS subject, 1 AS amount,
       list_filter([s.ref, s.cleared_ref], lambda x: x IS NOT NULL) AS refs
FROM spells($known) s
WHERE s.began_on >= $first AND s.began_on <= $last
    AND NOT EXISTS (SELECT 1 FROM reactions($known) r WHERE {_REACTED})
"""

INDICATOR = Indicator(
    id="I06",
    version=1,
    title={
        "fr": "Délai médian de première réaction",
        "nl": "Mediane termijn tot de eerste reactie",
        "de": "Mediane Frist bis zur ersten Reaktion",
        "en": "Median time to the first reaction",
    },
    formula="Jours entre la première échéance impayée d'un nouvel épisode d'arriérés et la "
    "première réaction\u00a0: un rappel ou une étape suivante, un contact tenté, une visite pour "
    "arriérés. La médiane des épisodes qui commencent dans la période et auxquels on a réagi au "
    "plus tard le dernier jour de l'épisode et de la période\u00a0; quand leur nombre est pair, "
    "la moyenne des deux du milieu. Un épisode commence à la première échéance constatée impayée "
    "depuis que tout avait été payé. Ceux sans réaction sont à part.",
    counter_examples=(
        "Une réaction d'après le paiement de toute la dette n'en est plus une.",
        "Une visite pour un autre motif que les arriérés n'est pas une réaction.",
    ),
    source="Proposé\u00a0: réagir au plus tôt, vade-mecum de la Société wallonne du logement "
    "«\u00a0Arriérés de loyer et surendettement\u00a0»",
    source_status=SourceStatus.PROPOSED,
    period_kind=PeriodKind.YEAR,
    unit=Unit.DAYS,
    amounts=Amounts.DAYS,
    subject_page="",
    numerator=MEMBERS,
    denominator=UNREACTED,
    median=Median("épisode", "épisodes", "sans réaction"),
)
