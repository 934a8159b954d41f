"""The JSON routes of letters and of their templates."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from contracts.arrears_letters import ReturnReason
from services.arrears.api import OFFICER, READERS
from services.arrears.casework.policy_api import MANAGER
from services.arrears.letters import late_letters, letter_rows, mailing, reprinting, sending
from services.arrears.letters.letter import (
    LetterNotReleased,
    LetterNotSent,
    LetterNotWaiting,
    ReturnDayNotPossible,
)
from services.arrears.letters.mail_server import NoMailServer
from services.arrears.letters.payment_slip import NoAccountToPayTo
from services.arrears.letters.template_shelf import (
    LettersAlreadyAdopted,
    LettersNotPossible,
    adopt_templates,
)
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import Day
from services.chassis.refusal import NameUnavailable, NotFound
from services.chassis.routes import Routes

ROUTES = Routes()
LETTER = "/api/{company}/letters/{letter_id}"
SENDING = (LetterNotReleased, LetterNotWaiting, NoAccountToPayTo, NameUnavailable)


class PrintingBody(BaseModel):
    """The letters to print together, as one batch."""

    letters: Annotated[list[UUID], Field(min_length=1, max_length=sending.TOGETHER_MAX)]


class TemplatesBody(BaseModel):
    """A document of letter templates, YAML or JSON, as `referent check-letters` reads it."""

    document: Annotated[str, Field(min_length=1, max_length=200_000)]


class OutcomeBody(BaseModel):
    """What a person found out of a letter that was handed over to the mail server."""

    outcome: mailing.Outcome


class ReturnBody(BaseModel):
    """Why and on which day a letter that went came back."""

    reason: ReturnReason
    returned_on: Day


@ROUTES.api("GET", "/api/{company}/letters", roles=READERS)
def letters(asked: Asked) -> dict[str, Any]:
    """Letters that somebody has yet to do something about, those that wait longest first."""
    book = late_letters.book_in_use(asked.service)
    with asked.service.datastore.reading() as rows:
        found = letter_rows.select_open(rows)
        silence = late_letters.silence(rows, book, asked.today)
    return {
        "as_of": asked.today,
        "late": silence.letters if silence else 0,
        "letters": [
            {name: value for name, value in row.items() if name not in ("leaseholders", "version")}
            for row in found
        ],
    }


@ROUTES.api(
    "POST",
    "/api/{company}/letter-batches",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=[NotFound, *SENDING],
)
def print_letters(asked: Asked, body: PrintingBody) -> Response:
    """Print letters; the answer's `id` is the batch's, empty when none of them went."""
    receipt = sending.print_letters(asked.service, asked.caller(), body.letters)
    return asked.receipt(receipt)


@ROUTES.api("GET", "/api/{company}/letter-batches/{batch_id}", roles=READERS, refusals=[NotFound])
def batch(asked: Asked, batch_id: UUID) -> dict[str, Any]:
    """A batch's manifest: which letter stands on which pages, each with its digest."""
    return reprinting.manifest(asked.service, batch_id)


@ROUTES.api(
    "POST",
    f"{LETTER}/release",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=[NotFound, LetterNotWaiting],
)
def release_letter(asked: Asked, letter_id: UUID) -> Response:
    """A person has read a draft: it may go."""
    return asked.receipt(sending.release(asked.service, asked.caller(), letter_id))


@ROUTES.api(
    "POST",
    f"{LETTER}/email",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=[NotFound, NoMailServer, mailing.LetterGoesByPost, *SENDING],
)
def email_letter(asked: Asked, letter_id: UUID) -> Response:
    """Send a letter by e-mail; what became of it stands in the letter."""
    return asked.receipt(mailing.email_letter(asked.service, asked.caller(), letter_id))


@ROUTES.api(
    "POST",
    f"{LETTER}/outcome",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=[NotFound, LetterNotWaiting],
)
def tell_outcome(asked: Asked, letter_id: UUID, body: OutcomeBody) -> Response:
    """What became of a letter whose outcome is unknown."""
    receipt = mailing.tell_outcome(asked.service, asked.caller(), letter_id, body.outcome)
    return asked.receipt(receipt)


@ROUTES.api(
    "POST",
    f"{LETTER}/return",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=[NotFound, LetterNotSent, ReturnDayNotPossible],
)
def come_back(asked: Asked, letter_id: UUID, body: ReturnBody) -> Response:
    """A letter that went did not arrive: it comes back to the list, and its step is taken back."""
    receipt = sending.come_back(
        asked.service, asked.caller(), letter_id, body.reason, body.returned_on
    )
    return asked.receipt(receipt)


@ROUTES.api(
    "POST",
    f"{LETTER}/cancellation",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=[NotFound, LetterNotWaiting],
)
def cancel_letter(asked: Asked, letter_id: UUID) -> Response:
    """A letter is not to go."""
    return asked.receipt(sending.cancel(asked.service, asked.caller(), letter_id))


@ROUTES.api(
    "POST",
    "/api/{company}/letter-templates",
    roles=MANAGER,
    answer=ReceiptBody,
    refusals=[LettersNotPossible, LettersAlreadyAdopted],
)
def adopt_letter_templates(asked: Asked, body: TemplatesBody) -> Response:
    """Adopt a document of letter templates, from now on."""
    return asked.receipt(adopt_templates(asked.service, asked.caller(), body.document))
