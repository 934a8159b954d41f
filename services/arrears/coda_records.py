"""The records of a CODA 2.x bank file: its lines as text, which columns hold what, in what order.

Columns count from 1 as in the Febelfin standard; a record is 128 characters.
Source: Febelfin, Coded statement of account (CODA), version 2.6.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from services.arrears.bank_file_refused import (
    MEND,
    BankFileRefused,
    LineError,
    refuse_too_large,
)

RECORD_CHARACTERS: Final = 128


class Field(NamedTuple):
    """One field of a record: first and last column, its name for people, what it must hold."""

    first: int
    last: int
    name: str
    kind: str


class Kind(NamedTuple):
    """How a field must look, what is said of one that does not, what stands for it to read on."""

    pattern: str
    reason: str
    instead: str


# An amount is 12 + 3 digits, the third decimal zero: its first 14 digits are taken, and are cents.
KINDS: Final = {
    "text": Kind(r"(.{%d})", "", ""),
    "digits": Kind(r"([0-9]{%d})", "seuls des chiffres sont admis", "0"),
    "sign": Kind(r"([01])", "le signe doit être 0 (crédit) ou 1 (débit)", "0"),
    "flag": Kind(r"([01])", "seuls 0 (libre) ou 1 (structurée) sont admis", "0"),
    "amount": Kind(
        r"([0-9]{14})0", "un montant s'écrit en 15 chiffres, dont le dernier est zéro", "0"
    ),
    "date": Kind(r"([0-9]{6})", "une date s'écrit JJMMAA en 6 chiffres", "010100"),
    "version": Kind(r"(2)", "seule la version 2 du format CODA est lue", "2"),
    "structure": Kind(r"([0-3])", "la structure du compte doit être 0, 1, 2 ou 3", "2"),
    "next": Kind(r"([12])", "le code doit être 1 (un extrait suit) ou 2 (dernier extrait)", "2"),
}


class Layout:
    """The fields of one kind of record; one pattern checks and takes them all at once."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self._patterns = [
            KINDS[field.kind].pattern.replace("%d", str(field.last - field.first + 1))
            for field in fields
        ]
        whole, column = "", 1
        for field, pattern in zip(fields, self._patterns, strict=True):
            whole += f".{{{field.first - column}}}{pattern}"
            column = field.last + 1
        self.match = re.compile(whole, re.DOTALL).match

    def piecemeal(self, line: str) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
        """Take the fields of a record one by one, and say (field, reason) of the wrong ones."""
        taken, complaints = [], []
        for field, pattern in zip(self.fields, self._patterns, strict=True):
            value = line[field.first - 1 : field.last]
            match = re.fullmatch(pattern, value, re.DOTALL)
            taken.append(match[1] if match else KINDS[field.kind].instead)
            if match is None:
                where = f"colonnes {field.first} à {field.last}"
                reason = f"« {value.strip()} » ({where}): {KINDS[field.kind].reason}. {MEND}"
                complaints.append((field.name, reason))
        return tuple(taken), complaints


HEADER = Layout(
    Field(6, 11, "date de création", "date"),
    Field(17, 17, "duplicata", "text"),
    Field(84, 88, "application séparée", "text"),
    Field(128, 128, "version", "version"),
)
OLD_BALANCE = Layout(
    Field(2, 2, "structure du compte", "structure"),
    Field(3, 5, "numéro d'extrait", "text"),
    Field(6, 42, "compte", "text"),
    Field(43, 43, "signe du solde initial", "sign"),
    Field(44, 58, "solde initial", "amount"),
    Field(59, 64, "date du solde initial", "date"),
    Field(65, 90, "titulaire", "text"),
)
MOVEMENT = Layout(
    Field(3, 6, "numéro de mouvement", "digits"),
    Field(7, 10, "numéro de détail", "digits"),
    Field(11, 31, "référence de la banque", "text"),
    Field(32, 32, "signe du mouvement", "sign"),
    Field(33, 47, "montant", "amount"),
    Field(48, 53, "date valeur", "date"),
    Field(54, 61, "code d'opération", "digits"),
    Field(62, 62, "type de communication", "flag"),
    Field(63, 115, "communication", "text"),
    Field(116, 121, "date d'écriture", "date"),
    Field(125, 125, "code de globalisation", "text"),
)
NEW_BALANCE = Layout(
    Field(2, 4, "numéro d'extrait", "text"),
    Field(5, 41, "compte", "text"),
    Field(42, 42, "signe du nouveau solde", "sign"),
    Field(43, 57, "nouveau solde", "amount"),
    Field(58, 63, "date du nouveau solde", "date"),
)
TRAILER = Layout(
    Field(17, 22, "nombre d'enregistrements", "digits"),
    Field(23, 37, "total des débits", "amount"),
    Field(38, 52, "total des crédits", "amount"),
    Field(128, 128, "code fichier multiple", "next"),
)

