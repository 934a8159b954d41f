"""A letter begins to wait: for the step that sends it, or for the plan that it confirms."""

from typing import TYPE_CHECKING
from uuid import UUID

from services.arrears.ladder.policy import StepRules
from services.arrears.letters.letter import OPEN, Letter, LetterState
from services.arrears.letters.template_shelf import templates_in
from services.chassis.aggregate import natural_id
from services.chassis.refusal import Refusal

if TYPE_CHECKING:
    from services.arrears.casework.desk import Desk

SELECT_OPEN = "SELECT 1 FROM letter WHERE lease_id = %s AND step = %s AND state = ANY(%s)"


class LetterAlreadyWaits(Refusal):
    slug = "letter-already-waits"
    title = "Lettre déjà en attente"


def queue_for_step(desk: "Desk", step: str, rules: StepRules) -> bool:
    """Whether the step sends a letter, which then waits; the step is taken when it goes.

    Records: Letter.Queued, as a draft for a statutory step.   Refuses: LetterAlreadyWaits (409).
    """
    book = templates_in(desk.act)
    message = book.for_step(step) if book else None
    if message is None:
        return False
    if desk.act.rows(SELECT_OPEN, (desk.account.id, step, list(OPEN))):
        raise LetterAlreadyWaits(
            "Une lettre de cette étape attend déjà, ou n'est pas partie : voyez la page Lettres."
        )
    _queue(desk, message, step, None, is_draft=rules.statutory)
    return True


def waits_since_today(desk: "Desk", step: str) -> bool:
    """Whether a letter of the step was queued today and still waits."""
    states = [LetterState.DRAFT, LetterState.WAITING]
    queued_today = f"{SELECT_OPEN} AND queued_on = %s"
    return bool(desk.act.rows(queued_today, (desk.account.id, step, states, desk.act.today)))


def queue_for_plan(desk: "Desk", plan_id: UUID) -> None:
    """The plan's confirmation waits, if the company has one.   Records: Letter.Queued."""
    book = templates_in(desk.act)
    message = book.for_plan if book else None
    if message is not None:
        _queue(desk, message, None, plan_id, is_draft=False)


def _queue(
    desk: "Desk", message: str, step: str | None, plan_id: UUID | None, *, is_draft: bool
) -> None:
    act = desk.act
    key = f"{desk.case.id}/{step or plan_id}/{act.position}"
    letter = Letter.queue(
        natural_id(act.service.company.slug, "letter", key),
        act.today,
        lease_id=desk.account.id,
        household_id=desk.account.household_id,
        message=message,
        step=step,
        plan_id=plan_id,
        is_draft=is_draft,
    )
    act.save(letter)
