"""A letter is made at the moment at which it goes: judged again, addressed, set in type.

Names and addresses are unsealed for that moment alone: what is kept of them stays sealed.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.arrears_letters import LetterChannel, LetterTrouble
from contracts.intake import Language
from services.arrears.casework.desk import Desk
from services.arrears.casework.looking import Seen
from services.arrears.ladder.case import Plan
from services.arrears.letters.letter import Letter
from services.arrears.letters.payment_slip import account_to_pay
from services.arrears.letters.setting import NOT_SET, Setting
from services.arrears.letters.sheet import sheet_of
from services.arrears.letters.template_book import LetterTemplates
from services.arrears.letters.typesetting import TYPESETTER, begin_pdf, pages_in
from services.arrears.rent_account import RentAccount
from services.chassis.companies import Company
from services.chassis.keyring import ERASED, UNAVAILABLE, Keyring
from services.chassis.refusal import NameUnavailable

NAME_FIELD, ADDRESS_FIELD, CONTACT_FIELD = "name", "address", "contact"
Holders = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter is for, unsealed; empty where nobody knows."""

    names: list[str]
    address: str
    contact: str

    @property
    def erased(self) -> bool:
        return ERASED in self.names or self.address == ERASED


def recipients(
    keyring: Keyring, company: Company, holders: Mapping[UUID, Holders]
) -> dict[UUID, Recipient]:
    """By lease, opened together.   Refuses: NameUnavailable, when the key database is down."""
    flat = [holder for each in holders.values() for holder in each]
    opened = {}
    for field in (NAME_FIELD, ADDRESS_FIELD, CONTACT_FIELD):
        texts = keyring.show_all(company, [holder.get(field) for holder in flat], field)
        if UNAVAILABLE in texts:
            raise NameUnavailable("Le coffre des clés ne répond pas : aucune lettre n'est partie.")
        opened[field] = iter(texts)
    found = {}
    for lease_id, each in holders.items():
        names = [next(opened[NAME_FIELD]) for _ in each]
        addresses = [next(opened[ADDRESS_FIELD]) for _ in each]
        contacts = [next(opened[CONTACT_FIELD]) for _ in each]
        found[lease_id] = Recipient(names, _first(addresses), _first(contacts, "@"))
    return found


def _first(texts: Iterable[str], having: str = "") -> str:
    return next((text for text in texts if text and having in text), "")


def holders_of(accounts: Iterable[RentAccount]) -> dict[UUID, Holders]:
    return {a.id: a.terms.leaseholders if a.terms else [] for a in accounts}


