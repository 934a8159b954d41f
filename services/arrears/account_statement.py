"""A statement of account to be printed: every line of a lease with the balance after it.

Names and addresses are unsealed while it is made, and nothing of it is kept.
"""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from stdnum import iban as iban_numbers

from contracts.other_charges import OtherChargeKind
from services.arrears.account_pages import ACCOUNT, structured, what_is
from services.arrears.accounts_in_arrears import select_account, select_lines
from services.arrears.api import READERS
from services.arrears.letters.composing import recipients
from services.arrears.letters.payment_slip import account_to_pay
from services.arrears.letters.typesetting import document_pdf
from services.arrears.other_accounts import KINDS, said_of, select_other_accounts
from services.chassis.amounts import format_cents, format_day
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Day
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

ROUTES = Routes()
LAYOUT = """
#let it = json(bytes(sys.inputs.letters)).first()
#set text(lang: "fr", size: 10pt)
#set page(paper: "a4", margin: (x: 20mm, y: 22mm), footer: context [
  #set text(size: 8pt)
  #it.company, extrait du #it.day #h(1fr) #counter(page).display("1 / 1", both: true)
])
#it.company \\
#it.commune
#v(8mm)
#align(right, block(width: 75mm, align(left, (it.names + it.address).join(linebreak()))))
#v(8mm)
= Extrait de compte du #it.day
#grid(columns: (auto, 1fr), column-gutter: 6mm, row-gutter: 2mm,
  ..it.about.flatten())
#v(4mm)
#if it.others.len() > 0 [== Loyer et charges]
#table(
  columns: (auto, 1fr, auto, auto, auto),
  align: (left, left, right, right, right),
  stroke: (x: none, y: 0.4pt + luma(180)),
  table.header[*Le*][*Quoi*][*Débit*][*Crédit*][*Solde*],
  ..it.lines.flatten(),
)
#v(4mm)
*#it.standing*

#for other in it.others [
  #v(4mm)
  == #other.title
  #table(
    columns: (auto, 1fr, auto, auto, auto),
    align: (left, left, right, right, right),
    stroke: (x: none, y: 0.4pt + luma(180)),
    table.header[*Le*][*Quoi*][*Débit*][*Crédit*][*Solde*],
    ..other.lines.flatten(),
  )
  *#other.standing*
]
#v(4mm)

#it.known
"""


@ROUTES.page(f"{ACCOUNT}/statement/pdf", roles=READERS)
def statement(asked: Asked, lease_id: UUID, since: Day | None = None) -> Response:
    """As PDF; since a day, what was owed before it carried forward in one line."""
    sheet = _sheet(asked, lease_id, since)
    pdf = document_pdf(LAYOUT, f"Extrait de compte {sheet['reference']}", sheet, asked.clock.now)
    named = {"Content-Disposition": 'inline; filename="extrait-de-compte.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=named)


def _sheet(asked: Asking, lease_id: UUID, since: date | None) -> dict[str, Any]:
    """What the layout shows, in words. Errors: NotFound, NameUnavailable."""
    company, today = asked.company, asked.today
    with asked.service.datastore.reading() as rows:
        account = select_account(rows, lease_id)
        lines = [line for line in select_lines(rows, lease_id) if line["on_day"] <= today]
        others = select_other_accounts(rows, lease_id, today)
    if account is None:
        raise NotFound("Ce compte n'existe pas dans cette société.")
    to = recipients(asked.service.keyring, company, {lease_id: account["leaseholders"]})[lease_id]
    until = asked.service.bank_data().complete_until
    balance = int(lines[-1]["balance_cents"]) if lines else 0
    return {
        "company": company.name,
        "commune": company.commune,
        "day": format_day(today),
        "reference": account["reference"] or "",
        "names": to.names,
        "address": [part.strip() for part in to.address.split(",")],
        "about": _about(asked, account),
        "lines": _lines(lines, since),
        "standing": _standing(balance, gone=any(line["kind"] == "write-off" for line in lines)),
        "others": _others(others, today),
        "known": f"Paiements connus jusqu'au {format_day(until)}." if until else "",
    }


def _others(accounts: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """What is due besides rent, a table and a balance a kind."""
    return [
        {
            "title": KINDS[OtherChargeKind(account["kind"])],
            "lines": [_amounts(x, said_of(x)) for x in account["lines"] if x["on_day"] <= today],
            "standing": _standing(account["balance_cents"], gone=False),
        }
        for account in accounts
        if account["lines"][0]["on_day"] <= today
    ]


def _about(asked: Asking, account: dict[str, Any]) -> list[list[str]]:
    started, ended = account["start_on"], account["ended_on"]
    lived = f"depuis le {format_day(started)}" if started else "début non connu"
    rows = [
        ["Bail", account["reference"] or "non connu"],
        ["Logement", account["dwelling_reference"] or "non connu"],
        ["Période", lived + (f" jusqu'au {format_day(ended)}" if ended else "")],
    ]
    if account["payment_reference"]:
        rows.append(["Communication", structured(account["payment_reference"])])
    if asked.company.bank_accounts:
        rows.append(["À payer sur", iban_numbers.format(account_to_pay(asked.company))])
    return rows


def _lines(lines: list[dict[str, Any]], since: date | None) -> list[list[str]]:
    before = [line for line in lines if since is not None and line["on_day"] < since]
    shown = []
    if since is not None and before:
        carried = format_cents(int(before[-1]["balance_cents"]))
        shown.append([format_day(since), "Report", "", "", carried])
    of_lines = lines[len(before) :]
    return shown + [_amounts(line, what_is(line)) for line in of_lines]


def _amounts(line: dict[str, Any], what: str) -> list[str]:
    """A row: day, what, debit or credit, the balance after it."""
    amount = format_cents(abs(line["cents"]))
    owed = line["cents"] >= 0
    return [
        format_day(line["on_day"]),
        what,
        amount if owed else "",
        "" if owed else amount,
        format_cents(int(line["balance_cents"])),
    ]


def _standing(balance: int, *, gone: bool) -> str:
    if balance > 0:
        return f"Reste à payer : {format_cents(balance)}"
    if balance < 0:
        return f"Avance : {format_cents(-balance)}"
    return "Plus rien n'est demandé." if gone else "Tout est payé."
