"""What Typst says of a text that it cannot set, in French: what most often goes wrong."""

import re

from services.arrears.letters.sheet import FIELDS, PLAN_FIELDS

SAID = {
    r'.*does not contain key "(.*)"': (
        "«\u00a0{}\u00a0» n'est pas un champ d'une lettre. "
        f"Ils sont\u00a0: {FIELDS}\u00a0; et pour son plan\u00a0: {PLAN_FIELDS}."
    ),
    r"unclosed delimiter": (
        "Ce qui s'ouvre ici ne se referme pas\u00a0: une parenthèse, un crochet, «\u00a0*\u00a0», "
        "«\u00a0_\u00a0» ou «\u00a0$\u00a0»."
    ),
    r"unknown variable: (.*)": (
        "«\u00a0{}\u00a0» n'est pas connu. Un champ d'une lettre s'écrit "
        "«\u00a0#letter.total\u00a0»\u00a0; un dièse dans le texte, «\u00a0\\#\u00a0»."
    ),
    r'the text `"(.*)"` could not be displayed': (
        "La police des lettres n'a pas le caractère «\u00a0{}\u00a0»\u00a0: remplacez-le."
    ),
    r"unexpected argument": "Il y a un argument de trop dans cette commande.",
    r"cannot access fields on type none": (
        "Ce champ n'a pas de valeur dans toutes les lettres\u00a0: entourez le passage de "
        "«\u00a0#if\u00a0»."
    ),
    r"file not found": "Une lettre ne lit aucun fichier\u00a0: écrivez tout dans le document.",
    r"label `<(.*)>` does not exist": (
        "«\u00a0@{}\u00a0» ne mène à rien. Une arobase dans le texte s'écrit «\u00a0\\@\u00a0»."
    ),
}
"""By how its message begins."""


def in_french(message: str) -> str:
    """A sentence; of a message that is seldom met, a quotation of it."""
    message = message.removeprefix("PDF/UA-1 error: ")
    for begins, said in SAID.items():
        found = re.match(begins, message)
        if found:
            return said.format(*found.groups())
    return f"Ce passage ne peut pas être composé. Typst dit\u00a0: «\u00a0{message}\u00a0»."
