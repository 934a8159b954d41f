"""What one transaction of a camt.053 file says of a payment: who, with which words, which return.

A structured communication stands in an element of its own (SCOR, with or without BBA), or is
written inside of the free text between plus signs or asterisks, as people type it.
"""

import re
from dataclasses import dataclass
from typing import Final

from services.arrears.bank_movements import has_check_digits
from services.arrears.camt_elements import Element

# +++090/9337/55493+++, as it is printed; the marks and strokes may be left out of a field.
REFERENCE: Final = re.compile(
    r"[+*]{0,3}\s*([0-9]{3})[/ .-]?([0-9]{4})[/ .-]?([0-9]{5})\s*[+*]{0,3}", re.ASCII
)
MARKED: Final = re.compile(
    r"[+*]{3}\s*([0-9]{3})[/ .-]?([0-9]{4})[/ .-]?([0-9]{5})\s*[+*]{3}", re.ASCII
)
STROKED: Final = re.compile(r"(?<![0-9/])([0-9]{3})/([0-9]{4})/([0-9]{5})(?![0-9/])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Words:
    """The communication: 12 digits and whether their check digits are right, else what is said."""

    structured: str | None = None
    valid: bool | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    name: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """What is said of a payment, apart from its amount."""

    words: Words = Words()
    debtor: Party = Party()
    creditor: Party = Party()
    bank_reference: str = ""
    customer_reference: str = ""
    returned: bool = False
    return_reason: str = ""

    def counterparty(self, came_in: bool, own_account: str, *, reversal: bool) -> Party:
        """Who is on the other side: the debtor of what came in, of what went out the creditor.

        A reversal keeps the roles of what it reverses. The company itself is never the other side.
        """
        in_order = (self.debtor, self.creditor)
        first, second = in_order if came_in != reversal else in_order[::-1]
        others = [p for p in (first, second) if p.account != own_account or not p.account]
        return next((party for party in others if party.name or party.account), Party())


def read_payment(transaction: Element) -> Payment:
    parties = transaction.find("RltdPties")
    returned = transaction.find("RtrInf")
    return Payment(
        words=_words(transaction),
        debtor=_party(parties, "Dbtr"),
        creditor=_party(parties, "Cdtr"),
        bank_reference=transaction.told("Refs/AcctSvcrRef"),
        customer_reference=transaction.told("Refs/EndToEndId"),
        returned=returned is not None,
        return_reason=returned.told("Rsn/Cd", "Rsn/Prtry") if returned is not None else "",
    )


def read_words(text: str) -> Words:
    """The words of a text, which may have a structured communication in it.

    Where several are written none is taken: a person must say which was meant.
    """
    whole = REFERENCE.fullmatch(text)
    if whole and has_check_digits("".join(whole.groups())):
        return Words("".join(whole.groups()), True)
    found = {"".join(match.groups()): match for match in MARKED.finditer(text)}
    for match in STROKED.finditer(text):
        if has_check_digits("".join(match.groups())):
            found.setdefault("".join(match.groups()), match)
    if len(found) != 1:
        return Words(text=text)
    ((digits, match),) = found.items()
    if not has_check_digits(digits):
        return Words(digits, False, text)
    return Words(digits, True, f"{text[: match.start()]}{text[match.end() :]}".strip())


def _words(transaction: Element) -> Words:
    remittance = transaction.find("RmtInf")
    if remittance is None:
        return read_words(transaction.told("AddtlTxInf"))
    texts = [element.text for element in remittance.find_all("Ustrd")]
    references = set()
    for structured in remittance.find_all("Strd"):
        reference = structured.told("CdtrRefInf/Ref")
        match = REFERENCE.fullmatch(reference)
        if match and _is_belgian(structured):
            references.add("".join(match.groups()))
        else:
            texts.append(reference)
        texts += [element.text for element in structured.find_all("AddtlRmtInf")]
    text = " ".join(filter(None, texts))
    if len(references) == 1:
        (digits,) = references
        return Words(digits, has_check_digits(digits), text)
    if references:
        return Words(text=" ".join(filter(None, (text, *sorted(references)))))
    return read_words(text)


def _is_belgian(structured: Element) -> bool:
    kind = structured.told("CdtrRefInf/Tp/CdOrPrtry/Cd")
    return kind in ("", "SCOR") or structured.told("CdtrRefInf/Tp/Issr") == "BBA"


def _party(parties: Element | None, role: str) -> Party:
    if parties is None:
        return Party()
    return Party(
        parties.told(f"{role}/Nm", f"{role}/Pty/Nm", f"{role}/Agt/FinInstnId/Nm"),
        account_of(parties.find(f"{role}Acct")),
    )


def account_of(account: Element | None) -> str:
    """The number of an account, without spaces; "" where none is told."""
    if account is None:
        return ""
    return "".join(account.told("Id/IBAN", "Id/Othr/Id").split())
