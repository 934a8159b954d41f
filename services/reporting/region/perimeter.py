"""Which companies the region compares: not those of the communes whose housing is not its own."""

from services.chassis.companies import Company
from services.chassis.names import plain_name

GERMAN_SPEAKING = (
    ("Amblève", "Amel"),
    ("Bullange", "Büllingen"),
    ("Burg-Reuland",),
    ("Butgenbach", "Bütgenbach"),
    ("Eupen",),
    ("La Calamine", "Kelmis"),
    ("Lontzen",),
    ("Raeren",),
    ("Saint-Vith", "Sankt Vith", "St. Vith"),
)
"""The nine communes of the German language region, by every name that they are written with.

Source: laws on the use of languages in administrative matters, coordinated on 18 July 1966,
        article 5. Their housing is the German-speaking Community's since 1 January 2020
        (domain.md section 2: it has its own version of the order since; the day to be confirmed).
"""
OUTSIDE = (
    "Le logement des communes germanophones relève de la Communauté germanophone, pas de la Région."
)


_OUTSIDE = frozenset(plain_name(name) for names in GERMAN_SPEAKING for name in names)


def is_within(company: Company) -> bool:
    """By the commune of its seat; a company that says none is within."""
    return plain_name(company.commune.strip()) not in _OUTSIDE