NAMES: Final = {
    "0": "l'en-tête (0)",
    "1": "le solde initial (1)",
    "21": "un mouvement (2.1)",
    "22": "une suite de mouvement (2.2)",
    "23": "une suite de mouvement (2.3)",
    "31": "une information (3.1)",
    "32": "une suite d'information (3.2)",
    "33": "une suite d'information (3.3)",
    "8": "le nouveau solde (8)",
    "4": "un message libre (4)",
    "9": "l'enregistrement de fin (9)",
}

# What may come right after what; "" is the start of the file. The new balance may only be left
# out of a statement without movements (CODA 2.6, "empty file").
_AFTER_BOOKING: Final = ("21", "31", "8")
FOLLOWERS: Final[dict[str, tuple[str, ...]]] = {
    "": ("0",),
    "0": ("1",),
    "1": ("21", "8", "4", "9"),
    "21": ("22", "23", *_AFTER_BOOKING),
    "22": ("23", *_AFTER_BOOKING),
    "23": _AFTER_BOOKING,
    "31": ("32", "33", *_AFTER_BOOKING),
    "32": ("33", *_AFTER_BOOKING),
    "33": _AFTER_BOOKING,
    "8": ("4", "9"),
    "4": ("4", "9"),
    "9": ("0",),
}


@lru_cache(maxsize=4096)
def day(digits: str) -> date:
    """Read DDMMYY; YY from 69 is 19YY, as the C library and other readers have it.

    Refuses: ValueError for a day that does not exist.
    """
    year = int(digits[4:])
    return date(year + (1900 if year >= 69 else 2000), int(digits[2:4]), int(digits[:2]))


_IS_XML: Final = (
    "c'est un fichier XML, pas un fichier CODA. "
    "Si la banque l'appelle camt.053, importez-le comme extrait camt.053."
)
# Control characters would be stored and shown: they become spaces, which keeps every column.
_BLANKED: Final = bytes(32 if (b < 32 and b != 10) or b == 127 else b for b in range(256))
_C1_BYTES: Final = bytes(range(0x80, 0xA0))
_HIGH_LETTERS: Final = bytes(range(0xC0, 0x100))


def text_lines(content: bytes, limit_bytes: int) -> list[str]:
    """Cut the bytes of a file into lines of text, without their ends; refuse what is no text.

    Encodings: one byte a character (Latin-1, Windows-1252, or CP850 where only that gives
    letters), unless the lines are 128 characters long only when read as UTF-8.
    """
    refuse_too_large(content, limit_bytes)
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        reason = f"il contient des octets nuls : ce n'est pas un fichier CODA. {MEND}"
        raise BankFileRefused([LineError(line, "fichier", reason)])
    content = content.removeprefix(b"\xef\xbb\xbf").rstrip(b"\x1a\r\n")
    if not content.strip():
        raise BankFileRefused([LineError(1, "fichier", f"il est vide. {MEND}")])
    if content[:1024].lstrip().startswith(b"<"):
        raise BankFileRefused([LineError(1, "fichier", _IS_XML)])
    content = content.translate(_BLANKED, b"\r")
    if content.isascii():
        return content.decode("ascii").split("\n")
    lines = content.decode(_single_byte_encoding(content), "replace").split("\n")
    return lines if _have_right_length(lines) else _utf8_lines(content) or lines


def _have_right_length(lines: list[str]) -> bool:
    return set(map(len, lines)) <= {0, RECORD_CHARACTERS}


def _utf8_lines(content: bytes) -> list[str] | None:
    try:
        lines = content.decode().split("\n")
    except UnicodeDecodeError:
        return None
    return lines if _have_right_length(lines) else None


def _single_byte_encoding(content: bytes) -> str:
    # CP850 keeps its accented letters from 0x80 to 0x9A, where Latin-1 has nothing and Windows-1252
    # hardly a letter; these two keep theirs from 0xC0, where CP850 draws boxes.
    if len(content.translate(None, _C1_BYTES)) == len(content):
        return "latin-1"
    if len(content.translate(None, _HIGH_LETTERS)) < len(content):
        return "cp1252"
    return "cp850"
