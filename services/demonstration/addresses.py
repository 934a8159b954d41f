"""Where invented households are written to, and in which language."""

from collections.abc import Sequence
from random import Random
from typing import Final

from contracts.intake import Language
from services.demonstration.payment_habits import Habit

STREETS: Final = (
    "Rue des Essais",
    "Avenue du Modèle",
    "Place de l'Exemple",
    "Clos des Figurants",
    "Rue de la Maquette",
    "Allée du Brouillon",
)
"""No street of Charleroi is known to be called so."""
OTHER_LANGUAGES: Final = (Language.NL, Language.DE, Language.EN)
ONE_IN: Final = 18
"""So many households have one that speaks another language; proposed, for want of a source."""

FIRST: Final = 3


def address_of(dwelling: str) -> str:
    """`S03-014` is number 14 of the third site's street."""
    site, _, number = dwelling.partition("-")
    street = STREETS[int(site[1:]) % len(STREETS)]
    return f"{street} {int(number)}, 6000 Charleroi"


def spread_languages(habits: Sequence[Habit], chance: Random) -> list[Language]:
    """A language for each household of the stock, whose habits are given in its order.

    Facts: the others are as frequent among those who pay late as among those who do not, who are
           counted last: a small company too has a letter to show that is not in French.
    """
    drawn = [(list(Habit).index(habit), chance.random(), n) for n, habit in enumerate(habits)]
    languages = [Language.FR] * len(habits)
    for turn, (_, _, place) in enumerate(sorted(drawn, reverse=True)[FIRST::ONE_IN]):
        languages[place] = OTHER_LANGUAGES[turn % len(OTHER_LANGUAGES)]
    return languages


def draw_language(chance: Random) -> Language:
    """Of a household that comes later."""
    if chance.randrange(ONE_IN):
        return Language.FR
    return chance.choice(OTHER_LANGUAGES)
