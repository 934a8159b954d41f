"""The region's figures by the province in which a company's seat lies, and whether they add up.

A part is of one province and one version of a definition, and of what is shown alone, as totals
are. The total is of one version: parts of another stand beside it and are in no total.

Both sides of a check are reckoned apart, so that it can fail: a part takes each company once,
whatever rows there are of it, the total takes every row.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from services.chassis.templating import counted
from services.reporting.indicators.definition import Indicator
from services.reporting.pages import amount_shown
from services.reporting.quotients import quotient
from services.reporting.region.comparable import ComparableTable, Total
from services.reporting.region.small_cells import Figure

UNTOLD = "province non indiquée"
Sums = tuple[int, int, int]
"""Numerator, denominator, and of how many companies."""


@dataclass(frozen=True)
class Part(Total):
    """`province` is None of companies that say none."""

    province: str | None = None


@dataclass(frozen=True)
class Added:
    """One indicator over the region; without a total there are no parts."""

    indicator: Indicator
    total: Total | None
    parts: list[Part]

    def counts(self, version: int) -> bool:
        """Whether what is reckoned by this version is in the total."""
        return self.total is not None and self.total.definition_version == version


def added_up(table: ComparableTable) -> list[Added]:
    """Every indicator, in the order of the table."""
    return [
        Added(one, total, _parts(table, one.id) if total else [])
        for one in table.indicators
        for total in [table.total(one.id)]
    ]


def _parts(table: ComparableTable, identity: str) -> list[Part]:
    """By the provinces' names, then by version; companies that say no province stand last."""
    each_once = {row.company: row for row in table.rows}
    found: dict[tuple[str | None, int], list[Figure]] = {}
    for row in each_once.values():
        if figure := row.shown.get(identity):
            found.setdefault((row.province, figure["definition_version"]), []).append(figure)
    parts = [_part(province, figures) for (province, _), figures in found.items()]
    return sorted(parts, key=_place)


def _place(part: Part) -> tuple[bool, str, int]:
    return part.province is None, part.province or "", part.definition_version


def _part(province: str | None, figures: list[Figure]) -> Part:
    above, below = 0, 0
    for figure in figures:
        above += figure["numerator"]
        below += figure["denominator"]
    version, amounts = figures[0]["definition_version"], figures[0]["amounts"]
    value = quotient(above, below)
    return Part(above, below, value, len(figures), version, amounts, province)


def _of_parts(added: Added) -> Sums:
    within = [part for part in added.parts if added.counts(part.definition_version)]
    return (
        sum(part.numerator for part in within),
        sum(part.denominator for part in within),
        sum(part.companies for part in within),
    )


def _of_total(added: Added) -> Sums:
    total = added.total
    return (total.numerator, total.denominator, total.companies) if total else (0, 0, 0)


@dataclass(frozen=True)
class Check:
    """`left` and `right` come to the same, of every figure that has a total."""

    id: str
    words: str
    left_words: str
    right_words: str
    left: Callable[[Added], Sums]
    right: Callable[[Added], Sums]


CHECKS = (
    Check(
        "R01",
        "les parts des provinces font le total de la région",
        "somme des provinces",
        "total de la région",
        left=_of_parts,
        right=_of_total,
    ),
)


@dataclass(frozen=True)
class Checked:
    check: Check
    added: Added
    left: Sums
    right: Sums

    @property
    def fails(self) -> bool:
        return self.left != self.right

    @property
    def sentence(self) -> str:
        """What does not hold, with both sides."""
        return (
            f"Contrôle {self.check.id} en échec pour {self.added.indicator.id}\u00a0: "
            f"{self.check.words}, or "
            f"{self._shown(self.left, self.check.left_words)} ne font pas "
            f"{self._shown(self.right, self.check.right_words)}."
        )

    def _shown(self, sums: Sums, words: str) -> str:
        amounts = self.added.total.amounts if self.added.total else self.added.indicator.amounts
        above, below = (amount_shown(side, amounts) for side in sums[:2])
        return f"{above} sur {below} ({words}, {counted(sums[2], 'société', 'sociétés')})"


def checked(added: Iterable[Added]) -> Iterator[Checked]:
    """Every check of every figure that has a total."""
    for one in added:
        if one.total:
            for check in CHECKS:
                yield Checked(check, one, check.left(one), check.right(one))


def told_checks(checks: Iterable[Checked]) -> str:
    """Those that fail, each with both sides; else that all of them hold; empty without totals."""
    found = [*checks]
    failing = [one.sentence for one in found if one.fails]
    if failing:
        return " ".join(failing)
    held = Counter(one.check for one in found)
    return " ".join(
        f"Contrôle {check.id} juste\u00a0: {check.words} ({counted(of, 'total', 'totaux')})."
        for check, of in held.items()
    )
