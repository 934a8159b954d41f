"""The pages of letters: what waits, what is late, one letter, one batch."""

from typing import Any
from uuid import UUID

from fastapi import Response

from contracts.arrears_letters import ReturnReason
from services.arrears import shown
from services.arrears.api import OFFICER, READERS
from services.arrears.casework.pages import fact_link
from services.arrears.letters import late_letters, letter_rows, mailing, reprinting, sending
from services.arrears.letters.letter import LetterState
from services.arrears.letters.letter_sentences import RETURNS, named, sentence
from services.arrears.letters.mail_server import is_configured, mail_server
from services.arrears.letters.template_book import LetterTemplates
from services.chassis.asked import Asked, Asking
from services.chassis.forms import choices_of
from services.chassis.refusal import NotFound, Refusal
from services.chassis.routes import Routes

ROUTES = Routes()
LETTER, BATCH = "/{company}/letters/{letter_id}", "/{company}/letter-batches/{batch_id}"
BATCHES_SHOWN = 20
PDF = "application/pdf"


@ROUTES.page("/{company}/letters", roles=READERS)
def letters(asked: Asked) -> Response:
    book = late_letters.book_in_use(asked.service)
    with asked.service.datastore.reading() as rows:
        found = letter_rows.select_open(rows)
        batches = letter_rows.select_batches(rows, BATCHES_SHOWN)
        silence = late_letters.silence(rows, book, asked.today)
    listed = _told(asked, found, book)
    return asked.render(
        "letters.html",
        to_send=[row for row in listed if row["state"] in ("waiting", "failed")],
        to_read=[row for row in listed if row["state"] == "draft"],
        in_doubt=[row for row in listed if row["state"] == "handed-over"],
        batches=batches,
        silence=silence,
        has_templates=book is not None,
        together_max=sending.TOGETHER_MAX,
        sends_mail=is_configured(asked.service.keyring.secrets),
        may_act=asked.may("/{company}/letters/printing", "POST"),
    )


def _told(
    asked: Asking, found: list[dict[str, Any]], book: LetterTemplates | None
) -> list[dict[str, Any]]:
    """Letters with names, what each is called, where it stands and for how many days."""
    return [
        row | {"age_days": (asked.today - row["queued_on"]).days}
        for row in named(shown.with_names(asked.service, found), book)
    ]


@ROUTES.act("/{company}/letters/printing", roles=OFFICER, form=letters)
def print_letters(asked: Asked) -> Response:
    """Print the letters chosen as one batch; each account is judged again first."""
    with asked.form as form:
        chosen = form.uuids("letter_id", "au moins une lettre")
    receipt = sending.print_letters(asked.service, asked.caller(), chosen)
    return _gone(asked, chosen, receipt.id)


@ROUTES.act("/{company}/letters/emailing", roles=OFFICER, form=letters)
def email_letters(asked: Asked) -> Response:
    """Send the letters chosen by e-mail, each in acts of its own."""
    with asked.form as form:
        chosen = form.uuids("letter_id", "au moins une lettre")
    mail_server(asked.service.keyring.secrets)
    refused = {}
    for letter_id in chosen[: sending.TOGETHER_MAX]:
        try:
            mailing.email_letter(asked.service, sending.plain(asked.caller()), letter_id)
        except Refusal as refusal:
            refused[letter_id] = refusal.detail
    return _gone(asked, chosen, "", refused)


def _gone(
    asked: Asking, chosen: list[UUID], batch_id: str, refused: dict[UUID, str] | None = None
) -> Response:
    """What became of the letters chosen."""
    with asked.service.datastore.reading() as rows:
        found = letter_rows.select_of(rows, chosen)
    listed = _told(asked, found, late_letters.book_in_use(asked.service))
    others = [
        row | {"why": (refused or {}).get(row["letter_id"], row["standing"])}
        for row in listed
        if row["state"] != LetterState.SENT
    ]
    return asked.render(
        "letters_gone.html", gone=len(listed) - len(others), others=others, batch_id=batch_id
    )


@ROUTES.page("/{company}/late-letters", roles=READERS)
def late(asked: Asked) -> Response:
    book = late_letters.book_in_use(asked.service)
    limit = book.waits_at_most_days if book else 0
    with asked.service.datastore.reading() as rows:
        days = late_letters.due_against_sent(rows, limit, asked.today)
        found = late_letters.late_letters(rows, limit, asked.today)
    return asked.render(
        "late_letters.html", days=days, letters=_told(asked, found, book), limit=limit
    )


