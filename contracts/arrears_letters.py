"""Facts that arrears publishes of letters: their templates, what waits, what went, what did not.

They carry codes and digests: no name, no address, no word of a letter.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.arrears_cases import InCase, PlanId, PolicyName, StepId, StepName
from contracts.intake import Language
from contracts.words import Fact

LetterId = Annotated[UUID, Field(description="One letter, from its waiting to its end.")]
BatchId = Annotated[UUID, Field(description="Letters that were printed together.")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class LetterChannel(StrEnum):
    """By which way a letter goes."""

    PRINT = "print"
    EMAIL = "email"


class LetterTrouble(StrEnum):
    """Why a letter did not go; `outcome-unknown`: it may have, the server did not say.

    `recipient-refused` and `message-refused` are the mail server's words. The others are ours:
    nobody knows where it is to go, or to whom; or a character of a name is in none of our fonts.
    """

    NO_ADDRESS = "no-address"
    RECIPIENT_ERASED = "recipient-erased"
    CANNOT_BE_SET = "cannot-be-set"
    RECIPIENT_REFUSED = "recipient-refused"
    MESSAGE_REFUSED = "message-refused"
    SERVER_UNREACHABLE = "server-unreachable"
    OUTCOME_UNKNOWN = "outcome-unknown"


class ReturnReason(StrEnum):
    """Why a letter that went came back."""

    MAILBOX_UNKNOWN = "mailbox-unknown"
    MAILBOX_FULL = "mailbox-full"
    REFUSED_LATER = "refused-later"
    MOVED_AWAY = "moved-away"


class LetterTemplatesAdopted(Fact):
    """From now on the company's letters are made from this document."""

    TYPE: ClassVar[str] = "arrears.letter-templates-adopted"
    letters: PolicyName
    """The document's name."""
    letters_version: PolicyName
    """The document's version."""
    adopted_on: date
    """The day on which a person adopted it."""
    sha256: Sha256
    """Of the document's bytes (UTF-8)."""
    document: Annotated[str, Field(max_length=200_000)]
    """The document itself, YAML or JSON, as it was given."""


class InLetter(InCase):
    """What every fact of a letter names."""

    letter_id: LetterId
    message: StepName
    """Which of the company's letters it is."""


class LetterQueued(InLetter):
    """A letter is to be sent: it waits for a person to print it or send it by e-mail."""

    TYPE: ClassVar[str] = "arrears.letter-queued"
    step: StepName | None = None
    """The step of the ladder that it is sent for, which is taken when it goes."""
    plan_id: PlanId | None = None
    """The repayment plan that it confirms."""
    queued_on: date
    """The day from which it waits."""
    is_draft: bool
    """It waits first for a person to read and release it: a statutory step."""


class LetterReleased(InLetter):
    """A person has read a draft: it may go."""

    TYPE: ClassVar[str] = "arrears.letter-released"
    released_on: date
    """The day on which it was released."""


class LetterSent(InLetter):
    """A letter went: it was printed, or the mail server took it over."""

    TYPE: ClassVar[str] = "arrears.letter-sent"
    channel: LetterChannel
    """By which way."""
    sent_on: date
    """The day that it bears, on which it went."""
    language: Language
    """In which language it is written."""
    pages: Annotated[int, Field(ge=1)]
    """How many pages it has."""
    sha256: Sha256
    """Of the letter as PDF: printed anew it has the same bytes."""
    letters: PolicyName
    """The name of the document of templates that it was made from."""
    letters_version: PolicyName
    """The version of that document."""
    step_id: StepId | None = None
    """The step that was taken by it."""
    batch_id: BatchId | None = None
    """Of a printed letter, the batch."""


class LetterFailed(InLetter):
    """A letter did not go, or nobody knows whether it did; a person looks at it again."""

    TYPE: ClassVar[str] = "arrears.letter-failed"
    channel: LetterChannel
    """By which way it was tried."""
    trouble: LetterTrouble
    """Why, in one of a few words."""
    failed_on: date
    """The day on which it was tried."""


class LetterReturned(InLetter):
    """A letter that went came back: it did not reach the household, and its step is taken back."""

    TYPE: ClassVar[str] = "arrears.letter-returned"
    channel: LetterChannel
    """By which way it had gone."""
    reason: ReturnReason
    """Why, in one of a few words."""
    returned_on: date
    """The day on which it came back."""
    noted_on: date
    """The day on which that was noted here."""


class LetterStopped(InLetter):
    """A letter that waited does not go: judged again at the moment of sending, it was stopped."""

    TYPE: ClassVar[str] = "arrears.letter-stopped"
    stopped_on: date
    """The day on which it was to go."""
    reasons: list[StepName]
    """Those of `step-stopped`, and `plan-over`: the plan that it confirms is no more."""


class LetterCancelled(InLetter):
    """A person decided that a letter is not to go."""

    TYPE: ClassVar[str] = "arrears.letter-cancelled"
    cancelled_on: date
    """The day on which it was taken off."""


class LetterBatchPrinted(Fact):
    """Letters were printed together, as one PDF."""

    TYPE: ClassVar[str] = "arrears.letter-batch-printed"
    batch_id: BatchId
    printed_on: date
    """The day on which it was made."""
    letter_ids: Annotated[list[UUID], Field(min_length=1)]
    """The letters in the order of the PDF."""
    pages: Annotated[int, Field(ge=1)]
    """How many pages the PDF has."""
    sha256: Sha256
    """Of the PDF: printed anew it has the same bytes."""
