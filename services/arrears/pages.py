"""The pages of arrears: who owes what, accounts, money without a lease, bank and rent files."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from contracts.arrears import UnmatchedReason
from services.arrears import shown
from services.arrears.account_pages import structured
from services.arrears.account_search import amount_in, search
from services.arrears.api import OFFICER, READERS
from services.arrears.bank_data import (
    BankData,
    count_unmatched,
    select_unmatched,
    select_unmatched_payment,
    select_waiting_charges,
)
from services.arrears.bank_postings import COMMUNICATION_FIELD, PAYER_FIELD
from services.arrears.credits_to_move import select_credits_to_move
from services.arrears.file_columns import COLUMN_WORDS
from services.arrears.imports import KINDS, TABLES, FileKind, import_file
from services.arrears.list_file import Column, Kind, list_file
from services.arrears.proposing import proposals
from services.chassis.asked import Asked, Asking
from services.chassis.caller import Caller
from services.chassis.forms import Day, plain
from services.chassis.imports import select_imports
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes
from services.chassis.set_aside import Page

START = "work-list"
MENU = (
    (START, "À faire"),
    ("letters", "Lettres"),
    ("legal-path", "Au tribunal"),
    ("accounts-in-arrears", "Impayés"),
    ("accounts", "Comptes"),
    ("unmatched-payments", "Paiements sans bail"),
    ("outgoing-movements", "Sorties"),
    ("imports", "Importer"),
    ("policies", "Politiques"),
)
ROUTES = Routes()
ASSIGNMENT = "/{company}/unmatched-payments/{payment_id}/assignment"
SHOWN_MAX = 200
SEARCH_MAX = 40
BANDS = {"<1": "moins d'un mois", "1-3": "1 à 3 mois", "3+": "3 mois et plus", "?": "non connu"}
GAPS = {
    "opening-balance": "le solde d'ouverture ne suit pas le solde de clôture précédent",
    "number-missing": "un numéro d'extrait manque",
}
REASONS = {
    UnmatchedReason.NO_REFERENCE: "sans communication structurée",
    UnmatchedReason.WRONG_CHECK_DIGITS: "communication structurée inexacte",
    UnmatchedReason.UNKNOWN_REFERENCE: "communication d'aucun bail connu",
    UnmatchedReason.LEASE_WITHDRAWN: "le bail a été annulé",
    UnmatchedReason.ASSIGNED_WRONGLY: "attribué par erreur auparavant",
}
COLUMNS = (
    Column("names", "Locataire"),
    Column("reference", "Bail"),
    Column("dwelling_reference", "Logement"),
    Column("owed_cents", "Dû", Kind.CENTS),
    Column("band", "Mois dus"),
    Column("since", "Depuis le", Kind.DAY),
    Column("ended_on", "Bail fini le", Kind.DAY),
)
Search = Annotated[str, Query(max_length=SEARCH_MAX)]


@ROUTES.page("/{company}/accounts-in-arrears", roles=READERS)
def accounts_in_arrears(asked: Asked, on: Day | None = None) -> Response:
    data = asked.service.bank_data()
    day = _listed_on(asked, on, data)
    found = shown.in_arrears(asked.service, day)
    lists: dict[str, list[dict[str, Any]]] = {"Locataires présents": [], "Locataires partis": []}
    for row in found:
        departed = row["ended_on"] is not None and row["ended_on"] <= day
        lists["Locataires partis" if departed else "Locataires présents"].append(row)
    return asked.render(
        "accounts_in_arrears.html",
        data=data,
        as_of=day,
        count=len(found),
        total=sum(row["owed_cents"] for row in found),
        lists=lists.items(),
        bands=BANDS,
        gaps=GAPS,
    )


@ROUTES.page("/{company}/exports/accounts-in-arrears/csv", roles=READERS)
def accounts_in_arrears_file(asked: Asked, on: Day | None = None) -> Response:
    """The same list for a spreadsheet."""
    day = _listed_on(asked, on, asked.service.bank_data())
    rows = [
        row | {"names": " et ".join(row["names"]), "band": BANDS[row["band"]]}
        for row in shown.in_arrears(asked.service, day)
    ]
    return list_file("impayes", day, COLUMNS, rows)


def _listed_on(asked: Asked, on: Day | None, data: BankData) -> Day:
    """The day that was asked for; else until when bank data is complete."""
    return min(on or data.complete_until or asked.today, asked.today)


@ROUTES.page("/{company}/accounts", roles=READERS)
def accounts(asked: Asked, q: Search = "") -> Response:
    text = plain(q.strip(), "q")
    waiting: list[dict[str, Any]] = []
    if (cents := amount_in(text)) is not None:
        with asked.service.datastore.reading() as rows:
            waiting = select_unmatched(rows, SHOWN_MAX, amount_cents=cents)
    return asked.render("accounts.html", found=_search(asked, text), waiting=len(waiting), q=text)


@ROUTES.page("/{company}/unmatched-payments", roles=READERS)
def unmatched_payments(asked: Asked) -> Response:
    with asked.service.datastore.reading() as rows:
        count, cents = count_unmatched(rows)
        found = select_unmatched(rows, SHOWN_MAX)
    return asked.render(
        "unmatched_payments.html",
        count=count,
        cents=cents,
        payments=_unsealed(asked, found),
        credits=select_credits_to_move(asked.service, asked.today),
        may_act=asked.may(f"{ASSIGNMENT}/{{lease_id}}", "POST"),
    )


@ROUTES.page(ASSIGNMENT, roles=OFFICER)
def assignment(asked: Asked, payment_id: UUID, q: Search = "") -> Response:
    text = plain(q.strip(), "q")
    payment = _payment(asked, payment_id)
    return asked.render(
        "assignment.html",
        payment=payment,
        proposed=[] if text or payment["lease_id"] else proposals(asked.service, payment),
        found=_search(asked, text),
        q=text,
    )


@ROUTES.page(f"{ASSIGNMENT}/{{lease_id}}", roles=OFFICER)
def assignment_to(asked: Asked, payment_id: UUID, lease_id: UUID) -> Response:
    return asked.render(
        "assignment_confirm.html",
        payment=_payment(asked, payment_id),
        rent_account=shown.account(asked.service, lease_id),
    )


@ROUTES.act(f"{ASSIGNMENT}/{{lease_id}}", roles=OFFICER, form=assignment_to)
def assign_payment(asked: Asked, payment_id: UUID, lease_id: UUID) -> Response:
    asked.service.assign_payment(asked.caller(), payment_id, lease_id)
    return asked.redirect(f"accounts/{lease_id}")


@ROUTES.page("/{company}/imports", roles=OFFICER)
def imports(asked: Asked, page: Page = 1) -> Response:
    with asked.service.datastore.reading() as rows:
        waiting = select_waiting_charges(rows)
    return asked.render(
        "imports.html",
        kinds=KINDS,
        tables=TABLES,
        words=COLUMN_WORDS,
        imported=select_imports(asked.service, page),
        page=page,
        waiting=waiting,
        data=asked.service.bank_data(),
        gaps=GAPS,
    )


@ROUTES.act("/{company}/imports", roles=OFFICER, form=imports, uploads=True)
def import_uploaded(asked: Asked) -> Response:
    with asked.form as form:
        kind = form.choice("kind", "ce que contient le fichier", FileKind)
        filename, content = form.upload("file", "un fichier")
    dry_run = form.checked("dry_run")
    report = import_file(
        asked.service,
        Caller(asked.account.id),
        kind,
        filename,
        content,
        dry_run=dry_run,
        partial=form.checked("partial"),
    )
    status = 200 if report["state"] in ("accepted", "already-imported") else 422
    return asked.render(
        "import_report.html",
        status,
        report=report,
        dry_run=dry_run,
        words=COLUMN_WORDS,
        shown_max=SHOWN_MAX,
        data=asked.service.bank_data(),
        gaps=GAPS,
    )


def _search(asked: Asking, text: str) -> list[dict[str, Any]] | None:
    """What is found, None when nothing was asked."""
    return search(asked.service, text, asked.today) if text else None


def _payment(asked: Asking, payment_id: UUID) -> dict[str, Any]:
    with asked.service.datastore.reading() as rows:
        found = select_unmatched_payment(rows, payment_id)
    if found is None:
        raise NotFound("Ce paiement n'existe pas parmi ceux sans bail.")
    return _unsealed(asked, [found])[0]


def _unsealed(asked: Asking, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The payments with payer and communication as whoever may read sees them, and why."""
    show_all = asked.service.keyring.show_all
    payers = show_all(asked.company, [row["payer"] for row in rows], PAYER_FIELD)
    texts = show_all(asked.company, [row["communication"] for row in rows], COMMUNICATION_FIELD)
    return [
        {
            **row,
            "payer": payer,
            "communication": text,
            "payment_reference": structured(row["payment_reference"]),
            "because": REASONS[row["reason"]],
        }
        for row, payer, text in zip(rows, payers, texts, strict=True)
    ]