@ROUTES.page(LETTER, roles=READERS)
def letter(asked: Asked, letter_id: UUID) -> Response:
    with asked.service.datastore.reading() as rows:
        found = letter_rows.select_of(rows, [letter_id])
        entries = letter_rows.select_entries(rows, letter_id)
    if not found:
        raise NotFound("Cette lettre n'existe pas dans cette société.")
    (row,) = _told(asked, found, late_letters.book_in_use(asked.service))
    return asked.render(
        "letter.html",
        letter=row,
        entries=[
            {
                "day": entry["on_day"],
                "sentence": sentence(entry["what"], entry["said"]),
                "actor": entry["actor"],
                "fact": fact_link(asked, entry["fact"]),
                "withdrawn": False,
            }
            for entry in entries
        ],
        returns=choices_of(RETURNS),
        may_act=asked.may(f"{LETTER}/release", "POST"),
    )


@ROUTES.page(f"{LETTER}/pdf", roles=READERS)
def letter_pdf(asked: Asked, letter_id: UUID) -> Response:
    """The letter as it went, or a draft of how it would be now."""
    return _pdf(reprinting.letter_pdf(asked.service, letter_id), f"lettre-{letter_id}")


@ROUTES.page(BATCH, roles=READERS)
def batch(asked: Asked, batch_id: UUID) -> Response:
    told = reprinting.manifest(asked.service, batch_id)
    ids = [row["letter_id"] for row in told["letters"]]
    with asked.service.datastore.reading() as rows:
        found = letter_rows.select_of(rows, ids)
    known = {
        r["letter_id"]: r for r in _told(asked, found, late_letters.book_in_use(asked.service))
    }
    listed = [row | known[row["letter_id"]] | {"pages": row["pages"]} for row in told["letters"]]
    return asked.render("letter_batch.html", batch=told, letters=listed)


@ROUTES.page(f"{BATCH}/pdf", roles=READERS)
def batch_pdf(asked: Asked, batch_id: UUID) -> Response:
    """All letters of the batch as one PDF, the same bytes as when it was printed."""
    return _pdf(reprinting.batch_pdf(asked.service, batch_id), f"lettres-{batch_id}")


def _pdf(reprint: reprinting.Reprint, name: str) -> Response:
    """A reprint that is not what went is named so."""
    suffix = "" if reprint.same else "-efface" if reprint.erased else "-autre-composition"
    disposition = f'inline; filename="{name}{suffix}.pdf"'
    return Response(reprint.pdf, media_type=PDF, headers={"content-disposition": disposition})


@ROUTES.act(f"{LETTER}/release", roles=OFFICER, form=letter)
def release_letter(asked: Asked, letter_id: UUID) -> Response:
    sending.release(asked.service, asked.caller(), letter_id)
    return asked.redirect("letters")


@ROUTES.act(f"{LETTER}/cancellation", roles=OFFICER, form=letter)
def cancel_letter(asked: Asked, letter_id: UUID) -> Response:
    sending.cancel(asked.service, asked.caller(), letter_id)
    return asked.redirect("letters")


@ROUTES.act(f"{LETTER}/outcome", roles=OFFICER, form=letter)
def tell_outcome(asked: Asked, letter_id: UUID) -> Response:
    """A person found out whether a letter reached the mail server."""
    with asked.form as form:
        outcome = form.choice("outcome", "ce qu'elle est devenue", mailing.Outcome)
    mailing.tell_outcome(asked.service, asked.caller(), letter_id, outcome)
    return asked.redirect(f"letters/{letter_id}")


@ROUTES.act(f"{LETTER}/return", roles=OFFICER, form=letter)
def come_back(asked: Asked, letter_id: UUID) -> Response:
    """A letter that went did not arrive."""
    with asked.form as form:
        reason = form.choice("reason", "une raison", ReturnReason)
        on = form.day("returned_on", "le jour où elle est revenue")
    sending.come_back(asked.service, asked.caller(), letter_id, reason, on)
    return asked.redirect(f"letters/{letter_id}")
