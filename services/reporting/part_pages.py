"""Which parts of a figure one page shows, and in what order."""

from typing import Any

from services.reporting.indicators.definition import Amounts, Indicator

PARTS_MAX = 50
"""Of a side on one page."""


def paged_sides(
    chosen: Indicator, numerator: list[Any], denominator: list[Any], page: int | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides as far as a page shows them; without a number its first one, of a median (its
    members in order, what has no value apart) the one with the middle.
    """
    if chosen.median:
        first = page or len(numerator) // 2 // PARTS_MAX + 1
        return paged(numerator, first, apart=False), paged(denominator, page or 1, apart=True)
    above = paged(numerator, page or 1, apart=False)
    if chosen.amounts is Amounts.CENTS:
        return above, paged(denominator, page or 1, apart=True)
    # What is counted below and above, with what is only counted below first.
    counted = {part["subject"] for part in numerator}
    below = paged(
        sorted(denominator, key=lambda part: part["subject"] in counted), page or 1, apart=True
    )
    below["parts"] = [{**part, "counted": part["subject"] in counted} for part in below["parts"]]
    return above, below


def paged(parts: list[Any], page: int, *, apart: bool) -> dict[str, Any]:
    """A side's parts of one page, the last one if it has fewer. `apart`: to be opened by whoever
    looks for them.
    """
    pages = max(1, -(-len(parts) // PARTS_MAX))
    page = min(page, pages)
    first = (page - 1) * PARTS_MAX
    return {
        "count": len(parts),
        "parts": parts[first : first + PARTS_MAX],
        "first": first + 1,
        "page": page,
        "pages": pages,
        "apart": apart,
    }
