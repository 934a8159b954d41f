"""What a cell of an uploaded table may hold: one parser a kind, refusals in French for people."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from stdnum import iban

from services.chassis.amounts import parse_cents

Value = str | int | date | None
Parser = Callable[[str], Value]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
# Remembered cells a column: days, amounts and accounts repeat, and are parsed once.
REMEMBERED_MAX: Final = 10_000

UNSEEN = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
"""Characters that show nothing or turn round what follows: what looks the same is the same."""
CONTROL = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029{UNSEEN}]")
WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
BELGIAN_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
BELGIAN_IBAN = re.compile(r"BE\d{14}", re.ASCII)
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
RECKONED = ("=", "+", "-", "@", "\t", "\r", "\n")


class Kind(StrEnum):
    """How the cells of a column are read; money as integer cents, days as dates."""

    TEXT = "text"
    INTEGER = "integer"
    DAY = "day"
    CENTS = "cents"
    CHOICE = "choice"
    IBAN = "iban"


@dataclass(frozen=True, slots=True)
class Column:
    """One column expected in a table; `name` is its header (any case) and its key in a row.

    Units:   max_length in characters, for TEXT.
    Facts:   an optional column may be left out of the file, an optional cell be empty: None.
             Choices are matched in any case and returned as declared.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = True
    max_length: int = 200
    choices: tuple[str, ...] = ()


def cell_parser(column: Column) -> Parser:
    """Make the parser of a column's non-empty, stripped cells; it raises ValueError in French."""
    match column.kind:
        case Kind.TEXT:
            return _text_parser(column.max_length)
        case Kind.INTEGER:
            return _integer
        case Kind.DAY:
            return _remembering(_day)
        case Kind.CENTS:
            return _remembering(parse_cents)
        case Kind.CHOICE:
            return _choice_parser(column.choices)
        case Kind.IBAN:
            return _remembering(_iban)


def _remembering(parse: Callable[[str], Value]) -> Parser:
    known: dict[str, Value] = {}

    def remembered(text: str) -> Value:
        if text in known:
            return known[text]
        value = parse(text)
        if len(known) < REMEMBERED_MAX:
            known[text] = value
        return value

    return remembered


def _text_parser(max_length: int) -> Parser:
    def text(cell: str) -> str:
        if len(cell) > max_length:
            raise ValueError(
                f"Le texte a {len(cell)} caractères, le maximum est {max_length} : raccourcissez."
            )
        # Printable text is the rule; a no-break space is not printable, and welcome.
        if not cell.isprintable() and CONTROL.search(cell):
            raise ValueError(
                "Le texte contient un saut de ligne ou un caractère invisible. Enlevez-le."
            )
        return cell

    return text


def _integer(cell: str) -> int:
    if WHOLE.fullmatch(cell) is None:
        raise ValueError(f"« {_shown(cell)} » n'est pas un nombre entier. Écrivez par exemple 12.")
    return int(cell)


def _day(cell: str) -> date:
    if match := BELGIAN_DAY.fullmatch(cell):
        day, month, year = map(int, match.groups())
    elif match := ISO_DAY.fullmatch(cell):
        year, month, day = map(int, match.groups())
    else:
        raise ValueError(f"« {_shown(cell)} » n'est pas une date. Écrivez par exemple 23/11/2026.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"L'année {year} n'est pas entre {FIRST_YEAR} et {LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        reason = f"« {cell} » n'existe pas au calendrier. Écrivez jour/mois/année : 23/11/2026."
        raise ValueError(reason) from None


def _choice_parser(choices: Sequence[str]) -> Parser:
    declared = {choice.casefold(): choice for choice in choices}

    def choice(cell: str) -> str:
        found = declared.get(cell.casefold())
        if found is None:
            raise ValueError(f"« {_shown(cell)} » n'est pas admis. Choix : {', '.join(choices)}.")
        return found

    return choice


def _iban(cell: str) -> str:
    compact = cell.replace(" ", "").replace("\u00a0", "").upper()
    if BELGIAN_IBAN.fullmatch(compact):
        # Nearly all of them here, ten times faster: the check of ISO 7064, B being 11 and E 14.
        valid = int(f"{compact[4:]}1114{compact[2:4]}") % 97 == 1
    else:
        # The bank's own number is not looked up: a new bank must not be refused.
        valid = compact.isascii() and iban.is_valid(compact, check_country=False)
    if not valid:
        raise ValueError(
            f"« {_shown(cell)} » n'est pas un IBAN valable : vérifiez ses chiffres de contrôle."
        )
    return compact


def _shown(cell: str) -> str:
    return cell if len(cell) <= 40 else cell[:40] + "…"


def unreckoned(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.lstrip(" ").startswith(RECKONED) else text
