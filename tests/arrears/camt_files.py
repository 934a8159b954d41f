"""camt.053 files made for a test, sound or altered, and what reading them tells.

Written from the schemas of ISO 20022, apart from the reader; the bookings are those that a CODA
file is written from, so that both formats can tell of the same day.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import pytest
from coda_files import ACCOUNT, BATCH, CHARGES_TAKEN, DAY, RENT_PAID

from services.arrears.bank_file_refused import BankFileRefused, LineError
from services.arrears.bank_movements import Statement
from services.arrears.camt import read_camt
from services.demonstration.coda_writer import Booking

SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."


def camt(*bookings: Booking, version: str = "08", **told: Any) -> bytes:
    """Write a file of one statement; what is told of it as for `stmt`."""
    return document(stmt(*bookings, version=version, **told), version=version)


def document(*statements: str, version: str = "08") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{SPACE}{version}">\n'
        "<BkToCstmrStmt>\n"
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-24T06:00:00</CreDtTm></GrpHdr>\n"
        f"{''.join(statements)}"
        "</BkToCstmrStmt>\n"
        "</Document>\n"
    ).encode()


def stmt(
    *bookings: Booking,
    version: str = "08",
    account: str = ACCOUNT,
    number: int = 327,
    day: date = DAY,
    opening: int = 1_000_00,
) -> str:
    closing = opening + sum(booking.amount_cents for booking in bookings)
    lines = [
        "<Stmt>",
        f"<Id>{day:%Y%m%d}-{number:03d}</Id>",
        f"<ElctrncSeqNb>{day:%Y}{number:06d}</ElctrncSeqNb>",
        f"<LglSeqNb>{number}</LglSeqNb>",
        "<CreDtTm>2026-11-24T06:00:00</CreDtTm>",
        f"<Acct>{held(account)}<Ccy>EUR</Ccy><Ownr><Nm>LOGIS DU PAYS</Nm></Ownr></Acct>",
        balance("OPBD", opening, day),
        balance("CLBD", closing, day),
        *summary(bookings, version),
        *(line for booking in bookings for line in entry(booking, version)),
        "</Stmt>",
    ]
    return "".join(f"{line}\n" for line in lines)


def held(account: str) -> str:
    number = f"<IBAN>{account}</IBAN>"
    if not account[:1].isalpha():
        number = f"<Othr><Id>{account}</Id></Othr>"
    return f"<Id>{number}</Id>"


def balance(code: str, cents: int, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{amount(cents)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def summary(bookings: Sequence[Booking], version: str) -> list[str]:
    credit = [b.amount_cents for b in bookings if b.amount_cents >= 0]
    debit = [-b.amount_cents for b in bookings if b.amount_cents < 0]
    net = sum(credit) - sum(debit)
    direction = "CRDT" if net >= 0 else "DBIT"
    told = f"<CdtDbtInd>{direction}</CdtDbtInd>"
    if version == "02":
        netted = f"<TtlNetNtryAmt>{euros(net)}</TtlNetNtryAmt>{told}"
    else:
        netted = f"<TtlNetNtry><Amt>{euros(net)}</Amt>{told}</TtlNetNtry>"
    return [
        "<TxsSummry>",
        f"<TtlNtries>{total(credit + debit)}{netted}</TtlNtries>",
        f"<TtlCdtNtries>{total(credit)}</TtlCdtNtries>",
        f"<TtlDbtNtries>{total(debit)}</TtlDbtNtries>",
        "</TxsSummry>",
    ]


def total(cents: list[int]) -> str:
    return f"<NbOfNtries>{len(cents)}</NbOfNtries><Sum>{euros(sum(cents))}</Sum>"


def entry(booking: Booking, version: str, status: str = "BOOK") -> list[str]:
    """Write an entry; a booking with details is one batch, of which each detail is told."""
    value_date = booking.value_date or booking.entry_date
    return [
        "<Ntry>",
        amount(booking.amount_cents),
        f"<Sts>{status}</Sts>" if version == "02" else f"<Sts><Cd>{status}</Cd></Sts>",
        f"<BookgDt><Dt>{booking.entry_date}</Dt></BookgDt>",
        f"<ValDt><Dt>{value_date}</Dt></ValDt>",
        *([f"<AcctSvcrRef>{booking.bank_reference}</AcctSvcrRef>"] * bool(booking.bank_reference)),
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>",
        "</BkTxCd>",
        "<NtryDtls>",
        *batch(booking),
        *(line for part in booking.details or (booking,) for line in transaction(part, version)),
        "</NtryDtls>",
        "</Ntry>",
    ]


def batch(booking: Booking) -> list[str]:
    if not booking.details:
        return []
    count = len(booking.details)
    return [f"<Btch><NbOfTxs>{count}</NbOfTxs>", f"{total_amount(booking.amount_cents)}</Btch>"]


def transaction(part: Booking, version: str) -> list[str]:
    lines = ["<TxDtls>"]
    if part.customer_reference:
        reference = escape(part.customer_reference)
        lines.append(f"<Refs><EndToEndId>{reference}</EndToEndId></Refs>")
    if version == "02":
        money = amount(part.amount_cents).partition("<CdtDbtInd>")[0]
        lines.append(f"<AmtDtls><TxAmt>{money}</TxAmt></AmtDtls>")
    else:
        lines.append(amount(part.amount_cents))
    lines += [*parties(part, version), *remittance(part)]
    if part.return_type:
        lines.append(f"<RtrInf><Rsn><Cd>{part.return_reason}</Cd></Rsn></RtrInf>")
    return [*lines, "</TxDtls>"]


def parties(part: Booking, version: str) -> list[str]:
    if not (part.counterparty_name or part.counterparty_account):
        return []
    role = "Dbtr" if part.amount_cents >= 0 else "Cdtr"
    lines = ["<RltdPties>"]
    if part.counterparty_name:
        name = f"<Nm>{escape(part.counterparty_name)}</Nm>"
        party = name if version == "02" else f"<Pty>{name}</Pty>"
        lines.append(f"<{role}>{party}</{role}>")
    if part.counterparty_account:
        lines.append(f"<{role}Acct>{held(part.counterparty_account)}</{role}Acct>")
    return [*lines, "</RltdPties>"]


def remittance(part: Booking) -> list[str]:
    if part.structured:
        return [
            "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr>",
            f"</Tp><Ref>{part.structured}</Ref></CdtrRefInf></Strd></RmtInf>",
        ]
    told = f"<RmtInf><Ustrd>{escape(part.communication)}</Ustrd></RmtInf>"
    return [told] * bool(part.communication)


def amount(cents: int) -> str:
    direction = "CRDT" if cents >= 0 else "DBIT"
    return f'<Amt Ccy="EUR">{euros(cents)}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'


def total_amount(cents: int) -> str:
    return amount(cents).replace("Amt", "TtlAmt")


def euros(cents: int) -> str:
    return f"{abs(cents) // 100}.{abs(cents) % 100:02d}"


def only(content: bytes) -> Statement:
    (statement,) = read_camt(content).statements
    return statement


def refusals(content: bytes) -> list[tuple[int, str]]:
    return [(error.line, error.field) for error in refused(content)]


def refused(content: bytes) -> list[LineError]:
    with pytest.raises(BankFileRefused) as found:
        read_camt(content)
    assert all(error.reason.endswith(".") for error in found.value.errors)
    return found.value.errors


def altered(content: bytes, before: str, after: str, count: int = 1) -> bytes:
    """Replace the first `count` of what must be there."""
    assert before.encode() in content
    return content.replace(before.encode(), after.encode(), count)


def line_of(content: bytes, text: str) -> int:
    """The line where a text first stands."""
    return content[: content.index(text.encode())].count(b"\n") + 1


# The statement that refusals are tried on, in both versions.
SOUND = camt(RENT_PAID, CHARGES_TAKEN, BATCH)
SOUND_02 = camt(RENT_PAID, CHARGES_TAKEN, BATCH, version="02")