def reasons_against(desk: Desk, seen: Seen, letter: Letter) -> list[str]:
    """Every reason why a letter does not go now."""
    if letter.step is None:
        live = desk.case.live_plan
        over = live is None or live[0] != letter.plan_id
        tenant = seen.state.tenant
        reasons = {
            "plan-over": over,
            "not-the-tenant": "departed" in tenant,
            "deceased": "deceased" in tenant,
        }
        return [why for why, holds in reasons.items() if holds]
    if seen.policy is None or letter.step not in seen.policy.steps:
        return ["not-in-policy"]
    return list(seen.stopped_by(letter.step))


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as it goes. `sheet`: what its template saw, for the moment of its making only."""

    letter: Letter
    seen: Seen
    sheet: dict[str, Any]
    pdf: bytes


@dataclass(frozen=True, slots=True)
class BeingSet:
    """A letter that is being set in type."""

    desk: Desk
    seen: Seen
    letter: Letter
    book: LetterTemplates
    channel: LetterChannel
    said: dict[str, Any]
    sheet: dict[str, Any]
    pdf: Setting

    def made(self) -> Composed | LetterTrouble:
        """Wait for it, and keep what it was made from.   Records: Letter.Made."""
        try:
            pdf = self.pdf.wait()
        except NOT_SET:
            # What is said of it is in clear, with the character that no font has: no further.
            return LetterTrouble.CANNOT_BE_SET
        desk, book = self.desk, self.book
        assert desk.account.terms is not None
        self.letter.make(
            desk.act.today,
            channel=self.channel,
            holders=desk.account.terms.leaseholders,
            said=self.said,
            letters=book.letters,
            letters_version=book.version,
            typesetter=TYPESETTER,
            sha256=hashlib.sha256(pdf).hexdigest(),
            pages=pages_in(pdf),
        )
        return Composed(self.letter, self.seen, self.sheet, pdf)


def compose(
    desk: Desk,
    seen: Seen,
    letter: Letter,
    book: LetterTemplates,
    to: Recipient,
    channel: LetterChannel,
) -> BeingSet | LetterTrouble:
    """Begin to set it in type.

    Refuses: LetterNotReleased, LetterNotWaiting, NoAccountToPayTo (409).
    """
    letter.refuse_to_go()
    if to.erased:
        return LetterTrouble.RECIPIENT_ERASED
    lost = channel is LetterChannel.PRINT and not to.address
    if desk.account.terms is None or not to.names or lost:
        return LetterTrouble.NO_ADDRESS
    said = said_of(desk, seen, letter, book)
    sheet = sheet_of(said, to.names, to.address)
    pdf = begin_pdf(book, said["subject"], [sheet], desk.act.now)
    return BeingSet(desk, seen, letter, book, channel, said, sheet, pdf)


def said_of(desk: Desk, seen: Seen, letter: Letter, book: LetterTemplates) -> dict[str, Any]:
    """What a letter says, but for whom it is for: amounts in cents, days in ISO form."""
    terms, company = desk.account.terms, desk.act.service.company
    assert terms is not None
    message = book.messages[letter.message]
    told = next((h["language"] for h in terms.leaseholders if h.get("language")), None)
    language = message.language_of(Language(told) if told else None)
    since = seen.state.unpaid_since or seen.state.owed_since
    owed, fee, plan = seen.state.balance_cents, fee_of(desk, seen, letter), _plan(desk, letter)
    first = plan["lump_sum_cents"] or plan["instalment_cents"] if plan else owed + fee
    return {
        "text": f"{letter.message}.{language.value}",
        "language": language.value,
        "subject": message.texts[language].subject,
        "company": company.names.get(language.value) or company.name,
        "commune": company.commune,
        "day": desk.act.today.isoformat(),
        "moment": desk.act.now.isoformat(),
        "reference": terms.reference,
        "dwelling": terms.dwelling_reference,
        "payment_reference": terms.payment_reference,
        "iban": account_to_pay(company),
        "owed_cents": owed,
        "owed_since": since.isoformat() if since else None,
        "fee_cents": fee,
        "pay_cents": max(0, first),
        "plan": plan,
    }


def fee_of(desk: Desk, seen: Seen, letter: Letter) -> int:
    rules = seen.policy.steps.get(letter.step) if seen.policy and letter.step else None
    if rules is None or letter.step is None:
        return 0
    return rules.fee(first=desk.is_first(letter.step), charged_cents=desk.case.fees_cents)


def _plan(desk: Desk, letter: Letter) -> dict[str, Any] | None:
    if letter.plan_id is None or letter.plan_id not in desk.case.plans:
        return None
    terms = desk.case.plans[letter.plan_id].terms
    return {
        "starting_cents": terms.starting_balance_cents,
        "instalment_cents": terms.instalment_cents,
        "instalments": number_of_instalments(terms),
        "frequency": terms.frequency.value if terms.frequency else None,
        "first_due_on": terms.first_due_on.isoformat() if terms.first_due_on else None,
        "lump_sum_cents": terms.lump_sum_cents,
        "lump_sum_on": terms.lump_sum_on.isoformat() if terms.lump_sum_on else None,
    }


def number_of_instalments(terms: Plan) -> int | None:
    """How many there are at most: as agreed, else until nothing of the debt is left."""
    if terms.count is not None or not terms.instalment_cents:
        return terms.count
    rest = (terms.starting_balance_cents or 0) - terms.lump_sum_cents
    return max(1, -(-rest // terms.instalment_cents))
