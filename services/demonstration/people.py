"""Invented leaseholders and their bank accounts. National Register numbers: never, not even false.

Names are drawn from common first and last names of Belgium's communities and mean nobody;
telephone numbers begin with 0400, which no Belgian operator is known to use.
"""

from random import Random
from typing import Final

FIRST: Final = (
    "Anne", "Marie", "Nathalie", "Isabelle", "Sophie", "Céline", "Julie", "Laura", "Émilie",
    "Chloé", "Martine", "Monique", "Nadia", "Fatima", "Samira", "Khadija", "Elif", "Maria",
    "Giulia", "Rosa", "Olga", "Grâce", "Divine", "Lien", "Katrien", "Philippe", "Michel", "Jean",
    "Marc", "Luc", "Pierre", "Thomas", "Nicolas", "Maxime", "Kevin", "Mohamed", "Youssef",
    "Karim", "Mehmet", "Antonio", "Salvatore", "Giuseppe", "Patrice", "Dieudonné", "Ivan",
    "Wim", "Jan", "Benoît", "Loïc", "Hugo",
)  # fmt: skip
LAST: Final = (
    "Dubois", "Lambert", "Martin", "Dupont", "Simon", "Laurent", "Leroy", "Lejeune", "Renard",
    "Denis", "Collard", "Mathieu", "Gérard", "Noël", "Wauters", "Claes", "Peeters", "Janssens",
    "Delvaux", "Lemaire", "Evrard", "Goffin", "Hubert", "Jadot", "Lecomte", "Masson", "Piron",
    "Rousseau", "Servais", "Thiry", "Urbain", "Wathelet", "Bouazza", "El Amrani", "Benali",
    "Haddad", "Yilmaz", "Demir", "Kaya", "Russo", "Esposito", "Ferrari", "Romano", "Greco",
    "Lopez", "Fernandes", "Nowak", "Popescu", "Mukendi", "Ilunga", "Mbala", "Diallo", "Nguyen",
    "Pauwels", "Maes", "Stassen", "Kaiser", "Schmitz", "Bertrand", "Charlier",
)  # fmt: skip

# No Belgian bank is known under this number.
UNUSED_BANK: Final = 999

Names = tuple[tuple[str, str], ...]
"""(name, contact) of each leaseholder; the contact may be empty."""


def leaseholders(chance: Random) -> Names:
    """One or, in a third of the households, two leaseholders; four in five give a number."""
    return tuple(_person(chance) for _ in range(1 if chance.random() < 0.67 else 2))


def _person(chance: Random) -> tuple[str, str]:
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    number = f"{chance.randrange(10**6):06d}"
    contact = f"0400 {number[:2]} {number[2:4]} {number[4:]}" if chance.random() < 0.8 else ""
    return name, contact


def payer_account(chance: Random) -> str:
    """A well-formed Belgian IBAN at a bank that does not exist.

    Source: IBAN check digits, ISO 7064 modulo 97, B being 11 and E 14.
    """
    ten = UNUSED_BANK * 10**7 + chance.randrange(10**7)
    national = f"{ten:010d}{ten % 97 or 97:02d}"
    return f"BE{98 - int(f'{national}111400') % 97:02d}{national}"
