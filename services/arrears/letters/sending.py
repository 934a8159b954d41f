"""Letters leave: each is judged again in the act that records it, and dated the day of that act.

A letter that something stops is not sent, and its step is not taken. Nothing is dated back: a
letter that waited while nobody printed bears the day on which it went, and counts from that day.
"""

import hashlib
from collections import deque
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from contracts.arrears_letters import LetterChannel, LetterTrouble, ReturnReason
from services.arrears.casework.desk import (
    Desk,
    desk_of,
    looking_from,
    record_step,
    stop_step,
)
from services.arrears.casework.looking import Seen
from services.arrears.letters.composing import (
    BeingSet,
    Composed,
    Recipient,
    compose,
    holders_of,
    reasons_against,
    recipients,
)
from services.arrears.letters.letter import Letter, LetterBatch, LetterState
from services.arrears.letters.template_book import LetterTemplates
from services.arrears.letters.template_shelf import templates_in
from services.arrears.letters.typesetting import pages_in, pdf_of
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.amounts import format_day
from services.chassis.caller import Caller, Receipt

if TYPE_CHECKING:
    from services.arrears.service import Arrears

T = TypeVar("T")

TOGETHER_MAX = 150
SET_AHEAD = 8
"""So many letters are judged while one is set: whoever wants to see a draft waits for no more."""


def templates(act: Act) -> LetterTemplates:
    book = templates_in(act)
    assert book is not None, "a letter waits only where templates were adopted"
    return book


def print_letters(arrears: "Arrears", caller: Caller, letter_ids: Sequence[UUID]) -> Receipt:
    """Print letters as one batch, in the order of their waiting. The receipt names the batch.

    Those that do not wait are passed over, so that doing it again prints nothing twice; none
    printed makes no batch.
    Records: for each LetterSent and StepTaken, LetterStopped and StepStopped, or LetterFailed;
    LetterBatchPrinted.   Refuses: LetterNotReleased, NoAccountToPayTo (409), NameUnavailable (503).
    """

    def decide(act: Act) -> UUID | str:
        found = act.find_all(Letter, list(dict.fromkeys(letter_ids))[:TOGETHER_MAX]).values()
        able = (LetterState.DRAFT, LetterState.WAITING, LetterState.FAILED)
        letters = sorted(
            (letter for letter in found if letter.state in able),
            key=lambda letter: (letter.queued_on, str(letter.id)),
        )
        if not letters:
            return ""
        batch_id = LetterBatch.id_of(arrears.company.slug, letters[0].id, letters[0].version)
        to = _recipients(act, letters)
        printed: list[Composed] = []
        being_set: deque[BeingSet] = deque()
        lookout = looking_from(act)

        def print_first() -> None:
            first = being_set.popleft()
            going = made(first)
            if going is not None:
                leave(first.desk, going.seen, going.letter, batch_id)
                printed.append(going)

        for letter in letters:
            # A household's next letter is judged when its last one has gone.
            while len(being_set) == SET_AHEAD or any(
                each.letter.lease_id == letter.lease_id for each in being_set
            ):
                print_first()
            desk = desk_of(arrears, act, plain(caller), letter.lease_id, lookout)
            begun = prepare(desk, letter, to[letter.lease_id], LetterChannel.PRINT)
            if begun is not None:
                being_set.append(begun)
        while being_set:
            print_first()
        return _batch(act, batch_id, printed) if printed else ""

    return arrears.perform(caller, decide)


def plain(caller: Caller) -> Caller:
    """The same person, for one of several acts of a request."""
    return Caller(caller.actor, correlation_id=caller.correlation_id)


def _recipients(act: Act, letters: Sequence[Letter]) -> dict[UUID, Recipient]:
    accounts = act.find_all(RentAccount, {letter.lease_id for letter in letters})
    return recipients(act.service.keyring, act.service.company, holders_of(accounts.values()))


