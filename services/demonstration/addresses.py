"""Where invented households are written to, and in which language: by their dwelling and lease."""

from typing import Final

from contracts.intake import Language

STREETS: Final = (
    "Rue des Essais",
    "Avenue du Modèle",
    "Place de l'Exemple",
    "Clos des Figurants",
    "Rue de la Maquette",
    "Allée du Brouillon",
)
"""No street of Charleroi is known to be called so."""
OTHER_LANGUAGES: Final = {7: Language.NL, 13: Language.DE, 17: Language.EN}
"""One household in twenty each; proposed, for want of a source."""


def address_of(dwelling: str) -> str:
    """`S03-014` is number 14 of the third site's street."""
    site, _, number = dwelling.partition("-")
    street = STREETS[int(site[1:]) % len(STREETS)]
    return f"{street} {int(number)}, 6000 Charleroi"


def language_of(household: str) -> Language:
    """By the number of the household's first lease."""
    return OTHER_LANGUAGES.get(int(household[-4:]) % 20, Language.FR)
