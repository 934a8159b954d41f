"""How a letter is paid: the company's account, and the code that a bank's application reads."""

import io
import re
from decimal import Decimal

import segno
from stdnum import iban as iban_numbers

from services.chassis.companies import Company
from services.chassis.refusal import Refusal

NAME_MAX = 70
MASK = 4
"""Any of the eight masks can be read; trying them all costs seven tenths of a letter's time."""


class NoAccountToPayTo(Refusal):
    slug = "no-account-to-pay-to"
    title = "Aucun compte où payer"


def account_to_pay(company: Company) -> str:
    """The IBAN that letters ask to pay to: the company's first account.

    Refuses: NoAccountToPayTo (409).
    """
    if not company.bank_accounts:
        raise NoAccountToPayTo(
            "Aucune lettre ne peut dire où payer : l'exploitant indique d'abord le compte de la "
            "société (« bank_accounts »)."
        )
    digits = re.sub(r"[ .-]", "", company.bank_accounts[0]).upper()
    if iban_numbers.is_valid(digits, check_country=False):
        return digits
    return f"BE{98 - int(f'{digits}111400') % 97:02d}{digits}"


def payment_code(payee: str, iban: str, cents: int, communication: str) -> str:
    """A QR code as SVG.

    Source: EPC069-12, version 002. A Belgian structured communication goes with its pluses in the
            unstructured remittance, where Belgian banks look for it: « structured » is ISO 11649.
    """
    lines = ["BCD", "002", "1", "SCT", "", payee[:NAME_MAX], iban]
    lines += [f"EUR{Decimal(cents).scaleb(-2):.2f}", "", "", communication]
    code = segno.make_qr(
        "\n".join(lines), error="m", mask=MASK, encoding="utf-8", boost_error=False
    )
    image = io.BytesIO()
    code.save(image, kind="svg", xmldecl=False, border=4, omitsize=True, nl=False)
    return image.getvalue().decode("ascii")
