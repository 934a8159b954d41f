"""A week in which the bank's files do not come: all of them come together afterwards.

Until then what the accounts say is stale, and policy lets nothing leave on stale news.
"""

from datetime import date
from typing import Final

from services.demonstration.bank_days import after_bank_days, bank_day_from
from services.demonstration.parameters import Parameters

SHARE_OF_PLAY: Final = 0.6
FROM_DAY: Final = 11
"""Of a month: the day after rents are due, when most of them come in."""
BANK_DAYS: Final = 7


def comes_on(parameters: Parameters, day: date) -> date:
    """The day on which the file of a bank day is imported: the day itself, but for one week."""
    month = parameters.month(int(parameters.months * SHARE_OF_PLAY))
    first = bank_day_from(month.replace(day=FROM_DAY))
    until = after_bank_days(first, BANK_DAYS)
    return until if first <= day < until else day
