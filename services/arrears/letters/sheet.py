"""What a template sees of one letter: words and amounts written as its language writes them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency
from stdnum import iban as iban_numbers
from stdnum.be import ogm_vcs

from contracts.intake import Language
from services.arrears.letters.payment_slip import payment_code
from services.chassis.amounts import format_day

LOCALES = {Language.FR: "fr_BE", Language.NL: "nl_BE", Language.DE: "de_BE", Language.EN: "en_GB"}
RHYTHMS = {
    "monthly": ("par mois", "per maand", "im Monat", "a month"),
    "weekly": ("par semaine", "per week", "in der Woche", "a week"),
    "fortnightly": ("par deux semaines", "per twee weken", "alle zwei Wochen", "every two weeks"),
    "four-weekly": ("par quatre semaines", "per vier weken", "alle vier Wochen", "every 4 weeks"),
    "one-off": ("en une fois", "in één keer", "auf einmal", "in one go"),
}
FIELDS = (
    "company, commune, reference, dwelling, names, address, day, subject, owed, owed_since, fee, "
    "total, iban, communication, code, pay, plan, is_draft, lang"
)
PLAN_FIELDS = "starting, instalment, instalments, rhythm, first_due, lump_sum, lump_sum_day"


def amount(cents: int, language: Language) -> str:
    return str(format_currency(Decimal(cents).scaleb(-2), "EUR", locale=LOCALES[language]))


def day_in(day: date, language: Language) -> str:
    if language is Language.FR:
        return format_day(day)
    return str(format_date(day, "long", locale=LOCALES[language]))


def sheet_of(
    said: Mapping[str, Any], names: Sequence[str], address: str, *, is_draft: bool = False
) -> dict[str, Any]:
    """`said`: what a letter keeps of itself, see `composing.said_of`.

    Shape: `FIELDS`, of which `fee`, `owed_since`, `plan`, `code` are none where there is none.
           `total` is what is owed with the fee; `names` and `address` are lists of lines.
    """
    language = Language(said["language"])
    owed, fee, pay = said["owed_cents"], said["fee_cents"], said["pay_cents"]
    communication = f"+++{ogm_vcs.format(said['payment_reference'])}+++"
    since = said["owed_since"]
    return {
        "lang": language.value,
        "text": said["text"],
        "company": said["company"],
        "commune": said["commune"],
        "reference": said["reference"],
        "dwelling": said["dwelling"],
        "names": list(names),
        "address": [line.strip() for line in address.split(",")],
        "day": day_in(date.fromisoformat(said["day"]), language),
        "subject": said["subject"],
        "owed": amount(owed, language),
        "owed_since": day_in(date.fromisoformat(since), language) if since else None,
        "fee": amount(fee, language) if fee else None,
        "total": amount(owed + fee, language),
        "iban": iban_numbers.format(said["iban"]),
        "communication": communication,
        "pay": amount(pay, language) if pay else None,
        "code": payment_code(said["company"], said["iban"], pay, communication) if pay else None,
        "plan": _plan(said["plan"], language) if said["plan"] else None,
        "is_draft": is_draft,
    }


def _plan(plan: Mapping[str, Any], language: Language) -> dict[str, str | None]:
    place = list(Language).index(language)

    def day(name: str) -> str | None:
        return day_in(date.fromisoformat(plan[name]), language) if plan[name] else None

    def cents(name: str) -> str | None:
        return amount(plan[name], language) if plan[name] else None

    return {
        "starting": amount(plan["starting_cents"], language),
        "instalment": cents("instalment_cents"),
        # A letter that was made before this was told keeps no number.
        "instalments": str(plan["instalments"]) if plan.get("instalments", 1) != 1 else None,
        "rhythm": RHYTHMS[plan["frequency"]][place] if plan["frequency"] else None,
        "first_due": day("first_due_on"),
        "lump_sum": cents("lump_sum_cents"),
        "lump_sum_day": day("lump_sum_on"),
    }
