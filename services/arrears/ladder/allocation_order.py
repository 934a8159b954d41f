"""Which charges a payment pays first, as a policy says it: a list, first to last."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from services.chassis.written import STRICT


class PaysFirst(StrEnum):
    """What of an account a payment goes to; what is left of it goes on down the list."""

    PLAN_FIRST = "plan-first"
    CURRENT_RENT_FIRST = "current-rent-first"
    OLDEST_FIRST = "oldest-first"


def _in_order(order: tuple[PaysFirst, ...]) -> tuple[PaysFirst, ...]:
    for number, name in enumerate(order):
        if name in order[:number]:
            raise ValueError(f"«\u00a0{name}\u00a0» figure deux fois.")
    if PaysFirst.OLDEST_FIRST in order[:-1]:
        raise ValueError(
            "Après oldest-first il ne reste rien\u00a0: mettez-le en dernier, ou enlevez-le."
        )
    return order


class Allocation(BaseModel):
    """How payments are allocated to charges. What the list leaves pays the oldest charge."""

    model_config = STRICT
    order: Annotated[tuple[PaysFirst, ...], Field(min_length=1), AfterValidator(_in_order)]

    @property
    def first(self) -> tuple[PaysFirst, ...]:
        """What goes before the oldest charge."""
        return tuple(name for name in self.order if name is not PaysFirst.OLDEST_FIRST)
