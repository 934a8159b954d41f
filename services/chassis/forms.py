"""Reading what people type: kindly, all at once, and never losing it.

    with asked.form as form:
        held_on = form.day("held_on", "la date de l'accueil")
        mode = form.choice("mode", "le lieu", WelcomeMode)

A field that cannot be read is noted and the reading goes on; leaving the `with` raises one
`Malformed` that names them all. Inside it, values are to be read and not to be used.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self, TypeVar
from unicodedata import normalize
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from starlette.datastructures import UploadFile

from services.chassis.amounts import parse_cents, unbroken
from services.chassis.refusal import Malformed, Refusal
from services.chassis.tabular_cells import UNSEEN

Choice = TypeVar("Choice", bound=StrEnum)

# Line feed, carriage return and tab are the only control characters that people type.
CODE, CODE_MAX = re.compile(r"[a-z0-9][a-z0-9._-]*"), 60
CONTROL = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff{UNSEEN}]"
)
BREAKS = re.compile(r"[\r\n\t]+")
DIGITS = re.compile(r"\d{1,9}", re.ASCII)
YEARS = range(1900, 2200)
PARTS = ("day", "month", "year")
INVISIBLE = "Le texte contient un caractère invisible. Enlevez-le ou retapez le texte."
NOWHERE = date.min


def choices_of(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    """What a form offers: each value with its words."""
    return [(choice.value, text) for choice, text in words.items()]


def plain(text: str, field: str) -> str:
    """The text of an address's query, if it can be looked for.   Refuses: Malformed (422)."""
    if CONTROL.search(text):
        raise Malformed(INVISIBLE, [{"field": field, "reason": INVISIBLE}])
    return text


def _plain_value(text: str) -> str:
    text = normalize("NFC", text).strip()
    if CONTROL.search(text) or BREAKS.search(text):
        raise PydanticCustomError("invisible_character", INVISIBLE)
    if not text:
        raise PydanticCustomError("empty_text", "Complétez ce champ.")
    return text


PlainText = Annotated[str, AfterValidator(_plain_value)]
"""One line of text in a JSON body: not empty, without control characters; bound its length."""


Day = Annotated[date, Field(ge=date(YEARS[0], 1, 1), le=date(YEARS[-1], 12, 31))]
"""A business day in a JSON body or a query, within the years that a form takes too."""


