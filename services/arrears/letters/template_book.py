"""The templates of letters as a document: a text a message and language, and one layout for all.

Which message a step of the ladder sends stands in the document: the engine knows no step by name.
Texts and layout are Typst markup and see one letter as `letter`; see `sheet.py` for its fields.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from contracts.intake import Language
from services.arrears.ladder.case import Name
from services.chassis.written import STRICT, DocumentRefused, Fault, Written

FALLBACK = Language.FR
"""In which a household is written to whose language is not known, or that a message lacks."""
REACHES_OUT = re.compile(
    r"\b(?:import|include|eval|std)\b"
    r"|\b(?:plugin|read|csv|json|yaml|toml|xml|cbor|bibliography)\s*\("
)
"""The words that fetch a package, and those that could spell them, are refused wherever they stand:
a comment or a name may stand between them and what they fetch."""
A_PLAN = "un plan"
Markup = Annotated[str, Field(min_length=1, max_length=60_000)]


class Text(BaseModel):
    """A message in one language. `subject`: its heading, plain text; `body`: Typst markup."""

    model_config = STRICT
    subject: Annotated[str, Field(min_length=1, max_length=120)]
    body: Markup


class Cover(BaseModel):
    """What an e-mail says around the letter: plain text that gives nothing of the letter away."""

    model_config = STRICT
    subject: Annotated[str, Field(min_length=1, max_length=120)]
    text: Annotated[str, Field(min_length=1, max_length=4_000)]


class Message(BaseModel):
    """One kind of letter."""

    model_config = STRICT
    title: Annotated[str, Field(min_length=1, max_length=200)]
    """What officers call it."""
    for_steps: tuple[Name, ...] = ()
    """The steps of the ladder that it is sent for."""
    for_plan: bool = False
    """It is sent when a repayment plan is agreed."""
    print_only: bool = False
    """It never goes by e-mail."""
    texts: Annotated[dict[Language, Text], Field(min_length=1)]
    to_confirm: str = ""
    source: str = ""

    def language_of(self, wanted: Language | None) -> Language:
        """The household's language if the message has it, else French."""
        return wanted if wanted in self.texts else FALLBACK


class LetterTemplates(BaseModel):
    """See the module."""

    model_config = STRICT
    letters: Name
    version: Annotated[str, Field(min_length=1, max_length=60)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    source: str = ""
    waits_at_most_days: Annotated[int, Field(strict=True, ge=0, le=60)]
    """A letter that has waited longer is an alarm."""
    layout: Markup
    """Typst: defines `sheet(letter, body)`, which lays out the pages of one letter."""
    covers: Annotated[dict[Language, Cover], Field(min_length=1)]
    messages: Annotated[dict[Name, Message], Field(min_length=1)]

    @model_validator(mode="after")
    def _falls_back(self) -> Self:
        lacking = [name for name, message in self.messages.items() if FALLBACK not in message.texts]
        if lacking or FALLBACK not in self.covers:
            where = ", ".join(lacking) or "covers"
            raise ValueError(
                f"Le texte «\u00a0fr\u00a0», qui remplace les autres, manque\u00a0: {where}."
            )
        return self

    def for_step(self, step: str) -> str | None:
        """The message that a step sends; None when it sends none."""
        return next((n for n, message in self.messages.items() if step in message.for_steps), None)

    @property
    def for_plan(self) -> str | None:
        return next((n for n, message in self.messages.items() if message.for_plan), None)

    def cover(self, language: Language) -> Cover:
        return self.covers.get(language) or self.covers[FALLBACK]

    def texts(self) -> Iterator[tuple[str, Language, Text]]:
        for name, message in self.messages.items():
            for language, text in message.texts.items():
                yield name, language, text


def read_templates(written: Written) -> LetterTemplates:
    """A document to be adopted. Whether Typst can set what stands in it: see `typesetting.check`.

    Errors: DocumentRefused.
    """
    book = written.read(LetterTemplates)
    faults = [
        *_twice(book, written),
        *_reaching_out(book, written),
        *_of_several_lines(book, written),
    ]
    if faults:
        raise DocumentRefused(written.name, sorted(faults, key=lambda fault: fault.line))
    return book


def _twice(book: LetterTemplates, written: Written) -> Iterator[Fault]:
    """Two messages for one step, or for plans: it could not be told which one goes."""
    seen: dict[str, str] = {}
    for name, message in book.messages.items():
        wanted = [*message.for_steps, *([A_PLAN] if message.for_plan else [])]
        for reason in wanted:
            if reason in seen:
                place = ["messages", name, "for_plan" if reason == A_PLAN else "for_steps"]
                yield written.fault(place, f"«\u00a0{seen[reason]}\u00a0» part déjà pour {reason}.")
            seen.setdefault(reason, name)


def _reaching_out(book: LetterTemplates, written: Written) -> Iterator[Fault]:
    """A template that would read a file or fetch a package."""
    parts: list[tuple[list[str | int], str]] = [(["layout"], book.layout)]
    parts += [(body_of(n, language), text.body) for n, language, text in book.texts()]
    for place, markup in parts:
        found = REACHES_OUT.search(markup)
        if found:
            line = line_in(written, place, markup[: found.start()].count("\n"))
            reason = (
                f"«\u00a0{found.group().strip()}\u00a0» sort du document\u00a0: écrivez tout ici."
            )
            yield Fault(line, ".".join(map(str, place)), reason)


def _of_several_lines(book: LetterTemplates, written: Written) -> Iterator[Fault]:
    """A heading that no e-mail or page could show in one line."""
    lines: list[tuple[list[str | int], str]] = [(["title"], book.title)]
    lines += [(["version"], book.version)]
    lines += [(["covers", lang.value, "subject"], c.subject) for lang, c in book.covers.items()]
    lines += [(["messages", name, "title"], each.title) for name, each in book.messages.items()]
    lines += [([*body_of(n, lang)[:-1], "subject"], text.subject) for n, lang, text in book.texts()]
    for place, text in lines:
        if "\n" in text.strip():
            yield written.fault(place, "Écrivez sur une seule ligne.")


def body_of(message: str, language: Language) -> list[str | int]:
    """Where the body of a text stands in its document."""
    return ["messages", message, "texts", language.value, "body"]


def line_in(written: Written, place: list[str | int], line: int) -> int:
    """The document's line of a block's line, from 0; the block begins below its key."""
    return written.line(place) + 1 + line
