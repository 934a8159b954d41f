"""The objectives contract of the demonstration company: five years from its first one."""

from typing import Any, Final

YEARS: Final = 5
OBJECTIVES: Final[tuple[tuple[str, str, str, float | None, tuple[float, ...]], ...]] = (
    ("finances", "I01", "at_most", 9.1, (9, 8.5, 8, 7.7, 7.4)),
    ("finances", "I05", "at_least", None, (95, 95.5, 96, 96.5, 97)),
    ("rental", "I03", "at_most", 25, (25, 24, 23, 22, 20)),
    ("rental", "I22", "at_least", 86, (86, 87, 88, 89, 90)),
    ("social-action", "I19", "at_least", None, (80, 85, 90, 90, 95)),
    ("social-action", "I20", "at_least", None, (50, 55, 60, 65, 70)),
    ("social-action", "I09", "at_least", None, (10, 15, 20, 25, 30)),
)
"""Theme, figure, side, baseline and targets in per cent; proposed: no text sets any (SWL circular
2010/26). Baselines: 9.1 % and 7.4 % of yearly rent in arrears and one household in four late
(domain sections 4.3 and 12, S02 and S13), 86 % of tenancies sustained (S131).
"""
COMMENT: Final = "Cible de démonstration, proposée : aucun texte régional n'en fixe"


def contract_document(first_year: int) -> dict[str, Any]:
    """The contract as somebody would write it."""
    return {
        "contract": first_year,
        "baseline_year": first_year - 1,
        "objectives": [
            {
                "theme": theme,
                "indicator": indicator,
                "direction": side.replace("_", "-"),
                "comment": COMMENT,
                "by_year": {first_year + n: {side: target} for n, target in enumerate(targets)},
            }
            | ({} if baseline is None else {"baseline": baseline})
            for theme, indicator, side, baseline, targets in OBJECTIVES
        ],
    }
