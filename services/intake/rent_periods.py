"""How often a rent is asked for, in words, and how a lease keeps it."""

from contracts.words import RentPeriod
from services.chassis.forms import Form

WORDS = {
    RentPeriod.MONTHLY: "par mois",
    RentPeriod.WEEKLY: "par semaine",
    RentPeriod.FORTNIGHTLY: "toutes les deux semaines",
    RentPeriod.FOUR_WEEKLY: "toutes les quatre semaines",
} | {
    period: f"par semaine, {period.removeprefix('weeks-')} semaines par an"
    for period in RentPeriod
    if period.startswith("weeks-")
}
CHOICES = [(period.value, words.capitalize()) for period, words in WORDS.items()]


def kept(period: RentPeriod | None) -> RentPeriod | None:
    """As terms keep it: nothing is said of a rent that is monthly."""
    return None if period is RentPeriod.MONTHLY else period


def period_of(form: Form) -> RentPeriod | None:
    """How often a form says that rent is asked for; None where it does not."""
    if not form.texts.get("rent_period", ""):
        return None
    return form.choice("rent_period", "tous les combien ces montants sont demandés", RentPeriod)


def words_of(period: RentPeriod | str | None) -> str:
    return WORDS[RentPeriod(period or RentPeriod.MONTHLY)]
