"""A letter by e-mail: judged and made in one act, handed over, its outcome recorded in another.

SMTP has no transaction with us. What is recorded first is that the letter was handed over; so a
process that dies in between sends nothing twice: the letter stands as handed over, nobody sends it
again by itself, and a person says what became of it. The same holds where the server's answer to
the text never came. A letter keeps its Message-ID whenever it is tried, so that both sides can tell
whether it arrived, and that two are one.
"""

from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.arrears_letters import LetterChannel, LetterTrouble
from contracts.intake import Language
from services.arrears.casework.desk import desk_of
from services.arrears.letters.composing import holders_of, recipients
from services.arrears.letters.letter import Letter, LetterNotWaiting, LetterState
from services.arrears.letters.mail_server import MailServer, mail_server
from services.arrears.letters.sending import leave, made, plain, prepare, templates
from services.chassis.act import Act
from services.chassis.caller import Caller, Receipt
from services.chassis.failpoint import failpoint
from services.chassis.refusal import Refusal

if TYPE_CHECKING:
    from services.arrears.service import Arrears


class Outcome(StrEnum):
    """What a person found out of a letter whose outcome nobody knew."""

    ARRIVED = "arrived"
    LOST = "lost"


class LetterGoesByPost(Refusal):
    slug = "letter-goes-by-post"
    title = "Lettre à imprimer"


def email_letter(
    arrears: "Arrears", caller: Caller, letter_id: UUID, *, by_itself: bool = False
) -> Receipt:
    """Send one letter by e-mail. `by_itself`: no person chose to; without an address it waits on.

    Records: LetterSent and StepTaken; LetterFailed with the server's trouble; or LetterStopped.
    Refuses: NoMailServer, LetterGoesByPost, LetterNotReleased, LetterNotWaiting (409),
    NameUnavailable (503).
    """
    handed: list[tuple[MailServer, EmailMessage, str]] = []

    def hand_over(act: Act) -> UUID:
        letter = act.load(Letter, letter_id)
        letter.refuse_if_stale(caller.expected_version)
        server, book = mail_server(arrears.keyring.secrets), templates(act)
        if book.messages[letter.message].print_only:
            raise LetterGoesByPost("Cette lettre ne part que par la poste : imprimez-la.")
        desk = desk_of(arrears, act, plain(caller), letter.lease_id)
        holders = holders_of([desk.account])
        to = recipients(arrears.keyring, arrears.company, holders)[letter.lease_id]
        if by_itself and not to.contact:
            raise LetterGoesByPost("On ne connaît pas d'adresse de courriel : imprimez-la.")
        if not to.contact and not to.erased:
            letter.refuse_to_go()
            letter.fail(LetterChannel.EMAIL, LetterTrouble.NO_ADDRESS, act.today)
            return act.save(letter)
        begun = prepare(desk, letter, to, LetterChannel.EMAIL)
        going = made(begun) if begun is not None else None
        if going is not None:
            sender = server.sender_of(arrears.company.slug)
            message = _message(act, going.sheet["lang"], letter, sender, to.contact, going.pdf)
            handed.append((server, message, to.contact))
        return letter.id

    receipt = arrears.perform(caller, hand_over)
    failpoint("letter.handed-over")
    for server, message, recipient in handed:
        trouble = server.deliver(message, str(message["From"]), recipient)
        failpoint("letter.delivered")
        receipt = record_outcome(arrears, plain(caller), letter_id, trouble)
    return receipt


def _message(
    act: Act, lang: str, letter: Letter, sender: str, recipient: str, pdf: bytes
) -> EmailMessage:
    cover = templates(act).cover(Language(lang))
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, recipient, cover.subject
    message["Date"] = format_datetime(act.now)
    message["Message-ID"] = message_id(letter.id, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(cover.text)
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="lettre.pdf")
    return message


def message_id(letter_id: UUID, sender: str) -> str:
    return f"<letter-{letter_id}@{sender.partition('@')[2]}>"


def record_outcome(
    arrears: "Arrears", caller: Caller, letter_id: UUID, trouble: LetterTrouble | None
) -> Receipt:
    """What became of a letter that was handed over: the server's answer, or what a person found.

    Facts: one whose outcome was unknown may be told again; what is known is not changed.
    Records: LetterSent and StepTaken, or LetterFailed.   Refuses: LetterNotWaiting (409).
    """

    def decide(act: Act) -> UUID:
        letter = act.load(Letter, letter_id)
        letter.refuse_if_stale(caller.expected_version)
        failed = letter.state is LetterState.FAILED
        unknown = failed and letter.trouble is LetterTrouble.OUTCOME_UNKNOWN
        if not (unknown or letter.state is LetterState.HANDED_OVER):
            raise LetterNotWaiting("On sait déjà ce que cette lettre est devenue.")
        desk = desk_of(arrears, act, plain(caller), letter.lease_id)
        if trouble is None:
            leave(desk, desk.look(), letter)
        else:
            letter.fail(LetterChannel.EMAIL, trouble, act.today)
        return act.save(letter)

    return arrears.perform(caller, decide)


def tell_outcome(arrears: "Arrears", caller: Caller, letter_id: UUID, outcome: Outcome) -> Receipt:
    """A person looked for it, by its Message-ID: it arrived, or it may be sent again.

    Records, refuses: as `record_outcome`.
    """
    lost = LetterTrouble.SERVER_UNREACHABLE if outcome is Outcome.LOST else None
    return record_outcome(arrears, caller, letter_id, lost)
