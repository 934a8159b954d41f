"""The templates of letters that a company adopted: who, when, and the document itself."""

import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from services.arrears.adoption import read_adoptable, refuse_unwritable
from services.arrears.letters.template_book import LetterTemplates, read_templates
from services.arrears.letters.typesetting import check
from services.chassis.act import Act
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.caller import Caller, Receipt
from services.chassis.refusal import Malformed, Refusal
from services.chassis.written import Written

if TYPE_CHECKING:
    from services.arrears.service import Arrears

SHIPPED = Path(__file__).parent / "documents"


class LettersNotPossible(Malformed):
    slug = "letters-not-possible"
    title = "Lettres impossibles"


class LettersAlreadyAdopted(Refusal):
    slug = "letters-already-adopted"
    title = "Lettres déjà adoptées"


class TemplateShelf(Aggregate):
    """One a company; `adopted` in the order of adoption, of which the last one is in use."""

    TOPIC = "arrears.template-shelf"
    adopted: "list[TemplateShelf.Adopted]"

    @staticmethod
    def id_of(company: str) -> UUID:
        return natural_id(company, "template-shelf", "arrears")

    class Opened(Opening):
        TOPIC = "arrears.template-shelf-opened"

        def apply(self, shelf: "TemplateShelf") -> None:
            shelf.adopted = []

    class Adopted(Event):
        TOPIC = "arrears.letter-templates-adopted"
        letters: str
        letters_version: str
        adopted_on: date
        sha256: str
        document: str

        def apply(self, shelf: "TemplateShelf") -> None:
            shelf.adopted.append(self)

    def adopt(self, document: str, today: date) -> None:
        """Records: Adopted.   Refuses: LettersNotPossible (422), LettersAlreadyAdopted (409)."""
        book = checked(document)
        for known in self.adopted:
            if (known.letters, known.letters_version) == (book.letters, book.version):
                raise LettersAlreadyAdopted(
                    f"« {book.letters} {book.version} » est déjà adopté : donnez une autre "
                    "version au document."
                )
        self.trigger_event(
            self.Adopted,
            letters=book.letters,
            letters_version=book.version,
            adopted_on=today,
            sha256=hashlib.sha256(document.encode()).hexdigest(),
            document=document,
            occurred_on=today,
        )

    @property
    def in_use(self) -> LetterTemplates | None:
        return _read(self.adopted[-1].document) if self.adopted else None

    def book(self, letters: str, version: str) -> LetterTemplates:
        """The document that a letter was made from."""
        (document,) = (
            known.document
            for known in self.adopted
            if (known.letters, known.letters_version) == (letters, version)
        )
        return _read(document)


def checked(document: str) -> LetterTemplates:
    """Refuses: LettersNotPossible, with a fault for each thing to mend."""
    return read_adoptable(document, _set_in_type, LettersNotPossible)


@lru_cache(maxsize=4)
def _set_in_type(document: str) -> LetterTemplates:
    """Errors: DocumentRefused.   A document is tried, then adopted: it is set once."""
    written = Written("letters", document)
    refuse_unwritable(written)
    book = read_templates(written)
    check(book, written)
    return book


@lru_cache(maxsize=16)
def _read(document: str) -> LetterTemplates:
    """What was adopted, by its shape alone: a rule of today leaves no company without letters."""
    return Written("letters", document).read(LetterTemplates)


def adopt_templates(arrears: "Arrears", caller: Caller, document: str) -> Receipt:
    """Adopt a document of templates.   Records: Adopted.   Refuses: as `TemplateShelf.adopt`."""
    checked(document)  # nobody waits for the act meanwhile

    def decide(act: Act) -> UUID:
        slug = arrears.company.slug
        shelf = act.find(TemplateShelf, TemplateShelf.id_of(slug)) or TemplateShelf.open(
            TemplateShelf.Opened, TemplateShelf.id_of(slug), occurred_on=act.today
        )
        shelf.refuse_if_stale(caller.expected_version)
        shelf.adopt(document, act.today)
        return act.save(shelf)

    return arrears.perform(caller, decide)


def templates_in(act: Act) -> LetterTemplates | None:
    """The templates in use; None while a company writes its letters elsewhere."""
    shelf = act.find(TemplateShelf, TemplateShelf.id_of(act.service.company.slug))
    return shelf.in_use if shelf else None
