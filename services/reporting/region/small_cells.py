"""Which figures of a published return may be shown beside those of other companies.

A figure is shown whole or not at all, and whatever the reason, what is not shown looks the same.

- A numerator or a denominator under 5, or from 1 to 4 between them, is a small cell.
- What was shown once and differs today by 1 to 4 would tell, subtracted, of a small cell: it is not
  shown again until it differs by more, also where another figure counts the same. Of an amount of
  money it is not known how many households moved it, so that no change of it is shown.
- Households that two figures count one inside the other, with 1 to 4 between them, are a small cell
  again: the smaller group is not shown.
- Dwellings are let, empty or not to be let: where all of them and two of the three are told, so is
  the third, and vacancy is not shown where fewer than 5 would be what is left.
- An amount is shown where the figure that counts its households is, and only there.

- A median is one or two households' own value. It is shown from ten members on, five at least on
  either side, under the same rules for how many members it has and how many stand apart; one that
  moved while fewer than five came or went is not shown again. It has no total.

Every decision reads what is shown, never what is not, and totals are of what is shown: so what is
not shown could be any other value that is not shown, and every table ever given would be the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

LEAST = 5
"""Fewer are a small cell (a rule of the suite's; no Walloon text states one)."""
MEMBERS_LEAST = 10
"""Of a median: five at least on either side of it."""
COUNTED_BY = {"I01": "I03"}
"""Amounts of money, and the figure that counts the households behind each. Another amount is not
shown: how many are behind it is not in the return. Of what was charged, what was received in time
(I05) and what those who stay owe (I01) leave the debt of those who left, perhaps one household's.
"""
INSIDE = (
    (("I07", "denominator"), ("I03", "numerator")),
    (("I04", "numerator"), ("I07", "denominator")),
    (("I04", "numerator"), ("I03", "numerator")),
    (("I09", "denominator"), ("I07", "denominator")),
    (("I09", "denominator"), ("I03", "numerator")),
)
"""Groups of households, the smaller first: owing a month or three is owing at all."""
ALIKE = (
    (("I03", "denominator"), ("I04", "denominator")),
    (("I04", "numerator"), ("I09", "denominator")),
    (("I11", "denominator"), ("I12", "denominator")),
    (("I25A", "denominator"), ("I25B", "denominator")),
)
"""What several figures count: leases that run, households that owe three months, leases that ran on
the mean, dwellings. A test holds that no two sides count the same and are not here.
"""
RUNNING = ("I03", "I04")
EMPTY = (("I25A", "I25B"), ("I25B", "I25A"))
"""Dwellings without a lease: one figure of them, and the other."""
Figure = Mapping[str, Any]
Shown = dict[str, Figure]


def shown_of(versions: Sequence[Sequence[Figure]]) -> Shown:
    """By indicator, what may be shown of the last version of a return, all of which were shown."""
    before: list[Shown] = []
    for version in versions:
        before.append(_shown({figure["indicator"]: figure for figure in version}, before))
    return before[-1] if before else {}


def _shown(figures: Shown, before: Sequence[Shown]) -> Shown:
    shown = {
        identity: figure
        for identity, figure in figures.items()
        if not _is_money(figure) and not _is_small(figure) and not _is_near(figure, before)
    }
    for (smaller, side), (larger, other) in INSIDE:
        if smaller in shown and larger in shown:
            between = shown[larger][other] - shown[smaller][side]
            if 0 < between < LEAST:
                del shown[smaller]
    let = [one[name]["denominator"] for one in (*before, shown) for name in RUNNING if name in one]
    for one, other in EMPTY:
        if one in shown and other not in shown:
            above, below, _ = _sides(shown[one])
            if any(below - above - leases < LEAST for leases in let):
                del shown[one]
    return shown | {
        identity: figure
        for identity, figure in figures.items()
        if _is_money(figure)
        and COUNTED_BY.get(identity) in shown
        and all(_same(figure, one[identity]) for one in before if identity in one)
    }


def _is_money(figure: Figure) -> bool:
    return bool(figure["amounts"] == "cents")


def _is_small(figure: Figure) -> bool:
    above, below, between = _sides(figure)
    if is_median(figure) and above < MEMBERS_LEAST:
        return True
    return above < LEAST or below < LEAST or 0 < between < LEAST


def _is_near(figure: Figure, before: Sequence[Shown]) -> bool:
    """Whether it could be subtracted from what was shown before."""
    identity = figure["indicator"]
    shown = [one[identity] for one in before if identity in one]
    if is_median(figure) and any(_is_moved(figure, one) for one in shown):
        return True
    counted = [
        (now, then) for one in shown for now, then in zip(_sides(figure), _sides(one), strict=True)
    ]
    counted += [
        (figure[side], one[other][other_side])
        for group in ALIKE
        for own, side in group
        for other, other_side in group
        for one in before
        if own == identity and other in one
    ]
    return any(0 < abs(now - then) < LEAST for now, then in counted)


def is_median(figure: Figure) -> bool:
    return figure.get("members") is not None


def _is_moved(median: Figure, before: Figure) -> bool:
    """Whether its value moved although its members are as many: few of them did."""
    sides = ("numerator", "denominator")
    return _same(median, before) and any(median[side] != before[side] for side in sides)


def _same(figure: Figure, other: Figure) -> bool:
    return _sides(figure) == _sides(other)


def _sides(figure: Figure) -> tuple[int, int, int]:
    """Numerator, denominator, and what lies between them; of a median its members, all that could
    be one, and those that stand apart.
    """
    above, below = figure["numerator"], figure["denominator"]
    if is_median(figure):
        above, below = figure["members"], figure["members"] + figure["left_out"]
    return above, below, below - above
