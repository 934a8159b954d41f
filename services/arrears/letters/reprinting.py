"""A letter or a batch as it went, made again from what it was made from, and held to its digest.

Once a person's key is destroyed the reprint says `[effacé]` in place of name and address, and the
digest in the log is all that is left of the first. A later version of Typst may set other bytes:
the letter's own record names the version, and the reprint says that it is not the same.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears.casework.desk import desk_of
from services.arrears.casework.looking import replayed
from services.arrears.letters.composing import Recipient, holders_of, recipients, said_of
from services.arrears.letters.letter import Letter, LetterBatch, LetterState
from services.arrears.letters.sending import batch_title, templates
from services.arrears.letters.sheet import sheet_of
from services.arrears.letters.template_book import LetterTemplates
from services.arrears.letters.template_shelf import TemplateShelf
from services.arrears.letters.typesetting import pdf_of
from services.chassis.act import Act
from services.chassis.caller import Caller
from services.chassis.keyring import ERASED
from services.chassis.refusal import NotFound

if TYPE_CHECKING:
    from services.arrears.service import Arrears

NO_LETTER = "Cette lettre n'existe pas dans cette société."


@dataclass(frozen=True, slots=True)
class Reprint:
    """`same`: whether it has the bytes that went; `erased`: whose it was is no more known."""

    pdf: bytes
    same: bool
    erased: bool


def letter_pdf(arrears: "Arrears", letter_id: UUID) -> Reprint:
    """A letter that left our hands as it did; one that has not, as a draft of how it would be now.

    Errors: NotFound.   Refuses: NameUnavailable (503), NoAccountToPayTo (409).
    """
    shelf_id = TemplateShelf.id_of(arrears.company.slug)
    found = replayed(arrears, [letter_id, shelf_id])
    letter, shelf = found.get(letter_id), found.get(shelf_id)
    if not isinstance(letter, Letter) or not isinstance(shelf, TemplateShelf):
        raise NotFound(NO_LETTER)
    if letter.made is None or letter.state in (LetterState.WAITING, LetterState.FAILED):
        return Reprint(_draft(arrears, letter_id), same=True, erased=False)
    sheets, erased = _sheets(arrears, [letter])
    pdf = _set(shelf, letter.made, letter.made.said["subject"], sheets)
    return Reprint(pdf, hashlib.sha256(pdf).hexdigest() == letter.made.sha256, erased)


def batch_pdf(arrears: "Arrears", batch_id: UUID) -> Reprint:
    """A batch as it was printed.   Errors: NotFound.   Refuses: NameUnavailable (503)."""
    batch, letters, shelf = _batch(arrears, batch_id)
    made = letters[0].made
    assert made is not None
    sheets, erased = _sheets(arrears, letters)
    pdf = _set(shelf, made, batch_title(batch.printed_on), sheets)
    return Reprint(pdf, hashlib.sha256(pdf).hexdigest() == batch.sha256, erased)


def _batch(arrears: "Arrears", batch_id: UUID) -> tuple[LetterBatch, list[Letter], TemplateShelf]:
    batch = replayed(arrears, [batch_id]).get(batch_id)
    if not isinstance(batch, LetterBatch):
        raise NotFound("Ce lot n'existe pas dans cette société.")
    shelf_id = TemplateShelf.id_of(arrears.company.slug)
    found = replayed(arrears, [*batch.letter_ids, shelf_id])
    return batch, [found[each] for each in batch.letter_ids], found[shelf_id]


def manifest(arrears: "Arrears", batch_id: UUID) -> dict[str, Any]:
    """Which letter stands on which pages of a batch, each with its digest.   Errors: NotFound."""
    batch, letters, _ = _batch(arrears, batch_id)
    told, page = [], 1
    for letter in letters:
        assert letter.made is not None
        told.append(
            {
                "letter_id": letter.id,
                "lease_id": letter.lease_id,
                "message": letter.message,
                "language": letter.made.said["language"],
                "first_page": page,
                "pages": letter.made.pages,
                "sha256": letter.made.sha256,
            }
        )
        page += letter.made.pages
    return {
        "batch_id": batch.id,
        "printed_on": batch.printed_on,
        "pages": batch.pages,
        "sha256": batch.sha256,
        "letters": told,
    }


def _sheets(arrears: "Arrears", letters: Sequence[Letter]) -> tuple[list[dict[str, Any]], bool]:
    """What the templates saw, and whether somebody was erased since."""
    made = [letter.made for letter in letters if letter.made is not None]
    holders = {letter.id: letter.made.holders for letter in letters if letter.made is not None}
    to = recipients(arrears.keyring, arrears.company, holders)
    sheets = [
        sheet_of(each.said, to[letter.id].names, _address(to[letter.id]))
        for letter, each in zip(letters, made, strict=True)
    ]
    return sheets, any(recipient.erased for recipient in to.values())


def _address(recipient: Recipient) -> str:
    """An address is a person's: none is shown of a household of which one is erased."""
    return ERASED if recipient.erased else recipient.address


def _set(
    shelf: TemplateShelf, made: Letter.Made, title: str, sheets: Sequence[dict[str, Any]]
) -> bytes:
    book = shelf.book(made.letters, made.letters_version)
    return pdf_of(book, title, sheets, datetime.fromisoformat(made.said["moment"]))


def _draft(arrears: "Arrears", letter_id: UUID) -> bytes:
    """How a letter would be if it went now; looked at in an act that records nothing."""
    drawn: list[tuple[LetterTemplates, dict[str, Any], datetime]] = []

    def look(act: Act) -> None:
        letter, book = act.load(Letter, letter_id), templates(act)
        desk = desk_of(arrears, act, Caller("draft"), letter.lease_id)
        said = said_of(desk, desk.look(), letter, book)
        holders = holders_of([desk.account])
        to = recipients(arrears.keyring, arrears.company, holders)[letter.lease_id]
        drawn.append((book, sheet_of(said, to.names, to.address, is_draft=True), act.now))

    arrears.perform(Caller("draft"), look)
    ((book, sheet, now),) = drawn
    return pdf_of(book, sheet["subject"], [sheet], now)