class Form:
    """The fields of a form as they came; the same object shows them again with what is wrong."""

    def __init__(self, items: Iterable[tuple[str, str | UploadFile]] = ()) -> None:
        self.texts: dict[str, str] = {}
        self.every: dict[str, list[str]] = {}
        self.files: dict[str, UploadFile] = {}
        for name, value in items:
            if isinstance(value, str):
                self.texts.setdefault(name, value)
                self.every.setdefault(name, []).append(value)
            else:
                self.files.setdefault(name, value)
        self.problem: Refusal | None = None
        self._errors: list[dict[str, str]] = []

    def __enter__(self) -> Self:
        self._errors = []
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self._errors:
            raise Malformed(self._errors[0]["reason"], self._errors)

    # Reading

    def text(self, field: str, what: str, max_length: int = 200, *, required: bool = True) -> str:
        """One line of text; `what` is its name with an article: « le numéro du bail »."""
        text = normalize("NFC", self.texts.get(field, "")).strip()
        if BREAKS.search(text):
            self.wrong(field, "Écrivez sur une seule ligne.")
        elif not text and required:
            self.wrong(field, f"Indiquez {what}.")
        elif len(text) > max_length:
            self.wrong(
                field,
                f"{_capital(what)} : {len(text)} caractères, le maximum est de {max_length}. "
                "Raccourcissez.",
            )
        elif CONTROL.search(text):
            self.wrong(field, INVISIBLE)
        else:
            return text
        return ""

    def code(self, field: str, what: str) -> str:
        """The code that stands for a person: small letters, digits, points and hyphens."""
        text = self.text(field, what, CODE_MAX)
        if text and not CODE.fullmatch(text):
            self.wrong(
                field,
                f"{_capital(what)} : un code comme « agent-02 », jamais un nom "
                "(lettres minuscules, chiffres, points et tirets).",
            )
        return text

    def day(self, field: str, what: str) -> date:
        return self.day_if_any(field, what, required=True) or NOWHERE

    def day_if_any(self, field: str, what: str, *, required: bool = False) -> date | None:
        """A day from three fields; None when all three are empty."""
        typed = [self.texts.get(f"{field}-{part}", "").strip() for part in PARTS]
        if not any(typed):
            if required:
                self.wrong(field, f"Indiquez {what}.")
            return None
        reason = _day_complaint(what, typed)
        if reason:
            self.wrong(field, reason)
            return None
        return date(int(typed[2]), int(typed[1]), int(typed[0]))

    def cents(self, field: str, what: str, least: int = 0) -> int:
        text = self.texts.get(field, "").strip()
        if not text:
            self.wrong(field, f"Indiquez {what}.")
            return 0
        try:
            cents = parse_cents(text)
        except ValueError as complaint:
            self.wrong(field, f"{_capital(what)} : {complaint}")
            return 0
        if cents < least:
            more = "un montant de plus de 0 €" if least else "un montant ne peut pas être négatif"
            self.wrong(field, f"{_capital(what)} : {more}.")
        return cents

    def cents_if_any(self, field: str, what: str) -> int:
        """0 when nothing was typed."""
        return self.cents(field, what) if self.texts.get(field, "").strip() else 0

    def choice(self, field: str, what: str, choices: type[Choice]) -> Choice:
        try:
            return choices(self.texts.get(field, ""))
        except ValueError:
            self.wrong(field, f"Choisissez {what}.")
            return next(iter(choices))

    def uuid(self, field: str, what: str) -> UUID:
        try:
            return UUID(self.texts.get(field, ""))
        except ValueError:
            self.wrong(field, f"Choisissez {what}.")
            return UUID(int=0)

    def uuids(self, field: str, what: str) -> list[UUID]:
        """What was ticked; `what` is the least of it."""
        try:
            chosen = [UUID(text) for text in dict.fromkeys(self.every.get(field, []))]
        except ValueError:
            chosen = []
        if not chosen:
            self.wrong(field, f"Choisissez {what}.")
        return chosen

    def integer(self, field: str, what: str, least: int = 0, most: int = 10**9) -> int:
        text = self.texts.get(field, "").strip()
        if not DIGITS.fullmatch(text) or not least <= int(text) <= most:
            self.wrong(field, f"Indiquez {what} : un nombre entier de {least} à {most}.")
            return least
        return int(text)

    def checked(self, field: str) -> bool:
        return bool(self.texts.get(field))

    def upload(self, field: str, what: str) -> tuple[str, bytes]:
        """Name and content of a file."""
        file = self.files.get(field)
        if file is None or not file.filename:
            self.wrong(field, f"Choisissez {what}.")
            return "", b""
        file.file.seek(0)
        return CONTROL.sub("", file.filename)[-200:], file.file.read()

    def wrong(self, field: str, reason: str) -> None:
        """Note what is wrong, here or as a page finds it, with the other errors of the form."""
        self._errors.append({"field": field, "reason": reason})

    # Showing again

    def value(self, field: str, default: object = "") -> str:
        """What was typed, else the default; never what a page cannot hold."""
        return CONTROL.sub("", self.texts.get(field, str(default)))

    def day_value(self, field: str, default: date | None = None) -> list[str]:
        """Day, month and year as typed, else of the default."""
        if any(f"{field}-{part}" in self.texts for part in PARTS):
            return [self.value(f"{field}-{part}") for part in PARTS]
        return (
            [str(default.day), str(default.month), str(default.year)] if default else ["", "", ""]
        )

    @property
    def errors(self) -> list[dict[str, str]]:
        """What is wrong with which field: of a refusal without fields, the refusal itself."""
        if self.problem is None:
            return []
        named: list[dict[str, str]] = self.problem.facts.get("errors") or []
        about = self.problem.field if self.problem.field in self.texts else ""
        named = named or [{"field": about, "reason": self.problem.detail}]
        return [{**one, "reason": unbroken(one["reason"])} for one in named]

    def error(self, field: str) -> str:
        return next((e["reason"] for e in self.errors if e["field"] == field), "")

    def anchor(self, field: str) -> str:
        """Where the error summary leads: the first of a day's three fields, or the field."""
        return f"#{field}-day" if f"{field}-day" in self.texts else f"#{field}"


def _day_complaint(what: str, typed: list[str]) -> str:
    missing = [
        french
        for part, french in zip(typed, ("le jour", "le mois", "l'année"), strict=True)
        if not part
    ]
    if missing:
        return f"{_capital(what)} : indiquez aussi {' et '.join(missing)}."
    if not all(DIGITS.fullmatch(part) for part in typed):
        return f"{_capital(what)} : écrivez des chiffres, par exemple 23 11 2026."
    day, month, year = map(int, typed)
    if year not in YEARS:
        return f"{_capital(what)} : écrivez l'année avec quatre chiffres, de 1900 à 2199."
    try:
        date(year, month, day)
    except ValueError:
        return f"{_capital(what)} : le {day:02}/{month:02}/{year} n'existe pas au calendrier."
    return ""


def _capital(what: str) -> str:
    return what[:1].upper() + what[1:]