def _batch(act: Act, batch_id: UUID, printed: Sequence[Composed]) -> UUID:
    pdf = pdf_of(templates(act), batch_title(act.today), [c.sheet for c in printed], act.now)
    batch = LetterBatch.open(
        LetterBatch.Printed,
        batch_id,
        printed_on=act.today,
        letter_ids=[composed.letter.id for composed in printed],
        pages=pages_in(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
        occurred_on=act.today,
    )
    return act.save(batch)


def batch_title(day: date) -> str:
    return f"Lettres du {format_day(day)}"


def prepare(desk: Desk, letter: Letter, to: Recipient, channel: LetterChannel) -> BeingSet | None:
    """Judge a letter again and begin to set it; None when it is stopped or fails, which is
    recorded.
    """
    letter.refuse_to_go()
    act, seen = desk.act, desk.look()
    reasons = reasons_against(desk, seen, letter)
    if reasons:
        letter.stop(reasons, act.today)
        if letter.step is not None and reasons != ["not-in-policy"]:
            stop_step(desk, seen, letter.step, reasons)
        act.save(letter)
        desk.save()
        return None
    begun = compose(desk, seen, letter, templates(act), to, channel)
    return _unless_failed(act, letter, channel, begun)


def made(begun: BeingSet) -> Composed | None:
    """A letter that was begun, once it is set; None when it cannot be, which is recorded."""
    act, letter = begun.desk.act, begun.letter
    going = _unless_failed(act, letter, begun.channel, begun.made())
    if going is not None:
        act.save(letter)
    return going


def _unless_failed(
    act: Act, letter: Letter, channel: LetterChannel, found: T | LetterTrouble
) -> T | None:
    if not isinstance(found, LetterTrouble):
        return found
    letter.fail(channel, found, act.today)
    act.save(letter)
    return None


def leave(desk: Desk, seen: Seen, letter: Letter, batch_id: UUID | None = None) -> None:
    """It went on the day it bears: its step is taken then.   Records: StepTaken, LetterSent.

    Facts: of a step that the policy has forgotten since, nothing is taken.
    """
    step_id, step, made = None, letter.step, letter.made
    assert made is not None, "a letter leaves as it was made"
    on = date.fromisoformat(made.said["day"])
    if step is not None and seen.policy is not None and step in seen.policy.steps:
        step_id = record_step(desk, seen, step, on, made.said["fee_cents"])
    letter.send(on, step_id, batch_id)
    desk.save()
    desk.act.save(letter)


def come_back(
    arrears: "Arrears", caller: Caller, letter_id: UUID, reason: ReturnReason, returned_on: date
) -> Receipt:
    """A delivery failed afterwards: what it was sent for is to be done again.

    Records: LetterReturned; StepWithdrawn of the step that was taken by it, where it stands.
    Refuses: LetterNotSent (409), ReturnDayNotPossible (422).
    """

    def decide(act: Act) -> UUID:
        letter = act.load(Letter, letter_id)
        letter.refuse_if_stale(caller.expected_version)
        letter.come_back(reason, returned_on, act.today)
        desk = desk_of(arrears, act, plain(caller), letter.lease_id)
        step_id = letter.sent.step_id if letter.sent is not None else None
        if step_id is not None and step_id in desk.case.taken:
            desk.case.withdraw_step(step_id)
            desk.save()
        return act.save(letter)

    return arrears.perform(caller, decide)


def release(arrears: "Arrears", caller: Caller, letter_id: UUID) -> Receipt:
    """A person has read a draft.   Records: LetterReleased.   Refuses: LetterNotWaiting (409)."""

    def decide(act: Act) -> UUID:
        letter = act.load(Letter, letter_id)
        letter.refuse_if_stale(caller.expected_version)
        letter.release(act.today)
        return act.save(letter)

    return arrears.perform(caller, decide)


def cancel(arrears: "Arrears", caller: Caller, letter_id: UUID) -> Receipt:
    """It is not to go; what is proposed comes back to the list.   Records: LetterCancelled.

    Refuses: LetterNotWaiting (409).
    """

    def decide(act: Act) -> UUID:
        letter = act.load(Letter, letter_id)
        letter.refuse_if_stale(caller.expected_version)
        letter.cancel(act.today)
        return act.save(letter)

    return arrears.perform(caller, decide)
