"""The rents worth trying against a policy, and what its amounts come to for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from services.arrears.ladder.case import Recipient
from services.arrears.ladder.conditions import When
from services.arrears.ladder.moments import Moment
from services.arrears.ladder.owing import Amount
from services.arrears.ladder.rent_conversion import MONTHS, convert
from services.arrears.ladder.spans import PERIODS_A_YEAR, Period
from services.arrears.ladder.state import State

USUAL, SMALL, LARGE = 50_000, 1, 100_000_000
"""Rents: what is small beside every amount in cents that a policy names, and what is large."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A rent in cents, of a period and of a month; None where it is not known."""

    period: int | None
    month: int | None


def rents_worth_trying(leaves: Iterable[When]) -> Iterator[Asked]:
    """One that is usual, 0, one that is not known; of others what the policy can tell apart."""
    amounts = [amount for leaf in leaves if leaf.key == "owed" for _, amount in leaf.value.given()]
    plain = [each for amount in amounts for each in _plain(amount)]
    rents, months = (any(getattr(a, n) is not None for a in plain) for n in ("rents", "months"))
    yield Asked(USUAL, USUAL)
    yield Asked(0, 0)
    yield Asked(None, None)
    if rents and months:
        yield Asked(USUAL, convert(USUAL, PERIODS_A_YEAR[Period.WEEKLY], MONTHS))
    if (rents or months) and any(amount.cents for amount in plain):
        yield Asked(SMALL, SMALL)
        yield Asked(LARGE, LARGE)


def _plain(amount: Amount) -> Iterator[Amount]:
    """An amount, or those that it may be by who receives housing aid."""
    if amount.by_housing_aid is None:
        yield amount
    else:
        for _, part in amount.by_housing_aid:
            yield from _plain(part)


def limits_of(amount: Amount, rents: Iterable[Asked]) -> Iterator[int]:
    """What an amount comes to, in whole cents, for each rent and each who may receive aid."""
    for rent in rents:
        for aid in Recipient:
            state = State(Moment(date.min), rent_cents=rent.period, month_cents=rent.month, aid=aid)
            limit = amount.of(state)
            if limit is not None:
                yield from (floor(limit), ceil(limit))
